#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/onnx.h"
#include "src/onnx_subset.pb-c.h"

#define FLOAT 1
#define DOUBLE 11
#define MAX_FILE 2147483647

/* A layer as far as the chain has been followed. */
typedef struct
{
  fmpq_mat_t W, c; /* c: width x 1 */
  bool has_bias, relu;
} step_t;

typedef struct
{
  const Onnx__GraphProto *graph;
  const char *current; /* the value the chain has reached */
  slong inputs;        /* 0: not known yet */
  step_t *step;
  slong steps;
  delta1_reason_t *reason;
} chain_t;

/* A string that may be missing. */
static const char *
known (const char *text)
{
  return text == NULL ? "" : text;
}

static delta1_status_t
refuse (const chain_t *chain, const char *kind, const char *name, const char *what)
{
  return delta1_fail (chain->reason, DELTA1_INPUT, "ONNX, %s '%.60s': %s", kind, name, what);
}

static const Onnx__TensorProto *
find_tensor (const chain_t *chain, const char *name)
{
  for (size_t i = 0; i < chain->graph->n_initializer; i++)
    if (strcmp (known (chain->graph->initializer[i]->name), name) == 0)
      return chain->graph->initializer[i];
  return NULL;
}

/* Number k of the raw bytes, little-endian. */
static double
raw_number (const uint8_t *bytes, bool is_double)
{
  uint64_t bits = 0;
  for (int b = is_double ? 7 : 3; b >= 0; b--)
    bits = bits << 8 | bytes[b];
  double d;
  if (is_double)
    memcpy (&d, &bits, sizeof d);
  else
    {
      float f;
      uint32_t low = (uint32_t)bits;
      memcpy (&f, &low, sizeof f);
      d = (double)f;
    }
  return d;
}

/* M (rows x columns already) = the numbers of the tensor in row-major order. */
static delta1_status_t
read_numbers (fmpq_mat_t M, const chain_t *chain, const Onnx__TensorProto *tensor)
{
  const char *name = known (tensor->name);
  bool is_double = tensor->data_type == DOUBLE;
  size_t count = (size_t)(fmpq_mat_nrows (M) * fmpq_mat_ncols (M)), width = is_double ? 8 : 4;
  if (!is_double && tensor->data_type != FLOAT)
    return refuse (chain, "tensor", name, "its type is neither float nor double");
  if (tensor->data_location != 0)
    return refuse (chain, "tensor", name, "its data lies outside the file");
  size_t listed = is_double ? tensor->n_double_data : tensor->n_float_data;
  bool raw = listed == 0;
  if (raw ? tensor->raw_data.len != count * width || tensor->raw_data.data == NULL
          : listed != count || tensor->raw_data.len != 0)
    return refuse (chain, "tensor", name, "its data does not have the size of its shape");
  arf_t x;
  arf_init (x);
  delta1_status_t status = DELTA1_OK;
  for (size_t k = 0; k < count && status == DELTA1_OK; k++)
    {
      double d = raw         ? raw_number (tensor->raw_data.data + k * width, is_double)
                 : is_double ? tensor->double_data[k]
                             : (double)tensor->float_data[k];
      if (!isfinite (d))
        {
          status = refuse (chain, "tensor", name, "it contains a number that is not finite");
          break;
        }
      arf_set_d (x, d);
      arf_get_fmpq (
          fmpq_mat_entry (M, (slong)k / fmpq_mat_ncols (M), (slong)k % fmpq_mat_ncols (M)), x);
    }
  arf_clear (x);
  return status;
}

/* W = the tensor of rank 2 (transposed when `transpose`) times factor; M is initialised here. */
static delta1_status_t
read_matrix (fmpq_mat_t W, const chain_t *chain, const char *name, bool transpose,
             const fmpq_t factor)
{
  const Onnx__TensorProto *tensor = find_tensor (chain, name);
  if (tensor == NULL)
    return refuse (chain, "value", name, "weights must be an initializer");
  if (tensor->n_dims != 2 || tensor->dims[0] < 1 || tensor->dims[1] < 1
      || tensor->dims[0] > DELTA1_NETWORK_MAX_WIDTH || tensor->dims[1] > DELTA1_NETWORK_MAX_WIDTH
      || tensor->dims[0] * tensor->dims[1] > DELTA1_NETWORK_MAX_WEIGHTS)
    return refuse (chain, "tensor", name, "not a matrix of an allowed size");
  fmpq_mat_t M;
  /* The data are as long as the shape says, or refused before memory is asked for. */
  if (tensor->raw_data.len / 4 + tensor->n_float_data + tensor->n_double_data
      < (size_t)(tensor->dims[0] * tensor->dims[1]))
    return refuse (chain, "tensor", name, "its data does not have the size of its shape");
  fmpq_mat_init (M, tensor->dims[0], tensor->dims[1]);
  delta1_status_t status = read_numbers (M, chain, tensor);
  if (status == DELTA1_OK)
    {
      fmpq_mat_clear (W);
      fmpq_mat_init (W, transpose ? tensor->dims[1] : tensor->dims[0],
                     transpose ? tensor->dims[0] : tensor->dims[1]);
      if (transpose)
        fmpq_mat_transpose (W, M);
      else
        fmpq_mat_swap (W, M);
      for (slong i = 0; i < fmpq_mat_nrows (W); i++)
        for (slong k = 0; k < fmpq_mat_ncols (W); k++)
          fmpq_mul (fmpq_mat_entry (W, i, k), fmpq_mat_entry (W, i, k), factor);
    }
  fmpq_mat_clear (M);
  return status;
}

/* Adds factor times the tensor, of shape (), (1), (n), (1, 1) or (1, n), to the bias of the step.
 */
static delta1_status_t
read_bias (step_t *step, const chain_t *chain, const char *name, const fmpq_t factor)
{
  const Onnx__TensorProto *tensor = find_tensor (chain, name);
  slong width = fmpq_mat_nrows (step->W), last = 1;
  if (tensor == NULL)
    return refuse (chain, "value", name, "a bias must be an initializer");
  if (tensor->n_dims > 0)
    last = tensor->dims[tensor->n_dims - 1];
  if (tensor->n_dims > 2 || (tensor->n_dims == 2 && tensor->dims[0] != 1)
      || (last != 1 && last != width))
    return refuse (chain, "tensor", name, "not a bias of the width of the layer");
  fmpq_mat_t M;
  fmpq_mat_init (M, 1, last);
  delta1_status_t status = read_numbers (M, chain, tensor);
  for (slong i = 0; status == DELTA1_OK && i < width; i++)
    fmpq_addmul (fmpq_mat_entry (step->c, i, 0), factor, fmpq_mat_entry (M, 0, last == 1 ? 0 : i));
  step->has_bias = true;
  fmpq_mat_clear (M);
  return status;
}

typedef struct
{
  fmpq_t alpha, beta;
  bool transpose; /* transB */
} gemm_t;

static delta1_status_t
read_attributes (gemm_t *gemm, const chain_t *chain, const Onnx__NodeProto *node)
{
  for (size_t i = 0; i < node->n_attribute; i++)
    {
      const Onnx__AttributeProto *a = node->attribute[i];
      const char *name = known (a->name);
      if (strcmp (name, "alpha") == 0 || strcmp (name, "beta") == 0)
        {
          arf_t x;
          if (!isfinite (a->f))
            return refuse (chain, "attribute", name, "not a finite number");
          arf_init (x);
          arf_set_d (x, (double)a->f);
          arf_get_fmpq (name[0] == 'a' ? gemm->alpha : gemm->beta, x);
          arf_clear (x);
        }
      else if (strcmp (name, "transB") == 0)
        gemm->transpose = a->i != 0;
      else if (strcmp (name, "transA") != 0 || a->i != 0)
        return refuse (chain, "attribute", name, "not allowed: alpha, beta, transB, transA = 0");
    }
  return DELTA1_OK;
}

/* Gemm and MatMul: a new step. */
static delta1_status_t
add_step (chain_t *chain, const Onnx__NodeProto *node, bool is_gemm)
{
  delta1_status_t status = DELTA1_OK;
  gemm_t gemm;
  step_t *step = chain->step + chain->steps;
  slong before = chain->steps > 0 ? fmpq_mat_nrows (step[-1].W) : chain->inputs;
  fmpq_init (gemm.alpha);
  fmpq_init (gemm.beta);
  fmpq_one (gemm.alpha);
  fmpq_one (gemm.beta);
  gemm.transpose = false;
  fmpq_mat_init (step->W, 0, 0);
  fmpq_mat_init (step->c, 0, 0);
  chain->steps++;
  if (is_gemm)
    DELTA1_TRY (read_attributes (&gemm, chain, node));
  else if (node->n_attribute > 0)
    DELTA1_TRY (refuse (chain, "node", known (node->op_type), "attributes are not allowed"));
  if (node->n_input < 2 || node->n_input > (is_gemm ? 3 : 2)
      || strcmp (node->input[0], chain->current) != 0)
    DELTA1_TRY (refuse (chain, "node", known (node->op_type),
                        "its first input is not the value before it, or it has too many or too "
                        "few"));
  /* Rows times B: W is B transposed, which is stored when transB is set. */
  DELTA1_TRY (read_matrix (step->W, chain, node->input[1], !gemm.transpose, gemm.alpha));
  if (before != 0 && fmpq_mat_ncols (step->W) != before)
    DELTA1_TRY (
        refuse (chain, "tensor", node->input[1], "its shape does not fit the layer before"));
  if (chain->inputs == 0)
    chain->inputs = fmpq_mat_ncols (step->W);
  fmpq_mat_clear (step->c);
  fmpq_mat_init (step->c, fmpq_mat_nrows (step->W), 1);
  if (node->n_input == 3 && node->input[2][0] != '\0')
    DELTA1_TRY (read_bias (step, chain, node->input[2], gemm.beta));
cleanup:
  fmpq_clear (gemm.alpha);
  fmpq_clear (gemm.beta);
  return status;
}

static delta1_status_t
add_bias (chain_t *chain, const Onnx__NodeProto *node)
{
  if (chain->steps == 0 || chain->step[chain->steps - 1].relu || node->n_input != 2)
    return refuse (chain, "node", "Add", "it must add a constant right after MatMul or Gemm");
  bool second = strcmp (node->input[0], chain->current) == 0;
  if (!second && strcmp (node->input[1], chain->current) != 0)
    return refuse (chain, "node", "Add", "no input is the value before it");
  fmpq_t one;
  fmpq_init (one);
  fmpq_one (one);
  delta1_status_t status
      = read_bias (chain->step + chain->steps - 1, chain, node->input[second ? 1 : 0], one);
  fmpq_clear (one);
  return status;
}

static delta1_status_t
follow (chain_t *chain, const Onnx__NodeProto *node)
{
  delta1_status_t status = DELTA1_OK;
  const char *op = known (node->op_type), *domain = known (node->domain);
  if (domain[0] != '\0' && strcmp (domain, "ai.onnx") != 0)
    return refuse (chain, "node", op, "of a domain that is not known");
  if (node->n_output != 1)
    return refuse (chain, "node", op, "it must have one output");
  if (strcmp (op, "Gemm") == 0 || strcmp (op, "MatMul") == 0)
    status = add_step (chain, node, op[0] == 'G');
  else if (strcmp (op, "Add") == 0)
    status = add_bias (chain, node);
  else if (strcmp (op, "Relu") == 0 || strcmp (op, "Identity") == 0)
    {
      bool relu = op[0] == 'R';
      if (node->n_input != 1 || strcmp (node->input[0], chain->current) != 0)
        return refuse (chain, "node", op, "its input is not the value before it");
      if (relu && chain->steps == 0)
        return refuse (chain, "node", op, "nothing affine before it");
      if (relu)
        chain->step[chain->steps - 1].relu = true;
    }
  else
    return refuse (chain, "node", op, "not allowed: Gemm, MatMul, Add, Relu, Identity");
  chain->current = node->output[0];
  return status;
}

/* The one input of the graph that is no initializer; its width when it is declared. */
static delta1_status_t
find_input (chain_t *chain)
{
  for (size_t i = 0; i < chain->graph->n_input; i++)
    {
      const Onnx__ValueInfoProto *value = chain->graph->input[i];
      if (find_tensor (chain, known (value->name)) != NULL)
        continue;
      if (chain->current != NULL)
        return refuse (chain, "input", known (value->name), "a second input");
      chain->current = known (value->name);
      if (value->type == NULL || value->type->tensor_type == NULL
          || value->type->tensor_type->shape == NULL)
        continue;
      const Onnx__TensorShapeProto *shape = value->type->tensor_type->shape;
      if (shape->n_dim != 2)
        return refuse (chain, "input", chain->current, "not a batch of row vectors");
      int64_t width = shape->dim[1]->has_dim_value ? shape->dim[1]->dim_value : 0;
      if (width < 0 || width > DELTA1_NETWORK_MAX_WIDTH)
        return refuse (chain, "input", chain->current, "a width that is not allowed");
      chain->inputs = width;
    }
  return chain->current != NULL ? DELTA1_OK : refuse (chain, "graph", "", "it has no input");
}

static delta1_status_t
build (delta1_network_t **network, const chain_t *chain)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *made = NULL;
  slong *widths = malloc ((size_t)chain->steps * sizeof *widths);
  if (widths == NULL)
    return delta1_fail (chain->reason, DELTA1_SYSTEM, "out of memory");
  for (slong j = 0; j < chain->steps; j++)
    widths[j] = fmpq_mat_nrows (chain->step[j].W);
  DELTA1_TRY (delta1_network_create (&made, chain->inputs, chain->steps, widths, chain->reason));
  for (slong j = 0; j < chain->steps; j++)
    {
      fmpq_mat_swap (delta1_network_edit_weights (made, j), chain->step[j].W);
      if (chain->step[j].has_bias)
        fmpq_mat_swap (delta1_network_edit_bias (made, j), chain->step[j].c);
      if (chain->step[j].relu)
        DELTA1_TRY (delta1_network_set_units (made, j, 0, widths[j], DELTA1_RELU, chain->reason));
    }
  *network = made;
  made = NULL;
cleanup:
  delta1_network_free (made);
  free (widths);
  return status;
}

delta1_status_t
delta1_onnx_decode (delta1_network_t **network, const void *data, size_t size,
                    delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  chain_t chain = { .reason = reason };
  *network = NULL;
  Onnx__ModelProto *model = onnx__model_proto__unpack (NULL, size, data);
  if (model == NULL || model->graph == NULL)
    {
      if (model != NULL)
        onnx__model_proto__free_unpacked (model, NULL);
      return delta1_fail (reason, DELTA1_INPUT, "not an ONNX model");
    }
  chain.graph = model->graph;
  chain.step = calloc (model->graph->n_node + 1, sizeof *chain.step);
  if (chain.step == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  DELTA1_TRY (find_input (&chain));
  for (size_t i = 0; i < model->graph->n_node; i++)
    DELTA1_TRY (follow (&chain, model->graph->node[i]));
  if (model->graph->n_output != 1
      || strcmp (known (model->graph->output[0]->name), chain.current) != 0)
    DELTA1_TRY (refuse (&chain, "graph", known (model->graph->name),
                        "its one output must be the value of its last node"));
  if (chain.steps == 0)
    DELTA1_TRY (refuse (&chain, "graph", known (model->graph->name), "it has no layer"));
  DELTA1_TRY (build (network, &chain));
cleanup:
  for (slong j = 0; j < chain.steps; j++)
    {
      fmpq_mat_clear (chain.step[j].W);
      fmpq_mat_clear (chain.step[j].c);
    }
  free (chain.step);
  onnx__model_proto__free_unpacked (model, NULL);
  return status;
}

delta1_status_t
delta1_onnx_read (delta1_network_t **network, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  struct stat info;
  char *data = NULL;
  *network = NULL;
  errno = 0;
  FILE *file = fopen (path, "rb");
  if (file == NULL || fstat (fileno (file), &info) != 0)
    {
      int saved = errno;
      if (file != NULL)
        (void)fclose (file);
      return delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (saved));
    }
  if (!S_ISREG (info.st_mode) || info.st_size > MAX_FILE)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_SYSTEM, "%.300s: not a regular file below 2 GiB", path));
  data = malloc ((size_t)info.st_size + 1);
  if (data == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  if (fread (data, 1, (size_t)info.st_size, file) != (size_t)info.st_size)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "%.300s: it changed while it was read", path));
  DELTA1_TRY (delta1_onnx_decode (network, data, (size_t)info.st_size, reason));
cleanup:
  free (data);
  (void)fclose (file);
  return status;
}
