/* sums: sums over vectors of double and complex double, with their rounding error
 * (mathematics.md, Lemma 6.7.2).
 *
 * *Certified* where doubles are rounded to nearest with gradual underflow
 * (delta1_rounding_environment): each result is a ball that contains the exact value for the
 * vectors given; it is not finite when an element is not, or when a sum overflows. Sums are made in
 * blocks: their relative error is at most 96 u, whatever the length (u = 2^-53). */
#ifndef DELTA1_SUMS_H
#define DELTA1_SUMS_H

#include "firenet/arithmetic.h"

/* The vectors are of `use`, one of delta1_arithmetic_double and delta1_arithmetic_complex_double.
 */

/* norm contains the Euclidean norm of x. */
void delta1_sums_norm (arb_t norm, const delta1_arithmetic_t *use, const void *x, slong count);

/* dot contains Re<x, y>; the radius is about 96 u ||x|| ||y||. */
void delta1_sums_dot (arb_t dot, const delta1_arithmetic_t *use, const void *x, const void *y,
                      slong count);

/* sum contains sum_i w_i |x_i|; w: doubles >= 0. */
void delta1_sums_absolute (arb_t sum, const delta1_arithmetic_t *use, const void *x,
                           const double *w, slong count);

#endif
