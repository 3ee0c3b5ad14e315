#include "tests/testing.h"

#include "src/network_evaluate.h"
#include "src/piece_count.h"
#include "src/pieces.h"
#include "tests/src/random_network.h"

#define WIDEST 5

static void
agrees_with_pieces (void **state)
{
  (void)state;
  slong rounds = delta1_test_rounds (400), most = 0;
  for (slong round = 0; round < rounds; round++)
    {
      delta1_reason_t reason;
      delta1_pieces_t *pieces;
      slong count;
      random_weights_t weights = round % 3 == 0 ? RANDOM_WEIGHTS_DYADIC : RANDOM_WEIGHTS_SMALL;
      delta1_network_t *network = random_network (5, WIDEST, DELTA1_MODULUS + 1, false, weights);
      fmpq *a = _fmpq_vec_init (WIDEST), *b = _fmpq_vec_init (WIDEST);
      for (slong k = 0; k < WIDEST; k++)
        {
          delta1_test_random_rational (a + k, 8);
          delta1_test_random_rational (b + k, 8);
          if (round % 10 == 9)
            fmpq_set (b + k, a + k);
        }
      assert_ok (delta1_pieces_create (&pieces, network, a, b, 100000, &reason), reason);
      slong truth = delta1_pieces_count (pieces);
      assert_ok (delta1_piece_count (&count, network, a, b, truth, &reason), reason);
      assert_int_equal (count, truth);
      if (truth > 1)
        {
          assert_refused (delta1_piece_count (&count, network, a, b, truth - 1, &reason),
                          DELTA1_BUDGET, reason, "more than");
          assert_int_equal (count, truth - 1);
        }
      most = truth > most ? truth : most;
      delta1_pieces_free (pieces);
      delta1_network_free (network);
      _fmpq_vec_clear (a, WIDEST);
      _fmpq_vec_clear (b, WIDEST);
    }
  assert_true (most >= 8);
}

/* Values at GRID + 1 equal steps; where second differences are not 0 there is a bend. With every
 * piece longer than four steps, each bend is one group of such places. */
#define GRID 1500

static slong
brute_force (const delta1_network_t *network, const fmpq *a, const fmpq *b)
{
  delta1_reason_t reason;
  slong m = delta1_network_inputs (network), N = delta1_network_outputs (network), bends = 0;
  fmpq *y = _fmpq_vec_init (m), *x = _fmpq_vec_init (3 * N);
  fmpq_t s, d;
  bool inside = false;
  fmpq_init (s);
  fmpq_init (d);
  for (slong step = 0; step <= GRID; step++)
    {
      for (slong i = 0; i < N; i++)
        {
          fmpq_swap (x + i, x + N + i);
          fmpq_swap (x + N + i, x + 2 * N + i);
        }
      fmpq_set_si (s, step, GRID);
      for (slong k = 0; k < m; k++)
        {
          fmpq_sub (d, b + k, a + k);
          fmpq_mul (d, d, s);
          fmpq_add (y + k, a + k, d);
        }
      assert_ok (delta1_network_evaluate (x + 2 * N, network, y, &reason), reason);
      bool bend = false;
      for (slong i = 0; step >= 2 && i < N; i++)
        {
          fmpq_add (d, x + i, x + 2 * N + i);
          fmpq_sub (d, d, x + N + i);
          bend = bend || !fmpq_equal (d, x + N + i);
        }
      bends += bend && !inside;
      inside = bend;
    }
  _fmpq_vec_clear (y, m);
  _fmpq_vec_clear (x, 3 * N);
  fmpq_clear (s);
  fmpq_clear (d);
  return bends + 1;
}

static void
agrees_with_brute_force (void **state)
{
  (void)state;
  slong rounds = delta1_test_rounds (25), compared = 0, total = 0;
  fmpq_t gap, least;
  fmpq_init (gap);
  fmpq_init (least);
  fmpq_set_si (least, 4, GRID);
  for (slong round = 0; round < rounds; round++)
    {
      delta1_reason_t reason;
      delta1_pieces_t *pieces;
      slong count;
      delta1_network_t *network
          = random_network (3, 3, DELTA1_MODULUS + 1, false, RANDOM_WEIGHTS_SMALL);
      fmpq *a = _fmpq_vec_init (3), *b = _fmpq_vec_init (3);
      for (slong k = 0; k < 3; k++)
        {
          fmpq_set_si (a + k, -3 - k, 1);
          fmpq_set_si (b + k, 4 + k, 1);
        }
      assert_ok (delta1_pieces_create (&pieces, network, a, b, 100000, &reason), reason);
      assert_ok (delta1_piece_count (&count, network, a, b, 100000, &reason), reason);
      bool apart = true;
      for (slong i = 0; i < delta1_pieces_count (pieces); i++)
        {
          fmpq_sub (gap, delta1_pieces_break (pieces, i + 1), delta1_pieces_break (pieces, i));
          apart = apart && fmpq_cmp (gap, least) > 0;
        }
      slong seen = brute_force (network, a, b);
      assert_true (seen <= count);
      if (apart)
        {
          assert_int_equal (seen, count);
          compared++;
          total += count;
        }
      delta1_pieces_free (pieces);
      delta1_network_free (network);
      _fmpq_vec_clear (a, 3);
      _fmpq_vec_clear (b, 3);
    }
  assert_true (compared > rounds / 2);
  assert_true (total > compared);
  fmpq_clear (gap);
  fmpq_clear (least);
}

static void
what_it_does_not_count (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_network_t *network;
  static const slong widths[] = { 2, 1 };
  slong count;
  fmpq_t zero, one;
  fmpq_init (zero);
  fmpq_init (one);
  fmpq_one (one);
  assert_ok (delta1_network_create (&network, 1, 2, widths, &reason), reason);
  assert_ok (delta1_network_set_units (network, 0, 1, 1, DELTA1_SOFT, &reason), reason);
  assert_refused (delta1_piece_count (&count, network, zero, one, 9, &reason), DELTA1_DOMAIN,
                  reason, "unit 1 of layer 0 is soft");
  delta1_network_free (network);
  fmpq_clear (zero);
  fmpq_clear (one);
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (agrees_with_pieces), cmocka_unit_test (agrees_with_brute_force),
          cmocka_unit_test (what_it_does_not_count) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
