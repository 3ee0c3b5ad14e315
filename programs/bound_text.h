/* bound_text: bounds as decimals, rounded the safe way. */
#ifndef DELTA1_BOUND_TEXT_H
#define DELTA1_BOUND_TEXT_H

#include "src/flint_world.h"

typedef struct
{
  char text[40];
} delta1_bound_text_t;

/* Decimals with `digits` digits after the point: not below any number of x/y ("inf" when that is
 * not finite), y NULL: of x; and not above any number of x. */
delta1_bound_text_t delta1_bound_quotient (const arb_t x, const arb_t y, int digits);
delta1_bound_text_t delta1_bound_mag (const mag_t x, const arb_t y, int digits);
delta1_bound_text_t delta1_bound_lower (const arb_t x, int digits);

#endif
