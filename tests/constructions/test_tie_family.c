#include "tests/testing.h"

#include <stdlib.h>

#include "constructions/tie_family.h"
#include "src/number.h"

static const struct
{
  slong m, N;
} sizes[] = { { 1, 2 }, { 2, 3 }, { 3, 6 }, { 2, 9 }, { 5, 12 } };

#define SIZES (sizeof sizes / sizeof sizes[0])

static delta1_tie_family_t *
family_of (delta1_problem_t problem, slong m, slong N, delta1_mix_t mix, uint64_t seed)
{
  delta1_reason_t reason;
  delta1_tie_family_t *family = NULL;
  delta1_tie_options_t options = delta1_tie_defaults;
  options.problem = problem;
  options.m = m;
  options.N = N;
  options.digits = 3;
  options.samples = 7;
  options.points = 2;
  options.mix = mix;
  options.seed = seed;
  assert_ok (delta1_tie_family_create (&family, &options, &reason), reason);
  return family;
}

/* A and the data as exact rationals, read from the source. */
static void
exact_input (fmpq_mat_t A, fmpq_mat_t Y, const delta1_tie_family_t *family,
             const delta1_tie_input_t *input)
{
  delta1_reason_t reason;
  delta1_source_t *source = NULL;
  const delta1_shape_t *shape = &family->shape;
  fmpq_t im;
  fmpq_init (im);
  assert_ok (delta1_tie_source (&source, family, input, &reason), reason);
  assert_int_equal (source->count, delta1_shape_count (shape));
  for (slong i = 0; i < shape->m; i++)
    for (slong j = 0; j < shape->N; j++)
      assert_true (source->table->exact (source->context, fmpq_mat_entry (A, i, j), im,
                                         delta1_shape_matrix_entry (shape, i, j)));
  for (slong k = 0; k < shape->R; k++)
    for (slong i = 0; i < shape->m; i++)
      assert_true (source->table->exact (source->context, fmpq_mat_entry (Y, k, i), im,
                                         delta1_shape_data_entry (shape, k, i)));
  delta1_source_free (source);
  fmpq_clear (im);
}

static void
norm1 (fmpq_t sum, const fmpq *x, slong N)
{
  fmpq_t value;
  fmpq_init (value);
  fmpq_zero (sum);
  for (slong j = 0; j < N; j++)
    {
      fmpq_abs (value, x + j);
      fmpq_add (sum, sum, value);
    }
  fmpq_clear (value);
}

static void
residual_squared (fmpq_t square, const fmpq_mat_t A, const fmpq *x, const fmpq *y)
{
  fmpq_t r, term;
  fmpq_init (r);
  fmpq_init (term);
  fmpq_zero (square);
  for (slong i = 0; i < fmpq_mat_nrows (A); i++)
    {
      fmpq_neg (r, y + i);
      for (slong j = 0; j < fmpq_mat_ncols (A); j++)
        {
          fmpq_mul (term, fmpq_mat_entry (A, i, j), x + j);
          fmpq_add (r, r, term);
        }
      fmpq_addmul (square, r, r);
    }
  fmpq_clear (r);
  fmpq_clear (term);
}

/* The dual certificate that x is a minimiser, checked over Q with w = A* v, v = a multiple of u =
 * the residual direction: every minimiser of Lemma 3.1 has one of these forms (KKT, convex):
 *   srlasso: v = (lambda/alpha*) u, |w_j| <= lambda, ||v|| <= 1, Ax = y
 *   bp, lp:  v = u/alpha*, |w_j| <= 1 (lp: w_j <= 1), Ax = y, x >= 0
 *   qcbp:    v = u/alpha*, |w_j| <= 1, y - Ax = epsilon u
 *   lasso:   2 (y - Ax) = (lambda/alpha*) u, |w_j| <= lambda with v = (lambda/alpha*) u
 * and w_j = the bound wherever x_j > 0. This does not use Lemma 3.1. */
static void
assert_minimiser (const delta1_tie_family_t *f, const fmpq_mat_t A, const fmpq *x, const fmpq *y,
                  const fmpq_t star)
{
  fmpq_t v, w, bound, r, term, u;
  fmpq_init (v);
  fmpq_init (w);
  fmpq_init (bound);
  fmpq_init (r);
  fmpq_init (term);
  fmpq_init (u);
  fmpq_one (bound);
  if (f->problem == DELTA1_SRLASSO || f->problem == DELTA1_LASSO)
    fmpq_set (bound, f->parameter);
  fmpq_div (v, bound, star);
  if (f->problem == DELTA1_SRLASSO)
    {
      fmpq_one (term);
      assert_true (fmpq_cmp (v, term) < 0);
    }
  for (slong i = 0; i < f->m; i++)
    {
      /* r = (y - Ax)_i */
      fmpq_set (r, y + i);
      for (slong j = 0; j < f->shape.N; j++)
        {
          fmpq_mul (term, fmpq_mat_entry (A, i, j), x + j);
          fmpq_sub (r, r, term);
        }
      if (f->mixing->kind == DELTA1_MIX_NONE)
        fmpq_set_si (u, i == 0, 1);
      else
        fmpq_set (u, fmpq_mat_entry (f->mixing->exact, i, 0));
      fmpq_zero (term);
      if (f->problem == DELTA1_QCBP)
        fmpq_mul (term, f->parameter, u);
      if (f->problem == DELTA1_LASSO)
        {
          fmpq_mul (term, v, u);
          fmpq_div_2exp (term, term, 1);
        }
      assert_true (fmpq_equal (r, term));
    }
  for (slong j = 0; j < f->shape.N; j++)
    {
      fmpq_zero (w);
      for (slong i = 0; i < f->m; i++)
        {
          if (f->mixing->kind == DELTA1_MIX_NONE)
            fmpq_set_si (u, i == 0, 1);
          else
            fmpq_set (u, fmpq_mat_entry (f->mixing->exact, i, 0));
          fmpq_mul (term, fmpq_mat_entry (A, i, j), u);
          fmpq_addmul (w, term, v);
        }
      assert_true (fmpq_sgn (x + j) >= 0);
      if (fmpq_sgn (x + j) > 0)
        assert_true (fmpq_equal (w, bound));
      if (f->problem == DELTA1_LP)
        assert_true (fmpq_cmp (w, bound) <= 0);
      else
        {
          fmpq_abs (w, w);
          assert_true (fmpq_cmp (w, bound) <= 0);
        }
    }
  fmpq_clear (v);
  fmpq_clear (w);
  fmpq_clear (bound);
  fmpq_clear (r);
  fmpq_clear (term);
  fmpq_clear (u);
}

/* Lemma 3.1: the points of the face pass a dual certificate; and they are all: a minimiser's
 * support is where |w_j| attains its bound, which is the face, and there the residual condition
 * fixes the sum. */
static void
solutions_are_minimisers (void **state)
{
  (void)state;
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    for (size_t size = 0; size < SIZES; size++)
      for (int mix = DELTA1_MIX_NONE; mix <= DELTA1_MIX_RATIONAL; mix++)
        {
          delta1_tie_family_t *f = family_of ((delta1_problem_t)p, sizes[size].m, sizes[size].N,
                                              (delta1_mix_t)mix, size + 1);
          slong N = f->shape.N;
          delta1_tie_input_t input;
          fmpq_mat_t A, Y;
          fmpq *x = _fmpq_vec_init (N);
          slong *face = malloc ((size_t)f->tied * sizeof *face);
          slong count;
          fmpq_t star;
          delta1_tie_input_init (&input);
          fmpq_init (star);
          fmpq_mat_init (A, f->m, N);
          fmpq_mat_init (Y, f->points, f->m);
          for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
            for (slong column = tier == DELTA1_TIER_A ? -1 : 0; column < f->tied; column++)
              {
                delta1_tie_input_set (&input, f, (delta1_tier_t)tier, column, 5);
                if (column < 0)
                  fmpq_zero (input.gap);
                exact_input (A, Y, f, &input);
                delta1_tie_solution_face (face, &count, f, &input);
                assert_int_equal (count, column < 0 ? f->tied : 1);
                fmpq_set_si (star, 6 - 2 * tier, 1);
                fmpq_mul_2exp (star, star, (ulong)f->mixing->bound_exponent);
                for (slong k = 0; k < f->points; k++)
                  {
                    /* unequal positive weights on the face */
                    slong weights = count * (count + 1) / 2;
                    fmpz_t num, den;
                    delta1_face_t set = { .size = count, .face = face };
                    _fmpq_vec_clear (x, N);
                    x = _fmpq_vec_init (N);
                    fmpz_init (num);
                    fmpz_init (den);
                    fmpq_init (set.scale);
                    fmpq_set (set.scale, f->scale[tier] + k);
                    for (slong i = 0; i < count; i++)
                      {
                        fmpq_set_si (x + face[i], i + 1, (ulong)weights);
                        fmpq_mul (x + face[i], x + face[i], set.scale);
                      }
                    assert_minimiser (f, A, x, fmpq_mat_entry (Y, k, 0), star);
                    delta1_face_distance_squared (num, den, x, N, &set);
                    assert_true (fmpz_is_zero (num));
                    fmpz_clear (num);
                    fmpz_clear (den);
                    fmpq_clear (set.scale);
                  }
              }
          fmpq_mat_clear (A);
          fmpq_mat_clear (Y);
          _fmpq_vec_clear (x, N);
          free (face);
          fmpq_clear (star);
          delta1_tie_input_clear (&input);
          delta1_tie_family_free (f);
        }
}

/* Any other point is strictly worse: random points near the minimiser, exact objectives (lasso,
 * srlasso). */
static void
other_points_are_worse (void **state)
{
  (void)state;
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      delta1_problem_t problem = round & 1 ? DELTA1_LASSO : DELTA1_SRLASSO;
      size_t size = (size_t)delta1_test_random_below (SIZES);
      delta1_tie_family_t *f = family_of (problem, sizes[size].m, sizes[size].N,
                                          DELTA1_MIX_RATIONAL, 1 + (uint64_t)round);
      slong N = f->shape.N;
      delta1_tie_input_t input;
      fmpq_mat_t A, Y;
      fmpq *x = _fmpq_vec_init (N);
      fmpq_t best, other, square, slack;
      delta1_tie_input_init (&input);
      fmpq_init (best);
      fmpq_init (other);
      fmpq_init (square);
      fmpq_init (slack);
      fmpq_mat_init (A, f->m, N);
      fmpq_mat_init (Y, f->points, f->m);
      slong column = delta1_test_random_below (f->tied);
      delta1_tie_input_set (&input, f, DELTA1_TIER_A, column, 3);
      exact_input (A, Y, f, &input);
      fmpq_set (x + f->place[column], f->scale[0]);
      norm1 (best, x, N);
      fmpq_mul (best, best, f->parameter);
      residual_squared (square, A, x, fmpq_mat_entry (Y, 0, 0));
      if (problem == DELTA1_LASSO)
        fmpq_add (best, best, square);
      else
        assert_true (fmpq_is_zero (square));
      for (slong j = 0; j < N; j++)
        {
          fmpq_t step;
          fmpq_init (step);
          delta1_test_random_rational (step, 8);
          fmpq_mul (step, step, f->scale[0]);
          fmpq_add (x + j, x + j, step);
          fmpq_clear (step);
        }
      norm1 (other, x, N);
      fmpq_mul (other, other, f->parameter);
      residual_squared (square, A, x, fmpq_mat_entry (Y, 0, 0));
      if (problem == DELTA1_LASSO)
        {
          fmpq_add (other, other, square);
          assert_true (fmpq_cmp (other, best) > 0);
        }
      else
        {
          /* other + sqrt(square) > best: best - other is negative, or its square is below. */
          fmpq_sub (slack, best, other);
          fmpq_mul (other, slack, slack);
          assert_true (fmpq_sgn (slack) < 0 || fmpq_cmp (other, square) < 0);
        }
      fmpq_clear (best);
      fmpq_clear (other);
      fmpq_clear (square);
      fmpq_clear (slack);
      fmpq_mat_clear (A);
      fmpq_mat_clear (Y);
      _fmpq_vec_clear (x, N);
      delta1_tie_input_clear (&input);
      delta1_tie_family_free (f);
    }
}

/* A A* has condition number at most 18 (mixing does not change it); without mixing it is diagonal.
 */
static void
inputs_are_well_conditioned (void **state)
{
  static const slong columns[] = { 2, 3, 5, 10, 17, 50, 101, 257, 290, 400 };
  (void)state;
  for (size_t s = 0; s < sizeof columns / sizeof columns[0]; s++)
    for (slong samples = 1; samples <= 2; samples++)
      {
        delta1_reason_t reason;
        delta1_tie_family_t *f;
        delta1_tie_options_t options = delta1_tie_defaults;
        delta1_tie_input_t input;
        fmpq_mat_t A, Y;
        fmpq_t first, second, ratio;
        options.m = 2;
        options.N = columns[s] + 1;
        options.samples = samples;
        assert_ok (delta1_tie_family_create (&f, &options, &reason), reason);
        assert_int_equal (f->tied, columns[s]);
        fmpq_mat_init (A, f->m, f->shape.N);
        fmpq_mat_init (Y, f->points, f->m);
        fmpq_init (first);
        fmpq_init (second);
        fmpq_init (ratio);
        delta1_tie_input_init (&input);
        for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
          {
            delta1_tie_input_set (&input, f, (delta1_tier_t)tier, 1, 1);
            exact_input (A, Y, f, &input);
            fmpq_zero (first);
            fmpq_zero (second);
            for (slong j = 0; j < f->shape.N; j++)
              {
                fmpq_addmul (first, fmpq_mat_entry (A, 0, j), fmpq_mat_entry (A, 0, j));
                fmpq_addmul (second, fmpq_mat_entry (A, 1, j), fmpq_mat_entry (A, 1, j));
                assert_true (fmpq_is_zero (fmpq_mat_entry (A, 0, j))
                             || fmpq_is_zero (fmpq_mat_entry (A, 1, j)));
              }
            fmpq_div (ratio, second, first);
            assert_true (fmpq_cmp_si (ratio, 18) <= 0);
            assert_true (fmpq_cmp_si (ratio, 1) >= 0);
          }
        fmpq_mat_clear (A);
        fmpq_mat_clear (Y);
        fmpq_clear (first);
        fmpq_clear (second);
        fmpq_clear (ratio);
        delta1_tie_input_clear (&input);
        delta1_tie_family_free (f);
      }
}

static void
mixings_are_orthogonal (void **state)
{
  (void)state;
  for (slong m = 1; m <= 8; m++)
    {
      delta1_reason_t reason;
      delta1_mixing_t *rational, *dct;
      fmpq_mat_t transpose, product;
      assert_ok (
          delta1_mixing_create_seeded (&rational, DELTA1_MIX_RATIONAL, m, (uint64_t)m, &reason),
          reason);
      fmpq_mat_init (transpose, m, m);
      fmpq_mat_init (product, m, m);
      fmpq_mat_transpose (transpose, rational->exact);
      fmpq_mat_mul (product, rational->exact, transpose);
      assert_true (fmpq_mat_is_one (product));
      fmpq_mat_clear (transpose);
      fmpq_mat_clear (product);

      assert_ok (delta1_mixing_create (&dct, DELTA1_MIX_DCT, m, NULL, 0, &reason), reason);
      arb_t sum, x, y;
      arb_init (sum);
      arb_init (x);
      arb_init (y);
      for (slong i = 0; i < m; i++)
        for (slong k = 0; k < m; k++)
          {
            arb_set_si (sum, i == k ? -1 : 0);
            for (slong j = 0; j < m; j++)
              {
                delta1_mixing_enclose (x, dct, i, j, 200);
                delta1_mixing_enclose (y, dct, k, j, 200);
                arb_addmul (sum, x, y, 200);
              }
            assert_true (arb_contains_zero (sum));
            assert_true (mag_cmp_2exp_si (arb_radref (sum), -180) < 0);
          }
      arb_clear (sum);
      arb_clear (x);
      arb_clear (y);
      /* B is the least power of two >= ||u||_1, and 1 <= ||u||_1 <= sqrt m. */
      for (int which = 0; which < 2; which++)
        {
          delta1_mixing_t *mixing = which ? dct : rational;
          double norm = 0, largest = 0;
          for (slong i = 0; i < m; i++)
            {
              arb_t u;
              arb_init (u);
              delta1_mixing_enclose (u, mixing, i, 0, 64);
              double value = arf_get_d (arb_midref (u), ARF_RND_NEAR);
              value = value < 0 ? -value : value;
              norm += value;
              largest = value > largest ? value : largest;
              arb_clear (u);
            }
          double B = (double)(1L << mixing->bound_exponent);
          assert_true (norm <= B * (1 + 1e-12) && (B == 1 || norm > B / 2 * (1 - 1e-12)));
          double hidden = mixing->hidden >= 0 ? (double)(1L << mixing->hidden)
                                              : 1.0 / (double)(1L << -mixing->hidden);
          assert_true (3 * B * largest <= hidden * (1 + 1e-12));
          assert_true (3 * B * largest > hidden / 2 * (1 - 1e-12));
        }
      delta1_mixing_free (rational);
      delta1_mixing_free (dct);
    }
}

/* At n = 1 an unmixed alpha reads in [5, 6.5], [3, 4.5] or [0, 2.5]: every legal answer tells the
 * tier. */
static void
one_sample_tells_the_tiers_apart (void **state)
{
  static const double low[] = { 5, 3, 0 }, high[] = { 6.5, 4.5, 2.5 };
  (void)state;
  for (slong samples = 1; samples < 5; samples++)
    {
      delta1_reason_t reason;
      delta1_tie_family_t *f;
      delta1_tie_options_t options = delta1_tie_defaults;
      options.samples = samples;
      assert_ok (delta1_tie_family_create (&f, &options, &reason), reason);
      for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
        for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
          {
            delta1_tie_input_t input;
            delta1_source_t *source;
            delta1_oracle_t *oracle;
            fmpz_t answer;
            fmpz_init (answer);
            delta1_tie_input_init (&input);
            delta1_tie_input_set (&input, f, (delta1_tier_t)tier, 1, 1);
            assert_ok (delta1_tie_source (&source, f, &input, &reason), reason);
            assert_ok (
                delta1_oracle_create_honest (&oracle, source, (delta1_rounding_t)rule, 7, &reason),
                reason);
            for (slong j = 0; j < f->tied; j++)
              {
                assert_ok (delta1_oracle_ask (oracle, answer, j, 1, &reason), reason);
                double q = 0.5 * (double)fmpz_get_si (answer);
                assert_true (q >= low[tier] && q <= high[tier]);
              }
            delta1_oracle_free (oracle);
            delta1_source_free (source);
            delta1_tie_input_clear (&input);
            fmpz_clear (answer);
          }
      delta1_tie_family_free (f);
    }
}

static void
bad_options_are_named (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_tie_family_t *f = NULL;
  delta1_tie_options_t options;
#define REFUSE(field, value, word)                                                                 \
  options = delta1_tie_defaults;                                                                   \
  options.field = value;                                                                           \
  assert_refused (delta1_tie_family_create (&f, &options, &reason), DELTA1_INPUT, reason, word);   \
  assert_null (f)
  REFUSE (m, 0, "m = 0");
  REFUSE (m, 6, "m = 6");
  REFUSE (N, 1, "N = 1");
  REFUSE (digits, 2, "digits = 2");
  REFUSE (samples, 0, "samples = 0");
  REFUSE (points, 0, "points = 0");
  REFUSE (parameter, "0", "(0, 1]");
  REFUSE (parameter, "3/2", "(0, 1]");
  REFUSE (parameter, "-1/2", "(0, 1]");
  REFUSE (parameter, "half", "half");
#undef REFUSE
  options = delta1_tie_defaults;
  options.problem = DELTA1_BP;
  options.parameter = "1/2";
  assert_refused (delta1_tie_family_create (&f, &options, &reason), DELTA1_INPUT, reason,
                  "no parameter");
}

static void
the_class_is_what_it_is (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_tie_family_t *f = family_of (DELTA1_LASSO, 3, 6, DELTA1_MIX_NONE, 3);
  delta1_tie_input_t input;
  delta1_tie_input_init (&input);
  delta1_tie_input_set (&input, f, DELTA1_TIER_A, 3, 1);
  assert_ok (delta1_tie_input_check (f, &input, &reason), reason);
  fmpq_one (input.gap);
  assert_refused (delta1_tie_input_check (f, &input, &reason), DELTA1_INPUT, reason, "2^-k");
  fmpq_set_si (input.gap, 1, 3);
  assert_refused (delta1_tie_input_check (f, &input, &reason), DELTA1_INPUT, reason, "2^-k");
  fmpq_set_si (input.gap, 3, 4);
  assert_refused (delta1_tie_input_check (f, &input, &reason), DELTA1_INPUT, reason, "2^-k");
  input.column = 4;
  assert_refused (delta1_tie_input_check (f, &input, &reason), DELTA1_INPUT, reason, "column 4");
  input.column = -1;
  assert_refused (delta1_tie_input_check (f, &input, &reason), DELTA1_INPUT, reason, "tie");
  delta1_tie_input_set (&input, f, DELTA1_TIER_C, 2, 0);
  assert_ok (delta1_tie_input_check (f, &input, &reason), reason);
  input.tier = DELTA1_TIER_B;
  assert_refused (delta1_tie_input_check (f, &input, &reason), DELTA1_INPUT, reason, "2^-k");
  input.tier = DELTA1_TIER_C;
  fmpq_set_si (input.gap, 1, 64);
  assert_refused (delta1_tie_input_check (f, &input, &reason), DELTA1_INPUT, reason, "3B");
  delta1_tie_input_clear (&input);
  delta1_tie_family_free (f);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (solutions_are_minimisers),         cmocka_unit_test (other_points_are_worse),
    cmocka_unit_test (inputs_are_well_conditioned),      cmocka_unit_test (mixings_are_orthogonal),
    cmocka_unit_test (one_sample_tells_the_tiers_apart), cmocka_unit_test (bad_options_are_named),
    cmocka_unit_test (the_class_is_what_it_is),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
