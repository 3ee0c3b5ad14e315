#include <stdlib.h>
#include <string.h>

#include "src/number.h"
#include "src/proved_decimal.h"
#include "tests/testing.h"

/* The ball [low, high]. */
static void
set_interval (arb_t x, const char *low, const char *high)
{
  delta1_reason_t reason;
  arb_t a, b;
  fmpq_t q;
  arb_init (a);
  arb_init (b);
  fmpq_init (q);
  assert_ok (delta1_number_parse (q, low, &reason), reason);
  arb_set_fmpq (a, q, 200);
  assert_ok (delta1_number_parse (q, high, &reason), reason);
  arb_set_fmpq (b, q, 200);
  arb_union (x, a, b, 200);
  arb_clear (a);
  arb_clear (b);
  fmpq_clear (q);
}

static void
test_examples (void **state)
{
  (void)state;
  static const struct
  {
    const char *low, *high;
    slong places;
    const char *decimal, *text;
  } cases[] = {
    { "1/3", "1/3", 6, "0.333333", "0.333333" },
    { "-2/3", "-2/3", 6, "-0.666667", "-0.666667" },
    { "2/3", "2/3", 0, "1", "1" },
    { "1/3", "1/3", 0, NULL, "[0.3333, 0.3334]" },
    { "5", "5", 3, "5.000", "5.000" },
    { "471.01351", "471.0136", 6, "471.014", "471.014" },
    { "0.99", "1.01", 6, "1.0", "[0.9899, 1.011]" },
    { "0.4", "0.6", 6, NULL, "[0.3999, 0.6001]" },
    { "1234.9", "1235.2", 6, "1235", "1235" },
    { "123456", "123460", 6, "1.2346e+05", "1.2346e+05" },
    { "123456", "123999", 6, "1.2e+05", "[1.234e+05, 1.24e+05]" },
    { "1.5e-8", "1.5e-8", 10, "1.50e-08", "1.50e-08" },
    { "1.5e-8", "1.5e-8", 6, NULL, "[1.499e-08, 1.501e-08]" },
    { "-0.000123454", "-0.000123451", 8, "-0.00012345", "-0.00012345" },
    { "-0.001", "0.002", 6, NULL, "[-0.001001, 0.002001]" },
    { "0.00049", "0.00051", 3, NULL, "[0.0004899, 0.0005101]" },
    { "0.00051", "0.00052", 3, "0.001", "0.001" },
  };
  arb_t x;
  arb_init (x);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      set_interval (x, cases[i].low, cases[i].high);
      char *decimal = delta1_proved_decimal (x, cases[i].places);
      char *text = delta1_proved_text (x, cases[i].places);
      if ((decimal == NULL) != (cases[i].decimal == NULL)
          || (decimal != NULL && strcmp (decimal, cases[i].decimal) != 0)
          || strcmp (text, cases[i].text) != 0)
        fail_msg ("case %zu: %s, %s", i, decimal == NULL ? "NULL" : decimal, text);
      free (decimal);
      free (text);
    }
  arb_zero (x);
  char *zero = delta1_proved_decimal (x, 6);
  assert_string_equal (zero, "0");
  free (zero);
  arb_zero_pm_inf (x);
  assert_null (delta1_proved_decimal (x, 6));
  char *infinite = delta1_proved_text (x, 6);
  assert_string_equal (infinite, "[-inf, inf]");
  free (infinite);
  arb_clear (x);
}

/* last = one unit of the last digit of the decimal. */
static void
last_unit (fmpq_t last, const char *decimal)
{
  const char *point = strchr (decimal, '.'), *e = strchr (decimal, 'e');
  slong places = 0;
  if (point != NULL)
    places = (slong)strspn (point + 1, "0123456789");
  delta1_number_set_digits (last, places - (e == NULL ? 0 : atol (e + 1)));
}

/* Every digit is right for both ends; no decimal with one digit more would be. */
static void
test_digits_are_right_and_all_there (void **state)
{
  (void)state;
  delta1_reason_t reason;
  arb_t x, end;
  arf_t a[2];
  fmpq_t t, d, unit, off;
  fmpz_t rounded[2];
  arb_init (x);
  arb_init (end);
  fmpq_init (t);
  fmpq_init (d);
  fmpq_init (unit);
  fmpq_init (off);
  int found = 0;
  for (int i = 0; i < 2; i++)
    {
      arf_init (a[i]);
      fmpz_init (rounded[i]);
    }
  for (int round = 0; round < delta1_test_rounds (3000); round++)
    {
      delta1_test_random_rational (t, 1 + delta1_test_random_below (40));
      if (fmpq_is_zero (t))
        continue;
      slong bits = 2 + delta1_test_random_below (60), places = delta1_test_random_below (20);
      arb_set_fmpq (x, t, bits);
      char *text = delta1_proved_decimal (x, places);
      arb_get_lbound_arf (a[0], x, ARF_PREC_EXACT);
      arb_get_ubound_arf (a[1], x, ARF_PREC_EXACT);
      if (text != NULL)
        {
          found++;
          assert_ok (delta1_number_parse (d, text, &reason), reason);
          last_unit (unit, text);
          for (int i = 0; i < 2; i++)
            {
              arf_get_fmpq (t, a[i]);
              fmpq_sub (off, t, d);
              fmpq_abs (off, off);
              fmpq_mul_2exp (off, off, 1);
              if (fmpq_cmp (off, unit) > 0)
                fail_msg ("%s is off", text);
            }
          fmpq_div_fmpz (unit, unit, (fmpz[]){ 10 });
        }
      else
        delta1_number_set_digits (unit, places);
      /* At one more place the two ends round to two numbers, unless that is a place too many. */
      delta1_number_set_digits (off, places);
      if (text == NULL || fmpq_cmp (unit, off) >= 0)
        {
          for (int i = 0; i < 2; i++)
            {
              arf_get_fmpq (t, a[i]);
              fmpq_abs (t, t);
              fmpq_div (t, t, unit);
              fmpz_mul_2exp (fmpq_numref (t), fmpq_numref (t), 1);
              fmpz_add (fmpq_numref (t), fmpq_numref (t), fmpq_denref (t));
              fmpz_mul_2exp (fmpq_denref (t), fmpq_denref (t), 1);
              fmpz_fdiv_q (rounded[i], fmpq_numref (t), fmpq_denref (t));
            }
          if (fmpz_equal (rounded[0], rounded[1]) && !fmpz_is_zero (rounded[0])
              && !arb_contains_zero (x))
            {
              arb_printd (x, 20);
              fail_msg ("%s could have one more digit (places %ld)", text == NULL ? "NULL" : text,
                        (long)places);
            }
        }
      free (text);
    }
  assert_true (found > 1000);
  arb_clear (x);
  arb_clear (end);
  fmpq_clear (t);
  fmpq_clear (d);
  fmpq_clear (unit);
  fmpq_clear (off);
  for (int i = 0; i < 2; i++)
    {
      arf_clear (a[i]);
      fmpz_clear (rounded[i]);
    }
}

static void
test_many_digits_and_huge_numbers (void **state)
{
  (void)state;
  arb_t x;
  arb_init (x);
  arb_const_pi (x, 3400);
  char *text = delta1_proved_decimal (x, 1000);
  assert_int_equal (strlen (text), 1002);
  assert_int_equal (strncmp (text, "3.14159265358979323846", 22), 0);
  assert_string_equal (text + 992, "2164201989");
  free (text);
  arb_one (x);
  arb_mul_2exp_si (x, x, WORD (1) << 40);
  assert_null (delta1_proved_decimal (x, 3));
  text = delta1_proved_text (x, 3);
  assert_non_null (text);
  free (text);
  arb_one (x);
  arb_mul_2exp_si (x, x, -(WORD (1) << 40));
  assert_null (delta1_proved_decimal (x, 3));
  arb_one (x);
  mag_set_ui_2exp_si (arb_radref (x), 1, -(WORD (1) << 40));
  assert_null (delta1_proved_decimal (x, 3));
  arb_clear (x);
}

static void
test_bounds (void **state)
{
  (void)state;
  char low[32], high[32];
  arb_t x;
  arb_init (x);
  set_interval (x, "0.1234", "0.1256");
  delta1_proved_bounds (low, high, x);
  assert_string_equal (low, "1.2e-01");
  assert_string_equal (high, "1.3e-01");
  set_interval (x, "-1", "2");
  delta1_proved_bounds (low, high, x);
  assert_string_equal (low, "0");
  assert_string_equal (high, "2.1e+00");
  arb_zero (x);
  delta1_proved_bounds (low, high, x);
  assert_string_equal (high, "0");
  arb_zero_pm_inf (x);
  delta1_proved_bounds (low, high, x);
  assert_string_equal (low, "0");
  assert_string_equal (high, "inf");
  arb_clear (x);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_examples),
    cmocka_unit_test (test_digits_are_right_and_all_there),
    cmocka_unit_test (test_many_digits_and_huge_numbers),
    cmocka_unit_test (test_bounds),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
