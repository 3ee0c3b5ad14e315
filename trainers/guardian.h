/* guardian: a process between us and a program under test, that leaves none of its processes
 * behind.
 *
 * It is a child subreaper: whatever the program forks, in whatever session or process group, is its
 * descendant until it is dead. It ends them all when we say so, and also when we die. It is a
 * process of its own so that the caller's signal dispositions, children and subreaper state stay as
 * they are. */
#ifndef DELTA1_GUARDIAN_H
#define DELTA1_GUARDIAN_H

/* Sent to us on the control socket (SOCK_SEQPACKET), one a packet, in this order. */
typedef enum
{
  DELTA1_GUARDIAN_STARTED = 1, /* value: the process group of the program */
  DELTA1_GUARDIAN_REFUSED,     /* value: errno; the program was not started; the last report */
  DELTA1_GUARDIAN_EXITED,      /* value: the wait status of the program; at most once */
  DELTA1_GUARDIAN_CLEAN,       /* no descendant is left; the last report */
  DELTA1_GUARDIAN_STRAY        /* some descendant could not be ended in time; the last report */
} delta1_guardian_report_kind_t;

typedef struct
{
  int kind;
  int value;
} delta1_guardian_report_t;

/* Seconds the guardian spends on ending descendants before it reports STRAY. */
#define DELTA1_GUARDIAN_PATIENCE 10

typedef struct
{
  const char *command; /* for /bin/sh -c */
  int control;         /* the guardian's end: when the other end is shut down, it ends everything */
  int standard[3];     /* what the program gets as descriptors 0, 1, 2 */
} delta1_guardian_plan_t;

/* To be called in a child made by fork, with every signal blocked. Calls only async-signal-safe
 * functions (and fork), so the caller may have had threads. */
_Noreturn void delta1_guardian_run (const delta1_guardian_plan_t *plan);

#endif
