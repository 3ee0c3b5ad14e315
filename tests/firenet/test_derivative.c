/* The derivative of the unrolled network: its value against the deployed program, J d against
 * difference quotients in high-precision balls, J* against J. */
#include "firenet/derivative.h"
#include "firenet/enclosure.h"
#include "tests/firenet/random_instance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BITS 400

static double
dot (const double *a, const double *b, slong count)
{
  double sum = 0;
  for (slong i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

static void
random_doubles (double *v, slong count)
{
  for (slong i = 0; i < count; i++)
    v[i] = ldexp ((double)delta1_test_random_below (2049) - 1024, -10);
}

static const delta1_arithmetic_t *
doubles_for (bool is_complex)
{
  return is_complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
}

/* v (doubles, `parts` each) = what acb has */
static void
to_doubles (double *v, acb_srcptr x, slong count, slong parts)
{
  for (slong i = 0; i < count; i++)
    {
      v[parts * i] = arf_get_d (arb_midref (acb_realref (x + i)), ARF_RND_NEAR);
      if (parts == 2)
        v[2 * i + 1] = arf_get_d (arb_midref (acb_imagref (x + i)), ARF_RND_NEAR);
    }
}

typedef struct
{
  instance_t instance;
  bool is_complex;
  slong parts, inputs, outputs;
  delta1_operator_t *A;
  delta1_derivative_t *derivative;
  double *y, *d, *w, *x, *g;
} setting_t;

static void
setting_init (setting_t *s, bool is_complex, size_t keep)
{
  delta1_reason_t reason;
  s->is_complex = is_complex;
  s->parts = is_complex ? 2 : 1;
  instance_init (&s->instance, 4, 7, is_complex, 6, 5);
  s->A = instance_operator (&s->instance, doubles_for (is_complex), 53);
  assert_ok (delta1_derivative_create (&s->derivative, s->A, &s->instance.network, keep, &reason),
             reason);
  s->inputs = delta1_derivative_inputs (s->derivative);
  s->outputs = delta1_derivative_outputs (s->derivative);
  assert_int_equal (s->inputs, 4 * s->parts);
  assert_int_equal (s->outputs, 7 * s->parts);
  s->y = calloc ((size_t)s->inputs, sizeof (double));
  s->d = calloc ((size_t)s->inputs, sizeof (double));
  s->g = calloc ((size_t)s->inputs, sizeof (double));
  s->w = calloc ((size_t)s->outputs, sizeof (double));
  s->x = calloc ((size_t)s->outputs, sizeof (double));
  to_doubles (s->y, s->instance.y, 4, s->parts);
  random_doubles (s->d, s->inputs);
  random_doubles (s->w, s->outputs);
}

static void
setting_clear (setting_t *s)
{
  delta1_derivative_free (s->derivative);
  delta1_operator_free (s->A);
  instance_clear (&s->instance);
  free (s->y);
  free (s->d);
  free (s->g);
  free (s->w);
  free (s->x);
}

static void
value (void **state)
{
  (void)state;
  bool moved = false;
  for (int round = 0; round < delta1_test_rounds (20); round++)
    {
      setting_t s;
      delta1_reason_t reason;
      setting_init (&s, round % 2 == 1, round % 4 < 2 ? 0 : DELTA1_DERIVATIVE_KEEP);
      const delta1_arithmetic_t *use = s.A->use;
      void *y = instance_vector (use, 53, s.instance.y, 4), *x = use->create (7, 53);
      assert_ok (delta1_restart_run (x, s.A, y, &s.instance.network, NULL, &reason), reason);
      const double *mine = delta1_derivative_at (s.derivative, s.y);
      acb_ptr deployed_acb = _acb_vec_init (7);
      double deployed[14];
      for (slong i = 0; i < 7; i++)
        use->get_complex (deployed_acb + i, x, i);
      to_doubles (deployed, deployed_acb, 7, s.parts);
      _acb_vec_clear (deployed_acb, 7);
      for (slong i = 0; i < s.outputs; i++)
        {
          assert_true (fabs (mine[i] - deployed[i]) <= 1e-12 * (1 + fabs (deployed[i])));
          moved = moved || fabs (mine[i]) > 0.01;
        }
      use->free (x, 7);
      use->free (y, 4);
      setting_clear (&s);
    }
  assert_true (moved);
}

/* x = (phi(y + h d) - phi(y - h d))/2h, h = 2^-100, in balls. */
static void
difference_quotient (double *x, const setting_t *s)
{
  delta1_reason_t reason;
  const delta1_arithmetic_t *use
      = s->is_complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball;
  delta1_operator_t *A = instance_operator (&s->instance, use, BITS);
  acb_ptr y = _acb_vec_init (4), result[2];
  acb_t h;
  mag_t radius;
  mag_init (radius);
  acb_init (h);
  for (int side = 0; side < 2; side++)
    {
      for (slong i = 0; i < 4; i++)
        {
          acb_set_d_d (h, s->d[i * s->parts], s->is_complex ? s->d[2 * i + 1] : 0);
          acb_mul_2exp_si (h, h, -100);
          if (side == 1)
            acb_neg (h, h);
          acb_add (y + i, s->instance.y + i, h, BITS);
        }
      void *datum = instance_vector (use, BITS, y, 4), *image = use->create (7, BITS);
      assert_ok (
          delta1_enclosure_run (image, radius, A, datum, &s->instance.network, NULL, &reason),
          reason);
      assert_true (mag_cmp_2exp_si (radius, -300) < 0);
      result[side] = _acb_vec_init (7);
      for (slong i = 0; i < 7; i++)
        use->get_complex (result[side] + i, image, i);
      use->free (datum, 4);
      use->free (image, 7);
    }
  _acb_vec_sub (result[0], result[0], result[1], 7, BITS);
  _acb_vec_scalar_mul_2exp_si (result[0], result[0], 7, 99);
  to_doubles (x, result[0], 7, s->parts);
  _acb_vec_clear (result[0], 7);
  _acb_vec_clear (result[1], 7);
  _acb_vec_clear (y, 4);
  acb_clear (h);
  mag_clear (radius);
  delta1_operator_free (A);
}

static void
tangent (void **state)
{
  (void)state;
  double largest = 0;
  for (int round = 0; round < delta1_test_rounds (40); round++)
    {
      setting_t s;
      double wanted[14];
      setting_init (&s, round % 2 == 1, round % 4 < 2 ? 0 : DELTA1_DERIVATIVE_KEEP);
      (void)delta1_derivative_at (s.derivative, s.y);
      delta1_derivative_tangent (s.x, s.derivative, s.d);
      difference_quotient (wanted, &s);
      for (slong i = 0; i < s.outputs; i++)
        {
          assert_true (fabs (s.x[i] - wanted[i]) <= 1e-9);
          largest = fmax (largest, fabs (wanted[i]));
        }
      setting_clear (&s);
    }
  assert_true (largest > 0.1);
}

/* <J d, w> = <d, J* w>, whatever was asked before; the value is left alone. */
static void
transposed (void **state)
{
  (void)state;
  double largest = 0;
  for (int round = 0; round < delta1_test_rounds (100); round++)
    {
      setting_t s;
      setting_init (&s, round % 2 == 1, round % 4 < 2 ? 0 : DELTA1_DERIVATIVE_KEEP);
      const double *x = delta1_derivative_at (s.derivative, s.y);
      double before[14];
      memcpy (before, x, (size_t)s.outputs * sizeof *x);
      if (round % 3 == 0)
        delta1_derivative_tangent (s.x, s.derivative, s.d);
      delta1_derivative_adjoint (s.g, s.derivative, s.w);
      delta1_derivative_tangent (s.x, s.derivative, s.d);
      double left = dot (s.x, s.w, s.outputs), right = dot (s.d, s.g, s.inputs);
      assert_true (fabs (left - right) <= 1e-11 * (1 + fabs (left)));
      largest = fmax (largest, fabs (left));
      assert_memory_equal (before, x, (size_t)s.outputs * sizeof *x);
      setting_clear (&s);
    }
  assert_true (largest > 0.5);
}

/* The gradient of f(y) = ||phi(y) - x0||^2/2 is J*(phi(y) - x0): against difference quotients of f
 * in balls, one coordinate at a time. */
static void
gradient (void **state)
{
  (void)state;
  for (int round = 0; round < delta1_test_rounds (6); round++)
    {
      setting_t s;
      double quotient[14], residual[14];
      setting_init (&s, round % 2 == 1, 0);
      const double *x = delta1_derivative_at (s.derivative, s.y);
      for (slong i = 0; i < s.outputs; i++)
        residual[i] = x[i] - s.w[i];
      delta1_derivative_adjoint (s.g, s.derivative, residual);
      for (slong k = 0; k < s.inputs; k++)
        {
          memset (s.d, 0, (size_t)s.inputs * sizeof (double));
          s.d[k] = 1;
          difference_quotient (quotient, &s);
          assert_true (fabs (dot (quotient, residual, s.outputs) - s.g[k]) <= 1e-9);
        }
      setting_clear (&s);
    }
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_derivative_t *derivative;
  instance_t instance;
  instance_init (&instance, 2, 3, false, 3, 3);
  delta1_operator_t *balls = instance_operator (&instance, &delta1_arithmetic_ball, 64);
  delta1_operator_t *A = instance_operator (&instance, &delta1_arithmetic_double, 53);
  assert_refused (delta1_derivative_create (&derivative, balls, &instance.network, 0, &reason),
                  DELTA1_INPUT, reason, "ball");
  assert_null (derivative);
  instance.network.inner = 0;
  assert_refused (delta1_derivative_create (&derivative, A, &instance.network, 0, &reason),
                  DELTA1_INPUT, reason, "p = 0");
  instance.network.inner = 3;
  arb_mul_si (instance.network.steps.tau, instance.network.steps.tau, 4, 64);
  assert_refused (delta1_derivative_create (&derivative, A, &instance.network, 0, &reason),
                  DELTA1_DOMAIN, reason, "tau sigma");
  delta1_derivative_free (NULL);
  delta1_operator_free (balls);
  delta1_operator_free (A);
  instance_clear (&instance);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (value),    cmocka_unit_test (tangent),  cmocka_unit_test (transposed),
    cmocka_unit_test (gradient), cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
