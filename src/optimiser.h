/* optimiser: steps of gradient methods on flat vectors, in doubles and in MPFR numbers.
 *
 * Deterministic: a step is one fixed sequence of operations per parameter. Heuristic.
 *   SGD   m <- momentum m + g,  p <- p - rate m
 *   Adam  m <- b1 m + (1-b1) g,  v <- b2 v + (1-b2) g^2,
 *         p <- p - rate (m/(1-b1^k)) / (sqrt(v/(1-b2^k)) + epsilon)   at step k = 1, 2, ...
 * (Kingma, Ba, Adam, 2015; Algorithm 1.) */
#ifndef DELTA1_OPTIMISER_H
#define DELTA1_OPTIMISER_H

#include "src/flint_world.h"
#include "src/status.h"

typedef enum
{
  DELTA1_SGD = 0,
  DELTA1_ADAM
} delta1_optimiser_kind_t;

typedef struct
{
  delta1_optimiser_kind_t kind;
  double rate;           /* > 0; may be changed between steps */
  double momentum;       /* SGD: in [0, 1) */
  double beta_1, beta_2; /* Adam: in [0, 1) */
  double epsilon;        /* Adam: > 0 */
} delta1_optimiser_options_t;

/* Adam with rate 1e-3, beta 0.9 and 0.999, epsilon 1e-8; momentum 0. */
extern const delta1_optimiser_options_t delta1_optimiser_defaults;

typedef struct delta1_optimiser_struct delta1_optimiser_t;

/* For vectors of count numbers: doubles (precision 0), or MPFR numbers, every operation rounded to
 * nearest at `precision` bits. INPUT when an option is not in its range. */
DELTA1_MUST_USE delta1_status_t delta1_optimiser_create (delta1_optimiser_t **optimiser,
                                                         slong count,
                                                         const delta1_optimiser_options_t *options,
                                                         mpfr_prec_t precision,
                                                         delta1_reason_t *reason);
void delta1_optimiser_free (delta1_optimiser_t *optimiser); /* NULL allowed */

/* INPUT when it is not a finite number above 0. */
DELTA1_MUST_USE delta1_status_t delta1_optimiser_set_rate (delta1_optimiser_t *optimiser,
                                                           double rate, delta1_reason_t *reason);

/* One step on p with the gradient g; p and g must not overlap. Each for the type of number the
 * optimiser was made for; with the other type nothing is done. */
void delta1_optimiser_step (double *p, delta1_optimiser_t *optimiser, const double *g);
void delta1_optimiser_step_mpfr (mpfr_ptr p, delta1_optimiser_t *optimiser, mpfr_srcptr g);

#endif
