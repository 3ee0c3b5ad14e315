#include "trainers/arithmetic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- double ------------------------------------------------------------------------------------
 */

static void *
double_create (slong count, slong bits)
{
  (void)bits;
  return calloc (count > 0 ? (size_t)count : 1, sizeof (double));
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
double_combine (void *z, const void *x, const void *a, const void *y, slong count)
{
  double *to = z;
  const double *u = x, *v = y;
  double s = *(const double *)a;
  for (slong i = 0; i < count; i++)
    to[i] = u[i] + s * v[i];
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

static void
double_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  double *v = x;
  double t = *(const double *)threshold;
  for (slong i = 0; i < count; i++)
    if (v[i] > t)
      v[i] -= t;
    else if (v[i] < -t && !nonnegative)
      v[i] += t;
    else if (!isnan (v[i]))
      v[i] = 0;
}

static void
double_project (void *z, const void *x, const void *radius, slong count)
{
  double *to = z;
  const double *v = x;
  double sum = 0, r = *(const double *)radius;
  for (slong i = 0; i < count; i++)
    sum += v[i] * v[i];
  double length = sqrt (sum);
  double factor = length > r ? r / length : 1;
  for (slong i = 0; i < count; i++)
    to[i] = factor * v[i];
}

const delta1_arithmetic_t delta1_arithmetic_double = {
  .name = "double",
  .create = double_create,
  .free = double_free,
  .at = double_at,
  .set = double_set,
  .get = double_get,
  .finite = double_finite,
  .zero = double_zero,
  .equal = double_equal,
  .copy = double_copy,
  .combine = double_combine,
  .multiply = double_multiply,
  .multiply_transposed = double_multiply_transposed,
  .shrink = double_shrink,
  .project = double_project,
};

/* --- MPFR --------------------------------------------------------------------------------------
 */

static void *
big_create (slong count, slong bits)
{
  mpfr_ptr v = calloc (count > 0 ? (size_t)count : 1, sizeof *v);
  for (slong i = 0; v != NULL && i < count; i++)
    {
      mpfr_init2 (v + i, bits);
      mpfr_set_zero (v + i, 1);
    }
  return v;
}

static void
big_free (void *v, slong count)
{
  mpfr_ptr x = v;
  for (slong i = 0; x != NULL && i < count; i++)
    mpfr_clear (x + i);
  free (v);
}

static void *
big_at (void *v, slong i)
{
  return (mpfr_ptr)v + i;
}

static void
big_set (void *v, slong i, const arf_t x)
{
  arf_get_mpfr ((mpfr_ptr)v + i, x, MPFR_RNDN);
}

static void
big_get (arf_t x, const void *v, slong i)
{
  arf_set_mpfr (x, (mpfr_srcptr)v + i);
}

static bool
big_finite (const void *v, slong count)
{
  mpfr_srcptr x = v;
  for (slong i = 0; i < count; i++)
    if (!mpfr_number_p (x + i))
      return false;
  return true;
}

static bool
big_zero (const void *v, slong count)
{
  mpfr_srcptr x = v;
  for (slong i = 0; i < count; i++)
    if (!mpfr_zero_p (x + i))
      return false;
  return true;
}

static bool
big_equal (const void *v, const void *w, slong count)
{
  mpfr_srcptr x = v, y = w;
  for (slong i = 0; i < count; i++)
    if (!mpfr_equal_p (x + i, y + i))
      return false;
  return true;
}

static void
big_copy (void *z, const void *x, slong count)
{
  mpfr_ptr to = z;
  mpfr_srcptr from = x;
  for (slong i = 0; i < count; i++)
    mpfr_set (to + i, from + i, MPFR_RNDN);
}

static void
big_combine (void *z, const void *x, const void *a, const void *y, slong count)
{
  mpfr_ptr to = z;
  mpfr_srcptr u = x, v = y, s = a;
  mpfr_t product;
  mpfr_init2 (product, mpfr_get_prec (s));
  for (slong i = 0; i < count; i++)
    {
      mpfr_mul (product, s, v + i, MPFR_RNDN);
      mpfr_add (to + i, u + i, product, MPFR_RNDN);
    }
  mpfr_clear (product);
}

static void
big_multiply (void *z, const void *A, const void *x, slong m, slong N)
{
  mpfr_ptr to = z;
  mpfr_srcptr a = A, v = x;
  mpfr_t product;
  mpfr_init2 (product, mpfr_get_prec (a));
  for (slong i = 0; i < m; i++)
    {
      mpfr_set_zero (to + i, 1);
      for (slong j = 0; j < N; j++)
        {
          mpfr_mul (product, a + i * N + j, v + j, MPFR_RNDN);
          mpfr_add (to + i, to + i, product, MPFR_RNDN);
        }
    }
  mpfr_clear (product);
}

static void
big_multiply_transposed (void *z, const void *A, const void *y, slong m, slong N)
{
  mpfr_ptr to = z;
  mpfr_srcptr a = A, v = y;
  mpfr_t product;
  mpfr_init2 (product, mpfr_get_prec (a));
  for (slong j = 0; j < N; j++)
    mpfr_set_zero (to + j, 1);
  for (slong i = 0; i < m; i++)
    for (slong j = 0; j < N; j++)
      {
        mpfr_mul (product, a + i * N + j, v + i, MPFR_RNDN);
        mpfr_add (to + j, to + j, product, MPFR_RNDN);
      }
  mpfr_clear (product);
}

static void
big_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  mpfr_ptr v = x;
  mpfr_srcptr t = threshold;
  for (slong i = 0; i < count; i++)
    if (mpfr_nan_p (v + i))
      continue;
    else if (mpfr_cmpabs (v + i, t) <= 0 || (nonnegative && mpfr_sgn (v + i) < 0))
      mpfr_set_zero (v + i, 1);
    else if (mpfr_sgn (v + i) > 0)
      mpfr_sub (v + i, v + i, t, MPFR_RNDN);
    else
      mpfr_add (v + i, v + i, t, MPFR_RNDN);
}

static void
big_project (void *z, const void *x, const void *radius, slong count)
{
  mpfr_ptr to = z;
  mpfr_srcptr v = x, r = radius;
  mpfr_t sum, factor;
  mpfr_init2 (sum, mpfr_get_prec (r));
  mpfr_init2 (factor, mpfr_get_prec (r));
  mpfr_set_zero (sum, 1);
  for (slong i = 0; i < count; i++)
    {
      mpfr_sqr (factor, v + i, MPFR_RNDN);
      mpfr_add (sum, sum, factor, MPFR_RNDN);
    }
  mpfr_sqrt (sum, sum, MPFR_RNDN);
  if (mpfr_greater_p (sum, r))
    mpfr_div (factor, r, sum, MPFR_RNDN);
  else
    mpfr_set_ui (factor, 1, MPFR_RNDN);
  for (slong i = 0; i < count; i++)
    mpfr_mul (to + i, factor, v + i, MPFR_RNDN);
  mpfr_clear (sum);
  mpfr_clear (factor);
}

const delta1_arithmetic_t delta1_arithmetic_mpfr = {
  .name = "MPFR",
  .create = big_create,
  .free = big_free,
  .at = big_at,
  .set = big_set,
  .get = big_get,
  .finite = big_finite,
  .zero = big_zero,
  .equal = big_equal,
  .copy = big_copy,
  .combine = big_combine,
  .multiply = big_multiply,
  .multiply_transposed = big_multiply_transposed,
  .shrink = big_shrink,
  .project = big_project,
};
