/* lista: learned ISTA (Gregor, LeCun, 2010), as in the experiment behind Table 1 of [CAH22]: layers
 *   x_{k+1} = soft(W_k x_k + R_k y, t_k),  x_0 = 0,  t_k >= 0 one number per entry,
 * all of it learned. There are 10 layers and Adam there too; training set: learned.h. Different
 * from there: the start is ISTA with step 1/L, L >= ||A||^2, that is W_k = I - A^T A/L, R_k =
 * A^T/L, t_k = lambda/(2L) for lasso and 0 for srlasso (there: random numbers, with W_k tied to
 * R_k); thresholds are one per entry (there: one per layer); batches of 64, not 1000; a rate that
 * falls; and the datum itself is in the training set. lasso and srlasso only. */
#include "trainers/builtin.h"

#include <math.h>
#include <stdlib.h>

#include "trainers/learned.h"

#define MOST_LAYERS 100

/* L = min(||A||_F^2, ||A A^T||_inf) >= ||A||^2 but for rounding */
static double
square_norm_bound (const double *A, slong m, slong N)
{
  double frobenius = 0, worst = 0;
  for (slong i = 0; i < m; i++)
    {
      double row = 0;
      for (slong l = 0; l < m; l++)
        {
          double product = 0;
          for (slong j = 0; j < N; j++)
            product += A[i * N + j] * A[l * N + j];
          row += fabs (product);
          frobenius += i == l ? product : 0;
        }
      worst = row > worst ? row : worst;
    }
  return frobenius < worst ? frobenius : worst;
}

static void
set_double (fmpq_mat_struct *M, slong i, slong j, double value)
{
  arf_t x;
  arf_init (x);
  arf_set_d (x, value);
  arf_get_fmpq (fmpq_mat_entry (M, i, j), x);
  arf_clear (x);
}

/* Layer j of the untrained network. scale: 2^(y_unit - x_unit). */
static delta1_status_t
set_layer (delta1_network_t *network, slong layer, const delta1_lesson_t *lesson, double L,
           double scale, double threshold, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = lesson->shape.m, N = lesson->shape.N;
  const double *A = lesson->A;
  fmpq_mat_struct *R = layer == 0 ? delta1_network_edit_weights (network, 0)
                                  : delta1_network_edit_skip (network, layer);
  fmpq_t t;

  fmpq_init (t);
  for (slong j = 0; j < N; j++)
    for (slong i = 0; i < m; i++)
      set_double (R, j, i, A[i * N + j] / L * scale);
  if (layer > 0)
    {
      fmpq_mat_struct *W = delta1_network_edit_weights (network, layer);
      for (slong j = 0; j < N; j++)
        for (slong k = 0; k < N; k++)
          {
            double product = 0;
            for (slong i = 0; i < m; i++)
              product += A[i * N + j] * A[i * N + k];
            set_double (W, j, k, (j == k ? 1 : 0) - product / L);
          }
    }
  DELTA1_TRY (delta1_network_set_units (network, layer, 0, N, DELTA1_SOFT, reason));
  arf_t value;
  arf_init (value);
  arf_set_d (value, threshold);
  arf_get_fmpq (t, value);
  arf_clear (value);
  for (slong j = 0; j < N; j++)
    DELTA1_TRY (delta1_network_set_threshold (network, layer, j, t, reason));

cleanup:
  fmpq_clear (t);
  return status;
}

delta1_status_t
delta1_lista_architecture (delta1_network_t **network, const delta1_lesson_t *lesson,
                           const delta1_pairs_t *pairs, const delta1_training_t *training,
                           uint64_t seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong N = lesson->shape.N;
  delta1_network_t *made = NULL;
  double L = square_norm_bound (lesson->A, lesson->shape.m, N);
  double scale = ldexp (1, (int)(pairs->y_unit - pairs->x_unit));
  double threshold = lesson->problem == DELTA1_LASSO
                         ? ldexp (lesson->parameter / (2 * L), (int)-pairs->x_unit)
                         : 0;
  slong *widths = malloc ((size_t)training->layers * sizeof *widths);

  (void)seed; /* the start is not random */
  if (widths == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer lista"));
  if (!(L > 0) || !isfinite (threshold) || !isfinite (1 / L * scale))
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                             "trainer lista: the norm of the matrix is 0 or infinite in double"));
  for (slong layer = 0; layer < training->layers; layer++)
    widths[layer] = N;
  DELTA1_TRY (delta1_network_create (&made, lesson->shape.m, training->layers, widths, reason));
  for (slong layer = 0; layer < training->layers; layer++)
    DELTA1_TRY (set_layer (made, layer, lesson, L, scale, threshold, reason));
  *network = made;
  made = NULL;

cleanup:
  free (widths);
  delta1_network_free (made);
  return status;
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return (task->problem == DELTA1_LASSO || task->problem == DELTA1_SRLASSO)
         && task->shape.N <= DELTA1_LEARNED_MOST_COLUMNS;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  if (!attempts (algorithm, task))
    return delta1_fail (reason, DELTA1_INPUT,
                        "trainer lista does not solve %s with %ld columns; allowed: lasso, srlasso "
                        "with at most %d",
                        delta1_problem_name (task->problem), (long)task->shape.N,
                        DELTA1_LEARNED_MOST_COLUMNS);
  return delta1_learned_run (X, algorithm->context, delta1_lista_architecture, "lista", task,
                             oracle, seed, reason);
}

static delta1_status_t
create (void **context, const char *text, delta1_reason_t *reason)
{
  return delta1_learned_options (context, "lista", text, false, MOST_LAYERS,
                                 &delta1_training_defaults, reason);
}

const delta1_builtin_t delta1_builtin_lista = {
  .table = { .name = "lista",
             .summary = "learned ISTA, trained on what it reads (lasso, srlasso)",
             .options = DELTA1_LEARNED_OPTIONS_TEXT,
             .randomised = true,
             .run = run,
             .attempts = attempts,
             .free = free },
  .create = create,
  .default_digits = 100,
};
