/* npy: arrays of doubles, real and complex, as NPY files: what numpy.save writes and numpy.load
 * reads, bit for bit. (Tables of exact numbers of any kind: src/table_file.h.) */
#ifndef DELTA1_NPY_H
#define DELTA1_NPY_H

#include <stdbool.h>

#include "src/document.h"
#include "src/flint_world.h"
#include "src/status.h"

/* shape[0] x shape[1] numbers in C order; shape[1] = 0: a vector of shape[0]. is_complex: a number
 * is two doubles, its real and its imaginary part. */
typedef struct
{
  slong shape[2];
  bool is_complex;
  double *values;
} delta1_npy_t;

/* Version 1.0, little-endian: '<f8' or '<c16'. sha256 (NULL allowed): of the whole file. Written
 * whole or not at all (src/file.h). SYSTEM: it cannot be written. */
DELTA1_MUST_USE delta1_status_t delta1_npy_write (const char *path, const delta1_npy_t *array,
                                                  char sha256[DELTA1_SHA256_TEXT],
                                                  delta1_reason_t *reason);

/* Reads a vector or a matrix of '<f8' or '<c16' in C order, version 1.0 or 2.0, with at most `most`
 * numbers, all finite. The caller frees array->values. INPUT: anything else, a file that is too
 * short or too long. SYSTEM: it cannot be read, memory is out. *array is untouched then. */
DELTA1_MUST_USE delta1_status_t delta1_npy_read (delta1_npy_t *array, const char *path, slong most,
                                                 char sha256[DELTA1_SHA256_TEXT],
                                                 delta1_reason_t *reason);

#endif
