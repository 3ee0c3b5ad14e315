#include "constructions/solver_families.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "src/number.h"

const char *
delta1_solver_family_name (delta1_solver_family_t family)
{
  return family == DELTA1_SOLVER_LP ? "lp" : "lasso";
}

/* --- inputs ----------------------------------------------------------------------------------- */

/* s = 1/a for lp, (1 - lambda/(2a))/a = (2a - lambda)/(2a^2) for lasso: the minimiser's entry at
 * the larger column a > 0 when y = 1. */
static void
set_scale (fmpq_t s, const fmpq_t a, const fmpq_t lambda, delta1_problem_t problem)
{
  fmpq_t t;
  fmpq_init (t);
  fmpq_inv (t, a);
  if (problem == DELTA1_LP)
    fmpq_set (s, t);
  else
    {
      fmpq_mul (s, lambda, t);
      fmpq_div_2exp (s, s, 1);
      fmpq_sub_ui (s, s, 1);
      fmpq_neg (s, s);
      fmpq_mul (s, s, t);
    }
  fmpq_clear (t);
}

void
delta1_solver_input_init (delta1_solver_input_t *input, const delta1_solver_instance_t *instance)
{
  bool lp = instance->family == DELTA1_SOLVER_LP;
  *input = (delta1_solver_input_t){ .problem = lp ? DELTA1_LP : DELTA1_LASSO,
                                    .N = lp ? 3 : 2,
                                    .column = instance->reversed ? 0 : 1 };
  input->row = _fmpq_vec_init (input->N);
  fmpq_init (input->y);
  fmpq_init (input->parameter);
  fmpq_init (input->scale);
  fmpq_one (input->y);
  fmpq *smaller = input->row + (1 - input->column), *larger = input->row + input->column;
  fmpq_one (smaller);
  fmpq_one (larger);
  if (lp)
    fmpq_div_2exp (smaller, smaller, 1);
  else
    fmpq_set_si (input->parameter, 1, 2);
  fmpq_div_2exp (larger, larger, (mp_bitcnt_t)instance->k);
  fmpq_add (larger, larger, smaller);
  if (lp)
    fmpq_set_si (input->row + 2, -1, 1);
  set_scale (input->scale, larger, input->parameter, input->problem);
}

void
delta1_solver_input_clear (delta1_solver_input_t *input)
{
  _fmpq_vec_clear (input->row, input->N);
  fmpq_clear (input->y);
  fmpq_clear (input->parameter);
  fmpq_clear (input->scale);
}

static delta1_status_t
fails (delta1_reason_t *reason, const char *lemma, const char *condition, slong i)
{
  return delta1_fail (reason, DELTA1_FAILED, "%s: %s does not hold (column %ld)", lemma, condition,
                      (long)i);
}

/* Lemma 4.5 with the basis {column}: cost 1 everywhere. */
static delta1_status_t
check_lp (const delta1_solver_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const fmpq *a = input->row + input->column;
  fmpq_t t;
  fmpq_init (t);
  if (fmpq_is_zero (a))
    DELTA1_TRY (fails (reason, "Lemma 4.5", "A_B invertible", input->column));
  fmpq_div (t, input->y, a);
  if (fmpq_sgn (t) <= 0 || !fmpq_equal (t, input->scale))
    DELTA1_TRY (fails (reason, "Lemma 4.5", "A_B^-1 y = x > 0", input->column));
  for (slong i = 0; i < input->N; i++)
    {
      if (i == input->column)
        continue;
      fmpq_div (t, input->row + i, a);
      fmpq_sub_ui (t, t, 1);
      if (fmpq_sgn (t) >= 0)
        DELTA1_TRY (fails (reason, "Lemma 4.5", "reduced cost 1 - A_i/A_B > 0", i));
    }
cleanup:
  fmpq_clear (t);
  return status;
}

/* Lemma 4.1 with Delta = {column}, w = 1. */
static delta1_status_t
check_lasso (const delta1_solver_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const fmpq *a = input->row + input->column;
  fmpq_t residual, t;
  fmpq_init (residual);
  fmpq_init (t);
  fmpq_mul (residual, a, input->scale);
  fmpq_sub (residual, input->y, residual);
  fmpq_mul_2exp (residual, residual, 1); /* 2(y - A x) */
  if (fmpq_is_zero (a))
    DELTA1_TRY (fails (reason, "Lemma 4.1", "A_Delta injective", input->column));
  if (fmpq_sgn (input->scale) <= 0)
    DELTA1_TRY (fails (reason, "Lemma 4.1", "sgn x > 0", input->column));
  fmpq_mul (t, a, residual);
  if (!fmpq_equal (t, input->parameter))
    DELTA1_TRY (
        fails (reason, "Lemma 4.1", "2 A_Delta^T (A_Delta x - y) + lambda sgn = 0", input->column));
  for (slong i = 0; i < input->N; i++)
    {
      if (i == input->column)
        continue;
      fmpq_mul (t, input->row + i, residual);
      fmpq_abs (t, t);
      if (fmpq_cmp (t, input->parameter) >= 0)
        DELTA1_TRY (fails (reason, "Lemma 4.1", "2 |A_i^T (y - A_Delta x)| < lambda", i));
    }
cleanup:
  fmpq_clear (residual);
  fmpq_clear (t);
  return status;
}

delta1_status_t
delta1_solver_input_check (const delta1_solver_input_t *input, delta1_reason_t *reason)
{
  return input->problem == DELTA1_LP ? check_lp (input, reason) : check_lasso (input, reason);
}

/* --- runs ------------------------------------------------------------------------------------- */

void
delta1_solver_run_init (delta1_solver_run_t *run)
{
  *run = (delta1_solver_run_t){ .verdict = DELTA1_NO_ANSWER };
  fmpz_init (run->num);
  fmpz_init_set_ui (run->den, 1);
  fmpq_mat_init (run->X, 0, 0);
}

void
delta1_solver_run_clear (delta1_solver_run_t *run)
{
  fmpz_clear (run->num);
  fmpz_clear (run->den);
  fmpq_mat_clear (run->X);
  delta1_transcript_free (run->transcript);
}

slong
delta1_solver_digits (slong k)
{
  slong digits = (k * 30103 + 99999) / 100000; /* 0.30103 > log10(2) */
  return digits > DELTA1_SOLVER_DIGITS ? digits : DELTA1_SOLVER_DIGITS;
}

static void
task_init (delta1_task_t *task, const delta1_solver_input_t *input, slong k, double seconds)
{
  *task = (delta1_task_t){ .problem = input->problem,
                           .shape = { .m = 1, .N = input->N, .R = 1 },
                           .digits = delta1_solver_digits (k),
                           .seconds = seconds };
  fmpq_init (task->parameter);
  fmpq_set (task->parameter, input->parameter);
}

bool
delta1_solver_attempts (const delta1_algorithm_t *algorithm, delta1_solver_family_t family)
{
  const delta1_solver_instance_t instance = { .family = family, .k = 1 };
  delta1_solver_input_t input;
  delta1_task_t task;
  delta1_solver_input_init (&input, &instance);
  task_init (&task, &input, 1, 0);
  bool attempts = algorithm->table->attempts (algorithm, &task);
  fmpq_clear (task.parameter);
  delta1_solver_input_clear (&input);
  return attempts;
}

/* The entries as delta1_shape_t numbers them: the row, then y. */
static delta1_status_t
make_source (delta1_source_t **source, const delta1_solver_input_t *input, delta1_reason_t *reason)
{
  fmpq *entries = _fmpq_vec_init (input->N + 1);
  for (slong i = 0; i < input->N; i++)
    fmpq_set (entries + i, input->row + i);
  fmpq_set (entries + input->N, input->y);
  delta1_status_t status = delta1_source_create_rational (source, entries, input->N + 1, reason);
  _fmpq_vec_clear (entries, input->N + 1);
  return status;
}

static double
now (void)
{
  struct timespec t;
  (void)clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
judge (delta1_solver_run_t *run, const delta1_solver_input_t *input)
{
  delta1_face_t face = { .size = 1, .face = &input->column };
  fmpq_t small, size;
  fmpq_init (face.scale);
  fmpq_init (small);
  fmpq_init (size);
  fmpq_set (face.scale, input->scale);
  const fmpq *x = fmpq_mat_entry (run->X, 0, 0);
  delta1_face_distance_squared (run->num, run->den, x, input->N, &face);
  run->digits = fmpz_is_zero (run->num) ? 0 : delta1_distance_digits (run->num, run->den);
  run->verdict = delta1_distance_cmp_digits (run->num, run->den, DELTA1_SOLVER_DIGITS) <= 0
                     ? DELTA1_CORRECT
                     : DELTA1_WRONG;
  delta1_number_set_digits (small, DELTA1_SOLVER_DIGITS);
  run->support = true;
  for (slong i = 0; i < input->N; i++)
    {
      fmpq_abs (size, x + i);
      run->support = run->support && (fmpq_cmp (size, small) > 0) == (i == input->column);
    }
  fmpq_clear (face.scale);
  fmpq_clear (small);
  fmpq_clear (size);
}

delta1_status_t
delta1_solver_play (delta1_solver_run_t *run, const delta1_solver_instance_t *instance,
                    const delta1_algorithm_t *algorithm, double seconds, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_solver_input_t input;
  delta1_task_t task;
  delta1_source_t *source = NULL;
  delta1_oracle_t *oracle = NULL;
  delta1_meter_t *meter = NULL;
  delta1_budget_t budget = delta1_budget_unlimited;
  delta1_reason_t why;
  budget.seconds = seconds;
  run->instance = *instance;
  run->verdict = DELTA1_NO_ANSWER;
  run->said.text[0] = '\0';
  run->reason.text[0] = '\0';
  delta1_solver_input_init (&input, instance);
  task_init (&task, &input, instance->k, seconds);
  task.said = &run->said;
  fmpq_mat_clear (run->X);
  fmpq_mat_init (run->X, 1, input.N);

  if (delta1_solver_input_check (&input, &why) != DELTA1_OK)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "a defect of delta1: %.900s", why.text));
  DELTA1_TRY (make_source (&source, &input, reason));
  DELTA1_TRY (delta1_oracle_create_honest (&oracle, source, DELTA1_NEAREST, 0, reason));
  delta1_transcript_free (run->transcript);
  run->transcript = NULL;
  DELTA1_TRY (delta1_transcript_create (&run->transcript, reason));
  DELTA1_TRY (delta1_meter_create (&meter, oracle, &budget, run->transcript, reason));
  double start = now ();
  delta1_status_t ran = algorithm->table->run (algorithm, run->X, &task,
                                               delta1_meter_oracle (meter), 1, &run->reason);
  run->seconds = now () - start;
  run->usage = delta1_meter_usage (meter);
  if (ran == DELTA1_SYSTEM)
    DELTA1_TRY (delta1_fail (reason, ran, "%.500s: %.400s", algorithm->label, run->reason.text));
  if (ran == DELTA1_BUDGET)
    run->verdict = DELTA1_OVER_BUDGET;
  if (ran != DELTA1_OK)
    goto cleanup;
  run->reason.text[0] = '\0';
  if (delta1_transcript_legal (run->transcript, source, &why) != DELTA1_OK)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "a defect of delta1: %.900s", why.text));
  judge (run, &input);

cleanup:
  delta1_meter_free (meter);
  delta1_oracle_free (oracle);
  delta1_source_free (source);
  fmpq_clear (task.parameter);
  delta1_solver_input_clear (&input);
  return status;
}

/* --- the algorithm that is never wrong -------------------------------------------------------- */

/* a = m 2^-n, the answer for column j. */
static delta1_status_t
ask_column (fmpq_t a, delta1_oracle_t *oracle, slong j, slong n, delta1_reason_t *reason)
{
  fmpz_t m;
  fmpz_init (m);
  delta1_status_t status = delta1_oracle_ask (oracle, m, j, n, reason);
  fmpq_set_fmpz (a, m);
  fmpq_div_2exp (a, a, (mp_bitcnt_t)n);
  fmpz_clear (m);
  return status;
}

/* n doubles: the last question of a limit is still asked, so that a meter counts it. */
static slong
doubled (slong n)
{
  return n < DELTA1_ORACLE_MAX_PRECISION / 2 ? 2 * n : DELTA1_ORACLE_MAX_PRECISION;
}

/* Columns 0 and 1 hold c and c + 2^-k, all else is known. |a - b| > 2 2^-n for two answers proves
 * which one is larger. The entry a of the larger column is >= 1/2, and for a >= 1/2 (lp), a >= 1
 * (lasso) the minimiser's entry has a derivative of at most 4 in absolute value: |1/a^2| <= 4,
 * |-1/a^2 + lambda/a^3| <= 1; an answer raised to that bound if it lies below is no farther off. So
 * n >= log2(10) digits + 2 proves the digits. */
static delta1_status_t
separate (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
          delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong n = 1, column = -1;
  fmpq_t a[2], gap, least;
  (void)algorithm;
  (void)seed;
  fmpq_init (a[0]);
  fmpq_init (a[1]);
  fmpq_init (gap);
  fmpq_init (least);
  for (; column < 0; n = doubled (n))
    {
      DELTA1_TRY (ask_column (a[0], oracle, 0, n, reason));
      DELTA1_TRY (ask_column (a[1], oracle, 1, n, reason));
      fmpq_sub (gap, a[1], a[0]);
      int sign = fmpq_sgn (gap);
      fmpq_abs (gap, gap);
      fmpq_mul_2exp (gap, gap, (mp_bitcnt_t)n);
      fmpq_sub_ui (gap, gap, 2);
      if (fmpq_sgn (gap) > 0)
        column = sign > 0;
      else if (n == DELTA1_ORACLE_MAX_PRECISION)
        DELTA1_TRY (delta1_fail (reason, DELTA1_UNDECIDED,
                                 "the two columns are not separated at precision %ld", (long)n));
    }
  slong enough = task->digits * 3322 / 1000 + 3;
  DELTA1_TRY (ask_column (a[0], oracle, column, n > enough ? n : enough, reason));
  fmpq_set_si (least, 1, task->problem == DELTA1_LP ? 2 : 1);
  if (fmpq_cmp (a[0], least) < 0)
    fmpq_set (a[0], least);
  fmpq_mat_zero (X);
  set_scale (fmpq_mat_entry (X, 0, column), a[0], task->parameter, task->problem);
  delta1_task_say (task, "proved");
cleanup:
  fmpq_clear (a[0]);
  fmpq_clear (a[1]);
  fmpq_clear (gap);
  fmpq_clear (least);
  return status;
}

static bool
separate_attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return (task->problem == DELTA1_LP && task->shape.N == 3)
         || (task->problem == DELTA1_LASSO && task->shape.N == 2);
}

static const delta1_algorithm_table_t separate_table = {
  .name = "separate",
  .summary = "the theorem's algorithm for the solver families: reads until the columns separate",
  .options = "",
  .run = separate,
  .attempts = separate_attempts,
};

delta1_status_t
delta1_solver_create_separate (delta1_algorithm_t **algorithm, delta1_reason_t *reason)
{
  delta1_algorithm_t *made = calloc (1, sizeof *made);
  char *label = strdup (separate_table.name);
  *algorithm = NULL;
  if (made == NULL || label == NULL)
    {
      free (made);
      free (label);
      return delta1_fail (reason, DELTA1_SYSTEM, "no memory for an algorithm");
    }
  *made = (delta1_algorithm_t){ .table = &separate_table, .label = label };
  *algorithm = made;
  return DELTA1_OK;
}
