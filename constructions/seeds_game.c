#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_game.h"
#include "constructions/binomial.h"
#include "oracles/training_transcript.h"
#include "src/number.h"

void
delta1_seeds_clear (delta1_seeds_t *seeds)
{
  for (slong g = 0; g < seeds->groups; g++)
    fmpq_mat_clear (seeds->group[g].X);
  for (slong t = 0; t < seeds->transcripts; t++)
    delta1_transcript_free (seeds->transcript[t]);
  free (seeds->group);
  free (seeds->transcript);
  free (seeds->successes);
  delta1_tie_input_clear (&seeds->input);
  fmpq_clear (seeds->low);
  fmpq_clear (seeds->high);
}

/* What a run is recognised by: its transcript and its output. The transcripts' own digests are kept
 * apart, so that one transcript seen with many outputs is stored once. */
typedef struct
{
  char (*transcript_digest)[DELTA1_SHA256_TEXT];
  slong transcript_room, group_room;
} book_t;

static delta1_status_t
no_memory (delta1_reason_t *reason)
{
  return delta1_fail (reason, DELTA1_SYSTEM, "no memory for the runs of the seeds");
}

static bool
grow (void **array, slong *room, slong used, size_t size)
{
  if (used < *room)
    return true;
  slong larger = *room == 0 ? 16 : 2 * *room;
  void *moved = realloc (*array, (size_t)larger * size);
  if (moved == NULL)
    return false;
  *array = moved;
  *room = larger;
  return true;
}

/* The index of the outcome's transcript; the transcript is taken over when it is new. */
static delta1_status_t
book_transcript (slong *index, delta1_seeds_t *seeds, book_t *book, delta1_outcome_t *outcome,
                 const delta1_tie_family_t *family, delta1_reason_t *reason)
{
  char digest[DELTA1_SHA256_TEXT];
  delta1_status_t status
      = delta1_training_transcript_sha256 (digest, outcome->transcript, &family->shape, reason);
  if (status != DELTA1_OK)
    return status;
  for (slong t = 0; t < seeds->transcripts; t++)
    if (strcmp (book->transcript_digest[t], digest) == 0)
      {
        *index = t;
        return DELTA1_OK;
      }
  slong room = book->transcript_room;
  if (!grow ((void **)&book->transcript_digest, &room, seeds->transcripts,
             sizeof *book->transcript_digest)
      || !grow ((void **)&seeds->transcript, &book->transcript_room, seeds->transcripts,
                sizeof *seeds->transcript))
    return no_memory (reason);
  delta1_transcript_t *fresh = NULL;
  status = delta1_transcript_create (&fresh, reason);
  if (status != DELTA1_OK)
    return status;
  *index = seeds->transcripts++;
  memcpy (book->transcript_digest[*index], digest, sizeof digest);
  seeds->transcript[*index] = outcome->transcript;
  outcome->transcript = fresh;
  return DELTA1_OK;
}

static delta1_status_t
book_run (delta1_seeds_t *seeds, book_t *book, delta1_outcome_t *outcome,
          const delta1_tie_family_t *family, delta1_reason_t *reason)
{
  slong transcript = 0;
  delta1_status_t status = book_transcript (&transcript, seeds, book, outcome, family, reason);
  if (status != DELTA1_OK)
    return status;
  for (slong g = 0; g < seeds->groups; g++)
    if (seeds->group[g].transcript == transcript && fmpq_mat_equal (seeds->group[g].X, outcome->X))
      {
        seeds->group[g].count++;
        return DELTA1_OK;
      }
  if (!grow ((void **)&seeds->group, &book->group_room, seeds->groups, sizeof *seeds->group))
    return no_memory (reason);
  delta1_seed_group_t *group = seeds->group + seeds->groups++;
  *group = (delta1_seed_group_t){ .transcript = transcript, .count = 1, .correct = -1 };
  fmpq_mat_init (group->X, family->shape.R, family->shape.N);
  fmpq_mat_set (group->X, outcome->X);
  return DELTA1_OK;
}

/* Every transcript must be legal for every candidate. */
static delta1_status_t
check_legal (delta1_seeds_t *seeds, const delta1_tie_family_t *family, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_source_t *source = NULL;
  for (slong j = 0; j < family->tied; j++)
    {
      seeds->input.column = j;
      DELTA1_TRY (delta1_tie_source (&source, family, &seeds->input, reason));
      for (slong t = 0; t < seeds->transcripts; t++)
        DELTA1_TRY (delta1_transcript_legal (seeds->transcript[t], source, reason));
      delta1_source_free (source);
      source = NULL;
    }
cleanup:
  delta1_source_free (source);
  return status;
}

/* An output is correct on at most one candidate (Theorem 3.2: the minimisers are more than 2
 * 10^-goal apart); a second one would be a defect. */
static delta1_status_t
count_successes (delta1_seeds_t *seeds, const delta1_tie_family_t *family, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpz_t num, den;
  slong point;
  fmpz_init (num);
  fmpz_init (den);
  for (slong g = 0; g < seeds->groups && status == DELTA1_OK; g++)
    for (slong j = 0; j < family->tied; j++)
      {
        seeds->input.column = j;
        delta1_tie_error (num, den, &point, seeds->group[g].X, family, &seeds->input);
        if (delta1_distance_cmp_digits (num, den, seeds->goal) > 0)
          continue;
        if (seeds->group[g].correct >= 0)
          status = delta1_fail (reason, DELTA1_FAILED,
                                "a defect of delta1: an output is correct on two candidates");
        seeds->group[g].correct = j;
        seeds->successes[j] += seeds->group[g].count;
      }
  seeds->worst = 0;
  for (slong j = 1; j < family->tied; j++)
    if (seeds->successes[j] < seeds->successes[seeds->worst])
      seeds->worst = j;
  fmpz_clear (num);
  fmpz_clear (den);
  return status;
}

delta1_status_t
delta1_game_seeds (delta1_seeds_t *seeds, const delta1_tie_family_t *family,
                   const delta1_algorithm_t *algorithm, delta1_tier_t tier, slong T,
                   const delta1_budget_t *budget, void (*progress) (void *context, slong done),
                   void *context, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_outcome_t outcome;
  bool have_outcome = false;
  book_t book = { 0 };
  slong precision = 0;
  fmpq_t alpha;
  fmpq_init (alpha);
  *seeds = (delta1_seeds_t){ .tier = tier, .goal = delta1_tie_goal (family, tier), .seeds = T };
  delta1_tie_input_init (&seeds->input);
  fmpq_init (seeds->low);
  fmpq_init (seeds->high);

  if (T < 1 || T > DELTA1_BINOMIAL_MAX_TRIALS || tier == DELTA1_TIER_C)
    {
      status = delta1_fail (reason, DELTA1_INPUT, "seeds = %ld; allowed: 1 to %d, on tiers a and b",
                            (long)T, DELTA1_BINOMIAL_MAX_TRIALS);
      goto cleanup;
    }
  seeds->successes = calloc ((size_t)family->tied, sizeof *seeds->successes);
  if (seeds->successes == NULL)
    {
      status = no_memory (reason);
      goto cleanup;
    }
  DELTA1_TRY (delta1_outcome_init (&outcome, family, reason));
  have_outcome = true;
  for (slong t = 1; t <= T; t++)
    {
      delta1_play_t play = { .tier = tier, .adversary = true, .seed = (uint64_t)t };
      DELTA1_TRY (delta1_game_play (&outcome, family, algorithm, &play, budget, reason));
      if (outcome.usage.precision > precision)
        precision = outcome.usage.precision;
      if (outcome.verdict == DELTA1_CORRECT || outcome.verdict == DELTA1_WRONG)
        {
          seeds->halted++;
          DELTA1_TRY (book_run (seeds, &book, &outcome, family, reason));
        }
      if (progress != NULL)
        progress (context, t);
    }
  delta1_tie_reveal (&seeds->input, family, tier, precision, NULL, 0);
  DELTA1_TRY (check_legal (seeds, family, reason));
  DELTA1_TRY (count_successes (seeds, family, reason));
  delta1_number_set_digits (alpha, 2);
  delta1_binomial_interval (seeds->low, seeds->high, seeds->successes[seeds->worst], T, alpha);

cleanup:
  if (have_outcome)
    delta1_outcome_clear (&outcome);
  free (book.transcript_digest);
  fmpq_clear (alpha);
  if (status != DELTA1_OK)
    delta1_seeds_clear (seeds);
  return status;
}
