/* The command line of delta1 solve: options, and how they go together. */
#include "programs/solve_arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs/commands.h"
#include "programs/usage.h"
#include "src/file.h"
#include "src/number.h"

#define COMMAND "solve"
#define MAX_PATH 10000
#define MAX_DIGITS 100000
#define MAX_BITS 1000000
/* --max-precision; more decides no table of decimals that this does not. */
#define DEFAULT_PRECISION 4096
#define DEFAULT_PRECISION_PER_DIGIT 8

static int
help (void)
{
  printf (
      "usage: delta1 solve --matrix A (--data Y | --target NAME) [--lambda Q | --path k] "
      "[OPTION]...\n\n"
      "Solves an optimisation problem from data known to some accuracy, and proves the answer: "
      "which\n"
      "features are selected, which are certainly not, and digits that are right for every input "
      "the data\n"
      "allow. Or says which quantity could not be decided, or proves that these data do not "
      "determine it.\n\n"
      "The problem:\n"
      "  --problem P        lasso (default), srlasso, qcbp, bp, lp\n"
      "  --lambda Q         > 0, of lasso and srlasso: 0.1, 1/3, 2e-4, taken exactly\n"
      "  --epsilon Q        > 0, of qcbp\n"
      "  --scaling S        whose LASSO: delta1 (default), scikit-learn, glmnet, see below\n"
      "  --intercept, --no-intercept      b without a penalty; lasso, srlasso\n"
      "  --standardize, --no-standardize  penalise sd_j |x_j|, sd_j the standard deviation of a "
      "column\n"
      "  --weights FILE     penalise w_j |x_j|, one number > 0 for each feature\n\n"
      "The data: CSV (a header names the features), NPY, Matrix Market, MAT; read exactly\n"
      "  --matrix FILE      rows are samples, columns features; FILE.mat:NAME for one of several "
      "arrays\n"
      "  --transpose        the features are the rows of the file\n"
      "  --data FILE        y, as one column or one row\n"
      "  --target NAME      y is this column of the matrix file\n"
      "  --accuracy R[,S]   every entry is within R of the truth (of the matrix; within S of the "
      "data):\n"
      "                     1e-6, 0.5, exact (default)\n"
      "  --bits n           the same with R = 2^-n\n"
      "  --significant s    every entry is right to half a unit of its s-th significant digit; 0 "
      "is "
      "exact\n\n"
      "The answer:\n"
      "  --digits K         Euclidean error at most 10^-K; default 6\n"
      "  --path k           a grid of k lambdas from where nothing is selected, for lasso and "
      "srlasso\n"
      "  --ratio Q          the last lambda of the grid over the first; default 0.001\n"
      "  --max-precision n  the most bits of working precision; default 4096, or 8 K\n"
      "  --timeout S        seconds for one lambda; default: no limit\n"
      "  --threads t        of the arithmetic; default 1\n"
      "  --no-condition     do not estimate the distance to the nearest ill-posed input\n"
      "  --certificate FILE write the proof, for delta1 verify\n"
      "  --json FILE        write everything as JSON (doc/solve-report.md)\n"
      "  --plot PREFIX      of a path: PREFIX.svg, .png, .dat, .gp\n"
      "  -h, --help         this text\n\n"
      "Scalings. delta1: ||y - A x||^2 + lambda sum|x_j|. scikit-learn: ||y - b - A x||^2/(2m) + "
      "alpha\n"
      "sum|x_j|, --lambda is alpha. glmnet: ||y - b - A x||^2/(2m) + lambda sum sd_j|x_j|. These "
      "two "
      "have an\n"
      "intercept, as there, and glmnet is standardized, unless the options say otherwise.\n"
      "Exit code: 0 certified; 2 undecided, or proved not to be determined by these data (at some "
      "lambda of\n"
      "a path); 3 wrong usage or unreadable input.\n");
  return DELTA1_EXIT_OK;
}

/* --- arguments -------------------------------------------------------------------------------- */

enum
{
  OPT_PROBLEM = 256,
  OPT_LAMBDA,
  OPT_EPSILON,
  OPT_SCALING,
  OPT_INTERCEPT,
  OPT_NO_INTERCEPT,
  OPT_STANDARDIZE,
  OPT_NO_STANDARDIZE,
  OPT_WEIGHTS,
  OPT_MATRIX,
  OPT_TRANSPOSE,
  OPT_DATA,
  OPT_TARGET,
  OPT_ACCURACY,
  OPT_BITS,
  OPT_SIGNIFICANT,
  OPT_DIGITS,
  OPT_PATH,
  OPT_RATIO,
  OPT_MAX_PRECISION,
  OPT_TIMEOUT,
  OPT_THREADS,
  OPT_NO_CONDITION,
  OPT_CERTIFICATE,
  OPT_JSON,
  OPT_PLOT
};

static const struct option options[]
    = { { "problem", required_argument, NULL, OPT_PROBLEM },
        { "lambda", required_argument, NULL, OPT_LAMBDA },
        { "epsilon", required_argument, NULL, OPT_EPSILON },
        { "scaling", required_argument, NULL, OPT_SCALING },
        { "intercept", no_argument, NULL, OPT_INTERCEPT },
        { "no-intercept", no_argument, NULL, OPT_NO_INTERCEPT },
        { "standardize", no_argument, NULL, OPT_STANDARDIZE },
        { "no-standardize", no_argument, NULL, OPT_NO_STANDARDIZE },
        { "weights", required_argument, NULL, OPT_WEIGHTS },
        { "matrix", required_argument, NULL, OPT_MATRIX },
        { "transpose", no_argument, NULL, OPT_TRANSPOSE },
        { "data", required_argument, NULL, OPT_DATA },
        { "target", required_argument, NULL, OPT_TARGET },
        { "accuracy", required_argument, NULL, OPT_ACCURACY },
        { "bits", required_argument, NULL, OPT_BITS },
        { "significant", required_argument, NULL, OPT_SIGNIFICANT },
        { "digits", required_argument, NULL, OPT_DIGITS },
        { "path", required_argument, NULL, OPT_PATH },
        { "ratio", required_argument, NULL, OPT_RATIO },
        { "max-precision", required_argument, NULL, OPT_MAX_PRECISION },
        { "timeout", required_argument, NULL, OPT_TIMEOUT },
        { "threads", required_argument, NULL, OPT_THREADS },
        { "no-condition", no_argument, NULL, OPT_NO_CONDITION },
        { "certificate", required_argument, NULL, OPT_CERTIFICATE },
        { "json", required_argument, NULL, OPT_JSON },
        { "plot", required_argument, NULL, OPT_PLOT },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };

/* A number of src/number.h with low <= x (or low < x when strict). */
static bool
set_rational (fmpq_t x, const char *option, const char *text, bool strict)
{
  delta1_reason_t why;
  if (delta1_number_parse (x, text, &why) != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s %.60s: %s", option, text, why.text);
      return false;
    }
  if (fmpq_sgn (x) < 0 || (strict && fmpq_is_zero (x)))
    {
      (void)delta1_usage_error (COMMAND, "%s %.60s: allowed: numbers %s 0", option, text,
                                strict ? ">" : ">=");
      return false;
    }
  return true;
}

/* One of --accuracy, --bits, --significant may be given. */
static bool
claim_accuracy (delta1_solve_setting_t *s, const char *option)
{
  if (s->accuracy_given != NULL)
    {
      (void)delta1_usage_error (COMMAND, "%s: not together with %s", option, s->accuracy_given);
      return false;
    }
  s->accuracy_given = option;
  return true;
}

static bool
set_radius (fmpq_t radius, const char *text)
{
  if (strcmp (text, "exact") == 0)
    {
      fmpq_zero (radius);
      return true;
    }
  return set_rational (radius, "--accuracy", text, false);
}

static bool
set_accuracy (delta1_solve_setting_t *s, const char *text)
{
  char first[128];
  const char *comma = strchr (text, ',');
  size_t length = comma == NULL ? strlen (text) : (size_t)(comma - text);
  if (length >= sizeof first)
    {
      (void)delta1_usage_error (COMMAND, "--accuracy %.60s: allowed: R or R,S, as 1e-6 or exact",
                                text);
      return false;
    }
  memcpy (first, text, length);
  first[length] = '\0';
  if (!claim_accuracy (s, "--accuracy") || !set_radius (s->request.matrix_radius, first))
    return false;
  if (comma == NULL)
    {
      fmpq_set (s->request.data_radius, s->request.matrix_radius);
      return true;
    }
  return set_radius (s->request.data_radius, comma + 1);
}

static bool
set_bits (delta1_solve_setting_t *s, const char *text)
{
  slong n;
  if (!delta1_usage_integer (&n, COMMAND, "--bits", text, 0, MAX_BITS)
      || !claim_accuracy (s, "--bits"))
    return false;
  fmpq_one (s->request.matrix_radius);
  fmpq_div_2exp (s->request.matrix_radius, s->request.matrix_radius, (ulong)n);
  fmpq_set (s->request.data_radius, s->request.matrix_radius);
  return true;
}

static bool
set_name (delta1_solve_setting_t *s, int option, const char *text)
{
  delta1_reason_t why;
  delta1_status_t status = option == OPT_PROBLEM
                               ? delta1_problem_parse (&s->request.problem, text, &why)
                               : delta1_scaling_parse (&s->request.scaling, text, &why);
  if (status != DELTA1_OK)
    (void)delta1_usage_error (COMMAND, "%s %.60s: %s",
                              option == OPT_PROBLEM ? "--problem" : "--scaling", text, why.text);
  return status == DELTA1_OK;
}

/* Options with a number; false after a line. */
static bool
set_number (delta1_solve_setting_t *s, int option, const char *text)
{
  switch (option)
    {
    case OPT_BITS:
      return set_bits (s, text);
    case OPT_SIGNIFICANT:
      s->request.accuracy = ACCURACY_SIGNIFICANT;
      return delta1_usage_integer (&s->request.significant, COMMAND, "--significant", text, 1, 1000)
             && claim_accuracy (s, "--significant");
    case OPT_DIGITS:
      return delta1_usage_integer (&s->solve.digits, COMMAND, "--digits", text, 0, MAX_DIGITS);
    case OPT_PATH:
      return delta1_usage_integer (&s->path, COMMAND, "--path", text, 2, MAX_PATH);
    case OPT_RATIO:
      if (!set_rational (s->ratio, "--ratio", text, true))
        return false;
      if (fmpq_cmp_si (s->ratio, 1) < 0)
        return true;
      (void)delta1_usage_error (COMMAND, "--ratio %.60s: allowed: numbers between 0 and 1", text);
      return false;
    case OPT_MAX_PRECISION:
      return delta1_usage_integer (&s->solve.max_precision, COMMAND, "--max-precision", text, 1,
                                   100000000);
    case OPT_TIMEOUT:
      return delta1_usage_seconds (&s->solve.seconds, COMMAND, "--timeout", text);
    default:
      return delta1_usage_integer (&s->threads, COMMAND, "--threads", text, 1, 1024);
    }
}

static bool
set_option (delta1_solve_setting_t *s, int option, const char *text)
{
  const char **texts[] = { [OPT_LAMBDA - OPT_PROBLEM] = &s->lambda,
                           [OPT_EPSILON - OPT_PROBLEM] = &s->epsilon,
                           [OPT_WEIGHTS - OPT_PROBLEM] = &s->request.weight_file,
                           [OPT_MATRIX - OPT_PROBLEM] = &s->request.matrix,
                           [OPT_DATA - OPT_PROBLEM] = &s->request.data,
                           [OPT_TARGET - OPT_PROBLEM] = &s->request.target,
                           [OPT_CERTIFICATE - OPT_PROBLEM] = &s->certificate,
                           [OPT_JSON - OPT_PROBLEM] = &s->json,
                           [OPT_PLOT - OPT_PROBLEM] = &s->plot };
  if (texts[option - OPT_PROBLEM] != NULL)
    {
      *texts[option - OPT_PROBLEM] = text;
      return true;
    }
  switch (option)
    {
    case OPT_PROBLEM:
    case OPT_SCALING:
      return set_name (s, option, text);
    case OPT_INTERCEPT:
    case OPT_NO_INTERCEPT:
      s->intercept = option == OPT_INTERCEPT ? DELTA1_SOLVE_YES : DELTA1_SOLVE_NO;
      return true;
    case OPT_STANDARDIZE:
    case OPT_NO_STANDARDIZE:
      s->standardize = option == OPT_STANDARDIZE ? DELTA1_SOLVE_YES : DELTA1_SOLVE_NO;
      return true;
    case OPT_TRANSPOSE:
      s->request.transpose = true;
      return true;
    case OPT_ACCURACY:
      return set_accuracy (s, text);
    case OPT_NO_CONDITION:
      s->no_condition = true;
      return true;
    default:
      return set_number (s, option, text);
    }
}

/* --- relations -------------------------------------------------------------------------------- */

static int
check_parameter (delta1_solve_setting_t *s)
{
  const delta1_problem_t problem = s->request.problem;
  const char *name = delta1_problem_parameter (problem),
             *problem_name = delta1_problem_name (problem);
  const bool lambda = name != NULL && strcmp (name, "lambda") == 0;
  if (s->lambda != NULL && !lambda)
    return delta1_usage_error (COMMAND, "--lambda %.60s: %s has none", s->lambda, problem_name);
  if (s->epsilon != NULL && (name == NULL || lambda))
    return delta1_usage_error (COMMAND, "--epsilon %.60s: %s has none", s->epsilon, problem_name);
  if (s->path > 0 && !lambda)
    return delta1_usage_error (COMMAND, "--path: %s has no lambda; allowed: lasso, srlasso",
                               problem_name);
  if (s->path > 0 && s->lambda != NULL)
    return delta1_usage_error (COMMAND, "--lambda %.60s: not together with --path", s->lambda);
  const char *text = lambda ? s->lambda : s->epsilon;
  if (name != NULL && text == NULL && s->path == 0)
    return delta1_usage_error (COMMAND, "--%s is missing: %s needs it%s", name, problem_name,
                               lambda ? ", or --path" : "");
  if (text != NULL && !set_rational (s->parameter, lambda ? "--lambda" : "--epsilon", text, true))
    return DELTA1_EXIT_USAGE;
  return DELTA1_EXIT_OK;
}

static int
check_model (delta1_solve_setting_t *s)
{
  delta1_solve_request_t *request = &s->request;
  const char *problem_name = delta1_problem_name (request->problem);
  const bool lasso = request->problem == DELTA1_LASSO,
             regression = lasso || request->problem == DELTA1_SRLASSO,
             theirs = request->scaling != DELTA1_SCALING_DELTA1;
  if (theirs && !lasso)
    return delta1_usage_error (COMMAND, "--scaling %s: only lasso is scaled, not %s",
                               delta1_scaling_name (request->scaling), problem_name);
  request->intercept
      = s->intercept == DELTA1_SOLVE_YES || (s->intercept == DELTA1_SOLVE_AS_THE_SCALING && theirs);
  request->standardize
      = s->standardize == DELTA1_SOLVE_YES
        || (s->standardize == DELTA1_SOLVE_AS_THE_SCALING
            && request->scaling == DELTA1_SCALING_GLMNET && request->weight_file == NULL);
  if (request->intercept && !regression)
    return delta1_usage_error (COMMAND, "--intercept: allowed with lasso and srlasso, not with %s",
                               problem_name);
  if (request->standardize && !regression)
    return delta1_usage_error (
        COMMAND, "--standardize: allowed with lasso and srlasso, not with %s", problem_name);
  if (request->standardize && request->weight_file != NULL)
    return delta1_usage_error (COMMAND, "--weights %.200s: not together with --standardize",
                               request->weight_file);
  return DELTA1_EXIT_OK;
}

static int
check_outputs (const delta1_solve_setting_t *s)
{
  if (s->plot != NULL && s->path == 0)
    return delta1_usage_error (COMMAND, "--plot %.200s: a picture is one of a --path", s->plot);
  if (s->certificate != NULL && s->path > 0)
    return delta1_usage_error (COMMAND,
                               "--certificate %.200s: not of a --path; solve for one "
                               "--lambda",
                               s->certificate);
  if (s->certificate != NULL && s->request.accuracy == ACCURACY_SIGNIFICANT)
    return delta1_usage_error (COMMAND,
                               "--certificate %.200s: not with --significant; give one --accuracy",
                               s->certificate);
  char *data = NULL;
  if (s->plot != NULL && asprintf (&data, "%s.dat", s->plot) < 0)
    data = NULL;
  bool can = delta1_usage_can_write (COMMAND, "--certificate", s->certificate)
             && delta1_usage_can_write (COMMAND, "--json", s->json)
             && delta1_usage_can_write (COMMAND, "--plot", data);
  free (data);
  return can ? DELTA1_EXIT_OK : DELTA1_EXIT_USAGE;
}

static int
check_files (const delta1_solve_setting_t *s)
{
  if (s->request.matrix == NULL)
    return delta1_usage_error (COMMAND, "--matrix is missing; see delta1 %s --help", COMMAND);
  if (s->request.data == NULL && s->request.target == NULL)
    return delta1_usage_error (COMMAND, "--data FILE is missing, or --target NAME for a column of "
                                        "the matrix file");
  if (s->request.data != NULL && s->request.target != NULL)
    return delta1_usage_error (COMMAND, "--target %.60s: not together with --data",
                               s->request.target);
  if (s->request.target != NULL && s->request.transpose)
    return delta1_usage_error (COMMAND, "--target %.60s: not together with --transpose",
                               s->request.target);
  return DELTA1_EXIT_OK;
}

void
delta1_solve_setting_init (delta1_solve_setting_t *s)
{
  *s = (delta1_solve_setting_t){ .request = { .problem = DELTA1_LASSO },
                                 .solve = delta1_solve_defaults,
                                 .threads = 1 };
  s->solve.max_precision = 0;
  fmpq_init (s->request.matrix_radius);
  fmpq_init (s->request.data_radius);
  fmpq_init (s->parameter);
  fmpq_init (s->ratio);
  fmpq_set_si (s->ratio, 1, 1000);
}

void
delta1_solve_setting_clear (delta1_solve_setting_t *s)
{
  fmpq_clear (s->request.matrix_radius);
  fmpq_clear (s->request.data_radius);
  fmpq_clear (s->parameter);
  fmpq_clear (s->ratio);
}

int
delta1_solve_arguments (delta1_solve_setting_t *s, bool *helped, int argc, char **argv)
{
  int result;
  opterr = 0;
  optind = 0;
  while ((result = getopt_long (argc, argv, ":h", options, NULL)) != -1)
    {
      *helped = result == 'h';
      if (*helped)
        return help ();
      if (result == '?' || result == ':')
        return delta1_usage_getopt (COMMAND, result, argv);
      if (!set_option (s, result, optarg))
        return DELTA1_EXIT_USAGE;
    }
  if (optind < argc)
    return delta1_usage_error (COMMAND,
                               "argument %.60s: none is allowed; files go after --matrix "
                               "and --data",
                               argv[optind]);
  if (s->solve.max_precision == 0)
    s->solve.max_precision
        = FLINT_MAX (DEFAULT_PRECISION, DEFAULT_PRECISION_PER_DIGIT * s->solve.digits);
  int code = check_files (s);
  if (code == DELTA1_EXIT_OK)
    code = check_parameter (s);
  if (code == DELTA1_EXIT_OK)
    code = check_model (s);
  return code == DELTA1_EXIT_OK ? check_outputs (s) : code;
}
