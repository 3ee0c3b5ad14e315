#include "src/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
forget (delta1_file_t *file)
{
  free (file->path);
  free (file->temporary);
  *file = (delta1_file_t){ .stream = NULL };
}

static bool
is_special (const char *path)
{
  struct stat info;
  return lstat (path, &info) == 0 && !S_ISREG (info.st_mode);
}

delta1_status_t
delta1_file_can_write (const char *path, delta1_reason_t *reason)
{
  struct stat info;
  delta1_file_t file;
  if (stat (path, &info) == 0 && S_ISDIR (info.st_mode))
    return delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (EISDIR));
  if (is_special (path))
    return access (path, W_OK) == 0 || errno == ENOENT /* a link to a file to be made */
               ? DELTA1_OK
               : delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
  delta1_status_t status = delta1_file_open (&file, path, reason);
  return status == DELTA1_OK ? delta1_file_close (&file, false, reason) : status;
}

delta1_status_t
delta1_file_open (delta1_file_t *file, const char *path, delta1_reason_t *reason)
{
  *file = (delta1_file_t){ .path = strdup (path) };
  if (file->path != NULL && is_special (path))
    {
      file->stream = fopen (path, "wb");
      if (file->stream != NULL)
        return DELTA1_OK;
      delta1_status_t refused
          = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
      forget (file);
      return refused;
    }
  if (file->path == NULL || asprintf (&file->temporary, "%s.XXXXXX", path) < 0)
    {
      file->temporary = NULL;
      forget (file);
      return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
    }
  int descriptor = mkstemp (file->temporary);
  file->stream = descriptor < 0 ? NULL : fdopen (descriptor, "wb");
  if (file->stream != NULL)
    return DELTA1_OK;
  delta1_status_t status
      = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
  if (descriptor >= 0)
    {
      (void)close (descriptor);
      (void)unlink (file->temporary);
    }
  forget (file);
  return status;
}

delta1_status_t
delta1_file_close (delta1_file_t *file, bool keep, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  if (file->stream == NULL)
    return status;
  mode_t mask = umask (0);
  (void)umask (mask);
  bool good = file->temporary == NULL || fchmod (fileno (file->stream), 0666 & ~mask) == 0;
  good = ferror (file->stream) == 0 && fflush (file->stream) == 0 && good;
  int saved = errno;
  good = fclose (file->stream) == 0 && good;
  if (keep && good && file->temporary != NULL && rename (file->temporary, file->path) != 0)
    {
      saved = errno;
      good = false;
    }
  if (file->temporary != NULL && (!keep || !good))
    (void)unlink (file->temporary);
  if (keep && !good)
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", file->path, strerror (saved));
  forget (file);
  return status;
}
