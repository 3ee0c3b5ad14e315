/* network: neural networks with exact weights.
 *
 * mathematics.md, Section 5. phi = rho_T o V_T o ... o rho_1 o V_1 with affine maps
 *   V_j(x) = W_j x + R_j y + c_j,   W_j: n_j x n_{j-1},  R_j: n_j x m,  c_j: n_j,  n_0 = m,
 * y the input of the network (R_j: skip connection), and rho_j acting entry by entry. Section 5 has
 * rho_T = identity, which is the default here; another rho_T means one more identity V_{T+1}.
 * R_j and c_j may be absent; an absent one is zero, and is no parameter for training.
 *
 * What entry i of a layer does with its preactivation z_i (delta1_unit_t):
 *   IDENTITY     z_i
 *   RELU         max(z_i, 0)
 *   MODULUS      |z_i|
 *   SQUARE       z_i^2
 *   SOFT         max(z_i - t, 0) - max(-z_i - t, 0), t the threshold of the entry: for t >= 0 the
 *                soft threshold sign(z) max(|z| - t, 0); continuous and piecewise linear for every
 * t BALL_GATE    0; it offers f(z_i) = 1/max(1, sqrt(z_i)) to the entries it gates SHRINK_GATE  0;
 * it offers f(z_i) = 1 - t/sqrt(max(t^2, z_i)), t > 0 GATED        f(z_s) z_i, s the gate of the
 * entry The last three are the gated layer (x_0, X, Y) -> (0, f(x_0) X, Y) of [CAH22, SI (1.13)],
 * several gates in a layer being allowed. FIRENET needs exactly these: with squares in the layer
 * before, BALL_GATE on z = sum_i v_i^2 projects v on the unit ball, v/max(1, ||v||); and
 * SHRINK_GATE on z = a^2 + b^2 is the complex soft threshold of a + ib, (1 - t/max(t, |a + ib|))(a
 * + ib).
 *
 * Layers, entries and coordinates count from 0. A network may be read by several threads only after
 * one evaluation of each kind has been made (copies of the weights are made on first use). */
#ifndef DELTA1_NETWORK_H
#define DELTA1_NETWORK_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

typedef enum
{
  DELTA1_IDENTITY = 0,
  DELTA1_RELU,
  DELTA1_MODULUS,
  DELTA1_SQUARE,
  DELTA1_SOFT,
  DELTA1_BALL_GATE,
  DELTA1_SHRINK_GATE,
  DELTA1_GATED
} delta1_unit_t;

#define DELTA1_UNIT_COUNT 8

/* "identity", "relu", "modulus", "square", "soft", "ball", "shrink", "gated"; static storage. */
const char *delta1_unit_name (delta1_unit_t unit);

/* What a network may be at most. */
#define DELTA1_NETWORK_MAX_LAYERS 65536
#define DELTA1_NETWORK_MAX_WIDTH 1048576
#define DELTA1_NETWORK_MAX_WEIGHTS 67108864

typedef struct delta1_network_struct delta1_network_t;

/* A network of zero weights without skip connections and biases, every entry IDENTITY.
 * widths: n_1, ..., n_T. INPUT when layers or a size is below 1 or above what is allowed. */
DELTA1_MUST_USE delta1_status_t delta1_network_create (delta1_network_t **network, slong inputs,
                                                       slong layers, const slong *widths,
                                                       delta1_reason_t *reason);
void delta1_network_free (delta1_network_t *network); /* NULL allowed */

DELTA1_MUST_USE delta1_status_t delta1_network_copy (delta1_network_t **copy,
                                                     const delta1_network_t *network,
                                                     delta1_reason_t *reason);

/* Same shapes, same presence of R and c, same weights, units and thresholds. */
bool delta1_network_equal (const delta1_network_t *a, const delta1_network_t *b);

slong delta1_network_inputs (const delta1_network_t *network);  /* m */
slong delta1_network_outputs (const delta1_network_t *network); /* n_T */
slong delta1_network_layers (const delta1_network_t *network);  /* T */
/* n_j; layer -1 gives m. */
slong delta1_network_width (const delta1_network_t *network, slong layer);

/* W (n_j x n_{j-1}), R (n_j x m) or NULL, c (n_j x 1) or NULL. */
const fmpq_mat_struct *delta1_network_weights (const delta1_network_t *network, slong layer);
const fmpq_mat_struct *delta1_network_skip (const delta1_network_t *network, slong layer);
const fmpq_mat_struct *delta1_network_bias (const delta1_network_t *network, slong layer);

/* The same, to write to (entries in lowest terms; shapes stay); R and c begin to exist, zero, when
 * they were absent. The pointer is good until the next evaluation. */
fmpq_mat_struct *delta1_network_edit_weights (delta1_network_t *network, slong layer);
fmpq_mat_struct *delta1_network_edit_skip (delta1_network_t *network, slong layer);
fmpq_mat_struct *delta1_network_edit_bias (delta1_network_t *network, slong layer);

/* Entries first, ..., first + count - 1 become the unit: IDENTITY, RELU, MODULUS, SQUARE, or SOFT
 * (whose thresholds are then 0). INPUT for an entry out of range, for the three gate units, and for
 * an entry that has a part in a gate. */
DELTA1_MUST_USE delta1_status_t delta1_network_set_units (delta1_network_t *network, slong layer,
                                                          slong first, slong count,
                                                          delta1_unit_t unit,
                                                          delta1_reason_t *reason);

/* The threshold of a SOFT entry (any number) or of a SHRINK_GATE (above 0); INPUT elsewhere. */
DELTA1_MUST_USE delta1_status_t delta1_network_set_threshold (delta1_network_t *network,
                                                              slong layer, slong entry,
                                                              const fmpq_t threshold,
                                                              delta1_reason_t *reason);

/* `source` becomes a gate, BALL_GATE (threshold ignored) or SHRINK_GATE (threshold > 0). */
DELTA1_MUST_USE delta1_status_t delta1_network_set_gate (delta1_network_t *network, slong layer,
                                                         slong source, delta1_unit_t gate,
                                                         const fmpq_t threshold,
                                                         delta1_reason_t *reason);

/* `entry` becomes GATED by `source`, which must be a gate of the layer. */
DELTA1_MUST_USE delta1_status_t delta1_network_set_gated (delta1_network_t *network, slong layer,
                                                          slong entry, slong source,
                                                          delta1_reason_t *reason);

delta1_unit_t delta1_network_unit (const delta1_network_t *network, slong layer, slong entry);
/* 0 where the unit has none. */
const fmpq *delta1_network_threshold (const delta1_network_t *network, slong layer, slong entry);
/* The gate of a GATED entry; -1 for every other. */
slong delta1_network_gate (const delta1_network_t *network, slong layer, slong entry);

/* No SQUARE and no gates: the network is continuous and piecewise linear. */
bool delta1_network_is_piecewise_linear (const delta1_network_t *network);

#endif
