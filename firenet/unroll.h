/* unroll: phi_n of firenet/restart.h as a network of src/network.h (mathematics.md, Sections 5, 6).
 *
 * Its widths are (m, [2N+m, 2(N+m), 2N+m+1] x np, N): 3np + 1 affine maps. With the state (x_k,
 * v_k, s_k), s_k the sum of x_1 .. x_k, the three layers of a step are x_{k+1} = soft(x_k - tau A*
 * v_k, tau lambda w),  v_k - sigma A x_k - sigma alpha y,  s_k; x_{k+1},  u = the second + 2 sigma
 * A x_{k+1},  u_i^2,  s_k + x_{k+1}; x_{k+1},  f(sum u_i^2) u = v_{k+1} (BALL_GATE),  s_{k+1}, y by
 * skip connections; the first layer of a restart begins with x_0 = (alpha_k/(p alpha_{k-1})) s, v_0
 * = 0, s_0 = 0 instead. For small instances: the weights are dense. */
#ifndef DELTA1_UNROLL_H
#define DELTA1_UNROLL_H

#include "firenet/restart.h"
#include "src/network.h"

/* The network is exactly phi_n: A (m x N) and all constants are exact numbers. INPUT: a constant
 * that is not exact (upsilon = 1/e: round it first) or so large or small that its digits would fill
 * the memory; statuses of delta1_restart_run for constants and steps, which must satisfy
 * tau sigma ||A||^2 <= 1; and of delta1_network_create for what is too large. */
DELTA1_MUST_USE delta1_status_t delta1_unroll (delta1_network_t **network, const fmpq_mat_t A,
                                               const delta1_restart_t *restart,
                                               delta1_reason_t *reason);

#endif
