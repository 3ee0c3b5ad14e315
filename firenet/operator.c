#include "firenet/operator.h"

#include <stdlib.h>

/* A norm is an enclosure for a step condition: this many bits are more than enough. */
#define NORM_BITS 192
#define SQUARINGS 24
#define POWER_STEPS 30

/* --- the norm --------------------------------------------------------------------------------- */

/* norm = [lower, upper] with 0 <= lower. */
static void
set_interval (arb_t norm, const arb_t lower, const arb_t upper)
{
  arf_t low, high;
  arf_init (low);
  arf_init (high);
  arb_get_lbound_arf (low, lower, NORM_BITS);
  arb_get_ubound_arf (high, upper, NORM_BITS);
  if (!arf_is_finite (low) || arf_sgn (low) < 0)
    arf_zero (low);
  if (arf_cmp (low, high) > 0) /* both are proved: then they are equal up to rounding */
    arf_set (low, high);
  arb_set_interval_arf (norm, low, high, NORM_BITS);
  arf_clear (low);
  arf_clear (high);
}

/* G = A A^T (by_rows) or A^T A, size x size. */
static void
gram (arb_ptr G, arb_srcptr A, slong m, slong N, bool by_rows)
{
  slong size = by_rows ? m : N, length = by_rows ? N : m;
  slong next = by_rows ? N : 1, step = by_rows ? 1 : N;
  for (slong i = 0; i < size; i++)
    for (slong j = 0; j <= i; j++)
      {
        arb_dot (G + i * size + j, NULL, 0, A + i * next, step, A + j * next, step, length,
                 NORM_BITS);
        arb_set (G + j * size + i, G + i * size + j);
      }
}

static void
sharp_norm (arb_t norm, arb_srcptr A, slong m, slong N)
{
  slong size = m <= N ? m : N;
  arb_ptr G = _arb_vec_init (size * size);
  arb_ptr square = _arb_vec_init (size * size);
  arb_t trace, mean;
  arb_init (trace);
  arb_init (mean);
  gram (G, A, m, N, m <= N);
  for (int s = 0; s < SQUARINGS; s++)
    {
      gram (square, G, size, size, true); /* G is symmetric */
      arb_ptr swapped = G;
      G = square;
      square = swapped;
    }
  for (slong i = 0; i < size; i++)
    arb_add (trace, trace, G + i * size + i, NORM_BITS);
  if (!arb_is_zero (trace))
    {
      arb_div_si (mean, trace, size, NORM_BITS);
      /* ||A|| = (the largest eigenvalue of G^q)^(1/2q) */
      if (arb_is_positive (mean))
        arb_root_ui (mean, mean, (ulong)1 << (SQUARINGS + 1), NORM_BITS);
      else
        arb_zero (mean);
      arb_nonnegative_part (trace, trace);
      if (!arb_is_positive (trace))
        {
          arf_t high;
          arf_init (high);
          arb_get_ubound_arf (high, trace, NORM_BITS);
          arb_set_arf (trace, high);
          arf_clear (high);
        }
      arb_root_ui (trace, trace, (ulong)1 << (SQUARINGS + 1), NORM_BITS);
    }
  set_interval (norm, mean, trace);
  _arb_vec_clear (G, size * size);
  _arb_vec_clear (square, size * size);
  arb_clear (trace);
  arb_clear (mean);
}

/* max over rows (columns) of the sum of absolute values. */
static void
largest_sum (arb_t sum, arb_srcptr A, slong m, slong N, bool rows)
{
  arb_t line, entry;
  arb_init (line);
  arb_init (entry);
  arb_zero (sum);
  for (slong i = 0; i < (rows ? m : N); i++)
    {
      arb_zero (line);
      for (slong j = 0; j < (rows ? N : m); j++)
        {
          arb_abs (entry, rows ? A + i * N + j : A + j * N + i);
          arb_add (line, line, entry, NORM_BITS);
        }
      arb_max (sum, sum, line, NORM_BITS);
    }
  arb_clear (line);
  arb_clear (entry);
}

static void
length_of (arb_t length, arb_srcptr x, slong count)
{
  arb_dot (length, NULL, 0, x, 1, x, 1, count, NORM_BITS);
  arb_sqrtpos (length, length, NORM_BITS);
}

/* A lower bound ||A^T x||/||x||: proved for whatever x the power method has found. */
static void
quotient (arb_t lower, arb_srcptr A, slong m, slong N)
{
  arb_ptr x = _arb_vec_init (m), z = _arb_vec_init (N);
  arb_t length;
  arb_init (length);
  for (slong i = 0; i < m; i++)
    arb_set_si (x + i, 1 + (i * 7) % 5); /* any start not orthogonal by symmetry */
  for (int step = 0;; step++)
    {
      for (slong j = 0; j < N; j++)
        arb_dot (z + j, NULL, 0, A + j, N, x, 1, m, NORM_BITS);
      if (step == POWER_STEPS)
        break;
      for (slong i = 0; i < m; i++)
        {
          arb_dot (x + i, NULL, 0, A + i * N, 1, z, 1, N, NORM_BITS);
          arb_get_mid_arb (x + i, x + i);
        }
    }
  length_of (lower, z, N);
  length_of (length, x, m);
  if (arb_is_positive (length))
    arb_div (lower, lower, length, NORM_BITS);
  else
    arb_zero (lower);
  arb_clear (length);
  _arb_vec_clear (x, m);
  _arb_vec_clear (z, N);
}

static void
plain_norm (arb_t norm, arb_srcptr A, slong m, slong N)
{
  arb_t lower, upper, sum;
  arb_init (lower);
  arb_init (upper);
  arb_init (sum);
  largest_sum (upper, A, m, N, true);
  largest_sum (sum, A, m, N, false);
  arb_mul (upper, upper, sum, NORM_BITS);
  arb_sqrtpos (upper, upper, NORM_BITS);
  length_of (sum, A, m * N);
  arb_min (upper, upper, sum, NORM_BITS);
  quotient (lower, A, m, N);
  set_interval (norm, lower, upper);
  arb_clear (lower);
  arb_clear (upper);
  arb_clear (sum);
}

void
delta1_operator_dense_norm (arb_t norm, arb_srcptr entries, slong m, slong N)
{
  arb_ptr rounded = _arb_vec_init (m * N);
  for (slong i = 0; i < m * N; i++)
    arb_set_round (rounded + i, entries + i, NORM_BITS);
  if ((m <= N ? m : N) <= DELTA1_OPERATOR_SHARP)
    sharp_norm (norm, rounded, m, N);
  else
    plain_norm (norm, rounded, m, N);
  _arb_vec_clear (rounded, m * N);
}

/* --- dense ------------------------------------------------------------------------------------ */

static void
dense_forward (const delta1_operator_t *A, void *z, const void *x)
{
  A->use->multiply (z, A->context, x, A->m, A->N);
}

static void
dense_adjoint (const delta1_operator_t *A, void *z, const void *y)
{
  A->use->multiply_transposed (z, A->context, y, A->m, A->N);
}

static void
dense_free (delta1_operator_t *A)
{
  A->use->free (A->context, A->m * A->N);
}

static const delta1_operator_table_t dense_table
    = { .name = "dense", .forward = dense_forward, .adjoint = dense_adjoint, .free = dense_free };

/* ||a + ib|| is that of the real matrix [a -b; b a]. */
static void
stored_norm (arb_t norm, acb_srcptr entries, slong m, slong N, bool complex)
{
  slong copies = complex ? 2 : 1, rows = copies * m, columns = copies * N;
  arb_ptr real = _arb_vec_init (rows * columns);
  for (slong i = 0; i < rows; i++)
    for (slong j = 0; j < columns; j++)
      {
        acb_srcptr entry = entries + i % m * N + j % N;
        arb_ptr to = real + i * columns + j;
        arb_set (to, (i < m) == (j < N) ? acb_realref (entry) : acb_imagref (entry));
        if (i < m && j >= N)
          arb_neg (to, to);
      }
  delta1_operator_dense_norm (norm, real, rows, columns);
  _arb_vec_clear (real, rows * columns);
}

/* mathematics.md, Lemma 6.9: relative = gamma_l ||A||_F for sums of l real products, the root of 2
 * of it with 2l + 2 in complex arithmetic. `length` terms make each of `rows` results. */
static void
dense_rounding (delta1_operator_t *A, delta1_direction_t direction, const arb_t frobenius)
{
  slong length = direction == DELTA1_FORWARD ? A->N : A->m, rows = A->m + A->N - length;
  slong products = A->use->is_complex ? 2 * length : length;
  slong k = A->use->is_complex ? products + 2 : products;
  arb_t gamma, room;
  arb_init (gamma);
  arb_init (room);
  arb_set_si (gamma, k);
  arb_mul_2exp_si (gamma, gamma, -53);
  arb_sub_si (room, gamma, 1, NORM_BITS);
  arb_neg (room, room);
  arb_div (gamma, gamma, room, NORM_BITS);
  arb_mul (gamma, gamma, frobenius, NORM_BITS);
  arb_set_si (room, A->use->is_complex ? 2 : 1);
  arb_sqrt (room, room, NORM_BITS);
  arb_mul (gamma, gamma, room, NORM_BITS);
  arb_get_mag (A->relative[direction], gamma);
  /* each product may lose 2^-1075, and that grows by less than 2 in the sum */
  arb_set_si (gamma, A->use->is_complex ? 2 * rows : rows);
  arb_sqrt (gamma, gamma, NORM_BITS);
  arb_mul_si (gamma, gamma, products, NORM_BITS);
  arb_mul_2exp_si (gamma, gamma, -1074);
  arb_get_mag (A->absolute[direction], gamma);
  arb_clear (gamma);
  arb_clear (room);
}

static void
dense_bounds (delta1_operator_t *A, acb_srcptr stored)
{
  arb_t frobenius;
  if (A->use != &delta1_arithmetic_double && A->use != &delta1_arithmetic_complex_double)
    return;
  arb_init (frobenius);
  for (slong i = 0; i < A->m * A->N; i++)
    {
      arb_addmul (frobenius, acb_realref (stored + i), acb_realref (stored + i), NORM_BITS);
      arb_addmul (frobenius, acb_imagref (stored + i), acb_imagref (stored + i), NORM_BITS);
    }
  arb_sqrtpos (frobenius, frobenius, NORM_BITS);
  dense_rounding (A, DELTA1_FORWARD, frobenius);
  dense_rounding (A, DELTA1_ADJOINT, frobenius);
  arb_clear (frobenius);
}

static delta1_status_t
check_entry (const acb_t given, const acb_t stored, slong row, slong column,
             const delta1_arithmetic_t *use, delta1_reason_t *reason)
{
  if (!acb_is_finite (stored))
    return delta1_fail (reason, DELTA1_INPUT,
                        "entry (%ld, %ld) of the matrix is not finite in %s arithmetic", (long)row,
                        (long)column, use->name);
  if (!use->is_complex && !arb_is_zero (acb_imagref (given)))
    return delta1_fail (reason, DELTA1_INPUT,
                        "entry (%ld, %ld) of the matrix is not real; allowed: a complex arithmetic",
                        (long)row, (long)column);
  return DELTA1_OK;
}

delta1_status_t
delta1_operator_create_complex (delta1_operator_t **A, const delta1_arithmetic_t *use, slong bits,
                                acb_srcptr entries, slong m, slong N, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_operator_t *made = NULL;
  acb_ptr stored = NULL;

  *A = NULL;
  if (m < 1 || N < 1 || m > WORD_MAX / 4 / N)
    return delta1_fail (reason, DELTA1_INPUT, "a dense operator of %ld x %ld; allowed: 1 or more",
                        (long)m, (long)N);
  made = delta1_operator_allocate (&dense_table, use, bits, m, N, NULL);
  if (made == NULL || (made->context = use->create (m * N, bits)) == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a dense operator"));
  stored = _acb_vec_init (m * N);
  for (slong i = 0; i < m * N; i++)
    {
      use->set_complex (made->context, i, entries + i);
      use->get_complex (stored + i, made->context, i);
      DELTA1_TRY (check_entry (entries + i, stored + i, i / N, i % N, use, reason));
    }
  stored_norm (made->norm, stored, m, N, use->is_complex);
  dense_bounds (made, stored);
  *A = made;
  made = NULL;

cleanup:
  if (stored != NULL)
    _acb_vec_clear (stored, m * N);
  delta1_operator_free (made);
  return status;
}

/* entries as complex numbers, then as above. */
typedef void (*entry_t) (arb_t entry, const void *entries, slong i, slong bits);

static delta1_status_t
create_real (delta1_operator_t **A, const delta1_operator_t *like, entry_t entry,
             const void *entries, delta1_reason_t *reason)
{
  slong m = like->m, N = like->N;
  *A = NULL;
  if (m < 1 || N < 1 || m > WORD_MAX / 4 / N)
    return delta1_operator_create_complex (A, like->use, like->bits, NULL, m, N, reason);
  acb_ptr balls = _acb_vec_init (m * N);
  for (slong i = 0; i < m * N; i++)
    entry (acb_realref (balls + i), entries, i, like->bits);
  delta1_status_t status
      = delta1_operator_create_complex (A, like->use, like->bits, balls, m, N, reason);
  _acb_vec_clear (balls, m * N);
  return status;
}

static void
ball_entry (arb_t entry, const void *entries, slong i, slong bits)
{
  (void)bits;
  arb_set (entry, (arb_srcptr)entries + i);
}

static void
double_entry (arb_t entry, const void *entries, slong i, slong bits)
{
  (void)bits;
  arb_set_d (entry, ((const double *)entries)[i]);
}

/* A midpoint at 64 more bits is rounded again: within 1/2 + 2^-64 units in the last place. */
static void
rational_entry (arb_t entry, const void *entries, slong i, slong bits)
{
  const fmpq_mat_struct *matrix = entries;
  slong N = fmpq_mat_ncols (matrix);
  arb_set_fmpq (entry, fmpq_mat_entry (matrix, i / N, i % N), (bits < 53 ? 53 : bits) + 64);
}

delta1_status_t
delta1_operator_create_dense (delta1_operator_t **A, const delta1_arithmetic_t *use, slong bits,
                              arb_srcptr entries, slong m, slong N, delta1_reason_t *reason)
{
  const delta1_operator_t like = { .use = use, .bits = bits, .m = m, .N = N };
  return create_real (A, &like, ball_entry, entries, reason);
}

delta1_status_t
delta1_operator_create_rational (delta1_operator_t **A, const delta1_arithmetic_t *use, slong bits,
                                 const fmpq_mat_t entries, delta1_reason_t *reason)
{
  const delta1_operator_t like
      = { .use = use, .bits = bits, .m = fmpq_mat_nrows (entries), .N = fmpq_mat_ncols (entries) };
  return create_real (A, &like, rational_entry, entries, reason);
}

delta1_status_t
delta1_operator_create_double (delta1_operator_t **A, const delta1_arithmetic_t *use, slong bits,
                               const double *entries, slong m, slong N, delta1_reason_t *reason)
{
  const delta1_operator_t like = { .use = use, .bits = bits, .m = m, .N = N };
  return create_real (A, &like, double_entry, entries, reason);
}

/* --- all kinds -------------------------------------------------------------------------------- */

delta1_operator_t *
delta1_operator_allocate (const delta1_operator_table_t *table, const delta1_arithmetic_t *use,
                          slong bits, slong m, slong N, void *context)
{
  delta1_operator_t *A = malloc (sizeof *A);
  if (A == NULL)
    return NULL;
  *A = (delta1_operator_t){
    .table = table, .use = use, .bits = bits, .m = m, .N = N, .context = context
  };
  arb_init (A->norm);
  for (int direction = DELTA1_FORWARD; direction <= DELTA1_ADJOINT; direction++)
    {
      mag_init (A->relative[direction]);
      mag_init (A->absolute[direction]);
      if (!use->encloses)
        {
          mag_inf (A->relative[direction]);
          mag_inf (A->absolute[direction]);
        }
    }
  return A;
}

void
delta1_operator_free (delta1_operator_t *A)
{
  if (A == NULL)
    return;
  if (A->context != NULL)
    A->table->free (A);
  arb_clear (A->norm);
  for (int direction = DELTA1_FORWARD; direction <= DELTA1_ADJOINT; direction++)
    {
      mag_clear (A->relative[direction]);
      mag_clear (A->absolute[direction]);
    }
  free (A);
}

delta1_status_t
delta1_operator_set_norm (delta1_operator_t *A, const arb_t norm, delta1_reason_t *reason)
{
  if (!arb_overlaps (A->norm, norm))
    {
      char *known = arb_get_str (norm, 10, 0), *proved = arb_get_str (A->norm, 10, 0);
      delta1_status_t status = delta1_fail (
          reason, DELTA1_INPUT, "the norm %s of the operator is not in %s", known, proved);
      flint_free (known);
      flint_free (proved);
      return status;
    }
  arb_set (A->norm, norm);
  return DELTA1_OK;
}
