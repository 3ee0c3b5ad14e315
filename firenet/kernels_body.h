/* kernels_body: the code of firenet/kernels.h, included once for each kind of machine, where
 * KERNELS is the name of the table and KERNELS_NAME what it is called. */
#include <math.h>

#include "firenet/kernels_transforms.h"

/* --- Haar ------------------------------------------------------------------------------------- */

/* Four numbers a b / c d, as vectors, to their sums and differences, halved. */
INLINE void
square (vector_t *x)
{
  sum_difference (x, x + 1);
  sum_difference (x + 2, x + 3);
  sum_difference (x, x + 2);
  sum_difference (x + 1, x + 3);
  UNROLL
  for (int i = 0; i < 4; i++)
    x[i] *= 0.5;
}

INLINE void
split (double *const out[4], const double *top, const double *bottom, slong groups, int parts)
{
  const slong group = parts * DELTA1_LANES;
  vector_t x[4];
  for (slong g = 0; g < groups; g++)
    UNROLL
  for (slong part = 0; part < group; part += DELTA1_LANES)
    {
      slong at = g * group + part, from = at + g * group;
#if W == 8
      part_evens (x, x + 1, load (top + from), load (top + from + group));
      part_evens (x + 2, x + 3, load (bottom + from), load (bottom + from + group));
      square (x);
      for (int i = 0; i < 4; i++)
        store (out[i] + at, x[i]);
#else
      double squares[4][DELTA1_LANES] __attribute__ ((aligned (DELTA1_ALIGNMENT)));
      part_evens (squares[0], squares[1], top + from, top + from + group);
      part_evens (squares[2], squares[3], bottom + from, bottom + from + group);
      for (int lane = 0; lane < DELTA1_LANES; lane += W)
        {
          for (int i = 0; i < 4; i++)
            x[i] = load (squares[i] + lane);
          square (x);
          for (int i = 0; i < 4; i++)
            store (out[i] + at + lane, x[i]);
        }
#endif
    }
}

INLINE void
join (double *top, double *bottom, const double *const in[4], slong groups, int parts)
{
  const slong group = parts * DELTA1_LANES;
  vector_t x[4];
  for (slong g = 0; g < groups; g++)
    UNROLL
  for (slong part = 0; part < group; part += DELTA1_LANES)
    {
      slong at = g * group + part, to = at + g * group;
#if W == 8
      for (int i = 0; i < 4; i++)
        x[i] = load (in[i] + at);
      square (x);
      join_evens (top + to, top + to + group, x[0], x[1]);
      join_evens (bottom + to, bottom + to + group, x[2], x[3]);
#else
      double squares[4][DELTA1_LANES] __attribute__ ((aligned (DELTA1_ALIGNMENT)));
      for (int lane = 0; lane < DELTA1_LANES; lane += W)
        {
          for (int i = 0; i < 4; i++)
            x[i] = load (in[i] + at + lane);
          square (x);
          for (int i = 0; i < 4; i++)
            store (squares[i] + lane, x[i]);
        }
      join_evens (top + to, top + to + group, squares[0], squares[1]);
      join_evens (bottom + to, bottom + to + group, squares[2], squares[3]);
#endif
    }
}

static void
haar_split (double *const out[4], const double *top, const double *bottom, slong groups, int parts)
{
  if (parts == 1)
    split (out, top, bottom, groups, 1);
  else
    split (out, top, bottom, groups, 2);
}

static void
haar_join (double *top, double *bottom, const double *const in[4], slong groups, int parts)
{
  if (parts == 1)
    join (top, bottom, in, groups, 1);
  else
    join (top, bottom, in, groups, 2);
}

/* --- steps of the iteration ------------------------------------------------------------------- */

static void
primal (double *restrict x, double *restrict g, double *restrict sum, double tau,
        const double *restrict threshold, slong groups)
{
  for (slong i = 0; i < groups;
       i++, x += PARTS, g += PARTS, sum += PARTS, threshold += DELTA1_LANES)
    for (int l = 0; l < DELTA1_LANES; l++)
      {
        double re = x[l] - tau * g[l], im = x[l + DELTA1_LANES] - tau * g[l + DELTA1_LANES];
        double length = sqrt (re * re + im * im), factor = (length - threshold[l]) / length;
        factor = length <= threshold[l] ? 0 : factor;
        re *= factor;
        im *= factor;
        g[l] = 2 * re - x[l];
        g[l + DELTA1_LANES] = 2 * im - x[l + DELTA1_LANES];
        sum[l] += re;
        sum[l + DELTA1_LANES] += im;
        x[l] = re;
        x[l + DELTA1_LANES] = im;
      }
}

static void
dual (double *restrict v, const double *restrict z, const double *restrict y, double sigma,
      slong doubles)
{
  for (slong i = 0; i < doubles; i++)
    v[i] = v[i] + sigma * z[i] - sigma * y[i];
}

static double
squares (const double *x, slong doubles)
{
  double part[PARTS] = { 0 };
  for (slong i = 0; i < doubles; i += PARTS)
    for (int l = 0; l < PARTS; l++)
      part[l] += x[i + l] * x[i + l];
  for (int half = DELTA1_LANES; half > 0; half /= 2)
    for (int l = 0; l < half; l++)
      part[l] += part[l + half];
  return part[0];
}

const delta1_kernels_t KERNELS = {
  .name = KERNELS_NAME,
  .fourier_row = { fourier_row_forward, fourier_row_adjoint },
  .fourier_column = { fourier_column_forward, fourier_column_adjoint },
  .walsh_row
  = { { walsh_row_forward_1, walsh_row_forward_2 }, { walsh_row_adjoint_1, walsh_row_adjoint_2 } },
  .walsh_column = { { walsh_column_1, walsh_column_2 }, { walsh_column_1, walsh_column_2 } },
  .haar_split = haar_split,
  .haar_join = haar_join,
  .primal = primal,
  .dual = dual,
  .squares = squares,
};
