/* iteration: the options that iterative trainers in rounded arithmetic share. */
#ifndef DELTA1_TRAINERS_ITERATION_H
#define DELTA1_TRAINERS_ITERATION_H

#include "trainers/reading.h"

typedef struct
{
  delta1_reading_t reading;
  slong arithmetic; /* 0: double; a number of bits: MPFR; -1: by the digits */
  slong iterations;
} delta1_iteration_t;

#define DELTA1_ITERATION_OPTION_COUNT (DELTA1_READING_OPTION_COUNT + 2)
#define DELTA1_ITERATION_OPTIONS_TEXT                                                              \
  DELTA1_READING_OPTIONS_TEXT ", arithmetic=double|BITS, iterations=n"

/* Writes the options, with their defaults put in *iteration. */
void delta1_iteration_options (delta1_option_t options[DELTA1_ITERATION_OPTION_COUNT],
                               delta1_iteration_t *iteration, slong default_iterations);

/* The bits of the arithmetic, 0 for double: as the option says; without it double up to 14 digits,
 * above them MPFR with 64 bits more than the digits have. */
slong delta1_iteration_bits (const delta1_iteration_t *iteration, slong digits);

#endif
