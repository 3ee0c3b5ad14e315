/* barrier_game: the K / K-1 / K-2 barrier played against a training algorithm
 * (mathematics.md, Theorem 3.2, and "Adversary" there).
 *
 * One play: an input and an oracle, honest or adversary, a budget, one algorithm, one seed; and a
 * verdict that is certified: the transcript is checked to be legal for the revealed input, the
 * error is exact. */
#ifndef DELTA1_BARRIER_GAME_H
#define DELTA1_BARRIER_GAME_H

#include "constructions/tie_family.h"
#include "oracles/meter.h"

typedef enum
{
  DELTA1_CORRECT = 0, /* error <= 10^-goal, exactly decided */
  DELTA1_WRONG,       /* error > 10^-goal, exactly decided */
  DELTA1_OVER_BUDGET, /* it asked for more than the budget allows; no output */
  DELTA1_NO_ANSWER    /* it crashed, hung, or did not answer as it must; the reason says how */
} delta1_verdict_t;

const char *delta1_verdict_name (delta1_verdict_t verdict);

typedef struct
{
  delta1_tier_t tier;
  bool adversary;
  delta1_rounding_t rule; /* honest: how answers are rounded */
  slong column;           /* honest: the input's column, -1 for the tie (tier a) */
  slong k;                /* honest, tiers a and b: the gap is 2^-k */
  slong limit;            /* largest n the algorithm may ask; 0: the budget's */
  uint64_t seed;          /* of the algorithm, and of the random rounding */
} delta1_play_t;

typedef struct
{
  delta1_play_t play;
  delta1_verdict_t verdict;
  slong goal;               /* K, K-1, K-2 by tier */
  delta1_tie_input_t input; /* the one played (honest) or revealed (adversary) */
  delta1_usage_t usage;
  const char *exhausted; /* over budget: which one */
  slong precision;       /* the largest n the budget allowed; 0: any */
  fmpz_t num, den;       /* correct, wrong: the largest squared distance over the data is num/den */
  slong point;           /* ... and the least k that attains it */
  slong digits; /* correct, wrong: the largest D with error <= 10^-D; 0 when the error is 0 */
  fmpq_mat_t X; /* correct, wrong: the output, R x shape.N */
  delta1_network_t *network; /* NULL, or the network that was returned; then row k of X is within */
  fmpq_t radius;             /* ... `radius` of its value at y_k; 0 otherwise */
  delta1_transcript_t *transcript;
  double seconds;
  delta1_reason_t reason; /* no answer: why */
} delta1_outcome_t;

DELTA1_MUST_USE delta1_status_t delta1_outcome_init (delta1_outcome_t *outcome,
                                                     const delta1_tie_family_t *family,
                                                     delta1_reason_t *reason);
void delta1_outcome_clear (delta1_outcome_t *outcome);

/* Plays once. Not OK only when delta1 itself could not play (SYSTEM), or when an answer given was
 * not legal for the revealed input, which would be a defect here (FAILED). The outcome is
 * overwritten. */
DELTA1_MUST_USE delta1_status_t delta1_game_play (delta1_outcome_t *outcome,
                                                  const delta1_tie_family_t *family,
                                                  const delta1_algorithm_t *algorithm,
                                                  const delta1_play_t *play,
                                                  const delta1_budget_t *budget,
                                                  delta1_reason_t *reason);

/* Correct, wrong: decimals of the given number of significant digits that enclose the largest
 * error: of X, and with a network of its values. The caller frees both; NULL when memory is out. */
void delta1_outcome_error (char **lower, char **upper, const delta1_outcome_t *outcome,
                           slong digits);

/* The plays of one algorithm: on every tier every honest rule (tier a: on the tie and on an input
 * near it), the adversary, and on tier c the adversary with at most family->starved samples. At
 * most DELTA1_GAME_PLAYS. */
#define DELTA1_GAME_PLAYS 20
slong delta1_game_schedule (delta1_play_t plays[DELTA1_GAME_PLAYS],
                            const delta1_tie_family_t *family, uint64_t seed);

/* Tier b, honest, nearest, gap 2^-k: the plays of the curve "samples used against log2(1/gap)". */
#define DELTA1_GAME_CURVE 8
slong delta1_game_curve (delta1_play_t plays[DELTA1_GAME_CURVE], const delta1_tie_family_t *family,
                         slong max_precision, uint64_t seed);

/* --- many seeds of a randomised algorithm -------------------------------------------------------
 */

/* Seeds that saw the same transcript and gave the same output. */
typedef struct
{
  slong transcript; /* index into the transcripts */
  slong count;
  slong correct; /* the candidate it is correct on, or -1 */
  fmpq_mat_t X;
} delta1_seed_group_t;

typedef struct
{
  delta1_tier_t tier;
  slong goal;
  slong seeds;              /* T */
  slong halted;             /* runs that gave an output of the right form */
  delta1_tie_input_t input; /* the gap shared by the candidates j = 0 .. c-1 */
  slong groups;
  delta1_seed_group_t *group;
  slong transcripts;
  delta1_transcript_t **transcript;
  slong *successes; /* c: seeds correct on candidate j; their sum is at most T (exact) */
  slong worst;      /* the candidate with the fewest */
  fmpq_t low, high; /* encloses the 99 % Clopper-Pearson interval of the rate on the worst */
} delta1_seeds_t;

void delta1_seeds_clear (delta1_seeds_t *seeds);

/* Runs seeds 1 .. T against the adversary of tier a or b. progress may be NULL. *seeds is
 * initialised here and to be cleared when OK. */
DELTA1_MUST_USE delta1_status_t delta1_game_seeds (
    delta1_seeds_t *seeds, const delta1_tie_family_t *family, const delta1_algorithm_t *algorithm,
    delta1_tier_t tier, slong T, const delta1_budget_t *budget,
    void (*progress) (void *context, slong done), void *context, delta1_reason_t *reason);

#endif
