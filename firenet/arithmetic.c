#include "firenet/arithmetic.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
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
double_shrink_one (double *v, double t, bool nonnegative)
{
  if (*v > t)
    *v -= t;
  else if (*v < -t && !nonnegative)
    *v += t;
  else if (!isnan (*v))
    *v = 0;
}

static void
double_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  double *v = x;
  for (slong i = 0; i < count; i++)
    double_shrink_one (v + i, *(const double *)threshold, nonnegative);
}

static void
double_shrink_each (void *x, const void *threshold, slong count)
{
  double *v = x;
  const double *t = threshold;
  for (slong i = 0; i < count; i++)
    double_shrink_one (v + i, t[i], false);
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
  .set_ball = double_set_ball,
  .get_ball = double_get_ball,
  .finite = double_finite,
  .zero = double_zero,
  .equal = double_equal,
  .copy = double_copy,
  .combine = double_combine,
  .multiply = double_multiply,
  .multiply_transposed = double_multiply_transposed,
  .shrink = double_shrink,
  .shrink_each = double_shrink_each,
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

static void
big_set_ball (void *v, slong i, const arb_t x)
{
  big_set (v, i, arb_midref (x));
}

static void
big_get_ball (arb_t x, const void *v, slong i)
{
  arf_set_mpfr (arb_midref (x), (mpfr_srcptr)v + i);
  mag_zero (arb_radref (x));
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
big_shrink_one (mpfr_ptr v, mpfr_srcptr t, bool nonnegative)
{
  if (mpfr_nan_p (v))
    return;
  if (mpfr_cmpabs (v, t) <= 0 || (nonnegative && mpfr_sgn (v) < 0))
    mpfr_set_zero (v, 1);
  else if (mpfr_sgn (v) > 0)
    mpfr_sub (v, v, t, MPFR_RNDN);
  else
    mpfr_add (v, v, t, MPFR_RNDN);
}

static void
big_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  for (slong i = 0; i < count; i++)
    big_shrink_one ((mpfr_ptr)x + i, threshold, nonnegative);
}

static void
big_shrink_each (void *x, const void *threshold, slong count)
{
  for (slong i = 0; i < count; i++)
    big_shrink_one ((mpfr_ptr)x + i, (mpfr_srcptr)threshold + i, false);
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
  .set_ball = big_set_ball,
  .get_ball = big_get_ball,
  .finite = big_finite,
  .zero = big_zero,
  .equal = big_equal,
  .copy = big_copy,
  .combine = big_combine,
  .multiply = big_multiply,
  .multiply_transposed = big_multiply_transposed,
  .shrink = big_shrink,
  .shrink_each = big_shrink_each,
  .project = big_project,
};

/* --- Arb balls ---------------------------------------------------------------------------------
 */

/* The precision stands before the entries. */
typedef struct
{
  slong bits;
  slong count;
  arb_struct entry[];
} ball_vector_t;

static slong
ball_bits (const void *v)
{
  return ((const ball_vector_t *)(const void *)((const char *)v - offsetof (ball_vector_t, entry)))
      ->bits;
}

static void *
ball_create (slong count, slong bits)
{
  if (count < 0 || (size_t)count > (SIZE_MAX - sizeof (ball_vector_t)) / sizeof (arb_struct))
    return NULL;
  ball_vector_t *v = malloc (sizeof *v + (size_t)count * sizeof (arb_struct));
  if (v == NULL)
    return NULL;
  v->bits = bits;
  v->count = count;
  for (slong i = 0; i < count; i++)
    arb_init (v->entry + i);
  return v->entry;
}

static void
ball_free (void *v, slong count)
{
  if (v == NULL)
    return;
  for (slong i = 0; i < count; i++)
    arb_clear ((arb_ptr)v + i);
  free ((char *)v - offsetof (ball_vector_t, entry));
}

static void *
ball_at (void *v, slong i)
{
  return (arb_ptr)v + i;
}

static void
ball_set (void *v, slong i, const arf_t x)
{
  arb_set_arf ((arb_ptr)v + i, x);
  arb_set_round ((arb_ptr)v + i, (arb_ptr)v + i, ball_bits (v));
}

static void
ball_get (arf_t x, const void *v, slong i)
{
  arf_set (x, arb_midref ((arb_srcptr)v + i));
}

static void
ball_set_ball (void *v, slong i, const arb_t x)
{
  arb_set_round ((arb_ptr)v + i, x, ball_bits (v));
}

static void
ball_get_ball (arb_t x, const void *v, slong i)
{
  arb_set (x, (arb_srcptr)v + i);
}

static bool
ball_finite (const void *v, slong count)
{
  return _arb_vec_is_finite ((arb_srcptr)v, count) != 0;
}

static bool
ball_equal (const void *v, const void *w, slong count)
{
  arb_srcptr x = v, y = w;
  for (slong i = 0; i < count; i++)
    if (!arb_is_exact (x + i) || !arb_is_exact (y + i) || !arb_eq (x + i, y + i))
      return false;
  return true;
}

static bool
ball_zero (const void *v, slong count)
{
  return _arb_vec_is_zero ((arb_srcptr)v, count) != 0;
}

static void
ball_copy (void *z, const void *x, slong count)
{
  arb_ptr to = z;
  arb_srcptr from = x;
  for (slong i = 0; i < count; i++)
    arb_set (to + i, from + i);
}

static void
ball_combine (void *z, const void *x, const void *a, const void *y, slong count)
{
  arb_ptr to = z;
  arb_srcptr u = x, v = y, s = a;
  slong prec = ball_bits (z);
  arb_t product;
  arb_init (product);
  for (slong i = 0; i < count; i++)
    {
      arb_mul (product, s, v + i, prec);
      arb_add (to + i, u + i, product, prec);
    }
  arb_clear (product);
}

static void
ball_multiply (void *z, const void *A, const void *x, slong m, slong N)
{
  for (slong i = 0; i < m; i++)
    arb_dot ((arb_ptr)z + i, NULL, 0, (arb_srcptr)A + i * N, 1, x, 1, N, ball_bits (z));
}

static void
ball_multiply_transposed (void *z, const void *A, const void *y, slong m, slong N)
{
  for (slong j = 0; j < N; j++)
    arb_dot ((arb_ptr)z + j, NULL, 0, (arb_srcptr)A + j, N, y, 1, m, ball_bits (z));
}

/* v = max(v, 0); exact 0 where that is certain. */
static void
ball_positive_part (arb_t v, slong prec)
{
  arb_t zero;
  if (arb_is_nonpositive (v))
    arb_zero (v);
  else if (!arb_is_nonnegative (v))
    {
      arb_init (zero);
      arb_max (v, v, zero, prec);
      arb_clear (zero);
    }
}

/* soft(v, t) = max(v - t, 0) - max(-v - t, 0) for t >= 0. */
static void
ball_shrink_one (arb_ptr v, arb_srcptr t, bool nonnegative, slong prec)
{
  arb_t below;
  arb_init (below);
  if (!nonnegative)
    {
      arb_add (below, v, t, prec);
      arb_neg (below, below);
      ball_positive_part (below, prec);
    }
  arb_sub (v, v, t, prec);
  ball_positive_part (v, prec);
  arb_sub (v, v, below, prec);
  arb_clear (below);
}

static void
ball_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  for (slong i = 0; i < count; i++)
    ball_shrink_one ((arb_ptr)x + i, threshold, nonnegative, ball_bits (x));
}

static void
ball_shrink_each (void *x, const void *threshold, slong count)
{
  for (slong i = 0; i < count; i++)
    ball_shrink_one ((arb_ptr)x + i, (arb_srcptr)threshold + i, false, ball_bits (x));
}

/* z = x r/max(r, ||x||), r > 0. */
static void
ball_project (void *z, const void *x, const void *radius, slong count)
{
  arb_ptr to = z;
  arb_srcptr v = x, r = radius;
  slong prec = ball_bits (z);
  arb_t length;
  arb_init (length);
  arb_dot (length, NULL, 0, v, 1, v, 1, count, prec);
  arb_sqrtpos (length, length, prec);
  if (arb_le (length, r))
    ball_copy (z, x, count);
  else
    {
      arb_max (length, length, r, prec);
      arb_div (length, r, length, prec);
      for (slong i = 0; i < count; i++)
        arb_mul (to + i, v + i, length, prec);
    }
  arb_clear (length);
}

const delta1_arithmetic_t delta1_arithmetic_ball = {
  .name = "ball",
  .create = ball_create,
  .free = ball_free,
  .at = ball_at,
  .set = ball_set,
  .get = ball_get,
  .set_ball = ball_set_ball,
  .get_ball = ball_get_ball,
  .finite = ball_finite,
  .zero = ball_zero,
  .equal = ball_equal,
  .copy = ball_copy,
  .combine = ball_combine,
  .multiply = ball_multiply,
  .multiply_transposed = ball_multiply_transposed,
  .shrink = ball_shrink,
  .shrink_each = ball_shrink_each,
  .project = ball_project,
};
