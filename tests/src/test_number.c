#include "tests/testing.h"

#include <stdlib.h>
#include <string.h>

#include "src/number.h"

static void
assert_value (const char *text, const char *expected)
{
  delta1_reason_t reason;
  fmpq_t x, y;
  fmpq_init (x);
  fmpq_init (y);
  assert_ok (delta1_number_parse (x, text, &reason), reason);
  assert_int_equal (fmpq_set_str (y, expected, 10), 0);
  fmpq_canonicalise (y);
  if (!fmpq_equal (x, y))
    {
      print_error ("%s is not %s\n", text, expected);
      fail ();
    }
  fmpq_clear (x);
  fmpq_clear (y);
}

static void
reads_every_form (void **state)
{
  (void)state;
  assert_value ("0", "0");
  assert_value ("-12", "-12");
  assert_value ("6/4", "3/2");
  assert_value ("-6/4", "-3/2");
  assert_value ("1.25", "5/4");
  assert_value ("1e+2", "100");
  assert_value ("-1.25e-7", "-1/8000000");
  assert_value ("12E3", "12000");
  assert_value ("0x1F", "31");
  assert_value ("-0x1f", "-31");
  assert_value ("0x1.8p-3", "3/16");
  assert_value ("0xAp4", "160");
  assert_value ("0x0p-99", "0");
  assert_value ("9007199254740993", "9007199254740993");
}

static void
refuses_everything_else (void **state)
{
  static const char *const bad[] = { "",
                                     " ",
                                     "1 ",
                                     " 1",
                                     "x",
                                     "nan",
                                     "inf",
                                     "-inf",
                                     "Infinity",
                                     "1/0",
                                     "1/-2",
                                     "1.5/2",
                                     "1/2.",
                                     "1/",
                                     "/2",
                                     "1//2",
                                     "1e",
                                     "1e+",
                                     "0x",
                                     "0x1p",
                                     "0x1/2",
                                     "1p3",
                                     "--1",
                                     "+-1",
                                     "1.2.3",
                                     ".",
                                     "0x.",
                                     "1e99999999999999999999",
                                     "1e40000001",
                                     "0x1p40000001",
                                     "0x1.8",
                                     "1,5",
                                     "1e-40000001",
                                     "1_000",
                                     "+7",
                                     ".5",
                                     "5.",
                                     "0x.8p1",
                                     "0x1.p1",
                                     "0b1",
                                     "1e1.5",
                                     "1/0x2" };
  (void)state;
  fmpq_t x;
  fmpq_init (x);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    {
      delta1_reason_t reason;
      if (delta1_number_parse (x, bad[i], &reason) != DELTA1_INPUT)
        {
          print_error ("accepted '%s'\n", bad[i]);
          fail ();
        }
    }
  delta1_reason_t reason;
  assert_refused (delta1_number_parse (x, "one\ntwo", &reason), DELTA1_INPUT, reason, "one?two");
  assert_int_equal (delta1_number_parse (x, "zero", NULL), DELTA1_INPUT);
  fmpq_clear (x);
}

static void
writing_and_reading_is_the_identity (void **state)
{
  (void)state;
  fmpq_t x, y;
  fmpz_t m;
  fmpq_init (x);
  fmpq_init (y);
  fmpz_init (m);
  for (int round = 0; round < delta1_test_rounds (500); round++)
    {
      delta1_reason_t reason;
      delta1_test_random_rational (x, 1 + delta1_test_random_below (300));
      char *text = delta1_number_format (x);
      assert_ok (delta1_number_parse (y, text, &reason), reason);
      assert_true (fmpq_equal (x, y));
      free (text);

      slong n = delta1_test_random_below (400) - 100;
      fmpz_set (m, fmpq_numref (x));
      text = delta1_number_format_dyadic (m, n);
      assert_ok (delta1_number_parse (y, text, &reason), reason);
      free (text);
      fmpq_set_fmpz (x, m);
      if (n >= 0)
        fmpq_div_2exp (x, x, (ulong)n);
      else
        fmpq_mul_2exp (x, x, (ulong)-n);
      assert_true (fmpq_equal (x, y));
    }
  fmpq_clear (x);
  fmpq_clear (y);
  fmpz_clear (m);
}

/* The two decimals enclose the root and are one unit of the last digit apart, or equal. */
static void
roots_are_enclosed (void **state)
{
  (void)state;
  fmpq_t square, low, high, unit;
  fmpq_init (square);
  fmpq_init (low);
  fmpq_init (high);
  fmpq_init (unit);
  for (int round = 0; round < delta1_test_rounds (500); round++)
    {
      delta1_reason_t reason;
      slong digits = 1 + delta1_test_random_below (20);
      delta1_test_random_rational (square, 200);
      fmpq_abs (square, square);
      if (round % 5 == 0)
        fmpq_mul (square, square, square);
      char *down
          = delta1_number_format_root (fmpq_numref (square), fmpq_denref (square), digits, -1);
      char *up = delta1_number_format_root (fmpq_numref (square), fmpq_denref (square), digits, 1);
      assert_ok (delta1_number_parse (low, down, &reason), reason);
      assert_ok (delta1_number_parse (high, up, &reason), reason);
      fmpq_sub (unit, high, low);
      assert_true (fmpq_cmp (low, high) <= 0);
      if (!fmpq_is_zero (low))
        {
          /* one unit of a mantissa of `digits` digits is at most 10^(1-digits) of the number */
          fmpq_t bound;
          fmpq_init (bound);
          delta1_number_set_digits (bound, digits - 1);
          fmpq_mul (bound, bound, low);
          assert_true (fmpq_cmp (unit, bound) <= 0);
          fmpq_clear (bound);
        }
      fmpq_mul (low, low, low);
      fmpq_mul (high, high, high);
      assert_true (fmpq_cmp (low, square) <= 0);
      assert_true (fmpq_cmp (high, square) >= 0);
      free (down);
      free (up);
    }
  fmpq_set_si (square, 1, 4);
  char *text = delta1_number_format_root (fmpq_numref (square), fmpq_denref (square), 3, 1);
  assert_string_equal (text, "5.00e-01");
  free (text);
  fmpq_set_si (square, 999999, 1000000);
  text = delta1_number_format_root (fmpq_numref (square), fmpq_denref (square), 2, 1);
  assert_string_equal (text, "1.0e+00");
  free (text);
  fmpq_clear (square);
  fmpq_clear (low);
  fmpq_clear (high);
  fmpq_clear (unit);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (reads_every_form),
    cmocka_unit_test (refuses_everything_else),
    cmocka_unit_test (writing_and_reading_is_the_identity),
    cmocka_unit_test (roots_are_enclosed),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
