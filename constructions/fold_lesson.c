/* Data on which the folded network is a critical point of least squares, exactly. */
#include <flint/fmpz_mat.h>
#include <flint/nmod_mat.h>

#include "constructions/finite_precision.h"
#include "constructions/fold_private.h"
#include "src/mpfr_vector.h"

/* Points are odd multiples of 2^-(L + PLACE_BITS), so that none is on a kink. */
#define PLACE_BITS 6

void
delta1_fold_random (fmpz_t x, slong bits, uint64_t *state)
{
  fmpz_zero (x);
  for (; bits > 0; bits -= 32)
    {
      /* Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014 */
      uint64_t z = *state += UINT64_C (0x9e3779b97f4a7c15);
      z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
      z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
      z ^= z >> 31;
      slong take = bits < 32 ? bits : 32;
      fmpz_mul_2exp (x, x, (flint_bitcnt_t)take);
      fmpz_add_ui (x, x, (ulong)(z >> (64 - take)));
    }
}

/* Column `column` of M = J^T at the point t: rows are the 6L+1 parameters in the order of the flat
 * vector, those of weights times 2^(L + PLACE_BITS). value = g_L at the point, on its lattice.
 *
 * With D_j = d phi/d g_j, D_L = 1: the derivatives by the two preactivations of layer j are D_{j+1}
 * and, where g_j > b_j, -2 D_{j+1}; D_j is their sum. */
static void
set_column (fmpz_mat_t M, fmpz_t value, slong column, slong depth, const fmpz_t t)
{
  fmpz *u = _fmpz_vec_init (depth), *v = _fmpz_vec_init (depth);
  fmpz_t b;
  fmpz_init (b);
  fmpz_set (value, t);
  for (slong j = 0; j < depth; j++)
    {
      fmpz_one (b);
      fmpz_mul_2exp (b, b, (flint_bitcnt_t)(depth + PLACE_BITS - (j + 1)));
      fmpz_set (u + j, value);
      fmpz_sub (v + j, value, b);
      if (fmpz_sgn (v + j) < 0)
        fmpz_zero (v + j);
      fmpz_submul_ui (value, v + j, 2);
    }
  slong row = 6 * depth;
  fmpz_one (fmpz_mat_entry (M, row, column));
  fmpz_set (fmpz_mat_entry (M, row - 1, column), v + depth - 1);
  fmpz_set (fmpz_mat_entry (M, row - 2, column), u + depth - 1);
  slong D = 1;
  for (slong j = depth - 1; j >= 0; j--)
    {
      slong d[2] = { D, fmpz_is_zero (v + j) ? 0 : -2 * D };
      D = d[0] + d[1];
      slong first = j == 0 ? 0 : 6 * j - 2; /* of the layer: weights, then biases */
      slong inputs = j == 0 ? 1 : 2;
      for (slong i = 0; i < 2; i++)
        {
          const fmpz *x = j == 0 ? t : u + j - 1;
          fmpz_mul_si (fmpz_mat_entry (M, first + i * inputs, column), x, d[i]);
          if (j > 0)
            fmpz_mul_si (fmpz_mat_entry (M, first + i * inputs + 1, column), v + j - 1, d[i]);
          fmpz_set_si (fmpz_mat_entry (M, first + 2 * inputs + i, column), d[i]);
        }
    }
  _fmpz_vec_clear (u, depth);
  _fmpz_vec_clear (v, depth);
  fmpz_clear (b);
}

/* The pivot columns of M modulo a prime; their number. */
static slong
find_pivots (slong *pivots, const fmpz_mat_t M)
{
  nmod_mat_t A;
  nmod_mat_init (A, fmpz_mat_nrows (M), fmpz_mat_ncols (M), UWORD (2305843009213693951));
  fmpz_mat_get_nmod_mat (A, M);
  slong rank = nmod_mat_rref (A);
  for (slong i = 0, k = 0; i < rank; i++, k++)
    {
      while (nmod_mat_entry (A, i, k) == 0)
        k++;
      pivots[i] = k;
    }
  nmod_mat_clear (A);
  return rank;
}

/* r: an integer vector in the kernel of M, carried by the first *size columns. False: it is not one
 * over Z, although the ranks modulo the prime say so. */
static bool
find_kernel (fmpz *r, slong *size, const fmpz_mat_t M)
{
  slong rows = fmpz_mat_nrows (M), columns = fmpz_mat_ncols (M), t = 0;
  slong *pivots = flint_malloc ((size_t)(rows + columns) * sizeof *pivots);
  slong rank = find_pivots (pivots, M);
  while (t < rank && pivots[t] == t) /* column t depends on those before */
    t++;
  *size = t + 1;
  fmpz_mat_t T, A, B, X;
  fmpz_t sum;
  fmpz_init (sum);
  fmpz_mat_init (T, t, rows);
  fmpz_mat_init (A, t, t);
  fmpz_mat_init (B, t, 1);
  fmpz_mat_init (X, t, 1);
  for (slong i = 0; i < t; i++)
    for (slong k = 0; k < rows; k++)
      fmpz_set (fmpz_mat_entry (T, i, k), fmpz_mat_entry (M, k, i));
  bool good = find_pivots (pivots, T) == t; /* independent rows */
  for (slong i = 0; good && i < t; i++)
    {
      for (slong k = 0; k < t; k++)
        fmpz_set (fmpz_mat_entry (A, i, k), fmpz_mat_entry (M, pivots[i], k));
      fmpz_neg (fmpz_mat_entry (B, i, 0), fmpz_mat_entry (M, pivots[i], t));
    }
  good = good && fmpz_mat_solve (X, r + t, A, B);
  for (slong i = 0; good && i < t; i++)
    fmpz_set (r + i, fmpz_mat_entry (X, i, 0));
  for (slong k = 0; good && k < rows; k++)
    {
      fmpz_zero (sum);
      for (slong i = 0; i <= t; i++)
        fmpz_addmul (sum, fmpz_mat_entry (M, k, i), r + i);
      good = fmpz_is_zero (sum);
    }
  fmpz_clear (sum);
  fmpz_mat_clear (T);
  fmpz_mat_clear (A);
  fmpz_mat_clear (B);
  fmpz_mat_clear (X);
  flint_free (pivots);
  return good;
}

/* x = t 2^-e, exactly when the precision of x is enough */
static void
set_dyadic (mpfr_ptr x, const fmpz_t t, slong e)
{
  fmpz_get_mpfr (x, t, MPFR_RNDN);
  mpfr_div_2si (x, x, e, MPFR_RNDN);
}

/* The vectors of the lesson from points, values on the lattice, and the kernel vector. */
static delta1_status_t
fill (delta1_fold_lesson_t *lesson, const fmpz *point, const fmpz *value, fmpz *r, slong depth,
      delta1_reason_t *reason)
{
  slong size = lesson->size, bits = 0;
  delta1_status_t status = DELTA1_OK;
  fmpz_t y, common;
  fmpz_init (y);
  fmpz_init (common);
  _fmpz_vec_content (common, r, size);
  _fmpz_vec_scalar_divexact_fmpz (r, r, size, common);
  for (slong i = 0; i < size; i++)
    bits = (slong)fmpz_bits (r + i) > bits ? (slong)fmpz_bits (r + i) : bits;
  lesson->x = delta1_mpfr_vector_create (size, depth + PLACE_BITS + 1);
  lesson->y = delta1_mpfr_vector_create (size, bits + depth + PLACE_BITS + 2);
  /* The loss squares residuals of `bits` bits on the lattice; sums of them have few bits more. */
  lesson->exact_bits = 2 * (bits + depth + PLACE_BITS) + 4 * depth + 128;
  if (lesson->x == NULL || lesson->y == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  for (slong i = 0; i < size; i++)
    {
      set_dyadic (lesson->x + i, point + i, depth + PLACE_BITS);
      /* g - r 2^-bits over 2^(depth + PLACE_BITS + bits) */
      fmpz_mul_2exp (y, value + i, (flint_bitcnt_t)bits);
      fmpz_mul_2exp (common, r + i, (flint_bitcnt_t)(depth + PLACE_BITS));
      fmpz_sub (y, y, common);
      set_dyadic (lesson->y + i, y, depth + PLACE_BITS + bits);
    }
cleanup:
  fmpz_clear (y);
  fmpz_clear (common);
  return status;
}

delta1_status_t
delta1_fold_lesson_init (delta1_fold_lesson_t *lesson, slong depth, uint64_t seed,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong columns = 6 * depth + 2; /* more than parameters: some column is dependent */
  uint64_t state = seed;
  fmpz *point = _fmpz_vec_init (columns), *value = _fmpz_vec_init (columns);
  fmpz *r = _fmpz_vec_init (columns);
  fmpz_mat_t M;
  fmpz_mat_init (M, columns - 1, columns);
  *lesson = (delta1_fold_lesson_t){ 0 };
  for (slong i = 0; i < columns; i++)
    {
      delta1_fold_random (point + i, depth + PLACE_BITS - 1, &state);
      fmpz_mul_2exp (point + i, point + i, 1);
      fmpz_add_ui (point + i, point + i, 1);
      set_column (M, value + i, i, depth, point + i);
    }
  if (!find_kernel (r, &lesson->size, M))
    status = delta1_fail (reason, DELTA1_FAILED, "seed %lu: the rank modulo the prime is too small",
                          (unsigned long)seed);
  else
    status = fill (lesson, point, value, r, depth, reason);
  if (status != DELTA1_OK)
    delta1_fold_lesson_clear (lesson);
  fmpz_mat_clear (M);
  _fmpz_vec_clear (point, columns);
  _fmpz_vec_clear (value, columns);
  _fmpz_vec_clear (r, columns);
  return status;
}

void
delta1_fold_lesson_clear (delta1_fold_lesson_t *lesson)
{
  delta1_mpfr_vector_free (lesson->x, lesson->size);
  delta1_mpfr_vector_free (lesson->y, lesson->size);
}
