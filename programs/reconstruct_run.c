/* delta1 reconstruct: runs the network, and collects what is claimed of it. */
#include "programs/reconstruct.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "firenet/enclosure.h"
#include "firenet/measurement.h"
#include "firenet/sums.h"

#define BITS DELTA1_RECONSTRUCT_BITS
/* tau of the polish is so many times halved: fewer steps for Fourier samples of phantoms. */
#define POLISH_SHORTER 2
#define PATIENCE 2.0 /* seconds before progress is shown */

void
delta1_reconstruct_result_init (delta1_reconstruct_result_t *r)
{
  *r = (delta1_reconstruct_result_t){
    .objective = NAN, .error = NAN, .polished_error = NAN, .zero_filled_error = NAN
  };
  arb_init (r->length);
  mag_init (r->radius);
  mag_inf (r->radius);
  arb_init (r->lipschitz);
  delta1_gap_init (&r->run);
  delta1_gap_init (&r->best);
  delta1_accuracy_init (&r->constants);
  for (int i = 0; i < 2; i++)
    {
      arb_init (r->enclosure[i]);
      arb_init (r->accuracy[i]);
      arb_pos_inf (r->accuracy[i]);
    }
}

void
delta1_reconstruct_result_clear (delta1_reconstruct_result_t *r)
{
  if (r->problem != NULL)
    {
      const delta1_operator_t *A = r->problem->A;
      A->use->free (r->x, A->N);
      A->use->free (r->polished.x, A->N);
      A->use->free (r->polished.v, A->m);
      A->use->free (r->polished.u, A->m);
    }
  delta1_trace_free (r->trace);
  free (r->follow);
  delta1_rounding_free (r->rounding);
  arb_clear (r->length);
  mag_clear (r->radius);
  arb_clear (r->lipschitz);
  delta1_gap_clear (&r->run);
  delta1_gap_clear (&r->best);
  delta1_accuracy_clear (&r->constants);
  for (int i = 0; i < 2; i++)
    {
      arb_clear (r->enclosure[i]);
      arb_clear (r->accuracy[i]);
    }
}

double
delta1_reconstruct_clock (void)
{
  struct timespec now;
  (void)clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void
delta1_reconstruct_progress (const delta1_reconstruct_result_t *r, const char *format, ...)
{
  if (!r->progress || isatty (STDERR_FILENO) == 0)
    return;
  (void)fprintf (stderr, "\r\033[K");
  if (format != NULL)
    {
      va_list arguments;
      va_start (arguments, format);
      (void)vfprintf (stderr, format, arguments);
      va_end (arguments);
    }
}

/* --- the network ------------------------------------------------------------------------------ */

typedef struct
{
  delta1_reconstruct_result_t *result;
  delta1_observer_t rounding, trace; /* trace.step NULL: none */
  slong count, total;
  double start;
} watch_t;

/* The rounding record and the trace see every step; the last v is where the polish begins. */
static delta1_status_t
watch_step (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  watch_t *watch = context;
  delta1_reconstruct_result_t *r = watch->result;
  const delta1_operator_t *A = r->problem->A;
  delta1_status_t status = watch->rounding.step (watch->rounding.context, x, v, reason);
  if (status == DELTA1_OK && watch->trace.step != NULL)
    {
      double start = delta1_reconstruct_clock ();
      status = watch->trace.step (watch->trace.context, x, v, reason);
      r->trace_seconds += delta1_reconstruct_clock () - start;
    }
  watch->count++;
  if (watch->count == watch->total && r->polished.v != NULL)
    delta1_operator_arrange (A, r->polished.v, v, true);
  if (delta1_reconstruct_clock () - watch->start > PATIENCE)
    delta1_reconstruct_progress (r, "network: step %ld of %ld", (long)watch->count,
                                 (long)watch->total);
  return status;
}

static delta1_status_t
run_network (delta1_reconstruct_result_t *r, bool traced, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_problem_t *p = r->problem;
  watch_t watch = { .result = r, .total = p->network.inner * p->network.restarts };
  const delta1_observer_t observer = { .step = watch_step, .context = &watch };
  DELTA1_TRY (delta1_rounding_create (&r->rounding, p->A, watch.total, reason));
  watch.rounding = delta1_rounding_observer (r->rounding);
  if (traced)
    {
      DELTA1_TRY (
          delta1_trace_create (&r->trace, p->A, p->y, &p->network, p->coefficients, reason));
      watch.trace = delta1_trace_observer (r->trace);
    }
  watch.start = delta1_reconstruct_clock ();
  DELTA1_TRY (delta1_restart_run (r->x, p->A, p->y, &p->network, &observer, reason));
  DELTA1_TRY (delta1_rounding_radius (r->radius, NULL, r->rounding, p->y, &p->network, reason));
  r->seconds = delta1_reconstruct_clock () - watch.start - r->trace_seconds;
  delta1_sums_norm (r->length, p->A->use, r->x, p->A->N);
cleanup:
  delta1_reconstruct_progress (r, NULL);
  return status;
}

/* --- how far from the truth ------------------------------------------------------------------- */

/* ||x - coefficients||, in doubles. */
static delta1_status_t
distance (double *error, const delta1_reconstruct_problem_t *p, const void *x,
          delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = p->A->use;
  delta1_status_t status = DELTA1_OK;
  double minus_one = -1;
  void *difference = use->create (p->A->N, p->A->bits);
  void *scalar = use->real->create (1, p->A->bits);
  if (difference == NULL || scalar == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an error"));
  delta1_vector_set (scalar, &delta1_arithmetic_double, &minus_one, 1);
  use->combine (difference, x, use->real->at (scalar, 0), p->coefficients, p->A->N);
  *error = delta1_vector_length (use, difference, p->A->N);
cleanup:
  use->free (difference, p->A->N);
  use->real->free (scalar, 1);
  return status;
}

static delta1_status_t
measure_errors (delta1_reconstruct_result_t *r, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_problem_t *p = r->problem;
  void *zero_filled = NULL;
  if (p->coefficients == NULL)
    return status;
  DELTA1_TRY (distance (&r->error, p, r->x, reason));
  if (r->polished.x != NULL)
    DELTA1_TRY (distance (&r->polished_error, p, r->polished.x, reason));
  zero_filled = p->A->use->create (p->A->N, p->A->bits);
  if (zero_filled == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an image"));
  delta1_operator_adjoint (p->A, zero_filled, p->y);
  DELTA1_TRY (distance (&r->zero_filled_error, p, zero_filled, reason));
cleanup:
  p->A->use->free (zero_filled, p->A->N);
  return status;
}

/* --- objective gap ---------------------------------------------------------------------------- */

static delta1_status_t
polish (delta1_reconstruct_result_t *r, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_problem_t *p = r->problem;
  delta1_steps_t steps;
  delta1_steps_init (&steps);
  steps.weights = p->network.steps.weights;
  arb_set (steps.lambda, p->network.steps.lambda);
  DELTA1_TRY (delta1_polish_choose (&steps, p->A, r->x, reason));
  arb_mul_2exp_si (steps.tau, steps.tau, -POLISH_SHORTER);
  arb_mul_2exp_si (steps.sigma, steps.sigma, POLISH_SHORTER);
  r->polish = delta1_polish_defaults;
  r->polish.most = p->setting->polish;
  delta1_reconstruct_progress (r, "polish: at most %ld steps", (long)r->polish.most);
  p->A->use->copy (r->polished.x, r->x, p->A->N);
  DELTA1_TRY (delta1_gap_polish (&r->best, &r->polished, p->A, p->y, &steps, &r->polish, reason));
  DELTA1_TRY (
      delta1_gap_evaluate (&r->run, p->A, r->x, p->y, r->polished.u, &p->network.steps, reason));
cleanup:
  delta1_reconstruct_progress (r, NULL);
  delta1_steps_clear (&steps);
  return status;
}

/* --- the true rounding error ------------------------------------------------------------------ */

/* sum contains sum |x_i - c_i|^2, x of A in doubles, c of the same shape in balls. */
static void
square_distance (arb_t sum, const delta1_operator_t *A, const void *x, const delta1_operator_t *B,
                 const void *c, slong prec)
{
  acb_t a, b;
  arb_t term;
  acb_init (a);
  acb_init (b);
  arb_init (term);
  arb_zero (sum);
  for (slong i = 0; i < A->N; i++)
    {
      A->use->get_complex (a, x, i);
      B->use->get_complex (b, c, i);
      acb_sub (a, a, b, prec);
      arb_sqr (term, acb_realref (a), prec);
      arb_add (sum, sum, term, prec);
      arb_sqr (term, acb_imagref (a), prec);
      arb_add (sum, sum, term, prec);
    }
  acb_clear (a);
  acb_clear (b);
  arb_clear (term);
}

typedef struct
{
  delta1_reconstruct_result_t *result;
  slong total;
} enclosure_watch_t;

static delta1_status_t
enclosure_step (void *context, slong k, const void *centre, const mag_t radius,
                delta1_reason_t *reason)
{
  const enclosure_watch_t *watch = context;
  (void)centre;
  (void)radius;
  (void)reason;
  delta1_reconstruct_progress (watch->result, "in balls: restart %ld of %ld", (long)k,
                               (long)watch->total);
  return DELTA1_OK;
}

/* The same network in balls: what the doubles are really off by. */
static delta1_status_t
enclose (delta1_reconstruct_result_t *r, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_problem_t *p = r->problem;
  const delta1_operator_t *A = p->A;
  slong bits = p->setting->precision;
  const delta1_arithmetic_t *use
      = A->use->is_complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball;
  delta1_sampled_t options;
  enclosure_watch_t watch = { r, p->network.restarts };
  const delta1_enclosure_observer_t observer = { enclosure_step, &watch };
  delta1_operator_t *B = NULL;
  void *y = use->create (A->m, bits), *centre = use->create (A->N, bits);
  double start = delta1_reconstruct_clock ();
  acb_t entry;
  mag_t radius;
  acb_init (entry);
  mag_init (radius);
  if (y == NULL || centre == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for balls"));
  delta1_reconstruct_sampled (&options, p);
  DELTA1_TRY (delta1_operator_create_sampled (&B, use, bits, &options, reason));
  for (slong i = 0; i < A->m; i++)
    {
      A->use->get_complex (entry, p->y, i);
      use->set_complex (y, i, entry);
    }
  DELTA1_TRY (delta1_enclosure_run (centre, radius, B, y, &p->network, &observer, reason));
  square_distance (r->enclosure[0], A, r->x, B, centre, bits);
  arb_sqrtpos (r->enclosure[0], r->enclosure[0], bits);
  arb_set (r->enclosure[1], r->enclosure[0]);
  arb_add_error_mag (r->enclosure[1], radius);
  arb_get_lbound_arf (arb_midref (r->enclosure[0]), r->enclosure[1], BITS);
  mag_zero (arb_radref (r->enclosure[0]));
  if (arf_sgn (arb_midref (r->enclosure[0])) < 0)
    arb_zero (r->enclosure[0]);
  arb_get_ubound_arf (arb_midref (r->enclosure[1]), r->enclosure[1], BITS);
  mag_zero (arb_radref (r->enclosure[1]));
cleanup:
  r->enclosure_seconds = delta1_reconstruct_clock () - start;
  delta1_reconstruct_progress (r, NULL);
  delta1_operator_free (B);
  use->free (y, A->m);
  use->free (centre, A->N);
  acb_clear (entry);
  mag_clear (radius);
  return status;
}

/* --- all of it -------------------------------------------------------------------------------- */

delta1_status_t
delta1_reconstruct_network (delta1_reconstruct_result_t *r, const delta1_reconstruct_problem_t *p,
                            bool traced, delta1_reason_t *reason)
{
  r->problem = p;
  r->x = p->A->use->create (p->A->N, p->A->bits);
  if (r->x == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a reconstruction");
  delta1_stability_lipschitz (r->lipschitz, &p->network, BITS);
  return run_network (r, traced, reason);
}

delta1_status_t
delta1_reconstruct_run (delta1_reconstruct_result_t *r, const delta1_reconstruct_problem_t *p,
                        bool traced, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_operator_t *A = p->A;
  const delta1_reconstruct_setting_t *s = p->setting;
  r->problem = p;
  if (s->polish > 0)
    {
      r->polished
          = (delta1_point_t){ A->use->create (A->N, A->bits), A->use->create (A->m, A->bits),
                              A->use->create (A->m, A->bits) };
      if (r->polished.x == NULL || r->polished.v == NULL || r->polished.u == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a polish"));
    }
  DELTA1_TRY (delta1_reconstruct_network (r, p, traced, reason));
  if (s->polish > 0)
    DELTA1_TRY (polish (r, reason));
  if (s->precision > 0)
    DELTA1_TRY (enclose (r, reason));
  DELTA1_TRY (measure_errors (r, reason));
  DELTA1_TRY (delta1_reconstruct_accuracy (r, reason));
cleanup:
  return status;
}
