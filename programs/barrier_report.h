/* barrier_report: what a barrier game gave, kept small, and shown: table, sentences, JSON. */
#ifndef DELTA1_BARRIER_REPORT_H
#define DELTA1_BARRIER_REPORT_H

#include <jansson.h>

#include "constructions/barrier_game.h"

/* One play: everything of an outcome but its output and transcript. */
typedef struct
{
  slong program; /* index into the names */
  bool curve;    /* of the curve, not of the table */
  delta1_play_t play;
  delta1_verdict_t verdict;
  slong goal;
  delta1_usage_t usage;
  const char *exhausted;
  slong precision;     /* the largest n the budget allowed; 0: any */
  slong digits;        /* correct, wrong: error <= 10^-digits, unless exact */
  bool exact;          /* the error is 0 */
  char *lower, *upper; /* correct, wrong: decimals that enclose the error */
  char *column;        /* the input played or revealed: "tie" or the column's number */
  char *gap;
  char *reason;      /* failed: why */
  char *certificate; /* the file, or NULL */
  double seconds;
} delta1_record_t;

/* One game of many seeds. */
typedef struct
{
  slong program;
  delta1_tier_t tier;
  slong seeds, halted, candidates, worst;
  slong *successes;
  double low, high; /* for display, rounded outwards to 1e-6 */
  char *certificate;
} delta1_seeds_record_t;

typedef struct
{
  const delta1_tie_family_t *family;
  slong programs;
  char **name; /* labels, owned by the caller */
  slong records, room;
  delta1_record_t *record;
  slong seeds_records, seeds_room;
  delta1_seeds_record_t *seeds_record;
  slong certificates; /* how many were written */
} delta1_report_t;

void delta1_report_clear (delta1_report_t *report);

/* Copies what is kept; certificate may be NULL. False: memory is out. */
bool delta1_report_add (delta1_report_t *report, slong program, bool curve,
                        const delta1_outcome_t *outcome, const char *certificate);
bool delta1_report_add_seeds (delta1_report_t *report, slong program, const delta1_seeds_t *seeds,
                              const char *certificate);

/* On standard output. */
void delta1_report_print (const delta1_report_t *report);

/* The whole report as JSON; NULL when memory is out. */
json_t *delta1_report_json (const delta1_report_t *report);

#endif
