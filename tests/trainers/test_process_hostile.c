/* External programs that mean no good: each ends in one line of reason, in time, and with nothing
 * left (ring_run looks). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/trainers/ring.h"
#include "trainers/process_message.h"

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
      ring_assert_fails (ring, command, "exited with status 3", 5);
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
  ring_assert_fails (ring, "exit 0", "exited with status 0", 5);
  ring_assert_fails (ring, ":", "exited with status 0", 5);
  ring_assert_fails (ring, "no-such-program-anywhere", "not found", 5);
  ring_assert_fails (ring, "kill -SEGV $$", "signal 11, SIGSEGV", 5);
  ring_assert_fails (ring, "kill -9 $$", "signal 9, SIGKILL", 5);
  ring_assert_fails (ring, "sh -c 'kill -ABRT $$'; exit $?", "signal 6, SIGABRT", 5);
  ring_assert_fails (ring, "read t; echo '{\"ask\":\"A\",\"n\":9}'; kill -9 $$", "signal 9", 5);
  ring_assert_fails (ring, "printf '{\"x\":[[1,2'; kill -9 $$", "signal 9", 5);
  /* With more to write than the pipe holds: the write itself meets the closed pipe. */
  ring_assert_fails (ring, "read t; echo '{\"ask\":\"A\",\"n\":1000000}'; sleep 0.3; exit 4",
                     "exited with status 4", 5);
  ring_assert_fails (
      ring,
      "read t; echo '{\"ask\":\"A\",\"n\":1000000}'; sleep 0.3; exec 0<&-; sleep 0.3; echo '"
      "{\"ask\":\"A\",\"n\":1}'; sleep 60",
      "closed its standard input", 5);
  ring_assert_fails (ring, "exec >&-; exec sleep 60", "closed its standard output", 5);
  ring_assert_fails (ring, "exec 0<&-; sleep 0.3; while echo '{\"ask\":\"A\",\"n\":9}'; do :; done",
                     "closed its standard input", 5);
  ring_assert_fails (ring, "exec 0<&- 1>&- 2>&-; sleep 60", "closed its standard output", 5);
}

static void
test_beginnings_that_excuse (void **state)
{
  ring_t *ring = *state;
  ring_assert_fails (ring, "echo 'no glpsol' >&2; exit 77", "not installed: no glpsol", 5);
  assert_int_equal (strncmp (ring->reason.text, "not installed: ", 15), 0);
  ring_assert_fails (ring, "read t; echo 'only lp' >&2; exit 78", "does not attempt: only lp", 5);
  assert_int_equal (strncmp (ring->reason.text, "does not attempt: ", 18), 0);
  /* After a question they excuse nothing. */
  ring_assert_fails (ring, "echo '{\"ask\":\"A\",\"n\":9}'; read t; read a; exit 77",
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
    "sleep 1; echo '" RING_RIGHT "'",                                           /* too late */
    "while :; do echo '{\"ask\":\"A\",\"i\":0,\"j\":0,\"n\":9}'; read a; done", /* asks for ever */
    "while :; do echo '{\"ask\":\"A\",\"i\":0,\"j\":0,\"n\":9}'; done", /* and never reads */
    "yes noise >&2",
    "printf '{\"x\":'; exec sleep 60",
    "cat >/dev/null",
  };
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    ring_assert_fails (ring, commands[k], "within 0.5 seconds", 5);
}

/* About 300 kB an entry, 4 MiB wait in the queue: after 16 the oracle is not asked further. */
static void
test_never_reads_large_answers (void **state)
{
  ring_t *ring = *state;
  ring->task.seconds = 2;
  ring_assert_fails (ring, "while :; do echo '{\"ask\":\"A\",\"n\":1000000}'; done",
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
                "sleep 0.2; echo '" RING_RIGHT "'; wait"),
      ring->reason);
  ring_assert_fails (ring, "(setsid sleep 64 &); exit 5", "exited with status 5", 5);
  ring_assert_fails (ring, "i=0; while [ $i -lt 50 ]; do sleep 65 & i=$((i+1)); done; exit 6",
                     "exited with status 6", 5);
  ring->task.seconds = 1;
  /* 50 sessions, then processes that replace themselves as fast as they can. */
  ring_assert_fails (ring, "i=0; while [ $i -lt 50 ]; do setsid sleep 66 & i=$((i+1)); done; wait",
                     "within 1 seconds", 10);
  delta1_status_t status
      = ring_run_python (ring, RING_PRELUDE "for _ in range(8):\n"
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
  ring_assert_fails (ring, "kill -9 $PPID; sleep 60", "program", 15);
}

static void
test_lines_without_end (void **state)
{
  ring_t *ring = *state;
  struct rusage before, after;
  getrusage (RUSAGE_SELF, &before);
  ring_assert_fails (ring, "yes | tr -d '\\n'", "64 MiB", 15);
  ring_assert_fails (ring, "head -c 1000000000 /dev/zero | tr '\\0' a; echo", "64 MiB", 15);
  ring_assert_fails (ring, "printf '{\"x\":[['; yes '[],' | tr -d '\\n' | head -c 60000000; echo",
                     "more parts", 15);
  ring_assert_fails (ring, "printf '{\"x\":[['; yes '\"' | tr -d '\\n' | head -c 60000000; echo",
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
  int fixed = (int)strlen (RING_RIGHT);
  snprintf (command, sizeof command, pad, (64 << 20) - fixed);
  assert_ok (ring_run (ring, command), ring->reason);
  snprintf (command, sizeof command, pad, (64 << 20) - fixed + 1);
  ring_assert_fails (ring, command, "64 MiB", 15);
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
      ring_assert_fails (ring, command, lines[k].word, 5);
      assert_int_equal (ring->usage.queries, 0);
    }
  ring_assert_fails (ring, "head -c 100000 /dev/urandom; echo; exec sleep 60", "not JSON", 5);
  ring_assert_fails (ring, "printf '{\"x\":[[\\0]]}\\n'; exec sleep 60", "not JSON", 5);
  ring_assert_fails (ring, "printf '\\377\\376\\n'; exec sleep 60", "not JSON", 5);
  ring_assert_fails (ring, "printf '{\"x\":'; yes '[' | tr -d '\\n' | head -c 1000; echo",
                     "not JSON", 5);
  ring_assert_fails (ring, "printf '{\"x\":'; yes '[' | tr -d '\\n' | head -c 1000000; echo",
                     "more parts", 5);
}

/* Random damage to right lines: understood or refused, whatever it makes of them. */
/* Random damage to right lines: understood or refused, whatever it makes of them. */
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
  assert_refused (ring_run_python (&ring, RING_PRELUDE "say(x=[['0x1p39999999'] * 400])\n"),
                  DELTA1_FAILED, ring.reason, "more than 2147483648 bits");
  ring_close (&ring);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
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
    cmocka_unit_test (test_damaged_lines),
    cmocka_unit_test (test_long_numbers_in_short_texts),
  };
  return cmocka_run_group_tests_name ("hostile processes", tests, NULL, NULL);
}
