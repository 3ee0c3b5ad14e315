#include "src/random.h"

uint64_t
delta1_random_bits (uint64_t *state)
{
  uint64_t z = *state += UINT64_C (0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30)) * UINT64_C (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94D049BB133111EB);
  return z ^ (z >> 31);
}

uint64_t
delta1_random_below (uint64_t *state, uint64_t bound)
{
  /* 2^64 mod bound numbers at the lower end are one too many for an even share. */
  uint64_t surplus = -bound % bound, z;
  do
    z = delta1_random_bits (state);
  while (z < surplus);
  return z % bound;
}

double
delta1_random_uniform (uint64_t *state)
{
  return (double)(delta1_random_bits (state) >> 11) * 0x1p-53;
}

double
delta1_random_normal (uint64_t *state)
{
  double sum = -6;
  for (int i = 0; i < 12; i++)
    sum += delta1_random_uniform (state);
  return sum;
}
