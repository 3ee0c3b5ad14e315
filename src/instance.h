/* instance: one optimisation problem with its data, as rationals known to some accuracy, and as
 * balls.
 *
 * Data are what the user has: exact rationals, each known up to a radius (0: exactly). An instance
 * is a box of balls that contains every input the data allow; what is proved about an instance
 * holds for each of these inputs.
 *
 * Weights w_j > 0 of ||x||_{1,w} = sum w_j |x_j| (mathematics.md, Section 2; lp: cost sum w_j x_j):
 * all 1; given rationals, known exactly; or the standard deviations of the columns,
 * w_j = sqrt (mean_i (A_ij - mean_j)^2), which are functions of A and move with it: the lasso of
 * standardised columns, written for the columns as they are. An intercept is one more column, of
 * ones, without weight (w = 0), known exactly: lasso and srlasso only. */
#ifndef DELTA1_INSTANCE_H
#define DELTA1_INSTANCE_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/problem.h"
#include "src/status.h"

typedef enum
{
  DELTA1_WEIGHTS_ONE = 0,
  DELTA1_WEIGHTS_GIVEN,
  DELTA1_WEIGHTS_DEVIATION /* the standard deviation of each column */
} delta1_weights_t;

/* Every true entry x of A satisfies |x - A_ij| <= matrix_radius, every true entry of y is within
 * data_radius; all other numbers are exact. */
typedef struct
{
  delta1_problem_t problem;
  slong m, N;           /* rows, columns without the intercept; >= 1 */
  fmpq *A;              /* m x N, row-major */
  fmpq *y;              /* m */
  fmpq_t matrix_radius; /* >= 0 */
  fmpq_t data_radius;   /* >= 0 */
  fmpq_t parameter;     /* lambda > 0 (lasso, srlasso), epsilon > 0 (qcbp); 0 for bp, lp */
  delta1_weights_t weights;
  fmpq *weight; /* N numbers > 0 with DELTA1_WEIGHTS_GIVEN; else NULL */
  bool intercept;
} delta1_data_t;

/* All entries 0, radii 0, parameter 0, weights 1. SYSTEM: memory. INPUT: m or N < 1, or m N above
 * 2^28. Cleared also when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_data_init (delta1_data_t *data, delta1_problem_t problem,
                                                  slong m, slong N, delta1_reason_t *reason);
void delta1_data_clear (delta1_data_t *data);

/* A copy, initialised here. */
DELTA1_MUST_USE delta1_status_t delta1_data_init_copy (delta1_data_t *copy,
                                                       const delta1_data_t *data,
                                                       delta1_reason_t *reason);

/* Room for given weights, all 1. */
void delta1_data_give_weights (delta1_data_t *data);

/* OK, or INPUT: a parameter <= 0 (or not 0 for bp and lp), a negative radius, a weight <= 0, an
 * intercept or deviation weights with a problem that has none. */
DELTA1_MUST_USE delta1_status_t delta1_data_check (const delta1_data_t *data,
                                                   delta1_reason_t *reason);

/* Whether both radii are 0. */
bool delta1_data_exact (const delta1_data_t *data);

/* The matrix in doubles with bounds of what that loses (Theorem 4.8): every A in the box has
 * ||A_j - middle_j|| <= error[j] and ||middle_j|| <= norm[j], Euclidean, for each column j. An
 * error may be infinite (an entry that is no finite double has middle 0). */
typedef struct
{
  double *middle; /* column-major, m x N */
  double *error;  /* N */
  double *norm;   /* N */
} delta1_doubles_t;

/* The box of balls. */
typedef struct
{
  delta1_problem_t problem;
  slong m, N;     /* N counts the intercept, which is the last column */
  bool intercept; /* w_{N-1} = 0 and column N-1 is 1, ..., 1 */
  slong prec;     /* the working precision its numbers were made for, in bits */
  arb_ptr A;      /* column-major: A_ij at i + j m */
  arb_ptr y;      /* m */
  arb_ptr w;      /* N */
  arb_t parameter;
  delta1_doubles_t
      *doubles; /* NULL until delta1_instance_make_doubles; dropped when data are set */
} delta1_instance_t;

/* Zeros, and w = 1. N counts the intercept. SYSTEM: memory; cleared also when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_instance_init (delta1_instance_t *instance,
                                                      delta1_problem_t problem, slong m, slong N,
                                                      delta1_reason_t *reason);
void delta1_instance_clear (delta1_instance_t *instance);

/* Before the numbers of an instance are set by hand: what was derived from others is dropped. */
void delta1_instance_prepare (delta1_instance_t *instance, slong prec);

/* The balls that contain what the data allow, rationals rounded at prec bits. The instance was
 * initialised with the problem, m, and N + (intercept ? 1 : 0) columns. */
void delta1_instance_set_data (delta1_instance_t *instance, const delta1_data_t *data, slong prec);

/* Makes instance->doubles, when it is not there. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_instance_make_doubles (delta1_instance_t *instance,
                                                              delta1_reason_t *reason);

/* Computes w_j from the balls of A (DELTA1_WEIGHTS_DEVIATION). */
void delta1_instance_set_deviations (delta1_instance_t *instance, slong prec);

#endif
