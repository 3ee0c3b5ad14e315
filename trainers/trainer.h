/* trainer: the list of training algorithms, and how one is chosen by text. */
#ifndef DELTA1_TRAINER_H
#define DELTA1_TRAINER_H

#include "oracles/algorithm.h"

/* The built-in algorithms, ended by NULL. */
const delta1_algorithm_table_t *const *delta1_trainer_tables (void);

/* Whether a game for `digits` digits puts the built-in algorithm in the ring without being asked:
 * the first-order methods only up to 100 digits (their arithmetic grows with the digits), the exact
 * ones (homotopy, simplex) up to 30,000, all
 * others always. False for a table that is not one of delta1_trainer_tables. */
bool delta1_trainer_in_default_set (const delta1_algorithm_table_t *table, slong digits);

/* specification: NAME or NAME:option=value,option=value,...
 * INPUT names the wrong name, option or value and what is allowed. */
DELTA1_MUST_USE delta1_status_t delta1_trainer_parse (delta1_algorithm_t **algorithm,
                                                      const char *specification,
                                                      delta1_reason_t *reason);

/* Any external program: run by /bin/sh -c command, in its own process group and working directory
 * of the caller, speaking the protocol of doc/protocol.md on its standard input and output. */
DELTA1_MUST_USE delta1_status_t delta1_trainer_create_process (delta1_algorithm_t **algorithm,
                                                               const char *command,
                                                               delta1_reason_t *reason);

/* The same with a short label (NULL: "exec:" and the command), and the problems it attempts: bit p
 * for problem p, as src/problem.h numbers them. What else it does not attempt, it says itself. */
#define DELTA1_TRAINER_ALL_PROBLEMS ((1u << DELTA1_PROBLEM_COUNT) - 1)
DELTA1_MUST_USE delta1_status_t delta1_trainer_create_labelled_process (
    delta1_algorithm_t **algorithm, const char *label, const char *command, unsigned problems,
    delta1_reason_t *reason);

#endif
