/* pieces: the affine pieces of a piecewise-linear network on a segment, exactly.
 *
 * mathematics.md, 5.2. For y(s) = a + s (b - a), 0 <= s <= 1, the function s -> phi(y(s)) is
 * continuous and piecewise affine; its maximal affine pieces are enumerated over Q. Certified. */
#ifndef DELTA1_PIECES_H
#define DELTA1_PIECES_H

#include "src/network.h"

typedef struct delta1_pieces_struct delta1_pieces_t;

/* a, b: m rationals each; a = b gives one piece. DOMAIN when the network is not piecewise linear;
 * BUDGET when a layer has more than `limit` pieces before merging. */
DELTA1_MUST_USE delta1_status_t delta1_pieces_create (delta1_pieces_t **pieces,
                                                      const delta1_network_t *network,
                                                      const fmpq *a, const fmpq *b, slong limit,
                                                      delta1_reason_t *reason);
void delta1_pieces_free (delta1_pieces_t *pieces); /* NULL allowed */

/* The number P >= 1 of maximal pieces. */
slong delta1_pieces_count (const delta1_pieces_t *pieces);

/* s_0 = 0 < s_1 < ... < s_P = 1; between neighbours the output is affine, at s_1, ..., s_{P-1} it
 * bends. */
const fmpq *delta1_pieces_break (const delta1_pieces_t *pieces, slong i);

/* Coordinate `output` of phi(y(s_i)). */
const fmpq *delta1_pieces_value (const delta1_pieces_t *pieces, slong i, slong output);

#endif
