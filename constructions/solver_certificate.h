/* solver_certificate: what a solver answered near a tie as a certificate
 * (doc/certificate-solver.md). */
#ifndef DELTA1_SOLVER_CERTIFICATE_H
#define DELTA1_SOLVER_CERTIFICATE_H

#include <jansson.h>

#include "constructions/solver_families.h"

/* The sealed certificate of a run that is correct or wrong (INPUT otherwise). program: a label,
 * shown as "(not UTF-8)" when it is not. */
DELTA1_MUST_USE delta1_status_t delta1_certificate_of_solver (json_t **document,
                                                              const delta1_solver_run_t *run,
                                                              const char *program,
                                                              delta1_reason_t *reason);

#endif
