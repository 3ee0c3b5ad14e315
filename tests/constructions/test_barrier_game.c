/* The barrier game: what the adversary does, and what a verdict is. */
#include "tests/testing.h"

#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_certificate.h"
#include "constructions/barrier_game.h"
#include "constructions/binomial.h"
#include "constructions/network_answer.h"
#include "src/number.h"
#include "tests/constructions/player.h"

/* --- tests ------------------------------------------------------------------------------------ */

/* Lemma 1.1: the answers of one run are legal for every candidate the adversary may reveal, on
 * every tier, under every mixing; and the output, right on one of them, is wrong on the revealed
 * one. */
static void
the_adversary_hides_every_candidate (void **state)
{
  (void)state;
  static const slong depths[] = { 0, 1, 2, 7, 40 };
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    for (int mix = 0; mix < DELTA1_MIX_COUNT; mix++)
      for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
        for (size_t d = 0; d < sizeof depths / sizeof depths[0]; d++)
          {
            delta1_reason_t reason;
            delta1_tie_family_t *f
                = family_of ((delta1_problem_t)problem, 3, 5, 12, (delta1_mix_t)mix);
            player_t player = { .depth = depths[d], .column = 1, .tier = (delta1_tier_t)tier };
            delta1_algorithm_t algorithm = algorithm_of (&player);
            delta1_play_t play = { .tier = (delta1_tier_t)tier, .adversary = true };
            delta1_outcome_t outcome;
            if (tier == DELTA1_TIER_C)
              play.limit = f->starved;
            assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);
            assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited,
                                         &reason),
                       reason);
            assert_int_equal (outcome.verdict, DELTA1_WRONG);
            assert_int_not_equal (outcome.input.column, 1);
            for (slong j = 0; j < f->tied; j++)
              {
                delta1_source_t *source;
                outcome.input.column = j;
                assert_ok (delta1_tie_input_check (f, &outcome.input, &reason), reason);
                assert_ok (delta1_tie_source (&source, f, &outcome.input, &reason), reason);
                assert_ok (delta1_transcript_legal (outcome.transcript, source, &reason), reason);
                delta1_source_free (source);
              }
            /* sqrt(2) s = 2.83 10^-goal: on tier a that is K-1 digits, and so on. */
            assert_int_equal (outcome.digits, outcome.goal - 1);
            delta1_outcome_clear (&outcome);
            delta1_tie_family_free (f);
          }
}

/* "Exactly L": without mixing L - 1 samples leave every candidate possible (above), and L do not:
 * an algorithm that reads L samples can tell (theorem-k2). With mixing the proved bound is L_min <
 * L. */
static void
starved_is_what_the_theorem_says (void **state)
{
  (void)state;
  for (slong samples = 1; samples <= 12; samples++)
    {
      delta1_tie_family_t *f = family_of (DELTA1_LASSO, 3, 5, samples, DELTA1_MIX_NONE);
      assert_int_equal (f->starved, samples - 1);
      delta1_tie_family_free (f);
      for (int mix = DELTA1_MIX_RATIONAL; mix <= DELTA1_MIX_DCT; mix++)
        {
          f = family_of (DELTA1_LASSO, 3, 5, samples, (delta1_mix_t)mix);
          assert_true (f->starved < samples && f->starved >= samples - 5);
          delta1_tie_family_free (f);
        }
    }
}

/* Above the horizon of tier c the adversary is an honest oracle of the input it reveals. */
static void
the_adversary_commits (void **state)
{
  (void)state;
  for (int mix = 0; mix < DELTA1_MIX_COUNT; mix++)
    for (slong samples = 1; samples < 8; samples++)
      {
        delta1_reason_t reason;
        delta1_tie_family_t *f = family_of (DELTA1_BP, 3, 5, samples, (delta1_mix_t)mix);
        player_t player = { .depth = 20, .column = 0, .tier = DELTA1_TIER_C };
        delta1_algorithm_t algorithm = algorithm_of (&player);
        delta1_play_t play = { .tier = DELTA1_TIER_C, .adversary = true };
        delta1_outcome_t outcome;
        assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);
        assert_ok (
            delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited, &reason),
            reason);
        assert_int_equal (outcome.verdict, DELTA1_WRONG);
        assert_int_equal (outcome.input.column, f->tied - 1);
        player.column = f->tied - 1;
        assert_ok (
            delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited, &reason),
            reason);
        assert_int_equal (outcome.verdict, DELTA1_CORRECT);
        assert_true (fmpz_is_zero (outcome.num));
        delta1_outcome_clear (&outcome);
        delta1_tie_family_free (f);
      }
}

/* The revealed column maximises the error of any output. */
static void
the_worst_column_is_revealed (void **state)
{
  (void)state;
  delta1_tie_family_t *f = family_of (DELTA1_LASSO, 2, 6, 4, DELTA1_MIX_NONE);
  fmpq_mat_t X;
  fmpz_t num, den, worst_num, worst_den, left, right;
  slong point;
  delta1_tie_input_t input;
  delta1_tie_input_init (&input);
  fmpz_init (num);
  fmpz_init (den);
  fmpz_init (worst_num);
  fmpz_init (worst_den);
  fmpz_init (left);
  fmpz_init (right);
  fmpq_mat_init (X, f->points, f->shape.N);
  for (int round = 0; round < delta1_test_rounds (100); round++)
    {
      for (slong k = 0; k < f->points; k++)
        for (slong j = 0; j < f->shape.N; j++)
          {
            delta1_test_random_rational (fmpq_mat_entry (X, k, j), 4);
            fmpq_mul (fmpq_mat_entry (X, k, j), fmpq_mat_entry (X, k, j), f->scale[0]);
          }
      delta1_tie_reveal (&input, f, DELTA1_TIER_A, 9, X, 0);
      assert_true (input.column >= 0 && input.column < f->tied);
      delta1_tie_error (worst_num, worst_den, &point, X, f, &input);
      for (slong j = 0; j < f->tied; j++)
        {
          input.column = j;
          delta1_tie_error (num, den, &point, X, f, &input);
          fmpz_mul (left, num, worst_den);
          fmpz_mul (right, worst_num, den);
          assert_true (fmpz_cmp (left, right) <= 0);
        }
    }
  fmpq_mat_clear (X);
  fmpz_clear (num);
  fmpz_clear (den);
  fmpz_clear (worst_num);
  fmpz_clear (worst_den);
  fmpz_clear (left);
  fmpz_clear (right);
  delta1_tie_input_clear (&input);
  delta1_tie_family_free (f);
}

static void
verdicts_are_kept_apart (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_tie_family_t *f = family_of (DELTA1_SRLASSO, 3, 6, 4, DELTA1_MIX_NONE);
  delta1_outcome_t outcome;
  player_t player = { .depth = 3, .column = f->tied - 1, .tier = DELTA1_TIER_A };
  delta1_algorithm_t algorithm = algorithm_of (&player);
  delta1_play_t play = { .tier = DELTA1_TIER_A, .rule = DELTA1_UP, .column = f->tied - 1, .k = 4 };
  delta1_budget_t budget = delta1_budget_unlimited;
  budget.precision = 6;
  assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);

  assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &budget, &reason), reason);
  assert_int_equal (outcome.verdict, DELTA1_CORRECT);
  assert_int_equal (outcome.usage.precision, 3);
  player.column = 0;
  assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &budget, &reason), reason);
  assert_int_equal (outcome.verdict, DELTA1_WRONG);
  /* any column is a minimiser of the tie */
  play.column = -1;
  assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &budget, &reason), reason);
  assert_int_equal (outcome.verdict, DELTA1_CORRECT);

  player.behaviour = READ_FOR_EVER;
  play.adversary = true;
  assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &budget, &reason), reason);
  assert_int_equal (outcome.verdict, DELTA1_OVER_BUDGET);
  assert_string_equal (outcome.exhausted, "precision");
  assert_int_equal (outcome.usage.precision, 6);
  play.limit = 2;
  assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &budget, &reason), reason);
  assert_int_equal (outcome.usage.precision, 2);

  player.behaviour = FAIL_WITH_A_WORD;
  player.depth = 1;
  assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &budget, &reason), reason);
  assert_int_equal (outcome.verdict, DELTA1_NO_ANSWER);
  assert_string_equal (outcome.reason.text, "no idea");
  json_t *document;
  assert_refused (delta1_certificate_of_outcome (&document, f, &outcome, "x", &reason),
                  DELTA1_INPUT, reason, "failed");
  delta1_outcome_clear (&outcome);
  delta1_tie_family_free (f);
}

/* The border of a verdict is exact, the digits are the largest that are certain, and the largest
 * error over the data is found where it is. */
static void
the_border_of_a_verdict_is_exact (void **state)
{
  static const struct
  {
    slong extra, extra_digits, digits;
    delta1_verdict_t verdict;
  } cases[] = { { 1, 6, 6, DELTA1_CORRECT },       { 1000001, 12, 5, DELTA1_WRONG },
                { 999999, 12, 6, DELTA1_CORRECT }, { 1, 7, 7, DELTA1_CORRECT },
                { 1, 5, 5, DELTA1_WRONG },         { 2, 5, 4, DELTA1_WRONG },
                { 3, 40, 39, DELTA1_CORRECT },     { 1, -2, -2, DELTA1_WRONG } };
  (void)state;
  delta1_reason_t reason;
  delta1_tie_family_t *f = family_of (DELTA1_SRLASSO, 3, 6, 4, DELTA1_MIX_NONE);
  delta1_outcome_t outcome;
  assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    {
      player_t player = { .depth = 1,
                          .column = 2,
                          .tier = DELTA1_TIER_A,
                          .extra = cases[i].extra,
                          .extra_digits = cases[i].extra_digits };
      delta1_algorithm_t algorithm = algorithm_of (&player);
      delta1_play_t play = { .tier = DELTA1_TIER_A, .column = 2, .k = 4 };
      assert_ok (
          delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited, &reason),
          reason);
      assert_int_equal (outcome.verdict, cases[i].verdict);
      assert_int_equal (outcome.digits, cases[i].digits);
      assert_int_equal (outcome.point, f->points - 1);
    }
  delta1_outcome_clear (&outcome);
  delta1_tie_family_free (f);
}

/* Existence is never the obstacle: for every input there is a network, exact on the data and
 * locally constant. */
static void
a_stable_network_exists (void **state)
{
  (void)state;
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    for (int mix = 0; mix < DELTA1_MIX_COUNT; mix++)
      {
        delta1_reason_t reason;
        delta1_tie_family_t *f = family_of ((delta1_problem_t)problem, 3, 5, 4, (delta1_mix_t)mix);
        delta1_network_t *network;
        fmpq_t radius, zero;
        fmpq_mat_t X;
        delta1_tie_input_t input;
        fmpz_t num, den;
        slong point;
        fmpq_init (radius);
        fmpq_init (zero);
        fmpz_init (num);
        fmpz_init (den);
        fmpq_mat_init (X, f->points, f->shape.N);
        delta1_tie_input_init (&input);
        for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
          for (slong column = 0; column < f->tied; column++)
            {
              delta1_status_t status = delta1_tie_existence (&network, radius, f,
                                                             (delta1_tier_t)tier, column, &reason);
              if (mix == DELTA1_MIX_DCT)
                {
                  assert_refused (status, DELTA1_DOMAIN, reason, "rational");
                  continue;
                }
              assert_ok (status, reason);
              assert_true (fmpq_sgn (radius) > 0);
              delta1_tie_input_set (&input, f, (delta1_tier_t)tier, column, 2);
              assert_ok (
                  delta1_network_answer (X, zero, network, f, (delta1_tier_t)tier, 10, &reason),
                  reason);
              delta1_tie_error (num, den, &point, X, f, &input);
              assert_true (fmpz_is_zero (num));
              delta1_network_free (network);
            }
        fmpq_clear (radius);
        fmpq_clear (zero);
        fmpz_clear (num);
        fmpz_clear (den);
        fmpq_mat_clear (X);
        delta1_tie_input_clear (&input);
        delta1_tie_family_free (f);
      }
}

/* Reference values of the Clopper-Pearson interval (beta quantiles). */
static void
intervals_are_right (void **state)
{
  static const struct
  {
    slong k, n, alpha_percent;
    double low, high;
  } known[] = { { 0, 10, 5, 0, 0.30849710781876083 },
                { 5, 10, 5, 0.18708602844739855, 0.81291397155260145 },
                { 10, 10, 5, 0.69150289218123917, 1 },
                { 1, 100, 1, 5.0124161977656416e-05, 0.0719576824016363 },
                { 250, 1000, 1, 0.21549682324153835, 0.28692213444023573 } };
  (void)state;
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    {
      fmpq_t low, high, alpha;
      fmpq_init (low);
      fmpq_init (high);
      fmpq_init (alpha);
      fmpq_set_si (alpha, known[i].alpha_percent, 100);
      delta1_binomial_interval (low, high, known[i].k, known[i].n, alpha);
      /* outwards, by at most two points of the grid 2^-30 */
      assert_true (fmpq_get_d (low) <= known[i].low + 1e-15);
      assert_true (fmpq_get_d (high) >= known[i].high - 1e-15);
      assert_true (fmpq_get_d (low) > known[i].low - 2e-9);
      assert_true (fmpq_get_d (high) < known[i].high + 2e-9);
      fmpq_clear (low);
      fmpq_clear (high);
      fmpq_clear (alpha);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_adversary_hides_every_candidate),
    cmocka_unit_test (starved_is_what_the_theorem_says),
    cmocka_unit_test (the_adversary_commits),
    cmocka_unit_test (the_worst_column_is_revealed),
    cmocka_unit_test (verdicts_are_kept_apart),
    cmocka_unit_test (the_border_of_a_verdict_is_exact),
    cmocka_unit_test (a_stable_network_exists),
    cmocka_unit_test (intervals_are_right),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
