/* What a network answers on the exact data, when the network is made to do harm: the answer is
 * right or there is none, in bounded time and memory, and nothing aborts. */
#include "config.h"

#include <sys/resource.h>

#include "constructions/network_answer.h"
#include "src/network_evaluate.h"
#include "src/number.h"
#include "tests/testing.h"

#define DIGITS 40

typedef struct
{
  delta1_tie_family_t *family;
  fmpq *y; /* datum 0 of tier a: m = 1, one number above 0 */
  fmpq_mat_t X;
  fmpq_t radius;
  delta1_reason_t reason;
} table_t;

static int
open_table (void **state)
{
  static table_t t;
  delta1_tie_options_t options = delta1_tie_defaults;
  options.problem = DELTA1_BP;
  options.parameter = NULL;
  options.m = 1;
  options.N = 2;
  options.points = 1;
  assert_ok (delta1_tie_family_create (&t.family, &options, &t.reason), t.reason);
  t.y = _fmpq_vec_init (1);
  delta1_tie_datum (t.y, t.family, DELTA1_TIER_A, 0);
  fmpq_mat_init (t.X, 1, 2);
  fmpq_init (t.radius);
  *state = &t;
  return 0;
}

static int
close_table (void **state)
{
  table_t *t = *state;
  delta1_tie_family_free (t->family);
  _fmpq_vec_clear (t->y, 1);
  fmpq_mat_clear (t->X);
  fmpq_clear (t->radius);
  return 0;
}

/* R -> R^width -> ... -> R^width -> R^2, `layers` in all, zero. */
static delta1_network_t *
make (table_t *t, slong layers, slong width)
{
  delta1_network_t *network;
  slong *widths = flint_malloc ((size_t)layers * sizeof *widths);
  for (slong j = 0; j < layers; j++)
    widths[j] = j + 1 < layers ? width : 2;
  assert_ok (delta1_network_create (&network, 1, layers, widths, &t->reason), t->reason);
  flint_free (widths);
  return network;
}

static void
set_weight (delta1_network_t *network, slong layer, slong i, slong k, const char *text)
{
  delta1_reason_t reason;
  assert_ok (
      delta1_number_parse (fmpq_mat_entry (delta1_network_edit_weights (network, layer), i, k),
                           text, &reason),
      reason);
}

/* Frees the network. Bounded time and memory in every case. */
static delta1_status_t
answer (table_t *t, delta1_network_t *network)
{
  struct rusage before, after;
  double start = delta1_test_now ();
  getrusage (RUSAGE_SELF, &before);
  delta1_status_t status = delta1_network_answer (t->X, t->radius, network, t->family,
                                                  DELTA1_TIER_A, DIGITS, &t->reason);
  getrusage (RUSAGE_SELF, &after);
  double took = delta1_test_now () - start;
  if (took > DELTA1_TEST_SLOWNESS * 30
      || after.ru_maxrss - before.ru_maxrss > DELTA1_TEST_SLOWNESS * 1500 * 1024)
    fail_msg ("%g s, %ld kB", took, after.ru_maxrss - before.ru_maxrss);
  delta1_network_free (network);
  return status;
}

/* X[0][j] is within radius of the value, and the radius is what was asked for. */
static void
assert_value (const table_t *t, slong j, const fmpq_t value)
{
  fmpq_t off;
  fmpq_init (off);
  delta1_number_set_digits (off, DIGITS);
  assert_true (fmpq_cmp (t->radius, off) <= 0);
  fmpq_sub (off, fmpq_mat_entry (t->X, 0, j), value);
  fmpq_abs (off, off);
  assert_true (fmpq_cmp (off, t->radius) <= 0);
  fmpq_clear (off);
}

/* Over Q: what delta1_network_evaluate gives, also with thresholds and rational weights. */
static void
test_exact_when_it_fits (void **state)
{
  table_t *t = *state;
  fmpq *x = _fmpq_vec_init (2);
  for (int round = 0; round < delta1_test_rounds (30); round++)
    {
      delta1_network_t *network = make (t, 4, 5);
      fmpq_t threshold;
      fmpq_init (threshold);
      for (slong layer = 0; layer < 4; layer++)
        {
          fmpq_mat_struct *W = delta1_network_edit_weights (network, layer);
          fmpq_mat_struct *c = delta1_network_edit_bias (network, layer);
          for (slong i = 0; i < fmpq_mat_nrows (W); i++)
            {
              for (slong k = 0; k < fmpq_mat_ncols (W); k++)
                delta1_test_random_rational (fmpq_mat_entry (W, i, k), 100);
              delta1_test_random_rational (fmpq_mat_entry (c, i, 0), 100);
            }
          assert_ok (delta1_network_set_units (network, layer, 0, fmpq_mat_nrows (W), DELTA1_SOFT,
                                               &t->reason),
                     t->reason);
          delta1_test_random_rational (threshold, 5);
          assert_ok (delta1_network_set_threshold (network, layer, 0, threshold, &t->reason),
                     t->reason);
        }
      fmpq_clear (threshold);
      assert_ok (delta1_network_evaluate (x, network, t->y, &t->reason), t->reason);
      assert_ok (answer (t, network), t->reason);
      assert_true (fmpq_is_zero (t->radius));
      for (slong j = 0; j < 2; j++)
        assert_true (fmpq_equal (x + j, fmpq_mat_entry (t->X, 0, j)));
    }
  _fmpq_vec_clear (x, 2);
}

/* p/q, q/p, p/q, ...: over Q, with common denominators, numbers of 10^9 bits; the value is y. */
static void
test_long_rationals_go_to_balls (void **state)
{
  table_t *t = *state;
  slong layers = 401;
  delta1_network_t *network = make (t, layers, 1);
  fmpq_t weight;
  fmpq_init (weight);
  fmpz_ui_pow_ui (fmpq_numref (weight), 3, 300000);
  fmpz_ui_pow_ui (fmpq_denref (weight), 5, 200000);
  for (slong layer = 0; layer + 1 < layers; layer++)
    {
      fmpq_inv (weight, weight);
      fmpq_set (fmpq_mat_entry (delta1_network_edit_weights (network, layer), 0, 0), weight);
    }
  set_weight (network, layers - 1, 1, 0, "1");
  fmpq_zero (weight);
  assert_ok (answer (t, network), t->reason);
  assert_true (fmpq_sgn (t->radius) > 0);
  assert_value (t, 1, t->y);
  assert_value (t, 0, weight);
  fmpq_clear (weight);
}

/* Exponents of balls have no limit: 2^(2^60), its inverse, and their like are no numbers to write
 * down. */
static void
test_squares_of_squares (void **state)
{
  table_t *t = *state;
  for (int tiny = 0; tiny < 2; tiny++)
    for (slong layers = 3; layers <= 63; layers += 30)
      {
        delta1_network_t *network = make (t, layers, 1);
        fmpq_t first, value;
        fmpq_init (first);
        fmpq_init (value);
        fmpq_inv (first, t->y); /* so that the first layer gives 2 or 1/2 */
        if (tiny)
          fmpq_div_2exp (first, first, 1);
        else
          fmpq_mul_2exp (first, first, 1);
        fmpq_set (fmpq_mat_entry (delta1_network_edit_weights (network, 0), 0, 0), first);
        for (slong layer = 0; layer + 1 < layers; layer++)
          {
            if (layer > 0)
              set_weight (network, layer, 0, 0, "1");
            assert_ok (delta1_network_set_units (network, layer, 0, 1, DELTA1_SQUARE, &t->reason),
                       t->reason);
          }
        set_weight (network, layers - 1, 0, 0, "1");
        delta1_status_t status = answer (t, network);
        if (!tiny && layers > 30)
          assert_refused (status, DELTA1_UNDECIDED, t->reason, "not enclosed");
        else
          {
            assert_ok (status, t->reason);
            fmpq_one (value);
            if (layers == 3 && tiny)
              fmpq_div_2exp (value, value, 4);
            else if (layers == 3)
              fmpq_mul_2exp (value, value, 4);
            else
              fmpq_zero (value); /* far below the radius */
            assert_value (t, 0, value);
            /* A positive value below every rounding is not said to be 0 exactly. */
            assert_true (layers == 3 || fmpq_sgn (t->radius) > 0);
          }
        fmpq_clear (first);
        fmpq_clear (value);
      }
}

/* 2^-512 as a ball without a radius: what rounding it away takes stands in the radius. */
static void
test_rounding_counts (void **state)
{
  table_t *t = *state;
  delta1_network_t *network = make (t, 11, 1);
  fmpq_t value;
  fmpq_init (value);
  fmpq_set_si (fmpq_mat_entry (delta1_network_edit_bias (network, 0), 0, 0), 1, 2);
  for (slong layer = 1; layer <= 10; layer++)
    {
      set_weight (network, layer, 0, 0, "1");
      if (layer < 10)
        assert_ok (delta1_network_set_units (network, layer, 0, 1, DELTA1_SQUARE, &t->reason),
                   t->reason);
    }
  assert_ok (answer (t, network), t->reason);
  fmpq_one (value);
  fmpq_div_2exp (value, value, 512);
  assert_value (t, 0, value);
  fmpq_clear (value);
}

/* The first precision gives 10^55 y to 36 places: not enough. */
static void
test_precision_is_doubled (void **state)
{
  table_t *t = *state;
  delta1_network_t *network = make (t, 2, 2);
  fmpq_t value;
  fmpq_init (value);
  delta1_number_set_digits (value, -55);
  fmpq_mul (value, value, t->y);
  set_weight (network, 0, 0, 0, "1e55");
  set_weight (network, 1, 0, 0, "1");
  assert_ok (delta1_network_set_units (network, 0, 1, 1, DELTA1_SQUARE, &t->reason), t->reason);
  assert_ok (answer (t, network), t->reason);
  assert_value (t, 0, value);
  fmpq_clear (value);
}

/* Weights of 10^6 bits with a sum far below them: no precision that is tried is enough. */
static void
test_cancellation_beyond_the_precision (void **state)
{
  table_t *t = *state;
  delta1_network_t *network = make (t, 61, 2);
  for (slong layer = 0; layer < 60; layer++)
    {
      assert_ok (delta1_network_set_units (network, layer, 0, 2, DELTA1_SQUARE, &t->reason),
                 t->reason);
      set_weight (network, layer, 0, 0, layer == 0 ? "1e100000" : "1/3");
      set_weight (network, layer, 1, 0, layer == 0 ? "1e100000" : "1/3");
    }
  set_weight (network, 60, 0, 0, "1");
  set_weight (network, 60, 0, 1, "-1");
  assert_refused (answer (t, network), DELTA1_UNDECIDED, t->reason, "not enclosed");
}

/* A million weights that would be 128 GB as balls of the largest precision. */
static void
test_many_weights_at_high_precision (void **state)
{
  table_t *t = *state;
  delta1_network_t *network = make (t, 4, 700);
  for (slong layer = 0; layer < 4; layer++)
    {
      fmpq_mat_struct *W = delta1_network_edit_weights (network, layer);
      for (slong i = 0; i < fmpq_mat_nrows (W); i++)
        for (slong k = 0; k < fmpq_mat_ncols (W); k++)
          fmpq_set_si (fmpq_mat_entry (W, i, k), i + k + 1, 3);
      if (layer < 3)
        assert_ok (delta1_network_set_units (network, layer, 0, 700, DELTA1_SQUARE, &t->reason),
                   t->reason);
    }
  set_weight (network, 0, 0, 0, "1e3000");
  assert_refused (answer (t, network), DELTA1_UNDECIDED, t->reason, "not enclosed");
}

#define TABLE_TEST(f) cmocka_unit_test_setup_teardown (f, open_table, close_table)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    TABLE_TEST (test_exact_when_it_fits),
    TABLE_TEST (test_long_rationals_go_to_balls),
    TABLE_TEST (test_squares_of_squares),
    TABLE_TEST (test_rounding_counts),
    TABLE_TEST (test_precision_is_doubled),
    TABLE_TEST (test_cancellation_beyond_the_precision),
    TABLE_TEST (test_many_weights_at_high_precision),
  };
  return cmocka_run_group_tests_name ("network_answer", tests, NULL, NULL);
}
