/* operator_laws: what every operator owes, in whatever arithmetic. */
#ifndef DELTA1_OPERATOR_LAWS_H
#define DELTA1_OPERATOR_LAWS_H

#include "firenet/operator.h"
#include "tests/testing.h"

/* On random vectors: <Ax, y> = <x, A* y>, A(x + 2y) = Ax + 2 Ay, ||Ax|| <= ||A|| ||x||,
 * ||A* y|| <= ||A|| ||y||; up to 2^-slack relative to ||A|| ||x|| ||y||, in balls also exactly
 * possible. */
void operator_laws (const delta1_operator_t *A, slong slack);

#endif
