/* rounding_problem: random networks and data for the tests of firenet/rounding.h. */
#ifndef DELTA1_ROUNDING_PROBLEM_H
#define DELTA1_ROUNDING_PROBLEM_H

#include "firenet/rounding.h"
#include "firenet/sampled.h"

/* Of the constants, and of the balls that are taken for the truth. */
#define BITS 2000

typedef struct
{
  bool complex;
  slong m, N;
  acb_ptr entries, y; /* exact doubles; entries NULL: sampled */
  delta1_sampled_t sampled;
  slong *mask;
  arb_ptr weights;
  delta1_restart_t network;
} problem_t;

typedef struct
{
  delta1_operator_t *A;
  void *x, *y;
} run_t;

/* Dense or sampled; of a dense one all numbers of matrix and datum are about 2^scale, 2^data. */
void problem_init (problem_t *p, bool complex, bool sampled, slong scale, slong data);
void problem_clear (problem_t *p);

void run_init (run_t *run, const problem_t *p, const delta1_arithmetic_t *use, slong bits);
void run_clear (run_t *run);

#endif
