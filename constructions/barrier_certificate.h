/* barrier_certificate: the verdicts of the barrier game as certificates (doc/certificate.md).
 *
 * Writing uses what the game proved; certificate_verify.h checks it again. */
#ifndef DELTA1_BARRIER_CERTIFICATE_H
#define DELTA1_BARRIER_CERTIFICATE_H

#include "constructions/barrier_game.h"
#include "src/document.h"

/* The sealed certificate of an outcome that is correct or wrong (INPUT otherwise). program: a
 * label. */
DELTA1_MUST_USE delta1_status_t delta1_certificate_of_outcome (json_t **document,
                                                               const delta1_tie_family_t *family,
                                                               const delta1_outcome_t *outcome,
                                                               const char *program,
                                                               delta1_reason_t *reason);

/* The sealed certificate of a game of many seeds; at least one run halted (INPUT otherwise). */
DELTA1_MUST_USE delta1_status_t delta1_certificate_of_seeds (json_t **document,
                                                             const delta1_tie_family_t *family,
                                                             const delta1_seeds_t *seeds,
                                                             const char *program,
                                                             delta1_reason_t *reason);

#endif
