/* verdict: what a check can say, and how much work it may do before saying it. */
#ifndef CHECKER_VERDICT_H
#define CHECKER_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values are the exit codes of doc/certificate.md. */
typedef enum
{
  ACCEPTED = 0,
  REFUSED = 1,    /* a readable certificate that says something false or outside the class */
  UNDECIDED = 2,  /* everything this checker can check is right, but it cannot check everything */
  UNREADABLE = 3, /* not a certificate, or beyond a limit of this checker */
} verdict_t;

/* Work that the size of the file does not bound is charged for, so that a hostile file ends in
 * UNREADABLE and not in hours of arithmetic or in exhausted memory. A unit is about one bit read or
 * written; the limit is some minutes. */
#define WORK_LIMIT (UINT64_C (1) << 35)

/* One file. It is checked in a process of its own: a verdict ends the process, and memory lives
 * as long as it does. */
typedef struct
{
  const char *file;
  bool quiet;
  uint64_t work;
} check_t;

/* Prints "FILE: verdict: reason" on one line (control characters become '?') and exits. */
_Noreturn void say (check_t *check, verdict_t verdict, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
#define refuse(check, ...) say ((check), REFUSED, __VA_ARGS__)
#define unreadable(check, ...) say ((check), UNREADABLE, __VA_ARGS__)

void charge (check_t *check, uint64_t bits);

/* Zeros; never NULL. */
void *allocate (check_t *check, int64_t count, size_t size);

#endif
