/* network_gradient: reverse mode over the network class, in doubles and at any MPFR precision.
 *
 * The parameters of a network as one flat vector: layer after layer W_j (row-major), R_j if present
 * (row-major), c_j if present, then the thresholds of its SOFT and SHRINK_GATE entries in order.
 *
 * At a kink the derivative is that of the closed inactive side, 0: ReLU'(0) = 0, |.|'(0) = 0, of
 * max(z - t, 0) at z = t 0, f'(1) = 0 for BALL_GATE, and at z = t^2 0 for SHRINK_GATE.
 *
 * Heuristic: nothing is certified. Deterministic: the order of the operations depends on the shapes
 * only, so equal arguments give equal bits. */
#ifndef DELTA1_NETWORK_GRADIENT_H
#define DELTA1_NETWORK_GRADIENT_H

#include "src/network.h"

slong delta1_parameters_count (const delta1_network_t *network);

/* Nearest doubles / rounded to the precision of the numbers of p. */
void delta1_parameters_get (double *p, const delta1_network_t *network);
void delta1_parameters_get_mpfr (mpfr_ptr p, const delta1_network_t *network);

/* The network gets exactly the numbers of p. INPUT, and no change, when one is not finite, or is a
 * SHRINK_GATE threshold that is not above 0. */
DELTA1_MUST_USE delta1_status_t delta1_parameters_set (delta1_network_t *network, const double *p,
                                                       delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_parameters_set_mpfr (delta1_network_t *network,
                                                            mpfr_srcptr p, delta1_reason_t *reason);

/* Tied parameters: parameter i of the network is number map[i] of a shorter vector of `slots`
 * numbers. expand: full[i] = shared[map[i]]; reduce: shared[s] = sum of full[i] with map[i] = s, in
 * increasing i, which is the gradient with respect to the shared vector. */
void delta1_parameters_expand (double *full, const double *shared, const slong *map, slong count);
void delta1_parameters_reduce (double *shared, slong slots, const double *full, const slong *map,
                               slong count);

/* Work space for the shape and the units of one network, whose weights it does not use. */
typedef struct delta1_gradient_struct delta1_gradient_t;
DELTA1_MUST_USE delta1_status_t delta1_gradient_create (delta1_gradient_t **gradient,
                                                        const delta1_network_t *network,
                                                        delta1_reason_t *reason);
void delta1_gradient_free (delta1_gradient_t *gradient); /* NULL allowed */

/* A loss that is a sum over samples. outputs, upstream: count x n_T, row-major, of the samples
 * first, ..., first + count - 1; writes the derivative of the loss by the outputs to upstream and
 * returns their part of the loss. Samples come in increasing order, in blocks. */
typedef double (*delta1_loss_t) (double *upstream, const double *outputs, slong first, slong count,
                                 void *context);

typedef struct
{
  const double *parameters; /* as in delta1_parameters_get */
  const double *inputs;     /* size x m, row-major */
  slong size;               /* number of samples, >= 0 */
  delta1_loss_t loss;
  void *context;
} delta1_batch_t;

/* *loss = the loss of the batch; d_parameters (parameters_count numbers) and d_inputs (size x m)
 * its derivatives, each may be NULL. No aliasing. */
void delta1_gradient_run (double *loss, double *d_parameters, double *d_inputs,
                          delta1_gradient_t *gradient, const delta1_batch_t *batch);

/* scale * sum over samples ||output - target||^2; the context of delta1_loss_squared. */
typedef struct
{
  const double *targets; /* size x n_T, row-major */
  slong outputs;         /* n_T */
  double scale;
} delta1_squared_t;

double delta1_loss_squared (double *upstream, const double *outputs, slong first, slong count,
                            void *context);

/* The same with every operation rounded to nearest at `precision` bits, one sample after another;
 * sums in increasing order of index: W, then R, then c. The loss of one sample: upstream and
 * outputs have n_T numbers; it adds to *loss. */
typedef void (*delta1_loss_mpfr_t) (mpfr_ptr loss, mpfr_ptr upstream, mpfr_srcptr outputs,
                                    slong sample, void *context);

typedef struct
{
  mpfr_srcptr parameters, inputs;
  slong size;
  delta1_loss_mpfr_t loss;
  void *context;
} delta1_batch_mpfr_t;

/* scale * sum over samples ||output - target||^2, rounded to the precision of the upstream numbers
 * at every operation; the context of delta1_loss_squared_mpfr. */
typedef struct
{
  mpfr_srcptr targets; /* size x n_T, row-major */
  slong outputs;       /* n_T */
  mpfr_srcptr scale;
} delta1_squared_mpfr_t;

void delta1_loss_squared_mpfr (mpfr_ptr loss, mpfr_ptr upstream, mpfr_srcptr outputs, slong sample,
                               void *context);

/* d_parameters, d_inputs: NULL allowed; their numbers have any precision. SYSTEM: out of memory. */
DELTA1_MUST_USE delta1_status_t delta1_gradient_run_mpfr (
    mpfr_ptr loss, mpfr_ptr d_parameters, mpfr_ptr d_inputs, const delta1_gradient_t *gradient,
    const delta1_batch_mpfr_t *batch, mpfr_prec_t precision, delta1_reason_t *reason);

#endif
