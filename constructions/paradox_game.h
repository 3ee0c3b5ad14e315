/* paradox_game: the trained network of the paradox cannot be computed (mathematics.md,
 * Theorem 7.2).
 *
 * The loss of a network on the data is max_k |phi(p_k) - k mod 2|. With P < K-1 the least loss over
 * the architecture is 0 on T_delta, delta > 0, and 1/2 on T_0; and for a tolerance below 1/4 no
 * network of it is within the tolerance of the least on both. A training algorithm reads the
 * coordinates of the points through an oracle and returns a network. The adversary answers as for
 * T_0 and then reveals T_0 or T_{2^-n}, n the largest precision asked: the run is legal on both
 * (Lemma 1.1), and its network fails on one. */
#ifndef DELTA1_PARADOX_GAME_H
#define DELTA1_PARADOX_GAME_H

#include "constructions/stability_paradox.h"
#include "oracles/algorithm.h"
#include "oracles/meter.h"
#include "oracles/training_data.h"

/* How the data are read: coordinate i of p_k is entry i of datum k - 2 (m = d, R = K); the networks
 * have N = 1 output; A, d x 1, is zero and says nothing. */
delta1_shape_t delta1_paradox_shape (const delta1_paradox_t *paradox);

/* OK when every answer is legal for the data of the paradox; FAILED, naming the answer. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_legal (const delta1_paradox_t *paradox,
                                                      const delta1_transcript_t *transcript,
                                                      delta1_reason_t *reason);

/* loss = max_k |phi(p_k) - k mod 2|. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_loss (fmpq_t loss, const delta1_paradox_t *paradox,
                                                     const delta1_network_t *network,
                                                     delta1_reason_t *reason);

/* OK when the loss is above the least loss of the architecture by more than the tolerance. FAILED:
 * it is not. INPUT: not a network of the architecture; delta = 0 and P >= K-1, where the least loss
 * is not known. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_not_minimal (const delta1_paradox_t *paradox,
                                                            const delta1_network_t *network,
                                                            const fmpq_t tolerance,
                                                            delta1_reason_t *reason);

typedef struct
{
  delta1_budget_t budget;
  uint64_t seed;
  bool adversary;   /* else the oracle is honest, rounding to nearest */
  fmpq_t tolerance; /* 0 <= tolerance < 1/4 */
} delta1_paradox_play_t;

typedef struct
{
  fmpq_t delta;   /* of the data that were played or revealed */
  bool answered;  /* there is a network of the architecture */
  bool beaten;    /* ... and it is not minimal within the tolerance; the adversary: always */
  fmpq_t loss[2]; /* the adversary: on T_0 and on T_{2^-n}; honest: [1] on the data */
  delta1_network_t *network;
  delta1_transcript_t *transcript;
  delta1_usage_t usage;
  delta1_reason_t why; /* not answered */
} delta1_paradox_run_t;

void delta1_paradox_run_clear (delta1_paradox_run_t *run);

/* INPUT: the tolerance is not in [0, 1/4), or an adversary with P >= K-1. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_check_play (const delta1_paradox_t *paradox,
                                                           const delta1_paradox_play_t *play,
                                                           delta1_reason_t *reason);

/* Plays once; *run is to be cleared when OK. INPUT: from check_play.
 * FAILED: a defect of delta1 (an answer was not legal, or the network is minimal on both). */
DELTA1_MUST_USE delta1_status_t delta1_paradox_play (delta1_paradox_run_t *run,
                                                     const delta1_paradox_t *paradox,
                                                     const delta1_algorithm_t *algorithm,
                                                     const delta1_paradox_play_t *play,
                                                     delta1_reason_t *reason);

#endif
