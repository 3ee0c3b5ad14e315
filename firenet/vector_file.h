/* vector_file: vectors of doubles as NPY files with a hash: the arrays of certificates
 * (doc/certificate-reconstruction.md). */
#ifndef DELTA1_VECTOR_FILE_H
#define DELTA1_VECTOR_FILE_H

#include "firenet/arithmetic.h"
#include "src/document.h"

/* A vector of double or complex double of shape[0] x shape[1] elements (shape[1] = 0: of shape[0]).
 * INPUT: another arithmetic. SYSTEM: the file cannot be written. */
DELTA1_MUST_USE delta1_status_t delta1_vector_write (char sha256[DELTA1_SHA256_TEXT],
                                                     const char *path,
                                                     const delta1_arithmetic_t *use, const void *v,
                                                     const slong shape[2], delta1_reason_t *reason);

/* *v: a new vector of any arithmetic (bits as for its create; NULL on failure): the file's numbers,
 * complex where the arithmetic is. sha256: what the file must have. FAILED: it has another. SYSTEM:
 * it cannot be read. INPUT: it is not an NPY file (src/npy.h) of this shape, or holds a number that
 * is not finite. No memory is taken that the file does not fill. */
DELTA1_MUST_USE delta1_status_t delta1_vector_read (void **v, const delta1_arithmetic_t *use,
                                                    slong bits, const slong shape[2],
                                                    const char *path, const char *sha256,
                                                    delta1_reason_t *reason);

#endif
