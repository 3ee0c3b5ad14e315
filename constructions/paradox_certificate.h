/* paradox_certificate: what was counted on the data of the stability paradox, as certificates
 * (doc/certificate-paradox.md). All numbers are rational.
 *
 * Verifying trusts nothing in the document: data, classes, counts, plateaus, losses and the bound
 * of Theorem 7.1 are derived again from the network and the numbers of the family. */
#ifndef DELTA1_PARADOX_CERTIFICATE_H
#define DELTA1_PARADOX_CERTIFICATE_H

#include "constructions/stability_paradox.h"
#include "oracles/transcript.h"
#include "src/document.h"

/* Sealed: the counts of a network of the architecture. program: a label. The caller owns
 * *document. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_certify_counts (
    json_t **document, const delta1_paradox_t *paradox, const delta1_network_t *network,
    const delta1_paradox_verdict_t *verdict, const char *program, delta1_reason_t *reason);

/* Sealed: a network that delta1_paradox_check_stable accepted with this theta. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_certify_stable (
    json_t **document, const delta1_paradox_t *paradox, const delta1_network_t *network,
    const fmpq_t theta, const char *program, delta1_reason_t *reason);

/* Sealed: a network that a run with this transcript returned, every answer legal for the data of
 * the paradox, and whose loss there is more than `tolerance` above the least of the architecture
 * (mathematics.md, Theorem 7.2). */
DELTA1_MUST_USE delta1_status_t delta1_paradox_certify_training (
    json_t **document, const delta1_paradox_t *paradox, const delta1_network_t *network,
    const delta1_transcript_t *transcript, const fmpq_t tolerance, const char *program,
    delta1_reason_t *reason);

/* All but format, version, kind and seal: see delta1_certificate_verify. */
DELTA1_MUST_USE delta1_status_t delta1_paradox_verify (const json_t *document,
                                                       delta1_reason_t *reason);

#endif
