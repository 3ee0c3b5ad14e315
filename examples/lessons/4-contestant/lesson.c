/* A contestant of your own, in C: it reads A and y to 100 bits and puts everything on the largest
 * entry of the first row. The adversary answers it, and wins. */
#include <delta1/delta1.h>
#include <stdio.h>
#include <stdlib.h>

/* --- The contestant ---
 * X: one row for every datum y, one entry for every column of A. The minimiser is t/a_j at the
 * largest a_j of the first row, t the first entry of y. A and y are known only through the oracle.
 */
static delta1_status_t
run (const delta1_algorithm_t *self, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  const slong n = 100;
  delta1_status_t status = DELTA1_OK;
  fmpq_mat_t A, Y;
  (void)self;
  (void)seed;
  fmpq_mat_init (A, task->shape.m, task->shape.N);
  fmpq_mat_init (Y, task->shape.R, task->shape.m);
  DELTA1_TRY (delta1_training_sample (A, Y, oracle, &task->shape, n, reason));

  slong best = 0; /* of equal entries the first */
  for (slong j = 1; j < task->shape.N; j++)
    if (fmpq_cmp (fmpq_mat_entry (A, 0, j), fmpq_mat_entry (A, 0, best)) > 0)
      best = j;
  fmpq_mat_zero (X);
  for (slong k = 0; k < task->shape.R; k++)
    fmpq_div (fmpq_mat_entry (X, k, best), fmpq_mat_entry (Y, k, 0), fmpq_mat_entry (A, 0, best));

cleanup:
  fmpq_mat_clear (A);
  fmpq_mat_clear (Y);
  return status;
}

/* Which problems it plays. */
static bool
attempts (const delta1_algorithm_t *self, const delta1_task_t *task)
{
  (void)self;
  return task->problem == DELTA1_SRLASSO;
}

/* --- The ring --- */
int
main (void)
{
  static const delta1_algorithm_table_t table = { .name = "largest",
                                                  .summary = "everything on the largest entry",
                                                  .options = "",
                                                  .run = run,
                                                  .attempts = attempts };
  char label[] = "largest";
  const delta1_algorithm_t mine = { .table = &table, .label = label };
  delta1_tie_options_t options = delta1_tie_defaults;
  delta1_budget_t budget = delta1_budget_unlimited;
  delta1_tie_family_t *family = NULL;
  delta1_outcome_t outcome;
  delta1_reason_t reason;
  json_t *certificate = NULL;
  const delta1_play_t plays[] = {
    { .tier = DELTA1_TIER_A, .column = 2, .k = 50 },  /* honest: a_3 is larger by 2^-50 */
    { .tier = DELTA1_TIER_A, .column = 2, .k = 101 }, /* honest: by 2^-101 */
    { .tier = DELTA1_TIER_A, .adversary = true },
  };

  if (delta1_tie_family_create (&family, &options, &reason) != DELTA1_OK
      || delta1_outcome_init (&outcome, family, &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  for (int i = 0; i < 3; i++)
    {
      char *low, *high;
      if (delta1_game_play (&outcome, family, &mine, &plays[i], &budget, &reason) != DELTA1_OK)
        {
          fprintf (stderr, "%s\n", reason.text);
          return 1;
        }
      delta1_outcome_error (&low, &high, &outcome, 3);
      printf ("%-9s: %s, error between %s and %s\n", plays[i].adversary ? "adversary" : "honest",
              delta1_verdict_name (outcome.verdict), low, high);
      free (low);
      free (high);
    }
  if (delta1_certificate_of_outcome (&certificate, family, &outcome, label, &reason) != DELTA1_OK
      || delta1_document_write (certificate, "largest.json", &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  json_decref (certificate);
  delta1_outcome_clear (&outcome);
  delta1_tie_family_free (family);
  return 0;
}
