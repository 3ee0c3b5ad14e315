/* small_run: a network of few coefficients that was run on random data, with a dual point and all
 * that a certificate of it is written from. */
#ifndef DELTA1_SMALL_RUN_H
#define DELTA1_SMALL_RUN_H

#include "firenet/reconstruction.h"
#include "tests/testing.h"

typedef struct
{
  const delta1_arithmetic_t *use;
  slong m, N;
  void *matrix;
  delta1_sampled_t sampled;
  slong *mask;
  delta1_operator_t *A;
  delta1_restart_t network;
  arb_ptr weights;
  void *y, *x;
  delta1_point_t point;
  delta1_rounding_record_t *rounding;
} small_run_t;

/* A random dense m x N matrix. */
void small_run_init (small_run_t *run, bool complex, slong m, slong N, slong inner, slong restarts);

/* side x side samples; the mask holds about half of the places. */
void small_run_init_sampled (small_run_t *run, bool complex, slong side, slong inner,
                             slong restarts);

void small_run_clear (small_run_t *run);

/* What is handed to the certificate; shares all. */
delta1_reconstruction_t small_run_all (const small_run_t *run);

#endif
