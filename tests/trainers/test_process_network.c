/* External programs that answer with a network: what is sent is what arrives, and what is hostile
 * ends in one line of reason, in time. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "src/network_document.h"
#include "src/network_evaluate.h"
#include "src/number.h"
#include "tests/trainers/ring.h"
#include "trainers/process_message.h"

static delta1_network_t *received;

static int
open_ring (void **state)
{
  ring_set_up (state);
  received = NULL;
  ((ring_t *)*state)->task.network = &received;
  return 0;
}

static int
close_ring (void **state)
{
  delta1_network_free (received);
  return ring_tear_down (state);
}

/* Python's text; before it `task`, and say(**members). */
static delta1_status_t
run_python (ring_t *ring, const char *text)
{
  char program[5000];
  snprintf (program, sizeof program,
            RING_PRELUDE
            "def network(layers, inputs=2):\n"
            "    return dict(format='delta1-network-1', inputs=inputs, layers=layers)\n"
            "def rows(n, m, x='1'): return [[x] * m for _ in range(n)]\n"
            "%s\n",
            text);
  delta1_network_free (received);
  received = NULL;
  return ring_run_python (ring, program);
}

static void
assert_failed (ring_t *ring, const char *text, const char *word, double seconds)
{
  double start = delta1_test_now ();
  delta1_status_t status = run_python (ring, text);
  double took = delta1_test_now () - start;
  /* More than a busy machine takes; the programs sleep for 60 s. */
  if (took > 5 * seconds)
    fail_msg ("%g s for: %s", took, text);
  if (status != DELTA1_FAILED || strstr (ring->reason.text, word) == NULL)
    print_message ("of: %s\n", text);
  assert_refused (status, DELTA1_FAILED, ring->reason, word);
  assert_null (received);
}

/* --- honest ----------------------------------------------------------------------------------- */

static void
test_a_network_arrives_exactly (void **state)
{
  ring_t *ring = *state;
  delta1_said_t said = { .text = "" };
  json_error_t error;
  delta1_network_t *wanted;
  delta1_reason_t reason;
  static const char *const document
      = "{\"format\":\"delta1-network-1\",\"inputs\":2,\"layers\":["
        "{\"weights\":[[\"1/"
        "3\",\"-0x1.8p-30\"],[\"1.25e-7\",\"7\"]],\"bias\":[\"0x1p-1074\",\"0\"],"
        "\"units\":[{\"unit\":\"relu\",\"entries\":[0]},{\"unit\":\"soft\",\"entries\":[1],"
        "\"thresholds\":[\"1/10\"]}]},"
        "{\"weights\":[[\"1\",\"0\"],[\"0\",\"1\"],[\"1\",\"1\"]],\"skip\":[[\"0\",\"2\"],[\"0\","
        "\"0\"],[\"0\",\"0\"]]}]}";
  char text[2000];
  ring->task.said = &said;
  snprintf (text, sizeof text,
            "assert task['network'] is True\n"
            "say(network=json.loads('%s'), status='trained', note=[{}])\n",
            document);
  assert_ok (run_python (ring, text), ring->reason);
  assert_string_equal (said.text, "trained");
  json_t *json = json_loads (document, 0, &error);
  assert_non_null (json);
  assert_ok (delta1_network_read (&wanted, json, &reason), reason);
  json_decref (json);
  assert_non_null (received);
  assert_true (delta1_network_equal (received, wanted));
  delta1_network_free (wanted);
  ring->task.said = NULL;
}

/* A task may still be answered with vectors, and then there is no network. */
static void
test_vectors_are_an_answer_as_before (void **state)
{
  ring_t *ring = *state;
  assert_ok (run_python (ring, "say(x=[[1, 2, 3], [4, 5, 6]])"), ring->reason);
  assert_null (received);
  assert_true (fmpq_equal_si (fmpq_mat_entry (ring->X, 1, 2), 6));
}

/* Where nobody takes a network the task does not offer it, and one that comes is refused. */
static void
test_only_where_it_is_offered (void **state)
{
  ring_t *ring = *state;
  ring->task.network = NULL;
  assert_ok (run_python (ring, "assert 'network' not in task\n"
                               "say(x=[[1, 2, 3], [4, 5, 6]])"),
             ring->reason);
  assert_failed (ring, "say(network=network([dict(weights=rows(3, 2))]))",
                 "does not take a network", 5);
  /* ... and the smaller limit of an answer of vectors holds. */
  assert_failed (ring, "say(network=network([dict(weights=rows(3000, 2))]))", "more parts", 5);
}

/* As large as it may be: 1,000,000 doubles. */
static void
test_a_million_weights (void **state)
{
  ring_t *ring = *state;
  double start = delta1_test_now ();
  assert_ok (run_python (ring, "w = (1/3).hex()\n"
                               "say(network=network([dict(weights=rows(990, 2, w)),"
                               "dict(weights=rows(990, 990, w)), dict(weights=rows(3, 990, w))]))"),
             ring->reason);
  assert_int_equal (delta1_network_layers (received), 3);
  assert_true (delta1_test_now () - start < DELTA1_TEST_SLOWNESS * 60); /* quadratic: hours */
}

/* --- hostile ---------------------------------------------------------------------------------- */

typedef struct
{
  const char *text;
  const char *word;
} wrong_t;

static void
test_wrong_networks (void **state)
{
  static const wrong_t wrong[] = {
    /* shapes */
    { "network=network([dict(weights=rows(3, 3))], 3)", "R^3 -> R^3, not R^m -> R^N" },
    { "network=network([dict(weights=rows(2, 2))])", "R^2 -> R^2, not R^m -> R^N" },
    { "network=network([dict(weights=rows(4, 2))])", "R^2 -> R^4" },
    { "network=network([dict(weights=rows(3, 1))])", "layer 0: weights: row 0" },
    { "network=network([dict(weights=rows(5, 2)), dict(weights=rows(3, 4))])",
      "layer 1: weights: row 0" },
    { "network=network([dict(weights=rows(3, 2), bias=['1'])])", "layer 0: bias" },
    { "network=network([dict(weights=rows(3, 2), skip=rows(3, 3))])", "layer 0: skip" },
    { "network=network([dict(weights=[])])", "layer 0: weights" },
    { "network=network([])", "'layers'" },
    { "network=network([dict(weights=rows(3, 2))], 0)", "'inputs'" },
    { "network=network([dict(weights=rows(3, 2))], 2**62)", "'inputs'" },
    { "network=network([dict(weights=rows(3, 2))], 2.0)", "'inputs'" },
    /* not a network */
    { "network=7", "member 'format'" },
    { "network=None", "member 'format'" },
    { "network=[]", "member 'format'" },
    { "network={}", "member 'format'" },
    { "network='relu'", "member 'format'" },
    { "network=dict(network([dict(weights=rows(3, 2))]), format='onnx')", "member 'format'" },
    { "network=dict(network([dict(weights=rows(3, 2))]), sha256='0')", "seal" },
    { "network=dict(network([dict(weights=rows(3, 2))]), extra=1)", "'extra'" },
    { "network=network([dict(weights=rows(3, 2), extra=1)])", "'extra'" },
    { "network=network([7])", "layer 0: weights" },
    { "network=network([dict(weights=rows(3, 2), units=[dict(unit='tanh', entries=[0])])])",
      "'tanh'" },
    { "network=network([dict(weights=rows(3, 2), units=[dict(unit='relu', entries=[3])])])",
      "an entry" },
    { "network=network([dict(weights=rows(3, 2), units=[dict(unit='relu', entries=[0, 0])])])",
      "twice" },
    /* numbers */
    { "network=network([dict(weights=rows(3, 2, 'nan'))])", "'nan'" },
    { "network=network([dict(weights=rows(3, 2, 'inf'))])", "'inf'" },
    { "network=network([dict(weights=rows(3, 2, '1/0'))])", "'1/0'" },
    { "network=network([dict(weights=rows(3, 2, 1))])", "a number is a string" },
    { "network=network([dict(weights=rows(3, 2, 0.5))])", "a number is a string" },
    { "network=network([dict(weights=rows(3, 2, None))])", "a number is a string" },
    { "network=network([dict(weights=rows(3, 2, '1\\0'))])", "not JSON" },
    { "network=network([dict(weights=rows(3, 2, float('nan')))])", "not JSON" },
    { "network=network([dict(weights=rows(3, 2, float('inf')))])", "not JSON" },
    { "network=network([dict(weights=rows(3, 2, '1e40000000'))])", "larger exponent" },
    { "network=network([dict(weights=rows(3, 2, '0e-40000000'))])", "larger exponent" },
    { "network=network([dict(weights=rows(3, 2, '0x0p99999999999999999999'))])",
      "larger exponent" },
    { "network=network([dict(weights=rows(3, 2, '1e-1000000'))])", "bits; allowed 1048576" },
    { "network=network([dict(weights=rows(3, 2, '0x1p1048576'))])", "bits; allowed 1048576" },
    { "network=network([dict(weights=rows(3, 2, '0.' + '0' * 1048576 + '1'))])",
      "more than 1048576 characters" },
    /* beside other members */
    { "network=network([dict(weights=rows(3, 2))]), x=[[1, 2, 3]] * 2", "another of" },
    { "network=network([dict(weights=rows(3, 2))]), ask='A', n=3", "another of" },
    { "network=network([dict(weights=rows(3, 2))]), status=7", "\"status\" must be" },
  };
  ring_t *ring = *state;
  for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
    {
      char text[1000];
      snprintf (text, sizeof text, "say(%s)\nimport time\ntime.sleep(60)", wrong[k].text);
      assert_failed (ring, text, wrong[k].word, 10);
    }
}

static void
test_large_and_deep (void **state)
{
  ring_t *ring = *state;
  struct rusage before, after;
  getrusage (RUSAGE_SELF, &before);
  /* Deep nesting, closed and not. */
  assert_failed (ring, "print('{\"network\":' + '[' * 5000 + ']' * 5000 + '}')", "not JSON", 10);
  assert_failed (ring, "print('{\"network\":' + '{\"a\":' * 100000)", "not JSON", 10);
  /* Many parts: refused before they are decoded, or decoded in bounded memory. */
  assert_failed (ring, "print('{\"network\":[' + '[],' * 20000000 + '[]]}')", "more parts", 20);
  assert_failed (ring, "print('{\"network\":[' + '{},' * 200000 + '{}]}')", "more parts", 20);
  assert_failed (ring, "print('{\"network\":[' + '[],' * 500000 + '[]]}')", "'format'", 20);
  assert_failed (ring, "print('{\"network\":[' + '{},' * 100000 + '{}]}')", "'format'", 20);
  assert_failed (ring,
                 "say(network=network([dict(weights=rows(1024, 2)),"
                 "dict(weights=rows(1024, 1024)), dict(weights=rows(3, 1024))]))",
                 "more parts", 20);
  assert_failed (ring,
                 "say(network=network([dict(weights=rows(1, 2))]"
                 " + [dict(weights=rows(1, 1))] * 65536))",
                 "1 to 65536 layers", 20);
  /* Rows that are missing take no memory. */
  assert_failed (ring, "say(network=network([dict(weights=[['1']] + [[]] * 500000)], 1))", "row 1",
                 20);
  getrusage (RUSAGE_SELF, &after);
  assert_true (after.ru_maxrss - before.ru_maxrss < DELTA1_TEST_SLOWNESS * 300 * 1024);
}

/* Each number is allowed, all together are not; reading them stops at the deadline. */
static void
test_long_numbers (void **state)
{
  ring_t *ring = *state;
  ring->task.seconds = 60;
  assert_failed (ring, "say(network=network([dict(weights=rows(600, 2, '0x1p-1000000'))]))",
                 "at most 268435456 bits together", 20);
  ring->task.seconds = 1;
  assert_failed (
      ring, "say(network=network([dict(weights=rows(250, 2, '%se-150000' % ('7' * 100000)))]))",
      "within 1 seconds", 10);
}

/* Random damage to a right line: understood or refused. */
static void
test_damaged_lines (void **state)
{
  (void)state;
  static const char right[]
      = "{\"network\":{\"format\":\"delta1-network-1\",\"inputs\":2,\"layers\":[{\"weights\":[["
        "\"1\",\"0\"],[\"0\",\"1/3\"]],\"bias\":[\"0\",\"1e2\"],\"units\":[{\"unit\":\"soft\","
        "\"entries\":[0,1],\"thresholds\":[\"1\",\"0x1p-3\"]}]}]}}";
  delta1_network_t *network, *slot;
  const delta1_task_t task = { .shape = { 2, 2, 1 }, .network = &slot };
  const delta1_network_limits_t limits = { .bits = DELTA1_PROCESS_NETWORK_BITS };
  delta1_reason_t reason;
  int understood = 0, rounds = delta1_test_rounds (20000);
  for (int round = 0; round < rounds; round++)
    {
      char line[sizeof right];
      memcpy (line, right, sizeof right);
      slong size = (slong)sizeof right - 1;
      for (slong k = delta1_test_random_below (3); k > 0; k--)
        line[delta1_test_random_below (size)] = delta1_test_random_below (2)
                                                    ? (char)delta1_test_random_below (256)
                                                    : line[delta1_test_random_below (size)];
      delta1_process_message_t message;
      delta1_status_t status
          = delta1_process_message_parse (&message, line, (size_t)size, &task, &reason);
      if (status == DELTA1_OK)
        {
          assert_int_equal (message.kind, DELTA1_PROCESS_NETWORK);
          status = delta1_network_read_within (&network, message.answer, &limits, &reason);
          if (status == DELTA1_OK)
            understood++;
          else
            assert_refused (status, DELTA1_INPUT, reason, "network");
          delta1_network_free (network);
        }
      else
        assert_refused (status, DELTA1_FAILED, reason, "wrong line");
      json_decref (message.answer);
      json_decref (message.said);
    }
  assert_true (understood > rounds / 5 && understood < rounds);
}

#define NETWORK_TEST(f) cmocka_unit_test_setup_teardown (f, open_ring, close_ring)

int
main (void)
{
  const struct CMUnitTest tests[] = {
    NETWORK_TEST (test_a_network_arrives_exactly),
    NETWORK_TEST (test_vectors_are_an_answer_as_before),
    NETWORK_TEST (test_only_where_it_is_offered),
    NETWORK_TEST (test_a_million_weights),
    NETWORK_TEST (test_wrong_networks),
    NETWORK_TEST (test_large_and_deep),
    NETWORK_TEST (test_long_numbers),
    cmocka_unit_test (test_damaged_lines),
  };
  return cmocka_run_group_tests_name ("process_network", tests, NULL, NULL);
}
