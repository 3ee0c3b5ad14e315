/* network_answer: what a network answers on the exact data of a tier.
 *
 * A training algorithm may return a network phi. It is judged on the exact data y_k of the revealed
 * input, not on what was read: over Q when the data are rational and the network is piecewise
 * linear, else in balls. */
#ifndef DELTA1_NETWORK_ANSWER_H
#define DELTA1_NETWORK_ANSWER_H

#include "constructions/tie_family.h"
#include "src/network.h"

/* The game asks for so many digits more than K: far below what a verdict turns on. */
#define DELTA1_NETWORK_DIGITS 30

/* Row k of X: rationals with ||X_k - phi (y_k)|| <= radius for every k; certified. radius = 0:
 * exact, over Q, unless that takes numbers too long to bear (a network comes from anybody). With
 * balls the precision is doubled until radius <= 10^-digits. FAILED: phi is not a map R^m -> R^N.
 * UNDECIDED: the balls did not become so small below 2^20 bits, or below what fits in 512 MiB. */
DELTA1_MUST_USE delta1_status_t delta1_network_answer (fmpq_mat_t X, fmpq_t radius,
                                                       const delta1_network_t *network,
                                                       const delta1_tie_family_t *family,
                                                       delta1_tier_t tier, slong digits,
                                                       delta1_reason_t *reason);

/* The stable, accurate network that exists for an input (mathematics.md, 5.1): exact at every datum
 * of the tier, constant on the ball of radius sqrt (radius_squared) around it; verified over Q.
 * column: the tied column of the minimisers. DOMAIN under dct mixing, where the data are not
 * rational. */
DELTA1_MUST_USE delta1_status_t delta1_tie_existence (delta1_network_t **network,
                                                      fmpq_t radius_squared,
                                                      const delta1_tie_family_t *family,
                                                      delta1_tier_t tier, slong column,
                                                      delta1_reason_t *reason);

#endif
