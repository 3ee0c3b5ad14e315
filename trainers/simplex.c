/* simplex: a vertex of the linear program that was read, without rounding (trainers/exact.h).
 *
 * lp: cost (1, ..., 1); bp: x = u - v, u, v >= 0, where the variables are u_1 .. u_N, v_1 .. v_N. R
 * data are R programs.
 *
 * equations=exact takes the equations as they read. Where Ax = y pins an entry of x >= 0 to 0, as
 * everywhere in the tie family, an error 2^-n can leave them without a solution, or with none near
 * the true one. equations=elastic, the default, minimises sum x + 2^h ||Ax - y||_1, h = min(32,
 * n/2) for precision n: the same minimisers whenever the program has a dual solution with entries
 * up to 2^h (exact penalty), and an error 2^-n of an equation moves the objective by 2^(h-n) at
 * most. It is called infeasible when ||Ax - y||_1 > 2^-(n/2) at the minimum. */
#include <stdlib.h>

#include "trainers/builtin.h"
#include "trainers/exact.h"

#define MOST_STIFFNESS 32

enum
{
  ELASTIC,
  EXACT
};

typedef struct
{
  delta1_reading_t reading;
  slong equations;
} options_t;

typedef struct
{
  const options_t *options;
  delta1_deadline_t deadline;
} method_t;

/* The variables: 0 .. N-1 those of the program, then one artificial one for every equation, then
 * the two objectives, which are basic for ever, in the two last rows:
 *   phase 1  f = the sum of the artificial variables = |y|_1 - sum_j (sum_i A_ij) x_j,
 *   phase 2  f = <cost, x>.
 * In the row of an objective a variable with an entry > 0 makes it smaller when it enters. */
typedef struct
{
  delta1_dictionary_t dictionary;
  slong m, N;
  slong pivots;
  const delta1_deadline_t *deadline;
} program_t;

static delta1_status_t
set_up (program_t *program, const fmpz_mat_t A, const fmpz *y, const fmpz *cost,
        delta1_reason_t *reason)
{
  slong m = program->m, N = program->N;
  fmpz_mat_struct *entry = program->dictionary.entry;
  fmpz *phase1, *phase2;

  delta1_status_t status = delta1_dictionary_init (&program->dictionary, m + 2, N, reason);
  if (status != DELTA1_OK)
    return status;
  phase1 = fmpz_mat_entry (entry, m, 0);
  phase2 = fmpz_mat_entry (entry, m + 1, 0);
  for (slong i = 0; i < m; i++)
    {
      fmpz *row = fmpz_mat_entry (entry, i, 0);
      _fmpz_vec_set (row, fmpz_mat_entry (A, i, 0), N);
      fmpz_set (row + N, y + i);
      if (fmpz_sgn (y + i) < 0)
        _fmpz_vec_neg (row, row, N + 1);
      _fmpz_vec_add (phase1, phase1, row, N + 1);
    }
  _fmpz_vec_neg (phase2, cost, N);
  return DELTA1_OK;
}

static bool
artificial (const program_t *program, slong variable)
{
  return variable >= program->N;
}

static delta1_status_t
exchange (program_t *program, slong row, slong column, delta1_reason_t *reason)
{
  return delta1_dictionary_pivot (&program->dictionary, row, column, program->deadline,
                                  ++program->pivots, reason);
}

/* Bland's rule until the objective in `objective` is least. */
static delta1_status_t
minimise (program_t *program, slong objective, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_dictionary_t *d = &program->dictionary;
  for (;;)
    {
      slong column = -1, row = -1;
      for (slong j = 0; j < program->N; j++)
        if (!artificial (program, d->outside[j])
            && fmpz_sgn (fmpz_mat_entry (d->entry, objective, j)) > 0
            && (column < 0 || d->outside[j] < d->outside[column]))
          column = j;
      if (column < 0)
        return DELTA1_OK;
      for (slong i = 0; i < program->m; i++)
        if (fmpz_sgn (fmpz_mat_entry (d->entry, i, column)) > 0)
          {
            int sign = row < 0 ? -1 : delta1_dictionary_compare (d, i, row, program->N, column);
            if (sign < 0 || (sign == 0 && d->basic[i] < d->basic[row]))
              row = i;
          }
      if (row < 0)
        return delta1_fail (reason, DELTA1_FAILED,
                            "trainer %s: the linear program that was read is unbounded",
                            program->deadline->trainer);
      DELTA1_TRY (exchange (program, row, column, reason));
    }
cleanup:
  return status;
}

/* After phase 1: artificial variables that are basic at 0 leave, or their equation follows from the
 * others and its row is 0 in every other column, now and after every pivot. */
static delta1_status_t
drive_out (program_t *program, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_dictionary_t *d = &program->dictionary;
  for (slong i = 0; i < program->m; i++)
    for (slong j = 0; j < program->N && artificial (program, d->basic[i]); j++)
      if (!artificial (program, d->outside[j]) && !fmpz_is_zero (fmpz_mat_entry (d->entry, i, j)))
        DELTA1_TRY (exchange (program, i, j, reason));
cleanup:
  return status;
}

delta1_status_t
delta1_simplex (fmpz *num, fmpz_t den, const fmpz_mat_t A, const fmpz *y, const fmpz *cost,
                const delta1_deadline_t *deadline, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  program_t program = { .m = A->r, .N = A->c, .deadline = deadline };
  slong m = program.m, N = program.N;

  DELTA1_TRY (set_up (&program, A, y, cost, reason));
  DELTA1_TRY (minimise (&program, m, reason));
  if (!fmpz_is_zero (fmpz_mat_entry (program.dictionary.entry, m, N)))
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                             "trainer %s: the linear program that was read is infeasible",
                             deadline->trainer));
  DELTA1_TRY (drive_out (&program, reason));
  DELTA1_TRY (minimise (&program, m + 1, reason));
  _fmpz_vec_zero (num, N);
  for (slong i = 0; i < m; i++)
    if (!artificial (&program, program.dictionary.basic[i]))
      fmpz_set (num + program.dictionary.basic[i], fmpz_mat_entry (program.dictionary.entry, i, N));
  fmpz_set (den, program.dictionary.den);

cleanup:
  delta1_dictionary_clear (&program.dictionary);
  return status;
}

/* The program of a task in integers: `columns` for x, or u and v, then for elastic equations r+ and
 * r-, Ax - y = r- - r+. With A = B 2^-a, y = z 2^-b, x = X 2^(a-b), r = S 2^-b the cost is 2^-b
 * times 2^a sum X + 2^h sum S. */
typedef struct
{
  delta1_integers_t integers;
  slong columns, variables;
  slong stiffness; /* h */
  slong allowed;   /* n/2 */
  fmpz_mat_t matrix;
  fmpz *cost, *num;
  fmpz_t den;
} task_program_t;

static void
task_program_init (task_program_t *p, const delta1_sample_t *sample, bool split, bool elastic)
{
  slong m = sample->shape.m, N = sample->shape.N;
  delta1_integers_init (&p->integers, sample);
  slong shift = p->integers.matrix_shift;
  p->columns = split ? 2 * N : N;
  p->variables = p->columns + (elastic ? 2 * m : 0);
  p->allowed = sample->n / 2;
  p->stiffness = p->allowed < MOST_STIFFNESS ? p->allowed : MOST_STIFFNESS;
  fmpz_mat_init (p->matrix, m, p->variables);
  p->cost = _fmpz_vec_init (p->variables);
  p->num = _fmpz_vec_init (p->variables);
  fmpz_init (p->den);
  for (slong i = 0; i < m; i++)
    {
      fmpz *row = fmpz_mat_entry (p->matrix, i, 0);
      const fmpz *read = fmpz_mat_entry (p->integers.matrix, i, 0);
      _fmpz_vec_set (row, read, N);
      if (split)
        _fmpz_vec_neg (row + N, read, N);
      if (elastic)
        {
          fmpz_one (row + p->columns + i);
          fmpz_set_si (row + p->columns + m + i, -1);
        }
    }
  slong difference = elastic ? p->stiffness - shift : 0;
  for (slong j = 0; j < p->variables; j++)
    {
      fmpz_one (p->cost + j);
      if (j < p->columns && difference < 0)
        fmpz_mul_2exp (p->cost + j, p->cost + j, (ulong)-difference);
      if (j >= p->columns && difference > 0)
        fmpz_mul_2exp (p->cost + j, p->cost + j, (ulong)difference);
    }
}

static void
task_program_clear (task_program_t *p)
{
  delta1_integers_clear (&p->integers);
  fmpz_mat_clear (p->matrix);
  _fmpz_vec_clear (p->cost, p->variables);
  _fmpz_vec_clear (p->num, p->variables);
  fmpz_clear (p->den);
}

/* ||Ax - y||_1 <= 2^-(n/2): sum S <= 2^(b-n/2) den */
static delta1_status_t
check_residual (const task_program_t *p, const char *trainer, delta1_reason_t *reason)
{
  fmpz_t sum;
  arf_t left, right;
  fmpz_init (sum);
  arf_init (left);
  arf_init (right);
  for (slong j = p->columns; j < p->variables; j++)
    fmpz_add (sum, sum, p->num + j);
  arf_set_fmpz (left, sum);
  arf_set_fmpz (right, p->den);
  arf_mul_2exp_si (right, right, p->integers.data_shift - p->allowed);
  bool small = arf_cmp (left, right) <= 0;
  fmpz_clear (sum);
  arf_clear (left);
  arf_clear (right);
  if (small)
    return DELTA1_OK;
  return delta1_fail (reason, DELTA1_FAILED,
                      "trainer %s: the linear program that was read is infeasible: no x >= 0 has "
                      "||Ax - y||_1 <= 2^-%ld",
                      trainer, (long)p->allowed);
}

static delta1_status_t
solve (arb_ptr x, const delta1_sample_t *sample, const delta1_task_t *task, const void *context,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const method_t *method = context;
  slong N = sample->shape.N;
  bool split = task->problem == DELTA1_BP;
  task_program_t p;

  task_program_init (&p, sample, split, method->options->equations == ELASTIC);
  for (slong k = 0; k < sample->shape.R; k++)
    {
      DELTA1_TRY (delta1_simplex (p.num, p.den, p.matrix, fmpz_mat_entry (p.integers.data, k, 0),
                                  p.cost, &method->deadline, reason));
      DELTA1_TRY (check_residual (&p, method->deadline.trainer, reason));
      if (split)
        _fmpz_vec_sub (p.num, p.num, p.num + N, N);
      for (slong j = 0; j < N; j++)
        delta1_exact_store (x + k * N + j, p.num + j, p.den,
                            p.integers.matrix_shift - p.integers.data_shift, sample->n);
    }

cleanup:
  task_program_clear (&p);
  return status;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)seed;
  const options_t *options = algorithm->context;
  if (!algorithm->table->attempts (algorithm, task))
    return delta1_fail (reason, DELTA1_INPUT, "trainer simplex does not solve %s; allowed: lp, bp",
                        delta1_problem_name (task->problem));
  method_t method
      = { .options = options, .deadline = delta1_deadline_start (algorithm->table->name, task) };
  return delta1_reading_run (X, &options->reading, task, oracle, solve, &method, reason);
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->problem == DELTA1_LP || task->problem == DELTA1_BP;
}

static delta1_status_t
create (void **context, const char *text, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_option_t list[DELTA1_READING_OPTION_COUNT + 1];
  options_t *options = malloc (sizeof *options);

  if (options == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer simplex"));
  options->equations = ELASTIC;
  delta1_reading_options (list, &options->reading);
  list[DELTA1_READING_OPTION_COUNT]
      = (delta1_option_t){ "equations", "elastic|exact", 1, 0, &options->equations };
  DELTA1_TRY (
      delta1_options_parse ("simplex", text, list, DELTA1_READING_OPTION_COUNT + 1, reason));
  *context = options;
  options = NULL;

cleanup:
  free (options);
  return status;
}

const delta1_builtin_t delta1_builtin_simplex = {
  .table = { .name = "simplex",
             .summary = "the exact rational simplex method, on what it reads (lp, bp)",
             .options = DELTA1_READING_OPTIONS_TEXT ", equations=elastic|exact",
             .run = run,
             .attempts = attempts,
             .free = free },
  .create = create,
  .default_digits = 30000, /* an exact method costs about 40 runs of a guess */
};
