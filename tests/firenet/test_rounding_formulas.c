/* The radius of certificate (a) against Corollary 6.7.1, evaluated formula by formula. */
#include <math.h>
#include <stdio.h>

#include "tests/firenet/rounding_problem.h"
#include "tests/testing.h"

#define PREC 128

/* What the program makes of a constant. */
static void
rounded (arb_t to, const arb_t x)
{
  arb_set_d (to, arf_get_d (arb_midref (x), ARF_RND_NEAR));
}

/* larger = the larger of the constant and what is executed, distance = theirs */
static void
pair (arb_t larger, arb_t distance, const arb_t x)
{
  rounded (larger, x);
  arb_sub (distance, larger, x, PREC);
  arb_abs (distance, distance);
  arb_max (larger, larger, x, PREC);
}

/* z += x y */
static void
add (arb_t z, const arb_t x, const arb_t y)
{
  arb_addmul (z, x, y, PREC);
}

/* e_n of Corollary 6.7.1, one formula after the other; numbers below the normal ones left out. */
static void
corollary (arb_t e, const problem_t *p, const delta1_rounding_record_t *rounding, double datum)
{
  enum
  {
    U,
    TAU,
    D_TAU,
    SIGMA,
    D_SIGMA,
    D_T,
    B,
    RHO,
    BETA,
    RHO_A,
    BETA_A,
    Q,
    ALPHA,
    D_ALPHA,
    IOTA,
    D_IOTA,
    EPS,
    ALPHA_BALL,
    Y_HAT,
    D_Y,
    E,
    X,
    NEXT,
    V,
    G,
    RX,
    RV,
    D,
    F,
    BIG,
    SUM,
    MEAN,
    PSI,
    T,
    COUNT
  };
  const delta1_operator_t *A = rounding->A;
  const delta1_steps_t *steps = &p->network.steps;
  slong inner = p->network.inner;
  arb_ptr c = _arb_vec_init (COUNT);
  arf_t bound;
  arf_init (bound);
  arb_set_d (c + U, 0x1p-53 * (1 + 0x1p-20));
  pair (c + TAU, c + D_TAU, steps->tau);
  pair (c + SIGMA, c + D_SIGMA, steps->sigma);
  for (slong i = 0; i < p->N; i++)
    {
      rounded (c + T, steps->tau);
      arb_mul (c + T, c + T, steps->lambda, PREC);
      arb_mul (c + T, c + T, steps->weights + i, PREC);
      rounded (c + T, c + T);
      arb_mul (c + X, steps->tau, steps->lambda, PREC);
      arb_mul (c + X, c + X, steps->weights + i, PREC);
      arb_sub (c + T, c + T, c + X, PREC);
      add (c + D_T, c + T, c + T);
    }
  arb_sqrtpos (c + D_T, c + D_T, PREC);
  arb_get_ubound_arf (bound, A->norm, PREC);
  arb_set_arf (c + B, bound);
  arf_set_mag (arb_midref (c + RHO), A->relative[DELTA1_FORWARD]);
  arf_set_mag (arb_midref (c + BETA), A->absolute[DELTA1_FORWARD]);
  arf_set_mag (arb_midref (c + RHO_A), A->relative[DELTA1_ADJOINT]);
  arf_set_mag (arb_midref (c + BETA_A), A->absolute[DELTA1_ADJOINT]);
  slong half = (delta1_arithmetic_square_roundings (p->m) + 1) / 2;
  arb_mul_si (c + Q, c + U, half + 4, PREC);
  arb_set (c + EPS, p->network.eps_0);
  arb_zero (e);
  for (slong k = 0; k < p->network.restarts; k++)
    {
      delta1_restart_next (c + ALPHA_BALL, c + EPS, &p->network, A->bits + 64);
      pair (c + ALPHA, c + D_ALPHA, c + ALPHA_BALL);
      arb_inv (c + T, c + ALPHA_BALL, A->bits + 64);
      pair (c + IOTA, c + D_IOTA, c + T);
      /* y^ */
      arb_mul (c + D_Y, c + U, c + ALPHA, PREC);
      arb_add (c + D_Y, c + D_Y, c + D_ALPHA, PREC);
      arb_set_d (c + T, datum);
      arb_mul (c + D_Y, c + D_Y, c + T, PREC);
      arb_mul (c + Y_HAT, c + ALPHA, c + T, PREC);
      arb_add (c + Y_HAT, c + Y_HAT, c + D_Y, PREC);
      /* x_0 */
      arb_mul (c + E, c + U, c + ALPHA, PREC);
      arb_add (c + E, c + E, c + D_ALPHA, PREC);
      arb_mul (c + E, c + E, c + PSI, PREC);
      arb_mul (c + X, c + ALPHA, c + PSI, PREC);
      arb_add (c + X, c + X, c + E, PREC);
      add (c + E, c + ALPHA, e);
      arb_sqrt (c + T, steps->tau, PREC);
      arb_div (c + E, c + E, c + T, PREC);
      arb_zero (c + V);
      arb_zero (c + SUM);
      arb_zero (c + MEAN);
      for (slong j = 0; j < inner; j++)
        {
          arb_set_d (c + NEXT, rounding->norm[k * inner + j]);
          /* r_x */
          arb_mul (c + G, c + RHO_A, c + V, PREC);
          arb_add (c + G, c + G, c + BETA_A, PREC);
          arb_mul (c + BIG, c + B, c + V, PREC);
          arb_mul (c + RX, c + D_TAU, c + BIG, PREC);
          add (c + RX, c + TAU, c + G);
          arb_add (c + BIG, c + BIG, c + G, PREC);
          arb_mul (c + BIG, c + BIG, c + TAU, PREC);
          arb_add (c + BIG, c + BIG, c + X, PREC);
          arb_mul (c + BIG, c + BIG, c + U, PREC);
          arb_mul_si (c + BIG, c + BIG, 7, PREC);
          arb_add (c + RX, c + RX, c + BIG, PREC);
          arb_add (c + RX, c + RX, c + D_T, PREC);
          /* r_v */
          arb_mul_2exp_si (c + D, c + NEXT, 1);
          arb_add (c + D, c + D, c + X, PREC);
          arb_mul (c + F, c + B, c + D, PREC);
          arb_add (c + BIG, c + F, c + Y_HAT, PREC);
          arb_add (c + BIG, c + BIG, c + D_Y, PREC);
          arb_mul (c + RV, c + D_SIGMA, c + BIG, PREC);
          arb_mul (c + F, c + F, c + U, PREC);
          add (c + F, c + RHO, c + D);
          arb_add (c + F, c + F, c + BETA, PREC);
          arb_add (c + BIG, c + BIG, c + F, PREC);
          arb_mul (c + BIG, c + BIG, c + SIGMA, PREC);
          arb_add (c + BIG, c + BIG, c + V, PREC);
          arb_add (c + F, c + F, c + D_Y, PREC);
          add (c + RV, c + SIGMA, c + F);
          arb_mul_si (c + BIG, c + BIG, 4, PREC);
          add (c + RV, c + U, c + BIG);
          arb_add (c + RV, c + RV, c + Q, PREC);
          /* Theorem 6.7 */
          arb_sqrt (c + T, steps->tau, PREC);
          add (c + SUM, c + T, c + E);
          arb_add (c + SUM, c + SUM, c + RX, PREC);
          arb_div (c + RX, c + RX, c + T, PREC);
          arb_sqrt (c + T, steps->sigma, PREC);
          arb_div (c + RV, c + RV, c + T, PREC);
          arb_add (c + E, c + E, c + RX, PREC);
          arb_add (c + E, c + E, c + RV, PREC);
          arb_add (c + MEAN, c + MEAN, c + NEXT, PREC);
          arb_set (c + X, c + NEXT);
          arb_add_si (c + V, c + Q, 1, PREC);
        }
      arb_div_si (c + SUM, c + SUM, inner, PREC);
      arb_div_si (c + MEAN, c + MEAN, inner, PREC);
      arb_mul_si (c + T, c + U, inner + 2, PREC);
      add (c + SUM, c + T, c + MEAN);
      add (c + MEAN, c + T, c + MEAN);
      arb_div (e, c + SUM, c + ALPHA_BALL, PREC);
      arb_mul (c + T, c + U, c + IOTA, PREC);
      arb_add (c + T, c + T, c + D_IOTA, PREC);
      arb_mul (c + T, c + T, c + MEAN, PREC);
      arb_add (e, e, c + T, PREC);
      arb_mul (c + PSI, c + MEAN, c + IOTA, PREC);
      arb_add (c + PSI, c + PSI, c + T, PREC);
    }
  _arb_vec_clear (c, COUNT);
  arf_clear (bound);
}

/* The radius is e_n, whatever dominates: the operator, its absolute part, the datum, the norms. */
static void
formulas (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      problem_t p;
      run_t run;
      delta1_rounding_record_t *rounding;
      mag_t radius;
      arb_t expected, quotient;
      arf_t x;
      mag_init (radius);
      arb_init (expected);
      arb_init (quotient);
      arf_init (x);
      problem_init (&p, round % 2 == 0, round % 3 == 0, 0,
                    round % 5 == 0 ? 30 : -(slong)delta1_test_random_below (10));
      slong steps = p.network.inner * p.network.restarts;
      run_init (&run, &p, p.complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double,
                53);
      for (int side = 0; side < 2; side++)
        {
          mag_set_ui_2exp_si (run.A->relative[side], 1 + (ulong)delta1_test_random_below (100),
                              round % 4 == 0 ? -70 : -53);
          mag_set_ui_2exp_si (run.A->absolute[side], 1 + (ulong)delta1_test_random_below (100),
                              round % 4 == 1 ? -48 : -58);
        }
      assert_ok (delta1_rounding_create (&rounding, run.A, steps, &reason), reason);
      rounding->count = steps;
      double size = exp2 ((double)(delta1_test_random_below (40) - 10));
      for (slong k = 0; k < steps; k++)
        rounding->norm[k] = size * (double)(1 + delta1_test_random_below (3));
      assert_ok (delta1_rounding_radius (radius, NULL, rounding, run.y, &p.network, &reason),
                 reason);
      mag_t datum;
      mag_init (datum);
      run.A->use->bound (datum, run.y, p.m);
      corollary (expected, &p, rounding, mag_get_d (datum));
      arf_set_mag (x, radius);
      arb_set_arf (quotient, x);
      arb_div (quotient, quotient, expected, PREC);
      double ratio = arf_get_d (arb_midref (quotient), ARF_RND_NEAR);
      if (!(ratio > 1 - 1e-12 && ratio < 1 + 1e-5))
        fail_msg ("radius/formula - 1 = %g", ratio - 1);
      delta1_rounding_free (rounding);
      run_clear (&run);
      problem_clear (&p);
      mag_clear (radius);
      mag_clear (datum);
      arb_clear (expected);
      arb_clear (quotient);
      arf_clear (x);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (formulas) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
