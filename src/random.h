/* random: numbers that a seed fixes, the same on every machine. Not cryptographic.
 *
 * The state is one word, any value a seed; every call moves it on. */
#ifndef DELTA1_RANDOM_H
#define DELTA1_RANDOM_H

#include <stdint.h>

/* 64 random bits (splitmix64: of states 0, 1, 2, ... the first numbers are unrelated). */
uint64_t delta1_random_bits (uint64_t *state);

/* Uniform on 0 .. bound - 1, exactly (numbers that would favour some are drawn again); bound >= 1.
 */
uint64_t delta1_random_below (uint64_t *state, uint64_t bound);

/* Uniform on [0, 1), a multiple of 2^-53; and approximately normal, mean 0 and variance 1: the sum
 * of 12 uniform numbers less 6. */
double delta1_random_uniform (uint64_t *state);
double delta1_random_normal (uint64_t *state);

#endif
