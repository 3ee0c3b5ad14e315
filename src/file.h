/* file: files that are written whole or not at all. */
#ifndef DELTA1_FILE_H
#define DELTA1_FILE_H

#include <stdbool.h>
#include <stdio.h>

#include "src/status.h"

typedef struct
{
  FILE *stream; /* to write to; NULL when not open */
  char *path;
  char *temporary; /* a name beside path; NULL: written through */
} delta1_file_t;

/* OK when delta1_file_open would succeed; leaves nothing behind. SYSTEM otherwise. */
DELTA1_MUST_USE delta1_status_t delta1_file_can_write (const char *path, delta1_reason_t *reason);

/* Opens a temporary file beside path; a path that is a device, a pipe or a link is opened itself
 * (to rename over /dev/stdout would replace it). SYSTEM: it cannot be made. */
DELTA1_MUST_USE delta1_status_t delta1_file_open (delta1_file_t *file, const char *path,
                                                  delta1_reason_t *reason);

/* keep: renames the temporary file to path, which holds either what it held or everything that was
 * written; SYSTEM when a write failed. Otherwise removes it. Does nothing to a file that is not
 * open; *file is not open afterwards. */
DELTA1_MUST_USE delta1_status_t delta1_file_close (delta1_file_t *file, bool keep,
                                                   delta1_reason_t *reason);

#endif
