/* solver_report: what the solvers gave on the two families: table, CSV, JSON, pictures. */
#ifndef DELTA1_SOLVER_REPORT_H
#define DELTA1_SOLVER_REPORT_H

#include <jansson.h>

#include "constructions/solver_families.h"

/* One run: everything but its output. */
typedef struct
{
  slong program; /* index into the names */
  delta1_solver_instance_t instance;
  delta1_verdict_t verdict;
  bool exact; /* answered: the error is 0 */
  bool support;
  slong digits;
  char *lower, *upper; /* answered: decimals that enclose the error; else NULL */
  char *said;          /* its own status word, or NULL */
  char *reason;        /* not answered: why */
  slong samples;
  double seconds;
} delta1_solver_record_t;

typedef struct
{
  slong from, to;
  slong programs;
  char **name; /* owned by the caller */
  slong records, room;
  delta1_solver_record_t *record; /* per program, family and order with k ascending */
} delta1_solver_report_t;

void delta1_solver_report_clear (delta1_solver_report_t *report);

/* Copies what is kept. False: memory is out. */
bool delta1_solver_report_add (delta1_solver_report_t *report, slong program,
                               const delta1_solver_run_t *run);

/* Right or wrong. */
bool delta1_solver_is_answered (delta1_verdict_t verdict);

/* One program on one family in one column order. Of all k in [from, to]: */
typedef struct
{
  slong played;
  slong right;   /* the largest k up to which every run is right; from - 1: not even the first */
  slong support; /* the same for the support */
  const delta1_solver_record_t *wrong; /* the first run that is not right, or NULL */
  const delta1_solver_record_t *worst; /* the answered run with the largest error, or NULL */
} delta1_solver_row_t;

delta1_solver_row_t delta1_solver_report_row (const delta1_solver_report_t *report, slong program,
                                              delta1_solver_family_t family, bool reversed);

/* On standard output, what was played of the family. */
void delta1_solver_report_print (const delta1_solver_report_t *report,
                                 delta1_solver_family_t family);

/* All runs, one a line, by RFC 4180. */
DELTA1_MUST_USE delta1_status_t delta1_solver_report_csv (const delta1_solver_report_t *report,
                                                          const char *path,
                                                          delta1_reason_t *reason);

/* NULL when memory is out. */
json_t *delta1_solver_report_json (const delta1_solver_report_t *report);

/* prefix-lp, prefix-lasso: the larger error of the two orders against k, one line a program; and
 * prefix-lp-verdicts, prefix-lasso-verdicts: one row a program and order, one point a run. By
 * delta1_plot_write; *drawn and the reason as there. Nothing for a family that nobody played. */
DELTA1_MUST_USE delta1_status_t delta1_solver_report_plot (bool *drawn,
                                                           const delta1_solver_report_t *report,
                                                           delta1_solver_family_t family,
                                                           const char *prefix,
                                                           delta1_reason_t *reason);

#endif
