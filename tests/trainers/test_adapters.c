/* The contestants in examples/adapters, on inputs whose minimiser is known and far from a tie. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/network_evaluate.h"
#include "tests/trainers/ring.h"
#include "trainers/adapters.h"

/* Every adapter of the list, from the source tree. */
static delta1_adapters_t *adapters;

static int
find_adapters (void **state)
{
  (void)state;
  char directory[4096];
  delta1_reason_t reason;
  const char *top = getenv ("top_srcdir");
  snprintf (directory, sizeof directory, "%s/examples/adapters", top != NULL ? top : ".");
  setenv ("DELTA1_ADAPTERS", directory, 1);
  assert_ok (delta1_adapters_find (&adapters, &reason), reason);
  assert_string_equal (adapters->directory, directory);
  return 0;
}

static int
free_adapters (void **state)
{
  (void)state;
  delta1_adapters_free (adapters);
  return 0;
}

typedef struct
{
  delta1_problem_t problem;
  delta1_shape_t shape;
  const char *parameter;
  const char *numbers;
  double solution[8];
} instance_t;

/* The unique minimisers, by Lemmas 4.1, 4.3, 4.5; each far from a tie, lasso with m = 2 to see the
 * factor between the objectives; two data where the second has another sign. */
static const instance_t instances[]
    = { { DELTA1_LP, { 1, 3, 2 }, "0", "1/2 3/4 -1 1 2", { 0, 4.0 / 3, 0, 0, 8.0 / 3, 0 } },
        { DELTA1_BP,
          { 2, 4, 2 },
          "0",
          "1/2 -3/4 1/4 0 0 0 0 1 -1 0 1/4 1",
          { 0, 4.0 / 3, 0, 0, 0, -1.0 / 3, 0, 1 } },
        /* min x/2 + (b - 2x)^2 over the second column: x = b/2 - 1/16 */
        { DELTA1_LASSO, { 2, 2, 2 }, "1/2", "1 2 0 0 1 0 -2 0", { 0, 0.4375, 0, -0.9375 } } };

/* What is learned from examples is right to a tenth at best, and here where the columns are
 * orthogonal. */
static const instance_t easy[]
    = { { DELTA1_LP, { 2, 2, 2 }, "0", "2 0 0 2 1 0 0 1", { 0.5, 0, 0, 0.5 } },
        { DELTA1_BP, { 2, 2, 2 }, "0", "2 0 0 2 1 0 0 -1", { 0.5, 0, 0, -0.5 } },
        { DELTA1_SRLASSO, { 2, 2, 2 }, "1/2", "2 0 0 2 1 0 0 -1", { 0.5, 0, 0, -0.5 } },
        { DELTA1_QCBP, { 2, 2, 2 }, "1/2", "2 0 0 2 1 0 0 -1", { 0.25, 0, 0, -0.25 } },
        { DELTA1_LASSO, { 2, 2, 2 }, "1/2", "2 0 0 2 1 0 0 -1", { 0.4375, 0, 0, -0.4375 } } };

static bool
learns (const char *label)
{
  return strstr (label, "mlp") != NULL || strstr (label, "lista") != NULL;
}

static void
assert_solves (const char *command, const char *label, const instance_t *instance, double tolerance)
{
  ring_t ring;
  ring_open (&ring, instance->problem, instance->shape, instance->parameter, instance->numbers);
  if (ring_run (&ring, command) != DELTA1_OK)
    fail_msg ("%s, %s: %s", label, delta1_problem_name (instance->problem), ring.reason.text);
  const delta1_shape_t *shape = &ring.task.shape;
  for (slong k = 0; k < shape->R; k++)
    for (slong j = 0; j < shape->N; j++)
      {
        double x = fmpq_get_d (fmpq_mat_entry (ring.X, k, j));
        double wanted = instance->solution[k * shape->N + j];
        if (!(fabs (x - wanted) < tolerance))
          fail_msg ("%s, %s: x[%ld][%ld] = %.17g, not %.17g", label,
                    delta1_problem_name (instance->problem), (long)k, (long)j, x, wanted);
      }
  assert_true (ring.usage.queries > 0);
  ring_close (&ring);
}

/* Every adapter that is installed, on every problem its entry names. */
static void
test_solves (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (slong i = 0; i < adapters->count; i++)
    {
      const delta1_adapter_t *a = adapters->adapter + i;
      const instance_t *list = learns (a->label) ? easy : instances;
      size_t count
          = learns (a->label) ? sizeof easy / sizeof *easy : sizeof instances / sizeof *instances;
      unsigned seen = 0;
      delta1_status_t status = delta1_adapter_probe (a, &reason);
      if (status == DELTA1_FAILED && strncmp (reason.text, "not installed: ", 15) == 0)
        {
          print_message ("skipped %s: %s\n", a->label, reason.text);
          continue;
        }
      assert_ok (status, reason);
      for (size_t k = 0; k < count; k++)
        if ((a->problems >> list[k].problem) & 1)
          {
            assert_solves (a->command, a->label, list + k, learns (a->label) ? 0.05 : 1e-6);
            seen |= 1u << list[k].problem;
          }
      assert_int_equal (seen, a->problems);
    }
  char command[5000];
  snprintf (command, sizeof command, "PYTHONDONTWRITEBYTECODE=1 exec '%s/template.py'",
            adapters->directory);
  assert_solves (command, "template", instances + 2, 1e-6);
}

/* Where a network may be the answer, what has learned answers with the one that was trained: over Q
 * it gives what the program itself computes in doubles where none may be. Another run trains the
 * same. */
static void
test_answers_with_its_network (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const instance_t *instance = easy + (sizeof easy / sizeof *easy - 1);
  for (slong i = 0; i < adapters->count; i++)
    {
      const delta1_adapter_t *a = adapters->adapter + i;
      delta1_network_t *network = NULL;
      ring_t ring;
      if (!learns (a->label) || delta1_adapter_probe (a, &reason) != DELTA1_OK)
        continue;
      ring_open (&ring, instance->problem, instance->shape, instance->parameter, instance->numbers);
      const delta1_shape_t *shape = &ring.task.shape;
      fmpq *y = _fmpq_vec_init (shape->m), *x = _fmpq_vec_init (shape->N);
      fmpz_t q;
      fmpz_init (q);
      assert_ok (ring_run (&ring, a->command), ring.reason);
      ring.task.network = &network;
      assert_ok (ring_run (&ring, a->command), ring.reason);
      assert_non_null (network);
      for (slong k = 0; k < shape->R; k++)
        {
          /* The data are integers: rounding to nearest leaves them. */
          for (slong j = 0; j < shape->m; j++)
            {
              slong entry = delta1_shape_data_entry (shape, k, j);
              assert_ok (delta1_oracle_ask (ring.oracle, q, entry, 1, &reason), reason);
              fmpq_set_fmpz (y + j, q);
              fmpq_div_2exp (y + j, y + j, 1);
            }
          assert_ok (delta1_network_evaluate (x, network, y, &reason), reason);
          for (slong j = 0; j < shape->N; j++)
            {
              double exact = fmpq_get_d (x + j), said = fmpq_get_d (fmpq_mat_entry (ring.X, k, j));
              if (!(fabs (exact - said) < 1e-12))
                fail_msg ("%s: x[%ld][%ld] = %.17g, its network %.17g", a->label, (long)k, (long)j,
                          said, exact);
            }
        }
      fmpz_clear (q);
      _fmpq_vec_clear (y, shape->m);
      _fmpq_vec_clear (x, shape->N);
      delta1_network_free (network);
      ring_close (&ring);
    }
}

/* The list and the programs agree on what is attempted; nothing is asked before an excuse. */
static void
test_excuses (void **state)
{
  (void)state;
  delta1_reason_t reason;
  bool names_a_package = true;
  for (slong i = 0; i < adapters->count; i++)
    {
      const delta1_adapter_t *a = adapters->adapter + i;
      delta1_algorithm_t *algorithm;
      assert_ok (delta1_adapter_create (&algorithm, a, &reason), reason);
      assert_string_equal (algorithm->label, a->label);
      names_a_package = names_a_package && *a->package != 0;
      for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
        {
          ring_t ring;
          ring_open (&ring, (delta1_problem_t)p, (delta1_shape_t){ 1, 2, 1 }, "1/2", "1 2 1");
          bool attempted = (a->problems >> p) & 1;
          assert_int_equal (algorithm->table->attempts (algorithm, &ring.task), attempted);
          if (!attempted)
            {
              assert_refused (ring_run (&ring, a->command), DELTA1_FAILED, ring.reason,
                              "does not attempt: ");
              assert_int_equal (ring.usage.queries, 0);
            }
          ring_close (&ring);
        }
      delta1_algorithm_free (algorithm);
    }
  assert_true (names_a_package);
}

/* The probe, and a run, of a program that is not there; what a probe may do wrong. */
static void
test_absent (void **state)
{
  (void)state;
  static const struct
  {
    const char *command;
    const char *word; /* NULL: installed */
  } cases[] = { { "exit 0;", NULL },
                { "echo one; echo two; exit 0;", NULL },
                { "echo the solver >&2; exit 77;", "not installed: the solver" },
                { "exit 1;", "status 1" },
                { "kill -9 $$;", "signal" } };
  delta1_reason_t reason;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      delta1_adapter_t a = { .label = (char *)"broken", .command = (char *)cases[i].command };
      delta1_status_t status = delta1_adapter_probe (&a, &reason);
      if (cases[i].word == NULL)
        assert_ok (status, reason);
      else
        assert_refused (status, DELTA1_FAILED, reason, cases[i].word);
    }
  const char *python = getenv ("PYTHON3");
  char command[5000];
  ring_t ring;
  ring_open (&ring, DELTA1_LP, (delta1_shape_t){ 1, 2, 1 }, "0", "1 2 1");
  for (int probe = 0; probe < 2; probe++)
    {
      snprintf (command, sizeof command,
                "PATH=/nonexistent PYTHONDONTWRITEBYTECODE=1 exec %s '%s/glpk.py'",
                python != NULL ? python : "/usr/bin/python3", adapters->directory);
      delta1_adapter_t a = { .label = (char *)"glpk", .command = command };
      if (probe)
        assert_refused (delta1_adapter_probe (&a, &reason), DELTA1_FAILED, reason,
                        "not installed: glpsol");
      else
        assert_refused (ring_run (&ring, command), DELTA1_FAILED, ring.reason,
                        "not installed: glpsol");
    }
  ring_close (&ring);
}

/* adapters.json with a fault is refused in one line. */
static void
test_list (void **state)
{
  (void)state;
  static const struct
  {
    const char *text;
    const char *word; /* NULL: allowed */
  } cases[] = {
    { "{\"adapters\": []}", NULL },
    { "{\"adapters\": [{\"label\":\"a\",\"command\":\"a.py -x 'y'\",\"problems\":[\"lp\"]}]}",
      "adapter 0" },
    { "{\"adapters\": [{\"label\":\"a\",\"command\":\"a.py\",\"problems\":[\"lp\"],\"more\":1}]}",
      NULL },
    { "[]", "object" },
    { "{", "line 1" },
    { "{}", "'adapters'" },
    { "{\"adapters\": {}}", "'adapters'" },
    { "{\"adapters\": [1]}", "label" },
    { "{\"adapters\": [{\"label\":\"\",\"command\":\"a\",\"problems\":[\"lp\"]}]}", "label" },
    { "{\"adapters\": [{\"label\":\"a\",\"command\":\"\",\"problems\":[\"lp\"]}]}", "label" },
    { "{\"adapters\": [{\"label\":\"a\",\"command\":\"../a\",\"problems\":[\"lp\"]}]}", "label" },
    { "{\"adapters\": [{\"label\":\"a\",\"command\":\"a\",\"problems\":[]}]}", "label" },
    { "{\"adapters\": [{\"label\":\"a\",\"command\":\"a\",\"problems\":[\"lq\"]}]}", "lq" },
    { "{\"adapters\": [{\"label\":\"a\",\"command\":\"a\",\"problems\":[1]}]}", "adapter a" },
  };
  delta1_reason_t reason;
  char *before = strdup (adapters->directory);
  assert_non_null (before);
  setenv ("DELTA1_ADAPTERS", delta1_test_directory (), 1);
  delta1_adapters_t *list = NULL;
  assert_refused (delta1_adapters_find (&list, &reason), DELTA1_SYSTEM, reason, "adapters.json");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      (void)ring_script ("adapters.json", cases[i].text);
      delta1_status_t status = delta1_adapters_find (&list, &reason);
      if (cases[i].word == NULL)
        assert_ok (status, reason);
      else
        {
          assert_refused (status, DELTA1_INPUT, reason, cases[i].word);
          assert_null (list);
        }
      delta1_adapters_free (list);
      list = NULL;
    }
  setenv ("DELTA1_ADAPTERS", before, 1);
  free (before);
}

/* The client: all questions, all kinds of numbers, integers of more than 4300 digits. */
static void
test_client (void **state)
{
  (void)state;
  static const char text[]
      = "from fractions import Fraction\n"
        "from delta1_client import Client\n"
        "c = Client()\n"
        "t = c.task\n"
        "assert (t.problem, t.m, t.N, t.R, t.digits, t.seed) == ('qcbp', 1, 5, 1, 6, 7)\n"
        "assert t.parameter == Fraction(1, 7) and t.max_n == 20000\n"
        "assert c.reading_precision() == 73\n"
        "A, y = c.ask_A(20000), c.ask_y(20000)\n"
        "assert len(A) == 1 and len(A[0]) == 5 and len(y) == 1 and len(y[0]) == 1\n"
        "assert abs(A[0][0] - Fraction(1, 3)) <= Fraction(1, 2 ** 20001)\n"
        "assert c.entry('A', 0, 0, 20000) == A[0][0] and c.entry('y', 0, 0, 20000) == y[0][0]\n"
        "c.answer([[A[0][0], 0.1, -7, '1e-9', y[0][0]]])\n";
  ring_t ring;
  ring_open (&ring, DELTA1_QCBP, (delta1_shape_t){ 1, 5, 1 }, "1/7", "1/3 0 0 0 2/3 5/7");
  ring.task.max_precision = 20000;
  char command[9000];
  snprintf (
      command, sizeof command,
      "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=\"$top_srcdir\"/examples/adapters exec \"$PYTHON3\" %s",
      ring_script ("client.py", text));
  setenv ("top_srcdir", ".", 0);
  setenv ("PYTHON3", "/usr/bin/python3", 0);
  assert_ok (ring_run (&ring, command), ring.reason);
  fmpz_t m;
  fmpq_t q;
  fmpz_init (m);
  fmpq_init (q);
  for (slong k = 0; k < 2; k++)
    {
      assert_ok (delta1_oracle_ask (ring.oracle, m, k == 0 ? 0 : 5, 20000, &ring.reason),
                 ring.reason);
      fmpq_set_fmpz (q, m);
      fmpq_div_2exp (q, q, 20000);
      assert_true (fmpq_equal (q, fmpq_mat_entry (ring.X, 0, k == 0 ? 0 : 4)));
    }
  fmpq_set_si (q, 3602879701896397, UWORD (1) << 55);
  assert_true (fmpq_equal (q, fmpq_mat_entry (ring.X, 0, 1)));
  fmpq_clear (q);
  fmpz_clear (m);
  ring_close (&ring);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_solves),  cmocka_unit_test (test_answers_with_its_network),
    cmocka_unit_test (test_excuses), cmocka_unit_test (test_absent),
    cmocka_unit_test (test_list),    cmocka_unit_test (test_client),
  };
  return cmocka_run_group_tests_name ("adapters", tests, find_adapters, free_adapters);
}
