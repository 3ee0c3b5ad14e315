#include "checker/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void say (check_t *check, verdict_t verdict, const char *format, ...) {
  static const char *const names[] = { "accepted", "refused", "cannot decide", "unreadable" };
  char line[1024];
  va_list arguments;
  va_start (arguments, format);
  vsnprintf (line, sizeof line, format, arguments);
  va_end (arguments);
  for (char *p = line; *p != '\0'; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7f) *p = '?';
  if (!check->quiet) printf ("%s: %s: %s\n", check->file, names[verdict], line);
  /* A verdict that could not be printed is not given. */
  _Exit (fflush (stdout) == 0 && !ferror (stdout) ? (int)verdict : (int)UNREADABLE);
}

void charge (check_t *check, uint64_t bits) {
  if (bits > WORK_LIMIT - check->work)
    unreadable (check, "checking it takes more work than the limit of this checker");
  check->work += bits;
}

void *allocate (check_t *check, int64_t count, size_t size) {
  void *list = calloc ((size_t)count + 1, size);
  if (list == NULL) unreadable (check, "out of memory");
  return list;
}
