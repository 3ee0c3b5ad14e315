/* operator_laws: what every operator owes, in whatever arithmetic. */
#ifndef DELTA1_OPERATOR_LAWS_H
#define DELTA1_OPERATOR_LAWS_H

#include "firenet/operator.h"
#include "tests/testing.h"

/* On random vectors: <Ax, y> = <x, A* y>, A(x + 2y) = Ax + 2 Ay, ||Ax|| <= ||A|| ||x||,
 * ||A* y|| <= ||A|| ||y||; up to 2^-slack relative to ||A|| ||x|| ||y||, in balls also exactly
 * possible; and the arranged methods are the others, in another order. */
void operator_laws (const delta1_operator_t *A, slong slack);

/* Every entry of the operator, by A e_j and A* e_i, is the entry of `entries` (m x N, row-major) up
 * to 2^-slack; in balls it overlaps it. */
void operator_entries (const delta1_operator_t *A, acb_srcptr entries, slong slack);

/* The rounding bounds of A (double or complex double) against the same operator in balls, both
 * directions, on random vectors, on vectors of 2^-400 to 2^400, on images of unit vectors (which
 * cancel), and below the normal numbers. Returns the largest error as a share of the bound. */
double operator_rounding (const delta1_operator_t *A, const delta1_operator_t *exact);

#endif
