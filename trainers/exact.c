#include "trainers/exact.h"

#include <stdlib.h>

delta1_status_t
delta1_dictionary_init (delta1_dictionary_t *dictionary, slong rows, slong columns,
                        delta1_reason_t *reason)
{
  *dictionary = (delta1_dictionary_t){ .rows = rows, .columns = columns };
  fmpz_mat_init (dictionary->entry, rows, columns + 1);
  fmpz_init_set_ui (dictionary->den, 1);
  dictionary->basic = malloc (((size_t)rows + 1) * sizeof (slong));
  dictionary->outside = malloc (((size_t)columns + 1) * sizeof (slong));
  if (dictionary->basic == NULL || dictionary->outside == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a dictionary of %ld x %ld",
                        (long)rows, (long)columns);
  for (slong j = 0; j < columns; j++)
    dictionary->outside[j] = j;
  for (slong i = 0; i < rows; i++)
    dictionary->basic[i] = columns + i;
  return DELTA1_OK;
}

void
delta1_dictionary_clear (delta1_dictionary_t *dictionary)
{
  fmpz_mat_clear (dictionary->entry);
  fmpz_clear (dictionary->den);
  free (dictionary->basic);
  free (dictionary->outside);
}

/* With p = entry[row][column] the new denominator:
 *   entry[row][column] = den, entry[i][column] = -entry[i][column], the rest of the row unchanged,
 *   entry[i][j] = (p entry[i][j] - entry[i][column] entry[row][j])/den, without remainder;
 * all signs are turned when p < 0. */
delta1_status_t
delta1_dictionary_pivot (delta1_dictionary_t *dictionary, slong row, slong column,
                         const delta1_deadline_t *deadline, slong pivot, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong width = dictionary->columns + 1;
  fmpz *pivot_row = fmpz_mat_entry (dictionary->entry, row, 0);
  fmpz_t p;

  fmpz_init_set (p, pivot_row + column);
  for (slong i = 0; i < dictionary->rows; i++)
    {
      fmpz *line = fmpz_mat_entry (dictionary->entry, i, 0);
      if (i == row)
        continue;
      DELTA1_TRY (delta1_deadline_check (deadline, "pivot", pivot, 0, reason));
      for (slong j = 0; j < width; j++)
        if (j != column)
          {
            fmpz_mul (line + j, line + j, p);
            fmpz_submul (line + j, line + column, pivot_row + j);
            fmpz_divexact (line + j, line + j, dictionary->den);
          }
      fmpz_neg (line + column, line + column);
    }
  fmpz_set (pivot_row + column, dictionary->den);
  fmpz_set (dictionary->den, p);
  if (fmpz_sgn (p) < 0)
    {
      fmpz_mat_neg (dictionary->entry, dictionary->entry);
      fmpz_neg (dictionary->den, dictionary->den);
    }
  slong leaves = dictionary->basic[row];
  dictionary->basic[row] = dictionary->outside[column];
  dictionary->outside[column] = leaves;

cleanup:
  fmpz_clear (p);
  return status;
}

int
delta1_dictionary_compare (const delta1_dictionary_t *dictionary, slong i, slong k, slong column,
                           slong ratio)
{
  fmpz_t left, right;
  fmpz_init (left);
  fmpz_init (right);
  const fmpz_mat_struct *entry = dictionary->entry;
  fmpz_mul (left, fmpz_mat_entry (entry, i, column), fmpz_mat_entry (entry, k, ratio));
  fmpz_mul (right, fmpz_mat_entry (entry, k, column), fmpz_mat_entry (entry, i, ratio));
  int sign = fmpz_cmp (left, right);
  fmpz_clear (left);
  fmpz_clear (right);
  return sign;
}

/* The least shift >= any needed, so that all of v 2^shift are integers. */
static slong
common_shift (arb_srcptr v, slong count)
{
  slong shift = 0;
  bool any = false;
  fmpz_t mantissa, exponent;
  fmpz_init (mantissa);
  fmpz_init (exponent);
  for (slong i = 0; i < count; i++)
    if (!arf_is_zero (arb_midref (v + i)))
      {
        arf_get_fmpz_2exp (mantissa, exponent, arb_midref (v + i));
        slong needed = -fmpz_get_si (exponent);
        shift = !any || needed > shift ? needed : shift;
        any = true;
      }
  fmpz_clear (mantissa);
  fmpz_clear (exponent);
  return shift;
}

static void
to_integer (fmpz_t z, const arb_t x, slong shift)
{
  arf_t scaled;
  arf_init (scaled);
  arf_mul_2exp_si (scaled, arb_midref (x), shift);
  (void)arf_get_fmpz (z, scaled, ARF_RND_NEAR); /* exact */
  arf_clear (scaled);
}

void
delta1_integers_init (delta1_integers_t *integers, const delta1_sample_t *sample)
{
  slong m = sample->shape.m, N = sample->shape.N, R = sample->shape.R;
  fmpz_mat_init (integers->matrix, m, N);
  fmpz_mat_init (integers->data, R, m);
  integers->matrix_shift = common_shift (sample->A, m * N);
  integers->data_shift = common_shift (sample->Y, R * m);
  for (slong i = 0; i < m; i++)
    for (slong j = 0; j < N; j++)
      to_integer (fmpz_mat_entry (integers->matrix, i, j), sample->A + i * N + j,
                  integers->matrix_shift);
  for (slong k = 0; k < R; k++)
    for (slong i = 0; i < m; i++)
      to_integer (fmpz_mat_entry (integers->data, k, i), sample->Y + k * m + i,
                  integers->data_shift);
}

void
delta1_integers_clear (delta1_integers_t *integers)
{
  fmpz_mat_clear (integers->matrix);
  fmpz_mat_clear (integers->data);
}

void
delta1_exact_store (arb_t x, const fmpz_t num, const fmpz_t den, slong shift, slong n)
{
  (void)arf_fmpz_div_fmpz (arb_midref (x), num, den, n + 64, ARF_RND_NEAR);
  arf_mul_2exp_si (arb_midref (x), arb_midref (x), shift);
}
