#include "trainers/deadline.h"

#include <stdio.h>

delta1_deadline_t
delta1_deadline_start (const char *trainer, const delta1_task_t *task)
{
  delta1_deadline_t deadline = { .trainer = trainer, .seconds = task->seconds };
  clock_gettime (CLOCK_MONOTONIC, &deadline.start);
  return deadline;
}

delta1_status_t
delta1_deadline_check (const delta1_deadline_t *deadline, const char *what, slong at, slong of,
                       delta1_reason_t *reason)
{
  struct timespec now;
  char all[32] = "";
  if (deadline->seconds <= 0)
    return DELTA1_OK;
  clock_gettime (CLOCK_MONOTONIC, &now);
  double spent = (double)(now.tv_sec - deadline->start.tv_sec)
                 + 1e-9 * (double)(now.tv_nsec - deadline->start.tv_nsec);
  if (spent <= deadline->seconds)
    return DELTA1_OK;
  if (of > 0)
    snprintf (all, sizeof all, " of %ld", (long)of);
  return delta1_fail (reason, DELTA1_BUDGET,
                      "trainer %s: the wall time of %g seconds was used up at %s %ld%s",
                      deadline->trainer, deadline->seconds, what, (long)at, all);
}
