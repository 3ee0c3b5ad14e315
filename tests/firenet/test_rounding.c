/* Certificate (a): the double run is within the certified radius of the exact network, which is
 * enclosed in balls; the radius is not far above the error, and notices arithmetics that err more.
 */
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/rounding.h"
#include "firenet/sampled.h"
#include "tests/testing.h"

#define BITS 2000

typedef struct
{
  bool complex;
  slong m, N;
  acb_ptr entries, y; /* exact doubles; entries NULL: sampled */
  delta1_sampled_t sampled;
  slong *mask;
  arb_ptr weights;
  delta1_restart_t network;
} problem_t;

/* A double with a few random bits, about 2^exponent. */
static void
random_part (arb_t x, slong exponent)
{
  arb_set_si (x, delta1_test_random_below (((slong)1 << 40)) - ((slong)1 << 39));
  arb_mul_2exp_si (x, x, exponent - 39);
}

static void
random_number (acb_t z, bool complex, slong exponent)
{
  acb_zero (z);
  random_part (acb_realref (z), exponent);
  if (complex)
    random_part (acb_imagref (z), exponent);
}

static void
sampled_init (problem_t *p)
{
  int dimensions = 1 + (int)delta1_test_random_below (2);
  slong bits
      = dimensions == 2 ? 1 + delta1_test_random_below (3) : 2 + delta1_test_random_below (5);
  slong side = (slong)1 << bits, wavelet = delta1_test_random_below (5);
  slong kind = delta1_test_random_below (p->complex ? 3 : 2);
  p->N = dimensions == 2 ? side * side : side;
  p->sampled = (delta1_sampled_t){
    .transform = kind == 0   ? DELTA1_TRANSFORM_NONE
                 : kind == 1 ? DELTA1_TRANSFORM_WALSH
                             : DELTA1_TRANSFORM_FOURIER,
    .wavelet = (delta1_wavelet_t)wavelet,
    .levels = wavelet == DELTA1_WAVELET_NONE ? 0 : 1 + delta1_test_random_below (bits),
    .dimensions = dimensions,
    .side = side,
  };
  p->mask = malloc ((size_t)p->N * sizeof *p->mask);
  p->m = 0;
  for (slong i = 0; i < p->N; i++)
    if (i == 0 || delta1_test_random_below (3) > 0)
      p->mask[p->m++] = i;
  p->sampled.mask = p->mask;
  p->sampled.count = p->m;
}

static delta1_status_t
make_operator (delta1_operator_t **A, const problem_t *p, const delta1_arithmetic_t *use,
               slong bits, delta1_reason_t *reason)
{
  if (p->entries == NULL)
    return delta1_operator_create_sampled (A, use, bits, &p->sampled, reason);
  return delta1_operator_create_complex (A, use, bits, p->entries, p->m, p->N, reason);
}

/* scale: all numbers of matrix and datum are about 2^scale, 2^data. */
static void
problem_init (problem_t *p, bool complex, bool sampled, slong scale, slong data)
{
  delta1_reason_t reason;
  delta1_operator_t *A;
  arb_t step;
  arb_init (step);
  *p = (problem_t){ .complex = complex };
  if (sampled)
    sampled_init (p);
  else
    {
      p->m = 2 + delta1_test_random_below (9);
      p->N = p->m + delta1_test_random_below (14);
      p->entries = _acb_vec_init (p->m * p->N);
    }
  p->y = _acb_vec_init (p->m);
  p->weights = _arb_vec_init (p->N);
  for (slong i = 0; p->entries != NULL && i < p->m * p->N; i++)
    random_number (p->entries + i, complex, scale);
  for (slong i = 0; i < p->m; i++)
    random_number (p->y + i, complex, data);
  for (slong i = 0; i < p->N; i++)
    arb_set_d (p->weights + i, 0.5 + 0.1 * (double)delta1_test_random_below (9));
  delta1_restart_init (&p->network, BITS);
  assert_ok (make_operator (&A, p,
                            complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball,
                            128, &reason),
             reason);
  /* tau = sigma = 0.9/||A||, times and over a power of two; not doubles: what the program makes of
   * them is in the radius. */
  arb_set_si (step, 9);
  arb_div_si (step, step, 10, BITS);
  arf_t upper;
  arf_init (upper);
  arb_get_ubound_arf (upper, A->norm, 64);
  arb_div_arf (step, step, upper, BITS);
  slong tilt = delta1_test_random_below (9) - 4;
  arb_mul_2exp_si (p->network.steps.tau, step, tilt);
  arb_mul_2exp_si (p->network.steps.sigma, step, -tilt);
  arf_clear (upper);
  arb_set_si (p->network.steps.lambda, 1);
  arb_div_si (p->network.steps.lambda, p->network.steps.lambda, 3 + delta1_test_random_below (200),
              BITS);
  if (!sampled)
    arb_mul_2exp_si (p->network.steps.lambda, p->network.steps.lambda, scale);
  p->network.steps.weights = p->weights;
  arb_set_si (p->network.delta, 1);
  arb_div_si (p->network.delta, p->network.delta, 10000, BITS);
  arb_mul_2exp_si (p->network.delta, p->network.delta, data - (slong)delta1_test_random_below (30));
  arb_set_si (p->network.eps_0, 3);
  arb_mul_2exp_si (p->network.eps_0, p->network.eps_0, data);
  p->network.inner = 1 + delta1_test_random_below (8);
  p->network.restarts = 1 + delta1_test_random_below (16);
  arb_clear (step);
  delta1_operator_free (A);
}

static void
problem_clear (problem_t *p)
{
  if (p->entries != NULL)
    _acb_vec_clear (p->entries, p->m * p->N);
  free (p->mask);
  _acb_vec_clear (p->y, p->m);
  _arb_vec_clear (p->weights, p->N);
  delta1_restart_clear (&p->network);
}

typedef struct
{
  delta1_operator_t *A;
  void *x, *y;
} run_t;

static void
run_init (run_t *run, const problem_t *p, const delta1_arithmetic_t *use, slong bits)
{
  delta1_reason_t reason;
  assert_ok (make_operator (&run->A, p, use, bits, &reason), reason);
  run->x = use->create (p->N, bits);
  run->y = use->create (p->m, bits);
  for (slong i = 0; i < p->m; i++)
    use->set_complex (run->y, i, p->y + i);
}

static void
run_clear (run_t *run)
{
  run->A->use->free (run->x, run->A->N);
  run->A->use->free (run->y, run->A->m);
  delta1_operator_free (run->A);
}

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
