/* measurement: data of an operator: simulated with noise, and as arrays of doubles. */
#ifndef DELTA1_MEASUREMENT_H
#define DELTA1_MEASUREMENT_H

#include <stdint.h>

#include "firenet/operator.h"

/* Vectors of double and complex double as arrays: `count` doubles, or as many pairs of real and
 * imaginary part. Exact. */
void delta1_vector_get (double *values, const delta1_arithmetic_t *use, const void *v, slong count);
void delta1_vector_set (void *v, const delta1_arithmetic_t *use, const double *values, slong count);

/* y (m) = A x + e, A in double or complex double, e normally distributed noise (every component of
 * every entry, src/random.h) with ||e|| = noise ||Ax||, up to rounding: the doubles y are the data,
 * whatever they came from. noise >= 0. INPUT: another arithmetic, a result that is not finite.
 * SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_measurement_simulate (void *y, const delta1_operator_t *A,
                                                             const void *x, double noise,
                                                             uint64_t seed,
                                                             delta1_reason_t *reason);

/* A double not below ||v|| of `count` elements, at most 2^-20 relative, or 2^-500, above; infinite
 * when v is not finite. */
double delta1_vector_length (const delta1_arithmetic_t *use, const void *v, slong count);

#endif
