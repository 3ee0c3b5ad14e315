/* Inside of a network, for the files that evaluate it. */
#ifndef DELTA1_NETWORK_PRIVATE_H
#define DELTA1_NETWORK_PRIVATE_H

#include "src/network.h"

typedef struct
{
  slong before, width; /* n_{j-1}, n_j */
  bool has_skip, has_bias;
  fmpq_mat_t W, R, c; /* 0 x 0 where absent */
  delta1_unit_t *unit;
  slong *gate;
  fmpq *threshold;
} delta1_layer_t;

/* Row-major, rounded to `precision` bits. */
typedef struct
{
  arb_ptr W, R, c, threshold; /* R, c: NULL where absent */
} delta1_layer_balls_t;

/* Column-major (the inner loop of a product runs over rows), nearest doubles. */
typedef struct
{
  double *W, *R, *c, *threshold; /* R, c: NULL where absent */
  bool inexact;                  /* some number of the layer is not a double */
} delta1_layer_doubles_t;

/* Copies made on first use; dropped by every edit. */
typedef struct
{
  slong precision; /* of balls; 0: there are none */
  delta1_layer_balls_t *balls;
  delta1_layer_doubles_t *doubles; /* NULL: there are none */
} delta1_network_copies_t;

struct delta1_network_struct
{
  slong inputs, layers;
  delta1_layer_t *layer;
  delta1_network_copies_t *copies;
};

void delta1_network_drop_balls (const delta1_network_t *network);
void delta1_network_drop_copies (const delta1_network_t *network);

/* Z = W X + R Y + c, columns being points. X: before x P, Y: inputs x P, Z: width x P, no alias. */
void delta1_layer_affine (fmpq_mat_t Z, const delta1_layer_t *layer, const fmpq_mat_t X,
                          const fmpq_mat_t Y);

/* In place on every column. DOMAIN for a gate. */
delta1_status_t delta1_layer_activate (fmpq_mat_t Z, const delta1_layer_t *layer, slong number,
                                       delta1_reason_t *reason);

#endif
