/* convergence_private: what running, writing and verifying share. */
#ifndef DELTA1_CONVERGENCE_PRIVATE_H
#define DELTA1_CONVERGENCE_PRIVATE_H

#include "constructions/convergence.h"

/* INPUT: a setting out of range. */
DELTA1_MUST_USE delta1_status_t
delta1_convergence_check (const delta1_convergence_setting_t *setting, delta1_reason_t *reason);

/* Room for a setting that has been checked; nothing is chosen. */
DELTA1_MUST_USE delta1_status_t
delta1_convergence_allocate (delta1_convergence_t *convergence,
                             const delta1_convergence_setting_t *setting, delta1_reason_t *reason);

/* property, accuracy, bound, low, high from the input. choose: lambda, step, eps_0 and p are set
 * first. FAILED: a condition of Theorem 6.3 does not hold, or an error is above its bound. */
DELTA1_MUST_USE delta1_status_t delta1_convergence_evaluate (delta1_convergence_t *convergence,
                                                             bool choose, delta1_reason_t *reason);

#endif
