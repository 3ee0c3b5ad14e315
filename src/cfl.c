#include "src/cfl.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_HEADER 65536
#define MOST_SIZES 16
#define PAIR 8 /* bytes of a complex number */

static bool
ends_in (const char *path, const char *end)
{
  size_t length = strlen (path), tail = strlen (end);
  return length > tail && strcmp (path + length - tail, end) == 0;
}

/* path, without .cfl or .hdr, and then `end`; NULL when memory is out. The caller frees. */
static char *
with_end (const char *path, const char *end)
{
  size_t length = strlen (path);
  length -= ends_in (path, ".cfl") || ends_in (path, ".hdr") ? 4 : 0;
  char *name = malloc (length + strlen (end) + 1);
  if (name != NULL)
    {
      memcpy (name, path, length);
      strcpy (name + length, end);
    }
  return name;
}

bool
delta1_cfl_is_name (const char *path)
{
  if (ends_in (path, ".cfl") || ends_in (path, ".hdr"))
    return true;
  char *header = with_end (path, ".hdr");
  bool found = header != NULL && access (path, F_OK) != 0 && access (header, R_OK) == 0;
  free (header);
  return found;
}

/* --- header ----------------------------------------------------------------------------------- */

/* The sizes on one line; how many, 0: something else stands there. */
static int
parse_sizes (slong size[MOST_SIZES], const char *at)
{
  for (int count = 0;; count++)
    {
      at += strspn (at, " \t\r");
      if (*at == '\n' || *at == '\0')
        return count;
      char *end;
      errno = 0;
      long value = strtol (at, &end, 10);
      if (*at < '0' || *at > '9' || errno != 0 || value < 1 || count == MOST_SIZES)
        return 0;
      size[count] = value;
      at = end;
    }
}

/* The line after the line `key`; NULL: there is none. */
static const char *
line_after (const char *text, const char *key)
{
  size_t length = strlen (key);
  for (const char *line = text; line != NULL;)
    {
      const char *end = strchr (line, '\n');
      const char *rest = line + (strncmp (line, key, length) == 0 ? length : 0);
      if (end != NULL && rest > line && rest + strspn (rest, " \t\r") == end)
        return end + 1;
      line = end == NULL ? NULL : end + 1;
    }
  return NULL;
}

static delta1_status_t
read_header (delta1_npy_t *array, const char *path, slong most, delta1_reason_t *reason)
{
  char *text = malloc (LARGEST_HEADER + 1);
  slong size[MOST_SIZES] = { 0 };
  delta1_status_t status = DELTA1_OK;
  FILE *stream = fopen (path, "rb");
  if (stream == NULL || text == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno)));
  size_t length = fread (text, 1, LARGEST_HEADER, stream);
  text[length] = '\0';
  if (ferror (stream) != 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno)));
  const char *line = line_after (text, "# Dimensions");
  if (line == NULL || strlen (text) != length || length == LARGEST_HEADER)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: not a header of BART: no line '# Dimensions'", path));
  int count = parse_sizes (size, line);
  if (count == 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: sizes '%.60s'; allowed: 1 to %d whole numbers above 0", path,
                             line, MOST_SIZES));
  for (int k = 2; k < count; k++)
    if (size[k] != 1)
      DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                               "%.300s: size %ld in dimension %d; allowed: 1 in all but the first "
                               "two (one coil, one slice, one frame)",
                               path, (long)size[k], k));
  array->shape[0] = size[0];
  array->shape[1] = count > 1 && size[1] > 1 ? size[1] : 0;
  array->is_complex = true;
  if (size[0] > most || (count > 1 && size[1] > most / size[0]))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: %ld x %ld numbers; allowed: at most %ld", path, (long)size[0],
                             (long)(count > 1 ? size[1] : 1), (long)most));
cleanup:
  free (text);
  if (stream != NULL)
    (void)fclose (stream);
  return status;
}

/* --- numbers ---------------------------------------------------------------------------------- */

static double
binary32 (const uint8_t bytes[4])
{
  uint32_t word
      = bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
  float value;
  memcpy (&value, &word, sizeof value);
  return (double)value;
}

/* A column of `rows` numbers at a time. */
static delta1_status_t
read_columns (double *values, slong rows, slong columns, FILE *stream, uint8_t *bytes,
              delta1_reason_t *reason)
{
  for (slong j = 0; j < columns; j++)
    {
      if (fread (bytes, PAIR, (size_t)rows, stream) != (size_t)rows)
        return delta1_fail (reason, DELTA1_INPUT, "the file ends before its numbers");
      for (slong i = 0; i < rows; i++)
        for (slong part = 0; part < 2; part++)
          {
            double value = binary32 (bytes + PAIR * i + 4 * part);
            if (!isfinite (value))
              return delta1_fail (reason, DELTA1_INPUT, "the number at (%ld, %ld) is not finite",
                                  (long)i, (long)j);
            values[2 * (columns * i + j) + part] = value;
          }
    }
  return DELTA1_OK;
}

static delta1_status_t
read_numbers (delta1_npy_t *array, FILE *stream, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  struct stat info;
  slong rows = array->shape[0], columns = array->shape[1] > 0 ? array->shape[1] : 1;
  uint8_t *bytes = NULL;
  if (stream == NULL || fstat (fileno (stream), &info) != 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "%s", strerror (errno));
  if (!S_ISREG (info.st_mode) || info.st_size % PAIR != 0 || info.st_size / PAIR % rows != 0
      || info.st_size / PAIR / rows != columns)
    return delta1_fail (reason, DELTA1_INPUT,
                        "%lld bytes; allowed: the 8 x %ld x %ld of its header",
                        (long long)info.st_size, (long)rows, (long)columns);
  double *values = malloc ((size_t)(rows * columns) * 2 * sizeof *values);
  bytes = malloc ((size_t)rows * PAIR);
  if (values == NULL || bytes == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for an array"));
  DELTA1_TRY (read_columns (values, rows, columns, stream, bytes, reason));
  array->values = values;
  values = NULL;
cleanup:
  free (values);
  free (bytes);
  return status;
}

delta1_status_t
delta1_cfl_read (delta1_npy_t *array, const char *path, slong most, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t why;
  delta1_npy_t made = { .values = NULL };
  FILE *stream = NULL;
  char *header = with_end (path, ".hdr"), *numbers = with_end (path, ".cfl");
  if (header == NULL || numbers == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name"));
  DELTA1_TRY (read_header (&made, header, most, reason));
  stream = fopen (numbers, "rb");
  status = read_numbers (&made, stream, &why);
  if (status != DELTA1_OK)
    status = delta1_fail (reason, status, "%.300s: %s", numbers, why.text);
  else
    *array = made;
cleanup:
  if (stream != NULL)
    (void)fclose (stream);
  free (header);
  free (numbers);
  return status;
}
