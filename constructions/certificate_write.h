/* certificate_write: what the writers of all kinds of certificates share. Private. */
#ifndef DELTA1_CERTIFICATE_WRITE_H
#define DELTA1_CERTIFICATE_WRITE_H

#include <jansson.h>

#include "src/flint_world.h"
#include "src/status.h"

/* Significant digits of a stated error. */
#define DELTA1_CERTIFICATE_ERROR_DIGITS 5

/* All give NULL when memory is out, and json_pack gives NULL for a NULL among its parts. */

/* Takes over the text, from malloc. */
json_t *delta1_certificate_text (char *text);
json_t *delta1_certificate_number (const fmpq_t x);
/* A list of rows. */
json_t *delta1_certificate_rows (const fmpq_mat_t X);

/* Closes a document: seals it, or refuses one that memory did not suffice for (a lost element of a
 * list is found by the size checks of the verifier in the tests). Takes over `made`. */
DELTA1_MUST_USE delta1_status_t delta1_certificate_finish (json_t **document, json_t *made,
                                                           delta1_reason_t *reason);

#endif
