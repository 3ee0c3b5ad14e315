/* gradient_kernels: the three products of reverse mode on blocks of DELTA1_BLOCK samples.
 *
 * Vector code over samples. Every entry of a result is one fixed sequence of multiplications and
 * additions, the same whatever the width of the vectors of the machine. Blocks are aligned to 64
 * bytes. */
#ifndef DELTA1_GRADIENT_KERNELS_H
#define DELTA1_GRADIENT_KERNELS_H

#include "src/gradient_private.h"

/* Z (+)= M X: Z rows x BLOCK, X inner x BLOCK; M_ik = M[i * row_step + k * column_step]. Begins
 * from Z when `add`, else from 0. */
typedef struct
{
  const double *M;
  slong rows, inner, row_step, column_step;
  bool add;
} delta1_block_product_t;

void delta1_block_product (double *Z, const double *X, const delta1_block_product_t *product);

/* G (rows x columns, row-major) += D X^T: sums over the samples of the block. */
void delta1_block_outer (double *G, const double *D, slong rows, const double *X, slong columns);

/* The sum over the samples of one row of a block. */
double delta1_block_sum (const double *row);

/* Values of the units of a layer from layer->z into layer->x; p: the flat parameters. */
void delta1_block_activate (const delta1_gradient_layer_t *layer, const double *p);

/* d: in, derivative by layer->x; out, by layer->z. Adds to the thresholds of g (NULL: not asked).
 */
void delta1_block_deactivate (double *d, double *g, const delta1_gradient_layer_t *layer,
                              const double *p);

#endif
