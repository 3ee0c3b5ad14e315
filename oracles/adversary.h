/* adversary: an oracle that gives nothing away.
 *
 * Up to precision `horizon` it answers with the nearest dyadic of a reference input; above it, of a
 * committed input. When every answer up to the horizon is also legal for the committed input, this
 * is a legal oracle of the committed input (mathematics.md, Theorem 3.2 and Lemma 3.3); and for a
 * run that never asked above the horizon, one of every input for which those answers are legal. */
#ifndef DELTA1_ADVERSARY_H
#define DELTA1_ADVERSARY_H

#include "oracles/oracle.h"

/* horizon: 0 for none (then committed may be NULL and the reference answers everything). Both
 * sources have the same shape, are not owned and must outlive the oracle. */
DELTA1_MUST_USE delta1_status_t delta1_oracle_create_adversary (delta1_oracle_t **oracle,
                                                                const delta1_source_t *reference,
                                                                slong horizon,
                                                                const delta1_source_t *committed,
                                                                delta1_reason_t *reason);

#endif
