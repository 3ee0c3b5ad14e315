#include "tests/testing.h"

#include "src/network_evaluate.h"
#include "src/pieces.h"
#include "src/plateau.h"

/* A network of one hidden layer on R^2 that sees the first coordinate; small numbers, so that
 * plateaus, equal kinks and dead units are frequent. */
static delta1_network_t *
small_network (slong width)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  slong widths[] = { width, 1 };
  assert_ok (delta1_network_create (&network, 2, 2, widths, &reason), reason);
  assert_ok (delta1_network_set_units (network, 0, 0, width, DELTA1_RELU, &reason), reason);
  for (slong i = 0; i < width; i++)
    {
      fmpq_set_si (fmpq_mat_entry (delta1_network_edit_weights (network, 0), i, 0),
                   delta1_test_random_below (5) - 2, 1);
      fmpq_set_si (fmpq_mat_entry (delta1_network_edit_bias (network, 0), i, 0),
                   delta1_test_random_below (9) - 4, 2);
      fmpq_set_si (fmpq_mat_entry (delta1_network_edit_weights (network, 1), 0, i),
                   delta1_test_random_below (3) - 1, 1);
    }
  if (delta1_test_random_below (2) == 0)
    fmpq_set_si (fmpq_mat_entry (delta1_network_edit_bias (network, 1), 0, 0), 1, 3);
  return network;
}

/* The slow reference: pieces of the network on the interval, and its value at the centre. */
static bool
is_constant (fmpq_t value, const delta1_network_t *network, const fmpq_t centre,
             const fmpq_t radius)
{
  delta1_reason_t reason;
  delta1_pieces_t *pieces;
  fmpq *a = _fmpq_vec_init (2), *b = _fmpq_vec_init (2), *c = _fmpq_vec_init (2);
  fmpq_sub (a, centre, radius);
  fmpq_add (b, centre, radius);
  fmpq_set (c, centre);
  assert_ok (delta1_network_evaluate (value, network, c, &reason), reason);
  assert_ok (delta1_pieces_create (&pieces, network, a, b, 1000, &reason), reason);
  bool constant = delta1_pieces_count (pieces) == 1
                  && fmpq_equal (delta1_pieces_value (pieces, 0, 0), value)
                  && fmpq_equal (delta1_pieces_value (pieces, 1, 0), value);
  delta1_pieces_free (pieces);
  _fmpq_vec_clear (a, 2);
  _fmpq_vec_clear (b, 2);
  _fmpq_vec_clear (c, 2);
  return constant;
}

static void
agrees_with_pieces (void **state)
{
  (void)state;
  slong constant = 0, rounds = delta1_test_rounds (400);
  fmpq_t centre, radius, value;
  fmpq_init (centre);
  fmpq_init (radius);
  fmpq_init (value);
  for (slong round = 0; round < rounds; round++)
    {
      delta1_reason_t reason;
      delta1_network_t *network = small_network (1 + delta1_test_random_below (6));
      for (slong i = 0; i < 10; i++)
        {
          fmpq_set_si (centre, delta1_test_random_below (41) - 20, 4);
          fmpq_set_si (radius, delta1_test_random_below (4), 8);
          bool truth = is_constant (value, network, centre, radius);
          delta1_plateaus_t plateaus
              = { .count = 1, .centre = centre, .value = value, .radius = radius };
          delta1_status_t status = delta1_plateau_verify (network, &plateaus, &reason);
          assert_int_equal (status, truth ? DELTA1_OK : DELTA1_DOMAIN);
          constant += truth && !fmpq_is_zero (radius);
          fmpq_add_si (value, value, 1);
          assert_refused (delta1_plateau_verify (network, &plateaus, &reason), DELTA1_DOMAIN,
                          reason, "interval 0");
        }
      delta1_network_free (network);
    }
  assert_true (constant > rounds / 2); /* both answers are frequent */
  assert_true (constant < 9 * rounds);
  fmpq_clear (centre);
  fmpq_clear (radius);
  fmpq_clear (value);
}

static void
what_it_does_not_decide (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq_t number;
  fmpq_init (number);
  delta1_plateaus_t none = { .count = 0, .radius = number };
  delta1_network_t *network = small_network (3);
  assert_ok (delta1_plateau_verify (network, &none, &reason), reason);
  fmpq_set_si (number, -1, 9);
  assert_refused (delta1_plateau_verify (network, &none, &reason), DELTA1_INPUT, reason, "radius");
  fmpq_zero (number);
  fmpq_one (fmpq_mat_entry (delta1_network_edit_weights (network, 0), 1, 1));
  assert_refused (delta1_plateau_verify (network, &none, &reason), DELTA1_INPUT, reason,
                  "first coordinate");
  delta1_network_free (network);
  network = small_network (3);
  assert_ok (delta1_network_set_units (network, 0, 2, 1, DELTA1_MODULUS, &reason), reason);
  assert_refused (delta1_plateau_verify (network, &none, &reason), DELTA1_INPUT, reason, "ReLU");
  delta1_network_free (network);
  network = small_network (3);
  (void)delta1_network_edit_skip (network, 1);
  assert_refused (delta1_plateau_verify (network, &none, &reason), DELTA1_INPUT, reason, "ReLU");
  delta1_network_free (network);
  fmpq_clear (number);
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (agrees_with_pieces), cmocka_unit_test (what_it_does_not_decide) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
