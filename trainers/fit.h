/* fit: a network trained by least squares on given pairs, by SGD or Adam, on all pairs in every
 * step, in doubles or with every operation rounded to a number of bits (MPFR).
 *
 * Deterministic for a seed. Heuristic: nothing is certified; but the network has exactly the
 * numbers that training ended with. */
#ifndef DELTA1_FIT_H
#define DELTA1_FIT_H

#include <stdint.h>

#include "src/network.h"
#include "src/optimiser.h"

/* A ReLU network, identity in the last layer, with weights uniform on [-b, b], b = sqrt(6/n), n the
 * width before (He et al., 2015), and biases uniform on [-bias, bias] (0 for bias = 0). widths:
 * `layers` numbers, as in network.h. */
DELTA1_MUST_USE delta1_status_t delta1_fit_create (delta1_network_t **network, slong inputs,
                                                   slong layers, const slong *widths, double bias,
                                                   uint64_t seed, delta1_reason_t *reason);

/* Pairs (y_i, x_i) as rows; rounded to doubles, or to the precision. */
typedef struct
{
  const fmpq_mat_struct *Y; /* size x m */
  const fmpq_mat_struct *X; /* size x N */
} delta1_examples_t;

/* Called before step 0, every, 2 every, ..., and after the last, with the network of that moment.
 * *stop = true ends the training; not OK ends it with that status. */
typedef delta1_status_t (*delta1_fit_observer_t) (bool *stop, const delta1_network_t *network,
                                                  slong step, double loss, void *context,
                                                  delta1_reason_t *reason);

typedef struct
{
  delta1_optimiser_options_t optimiser;
  mpfr_prec_t precision;         /* 0: doubles */
  slong steps;                   /* >= 0 */
  slong every;                   /* >= 1 */
  delta1_fit_observer_t observe; /* NULL: nobody looks */
  void *context;
} delta1_fit_t;

/* *taken = the number of steps (NULL: not asked). The loss is the mean of ||phi(y_i) - x_i||^2.
 * FAILED: the numbers left the finite ones; the network is then that of before training. */
DELTA1_MUST_USE delta1_status_t delta1_fit_run (delta1_network_t *network, slong *taken,
                                                const delta1_examples_t *examples,
                                                const delta1_fit_t *fit, delta1_reason_t *reason);

#endif
