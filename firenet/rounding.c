/* mathematics.md, Corollary 6.7.1: the names are those of its proof, and every line below that
 * makes a bound is one of its terms. mag_t rounds upwards. */
#include "firenet/rounding.h"

#include <math.h>
#include <stdlib.h>

#define BITS 128
#define LARGEST_NORM 400
#define LARGEST 500

/* --- the record ------------------------------------------------------------------------------- */

delta1_status_t
delta1_rounding_create (delta1_rounding_record_t **rounding, const delta1_operator_t *A, slong room,
                        delta1_reason_t *reason)
{
  *rounding = NULL;
  if (A->use != &delta1_arithmetic_double && A->use != &delta1_arithmetic_complex_double)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a rounding bound for %s arithmetic; allowed: double, complex double",
                        A->use->name);
  if (room < 1 || room > ((slong)1 << 40))
    return delta1_fail (reason, DELTA1_INPUT, "%ld inner steps; allowed: 1 to 2^40", (long)room);
  delta1_status_t status = delta1_rounding_environment (reason);
  if (status != DELTA1_OK)
    return status;
  delta1_rounding_record_t *made = malloc (sizeof *made);
  double *norm = malloc ((size_t)room * sizeof *norm);
  if (made == NULL || norm == NULL)
    {
      free (made);
      free (norm);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a record of rounding");
    }
  *made = (delta1_rounding_record_t){ .A = A, .count = 0, .room = room, .norm = norm };
  *rounding = made;
  return DELTA1_OK;
}

void
delta1_rounding_free (delta1_rounding_record_t *rounding)
{
  if (rounding != NULL)
    free (rounding->norm);
  free (rounding);
}

static delta1_status_t
record (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  delta1_rounding_record_t *rounding = context;
  delta1_status_t status = DELTA1_OK;
  mag_t bound;
  (void)v;
  if (rounding->count == rounding->room)
    return delta1_fail (reason, DELTA1_INPUT, "more than the %ld inner steps that were announced",
                        (long)rounding->room);
  mag_init (bound);
  rounding->A->use->bound (bound, x, rounding->A->N);
  if (mag_cmp_2exp_si (bound, LARGEST_NORM) > 0)
    status = delta1_fail (reason, DELTA1_UNDECIDED,
                          "x is not bounded by 2^%d at inner step %ld: no rounding bound is proved",
                          LARGEST_NORM, (long)rounding->count + 1);
  else /* 30 bits: a double, unless it is far below the normal numbers */
    rounding->norm[rounding->count++] = mag_get_d (bound) + 0x1p-1000;
  mag_clear (bound);
  return status;
}

delta1_observer_t
delta1_rounding_observer (delta1_rounding_record_t *rounding)
{
  return (delta1_observer_t){ .step = record, .context = rounding };
}

/* --- constants of the bound ------------------------------------------------------------------- */

enum
{
  /* of the machine and the arithmetic */
  UNIT,       /* u (1 + 2^-20) */
  PRIMAL,     /* 7u', Lemma 6.8 (a) */
  DUAL,       /* 4u', Lemma 6.8 (b) */
  PROJECTION, /* (k/2 + 4)u' */
  AVERAGE,    /* (p + 2)u' */
  TINY_N,     /* what N, m elements lose below the normal numbers */
  TINY_M,
  /* of the operator */
  NORM, /* B */
  RELATIVE_FORWARD,
  ABSOLUTE_FORWARD,
  RELATIVE_ADJOINT,
  ABSOLUTE_ADJOINT,
  /* of the network */
  TAU,      /* the larger of what was executed and what is meant */
  D_TAU,    /* their distance */
  ROOT_TAU, /* sqrt(tau) */
  OVER_ROOT_TAU,
  SIGMA,
  D_SIGMA,
  OVER_ROOT_SIGMA,
  D_THRESHOLD, /* || executed - meant || over the thresholds */
  MEAN,        /* 1/p */
  /* of a restart */
  ALPHA,
  D_ALPHA,
  OVER_ALPHA,
  INVERSE, /* what multiplies in the place of 1/alpha */
  D_INVERSE,
  DATUM,   /* ||y^||, the scaled datum as executed */
  D_DATUM, /* ||y^ - alpha y|| */
  CONSTANT_COUNT
};

typedef struct
{
  mag_struct c[CONSTANT_COUNT];
  slong inner;
} model_t;

/* model[hat] = the larger of |executed| and |meant|, model[distance] >= |executed - meant|;
 * executed: what the arithmetic makes of `rounded`. */
static void
executed (mag_t larger, mag_t distance, const arb_t meant, const arb_t rounded,
          const delta1_arithmetic_t *real)
{
  void *scalar = real->create (1, BITS);
  mag_t size;
  arb_t x;
  arb_init (x);
  mag_init (size);
  arb_indeterminate (x);
  if (scalar != NULL)
    {
      real->set_ball (scalar, 0, rounded);
      real->get_ball (x, scalar, 0);
    }
  arb_get_mag (larger, x);
  arb_get_mag (size, meant);
  mag_max (larger, larger, size);
  arb_sub (x, x, meant, BITS);
  arb_get_mag (distance, x);
  real->free (scalar, 1);
  mag_clear (size);
  arb_clear (x);
}

/* D_THRESHOLD. The executed thresholds are those of an iteration that is made for this. */
static delta1_status_t
threshold_distance (mag_t distance, const delta1_operator_t *A, const delta1_steps_t *steps,
                    delta1_reason_t *reason)
{
  delta1_iteration_t *iteration;
  delta1_status_t status = delta1_iteration_create (&iteration, A, steps, reason);
  arb_t meant, made;
  mag_t each;
  if (status != DELTA1_OK)
    return status;
  arb_init (meant);
  arb_init (made);
  mag_init (each);
  mag_zero (distance);
  for (slong i = 0; i < A->N; i++)
    {
      bool again
          = i > 0
            && (steps->weights == NULL || arb_equal (steps->weights + i, steps->weights + i - 1));
      if (!again)
        {
          arb_mul (meant, steps->tau, steps->lambda, BITS);
          if (steps->weights != NULL)
            arb_mul (meant, meant, steps->weights + i, BITS);
          delta1_iteration_threshold (made, iteration, i);
          arb_sub (meant, meant, made, BITS);
          arb_get_mag (each, meant);
          mag_mul (each, each, each);
        }
      mag_add (distance, distance, each);
    }
  mag_sqrt (distance, distance);
  arb_clear (meant);
  arb_clear (made);
  mag_clear (each);
  delta1_iteration_free (iteration);
  return status;
}

/* c = count u (1 + 2^-20): at least gamma_count for count < 2^32. */
static void
set_roundings (mag_t c, slong count)
{
  mag_set_ui_2exp_si (c, (ulong)count, -53);
  mag_t slack;
  mag_init (slack);
  mag_mul_2exp_si (slack, c, -20);
  mag_add (c, c, slack);
  mag_clear (slack);
}

/* c = sqrt(2 count) 2^exponent */
static void
set_tiny (mag_t c, slong count, slong exponent)
{
  mag_set_ui (c, 2 * (ulong)count);
  mag_sqrt (c, c);
  mag_mul_2exp_si (c, c, exponent);
}

static delta1_status_t
check_condition (const delta1_operator_t *A, const delta1_steps_t *steps, delta1_reason_t *reason)
{
  arb_t product;
  arb_init (product);
  delta1_truth_t holds = delta1_steps_condition (product, A, steps->tau, steps->sigma);
  arb_clear (product);
  if (holds == DELTA1_TRUE)
    return DELTA1_OK;
  return delta1_fail (reason, holds == DELTA1_FALSE ? DELTA1_DOMAIN : DELTA1_UNDECIDED,
                      "tau sigma ||A||^2 <= 1 %s: Theorem 6.7 needs it",
                      holds == DELTA1_FALSE ? "does not hold" : "is not decided");
}

static delta1_status_t
model_init (model_t *model, const delta1_operator_t *A, const delta1_restart_t *restart,
            delta1_reason_t *reason)
{
  const delta1_arithmetic_t *real = A->use->real;
  const delta1_steps_t *steps = &restart->steps;
  mag_struct *c = model->c;
  arb_t x;
  for (int i = 0; i < CONSTANT_COUNT; i++)
    mag_init (c + i);
  model->inner = restart->inner;
  arb_init (x);
  set_roundings (c + UNIT, 1);
  set_roundings (c + PRIMAL, 7);
  set_roundings (c + DUAL, 4);
  set_roundings (c + PROJECTION, (delta1_arithmetic_square_roundings (A->m) + 1) / 2 + 4);
  set_roundings (c + AVERAGE, restart->inner + 2);
  set_tiny (c + TINY_N, A->N, -478);
  set_tiny (c + TINY_M, A->m, -1072);
  arb_get_mag (c + NORM, A->norm);
  mag_set (c + RELATIVE_FORWARD, A->relative[DELTA1_FORWARD]);
  mag_set (c + ABSOLUTE_FORWARD, A->absolute[DELTA1_FORWARD]);
  mag_set (c + RELATIVE_ADJOINT, A->relative[DELTA1_ADJOINT]);
  mag_set (c + ABSOLUTE_ADJOINT, A->absolute[DELTA1_ADJOINT]);
  executed (c + TAU, c + D_TAU, steps->tau, steps->tau, real);
  executed (c + SIGMA, c + D_SIGMA, steps->sigma, steps->sigma, real);
  arb_sqrt (x, steps->tau, BITS);
  arb_get_mag (c + ROOT_TAU, x);
  arb_inv (x, x, BITS);
  arb_get_mag (c + OVER_ROOT_TAU, x);
  arb_rsqrt (x, steps->sigma, BITS);
  arb_get_mag (c + OVER_ROOT_SIGMA, x);
  mag_set_ui (c + MEAN, 1);
  mag_div_ui (c + MEAN, c + MEAN, (ulong)restart->inner);
  arb_clear (x);
  delta1_status_t status = check_condition (A, steps, reason);
  if (status == DELTA1_OK)
    status = threshold_distance (c + D_THRESHOLD, A, steps, reason);
  return status;
}

static void
model_clear (model_t *model)
{
  for (int i = 0; i < CONSTANT_COUNT; i++)
    mag_clear (model->c + i);
}

/* --- the bound -------------------------------------------------------------------------------- */

/* r_x for a step from ||x_k|| <= X, ||v_k|| <= V. largest: bounds what the step works with. */
static void
primal_error (mag_t r, mag_t largest, const model_t *model, const mag_t X, const mag_t V)
{
  const mag_struct *c = model->c;
  mag_t g, G;
  mag_init (g);
  mag_init (G);
  mag_mul (g, c + RELATIVE_ADJOINT, V);
  mag_add (g, g, c + ABSOLUTE_ADJOINT);
  mag_mul (G, c + NORM, V);
  mag_mul (r, c + D_TAU, G);
  mag_addmul (r, c + TAU, g);
  mag_add (G, G, g);
  mag_set (largest, X);
  mag_addmul (largest, c + TAU, G);
  mag_addmul (r, c + PRIMAL, largest);
  mag_add (r, r, c + D_THRESHOLD);
  mag_add (r, r, c + TINY_N);
  mag_max (largest, largest, G);
  mag_clear (g);
  mag_clear (G);
}

/* r_v for the same step, ||x_{k+1}|| <= next. */
static void
dual_error (mag_t r, mag_t largest, const model_t *model, const mag_t X, const mag_t V,
            const mag_t next)
{
  const mag_struct *c = model->c;
  mag_t D, f, H, datum;
  mag_init (D);
  mag_init (f);
  mag_init (H);
  mag_init (datum);
  mag_mul_2exp_si (D, next, 1);
  mag_add (D, D, X);
  mag_mul (H, c + NORM, D);
  mag_add (datum, c + DATUM, c + D_DATUM);
  mag_add (r, H, datum);
  mag_mul (r, r, c + D_SIGMA);
  mag_mul (f, c + UNIT, H);
  mag_addmul (D, c + UNIT, D);
  mag_addmul (f, c + RELATIVE_FORWARD, D);
  mag_add (f, f, c + ABSOLUTE_FORWARD);
  mag_add (H, H, f);
  mag_max (largest, D, H);
  mag_add (f, f, c + D_DATUM);
  mag_addmul (r, c + SIGMA, f);
  mag_add (H, H, datum);
  mag_mul (H, H, c + SIGMA);
  mag_add (H, H, V);
  mag_addmul (r, c + DUAL, H);
  mag_add (r, r, c + PROJECTION);
  mag_add (r, r, c + TINY_M);
  mag_max (largest, largest, H);
  mag_max (largest, largest, datum);
  mag_clear (D);
  mag_clear (f);
  mag_clear (H);
  mag_clear (datum);
}

/* The inner run: error (of x_0 on entry, of the average on return), average (of the norms; on entry
 * a bound of ||x_0||). */
static delta1_status_t
inner_error (mag_t error, mag_t average, double *profile, const model_t *model, const double *norms,
             delta1_reason_t *reason)
{
  const mag_struct *c = model->c;
  bool small = true;
  mag_t E, X, V, next, r, largest, sum, total;
  mag_init (E);
  mag_init (X);
  mag_init (V);
  mag_init (next);
  mag_init (r);
  mag_init (largest);
  mag_init (sum);
  mag_init (total);
  mag_mul (E, error, c + OVER_ROOT_TAU);
  mag_set (X, average);
  for (slong k = 0; k < model->inner; k++)
    {
      mag_set_d (next, norms[k]);
      primal_error (r, largest, model, X, V);
      small = small && mag_cmp_2exp_si (largest, LARGEST) <= 0;
      mag_mul (error, c + ROOT_TAU, E);
      mag_add (error, error, r);
      mag_add (sum, sum, error);
      mag_add (total, total, next);
      if (profile != NULL)
        {
          mag_mul (error, error, c + OVER_ALPHA);
          profile[k] = mag_get_d (error);
        }
      mag_addmul (E, r, c + OVER_ROOT_TAU);
      dual_error (r, largest, model, X, V, next);
      small = small && mag_cmp_2exp_si (largest, LARGEST) <= 0;
      mag_addmul (E, r, c + OVER_ROOT_SIGMA);
      mag_swap (X, next);
      mag_one (V);
      mag_add (V, V, c + PROJECTION);
      mag_add (V, V, c + TINY_M);
    }
  mag_mul (error, sum, c + MEAN);
  mag_mul (average, total, c + MEAN);
  mag_addmul (error, c + AVERAGE, average);
  mag_add (error, error, c + TINY_N);
  mag_addmul (average, c + AVERAGE, average);
  mag_add (average, average, c + TINY_N);
  mag_clear (E);
  mag_clear (X);
  mag_clear (V);
  mag_clear (next);
  mag_clear (r);
  mag_clear (largest);
  mag_clear (sum);
  mag_clear (total);
  if (!small)
    return delta1_fail (reason, DELTA1_UNDECIDED,
                        "a number of the run is not bounded by 2^%d: an overflow is not excluded",
                        LARGEST);
  return DELTA1_OK;
}

/* error += (distance + u factor) norm + tiny: what multiplying a vector by an executed factor
 * costs; norm becomes a bound of the product. */
static void
scale_error (mag_t error, mag_t norm, const mag_t factor, const mag_t distance, const mag_struct *c,
             const mag_t tiny)
{
  mag_t loss;
  mag_init (loss);
  mag_mul (loss, c + UNIT, factor);
  mag_add (loss, loss, distance);
  mag_mul (loss, loss, norm);
  mag_add (loss, loss, tiny);
  mag_add (error, error, loss);
  mag_mul (norm, norm, factor);
  mag_add (norm, norm, loss);
  mag_clear (loss);
}

static void
set_alpha (model_t *model, const arb_t alpha, const mag_t datum, const delta1_operator_t *A,
           slong prec)
{
  mag_struct *c = model->c;
  arb_t inverse;
  arb_init (inverse);
  executed (c + ALPHA, c + D_ALPHA, alpha, alpha, A->use->real);
  arb_inv (inverse, alpha, prec); /* as delta1_restart_run */
  executed (c + INVERSE, c + D_INVERSE, inverse, inverse, A->use->real);
  arb_get_mag (c + OVER_ALPHA, inverse);
  mag_zero (c + D_DATUM);
  mag_set (c + DATUM, datum);
  scale_error (c + D_DATUM, c + DATUM, c + ALPHA, c + D_ALPHA, c, c + TINY_M);
  arb_clear (inverse);
}

static delta1_status_t
run_error (mag_t radius, double *profile, model_t *model, const delta1_rounding_record_t *rounding,
           const delta1_restart_t *restart, const mag_t datum, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  mag_struct *c = model->c;
  slong prec = rounding->A->bits + 64;
  arb_t eps, alpha;
  mag_t norm, error;
  arb_init (eps);
  arb_init (alpha);
  mag_init (norm);
  mag_init (error);
  arb_set (eps, restart->eps_0);
  mag_zero (radius);
  for (slong k = 0; k < restart->restarts; k++)
    {
      slong first = k * restart->inner;
      delta1_restart_next (alpha, eps, restart, prec);
      set_alpha (model, alpha, datum, rounding->A, prec);
      /* x_0 = alpha psi */
      mag_mul (error, c + ALPHA, radius);
      scale_error (error, norm, c + ALPHA, c + D_ALPHA, c, c + TINY_N);
      DELTA1_TRY (inner_error (error, norm, profile == NULL ? NULL : profile + first, model,
                               rounding->norm + first, reason));
      /* psi = x/alpha */
      mag_mul (radius, error, c + OVER_ALPHA);
      scale_error (radius, norm, c + INVERSE, c + D_INVERSE, c, c + TINY_N);
    }

cleanup:
  arb_clear (eps);
  arb_clear (alpha);
  mag_clear (norm);
  mag_clear (error);
  return status;
}

delta1_status_t
delta1_rounding_radius (mag_t radius, double *profile, const delta1_rounding_record_t *rounding,
                        const void *y, const delta1_restart_t *restart, delta1_reason_t *reason)
{
  const delta1_operator_t *A = rounding->A;
  model_t model;
  mag_t datum;
  mag_inf (radius);
  if (restart->inner < 1 || restart->restarts < 1
      || restart->restarts > rounding->count / restart->inner
      || restart->inner * restart->restarts != rounding->count)
    return delta1_fail (reason, DELTA1_INPUT,
                        "%ld inner steps were recorded; the network has %ld times %ld",
                        (long)rounding->count, (long)restart->restarts, (long)restart->inner);
  delta1_status_t status = delta1_restart_check (restart, reason);
  if (status != DELTA1_OK)
    return status;
  mag_init (datum);
  status = model_init (&model, A, restart, reason);
  if (status == DELTA1_OK)
    {
      A->use->bound (datum, y, A->m);
      status = run_error (radius, profile, &model, rounding, restart, datum, reason);
      if (status == DELTA1_OK && mag_is_inf (radius))
        status = delta1_fail (reason, DELTA1_UNDECIDED,
                              "the rounding of the operator, or the datum, is not bounded");
      if (status != DELTA1_OK)
        mag_inf (radius);
    }
  model_clear (&model);
  mag_clear (datum);
  return status;
}
