#include "src/network_document.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/document.h"
#include "src/member.h"
#include "src/number.h"

#define FORMAT "delta1-network-1"

/* --- writing -------------------------------------------------------------------------------- */

/* NULL when memory is out, as everywhere below: jansson refuses to store a NULL and says so. */
static json_t *
write_row (const fmpq_mat_struct *M, slong i)
{
  json_t *row = json_array ();
  for (slong k = 0; row != NULL && k < fmpq_mat_ncols (M); k++)
    if (json_array_append_new (row, delta1_member_write_number (fmpq_mat_entry (M, i, k))) != 0)
      {
        json_decref (row);
        row = NULL;
      }
  return row;
}

static json_t *
write_matrix (const fmpq_mat_struct *M)
{
  json_t *rows = json_array ();
  for (slong i = 0; rows != NULL && i < fmpq_mat_nrows (M); i++)
    if (json_array_append_new (rows, write_row (M, i)) != 0)
      {
        json_decref (rows);
        rows = NULL;
      }
  return rows;
}

static json_t *
write_bias (const fmpq_mat_struct *c)
{
  json_t *row = json_array ();
  for (slong i = 0; row != NULL && i < fmpq_mat_nrows (c); i++)
    if (json_array_append_new (row, delta1_member_write_number (fmpq_mat_entry (c, i, 0))) != 0)
      {
        json_decref (row);
        row = NULL;
      }
  return row;
}

/* The entries of the layer that are this unit (and, for GATED, have this gate), and their
 * thresholds. */
static bool
list_entries (json_t *entries, json_t *thresholds, const delta1_network_t *network, slong layer,
              delta1_unit_t unit, slong gate)
{
  bool good = true;
  for (slong i = 0; good && i < delta1_network_width (network, layer); i++)
    if (delta1_network_unit (network, layer, i) == unit
        && delta1_network_gate (network, layer, i) == gate)
      {
        good = json_array_append_new (entries, json_integer (i)) == 0;
        if (thresholds != NULL)
          good = good
                 && json_array_append_new (
                        thresholds,
                        delta1_member_write_number (delta1_network_threshold (network, layer, i)))
                        == 0;
      }
  return good;
}

static bool
write_pointwise (json_t *units, const delta1_network_t *network, slong layer, delta1_unit_t unit)
{
  json_t *entries = json_array (), *thresholds = unit == DELTA1_SOFT ? json_array () : NULL;
  bool good = entries != NULL && (unit != DELTA1_SOFT || thresholds != NULL)
              && list_entries (entries, thresholds, network, layer, unit, -1);
  if (good && json_array_size (entries) > 0)
    {
      json_t *group = json_pack ("{s:s,s:O}", "unit", delta1_unit_name (unit), "entries", entries);
      good = group != NULL
             && (thresholds == NULL || json_object_set (group, "thresholds", thresholds) == 0)
             && json_array_append (units, group) == 0;
      json_decref (group);
    }
  json_decref (entries);
  json_decref (thresholds);
  return good;
}

static bool
write_gate (json_t *units, const delta1_network_t *network, slong layer, slong source)
{
  delta1_unit_t unit = delta1_network_unit (network, layer, source);
  json_t *entries = json_array ();
  bool good = entries != NULL && list_entries (entries, NULL, network, layer, DELTA1_GATED, source);
  json_t *group = !good ? NULL
                        : json_pack ("{s:s,s:I,s:O}", "unit", delta1_unit_name (unit), "source",
                                     (json_int_t)source, "entries", entries);
  good = group != NULL;
  if (good && unit == DELTA1_SHRINK_GATE)
    good = json_object_set_new (
               group, "threshold",
               delta1_member_write_number (delta1_network_threshold (network, layer, source)))
           == 0;
  good = good && json_array_append (units, group) == 0;
  json_decref (group);
  json_decref (entries);
  return good;
}

static json_t *
write_layer (const delta1_network_t *network, slong layer)
{
  const fmpq_mat_struct *R = delta1_network_skip (network, layer);
  const fmpq_mat_struct *c = delta1_network_bias (network, layer);
  json_t *object = json_object (), *units = json_array ();
  bool good = object != NULL && units != NULL
              && json_object_set_new (object, "weights",
                                      write_matrix (delta1_network_weights (network, layer)))
                     == 0;
  if (R != NULL)
    good = good && json_object_set_new (object, "skip", write_matrix (R)) == 0;
  if (c != NULL)
    good = good && json_object_set_new (object, "bias", write_bias (c)) == 0;
  for (int unit = DELTA1_RELU; good && unit <= DELTA1_SOFT; unit++)
    good = write_pointwise (units, network, layer, (delta1_unit_t)unit);
  for (slong i = 0; good && i < delta1_network_width (network, layer); i++)
    {
      delta1_unit_t unit = delta1_network_unit (network, layer, i);
      if (unit == DELTA1_BALL_GATE || unit == DELTA1_SHRINK_GATE)
        good = write_gate (units, network, layer, i);
    }
  if (good && json_array_size (units) > 0)
    good = json_object_set (object, "units", units) == 0;
  json_decref (units);
  if (!good)
    {
      json_decref (object);
      object = NULL;
    }
  return object;
}

delta1_status_t
delta1_network_write (json_t **document, const delta1_network_t *network, delta1_reason_t *reason)
{
  json_t *layers = json_array ();
  bool good = layers != NULL;
  *document = NULL;
  for (slong j = 0; good && j < delta1_network_layers (network); j++)
    good = json_array_append_new (layers, write_layer (network, j)) == 0;
  if (good)
    *document = json_pack ("{s:s,s:I,s:O}", "format", FORMAT, "inputs",
                           (json_int_t)delta1_network_inputs (network), "layers", layers);
  json_decref (layers);
  return *document != NULL ? DELTA1_OK : delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
}

/* --- reading -------------------------------------------------------------------------------- */

const delta1_network_limits_t delta1_network_default_limits = { .bits = DELTA1_NETWORK_MAX_BITS };

typedef struct
{
  delta1_network_t *network;
  const delta1_network_limits_t *limits;
  uint64_t bits; /* of all numbers so far */
  slong layer;
  delta1_reason_t *reason;
} reader_t;

static delta1_status_t refuse (const reader_t *reader, const char *format, ...)
    DELTA1_PRINTF (2, 3);

static delta1_status_t
refuse (const reader_t *reader, const char *format, ...)
{
  char text[512];
  va_list arguments;
  va_start (arguments, format);
  (void)vsnprintf (text, sizeof text, format, arguments);
  va_end (arguments);
  return delta1_fail (reader->reason, DELTA1_INPUT, "network, layer %ld: %s", (long)reader->layer,
                      text);
}

/* A short text with a large exponent is slow to read, and the number is then too long anyway. */
static bool
is_short (const char *text, size_t length)
{
  const char *digits = text + (text[0] == '-');
  bool hexadecimal = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
  const char *mark = strpbrk (digits, hexadecimal ? "pP" : "eE");
  long exponent = mark == NULL ? 0 : strtol (mark + 1, NULL, 10);
  return length <= DELTA1_NETWORK_MAX_NUMBER_TEXT && exponent <= DELTA1_NETWORK_MAX_NUMBER_TEXT
         && exponent >= -DELTA1_NETWORK_MAX_NUMBER_TEXT;
}

static delta1_status_t
read_number (fmpq_t x, reader_t *reader, const json_t *value, const char *where)
{
  delta1_reason_t why;
  if (reader->limits->proceed != NULL)
    {
      delta1_status_t status = reader->limits->proceed (reader->limits->context, reader->reason);
      if (status != DELTA1_OK)
        return status;
    }
  if (!json_is_string (value))
    return refuse (reader, "%s: a number is a string such as \"-3/7\" or \"0x1p-3\"", where);
  if (!is_short (json_string_value (value), json_string_length (value)))
    return refuse (reader, "%s: '%.40s...' has more than %d characters, or a larger exponent",
                   where, json_string_value (value), DELTA1_NETWORK_MAX_NUMBER_TEXT);
  if (strlen (json_string_value (value)) != json_string_length (value)
      || delta1_number_parse (x, json_string_value (value), &why) != DELTA1_OK)
    return refuse (reader, "%s: %.300s", where,
                   strlen (json_string_value (value)) != json_string_length (value)
                       ? "a zero byte in a number"
                       : why.text);
  uint64_t bits = (uint64_t)fmpz_bits (fmpq_numref (x)) + (uint64_t)fmpz_bits (fmpq_denref (x));
  reader->bits += bits;
  if (bits > DELTA1_NETWORK_MAX_NUMBER_BITS)
    return refuse (reader, "%s: a number of %lu bits; allowed %d", where, (unsigned long)bits,
                   DELTA1_NETWORK_MAX_NUMBER_BITS);
  if (reader->bits > reader->limits->bits)
    return refuse (reader, "%s: the numbers of a network have at most %lu bits together", where,
                   (unsigned long)reader->limits->bits);
  return DELTA1_OK;
}

/* rows x columns numbers into M; the shape is checked before the first one is read. */
static delta1_status_t
read_matrix (fmpq_mat_struct *M, reader_t *reader, const json_t *value, const char *where)
{
  slong rows = fmpq_mat_nrows (M), columns = fmpq_mat_ncols (M);
  if (!json_is_array (value) || json_array_size (value) != (size_t)rows)
    return refuse (reader, "%s: not an array of %ld rows", where, (long)rows);
  for (slong i = 0; i < rows; i++)
    {
      const json_t *row = json_array_get (value, (size_t)i);
      if (!json_is_array (row) || json_array_size (row) != (size_t)columns)
        return refuse (reader, "%s: row %ld is not an array of %ld numbers", where, (long)i,
                       (long)columns);
    }
  for (slong i = 0; i < rows; i++)
    for (slong k = 0; k < columns; k++)
      {
        const json_t *row = json_array_get (value, (size_t)i);
        delta1_status_t status = read_number (fmpq_mat_entry (M, i, k), reader,
                                              json_array_get (row, (size_t)k), where);
        if (status != DELTA1_OK)
          return status;
      }
  return DELTA1_OK;
}

static delta1_status_t
read_bias (fmpq_mat_struct *c, reader_t *reader, const json_t *value)
{
  slong rows = fmpq_mat_nrows (c);
  if (!json_is_array (value) || json_array_size (value) != (size_t)rows)
    return refuse (reader, "bias: not an array of %ld numbers", (long)rows);
  for (slong i = 0; i < rows; i++)
    {
      delta1_status_t status = read_number (fmpq_mat_entry (c, i, 0), reader,
                                            json_array_get (value, (size_t)i), "bias");
      if (status != DELTA1_OK)
        return status;
    }
  return DELTA1_OK;
}

/* Only members of the list may be there. */
static delta1_status_t
check_members (const reader_t *reader, json_t *object, const char *where, const char *allowed)
{
  const char *name;
  json_t *value;
  json_object_foreach (object, name, value)
  {
    char *quoted = NULL;
    if (asprintf (&quoted, " %s ", name) < 0)
      return delta1_fail (reader->reason, DELTA1_SYSTEM, "out of memory");
    bool known = strchr (name, ' ') == NULL && strstr (allowed, quoted) != NULL;
    free (quoted);
    if (!known)
      return refuse (reader, "%s: member '%.40s' is not known; allowed:%s", where, name, allowed);
  }
  return DELTA1_OK;
}

static delta1_status_t
read_index (slong *index, const reader_t *reader, const json_t *value, const char *where)
{
  slong width = delta1_network_width (reader->network, reader->layer);
  if (!json_is_integer (value) || json_integer_value (value) < 0
      || json_integer_value (value) >= width)
    return refuse (reader, "units: %s is not an integer from 0 to %ld", where, (long)(width - 1));
  *index = (slong)json_integer_value (value);
  return DELTA1_OK;
}

/* taken: entries that have their unit already. */
static delta1_status_t
read_entry (slong *entry, const reader_t *reader, const json_t *value, bool *taken)
{
  delta1_status_t status = read_index (entry, reader, value, "an entry");
  if (status != DELTA1_OK)
    return status;
  if (taken[*entry])
    return refuse (reader, "units: entry %ld is named twice", (long)*entry);
  taken[*entry] = true;
  return DELTA1_OK;
}

static delta1_status_t
read_group (reader_t *reader, json_t *group, bool *taken)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *network = reader->network;
  int unit = DELTA1_RELU;
  fmpq_t threshold;
  slong source = 0, entry;
  fmpq_init (threshold);
  if (!json_is_object (group) || !json_is_string (json_object_get (group, "unit"))
      || !json_is_array (json_object_get (group, "entries")))
    DELTA1_TRY (refuse (reader, "units: a group is an object with 'unit' and 'entries'"));
  const char *name = json_string_value (json_object_get (group, "unit"));
  const json_t *entries = json_object_get (group, "entries");
  const json_t *thresholds = json_object_get (group, "thresholds");
  while (unit < DELTA1_GATED && strcmp (name, delta1_unit_name ((delta1_unit_t)unit)) != 0)
    unit++;
  bool gate = unit == DELTA1_BALL_GATE || unit == DELTA1_SHRINK_GATE;
  if (unit == DELTA1_GATED)
    DELTA1_TRY (refuse (reader,
                        "units: '%.40s' is not known; allowed: relu, modulus, square, soft, ball, "
                        "shrink",
                        name));
  DELTA1_TRY (check_members (reader, group, "units",
                             unit == DELTA1_SOFT          ? " unit entries thresholds "
                             : unit == DELTA1_BALL_GATE   ? " unit entries source "
                             : unit == DELTA1_SHRINK_GATE ? " unit entries source threshold "
                                                          : " unit entries "));
  if (unit == DELTA1_SOFT
      && (!json_is_array (thresholds) || json_array_size (thresholds) != json_array_size (entries)))
    DELTA1_TRY (refuse (reader, "units: soft needs 'thresholds', one for each entry"));
  if (gate)
    {
      DELTA1_TRY (read_entry (&source, reader, json_object_get (group, "source"), taken));
      if (unit == DELTA1_SHRINK_GATE)
        DELTA1_TRY (read_number (threshold, reader, json_object_get (group, "threshold"), "units"));
      DELTA1_TRY (delta1_network_set_gate (network, reader->layer, source, (delta1_unit_t)unit,
                                           threshold, reader->reason));
    }
  for (size_t k = 0; k < json_array_size (entries); k++)
    {
      DELTA1_TRY (read_entry (&entry, reader, json_array_get (entries, k), taken));
      if (gate)
        {
          DELTA1_TRY (
              delta1_network_set_gated (network, reader->layer, entry, source, reader->reason));
          continue;
        }
      DELTA1_TRY (delta1_network_set_units (network, reader->layer, entry, 1, (delta1_unit_t)unit,
                                            reader->reason));
      if (unit == DELTA1_SOFT)
        {
          DELTA1_TRY (read_number (threshold, reader, json_array_get (thresholds, k), "units"));
          DELTA1_TRY (delta1_network_set_threshold (network, reader->layer, entry, threshold,
                                                    reader->reason));
        }
    }
cleanup:
  fmpq_clear (threshold);
  return status;
}

static delta1_status_t
read_layer (reader_t *reader, json_t *object)
{
  delta1_status_t status = DELTA1_OK;
  slong j = reader->layer;
  json_t *skip = json_object_get (object, "skip"), *bias = json_object_get (object, "bias");
  json_t *units = json_object_get (object, "units");
  bool *taken = calloc ((size_t)delta1_network_width (reader->network, j), sizeof *taken);
  if (taken == NULL)
    return delta1_fail (reader->reason, DELTA1_SYSTEM, "out of memory");
  DELTA1_TRY (check_members (reader, object, "layer", " weights skip bias units "));
  DELTA1_TRY (read_matrix (delta1_network_edit_weights (reader->network, j), reader,
                           json_object_get (object, "weights"), "weights"));
  if (skip != NULL)
    DELTA1_TRY (read_matrix (delta1_network_edit_skip (reader->network, j), reader, skip, "skip"));
  if (bias != NULL)
    DELTA1_TRY (read_bias (delta1_network_edit_bias (reader->network, j), reader, bias));
  if (units != NULL && !json_is_array (units))
    DELTA1_TRY (refuse (reader, "units: not an array"));
  for (size_t k = 0; k < json_array_size (units); k++)
    DELTA1_TRY (read_group (reader, json_array_get (units, k), taken));
cleanup:
  free (taken);
  return status;
}

/* Widths, from the number of rows of the weights. A document has one number for every weight, so
 * that nothing large is allocated for a small one. */
static delta1_status_t
read_widths (slong *widths, reader_t *reader, const json_t *layers, slong inputs)
{
  slong before = inputs;
  for (size_t j = 0; j < json_array_size (layers); j++)
    {
      const json_t *rows = json_object_get (json_array_get (layers, j), "weights");
      reader->layer = (slong)j;
      if (!json_is_array (rows) || json_array_size (rows) == 0
          || json_array_size (rows) > DELTA1_NETWORK_MAX_WIDTH)
        return refuse (reader, "weights: not an array of 1 to %d rows", DELTA1_NETWORK_MAX_WIDTH);
      for (size_t i = 0; i < json_array_size (rows); i++)
        if (json_array_size (json_array_get (rows, i)) != (size_t)before)
          return refuse (reader, "weights: row %ld is not an array of %ld numbers", (long)i,
                         (long)before);
      before = widths[j] = (slong)json_array_size (rows);
    }
  return DELTA1_OK;
}

delta1_status_t
delta1_network_read (delta1_network_t **network, json_t *document, delta1_reason_t *reason)
{
  return delta1_network_read_within (network, document, &delta1_network_default_limits, reason);
}

delta1_status_t
delta1_network_read_within (delta1_network_t **network, json_t *document,
                            const delta1_network_limits_t *limits, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  reader_t reader = { .limits = limits, .reason = reason };
  slong *widths = NULL;
  *network = NULL;
  const char *format = json_string_value (json_object_get (document, "format"));
  const json_t *inputs = json_object_get (document, "inputs");
  const json_t *layers = json_object_get (document, "layers");
  if (format == NULL || strcmp (format, FORMAT) != 0)
    return delta1_fail (reason, DELTA1_INPUT, "network: member 'format' is not '" FORMAT "'");
  if (json_object_get (document, "sha256") != NULL)
    DELTA1_TRY (delta1_document_check_seal (document, reason));
  if (!json_is_integer (inputs) || json_integer_value (inputs) < 1
      || json_integer_value (inputs) > DELTA1_NETWORK_MAX_WIDTH)
    return delta1_fail (reason, DELTA1_INPUT, "network: 'inputs' is not an integer from 1 to %d",
                        DELTA1_NETWORK_MAX_WIDTH);
  if (!json_is_array (layers) || json_array_size (layers) < 1
      || json_array_size (layers) > DELTA1_NETWORK_MAX_LAYERS)
    return delta1_fail (reason, DELTA1_INPUT, "network: 'layers' is not an array of 1 to %d layers",
                        DELTA1_NETWORK_MAX_LAYERS);
  DELTA1_TRY (check_members (&reader, document, "network", " format inputs layers sha256 "));
  widths = malloc (json_array_size (layers) * sizeof *widths);
  if (widths == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  DELTA1_TRY (read_widths (widths, &reader, layers, (slong)json_integer_value (inputs)));
  DELTA1_TRY (delta1_network_create (&reader.network, (slong)json_integer_value (inputs),
                                     (slong)json_array_size (layers), widths, reason));
  for (size_t j = 0; j < json_array_size (layers); j++)
    {
      reader.layer = (slong)j;
      DELTA1_TRY (read_layer (&reader, json_array_get (layers, j)));
    }
  *network = reader.network;
  reader.network = NULL;
cleanup:
  delta1_network_free (reader.network);
  free (widths);
  return status;
}
