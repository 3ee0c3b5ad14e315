/* enclosure: a proof in balls that a candidate support is the right one, and where the minimiser is
 * (mathematics.md, Section 4, Lemmas 4.1 to 4.5 and Theorem 4.6).
 *
 * A candidate is a set B of columns with signs. What is proved holds for every input of the
 * instance: the minimiser is unique, it vanishes outside B, its entries lie in the enclosure. In
 * the lemmas of square systems (bp, lp, srlasso without residual) B has m columns, and entries of B
 * whose sign is not decided are allowed where Theorem 4.6 allows them; they then have sign 0. */
#ifndef DELTA1_ENCLOSURE_H
#define DELTA1_ENCLOSURE_H

#include "src/instance.h"

/* Which of the lemmas of mathematics.md, Section 4, speaks. */
typedef enum
{
  DELTA1_LEMMA_LASSO = 1, /* 4.1 */
  DELTA1_LEMMA_SRLASSO,   /* 4.2 */
  DELTA1_LEMMA_BASIS,     /* 4.3: srlasso with zero residual, bp */
  DELTA1_LEMMA_QCBP,      /* 4.4 */
  DELTA1_LEMMA_VERTEX     /* 4.5: lp */
} delta1_lemma_t;

/* What had to be separated from zero. The slack of a quantity is positive when the inequality
 * holds.
 */
typedef enum
{
  DELTA1_QUANTITY_NONE = 0,
  DELTA1_QUANTITY_SIGN,        /* sign_j x_j, j = column in the candidate support */
  DELTA1_QUANTITY_CORRELATION, /* w_j - |A_j^T (y - A x)|/kappa, j = column outside: its dual
                                  inequality (lp: the reduced cost) */
  DELTA1_QUANTITY_INJECTIVE,   /* 1 - ||I - R G||, G = A_B^T A_B (A_B), R about its inverse: columns
                                  of the candidate are, or may be, dependent; column = the one that
                                  depends most on the others */
  DELTA1_QUANTITY_RESIDUAL,    /* srlasso: ||y - A x||^2 of the least squares solution on B; qcbp:
                                  epsilon^2 - that */
  DELTA1_QUANTITY_SHRINKAGE,   /* srlasso: 1 - lambda^2 g^T G^-1 g; qcbp: g^T G^-1 g; basis: 1 -
                                  ||p||^2 */
  DELTA1_QUANTITY_RADIUS,      /* 10^-K - (radius of the enclosure): proved, but not to K digits */
  DELTA1_QUANTITY_CANDIDATE    /* no candidate was found to begin with (heuristic) */
} delta1_quantity_kind_t;

typedef struct
{
  delta1_quantity_kind_t kind;
  slong column; /* -1: no column */
  arb_t slack;  /* its enclosure over all inputs of the instance; may be infinite */
} delta1_quantity_t;

void delta1_quantity_init (delta1_quantity_t *quantity);
void delta1_quantity_clear (delta1_quantity_t *quantity);
void delta1_quantity_set (delta1_quantity_t *to, const delta1_quantity_t *from);

/* "sign of x", "dual inequality", ...; static storage. */
const char *delta1_quantity_name (delta1_quantity_kind_t kind);

/* One line: "the dual inequality of column 7 has slack [-0.01, 0.03]". name: the column's name or
 * NULL (then "column 7", counted from 0). The caller frees; NULL when memory is out. */
char *delta1_quantity_format (const delta1_quantity_t *quantity, const char *name);

typedef struct
{
  delta1_lemma_t lemma;
  slong size;
  slong room;
  slong *column; /* increasing */
  int *sign;     /* -1, 1; 0 for the intercept */
} delta1_candidate_t;

/* Room for `room` columns; size 0. SYSTEM: memory; cleared also when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_candidate_init (delta1_candidate_t *candidate, slong room,
                                                       delta1_reason_t *reason);
void delta1_candidate_clear (delta1_candidate_t *candidate);

/* What was proved. */
typedef struct
{
  delta1_lemma_t lemma;
  slong m, size;
  slong *column;    /* B, increasing */
  int *sign;        /* the proved sign of x_j: -1, 1; 0: not decided (x_j contains 0), and the
                       intercept */
  arb_ptr x;        /* size: encloses the minimiser on B; it is 0 elsewhere */
  arb_ptr dual;     /* m: lasso, qcbp, srlasso: y - A x; basis, vertex: p with A_B^T p = w sgn */
  arb_t multiplier; /* kappa with A_B^T (y - A x) = kappa w sgn (lasso: lambda/2); basis,
                       vertex: 0 */
  arb_t radius;     /* >= the Euclidean norm of the radii of x: an upper bound, radius 0 */
  delta1_quantity_t sign_least;    /* the least sign_j x_j, with sign_j decided */
  delta1_quantity_t outside_least; /* the least slack outside B, as certified */
} delta1_minimiser_t;

void delta1_minimiser_init (delta1_minimiser_t *minimiser);
void delta1_minimiser_clear (delta1_minimiser_t *minimiser);
void delta1_minimiser_swap (delta1_minimiser_t *a, delta1_minimiser_t *b);

/* What can be kept when the same candidate is tried at a higher precision: an approximate inverse.
 * NULL is allowed wherever one is taken. */
typedef struct delta1_inverse_struct delta1_inverse_t;
delta1_inverse_t *delta1_inverse_create (void); /* NULL: memory */
void delta1_inverse_free (delta1_inverse_t *inverse);

/* Proves the candidate for every input of the instance; x is refined to about instance->prec bits
 * (the radii of the data remain). Where instance->doubles is there, most dual inequalities are
 * decided by products of doubles with a rounding bound (Theorem 4.8).
 * OK: proved. UNDECIDED: `open` names what was not separated, with its enclosure; reason has the
 * line; the minimiser then holds what was computed, for delta1_candidate_exchange only (size 0 when
 * nothing was). INPUT: the candidate does not fit. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_enclosure_prove (
    delta1_minimiser_t *minimiser, delta1_quantity_t *open, const delta1_instance_t *instance,
    const delta1_candidate_t *candidate, delta1_inverse_t *inverse, delta1_reason_t *reason);

#endif
