/* delta1 solve: certified digits of a minimiser, or an honest "no". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "programs/commands.h"
#include "programs/solve_report.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/file.h"
#include "src/number.h"
#include "src/screening.h"
#include "src/solve_certificate.h"

#define COMMAND "solve"
#define MAX_PATH 10000
#define MAX_DIGITS 100000
#define MAX_BITS 1000000
/* --max-precision; more decides no table of decimals that this does not. */
#define DEFAULT_PRECISION 4096
#define DEFAULT_PRECISION_PER_DIGIT 8
/* Of lambda_max, in bits: enough for a grid of doubles, more for the digits that are shown. */
#define GRID_PRECISION 192
/* Of the working arithmetic where doubles found the point: more bits would not bring it nearer. */
#define SCREENING_PRECISION 192

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

typedef enum
{
  AS_THE_SCALING = 0,
  YES,
  NO
} choice_t;

typedef struct
{
  delta1_solve_request_t request;
  delta1_solve_options_t solve;
  const char *lambda, *epsilon;
  const char *accuracy_given; /* the option that said how well the data are known */
  choice_t intercept, standardize;
  slong path, threads;
  fmpq_t parameter; /* lambda or epsilon, as given */
  fmpq_t ratio;
  bool no_condition;
  const char *certificate, *json, *plot;
} setting_t;

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
claim_accuracy (setting_t *s, const char *option)
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
set_accuracy (setting_t *s, const char *text)
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
set_bits (setting_t *s, const char *text)
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
set_name (setting_t *s, int option, const char *text)
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
set_number (setting_t *s, int option, const char *text)
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
set_option (setting_t *s, int option, const char *text)
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
      s->intercept = option == OPT_INTERCEPT ? YES : NO;
      return true;
    case OPT_STANDARDIZE:
    case OPT_NO_STANDARDIZE:
      s->standardize = option == OPT_STANDARDIZE ? YES : NO;
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
check_parameter (setting_t *s)
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
check_model (setting_t *s)
{
  delta1_solve_request_t *request = &s->request;
  const char *problem_name = delta1_problem_name (request->problem);
  const bool lasso = request->problem == DELTA1_LASSO,
             regression = lasso || request->problem == DELTA1_SRLASSO,
             theirs = request->scaling != DELTA1_SCALING_DELTA1;
  if (theirs && !lasso)
    return delta1_usage_error (COMMAND, "--scaling %s: only lasso is scaled, not %s",
                               delta1_scaling_name (request->scaling), problem_name);
  request->intercept = s->intercept == YES || (s->intercept == AS_THE_SCALING && theirs);
  request->standardize
      = s->standardize == YES
        || (s->standardize == AS_THE_SCALING && request->scaling == DELTA1_SCALING_GLMNET
            && request->weight_file == NULL);
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

static bool
can_write (const char *option, const char *path)
{
  delta1_reason_t reason;
  if (path == NULL || delta1_file_can_write (path, &reason) == DELTA1_OK)
    return true;
  (void)delta1_usage_error (COMMAND, "%s %s", option, reason.text);
  return false;
}

static int
check_outputs (const setting_t *s)
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
  bool can = can_write ("--certificate", s->certificate) && can_write ("--json", s->json)
             && can_write ("--plot", data);
  free (data);
  return can ? DELTA1_EXIT_OK : DELTA1_EXIT_USAGE;
}

static int
check_files (const setting_t *s)
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

/* --- solving ---------------------------------------------------------------------------------- */

static double
now (void)
{
  struct timespec t;
  (void)clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static delta1_status_t
solve_one (delta1_solve_outcome_t *outcome, delta1_solve_input_t *input,
           const delta1_solve_options_t *solve, delta1_reason_t *reason)
{
  double start = now ();
  delta1_solve_input_set_parameter (input, outcome->parameter);
  delta1_status_t status = delta1_solve_input_solve (&outcome->solution, input, solve, reason);
  outcome->seconds = now () - start;
  outcome->timed_out = solve->seconds > 0 && outcome->seconds > solve->seconds
                       && outcome->solution.verdict != DELTA1_SOLVE_DETERMINED;
  return status;
}

/* lambda_max, and the grid below it, in the scaling of the input. */
static delta1_status_t
make_grid (delta1_solve_report_t *report, const delta1_solve_input_t *input, const fmpq_t ratio,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_data_t *data = &input->data;
  delta1_instance_t instance;
  fmpq *lambda = _fmpq_vec_init (report->outcomes);
  DELTA1_TRY (delta1_instance_init (&instance, data->problem, data->m,
                                    data->N + (data->intercept ? 1 : 0), reason));
  delta1_solve_input_instance (&instance, input, GRID_PRECISION);
  DELTA1_TRY (delta1_lambda_max (report->lambda_max, &instance, reason));
  arb_div_si (report->lambda_max, report->lambda_max,
              delta1_scaling_factor (input->scaling, data->m), GRID_PRECISION);
  DELTA1_TRY (delta1_lambda_grid (lambda, report->outcomes, report->lambda_max, fmpq_get_d (ratio),
                                  reason));
  for (slong i = 0; i < report->outcomes; i++)
    fmpq_swap (report->outcome[i].parameter, lambda + i);
cleanup:
  delta1_instance_clear (&instance);
  _fmpq_vec_clear (lambda, report->outcomes);
  return status;
}

static delta1_status_t
solve_path (delta1_solve_report_t *report, delta1_solve_input_t *input, const setting_t *s,
            delta1_reason_t *reason)
{
  delta1_status_t status = make_grid (report, input, s->ratio, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_solve_print_path_head (report);
  for (slong i = 0; i < report->outcomes && status == DELTA1_OK; i++)
    {
      status = solve_one (report->outcome + i, input, &s->solve, reason);
      if (status == DELTA1_OK)
        delta1_solve_print_path_line (report, i);
    }
  if (status == DELTA1_OK)
    delta1_solve_print_path_end (report);
  return status;
}

/* Where the support is not certified: what is certain of single features. */
static delta1_status_t
screen (delta1_solve_outcome_t *outcome, const delta1_solve_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_data_t *data = &input->data;
  delta1_instance_t instance;
  DELTA1_TRY (delta1_instance_init (&instance, data->problem, data->m,
                                    data->N + (data->intercept ? 1 : 0), reason));
  outcome->selected = calloc ((size_t)data->N, sizeof *outcome->selected);
  if (outcome->selected == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "memory is out"));
  delta1_solve_input_instance (&instance, input, SCREENING_PRECISION);
  status = delta1_lasso_screen (outcome->selected, &instance, reason);
cleanup:
  delta1_instance_clear (&instance);
  return status == DELTA1_SYSTEM ? status : DELTA1_OK;
}

static delta1_status_t
solve_single (delta1_solve_report_t *report, delta1_solve_input_t *input, const setting_t *s,
              delta1_reason_t *reason)
{
  delta1_solve_outcome_t *outcome = report->outcome;
  delta1_status_t status = solve_one (outcome, input, &s->solve, reason);
  if (status != DELTA1_OK)
    return status;
  if (!s->no_condition && outcome->solution.enclosed)
    {
      delta1_reason_t why;
      status = delta1_condition_estimate (&report->condition, &input->data,
                                          -outcome->solution.precision, &why);
      report->conditioned = status == DELTA1_OK;
      if (status == DELTA1_SYSTEM)
        return delta1_fail (reason, status, "%s", why.text);
    }
  if (!outcome->solution.enclosed && input->data.problem == DELTA1_LASSO)
    status = screen (outcome, input, reason);
  if (status == DELTA1_SYSTEM)
    return status;
  delta1_solve_print_outcome (report);
  return DELTA1_OK;
}

static delta1_status_t
write_certificate (const delta1_solve_report_t *report, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document = NULL;
  const delta1_solution_t *solution = &report->outcome[0].solution;
  if (solution->verdict == DELTA1_SOLVE_UNDECIDED)
    {
      printf ("\nno certificate is written: nothing was proved\n");
      return DELTA1_OK;
    }
  DELTA1_TRY (delta1_solve_certificate (&document, &report->input->data, solution, "delta1 solve",
                                        (const char *const *)report->input->name, reason));
  DELTA1_TRY (delta1_document_write (document, path, reason));
cleanup:
  json_decref (document);
  return status;
}

static delta1_status_t
write_all (const delta1_solve_report_t *report, const setting_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document = NULL;
  bool drawn = true;
  if (s->certificate != NULL)
    DELTA1_TRY (write_certificate (report, s->certificate, reason));
  if (s->json != NULL)
    {
      document = delta1_solve_report_json (report);
      if (document == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for the report"));
      DELTA1_TRY (delta1_document_write (document, s->json, reason));
    }
  if (s->plot != NULL)
    DELTA1_TRY (delta1_solve_report_plot (&drawn, report, s->plot, reason));
  if (!drawn)
    printf ("%s\n", reason->text);
cleanup:
  json_decref (document);
  return status;
}

static int
exit_code (const delta1_solve_report_t *report)
{
  for (slong i = 0; i < report->outcomes; i++)
    if (report->outcome[i].solution.verdict != DELTA1_SOLVE_DETERMINED)
      return DELTA1_EXIT_UNDECIDED;
  return DELTA1_EXIT_OK;
}

static int
solve (setting_t *s)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t reason;
  delta1_solve_input_t input;
  delta1_solve_report_t report = { .input = &input, .request = &s->request, .path = s->path > 0 };
  int code = DELTA1_EXIT_OK;
  delta1_solve_input_init (&input);
  DELTA1_TRY (delta1_solve_input_read (&input, &s->request, &reason));
  DELTA1_TRY (delta1_solve_report_init (&report, report.path ? s->path : 1, &reason));
  fmpq_set (report.outcome[0].parameter, s->parameter);
  if (s->solve.max_precision == 0)
    s->solve.max_precision
        = FLINT_MAX (DEFAULT_PRECISION, DEFAULT_PRECISION_PER_DIGIT * s->solve.digits);
  flint_set_num_threads ((int)s->threads);
  delta1_solve_print_head (&report);
  DELTA1_TRY (report.path ? solve_path (&report, &input, s, &reason)
                          : solve_single (&report, &input, s, &reason));
  DELTA1_TRY (write_all (&report, s, &reason));
  code = exit_code (&report);
cleanup:
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s", reason.text);
      code = status == DELTA1_UNDECIDED || status == DELTA1_BUDGET ? DELTA1_EXIT_UNDECIDED
             : status == DELTA1_FAILED                             ? DELTA1_EXIT_REFUSED
                                                                   : DELTA1_EXIT_USAGE;
    }
  delta1_solve_report_clear (&report);
  delta1_solve_input_clear (&input);
  return code;
}

static int
parse (setting_t *s, bool *helped, int argc, char **argv)
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
  int code = check_files (s);
  if (code == DELTA1_EXIT_OK)
    code = check_parameter (s);
  if (code == DELTA1_EXIT_OK)
    code = check_model (s);
  return code == DELTA1_EXIT_OK ? check_outputs (s) : code;
}

int
delta1_command_solve (int argc, char **argv)
{
  setting_t s
      = { .request = { .problem = DELTA1_LASSO }, .solve = delta1_solve_defaults, .threads = 1 };
  bool helped = false;
  fmpq_init (s.request.matrix_radius);
  fmpq_init (s.request.data_radius);
  fmpq_init (s.parameter);
  fmpq_init (s.ratio);
  fmpq_set_si (s.ratio, 1, 1000);
  s.solve.max_precision = 0;
  int code = parse (&s, &helped, argc, argv);
  if (code == DELTA1_EXIT_OK && !helped)
    code = solve (&s);
  fmpq_clear (s.request.matrix_radius);
  fmpq_clear (s.request.data_radius);
  fmpq_clear (s.parameter);
  fmpq_clear (s.ratio);
  return code;
}
