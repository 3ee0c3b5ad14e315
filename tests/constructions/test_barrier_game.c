#include "tests/testing.h"

#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_certificate.h"
#include "constructions/certificate_verify.h"
#include "constructions/barrier_game.h"
#include "constructions/binomial.h"
#include "constructions/network_answer.h"
#include "src/number.h"

/* --- an algorithm for tests ------------------------------------------------------------------- */

typedef enum
{
  READ_AND_ANSWER, /* ask everything at precision 1 .. depth, answer s_k e_column of the tier */
  READ_FOR_EVER,   /* ask everything at precision 1, 2, 3, ... */
  FAIL_WITH_A_WORD,
  RETURN_A_NETWORK, /* the stable network of 5.1 for the exact data of the tier, answering e_column
                     */
  RETURN_GATES,     /* the same, its value passed through a projection on the unit ball */
  RETURN_ANOTHER_SHAPE
} behaviour_t;

typedef struct
{
  behaviour_t behaviour;
  slong depth;
  slong column; /* canonical; -1: from the seed */
  delta1_tier_t tier;
  const fmpq *weight;        /* of a network: the factor from the first coordinate to the column */
  slong extra, extra_digits; /* the answer for the last datum is off by extra 10^-extra_digits in
                                one entry */
} player_t;

/* A network that answers s_k e_column for every datum. The data of a tier are collinear: phi (y) =
 * <w, y> s/t for the one datum, w = u when rational; for dct the first coordinate alone. Gates:
 * then squares, then the ball. */
static delta1_network_t *
network_of (const player_t *p, const delta1_task_t *task)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  slong N = task->shape.N + (p->behaviour == RETURN_ANOTHER_SHAPE);
  slong place = task->known->column[p->column];
  slong widths[] = { N, N + 1, N };
  bool gates = p->behaviour == RETURN_GATES;
  assert_ok (delta1_network_create (&network, task->shape.m, gates ? 3 : 1, widths, &reason),
             reason);
  /* W = (s/t) e_place e_0^T / u_0 is exact for unmixed data; with mixing any number will do for the
   * tests. */
  fmpq_set (fmpq_mat_entry (delta1_network_edit_weights (network, 0), place, 0), p->weight);
  if (gates)
    {
      fmpq_mat_struct *squares = delta1_network_edit_weights (network, 1);
      fmpq_mat_struct *last = delta1_network_edit_weights (network, 2);
      for (slong j = 0; j < N; j++)
        fmpq_one (fmpq_mat_entry (squares, j + 1, j));
      /* one gate whose argument is the sum of the entries: far below 1, so that it passes
       * everything */
      for (slong j = 0; j < N; j++)
        fmpq_one (fmpq_mat_entry (squares, 0, j));
      assert_ok (delta1_network_set_gate (network, 1, 0, DELTA1_BALL_GATE, NULL, &reason), reason);
      for (slong j = 0; j < N; j++)
        {
          assert_ok (delta1_network_set_gated (network, 1, j + 1, 0, &reason), reason);
          fmpq_one (fmpq_mat_entry (last, j, j + 1));
        }
    }
  return network;
}

static delta1_status_t
player_run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
            delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  const player_t *p = algorithm->context;
  delta1_status_t status = DELTA1_OK;
  fmpq_mat_t A, Y;
  fmpq_mat_init (A, task->shape.m, task->shape.N);
  fmpq_mat_init (Y, task->shape.R, task->shape.m);
  slong depth = p->behaviour == READ_FOR_EVER ? WORD_MAX : p->depth;
  if (task->max_precision > 0 && p->behaviour == READ_AND_ANSWER && depth > task->max_precision)
    depth = task->max_precision;
  for (slong n = 1; n <= depth; n++)
    DELTA1_TRY (delta1_training_sample (A, Y, oracle, &task->shape, n, reason));
  if (p->behaviour == FAIL_WITH_A_WORD)
    {
      status = delta1_fail (reason, DELTA1_FAILED, "no idea");
      goto cleanup;
    }
  if (p->behaviour >= RETURN_A_NETWORK)
    {
      *task->network = network_of (p, task);
      goto cleanup;
    }
  slong column = p->column >= 0 ? p->column : (slong)(seed % (uint64_t)task->known->tied);
  for (slong k = 0; k < task->shape.R; k++)
    fmpq_set (fmpq_mat_entry (X, k, task->known->column[column]), task->known->scale[p->tier] + k);
  if (p->extra != 0)
    {
      fmpq_t extra;
      fmpq_init (extra);
      delta1_number_set_digits (extra, p->extra_digits);
      fmpq_mul_si (extra, extra, p->extra);
      fmpq_set (fmpq_mat_entry (X, task->shape.R - 1, task->known->column[column == 0]), extra);
      fmpq_clear (extra);
    }
cleanup:
  fmpq_mat_clear (A);
  fmpq_mat_clear (Y);
  return status;
}

static const delta1_algorithm_table_t player_table
    = { .name = "player", .summary = "", .options = "", .run = player_run };

static delta1_algorithm_t
algorithm_of (player_t *player)
{
  return (delta1_algorithm_t){ .table = &player_table,
                               .label = (char[]){ "player" },
                               .context = player };
}

static delta1_tie_family_t *
family_of (delta1_problem_t problem, slong m, slong N, slong samples, delta1_mix_t mix)
{
  delta1_reason_t reason;
  delta1_tie_family_t *family = NULL;
  delta1_tie_options_t options = delta1_tie_defaults;
  options.problem = problem;
  options.m = m;
  options.N = N;
  options.samples = samples;
  options.points = 2;
  options.mix = mix;
  options.seed = 5;
  assert_ok (delta1_tie_family_create (&family, &options, &reason), reason);
  return family;
}

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

/* A network is judged on the exact data. Right (s/t, unmixed, one datum): correct, exactly; wrong
 * by one part in a million; under every mixing its certificate is accepted, and refused when
 * network, output or radius is changed. */
static void
networks_are_judged_on_the_exact_data (void **state)
{
  (void)state;
  for (int mix = 0; mix < DELTA1_MIX_COUNT; mix++)
    for (int behaviour = RETURN_A_NETWORK; behaviour <= RETURN_GATES; behaviour++)
      for (int wrong = 0; wrong < 2; wrong++)
        {
          delta1_reason_t reason;
          delta1_tie_options_t options = delta1_tie_defaults;
          delta1_tie_family_t *f;
          delta1_outcome_t outcome;
          fmpq_t weight, off;
          options.mix = (delta1_mix_t)mix;
          options.seed = 5;
          assert_ok (delta1_tie_family_create (&f, &options, &reason), reason);
          fmpq_init (weight);
          fmpq_init (off);
          /* s/t, up to the first entry of u under mixing */
          fmpq_div (weight, f->scale[0], f->datum[0]);
          fmpq_set_si (off, 1 + wrong, 1);
          fmpq_mul (weight, weight, off);
          player_t player
              = { .behaviour = (behaviour_t)behaviour, .depth = 3, .column = 1, .weight = weight };
          delta1_algorithm_t algorithm = algorithm_of (&player);
          delta1_play_t play = { .tier = DELTA1_TIER_A, .column = 1, .k = 4 };
          json_t *document, *run;
          assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);
          assert_ok (
              delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited, &reason),
              reason);
          assert_non_null (outcome.network);
          bool exact = mix != DELTA1_MIX_DCT && behaviour == RETURN_A_NETWORK;
          assert_int_equal (fmpq_is_zero (outcome.radius), exact);
          if (mix == DELTA1_MIX_NONE)
            assert_int_equal (outcome.verdict, wrong ? DELTA1_WRONG : DELTA1_CORRECT);
          assert_true (outcome.verdict == DELTA1_WRONG || outcome.verdict == DELTA1_CORRECT);
          if (exact && !wrong && mix == DELTA1_MIX_NONE)
            assert_true (fmpz_is_zero (outcome.num));

          assert_ok (delta1_certificate_of_outcome (&document, f, &outcome, "player", &reason),
                     reason);
          assert_ok (delta1_certificate_verify (document, &reason), reason);
          run = json_object_get (document, "run");
          json_t *output = json_array_get (json_object_get (document, "output"), 0);
          char *kept = strdup (json_string_value (json_array_get (output, 0)));
          assert_int_equal (json_array_set_new (output, 0, json_string ("1/1000000000")), 0);
          assert_ok (delta1_document_seal (document, &reason), reason);
          assert_int_equal (delta1_certificate_verify (document, &reason), DELTA1_FAILED);
          assert_int_equal (json_array_set_new (output, 0, json_string (kept)), 0);
          free (kept);
          if (!exact)
            {
              assert_int_equal (json_object_set_new (run, "radius", json_string ("0")), 0);
              assert_ok (delta1_document_seal (document, &reason), reason);
              assert_int_equal (delta1_certificate_verify (document, &reason), DELTA1_FAILED);
            }
          json_decref (document);

          player.behaviour = RETURN_ANOTHER_SHAPE;
          assert_ok (
              delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited, &reason),
              reason);
          assert_int_equal (outcome.verdict, DELTA1_NO_ANSWER);
          assert_non_null (strstr (outcome.reason.text, "R^3"));
          delta1_outcome_clear (&outcome);
          delta1_tie_family_free (f);
          fmpq_clear (weight);
          fmpq_clear (off);
        }
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

/* Every leaf of the document, changed a little: refused or unreadable. */
static void
assert_mutations_refused (json_t *root, json_t *node)
{
  delta1_reason_t reason;
  const char *key;
  size_t index;
  json_t *value;
  void *next;
  (void)next;
  if (json_is_object (node))
    {
      json_object_foreach (node, key, value)
      {
        assert_mutations_refused (root, value);
        if (json_is_null (value))
          continue;
        json_t *kept = json_incref (value);
        char *name = strdup (key);
        assert_int_equal (json_object_del (node, name), 0);
        assert_int_not_equal (delta1_certificate_verify (root, &reason), DELTA1_OK);
        assert_int_equal (json_object_set_new (node, name, kept), 0);
        free (name);
        break; /* the order of members has changed: one deletion an object */
      }
      assert_int_equal (json_object_set_new (node, "extra", json_true ()), 0);
      assert_int_not_equal (delta1_certificate_verify (root, &reason), DELTA1_OK);
      assert_int_equal (json_object_del (node, "extra"), 0);
      json_object_foreach (node, key, value)
      {
        if (!json_is_object (value) && !json_is_array (value))
          assert_mutations_refused (root, value);
      }
    }
  else if (json_is_array (node))
    {
      json_array_foreach (node, index, value) { assert_mutations_refused (root, value); }
    }
  else if (json_is_integer (node))
    {
      json_int_t kept = json_integer_value (node);
      assert_int_equal (json_integer_set (node, kept + 1), 0);
      assert_int_not_equal (delta1_certificate_verify (root, &reason), DELTA1_OK);
      assert_int_equal (json_integer_set (node, kept), 0);
    }
  else if (json_is_string (node))
    {
      char *kept = strdup (json_string_value (node));
      assert_int_equal (json_string_set (node, "3"), 0);
      assert_int_not_equal (delta1_certificate_verify (root, &reason), DELTA1_OK);
      assert_int_equal (json_string_set (node, kept), 0);
      free (kept);
    }
}

static void
certificates_are_accepted_and_mutations_refused (void **state)
{
  (void)state;
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    for (int mix = 0; mix < DELTA1_MIX_COUNT; mix++)
      for (int adversary = 0; adversary < 2; adversary++)
        {
          delta1_reason_t reason;
          delta1_tie_family_t *f
              = family_of ((delta1_problem_t)problem, 2, 4, 8, (delta1_mix_t)mix);
          player_t player = { .depth = 5, .column = 2, .tier = DELTA1_TIER_A };
          delta1_algorithm_t algorithm = algorithm_of (&player);
          delta1_play_t play = { .tier = DELTA1_TIER_A,
                                 .adversary = adversary == 1,
                                 .rule = DELTA1_RANDOM,
                                 .column = 2,
                                 .k = 3 };
          delta1_outcome_t outcome;
          json_t *document;
          assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);
          assert_ok (
              delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited, &reason),
              reason);
          assert_int_equal (outcome.verdict, adversary ? DELTA1_WRONG : DELTA1_CORRECT);
          assert_ok (delta1_certificate_of_outcome (&document, f, &outcome, "player", &reason),
                     reason);
          assert_ok (delta1_certificate_verify (document, &reason), reason);
          if (mix != DELTA1_MIX_DCT || problem == 0)
            assert_mutations_refused (document, document);
          assert_ok (delta1_certificate_verify (document, &reason), reason);
          json_decref (document);
          delta1_outcome_clear (&outcome);
          delta1_tie_family_free (f);
        }
}

/* A lie that is sealed is refused for what it says. */
static void
sealed_lies_are_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_tie_family_t *f = family_of (DELTA1_LASSO, 2, 4, 8, DELTA1_MIX_RATIONAL);
  player_t player = { .depth = 12, .column = 2, .tier = DELTA1_TIER_A };
  delta1_algorithm_t algorithm = algorithm_of (&player);
  delta1_play_t play = { .tier = DELTA1_TIER_A, .adversary = true };
  delta1_outcome_t outcome;
  json_t *document, *claim;
  assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);
  assert_ok (delta1_game_play (&outcome, f, &algorithm, &play, &delta1_budget_unlimited, &reason),
             reason);
#define LIE(path, value, word)                                                                     \
  assert_ok (delta1_certificate_of_outcome (&document, f, &outcome, "player", &reason), reason);   \
  claim = json_object_get (document, path);                                                        \
  assert_int_equal (value, 0);                                                                     \
  assert_ok (delta1_document_seal (document, &reason), reason);                                    \
  assert_refused (delta1_certificate_verify (document, &reason), DELTA1_FAILED, reason, word);     \
  json_decref (document)
  LIE ("claim", json_object_set_new (claim, "verdict", json_string ("correct")), "not correct");
  LIE ("claim", json_object_set_new (claim, "digits", json_integer (5)), "not wrong");
  LIE ("claim", json_object_set_new (claim, "point", json_integer (1)), "point");
  LIE ("claim", json_array_set_new (json_object_get (claim, "error"), 0, json_string ("3e-6")),
       "3e-6");
  LIE ("claim", json_array_set_new (json_object_get (claim, "error"), 1, json_string ("2e-6")),
       "2e-6");
  LIE ("input", json_object_set_new (claim, "column", json_integer (2)), "Lemma 3.1");
  LIE ("input", json_object_set_new (claim, "gap", json_string ("1/2")), "legal");
  LIE ("input", json_object_set_new (claim, "gap", json_string ("1/3")), "2^-k");
  LIE ("input", json_object_set_new (claim, "tier", json_string ("b")), "Lemma 3.1");
  LIE ("solution", json_array_set_new (json_object_get (claim, "face"), 0, json_integer (0)), "");
  LIE ("family", json_object_set_new (claim, "parameter", json_string ("1/4")), "legal");
  LIE ("transcript",
       json_array_set_new (json_array_get (json_object_get (claim, "answers"), 0), 4,
                           json_string ("9")),
       "sha256");
#undef LIE
  delta1_outcome_clear (&outcome);
  delta1_tie_family_free (f);
}

static void
seeds_are_counted_exactly (void **state)
{
  (void)state;
  for (int mix = 0; mix < DELTA1_MIX_COUNT; mix++)
    {
      delta1_reason_t reason;
      delta1_tie_family_t *f = family_of (DELTA1_QCBP, 2, 4, 4, (delta1_mix_t)mix);
      player_t player = { .depth = 2, .column = -1, .tier = DELTA1_TIER_A };
      delta1_algorithm_t algorithm = algorithm_of (&player);
      delta1_seeds_t seeds;
      json_t *document;
      assert_ok (delta1_game_seeds (&seeds, f, &algorithm, DELTA1_TIER_A, 100,
                                    &delta1_budget_unlimited, NULL, NULL, &reason),
                 reason);
      /* seeds 1 .. 100 modulo 3 columns: 33, 34, 33 */
      assert_int_equal (seeds.transcripts, 1);
      assert_int_equal (seeds.groups, 3);
      assert_int_equal (seeds.successes[0], 33);
      assert_int_equal (seeds.successes[1], 34);
      assert_int_equal (seeds.successes[2], 33);
      assert_int_equal (seeds.halted, 100);
      assert_int_not_equal (seeds.worst, 1);
      fmpq_t third;
      fmpq_init (third);
      fmpq_set_si (third, 1, 3);
      assert_true (fmpq_cmp (seeds.low, third) < 0 && fmpq_cmp (third, seeds.high) < 0);
      fmpq_clear (third);
      assert_ok (delta1_certificate_of_seeds (&document, f, &seeds, "player", &reason), reason);
      assert_ok (delta1_certificate_verify (document, &reason), reason);
      assert_mutations_refused (document, document);
      json_t *successes = json_object_get (json_object_get (document, "claim"), "successes");
      assert_int_equal (json_array_set_new (successes, 0, json_integer (40)), 0);
      assert_ok (delta1_document_seal (document, &reason), reason);
      assert_refused (delta1_certificate_verify (document, &reason), DELTA1_FAILED, reason,
                      "successes");
      json_decref (document);
      delta1_seeds_clear (&seeds);
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
    cmocka_unit_test (networks_are_judged_on_the_exact_data),
    cmocka_unit_test (certificates_are_accepted_and_mutations_refused),
    cmocka_unit_test (sealed_lies_are_refused),
    cmocka_unit_test (seeds_are_counted_exactly),
    cmocka_unit_test (intervals_are_right),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
