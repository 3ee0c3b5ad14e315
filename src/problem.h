/* problem: the five optimisation problems and the solution sets delta1 can name exactly.
 *
 * mathematics.md, Section 2. Xi(A, y) is the set of minimisers of
 *   qcbp     ||x||_1                       subject to ||Ax - y|| <= epsilon
 *   lasso    lambda ||x||_1 + ||Ax - y||^2
 *   srlasso  lambda ||x||_1 + ||Ax - y||
 *   bp       ||x||_1                       subject to Ax = y
 *   lp       sum x_i                       subject to Ax = y, x >= 0 */
#ifndef DELTA1_PROBLEM_H
#define DELTA1_PROBLEM_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

typedef enum
{
  DELTA1_SRLASSO = 0,
  DELTA1_LASSO,
  DELTA1_QCBP,
  DELTA1_BP,
  DELTA1_LP
} delta1_problem_t;

#define DELTA1_PROBLEM_COUNT 5

/* "srlasso", "lasso", ...; static storage. */
const char *delta1_problem_name (delta1_problem_t problem);

/* INPUT, with the list of names, when there is no such problem. */
DELTA1_MUST_USE delta1_status_t delta1_problem_parse (delta1_problem_t *problem, const char *name,
                                                      delta1_reason_t *reason);

/* "lambda", "epsilon", or NULL for the problems without a parameter (bp, lp). */
const char *delta1_problem_parameter (delta1_problem_t problem);

/* A scaled face of the simplex: { s sum_j theta_j e_j : theta_j >= 0, sum theta_j = 1, j in face }.
 * face: `size` distinct indices in [0, N). One minimiser is the case size = 1. */
typedef struct
{
  fmpq_t scale; /* s > 0 */
  slong size;
  const slong *face; /* not owned */
} delta1_face_t;

/* num/den = dist(x, face)^2 in the Euclidean norm, exactly; den > 0, not in lowest terms (a
 * greatest common divisor would cost more than everything else). x: N rationals. Method: projection
 * on the simplex by sorting, in integers over one common denominator. */
void delta1_face_distance_squared (fmpz_t num, fmpz_t den, const fmpq *x, slong N,
                                   const delta1_face_t *face);

/* Sign of num/den - 10^-2k, for num >= 0, den > 0: compares a distance with 10^-k, exactly. */
int delta1_distance_cmp_digits (const fmpz_t num, const fmpz_t den, slong k);

/* With d = sqrt(num/den) known up to radius >= 0: whether d + radius <= 10^-k; whether d - radius >
 * 10^-k. Both exact; with radius = 0 one is the negation of the other. */
bool delta1_distance_at_most (const fmpz_t num, const fmpz_t den, const fmpq_t radius, slong k);
bool delta1_distance_is_above (const fmpz_t num, const fmpz_t den, const fmpq_t radius, slong k);

/* Sign of num/den - bound^2 for a bound >= 0. */
int delta1_distance_cmp (const fmpz_t num, const fmpz_t den, const fmpq_t bound);

/* The largest D with sqrt(num/den) <= 10^-D, exactly; num > 0, den > 0. */
slong delta1_distance_digits (const fmpz_t num, const fmpz_t den);

#endif
