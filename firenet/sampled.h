/* sampled: subsampled unitary transforms composed with orthonormal wavelets, A = P F W*.
 *
 * x: the coefficients of an image of side x side pixels (or of a line of `side`, dimensions 1), in
 * the pyramid layout, row-major: after a level of analysis the low parts (both ways) stand first
 * (top left), beside them what is high along the rows, below what is high down the columns, and the
 * next level works on the low part. W is the analysis, W* the synthesis. Haar: low (a + b)/sqrt 2,
 * high (a - b)/sqrt 2. Daubechies 2, 3, 4: firenet/transforms.h, periodised, extremal phase.
 *
 * F: the unitary discrete Fourier transform, (1/sqrt n) sum_j z_j e^(-2 pi i j f/n) in each
 * dimension; or the orthonormal Walsh-Hadamard transform in sequency order (row s has s changes of
 * sign); or nothing.
 *
 * P keeps the entries in `mask`, in that order: increasing indices (row-major) into an image of
 * side x side. Fourier masks have the frequency zero in the centre: (r, c) is the frequency (r -
 * side/2, c - side/2), as images of sampling patterns do; in a line, r is r - side/2. Walsh masks
 * have sequency (0, 0) at the top left.
 *
 * *Certified*: rows and columns of F, W are orthonormal, so ||A|| = 1 exactly, and the rounding
 * bounds (mathematics.md, Lemmas 6.10 to 6.12). Arithmetics: double, complex double, ball, complex
 * ball; Fourier only the complex ones.
 *
 * double, complex double: forward and adjoint run on as many threads as OpenMP would give when the
 * operator is made; the results do not depend on their number. One operator must not be applied by
 * two threads at a time: it has its own memory, about 4/3 of a vector x (with Daubechies 2). */
#ifndef DELTA1_SAMPLED_H
#define DELTA1_SAMPLED_H

#include "firenet/operator.h"

typedef enum
{
  DELTA1_TRANSFORM_NONE = 0,
  DELTA1_TRANSFORM_FOURIER,
  DELTA1_TRANSFORM_WALSH
} delta1_transform_t;

typedef enum
{
  DELTA1_WAVELET_NONE = 0,
  DELTA1_WAVELET_HAAR,
  DELTA1_WAVELET_DB2,
  DELTA1_WAVELET_DB3,
  DELTA1_WAVELET_DB4
} delta1_wavelet_t;

typedef struct
{
  delta1_transform_t transform;
  delta1_wavelet_t wavelet;
  slong levels;   /* of the wavelet: side is divisible by 2^levels; 0 without wavelet */
  int dimensions; /* 1, 2 */
  slong side;     /* a power of two from 2; at most 2^13 in two dimensions, 2^26 in one */
  const slong *mask;
  slong count; /* of mask; mask NULL: everything is kept, m = N */
} delta1_sampled_t;

/* INPUT: what is not allowed above. SYSTEM: memory is out. mask is not kept. bits: as for the
 * vectors of the arithmetic. */
DELTA1_MUST_USE delta1_status_t delta1_operator_create_sampled (delta1_operator_t **A,
                                                                const delta1_arithmetic_t *use,
                                                                slong bits,
                                                                const delta1_sampled_t *options,
                                                                delta1_reason_t *reason);

#endif
