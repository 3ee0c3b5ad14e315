/* witness: two inputs that the data allow and that no algorithm can tell apart (mathematics.md,
 * Lemma 1.1 and Section 4).
 *
 * The search is heuristic: it moves the data to opposite corners of their box, along the direction
 * in which the undecided quantity, or the largest change of the minimiser, moves fastest. What it
 * reports is certified: both inputs are exact rationals inside the box, and the minimiser of each
 * is proved. */
#ifndef DELTA1_WITNESS_H
#define DELTA1_WITNESS_H

#include "src/optimality.h"

/* For an undecided solution of the data: when two witnesses are found whose minimisers are
 * certified to be more than 2 10^-K apart, the verdict becomes "not determined"; otherwise the
 * solution stays as it is. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_witness_search (delta1_solution_t *solution,
                                                       const delta1_data_t *data,
                                                       const delta1_solve_options_t *options,
                                                       delta1_reason_t *reason);

/* distance = the Euclidean distance of two enclosed minimisers, as a ball. */
void delta1_minimiser_distance (arb_t distance, const delta1_minimiser_t *a,
                                const delta1_minimiser_t *b, slong prec);

#endif
