/* PGM files, in C because libnetpbm ends the program on bad input. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/file.h"
#include "src/image_private.h"

#define LARGEST 65535

/* --- reading ---------------------------------------------------------------------------------- */

static bool
is_blank (int byte)
{
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The next byte; a comment, from # to the end of its line, is the end of the line. */
static int
next_byte (FILE *stream, bool comments)
{
  int byte = fgetc (stream);
  if (comments && byte == '#')
    while (byte != '\n' && byte != '\r' && byte != EOF)
      byte = fgetc (stream);
  return byte;
}

/* A number in decimal and the byte after it, a blank or, where `last`, the end of the file; false:
 * something else, or a number above LARGEST. */
static bool
read_number (long *number, FILE *stream, bool comments, bool last)
{
  int byte = next_byte (stream, comments), digits = 0;
  while (is_blank (byte))
    byte = next_byte (stream, comments);
  *number = 0;
  for (; byte >= '0' && byte <= '9' && *number <= LARGEST; digits++)
    {
      *number = 10 * *number + (byte - '0');
      byte = next_byte (stream, comments);
    }
  return digits > 0 && *number <= LARGEST && (is_blank (byte) || (last && byte == EOF));
}

/* Whether so many bytes can follow in a file; of what is no file nothing is known. */
static bool
can_follow (FILE *stream, slong least, slong most)
{
  struct stat info;
  off_t at = ftello (stream);
  if (fstat (fileno (stream), &info) != 0 || !S_ISREG (info.st_mode) || at < 0)
    return true;
  return info.st_size - at >= least && (most < 0 || info.st_size - at <= most);
}

static bool
read_sample (long *value, FILE *stream, bool plain, long maximum, bool last)
{
  if (plain)
    return read_number (value, stream, false, last);
  int high = maximum > 255 ? fgetc (stream) : 0;
  int low = high == EOF ? EOF : fgetc (stream);
  *value = 256L * high + low;
  return low != EOF;
}

delta1_status_t
delta1_image_read_pgm (delta1_image_t *image, FILE *stream, bool plain, const char *path,
                       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_image_t made = { .pixel = NULL };
  long width, height, maximum, value;
  int byte = fgetc (stream);
  if (byte != '#' && !is_blank (byte))
    return delta1_fail (reason, DELTA1_INPUT, "%.300s: not a PNG or PGM file", path);
  (void)ungetc (byte, stream);
  if (!read_number (&width, stream, true, false) || !read_number (&height, stream, true, false)
      || !read_number (&maximum, stream, true, false) || maximum < 1)
    return delta1_fail (reason, DELTA1_INPUT,
                        "%.300s: a damaged PGM header; allowed: width, height and maximum, 1 to %d",
                        path, LARGEST);
  DELTA1_TRY (delta1_image_check_sides (width, height, reason));
  slong count = (slong)width * height, bytes = maximum > 255 ? 2 : 1;
  if (plain ? !can_follow (stream, 2 * count - 1, -1)
            : !can_follow (stream, count * bytes, count * bytes))
    return delta1_fail (reason, DELTA1_INPUT,
                        "%.300s: a damaged or truncated PGM: its length does not fit %ld x %ld "
                        "pixels of the maximum %ld",
                        path, width, height, maximum);
  DELTA1_TRY (delta1_image_init (&made, width, height, reason));
  for (slong k = 0; k < count; k++)
    {
      if (!read_sample (&value, stream, plain, maximum, k == count - 1) || value > maximum)
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "%.300s: a damaged or truncated PGM: pixel %ld of row %ld is "
                                 "missing, or above the maximum %ld",
                                 path, (long)(k % width), (long)(k / width), maximum));
      made.pixel[k] = (double)value / (double)maximum;
    }
  while (plain && is_blank (byte = fgetc (stream)))
    continue;
  if ((plain ? byte : fgetc (stream)) != EOF)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: a damaged PGM: it goes on after its picture", path));
  *image = made;
  made.pixel = NULL;
cleanup:
  delta1_image_clear (&made);
  return status;
}

/* --- writing ---------------------------------------------------------------------------------- */

delta1_status_t
delta1_image_write_pgm (const delta1_image_t *image, const char *path, int bits,
                        const double window[2], delta1_reason_t *reason)
{
  delta1_file_t file;
  delta1_status_t status = delta1_image_check_grey (bits, window, reason);
  if (status == DELTA1_OK)
    status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  bool good = fprintf (file.stream, "P5\n%ld %ld\n%d\n", (long)image->width, (long)image->height,
                       (1 << bits) - 1)
              > 0;
  for (slong i = 0; i < image->height; i++)
    for (slong j = 0; j < image->width; j++)
      {
        unsigned grey;
        DELTA1_TRY (delta1_image_grey (&grey, image, i, j, bits, window, reason));
        good = good && (bits == 8 || fputc ((int)(grey >> 8), file.stream) != EOF)
               && fputc ((int)(grey & 0xff), file.stream) != EOF;
      }
  if (!good)
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
cleanup:;
  delta1_status_t closed = delta1_file_close (&file, status == DELTA1_OK, reason);
  return status == DELTA1_OK ? closed : status;
}
