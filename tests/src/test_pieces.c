#include "tests/testing.h"

#include "src/network_evaluate.h"
#include "src/pieces.h"
#include "tests/src/random_network.h"

#define WIDEST 5

/* y = a + s (b - a) */
static void
point (fmpq *y, const fmpq *a, const fmpq *b, const fmpq_t s, slong m)
{
  fmpq_t u;
  fmpq_init (u);
  for (slong k = 0; k < m; k++)
    {
      fmpq_sub (u, b + k, a + k);
      fmpq_mul (u, u, s);
      fmpq_add (y + k, a + k, u);
    }
  fmpq_clear (u);
}

/* Whether phi is affine at three points of [from, to], the middle one at a random place: false for
 * a function with a bend, except by chance. */
static void
assert_affine (const delta1_network_t *network, const fmpq *a, const fmpq *b, const fmpq_t from,
               const fmpq_t to, slong checks)
{
  delta1_reason_t reason;
  slong m = delta1_network_inputs (network), N = delta1_network_outputs (network);
  fmpq *y = _fmpq_vec_init (m), *x0 = _fmpq_vec_init (N), *x1 = _fmpq_vec_init (N);
  fmpq *x = _fmpq_vec_init (N);
  fmpq_t s, share, left, right;
  fmpq_init (s);
  fmpq_init (share);
  fmpq_init (left);
  fmpq_init (right);
  point (y, a, b, from, m);
  assert_ok (delta1_network_evaluate (x0, network, y, &reason), reason);
  point (y, a, b, to, m);
  assert_ok (delta1_network_evaluate (x1, network, y, &reason), reason);
  for (slong check = 0; check < checks; check++)
    {
      fmpq_set_si (share, 1 + delta1_test_random_below (999), 1000);
      fmpq_sub (s, to, from);
      fmpq_mul (s, s, share);
      fmpq_add (s, s, from);
      point (y, a, b, s, m);
      assert_ok (delta1_network_evaluate (x, network, y, &reason), reason);
      for (slong i = 0; i < N; i++)
        {
          fmpq_sub (left, x + i, x0 + i);
          fmpq_sub (right, x1 + i, x0 + i);
          fmpq_mul (right, right, share);
          assert_true (fmpq_equal (left, right));
        }
    }
  _fmpq_vec_clear (y, m);
  _fmpq_vec_clear (x, N);
  _fmpq_vec_clear (x0, N);
  _fmpq_vec_clear (x1, N);
  fmpq_clear (s);
  fmpq_clear (share);
  fmpq_clear (left);
  fmpq_clear (right);
}

/* Between breaks it is affine, at every break it bends, the values are the network's. */
static void
pieces_are_maximal_and_affine (void **state)
{
  (void)state;
  delta1_reason_t reason;
  slong most = 0;
  fmpq_t left, right, u, v;
  fmpq_init (left);
  fmpq_init (right);
  fmpq_init (u);
  fmpq_init (v);
  for (int round = 0; round < delta1_test_rounds (150); round++)
    {
      delta1_network_t *network
          = random_network (3, WIDEST, DELTA1_SOFT + 1, false, RANDOM_WEIGHTS_SMALL);
      delta1_pieces_t *pieces;
      slong m = delta1_network_inputs (network), N = delta1_network_outputs (network);
      fmpq *a = _fmpq_vec_init (m), *b = _fmpq_vec_init (m), *y = _fmpq_vec_init (m);
      fmpq *x = _fmpq_vec_init (N);
      for (slong k = 0; k < m; k++)
        {
          delta1_test_random_rational (a + k, 5);
          delta1_test_random_rational (b + k, 5);
        }
      assert_ok (delta1_pieces_create (&pieces, network, a, b, 100000, &reason), reason);
      slong count = delta1_pieces_count (pieces);
      most = count > most ? count : most;
      assert_true (fmpq_is_zero (delta1_pieces_break (pieces, 0)));
      assert_true (fmpq_is_one (delta1_pieces_break (pieces, count)));
      for (slong i = 0; i <= count; i++)
        {
          point (y, a, b, delta1_pieces_break (pieces, i), m);
          assert_ok (delta1_network_evaluate (x, network, y, &reason), reason);
          for (slong n = 0; n < N; n++)
            assert_true (fmpq_equal (x + n, delta1_pieces_value (pieces, i, n)));
          if (i < count)
            {
              assert_true (
                  fmpq_cmp (delta1_pieces_break (pieces, i), delta1_pieces_break (pieces, i + 1))
                  < 0);
              assert_affine (network, a, b, delta1_pieces_break (pieces, i),
                             delta1_pieces_break (pieces, i + 1), 3);
            }
          if (i == 0 || i == count)
            continue;
          bool bends = false;
          fmpq_sub (left, delta1_pieces_break (pieces, i), delta1_pieces_break (pieces, i - 1));
          fmpq_sub (right, delta1_pieces_break (pieces, i + 1), delta1_pieces_break (pieces, i));
          for (slong n = 0; n < N; n++)
            {
              fmpq_sub (u, delta1_pieces_value (pieces, i, n),
                        delta1_pieces_value (pieces, i - 1, n));
              fmpq_sub (v, delta1_pieces_value (pieces, i + 1, n),
                        delta1_pieces_value (pieces, i, n));
              fmpq_mul (u, u, right);
              fmpq_mul (v, v, left);
              bends = bends || !fmpq_equal (u, v);
            }
          assert_true (bends);
        }
      delta1_pieces_free (pieces);
      delta1_network_free (network);
      _fmpq_vec_clear (a, m);
      _fmpq_vec_clear (b, m);
      _fmpq_vec_clear (y, m);
      _fmpq_vec_clear (x, N);
    }
  assert_true (most >= 5);
  fmpq_clear (left);
  fmpq_clear (right);
  fmpq_clear (u);
  fmpq_clear (v);
}

/* g_{j+1} = g_j - 2 ReLU(g_j - b_j), b_j = 2^-(j+1) as a network of width 2 (Section 8): a hidden
 * layer has (g_j, ReLU(g_j - b_j)), g_j >= 0. */
static delta1_network_t *
folded_hat (slong L)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  slong widths[32];
  for (slong j = 0; j < L; j++)
    widths[j] = 2;
  widths[L] = 1;
  assert_ok (delta1_network_create (&network, 1, L + 1, widths, &reason), reason);
  for (slong j = 0; j <= L; j++)
    {
      fmpq_mat_struct *W = delta1_network_edit_weights (network, j);
      for (slong i = 0; i < widths[j]; i++)
        {
          fmpq_one (fmpq_mat_entry (W, i, 0));
          if (j > 0)
            fmpq_set_si (fmpq_mat_entry (W, i, 1), -2, 1);
        }
      if (j == L)
        break;
      fmpq_set_si (fmpq_mat_entry (delta1_network_edit_bias (network, j), 1, 0), -1,
                   UWORD (2) << j);
      assert_ok (delta1_network_set_units (network, j, 0, 2, DELTA1_RELU, &reason), reason);
    }
  return network;
}

static void
folded_hat_has_all_its_pieces (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq *ends = _fmpq_vec_init (2);
  fmpq_one (ends + 1);
  for (slong L = 1; L <= 10; L++)
    {
      delta1_network_t *network = folded_hat (L);
      delta1_pieces_t *pieces;
      assert_ok (delta1_pieces_create (&pieces, network, ends, ends + 1, 1 << 12, &reason), reason);
      assert_int_equal (delta1_pieces_count (pieces), 1 << L);
      for (slong i = 0; i <= 1 << L; i++)
        {
          fmpq_t s;
          fmpq_init (s);
          fmpq_set_si (s, i, UWORD (1) << L);
          assert_true (fmpq_equal (s, delta1_pieces_break (pieces, i)));
          fmpq_clear (s);
        }
      delta1_pieces_free (pieces);
      assert_refused (
          delta1_pieces_create (&pieces, network, ends, ends + 1, (1 << L) - 1, &reason),
          DELTA1_BUDGET, reason, "pieces");
      assert_null (pieces);
      delta1_network_free (network);
    }
  _fmpq_vec_clear (ends, 2);
}

static void
what_has_no_pieces_is_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const slong width = 1;
  delta1_network_t *network;
  delta1_pieces_t *pieces;
  fmpq *ends = _fmpq_vec_init (2);
  assert_ok (delta1_network_create (&network, 1, 1, &width, &reason), reason);
  assert_ok (delta1_pieces_create (&pieces, network, ends, ends, 10, &reason), reason);
  assert_int_equal (delta1_pieces_count (pieces), 1);
  delta1_pieces_free (pieces);
  assert_ok (delta1_network_set_units (network, 0, 0, 1, DELTA1_SQUARE, &reason), reason);
  assert_refused (delta1_pieces_create (&pieces, network, ends, ends + 1, 10, &reason),
                  DELTA1_DOMAIN, reason, "linear");
  delta1_network_free (network);
  _fmpq_vec_clear (ends, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (pieces_are_maximal_and_affine),
    cmocka_unit_test (folded_hat_has_all_its_pieces),
    cmocka_unit_test (what_has_no_pieces_is_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
