#include "trainers/reading.h"

#include <math.h>
#include <stdlib.h>

void
delta1_reading_options (delta1_option_t options[DELTA1_READING_OPTION_COUNT],
                        delta1_reading_t *reading)
{
  reading->style = DELTA1_READING_ONCE;
  reading->precision = 0;
  options[0] = (delta1_option_t){ "reading", "once|stable", 1, 0, &reading->style };
  options[1]
      = (delta1_option_t){ "precision", NULL, 1, DELTA1_ORACLE_MAX_PRECISION, &reading->precision };
}

delta1_status_t
delta1_reading_create (void **context, const char *trainer, const char *options,
                       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_option_t list[DELTA1_READING_OPTION_COUNT];
  delta1_reading_t *reading = malloc (sizeof *reading);

  if (reading == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", trainer);
  delta1_reading_options (list, reading);
  DELTA1_TRY (delta1_options_parse (trainer, options, list, DELTA1_READING_OPTION_COUNT, reason));
  *context = reading;
  reading = NULL;

cleanup:
  free (reading);
  return status;
}

slong
delta1_reading_digits_to_bits (slong digits)
{
  if (digits <= 0)
    return 0;
  if (digits >= DELTA1_ORACLE_MAX_PRECISION)
    return 4 * DELTA1_ORACLE_MAX_PRECISION;
  /* The factor is log2(10) rounded up in the 16th digit. */
  return (slong)ceil ((double)digits * 3.3219280948873626);
}

static slong
cap (const delta1_task_t *task)
{
  if (task->max_precision > 0 && task->max_precision < DELTA1_ORACLE_MAX_PRECISION)
    return task->max_precision;
  return DELTA1_ORACLE_MAX_PRECISION;
}

/* The whole sample, asked entry by entry: delta1_training_sample makes reduced fractions, which at
 * a million bits costs more than the solving. */
static delta1_status_t
read_sample (delta1_sample_t *sample, delta1_oracle_t *oracle, slong n, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong matrix = sample->shape.m * sample->shape.N;
  slong count = delta1_shape_count (&sample->shape);
  fmpz_t q;

  fmpz_init (q);
  sample->n = n;
  for (slong j = 0; j < count; j++)
    {
      arb_ptr entry = j < matrix ? sample->A + j : sample->Y + (j - matrix);
      DELTA1_TRY (delta1_oracle_ask (oracle, q, j, n, reason));
      arb_set_fmpz (entry, q);
      arb_mul_2exp_si (entry, entry, -n);
    }

cleanup:
  fmpz_clear (q);
  return status;
}

/* Whether max |x_i - previous_i| <= tolerance; the differences are rounded up to 64 bits. */
static bool
agree (arb_srcptr x, arb_srcptr previous, slong count, const arf_t tolerance)
{
  bool all = true;
  arf_t difference;
  arf_init (difference);
  for (slong i = 0; i < count && all; i++)
    {
      arf_sub (difference, arb_midref (x + i), arb_midref (previous + i), 64, ARF_RND_UP);
      all = arf_cmpabs (difference, tolerance) <= 0;
    }
  arf_clear (difference);
  return all;
}

delta1_status_t
delta1_reading_run (fmpq_mat_t X, const delta1_reading_t *reading, const delta1_task_t *task,
                    delta1_oracle_t *oracle, delta1_solve_t solve, const void *context,
                    delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_shape_t *shape = &task->shape;
  slong outputs = shape->R * shape->N;
  slong highest = cap (task);
  slong n = reading->precision > 0 ? reading->precision
                                   : delta1_reading_digits_to_bits (task->digits) + 64;
  slong agreements = 0;
  delta1_sample_t sample = { .shape = *shape };
  arb_ptr x = _arb_vec_init (outputs);
  arb_ptr previous = _arb_vec_init (outputs);
  arb_t tolerance;

  arb_init (tolerance);
  sample.A = _arb_vec_init (shape->m * shape->N);
  sample.Y = _arb_vec_init (shape->R * shape->m);
  /* 10^-digits / 4 to 64 bits. */
  arb_set_si (tolerance, 10);
  arb_pow_ui (tolerance, tolerance, task->digits > 0 ? (ulong)task->digits : 0, 64);
  arb_ui_div (tolerance, 1, tolerance, 64);
  arb_mul_2exp_si (tolerance, tolerance, -2);

  if (n > highest)
    n = highest;
  for (bool first = true;; first = false)
    {
      DELTA1_TRY (read_sample (&sample, oracle, n, reason));
      _arb_vec_zero (x, outputs);
      DELTA1_TRY (solve (x, &sample, task, context, reason));
      if (reading->style == DELTA1_READING_ONCE || n == highest)
        break;
      if (!first)
        agreements = agree (x, previous, outputs, arb_midref (tolerance)) ? agreements + 1 : 0;
      if (agreements == 2)
        break;
      arb_ptr swapped = x;
      x = previous;
      previous = swapped;
      n = n <= highest / 2 ? 2 * n : highest;
    }

  for (slong k = 0; k < shape->R; k++)
    for (slong j = 0; j < shape->N; j++)
      {
        arf_srcptr value = arb_midref (x + k * shape->N + j);
        if (!arf_is_finite (value))
          DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                                   "the answer for datum %ld is not finite in entry %ld", (long)k,
                                   (long)j));
        arf_get_fmpq (fmpq_mat_entry (X, k, j), value);
      }

cleanup:
  _arb_vec_clear (x, outputs);
  _arb_vec_clear (previous, outputs);
  _arb_vec_clear (sample.A, shape->m * shape->N);
  _arb_vec_clear (sample.Y, shape->R * shape->m);
  arb_clear (tolerance);
  return status;
}
