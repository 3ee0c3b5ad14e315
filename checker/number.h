/* number: exact rationals m 2^e / d, their text, and the sign of a sum.
 *
 * Powers of two stay in the exponent, and nothing is reduced by a gcd: reading is linear for hex
 * floats, and a test costs as much as the digits that are there, however far apart the exponents.
 */
#ifndef CHECKER_NUMBER_H
#define CHECKER_NUMBER_H

#include <gmp.h>

#include "checker/verdict.h"

#define EXPONENT_LIMIT 40000000
#define TEXT_LIMIT 50000000 /* characters of one number */

typedef enum
{
  INTEGER,
  HEX_INTEGER,
  FRACTION,
  DECIMAL,
  HEX_FLOAT
} form_t;

/* d > 0 is odd, and m is odd or zero; they may have common factors. */
typedef struct
{
  mpz_t m, d;
  int64_t e;
} number_t;

void number_init (number_t *x);      /* 0 */
void number_normalise (number_t *x); /* moves the powers of two of m and d > 0 into e */

/* x = the value of text, a number in a form of doc/certificate.md, which is returned. */
form_t number_parse (check_t *check, number_t *x, const char *text, const char *where);

/* m = 5^k, 0 <= k <= 2 EXPONENT_LIMIT + TEXT_LIMIT. */
void power_of_five (check_t *check, mpz_t m, int64_t k);

/* x = y; x = y^2; x += y; x and y distinct. A denominator that both share is kept by the sum. */
void number_set (number_t *x, const number_t *y);
void number_square (check_t *check, number_t *x, const number_t *y);
void number_add (check_t *check, number_t *x, const number_t *y);

/* sign (x - y). */
int number_compare (check_t *check, const number_t *x, const number_t *y);

/* sign (sum m_i 2^e_i) over 1 to 4 terms, which are destroyed. */
typedef struct
{
  mpz_t m;
  int64_t e;
} term_t;
int terms_sign (term_t *terms, int count);

/* The bits of m; 1 for zero. */
#define bits_of(m) ((uint64_t)mpz_sizeinbase ((m), 2))

#endif
