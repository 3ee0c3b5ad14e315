/* The coin: a randomised algorithm at the tie. Each of 200 seeds is right on at most one of the inputs that
 * nothing it read can tell apart. */
#include <delta1/delta1.h>
#include <stdio.h>

int
main (void)
{
  delta1_tie_options_t options = delta1_tie_defaults; /* srlasso, 3 x 6, K = 6, L = 4 */
  delta1_budget_t budget = delta1_budget_unlimited;
  delta1_tie_family_t *family = NULL;
  delta1_algorithm_t *coin = NULL;
  delta1_seeds_t seeds;
  delta1_reason_t reason;
  const slong T = 200;

  budget.precision = 500; /* no question above n = 500 */
  if (delta1_tie_family_create (&family, &options, &reason) != DELTA1_OK
      || delta1_trainer_parse (&coin, "coin", &reason) != DELTA1_OK
      || delta1_game_seeds (&seeds, family, coin, DELTA1_TIER_A, T, &budget, NULL, NULL, &reason)
             != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  printf ("%ld seeds, %ld inputs that agree with every answer given:\n", (long)seeds.seeds,
          (long)family->tied);
  slong sum = 0;
  for (slong j = 0; j < family->tied; j++)
    {
      printf ("  the largest column is number %ld: right on %ld seeds\n", (long)j + 1,
              (long)seeds.successes[j]);
      sum += seeds.successes[j];
    }
  printf ("together %ld <= %ld, so on the worst at most %ld of %ld\n", (long)sum, (long)seeds.halted,
          (long)(T / family->tied), (long)T);

  delta1_seeds_clear (&seeds);
  delta1_algorithm_free (coin);
  delta1_tie_family_free (family);
  return 0;
}
