/* Shared by the writing and the verifying half of solve_certificate.h. */
#ifndef DELTA1_SOLVE_CERTIFICATE_PRIVATE_H
#define DELTA1_SOLVE_CERTIFICATE_PRIVATE_H

#include "src/box.h"

#define DELTA1_SOLVE_FORMAT "delta1-solve-certificate"

/* "4.1", ...: the number of the lemma in mathematics.md. */
const char *delta1_lemma_text (delta1_lemma_t lemma);

/* delta1_box_prove at a precision that fits the numbers, and at more. */
DELTA1_MUST_USE delta1_status_t delta1_box_verify (const delta1_box_t *box,
                                                   const delta1_data_t *data,
                                                   delta1_reason_t *reason);

#endif
