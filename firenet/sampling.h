/* sampling: which coefficients of a 2-D transform are measured ([CAH22], [AH21]).
 *
 * A mask is side x side bytes 0 and 1, row by row. centred: entry (i, j) is the frequency (i -
 * side/2, j - side/2), DC in the middle (Fourier). Otherwise entry (i, j) is the sequency (i, j)
 * (Walsh-Hadamard). The same parameters give the same mask on every machine: decisions are made in
 * integers, or in MPFR, which rounds correctly.
 *
 * Wavelet levels 1 .. L, from the coarsest: level 1 holds the scaling coefficients and the coarsest
 * details, level k the next details; the first k levels have 4^(J + k) coefficients, J + L = log2
 * side. Patterns and weights are *heuristic*: no certificate depends on how a mask was chosen. */
#ifndef DELTA1_SAMPLING_H
#define DELTA1_SAMPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "src/flint_world.h"
#include "src/status.h"

#define DELTA1_SAMPLING_MAX_SIDE 16384
#define DELTA1_SAMPLING_MAX_LEVELS 14

typedef enum
{
  DELTA1_PATTERN_DAS = 0,
  DELTA1_PATTERN_RADIAL,
  DELTA1_PATTERN_GAUSS,
  DELTA1_PATTERN_HALF,
  DELTA1_PATTERN_COUNT
} delta1_pattern_t;

const char *delta1_pattern_name (delta1_pattern_t pattern); /* static storage */

typedef struct
{
  delta1_pattern_t pattern;
  slong side;  /* a power of two, 2 to DELTA1_SAMPLING_MAX_SIDE */
  slong count; /* samples, 1 to side^2: the mask has exactly as many */
  bool centred;
  uint64_t seed;
  /* das only: */
  slong levels;          /* L, 1 to log2 side */
  const slong *sparsity; /* s_1 .. s_L >= 0, not all 0 */
  int vanishing;         /* moments of the wavelet: 1 (Haar) to 4 (db4) */
} delta1_sampling_t;

/* mask (side x side):
 *
 * das: the variable-density scheme for sparsity in levels. Frequencies of one axis are cut into
 * dyadic bands: band 1 has 2^(J + 1) around DC (or from 0), band k = 2 .. L the next 2^(J + k - 1).
 * Band (k_1, k_2) of the plane gets min(its size, C D(k_1, k_2)) samples at random places, with
 *   D(k_1, k_2) = 2^[k_1 = 1] 2^[k_2 = 1] sum_l s_l c(k_1, k_2, l),  e = max(k_1, k_2):
 *   Walsh    c = 2^-(|k_1 - l| + |k_2 - l|),
 *   Fourier  c = prod_i 2^-(2 q + 1)(k_i - l) for l <= k_i, 2^-(l - k_i) for l > k_i, times
 *                2^-2 v (l - e) where l > e; v vanishing moments, q the decay of the scaling
 *                function (0, 0.339, 0.636, 0.913),
 * and C found by bisection so that all samples are used; what rounding leaves goes to the lowest
 * bands that it is due to. c bounds the local coherence of band and level: [CAH22, SI].
 *
 * radial (centred only): lines through DC at angles that advance by the golden section of a half
 * turn, the first angle chosen by the seed; the last line is cut short at both ends.
 *
 * gauss: 50 rings around DC (or quarter rings around 0), the lowest two full while they take at
 * most half of the samples, ring t the share exp(-(b (t - t_0 + 1)/(50 - t_0))^2), b by bisection.
 *
 * half: the square of the floor(sqrt(count/2))^2 lowest frequencies, and as many as are left at
 * random among the others.
 *
 * INPUT: a parameter outside its range, radial when not centred, or with more samples than 8 side
 * lines give. SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_sampling_mask (uint8_t *mask,
                                                      const delta1_sampling_t *sampling,
                                                      delta1_reason_t *reason);

/* das: samples (L x L) = how many samples each band gets. Statuses as delta1_sampling_mask. */
DELTA1_MUST_USE delta1_status_t delta1_sampling_bands (slong *samples,
                                                       const delta1_sampling_t *sampling,
                                                       delta1_reason_t *reason);

/* The level, 1 .. L, of entry (i, j) of the coefficients of an image in the pyramid layout of
 * firenet/sampled.h. */
slong delta1_sampling_level (slong side, slong levels, slong i, slong j);

/* sparsity (L): s_k = how many Haar coefficients of the image in level k are above threshold in
 * absolute value; the orthonormal transform, evaluated exactly on the pixels rounded to multiples
 * of 2^-20. image: side x side, row by row, absolute values at most 2^10. INPUT: side or levels
 * outside their range, a pixel that is not finite or too large, a negative threshold. SYSTEM:
 * memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_sampling_sparsity (slong *sparsity, slong levels,
                                                          const double *image, slong side,
                                                          double threshold,
                                                          delta1_reason_t *reason);

/* weights (L): w_k = sqrt(s/s_k), s = s_1 + .. + s_L, as in [CAH22], where the theorem's constants
 * are least; s_k = 0 counts as 1. A quotient and a root of doubles, each rounded once: the double
 * is the weight. sparsity: not negative, not all 0. */
void delta1_sampling_weights (double *weights, const slong *sparsity, slong levels);

#endif
