/* iteration: the inner primal-dual iteration of FIRENET for the weighted square-root LASSO
 * F(x) = lambda ||x||_{1,w} + ||Ax - y|| (mathematics.md, Section 6; [CP11]).
 *
 * From (x_0, v_0 = 0):
 *   x_{k+1} = soft(x_k - tau A* v_k, tau lambda w),
 *   v_{k+1} = the projection of v_k + sigma A(2 x_{k+1} - x_k) - sigma y on the unit ball,
 * and the output is the average of x_1 .. x_p. Written once, over the arithmetic of the operator:
 * in double and MPFR it is a program that rounds, in balls a *certified* enclosure of the exact
 * output.
 *
 * Condition: tau sigma ||A||^2 <= 1, checked in balls for tau and sigma as the arithmetic has
 * rounded them, and the norm enclosed in A->norm. */
#ifndef DELTA1_ITERATION_H
#define DELTA1_ITERATION_H

#include "firenet/operator.h"

typedef struct
{
  arb_t tau, sigma;   /* > 0 */
  arb_t lambda;       /* > 0 */
  arb_srcptr weights; /* N, > 0; NULL: all 1; not owned */
  bool violate;       /* run although the condition does not hold or is not decided: for the
                         reproduction of published runs only */
} delta1_steps_t;

void delta1_steps_init (delta1_steps_t *steps); /* 0, no weights, not to be violated */
void delta1_steps_clear (delta1_steps_t *steps);

/* Whether tau sigma ||A||^2 <= 1; product contains the left-hand side. */
delta1_truth_t delta1_steps_condition (arb_t product, const delta1_operator_t *A, const arb_t tau,
                                       const arb_t sigma);

typedef struct delta1_iteration_struct delta1_iteration_t;

/* A must outlive the iteration. INPUT: tau, sigma, lambda or a weight is not certainly positive and
 * finite in the arithmetic. DOMAIN: the condition is violated; UNDECIDED: it is not decided (the
 * reason has the enclosure). SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_iteration_create (delta1_iteration_t **iteration,
                                                         const delta1_operator_t *A,
                                                         const delta1_steps_t *steps,
                                                         delta1_reason_t *reason);
void delta1_iteration_free (delta1_iteration_t *iteration); /* NULL allowed */

/* Called after every inner step with x_{k+1} and v_{k+1}, in the order of
 * delta1_operator_arrange; a status that is not OK ends the run. */
typedef struct
{
  delta1_status_t (*step) (void *context, const void *x, const void *v, delta1_reason_t *reason);
  void *context;
} delta1_observer_t;

/* x (N): x_0 on entry, the average of x_1 .. x_p on return. y (m) is not changed. observer: NULL
 * allowed. p >= 1. INPUT otherwise; else only what the observer returns. */
DELTA1_MUST_USE delta1_status_t delta1_iteration_run (delta1_iteration_t *iteration, void *x,
                                                      const void *y, slong p,
                                                      const delta1_observer_t *observer,
                                                      delta1_reason_t *reason);

/* As many plain steps from (x, v), which on return are the last; no average is made. y (m) is not
 * changed. INPUT: count < 1. */
DELTA1_MUST_USE delta1_status_t delta1_iteration_continue (delta1_iteration_t *iteration, void *x,
                                                           void *v, const void *y, slong count,
                                                           delta1_reason_t *reason);

/* threshold contains tau lambda w_i as the arithmetic has it: exact but in balls. */
void delta1_iteration_threshold (arb_t threshold, const delta1_iteration_t *iteration, slong i);

#endif
