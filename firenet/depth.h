/* depth: how fast the enclosures of a network's states widen from step to step: entrywise balls
 * (exponentially) beside Theorem 6.7 (linearly), and the error itself (mathematics.md 6.4).
 *
 * One network and one datum are run three times: in doubles, in balls as wide as the doubles, and
 * in balls sharp enough to be the truth. */
#ifndef DELTA1_DEPTH_H
#define DELTA1_DEPTH_H

#include "firenet/rounding.h"

/* The same matrix, in three arithmetics. */
typedef struct
{
  const delta1_operator_t *doubles; /* double or complex double */
  const delta1_operator_t *balls;   /* of the bits to be shown, for instance 53 */
  const delta1_operator_t *sharp;   /* of many more */
} delta1_depth_operators_t;

/* Per inner step, of x_{k+1} divided by its alpha, Euclidean; infinite: no bound. */
typedef struct
{
  slong count;
  double *linear; /* *certified*: what Corollary 6.7.1 proves of the run in doubles */
  double *error;  /* *certified*: an upper bound of its error, from the sharp balls */
  double *balls;  /* the length of the vector of radii of the balls */
} delta1_depth_t;

void delta1_depth_clear (delta1_depth_t *depth);

/* depth: of inner x restarts steps; empty on failure. y: of the doubles. Statuses of
 * delta1_restart_run (but balls that are not bounded are what is to be seen) and of
 * delta1_rounding_radius; INPUT: operators of other shapes or arithmetics; SYSTEM: memory is out.
 */
DELTA1_MUST_USE delta1_status_t delta1_depth_compare (delta1_depth_t *depth,
                                                      const delta1_depth_operators_t *operators,
                                                      const void *y,
                                                      const delta1_restart_t *restart,
                                                      delta1_reason_t *reason);

#endif
