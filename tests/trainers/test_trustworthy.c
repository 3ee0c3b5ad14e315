/* trustworthy: certified for every gap, undecided on every tie, never wrong; its enclosures contain
 * the exact solutions of random programs. */
#include "tests/trainers/tie_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trainers/exact.h"
#include "trainers/reading.h"
#include "trainers/trustworthy.h"

/* The first n, and what the samples may exceed log2(1/gap) by: the width of the proof and a step.
 */
#define FIRST(K) (delta1_reading_digits_to_bits (K) + 8)
#define CONSTANT 32

static void
power_of_two (fmpq_t g, slong k)
{
  fmpq_one (g);
  fmpq_div_2exp (g, g, (flint_bitcnt_t)k);
}

/* All problems but lp, whose feasibility inexact data do not show when m > 1. */
static const delta1_problem_t problems[] = { DELTA1_SRLASSO, DELTA1_LASSO, DELTA1_QCBP, DELTA1_BP };
#define PROBLEMS 4

static void
every_gap (void **state)
{
  (void)state;
  static const slong gaps[] = { 1, 2, 3, 10, 30, 63, 64, 65, 127, 200, 500, 1000 };
  delta1_reason_t reason;
  fmpq_t gap;
  fmpq_init (gap);
  for (size_t p = 0; p < PROBLEMS; p++)
    for (int mixed = 0; mixed < 2; mixed++)
      for (slong tier = 0; tier < 3; tier++)
        for (size_t i = 0; i < sizeof gaps / sizeof gaps[0]; i++)
          {
            tie_choice_t choice = { .problem = problems[p],
                                    .mixed = mixed,
                                    .tier = tier,
                                    .largest = (slong)i % TIE_C,
                                    .K = 6,
                                    .L = 20,
                                    .R = 2 };
            delta1_usage_t usage;
            tie_t tie;
            fmpq_mat_t X;
            if (gaps[i] > 100 && (tier != 1 || (mixed && gaps[i] > 200)))
              continue;
            power_of_two (gap, gaps[i]);
            tie_init (&tie, &choice, gap);
            fmpq_mat_init (X, 2, tie.task.shape.N);
            /* Far gaps under one rule: each is dozens of samples. */
            for (int rule = 0; rule < (gaps[i] > 100 ? 1 : DELTA1_ROUNDING_COUNT); rule++)
              {
                assert_ok (tie_run (X, &usage, &tie, "trustworthy", (delta1_rounding_t)rule,
                                    &delta1_budget_unlimited, 7, &reason),
                           reason);
                assert_true (tie_correct (&tie, X, choice.K, false));
                slong bound = gaps[i] > FIRST (choice.K) ? gaps[i] : FIRST (choice.K);
                if (usage.precision > bound + CONSTANT)
                  fail_msg ("%s tier %ld gap 2^-%ld: %ld samples",
                            delta1_problem_name (choice.problem), (long)tier, (long)gaps[i],
                            (long)usage.precision);
              }
            fmpq_mat_clear (X);
            tie_clear (&tie);
          }
  fmpq_clear (gap);
}

static void
every_tie (void **state)
{
  (void)state;
  static const slong budgets[] = { 1, 5, 28, 29, 100, 1000 };
  fmpq_t gap;
  fmpq_init (gap);
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    for (int mixed = 0; mixed < 2; mixed++)
      for (int limited = 0; limited < 2; limited++)
        for (size_t i = 0; i < sizeof budgets / sizeof budgets[0]; i++)
          {
            tie_choice_t choice
                = { .problem = (delta1_problem_t)problem, .mixed = mixed, .K = 6, .L = 20, .R = 1 };
            delta1_budget_t budget = { .precision = budgets[i] };
            delta1_usage_t usage;
            delta1_reason_t reason;
            tie_t tie;
            fmpq_mat_t X;
            tie_init (&tie, &choice, gap);
            tie.task.max_precision = limited ? budgets[i] : 0;
            fmpq_mat_init (X, 1, tie.task.shape.N);
            for (int rule = 0; rule < (budgets[i] > 100 ? 1 : DELTA1_ROUNDING_COUNT); rule++)
              {
                assert_refused (tie_run (X, &usage, &tie, "trustworthy", (delta1_rounding_t)rule,
                                         &budget, 3, &reason),
                                DELTA1_BUDGET, reason, "undecided");
                assert_true (usage.precision <= budgets[i]);
                assert_true (!limited || usage.precision == budgets[i]);
                /* It names what is open. */
                if (budgets[i] >= 100 && problem != DELTA1_LP)
                  assert_non_null (strstr (reason.text, "the dual inequality of column"));
              }
            fmpq_mat_clear (X);
            tie_clear (&tie);
          }
  fmpq_clear (gap);
}

/* Random inputs of the family, random legal oracles, random budgets: an answer is right. The task
 * of the extended suite (DELTA1_TEST_MULTIPLIER=50) is 10^5 runs. */
static void
never_wrong (void **state)
{
  (void)state;
  int answered = 0, runs = delta1_test_rounds (2000);
  fmpq_t gap;
  fmpq_init (gap);
  for (int run = 0; run < runs; run++)
    {
      tie_choice_t choice = { .problem = problems[delta1_test_random_below (PROBLEMS)],
                              .mixed = delta1_test_random_below (2) == 1,
                              .tier = delta1_test_random_below (3),
                              .largest = delta1_test_random_below (TIE_C),
                              .K = 3 + delta1_test_random_below (5),
                              .L = 20,
                              .R = 1 };
      delta1_budget_t budget = { .precision = 4 + delta1_test_random_below (100) };
      delta1_reason_t reason;
      tie_t tie;
      fmpq_mat_t X;
      char specification[80];
      bool is_tie = delta1_test_random_below (8) == 0;
      slong k = 1 + delta1_test_random_below (80);
      fmpq_zero (gap);
      if (!is_tie)
        power_of_two (gap, k);
      tie_init (&tie, &choice, gap);
      fmpq_mat_init (X, 1, tie.task.shape.N);
      (void)snprintf (specification, sizeof specification, "trustworthy:precision=%ld,step=%ld",
                      (long)(1 + delta1_test_random_below (40)),
                      (long)(1 + delta1_test_random_below (20)));
      delta1_status_t status = tie_run (X, NULL, &tie, specification, DELTA1_RANDOM, &budget,
                                        delta1_test_random (), &reason);
      if (status == DELTA1_OK)
        {
          answered++;
          if (is_tie || !tie_correct (&tie, X, choice.K, false))
            fail_msg ("run %d: %s, tier %ld, gap 2^-%ld%s, K = %ld: a wrong answer", run,
                      delta1_problem_name (choice.problem), (long)choice.tier, (long)k,
                      is_tie ? " (a tie)" : "", (long)choice.K);
        }
      else
        assert_int_equal (status, DELTA1_BUDGET);
      fmpq_mat_clear (X);
      tie_clear (&tie);
    }
  fmpq_clear (gap);
  printf ("# %d of %d answered\n", answered, runs);
  assert_true (answered > runs / 4);
}

/* --- against exact solvers ----------------------------------------------------------------------
 */

static const delta1_task_t patient = { .seconds = 60 };

/* Whether num/den lies in every enclosure and is 0 outside the support. */
static bool
encloses (const delta1_minimiser_t *minimiser, const fmpz *num, const fmpz_t den, slong N)
{
  slong k = 0;
  bool inside = true;
  fmpq_t x;
  fmpq_init (x);
  for (slong j = 0; j < N; j++)
    {
      fmpq_set_fmpz_frac (x, num + j, den);
      if (k < minimiser->size && minimiser->column[k] == j)
        inside = arb_contains_fmpq (minimiser->x + k++, x) && inside;
      else
        inside = inside && fmpq_is_zero (x);
    }
  fmpq_clear (x);
  return inside;
}

/* esolver's answer, exactly; false when it has none. */
static bool
ask_esolver (fmpz *num, fmpz_t den, const fmpz_mat_t A, const fmpz *y)
{
  char path[300], command[700], line[4096];
  slong N = fmpz_mat_ncols (A);
  bool variables = false, optimal = false;
  fmpq_t value;
  fmpq *x = _fmpq_vec_init (N);
  (void)snprintf (path, sizeof path, "%s/model.lp", delta1_test_directory ());
  FILE *file = fopen (path, "w");
  assert_non_null (file);
  fprintf (file, "Minimize\n obj:");
  for (slong j = 0; j < N; j++)
    fprintf (file, " + x%ld", (long)j);
  fprintf (file, "\nSubject To\n");
  for (slong i = 0; i < fmpz_mat_nrows (A); i++)
    {
      fprintf (file, " c%ld:", (long)i);
      for (slong j = 0; j < N; j++)
        if (!fmpz_is_zero (fmpz_mat_entry (A, i, j)))
          fprintf (file, " %+ld x%ld", (long)fmpz_get_si (fmpz_mat_entry (A, i, j)), (long)j);
      fprintf (file, " = %ld\n", (long)fmpz_get_si (y + i));
    }
  fprintf (file, "End\n");
  assert_int_equal (fclose (file), 0);
  (void)snprintf (command, sizeof command, "cd '%s' && esolver -L -O model.sol model.lp > log 2>&1",
                  delta1_test_directory ());
  bool ran = system (command) == 0;
  (void)snprintf (path, sizeof path, "%s/model.sol", delta1_test_directory ());
  file = ran ? fopen (path, "r") : NULL;
  fmpq_init (value);
  while (file != NULL && fgets (line, sizeof line, file) != NULL)
    {
      long j;
      char number[4000];
      if (strstr (line, "status OPTIMAL") != NULL)
        optimal = true;
      if (strchr (line, ':') != NULL)
        variables = strstr (line, "VARS:") != NULL;
      else if (variables && sscanf (line, " x%ld = %3999s", &j, number) == 2)
        assert_int_equal (fmpq_set_str (x + j, number, 10), 0);
    }
  if (file != NULL)
    (void)fclose (file);
  fmpz_one (den);
  for (slong j = 0; j < N; j++)
    fmpz_lcm (den, den, fmpq_denref (x + j));
  for (slong j = 0; j < N; j++)
    {
      fmpz_divexact (num + j, den, fmpq_denref (x + j));
      fmpz_mul (num + j, num + j, fmpq_numref (x + j));
    }
  fmpq_clear (value);
  _fmpq_vec_clear (x, N);
  return optimal;
}

/* min sum x, A x = y, x >= 0, integers; y = A x_0 with x_0 >= 0: feasible, bounded. */
static void
linear_programs (void **state)
{
  (void)state;
  bool has_esolver = system ("command -v esolver > /dev/null 2>&1") == 0;
  int rounds = delta1_test_rounds (200), certified = 0, compared = 0;
  for (int round = 0; round < rounds; round++)
    {
      slong m = 2 + delta1_test_random_below (5), N = m + 1 + delta1_test_random_below (8);
      delta1_data_t data;
      delta1_solution_t solution;
      delta1_reason_t reason;
      delta1_solve_options_t options = delta1_solve_defaults;
      delta1_deadline_t deadline = delta1_deadline_start ("test", &patient);
      fmpz_mat_t A;
      fmpz *y = _fmpz_vec_init (m), *num = _fmpz_vec_init (N), *cost = _fmpz_vec_init (N);
      fmpz_t den;
      fmpz_init (den);
      fmpz_mat_init (A, m, N);
      assert_ok (delta1_data_init (&data, DELTA1_LP, m, N, &reason), reason);
      for (slong j = 0; j < N; j++)
        {
          slong x = delta1_test_random_below (6);
          fmpz_one (cost + j);
          for (slong i = 0; i < m; i++)
            {
              fmpz_set_si (fmpz_mat_entry (A, i, j), delta1_test_random_below (41) - 15);
              fmpz_addmul_si (y + i, fmpz_mat_entry (A, i, j), x);
              fmpq_set_fmpz (data.A + i * N + j, fmpz_mat_entry (A, i, j));
            }
        }
      for (slong i = 0; i < m; i++)
        fmpq_set_fmpz (data.y + i, y + i);
      options.digits = 12;
      options.max_precision = 1000;
      delta1_solution_init (&solution);
      assert_ok (delta1_solve_data (&solution, &data, &options, &reason), reason);
      if (solution.verdict == DELTA1_SOLVE_DETERMINED)
        {
          certified++;
          assert_ok (delta1_simplex (num, den, A, y, cost, &deadline, &reason), reason);
          assert_true (encloses (&solution.minimiser, num, den, N));
          if (has_esolver)
            {
              compared++;
              assert_true (ask_esolver (num, den, A, y));
              assert_true (encloses (&solution.minimiser, num, den, N));
            }
        }
      delta1_solution_clear (&solution);
      delta1_data_clear (&data);
      fmpz_mat_clear (A);
      _fmpz_vec_clear (y, m);
      _fmpz_vec_clear (num, N);
      _fmpz_vec_clear (cost, N);
      fmpz_clear (den);
    }
  printf ("# %d of %d linear programs certified, %d compared with esolver\n", certified, rounds,
          compared);
  assert_true (certified > rounds * 9 / 10);
}

static void
lassos (void **state)
{
  (void)state;
  int rounds = delta1_test_rounds (200), certified = 0;
  for (int round = 0; round < rounds; round++)
    {
      slong m = 2 + delta1_test_random_below (6), N = 2 + delta1_test_random_below (10);
      delta1_data_t data;
      delta1_solution_t solution;
      delta1_reason_t reason;
      delta1_solve_options_t options = delta1_solve_defaults;
      delta1_deadline_t deadline = delta1_deadline_start ("test", &patient);
      fmpz_mat_t A;
      fmpz *y = _fmpz_vec_init (m), *num = _fmpz_vec_init (N);
      fmpz_t den;
      fmpq_t kappa;
      fmpz_init (den);
      fmpq_init (kappa);
      fmpz_mat_init (A, m, N);
      assert_ok (delta1_data_init (&data, DELTA1_LASSO, m, N, &reason), reason);
      fmpq_set_si (kappa, 1 + delta1_test_random_below (200), 3);
      fmpq_mul_si (data.parameter, kappa, 2);
      for (slong i = 0; i < m; i++)
        {
          fmpz_set_si (y + i, delta1_test_random_below (61) - 30);
          fmpq_set_fmpz (data.y + i, y + i);
          for (slong j = 0; j < N; j++)
            {
              fmpz_set_si (fmpz_mat_entry (A, i, j), delta1_test_random_below (41) - 20);
              fmpq_set_fmpz (data.A + i * N + j, fmpz_mat_entry (A, i, j));
            }
        }
      options.digits = 12;
      options.max_precision = 1000;
      delta1_solution_init (&solution);
      assert_ok (delta1_solve_data (&solution, &data, &options, &reason), reason);
      if (solution.verdict == DELTA1_SOLVE_DETERMINED)
        {
          certified++;
          assert_ok (delta1_homotopy (num, den, A, y, kappa, &deadline, &reason), reason);
          assert_true (encloses (&solution.minimiser, num, den, N));
        }
      delta1_solution_clear (&solution);
      delta1_data_clear (&data);
      fmpz_mat_clear (A);
      _fmpz_vec_clear (y, m);
      _fmpz_vec_clear (num, N);
      fmpz_clear (den);
      fmpq_clear (kappa);
    }
  printf ("# %d of %d lassos certified\n", certified, rounds);
  assert_true (certified > rounds * 95 / 100);
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (every_gap), cmocka_unit_test (every_tie),
          cmocka_unit_test (never_wrong), cmocka_unit_test (linear_programs),
          cmocka_unit_test (lassos) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
