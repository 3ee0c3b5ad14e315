#include "src/network.h"

#include <stdlib.h>

#include "src/network_private.h"

static const char *const names[DELTA1_UNIT_COUNT]
    = { "identity", "relu", "modulus", "square", "soft", "ball", "shrink", "gated" };

const char *
delta1_unit_name (delta1_unit_t unit)
{
  return names[unit];
}

static bool
is_gate (delta1_unit_t unit)
{
  return unit == DELTA1_BALL_GATE || unit == DELTA1_SHRINK_GATE;
}

static delta1_status_t
check_shape (slong inputs, slong layers, const slong *widths, delta1_reason_t *reason)
{
  if (layers < 1 || layers > DELTA1_NETWORK_MAX_LAYERS)
    return delta1_fail (reason, DELTA1_INPUT, "a network has 1 to %d layers, not %ld",
                        DELTA1_NETWORK_MAX_LAYERS, (long)layers);
  if (inputs < 1 || inputs > DELTA1_NETWORK_MAX_WIDTH)
    return delta1_fail (reason, DELTA1_INPUT, "a network has 1 to %d inputs, not %ld",
                        DELTA1_NETWORK_MAX_WIDTH, (long)inputs);
  slong before = inputs, weights = 0;
  for (slong j = 0; j < layers; j++)
    {
      if (widths[j] < 1 || widths[j] > DELTA1_NETWORK_MAX_WIDTH)
        return delta1_fail (reason, DELTA1_INPUT, "layer %ld: a width is 1 to %d, not %ld", (long)j,
                            DELTA1_NETWORK_MAX_WIDTH, (long)widths[j]);
      /* Both factors are below 2^21. The skip connection may still come. */
      weights += widths[j] * (before + inputs + 1);
      if (weights > DELTA1_NETWORK_MAX_WEIGHTS)
        return delta1_fail (reason, DELTA1_INPUT,
                            "layer %ld: a network has at most %d weights, skips and biases counted",
                            (long)j, DELTA1_NETWORK_MAX_WEIGHTS);
      before = widths[j];
    }
  return DELTA1_OK;
}

delta1_status_t
delta1_network_create (delta1_network_t **network, slong inputs, slong layers, const slong *widths,
                       delta1_reason_t *reason)
{
  *network = NULL;
  delta1_status_t status = check_shape (inputs, layers, widths, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_network_t *made = calloc (1, sizeof *made);
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  made->inputs = inputs;
  made->layer = calloc ((size_t)layers, sizeof *made->layer);
  made->copies = calloc (1, sizeof *made->copies);
  if (made->layer == NULL || made->copies == NULL)
    goto memory;
  for (slong j = 0; j < layers; j++)
    {
      delta1_layer_t *layer = made->layer + j;
      layer->before = j == 0 ? inputs : widths[j - 1];
      layer->width = widths[j];
      layer->unit = calloc ((size_t)widths[j], sizeof *layer->unit);
      layer->gate = malloc ((size_t)widths[j] * sizeof *layer->gate);
      if (layer->unit == NULL || layer->gate == NULL)
        {
          free (layer->unit);
          free (layer->gate);
          goto memory;
        }
      for (slong i = 0; i < widths[j]; i++)
        layer->gate[i] = -1;
      layer->threshold = _fmpq_vec_init (widths[j]);
      fmpq_mat_init (layer->W, layer->width, layer->before);
      fmpq_mat_init (layer->R, 0, 0);
      fmpq_mat_init (layer->c, 0, 0);
      made->layers = j + 1;
    }
  *network = made;
  return DELTA1_OK;
memory:
  delta1_network_free (made);
  return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
}

static void
free_balls (arb_ptr v, slong length)
{
  if (v != NULL)
    _arb_vec_clear (v, length);
}

void
delta1_network_drop_balls (const delta1_network_t *network)
{
  delta1_network_copies_t *copies = network->copies;
  for (slong j = 0; copies->balls != NULL && j < network->layers; j++)
    {
      const delta1_layer_t *layer = network->layer + j;
      free_balls (copies->balls[j].W, layer->width * layer->before);
      free_balls (copies->balls[j].R, layer->width * network->inputs);
      free_balls (copies->balls[j].c, layer->width);
      free_balls (copies->balls[j].threshold, layer->width);
    }
  flint_free (copies->balls);
  copies->balls = NULL;
  copies->precision = 0;
}

void
delta1_network_drop_copies (const delta1_network_t *network)
{
  delta1_network_copies_t *copies = network->copies;
  delta1_network_drop_balls (network);
  for (slong j = 0; copies->doubles != NULL && j < network->layers; j++)
    {
      free (copies->doubles[j].W);
      free (copies->doubles[j].R);
      free (copies->doubles[j].c);
      free (copies->doubles[j].threshold);
    }
  free (copies->doubles);
  copies->doubles = NULL;
}

void
delta1_network_free (delta1_network_t *network)
{
  if (network == NULL)
    return;
  if (network->copies != NULL)
    delta1_network_drop_copies (network);
  for (slong j = 0; j < network->layers; j++)
    {
      delta1_layer_t *layer = network->layer + j;
      fmpq_mat_clear (layer->W);
      fmpq_mat_clear (layer->R);
      fmpq_mat_clear (layer->c);
      _fmpq_vec_clear (layer->threshold, layer->width);
      free (layer->unit);
      free (layer->gate);
    }
  free (network->layer);
  free (network->copies);
  free (network);
}

slong
delta1_network_inputs (const delta1_network_t *network)
{
  return network->inputs;
}

slong
delta1_network_outputs (const delta1_network_t *network)
{
  return network->layer[network->layers - 1].width;
}

slong
delta1_network_layers (const delta1_network_t *network)
{
  return network->layers;
}

slong
delta1_network_width (const delta1_network_t *network, slong layer)
{
  return layer < 0 ? network->inputs : network->layer[layer].width;
}

const fmpq_mat_struct *
delta1_network_weights (const delta1_network_t *network, slong layer)
{
  return network->layer[layer].W;
}

const fmpq_mat_struct *
delta1_network_skip (const delta1_network_t *network, slong layer)
{
  return network->layer[layer].has_skip ? network->layer[layer].R : NULL;
}

const fmpq_mat_struct *
delta1_network_bias (const delta1_network_t *network, slong layer)
{
  return network->layer[layer].has_bias ? network->layer[layer].c : NULL;
}

fmpq_mat_struct *
delta1_network_edit_weights (delta1_network_t *network, slong layer)
{
  delta1_network_drop_copies (network);
  return network->layer[layer].W;
}

/* A matrix that did not exist begins as zero. */
static fmpq_mat_struct *
edit (delta1_network_t *network, fmpq_mat_t M, bool *has, slong rows, slong columns)
{
  delta1_network_drop_copies (network);
  if (!*has)
    {
      fmpq_mat_clear (M);
      fmpq_mat_init (M, rows, columns);
      *has = true;
    }
  return M;
}

fmpq_mat_struct *
delta1_network_edit_skip (delta1_network_t *network, slong layer)
{
  delta1_layer_t *l = network->layer + layer;
  return edit (network, l->R, &l->has_skip, l->width, network->inputs);
}

fmpq_mat_struct *
delta1_network_edit_bias (delta1_network_t *network, slong layer)
{
  delta1_layer_t *l = network->layer + layer;
  return edit (network, l->c, &l->has_bias, l->width, 1);
}

static delta1_status_t
check_entry (const delta1_network_t *network, slong layer, slong entry, delta1_reason_t *reason)
{
  if (layer < 0 || layer >= network->layers)
    return delta1_fail (reason, DELTA1_INPUT, "layer %ld: the network has %ld", (long)layer,
                        (long)network->layers);
  if (entry < 0 || entry >= network->layer[layer].width)
    return delta1_fail (reason, DELTA1_INPUT, "layer %ld, entry %ld: the layer has %ld",
                        (long)layer, (long)entry, (long)network->layer[layer].width);
  return DELTA1_OK;
}

/* An entry that has a part in a gate keeps it. */
static delta1_status_t
check_free (const delta1_network_t *network, slong layer, slong entry, delta1_reason_t *reason)
{
  delta1_status_t status = check_entry (network, layer, entry, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_unit_t unit = network->layer[layer].unit[entry];
  if (is_gate (unit) || unit == DELTA1_GATED)
    return delta1_fail (reason, DELTA1_INPUT, "layer %ld, entry %ld is already part of a gate",
                        (long)layer, (long)entry);
  return DELTA1_OK;
}

delta1_status_t
delta1_network_set_units (delta1_network_t *network, slong layer, slong first, slong count,
                          delta1_unit_t unit, delta1_reason_t *reason)
{
  if ((int)unit < 0 || unit > DELTA1_SOFT)
    return delta1_fail (reason, DELTA1_INPUT,
                        "layer %ld: a gate is set with its source; allowed here: identity, relu, "
                        "modulus, square, soft",
                        (long)layer);
  if (count < 0 || count > DELTA1_NETWORK_MAX_WIDTH)
    return delta1_fail (reason, DELTA1_INPUT, "layer %ld: %ld entries", (long)layer, (long)count);
  for (slong i = 0; i < count; i++)
    {
      delta1_status_t status = check_free (network, layer, first + i, reason);
      if (status != DELTA1_OK)
        return status;
    }
  delta1_network_drop_copies (network);
  for (slong i = first; i < first + count; i++)
    {
      network->layer[layer].unit[i] = unit;
      fmpq_zero (network->layer[layer].threshold + i);
    }
  return DELTA1_OK;
}

delta1_status_t
delta1_network_set_threshold (delta1_network_t *network, slong layer, slong entry,
                              const fmpq_t threshold, delta1_reason_t *reason)
{
  delta1_status_t status = check_entry (network, layer, entry, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_unit_t unit = network->layer[layer].unit[entry];
  if (unit != DELTA1_SOFT && unit != DELTA1_SHRINK_GATE)
    return delta1_fail (reason, DELTA1_INPUT,
                        "layer %ld, entry %ld is %s: only soft and shrink have a threshold",
                        (long)layer, (long)entry, delta1_unit_name (unit));
  if (unit == DELTA1_SHRINK_GATE && fmpq_sgn (threshold) <= 0)
    return delta1_fail (reason, DELTA1_INPUT,
                        "layer %ld, entry %ld: the threshold of shrink must be above 0",
                        (long)layer, (long)entry);
  delta1_network_drop_copies (network);
  fmpq_set (network->layer[layer].threshold + entry, threshold);
  return DELTA1_OK;
}

delta1_status_t
delta1_network_set_gate (delta1_network_t *network, slong layer, slong source, delta1_unit_t gate,
                         const fmpq_t threshold, delta1_reason_t *reason)
{
  delta1_status_t status = check_free (network, layer, source, reason);
  if (status != DELTA1_OK)
    return status;
  if (!is_gate (gate))
    return delta1_fail (reason, DELTA1_INPUT, "layer %ld, entry %ld: a gate is ball or shrink",
                        (long)layer, (long)source);
  if (gate == DELTA1_SHRINK_GATE && fmpq_sgn (threshold) <= 0)
    return delta1_fail (reason, DELTA1_INPUT,
                        "layer %ld, entry %ld: the threshold of shrink must be above 0",
                        (long)layer, (long)source);
  delta1_network_drop_copies (network);
  network->layer[layer].unit[source] = gate;
  if (gate == DELTA1_SHRINK_GATE)
    fmpq_set (network->layer[layer].threshold + source, threshold);
  else
    fmpq_zero (network->layer[layer].threshold + source);
  return DELTA1_OK;
}

delta1_status_t
delta1_network_set_gated (delta1_network_t *network, slong layer, slong entry, slong source,
                          delta1_reason_t *reason)
{
  delta1_status_t status = check_free (network, layer, entry, reason);
  if (status == DELTA1_OK)
    status = check_entry (network, layer, source, reason);
  if (status != DELTA1_OK)
    return status;
  if (!is_gate (network->layer[layer].unit[source]))
    return delta1_fail (reason, DELTA1_INPUT, "layer %ld, entry %ld is not a gate", (long)layer,
                        (long)source);
  delta1_network_drop_copies (network);
  network->layer[layer].unit[entry] = DELTA1_GATED;
  network->layer[layer].gate[entry] = source;
  fmpq_zero (network->layer[layer].threshold + entry);
  return DELTA1_OK;
}

delta1_unit_t
delta1_network_unit (const delta1_network_t *network, slong layer, slong entry)
{
  return network->layer[layer].unit[entry];
}

const fmpq *
delta1_network_threshold (const delta1_network_t *network, slong layer, slong entry)
{
  return network->layer[layer].threshold + entry;
}

slong
delta1_network_gate (const delta1_network_t *network, slong layer, slong entry)
{
  return network->layer[layer].gate[entry];
}

bool
delta1_network_is_piecewise_linear (const delta1_network_t *network)
{
  for (slong j = 0; j < network->layers; j++)
    for (slong i = 0; i < network->layer[j].width; i++)
      {
        delta1_unit_t unit = network->layer[j].unit[i];
        if (unit == DELTA1_SQUARE || is_gate (unit) || unit == DELTA1_GATED)
          return false;
      }
  return true;
}

delta1_status_t
delta1_network_copy (delta1_network_t **copy, const delta1_network_t *network,
                     delta1_reason_t *reason)
{
  *copy = NULL;
  slong *widths = malloc ((size_t)network->layers * sizeof *widths);
  if (widths == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  for (slong j = 0; j < network->layers; j++)
    widths[j] = network->layer[j].width;
  delta1_network_t *made;
  delta1_status_t status
      = delta1_network_create (&made, network->inputs, network->layers, widths, reason);
  free (widths);
  if (status != DELTA1_OK)
    return status;
  for (slong j = 0; j < network->layers; j++)
    {
      const delta1_layer_t *from = network->layer + j;
      delta1_layer_t *to = made->layer + j;
      fmpq_mat_set (to->W, from->W);
      if (from->has_skip)
        fmpq_mat_set (delta1_network_edit_skip (made, j), from->R);
      if (from->has_bias)
        fmpq_mat_set (delta1_network_edit_bias (made, j), from->c);
      for (slong i = 0; i < from->width; i++)
        {
          to->unit[i] = from->unit[i];
          to->gate[i] = from->gate[i];
          fmpq_set (to->threshold + i, from->threshold + i);
        }
    }
  *copy = made;
  return DELTA1_OK;
}

bool
delta1_network_equal (const delta1_network_t *a, const delta1_network_t *b)
{
  if (a->inputs != b->inputs || a->layers != b->layers)
    return false;
  for (slong j = 0; j < a->layers; j++)
    {
      const delta1_layer_t *p = a->layer + j, *q = b->layer + j;
      if (p->width != q->width || p->has_skip != q->has_skip || p->has_bias != q->has_bias
          || !fmpq_mat_equal (p->W, q->W) || (p->has_skip && !fmpq_mat_equal (p->R, q->R))
          || (p->has_bias && !fmpq_mat_equal (p->c, q->c)))
        return false;
      for (slong i = 0; i < p->width; i++)
        if (p->unit[i] != q->unit[i] || p->gate[i] != q->gate[i]
            || !fmpq_equal (p->threshold + i, q->threshold + i))
          return false;
    }
  return true;
}
