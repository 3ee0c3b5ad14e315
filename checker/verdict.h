/* verdict: what a check can say, and how much work it may do before saying it. */
#ifndef CHECKER_VERDICT_H
#define CHECKER_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit codes, as doc/certificate.md explains them. */
typedef enum { ACCEPTED = 0, REFUSED = 1, UNDECIDED = 2, UNREADABLE = 3 } verdict_t;
/* Work that the size of the file does not bound is charged for, so that a hostile file ends in
 * UNREADABLE and not in hours of arithmetic or in exhausted memory. A unit is about one bit read or
 * written; the limit is some minutes. */
#define WORK_LIMIT (UINT64_C (1) << 35)

/* One file. It is checked in a process of its own: a verdict ends the process, and memory that is
 * not freed before lives as long as it does. */
typedef struct {
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
void *allocate (check_t *check, int64_t count, size_t size); /* zeros; never NULL */

#endif
