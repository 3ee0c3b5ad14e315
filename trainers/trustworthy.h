/* trustworthy: the trainer that is never wrong and runs for ever on ties (mathematics.md, Section
 * 4).
 *
 * For every datum it reads training samples, n = first, first + step, ..., and proves a candidate
 * in balls of radius 2^-n (src/optimality.h). What it answers is certified: within 10^-K of the
 * minimiser of every input that its readings allow, under every oracle. Where nothing can be proved
 * it keeps reading until the budget is used up. */
#ifndef DELTA1_TRUSTWORTHY_H
#define DELTA1_TRUSTWORTHY_H

#include "oracles/algorithm.h"
#include "src/optimality.h"

/* The loop for datum k of an oracle with the given shape. solution: as of delta1_solve_supply;
 * precision is the number of samples used. BUDGET, with a line that names the undecided quantity:
 * from the oracle. UNDECIDED verdict: options->max_precision was reached. */
DELTA1_MUST_USE delta1_status_t delta1_trustworthy_solve (delta1_solution_t *solution,
                                                          const delta1_task_t *task,
                                                          delta1_oracle_t *oracle, slong k,
                                                          const delta1_solve_options_t *options,
                                                          delta1_reason_t *reason);

#endif
