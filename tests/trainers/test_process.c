/* External programs: an honest one hears exactly what the oracle says; budgets pass through. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/number.h"
#include "tests/trainers/ring.h"

static void
assert_number (const fmpq_t x, const char *text)
{
  delta1_reason_t reason;
  fmpq_t y;
  fmpq_init (y);
  assert_ok (delta1_number_parse (y, text, &reason), reason);
  if (!fmpq_equal (x, y))
    fail_msg ("a number is not %s", text);
  fmpq_clear (y);
}

/* --- honest ----------------------------------------------------------------------------------- */

/* X must be what the oracle says of A (or of the data) at precision n. */
static void
assert_answers (ring_t *ring, bool data, slong n)
{
  fmpz_t m;
  fmpq_t q;
  fmpz_init (m);
  fmpq_init (q);
  for (slong i = 0; i < 2; i++)
    for (slong j = 0; j < (data ? 2 : 3); j++)
      {
        slong entry = data ? delta1_shape_data_entry (&ring->task.shape, i, j)
                           : delta1_shape_matrix_entry (&ring->task.shape, i, j);
        assert_ok (delta1_oracle_ask (ring->oracle, m, entry, n, &ring->reason), ring->reason);
        fmpq_set_fmpz (q, m);
        fmpq_div_2exp (q, q, (mp_bitcnt_t)n);
        assert_true (fmpq_equal (q, fmpq_mat_entry (ring->X, i, j)));
      }
  fmpq_clear (q);
  fmpz_clear (m);
}

static void
test_every_answer_arrives_exactly (void **state)
{
  ring_t *ring = *state;
  const slong precisions[] = { 1, 2, 53, 200, 20000 };
  for (size_t p = 0; p < sizeof precisions / sizeof *precisions; p++)
    for (int data = 0; data < 2; data++)
      for (int bulk = 0; bulk < 2; bulk++)
        {
          char text[3000];
          snprintf (
              text, sizeof text,
              RING_PRELUDE
              "n, data, bulk = %ld, %d, %d\n"
              "if bulk: M = ask(ask='y' if data else 'A', n=n)\n"
              "elif data: M = [[ask(ask='y', k=k, i=i, n=n) for i in (0, 1)] for k in (0, 1)]\n"
              "else: M = [[ask(ask='A', i=i, j=j, n=n) for j in (0, 1, 2)] for i in (0, 1)]\n"
              "say(x=[[m + '/' + str(2 ** n) for m in (row + ['0'])[:3]] for row in M])\n",
              (long)precisions[p], data, bulk);
          assert_ok (ring_run_python (ring, text), ring->reason);
          assert_answers (ring, data == 1, precisions[p]);
          assert_int_equal (ring->usage.queries, data ? 4 : 6);
          assert_int_equal (ring->usage.precision, precisions[p]);
        }
}

static void
test_the_task_is_told (void **state)
{
  ring_t *ring = *state;
  ring->task.max_precision = 200;
  const char *text = RING_PRELUDE
      "want = dict(delta1=1, problem='lasso', m=2, N=3, R=2, digits=6, seed=7, max_n=200)\n"
      "want['lambda'] = '1/3'\n"
      "assert task == want, task\n"
      "assert os.getsid(0) != os.getsid(os.getppid())\n"
      "assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()\n"
      "assert sorted(os.listdir('/proc/self/fd'))[:3] == ['0', '1', '2']\n"
      "assert len(os.listdir('/proc/self/fd')) == 4, os.listdir('/proc/self/fd')\n"
      "say(x=[['0'] * 3] * 2)\n";
  assert_ok (ring_run_python (ring, text), ring->reason);
  /* The caller's SIGPIPE handling and mask are its own: the program starts with the defaults. */
  struct sigaction ignore, before;
  memset (&ignore, 0, sizeof ignore);
  ignore.sa_handler = SIG_IGN;
  sigaction (SIGPIPE, &ignore, &before);
  assert_ok (
      ring_run (ring, "grep -q '^SigIgn:.*0000$' /proc/self/status && echo '" RING_RIGHT "'"),
      ring->reason);
  sigaction (SIGPIPE, &before, NULL);
}

/* A caller that ignores the ends of children, or has no standard input, is served as well. */
static void
test_unusual_callers (void **state)
{
  ring_t *ring = *state;
  struct sigaction ignore, before;
  memset (&ignore, 0, sizeof ignore);
  ignore.sa_handler = SIG_IGN;
  sigaction (SIGCHLD, &ignore, &before);
  assert_ok (ring_run (ring, "sleep 0.1; echo '" RING_RIGHT "'"), ring->reason);
  ring_assert_fails (ring, "sleep 60 & exit 3", "exited with status 3", 5);
  sigaction (SIGCHLD, &before, NULL);
  int input = dup (0);
  close (0);
  assert_ok (
      ring_run (ring, "read t; echo '{\"ask\":\"A\",\"n\":9}'; read a; echo '" RING_RIGHT "'"),
      ring->reason);
  dup2 (input, 0);
  close (input);
}

static void
test_every_form_of_number (void **state)
{
  ring_t *ring = *state;
  assert_ok (ring_run (ring, "echo '{\"x\":[[\"1/3\",\"-1.25e-7\",\"0x1.8p-3\"],"
                             "[0.1,-7,\"0x1F\"]],\"note\":[]}'; sleep 60"),
             ring->reason);
  const char *first[] = { "1/3", "-125/1000000000", "3/16" };
  const char *second[] = { "0x1.999999999999ap-4", "-7", "31" };
  for (slong j = 0; j < 3; j++)
    {
      assert_number (fmpq_mat_entry (ring->X, 0, j), first[j]);
      assert_number (fmpq_mat_entry (ring->X, 1, j), second[j]);
    }
  assert_ok (ring_run (ring, "echo '{\"x\":[[5e-324,1.7976931348623157e308,-0.0],"
                             "[9223372036854775807,-9223372036854775808,1e22]]}'"),
             ring->reason);
  const char *edge_0[] = { "0x1p-1074", "0x1.fffffffffffffp1023", "0" };
  const char *edge_1[]
      = { "9223372036854775807", "-9223372036854775808", "10000000000000000000000" };
  for (slong j = 0; j < 3; j++)
    {
      assert_number (fmpq_mat_entry (ring->X, 0, j), edge_0[j]);
      assert_number (fmpq_mat_entry (ring->X, 1, j), edge_1[j]);
    }
}

static void
test_what_follows_the_answer_is_ignored (void **state)
{
  ring_t *ring = *state;
  static const char *const commands[] = {
    "echo '" RING_RIGHT "'; echo nonsense; exit 3",
    "echo '" RING_RIGHT "'; kill -9 $$",
    "echo '" RING_RIGHT "'; yes",
    "printf '%s' '" RING_RIGHT "'", /* without a newline */
    "printf '%s\\r\\n' '" RING_RIGHT "'",
    "exec 0<&-; echo '" RING_RIGHT "'",
    "echo '" RING_RIGHT "'; exec sleep 60",
    "sleep 60 & echo '" RING_RIGHT "'",
  };
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    {
      double start = delta1_test_now ();
      assert_ok (ring_run (ring, commands[k]), ring->reason);
      assert_number (fmpq_mat_entry (ring->X, 1, 2), "6");
      assert_true (delta1_test_now () - start < 5);
    }
}

static void
test_questions_in_advance (void **state)
{
  ring_t *ring = *state;
  /* Both directions exceed what a pipe holds. */
  assert_ok (ring_run_python (ring, RING_PRELUDE
                              "q = json.dumps(dict(ask='A', i=0, j=0, n=100)) + '\\n'\n"
                              "sys.stdout.write(q * 20000); sys.stdout.flush()\n"
                              "got = {hear()['m'] for _ in range(20000)}\n"
                              "assert len(got) == 1\n"
                              "say(x=[[got.pop() + '/' + str(2 ** 100), '0', '0'], ['0'] * 3])\n"),
             ring->reason);
  assert_int_equal (ring->usage.queries, 20000);
}

static void
test_a_sample_of_300000_bits (void **state)
{
  ring_t *ring = *state;
  double start = delta1_test_now ();
  assert_ok (ring_run (ring, "read t; echo '{\"ask\":\"A\",\"n\":300000}'; head -n 1 | wc -c >&2;"
                             "echo '" RING_RIGHT "'"),
             ring->reason);
  assert_int_equal (ring->usage.bits, 6 * 300000);
  assert_true (delta1_test_now () - start < 10);
}

static void
test_standard_error_cannot_block (void **state)
{
  ring_t *ring = *state;
  assert_ok (ring_run (ring, "yes noise | head -c 10000000 >&2; echo '" RING_RIGHT "'"),
             ring->reason);
  assert_ok (ring_run (ring, "head -c 10000000 /dev/zero >&2; echo '" RING_RIGHT "'"),
             ring->reason);
}

/* --- the status word ----------------------------------------------------------------------------
 */

/* The status word reaches whoever listens, cleaned; a wrong one is the program's failure. */
static void
test_said (void **state)
{
  ring_t *ring = *state;
  delta1_said_t said = { .text = "before" };
  ring->task.said = &said;
  assert_ok (ring_run (ring, "echo '{\"x\":[[1,2,3],[4,5,6]],\"status\":\"opt\\u001b[31mimal\"}'"),
             ring->reason);
  assert_string_equal (said.text, "opt?[31mimal");
  ring->task.said = NULL;
  assert_ok (ring_run (ring, "echo '{\"x\":[[1,2,3],[4,5,6]],\"status\":\"optimal\"}'"),
             ring->reason);
  ring->task.said = &said;
  char command[1000], word[202];
  memset (word, 'w', sizeof word);
  for (size_t length = 200; length <= 201; length++)
    {
      word[length] = '\0';
      word[length - 1] = 'w';
      snprintf (command, sizeof command, "echo '{\"x\":[[1,2,3],[4,5,6]],\"status\":\"%s\"}'",
                word);
      delta1_status_t status = ring_run (ring, command);
      if (length == 200)
        {
          assert_ok (status, ring->reason);
          assert_string_equal (said.text, word);
        }
      else
        assert_refused (status, DELTA1_FAILED, ring->reason, "\"status\" must be");
      memset (word, 'w', sizeof word);
    }
  assert_refused (ring_run (ring, "echo '{\"x\":[[1,2,3],[4,5,6]],\"status\":7}'"), DELTA1_FAILED,
                  ring->reason, "\"status\" must be");
  ring->task.said = NULL;
}

/* --- budgets ---------------------------------------------------------------------------------- */

static void
test_budgets_pass_through (void **state)
{
  ring_t *ring = *state;
  const char *asks = "read t; echo '{\"ask\":\"A\",\"n\":201}'; read a; echo '" RING_RIGHT "'";
  ring->budget.precision = 200;
  assert_refused (ring_run (ring, asks), DELTA1_BUDGET, ring->reason, "");
  assert_true (ring->exhausted);
  ring->task.max_precision = 200;
  assert_refused (ring_run (ring, asks), DELTA1_BUDGET, ring->reason, "");
  assert_true (ring->exhausted); /* the meter was told, though the task already says no */
  ring->budget = delta1_budget_unlimited;
  assert_refused (ring_run (ring, asks), DELTA1_BUDGET, ring->reason, "201");
  assert_refused (ring_run (ring, "echo '{\"ask\":\"A\",\"n\":1000000000000}'; sleep 60"),
                  DELTA1_BUDGET, ring->reason, "1000000000000");
  ring->task.max_precision = 201;
  assert_ok (ring_run (ring, asks), ring->reason);
  ring->budget.queries = 5; /* a sample of the matrix has 6 entries */
  assert_refused (ring_run (ring, asks), DELTA1_BUDGET, ring->reason, "");
  assert_int_equal (ring->usage.queries, 5);
}

static void
test_an_empty_command (void **state)
{
  (void)state;
  delta1_algorithm_t *algorithm;
  delta1_reason_t reason;
  assert_refused (delta1_trainer_create_process (&algorithm, "", &reason), DELTA1_INPUT, reason,
                  "empty");
  assert_null (algorithm);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RING_TEST (test_every_answer_arrives_exactly),
    RING_TEST (test_the_task_is_told),
    RING_TEST (test_unusual_callers),
    RING_TEST (test_every_form_of_number),
    RING_TEST (test_what_follows_the_answer_is_ignored),
    RING_TEST (test_questions_in_advance),
    RING_TEST (test_a_sample_of_300000_bits),
    RING_TEST (test_standard_error_cannot_block),
    RING_TEST (test_said),
    RING_TEST (test_budgets_pass_through),
    cmocka_unit_test (test_an_empty_command),
  };
  return cmocka_run_group_tests_name ("process", tests, NULL, NULL);
}
