#include "oracles/meter.h"

#include <stdlib.h>
#include <time.h>

struct delta1_meter_struct
{
  delta1_oracle_t *inner;
  delta1_oracle_t *outer;
  delta1_transcript_t *transcript;
  delta1_budget_t budget;
  delta1_usage_t all;
  delta1_usage_t *entry;
  const char *exhausted;
  struct timespec start;
};

const delta1_budget_t delta1_budget_unlimited = { 0, 0, 0, 0.0 };

#define NO_END 1e300

static double
seconds_since (const struct timespec *start)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

double
delta1_meter_seconds_left (const delta1_meter_t *meter)
{
  if (meter->budget.seconds <= 0)
    return NO_END;
  double left = meter->budget.seconds - seconds_since (&meter->start);
  return left > 0 ? left : 0;
}

/* The budget the question would exceed, or NULL. bits <= budget.bits always, so no sum overflows.
 */
static const char *
exceeded (const delta1_meter_t *meter, slong n)
{
  const delta1_budget_t *budget = &meter->budget;
  if (budget->precision > 0 && n > budget->precision)
    return "precision";
  if (budget->queries > 0 && meter->all.queries >= budget->queries)
    return "queries";
  if (budget->bits > 0 && n > budget->bits - meter->all.bits)
    return "bits";
  if (budget->seconds > 0 && delta1_meter_seconds_left (meter) <= 0)
    return "seconds";
  return NULL;
}

static void
count_question (delta1_usage_t *usage, slong n)
{
  usage->queries++;
  usage->bits = n > WORD_MAX - usage->bits ? WORD_MAX : usage->bits + n;
  if (n > usage->precision)
    usage->precision = n;
}

static delta1_status_t
meter_ask (void *context, fmpz_t re, fmpz *im, slong j, slong n, delta1_reason_t *reason)
{
  delta1_meter_t *meter = context;
  if (meter->exhausted == NULL)
    meter->exhausted = exceeded (meter, n);
  if (meter->exhausted != NULL)
    return delta1_fail (reason, DELTA1_BUDGET,
                        "the budget of %s is used up: %ld questions with %ld bits were answered, "
                        "entry %ld at precision %ld was not",
                        meter->exhausted, (long)meter->all.queries, (long)meter->all.bits, (long)j,
                        (long)n);

  delta1_status_t status = DELTA1_OK;
  if (im != NULL)
    DELTA1_TRY (delta1_oracle_ask_complex (meter->inner, re, im, j, n, reason));
  else
    DELTA1_TRY (delta1_oracle_ask (meter->inner, re, j, n, reason));
  if (meter->transcript != NULL)
    DELTA1_TRY (delta1_transcript_append (meter->transcript, j, n, re, im, reason));
  count_question (&meter->all, n);
  count_question (&meter->entry[j], n);
cleanup:
  return status;
}

static const delta1_oracle_table_t meter_table = { "meter", meter_ask, NULL };

delta1_status_t
delta1_meter_create (delta1_meter_t **meter, delta1_oracle_t *oracle, const delta1_budget_t *budget,
                     delta1_transcript_t *transcript, delta1_reason_t *reason)
{
  if (budget->precision < 0 || budget->queries < 0 || budget->bits < 0 || !(budget->seconds >= 0))
    return delta1_fail (reason, DELTA1_INPUT,
                        "budget: precision, queries, bits and seconds must be at least 0 "
                        "(0 is no limit)");
  delta1_status_t status = DELTA1_OK;
  delta1_meter_t *made = calloc (1, sizeof *made);
  delta1_usage_t *entry = calloc ((size_t)oracle->count + 1, sizeof *entry);
  if (made == NULL || entry == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "memory is out for a meter of %ld entries",
                             (long)oracle->count));
  made->inner = oracle;
  made->transcript = transcript;
  made->budget = *budget;
  made->entry = entry;
  clock_gettime (CLOCK_MONOTONIC, &made->start);
  DELTA1_TRY (delta1_oracle_create (&made->outer, &meter_table, made, oracle->count,
                                    oracle->complex, reason));
  *meter = made;
  made = NULL;
  entry = NULL;
cleanup:
  free (made);
  free (entry);
  return status;
}

void
delta1_meter_free (delta1_meter_t *meter)
{
  if (meter == NULL)
    return;
  delta1_oracle_free (meter->outer);
  free (meter->entry);
  free (meter);
}

delta1_oracle_t *
delta1_meter_oracle (delta1_meter_t *meter)
{
  return meter->outer;
}

delta1_usage_t
delta1_meter_usage (const delta1_meter_t *meter)
{
  return meter->all;
}

delta1_usage_t
delta1_meter_entry_usage (const delta1_meter_t *meter, slong j)
{
  return meter->entry[j];
}

const char *
delta1_meter_exhausted (const delta1_meter_t *meter)
{
  return meter->exhausted;
}
