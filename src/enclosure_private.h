/* The linear algebra of enclosure.c: systems with a few columns of an instance, preconditioned by
 * an approximate inverse (mathematics.md, Theorem 4.9). */
#ifndef DELTA1_ENCLOSURE_PRIVATE_H
#define DELTA1_ENCLOSURE_PRIVATE_H

#include "src/enclosure.h"

/* The chosen columns side by side, and what is known of the inverse. G is A^T A (s x s), or, when
 * square, A itself (m = s). */
typedef struct
{
  slong m, s;
  bool square;
  slong prec; /* the accuracy wanted of solutions, relative, in bits */
  arb_ptr A;  /* column-major m x s; shallow copies of the instance's balls */
  slong inverse_prec;
  const arb_mat_struct *R; /* about G^-1, exact numbers */
  mag_ptr row;             /* s: bounds of the row sums of |I - R G| over the box */
  mag_ptr column;          /* s, square only: those of the column sums of |I - G R| */
  mag_t row_most, column_most;
} delta1_block_t;

/* Which system: G x = A^T c + d, A x = c, A^T x = d; c and d may be NULL (zero). */
typedef enum
{
  DELTA1_SYSTEM_NORMAL,
  DELTA1_SYSTEM_SQUARE,
  DELTA1_SYSTEM_TRANSPOSED
} delta1_system_t;

DELTA1_MUST_USE delta1_status_t delta1_block_init (delta1_block_t *block,
                                                   const delta1_instance_t *instance,
                                                   const slong *column, slong s, bool square,
                                                   delta1_reason_t *reason);
void delta1_block_clear (delta1_block_t *block);

/* Finds R and the bounds; true when they prove that every G of the box is regular. `inverse` keeps
 * R from one call to the next; it must outlive the block. */
bool delta1_block_invert (delta1_block_t *block, delta1_inverse_t *inverse,
                          const delta1_candidate_t *candidate, slong least_prec);

/* x (s balls) contains the solution for every A, c, d of the box; delta1_block_invert was true. */
void delta1_block_solve (arb_ptr x, const delta1_block_t *block, delta1_system_t system,
                         arb_srcptr c, arb_srcptr d);

/* r = c - A x (m balls); c may be NULL. r is not x or c. */
void delta1_block_residual (arb_ptr r, const delta1_block_t *block, arb_srcptr c, arb_srcptr x,
                            slong prec);

/* The inequalities outside the candidate (enclosure_outside.c). The slack of column i is
 * w_i - |A_i^T p|/kappa - sum_k |A_i^T P_k| u_k  (lp: A_i^T p in place of the modulus). */
typedef struct
{
  const bool *inside; /* N */
  arb_srcptr p;       /* m */
  arb_srcptr kappa;   /* > 0, or NULL: 1 */
  slong extra;        /* number of P_k */
  arb_srcptr P;       /* m x extra, column-major */
  arb_srcptr u;       /* extra weights */
  slong prec;
} delta1_outside_t;

/* TRUE: every slack is positive on the box; `least` is one of the smallest. Otherwise `least` is
 * the slack with the smallest midpoint of those that are not certainly positive. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_outside_check (bool *held, delta1_quantity_t *least,
                                                      const delta1_instance_t *instance,
                                                      const delta1_outside_t *outside,
                                                      delta1_reason_t *reason);

#endif
