/* Dense operators: the laws, exact products over Q, and norms that are known. */
#include "tests/firenet/operator_laws.h"

#include <math.h>

#define BITS 200

static const struct
{
  const delta1_arithmetic_t *use;
  slong bits, slack;
} kinds[] = { { &delta1_arithmetic_double, 53, 45 },
              { &delta1_arithmetic_mpfr, 100, 90 },
              { &delta1_arithmetic_ball, BITS, 180 },
              { &delta1_arithmetic_complex_double, 53, 44 },
              { &delta1_arithmetic_complex_ball, BITS, 180 } };

static void
random_matrix (fmpq_mat_t A, slong bits)
{
  for (slong i = 0; i < fmpq_mat_nrows (A) * fmpq_mat_ncols (A); i++)
    delta1_test_random_rational (fmpq_mat_entry (A, i / fmpq_mat_ncols (A), i % fmpq_mat_ncols (A)),
                                 bits);
}

static void
laws (void **state)
{
  (void)state;
  static const slong sizes[][2] = { { 1, 1 }, { 3, 6 }, { 6, 3 }, { 7, 7 }, { 1, 9 }, { 55, 60 } };
  delta1_reason_t reason;
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
      {
        delta1_operator_t *A;
        fmpq_mat_t entries;
        fmpq_mat_init (entries, sizes[s][0], sizes[s][1]);
        random_matrix (entries, 20);
        assert_ok (
            delta1_operator_create_rational (&A, kinds[k].use, kinds[k].bits, entries, &reason),
            reason);
        assert_string_equal (A->table->name, "dense");
        assert_int_equal (A->m, sizes[s][0]);
        assert_int_equal (A->N, sizes[s][1]);
        operator_laws (A, kinds[k].slack);
        delta1_operator_free (A);
        fmpq_mat_clear (entries);
      }
}

static void
random_complex (acb_ptr entries, slong count)
{
  for (slong i = 0; i < 2 * count; i++)
    arf_set_si_2exp_si (
        arb_midref (i % 2 == 0 ? acb_realref (entries + i / 2) : acb_imagref (entries + i / 2)),
        delta1_test_random_below (2000001) - 1000000, -20 - delta1_test_random_below (3));
}

/* Complex entries: the laws, the entries themselves, and the rounding bound against balls. */
static void
complex_entries (void **state)
{
  (void)state;
  static const slong sizes[][2] = { { 1, 1 }, { 3, 6 }, { 9, 4 }, { 17, 20 }, { 30, 33 } };
  delta1_reason_t reason;
  double worst = 0;
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
    {
      slong m = sizes[s][0], N = sizes[s][1];
      acb_ptr entries = _acb_vec_init (m * N);
      delta1_operator_t *A, *balls;
      random_complex (entries, m * N);
      assert_ok (delta1_operator_create_complex (&A, &delta1_arithmetic_complex_double, 53, entries,
                                                 m, N, &reason),
                 reason);
      assert_ok (delta1_operator_create_complex (&balls, &delta1_arithmetic_complex_ball, 2000,
                                                 entries, m, N, &reason),
                 reason);
      operator_laws (A, 44);
      operator_laws (balls, 400);
      operator_entries (A, entries, 50);
      operator_entries (balls, entries, 400);
      assert_true (arb_overlaps (A->norm, balls->norm));
      worst = fmax (worst, operator_rounding (A, balls));
      assert_true (mag_is_zero (balls->relative[DELTA1_FORWARD])
                   && mag_is_zero (balls->absolute[DELTA1_ADJOINT]));
      delta1_operator_free (A);
      delta1_operator_free (balls);
      _acb_vec_clear (entries, m * N);
    }
  assert_true (worst > 0.01);
}

static void
real_rounding (void **state)
{
  (void)state;
  delta1_reason_t reason;
  double worst = 0;
  for (slong m = 1; m < 40; m += 7)
    {
      fmpq_mat_t entries;
      delta1_operator_t *A, *balls, *big;
      fmpq_mat_init (entries, m, 40 - m);
      for (slong i = 0; i < m * (40 - m); i++)
        fmpq_set_si (fmpq_mat_entry (entries, i / (40 - m), i % (40 - m)),
                     delta1_test_random_below (2000001) - 1000000, 1 << 18);
      assert_ok (
          delta1_operator_create_rational (&A, &delta1_arithmetic_double, 53, entries, &reason),
          reason);
      assert_ok (
          delta1_operator_create_rational (&balls, &delta1_arithmetic_ball, 2000, entries, &reason),
          reason);
      assert_ok (
          delta1_operator_create_rational (&big, &delta1_arithmetic_mpfr, 100, entries, &reason),
          reason);
      worst = fmax (worst, operator_rounding (A, balls));
      assert_true (mag_is_inf (big->relative[DELTA1_FORWARD]));
      delta1_operator_free (A);
      delta1_operator_free (balls);
      delta1_operator_free (big);
      fmpq_mat_clear (entries);
    }
  assert_true (worst > 0.01);
}

/* Balls contain the exact products, and are small. */
static void
exact_products (void **state)
{
  (void)state;
  delta1_reason_t reason;
  slong m = 4, N = 7;
  fmpq_mat_t entries, transposed, x, y, z;
  fmpq_mat_init (entries, m, N);
  fmpq_mat_init (transposed, N, m);
  fmpq_mat_init (x, N, 1);
  fmpq_mat_init (y, m, 1);
  fmpq_mat_init (z, N, 1);
  void *bx = delta1_arithmetic_ball.create (N, BITS), *by = delta1_arithmetic_ball.create (m, BITS);
  void *bz = delta1_arithmetic_ball.create (N, BITS);
  for (int round = 0; round < delta1_test_rounds (20); round++)
    {
      delta1_operator_t *A;
      arb_t ball;
      arb_init (ball);
      random_matrix (entries, 60);
      random_matrix (x, 60);
      assert_ok (
          delta1_operator_create_rational (&A, &delta1_arithmetic_ball, BITS, entries, &reason),
          reason);
      fmpq_mat_mul (y, entries, x);
      fmpq_mat_transpose (transposed, entries);
      fmpq_mat_mul (z, transposed, y);
      for (slong j = 0; j < N; j++)
        {
          arb_set_fmpq (ball, fmpq_mat_entry (x, j, 0), BITS);
          delta1_arithmetic_ball.set_ball (bx, j, ball);
        }
      delta1_operator_forward (A, by, bx);
      delta1_operator_adjoint (A, bz, by);
      for (slong i = 0; i < m; i++)
        assert_true (arb_contains_fmpq ((arb_ptr)by + i, fmpq_mat_entry (y, i, 0)));
      for (slong j = 0; j < N; j++)
        {
          assert_true (arb_contains_fmpq ((arb_ptr)bz + j, fmpq_mat_entry (z, j, 0)));
          assert_true (mag_cmp_2exp_si (arb_radref ((arb_ptr)bz + j), 240 - BITS) < 0);
        }
      arb_clear (ball);
      delta1_operator_free (A);
    }
  delta1_arithmetic_ball.free (bx, N);
  delta1_arithmetic_ball.free (by, m);
  delta1_arithmetic_ball.free (bz, N);
  fmpq_mat_clear (entries);
  fmpq_mat_clear (transposed);
  fmpq_mat_clear (x);
  fmpq_mat_clear (y);
  fmpq_mat_clear (z);
}

/* entries contain the norm sqrt(square), within 2^-sharp relative. */
static void
assert_norm (const fmpq_mat_t entries, slong square, slong sharp)
{
  delta1_reason_t reason;
  delta1_operator_t *A;
  arb_t norm;
  arb_init (norm);
  assert_ok (delta1_operator_create_rational (&A, &delta1_arithmetic_ball, BITS, entries, &reason),
             reason);
  arb_sqrt_ui (norm, (ulong)square, BITS);
  assert_true (arb_contains (A->norm, norm));
  assert_true (square == 0 || arb_rel_accuracy_bits (A->norm) >= sharp);
  arb_clear (norm);
  delta1_operator_free (A);
}

static void
known_norms (void **state)
{
  (void)state;
  fmpq_mat_t A;
  for (slong m = 1; m <= 60; m += m < 8 ? 1 : 26)
    {
      slong N = m < 40 ? 70 - m : 55, square = 0, other = 0;
      /* a b^T has the norm ||a|| ||b|| */
      fmpq_mat_init (A, m, N);
      for (slong i = 0; i < m; i++)
        for (slong j = 0; j < N; j++)
          fmpq_set_si (fmpq_mat_entry (A, i, j), (i % 3 + 1) * (j % 4 - 1), 1);
      for (slong i = 0; i < m; i++)
        square += (i % 3 + 1) * (i % 3 + 1);
      for (slong j = 0; j < N; j++)
        other += (j % 4 - 1) * (j % 4 - 1);
      assert_norm (A, square * other, (m <= N ? m : N) <= DELTA1_OPERATOR_SHARP ? 20 : 1);
      /* a diagonal: the largest entry; two of them equal */
      fmpq_mat_zero (A);
      for (slong i = 0; i < m && i < N; i++)
        fmpq_set_si (fmpq_mat_entry (A, i, i), i == m - 1 ? -3 : i % 2 == 0 ? 3 : 2, 1);
      assert_norm (A, 9, (m <= N ? m : N) <= DELTA1_OPERATOR_SHARP ? 20 : 1);
      fmpq_mat_zero (A);
      assert_norm (A, 0, 0);
      fmpq_mat_clear (A);
    }
  /* [1 2; 3 4]: ||A||^2 = 15 + sqrt 221, no shortcut */
  arb_t norm, wanted;
  arb_ptr entries = _arb_vec_init (4);
  arb_init (norm);
  arb_init (wanted);
  for (slong i = 0; i < 4; i++)
    arb_set_si (entries + i, i + 1);
  delta1_operator_dense_norm (norm, entries, 2, 2);
  arb_sqrt_ui (wanted, 221, BITS);
  arb_add_si (wanted, wanted, 15, BITS);
  arb_sqrt (wanted, wanted, BITS);
  assert_true (arb_contains (norm, wanted));
  /* wide balls: every matrix in them */
  mag_set_ui_2exp_si (arb_radref (entries + 3), 1, 0);
  delta1_operator_dense_norm (norm, entries, 2, 2);
  assert_true (arb_contains (norm, wanted));
  _arb_vec_clear (entries, 4);
  arb_clear (norm);
  arb_clear (wanted);
}

/* [1 i; i 1] is sqrt 2 times unitary; with rows (1, i), (1, i) the norm is 2. */
static void
complex_norms (void **state)
{
  (void)state;
  delta1_reason_t reason;
  acb_ptr entries = _acb_vec_init (4);
  for (int same = 0; same < 2; same++)
    {
      delta1_operator_t *A;
      arb_t norm;
      arb_init (norm);
      acb_one (entries);
      acb_onei (entries + 1);
      (same ? acb_one : acb_onei) (entries + 2);
      (same ? acb_onei : acb_one) (entries + 3);
      assert_ok (delta1_operator_create_complex (&A, &delta1_arithmetic_complex_double, 53, entries,
                                                 2, 2, &reason),
                 reason);
      arb_sqrt_ui (norm, same ? 4 : 2, BITS);
      assert_true (arb_contains (A->norm, norm));
      assert_true (arb_rel_accuracy_bits (A->norm) >= 20);
      arb_clear (norm);
      delta1_operator_free (A);
    }
  _acb_vec_clear (entries, 4);
}

static void
given_norms (void **state)
{
  (void)state;
  static const double entries[2] = { 3, 4 };
  delta1_reason_t reason;
  delta1_operator_t *A;
  arb_t norm;
  arb_init (norm);
  assert_ok (
      delta1_operator_create_double (&A, &delta1_arithmetic_double, 53, entries, 1, 2, &reason),
      reason);
  arb_set_si (norm, 5);
  assert_true (arb_contains (A->norm, norm));
  assert_false (arb_is_exact (A->norm));
  assert_ok (delta1_operator_set_norm (A, norm, &reason), reason);
  assert_true (arb_equal (A->norm, norm));
  arb_set_d (norm, 5.001);
  assert_refused (delta1_operator_set_norm (A, norm, &reason), DELTA1_INPUT, reason, "5.001");
  arb_clear (norm);
  delta1_operator_free (A);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_operator_t *A;
  const double entries[2] = { 1, HUGE_VAL }, nan[1] = { NAN };
  arb_t big;
  assert_refused (
      delta1_operator_create_double (&A, &delta1_arithmetic_double, 53, entries, 1, 2, &reason),
      DELTA1_INPUT, reason, "(0, 1)");
  assert_null (A);
  assert_refused (
      delta1_operator_create_double (&A, &delta1_arithmetic_ball, 53, nan, 1, 1, &reason),
      DELTA1_INPUT, reason, "(0, 0)");
  assert_refused (
      delta1_operator_create_double (&A, &delta1_arithmetic_ball, 53, entries, 0, 1, &reason),
      DELTA1_INPUT, reason, "0 x 1");
  assert_refused (
      delta1_operator_create_double (&A, &delta1_arithmetic_mpfr, 53, entries, 1, 0, &reason),
      DELTA1_INPUT, reason, "1 x 0");
  arb_init (big);
  arb_one (big);
  arb_mul_2exp_si (big, big, 2000); /* infinite in double only */
  assert_refused (
      delta1_operator_create_dense (&A, &delta1_arithmetic_double, 53, big, 1, 1, &reason),
      DELTA1_INPUT, reason, "double");
  assert_ok (delta1_operator_create_dense (&A, &delta1_arithmetic_mpfr, 53, big, 1, 1, &reason),
             reason);
  delta1_operator_free (A);
  delta1_operator_free (NULL);
  arb_clear (big);
  acb_t imaginary;
  acb_init (imaginary);
  acb_onei (imaginary);
  assert_refused (
      delta1_operator_create_complex (&A, &delta1_arithmetic_double, 53, imaginary, 1, 1, &reason),
      DELTA1_INPUT, reason, "not real");
  assert_ok (delta1_operator_create_complex (&A, &delta1_arithmetic_complex_double, 53, imaginary,
                                             1, 1, &reason),
             reason);
  delta1_operator_free (A);
  acb_clear (imaginary);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (laws),          cmocka_unit_test (complex_entries),
    cmocka_unit_test (real_rounding), cmocka_unit_test (exact_products),
    cmocka_unit_test (known_norms),   cmocka_unit_test (given_norms),
    cmocka_unit_test (refusals),      cmocka_unit_test (complex_norms),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
