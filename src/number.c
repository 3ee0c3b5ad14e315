#include "src/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At most this many characters of a bad number are quoted in a reason. */
#define QUOTED 40

static delta1_status_t
refuse (delta1_reason_t *reason, const char *text)
{
  return delta1_fail (reason, DELTA1_INPUT,
                      "'%.*s'%s is not an exact number: integer, p/q, decimal or hex float, "
                      "exponents to %d",
                      QUOTED, text, strlen (text) > QUOTED ? "..." : "",
                      DELTA1_NUMBER_MAX_EXPONENT);
}

static bool
is_digit (char c, int base)
{
  return base == 16 ? isxdigit ((unsigned char)c) : isdigit ((unsigned char)c);
}

/* A run of digits in base 10 or 16, with at most one '.' between two of them; *after_point = digits
 * after it. */
static const char *
scan_digits (const char *p, int base, slong *count, slong *after_point)
{
  bool seen_point = false;
  *count = 0;
  *after_point = 0;
  for (;; p++)
    {
      if (*p == '.' && !seen_point && *count > 0 && is_digit (p[1], base))
        {
          seen_point = true;
          continue;
        }
      if (!is_digit (*p, base))
        return p;
      (*count)++;
      if (seen_point)
        (*after_point)++;
    }
}

/* An optional sign and decimal digits; bounded by DELTA1_NUMBER_MAX_EXPONENT. */
static const char *
scan_exponent (const char *p, slong *exponent)
{
  char *end;
  const char *digits = *p == '-' || *p == '+' ? p + 1 : p;
  if (!isdigit ((unsigned char)*digits))
    return NULL;
  errno = 0;
  long value = strtol (p, &end, 10);
  if (errno != 0 || value > DELTA1_NUMBER_MAX_EXPONENT || value < -DELTA1_NUMBER_MAX_EXPONENT)
    return NULL;
  *exponent = value;
  return end;
}

/* x = the integer in text[0..length), digits of the base with possibly one '.', which is skipped.
 */
static bool
set_digits (fmpz_t x, const char *text, size_t length, int base)
{
  char *copy = malloc (length + 1);
  size_t used = 0;
  if (copy == NULL)
    return false;
  for (size_t i = 0; i < length; i++)
    if (text[i] != '.')
      copy[used++] = text[i];
  copy[used] = '\0';
  bool good = used > 0 && fmpz_set_str (x, copy, base) == 0;
  free (copy);
  return good;
}

delta1_status_t
delta1_number_parse (fmpq_t x, const char *text, delta1_reason_t *reason)
{
  const char *p = text;
  bool negative = *p == '-';
  if (negative)
    p++;
  int base = 10;
  if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
    {
      base = 16;
      p += 2;
    }

  slong count, after_point, exponent = 0;
  const char *digits = p;
  p = scan_digits (p, base, &count, &after_point);
  if (count == 0)
    return refuse (reason, text);
  size_t length = (size_t)(p - digits);
  bool pointed = length > (size_t)count;

  if (*p == '/')
    {
      const char *below = p + 1;
      slong below_count, below_point;
      const char *end = scan_digits (below, 10, &below_count, &below_point);
      if (base != 10 || pointed || below_count == 0 || *end != '\0'
          || (size_t)(end - below) != (size_t)below_count)
        return refuse (reason, text);
      if (!set_digits (fmpq_numref (x), digits, length, 10)
          || !set_digits (fmpq_denref (x), below, (size_t)below_count, 10)
          || fmpz_is_zero (fmpq_denref (x)))
        {
          fmpq_zero (x);
          return refuse (reason, text);
        }
      fmpq_canonicalise (x);
    }
  else
    {
      if (base == 10 && (*p == 'e' || *p == 'E'))
        p = scan_exponent (p + 1, &exponent);
      else if (base == 16 && (*p == 'p' || *p == 'P'))
        p = scan_exponent (p + 1, &exponent);
      if (p == NULL || *p != '\0'
          || (base == 16 && pointed && exponent == 0 && strpbrk (text, "pP") == NULL))
        return refuse (reason, text);
      if (!set_digits (fmpq_numref (x), digits, length, base))
        return refuse (reason, text);
      fmpz_one (fmpq_denref (x));
      if (fmpq_is_zero (x) && exponent >= after_point - DELTA1_NUMBER_MAX_EXPONENT)
        return DELTA1_OK; /* no power of ten is worked out for it */
      if (base == 10)
        {
          slong e = exponent - after_point;
          fmpq_t power;
          if (e < -DELTA1_NUMBER_MAX_EXPONENT)
            {
              fmpq_zero (x);
              return refuse (reason, text);
            }
          fmpq_init (power);
          delta1_number_set_digits (power, -e);
          fmpq_mul (x, x, power);
          fmpq_clear (power);
        }
      else
        {
          slong e = exponent - 4 * after_point;
          if (e >= 0)
            fmpq_mul_2exp (x, x, (ulong)e);
          else
            fmpq_div_2exp (x, x, (ulong)-e);
        }
    }
  if (negative)
    fmpq_neg (x, x);
  return DELTA1_OK;
}

static bool
is_power_of_two (const fmpz_t x)
{
  return fmpz_sgn (x) > 0 && fmpz_val2 (x) + 1 == fmpz_bits (x);
}

/* sign 0x mantissa p exponent */
static char *
format_hex_float (const fmpz_t mantissa, slong exponent)
{
  fmpz_t odd;
  char *text = NULL;
  fmpz_init (odd);
  fmpz_abs (odd, mantissa);
  slong shift = fmpz_is_zero (odd) ? 0 : (slong)fmpz_val2 (odd);
  fmpz_tdiv_q_2exp (odd, odd, (ulong)shift);
  char *digits = fmpz_get_str (NULL, 16, odd);
  if (digits != NULL
      && asprintf (&text, "%s0x%sp%ld", fmpz_sgn (mantissa) < 0 ? "-" : "", digits,
                   (long)(exponent + shift))
             < 0)
    text = NULL;
  flint_free (digits);
  fmpz_clear (odd);
  return text;
}

/* What FLINT allocates must go back to FLINT; callers of ours get plain malloc memory. */
static char *
own (char *flint_text)
{
  char *text = flint_text == NULL ? NULL : strdup (flint_text);
  flint_free (flint_text);
  return text;
}

char *
delta1_number_format (const fmpq_t x)
{
  const fmpz *p = fmpq_numref (x);
  const fmpz *q = fmpq_denref (x);
  bool small = fmpz_bits (p) <= 64 && fmpz_bits (q) <= 64;
  if (!small && is_power_of_two (q))
    return format_hex_float (p, -(slong)fmpz_val2 (q));
  return own (fmpq_get_str (NULL, 10, x));
}

char *
delta1_number_format_dyadic (const fmpz_t m, slong n)
{
  if (fmpz_bits (m) <= 64 && n <= 64)
    {
      fmpq_t x;
      fmpq_init (x);
      fmpz_set (fmpq_numref (x), m);
      if (n >= 0)
        fmpq_div_2exp (x, x, (ulong)n);
      else
        fmpq_mul_2exp (x, x, (ulong)-n);
      char *text = delta1_number_format (x);
      fmpq_clear (x);
      return text;
    }
  return format_hex_float (m, -n);
}

void
delta1_number_set_digits (fmpq_t x, slong k)
{
  fmpz_one (fmpq_numref (x));
  fmpz_one (fmpq_denref (x));
  fmpz_set_ui (k >= 0 ? fmpq_denref (x) : fmpq_numref (x), 10);
  if (k >= 0)
    fmpz_pow_ui (fmpq_denref (x), fmpq_denref (x), (ulong)k);
  else
    fmpz_pow_ui (fmpq_numref (x), fmpq_numref (x), (ulong)-k);
}

/* An integer near the decimal exponent of sqrt(num/den); the caller corrects it. */
static slong
decimal_exponent (const fmpz_t num, const fmpz_t den)
{
  double bits = 0.5 * ((double)fmpz_bits (num) - (double)fmpz_bits (den));
  return (slong)(bits * 0.30102999566398120);
}

/* m = floor or ceiling of sqrt(num/den) 10^k. Both are proved by integer square roots:
 * floor(sqrt(p/q)) = floor(sqrt(floor(p/q))), and the ceiling is one more unless p/q is a square.
 */
static void
scaled_root (fmpz_t m, const fmpz_t num, const fmpz_t den, slong k, int direction)
{
  fmpz_t p, q, ten, rest;
  fmpz_init_set (p, num);
  fmpz_init_set (q, den);
  fmpz_init_set_ui (ten, 10);
  fmpz_init (rest);
  fmpz_pow_ui (ten, ten, (ulong)(2 * (k >= 0 ? k : -k)));
  fmpz_mul (k >= 0 ? p : q, k >= 0 ? p : q, ten);
  fmpz_fdiv_qr (p, rest, p, q);
  bool exact = fmpz_is_zero (rest);
  fmpz_sqrtrem (m, rest, p);
  exact = exact && fmpz_is_zero (rest);
  if (direction > 0 && !exact)
    fmpz_add_ui (m, m, 1);
  fmpz_clear (p);
  fmpz_clear (q);
  fmpz_clear (ten);
  fmpz_clear (rest);
}

char *
delta1_number_format_root (const fmpz_t num, const fmpz_t den, slong digits, int direction)
{
  if (fmpz_is_zero (num))
    return strdup ("0");
  fmpz_t m, low, high;
  char *text = NULL;
  fmpz_init (m);
  fmpz_init_set_ui (low, 10);
  fmpz_init_set_ui (high, 10);
  fmpz_pow_ui (low, low, (ulong)(digits - 1));
  fmpz_pow_ui (high, high, (ulong)digits);
  /* The floor fixes the exponent e: 10^e <= root < 10^(e+1). A ceiling that reaches 10^digits is
   * 10^(digits-1) with exponent e + 1. */
  slong e = decimal_exponent (num, den);
  for (;;)
    {
      scaled_root (m, num, den, digits - 1 - e, -1);
      if (fmpz_cmp (m, low) < 0)
        e--;
      else if (fmpz_cmp (m, high) >= 0)
        e++;
      else
        break;
    }
  if (direction > 0)
    scaled_root (m, num, den, digits - 1 - e, 1);
  if (fmpz_equal (m, high))
    {
      fmpz_set (m, low);
      e++;
    }
  char *mantissa = fmpz_get_str (NULL, 10, m);
  if (mantissa != NULL
      && asprintf (&text, "%c%s%se%+03ld", mantissa[0], digits > 1 ? "." : "", mantissa + 1,
                   (long)e)
             < 0)
    text = NULL;
  flint_free (mantissa);
  fmpz_clear (m);
  fmpz_clear (low);
  fmpz_clear (high);
  return text;
}
