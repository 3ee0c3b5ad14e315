/* rational: reduced fractions of certificates, and what arithmetic with them is charged. */
#ifndef CHECKER_PARADOX_RATIONAL_H
#define CHECKER_PARADOX_RATIONAL_H

#include "checker/json.h"

#define BITS_LIMIT (1 << 24) /* of the numerator and the denominator of a number of the file */

/* What this checker asks of a number of the class: REFUSED outside [least, most]. */
int64_t within (check_t *check, json_int_t x, const char *name, int64_t least, int64_t most);
mpq_t *rationals (check_t *check, int64_t count); /* zeros */
/* x, which is initialised, = the number in the string value; UNREADABLE beyond limit bits. */
void rational_of (check_t *check, mpq_t x, const json_t *value, const char *name, uint64_t limit);
/* The same for a number at least 0; REFUSED below. */
void radius_of (check_t *check, mpq_t x, const json_t *value, const char *name);
/* sum += a b; product is overwritten. The three are distinct, a and b may be one. */
void add_product (check_t *check, mpq_t sum, const mpq_t a, const mpq_t b, mpq_t product);

#endif
