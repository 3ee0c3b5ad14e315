/* finite_precision: the folded-hat network, and what rounding does to it when it is trained
 * (mathematics.md, Section 8; [KKP24]).
 *
 * On [0, 1]: g_0 = x, g_{j+1} = g_j - 2 ReLU(g_j - b_j), j = 0, ..., L-1, b_j = 2^-(j+1): 2^L
 * affine pieces, slopes 1 and -1. As a network: L hidden layers of the units ReLU(g_j), ReLU(g_j -
 * b_j), and 6L+1 parameters. All piece counts are exact. */
#ifndef DELTA1_FINITE_PRECISION_H
#define DELTA1_FINITE_PRECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "src/float_format.h"
#include "src/network.h"

#define DELTA1_FOLD_MAX_DEPTH 500

/* INPUT: depth L outside [1, DELTA1_FOLD_MAX_DEPTH]. */
DELTA1_MUST_USE delta1_status_t delta1_fold_network (delta1_network_t **network, slong depth,
                                                     delta1_reason_t *reason);

/* count[j] = the number of pieces of g_{j+1} on [0, 1], j = 0, ..., depth - 1, for the biases b_j
 * 2^-bits, any integers. Not by walking the pieces: two pieces with the same image have the same
 * future, so images are kept with their multiplicities: at most 2^j of them, in practice few.
 */
void delta1_fold_pieces (fmpz *count, const fmpz *b, slong depth, slong bits);

/* --- E1: biases with uniform errors -------------------------------------------------------------
 */

/* The lattice of b_j in Lemma 8.1: b has depth integers, over 2^delta1_fold_bits. */
slong delta1_fold_bits (slong depth, slong p);

/* b_j = 2^-(j+1) + an error uniform on the centres of the cells of width 2^-(p + 8 + j) of
 * [-2^-p, 2^-p]: for this law the bound of Lemma 8.1 holds exactly as for the continuous one. */
void delta1_fold_perturb (fmpz *b, slong depth, slong p, uint64_t seed);

/* bound = the bound of Lemma 8.1 on the mean number of pieces: with c = 2^(p-1), N_0 = 1, N_{j+1} =
 * N_j + min(N_j, c); at most 1 + L c. p >= 1. */
void delta1_fold_bound (fmpz_t bound, slong depth, slong p);

/* For each depth j + 1 up to `depth`: mean and standard error of the number of pieces over the
 * seeds; the counts are exact, these two are doubles. */
void delta1_fold_noise (double *mean, double *error, slong depth, slong p, slong seeds,
                        uint64_t first_seed);

/* --- E2: training at a precision ----------------------------------------------------------------
 */

/* Points x_i, uniform on the odd multiples of 2^-(L+6) in [0, 1], and targets y_i = g_L(x_i) - r_i,
 * all exact dyadics, 1/2 <= max |r_i| < 1. With J_ik = d phi(x_i)/d parameter k, r is in the kernel
 * of J^T, which has dimension one: as many points are drawn as make it so. So the gradient of the
 * sum of squares, 2 J^T r, is exactly 0 (checked over Z). */
typedef struct
{
  slong size; /* number of points */
  mpfr_ptr x, y;
  mpfr_prec_t exact_bits; /* enough that no operation of a gradient rounds */
} delta1_fold_lesson_t;

/* To be cleared when OK. */
DELTA1_MUST_USE delta1_status_t delta1_fold_lesson_init (delta1_fold_lesson_t *lesson, slong depth,
                                                         uint64_t seed, delta1_reason_t *reason);
void delta1_fold_lesson_clear (delta1_fold_lesson_t *lesson);

/* Gradient descent on the mean of (phi(x_i) - y_i)^2, all points in each step, in the order of the
 * lesson: reverse mode with every operation rounded to nearest in the format, parameters too; rate
 * 2^-rate. The network gets the result. *exact: no operation of it rounded (then this was
 * computation with real numbers). DOMAIN: the numbers left the finite ones. */
DELTA1_MUST_USE delta1_status_t delta1_fold_train (delta1_network_t *network, bool *exact,
                                                   const delta1_fold_lesson_t *lesson,
                                                   const delta1_float_format_t *format, slong rate,
                                                   slong steps, delta1_reason_t *reason);

/* A format in which nothing of delta1_fold_train rounds while the gradient is 0. */
delta1_float_format_t delta1_fold_exact_format (const delta1_fold_lesson_t *lesson);

/* The pieces of a network of one input on [0, 1], up to `limit` (then *count = limit). DOMAIN: from
 * piece_count. */
DELTA1_MUST_USE delta1_status_t delta1_fold_count (slong *count, const delta1_network_t *network,
                                                   slong limit, delta1_reason_t *reason);

typedef struct
{
  slong rate; /* steps of size 2^-rate */
  slong steps;
  slong limit; /* pieces are counted up to this number */
} delta1_fold_training_t;

/* *pieces = the number of pieces, up to the limit, of the folded network of the depth after that
 * training in the format. *pieces = 0: the numbers left the finite ones. */
DELTA1_MUST_USE delta1_status_t delta1_fold_shake (slong *pieces, slong depth,
                                                   const delta1_fold_lesson_t *lesson,
                                                   const delta1_float_format_t *format,
                                                   const delta1_fold_training_t *training,
                                                   delta1_reason_t *reason);

/* Whether the pieces are as many as before training, min(2^depth, limit), or more. */
bool delta1_fold_survived (slong pieces, slong depth, slong limit);

#endif
