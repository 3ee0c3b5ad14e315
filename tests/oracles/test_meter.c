#include <math.h>
#include <string.h>
#include <time.h>

#include "oracles/algorithm.h"
#include "oracles/meter.h"
#include "tests/testing.h"

/* An oracle that counts what reaches it, answers j + n, and fails from question `fail_at` on. */
typedef struct
{
  slong asked;
  slong fail_at;
} counter_t;

static delta1_status_t
counter_ask (void *context, fmpz_t re, fmpz *im, slong j, slong n, delta1_reason_t *reason)
{
  counter_t *counter = context;
  if (counter->asked++ >= counter->fail_at)
    return delta1_fail (reason, DELTA1_SYSTEM, "the counter fails");
  fmpz_set_si (re, j + n);
  if (im != NULL)
    fmpz_set_si (im, -j);
  return DELTA1_OK;
}

static const delta1_oracle_table_t counter_table = { "counter", counter_ask, NULL };

typedef struct
{
  counter_t counter;
  delta1_oracle_t *oracle;
  delta1_transcript_t *transcript;
  delta1_meter_t *meter;
} bench_t;

static void
set_up (bench_t *bench, delta1_budget_t budget, bool complex)
{
  delta1_reason_t reason;
  bench->counter = (counter_t){ 0, WORD_MAX };
  assert_ok (
      delta1_oracle_create (&bench->oracle, &counter_table, &bench->counter, 3, complex, &reason),
      reason);
  assert_ok (delta1_transcript_create (&bench->transcript, &reason), reason);
  assert_ok (
      delta1_meter_create (&bench->meter, bench->oracle, &budget, bench->transcript, &reason),
      reason);
}

static void
tear_down (bench_t *bench)
{
  delta1_meter_free (bench->meter);
  delta1_transcript_free (bench->transcript);
  delta1_oracle_free (bench->oracle);
}

/* Entries 0, 1, 2, 0, ... at n = 1, 2, 3, ...; returns the status of the last question. */
static delta1_status_t
ask_many (bench_t *bench, slong questions, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpz_t m;
  fmpz_init (m);
  for (slong t = 0; t < questions && status == DELTA1_OK; t++)
    status = delta1_oracle_ask (delta1_meter_oracle (bench->meter), m, t % 3, t + 1, reason);
  fmpz_clear (m);
  return status;
}

static void
test_counts (void **state)
{
  (void)state;
  bench_t bench;
  delta1_reason_t reason;
  set_up (&bench, delta1_budget_unlimited, false);
  assert_ok (ask_many (&bench, 10, &reason), reason);
  delta1_usage_t all = delta1_meter_usage (bench.meter);
  assert_int_equal (all.queries, 10);
  assert_int_equal (all.precision, 10);
  assert_int_equal (all.bits, 55);
  const slong queries[] = { 4, 3, 3 }, precision[] = { 10, 8, 9 }, bits[] = { 22, 15, 18 };
  for (slong j = 0; j < 3; j++)
    {
      delta1_usage_t entry = delta1_meter_entry_usage (bench.meter, j);
      assert_int_equal (entry.queries, queries[j]);
      assert_int_equal (entry.precision, precision[j]);
      assert_int_equal (entry.bits, bits[j]);
    }
  assert_int_equal (delta1_transcript_count (bench.transcript), 10);
  assert_int_equal (delta1_transcript_get (bench.transcript, 9)->precision, 10);
  assert_null (delta1_meter_exhausted (bench.meter));
  assert_true (delta1_meter_seconds_left (bench.meter) > 1e9);
  tear_down (&bench);
}

static void
test_complex_is_passed_on (void **state)
{
  (void)state;
  bench_t bench;
  delta1_reason_t reason;
  fmpz_t re, im;
  fmpz_init (re);
  fmpz_init (im);
  set_up (&bench, delta1_budget_unlimited, true);
  assert_ok (delta1_oracle_ask_complex (delta1_meter_oracle (bench.meter), re, im, 2, 5, &reason),
             reason);
  assert_int_equal (fmpz_get_si (re), 7);
  assert_int_equal (fmpz_get_si (im), -2);
  assert_int_equal (arf_sgn (delta1_transcript_get (bench.transcript, 0)->im), -1);
  tear_down (&bench);
  fmpz_clear (re);
  fmpz_clear (im);
}

/* For every budget b = 1, 2, ...: exactly the questions that fit are answered and passed on, the
 * next is BUDGET and is not, and so is every later one, however small. */
static void
budgets (const char *name, delta1_budget_t (*make) (slong b), slong (*fits) (slong b), slong last)
{
  for (slong b = 1; b <= last; b++)
    {
      bench_t bench;
      delta1_reason_t reason;
      fmpz_t m;
      fmpz_init_set_si (m, 99);
      const slong good = fits (b);
      set_up (&bench, make (b), false);
      assert_ok (ask_many (&bench, good, &reason), reason);
      assert_null (delta1_meter_exhausted (bench.meter));
      tear_down (&bench);

      set_up (&bench, make (b), false);
      assert_refused (ask_many (&bench, good + 1, &reason), DELTA1_BUDGET, reason, name);
      assert_string_equal (delta1_meter_exhausted (bench.meter), name);
      for (int again = 0; again < 3; again++)
        assert_refused (delta1_oracle_ask (delta1_meter_oracle (bench.meter), m, 0, 1, &reason),
                        DELTA1_BUDGET, reason, name);
      assert_int_equal (fmpz_get_si (m), 99);
      assert_int_equal (bench.counter.asked, good);
      assert_int_equal (delta1_meter_usage (bench.meter).queries, good);
      assert_int_equal (delta1_transcript_count (bench.transcript), good);
      assert_string_equal (delta1_meter_exhausted (bench.meter), name);
      tear_down (&bench);
      fmpz_clear (m);
    }
}

static delta1_budget_t
of_queries (slong b)
{
  return (delta1_budget_t){ .queries = b };
}

static delta1_budget_t
of_precision (slong b)
{
  return (delta1_budget_t){ .precision = b };
}

static delta1_budget_t
of_bits (slong b)
{
  return (delta1_budget_t){ .bits = b };
}

static slong
same (slong b)
{
  return b; /* question t has n = t */
}

static slong
triangular (slong b)
{
  slong t = 0; /* 1 + 2 + ... + t <= b */
  while ((t + 1) * (t + 2) / 2 <= b)
    t++;
  return t;
}

static void
test_budgets (void **state)
{
  (void)state;
  budgets ("queries", of_queries, same, 30);
  budgets ("precision", of_precision, same, 30);
  budgets ("bits", of_bits, triangular, 60);
}

static void
test_wall_time (void **state)
{
  (void)state;
  bench_t bench;
  delta1_reason_t reason;
  set_up (&bench, (delta1_budget_t){ .seconds = 0.02 }, false);
  assert_true (delta1_meter_seconds_left (bench.meter) <= 0.02);
  const struct timespec nap = { 0, 30000000 };
  assert_int_equal (nanosleep (&nap, NULL), 0);
  assert_refused (ask_many (&bench, 1, &reason), DELTA1_BUDGET, reason, "seconds");
  assert_string_equal (delta1_meter_exhausted (bench.meter), "seconds");
  assert_true (delta1_meter_seconds_left (bench.meter) == 0);
  assert_int_equal (bench.counter.asked, 0);
  tear_down (&bench);
}

/* The oracle behind fails at question 0, 1, 2, ... until it does not: its status comes through, and
 * what failed is neither counted nor recorded. */
static void
test_failing_oracle (void **state)
{
  (void)state;
  for (slong fail_at = 0; fail_at <= 8; fail_at++)
    {
      bench_t bench;
      delta1_reason_t reason;
      set_up (&bench, delta1_budget_unlimited, false);
      bench.counter.fail_at = fail_at;
      delta1_status_t status = ask_many (&bench, 8, &reason);
      if (fail_at < 8)
        assert_refused (status, DELTA1_SYSTEM, reason, "fails");
      else
        assert_ok (status, reason);
      assert_int_equal (delta1_meter_usage (bench.meter).queries, fail_at);
      assert_int_equal (delta1_transcript_count (bench.transcript), fail_at);
      assert_null (delta1_meter_exhausted (bench.meter));
      tear_down (&bench);
    }
}

static void
test_bad_budgets (void **state)
{
  (void)state;
  bench_t bench;
  delta1_meter_t *meter;
  delta1_reason_t reason;
  set_up (&bench, delta1_budget_unlimited, false);
  const delta1_budget_t bad[]
      = { { -1, 0, 0, 0 }, { 0, -1, 0, 0 }, { 0, 0, -1, 0 }, { 0, 0, 0, -1 }, { 0, 0, 0, NAN } };
  for (int i = 0; i < 5; i++)
    assert_refused (delta1_meter_create (&meter, bench.oracle, &bad[i], NULL, &reason),
                    DELTA1_INPUT, reason, "budget");
  tear_down (&bench);
  delta1_meter_free (NULL);
  delta1_oracle_free (NULL);
  delta1_source_free (NULL);
  delta1_algorithm_free (NULL);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_counts),         cmocka_unit_test (test_complex_is_passed_on),
    cmocka_unit_test (test_budgets),        cmocka_unit_test (test_wall_time),
    cmocka_unit_test (test_failing_oracle), cmocka_unit_test (test_bad_budgets),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
