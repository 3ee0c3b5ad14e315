/* accuracy: how near phi_n(y) is to the truth, and how many layers that takes (mathematics.md 6.1,
 * Theorem 6.3 and Corollary 6.3a).
 *
 * Given the rNSPL of A with rho, gamma (firenet/null_space.h, *certified*; or assumed by the user:
 * every statement is then *conditional* on the assumption, and says so), for every x and y with
 *   2 lambda sigma(x) + 2 ||Ax - y|| <= delta,   ||y|| <= eps_0,
 * and every k: ||phi_k(y) - x|| <= C_2 (delta + eps_k), eps_k = upsilon (delta + eps_{k-1}).
 * sigma(x): the weighted l1 distance of x to the vectors with s_k entries in level k.
 * It is a statement about the exact network; what a rounded run adds is not in it. */
#ifndef DELTA1_ACCURACY_H
#define DELTA1_ACCURACY_H

#include "firenet/null_space.h"
#include "firenet/restart.h"

typedef struct
{
  bool conditional; /* rho and gamma are assumed; set by the caller, kept by every function */
  arb_t rho, gamma; /* exact; what lambda needs them to be, at least those that were given */
  arb_t xi, kappa;
  arb_t C_1, C_2;
  arb_t lambda; /* exact, 0 < lambda <= C_1/(C_2 sqrt(xi)), and C_2 enlarged to have equality */
} delta1_accuracy_t;

/* What is known of a truth x and its datum y: upper bounds, 0 or more, and finite. */
typedef struct
{
  arb_t defect;   /* sigma(x) */
  arb_t residual; /* ||Ax - y|| */
  arb_t length;   /* ||y|| */
} delta1_datum_t;

void delta1_datum_init (delta1_datum_t *datum); /* all 0 */
void delta1_datum_clear (delta1_datum_t *datum);

void delta1_accuracy_init (delta1_accuracy_t *accuracy);
void delta1_accuracy_clear (delta1_accuracy_t *accuracy);

/* The constants, from the upper ends of rho and gamma. lambda NULL: C_1/(C_2 sqrt(xi)) rounded down
 * to 53 bits, so that every arithmetic runs the same network. Otherwise the lower end of the lambda
 * given; a lambda that is too large for rho is met by a larger rho (< 1), where there is one.
 * INPUT: a lambda that is not certainly positive; gamma not certainly positive, rho certainly
 * negative. DOMAIN: rho >= 1, or lambda >= 1/(gamma sqrt(xi)): no bound. UNDECIDED: not decided. */
DELTA1_MUST_USE delta1_status_t delta1_accuracy_constants (delta1_accuracy_t *accuracy,
                                                           const delta1_levels_t *levels,
                                                           const arb_t rho, const arb_t gamma,
                                                           const arb_t lambda, slong precision,
                                                           delta1_reason_t *reason);

/* The least p for which Theorem 6.3 is proved with the steps, upsilon and scale of the network:
 * with c = sigma scale, p >= 2 C_2 c/(upsilon sqrt(tau sigma (2c - 1))), c > 1/2. BUDGET: above
 * 10^9. DOMAIN: c <= 1/2 or not decided. */
DELTA1_MUST_USE delta1_status_t delta1_accuracy_inner (slong *p, const delta1_accuracy_t *accuracy,
                                                       const delta1_restart_t *network,
                                                       slong precision, delta1_reason_t *reason);

/* Whether the conditions of the theorem hold for the network (its lambda, weights and inner steps)
 * and the datum. tau sigma ||A||^2 <= 1 is for firenet/iteration.h to check. When they do not, the
 * reason says what is violated or not decided. */
delta1_truth_t delta1_accuracy_applies (const delta1_accuracy_t *accuracy,
                                        const delta1_restart_t *network,
                                        const delta1_levels_t *levels, const delta1_datum_t *datum,
                                        slong precision, delta1_reason_t *reason);

/* bound[k] (k = 0 .. restarts, exact) >= C_2 (delta + eps_k) */
void delta1_accuracy_bounds (arb_ptr bound, const delta1_accuracy_t *accuracy,
                             const delta1_restart_t *network, slong precision);

/* Corollary 6.3b: bound[k] (exact, perhaps infinite) >= ||phi_k(y) - x|| for the datum itself, for
 * every p, delta and eps_0: no condition but tau sigma ||A||^2 <= 1 and the lambda and weights of
 * the bound (INPUT when they are others). Where Theorem 6.3 holds it is never the larger. */
DELTA1_MUST_USE delta1_status_t delta1_accuracy_follow (arb_ptr bound,
                                                        const delta1_accuracy_t *accuracy,
                                                        const delta1_restart_t *network,
                                                        const delta1_levels_t *levels,
                                                        const delta1_datum_t *datum,
                                                        slong precision, delta1_reason_t *reason);

/* The layers (affine maps) of phi_n: 3 n p + 1. */
slong delta1_accuracy_layers (const delta1_restart_t *network, slong restarts);

/* The least n >= 1 for which C_2 (delta + eps_n) <= 10^-digits is proved; 0 when none is, since
 * delta is too large. */
slong delta1_accuracy_restarts (const delta1_accuracy_t *accuracy, const delta1_restart_t *network,
                                slong digits, slong precision);

#endif
