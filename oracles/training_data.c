#include "oracles/training_data.h"

slong
delta1_shape_count (const delta1_shape_t *shape)
{
  return shape->m * shape->N + shape->R * shape->m;
}

slong
delta1_shape_matrix_entry (const delta1_shape_t *shape, slong i, slong j)
{
  return i * shape->N + j;
}

slong
delta1_shape_data_entry (const delta1_shape_t *shape, slong k, slong i)
{
  return shape->m * shape->N + k * shape->m + i;
}

delta1_place_t
delta1_shape_place (const delta1_shape_t *shape, slong entry)
{
  const slong matrix = shape->m * shape->N;
  if (entry < matrix)
    return (delta1_place_t){ false, entry / shape->N, entry % shape->N };
  return (delta1_place_t){ true, (entry - matrix) / shape->m, (entry - matrix) % shape->m };
}

/* x = m 2^-n in lowest terms, without a gcd. */
static void
set_dyadic (fmpq_t x, const fmpz_t m, slong n)
{
  slong common = fmpz_is_zero (m) ? n : (slong)fmpz_val2 (m);
  if (common > n)
    common = n;
  fmpz_fdiv_q_2exp (fmpq_numref (x), m, (ulong)common);
  fmpz_one (fmpq_denref (x));
  fmpz_mul_2exp (fmpq_denref (x), fmpq_denref (x), (ulong)(n - common));
}

static bool
shape_fits (const delta1_shape_t *shape, slong count)
{
  slong width, entries;
  return shape->m >= 1 && shape->N >= 1 && shape->R >= 0
         && !__builtin_add_overflow (shape->N, shape->R, &width)
         && !__builtin_mul_overflow (shape->m, width, &entries) && entries == count;
}

delta1_status_t
delta1_training_sample (fmpq_mat_t A, fmpq_mat_t Y, delta1_oracle_t *oracle,
                        const delta1_shape_t *shape, slong n, delta1_reason_t *reason)
{
  if (!shape_fits (shape, oracle->count))
    return delta1_fail (
        reason, DELTA1_INPUT,
        "shape m = %ld, N = %ld, R = %ld: the oracle has %ld entries, not m (N + R)",
        (long)shape->m, (long)shape->N, (long)shape->R, (long)oracle->count);
  if (fmpq_mat_nrows (A) != shape->m || fmpq_mat_ncols (A) != shape->N
      || fmpq_mat_nrows (Y) != shape->R || fmpq_mat_ncols (Y) != shape->m)
    return delta1_fail (reason, DELTA1_INPUT, "matrices: A must be %ld x %ld and Y %ld x %ld",
                        (long)shape->m, (long)shape->N, (long)shape->R, (long)shape->m);

  delta1_status_t status = DELTA1_OK;
  fmpz_t answer;
  fmpz_init (answer);
  for (slong i = 0; i < shape->m; i++)
    for (slong j = 0; j < shape->N; j++)
      {
        DELTA1_TRY (
            delta1_oracle_ask (oracle, answer, delta1_shape_matrix_entry (shape, i, j), n, reason));
        set_dyadic (fmpq_mat_entry (A, i, j), answer, n);
      }
  for (slong k = 0; k < shape->R; k++)
    for (slong i = 0; i < shape->m; i++)
      {
        DELTA1_TRY (
            delta1_oracle_ask (oracle, answer, delta1_shape_data_entry (shape, k, i), n, reason));
        set_dyadic (fmpq_mat_entry (Y, k, i), answer, n);
      }
cleanup:
  fmpz_clear (answer);
  return status;
}
