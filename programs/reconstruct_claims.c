/* delta1 reconstruct: (d) accuracy, conditional on a null space property. */
#include "programs/reconstruct.h"

#include <math.h>
#include <stdlib.h>

#include "firenet/measurement.h"
#include "firenet/sums.h"

#define BITS DELTA1_RECONSTRUCT_BITS

/* The coefficients numbered level by level, as mathematics.md 6.1 has them: A with its columns in
 * another order, and nothing else. */
typedef struct
{
  slong end[DELTA1_SAMPLING_MAX_LEVELS];
  arb_ptr level_weight;
  delta1_levels_t levels;
  delta1_restart_t network; /* shares all but the weights */
  arb_ptr weights;
} sorted_t;

static void
sorted_init (sorted_t *sorted, const delta1_reconstruct_problem_t *p)
{
  slong N = p->side * p->side;
  sorted->level_weight = _arb_vec_init (p->levels);
  sorted->weights = _arb_vec_init (N);
  sorted->network = p->network;
  sorted->network.steps.weights = sorted->weights;
  for (slong k = 0, i = 0; k < p->levels; k++)
    {
      slong width = p->side >> (p->levels - 1 - k);
      sorted->end[k] = width * width;
      arb_set_d (sorted->level_weight + k, p->level_weight[k]);
      for (; i < sorted->end[k]; i++)
        arb_set (sorted->weights + i, sorted->level_weight + k);
    }
  sorted->levels = (delta1_levels_t){
    .count = p->levels, .end = sorted->end, .sparsity = p->sparsity, .weights = sorted->level_weight
  };
}

static void
sorted_clear (sorted_t *sorted, const delta1_reconstruct_problem_t *p)
{
  _arb_vec_clear (sorted->level_weight, p->levels);
  _arb_vec_clear (sorted->weights, p->side * p->side);
}

static int
larger_first (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x < y) - (x > y);
}

/* sigma(x) of the truth, rounded up: in every level the moduli after the s_k largest. Fewer than
 * 2^26 roundings of sums of moduli, each within 4 u: 2^-20 is more than all. */
static delta1_status_t
find_defect (arb_t defect, const delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = p->A->use;
  slong N = p->side * p->side, parts = use->is_complex ? 2 : 1;
  delta1_status_t status = DELTA1_OK;
  double *values = malloc ((size_t)(N * parts) * sizeof *values);
  double *modulus = malloc ((size_t)N * sizeof *modulus);
  double sum = 0;
  if (values == NULL || modulus == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for coefficients"));
  delta1_vector_get (values, use, p->coefficients, N);
  for (slong k = 0; k < p->levels; k++)
    {
      slong count = 0;
      for (slong i = 0; i < p->side; i++)
        for (slong j = 0; j < p->side; j++)
          if (delta1_sampling_level (p->side, p->levels, i, j) == k + 1)
            {
              const double *x = values + parts * (i * p->side + j);
              modulus[count++] = use->is_complex ? hypot (x[0], x[1]) : fabs (x[0]);
            }
      qsort (modulus, (size_t)count, sizeof *modulus, larger_first);
      for (slong i = p->sparsity[k]; i < count; i++)
        sum += p->level_weight[k] * modulus[i];
    }
  arb_set_d (defect, sum * (1 + 0x1p-20));
cleanup:
  free (values);
  free (modulus);
  return status;
}

/* residual >= ||Ax - y||, *certified*: A as the operator bounds it, one rounding of the difference.
 */
static delta1_status_t
find_residual (arb_t residual, const delta1_reconstruct_problem_t *p, const void *x,
               delta1_reason_t *reason)
{
  const delta1_operator_t *A = p->A;
  delta1_status_t status = DELTA1_OK;
  double minus_one = -1;
  mag_t error, length;
  void *image = A->use->create (A->m, A->bits);
  void *scalar = A->use->real->create (1, A->bits);
  mag_init (error);
  mag_init (length);
  if (image == NULL || scalar == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a residual"));
  delta1_vector_set (scalar, &delta1_arithmetic_double, &minus_one, 1);
  delta1_operator_forward (A, image, x);
  A->use->combine (image, image, A->use->real->at (scalar, 0), p->y, A->m);
  A->use->bound (length, image, A->m);
  arb_zero (residual);
  arb_add_error_mag (residual, length);
  mag_mul_2exp_si (length, length, -52); /* fl(a - b) = (a - b)(1 + d), |d| <= u */
  arb_add_error_mag (residual, length);
  A->use->bound (length, x, A->N);
  mag_mul (error, A->relative[DELTA1_FORWARD], length);
  mag_add (error, error, A->absolute[DELTA1_FORWARD]);
  arb_add_error_mag (residual, error);
  arb_get_ubound_arf (arb_midref (residual), residual, BITS);
  mag_zero (arb_radref (residual));
cleanup:
  mag_clear (error);
  mag_clear (length);
  A->use->free (image, A->m);
  A->use->real->free (scalar, 1);
  return status;
}

/* mathematics.md 6.3 for the polished point, x the truth: with lambda sqrt(xi) C_2 = C_1, by C_2 of
 * accuracy.h, it is C_2 (gap + 2 lambda sigma(x) + ||Ax - y||) + C_2 ||Ax - y||. */
static void
bound_polished (delta1_reconstruct_result_t *r, const delta1_datum_t *datum)
{
  arb_t sum, gap;
  arb_init (sum);
  arb_init (gap);
  arf_set_mag (arb_midref (gap), r->best.gap);
  arb_mul (sum, r->constants.lambda, datum->defect, BITS);
  arb_add (sum, sum, datum->residual, BITS);
  arb_mul_2exp_si (sum, sum, 1);
  arb_add (sum, sum, gap, BITS);
  arb_mul (r->accuracy[1], sum, r->constants.C_2, BITS);
  arb_clear (sum);
  arb_clear (gap);
}

delta1_status_t
delta1_reconstruct_accuracy (delta1_reconstruct_result_t *r, delta1_reason_t *reason)
{
  const delta1_reconstruct_problem_t *p = r->problem;
  delta1_status_t status = DELTA1_OK;
  sorted_t sorted;
  delta1_datum_t datum;
  arb_t rho, gamma;
  arb_ptr bound = _arb_vec_init (p->network.restarts + 1);
  sorted_init (&sorted, p);
  delta1_datum_init (&datum);
  arb_init (rho);
  arb_init (gamma);
  arb_set_d (rho, p->setting->rho);
  arb_set_d (gamma, p->setting->gamma);
  r->constants.conditional = true;
  status = delta1_accuracy_constants (&r->constants, &sorted.levels, rho, gamma,
                                      p->network.steps.lambda, BITS, &r->why);
  if (status == DELTA1_OK)
    status = delta1_accuracy_inner (&r->least_inner, &r->constants, &p->network, BITS, &r->why);
  if (status == DELTA1_DOMAIN || status == DELTA1_UNDECIDED || status == DELTA1_BUDGET)
    {
      status = DELTA1_OK; /* the assumption is what is wrong: no bound, and why */
      goto cleanup;
    }
  DELTA1_TRY (status);
  if (p->coefficients == NULL)
    goto cleanup;
  DELTA1_TRY (find_defect (datum.defect, p, reason));
  DELTA1_TRY (find_residual (datum.residual, p, p->coefficients, reason));
  arb_set_d (datum.length, p->length);
  DELTA1_TRY (delta1_accuracy_follow (bound, &r->constants, &sorted.network, &sorted.levels, &datum,
                                      BITS, reason));
  arb_set (r->accuracy[0], bound + p->network.restarts);
  r->follow = malloc ((size_t)(p->network.restarts + 1) * sizeof *r->follow);
  if (r->follow == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for bounds"));
  for (slong k = 0; k <= p->network.restarts; k++)
    r->follow[k] = arf_get_d (arb_midref (bound + k), ARF_RND_CEIL);
  if (r->polished.x != NULL)
    bound_polished (r, &datum);
cleanup:
  _arb_vec_clear (bound, p->network.restarts + 1);
  sorted_clear (&sorted, p);
  delta1_datum_clear (&datum);
  arb_clear (rho);
  arb_clear (gamma);
  return status;
}
