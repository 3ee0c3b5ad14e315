/* member: reading the members of JSON objects, with the statuses of certificates: INPUT for what is
 * missing or of another shape (unreadable), FAILED for what is too much (refused). */
#ifndef DELTA1_MEMBER_H
#define DELTA1_MEMBER_H

#include <jansson.h>

#include "src/flint_world.h"
#include "src/status.h"

/* INPUT: "member NAME is missing or not of the format". */
DELTA1_MUST_USE delta1_status_t delta1_member_misshaped (delta1_reason_t *reason,
                                                         const char *member);

/* FAILED unless the object has that many members; name: the object's, for the reason. */
DELTA1_MUST_USE delta1_status_t delta1_member_expect (const json_t *object, const char *name,
                                                      size_t count, delta1_reason_t *reason);

/* A non-negative JSON integer. */
DELTA1_MUST_USE delta1_status_t delta1_member_index (slong *value, const json_t *object,
                                                     const char *member, delta1_reason_t *reason);

/* A string; it belongs to the object. */
DELTA1_MUST_USE delta1_status_t delta1_member_string (const char **text, const json_t *object,
                                                      const char *member, delta1_reason_t *reason);

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
