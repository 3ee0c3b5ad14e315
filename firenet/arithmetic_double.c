#include "firenet/arithmetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/lanes.h"

static void *
double_create (slong count, slong bits)
{
  (void)bits;
  return delta1_lanes_create (count);
}

static void
double_free (void *v, slong count)
{
  (void)count;
  free (v);
}

static void *
double_at (void *v, slong i)
{
  return (double *)v + i;
}

static void
double_set (void *v, slong i, const arf_t x)
{
  ((double *)v)[i] = arf_get_d (x, ARF_RND_NEAR);
}

static void
double_get (arf_t x, const void *v, slong i)
{
  arf_set_d (x, ((const double *)v)[i]);
}

static void
double_set_ball (void *v, slong i, const arb_t x)
{
  double_set (v, i, arb_midref (x));
}

static void
double_get_ball (arb_t x, const void *v, slong i)
{
  arb_set_d (x, ((const double *)v)[i]);
}

static void
double_set_complex (void *v, slong i, const acb_t x)
{
  double_set_ball (v, i, acb_realref (x));
}

static void
double_get_complex (acb_t x, const void *v, slong i)
{
  double_get_ball (acb_realref (x), v, i);
  arb_zero (acb_imagref (x));
}

static bool
double_finite (const void *v, slong count)
{
  const double *x = v;
  for (slong i = 0; i < count; i++)
    if (!isfinite (x[i]))
      return false;
  return true;
}

static bool
double_equal (const void *v, const void *w, slong count)
{
  const double *x = v, *y = w;
  for (slong i = 0; i < count; i++)
    if (x[i] < y[i] || x[i] > y[i] || isnan (x[i]) || isnan (y[i]))
      return false;
  return true;
}

static bool
double_zero (const void *v, slong count)
{
  const double *x = v;
  for (slong i = 0; i < count; i++)
    if (fpclassify (x[i]) != FP_ZERO)
      return false;
  return true;
}

static void
double_copy (void *z, const void *x, slong count)
{
  memmove (z, x, (size_t)count * sizeof (double));
}

static void
double_clear (void *z, slong count)
{
  delta1_lanes_clear (z, count);
}

static void
double_combine (void *z, const void *x, const void *a, const void *y, slong count)
{
  double *to = z;
  const double *u = x, *v = y;
  double s = *(const double *)a;
  for (slong i = 0; i < count; i++)
    to[i] = u[i] + s * v[i];
}

static void
double_scale (void *z, const void *a, const void *x, slong count)
{
  double *to = z;
  const double *u = x;
  double s = *(const double *)a;
#pragma omp parallel for simd if (count > DELTA1_LANES_MANY) schedule(static)
  for (slong i = 0; i < count; i++)
    to[i] = s * u[i];
}

static void
double_inner (void *z, const void *x, const void *y, slong count)
{
  const double *u = x, *v = y;
  double sum = 0;
  for (slong i = 0; i < count; i++)
    sum += u[i] * v[i];
  *(double *)z = sum;
}

static double
square_block (const double *v, slong count)
{
  double sum = 0;
  for (slong i = 0; i < count; i++)
    sum += v[i] * v[i];
  return sum;
}

static void
double_bound (mag_t bound, const void *x, slong count)
{
  delta1_lanes_bound (bound, delta1_lanes_sum (square_block, x, count, DELTA1_LANES_BLOCK), count);
}

static void
double_multiply (void *z, const void *A, const void *x, slong m, slong N)
{
  double *to = z;
  const double *a = A, *v = x;
  for (slong i = 0; i < m; i++)
    {
      double sum = 0;
      for (slong j = 0; j < N; j++)
        sum += a[i * N + j] * v[j];
      to[i] = sum;
    }
}

static void
double_multiply_transposed (void *z, const void *A, const void *y, slong m, slong N)
{
  double *to = z;
  const double *a = A, *v = y;
  for (slong j = 0; j < N; j++)
    to[j] = 0;
  for (slong i = 0; i < m; i++)
    for (slong j = 0; j < N; j++)
      to[j] += a[i * N + j] * v[i];
}

static double
soft (double v, double t, bool nonnegative)
{
  return v > t ? v - t : v < -t && !nonnegative ? v + t : isnan (v) ? v : 0;
}

static void
double_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  double *v = x;
  for (slong i = 0; i < count; i++)
    v[i] = soft (v[i], *(const double *)threshold, nonnegative);
}

static void
double_shrink_each (void *x, const void *threshold, slong count)
{
  double *v = x;
  const double *t = threshold;
  for (slong i = 0; i < count; i++)
    v[i] = soft (v[i], t[i], false);
}

static void
double_project (void *z, const void *x, const void *radius, slong count)
{
  double r = *(const double *)radius;
  double length = sqrt (delta1_lanes_sum (square_block, x, count, DELTA1_LANES_BLOCK));
  /* A length beyond the doubles makes the result NaN, not 0. */
  double factor = isinf (length) ? NAN : length > r ? r / length : 1;
  double_scale (z, &factor, x, count);
}

static void
primal_part (double *restrict v, double *restrict extra, double *restrict total, double step,
             const double *restrict t, slong count)
{
#pragma omp simd
  for (slong i = 0; i < count; i++)
    {
      double z = v[i] - step * extra[i];
      /* soft (z, t): not a number stays so */
      double p = fabs (z) <= t[i] ? 0 : z - copysign (t[i], z);
      extra[i] = 2 * p - v[i];
      total[i] += p;
      v[i] = p;
    }
}

/* Work is shared in chunks of this many elements. */
#define CHUNK 2048

static void
double_primal (void *x, void *g, void *sum, const void *tau, const void *threshold, slong count)
{
  double step = *(const double *)tau;
  slong chunks = (count + CHUNK - 1) / CHUNK;
#pragma omp parallel for if (count > DELTA1_LANES_MANY) schedule(static)
  for (slong k = 0; k < chunks; k++)
    {
      slong at = CHUNK * delta1_lanes_folded (k, chunks);
      primal_part ((double *)x + at, (double *)g + at, (double *)sum + at, step,
                   (const double *)threshold + at, count - at < CHUNK ? count - at : CHUNK);
    }
}

static void
double_dual (void *v, const void *z, const void *y, const void *sigma, const void *radius,
             slong count)
{
  double *to = v, step = *(const double *)sigma;
  const double *image = z, *datum = y;
#pragma omp parallel for simd if (count > DELTA1_LANES_MANY) schedule(static)
  for (slong i = 0; i < count; i++)
    to[i] = to[i] + step * image[i] - step * datum[i];
  double_project (v, v, radius, count);
}

const delta1_arithmetic_t delta1_arithmetic_double = {
  .name = "double",
  .real = &delta1_arithmetic_double,
  .create = double_create,
  .free = double_free,
  .at = double_at,
  .set = double_set,
  .get = double_get,
  .set_ball = double_set_ball,
  .get_ball = double_get_ball,
  .set_complex = double_set_complex,
  .get_complex = double_get_complex,
  .finite = double_finite,
  .zero = double_zero,
  .equal = double_equal,
  .copy = double_copy,
  .clear = double_clear,
  .combine = double_combine,
  .scale = double_scale,
  .inner = double_inner,
  .bound = double_bound,
  .multiply = double_multiply,
  .multiply_transposed = double_multiply_transposed,
  .shrink = double_shrink,
  .shrink_each = double_shrink_each,
  .project = double_project,
  .primal = double_primal,
  .dual = double_dual,
};
