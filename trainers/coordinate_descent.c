/* coordinate_descent: cyclic coordinate descent with covariance updates (Friedman, Hastie,
 * Tibshirani, J. Stat. Softw. 33, 2010: glmnet), for lasso, in double or MPFR.
 *
 * With c = A^T(y - Ax) and G = A^T A, the least value of lambda ||x||_1 + ||Ax - y||^2 over x_j is
 * at x_j+ = soft(c_j + G_jj x_j, lambda/2)/G_jj,   and then   c+ = c - (x_j+ - x_j) G e_j: the
 * residual is never formed again. Column G e_j is computed when x_j first leaves 0.
 *
 * A sweep over all columns is followed by sweeps over those that have ever left 0, until one of
 * them moves none by more than the tolerance; then all again, until such a sweep moves none. A move
 * is counted when it changes the fit, |x_j+ - x_j| ||A e_j||, by more than 10^-tolerance ||y||; the
 * default tolerance is digits + 4. Like glmnet it starts at x = 0 and goes through the columns in
 * their order. Heuristic: small moves do not prove that the minimiser is near, and none could
 * (mathematics.md, Theorem 3.2). */
#include <stdlib.h>

#include "firenet/arithmetic.h"
#include "trainers/builtin.h"
#include "trainers/deadline.h"
#include "trainers/iteration.h"

#define DEFAULT_SWEEPS 100000
#define OPTION_COUNT (DELTA1_ITERATION_OPTION_COUNT + 1)
#define TOLERANCE_BITS 64

typedef struct
{
  delta1_iteration_t iteration;
  slong tolerance; /* -1: by the digits */
} options_t;

typedef struct
{
  const options_t *options;
  delta1_deadline_t deadline;
} method_t;

/* The vectors of a run. Index and length: */
enum
{
  MATRIX,      /* m x N */
  DATUM,       /* m */
  COLUMN,      /* m: one column of A */
  DIAGONAL,    /* N: G_jj */
  INVERSE,     /* N: 1/G_jj */
  TOLERANCE,   /* N: 10^-tolerance ||y||/||A e_j|| */
  CORRELATION, /* N: c */
  PRIMAL,      /* N: x */
  SCALARS,
  VECTOR_COUNT
};

enum
{
  ZERO,
  MINUS_ONE,
  HALF_LAMBDA,
  VALUE,
  CHANGE,
  SCALAR_COUNT
};

typedef struct
{
  const delta1_arithmetic_t *use;
  const char *name;
  slong bits;
  slong m, N;
  void *v[VECTOR_COUNT];
  slong count[VECTOR_COUNT];
  void **gram; /* N: G e_j, or NULL before x_j has left 0 */
} work_t;

static delta1_status_t
work_init (work_t *work, const method_t *method, const delta1_task_t *task, delta1_reason_t *reason)
{
  slong bits = delta1_iteration_bits (&method->options->iteration, task->digits);
  slong m = task->shape.m, N = task->shape.N;
  *work = (work_t){ .use = bits == 0 ? &delta1_arithmetic_double : &delta1_arithmetic_mpfr,
                    .name = method->deadline.trainer,
                    .bits = bits,
                    .m = m,
                    .N = N,
                    .count = { m * N, m, m, N, N, N, N, N, SCALAR_COUNT } };
  work->gram = calloc ((size_t)N, sizeof *work->gram);
  bool complete = work->gram != NULL;
  for (int i = 0; i < VECTOR_COUNT; i++)
    {
      work->v[i] = work->use->create (work->count[i], bits);
      complete = complete && work->v[i] != NULL;
    }
  return complete ? DELTA1_OK
                  : delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", work->name);
}

static void
work_clear (work_t *work)
{
  for (int i = 0; i < VECTOR_COUNT; i++)
    if (work->v[i] != NULL)
      work->use->free (work->v[i], work->count[i]);
  for (slong j = 0; work->gram != NULL && j < work->N; j++)
    if (work->gram[j] != NULL)
      work->use->free (work->gram[j], work->N);
  free (work->gram);
}

static void *
at (const work_t *work, int vector, slong j)
{
  return work->use->at (work->v[vector], j);
}

static void
set (const work_t *work, int vector, slong j, const arb_t x)
{
  work->use->set (work->v[vector], j, arb_midref (x));
}

static void
load_column (const work_t *work, slong j)
{
  for (slong i = 0; i < work->m; i++)
    work->use->copy (at (work, COLUMN, i), at (work, MATRIX, i * work->N + j), 1);
}

/* What does not depend on the datum. G_jj as the arithmetic rounds it. */
static void
load_matrix (const work_t *work, const delta1_sample_t *sample, const delta1_task_t *task)
{
  const delta1_arithmetic_t *use = work->use;
  arb_t s;
  arb_init (s);
  arb_set_si (s, -1);
  set (work, SCALARS, MINUS_ONE, s);
  arb_set_fmpq (s, task->parameter, work->bits + TOLERANCE_BITS);
  arb_mul_2exp_si (s, s, -1);
  set (work, SCALARS, HALF_LAMBDA, s);
  for (slong i = 0; i < work->m * work->N; i++)
    use->set (work->v[MATRIX], i, arb_midref (sample->A + i));
  for (slong j = 0; j < work->N; j++)
    {
      load_column (work, j);
      use->multiply (at (work, DIAGONAL, j), work->v[COLUMN], work->v[COLUMN], 1, work->m);
      if (use->zero (at (work, DIAGONAL, j), 1) || !use->finite (at (work, DIAGONAL, j), 1))
        continue;
      arb_zero (s);
      use->get (arb_midref (s), work->v[DIAGONAL], j);
      arb_inv (s, s, work->bits + TOLERANCE_BITS);
      set (work, INVERSE, j, s);
    }
  arb_clear (s);
}

/* x = 0, c = A^T y, and the tolerances. */
static void
load_datum (const work_t *work, arb_srcptr y, slong tolerance)
{
  const delta1_arithmetic_t *use = work->use;
  arb_t length, s;
  arb_init (length);
  arb_init (s);
  for (slong i = 0; i < work->m; i++)
    use->set (work->v[DATUM], i, arb_midref (y + i));
  use->multiply_transposed (work->v[CORRELATION], work->v[MATRIX], work->v[DATUM], work->m,
                            work->N);
  arb_dot (length, NULL, 0, y, 1, y, 1, work->m, TOLERANCE_BITS);
  arb_sqrt (length, length, TOLERANCE_BITS);
  arb_set_si (s, 10);
  arb_pow_ui (s, s, (ulong)tolerance, TOLERANCE_BITS);
  arb_div (length, length, s, TOLERANCE_BITS);
  for (slong j = 0; j < work->N; j++)
    {
      use->copy (at (work, PRIMAL, j), at (work, SCALARS, ZERO), 1);
      if (use->zero (at (work, INVERSE, j), 1))
        continue;
      arb_zero (s);
      use->get (arb_midref (s), work->v[INVERSE], j);
      arb_sqrt (s, s, TOLERANCE_BITS);
      arb_mul (s, s, length, TOLERANCE_BITS);
      set (work, TOLERANCE, j, s);
    }
  arb_clear (length);
  arb_clear (s);
}

/* One coordinate; *moved becomes true when it moved by more than its tolerance. */
static delta1_status_t
update (const work_t *work, slong j, bool *moved, delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = work->use;
  void *x = at (work, PRIMAL, j);
  void *value = at (work, SCALARS, VALUE), *change = at (work, SCALARS, CHANGE);
  void *zero = at (work, SCALARS, ZERO), *minus_one = at (work, SCALARS, MINUS_ONE);

  use->combine (value, at (work, CORRELATION, j), at (work, DIAGONAL, j), x, 1);
  use->shrink (value, at (work, SCALARS, HALF_LAMBDA), false, 1);
  use->combine (value, zero, at (work, INVERSE, j), value, 1);
  if (use->equal (value, x, 1))
    return DELTA1_OK;
  if (work->gram[j] == NULL)
    {
      work->gram[j] = use->create (work->N, work->bits);
      if (work->gram[j] == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", work->name);
      load_column (work, j);
      use->multiply_transposed (work->gram[j], work->v[MATRIX], work->v[COLUMN], work->m, work->N);
    }
  use->combine (change, x, minus_one, value, 1);
  use->copy (x, value, 1);
  use->combine (work->v[CORRELATION], work->v[CORRELATION], change, work->gram[j], work->N);
  use->shrink (change, at (work, TOLERANCE, j), false, 1);
  *moved = *moved || !use->zero (change, 1);
  return DELTA1_OK;
}

static delta1_status_t
sweep (const work_t *work, bool all, bool *moved, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  *moved = false;
  for (slong j = 0; j < work->N; j++)
    if ((all || work->gram[j] != NULL) && !work->use->zero (at (work, INVERSE, j), 1))
      DELTA1_TRY (update (work, j, moved, reason));
cleanup:
  return status;
}

static delta1_status_t
descend (const work_t *work, const method_t *method, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong sweeps = method->options->iteration.iterations;
  bool all = true;
  for (slong k = 1; k <= sweeps; k++)
    {
      bool moved;
      DELTA1_TRY (delta1_deadline_check (&method->deadline, "sweep", k, sweeps, reason));
      DELTA1_TRY (sweep (work, all, &moved, reason));
      if (all && !moved)
        break;
      all = !moved;
    }
cleanup:
  return status;
}

static delta1_status_t
solve (arb_ptr x, const delta1_sample_t *sample, const delta1_task_t *task, const void *context,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const method_t *method = context;
  slong m = sample->shape.m, N = sample->shape.N;
  slong tolerance = method->options->tolerance;
  work_t work;

  if (tolerance < 0)
    tolerance = (task->digits > 0 ? task->digits : 0) + 4;
  DELTA1_TRY (work_init (&work, method, task, reason));
  load_matrix (&work, sample, task);
  for (slong k = 0; k < sample->shape.R; k++)
    {
      load_datum (&work, sample->Y + k * m, tolerance);
      DELTA1_TRY (descend (&work, method, reason));
      if (!work.use->finite (work.v[PRIMAL], N) || !work.use->finite (work.v[CORRELATION], N)
          || !work.use->finite (work.v[DIAGONAL], N))
        DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                                 "trainer %s: the iteration in %s arithmetic left the finite "
                                 "numbers at datum %ld",
                                 work.name, work.use->name, (long)k));
      for (slong j = 0; j < N; j++)
        work.use->get (arb_midref (x + k * N + j), work.v[PRIMAL], j);
    }

cleanup:
  work_clear (&work);
  return status;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)seed;
  const options_t *options = algorithm->context;
  const char *name = algorithm->table->name;
  if (!algorithm->table->attempts (algorithm, task))
    return delta1_fail (reason, DELTA1_INPUT, "trainer %s does not solve %s; allowed: lasso", name,
                        delta1_problem_name (task->problem));
  method_t method = { .options = options, .deadline = delta1_deadline_start (name, task) };
  return delta1_reading_run (X, &options->iteration.reading, task, oracle, solve, &method, reason);
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->problem == DELTA1_LASSO;
}

static delta1_status_t
create (void **context, const char *text, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  static const char name[] = "coordinate-descent";
  delta1_option_t list[OPTION_COUNT];
  options_t *options = malloc (sizeof *options);

  if (options == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", name));
  options->tolerance = -1;
  delta1_iteration_options (list, &options->iteration, DEFAULT_SWEEPS);
  list[DELTA1_ITERATION_OPTION_COUNT]
      = (delta1_option_t){ "tolerance", NULL, 0, 100000000, &options->tolerance };
  DELTA1_TRY (delta1_options_parse (name, text, list, OPTION_COUNT, reason));
  *context = options;
  options = NULL;

cleanup:
  free (options);
  return status;
}

const delta1_builtin_t delta1_builtin_coordinate_descent = {
  .table = { .name = "coordinate-descent",
             .summary = "cyclic coordinate descent with covariance updates, as glmnet (lasso)",
             .options = DELTA1_ITERATION_OPTIONS_TEXT ", tolerance=digits",
             .run = run,
             .attempts = attempts,
             .free = free },
  .create = create,
  .default_digits = 100,
};
