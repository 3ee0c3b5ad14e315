/* training_data: how the entries of an input (A, {y_1 .. y_R}) are numbered.
 *
 * Entry i*N + j is A_ij (A: m x N, row-major), entry m*N + k*m + i is (y_k)_i; indices from 0.
 * Training sample number n is all entries to precision n (mathematics.md, Section 1). */
#ifndef DELTA1_TRAINING_DATA_H
#define DELTA1_TRAINING_DATA_H

#include "oracles/oracle.h"

typedef struct
{
  slong m; /* rows */
  slong N; /* columns of A as an algorithm sees it */
  slong R; /* data points */
} delta1_shape_t;

slong delta1_shape_count (const delta1_shape_t *shape);
slong delta1_shape_matrix_entry (const delta1_shape_t *shape, slong i, slong j);
slong delta1_shape_data_entry (const delta1_shape_t *shape, slong k, slong i);

typedef struct
{
  bool data; /* false: A_ij with i = row, j = column; true: (y_k)_i with k = row, i = column */
  slong row;
  slong column;
} delta1_place_t;

delta1_place_t delta1_shape_place (const delta1_shape_t *shape, slong entry);

/* One training sample: A (m x N) and Y (R x m) as the dyadics answered at precision n. */
DELTA1_MUST_USE delta1_status_t delta1_training_sample (fmpq_mat_t A, fmpq_mat_t Y,
                                                        delta1_oracle_t *oracle,
                                                        const delta1_shape_t *shape, slong n,
                                                        delta1_reason_t *reason);

#endif
