/* restart: the network phi_n of FIRENET (mathematics.md, Section 6; [CAH22, Theorem 3]).
 *
 * psi_0 = 0; for k = 1 .. n:
 *   eps_k = upsilon (delta + eps_{k-1}),  alpha_k = 2 scale/(p eps_k),
 *   psi_k = Inner(alpha_k y, alpha_k psi_{k-1})/alpha_k,
 * Inner the average of p steps of firenet/iteration.h. phi_n(y) = psi_n. Section 6 has scale =
 * 1/sigma. As a network it has widths (m, [2N+m, 2(N+m), 2N+m+1] x np, N), and eps_0 is a constant
 * of it. */
#ifndef DELTA1_RESTART_H
#define DELTA1_RESTART_H

#include "firenet/iteration.h"

typedef struct
{
  delta1_steps_t steps;
  arb_t delta;    /* > 0 */
  arb_t eps_0;    /* >= ||y|| in Theorem 6.3; > 0 */
  arb_t upsilon;  /* in (0, 1) */
  arb_t scale;    /* > 0; 0: 1/sigma */
  slong inner;    /* p >= 1 */
  slong restarts; /* n >= 1 */
} delta1_restart_t;

/* Steps as delta1_steps_init; upsilon = 1/e enclosed at prec bits, which makes the number of layers
 * least; delta = 1e-6, p = 50, n = 30 (the published experiment); eps_0 and scale 0. */
void delta1_restart_init (delta1_restart_t *restart, slong prec);
void delta1_restart_clear (delta1_restart_t *restart);

/* INPUT for a constant outside its range; tau, sigma, lambda and the weights are the iteration's.
 */
DELTA1_MUST_USE delta1_status_t delta1_restart_check (const delta1_restart_t *restart,
                                                      delta1_reason_t *reason);

/* eps = upsilon (delta + eps) and alpha = 2 scale/(p eps): from eps_{k-1} to eps_k and alpha_k. */
void delta1_restart_next (arb_t alpha, arb_t eps, const delta1_restart_t *restart, slong prec);

/* x (N) = phi_n(y), in the arithmetic of A: in balls *certified* to contain it, for all the
 * networks and data in the balls. observer: NULL allowed. Statuses as delta1_iteration_create and
 * _run, and INPUT for a constant outside its range. UNDECIDED: in balls, x is not bounded at this
 * precision. FAILED: otherwise, x left the finite numbers. */
DELTA1_MUST_USE delta1_status_t delta1_restart_run (void *x, const delta1_operator_t *A,
                                                    const void *y, const delta1_restart_t *restart,
                                                    const delta1_observer_t *observer,
                                                    delta1_reason_t *reason);

#endif
