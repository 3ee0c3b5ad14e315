/* progress: one line on stderr, rewritten, while a command works: only on a terminal, and only when
 * it has worked for two seconds. */
#ifndef DELTA1_PROGRESS_H
#define DELTA1_PROGRESS_H

#include <stdbool.h>
#include <time.h>

typedef struct
{
  struct timespec start;
  bool shown;
} delta1_progress_t;

void delta1_progress_begin (delta1_progress_t *progress);

/* [done/total] and what is being done. */
void delta1_progress_show (delta1_progress_t *progress, long done, long total, const char *format,
                           ...) __attribute__ ((format (printf, 4, 5)));

/* The line is taken away. */
void delta1_progress_end (delta1_progress_t *progress);

#endif
