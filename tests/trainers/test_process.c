/* External programs: an honest one hears exactly what the oracle says; a hostile one ends in one
 * line of reason, in time, and with nothing left (ring_run looks). */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "src/number.h"
#include "tests/trainers/ring.h"
#include "trainers/process_message.h"

/* m = R = 2, N = 3: the rows of A have the shape of an answer. */
#define NUMBERS "1/3 -2/7 5 22/7 0 -1/1000 1/7 -3/11 9 1e-9"
#define RIGHT "{\"x\":[[1,2,3],[4,5,6]]}"

static int
open_ring (void **state)
{
  static ring_t ring;
  ring_open (&ring, DELTA1_LASSO, (delta1_shape_t){ 2, 3, 2 }, "1/3", NUMBERS);
  *state = &ring;
  return 0;
}

static int
close_ring (void **state)
{
  ring_close (*state);
  return 0;
}

static delta1_status_t
run_python (ring_t *ring, const char *text)
{
  char command[5000];
  const char *python = getenv ("PYTHON3");
  snprintf (command, sizeof command, "exec %s -u %s", python != NULL ? python : "/usr/bin/python3",
            ring_script ("child.py", text));
  return ring_run (ring, command);
}

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

static void
assert_failed_fast (ring_t *ring, const char *command, const char *word, double seconds)
{
  double start = delta1_test_now ();
  delta1_status_t status = ring_run (ring, command);
  double took = delta1_test_now () - start;
  if (took > seconds)
    fail_msg ("%g s for: %s", took, command);
  assert_refused (status, DELTA1_FAILED, ring->reason, word);
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

#define PRELUDE                                                                                    \
  "import json, sys, os, time, signal, subprocess\n"                                               \
  "sys.set_int_max_str_digits(0) if hasattr(sys, 'set_int_max_str_digits') else None\n"            \
  "def hear(): return json.loads(sys.stdin.readline())\n"                                          \
  "def say(**o): print(json.dumps(o), flush=True)\n"                                               \
  "def ask(**o): say(**o); a = hear(); assert a['n'] == o['n']; return a['m']\n"                   \
  "task = hear()\n"

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
              PRELUDE
              "n, data, bulk = %ld, %d, %d\n"
              "if bulk: M = ask(ask='y' if data else 'A', n=n)\n"
              "elif data: M = [[ask(ask='y', k=k, i=i, n=n) for i in (0, 1)] for k in (0, 1)]\n"
              "else: M = [[ask(ask='A', i=i, j=j, n=n) for j in (0, 1, 2)] for i in (0, 1)]\n"
              "say(x=[[m + '/' + str(2 ** n) for m in (row + ['0'])[:3]] for row in M])\n",
              (long)precisions[p], data, bulk);
          assert_ok (run_python (ring, text), ring->reason);
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
  const char *text = PRELUDE
      "want = dict(delta1=1, problem='lasso', m=2, N=3, R=2, digits=6, seed=7, max_n=200)\n"
      "want['lambda'] = '1/3'\n"
      "assert task == want, task\n"
      "assert os.getsid(0) != os.getsid(os.getppid())\n"
      "assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == set()\n"
      "assert sorted(os.listdir('/proc/self/fd'))[:3] == ['0', '1', '2']\n"
      "assert len(os.listdir('/proc/self/fd')) == 4, os.listdir('/proc/self/fd')\n"
      "say(x=[['0'] * 3] * 2)\n";
  assert_ok (run_python (ring, text), ring->reason);
  /* The caller's SIGPIPE handling and mask are its own: the program starts with the defaults. */
  struct sigaction ignore, before;
  memset (&ignore, 0, sizeof ignore);
  ignore.sa_handler = SIG_IGN;
  sigaction (SIGPIPE, &ignore, &before);
  assert_ok (ring_run (ring, "grep -q '^SigIgn:.*0000$' /proc/self/status && echo '" RIGHT "'"),
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
  assert_ok (ring_run (ring, "sleep 0.1; echo '" RIGHT "'"), ring->reason);
  assert_failed_fast (ring, "sleep 60 & exit 3", "exited with status 3", 5);
  sigaction (SIGCHLD, &before, NULL);
  int input = dup (0);
  close (0);
  assert_ok (ring_run (ring, "read t; echo '{\"ask\":\"A\",\"n\":9}'; read a; echo '" RIGHT "'"),
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
    "echo '" RIGHT "'; echo nonsense; exit 3",
    "echo '" RIGHT "'; kill -9 $$",
    "echo '" RIGHT "'; yes",
    "printf '%s' '" RIGHT "'", /* without a newline */
    "printf '%s\\r\\n' '" RIGHT "'",
    "exec 0<&-; echo '" RIGHT "'",
    "echo '" RIGHT "'; exec sleep 60",
    "sleep 60 & echo '" RIGHT "'",
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
  assert_ok (run_python (ring, PRELUDE
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
                             "echo '" RIGHT "'"),
             ring->reason);
  assert_int_equal (ring->usage.bits, 6 * 300000);
  assert_true (delta1_test_now () - start < 10);
}

static void
test_standard_error_cannot_block (void **state)
{
  ring_t *ring = *state;
  assert_ok (ring_run (ring, "yes noise | head -c 10000000 >&2; echo '" RIGHT "'"), ring->reason);
  assert_ok (ring_run (ring, "head -c 10000000 /dev/zero >&2; echo '" RIGHT "'"), ring->reason);
}

/* --- hostile ---------------------------------------------------------------------------------- */

static void
test_exits_after_some_questions (void **state)
{
  ring_t *ring = *state;
  for (int k = 0; k < 8; k++)
    {
      char command[500];
      snprintf (
          command, sizeof command,
          "read t; i=0; while [ $i -lt %d ]; do echo '{\"ask\":\"A\",\"i\":1,\"j\":2,\"n\":9}';"
          "read a; i=$((i+1)); done; echo first >&2; echo 'boom \"%d\"' >&2; exit 3",
          k, k);
      assert_failed_fast (ring, command, "exited with status 3", 5);
      char words[16];
      snprintf (words, sizeof words, "boom \"%d\"", k);
      assert_non_null (strstr (ring->reason.text, words));
      assert_null (strstr (ring->reason.text, "first"));
      assert_int_equal (ring->usage.queries, k);
    }
}

static void
test_ends_without_an_answer (void **state)
{
  ring_t *ring = *state;
  assert_failed_fast (ring, "exit 0", "exited with status 0", 5);
  assert_failed_fast (ring, ":", "exited with status 0", 5);
  assert_failed_fast (ring, "no-such-program-anywhere", "not found", 5);
  assert_failed_fast (ring, "kill -SEGV $$", "signal 11, SIGSEGV", 5);
  assert_failed_fast (ring, "kill -9 $$", "signal 9, SIGKILL", 5);
  assert_failed_fast (ring, "sh -c 'kill -ABRT $$'; exit $?", "signal 6, SIGABRT", 5);
  assert_failed_fast (ring, "read t; echo '{\"ask\":\"A\",\"n\":9}'; kill -9 $$", "signal 9", 5);
  assert_failed_fast (ring, "printf '{\"x\":[[1,2'; kill -9 $$", "signal 9", 5);
  /* With more to write than the pipe holds: the write itself meets the closed pipe. */
  assert_failed_fast (ring, "read t; echo '{\"ask\":\"A\",\"n\":1000000}'; sleep 0.3; exit 4",
                      "exited with status 4", 5);
  assert_failed_fast (
      ring,
      "read t; echo '{\"ask\":\"A\",\"n\":1000000}'; sleep 0.3; exec 0<&-; sleep 0.3; echo '"
      "{\"ask\":\"A\",\"n\":1}'; sleep 60",
      "closed its standard input", 5);
  assert_failed_fast (ring, "exec >&-; exec sleep 60", "closed its standard output", 5);
  assert_failed_fast (ring,
                      "exec 0<&-; sleep 0.3; while echo '{\"ask\":\"A\",\"n\":9}'; do :; done",
                      "closed its standard input", 5);
  assert_failed_fast (ring, "exec 0<&- 1>&- 2>&-; sleep 60", "closed its standard output", 5);
}

static void
test_beginnings_that_excuse (void **state)
{
  ring_t *ring = *state;
  assert_failed_fast (ring, "echo 'no glpsol' >&2; exit 77", "not installed: no glpsol", 5);
  assert_int_equal (strncmp (ring->reason.text, "not installed: ", 15), 0);
  assert_failed_fast (ring, "read t; echo 'only lp' >&2; exit 78", "does not attempt: only lp", 5);
  assert_int_equal (strncmp (ring->reason.text, "does not attempt: ", 18), 0);
  /* After a question they excuse nothing. */
  assert_failed_fast (ring, "echo '{\"ask\":\"A\",\"n\":9}'; read t; read a; exit 77",
                      "exited with status 77", 5);
}

static void
test_hangs (void **state)
{
  ring_t *ring = *state;
  ring->task.seconds = 0.5;
  static const char *const commands[] = {
    "exec sleep 60",
    "sleep 60",
    "trap '' TERM INT HUP QUIT; while :; do sleep 60; done",
    "kill -STOP $$",
    "(trap '' TERM; exec sleep 60) & wait",
    "sleep 1; echo '" RIGHT "'",                                                /* too late */
    "while :; do echo '{\"ask\":\"A\",\"i\":0,\"j\":0,\"n\":9}'; read a; done", /* asks for ever */
    "while :; do echo '{\"ask\":\"A\",\"i\":0,\"j\":0,\"n\":9}'; done", /* and never reads */
    "yes noise >&2",
    "printf '{\"x\":'; exec sleep 60",
    "cat >/dev/null",
  };
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    assert_failed_fast (ring, commands[k], "within 0.5 seconds", 5);
}

/* About 300 kB an entry, 4 MiB wait in the queue: after 16 the oracle is not asked further. */
static void
test_never_reads_large_answers (void **state)
{
  ring_t *ring = *state;
  ring->task.seconds = 2;
  assert_failed_fast (ring, "while :; do echo '{\"ask\":\"A\",\"n\":1000000}'; done",
                      "within 2 seconds", 10);
  assert_true (ring->usage.queries > 2 && ring->usage.queries <= 20);
}

static void
test_leaves_processes (void **state)
{
  ring_t *ring = *state;
  /* Daemons that keep the pipes: in a session of their own, forked twice, ignoring signals. */
  assert_ok (
      ring_run (ring,
                "setsid sleep 61 & (setsid sh -c 'trap \"\" TERM HUP; sleep 62; sleep 63' &) ;"
                "sleep 0.2; echo '" RIGHT "'; wait"),
      ring->reason);
  assert_failed_fast (ring, "(setsid sleep 64 &); exit 5", "exited with status 5", 5);
  assert_failed_fast (ring, "i=0; while [ $i -lt 50 ]; do sleep 65 & i=$((i+1)); done; exit 6",
                      "exited with status 6", 5);
  ring->task.seconds = 1;
  /* 50 sessions, then processes that replace themselves as fast as they can. */
  assert_failed_fast (ring, "i=0; while [ $i -lt 50 ]; do setsid sleep 66 & i=$((i+1)); done; wait",
                      "within 1 seconds", 10);
  delta1_status_t status = run_python (ring, PRELUDE "for _ in range(8):\n"
                                                     "    if os.fork() == 0:\n"
                                                     "        while True:\n"
                                                     "            if os.fork() > 0: os._exit(0)\n"
                                                     "            os.setsid()\n"
                                                     "time.sleep(60)\n");
  assert_refused (status, DELTA1_FAILED, ring->reason, "within 1 seconds");
}

static void
test_survives_the_end_of_its_guardian (void **state)
{
  ring_t *ring = *state;
  assert_failed_fast (ring, "kill -9 $PPID; sleep 60", "program", 15);
}

static void
test_lines_without_end (void **state)
{
  ring_t *ring = *state;
  struct rusage before, after;
  getrusage (RUSAGE_SELF, &before);
  assert_failed_fast (ring, "yes | tr -d '\\n'", "64 MiB", 15);
  assert_failed_fast (ring, "head -c 1000000000 /dev/zero | tr '\\0' a; echo", "64 MiB", 15);
  assert_failed_fast (ring, "printf '{\"x\":[['; yes '[],' | tr -d '\\n' | head -c 60000000; echo",
                      "more parts", 15);
  assert_failed_fast (ring, "printf '{\"x\":[['; yes '\"' | tr -d '\\n' | head -c 60000000; echo",
                      "not JSON", 15);
  getrusage (RUSAGE_SELF, &after);
  assert_true (after.ru_maxrss - before.ru_maxrss < DELTA1_TEST_SLOWNESS * 200 * 1024);
}

/* The longest line that is allowed is taken. */
static void
test_a_line_of_just_64_mib (void **state)
{
  ring_t *ring = *state;
  const char *pad
      = "read t; printf '{\"x\":[[1,2,3],[4,5,6]]'; head -c %d /dev/zero | tr '\\0' ' '; echo '}'";
  char command[300];
  int fixed = (int)strlen (RIGHT);
  snprintf (command, sizeof command, pad, (64 << 20) - fixed);
  assert_ok (ring_run (ring, command), ring->reason);
  snprintf (command, sizeof command, pad, (64 << 20) - fixed + 1);
  assert_failed_fast (ring, command, "64 MiB", 15);
}

typedef struct
{
  const char *line;
  const char *word;
} wrong_line_t;

static void
test_wrong_lines (void **state)
{
  static const wrong_line_t lines[] = {
    { "", "not JSON" },
    { "hello", "not JSON" },
    { "[]", "not a JSON object" },
    { "7", "not JSON" },
    { "{}", "neither" },
    { "{\"y\":1}", "neither" },
    { "{\"x\":[[1,2,3],[4,5,6]],\"ask\":\"A\",\"n\":3}", "both" },
    { "{\"x\":[[1,2,3],[4,5,6]]} {}", "not JSON" },
    { "{\"x\":[[1,2,3],[4,5,6]]", "not JSON" },
    { "{\"x\":[[1,2,3],[4,5,6]],\"x\":[[1,2,3],[4,5,6]]}", "not JSON (duplicate" },
    { "{\"x\":null}", "array of R = 2" },
    { "{\"x\":[1,2,3]}", "array of R = 2" },
    { "{\"x\":[[1,2,3]]}", "array of R = 2" },
    { "{\"x\":[[1,2,3],[4,5,6],[7,8,9]]}", "array of R = 2" },
    { "{\"x\":[[1,2,3],[4,5]]}", "row 1" },
    { "{\"x\":[[1,2,3,4],[4,5,6]]}", "row 0" },
    { "{\"x\":[[1,2,3],{}]}", "row 1" },
    { "{\"x\":[[1,2,3],[4,5,NaN]]}", "not JSON" },
    { "{\"x\":[[1,2,3],[4,5,Infinity]]}", "not JSON" },
    { "{\"x\":[[1,2,3],[4,5,-Infinity]]}", "not JSON" },
    { "{\"x\":[[1,2,3],[4,5,1e999]]}", "not JSON" },
    { "{\"x\":[[1,2,3],[4,5,123456789012345678901]]}", "not JSON" },
    { "{\"x\":[[1,2,3],[4,5,\"nan\"]]}", "x[1][2]" },
    { "{\"x\":[[1,2,3],[4,\"inf\",6]]}", "x[1][1]" },
    { "{\"x\":[[\"\",2,3],[4,5,6]]}", "x[0][0]" },
    { "{\"x\":[[\"1/0\",2,3],[4,5,6]]}", "x[0][0]" },
    { "{\"x\":[[\"1e99999999999\",2,3],[4,5,6]]}", "x[0][0]" },
    { "{\"x\":[[true,2,3],[4,5,6]]}", "x[0][0]" },
    { "{\"x\":[[null,2,3],[4,5,6]]}", "x[0][0]" },
    { "{\"ask\":\"B\",\"n\":3}", "\"ask\" must be" },
    { "{\"ask\":7,\"n\":3}", "\"ask\" must be" },
    { "{\"ask\":\"A\"}", "\"n\" must be" },
    { "{\"ask\":\"A\",\"n\":\"53\"}", "\"n\" must be" },
    { "{\"ask\":\"A\",\"n\":53.0}", "\"n\" must be" },
    { "{\"ask\":\"A\",\"n\":0}", "at least 1" },
    { "{\"ask\":\"A\",\"n\":-5}", "at least 1" },
    { "{\"ask\":\"A\",\"n\":100000001}", "allowed are 1 to 100000000" },
    { "{\"ask\":\"A\",\"n\":9223372036854775807}", "allowed are 1 to 100000000" },
    { "{\"ask\":\"A\",\"n\":9223372036854775808}", "not JSON" },
    { "{\"ask\":\"A\",\"i\":2,\"j\":0,\"n\":3}", "out of range" },
    { "{\"ask\":\"A\",\"i\":0,\"j\":3,\"n\":3}", "out of range" },
    { "{\"ask\":\"A\",\"i\":-1,\"j\":0,\"n\":3}", "out of range" },
    { "{\"ask\":\"y\",\"k\":2,\"i\":0,\"n\":3}", "out of range" },
    { "{\"ask\":\"y\",\"k\":0,\"i\":2,\"n\":3}", "out of range" },
    { "{\"ask\":\"y\",\"k\":0,\"n\":3}", "both be integers" },
    { "{\"ask\":\"A\",\"i\":0,\"n\":3}", "both be integers" },
    { "{\"ask\":\"A\",\"i\":0,\"j\":\"0\",\"n\":3}", "both be integers" },
    { "{\"ask\":\"A\",\"i\":0,\"j\":null,\"n\":3}", "both be integers" },
  };
  ring_t *ring = *state;
  for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
    {
      char command[300];
      snprintf (command, sizeof command, "echo '%s'; exec sleep 60", lines[k].line);
      assert_failed_fast (ring, command, lines[k].word, 5);
      assert_int_equal (ring->usage.queries, 0);
    }
  assert_failed_fast (ring, "head -c 100000 /dev/urandom; echo; exec sleep 60", "not JSON", 5);
  assert_failed_fast (ring, "printf '{\"x\":[[\\0]]}\\n'; exec sleep 60", "not JSON", 5);
  assert_failed_fast (ring, "printf '\\377\\376\\n'; exec sleep 60", "not JSON", 5);
  assert_failed_fast (ring, "printf '{\"x\":'; yes '[' | tr -d '\\n' | head -c 1000; echo",
                      "not JSON", 5);
  assert_failed_fast (ring, "printf '{\"x\":'; yes '[' | tr -d '\\n' | head -c 1000000; echo",
                      "more parts", 5);
}

/* Random damage to right lines: understood or refused, whatever it makes of them. */
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

static void
test_damaged_lines (void **state)
{
  (void)state;
  static const char *const lines[]
      = { "{\"ask\":\"A\",\"i\":0,\"j\":2,\"n\":53}", "{\"ask\":\"y\",\"n\":53}",
          "{\"x\":[[\"1/3\",-1.5e3,\"0x1p-3\"],[1,\"2.5\",0]],\"status\":\"ok\"}" };
  const delta1_task_t task = { .shape = { 2, 3, 2 } };
  delta1_reason_t reason;
  int understood = 0, rounds = delta1_test_rounds (20000);
  fmpq_t x;
  fmpq_init (x);
  for (int round = 0; round < rounds; round++)
    {
      char line[100];
      strcpy (line, lines[delta1_test_random_below (3)]);
      size_t size = strlen (line);
      for (slong k = delta1_test_random_below (4); k > 0; k--)
        line[delta1_test_random_below ((slong)size)]
            = delta1_test_random_below (2) ? (char)delta1_test_random_below (256)
                                           : line[delta1_test_random_below ((slong)size)];
      delta1_process_message_t message;
      delta1_status_t status = delta1_process_message_parse (&message, line, size, &task, &reason);
      if (status == DELTA1_OK)
        understood++;
      else
        assert_refused (status, DELTA1_FAILED, reason, "wrong line");
      size_t row, column;
      json_t *vector, *number;
      json_array_foreach (message.answer, row, vector) json_array_foreach (vector, column, number)
      {
        status = delta1_process_message_number (x, number, &reason);
        assert_true (status == DELTA1_OK || status == DELTA1_FAILED);
      }
      json_decref (message.answer);
      json_decref (message.said);
    }
  fmpq_clear (x);
  assert_true (understood > rounds / 5 && understood < rounds);
}

/* A short text can be a long number; many of them are refused before memory is gone. */
static void
test_long_numbers_in_short_texts (void **state)
{
  ring_t ring;
  ring_open (&ring, DELTA1_BP, (delta1_shape_t){ 1, 400, 1 }, "0",
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
             "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1");
  (void)state;
  assert_refused (run_python (&ring, PRELUDE "say(x=[['0x1p39999999'] * 400])\n"), DELTA1_FAILED,
                  ring.reason, "more than 2147483648 bits");
  ring_close (&ring);
}

/* --- budgets ---------------------------------------------------------------------------------- */

static void
test_budgets_pass_through (void **state)
{
  ring_t *ring = *state;
  const char *asks = "read t; echo '{\"ask\":\"A\",\"n\":201}'; read a; echo '" RIGHT "'";
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

#define RING_TEST(f) cmocka_unit_test_setup_teardown (f, open_ring, close_ring)

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
    RING_TEST (test_exits_after_some_questions),
    RING_TEST (test_ends_without_an_answer),
    RING_TEST (test_beginnings_that_excuse),
    RING_TEST (test_hangs),
    RING_TEST (test_never_reads_large_answers),
    RING_TEST (test_leaves_processes),
    RING_TEST (test_survives_the_end_of_its_guardian),
    RING_TEST (test_lines_without_end),
    RING_TEST (test_a_line_of_just_64_mib),
    RING_TEST (test_wrong_lines),
    RING_TEST (test_said),
    cmocka_unit_test (test_damaged_lines),
    cmocka_unit_test (test_long_numbers_in_short_texts),
    RING_TEST (test_budgets_pass_through),
    cmocka_unit_test (test_an_empty_command),
  };
  return cmocka_run_group_tests_name ("process", tests, NULL, NULL);
}
