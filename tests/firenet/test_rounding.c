/* Certificate (a): the double run is within the certified radius of the exact network, which is
 * enclosed in balls; the radius is not far above the error, and notices arithmetics that err more.
 */
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/firenet/rounding_problem.h"
#include "tests/testing.h"

/* d contains || a - b || */
static void
distance (arb_t d, const run_t *a, const run_t *b)
{
  acb_t s, t;
  acb_init (s);
  acb_init (t);
  arb_zero (d);
  for (slong i = 0; i < a->A->N; i++)
    {
      a->A->use->get_complex (s, a->x, i);
      b->A->use->get_complex (t, b->x, i);
      acb_sub (s, s, t, BITS);
      arb_addmul (d, acb_realref (s), acb_realref (s), BITS);
      arb_addmul (d, acb_imagref (s), acb_imagref (s), BITS);
    }
  arb_sqrtpos (d, d, BITS);
  acb_clear (s);
  acb_clear (t);
}

/* The ratio of error to radius, of a run in `use`. */
static double
ratio_of (const problem_t *p, const delta1_arithmetic_t *use, const delta1_operator_t *bounds)
{
  delta1_reason_t reason;
  delta1_rounding_record_t *rounding;
  run_t run, exact;
  mag_t radius;
  arb_t error, bound;
  mag_init (radius);
  arb_init (error);
  arb_init (bound);
  run_init (&run, p, use, 53);
  run_init (&exact, p, p->complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball,
            BITS);
  slong steps = p->network.inner * p->network.restarts;
  assert_ok (delta1_rounding_create (&rounding, bounds == NULL ? run.A : bounds, steps, &reason),
             reason);
  delta1_observer_t observer = delta1_rounding_observer (rounding);
  assert_ok (delta1_restart_run (run.x, run.A, run.y, &p->network, &observer, &reason), reason);
  assert_ok (delta1_restart_run (exact.x, exact.A, exact.y, &p->network, NULL, &reason), reason);
  assert_ok (delta1_rounding_radius (radius, NULL, rounding, run.y, &p->network, &reason), reason);
  distance (error, &run, &exact);
  assert_true (arb_rel_accuracy_bits (error) > 20 || mag_is_zero (radius)
               || mag_cmp_2exp_si (arb_radref (error), -300) < 0);
  arf_set_mag (arb_midref (bound), radius);
  arb_div (error, error, bound, 64);
  double ratio = arf_get_d (arb_midref (error), ARF_RND_NEAR);
  delta1_rounding_free (rounding);
  run_clear (&run);
  run_clear (&exact);
  mag_clear (radius);
  arb_clear (error);
  arb_clear (bound);
  return ratio;
}

static void
inside_of (bool sampled)
{
  double largest = 0, sum = 0;
  int rounds = delta1_test_rounds (64);
  for (int round = 0; round < rounds; round++)
    {
      problem_t p;
      static const slong scales[][2] = { { 0, 0 },     { 0, 20 },   { -30, 0 },    { 30, 30 },
                                         { 100, -50 }, { 0, -120 }, { -150, -40 }, { 7, 180 } };
      const slong *scale = scales[round % 8];
      problem_init (&p, round % 2 == (round / 8) % 2, sampled, scale[0], scale[1]);
      double ratio = ratio_of (
          &p, p.complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double, NULL);
      assert_true (ratio >= 0 && ratio <= 1);
      largest = fmax (largest, ratio);
      sum += ratio;
      problem_clear (&p);
    }
  printf ("%s: error/radius: mean %.4f, largest %.4f\n", sampled ? "sampled" : "dense",
          sum / rounds, largest);
  /* Not so far above that a smaller constant would pass unnoticed. */
  assert_true (largest > 0.003);
}

static void
inside_dense (void **state)
{
  (void)state;
  inside_of (false);
}

static void
inside_sampled (void **state)
{
  (void)state;
  inside_of (true);
}

/* --- arithmetics that err more than they may -------------------------------------------------- */

/* Where the error is put, and how large: relative to the vector. */
static int place;
static double size;
enum
{
  PRIMAL,
  PRIMAL_EXTRA,
  PRIMAL_SUM,
  DUAL,
  SCALE,
  PLACES
};

static void
spoil (void *v, slong doubles)
{
  for (slong i = 0; i < doubles; i++)
    ((double *)v)[i] *= 1 + size;
}

static void
spoiled_primal (void *x, void *g, void *sum, const void *tau, const void *threshold, slong count)
{
  delta1_arithmetic_double.primal (x, g, sum, tau, threshold, count);
  if (place == PRIMAL || place == PRIMAL_EXTRA || place == PRIMAL_SUM)
    spoil (place == PRIMAL ? x : place == PRIMAL_EXTRA ? g : sum, count);
}

static void
spoiled_dual (void *v, const void *z, const void *y, const void *sigma, const void *radius,
              slong count)
{
  delta1_arithmetic_double.dual (v, z, y, sigma, radius, count);
  if (place == DUAL)
    spoil (v, count);
}

static void
spoiled_scale (void *z, const void *a, const void *x, slong count)
{
  delta1_arithmetic_double.scale (z, a, x, count);
  if (place == SCALE)
    spoil (z, count);
}

/* The radius is broken by 2^-34, and not by some 2^-60, which is no error at all. */
static void
spoiled (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_arithmetic_t use = delta1_arithmetic_double;
  use.real = &delta1_arithmetic_double;
  use.primal = spoiled_primal;
  use.dual = spoiled_dual;
  use.scale = spoiled_scale;
  for (place = 0; place < PLACES; place++)
    for (int large = 0; large < 2; large++)
      {
        double largest = 0;
        for (int round = 0; round < 12; round++)
          {
            problem_t p;
            run_t clean;
            size = large == 1 ? 0x1p-34 : 0x1p-60;
            problem_init (&p, false, false, 0, 0);
            run_init (&clean, &p, &delta1_arithmetic_double, 53);
            largest = fmax (largest, ratio_of (&p, &use, clean.A));
            run_clear (&clean);
            problem_clear (&p);
          }
        assert_true (large == 1 ? largest > 1 : largest <= 1);
      }
  run_t run;
  problem_t p;
  delta1_rounding_record_t *rounding;
  problem_init (&p, false, false, 0, 0);
  run_init (&run, &p, &use, 53);
  assert_refused (delta1_rounding_create (&rounding, run.A, 1, &reason), DELTA1_INPUT, reason,
                  "double");
  run_clear (&run);
  problem_clear (&p);
}

/* --- what is refused ----------------------------------------------------------------------------
 */

static delta1_status_t
recorded_run (run_t *run, delta1_rounding_record_t **rounding, const problem_t *p,
              delta1_reason_t *reason)
{
  assert_ok (
      delta1_rounding_create (rounding, run->A, p->network.inner * p->network.restarts, reason),
      *reason);
  delta1_observer_t observer = delta1_rounding_observer (*rounding);
  return delta1_restart_run (run->x, run->A, run->y, &p->network, &observer, reason);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int complex = 0; complex < 2; complex++)
    {
      const delta1_arithmetic_t *use
          = complex == 1 ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
      problem_t p;
      run_t run;
      delta1_rounding_record_t *rounding;
      mag_t radius;
      acb_t z;
      mag_init (radius);
      acb_init (z);
      problem_init (&p, complex == 1, complex == 1, 0, 0);
      p.network.inner = 3;
      p.network.restarts = 4;
      run_init (&run, &p, use, 53);
      assert_refused (delta1_rounding_create (&rounding, run.A, 0, &reason), DELTA1_INPUT, reason,
                      "inner steps");
      fesetround (FE_UPWARD);
      delta1_status_t status = delta1_rounding_create (&rounding, run.A, 1, &reason);
      fesetround (FE_TONEAREST);
      assert_refused (status, DELTA1_SYSTEM, reason, "nearest");
      assert_null (rounding);

      /* not as many steps as the network has */
      assert_ok (recorded_run (&run, &rounding, &p, &reason), reason);
      assert_ok (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                 reason);
      assert_true (mag_is_finite (radius) && !mag_is_zero (radius));
      p.network.restarts = 3;
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_INPUT, reason, "12 inner steps");
      assert_true (mag_is_inf (radius));
      p.network.restarts = 4;
      rounding->count--;
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_INPUT, reason, "11 inner steps");
      rounding->count++;
      delta1_observer_t observer = delta1_rounding_observer (rounding);
      assert_refused (observer.step (observer.context, run.x, run.y, &reason), DELTA1_INPUT, reason,
                      "announced");

      /* steps that Theorem 6.7 does not know, though the run was made */
      arb_mul_2exp_si (p.network.steps.tau, p.network.steps.tau, 1);
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_DOMAIN, reason, "6.7");
      p.network.steps.violate = true;
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_DOMAIN, reason, "6.7");
      p.network.steps.violate = false;
      arb_mul_2exp_si (p.network.steps.tau, p.network.steps.tau, -1);
      arb_neg (p.network.delta, p.network.delta);
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_INPUT, reason, "delta");
      arb_neg (p.network.delta, p.network.delta);

      /* norms that may overflow, a datum that is not finite */
      double kept = rounding->norm[5];
      rounding->norm[5] = 0x1p501;
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_UNDECIDED, reason, "2^500");
      rounding->norm[5] = INFINITY;
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_UNDECIDED, reason, "2^500");
      rounding->norm[5] = kept;
      arb_set_d (acb_realref (z), NAN);
      ((double *)run.y)[0] = NAN;
      assert_refused (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                      DELTA1_UNDECIDED, reason, "bounded");
      delta1_rounding_free (rounding);

      /* a run that leaves the numbers */
      assert_refused (recorded_run (&run, &rounding, &p, &reason), DELTA1_UNDECIDED, reason,
                      "inner step");
      delta1_rounding_free (rounding);
      for (slong i = 0; i < p.m; i++)
        {
          acb_set_si (z, 1);
          acb_mul_2exp_si (z, z, 450);
          use->set_complex (run.y, i, z);
        }
      arb_mul_2exp_si (p.network.eps_0, p.network.eps_0, 400);
      arb_mul_2exp_si (p.network.delta, p.network.delta, 400);
      arb_mul_2exp_si (p.network.steps.lambda, p.network.steps.lambda, 420);
      status = recorded_run (&run, &rounding, &p, &reason);
      if (status == DELTA1_OK)
        status = delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason);
      assert_true (status == DELTA1_OK || status == DELTA1_UNDECIDED);
      delta1_rounding_free (rounding);

      acb_clear (z);
      mag_clear (radius);
      run_clear (&run);
      problem_clear (&p);
    }
}

/* The profile: each x_{k+1}, by runs that end there. */
static void
profile (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (4); round++)
    {
      problem_t p;
      run_t run, exact;
      delta1_rounding_record_t *rounding;
      mag_t radius;
      double bound[12];
      mag_init (radius);
      problem_init (&p, round % 2 == 0, round % 3 == 0, 0, 0);
      p.network.inner = 1;
      p.network.restarts = 12;
      run_init (&run, &p, p.complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double,
                53);
      run_init (&exact, &p, p.complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball,
                BITS);
      assert_ok (recorded_run (&run, &rounding, &p, &reason), reason);
      assert_ok (delta1_rounding_radius (radius, bound, rounding, run.y, &p.network, &reason),
                 reason);
      assert_true (bound[11] <= mag_get_d (radius) && bound[11] >= 0.9 * mag_get_d (radius));
      for (slong k = 1; k <= 12; k++)
        {
          mag_t shorter;
          mag_init (shorter);
          rounding->count = k;
          p.network.restarts = k;
          assert_ok (delta1_rounding_radius (shorter, NULL, rounding, run.y, &p.network, &reason),
                     reason);
          assert_true (bound[k - 1] <= mag_get_d (shorter));
          assert_true (bound[k - 1] >= 0.5 * mag_get_d (shorter));
          mag_clear (shorter);
        }
      delta1_rounding_free (rounding);
      run_clear (&run);
      run_clear (&exact);
      mag_clear (radius);
      problem_clear (&p);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (inside_dense), cmocka_unit_test (inside_sampled), cmocka_unit_test (spoiled),
    cmocka_unit_test (refusals),     cmocka_unit_test (profile),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
