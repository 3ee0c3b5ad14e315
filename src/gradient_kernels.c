#include "src/gradient_kernels.h"

#include <math.h>

/* Two versions, chosen once by the loader; AVX2 alone has no fused operations, so that both give
 * the same bits. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)          \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__AVX2__)
#define CLONES __attribute__ ((target_clones ("avx2", "default")))
#else
#define CLONES
#endif

#define LANES 4
typedef double lanes_t __attribute__ ((vector_size (LANES * sizeof (double)), may_alias));
typedef long mask_t __attribute__ ((vector_size (LANES * sizeof (double)), may_alias));

#define STEPS (DELTA1_BLOCK / LANES)

CLONES void
delta1_block_product (double *Z, const double *X, const delta1_block_product_t *product)
{
  const double *M = product->M;
  slong row_step = product->row_step, column_step = product->column_step;
  const lanes_t *x = (const lanes_t *)X;
  lanes_t *z = (lanes_t *)Z;
  slong i = 0;
  for (; i + 4 <= product->rows; i += 4)
    for (slong b = 0; b < STEPS; b += 2)
      {
        lanes_t s[4][2] = { { { 0 } } };
        const double *row = M + i * row_step;
        if (product->add)
          for (int r = 0; r < 4; r++)
            for (int c = 0; c < 2; c++)
              s[r][c] = z[(i + r) * STEPS + b + c];
        for (slong k = 0; k < product->inner; k++)
          {
            const double *m = row + k * column_step;
            lanes_t x0 = x[k * STEPS + b], x1 = x[k * STEPS + b + 1];
            for (int r = 0; r < 4; r++)
              {
                s[r][0] += m[r * row_step] * x0;
                s[r][1] += m[r * row_step] * x1;
              }
          }
        for (int r = 0; r < 4; r++)
          for (int c = 0; c < 2; c++)
            z[(i + r) * STEPS + b + c] = s[r][c];
      }
  for (; i < product->rows; i++)
    for (slong b = 0; b < STEPS; b += 8)
      {
        lanes_t s[8] = { { 0 } };
        if (product->add)
          for (int c = 0; c < 8; c++)
            s[c] = z[i * STEPS + b + c];
        for (slong k = 0; k < product->inner; k++)
          {
            double m = M[i * row_step + k * column_step];
            for (int c = 0; c < 8; c++)
              s[c] += m * x[k * STEPS + b + c];
          }
        for (int c = 0; c < 8; c++)
          z[i * STEPS + b + c] = s[c];
      }
}

#define ACROSS(v) (((v)[0] + (v)[1]) + ((v)[2] + (v)[3]))

CLONES void
delta1_block_outer (double *G, const double *D, slong rows, const double *X, slong columns)
{
  const lanes_t *d = (const lanes_t *)D, *x = (const lanes_t *)X;
  slong i = 0;
  for (; i + 4 <= rows; i += 4)
    {
      slong k = 0;
      for (; k + 2 <= columns; k += 2)
        {
          lanes_t s[4][2] = { { { 0 } } };
          for (slong b = 0; b < STEPS; b++)
            {
              lanes_t x0 = x[k * STEPS + b], x1 = x[(k + 1) * STEPS + b];
              for (int r = 0; r < 4; r++)
                {
                  lanes_t dr = d[(i + r) * STEPS + b];
                  s[r][0] += dr * x0;
                  s[r][1] += dr * x1;
                }
            }
          for (int r = 0; r < 4; r++)
            for (int c = 0; c < 2; c++)
              G[(i + r) * columns + k + c] += ACROSS (s[r][c]);
        }
      for (; k < columns; k++)
        for (int r = 0; r < 4; r++)
          {
            lanes_t s = { 0 };
            for (slong b = 0; b < STEPS; b++)
              s += d[(i + r) * STEPS + b] * x[k * STEPS + b];
            G[(i + r) * columns + k] += ACROSS (s);
          }
    }
  for (; i < rows; i++)
    for (slong k = 0; k < columns; k++)
      {
        lanes_t s = { 0 };
        for (slong b = 0; b < STEPS; b++)
          s += d[i * STEPS + b] * x[k * STEPS + b];
        G[i * columns + k] += ACROSS (s);
      }
}

double
delta1_block_sum (const double *row)
{
  const lanes_t *v = (const lanes_t *)row;
  lanes_t s = { 0 };
  for (slong b = 0; b < STEPS; b++)
    s += v[b];
  return ACROSS (s);
}

/* v where the mask is set, else 0 */
#define ONLY(mask, v) ((lanes_t)((mask) & (mask_t)(v)))

/* f and f' of a gate at s, and its derivative by the threshold t. */
static void
gate (double *f, double *slope, double *by_threshold, delta1_unit_t unit, double s, double t)
{
  *slope = *by_threshold = 0;
  if (unit == DELTA1_BALL_GATE)
    {
      *f = s > 1 ? 1 / sqrt (s) : 1;
      if (s > 1)
        *slope = -0.5 * *f / s;
      return;
    }
  *f = 0;
  if (s > t * t)
    {
      double root = sqrt (s);
      *f = 1 - t / root;
      *slope = 0.5 * t / (s * root);
      *by_threshold = -1 / root;
    }
}

CLONES void
delta1_block_activate (const delta1_gradient_layer_t *layer, const double *p)
{
  for (slong i = 0; i < layer->width; i++)
    {
      const lanes_t *z = (const lanes_t *)(layer->z + i * DELTA1_BLOCK);
      lanes_t *x = (lanes_t *)(layer->x + i * DELTA1_BLOCK);
      double f, slope, by_threshold;
      switch (layer->unit[i])
        {
        case DELTA1_IDENTITY:
          for (slong b = 0; b < STEPS; b++)
            x[b] = z[b];
          break;
        case DELTA1_RELU:
          for (slong b = 0; b < STEPS; b++)
            x[b] = ONLY (z[b] > 0.0, z[b]);
          break;
        case DELTA1_MODULUS:
          for (slong b = 0; b < STEPS; b++)
            x[b] = ONLY (z[b] > 0.0, z[b]) - ONLY (z[b] < 0.0, z[b]);
          break;
        case DELTA1_SQUARE:
          for (slong b = 0; b < STEPS; b++)
            x[b] = z[b] * z[b];
          break;
        case DELTA1_SOFT:
          {
            double t = p[layer->threshold[i]];
            for (slong b = 0; b < STEPS; b++)
              {
                lanes_t up = z[b] - t, down = z[b] + t;
                x[b] = ONLY (up > 0.0, up) + ONLY (down < 0.0, down);
              }
            break;
          }
        case DELTA1_BALL_GATE:
        case DELTA1_SHRINK_GATE:
          for (slong b = 0; b < STEPS; b++)
            x[b] = z[b] - z[b];
          break;
        case DELTA1_GATED:
          {
            slong s = layer->gate[i];
            double t = layer->threshold[s] < 0 ? 0 : p[layer->threshold[s]];
            for (slong b = 0; b < DELTA1_BLOCK; b++)
              {
                gate (&f, &slope, &by_threshold, layer->unit[s], layer->z[s * DELTA1_BLOCK + b], t);
                layer->x[i * DELTA1_BLOCK + b] = f * layer->z[i * DELTA1_BLOCK + b];
              }
            break;
          }
        }
    }
}

/* The gated entries of a layer: their own derivatives, and those of their gates. */
static void
open_gates (double *d, double *g, const delta1_gradient_layer_t *layer, const double *p)
{
  for (slong i = 0; i < layer->width; i++)
    if (layer->unit[i] == DELTA1_BALL_GATE || layer->unit[i] == DELTA1_SHRINK_GATE)
      for (slong b = 0; b < DELTA1_BLOCK; b++)
        d[i * DELTA1_BLOCK + b] = 0;
  for (slong i = 0; i < layer->width; i++)
    if (layer->unit[i] == DELTA1_GATED)
      {
        slong s = layer->gate[i];
        double t = layer->threshold[s] < 0 ? 0 : p[layer->threshold[s]], sum = 0;
        for (slong b = 0; b < DELTA1_BLOCK; b++)
          {
            double f, slope, by_threshold, *di = d + i * DELTA1_BLOCK + b;
            gate (&f, &slope, &by_threshold, layer->unit[s], layer->z[s * DELTA1_BLOCK + b], t);
            double dz = *di * layer->z[i * DELTA1_BLOCK + b];
            d[s * DELTA1_BLOCK + b] += dz * slope;
            sum += dz * by_threshold;
            *di *= f;
          }
        if (g != NULL && layer->threshold[s] >= 0)
          g[layer->threshold[s]] += sum;
      }
}

CLONES void
delta1_block_deactivate (double *d, double *g, const delta1_gradient_layer_t *layer,
                         const double *p)
{
  bool gates = false;
  for (slong i = 0; i < layer->width; i++)
    {
      const lanes_t *z = (const lanes_t *)(layer->z + i * DELTA1_BLOCK);
      lanes_t *v = (lanes_t *)(d + i * DELTA1_BLOCK);
      switch (layer->unit[i])
        {
        case DELTA1_IDENTITY:
          break;
        case DELTA1_RELU:
          for (slong b = 0; b < STEPS; b++)
            v[b] = ONLY (z[b] > 0.0, v[b]);
          break;
        case DELTA1_MODULUS:
          for (slong b = 0; b < STEPS; b++)
            v[b] = ONLY (z[b] > 0.0, v[b]) - ONLY (z[b] < 0.0, v[b]);
          break;
        case DELTA1_SQUARE:
          for (slong b = 0; b < STEPS; b++)
            v[b] *= 2 * z[b];
          break;
        case DELTA1_SOFT:
          {
            double t = p[layer->threshold[i]];
            lanes_t sum = { 0 };
            for (slong b = 0; b < STEPS; b++)
              {
                lanes_t up = ONLY (z[b] - t > 0.0, v[b]), down = ONLY (z[b] + t < 0.0, v[b]);
                sum += down - up;
                v[b] = up + down;
              }
            if (g != NULL)
              g[layer->threshold[i]] += ACROSS (sum);
            break;
          }
        case DELTA1_BALL_GATE:
        case DELTA1_SHRINK_GATE:
        case DELTA1_GATED:
          gates = true;
          break;
        }
    }
  if (gates)
    open_gates (d, g, layer, p);
}
