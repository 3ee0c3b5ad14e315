#include "src/proved_decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Larger numbers, and smaller ones, are printed as balls. */
#define MAX_EXPONENT 10000000

/* d = floor(x 10^k + 1/2), exactly. */
static void
round_scaled (fmpz_t d, const fmpq_t x, slong k)
{
  fmpz_t power, denominator;
  fmpz_init (power);
  fmpz_init_set (denominator, fmpq_denref (x));
  fmpz_ui_pow_ui (power, 10, (ulong)(k < 0 ? -k : k));
  if (k >= 0)
    fmpz_mul (d, fmpq_numref (x), power);
  else
    {
      fmpz_set (d, fmpq_numref (x));
      fmpz_mul (denominator, denominator, power);
    }
  fmpz_mul_2exp (d, d, 1);
  fmpz_add (d, d, denominator);
  fmpz_mul_2exp (denominator, denominator, 1);
  fmpz_fdiv_q (d, d, denominator);
  fmpz_clear (power);
  fmpz_clear (denominator);
}

/* The text of digits 10^-k, digits > 0. */
static char *
format (const fmpz_t digits, bool negative, slong k)
{
  char *text = NULL, *number = fmpz_get_str (NULL, 10, digits);
  slong length = number == NULL ? 0 : (slong)strlen (number), exponent = length - 1 - k;
  const char *sign = negative ? "-" : "";
  int printed = -1;
  if (number == NULL)
    return NULL;
  if (k < 0 || exponent < -5)
    printed = length == 1
                  ? asprintf (&text, "%s%se%+03ld", sign, number, (long)exponent)
                  : asprintf (&text, "%s%c.%se%+03ld", sign, number[0], number + 1, (long)exponent);
  else if (k == 0)
    printed = asprintf (&text, "%s%s", sign, number);
  else if (length > k)
    printed = asprintf (&text, "%s%.*s.%s", sign, (int)(length - k), number, number + length - k);
  else
    printed = asprintf (&text, "%s0.%.*s%s", sign, (int)(k - length), "00000", number);
  flint_free (number);
  return printed < 0 ? NULL : text;
}

/* A number of places that surely suffices to tell the ends apart, or `places`. */
static slong
first_places (const arb_t x, slong places)
{
  if (mag_is_zero (arb_radref (x)))
    return places;
  /* radius > 2^(e-1), and 10^-k < 2^(e-1) already tells them apart. */
  slong e = fmpz_get_si (MAG_EXPREF (arb_radref (x)));
  slong enough = e >= 0 ? 1 - e * 30102 / 100000 : 2 + (1 - e) * 30103 / 100000;
  return enough < places ? enough : places;
}

char *
delta1_proved_decimal (const arb_t x, slong places)
{
  if (arb_is_zero (x))
    return strdup ("0");
  if (!arb_is_finite (x) || arb_contains_zero (x)
      || arf_cmpabs_2exp_si (arb_midref (x), MAX_EXPONENT) > 0
      || arf_cmpabs_2exp_si (arb_midref (x), -MAX_EXPONENT) < 0
      || (!mag_is_zero (arb_radref (x)) && mag_cmp_2exp_si (arb_radref (x), -MAX_EXPONENT) < 0))
    return NULL;
  char *text = NULL;
  fmpz_t low, high, exponent;
  fmpq_t a, b;
  fmpz_init (low);
  fmpz_init (high);
  fmpz_init (exponent);
  fmpq_init (a);
  fmpq_init (b);
  /* The ends, exactly. */
  arb_get_interval_fmpz_2exp (low, high, exponent, x);
  slong e = fmpz_get_si (exponent);
  fmpz_set (fmpq_numref (a), low);
  fmpz_set (fmpq_numref (b), high);
  if (e >= 0)
    {
      fmpq_mul_2exp (a, a, (ulong)e);
      fmpq_mul_2exp (b, b, (ulong)e);
    }
  else
    {
      fmpq_div_2exp (a, a, (ulong)-e);
      fmpq_div_2exp (b, b, (ulong)-e);
    }
  bool negative = arb_is_negative (x);
  if (negative)
    {
      fmpq_swap (a, b);
      fmpq_neg (a, a);
      fmpq_neg (b, b);
    }
  for (slong k = first_places (x, places); text == NULL; k--)
    {
      round_scaled (low, a, k);
      round_scaled (high, b, k);
      if (fmpz_is_zero (high))
        break; /* fewer places leave nothing but 0 */
      if (fmpz_equal (low, high))
        {
          text = format (low, negative, k);
          break;
        }
    }
  fmpz_clear (low);
  fmpz_clear (high);
  fmpz_clear (exponent);
  fmpq_clear (a);
  fmpq_clear (b);
  return text;
}

/* Whether text, a decimal, has three significant digits or `places` after the point. */
static bool
says_enough (const char *text, slong places)
{
  slong significant = 0, after = 0;
  bool point = false;
  for (; *text != '\0' && *text != 'e'; text++)
    if (*text == '.')
      point = true;
    else if (*text != '-')
      {
        after += point;
        significant += significant > 0 || *text != '0';
      }
  return significant >= 3 || (*text == '\0' && after >= places);
}

char *
delta1_proved_text (const arb_t x, slong places)
{
  char *text = delta1_proved_decimal (x, places);
  if (text != NULL && (arb_is_exact (x) || says_enough (text, places)))
    return text;
  free (text);
  char low_text[64], high_text[64];
  arf_t end;
  mpfr_t bound;
  arf_init (end);
  mpfr_init2 (bound, 64);
  arb_get_lbound_arf (end, x, 64);
  (void)arf_get_mpfr (bound, end, MPFR_RNDD);
  (void)mpfr_snprintf (low_text, sizeof low_text, "%.4RDg", bound);
  arb_get_ubound_arf (end, x, 64);
  (void)arf_get_mpfr (bound, end, MPFR_RNDU);
  (void)mpfr_snprintf (high_text, sizeof high_text, "%.4RUg", bound);
  arf_clear (end);
  mpfr_clear (bound);
  return asprintf (&text, "[%s, %s]", low_text, high_text) < 0 ? NULL : text;
}

void
delta1_proved_bounds (char low[32], char high[32], const arb_t x)
{
  arf_t end;
  mpfr_t bound;
  arf_init (end);
  mpfr_init2 (bound, 64);
  (void)strcpy (low, "0");
  (void)strcpy (high, "inf");
  arb_get_lbound_arf (end, x, 64);
  if (arf_sgn (end) > 0)
    {
      (void)arf_get_mpfr (bound, end, MPFR_RNDD);
      (void)mpfr_snprintf (low, 32, "%.1RDe", bound);
    }
  arb_get_ubound_arf (end, x, 64);
  if (arf_is_zero (end))
    (void)strcpy (high, "0");
  else if (arf_is_finite (end))
    {
      (void)arf_get_mpfr (bound, end, MPFR_RNDU);
      (void)mpfr_snprintf (high, 32, "%.1RUe", bound);
    }
  arf_clear (end);
  mpfr_clear (bound);
}
