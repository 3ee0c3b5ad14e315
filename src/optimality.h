/* optimality: certified digits of a minimiser from inexact data, or an honest "no" (mathematics.md,
 * Section 4).
 *
 * The loop: read the data to precision n, find a candidate in doubles, prove it in balls; when that
 * fails, exchange columns and try again, then read more precisely. Three outcomes:
 *   determined      the minimiser of every input the data allow is unique and enclosed, and the
 *                   enclosure has radius <= 10^-K: certified.
 *   undecided       not proved at the largest n allowed: the quantity that could not be separated
 *                   from zero is named, with its enclosure and the limit to raise.
 *   not determined  (data of fixed accuracy only) two inputs that the data allow have certified
 *                   minimisers more than 2 10^-K apart, so by Lemma 1.1 no algorithm gives K digits
 *                   from these data: certified. */
#ifndef DELTA1_OPTIMALITY_H
#define DELTA1_OPTIMALITY_H

#include "src/enclosure.h"

typedef enum
{
  DELTA1_SOLVE_DETERMINED = 0,
  DELTA1_SOLVE_UNDECIDED,
  DELTA1_SOLVE_NOT_DETERMINED
} delta1_solve_verdict_t;

const char *delta1_solve_verdict_name (delta1_solve_verdict_t verdict);

typedef struct
{
  slong digits;        /* K >= 0: the Euclidean error asked for is 10^-K; at most 10^6 */
  slong max_precision; /* the largest n; >= 1. Exact data: rationals are rounded at n bits, data
                          from an oracle are read to 2^-n. */
  slong first;         /* the first n; 0: chosen from K */
  slong step;          /* 0: n doubles; else n grows by this much */
  double seconds;      /* wall time; 0: not limited. Looked at between attempts. */
  bool witnesses;      /* data of fixed accuracy: look for two witnesses when undecided */
} delta1_solve_options_t;

extern const delta1_solve_options_t delta1_solve_defaults; /* 6 digits, n <= 65536, witnesses */

/* An input that the data allow, exact, and its certified minimiser. */
typedef struct
{
  delta1_data_t data;
  delta1_minimiser_t minimiser;
} delta1_witness_t;

typedef struct
{
  delta1_solve_verdict_t verdict;
  slong digits;                 /* K as asked */
  slong precision;              /* the n of the last attempt */
  slong attempts;               /* candidates that were tried */
  delta1_minimiser_t minimiser; /* determined; and undecided with open.kind = RADIUS: proved, to
                                   fewer than K digits */
  bool enclosed;                /* whether the minimiser is there */
  delta1_quantity_t open;       /* undecided, not determined: what was not separated */
  delta1_reason_t why;          /* undecided, not determined: one line, with the limit to raise */
  delta1_witness_t *witness;    /* not determined: two; else NULL */
  arb_t separation;             /* not determined: encloses the distance of the two minimisers */
} delta1_solution_t;

void delta1_solution_init (delta1_solution_t *solution);
void delta1_solution_clear (delta1_solution_t *solution);

/* Where an instance comes from: data, or an oracle. read sets the balls to precision n (>= 1): as
 * accurate as can be had with n. BUDGET from an oracle ends the loop: undecided. */
typedef struct
{
  delta1_problem_t problem;
  slong m, N;       /* N counts the intercept */
  slong settled_at; /* data of fixed accuracy: from this n on more bits show nothing; 0: never */
  delta1_status_t (*read) (void *context, delta1_instance_t *instance, slong n,
                           delta1_reason_t *reason);
  void *context;
} delta1_supply_t;

/* The loop. OK with one of the three verdicts (here never "not determined"); a status from the
 * supply, other than BUDGET, is passed on; BUDGET is passed on, its reason after the
 * quantity, the solution is then undecided and filled in as far as it got.
 * INPUT: options out of range. */
DELTA1_MUST_USE delta1_status_t delta1_solve_supply (delta1_solution_t *solution,
                                                     const delta1_supply_t *supply,
                                                     const delta1_solve_options_t *options,
                                                     delta1_reason_t *reason);

/* The same for data, with the search for witnesses. OK with one of the three verdicts. INPUT: what
 * delta1_data_check refuses. SYSTEM: memory. Previous contents of the solution are replaced. */
DELTA1_MUST_USE delta1_status_t delta1_solve_data (delta1_solution_t *solution,
                                                   const delta1_data_t *data,
                                                   const delta1_solve_options_t *options,
                                                   delta1_reason_t *reason);

#endif
