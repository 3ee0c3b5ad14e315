/* Theorem 6.3 where everything is certified: bounds, the fall by 1/e, the floor, certificates. */
#include "constructions/convergence.h"
#include "firenet/enclosure.h"
#include "src/number.h"
#include "tests/testing.h"

#include <math.h>
#include <string.h>

static double
middle (const arb_t x)
{
  return arf_get_d (arb_midref (x), ARF_RND_NEAR);
}

static void
run (delta1_convergence_t *c, slong order, slong sparsity, slong restarts, const char *delta)
{
  delta1_reason_t reason;
  delta1_convergence_setting_t setting;
  delta1_convergence_setting_init (&setting);
  setting.order = order;
  setting.sparsity = sparsity;
  setting.restarts = restarts;
  setting.seed = delta1_test_random_below (1000000);
  assert_ok (delta1_number_parse (setting.delta, delta, &reason), reason);
  assert_ok (delta1_convergence_run (c, &setting, &reason), reason);
  delta1_convergence_setting_clear (&setting);
}

/* The constants of mathematics.md 6.1 for [I, H/8], s = 3; p for tau sigma a little below 1/2. */
static void
constants (void **state)
{
  (void)state;
  delta1_convergence_t c;
  delta1_convergence_init (&c);
  run (&c, 64, 3, 1, "1e-5");
  assert_true (fabs (middle (c.property.rho) - 0.5) < 1e-12);
  assert_true (fabs (middle (c.property.gamma) - 1.1547005383792515) < 1e-12);
  assert_true (fabs (middle (c.accuracy.C_1) - 3.75) < 1e-12);
  assert_true (fabs (middle (c.accuracy.C_2) - 7.50555349946513) < 1e-9);
  assert_int_equal (c.inner, 58);
  assert_false (c.accuracy.conditional);
  delta1_convergence_clear (&c);
}

/* s = 1 .. 4, k = 0 .. 15: never above the bound, falling by 1/e until the floor, then flat. */
static void
falls_by_e (void **state)
{
  (void)state;
  const double e = exp (-1);
  for (int round = 0; round < delta1_test_rounds (1); round++)
    for (slong s = 1; s <= 4; s++)
      {
        delta1_convergence_t c;
        delta1_convergence_init (&c);
        run (&c, 64, s, 15, "1e-5");
        assert_true (middle (c.high) >= 0.5); /* x is not 0 */
        for (slong k = 0; k <= 15; k++)
          {
            assert_true (arb_le (c.low + k, c.high + k));
            assert_true (arb_le (c.high + k, c.bound + k));
            /* nothing of the width of doubles is left */
            assert_true (middle (c.high + k) - middle (c.low + k) <= 1e-15 * middle (c.high + k));
            if (k >= 4 && k <= 8)
              assert_true (fabs (middle (c.high + k) / middle (c.high + k - 1) - e) < 0.012);
          }
        assert_true (middle (c.high + 15) < 1e-5);
        assert_true (fabs (middle (c.high + 15) / middle (c.high + 14) - 1) < 0.05);
        delta1_convergence_clear (&c);
      }
}

/* Far below what doubles hold: delta = 10^-30, 10^-25 is reached. */
static void
below_doubles (void **state)
{
  (void)state;
  delta1_convergence_t c;
  delta1_convergence_init (&c);
  run (&c, 16, 2, 62, "1e-30");
  for (slong k = 0; k <= 62; k++)
    assert_true (arb_le (c.high + k, c.bound + k));
  assert_true (middle (c.high + 62) < 1e-25 && middle (c.low + 62) > 1e-29);
  assert_true (middle (c.high + 62) - middle (c.low + 62) < 1e-35);
  delta1_convergence_clear (&c);
}

/* The truth is sparse, the noise nearly as large as allowed, the datum Ax + e: by enclosing
 * phi_1(y) again with a matrix made here. */
static void
another_run (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const delta1_arithmetic_t *use = &delta1_arithmetic_ball;
  for (slong order = 4; order <= 64; order *= 4)
    {
      delta1_convergence_t c;
      delta1_restart_t network;
      delta1_operator_t *A;
      arb_t error, entry;
      mag_t radius;
      slong n = order, root = order == 4 ? 2 : order == 16 ? 4 : 8;
      delta1_convergence_init (&c);
      delta1_restart_init (&network, 256);
      arb_init (error);
      arb_init (entry);
      mag_init (radius);
      run (&c, order, root / 2, 3, "1/1000");
      arb_ptr entries = _arb_vec_init (2 * n * n), truth = _arb_vec_init (2 * n);
      void *y = use->create (n, 256), *x = use->create (2 * n, 256), *z = use->create (n, 256);
      for (slong j = 0; j < c.setting.sparsity; j++)
        arb_set_fmpq (truth + c.entry[j], c.value + j, 256);
      for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++)
          {
            int sign = 1;
            for (slong bit = 1; bit < n; bit *= 2) /* the Kronecker product of [1 1; 1 -1] */
              sign = (i & bit) != 0 && (j & bit) != 0 ? -sign : sign;
            arb_set_si (entries + i * 2 * n + j, i == j);
            arb_set_si (entries + i * 2 * n + n + j, sign);
            arb_div_si (entries + i * 2 * n + n + j, entries + i * 2 * n + n + j, root, 256);
          }
      for (slong j = 0; j < 2 * n; j++)
        use->set_ball (x, j, truth + j);
      assert_ok (delta1_operator_create_dense (&A, use, 256, entries, n, 2 * n, &reason), reason);
      arb_sqrt_ui (entry, 2, 512);
      assert_ok (delta1_operator_set_norm (A, entry, &reason), reason);
      delta1_operator_forward (A, z, x);
      for (slong i = 0; i < n; i++)
        {
          arb_set_fmpq (entry, c.noise + i, 256);
          arb_addmul (error, entry, entry, 256);
          arb_add (entry, entry, (arb_ptr)use->at (z, i), 256);
          use->set_ball (y, i, entry);
        }
      assert_true (fabs (2000 * sqrt (middle (error)) - 1) < 1e-5);
      arb_set_fmpq (network.steps.tau, c.step, 256);
      arb_set_fmpq (network.steps.sigma, c.step, 256);
      arb_set_fmpq (network.steps.lambda, c.lambda, 256);
      arb_set_fmpq (network.eps_0, c.eps_0, 256);
      arb_set_fmpq (network.delta, c.setting.delta, 256);
      network.inner = c.inner;
      network.restarts = 2;
      assert_ok (delta1_enclosure_run (x, radius, A, y, &network, NULL, &reason), reason);
      arb_zero (error);
      for (slong j = 0; j < 2 * n; j++)
        {
          use->get_ball (entry, x, j);
          arb_sub (entry, entry, truth + j, 256);
          arb_addmul (error, entry, entry, 256);
        }
      arb_sqrt (error, error, 256);
      arb_add_error_mag (error, radius);
      assert_false (arb_lt (error, c.low + 2));
      assert_false (arb_gt (error, c.high + 2));
      _arb_vec_clear (entries, 2 * n * n);
      _arb_vec_clear (truth, 2 * n);
      use->free (x, 2 * n);
      use->free (y, n);
      use->free (z, n);
      delta1_operator_free (A);
      delta1_restart_clear (&network);
      delta1_convergence_clear (&c);
      arb_clear (error);
      arb_clear (entry);
      mag_clear (radius);
    }
}

static void
layers (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_convergence_t c;
  arb_t delta;
  slong restarts, count, before = 0, first = 0;
  arb_init (delta);
  delta1_convergence_init (&c);
  run (&c, 64, 2, 1, "1e-5");
  double C_2 = middle (c.accuracy.C_2), e = exp (-1);
  for (slong digits = 1; digits <= 15; digits++)
    {
      double wanted = pow (10, -(double)digits);
      assert_ok (delta1_convergence_layers (delta, &restarts, &count, &c, digits, &reason), reason);
      double d = middle (delta), eps = fmpq_get_d (c.eps_0);
      assert_true (fabs (d * 2 * C_2 / ((1 - e) * wanted) - 1) < 1e-9);
      assert_int_equal (count, 3 * restarts * c.inner + 1);
      for (slong k = 0; k < restarts; k++)
        {
          assert_true (C_2 * (d + eps) > wanted * (1 - 1e-9) || k == restarts);
          eps = e * (d + eps);
        }
      assert_true (C_2 * (d + eps) <= wanted * (1 + 1e-9));
      assert_true (restarts > before);
      before = restarts;
      first = digits == 1 ? restarts : first;
    }
  /* linear in the digits: ln 10 restarts each */
  assert_true (fabs ((double)(before - first) / 14 - log (10)) < 0.1);
  assert_refused (delta1_convergence_layers (delta, &restarts, &count, &c, 0, &reason),
                  DELTA1_INPUT, reason, "0 digits");
  delta1_convergence_clear (&c);
  arb_clear (delta);
}

/* --- certificates ----------------------------------------------------------------------------- */

/* path: a member, or a member and an index, or a member and two. */
static void
plant (json_t *document, const char *member, int i, int j, json_t *value)
{
  json_t *item = json_object_get (document, member);
  if (i < 0)
    assert_int_equal (json_object_set_new (document, member, value), 0);
  else if (j < 0)
    assert_int_equal (json_array_set_new (item, (size_t)i, value), 0);
  else
    assert_int_equal (json_array_set_new (json_array_get (item, (size_t)i), (size_t)j, value), 0);
}

static void
certificates (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_convergence_t c;
  json_t *document;
  delta1_convergence_init (&c);
  run (&c, 16, 2, 4, "1e-3");
  assert_ok (delta1_convergence_write (&document, &c, &reason), reason);
  assert_ok (delta1_convergence_verify (document, &reason), reason);
  assert_non_null (strstr (reason.text, "[I, H/4] with s = 2"));
  const double *value = (double[]){ middle (c.bound + 3), middle (c.low + 4), middle (c.high + 4) };
  char low_bound[64], above_low[64], below_high[64];
  (void)snprintf (low_bound, sizeof low_bound, "%.6e", value[0] * 0.9999);
  (void)snprintf (above_low, sizeof above_low, "%.9e", value[1] * 1.000001);
  (void)snprintf (below_high, sizeof below_high, "%.9e", value[2] * 0.999999);
  const struct
  {
    const char *member;
    int i, j;
    json_t *value;
    delta1_status_t status;
    const char *word;
  } plants[] = {
    { "bounds", 3, -1, json_string (low_bound), DELTA1_FAILED, "claimed bound" },
    { "errors", 4, 0, json_string (above_low), DELTA1_FAILED, "least error" },
    { "errors", 4, 1, json_string (below_high), DELTA1_FAILED, "largest error" },
    { "rho", -1, -1, json_string ("0.66"), DELTA1_FAILED, "rho" },
    { "gamma", -1, -1, json_string ("1.1"), DELTA1_FAILED, "gamma" },
    { "C_1", -1, -1, json_string ("1"), DELTA1_FAILED, "C_1" },
    { "C_2", -1, -1, json_string ("1"), DELTA1_FAILED, "C_2" },
    { "inner", -1, -1, json_integer (c.inner - 1), DELTA1_FAILED, "inner steps" },
    { "delta", -1, -1, json_string ("9e-4"), DELTA1_FAILED, "delta" },
    { "eps_0", -1, -1, json_string ("1/10"), DELTA1_FAILED, "eps_0" },
    { "eps_0", -1, -1, json_string ("-1"), DELTA1_FAILED, "eps_0" },
    { "lambda", -1, -1, json_string ("1/4"), DELTA1_FAILED, "" },
    { "step", -1, -1, json_string ("3/4"), DELTA1_FAILED, "tau sigma" },
    { "noise", 5, -1, json_string ("1/100"), DELTA1_FAILED, "delta" },
    { "values", 1, -1, json_string ("100"), DELTA1_FAILED, "eps_0" },
    { "sparsity", -1, -1, json_integer (3), DELTA1_INPUT, "sparsity 3" },
    { "order", -1, -1, json_integer (17), DELTA1_INPUT, "order 17" },
    { "order", -1, -1, json_integer (64), DELTA1_INPUT, "noise" },
    { "restarts", -1, -1, json_integer (5), DELTA1_INPUT, "bounds" },
    { "restarts", -1, -1, json_integer (1000000), DELTA1_INPUT, "1000000 restarts" },
    { "precision", -1, -1, json_integer (1000000), DELTA1_INPUT, "precision" },
    { "inner", -1, -1, json_integer (0), DELTA1_INPUT, "inner" },
    { "entries", 0, -1, json_integer (-1), DELTA1_INPUT, "entries" },
    { "entries", 1, -1, json_integer (c.entry[0]), DELTA1_INPUT, "entries" },
    { "entries", 1, -1, json_integer (32), DELTA1_INPUT, "entries" },
    { "values", 0, -1, json_string ("one"), DELTA1_INPUT, "one" },
    { "values", 0, -1, json_string ("1e-39000000"), DELTA1_INPUT, "values" },
    { "values", 0, -1, json_string ("0x1p39000000"), DELTA1_INPUT, "values" },
    { "values", 0, -1, json_integer (1), DELTA1_INPUT, "values" },
    { "noise", -1, -1, json_array (), DELTA1_INPUT, "noise" },
    { "errors", 2, -1, json_array (), DELTA1_INPUT, "errors" },
    { "format", -1, -1, json_string ("certificate"), DELTA1_INPUT, "version 1" },
    { "version", -1, -1, json_integer (2), DELTA1_INPUT, "version 1" },
    { "kind", -1, -1, json_string ("run"), DELTA1_INPUT, "kind" },
    { "more", -1, -1, json_null (), DELTA1_INPUT, "not of the format" },
  };
  for (size_t p = 0; p < sizeof plants / sizeof plants[0]; p++)
    {
      json_t *copy = json_deep_copy (document);
      plant (copy, plants[p].member, plants[p].i, plants[p].j, plants[p].value);
      assert_ok (delta1_document_seal (copy, &reason), reason);
      assert_refused (delta1_convergence_verify (copy, &reason), plants[p].status, reason,
                      plants[p].word);
      json_decref (copy);
    }
  /* every member is needed; the seal is looked at */
  const char *name;
  json_t *member;
  json_object_foreach (document, name, member)
  {
    json_t *copy = json_deep_copy (document);
    json_object_del (copy, name);
    if (strcmp (name, "sha256") != 0)
      assert_ok (delta1_document_seal (copy, &reason), reason);
    assert_refused (delta1_convergence_verify (copy, &reason), DELTA1_INPUT, reason, "");
    json_decref (copy);
  }
  json_object_set_new (document, "rho", json_string ("0.7"));
  assert_refused (delta1_convergence_verify (document, &reason), DELTA1_INPUT, reason, "sha256");
  /* a claim that is weaker than what is proved is a true claim */
  assert_ok (delta1_document_seal (document, &reason), reason);
  assert_ok (delta1_convergence_verify (document, &reason), reason);
  json_decref (document);
  delta1_convergence_clear (&c);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_convergence_t c;
  delta1_convergence_setting_t s;
  delta1_convergence_init (&c);
  delta1_convergence_setting_init (&s);
#define REFUSED(word)                                                                              \
  assert_refused (delta1_convergence_run (&c, &s, &reason), DELTA1_INPUT, reason, word)
  s.order = 32;
  REFUSED ("order 32");
  s.order = 1024;
  REFUSED ("order 1024");
  s.order = 1;
  REFUSED ("order 1;");
  s.order = 256;
  s.sparsity = 9;
  REFUSED ("1 to 8");
  s.sparsity = 0;
  REFUSED ("sparsity 0");
  s.sparsity = 1;
  s.restarts = 0;
  REFUSED ("0 restarts");
  s.restarts = 1;
  s.precision = 63;
  REFUSED ("63 bits");
  s.precision = 64;
  s.seed = -1;
  REFUSED ("seed -1");
  s.seed = 0;
  fmpq_zero (s.delta);
  REFUSED ("delta");
  fmpq_set_si (s.delta, 3, 2);
  REFUSED ("delta");
  /* 64 bits are too few for delta = 10^-40 */
  delta1_number_set_digits (s.delta, 40);
  s.order = 4;
  s.restarts = 120;
  delta1_status_t status = delta1_convergence_run (&c, &s, &reason);
  assert_refused (status, DELTA1_UNDECIDED, reason, "");
  delta1_convergence_setting_clear (&s);
  delta1_convergence_clear (&c);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (constants),   cmocka_unit_test (falls_by_e), cmocka_unit_test (below_doubles),
    cmocka_unit_test (another_run), cmocka_unit_test (layers),     cmocka_unit_test (certificates),
    cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
