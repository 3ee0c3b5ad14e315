/* barrier_arguments: the command line of delta1 barrier. */
#ifndef DELTA1_BARRIER_ARGUMENTS_H
#define DELTA1_BARRIER_ARGUMENTS_H

#include "constructions/tie_family.h"
#include "trainers/trainer.h"

#define DELTA1_BARRIER_PROGRAMS 64

typedef struct
{
  delta1_tie_options_t family;
  slong max_precision; /* 0: from the digits */
  slong seeds;         /* -1: from the digits */
  slong seed;
  double timeout;
  const char *certificates;
  const char *json;
  slong programs;
  delta1_algorithm_t *program[DELTA1_BARRIER_PROGRAMS];
  bool external[DELTA1_BARRIER_PROGRAMS]; /* a process, from --exec or --trainer all */
  bool brief[DELTA1_BARRIER_PROGRAMS]; /* from --trainer all: of honest plays only the nearest, no
                                          curve */
  bool all;                            /* --trainer all */
  bool default_set;                    /* no --trainer was given */
  const char *left_out[DELTA1_BARRIER_PROGRAMS]; /* built-in trainers too slow for these digits */
  int left_out_count;
} delta1_barrier_setting_t;

/* Reads and checks the arguments, and creates the contestants: an exit code, after one line when it
 * is not DELTA1_EXIT_OK. *helped: --help was printed, nothing else is to be done. Cleared by
 * delta1_barrier_setting_clear in any case. */
int delta1_barrier_arguments (delta1_barrier_setting_t *s, bool *helped, int argc, char **argv);
void delta1_barrier_setting_clear (delta1_barrier_setting_t *s);

#endif
