/* arithmetic: the few vector operations first-order methods are made of, in double, in MPFR at a
 * fixed precision, or in Arb balls. A method is written once, over the table.
 *
 * A vector is an opaque block of `count` numbers; an element is addressed by `at`, and a scalar is
 * the address of an element. Results go to vectors (what `create` gave), not to elements of them.
 *
 * double, MPFR: every operation is rounded to nearest. Both do the same operations in the same
 * order, so that MPFR at 53 bits repeats double wherever double neither over- nor underflows (and
 * the compiler fuses no multiplication with an addition). *Heuristic*: nothing is said of the sum
 * of the rounding errors.
 *
 * ball: every result contains the exact result for all points of the operands. *Certified*, and
 * entry by entry: the radii of an iteration grow exponentially with its length, and a method is run
 * at the precision that pays for it. equal, zero, finite: true when it is certain. */
#ifndef DELTA1_ARITHMETIC_H
#define DELTA1_ARITHMETIC_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

typedef struct
{
  const char *name;
  /* `count` zeros; NULL when memory is out. bits: of every number (double has its own 53). */
  void *(*create) (slong count, slong bits);
  void (*free) (void *v, slong count); /* v may be NULL */
  void *(*at) (void *v, slong i);
  void (*set) (void *v, slong i, const arf_t x); /* rounded; may become infinite or 0 */
  void (*get) (arf_t x, const void *v, slong i); /* exact; of a ball the midpoint */
  /* Balls: v_i contains x, and x contains v_i. The others: the midpoint is rounded; x = v_i. */
  void (*set_ball) (void *v, slong i, const arb_t x);
  void (*get_ball) (arb_t x, const void *v, slong i);
  bool (*finite) (const void *v, slong count);
  bool (*zero) (const void *v, slong count);
  bool (*equal) (const void *v, const void *w, slong count);
  void (*copy) (void *z, const void *x, slong count);
  /* z = x + a y; z may be x or y */
  void (*combine) (void *z, const void *x, const void *a, const void *y, slong count);
  /* z (m) = A x, A: m x N row-major; z is none of the inputs */
  void (*multiply) (void *z, const void *A, const void *x, slong m, slong N);
  /* z (N) = A^T y; z is none of the inputs */
  void (*multiply_transposed) (void *z, const void *A, const void *y, slong m, slong N);
  /* x_i = sign(x_i) max(|x_i| - threshold, 0); nonnegative: x_i = max(x_i - threshold, 0) */
  void (*shrink) (void *x, const void *threshold, bool nonnegative, slong count);
  /* x_i = sign(x_i) max(|x_i| - threshold_i, 0) */
  void (*shrink_each) (void *x, const void *threshold, slong count);
  /* z = the nearest point to x in the Euclidean ball of that radius around 0; z may be x */
  void (*project) (void *z, const void *x, const void *radius, slong count);
} delta1_arithmetic_t;

extern const delta1_arithmetic_t delta1_arithmetic_double;
extern const delta1_arithmetic_t delta1_arithmetic_mpfr;
extern const delta1_arithmetic_t delta1_arithmetic_ball;

#endif
