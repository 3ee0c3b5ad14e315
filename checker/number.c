#include "checker/number.h"

#include <stdlib.h>
#include <string.h>

void number_init (number_t *x) {
  mpz_init (x->m);
  mpz_init_set_ui (x->d, 1);
  x->e = 0;
}

void number_clear (number_t *x) { mpz_clears (x->m, x->d, NULL); }

void number_set_ten (check_t *check, number_t *x, int64_t k) {
  uint64_t size = (uint64_t)(k < 0 ? -k : k);
  charge (check, 16 * size); /* 2.33 bits each, several multiplications deep */
  mpz_set_ui (x->m, 1);
  mpz_set_ui (x->d, 1);
  mpz_ui_pow_ui (k < 0 ? x->d : x->m, 5, size);
  x->e = k;
}

/* m = the two runs of digits, one after the other. */
static void set_digits (check_t *check, mpz_t m, const char *a, size_t na, const char *b, size_t nb,
                        bool hex) {
  charge (check, (hex ? 4 : 32) * (uint64_t)(na + nb));
  char *copy = allocate (check, (int64_t)(na + nb), 1);
  memcpy (copy, a, na);
  memcpy (copy + na, b, nb);
  mpz_set_str (m, copy, hex ? 16 : 10);
  free (copy);
}

form_t number_parse (check_t *check, number_t *x, const char *text, const char *where) {
  if (strlen (text) > TEXT_LIMIT)
    unreadable (check, "%s: a number of more than %d characters", where, TEXT_LIMIT);
  const char *p = text + (*text == '-');
  bool hex = p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
  const char *const set = hex ? "0123456789abcdefABCDEF" : "0123456789";
  form_t form = hex ? HEX_INTEGER : INTEGER;
  p += hex ? 2 : 0;
  const char *whole = p, *part = "";
  size_t whole_size = strspn (p, set), part_size = 0, size;
  bool good = whole_size > 0;
  p += whole_size;
  x->e = 0;
  mpz_set_ui (x->d, 1);
  if (!hex && *p == '/') {
    form = FRACTION;
    size = strspn (++p, set);
    set_digits (check, x->d, "0", 1, p, size, false);
    good = good && mpz_sgn (x->d) != 0;
    p += size;
  } else {
    if (*p == '.') {
      form = hex ? HEX_FLOAT : DECIMAL;
      part = p + 1;
      part_size = strspn (part, set);
      good = good && part_size > 0;
      p = part + part_size;
    }
    if (hex ? *p == 'p' || *p == 'P' : *p == 'e' || *p == 'E') {
      form = hex ? HEX_FLOAT : DECIMAL;
      bool minus = *++p == '-';
      p += minus || *p == '+';
      size = strspn (p, "0123456789");
      good = good && size > 0;
      for (; size > 0; size--, p++)
        if (x->e <= EXPONENT_LIMIT) x->e = 10 * x->e + (*p - '0');
      if (x->e > EXPONENT_LIMIT)
        unreadable (check, "%s: an exponent beyond %d", where, EXPONENT_LIMIT);
      x->e = minus ? -x->e : x->e;
    } else
      good = good && form != HEX_FLOAT; /* hexadecimal places need their exponent */
  }
  if (!good || *p != '\0') unreadable (check, "%s: \"%.40s\" is not a number", where, text);
  set_digits (check, x->m, whole, whole_size, part, part_size, hex);
  x->e -= (hex ? 4 : 1) * (int64_t)part_size;
  if (form == DECIMAL && mpz_sgn (x->m) != 0 && x->e != 0) {
    number_t power;
    number_init (&power);
    number_set_ten (check, &power, x->e);
    mpz_mul (x->m, x->m, power.m);
    mpz_set (x->d, power.d);
    number_clear (&power);
  }
  if (*text == '-') mpz_neg (x->m, x->m);
  if (mpz_sgn (x->m) != 0) { /* the powers of two of m and d go into e */
    mp_bitcnt_t up = mpz_scan1 (x->m, 0), down = mpz_scan1 (x->d, 0);
    mpz_tdiv_q_2exp (x->m, x->m, up);
    mpz_tdiv_q_2exp (x->d, x->d, down);
    x->e += (int64_t)up - (int64_t)down;
  }
  return form;
}

void number_set (number_t *x, const number_t *y) {
  mpz_set (x->m, y->m);
  mpz_set (x->d, y->d);
  x->e = y->e;
}

void number_square (check_t *check, number_t *x, const number_t *y) {
  charge (check, 2 * bits_of (y->m) + 2 * bits_of (y->d));
  mpz_mul (x->m, y->m, y->m);
  mpz_mul (x->d, y->d, y->d);
  x->e = 2 * y->e;
}

void number_add (check_t *check, number_t *x, const number_t *y) {
  mpz_t up, up_y; /* what m and y->m are multiplied by */
  int64_t gap = x->e - y->e;
  if (mpz_sgn (x->m) == 0)
    number_set (x, y);
  else if (mpz_sgn (y->m) != 0) {
    charge (check, 2 * (bits_of (x->m) + bits_of (y->m) + bits_of (x->d) + bits_of (y->d))
                       + (uint64_t)(gap < 0 ? -gap : gap));
    mpz_init_set_ui (up, 1);
    mpz_init_set_ui (up_y, 1);
    if (mpz_divisible_p (x->d, y->d)) /* as when both are powers of five */
      mpz_divexact (up_y, x->d, y->d);
    else if (mpz_divisible_p (y->d, x->d))
      mpz_divexact (up, y->d, x->d);
    else
      mpz_set (up, y->d), mpz_set (up_y, x->d);
    mpz_mul (x->d, x->d, up);
    mpz_mul_2exp (up, up, gap > 0 ? (mp_bitcnt_t)gap : 0);
    mpz_mul_2exp (up_y, up_y, gap < 0 ? (mp_bitcnt_t)-gap : 0);
    mpz_mul (x->m, x->m, up);
    mpz_addmul (x->m, y->m, up_y);
    x->e -= gap > 0 ? gap : 0;
    mpz_clears (up, up_y, NULL);
  }
}

int number_compare (check_t *check, const number_t *x, const number_t *y) {
  number_t difference;
  number_init (&difference);
  number_set (&difference, y);
  mpz_neg (difference.m, y->m);
  number_add (check, &difference, x);
  int sign = mpz_sgn (difference.m);
  number_clear (&difference);
  return sign;
}

number_t *numbers (check_t *check, int64_t count) {
  number_t *list = allocate (check, count, sizeof *list);
  for (int64_t t = 0; t < count; t++) number_init (&list[t]);
  return list;
}
