/* deadline: the wall time a task allows a built-in trainer. */
#ifndef DELTA1_DEADLINE_H
#define DELTA1_DEADLINE_H

#include <time.h>

#include "oracles/algorithm.h"

typedef struct
{
  const char *trainer; /* for the reason; not owned */
  double seconds;      /* 0: not limited */
  struct timespec start;
} delta1_deadline_t;

/* From now on. */
delta1_deadline_t delta1_deadline_start (const char *trainer, const delta1_task_t *task);

/* BUDGET when the time is used up. at, of: how far the work is ("at iteration 16 of 2000"); of = 0
 * when nobody knows how much there is. A clock is read: not for innermost loops. */
DELTA1_MUST_USE delta1_status_t delta1_deadline_check (const delta1_deadline_t *deadline,
                                                       const char *what, slong at, slong of,
                                                       delta1_reason_t *reason);

#endif
