#include <stdlib.h>

#include "src/number.h"
#include "src/regularisation.h"
#include "tests/testing.h"

static void
set_number (fmpq_t x, const char *text)
{
  delta1_reason_t reason;
  assert_ok (delta1_number_parse (x, text, &reason), reason);
}

static void
test_scalings (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_scaling_t scaling;
  for (int i = 0; i < 3; i++)
    {
      assert_ok (
          delta1_scaling_parse (&scaling, delta1_scaling_name ((delta1_scaling_t)i), &reason),
          reason);
      assert_int_equal (scaling, i);
      assert_int_equal (delta1_scaling_factor (scaling, 7), i == 0 ? 1 : 14);
    }
  assert_refused (delta1_scaling_parse (&scaling, "lars", &reason), DELTA1_INPUT, reason,
                  "delta1, scikit-learn, glmnet");
}

/* 2 F(x, b) in the delta1 scaling for the lasso, and F for the square-root one, in balls. */
static void
objective (arb_t f, const delta1_data_t *data, const fmpq *x, const fmpq_t b, const fmpq_t lambda,
           const arb_struct *w)
{
  fmpq_t r, sum, term;
  arb_t penalty, t;
  fmpq_init (r);
  fmpq_init (sum);
  fmpq_init (term);
  arb_init (penalty);
  arb_init (t);
  for (slong i = 0; i < data->m; i++)
    {
      fmpq_set (r, data->y + i);
      if (data->intercept)
        fmpq_sub (r, r, b);
      for (slong j = 0; j < data->N; j++)
        fmpq_submul (r, data->A + i * data->N + j, x + j);
      fmpq_addmul (sum, r, r);
    }
  for (slong j = 0; j < data->N; j++)
    {
      fmpq_abs (term, x + j);
      arb_set_fmpq (t, term, 200);
      arb_addmul (penalty, t, w + j, 200);
    }
  arb_set_fmpq (f, sum, 200);
  if (data->problem == DELTA1_SRLASSO)
    arb_sqrt (f, f, 200);
  arb_set_fmpq (t, lambda, 200);
  arb_addmul (f, t, penalty, 200);
  fmpq_clear (r);
  fmpq_clear (sum);
  fmpq_clear (term);
  arb_clear (penalty);
  arb_clear (t);
}

/* Above lambda_max no other point is as good as 0; below it a small step along the column that
 * decides is better. */
static void
test_lambda_max (void **state)
{
  (void)state;
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      delta1_reason_t reason;
      delta1_data_t data;
      delta1_instance_t instance;
      const slong m = 2 + delta1_test_random_below (4), N = 1 + delta1_test_random_below (5);
      const delta1_problem_t problem = round % 2 ? DELTA1_LASSO : DELTA1_SRLASSO;
      assert_ok (delta1_data_init (&data, problem, m, N, &reason), reason);
      data.intercept = round % 4 < 2;
      for (slong i = 0; i < m * N; i++)
        delta1_test_random_rational (data.A + i, 8);
      for (slong i = 0; i < m; i++)
        delta1_test_random_rational (data.y + i, 8);
      if (round % 3 == 0)
        data.weights = DELTA1_WEIGHTS_DEVIATION;
      assert_ok (delta1_instance_init (&instance, problem, m, N + data.intercept, &reason), reason);
      delta1_instance_set_data (&instance, &data, 200);
      arb_t lambda_max, at_zero, at_x;
      fmpq_t mean, lambda, step;
      fmpq *x = _fmpq_vec_init (N);
      arb_init (lambda_max);
      arb_init (at_zero);
      arb_init (at_x);
      fmpq_init (mean);
      fmpq_init (lambda);
      fmpq_init (step);
      delta1_status_t status = delta1_lambda_max (lambda_max, &instance, &reason);
      if (status == DELTA1_OK && arb_is_positive (lambda_max))
        {
          for (slong i = 0; i < m; i++)
            fmpq_add (mean, mean, data.y + i);
          fmpq_div_fmpz (mean, mean, (fmpz[]){ m });
          arf_t bound;
          arf_init (bound);
          for (int above = 0; above < 2; above++)
            {
              if (above)
                arb_get_ubound_arf (bound, lambda_max, 100);
              else
                arb_get_lbound_arf (bound, lambda_max, 100);
              arf_get_fmpq (lambda, bound);
              fmpq_set_si (step, above ? 1001 : 999, 1000);
              fmpq_mul (lambda, lambda, step);
              _fmpq_vec_clear (x, N);
              x = _fmpq_vec_init (N);
              objective (at_zero, &data, x, mean, lambda, instance.w);
              bool better = false;
              for (slong k = 4; k < 40; k += 4)
                for (slong j = 0; j < N; j++)
                  for (int sign = -1; sign <= 1; sign += 2)
                    {
                      fmpq_set_si (x + j, sign, 1);
                      fmpq_div_2exp (x + j, x + j, (ulong)k);
                      objective (at_x, &data, x, mean, lambda, instance.w);
                      better = better || arb_lt (at_x, at_zero);
                      if (above)
                        assert_true (arb_gt (at_x, at_zero));
                      fmpq_zero (x + j);
                    }
              if (!above)
                assert_true (better);
            }
          arf_clear (bound);
        }
      else if (status != DELTA1_OK)
        assert_refused (status, DELTA1_UNDECIDED, reason, "not separated from 0");
      _fmpq_vec_clear (x, N);
      arb_clear (lambda_max);
      arb_clear (at_zero);
      arb_clear (at_x);
      fmpq_clear (mean);
      fmpq_clear (lambda);
      fmpq_clear (step);
      delta1_instance_clear (&instance);
      delta1_data_clear (&data);
    }
}

/* With a radius the enclosure holds the values at the corners of the box. */
static void
test_lambda_max_of_a_box (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_data_t data;
  delta1_instance_t instance;
  arb_t box, corner;
  arb_init (box);
  arb_init (corner);
  assert_ok (delta1_data_init (&data, DELTA1_LASSO, 1, 1, &reason), reason);
  assert_ok (delta1_instance_init (&instance, DELTA1_LASSO, 1, 1, &reason), reason);
  set_number (data.matrix_radius, "1/4");
  set_number (data.data_radius, "1/8");
  fmpq_set_si (data.A, 2, 1);
  fmpq_set_si (data.y, 3, 1);
  delta1_instance_set_data (&instance, &data, 64);
  assert_ok (delta1_lambda_max (box, &instance, &reason), reason);
  fmpq_zero (data.matrix_radius);
  fmpq_zero (data.data_radius);
  static const char *const corners[][2] = { { "7/4", "23/8" }, { "9/4", "25/8" } };
  for (int i = 0; i < 2; i++)
    {
      set_number (data.A, corners[i][0]);
      set_number (data.y, corners[i][1]);
      delta1_instance_set_data (&instance, &data, 64);
      assert_ok (delta1_lambda_max (corner, &instance, &reason), reason);
      assert_true (arb_contains (box, corner));
    }
  delta1_instance_clear (&instance);
  assert_ok (delta1_instance_init (&instance, DELTA1_BP, 1, 1, &reason), reason);
  assert_refused (delta1_lambda_max (box, &instance, &reason), DELTA1_INPUT, reason,
                  "bp has no lambda");
  delta1_instance_clear (&instance);
  delta1_data_clear (&data);
  arb_clear (box);
  arb_clear (corner);
}

static void
test_grid (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq *lambda = _fmpq_vec_init (30);
  arb_t top;
  fmpq_t t;
  arb_init (top);
  fmpq_init (t);
  for (int round = 0; round < delta1_test_rounds (200); round++)
    {
      delta1_test_random_rational (t, 60);
      fmpq_abs (t, t);
      arb_set_fmpq (top, t, 2 + delta1_test_random_below (100));
      if (!arb_is_positive (top))
        continue;
      assert_ok (delta1_lambda_grid (lambda, 30, top, 1e-3, &reason), reason);
      arb_set_fmpq (top, t, 300);
      arb_t first;
      arb_init (first);
      arb_set_fmpq (first, lambda, 300);
      assert_true (arb_gt (first, top));
      arb_clear (first);
      for (slong i = 1; i < 30; i++)
        {
          assert_true (fmpq_cmp (lambda + i, lambda + i - 1) < 0);
          assert_true (fmpq_sgn (lambda + i) > 0);
        }
    }
  /* The first is near the top, the last near ratio times it, and all are short decimals. */
  set_number (t, "2");
  arb_set_fmpq (top, t, 64);
  assert_ok (delta1_lambda_grid (lambda, 4, top, 1e-3, &reason), reason);
  static const char *const expected[] = { "2.00001", "0.2", "0.02", "0.002" };
  for (int i = 0; i < 4; i++)
    {
      set_number (t, expected[i]);
      assert_true (fmpq_equal (lambda + i, t));
    }
  arb_zero (top);
  assert_refused (delta1_lambda_grid (lambda, 4, top, 1e-3, &reason), DELTA1_INPUT, reason,
                  "lambda_max");
  arb_zero_pm_inf (top);
  assert_refused (delta1_lambda_grid (lambda, 4, top, 1e-3, &reason), DELTA1_INPUT, reason,
                  "lambda_max");
  fmpq_clear (t);
  arb_clear (top);
  _fmpq_vec_clear (lambda, 30);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_scalings),
    cmocka_unit_test (test_lambda_max),
    cmocka_unit_test (test_lambda_max_of_a_box),
    cmocka_unit_test (test_grid),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
