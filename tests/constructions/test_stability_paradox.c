#include "tests/testing.h"

#include <string.h>

#include "constructions/certificate_verify.h"
#include "constructions/paradox_certificate.h"
#include "constructions/paradox_game.h"
#include "src/existence.h"
#include "src/network_evaluate.h"
#include "tests/src/random_network.h"

/* A paradox with these widths (ended by 1). */
static void
make (delta1_paradox_t *paradox, slong points, slong exponent, const slong *widths)
{
  delta1_reason_t reason;
  slong count = 1;
  fmpq_t delta;
  fmpq_init (delta);
  fmpq_one (delta);
  fmpq_div_2exp (delta, delta, (flint_bitcnt_t)exponent);
  while (widths[count - 1] != 1 || count < 2)
    count++;
  assert_ok (delta1_paradox_init (paradox, points, delta, widths, count, &reason), reason);
  fmpq_clear (delta);
}

/* ceil (1/x) mod 2 */
static slong
true_label (const fmpq_t x)
{
  fmpz_t n;
  fmpz_init (n);
  fmpz_cdiv_q (n, fmpq_denref (x), fmpq_numref (x));
  slong label = fmpz_is_odd (n);
  fmpz_clear (n);
  return label;
}

static void
the_data (void **state)
{
  (void)state;
  static const slong widths[] = { 3, 2, 1 };
  fmpq *x = _fmpq_vec_init (3), *y = _fmpq_vec_init (3);
  fmpq_t zero, end;
  fmpq_init (zero);
  fmpq_init (end);
  for (slong K = 2; K < 40; K++)
    {
      delta1_paradox_t paradox;
      make (&paradox, K, 5, widths);
      assert_int_equal (paradox.floor, K >= 4 ? (K - 1 - 3 + 1) / 2 : 0);
      for (slong k = 2; k < K + 2; k++)
        {
          delta1_paradox_datum (x, &paradox, k, zero);
          assert_int_equal (true_label (x), delta1_paradox_label (k));
          assert_int_equal (fmpq_is_zero (x + 1), delta1_paradox_label (k) == 0);
          assert_true (fmpq_is_zero (x + 2));
          /* The label is constant inside the mu-ball; the right end may be 1/(k-1) itself. */
          for (int side = -1; side <= 1; side += 2)
            {
              fmpq_set_si (end, side * 999999, 1000000);
              fmpq_mul (end, end, paradox.margin);
              fmpq_add (end, end, x);
              assert_int_equal (true_label (end), delta1_paradox_label (k));
            }
          if (k > 2)
            {
              delta1_paradox_datum (y, &paradox, k - 1, zero);
              fmpq_sub (end, y, x);
              fmpq_sub (end, end, paradox.margin);
              assert_true (fmpq_cmp (end, paradox.margin) >= 0);
            }
        }
      delta1_paradox_clear (&paradox);
    }
  _fmpq_vec_clear (x, 3);
  _fmpq_vec_clear (y, 3);
  fmpq_clear (zero);
  fmpq_clear (end);
}

static void
the_unstable_network (void **state)
{
  (void)state;
  static const slong all[][6]
      = { { 2, 1 },    { 2, 1, 1 },         { 2, 8, 8, 1 }, { 5, 3, 1, 4, 2, 1 },
          { 4, 7, 1 }, { 2, 2, 2, 2, 2, 1 } };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    {
      delta1_reason_t reason;
      delta1_paradox_t paradox;
      delta1_network_t *network;
      delta1_paradox_verdict_t verdict;
      slong count = 2, K = 2 + delta1_test_random_below (150);
      fmpq_t delta;
      fmpq_init (delta);
      do
        delta1_test_random_rational (delta, 40);
      while (fmpq_sgn (delta) <= 0);
      while (all[i][count - 1] != 1 || (count < 6 && all[i][count] != 0))
        count++;
      assert_ok (delta1_paradox_init (&paradox, K, delta, all[i], count, &reason), reason);
      delta1_paradox_verdict_init (&verdict);
      assert_ok (delta1_paradox_unstable (&network, &paradox, &reason), reason);
      assert_ok (delta1_paradox_judge (&verdict, &paradox, network, &reason), reason);
      assert_int_equal (verdict.correct, K);
      assert_int_equal (verdict.broken[0], 0);
      assert_int_equal (verdict.broken[1], K / 2); /* the odd k of 2 .. K+1 */
      assert_int_equal (verdict.line, K / 2);
      assert_true (fmpq_is_zero (verdict.loss));
      assert_string_equal (delta1_paradox_verdict_name (&verdict, &paradox), "broken");
      delta1_network_free (network);
      delta1_paradox_verdict_clear (&verdict);
      delta1_paradox_clear (&paradox);
      fmpq_clear (delta);
    }
}

/* theta as large as the network allows: p_{K+1} and the ramp around 1/K. */
static void
set_limit (fmpq_t limit, const delta1_paradox_t *paradox, const fmpq_t theta)
{
  slong K = paradox->points;
  fmpq_t one;
  fmpq_init (one);
  fmpq_set_si (limit, 1, (ulong)(K * (2 * K + 1)));
  fmpq_div (limit, limit, paradox->margin);
  fmpq_one (one);
  fmpq_sub (limit, limit, one);
  fmpq_add (limit, limit, theta);
  fmpq_clear (one);
}

static void
the_stable_network (void **state)
{
  (void)state;
  static const slong sizes[] = { 2, 3, 4, 17, 50, 51, 2000 };
  static const slong widths[] = { 2, 8, 8, 1 };
  fmpq_t theta, limit, tiny;
  fmpq_init (theta);
  fmpq_init (limit);
  fmpq_init (tiny);
  fmpq_set_si (tiny, 1, 1000000007);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (slong hundredths = 1; hundredths < 100; hundredths += 49)
      {
        delta1_reason_t reason;
        delta1_paradox_t paradox, own;
        delta1_network_t *network;
        delta1_paradox_verdict_t verdict;
        slong K = sizes[i], own_widths[] = { 2, 2 * (K - 1), 1 };
        make (&paradox, K, 30, widths);
        fmpq_set_si (theta, hundredths, 100);
        assert_ok (delta1_paradox_stable (&network, &paradox, theta, &reason), reason);
        assert_int_equal (delta1_network_width (network, 0), 2 * (K - 1));
        assert_ok (delta1_paradox_check_stable (network, &paradox, theta, &reason), reason);
        set_limit (limit, &paradox, theta);
        assert_ok (delta1_paradox_check_stable (network, &paradox, limit, &reason), reason);
        fmpq_add (limit, limit, tiny);
        assert_refused (delta1_paradox_check_stable (network, &paradox, limit, &reason),
                        DELTA1_DOMAIN, reason, "interval");
        if (K <= 100)
          {
            make (&own, K, 30, own_widths);
            delta1_paradox_verdict_init (&verdict);
            assert_ok (delta1_paradox_judge (&verdict, &own, network, &reason), reason);
            assert_int_equal (verdict.correct, K);
            assert_int_equal (verdict.line, 0);
            assert_int_equal (verdict.pieces, 2 * K - 1); /* K plateaus, K-1 ramps */
            assert_string_equal (delta1_paradox_verdict_name (&verdict, &own), "unbroken");
            delta1_paradox_verdict_clear (&verdict);
            delta1_paradox_clear (&own);
          }
        /* A changed weight is found. */
        slong unit = delta1_test_random_below (2 * (K - 1));
        fmpq *w = fmpq_mat_entry (delta1_network_edit_weights (network, 1), 0, unit);
        fmpq_add (w, w, tiny);
        assert_refused (delta1_paradox_check_stable (network, &paradox, theta, &reason),
                        DELTA1_DOMAIN, reason, "interval");
        delta1_network_free (network);
        delta1_paradox_clear (&paradox);
      }
  fmpq_clear (theta);
  fmpq_clear (limit);
  fmpq_clear (tiny);
}

/* The other proof that exists in the library: no unit changes sign on a ball. */
static void
the_stable_network_by_balls (void **state)
{
  (void)state;
  static const slong widths[] = { 3, 2, 1 };
  for (slong K = 2; K <= 20; K += 3)
    {
      delta1_reason_t reason;
      delta1_paradox_t paradox;
      delta1_network_t *network;
      fmpq_mat_t Y, X;
      fmpq_t theta, square;
      fmpq_mat_init (Y, K, 3);
      fmpq_mat_init (X, K, 1);
      fmpq_init (theta);
      fmpq_init (square);
      fmpq_set_si (theta, 99, 100);
      make (&paradox, K, 3, widths);
      delta1_paradox_examples (Y, X, &paradox);
      assert_ok (delta1_paradox_stable (&network, &paradox, theta, &reason), reason);
      fmpq_mul (square, theta, paradox.margin);
      fmpq_mul (square, square, square);
      assert_ok (delta1_existence_verify (network, Y, X, square, &reason), reason);
      delta1_network_free (network);
      delta1_paradox_clear (&paradox);
      fmpq_mat_clear (Y);
      fmpq_mat_clear (X);
      fmpq_clear (theta);
      fmpq_clear (square);
    }
}

/* Random networks, skip connections and moduli among them: the counts of a slow reference, and the
 * theorem. */
static void
any_network (void **state)
{
  (void)state;
  slong rounds = delta1_test_rounds (150), lines = 0;
  for (slong round = 0; round < rounds; round++)
    {
      delta1_reason_t reason;
      delta1_network_t *network = NULL;
      do
        {
          delta1_network_free (network);
          network = random_network (3, 3, DELTA1_MODULUS + 1, false, RANDOM_WEIGHTS_SMALL);
        }
      while (delta1_network_inputs (network) < 2 || delta1_network_outputs (network) != 1);
      slong layers = delta1_network_layers (network), d = delta1_network_inputs (network);
      slong widths[8] = { d };
      for (slong j = 0; j < layers; j++)
        widths[j + 1] = delta1_network_width (network, j);
      assert_ok (delta1_network_set_units (network, layers - 1, 0, 1, DELTA1_IDENTITY, &reason),
                 reason);
      delta1_paradox_t paradox;
      delta1_paradox_verdict_t verdict;
      fmpq_t delta, value, half, minus, zero;
      fmpq_init (delta);
      fmpq_init (value);
      fmpq_init (half);
      fmpq_init (minus);
      fmpq_init (zero);
      fmpq_set_si (half, 1, 2);
      fmpq_set_si (delta, 1 + delta1_test_random_below (9), 8);
      fmpq_neg (minus, delta);
      slong K = 2 + delta1_test_random_below (30), correct = 0, broken = 0, line = 0;
      assert_ok (delta1_paradox_init (&paradox, K, delta, widths, layers + 1, &reason), reason);
      delta1_paradox_verdict_init (&verdict);
      assert_ok (delta1_paradox_judge (&verdict, &paradox, network, &reason), reason);
      fmpq *x = _fmpq_vec_init (d);
      for (slong k = 2; k < K + 2; k++)
        {
          bool right[3];
          for (int which = 0; which < 3; which++)
            {
              delta1_paradox_datum (x, &paradox, k, which == 1 ? minus : zero);
              if (which == 2)
                fmpq_zero (x + 1);
              assert_ok (delta1_network_evaluate (value, network, x, &reason), reason);
              right[which] = (fmpq_cmp (value, half) >= 0) == (k % 2 == 1);
            }
          correct += right[0];
          broken += right[0] && !right[1];
          line += !right[2];
        }
      assert_int_equal (verdict.correct, correct);
      assert_int_equal (verdict.broken[0] + verdict.broken[1], broken);
      assert_int_equal (verdict.line, line);
      assert_true (line >= paradox.floor);
      assert_true (fmpz_cmp_si (paradox.pieces, verdict.pieces) >= 0);
      lines += line;
      _fmpq_vec_clear (x, d);
      fmpq_clear (delta);
      fmpq_clear (value);
      fmpq_clear (half);
      fmpq_clear (minus);
      fmpq_clear (zero);
      delta1_paradox_verdict_clear (&verdict);
      delta1_paradox_clear (&paradox);
      delta1_network_free (network);
    }
  assert_true (lines > 0);
}

static void
what_is_refused (void **state)
{
  (void)state;
  static const slong widths[] = { 2, 3, 1 }, short_widths[] = { 1, 1 }, wide[] = { 2, 3, 2 };
  delta1_reason_t reason;
  delta1_paradox_t paradox, other;
  delta1_network_t *network;
  fmpq_t number;
  fmpq_init (number);
  assert_refused (delta1_paradox_init (&other, 1, number, widths, 3, &reason), DELTA1_INPUT, reason,
                  "2 to");
  delta1_paradox_clear (&other);
  assert_refused (delta1_paradox_init (&other, 9, number, short_widths, 2, &reason), DELTA1_INPUT,
                  reason, "at least 2");
  delta1_paradox_clear (&other);
  assert_refused (delta1_paradox_init (&other, 9, number, wide, 3, &reason), DELTA1_INPUT, reason,
                  "the last is 1");
  delta1_paradox_clear (&other);
  fmpq_set_si (number, -1, 5);
  assert_refused (delta1_paradox_init (&other, 9, number, widths, 3, &reason), DELTA1_INPUT, reason,
                  "delta");
  delta1_paradox_clear (&other);
  fmpq_zero (number);
  assert_ok (delta1_paradox_init (&paradox, 9, number, widths, 3, &reason), reason);
  assert_refused (delta1_paradox_unstable (&network, &paradox, &reason), DELTA1_DOMAIN, reason,
                  "delta = 0");
  assert_refused (delta1_paradox_stable (&network, &paradox, number, &reason), DELTA1_INPUT, reason,
                  "theta");
  fmpq_one (number);
  assert_refused (delta1_paradox_stable (&network, &paradox, number, &reason), DELTA1_INPUT, reason,
                  "theta");
  static const slong shapes[][3] = { { 3, 3, 1 }, { 2, 4, 1 } };
  static const char *const words[] = { "3 inputs; allowed: 2", "width 4; allowed: 3" };
  for (int i = 0; i < 2; i++)
    {
      assert_ok (delta1_network_create (&network, shapes[i][0], 2, shapes[i] + 1, &reason), reason);
      assert_refused (delta1_paradox_check_network (&paradox, network, &reason), DELTA1_INPUT,
                      reason, words[i]);
      delta1_network_free (network);
    }
  assert_ok (delta1_network_create (&network, 2, 1, widths + 2, &reason), reason);
  assert_refused (delta1_paradox_check_network (&paradox, network, &reason), DELTA1_INPUT, reason,
                  "1 layers");
  delta1_network_free (network);
  assert_ok (delta1_network_create (&network, 2, 2, widths + 1, &reason), reason);
  assert_ok (delta1_network_set_units (network, 0, 1, 1, DELTA1_SOFT, &reason), reason);
  assert_refused (delta1_paradox_check_network (&paradox, network, &reason), DELTA1_INPUT, reason,
                  "soft");
  assert_ok (delta1_network_set_units (network, 0, 1, 1, DELTA1_RELU, &reason), reason);
  assert_ok (delta1_network_set_units (network, 1, 0, 1, DELTA1_RELU, &reason), reason);
  assert_refused (delta1_paradox_check_network (&paradox, network, &reason), DELTA1_INPUT, reason,
                  "layer 1");
  delta1_network_free (network);
  delta1_paradox_clear (&paradox);
  fmpq_clear (number);
}

/* --- the training game ------------------------------------------------------------------------ */

/* What a learner of these tests does with the height of p_3 that it reads: the network that is
 * right for it; vectors; a network of another architecture. */
typedef enum
{
  HONEST,
  VECTORS,
  MISSHAPED
} conduct_t;

typedef struct
{
  conduct_t conduct;
  slong precision;
} learner_t;

static delta1_status_t
learn (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
       delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  const learner_t *learner = algorithm->context;
  delta1_network_t *network;
  fmpz_t m;
  fmpq_t height;
  (void)seed;
  fmpq_mat_zero (X);
  if (learner->conduct == VECTORS)
    return DELTA1_OK;
  assert_non_null (task->supervised);
  assert_int_equal (fmpq_mat_nrows (task->supervised->targets), task->shape.R);
  assert_true (fmpq_is_one (fmpq_mat_entry (task->supervised->targets, 1, 0)));
  fmpz_init (m);
  fmpq_init (height);
  delta1_status_t status = delta1_oracle_ask (
      oracle, m, delta1_shape_data_entry (&task->shape, 1, 1), learner->precision, reason);
  fmpq_set_fmpz (height, m);
  fmpq_div_2exp (height, height, (flint_bitcnt_t)learner->precision);
  slong misshaped = task->supervised->layers - 1;
  if (status == DELTA1_OK && learner->conduct == MISSHAPED)
    status = delta1_network_create (task->network, task->shape.m, misshaped,
                                    task->supervised->widths + 2, reason);
  else if (status == DELTA1_OK)
    {
      slong layers = task->supervised->layers;
      assert_ok (delta1_network_create (&network, task->shape.m, layers,
                                        task->supervised->widths + 1, reason),
                 *reason);
      for (slong j = 0; j + 1 < layers; j++)
        assert_ok (delta1_network_set_units (network, j, 0, task->supervised->widths[j + 1],
                                             DELTA1_RELU, reason),
                   *reason);
      if (fmpq_is_zero (height))
        fmpq_set_si (fmpq_mat_entry (delta1_network_edit_bias (network, layers - 1), 0, 0), 1, 2);
      else
        for (slong j = 0; j < layers; j++)
          {
            fmpq_mat_struct *W = delta1_network_edit_weights (network, j);
            if (j == 0)
              fmpq_inv (fmpq_mat_entry (W, 0, 1), height);
            else
              fmpq_one (fmpq_mat_entry (W, 0, 0));
          }
      *task->network = network;
    }
  fmpz_clear (m);
  fmpq_clear (height);
  return status;
}

static const delta1_algorithm_table_t learner_table = { .name = "learner", .run = learn };

static void
training (void **state)
{
  (void)state;
  static const slong widths[] = { 2, 2, 3, 1 };
  delta1_reason_t reason;
  delta1_paradox_t paradox;
  learner_t learner = { .precision = 40 };
  delta1_algorithm_t algorithm
      = { .table = &learner_table, .label = (char *)"learner", .context = &learner };
  delta1_paradox_play_t play = { .budget = { .precision = 100 } };
  delta1_paradox_run_t run;
  json_t *document;
  fmpq_init (play.tolerance);
  fmpq_set_si (play.tolerance, 1, 8);
  make (&paradox, 30, 10, widths);
  /* Honest data: it succeeds. */
  assert_ok (delta1_paradox_play (&run, &paradox, &algorithm, &play, &reason), reason);
  assert_true (run.answered && !run.beaten);
  assert_true (fmpq_is_zero (run.loss[1]));
  delta1_paradox_run_clear (&run);
  /* The adversary: it reads 0, is right on T_0, and T_{2^-40} is revealed. */
  play.adversary = true;
  for (learner.precision = 1; learner.precision <= 64; learner.precision += 9)
    {
      assert_ok (delta1_paradox_play (&run, &paradox, &algorithm, &play, &reason), reason);
      assert_true (run.answered && run.beaten);
      fmpq_t delta, half;
      fmpq_init (delta);
      fmpq_init (half);
      fmpq_one (delta);
      fmpq_div_2exp (delta, delta, (flint_bitcnt_t)learner.precision);
      fmpq_set_si (half, 1, 2);
      assert_true (fmpq_equal (run.delta, delta));
      assert_true (fmpq_equal (run.loss[0], half) && fmpq_equal (run.loss[1], half));
      delta1_paradox_t revealed;
      assert_ok (delta1_paradox_init (&revealed, 30, run.delta, widths, 4, &reason), reason);
      assert_ok (delta1_paradox_certify_training (&document, &revealed, run.network, run.transcript,
                                                  play.tolerance, "learner", &reason),
                 reason);
      assert_ok (delta1_certificate_verify (document, &reason), reason);
      json_decref (document);
      /* A larger gap: the answers are not legal for it. */
      fmpq_mul_2exp (revealed.delta, revealed.delta, 1);
      assert_refused (delta1_paradox_legal (&revealed, run.transcript, &reason), DELTA1_FAILED,
                      reason, "legal");
      fmpq_clear (delta);
      fmpq_clear (half);
      delta1_paradox_clear (&revealed);
      delta1_paradox_run_clear (&run);
    }
  learner.conduct = VECTORS;
  assert_ok (delta1_paradox_play (&run, &paradox, &algorithm, &play, &reason), reason);
  assert_false (run.answered);
  assert_non_null (strstr (run.why.text, "vectors"));
  delta1_paradox_run_clear (&run);
  learner.conduct = MISSHAPED;
  assert_ok (delta1_paradox_play (&run, &paradox, &algorithm, &play, &reason), reason);
  assert_false (run.answered);
  assert_non_null (strstr (run.why.text, "layers"));
  delta1_paradox_run_clear (&run);
  learner = (learner_t){ .precision = 101 };
  assert_ok (delta1_paradox_play (&run, &paradox, &algorithm, &play, &reason), reason);
  assert_false (run.answered); /* over budget */
  delta1_paradox_run_clear (&run);
  fmpq_set_si (play.tolerance, 1, 4);
  assert_refused (delta1_paradox_play (&run, &paradox, &algorithm, &play, &reason), DELTA1_INPUT,
                  reason, "1/4");
  fmpq_set_si (play.tolerance, 1, 8);
  delta1_paradox_clear (&paradox);
  make (&paradox, 13, 10, widths); /* P = 12 = K - 1 */
  assert_refused (delta1_paradox_play (&run, &paradox, &algorithm, &play, &reason), DELTA1_INPUT,
                  reason, "K - 1");
  delta1_paradox_clear (&paradox);
  fmpq_clear (play.tolerance);
}

/* Losses decide exactly at the edge: the least plus the tolerance is minimal, above it is not. */
static void
minimal_at_the_edge (void **state)
{
  (void)state;
  static const slong widths[] = { 2, 1, 1 };
  delta1_reason_t reason;
  delta1_network_t *network;
  fmpq_t tolerance, delta;
  fmpq_init (tolerance);
  fmpq_init (delta);
  fmpq_set_si (tolerance, 1, 8);
  for (int flat = 0; flat < 2; flat++)
    {
      delta1_paradox_t paradox;
      fmpq_set_si (delta, flat ? 0 : 1, 16);
      assert_ok (delta1_paradox_init (&paradox, 9, delta, widths, 3, &reason), reason);
      assert_ok (delta1_network_create (&network, 2, 2, widths + 1, &reason), reason);
      assert_ok (delta1_network_set_units (network, 0, 0, 1, DELTA1_RELU, &reason), reason);
      fmpq *c = fmpq_mat_entry (delta1_network_edit_bias (network, 1), 0, 0);
      if (flat)
        fmpq_set_si (c, 5, 8); /* the constant 5/8: loss 1/2 + 1/8 */
      else
        {
          /* 14 x_2 = 7/8 on label 1: loss 1/8 */
          fmpq_set_si (fmpq_mat_entry (delta1_network_edit_weights (network, 0), 0, 1), 14, 1);
          fmpq_one (fmpq_mat_entry (delta1_network_edit_weights (network, 1), 0, 0));
        }
      assert_refused (delta1_paradox_not_minimal (&paradox, network, tolerance, &reason),
                      DELTA1_FAILED, reason, "within");
      if (flat)
        fmpq_set_si (c, 5001, 8000);
      else
        fmpq_set_si (fmpq_mat_entry (delta1_network_edit_weights (network, 0), 0, 1), 13999, 1000);
      assert_ok (delta1_paradox_not_minimal (&paradox, network, tolerance, &reason), reason);
      delta1_network_free (network);
      delta1_paradox_clear (&paradox);
    }
  fmpq_clear (tolerance);
  fmpq_clear (delta);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_data),           cmocka_unit_test (the_unstable_network),
    cmocka_unit_test (the_stable_network), cmocka_unit_test (the_stable_network_by_balls),
    cmocka_unit_test (any_network),        cmocka_unit_test (what_is_refused),
    cmocka_unit_test (training),           cmocka_unit_test (minimal_at_the_edge),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
