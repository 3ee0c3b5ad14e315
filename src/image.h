/* image: grey pictures as arrays of doubles, and PNG and PGM files.
 *
 * pixel[width i + j] is row i (from the top), column j (from the left). */
#ifndef DELTA1_IMAGE_H
#define DELTA1_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "src/flint_world.h"
#include "src/status.h"

#define DELTA1_IMAGE_MAX_SIDE 16384

/* clear frees the pixels; init with { 0 }. */
typedef struct
{
  slong width, height;
  double *pixel;
} delta1_image_t;

void delta1_image_clear (delta1_image_t *image);

/* All 0. SYSTEM: memory is out. INPUT: a side outside [1, DELTA1_IMAGE_MAX_SIDE]. */
DELTA1_MUST_USE delta1_status_t delta1_image_init (delta1_image_t *image, slong width, slong height,
                                                   delta1_reason_t *reason);

/* A PNG of any kind, or a PGM; which of them, the first bytes say. With v of `bits` bits (8 or 16;
 * fewer than 8 are first scaled to 8, which is exact) a grey pixel is v/(2^bits - 1), a coloured
 * one (299 R + 587 G + 114 B)/(1000 (2^bits - 1)), each rounded once, to nearest: in [0, 1]. Gamma,
 * colour profiles and an alpha channel are not looked at. A pixel v of a PGM, plain (P2) or raw
 * (P5, two bytes a pixel, the high one first, above 255), of the maximum 1 to 65535, is v/maximum,
 * rounded once. Comments are skipped; the file ends with its picture. The length of the file is
 * compared with the sides before memory is taken. INPUT: neither, a damaged or truncated one, a
 * value above the maximum, a side above DELTA1_IMAGE_MAX_SIDE. SYSTEM: it cannot be read, memory is
 * out. *image is untouched then. */
DELTA1_MUST_USE delta1_status_t delta1_image_read (delta1_image_t *image, const char *path,
                                                   delta1_reason_t *reason);

/* A grey PNG of 8 or 16 bits: `low` becomes black, `high` white, what lies outside is cut off, and
 * the rest is rounded to the nearest grey value. Written whole or not at all (src/file.h). INPUT:
 * bits is neither 8 nor 16, low >= high, a pixel is not finite. SYSTEM: the file cannot be written.
 */
DELTA1_MUST_USE delta1_status_t delta1_image_write (const delta1_image_t *image, const char *path,
                                                    int bits, const double window[2],
                                                    delta1_reason_t *reason);

/* The same grey values as a raw PGM (P5) of the maximum 255 or 65535. */
DELTA1_MUST_USE delta1_status_t delta1_image_write_pgm (const delta1_image_t *image,
                                                        const char *path, int bits,
                                                        const double window[2],
                                                        delta1_reason_t *reason);

/* A square mask, side x side values 0 and 1 row by row, as an 8-bit PNG with 0 and 255. Reading
 * takes every PNG or PGM of two values, black and white; INPUT also when it is not square, or
 * another value occurs. The caller frees *mask. */
DELTA1_MUST_USE delta1_status_t delta1_image_write_mask (const uint8_t *mask, slong side,
                                                         const char *path, delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_image_read_mask (uint8_t **mask, slong *side,
                                                        const char *path, delta1_reason_t *reason);

#endif
