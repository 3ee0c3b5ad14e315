/* homotopy: the path of LASSO minimisers (LARS), without rounding, on what was read
 * (trainers/exact.h).
 *
 * With A = B 2^-a, y = z 2^-b and x = X 2^(a-b):  lambda ||x||_1 + ||Ax - y||^2 is 2^-2b times
 * 2 kappa ||X||_1 + ||BX - z||^2, kappa = lambda 2^(a+b-1). */
#include <stdlib.h>

#include "trainers/builtin.h"
#include "trainers/exact.h"

/* Memory and time of one run: 4 N^2 integers, and as many operations for every breakpoint. */
#define MOST_COLUMNS 1000

/* The variables of the complementarity problem: z_0 .. z_{P-1} (u, v of a column side by side),
 * then the artificial one, then w_0 .. w_{P-1}; P = 2N. */
typedef struct
{
  delta1_dictionary_t dictionary;
  slong P;
  slong *place; /* of w_i: its column when it is outside, -1 - its row when it is basic */
} path_t;

static slong
complement (const path_t *path, slong variable)
{
  return variable <= path->P ? variable + path->P + 1 : variable - path->P - 1;
}

static void
find_places (path_t *path)
{
  const delta1_dictionary_t *d = &path->dictionary;
  for (slong j = 0; j < d->columns; j++)
    if (d->outside[j] > path->P)
      path->place[d->outside[j] - path->P - 1] = j;
  for (slong i = 0; i < d->rows; i++)
    if (d->basic[i] > path->P)
      path->place[d->basic[i] - path->P - 1] = -1 - i;
}

/* The dictionary w - M z - z_artificial = q in integers: with kappa = p/r all of w, z and q are
 * multiplied by r, and z = r X. */
static delta1_status_t
set_up (path_t *path, const fmpz_mat_t A, const fmpz *y, const fmpq_t kappa,
        delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = A->r, N = A->c, P = 2 * N;
  fmpz_mat_t T, G, c;

  fmpz_mat_init (T, N, m);
  fmpz_mat_init (G, N, N);
  fmpz_mat_init (c, N, 1);
  path->P = P;
  DELTA1_TRY (delta1_dictionary_init (&path->dictionary, P, P + 1, reason));
  path->place = malloc (((size_t)P + 1) * sizeof (slong));
  if (path->place == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for %ld columns", (long)N));
  fmpz_mat_transpose (T, A);
  fmpz_mat_mul (G, T, A);
  for (slong j = 0; j < N; j++)
    _fmpz_vec_dot (fmpz_mat_entry (c, j, 0), fmpz_mat_entry (T, j, 0), y, m);
  for (slong i = 0; i < P; i++)
    {
      fmpz *row = fmpz_mat_entry (path->dictionary.entry, i, 0);
      for (slong j = 0; j < P; j++)
        {
          fmpz_set (row + j, fmpz_mat_entry (G, i / 2, j / 2));
          if (i % 2 == j % 2)
            fmpz_neg (row + j, row + j);
        }
      fmpz_set_si (row + P, -1);
      /* kappa - A^T y in the rows of u, kappa + A^T y in those of v, times the denominator */
      fmpz_mul (row + P + 1, fmpz_mat_entry (c, i / 2, 0), fmpq_denref (kappa));
      if (i % 2 == 0)
        fmpz_neg (row + P + 1, row + P + 1);
      fmpz_add (row + P + 1, row + P + 1, fmpq_numref (kappa));
    }

cleanup:
  fmpz_mat_clear (T);
  fmpz_mat_clear (G);
  fmpz_mat_clear (c);
  return status;
}

/* The coefficient of w_l in row i: what eps^(its power) is multiplied with on the right side. */
static const fmpz *
perturbation (const path_t *path, slong i, slong l)
{
  static const fmpz zero = 0;
  slong place = path->place[l];
  if (place >= 0)
    return fmpz_mat_entry (path->dictionary.entry, i, place);
  return place == -1 - i ? path->dictionary.den : &zero;
}

/* Sign of (right side of row i)/(its pivot) - (the same for k), with the perturbation; ratio: the
 * column of the pivots > 0, or -1: all of them 1. Never 0 for i != k. */
static int
compare (const path_t *path, slong i, slong k, slong ratio)
{
  const delta1_dictionary_t *d = &path->dictionary;
  int sign = ratio < 0 ? fmpz_cmp (fmpz_mat_entry (d->entry, i, d->columns),
                                   fmpz_mat_entry (d->entry, k, d->columns))
                       : delta1_dictionary_compare (d, i, k, d->columns, ratio);
  fmpz_t left, right;
  fmpz_init (left);
  fmpz_init (right);
  for (slong l = path->P - 1; l >= 0 && sign == 0; l--)
    {
      fmpz_set (left, perturbation (path, i, l));
      fmpz_set (right, perturbation (path, k, l));
      if (ratio >= 0)
        {
          fmpz_mul (left, left, fmpz_mat_entry (d->entry, k, ratio));
          fmpz_mul (right, right, fmpz_mat_entry (d->entry, i, ratio));
        }
      sign = fmpz_cmp (left, right);
    }
  fmpz_clear (left);
  fmpz_clear (right);
  return sign;
}

/* The row that leaves when `column` enters: the least ratio. -1: none, a ray. The artificial
 * variable leaves whenever it may: then the given kappa is reached. */
static slong
leaving_row (const path_t *path, slong column)
{
  const delta1_dictionary_t *d = &path->dictionary;
  slong least = -1;
  for (slong i = 0; i < d->rows; i++)
    if (fmpz_sgn (fmpz_mat_entry (d->entry, i, column)) > 0
        && (least < 0 || compare (path, i, least, column) < 0))
      least = i;
  for (slong i = 0; i < d->rows && least >= 0; i++)
    if (d->basic[i] == path->P && fmpz_sgn (fmpz_mat_entry (d->entry, i, column)) > 0
        && delta1_dictionary_compare (d, i, least, d->columns, column) == 0)
      least = i;
  return least;
}

static slong
column_of (const delta1_dictionary_t *d, slong variable)
{
  slong j = 0;
  while (d->outside[j] != variable)
    j++;
  return j;
}

static delta1_status_t
follow (path_t *path, const delta1_deadline_t *deadline, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_dictionary_t *d = &path->dictionary;
  slong row = 0;

  find_places (path);
  for (slong i = 1; i < d->rows; i++)
    if (compare (path, i, row, -1) < 0)
      row = i;
  if (fmpz_sgn (fmpz_mat_entry (d->entry, row, d->columns)) >= 0)
    return DELTA1_OK; /* kappa >= max |A^T y|: x = 0 */
  slong entering = path->P;
  for (slong pivot = 1;; pivot++)
    {
      slong leaves = d->basic[row];
      DELTA1_TRY (
          delta1_dictionary_pivot (d, row, column_of (d, entering), deadline, pivot, reason));
      if (leaves == path->P)
        break;
      find_places (path);
      entering = complement (path, leaves);
      row = leaving_row (path, column_of (d, entering));
      if (row < 0) /* excluded by the theorem cited in the header */
        DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                                 "trainer %s: the path ended in a ray; this is a defect",
                                 deadline->trainer));
    }

cleanup:
  return status;
}

delta1_status_t
delta1_homotopy (fmpz *num, fmpz_t den, const fmpz_mat_t A, const fmpz *y, const fmpq_t kappa,
                 const delta1_deadline_t *deadline, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  path_t path = { .place = NULL };

  DELTA1_TRY (set_up (&path, A, y, kappa, reason));
  DELTA1_TRY (follow (&path, deadline, reason));
  const delta1_dictionary_t *d = &path.dictionary;
  _fmpz_vec_zero (num, A->c);
  for (slong i = 0; i < d->rows; i++)
    if (d->basic[i] < path.P)
      {
        fmpz *x = num + d->basic[i] / 2;
        fmpz_set (x, fmpz_mat_entry (d->entry, i, d->columns));
        if (d->basic[i] % 2 == 1)
          fmpz_neg (x, x);
      }
  fmpz_mul (den, d->den, fmpq_denref (kappa));

cleanup:
  delta1_dictionary_clear (&path.dictionary);
  free (path.place);
  return status;
}

static delta1_status_t
solve (arb_ptr x, const delta1_sample_t *sample, const delta1_task_t *task, const void *context,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_deadline_t *deadline = context;
  slong N = sample->shape.N;
  delta1_integers_t integers;
  fmpz *num = _fmpz_vec_init (N);
  fmpz_t den;
  fmpq_t kappa;

  fmpz_init (den);
  fmpq_init (kappa);
  delta1_integers_init (&integers, sample);
  slong shift = integers.matrix_shift + integers.data_shift - 1;
  if (shift >= 0)
    fmpq_mul_2exp (kappa, task->parameter, (flint_bitcnt_t)shift);
  else
    fmpq_div_2exp (kappa, task->parameter, (flint_bitcnt_t)-shift);
  for (slong k = 0; k < sample->shape.R; k++)
    {
      DELTA1_TRY (delta1_homotopy (num, den, integers.matrix, fmpz_mat_entry (integers.data, k, 0),
                                   kappa, deadline, reason));
      for (slong j = 0; j < N; j++)
        delta1_exact_store (x + k * N + j, num + j, den,
                            integers.matrix_shift - integers.data_shift, sample->n);
    }

cleanup:
  delta1_integers_clear (&integers);
  _fmpz_vec_clear (num, N);
  fmpz_clear (den);
  fmpq_clear (kappa);
  return status;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)seed;
  const delta1_reading_t *reading = algorithm->context;
  if (!algorithm->table->attempts (algorithm, task))
    return delta1_fail (reason, DELTA1_INPUT,
                        "trainer homotopy does not solve %s with %ld columns; allowed: lasso with "
                        "at most %d",
                        delta1_problem_name (task->problem), (long)task->shape.N, MOST_COLUMNS);
  delta1_deadline_t deadline = delta1_deadline_start (algorithm->table->name, task);
  return delta1_reading_run (X, reading, task, oracle, solve, &deadline, reason);
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->problem == DELTA1_LASSO && task->shape.N <= MOST_COLUMNS;
}

static delta1_status_t
create (void **context, const char *options, delta1_reason_t *reason)
{
  return delta1_reading_create (context, "homotopy", options, reason);
}

const delta1_builtin_t delta1_builtin_homotopy = {
  .table = { .name = "homotopy",
             .summary = "the exact rational LASSO path (LARS), on what it reads (lasso)",
             .options = DELTA1_READING_OPTIONS_TEXT,
             .run = run,
             .attempts = attempts,
             .free = free },
  .create = create,
  .default_digits = 30000, /* an exact method costs about 40 runs of a guess */
};
