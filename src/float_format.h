/* float_format: formats of floating-point numbers for computing with MPFR.
 *
 * A number of bits p, 2 to 10000: significands of p bits, exponents without limits. Or an IEEE
 * format by name, with its exponent range, gradual underflow and overflow to infinity: half (p =
 * 11), bfloat16 (8), single (24), double (53). */
#ifndef DELTA1_FLOAT_FORMAT_H
#define DELTA1_FLOAT_FORMAT_H

#include "src/flint_world.h"
#include "src/status.h"

#define DELTA1_FLOAT_MAX_BITS 10000

typedef struct
{
  char name[12];
  mpfr_prec_t precision;
  mpfr_exp_t emin, emax; /* as MPFR counts them; both 0: not limited */
} delta1_float_format_t;

/* INPUT says what is allowed. */
DELTA1_MUST_USE delta1_status_t delta1_float_format_parse (delta1_float_format_t *format,
                                                           const char *text,
                                                           delta1_reason_t *reason);

/* From enter to leave, MPFR works (in this thread) with the exponents of the format; operations
 * that can underflow must be followed by mpfr_subnormalize. leave restores what was. */
typedef struct
{
  mpfr_exp_t emin, emax;
} delta1_float_range_t;

delta1_float_range_t delta1_float_format_enter (const delta1_float_format_t *format);
void delta1_float_format_leave (delta1_float_range_t before);

#endif
