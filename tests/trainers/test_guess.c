/* coin and midpoint, and the reading styles they share with the first-order methods. */
#include "tests/trainers/tie_input.h"

#include <stdio.h>
#include <stdlib.h>

#include "src/number.h"

static const tie_choice_t plain = { .problem = DELTA1_SRLASSO, .K = 6, .L = 20, .R = 3 };

static void
power_of_two (fmpq_t g, slong k)
{
  fmpq_one (g);
  fmpq_div_2exp (g, g, (flint_bitcnt_t)k);
}

/* |x - wanted| <= 10^-digits */
static bool
near (const fmpq_t x, const fmpq_t wanted, slong digits)
{
  fmpq_t d, bound;
  fmpq_init (d);
  fmpq_init (bound);
  fmpq_sub (d, x, wanted);
  fmpq_abs (d, d);
  delta1_number_set_digits (bound, digits);
  bool is = fmpq_cmp (d, bound) <= 0;
  fmpq_clear (d);
  fmpq_clear (bound);
  return is;
}

/* The tie, and a gap that the reading does not show: every tied column has its turn. */
static void
coin_is_fair (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq_t gap;
  fmpq_init (gap);
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    {
      slong turns[TIE_C] = { 0 };
      tie_choice_t choice = plain;
      tie_t tie;
      fmpq_mat_t X, again;
      choice.problem = (delta1_problem_t)p;
      choice.mixed = p % 2;
      power_of_two (gap, 200);
      if (p == 0)
        fmpq_zero (gap);
      tie_init (&tie, &choice, gap);
      fmpq_mat_init (X, choice.R, tie.task.shape.N);
      fmpq_mat_init (again, choice.R, tie.task.shape.N);
      for (uint64_t seed = 0; seed < 400; seed++)
        {
          assert_ok (tie_run (X, NULL, &tie, "coin", DELTA1_NEAREST, &delta1_budget_unlimited, seed,
                              &reason),
                     reason);
          for (slong j = 0; j < TIE_C; j++)
            if (!fmpq_is_zero (fmpq_mat_entry (X, 0, tie.column[j])))
              {
                turns[j]++;
                for (slong k = 0; k < choice.R; k++)
                  assert_true (near (fmpq_mat_entry (X, k, tie.column[j]), tie.scale[0] + k, 20));
              }
          assert_true (tie_correct (&tie, X, choice.K + 10, true));
          if (seed < 8)
            {
              assert_ok (tie_run (again, NULL, &tie, "coin", DELTA1_NEAREST,
                                  &delta1_budget_unlimited, seed, &reason),
                         reason);
              assert_true (fmpq_mat_equal (X, again));
            }
        }
      slong sum = 0;
      for (slong j = 0; j < TIE_C; j++)
        {
          /* 100 expected, standard deviation 8.7; the seeds are fixed */
          assert_in_range (turns[j], 60, 140);
          sum += turns[j];
        }
      assert_int_equal (sum, 400);
      fmpq_mat_clear (X);
      fmpq_mat_clear (again);
      tie_clear (&tie);
    }
  fmpq_clear (gap);
}

static void
midpoint_is_the_mean (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq_t gap, wanted;
  fmpq_init (gap);
  fmpq_init (wanted);
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    for (int mixed = 0; mixed < 2; mixed++)
      for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
        {
          tie_choice_t choice = plain;
          tie_t tie;
          fmpq_mat_t X;
          choice.problem = (delta1_problem_t)p;
          choice.mixed = mixed;
          power_of_two (gap, 100); /* the default reading is n = 84 */
          tie_init (&tie, &choice, gap);
          fmpq_mat_init (X, choice.R, tie.task.shape.N);
          assert_ok (tie_run (X, NULL, &tie, "midpoint", (delta1_rounding_t)rule,
                              &delta1_budget_unlimited, 0, &reason),
                     reason);
          for (slong k = 0; k < choice.R; k++)
            {
              fmpq_div_fmpz (wanted, tie.scale[0] + k, (fmpz[]){ TIE_C });
              for (slong j = 0; j < tie.task.shape.N; j++)
                if (j < TIE_C)
                  {
                    assert_true (near (fmpq_mat_entry (X, k, j), wanted, 23));
                    assert_true (fmpq_equal (fmpq_mat_entry (X, k, j), fmpq_mat_entry (X, k, 0)));
                  }
                else
                  assert_true (fmpq_is_zero (fmpq_mat_entry (X, k, j)));
            }
          fmpq_mat_clear (X);
          tie_clear (&tie);
        }
  fmpq_clear (gap);
  fmpq_clear (wanted);
}

/* A gap that can be seen is no tie; a negative column gets a negative answer. */
static void
gaps_are_seen (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq_t gap, wanted;
  fmpq_init (gap);
  fmpq_init (wanted);
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    {
      tie_choice_t choice = plain;
      tie_t tie;
      fmpq_mat_t X;
      choice.problem = (delta1_problem_t)p;
      choice.largest = 1;
      choice.tier = 1;
      power_of_two (gap, 20);
      tie_init (&tie, &choice, gap);
      fmpq_mat_init (X, choice.R, tie.task.shape.N);
      for (uint64_t seed = 0; seed < 10; seed++)
        {
          assert_ok (tie_run (X, NULL, &tie, seed % 2 ? "coin" : "midpoint", DELTA1_RANDOM,
                              &delta1_budget_unlimited, seed, &reason),
                     reason);
          assert_true (tie_correct (&tie, X, choice.K + 10, false));
        }
      fmpq *alpha = tie.entry + tie.column[1];
      fmpq_neg (alpha, alpha);
      tie_renew (&tie);
      assert_ok (
          tie_run (X, NULL, &tie, "midpoint", DELTA1_RANDOM, &delta1_budget_unlimited, 0, &reason),
          reason);
      fmpq_neg (wanted, tie.scale[1] + 2);
      if (p == DELTA1_LP)
        {
          /* the others are what can be used */
          assert_true (fmpq_is_zero (fmpq_mat_entry (X, 2, tie.column[1])));
          for (slong j = 0; j < TIE_C; j++)
            assert_int_equal (fmpq_sgn (fmpq_mat_entry (X, 2, tie.column[j])), j != 1);
        }
      else
        assert_true (near (fmpq_mat_entry (X, 2, tie.column[1]), wanted, 18));
      fmpq_mat_clear (X);
      tie_clear (&tie);
    }
  fmpq_clear (gap);
  fmpq_clear (wanted);
}

/* lambda or epsilon so large that 0 is the minimiser. */
static void
clipped_at_zero (void **state)
{
  (void)state;
  static const delta1_problem_t problems[] = { DELTA1_SRLASSO, DELTA1_LASSO, DELTA1_QCBP };
  delta1_reason_t reason;
  fmpq_t gap;
  fmpq_init (gap);
  for (int p = 0; p < 3; p++)
    {
      tie_choice_t choice = plain;
      tie_t tie;
      fmpq_mat_t X;
      choice.problem = problems[p];
      tie_init (&tie, &choice, gap);
      fmpq_mat_init (X, choice.R, tie.task.shape.N);
      fmpq_set_si (tie.task.parameter, 7, 1);
      assert_ok (
          tie_run (X, NULL, &tie, "midpoint", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
          reason);
      assert_true (fmpq_mat_is_zero (X));
      fmpq_mat_clear (X);
      tie_clear (&tie);
    }
  fmpq_clear (gap);
}

static void
readings (void **state)
{
  (void)state;
  /* K = 6: the tie has t = 1.2e-5 = 2^-16.35, and answers agree within 2.5e-7. count: of samples.
   */
  static const struct
  {
    const char *specification;
    slong limit, precision, count;
    bool zero;
  } cases[] = {
    { "midpoint", 0, 84, 1, false },
    { "midpoint:precision=30", 0, 30, 1, false },
    { "midpoint:precision=30", 29, 29, 1, false },
    { "midpoint", 40, 40, 1, false },
    { "midpoint", 1000, 84, 1, false },
    { "midpoint:reading=stable", 0, 336, 3, false },
    { "midpoint:reading=stable", 100, 100, 2, false },
    { "midpoint:reading=stable", 168, 168, 2, false },
    { "midpoint:reading=stable", 50, 50, 1, false },
    /* 0 at 4 and 8 agree once; 8 and 16 disagree; 16, 32, 64 agree twice, for a quarter of s moves
     * by less than the tolerance from 16 to 32; all of s, the coin's, moves by more */
    { "midpoint:reading=stable,precision=4", 0, 64, 5, false },
    { "coin:reading=stable,precision=4", 0, 128, 6, false },
    /* 0 at 2, 4, 8: fooled */
    { "midpoint:reading=stable,precision=2", 0, 8, 3, true },
    { "coin:precision=2,reading=stable", 0, 8, 3, true },
  };
  delta1_reason_t reason;
  delta1_usage_t usage;
  tie_t tie;
  fmpq_mat_t X;
  fmpq_t gap;
  fmpq_init (gap);
  tie_init (&tie, &plain, gap);
  fmpq_mat_init (X, plain.R, tie.task.shape.N);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      delta1_budget_t budget = { .precision = cases[i].limit };
      tie.task.max_precision = cases[i].limit;
      assert_ok (
          tie_run (X, &usage, &tie, cases[i].specification, DELTA1_NEAREST, &budget, 0, &reason),
          reason);
      if (usage.precision != cases[i].precision)
        fail_msg ("%s, limit %ld: read up to %ld", cases[i].specification, (long)cases[i].limit,
                  (long)usage.precision);
      assert_int_equal (usage.queries, cases[i].count * tie.count);
      assert_int_equal (fmpq_mat_is_zero (X), cases[i].zero);
    }
  fmpq_mat_clear (X);
  fmpq_clear (gap);
  tie_clear (&tie);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (coin_is_fair),  cmocka_unit_test (midpoint_is_the_mean),
    cmocka_unit_test (gaps_are_seen), cmocka_unit_test (clipped_at_zero),
    cmocka_unit_test (readings),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
