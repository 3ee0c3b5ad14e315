#include "tests/testing.h"

#include <math.h>

#include "src/network_evaluate.h"
#include "src/network_gradient.h"
#include "trainers/fit.h"

/* Twelve pairs of |x| on [-1, 1], dyadic. */
static void
modulus_pairs (fmpq_mat_t Y, fmpq_mat_t X)
{
  fmpq_mat_init (Y, 12, 1);
  fmpq_mat_init (X, 12, 1);
  for (slong i = 0; i < 12; i++)
    {
      fmpq_set_si (fmpq_mat_entry (Y, i, 0), i - 6, 8);
      fmpq_abs (fmpq_mat_entry (X, i, 0), fmpq_mat_entry (Y, i, 0));
    }
}

typedef struct
{
  slong calls, last;
  double loss;
  slong stop_at;
  bool finite;
} watch_t;

static delta1_status_t
watch (bool *stop, const delta1_network_t *network, slong step, double loss, void *context,
       delta1_reason_t *reason)
{
  watch_t *w = context;
  (void)network;
  (void)reason;
  w->calls++;
  w->last = step;
  w->loss = loss;
  *stop = step >= w->stop_at;
  return DELTA1_OK;
}

static void
it_learns (void **state)
{
  (void)state;
  fmpq_mat_t Y, X;
  modulus_pairs (Y, X);
  delta1_examples_t examples = { .Y = Y, .X = X };
  static const slong widths[] = { 8, 1 };
  static const mpfr_prec_t precisions[] = { 0, 24, 53, 200 };
  double first[4] = { 0 };
  for (int kind = 0; kind < 2; kind++)
    for (int i = 0; i < 4; i++)
      {
        delta1_reason_t reason;
        delta1_network_t *network;
        watch_t begin = { .stop_at = 0 }, w = { .stop_at = 1000000 };
        delta1_fit_t fit = { .optimiser = delta1_optimiser_defaults,
                             .precision = precisions[i],
                             .steps = 400,
                             .every = 150,
                             .observe = watch,
                             .context = &begin };
        slong taken;
        fit.optimiser.kind = kind == 0 ? DELTA1_ADAM : DELTA1_SGD;
        fit.optimiser.rate = kind == 0 ? 0.02 : 0.1;
        assert_ok (delta1_fit_create (&network, 1, 2, widths, 0.5, 7, &reason), reason);
        assert_ok (delta1_fit_run (network, &taken, &examples, &fit, &reason), reason);
        assert_int_equal (taken, 0);
        assert_int_equal (begin.calls, 1);
        fit.context = &w;
        assert_ok (delta1_fit_run (network, &taken, &examples, &fit, &reason), reason);
        assert_int_equal (taken, 400);
        assert_int_equal (w.calls, 4); /* 0, 150, 300 and the end */
        assert_int_equal (w.last, 400);
        assert_true (w.loss < 0.05 * begin.loss);
        /* The same training in other numbers. */
        if (i == 0)
          first[kind] = w.loss;
        else if (precisions[i] == 53)
          assert_true (fabs (w.loss - first[kind]) < 1e-6 * first[kind]);
        /* The loss is that of the network which is returned, over Q. */
        fmpq_t value, sum;
        fmpq_init (value);
        fmpq_init (sum);
        for (slong k = 0; k < 12; k++)
          {
            assert_ok (delta1_network_evaluate (value, network, fmpq_mat_entry (Y, k, 0), &reason),
                       reason);
            fmpq_sub (value, value, fmpq_mat_entry (X, k, 0));
            fmpq_addmul (sum, value, value);
          }
        double loss = fmpq_get_d (sum) / 12;
        assert_true (fabs (loss - w.loss) < (precisions[i] == 24 ? 1e-3 : 1e-9) * loss);
        fmpq_clear (value);
        fmpq_clear (sum);
        delta1_network_free (network);
      }
  fmpq_mat_clear (Y);
  fmpq_mat_clear (X);
}

static void
it_stops (void **state)
{
  (void)state;
  fmpq_mat_t Y, X;
  modulus_pairs (Y, X);
  delta1_examples_t examples = { .Y = Y, .X = X };
  static const slong widths[] = { 4, 1 };
  delta1_reason_t reason;
  delta1_network_t *network, *other;
  watch_t w = { .stop_at = 20 };
  delta1_fit_t fit = { .optimiser = delta1_optimiser_defaults,
                       .steps = 400,
                       .every = 10,
                       .observe = watch,
                       .context = &w };
  slong taken;
  assert_ok (delta1_fit_create (&network, 1, 2, widths, 0, 3, &reason), reason);
  assert_ok (delta1_fit_create (&other, 1, 2, widths, 0, 3, &reason), reason);
  assert_true (delta1_network_equal (network, other));
  assert_ok (delta1_fit_run (network, &taken, &examples, &fit, &reason), reason);
  assert_int_equal (taken, 20);
  assert_int_equal (w.calls, 3);
  fit.observe = NULL;
  fit.steps = 20;
  assert_ok (delta1_fit_run (other, NULL, &examples, &fit, &reason), reason);
  assert_true (delta1_network_equal (network, other));
  delta1_network_free (other);
  assert_ok (delta1_fit_create (&other, 1, 2, widths, 0, 4, &reason), reason);
  assert_false (delta1_network_equal (network, other));
  delta1_network_free (network);
  delta1_network_free (other);
  fmpq_mat_clear (Y);
  fmpq_mat_clear (X);
}

static void
what_it_refuses (void **state)
{
  (void)state;
  fmpq_mat_t Y, X;
  modulus_pairs (Y, X);
  delta1_examples_t examples = { .Y = Y, .X = X };
  static const slong widths[] = { 4, 1 }, wide[] = { 4, 2 };
  delta1_reason_t reason;
  delta1_network_t *network, *before;
  delta1_fit_t fit = { .optimiser = delta1_optimiser_defaults, .steps = 200, .every = 1 };
  /* It leaves the finite numbers: the network is as it was. */
  for (int i = 0; i < 2; i++)
    {
      fit.precision = i == 0 ? 0 : 30;
      fit.steps = i == 0 ? 200 : 60;
      fit.optimiser.kind = DELTA1_SGD;
      fit.optimiser.rate = 1e6;
      assert_ok (delta1_fit_create (&network, 1, 2, widths, 0.5, 3, &reason), reason);
      assert_ok (delta1_network_copy (&before, network, &reason), reason);
      if (i == 0)
        assert_refused (delta1_fit_run (network, NULL, &examples, &fit, &reason), DELTA1_FAILED,
                        reason, "finite");
      else /* MPFR numbers have room for a long divergence */
        assert_int_equal (delta1_fit_run (before, NULL, &examples, &fit, &reason), DELTA1_OK);
      assert_int_equal (delta1_network_equal (network, before), i == 0);
      delta1_network_free (network);
      delta1_network_free (before);
    }
  fit.optimiser.rate = 0.1;
  assert_ok (delta1_fit_create (&network, 1, 2, wide, 0, 3, &reason), reason);
  assert_refused (delta1_fit_run (network, NULL, &examples, &fit, &reason), DELTA1_INPUT, reason,
                  "fit");
  delta1_network_free (network);
  assert_ok (delta1_fit_create (&network, 1, 2, widths, 0, 3, &reason), reason);
  fit.every = 0;
  assert_refused (delta1_fit_run (network, NULL, &examples, &fit, &reason), DELTA1_INPUT, reason,
                  "steps");
  fit.every = 1;
  fit.optimiser.rate = 0;
  assert_refused (delta1_fit_run (network, NULL, &examples, &fit, &reason), DELTA1_INPUT, reason,
                  "rate");
  delta1_network_free (network);
  fmpq_mat_clear (Y);
  fmpq_mat_clear (X);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (it_learns), cmocka_unit_test (it_stops),
                                      cmocka_unit_test (what_it_refuses) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
