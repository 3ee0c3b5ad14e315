/* The barrier over all five problems, digits, sizes and mixings: what Theorem 3.2 says must be seen
 * in every cell, with certificates that the library and delta1-check accept.
 *
 * DELTA1_SWEEP=full plays every cell with K up to 1000 and every contestant; the default plays a
 * part. */
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "constructions/barrier_certificate.h"
#include "constructions/certificate_verify.h"
#include "trainers/trainer.h"

#define MAX_CONTESTANTS 32
#define SAMPLES 8

typedef struct
{
  delta1_algorithm_t *algorithm[MAX_CONTESTANTS];
  bool slow[MAX_CONTESTANTS]; /* a process, or a trainer that trains a network */
  int count;
} ring_t;

typedef struct
{
  const delta1_tie_family_t *family;
  const ring_t *ring;
  const char *label;
  const char *directory;
  long certificates;
} cell_t;

static bool
full_sweep (void)
{
  const char *sweep = getenv ("DELTA1_SWEEP");
  return sweep != NULL && strcmp (sweep, "full") == 0;
}

static void
complain (const cell_t *cell, const delta1_outcome_t *outcome, const char *what)
{
  print_error ("%s, %s, tier %c, %s: verdict %s, samples %ld, digits %ld: %s (%s)\n", cell->label,
               what, delta1_tier_letter (outcome->play.tier),
               outcome->play.adversary ? "adversary" : delta1_rounding_name (outcome->play.rule),
               delta1_verdict_name (outcome->verdict), (long)outcome->usage.precision,
               (long)outcome->digits, "not what the theorem says", outcome->reason.text);
  fail ();
}

static void
expect (bool held, const cell_t *cell, const delta1_outcome_t *outcome, const char *what)
{
  if (!held)
    complain (cell, outcome, what);
}

/* The certificate is accepted here, and kept for delta1-check. */
static void
certify (cell_t *cell, const delta1_outcome_t *outcome, const char *label)
{
  delta1_reason_t reason;
  json_t *document;
  char path[512];
  assert_ok (delta1_certificate_of_outcome (&document, cell->family, outcome, label, &reason),
             reason);
  assert_ok (delta1_certificate_verify (document, &reason), reason);
  (void)snprintf (path, sizeof path, "%s/%06ld.json", cell->directory, cell->certificates++);
  assert_ok (delta1_document_write (document, path, &reason), reason);
  json_decref (document);
}

static bool
answered (const delta1_outcome_t *outcome)
{
  return outcome->verdict == DELTA1_CORRECT || outcome->verdict == DELTA1_WRONG;
}

/* Theorem 3.2 (ii) and (iii), upper bounds. */
static void
check_theorem_trainer (const cell_t *cell, const delta1_outcome_t *outcome, const char *name)
{
  const delta1_tie_family_t *f = cell->family;
  slong digits = f->digits - (strcmp (name, "theorem-k1") == 0 ? 1 : 2);
  const delta1_play_t *play = &outcome->play;
  if (play->adversary)
    return;
  expect (answered (outcome), cell, outcome, name);
  expect (fmpz_is_zero (outcome->num) || outcome->digits >= digits, cell, outcome, name);
  if (strcmp (name, "theorem-k2") == 0 || play->tier == DELTA1_TIER_C)
    expect (outcome->usage.precision <= f->samples, cell, outcome, "at most L samples");
  else if (play->tier == DELTA1_TIER_A)
    expect (outcome->usage.precision == 1, cell, outcome, "one sample");
  else
    expect (outcome->usage.precision <= play->k + 3 + f->mixing->bound_exponent, cell, outcome,
            "k + 3 + log2 B samples");
}

static void
play_contestant (cell_t *cell, int index)
{
  const delta1_tie_family_t *f = cell->family;
  const delta1_algorithm_t *algorithm = cell->ring->algorithm[index];
  const char *name = algorithm->table->name;
  delta1_reason_t reason;
  delta1_play_t plays[DELTA1_GAME_PLAYS + DELTA1_GAME_CURVE];
  delta1_outcome_t outcome;
  delta1_budget_t budget = delta1_budget_unlimited;
  bool theorem = strncmp (name, "theorem", 7) == 0;
  budget.precision = 8 * (f->digits * 3322 / 1000 + 65);
  budget.queries = 40000 + 64 * delta1_shape_count (&f->shape);
  budget.seconds = 120;
  slong count = delta1_game_schedule (plays, f, 3);
  if (strcmp (name, "theorem-k1") == 0)
    count += delta1_game_curve (plays + count, f, budget.precision, 3);
  assert_ok (delta1_outcome_init (&outcome, f, &reason), reason);
  for (slong i = 0; i < count; i++)
    {
      const delta1_play_t *play = plays + i;
      bool limited = play->limit > 0;
      /* A slow contestant plays what the theorem speaks of: the adversary of tier a, and of tier c
       * held to fewer samples. */
      if (!theorem && !(play->adversary && (play->tier == DELTA1_TIER_A || limited))
          && (cell->ring->slow[index] || f->digits > 20))
        continue;
      assert_ok (delta1_game_play (&outcome, f, algorithm, play, &budget, &reason), reason);
      /* It does not answer what it cannot prove: beaten by never halting. */
      bool trustworthy = strncmp (name, "trustworthy", 11) == 0;
      delta1_verdict_t beaten = trustworthy ? DELTA1_OVER_BUDGET : DELTA1_WRONG;
      if (trustworthy)
        expect (outcome.verdict == DELTA1_CORRECT || outcome.verdict == DELTA1_OVER_BUDGET, cell,
                &outcome, algorithm->label);
      if (play->adversary && play->tier == DELTA1_TIER_A)
        expect (outcome.verdict == beaten, cell, &outcome, algorithm->label);
      if (limited)
        expect (outcome.verdict == beaten, cell, &outcome, algorithm->label);
      if (play->adversary && play->tier == DELTA1_TIER_B && !cell->ring->slow[index])
        expect (outcome.verdict == DELTA1_WRONG || outcome.verdict == DELTA1_OVER_BUDGET, cell,
                &outcome, algorithm->label);
      if (theorem)
        check_theorem_trainer (cell, &outcome, name);
      if (answered (&outcome) && (play->adversary || i % 5 == 0))
        certify (cell, &outcome, algorithm->label);
    }
  delta1_outcome_clear (&outcome);
}

/* delta1-check on every certificate of the directory. */
static void
check_certificates (const cell_t *cell, bool decidable)
{
  char *command = NULL;
  const char *build = getenv ("top_builddir");
  assert_true (
      asprintf (
          &command,
          "find '%s' -name '*.json' -print0 | xargs -0 -n 2000 %s/delta1-check --quiet > %s.out",
          cell->directory, build == NULL ? "." : build, cell->directory)
      > 0);
  int status = system (command);
  free (command);
  /* xargs: 123 when a command exits with 1 .. 125 */
  int expected = decidable ? 0 : 123;
  if (!WIFEXITED (status) || WEXITSTATUS (status) != expected)
    {
      print_error ("%s: delta1-check: status %d, see %s.out\n", cell->label, status,
                   cell->directory);
      fail ();
    }
  if (!decidable)
    {
      assert_true (asprintf (&command, "! grep -qv 'cannot decide' %s.out", cell->directory) > 0);
      assert_int_equal (system (command), 0);
      free (command);
    }
}

static void
add (ring_t *ring, const char *text, bool external)
{
  delta1_reason_t reason;
  assert_true (ring->count < MAX_CONTESTANTS);
  if (external)
    assert_ok (delta1_trainer_create_process (&ring->algorithm[ring->count], text, &reason),
               reason);
  else
    assert_ok (delta1_trainer_parse (&ring->algorithm[ring->count], text, &reason), reason);
  ring->slow[ring->count++] = external || strstr (text, "epochs=") != NULL;
}

static void
add_adapter (ring_t *ring, const char *script, const char *arguments)
{
  char text[512];
  const char *source = getenv ("top_srcdir");
  (void)snprintf (text, sizeof text, "%s/examples/adapters/%s %s", source == NULL ? "." : source,
                  script, arguments);
  add (ring, text, true);
}

static void
fill_ring (ring_t *ring, delta1_problem_t problem, slong digits)
{
  *ring = (ring_t){ .count = 0 };
  add (ring, "theorem-k1", false);
  add (ring, "theorem-k2", false);
  add (ring, "trustworthy:step=64", false);
  for (const delta1_algorithm_table_t *const *t = delta1_trainer_tables (); *t != NULL; t++)
    if (strstr ((*t)->options, "reading=") != NULL)
      for (int stable = 0; stable < 2; stable++)
        {
          char text[128];
          const char *work = "";
          if (strstr ((*t)->options, "iterations=") != NULL)
            work = digits > 20 ? ",iterations=50" : ",iterations=500";
          else if (strstr ((*t)->options, "epochs=") != NULL)
            work = ",epochs=20";
          (void)snprintf (text, sizeof text, "%s:reading=%s%s", (*t)->name,
                          stable ? "stable" : "once", work);
          add (ring, text, false);
        }
  if ((problem == DELTA1_LP || problem == DELTA1_BP)
      && system ("command -v glpsol > /dev/null") == 0)
    {
      add_adapter (ring, "glpk.py", "--method simplex");
      add_adapter (ring, "glpk.py", "--method exact");
      add_adapter (ring, "glpk.py", "--method interior");
    }
  if (problem == DELTA1_LASSO && system ("/usr/bin/python3 -c 'import sklearn' 2> /dev/null") == 0)
    {
      add_adapter (ring, "sklearn_lasso.py", "--estimator lasso");
      add_adapter (ring, "sklearn_lasso.py", "--estimator lars");
    }
}

static void
play_cell (delta1_problem_t problem, slong digits, slong m, slong N, delta1_mix_t mix)
{
  delta1_reason_t reason;
  ring_t ring;
  delta1_tie_family_t *family;
  delta1_tie_options_t options = delta1_tie_defaults;
  delta1_task_t task;
  char label[128], directory[256];
  options.problem = problem;
  options.digits = digits;
  options.m = m;
  options.N = N;
  options.samples = SAMPLES;
  options.points = N == 6 ? 2 : 1;
  options.mix = mix;
  options.seed = 11;
  (void)snprintf (label, sizeof label, "%s-%ld-%ldx%ld-%s", delta1_problem_name (problem),
                  (long)digits, (long)m, (long)N, delta1_mix_name (mix));
  (void)snprintf (directory, sizeof directory, "%s/%s", delta1_test_directory (), label);
  assert_int_equal (mkdir (directory, 0700), 0);
  assert_ok (delta1_tie_family_create (&family, &options, &reason), reason);
  assert_true (family->starved >= 1);
  fill_ring (&ring, problem, digits);
  cell_t cell = { .family = family, .ring = &ring, .label = label, .directory = directory };
  delta1_tie_task_init (&task, family, digits, 0, 0);
  int played = 0;
  for (int i = 0; i < ring.count; i++)
    if (ring.algorithm[i]->table->attempts (ring.algorithm[i], &task))
      {
        play_contestant (&cell, i);
        played++;
      }
  check_certificates (&cell, mix != DELTA1_MIX_DCT);
  printf ("# %s: %d contestants, %ld certificates\n", label, played, cell.certificates);
  delta1_tie_task_clear (&task);
  for (int i = 0; i < ring.count; i++)
    delta1_algorithm_free (ring.algorithm[i]);
  delta1_tie_family_free (family);
}

static void
sweep (void **state)
{
  static const slong digits[] = { 3, 6, 20, 1000 };
  static const struct
  {
    slong m, N;
  } sizes[] = { { 1, 2 }, { 3, 6 }, { 5, 40 } };
  (void)state;
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    for (size_t k = 0; k < sizeof digits / sizeof digits[0]; k++)
      for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int mix = 0; mix < DELTA1_MIX_COUNT; mix++)
          {
            /* The part: 15 cells in which every problem, number of digits, size and mixing occurs.
             */
            if (!full_sweep ()
                && (((int)s + mix + problem) % 3 != 0 || ((int)(k + s) + problem) % 4 != 0))
              continue;
            play_cell ((delta1_problem_t)problem, digits[k], sizes[s].m, sizes[s].N,
                       (delta1_mix_t)mix);
          }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (sweep) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
