/* kernels_transforms: vectors, and the transforms of firenet/kernels_body.h. */
#ifndef DELTA1_KERNELS_TRANSFORMS_H
#define DELTA1_KERNELS_TRANSFORMS_H

#include <stdbool.h>

#include "firenet/kernels.h"
#include "firenet/lanes.h"

#if defined __AVX512F__
#define W 8
#elif defined __AVX__
#define W 4
#else
#define W 2
#endif

#define INLINE static inline __attribute__ ((always_inline))
#define PARTS (2 * DELTA1_LANES) /* doubles of a group of complex numbers */

/* A loop of at most 8 steps whose arrays are to live in registers. */
#ifdef __clang__
#define UNROLL _Pragma ("clang loop unroll(full)")
#else
#define UNROLL _Pragma ("GCC unroll 8")
#endif

typedef double vector_t __attribute__ ((vector_size (8 * W)));
typedef double stored_t __attribute__ ((vector_size (8 * W), may_alias));

INLINE vector_t
load (const double *from)
{
  return *(const stored_t *)from;
}

INLINE void
store (double *to, vector_t x)
{
  *(stored_t *)to = x;
}

/* --- butterflies ------------------------------------------------------------------------------ */

INLINE void
sum_difference (vector_t *a, vector_t *b)
{
  vector_t sum = *a + *b;
  *b = *a - *b;
  *a = sum;
}

/* Result k stands at reversed (k, 4). */
INLINE void
fourier_4 (vector_t *re, vector_t *im)
{
  sum_difference (re, re + 2);
  sum_difference (im, im + 2);
  sum_difference (re + 1, re + 3);
  sum_difference (im + 1, im + 3);
  sum_difference (re, re + 1);
  sum_difference (im, im + 1);
  vector_t r = re[3], i = im[3]; /* times -i, then sum and difference */
  re[3] = re[2] - i;
  im[3] = im[2] + r;
  re[2] += i;
  im[2] -= r;
}

/* The unnormalised transform of R = 2, 4 or 8 numbers; result k stands at reversed (k, R). */
INLINE void
fourier (vector_t *re, vector_t *im, int R)
{
  if (R == 2)
    {
      sum_difference (re, re + 1);
      sum_difference (im, im + 1);
      return;
    }
  if (R == 4)
    {
      fourier_4 (re, im);
      return;
    }
  const double h = 0.70710678118654752440; /* correctly rounded */
  UNROLL
  for (int j = 0; j < 4; j++)
    {
      sum_difference (re + j, re + j + 4);
      sum_difference (im + j, im + j + 4);
    }
  fourier_4 (re, im);
  vector_t r = re[5], i = im[5]; /* times (1 - i)/sqrt 2 */
  re[5] = (r + i) * h;
  im[5] = (i - r) * h;
  r = re[6]; /* times -i */
  re[6] = im[6];
  im[6] = -r;
  r = re[7]; /* times (-1 - i)/sqrt 2 */
  i = im[7];
  re[7] = (i - r) * h;
  im[7] = -(r + i) * h;
  fourier_4 (re + 4, im + 4);
}

/* Where result k of `fourier` stands. */
INLINE int
reversed (int k, int R)
{
  return R == 2 ? k : R == 4 ? (k >> 1 | (k & 1) << 1) : (k >> 2 | (k & 2) | (k & 1) << 2);
}

/* z = z w */
INLINE void
turn (vector_t *re, vector_t *im, vector_t w_re, vector_t w_im)
{
  vector_t r = *re * w_re - *im * w_im;
  *im = *re * w_im + *im * w_re;
  *re = r;
}

/* The twiddle k of unit j: for columns one number, for rows one for each lane. */
INLINE vector_t
twiddle_part (const double *twiddle, slong j, int k, int R, int part, int lane, bool column)
{
  if (!column)
    return load (twiddle + (j * (R - 1) + k - 1) * PARTS + part * DELTA1_LANES + lane);
  double w = twiddle[((j / DELTA1_LANES) * (R - 1) + k - 1) * PARTS + part * DELTA1_LANES
                     + j % DELTA1_LANES];
  return w - (vector_t){ 0 };
}

/* One pass over a block of R * units groups. Adjoint: with real and imaginary parts exchanged, the
 * transform is the inverse one, and a twiddle its conjugate. */
INLINE void
fourier_pass (double *data, slong units, int R, const double *twiddle, bool column, bool adjoint)
{
  const slong re_at = adjoint ? DELTA1_LANES : 0, im_at = DELTA1_LANES - re_at;
  vector_t re[8], im[8];
  for (slong j = 0; j < units; j++)
    for (int lane = 0; lane < DELTA1_LANES; lane += W)
      {
        double *at = data + j * PARTS + lane;
        UNROLL
        for (int q = 0; q < R; q++)
          {
            re[q] = load (at + q * units * PARTS + re_at);
            im[q] = load (at + q * units * PARTS + im_at);
            if (adjoint && twiddle != NULL && q > 0)
              turn (re + q, im + q, twiddle_part (twiddle, j, q, R, 0, lane, column),
                    twiddle_part (twiddle, j, q, R, 1, lane, column));
          }
        fourier (re, im, R);
        UNROLL
        for (int k = 0; k < R; k++)
          {
            int from = reversed (k, R);
            if (!adjoint && twiddle != NULL && k > 0)
              turn (re + from, im + from, twiddle_part (twiddle, j, k, R, 0, lane, column),
                    twiddle_part (twiddle, j, k, R, 1, lane, column));
            store (at + k * units * PARTS + re_at, re[from]);
            store (at + k * units * PARTS + im_at, im[from]);
          }
      }
}

INLINE void
fourier_pass_any (double *data, slong units, int R, const double *twiddle, bool column,
                  bool adjoint)
{
  if (twiddle == NULL)
    {
      if (R == 8)
        fourier_pass (data, units, 8, NULL, column, adjoint);
      else if (R == 4)
        fourier_pass (data, units, 4, NULL, column, adjoint);
      else
        fourier_pass (data, units, 2, NULL, column, adjoint);
    }
  else if (R == 8)
    fourier_pass (data, units, 8, twiddle, column, adjoint);
  else if (R == 4)
    fourier_pass (data, units, 4, twiddle, column, adjoint);
  else
    fourier_pass (data, units, 2, twiddle, column, adjoint);
}

/* Walsh: the natural (Hadamard) order of R results, on one part. */
INLINE void
walsh_pass (double *data, slong units, int R, int parts)
{
  vector_t x[8];
  slong group = parts * DELTA1_LANES;
  for (slong j = 0; j < units; j++)
    for (int lane = 0; lane < group; lane += W)
      {
        double *at = data + j * group + lane;
        UNROLL
        for (int q = 0; q < R; q++)
          x[q] = load (at + q * units * group);
        UNROLL
        for (int half = R / 2; half > 0; half /= 2)
          UNROLL
        for (int q = 0; q < R; q++)
          if ((q & half) == 0)
            sum_difference (x + q, x + q + half);
        UNROLL
        for (int q = 0; q < R; q++)
          store (at + q * units * group, x[q]);
      }
}

INLINE void
walsh_pass_any (double *data, slong units, int R, int parts)
{
  if (R == 8)
    walsh_pass (data, units, 8, parts);
  else if (R == 4)
    walsh_pass (data, units, 4, parts);
  else
    walsh_pass (data, units, 2, parts);
}

/* --- the transforms --------------------------------------------------------------------------- */

/* All passes from `first` on a block of `units` groups, depth first, so that small blocks stay in
 * the cache; adjoint: the smallest first. Of a row the last pass is another one. */
INLINE void fourier_passes (double *data, slong units, const delta1_plan_t *plan, int first,
                            bool column, bool adjoint);

static void
fourier_blocks (double *data, slong units, const delta1_plan_t *plan, int first, bool adjoint)
{
  fourier_passes (data, units, plan, first, true, adjoint);
}

static void
fourier_lines (double *data, slong units, const delta1_plan_t *plan, int first, bool adjoint)
{
  fourier_passes (data, units, plan, first, false, adjoint);
}

INLINE void
fourier_passes (double *data, slong units, const delta1_plan_t *plan, int first, bool column,
                bool adjoint)
{
  if (first == (column ? plan->passes : plan->passes - 1))
    return;
  int R = plan->radix[first];
  slong part = units / R;
  if (!adjoint)
    fourier_pass_any (data, part, R, plan->twiddle[first], column, false);
  if (column && part == 8) /* one pass of radix 8 is left */
    for (slong base = 0; base < units; base += 8)
      fourier_pass (data + base * PARTS, 1, 8, NULL, true, adjoint);
  else if (part > 1)
    for (slong base = 0; base < units; base += part)
      (column ? fourier_blocks : fourier_lines) (data + base * PARTS, part, plan, first + 1,
                                                 adjoint);
  if (adjoint)
    fourier_pass_any (data, part, R, plan->twiddle[first], column, true);
}

static void
fourier_column_forward (double *data, const delta1_plan_t *plan)
{
  fourier_blocks (data, plan->n, plan, 0, false);
}

static void
fourier_column_adjoint (double *data, const delta1_plan_t *plan)
{
  fourier_blocks (data, plan->n, plan, 0, true);
}

/* Both directions: the matrix is symmetric. */
INLINE void
walsh_passes (double *data, slong all, const delta1_plan_t *plan, int passes, int parts)
{
  const slong group = parts * DELTA1_LANES;
  slong units = all;
  for (int i = 0; i < passes; i++)
    {
      slong part = units / plan->radix[i];
      for (slong base = 0; base < all; base += units)
        walsh_pass_any (data + base * group, part, plan->radix[i], parts);
      units = part;
    }
}

static void
walsh_column_1 (double *data, const delta1_plan_t *plan)
{
  walsh_passes (data, plan->n, plan, plan->passes, 1);
}

static void
walsh_column_2 (double *data, const delta1_plan_t *plan)
{
  walsh_passes (data, plan->n, plan, plan->passes, 2);
}

/* --- the last pass of a row: 8 groups, across the lanes --------------------------------------- */

#if W == 8

/* to[l] lane g = from[g] lane l */
INLINE void
transpose (vector_t *x)
{
  vector_t a[8];
  UNROLL
  for (int g = 0; g < 8; g += 2)
    {
      a[g] = __builtin_shufflevector (x[g], x[g + 1], 0, 8, 2, 10, 4, 12, 6, 14);
      a[g + 1] = __builtin_shufflevector (x[g], x[g + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
  UNROLL
  for (int g = 0; g < 8; g += 4)
    UNROLL
  for (int i = g; i < g + 2; i++)
    {
      x[i] = __builtin_shufflevector (a[i], a[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      x[i + 2] = __builtin_shufflevector (a[i], a[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  UNROLL
  for (int i = 0; i < 4; i++)
    {
      vector_t low = __builtin_shufflevector (x[i], x[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
      x[i + 4] = __builtin_shufflevector (x[i], x[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
      x[i] = low;
    }
}

/* even, odd: the elements of a, b with even and with odd index. */
INLINE void
part_evens (vector_t *even, vector_t *odd, vector_t a, vector_t b)
{
  *even = __builtin_shufflevector (a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  *odd = __builtin_shufflevector (a, b, 1, 3, 5, 7, 9, 11, 13, 15);
}

INLINE void
join_evens (double *a, double *b, vector_t even, vector_t odd)
{
  store (a, __builtin_shufflevector (even, odd, 0, 8, 1, 9, 2, 10, 3, 11));
  store (b, __builtin_shufflevector (even, odd, 4, 12, 5, 13, 6, 14, 7, 15));
}

#else

INLINE void
part_evens (double *even, double *odd, const double *a, const double *b)
{
  for (int l = 0; l < DELTA1_LANES / 2; l++)
    {
      even[l] = a[2 * l];
      odd[l] = a[2 * l + 1];
      even[l + DELTA1_LANES / 2] = b[2 * l];
      odd[l + DELTA1_LANES / 2] = b[2 * l + 1];
    }
}

INLINE void
join_evens (double *a, double *b, const double *even, const double *odd)
{
  for (int l = 0; l < DELTA1_LANES / 2; l++)
    {
      a[2 * l] = even[l];
      a[2 * l + 1] = odd[l];
      b[2 * l] = even[l + DELTA1_LANES / 2];
      b[2 * l + 1] = odd[l + DELTA1_LANES / 2];
    }
}

#endif

/* The 64 numbers at data, group g at data + g * step, exchange the roles of group and lane. */
INLINE void
exchange (double *data, slong step)
{
#if W == 8
  vector_t x[8];
  UNROLL
  for (int g = 0; g < 8; g++)
    x[g] = load (data + g * step);
  transpose (x);
  UNROLL
  for (int g = 0; g < 8; g++)
    store (data + g * step, x[g]);
#else
  UNROLL
  for (int g = 0; g < 8; g++)
    for (int l = 0; l < g; l++)
      {
        double kept = data[g * step + l];
        data[g * step + l] = data[l * step + g];
        data[l * step + g] = kept;
      }
#endif
}

INLINE void
fourier_row_last (double *data, slong n, bool adjoint)
{
  for (double *at = data; at < data + 2 * n; at += 8 * PARTS)
    {
#if W == 8
      const slong re_at = adjoint ? DELTA1_LANES : 0, im_at = DELTA1_LANES - re_at;
      vector_t re[8], im[8], result[8];
      UNROLL
      for (int g = 0; g < 8; g++)
        {
          re[g] = load (at + g * PARTS + re_at);
          im[g] = load (at + g * PARTS + im_at);
        }
      if (!adjoint)
        {
          transpose (re);
          transpose (im);
        }
      fourier (re, im, 8);
      UNROLL
      for (int k = 0; k < 8; k++)
        result[k] = re[reversed (k, 8)];
      if (adjoint)
        transpose (result);
      UNROLL
      for (int k = 0; k < 8; k++)
        store (at + k * PARTS + re_at, result[k]);
      UNROLL
      for (int k = 0; k < 8; k++)
        result[k] = im[reversed (k, 8)];
      if (adjoint)
        transpose (result);
      UNROLL
      for (int k = 0; k < 8; k++)
        store (at + k * PARTS + im_at, result[k]);
#else
      if (!adjoint)
        {
          exchange (at, PARTS);
          exchange (at + DELTA1_LANES, PARTS);
        }
      fourier_pass (at, 1, 8, NULL, true, adjoint);
      if (adjoint)
        {
          exchange (at, PARTS);
          exchange (at + DELTA1_LANES, PARTS);
        }
#endif
    }
}

static void
fourier_row_forward (double *data, const delta1_plan_t *plan)
{
  fourier_lines (data, plan->n / DELTA1_LANES, plan, 0, false);
  fourier_row_last (data, plan->n, false);
}

static void
fourier_row_adjoint (double *data, const delta1_plan_t *plan)
{
  fourier_row_last (data, plan->n, true);
  fourier_lines (data, plan->n / DELTA1_LANES, plan, 0, true);
}

/* Across the lanes: 8 groups exchange roles, are transformed, and stay exchanged (or were). */
INLINE void
walsh_row (double *data, const delta1_plan_t *plan, int parts, bool adjoint)
{
  slong groups = plan->n / DELTA1_LANES, group = parts * DELTA1_LANES;
  if (!adjoint)
    walsh_passes (data, groups, plan, plan->passes - 1, parts);
  for (slong base = 0; base < groups; base += DELTA1_LANES)
    {
      double *at = data + base * group;
      for (int part = 0; part < parts && !adjoint; part++)
        exchange (at + part * DELTA1_LANES, group);
      walsh_pass (at, 1, 8, parts);
      for (int part = 0; part < parts && adjoint; part++)
        exchange (at + part * DELTA1_LANES, group);
    }
  if (adjoint)
    walsh_passes (data, groups, plan, plan->passes - 1, parts);
}

static void
walsh_row_forward_1 (double *data, const delta1_plan_t *plan)
{
  walsh_row (data, plan, 1, false);
}

static void
walsh_row_forward_2 (double *data, const delta1_plan_t *plan)
{
  walsh_row (data, plan, 2, false);
}

static void
walsh_row_adjoint_1 (double *data, const delta1_plan_t *plan)
{
  walsh_row (data, plan, 1, true);
}

static void
walsh_row_adjoint_2 (double *data, const delta1_plan_t *plan)
{
  walsh_row (data, plan, 2, true);
}

#endif
