/* barrier_verify: certificates of kinds run and seeds (doc/certificate.md). Private. */
#ifndef DELTA1_BARRIER_VERIFY_H
#define DELTA1_BARRIER_VERIFY_H

#include <jansson.h>
#include <stdbool.h>

#include "src/status.h"

/* All but format, version, kind and seal: see delta1_certificate_verify. */
DELTA1_MUST_USE delta1_status_t delta1_barrier_verify (json_t *document, bool many_seeds,
                                                       delta1_reason_t *reason);

#endif
