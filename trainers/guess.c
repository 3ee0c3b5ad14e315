/* guess: two heuristics that know nothing of the class: one column by lot, and the mean of all.
 *
 * From one training sample: c_j = <a_j, y_1>/||y_1||, signed. For lp only c_j > 0 counts, for the
 * other problems the modulus, with the sign carried to the answer. a = the largest. Tied are the
 * columns with |c_j| >= (1 - 2^-(r/2)) a, where r = n + log2 max_i |y_i| is the number of bits of
 * y_1 that the sample shows: y_1 ~ 10^-K read to 2^-n has about n - K log2(10) of them. An error
 * 2^-n of each entry moves |c_j|/a by less than 8 sqrt(m) 2^-r about, which is below 2^-(r/2) once
 * r > 6 + log2 m (the default reading has r >= 60 on the tie family): columns that differ by less
 * than the reading are seen as tied. The price: a difference that the sample does show, but only in
 * its second half, is called a tie too.
 *
 * For datum k, a single column of correlation a is minimal at (t = ||y_k||)
 *   srlasso (lambda < a), bp, lp   t / a
 *   lasso                          t / a - lambda / (2 a^2)
 *   qcbp                           (t - epsilon) / a
 * or at 0 where that is negative, or lambda >= a in srlasso. coin puts this on one tied column,
 * midpoint divides it over all of them. Heuristic: nothing is certified. */

#include "trainers/builtin.h"

#include <stdlib.h>

#include "src/random.h"
#include "trainers/reading.h"

/* What solve_* get: the problem is in the task. */
typedef struct
{
  bool lot;
  uint64_t seed;
} choice_t;

/* n + the exponent of the largest entry of y; 0 when y reads as 0. */
static slong
shown_bits (arb_srcptr y, const delta1_sample_t *sample)
{
  slong bits = 0;
  for (slong i = 0; i < sample->shape.m; i++)
    if (!arf_is_zero (arb_midref (y + i)))
      {
        slong b = sample->n + arf_abs_bound_lt_2exp_si (arb_midref (y + i));
        bits = b > bits ? b : bits;
      }
  return bits;
}

static void
norm (arb_t t, arb_srcptr y, slong m, slong prec)
{
  arb_approx_dot (t, NULL, 0, y, 1, y, 1, m, prec);
  arf_sqrt (arb_midref (t), arb_midref (t), prec, ARF_RND_NEAR);
}

/* amplitude >= 0 of the single column for datum norm t; see above. All radii stay 0: midpoints
 * only. */
static void
amplitude (arf_t s, const arf_t t, const arf_t a, const delta1_task_t *task, slong prec)
{
  arf_t shift;
  arb_t parameter;
  arf_init (shift);
  arb_init (parameter);
  arb_set_fmpq (parameter, task->parameter, prec);
  arf_srcptr p = arb_midref (parameter);

  arf_set (s, t);
  if (task->problem == DELTA1_SRLASSO && arf_cmp (p, a) >= 0)
    arf_zero (s);
  else if (task->problem == DELTA1_LASSO)
    {
      arf_div (shift, p, a, prec, ARF_RND_NEAR);
      arf_mul_2exp_si (shift, shift, -1);
      arf_sub (s, s, shift, prec, ARF_RND_NEAR);
    }
  else if (task->problem == DELTA1_QCBP)
    arf_sub (s, s, p, prec, ARF_RND_NEAR);
  if (arf_sgn (s) <= 0)
    arf_zero (s);
  else
    arf_div (s, s, a, prec, ARF_RND_NEAR);

  arf_clear (shift);
  arb_clear (parameter);
}

static delta1_status_t
solve (arb_ptr x, const delta1_sample_t *sample, const delta1_task_t *task, const void *context,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const choice_t *choice = context;
  const delta1_shape_t *shape = &sample->shape;
  slong N = shape->N;
  slong bits = shown_bits (sample->Y, sample);
  slong *tied = NULL;
  slong count = 0;
  arb_ptr c = _arb_vec_init (N);
  arb_t t, product;
  arf_t a, least, s;

  arb_init (t);
  arb_init (product);
  arf_init (a);
  arf_init (least);
  arf_init (s);
  if (bits == 0)
    goto cleanup; /* y_1 reads as 0: so is the answer */
  /* y is known to `bits` bits; 64 more keep rounding out of the way. */
  slong prec = bits + 64;
  tied = malloc ((size_t)N * sizeof *tied);
  if (tied == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for %ld columns", (long)N));

  norm (t, sample->Y, shape->m, prec);
  for (slong j = 0; j < N; j++)
    {
      arb_approx_dot (c + j, NULL, 0, sample->A + j, N, sample->Y, 1, shape->m, prec);
      if (task->problem == DELTA1_LP && arf_sgn (arb_midref (c + j)) < 0)
        arf_zero (arb_midref (c + j));
      if (arf_cmpabs (arb_midref (c + j), a) > 0)
        arf_abs (a, arb_midref (c + j));
    }
  if (arf_is_zero (a))
    goto cleanup; /* no column points along y_1 */

  slong half = bits >= 4 ? bits / 2 : 2;
  arf_mul_2exp_si (least, a, -half);
  arf_sub (least, a, least, prec, ARF_RND_DOWN);
  for (slong j = 0; j < N; j++)
    if (arf_cmpabs (arb_midref (c + j), least) >= 0)
      tied[count++] = j;
  arf_div (a, a, arb_midref (t), prec, ARF_RND_NEAR);

  slong first = 0, last = count;
  if (choice->lot)
    {
      uint64_t state = choice->seed;
      /* The remainder prefers small ones by less than count 2^-64. */
      first = (slong)(delta1_random_bits (&state) % (uint64_t)count);
      last = first + 1;
    }
  for (slong k = 0; k < shape->R; k++)
    {
      arb_srcptr y = sample->Y + k * shape->m;
      norm (t, y, shape->m, prec);
      amplitude (s, arb_midref (t), a, task, prec);
      arf_div_ui (s, s, (ulong)(last - first), prec, ARF_RND_NEAR);
      arb_approx_dot (product, NULL, 0, y, 1, sample->Y, 1, shape->m, 64);
      for (slong i = first; i < last; i++)
        {
          arf_ptr entry = arb_midref (x + k * N + tied[i]);
          int sign = arf_sgn (arb_midref (product)) * arf_sgn (arb_midref (c + tied[i]));
          if (sign > 0 || (sign < 0 && task->problem != DELTA1_LP))
            arf_set (entry, s);
          if (sign < 0)
            arf_neg (entry, entry);
        }
    }

cleanup:
  free (tied);
  _arb_vec_clear (c, N);
  arb_clear (t);
  arb_clear (product);
  arf_clear (a);
  arf_clear (least);
  arf_clear (s);
  return status;
}

static delta1_status_t
run_coin (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
          delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  const delta1_reading_t *reading = algorithm->context;
  choice_t choice = { .lot = true, .seed = seed };
  return delta1_reading_run (X, reading, task, oracle, solve, &choice, reason);
}

static delta1_status_t
run_midpoint (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
              delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  const delta1_reading_t *reading = algorithm->context;
  choice_t choice = { .lot = false, .seed = seed };
  return delta1_reading_run (X, reading, task, oracle, solve, &choice, reason);
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  (void)task;
  return true;
}

static delta1_status_t
create_coin (void **context, const char *options, delta1_reason_t *reason)
{
  return delta1_reading_create (context, "coin", options, reason);
}

static delta1_status_t
create_midpoint (void **context, const char *options, delta1_reason_t *reason)
{
  return delta1_reading_create (context, "midpoint", options, reason);
}

const delta1_builtin_t delta1_builtin_coin = {
  .table = { .name = "coin",
             .summary = "one of the columns that read as tied, by lot",
             .options = DELTA1_READING_OPTIONS_TEXT,
             .randomised = true,
             .run = run_coin,
             .attempts = attempts,
             .free = free },
  .create = create_coin,
  .default_digits = WORD_MAX,
};

const delta1_builtin_t delta1_builtin_midpoint = {
  .table = { .name = "midpoint",
             .summary = "the mean of the columns that read as tied",
             .options = DELTA1_READING_OPTIONS_TEXT,
             .run = run_midpoint,
             .attempts = attempts,
             .free = free },
  .create = create_midpoint,
  .default_digits = WORD_MAX,
};
