/* Inside of finite_precision: random integers. */
#ifndef DELTA1_FOLD_PRIVATE_H
#define DELTA1_FOLD_PRIVATE_H

#include <stdint.h>

#include "src/flint_world.h"

/* x = a uniform integer in [0, 2^bits); *state is moved on. */
void delta1_fold_random (fmpz_t x, slong bits, uint64_t *state);

#endif
