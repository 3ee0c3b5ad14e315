/* random_network: networks to test with; assertions fail inside when one cannot be made. */
#ifndef DELTA1_RANDOM_NETWORK_H
#define DELTA1_RANDOM_NETWORK_H

#include "src/network.h"
#include "tests/testing.h"

typedef enum
{
  RANDOM_WEIGHTS_SMALL,      /* rationals of 6 bits: not doubles */
  RANDOM_WEIGHTS_DYADIC,     /* doubles */
  RANDOM_WEIGHTS_CANCELLING, /* rows that sum to nearly nothing, sizes from 2^-40 to 2^40 */
  RANDOM_WEIGHTS_SUBNORMAL   /* around and below 2^-1040 */
} random_weights_t;

#define RANDOM_WEIGHTS_COUNT 4

/* Units below `units` of delta1_unit_t are drawn (RELU + 1: identity and ReLU; SOFT + 1 with
 * no squares when `square` is false; DELTA1_UNIT_COUNT: gates also). */
delta1_network_t *random_network (slong max_layers, slong max_width, int units, bool square,
                                  random_weights_t weights);

void random_weight (fmpq_t x, random_weights_t weights);

#endif
