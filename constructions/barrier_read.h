/* barrier_read: the parts of a barrier's certificate that name the class, the input and its
 * solution set. Private. INPUT: not of the format; FAILED: of the format, and outside the class or
 * false. */
#ifndef DELTA1_BARRIER_READ_H
#define DELTA1_BARRIER_READ_H

#include <jansson.h>

#include "constructions/tie_family.h"

/* The caller frees the family when OK. */
DELTA1_MUST_USE delta1_status_t delta1_barrier_read_family (delta1_tie_family_t **family,
                                                            const json_t *object,
                                                            delta1_reason_t *reason);

/* Without a column (a candidate of many seeds) the column is 0. */
DELTA1_MUST_USE delta1_status_t delta1_barrier_read_input (delta1_tie_input_t *input,
                                                           const json_t *object,
                                                           const delta1_tie_family_t *family,
                                                           bool with_column,
                                                           delta1_reason_t *reason);

/* The stated solution set must be the one of Lemma 3.1. */
DELTA1_MUST_USE delta1_status_t delta1_barrier_check_solution (const json_t *object,
                                                               const delta1_tie_family_t *family,
                                                               const delta1_tie_input_t *input,
                                                               delta1_reason_t *reason);

#endif
