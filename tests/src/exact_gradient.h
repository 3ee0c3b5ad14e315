/* exact_gradient: derivatives of sum (phi(y)_i - 1)^2 over Q, by forward mode (dual numbers), one
 * direction after the other: the slow reference for reverse mode. No gates. */
#ifndef DELTA1_EXACT_GRADIENT_H
#define DELTA1_EXACT_GRADIENT_H

#include "src/network.h"

/* d: parameters_count numbers in the order of the flat vector, then m numbers for y. */
void exact_gradient (fmpq *d, const delta1_network_t *network, const fmpq *y);

#endif
