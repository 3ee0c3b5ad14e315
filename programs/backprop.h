/* backprop: the three experiments of delta1 backprop, with their tables, rows and pictures. */
#ifndef DELTA1_BACKPROP_H
#define DELTA1_BACKPROP_H

#include <stdio.h>

#include "constructions/finite_precision.h"
#include "programs/progress.h"
#include "src/plot.h"

#define DELTA1_BACKPROP_FORMATS 100

typedef struct
{
  slong formats;
  delta1_float_format_t format[DELTA1_BACKPROP_FORMATS];
  slong depth;                     /* the largest */
  slong seeds;                     /* 0: the default of the experiment */
  slong seed;                      /* the first */
  delta1_fold_training_t training; /* E2 */
  slong steps;                     /* E3 */
  const char *plot;                /* NULL: no pictures */
  FILE *csv;                       /* NULL: no rows "experiment,precision,depth,seed,step,pieces" */
  delta1_progress_t progress;
} delta1_backprop_t;

/* E1: pieces with noise in the biases, against depth and proved bound; PREFIX-noise. */
DELTA1_MUST_USE delta1_status_t delta1_backprop_noise (delta1_backprop_t *setting,
                                                       delta1_reason_t *reason);

/* E2: the critical depth of training in a format; PREFIX-depth. */
DELTA1_MUST_USE delta1_status_t delta1_backprop_training (delta1_backprop_t *setting,
                                                          delta1_reason_t *reason);

/* E3: pieces of a random network over the steps of ordinary training; PREFIX-ordinary. */
DELTA1_MUST_USE delta1_status_t delta1_backprop_ordinary (delta1_backprop_t *setting,
                                                          delta1_reason_t *reason);

/* Draws PREFIX-what and prints the names of the pictures. */
DELTA1_MUST_USE delta1_status_t delta1_backprop_draw (const delta1_plot_t *plot, const char *prefix,
                                                      const char *what, delta1_reason_t *reason);

#endif
