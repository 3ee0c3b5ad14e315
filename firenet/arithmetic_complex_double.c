/* complex double: see firenet/lanes.h for how a vector lies in memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/arithmetic.h"
#include "firenet/kernels.h"
#include "firenet/lanes.h"

/* Doubles: 16 sums side by side, of DELTA1_LANES_BLOCK terms each. */
#define BLOCK (2 * DELTA1_LANES * DELTA1_LANES_BLOCK)

static void *
complex_create (slong count, slong bits)
{
  (void)bits;
  return count > WORD_MAX / 32 ? NULL : delta1_lanes_create (delta1_lane_doubles (count));
}

static void
complex_free (void *v, slong count)
{
  (void)count;
  free (v);
}

static void *
complex_at (void *v, slong i)
{
  return (double *)v + delta1_lane (i);
}

static void
set_parts (void *v, slong i, double re, double im)
{
  ((double *)v)[delta1_lane (i)] = re;
  ((double *)v)[delta1_lane (i) + DELTA1_LANES] = im;
}

static void
complex_set (void *v, slong i, const arf_t x)
{
  set_parts (v, i, arf_get_d (x, ARF_RND_NEAR), 0);
}

static void
complex_get (arf_t x, const void *v, slong i)
{
  arf_set_d (x, ((const double *)v)[delta1_lane (i)]);
}

static void
complex_set_ball (void *v, slong i, const arb_t x)
{
  complex_set (v, i, arb_midref (x));
}

static void
complex_get_ball (arb_t x, const void *v, slong i)
{
  arb_set_d (x, ((const double *)v)[delta1_lane (i)]);
}

static void
complex_set_complex (void *v, slong i, const acb_t x)
{
  set_parts (v, i, arf_get_d (arb_midref (acb_realref (x)), ARF_RND_NEAR),
             arf_get_d (arb_midref (acb_imagref (x)), ARF_RND_NEAR));
}

static void
complex_get_complex (acb_t x, const void *v, slong i)
{
  const double *at = (const double *)v + delta1_lane (i);
  arb_set_d (acb_realref (x), at[0]);
  arb_set_d (acb_imagref (x), at[DELTA1_LANES]);
}

/* Whatever is done to each real and imaginary part alike is done by double, on as many doubles. */

static bool
complex_finite (const void *v, slong count)
{
  return delta1_arithmetic_double.finite (v, delta1_lane_doubles (count));
}

static bool
complex_zero (const void *v, slong count)
{
  return delta1_arithmetic_double.zero (v, delta1_lane_doubles (count));
}

static bool
complex_equal (const void *v, const void *w, slong count)
{
  return delta1_arithmetic_double.equal (v, w, delta1_lane_doubles (count));
}

static void
complex_copy (void *z, const void *x, slong count)
{
  delta1_arithmetic_double.copy (z, x, delta1_lane_doubles (count));
}

static void
complex_clear (void *z, slong count)
{
  delta1_arithmetic_double.clear (z, delta1_lane_doubles (count));
}

static void
complex_combine (void *z, const void *x, const void *a, const void *y, slong count)
{
  delta1_arithmetic_double.combine (z, x, a, y, delta1_lane_doubles (count));
}

static void
complex_scale (void *z, const void *a, const void *x, slong count)
{
  delta1_arithmetic_double.scale (z, a, x, delta1_lane_doubles (count));
}

static double
squares (const void *x, slong count)
{
  return delta1_lanes_sum (delta1_kernels ()->squares, x, delta1_lane_doubles (count), BLOCK);
}

static void
complex_bound (mag_t bound, const void *x, slong count)
{
  delta1_lanes_bound (bound, squares (x, count), count);
}

/* sum_j a_j x_j, or sum_j conj(a_j) x_j; a and x start at element `first` of a and 0 of x, and the
 * elements of a stand `step` apart. */
static void
dot (double *re, double *im, const double *a, slong first, slong step, bool conjugate,
     const double *x, slong count)
{
  double sum_re = 0, sum_im = 0;
  for (slong j = 0; j < count; j++)
    {
      const double *s = a + delta1_lane (first + j * step), *t = x + delta1_lane (j);
      double s_im = conjugate ? -s[DELTA1_LANES] : s[DELTA1_LANES];
      sum_re += s[0] * t[0] - s_im * t[DELTA1_LANES];
      sum_im += s[0] * t[DELTA1_LANES] + s_im * t[0];
    }
  *re = sum_re;
  *im = sum_im;
}

static void
complex_inner (void *z, const void *x, const void *y, slong count)
{
  double re, im;
  dot (&re, &im, y, 0, 1, true, x, count);
  set_parts (z, 0, re, im);
}

static void
complex_multiply (void *z, const void *A, const void *x, slong m, slong N)
{
  double re, im;
  for (slong i = 0; i < m; i++)
    {
      dot (&re, &im, A, i * N, 1, false, x, N);
      set_parts (z, i, re, im);
    }
}

static void
complex_multiply_transposed (void *z, const void *A, const void *y, slong m, slong N)
{
  double re, im;
  for (slong j = 0; j < N; j++)
    {
      dot (&re, &im, A, j, N, true, y, m);
      set_parts (z, j, re, im);
    }
}

/* soft(z, t) = z (|z| - t)/|z| where |z| > t, else 0. Not a number stays so. */
static double
soft_factor (double re, double im, double t)
{
  double length = sqrt (re * re + im * im);
  return length <= t ? 0 : (length - t) / length;
}

static void
shrink_one (double *at, double t)
{
  double factor = soft_factor (at[0], at[DELTA1_LANES], t);
  at[0] *= factor;
  at[DELTA1_LANES] *= factor;
}

static void
complex_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  (void)nonnegative;
  for (slong i = 0; i < count; i++)
    shrink_one ((double *)x + delta1_lane (i), *(const double *)threshold);
}

static void
complex_shrink_each (void *x, const void *threshold, slong count)
{
  for (slong i = 0; i < count; i++)
    shrink_one ((double *)x + delta1_lane (i), ((const double *)threshold)[i]);
}

static void
complex_project (void *z, const void *x, const void *radius, slong count)
{
  double r = *(const double *)radius, length = sqrt (squares (x, count));
  /* A length beyond the doubles makes the result NaN, not 0. */
  double factor = isinf (length) ? NAN : length > r ? r / length : 1;
  complex_scale (z, &factor, x, count);
}

/* Work is shared in chunks of this many groups. */
#define CHUNK 256

static void
complex_primal (void *x, void *g, void *sum, const void *tau, const void *threshold, slong count)
{
  const delta1_kernels_t *kernels = delta1_kernels ();
  double step = *(const double *)tau;
  slong groups = (count + DELTA1_LANES - 1) / DELTA1_LANES, chunks = (groups + CHUNK - 1) / CHUNK;
#pragma omp parallel for if (groups * 2 * DELTA1_LANES > DELTA1_LANES_MANY) schedule(static)
  for (slong k = 0; k < chunks; k++)
    {
      slong first = CHUNK * delta1_lanes_folded (k, chunks);
      slong at = first * 2 * DELTA1_LANES, left = groups - first;
      kernels->primal ((double *)x + at, (double *)g + at, (double *)sum + at, step,
                       (const double *)threshold + first * DELTA1_LANES,
                       left < CHUNK ? left : CHUNK);
    }
}

static void
complex_dual (void *v, const void *z, const void *y, const void *sigma, const void *radius,
              slong count)
{
  const delta1_kernels_t *kernels = delta1_kernels ();
  double step = *(const double *)sigma;
  slong doubles = delta1_lane_doubles (count), chunk = CHUNK * 2 * DELTA1_LANES;
#pragma omp parallel for if (doubles > DELTA1_LANES_MANY) schedule(static)
  for (slong at = 0; at < doubles; at += chunk)
    kernels->dual ((double *)v + at, (const double *)z + at, (const double *)y + at, step,
                   doubles - at < chunk ? doubles - at : chunk);
  complex_project (v, v, radius, count);
}

const delta1_arithmetic_t delta1_arithmetic_complex_double = {
  .name = "complex double",
  .is_complex = true,
  .real = &delta1_arithmetic_double,
  .create = complex_create,
  .free = complex_free,
  .at = complex_at,
  .set = complex_set,
  .get = complex_get,
  .set_ball = complex_set_ball,
  .get_ball = complex_get_ball,
  .set_complex = complex_set_complex,
  .get_complex = complex_get_complex,
  .finite = complex_finite,
  .zero = complex_zero,
  .equal = complex_equal,
  .copy = complex_copy,
  .clear = complex_clear,
  .combine = complex_combine,
  .scale = complex_scale,
  .inner = complex_inner,
  .bound = complex_bound,
  .multiply = complex_multiply,
  .multiply_transposed = complex_multiply_transposed,
  .shrink = complex_shrink,
  .shrink_each = complex_shrink_each,
  .project = complex_project,
  .primal = complex_primal,
  .dual = complex_dual,
};
