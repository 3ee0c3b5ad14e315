#include "constructions/binomial.h"

#include <stdbool.h>

#define LEVEL 30
#define PRECISION 128

/* sum_{i=k}^{n} C(n,i) p^i (1-p)^(n-i), 0 < p < 1: the first term, then the ratios
 * (n-i)/(i+1) p/(1-p). */
static void
upper_tail (arb_t tail, slong k, slong n, const arb_t p)
{
  arb_t term, q, odds;
  fmpz_t power;
  arb_init (term);
  arb_init (q);
  arb_init (odds);
  fmpz_init (power);
  arb_sub_si (q, p, 1, PRECISION);
  arb_neg (q, q);
  arb_div (odds, p, q, PRECISION);
  arb_bin_uiui (term, (ulong)n, (ulong)k, PRECISION);
  fmpz_set_si (power, k);
  arb_pow_fmpz (tail, p, power, PRECISION);
  arb_mul (term, term, tail, PRECISION);
  fmpz_set_si (power, n - k);
  arb_pow_fmpz (tail, q, power, PRECISION);
  arb_mul (term, term, tail, PRECISION);
  arb_set (tail, term);
  for (slong i = k; i < n; i++)
    {
      arb_mul (term, term, odds, PRECISION);
      arb_mul_si (term, term, n - i, PRECISION);
      arb_div_si (term, term, i + 1, PRECISION);
      arb_add (tail, tail, term, PRECISION);
    }
  arb_clear (term);
  arb_clear (q);
  arb_clear (odds);
  fmpz_clear (power);
}

/* The largest grid point g with P(k or more successes; g 2^-LEVEL) proved <= alpha/2; the tail
 * grows with p. */
static ulong
lower_end (slong k, slong n, const arb_t half)
{
  ulong good = 0, bad = UWORD (1) << LEVEL;
  arb_t p, tail;
  arb_init (p);
  arb_init (tail);
  while (bad - good > 1)
    {
      ulong middle = good + (bad - good) / 2;
      arb_set_ui (p, middle);
      arb_mul_2exp_si (p, p, -LEVEL);
      upper_tail (tail, k, n, p);
      if (arb_le (tail, half))
        good = middle;
      else
        bad = middle;
    }
  arb_clear (p);
  arb_clear (tail);
  return good;
}

void
delta1_binomial_interval (fmpq_t low, fmpq_t high, slong k, slong n, const fmpq_t alpha)
{
  arb_t half;
  arb_init (half);
  arb_set_fmpq (half, alpha, PRECISION);
  arb_mul_2exp_si (half, half, -1);
  fmpq_zero (low);
  fmpq_one (high);
  if (k > 0)
    {
      fmpz_set_ui (fmpq_numref (low), lower_end (k, n, half));
      fmpq_div_2exp (low, low, LEVEL);
    }
  /* k or fewer successes are n - k or more failures. */
  if (k < n)
    {
      fmpz_set_ui (fmpq_numref (high), (UWORD (1) << LEVEL) - lower_end (n - k, n, half));
      fmpq_div_2exp (high, high, LEVEL);
    }
  arb_clear (half);
}
