/* delta1 nullspace: is the null space property of a matrix certified, and with which constants? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/accuracy.h"
#include "oracles/table.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/number.h"

#define COMMAND "nullspace"
#define MAX_LEVELS 64
#define MAX_COLUMNS 4096 /* of the matrix: all pairs of columns are multiplied */

typedef struct
{
  const char *path, *sparsity, *levels, *weights, *eta, *lambda, *json;
  delta1_null_space_options_t options;
} arguments_t;

/* What is asked, read. */
typedef struct
{
  acb_mat_t A;
  slong count, end[MAX_LEVELS], sparsity[MAX_LEVELS];
  arb_ptr weights; /* MAX_LEVELS */
  delta1_levels_t levels;
  arb_t eta, lambda, norm;
  bool inexact, given_lambda;
} problem_t;

/* What is found. */
typedef struct
{
  delta1_null_space_t property;
  delta1_accuracy_t accuracy;
  bool bound; /* accuracy holds something */
  slong inner;
} answer_t;

static const char *const methods[] = { "best", "exhaustive", "coherence" };

static int
help (void)
{
  printf (
      "usage: delta1 nullspace MATRIX -s S[,S...] [OPTION]...\n\n"
      "Certifies the weighted robust null space property in levels (mathematics.md, Section 6.1) "
      "of\n"
      "a matrix by Lemma 6.4: rho and gamma, with the C_1, C_2, lambda and p of Theorem 6.3 (p "
      "for\n"
      "tau = sigma = 1/||A||, upsilon = 1/e). MATRIX: a table of exact numbers, as text or NPY, "
      "real\n"
      "or complex. All that is printed is an upper bound, but lambda and p, which are as used.\n\n"
      "  -s, --sparsity S,...  the sparsity of every level\n"
      "  --levels M,...        where the levels end; default: one level\n"
      "  --weights W,...       of the levels, exact numbers; default 1\n"
      "  --method M            best (default): exhaustive where --limit allows, else coherence;\n"
      "                        exhaustive: every support set; coherence\n"
      "  --limit L             support sets that are looked at; default %d\n"
      "  --eta E               for every matrix within E of MATRIX, in norm (Lemma 6.2)\n"
      "  --lambda L            the lambda of the network; default: the best\n"
      "  --precision B         bits of the balls, 2 to 100000; default 128\n"
      "  --json FILE           write what was found as JSON\n"
      "  -h, --help            this text\n\n"
      "Exit codes: 0 certified; 1 the property does not hold, with a support set that has a "
      "kernel;\n"
      "2 neither is proved; 3 unreadable input or wrong usage.\n",
      DELTA1_NULL_SPACE_LIMIT);
  return DELTA1_EXIT_OK;
}

/* --- arguments -------------------------------------------------------------------------------- */

enum
{
  OPT_LEVELS = 256,
  OPT_WEIGHTS,
  OPT_METHOD,
  OPT_LIMIT,
  OPT_ETA,
  OPT_LAMBDA,
  OPT_PRECISION,
  OPT_JSON
};

static bool
read_method (arguments_t *a, const char *text)
{
  for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
    if (strcmp (text, methods[i]) == 0)
      {
        a->options.method = (delta1_null_space_method_t)i;
        return true;
      }
  (void)delta1_usage_error (COMMAND, "--method %.60s: allowed: best, exhaustive, coherence", text);
  return false;
}

static bool
take_option (void *context, int option, const char *text)
{
  arguments_t *a = context;
  switch (option)
    {
    case 's':
      a->sparsity = text;
      return true;
    case OPT_LEVELS:
      a->levels = text;
      return true;
    case OPT_WEIGHTS:
      a->weights = text;
      return true;
    case OPT_METHOD:
      return read_method (a, text);
    case OPT_LIMIT:
      return delta1_usage_integer (&a->options.limit, COMMAND, "--limit", text, 1, WORD_MAX / 2);
    case OPT_ETA:
      a->eta = text;
      return true;
    case OPT_LAMBDA:
      a->lambda = text;
      return true;
    case OPT_PRECISION:
      return delta1_usage_integer (&a->options.precision, COMMAND, "--precision", text, 2, 100000);
    default:
      a->json = text;
      return true;
    }
}

static int
read_arguments (arguments_t *a, bool *done, int argc, char **argv)
{
  static const struct option options[] = { { "sparsity", required_argument, NULL, 's' },
                                           { "levels", required_argument, NULL, OPT_LEVELS },
                                           { "weights", required_argument, NULL, OPT_WEIGHTS },
                                           { "method", required_argument, NULL, OPT_METHOD },
                                           { "limit", required_argument, NULL, OPT_LIMIT },
                                           { "eta", required_argument, NULL, OPT_ETA },
                                           { "lambda", required_argument, NULL, OPT_LAMBDA },
                                           { "precision", required_argument, NULL, OPT_PRECISION },
                                           { "json", required_argument, NULL, OPT_JSON },
                                           { "help", no_argument, NULL, 'h' },
                                           { NULL, 0, NULL, 0 } };
  static const delta1_usage_table_t table = {
    .command = COMMAND, .brief = ":s:h", .options = options, .help = help, .take = take_option
  };
  int code = delta1_usage_read (&table, a, done, argc, argv);
  if (code != DELTA1_EXIT_OK || *done)
    return code;
  if (argc - optind != 1)
    return delta1_usage_error (COMMAND, "%d matrices given; allowed: one", argc - optind);
  a->path = argv[optind];
  if (a->sparsity == NULL)
    return delta1_usage_error (COMMAND, "no --sparsity given; see delta1 %s --help", COMMAND);
  return DELTA1_EXIT_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* An exact number above 0, enclosed. */
static delta1_status_t
read_positive (arb_t x, const char *option, const char *text, slong precision,
               delta1_reason_t *reason)
{
  delta1_reason_t why;
  fmpq_t value;
  fmpq_init (value);
  delta1_status_t status = delta1_number_parse (value, text, &why);
  if (status != DELTA1_OK || fmpq_sgn (value) <= 0)
    status = delta1_fail (reason, DELTA1_INPUT, "%s %.60s: allowed: exact numbers above 0", option,
                          text);
  else
    arb_set_fmpq (x, value, precision);
  fmpq_clear (value);
  return status;
}

/* The items between commas, at most MAX_LEVELS: whole numbers into integers, or numbers above 0
 * into balls, whichever is not NULL. */
static delta1_status_t
read_list (slong *count, slong *integers, arb_ptr balls, const char *option, const char *text,
           slong precision, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  char *copy = strdup (text), *rest = copy, *item;
  if (copy == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  *count = 0;
  while (status == DELTA1_OK && (item = strsep (&rest, ",")) != NULL)
    {
      char *end = item;
      if (*count == MAX_LEVELS)
        status = delta1_fail (reason, DELTA1_INPUT, "%s: more than %d numbers", option, MAX_LEVELS);
      else if (balls != NULL)
        status = read_positive (balls + *count, option, item, precision, reason);
      else
        {
          long value = strtol (item, &end, 10);
          if (end == item || *end != '\0' || value < 1 || value > MAX_COLUMNS)
            status = delta1_fail (reason, DELTA1_INPUT,
                                  "%s %.60s: allowed: whole numbers from 1 to %d between commas",
                                  option, text, MAX_COLUMNS);
          else
            integers[*count] = value;
        }
      ++*count;
    }
  free (copy);
  return status;
}

static delta1_status_t
read_matrix (problem_t *p, const arguments_t *a, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_source_t *source = NULL;
  delta1_operator_t *A = NULL;
  acb_ptr entries = NULL;
  slong m, N;
  DELTA1_TRY (delta1_source_create_table (&source, &m, &N, a->path, reason));
  if (m > MAX_COLUMNS || N > MAX_COLUMNS)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: a matrix of %ld x %ld; allowed: up to %d", a->path, (long)m,
                             (long)N, MAX_COLUMNS));
  acb_mat_clear (p->A);
  acb_mat_init (p->A, m, N);
  entries = _acb_vec_init (m * N);
  for (slong i = 0; i < m * N; i++)
    {
      DELTA1_TRY (delta1_source_enclose_absolute (entries + i, source, i, 2 * a->options.precision,
                                                  reason));
      acb_set (acb_mat_entry (p->A, i / N, i % N), entries + i);
    }
  DELTA1_TRY (delta1_operator_create_complex (&A, &delta1_arithmetic_complex_ball,
                                              a->options.precision, entries, m, N, reason));
  arb_set (p->norm, A->norm);

cleanup:
  if (entries != NULL)
    _acb_vec_clear (entries, m * N);
  delta1_operator_free (A);
  delta1_source_free (source);
  return status;
}

static delta1_status_t
read_problem (problem_t *p, const arguments_t *a, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong count, precision = a->options.precision + 64;
  DELTA1_TRY (read_list (&p->count, p->sparsity, NULL, "--sparsity", a->sparsity, 0, reason));
  if (a->levels != NULL)
    DELTA1_TRY (read_list (&count, p->end, NULL, "--levels", a->levels, 0, reason));
  else
    count = 1;
  if (count != p->count)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%ld sparsities for %ld levels; allowed: as many", (long)p->count,
                             (long)count));
  if (a->weights != NULL)
    {
      DELTA1_TRY (read_list (&count, NULL, p->weights, "--weights", a->weights, precision, reason));
      if (count != p->count)
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "%ld weights for %ld levels; allowed: as many", (long)count,
                                 (long)p->count));
    }
  p->inexact = a->eta != NULL;
  if (p->inexact)
    DELTA1_TRY (read_positive (p->eta, "--eta", a->eta, precision, reason));
  p->given_lambda = a->lambda != NULL;
  if (p->given_lambda)
    DELTA1_TRY (read_positive (p->lambda, "--lambda", a->lambda, precision, reason));
  DELTA1_TRY (read_matrix (p, a, reason));
  if (a->levels == NULL)
    p->end[0] = acb_mat_ncols (p->A);
  p->levels = (delta1_levels_t){ .count = p->count,
                                 .end = p->end,
                                 .sparsity = p->sparsity,
                                 .weights = a->weights == NULL ? NULL : p->weights };

cleanup:
  return status;
}

/* --- the answer ------------------------------------------------------------------------------- */

/* bound: false when rho and gamma give none; the reason then says why. */
static delta1_status_t
answer (answer_t *r, const problem_t *p, const delta1_null_space_options_t *options,
        delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_restart_t network;
  slong precision = options->precision;
  delta1_restart_init (&network, precision);
  DELTA1_TRY (delta1_null_space_certify (&r->property, p->A, &p->levels, options, reason));
  if (r->property.holds != DELTA1_TRUE)
    goto cleanup;
  if (p->inexact)
    status = delta1_null_space_perturb (r->property.rho, r->property.gamma, p->eta, &p->levels,
                                        precision, reason);
  if (status == DELTA1_OK)
    status
        = delta1_accuracy_constants (&r->accuracy, &p->levels, r->property.rho, r->property.gamma,
                                     p->given_lambda ? p->lambda : NULL, precision, reason);
  if (status == DELTA1_OK)
    {
      /* the norm of every matrix meant, and steps that are allowed for it */
      arb_add (network.steps.tau, p->norm, p->eta, precision);
      arb_get_ubound_arf (arb_midref (network.steps.tau), network.steps.tau, precision);
      mag_zero (arb_radref (network.steps.tau));
      arb_inv (network.steps.tau, network.steps.tau, precision);
      arb_set (network.steps.sigma, network.steps.tau);
      status = delta1_accuracy_inner (&r->inner, &r->accuracy, &network, precision, reason);
    }
  r->bound = status == DELTA1_OK;
  if (status == DELTA1_DOMAIN || status == DELTA1_UNDECIDED || status == DELTA1_BUDGET)
    {
      r->property.holds = DELTA1_UNKNOWN;
      status = DELTA1_OK;
    }

cleanup:
  delta1_restart_clear (&network);
  return status;
}

/* Six figures of the upper (lower) end, rounded outward; "infinite". The caller frees. */
static char *
end_text (const arb_t x, int direction)
{
  char *text = NULL;
  fmpq_t q;
  arf_t end;
  fmpq_init (q);
  arf_init (end);
  if (direction > 0)
    arb_get_ubound_arf (end, x, 128);
  else
    arb_get_lbound_arf (end, x, 128);
  if (!arf_is_finite (end))
    text = strdup ("infinite");
  else
    {
      arf_get_fmpq (q, end);
      fmpq_mul (q, q, q);
      text = delta1_number_format_root (fmpq_numref (q), fmpq_denref (q), 6, direction);
    }
  fmpq_clear (q);
  arf_clear (end);
  return text;
}

static const char *
verdict (const answer_t *r)
{
  return r->property.holds == DELTA1_TRUE    ? "certified"
         : r->property.holds == DELTA1_FALSE ? "does not hold"
                                             : "not decided";
}

static void
print_number (const char *name, const arb_t x, int direction)
{
  char *text = end_text (x, direction);
  printf ("  %-8s %s\n", name, text == NULL ? "?" : text);
  free (text);
}

static void
print_answer (const problem_t *p, const answer_t *r, const delta1_reason_t *reason)
{
  const delta1_null_space_t *f = &r->property;
  printf ("%ld x %ld, null space property: %s (%s", (long)acb_mat_nrows (p->A),
          (long)acb_mat_ncols (p->A), verdict (r), methods[f->method]);
  if (f->sets > 0)
    printf (", %ld support set%s", (long)f->sets, f->sets == 1 ? "" : "s");
  printf (")\n");
  print_number ("rho", f->rho, 1);
  print_number ("gamma", f->gamma, 1);
  if (f->size > 0)
    {
      printf ("  %s {", f->column >= 0             ? "rho at  "
                        : f->holds == DELTA1_FALSE ? "kernel in"
                                                   : "not certainly "
                                                     "injective:");
      for (slong i = 0; i < f->size; i++)
        printf ("%s%ld", i == 0 ? "" : ", ", (long)f->support[i]);
      printf ("}");
      if (f->column >= 0)
        printf (", column %ld", (long)f->column);
      printf ("\n");
    }
  if (r->bound)
    {
      print_number ("C_1", r->accuracy.C_1, 1);
      print_number ("C_2", r->accuracy.C_2, 1);
      print_number ("lambda", r->accuracy.lambda, -1);
      printf ("  %-8s %ld\n", "p", (long)r->inner);
    }
  else if (reason->text[0] != '\0')
    printf ("  no bound: %s\n", reason->text);
}

static json_t *
json_end (const arb_t x, int direction)
{
  char *text = end_text (x, direction);
  json_t *made = text == NULL ? NULL : json_string (text);
  free (text);
  return made;
}

static delta1_status_t
write_json (const problem_t *p, const answer_t *r, const char *path, delta1_reason_t *reason)
{
  const delta1_null_space_t *f = &r->property;
  json_t *support = json_array ();
  for (slong i = 0; i < f->size; i++)
    json_array_append_new (support, json_integer (f->support[i]));
  json_t *made = json_pack (
      "{s:s, s:i, s:i, s:s, s:s, s:I, s:o, s:o, s:o, s:I}", "format", "delta1-nullspace", "rows",
      (int)acb_mat_nrows (p->A), "columns", (int)acb_mat_ncols (p->A), "property", verdict (r),
      "method", methods[f->method], "sets", (json_int_t)f->sets, "rho", json_end (f->rho, 1),
      "gamma", json_end (f->gamma, 1), "support", support, "column", (json_int_t)f->column);
  if (made != NULL && r->bound)
    {
      json_object_set_new (made, "C_1", json_end (r->accuracy.C_1, 1));
      json_object_set_new (made, "C_2", json_end (r->accuracy.C_2, 1));
      json_object_set_new (made, "lambda", json_end (r->accuracy.lambda, -1));
      json_object_set_new (made, "inner", json_integer (r->inner));
    }
  delta1_status_t status
      = made == NULL ? delta1_fail (reason, DELTA1_SYSTEM, "out of memory for the JSON document")
                     : delta1_document_write (made, path, reason);
  json_decref (made);
  return status;
}

static int
work (const arguments_t *a, problem_t *p, answer_t *r)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t reason = { "" };
  if (a->json != NULL)
    DELTA1_TRY (delta1_document_can_write (a->json, &reason));
  DELTA1_TRY (read_problem (p, a, &reason));
  DELTA1_TRY (answer (r, p, &a->options, &reason));
  print_answer (p, r, &reason);
  if (a->json != NULL)
    DELTA1_TRY (write_json (p, r, a->json, &reason));

cleanup:
  if (status != DELTA1_OK)
    return delta1_usage_error (COMMAND, "%s", reason.text);
  return r->property.holds == DELTA1_TRUE    ? DELTA1_EXIT_OK
         : r->property.holds == DELTA1_FALSE ? DELTA1_EXIT_REFUSED
                                             : DELTA1_EXIT_UNDECIDED;
}

int
delta1_command_nullspace (int argc, char **argv)
{
  arguments_t a = { .options = { .precision = 128 } };
  bool done = false;
  int code = read_arguments (&a, &done, argc, argv);
  if (done || code != DELTA1_EXIT_OK)
    return code;
  problem_t p = { .weights = _arb_vec_init (MAX_LEVELS) };
  answer_t r = { .bound = false };
  acb_mat_init (p.A, 0, 0);
  arb_init (p.eta);
  arb_init (p.lambda);
  arb_init (p.norm);
  delta1_null_space_init (&r.property);
  delta1_accuracy_init (&r.accuracy);
  code = work (&a, &p, &r);
  acb_mat_clear (p.A);
  _arb_vec_clear (p.weights, MAX_LEVELS);
  arb_clear (p.eta);
  arb_clear (p.lambda);
  arb_clear (p.norm);
  delta1_null_space_clear (&r.property);
  delta1_accuracy_clear (&r.accuracy);
  return code;
}
