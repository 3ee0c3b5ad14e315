/* sampled_private: an operator of firenet/sampled.h, in balls and in doubles. */
#ifndef DELTA1_SAMPLED_PRIVATE_H
#define DELTA1_SAMPLED_PRIVATE_H

#include "firenet/sampled.h"
#include "firenet/transforms.h"

typedef struct delta1_sampled_doubles_struct delta1_sampled_doubles_t;

typedef struct
{
  delta1_transform_t transform;
  delta1_wavelet_shape_t shape;      /* taps 0: no wavelet */
  slong *kept;                       /* m: indices (row-major) into F's natural order of results */
  delta1_sampled_doubles_t *doubles; /* NULL for balls */
} delta1_sampled_context_t;

/* What the double arithmetics need; INPUT, SYSTEM. */
DELTA1_MUST_USE delta1_status_t delta1_sampled_doubles_create (
    delta1_sampled_doubles_t **doubles, const delta1_sampled_context_t *context, slong m, int parts,
    delta1_reason_t *reason);
void delta1_sampled_doubles_free (delta1_sampled_doubles_t *doubles); /* NULL allowed */
/* arranged: the measurements z or y are in the order of the blocks of the image, so that threads,
 * which share the blocks, do not write into the same lines of the cache. */
void delta1_sampled_doubles_forward (const delta1_sampled_doubles_t *doubles, double *z,
                                     const double *x, bool arranged);
void delta1_sampled_doubles_adjoint (const delta1_sampled_doubles_t *doubles, double *z,
                                     const double *y, bool arranged);
void delta1_sampled_doubles_arrange (const delta1_sampled_doubles_t *doubles, double *z,
                                     const double *y, bool back);
/* Lemmas 6.10 to 6.12, the same for both directions. */
void delta1_sampled_doubles_rounding (mag_t relative, mag_t absolute,
                                      const delta1_sampled_doubles_t *doubles);

#endif
