/* exact_reference: minimisers of small problems over Q, by trying everything. */
#ifndef DELTA1_EXACT_REFERENCE_H
#define DELTA1_EXACT_REFERENCE_H

#include "tests/testing.h"

#define EXACT_MAX_COLUMNS 6

/* The columns `set` (bits) of A, side by side. */
slong exact_select_columns (fmpq_mat_t part, slong column[EXACT_MAX_COLUMNS], const fmpz_mat_t A,
                            unsigned set);

/* sum = <cost, x> */
void exact_value (fmpq_t sum, const fmpq *x, const fmpz *cost, slong N);

/* The least <cost, x> over all vertices; false when there is none. */
bool exact_enumerate_vertices (fmpq_t least, const fmpz_mat_t A, const fmpz *y, const fmpz *cost);

/* Lemma 4.1: the conditions that make x a minimiser; *strict: those off the support are strict. */
bool exact_is_minimiser (bool *strict, const fmpq *x, const fmpz_mat_t A, const fmpz *y,
                         const fmpq_t lambda);

/* All active sets with all signs: a minimiser with an injective active set, which always exists. */
bool exact_enumerate_active_sets (fmpq *x, bool *unique, const fmpz_mat_t A, const fmpz *y,
                                  const fmpq_t lambda);

#endif
