/* The registry, the text of a trainer, and what every built-in owes: errors of the oracle passed
 * on. */
#include "tests/trainers/tie_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const tie_choice_t plain = { .problem = DELTA1_LASSO, .tier = 1, .K = 3, .L = 5, .R = 2 };

static void
names (void **state)
{
  (void)state;
  static const char *const wanted[]
      = { "theorem-k1",  "theorem-k2",         "coin",     "midpoint", "ista",    "fista",
          "primal-dual", "coordinate-descent", "homotopy", "simplex",  "firenet", "lista",
          "sgd",         "trustworthy" };
  const delta1_algorithm_table_t *const *tables = delta1_trainer_tables ();
  delta1_reason_t reason;
  slong count = 0;
  for (; tables[count] != NULL; count++)
    {
      delta1_algorithm_t *algorithm;
      assert_string_equal (tables[count]->name, wanted[count]);
      assert_ok (delta1_trainer_parse (&algorithm, tables[count]->name, &reason), reason);
      assert_ptr_equal (algorithm->table, tables[count]);
      assert_string_equal (algorithm->label, tables[count]->name);
      assert_int_equal (algorithm->table->randomised,
                        strcmp (wanted[count], "coin") == 0 || count == 11 || count == 12);
      assert_true (strlen (algorithm->table->summary) > 0);
      bool first_order = (count >= 4 && count <= 7) || count >= 10;
      assert_true (delta1_trainer_in_default_set (tables[count], 100));
      assert_int_equal (delta1_trainer_in_default_set (tables[count], 101), !first_order);
      bool exact
          = strcmp (wanted[count], "homotopy") == 0 || strcmp (wanted[count], "simplex") == 0;
      assert_int_equal (delta1_trainer_in_default_set (tables[count], 30000), !first_order);
      assert_int_equal (delta1_trainer_in_default_set (tables[count], 30001),
                        !first_order && !exact);
      delta1_algorithm_free (algorithm);
    }
  assert_int_equal (count, 14);
  delta1_algorithm_table_t other = *tables[0];
  assert_false (delta1_trainer_in_default_set (&other, 1));
}

static void
texts (void **state)
{
  (void)state;
  static const char *const good[]
      = { "coin:reading=stable", "coin:reading=once,precision=100000000", "midpoint:precision=1",
          "ista:arithmetic=double", "primal-dual:arithmetic=24,iterations=1,reading=stable" };
  static const struct
  {
    const char *text;
    const char *word;
  } bad[] = {
    { "", "theorem-k1, theorem-k2, coin" },
    { "coins", "'coins'" },
    { "coi", "allowed: theorem-k1" },
    { ":reading=once", "primal-dual" },
    { "theorem-k1:", "theorem-k1 takes no options" },
    { "theorem-k2:n=1", "n=1" },
    { "simplex:iterations=3", "equations=elastic|exact" },
    { "coordinate-descent:tolerance=-1", "tolerance=0..100000000" },
    { "coin:", "reading=once|stable, precision=1..100000000" },
    { "coin:colour=red", "'colour'" },
    { "coin:read=once", "no option 'read'" },
    { "coin:reading", "without a value" },
    { "coin:reading=", "no value ''" },
    { "coin:reading=onc", "reading=once|stable" },
    { "coin:reading=once|stable", "no value" },
    { "coin:reading=0", "no value '0'" },
    { "coin:precision=0", "precision=1..100000000" },
    { "coin:precision=100000001", "precision" },
    { "coin:precision=-3", "precision" },
    { "coin:precision=1e3", "precision" },
    { "coin:precision= 3", "precision" },
    { "coin:precision=99999999999999999999999999", "precision" },
    { "coin:precision=3,", "no option ''" },
    { "coin:precision=3,precision=4", "twice" },
    { "coin:iterations=4", "iterations" },
    { "ista:iterations=0", "iterations=1..1000000000" },
    { "ista:arithmetic=float", "arithmetic=double|24.." },
    { "ista:arithmetic=0", "arithmetic=double|24.." },
    { "ista:arithmetic=23", "arithmetic=double|24.." },
    { "coin:reading=\n", "?" },
  };
  delta1_reason_t reason;
  delta1_algorithm_t *algorithm;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    {
      assert_ok (delta1_trainer_parse (&algorithm, good[i], &reason), reason);
      assert_string_equal (algorithm->label, good[i]);
      delta1_algorithm_free (algorithm);
    }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    {
      algorithm = (delta1_algorithm_t *)&reason;
      assert_refused (delta1_trainer_parse (&algorithm, bad[i].text, &reason), DELTA1_INPUT, reason,
                      bad[i].word);
      assert_null (algorithm);
    }
}

/* Says DELTA1_FAILED at every question. */
static delta1_status_t
dead_ask (void *context, fmpz_t re, fmpz *im, slong j, slong n, delta1_reason_t *reason)
{
  (void)context;
  (void)re;
  (void)im;
  return delta1_fail (reason, DELTA1_FAILED, "dead: %ld %ld", (long)j, (long)n);
}

static const delta1_oracle_table_t dead_table = { .name = "dead", .ask = dead_ask };

/* Brutal: a meter that allows q = 0, 1, 2, ... questions, until every built-in gets through. */
static void
brutal (void **state)
{
  (void)state;
  static const char *const all[] = { "theorem-k1",
                                     "theorem-k2",
                                     "coin:reading=stable",
                                     "midpoint",
                                     "ista:iterations=50",
                                     "fista:iterations=50,reading=stable",
                                     "primal-dual:iterations=50,arithmetic=100",
                                     "coordinate-descent:reading=stable",
                                     "homotopy",
                                     "lista:epochs=2",
                                     "sgd:epochs=2,reading=stable",
                                     "trustworthy:step=40" };
  delta1_reason_t reason;
  delta1_usage_t usage;
  tie_t tie;
  fmpq_mat_t X;
  fmpq_t gap;
  delta1_oracle_t *dead;
  fmpq_init (gap);
  fmpq_set_si (gap, 1, 4);
  tie_init (&tie, &plain, gap);
  fmpq_mat_init (X, plain.R, tie.task.shape.N);
  assert_ok (delta1_oracle_create (&dead, &dead_table, NULL, tie.count, false, &reason), reason);
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    {
      assert_refused (
          tie_run_oracle (X, &usage, &tie, all[i], dead, &delta1_budget_unlimited, 0, &reason),
          DELTA1_FAILED, reason, "dead");
      assert_int_equal (usage.queries, 0);
      assert_ok (
          tie_run (X, &usage, &tie, all[i], DELTA1_RANDOM, &delta1_budget_unlimited, 1, &reason),
          reason);
      slong needed = usage.queries;
      assert_true (needed >= TIE_C);
      for (slong q = 1; q <= needed; q++)
        {
          delta1_budget_t budget = { .queries = q };
          delta1_status_t status
              = tie_run (X, &usage, &tie, all[i], DELTA1_RANDOM, &budget, 1, &reason);
          if (q < needed)
            assert_refused (status, DELTA1_BUDGET, reason, "quer");
          else
            assert_ok (status, reason);
          assert_int_equal (usage.queries, q);
        }
    }
  delta1_oracle_free (dead);
  fmpq_mat_clear (X);
  fmpq_clear (gap);
  tie_clear (&tie);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (names),
    cmocka_unit_test (texts),
    cmocka_unit_test (brutal),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
