/* reading: how the trainers that know nothing of the class choose the precision they read at.
 *
 * once    one training sample, at n = the option `precision`, default ceil(digits log2(10)) + 64.
 * stable  training samples at that n, then 2n, 4n, ... Two answers that follow each other agree
 * when no entry of the R x N output moved by more than 10^-digits / 4. It stops after two
 * agreements in a row (three samples at least). This is what a careful practitioner does; it proves
 *         nothing, and on the tie family it is fooled (mathematics.md, Theorem 3.2 (i)).
 *
 * Neither asks above task->max_precision when that is > 0: a trainer that is allowed L - 1 samples
 * reads at L - 1. In the stable style the answer at the cap is the output, agreed or not. */
#ifndef DELTA1_READING_H
#define DELTA1_READING_H

#include "oracles/algorithm.h"
#include "trainers/options.h"

enum
{
  DELTA1_READING_ONCE = 0,
  DELTA1_READING_STABLE
};

typedef struct
{
  slong style;
  slong precision; /* the first n; 0: the default */
} delta1_reading_t;

#define DELTA1_READING_OPTION_COUNT 2
#define DELTA1_READING_OPTIONS_TEXT "reading=once|stable, precision=n"

/* Writes the two options, with their defaults put in *reading. */
void delta1_reading_options (delta1_option_t options[DELTA1_READING_OPTION_COUNT],
                             delta1_reading_t *reading);

/* The `create` of a built-in trainer that has no other options: *context becomes a
 * delta1_reading_t, to be freed. */
DELTA1_MUST_USE delta1_status_t delta1_reading_create (void **context, const char *trainer,
                                                       const char *options,
                                                       delta1_reason_t *reason);

/* ceil(digits log2(10)): 2^-n <= 10^-digits for digits >= 0. */
slong delta1_reading_digits_to_bits (slong digits);

/* One training sample: every entry the dyadic m 2^-n that was answered, a ball of radius 0. */
typedef struct
{
  delta1_shape_t shape;
  slong n;
  arb_ptr A; /* m x N, row-major */
  arb_ptr Y; /* R x m */
} delta1_sample_t;

/* x: R x N, row k the answer for y_k; only midpoints are used, all of them 0 on entry. Whatever is
 * written must be finite. */
typedef delta1_status_t (*delta1_solve_t) (arb_ptr x, const delta1_sample_t *sample,
                                           const delta1_task_t *task, const void *context,
                                           delta1_reason_t *reason);

/* Reads in the style, solves each sample, and puts the last answer, exactly, in X (R x N). */
DELTA1_MUST_USE delta1_status_t delta1_reading_run (fmpq_mat_t X, const delta1_reading_t *reading,
                                                    const delta1_task_t *task,
                                                    delta1_oracle_t *oracle, delta1_solve_t solve,
                                                    const void *context, delta1_reason_t *reason);

#endif
