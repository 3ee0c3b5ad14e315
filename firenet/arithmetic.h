/* arithmetic: the few vector operations first-order methods are made of, in double, in MPFR at a
 * fixed precision, or in Arb balls; real, and for double and balls complex. A method is written
 * once, over the table.
 *
 * A vector is an opaque block of `count` numbers; an element is addressed by `at`. A scalar (a
 * step, a threshold, a radius) is real: the address of an element of a vector of the arithmetic
 * `real`. Results go to vectors (what `create` gave), not to elements of them.
 *
 * double, MPFR: every operation is rounded to nearest. Both do the same operations in the same
 * order, so that MPFR at 53 bits repeats double wherever double neither over- nor underflows (and
 * the compiler fuses no multiplication with an addition). For double and complex double,
 * mathematics.md, Lemma 6.8 bounds what primal, dual, scale and bound do, with or without fused
 * operations, for operands of norm at most 2^500; *heuristic* is the rest.
 *
 * balls: every result contains the exact result for all points of the operands. *Certified*, and
 * entry by entry: the radii of an iteration grow exponentially with its length, and a method is run
 * at the precision that pays for it. equal, zero, finite: true when it is certain. */
#ifndef DELTA1_ARITHMETIC_H
#define DELTA1_ARITHMETIC_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

typedef struct delta1_arithmetic_struct delta1_arithmetic_t;

struct delta1_arithmetic_struct
{
  const char *name;
  bool is_complex;                 /* elements are complex numbers */
  bool encloses;                   /* elements are balls */
  const delta1_arithmetic_t *real; /* the arithmetic of the moduli: itself when it is real */
  /* `count` zeros; NULL when memory is out. bits: of every number (double has its own 53). */
  void *(*create) (slong count, slong bits);
  void (*free) (void *v, slong count); /* v may be NULL */
  void *(*at) (void *v, slong i);
  /* Real numbers in and out; of a complex element the real part is got, and the imaginary part set
   * to 0. */
  void (*set) (void *v, slong i, const arf_t x); /* rounded; may become infinite or 0 */
  void (*get) (arf_t x, const void *v, slong i); /* exact; of a ball the midpoint */
  /* Balls: v_i contains x, and x contains v_i. The others: the midpoint is rounded; x = v_i. */
  void (*set_ball) (void *v, slong i, const arb_t x);
  void (*get_ball) (arb_t x, const void *v, slong i);
  /* The same of complex numbers. Real arithmetics take the real part. */
  void (*set_complex) (void *v, slong i, const acb_t x);
  void (*get_complex) (acb_t x, const void *v, slong i);
  bool (*finite) (const void *v, slong count);
  bool (*zero) (const void *v, slong count);
  bool (*equal) (const void *v, const void *w, slong count);
  void (*copy) (void *z, const void *x, slong count);
  void (*clear) (void *z, slong count); /* z = 0 */
  /* z = x + a y; z may be x or y */
  void (*combine) (void *z, const void *x, const void *a, const void *y, slong count);
  /* z = a x; z may be x */
  void (*scale) (void *z, const void *a, const void *x, slong count);
  /* z_0 = <x, y> = sum x_i conj(y_i) */
  void (*inner) (void *z, const void *x, const void *y, slong count);
  /* *Certified* (double: mathematics.md, Lemma 6.8): ||x|| <= bound for every point of x; infinite
   * when x is not finite, and for some x above 2^500. */
  void (*bound) (mag_t bound, const void *x, slong count);
  /* z (m) = A x, A: m x N row-major; z is none of the inputs */
  void (*multiply) (void *z, const void *A, const void *x, slong m, slong N);
  /* z (N) = A* y, the conjugate transpose; z is none of the inputs */
  void (*multiply_transposed) (void *z, const void *A, const void *y, slong m, slong N);
  /* x_i = sign(x_i) max(|x_i| - threshold, 0), sign(z) = z/|z|; nonnegative (real arithmetics
   * only): x_i = max(x_i - threshold, 0). threshold >= 0. */
  void (*shrink) (void *x, const void *threshold, bool nonnegative, slong count);
  /* x_i = sign(x_i) max(|x_i| - threshold_i, 0); threshold: a vector of `real` */
  void (*shrink_each) (void *x, const void *threshold, slong count);
  /* z = the nearest point to x in the Euclidean ball of that radius around 0; z may be x */
  void (*project) (void *z, const void *x, const void *radius, slong count);
  /* The two halves of a primal-dual step, each one pass over memory.
   *   primal: p = soft(x - tau g, threshold) as shrink_each; g = 2p - x; sum = sum + p; x = p.
   *   dual: v = the projection, as project, of (v + sigma z) - sigma y.
   * No two vectors are the same. */
  void (*primal) (void *x, void *g, void *sum, const void *tau, const void *threshold, slong count);
  void (*dual) (void *v, const void *z, const void *y, const void *sigma, const void *radius,
                slong count);
};

extern const delta1_arithmetic_t delta1_arithmetic_double;
extern const delta1_arithmetic_t delta1_arithmetic_mpfr;
extern const delta1_arithmetic_t delta1_arithmetic_ball;
extern const delta1_arithmetic_t delta1_arithmetic_complex_double;
extern const delta1_arithmetic_t delta1_arithmetic_complex_ball;

/* double and complex double add the squares of `count` elements with at most this many roundings on
 * the way of each (mathematics.md, Lemma 6.8): the k of its statement. */
slong delta1_arithmetic_square_roundings (slong count);

/* What the rounding bounds of double assume of the machine, tried on it and in every thread that
 * OpenMP gives: operations on double are rounded to double and to nearest, and neither results nor
 * operands below the normal numbers are flushed to zero. SYSTEM with what is amiss otherwise. */
DELTA1_MUST_USE delta1_status_t delta1_rounding_environment (delta1_reason_t *reason);

#endif
