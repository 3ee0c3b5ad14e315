#include "checker/number.h"

#include <stdlib.h>
#include <string.h>

void
number_init (number_t *x)
{
  mpz_init (x->m);
  mpz_init_set_ui (x->d, 1);
  x->e = 0;
}

void
number_clear (number_t *x)
{
  mpz_clears (x->m, x->d, NULL);
}

void
power_of_five (check_t *check, mpz_t m, int64_t k)
{
  charge (check, 16 * (uint64_t)k); /* 2.33 k bits, several multiplications deep */
  mpz_ui_pow_ui (m, 5, (unsigned long)k);
}

/* m = the two runs of digits, one after the other. */
static void
set_digits (check_t *check, mpz_t m, const char *a, size_t na, const char *b, size_t nb, bool hex)
{
  charge (check, (hex ? 4 : 32) * (uint64_t)(na + nb));
  char *copy = allocate (check, (int64_t)(na + nb), 1);
  memcpy (copy, a, na);
  memcpy (copy + na, b, nb);
  mpz_set_str (m, copy, hex ? 16 : 10);
  free (copy);
}

form_t
number_parse (check_t *check, number_t *x, const char *text, const char *where)
{
  if (strlen (text) > TEXT_LIMIT)
    unreadable (check, "%s: a number of more than %d characters", where, TEXT_LIMIT);
  const char *p = text + (*text == '-');
  bool hex = p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
  const char *const set = hex ? "0123456789abcdefABCDEF" : "0123456789", *const decimal = set;
  form_t form = hex ? HEX_INTEGER : INTEGER;
  p += hex ? 2 : 0;
  const char *whole = p, *part = "";
  size_t whole_size = strspn (p, set), part_size = 0, size;
  bool good = whole_size > 0;
  p += whole_size;
  x->e = 0;
  mpz_set_ui (x->d, 1);
  if (!hex && *p == '/')
    {
      form = FRACTION;
      size = strspn (++p, decimal);
      good = good && size > 0;
      set_digits (check, x->d, p, size, "0", size == 0, false);
      good = good && mpz_sgn (x->d) != 0;
      p += size;
    }
  else
    {
      if (*p == '.')
        {
          form = hex ? HEX_FLOAT : DECIMAL;
          part = p + 1;
          part_size = strspn (part, set);
          good = good && part_size > 0;
          p = part + part_size;
        }
      if (hex ? *p == 'p' || *p == 'P' : *p == 'e' || *p == 'E')
        {
          form = hex ? HEX_FLOAT : DECIMAL;
          bool minus = *++p == '-';
          p += *p == '-' || *p == '+';
          size = strspn (p, "0123456789");
          good = good && size > 0;
          for (; size > 0; size--, p++)
            if (x->e <= EXPONENT_LIMIT)
              x->e = 10 * x->e + (*p - '0');
          if (x->e > EXPONENT_LIMIT)
            unreadable (check, "%s: an exponent beyond %d", where, EXPONENT_LIMIT);
          x->e = minus ? -x->e : x->e;
        }
      else
        good = good && form != HEX_FLOAT; /* hexadecimal places need their exponent */
    }
  if (!good || *p != '\0')
    unreadable (check, "%s: \"%.40s\" is not a number", where, text);
  set_digits (check, x->m, whole, whole_size, part, part_size, hex);
  x->e -= (hex ? 4 : 1) * (int64_t)part_size;
  if (form == DECIMAL && mpz_sgn (x->m) != 0 && x->e != 0)
    {
      mpz_t power;
      mpz_init (power);
      power_of_five (check, power, x->e < 0 ? -x->e : x->e);
      mpz_mul (x->e < 0 ? x->d : x->m, x->e < 0 ? x->d : x->m, power);
      mpz_clear (power);
    }
  if (*text == '-')
    mpz_neg (x->m, x->m);
  for (int t = 0; t < 2 && mpz_sgn (x->m) != 0; t++) /* the powers of two of m and d go into e */
    {
      mp_bitcnt_t twos = mpz_scan1 (t == 0 ? x->m : x->d, 0);
      mpz_tdiv_q_2exp (t == 0 ? x->m : x->d, t == 0 ? x->m : x->d, twos);
      x->e += t == 0 ? (int64_t)twos : -(int64_t)twos;
    }
  return form;
}

void
number_set (number_t *x, const number_t *y)
{
  mpz_set (x->m, y->m);
  mpz_set (x->d, y->d);
  x->e = y->e;
}

void
number_square (check_t *check, number_t *x, const number_t *y)
{
  charge (check, 2 * bits_of (y->m) + 2 * bits_of (y->d));
  mpz_mul (x->m, y->m, y->m);
  mpz_mul (x->d, y->d, y->d);
  x->e = 2 * y->e;
}

void
number_add (check_t *check, number_t *x, const number_t *y)
{
  if (mpz_sgn (y->m) == 0)
    return;
  number_t z;
  number_init (&z);
  mpz_set (z.m, y->m);
  z.e = y->e;
  if (mpz_cmp (x->d, y->d) != 0)
    {
      charge (check, bits_of (x->m) + bits_of (y->m) + 2 * (bits_of (x->d) + bits_of (y->d)));
      mpz_mul (z.m, z.m, x->d);
      mpz_mul (x->m, x->m, y->d);
      mpz_mul (x->d, x->d, y->d);
    }
  if (mpz_sgn (x->m) == 0)
    x->e = z.e;
  uint64_t up = x->e > z.e ? (uint64_t)(x->e - z.e) : 0;
  uint64_t up_z = z.e > x->e ? (uint64_t)(z.e - x->e) : 0;
  charge (check, up + up_z + bits_of (x->m) + bits_of (z.m));
  mpz_mul_2exp (x->m, x->m, up);
  mpz_mul_2exp (z.m, z.m, up_z);
  mpz_add (x->m, x->m, z.m);
  x->e -= (int64_t)up;
  number_clear (&z);
}

int
number_compare (check_t *check, const number_t *x, const number_t *y)
{
  mpz_t a, b;
  charge (check, bits_of (x->m) + bits_of (x->d) + bits_of (y->m) + bits_of (y->d));
  mpz_inits (a, b, NULL);
  mpz_mul (a, x->m, y->d);
  mpz_mul (b, y->m, x->d);
  int sign = mpz_sgn (a), other = mpz_sgn (b);
  int64_t top = (int64_t)bits_of (a) + x->e, other_top = (int64_t)bits_of (b) + y->e;
  if (sign != other || sign == 0)
    sign = (sign > other) - (sign < other);
  else if (top != other_top)
    sign = top > other_top ? sign : -sign;
  else /* the shift is shorter than a or b */
    {
      mpz_mul_2exp (a, a, x->e > y->e ? (mp_bitcnt_t)(x->e - y->e) : 0);
      mpz_mul_2exp (b, b, y->e > x->e ? (mp_bitcnt_t)(y->e - x->e) : 0);
      sign = mpz_cmp (a, b);
    }
  mpz_clears (a, b, NULL);
  return sign;
}

number_t *
numbers (check_t *check, int64_t count)
{
  number_t *list = allocate (check, count, sizeof *list);
  for (int64_t t = 0; t < count; t++)
    number_init (&list[t]);
  return list;
}
