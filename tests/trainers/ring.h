/* ring: runs a command as a contestant, and fails the test when anything of it is left. */
#ifndef DELTA1_TESTS_RING_H
#define DELTA1_TESTS_RING_H

#include "oracles/meter.h"
#include "tests/testing.h"
#include "trainers/trainer.h"

typedef struct
{
  delta1_task_t task;
  delta1_source_t *source;
  delta1_oracle_t *oracle;
  delta1_budget_t budget;
  fmpq_mat_t X;
  delta1_usage_t usage; /* of the last run */
  bool exhausted;       /* in the last run the meter said so */
  delta1_reason_t reason;
} ring_t;

/* An m x N matrix and R data, all in one text of numbers: A row-major, then y_1, ..., y_R. */
void ring_open (ring_t *ring, delta1_problem_t problem, delta1_shape_t shape, const char *parameter,
                const char *numbers);
void ring_close (ring_t *ring);

/* Runs the command. Afterwards, or the test fails: no descriptor, no child, no process of the
 * command in any session, SIGPIPE and the signal mask as before, one line of reason. */
delta1_status_t ring_run (ring_t *ring, const char *command);

/* A ring of lasso, m = R = 2, N = 3, where the rows of A have the shape of an answer: RING_RIGHT.
 */
int ring_set_up (void **state);
int ring_tear_down (void **state);
#define RING_TEST(f) cmocka_unit_test_setup_teardown (f, ring_set_up, ring_tear_down)
#define RING_RIGHT "{\"x\":[[1,2,3],[4,5,6]]}"

/* The command fails within so many seconds, for a reason that holds the word. */
void ring_assert_fails (ring_t *ring, const char *command, const char *word, double seconds);

/* Runs a program in Python; RING_PRELUDE reads the task and defines hear, say and ask. */
delta1_status_t ring_run_python (ring_t *ring, const char *text);
#define RING_PRELUDE                                                                               \
  "import json, sys, os, time, signal, subprocess\n"                                               \
  "sys.set_int_max_str_digits(0) if hasattr(sys, 'set_int_max_str_digits') else None\n"            \
  "def hear(): return json.loads(sys.stdin.readline())\n"                                          \
  "def say(**o): print(json.dumps(o), flush=True)\n"                                               \
  "def ask(**o): say(**o); a = hear(); assert a['n'] == o['n']; return a['m']\n"                   \
  "task = hear()\n"

/* The text in a new file of the test directory; its path (static storage, until the next call). */
const char *ring_script (const char *name, const char *text);

#endif
