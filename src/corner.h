/* The corners of the box of the data, and directions towards them: for witnesses and conditions.
 * Heuristic: what is found there is proved elsewhere. */
#ifndef DELTA1_CORNER_H
#define DELTA1_CORNER_H

#include <stdint.h>

#include "src/optimality.h"

/* What the directions are computed from: the candidate at the midpoints, in doubles. */
typedef struct
{
  const delta1_data_t *data;
  slong m, N, s;
  slong *column; /* s: without the intercept */
  double *A;     /* m x N, column-major */
  double *x;     /* s */
  double *r;     /* m: the residual; in a basis the dual vector p */
  bool square;
  double *R;       /* s x s: about (A_S^T A_S)^-1; square: A_S^-1 */
  signed char *DA; /* the direction: m x N, column-major, and m */
  signed char *Dy;
} delta1_corner_t;

/* From the candidate at the midpoints; the instance (with doubles) must outlive the corner.
 * UNDECIDED: there is no support to move along. Cleared also when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_corner_init (delta1_corner_t *corner,
                                                    const delta1_data_t *data,
                                                    delta1_instance_t *instance,
                                                    delta1_reason_t *reason);
void delta1_corner_clear (delta1_corner_t *corner);

/* The direction in which <u, x_S> grows fastest; u: s numbers. */
void delta1_corner_along (delta1_corner_t *corner, const double *u);

/* The direction in which |A_i^T r|, or |A_i^T p|, grows fastest; i outside the support. */
void delta1_corner_towards (delta1_corner_t *corner, slong i);

/* Any direction. */
void delta1_corner_at_random (delta1_corner_t *corner, uint64_t *state);

/* u (s): about the direction of x_S that the data move most, its largest entry 1. */
void delta1_corner_weakest (double *u, const delta1_corner_t *corner);

/* The exact input at middle + side radius (direction), side = -1, 1. Initialised here, cleared also
 * when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_corner_data (delta1_data_t *moved,
                                                    const delta1_corner_t *corner, int side,
                                                    delta1_reason_t *reason);

#endif
