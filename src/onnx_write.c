#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/onnx.h"
#include "src/onnx_subset.pb-c.h"

#define DOUBLE 11
#define ATTRIBUTE_INT 2

/* Everything is allocated as unpacking a message would, so that free_unpacked frees it. */
#define NEW(message, init)                                                                         \
  (((message) = malloc (sizeof *(message))) != NULL && (init (message), true))

static char *
name_of (const char *prefix, slong layer)
{
  char *text = NULL;
  return asprintf (&text, "%s%ld", prefix, (long)layer) < 0 ? NULL : text;
}

/* What a layer may be in the subset. */
static delta1_status_t
check_layer (bool *relu, const delta1_network_t *network, slong layer, delta1_reason_t *reason)
{
  delta1_unit_t unit = delta1_network_unit (network, layer, 0);
  bool good = unit == DELTA1_IDENTITY || unit == DELTA1_RELU;
  for (slong i = 0; i < delta1_network_width (network, layer); i++)
    good = good && delta1_network_unit (network, layer, i) == unit;
  if (!good || delta1_network_skip (network, layer) != NULL)
    return delta1_fail (reason, DELTA1_INPUT,
                        "layer %ld: ONNX is written for layers without skip connection whose "
                        "entries are all relu or all identity",
                        (long)layer);
  *relu = unit == DELTA1_RELU;
  return DELTA1_OK;
}

static delta1_status_t
to_bytes (uint8_t *bytes, const fmpq_t x, bool round, delta1_reason_t *reason)
{
  mpfr_t work;
  mpfr_init2 (work, 1100); /* a number that is not rounded here is rounded once, below */
  int direction = fmpq_get_mpfr (work, x, MPFR_RNDN);
  double d = mpfr_get_d (work, MPFR_RNDN);
  bool exact = direction == 0 && mpfr_cmp_d (work, d) == 0;
  mpfr_clear (work);
  if (!isfinite (d) || (!exact && !round))
    return delta1_fail (reason, DELTA1_DOMAIN,
                        isfinite (d) ? "a weight is not a double; ask for rounding"
                                     : "a weight is beyond the doubles");
  uint64_t bits;
  memcpy (&bits, &d, sizeof bits);
  for (int b = 0; b < 8; b++)
    bytes[b] = (uint8_t)(bits >> (8 * b));
  return DELTA1_OK;
}

/* A tensor of rank 2, or of rank 1 when vector. */
static delta1_status_t
add_tensor (Onnx__GraphProto *graph, char *name, const fmpq_mat_struct *M, bool vector, bool round,
            delta1_reason_t *reason)
{
  Onnx__TensorProto *tensor;
  size_t rows = (size_t)fmpq_mat_nrows (M), columns = (size_t)fmpq_mat_ncols (M);
  if (!NEW (tensor, onnx__tensor_proto__init))
    {
      free (name);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
    }
  graph->initializer[graph->n_initializer++] = tensor;
  tensor->name = name;
  tensor->dims = malloc (2 * sizeof *tensor->dims);
  tensor->raw_data.data = malloc (8 * rows * columns);
  if (name == NULL || tensor->dims == NULL || tensor->raw_data.data == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  tensor->n_dims = vector ? 1 : 2;
  tensor->dims[0] = (int64_t)rows;
  tensor->dims[1] = (int64_t)columns;
  tensor->has_data_type = true;
  tensor->data_type = DOUBLE;
  tensor->has_raw_data = true;
  tensor->raw_data.len = 8 * rows * columns;
  for (size_t k = 0; k < rows * columns; k++)
    {
      delta1_status_t status = to_bytes (
          tensor->raw_data.data + 8 * k,
          fmpq_mat_entry (M, (slong)(k / columns), (slong)(k % columns)), round, reason);
      if (status != DELTA1_OK)
        return status;
    }
  return DELTA1_OK;
}

/* A node with up to three inputs; takes the strings, a NULL third is no input. */
static bool
add_node (Onnx__GraphProto *graph, const char *op, char *const input[3], char *output)
{
  Onnx__NodeProto *node;
  if (!NEW (node, onnx__node_proto__init))
    {
      for (int i = 0; i < 3; i++)
        free (input[i]);
      free (output);
      return false;
    }
  graph->node[graph->n_node++] = node;
  node->op_type = strdup (op);
  node->input = calloc (3, sizeof *node->input);
  node->output = calloc (1, sizeof *node->output);
  if (node->input == NULL || node->output == NULL)
    {
      for (int i = 0; i < 3; i++)
        free (input[i]);
      free (output);
      return false;
    }
  for (int i = 0; i < 3; i++)
    if (input[i] != NULL)
      node->input[node->n_input++] = input[i];
  node->output[node->n_output++] = output;
  return node->op_type != NULL && output != NULL;
}

/* transB = 1: W as it is. */
static bool
add_transpose (Onnx__NodeProto *node)
{
  Onnx__AttributeProto *attribute;
  node->attribute = calloc (1, sizeof *node->attribute);
  if (node->attribute == NULL || !NEW (attribute, onnx__attribute_proto__init))
    return false;
  node->attribute[node->n_attribute++] = attribute;
  attribute->name = strdup ("transB");
  attribute->has_i = attribute->has_type = true;
  attribute->i = 1;
  attribute->type = ATTRIBUTE_INT;
  return attribute->name != NULL;
}

/* Layer j from value "x<j>" to "x<j+1>", through "z<j>" when there is a ReLU. */
static delta1_status_t
add_layer (Onnx__GraphProto *graph, const delta1_network_t *network, slong j, bool round,
           delta1_reason_t *reason)
{
  bool relu = false;
  const fmpq_mat_struct *c = delta1_network_bias (network, j);
  delta1_status_t status = check_layer (&relu, network, j, reason);
  if (status == DELTA1_OK)
    status = add_tensor (graph, name_of ("W", j), delta1_network_weights (network, j), false, round,
                         reason);
  if (status == DELTA1_OK && c != NULL)
    status = add_tensor (graph, name_of ("c", j), c, true, round, reason);
  if (status != DELTA1_OK)
    return status;
  char *const affine[3]
      = { name_of ("x", j), name_of ("W", j), c == NULL ? NULL : name_of ("c", j) };
  bool good = add_node (graph, "Gemm", affine, relu ? name_of ("z", j) : name_of ("x", j + 1))
              && graph->node[graph->n_node - 1]->n_input == (c == NULL ? 2 : 3)
              && add_transpose (graph->node[graph->n_node - 1]);
  if (good && relu)
    {
      char *const value[3] = { name_of ("z", j), NULL, NULL };
      good = add_node (graph, "Relu", value, name_of ("x", j + 1))
             && graph->node[graph->n_node - 1]->n_input == 1;
    }
  return good ? DELTA1_OK : delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
}

/* A batch of row vectors of doubles. */
static Onnx__ValueInfoProto *
new_value (char *name, slong width)
{
  Onnx__ValueInfoProto *value;
  Onnx__TypeProto__Tensor *tensor;
  Onnx__TensorShapeProto *shape;
  if (!NEW (value, onnx__value_info_proto__init))
    {
      free (name);
      return NULL;
    }
  value->name = name;
  if (name == NULL || !NEW (value->type, onnx__type_proto__init))
    goto failed;
  if (!NEW (tensor, onnx__type_proto__tensor__init))
    goto failed;
  value->type->tensor_type = tensor;
  tensor->has_elem_type = true;
  tensor->elem_type = DOUBLE;
  if (!NEW (shape, onnx__tensor_shape_proto__init))
    goto failed;
  tensor->shape = shape;
  shape->dim = calloc (2, sizeof *shape->dim);
  if (shape->dim == NULL)
    goto failed;
  for (int i = 0; i < 2; i++)
    {
      Onnx__TensorShapeProto__Dimension *dimension;
      if (!NEW (dimension, onnx__tensor_shape_proto__dimension__init))
        goto failed;
      shape->dim[shape->n_dim++] = dimension;
    }
  shape->dim[0]->dim_param = strdup ("batch");
  shape->dim[1]->has_dim_value = true;
  shape->dim[1]->dim_value = width;
  if (shape->dim[0]->dim_param != NULL)
    return value;
failed:
  onnx__value_info_proto__free_unpacked (value, NULL);
  return NULL;
}

/* The frame of a model: room for the nodes and tensors of T layers. */
static bool
make_frame (Onnx__ModelProto *model, const delta1_network_t *network)
{
  size_t T = (size_t)delta1_network_layers (network);
  Onnx__OperatorSetIdProto *set;
  model->has_ir_version = true;
  model->ir_version = 7;
  model->producer_name = strdup ("delta1");
  model->opset_import = calloc (1, sizeof *model->opset_import);
  if (model->producer_name == NULL || model->opset_import == NULL
      || !NEW (set, onnx__operator_set_id_proto__init))
    return false;
  model->opset_import[model->n_opset_import++] = set;
  set->domain = strdup ("");
  set->has_version = true;
  set->version = 13;
  Onnx__GraphProto *graph;
  if (set->domain == NULL || !NEW (graph, onnx__graph_proto__init))
    return false;
  model->graph = graph;
  graph->name = strdup ("network");
  graph->node = calloc (2 * T, sizeof *graph->node);
  graph->initializer = calloc (2 * T, sizeof *graph->initializer);
  graph->input = calloc (1, sizeof *graph->input);
  graph->output = calloc (1, sizeof *graph->output);
  if (graph->name == NULL || graph->node == NULL || graph->initializer == NULL
      || graph->input == NULL || graph->output == NULL)
    return false;
  graph->input[0] = new_value (name_of ("x", 0), delta1_network_inputs (network));
  graph->n_input = graph->input[0] != NULL;
  graph->output[0] = new_value (name_of ("x", (slong)T), delta1_network_outputs (network));
  graph->n_output = graph->output[0] != NULL;
  return graph->n_input == 1 && graph->n_output == 1;
}

delta1_status_t
delta1_onnx_encode (void **data, size_t *size, const delta1_network_t *network, bool round,
                    delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  Onnx__ModelProto *model;
  *data = NULL;
  if (!NEW (model, onnx__model_proto__init))
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  if (!make_frame (model, network))
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  for (slong j = 0; j < delta1_network_layers (network); j++)
    DELTA1_TRY (add_layer (model->graph, network, j, round, reason));
  *size = onnx__model_proto__get_packed_size (model);
  *data = malloc (*size);
  if (*data == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  (void)onnx__model_proto__pack (model, *data);
cleanup:
  onnx__model_proto__free_unpacked (model, NULL);
  return status;
}

delta1_status_t
delta1_onnx_write (const delta1_network_t *network, const char *path, bool round,
                   delta1_reason_t *reason)
{
  void *data;
  size_t size;
  char *temporary = NULL;
  delta1_status_t status = delta1_onnx_encode (&data, &size, network, round, reason);
  if (status != DELTA1_OK)
    return status;
  if (asprintf (&temporary, "%s.XXXXXX", path) < 0)
    {
      free (data);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
    }
  int descriptor = mkstemp (temporary);
  FILE *file = descriptor < 0 ? NULL : fdopen (descriptor, "wb");
  bool good = file != NULL && fwrite (data, 1, size, file) == size;
  int saved = errno;
  if (file != NULL)
    good = fclose (file) == 0 && good;
  else if (descriptor >= 0)
    (void)close (descriptor);
  if (good && rename (temporary, path) != 0)
    {
      saved = errno;
      good = false;
    }
  if (!good)
    {
      if (descriptor >= 0)
        (void)unlink (temporary);
      status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (saved));
    }
  free (temporary);
  free (data);
  return status;
}
