/* lanes: how vectors of double and complex double lie in memory, and how their squares are summed.
 *
 * Vectors start at multiples of 64 bytes, and are padded with zeros to full groups of 8. A vector
 * of complex double is made of groups: 8 real parts, then 8 imaginary parts; a compiler turns loops
 * over groups into vector code without shuffles. */
#ifndef DELTA1_LANES_H
#define DELTA1_LANES_H

#include "src/flint_world.h"

#define DELTA1_LANES 8
#define DELTA1_ALIGNMENT 64

/* Where in the doubles the real part of element i stands; the imaginary part is DELTA1_LANES
 * further. */
static inline slong
delta1_lane (slong i)
{
  return (i / DELTA1_LANES) * 2 * DELTA1_LANES + i % DELTA1_LANES;
}

/* The number of doubles of `count` complex numbers. */
static inline slong
delta1_lane_doubles (slong count)
{
  return (count + DELTA1_LANES - 1) / DELTA1_LANES * 2 * DELTA1_LANES;
}

/* That many zeros, padded and aligned; for `free`. NULL when memory is out. */
double *delta1_lanes_create (slong doubles);
void delta1_lanes_clear (double *v, slong doubles); /* v = 0 */

/* From this many doubles on, work is shared by the threads; results do not depend on it. */
#define DELTA1_LANES_MANY 32768

/* The k-th of `count` parts of a vector when the two halves are walked side by side: row i of an
 * image is then near row side/2 + i, which the finest level of a wavelet transform makes of the
 * same rows, and threads that share the parts statically have in their caches what they need next.
 */
static inline slong
delta1_lanes_folded (slong k, slong count)
{
  return k % 2 == 0 ? k / 2 : (count + 1) / 2 + k / 2;
}

/* Terms that are summed one after the other. */
#define DELTA1_LANES_BLOCK 128

/* Sums are made of blocks of `size` terms, added in pairs: how many of `count` > size terms make
 * the first summand, a power of two of blocks. */
slong delta1_lanes_half (slong count, slong size);

/* The sum over `count` terms, where block gives it for at most `size` of them. */
double delta1_lanes_sum (double (*block) (const double *terms, slong count), const double *terms,
                         slong count, slong size);

/* An upper bound of ||x|| for x of `count` elements whose sum of squares was computed as `sum`. */
void delta1_lanes_bound (mag_t bound, double sum, slong count);

#endif
