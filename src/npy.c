#include "src/npy.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/file.h"

#define CHUNK 8192
#define LARGEST_HEADER 4096

static size_t
doubles_of (const delta1_npy_t *array)
{
  return (size_t)array->shape[0] * (array->shape[1] > 0 ? (size_t)array->shape[1] : 1)
         * (array->is_complex ? 2 : 1);
}

static void
update (delta1_sha256_t *hash, const void *data, size_t size)
{
  if (hash != NULL)
    delta1_sha256_update (hash, data, size);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* Magic, version, length of the rest, and a dictionary padded with blanks so that the data begin
 * at a multiple of 64. Its size. */
static size_t
make_header (char header[192], const delta1_npy_t *array)
{
  char text[128];
  int length
      = snprintf (text, sizeof text, "{'descr': '<%s', 'fortran_order': False, 'shape': (%ld,",
                  array->is_complex ? "c16" : "f8", (long)array->shape[0]);
  if (array->shape[1] > 0)
    length += snprintf (text + length, sizeof text - (size_t)length, " %ld", (long)array->shape[1]);
  length += snprintf (text + length, sizeof text - (size_t)length, "), }");
  size_t size = ((size_t)length + 11 + 63) / 64 * 64;
  memset (header, ' ', size);
  memcpy (header, "\x93NUMPY\x01", 8); /* and a zero: version 1.0 */
  header[8] = (char)((size - 10) & 0xff);
  header[9] = (char)((size - 10) >> 8);
  memcpy (header + 10, text, (size_t)length);
  header[size - 1] = '\n';
  return size;
}

static bool
put (FILE *stream, delta1_sha256_t *hash, const void *data, size_t size)
{
  update (hash, data, size);
  return fwrite (data, 1, size, stream) == size;
}

static bool
put_doubles (FILE *stream, delta1_sha256_t *hash, const double *values, size_t count)
{
  uint8_t bytes[CHUNK * sizeof (double)];
  bool good = true;
  for (size_t done = 0; good && done < count; done += CHUNK)
    {
      size_t some = count - done < CHUNK ? count - done : CHUNK;
      for (size_t i = 0; i < some; i++)
        {
          uint64_t word;
          memcpy (&word, values + done + i, sizeof word);
          for (size_t b = 0; b < sizeof word; b++)
            bytes[i * sizeof word + b] = (uint8_t)(word >> (8 * b));
        }
      good = put (stream, hash, bytes, some * sizeof (double));
    }
  return good;
}

delta1_status_t
delta1_npy_write (const char *path, const delta1_npy_t *array, char sha256[DELTA1_SHA256_TEXT],
                  delta1_reason_t *reason)
{
  char header[192];
  delta1_file_t file;
  delta1_sha256_t *hash = NULL;
  delta1_status_t status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  if (sha256 != NULL)
    {
      hash = delta1_sha256_create ();
      if (hash == NULL)
        status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a hash");
    }
  if (status == DELTA1_OK
      && !(put (file.stream, hash, header, make_header (header, array))
           && put_doubles (file.stream, hash, array->values, doubles_of (array))))
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
  if (hash != NULL)
    delta1_sha256_finish (sha256, hash);
  delta1_status_t closed = delta1_file_close (&file, status == DELTA1_OK, reason);
  return status == DELTA1_OK ? closed : status;
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char *
blanks (const char *at)
{
  return at + strspn (at, " ");
}

/* After `text`, blanks around it allowed; NULL when something else stands there, or at is NULL. */
static const char *
after (const char *at, const char *text)
{
  if (at == NULL)
    return NULL;
  at = blanks (at);
  return strncmp (at, text, strlen (text)) == 0 ? blanks (at + strlen (text)) : NULL;
}

/* (n,) or (m, n) or (m, n,) */
static const char *
parse_shape (slong shape[2], const char *at)
{
  slong value[2] = { 0, 0 };
  int count = 0;
  bool comma = true;
  at = after (at, "(");
  for (; at != NULL && comma && isdigit ((unsigned char)*at); count++)
    {
      char *end;
      errno = 0;
      long number = strtol (at, &end, 10);
      if (errno != 0 || number < 1 || count == 2)
        return NULL;
      value[count] = number;
      at = blanks (end);
      comma = *at == ',';
      at = comma ? blanks (at + 1) : at;
    }
  if (count == 0 || (count == 1 && !comma))
    return NULL;
  shape[0] = value[0];
  shape[1] = value[1];
  return after (at, ")");
}

/* The dictionary, its three entries in any order; false when it is not one of ours. */
static bool
parse_dictionary (delta1_npy_t *array, const char *at)
{
  bool type = false, order = false, shape = false;
  for (at = after (at, "{"); at != NULL && *at != '}';)
    {
      const char *next;
      if ((next = after (after (at, "'descr'"), ":")) != NULL && !type)
        {
          type = true;
          at = after (next, "'<c16'");
          array->is_complex = at != NULL;
          at = at != NULL ? at : after (next, "'<f8'");
        }
      else if ((next = after (after (at, "'fortran_order'"), ":")) != NULL && !order)
        {
          order = true;
          at = after (next, "False");
        }
      else if ((next = after (after (at, "'shape'"), ":")) != NULL && !shape)
        {
          shape = true;
          at = parse_shape (array->shape, next);
        }
      else
        return false;
      if (at != NULL && *at != '}')
        at = after (at, ",");
    }
  return at != NULL && type && order && shape && at[1 + strspn (at + 1, " \n")] == '\0';
}

/* text: LARGEST_HEADER + 1 bytes. */
static delta1_status_t
read_header (delta1_npy_t *array, FILE *stream, delta1_sha256_t *hash, char *text,
             delta1_reason_t *reason)
{
  uint8_t head[12];
  size_t length = 0;
  bool good = fread (head, 1, 10, stream) == 10 && memcmp (head, "\x93NUMPY", 6) == 0;
  if (!good || head[6] < 1 || head[6] > 2 || head[7] != 0)
    return delta1_fail (reason, DELTA1_INPUT, "not an NPY file of version 1.0 or 2.0");
  update (hash, head, 10);
  length = head[8] + 256 * (size_t)head[9];
  if (head[6] == 2)
    {
      good = fread (head, 1, 2, stream) == 2;
      update (hash, head, 2);
      length += good ? 65536 * (size_t)head[0] + 16777216 * (size_t)head[1] : 0;
    }
  if (!good || length > LARGEST_HEADER || fread (text, 1, length, stream) != length)
    return delta1_fail (reason, DELTA1_INPUT, "the NPY header is cut short, or above %d bytes",
                        LARGEST_HEADER);
  update (hash, text, length);
  text[length] = '\0';
  if (strlen (text) != length || !parse_dictionary (array, text))
    return delta1_fail (reason, DELTA1_INPUT,
                        "an NPY header '%.80s'; allowed: '<f8' or '<c16', fortran_order False, one "
                        "or two dimensions of at least 1",
                        text);
  return DELTA1_OK;
}

static delta1_status_t
read_doubles (double *values, size_t count, FILE *stream, delta1_sha256_t *hash,
              delta1_reason_t *reason)
{
  uint8_t bytes[CHUNK * sizeof (double)];
  for (size_t done = 0; done < count; done += CHUNK)
    {
      size_t some = count - done < CHUNK ? count - done : CHUNK;
      if (fread (bytes, sizeof (double), some, stream) != some)
        return delta1_fail (reason, DELTA1_INPUT, "the file ends before its %zu doubles", count);
      update (hash, bytes, some * sizeof (double));
      for (size_t i = 0; i < some; i++)
        {
          uint64_t word = 0;
          for (size_t b = sizeof word; b-- > 0;)
            word = word << 8 | bytes[i * sizeof word + b];
          memcpy (values + done + i, &word, sizeof word);
          if (!isfinite (values[done + i]))
            return delta1_fail (reason, DELTA1_INPUT, "double %zu is not finite", done + i);
        }
    }
  if (fgetc (stream) != EOF)
    return delta1_fail (reason, DELTA1_INPUT, "the file goes on after its %zu doubles", count);
  return DELTA1_OK;
}

static delta1_status_t
read_all (delta1_npy_t *array, FILE *stream, slong most, delta1_sha256_t *hash,
          delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  char text[LARGEST_HEADER + 1];
  delta1_npy_t made = { .values = NULL };
  DELTA1_TRY (read_header (&made, stream, hash, text, reason));
  if (made.shape[0] > most || (made.shape[1] > 0 && made.shape[1] > most / made.shape[0]))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "%ld x %ld numbers; allowed: at most %ld",
                             (long)made.shape[0], (long)made.shape[1], (long)most));
  made.values = malloc (doubles_of (&made) * sizeof (double));
  if (made.values == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for an array"));
  DELTA1_TRY (read_doubles (made.values, doubles_of (&made), stream, hash, reason));
  *array = made;
  made.values = NULL;
cleanup:
  free (made.values);
  return status;
}

delta1_status_t
delta1_npy_read (delta1_npy_t *array, const char *path, slong most, char sha256[DELTA1_SHA256_TEXT],
                 delta1_reason_t *reason)
{
  delta1_reason_t why;
  delta1_status_t status;
  delta1_sha256_t *hash = sha256 == NULL ? NULL : delta1_sha256_create ();
  FILE *stream = fopen (path, "rb");
  if (stream == NULL)
    status = delta1_fail (&why, DELTA1_SYSTEM, "%s", strerror (errno));
  else if (sha256 != NULL && hash == NULL)
    status = delta1_fail (&why, DELTA1_SYSTEM, "no memory for a hash");
  else
    {
      status = read_all (array, stream, most, hash, &why);
      if (status != DELTA1_OK && ferror (stream) != 0)
        status = delta1_fail (&why, DELTA1_SYSTEM, "%s", strerror (errno));
    }
  if (stream != NULL)
    (void)fclose (stream);
  if (hash != NULL)
    delta1_sha256_finish (sha256, hash);
  return status == DELTA1_OK ? status : delta1_fail (reason, status, "%.300s: %s", path, why.text);
}
