/* player: an algorithm for tests of the barrier, which behaves as it is told. */
#ifndef DELTA1_TESTS_PLAYER_H
#define DELTA1_TESTS_PLAYER_H

#include "constructions/tie_family.h"
#include "oracles/algorithm.h"

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

/* Borrows the player. */
delta1_algorithm_t algorithm_of (player_t *player);

/* Two data points, seed 5. The caller frees. */
delta1_tie_family_t *family_of (delta1_problem_t problem, slong m, slong N, slong samples,
                                delta1_mix_t mix);

#endif
