/* solve_report: the outcomes of delta1 solve as text, JSON (doc/solve-report.md) and a picture. */
#ifndef DELTA1_SOLVE_REPORT_H
#define DELTA1_SOLVE_REPORT_H

#include <jansson.h>

#include "programs/solve_input.h"
#include "src/condition.h"
#include "src/plot.h"

/* One lambda, or the one problem there is. */
typedef struct
{
  fmpq_t parameter; /* in the scaling of the input; 0 for bp, lp */
  delta1_solution_t solution;
  double seconds;
  bool timed_out; /* undecided when the time was up */
  /* NULL, or of each feature whether every minimiser selects it (src/screening.h). */
  delta1_truth_t *selected;
} delta1_solve_outcome_t;

typedef struct
{
  const delta1_solve_input_t *input;
  const delta1_solve_request_t *request;
  slong outcomes;
  delta1_solve_outcome_t *outcome;
  bool path;
  bool inexact;     /* whether some entry is known to an accuracy only */
  arb_t lambda_max; /* of a path, in the scaling of the input */
  bool conditioned; /* whether condition is there */
  delta1_condition_t condition;
} delta1_solve_report_t;

/* input and request are set. */
DELTA1_MUST_USE delta1_status_t delta1_solve_report_init (delta1_solve_report_t *report,
                                                          slong outcomes, delta1_reason_t *reason);
void delta1_solve_report_clear (delta1_solve_report_t *report);

/* Whether the feature j certainly has a coefficient, which column of the minimiser it is, or -1. */
slong delta1_solve_place (const delta1_minimiser_t *minimiser, slong j);

/* What is solved, and what is known of the data. */
void delta1_solve_print_head (const delta1_solve_report_t *report);
/* The only outcome, in full. */
void delta1_solve_print_outcome (const delta1_solve_report_t *report);
/* A path: its first lines, the line of outcome i, and the count at the end. */
void delta1_solve_print_path_head (const delta1_solve_report_t *report);
void delta1_solve_print_path_line (const delta1_solve_report_t *report, slong i);
void delta1_solve_print_path_end (const delta1_solve_report_t *report);

/* NULL: memory is out. */
json_t *delta1_solve_report_json (const delta1_solve_report_t *report);

/* The certified coefficients along a path, with a grey band where the support is not certified. As
 * delta1_plot_write. */
DELTA1_MUST_USE delta1_status_t delta1_solve_report_plot (bool *drawn,
                                                          const delta1_solve_report_t *report,
                                                          const char *prefix,
                                                          delta1_reason_t *reason);

#endif
