/* reconstruct: the parts of delta1 reconstruct, and of delta1 attack: what is measured, the
 * network, what is claimed, and what is written. */
#ifndef DELTA1_RECONSTRUCT_H
#define DELTA1_RECONSTRUCT_H

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>

#include "firenet/gap.h"
#include "firenet/phantom.h"
#include "firenet/rounding.h"
#include "firenet/sampled.h"
#include "firenet/sampling.h"
#include "firenet/stability.h"
#include "firenet/trace.h"
#include "src/npy.h"

#define DELTA1_RECONSTRUCT_BITS 128 /* of bounds */

/* What INPUT is. */
typedef enum
{
  DELTA1_RECONSTRUCT_PHANTOM = 0, /* there is none */
  DELTA1_RECONSTRUCT_PICTURE,
  DELTA1_RECONSTRUCT_NPY,
  DELTA1_RECONSTRUCT_BART
} delta1_reconstruct_input_t;

/* What was asked for; the defaults are in reconstruct_options.c. Texts are not owned. */
typedef struct
{
  const char *input; /* NULL: the phantom */
  delta1_phantom_t phantom;
  bool phantom_given;
  slong side; /* of the phantom; 0: DELTA1_RECONSTRUCT_SIDE */
  delta1_transform_t transform;
  delta1_wavelet_t wavelet;
  slong levels;     /* 0: log2 side - 2 */
  const char *mask; /* a PNG; NULL: the pattern */
  delta1_pattern_t pattern;
  bool pattern_given; /* or the rate */
  double rate;
  double threshold; /* of local sparsities */
  slong seed;
  double noise;      /* relative */
  double lambda;     /* 0: 0.2/sqrt(samples) */
  double tau, sigma; /* of the network: these doubles */
  double delta;      /* 0: 2 noise ||y|| */
  double rho, gamma; /* what (d) assumes */
  bool unweighted;
  slong inner, restarts;
  slong polish;    /* steps at most; 0: none */
  slong precision; /* bits of the enclosure; 0: none */
  slong threads;   /* 0: as OpenMP has it */
  /* Of the output; NULL: not wanted. output: a picture when it ends in .png, else a directory. */
  const char *output, *npy, *trace, *certificate, *json;
} delta1_reconstruct_setting_t;

#define DELTA1_RECONSTRUCT_SIDE 512
#define DELTA1_RECONSTRUCT_MIN_SIDE 8
#define DELTA1_RECONSTRUCT_MAX_SIDE 8192

/* Where a picture stands in the square of a power of two that is measured. */
typedef struct
{
  slong top, left, height, width;
} delta1_reconstruct_frame_t;

/* What is measured, and the network. */
typedef struct
{
  const delta1_reconstruct_setting_t *setting;
  delta1_reconstruct_input_t input;
  slong side, levels, samples;
  delta1_reconstruct_frame_t frame; /* all of the square when nothing was padded */
  delta1_image_t truth;             /* of the frame; no pixels: not known. Black around it. */
  delta1_npy_t measured;            /* as INPUT has them; no values: simulated */
  uint8_t *mask;                    /* side x side */
  slong *index;                     /* samples: where it is 1 */
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

bool delta1_reconstruct_is_padded (const delta1_reconstruct_problem_t *problem);

/* *values: the frame of W x, height x width numbers of the arithmetic row by row (complex: two
 * doubles). The caller frees. */
DELTA1_MUST_USE delta1_status_t
delta1_reconstruct_pixels (double **values, const delta1_reconstruct_problem_t *problem,
                           const void *x, delta1_reason_t *reason);

/* image = the real part of the frame of W x. */
DELTA1_MUST_USE delta1_status_t
delta1_reconstruct_image (delta1_image_t *image, const delta1_reconstruct_problem_t *problem,
                          const void *x, delta1_reason_t *reason);

/* --- INPUT (reconstruct_input.c) -------------------------------------------------------------- */

/* Finds what INPUT is: .png, .pgm, .npy, .cfl and .hdr say it; of another name the first bytes.
 * Reads it into p->truth, padded to the side p->side that is found, and p->frame; or into
 * p->measured, where p->side is that of a square array, or 0 for a vector. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_read (delta1_reconstruct_problem_t *problem,
                                                         delta1_reason_t *reason);

/* p->mask (side x side) = the places where the measured array is not 0. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_nonzero (delta1_reconstruct_problem_t *problem,
                                                            delta1_reason_t *reason);

/* p->y = the measured vector, or the samples of the measured array at p->index; p->measured is
 * freed. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_take (delta1_reconstruct_problem_t *problem,
                                                         delta1_reason_t *reason);

/* --- options (reconstruct_options.c) ---------------------------------------------------------- */

enum
{
  DELTA1_OPTION_PHANTOM = 256,
  DELTA1_OPTION_SIDE,
  DELTA1_OPTION_OPERATOR,
  DELTA1_OPTION_WAVELET,
  DELTA1_OPTION_LEVELS,
  DELTA1_OPTION_PATTERN,
  DELTA1_OPTION_RATE,
  DELTA1_OPTION_MASK,
  DELTA1_OPTION_THRESHOLD,
  DELTA1_OPTION_NOISE,
  DELTA1_OPTION_SEED,
  DELTA1_OPTION_LAMBDA,
  DELTA1_OPTION_TAU,
  DELTA1_OPTION_SIGMA,
  DELTA1_OPTION_INNER,
  DELTA1_OPTION_RESTARTS,
  DELTA1_OPTION_DELTA,
  DELTA1_OPTION_WEIGHTS,
  DELTA1_OPTION_THREADS,
  DELTA1_OPTION_OWN /* those of a command begin here */
};

/* Those of the problem and the network, for getopt_long. */
#define DELTA1_RECONSTRUCT_OPTIONS                                                                 \
  { "phantom", required_argument, NULL, DELTA1_OPTION_PHANTOM },                                   \
      { "side", required_argument, NULL, DELTA1_OPTION_SIDE },                                     \
      { "operator", required_argument, NULL, DELTA1_OPTION_OPERATOR },                             \
      { "wavelet", required_argument, NULL, DELTA1_OPTION_WAVELET },                               \
      { "levels", required_argument, NULL, DELTA1_OPTION_LEVELS },                                 \
      { "pattern", required_argument, NULL, DELTA1_OPTION_PATTERN },                               \
      { "rate", required_argument, NULL, DELTA1_OPTION_RATE },                                     \
      { "mask", required_argument, NULL, DELTA1_OPTION_MASK },                                     \
      { "threshold", required_argument, NULL, DELTA1_OPTION_THRESHOLD },                           \
      { "noise", required_argument, NULL, DELTA1_OPTION_NOISE },                                   \
      { "seed", required_argument, NULL, DELTA1_OPTION_SEED },                                     \
      { "lambda", required_argument, NULL, DELTA1_OPTION_LAMBDA },                                 \
      { "tau", required_argument, NULL, DELTA1_OPTION_TAU },                                       \
      { "sigma", required_argument, NULL, DELTA1_OPTION_SIGMA },                                   \
      { "inner", required_argument, NULL, DELTA1_OPTION_INNER },                                   \
      { "restarts", required_argument, NULL, DELTA1_OPTION_RESTARTS },                             \
      { "delta", required_argument, NULL, DELTA1_OPTION_DELTA },                                   \
      { "weights", required_argument, NULL, DELTA1_OPTION_WEIGHTS },                               \
  {                                                                                                \
    "threads", required_argument, NULL, DELTA1_OPTION_THREADS                                      \
  }

extern const delta1_reconstruct_setting_t delta1_reconstruct_defaults;

/* Their part of --help. */
void delta1_reconstruct_help (void);

/* One of them; false after one line on stderr. */
bool delta1_reconstruct_set (delta1_reconstruct_setting_t *setting, const char *command, int option,
                             const char *text);

/* A finite number in (low, high], or [low, high] when closed; false after one line. */
bool delta1_reconstruct_number (double *value, const char *command, const char *option,
                                const char *text, const double range[2], bool closed);

/* INPUT, the one argument that may be left, and what is only wrong together; false after one line.
 */
bool delta1_reconstruct_finish (delta1_reconstruct_setting_t *setting, const char *command,
                                int argc, char **argv);

/* A directory to write to is made; *made: it was not there. false after one line. */
bool delta1_reconstruct_directory (bool *made, const char *command, const char *path);

/* As many threads as were asked for; else no more than the load leaves free, for on a busy machine
 * threads that wait for each other lose more than they gain. */
void delta1_reconstruct_threads (const delta1_reconstruct_setting_t *setting);

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
  mag_t radius;           /* (a) */
  arb_t enclosure[2];     /* with a precision: the true rounding error is between them */
  arb_t lipschitz;        /* (b) */
  delta1_gap_t run, best; /* (c): of x, and of the polished point, both with the polished dual */
  delta1_polish_t polish;
  delta1_accuracy_t constants; /* (d): rho and gamma are assumed */
  slong least_inner;           /* steps that Theorem 6.3 needs; 0: no bound at all */
  arb_t accuracy[2];           /* of the network, of the polished point */
  double *follow;              /* NULL, or accuracy[0] after 0, ..., n restarts, rounded up */
  delta1_reason_t why;         /* accuracy: what is missing */
  double objective, error, polished_error, zero_filled_error; /* NaN without a truth */
  double seconds, trace_seconds, enclosure_seconds;
} delta1_reconstruct_result_t;

void delta1_reconstruct_result_init (delta1_reconstruct_result_t *result);
void delta1_reconstruct_result_clear (delta1_reconstruct_result_t *result);

/* Of the fields above, `progress` and whether a trace is wanted (`traced`) are set before. */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_run (delta1_reconstruct_result_t *result,
                                                        const delta1_reconstruct_problem_t *problem,
                                                        bool traced, delta1_reason_t *reason);

/* Its parts: (a) and (b), with a trace when it is wanted, and (d). */
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_network (
    delta1_reconstruct_result_t *result, const delta1_reconstruct_problem_t *problem, bool traced,
    delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_accuracy (delta1_reconstruct_result_t *result,
                                                             delta1_reason_t *reason);

/* Seconds of the wall clock since some time. */
double delta1_reconstruct_clock (void);

/* A line that is written over, after some seconds and on a terminal only; NULL removes it. */
void delta1_reconstruct_progress (const delta1_reconstruct_result_t *result, const char *format,
                                  ...) DELTA1_PRINTF (2, 3);

/* --- output ----------------------------------------------------------------------------------- */

/* The lines that say what is measured and by which network. */
void delta1_reconstruct_print_problem (FILE *f, const delta1_reconstruct_problem_t *problem);

/* Its members `input` and `network`. */
json_t *delta1_reconstruct_input_json (const delta1_reconstruct_problem_t *problem);
json_t *delta1_reconstruct_network_json (const delta1_reconstruct_problem_t *problem);

/* What was done, and what is claimed of it, in lines of text. */
void delta1_reconstruct_print_claims (FILE *f, const delta1_reconstruct_result_t *result);

/* The same and how long it took, on standard output. */
void delta1_reconstruct_print (const delta1_reconstruct_result_t *result);

/* ||x||, x the truth, which is known; a rounded double. */
double delta1_reconstruct_truth_length (const delta1_reconstruct_result_t *result);

/* The report; NULL when memory is out. */
json_t *delta1_reconstruct_json (const delta1_reconstruct_result_t *result);

/* The picture of x; its frame as an array, rows x columns; and the trace. */
DELTA1_MUST_USE delta1_status_t
delta1_reconstruct_write_picture (const delta1_reconstruct_problem_t *problem, const void *x,
                                  const char *path, delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t
delta1_reconstruct_write_npy (const delta1_reconstruct_problem_t *problem, const void *x,
                              const char *path, delta1_reason_t *reason);
DELTA1_MUST_USE delta1_status_t delta1_reconstruct_write_trace (
    const delta1_reconstruct_result_t *result, const char *path, delta1_reason_t *reason);

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
