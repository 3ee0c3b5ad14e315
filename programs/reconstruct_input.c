/* delta1 reconstruct: INPUT, a picture or measurements. */
#include "programs/reconstruct.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/measurement.h"
#include "src/cfl.h"

#define MIN_SIDE DELTA1_RECONSTRUCT_MIN_SIDE
#define MAX_SIDE DELTA1_RECONSTRUCT_MAX_SIDE

static bool
ends_in (const char *path, const char *end)
{
  size_t length = strlen (path), tail = strlen (end);
  return length > tail && strcmp (path + length - tail, end) == 0;
}

/* By the name; else by the first bytes. */
static delta1_status_t
find_kind (delta1_reconstruct_input_t *kind, const char *path, delta1_reason_t *reason)
{
  char first[6] = "";
  if (ends_in (path, ".png") || ends_in (path, ".pgm"))
    *kind = DELTA1_RECONSTRUCT_PICTURE;
  else if (ends_in (path, ".npy"))
    *kind = DELTA1_RECONSTRUCT_NPY;
  else if (delta1_cfl_is_name (path))
    *kind = DELTA1_RECONSTRUCT_BART;
  else
    {
      FILE *file = fopen (path, "rb");
      if (file == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
      size_t count = fread (first, 1, sizeof first, file);
      (void)fclose (file);
      if (count == sizeof first && memcmp (first, "\x93NUMPY", sizeof first) == 0)
        *kind = DELTA1_RECONSTRUCT_NPY;
      else if (memcmp (first, "\x89PNG", 4) == 0 || memcmp (first, "P2", 2) == 0
               || memcmp (first, "P5", 2) == 0)
        *kind = DELTA1_RECONSTRUCT_PICTURE;
      else
        return delta1_fail (reason, DELTA1_INPUT,
                            "%.300s: neither a picture nor measurements; allowed: PNG, PGM, NPY, "
                            "and NAME.cfl with NAME.hdr",
                            path);
    }
  return DELTA1_OK;
}

/* The picture in the middle of the smallest square that can be measured. (It is black around it:
 * delta1_image_init.) */
static delta1_status_t
read_picture (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const char *path = p->setting->input;
  delta1_image_t image = { .pixel = NULL };
  delta1_status_t status = DELTA1_OK;
  DELTA1_TRY (delta1_image_read (&image, path, reason));
  slong longer = image.width > image.height ? image.width : image.height;
  if (longer > MAX_SIDE)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: %ld x %ld pixels; allowed: sides of at most %d", path,
                             (long)image.width, (long)image.height, MAX_SIDE));
  for (p->side = MIN_SIDE; p->side < longer;)
    p->side *= 2;
  p->frame = (delta1_reconstruct_frame_t){ (p->side - image.height) / 2,
                                           (p->side - image.width) / 2, image.height, image.width };
  DELTA1_TRY (delta1_image_init (&p->truth, p->side, p->side, reason));
  for (slong i = 0; i < image.height; i++)
    memcpy (p->truth.pixel + (p->frame.top + i) * p->side + p->frame.left,
            image.pixel + i * image.width, (size_t)image.width * sizeof *image.pixel);
cleanup:
  delta1_image_clear (&image);
  return status;
}

static delta1_status_t
read_measurements (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const char *path = p->setting->input;
  const slong most = (slong)MAX_SIDE * MAX_SIDE;
  bool fourier = p->setting->transform == DELTA1_TRANSFORM_FOURIER;
  delta1_status_t status = DELTA1_OK;
  if (p->input == DELTA1_RECONSTRUCT_BART)
    DELTA1_TRY (delta1_cfl_read (&p->measured, path, most, reason));
  else
    DELTA1_TRY (delta1_npy_read (&p->measured, path, most, NULL, reason));
  slong rows = p->measured.shape[0], columns = p->measured.shape[1];
  if (p->measured.is_complex != fourier)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: %s numbers; allowed: complex ones with --operator fourier, "
                             "real ones with --operator walsh",
                             path, fourier ? "real" : "complex"));
  if (columns != 0
      && (rows != columns || rows < MIN_SIDE || rows > MAX_SIDE || (rows & (rows - 1)) != 0))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: %ld x %ld measurements; allowed: a square whose side is a "
                             "power of two from %d to %d, or a vector with --mask",
                             path, (long)rows, (long)columns, MIN_SIDE, MAX_SIDE));
  if (columns == 0 && p->setting->mask == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: a vector of %ld measurements; allowed with the --mask of its "
                             "samples",
                             path, (long)rows));
  p->side = columns == 0 ? 0 : rows;
cleanup:
  return status;
}

delta1_status_t
delta1_reconstruct_read (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  delta1_status_t status = find_kind (&p->input, p->setting->input, reason);
  if (status != DELTA1_OK)
    return status;
  return p->input == DELTA1_RECONSTRUCT_PICTURE ? read_picture (p, reason)
                                                : read_measurements (p, reason);
}

static double *
measured_at (const delta1_reconstruct_problem_t *p, slong i)
{
  return p->measured.values + (p->measured.is_complex ? 2 * i : i);
}

delta1_status_t
delta1_reconstruct_nonzero (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  p->mask = malloc ((size_t)(p->side * p->side));
  if (p->mask == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a mask");
  for (slong i = 0; i < p->side * p->side; i++)
    {
      const double *v = measured_at (p, i);
      p->mask[i] = v[0] != 0 || (p->measured.is_complex && v[1] != 0);
    }
  return DELTA1_OK;
}

/* BART's transform has pixel (side/2, side/2) as the origin of the picture, ours the first pixel:
 * frequency (i, j) - (side/2, side/2) is (-1)^(i + j) times ours, side/2 being even. */
static double
turn (const delta1_reconstruct_problem_t *p, slong i)
{
  return p->input == DELTA1_RECONSTRUCT_BART && (i / p->side + i % p->side) % 2 != 0 ? -1 : 1;
}

delta1_status_t
delta1_reconstruct_take (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const char *path = p->setting->input;
  bool is_vector = p->measured.shape[1] == 0;
  if (!is_vector && p->measured.shape[0] != p->side)
    return delta1_fail (reason, DELTA1_INPUT,
                        "%.300s: %ld x %ld measurements for a mask of side %ld", path,
                        (long)p->measured.shape[0], (long)p->measured.shape[1], (long)p->side);
  if (is_vector && p->measured.shape[0] != p->samples)
    return delta1_fail (reason, DELTA1_INPUT,
                        "%.300s: a vector of %ld measurements; allowed: the %ld samples of the "
                        "mask, row by row, or all %ld x %ld",
                        path, (long)p->measured.shape[0], (long)p->samples, (long)p->side,
                        (long)p->side);
  /* Forwards and in place: sample k is at place k or behind it. */
  for (slong k = 0; k < p->samples; k++)
    {
      const double *from = measured_at (p, is_vector ? k : p->index[k]);
      double *to = measured_at (p, k), sign = turn (p, p->index[k]);
      to[0] = sign * from[0];
      if (p->measured.is_complex)
        to[1] = sign * from[1];
    }
  delta1_vector_set (p->y, p->A->use, p->measured.values, p->samples);
  free (p->measured.values);
  p->measured.values = NULL;
  return DELTA1_OK;
}
