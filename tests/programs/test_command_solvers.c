/* delta1 solvers and delta1 plot: the table for known solvers, files, refusals. */
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "programs/commands.h"
#include "src/document.h"

typedef int command_t (int argc, char **argv);

/* What the command wrote to one of its two streams; the other is let through. */
static int
run (char **output, FILE *stream, command_t *command, const char *const *arguments)
{
  char path[300];
  char *argv[32] = { (char *)"command" };
  int argc = 1;
  for (; arguments[argc - 1] != NULL; argc++)
    argv[argc] = (char *)arguments[argc - 1];
  (void)snprintf (path, sizeof path, "%s/output", delta1_test_directory ());
  (void)fflush (stream);
  int kept = dup (fileno (stream));
  FILE *file = fopen (path, "w+");
  assert_non_null (file);
  assert_true (dup2 (fileno (file), fileno (stream)) >= 0);
  int code = command (argc, argv);
  (void)fflush (stream);
  assert_true (dup2 (kept, fileno (stream)) >= 0);
  (void)close (kept);
  (void)fseek (file, 0, SEEK_END);
  long size = ftell (file);
  rewind (file);
  *output = calloc ((size_t)size + 1, 1);
  assert_non_null (*output);
  assert_int_equal (fread (*output, 1, (size_t)size, file), size);
  (void)fclose (file);
  return code;
}

#define ARGUMENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *
path_of (const char *name)
{
  static char path[8][300];
  static int turn;
  turn = (turn + 1) % 8;
  (void)snprintf (path[turn], sizeof path[turn], "%s/%s", delta1_test_directory (), name);
  return path[turn];
}

static bool
exists (const char *path)
{
  struct stat info;
  return stat (path, &info) == 0;
}

/* The row of the breakdown for the solver and the order. */
static const json_t *
breakdown (const json_t *report, const char *solver, const char *larger)
{
  size_t i;
  const json_t *row;
  json_array_foreach (
      json_object_get (report, "breakdown"), i,
      row) if (strcmp (json_string_value (json_object_get (row, "solver")), solver) == 0
               && strcmp (json_string_value (json_object_get (row, "larger_column")), larger)
                      == 0) return row;
  fail_msg ("no row for %s, %s", solver, larger);
  return NULL;
}

/* Always answers (0, 2, 0), the limit of the solution when the larger column is last: the error is
 * 2 - 1/(1/2 + 2^-k) = 2^(2-k)/(1 + 2^(1-k)), at most 1e-6 first at k = 22; with the larger column
 * first it is always wrong. */
#define LIMIT "read t; echo '{\"x\":[[0,2,0]],\"status\":\"op,\"}'"
#define SILENT "read t; exit 1"
#define ABSENT "read t; echo 'no such thing' >&2; exit 77"
#define DECLINES "read t; echo 'nothing' >&2; exit 78"

static void
known_solvers (void **state)
{
  (void)state;
  char *output;
  delta1_reason_t reason;
  json_t *report;
  assert_int_equal (run (&output, stdout, delta1_command_solvers,
                         ARGUMENTS ("--family", "lp", "--from", "20", "--to", "24", "--trainer",
                                    "separate", "--trainer", "simplex", "--exec", LIMIT, "--exec",
                                    SILENT, "--exec", ABSENT, "--exec", DECLINES, "--csv",
                                    path_of ("s.csv"), "--json", path_of ("s.json"))),
                    DELTA1_EXIT_OK);
  assert_non_null (strstr (output, "Not installed:\n"));
  assert_non_null (strstr (output, "no such thing"));
  assert_null (strstr (output, DECLINES));
  free (output);
  assert_ok (delta1_document_read (&report, path_of ("s.json"), &reason), reason);
  const json_t *rows = json_object_get (report, "rows");
  assert_int_equal (json_array_size (rows), 4 * 2 * 5);
  assert_int_equal (json_array_size (json_object_get (report, "breakdown")), 8);
  for (int first = 0; first < 2; first++)
    {
      const char *larger = first ? "first" : "last";
      const json_t *row = breakdown (report, "separate", larger);
      assert_int_equal (json_integer_value (json_object_get (row, "right_to")), 24);
      assert_true (json_is_null (json_object_get (row, "first_wrong")));
      row = breakdown (report, "simplex", larger);
      assert_int_equal (json_integer_value (json_object_get (row, "right_to")), 24);
      row = breakdown (report, LIMIT, larger);
      assert_int_equal (json_integer_value (json_object_get (row, "right_to")), 19);
      assert_int_equal (json_integer_value (json_object_get (row, "support_to")), first ? 19 : 24);
      assert_int_equal (json_integer_value (json_object_get (row, "first_wrong")), 20);
      assert_string_equal (json_string_value (json_object_get (row, "status_there")), "op,");
      row = breakdown (report, SILENT, larger);
      assert_int_equal (json_integer_value (json_object_get (row, "right_to")), 19);
      assert_true (json_is_null (json_object_get (row, "largest_error")));
    }
  size_t i;
  const json_t *row;
  json_array_foreach (
      rows, i, row) if (strcmp (json_string_value (json_object_get (row, "solver")), LIMIT) == 0)
  {
    json_int_t k = json_integer_value (json_object_get (row, "k"));
    bool last = strcmp (json_string_value (json_object_get (row, "larger_column")), "last") == 0;
    assert_string_equal (json_string_value (json_object_get (row, "verdict")),
                         last && k >= 22 ? "correct" : "wrong");
    if (last && k == 20)
      assert_string_equal (json_string_value (json_array_get (json_object_get (row, "error"), 1)),
                           "3.82e-06");
  }
  json_decref (report);
  FILE *file = fopen (path_of ("s.csv"), "r");
  char line[500];
  int lines = 0;
  bool quoted = false;
  assert_non_null (file);
  while (fgets (line, sizeof line, file) != NULL)
    {
      lines++;
      quoted = quoted
               || strstr (line, ",lp,last,20,wrong,3.81e-06,3.82e-06,5,right,\"op,\",0,") != NULL;
    }
  (void)fclose (file);
  assert_int_equal (lines, 41);
  assert_true (quoted);
}

static void
pictures (void **state)
{
  (void)state;
  char *output;
  assert_int_equal (
      run (&output, stdout, delta1_command_solvers,
           ARGUMENTS ("--to", "3", "--trainer", "separate", "--plot", path_of ("picture"))),
      DELTA1_EXIT_OK);
  free (output);
  FILE *file = fopen (path_of ("picture-lasso.dat"), "r");
  char text[1000] = "";
  assert_non_null (file);
  assert_true (fread (text, 1, sizeof text - 1, file) > 0);
  (void)fclose (file);
  assert_non_null (strstr (text, "\"separate\"\n1 0\n2 0\n3 0\n"));
  assert_true (exists (path_of ("picture-lp.gp")));
}

/* The picture of who is right: a row for each program and order, a block for each verdict. */
static void
pictures_of_verdicts (void **state)
{
  (void)state;
  char *output, line[200];
  int seen[3][8] = { { 0 } }; /* per verdict and row: a bit for each k */
  int block = -1;
  assert_int_equal (run (&output, stdout, delta1_command_solvers,
                         ARGUMENTS ("--family", "lp", "--from", "20", "--to", "24", "--trainer",
                                    "separate", "--exec", LIMIT, "--exec", SILENT, "--exec",
                                    DECLINES, "--plot", path_of ("who"))),
                    DELTA1_EXIT_OK);
  free (output);
  FILE *file = fopen (path_of ("who-lp-verdicts.dat"), "r");
  assert_non_null (file);
  while (fgets (line, sizeof line, file) != NULL)
    {
      int k, row;
      block += strncmp (line, "# series", 8) == 0;
      if (sscanf (line, "%d %d", &k, &row) != 2)
        continue;
      assert_true (block >= 0 && block < 3 && row >= 0 && row < 6 && k >= 20 && k <= 24);
      seen[block][row] |= 1 << (k - 20);
    }
  (void)fclose (file);
  static const int wanted[3][6] = { { 31, 31, 28, 0, 0, 0 },  /* right: 22, 23, 24 of LIMIT */
                                    { 0, 0, 3, 31, 0, 0 },    /* wrong: 20, 21; first: all */
                                    { 0, 0, 0, 0, 31, 31 } }; /* SILENT */
  for (int kind = 0; kind < 3; kind++)
    for (int row = 0; row < 6; row++)
      assert_int_equal (seen[kind][row], wanted[kind][row]);
  file = fopen (path_of ("who-lp-verdicts.gp"), "r");
  bool named = false;
  assert_non_null (file);
  while (fgets (line, sizeof line, file) != NULL)
    named
        = named || strstr (line, "set ytics (\"separate, last\" 0, \"separate, first\" 1") != NULL;
  (void)fclose (file);
  assert_true (named);
}

static const char report_text[]
    = "{\"format\":\"delta1-barrier\",\"version\":1,\"family\":{\"problem\":\"lp\",\"digits\":%d},"
      "\"plays\":[{\"program\":\"p\",\"tier\":\"b\",\"curve\":true,\"oracle\":\"nearest\","
      "\"limit\":0,\"verdict\":\"correct\",\"samples\":9,\"gap\":\"1/128\"},"
      "{\"program\":\"p\",\"tier\":\"a\",\"curve\":false,\"oracle\":\"adversary\",\"limit\":0,"
      "\"verdict\":\"wrong\",\"samples\":5,\"error\":[\"2e-%d\",\"2e-%d\"]}]}";

static void
pictures_of_reports (void **state)
{
  (void)state;
  char *output;
  for (int K = 3; K <= 1003; K += 1000)
    {
      FILE *file = fopen (path_of (K == 3 ? "r3.json" : "r1003.json"), "w");
      assert_non_null (file);
      assert_true (fprintf (file, report_text, K, K, K) > 0);
      (void)fclose (file);
    }
  assert_int_equal (
      run (&output, stdout, delta1_command_plot,
           ARGUMENTS ("barrier", path_of ("r1003.json"), path_of ("r3.json"), "-o", path_of ("b"))),
      DELTA1_EXIT_OK);
  free (output);
  FILE *file = fopen (path_of ("b-error.dat"), "r");
  char text[1000] = "";
  double low, high;
  assert_non_null (file);
  assert_true (fread (text, 1, sizeof text - 1, file) > 0);
  (void)fclose (file);
  assert_non_null (strstr (text, "# series 0: \"p\"\n"));
  assert_int_equal (sscanf (strstr (text, "\"p\"\n") + 4, "3 %lf 1003 %lf", &low, &high), 2);
  assert_true (low > 1.99 && low < 2.01 && high > 1.99 && high < 2.01);
  file = fopen (path_of ("b-samples.dat"), "r");
  assert_non_null (file);
  memset (text, 0, sizeof text);
  assert_true (fread (text, 1, sizeof text - 1, file) > 0);
  (void)fclose (file);
  assert_non_null (strstr (text, "\"p\"\n7 9\n"));
}

/* One line, exit 3, and no file. */
static void
refusals (void **state)
{
  (void)state;
  FILE *file = fopen (path_of ("bad.json"), "w");
  assert_true (file != NULL && fputs ("{\"format\":\"other\"}", file) >= 0 && fclose (file) == 0);
  const struct
  {
    command_t *command;
    const char *const *arguments;
    const char *words;
  } cases[] = {
    { delta1_command_solvers, ARGUMENTS ("--family", "qp"), "--family qp: " },
    { delta1_command_solvers, ARGUMENTS ("--from", "0"), "--from 0: " },
    { delta1_command_solvers, ARGUMENTS ("--from", "9", "--to", "8"), "--from 9: " },
    { delta1_command_solvers, ARGUMENTS ("--to", "100001"), "--to 100001: " },
    { delta1_command_solvers, ARGUMENTS ("--trainer", "nobody"), "--trainer nobody: " },
    { delta1_command_solvers, ARGUMENTS ("--exec", ""), "--exec " },
    { delta1_command_solvers, ARGUMENTS ("--timeout", "-1"), "--timeout -1: " },
    { delta1_command_solvers, ARGUMENTS ("--trainer", "none"), "no solver attempts" },
    { delta1_command_solvers, ARGUMENTS ("--odd"), "no option --odd" },
    { delta1_command_solvers, ARGUMENTS ("--csv"), "option --csv needs a value" },
    { delta1_command_solvers, ARGUMENTS ("more"), "argument more: " },
    { delta1_command_solvers, ARGUMENTS ("--trainer", "separate", "--csv", "/nonexistent/x"),
      "--csv /nonexistent/x: " },
    { delta1_command_solvers,
      ARGUMENTS ("--trainer", "separate", "--csv", path_of ("half"), "--json", "/nonexistent/x"),
      "--json /nonexistent/x: " },
    { delta1_command_solvers,
      ARGUMENTS ("--trainer", "separate", "--csv", path_of ("half"), "--plot", "/nonexistent/x"),
      "--plot /nonexistent/x-lp.dat: " },
    { delta1_command_solvers,
      ARGUMENTS ("--trainer", "separate", "--certificates", "/nonexistent/a/b"),
      "--certificates /nonexistent/a/b: " },
    { delta1_command_solvers, ARGUMENTS ("--certificates"), "option --certificates needs" },
    { delta1_command_plot, ARGUMENTS ("-o", "x"), "picture (none): " },
    { delta1_command_plot, ARGUMENTS ("pie", "-o", "x"), "picture pie: " },
    { delta1_command_plot, ARGUMENTS ("barrier", "-o", "x"), "0 reports" },
    { delta1_command_plot, ARGUMENTS ("barrier", path_of ("bad.json")), "no -o PREFIX" },
    { delta1_command_plot, ARGUMENTS ("barrier", "x", "-o", "x", "--tier", "d"), "--tier d: " },
    { delta1_command_plot, ARGUMENTS ("barrier", "/nonexistent/r", "-o", path_of ("half")),
      "/nonexistent/r: " },
    { delta1_command_plot, ARGUMENTS ("barrier", path_of ("bad.json"), "-o", path_of ("half")),
      "not a report" },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      char *output;
      int code = run (&output, stderr, cases[i].command, cases[i].arguments);
      if (code != DELTA1_EXIT_USAGE || strncmp (output, "delta1 ", 7) != 0
          || strstr (output, cases[i].words) == NULL
          || strchr (output, '\n') != output + strlen (output) - 1)
        fail_msg ("case %zu: code %d, '%s'", i, code, output);
      free (output);
    }
  assert_false (exists (path_of ("half")));
  assert_false (exists (path_of ("half-error.dat")));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (known_solvers),
    cmocka_unit_test (pictures),
    cmocka_unit_test (pictures_of_verdicts),
    cmocka_unit_test (pictures_of_reports),
    cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests_name ("command_solvers", tests, NULL, NULL);
}
