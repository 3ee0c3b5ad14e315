#include "programs/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void
delta1_progress_begin (delta1_progress_t *progress)
{
  progress->shown = false;
  (void)clock_gettime (CLOCK_MONOTONIC, &progress->start);
}

void
delta1_progress_show (delta1_progress_t *progress, long done, long total, const char *format, ...)
{
  struct timespec now;
  (void)clock_gettime (CLOCK_MONOTONIC, &now);
  if (now.tv_sec - progress->start.tv_sec < 2 || isatty (STDERR_FILENO) == 0)
    return;
  va_list arguments;
  va_start (arguments, format);
  (void)fprintf (stderr, "\r\033[K[%ld/%ld] ", done, total);
  (void)vfprintf (stderr, format, arguments);
  va_end (arguments);
  progress->shown = true;
}

void
delta1_progress_end (delta1_progress_t *progress)
{
  if (progress->shown)
    (void)fprintf (stderr, "\r\033[K");
  progress->shown = false;
}
