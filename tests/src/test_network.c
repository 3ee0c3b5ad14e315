#include "tests/testing.h"

#include <fenv.h>
#include <math.h>

#include "src/network_evaluate.h"
#include "tests/src/random_network.h"

#define WIDEST 8

/* A double of a random kind: small integers, ordinary numbers, cancelling sizes, subnormals. */
static double
random_input (void)
{
  double mantissa = (double)(slong)(delta1_test_random () >> 1) * 0x1p-62 - 1;
  switch (delta1_test_random_below (6))
    {
    case 0:
      return (double)(delta1_test_random_below (5) - 2);
    case 1:
      return ldexp (mantissa, (int)delta1_test_random_below (80) - 40);
    case 2:
      return ldexp (mantissa, -1022 - (int)delta1_test_random_below (52));
    case 3:
      return 0x1p-1074;
    default:
      return mantissa;
    }
}

/* A slow second implementation of Section 5, entry by entry and term by term. */
static void
slow_evaluate (fmpq *x, const delta1_network_t *network, const fmpq *y)
{
  fmpq *now = _fmpq_vec_init (WIDEST), *next = _fmpq_vec_init (WIDEST);
  fmpq_t t, plus;
  fmpq_init (t);
  fmpq_init (plus);
  slong m = delta1_network_inputs (network), before = m;
  for (slong k = 0; k < m; k++)
    fmpq_set (now + k, y + k);
  for (slong j = 0; j < delta1_network_layers (network); j++)
    {
      slong width = delta1_network_width (network, j);
      for (slong i = 0; i < width; i++)
        {
          fmpq *z = next + i;
          fmpq_zero (z);
          for (slong k = 0; k < before; k++)
            fmpq_addmul (z, fmpq_mat_entry (delta1_network_weights (network, j), i, k), now + k);
          if (delta1_network_skip (network, j) != NULL)
            for (slong k = 0; k < m; k++)
              fmpq_addmul (z, fmpq_mat_entry (delta1_network_skip (network, j), i, k), y + k);
          if (delta1_network_bias (network, j) != NULL)
            fmpq_add (z, z, fmpq_mat_entry (delta1_network_bias (network, j), i, 0));
          switch (delta1_network_unit (network, j, i))
            {
            case DELTA1_RELU:
              if (fmpq_sgn (z) < 0)
                fmpq_zero (z);
              break;
            case DELTA1_MODULUS:
              fmpq_abs (z, z);
              break;
            case DELTA1_SQUARE:
              fmpq_mul (z, z, z);
              break;
            case DELTA1_SOFT:
              /* for a threshold of either sign: (|z + t| - |z - t|)/2 is z clipped to [-t, t],
               * and soft(z) = z - clip(z) */
              fmpq_add (plus, z, delta1_network_threshold (network, j, i));
              fmpq_sub (t, z, delta1_network_threshold (network, j, i));
              fmpq_abs (plus, plus);
              fmpq_abs (t, t);
              fmpq_sub (plus, plus, t);
              fmpq_div_2exp (plus, plus, 1);
              fmpq_sub (z, z, plus);
              break;
            default:
              break;
            }
        }
      fmpq *swap = now;
      now = next;
      next = swap;
      before = width;
    }
  for (slong i = 0; i < before; i++)
    fmpq_set (x + i, now + i);
  fmpq_clear (t);
  fmpq_clear (plus);
  _fmpq_vec_clear (now, WIDEST);
  _fmpq_vec_clear (next, WIDEST);
}

static void
rationals_agree_with_a_slow_reference (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq *y = _fmpq_vec_init (WIDEST), *x = _fmpq_vec_init (WIDEST), *e = _fmpq_vec_init (WIDEST);
  for (int round = 0; round < delta1_test_rounds (300); round++)
    {
      delta1_network_t *network
          = random_network (4, WIDEST, DELTA1_SOFT + 1, true, RANDOM_WEIGHTS_SMALL);
      for (slong k = 0; k < WIDEST; k++)
        delta1_test_random_rational (y + k, 5);
      slow_evaluate (e, network, y);
      assert_ok (delta1_network_evaluate (x, network, y, &reason), reason);
      for (slong i = 0; i < delta1_network_outputs (network); i++)
        assert_true (fmpq_equal (x + i, e + i));
      /* Output over input. */
      assert_ok (delta1_network_evaluate (y, network, y, &reason), reason);
      for (slong i = 0; i < delta1_network_outputs (network); i++)
        assert_true (fmpq_equal (y + i, e + i));
      delta1_network_free (network);
    }
  _fmpq_vec_clear (y, WIDEST);
  _fmpq_vec_clear (x, WIDEST);
  _fmpq_vec_clear (e, WIDEST);
}

static void
balls_contain_the_rational_value (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq *y = _fmpq_vec_init (WIDEST), *x = _fmpq_vec_init (WIDEST);
  arb_ptr b = _arb_vec_init (WIDEST);
  for (int round = 0; round < delta1_test_rounds (300); round++)
    {
      delta1_network_t *network
          = random_network (4, WIDEST, DELTA1_SOFT + 1, true, RANDOM_WEIGHTS_SMALL);
      slong precision = 2 + delta1_test_random_below (120);
      for (slong k = 0; k < WIDEST; k++)
        {
          delta1_test_random_rational (y + k, 5);
          arb_set_fmpq (b + k, y + k, precision);
          if (delta1_test_random () & 1)
            mag_add_ui_2exp_si (arb_radref (b + k), arb_radref (b + k), 1, -20);
        }
      assert_ok (delta1_network_evaluate (x, network, y, &reason), reason);
      delta1_network_evaluate_balls (b, network, b, precision);
      for (slong i = 0; i < delta1_network_outputs (network); i++)
        assert_true (arb_contains_fmpq (b + i, x + i));
      delta1_network_free (network);
    }
  _fmpq_vec_clear (y, WIDEST);
  _fmpq_vec_clear (x, WIDEST);
  _arb_vec_clear (b, WIDEST);
}

/* Gates too: for balls of y whose midpoints and radii are no doubles, the value at 400 bits of a
 * point in them lies inside the ball at 53 bits (doubles where they can) and at 54 (Arb). */
static void
higher_precision_lies_inside (void **state)
{
  (void)state;
  arb_ptr y = _arb_vec_init (WIDEST), point = _arb_vec_init (WIDEST);
  arb_ptr low = _arb_vec_init (WIDEST), high = _arb_vec_init (WIDEST);
  arb_t part;
  arb_init (part);
  for (int round = 0; round < delta1_test_rounds (400); round++)
    {
      random_weights_t weights = (random_weights_t)(round % RANDOM_WEIGHTS_COUNT);
      delta1_network_t *network
          = random_network (4, WIDEST, DELTA1_UNIT_COUNT, round % 2 == 0, weights);
      for (slong k = 0; k < WIDEST; k++)
        {
          slong scale = (slong)delta1_test_random_below (120);
          arb_set_d (y + k, random_input ());
          arb_set_d (part, random_input ());
          arb_mul_2exp_si (part, part, -scale);
          arb_add (y + k, y + k, part, ARF_PREC_EXACT);
          arb_set (point + k, y + k);
          if (delta1_test_random () & 1)
            { /* an end of the ball */
              arb_set_d (part, random_input ());
              arb_mul_2exp_si (part, part, -scale - 20);
              arb_add_error (y + k, part);
              arb_get_ubound_arf (arb_midref (point + k), y + k, ARF_PREC_EXACT);
            }
        }
      delta1_network_evaluate_balls (high, network, point, 400);
      for (slong precision = 53; precision <= 54; precision++)
        {
          delta1_network_evaluate_balls (low, network, y, precision);
          for (slong i = 0; i < delta1_network_outputs (network); i++)
            {
              assert_true (arb_is_finite (high + i));
              assert_true (arb_overlaps (low + i, high + i));
            }
        }
      delta1_network_free (network);
    }
  _arb_vec_clear (y, WIDEST);
  _arb_vec_clear (point, WIDEST);
  _arb_vec_clear (low, WIDEST);
  _arb_vec_clear (high, WIDEST);
  arb_clear (part);
}

/* |x - phi(y)| <= error, phi(y) at 400 bits (and over Q where it is rational). */
static void
doubles_contain_the_value (void **state)
{
  (void)state;
  delta1_reason_t reason;
  double y[WIDEST], x[WIDEST], error[WIDEST], radius[WIDEST];
  arb_ptr b = _arb_vec_init (WIDEST);
  fmpq *exact = _fmpq_vec_init (WIDEST);
  arb_t distance, limit;
  slong decided = 0, useful = 0, rounds = delta1_test_rounds (4000);
  arb_init (distance);
  arb_init (limit);
  for (slong round = 0; round < rounds; round++)
    {
      random_weights_t weights = (random_weights_t)(round % RANDOM_WEIGHTS_COUNT);
      int units = round % 3 == 0 ? DELTA1_UNIT_COUNT : DELTA1_SOFT + 1;
      delta1_network_t *network = random_network (5, WIDEST, units, round % 5 == 0, weights);
      bool with_radius = delta1_test_random_below (3) == 0;
      for (slong k = 0; k < WIDEST; k++)
        {
          y[k] = random_input ();
          radius[k] = with_radius ? fabs (random_input ()) * 0x1p-30 : 0;
          /* The worst point of the box is a corner: take one. */
          arb_set_d (b + k, radius[k]);
          if (delta1_test_random () & 1)
            arb_neg (b + k, b + k);
          arf_t exact_y;
          arf_init (exact_y);
          arf_set_d (exact_y, y[k]);
          arb_add_arf (b + k, b + k, exact_y, ARF_PREC_EXACT);
          arf_get_fmpq (exact + k, arb_midref (b + k));
          arf_clear (exact_y);
        }
      delta1_status_t status = delta1_network_evaluate_doubles (
          x, error, network, y, with_radius ? radius : NULL, &reason);
      if (status == DELTA1_OK)
        {
          decided++;
          slong N = delta1_network_outputs (network);
          bool rational = delta1_network_is_piecewise_linear (network);
          if (rational)
            assert_ok (delta1_network_evaluate (exact, network, exact, &reason), reason);
          else
            delta1_network_evaluate_balls (b, network, b, 400);
          for (slong i = 0; i < N; i++)
            {
              if (rational)
                arb_set_fmpq (b + i, exact + i, 400);
              arb_set_d (distance, x[i]);
              arb_sub (distance, distance, b + i, 400);
              arb_abs (distance, distance);
              arb_set_d (limit, error[i]);
              assert_false (arb_gt (distance, limit));
              if (!with_radius && error[i] <= 0x1p-30 * (1 + fabs (x[i])))
                useful++;
            }
        }
      else
        assert_int_equal (status, DELTA1_UNDECIDED);
      delta1_network_free (network);
    }
  assert_true (decided > rounds * 9 / 10);
  assert_true (useful > rounds / 2);
  arb_clear (distance);
  arb_clear (limit);
  _arb_vec_clear (b, WIDEST);
  _fmpq_vec_clear (exact, WIDEST);
}

/* x_1 + 1 - 1 - x_1 through ReLUs: everything cancels, and the bound says how far it can be off. */
static void
cancellation_is_told (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const slong widths[2] = { 2, 1 };
  delta1_network_t *network;
  double x, error, y = 0x1.23456789abcdfp-3;
  assert_ok (delta1_network_create (&network, 1, 2, widths, &reason), reason);
  fmpq_mat_struct *W = delta1_network_edit_weights (network, 0);
  fmpq_one (fmpq_mat_entry (W, 0, 0));
  fmpq_one (fmpq_mat_entry (W, 1, 0));
  fmpq_mat_struct *c = delta1_network_edit_bias (network, 0);
  fmpq_set_si (fmpq_mat_entry (c, 0, 0), 1 << 30, 1);
  fmpq_set_si (fmpq_mat_entry (c, 1, 0), 1 << 29, 1);
  assert_ok (delta1_network_set_units (network, 0, 0, 2, DELTA1_RELU, &reason), reason);
  W = delta1_network_edit_weights (network, 1);
  fmpq_one (fmpq_mat_entry (W, 0, 0));
  fmpq_set_si (fmpq_mat_entry (W, 0, 1), -1, 1);
  fmpq_set_si (fmpq_mat_entry (delta1_network_edit_bias (network, 1), 0, 0), -(1 << 29), 1);
  assert_ok (delta1_network_evaluate_doubles (&x, &error, network, &y, NULL, &reason), reason);
  assert_true (fabs (x) <= error);
  assert_true (error > 1e-8 && error < 1e-5);
  delta1_network_free (network);
}

static void
what_doubles_cannot_do_is_undecided (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const slong width = 1;
  delta1_network_t *network;
  double x, error, y = 1e300;
  assert_ok (delta1_network_create (&network, 1, 1, &width, &reason), reason);
  fmpq *w = fmpq_mat_entry (delta1_network_edit_weights (network, 0), 0, 0);
  fmpq_set_si (w, 1, 1);
  fmpq_mul_2exp (w, w, 2000);
  assert_refused (delta1_network_evaluate_doubles (&x, &error, network, &y, NULL, &reason),
                  DELTA1_UNDECIDED, reason, "beyond the doubles");
  w = fmpq_mat_entry (delta1_network_edit_weights (network, 0), 0, 0);
  fmpq_set_si (w, 1000000000, 1);
  assert_refused (delta1_network_evaluate_doubles (&x, &error, network, &y, NULL, &reason),
                  DELTA1_UNDECIDED, reason, "beyond the doubles");
  y = NAN;
  assert_refused (delta1_network_evaluate_doubles (&x, &error, network, &y, NULL, &reason),
                  DELTA1_INPUT, reason, "input 0");
  y = 1;
  double radius = -1;
  assert_refused (delta1_network_evaluate_doubles (&x, &error, network, &y, &radius, &reason),
                  DELTA1_INPUT, reason, "radius");
  assert_int_equal (fesetround (FE_UPWARD), 0);
  delta1_status_t status = delta1_network_evaluate_doubles (&x, &error, network, &y, NULL, &reason);
  assert_int_equal (fesetround (FE_TONEAREST), 0);
  assert_refused (status, DELTA1_UNDECIDED, reason, "nearest");
  assert_ok (delta1_network_evaluate_doubles (&x, &error, network, &y, NULL, &reason), reason);
  assert_true (x == 1e9);
  delta1_network_free (network);
}

/* The projection on the unit ball and the complex soft threshold as FIRENET uses them. */
static void
gates_project_and_shrink (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const slong widths[2] = { 3, 3 };
  delta1_network_t *network;
  fmpq_t threshold;
  arb_ptr v = _arb_vec_init (3);
  fmpq_init (threshold);
  assert_ok (delta1_network_create (&network, 2, 2, widths, &reason), reason);
  /* (v, v) -> (v_1^2, v_2^2, .): three entries cannot hold both squares and v: take v by skip. */
  fmpq_mat_struct *W = delta1_network_edit_weights (network, 0);
  fmpq_one (fmpq_mat_entry (W, 0, 0));
  fmpq_one (fmpq_mat_entry (W, 1, 1));
  assert_ok (delta1_network_set_units (network, 0, 0, 2, DELTA1_SQUARE, &reason), reason);
  W = delta1_network_edit_weights (network, 1);
  fmpq_one (fmpq_mat_entry (W, 0, 0));
  fmpq_one (fmpq_mat_entry (W, 0, 1));
  fmpq_mat_struct *R = delta1_network_edit_skip (network, 1);
  fmpq_one (fmpq_mat_entry (R, 1, 0));
  fmpq_one (fmpq_mat_entry (R, 2, 1));
  delta1_network_t *shrink;
  assert_ok (delta1_network_copy (&shrink, network, &reason), reason);
  assert_ok (delta1_network_set_gate (network, 1, 0, DELTA1_BALL_GATE, NULL, &reason), reason);
  fmpq_set_si (threshold, 1, 1);
  assert_ok (delta1_network_set_gate (shrink, 1, 0, DELTA1_SHRINK_GATE, threshold, &reason),
             reason);
  for (slong i = 1; i < 3; i++)
    {
      assert_ok (delta1_network_set_gated (network, 1, i, 0, &reason), reason);
      assert_ok (delta1_network_set_gated (shrink, 1, i, 0, &reason), reason);
    }
  for (int big = 0; big < 2; big++)
    {
      double y[2] = { big ? 3 : 0.3, big ? 4 : 0.4 }, x[3], error[3];
      /* norm 5 (or 1/2): projected on the sphere (kept); 5 -> 4 (1/2 -> 0) */
      double kept[2] = { big ? 0.6 : 0.3, big ? 0.8 : 0.4 };
      double shrunk[2] = { big ? 2.4 : 0, big ? 3.2 : 0 };
      assert_ok (delta1_network_evaluate_doubles (x, error, network, y, NULL, &reason), reason);
      assert_true (x[0] == 0 && error[0] == 0);
      for (int i = 0; i < 2; i++)
        assert_true (fabs (x[1 + i] - kept[i]) < 1e-14 && error[1 + i] < 1e-14);
      assert_ok (delta1_network_evaluate_doubles (x, error, shrink, y, NULL, &reason), reason);
      for (int i = 0; i < 2; i++)
        assert_true (fabs (x[1 + i] - shrunk[i]) < 1e-14 && error[1 + i] < 1e-13);
      arb_set_d (v, y[0]);
      arb_set_d (v + 1, y[1]);
      delta1_network_evaluate_balls (v, shrink, v, 100);
      for (int i = 0; i < 2; i++)
        {
          arb_t w;
          arb_init (w);
          arb_set_d (w, shrunk[i]);
          arb_sub (w, w, v + 1 + i, 53);
          mag_t m;
          mag_init (m);
          arb_get_mag (m, w);
          assert_true (mag_get_d (m) < 1e-14);
          mag_clear (m);
          arb_clear (w);
        }
    }
  fmpq x[3];
  for (int i = 0; i < 3; i++)
    fmpq_init (x + i);
  assert_refused (delta1_network_evaluate (x, network, x, &reason), DELTA1_DOMAIN, reason, "gate");
  for (int i = 0; i < 3; i++)
    fmpq_clear (x + i);
  assert_false (delta1_network_equal (network, shrink));
  delta1_network_free (network);
  delta1_network_free (shrink);
  fmpq_clear (threshold);
  _arb_vec_clear (v, 3);
}

static void
copies_are_equal_until_changed (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (50); round++)
    {
      delta1_network_t *copy,
          *network = random_network (4, WIDEST, DELTA1_UNIT_COUNT, true, RANDOM_WEIGHTS_SMALL);
      assert_ok (delta1_network_copy (&copy, network, &reason), reason);
      assert_true (delta1_network_equal (network, copy));
      /* An edit after an evaluation is seen by the next one. */
      arb_ptr x = _arb_vec_init (WIDEST), y = _arb_vec_init (WIDEST);
      slong last = delta1_network_layers (network) - 1;
      bool affine = true;
      for (slong i = 0; i < delta1_network_outputs (copy); i++)
        affine = affine && delta1_network_unit (copy, last, i) == DELTA1_IDENTITY;
      delta1_network_evaluate_balls (x, copy, y, 64);
      fmpq *c = fmpq_mat_entry (delta1_network_edit_bias (copy, last), 0, 0);
      fmpq_add_si (c, c, 1);
      assert_false (delta1_network_equal (network, copy));
      delta1_network_evaluate_balls (y, copy, y, 64);
      arb_sub (x, y, x, 64);
      if (affine)
        assert_true (arb_contains_si (x, 1) && !arb_contains_zero (x));
      _arb_vec_clear (x, WIDEST);
      _arb_vec_clear (y, WIDEST);
      delta1_network_free (copy);
      delta1_network_free (network);
    }
}

static void
bad_shapes_and_units_are_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_network_t *network;
  slong widths[3] = { 2, 3, 4 };
  fmpq_t t;
  fmpq_init (t);
  assert_refused (delta1_network_create (&network, 0, 3, widths, &reason), DELTA1_INPUT, reason,
                  "inputs");
  assert_null (network);
  assert_refused (delta1_network_create (&network, 1, 0, widths, &reason), DELTA1_INPUT, reason,
                  "layers");
  assert_refused (delta1_network_create (&network, 1, 65537, widths, &reason), DELTA1_INPUT, reason,
                  "layers");
  widths[1] = -1;
  assert_refused (delta1_network_create (&network, 1, 3, widths, &reason), DELTA1_INPUT, reason,
                  "layer 1");
  widths[1] = DELTA1_NETWORK_MAX_WIDTH;
  widths[2] = DELTA1_NETWORK_MAX_WIDTH;
  assert_refused (delta1_network_create (&network, 1, 3, widths, &reason), DELTA1_INPUT, reason,
                  "weights");
  widths[1] = 3;
  widths[2] = 4;
  assert_ok (delta1_network_create (&network, 2, 3, widths, &reason), reason);
  assert_refused (delta1_network_set_units (network, 3, 0, 1, DELTA1_RELU, &reason), DELTA1_INPUT,
                  reason, "layer 3");
  assert_refused (delta1_network_set_units (network, 1, 2, 2, DELTA1_RELU, &reason), DELTA1_INPUT,
                  reason, "entry 3");
  assert_refused (delta1_network_set_units (network, 1, 0, 1, DELTA1_GATED, &reason), DELTA1_INPUT,
                  reason, "gate");
  assert_refused (delta1_network_set_threshold (network, 1, 0, t, &reason), DELTA1_INPUT, reason,
                  "identity");
  assert_refused (delta1_network_set_gate (network, 1, 0, DELTA1_SHRINK_GATE, t, &reason),
                  DELTA1_INPUT, reason, "above 0");
  assert_refused (delta1_network_set_gate (network, 1, 0, DELTA1_RELU, t, &reason), DELTA1_INPUT,
                  reason, "ball or shrink");
  assert_refused (delta1_network_set_gated (network, 1, 0, 1, &reason), DELTA1_INPUT, reason,
                  "not a gate");
  assert_ok (delta1_network_set_gate (network, 1, 0, DELTA1_BALL_GATE, NULL, &reason), reason);
  assert_refused (delta1_network_set_gated (network, 1, 0, 0, &reason), DELTA1_INPUT, reason,
                  "already");
  assert_ok (delta1_network_set_gated (network, 1, 1, 0, &reason), reason);
  assert_refused (delta1_network_set_units (network, 1, 0, 2, DELTA1_RELU, &reason), DELTA1_INPUT,
                  reason, "already");
  delta1_network_free (network);
  delta1_network_free (NULL);
  fmpq_clear (t);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rationals_agree_with_a_slow_reference),
    cmocka_unit_test (balls_contain_the_rational_value),
    cmocka_unit_test (higher_precision_lies_inside),
    cmocka_unit_test (doubles_contain_the_value),
    cmocka_unit_test (cancellation_is_told),
    cmocka_unit_test (what_doubles_cannot_do_is_undecided),
    cmocka_unit_test (gates_project_and_shrink),
    cmocka_unit_test (copies_are_equal_until_changed),
    cmocka_unit_test (bad_shapes_and_units_are_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
