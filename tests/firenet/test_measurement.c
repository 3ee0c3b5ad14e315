#include "tests/testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/measurement.h"
#include "firenet/sampled.h"
#include "firenet/sums.h"
#include "firenet/trace.h"

#define SIDE 16
#define PIXELS (SIDE * SIDE)

static slong mask[PIXELS / 2];

static delta1_operator_t *
make_operator (bool walsh)
{
  delta1_reason_t reason;
  delta1_operator_t *A;
  for (slong i = 0; i < PIXELS / 2; i++)
    mask[i] = 2 * i + delta1_test_random_below (2);
  const delta1_sampled_t options
      = { .transform = walsh ? DELTA1_TRANSFORM_WALSH : DELTA1_TRANSFORM_FOURIER,
          .wavelet = DELTA1_WAVELET_HAAR,
          .levels = 2,
          .dimensions = 2,
          .side = SIDE,
          .mask = mask,
          .count = PIXELS / 2 };
  assert_ok (delta1_operator_create_sampled (
                 &A, walsh ? &delta1_arithmetic_double : &delta1_arithmetic_complex_double, 53,
                 &options, &reason),
             reason);
  return A;
}

static void *
random_vector (const delta1_arithmetic_t *use, slong count)
{
  void *v = use->create (count, 53);
  acb_t x;
  assert_non_null (v);
  acb_init (x);
  for (slong i = 0; i < count; i++)
    {
      arb_set_si (acb_realref (x), delta1_test_random_below (200) - 100);
      arb_set_si (acb_imagref (x), delta1_test_random_below (200) - 100);
      arb_mul_2exp_si (acb_realref (x), acb_realref (x), -5);
      if (use->is_complex)
        arb_mul_2exp_si (acb_imagref (x), acb_imagref (x), -6);
      else
        arb_zero (acb_imagref (x));
      use->set_complex (v, i, x);
    }
  acb_clear (x);
  return v;
}

/* Element by element what the arithmetic says. */
static void
arrays_of_vectors (void **state)
{
  (void)state;
  for (int walsh = 0; walsh < 2; walsh++)
    {
      const delta1_arithmetic_t *use
          = walsh ? &delta1_arithmetic_double : &delta1_arithmetic_complex_double;
      double values[2 * 21];
      void *v = random_vector (use, 21), *w = use->create (21, 53);
      acb_t x;
      acb_init (x);
      delta1_vector_get (values, use, v, 21);
      for (slong i = 0; i < 21; i++)
        {
          use->get_complex (x, v, i);
          double re = arf_get_d (arb_midref (acb_realref (x)), ARF_RND_NEAR);
          double im = arf_get_d (arb_midref (acb_imagref (x)), ARF_RND_NEAR);
          assert_true (walsh ? values[i] == re : values[2 * i] == re && values[2 * i + 1] == im);
        }
      delta1_vector_set (w, use, values, 21);
      assert_true (use->equal (v, w, 21));
      acb_clear (x);
      use->free (v, 21);
      use->free (w, 21);
    }
}

static double
length_of (const delta1_arithmetic_t *use, const void *v, slong count)
{
  arb_t norm;
  arb_init (norm);
  delta1_sums_norm (norm, use, v, count);
  double length = arf_get_d (arb_midref (norm), ARF_RND_NEAR);
  arb_clear (norm);
  return length;
}

/* y - A x has the length that was asked for, and looks like noise; the seed decides. */
static void
simulated_data (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int walsh = 0; walsh < 2; walsh++)
    {
      delta1_operator_t *A = make_operator (walsh != 0);
      const delta1_arithmetic_t *use = A->use;
      void *x = random_vector (use, A->N), *exact = use->create (A->m, 53);
      void *y = use->create (A->m, 53), *again = use->create (A->m, 53);
      double e[2 * PIXELS], f[2 * PIXELS];
      slong doubles = A->m * (walsh ? 1 : 2);
      delta1_operator_forward (A, exact, x);
      assert_ok (delta1_measurement_simulate (y, A, x, 0, 7, &reason), reason);
      assert_true (use->equal (y, exact, A->m));
      assert_ok (delta1_measurement_simulate (y, A, x, 0.25, 7, &reason), reason);
      assert_ok (delta1_measurement_simulate (again, A, x, 0.25, 7, &reason), reason);
      assert_true (use->equal (y, again, A->m));
      assert_ok (delta1_measurement_simulate (again, A, x, 0.25, 8, &reason), reason);
      assert_false (use->equal (y, again, A->m));
      delta1_vector_get (e, use, y, A->m);
      delta1_vector_get (f, use, exact, A->m);
      double square = 0, sum = 0, fourth = 0;
      for (slong i = 0; i < doubles; i++)
        {
          double d = e[i] - f[i];
          sum += d;
          square += d * d;
          fourth += d * d * d * d;
        }
      double variance = square / (double)doubles, spread = sqrt (square);
      assert_true (fabs (spread / (0.25 * length_of (use, exact, A->m)) - 1) < 1e-5);
      assert_true (fabs (sum) < 4 * spread);
      /* Normal: 3; signs alone would give 1. */
      assert_true (fabs (fourth / (double)doubles / (variance * variance) - 2.9) < 1);
      assert_true (delta1_vector_length (use, x, A->N) >= length_of (use, x, A->N) * (1 - 1e-13)
                   && delta1_vector_length (use, x, A->N)
                          <= length_of (use, x, A->N) * (1 + 0x1p-20));
      /* Nothing in, nothing out. */
      use->clear (x, A->N);
      assert_ok (delta1_measurement_simulate (y, A, x, 0.25, 7, &reason), reason);
      assert_true (use->zero (y, A->m));
      use->free (x, A->N);
      use->free (exact, A->m);
      use->free (y, A->m);
      use->free (again, A->m);
      delta1_operator_free (A);
    }
}

/* A vector of balls is refused, and so are data that overflow. */
static void
refused_data (void **state)
{
  (void)state;
  delta1_reason_t reason;
  acb_mat_t entries;
  delta1_operator_t *A;
  acb_mat_init (entries, 1, 1);
  acb_one (acb_mat_entry (entries, 0, 0));
  assert_ok (delta1_operator_create_complex (&A, &delta1_arithmetic_ball, 64,
                                             acb_mat_entry (entries, 0, 0), 1, 1, &reason),
             reason);
  assert_refused (delta1_measurement_simulate (NULL, A, NULL, 0, 0, &reason), DELTA1_INPUT, reason,
                  "allowed: double");
  delta1_operator_free (A);
  double x = 1e300, y;
  assert_ok (delta1_operator_create_complex (&A, &delta1_arithmetic_double, 53,
                                             acb_mat_entry (entries, 0, 0), 1, 1, &reason),
             reason);
  assert_refused (delta1_measurement_simulate (&y, A, &x, 1, 0, &reason), DELTA1_INPUT, reason,
                  "not finite");
  delta1_operator_free (A);
  acb_mat_clear (entries);
}

/* --- trace ------------------------------------------------------------------------------------ */

/* Keeps every x_{k+1} beside the trace. */
typedef struct
{
  delta1_observer_t trace;
  const delta1_operator_t *A;
  void *seen[12];
  int count;
} keeper_t;

static delta1_status_t
keep (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  keeper_t *keeper = context;
  keeper->seen[keeper->count] = keeper->A->use->create (keeper->A->N, 53);
  keeper->A->use->copy (keeper->seen[keeper->count++], x, keeper->A->N);
  return keeper->trace.step (keeper->trace.context, x, v, reason);
}

/* F and the error of x_{k+1}/alpha, by loops over the elements. */
static void
trace_values (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int walsh = 0; walsh < 2; walsh++)
    {
      delta1_operator_t *A = make_operator (walsh != 0);
      const delta1_arithmetic_t *use = A->use;
      slong parts = walsh ? 1 : 2;
      void *truth = random_vector (use, A->N), *y = use->create (A->m, 53);
      void *x = use->create (A->N, 53), *scaled = use->create (A->N, 53);
      void *image = use->create (A->m, 53);
      arb_ptr weights = _arb_vec_init (A->N);
      double z[2 * PIXELS], t[2 * PIXELS], r[2 * PIXELS], d[2 * PIXELS], F, error;
      delta1_restart_t network;
      delta1_trace_t *trace;
      keeper_t keeper = { .A = A };
      for (slong i = 0; i < A->N; i++)
        arb_set_si (weights + i, 1 + i % 3);
      assert_ok (delta1_measurement_simulate (y, A, truth, 0.1, 1, &reason), reason);
      delta1_restart_init (&network, 64);
      arb_one (network.steps.tau);
      arb_one (network.steps.sigma);
      arb_set_d (network.steps.lambda, 0.125);
      network.steps.weights = weights;
      arb_set_d (network.delta, 0.5);
      arb_set_d (network.eps_0, delta1_vector_length (use, y, A->m));
      network.inner = 4;
      network.restarts = 3;
      assert_ok (delta1_trace_create (&trace, A, y, &network, truth, &reason), reason);
      keeper.trace = delta1_trace_observer (trace);
      const delta1_observer_t observer = { keep, &keeper };
      assert_ok (delta1_restart_run (x, A, y, &network, &observer, &reason), reason);
      assert_int_equal (delta1_trace_count (trace), 12);
      delta1_vector_get (t, use, truth, A->N);
      delta1_vector_get (d, use, y, A->m);
      double eps = delta1_vector_length (use, y, A->m), alpha = 0;
      for (int k = 0; k <= 12; k++)
        {
          if (k % 4 == 0)
            {
              eps = exp (-1) * (0.5 + eps);
              alpha = 2 / (4 * eps);
            }
          delta1_vector_get (z, use, k < 12 ? keeper.seen[k] : x, A->N);
          for (slong i = 0; k < 12 && i < parts * A->N; i++)
            z[i] /= alpha;
          delta1_vector_set (scaled, use, z, A->N);
          delta1_operator_forward (A, image, scaled);
          delta1_vector_get (r, use, image, A->m);
          double sum = 0, square = 0, miss = 0;
          for (slong i = 0; i < A->N; i++)
            sum += (double)(1 + i % 3) * (walsh ? fabs (z[i]) : hypot (z[2 * i], z[2 * i + 1]));
          for (slong i = 0; i < parts * A->m; i++)
            square += (r[i] - d[i]) * (r[i] - d[i]);
          for (slong i = 0; i < parts * A->N; i++)
            miss += (z[i] - t[i]) * (z[i] - t[i]);
          double expected = 0.125 * sum + sqrt (square);
          if (k < 12)
            {
              F = delta1_trace_objective (trace)[k];
              error = delta1_trace_error (trace)[k];
            }
          else
            delta1_trace_evaluate (&F, &error, trace, x);
          if (fabs (F / expected - 1) > 1e-11 || fabs (error / sqrt (miss) - 1) > 1e-11)
            fail_msg ("step %d: F %g, not %g; error %g, not %g", k, F, expected, error,
                      sqrt (miss));
        }
      const delta1_observer_t once_more = delta1_trace_observer (trace);
      assert_refused (once_more.step (once_more.context, x, y, &reason), DELTA1_INPUT, reason,
                      "more than the 12");
      delta1_trace_free (trace);
      assert_ok (delta1_trace_create (&trace, A, y, &network, NULL, &reason), reason);
      assert_null (delta1_trace_error (trace));
      delta1_trace_evaluate (&F, &error, trace, x);
      assert_true (isnan (error) && F > 0);
      delta1_trace_free (trace);
      network.inner = 0;
      assert_refused (delta1_trace_create (&trace, A, y, &network, NULL, &reason), DELTA1_INPUT,
                      reason, "p = 0");
      for (int k = 0; k < 12; k++)
        use->free (keeper.seen[k], A->N);
      _arb_vec_clear (weights, A->N);
      delta1_restart_clear (&network);
      use->free (truth, A->N);
      use->free (x, A->N);
      use->free (scaled, A->N);
      use->free (y, A->m);
      use->free (image, A->m);
      delta1_operator_free (A);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (arrays_of_vectors),
    cmocka_unit_test (simulated_data),
    cmocka_unit_test (refused_data),
    cmocka_unit_test (trace_values),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
