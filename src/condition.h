/* condition: how far an input is from the inputs where no algorithm can succeed (mathematics.md,
 * Theorem 4.7).
 *
 * An input is ill-posed when the strict inequalities of Section 4 hold for no support: the
 * minimiser is not unique, or the support is about to change. The distance is in the largest change
 * of an entry of A and y ([BCH23]); the intercept and given weights do not move. */
#ifndef DELTA1_CONDITION_H
#define DELTA1_CONDITION_H

#include "src/optimality.h"

typedef struct
{
  bool has_lower, has_upper;
  slong lower_exponent; /* the distance is >= 2^lower_exponent: certified */
  slong upper_exponent; /* the distance is <= 2^upper_exponent: certified, by two inputs this close
                           whose certified supports or signs differ */
  slong samples;        /* the predicted number of samples n, 1 - lower_exponent (at least 1);
                           heuristic. 0 when there is no lower bound */
} delta1_condition_t;

/* For data with a certified minimiser at their midpoints (DOMAIN otherwise; the radii of the data
 * are not used). Searches exponents in [least_exponent, 0]. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_condition_estimate (delta1_condition_t *condition,
                                                           const delta1_data_t *data,
                                                           slong least_exponent,
                                                           delta1_reason_t *reason);

#endif
