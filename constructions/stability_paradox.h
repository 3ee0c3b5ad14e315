/* stability_paradox: data that every network of a fixed size classifies unstably, although a stable
 * one exists (mathematics.md, Section 7; [BHV21]).
 *
 * K >= 2 points of R^d, d >= 2, k = 2, ..., K+1: p_k = (2/(2k-1), delta (k mod 2), 0, ..., 0) with
 * the label k mod 2. A network's class at y is 1 when phi(y) >= 1/2, else 0. The perturbation is
 * (0, -delta, 0, ..., 0), the same for all points. With hidden widths N_i and at most one kink a
 * unit, P = prod (N_i + 1).
 *
 * All counts here are over Q: certified. */
#ifndef DELTA1_STABILITY_PARADOX_H
#define DELTA1_STABILITY_PARADOX_H

#include "src/network.h"

#define DELTA1_PARADOX_MAX_POINTS 1000000
#define DELTA1_PARADOX_MAX_LAYERS 1000

typedef struct
{
  slong points;  /* K */
  fmpq_t delta;  /* >= 0; with 0 all data lie on the line x_2 = 0 (T_0) */
  slong layers;  /* hidden ones and the last */
  slong *widths; /* d, N_1, ..., N_{layers-1}, 1: layers + 1 numbers */
  fmpq_t margin; /* mu = 1/((K+1)(2K+1)) */
  fmpz_t pieces; /* P */
  slong floor;   /* max(0, ceil((K-1-P)/2)): Theorem 7.1 */
} delta1_paradox_t;

/* widths: `count` numbers >= 1, the first d >= 2, the last 1. INPUT: K, delta or a width is not
 * what is allowed. To be cleared also when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_init (delta1_paradox_t *paradox, slong points,
                                                     const fmpq_t delta, const slong *widths,
                                                     slong count, delta1_reason_t *reason);
void delta1_paradox_clear (delta1_paradox_t *paradox);

/* x = p_k + (0, shift, 0, ...): d rationals; k = 2, ..., K+1. */
void delta1_paradox_datum (fmpq *x, const delta1_paradox_t *paradox, slong k, const fmpq_t shift);

static inline int
delta1_paradox_label (slong k)
{
  return (int)(k % 2);
}

/* Y (K x d): the points, row k - 2 is p_k; X (K x 1): the labels. */
void delta1_paradox_examples (fmpq_mat_t Y, fmpq_mat_t X, const delta1_paradox_t *paradox);

/* value = |value - k mod 2| */
void delta1_paradox_miss (fmpq_t value, slong k);

/* x_2/delta, by one unit a layer of the architecture: max(x_2, 0)/delta (x_2/delta without hidden
 * layers). Exact on the data, and (0, -delta) breaks every point of label 1. DOMAIN when delta = 0.
 */
DELTA1_MUST_USE delta1_status_t delta1_paradox_unstable (delta1_network_t **network,
                                                         const delta1_paradox_t *paradox,
                                                         delta1_reason_t *reason);

/* psi of Section 7, widths d, 2(K-1), 1, for 0 < theta < 1 (INPUT else). */
DELTA1_MUST_USE delta1_status_t delta1_paradox_stable (delta1_network_t **network,
                                                       const delta1_paradox_t *paradox,
                                                       const fmpq_t theta, delta1_reason_t *reason);

/* OK: the network has at every point of the closed ball of radius theta mu around every p_k, in
 * every l^p norm, exactly the label as its value; decided by src/plateau.h. Any theta >= 0. DOMAIN,
 * naming k, when it does not; INPUT when it is not of the kind that is decided. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_check_stable (const delta1_network_t *network,
                                                             const delta1_paradox_t *paradox,
                                                             const fmpq_t theta,
                                                             delta1_reason_t *reason);

/* INPUT, in one line, when the network is not one of the architecture: other widths, or a unit with
 * more than one kink (allowed: identity, relu, modulus; the last layer: identity). Skip connections
 * are allowed: P bounds the pieces also then. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_check_network (const delta1_paradox_t *paradox,
                                                              const delta1_network_t *network,
                                                              delta1_reason_t *reason);

/* What a network does, counted over Q. */
typedef struct
{
  slong correct;   /* data with the right class; K: accurate */
  slong broken[2]; /* by label: data with the right class that lose it by the perturbation */
  slong line;      /* the points (2/(2k-1), 0) with a class that is not k mod 2; >= floor, always */
  slong pieces;    /* affine pieces of the network on the line through them, at most P */
  fmpq_t loss;     /* max_k |phi(p_k) - k mod 2| */
} delta1_paradox_verdict_t;

void delta1_paradox_verdict_init (delta1_paradox_verdict_t *verdict);
void delta1_paradox_verdict_clear (delta1_paradox_verdict_t *verdict);

/* "inaccurate" when a datum has the wrong class; else "broken", or "unbroken" when the perturbation
 * changes no class. Static storage. */
const char *delta1_paradox_verdict_name (const delta1_paradox_verdict_t *verdict,
                                         const delta1_paradox_t *paradox);

/* INPUT: from check_network. FAILED: the count contradicts Theorem 7.1, a defect of delta1. For an
 * accurate network and delta > 0, broken[1] = line. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_judge (delta1_paradox_verdict_t *verdict,
                                                      const delta1_paradox_t *paradox,
                                                      const delta1_network_t *network,
                                                      delta1_reason_t *reason);

/* The number of data, k = 2, 3, ..., before the first with a wrong class: K when the network is
 * accurate. The cheap question while a network is trained. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_count_correct (slong *correct,
                                                              const delta1_paradox_t *paradox,
                                                              const delta1_network_t *network,
                                                              delta1_reason_t *reason);

#endif
