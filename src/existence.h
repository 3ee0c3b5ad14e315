/* existence: the stable network that interpolates given data, explicitly.
 *
 * mathematics.md, 5.1. For data y_1..y_R with targets x_1..x_R, a direction u with distinct
 * t_k = <u, y_k>, sorted: with rho = plateau * min gap / 2,
 *   phi(y) = x_1 + sum_{k<R} (x_{k+1} - x_k) (ReLU(t - t_k - rho) - ReLU(t - t_{k+1} + rho))
 *                            / (t_{k+1} - t_k - 2 rho),                       t = <u, y>,
 * one hidden layer of 2(R-1) <= 2R units (one that does nothing when R = 1), exact at every datum
 * and constant where |t - t_k| <= rho, hence on the Euclidean ball of radius rho/||u|| around y_k.
 */
#ifndef DELTA1_EXISTENCE_H
#define DELTA1_EXISTENCE_H

#include "src/network.h"

/* Y: R x m, X: R x N, row k the datum and its target; 0 < plateau < 1. radius_squared: a number
 * r^2 > 0 such that phi is constant on every ball of radius r around a datum; it is rho^2/||u||^2
 * (1 when all data are one). Verified over Q before it is returned: certified.
 * Equal data with equal targets count once. DOMAIN when one datum has two targets. INPUT when the
 * plateau is not inside (0, 1) or the shapes do not fit. */
DELTA1_MUST_USE delta1_status_t delta1_existence_create (delta1_network_t **network,
                                                         fmpq_t radius_squared, const fmpq_mat_t Y,
                                                         const fmpq_mat_t X, const fmpq_t plateau,
                                                         delta1_reason_t *reason);

/* Decides over Q, for a network of one hidden ReLU layer without skip connections, whether at every
 * row of Y it has the value of the row of X, and is affine with slope zero on the closed ball of
 * radius r around it: no preactivation w y + c changes sign there, as (w y_k + c)^2 >= r^2 ||w||^2,
 * and sum over the active units of W_2 w is zero. OK: it is so. DOMAIN, naming the datum: it is not
 * (a network that is constant although a unit changes sign is also refused). INPUT: another kind of
 * network, or shapes that do not fit. */
DELTA1_MUST_USE delta1_status_t delta1_existence_verify (const delta1_network_t *network,
                                                         const fmpq_mat_t Y, const fmpq_mat_t X,
                                                         const fmpq_t radius_squared,
                                                         delta1_reason_t *reason);

#endif
