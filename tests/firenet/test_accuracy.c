/* Theorem 6.3: its constants by the formulas written out, its conditions, its bounds. */
#include "firenet/accuracy.h"
#include "tests/testing.h"

#include <math.h>
#include <string.h>

#define PRECISION 160

typedef struct
{
  slong end[2], sparsity[2];
  arb_ptr weights;
  delta1_levels_t levels;
  arb_t rho, gamma, x;
  delta1_accuracy_t a;
  delta1_restart_t network;
} setting_t;

/* Two levels of 4 and 8, weights 1 and w. */
static void
setting_init (setting_t *s, double w)
{
  s->end[0] = 4;
  s->end[1] = 12;
  s->sparsity[0] = 1;
  s->sparsity[1] = 2;
  s->weights = _arb_vec_init (2);
  arb_one (s->weights);
  arb_set_d (s->weights + 1, w);
  s->levels = (delta1_levels_t){
    .count = 2, .end = s->end, .sparsity = s->sparsity, .weights = s->weights
  };
  arb_init (s->rho);
  arb_init (s->gamma);
  arb_init (s->x);
  delta1_accuracy_init (&s->a);
  delta1_restart_init (&s->network, PRECISION);
}

static void
setting_clear (setting_t *s)
{
  _arb_vec_clear (s->weights, 2);
  arb_clear (s->rho);
  arb_clear (s->gamma);
  arb_clear (s->x);
  delta1_accuracy_clear (&s->a);
  delta1_restart_clear (&s->network);
}

static double
middle (const arb_t x)
{
  return arf_get_d (arb_midref (x), ARF_RND_NEAR);
}

#define assert_near(x, wanted) assert_true (fabs (middle (x) - (wanted)) <= 1e-12 * fabs (wanted))

/* The formulas of 6.1 in doubles. */
static void
formulas (double *C_1, double *C_2, double *lambda, double rho, double gamma, double w)
{
  double xi = 1 + 2 * w * w, zeta = fmin (1, 2 * w * w), fourth = pow (xi / zeta, 0.25);
  double head = rho + (1 + rho) * fourth / 2;
  *C_1 = head * (1 + rho) / (1 - rho);
  *C_2 = 2 / (1 - rho) * head * gamma + (1 + fourth / 2) * gamma;
  *lambda = *C_1 / (*C_2 * sqrt (xi));
}

static void
constants (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (50); round++)
    {
      setting_t s;
      double rho = 0.9 * ldexp ((double)delta1_test_random_below (1024), -10);
      double gamma = 0.5 + ldexp ((double)delta1_test_random_below (1024), -8);
      double w = 0.25 + ldexp ((double)delta1_test_random_below (1024), -9), C_1, C_2, lambda;
      setting_init (&s, w);
      arb_set_d (s.rho, rho);
      arb_set_d (s.gamma, gamma);
      formulas (&C_1, &C_2, &lambda, rho, gamma, w);
      s.a.conditional = round % 2 == 0;
      assert_ok (
          delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, NULL, PRECISION, &reason),
          reason);
      assert_int_equal (s.a.conditional, round % 2 == 0);
      assert_near (s.a.C_1, C_1);
      assert_near (s.a.C_2, C_2);
      assert_near (s.a.lambda, lambda);
      assert_true (arb_is_exact (s.a.lambda));
      assert_true (arf_bits (arb_midref (s.a.lambda)) <= 53);
      /* C_2 = C_1/(lambda sqrt xi) is C_2 or a little more, never less */
      assert_true (middle (s.a.C_2) >= C_2 * (1 - 1e-15));
      assert_true (arb_equal (s.a.rho, s.rho)); /* lambda was rounded down */
      setting_clear (&s);
    }
}

/* A ball of rho and gamma counts by its upper end. */
static void
upper_ends (void **state)
{
  (void)state;
  delta1_reason_t reason;
  setting_t s;
  double C_1, C_2, lambda;
  setting_init (&s, 1);
  arb_set_d (s.rho, 0.5);
  mag_set_d (arb_radref (s.rho), 0.25);
  arb_set_d (s.gamma, 1);
  mag_set_d (arb_radref (s.gamma), 0.5);
  formulas (&C_1, &C_2, &lambda, 0.75, 1.5, 1);
  assert_ok (delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, NULL, PRECISION, &reason),
             reason);
  assert_true (fabs (middle (s.a.C_1) / C_1 - 1) < 1e-6);
  assert_true (fabs (middle (s.a.C_2) / C_2 - 1) < 1e-6);
  setting_clear (&s);
}

/* Corollary 6.3a: a smaller lambda enlarges C_2 by as much; a larger one needs a larger rho, for
 * which it is the lambda of the theorem. */
static void
given_lambda (void **state)
{
  (void)state;
  delta1_reason_t reason;
  setting_t s;
  double C_1, C_2, lambda, other;
  setting_init (&s, 2);
  arb_set_d (s.rho, 0.25);
  arb_set_d (s.gamma, 2);
  formulas (&C_1, &C_2, &lambda, 0.25, 2, 2);
  arb_set_d (s.x, 0.03125);
  assert_true (lambda > 0.03125);
  assert_ok (delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, s.x, PRECISION, &reason),
             reason);
  assert_true (arb_equal (s.a.lambda, s.x));
  assert_near (s.a.C_1, C_1);
  assert_near (s.a.C_2, C_1 / (0.03125 * 3)); /* xi = 9 */
  assert_near (s.a.rho, 0.25);

  arb_set_d (s.x, 0.125); /* below 1/(2 * 3) */
  assert_true (lambda < 0.125);
  assert_ok (delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, s.x, PRECISION, &reason),
             reason);
  assert_true (middle (s.a.rho) > 0.25 && middle (s.a.rho) < 1);
  formulas (&C_1, &C_2, &other, middle (s.a.rho), 2, 2);
  assert_true (fabs (other - 0.125) < 1e-10);
  assert_near (s.a.C_1, C_1);
  assert_true (fabs (middle (s.a.C_2) - C_2) < 1e-8);

  arb_set_d (s.x, 0.17);
  assert_refused (
      delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, s.x, PRECISION, &reason),
      DELTA1_DOMAIN, reason, "0.1666");
  arb_set_si (s.x, 0);
  assert_refused (
      delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, s.x, PRECISION, &reason),
      DELTA1_INPUT, reason, "lambda");
  arb_one (s.rho);
  assert_refused (
      delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, NULL, PRECISION, &reason),
      DELTA1_DOMAIN, reason, "rho");
  arb_set_si (s.rho, -1);
  assert_refused (
      delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, NULL, PRECISION, &reason),
      DELTA1_INPUT, reason, "rho");
  arb_zero (s.gamma);
  assert_refused (
      delta1_accuracy_constants (&s.a, &s.levels, s.rho, s.gamma, NULL, PRECISION, &reason),
      DELTA1_INPUT, reason, "gamma");
  setting_clear (&s);
}

static void
set_problem (setting_t *s, arb_ptr weights)
{
  delta1_reason_t reason;
  arb_set_d (s->rho, 0.5);
  arb_set_d (s->gamma, 1.25);
  assert_ok (
      delta1_accuracy_constants (&s->a, &s->levels, s->rho, s->gamma, NULL, PRECISION, &reason),
      reason);
  arb_set_d (s->network.steps.tau, 0.5);
  arb_set_d (s->network.steps.sigma, 0.125);
  arb_set (s->network.steps.lambda, s->a.lambda);
  for (slong i = 0; i < 12; i++)
    arb_set (weights + i, s->weights + (i >= 4));
  s->network.steps.weights = weights;
  arb_set_d (s->network.delta, 0.25);
  arb_set_si (s->network.eps_0, 4);
}

static void
inner_and_conditions (void **state)
{
  (void)state;
  delta1_reason_t reason;
  setting_t s;
  slong p;
  delta1_datum_t datum;
  arb_ptr weights = _arb_vec_init (12);
  setting_init (&s, 0.5);
  set_problem (&s, weights);
  delta1_datum_init (&datum);
  assert_ok (delta1_accuracy_inner (&p, &s.a, &s.network, PRECISION, &reason), reason);
  /* sqrt(tau sigma) = 1/4 */
  assert_int_equal (p, (slong)ceil (8 * exp (1) * middle (s.a.C_2)));
  s.network.inner = p;
  /* 2 lambda sigma(x) + 2 ||Ax - y|| <= 1/4, ||y|| <= 4 */
  double lambda = middle (s.a.lambda);
  arb_set_d (datum.defect, 0.06 / lambda);
  arb_set_d (datum.residual, 0.064);
  arb_set_d (datum.length, 4);
#define APPLIES() delta1_accuracy_applies (&s.a, &s.network, &s.levels, &datum, PRECISION, &reason)
  assert_int_equal (APPLIES (), DELTA1_TRUE);
  arb_set_d (datum.residual, 0.066);
  assert_int_equal (APPLIES (), DELTA1_FALSE);
  assert_non_null (strstr (reason.text, "delta"));
  arb_set_d (datum.residual, 0.064);
  arb_set_d (datum.length, 4.0001);
  assert_int_equal (APPLIES (), DELTA1_FALSE);
  assert_non_null (strstr (reason.text, "eps_0"));
  mag_set_d (arb_radref (datum.length), 0.001);
  assert_int_equal (APPLIES (), DELTA1_UNKNOWN);
  arb_set_d (datum.length, 3);
  s.network.inner = p - 1;
  assert_int_equal (APPLIES (), DELTA1_FALSE);
  assert_non_null (strstr (reason.text, "inner"));
  s.network.inner = p;
  arb_set_d (weights + 4, 1);
  assert_int_equal (APPLIES (), DELTA1_FALSE);
  arb_set_d (weights + 4, 0.5);
  assert_int_equal (APPLIES (), DELTA1_TRUE);
  s.network.steps.weights = NULL;
  assert_int_equal (APPLIES (), DELTA1_FALSE);
  s.network.steps.weights = weights;
  arb_set_d (s.network.steps.lambda, lambda * 0.9);
  assert_int_equal (APPLIES (), DELTA1_FALSE);
  assert_non_null (strstr (reason.text, "lambda"));
  arb_set (s.network.steps.lambda, s.a.lambda);
  /* c = sigma scale = 1 is the best; 2 needs 2/sqrt(3) as many; 1/2 none is enough */
  slong q;
  arb_set_si (s.network.scale, 8);
  assert_ok (delta1_accuracy_inner (&q, &s.a, &s.network, PRECISION, &reason), reason);
  assert_int_equal (q, p);
  arb_set_si (s.network.scale, 16);
  assert_ok (delta1_accuracy_inner (&q, &s.a, &s.network, PRECISION, &reason), reason);
  assert_int_equal (q, (slong)ceil (8 * exp (1) * middle (s.a.C_2) * 2 / sqrt (3)));
  arb_set_si (s.network.scale, 4);
  assert_refused (delta1_accuracy_inner (&q, &s.a, &s.network, PRECISION, &reason), DELTA1_DOMAIN,
                  reason, "scale");
  arb_zero (s.network.scale);
  arb_mul_2exp_si (s.network.steps.tau, s.network.steps.tau, -100);
  assert_refused (delta1_accuracy_inner (&q, &s.a, &s.network, PRECISION, &reason), DELTA1_BUDGET,
                  reason, "1000000000");
  delta1_datum_clear (&datum);
  _arb_vec_clear (weights, 12);
  setting_clear (&s);
}

static void
bounds (void **state)
{
  (void)state;
  delta1_reason_t reason;
  setting_t s;
  arb_ptr weights = _arb_vec_init (12), bound = _arb_vec_init (31), follow = _arb_vec_init (31);
  delta1_datum_t datum;
  delta1_datum_init (&datum);
  setting_init (&s, 0.5);
  set_problem (&s, weights);
  assert_ok (delta1_accuracy_inner (&s.network.inner, &s.a, &s.network, PRECISION, &reason),
             reason);
  delta1_accuracy_bounds (bound, &s.a, &s.network, PRECISION);
  double C_2 = middle (s.a.C_2), eps = 4;
  for (slong k = 0; k <= 30; k++)
    {
      assert_true (arb_is_exact (bound + k));
      assert_near (bound + k, C_2 * (0.25 + eps));
      eps = exp (-1) * (0.25 + eps);
    }
  /* the data at the limit: never above Theorem 6.3, and near it, as p is rounded up */
  arb_set_d (datum.residual, 0.125);
  arb_set_d (datum.length, 4);
  assert_ok (
      delta1_accuracy_follow (follow, &s.a, &s.network, &s.levels, &datum, PRECISION, &reason),
      reason);
  for (slong k = 0; k <= 30; k++)
    {
      assert_false (arb_gt (follow + k, bound + k));
      assert_true (middle (follow + k) > 0.9 * middle (bound + k));
    }
  /* better data: better. Worse data, and half the inner steps: the recursion, which may grow. */
  arb_zero (datum.residual);
  assert_ok (
      delta1_accuracy_follow (follow, &s.a, &s.network, &s.levels, &datum, PRECISION, &reason),
      reason);
  assert_true (arb_lt (follow + 30, bound + 30));
  arb_set_d (datum.residual, 0.25);
  arb_set_d (datum.defect, 0.5);
  arb_set_d (datum.length, 5);
  s.network.inner /= 2;
  arb_set_d (s.network.scale, 12); /* c = 3/2 */
  s.network.restarts = 6;
  assert_ok (
      delta1_accuracy_follow (follow, &s.a, &s.network, &s.levels, &datum, PRECISION, &reason),
      reason);
  double gap = 5, noise = 2 * middle (s.a.lambda) * 0.5 + 0.5, p = (double)s.network.inner;
  eps = 4;
  for (slong k = 0; k <= 6; k++)
    {
      assert_near (follow + k, C_2 * (noise + gap));
      eps = exp (-1) * (0.25 + eps);
      gap = 3 * pow (C_2 * (noise + gap) / p, 2) * 16 / eps + eps / 3;
    }
  arb_set_d (s.network.steps.lambda, 1);
  assert_refused (
      delta1_accuracy_follow (follow, &s.a, &s.network, &s.levels, &datum, PRECISION, &reason),
      DELTA1_INPUT, reason, "lambda");
  _arb_vec_clear (bound, 31);
  _arb_vec_clear (follow, 31);
  _arb_vec_clear (weights, 12);
  delta1_datum_clear (&datum);
  setting_clear (&s);
}

static void
layers (void **state)
{
  (void)state;
  setting_t s;
  arb_ptr weights = _arb_vec_init (12), bound = _arb_vec_init (101);
  setting_init (&s, 0.5);
  set_problem (&s, weights);
  s.network.inner = 7;
  s.network.restarts = 100;
  arb_set_d (s.network.delta, 1e-13);
  delta1_accuracy_bounds (bound, &s.a, &s.network, PRECISION);
  assert_int_equal (delta1_accuracy_layers (&s.network, 5), 3 * 5 * 7 + 1);
  slong before = 0;
  for (slong digits = -1; digits <= 15; digits++)
    {
      slong n = delta1_accuracy_restarts (&s.a, &s.network, digits, PRECISION);
      double wanted = pow (10, -(double)digits);
      if (middle (s.a.C_2) * 1e-13 / (1 - exp (-1)) > wanted)
        {
          assert_int_equal (n, 0);
          assert_true (digits >= 11);
          continue;
        }
      assert_true (n >= 1 && n <= 100);
      assert_true (middle (bound + n) <= wanted * (1 + 1e-12));
      assert_true (n == 1 || middle (bound + n - 1) > wanted);
      /* O(log 1/eps): 2.3 restarts a digit */
      assert_true (digits <= 0 || digits > 10 || (n - before >= 2 && n - before <= 3));
      before = n;
    }
  _arb_vec_clear (bound, 101);
  _arb_vec_clear (weights, 12);
  setting_clear (&s);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (constants),    cmocka_unit_test (upper_ends),
    cmocka_unit_test (given_lambda), cmocka_unit_test (inner_and_conditions),
    cmocka_unit_test (bounds),       cmocka_unit_test (layers),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
