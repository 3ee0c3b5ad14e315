/* The operations of the arithmetics: Lemma 6.8 (double and complex double against balls, also where
 * numbers are near the threshold, of very different sizes, or below the normal ones), balls against
 * the formulas, and the machine. */
#include "firenet/arithmetic.h"

#include <fenv.h>
#include <math.h>
#include <stdlib.h>

#include "firenet/lanes.h"
#include "tests/testing.h"

#define BITS 700

static const struct
{
  const delta1_arithmetic_t *use, *balls;
} kinds[] = { { &delta1_arithmetic_double, &delta1_arithmetic_ball },
              { &delta1_arithmetic_complex_double, &delta1_arithmetic_complex_ball } };

enum
{
  PLAIN,
  RANGE,
  TINY,
  SHAPES
};

static double
number (int shape)
{
  double x = ldexp ((double)delta1_test_random_below (1L << 53), -52) - 1;
  return shape == RANGE  ? ldexp (x, (int)delta1_test_random_below (600) - 300)
         : shape == TINY ? ldexp (x, -1000 - (int)delta1_test_random_below (74))
                         : x;
}

/* The same random numbers in both arithmetics. */
static void
fill (void *x, void *exact, int kind, int shape, slong count)
{
  acb_t entry;
  acb_init (entry);
  for (slong i = 0; i < count; i++)
    {
      acb_set_d_d (entry, number (shape), kinds[kind].use->is_complex ? number (shape) : 0);
      kinds[kind].use->set_complex (x, i, entry);
      kinds[kind].balls->set_complex (exact, i, entry);
    }
  acb_clear (entry);
}

static void *
new_scalar (const delta1_arithmetic_t *use, double value)
{
  void *s = use->real->create (1, BITS);
  arf_t x;
  arf_init (x);
  arf_set_d (x, value);
  use->real->set (s, 0, x);
  arf_clear (x);
  return s;
}

/* |x_i - exact_i| */
static void
distance (arb_t d, int kind, const void *x, const void *exact, slong i)
{
  acb_t a, b;
  acb_init (a);
  acb_init (b);
  kinds[kind].use->get_complex (a, x, i);
  kinds[kind].balls->get_complex (b, exact, i);
  acb_sub (a, a, b, BITS);
  acb_abs (d, a, BITS);
  acb_clear (a);
  acb_clear (b);
}

static void
modulus (arb_t size, const delta1_arithmetic_t *use, const void *x, slong i)
{
  acb_t a;
  acb_init (a);
  use->get_complex (a, x, i);
  acb_abs (size, a, BITS);
  acb_clear (a);
}

static void
norm (arb_t size, const delta1_arithmetic_t *use, const void *x, slong count)
{
  arb_t entry;
  arb_init (entry);
  arb_zero (size);
  for (slong i = 0; i < count; i++)
    {
      modulus (entry, use, x, i);
      arb_addmul (size, entry, entry, BITS);
    }
  arb_sqrtpos (size, size, BITS);
  arb_clear (entry);
}

/* error <= units u size + 2^exponent */
static void
assert_within (const arb_t error, slong units, const arb_t size, slong exponent)
{
  arb_t bound, least;
  arb_init (bound);
  arb_init (least);
  arb_mul_si (bound, size, units, BITS);
  arb_mul_2exp_si (bound, bound, -53);
  arb_one (least);
  arb_mul_2exp_si (least, least, exponent);
  arb_add (bound, bound, least, BITS);
  assert_true (arb_le (error, bound));
  arb_clear (bound);
  arb_clear (least);
}

static void
primal (void **state)
{
  (void)state;
  enum
  {
    N = 21
  };
  arb_t error, size, part;
  arb_init (error);
  arb_init (size);
  arb_init (part);
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      int kind = round % 2, shape = round / 2 % SHAPES;
      const delta1_arithmetic_t *use = kinds[kind].use, *balls = kinds[kind].balls;
      void *v[3], *w[3], *t = use->real->create (N, 53), *exact_t = balls->real->create (N, BITS);
      double step = fabs (number (PLAIN)) * 3;
      void *tau = new_scalar (use, step), *exact_tau = new_scalar (balls, step);
      void *kept[3];
      for (int i = 0; i < 3; i++)
        {
          v[i] = use->create (N, 53);
          kept[i] = use->create (N, 53);
          w[i] = balls->create (N, BITS);
          fill (v[i], w[i], kind, shape, N);
          use->copy (kept[i], v[i], N);
        }
      for (slong i = 0; i < N; i++)
        {
          /* random, or (to rounding) where the soft threshold begins */
          acb_t a, b;
          arf_t value;
          acb_init (a);
          acb_init (b);
          arf_init (value);
          use->get_complex (a, v[0], i);
          use->get_complex (b, v[1], i);
          acb_mul_arb (b, b, exact_tau, BITS);
          acb_sub (a, a, b, BITS);
          acb_abs (error, a, BITS);
          if (i % 2 == 0)
            arf_set_d (value, fabs (number (shape)));
          else
            arf_set_round (value, arb_midref (error), 53, ARF_RND_NEAR);
          use->real->set (t, i, value);
          use->real->get (value, t, i);
          balls->real->set (exact_t, i, value);
          acb_clear (a);
          acb_clear (b);
          arf_clear (value);
        }
      use->primal (v[0], v[1], v[2], tau, t, N);
      balls->primal (w[0], w[1], w[2], exact_tau, exact_t, N);
      for (slong i = 0; i < N; i++)
        {
          distance (error, kind, v[0], w[0], i);
          modulus (size, use, kept[1], i);
          arb_mul (size, size, exact_tau, BITS);
          modulus (part, use, kept[0], i);
          arb_add (size, size, part, BITS);
          assert_within (error, 7, size, -478);
          /* 2p - x and s + p for the computed p */
          acb_t p, x, s;
          acb_init (p);
          acb_init (x);
          acb_init (s);
          use->get_complex (p, v[0], i);
          use->get_complex (x, kept[0], i);
          use->get_complex (s, kept[2], i);
          acb_add (s, s, p, BITS);
          acb_mul_2exp_si (p, p, 1);
          acb_sub (p, p, x, BITS);
          balls->set_complex (w[1], i, p);
          balls->set_complex (w[2], i, s);
          acb_clear (p);
          acb_clear (x);
          acb_clear (s);
          for (int k = 1; k < 3; k++)
            {
              distance (error, kind, v[k], w[k], i);
              modulus (size, balls, w[k], i);
              assert_within (error, 1, size, -1100);
            }
        }
      for (int i = 0; i < 3; i++)
        {
          use->free (v[i], N);
          use->free (kept[i], N);
          balls->free (w[i], N);
        }
      use->real->free (t, N);
      use->real->free (tau, 1);
      balls->real->free (exact_t, N);
      balls->real->free (exact_tau, 1);
    }
  arb_clear (error);
  arb_clear (size);
  arb_clear (part);
}

static void
dual (void **state)
{
  (void)state;
  arb_t error, size, part, entry;
  arb_init (error);
  arb_init (size);
  arb_init (part);
  arb_init (entry);
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      int kind = round % 2, shape = round / 2 % SHAPES;
      slong m = round % 5 == 0 ? 3000 : 1 + delta1_test_random_below (40);
      const delta1_arithmetic_t *use = kinds[kind].use, *balls = kinds[kind].balls;
      void *v[3], *w[3];
      double step = fabs (number (PLAIN)) * (round % 3 == 0 ? 3 : 0.01);
      void *sigma = new_scalar (use, step), *exact_sigma = new_scalar (balls, step);
      void *one = new_scalar (use, 1), *exact_one = new_scalar (balls, 1);
      for (int i = 0; i < 3; i++)
        {
          v[i] = use->create (m, 53);
          w[i] = balls->create (m, BITS);
          fill (v[i], w[i], kind, shape, m);
        }
      norm (size, use, v[1], m);
      norm (part, use, v[2], m);
      arb_add (size, size, part, BITS);
      arb_mul (size, size, exact_sigma, BITS);
      norm (part, use, v[0], m);
      arb_add (size, size, part, BITS);
      use->dual (v[0], v[1], v[2], sigma, one, m);
      balls->dual (w[0], w[1], w[2], exact_sigma, exact_one, m);
      arb_zero (error);
      for (slong i = 0; i < m; i++)
        {
          distance (entry, kind, v[0], w[0], i);
          arb_addmul (error, entry, entry, BITS);
        }
      arb_sqrtpos (error, error, BITS);
      /* 4u size + (k/2 + 4)u min(1, ||d||) <= u (4 size + (k/2 + 5) min(1, size)) */
      arb_min (part, size, exact_one, BITS);
      arb_mul_si (part, part, delta1_arithmetic_square_roundings (m) / 2 + 5, BITS);
      arb_mul_2exp_si (size, size, 2);
      arb_add (size, size, part, BITS);
      assert_within (error, 1, size, -1060);
      norm (part, use, v[0], m);
      arb_mul_2exp_si (part, part, 40);
      arb_floor (part, part, BITS); /* the result is in the ball, to rounding */
      arb_mul_2exp_si (part, part, -40);
      assert_true (arb_le (part, exact_one));
      for (int i = 0; i < 3; i++)
        {
          use->free (v[i], m);
          balls->free (w[i], m);
        }
      use->real->free (sigma, 1);
      use->real->free (one, 1);
      balls->real->free (exact_sigma, 1);
      balls->real->free (exact_one, 1);
    }
  arb_clear (error);
  arb_clear (size);
  arb_clear (part);
  arb_clear (entry);
}

/* bound is above the norm, and not by much; scale and inner. */
static void
norms (void **state)
{
  (void)state;
  arb_t size, part;
  mag_t bound;
  arb_init (size);
  arb_init (part);
  mag_init (bound);
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      int kind = round % 2, shape = round / 2 % SHAPES;
      slong count = round % 7 == 0 ? 40000 : 1 + delta1_test_random_below (300);
      const delta1_arithmetic_t *use = kinds[kind].use, *balls = kinds[kind].balls;
      void *x = use->create (count, 53), *exact = balls->create (count, BITS);
      fill (x, exact, kind, shape, count);
      norm (size, use, x, count);
      use->bound (bound, x, count);
      arb_set_interval_mag (part, bound, bound, BITS);
      assert_true (arb_le (size, part));
      balls->bound (bound, exact, count);
      arb_set_interval_mag (part, bound, bound, BITS);
      assert_true (arb_le (size, part));
      if (shape != TINY)
        {
          use->bound (bound, x, count);
          arb_set_interval_mag (part, bound, bound, BITS);
          arb_mul_2exp_si (size, size, 20);
          arb_mul_si (part, part, (1 << 20) - 1, BITS);
          assert_true (arb_le (part, size));
        }
      void *a = new_scalar (use, 0.3), *exact_a = new_scalar (balls, 0.3);
      void *z = use->create (count, 53), *w = balls->create (count, BITS);
      use->scale (z, a, x, count);
      balls->scale (w, exact_a, exact, count);
      for (slong i = 0; i < count; i++)
        {
          distance (part, kind, z, w, i);
          modulus (size, balls, w, i);
          assert_within (part, 1, size, -1074);
        }
      balls->inner (w, exact, exact, count);
      use->inner (z, x, x, count);
      distance (part, kind, z, w, 0);
      modulus (size, balls, w, 0);
      assert_within (part, count + 2, size, -1050);
      use->free (x, count);
      use->free (z, count);
      use->real->free (a, 1);
      balls->free (exact, count);
      balls->free (w, count);
      balls->real->free (exact_a, 1);
    }
  for (int kind = 0; kind < 2; kind++)
    {
      void *x = kinds[kind].use->create (3, 53);
      acb_t huge;
      acb_init (huge);
      arb_set_d (acb_realref (huge), 0x1p700);
      kinds[kind].use->set_complex (x, 1, huge);
      kinds[kind].use->bound (bound, x, 3);
      assert_true (mag_is_inf (bound));
      arb_indeterminate (acb_realref (huge));
      kinds[kind].use->set_complex (x, 1, huge);
      kinds[kind].use->bound (bound, x, 3);
      assert_true (mag_is_inf (bound));
      kinds[kind].use->free (x, 3);
      acb_clear (huge);
    }
  arb_clear (size);
  arb_clear (part);
  mag_clear (bound);
}

/* Balls of both kinds against points in them, where the threshold is inside, outside, on the edge.
 */
static void
enclosures (void **state)
{
  (void)state;
  const delta1_arithmetic_t *balls = &delta1_arithmetic_complex_ball;
  const delta1_arithmetic_t *use = &delta1_arithmetic_complex_double;
  acb_t ball, point;
  arb_t t;
  acb_init (ball);
  acb_init (point);
  arb_init (t);
  for (int round = 0; round < delta1_test_rounds (300); round++)
    {
      void *x = balls->create (1, BITS), *threshold = new_scalar (balls, 0.5);
      void *y = use->create (1, 53), *double_threshold = new_scalar (use, 0.5);
      double re = number (PLAIN), im = number (PLAIN);
      acb_set_d_d (ball, re, im);
      slong wide = -delta1_test_random_below (12);
      mag_set_ui_2exp_si (arb_radref (acb_realref (ball)), 1, wide);
      mag_set_ui_2exp_si (arb_radref (acb_imagref (ball)), 1, wide);
      balls->set_complex (x, 0, ball);
      acb_set_d_d (point, re + ldexp (number (PLAIN), (int)wide),
                   im + ldexp (number (PLAIN), (int)wide));
      use->set_complex (y, 0, point);
      balls->shrink (x, threshold, false, 1);
      use->shrink (y, double_threshold, false, 1);
      use->get_complex (point, y, 0);
      balls->get_complex (ball, x, 0);
      arb_add_error_2exp_si (acb_realref (ball), -50);
      arb_add_error_2exp_si (acb_imagref (ball), -50);
      assert_true (acb_contains (ball, point));
      balls->free (x, 1);
      use->free (y, 1);
      balls->real->free (threshold, 1);
      use->real->free (double_threshold, 1);
    }
  acb_clear (ball);
  acb_clear (point);
  arb_clear (t);
}

/* zero, equal, finite, copy, clear, of a number that stands anywhere in its vector. */
static void
questions (void **state)
{
  (void)state;
  enum
  {
    N = 19
  };
  acb_t one;
  acb_init (one);
  for (int kind = 0; kind < 4; kind++)
    {
      const delta1_arithmetic_t *use = kind < 2 ? kinds[kind].use : kinds[kind - 2].balls;
      void *x = use->create (N, BITS), *y = use->create (N, BITS);
      assert_true (use->zero (x, N) && use->equal (x, y, N) && use->finite (x, N));
      for (slong i = 0; i < N; i++)
        {
          acb_set_d_d (one, use->is_complex ? 0 : 1, use->is_complex ? -1 : 0);
          use->set_complex (x, i, one);
          assert_false (use->zero (x, N) || use->equal (x, y, N));
          use->copy (y, x, N);
          assert_true (use->equal (x, y, N) && use->finite (y, N));
          acb_indeterminate (one);
          use->set_complex (y, i, one);
          assert_false (use->finite (y, N) || use->equal (y, y, N));
          use->clear (x, N);
          use->clear (y, N);
          assert_true (use->zero (x, N));
        }
      use->free (x, N);
      use->free (y, N);
    }
  acb_clear (one);
}

/* No square meets more roundings than the bound says: one of its own, those of a block (4 over the
 * lanes), and those of the tree. */
static slong
depth (slong count, slong size)
{
  if (count <= size)
    return 0;
  slong half = delta1_lanes_half (count, size);
  assert_true (half >= size && half < count && half % size == 0);
  slong first = depth (half, size), second = depth (count - half, size);
  return 1 + (first > second ? first : second);
}

static void
roundings (void **state)
{
  (void)state;
  for (slong count = 1; count < 3000000; count += 1 + count / 7)
    {
      slong most = delta1_arithmetic_square_roundings (count);
      slong block = count < DELTA1_LANES_BLOCK ? count : DELTA1_LANES_BLOCK;
      assert_true (1 + block + depth (count, DELTA1_LANES_BLOCK) <= most);
      assert_true (1 + DELTA1_LANES_BLOCK + 4
                       + depth (delta1_lane_doubles (count), 2 * DELTA1_LANES * DELTA1_LANES_BLOCK)
                   <= most);
      assert_true (most < 170);
    }
}

/* A long primal step, which is cut and shared, is that of short pieces, bit for bit. */
static void
long_primal (void **state)
{
  (void)state;
  enum
  {
    PIECE = 512
  };
  const slong lengths[] = { 3000, 10300, 41000 };
  for (int k = 0; k < 6; k++)
    {
      slong N = lengths[k / 2];
      const delta1_arithmetic_t *use = kinds[k % 2].use;
      void *v[2][3], *t = use->real->create (N, 53), *tau = new_scalar (use, 0.75);
      arf_t value;
      arf_init (value);
      for (int i = 0; i < 3; i++)
        {
          v[0][i] = use->create (N, 53);
          v[1][i] = use->create (N, 53);
          for (slong j = 0; j < N; j++)
            {
              arf_set_d (value, number (PLAIN));
              use->set (v[0][i], j, value);
              arf_abs (value, value);
              use->real->set (t, j, value);
            }
          use->copy (v[1][i], v[0][i], N);
        }
      use->primal (v[0][0], v[0][1], v[0][2], tau, t, N);
      for (slong at = 0; at < N; at += PIECE)
        use->primal (use->at (v[1][0], at), use->at (v[1][1], at), use->at (v[1][2], at), tau,
                     use->real->at (t, at), N - at < PIECE ? N - at : PIECE);
      for (int i = 0; i < 3; i++)
        {
          assert_false (use->zero (v[0][i], N));
          assert_true (use->equal (v[0][i], v[1][i], N));
          use->free (v[0][i], N);
          use->free (v[1][i], N);
        }
      use->real->free (t, N);
      use->real->free (tau, 1);
      arf_clear (value);
    }
}

/* Every part once, the halves side by side. */
static void
folded (void **state)
{
  (void)state;
  for (slong count = 1; count <= 40; count++)
    {
      bool seen[40] = { false };
      for (slong k = 0; k < count; k++)
        {
          slong part = delta1_lanes_folded (k, count);
          assert_true (part >= 0 && part < count && !seen[part]);
          assert_true (k < 2 || part == delta1_lanes_folded (k - 2, count) + 1);
          seen[part] = true;
        }
    }
}

static void
machine (void **state)
{
  (void)state;
  delta1_reason_t reason;
  assert_ok (delta1_rounding_environment (&reason), reason);
  static const int modes[] = { FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO };
  for (int i = 0; i < 3; i++)
    {
      fesetround (modes[i]);
      delta1_status_t status = delta1_rounding_environment (&reason);
      fesetround (FE_TONEAREST);
      assert_refused (status, DELTA1_SYSTEM, reason, "nearest");
    }
#if defined __x86_64__
  unsigned kept = __builtin_ia32_stmxcsr ();
  __builtin_ia32_ldmxcsr (kept | 0x8000);
  delta1_status_t status = delta1_rounding_environment (&reason);
  __builtin_ia32_ldmxcsr (kept);
  assert_refused (status, DELTA1_SYSTEM, reason, "flushes");
  __builtin_ia32_ldmxcsr (kept | 0x0040);
  status = delta1_rounding_environment (&reason);
  __builtin_ia32_ldmxcsr (kept);
  assert_refused (status, DELTA1_SYSTEM, reason, "operands");
#endif
  assert_ok (delta1_rounding_environment (&reason), reason);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (primal),     cmocka_unit_test (dual),      cmocka_unit_test (norms),
    cmocka_unit_test (enclosures), cmocka_unit_test (questions), cmocka_unit_test (roundings),
    cmocka_unit_test (machine),    cmocka_unit_test (folded),    cmocka_unit_test (long_primal),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
