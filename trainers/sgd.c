/* sgd: a ReLU network trained by Adam on mini-batches, on the training set of learned.h; all
 * problems.
 *
 * `layers` hidden layers of `hidden` units with biases; weights begin uniform on [-b, b], b =
 * sqrt(6/n), n the width before (He et al., 2015), biases with 0. For lp negative entries of the
 * answer become 0. Heuristic. */
#include "trainers/builtin.h"

#include <stdlib.h>

#include "trainers/fit.h"
#include "trainers/learned.h"

#define MOST_LAYERS 8

static delta1_status_t
architecture (delta1_network_t **network, const delta1_lesson_t *lesson,
              const delta1_pairs_t *pairs, const delta1_training_t *training, uint64_t seed,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong layers = training->layers;
  slong *widths = malloc ((size_t)(layers + 1) * sizeof *widths);

  (void)pairs;
  if (widths == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer sgd"));
  for (slong j = 0; j < layers; j++)
    widths[j] = training->hidden;
  widths[layers] = lesson->shape.N;
  status = delta1_fit_create (network, lesson->shape.m, layers + 1, widths, 0, seed, reason);

cleanup:
  free (widths);
  return status;
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->shape.N <= DELTA1_LEARNED_MOST_COLUMNS;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  if (!attempts (algorithm, task))
    return delta1_fail (reason, DELTA1_INPUT,
                        "trainer sgd does not take %ld columns; allowed: at most %d",
                        (long)task->shape.N, DELTA1_LEARNED_MOST_COLUMNS);
  return delta1_learned_run (X, algorithm->context, architecture, "sgd", task, oracle, seed,
                             reason);
}

static delta1_status_t
create (void **context, const char *text, delta1_reason_t *reason)
{
  delta1_training_t defaults = delta1_training_defaults;
  defaults.layers = 2;
  return delta1_learned_options (context, "sgd", text, true, MOST_LAYERS, &defaults, reason);
}

const delta1_builtin_t delta1_builtin_sgd = {
  .table = { .name = "sgd",
             .summary = "a ReLU network, trained on what it reads (all problems)",
             .options = DELTA1_LEARNED_OPTIONS_TEXT ", hidden=n",
             .randomised = true,
             .run = run,
             .attempts = attempts,
             .free = free },
  .create = create,
  .default_digits = 100,
};
