#include "src/gradient_kernels.h"

#include <math.h>
#include <string.h>

#include "src/vector_clones.h"

/* Samples of a vector; the code for each machine works on as many registers as that takes. */
#define LANES 8
typedef double lanes_t
    __attribute__ ((vector_size (LANES * sizeof (double)), may_alias, aligned (sizeof (double))));
typedef long mask_t __attribute__ ((vector_size (LANES * sizeof (double)), may_alias));

#define STEPS (DELTA1_BLOCK / LANES)
#define WIDE 16 /* columns that are multiplied at once */

/* Z (+)= M X: Z rows x WIDE with rows `z_step` apart, X inner x WIDE with rows `x_step` apart. */
typedef struct
{
  double *Z;
  const double *M, *X;
  slong z_step, row_step, column_step, x_step, rows, inner;
  bool add;
} panel_t;

/* R rows and C vectors of the result stay in registers. Every entry is the same sequence of
 * operations whatever R and C: a product and a sum for k = 0, 1, .. . */
#define INLINE static inline __attribute__ ((always_inline))
#ifdef __clang__
#define UNROLLED _Pragma ("unroll")
#else
#define UNROLLED _Pragma ("GCC unroll 8")
#endif

INLINE void
tile (const panel_t *panel, slong i, int c0, const int R, const int C)
{
  lanes_t s[8][2];
  const double *row = panel->M + i * panel->row_step, *x = panel->X + c0 * LANES;
  double *z = panel->Z + i * panel->z_step + c0 * LANES;
  UNROLLED
  for (int r = 0; r < R; r++)
    UNROLLED
  for (int c = 0; c < C; c++)
    s[r][c] = panel->add ? *(const lanes_t *)(z + r * panel->z_step + c * LANES) : (lanes_t){ 0 };
  for (slong k = 0; k < panel->inner; k++)
    UNROLLED
  for (int r = 0; r < R; r++)
    {
      double m = row[k * panel->column_step + r * panel->row_step];
      UNROLLED
      for (int c = 0; c < C; c++)
        s[r][c] += m * *(const lanes_t *)(x + k * panel->x_step + c * LANES);
    }
  UNROLLED
  for (int r = 0; r < R; r++)
    UNROLLED
  for (int c = 0; c < C; c++)
    *(lanes_t *)(z + r * panel->z_step + c * LANES) = s[r][c];
}

INLINE void
tiles (const panel_t *panel, const int R, const int C)
{
  for (int c = 0; c < WIDE / LANES; c += C)
    {
      slong i = 0;
      for (; i + R <= panel->rows; i += R)
        tile (panel, i, c, R, C);
      for (; i < panel->rows; i++)
        tile (panel, i, c, 1, C);
    }
}

/* As many accumulators as the registers hold; all give the same bits. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__SANITIZE_ADDRESS__)
__attribute__ ((target ("avx512f"))) static void
panel_avx512 (const panel_t *panel)
{
  tiles (panel, 8, 2);
}

__attribute__ ((target ("avx2"))) static void
panel_avx2 (const panel_t *panel)
{
  tiles (panel, 4, 1);
}

static void
multiply_panel (const panel_t *panel)
{
  if (__builtin_cpu_supports ("avx512f"))
    panel_avx512 (panel);
  else if (__builtin_cpu_supports ("avx2"))
    panel_avx2 (panel);
  else
    tiles (panel, 2, 1);
}
#else
static void
multiply_panel (const panel_t *panel)
{
  tiles (panel, 2, 1);
}
#endif

void
delta1_block_product (double *Z, const double *X, const delta1_block_product_t *product)
{
  panel_t panel = { .M = product->M,
                    .z_step = DELTA1_BLOCK,
                    .row_step = product->row_step,
                    .column_step = product->column_step,
                    .x_step = DELTA1_BLOCK,
                    .rows = product->rows,
                    .inner = product->inner,
                    .add = product->add };
  for (slong b = 0; b < DELTA1_BLOCK; b += WIDE)
    {
      panel.Z = Z + b;
      panel.X = X + b;
      multiply_panel (&panel);
    }
}

void
delta1_block_outer (double *G, const double *D, slong rows, const double *X, slong columns)
{
  double turned[DELTA1_BLOCK * WIDE], part[WIDE];
  for (slong k = 0; k < columns; k += WIDE)
    {
      slong width = columns - k < WIDE ? columns - k : WIDE;
      memset (turned, 0, sizeof turned);
      for (slong c = 0; c < width; c++)
        for (slong b = 0; b < DELTA1_BLOCK; b++)
          turned[b * WIDE + c] = X[(k + c) * DELTA1_BLOCK + b];
      panel_t panel = { .Z = G + k,
                        .M = D,
                        .X = turned,
                        .z_step = columns,
                        .row_step = DELTA1_BLOCK,
                        .column_step = 1,
                        .x_step = WIDE,
                        .rows = rows,
                        .inner = DELTA1_BLOCK,
                        .add = true };
      if (width == WIDE)
        multiply_panel (&panel);
      else
        for (slong i = 0; i < rows; i++)
          { /* a row of G that ends within the panel */
            memset (part, 0, sizeof part);
            memcpy (part, G + i * columns + k, (size_t)width * sizeof *part);
            panel.Z = part;
            panel.M = D + i * DELTA1_BLOCK;
            panel.rows = 1;
            multiply_panel (&panel);
            memcpy (G + i * columns + k, part, (size_t)width * sizeof *part);
          }
    }
}

#define ACROSS(v)                                                                                  \
  ((((v)[0] + (v)[1]) + ((v)[2] + (v)[3])) + (((v)[4] + (v)[5]) + ((v)[6] + (v)[7])))

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

DELTA1_VECTOR_CLONES void
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

DELTA1_VECTOR_CLONES void
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
