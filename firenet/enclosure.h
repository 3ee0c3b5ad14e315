/* enclosure: phi_k(y), k = 1 .. n, enclosed in balls whose radius grows linearly with depth
 * (mathematics.md 6.4, Theorem 6.7).
 *
 * Balls entry by entry (delta1_restart_run) grow exponentially with the number of steps. Here every
 * step is taken in balls from an exact point: what its enclosure is wide is the error of the step,
 * measured, and the next step begins at the centre. Theorem 6.7 adds the errors. */
#ifndef DELTA1_ENCLOSURE_H
#define DELTA1_ENCLOSURE_H

#include "firenet/restart.h"

/* Called after restart k (1 .. n): ||phi_k(y) - centre|| <= radius, Euclidean, and the entries of
 * centre are exact. A status that is not OK ends the run. */
typedef struct
{
  delta1_status_t (*restart) (void *context, slong k, const void *centre, const mag_t radius,
                              delta1_reason_t *reason);
  void *context;
} delta1_enclosure_observer_t;

/* *Certified*: ||phi_n(y) - x|| <= radius for all the networks (A, constants) and data y in the
 * balls; x (N): exact entries. A: in an arithmetic that encloses, with tau sigma ||A||^2 <= 1 (also
 * when the steps say `violate`). observer: NULL allowed. Statuses as delta1_restart_run; UNDECIDED
 * also when the radius is not finite at this precision. */
DELTA1_MUST_USE delta1_status_t delta1_enclosure_run (void *x, mag_t radius,
                                                      const delta1_operator_t *A, const void *y,
                                                      const delta1_restart_t *restart,
                                                      const delta1_enclosure_observer_t *observer,
                                                      delta1_reason_t *reason);

#endif
