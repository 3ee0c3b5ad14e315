/* number: exact numbers as text, both ways.
 *
 * Grammar (one number, no surrounding space):
 *   integer      -12            hex integer   0x1F
 *   fraction     p/q            p, q integers, q > 0, both decimal
 *   decimal      -1.25e-7       exact: -125/10^9
 *   hex float    0x1.8p-3       exact: 24/16 * 2^-3 (the exponent is a decimal power of two)
 * No leading '+'; a point stands between two digits; a hex number with a point has an exponent.
 * Infinities and NaN are refused. Exponents are limited to DELTA1_NUMBER_MAX_EXPONENT in absolute
 * value, so that a short text cannot ask for unbounded memory. */
#ifndef DELTA1_NUMBER_H
#define DELTA1_NUMBER_H

#include "src/flint_world.h"
#include "src/status.h"

#define DELTA1_NUMBER_MAX_EXPONENT 40000000

/* x = the exact value of text. INPUT with a reason when text is not a number of the grammar. */
DELTA1_MUST_USE delta1_status_t delta1_number_parse (fmpq_t x, const char *text,
                                                     delta1_reason_t *reason);

/* The shortest of our exact forms: an integer or p/q in decimal when both have at most 64 bits;
 * a hex float 0x<mantissa>p<exponent> (linear time) when x is a dyadic; p/q in decimal otherwise.
 * Parsing the text gives x back. The caller frees. NULL only when memory is out. */
char *delta1_number_format (const fmpq_t x);

/* As delta1_number_format for the dyadic m 2^-n. */
char *delta1_number_format_dyadic (const fmpz_t m, slong n);

/* A decimal with `digits` significant digits (1 <= digits <= 1000) in scientific notation such as
 * 2.8284e-06, rounded towards minus (direction < 0) or plus infinity (direction > 0): a certified
 * bound on the square root of num/den, num >= 0, den > 0 (lowest terms or not). The caller frees.
 */
char *delta1_number_format_root (const fmpz_t num, const fmpz_t den, slong digits, int direction);

/* x = 10^-k, exactly; k any integer with |k| <= DELTA1_NUMBER_MAX_EXPONENT. */
void delta1_number_set_digits (fmpq_t x, slong k);

#endif
