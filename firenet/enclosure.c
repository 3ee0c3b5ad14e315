#include "firenet/enclosure.h"

enum
{
  ONE,
  TAU,
  SIGMA,
  FACTOR, /* alpha, then 1/(p alpha) */
  SCALAR_COUNT
};

enum
{
  SCALARS,
  THRESHOLD, /* N, real: tau lambda w */
  EXTRA,     /* N: A* v, then 2 x+ - x */
  SUM,       /* N */
  DUAL,      /* m: v */
  IMAGE,     /* m: A(2 x+ - x) */
  DATUM,     /* m: alpha y */
  VECTOR_COUNT
};

typedef struct
{
  const delta1_operator_t *A;
  const delta1_restart_t *restart;
  void *v[VECTOR_COUNT];
  slong count[VECTOR_COUNT];
  /* upper bounds of sqrt(tau), 1/sqrt(tau), 1/sqrt(sigma) */
  mag_t root, inverse_root, inverse_root_sigma;
} run_t;

static const delta1_arithmetic_t *
arithmetic_of (const run_t *run, int vector)
{
  return vector == SCALARS || vector == THRESHOLD ? run->A->use->real : run->A->use;
}

static void *
scalar (const run_t *run, int i)
{
  return run->A->use->real->at (run->v[SCALARS], i);
}

/* The balls of a vector, two for a complex element. */
static arb_ptr
balls (const run_t *run, void *v, slong *count)
{
  *count *= run->A->use->is_complex ? 2 : 1;
  return run->A->use->at (v, 0);
}

/* radius = sqrt(sum of the squares of the radii); every element becomes its centre. */
static void
strip (mag_t radius, const run_t *run, void *v, slong count)
{
  arb_ptr x = balls (run, v, &count);
  mag_zero (radius);
  for (slong i = 0; i < count; i++)
    {
      if (!arb_is_finite (x + i))
        mag_inf (radius);
      mag_addmul (radius, arb_radref (x + i), arb_radref (x + i));
      mag_zero (arb_radref (x + i));
    }
  mag_sqrt (radius, radius);
}

static delta1_status_t
run_init (run_t *run, const delta1_operator_t *A, const delta1_restart_t *restart,
          delta1_reason_t *reason)
{
  const slong count[VECTOR_COUNT] = { SCALAR_COUNT, A->N, A->N, A->N, A->m, A->m, A->m };
  *run = (run_t){ .A = A, .restart = restart };
  mag_init (run->root);
  mag_init (run->inverse_root);
  mag_init (run->inverse_root_sigma);
  for (int i = 0; i < VECTOR_COUNT; i++)
    {
      run->count[i] = count[i];
      run->v[i] = arithmetic_of (run, i)->create (count[i], A->bits);
      if (run->v[i] == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a network");
    }
  return DELTA1_OK;
}

static void
run_clear (run_t *run)
{
  for (int i = 0; i < VECTOR_COUNT; i++)
    arithmetic_of (run, i)->free (run->v[i], run->count[i]);
  mag_clear (run->root);
  mag_clear (run->inverse_root);
  mag_clear (run->inverse_root_sigma);
}

static void
set_steps (run_t *run)
{
  const delta1_steps_t *steps = &run->restart->steps;
  const delta1_arithmetic_t *real = run->A->use->real;
  slong prec = run->A->bits + 64;
  arb_t x;
  arb_init (x);
  arb_one (x);
  real->set_ball (run->v[SCALARS], ONE, x);
  real->set_ball (run->v[SCALARS], TAU, steps->tau);
  real->set_ball (run->v[SCALARS], SIGMA, steps->sigma);
  for (slong i = 0; i < run->A->N; i++)
    {
      arb_mul (x, steps->tau, steps->lambda, prec);
      if (steps->weights != NULL)
        arb_mul (x, x, steps->weights + i, prec);
      real->set_ball (run->v[THRESHOLD], i, x);
    }
  arb_get_mag (run->root, steps->tau);
  mag_sqrt (run->root, run->root);
  arb_rsqrt (x, steps->tau, prec);
  arb_get_mag (run->inverse_root, x);
  arb_rsqrt (x, steps->sigma, prec);
  arb_get_mag (run->inverse_root_sigma, x);
  arb_clear (x);
}

/* One inner run, x (exact) scaled by alpha on entry and the sum of p updates on return; distance: E
 * on entry; the sum of the bounds of the errors of the updates, in x, on return. */
static void
inner (run_t *run, void *x, mag_t distance)
{
  const delta1_operator_t *A = run->A;
  const delta1_arithmetic_t *use = A->use;
  void **v = run->v;
  mag_t r_x, r_v, total;
  mag_init (r_x);
  mag_init (r_v);
  mag_init (total);
  use->clear (v[DUAL], A->m);
  use->clear (v[SUM], A->N);
  for (slong k = 0; k < run->restart->inner; k++)
    {
      mag_addmul (total, run->root, distance);
      delta1_operator_adjoint (A, v[EXTRA], v[DUAL]);
      use->primal (x, v[EXTRA], v[SUM], scalar (run, TAU), v[THRESHOLD], A->N);
      delta1_operator_forward (A, v[IMAGE], v[EXTRA]);
      use->dual (v[DUAL], v[IMAGE], v[DATUM], scalar (run, SIGMA), scalar (run, ONE), A->m);
      strip (r_x, run, x, A->N);
      strip (r_v, run, v[DUAL], A->m);
      mag_addmul (distance, r_x, run->inverse_root);
      mag_addmul (distance, r_v, run->inverse_root_sigma);
    }
  mag_swap (distance, total);
  mag_clear (r_x);
  mag_clear (r_v);
  mag_clear (total);
}

/* x = phi_k(y) within radius, from phi_{k-1}(y); alpha in balls. */
static void
advance (run_t *run, void *x, mag_t radius, const void *y, arb_t alpha)
{
  const delta1_arithmetic_t *use = run->A->use;
  slong m = run->A->m, N = run->A->N, prec = run->A->bits + 64;
  mag_t width, factor;
  mag_init (width);
  mag_init (factor);
  use->real->set_ball (run->v[SCALARS], FACTOR, alpha);
  use->scale (run->v[DATUM], scalar (run, FACTOR), y, m);
  use->scale (x, scalar (run, FACTOR), x, N);
  strip (width, run, x, N);
  arb_get_mag (factor, alpha);
  mag_mul (radius, radius, factor);
  mag_add (radius, radius, width);
  mag_mul (radius, radius, run->inverse_root); /* E_0 */
  inner (run, x, radius);
  /* the average over alpha */
  arb_mul_si (alpha, alpha, run->restart->inner, prec);
  arb_inv (alpha, alpha, prec);
  use->real->set_ball (run->v[SCALARS], FACTOR, alpha);
  use->scale (x, scalar (run, FACTOR), run->v[SUM], N);
  strip (width, run, x, N);
  arb_get_mag (factor, alpha);
  mag_mul (radius, radius, factor);
  mag_add (radius, radius, width);
  mag_clear (width);
  mag_clear (factor);
}

delta1_status_t
delta1_enclosure_run (void *x, mag_t radius, const delta1_operator_t *A, const void *y,
                      const delta1_restart_t *restart, const delta1_enclosure_observer_t *observer,
                      delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong prec = A->bits + 64;
  run_t run = { .A = NULL };
  delta1_iteration_t *iteration = NULL; /* for its checks */
  delta1_steps_t steps = restart->steps;
  arb_t eps, alpha;

  arb_init (eps);
  arb_init (alpha);
  if (!A->use->encloses)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "%s arithmetic; allowed: balls", A->use->name));
  DELTA1_TRY (delta1_restart_check (restart, reason));
  steps.violate = false;
  DELTA1_TRY (delta1_iteration_create (&iteration, A, &steps, reason));
  DELTA1_TRY (run_init (&run, A, restart, reason));
  set_steps (&run);
  arb_set (eps, restart->eps_0);
  A->use->clear (x, A->N);
  mag_zero (radius);
  for (slong k = 1; k <= restart->restarts; k++)
    {
      delta1_restart_next (alpha, eps, restart, prec);
      advance (&run, x, radius, y, alpha);
      if (observer != NULL)
        DELTA1_TRY (observer->restart (observer->context, k, x, radius, reason));
    }
  if (mag_is_inf (radius) || !A->use->finite (x, A->N))
    status = delta1_fail (
        reason, DELTA1_UNDECIDED,
        "the output of the network is not bounded at %ld bits; allowed: more bits", (long)A->bits);

cleanup:
  delta1_iteration_free (iteration);
  if (run.A != NULL)
    run_clear (&run);
  arb_clear (eps);
  arb_clear (alpha);
  return status;
}
