#include "firenet/arithmetic.h"

#include <stdlib.h>

#include "firenet/lanes.h"

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

static void
big_set_complex (void *v, slong i, const acb_t x)
{
  big_set_ball (v, i, acb_realref (x));
}

static void
big_get_complex (acb_t x, const void *v, slong i)
{
  big_get_ball (acb_realref (x), v, i);
  arb_zero (acb_imagref (x));
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
big_clear (void *z, slong count)
{
  for (slong i = 0; i < count; i++)
    mpfr_set_zero ((mpfr_ptr)z + i, 1);
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
big_scale (void *z, const void *a, const void *x, slong count)
{
  for (slong i = 0; i < count; i++)
    mpfr_mul ((mpfr_ptr)z + i, a, (mpfr_srcptr)x + i, MPFR_RNDN);
}

static void
big_bound (mag_t bound, const void *x, slong count)
{
  mag_t entry;
  arf_t value;
  mag_init (entry);
  arf_init (value);
  mag_zero (bound);
  for (slong i = 0; i < count; i++)
    {
      big_get (value, x, i);
      arf_get_mag (entry, value);
      mag_addmul (bound, entry, entry);
    }
  mag_sqrt (bound, bound);
  mag_clear (entry);
  arf_clear (value);
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
big_inner (void *z, const void *x, const void *y, slong count)
{
  big_multiply (z, x, y, 1, count);
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

/* In the order of delta1_lanes_sum. */
static void
big_squares (mpfr_ptr sum, mpfr_srcptr v, slong count)
{
  mpfr_t term;
  mpfr_init2 (term, mpfr_get_prec (sum));
  if (count > DELTA1_LANES_BLOCK)
    {
      slong half = delta1_lanes_half (count, DELTA1_LANES_BLOCK);
      big_squares (sum, v, half);
      big_squares (term, v + half, count - half);
      mpfr_add (sum, sum, term, MPFR_RNDN);
    }
  else
    {
      mpfr_set_zero (sum, 1);
      for (slong i = 0; i < count; i++)
        {
          mpfr_sqr (term, v + i, MPFR_RNDN);
          mpfr_add (sum, sum, term, MPFR_RNDN);
        }
    }
  mpfr_clear (term);
}

static void
big_project (void *z, const void *x, const void *radius, slong count)
{
  mpfr_ptr to = z;
  mpfr_srcptr v = x, r = radius;
  mpfr_t sum, factor;
  mpfr_init2 (sum, mpfr_get_prec (r));
  mpfr_init2 (factor, mpfr_get_prec (r));
  big_squares (sum, v, count);
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

static void
big_primal (void *x, void *g, void *sum, const void *tau, const void *threshold, slong count)
{
  mpfr_t p;
  mpfr_init2 (p, mpfr_get_prec (tau));
  for (slong i = 0; i < count; i++)
    {
      mpfr_ptr v = (mpfr_ptr)x + i, extra = (mpfr_ptr)g + i, total = (mpfr_ptr)sum + i;
      mpfr_mul (p, tau, extra, MPFR_RNDN);
      mpfr_sub (p, v, p, MPFR_RNDN);
      big_shrink_one (p, (mpfr_srcptr)threshold + i, false);
      mpfr_mul_2ui (extra, p, 1, MPFR_RNDN);
      mpfr_sub (extra, extra, v, MPFR_RNDN);
      mpfr_add (total, total, p, MPFR_RNDN);
      mpfr_set (v, p, MPFR_RNDN);
    }
  mpfr_clear (p);
}

static void
big_dual (void *v, const void *z, const void *y, const void *sigma, const void *radius, slong count)
{
  mpfr_t product;
  mpfr_init2 (product, mpfr_get_prec (sigma));
  for (slong i = 0; i < count; i++)
    {
      mpfr_ptr to = (mpfr_ptr)v + i;
      mpfr_mul (product, sigma, (mpfr_srcptr)z + i, MPFR_RNDN);
      mpfr_add (to, to, product, MPFR_RNDN);
      mpfr_mul (product, sigma, (mpfr_srcptr)y + i, MPFR_RNDN);
      mpfr_sub (to, to, product, MPFR_RNDN);
    }
  mpfr_clear (product);
  big_project (v, v, radius, count);
}

const delta1_arithmetic_t delta1_arithmetic_mpfr = {
  .name = "MPFR",
  .real = &delta1_arithmetic_mpfr,
  .create = big_create,
  .free = big_free,
  .at = big_at,
  .set = big_set,
  .get = big_get,
  .set_ball = big_set_ball,
  .get_ball = big_get_ball,
  .set_complex = big_set_complex,
  .get_complex = big_get_complex,
  .finite = big_finite,
  .zero = big_zero,
  .equal = big_equal,
  .copy = big_copy,
  .clear = big_clear,
  .combine = big_combine,
  .scale = big_scale,
  .inner = big_inner,
  .bound = big_bound,
  .multiply = big_multiply,
  .multiply_transposed = big_multiply_transposed,
  .shrink = big_shrink,
  .shrink_each = big_shrink_each,
  .project = big_project,
  .primal = big_primal,
  .dual = big_dual,
};
