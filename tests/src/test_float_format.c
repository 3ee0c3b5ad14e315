#include "tests/testing.h"

#include <math.h>
#include <string.h>

#include "src/float_format.h"

static void
names_and_bits (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_float_format_t format;
  static const struct
  {
    const char *text;
    slong precision;
    double least, largest; /* 0: not limited */
  } good[] = { { "half", 11, 0x1p-24, 65504 },
               { "bfloat16", 8, 0x1p-133, 0x1.fep127 },
               { "single", 24, 0x1p-149, 0x1.fffffep127 },
               { "double", 53, 0x1p-1074, 0x1.fffffffffffffp1023 },
               { "2", 2, 0, 0 },
               { "10000", 10000, 0, 0 } };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    {
      assert_ok (delta1_float_format_parse (&format, good[i].text, &reason), reason);
      assert_int_equal (format.precision, good[i].precision);
      assert_string_equal (format.name, good[i].text);
      mpfr_exp_t emin = mpfr_get_emin (), emax = mpfr_get_emax ();
      delta1_float_range_t before = delta1_float_format_enter (&format);
      if (good[i].least > 0)
        {
          mpfr_t x;
          mpfr_init2 (x, format.precision);
          mpfr_set_zero (x, 1);
          mpfr_nextabove (x);
          assert_true (mpfr_cmp_d (x, good[i].least) == 0);
          mpfr_set_inf (x, 1);
          mpfr_nextbelow (x);
          assert_true (mpfr_cmp_d (x, good[i].largest) == 0);
          mpfr_clear (x);
        }
      delta1_float_format_leave (before);
      assert_true (emin == mpfr_get_emin () && emax == mpfr_get_emax ());
    }
  static const char *const bad[] = { "", "1", "10001", "float", "Half", "8.5", "-8", "+8", "8 " };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_refused (delta1_float_format_parse (&format, bad[i], &reason), DELTA1_INPUT, reason,
                    "half, bfloat16, single, double");
}

/* A random float, often small enough for products to be subnormal. */
static float
random_float (void)
{
  double mantissa = 1 + (double)delta1_test_random_below (1 << 23) / (1 << 23);
  return (float)ldexp (delta1_test_random () & 1 ? mantissa : -mantissa,
                       (int)delta1_test_random_below (180) - 90);
}

/* Products and differences are those of the processor, bit by bit. */
static void
single_is_the_processors (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_float_format_t format;
  slong subnormal = 0, rounds = delta1_test_rounds (20000);
  assert_ok (delta1_float_format_parse (&format, "single", &reason), reason);
  delta1_float_range_t before = delta1_float_format_enter (&format);
  mpfr_t a, b, c;
  mpfr_inits2 (24, a, b, c, (mpfr_ptr)NULL);
  for (slong i = 0; i < rounds; i++)
    {
      volatile float x = random_float (), y = random_float ();
      volatile float product = x * y, difference = product - x;
      mpfr_set_flt (a, x, MPFR_RNDN);
      mpfr_set_flt (b, y, MPFR_RNDN);
      int inexact = mpfr_mul (c, a, b, MPFR_RNDN);
      (void)mpfr_subnormalize (c, inexact, MPFR_RNDN);
      assert_true (mpfr_get_flt (c, MPFR_RNDN) == product);
      subnormal += product != 0 && fabsf (product) < 0x1p-126f;
      if (!isinf (product))
        {
          (void)mpfr_sub (c, c, a, MPFR_RNDN);
          assert_true (mpfr_get_flt (c, MPFR_RNDN) == difference);
        }
    }
  assert_true (subnormal > rounds / 200);
  mpfr_clears (a, b, c, (mpfr_ptr)NULL);
  delta1_float_format_leave (before);
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (names_and_bits), cmocka_unit_test (single_is_the_processors) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
