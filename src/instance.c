#include "src/instance.h"

#include <math.h>
#include <stdlib.h>

#define MAX_ENTRIES (WORD (1) << 28)

delta1_status_t
delta1_data_init (delta1_data_t *data, delta1_problem_t problem, slong m, slong N,
                  delta1_reason_t *reason)
{
  *data = (delta1_data_t){ .problem = problem, .m = m, .N = N };
  fmpq_init (data->matrix_radius);
  fmpq_init (data->data_radius);
  fmpq_init (data->parameter);
  if (m < 1 || N < 1 || m > MAX_ENTRIES / N)
    {
      data->m = data->N = 0;
      return delta1_fail (reason, DELTA1_INPUT,
                          "a matrix of %ld x %ld; allowed: at least 1 x 1, at most 2^28 entries",
                          (long)m, (long)N);
    }
  data->A = _fmpq_vec_init (m * N);
  data->y = _fmpq_vec_init (m);
  return DELTA1_OK;
}

void
delta1_data_clear (delta1_data_t *data)
{
  if (data->A != NULL)
    _fmpq_vec_clear (data->A, data->m * data->N);
  if (data->y != NULL)
    _fmpq_vec_clear (data->y, data->m);
  if (data->weight != NULL)
    _fmpq_vec_clear (data->weight, data->N);
  fmpq_clear (data->matrix_radius);
  fmpq_clear (data->data_radius);
  fmpq_clear (data->parameter);
  *data = (delta1_data_t){ .m = 0 };
}

delta1_status_t
delta1_data_init_copy (delta1_data_t *copy, const delta1_data_t *data, delta1_reason_t *reason)
{
  delta1_status_t status = delta1_data_init (copy, data->problem, data->m, data->N, reason);
  if (status != DELTA1_OK)
    return status;
  for (slong i = 0; i < data->m * data->N; i++)
    fmpq_set (copy->A + i, data->A + i);
  for (slong i = 0; i < data->m; i++)
    fmpq_set (copy->y + i, data->y + i);
  fmpq_set (copy->matrix_radius, data->matrix_radius);
  fmpq_set (copy->data_radius, data->data_radius);
  fmpq_set (copy->parameter, data->parameter);
  copy->intercept = data->intercept;
  if (data->weights == DELTA1_WEIGHTS_GIVEN)
    {
      delta1_data_give_weights (copy);
      for (slong j = 0; j < data->N; j++)
        fmpq_set (copy->weight + j, data->weight + j);
    }
  copy->weights = data->weights;
  return DELTA1_OK;
}

void
delta1_data_give_weights (delta1_data_t *data)
{
  if (data->weight == NULL)
    data->weight = _fmpq_vec_init (data->N);
  for (slong j = 0; j < data->N; j++)
    fmpq_one (data->weight + j);
  data->weights = DELTA1_WEIGHTS_GIVEN;
}

delta1_status_t
delta1_data_check (const delta1_data_t *data, delta1_reason_t *reason)
{
  const char *name = delta1_problem_parameter (data->problem);
  bool regression = data->problem == DELTA1_LASSO || data->problem == DELTA1_SRLASSO;
  if (name != NULL && fmpq_sgn (data->parameter) <= 0)
    return delta1_fail (reason, DELTA1_INPUT, "%s is not positive; allowed: %s > 0", name, name);
  if (name == NULL && !fmpq_is_zero (data->parameter))
    return delta1_fail (reason, DELTA1_INPUT, "%s has no parameter",
                        delta1_problem_name (data->problem));
  if (fmpq_sgn (data->matrix_radius) < 0 || fmpq_sgn (data->data_radius) < 0)
    return delta1_fail (reason, DELTA1_INPUT, "a radius is negative; allowed: 0 or more");
  if (data->intercept && !regression)
    return delta1_fail (reason, DELTA1_INPUT, "an intercept with %s; allowed: lasso, srlasso",
                        delta1_problem_name (data->problem));
  if (data->weights == DELTA1_WEIGHTS_GIVEN)
    for (slong j = 0; j < data->N; j++)
      if (fmpq_sgn (data->weight + j) <= 0)
        return delta1_fail (reason, DELTA1_INPUT,
                            "the weight of column %ld is not positive; allowed: weights > 0",
                            (long)j);
  return DELTA1_OK;
}

bool
delta1_data_exact (const delta1_data_t *data)
{
  return fmpq_is_zero (data->matrix_radius) && fmpq_is_zero (data->data_radius);
}

delta1_status_t
delta1_instance_init (delta1_instance_t *instance, delta1_problem_t problem, slong m, slong N,
                      delta1_reason_t *reason)
{
  *instance = (delta1_instance_t){ .problem = problem, .m = m, .N = N };
  arb_init (instance->parameter);
  if (m < 1 || N < 1 || m > MAX_ENTRIES / N)
    {
      instance->m = instance->N = 0;
      return delta1_fail (reason, DELTA1_INPUT,
                          "a matrix of %ld x %ld; allowed: at least 1 x 1, at most 2^28 entries",
                          (long)m, (long)N);
    }
  instance->A = _arb_vec_init (m * N);
  instance->y = _arb_vec_init (m);
  instance->w = _arb_vec_init (N);
  for (slong j = 0; j < N; j++)
    arb_one (instance->w + j);
  return DELTA1_OK;
}

static void
drop_doubles (delta1_instance_t *instance)
{
  if (instance->doubles == NULL)
    return;
  free (instance->doubles->middle);
  free (instance->doubles->error);
  free (instance->doubles->norm);
  free (instance->doubles);
  instance->doubles = NULL;
}

void
delta1_instance_clear (delta1_instance_t *instance)
{
  drop_doubles (instance);
  if (instance->A != NULL)
    _arb_vec_clear (instance->A, instance->m * instance->N);
  if (instance->y != NULL)
    _arb_vec_clear (instance->y, instance->m);
  if (instance->w != NULL)
    _arb_vec_clear (instance->w, instance->N);
  arb_clear (instance->parameter);
  *instance = (delta1_instance_t){ .m = 0 };
}

/* x, rounded at prec bits; a dyadic needs no division. */
static void
set_rational (arb_t x, const fmpq_t value, slong prec)
{
  slong twos = (slong)fmpz_bits (fmpq_denref (value)) - 1;
  if (fmpz_val2 (fmpq_denref (value)) == (ulong)twos)
    {
      arb_set_round_fmpz (x, fmpq_numref (value), prec);
      arb_mul_2exp_si (x, x, -twos);
    }
  else
    arb_set_fmpq (x, value, prec);
}

static void
set_vector (arb_ptr x, slong step, const fmpq *value, slong count, const fmpq_t radius, slong prec)
{
  mag_t error;
  arb_t r;
  mag_init (error);
  arb_init (r);
  arb_set_fmpq (r, radius, 64);
  arb_get_mag (error, r);
  for (slong i = 0; i < count; i++)
    {
      set_rational (x + i * step, value + i, prec);
      mag_add (arb_radref (x + i * step), arb_radref (x + i * step), error);
    }
  mag_clear (error);
  arb_clear (r);
}

void
delta1_instance_prepare (delta1_instance_t *instance, slong prec)
{
  drop_doubles (instance);
  instance->prec = prec;
}

void
delta1_instance_set_data (delta1_instance_t *instance, const delta1_data_t *data, slong prec)
{
  slong m = data->m;
  delta1_instance_prepare (instance, prec);
  instance->intercept = data->intercept;
  for (slong i = 0; i < m; i++)
    set_vector (instance->A + i, m, data->A + i * data->N, data->N, data->matrix_radius, prec);
  set_vector (instance->y, 1, data->y, m, data->data_radius, prec);
  set_rational (instance->parameter, data->parameter, prec);
  for (slong j = 0; j < data->N; j++)
    if (data->weights == DELTA1_WEIGHTS_GIVEN)
      set_rational (instance->w + j, data->weight + j, prec);
    else
      arb_one (instance->w + j);
  if (data->intercept)
    {
      arb_zero (instance->w + data->N);
      for (slong i = 0; i < m; i++)
        arb_one (instance->A + data->N * m + i);
    }
  if (data->weights == DELTA1_WEIGHTS_DEVIATION)
    delta1_instance_set_deviations (instance, prec);
}

void
delta1_instance_set_deviations (delta1_instance_t *instance, slong prec)
{
  slong m = instance->m, N = instance->N - (instance->intercept ? 1 : 0);
  arb_t mean, term;
  arb_init (mean);
  arb_init (term);
  for (slong j = 0; j < N; j++)
    {
      arb_srcptr column = instance->A + j * m;
      arb_ptr w = instance->w + j;
      arb_zero (mean);
      arb_zero (w);
      for (slong i = 0; i < m; i++)
        arb_add (mean, mean, column + i, prec);
      arb_div_si (mean, mean, m, prec);
      for (slong i = 0; i < m; i++)
        {
          arb_sub (term, column + i, mean, prec);
          arb_sqr (term, term, prec);
          arb_add (w, w, term, prec);
        }
      arb_div_si (w, w, m, prec);
      arb_sqrtpos (w, w, prec);
    }
  arb_clear (mean);
  arb_clear (term);
}

/* An upper bound of the square root of a sum of `count` non-negative doubles that was rounded in
 * any order; what underflowed when squared is below 2^-1020 in all (count <= 2^28 terms below
 * 2^-1048 with gradual underflow), so 1e-140 more covers its root. */
static double
root_above (double sum)
{
  return sqrt (sum) * (1 + 0x1p-20) + 1e-140;
}

delta1_status_t
delta1_instance_make_doubles (delta1_instance_t *instance, delta1_reason_t *reason)
{
  slong m = instance->m, N = instance->N;
  if (instance->doubles != NULL)
    return DELTA1_OK;
  delta1_doubles_t *doubles = calloc (1, sizeof *doubles);
  instance->doubles = doubles;
  if (doubles != NULL)
    {
      doubles->middle = calloc ((size_t)(m * N), sizeof (double));
      doubles->error = calloc ((size_t)N, sizeof (double));
      doubles->norm = calloc ((size_t)N, sizeof (double));
    }
  if (doubles == NULL || doubles->middle == NULL || doubles->error == NULL || doubles->norm == NULL)
    {
      drop_doubles (instance);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a matrix of %ld x %ld", (long)m,
                          (long)N);
    }
  arf_t rest;
  mag_t error, part;
  arf_init (rest);
  mag_init (error);
  mag_init (part);
  for (slong j = 0; j < N; j++)
    {
      double squares = 0, errors = 0;
      bool exact = true;
      for (slong i = 0; i < m; i++)
        {
          arb_srcptr entry = instance->A + j * m + i;
          double middle = arf_get_d (arb_midref (entry), ARF_RND_NEAR);
          if (!isfinite (middle))
            middle = 0;
          doubles->middle[j * m + i] = middle;
          squares += middle * middle;
          mag_set (error, arb_radref (entry));
          if (arf_bits (arb_midref (entry)) > 53
              || arf_cmpabs_2exp_si (arb_midref (entry), -960) < 0
              || arf_cmpabs_2exp_si (arb_midref (entry), 960) > 0)
            {
              arf_set_d (rest, middle);
              arf_sub (rest, arb_midref (entry), rest, 30, ARF_RND_UP);
              arf_get_mag (part, rest);
              mag_add (error, error, part);
            }
          if (!mag_is_zero (error))
            {
              double e = mag_get_d (error);
              errors += e * e;
              exact = false;
            }
        }
      doubles->error[j] = exact ? 0 : root_above (errors);
      doubles->norm[j] = root_above (squares);
    }
  arf_clear (rest);
  mag_clear (error);
  mag_clear (part);
  return DELTA1_OK;
}
