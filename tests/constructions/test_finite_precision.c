#include "tests/testing.h"

#include <math.h>

#include "constructions/finite_precision.h"
#include "src/network_evaluate.h"
#include "src/network_gradient.h"
#include "src/piece_count.h"

/* x <- g_L(x) for b_j 2^-bits: the recursion of Section 8. */
static void
fold (fmpq_t x, const fmpz *b, slong depth, slong bits)
{
  fmpq_t t;
  fmpq_init (t);
  for (slong j = 0; j < depth; j++)
    {
      fmpq_set_fmpz (t, b + j);
      fmpq_div_2exp (t, t, (flint_bitcnt_t)bits);
      if (fmpq_cmp (x, t) > 0)
        {
          fmpq_mul_2exp (t, t, 1);
          fmpq_sub (x, t, x);
        }
    }
  fmpq_clear (t);
}

static void
exact_biases (fmpz *b, slong depth)
{
  for (slong j = 0; j < depth; j++)
    {
      fmpz_one (b + j);
      fmpz_mul_2exp (b + j, b + j, (flint_bitcnt_t)(depth - (j + 1)));
    }
}

static void
the_network (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_network_t *network;
  fmpq_t x, y;
  fmpq_init (x);
  fmpq_init (y);
  for (slong L = 1; L <= 14; L++)
    {
      slong count;
      fmpz *b = _fmpz_vec_init (L), *counts = _fmpz_vec_init (L);
      exact_biases (b, L);
      assert_ok (delta1_fold_network (&network, L, &reason), reason);
      assert_int_equal (delta1_parameters_count (network), 6 * L + 1);
      for (int i = 0; i < 20; i++)
        {
          fmpq_set_si (x, delta1_test_random_below (10001), 10000);
          assert_ok (delta1_network_evaluate (y, network, x, &reason), reason);
          fold (x, b, L, L);
          assert_true (fmpq_equal (x, y));
        }
      assert_ok (delta1_fold_count (&count, network, 1 << 20, &reason), reason);
      assert_int_equal (count, 1 << L);
      assert_ok (delta1_fold_count (&count, network, 100, &reason), reason);
      assert_int_equal (count, L < 7 ? 1 << L : 100);
      delta1_fold_pieces (counts, b, L, L);
      for (slong j = 0; j < L; j++)
        assert_true (fmpz_equal_ui (counts + j, (ulong)2 << j));
      delta1_network_free (network);
      _fmpz_vec_clear (b, L);
      _fmpz_vec_clear (counts, L);
    }
  assert_refused (delta1_fold_network (&network, 0, &reason), DELTA1_INPUT, reason, "1 to 500");
  assert_refused (delta1_fold_network (&network, 501, &reason), DELTA1_INPUT, reason, "501");
  fmpq_clear (x);
  fmpq_clear (y);
}

/* The recursion with any biases as a network whose first units are the identity. */
static delta1_network_t *
network_of (const fmpz *b, slong depth, slong bits)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  assert_ok (delta1_fold_network (&network, depth, &reason), reason);
  for (slong j = 0; j < depth; j++)
    {
      fmpq *c = fmpq_mat_entry (delta1_network_edit_bias (network, j), 1, 0);
      fmpq_set_fmpz (c, b + j);
      fmpq_div_2exp (c, c, (flint_bitcnt_t)bits);
      fmpq_neg (c, c);
      assert_ok (delta1_network_set_units (network, j, 0, 1, DELTA1_IDENTITY, &reason), reason);
    }
  return network;
}

static void
pieces_by_images (void **state)
{
  (void)state;
  slong rounds = delta1_test_rounds (150);
  for (slong round = 0; round < rounds; round++)
    {
      delta1_reason_t reason;
      slong L = 1 + delta1_test_random_below (9), p = 1 + delta1_test_random_below (9), count;
      slong bits = delta1_fold_bits (L, p);
      fmpz *b = _fmpz_vec_init (L), *counts = _fmpz_vec_init (L);
      if (round % 3 == 0)
        {
          bits = 6; /* coarse: biases meet extreme values */
          for (slong j = 0; j < L; j++)
            fmpz_set_si (b + j, delta1_test_random_below (81) - 16);
        }
      else
        delta1_fold_perturb (b, L, p, delta1_test_random ());
      delta1_fold_pieces (counts, b, L, bits);
      for (slong j = 0; j < L; j++)
        {
          delta1_network_t *network = network_of (b, j + 1, bits);
          assert_ok (delta1_fold_count (&count, network, 1 << 20, &reason), reason);
          assert_true (fmpz_equal_si (counts + j, count));
          delta1_network_free (network);
        }
      _fmpz_vec_clear (b, L);
      _fmpz_vec_clear (counts, L);
    }
}

static void
the_noise (void **state)
{
  (void)state;
  enum
  {
    DEPTH = 10
  };
  fmpz *b = _fmpz_vec_init (DEPTH), *other = _fmpz_vec_init (DEPTH);
  double below[DEPTH] = { 0 }, side[DEPTH] = { 0 };
  slong rounds = 2000;
  for (slong p = 1; p <= 40; p += 13)
    {
      slong bits = delta1_fold_bits (DEPTH, p);
      for (slong round = 0; round < rounds; round++)
        {
          delta1_fold_perturb (b, DEPTH, p, (uint64_t)round);
          for (slong j = 0; j < DEPTH; j++)
            {
              fmpz_t error, cell;
              fmpz_init_set (error, b + j);
              fmpz_init (cell);
              /* b_j - 2^-(j+1), in [-2^-p, 2^-p], an odd multiple of half a cell */
              fmpz_one (cell);
              fmpz_mul_2exp (cell, cell, (flint_bitcnt_t)(bits - (j + 1)));
              fmpz_sub (error, error, cell);
              below[j] += fmpz_sgn (error) < 0;
              side[j] += fabs (ldexp (fmpz_get_d (error), (int)(p - bits)));
              assert_true (fmpz_bits (error) <= (flint_bitcnt_t)(bits - p));
              assert_int_equal (fmpz_val2 (error), bits - (p + 8 + j) - 1);
              fmpz_clear (error);
              fmpz_clear (cell);
            }
        }
      for (slong j = 0; j < DEPTH; j++)
        {
          /* 5 standard deviations of the mean of a sign, and of a uniform modulus */
          assert_true (fabs (below[j] / (double)rounds - 0.5) < 2.5 / sqrt ((double)rounds));
          assert_true (fabs (side[j] / (double)rounds - 0.5) < 1.5 / sqrt ((double)rounds));
          below[j] = side[j] = 0;
        }
    }
  delta1_fold_perturb (b, DEPTH, 5, 7);
  delta1_fold_perturb (other, DEPTH, 5, 7);
  assert_true (_fmpz_vec_equal (b, other, DEPTH));
  delta1_fold_perturb (other, DEPTH, 5, 8);
  assert_false (_fmpz_vec_equal (b, other, DEPTH));
  _fmpz_vec_clear (b, DEPTH);
  _fmpz_vec_clear (other, DEPTH);
}

/* Lemma 8.1 with equality where it can be had: the mean over all cells of the number of new breaks
 * of the first layer, Var/l with Var = 1 when the interval of b_0 lies in [0, 1]. */
static void
the_lemma (void **state)
{
  (void)state;
  double mean[30], error[30];
  fmpz_t bound;
  fmpz_init (bound);
  for (slong p = 1; p <= 20; p++)
    {
      double c = ldexp (1, (int)(p - 1));
      delta1_fold_noise (mean, error, 30, p, 400, 1);
      for (slong L = 1; L <= 30; L++)
        {
          delta1_fold_bound (bound, L, p);
          double proved = fmpz_get_d (bound);
          assert_true (proved <= 1 + (double)L * c);
          assert_true (proved <= ldexp (1, (int)L));
          /* the mean, with five standard errors of what 400 seeds can say */
          assert_true (mean[L - 1] <= proved + 5 * error[L - 1]);
          assert_true (mean[L - 1] + 2.6 * error[L - 1] <= 1 + (double)L * c || L < 3);
          if (L <= p - 2)
            assert_true (mean[L - 1] == ldexp (1, (int)L));
        }
      /* Far beyond p there are fewer pieces than 2^L. */
      if (p <= 15)
        assert_true (mean[29] < ldexp (1, 24));
    }
  fmpz_clear (bound);
}

/* sum of the residuals times a derivative that is easy: by the last bias 1, by the last weights the
 * units of the last layer. */
static void
the_lesson (void **state)
{
  (void)state;
  for (slong L = 1; L <= 20; L += L < 4 ? 1 : 5)
    {
      delta1_reason_t reason;
      delta1_fold_lesson_t lesson;
      fmpz *b = _fmpz_vec_init (L);
      fmpq_t x, y, r, t, sum[3];
      fmpq_init (x);
      fmpq_init (y);
      fmpq_init (r);
      fmpq_init (t);
      for (int i = 0; i < 3; i++)
        fmpq_init (sum[i]);
      exact_biases (b, L);
      assert_ok (delta1_fold_lesson_init (&lesson, L, delta1_test_random (), &reason), reason);
      assert_true (lesson.size >= 2 && lesson.size <= 6 * L + 2);
      double largest = 0;
      arf_t number;
      arf_init (number);
      for (slong i = 0; i < lesson.size; i++)
        {
          arf_set_mpfr (number, lesson.x + i);
          arf_get_fmpq (x, number);
          arf_set_mpfr (number, lesson.y + i);
          arf_get_fmpq (y, number);
          assert_true (fmpq_sgn (x) > 0 && fmpq_cmp_si (x, 1) < 0);
          fold (x, b, L - 1, L); /* the last u */
          fmpq_set (t, x);
          fold (x, b + L - 1, 1, L);
          fmpq_sub (r, x, y);
          largest = fmax (largest, fabs (fmpq_get_d (r)));
          fmpq_add (sum[0], sum[0], r);
          fmpq_addmul (sum[1], r, t);
          fmpq_sub (x, t, x); /* 2 v */
          fmpq_addmul (sum[2], r, x);
        }
      for (int i = 0; i < 3; i++)
        {
          assert_true (fmpq_is_zero (sum[i]));
          fmpq_clear (sum[i]);
        }
      assert_true (largest >= 0.5 && largest <= 1);
      arf_clear (number);
      delta1_fold_lesson_clear (&lesson);
      _fmpz_vec_clear (b, L);
      fmpq_clear (x);
      fmpq_clear (y);
      fmpq_clear (r);
      fmpq_clear (t);
    }
}

static void
exact_training (void **state)
{
  (void)state;
  for (slong L = 1; L <= 16; L++)
    {
      delta1_reason_t reason;
      delta1_fold_lesson_t lesson;
      delta1_network_t *network, *before;
      bool exact = false;
      slong count;
      assert_ok (delta1_fold_network (&network, L, &reason), reason);
      assert_ok (delta1_network_copy (&before, network, &reason), reason);
      assert_ok (delta1_fold_lesson_init (&lesson, L, delta1_test_random (), &reason), reason);
      delta1_float_format_t format = delta1_fold_exact_format (&lesson);
      assert_ok (delta1_fold_train (network, &exact, &lesson, &format, 4, 50, &reason), reason);
      assert_true (exact);
      assert_true (delta1_network_equal (network, before));
      assert_ok (delta1_fold_count (&count, network, 1 << 20, &reason), reason);
      assert_int_equal (count, 1 << L);
      /* It is the data that hold it still: another target moves it. */
      mpfr_add_d (lesson.y, lesson.y, 0.25, MPFR_RNDN);
      assert_ok (delta1_fold_train (network, &exact, &lesson, &format, 4, 1, &reason), reason);
      assert_false (delta1_network_equal (network, before));
      /* At few bits operations round. */
      assert_ok (delta1_float_format_parse (&format, "9", &reason), reason);
      delta1_status_t status = delta1_fold_train (network, &exact, &lesson, &format, 4, 1, &reason);
      assert_true (status == DELTA1_OK || status == DELTA1_DOMAIN);
      assert_false (exact);
      delta1_fold_lesson_clear (&lesson);
      delta1_network_free (network);
      delta1_network_free (before);
    }
}

/* What one step at p bits leaves of depth L. */
static slong
left_over (const char *bits, slong L, uint64_t seed)
{
  delta1_reason_t reason;
  delta1_fold_lesson_t lesson;
  delta1_float_format_t format;
  delta1_fold_training_t training = { .rate = 4, .steps = 1, .limit = 4096 };
  slong pieces;
  assert_ok (delta1_float_format_parse (&format, bits, &reason), reason);
  assert_ok (delta1_fold_lesson_init (&lesson, L, seed, &reason), reason);
  assert_ok (delta1_fold_shake (&pieces, L, &lesson, &format, &training, &reason), reason);
  delta1_fold_lesson_clear (&lesson);
  return pieces;
}

static void
rounded_training (void **state)
{
  (void)state;
  slong destroyed = 0;
  for (uint64_t seed = 1; seed <= 5; seed++)
    {
      assert_true (delta1_fold_survived (left_over ("12", 4, seed), 4, 4096));
      assert_true (delta1_fold_survived (left_over ("24", 14, seed), 14, 4096));
      assert_true (delta1_fold_survived (left_over ("53", 30, seed), 30, 4096));
      assert_true (delta1_fold_survived (left_over ("double", 30, seed), 30, 4096));
      destroyed += left_over ("12", 12, seed) == 1;
      destroyed += left_over ("24", 22, seed) == 1;
      destroyed += left_over ("single", 22, seed) == 1;
      destroyed += left_over ("53", 55, seed) == 1;
      /* A format's name is its bits where exponents do not matter. */
      assert_int_equal (left_over ("half", 5, seed), left_over ("11", 5, seed));
    }
  assert_true (destroyed >= 16);
  assert_true (delta1_fold_survived (8, 3, 4096) && !delta1_fold_survived (7, 3, 4096));
  assert_true (delta1_fold_survived (4096, 100, 4096) && !delta1_fold_survived (4095, 100, 4096));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_network),      cmocka_unit_test (pieces_by_images),
    cmocka_unit_test (the_noise),        cmocka_unit_test (the_lemma),
    cmocka_unit_test (the_lesson),       cmocka_unit_test (exact_training),
    cmocka_unit_test (rounded_training),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
