/* delta1 oracle: ask an honest oracle for a number. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "oracles/expression.h"
#include "oracles/oracle.h"
#include "oracles/table.h"
#include "programs/commands.h"

static const char help[]
    = "usage: delta1 oracle EXPRESSION -n BITS [options]\n"
      "       delta1 oracle --file TABLE [--entry I,J] -n BITS [options]\n"
      "\n"
      "Asks an oracle for a number x at precision n: it answers an integer m with\n"
      "|m 2^-n - x| <= 2^-n, and nothing else about x can be learnt.\n"
      "\n"
      "  EXPRESSION       numbers, pi, sqrt(), cos(), + - * / and parentheses: 'sqrt(2)', '1/3'\n"
      "  -n BITS          the precision, from 1 to 100000000\n"
      "  --file TABLE     take the number from a table: text, or .npy\n"
      "  --entry I,J      row and column in the table, from 0 (default 0,0)\n"
      "  --rule RULE      which legal answer: nearest (default), random, up, down\n"
      "  --seed S         for random: an integer from 0 to 2^64 - 1 (default 0)\n"
      "  --decimal        print the decimal rendering only\n"
      "  --json           print one JSON object\n"
      "  --help           print this text\n"
      "\n"
      "The decimal rendering d +/- 10^-k is certified: |x - d| <= 10^-k.\n"
      "Exit code: 0; 2 when x is not decided (a divisor or radicand not separated from 0);\n"
      "3 for a bad argument or file.\n";

typedef struct
{
  const char *expression;
  const char *file;
  slong row, column;
  slong n; /* 0: not given */
  delta1_rounding_t rule;
  uint64_t seed;
  bool json;
  bool decimal;
} request_t;

/* One line, and the exit code that belongs to the status. */
static int
say (delta1_status_t status, const char *argument, const char *value, const char *allowed)
{
  delta1_reason_t line;
  (void)delta1_fail (&line, status, "delta1 oracle: %s %.100s%s: %s", argument, value,
                     strlen (value) > 100 ? "..." : "", allowed);
  (void)fprintf (stderr, "%s\n", line.text);
  return status == DELTA1_UNDECIDED ? DELTA1_EXIT_UNDECIDED : DELTA1_EXIT_USAGE;
}

static bool
parse_integer (slong *x, const char *text, char **end)
{
  if (*text < '0' || *text > '9')
    return false;
  errno = 0;
  long value = strtol (text, end, 10);
  *x = value;
  return errno == 0;
}

static int
parse_option (request_t *request, int option, char *value)
{
  char *end = NULL;
  switch (option)
    {
    case 'n':
      if (!parse_integer (&request->n, value, &end) || *end != '\0' || request->n < 1
          || request->n > DELTA1_ORACLE_MAX_PRECISION)
        return say (DELTA1_INPUT, "-n", value, "an integer from 1 to 100000000 is allowed");
      break;
    case 'f':
      request->file = value;
      break;
    case 'e':
      if (!parse_integer (&request->row, value, &end) || *end != ','
          || !parse_integer (&request->column, end + 1, &end) || *end != '\0')
        return say (DELTA1_INPUT, "--entry", value, "I,J is allowed: row and column, from 0");
      break;
    case 'r':
      for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
        if (strcmp (value, delta1_rounding_name ((delta1_rounding_t)rule)) == 0)
          {
            request->rule = (delta1_rounding_t)rule;
            return DELTA1_EXIT_OK;
          }
      return say (DELTA1_INPUT, "--rule", value, "nearest, random, up or down is allowed");
    case 's':
      errno = 0;
      if (*value >= '0' && *value <= '9')
        request->seed = strtoull (value, &end, 10);
      if (end == NULL || *end != '\0' || errno != 0)
        return say (DELTA1_INPUT, "--seed", value, "an integer from 0 to 2^64 - 1 is allowed");
      break;
    case 'j':
      request->json = true;
      break;
    default:
      request->decimal = true;
      break;
    }
  return DELTA1_EXIT_OK;
}

/* *done: --help was printed. */
static int
parse_arguments (request_t *request, bool *done, int argc, char **argv)
{
  static const struct option options[]
      = { { "file", required_argument, NULL, 'f' }, { "entry", required_argument, NULL, 'e' },
          { "rule", required_argument, NULL, 'r' }, { "seed", required_argument, NULL, 's' },
          { "json", no_argument, NULL, 'j' },       { "decimal", no_argument, NULL, 'd' },
          { "help", no_argument, NULL, 'h' },       { NULL, 0, NULL, 0 } };
  int option;
  bool entry = false;
  opterr = 0;
  optind = 0; /* the GNU getopt starts anew */
  while ((option = getopt_long (argc, argv, ":n:h", options, NULL)) != -1)
    {
      if (option == 'h')
        {
          (void)fputs (help, stdout);
          *done = true;
          return DELTA1_EXIT_OK;
        }
      if (option == ':')
        return say (DELTA1_INPUT, "option", argv[optind - 1], "a value must follow");
      if (option == '?')
        return say (DELTA1_INPUT, "option", argv[optind - 1],
                    "-n, --file, --entry, --rule, --seed, --json, --decimal, --help are allowed "
                    "(a number that begins with '-' goes after --)");
      entry = entry || option == 'e';
      int code = parse_option (request, option, optarg);
      if (code != DELTA1_EXIT_OK)
        return code;
    }
  if (optind < argc)
    request->expression = argv[optind++];
  if (optind < argc)
    return say (DELTA1_INPUT, "argument", argv[optind], "one EXPRESSION is allowed (quote it)");
  if (request->expression != NULL && request->file != NULL)
    return say (DELTA1_INPUT, "EXPRESSION", request->expression,
                "not allowed together with --file");
  if (request->expression == NULL && request->file == NULL)
    return say (DELTA1_INPUT, "EXPRESSION", "(none)", "an expression or --file TABLE is needed");
  if (entry && request->file == NULL)
    return say (DELTA1_INPUT, "--entry", "I,J", "allowed only together with --file");
  if (request->json && request->decimal)
    return say (DELTA1_INPUT, "--decimal", "--json", "one of the two is allowed");
  if (request->n == 0)
    return say (DELTA1_INPUT, "-n", "(none)", "an integer from 1 to 100000000 is needed");
  return DELTA1_EXIT_OK;
}

static delta1_status_t
open_source (delta1_source_t **source, slong *entry, const request_t *request,
             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_expression_t **expression = NULL;
  *entry = 0;
  if (request->file != NULL)
    {
      slong rows, columns;
      DELTA1_TRY (delta1_source_create_table (source, &rows, &columns, request->file, reason));
      if (request->row >= rows || request->column >= columns)
        DELTA1_TRY (delta1_fail (
            reason, DELTA1_INPUT, "entry %ld,%ld: the table has rows 0 to %ld and columns 0 to %ld",
            (long)request->row, (long)request->column, (long)rows - 1, (long)columns - 1));
      *entry = request->row * columns + request->column;
      return DELTA1_OK;
    }
  expression = calloc (1, sizeof (*expression));
  if (expression == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "memory is out"));
  DELTA1_TRY (delta1_expression_parse (expression, request->expression, reason));
  delta1_expression_t **given = expression;
  expression = NULL; /* the source's from here on */
  DELTA1_TRY (delta1_source_create_expressions (source, given, 1, reason));
cleanup:
  free (expression);
  return status;
}

/* The largest k >= 0 we take with 10^k <= 2^(n-1): 30102/100000 < log10(2). */
static slong
proved_digits (slong n)
{
  return (n - 1) * 30102 / 100000;
}

/* d = round(m 2^-n 10^k) 10^-k, as text. From |x - m 2^-n| <= 2^-n <= 10^-k / 2, by the choice of
 * k, and a rounding error <= 10^-k / 2 follows |x - d| <= 10^-k. NULL: memory is out. */
static char *
decimal_text (const fmpz_t m, slong n, slong k)
{
  fmpz_t scaled;
  fmpz_init (scaled);
  fmpz_ui_pow_ui (scaled, 10, (ulong)k);
  fmpz_mul (scaled, scaled, m);
  fmpz_mul_2exp (scaled, scaled, 1);
  fmpz_fdiv_q_2exp (scaled, scaled, (ulong)n);
  fmpz_add_ui (scaled, scaled, 1);
  fmpz_fdiv_q_2exp (scaled, scaled, 1); /* floor(2y) -> floor(y + 1/2): to nearest */
  bool negative = fmpz_sgn (scaled) < 0;
  fmpz_abs (scaled, scaled);
  char *digits = fmpz_get_str (NULL, 10, scaled);
  fmpz_clear (scaled);

  slong length = (slong)strlen (digits);
  slong zeros = length > k ? 0 : k + 1 - length; /* at least one digit before the point */
  char *text = malloc ((size_t)(length + zeros) + 3);
  if (text != NULL)
    {
      char *at = text;
      slong whole = length + zeros - k;
      if (negative)
        *at++ = '-';
      for (slong i = 0; i < length + zeros; i++)
        {
          if (i == whole)
            *at++ = '.';
          *at++ = i < zeros ? '0' : digits[i - zeros];
        }
      *at = '\0';
    }
  flint_free (digits);
  return text;
}

typedef struct
{
  char *integer;
  char *decimal;
} part_t;

static delta1_status_t
render (part_t *part, const fmpz_t m, slong n, delta1_reason_t *reason)
{
  part->integer = fmpz_get_str (NULL, 10, m);
  part->decimal = decimal_text (m, n, proved_digits (n));
  if (part->decimal == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out");
  return DELTA1_OK;
}

static delta1_status_t
print_json (const request_t *request, const part_t *re, const part_t *im, delta1_reason_t *reason)
{
  char bound[40];
  (void)snprintf (bound, sizeof bound, "1e-%ld", (long)proved_digits (request->n));
  json_t *answer = json_pack ("{s:I, s:s, s:s, s:s, s:s}", "n", (json_int_t)request->n, "rule",
                              delta1_rounding_name (request->rule), "m", re->integer, "decimal",
                              re->decimal, "decimal_error", bound);
  if (answer != NULL && im != NULL)
    (void)json_object_set_new (answer, "m_imaginary", json_string (im->integer)),
        (void)json_object_set_new (answer, "decimal_imaginary", json_string (im->decimal));
  int failed = answer == NULL || json_dumpf (answer, stdout, JSON_INDENT (1)) != 0;
  json_decref (answer);
  (void)putchar ('\n');
  return failed ? delta1_fail (reason, DELTA1_SYSTEM, "the answer cannot be written") : DELTA1_OK;
}

static void
print_text (const request_t *request, const part_t *re, const part_t *im)
{
  long k = (long)proved_digits (request->n);
  if (!request->decimal)
    {
      (void)printf ("n = %ld\n", (long)request->n);
      (void)printf ("m = %s\n", re->integer);
      if (im != NULL)
        (void)printf ("m_imaginary = %s\n", im->integer);
    }
  (void)printf ("x = %s +/- 1e-%ld\n", re->decimal, k);
  if (im != NULL)
    (void)printf ("x_imaginary = %s +/- 1e-%ld\n", im->decimal, k);
}

static delta1_status_t
answer (const request_t *request, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_source_t *source = NULL;
  delta1_oracle_t *oracle = NULL;
  part_t re = { NULL, NULL }, im = { NULL, NULL };
  slong entry;
  fmpz_t x, y;
  fmpz_init (x);
  fmpz_init (y);
  DELTA1_TRY (open_source (&source, &entry, request, reason));
  DELTA1_TRY (delta1_oracle_create_honest (&oracle, source, request->rule, request->seed, reason));
  DELTA1_TRY (delta1_oracle_ask_complex (oracle, x, y, entry, request->n, reason));
  DELTA1_TRY (render (&re, x, request->n, reason));
  if (source->complex)
    DELTA1_TRY (render (&im, y, request->n, reason));
  if (request->json)
    DELTA1_TRY (print_json (request, &re, source->complex ? &im : NULL, reason));
  else
    print_text (request, &re, source->complex ? &im : NULL);
cleanup:
  delta1_oracle_free (oracle);
  delta1_source_free (source);
  flint_free (re.integer);
  flint_free (im.integer);
  free (re.decimal);
  free (im.decimal);
  fmpz_clear (x);
  fmpz_clear (y);
  return status;
}

int
delta1_command_oracle (int argc, char **argv)
{
  request_t request = { .rule = DELTA1_NEAREST };
  delta1_reason_t reason;
  bool done = false;
  int code = parse_arguments (&request, &done, argc, argv);
  if (code != DELTA1_EXIT_OK || done)
    return code;
  delta1_status_t status = answer (&request, &reason);
  if (status == DELTA1_OK)
    return DELTA1_EXIT_OK;
  return request.file != NULL ? say (status, "--file", request.file, reason.text)
                              : say (status, "EXPRESSION", request.expression, reason.text);
}
