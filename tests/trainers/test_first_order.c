/* ista, fista and primal-dual against known minimisers, in double and in MPFR. */
#include "tests/trainers/tie_input.h"

#include <stdio.h>
#include <stdlib.h>

#include "firenet/arithmetic.h"
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

/* Each operation of the arithmetics on small numbers, where nothing is rounded. */
static void
operations (void **state)
{
  (void)state;
  static const delta1_arithmetic_t *const all[]
      = { &delta1_arithmetic_double, &delta1_arithmetic_mpfr, &delta1_arithmetic_ball };
  static const double input[6] = { -3, -1, 0.5, 3, 1, 0 };
  static const double soft[6] = { -2, 0, 0, 2, 0, 0 };
  static const double right[6] = { 0, 0, 0, 2, 0, 0 };
  for (int i = 0; i < 3; i++)
    {
      const delta1_arithmetic_t *use = all[i];
      void *x = use->create (6, 60), *y = use->create (6, 60), *one = use->create (1, 60);
      arf_t a;
      arf_init (a);
      assert_true (use->zero (x, 6));
      arf_one (a);
      use->set (one, 0, a);
      for (int nonnegative = 0; nonnegative < 2; nonnegative++)
        {
          for (slong j = 0; j < 6; j++)
            {
              arf_set_d (a, input[j]);
              use->set (x, j, a);
            }
          assert_false (use->zero (x, 6));
          use->copy (y, x, 6);
          assert_true (use->equal (x, y, 6));
          use->shrink (x, one, nonnegative, 6);
          assert_false (use->equal (x, y, 6));
          for (slong j = 0; j < 6; j++)
            {
              use->get (a, x, j);
              assert_true (arf_cmp_d (a, nonnegative ? right[j] : soft[j]) == 0);
            }
        }
      /* (3, 4) on the ball of radius 5: itself; of radius 5/2: half; z may be x */
      for (slong j = 0; j < 2; j++)
        {
          arf_set_si (a, 3 + j);
          use->set (x, j, a);
        }
      arf_set_si (a, 5);
      use->set (one, 0, a);
      use->project (y, x, one, 2);
      assert_true (use->equal (x, y, 2));
      arf_mul_2exp_si (a, a, -1);
      use->set (one, 0, a);
      use->project (x, x, one, 2);
      use->get (a, x, 1);
      assert_true (arf_cmp_si (a, 2) == 0);
      arf_pos_inf (a);
      use->set (x, 1, a);
      assert_false (use->finite (x, 2));
      assert_true (use->finite (x, 1));
      arf_nan (a);
      use->set (x, 1, a);
      use->shrink (x, one, true, 2);
      assert_false (use->finite (x, 2));
      assert_false (use->equal (x, x, 2));
      use->free (x, 6);
      use->free (y, 6);
      use->free (one, 1);
      use->free (NULL, 1);
      arf_clear (a);
    }
}

/* A few steps of ista and fista over the rationals, from the formulas. */
static void
first_steps (void **state)
{
  (void)state;
  delta1_reason_t reason;
  slong m = TIE_M;
  for (slong steps = 1; steps <= 5; steps++)
    for (int fast = 0; fast < 2; fast++)
      {
        char specification[80];
        tie_t tie;
        fmpq_mat_t X, A, T, y, x, z, next, r, g;
        fmpq_t bound, t, d;
        make (&tie, X, DELTA1_LASSO, false, 1);
        slong N = tie.task.shape.N;
        fmpq_mat_init (A, m, N);
        fmpq_mat_init (T, N, m);
        fmpq_mat_init (y, m, 1);
        fmpq_mat_init (x, N, 1);
        fmpq_mat_init (z, N, 1);
        fmpq_mat_init (next, N, 1);
        fmpq_mat_init (r, m, 1);
        fmpq_mat_init (g, N, 1);
        fmpq_init (bound);
        fmpq_init (t);
        fmpq_init (d);
        for (slong i = 0; i < m * N; i++)
          fmpq_set (fmpq_mat_entry (A, i / N, i % N), tie.entry + i);
        fmpq_mat_transpose (T, A);
        for (slong i = 0; i < m; i++)
          fmpq_set (fmpq_mat_entry (y, i, 0), tie.entry + m * N + i);
        /* A A^T = diag(36 + 3 4, 144, 144): ||A||^2 = 144, and so is the bound */
        fmpq_set_si (bound, 144, 1);
        for (slong k = 1; k <= steps; k++)
          {
            fmpq_mat_mul (r, A, z);
            fmpq_mat_sub (r, r, y);
            fmpq_mat_mul (g, T, r);
            fmpq_mat_scalar_div_fmpz (g, g, fmpq_numref (bound));
            fmpq_mat_sub (next, z, g);
            fmpq_div (t, tie.task.parameter, bound);
            fmpq_div_2exp (t, t, 1);
            for (slong j = 0; j < N; j++)
              {
                fmpq *v = fmpq_mat_entry (next, j, 0);
                assert_true (fmpq_sgn (v) >= 0);
                fmpq_sub (v, v, t);
                if (fmpq_sgn (v) < 0)
                  fmpq_zero (v);
                fmpq_sub (d, v, fmpq_mat_entry (x, j, 0));
                fmpq_mul_si (d, d, fast ? k - 1 : 0);
                fmpq_div_fmpz (d, d, (fmpz[]){ k + 2 });
                fmpq_add (fmpq_mat_entry (z, j, 0), v, d);
              }
            fmpq_mat_set (x, next);
          }
        snprintf (specification, sizeof specification,
                  "%s:arithmetic=200,precision=200,iterations=%ld", fast ? "fista" : "ista",
                  (long)steps);
        assert_ok (tie_run (X, NULL, &tie, specification, DELTA1_NEAREST, &delta1_budget_unlimited,
                            0, &reason),
                   reason);
        delta1_number_set_digits (t, 15); /* the bound itself is good to 64 bits */
        for (slong j = 0; j < N; j++)
          {
            fmpq_sub (d, fmpq_mat_entry (x, j, 0), fmpq_mat_entry (X, 0, j));
            fmpq_abs (d, d);
            assert_true (fmpq_cmp (d, t) <= 0);
          }
        fmpq_mat_clear (X);
        fmpq_mat_clear (A);
        fmpq_mat_clear (T);
        fmpq_mat_clear (y);
        fmpq_mat_clear (x);
        fmpq_mat_clear (z);
        fmpq_mat_clear (next);
        fmpq_mat_clear (r);
        fmpq_mat_clear (g);
        fmpq_clear (bound);
        fmpq_clear (t);
        fmpq_clear (d);
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
      DELTA1_FAILED, reason, "iteration");
  assert_refused (
      tie_run (X, NULL, &tie, "primal-dual", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_FAILED, reason, "iteration");
  fmpq_mat_clear (X);
  tie_clear (&tie);

  /* y is subnormal in double: 1/||y|| is not a double. */
  make (&tie, X, DELTA1_BP, false, 320);
  assert_refused (tie_run (X, NULL, &tie, "primal-dual:arithmetic=double", DELTA1_NEAREST,
                           &delta1_budget_unlimited, 0, &reason),
                  DELTA1_FAILED, reason, "steps");
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
    cmocka_unit_test (operations),
    cmocka_unit_test (first_steps),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
