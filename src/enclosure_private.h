/* The linear algebra of enclosure.c: systems with a few columns of an instance, preconditioned by
 * an approximate inverse (mathematics.md, Theorem 4.9). */
#ifndef DELTA1_ENCLOSURE_PRIVATE_H
#define DELTA1_ENCLOSURE_PRIVATE_H

#include "src/enclosure.h"

/* Frees the vectors; size 0. */
void delta1_minimiser_release (delta1_minimiser_t *minimiser);

/* The chosen columns side by side, A (m x s), and what is known of an inverse R, exact numbers:
 * about (M^T M)^-1, symmetric, M the midpoint of A; when square, about A^-1. */
typedef struct
{
  slong m, s;
  bool square;
  slong prec; /* the accuracy wanted of solutions, relative, in bits */
  arb_ptr A;  /* column-major; shallow copies of the instance's balls */
  slong inverse_prec;
  const arb_mat_struct *R;
  mag_t contraction; /* below 1: regular for every A of the box (Theorem 4.9) */
  mag_ptr row;       /* s; square: bounds of the row sums of |I - R A| over the box */
  mag_ptr column;    /* s; square: of the column sums of |I - A R| */
  mag_t defect;      /* otherwise: >= the Frobenius norm of I - R M^T M */
  mag_t spread;      /* >= that of A - M over the box */
  mag_t size;        /* >= that of M */
  mag_t R_norm;      /* >= the spectral norm of R */
  slong weakest;     /* the place of the column that depends most on the others */
} delta1_block_t;

DELTA1_MUST_USE delta1_status_t delta1_block_init (delta1_block_t *block,
                                                   const delta1_instance_t *instance,
                                                   const slong *column, slong s, bool square,
                                                   delta1_reason_t *reason);
void delta1_block_clear (delta1_block_t *block);

/* Finds R and the bounds; true when they prove that every A of the box is injective. `inverse`
 * keeps R from one call to the next; it must outlive the block. */
bool delta1_block_invert (delta1_block_t *block, delta1_inverse_t *inverse,
                          const delta1_candidate_t *candidate);

/* sqrt(R_norm (1 + defect)) >= the spectral norm of R M^T. */
void delta1_block_pseudoinverse_norm (mag_t norm, const delta1_block_t *block);

/* Square: x (s balls) contains the solution of A x = c, or, transposed, of A^T x = c, for every A
 * and c of the box; delta1_block_invert was true. */
void delta1_block_solve_square (arb_ptr x, const delta1_block_t *block, bool transposed,
                                arb_srcptr c);

/* Not square: for every A, c, d of the box, with r + A x = c, A^T r = -d: x (s balls) contains the
 * solution's x; r (m exact numbers) is within *spread of its r, in Euclidean norm. c, d may be NULL
 * (zero). delta1_block_invert was true. */
void delta1_block_solve_normal (arb_ptr x, arb_ptr r, mag_t spread, const delta1_block_t *block,
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
  mag_srcptr spread;  /* NULL, or the midpoints of p are within this of the vector that is meant, in
                         Euclidean norm, and its radii do not count */
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
