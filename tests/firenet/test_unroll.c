/* The exported network is phi_n: its value in balls and in doubles against the run. */
#include "firenet/unroll.h"
#include "src/network_document.h"
#include "src/network_evaluate.h"
#include "tests/firenet/random_instance.h"

#include <math.h>
#include <string.h>

#define BITS 2500

static void
export_instance (delta1_network_t **network, const instance_t *instance)
{
  delta1_reason_t reason;
  fmpq_mat_t A;
  fmpq_mat_init (A, instance->m, instance->N);
  for (slong i = 0; i < instance->m * instance->N; i++)
    arf_get_fmpq (fmpq_mat_entry (A, i / instance->N, i % instance->N),
                  arb_midref (acb_realref (instance->A + i)));
  assert_ok (delta1_unroll (network, A, &instance->network, &reason), reason);
  fmpq_mat_clear (A);
}

static void
equals_the_run (void **state)
{
  (void)state;
  static const slong sizes[][4] = { { 1, 1, 1, 1 }, { 2, 3, 1, 3 }, { 3, 2, 4, 1 },
                                    { 1, 4, 2, 3 }, { 3, 5, 3, 4 }, { 2, 2, 5, 3 } };
  bool moved = false;
  for (int round = 0; round < delta1_test_rounds (18); round++)
    {
      delta1_reason_t reason;
      instance_t instance;
      delta1_network_t *network;
      const slong *size = sizes[round % 6];
      slong m = size[0], N = size[1];
      instance_init (&instance, m, N, false, size[2], size[3]);
      arb_set_d (instance.network.upsilon, 0.3671875);
      arb_set_d (instance.network.steps.lambda, 0.03125);
      if (round % 2 == 1)
        arb_set_d (instance.network.scale, 5);
      export_instance (&network, &instance);
      slong layers = 3 * size[2] * size[3] + 1;
      assert_int_equal (delta1_network_layers (network), layers);
      assert_int_equal (delta1_network_inputs (network), m);
      assert_int_equal (delta1_network_outputs (network), N);
      const slong cycle[3] = { 2 * N + m, 2 * (N + m), 2 * N + m + 1 };
      for (slong t = 0; t + 1 < layers; t++)
        assert_int_equal (delta1_network_width (network, t), cycle[t % 3]);

      delta1_operator_t *A = instance_operator (&instance, &delta1_arithmetic_ball, BITS);
      arb_ptr y = instance_vector (&delta1_arithmetic_ball, BITS, instance.y, m);
      arb_ptr x = delta1_arithmetic_ball.create (N, BITS), z = _arb_vec_init (N);
      assert_ok (delta1_restart_run (x, A, y, &instance.network, NULL, &reason), reason);
      delta1_network_evaluate_balls (z, network, y, BITS);
      for (slong j = 0; j < N; j++)
        {
          assert_true (arb_overlaps (z + j, x + j));
          assert_true (mag_cmp_2exp_si (arb_radref (x + j), -1000) < 0);
          assert_true (mag_cmp_2exp_si (arb_radref (z + j), -1000) < 0);
          moved = moved || !arb_contains_zero (z + j);
        }
      double data[3], value[5], error[5];
      for (slong i = 0; i < m; i++)
        data[i] = arf_get_d (arb_midref (y + i), ARF_RND_NEAR);
      assert_ok (delta1_network_evaluate_doubles (value, error, network, data, NULL, &reason),
                 reason);
      for (slong j = 0; j < N; j++)
        assert_true (fabs (value[j] - arf_get_d (arb_midref (x + j), ARF_RND_NEAR))
                     <= error[j] + 1e-15);
      _arb_vec_clear (z, N);
      delta1_arithmetic_ball.free (x, N);
      delta1_arithmetic_ball.free (y, m);
      delta1_operator_free (A);
      delta1_network_free (network);
      instance_clear (&instance);
    }
  assert_true (moved);
}

/* It is a network like any other: it goes to JSON and back. */
static void
document (void **state)
{
  (void)state;
  delta1_reason_t reason;
  instance_t instance;
  delta1_network_t *network, *again;
  json_t *made;
  instance_init (&instance, 2, 3, false, 2, 2);
  arb_set_d (instance.network.upsilon, 0.5);
  export_instance (&network, &instance);
  assert_ok (delta1_network_write (&made, network, &reason), reason);
  assert_ok (delta1_network_read (&again, made, &reason), reason);
  assert_true (delta1_network_equal (network, again));
  json_decref (made);
  delta1_network_free (network);
  delta1_network_free (again);
  instance_clear (&instance);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  instance_t instance;
  delta1_network_t *network;
  fmpq_mat_t A;
  fmpq_mat_init (A, 2, 3);
  instance_init (&instance, 2, 3, false, 2, 2);
  delta1_restart_t *r = &instance.network;
  fmpq_set_si (fmpq_mat_entry (A, 0, 0), 1, 16);
  assert_refused (delta1_unroll (&network, A, r, &reason), DELTA1_INPUT, reason, "upsilon");
  assert_null (network);
  arb_set_d (r->upsilon, 0.5);
  arb_set_d (r->delta, 1);
  arb_mul_2exp_si (r->delta, r->delta, -10000000000);
  assert_refused (delta1_unroll (&network, A, r, &reason), DELTA1_INPUT, reason, "delta");
  arb_one (r->delta);
  r->inner = 30000;
  assert_refused (delta1_unroll (&network, A, r, &reason), DELTA1_INPUT, reason, "layers");
  r->inner = 0;
  assert_refused (delta1_unroll (&network, A, r, &reason), DELTA1_INPUT, reason, "p = 0");
  r->inner = 2;
  mag_set_d (arb_radref (instance.weights + 2), 1e-9);
  assert_refused (delta1_unroll (&network, A, r, &reason), DELTA1_INPUT, reason, "a weight");
  mag_zero (arb_radref (instance.weights + 2));
  fmpq_set_si (fmpq_mat_entry (A, 0, 0), 1000, 1);
  r->steps.violate = true;
  assert_refused (delta1_unroll (&network, A, r, &reason), DELTA1_DOMAIN, reason, "tau sigma");
  fmpq_mat_clear (A);
  instance_clear (&instance);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (equals_the_run),
    cmocka_unit_test (document),
    cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
