/* onnx: feed-forward ReLU networks from and to ONNX models (doc/network.md, ONNX).
 *
 * A chain from the one input to the one output of the graph, on a batch of row vectors: Gemm
 * (transA = 0) or MatMul, Add of a constant vector after one of them, Relu after one of these, and
 * Identity. Weights are initializers of type float or double inside the file; a float or a double
 * is a dyadic number and is taken exactly. */
#ifndef DELTA1_ONNX_H
#define DELTA1_ONNX_H

#include <stddef.h>

#include "src/network.h"

/* The network of a model. INPUT, naming the node or tensor, when it is no model of the subset;
 * SYSTEM when the file cannot be read. *network = NULL on failure. */
DELTA1_MUST_USE delta1_status_t delta1_onnx_decode (delta1_network_t **network, const void *data,
                                                    size_t size, delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_onnx_read (delta1_network_t **network, const char *path,
                                                  delta1_reason_t *reason);

/* The model of a network, weights as doubles, opset 13; the caller frees *data. INPUT when a layer
 * has a skip connection, or units other than ReLU everywhere or identity everywhere. DOMAIN when a
 * weight is not a double: with `round`, the nearest double is written instead (DOMAIN then only
 * when it is beyond the doubles). delta1_onnx_write writes a whole file or leaves what was there.
 */
DELTA1_MUST_USE delta1_status_t delta1_onnx_encode (void **data, size_t *size,
                                                    const delta1_network_t *network, bool round,
                                                    delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_onnx_write (const delta1_network_t *network,
                                                   const char *path, bool round,
                                                   delta1_reason_t *reason);

#endif
