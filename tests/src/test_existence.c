#include "tests/testing.h"

#include "src/existence.h"
#include "src/network_evaluate.h"

static void
random_matrix (fmpq_mat_t M, slong bits)
{
  for (slong i = 0; i < fmpq_mat_nrows (M); i++)
    for (slong k = 0; k < fmpq_mat_ncols (M); k++)
      delta1_test_random_rational (fmpq_mat_entry (M, i, k), bits);
}

static bool
has_equal_rows (const fmpq_mat_t Y)
{
  for (slong i = 0; i < fmpq_mat_nrows (Y); i++)
    for (slong j = 0; j < i; j++)
      {
        bool equal = true;
        for (slong k = 0; k < fmpq_mat_ncols (Y); k++)
          equal = equal && fmpq_equal (fmpq_mat_entry (Y, i, k), fmpq_mat_entry (Y, j, k));
        if (equal)
          return true;
      }
  return false;
}

/* y moved by at most the radius along one axis, or a little along all. */
static void
assert_constant_near (const delta1_network_t *network, const fmpq *y, const fmpq *x,
                      const fmpq_t radius_squared, slong m, slong N)
{
  delta1_reason_t reason;
  fmpq *moved = _fmpq_vec_init (m), *value = _fmpq_vec_init (N);
  fmpq_t step, square;
  fmpq_init (step);
  fmpq_init (square);
  for (slong axis = 0; axis < m; axis++)
    {
      /* A rational step with 0.8 r < step <= r, by halving and adding. */
      fmpq_one (step);
      for (;;)
        {
          fmpq_mul (square, step, step);
          if (fmpq_cmp (square, radius_squared) <= 0)
            break;
          fmpq_set_si (square, 4, 5);
          fmpq_mul (step, step, square);
        }
      if (delta1_test_random () & 1)
        fmpq_neg (step, step);
      for (slong k = 0; k < m; k++)
        fmpq_set (moved + k, y + k);
      fmpq_add (moved + axis, moved + axis, step);
      assert_ok (delta1_network_evaluate (value, network, moved, &reason), reason);
      for (slong n = 0; n < N; n++)
        assert_true (fmpq_equal (value + n, x + n));
    }
  fmpq_clear (step);
  fmpq_clear (square);
  _fmpq_vec_clear (moved, m);
  _fmpq_vec_clear (value, N);
}

static void
interpolates_with_plateaus (void **state)
{
  (void)state;
  delta1_reason_t reason;
  fmpq_t plateau, radius_squared;
  fmpq_init (plateau);
  fmpq_init (radius_squared);
  fmpq_set_si (plateau, 3, 4);
  for (int round = 0; round < delta1_test_rounds (100); round++)
    {
      slong R = 1 + delta1_test_random_below (8), m = 1 + delta1_test_random_below (4);
      slong N = 1 + delta1_test_random_below (4);
      fmpq_mat_t Y, X;
      delta1_network_t *network;
      fmpq_mat_init (Y, R, m);
      fmpq_mat_init (X, R, N);
      do
        random_matrix (Y, 3);
      while (has_equal_rows (Y));
      random_matrix (X, 20);
      assert_ok (delta1_existence_create (&network, radius_squared, Y, X, plateau, &reason),
                 reason);
      assert_true (fmpq_sgn (radius_squared) > 0);
      assert_true (delta1_network_width (network, 0) <= 2 * R);
      for (slong k = 0; k < R; k++)
        assert_constant_near (network, fmpq_mat_entry (Y, k, 0), fmpq_mat_entry (X, k, 0),
                              radius_squared, m, N);
      /* The verification sees a wrong target, a wrong weight, and too large a radius. */
      fmpq *x = fmpq_mat_entry (X, R - 1, N - 1);
      fmpq_add_si (x, x, 1);
      assert_refused (delta1_existence_verify (network, Y, X, radius_squared, &reason),
                      DELTA1_DOMAIN, reason, "target");
      fmpq_sub_si (x, x, 1);
      assert_ok (delta1_existence_verify (network, Y, X, radius_squared, &reason), reason);
      if (R > 1)
        {
          fmpq_mul_si (radius_squared, radius_squared, 4);
          assert_refused (delta1_existence_verify (network, Y, X, radius_squared, &reason),
                          DELTA1_DOMAIN, reason, "changes sign");
          /* A step of zero height on the whole ball, tilted: a slope is seen. */
          fmpq_set_si (radius_squared, 1, 1000000000);
          fmpq_mul (radius_squared, radius_squared, radius_squared);
          fmpq *v = fmpq_mat_entry (delta1_network_edit_weights (network, 1), 0, 0);
          fmpq_add_si (v, v, 1);
          assert_int_equal (delta1_existence_verify (network, Y, X, radius_squared, &reason),
                            DELTA1_DOMAIN);
        }
      delta1_network_free (network);
      fmpq_mat_clear (Y);
      fmpq_mat_clear (X);
    }
  fmpq_clear (plateau);
  fmpq_clear (radius_squared);
}

/* phi(y) = y is exact at 0 and has no unit near it, but is not constant. */
static void
a_slope_is_seen (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const slong widths[2] = { 1, 1 };
  delta1_network_t *network;
  fmpq_mat_t Y, X;
  fmpq_t radius_squared;
  fmpq_init (radius_squared);
  fmpq_set_si (radius_squared, 1, 4);
  fmpq_mat_init (Y, 1, 1);
  fmpq_mat_init (X, 1, 1);
  fmpq_one (fmpq_mat_entry (Y, 0, 0));
  fmpq_one (fmpq_mat_entry (X, 0, 0));
  assert_ok (delta1_network_create (&network, 1, 2, widths, &reason), reason);
  fmpq_one (fmpq_mat_entry (delta1_network_edit_weights (network, 0), 0, 0));
  fmpq_one (fmpq_mat_entry (delta1_network_edit_weights (network, 1), 0, 0));
  assert_refused (delta1_existence_verify (network, Y, X, radius_squared, &reason), DELTA1_INPUT,
                  reason, "ReLU");
  assert_ok (delta1_network_set_units (network, 0, 0, 1, DELTA1_RELU, &reason), reason);
  assert_refused (delta1_existence_verify (network, Y, X, radius_squared, &reason), DELTA1_DOMAIN,
                  reason, "constant");
  delta1_network_free (network);
  fmpq_mat_clear (Y);
  fmpq_mat_clear (X);
  fmpq_clear (radius_squared);
}

static void
equal_data_need_equal_targets (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_network_t *network;
  fmpq_mat_t Y, X;
  fmpq_t plateau, radius_squared;
  fmpq_init (plateau);
  fmpq_init (radius_squared);
  fmpq_mat_init (Y, 3, 2);
  fmpq_mat_init (X, 3, 1);
  fmpq_one (fmpq_mat_entry (Y, 2, 1)); /* (0,0), (0,0), (0,1): the first direction is not enough */
  fmpq_one (fmpq_mat_entry (X, 2, 0));
  assert_refused (delta1_existence_create (&network, radius_squared, Y, X, plateau, &reason),
                  DELTA1_INPUT, reason, "plateau");
  fmpq_one (plateau);
  assert_refused (delta1_existence_create (&network, radius_squared, Y, X, plateau, &reason),
                  DELTA1_INPUT, reason, "plateau");
  fmpq_set_si (plateau, 1, 2);
  assert_ok (delta1_existence_create (&network, radius_squared, Y, X, plateau, &reason), reason);
  assert_int_equal (delta1_network_width (network, 0), 2);
  delta1_network_free (network);
  fmpq_one (fmpq_mat_entry (X, 1, 0));
  assert_refused (delta1_existence_create (&network, radius_squared, Y, X, plateau, &reason),
                  DELTA1_DOMAIN, reason, "two targets");
  assert_null (network);
  fmpq_mat_clear (Y);
  fmpq_mat_clear (X);
  fmpq_clear (plateau);
  fmpq_clear (radius_squared);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (interpolates_with_plateaus),
    cmocka_unit_test (a_slope_is_seen),
    cmocka_unit_test (equal_data_need_equal_targets),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
