/* solver_verify: certificates of kind solver (doc/certificate-solver.md). Private. */
#ifndef DELTA1_SOLVER_VERIFY_H
#define DELTA1_SOLVER_VERIFY_H

#include <jansson.h>

#include "src/status.h"

/* All but format, version, kind and seal: see delta1_certificate_verify. Over Q, from the numbers
 * of the document: nothing of solver_families.h that writes them is used. */
DELTA1_MUST_USE delta1_status_t delta1_solver_verify (const json_t *document,
                                                      delta1_reason_t *reason);

#endif
