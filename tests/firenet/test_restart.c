/* The inner iteration and the restarted network: one program in three arithmetics. */
#include "firenet/restart.h"
#include "tests/testing.h"

#include <math.h>
#include <string.h>

#define M 3
#define N 5
#define BITS 1500

/* A problem and a network with valid steps, in one arithmetic. */
typedef struct
{
  const delta1_arithmetic_t *use;
  delta1_operator_t *A;
  delta1_restart_t network;
  void *x, *y;
} run_t;

/* 3 x 5 and a datum: integers over 16. */
typedef struct
{
  fmpq_mat_t A;
  fmpq_mat_t y;
  arb_ptr weights;
} problem_t;

static void
problem_init (problem_t *p)
{
  fmpq_mat_init (p->A, M, N);
  fmpq_mat_init (p->y, M, 1);
  p->weights = _arb_vec_init (N);
  for (slong i = 0; i < M * N; i++)
    fmpq_set_si (fmpq_mat_entry (p->A, i / N, i % N), delta1_test_random_below (129) - 64, 16);
  for (slong i = 0; i < M; i++)
    fmpq_set_si (fmpq_mat_entry (p->y, i, 0), delta1_test_random_below (65) - 32 + (i == 0) * 50,
                 16);
  for (slong j = 0; j < N; j++)
    arb_set_d (p->weights + j, 0.5 + 0.125 * (double)delta1_test_random_below (8));
}

static void
problem_clear (problem_t *p)
{
  fmpq_mat_clear (p->A);
  fmpq_mat_clear (p->y);
  _arb_vec_clear (p->weights, N);
}

static void
run_init (run_t *run, const problem_t *p, const delta1_arithmetic_t *use, slong bits)
{
  delta1_reason_t reason;
  arb_t entry, upper;
  arf_t bound;
  arb_init (entry);
  arb_init (upper);
  arf_init (bound);
  run->use = use;
  assert_ok (delta1_operator_create_rational (&run->A, use, bits, p->A, &reason), reason);
  delta1_restart_init (&run->network, bits + 64);
  /* The same steps in every arithmetic: dyadic, about 0.9/||A||. */
  arb_set_si (upper, 9);
  arb_div_si (upper, upper, 10, 64);
  arb_div (upper, upper, run->A->norm, 64);
  arf_set_d (bound, ldexp (floor (ldexp (arf_get_d (arb_midref (upper), ARF_RND_DOWN), 20)), -20));
  arb_set_arf (run->network.steps.tau, bound);
  arb_set (run->network.steps.sigma, run->network.steps.tau);
  arb_set_d (run->network.steps.lambda, 0.25);
  run->network.steps.weights = p->weights;
  arb_set_si (run->network.eps_0, 8);
  run->network.inner = 20;
  run->network.restarts = 8;
  run->x = use->create (N, bits);
  run->y = use->create (M, bits);
  for (slong i = 0; i < M; i++)
    {
      arb_set_fmpq (entry, fmpq_mat_entry (p->y, i, 0), bits + 64);
      use->set_ball (run->y, i, entry);
    }
  arb_clear (entry);
  arb_clear (upper);
  arf_clear (bound);
}

static void
run_clear (run_t *run)
{
  run->use->free (run->x, N);
  run->use->free (run->y, M);
  delta1_operator_free (run->A);
  delta1_restart_clear (&run->network);
}

static void
go (run_t *run)
{
  delta1_reason_t reason;
  assert_ok (delta1_restart_run (run->x, run->A, run->y, &run->network, NULL, &reason), reason);
}

/* Each x_j of both, as balls, at most 2^-slack apart. */
static void
assert_near (const run_t *one, const run_t *two, slong slack)
{
  arb_t a, b;
  mag_t bound;
  arb_init (a);
  arb_init (b);
  mag_init (bound);
  for (slong j = 0; j < N; j++)
    {
      one->use->get_ball (a, one->x, j);
      two->use->get_ball (b, two->x, j);
      arb_sub (a, a, b, BITS);
      arb_get_mag (bound, a);
      assert_true (mag_cmp_2exp_si (bound, -slack) < 0);
    }
  arb_clear (a);
  arb_clear (b);
  mag_clear (bound);
}

static void
three_arithmetics (void **state)
{
  (void)state;
  bool moved = false;
  for (int round = 0; round < delta1_test_rounds (12); round++)
    {
      problem_t p;
      run_t balls, more, doubles, big;
      problem_init (&p);
      run_init (&balls, &p, &delta1_arithmetic_ball, BITS);
      run_init (&more, &p, &delta1_arithmetic_ball, 2 * BITS);
      run_init (&doubles, &p, &delta1_arithmetic_double, 53);
      run_init (&big, &p, &delta1_arithmetic_mpfr, 400);
      go (&balls);
      go (&more);
      go (&doubles);
      go (&big);
      for (slong j = 0; j < N; j++)
        {
          arb_srcptr x = (arb_srcptr)balls.x + j;
          assert_true (arb_contains (x, (arb_srcptr)more.x + j));
          assert_true (mag_cmp_2exp_si (arb_radref (x), -300) < 0);
          moved = moved || !arb_contains_zero (x);
        }
      assert_near (&balls, &big, 300);
      assert_near (&balls, &doubles, 38);
      run_clear (&balls);
      run_clear (&more);
      run_clear (&doubles);
      run_clear (&big);
      problem_clear (&p);
    }
  assert_true (moved);
}

/* The formulas of the header, one scalar at a time, in balls at twice the precision. */
static void
slow_inner (arb_ptr average, const problem_t *p, const run_t *run, slong steps)
{
  slong prec = 2 * BITS;
  arb_ptr x = _arb_vec_init (N), next = _arb_vec_init (N), v = _arb_vec_init (M);
  arb_t sum, term, t, zero;
  arb_init (sum);
  arb_init (term);
  arb_init (t);
  arb_init (zero);
  _arb_vec_zero (average, N);
  for (slong k = 0; k < steps; k++)
    {
      for (slong j = 0; j < N; j++)
        {
          arb_zero (sum);
          for (slong i = 0; i < M; i++)
            {
              arb_mul_fmpz (term, v + i, fmpq_numref (fmpq_mat_entry (p->A, i, j)), prec);
              arb_div_fmpz (term, term, fmpq_denref (fmpq_mat_entry (p->A, i, j)), prec);
              arb_add (sum, sum, term, prec);
            }
          arb_mul (sum, sum, run->network.steps.tau, prec);
          arb_sub (sum, x + j, sum, prec);
          arb_mul (t, run->network.steps.tau, run->network.steps.lambda, prec);
          arb_mul (t, t, p->weights + j, prec);
          if (arb_gt (sum, t))
            arb_sub (next + j, sum, t, prec);
          else
            {
              arb_add (term, sum, t, prec);
              if (arb_is_negative (term))
                arb_set (next + j, term);
              else
                arb_zero (next + j);
            }
          arb_div_si (term, next + j, steps, prec);
          arb_add (average + j, average + j, term, prec);
        }
      for (slong i = 0; i < M; i++)
        {
          arb_set_fmpq (sum, fmpq_mat_entry (p->y, i, 0), prec);
          arb_neg (sum, sum);
          for (slong j = 0; j < N; j++)
            {
              arb_mul_2exp_si (term, next + j, 1);
              arb_sub (term, term, x + j, prec);
              arb_mul_fmpz (term, term, fmpq_numref (fmpq_mat_entry (p->A, i, j)), prec);
              arb_div_fmpz (term, term, fmpq_denref (fmpq_mat_entry (p->A, i, j)), prec);
              arb_add (sum, sum, term, prec);
            }
          arb_mul (sum, sum, run->network.steps.sigma, prec);
          arb_add (v + i, v + i, sum, prec);
        }
      arb_zero (sum);
      for (slong i = 0; i < M; i++)
        arb_addmul (sum, v + i, v + i, prec);
      arb_sqrt (sum, sum, prec);
      arb_one (t);
      if (arb_gt (sum, t))
        for (slong i = 0; i < M; i++)
          arb_div (v + i, v + i, sum, prec);
      for (slong j = 0; j < N; j++)
        arb_swap (x + j, next + j);
    }
  arb_clear (sum);
  arb_clear (term);
  arb_clear (t);
  arb_clear (zero);
  _arb_vec_clear (x, N);
  _arb_vec_clear (next, N);
  _arb_vec_clear (v, M);
}

static void
slow_reference (void **state)
{
  (void)state;
  delta1_reason_t reason;
  arb_ptr average = _arb_vec_init (N);
  for (int round = 0; round < delta1_test_rounds (10); round++)
    {
      problem_t p;
      run_t run;
      delta1_iteration_t *iteration;
      slong steps = 1 + delta1_test_random_below (40);
      problem_init (&p);
      run_init (&run, &p, &delta1_arithmetic_ball, BITS);
      assert_ok (delta1_iteration_create (&iteration, run.A, &run.network.steps, &reason), reason);
      /* a run before leaves nothing behind */
      assert_ok (delta1_iteration_run (iteration, run.x, run.y, 3, NULL, &reason), reason);
      _arb_vec_zero (run.x, N);
      assert_ok (delta1_iteration_run (iteration, run.x, run.y, steps, NULL, &reason), reason);
      slow_inner (average, &p, &run, steps);
      for (slong j = 0; j < N; j++)
        assert_true (arb_overlaps ((arb_srcptr)run.x + j, average + j));
      delta1_iteration_free (iteration);
      run_clear (&run);
      problem_clear (&p);
    }
  _arb_vec_clear (average, N);
}

/* eps_k, alpha_k and the restarts, from the inner iteration alone. */
static void
restarts (void **state)
{
  (void)state;
  delta1_reason_t reason;
  problem_t p;
  run_t whole, part;
  delta1_iteration_t *iteration;
  arb_t eps, alpha;
  arb_init (eps);
  arb_init (alpha);
  problem_init (&p);
  for (int own = 0; own < 2; own++)
    {
      run_init (&whole, &p, &delta1_arithmetic_ball, BITS);
      run_init (&part, &p, &delta1_arithmetic_ball, BITS);
      if (own == 1)
        arb_set_si (whole.network.scale, 7);
      go (&whole);
      assert_ok (delta1_iteration_create (&iteration, part.A, &part.network.steps, &reason),
                 reason);
      void *datum = part.use->create (M, BITS);
      arb_set (eps, part.network.eps_0);
      for (slong k = 0; k < part.network.restarts; k++)
        {
          arb_add (eps, eps, part.network.delta, BITS);
          arb_const_e (alpha, BITS);
          arb_div (eps, eps, alpha, BITS);
          arb_mul_si (alpha, eps, part.network.inner, BITS);
          if (own == 0)
            {
              arb_mul (alpha, alpha, part.network.steps.sigma, BITS);
              arb_inv (alpha, alpha, BITS);
            }
          else
            {
              arb_inv (alpha, alpha, BITS);
              arb_mul_si (alpha, alpha, 7, BITS);
            }
          arb_mul_2exp_si (alpha, alpha, 1);
          for (slong i = 0; i < M; i++)
            arb_mul ((arb_ptr)datum + i, (arb_srcptr)part.y + i, alpha, BITS);
          for (slong j = 0; j < N; j++)
            arb_mul ((arb_ptr)part.x + j, (arb_srcptr)part.x + j, alpha, BITS);
          assert_ok (
              delta1_iteration_run (iteration, part.x, datum, part.network.inner, NULL, &reason),
              reason);
          for (slong j = 0; j < N; j++)
            arb_div ((arb_ptr)part.x + j, (arb_srcptr)part.x + j, alpha, BITS);
        }
      for (slong j = 0; j < N; j++)
        assert_true (arb_overlaps ((arb_srcptr)whole.x + j, (arb_srcptr)part.x + j));
      part.use->free (datum, M);
      delta1_iteration_free (iteration);
      run_clear (&whole);
      run_clear (&part);
    }
  arb_clear (eps);
  arb_clear (alpha);
  problem_clear (&p);
}

/* The two ends of mathematics.md 6: orthogonal rows turn nothing, Theorem 6.5 holds. */
static void
theorems (void **state)
{
  (void)state;
  arb_t left, right, d;
  arb_init (left);
  arb_init (right);
  arb_init (d);
  for (int round = 0; round < delta1_test_rounds (10); round++)
    {
      problem_t p, turned;
      run_t one, two;
      fmpq_mat_t U;
      problem_init (&p);
      problem_init (&turned);
      fmpq_mat_init (U, M, M);
      fmpq_mat_one (U);
      fmpq_set_si (fmpq_mat_entry (U, 0, 0), 3, 5);
      fmpq_set_si (fmpq_mat_entry (U, 0, 2), -4, 5);
      fmpq_set_si (fmpq_mat_entry (U, 2, 0), 4, 5);
      fmpq_set_si (fmpq_mat_entry (U, 2, 2), 3, 5);
      fmpq_mat_mul (turned.A, U, p.A);
      fmpq_mat_mul (turned.y, U, p.y);
      for (slong j = 0; j < N; j++)
        arb_set (turned.weights + j, p.weights + j);
      run_init (&one, &p, &delta1_arithmetic_ball, BITS);
      run_init (&two, &turned, &delta1_arithmetic_ball, BITS);
      go (&one);
      go (&two);
      for (slong j = 0; j < N; j++)
        assert_true (arb_overlaps ((arb_srcptr)one.x + j, (arb_srcptr)two.x + j));
      run_clear (&two);

      /* y + e: ||phi(y + e) - phi(y)|| <= (n (p-1)/2) sqrt(tau sigma) ||e|| */
      run_init (&two, &p, &delta1_arithmetic_ball, BITS);
      arb_zero (right);
      for (slong i = 0; i < M; i++)
        {
          arb_set_si (d, delta1_test_random_below (2001) - 1000);
          arb_mul_2exp_si (d, d, -10 - (slong)delta1_test_random_below (20));
          arb_add ((arb_ptr)two.y + i, (arb_srcptr)two.y + i, d, BITS);
          arb_addmul (right, d, d, BITS);
        }
      go (&two);
      arb_sqrtpos (right, right, BITS);
      arb_mul (right, right, two.network.steps.tau, BITS);
      arb_mul_si (right, right, two.network.restarts * (two.network.inner - 1), BITS);
      arb_mul_2exp_si (right, right, -1);
      arb_zero (left);
      for (slong j = 0; j < N; j++)
        {
          arb_sub (d, (arb_srcptr)one.x + j, (arb_srcptr)two.x + j, BITS);
          arb_addmul (left, d, d, BITS);
        }
      arb_sqrtpos (left, left, BITS);
      assert_false (arb_gt (left, right));
      run_clear (&one);
      run_clear (&two);
      problem_clear (&p);
      problem_clear (&turned);
      fmpq_mat_clear (U);
    }
  arb_clear (left);
  arb_clear (right);
  arb_clear (d);
}

/* A = [4, 1], y = 2, lambda = 1/2: the minimiser is e_1/2; a weight of 3 on it moves it to 2 e_2.
 */
static void
minimiser (void **state)
{
  (void)state;
  static const double entries[2] = { 4, 1 };
  const delta1_arithmetic_t *use = &delta1_arithmetic_double;
  delta1_reason_t reason;
  for (int weighted = 0; weighted < 2; weighted++)
    {
      delta1_operator_t *A;
      delta1_restart_t network;
      double x[2], y[1] = { 2 };
      arb_ptr weights = _arb_vec_init (2);
      assert_ok (delta1_operator_create_double (&A, use, 53, entries, 1, 2, &reason), reason);
      delta1_restart_init (&network, 64);
      arb_set_d (network.steps.tau, 0.24);
      arb_set_d (network.steps.sigma, 0.24);
      arb_set_d (network.steps.lambda, 0.5);
      arb_set_d (network.delta, 1e-12);
      arb_set_si (network.eps_0, 2);
      network.inner = 200;
      network.restarts = 40;
      arb_set_d (weights + 0, 6);
      arb_set_d (weights + 1, 0.5);
      network.steps.weights = weighted ? weights : NULL;
      assert_ok (delta1_restart_run (x, A, y, &network, NULL, &reason), reason);
      assert_true (fabs (x[0] - (weighted ? 0 : 0.5)) < 1e-9);
      assert_true (fabs (x[1] - (weighted ? 2 : 0)) < 1e-9);
      delta1_restart_clear (&network);
      delta1_operator_free (A);
      _arb_vec_clear (weights, 2);
    }
}

static delta1_status_t
count_steps (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  slong *left = context;
  (void)x;
  (void)v;
  if (--*left == 0)
    return delta1_fail (reason, DELTA1_BUDGET, "enough steps");
  return DELTA1_OK;
}

static void
conditions (void **state)
{
  (void)state;
  static const double entries[2] = { 3, 4 };
  static const delta1_arithmetic_t *const all[]
      = { &delta1_arithmetic_double, &delta1_arithmetic_mpfr, &delta1_arithmetic_ball };
  delta1_reason_t reason;
  arb_t product;
  arb_init (product);
  for (int k = 0; k < 3; k++)
    {
      const delta1_arithmetic_t *use = all[k];
      delta1_operator_t *A;
      delta1_iteration_t *iteration;
      delta1_steps_t steps;
      arb_t norm;
      assert_ok (delta1_operator_create_double (&A, use, 200, entries, 1, 2, &reason), reason);
      delta1_steps_init (&steps);
      /* tau sigma 25: 1 exactly, decided only when the norm is known exactly */
      arb_set_d (steps.tau, 0.5);
      arb_set_si (steps.sigma, 2);
      arb_div_si (steps.sigma, steps.sigma, 25, 300);
      arb_one (steps.lambda);
      assert_int_equal (delta1_steps_condition (product, A, steps.tau, steps.sigma),
                        DELTA1_UNKNOWN);
      if (use == &delta1_arithmetic_ball)
        {
          assert_refused (delta1_iteration_create (&iteration, A, &steps, &reason),
                          DELTA1_UNDECIDED, reason, "tau sigma");
          assert_null (iteration);
        }
      arb_set_d (steps.sigma, 0.0625);
      arb_init (norm);
      arb_set_si (norm, 5);
      assert_ok (delta1_operator_set_norm (A, norm, &reason), reason);
      arb_set_si (steps.tau, 16);
      arb_div_si (steps.tau, steps.tau, 25, 300);
      if (use == &delta1_arithmetic_ball)
        assert_refused (delta1_iteration_create (&iteration, A, &steps, &reason), DELTA1_UNDECIDED,
                        reason, "tau sigma");
      arb_set_d (steps.tau, 0.625);
      assert_int_equal (delta1_steps_condition (product, A, steps.tau, steps.sigma), DELTA1_TRUE);
      assert_ok (delta1_iteration_create (&iteration, A, &steps, &reason), reason);
      delta1_iteration_free (iteration);
      arb_set_d (steps.tau, 0.641);
      assert_int_equal (delta1_steps_condition (product, A, steps.tau, steps.sigma), DELTA1_FALSE);
      assert_refused (delta1_iteration_create (&iteration, A, &steps, &reason), DELTA1_DOMAIN,
                      reason, "at most 1");
      steps.violate = true;
      assert_ok (delta1_iteration_create (&iteration, A, &steps, &reason), reason);
      void *x = use->create (2, 200), *y = use->create (1, 200);
      assert_refused (delta1_iteration_run (iteration, x, y, 0, NULL, &reason), DELTA1_INPUT,
                      reason, "inner steps");
      assert_ok (delta1_iteration_run (iteration, x, y, 3, NULL, &reason), reason);
      assert_true (use->zero (x, 2));
      slong left = 3;
      delta1_observer_t observer = { .step = count_steps, .context = &left };
      assert_refused (delta1_iteration_run (iteration, x, y, 3, &observer, &reason), DELTA1_BUDGET,
                      reason, "enough");
      left = 4;
      assert_ok (delta1_iteration_run (iteration, x, y, 3, &observer, &reason), reason);
      assert_int_equal (left, 1);
      delta1_iteration_free (iteration);
      /* violate does not allow steps that are none */
      arb_zero (steps.tau);
      assert_refused (delta1_iteration_create (&iteration, A, &steps, &reason), DELTA1_INPUT,
                      reason, "tau");
      arb_one (steps.tau);
      arb_set_si (steps.sigma, -1);
      assert_refused (delta1_iteration_create (&iteration, A, &steps, &reason), DELTA1_INPUT,
                      reason, "sigma");
      arb_one (steps.sigma);
      arb_zero (steps.lambda);
      assert_refused (delta1_iteration_create (&iteration, A, &steps, &reason), DELTA1_INPUT,
                      reason, "lambda");
      arb_indeterminate (steps.tau);
      assert_refused (delta1_iteration_create (&iteration, A, &steps, &reason), DELTA1_INPUT,
                      reason, "tau");
      delta1_steps_clear (&steps);
      arb_clear (norm);
      use->free (x, 2);
      use->free (y, 1);
      delta1_operator_free (A);
    }
  arb_clear (product);
}

static void
constants (void **state)
{
  (void)state;
  delta1_reason_t reason;
  problem_t p;
  run_t run;
  problem_init (&p);
  run_init (&run, &p, &delta1_arithmetic_ball, BITS);
  arb_ptr all[] = { run.network.delta, run.network.eps_0, run.network.upsilon };
  static const char *const names[] = { "delta", "eps_0", "upsilon" };
  arb_t kept;
  arb_init (kept);
  for (int i = 0; i < 3; i++)
    {
      arb_set (kept, all[i]);
      arb_zero (all[i]);
      assert_refused (delta1_restart_run (run.x, run.A, run.y, &run.network, NULL, &reason),
                      DELTA1_INPUT, reason, names[i]);
      arb_set (all[i], kept);
    }
  arb_set (kept, run.network.upsilon);
  arb_one (run.network.upsilon);
  assert_refused (delta1_restart_run (run.x, run.A, run.y, &run.network, NULL, &reason),
                  DELTA1_INPUT, reason, "upsilon");
  arb_set (run.network.upsilon, kept);
  arb_set_si (run.network.scale, -1);
  assert_refused (delta1_restart_run (run.x, run.A, run.y, &run.network, NULL, &reason),
                  DELTA1_INPUT, reason, "scale");
  arb_zero (run.network.scale);
  run.network.restarts = 0;
  assert_refused (delta1_restart_run (run.x, run.A, run.y, &run.network, NULL, &reason),
                  DELTA1_INPUT, reason, "n = 0");
  run_clear (&run);
  /* 53 bits of balls do not last for 160 steps; double overflows */
  run_init (&run, &p, &delta1_arithmetic_ball, 53);
  run.network.inner = 400;
  run.network.restarts = 30;
  delta1_status_t status = delta1_restart_run (run.x, run.A, run.y, &run.network, NULL, &reason);
  if (status == DELTA1_OK)
    assert_true (mag_cmp_2exp_si (arb_radref ((arb_srcptr)run.x), 0) > 0);
  else
    assert_refused (status, DELTA1_UNDECIDED, reason, "53 bits");
  run_clear (&run);
  run_init (&run, &p, &delta1_arithmetic_double, 53);
  arb_mul_2exp_si (run.network.scale, run.network.eps_0, 1023);
  assert_refused (delta1_restart_run (run.x, run.A, run.y, &run.network, NULL, &reason),
                  DELTA1_FAILED, reason, "double");
  run_clear (&run);
  problem_clear (&p);
  arb_clear (kept);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (three_arithmetics), cmocka_unit_test (slow_reference),
    cmocka_unit_test (restarts),          cmocka_unit_test (theorems),
    cmocka_unit_test (minimiser),         cmocka_unit_test (conditions),
    cmocka_unit_test (constants),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
