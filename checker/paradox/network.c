#include <stdlib.h>

#include "checker/paradox/paradox.h"

void family_read (check_t *check, paradox_t *paradox, json_t *family) {
  static const char *const names[] = { "paradox", NULL };
  const char *name;
  json_t *delta, *widths;
  json_int_t points;
  unpack (check, family, "family", "{s:s,s:I,s:o,s:o}", "name", &name, "points", &points, "delta",
          &delta, "widths", &widths);
  choice (check, name, "family.name", names);
  paradox->points = within (check, points, "family.points", 2, LIMIT_POINTS);
  mpq_init (paradox->delta);
  radius_of (check, paradox->delta, delta, "family.delta");
  int64_t count = size_of (array_of (check, widths, "family.widths", -1));
  within (check, count, "the number of widths", 2, LIMIT_WIDTHS);
  paradox->layers = count - 1;
  paradox->product = 1;
  for (int64_t j = 0; j < count; j++) {
    int64_t width = index_of (check, at (widths, j), "family.widths", LIMIT_WIDTH + 1);
    paradox->widths[j]
        = within (check, width, "a width", j == 0 ? 2 : 1, j == count - 1 ? 1 : LIMIT_WIDTH);
    if (j > 0 && j < count - 1) paradox->product *= width + 1;
    if (paradox->product > LIMIT_POINTS) paradox->product = LIMIT_POINTS;
  }
}

/* The rows of numbers in list, one after the other. */
static mpq_t *read_rows (check_t *check, json_t *list, const char *name, int64_t rows,
                         int64_t size) {
  array_of (check, list, name, rows);
  for (int64_t i = 0; i < rows; i++) array_of (check, at (list, i), name, size);
  mpq_t *x = rationals (check, rows * size);
  for (int64_t t = 0; t < rows * size; t++)
    rational_of (check, x[t], at (at (list, t / size), t % size), name, LIMIT_WEIGHT_BITS);
  return x;
}

static void read_units (check_t *check, layer_t *layer, json_t *groups, bool last) {
  static const char *const kinds[] = { "relu", "modulus", NULL };
  const char *kind;
  json_t *entries;
  for (int64_t i = 0; i < layer->width; i++) layer->units[i] = IDENTITY;
  for (int64_t g = 0; groups != NULL && g < size_of (array_of (check, groups, "units", -1)); g++) {
    unpack (check, at (groups, g), "units", "{s:s,s:o}", "unit", &kind, "entries", &entries);
    int unit = choice (check, kind, "unit", kinds);
    for (int64_t t = 0; t < size_of (array_of (check, entries, "entries", -1)); t++) {
      char *place = &layer->units[index_of (check, at (entries, t), "entries", layer->width)];
      if (*place != IDENTITY) refuse (check, "an entry has two units");
      if (last) refuse (check, "the last layer has a unit");
      *place = (char)unit;
    }
  }
}

void network_read (check_t *check, paradox_t *paradox, json_t *network) {
  static const char *const formats[] = { "delta1-network-1", NULL };
  const char *format, *seal;
  json_t *list;
  json_int_t inputs;
  int64_t widest = 0;
  if (json_object_get (network, "sha256") != NULL) check_seal (check, network, "network");
  unpack (check, network, "network", "{s:s,s:I,s:o,s?s}", "format", &format, "inputs", &inputs,
          "layers", &list, "sha256", &seal);
  choice (check, format, "network.format", formats);
  if (inputs != paradox->widths[0] || json_array_size (list) != (size_t)paradox->layers)
    refuse (check, "the network has not the inputs and layers of family.widths");
  paradox->layer = allocate (check, paradox->layers, sizeof *paradox->layer);
  for (int64_t j = 0; j < paradox->layers; j++) {
    layer_t *layer = &paradox->layer[j];
    json_t *weights, *skip = NULL, *bias = NULL, *units = NULL;
    unpack (check, at (list, j), "layer", "{s:o,s?o,s?o,s?o}", "weights", &weights, "skip", &skip,
            "bias", &bias, "units", &units);
    layer->before = paradox->widths[j];
    layer->width = paradox->widths[j + 1];
    layer->weights = read_rows (check, weights, "weights", layer->width, layer->before);
    if (skip != NULL) layer->skip = read_rows (check, skip, "skip", layer->width, inputs);
    if (bias != NULL) {
      array_of (check, bias, "bias", layer->width);
      layer->bias = rationals (check, layer->width);
      for (int64_t i = 0; i < layer->width; i++)
        rational_of (check, layer->bias[i], at (bias, i), "bias", LIMIT_WEIGHT_BITS);
    }
    layer->units = allocate (check, layer->width, 1);
    read_units (check, layer, units, j == paradox->layers - 1);
    if (layer->before > widest) widest = layer->before;
  }
  paradox->input = rationals (check, inputs);
  paradox->value = rationals (check, widest);
  paradox->next = rationals (check, widest);
}

void network_evaluate (check_t *check, paradox_t *paradox, mpq_t y, const mpq_t first,
                       const mpq_t second) {
  mpq_t *x = paradox->value, *z = paradox->next, *input = paradox->input, product;
  mpq_init (product);
  mpq_set (input[0], first);
  mpq_set (input[1], second);
  for (int64_t i = 0; i < paradox->widths[0]; i++) mpq_set (x[i], input[i]);
  for (int64_t j = 0; j < paradox->layers; j++) {
    const layer_t *layer = &paradox->layer[j];
    charge (check, (uint64_t)(layer->width * layer->before));
    for (int64_t i = 0; i < layer->width; i++) {
      mpq_set_ui (z[i], 0, 1);
      if (layer->bias != NULL) mpq_set (z[i], layer->bias[i]);
      for (int64_t t = 0; t < layer->before; t++)
        add_product (check, z[i], layer->weights[i * layer->before + t], x[t], product);
      for (int64_t t = 0; t < 2 && layer->skip != NULL; t++) /* the other inputs are zero */
        add_product (check, z[i], layer->skip[i * paradox->widths[0] + t], input[t], product);
      if (layer->units[i] == RELU && mpq_sgn (z[i]) < 0) mpq_set_ui (z[i], 0, 1);
      if (layer->units[i] == MODULUS) mpq_abs (z[i], z[i]);
    }
    mpq_t *swap = x;
    x = z;
    z = swap;
  }
  mpq_set (y, x[0]);
  mpq_clear (product);
}
