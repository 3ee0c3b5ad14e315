/* What the two halves of reconstruction.h share. */
#ifndef DELTA1_RECONSTRUCTION_PRIVATE_H
#define DELTA1_RECONSTRUCTION_PRIVATE_H

#include "firenet/reconstruction.h"

/* The names of doc/certificate-reconstruction.md, by delta1_transform_t, delta1_wavelet_t; they end
 * with NULL. */
extern const char *const delta1_reconstruction_transforms[];
extern const char *const delta1_reconstruction_wavelets[];

/* Significant digits of the bounds in a certificate. */
#define DELTA1_RECONSTRUCTION_DIGITS 17

/* What the verifying half makes again from a certificate and its arrays. */
typedef struct
{
  const json_t *document;
  const char *directory;
  bool complex;
  slong m, N;
  bool dense;
  acb_ptr matrix; /* m x N */
  delta1_sampled_t sampled;
  slong *mask;
  arb_ptr weights; /* N, or NULL */
} delta1_stored_t;

/* Everything but the vectors. FAILED: a member that is not of the format. INPUT: one that is
 * missing or malformed. */
DELTA1_MUST_USE delta1_status_t delta1_stored_read (delta1_stored_t *stored, const json_t *document,
                                                    const char *directory, delta1_reason_t *reason);
void delta1_stored_clear (delta1_stored_t *stored);

/* network: initialised; constants enclosed at prec bits; its weights are those of stored. */
DELTA1_MUST_USE delta1_status_t delta1_stored_network (delta1_restart_t *network,
                                                       const delta1_stored_t *stored, slong prec,
                                                       delta1_reason_t *reason);

DELTA1_MUST_USE delta1_status_t delta1_stored_operator (delta1_operator_t **A,
                                                        const delta1_stored_t *stored,
                                                        const delta1_arithmetic_t *use, slong bits,
                                                        delta1_reason_t *reason);

/* v: the array of that name, of `count` elements, in a new vector of `use` (of 53 bits); NULL where
 * the certificate has null. */
DELTA1_MUST_USE delta1_status_t delta1_stored_vector (void **v, const delta1_stored_t *stored,
                                                      const char *member, slong count,
                                                      const delta1_arithmetic_t *use,
                                                      delta1_reason_t *reason);

#endif
