#include "tests/testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/gradient_kernels.h"
#include "src/mpfr_vector.h"
#include "src/network_evaluate.h"
#include "src/network_gradient.h"
#include "src/optimiser.h"
#include "tests/src/exact_gradient.h"
#include "tests/src/random_network.h"

#define WIDEST 8

/* sum (x_i - 1)^2 */
static void
loss_mpfr (mpfr_ptr loss, mpfr_ptr upstream, mpfr_srcptr outputs, slong sample, void *context)
{
  const delta1_network_t *network = context;
  mpfr_t square;
  (void)sample;
  mpfr_init2 (square, mpfr_get_prec (loss));
  for (slong i = 0; i < delta1_network_outputs (network); i++)
    {
      mpfr_sub_ui (upstream + i, outputs + i, 1, MPFR_RNDN);
      mpfr_sqr (square, upstream + i, MPFR_RNDN);
      mpfr_add (loss, loss, square, MPFR_RNDN);
      mpfr_mul_ui (upstream + i, upstream + i, 2, MPFR_RNDN);
    }
  mpfr_clear (square);
}

static void *
room (slong count)
{
  void *p = calloc ((size_t)count + 1, sizeof (double));
  assert_non_null (p);
  return p;
}

/* Numbers of few bits: doubles and MPFR numbers at 4000 bits make no rounding error. */
static void
reverse_mode_is_the_exact_derivative (void **state)
{
  (void)state;
  delta1_reason_t reason;
  slong compared = 0, kinks = 0;
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      delta1_network_t *network
          = random_network (3, 6, DELTA1_SOFT + 1, round % 2 == 0, RANDOM_WEIGHTS_DYADIC);
      delta1_gradient_t *gradient;
      assert_ok (delta1_gradient_create (&gradient, network, &reason), reason);
      slong count = delta1_parameters_count (network), m = delta1_network_inputs (network);
      slong N = delta1_network_outputs (network), size = 1 + delta1_test_random_below (70);
      fmpq *exact = _fmpq_vec_init (count + m), *y = _fmpq_vec_init (m);
      fmpq *sum = _fmpq_vec_init (count), *found = _fmpq_vec_init (1);
      double *p = room (count), *inputs = room (size * m), *targets = room (size * N);
      double *d_p = room (count), *d_y = room (size * m), loss;
      mpfr_ptr mp = delta1_mpfr_vector_create (count, 4000),
               md = delta1_mpfr_vector_create (count, 4000);
      mpfr_ptr my = delta1_mpfr_vector_create (size * m, 64),
               mdy = delta1_mpfr_vector_create (size * m, 4000);
      mpfr_t mloss;
      mpfr_init2 (mloss, 4000);
      delta1_parameters_get (p, network);
      delta1_parameters_get_mpfr (mp, network);
      for (slong i = 0; i < size * m; i++)
        {
          inputs[i] = (double)(delta1_test_random_below (9) - 4) / 4;
          mpfr_set_d (my + i, inputs[i], MPFR_RNDN);
        }
      for (slong i = 0; i < size * N; i++)
        targets[i] = 1;
      delta1_squared_t squared = { targets, N, 1 };
      delta1_batch_t batch = { p, inputs, size, delta1_loss_squared, &squared };
      delta1_batch_mpfr_t mbatch = { mp, my, size, loss_mpfr, network };
      delta1_gradient_run (&loss, d_p, d_y, gradient, &batch);
      assert_ok (delta1_gradient_run_mpfr (mloss, md, mdy, gradient, &mbatch, 4000, &reason),
                 reason);
      for (slong sample = 0; sample < size; sample++)
        {
          for (slong k = 0; k < m; k++)
            {
              arf_t a;
              arf_init (a);
              arf_set_d (a, inputs[sample * m + k]);
              arf_get_fmpq (y + k, a);
              arf_clear (a);
            }
          exact_gradient (exact, network, y);
          for (slong i = 0; i < count; i++)
            fmpq_add (sum + i, sum + i, exact + i);
          for (slong k = 0; k < m; k++)
            {
              arf_t a;
              arf_init (a);
              arf_set_mpfr (a, mdy + sample * m + k);
              arf_get_fmpq (found, a);
              assert_true (fmpq_equal (found, exact + count + k));
              if (fabs (d_y[sample * m + k]) < 0x1p20 && round % 2 == 1)
                {
                  arf_set_d (a, d_y[sample * m + k]);
                  arf_get_fmpq (found, a);
                  assert_true (fmpq_equal (found, exact + count + k));
                }
              kinks += fmpq_is_zero (exact + count + k);
              arf_clear (a);
            }
        }
      for (slong i = 0; i < count; i++)
        {
          arf_t a;
          arf_init (a);
          arf_set_mpfr (a, md + i);
          arf_get_fmpq (found, a);
          assert_true (fmpq_equal (found, sum + i));
          mpfr_t want;
          mpfr_init2 (want, 53);
          fmpq_get_mpfr (want, sum + i, MPFR_RNDN);
          double expected = mpfr_get_d (want, MPFR_RNDN);
          /* Doubles are exact too while the numbers stay short, as in the linear networks. */
          if (round % 2 == 1 && fabs (loss) < 0x1p20)
            assert_true (d_p[i] == expected);
          else
            assert_true (fabs (d_p[i] - expected)
                         <= 1e-9 * (1 + fabs (loss)) * (1 + fabs (expected)));
          compared++;
          mpfr_clear (want);
          arf_clear (a);
        }
      /* Asking for one of the two changes nothing. */
      double *again = room (count), *again_y = room (size * m), loss_again;
      delta1_gradient_run (&loss_again, again, NULL, gradient, &batch);
      assert_memory_equal (again, d_p, (size_t)count * sizeof (double));
      assert_true (loss_again == loss);
      delta1_gradient_run (&loss_again, NULL, again_y, gradient, &batch);
      assert_memory_equal (again_y, d_y, (size_t)(size * m) * sizeof (double));
      free (again);
      free (again_y);
      _fmpq_vec_clear (exact, count + m);
      _fmpq_vec_clear (y, m);
      _fmpq_vec_clear (sum, count);
      _fmpq_vec_clear (found, 1);
      free (p);
      free (inputs);
      free (targets);
      free (d_p);
      free (d_y);
      delta1_mpfr_vector_free (mp, count);
      delta1_mpfr_vector_free (md, count);
      delta1_mpfr_vector_free (my, size * m);
      delta1_mpfr_vector_free (mdy, size * m);
      mpfr_clear (mloss);
      delta1_gradient_free (gradient);
      delta1_network_free (network);
    }
  assert_true (compared > 100 && kinks > 100);
}

/* (L(p + h e) - L(p)) / h at 200 bits more than h, both directions; where they differ there is a
 * kink. Gates too; doubles agree to their precision. */
static void
finite_differences_agree (void **state)
{
  (void)state;
  delta1_reason_t reason;
  slong compared = 0, kinks = 0;
  const mpfr_prec_t precision = 400;
  for (int round = 0; round < delta1_test_rounds (40); round++)
    {
      delta1_network_t *network
          = random_network (3, 5, DELTA1_UNIT_COUNT, round % 2 == 0, RANDOM_WEIGHTS_SMALL);
      delta1_gradient_t *gradient;
      assert_ok (delta1_gradient_create (&gradient, network, &reason), reason);
      slong count = delta1_parameters_count (network), m = delta1_network_inputs (network);
      slong N = delta1_network_outputs (network);
      mpfr_ptr p = delta1_mpfr_vector_create (count, precision),
               d = delta1_mpfr_vector_create (count, precision);
      mpfr_ptr y = delta1_mpfr_vector_create (m, precision),
               dy = delta1_mpfr_vector_create (m, precision);
      mpfr_t loss, up, down, h, old;
      mpfr_inits2 (precision, loss, up, down, h, old, (mpfr_ptr)NULL);
      mpfr_set_ui_2exp (h, 1, -200, MPFR_RNDN);
      delta1_parameters_get_mpfr (p, network);
      double *dp = room (count), *dd = room (count), *ddy = room (m), *ddouble = room (m),
             double_loss;
      for (slong k = 0; k < m; k++)
        {
          ddouble[k] = (double)(slong)(delta1_test_random () >> 1) * 0x1p-61 - 2;
          mpfr_set_d (y + k, ddouble[k], MPFR_RNDN);
        }
      delta1_batch_mpfr_t batch = { p, y, 1, loss_mpfr, network };
      assert_ok (delta1_gradient_run_mpfr (loss, d, dy, gradient, &batch, precision, &reason),
                 reason);
      delta1_parameters_get (dp, network);
      double *targets = room (N);
      for (slong i = 0; i < N; i++)
        targets[i] = 1;
      delta1_squared_t squared = { targets, N, 1 };
      delta1_batch_t double_batch = { dp, ddouble, 1, delta1_loss_squared, &squared };
      delta1_gradient_run (&double_loss, dd, ddy, gradient, &double_batch);
      for (slong i = 0; i < count + m; i++)
        {
          mpfr_ptr moved = i < count ? p + i : y + (i - count);
          mpfr_srcptr derivative = i < count ? d + i : dy + (i - count);
          double in_double = i < count ? dd[i] : ddy[i - count];
          mpfr_set (old, moved, MPFR_RNDN);
          mpfr_add (moved, old, h, MPFR_RNDN);
          assert_ok (
              delta1_gradient_run_mpfr (up, NULL, NULL, gradient, &batch, precision, &reason),
              reason);
          mpfr_sub (moved, old, h, MPFR_RNDN);
          assert_ok (
              delta1_gradient_run_mpfr (down, NULL, NULL, gradient, &batch, precision, &reason),
              reason);
          mpfr_set (moved, old, MPFR_RNDN);
          mpfr_sub (up, up, loss, MPFR_RNDN);
          mpfr_sub (down, loss, down, MPFR_RNDN);
          mpfr_div (up, up, h, MPFR_RNDN);
          mpfr_div (down, down, h, MPFR_RNDN);
          double forward = mpfr_get_d (up, MPFR_RNDN), back = mpfr_get_d (down, MPFR_RNDN);
          double scale = 1 + fabs (mpfr_get_d (loss, MPFR_RNDN));
          if (fabs (forward - back) > 1e-13 * scale * (1 + fabs (forward)))
            {
              kinks++;
              continue;
            }
          mpfr_sub (up, up, derivative, MPFR_RNDN);
          assert_true (fabs (mpfr_get_d (up, MPFR_RNDN)) <= 1e-30 * scale * (1 + fabs (forward)));
          /* double kinks may fall on the other side where a preactivation is within rounding of 0
           */
          if (fabs (in_double - forward) > 1e-7 * scale * (1 + fabs (forward)))
            kinks++;
          compared++;
        }
      mpfr_clears (loss, up, down, h, old, (mpfr_ptr)NULL);
      delta1_mpfr_vector_free (p, count);
      delta1_mpfr_vector_free (d, count);
      delta1_mpfr_vector_free (y, m);
      delta1_mpfr_vector_free (dy, m);
      free (dp);
      free (dd);
      free (ddy);
      free (ddouble);
      free (targets);
      delta1_gradient_free (gradient);
      delta1_network_free (network);
    }
  assert_true (compared > 20 * kinks && compared > 500);
}

static void
parameters_go_both_ways (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (30); round++)
    {
      delta1_network_t *copy,
          *network = random_network (3, 6, DELTA1_UNIT_COUNT, true, RANDOM_WEIGHTS_DYADIC);
      slong count = delta1_parameters_count (network);
      double *p = room (count), *q = room (count);
      mpfr_ptr mp = delta1_mpfr_vector_create (count, 53);
      assert_ok (delta1_network_copy (&copy, network, &reason), reason);
      delta1_parameters_get (p, network);
      for (slong i = 0; i < count; i++)
        {
          q[i] = 1 + (double)i;
          mpfr_set_d (mp + i, p[i], MPFR_RNDN);
        }
      assert_ok (delta1_parameters_set (copy, q, &reason), reason);
      if (count > 0)
        {
          q[count - 1] = NAN;
          assert_refused (delta1_parameters_set (copy, q, &reason), DELTA1_INPUT, reason, "finite");
        }
      delta1_parameters_get (q, copy);
      for (slong i = 0; i < count; i++)
        assert_true (q[i] == 1 + (double)i);
      assert_ok (delta1_parameters_set_mpfr (copy, mp, &reason), reason);
      delta1_parameters_get (q, copy);
      assert_memory_equal (p, q, (size_t)count * sizeof (double));
      free (p);
      free (q);
      delta1_mpfr_vector_free (mp, count);
      delta1_network_free (copy);
      delta1_network_free (network);
    }
}

/* Two weights tied: the derivative is the sum. */
static void
tied_parameters_add (void **state)
{
  (void)state;
  const slong map[4] = { 1, 0, 1, 1 };
  double shared[2] = { 3, 5 }, full[4];
  delta1_parameters_expand (full, shared, map, 4);
  assert_true (full[0] == 5 && full[1] == 3 && full[2] == 5 && full[3] == 5);
  const double d[4] = { 1, 2, 4, 8 };
  delta1_parameters_reduce (shared, 2, d, map, 4);
  assert_true (shared[0] == 2 && shared[1] == 13);
}

/* Both optimisers find the minimum of (p_0 - 3)^2 + 10 (p_1 + 1)^2, with the same bits each time,
 * and MPFR at 53 bits stays near doubles. */
static void
optimisers_descend (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int kind = 0; kind < 2; kind++)
    {
      delta1_optimiser_options_t options = delta1_optimiser_defaults;
      options.kind = (delta1_optimiser_kind_t)kind;
      options.rate = kind == DELTA1_SGD ? 0.01 : 0.05;
      options.momentum = 0.5;
      double first[2] = { 0 };
      for (int pass = 0; pass < 2; pass++)
        {
          double p[2] = { 0, 0 };
          delta1_optimiser_t *optimiser, *slow;
          mpfr_ptr mp = delta1_mpfr_vector_create (2, 53), mg = delta1_mpfr_vector_create (2, 53);
          assert_ok (delta1_optimiser_create (&optimiser, 2, &options, 0, &reason), reason);
          assert_ok (delta1_optimiser_create (&slow, 2, &options, 53, &reason), reason);
          for (int step = 0; step < 2000; step++)
            {
              double g[2] = { 2 * (p[0] - 3), 20 * (p[1] + 1) };
              double x = mpfr_get_d (mp, MPFR_RNDN), y = mpfr_get_d (mp + 1, MPFR_RNDN);
              mpfr_set_d (mg, 2 * (x - 3), MPFR_RNDN);
              mpfr_set_d (mg + 1, 20 * (y + 1), MPFR_RNDN);
              if (step == 1000)
                {
                  assert_ok (delta1_optimiser_set_rate (optimiser, options.rate / 10, &reason),
                             reason);
                  assert_ok (delta1_optimiser_set_rate (slow, options.rate / 10, &reason), reason);
                }
              delta1_optimiser_step (p, optimiser, g);
              delta1_optimiser_step_mpfr (mp, slow, mg);
              if (step < 10)
                {
                  assert_true (fabs (mpfr_get_d (mp, MPFR_RNDN) - p[0]) < 1e-14);
                  assert_true (fabs (mpfr_get_d (mp + 1, MPFR_RNDN) - p[1]) < 1e-14);
                }
              /* Kingma, Ba: the first step of Adam has the size of the rate. */
              if (step == 0 && kind == DELTA1_ADAM)
                assert_true (fabs (p[0] - options.rate) < 1e-8);
            }
          assert_true (fabs (p[0] - 3) < 1e-3 && fabs (p[1] + 1) < 1e-3);
          if (pass == 0)
            memcpy (first, p, sizeof p);
          assert_memory_equal (first, p, sizeof p);
          delta1_optimiser_free (optimiser);
          delta1_optimiser_free (slow);
          delta1_mpfr_vector_free (mp, 2);
          delta1_mpfr_vector_free (mg, 2);
        }
    }
  delta1_optimiser_t *none;
  delta1_optimiser_options_t bad = delta1_optimiser_defaults;
  bad.rate = NAN;
  assert_refused (delta1_optimiser_create (&none, 1, &bad, 0, &reason), DELTA1_INPUT, reason,
                  "rate");
  bad = delta1_optimiser_defaults;
  bad.beta_2 = 1;
  assert_refused (delta1_optimiser_create (&none, 1, &bad, 0, &reason), DELTA1_INPUT, reason,
                  "beta");
  assert_null (none);
}

static double
random_half (void)
{
  return (double)(delta1_test_random () >> 11) * 0x1p-53 - 0.5;
}

/* Whatever the vectors of this machine: every entry is the sum of the header, in its order. */
static void
kernels_are_plain_sums (void **state)
{
  (void)state;
  enum
  {
    MOST = 37
  };
  static _Alignas(64) double X[MOST * DELTA1_BLOCK], D[MOST * DELTA1_BLOCK], Z[MOST * DELTA1_BLOCK];
  static double M[MOST * MOST], G[MOST * MOST];
  for (int round = 0; round < delta1_test_rounds (100); round++)
    {
      slong rows = 1 + (slong)delta1_test_random_below (MOST);
      slong inner = 1 + (slong)delta1_test_random_below (MOST);
      bool turned = round % 2 == 1;
      for (slong i = 0; i < MOST * DELTA1_BLOCK; i++)
        {
          X[i] = random_half ();
          D[i] = random_half ();
          Z[i] = random_half ();
        }
      for (slong i = 0; i < MOST * MOST; i++)
        M[i] = G[i] = random_half ();
      delta1_block_product_t product
          = { M, rows, inner, turned ? 1 : inner, turned ? rows : 1, round % 3 > 0 };
      double expected[MOST];
      for (slong i = 0; i < rows; i++)
        {
          expected[i] = product.add ? Z[i * DELTA1_BLOCK + round % DELTA1_BLOCK] : 0;
          for (slong k = 0; k < inner; k++)
            expected[i] += M[i * product.row_step + k * product.column_step]
                           * X[k * DELTA1_BLOCK + round % DELTA1_BLOCK];
        }
      delta1_block_product (Z, X, &product);
      for (slong i = 0; i < rows; i++)
        assert_true (Z[i * DELTA1_BLOCK + round % DELTA1_BLOCK] == expected[i]);
      delta1_block_outer (G, D, rows, X, inner);
      for (slong i = 0; i < rows; i++)
        for (slong k = 0; k < inner; k++)
          {
            double sum = M[i * inner + k];
            for (slong b = 0; b < DELTA1_BLOCK; b++)
              sum += D[i * DELTA1_BLOCK + b] * X[k * DELTA1_BLOCK + b];
            assert_true (G[i * inner + k] == sum);
          }
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (reverse_mode_is_the_exact_derivative),
    cmocka_unit_test (finite_differences_agree),
    cmocka_unit_test (parameters_go_both_ways),
    cmocka_unit_test (tied_parameters_add),
    cmocka_unit_test (optimisers_descend),
    cmocka_unit_test (kernels_are_plain_sums),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
