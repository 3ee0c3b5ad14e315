/* candidate: which columns, with which signs: heuristic, to be proved by enclosure.h.
 *
 * The homotopy in doubles: the minimisers of  kappa ||x||_{1,w} + ||y - A x||^2 / 2  from kappa =
 * max |A_j^T y|/w_j, where x = 0, down to the kappa of the problem: lambda/2 (lasso); the kappa
 * with kappa = lambda ||y - A x|| (srlasso); with ||y - A x|| = epsilon (qcbp); 0 (bp; lp, where x
 * >= 0; srlasso when the residual vanishes first). One triangular factor is kept up to date, and
 * one product with A^T is done for each of the breakpoints. Nothing here is certified. */
#ifndef DELTA1_CANDIDATE_H
#define DELTA1_CANDIDATE_H

#include "src/enclosure.h"

/* The candidate at the midpoints, from scratch; instance->doubles is there; room min(m, N) + 2 or
 * more. UNDECIDED: the homotopy
 * got stuck (the reason says where); the candidate is then the last one reached. SYSTEM. */
DELTA1_MUST_USE delta1_status_t delta1_candidate_find (delta1_candidate_t *candidate,
                                                       const delta1_instance_t *instance,
                                                       delta1_reason_t *reason);

/* One exchange in the arithmetic of the instance, at its midpoints, for a candidate that was found
 * wrong there: minimiser and open are what delta1_enclosure_prove left when it failed. A column
 * whose dual inequality fails enters, what it drives to zero leaves; a column of the wrong sign
 * leaves. *changed: whether there was something to do. Needed where doubles do not see a gap.
 * SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_candidate_exchange (
    delta1_candidate_t *candidate, bool *changed, const delta1_instance_t *instance,
    const delta1_minimiser_t *minimiser, const delta1_quantity_t *open, delta1_reason_t *reason);

#endif
