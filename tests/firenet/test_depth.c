/* Balls entry by entry widen exponentially, Theorem 6.7 linearly; both hold. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "firenet/depth.h"
#include "firenet/sampled.h"
#include "tests/testing.h"

#define SIDE 8
#define COUNT (SIDE * SIDE)

typedef struct
{
  delta1_operator_t *A[3];
  delta1_restart_t network;
  void *y;
} case_t;

static void
case_init (case_t *c, bool complex, slong bits)
{
  delta1_reason_t reason;
  slong mask[COUNT];
  delta1_sampled_t options
      = { .transform = complex ? DELTA1_TRANSFORM_FOURIER : DELTA1_TRANSFORM_WALSH,
          .wavelet = DELTA1_WAVELET_HAAR,
          .levels = 3,
          .dimensions = 2,
          .side = SIDE,
          .mask = mask };
  for (slong i = 0; i < COUNT; i++)
    if (i == 0 || delta1_test_random_below (2) == 0)
      mask[options.count++] = i;
  const delta1_arithmetic_t *const use[]
      = { complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double,
          complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball };
  const slong precision[] = { 53, bits, 1500 };
  for (int i = 0; i < 3; i++)
    assert_ok (
        delta1_operator_create_sampled (&c->A[i], use[i > 0], precision[i], &options, &reason),
        reason);
  delta1_restart_init (&c->network, 2000);
  arb_one (c->network.steps.tau);
  arb_one (c->network.steps.sigma);
  arb_set_d (c->network.steps.lambda, 0.01);
  arb_set_d (c->network.delta, 1e-3);
  arb_set_si (c->network.eps_0, 4);
  c->network.inner = 5;
  c->network.restarts = 12;
  c->y = use[0]->create (options.count, 53);
  acb_t z;
  acb_init (z);
  for (slong i = 0; i < options.count; i++)
    {
      arb_set_d (acb_realref (z), 1e-3 * (double)delta1_test_random_below (1000) - 0.5);
      if (complex)
        arb_set_d (acb_imagref (z), 1e-3 * (double)delta1_test_random_below (1000) - 0.5);
      use[0]->set_complex (c->y, i, z);
    }
  acb_clear (z);
}

static void
case_clear (case_t *c)
{
  c->A[0]->use->free (c->y, c->A[0]->m);
  for (int i = 0; i < 3; i++)
    delta1_operator_free (c->A[i]);
  delta1_restart_clear (&c->network);
}

static void
growth (void **state)
{
  (void)state;
  for (int complex = 0; complex < 2; complex++)
    {
      delta1_reason_t reason;
      delta1_depth_t depth;
      case_t c;
      case_init (&c, complex == 1, 53);
      const delta1_depth_operators_t operators = { c.A[0], c.A[1], c.A[2] };
      assert_ok (delta1_depth_compare (&depth, &operators, c.y, &c.network, &reason), reason);
      assert_int_equal (depth.count, 60);
      for (slong k = 0; k < depth.count; k++)
        {
          assert_true (isfinite (depth.error[k]) && depth.error[k] <= depth.linear[k]);
          assert_true (depth.linear[k] > 0 && depth.linear[k] < 1e-9);
          if (k > 0)
            assert_true (depth.linear[k] < 40 * (double)(k + 1) * depth.linear[0] + 1e-12);
        }
      /* over 50 steps: less than 100 times, and more than 10^10 times */
      assert_true (depth.linear[59] < 100 * depth.linear[9]);
      assert_true (!(depth.balls[59] < 1e10 * depth.balls[9]));
      assert_true (depth.balls[9] > 0 && isfinite (depth.balls[9]));
      printf ("step 10, 60: linear %.2g, %.2g; balls %.2g, %.2g; error %.2g, %.2g\n",
              depth.linear[9], depth.linear[59], depth.balls[9], depth.balls[59], depth.error[9],
              depth.error[59]);
      delta1_depth_clear (&depth);
      case_clear (&c);
    }
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_depth_t depth;
  case_t real, complex;
  case_init (&real, false, 53);
  case_init (&complex, true, 53);
  const delta1_depth_operators_t no_balls = { real.A[0], real.A[0], real.A[2] };
  assert_refused (delta1_depth_compare (&depth, &no_balls, real.y, &real.network, &reason),
                  DELTA1_INPUT, reason, "balls");
  const delta1_depth_operators_t mixed = { real.A[0], complex.A[1], real.A[2] };
  assert_refused (delta1_depth_compare (&depth, &mixed, real.y, &real.network, &reason),
                  DELTA1_INPUT, reason, "balls");
  const delta1_depth_operators_t no_doubles = { real.A[1], real.A[1], real.A[2] };
  assert_refused (delta1_depth_compare (&depth, &no_doubles, real.y, &real.network, &reason),
                  DELTA1_INPUT, reason, "double");
  const delta1_depth_operators_t good = { real.A[0], real.A[1], real.A[2] };
  real.network.inner = 0;
  assert_refused (delta1_depth_compare (&depth, &good, real.y, &real.network, &reason),
                  DELTA1_INPUT, reason, "steps");
  real.network.inner = (slong)1 << 40;
  assert_refused (delta1_depth_compare (&depth, &good, real.y, &real.network, &reason),
                  DELTA1_INPUT, reason, "steps");
  assert_null (depth.linear);
  case_clear (&real);
  case_clear (&complex);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (growth),
    cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
