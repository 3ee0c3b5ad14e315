/* derivative: phi_n(y) of firenet/restart.h in doubles with its derivative J at y: J d by the
 * tangent iteration, J* w in reverse through the unrolled network.
 *
 * phi_n is differentiable except where a soft threshold is met exactly or a dual vector has norm
 * exactly 1; there one of the limits is taken. Complex data: C^m and C^N are real spaces of twice
 * the dimension, with <a, b> = Re sum a_i conj(b_i), and J is linear over the reals. Vectors are
 * plain doubles; complex numbers as real and imaginary part in turn.
 *
 * *Heuristic*: all of it is in doubles, for finding; nothing is claimed.
 *
 * Memory: one vector of x for each restart, and all preactivations of one restart (of all restarts
 * where they fit into DELTA1_DERIVATIVE_KEEP bytes, which halves the work of each J d and J* w). */
#ifndef DELTA1_DERIVATIVE_H
#define DELTA1_DERIVATIVE_H

#include "firenet/restart.h"

#define DELTA1_DERIVATIVE_KEEP 268435456

typedef struct delta1_derivative_struct delta1_derivative_t;

/* A: in double or complex double; it must outlive the derivative; the network is copied. keep:
 * bytes, as above (0: none). Statuses as delta1_restart_run (the condition on the steps need not
 * hold when they say so), and INPUT for another arithmetic. */
DELTA1_MUST_USE delta1_status_t delta1_derivative_create (delta1_derivative_t **derivative,
                                                          const delta1_operator_t *A,
                                                          const delta1_restart_t *network,
                                                          size_t keep, delta1_reason_t *reason);
void delta1_derivative_free (delta1_derivative_t *derivative); /* NULL allowed */

/* The lengths in doubles: of y and d (m, or 2m), of x and w (N, or 2N). */
slong delta1_derivative_inputs (const delta1_derivative_t *derivative);
slong delta1_derivative_outputs (const delta1_derivative_t *derivative);

/* Goes to y; phi_n(y) is the result, owned by the derivative until the next call. */
const double *delta1_derivative_at (delta1_derivative_t *derivative, const double *y);

/* x = J d and y = J* w at the y of the last delta1_derivative_at. */
void delta1_derivative_tangent (double *x, delta1_derivative_t *derivative, const double *d);
void delta1_derivative_adjoint (double *y, delta1_derivative_t *derivative, const double *w);

#endif
