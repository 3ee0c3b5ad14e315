/* network_evaluate: the value of a network over Q, in balls, and in doubles with a proved bound. */
#ifndef DELTA1_NETWORK_EVALUATE_H
#define DELTA1_NETWORK_EVALUATE_H

#include "src/network.h"

/* x = phi(y), exactly. y: m rationals, x: n_T rationals; x and y may be the same. DOMAIN when a
 * layer has a gate (its values are not rational); every other unit is evaluated. */
DELTA1_MUST_USE delta1_status_t delta1_network_evaluate (fmpq *x, const delta1_network_t *network,
                                                         const fmpq *y, delta1_reason_t *reason);

/* Balls that contain phi(y) for every y in the balls; certified. precision >= 2 bits. x: n_T balls,
 * y: m balls; they may be the same. A ball of y that is not finite gives balls that are not. At 53
 * bits and less the balls are those of delta1_network_evaluate_doubles where it gives any (10 to 20
 * times faster), else, and above, Arb's. */
void delta1_network_evaluate_balls (arb_ptr x, const delta1_network_t *network, arb_srcptr y,
                                    slong precision);

/* x = phi(y) as computed in doubles, and error[i] >= |x_i - phi(y')_i| for every y' with
 * |y'_k - y_k| <= radius[k]; certified by mathematics.md, Theorem 5.3, which has the assumptions on
 * the floating point (binary64, to nearest, no flush to zero: tested at run time). radius may be
 * NULL for 0. x, error: n_T doubles, y, radius: m doubles; no aliasing.
 * INPUT when y is not finite or a radius is not a finite number >= 0. UNDECIDED when a number of
 * the network or of the evaluation is beyond the doubles (use balls), or the processor is not in
 * the state assumed. */
DELTA1_MUST_USE delta1_status_t delta1_network_evaluate_doubles (double *x, double *error,
                                                                 const delta1_network_t *network,
                                                                 const double *y,
                                                                 const double *radius,
                                                                 delta1_reason_t *reason);

#endif
