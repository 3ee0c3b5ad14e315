#include "firenet/restart.h"

void
delta1_restart_init (delta1_restart_t *restart, slong prec)
{
  *restart = (delta1_restart_t){ .inner = 50, .restarts = 30 };
  delta1_steps_init (&restart->steps);
  arb_init (restart->delta);
  arb_init (restart->eps_0);
  arb_init (restart->upsilon);
  arb_init (restart->scale);
  arb_set_si (restart->delta, 1000000);
  arb_inv (restart->delta, restart->delta, prec);
  arb_set_si (restart->upsilon, -1);
  arb_exp (restart->upsilon, restart->upsilon, prec);
}

void
delta1_restart_clear (delta1_restart_t *restart)
{
  delta1_steps_clear (&restart->steps);
  arb_clear (restart->delta);
  arb_clear (restart->eps_0);
  arb_clear (restart->upsilon);
  arb_clear (restart->scale);
}

delta1_status_t
delta1_restart_check (const delta1_restart_t *r, delta1_reason_t *reason)
{
  arb_t room;
  arb_init (room);
  arb_sub_si (room, r->upsilon, 1, 64);
  bool contracts = arb_is_positive (r->upsilon) && arb_is_negative (room);
  arb_clear (room);
  if (!contracts)
    return delta1_fail (reason, DELTA1_INPUT, "upsilon is not certainly in (0, 1)");
  if (!arb_is_positive (r->delta) || !arb_is_finite (r->delta))
    return delta1_fail (reason, DELTA1_INPUT, "delta is not certainly positive and finite");
  if (!arb_is_positive (r->eps_0) || !arb_is_finite (r->eps_0))
    return delta1_fail (reason, DELTA1_INPUT, "eps_0 is not certainly positive and finite");
  if (!arb_is_zero (r->scale) && (!arb_is_positive (r->scale) || !arb_is_finite (r->scale)))
    return delta1_fail (reason, DELTA1_INPUT, "scale is not certainly positive and finite");
  if (r->inner < 1 || r->restarts < 1)
    return delta1_fail (reason, DELTA1_INPUT, "p = %ld, n = %ld; allowed: 1 or more",
                        (long)r->inner, (long)r->restarts);
  return DELTA1_OK;
}

void
delta1_restart_next (arb_t alpha, arb_t eps, const delta1_restart_t *restart, slong prec)
{
  arb_add (eps, eps, restart->delta, prec);
  arb_mul (eps, eps, restart->upsilon, prec);
  arb_mul_si (alpha, eps, restart->inner, prec);
  if (arb_is_zero (restart->scale))
    {
      arb_mul (alpha, alpha, restart->steps.sigma, prec);
      arb_inv (alpha, alpha, prec);
    }
  else
    arb_div (alpha, restart->scale, alpha, prec);
  arb_mul_2exp_si (alpha, alpha, 1);
}

enum
{
  ALPHA,
  INVERSE,
  SCALAR_COUNT
};

delta1_status_t
delta1_restart_run (void *x, const delta1_operator_t *A, const void *y,
                    const delta1_restart_t *restart, const delta1_observer_t *observer,
                    delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = A->use;
  slong m = A->m, N = A->N, prec = A->bits + 64;
  delta1_iteration_t *iteration = NULL;
  void *scalars = use->real->create (SCALAR_COUNT, A->bits);
  void *datum = use->create (m, A->bits);
  arb_t eps, alpha;

  arb_init (eps);
  arb_init (alpha);
  if (scalars == NULL || datum == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a network"));
  DELTA1_TRY (delta1_restart_check (restart, reason));
  DELTA1_TRY (delta1_iteration_create (&iteration, A, &restart->steps, reason));
  arb_set (eps, restart->eps_0);
  use->clear (x, N);
  for (slong k = 0; k < restart->restarts; k++)
    {
      delta1_restart_next (alpha, eps, restart, prec);
      use->real->set_ball (scalars, ALPHA, alpha);
      arb_inv (alpha, alpha, prec);
      use->real->set_ball (scalars, INVERSE, alpha);
      use->scale (datum, use->real->at (scalars, ALPHA), y, m);
      use->scale (x, use->real->at (scalars, ALPHA), x, N);
      DELTA1_TRY (delta1_iteration_run (iteration, x, datum, restart->inner, observer, reason));
      use->scale (x, use->real->at (scalars, INVERSE), x, N);
    }
  if (!use->finite (x, N))
    status = use->encloses
                 ? delta1_fail (reason, DELTA1_UNDECIDED,
                                "the output of the network is not bounded at %ld bits; allowed: "
                                "more bits",
                                (long)A->bits)
                 : delta1_fail (reason, DELTA1_FAILED,
                                "the network left the finite numbers of %s arithmetic", use->name);

cleanup:
  delta1_iteration_free (iteration);
  use->real->free (scalars, SCALAR_COUNT);
  use->free (datum, m);
  arb_clear (eps);
  arb_clear (alpha);
  return status;
}
