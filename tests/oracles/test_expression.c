#include <stdlib.h>
#include <string.h>

#include "oracles/expression.h"
#include "tests/testing.h"

static delta1_expression_t *
parse (const char *text)
{
  delta1_reason_t reason;
  delta1_expression_t *expression;
  assert_ok (delta1_expression_parse (&expression, text, &reason), reason);
  return expression;
}

/* Both at working precision 200, the enclosures overlap and are narrow; text may be exact. */
static void
test_values (void **state)
{
  (void)state;
  static const char *const same[][2] = {
    { "1+2*3", "7" },
    { "1-2-3", "-4" },
    { "12/2/3", "2" },
    { "2*-3", "-6" },
    { "--3", "3" },
    { "-+-+3", "3" },
    { "-3*-3", "9" },
    { "-(1+2)*3", "-9" },
    { " ( 1 + 2 ) * 3 ", "9" },
    { "1e3", "1000" },
    { "1e-3*1E3", "1" },
    { "0x1F", "31" },
    { "0x1.8p-3", "3/16" },
    { "0x1p+3+1", "9" },
    { "0x1e+1", "31" },
    { "0.5", "1/2" },
    { "sqrt(2)*sqrt(2)", "2" },
    { "sqrt(9/4)", "3/2" },
    { "sqrt(0)", "0" },
    { "sqrt(4/3)*sqrt(3)", "2" },
    { "sqrt(3/4)*2", "sqrt(3)" },
    { "cos(0)", "1" },
    { "cos ( pi / 3 )", "1/2" },
    { "cos(-pi)", "-1" },
    { "pi", "4*(4*0.197395559849880758-0.00418407600207472386)" },
    { "sqrt(pi*pi)", "pi" },
    { "1-pi+pi", "1" },
    { "pi-1-1", "pi-2" },
    { "8/pi/2", "4/pi" },
    { "(1e40000000*pi)/(1e40000000*pi)", "1" },
    { "1/1e40000000*1e40000000", "1" },
  };
  delta1_reason_t reason;
  for (size_t i = 0; i < sizeof same / sizeof *same; i++)
    {
      arb_t x, y;
      arb_init (x);
      arb_init (y);
      delta1_expression_t *left = parse (same[i][0]), *right = parse (same[i][1]);
      assert_ok (delta1_expression_enclose (x, left, 200, &reason), reason);
      assert_ok (delta1_expression_enclose (y, right, 200, &reason), reason);
      arb_sub (x, x, y, 200);
      arf_get_mag (arb_radref (y), arb_midref (x));
      mag_add (arb_radref (x), arb_radref (x), arb_radref (y));
      if (mag_cmp_2exp_si (arb_radref (x), -50) > 0)
        fail_msg ("%s is not %s", same[i][0], same[i][1]);
      delta1_expression_free (left);
      delta1_expression_free (right);
      arb_clear (x);
      arb_clear (y);
    }
}

static void
test_exactness (void **state)
{
  (void)state;
  static const char *const text[] = { "1/3",          "sqrt(9/4)-cos(0)/2",
                                      "-(1/7+1/6)*2", "1e40000000",
                                      "pi",           "sqrt(2)",
                                      "1/0",          "0*pi",
                                      "cos(1)",       "sqrt(-4)" };
  static const bool exact[] = { true, true, true, true, false, false, false, false, false, false };
  delta1_reason_t reason;
  delta1_source_t *source;
  delta1_expression_t **parsed = calloc (10, sizeof *parsed);
  fmpq_t re, im;
  fmpq_init (re);
  fmpq_init (im);
  for (int j = 0; j < 10; j++)
    parsed[j] = parse (text[j]);
  assert_ok (delta1_source_create_expressions (&source, parsed, 10, &reason), reason);
  for (int j = 0; j < 10; j++)
    if (source->table->exact (source->context, re, im, j) != exact[j])
      fail_msg ("%s", text[j]);
  assert_true (source->table->exact (source->context, re, im, 2));
  assert_true (fmpz_equal_si (fmpq_numref (re), -13) && fmpz_equal_si (fmpq_denref (re), 21));
  delta1_source_free (source);
  fmpq_clear (re);
  fmpq_clear (im);
}

/* A lower precision encloses what a higher one finds. */
static void
test_nested_enclosures (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_expression_t *expression = parse ("cos(sqrt(2)*pi)/(1/3-sqrt(3)) - cos(1e30)");
  arb_t x, finer;
  arb_init (x);
  arb_init (finer);
  assert_ok (delta1_expression_enclose (finer, expression, 5000, &reason), reason);
  for (slong prec = 2; prec < 2000; prec = prec * 3 / 2 + 1)
    {
      assert_ok (delta1_expression_enclose (x, expression, prec, &reason), reason);
      assert_true (!arb_is_finite (x) || arb_contains (x, finer));
    }
  assert_refused (delta1_expression_enclose (x, expression, 1, &reason), DELTA1_INPUT, reason,
                  "precision");
  arb_clear (x);
  arb_clear (finer);
  delta1_expression_free (expression);
}

static void
test_no_answer (void **state)
{
  (void)state;
  const struct
  {
    const char *text;
    delta1_status_t status;
    const char *word;
  } cases[] = { { "1/0", DELTA1_DOMAIN, "division by zero" },
                { "pi/(1-1)", DELTA1_DOMAIN, "division by zero" },
                { "1/(0*pi)", DELTA1_DOMAIN, "division by zero" },
                { "0*(1/0)", DELTA1_DOMAIN, "division by zero" },
                { "sqrt(-1)", DELTA1_DOMAIN, "negative" },
                { "sqrt(3-pi)", DELTA1_DOMAIN, "negative" },
                { "1/(pi-pi)", DELTA1_OK, "" },
                { "sqrt(pi-pi)", DELTA1_OK, "" },
                { "cos(1/(pi-pi))", DELTA1_OK, "" } };
  delta1_reason_t reason;
  arb_t x;
  arb_init (x);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      delta1_expression_t *expression = parse (cases[i].text);
      delta1_status_t status = delta1_expression_enclose (x, expression, 100, &reason);
      if (cases[i].status == DELTA1_OK)
        {
          assert_ok (status, reason);
          if (i < 8) /* Arb encloses the cosine of anything by [-1, 1] */
            assert_false (arb_is_finite (x));
        }
      else
        assert_refused (status, cases[i].status, reason, cases[i].word);
      delta1_expression_free (expression);
    }
  arb_clear (x);
}

static void
test_malformed (void **state)
{
  (void)state;
  static const char *const cases[][2] = {
    { "", "ends at position 1" },
    { "   ", "ends at position 4" },
    { "1+", "ends at position 3" },
    { "1 2", "position 3" },
    { "(1", "')'" },
    { "1)", "operator or the end" },
    { "()", "position 2" },
    { "sqrt 2", "'('" },
    { "sqrt", "'('" },
    { "cos()", "position 5" },
    { "sin(1)", "position 1" },
    { "2pi", "'2pi'" },
    { "pi2", "position 1" },
    { "pipi", "position 1" },
    { "1e", "'1e'" },
    { "1e99999999999", "exponents" },
    { "1e40000001", "exponents" },
    { "0x", "'0x'" },
    { "1..2", "'1..2'" },
    { ".", "'.'" },
    { "nan", "position 1" },
    { "inf", "position 1" },
    { "1//2", "position 3" },
    { "*1", "position 1" },
    { "1\n2", "position 3" },
    { "\xc3\xa9", "position 1" },
    { "sqrt(1", "')'" },
    { "1,2", "position 2" },
    { "1;2", "position 2" },
    { "1e+", "'1e+'" },
    { "1e40000000*1e40000000*1e40000000*1e40000000*1e40000000", "2^29 bits together" },
  };
  delta1_reason_t reason;
  delta1_expression_t *expression;
  for (size_t i = 0; i + 1 < sizeof cases / sizeof *cases; i++)
    {
      assert_refused (delta1_expression_parse (&expression, cases[i][0], &reason), DELTA1_INPUT,
                      reason, cases[i][1]);
      assert_int_equal (delta1_expression_parse (&expression, cases[i][0], NULL), DELTA1_INPUT);
    }
  assert_refused (delta1_expression_parse (&expression, cases[30][0], &reason), DELTA1_INPUT,
                  reason, "bits");
}

static char *
repeat (const char *text, slong count, const char *end)
{
  size_t length = strlen (text);
  char *made = malloc (length * (size_t)count + strlen (end) + 1);
  assert_non_null (made);
  for (slong i = 0; i < count; i++)
    memcpy (made + (size_t)i * length, text, length);
  strcpy (made + length * (size_t)count, end);
  return made;
}

static void
test_nesting (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_expression_t *expression;
  static const char *const openings[] = { "(", "-", "+", "sqrt(", "cos(", "-(" };
  for (int i = 0; i < 6; i++)
    {
      char *text = repeat (openings[i], 100000, "1");
      assert_refused (delta1_expression_parse (&expression, text, &reason), DELTA1_INPUT, reason,
                      "nested");
      free (text);
    }
  for (slong depth = 198; depth <= 201; depth++)
    {
      char *text = repeat ("-", depth, "pi");
      delta1_status_t status = delta1_expression_parse (&expression, text, &reason);
      assert_int_equal (status, depth < 200 ? DELTA1_OK : DELTA1_INPUT);
      if (status == DELTA1_OK)
        delta1_expression_free (expression);
      free (text);
    }
}

/* A long expression is not a deep one: no recursion when it is evaluated or freed. */
static void
test_long (void **state)
{
  (void)state;
  delta1_reason_t reason;
  char *text = repeat ("pi-pi+", 100000, "1");
  delta1_expression_t *expression = parse (text);
  arb_t x;
  arb_init (x);
  assert_ok (delta1_expression_enclose (x, expression, 64, &reason), reason);
  assert_true (arb_contains_si (x, 1));
  arb_clear (x);
  delta1_expression_free (expression);
  free (text);
}

/* Whatever the text: it is refused in one line, or it can be evaluated and freed. */
static void
test_random_texts (void **state)
{
  (void)state;
  static const char *const pieces[]
      = { "1", "2.5", "0x1p-3", "1e2", "pi", "sqrt(", "cos(", "(", ")",  ")", ")",    "+", "-",
          "*", "/",   " ",      "e",   "p",  "x",     ".",    "0", "\n", "s", "\x80", "7" };
  const slong count = sizeof pieces / sizeof *pieces;
  int good = 0;
  arb_t x;
  arb_init (x);
  for (int round = 0; round < delta1_test_rounds (50000); round++)
    {
      char text[200] = "";
      delta1_reason_t reason;
      delta1_expression_t *expression;
      for (slong i = 1 + delta1_test_random_below (12); i > 0; i--)
        strcat (text, pieces[delta1_test_random_below (count)]);
      delta1_status_t status = delta1_expression_parse (&expression, text, &reason);
      if (status != DELTA1_OK)
        {
          assert_refused (status, DELTA1_INPUT, reason, "expression");
          continue;
        }
      good++;
      status = delta1_expression_enclose (x, expression, 64, &reason);
      assert_true (status == DELTA1_OK || status == DELTA1_DOMAIN);
      delta1_expression_free (expression);
    }
  assert_true (good > 500);
  arb_clear (x);
}

static int
release (void **state)
{
  (void)state;
  flint_cleanup ();
  return 0;
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_values),
    cmocka_unit_test (test_exactness),
    cmocka_unit_test (test_nested_enclosures),
    cmocka_unit_test (test_no_answer),
    cmocka_unit_test (test_malformed),
    cmocka_unit_test (test_nesting),
    cmocka_unit_test (test_long),
    cmocka_unit_test (test_random_texts),
  };
  delta1_expression_free (NULL);
  return cmocka_run_group_tests (tests, NULL, release);
}
