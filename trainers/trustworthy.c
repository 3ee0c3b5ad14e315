#include "trainers/trustworthy.h"

#include <stdlib.h>

#include "trainers/builtin.h"
#include "trainers/options.h"
#include "trainers/reading.h"

#define DEFAULT_STEP 16
#define FIRST_GUARD 8
#define MAX_DIGITS 1000000

typedef struct
{
  slong first; /* 0: from the digits */
  slong step;
} context_t;

/* Where the supply reads. */
typedef struct
{
  const delta1_task_t *task;
  delta1_oracle_t *oracle;
  slong k;
} reader_t;

/* x = every number the answer m 2^-n allows. */
static delta1_status_t
read_entry (arb_t x, delta1_oracle_t *oracle, fmpz_t m, slong entry, slong n,
            delta1_reason_t *reason)
{
  delta1_status_t status = delta1_oracle_ask (oracle, m, entry, n, reason);
  if (status == DELTA1_OK)
    {
      arb_set_fmpz (x, m);
      mag_one (arb_radref (x));
      arb_mul_2exp_si (x, x, -n);
    }
  return status;
}

static delta1_status_t
read_sample (void *context, delta1_instance_t *instance, slong n, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const reader_t *reader = context;
  const delta1_shape_t *shape = &reader->task->shape;
  fmpz_t m;
  fmpz_init (m);
  delta1_instance_prepare (instance, n + 64);
  for (slong i = 0; i < shape->m; i++)
    for (slong j = 0; j < shape->N; j++)
      DELTA1_TRY (read_entry (instance->A + j * shape->m + i, reader->oracle, m,
                              delta1_shape_matrix_entry (shape, i, j), n, reason));
  for (slong i = 0; i < shape->m; i++)
    DELTA1_TRY (read_entry (instance->y + i, reader->oracle, m,
                            delta1_shape_data_entry (shape, reader->k, i), n, reason));
  arb_set_fmpq (instance->parameter, reader->task->parameter, instance->prec);

cleanup:
  fmpz_clear (m);
  return status;
}

delta1_status_t
delta1_trustworthy_solve (delta1_solution_t *solution, const delta1_task_t *task,
                          delta1_oracle_t *oracle, slong k, const delta1_solve_options_t *options,
                          delta1_reason_t *reason)
{
  reader_t reader = { .task = task, .oracle = oracle, .k = k };
  delta1_supply_t supply = { .problem = task->problem,
                             .m = task->shape.m,
                             .N = task->shape.N,
                             .read = read_sample,
                             .context = &reader };
  return delta1_solve_supply (solution, &supply, options, reason);
}

/* The budget ends in the oracle: asked above what is allowed, it refuses, and the run is one that
 * did not halt. */
static delta1_status_t
ask_beyond (delta1_oracle_t *oracle, const delta1_solution_t *solution, delta1_reason_t *reason)
{
  fmpz_t m;
  delta1_reason_t said = { "" };
  fmpz_init (m);
  delta1_status_t status = delta1_oracle_ask (oracle, m, 0, solution->precision + 1, &said);
  fmpz_clear (m);
  if (status == DELTA1_OK || status == DELTA1_BUDGET)
    return delta1_fail (reason, DELTA1_BUDGET, "%s", solution->why.text);
  return delta1_fail (reason, status, "%s", said.text);
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const context_t *context = algorithm->context;
  delta1_solution_t solution;
  delta1_solve_options_t options = delta1_solve_defaults;
  (void)seed;
  options.digits = task->digits;
  options.first = context->first > 0 ? context->first
                                     : delta1_reading_digits_to_bits (task->digits) + FIRST_GUARD;
  options.step = context->step;
  options.max_precision
      = task->max_precision > 0 ? task->max_precision : DELTA1_ORACLE_MAX_PRECISION - 1;

  delta1_solution_init (&solution);
  fmpq_mat_zero (X);
  for (slong k = 0; k < task->shape.R; k++)
    {
      DELTA1_TRY (delta1_trustworthy_solve (&solution, task, oracle, k, &options, reason));
      if (solution.verdict != DELTA1_SOLVE_DETERMINED)
        DELTA1_TRY (ask_beyond (oracle, &solution, reason));
      for (slong l = 0; l < solution.minimiser.size; l++)
        arf_get_fmpq (fmpq_mat_entry (X, k, solution.minimiser.column[l]),
                      arb_midref (solution.minimiser.x + l));
      /* The matrix is the same for the next datum: fewer samples are unlikely to do. */
      options.first = solution.precision;
    }

cleanup:
  delta1_solution_clear (&solution);
  return status;
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->digits <= MAX_DIGITS;
}

static delta1_status_t
create (void **context, const char *options, delta1_reason_t *reason)
{
  context_t *made = calloc (1, sizeof *made);
  *context = NULL;
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer trustworthy");
  made->step = DEFAULT_STEP;
  delta1_option_t list[] = {
    { .key = "precision", .least = 1, .largest = 100000000, .value = &made->first },
    { .key = "step", .least = 1, .largest = 100000000, .value = &made->step },
  };
  delta1_status_t status = delta1_options_parse ("trustworthy", options, list, 2, reason);
  if (status == DELTA1_OK)
    *context = made;
  else
    free (made);
  return status;
}

const delta1_builtin_t delta1_builtin_trustworthy = {
  .table = { .name = "trustworthy",
             .summary = "proves its answer in balls: never wrong, and no answer on ties",
             .options = "precision=n, step=n",
             .run = run,
             .attempts = attempts,
             .free = free },
  .create = create,
  .default_digits = 100,
};
