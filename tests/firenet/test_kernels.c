/* The inner loops: the same bits from the code for every machine, whatever the number of threads;
 * the filters; sums. */
#include "firenet/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "firenet/lanes.h"
#include "firenet/sampled.h"
#include "firenet/transforms.h"
#include "tests/testing.h"

static double
random_double (void)
{
  return ldexp ((double)delta1_test_random_below (1L << 53), -52) - 1;
}

static double *
random_doubles (slong count)
{
  double *x = delta1_lanes_create (count);
  assert_non_null (x);
  for (slong i = 0; i < count; i++)
    x[i] = random_double ();
  return x;
}

static double *
copy_of (const double *x, slong count)
{
  double *copy = delta1_lanes_create (count);
  assert_non_null (copy);
  memcpy (copy, x, (size_t)count * sizeof *x);
  return copy;
}

static void
assert_same (const double *x, const double *y, slong count)
{
  assert_memory_equal (x, y, (size_t)count * sizeof *x);
}

/* The kernels that this machine can run; the first is plain. */
static int
kernels (const delta1_kernels_t *list[3])
{
  int count = 0;
  list[count++] = &delta1_kernels_plain;
#ifdef HAVE_VECTOR_KERNELS
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    list[count++] = &delta1_kernels_avx2;
  if (__builtin_cpu_supports ("avx512f"))
    list[count++] = &delta1_kernels_avx512;
#endif
  return count;
}

static void
same_transform (delta1_transform_kernel_t one, delta1_transform_kernel_t other,
                const delta1_plan_t *plan, slong doubles)
{
  double *x = random_doubles (doubles), *y = copy_of (x, doubles);
  one (x, plan);
  other (y, plan);
  assert_same (x, y, doubles);
  free (x);
  free (y);
}

static void
transforms (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const delta1_kernels_t *list[3];
  int count = kernels (list);
  for (slong n = 2; n <= 2048; n *= 2)
    {
      delta1_plan_t *plan;
      assert_ok (delta1_plan_create (&plan, n, true, &reason), reason);
      for (int k = 1; k < count; k++)
        for (int direction = 0; direction < 2; direction++)
          {
            same_transform (list[0]->fourier_column[direction], list[k]->fourier_column[direction],
                            plan, 16 * n);
            for (int parts = 1; parts <= 2; parts++)
              same_transform (list[0]->walsh_column[direction][parts - 1],
                              list[k]->walsh_column[direction][parts - 1], plan, 8 * n * parts);
            if (n < 64)
              continue;
            same_transform (list[0]->fourier_row[direction], list[k]->fourier_row[direction], plan,
                            2 * n);
            for (int parts = 1; parts <= 2; parts++)
              same_transform (list[0]->walsh_row[direction][parts - 1],
                              list[k]->walsh_row[direction][parts - 1], plan, n * parts);
          }
      delta1_plan_free (plan);
    }
}

/* Each frequency ends where the position says, of rows and of columns: e_f has a constant image. */
static void
positions (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const delta1_kernels_t *k = delta1_kernels ();
  for (slong n = 2; n <= 512; n *= 2)
    for (int row = 0; row < (n >= 64 ? 2 : 1); row++)
      {
        delta1_plan_t *plan;
        slong f = delta1_test_random_below (n), doubles = row ? 2 * n : 16 * n;
        double *x = delta1_lanes_create (doubles);
        assert_ok (delta1_plan_create (&plan, n, true, &reason), reason);
        for (slong j = 0; j < n; j++)
          {
            double angle = 2 * acos (-1) * (double)(j * f % n) / (double)n;
            slong at = row ? delta1_lane (j) : 16 * j + 3;
            x[at] = cos (angle) / (double)n;
            x[at + 8] = sin (angle) / (double)n;
          }
        (row ? k->fourier_row : k->fourier_column)[0](x, plan);
        slong position = delta1_fourier_position (plan, f, row == 1);
        for (slong j = 0; j < n; j++)
          {
            slong at = row ? delta1_lane (j) : 16 * j + 3;
            assert_true (fabs (x[at] - (j == position)) < 1e-12);
            assert_true (fabs (x[at + 8]) < 1e-12);
          }
        delta1_plan_free (plan);
        free (x);
      }
}

static void
others (void **state)
{
  (void)state;
  const delta1_kernels_t *list[3];
  int count = kernels (list);
  enum
  {
    GROUPS = 37
  };
  double *x = random_doubles (16 * GROUPS), *g = random_doubles (16 * GROUPS);
  double *sum = random_doubles (16 * GROUPS), *t = random_doubles (8 * GROUPS);
  double *rows[2] = { random_doubles (32 * GROUPS), random_doubles (32 * GROUPS) };
  for (slong i = 0; i < 8 * GROUPS; i++)
    t[i] = fabs (t[i]);
  for (int l = 0; l < 8; l++) /* thresholds and numbers that are 0 */
    x[l] = x[l + 8] = g[l] = g[l + 8] = t[l] = 0;
  for (int k = 0; k < count; k++)
    {
      double *x0 = copy_of (x, 16 * GROUPS), *g0 = copy_of (g, 16 * GROUPS);
      double *s0 = copy_of (sum, 16 * GROUPS), *y0 = copy_of (x, 16 * GROUPS);
      double *x1 = copy_of (x, 16 * GROUPS), *g1 = copy_of (g, 16 * GROUPS);
      double *s1 = copy_of (sum, 16 * GROUPS), *y1 = copy_of (x, 16 * GROUPS);
      list[0]->primal (x0, g0, s0, 0.7, t, GROUPS);
      list[k]->primal (x1, g1, s1, 0.7, t, GROUPS);
      assert_same (x0, x1, 16 * GROUPS);
      assert_same (g0, g1, 16 * GROUPS);
      assert_same (s0, s1, 16 * GROUPS);
      for (int l = 0; l < 8; l++)
        assert_true (fpclassify (x0[l]) == FP_ZERO);
      list[0]->dual (y0, g, sum, 0.3, 16 * GROUPS);
      list[k]->dual (y1, g, sum, 0.3, 16 * GROUPS);
      assert_same (y0, y1, 16 * GROUPS);
      assert_true (!(list[0]->squares (x, 16 * GROUPS) < list[k]->squares (x, 16 * GROUPS)));
      assert_true (!(list[0]->squares (x, 16 * GROUPS) > list[k]->squares (x, 16 * GROUPS)));
      for (int parts = 1; parts <= 2; parts++)
        {
          slong groups = GROUPS * (3 - parts), doubles = groups * 8 * parts;
          double *part[8], *back[2];
          for (int q = 0; q < 8; q++)
            part[q] = random_doubles (doubles);
          list[0]->haar_split (part, rows[0], rows[1], groups, parts);
          list[k]->haar_split (part + 4, rows[0], rows[1], groups, parts);
          for (int q = 0; q < 4; q++)
            assert_same (part[q], part[q + 4], doubles);
          back[0] = random_doubles (2 * doubles);
          back[1] = random_doubles (2 * doubles);
          list[k]->haar_join (back[0], back[1], (const double *const *)part, groups, parts);
          for (slong i = 0; i < 2 * doubles; i++)
            for (int r = 0; r < 2; r++)
              assert_true (fabs (back[r][i] - rows[r][i]) < 1e-14);
          for (int q = 0; q < 8; q++)
            free (part[q]);
          free (back[0]);
          free (back[1]);
        }
      free (x0);
      free (g0);
      free (s0);
      free (y0);
      free (x1);
      free (g1);
      free (s1);
      free (y1);
    }
  free (x);
  free (g);
  free (sum);
  free (t);
  free (rows[0]);
  free (rows[1]);
}

/* A large operator on 1, 2, 3 and 5 threads; and the sums and steps of the arithmetics. */
static void
threads (void **state)
{
  (void)state;
#ifdef _OPENMP
  static const int counts[] = { 1, 2, 3, 5 };
  const slong side = 256, N = side * side;
  delta1_reason_t reason;
  int usual = omp_get_max_threads ();
  for (int wavelet = DELTA1_WAVELET_HAAR; wavelet <= DELTA1_WAVELET_DB2; wavelet++)
    {
      const delta1_sampled_t o = { .transform = DELTA1_TRANSFORM_FOURIER,
                                   .wavelet = (delta1_wavelet_t)wavelet,
                                   .levels = 8,
                                   .dimensions = 2,
                                   .side = side };
      const delta1_arithmetic_t *use = &delta1_arithmetic_complex_double;
      double *x = random_doubles (2 * N), *t = random_doubles (N), *first[4] = { NULL };
      const double tau = 0.3;
      for (slong i = 0; i < N; i++)
        t[i] = fabs (t[i]);
      for (int c = 0; c < 4; c++)
        {
          delta1_operator_t *A;
          mag_t bound;
          mag_init (bound);
          omp_set_num_threads (counts[c]);
          assert_ok (delta1_operator_create_sampled (&A, use, 53, &o, &reason), reason);
          double *result[4]
              = { copy_of (x, 2 * N), copy_of (x, 2 * N), copy_of (x, 2 * N), copy_of (x, 2 * N) };
          delta1_operator_forward (A, result[0], x);
          delta1_operator_adjoint (A, result[1], x);
          use->primal (result[0], result[1], result[2], &tau, t, N);
          use->dual (result[3], result[0], x, &tau, &tau, N);
          use->bound (bound, x, N);
          result[3][0] += mag_get_d (bound);
          for (int i = 0; i < 4; i++)
            if (c == 0)
              first[i] = result[i];
            else
              {
                assert_same (first[i], result[i], 2 * N);
                free (result[i]);
              }
          delta1_operator_free (A);
          mag_clear (bound);
        }
      for (int i = 0; i < 4; i++)
        free (first[i]);
      free (x);
      free (t);
    }
  omp_set_num_threads (usual);
#else
  skip ();
#endif
}

/* What makes a filter Daubechies': orthonormal to its even shifts, and the high part of x^d is 0
 * for d < taps/2. */
static void
filters (void **state)
{
  (void)state;
  for (int taps = 2; taps <= DELTA1_WAVELET_TAPS; taps += 2)
    {
      arb_ptr h = _arb_vec_init (taps);
      arb_t sum, wanted;
      delta1_filter_t filter;
      arb_init (sum);
      arb_init (wanted);
      delta1_filter_balls (h, taps, 300);
      for (int shift = 0; shift < taps; shift += 2)
        {
          arb_dot (sum, NULL, 0, h, 1, h + shift, 1, taps - shift, 400);
          arb_set_si (wanted, shift == 0);
          assert_true (arb_contains (sum, wanted));
          assert_true (mag_cmp_2exp_si (arb_radref (sum), -280) < 0);
        }
      for (int degree = 0; degree < taps / 2; degree++)
        {
          arb_zero (sum);
          for (int k = 0; k < taps; k++)
            {
              arb_set_si (wanted, k);
              arb_pow_ui (wanted, wanted, (ulong)degree, 400);
              arb_mul (wanted, wanted, h + taps - 1 - k, 400);
              if (k % 2 == 0)
                arb_add (sum, sum, wanted, 400);
              else
                arb_sub (sum, sum, wanted, 400);
            }
          assert_true (arb_contains_zero (sum));
          assert_true (mag_cmp_2exp_si (arb_radref (sum), -260) < 0);
        }
      /* the doubles are the nearest ones */
      delta1_filter_init (&filter, taps);
      assert_int_equal (filter.taps, taps);
      for (int k = 0; k < taps; k++)
        {
          arb_set_d (sum, filter.h[k]);
          arb_sub (sum, sum, h + k, 400);
          arb_set_d (wanted, nextafter (fabs (filter.h[k]), 9) - fabs (filter.h[k]));
          arb_mul_2exp_si (wanted, wanted, -1);
          arb_abs (sum, sum);
          assert_true (arb_le (sum, wanted));
        }
      arb_clear (sum);
      arb_clear (wanted);
      _arb_vec_clear (h, taps);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (transforms), cmocka_unit_test (positions), cmocka_unit_test (others),
    cmocka_unit_test (threads),    cmocka_unit_test (filters),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
