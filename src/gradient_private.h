/* Inside of a gradient work space, for its double and its MPFR half. */
#ifndef DELTA1_GRADIENT_PRIVATE_H
#define DELTA1_GRADIENT_PRIVATE_H

#include "src/network_gradient.h"

/* Samples that are worked on at once; a multiple of 8. Feature-major: entry i of sample b of the
 * block is at [i * DELTA1_BLOCK + b], so that vector code runs over samples. */
#define DELTA1_BLOCK 64

typedef struct
{
  slong before, width;
  bool has_skip, has_bias;
  slong W, R, c, thresholds; /* where they begin in the flat vector */
  delta1_unit_t *unit;
  slong *gate;
  slong *threshold; /* place in the flat vector, or -1 */
  double *z, *x;    /* preactivations and values of a block */
} delta1_gradient_layer_t;

struct delta1_gradient_struct
{
  slong inputs, layers, widest, count;
  delta1_gradient_layer_t *layer;
  double *y, *d_y; /* a block of inputs and of their derivatives */
  double *d, *d_before;
  double *rows, *d_rows; /* a block of outputs and upstream, row-major */
};

#endif
