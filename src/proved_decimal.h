/* proved_decimal: numbers known as balls, printed with the digits that are proved and no others. */
#ifndef DELTA1_PROVED_DECIMAL_H
#define DELTA1_PROVED_DECIMAL_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

/* The decimal with the most digits, at most `places` (0 to 10^6) of them after the point, to which
 * every number of x rounds: |t - decimal| <= half a unit of its last digit for every t in x. It has
 * a digit that is not 0, unless x is exactly 0, which gives "0". "-12.30", "4.1e-09": scientific
 * when the exponent is below -5 or the last digit is above the units.
 * NULL when there is none, or memory is out. The caller frees. */
char *delta1_proved_decimal (const arb_t x, slong places);

/* delta1_proved_decimal where it has three significant digits, or all the places; otherwise an
 * interval that contains x, its ends of four digits rounded outwards: "[-67.6, -49.1]". The caller
 * frees; NULL: memory is out. */
char *delta1_proved_text (const arb_t x, slong places);

/* As decimals of two digits: low <= x <= high for every number of x, "1.2e-03"; "0" when low is 0,
 * "inf" when high is infinite. For x >= 0. */
void delta1_proved_bounds (char low[32], char high[32], const arb_t x);

#endif
