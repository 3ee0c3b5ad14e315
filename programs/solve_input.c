#include "programs/solve_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/number.h"
#include "src/table_file.h"

/* Features whose names are listed when there is no such target. */
#define LISTED 12
/* Bits of working precision beyond those of the smallest radius. */
#define BEYOND_RADIUS 64

void
delta1_solve_input_init (delta1_solve_input_t *input)
{
  *input = (delta1_solve_input_t){ .name = NULL };
}

void
delta1_solve_input_clear (delta1_solve_input_t *input)
{
  slong m = input->data.m, N = input->data.N;
  if (m == 0)
    return;
  for (slong j = 0; input->name != NULL && j < N; j++)
    free (input->name[j]);
  free (input->name);
  free (input->target);
  if (input->A_excess != NULL)
    _fmpq_vec_clear (input->A_excess, m * N);
  if (input->y_excess != NULL)
    _fmpq_vec_clear (input->y_excess, m);
  delta1_data_clear (&input->data);
  delta1_solve_input_init (input);
}

/* --- files ------------------------------------------------------------------------------------ */

/* FILE, or FILE.mat:NAME when there is no file of the whole name. */
static delta1_status_t
read_table (delta1_table_t *table, const char *option, const char *given, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t why;
  char *path = strdup (given);
  const char *variable = NULL;
  if (path == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out");
  char *colon = strrchr (path, ':');
  if (colon != NULL && colon - path > 4 && strncasecmp (colon - 4, ".mat", 4) == 0
      && access (path, F_OK) != 0)
    {
      *colon = '\0';
      variable = colon + 1;
    }
  status = delta1_table_file_read (table, path, variable, &why);
  if (status != DELTA1_OK)
    (void)delta1_fail (reason, status, "%s %s", option, why.text);
  else if (table->im != NULL)
    {
      status = delta1_fail (reason, DELTA1_INPUT, "%s %s: complex numbers; real ones are allowed",
                            option, path);
      delta1_table_clear (table);
    }
  free (path);
  return status;
}

/* Rows become columns; names of columns are lost. */
static delta1_status_t
transpose (delta1_table_t *table, delta1_reason_t *reason)
{
  delta1_table_t turned;
  const slong rows = table->rows, columns = table->columns;
  delta1_table_init (&turned);
  turned.re = calloc ((size_t)(rows * columns), sizeof *turned.re);
  if (turned.re == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out");
  turned.rows = columns;
  turned.columns = rows;
  for (slong i = 0; i < rows; i++)
    for (slong j = 0; j < columns; j++)
      {
        fmpq_init (turned.re + j * rows + i);
        fmpq_swap (turned.re + j * rows + i, table->re + i * columns + j);
      }
  delta1_table_clear (table);
  *table = turned;
  return DELTA1_OK;
}

/* --- the data column -------------------------------------------------------------------------- */

static delta1_status_t
find_target (slong *target, const delta1_table_t *table, const delta1_solve_request_t *request,
             delta1_reason_t *reason)
{
  char list[LISTED * 32 + 16] = "";
  size_t length = 0;
  *target = -1;
  if (table->name == NULL)
    return delta1_fail (reason, DELTA1_INPUT,
                        "--target %.60s: %.200s has no header with names of columns; give the data "
                        "with --data",
                        request->target, request->matrix);
  for (slong j = 0; j < table->columns; j++)
    {
      if (strcmp (table->name[j], request->target) == 0)
        {
          if (*target >= 0)
            return delta1_fail (reason, DELTA1_INPUT,
                                "--target %.60s: columns %ld and %ld (from 0) both have this name",
                                request->target, (long)*target, (long)j);
          *target = j;
        }
      if (j < LISTED)
        length += (size_t)snprintf (list + length, sizeof list - length, "%s%.28s",
                                    j == 0 ? "" : ", ", table->name[j]);
    }
  if (*target < 0)
    return delta1_fail (
        reason, DELTA1_INPUT, "--target %.60s: %.200s has no column of this name; it has: %s%s",
        request->target, request->matrix, list, table->columns > LISTED ? ", ..." : "");
  if (table->columns == 1)
    return delta1_fail (reason, DELTA1_INPUT,
                        "--target %.60s: %.200s has no other column; features are needed",
                        request->target, request->matrix);
  return DELTA1_OK;
}

/* How many numbers a table of one row or one column has; 0 when it is neither. */
static slong
vector_length (const delta1_table_t *table)
{
  return table->rows == 1 || table->columns == 1 ? table->rows * table->columns : 0;
}

/* y of m numbers from its own file. */
static delta1_status_t
check_data (const delta1_table_t *y, slong m, slong N, const delta1_solve_request_t *request,
            delta1_reason_t *reason)
{
  slong length = vector_length (y);
  if (length == m)
    return DELTA1_OK;
  if (length == 0)
    return delta1_fail (reason, DELTA1_INPUT,
                        "--data %.200s: %ld x %ld numbers; one column, or one row, of %ld is due",
                        request->data, (long)y->rows, (long)y->columns, (long)m);
  return delta1_fail (
      reason, DELTA1_INPUT,
      "--data %.200s: %ld numbers, but the matrix has %ld rows (and %ld columns): as many numbers "
      "as rows are due%s",
      request->data, (long)length, (long)m, (long)N,
      length == N && !request->transpose ? "; --transpose turns the matrix" : "");
}

/* --- names ------------------------------------------------------------------------------------ */

static delta1_status_t
set_names (delta1_solve_input_t *input, const delta1_table_t *matrix, slong target,
           delta1_reason_t *reason)
{
  const slong N = input->data.N;
  input->named = matrix->name != NULL;
  input->row_names = matrix->row_names;
  input->name = calloc ((size_t)N, sizeof *input->name);
  if (target >= 0)
    input->target = strdup (matrix->name[target]);
  bool made = input->name != NULL && (target < 0 || input->target != NULL);
  for (slong j = 0; made && j < N; j++)
    {
      slong from = j + (target >= 0 && j >= target);
      if (!input->named)
        made = asprintf (&input->name[j], "column %ld", (long)j) >= 0;
      else
        made = (input->name[j] = strdup (matrix->name[from])) != NULL;
      if (!made)
        input->name[j] = NULL;
    }
  return made ? DELTA1_OK : delta1_fail (reason, DELTA1_SYSTEM, "memory is out");
}

/* --- accuracy --------------------------------------------------------------------------------- */

/* radius = half a unit of the s-th significant digit of x; 0 for x = 0. */
static void
significant_radius (fmpq_t radius, const fmpq_t x, slong s)
{
  if (fmpq_is_zero (x))
    {
      fmpq_zero (radius);
      return;
    }
  fmpq_t size, bound;
  fmpq_init (size);
  fmpq_init (bound);
  fmpq_abs (size, x);
  /* The largest e with 10^e <= |x|, from below. */
  double log2 = (double)fmpz_bits (fmpq_numref (x)) - 1 - (double)fmpz_bits (fmpq_denref (x));
  slong e = (slong)(log2 * (log2 > 0 ? 0.30102 : 0.30104)) - 2;
  for (;; e++)
    {
      delta1_number_set_digits (bound, -(e + 1));
      if (fmpq_cmp (bound, size) > 0)
        break;
    }
  delta1_number_set_digits (radius, -(e - s + 1));
  fmpq_div_2exp (radius, radius, 1);
  fmpq_clear (size);
  fmpq_clear (bound);
}

/* least = the smallest of the radii; excess = what the others are larger by. Returns the most bits
 * after the point that a positive radius needs. */
static slong
set_significant (fmpq *excess, fmpq_t least, const fmpq *x, slong count, slong s)
{
  slong most = 0;
  for (slong i = 0; i < count; i++)
    {
      significant_radius (excess + i, x + i, s);
      slong bits = (slong)fmpz_bits (fmpq_denref (excess + i))
                   - (slong)fmpz_bits (fmpq_numref (excess + i));
      most = bits > most && !fmpq_is_zero (excess + i) ? bits : most;
      if (i == 0 || fmpq_cmp (excess + i, least) < 0)
        fmpq_set (least, excess + i);
    }
  for (slong i = 0; i < count; i++)
    fmpq_sub (excess + i, excess + i, least);
  return most;
}

static void
set_accuracy (delta1_solve_input_t *input, const delta1_solve_request_t *request)
{
  delta1_data_t *data = &input->data;
  if (request->accuracy == ACCURACY_ABSOLUTE)
    {
      fmpq_set (data->matrix_radius, request->matrix_radius);
      fmpq_set (data->data_radius, request->data_radius);
      return;
    }
  input->A_excess = _fmpq_vec_init (data->m * data->N);
  input->y_excess = _fmpq_vec_init (data->m);
  slong matrix = set_significant (input->A_excess, data->matrix_radius, data->A, data->m * data->N,
                                  request->significant);
  slong y = set_significant (input->y_excess, data->data_radius, data->y, data->m,
                             request->significant);
  input->settled_at = (matrix > y ? matrix : y) + BEYOND_RADIUS;
}

/* --- all -------------------------------------------------------------------------------------- */

static delta1_status_t
read_weights (delta1_solve_input_t *input, const delta1_solve_request_t *request,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_data_t *data = &input->data;
  delta1_table_t table;
  delta1_table_init (&table);
  DELTA1_TRY (read_table (&table, "--weights", request->weight_file, reason));
  if (vector_length (&table) != data->N)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "--weights %.200s: %ld x %ld numbers; one for each of the %ld "
                             "features is due",
                             request->weight_file, (long)table.rows, (long)table.columns,
                             (long)data->N));
  data->weight = _fmpq_vec_init (data->N);
  data->weights = DELTA1_WEIGHTS_GIVEN;
  for (slong j = 0; j < data->N; j++)
    {
      if (fmpq_sgn (table.re + j) <= 0)
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "--weights %.200s: the weight of %.60s is not positive; allowed: "
                                 "weights > 0",
                                 request->weight_file, input->name[j]));
      fmpq_swap (data->weight + j, table.re + j);
    }
cleanup:
  delta1_table_clear (&table);
  return status;
}

/* A column that is constant has no standard deviation to be measured in. */
static delta1_status_t
check_standardize (const delta1_solve_input_t *input, delta1_reason_t *reason)
{
  const delta1_data_t *data = &input->data;
  for (slong j = 0; j < data->N; j++)
    {
      slong i = 1;
      while (i < data->m && fmpq_equal (data->A + i * data->N + j, data->A + j))
        i++;
      if (i == data->m)
        return delta1_fail (reason, DELTA1_INPUT,
                            "--standardize: %.60s is constant, its standard deviation is 0; leave "
                            "it out of the matrix (--intercept stands for a constant)",
                            input->name[j]);
    }
  return DELTA1_OK;
}

static delta1_status_t
check_shape (const delta1_data_t *data, delta1_reason_t *reason)
{
  if ((data->problem == DELTA1_BP || data->problem == DELTA1_LP) && data->m > data->N)
    return delta1_fail (reason, DELTA1_INPUT,
                        "--matrix: %ld rows and %ld columns: A x = y with more equations than "
                        "unknowns cannot be certified from inexact data; %s needs rows <= columns",
                        (long)data->m, (long)data->N, delta1_problem_name (data->problem));
  return DELTA1_OK;
}

delta1_status_t
delta1_solve_input_read (delta1_solve_input_t *input, const delta1_solve_request_t *request,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_table_t matrix, y;
  slong target = -1;
  delta1_data_t *data = &input->data;
  delta1_table_init (&matrix);
  delta1_table_init (&y);
  DELTA1_TRY (read_table (&matrix, "--matrix", request->matrix, reason));
  if (matrix.one_dimension)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "--matrix %.200s: %ld numbers in one dimension; a matrix has two",
                             request->matrix, (long)matrix.columns));
  if (request->transpose)
    DELTA1_TRY (transpose (&matrix, reason));
  if (request->target != NULL)
    DELTA1_TRY (find_target (&target, &matrix, request, reason));
  else
    DELTA1_TRY (read_table (&y, "--data", request->data, reason));
  const slong N = matrix.columns - (target >= 0), m = matrix.rows;
  if (target < 0)
    DELTA1_TRY (check_data (&y, m, N, request, reason));

  DELTA1_TRY (delta1_data_init (data, request->problem, m, N, reason));
  for (slong i = 0; i < m; i++)
    for (slong j = 0; j < matrix.columns; j++)
      {
        fmpq *entry = matrix.re + i * matrix.columns + j;
        if (j == target)
          fmpq_swap (data->y + i, entry);
        else
          fmpq_swap (data->A + i * N + j - (target >= 0 && j > target), entry);
      }
  for (slong i = 0; target < 0 && i < m; i++)
    fmpq_swap (data->y + i, y.re + i);
  DELTA1_TRY (set_names (input, &matrix, target, reason));
  DELTA1_TRY (check_shape (data, reason));
  input->scaling = request->scaling;
  data->intercept = request->intercept;
  if (request->standardize)
    {
      data->weights = DELTA1_WEIGHTS_DEVIATION;
      DELTA1_TRY (check_standardize (input, reason));
    }
  if (request->weight_file != NULL)
    DELTA1_TRY (read_weights (input, request, reason));
  set_accuracy (input, request);
cleanup:
  delta1_table_clear (&matrix);
  delta1_table_clear (&y);
  return status;
}

void
delta1_solve_input_set_parameter (delta1_solve_input_t *input, const fmpq_t parameter)
{
  fmpq_mul_si (input->data.parameter, parameter,
               delta1_scaling_factor (input->scaling, input->data.m));
}

/* --- solving ---------------------------------------------------------------------------------- */

static void
add_radius (arb_t x, const fmpq_t radius)
{
  arb_t r;
  arb_init (r);
  arb_set_fmpq (r, radius, 64);
  arb_add_error (x, r);
  arb_clear (r);
}

void
delta1_solve_input_instance (delta1_instance_t *instance, const delta1_solve_input_t *input,
                             slong prec)
{
  const delta1_data_t *data = &input->data;
  delta1_instance_set_data (instance, data, prec);
  if (input->A_excess == NULL)
    return;
  for (slong i = 0; i < data->m; i++)
    {
      for (slong j = 0; j < data->N; j++)
        add_radius (instance->A + i + j * data->m, input->A_excess + i * data->N + j);
      add_radius (instance->y + i, input->y_excess + i);
    }
  if (data->weights == DELTA1_WEIGHTS_DEVIATION)
    delta1_instance_set_deviations (instance, prec);
}

static delta1_status_t
supply_balls (void *context, delta1_instance_t *instance, slong n, delta1_reason_t *reason)
{
  (void)reason;
  delta1_solve_input_instance (instance, context, n);
  return DELTA1_OK;
}

delta1_status_t
delta1_solve_input_solve (delta1_solution_t *solution, const delta1_solve_input_t *input,
                          const delta1_solve_options_t *options, delta1_reason_t *reason)
{
  const delta1_data_t *data = &input->data;
  if (input->A_excess == NULL)
    return delta1_solve_data (solution, data, options, reason);
  const delta1_supply_t supply = { .problem = data->problem,
                                   .m = data->m,
                                   .N = data->N + (data->intercept ? 1 : 0),
                                   .settled_at = input->settled_at,
                                   .read = supply_balls,
                                   .context = (void *)input };
  delta1_status_t status = delta1_data_check (data, reason);
  if (status == DELTA1_OK)
    status = delta1_solve_supply (solution, &supply, options, reason);
  if (status != DELTA1_OK || solution->verdict != DELTA1_SOLVE_UNDECIDED
      || delta1_data_exact (data))
    return status;
  delta1_solution_t smaller;
  delta1_solution_init (&smaller);
  status = delta1_solve_data (&smaller, data, options, reason);
  if (status == DELTA1_OK && smaller.verdict == DELTA1_SOLVE_NOT_DETERMINED)
    {
      delta1_solution_t kept = *solution;
      *solution = smaller;
      smaller = kept;
    }
  delta1_solution_clear (&smaller);
  return status;
}
