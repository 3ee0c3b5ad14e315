/* trace: objective and error of every inner step of delta1_restart_run, for tables and pictures.
 *
 * *Heuristic*: doubles that were rounded on the way. It costs an application of A a step. */
#ifndef DELTA1_TRACE_H
#define DELTA1_TRACE_H

#include "firenet/restart.h"

typedef struct delta1_trace_struct delta1_trace_t;

/* For the run of `network` on y (m) in double or complex double; truth (N): what errors are
 * measured from, or NULL. All must outlive the trace. INPUT: another arithmetic, a constant outside
 * its range. SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_trace_create (delta1_trace_t **trace,
                                                     const delta1_operator_t *A, const void *y,
                                                     const delta1_restart_t *network,
                                                     const void *truth, delta1_reason_t *reason);
void delta1_trace_free (delta1_trace_t *trace); /* NULL allowed */

delta1_observer_t delta1_trace_observer (delta1_trace_t *trace);

/* Of the steps so far, z = x_{k+1}/alpha: F(z) and ||z - truth|| (NULL without a truth). */
slong delta1_trace_count (const delta1_trace_t *trace);
const double *delta1_trace_objective (const delta1_trace_t *trace);
const double *delta1_trace_error (const delta1_trace_t *trace);

/* z: F(z) = lambda ||z||_{1,w} + ||Az - y||, and ||z - truth|| (NaN without one). */
void delta1_trace_evaluate (double *objective, double *error, delta1_trace_t *trace, const void *z);

#endif
