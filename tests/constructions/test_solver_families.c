/* The families over Q, and runs with known outcomes. */
#include "tests/testing.h"

#include <stdlib.h>
#include <string.h>

#include "constructions/solver_families.h"
#include "src/number.h"

/* The objective of the paper's problem at x, or false when x is not feasible. */
static bool
objective (fmpq_t f, const delta1_solver_input_t *input, const fmpq *x)
{
  fmpq_t t;
  bool feasible = true;
  fmpq_init (t);
  fmpq_zero (f);
  for (slong i = 0; i < input->N; i++)
    {
      fmpq_addmul (t, input->row + i, x + i);
      if (input->problem == DELTA1_LP && fmpq_sgn (x + i) < 0)
        feasible = false;
    }
  fmpq_sub (t, t, input->y);
  if (input->problem == DELTA1_LP)
    {
      feasible = feasible && fmpq_is_zero (t);
      for (slong i = 0; i < input->N; i++)
        fmpq_add (f, f, x + i);
    }
  else
    {
      fmpq_t size;
      fmpq_init (size);
      for (slong i = 0; i < input->N; i++)
        {
          fmpq_abs (size, x + i);
          fmpq_addmul (f, size, input->parameter);
        }
      fmpq_addmul (f, t, t);
      fmpq_clear (size);
    }
  fmpq_clear (t);
  return feasible;
}

/* A slow reference: no other point that is tried is as good as the minimiser. lp: all feasible
 * segments x_1, x_3 given; lasso: random points around it. */
static void
the_solution_is_the_only_minimiser (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq_t best, other, t;
  fmpq_init (best);
  fmpq_init (other);
  fmpq_init (t);
  for (int family = 0; family < DELTA1_SOLVER_FAMILY_COUNT; family++)
    for (slong k = 1; k <= 60; k += k < 5 ? 1 : 11)
      for (int reversed = 0; reversed < 2; reversed++)
        {
          const delta1_solver_instance_t instance
              = { .family = (delta1_solver_family_t)family, .k = k, .reversed = reversed != 0 };
          delta1_solver_input_t input;
          delta1_solver_input_init (&input, &instance);
          assert_ok (delta1_solver_input_check (&input, &reason), reason);
          assert_int_equal (input.column, reversed ? 0 : 1);
          fmpq *x = _fmpq_vec_init (input.N);
          fmpq_set (x + input.column, input.scale);
          assert_true (objective (best, &input, x));
          for (int round = 0; round < delta1_test_rounds (50); round++)
            {
              for (slong i = 0; i < input.N; i++)
                {
                  delta1_test_random_rational (t, 8);
                  if (delta1_test_random_below (2) == 0)
                    fmpq_div_2exp (t, t, (mp_bitcnt_t)k);
                  fmpq_set (x + i, t);
                }
              if (family == DELTA1_SOLVER_LASSO)
                fmpq_add (x + input.column, x + input.column, input.scale);
              else
                { /* feasible: solve the equation for the larger column */
                  fmpq_set (t, input.y);
                  for (slong i = 0; i < input.N; i++)
                    {
                      fmpq_abs (x + i, x + i);
                      if (i != input.column)
                        fmpq_submul (t, input.row + i, x + i);
                    }
                  fmpq_div (x + input.column, t, input.row + input.column);
                }
              bool same = fmpq_equal (x + input.column, input.scale);
              for (slong i = 0; i < input.N; i++)
                same = same && (i == input.column || fmpq_is_zero (x + i));
              if (objective (other, &input, x) && !same)
                assert_true (fmpq_cmp (other, best) > 0);
            }
          _fmpq_vec_clear (x, input.N);
          delta1_solver_input_clear (&input);
        }
  fmpq_clear (best);
  fmpq_clear (other);
  fmpq_clear (t);
}

/* By hand, k = 1: lp beta = 1, x = e_2; lasso beta = 3/2, x = (1 - 1/6)/(3/2) = 5/9. */
static void
by_hand (void **state)
{
  (void)state;
  delta1_solver_input_t input;
  fmpq_t t;
  fmpq_init (t);
  delta1_solver_input_init (&input, &(delta1_solver_instance_t){ DELTA1_SOLVER_LP, 1, false });
  assert_true (fmpq_is_one (input.scale));
  fmpq_set_si (t, 1, 2);
  assert_true (fmpq_equal (input.row, t));
  assert_true (fmpq_is_one (input.row + 1));
  fmpq_set_si (t, -1, 1);
  assert_true (fmpq_equal (input.row + 2, t));
  delta1_solver_input_clear (&input);
  delta1_solver_input_init (&input, &(delta1_solver_instance_t){ DELTA1_SOLVER_LASSO, 1, true });
  fmpq_set_si (t, 5, 9);
  assert_true (fmpq_equal (input.scale, t));
  fmpq_set_si (t, 3, 2);
  assert_true (fmpq_equal (input.row, t));
  assert_true (fmpq_is_one (input.row + 1));
  fmpq_set_si (t, 1, 2);
  assert_true (fmpq_equal (input.parameter, t));
  delta1_solver_input_clear (&input);
  fmpq_clear (t);
}

/* Every condition is looked at: break each one. */
static void
the_check_refuses (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const char *const words[DELTA1_SOLVER_FAMILY_COUNT][4]
      = { { "A_B^-1 y", "reduced cost", "A_B^-1 y", "invertible" },
          { "lambda sgn", "A_i^T", "sgn x", "injective" } };
  for (int family = 0; family < DELTA1_SOLVER_FAMILY_COUNT; family++)
    for (int broken = 0; broken < 4; broken++)
      {
        delta1_solver_input_t input;
        const delta1_solver_instance_t instance
            = { .family = (delta1_solver_family_t)family, .k = 3 };
        delta1_solver_input_init (&input, &instance);
        if (broken == 0)
          fmpq_add_ui (input.scale, input.scale, 1);
        else if (broken == 1)
          fmpq_set (input.row, input.row + 1); /* a tie */
        else if (broken == 2)
          {
            fmpq_neg (input.scale, input.scale);
            fmpq_neg (input.y, input.y);
          }
        else
          fmpq_zero (input.row + 1);
        assert_refused (delta1_solver_input_check (&input, &reason), DELTA1_FAILED, reason,
                        words[family][broken]);
        delta1_solver_input_clear (&input);
      }
}

/* --- runs ------------------------------------------------------------------------------------- */

/* Answers what its context says: numbers separated by spaces, and reads everything at n = k + 2. */
static delta1_status_t
run_fixed (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
           delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)seed;
  char text[200];
  fmpz_t m;
  fmpz_init (m);
  delta1_status_t status = delta1_oracle_ask (oracle, m, 0, 7, reason);
  fmpz_clear (m);
  (void)snprintf (text, sizeof text, "%s", (const char *)algorithm->context);
  char *rest = text;
  for (slong i = 0; status == DELTA1_OK && i < task->shape.N; i++)
    status = delta1_number_parse (fmpq_mat_entry (X, 0, i), strtok_r (rest, " ", &rest), reason);
  delta1_task_say (task, "OPT\nIMAL");
  return status;
}

static delta1_status_t
run_refuse (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
            delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)algorithm;
  (void)X;
  (void)task;
  (void)oracle;
  (void)seed;
  return delta1_fail (reason, DELTA1_FAILED, "not today");
}

static bool
attempts_lp (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->problem == DELTA1_LP;
}

static const delta1_algorithm_table_t fixed
    = { .name = "fixed", .run = run_fixed, .attempts = attempts_lp };
static const delta1_algorithm_table_t refuse
    = { .name = "refuse", .run = run_refuse, .attempts = attempts_lp };

static void
runs_are_judged (void **state)
{
  (void)state;
  static const struct
  {
    slong family, k;
    const char *x;
    delta1_verdict_t verdict;
    slong digits;
    bool support, exact;
    const char *squared; /* the squared error */
  } cases[] = {
    { DELTA1_SOLVER_LP, 1, "0 1 0", DELTA1_CORRECT, 0, true, true, "0" },
    { DELTA1_SOLVER_LP, 1, "2 0 0", DELTA1_WRONG, -1, false, false, "5" },
    { DELTA1_SOLVER_LP, 1, "0 1 1e-6", DELTA1_CORRECT, 6, true, false, "1e-12" },
    { DELTA1_SOLVER_LP, 1, "0 1 0.000001000000000001", DELTA1_WRONG, 5, false, false,
      "0.000000000001000000000002000000000001" },
    { DELTA1_SOLVER_LP, 1, "0 1.5 0", DELTA1_WRONG, 0, true, false, "0.25" },
    { DELTA1_SOLVER_LASSO, 1, "0 5/9", DELTA1_CORRECT, 0, true, true, "0" },
    { DELTA1_SOLVER_LASSO, 1, "5/9 0", DELTA1_WRONG, 0, false, false, "50/81" },
  };
  delta1_solver_run_t run;
  fmpq_t squared, wanted;
  delta1_reason_t reason;
  delta1_solver_run_init (&run);
  fmpq_init (squared);
  fmpq_init (wanted);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      delta1_algorithm_t algorithm
          = { .table = &fixed, .label = (char *)"fixed", .context = (char *)cases[i].x };
      const delta1_solver_instance_t instance
          = { .family = (delta1_solver_family_t)cases[i].family, .k = cases[i].k };
      assert_ok (delta1_solver_play (&run, &instance, &algorithm, 10, &reason), reason);
      assert_int_equal (run.verdict, cases[i].verdict);
      assert_int_equal (run.digits, cases[i].digits);
      assert_int_equal (run.support, cases[i].support);
      assert_int_equal (fmpz_is_zero (run.num), cases[i].exact);
      assert_ok (delta1_number_parse (wanted, cases[i].squared, &reason), reason);
      fmpq_set_fmpz_frac (squared, run.num, run.den);
      assert_true (fmpq_equal (squared, wanted));
      assert_string_equal (run.said.text, "OPT?IMAL");
      assert_int_equal (run.usage.precision, 7);
    }
  delta1_algorithm_t silent = { .table = &refuse, .label = (char *)"refuse" };
  const delta1_solver_instance_t instance = { .family = DELTA1_SOLVER_LP, .k = 9 };
  assert_ok (delta1_solver_play (&run, &instance, &silent, 10, &reason), reason);
  assert_int_equal (run.verdict, DELTA1_NO_ANSWER);
  assert_string_equal (run.reason.text, "not today");
  assert_string_equal (run.said.text, "");
  assert_true (delta1_solver_attempts (&silent, DELTA1_SOLVER_LP));
  assert_false (delta1_solver_attempts (&silent, DELTA1_SOLVER_LASSO));
  fmpq_clear (squared);
  fmpq_clear (wanted);
  delta1_solver_run_clear (&run);
}

/* The theorem's algorithm: right for every k, with about k samples, and no digits beyond. */
static void
separate_is_never_wrong (void **state)
{
  (void)state;
  delta1_algorithm_t *separate;
  delta1_solver_run_t run;
  delta1_reason_t reason;
  assert_ok (delta1_solver_create_separate (&separate, &reason), reason);
  delta1_solver_run_init (&run);
  for (int family = 0; family < DELTA1_SOLVER_FAMILY_COUNT; family++)
    for (slong k = 1; k <= 1200; k += k < 70 ? 1 : 97)
      for (int reversed = 0; reversed < 2; reversed++)
        {
          const delta1_solver_instance_t instance
              = { .family = (delta1_solver_family_t)family, .k = k, .reversed = reversed != 0 };
          assert_ok (delta1_solver_play (&run, &instance, separate, 60, &reason), reason);
          assert_int_equal (run.verdict, DELTA1_CORRECT);
          assert_true (run.support);
          assert_true (run.usage.precision <= 2 * (k + 2) * 2 + 24);
          assert_string_equal (run.said.text, "proved");
        }
  delta1_solver_run_clear (&run);
  delta1_algorithm_free (separate);
}

/* ... whatever legal answers it gets. */
static void
separate_trusts_no_rounding (void **state)
{
  (void)state;
  delta1_algorithm_t *separate;
  delta1_reason_t reason;
  fmpq_mat_t X;
  fmpq_mat_init (X, 1, 3);
  assert_ok (delta1_solver_create_separate (&separate, &reason), reason);
  for (int round = 0; round < delta1_test_rounds (400); round++)
    {
      const delta1_solver_instance_t instance
          = { DELTA1_SOLVER_LP, 1 + delta1_test_random_below (12), round % 2 != 0 };
      delta1_solver_input_t input;
      delta1_source_t *source;
      delta1_oracle_t *oracle;
      fmpq *entries = _fmpq_vec_init (4);
      delta1_solver_input_init (&input, &instance);
      for (slong i = 0; i < 3; i++)
        fmpq_set (entries + i, input.row + i);
      fmpq_one (entries + 3);
      assert_ok (delta1_source_create_rational (&source, entries, 4, &reason), reason);
      assert_ok (delta1_oracle_create_honest (&oracle, source, DELTA1_RANDOM, delta1_test_random (),
                                              &reason),
                 reason);
      delta1_task_t task
          = { .problem = DELTA1_LP, .shape = { .m = 1, .N = 3, .R = 1 }, .digits = 6 };
      assert_ok (separate->table->run (separate, X, &task, oracle, 1, &reason), reason);
      assert_true (fmpq_sgn (fmpq_mat_entry (X, 0, input.column)) > 0);
      assert_true (fmpq_is_zero (fmpq_mat_entry (X, 0, 1 - input.column)));
      delta1_oracle_free (oracle);
      delta1_source_free (source);
      _fmpq_vec_clear (entries, 4);
      delta1_solver_input_clear (&input);
    }
  delta1_algorithm_free (separate);
  fmpq_mat_clear (X);
}

/* 10^-digits <= 2^-k, and hardly more digits than that. */
static void
digits_reach_the_gap (void **state)
{
  (void)state;
  fmpz_t two, ten;
  fmpz_init (two);
  fmpz_init (ten);
  for (slong k = 1; k <= DELTA1_SOLVER_MAX_K; k += k < 400 ? 1 : 9973)
    {
      slong digits = delta1_solver_digits (k);
      fmpz_ui_pow_ui (ten, 10, (ulong)digits);
      fmpz_ui_pow_ui (two, 2, (ulong)k);
      assert_true (fmpz_cmp (ten, two) >= 0 && digits >= DELTA1_SOLVER_DIGITS);
      assert_true (digits == DELTA1_SOLVER_DIGITS || digits <= k * 31 / 100 + 1);
    }
  fmpz_clear (two);
  fmpz_clear (ten);
}

/* What an algorithm says is one line of at most 200 bytes, cut between characters. */
static void
what_is_said (void **state)
{
  (void)state;
  delta1_said_t said;
  delta1_task_t task = { .said = &said };
  char text[300];
  delta1_task_say (&task, "a\tb\x7f\xc2\x85\xc3\xa9");
  assert_string_equal (said.text, "a?b???\xc3\xa9");
  memset (text, 'x', sizeof text);
  memcpy (text + 199, "\xe2\x82\xac", 3);
  text[299] = '\0';
  delta1_task_say (&task, text);
  assert_int_equal (strlen (said.text), 199);
  task.said = NULL;
  delta1_task_say (&task, "nobody listens");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_solution_is_the_only_minimiser),
    cmocka_unit_test (by_hand),
    cmocka_unit_test (the_check_refuses),
    cmocka_unit_test (runs_are_judged),
    cmocka_unit_test (separate_is_never_wrong),
    cmocka_unit_test (separate_trusts_no_rounding),
    cmocka_unit_test (digits_reach_the_gap),
    cmocka_unit_test (what_is_said),
  };
  return cmocka_run_group_tests_name ("solver_families", tests, NULL, NULL);
}
