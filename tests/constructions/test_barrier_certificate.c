/* Certificates of the barrier game: accepted as they are written, refused when they are changed;
 * seeds. */
#include "tests/testing.h"

#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_certificate.h"
#include "constructions/barrier_game.h"
#include "constructions/certificate_verify.h"
#include "tests/constructions/player.h"

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

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (networks_are_judged_on_the_exact_data),
    cmocka_unit_test (certificates_are_accepted_and_mutations_refused),
    cmocka_unit_test (sealed_lies_are_refused),
    cmocka_unit_test (seeds_are_counted_exactly),
  };
  return cmocka_run_group_tests_name ("barrier_certificate", tests, NULL, NULL);
}
