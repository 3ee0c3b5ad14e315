/* K, K-1, K-2: one algorithm, three tiers of inputs, and an adversary. */
#include <delta1/delta1.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const what[DELTA1_TIER_COUNT]
    = { "K     digits", "K - 1 digits", "K - 2 digits" };

int
main (void)
{
  delta1_tie_options_t options = delta1_tie_defaults;
  delta1_budget_t budget = delta1_budget_unlimited;
  delta1_tie_family_t *family = NULL;
  delta1_algorithm_t *program = NULL;
  delta1_outcome_t outcome;
  delta1_reason_t reason;

  budget.precision = 1000;
  if (delta1_tie_family_create (&family, &options, &reason) != DELTA1_OK
      || delta1_trainer_parse (&program, "theorem-k1", &reason) != DELTA1_OK
      || delta1_outcome_init (&outcome, family, &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    for (int adversary = 0; adversary <= 1; adversary++)
      {
        delta1_play_t play = { .tier = (delta1_tier_t)tier,
                               .adversary = adversary != 0,
                               .rule = DELTA1_NEAREST,
                               .column = 1, /* honest: the second column is the largest, */
                               .k = 30 };   /* by 2^-30 */
        if (delta1_game_play (&outcome, family, program, &play, &budget, &reason) != DELTA1_OK)
          {
            fprintf (stderr, "%s\n", reason.text);
            return 1;
          }
        char *low = NULL, *high = NULL;
        if (outcome.verdict <= DELTA1_WRONG)
          delta1_outcome_error (&low, &high, &outcome, 3);
        printf ("%s, %-9s: %-11s samples %4ld   error at most %s\n", what[tier],
                adversary ? "adversary" : "honest", delta1_verdict_name (outcome.verdict),
                (long)outcome.usage.precision, high == NULL ? "-" : high);
        free (low);
        free (high);
      }
  delta1_outcome_clear (&outcome);
  delta1_algorithm_free (program);
  delta1_tie_family_free (family);
  return 0;
}
