/* theorem: the algorithms of the proof of mathematics.md, Theorem 3.2 (ii), (iii) and Lemma 3.3.
 *
 * Both know the class (task->known) and nothing else. alpha_j = <u, A e_j> is read as
 * sum_i u_i q_ij, q_ij the answers at precision n, so with |q_ij - A_ij| <= 2^-n its error is at
 * most
 * ||u||_1 2^-n <= B 2^-n, plus the radius delta of the ball it is kept in. delta < B 2^-n: with
 * |q_ij| <= 7B (every alpha <= 6B, |u_i| <= 1, n >= 1) and u_i and products good to
 * 2^-(n + GUARD + b), B = 2^b, delta <= 14 m B 2^-(n + GUARD + b), and m < 2^60. */

#include "trainers/builtin.h"

#include <stdlib.h>

#include "trainers/options.h"

#define GUARD 64

/* The direction u, enclosed as far as it has been needed, and what was last read. */
typedef struct
{
  const delta1_task_t *task;
  delta1_oracle_t *oracle;
  slong accuracy; /* the radius of every u_i is at most 2^-accuracy; 0: nothing enclosed yet */
  arb_ptr u;      /* m; an entry that is exactly 0 marks a row that need not be read */
  slong n;        /* the precision of alpha */
  arb_ptr alpha;  /* one ball for each tied column */
} tied_t;

static delta1_status_t
check_class (const delta1_task_t *task, delta1_reason_t *reason)
{
  const delta1_class_t *known = task->known;
  if (known == NULL)
    return delta1_fail (
        reason, DELTA1_INPUT,
        "the theorem's algorithms need to know the class of the inputs, and this task "
        "has none; allowed: tasks of the tie family");
  bool good = known->tied >= 1 && known->tied <= task->shape.N && known->column != NULL
              && known->direction != NULL && !known->direction->complex
              && known->direction->count == task->shape.m && known->bound_exponent >= 0
              && known->samples >= 1 && known->samples <= DELTA1_ORACLE_MAX_PRECISION;
  for (slong tier = 0; tier < 3; tier++)
    good = good && known->scale[tier] != NULL;
  for (slong c = 0; good && c < known->tied; c++)
    good = known->column[c] >= 0 && known->column[c] < task->shape.N;
  if (!good)
    return delta1_fail (reason, DELTA1_INPUT,
                        "the class of the inputs does not fit the task: %ld tied columns of %ld, "
                        "%ld samples; allowed: 1 to N tied columns, a real direction of length m, "
                        "L >= 1",
                        (long)known->tied, (long)task->shape.N, (long)known->samples);
  return DELTA1_OK;
}

static delta1_status_t
tied_init (tied_t *tied, const delta1_task_t *task, delta1_oracle_t *oracle,
           delta1_reason_t *reason)
{
  delta1_status_t status = check_class (task, reason);
  *tied = (tied_t){ .task = task, .oracle = oracle };
  if (status == DELTA1_OK)
    {
      tied->u = _arb_vec_init (task->shape.m);
      tied->alpha = _arb_vec_init (task->known->tied);
    }
  return status;
}

static void
tied_clear (tied_t *tied)
{
  if (tied->u != NULL)
    _arb_vec_clear (tied->u, tied->task->shape.m);
  if (tied->alpha != NULL)
    _arb_vec_clear (tied->alpha, tied->task->known->tied);
}

/* Encloses u to at least 2^-accuracy; twice that, so that n = 1, 2, 3, ... does so rarely. */
static delta1_status_t
enclose_direction (tied_t *tied, slong accuracy, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_source_t *direction = tied->task->known->direction;
  acb_t z;
  fmpq_t re, im;

  if (tied->accuracy >= accuracy)
    return DELTA1_OK;
  acb_init (z);
  fmpq_init (re);
  fmpq_init (im);
  slong wanted = accuracy < 4096 ? 2 * accuracy : accuracy;
  for (slong i = 0; i < tied->task->shape.m; i++)
    {
      /* |u_i| <= 1, so relative precision is absolute accuracy. */
      if (direction->table->exact != NULL
          && direction->table->exact (direction->context, re, im, i))
        arb_set_fmpq (tied->u + i, re, wanted + 2);
      else
        {
          DELTA1_TRY (delta1_source_enclose_absolute (z, direction, i, wanted, reason));
          arb_set (tied->u + i, acb_realref (z));
        }
    }
  tied->accuracy = wanted;

cleanup:
  acb_clear (z);
  fmpq_clear (re);
  fmpq_clear (im);
  return status;
}

/* alpha_j for every tied column at precision n: one question a column and a row with u_i != 0. */
static delta1_status_t
tied_read (tied_t *tied, slong n, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_class_t *known = tied->task->known;
  const delta1_shape_t *shape = &tied->task->shape;
  slong prec = n + 2 * GUARD + known->bound_exponent;
  fmpz_t q;
  arb_t entry;

  fmpz_init (q);
  arb_init (entry);
  DELTA1_TRY (enclose_direction (tied, n + GUARD + known->bound_exponent, reason));
  tied->n = n;
  for (slong c = 0; c < known->tied; c++)
    {
      arb_zero (tied->alpha + c);
      for (slong i = 0; i < shape->m; i++)
        {
          if (arb_is_zero (tied->u + i))
            continue;
          DELTA1_TRY (delta1_oracle_ask (
              tied->oracle, q, delta1_shape_matrix_entry (shape, i, known->column[c]), n, reason));
          arb_set_fmpz (entry, q);
          arb_mul_2exp_si (entry, entry, -n);
          arb_addmul (tied->alpha + c, tied->u + i, entry, prec);
        }
    }

cleanup:
  fmpz_clear (q);
  arb_clear (entry);
  return status;
}

/* The column that reads largest; the first of equals. */
static slong
tied_largest (const tied_t *tied)
{
  slong best = 0;
  for (slong c = 1; c < tied->task->known->tied; c++)
    if (arf_cmp (arb_midref (tied->alpha + c), arb_midref (tied->alpha + best)) > 0)
      best = c;
  return best;
}

/* The tier by alpha* = 6B, 4B, 2B. The largest reading is within B 2^-n + delta < 2B 2^-n <= B of
 * it, so 5B and 3B separate the three for every n >= 1. */
static slong
tied_tier (const tied_t *tied)
{
  slong tier = 2;
  arf_t in_bounds;
  arf_init (in_bounds);
  arf_mul_2exp_si (in_bounds, arb_midref (tied->alpha + tied_largest (tied)),
                   -tied->task->known->bound_exponent);
  if (arf_cmp_si (in_bounds, 5) > 0)
    tier = 0;
  else if (arf_cmp_si (in_bounds, 3) > 0)
    tier = 1;
  arf_clear (in_bounds);
  return tier;
}

/* Whether column `best` exceeds all others by more than 2B 2^-n, certainly: then alpha_best is the
 * largest, since either reading is wrong by at most ||u||_1 2^-n <= B 2^-n. */
static bool
tied_decided (const tied_t *tied, slong best)
{
  const delta1_class_t *known = tied->task->known;
  slong prec = tied->n + 2 * GUARD + known->bound_exponent;
  bool decided = true;
  arb_t difference, margin;
  arb_init (difference);
  arb_init (margin);
  arb_one (margin);
  arb_mul_2exp_si (margin, margin, 1 + known->bound_exponent - tied->n);
  for (slong c = 0; c < known->tied && decided; c++)
    {
      if (c == best)
        continue;
      arb_sub (difference, tied->alpha + best, tied->alpha + c, prec);
      decided = arb_gt (difference, margin);
    }
  arb_clear (difference);
  arb_clear (margin);
  return decided;
}

static void
tied_answer (fmpq_mat_t X, const tied_t *tied, slong tier, slong c)
{
  const delta1_class_t *known = tied->task->known;
  fmpq_mat_zero (X);
  for (slong k = 0; k < tied->task->shape.R; k++)
    fmpq_set (fmpq_mat_entry (X, k, known->column[c]), known->scale[tier] + k);
}

/* L, or what the budget allows when it is less: no algorithm is correct then (Theorem 3.2 (iii)),
 * and these guess the largest reading. */
static slong
samples_allowed (const delta1_task_t *task)
{
  slong n = task->known->samples;
  return task->max_precision > 0 && task->max_precision < n ? task->max_precision : n;
}

/* Theorem 3.2 (ii): correct to K - 1 digits on all inputs of the class. */
static delta1_status_t
run_k1 (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
        delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  tied_t tied;
  slong chosen = 0;
  (void)algorithm;
  (void)seed;

  DELTA1_TRY (tied_init (&tied, task, oracle, reason));
  DELTA1_TRY (tied_read (&tied, 1, reason));
  slong tier = tied_tier (&tied);
  if (tier == 1)
    {
      /* Halts at n <= k + 3 + log2 B for the gap 2^-k: the readings of the largest and another
       * column differ by at least 2^-k - 2B 2^-n - 2 delta, which the balls show to exceed 2B 2^-n
       * when 2^-k > 4B 2^-n + 4 delta. At n = k + 3 + log2 B the first term is 2^-k / 2 and the
       * second, as delta < B 2^-n, less than that. One at a time: doubling n could read nearly
       * twice as far. */
      chosen = tied_largest (&tied);
      while (!tied_decided (&tied, chosen))
        {
          DELTA1_TRY (tied_read (&tied, tied.n + 1, reason));
          chosen = tied_largest (&tied);
        }
    }
  else if (tier == 2)
    {
      /* As (iii). The gap is 3B 2^-L and 2 ||u||_1 2^-L + 2 delta < 3B 2^-L (delta is far below
       * B 2^-L / 2), so the order of the readings is the order of the columns. */
      if (samples_allowed (task) > 1)
        DELTA1_TRY (tied_read (&tied, samples_allowed (task), reason));
      chosen = tied_largest (&tied);
    }
  /* Tier a: any tied column is within sqrt2 s < 10^-(K-1) of the minimiser; the first. */
  tied_answer (X, &tied, tier, chosen);

cleanup:
  tied_clear (&tied);
  return status;
}

/* Theorem 3.2 (iii): correct to K - 2 digits on all inputs of the class, with L samples. One sample
 * tells the tier and, in tier c, the column. */
static delta1_status_t
run_k2 (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
        delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  tied_t tied;
  (void)algorithm;
  (void)seed;

  DELTA1_TRY (tied_init (&tied, task, oracle, reason));
  DELTA1_TRY (tied_read (&tied, samples_allowed (task), reason));
  slong tier = tied_tier (&tied);
  tied_answer (X, &tied, tier, tier == 2 ? tied_largest (&tied) : 0);

cleanup:
  tied_clear (&tied);
  return status;
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->known != NULL;
}

static delta1_status_t
create_k1 (void **context, const char *options, delta1_reason_t *reason)
{
  *context = NULL;
  return delta1_options_parse ("theorem-k1", options, NULL, 0, reason);
}

static delta1_status_t
create_k2 (void **context, const char *options, delta1_reason_t *reason)
{
  *context = NULL;
  return delta1_options_parse ("theorem-k2", options, NULL, 0, reason);
}

const delta1_builtin_t delta1_builtin_theorem_k1 = {
  .table = { .name = "theorem-k1",
             .summary = "told the class of inputs: K-1 digits, reads until the tie is broken",
             .options = "",
             .run = run_k1,
             .attempts = attempts },
  .create = create_k1,
  .default_digits = WORD_MAX,
};

const delta1_builtin_t delta1_builtin_theorem_k2 = {
  .table = { .name = "theorem-k2",
             .summary = "told the class of inputs: K-2 digits from one sample at n = L",
             .options = "",
             .run = run_k2,
             .attempts = attempts },
  .create = create_k2,
  .default_digits = WORD_MAX,
};
