#include "trainers/iteration.h"

#define DOUBLE_DIGITS 14
#define LEAST_BITS 24
#define MOST_BITS 10000000
#define MOST_ITERATIONS 1000000000

void
delta1_iteration_options (delta1_option_t options[DELTA1_ITERATION_OPTION_COUNT],
                          delta1_iteration_t *iteration, slong default_iterations)
{
  iteration->arithmetic = -1;
  iteration->iterations = default_iterations;
  delta1_reading_options (options, &iteration->reading);
  options[DELTA1_READING_OPTION_COUNT]
      = (delta1_option_t){ "arithmetic", "double", LEAST_BITS, MOST_BITS, &iteration->arithmetic };
  options[DELTA1_READING_OPTION_COUNT + 1]
      = (delta1_option_t){ "iterations", NULL, 1, MOST_ITERATIONS, &iteration->iterations };
}

slong
delta1_iteration_bits (const delta1_iteration_t *iteration, slong digits)
{
  if (iteration->arithmetic >= 0)
    return iteration->arithmetic;
  return digits <= DOUBLE_DIGITS ? 0 : delta1_reading_digits_to_bits (digits) + 64;
}
