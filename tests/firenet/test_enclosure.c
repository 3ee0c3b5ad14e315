/* Enclosures of linear growth: against plain balls at high precision, which share no error bound
 * with them. */
#include "firenet/enclosure.h"
#include "tests/firenet/random_instance.h"

#define BITS 2000

/* left = ||x - centre|| for balls x */
static void
distance (arb_t left, const delta1_arithmetic_t *use, const void *x, const void *centre, slong N)
{
  acb_t a, b;
  acb_init (a);
  acb_init (b);
  arb_zero (left);
  for (slong j = 0; j < N; j++)
    {
      use->get_complex (a, x, j);
      use->get_complex (b, centre, j);
      acb_sub (a, a, b, BITS);
      arb_addmul (left, acb_realref (a), acb_realref (a), BITS);
      arb_addmul (left, acb_imagref (a), acb_imagref (a), BITS);
    }
  arb_sqrtpos (left, left, BITS);
  acb_clear (a);
  acb_clear (b);
}

typedef struct
{
  const instance_t *instance;
  const delta1_arithmetic_t *use;
  slong seen;
  double radius;
  double tightest; /* the largest error/radius */
} watch_t;

/* phi_k(y) by plain balls. */
static delta1_status_t
watch (void *context, slong k, const void *centre, const mag_t radius, delta1_reason_t *reason)
{
  watch_t *w = context;
  slong N = w->instance->N;
  delta1_restart_t network = w->instance->network;
  delta1_operator_t *A = instance_operator (w->instance, w->use, BITS);
  void *y = instance_vector (w->use, BITS, w->instance->y, w->instance->m);
  void *x = w->use->create (N, BITS);
  arb_t left, bound;
  arb_init (left);
  arb_init (bound);
  assert_int_equal (k, w->seen + 1);
  w->seen = k;
  network.restarts = k;
  assert_ok (delta1_restart_run (x, A, y, &network, NULL, reason), *reason);
  distance (left, w->use, x, centre, N);
  arf_set_mag (arb_midref (bound), radius);
  assert_true (arb_le (left, bound));
  assert_false (arb_is_zero (bound));
  w->radius = mag_get_d (radius);
  double share = arf_get_d (arb_midref (left), ARF_RND_NEAR) / w->radius;
  w->tightest = share > w->tightest ? share : w->tightest;
  w->use->free (x, N);
  w->use->free (y, w->instance->m);
  delta1_operator_free (A);
  arb_clear (left);
  arb_clear (bound);
  return DELTA1_OK;
}

static void
contains (void **state)
{
  (void)state;
  static const slong bits[] = { 24, 53, 128 };
  for (int round = 0; round < delta1_test_rounds (12); round++)
    {
      bool is_complex = round % 2 == 1;
      delta1_reason_t reason;
      instance_t instance;
      instance_init (&instance, 3, 5, is_complex, 7, 6);
      if (round % 3 == 2)
        arb_set_d (instance.network.scale, 3);
      watch_t w = { .instance = &instance,
                    .use = is_complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball };
      const delta1_enclosure_observer_t observer = { .restart = watch, .context = &w };
      slong prec = bits[round % 3];
      delta1_operator_t *A = instance_operator (&instance, w.use, prec);
      void *y = instance_vector (w.use, prec, instance.y, 3), *x = w.use->create (5, prec);
      mag_t radius;
      mag_init (radius);
      assert_ok (delta1_enclosure_run (x, radius, A, y, &instance.network, &observer, &reason),
                 reason);
      assert_int_equal (w.seen, 6);
      assert_true (mag_get_d (radius) == w.radius);
      /* 42 steps, numbers below 100: nothing exponential */
      assert_true (mag_cmp_2exp_si (radius, 20 - prec) < 0);
      assert_true (w.tightest > 1e-4);
      acb_t entry;
      acb_init (entry);
      w.use->get_complex (entry, x, 2);
      assert_true (acb_is_exact (entry));
      acb_clear (entry);
      mag_clear (radius);
      w.use->free (x, 5);
      w.use->free (y, 3);
      delta1_operator_free (A);
      instance_clear (&instance);
    }
}

/* A datum with a radius: phi_n of every point of it is in the result. */
static void
wide_data (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const delta1_arithmetic_t *use = &delta1_arithmetic_complex_ball;
  for (int round = 0; round < delta1_test_rounds (10); round++)
    {
      instance_t instance;
      mag_t radius, other;
      arb_t left, bound;
      mag_init (radius);
      mag_init (other);
      arb_init (left);
      arb_init (bound);
      instance_init (&instance, 4, 6, true, 6, 4);
      delta1_operator_t *A = instance_operator (&instance, use, 200);
      acb_ptr wide = _acb_vec_init (4);
      for (slong i = 0; i < 4; i++)
        {
          acb_set (wide + i, instance.y + i);
          mag_set_d (arb_radref (acb_realref (wide + i)), 1e-3);
          mag_set_d (arb_radref (acb_imagref (wide + i)), 1e-3);
          /* a point at the border */
          arb_set_d (bound, delta1_test_random () & 1 ? 0.0009765625 : -0.0009765625);
          arb_add (acb_realref (instance.y + i), acb_realref (instance.y + i), bound, 200);
        }
      void *all = instance_vector (use, 200, wide, 4),
           *one = instance_vector (use, 200, instance.y, 4);
      void *x = use->create (6, 200), *z = use->create (6, 200);
      assert_ok (delta1_enclosure_run (x, radius, A, all, &instance.network, NULL, &reason),
                 reason);
      assert_ok (delta1_enclosure_run (z, other, A, one, &instance.network, NULL, &reason), reason);
      distance (left, use, x, z, 6);
      mag_add (radius, radius, other);
      arf_set_mag (arb_midref (bound), radius);
      mag_zero (arb_radref (bound));
      assert_true (arb_le (left, bound));
      assert_true (mag_get_d (radius) < 1);
      use->free (all, 4);
      use->free (one, 4);
      use->free (x, 6);
      use->free (z, 6);
      _acb_vec_clear (wide, 4);
      delta1_operator_free (A);
      instance_clear (&instance);
      mag_clear (radius);
      mag_clear (other);
      arb_clear (left);
      arb_clear (bound);
    }
}

static delta1_status_t
stop (void *context, slong k, const void *centre, const mag_t radius, delta1_reason_t *reason)
{
  (void)context;
  (void)centre;
  (void)radius;
  return k == 2 ? delta1_fail (reason, DELTA1_BUDGET, "enough") : DELTA1_OK;
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  instance_t instance;
  mag_t radius;
  mag_init (radius);
  instance_init (&instance, 2, 3, false, 3, 3);
  const delta1_arithmetic_t *use = &delta1_arithmetic_ball;
  delta1_operator_t *A = instance_operator (&instance, use, 64);
  delta1_operator_t *doubles = instance_operator (&instance, &delta1_arithmetic_double, 53);
  void *y = instance_vector (use, 64, instance.y, 2), *x = use->create (3, 64);
  delta1_restart_t *network = &instance.network;
  assert_refused (delta1_enclosure_run (x, radius, doubles, y, network, NULL, &reason),
                  DELTA1_INPUT, reason, "double");
  const delta1_enclosure_observer_t observer = { .restart = stop };
  assert_refused (delta1_enclosure_run (x, radius, A, y, network, &observer, &reason),
                  DELTA1_BUDGET, reason, "enough");
  arb_zero (network->delta);
  assert_refused (delta1_enclosure_run (x, radius, A, y, network, NULL, &reason), DELTA1_INPUT,
                  reason, "delta");
  arb_one (network->delta);
  arb_mul_si (network->steps.tau, network->steps.tau, 3, 64);
  network->steps.violate = true; /* not here */
  assert_refused (delta1_enclosure_run (x, radius, A, y, network, NULL, &reason), DELTA1_DOMAIN,
                  reason, "tau sigma");
  arb_div_si (network->steps.tau, network->steps.tau, 6, 64);
  arb_indeterminate ((arb_ptr)use->at (y, 1));
  assert_refused (delta1_enclosure_run (x, radius, A, y, network, NULL, &reason), DELTA1_UNDECIDED,
                  reason, "more bits");
  use->free (x, 3);
  use->free (y, 2);
  delta1_operator_free (A);
  delta1_operator_free (doubles);
  instance_clear (&instance);
  mag_clear (radius);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (contains),
    cmocka_unit_test (wide_data),
    cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
