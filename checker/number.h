/* number: exact rationals m 2^e / d with d > 0, and their text. Powers of two stay in e and nothing
 * is reduced by a gcd, so that hex floats are read and compared in linear time. */
#ifndef CHECKER_NUMBER_H
#define CHECKER_NUMBER_H

#include <gmp.h>

#include "checker/verdict.h"

#define EXPONENT_LIMIT 40000000
#define TEXT_LIMIT 50000000 /* characters of one number */

typedef enum { INTEGER, HEX_INTEGER, FRACTION, DECIMAL, HEX_FLOAT } form_t;

typedef struct {
  mpz_t m, d;
  int64_t e;
} number_t;
void number_init (number_t *x); /* 0 */
void number_clear (number_t *x);
number_t *numbers (check_t *check, int64_t count); /* zeros */

/* x = the value of text, in a form of doc/certificate.md, which is returned; m is odd or zero, and
 * so is d unless m is zero. */
form_t number_parse (check_t *check, number_t *x, const char *text, const char *where);
/* x = 10^k. */
void number_set_ten (check_t *check, number_t *x, int64_t k);
/* x = y; x = y^2; x += y; x and y distinct. Where one denominator divides the other, the sum has
 * the other. */
void number_set (number_t *x, const number_t *y);
void number_square (check_t *check, number_t *x, const number_t *y);
void number_add (check_t *check, number_t *x, const number_t *y);
/* The sign of x - y: negative, zero or positive. */
int number_compare (check_t *check, const number_t *x, const number_t *y);

#define bits_of(m) ((uint64_t)mpz_sizeinbase ((m), 2)) /* 1 for zero */

#endif
