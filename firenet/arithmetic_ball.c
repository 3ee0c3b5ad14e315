#include "firenet/arithmetic.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/ball_vector.h"

/* The precision stands before the entries, in the room of one alignment. */
#define HEAD 16

slong
delta1_ball_vector_bits (const void *v)
{
  slong bits;
  memcpy (&bits, (const char *)v - HEAD, sizeof bits);
  return bits;
}

void *
delta1_ball_vector_create (slong count, size_t size, slong bits)
{
  if (count < 0 || (size_t)count > (SIZE_MAX - HEAD) / size)
    return NULL;
  char *block = calloc (1, HEAD + (size_t)count * size);
  if (block == NULL)
    return NULL;
  memcpy (block, &bits, sizeof bits);
  return block + HEAD;
}

void
delta1_ball_vector_free (void *v)
{
  free ((char *)v - HEAD);
}

static slong
ball_bits (const void *v)
{
  return delta1_ball_vector_bits (v);
}

static void *
ball_create (slong count, slong bits)
{
  arb_ptr v = delta1_ball_vector_create (count, sizeof *v, bits);
  for (slong i = 0; v != NULL && i < count; i++)
    arb_init (v + i);
  return v;
}

static void
ball_free (void *v, slong count)
{
  if (v == NULL)
    return;
  for (slong i = 0; i < count; i++)
    arb_clear ((arb_ptr)v + i);
  delta1_ball_vector_free (v);
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

static void
ball_set_complex (void *v, slong i, const acb_t x)
{
  ball_set_ball (v, i, acb_realref (x));
}

static void
ball_get_complex (acb_t x, const void *v, slong i)
{
  acb_set_arb (x, (arb_srcptr)v + i);
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
ball_clear (void *z, slong count)
{
  _arb_vec_zero (z, count);
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
ball_scale (void *z, const void *a, const void *x, slong count)
{
  for (slong i = 0; i < count; i++)
    arb_mul ((arb_ptr)z + i, a, (arb_srcptr)x + i, ball_bits (z));
}

static void
ball_inner (void *z, const void *x, const void *y, slong count)
{
  arb_dot (z, NULL, 0, x, 1, y, 1, count, ball_bits (z));
}

static void
ball_bound (mag_t bound, const void *x, slong count)
{
  mag_t entry;
  mag_init (entry);
  mag_zero (bound);
  for (slong i = 0; i < count; i++)
    {
      arb_get_mag (entry, (arb_srcptr)x + i);
      mag_addmul (bound, entry, entry);
    }
  mag_sqrt (bound, bound);
  mag_clear (entry);
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

static void
ball_primal (void *x, void *g, void *sum, const void *tau, const void *threshold, slong count)
{
  slong prec = ball_bits (x);
  arb_t p;
  arb_init (p);
  for (slong i = 0; i < count; i++)
    {
      arb_ptr v = (arb_ptr)x + i, extra = (arb_ptr)g + i, total = (arb_ptr)sum + i;
      arb_mul (p, tau, extra, prec);
      arb_sub (p, v, p, prec);
      ball_shrink_one (p, (arb_srcptr)threshold + i, false, prec);
      arb_mul_2exp_si (extra, p, 1);
      arb_sub (extra, extra, v, prec);
      arb_add (total, total, p, prec);
      arb_set (v, p);
    }
  arb_clear (p);
}

static void
ball_dual (void *v, const void *z, const void *y, const void *sigma, const void *radius,
           slong count)
{
  slong prec = ball_bits (v);
  arb_t product;
  arb_init (product);
  for (slong i = 0; i < count; i++)
    {
      arb_ptr to = (arb_ptr)v + i;
      arb_mul (product, sigma, (arb_srcptr)z + i, prec);
      arb_add (to, to, product, prec);
      arb_mul (product, sigma, (arb_srcptr)y + i, prec);
      arb_sub (to, to, product, prec);
    }
  arb_clear (product);
  ball_project (v, v, radius, count);
}

const delta1_arithmetic_t delta1_arithmetic_ball = {
  .name = "ball",
  .encloses = true,
  .real = &delta1_arithmetic_ball,
  .create = ball_create,
  .free = ball_free,
  .at = ball_at,
  .set = ball_set,
  .get = ball_get,
  .set_ball = ball_set_ball,
  .get_ball = ball_get_ball,
  .set_complex = ball_set_complex,
  .get_complex = ball_get_complex,
  .finite = ball_finite,
  .zero = ball_zero,
  .equal = ball_equal,
  .copy = ball_copy,
  .clear = ball_clear,
  .combine = ball_combine,
  .scale = ball_scale,
  .inner = ball_inner,
  .bound = ball_bound,
  .multiply = ball_multiply,
  .multiply_transposed = ball_multiply_transposed,
  .shrink = ball_shrink,
  .shrink_each = ball_shrink_each,
  .project = ball_project,
  .primal = ball_primal,
  .dual = ball_dual,
};
