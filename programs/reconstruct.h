/* reconstruct: the parts of delta1 reconstruct: what is measured, the network, what is claimed, and
 * what is written. */
#ifndef DELTA1_RECONSTRUCT_H
#define DELTA1_RECONSTRUCT_H

#include <jansson.h>
#include <stdio.h>

#include "firenet/attack.h"
#include "firenet/gap.h"
#include "firenet/phantom.h"
#include "firenet/rounding.h"
#include "firenet/sampled.h"
#include "firenet/sampling.h"
#include "firenet/stability.h"
#include "firenet/trace.h"

#define DELTA1_RECONSTRUCT_BITS 128 /* of bounds */

/* What was asked for; the defaults are in command_reconstruct.c. Texts are not owned. */
typedef struct
{
  const char *image; /* a PNG; NULL: the phantom */
  delta1_phantom_t phantom;
  bool phantom_given;
  slong side;
  delta1_transform_t transform;
  delta1_wavelet_t wavelet;
  slong levels;     /* 0: log2 side - 2 */
  const char *mask; /* a PNG; NULL: the pattern */
  delta1_pattern_t pattern;
  double fraction;
  double threshold; /* of local sparsities */
  slong seed;
  double noise;      /* relative */
  const char *data;  /* an NPY; NULL: simulated */
  double lambda;     /* 0: 0.2/sqrt(samples) */
  double tau, sigma; /* of the network: these doubles */
  double delta;      /* 0: 2 noise ||y|| */
  double rho, gamma; /* what (d) assumes */
  bool unweighted;
  slong inner, restarts;
  slong polish; /* steps at most; 0: none */
  bool attack;
  slong precision; /* bits of the enclosure; 0: none */
  slong threads;   /* 0: as OpenMP has it */
  const char *directory, *certificate, *json;
} delta1_reconstruct_setting_t;

/* What is measured, and the network. */
typedef struct
{
  const delta1_reconstruct_setting_t *setting;
  slong side, levels, samples;
  delta1_image_t truth; /* no pixels: not known */
  uint8_t *mask;        /* side x side */
  slong *index;         /* samples: where it is 1 */
  slong sparsity[DELTA1_SAMPLING_MAX_LEVELS];
  double level_weight[DELTA1_SAMPLING_MAX_LEVELS];
  delta1_operator_t *A;
  delta1_operator_t *W; /* image = W (coefficients), to and back */
  arb_ptr weights;      /* N, or NULL: all 1 */
  void *y;              /* m */
  void *coefficients;   /* N: of the truth, or NULL */
  double length;        /* a double >= ||y|| */
  double lambda, delta; /* of the network */
  delta1_restart_t network;
} delta1_reconstruct_problem_t;

void delta1_reconstruct_problem_init (delta1_reconstruct_problem_t *problem);
void delta1_reconstruct_problem_clear (delta1_reconstruct_problem_t *problem);

/* INPUT, SYSTEM: what is wrong with a file, an option or two of them. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_problem_build (
    delta1_reconstruct_problem_t *problem, const delta1_reconstruct_setting_t *setting,
    delta1_reason_t *reason);

/* What p->A was made from; the mask stays the problem's. */
void delta1_reconstruct_sampled (delta1_sampled_t *options,
                                 const delta1_reconstruct_problem_t *problem);

/* image (side x side) = the real part of W x. */
DELTA1_MUST_USE delta1_status_t
delta1_reconstruct_image (delta1_image_t *image, const delta1_reconstruct_problem_t *problem,
                          const void *x, delta1_reason_t *reason);

/* What the worst-case search found near one distance. */
typedef struct
{
  double found; /* the quotient in doubles */
  arb_t lower;  /* *certified*: at most ||phi_n(y + e) - phi_n(y)||/||e|| */
  arb_t length; /* contains ||e|| */
  arb_t upper;  /* what (b) proves for this ||e||, divided by it */
} delta1_reconstruct_attack_t;

#define DELTA1_RECONSTRUCT_ATTACKS 3

/* One network, run; and what is claimed of it. Not asked for, or not to be had: NULL, infinite. */
typedef struct
{
  const delta1_reconstruct_problem_t *problem;
  bool progress;           /* says on stderr how far long work is */
  void *x;                 /* N: what was computed */
  delta1_point_t polished; /* x N, v m, u m; NULL without a polish */
  delta1_trace_t *trace;   /* NULL: not wanted */
  arb_t length;            /* contains ||x|| */
  delta1_rounding_record_t *rounding;
  mag_t radius;       /* (a) */
  arb_t enclosure[2]; /* with a precision: the true rounding error is between them */
  arb_t lipschitz;    /* (b) */
  delta1_reconstruct_attack_t attack[DELTA1_RECONSTRUCT_ATTACKS];
  delta1_gap_t run, best; /* (c): of x, and of the polished point, both with the polished dual */
  delta1_polish_t polish;
  delta1_accuracy_t constants; /* (d): rho and gamma are assumed */
  slong least_inner;           /* steps that Theorem 6.3 needs; 0: no bound at all */
  arb_t accuracy[2];           /* of the network, of the polished point */
  double *follow;              /* NULL, or accuracy[0] after 0, ..., n restarts, rounded up */
  delta1_reason_t why;         /* accuracy: what is missing */
  double objective, error, polished_error, zero_filled_error; /* NaN without a truth */
  double seconds, trace_seconds, attack_seconds, enclosure_seconds;
} delta1_reconstruct_result_t;

void delta1_reconstruct_result_init (delta1_reconstruct_result_t *result);
void delta1_reconstruct_result_clear (delta1_reconstruct_result_t *result);

/* Of the fields above, `progress` and whether a trace is wanted (`traced`) are set before. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_run (delta1_reconstruct_result_t *result,
                                                        const delta1_reconstruct_problem_t *problem,
                                                        bool traced, delta1_reason_t *reason);

/* Its parts (b), with a search, and (d). */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_attack (delta1_reconstruct_result_t *result,
                                                           delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_accuracy (delta1_reconstruct_result_t *result,
                                                             delta1_reason_t *reason);

/* Seconds of the wall clock since some time. */
double delta1_reconstruct_clock (void);

/* A line that is written over, after some seconds and on a terminal only; NULL removes it. */
void delta1_reconstruct_progress (const delta1_reconstruct_result_t *result, const char *format,
                                  ...) DELTA1_PRINTF (2, 3);

/* --- output ----------------------------------------------------------------------------------- */

/* What was done, and what is claimed of it, in lines of text. */
void delta1_reconstruct_print_claims (FILE *f, const delta1_reconstruct_result_t *result);

/* The same and how long it took, on standard output. */
void delta1_reconstruct_print (const delta1_reconstruct_result_t *result);

/* ||x||, x the truth, which is known; a rounded double. */
double delta1_reconstruct_truth_length (const delta1_reconstruct_result_t *result);

/* The report; NULL when memory is out. */
json_t *delta1_reconstruct_json (const delta1_reconstruct_result_t *result);

/* PREFIX.svg and PREFIX.png: images, differences from the truth, convergence and claims on one page
 * (src/plot_page.h has the other files, and what happens without gnuplot). */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_draw (const delta1_reconstruct_result_t *result,
                                                         const char *prefix,
                                                         delta1_reason_t *reason);

/* Pictures, arrays, the trace and the page into the directory, which is made. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_write (const delta1_reconstruct_result_t *result,
                                                          const char *directory,
                                                          delta1_reason_t *reason);

/* (a), and (c) where there was a polish, as a certificate of firenet/reconstruction.h. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_certify (
    const delta1_reconstruct_result_t *result, const char *path, delta1_reason_t *reason);

#endif
