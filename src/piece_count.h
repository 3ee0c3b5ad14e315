/* piece_count: the number of affine pieces of a network on a segment, without keeping them.
 *
 * The same number as src/pieces.h, over Q, by walking the pieces from left to right, depth first:
 * memory is O(depth * width) numbers, whatever the count, so that 2^24 pieces are counted in the
 * memory of one. Every layer keeps the integer affine forms A + B s of its units (weights times the
 * common denominator of their layer); a kink is -A/B; comparisons are cross products. Certified. */
#ifndef DELTA1_PIECE_COUNT_H
#define DELTA1_PIECE_COUNT_H

#include "src/network.h"

/* *count = the number of maximal affine pieces of s -> phi(a + s (b - a)), 0 <= s <= 1; a, b: m
 * rationals. BUDGET, with *count = limit, when there are more than `limit`. DOMAIN when a unit is
 * not identity, relu or modulus. */
DELTA1_MUST_USE delta1_status_t delta1_piece_count (slong *count, const delta1_network_t *network,
                                                    const fmpq *a, const fmpq *b, slong limit,
                                                    delta1_reason_t *reason);

#endif
