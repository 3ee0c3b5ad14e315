/* random_instance: a small random problem with a network of valid steps, the same in every
 * arithmetic: all numbers are dyadic with few bits. */
#ifndef DELTA1_RANDOM_INSTANCE_H
#define DELTA1_RANDOM_INSTANCE_H

#include "firenet/restart.h"
#include "tests/testing.h"

typedef struct
{
  slong m, N;
  acb_ptr A; /* m x N */
  acb_ptr y; /* m */
  arb_ptr weights;
  delta1_restart_t network; /* tau != sigma, its weights are those above */
} instance_t;

/* Real or complex; p = inner, n = restarts. tau sigma ||A||^2 in about [0.5, 0.95]. */
void instance_init (instance_t *instance, slong m, slong N, bool is_complex, slong inner,
                    slong restarts);
void instance_clear (instance_t *instance);

/* The operator and the datum in an arithmetic (complex when the instance is). */
delta1_operator_t *instance_operator (const instance_t *instance, const delta1_arithmetic_t *use,
                                      slong bits);
void *instance_vector (const delta1_arithmetic_t *use, slong bits, acb_srcptr v, slong count);

/* Adds random numbers of that size to y, dyadic and few bits. */
void instance_move (acb_ptr y, const instance_t *instance, double size, bool is_complex);

#endif
