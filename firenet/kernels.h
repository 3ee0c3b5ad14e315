/* kernels: the inner loops of the transforms and of complex double, compiled once for every kind of
 * machine that the compiler knows here, and chosen when the program runs.
 *
 * Data are groups of 8 elements (firenet/lanes.h): a group is 8 * parts doubles, parts = 1 for
 * double and 2 for complex double. A row is n elements in n/8 groups. A block is n rows of one
 * group: 8 columns side by side.
 *
 * Every kernel gives the same bits on every machine (nothing is fused, sums have their order), and
 * nothing here depends on the number of threads. The rounding bounds of mathematics.md 6.4 would
 * hold with fused operations too. */
#ifndef DELTA1_KERNELS_H
#define DELTA1_KERNELS_H

#include "src/flint_world.h"

#define DELTA1_RADICES 24

/* How n = 2^e is transformed: passes of radix 2 or 4, then 8. Frequency f = k_1 + r_1 (k_2 + r_2
 * (k_3 + ..)) ends at position k_1 n/r_1 + k_2 n/(r_1 r_2) + .. (what "position" below says). */
typedef struct
{
  slong n;
  int passes;
  int radix[DELTA1_RADICES];
  /* Of pass i on blocks of s elements: e^(-2 pi i j k/s), j < s/r, 0 < k < r, correctly rounded
   * parts, at [j/8][k - 1][part][j % 8]; NULL: all 1 (the last pass, and Walsh). */
  const double *twiddle[DELTA1_RADICES];
} delta1_plan_t;

typedef void (*delta1_transform_kernel_t) (double *data, const delta1_plan_t *plan);

typedef struct
{
  const char *name;
  /* In place, not scaled: [direction][parts - 1]. forward: from the natural order to positions;
   * adjoint: from positions to the natural order, the conjugate transpose. Rows: n >= 64, and the
   * last two digits of the position are exchanged (delta1_row_swap). Fourier: parts = 2 only. */
  delta1_transform_kernel_t fourier_row[2], fourier_column[2];
  delta1_transform_kernel_t walsh_row[2][2], walsh_column[2][2];
  /* One level of the 2-D Haar transform on two rows of 2 * 8 * groups elements:
   *   split: each square a b / c d becomes (a+b+c+d)/2, (a-b+c-d)/2, (a+b-c-d)/2, (a-b-c+d)/2 in
   *   out[0..3]; join: back, which is the same four sums. */
  void (*haar_split) (double *const out[4], const double *top, const double *bottom, slong groups,
                      int parts);
  void (*haar_join) (double *top, double *bottom, const double *const in[4], slong groups,
                     int parts);
  /* complex double: the primal step of firenet/arithmetic.h on `groups` groups */
  void (*primal) (double *x, double *g, double *sum, double tau, const double *threshold,
                  slong groups);
  /* v = v + sigma z - sigma y on `doubles` doubles, a multiple of 8 */
  void (*dual) (double *v, const double *z, const double *y, double sigma, slong doubles);
  /* 16 sums side by side of the squares of `doubles` (a multiple of 16), added in pairs */
  double (*squares) (const double *x, slong doubles);
} delta1_kernels_t;

/* The position of a row of n >= 64 elements, from that of the digits. */
static inline slong
delta1_row_swap (slong position)
{
  return (position & ~(slong)63) | (position & 7) << 3 | (position >> 3 & 7);
}

/* The best for this machine. */
const delta1_kernels_t *delta1_kernels (void);

extern const delta1_kernels_t delta1_kernels_plain;
extern const delta1_kernels_t delta1_kernels_avx2;
extern const delta1_kernels_t delta1_kernels_avx512;

#endif
