/* operator: an m x N matrix A that is known by what it does: one table for every kind.
 *
 * An operator lives in one arithmetic of firenet/arithmetic.h, real or complex: forward and adjoint
 * act on vectors of it. The same matrix may be made in several.
 *
 * Every operator passes the law suite of tests/firenet: adjointness <Ax, y> = <x, A* y>, linearity,
 * ||Ax|| <= ||A|| ||x|| with the norm below, and the rounding bound. */
#ifndef DELTA1_OPERATOR_H
#define DELTA1_OPERATOR_H

#include "firenet/arithmetic.h"

typedef struct delta1_operator_struct delta1_operator_t;

typedef enum
{
  DELTA1_FORWARD = 0,
  DELTA1_ADJOINT = 1
} delta1_direction_t;

typedef struct
{
  const char *name;
  void (*forward) (const delta1_operator_t *A, void *z,
                   const void *x); /* z (m) = A x, z is not x */
  void (*adjoint) (const delta1_operator_t *A, void *z, const void *y); /* z (N) = A* y */
  void (*free) (delta1_operator_t *A);                                  /* the context */
  /* NULL, all three, or an order of the m measurements in which long runs are faster: z = P y, or
   * back z = P^T y, z is not y; z = P A x; z = A* P^T y. The numbers are those of forward and
   * adjoint, bit for bit. */
  void (*arrange) (const delta1_operator_t *A, void *z, const void *y, bool back);
  void (*forward_arranged) (const delta1_operator_t *A, void *z, const void *x);
  void (*adjoint_arranged) (const delta1_operator_t *A, void *z, const void *y);
} delta1_operator_table_t;

struct delta1_operator_struct
{
  const delta1_operator_table_t *table;
  const delta1_arithmetic_t *use;
  slong bits; /* of the arithmetic; without meaning for double */
  slong m, N;
  arb_t norm; /* *certified*: contains ||A||, the largest singular value; for balls, of every matrix
                 in them */
  /* *Certified* (mathematics.md, 6.4), for double and complex double: what forward and adjoint
   * compute, fl(Ax), has ||fl(Ax) - Ax|| <= relative[direction] ||x|| + absolute[direction] for
   * every x with ||x|| <= 2^500 for which it is finite, if delta1_rounding_environment finds
   * nothing amiss. A is what the arithmetic holds (entries are rounded before). Balls: 0, they
   * carry their own; infinite where none is known (MPFR). */
  mag_t relative[2], absolute[2];
  void *context;
};

/* A dense matrix: entries are put into the arithmetic (`bits` each, as for create there) with
 * set_complex: balls contain them, double and MPFR round their midpoints, and the operator is then
 * the rounded matrix. entries: m x N, row-major. INPUT: m or N < 1, an entry that is not finite,
 * also after rounding, or not real in a real arithmetic. SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_operator_create_complex (delta1_operator_t **A,
                                                                const delta1_arithmetic_t *use,
                                                                slong bits, acb_srcptr entries,
                                                                slong m, slong N,
                                                                delta1_reason_t *reason);

/* The same from real balls, from rationals and from doubles. */
DELTA1_MUST_USE delta1_status_t delta1_operator_create_dense (delta1_operator_t **A,
                                                              const delta1_arithmetic_t *use,
                                                              slong bits, arb_srcptr entries,
                                                              slong m, slong N,
                                                              delta1_reason_t *reason);

DELTA1_MUST_USE delta1_status_t delta1_operator_create_rational (delta1_operator_t **A,
                                                                 const delta1_arithmetic_t *use,
                                                                 slong bits,
                                                                 const fmpq_mat_t entries,
                                                                 delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_operator_create_double (delta1_operator_t **A,
                                                               const delta1_arithmetic_t *use,
                                                               slong bits, const double *entries,
                                                               slong m, slong N,
                                                               delta1_reason_t *reason);

void delta1_operator_free (delta1_operator_t *A); /* NULL allowed */

/* For those who write a kind of operator: with this table and context, its norm 0 and its rounding
 * bounds 0 (balls) or infinite. NULL when memory is out (the context stays the caller's). */
delta1_operator_t *delta1_operator_allocate (const delta1_operator_table_t *table,
                                             const delta1_arithmetic_t *use, slong bits, slong m,
                                             slong N, void *context);

static inline void
delta1_operator_forward (const delta1_operator_t *A, void *z, const void *x)
{
  A->table->forward (A, z, x);
}

static inline void
delta1_operator_adjoint (const delta1_operator_t *A, void *z, const void *y)
{
  A->table->adjoint (A, z, y);
}

/* z = P y with the P of the table, y of m elements, or back z = P^T y; z is not y. */
static inline void
delta1_operator_arrange (const delta1_operator_t *A, void *z, const void *y, bool back)
{
  if (A->table->arrange != NULL)
    A->table->arrange (A, z, y, back);
  else
    A->use->copy (z, y, A->m);
}

/* norm contains ||A||, for a real A given by balls (*certified*). With G the smaller of A A^T and
 * A^T A, l rows, q = 2^24: (tr G^q / l)^(1/q) <= ||A||^2 <= (tr G^q)^(1/q), by repeated squaring in
 * balls, to about 1e-7 relative, where l <= DELTA1_OPERATOR_SHARP. For larger ones the upper bound
 * is min(||A||_F, sqrt(||A||_1 ||A||_inf)), and the lower one a quotient ||A^T x||/||x||, x from a
 * few steps of the power method. */
#define DELTA1_OPERATOR_SHARP 48
void delta1_operator_dense_norm (arb_t norm, arb_srcptr entries, slong m, slong N);

/* The caller has a proof that `norm` contains ||A|| (an exactly known norm): it replaces the
 * enclosure. INPUT when the two have no point in common: one of them is wrong. */
DELTA1_MUST_USE delta1_status_t delta1_operator_set_norm (delta1_operator_t *A, const arb_t norm,
                                                          delta1_reason_t *reason);

#endif
