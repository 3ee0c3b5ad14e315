/* plateau: where a ReLU network of one hidden layer and one coordinate is constant, exactly.
 *
 * For phi(y) = c + sum_i a_i ReLU(w_i y_0 + b_i), kinks t_i = -b_i/w_i: left of all kinks the slope
 * along y_0 is the sum of a_i w_i over w_i < 0, and at t_i it grows by a_i |w_i|. All kinks are
 * sorted and passed once, over Q: n units and k intervals cost (n + k) log n operations, so that
 * the stable networks of mathematics.md, Section 7, are decided for thousands of units. Certified.
 */
#ifndef DELTA1_PLATEAU_H
#define DELTA1_PLATEAU_H

#include "src/network.h"

/* Intervals |y_0 - centre_k| <= radius, radius >= 0, and the value phi must have there. Any order.
 */
typedef struct
{
  slong count;
  const fmpq *centre, *value;
  const fmpq *radius; /* one number */
} delta1_plateaus_t;

/* OK: on every interval phi is constant with the value given. Since phi sees y_0 only, it is then
 * constant on the ball of that radius around each point with y_0 = centre_k, in every norm in which
 * the y_0 axis has norm one projections. DOMAIN, naming the interval: it is not. INPUT: not a
 * network of one hidden layer, all ReLU, one output, without skip connections, whose other
 * coordinates have no weight; or a negative radius. */
DELTA1_MUST_USE delta1_status_t delta1_plateau_verify (const delta1_network_t *network,
                                                       const delta1_plateaus_t *plateaus,
                                                       delta1_reason_t *reason);

#endif
