/* Theorem 6.5 against random pairs and against the attack, in enclosures and in executed doubles.
 */
#include "firenet/attack.h"
#include "firenet/enclosure.h"
#include "firenet/rounding.h"
#include "firenet/sampled.h"
#include "firenet/stability.h"
#include "tests/firenet/random_instance.h"

#include <math.h>
#include <stdlib.h>

#define BITS 160

static double
upper (const mag_t x)
{
  return mag_get_d (x);
}

/* *lower, a certified lower bound of ||phi(y') - phi(y)||/||y' - y||, by enclosures. */
static void
enclosed_quotient (arb_t lower, const instance_t *instance, bool is_complex, acb_srcptr y,
                   acb_srcptr other)
{
  delta1_reason_t reason;
  const delta1_arithmetic_t *use
      = is_complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball;
  delta1_operator_t *A = instance_operator (instance, use, BITS);
  acb_srcptr data[2] = { y, other };
  void *datum[2], *x[2];
  mag_t radius[2];
  delta1_attack_run_t run[2];
  for (int i = 0; i < 2; i++)
    {
      mag_init (radius[i]);
      datum[i] = instance_vector (use, BITS, data[i], instance->m);
      x[i] = use->create (instance->N, BITS);
      assert_ok (
          delta1_enclosure_run (x[i], radius[i], A, datum[i], &instance->network, NULL, &reason),
          reason);
      run[i] = (delta1_attack_run_t){ .y = datum[i], .x = x[i], .radius = radius[i] };
    }
  delta1_attack_quotient (lower, NULL, A, run, run + 1, BITS);
  for (int i = 0; i < 2; i++)
    {
      mag_clear (radius[i]);
      use->free (datum[i], instance->m);
      use->free (x[i], instance->N);
    }
  delta1_operator_free (A);
}

/* 1,000 random cases, real and complex, near and far. */
static void
never_violated (void **state)
{
  (void)state;
  double strongest = 0;
  for (int round = 0; round < delta1_test_rounds (1000); round++)
    {
      bool is_complex = round % 2 == 1;
      instance_t instance;
      arb_t constant, lower;
      arb_init (constant);
      arb_init (lower);
      instance_init (&instance, 1 + delta1_test_random_below (4), 1 + delta1_test_random_below (6),
                     is_complex, 2 + delta1_test_random_below (6),
                     1 + delta1_test_random_below (4));
      acb_ptr other = _acb_vec_init (instance.m);
      _acb_vec_set (other, instance.y, instance.m);
      instance_move (other, &instance, ldexp (1, (int)delta1_test_random_below (24) - 20),
                     is_complex);
      delta1_stability_lipschitz (constant, &instance.network, BITS);
      enclosed_quotient (lower, &instance, is_complex, instance.y, other);
      assert_true (arb_le (lower, constant));
      double share = arf_get_d (arb_midref (lower), ARF_RND_NEAR)
                     / arf_get_d (arb_midref (constant), ARF_RND_NEAR);
      strongest = fmax (strongest, share);
      _acb_vec_clear (other, instance.m);
      instance_clear (&instance);
      arb_clear (constant);
      arb_clear (lower);
    }
  print_message ("# strongest random pair: %.3f of the bound\n", strongest);
  assert_true (strongest > 0.2);
}

static void
formula (void **state)
{
  (void)state;
  delta1_restart_t network;
  arb_t constant;
  arb_init (constant);
  delta1_restart_init (&network, 64);
  arb_set_d (network.steps.tau, 4);
  arb_set_d (network.steps.sigma, 0.0625);
  network.inner = 5;
  network.restarts = 16;
  delta1_stability_lipschitz (constant, &network, BITS);
  assert_true (arb_is_exact (constant));
  assert_true (arb_equal_si (constant, 16)); /* 16 (5 - 1)/2 1/2 */
  network.inner = 1;                         /* one step from v = 0 does not see y */
  delta1_stability_lipschitz (constant, &network, BITS);
  assert_true (arb_is_zero (constant));
  arb_clear (constant);
  delta1_restart_clear (&network);
}

/* One row [1]: the best known case. n = 1: x_{k+1} moves with y by the whole chain, and the attack
 * must find a good part of the bound. */
static void
strong_case (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const double one[1] = { 1 }, y[1] = { 4 };
  double norm, direction[1], e[1], quotient;
  delta1_operator_t *A;
  delta1_derivative_t *derivative;
  delta1_restart_t network;
  arb_t constant;
  arb_init (constant);
  delta1_restart_init (&network, 128);
  arb_one (network.steps.tau);
  arb_one (network.steps.sigma);
  arb_set_d (network.steps.lambda, 0x1p-20);
  arb_set_si (network.eps_0, 64);
  network.inner = 3;
  network.restarts = 1;
  assert_ok (delta1_operator_create_double (&A, &delta1_arithmetic_double, 53, one, 1, 1, &reason),
             reason);
  arb_one (constant);
  assert_ok (delta1_operator_set_norm (A, constant, &reason), reason);
  assert_ok (delta1_derivative_create (&derivative, A, &network, 0, &reason), reason);
  /* while v is inside the ball: x_1 = 0, v_1 = -b, x_2 = b, v_2 = -b + 2b - b = 0, x_3 = b: mean
   * 2b/3 */
  const delta1_attack_options_t options = { .lanczos = 3, .ascent = 5 };
  arb_set_si (network.eps_0, 64);
  assert_ok (delta1_attack_jacobian (&norm, direction, derivative, y, &options, &reason), reason);
  const delta1_attack_sphere_t sphere = { y, direction, 0.25 };
  assert_ok (delta1_attack_search (e, &quotient, derivative, &sphere, &options, &reason), reason);
  delta1_stability_lipschitz (constant, &network, BITS);
  assert_true (arb_equal_si (constant, 1));
  assert_true (fabs (norm - 2.0 / 3) < 1e-12);
  assert_true (fabs (quotient - 2.0 / 3) < 1e-12);
  assert_true (fabs (fabs (e[0]) - 0.25) < 1e-15);
  delta1_derivative_free (derivative);
  delta1_operator_free (A);
  delta1_restart_clear (&network);
  arb_clear (constant);
}

/* J of a small instance, column by column; its norm by the power method on J J*. */
static double
slow_norm (delta1_derivative_t *derivative)
{
  slong m = delta1_derivative_inputs (derivative), N = delta1_derivative_outputs (derivative);
  double *J = calloc ((size_t)(m * N), sizeof *J), *unit = calloc ((size_t)m, sizeof *unit);
  double *v = calloc ((size_t)m, sizeof *v), *w = calloc ((size_t)N, sizeof *w), value = 0;
  for (slong k = 0; k < m; k++)
    {
      unit[k] = 1;
      delta1_derivative_tangent (J + k * N, derivative, unit);
      unit[k] = 0;
      v[k] = 1 + 0.1 * (double)k;
    }
  for (int step = 0; step < 3000; step++)
    {
      double size = 0;
      for (slong i = 0; i < N; i++)
        {
          w[i] = 0;
          for (slong k = 0; k < m; k++)
            w[i] += J[k * N + i] * v[k];
        }
      for (slong k = 0; k < m; k++)
        {
          v[k] = 0;
          for (slong i = 0; i < N; i++)
            v[k] += J[k * N + i] * w[i];
          size += v[k] * v[k];
        }
      value = sqrt (sqrt (size));
      if (!(size > 0))
        break;
      for (slong k = 0; k < m; k++)
        v[k] /= sqrt (size);
    }
  free (J);
  free (unit);
  free (v);
  free (w);
  return value;
}

static double
distance_of_values (delta1_derivative_t *derivative, const double *y, const double *e,
                    const double *base)
{
  slong m = delta1_derivative_inputs (derivative), N = delta1_derivative_outputs (derivative);
  double moved[16], sum = 0;
  for (slong i = 0; i < m; i++)
    moved[i] = y[i] + e[i];
  const double *x = delta1_derivative_at (derivative, moved);
  for (slong i = 0; i < N; i++)
    sum += (x[i] - base[i]) * (x[i] - base[i]);
  return sqrt (sum);
}

/* The Jacobian norm is right; the attack is at least as strong as a random search of the same
 * length and as the Jacobian for small e, and below the certified bound; its certificate from two
 * executed runs is below the quotient it claims. */
static void
attack (void **state)
{
  (void)state;
  double strongest = 0, weakest = 1, least_gain = HUGE_VAL;
  for (int round = 0; round < delta1_test_rounds (40); round++)
    {
      bool is_complex = round % 2 == 1;
      delta1_reason_t reason;
      instance_t instance;
      delta1_derivative_t *derivative;
      double norm, direction[16], e[16], y[16], base[16], quotient;
      double radius = pow (10, -(double)(round % 7));
      arb_t constant, lower;
      const delta1_attack_options_t options = { .lanczos = 30, .ascent = 40, .seed = 5 };
      arb_init (constant);
      arb_init (lower);
      instance_init (&instance, 4, 7, is_complex, 2 + round % 5, 1 + round % 3);
      delta1_operator_t *A = instance_operator (
          &instance, is_complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double,
          53);
      assert_ok (delta1_derivative_create (&derivative, A, &instance.network,
                                           DELTA1_DERIVATIVE_KEEP, &reason),
                 reason);
      slong inputs = delta1_derivative_inputs (derivative);
      slong outputs = delta1_derivative_outputs (derivative), parts = inputs / 4;
      for (slong i = 0; i < 4; i++)
        {
          y[i * parts] = arf_get_d (arb_midref (acb_realref (instance.y + i)), ARF_RND_NEAR);
          if (is_complex)
            y[2 * i + 1] = arf_get_d (arb_midref (acb_imagref (instance.y + i)), ARF_RND_NEAR);
        }
      assert_ok (delta1_attack_jacobian (&norm, direction, derivative, y, &options, &reason),
                 reason);
      double slow = slow_norm (derivative);
      assert_true (fabs (norm - slow) <= 1e-6 * (1 + slow));
      double image[16], reached = 0;
      delta1_derivative_tangent (image, derivative, direction);
      for (slong i = 0; i < outputs; i++)
        reached += image[i] * image[i];
      assert_true (fabs (sqrt (reached) - norm) <= 1e-6 * (1 + norm));
      const delta1_attack_sphere_t sphere = { y, direction, radius };
      assert_ok (delta1_attack_search (e, &quotient, derivative, &sphere, &options, &reason),
                 reason);
      delta1_stability_lipschitz (constant, &instance.network, BITS);
      double bound = arf_get_d (arb_midref (constant), ARF_RND_NEAR);
      assert_true (quotient <= bound * (1 + 1e-9) + 1e-12);
      /* e is what it claims to be */
      double size = 0;
      for (slong i = 0; i < inputs; i++)
        size += e[i] * e[i];
      assert_true (fabs (sqrt (size) / radius - 1) < 1e-12);
      const double *x = delta1_derivative_at (derivative, y);
      for (slong i = 0; i < outputs; i++)
        base[i] = x[i];
      assert_true (fabs (distance_of_values (derivative, y, e, base) / radius - quotient)
                   <= 1e-12 + 1e-6 * quotient);
      /* a random search of more evaluations */
      double found = 0;
      for (int try = 0; try < 100; try++)
        {
          double d[16], length = 0;
          for (slong i = 0; i < inputs; i++)
            {
              d[i] = (double)delta1_test_random_below (2001) - 1000;
              length += d[i] * d[i];
            }
          for (slong i = 0; i < inputs; i++)
            d[i] *= radius / sqrt (length);
          found = fmax (found, distance_of_values (derivative, y, d, base) / radius);
        }
      assert_true (quotient >= found * 0.98 - 1e-9);
      if (found > 0)
        least_gain = fmin (least_gain, quotient / found);
      if (radius <= 1e-4)
        assert_true (quotient >= 0.98 * norm - 1e-6);
      /* certified, by enclosures of the same two data */
      acb_ptr other = _acb_vec_init (4);
      for (slong i = 0; i < 4; i++)
        acb_set_d_d (other + i, y[i * parts] + e[i * parts],
                     is_complex ? y[2 * i + 1] + e[2 * i + 1] : 0);
      enclosed_quotient (lower, &instance, is_complex, instance.y, other);
      assert_true (arb_le (lower, constant));
      double proved = arf_get_d (arb_midref (lower), ARF_RND_NEAR);
      assert_true (fabs (proved - quotient) <= 1e-6 * (1 + quotient));
      strongest = fmax (strongest, proved / bound);
      weakest = fmin (weakest, proved / bound);
      _acb_vec_clear (other, 4);
      delta1_derivative_free (derivative);
      delta1_operator_free (A);
      instance_clear (&instance);
      arb_clear (constant);
      arb_clear (lower);
    }
  print_message ("# the attack reached %.3f to %.3f of the bound; at least %.2f of random search\n",
                 weakest, strongest, least_gain);
  assert_true (strongest > 0.3);
}

/* phi_n(y) as executed, with its rounding radius. */
static void
execute (void *x, mag_t radius, const delta1_operator_t *A, const void *y,
         const delta1_restart_t *network)
{
  delta1_reason_t reason;
  delta1_rounding_record_t *record;
  assert_ok (delta1_rounding_create (&record, A, network->inner * network->restarts, &reason),
             reason);
  delta1_observer_t observer = delta1_rounding_observer (record);
  assert_ok (delta1_restart_run (x, A, y, network, &observer, &reason), reason);
  assert_ok (delta1_rounding_radius (radius, NULL, record, y, network, &reason), reason);
  delta1_rounding_free (record);
}

/* The table of an image: subsampled Fourier (complex) and Walsh (real) with Haar; ||e|| over four
 * decades; lower bounds from two executed runs. Random directions stay far below. */
static void
sampled (void **state)
{
  (void)state;
  for (int kind = 0; kind < 2; kind++)
    {
      const delta1_arithmetic_t *use
          = kind == 0 ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
      slong mask[256], count = 0, parts = kind == 0 ? 2 : 1;
      for (slong i = 0; i < 256; i++)
        if (delta1_test_random_below (10) < 4 || i == 136 || i == 0)
          mask[count++] = i;
      const delta1_sampled_t options
          = { .transform = kind == 0 ? DELTA1_TRANSFORM_FOURIER : DELTA1_TRANSFORM_WALSH,
              .wavelet = DELTA1_WAVELET_HAAR,
              .levels = 2,
              .dimensions = 2,
              .side = 16,
              .mask = mask,
              .count = count };
      delta1_reason_t reason;
      delta1_operator_t *A;
      delta1_derivative_t *derivative;
      delta1_restart_t network;
      arb_t constant, lower, length;
      mag_t radius[2];
      double norm, y[512], e[512], direction[512];
      arb_init (constant);
      arb_init (lower);
      arb_init (length);
      delta1_restart_init (&network, 128);
      arb_one (network.steps.tau);
      arb_one (network.steps.sigma);
      arb_set_d (network.steps.lambda, 0.0625);
      arb_set_d (network.delta, 0x1p-10);
      arb_set_si (network.eps_0, 16);
      network.inner = 5;
      network.restarts = 6;
      assert_ok (delta1_operator_create_sampled (&A, use, 53, &options, &reason), reason);
      assert_ok (delta1_derivative_create (&derivative, A, &network, 0, &reason), reason);
      assert_int_equal (delta1_derivative_inputs (derivative), parts * count);
      delta1_stability_lipschitz (constant, &network, BITS);
      acb_ptr number = _acb_vec_init (count);
      void *datum[2], *x[2];
      for (slong i = 0; i < parts * count; i++)
        y[i] = ldexp ((double)delta1_test_random_below (2001) - 1000, -10);
      const delta1_attack_options_t few = { .lanczos = 12, .ascent = 12, .seed = 3 };
      assert_ok (delta1_attack_jacobian (&norm, direction, derivative, y, &few, &reason), reason);
      for (int decade = 0; decade < 4; decade++)
        {
          double size = pow (10, -(double)decade), quotient;
          const delta1_attack_sphere_t sphere = { y, direction, size };
          assert_ok (delta1_attack_search (e, &quotient, derivative, &sphere, &few, &reason),
                     reason);
          delta1_attack_run_t run[2];
          for (int side = 0; side < 2; side++)
            {
              mag_init (radius[side]);
              for (slong i = 0; i < count; i++)
                acb_set_d_d (number + i, y[parts * i] + (side == 1 ? e[parts * i] : 0),
                             parts == 1 ? 0 : y[2 * i + 1] + (side == 1 ? e[2 * i + 1] : 0));
              datum[side] = instance_vector (use, 53, number, count);
              x[side] = use->create (256, 53);
              execute (x[side], radius[side], A, datum[side], &network);
              run[side] = (delta1_attack_run_t){ datum[side], x[side], radius[side] };
            }
          delta1_attack_quotient (lower, length, A, run, run + 1, BITS);
          assert_true (arb_le (lower, constant));
          double proved = arf_get_d (arb_midref (lower), ARF_RND_NEAR);
          assert_true (proved <= quotient * (1 + 1e-6) && proved >= 0.999 * quotient);
          assert_true (fabs (arf_get_d (arb_midref (length), ARF_RND_NEAR) / size - 1) < 1e-9);
          print_message ("# %s, ||e|| = %g: at least %.3f (certified), at most %.3f, share %.3f\n",
                         kind == 0 ? "fourier" : "walsh", size, proved,
                         arf_get_d (arb_midref (constant), ARF_RND_NEAR),
                         proved / arf_get_d (arb_midref (constant), ARF_RND_NEAR));
          if (decade == 3)
            assert_true (quotient >= 0.9 * norm);
          for (int side = 0; side < 2; side++)
            {
              use->free (datum[side], count);
              use->free (x[side], 256);
              mag_clear (radius[side]);
            }
        }
      _acb_vec_clear (number, count);
      delta1_derivative_free (derivative);
      delta1_operator_free (A);
      delta1_restart_clear (&network);
      arb_clear (constant);
      arb_clear (lower);
      arb_clear (length);
    }
}

/* The rounding radii are subtracted, both, and the quotient never falls below 0. */
static void
certified_quotient (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const double entries[2] = { 1, 1 };
  double y[2][1] = { { 1 }, { 3 } }, x[2][2] = { { 0, 0 }, { 3, 4 } };
  delta1_operator_t *A;
  mag_t radius[2];
  arb_t lower, length;
  mag_init (radius[0]);
  mag_init (radius[1]);
  arb_init (lower);
  arb_init (length);
  assert_ok (
      delta1_operator_create_double (&A, &delta1_arithmetic_double, 53, entries, 1, 2, &reason),
      reason);
  delta1_attack_run_t a = { .y = y[0], .x = x[0], .radius = radius[0] };
  delta1_attack_run_t b = { .y = y[1], .x = x[1], .radius = radius[1] };
  delta1_attack_quotient (lower, length, A, &a, &b, 64);
  assert_true (arb_is_exact (lower));
  assert_true (upper (radius[0]) == 0 && fabs (arf_get_d (arb_midref (lower), 0) - 2.5) < 1e-12);
  arb_sub_si (length, length, 2, 64);
  assert_true (arb_contains_zero (length));
  mag_set_d (radius[0], 1);
  delta1_attack_quotient (lower, NULL, A, &a, &b, 64);
  assert_true (fabs (arf_get_d (arb_midref (lower), 0) - 2) < 1e-8);
  mag_set_d (radius[1], 2);
  delta1_attack_quotient (lower, NULL, A, &a, &b, 64);
  assert_true (fabs (arf_get_d (arb_midref (lower), 0) - 1) < 1e-8);
  mag_set_d (radius[1], 20);
  delta1_attack_quotient (lower, NULL, A, &a, &b, 64);
  assert_true (arb_is_zero (lower));
  b.y = y[0]; /* the same datum */
  mag_zero (radius[0]);
  mag_zero (radius[1]);
  delta1_attack_quotient (lower, NULL, A, &a, &b, 64);
  assert_true (arb_is_zero (lower));
  delta1_operator_free (A);
  mag_clear (radius[0]);
  mag_clear (radius[1]);
  arb_clear (lower);
  arb_clear (length);
}

/* The smaller of two bounds. */
static void
difference (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const slong end = 2, sparsity = 1;
  const delta1_levels_t levels = { .count = 1, .end = &end, .sparsity = &sparsity };
  delta1_accuracy_t accuracy;
  delta1_datum_t datum;
  delta1_restart_t network;
  arb_t rho, gamma, radius, bound, lipschitz;
  bool by_accuracy;
  arb_ptr here, there;
  arb_init (rho);
  arb_init (gamma);
  arb_init (radius);
  arb_init (bound);
  arb_init (lipschitz);
  delta1_accuracy_init (&accuracy);
  delta1_datum_init (&datum);
  delta1_restart_init (&network, BITS);
  arb_set_d (rho, 0.5);
  arb_set_d (gamma, 1);
  assert_ok (delta1_accuracy_constants (&accuracy, &levels, rho, gamma, NULL, BITS, &reason),
             reason);
  arb_set_d (network.steps.tau, 1);
  arb_set_d (network.steps.sigma, 1);
  arb_set (network.steps.lambda, accuracy.lambda);
  arb_set_d (network.delta, 0x1p-20);
  arb_set_si (network.eps_0, 1);
  network.restarts = 12;
  assert_ok (delta1_accuracy_inner (&network.inner, &accuracy, &network, BITS, &reason), reason);
  arb_one (datum.length);
  const delta1_stability_data_t data = { &accuracy, &levels, &datum };
  delta1_stability_lipschitz (lipschitz, &network, BITS);

  arb_set_d (radius, 0x1p-60); /* far below the floor: Lipschitz */
  assert_ok (
      delta1_stability_difference (bound, &by_accuracy, &network, radius, &data, BITS, &reason),
      reason);
  assert_false (by_accuracy);
  arb_mul (lipschitz, lipschitz, radius, BITS);
  assert_true (arb_equal (bound, lipschitz));

  arb_set_d (radius, 0x1p-12);
  here = _arb_vec_init (13);
  there = _arb_vec_init (13);
  assert_ok (
      delta1_stability_difference (bound, &by_accuracy, &network, radius, NULL, BITS, &reason),
      reason);
  assert_false (by_accuracy);
  arb_set_d (radius, 0x1p-14);
  arb_set_d (network.delta, 0x1p-13);
  assert_ok (
      delta1_stability_difference (bound, &by_accuracy, &network, radius, &data, BITS, &reason),
      reason);
  assert_true (by_accuracy);
  assert_ok (delta1_accuracy_follow (here, &accuracy, &network, &levels, &datum, BITS, &reason),
             reason);
  arb_add (datum.residual, datum.residual, radius, BITS);
  arb_add (datum.length, datum.length, radius, BITS);
  assert_ok (delta1_accuracy_follow (there, &accuracy, &network, &levels, &datum, BITS, &reason),
             reason);
  arb_add (here, here + 12, there + 12, BITS);
  assert_true (fabs (arf_get_d (arb_midref (here), 0) - arf_get_d (arb_midref (bound), 0)) < 1e-12);
  _arb_vec_clear (here, 13);
  _arb_vec_clear (there, 13);
  arb_clear (rho);
  arb_clear (gamma);
  arb_clear (radius);
  arb_clear (bound);
  arb_clear (lipschitz);
  delta1_accuracy_clear (&accuracy);
  delta1_datum_clear (&datum);
  delta1_restart_clear (&network);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  instance_t instance;
  delta1_derivative_t *derivative;
  double y[2] = { 1, 2 }, start[2] = { 1, 0 }, e[2], quotient, norm;
  delta1_attack_options_t options = delta1_attack_defaults;
  instance_init (&instance, 2, 3, false, 3, 3);
  delta1_operator_t *A = instance_operator (&instance, &delta1_arithmetic_double, 53);
  assert_ok (delta1_derivative_create (&derivative, A, &instance.network, 0, &reason), reason);
  delta1_attack_sphere_t sphere = { y, start, 0 };
  assert_refused (delta1_attack_search (e, &quotient, derivative, &sphere, &options, &reason),
                  DELTA1_INPUT, reason, "radius");
  sphere.radius = NAN;
  assert_refused (delta1_attack_search (e, &quotient, derivative, &sphere, &options, &reason),
                  DELTA1_INPUT, reason, "radius");
  y[1] = NAN;
  sphere.radius = 1;
  assert_refused (delta1_attack_search (e, &quotient, derivative, &sphere, &options, &reason),
                  DELTA1_INPUT, reason, "not finite");
  assert_refused (delta1_attack_jacobian (&norm, e, derivative, y, &options, &reason), DELTA1_INPUT,
                  reason, "not finite");
  y[1] = 0;
  options.lanczos = 0;
  assert_refused (delta1_attack_jacobian (&norm, e, derivative, y, &options, &reason), DELTA1_INPUT,
                  reason, "0 Lanczos");
  delta1_derivative_free (derivative);
  delta1_operator_free (A);
  instance_clear (&instance);
}

static void
count_step (void *context, slong step)
{
  slong *count = context;
  assert_true (step == 0 || step == count[1] + 1);
  count[0]++;
  count[1] = step;
}

/* Time that is over leaves one step of each search, and that one is a result. */
static void
searches_end_in_time (void **state)
{
  (void)state;
  delta1_reason_t reason;
  instance_t instance;
  delta1_derivative_t *derivative;
  double y[130] = { 1, 2 }, direction[130], e[130], quotient, norm;
  delta1_attack_options_t options = delta1_attack_defaults;
  slong count[2] = { 0, 0 };
  options.progress = count_step;
  options.context = count;
  instance_init (&instance, 130, 9, false, 3, 3);
  delta1_operator_t *A = instance_operator (&instance, &delta1_arithmetic_double, 53);
  assert_ok (delta1_derivative_create (&derivative, A, &instance.network, 0, &reason), reason);
  const delta1_attack_sphere_t sphere = { y, direction, 0.5 };
  for (int hurry = 0; hurry < 2; hurry++)
    {
      options.seconds = hurry == 1 ? 1e-12 : 0;
      count[0] = 0;
      assert_ok (delta1_attack_jacobian (&norm, direction, derivative, y, &options, &reason),
                 reason);
      assert_true (hurry == 1 ? count[0] == 1 : count[0] > 3);
      assert_true (norm > 0);
      count[0] = 0;
      assert_ok (delta1_attack_search (e, &quotient, derivative, &sphere, &options, &reason),
                 reason);
      assert_true (count[0] == (hurry == 1 ? 1 : options.ascent));
      assert_true (quotient > 0);
    }
  delta1_derivative_free (derivative);
  delta1_operator_free (A);
  instance_clear (&instance);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (never_violated),
    cmocka_unit_test (formula),
    cmocka_unit_test (strong_case),
    cmocka_unit_test (attack),
    cmocka_unit_test (sampled),
    cmocka_unit_test (certified_quotient),
    cmocka_unit_test (difference),
    cmocka_unit_test (refusals),
    cmocka_unit_test (searches_end_in_time),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
