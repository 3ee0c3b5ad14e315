/* screening: what holds of every minimiser of the LASSO although the support as a whole is not
 * decided (mathematics.md, Lemma 4.12): a tie between two columns says nothing about the others. */
#ifndef DELTA1_SCREENING_H
#define DELTA1_SCREENING_H

#include "src/instance.h"

/* selected[j], j < N without the intercept: TRUE when x_j != 0, FALSE when x_j = 0, in every
 * minimiser of every input of the instance: certified; UNKNOWN otherwise. A dual point near the
 * minimiser (heuristic) and its duality gap (certified) decide. One homotopy for each column of
 * the candidate support. The doubles of the instance are made when they are not there.
 * INPUT: a problem other than the lasso. UNDECIDED: no candidate was found; then all are UNKNOWN.
 * SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_lasso_screen (delta1_truth_t *selected,
                                                     delta1_instance_t *instance,
                                                     delta1_reason_t *reason);

#endif
