/* reconstruction: a run of the network in doubles as a certificate
 * (doc/certificate-reconstruction.md): (a) how far its output is from the exact one, (c) how far
 * that is from the minimum.
 *
 * Writing computes the claims with firenet/rounding.h and firenet/gap.h. Verifying trusts neither
 * the claims nor the run: it makes the operator again, in balls, and evaluates the gap at the
 * stored points; and it encloses phi_n(y) again, in balls where the instance is small, else by a
 * run of its own in doubles with its own rounding radius. */
#ifndef DELTA1_RECONSTRUCTION_H
#define DELTA1_RECONSTRUCTION_H

#include "firenet/gap.h"
#include "firenet/rounding.h"
#include "firenet/sampled.h"
#include "src/document.h"

typedef struct
{
  const delta1_operator_t *A;      /* double or complex double */
  const delta1_sampled_t *sampled; /* what A was made from; NULL: A is dense, and */
  const void *matrix;              /* its m x N entries, a vector of A->use */
  const delta1_restart_t *network; /* its constants exact, but upsilon may be a ball of 1/e;
                                      weights exact doubles */
  const void *y;                   /* m: the datum */
  const void *x;                   /* N: the output */
  const delta1_rounding_record_t *rounding; /* of the run that made x; NULL: no claim (a) */
  const void *dual;                         /* m: a feasible dual point; NULL: no claim (c) */
  const void *polished; /* N: another point, with a claim (c) of its own; NULL: none */
  const char *program;  /* a label */
} delta1_reconstruction_t;

/* A certified radius is stated this many times larger: room for a verifier whose processor rounds
 * elsewhere. */
#define DELTA1_RECONSTRUCTION_ROOM 1.25

/* Writes the certificate, and its arrays beside it as <path without .json>-data.npy, -coefficients,
 * -dual, -polished, -weights, -mask or -matrix. INPUT: a constant that is not exact. SYSTEM: a file
 * cannot be written. Otherwise the statuses of delta1_rounding_radius and delta1_gap_evaluate: what
 * cannot be proved is not written. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruction_write (
    const delta1_reconstruction_t *reconstruction, const char *path, delta1_reason_t *reason);

/* Reads the document of kind "reconstruction"; its arrays are files in `directory`. OK: accepted,
 * and the reason is one sentence that says what was proved, and how. FAILED: refused; UNDECIDED:
 * balls did not decide; INPUT, SYSTEM: not of the format, or an array that cannot be read. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruction_verify (json_t *document,
                                                              const char *directory,
                                                              delta1_reason_t *reason);

#endif
