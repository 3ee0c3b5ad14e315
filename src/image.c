#include "src/image_private.h"

#include <errno.h>
#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/file.h"

void
delta1_image_clear (delta1_image_t *image)
{
  free (image->pixel);
  *image = (delta1_image_t){ .pixel = NULL };
}

delta1_status_t
delta1_image_check_sides (slong width, slong height, delta1_reason_t *reason)
{
  if (width >= 1 && width <= DELTA1_IMAGE_MAX_SIDE && height >= 1
      && height <= DELTA1_IMAGE_MAX_SIDE)
    return DELTA1_OK;
  return delta1_fail (reason, DELTA1_INPUT, "an image of %ld x %ld pixels; allowed: sides 1 to %d",
                      (long)width, (long)height, DELTA1_IMAGE_MAX_SIDE);
}

delta1_status_t
delta1_image_init (delta1_image_t *image, slong width, slong height, delta1_reason_t *reason)
{
  delta1_status_t status = delta1_image_check_sides (width, height, reason);
  if (status != DELTA1_OK)
    return status;
  double *pixel = calloc ((size_t)width * (size_t)height, sizeof *pixel);
  if (pixel == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for an image");
  *image = (delta1_image_t){ .width = width, .height = height, .pixel = pixel };
  return DELTA1_OK;
}

/* --- libpng ------------------------------------------------------------------------------------
 *
 * libpng leaves an error by a jump. It is caught in `attempt`, the only place with a setjmp: what a
 * step owns stands in png_job_t, and is freed by whoever made the job. */

typedef struct
{
  jmp_buf trap;
  char message[128];
  png_structp png;
  png_infop info;
  FILE *stream;
  slong width, height;
  int bits, channels;
  png_bytep bytes; /* height rows of width * channels * bits / 8 bytes */
  png_bytepp rows;
} png_job_t;

static void
on_error (png_structp png, png_const_charp message)
{
  png_job_t *job = png_get_error_ptr (png);
  (void)snprintf (job->message, sizeof job->message, "%s", message);
  longjmp (job->trap, 1);
}

static void
on_warning (png_structp png, png_const_charp message)
{
  (void)png;
  (void)message;
}

static bool
attempt (png_job_t *job, void (*step) (png_job_t *job))
{
  if (setjmp (job->trap) != 0)
    return false;
  step (job);
  return true;
}

static bool
make_rows (png_job_t *job)
{
  size_t length = (size_t)job->width * (size_t)job->channels * (size_t)job->bits / 8;
  job->bytes = calloc ((size_t)job->height, length);
  job->rows = calloc ((size_t)job->height, sizeof *job->rows);
  if (job->bytes == NULL || job->rows == NULL)
    return false;
  for (slong i = 0; i < job->height; i++)
    job->rows[i] = job->bytes + (size_t)i * length;
  return true;
}

static void
free_rows (png_job_t *job)
{
  free (job->bytes);
  free (job->rows);
}

static void
read_header (png_job_t *job)
{
  png_init_io (job->png, job->stream);
  /* Ours are checked afterwards, with a clearer line. */
  png_set_user_limits (job->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info (job->png, job->info);
  png_set_expand (job->png);
  png_set_strip_alpha (job->png);
  (void)png_set_interlace_handling (job->png);
  job->width = (slong)png_get_image_width (job->png, job->info);
  job->height = (slong)png_get_image_height (job->png, job->info);
}

static void
read_layout (png_job_t *job)
{
  png_read_update_info (job->png, job->info);
  job->bits = png_get_bit_depth (job->png, job->info);
  job->channels = png_get_channels (job->png, job->info);
}

static void
read_rows (png_job_t *job)
{
  png_read_image (job->png, job->rows);
  png_read_end (job->png, NULL);
}

static double
sample (const png_job_t *job, slong i, slong j, int channel)
{
  png_const_bytep row = job->rows[i];
  size_t at = (size_t)j * (size_t)job->channels + (size_t)channel;
  return job->bits == 16 ? (double)(256 * row[2 * at] + row[2 * at + 1]) : (double)row[at];
}

/* Numerators and denominators are integers below 2^53: a quotient is rounded once. */
static double
grey (const png_job_t *job, slong i, slong j)
{
  double full = job->bits == 16 ? 65535 : 255;
  if (job->channels < 3)
    return sample (job, i, j, 0) / full;
  return (299 * sample (job, i, j, 0) + 587 * sample (job, i, j, 1) + 114 * sample (job, i, j, 2))
         / (1000 * full);
}

static delta1_status_t
decode (delta1_image_t *image, png_job_t *job, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_image_t made = { .pixel = NULL };
  if (!attempt (job, read_header))
    goto damaged;
  DELTA1_TRY (delta1_image_check_sides (job->width, job->height, reason));
  if (!attempt (job, read_layout))
    goto damaged;
  if (!make_rows (job))
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for %.300s", path));
  if (!attempt (job, read_rows))
    goto damaged;
  DELTA1_TRY (delta1_image_init (&made, job->width, job->height, reason));
  for (slong i = 0; i < made.height; i++)
    for (slong j = 0; j < made.width; j++)
      made.pixel[i * made.width + j] = grey (job, i, j);
  *image = made;
cleanup:
  return status;
damaged:
  return delta1_fail (reason, DELTA1_INPUT, "%.300s: a damaged or truncated PNG: %s", path,
                      job->message);
}

delta1_status_t
delta1_image_read (delta1_image_t *image, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  png_byte signature[8] = { 0 };
  png_job_t job = { .stream = fopen (path, "rb") };
  if (job.stream == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
  size_t size = fread (signature, 1, 2, job.stream);
  if (size == 2 && signature[0] == 'P' && (signature[1] == '2' || signature[1] == '5'))
    {
      status = delta1_image_read_pgm (image, job.stream, signature[1] == '2', path, reason);
      if (status != DELTA1_OK && ferror (job.stream) != 0)
        status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
      (void)fclose (job.stream);
      return status;
    }
  size += fread (signature + size, 1, sizeof signature - size, job.stream);
  if (ferror (job.stream) != 0)
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
  else if (size < sizeof signature || png_sig_cmp (signature, 0, sizeof signature) != 0)
    status = delta1_fail (reason, DELTA1_INPUT, "%.300s: not a PNG or PGM file", path);
  if (status == DELTA1_OK)
    {
      job.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &job, on_error, on_warning);
      job.info = job.png == NULL ? NULL : png_create_info_struct (job.png);
      if (job.info == NULL)
        status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for %.300s", path);
      else
        {
          png_set_sig_bytes (job.png, sizeof signature);
          status = decode (image, &job, path, reason);
        }
      png_destroy_read_struct (&job.png, &job.info, NULL);
    }
  free_rows (&job);
  (void)fclose (job.stream);
  return status;
}

static void
write_all (png_job_t *job)
{
  png_init_io (job->png, job->stream);
  png_set_IHDR (job->png, job->info, (png_uint_32)job->width, (png_uint_32)job->height, job->bits,
                PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  png_write_info (job->png, job->info);
  png_write_image (job->png, job->rows);
  png_write_end (job->png, NULL);
}

/* The rows of the job as a file. */
static delta1_status_t
encode (png_job_t *job, const char *path, delta1_reason_t *reason)
{
  delta1_file_t file;
  delta1_status_t status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  job->stream = file.stream;
  job->png = png_create_write_struct (PNG_LIBPNG_VER_STRING, job, on_error, on_warning);
  job->info = job->png == NULL ? NULL : png_create_info_struct (job->png);
  if (job->info == NULL)
    status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for %.300s", path);
  else if (!attempt (job, write_all))
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s: %s", path, job->message,
                          strerror (errno));
  png_destroy_write_struct (&job->png, &job->info);
  delta1_status_t closed = delta1_file_close (&file, status == DELTA1_OK, reason);
  return status == DELTA1_OK ? closed : status;
}

static void
set_sample (png_job_t *job, slong i, slong j, unsigned value)
{
  png_bytep row = job->rows[i];
  if (job->bits == 8)
    row[j] = (png_byte)value;
  else
    {
      row[2 * j] = (png_byte)(value >> 8);
      row[2 * j + 1] = (png_byte)(value & 0xff);
    }
}

delta1_status_t
delta1_image_check_grey (int bits, const double window[2], delta1_reason_t *reason)
{
  if (bits != 8 && bits != 16)
    return delta1_fail (reason, DELTA1_INPUT, "a picture of %d bits; allowed: 8, 16", bits);
  if (!(window[1] - window[0] > 0) || !isfinite (window[1] - window[0]))
    return delta1_fail (reason, DELTA1_INPUT, "grey window from %g to %g; allowed: low < high",
                        window[0], window[1]);
  return DELTA1_OK;
}

delta1_status_t
delta1_image_grey (unsigned *grey, const delta1_image_t *image, slong i, slong j, int bits,
                   const double window[2], delta1_reason_t *reason)
{
  double value = image->pixel[i * image->width + j];
  if (!isfinite (value))
    return delta1_fail (reason, DELTA1_INPUT, "pixel %ld of row %ld is not finite: no grey value",
                        (long)j, (long)i);
  value = fmin (fmax ((value - window[0]) / (window[1] - window[0]), 0), 1);
  *grey = (unsigned)rint (value * (bits == 16 ? 65535 : 255));
  return DELTA1_OK;
}

delta1_status_t
delta1_image_write (const delta1_image_t *image, const char *path, int bits, const double window[2],
                    delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  png_job_t job = { .width = image->width, .height = image->height, .bits = bits, .channels = 1 };
  DELTA1_TRY (delta1_image_check_grey (bits, window, reason));
  if (!make_rows (&job))
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for %.300s", path));
  for (slong i = 0; i < job.height; i++)
    for (slong j = 0; j < job.width; j++)
      {
        unsigned grey;
        DELTA1_TRY (delta1_image_grey (&grey, image, i, j, bits, window, reason));
        set_sample (&job, i, j, grey);
      }
  DELTA1_TRY (encode (&job, path, reason));
cleanup:
  free_rows (&job);
  return status;
}

delta1_status_t
delta1_image_write_mask (const uint8_t *mask, slong side, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  png_job_t job = { .width = side, .height = side, .bits = 8, .channels = 1 };
  if (!make_rows (&job))
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for %.300s", path));
  for (slong i = 0; i < side; i++)
    for (slong j = 0; j < side; j++)
      set_sample (&job, i, j, mask[i * side + j] != 0 ? 255 : 0);
  DELTA1_TRY (encode (&job, path, reason));
cleanup:
  free_rows (&job);
  return status;
}

delta1_status_t
delta1_image_read_mask (uint8_t **mask, slong *side, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_image_t image = { .pixel = NULL };
  uint8_t *made = NULL;
  DELTA1_TRY (delta1_image_read (&image, path, reason));
  if (image.width != image.height)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "%.300s: a mask of %ld x %ld; allowed: square",
                             path, (long)image.width, (long)image.height));
  slong count = image.width * image.height;
  made = malloc ((size_t)count);
  if (made == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for %.300s", path));
  for (slong i = 0; i < count; i++)
    {
      if (image.pixel[i] != 0 && image.pixel[i] != 1)
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "%.300s: pixel %ld of row %ld is neither black nor white; "
                                 "allowed in a mask: black (left out), white (measured)",
                                 path, (long)(i % image.width), (long)(i / image.width)));
      made[i] = image.pixel[i] == 1;
    }
  *mask = made;
  *side = image.width;
  made = NULL;
cleanup:
  free (made);
  delta1_image_clear (&image);
  return status;
}
