/* Null space certificates: known constants, a slow reference, kernels, and the property itself. */
#include "firenet/null_space.h"
#include "tests/testing.h"

#include <math.h>

#define PRECISION 192

static const delta1_null_space_options_t exhaustive
    = { .method = DELTA1_NULL_SPACE_EXHAUSTIVE, .limit = 100000, .precision = PRECISION };
static const delta1_null_space_options_t coherence
    = { .method = DELTA1_NULL_SPACE_COHERENCE, .precision = PRECISION };

/* [I, H/sqrt(n)], n a power of four: H_ij = (-1)^(bits of i & j) */
static void
set_identity_hadamard (acb_mat_t A, slong n)
{
  slong root = 1;
  while (root * root < n)
    root *= 2;
  acb_mat_zero (A);
  for (slong i = 0; i < n; i++)
    {
      acb_one (acb_mat_entry (A, i, i));
      for (slong j = 0; j < n; j++)
        {
          arb_ptr x = acb_realref (acb_mat_entry (A, i, n + j));
          arb_set_si (x, __builtin_parityl ((unsigned long)(i & j)) ? -1 : 1);
          arb_div_si (x, x, root, PRECISION);
        }
    }
}

static void
random_matrix (acb_mat_t A, bool is_complex)
{
  for (slong i = 0; i < acb_mat_nrows (A); i++)
    for (slong j = 0; j < acb_mat_ncols (A); j++)
      acb_set_d_d (acb_mat_entry (A, i, j),
                   ldexp ((double)delta1_test_random_below (2049) - 1024, -9),
                   is_complex ? ldexp ((double)delta1_test_random_below (2049) - 1024, -9) : 0);
}

/* |x - value| <= 1e-12 for all of x, and x contains sqrt(square) when square >= 0 */
static void
assert_value (const arb_t x, double value)
{
  arb_t wanted;
  arb_init (wanted);
  arb_set_d (wanted, value);
  mag_set_d (arb_radref (wanted), 1e-6);
  assert_true (arb_contains (wanted, x));
  arb_clear (wanted);
}

static void
known_coherence (void **state)
{
  (void)state;
  delta1_reason_t reason;
  acb_mat_t A;
  delta1_null_space_t found;
  arb_t wanted;
  acb_mat_init (A, 64, 128);
  delta1_null_space_init (&found);
  arb_init (wanted);
  set_identity_hadamard (A, 64);
  for (slong s = 1; s <= 10; s++)
    {
      const slong end = 128;
      const delta1_levels_t levels = { .count = 1, .end = &end, .sparsity = &s };
      assert_ok (delta1_null_space_certify (&found, A, &levels, &coherence, &reason), reason);
      assert_int_equal (found.method, DELTA1_NULL_SPACE_COHERENCE);
      assert_int_equal (found.holds, s <= 4 ? DELTA1_TRUE : DELTA1_UNKNOWN);
      assert_int_equal (found.sets, 0);
      if (s > 8)
        {
          assert_false (arb_is_finite (found.rho));
          continue;
        }
      /* s/8/(1 - (s-1)/8) = s/(9 - s); gamma = sqrt(8/(9 - s)) */
      arb_set_si (wanted, s);
      arb_div_si (wanted, wanted, 9 - s, PRECISION);
      assert_true (arb_contains (wanted, found.rho) || arb_overlaps (wanted, found.rho));
      assert_value (found.rho, (double)s / (double)(9 - s));
      assert_value (found.gamma, sqrt (8 / (double)(9 - s)));
    }
  acb_mat_clear (A);
  arb_clear (wanted);
  delta1_null_space_clear (&found);
}

/* All sets at once, by another route: A_Delta^+ a_i solves a least squares problem. */
static void
slow_reference (double *rho, double *gamma, const acb_mat_t A, const delta1_levels_t *levels)
{
  slong m = acb_mat_nrows (A), N = acb_mat_ncols (A);
  double worst = 0, largest = 0, xi = 0;
  for (slong k = 0; k < levels->count; k++)
    {
      double w = arf_get_d (arb_midref (levels->weights + k), ARF_RND_NEAR);
      xi += w * w * (double)levels->sparsity[k];
    }
  for (unsigned long bits = 0; bits < 1UL << N; bits++)
    {
      slong set[16], size = 0;
      bool maximal = true;
      for (slong k = 0, begin = 0; k < levels->count; begin = levels->end[k++])
        {
          slong here = 0;
          for (slong i = begin; i < levels->end[k]; i++)
            if (bits >> i & 1)
              {
                set[size++ & 15] = i;
                here++;
              }
          maximal = maximal && here == levels->sparsity[k];
        }
      if (!maximal)
        continue;
      acb_mat_t part, adjoint, normal, right, solution;
      acb_mat_init (part, m, size);
      acb_mat_init (adjoint, size, m);
      acb_mat_init (normal, size, size);
      acb_mat_init (right, size, m);
      acb_mat_init (solution, size, m);
      for (slong i = 0; i < m; i++)
        for (slong j = 0; j < size; j++)
          {
            acb_set (acb_mat_entry (part, i, j), acb_mat_entry (A, i, set[j]));
            acb_conj (acb_mat_entry (adjoint, j, i), acb_mat_entry (A, i, set[j]));
          }
      acb_mat_mul (normal, adjoint, part, PRECISION);
      assert_true (acb_mat_solve (solution, normal, adjoint, PRECISION)); /* A_Delta^+ */
      acb_mat_t pseudo_adjoint, square;
      acb_mat_init (pseudo_adjoint, m, size);
      acb_mat_init (square, size, size);
      acb_mat_transpose (pseudo_adjoint, solution);
      acb_mat_conjugate (pseudo_adjoint, pseudo_adjoint);
      acb_mat_mul (square, solution, pseudo_adjoint, PRECISION);
      /* the power method: 2000 steps from a generic vector */
      acb_mat_t v, next;
      acb_mat_init (v, size, 1);
      acb_mat_init (next, size, 1);
      double value = 0;
      for (slong j = 0; j < size; j++)
        acb_set_d_d (acb_mat_entry (v, j, 0), 1 + 0.3 * (double)j, 0.7 - 0.2 * (double)(j * j));
      for (int step = 0; step < 400; step++)
        {
          arb_t norm;
          arb_init (norm);
          acb_mat_mul (next, square, v, PRECISION);
          acb_mat_frobenius_norm (norm, next, PRECISION);
          acb_mat_get_mid (next, next);
          arf_set_d (arb_midref (norm), value = arf_get_d (arb_midref (norm), ARF_RND_NEAR));
          mag_zero (arb_radref (norm));
          acb_mat_scalar_div_arb (v, next, norm, PRECISION);
          acb_mat_get_mid (v, v);
          arb_clear (norm);
        }
      if (value > largest)
        largest = value;
      for (slong i = 0; i < N; i++)
        {
          if (bits >> i & 1)
            continue;
          acb_mat_t column, image;
          arb_t length;
          arb_init (length);
          acb_mat_init (column, m, 1);
          acb_mat_init (image, size, 1);
          for (slong j = 0; j < m; j++)
            acb_set (acb_mat_entry (column, j, 0), acb_mat_entry (A, j, i));
          acb_mat_mul (image, solution, column, PRECISION);
          acb_mat_frobenius_norm (length, image, PRECISION);
          slong k = 0;
          while (levels->end[k] <= i)
            k++;
          double ratio = arf_get_d (arb_midref (length), ARF_RND_NEAR)
                         / arf_get_d (arb_midref (levels->weights + k), ARF_RND_NEAR);
          if (ratio > worst)
            worst = ratio;
          arb_clear (length);
          acb_mat_clear (column);
          acb_mat_clear (image);
        }
      acb_mat_clear (v);
      acb_mat_clear (next);
      acb_mat_clear (pseudo_adjoint);
      acb_mat_clear (square);
      acb_mat_clear (part);
      acb_mat_clear (adjoint);
      acb_mat_clear (normal);
      acb_mat_clear (right);
      acb_mat_clear (solution);
    }
  *rho = sqrt (xi) * worst;
  *gamma = sqrt (largest);
}

static void
assert_close (const arb_t ball, double value)
{
  arb_t wanted;
  arb_init (wanted);
  arb_set_d (wanted, value);
  mag_set_d (arb_radref (wanted), 1e-4 * (1 + fabs (value)));
  if (!arb_contains (wanted, ball))
    {
      arb_printd (ball, 12);
      print_error (" is not %.12g\n", value);
    }
  assert_true (arb_contains (wanted, ball));
  arb_clear (wanted);
}

/* Levels with weights, real and complex: the formula of Lemma 6.4, and coherence never below it. */
static void
exhaustive_is_the_formula (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_null_space_t found, coherent;
  arb_ptr weights = _arb_vec_init (3);
  delta1_null_space_init (&found);
  delta1_null_space_init (&coherent);
  arb_set_d (weights, 0.5);
  arb_set_d (weights + 1, 1.25);
  arb_set_d (weights + 2, 2);
  for (int round = 0; round < delta1_test_rounds (12); round++)
    {
      bool is_complex = round % 2 == 1;
      const slong end[3] = { 2, 5, 9 };
      const slong sparsity[3] = { 1 + round % 2, 1, 1 + round % 3 };
      const delta1_levels_t levels
          = { .count = 3, .end = end, .sparsity = sparsity, .weights = weights };
      slong sets = (round % 2 == 0 ? 2 : 1) * 3 * (round % 3 == 0 ? 4 : round % 3 == 1 ? 6 : 4);
      double rho, gamma;
      acb_mat_t A;
      acb_mat_init (A, 8, 9);
      random_matrix (A, is_complex);
      for (slong j = 0; j < 8; j++) /* towards orthogonal, so that coherence says something */
        acb_add_si (acb_mat_entry (A, j, j), acb_mat_entry (A, j, j), 60 * (round % 4 == 3), 64);
      assert_ok (delta1_null_space_certify (&found, A, &levels, &exhaustive, &reason), reason);
      assert_int_equal (found.sets, sets);
      assert_int_equal (found.size, sparsity[0] + sparsity[1] + sparsity[2]);
      slow_reference (&rho, &gamma, A, &levels);
      assert_close (found.rho, rho);
      assert_close (found.gamma, gamma);
      assert_int_equal (found.holds, rho < 1 ? DELTA1_TRUE : DELTA1_UNKNOWN);
      assert_true (found.column >= 0);
      assert_ok (delta1_null_space_certify (&coherent, A, &levels, &coherence, &reason), reason);
      assert_false (arb_lt (coherent.rho, found.rho));
      assert_false (arb_lt (coherent.gamma, found.gamma));
      acb_mat_clear (A);
    }
  _arb_vec_clear (weights, 3);
  delta1_null_space_clear (&found);
  delta1_null_space_clear (&coherent);
}

/* The set and the column that are named give the ratio again. */
static void
worst_set (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_null_space_t found;
  acb_mat_t A;
  const slong end = 6, sparsity = 2;
  const delta1_levels_t levels = { .count = 1, .end = &end, .sparsity = &sparsity };
  delta1_null_space_init (&found);
  acb_mat_init (A, 6, 6);
  acb_mat_one (A);
  /* a_5 = e_5 + 3/16 e_1 + 1/4 e_3: A_{1,3}^+ a_5 has the length 5/16 */
  arb_set_d (acb_realref (acb_mat_entry (A, 1, 5)), 0.1875);
  arb_set_d (acb_realref (acb_mat_entry (A, 3, 5)), 0.25);
  assert_ok (delta1_null_space_certify (&found, A, &levels, &exhaustive, &reason), reason);
  assert_int_equal (found.sets, 15);
  assert_int_equal (found.holds, DELTA1_TRUE);
  assert_int_equal (found.support[0], 1);
  assert_int_equal (found.support[1], 3);
  assert_int_equal (found.column, 5);
  assert_value (found.rho, 0.3125 * sqrt (2));
  acb_mat_clear (A);
  delta1_null_space_clear (&found);
}

static void
kernels (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_null_space_t found;
  acb_mat_t A;
  const slong end[2] = { 2, 4 }, one[2] = { 1, 1 }, two[2] = { 2, 2 };
  delta1_levels_t levels = { .count = 2, .end = end, .sparsity = one };
  delta1_null_space_init (&found);
  acb_mat_init (A, 3, 4);
  for (slong i = 0; i < 3; i++)
    acb_one (acb_mat_entry (A, i, i));
  /* a_3 = 2i a_1: a kernel in {1, 3}, in no set of one level */
  arb_set_si (acb_imagref (acb_mat_entry (A, 1, 3)), 2);
  assert_ok (delta1_null_space_certify (&found, A, &levels, &exhaustive, &reason), reason);
  assert_int_equal (found.holds, DELTA1_FALSE);
  assert_int_equal (found.size, 2);
  assert_int_equal (found.support[0], 1);
  assert_int_equal (found.support[1], 3);
  assert_int_equal (found.column, -1);
  assert_false (arb_is_finite (found.rho));
  /* (1, i) and (i, -1) are parallel; (1, i) and (i, 1) are not */
  acb_mat_t B;
  const slong all = 2;
  const delta1_levels_t whole = { .count = 1, .end = &all, .sparsity = &all };
  acb_mat_init (B, 2, 2);
  acb_one (acb_mat_entry (B, 0, 0));
  acb_onei (acb_mat_entry (B, 1, 0));
  acb_onei (acb_mat_entry (B, 0, 1));
  acb_set_si (acb_mat_entry (B, 1, 1), -1);
  assert_ok (delta1_null_space_certify (&found, B, &whole, &exhaustive, &reason), reason);
  assert_int_equal (found.holds, DELTA1_FALSE);
  acb_one (acb_mat_entry (B, 1, 1));
  assert_ok (delta1_null_space_certify (&found, B, &whole, &exhaustive, &reason), reason);
  assert_int_equal (found.holds, DELTA1_TRUE);
  acb_mat_clear (B);
  /* with a ball that contains the kernel nothing is known; far from it the property is there */
  mag_set_d (arb_radref (acb_realref (acb_mat_entry (A, 1, 3))), 1e-9);
  assert_ok (delta1_null_space_certify (&found, A, &levels, &exhaustive, &reason), reason);
  assert_int_equal (found.holds, DELTA1_UNKNOWN);
  assert_int_equal (found.column, -1);
  /* more columns than rows */
  levels.sparsity = two;
  assert_ok (delta1_null_space_certify (&found, A, &levels, &exhaustive, &reason), reason);
  assert_int_equal (found.holds, DELTA1_FALSE);
  /* an entry whose exact value would fill the memory: not decided, and quick */
  levels.sparsity = one;
  mag_zero (arb_radref (acb_realref (acb_mat_entry (A, 1, 3))));
  arb_mul_2exp_si (acb_imagref (acb_mat_entry (A, 1, 3)), acb_imagref (acb_mat_entry (A, 1, 3)),
                   1000000000000);
  assert_ok (delta1_null_space_certify (&found, A, &levels, &exhaustive, &reason), reason);
  assert_int_equal (found.holds, DELTA1_UNKNOWN);
  acb_mat_clear (A);
  delta1_null_space_clear (&found);
}

/* The inequality itself, on random vectors and on the worst ones: x_i = 1, x_Delta = -A_Delta^+
 * a_i.
 */
static void
property (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_null_space_t found;
  acb_mat_t A, x, image;
  const slong end[2] = { 3, 8 }, sparsity[2] = { 1, 2 };
  arb_ptr weights = _arb_vec_init (2);
  arb_t left, right, term, xi;
  arb_set_d (weights, 0.75);
  arb_set_d (weights + 1, 1.5);
  const delta1_levels_t levels
      = { .count = 2, .end = end, .sparsity = sparsity, .weights = weights };
  delta1_null_space_init (&found);
  arb_init (left);
  arb_init (right);
  arb_init (term);
  arb_init (xi);
  acb_mat_init (A, 6, 8);
  acb_mat_init (x, 8, 1);
  acb_mat_init (image, 6, 1);
  delta1_levels_constants (xi, NULL, NULL, &levels, PRECISION);
  arb_sqrt (xi, xi, PRECISION);
  for (int round = 0; round < delta1_test_rounds (300); round++)
    {
      if (round % 30 == 0)
        {
          random_matrix (A, true);
          assert_ok (delta1_null_space_certify (&found, A, &levels, &exhaustive, &reason), reason);
        }
      random_matrix (x, true);
      for (slong i = 0; i < 8; i++)
        acb_mul_2exp_si (acb_mat_entry (x, i, 0), acb_mat_entry (x, i, 0),
                         -delta1_test_random_below (20));
      slong set[3] = { delta1_test_random_below (3), 3 + delta1_test_random_below (4), 7 };
      set[2] = set[1] + 1 + delta1_test_random_below (7 - set[1]);
      acb_mat_mul (image, A, x, PRECISION);
      acb_mat_frobenius_norm (right, image, PRECISION);
      arb_mul (right, right, found.gamma, PRECISION);
      arb_zero (left);
      for (slong i = 0; i < 8; i++)
        {
          acb_abs (term, acb_mat_entry (x, i, 0), PRECISION);
          if (i == set[0] || i == set[1] || i == set[2])
            arb_addmul (left, term, term, PRECISION);
          else
            {
              arb_mul (term, term, weights + (i >= 3), PRECISION);
              arb_mul (term, term, found.rho, PRECISION);
              arb_div (term, term, xi, PRECISION);
              arb_add (right, right, term, PRECISION);
            }
        }
      arb_sqrt (left, left, PRECISION);
      assert_false (arb_gt (left, right));
    }
  acb_mat_clear (A);
  acb_mat_clear (x);
  acb_mat_clear (image);
  _arb_vec_clear (weights, 2);
  arb_clear (left);
  arb_clear (right);
  arb_clear (term);
  arb_clear (xi);
  delta1_null_space_clear (&found);
}

/* Lemma 6.2: what it gives for A_l is never below what A has; its formula by hand; no room. */
static void
inexact (void **state)
{
  (void)state;
  delta1_reason_t reason;
  acb_mat_t A;
  delta1_null_space_t found;
  const slong end[2] = { 4, 8 }, sparsity[2] = { 1, 1 };
  arb_ptr weights = _arb_vec_init (2);
  arb_t rho, gamma, eta;
  arb_init (rho);
  arb_init (gamma);
  arb_init (eta);
  arb_set_d (weights, 1);
  arb_set_d (weights + 1, 0.5);
  const delta1_levels_t levels
      = { .count = 2, .end = end, .sparsity = sparsity, .weights = weights };
  delta1_null_space_init (&found);
  acb_mat_init (A, 8, 8);
  acb_mat_one (A);
  arb_set_d (rho, 0.25);
  arb_set_d (gamma, 2);
  arb_set_d (eta, 0.125);
  /* xi = 5/4, w_min = 1/2: (1/4 + 1/4 sqrt(5/4) 2)/(3/4), 2/(3/4) */
  assert_ok (delta1_null_space_perturb (rho, gamma, eta, &levels, PRECISION, &reason), reason);
  assert_value (rho, (0.25 + 0.5 * sqrt (1.25)) / 0.75);
  assert_value (gamma, 8.0 / 3);
  arb_set_d (gamma, 8);
  assert_refused (delta1_null_space_perturb (rho, gamma, eta, &levels, PRECISION, &reason),
                  DELTA1_DOMAIN, reason, "gamma eta");
  arb_set_d (gamma, 8);
  mag_set_d (arb_radref (gamma), 1e-9);
  assert_refused (delta1_null_space_perturb (rho, gamma, eta, &levels, PRECISION, &reason),
                  DELTA1_UNDECIDED, reason, "gamma eta");
  acb_mat_clear (A);
  _arb_vec_clear (weights, 2);
  arb_clear (rho);
  arb_clear (gamma);
  arb_clear (eta);
  delta1_null_space_clear (&found);
}

static void
refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_null_space_t found;
  acb_mat_t A;
  slong end[2] = { 20, 40 }, sparsity[2] = { 1, 1 };
  arb_t weights[2];
  delta1_levels_t levels = { .count = 2, .end = end, .sparsity = sparsity };
  delta1_null_space_options_t options = exhaustive;
  delta1_null_space_init (&found);
  acb_mat_init (A, 30, 40);
  random_matrix (A, false);
  for (slong i = 0; i < 30; i++)
    arb_add_si (acb_realref (acb_mat_entry (A, i, i)), acb_realref (acb_mat_entry (A, i, i)), 50,
                64);
#define REFUSED(word)                                                                              \
  assert_refused (delta1_null_space_certify (&found, A, &levels, &options, &reason), DELTA1_INPUT, \
                  reason, word)
  levels.count = 0;
  REFUSED ("0 levels");
  levels.count = 1;
  REFUSED ("at 20");
  levels.count = 2;
  end[1] = 41;
  REFUSED ("up to 40");
  end[1] = 20;
  REFUSED ("level 2");
  end[1] = 40;
  sparsity[0] = 0;
  REFUSED ("sparsity 0");
  sparsity[0] = 21;
  REFUSED ("length 20");
  sparsity[0] = 1;
  arb_init (weights[0]);
  arb_init (weights[1]);
  arb_one (weights[0]);
  levels.weights = weights[0];
  REFUSED ("weight of level 2");
  levels.weights = NULL;
  options.precision = 1;
  REFUSED ("1 bits");
  options.precision = PRECISION;
  acb_indeterminate (acb_mat_entry (A, 2, 3));
  REFUSED ("not finite");
  acb_one (acb_mat_entry (A, 2, 3));
  acb_mat_t empty;
  acb_mat_init (empty, 0, 3);
  assert_refused (delta1_null_space_certify (&found, empty, &levels, &options, &reason),
                  DELTA1_INPUT, reason, "0 x 3");
  acb_mat_clear (empty);
  /* 20^2 = 400 sets */
  options.limit = 399;
  assert_refused (delta1_null_space_certify (&found, A, &levels, &options, &reason), DELTA1_BUDGET,
                  reason, "399");
  options.method = DELTA1_NULL_SPACE_BEST;
  assert_ok (delta1_null_space_certify (&found, A, &levels, &options, &reason), reason);
  assert_int_equal (found.method, DELTA1_NULL_SPACE_COHERENCE);
  options.limit = 400;
  assert_ok (delta1_null_space_certify (&found, A, &levels, &options, &reason), reason);
  assert_int_equal (found.method, DELTA1_NULL_SPACE_EXHAUSTIVE);
  assert_int_equal (found.sets, 400);
  /* binomials that overflow any word */
  options.limit = 0;
  sparsity[0] = sparsity[1] = 10;
  assert_ok (delta1_null_space_certify (&found, A, &levels, &options, &reason), reason);
  assert_int_equal (found.method, DELTA1_NULL_SPACE_COHERENCE);
  acb_mat_clear (A);
  arb_clear (weights[0]);
  arb_clear (weights[1]);
  delta1_null_space_clear (&found);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (known_coherence), cmocka_unit_test (exhaustive_is_the_formula),
    cmocka_unit_test (worst_set),       cmocka_unit_test (kernels),
    cmocka_unit_test (property),        cmocka_unit_test (inexact),
    cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
