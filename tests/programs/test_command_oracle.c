#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/commands.h"
#include "src/number.h"
#include "tests/testing.h"

/* What the command wrote to one of its two streams, while the other is let through. */
static int
run (char **output, FILE *stream, const char *const *arguments)
{
  char path[300];
  char *argv[16] = { (char *)"oracle" };
  int argc = 1;
  for (; arguments[argc - 1] != NULL; argc++)
    argv[argc] = (char *)arguments[argc - 1];

  (void)snprintf (path, sizeof path, "%s/output", delta1_test_directory ());
  (void)fflush (stream);
  int kept = dup (fileno (stream));
  FILE *file = fopen (path, "w+");
  assert_non_null (file);
  assert_true (dup2 (fileno (file), fileno (stream)) >= 0);
  int code = delta1_command_oracle (argc, argv);
  (void)fflush (stream);
  assert_true (dup2 (kept, fileno (stream)) >= 0);
  (void)close (kept);

  long size = ftell (file);
  (void)fseek (file, 0, SEEK_END);
  size = ftell (file);
  rewind (file);
  *output = calloc ((size_t)size + 1, 1);
  assert_non_null (*output);
  assert_int_equal (fread (*output, 1, (size_t)size, file), size);
  (void)fclose (file);
  return code;
}

#define ARGUMENTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
test_answers (void **state)
{
  (void)state;
  char *output;
  assert_int_equal (run (&output, stdout, ARGUMENTS ("sqrt(2)", "-n", "200")), DELTA1_EXIT_OK);
  assert_string_equal (
      output, "n = 200\n"
              "m = 2272553576084360916141657902949647315979581976043234410928602\n"
              "x = 1.41421356237309504880168872420969807856967187537694807317668 +/- 1e-59\n");
  free (output);
  assert_int_equal (run (&output, stdout, ARGUMENTS ("--decimal", "-n", "20", "--", "-pi/1000")),
                    DELTA1_EXIT_OK);
  assert_string_equal (output, "x = -0.00314 +/- 1e-5\n");
  free (output);
  assert_int_equal (run (&output, stdout, ARGUMENTS ("--help")), DELTA1_EXIT_OK);
  assert_non_null (strstr (output, "usage: delta1 oracle"));
  free (output);
}

/* |x - d| <= 10^-k for x = p/q, the m printed being any legal one. */
static void
test_decimals_are_proved (void **state)
{
  (void)state;
  static const char *const rules[] = { "nearest", "up", "down", "random" };
  static const char *const numbers[] = { "1/3", "-2/7", "1", "0", "-1/1024", "12345.678", "1e-9" };
  delta1_reason_t reason;
  fmpq_t x, d, y;
  fmpq_init (x);
  fmpq_init (d);
  fmpq_init (y);
  for (int i = 0; i < 7; i++)
    for (int n = 1; n < 200; n += 9)
      {
        char bits[20], number[200], error[20];
        char *output;
        (void)snprintf (bits, sizeof bits, "%d", n);
        assert_int_equal (run (&output, stdout,
                               ARGUMENTS ("-n", bits, "--rule", rules[n % 4], "--decimal", "--seed",
                                          "5", "--", numbers[i])),
                          DELTA1_EXIT_OK);
        assert_int_equal (sscanf (output, "x = %199s +/- %19s", number, error), 2);
        assert_ok (delta1_number_parse (x, numbers[i], &reason), reason);
        assert_ok (delta1_number_parse (d, number, &reason), reason);
        assert_ok (delta1_number_parse (y, error, &reason), reason);
        fmpq_sub (x, x, d);
        fmpq_abs (x, x);
        assert_true (fmpq_cmp (x, y) <= 0);
        free (output);
      }
  fmpq_clear (x);
  fmpq_clear (d);
  fmpq_clear (y);
}

static void
test_refusals (void **state)
{
  (void)state;
  const struct
  {
    const char *const *arguments;
    int code;
    const char *begins;
  } cases[] = {
    { ARGUMENTS ("pi"), 3, "delta1 oracle: -n " },
    { ARGUMENTS ("pi", "-n", "0"), 3, "delta1 oracle: -n 0: " },
    { ARGUMENTS ("pi", "-n", "-1"), 3, "delta1 oracle: -n -1: " },
    { ARGUMENTS ("pi", "-n", "100000001"), 3, "delta1 oracle: -n 100000001: " },
    { ARGUMENTS ("pi", "-n", "99999999999999999999"), 3, "delta1 oracle: -n 9" },
    { ARGUMENTS ("pi", "-n", "5x"), 3, "delta1 oracle: -n 5x: " },
    { ARGUMENTS ("pi", "-n"), 3, "delta1 oracle: option -n: " },
    { ARGUMENTS ("-n", "5"), 3, "delta1 oracle: EXPRESSION " },
    { ARGUMENTS ("pi", "2", "-n", "5"), 3, "delta1 oracle: argument 2: " },
    { ARGUMENTS ("pi", "-n", "5", "--wrong"), 3, "delta1 oracle: option --wrong: " },
    { ARGUMENTS ("pi", "-n", "5", "--rule", "odd"), 3, "delta1 oracle: --rule odd: " },
    { ARGUMENTS ("pi", "-n", "5", "--seed", "-1"), 3, "delta1 oracle: --seed -1: " },
    { ARGUMENTS ("pi", "-n", "5", "--entry", "0,0"), 3, "delta1 oracle: --entry " },
    { ARGUMENTS ("--file", "x", "-n", "5", "--entry", "0"), 3, "delta1 oracle: --entry 0: " },
    { ARGUMENTS ("--file", "/nonexistent/x", "-n", "5"), 3,
      "delta1 oracle: --file /nonexistent/x: " },
    { ARGUMENTS ("pi\n(", "-n", "5"), 3, "delta1 oracle: EXPRESSION pi?(: " },
    { ARGUMENTS ("1/0", "-n", "5"), 3, "delta1 oracle: EXPRESSION 1/0: " },
    { ARGUMENTS ("1/(pi-pi)", "-n", "5"), 2, "delta1 oracle: EXPRESSION 1/(pi-pi): " },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      char *output;
      int code = run (&output, stderr, cases[i].arguments);
      if (code != cases[i].code || strncmp (output, cases[i].begins, strlen (cases[i].begins)) != 0
          || strchr (output, '\n') != output + strlen (output) - 1)
        fail_msg ("case %zu: code %d, '%s'", i, code, output);
      free (output);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (test_answers), cmocka_unit_test (test_decimals_are_proved),
          cmocka_unit_test (test_refusals) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
