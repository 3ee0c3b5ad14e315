/* Certificate (c): what doubles say of F(x), of the dual point and of the gap contains what balls
 * say; the gap is never below the true one; dual points that are not feasible are refused. */
#include <math.h>
#include <stdio.h>

#include "firenet/gap.h"
#include "firenet/sampled.h"
#include "firenet/sums.h"
#include "tests/testing.h"

#define BITS 300

static const delta1_arithmetic_t *
doubles (bool complex)
{
  return complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
}

static const delta1_arithmetic_t *
balls (bool complex)
{
  return complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball;
}

static double
random_double (slong exponent)
{
  return ldexp ((double)delta1_test_random_below (((slong)1 << 40)) - 0x1p39, (int)exponent - 39);
}

static void
random_number (acb_t z, bool complex, slong exponent)
{
  acb_zero (z);
  arb_set_d (acb_realref (z), random_double (exponent));
  if (complex)
    arb_set_d (acb_imagref (z), random_double (exponent));
}

typedef struct
{
  bool complex;
  slong m, N;
  delta1_operator_t *A, *exact; /* doubles, balls */
  delta1_steps_t steps;
  arb_ptr weights;
  void *y;
  delta1_point_t point;
} problem_t;

static void
dense (problem_t *p)
{
  delta1_reason_t reason;
  acb_ptr entries = _acb_vec_init (p->m * p->N);
  for (slong i = 0; i < p->m * p->N; i++)
    random_number (entries + i, p->complex, 0);
  assert_ok (delta1_operator_create_complex (&p->A, doubles (p->complex), 53, entries, p->m, p->N,
                                             &reason),
             reason);
  assert_ok (delta1_operator_create_complex (&p->exact, balls (p->complex), BITS, entries, p->m,
                                             p->N, &reason),
             reason);
  _acb_vec_clear (entries, p->m * p->N);
}

static void
sampled (problem_t *p)
{
  delta1_reason_t reason;
  slong mask[64];
  delta1_sampled_t options
      = { .transform = p->complex ? DELTA1_TRANSFORM_FOURIER : DELTA1_TRANSFORM_WALSH,
          .wavelet = (delta1_wavelet_t)(1 + delta1_test_random_below (4)),
          .levels = 1 + delta1_test_random_below (3),
          .dimensions = 2,
          .side = 8,
          .mask = mask };
  p->N = 64;
  for (slong i = 0; i < 64; i++)
    if (i == 3 || delta1_test_random_below (2) == 0)
      mask[options.count++] = i;
  p->m = options.count;
  assert_ok (delta1_operator_create_sampled (&p->A, doubles (p->complex), 53, &options, &reason),
             reason);
  assert_ok (
      delta1_operator_create_sampled (&p->exact, balls (p->complex), BITS, &options, &reason),
      reason);
}

static void
problem_init (problem_t *p, bool complex)
{
  p->complex = complex;
  p->m = 1 + delta1_test_random_below (20);
  p->N = 1 + delta1_test_random_below (40);
  acb_t z;
  acb_init (z);
  if (delta1_test_random_below (2) == 0)
    dense (p);
  else
    sampled (p);
  p->weights = _arb_vec_init (p->N);
  for (slong i = 0; i < p->N; i++)
    {
      arb_set_si (p->weights + i, 2 + delta1_test_random_below (4));
      arb_sqrt (p->weights + i, p->weights + i, BITS);
    }
  delta1_steps_init (&p->steps);
  p->steps.weights = delta1_test_random_below (3) == 0 ? NULL : p->weights;
  arb_set_si (p->steps.lambda, 1);
  arb_div_si (p->steps.lambda, p->steps.lambda, 3 + delta1_test_random_below (30), BITS);
  arf_t norm;
  arf_init (norm);
  arb_get_ubound_arf (norm, p->A->norm, 64);
  arb_set_d (p->steps.tau, 0.9 / arf_get_d (norm, ARF_RND_UP));
  arb_set (p->steps.sigma, p->steps.tau);
  arf_clear (norm);
  p->y = p->A->use->create (p->m, 53);
  p->point = (delta1_point_t){ .x = p->A->use->create (p->N, 53),
                               .v = p->A->use->create (p->m, 53),
                               .u = p->A->use->create (p->m, 53) };
  for (slong i = 0; i < p->m; i++)
    {
      random_number (z, complex, 3);
      p->A->use->set_complex (p->y, i, z);
    }
  acb_clear (z);
}

static void
problem_clear (problem_t *p)
{
  p->A->use->free (p->y, p->m);
  p->A->use->free (p->point.x, p->N);
  p->A->use->free (p->point.v, p->m);
  p->A->use->free (p->point.u, p->m);
  delta1_operator_free (p->A);
  delta1_operator_free (p->exact);
  _arb_vec_clear (p->weights, p->N);
  delta1_steps_clear (&p->steps);
}

/* The same vector in balls. */
static void *
exactly (const problem_t *p, const void *v, slong count)
{
  void *w = p->exact->use->create (count, BITS);
  acb_t z;
  acb_init (z);
  for (slong i = 0; i < count; i++)
    {
      p->A->use->get_complex (z, v, i);
      p->exact->use->set_complex (w, i, z);
    }
  acb_clear (z);
  return w;
}

static delta1_status_t
evaluate_exactly (delta1_gap_t *gap, const problem_t *p, const void *x, const void *u,
                  delta1_reason_t *reason)
{
  void *xe = exactly (p, x, p->N), *ye = exactly (p, p->y, p->m), *ue = exactly (p, u, p->m);
  delta1_status_t status = delta1_gap_evaluate (gap, p->exact, xe, ye, ue, &p->steps, reason);
  p->exact->use->free (xe, p->N);
  p->exact->use->free (ye, p->m);
  p->exact->use->free (ue, p->m);
  return status;
}

static void
enclosures (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      problem_t p;
      delta1_gap_t gap, exact;
      delta1_gap_init (&gap);
      delta1_gap_init (&exact);
      problem_init (&p, round % 2 == 1);
      acb_t z;
      acb_init (z);
      /* any x, any v, of any size */
      slong size = delta1_test_random_below (9) - 4;
      for (slong i = 0; i < p.N; i++)
        {
          random_number (z, p.complex, size);
          p.A->use->set_complex (p.point.x, i, z);
        }
      slong length = delta1_test_random_below (60) - 40;
      for (slong i = 0; i < p.m; i++)
        {
          random_number (z, p.complex, length);
          p.A->use->set_complex (p.point.v, i, z);
        }
      assert_ok (delta1_gap_make_feasible (p.point.u, p.A, p.point.v, &p.steps, &reason), reason);
      assert_ok (delta1_gap_evaluate (&gap, p.A, p.point.x, p.y, p.point.u, &p.steps, &reason),
                 reason);
      assert_ok (evaluate_exactly (&exact, &p, p.point.x, p.point.u, &reason), reason);
      assert_true (arb_contains (gap.objective, exact.objective));
      assert_true (arb_contains (gap.dual, exact.dual));
      assert_true (mag_cmp (gap.gap, exact.gap) >= 0);
      assert_true (mag_cmp (gap.relative, exact.relative) >= 0);
      assert_true (arb_rel_accuracy_bits (gap.objective) > 30);
      problem_clear (&p);
      delta1_gap_clear (&gap);
      delta1_gap_clear (&exact);
      acb_clear (z);
    }
}

/* The scale is the largest: 2^-30 more is not feasible, unless v itself was inside. */
static void
largest_scale (void **state)
{
  (void)state;
  delta1_reason_t reason;
  int at_ball = 0, at_constraint = 0;
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      problem_t p;
      delta1_gap_t gap;
      arb_t norm, factor;
      acb_t z;
      delta1_gap_init (&gap);
      arb_init (norm);
      arb_init (factor);
      acb_init (z);
      problem_init (&p, round % 2 == 1);
      if (round % 3 == 0)
        arb_set_si (p.steps.lambda, 1000); /* only the unit ball counts */
      for (slong i = 0; i < p.m; i++)
        {
          random_number (z, p.complex, 3);
          p.A->use->set_complex (p.point.v, i, z);
        }
      assert_ok (delta1_gap_make_feasible (p.point.u, p.A, p.point.v, &p.steps, &reason), reason);
      delta1_sums_norm (norm, p.A->use, p.point.u, p.m);
      arb_sub_si (norm, norm, 1, 64);
      arb_neg (norm, norm);
      assert_true (arb_is_positive (norm));
      if (round % 3 == 0)
        {
          assert_true (arf_cmp_2exp_si (arb_midref (norm), -35) < 0);
          at_ball++;
        }
      else
        at_constraint++;
      arb_set_d (factor, 1 + 0x1p-30);
      void *scalar = p.A->use->real->create (1, 53);
      p.A->use->real->set_ball (scalar, 0, factor);
      p.A->use->scale (p.point.v, scalar, p.point.u, p.m);
      p.A->use->real->free (scalar, 1);
      delta1_status_t status
          = delta1_gap_evaluate (&gap, p.A, p.point.x, p.y, p.point.v, &p.steps, &reason);
      if (status != DELTA1_DOMAIN) /* the unit ball */
        assert_refused (status, DELTA1_UNDECIDED, reason, "certain");
      assert_true (mag_is_inf (gap.gap) && mag_is_inf (gap.relative));
      assert_refused (evaluate_exactly (&gap, &p, p.point.x, p.point.v, &reason), DELTA1_DOMAIN,
                      reason, "certain");
      assert_true (mag_is_inf (gap.gap) && mag_is_inf (gap.relative));
      problem_clear (&p);
      delta1_gap_clear (&gap);
      arb_clear (norm);
      arb_clear (factor);
      acb_clear (z);
    }
  assert_true (at_ball > 0 && at_constraint > 0);
}

/* F(x) - F(z) <= gap of x, for the best z that is known; and the polish gets there. */
static void
polish (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (12); round++)
    {
      problem_t p;
      delta1_gap_t first, last;
      arb_t d;
      delta1_gap_init (&first);
      delta1_gap_init (&last);
      arb_init (d);
      problem_init (&p, round % 2 == 1);
      delta1_polish_t few = { .most = 40, .every = 7, .target = 0 };
      delta1_polish_t many = { .most = 200000, .every = 100, .target = 1e-6 };
      assert_ok (delta1_gap_polish (&first, &p.point, p.A, p.y, &p.steps, &few, &reason), reason);
      assert_int_equal (few.made, 40);
      assert_true (few.seconds > 0);
      assert_ok (delta1_gap_polish (&last, &p.point, p.A, p.y, &p.steps, &many, &reason), reason);
      assert_true (mag_get_d (last.relative) <= 1e-6);
      assert_true (many.made < many.most && many.made % 100 == 0);
      arb_sub (d, first.objective, last.objective, 64);
      arf_t bound;
      arf_init (bound);
      arf_set_mag (bound, first.gap);
      assert_true (arf_cmp (arb_midref (d), bound) <= 0);
      assert_true (mag_cmp (first.gap, last.gap) > 0 || mag_get_d (first.relative) < 1e-6);
      /* what is returned is what was claimed */
      delta1_gap_t again;
      delta1_gap_init (&again);
      assert_ok (delta1_gap_evaluate (&again, p.A, p.point.x, p.y, p.point.u, &p.steps, &reason),
                 reason);
      assert_true (mag_equal (again.gap, last.gap) && mag_equal (again.relative, last.relative));
      assert_ok (evaluate_exactly (&again, &p, p.point.x, p.point.u, &reason), reason);
      assert_true (mag_cmp (again.gap, last.gap) <= 0);
      delta1_gap_clear (&again);
      arf_clear (bound);
      problem_clear (&p);
      delta1_gap_clear (&first);
      delta1_gap_clear (&last);
      arb_clear (d);
    }
}

/* A = [4, 1], y = 2, lambda = 1/2: F* = 1/4 at e_1/2, u = -1/8. */
static void
known (void **state)
{
  (void)state;
  static const double entries[2] = { 4, 1 };
  delta1_reason_t reason;
  delta1_operator_t *A;
  delta1_gap_t gap;
  delta1_steps_t steps;
  double x[8] = { 0.5, 0 }, y[8] = { 2 }, v[8] = { -7 }, u[8] = { 0 };
  delta1_gap_init (&gap);
  delta1_steps_init (&steps);
  arb_set_d (steps.lambda, 0.5);
  assert_ok (
      delta1_operator_create_double (&A, &delta1_arithmetic_double, 53, entries, 1, 2, &reason),
      reason);
  assert_ok (delta1_gap_make_feasible (u, A, v, &steps, &reason), reason);
  assert_true (u[0] < 0 && fabs (u[0] + 0.125) < 1e-10);
  assert_ok (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), reason);
  assert_true (fabs (arf_get_d (arb_midref (gap.objective), ARF_RND_NEAR) - 0.25) < 1e-12);
  assert_true (mag_get_d (gap.gap) < 1e-10 && mag_get_d (gap.relative) < 4e-10);
  assert_true (mag_get_d (gap.relative) >= mag_get_d (gap.gap) / 0.2500001);
  x[1] = 0.25;
  assert_ok (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), reason);
  assert_true (fabs (mag_get_d (gap.gap) - 0.375) < 1e-6);
  /* the wrong side: a dual that proves nothing */
  u[0] = -u[0];
  assert_ok (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), reason);
  assert_true (mag_is_inf (gap.relative) && fabs (mag_get_d (gap.gap) - 0.875) < 1e-6);
  delta1_operator_free (A);
  delta1_steps_clear (&steps);
  delta1_gap_clear (&gap);
}

static void
refusals (void **state)
{
  (void)state;
  static const double entries[2] = { 4, 1 };
  delta1_reason_t reason;
  delta1_operator_t *A;
  delta1_gap_t gap;
  delta1_steps_t steps;
  double x[8] = { 0.5, 0 }, y[8] = { 2 }, v[8] = { NAN }, u[8] = { 0 };
  delta1_gap_init (&gap);
  delta1_steps_init (&steps);
  assert_ok (
      delta1_operator_create_double (&A, &delta1_arithmetic_double, 53, entries, 1, 2, &reason),
      reason);
  assert_refused (delta1_gap_make_feasible (u, A, v, &steps, &reason), DELTA1_INPUT, reason,
                  "lambda");
  arb_set_d (steps.lambda, 0.5);
  assert_refused (delta1_gap_make_feasible (u, A, v, &steps, &reason), DELTA1_UNDECIDED, reason,
                  "feasible");
  v[0] = INFINITY;
  assert_refused (delta1_gap_make_feasible (u, A, v, &steps, &reason), DELTA1_UNDECIDED, reason,
                  "feasible");
  u[0] = NAN;
  assert_refused (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), DELTA1_UNDECIDED, reason,
                  "unit ball");
  u[0] = 0.01;
  x[1] = NAN;
  assert_refused (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), DELTA1_UNDECIDED, reason,
                  "finite");
  x[1] = 0x1p600;
  assert_refused (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), DELTA1_UNDECIDED, reason,
                  "finite");
  x[1] = 0;
  y[0] = INFINITY;
  assert_refused (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), DELTA1_UNDECIDED, reason,
                  "finite");
  y[0] = 2;
  /* lambda below the rounding error of A* v */
  v[0] = 1;
  arb_set_d (steps.lambda, 1e-18);
  assert_refused (delta1_gap_make_feasible (u, A, v, &steps, &reason), DELTA1_UNDECIDED, reason,
                  "feasible");
  arb_set_d (steps.lambda, 0.5);
  delta1_point_t point = { x, v, u };
  delta1_polish_t polish_options = { .most = 0, .every = 1 };
  assert_refused (delta1_gap_polish (&gap, &point, A, y, &steps, &polish_options, &reason),
                  DELTA1_INPUT, reason, "0 steps");
  polish_options = (delta1_polish_t){ .most = 1, .every = 1, .target = NAN };
  assert_refused (delta1_gap_polish (&gap, &point, A, y, &steps, &polish_options, &reason),
                  DELTA1_INPUT, reason, "target");
  polish_options = delta1_polish_defaults;
  arb_set_d (steps.tau, 1);
  arb_set_d (steps.sigma, 1);
  assert_refused (delta1_gap_polish (&gap, &point, A, y, &steps, &polish_options, &reason),
                  DELTA1_DOMAIN, reason, "tau sigma");
  delta1_operator_free (A);
  assert_ok (
      delta1_operator_create_double (&A, &delta1_arithmetic_mpfr, 53, entries, 1, 2, &reason),
      reason);
  assert_refused (delta1_gap_make_feasible (u, A, v, &steps, &reason), DELTA1_INPUT, reason,
                  "MPFR");
  assert_refused (delta1_gap_evaluate (&gap, A, x, y, u, &steps, &reason), DELTA1_INPUT, reason,
                  "MPFR");
  delta1_operator_free (A);
  delta1_steps_clear (&steps);
  delta1_gap_clear (&gap);
}

/* Sums over all sizes, with terms of very different sizes, contain the sums in balls. */
static void
sums (void **state)
{
  (void)state;
  for (int round = 0; round < delta1_test_rounds (200); round++)
    {
      bool complex = round % 2 == 1;
      const delta1_arithmetic_t *use = doubles (complex);
      slong count = 1 + delta1_test_random_below (round < 20 ? 6000 : 300);
      void *x = use->create (count, 53), *y = use->create (count, 53);
      double *w = calloc ((size_t)count, sizeof *w);
      slong spread = round % 3 == 0 ? 1 : 300, tilt = round % 5 == 0 ? -1060 : -spread / 2;
      acb_t s, t;
      arb_t got, norm, dot, absolute, size;
      acb_init (s);
      acb_init (t);
      arb_init (got);
      arb_init (norm);
      arb_init (dot);
      arb_init (absolute);
      arb_init (size);
      for (slong i = 0; i < count; i++)
        {
          random_number (s, complex, delta1_test_random_below (spread) + tilt);
          use->set_complex (x, i, s);
          random_number (s, complex, delta1_test_random_below (spread) + tilt);
          use->set_complex (y, i, s);
          w[i] = fabs (random_double (2));
          use->get_complex (s, x, i);
          use->get_complex (t, y, i);
          arb_addmul (norm, acb_realref (s), acb_realref (s), 2500);
          arb_addmul (norm, acb_imagref (s), acb_imagref (s), 2500);
          arb_addmul (dot, acb_realref (s), acb_realref (t), 2500);
          arb_addmul (dot, acb_imagref (s), acb_imagref (t), 2500);
          acb_abs (size, s, 2500);
          arb_set_d (got, w[i]);
          arb_addmul (absolute, got, size, 2500);
        }
      arb_sqrt (norm, norm, 2500);
      delta1_sums_norm (got, use, x, count);
      assert_true (arb_contains (got, norm));
      assert_true (tilt < -1000 || arb_rel_accuracy_bits (got) > 42);
      delta1_sums_dot (got, use, x, y, count);
      assert_true (arb_contains (got, dot));
      delta1_sums_absolute (got, use, x, w, count);
      assert_true (arb_contains (got, absolute));
      assert_true (tilt < -1000 || arb_rel_accuracy_bits (got) > 42);
      use->free (x, count);
      use->free (y, count);
      free (w);
      acb_clear (s);
      acb_clear (t);
      arb_clear (got);
      arb_clear (norm);
      arb_clear (dot);
      arb_clear (absolute);
      arb_clear (size);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (sums),   cmocka_unit_test (enclosures), cmocka_unit_test (largest_scale),
    cmocka_unit_test (polish), cmocka_unit_test (known),      cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
