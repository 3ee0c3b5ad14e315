/* ista, fista and primal-dual against known minimisers, in double and in MPFR. */
#include "tests/trainers/tie_input.h"

#include <stdio.h>
#include <stdlib.h>

#include "src/number.h"

static const tie_choice_t plain
    = { .problem = DELTA1_LASSO, .largest = 2, .K = 4, .L = 20, .R = 2 };

/* alpha* = 6B, the others 2B: far from a tie. */
static void
make (tie_t *tie, fmpq_mat_t X, delta1_problem_t problem, bool mixed, slong K)
{
  fmpq_t gap;
  tie_choice_t choice = plain;
  choice.problem = problem;
  choice.mixed = mixed;
  choice.K = K;
  fmpq_init (gap);
  fmpq_set_si (gap, mixed ? 8 : 4, 1);
  tie_init (tie, &choice, gap);
  fmpq_mat_init (X, choice.R, tie->task.shape.N);
  fmpq_clear (gap);
}

static void
converges (delta1_problem_t problem, bool mixed, slong K, const char *specification, slong digits)
{
  delta1_reason_t reason;
  tie_t tie;
  fmpq_mat_t X;
  make (&tie, X, problem, mixed, K);
  assert_ok (
      tie_run (X, NULL, &tie, specification, DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
  if (!tie_correct (&tie, X, digits, false))
    {
      fmpq_mat_print (X);
      fail_msg ("%s, %s, mixed %d: not within 10^-%ld", specification,
                delta1_problem_name (problem), mixed, (long)digits);
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
      /* Double: what is left is rounding, relative to lambda or epsilon or the scale. */
      converges (DELTA1_LASSO, mixed, 4, "ista", 14);
      converges (DELTA1_LASSO, mixed, 4, "fista", 12);
      converges (DELTA1_LASSO, mixed, 4, "ista:arithmetic=53", 14);
      converges (DELTA1_LASSO, mixed, 4, "ista:arithmetic=300,precision=300", 40);
      converges (DELTA1_LASSO, mixed, 20, "ista", 35);
      for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
        {
          converges ((delta1_problem_t)p, mixed, 4, "primal-dual", 13);
          converges ((delta1_problem_t)p, mixed, 4, "primal-dual:arithmetic=60", 13);
          converges ((delta1_problem_t)p, mixed, 20, "primal-dual", 30);
          converges ((delta1_problem_t)p, mixed, 20, "primal-dual:arithmetic=300,precision=250",
                     40);
        }
    }
}

/* The same operations in the same order: MPFR at 53 bits repeats double. */
static void
double_is_53_bits (void **state)
{
  (void)state;
  static const char *const pairs[][2] = {
    { "ista:arithmetic=double,iterations=57", "ista:arithmetic=53,iterations=57" },
    { "fista:arithmetic=double,iterations=57", "fista:arithmetic=53,iterations=57" },
    { "primal-dual:arithmetic=double,iterations=57", "primal-dual:arithmetic=53,iterations=57" },
  };
  delta1_reason_t reason;
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    for (int i = p == DELTA1_LASSO ? 0 : 2; i < 3; i++)
      {
        tie_t tie;
        fmpq_mat_t X, Y;
        make (&tie, X, (delta1_problem_t)p, true, 4);
        fmpq_mat_init (Y, plain.R, tie.task.shape.N);
        assert_ok (tie_run (X, NULL, &tie, pairs[i][0], DELTA1_NEAREST, &delta1_budget_unlimited, 0,
                            &reason),
                   reason);
        assert_ok (tie_run (Y, NULL, &tie, pairs[i][1], DELTA1_NEAREST, &delta1_budget_unlimited, 0,
                            &reason),
                   reason);
        assert_false (fmpq_mat_is_zero (X));
#ifdef __FP_FAST_FMA
        (void)Y; /* a fused multiplication rounds once where MPFR rounds twice */
#else
        assert_true (fmpq_mat_equal (X, Y));
#endif
        fmpq_mat_clear (X);
        fmpq_mat_clear (Y);
        tie_clear (&tie);
      }
}

/* On the tie itself all tied columns are treated alike: the midpoint. */
static void
midpoint_on_the_tie (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq_t gap;
  fmpq_init (gap);
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    {
      tie_choice_t choice = plain;
      tie_t tie;
      fmpq_mat_t X;
      choice.problem = (delta1_problem_t)p;
      choice.K = 6;
      tie_init (&tie, &choice, gap);
      fmpq_mat_init (X, choice.R, tie.task.shape.N);
      assert_ok (tie_run (X, NULL, &tie, "primal-dual:reading=stable", DELTA1_NEAREST,
                          &delta1_budget_unlimited, 0, &reason),
                 reason);
      assert_true (tie_correct (&tie, X, 11, true));
      for (slong j = 1; j < TIE_C; j++)
        assert_true (fmpq_equal (fmpq_mat_entry (X, 0, j), fmpq_mat_entry (X, 0, 0)));
      fmpq_mat_clear (X);
      tie_clear (&tie);
    }
  fmpq_clear (gap);
}

static void
nothing_infinite (void **state)
{
  (void)state;
  delta1_reason_t reason;
  tie_t tie;
  fmpq_mat_t X;

  make (&tie, X, DELTA1_LASSO, false, 4);
  fmpq_mul_2exp (tie.entry + tie.column[1], tie.entry + tie.column[1], 2000);
  tie_renew (&tie);
  assert_refused (
      tie_run (X, NULL, &tie, "ista", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_FAILED, reason, "finite");
  assert_refused (
      tie_run (X, NULL, &tie, "primal-dual", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_FAILED, reason, "finite");
  fmpq_mat_clear (X);
  tie_clear (&tie);

  /* y is subnormal in double: 1/||y|| is not a double. */
  make (&tie, X, DELTA1_BP, false, 320);
  assert_refused (tie_run (X, NULL, &tie, "primal-dual:arithmetic=double", DELTA1_NEAREST,
                           &delta1_budget_unlimited, 0, &reason),
                  DELTA1_FAILED, reason, "double");
  fmpq_mat_clear (X);
  tie_clear (&tie);

  /* y is 0 in double, and then so is x. */
  make (&tie, X, DELTA1_BP, false, 400);
  assert_ok (tie_run (X, NULL, &tie, "primal-dual:arithmetic=double", DELTA1_NEAREST,
                      &delta1_budget_unlimited, 0, &reason),
             reason);
  assert_true (fmpq_mat_is_zero (X));
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
  make (&tie, X, DELTA1_QCBP, false, 4);
  assert_refused (
      tie_run (X, NULL, &tie, "fista", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_INPUT, reason, "lasso");
  /* The clock is looked at every 16 iterations. */
  tie.task.seconds = 1e-9;
  assert_refused (
      tie_run (X, NULL, &tie, "primal-dual", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_BUDGET, reason, "iteration 16");
  tie.task.seconds = 60;
  assert_ok (
      tie_run (X, NULL, &tie, "primal-dual", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
  /* epsilon >= ||y||: 0 is the minimiser. */
  fmpq_set_si (tie.task.parameter, 3, 1);
  assert_ok (
      tie_run (X, NULL, &tie, "primal-dual", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
  assert_true (fmpq_mat_is_zero (X));
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (to_the_minimiser),
    cmocka_unit_test (double_is_53_bits),
    cmocka_unit_test (midpoint_on_the_tie),
    cmocka_unit_test (nothing_infinite),
    cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
