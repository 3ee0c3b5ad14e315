/* coarse_system: a small system with a bad approximate inverse, and what is exactly true of it. */
#ifndef DELTA1_COARSE_SYSTEM_H
#define DELTA1_COARSE_SYSTEM_H

#include "src/enclosure_private.h"
#include "tests/testing.h"

#define COARSE_REFERENCE_PREC 400

/* A box of m x s matrices and right-hand sides, with a coarse inverse R. */
typedef struct
{
  slong m, s;
  fmpq_mat_t M, R, c, d; /* midpoints: m x s, s x s, m x 1, s x 1 */
  fmpq_t radius;         /* of every entry of A and c; d is exact */
  delta1_instance_t instance;
  delta1_block_t block;
  arb_mat_t inverse;
} coarse_system_t;

/* theta = permille/1000; the radius is 2^-exponent, or 0 where the exponent is 0. */
void coarse_system_init (coarse_system_t *system, slong m, slong s, bool square, slong permille,
                         slong exponent);

void coarse_system_clear (coarse_system_t *system);

/* R, rounded to exact numbers, becomes the inverse of the block. */
void coarse_system_take_inverse (coarse_system_t *system);

/* bound[i] >= sum_k (|I - R A|)_ik over the box: |I - R M| + |R| radius. by_column: of I - A R. */
void coarse_system_bound_rows (mag_ptr bound, mag_t most, const coarse_system_t *system,
                               bool by_column);

/* Gram = A^T A. */
void coarse_gram (fmpq_mat_t G, fmpq_mat_t T, const fmpq_mat_t A);

/* The numbers of Theorem 4.9 (ii) for the coarse inverse; false: they prove nothing. */
bool coarse_system_measure (coarse_system_t *system);

/* A matrix of the box: the midpoints (corner 0), or each entry moved by its radius, up or down. */
void coarse_choose (fmpq_mat_t to, const fmpq_mat_t from, const fmpq_t radius, int corner);

#endif
