/* image_private: what the kinds of picture files share. */
#ifndef DELTA1_IMAGE_PRIVATE_H
#define DELTA1_IMAGE_PRIVATE_H

#include <stdio.h>

#include "src/image.h"

/* INPUT: a side outside [1, DELTA1_IMAGE_MAX_SIDE]. */
DELTA1_MUST_USE delta1_status_t delta1_image_check_sides (slong width, slong height,
                                                          delta1_reason_t *reason);

/* INPUT: what delta1_image_write refuses before it looks at pixels. */
DELTA1_MUST_USE delta1_status_t delta1_image_check_grey (int bits, const double window[2],
                                                         delta1_reason_t *reason);

/* The grey value in [0, 2^bits - 1] of a pixel. INPUT: it is not finite. */
DELTA1_MUST_USE delta1_status_t delta1_image_grey (unsigned *grey, const delta1_image_t *image,
                                                   slong i, slong j, int bits,
                                                   const double window[2], delta1_reason_t *reason);

/* A PGM whose first bytes, "P2" or "P5", have been read from the stream. */
DELTA1_MUST_USE delta1_status_t delta1_image_read_pgm (delta1_image_t *image, FILE *stream,
                                                       bool plain, const char *path,
                                                       delta1_reason_t *reason);

#endif
