#include <stdlib.h>

#include "firenet/arithmetic.h"
#include "firenet/ball_vector.h"

static slong
bits_of (const void *v)
{
  return delta1_ball_vector_bits (v);
}

static void *
box_create (slong count, slong bits)
{
  acb_ptr v = delta1_ball_vector_create (count, sizeof *v, bits);
  for (slong i = 0; v != NULL && i < count; i++)
    acb_init (v + i);
  return v;
}

static void
box_free (void *v, slong count)
{
  if (v == NULL)
    return;
  for (slong i = 0; i < count; i++)
    acb_clear ((acb_ptr)v + i);
  delta1_ball_vector_free (v);
}

static void *
box_at (void *v, slong i)
{
  return (acb_ptr)v + i;
}

static void
box_set_ball (void *v, slong i, const arb_t x)
{
  acb_ptr to = (acb_ptr)v + i;
  acb_set_round_arb (to, x, bits_of (v));
}

static void
box_set (void *v, slong i, const arf_t x)
{
  arb_t exact;
  arb_init (exact);
  arb_set_arf (exact, x);
  box_set_ball (v, i, exact);
  arb_clear (exact);
}

static void
box_get (arf_t x, const void *v, slong i)
{
  arf_set (x, arb_midref (acb_realref ((acb_srcptr)v + i)));
}

static void
box_get_ball (arb_t x, const void *v, slong i)
{
  arb_set (x, acb_realref ((acb_srcptr)v + i));
}

static void
box_set_complex (void *v, slong i, const acb_t x)
{
  acb_set_round ((acb_ptr)v + i, x, bits_of (v));
}

static void
box_get_complex (acb_t x, const void *v, slong i)
{
  acb_set (x, (acb_srcptr)v + i);
}

static bool
box_finite (const void *v, slong count)
{
  for (slong i = 0; i < count; i++)
    if (!acb_is_finite ((acb_srcptr)v + i))
      return false;
  return true;
}

static bool
box_zero (const void *v, slong count)
{
  return _acb_vec_is_zero ((acb_srcptr)v, count) != 0;
}

static bool
box_equal (const void *v, const void *w, slong count)
{
  acb_srcptr x = v, y = w;
  for (slong i = 0; i < count; i++)
    if (!acb_is_exact (x + i) || !acb_is_exact (y + i) || !acb_eq (x + i, y + i))
      return false;
  return true;
}

static void
box_copy (void *z, const void *x, slong count)
{
  _acb_vec_set (z, x, count);
}

static void
box_clear (void *z, slong count)
{
  _acb_vec_zero (z, count);
}

static void
box_combine (void *z, const void *x, const void *a, const void *y, slong count)
{
  slong prec = bits_of (z);
  acb_t product;
  acb_init (product);
  for (slong i = 0; i < count; i++)
    {
      acb_mul_arb (product, (acb_srcptr)y + i, a, prec);
      acb_add ((acb_ptr)z + i, (acb_srcptr)x + i, product, prec);
    }
  acb_clear (product);
}

static void
box_scale (void *z, const void *a, const void *x, slong count)
{
  for (slong i = 0; i < count; i++)
    acb_mul_arb ((acb_ptr)z + i, (acb_srcptr)x + i, a, bits_of (z));
}

/* to = sum_j a_j x_j, or with conj(a_j); the elements of a stand `step` apart. */
static void
dot (acb_ptr to, acb_srcptr a, slong step, bool conjugate, acb_srcptr x, slong count, slong prec)
{
  acb_t sum, factor;
  acb_init (sum);
  acb_init (factor);
  for (slong j = 0; j < count; j++)
    {
      if (conjugate)
        acb_conj (factor, a + j * step);
      else
        acb_set (factor, a + j * step);
      acb_addmul (sum, factor, x + j, prec);
    }
  acb_swap (to, sum);
  acb_clear (sum);
  acb_clear (factor);
}

static void
box_inner (void *z, const void *x, const void *y, slong count)
{
  dot (z, y, 1, true, x, count, bits_of (z));
}

static void
box_bound (mag_t bound, const void *x, slong count)
{
  mag_t entry;
  mag_init (entry);
  mag_zero (bound);
  for (slong i = 0; i < count; i++)
    {
      acb_get_mag (entry, (acb_srcptr)x + i);
      mag_addmul (bound, entry, entry);
    }
  mag_sqrt (bound, bound);
  mag_clear (entry);
}

static void
box_multiply (void *z, const void *A, const void *x, slong m, slong N)
{
  for (slong i = 0; i < m; i++)
    dot ((acb_ptr)z + i, (acb_srcptr)A + i * N, 1, false, x, N, bits_of (z));
}

static void
box_multiply_transposed (void *z, const void *A, const void *y, slong m, slong N)
{
  for (slong j = 0; j < N; j++)
    dot ((acb_ptr)z + j, (acb_srcptr)A + j, N, true, y, m, bits_of (z));
}

/* soft(v, t) = v (1 - t/max(|v|, t)); where |v| <= t is possible and |v| > t too, the result is
 * also at most as long as the longest v is above t. */
static void
shrink_one (acb_ptr v, arb_srcptr t, slong prec)
{
  arb_t length, factor;
  arb_init (length);
  arb_init (factor);
  acb_abs (length, v, prec);
  arb_sub (factor, length, t, prec);
  if (arb_is_nonpositive (factor))
    acb_zero (v);
  else if (arb_is_positive (factor) && arb_is_positive (length))
    {
      arb_div (factor, factor, length, prec);
      acb_mul_arb (v, v, factor, prec);
    }
  else
    {
      mag_t most;
      mag_init (most);
      arb_get_mag (most, factor); /* |soft(v, t)| <= max(|v| - t, 0) */
      acb_zero (v);
      mag_set (arb_radref (acb_realref (v)), most);
      mag_set (arb_radref (acb_imagref (v)), most);
      mag_clear (most);
    }
  arb_clear (length);
  arb_clear (factor);
}

static void
box_shrink (void *x, const void *threshold, bool nonnegative, slong count)
{
  (void)nonnegative;
  for (slong i = 0; i < count; i++)
    shrink_one ((acb_ptr)x + i, threshold, bits_of (x));
}

static void
box_shrink_each (void *x, const void *threshold, slong count)
{
  for (slong i = 0; i < count; i++)
    shrink_one ((acb_ptr)x + i, (arb_srcptr)threshold + i, bits_of (x));
}

/* z = x r/max(r, ||x||), r > 0. */
static void
box_project (void *z, const void *x, const void *radius, slong count)
{
  acb_srcptr v = x;
  slong prec = bits_of (z);
  arb_t length;
  arb_init (length);
  for (slong i = 0; i < count; i++)
    {
      arb_addmul (length, acb_realref (v + i), acb_realref (v + i), prec);
      arb_addmul (length, acb_imagref (v + i), acb_imagref (v + i), prec);
    }
  arb_sqrtpos (length, length, prec);
  if (arb_le (length, radius))
    box_copy (z, x, count);
  else
    {
      arb_max (length, length, radius, prec);
      arb_div (length, radius, length, prec);
      box_scale (z, length, x, count);
    }
  arb_clear (length);
}

static void
box_primal (void *x, void *g, void *sum, const void *tau, const void *threshold, slong count)
{
  slong prec = bits_of (x);
  acb_t p;
  acb_init (p);
  for (slong i = 0; i < count; i++)
    {
      acb_ptr v = (acb_ptr)x + i, extra = (acb_ptr)g + i, total = (acb_ptr)sum + i;
      acb_mul_arb (p, extra, tau, prec);
      acb_sub (p, v, p, prec);
      shrink_one (p, (arb_srcptr)threshold + i, prec);
      acb_mul_2exp_si (extra, p, 1);
      acb_sub (extra, extra, v, prec);
      acb_add (total, total, p, prec);
      acb_set (v, p);
    }
  acb_clear (p);
}

static void
box_dual (void *v, const void *z, const void *y, const void *sigma, const void *radius, slong count)
{
  slong prec = bits_of (v);
  acb_t product;
  acb_init (product);
  for (slong i = 0; i < count; i++)
    {
      acb_ptr to = (acb_ptr)v + i;
      acb_mul_arb (product, (acb_srcptr)z + i, sigma, prec);
      acb_add (to, to, product, prec);
      acb_mul_arb (product, (acb_srcptr)y + i, sigma, prec);
      acb_sub (to, to, product, prec);
    }
  acb_clear (product);
  box_project (v, v, radius, count);
}

const delta1_arithmetic_t delta1_arithmetic_complex_ball = {
  .name = "complex ball",
  .is_complex = true,
  .encloses = true,
  .real = &delta1_arithmetic_ball,
  .create = box_create,
  .free = box_free,
  .at = box_at,
  .set = box_set,
  .get = box_get,
  .set_ball = box_set_ball,
  .get_ball = box_get_ball,
  .set_complex = box_set_complex,
  .get_complex = box_get_complex,
  .finite = box_finite,
  .zero = box_zero,
  .equal = box_equal,
  .copy = box_copy,
  .clear = box_clear,
  .combine = box_combine,
  .scale = box_scale,
  .inner = box_inner,
  .bound = box_bound,
  .multiply = box_multiply,
  .multiply_transposed = box_multiply_transposed,
  .shrink = box_shrink,
  .shrink_each = box_shrink_each,
  .project = box_project,
  .primal = box_primal,
  .dual = box_dual,
};
