#include "src/network_gradient.h"

#include <stdlib.h>
#include <string.h>

#include "src/gradient_kernels.h"
#include "src/gradient_private.h"

/* rows x DELTA1_BLOCK zeros, aligned for the vector code. */
static double *
new_block (slong rows)
{
  size_t size = (size_t)(rows * DELTA1_BLOCK) * sizeof (double);
  double *block = aligned_alloc (64, size);
  if (block != NULL)
    memset (block, 0, size);
  return block;
}

/* Fills in layer j; its place in the flat vector begins at `place`, which moves on. */
static bool
make_layer (delta1_gradient_layer_t *layer, slong *place, const delta1_network_t *network, slong j)
{
  layer->before = delta1_network_width (network, j - 1);
  layer->width = delta1_network_width (network, j);
  layer->has_skip = delta1_network_skip (network, j) != NULL;
  layer->has_bias = delta1_network_bias (network, j) != NULL;
  layer->W = *place;
  layer->R = layer->W + layer->width * layer->before;
  layer->c = layer->R + (layer->has_skip ? layer->width * delta1_network_inputs (network) : 0);
  layer->thresholds = layer->c + (layer->has_bias ? layer->width : 0);
  layer->unit = malloc ((size_t)layer->width * sizeof *layer->unit);
  layer->gate = malloc ((size_t)layer->width * sizeof *layer->gate);
  layer->threshold = malloc ((size_t)layer->width * sizeof *layer->threshold);
  layer->z = new_block (layer->width);
  layer->x = new_block (layer->width);
  if (layer->unit == NULL || layer->gate == NULL || layer->threshold == NULL || layer->z == NULL
      || layer->x == NULL)
    return false;
  slong next = layer->thresholds;
  for (slong i = 0; i < layer->width; i++)
    {
      delta1_unit_t unit = delta1_network_unit (network, j, i);
      layer->unit[i] = unit;
      layer->gate[i] = delta1_network_gate (network, j, i);
      layer->threshold[i] = unit == DELTA1_SOFT || unit == DELTA1_SHRINK_GATE ? next++ : -1;
    }
  *place = next;
  return true;
}

delta1_status_t
delta1_gradient_create (delta1_gradient_t **gradient, const delta1_network_t *network,
                        delta1_reason_t *reason)
{
  *gradient = NULL;
  delta1_gradient_t *made = calloc (1, sizeof *made);
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  made->inputs = made->widest = delta1_network_inputs (network);
  made->layers = delta1_network_layers (network);
  made->layer = calloc ((size_t)made->layers, sizeof *made->layer);
  bool good = made->layer != NULL;
  for (slong j = 0; good && j < made->layers; j++)
    {
      good = make_layer (made->layer + j, &made->count, network, j);
      if (made->layer[j].width > made->widest)
        made->widest = made->layer[j].width;
    }
  if (good)
    {
      made->y = new_block (made->inputs);
      made->d_y = new_block (made->inputs);
      made->d = new_block (made->widest);
      made->d_before = new_block (made->widest);
      made->rows = new_block (made->widest);
      made->d_rows = new_block (made->widest);
      good = made->y != NULL && made->d_y != NULL && made->d != NULL && made->d_before != NULL
             && made->rows != NULL && made->d_rows != NULL;
    }
  if (!good)
    {
      delta1_gradient_free (made);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
    }
  *gradient = made;
  return DELTA1_OK;
}

void
delta1_gradient_free (delta1_gradient_t *gradient)
{
  if (gradient == NULL)
    return;
  for (slong j = 0; gradient->layer != NULL && j < gradient->layers; j++)
    {
      free (gradient->layer[j].unit);
      free (gradient->layer[j].gate);
      free (gradient->layer[j].threshold);
      free (gradient->layer[j].z);
      free (gradient->layer[j].x);
    }
  free (gradient->layer);
  free (gradient->y);
  free (gradient->d_y);
  free (gradient->d);
  free (gradient->d_before);
  free (gradient->rows);
  free (gradient->d_rows);
  free (gradient);
}

/* count samples of `width` numbers each, row-major, to a block and back; a block has zeros in the
 * places of samples that do not exist. */
static void
to_block (double *block, const double *rows, slong count, slong width)
{
  for (slong i = 0; i < width; i++)
    for (slong b = 0; b < DELTA1_BLOCK; b++)
      block[i * DELTA1_BLOCK + b] = b < count ? rows[b * width + i] : 0;
}

static void
from_block (double *rows, const double *block, slong count, slong width)
{
  for (slong b = 0; b < count; b++)
    for (slong i = 0; i < width; i++)
      rows[b * width + i] = block[i * DELTA1_BLOCK + b];
}

static void
forward (delta1_gradient_t *gradient, const double *p)
{
  slong m = gradient->inputs;
  const double *x = gradient->y;
  for (slong j = 0; j < gradient->layers; j++)
    {
      const delta1_gradient_layer_t *layer = gradient->layer + j;
      delta1_block_product_t W
          = { p + layer->W, layer->width, layer->before, layer->before, 1, layer->has_bias };
      for (slong i = 0; layer->has_bias && i < layer->width; i++)
        for (slong b = 0; b < DELTA1_BLOCK; b++)
          layer->z[i * DELTA1_BLOCK + b] = p[layer->c + i];
      delta1_block_product (layer->z, x, &W);
      if (layer->has_skip)
        {
          delta1_block_product_t R = { p + layer->R, layer->width, m, m, 1, true };
          delta1_block_product (layer->z, gradient->y, &R);
        }
      delta1_block_activate (layer, p);
      x = layer->x;
    }
}

/* From gradient->d, the derivative by the outputs. g: d_parameters to add to, or NULL; d_y when
 * `inputs`. */
static void
backward (delta1_gradient_t *gradient, double *g, bool inputs, const double *p)
{
  slong m = gradient->inputs;
  if (inputs)
    memset (gradient->d_y, 0, (size_t)(m * DELTA1_BLOCK) * sizeof (double));
  for (slong j = gradient->layers - 1; j >= 0; j--)
    {
      const delta1_gradient_layer_t *layer = gradient->layer + j;
      const double *before = j == 0 ? gradient->y : gradient->layer[j - 1].x;
      double *d = gradient->d;
      delta1_block_deactivate (d, g, layer, p);
      if (g != NULL)
        {
          delta1_block_outer (g + layer->W, d, layer->width, before, layer->before);
          if (layer->has_skip)
            delta1_block_outer (g + layer->R, d, layer->width, gradient->y, m);
          for (slong i = 0; layer->has_bias && i < layer->width; i++)
            g[layer->c + i] += delta1_block_sum (d + i * DELTA1_BLOCK);
        }
      if (inputs && layer->has_skip)
        {
          delta1_block_product_t R = { p + layer->R, m, layer->width, 1, m, true };
          delta1_block_product (gradient->d_y, d, &R);
        }
      delta1_block_product_t W
          = { p + layer->W, layer->before, layer->width, 1, layer->before, j == 0 };
      if (j > 0)
        {
          delta1_block_product (gradient->d_before, d, &W);
          gradient->d = gradient->d_before;
          gradient->d_before = d;
        }
      else if (inputs)
        delta1_block_product (gradient->d_y, d, &W);
    }
}

void
delta1_gradient_run (double *loss, double *d_parameters, double *d_inputs,
                     delta1_gradient_t *gradient, const delta1_batch_t *batch)
{
  slong m = gradient->inputs, N = gradient->layer[gradient->layers - 1].width;
  *loss = 0;
  if (d_parameters != NULL)
    memset (d_parameters, 0, (size_t)gradient->count * sizeof *d_parameters);
  for (slong first = 0; first < batch->size; first += DELTA1_BLOCK)
    {
      slong count = batch->size - first < DELTA1_BLOCK ? batch->size - first : DELTA1_BLOCK;
      to_block (gradient->y, batch->inputs + first * m, count, m);
      forward (gradient, batch->parameters);
      from_block (gradient->rows, gradient->layer[gradient->layers - 1].x, count, N);
      *loss += batch->loss (gradient->d_rows, gradient->rows, first, count, batch->context);
      if (d_parameters == NULL && d_inputs == NULL)
        continue;
      to_block (gradient->d, gradient->d_rows, count, N);
      backward (gradient, d_parameters, d_inputs != NULL, batch->parameters);
      if (d_inputs != NULL)
        from_block (d_inputs + first * m, gradient->d_y, count, m);
    }
}

double
delta1_loss_squared (double *upstream, const double *outputs, slong first, slong count,
                     void *context)
{
  const delta1_squared_t *squared = context;
  const double *targets = squared->targets + first * squared->outputs;
  double loss = 0;
  for (slong i = 0; i < count * squared->outputs; i++)
    {
      double d = outputs[i] - targets[i];
      loss += d * d;
      upstream[i] = 2 * squared->scale * d;
    }
  return squared->scale * loss;
}
