#include "firenet/depth.h"

#include <math.h>
#include <stdlib.h>

typedef struct
{
  const delta1_operator_t *A;
  const delta1_arithmetic_t *doubles;
  slong step;
  void **states;          /* count vectors of doubles: written, or compared with */
  delta1_observer_t next; /* also called */
  double *out;
  bool compare;
} watch_t;

/* An upper bound of the length of the vector of radii; with `other` (doubles), of its distance from
 * x. */
static double
length_of (const watch_t *watch, const void *x, const void *other)
{
  const delta1_arithmetic_t *use = watch->A->use;
  acb_t z, w;
  mag_t sum, size;
  acb_init (z);
  acb_init (w);
  mag_init (sum);
  mag_init (size);
  for (slong i = 0; i < watch->A->N; i++)
    {
      use->get_complex (z, x, i);
      if (other != NULL)
        {
          watch->doubles->get_complex (w, other, i);
          acb_sub (z, z, w, watch->A->bits);
          acb_get_mag (size, z);
          mag_addmul (sum, size, size);
        }
      else
        {
          mag_addmul (sum, arb_radref (acb_realref (z)), arb_radref (acb_realref (z)));
          mag_addmul (sum, arb_radref (acb_imagref (z)), arb_radref (acb_imagref (z)));
        }
    }
  mag_sqrt (sum, sum);
  double length = mag_get_d (sum);
  acb_clear (z);
  acb_clear (w);
  mag_clear (sum);
  mag_clear (size);
  return length;
}

static delta1_status_t
keep (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  watch_t *watch = context;
  watch->doubles->copy (watch->states[watch->step++], x, watch->A->N);
  return watch->next.step (watch->next.context, x, v, reason);
}

static delta1_status_t
measure (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  watch_t *watch = context;
  (void)v;
  (void)reason;
  watch->out[watch->step]
      = length_of (watch, x, watch->compare ? watch->states[watch->step] : NULL);
  watch->step++;
  return DELTA1_OK;
}

void
delta1_depth_clear (delta1_depth_t *depth)
{
  free (depth->linear);
  free (depth->error);
  free (depth->balls);
  *depth = (delta1_depth_t){ .count = 0 };
}

/* y in the arithmetic of A. */
static void *
copied (const delta1_operator_t *A, const delta1_arithmetic_t *doubles, const void *y)
{
  void *z = A->use->create (A->m, A->bits);
  acb_t each;
  acb_init (each);
  for (slong i = 0; z != NULL && i < A->m; i++)
    {
      doubles->get_complex (each, y, i);
      A->use->set_complex (z, i, each);
    }
  acb_clear (each);
  return z;
}

/* A run in balls, of which out says something step by step. */
static delta1_status_t
run_balls (double *out, const delta1_operator_t *A, watch_t *watch, const void *y,
           const delta1_restart_t *restart, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  void *datum = copied (A, watch->doubles, y), *x = A->use->create (A->N, A->bits);
  const delta1_observer_t observer = { .step = measure, .context = watch };
  if (datum == NULL || x == NULL)
    status = delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a comparison");
  else
    {
      watch->A = A;
      watch->step = 0;
      watch->out = out;
      status = delta1_restart_run (x, A, datum, restart, &observer, reason);
    }
  A->use->free (datum, A->m);
  A->use->free (x, A->N);
  return status;
}

static delta1_status_t
run_doubles (double *profile, const delta1_operator_t *A, watch_t *watch, const void *y,
             const delta1_restart_t *restart, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_rounding_record_t *rounding = NULL;
  const delta1_observer_t observer = { .step = keep, .context = watch };
  void *x = A->use->create (A->N, A->bits);
  mag_t radius;
  mag_init (radius);
  if (x == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a comparison"));
  DELTA1_TRY (delta1_rounding_create (&rounding, A, restart->inner * restart->restarts, reason));
  watch->A = A;
  watch->next = delta1_rounding_observer (rounding);
  DELTA1_TRY (delta1_restart_run (x, A, y, restart, &observer, reason));
  status = delta1_rounding_radius (radius, profile, rounding, y, restart, reason);

cleanup:
  A->use->free (x, A->N);
  delta1_rounding_free (rounding);
  mag_clear (radius);
  return status;
}

/* Divides by alpha, rounding upwards. */
static void
unscale (delta1_depth_t *depth, const delta1_restart_t *restart)
{
  arb_t eps, alpha;
  mag_t inverse, value;
  arb_init (eps);
  arb_init (alpha);
  mag_init (inverse);
  mag_init (value);
  arb_set (eps, restart->eps_0);
  for (slong k = 0; k < depth->count; k++)
    {
      if (k % restart->inner == 0)
        {
          delta1_restart_next (alpha, eps, restart, 128);
          arb_inv (alpha, alpha, 128);
          arb_get_mag (inverse, alpha);
          arb_inv (alpha, alpha, 128);
        }
      double *const both[] = { depth->error, depth->balls };
      for (int i = 0; i < 2; i++)
        {
          mag_set_d (value, both[i][k]);
          mag_mul (value, value, inverse);
          both[i][k] = mag_get_d (value);
        }
    }
  arb_clear (eps);
  arb_clear (alpha);
  mag_clear (inverse);
  mag_clear (value);
}

static delta1_status_t
allocate (delta1_depth_t *depth, watch_t *watch, const delta1_operator_t *A,
          const delta1_restart_t *restart, delta1_reason_t *reason)
{
  if (restart->inner < 1 || restart->restarts < 1
      || restart->inner > ((slong)1 << 20) / restart->restarts)
    return delta1_fail (reason, DELTA1_INPUT, "%ld times %ld steps; allowed: 1 to 2^20",
                        (long)restart->restarts, (long)restart->inner);
  slong count = restart->inner * restart->restarts;
  depth->linear = calloc ((size_t)count, sizeof (double));
  depth->error = calloc ((size_t)count, sizeof (double));
  depth->balls = malloc ((size_t)count * sizeof (double));
  watch->states = calloc ((size_t)count, sizeof *watch->states);
  bool good = depth->linear != NULL && depth->error != NULL && depth->balls != NULL
              && watch->states != NULL;
  for (slong k = 0; good && k < count; k++)
    {
      depth->balls[k] = INFINITY; /* where the run in balls does not come to */
      watch->states[k] = A->use->create (A->N, A->bits);
      good = watch->states[k] != NULL;
    }
  depth->count = count;
  return good ? DELTA1_OK : delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a comparison");
}

delta1_status_t
delta1_depth_compare (delta1_depth_t *depth, const delta1_depth_operators_t *operators,
                      const void *y, const delta1_restart_t *restart, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_operator_t *A = operators->doubles;
  watch_t watch = { .doubles = A->use };
  const delta1_operator_t *const others[] = { operators->balls, operators->sharp };
  *depth = (delta1_depth_t){ .count = 0 };
  for (int i = 0; i < 2; i++)
    if (!others[i]->use->encloses || others[i]->use->is_complex != A->use->is_complex
        || others[i]->m != A->m || others[i]->N != A->N)
      return delta1_fail (reason, DELTA1_INPUT,
                          "a comparison needs one shape, and doubles, balls and balls");
  DELTA1_TRY (allocate (depth, &watch, A, restart, reason));
  DELTA1_TRY (run_doubles (depth->linear, A, &watch, y, restart, reason));
  status = run_balls (depth->balls, operators->balls, &watch, y, restart, reason);
  DELTA1_TRY (status == DELTA1_UNDECIDED ? DELTA1_OK : status);
  watch.compare = true;
  DELTA1_TRY (run_balls (depth->error, operators->sharp, &watch, y, restart, reason));
  unscale (depth, restart);

cleanup:
  for (slong k = 0; watch.states != NULL && k < depth->count; k++)
    A->use->free (watch.states[k], A->N);
  free (watch.states);
  if (status != DELTA1_OK)
    delta1_depth_clear (depth);
  return status;
}
