/* The trainer firenet against known minimisers, in double and in MPFR. */
#include "tests/trainers/tie_input.h"

#include <stdlib.h>

static const tie_choice_t plain
    = { .problem = DELTA1_SRLASSO, .largest = 2, .K = 4, .L = 20, .R = 2 };

/* alpha* = 6B, the others 2B: far from a tie; gap 0 is the tie. */
static void
make (tie_t *tie, fmpq_mat_t X, bool mixed, slong K, bool far)
{
  fmpq_t gap;
  tie_choice_t choice = plain;
  choice.mixed = mixed;
  choice.K = K;
  fmpq_init (gap);
  if (far)
    fmpq_set_si (gap, mixed ? 8 : 4, 1);
  tie_init (tie, &choice, gap);
  fmpq_mat_init (X, choice.R, tie->task.shape.N);
  fmpq_clear (gap);
}

static void
converges (bool mixed, slong K, const char *specification, slong digits)
{
  delta1_reason_t reason;
  tie_t tie;
  fmpq_mat_t X;
  make (&tie, X, mixed, K, true);
  assert_ok (
      tie_run (X, NULL, &tie, specification, DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
  if (!tie_correct (&tie, X, digits, false))
    {
      fmpq_mat_print (X);
      fail_msg ("%s, K = %ld, mixed %d: not within 10^-%ld", specification, (long)K, mixed,
                (long)digits);
    }
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

static void
to_the_minimiser (void **state)
{
  (void)state;
  for (int mixed = 0; mixed < 2; mixed++)
    {
      converges (mixed, 4, "firenet", 5);
      converges (mixed, 4, "firenet:reading=stable", 5);
      converges (mixed, 4, "firenet:arithmetic=60", 5);
      converges (mixed, 20, "firenet", 21);
      converges (mixed, 4, "firenet:restarts=100,arithmetic=300,precision=300", 5);
      converges (mixed, 60, "firenet:reading=stable", 61);
    }
}

/* MPFR at 53 bits repeats double: the steps are the same numbers, and so is every operation. */
static void
double_is_53_bits (void **state)
{
  (void)state;
  delta1_reason_t reason;
  tie_t tie;
  fmpq_mat_t X, Y;
  make (&tie, X, true, 4, true);
  fmpq_mat_init (Y, plain.R, tie.task.shape.N);
  assert_ok (tie_run (X, NULL, &tie, "firenet:arithmetic=double,restarts=7,inner=9", DELTA1_NEAREST,
                      &delta1_budget_unlimited, 0, &reason),
             reason);
  assert_ok (tie_run (Y, NULL, &tie, "firenet:arithmetic=53,restarts=7,inner=9", DELTA1_NEAREST,
                      &delta1_budget_unlimited, 0, &reason),
             reason);
  assert_false (fmpq_mat_is_zero (X));
#ifndef __FP_FAST_FMA
  assert_true (fmpq_mat_equal (X, Y));
#endif
  fmpq_mat_clear (X);
  fmpq_mat_clear (Y);
  tie_clear (&tie);
}

/* Tied columns are treated alike: the midpoint. */
static void
midpoint_on_the_tie (void **state)
{
  (void)state;
  delta1_reason_t reason;
  tie_t tie;
  fmpq_mat_t X;
  make (&tie, X, false, 6, false);
  assert_ok (tie_run (X, NULL, &tie, "firenet:reading=stable", DELTA1_NEAREST,
                      &delta1_budget_unlimited, 0, &reason),
             reason);
  assert_true (tie_correct (&tie, X, 7, true));
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  tie_t tie;
  fmpq_mat_t X;
  delta1_algorithm_t *algorithm;
  static const char *const bad[][2] = {
    { "firenet:inner=0", "inner=1..1000000000" },
    { "firenet:restarts=0", "restarts=1..1000000000" },
    { "firenet:iterations=5", "no option 'iterations'" },
    { "firenet:arithmetic=23", "arithmetic=double|24.." },
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    assert_refused (delta1_trainer_parse (&algorithm, bad[i][0], &reason), DELTA1_INPUT, reason,
                    bad[i][1]);
  make (&tie, X, false, 4, true);
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    if (p != DELTA1_SRLASSO)
      {
        tie.task.problem = (delta1_problem_t)p;
        assert_refused (tie_run (X, NULL, &tie, "firenet", DELTA1_NEAREST, &delta1_budget_unlimited,
                                 0, &reason),
                        DELTA1_INPUT, reason, "srlasso");
      }
  tie.task.problem = DELTA1_SRLASSO;
  tie.task.seconds = 1e-9;
  assert_refused (
      tie_run (X, NULL, &tie, "firenet", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_BUDGET, reason, "iteration 16");
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

/* Numbers no double holds, and data that are 0 in double or altogether. */
static void
ends_of_double (void **state)
{
  (void)state;
  delta1_reason_t reason;
  tie_t tie;
  fmpq_mat_t X;
  make (&tie, X, false, 4, true);
  fmpq_mul_2exp (tie.entry + tie.column[1], tie.entry + tie.column[1], 2000);
  tie_renew (&tie);
  assert_refused (tie_run (X, NULL, &tie, "firenet:arithmetic=double", DELTA1_NEAREST,
                           &delta1_budget_unlimited, 0, &reason),
                  DELTA1_FAILED, reason, "double");
  for (slong i = 0; i < tie.count; i++)
    fmpq_zero (tie.entry + i);
  tie_renew (&tie);
  assert_ok (
      tie_run (X, NULL, &tie, "firenet", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
  assert_true (fmpq_mat_is_zero (X));
  fmpq_mat_clear (X);
  tie_clear (&tie);

  make (&tie, X, false, 400, true);
  assert_ok (tie_run (X, NULL, &tie, "firenet:arithmetic=double,restarts=3", DELTA1_NEAREST,
                      &delta1_budget_unlimited, 0, &reason),
             reason);
  assert_true (fmpq_mat_is_zero (X));
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (to_the_minimiser),    cmocka_unit_test (double_is_53_bits),
    cmocka_unit_test (midpoint_on_the_tie), cmocka_unit_test (refusals),
    cmocka_unit_test (ends_of_double),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
