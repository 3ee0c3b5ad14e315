/* phantom: test pictures that are the same pixel by pixel on every machine.
 *
 * A picture of side n samples a function on [-1, 1]^2 at the centres of its pixels: row i, column j
 * is x = (2j + 1 - n)/n, y = (n - 1 - 2i)/n. Which ellipse or curve holds a point is decided in
 * integers; a value, in [0, 1], is a quotient of integers, rounded once, to nearest.
 *
 * shepp-logan (also modified-shepp-logan): the ten ellipses of Shepp and Logan with the contrast of
 * Toft, what reconstruction papers mostly mean by the name: values 0, 0.1, 0.2, 0.3, 0.4, 1. Cosine
 * and sine of its 18 degrees are 997255/2^20 and 324028/2^20.
 *
 * shepp-logan-1974: with the contrast of the paper (Shepp and Logan, The Fourier reconstruction of
 * a head section, IEEE Trans. Nucl. Sci. 21, 1974), a density d of which is the value d/2: skull 2,
 * brain 1.02, in it 1 to 1.04, outside 0. What matters in it is within 2 % of the brightest grey.
 *
 * smooth: a head in the manner of Guerquin-Kern, Lejeune, Pruessmann and Unser (Realistic
 * analytical phantoms for parallel magnetic resonance imaging, IEEE Trans. Med. Imaging 31, 2012):
 * regions bounded by ellipses and by closed curves of quadratic Bezier arcs (quadratic B-splines),
 * of constant contrast, times a sensitivity that is a polynomial of degree 2. The class is theirs,
 * the regions are our own: it is not their picture. Values in [0, 1].
 *
 * detail: what a network may lose: on an ellipse with a slow vertical slope, groups of five bars of
 * width 8, 4, 2, 1 in units of n/512, a checkerboard, single dots, and a word in strong and faint
 * letters of three sizes. Values are multiples of 1/1000. */
#ifndef DELTA1_PHANTOM_H
#define DELTA1_PHANTOM_H

#include "src/image.h"

typedef enum
{
  DELTA1_PHANTOM_SHEPP_LOGAN = 0, /* the modified one */
  DELTA1_PHANTOM_SHEPP_LOGAN_1974,
  DELTA1_PHANTOM_SMOOTH,
  DELTA1_PHANTOM_DETAIL,
  DELTA1_PHANTOM_COUNT
} delta1_phantom_t;

const char *delta1_phantom_name (delta1_phantom_t phantom);    /* static storage */
const char *delta1_phantom_summary (delta1_phantom_t phantom); /* a line; static storage */

/* The phantom of that name, or of the other name of the first; false: there is none. */
bool delta1_phantom_find (delta1_phantom_t *phantom, const char *name);

/* image = the phantom, side x side. INPUT: side outside [1, DELTA1_IMAGE_MAX_SIDE]. SYSTEM: memory
 * is out. *image is untouched then. */
DELTA1_MUST_USE delta1_status_t delta1_phantom_make (delta1_image_t *image,
                                                     delta1_phantom_t phantom, slong side,
                                                     delta1_reason_t *reason);

#endif
