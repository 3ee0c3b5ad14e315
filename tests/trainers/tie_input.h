/* tie_input: inputs of the tie family (mathematics.md, Section 3) built by hand, m = 3, c = 4. */
#ifndef DELTA1_TIE_INPUT_H
#define DELTA1_TIE_INPUT_H

#include "oracles/meter.h"
#include "oracles/oracle.h"
#include "tests/testing.h"
#include "trainers/trainer.h"

#define TIE_C 4
#define TIE_M 3
#define TIE_MAX_N 7

typedef struct
{
  delta1_problem_t problem;
  bool mixed;    /* u = (3/5, 4/5, 0), B = 2; otherwise u = e_1, B = 1 */
  slong tier;    /* 0, 1, 2 */
  slong largest; /* the place among the tied columns of alpha*, when gap is not 0 */
  slong K, L, R;
} tie_choice_t;

typedef struct
{
  tie_choice_t choice;
  fmpq *entry; /* all entries of A and Y */
  slong count;
  slong column[TIE_C]; /* reversed: the first tied column is the last in A */
  fmpq *scale[3];
  delta1_source_t *source;
  delta1_source_t *direction;
  delta1_class_t known;
  delta1_task_t task;
} tie_t;

/* gap: rational; 0 is the tie. */
void tie_init (tie_t *tie, const tie_choice_t *choice, const fmpq_t gap);
void tie_clear (tie_t *tie);

/* After a change of tie->entry. */
void tie_renew (tie_t *tie);

/* Whether every row of X is within 10^-digits of the solution set; digits = WORD_MAX: on it. */
bool tie_correct (const tie_t *tie, const fmpq_mat_t X, slong digits, bool is_tie);

/* Runs `specification` behind an honest oracle and a meter with that budget. usage may be NULL. */
delta1_status_t tie_run (fmpq_mat_t X, delta1_usage_t *usage, const tie_t *tie,
                         const char *specification, delta1_rounding_t rule,
                         const delta1_budget_t *budget, uint64_t seed, delta1_reason_t *reason);

/* The same with any oracle, which is not owned. */
delta1_status_t tie_run_oracle (fmpq_mat_t X, delta1_usage_t *usage, const tie_t *tie,
                                const char *specification, delta1_oracle_t *oracle,
                                const delta1_budget_t *budget, uint64_t seed,
                                delta1_reason_t *reason);

#endif
