#include "src/optimiser.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "src/mpfr_vector.h"
#include "src/vector_clones.h"

const delta1_optimiser_options_t delta1_optimiser_defaults
    = { .kind = DELTA1_ADAM, .rate = 1e-3, .beta_1 = 0.9, .beta_2 = 0.999, .epsilon = 1e-8 };

struct delta1_optimiser_struct
{
  delta1_optimiser_options_t options;
  slong count;
  double *m, *v;
  double power_1, power_2; /* beta^k */
  mpfr_prec_t precision;   /* 0: doubles */
  mpfr_ptr mpfr_m, mpfr_v;
  mpfr_ptr work; /* WORK numbers */
};

/* Names of the numbers in `work`. */
enum
{
  POWER_1,
  POWER_2,
  BETA_1,
  BETA_2,
  REST_1,
  REST_2,
  FACTOR,
  A,
  B,
  WORK
};

static delta1_status_t
check_options (const delta1_optimiser_options_t *o, delta1_reason_t *reason)
{
  if (!(o->rate > 0 && isfinite (o->rate)))
    return delta1_fail (reason, DELTA1_INPUT, "rate %g: a finite number above 0", o->rate);
  if (o->kind == DELTA1_SGD && !(o->momentum >= 0 && o->momentum < 1))
    return delta1_fail (reason, DELTA1_INPUT, "momentum %g: allowed [0, 1)", o->momentum);
  if (o->kind == DELTA1_ADAM
      && !(o->beta_1 >= 0 && o->beta_1 < 1 && o->beta_2 >= 0 && o->beta_2 < 1))
    return delta1_fail (reason, DELTA1_INPUT, "beta %g, %g: allowed [0, 1)", o->beta_1, o->beta_2);
  if (o->kind == DELTA1_ADAM && !(o->epsilon > 0 && isfinite (o->epsilon)))
    return delta1_fail (reason, DELTA1_INPUT, "epsilon %g: a finite number above 0", o->epsilon);
  if (o->kind != DELTA1_SGD && o->kind != DELTA1_ADAM)
    return delta1_fail (reason, DELTA1_INPUT, "optimiser %d: allowed sgd, adam", (int)o->kind);
  return DELTA1_OK;
}

delta1_status_t
delta1_optimiser_create (delta1_optimiser_t **optimiser, slong count,
                         const delta1_optimiser_options_t *options, mpfr_prec_t precision,
                         delta1_reason_t *reason)
{
  *optimiser = NULL;
  delta1_status_t status = check_options (options, reason);
  if (status != DELTA1_OK)
    return status;
  if (count < 0 || precision < 0 || precision > MPFR_PREC_MAX)
    return delta1_fail (reason, DELTA1_INPUT, "count %ld, precision %ld: not allowed", (long)count,
                        (long)precision);
  delta1_optimiser_t *made = calloc (1, sizeof *made);
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  made->options = *options;
  made->count = count;
  made->precision = precision;
  made->power_1 = made->power_2 = 1;
  bool good;
  if (precision == 0)
    {
      made->m = calloc ((size_t)count + 1, sizeof *made->m);
      made->v = calloc ((size_t)count + 1, sizeof *made->v);
      good = made->m != NULL && made->v != NULL;
    }
  else
    {
      made->mpfr_m = delta1_mpfr_vector_create (count, precision);
      made->mpfr_v = delta1_mpfr_vector_create (count, precision);
      made->work = delta1_mpfr_vector_create (WORK, precision);
      good = made->mpfr_m != NULL && made->mpfr_v != NULL && made->work != NULL;
    }
  if (!good)
    {
      delta1_optimiser_free (made);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
    }
  if (precision > 0)
    {
      mpfr_set_ui (made->work + POWER_1, 1, MPFR_RNDN);
      mpfr_set_ui (made->work + POWER_2, 1, MPFR_RNDN);
      mpfr_set_d (made->work + BETA_1, options->beta_1, MPFR_RNDN);
      mpfr_set_d (made->work + BETA_2, options->beta_2, MPFR_RNDN);
    }
  *optimiser = made;
  return DELTA1_OK;
}

void
delta1_optimiser_free (delta1_optimiser_t *optimiser)
{
  if (optimiser == NULL)
    return;
  free (optimiser->m);
  free (optimiser->v);
  delta1_mpfr_vector_free (optimiser->mpfr_m, optimiser->count);
  delta1_mpfr_vector_free (optimiser->mpfr_v, optimiser->count);
  delta1_mpfr_vector_free (optimiser->work, WORK);
  free (optimiser);
}

delta1_status_t
delta1_optimiser_set_rate (delta1_optimiser_t *optimiser, double rate, delta1_reason_t *reason)
{
  delta1_optimiser_options_t options = optimiser->options;
  options.rate = rate;
  delta1_status_t status = check_options (&options, reason);
  if (status == DELTA1_OK)
    optimiser->options = options;
  return status;
}

DELTA1_VECTOR_CLONES static void
adam (double *restrict p, double *restrict m, double *restrict v, const double *restrict g,
      const delta1_optimiser_t *optimiser)
{
  double beta_1 = optimiser->options.beta_1, beta_2 = optimiser->options.beta_2;
  double epsilon = optimiser->options.epsilon;
  double step = optimiser->options.rate / (1 - optimiser->power_1);
  double rest_2 = 1 - optimiser->power_2;
#pragma omp simd
  for (slong i = 0; i < optimiser->count; i++)
    {
      m[i] = beta_1 * m[i] + (1 - beta_1) * g[i];
      v[i] = beta_2 * v[i] + (1 - beta_2) * g[i] * g[i];
      p[i] -= step * m[i] / (sqrt (v[i] / rest_2) + epsilon);
    }
}

void
delta1_optimiser_step (double *p, delta1_optimiser_t *optimiser, const double *g)
{
  const delta1_optimiser_options_t *o = &optimiser->options;
  double *m = optimiser->m, *v = optimiser->v;
  if (m == NULL)
    return;
  if (o->kind == DELTA1_SGD)
    {
      for (slong i = 0; i < optimiser->count; i++)
        {
          m[i] = o->momentum * m[i] + g[i];
          p[i] -= o->rate * m[i];
        }
      return;
    }
  optimiser->power_1 *= o->beta_1;
  optimiser->power_2 *= o->beta_2;
  adam (p, m, v, g, optimiser);
}

/* x <- beta x + (1 - beta) y */
static void
average (mpfr_ptr x, mpfr_srcptr y, mpfr_srcptr beta, mpfr_srcptr rest, mpfr_ptr work)
{
  mpfr_mul (x, x, beta, MPFR_RNDN);
  mpfr_mul (work, y, rest, MPFR_RNDN);
  mpfr_add (x, x, work, MPFR_RNDN);
}

static void
sgd_step_mpfr (mpfr_ptr p, delta1_optimiser_t *optimiser, mpfr_srcptr g)
{
  mpfr_ptr work = optimiser->work;
  for (slong i = 0; i < optimiser->count; i++)
    {
      mpfr_ptr m = optimiser->mpfr_m + i;
      mpfr_set_d (work + FACTOR, optimiser->options.momentum, MPFR_RNDN);
      mpfr_mul (m, m, work + FACTOR, MPFR_RNDN);
      mpfr_add (m, m, g + i, MPFR_RNDN);
      mpfr_set_d (work + FACTOR, optimiser->options.rate, MPFR_RNDN);
      mpfr_mul (work + A, m, work + FACTOR, MPFR_RNDN);
      mpfr_sub (p + i, p + i, work + A, MPFR_RNDN);
    }
}

void
delta1_optimiser_step_mpfr (mpfr_ptr p, delta1_optimiser_t *optimiser, mpfr_srcptr g)
{
  mpfr_ptr work = optimiser->work;
  if (work == NULL)
    return;
  if (optimiser->options.kind == DELTA1_SGD)
    {
      sgd_step_mpfr (p, optimiser, g);
      return;
    }
  mpfr_mul (work + POWER_1, work + POWER_1, work + BETA_1, MPFR_RNDN);
  mpfr_mul (work + POWER_2, work + POWER_2, work + BETA_2, MPFR_RNDN);
  mpfr_ui_sub (work + REST_1, 1, work + BETA_1, MPFR_RNDN);
  mpfr_ui_sub (work + REST_2, 1, work + BETA_2, MPFR_RNDN);
  /* rate / (1 - beta_1^k) */
  mpfr_ui_sub (work + A, 1, work + POWER_1, MPFR_RNDN);
  mpfr_set_d (work + FACTOR, optimiser->options.rate, MPFR_RNDN);
  mpfr_div (work + FACTOR, work + FACTOR, work + A, MPFR_RNDN);
  for (slong i = 0; i < optimiser->count; i++)
    {
      mpfr_ptr m = optimiser->mpfr_m + i, v = optimiser->mpfr_v + i;
      average (m, g + i, work + BETA_1, work + REST_1, work + A);
      mpfr_sqr (work + B, g + i, MPFR_RNDN);
      average (v, work + B, work + BETA_2, work + REST_2, work + A);
      mpfr_ui_sub (work + A, 1, work + POWER_2, MPFR_RNDN);
      mpfr_div (work + A, v, work + A, MPFR_RNDN);
      mpfr_sqrt (work + A, work + A, MPFR_RNDN);
      mpfr_add_d (work + A, work + A, optimiser->options.epsilon, MPFR_RNDN);
      mpfr_mul (work + B, work + FACTOR, m, MPFR_RNDN);
      mpfr_div (work + B, work + B, work + A, MPFR_RNDN);
      mpfr_sub (p + i, p + i, work + B, MPFR_RNDN);
    }
}
