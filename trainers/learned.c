#include "trainers/learned.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/network_evaluate.h"
#include "src/network_gradient.h"
#include "src/optimiser.h"
#include "src/random.h"

const delta1_training_t delta1_training_defaults = {
  .layers = 10, .hidden = 32, .samples = 256, .epochs = 200, .batch = 64, .rate = 2, .last_rate = 7
};

/* The part of the training that is spent at large rates. */
#define SEARCH 0.75

#define DATA_WEIGHT 0.9

/* --- training --------------------------------------------------------------------------------- */

typedef struct
{
  slong count; /* parameters */
  double *p, *gradient;
  bool *threshold; /* which parameters stay >= 0 */
  slong *order;    /* of the pairs that are not data */
  double *y, *x;   /* a batch */
  delta1_gradient_t *reverse;
  delta1_optimiser_t *optimiser;
} school_t;

static void
school_clear (school_t *s)
{
  free (s->p);
  free (s->gradient);
  free (s->threshold);
  free (s->order);
  free (s->y);
  free (s->x);
  delta1_gradient_free (s->reverse);
  delta1_optimiser_free (s->optimiser);
}

/* Where the thresholds stand in the flat vector (network_gradient.h). */
static void
mark_thresholds (bool *threshold, const delta1_network_t *network)
{
  slong place = 0, m = delta1_network_inputs (network);
  for (slong j = 0; j < delta1_network_layers (network); j++)
    {
      slong width = delta1_network_width (network, j);
      place += width * delta1_network_width (network, j - 1);
      if (delta1_network_skip (network, j) != NULL)
        place += width * m;
      if (delta1_network_bias (network, j) != NULL)
        place += width;
      for (slong i = 0; i < width; i++)
        if (delta1_network_unit (network, j, i) == DELTA1_SOFT)
          threshold[place++] = true;
    }
}

static delta1_status_t
school_init (school_t *s, const delta1_network_t *network, const delta1_pairs_t *pairs,
             const delta1_training_t *training, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong most = pairs->data + training->batch;
  delta1_optimiser_options_t adam = delta1_optimiser_defaults;
  *s = (school_t){ .count = delta1_parameters_count (network) };
  size_t count = (size_t)s->count;
  s->p = malloc (count * sizeof *s->p);
  s->gradient = malloc (count * sizeof *s->gradient);
  s->threshold = calloc (count, sizeof *s->threshold);
  s->order = malloc ((size_t)(pairs->size + 1) * sizeof *s->order);
  s->y = malloc ((size_t)(most * pairs->m) * sizeof *s->y);
  s->x = malloc ((size_t)(most * pairs->N) * sizeof *s->x);
  if (s->p == NULL || s->gradient == NULL || s->threshold == NULL || s->order == NULL
      || s->y == NULL || s->x == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for training"));
  delta1_parameters_get (s->p, network);
  mark_thresholds (s->threshold, network);
  adam.kind = DELTA1_ADAM;
  adam.epsilon = 1e-12; /* gradients near the end are small */
  DELTA1_TRY (delta1_optimiser_create (&s->optimiser, s->count, &adam, 0, reason));
  DELTA1_TRY (delta1_gradient_create (&s->reverse, network, reason));
  for (slong i = 0; i < pairs->size - pairs->data; i++)
    s->order[i] = pairs->data + i;

cleanup:
  return status;
}

static void
shuffle (slong *order, slong count, uint64_t *state)
{
  for (slong i = count - 1; i > 0; i--)
    {
      slong j = (slong)(delta1_random_uniform (state) * (double)(i + 1));
      slong swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
}

/* t in [0, 1]: from 10^-rate to a tenth of it at t = SEARCH, then to 10^-last_rate; it halves after
 * equal times and is linear between. Without pow, whose last bit is the library's choice. */
static double
rate_at (const delta1_training_t *training, double t)
{
  double rate = 1, decades;
  for (slong i = 0; i < training->rate; i++)
    rate /= 10;
  double all = (double)(training->last_rate - training->rate);
  if (t < SEARCH)
    decades = t / SEARCH;
  else
    decades = 1 + (all - 1) * (t - SEARCH) / (1 - SEARCH);
  double halvings = decades * 3.321928094887362;
  double whole = floor (halvings);
  return ldexp (rate * (1 - (halvings - whole) / 2), -(int)whole);
}

/* DATA_WEIGHT times the mean of ||phi(y) - x||^2 over the data, and the rest of the weight times
 * that over the others. */
typedef struct
{
  const double *targets; /* the data first */
  slong outputs, data;
  double data_weight, weight;
} two_means_t;

static double
two_means (double *upstream, const double *outputs, slong first, slong count, void *context)
{
  const two_means_t *means = context;
  double loss = 0;
  for (slong i = 0; i < count; i++)
    {
      double weight = first + i < means->data ? means->data_weight : means->weight;
      const double *target = means->targets + (first + i) * means->outputs;
      double square = 0;
      for (slong j = 0; j < means->outputs; j++)
        {
          double d = outputs[i * means->outputs + j] - target[j];
          square += d * d;
          upstream[i * means->outputs + j] = 2 * weight * d;
        }
      loss += weight * square;
    }
  return loss;
}

/* One step on `count` of the pairs at order, and the data. */
static double
step (school_t *s, const delta1_pairs_t *pairs, const slong *order, slong count)
{
  slong m = pairs->m, N = pairs->N, data = pairs->data;
  double loss;
  memcpy (s->y, pairs->y, (size_t)(data * m) * sizeof *s->y);
  memcpy (s->x, pairs->x, (size_t)(data * N) * sizeof *s->x);
  for (slong i = 0; i < count; i++)
    {
      memcpy (s->y + (data + i) * m, pairs->y + order[i] * m, (size_t)m * sizeof *s->y);
      memcpy (s->x + (data + i) * N, pairs->x + order[i] * N, (size_t)N * sizeof *s->x);
    }
  two_means_t means = { .targets = s->x,
                        .outputs = N,
                        .data = data,
                        .data_weight = DATA_WEIGHT / (double)data,
                        .weight = count > 0 ? (1 - DATA_WEIGHT) / (double)count : 0 };
  delta1_batch_t batch = {
    .parameters = s->p, .inputs = s->y, .size = data + count, .loss = two_means, .context = &means
  };
  delta1_gradient_run (&loss, s->gradient, NULL, s->reverse, &batch);
  delta1_optimiser_step (s->p, s->optimiser, s->gradient);
  for (slong i = 0; i < s->count; i++)
    if (s->threshold[i] && s->p[i] < 0)
      s->p[i] = 0;
  return loss;
}

delta1_status_t
delta1_learned_train (delta1_network_t *network, double *losses, const delta1_pairs_t *pairs,
                      const delta1_training_t *training, uint64_t seed,
                      const delta1_deadline_t *deadline, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong others = pairs->size - pairs->data;
  slong steps = others == 0 ? 1 : (others + training->batch - 1) / training->batch;
  double all_steps = (double)training->epochs * (double)steps;
  uint64_t state = seed ^ UINT64_C (0x7368756666);
  school_t s;

  DELTA1_TRY (school_init (&s, network, pairs, training, reason));
  for (slong epoch = 0; epoch < training->epochs; epoch++)
    {
      double loss = 0;
      if (deadline != NULL)
        DELTA1_TRY (delta1_deadline_check (deadline, "epoch", epoch, training->epochs, reason));
      shuffle (s.order, others, &state);
      for (slong i = 0; i < steps; i++)
        {
          slong first = i * training->batch;
          slong count = others - first < training->batch ? others - first : training->batch;
          double t = ((double)epoch * (double)steps + (double)i) / all_steps;
          DELTA1_TRY (delta1_optimiser_set_rate (s.optimiser, rate_at (training, t), reason));
          loss += step (&s, pairs, s.order + first, count) / (double)steps;
        }
      if (!isfinite (loss))
        DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                                 "training left the finite numbers at epoch %ld", (long)epoch));
      if (losses != NULL)
        losses[epoch] = loss;
    }
  status = delta1_parameters_set (network, s.p, reason);
  if (status == DELTA1_INPUT)
    status = DELTA1_FAILED; /* not finite after the last step */

cleanup:
  school_clear (&s);
  return status;
}

/* --- units ------------------------------------------------------------------------------------ */

static void
times_2exp (fmpq *x, slong e)
{
  if (e >= 0)
    fmpq_mul_2exp (x, x, (flint_bitcnt_t)e);
  else
    fmpq_div_2exp (x, x, (flint_bitcnt_t)-e);
}

static void
matrix_2exp (fmpq_mat_struct *M, slong e)
{
  for (slong i = 0; i < fmpq_mat_nrows (M); i++)
    for (slong j = 0; j < fmpq_mat_ncols (M); j++)
      times_2exp (fmpq_mat_entry (M, i, j), e);
}

/* The units are positively homogeneous, soft(sz, st) = s soft(z, t): all that is inside a layer is
 * multiplied by 2^x_unit, and what acts on y divided by 2^y_unit. */
delta1_status_t
delta1_learned_rescale (delta1_network_t *network, const delta1_pairs_t *pairs,
                        delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong e = pairs->x_unit;
  fmpq_t threshold;

  fmpq_init (threshold);
  for (slong j = 0; j < delta1_network_layers (network); j++)
    {
      if (j == 0)
        matrix_2exp (delta1_network_edit_weights (network, j), e - pairs->y_unit);
      if (delta1_network_skip (network, j) != NULL)
        matrix_2exp (delta1_network_edit_skip (network, j), e - pairs->y_unit);
      if (delta1_network_bias (network, j) != NULL)
        matrix_2exp (delta1_network_edit_bias (network, j), e);
      for (slong i = 0; i < delta1_network_width (network, j); i++)
        if (delta1_network_unit (network, j, i) == DELTA1_SOFT)
          {
            fmpq_set (threshold, delta1_network_threshold (network, j, i));
            times_2exp (threshold, e);
            DELTA1_TRY (delta1_network_set_threshold (network, j, i, threshold, reason));
          }
    }

cleanup:
  fmpq_clear (threshold);
  return status;
}

delta1_status_t
delta1_learned_create (delta1_network_t **network, delta1_architecture_t architecture,
                       const delta1_lesson_t *lesson, const delta1_training_t *training,
                       uint64_t seed, const delta1_deadline_t *deadline, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *made = NULL;
  delta1_pairs_t pairs;

  *network = NULL;
  DELTA1_TRY (delta1_pairs_init (&pairs, lesson, training->samples, seed, reason));
  DELTA1_TRY (architecture (&made, lesson, &pairs, training, seed, reason));
  DELTA1_TRY (delta1_learned_train (made, NULL, &pairs, training, seed, deadline, reason));
  DELTA1_TRY (delta1_learned_rescale (made, &pairs, reason));
  *network = made;
  made = NULL;

cleanup:
  delta1_pairs_clear (&pairs);
  delta1_network_free (made);
  return status;
}

/* --- in the ring ------------------------------------------------------------------------------ */

/* What `solve` gets. */
typedef struct
{
  const delta1_training_t *training;
  delta1_architecture_t architecture;
  uint64_t seed;
  delta1_deadline_t deadline;
} apprentice_t;

/* x = v, a dyadic rational, exactly */
static void
set_dyadic (arb_t x, const fmpq_t v)
{
  arb_set_fmpz (x, fmpq_numref (v));
  arb_mul_2exp_si (x, x, 1 - (slong)fmpz_bits (fmpq_denref (v)));
}

/* The answer: the network, if the task takes it (*network is then NULL), and in any case its exact
 * values at the data that were read. Weights, data and thresholds are dyadic, and so are the
 * values. For lp its negative outputs become 0. */
static delta1_status_t
hand_over (arb_ptr x, delta1_network_t **network, const delta1_sample_t *sample,
           const delta1_task_t *task, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong last = delta1_network_layers (*network) - 1;
  slong m = sample->shape.m, N = sample->shape.N;
  fmpq *y = _fmpq_vec_init (m), *value = _fmpq_vec_init (N);

  if (task->problem == DELTA1_LP)
    DELTA1_TRY (delta1_network_set_units (*network, last, 0, N, DELTA1_RELU, reason));
  for (slong k = 0; k < sample->shape.R; k++)
    {
      for (slong i = 0; i < m; i++)
        arf_get_fmpq (y + i, arb_midref (sample->Y + k * m + i));
      DELTA1_TRY (delta1_network_evaluate (value, *network, y, reason));
      for (slong j = 0; j < N; j++)
        set_dyadic (x + k * N + j, value + j);
    }
  if (task->network != NULL)
    {
      *task->network = *network;
      *network = NULL;
    }

cleanup:
  _fmpq_vec_clear (y, m);
  _fmpq_vec_clear (value, N);
  return status;
}

static delta1_status_t
solve (arb_ptr x, const delta1_sample_t *sample, const delta1_task_t *task, const void *context,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const apprentice_t *apprentice = context;
  slong m = sample->shape.m, N = sample->shape.N, R = sample->shape.R;
  slong numbers = m * N + R * m + R * N;
  delta1_network_t *network = NULL;
  double *v = calloc ((size_t)numbers, sizeof *v);
  bool zero = true;

  if (task->network != NULL)
    {
      delta1_network_free (*task->network); /* of the sample before */
      *task->network = NULL;
    }
  if (v == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s",
                             apprentice->deadline.trainer));
  double *X = v + m * N + R * m;
  delta1_lesson_t lesson = { .problem = task->problem,
                             .shape = sample->shape,
                             .parameter = fmpq_get_d (task->parameter),
                             .A = v,
                             .Y = v + m * N,
                             .X = X };
  for (slong i = 0; i < m * N; i++)
    v[i] = arf_get_d (arb_midref (sample->A + i), ARF_RND_NEAR);
  for (slong i = 0; i < R * m; i++)
    v[m * N + i] = arf_get_d (arb_midref (sample->Y + i), ARF_RND_NEAR);
  for (slong i = 0; i < m * N + R * m; i++)
    if (!isfinite (v[i]))
      DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                               "trainer %s: a number that was read is beyond the doubles",
                               apprentice->deadline.trainer));
  DELTA1_TRY (
      delta1_lesson_targets (X, &lesson, sample, task->parameter, &apprentice->deadline, reason));
  for (slong i = 0; i < R * N; i++)
    zero = zero && !(X[i] < 0 || X[i] > 0);
  if (zero)
    goto cleanup; /* nothing to learn: x = 0 */
  DELTA1_TRY (delta1_learned_create (&network, apprentice->architecture, &lesson,
                                     apprentice->training, apprentice->seed, &apprentice->deadline,
                                     reason));
  DELTA1_TRY (hand_over (x, &network, sample, task, reason));

cleanup:
  delta1_network_free (network);
  free (v);
  return status;
}

delta1_status_t
delta1_learned_run (fmpq_mat_t X, const delta1_learned_options_t *options,
                    delta1_architecture_t architecture, const char *trainer,
                    const delta1_task_t *task, delta1_oracle_t *oracle, uint64_t seed,
                    delta1_reason_t *reason)
{
  apprentice_t apprentice = { .training = &options->training,
                              .architecture = architecture,
                              .seed = seed,
                              .deadline = delta1_deadline_start (trainer, task) };
  return delta1_reading_run (X, &options->reading, task, oracle, solve, &apprentice, reason);
}

delta1_status_t
delta1_learned_options (void **context, const char *trainer, const char *text, bool hidden,
                        slong most_layers, const delta1_training_t *defaults,
                        delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_option_t list[DELTA1_READING_OPTION_COUNT + 6];
  slong count = DELTA1_READING_OPTION_COUNT;
  delta1_learned_options_t *options = malloc (sizeof *options);

  if (options == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", trainer);
  options->training = *defaults;
  delta1_training_t *t = &options->training;
  delta1_reading_options (list, &options->reading);
  list[count++] = (delta1_option_t){ "layers", NULL, 1, most_layers, &t->layers };
  list[count++] = (delta1_option_t){ "samples", NULL, 1, 1000000, &t->samples };
  list[count++] = (delta1_option_t){ "epochs", NULL, 1, 1000000000, &t->epochs };
  list[count++] = (delta1_option_t){ "batch", NULL, 1, 1000000, &t->batch };
  list[count++] = (delta1_option_t){ "rate", NULL, 0, 15, &t->rate };
  if (hidden)
    list[count++] = (delta1_option_t){ "hidden", NULL, 1, 4096, &t->hidden };
  DELTA1_TRY (delta1_options_parse (trainer, text, list, count, reason));
  /* The rate falls by as much as in the default. */
  t->last_rate = t->rate + defaults->last_rate - defaults->rate;
  *context = options;
  options = NULL;

cleanup:
  free (options);
  return status;
}
