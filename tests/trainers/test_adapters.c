/* The contestants in examples/adapters, on inputs whose minimiser is known and far from a tie. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/trainers/ring.h"

static const char *
adapter (const char *environment, const char *name_and_options)
{
  static char command[5000];
  const char *python = getenv ("PYTHON3");
  const char *top = getenv ("top_srcdir");
  snprintf (command, sizeof command,
            "PYTHONDONTWRITEBYTECODE=1 %s exec %s '%s'/examples/adapters/%s", environment,
            python != NULL ? python : "/usr/bin/python3", top != NULL ? top : ".",
            name_and_options);
  return command;
}

static void
assert_solves (ring_t *ring, const char *name_and_options, const double *expected)
{
  delta1_status_t status = ring_run (ring, adapter ("", name_and_options));
  if (status == DELTA1_FAILED && strncmp (ring->reason.text, "not installed: ", 15) == 0)
    {
      print_message ("skipped %s: %s\n", name_and_options, ring->reason.text);
      return;
    }
  assert_ok (status, ring->reason);
  const delta1_shape_t *shape = &ring->task.shape;
  for (slong k = 0; k < shape->R; k++)
    for (slong j = 0; j < shape->N; j++)
      {
        double x = fmpq_get_d (fmpq_mat_entry (ring->X, k, j));
        double wanted = expected[k * shape->N + j];
        if (!(fabs (x - wanted) < 1e-6))
          fail_msg ("%s: x[%ld][%ld] = %.17g, not %.17g", name_and_options, (long)k, (long)j, x,
                    wanted);
      }
  assert_true (ring->usage.queries > 0);
}

static void
test_glpk (void **state)
{
  (void)state;
  static const char *const methods[]
      = { "glpk.py --method simplex", "glpk.py --method exact", "glpk.py --method interior" };
  const double lp_solution[] = { 0, 4.0 / 3, 0, 0, 8.0 / 3, 0 };
  const double bp_solution[] = { 0, 4.0 / 3, 0, 0, 0, -1.0 / 3, 0, 1 };
  for (size_t k = 0; k < 3; k++)
    {
      ring_t ring;
      ring_open (&ring, DELTA1_LP, (delta1_shape_t){ 1, 3, 2 }, "0", "1/2 3/4 -1 1 2");
      assert_solves (&ring, methods[k], lp_solution);
      ring_close (&ring);
      ring_open (&ring, DELTA1_BP, (delta1_shape_t){ 2, 4, 2 }, "0",
                 "1/2 -3/4 1/4 0 0 0 0 1 -1 0 1/4 1");
      const double *expected = bp_solution;
      assert_solves (&ring, methods[k], expected);
      ring_close (&ring);
    }
}

static void
test_lasso (void **state)
{
  (void)state;
  /* min x/2 + (b - 2x)^2 over the second column: x = b/2 - 1/16; m = 2 to see the factor. */
  const double solution[] = { 0, 0.4375, 0, -0.9375 };
  static const char *const adapters[]
      = { "sklearn_lasso.py", "sklearn_lasso.py --estimator lars", "template.py" };
  for (size_t k = 0; k < 3; k++)
    {
      ring_t ring;
      ring_open (&ring, DELTA1_LASSO, (delta1_shape_t){ 2, 2, 2 }, "1/2", "1 2 0 0 1 0 -2 0");
      assert_solves (&ring, adapters[k], solution);
      ring_close (&ring);
    }
}

static void
test_excuses (void **state)
{
  (void)state;
  ring_t ring;
  ring_open (&ring, DELTA1_SRLASSO, (delta1_shape_t){ 1, 2, 1 }, "1/2", "1 2 1");
  static const char *const adapters[] = { "glpk.py", "sklearn_lasso.py", "template.py" };
  for (size_t k = 0; k < 3; k++)
    {
      assert_refused (ring_run (&ring, adapter ("", adapters[k])), DELTA1_FAILED, ring.reason,
                      "does not attempt: ");
      assert_int_equal (ring.usage.queries, 0);
    }
  ring_close (&ring);
  ring_open (&ring, DELTA1_LP, (delta1_shape_t){ 1, 2, 1 }, "0", "1 2 1");
  assert_refused (ring_run (&ring, adapter ("PATH=/nonexistent", "glpk.py")), DELTA1_FAILED,
                  ring.reason, "not installed: glpsol");
  ring_close (&ring);
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
    cmocka_unit_test (test_glpk),
    cmocka_unit_test (test_lasso),
    cmocka_unit_test (test_excuses),
    cmocka_unit_test (test_client),
  };
  return cmocka_run_group_tests_name ("adapters", tests, NULL, NULL);
}
