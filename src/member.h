/* member: exact numbers in JSON documents, both ways; INPUT for what is missing or of another
 * shape. */
#ifndef DELTA1_MEMBER_H
#define DELTA1_MEMBER_H

#include <jansson.h>

#include "src/flint_world.h"
#include "src/status.h"

/* INPUT: "member NAME is missing or not of the format". */
DELTA1_MUST_USE delta1_status_t delta1_member_misshaped (delta1_reason_t *reason,
                                                         const char *member);

/* An exact number (src/number.h). */
DELTA1_MUST_USE delta1_status_t delta1_member_number (fmpq_t x, const json_t *object,
                                                      const char *member, delta1_reason_t *reason);

/* `count` exact numbers, an array. */
DELTA1_MUST_USE delta1_status_t delta1_member_numbers (fmpq *x, slong count, const json_t *array,
                                                       const char *member, delta1_reason_t *reason);

/* The string of an exact number, or an array of `count` of them; NULL when memory is out. */
json_t *delta1_member_write_number (const fmpq_t x);
json_t *delta1_member_write_numbers (const fmpq *x, slong count);

#endif
