/* phantom: test pictures that are the same pixel by pixel on every machine.
 *
 * A picture of side n samples a function on [-1, 1]^2 at the centres of its pixels: row i, column j
 * is x = (2j + 1 - n)/n, y = (n - 1 - 2i)/n. Which ellipse holds a point is decided in integers.
 *
 * shepp-logan: the ten ellipses of Shepp and Logan with the contrast of Toft: values 0, 0.1, 0.2,
 * 0.3, 0.4, 1 (multiples of 1/10, each rounded once). Cosine and sine of its 18 degrees are
 * 997255/2^20 and 324028/2^20.
 *
 * detail: what a network may lose: on an ellipse with a slow vertical slope, groups of five bars of
 * width 8, 4, 2, 1 in units of n/512, a checkerboard, single dots, and a word in strong and faint
 * letters of three sizes. Values are multiples of 1/1000 in [0, 1]. */
#ifndef DELTA1_PHANTOM_H
#define DELTA1_PHANTOM_H

#include "src/image.h"

typedef enum
{
  DELTA1_PHANTOM_SHEPP_LOGAN = 0,
  DELTA1_PHANTOM_DETAIL,
  DELTA1_PHANTOM_COUNT
} delta1_phantom_t;

const char *delta1_phantom_name (delta1_phantom_t phantom); /* static storage */

/* image = the phantom, side x side. INPUT: side outside [1, DELTA1_IMAGE_MAX_SIDE]. SYSTEM: memory
 * is out. *image is untouched then. */
DELTA1_MUST_USE delta1_status_t delta1_phantom_make (delta1_image_t *image,
                                                     delta1_phantom_t phantom, slong side,
                                                     delta1_reason_t *reason);

#endif
