/* meter: an oracle in front of an oracle that counts, records and refuses.
 *
 * Counted per entry and in all: questions, the largest n, the bits of the answers. A hard budget
 * that would be exceeded makes the question BUDGET, without passing it on, and every
 * later one. Only answered questions count. The clock is monotonic. */
#ifndef DELTA1_METER_H
#define DELTA1_METER_H

#include "oracles/oracle.h"
#include "oracles/transcript.h"

typedef struct
{
  slong precision; /* largest n; 0: no limit */
  slong queries;   /* number of questions; 0: no limit */
  slong bits;      /* sum of n over the questions; 0: no limit */
  double seconds;  /* wall time since the meter was made; 0: no limit */
} delta1_budget_t;

extern const delta1_budget_t delta1_budget_unlimited;

typedef struct
{
  slong queries;   /* answered questions */
  slong precision; /* largest n that was answered */
  slong bits;      /* sum of n over the answered questions */
} delta1_usage_t;

typedef struct delta1_meter_struct delta1_meter_t;

/* Neither `oracle` nor `transcript` (may be NULL: nothing is recorded) is owned; both must outlive
 * the meter. */
DELTA1_MUST_USE delta1_status_t delta1_meter_create (delta1_meter_t **meter,
                                                     delta1_oracle_t *oracle,
                                                     const delta1_budget_t *budget,
                                                     delta1_transcript_t *transcript,
                                                     delta1_reason_t *reason);
void delta1_meter_free (delta1_meter_t *meter); /* NULL allowed */

/* The oracle to hand to an algorithm; owned by the meter. */
delta1_oracle_t *delta1_meter_oracle (delta1_meter_t *meter);

delta1_usage_t delta1_meter_usage (const delta1_meter_t *meter);
delta1_usage_t delta1_meter_entry_usage (const delta1_meter_t *meter, slong j);

/* Which budget was used up: "precision", "queries", "bits", "seconds"; NULL when none was. */
const char *delta1_meter_exhausted (const delta1_meter_t *meter);

/* Seconds left before the wall-time budget ends; a large number when there is none. */
double delta1_meter_seconds_left (const delta1_meter_t *meter);

#endif
