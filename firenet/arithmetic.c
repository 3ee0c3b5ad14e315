#include "firenet/arithmetic.h"

#include <fenv.h>
#include <float.h>
#include <stdbool.h>

/* What is amiss with double in this thread; NULL: nothing. volatile: nothing is done by the
 * compiler. */
static const char *
complaint (void)
{
  volatile double one = 1, half_unit = DBL_EPSILON / 2, least = DBL_MIN,
                  least_of_all = DBL_TRUE_MIN;
  volatile double two_to_60 = 0x1p60, result;
  if (fegetround () != FE_TONEAREST)
    return "does not round to nearest";
  result = one + half_unit;
  if (result > 1)
    return "does not round to nearest";
  result = one + half_unit * 1.5;
  if (result <= 1)
    return "does not round to nearest";
  result = -one - half_unit * 1.5;
  if (result >= -1)
    return "does not round to nearest";
  result = (one + half_unit * 1.000244140625) - one;
  if (result != DBL_EPSILON) /* rounding to more bits first would have lost the last of them */
    return "does not round to double";
  result = least_of_all * two_to_60;
  if (!(result > 0))
    return "takes operands below the normal numbers as zero";
  result = least / 2;
  if (!(result > 0))
    return "flushes results below the normal numbers to zero";
  return NULL;
}

delta1_status_t
delta1_rounding_environment (delta1_reason_t *reason)
{
  const char *found = complaint ();
#ifdef _OPENMP
#pragma omp parallel
  {
    const char *own = complaint ();
    if (own != NULL)
      {
#pragma omp critical
        found = own;
      }
  }
#endif
  if (found != NULL)
    return delta1_fail (reason, DELTA1_SYSTEM,
                        "this machine %s; rounding bounds need IEEE double arithmetic rounded to "
                        "nearest, with subnormal numbers",
                        found);
  return DELTA1_OK;
}
