/* transforms: what the operators of firenet/sampled.h are made of: unitary transforms and
 * orthonormal wavelets, with the plans of their fast versions, their versions in balls, and their
 * rounding bounds (mathematics.md, Lemmas 6.10 to 6.12). Private to firenet.
 *
 * A rounding bound is collected as a factor: `factor` is multiplied by an upper bound of 1 + e,
 * where e is the relative error (Euclidean) of what is done. */
#ifndef DELTA1_TRANSFORMS_H
#define DELTA1_TRANSFORMS_H

#include <stdbool.h>

#include "firenet/kernels.h"
#include "src/status.h"

/* The double nearest to the number that `enclose` gives for the argument at any precision (and that
 * is no tie of two doubles unless it is given exactly). */
double delta1_nearest_double (void (*enclose) (arb_t, const fmpq_t, slong), const fmpq_t argument);

/* --- Fourier ---------------------------------------------------------------------------------- */

/* n: a power of two. with_twiddles: for Fourier; Walsh needs the radices only. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_plan_create (delta1_plan_t **plan, slong n,
                                                    bool with_twiddles, delta1_reason_t *reason);
void delta1_plan_free (delta1_plan_t *plan); /* NULL allowed */

/* Where `fourier_column` leaves frequency f; row: where fourier_row does (n < 64: as columns). */
slong delta1_fourier_position (const delta1_plan_t *plan, slong f, bool row);

/* One transform of length plan->n, without scaling. */
void delta1_fourier_rounding (arb_t factor, const delta1_plan_t *plan);

/* x (n, `step` apart) = its unscaled transform (adjoint: with conjugate roots), natural order. */
void delta1_fourier_balls (acb_ptr x, slong step, slong n, bool adjoint, slong prec);

/* --- Walsh ------------------------------------------------------------------------------------ */

/* Where walsh_column (row: walsh_row) leaves the function of sequency s. */
slong delta1_walsh_position (const delta1_plan_t *plan, slong s, bool row);
void delta1_walsh_rounding (arb_t factor, const delta1_plan_t *plan);

/* In sequency order; adjoint: from it. */
void delta1_walsh_balls (acb_ptr x, slong step, slong n, bool adjoint, slong prec);

/* --- wavelets --------------------------------------------------------------------------------- */

#define DELTA1_WAVELET_TAPS 8

/* Orthonormal, periodised: of a line x of s numbers (s even), low_i = sum_k h_k x_(2i+k mod s) and
 * high_i = sum_k (-1)^k h_(taps-1-k) x_(2i+k mod s). */
typedef struct
{
  int taps;                      /* 2: Haar; 4, 6, 8: Daubechies 2, 3, 4 */
  double h[DELTA1_WAVELET_TAPS]; /* correctly rounded */
} delta1_filter_t;

/* h in balls at prec bits; Daubechies filters of `taps` = 2, 4, 6 or 8, extremal phase. */
void delta1_filter_balls (arb_ptr h, int taps, slong prec);
void delta1_filter_init (delta1_filter_t *filter, int taps);

/* A square image (dimensions 2) or a line (1) of `side`, in the pyramid layout: after a level the
 * low parts stand first, and the next level works on them. */
typedef struct
{
  int dimensions;
  slong side;
  slong levels;
  int taps;
} delta1_wavelet_shape_t;

/* x = W x (analysis) or W* x (synthesis). */
void delta1_wavelet_balls (acb_ptr x, const delta1_wavelet_shape_t *shape, bool synthesis,
                           slong prec);

/* The same of doubles in groups (firenet/lanes.h), any taps, with the given number of threads;
 * work: delta1_wavelet_work doubles. */
void delta1_wavelet_doubles (double *x, const delta1_wavelet_shape_t *shape,
                             const delta1_filter_t *filter, int parts, bool synthesis, double *work,
                             int threads);
slong delta1_wavelet_work (const delta1_wavelet_shape_t *shape, int threads);

/* Levels of filters, or of the kernels haar_split and haar_join (fast). */
void delta1_wavelet_rounding (arb_t factor, const delta1_wavelet_shape_t *shape, bool fast);

#endif
