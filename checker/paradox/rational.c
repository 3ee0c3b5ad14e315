#include "checker/paradox/rational.h"

#define size_bits(x) (bits_of (mpq_numref (x)) + bits_of (mpq_denref (x)))

int64_t within (check_t *check, json_int_t x, const char *name, int64_t least, int64_t most) {
  if (x < least || x > most)
    refuse (check, "%s is %lld, not from %lld to %lld", name, (long long)x, (long long)least,
            (long long)most);
  return x;
}

mpq_t *rationals (check_t *check, int64_t count) {
  mpq_t *list = allocate (check, count, sizeof *list);
  for (int64_t t = 0; t < count; t++) mpq_init (list[t]);
  return list;
}

/* A gcd of n bits takes the time of about n + n^2 / 2^15 bits read, and less than 32 n when n is
 * large. */
static void charge_gcd (check_t *check, uint64_t bits) {
  uint64_t factor = bits >> 15;
  charge (check, bits * (1 + (factor < 31 ? factor : 31)));
}

void rational_of (check_t *check, mpq_t x, const json_t *value, const char *name, uint64_t limit) {
  number_t number;
  number_init (&number);
  number_of (check, &number, value, name);
  mpz_ptr p = mpq_numref (x), q = mpq_denref (x);
  int64_t e = mpz_sgn (number.m) == 0 ? 0 : number.e;
  uint64_t up = e > 0 ? (uint64_t)e : 0, down = e < 0 ? (uint64_t)-e : 0;
  if (bits_of (number.m) + up > limit || bits_of (number.d) + down > limit)
    unreadable (check, "%s has a number of more than %llu bits", name, (unsigned long long)limit);
  mpz_mul_2exp (p, number.m, up);
  mpz_mul_2exp (q, number.d, down);
  charge_gcd (check, size_bits (x));
  mpq_canonicalize (x);
  number_clear (&number);
}

void radius_of (check_t *check, mpq_t x, const json_t *value, const char *name) {
  rational_of (check, x, value, name, BITS_LIMIT);
  if (mpq_sgn (x) < 0) refuse (check, "%s is negative", name);
}

void add_product (check_t *check, mpq_t sum, const mpq_t a, const mpq_t b, mpq_t product) {
  if (mpq_sgn (a) == 0 || mpq_sgn (b) == 0) return;
  charge_gcd (check, size_bits (a) + size_bits (b));
  mpq_mul (product, a, b);
  charge_gcd (check, size_bits (product) + size_bits (sum));
  mpq_add (sum, sum, product);
}
