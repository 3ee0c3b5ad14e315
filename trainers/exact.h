/* exact: solvers that make no rounding error, on integers: homotopy (lasso) and simplex (linear
 * programs).
 *
 * Both move from basis to basis by integer-preserving pivots (Edmonds; Bareiss): every number is a
 * minor of the input, divisions have no remainder, and nothing is ever rounded. On what they are
 * given they are right, always; what they are given is an approximation (mathematics.md, Theorem
 * 3.2), and on the tie family that is why they lose. */
#ifndef DELTA1_EXACT_H
#define DELTA1_EXACT_H

#include <flint/fmpz_mat.h>

#include "trainers/deadline.h"
#include "trainers/reading.h"

/* The equations  den x_basic[i] + sum_j entry[i][j] x_outside[j] = entry[i][columns],  i < rows, in
 * the variables 0, 1, ..., rows + columns - 1, each of them in `basic` or `outside`; den > 0. The
 * solution of the dictionary is the one with x_outside = 0. */
typedef struct
{
  slong rows, columns;
  fmpz_mat_t entry; /* rows x (columns + 1) */
  fmpz_t den;
  slong *basic;   /* rows */
  slong *outside; /* columns */
} delta1_dictionary_t;

/* Zeros, den = 1; the variables outside are 0 .. columns - 1, the basic ones follow. The numbers
 * that are put in are to be integers. Cleared also when it failed. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_dictionary_init (delta1_dictionary_t *dictionary, slong rows,
                                                        slong columns, delta1_reason_t *reason);
void delta1_dictionary_clear (delta1_dictionary_t *dictionary);

/* Exchanges basic[row] and outside[column]; entry[row][column] is not 0. BUDGET: the time; the
 * dictionary is then of no further use. */
DELTA1_MUST_USE delta1_status_t delta1_dictionary_pivot (delta1_dictionary_t *dictionary, slong row,
                                                         slong column,
                                                         const delta1_deadline_t *deadline,
                                                         slong pivot, delta1_reason_t *reason);

/* Sign of entry[i][column]/entry[i][ratio] - entry[k][column]/entry[k][ratio], for entries > 0 in
 * column `ratio`. */
int delta1_dictionary_compare (const delta1_dictionary_t *dictionary, slong i, slong k,
                               slong column, slong ratio);

/* x = num/den (N; den > 0) minimises  2 kappa ||x||_1 + ||Ax - y||^2,  kappa > 0, A: m x N, y: m.
 *
 * The homotopy: the path of minimisers from kappa = max |A^T y|, where it is 0, down to the given
 * one, followed breakpoint by breakpoint. It is Lemke's method with the covering vector (1, ..., 1)
 * for x = u - v in the complementarity problem w = M z + q, z = (u, v) >= 0, w >= 0, z^T w = 0, M =
 * [G, -G; -G, G], G = A^T A, q = kappa -+ A^T y: its artificial variable is what the path has above
 * kappa. M is positive semidefinite and the problem has a solution (the lasso has minimisers), so
 * the path does not end in a ray; it ends at a solution (Cottle, Pang, Stone, The Linear
 * Complementarity Problem, Theorem 4.4.4 and Section 4.5).
 *
 * Ties are resolved as if kappa were larger by eps, eps^2, ... for v_N, u_N, ..., v_1, u_1, eps > 0
 * infinitely small (the lexicographic rule; of columns that enter together the first does): then
 * no basis returns, so it always terminates. Where the minimiser is not unique, on the tie, the
 * first of the tied columns gets everything.
 *
 * BUDGET: the time. SYSTEM: memory, about 4 N^2 integers. */
DELTA1_MUST_USE delta1_status_t delta1_homotopy (fmpz *num, fmpz_t den, const fmpz_mat_t A,
                                                 const fmpz *y, const fmpq_t kappa,
                                                 const delta1_deadline_t *deadline,
                                                 delta1_reason_t *reason);

/* x = num/den (N; den > 0) minimises <cost, x> subject to Ax = y, x >= 0, A: m x N, y: m, and is a
 * vertex. Two phases with Bland's rule (the lowest index enters; of the rows with the least ratio
 * the lowest index leaves), which visits no basis twice, so it always terminates.
 *
 * FAILED, with the reason: infeasible, unbounded. BUDGET: the time. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_simplex (fmpz *num, fmpz_t den, const fmpz_mat_t A,
                                                const fmpz *y, const fmpz *cost,
                                                const delta1_deadline_t *deadline,
                                                delta1_reason_t *reason);

/* --- from and to training samples ---------------------------------------------------------------
 */

/* A sample as integers: A = matrix 2^-matrix_shift, y_k = row k of data 2^-data_shift, with the
 * least shifts, so that what reads as a small number stays one. */
typedef struct
{
  fmpz_mat_t matrix; /* m x N */
  fmpz_mat_t data;   /* R x m */
  slong matrix_shift, data_shift;
} delta1_integers_t;

void delta1_integers_init (delta1_integers_t *integers, const delta1_sample_t *sample);
void delta1_integers_clear (delta1_integers_t *integers);

/* x = num 2^shift / den, the exact quotient rounded to relative error 2^-(n+63), n the precision
 * read: far below what any reading could show. */
void delta1_exact_store (arb_t x, const fmpz_t num, const fmpz_t den, slong shift, slong n);

#endif
