/* certificate_verify: every kind of certificate of delta1 (doc/certificate.md,
 * doc/certificate-solver.md, doc/certificate-paradox.md), checked again.
 *
 * Verifying trusts nothing in the document: it derives the input, its solution set and the errors
 * again; for dct mixing answers are judged in balls. */
#ifndef DELTA1_CERTIFICATE_VERIFY_H
#define DELTA1_CERTIFICATE_VERIFY_H

#include <jansson.h>

#include "src/status.h"

/* OK: accepted, and the reason holds one sentence that says what was proved. FAILED: refused;
 * UNDECIDED: balls did not decide; INPUT: not a certificate of this format and version. */
DELTA1_MUST_USE delta1_status_t delta1_certificate_verify (json_t *document,
                                                           delta1_reason_t *reason);

#endif
