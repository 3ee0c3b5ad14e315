/* The algorithms of Theorem 3.2 on inputs made by hand, against exact solutions. */
#include "tests/trainers/tie_input.h"

#include <stdlib.h>

static const tie_choice_t plain = { .problem = DELTA1_SRLASSO, .K = 6, .L = 20, .R = 2 };

static void
power_of_two (fmpq_t g, slong k)
{
  fmpq_one (g);
  fmpq_div_2exp (g, g, (flint_bitcnt_t)k);
}

/* 3B 2^-L */
static void
last_gap (fmpq_t g, slong L, bool mixed)
{
  fmpq_set_si (g, mixed ? 6 : 3, 1);
  fmpq_div_2exp (g, g, (flint_bitcnt_t)L);
}

/* One input, all rounding rules: both algorithms, their correctness, cost and reach. */
static void
check_input (const tie_choice_t *choice, const fmpq_t gap, slong k)
{
  delta1_reason_t reason;
  delta1_usage_t usage;
  tie_t tie;
  fmpq_mat_t X;
  bool is_tie = fmpq_is_zero (gap);
  slong b = choice->mixed ? 1 : 0;
  slong rows = choice->mixed ? 2 : 1; /* rows with u_i != 0 */

  tie_init (&tie, choice, gap);
  fmpq_mat_init (X, choice->R, tie.task.shape.N);
  for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
    {
      assert_ok (tie_run (X, &usage, &tie, "theorem-k1", (delta1_rounding_t)rule,
                          &delta1_budget_unlimited, 7, &reason),
                 reason);
      assert_true (tie_correct (&tie, X, choice->tier == 0 ? choice->K - 1 : WORD_MAX, is_tie));
      if (choice->tier == 0)
        {
          assert_int_equal (usage.precision, 1);
          assert_int_equal (usage.queries, TIE_C * rows);
        }
      else if (choice->tier == 1)
        {
          assert_true (usage.precision <= k + 3 + b);
          assert_int_equal (usage.queries, TIE_C * rows * usage.precision);
        }
      else
        {
          assert_int_equal (usage.precision, choice->L);
          assert_int_equal (usage.queries, TIE_C * rows * (choice->L > 1 ? 2 : 1));
        }

      assert_ok (tie_run (X, &usage, &tie, "theorem-k2", (delta1_rounding_t)rule,
                          &delta1_budget_unlimited, 7, &reason),
                 reason);
      assert_true (tie_correct (&tie, X, choice->tier == 2 ? WORD_MAX : choice->K - 2, is_tie));
      assert_int_equal (usage.precision, choice->L);
      assert_int_equal (usage.queries, TIE_C * rows);
      for (slong r = 0; r < choice->R && choice->tier < 2; r++)
        assert_true (
            fmpq_equal (fmpq_mat_entry (X, r, tie.column[0]), tie.scale[choice->tier] + r));
    }
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

static void
all_tiers (void **state)
{
  (void)state;
  fmpq_t gap;
  fmpq_init (gap);
  for (int mixed = 0; mixed < 2; mixed++)
    for (slong j = 0; j < TIE_C; j++)
      for (slong tier = 0; tier < 3; tier++)
        {
          tie_choice_t choice = plain;
          choice.mixed = mixed;
          choice.largest = j;
          choice.tier = tier;
          choice.problem = (delta1_problem_t)(j + tier) % DELTA1_PROBLEM_COUNT;
          fmpq_zero (gap);
          if (tier == 0)
            check_input (&choice, gap, 0);
          static const slong gaps[] = { 1, 2, 3, 10, 63, 64, 65, 127, 200 };
          for (size_t i = 0; tier < 2 && i < sizeof gaps / sizeof *gaps; i++)
            {
              power_of_two (gap, gaps[i]);
              check_input (&choice, gap, gaps[i]);
            }
          static const slong samples[] = { 1, 2, 20, 77 };
          for (size_t i = 0; tier == 2 && i < sizeof samples / sizeof *samples; i++)
            {
              choice.L = samples[i];
              last_gap (gap, choice.L, mixed);
              check_input (&choice, gap, 0);
            }
        }
  fmpq_clear (gap);
}

/* A legal oracle that brings the columns together: the largest is answered from below, the others
 * from above. */
typedef struct
{
  delta1_oracle_t *up, *down;
  slong low; /* the column answered from below */
} squeeze_t;

static delta1_status_t
squeeze_ask (void *context, fmpz_t re, fmpz *im, slong j, slong n, delta1_reason_t *reason)
{
  squeeze_t *squeeze = context;
  (void)im;
  return delta1_oracle_ask (j == squeeze->low ? squeeze->down : squeeze->up, re, j, n, reason);
}

static const delta1_oracle_table_t squeeze_table = { .name = "squeeze", .ask = squeeze_ask };

static void
halts_exactly (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_usage_t usage;
  fmpq_t gap;
  fmpq_init (gap);
  for (slong k = 1; k <= 200; k += k < 20 ? 1 : 45)
    {
      tie_choice_t choice = plain;
      choice.tier = 1;
      choice.largest = 2;
      tie_t tie;
      fmpq_mat_t X;
      delta1_oracle_t *oracle;
      squeeze_t squeeze;
      power_of_two (gap, k);
      tie_init (&tie, &choice, gap);
      fmpq_mat_init (X, choice.R, tie.task.shape.N);
      squeeze.low = tie.column[2];
      assert_ok (delta1_oracle_create_honest (&squeeze.up, tie.source, DELTA1_UP, 0, &reason),
                 reason);
      assert_ok (delta1_oracle_create_honest (&squeeze.down, tie.source, DELTA1_DOWN, 0, &reason),
                 reason);
      assert_ok (
          delta1_oracle_create (&oracle, &squeeze_table, &squeeze, tie.count, false, &reason),
          reason);
      assert_ok (tie_run_oracle (X, &usage, &tie, "theorem-k1", oracle, &delta1_budget_unlimited, 0,
                                 &reason),
                 reason);
      assert_true (tie_correct (&tie, X, WORD_MAX, false));
      assert_int_equal (usage.precision, k + 3);
      /* Answered by the nearest, the columns read exactly from n = k on: 2^-k > 2 2^-n. */
      assert_ok (tie_run (X, &usage, &tie, "theorem-k1", DELTA1_NEAREST, &delta1_budget_unlimited,
                          0, &reason),
                 reason);
      assert_int_equal (usage.precision, k + 2);
      delta1_oracle_free (oracle);
      delta1_oracle_free (squeeze.up);
      delta1_oracle_free (squeeze.down);
      fmpq_mat_clear (X);
      tie_clear (&tie);
    }
  fmpq_clear (gap);
}

/* In tier c both keep below a limit and guess; in tier b theorem-k1 runs into it and says so. */
static void
limited (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_usage_t usage;
  tie_choice_t choice = plain;
  tie_t tie;
  fmpq_mat_t X;
  fmpq_t gap;

  fmpq_init (gap);
  choice.tier = 2;
  last_gap (gap, choice.L, false);
  tie_init (&tie, &choice, gap);
  fmpq_mat_init (X, choice.R, tie.task.shape.N);
  tie.task.max_precision = choice.L - 1;
  delta1_budget_t budget = { .precision = choice.L - 1 };
  assert_ok (tie_run (X, &usage, &tie, "theorem-k2", DELTA1_UP, &budget, 0, &reason), reason);
  assert_int_equal (usage.precision, choice.L - 1);
  assert_ok (tie_run (X, &usage, &tie, "theorem-k1", DELTA1_UP, &budget, 0, &reason), reason);
  assert_int_equal (usage.precision, choice.L - 1);
  tie_clear (&tie);

  /* Tier b, a tie in all but name. */
  choice.tier = 1;
  fmpq_zero (gap);
  tie_init (&tie, &choice, gap);
  budget.precision = 50;
  assert_int_equal (tie_run (X, &usage, &tie, "theorem-k1", DELTA1_RANDOM, &budget, 0, &reason),
                    DELTA1_BUDGET);
  assert_int_equal (usage.precision, 50);
  fmpq_mat_clear (X);
  fmpq_clear (gap);
  tie_clear (&tie);
}

static void
without_class (void **state)
{
  (void)state;
  static const char *const names[] = { "theorem-k1", "theorem-k2" };
  delta1_reason_t reason;
  delta1_usage_t usage;
  tie_t tie;
  fmpq_mat_t X;
  fmpq_t gap;
  fmpq_init (gap);
  tie_init (&tie, &plain, gap);
  fmpq_mat_init (X, plain.R, tie.task.shape.N);
  for (int i = 0; i < 2; i++)
    {
      delta1_algorithm_t *algorithm;
      assert_ok (delta1_trainer_parse (&algorithm, names[i], &reason), reason);
      tie.task.known = &tie.known;
      assert_true (algorithm->table->attempts (algorithm, &tie.task));
      tie.known.tied = 100; /* attempted, being a class, and refused before any question */
      assert_true (algorithm->table->attempts (algorithm, &tie.task));
      assert_refused (
          tie_run (X, &usage, &tie, names[i], DELTA1_UP, &delta1_budget_unlimited, 0, &reason),
          DELTA1_INPUT, reason, "100 tied columns");
      tie.known.tied = TIE_C;
      tie.known.column = (slong[]){ 0, 1, 2, tie.task.shape.N };
      assert_refused (
          tie_run (X, &usage, &tie, names[i], DELTA1_UP, &delta1_budget_unlimited, 0, &reason),
          DELTA1_INPUT, reason, "class");
      tie.known.column = tie.column;
      tie.task.known = NULL;
      assert_false (algorithm->table->attempts (algorithm, &tie.task));
      assert_refused (
          tie_run (X, &usage, &tie, names[i], DELTA1_UP, &delta1_budget_unlimited, 0, &reason),
          DELTA1_INPUT, reason, "class");
      assert_int_equal (usage.queries, 0);
      delta1_algorithm_free (algorithm);
    }
  fmpq_mat_clear (X);
  fmpq_clear (gap);
  tie_clear (&tie);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (all_tiers),
    cmocka_unit_test (halts_exactly),
    cmocka_unit_test (limited),
    cmocka_unit_test (without_class),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
