/* small_data: what the tests of the trustworthy loop share: small data, and their solution. */
#ifndef DELTA1_SMALL_DATA_H
#define DELTA1_SMALL_DATA_H

#include "src/optimality.h"
#include "tests/testing.h"

/* x_i = the number text[i] (src/number.h). */
void small_data_set (fmpq *x, const char *const *text, slong count);

/* Zeros with this parameter (NULL: none), exact. */
void small_data_init (delta1_data_t *data, delta1_problem_t problem, slong m, slong N,
                      const char *parameter);

/* Entries k/2^6, |k| <= 2^8, initialised here; bp and lp can be satisfied. */
void small_data_random (delta1_data_t *data, delta1_problem_t problem, slong m, slong N);

/* The loop with enough bits for that many digits; it returns OK. */
void small_data_solve (delta1_solution_t *solution, const delta1_data_t *data, slong digits);

#endif
