/* certificate_read: what the readers of these certificates share beyond src/document.h. Private.
 *
 * INPUT: a member is missing or has the wrong JSON type or shape: the document is unreadable.
 * FAILED: it is readable, and false. */
#ifndef DELTA1_CERTIFICATE_READ_H
#define DELTA1_CERTIFICATE_READ_H

#include <jansson.h>

#include "src/flint_world.h"
#include "src/status.h"

/* INPUT, naming the member. */
delta1_status_t delta1_certificate_misshaped (delta1_reason_t *reason, const char *member);

/* An INPUT of the class's own checks makes a certificate refused, not unreadable: FAILED. */
delta1_status_t delta1_certificate_refusal (delta1_status_t status);

/* As many rows and numbers as X has. */
DELTA1_MUST_USE delta1_status_t delta1_certificate_matrix (fmpq_mat_t X, const json_t *rows,
                                                           const char *member,
                                                           delta1_reason_t *reason);

/* sign < 0: the item is a decimal, or an integer, and a lower bound of sqrt(num/den) - radius; sign
 * > 0: an upper bound of sqrt(num/den) + radius. FAILED when it is not. */
DELTA1_MUST_USE delta1_status_t delta1_certificate_bound (const json_t *item, const fmpz_t num,
                                                          const fmpz_t den, const fmpq_t radius,
                                                          int sign, delta1_reason_t *reason);

#endif
