/* solver_families: two near ties on which solvers are watched (mathematics.md, Section 3, end).
 *
 * alpha = c, beta = c + 2^-k in one row, datum y = 1:
 *   lp     min x_1 + x_2 + x_3, alpha x_1 + beta x_2 - x_3 = 1, x >= 0    (c = 1/2)
 *          the only minimiser is the vertex (1/beta) e_2, by Lemma 4.5
 *   lasso  min lambda ||x||_1 + (alpha x_1 + beta x_2 - 1)^2              (c = 1, lambda = 1/2)
 *          the only minimiser is ((1 - lambda/(2 beta))/beta) e_2, by Lemma 4.1. With m = 1 this is
 *          scikit-learn's (1/(2m)) ||y - Xw||^2 + a ||w||_1 times 2m at a = lambda/(2m) = 1/4.
 * The other column order exchanges the two columns and the two coordinates.
 *
 * A run is honest: the input is rational, the oracle rounds to nearest, and every number above is
 * answered exactly at n >= k. */
#ifndef DELTA1_SOLVER_FAMILIES_H
#define DELTA1_SOLVER_FAMILIES_H

#include "constructions/barrier_game.h"
#include "oracles/algorithm.h"

#define DELTA1_SOLVER_MAX_K 100000
/* A run is right when its error is at most 10^-DELTA1_SOLVER_DIGITS. */
#define DELTA1_SOLVER_DIGITS 6

typedef enum
{
  DELTA1_SOLVER_LP = 0,
  DELTA1_SOLVER_LASSO
} delta1_solver_family_t;

#define DELTA1_SOLVER_FAMILY_COUNT 2

typedef struct
{
  delta1_solver_family_t family;
  slong k;       /* 1 to DELTA1_SOLVER_MAX_K */
  bool reversed; /* the larger column first */
} delta1_solver_instance_t;

/* "lp", "lasso"; static storage. */
const char *delta1_solver_family_name (delta1_solver_family_t family);

/* The input and its minimiser, exactly. */
typedef struct
{
  delta1_problem_t problem;
  slong N;          /* 3 (lp) or 2 */
  fmpq *row;        /* N: the one row of A */
  fmpq_t y;         /* 1 */
  fmpq_t parameter; /* lambda, or 0 */
  slong column;     /* the support of the minimiser is {column} */
  fmpq_t scale;     /* the minimiser is scale e_column */
} delta1_solver_input_t;

void delta1_solver_input_init (delta1_solver_input_t *input,
                               const delta1_solver_instance_t *instance);
void delta1_solver_input_clear (delta1_solver_input_t *input);

/* OK when the conditions of Lemma 4.5 (lp) or 4.1 (lasso) hold over Q for scale e_column; FAILED
 * names the one that does not. */
DELTA1_MUST_USE delta1_status_t delta1_solver_input_check (const delta1_solver_input_t *input,
                                                           delta1_reason_t *reason);

typedef struct
{
  delta1_solver_instance_t instance;
  delta1_verdict_t verdict; /* correct: error <= 10^-DELTA1_SOLVER_DIGITS, exactly decided */
  fmpz_t num, den;          /* answered: the squared error is num/den */
  slong digits;             /* answered: the largest D with error <= 10^-D; 0 when the error is 0 */
  bool support;             /* answered: { i : |x_i| > 10^-DELTA1_SOLVER_DIGITS } = { column } */
  fmpq_mat_t X;             /* answered: 1 x N */
  delta1_said_t said;       /* answered: its own status word */
  delta1_transcript_t *transcript; /* what it was told; NULL before the first run */
  delta1_usage_t usage;
  double seconds;
  delta1_reason_t reason; /* not answered: why */
} delta1_solver_run_t;

void delta1_solver_run_init (delta1_solver_run_t *run);
void delta1_solver_run_clear (delta1_solver_run_t *run);

/* The digits an algorithm is asked for: at least DELTA1_SOLVER_DIGITS, and 2^-k >= 10^-digits, so
 * that one that reads what digits and doubles need reads 2^-k. */
slong delta1_solver_digits (slong k);

/* Plays once with `seconds` of wall time. Not OK only when delta1 itself could not play (SYSTEM) or
 * found a defect in itself (FAILED): an answer of the oracle that is not legal, a solution that
 * does not pass delta1_solver_input_check. *run is overwritten. */
DELTA1_MUST_USE delta1_status_t delta1_solver_play (delta1_solver_run_t *run,
                                                    const delta1_solver_instance_t *instance,
                                                    const delta1_algorithm_t *algorithm,
                                                    double seconds, delta1_reason_t *reason);

/* Whether the algorithm attempts the family at all (a program of its own may still refuse). */
bool delta1_solver_attempts (const delta1_algorithm_t *algorithm, delta1_solver_family_t family);

/* The theorem's algorithm for these families, which knows them (Theorem 3.2 (ii)): reads at n = 1,
 * 2, 4, ... until one of the two columns is proved larger, then the larger one until its digits are
 * proved. It is never wrong; it would read for ever on a tie. SYSTEM: no memory. */
DELTA1_MUST_USE delta1_status_t delta1_solver_create_separate (delta1_algorithm_t **algorithm,
                                                               delta1_reason_t *reason);

#endif
