#include "constructions/barrier_game.h"

#include <time.h>

#include "constructions/network_answer.h"
#include "oracles/adversary.h"
#include "src/number.h"

const char *
delta1_verdict_name (delta1_verdict_t verdict)
{
  switch (verdict)
    {
    case DELTA1_CORRECT:
      return "correct";
    case DELTA1_WRONG:
      return "wrong";
    case DELTA1_OVER_BUDGET:
      return "over budget";
    case DELTA1_NO_ANSWER:
      return "failed";
    }
  return "unknown";
}

delta1_status_t
delta1_outcome_init (delta1_outcome_t *outcome, const delta1_tie_family_t *family,
                     delta1_reason_t *reason)
{
  *outcome = (delta1_outcome_t){ .verdict = DELTA1_NO_ANSWER };
  delta1_tie_input_init (&outcome->input);
  fmpz_init (outcome->num);
  fmpz_init_set_ui (outcome->den, 1);
  fmpq_mat_init (outcome->X, family->shape.R, family->shape.N);
  fmpq_init (outcome->radius);
  delta1_status_t status = delta1_transcript_create (&outcome->transcript, reason);
  if (status != DELTA1_OK)
    delta1_outcome_clear (outcome);
  return status;
}

void
delta1_outcome_clear (delta1_outcome_t *outcome)
{
  delta1_tie_input_clear (&outcome->input);
  fmpz_clear (outcome->num);
  fmpz_clear (outcome->den);
  fmpq_mat_clear (outcome->X);
  fmpq_clear (outcome->radius);
  delta1_network_free (outcome->network);
  outcome->network = NULL;
  delta1_transcript_free (outcome->transcript);
  outcome->transcript = NULL;
}

/* --- one play --------------------------------------------------------------------------------- */

/* The column an adversary of tier c commits to when a question is above its horizon: the last, so
 * that a program that prefers the first column is not right by luck. */
static slong
committed_column (const delta1_tie_family_t *family)
{
  return family->tied - 1;
}

/* The reference of the adversary: the tie on tiers a and b; on tier c every tied column in the
 * middle of its two possible values, so that rounding to nearest gives the common legal answers of
 * Lemma 3.3 (and, without mixing, the answers 2 and 2 - 2^-n of the proof of (iii)). */
static void
set_reference (delta1_tie_input_t *input, const delta1_tie_family_t *family, delta1_tier_t tier)
{
  delta1_tie_input_set (input, family, tier, -1, 1);
  if (tier == DELTA1_TIER_C)
    fmpq_div_2exp (input->gap, input->gap, 1);
  else
    fmpq_zero (input->gap);
}

typedef struct
{
  delta1_source_t *reference; /* adversary; else the input itself */
  delta1_source_t *committed; /* adversary of tier c */
  delta1_oracle_t *oracle;
  delta1_meter_t *meter;
} table_t;

static void
table_clear (table_t *table)
{
  delta1_meter_free (table->meter);
  delta1_oracle_free (table->oracle);
  delta1_source_free (table->reference);
  delta1_source_free (table->committed);
}

static delta1_status_t
table_set (table_t *table, const delta1_tie_family_t *family, const delta1_play_t *play,
           const delta1_budget_t *budget, delta1_transcript_t *transcript, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_tie_input_t input;
  delta1_tie_input_init (&input);
  *table = (table_t){ 0 };
  if (!play->adversary)
    {
      delta1_tie_input_set (&input, family, play->tier, play->column, play->k);
      if (play->column < 0)
        fmpq_zero (input.gap);
      DELTA1_TRY (delta1_tie_source (&table->reference, family, &input, reason));
      DELTA1_TRY (delta1_oracle_create_honest (&table->oracle, table->reference, play->rule,
                                               play->seed, reason));
    }
  else
    {
      slong horizon = 0;
      set_reference (&input, family, play->tier);
      DELTA1_TRY (delta1_tie_source (&table->reference, family, &input, reason));
      if (play->tier == DELTA1_TIER_C)
        {
          delta1_tie_input_set (&input, family, play->tier, committed_column (family), 0);
          DELTA1_TRY (delta1_tie_source (&table->committed, family, &input, reason));
          horizon = family->starved;
        }
      if (play->tier == DELTA1_TIER_C && horizon < 1)
        DELTA1_TRY (delta1_oracle_create_honest (&table->oracle, table->committed, DELTA1_NEAREST,
                                                 0, reason));
      else
        DELTA1_TRY (delta1_oracle_create_adversary (&table->oracle, table->reference, horizon,
                                                    table->committed, reason));
    }
  status = delta1_meter_create (&table->meter, table->oracle, budget, transcript, reason);

cleanup:
  delta1_tie_input_clear (&input);
  if (status != DELTA1_OK)
    table_clear (table);
  return status;
}

/* Every answer must be legal for the input that is revealed: the proof behind the verdict. */
static delta1_status_t
check_transcript (const delta1_transcript_t *transcript, const delta1_tie_family_t *family,
                  const delta1_tie_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_source_t *source = NULL;
  DELTA1_TRY (delta1_tie_input_check (family, input, reason));
  DELTA1_TRY (delta1_transcript_audit (transcript, NULL, NULL, reason));
  DELTA1_TRY (delta1_tie_source (&source, family, input, reason));
  status = delta1_transcript_legal (transcript, source, reason);
cleanup:
  delta1_source_free (source);
  return status;
}

static bool
at_most (const delta1_outcome_t *outcome, slong k)
{
  return delta1_distance_at_most (outcome->num, outcome->den, outcome->radius, k);
}

/* The largest D with error <= 10^-D; the error is not 0. */
static slong
certified_digits (const delta1_outcome_t *outcome)
{
  double bits;
  if (fmpz_is_zero (outcome->num))
    bits = (double)fmpz_bits (fmpq_denref (outcome->radius))
           - (double)fmpz_bits (fmpq_numref (outcome->radius));
  else
    bits = 0.5 * ((double)fmpz_bits (outcome->den) - (double)fmpz_bits (outcome->num));
  slong D = (slong)(bits * 0.30102999566398120);
  while (!at_most (outcome, D))
    D--;
  while (at_most (outcome, D + 1))
    D++;
  return D;
}

/* From the error to the verdict. */
static void
judge (delta1_outcome_t *outcome)
{
  bool exact = fmpz_is_zero (outcome->num) && fmpq_is_zero (outcome->radius);
  outcome->digits = exact ? 0 : certified_digits (outcome);
  if (delta1_distance_is_above (outcome->num, outcome->den, outcome->radius, outcome->goal))
    outcome->verdict = DELTA1_WRONG;
  else if (!at_most (outcome, outcome->goal))
    {
      outcome->verdict = DELTA1_NO_ANSWER;
      (void)delta1_fail (&outcome->reason, DELTA1_UNDECIDED,
                         "the network's error is not separated from 1e-%ld", (long)outcome->goal);
    }
}

/* sign < 0: the floor, > 0: the ceiling of max(0, sqrt(num/den) + sign r), as a decimal. */
static char *
format_error (const delta1_outcome_t *outcome, slong digits, int sign)
{
  enum
  {
    PRECISION = 256
  };
  if (fmpq_is_zero (outcome->radius))
    return delta1_number_format_root (outcome->num, outcome->den, digits, sign);
  arb_t error, radius;
  arf_t end;
  fmpq_t square;
  arb_init (error);
  arb_init (radius);
  arf_init (end);
  fmpq_init (square);
  arb_set_fmpz (error, outcome->num);
  arb_div_fmpz (error, error, outcome->den, PRECISION);
  arb_sqrt (error, error, PRECISION);
  arb_set_fmpq (radius, outcome->radius, PRECISION);
  if (sign < 0)
    {
      arb_sub (error, error, radius, PRECISION);
      arb_get_lbound_arf (end, error, PRECISION);
    }
  else
    {
      arb_add (error, error, radius, PRECISION);
      arb_get_ubound_arf (end, error, PRECISION);
    }
  if (arf_sgn (end) > 0)
    arf_get_fmpq (square, end);
  fmpq_mul (square, square, square);
  char *text = delta1_number_format_root (fmpq_numref (square), fmpq_denref (square), digits, sign);
  arb_clear (error);
  arb_clear (radius);
  arf_clear (end);
  fmpq_clear (square);
  return text;
}

void
delta1_outcome_error (char **lower, char **upper, const delta1_outcome_t *outcome, slong digits)
{
  *lower = format_error (outcome, digits, -1);
  *upper = format_error (outcome, digits, 1);
}

static double
now (void)
{
  struct timespec t;
  (void)clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Runs the algorithm; its status becomes a verdict. SYSTEM and OK are returned. */
static delta1_status_t
run (delta1_outcome_t *outcome, const delta1_tie_family_t *family,
     const delta1_algorithm_t *algorithm, const delta1_budget_t *budget, delta1_meter_t *meter,
     delta1_reason_t *reason)
{
  delta1_task_t task;
  outcome->reason.text[0] = '\0';
  delta1_tie_task_init (&task, family, family->digits, budget->precision, budget->seconds);
  task.network = &outcome->network;
  double start = now ();
  delta1_status_t status
      = algorithm->table->run (algorithm, outcome->X, &task, delta1_meter_oracle (meter),
                               outcome->play.seed, &outcome->reason);
  outcome->seconds = now () - start;
  delta1_tie_task_clear (&task);
  outcome->usage = delta1_meter_usage (meter);
  outcome->exhausted = delta1_meter_exhausted (meter);
  if (status == DELTA1_SYSTEM)
    return delta1_fail (reason, status, "%.500s: %.400s", algorithm->label, outcome->reason.text);
  if (status == DELTA1_OK && outcome->network != NULL)
    {
      status = delta1_network_answer (outcome->X, outcome->radius, outcome->network, family,
                                      outcome->play.tier, family->digits + DELTA1_NETWORK_DIGITS,
                                      &outcome->reason);
      /* Twice the radius r is stated: an enclosure by a checker, of radius r' <= r/2, has a
       * midpoint within r + r' <= 2r - r' of X, and so proves it. */
      fmpq_mul_2exp (outcome->radius, outcome->radius, 1);
    }
  if (status == DELTA1_OK)
    outcome->verdict = DELTA1_CORRECT;
  else
    outcome->verdict = status == DELTA1_BUDGET ? DELTA1_OVER_BUDGET : DELTA1_NO_ANSWER;
  return DELTA1_OK;
}

delta1_status_t
delta1_game_play (delta1_outcome_t *outcome, const delta1_tie_family_t *family,
                  const delta1_algorithm_t *algorithm, const delta1_play_t *play,
                  const delta1_budget_t *budget, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  table_t table = { 0 };
  delta1_budget_t limits = *budget;
  if (play->limit > 0 && (limits.precision == 0 || play->limit < limits.precision))
    limits.precision = play->limit;
  outcome->play = *play;
  outcome->goal = delta1_tie_goal (family, play->tier);
  outcome->precision = limits.precision;
  delta1_transcript_reset (outcome->transcript);
  fmpq_mat_zero (outcome->X);
  fmpq_zero (outcome->radius);
  delta1_network_free (outcome->network);
  outcome->network = NULL;

  DELTA1_TRY (table_set (&table, family, play, &limits, outcome->transcript, reason));
  DELTA1_TRY (run (outcome, family, algorithm, &limits, table.meter, reason));
  bool answered = outcome->verdict == DELTA1_CORRECT;
  if (play->adversary)
    delta1_tie_reveal (&outcome->input, family, play->tier, outcome->usage.precision,
                       answered ? outcome->X : NULL, committed_column (family));
  else
    {
      delta1_tie_input_set (&outcome->input, family, play->tier, play->column, play->k);
      if (play->column < 0)
        fmpq_zero (outcome->input.gap);
    }
  if (!answered)
    goto cleanup;
  if (check_transcript (outcome->transcript, family, &outcome->input, reason) != DELTA1_OK)
    {
      delta1_reason_t why = *reason;
      status = delta1_fail (reason, DELTA1_FAILED, "a defect of delta1: tier %c, %.200s: %.600s",
                            delta1_tier_letter (play->tier), algorithm->label, why.text);
      goto cleanup;
    }
  delta1_tie_error (outcome->num, outcome->den, &outcome->point, outcome->X, family,
                    &outcome->input);
  judge (outcome);

cleanup:
  table_clear (&table);
  return status;
}

/* --- schedules -------------------------------------------------------------------------------- */

/* Honest inputs of tiers a and b have this gap exponent. */
#define HONEST_GAP 10

slong
delta1_game_schedule (delta1_play_t plays[DELTA1_GAME_PLAYS], const delta1_tie_family_t *family,
                      uint64_t seed)
{
  slong count = 0;
  for (int t = 0; t < DELTA1_TIER_COUNT; t++)
    {
      delta1_tier_t tier = (delta1_tier_t)t;
      for (slong column = tier == DELTA1_TIER_A ? -1 : family->tied - 1; column < family->tied;
           column += family->tied)
        for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
          plays[count++] = (delta1_play_t){ .tier = tier,
                                            .rule = (delta1_rounding_t)rule,
                                            .column = column,
                                            .k = HONEST_GAP,
                                            .seed = seed };
      plays[count++] = (delta1_play_t){ .tier = tier, .adversary = true, .seed = seed };
      if (tier == DELTA1_TIER_C && family->starved >= 1)
        plays[count++] = (delta1_play_t){
          .tier = tier, .adversary = true, .limit = family->starved, .seed = seed
        };
    }
  return count;
}

slong
delta1_game_curve (delta1_play_t plays[DELTA1_GAME_CURVE], const delta1_tie_family_t *family,
                   slong max_precision, uint64_t seed)
{
  slong count = 0;
  /* k + 3 + log2 B samples decide a gap of 2^-k (Theorem 3.2 (ii), Lemma 3.3). */
  for (slong k = 1;
       count < DELTA1_GAME_CURVE
       && (max_precision == 0 || k + 3 + family->mixing->bound_exponent <= max_precision);
       k *= 2)
    plays[count++] = (delta1_play_t){ .tier = DELTA1_TIER_B,
                                      .rule = DELTA1_NEAREST,
                                      .column = family->tied - 1,
                                      .k = k,
                                      .seed = seed };
  return count;
}
