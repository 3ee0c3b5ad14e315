/* delta1 convergence: exponential convergence of FIRENET, with every constant certified. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/convergence.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/file.h"
#include "src/number.h"
#include "src/plot.h"

#define COMMAND "convergence"
#define MAX_SERIES 8 /* the sparsities of order 256 */
#define MAX_DIGITS 100

typedef struct
{
  delta1_convergence_setting_t setting;
  slong sparsities[MAX_SERIES], count;
  slong digits;
  const char *certificate, *csv, *picture;
} arguments_t;

/* What is needed for 10^-k, k = 1 .. digits. */
typedef struct
{
  slong restarts, layers;
  double delta;
} need_t;

typedef struct
{
  slong count;
  delta1_convergence_t run[MAX_SERIES];
  need_t *need[MAX_SERIES];
} results_t;

static int
help (void)
{
  printf (
      "usage: delta1 convergence [OPTION]...\n\n"
      "Exponential convergence of FIRENET (mathematics.md, Theorem 6.3) where every constant is\n"
      "certified: on A = [I, H/sqrt(n)], H the n x n Hadamard matrix, with truths x of s non-zero\n"
      "entries and data y = Ax + e, 2 ||e|| <= delta. Prints for every restart the error\n"
      "||phi_k(y) - x||, enclosed in balls, beside its bound; then the restarts and layers that "
      "an\n"
      "accuracy of 10^-k takes, k = 1, 2, ..., for data whose delta leaves room for it.\n\n"
      "  -s, --sparsity S     s; may be repeated; default: all for which the null space property\n"
      "                       is certified, below (1 + sqrt(n))/2: 1, 2, 3, 4 for n = 64\n"
      "  --order N             n: 4, 16, 64 or 256; default 64\n"
      "  --restarts K          the last k; 1 to %d; default 15\n"
      "  --delta D             0 < D <= 1; default 1e-5\n"
      "  --precision B         bits of the enclosures, 64 to %d; default 160\n"
      "  --seed S              of truth and noise; default 0\n"
      "  --digits K            the last row of the table of layers; 1 to %d; default 15\n"
      "  --certificate P       write P-s1.json, P-s2.json, ...: delta1 verify recomputes them\n"
      "  --csv FILE            write both tables\n"
      "  -o, --output PREFIX  draw PREFIX-error and PREFIX-layers (.png, .svg, .dat, .gp)\n"
      "  -h, --help           this text\n\n"
      "Exit codes: 0 done; 1 a bound was violated; 2 not decided at this precision; 3 wrong "
      "usage.\n",
      DELTA1_CONVERGENCE_MAX_RESTARTS, DELTA1_CONVERGENCE_MAX_PRECISION, MAX_DIGITS);
  return DELTA1_EXIT_OK;
}

enum
{
  OPT_ORDER = 256,
  OPT_RESTARTS,
  OPT_DELTA,
  OPT_PRECISION,
  OPT_SEED,
  OPT_DIGITS,
  OPT_CERTIFICATE,
  OPT_CSV
};

/* --- arguments -------------------------------------------------------------------------------- */

static bool
add_sparsity (arguments_t *a, const char *text)
{
  slong value;
  if (!delta1_usage_integer (&value, COMMAND, "--sparsity", text, 1, MAX_SERIES))
    return false;
  for (slong i = 0; i < a->count; i++)
    if (a->sparsities[i] == value)
      return true;
  a->sparsities[a->count++] = value;
  return true;
}

static bool
read_delta (arguments_t *a, const char *text)
{
  delta1_reason_t reason;
  const char *exponent = strpbrk (text, "eEpP");
  bool large = exponent != NULL && labs (atol (exponent + 1)) > 9999;
  if (large || delta1_number_parse (a->setting.delta, text, &reason) != DELTA1_OK
      || fmpq_sgn (a->setting.delta) <= 0 || fmpq_cmp_si (a->setting.delta, 1) > 0)
    {
      (void)delta1_usage_error (COMMAND, "--delta %.60s: allowed: exact numbers in (0, 1]", text);
      return false;
    }
  return true;
}

static bool
take_option (void *context, int option, const char *text)
{
  arguments_t *a = context;
  delta1_convergence_setting_t *s = &a->setting;
  switch (option)
    {
    case 's':
      return add_sparsity (a, text);
    case OPT_ORDER:
      return delta1_usage_integer (&s->order, COMMAND, "--order", text, 4,
                                   DELTA1_CONVERGENCE_MAX_ORDER);
    case OPT_RESTARTS:
      return delta1_usage_integer (&s->restarts, COMMAND, "--restarts", text, 1,
                                   DELTA1_CONVERGENCE_MAX_RESTARTS);
    case OPT_DELTA:
      return read_delta (a, text);
    case OPT_PRECISION:
      return delta1_usage_integer (&s->precision, COMMAND, "--precision", text, 64,
                                   DELTA1_CONVERGENCE_MAX_PRECISION);
    case OPT_SEED:
      return delta1_usage_integer (&s->seed, COMMAND, "--seed", text, 0, WORD_MAX);
    case OPT_DIGITS:
      return delta1_usage_integer (&a->digits, COMMAND, "--digits", text, 1, MAX_DIGITS);
    case OPT_CERTIFICATE:
      a->certificate = text;
      return true;
    case OPT_CSV:
      a->csv = text;
      return true;
    default:
      a->picture = text;
      return true;
    }
}

static int
read_arguments (arguments_t *a, bool *done, int argc, char **argv)
{
  static const struct option options[]
      = { { "sparsity", required_argument, NULL, 's' },
          { "order", required_argument, NULL, OPT_ORDER },
          { "restarts", required_argument, NULL, OPT_RESTARTS },
          { "delta", required_argument, NULL, OPT_DELTA },
          { "precision", required_argument, NULL, OPT_PRECISION },
          { "seed", required_argument, NULL, OPT_SEED },
          { "digits", required_argument, NULL, OPT_DIGITS },
          { "certificate", required_argument, NULL, OPT_CERTIFICATE },
          { "csv", required_argument, NULL, OPT_CSV },
          { "output", required_argument, NULL, 'o' },
          { "help", no_argument, NULL, 'h' },
          { NULL, 0, NULL, 0 } };
  static const delta1_usage_table_t table = {
    .command = COMMAND, .brief = ":s:o:h", .options = options, .help = help, .take = take_option
  };
  int code = delta1_usage_read (&table, a, done, argc, argv);
  if (code != DELTA1_EXIT_OK || *done)
    return code;
  if (optind < argc)
    return delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  if (a->count == 0)
    for (slong s = 1; s < MAX_SERIES + 1 && 4 * s * s <= a->setting.order; s++)
      a->sparsities[a->count++] = s;
  return DELTA1_EXIT_OK;
}

/* --- the text --------------------------------------------------------------------------------- */

/* Four figures, rounded outward: a bound stays a bound. */
static void
print_bound (const arb_t x, int direction, int width)
{
  fmpq_t q;
  fmpq_init (q);
  arf_get_fmpq (q, arb_midref (x));
  fmpq_mul (q, q, q);
  char *text = delta1_number_format_root (fmpq_numref (q), fmpq_denref (q), 4, direction);
  printf ("%*s", width, text == NULL ? "?" : text);
  free (text);
  fmpq_clear (q);
}

static double
middle (const arb_t x)
{
  return arf_get_d (arb_midref (x), ARF_RND_NEAR);
}

static void
print_run (const delta1_convergence_t *c)
{
  printf ("\ns = %ld: rho = %.6g, gamma = %.6g by coherence, C_1 = %.6g, C_2 = %.6g, lambda = "
          "%.6g,\np = %ld inner steps\n\n",
          (long)c->setting.sparsity, middle (c->property.rho), middle (c->property.gamma),
          middle (c->accuracy.C_1), middle (c->accuracy.C_2), middle (c->accuracy.lambda),
          (long)c->inner);
  printf ("%4s %8s  %12s  %12s  %s\n", "k", "layers", "error <=", "bound", "error / error before");
  for (slong k = 0; k <= c->setting.restarts; k++)
    {
      printf ("%4ld %8ld", (long)k, (long)(k == 0 ? 0 : 3 * k * c->inner + 1));
      print_bound (c->high + k, 1, 14);
      print_bound (c->bound + k, 1, 14);
      if (k > 0)
        printf ("  %.4f", middle (c->high + k) / middle (c->high + k - 1));
      printf ("\n");
    }
}

static void
print_needs (const results_t *r, slong digits)
{
  printf ("\nLayers that are enough for 10^-k, of data with 2 ||Ax - y|| <= delta:\n\n%4s", "k");
  for (slong i = 0; i < r->count; i++)
    printf ("  s = %ld:%8s %5s %7s", (long)r->run[i].setting.sparsity, "delta", "n", "layers");
  printf ("\n");
  for (slong k = 1; k <= digits; k++)
    {
      printf ("%4ld", (long)k);
      for (slong i = 0; i < r->count; i++)
        {
          const need_t *need = r->need[i] + k - 1;
          printf ("  %14.3e %5ld %7ld", need->delta, (long)need->restarts, (long)need->layers);
        }
      printf ("\n");
    }
}

static delta1_status_t
write_csv (const results_t *r, slong digits, const char *path, delta1_reason_t *reason)
{
  delta1_file_t file = { .stream = NULL };
  delta1_status_t status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  (void)fprintf (file.stream, "table,s,k,layers,error,bound,delta,restarts\n");
  for (slong i = 0; i < r->count; i++)
    {
      const delta1_convergence_t *c = r->run + i;
      for (slong k = 0; k <= c->setting.restarts; k++)
        (void)fprintf (file.stream, "error,%ld,%ld,%ld,%.17g,%.17g,,%ld\n",
                       (long)c->setting.sparsity, (long)k,
                       (long)(k == 0 ? 0 : 3 * k * c->inner + 1), middle (c->high + k),
                       middle (c->bound + k), (long)k);
      for (slong k = 1; k <= digits; k++)
        (void)fprintf (file.stream, "layers,%ld,%ld,%ld,,,%.17g,%ld\n", (long)c->setting.sparsity,
                       (long)k, (long)r->need[i][k - 1].layers, r->need[i][k - 1].delta,
                       (long)r->need[i][k - 1].restarts);
    }
  return delta1_file_close (&file, true, reason);
}

static delta1_status_t
write_certificates (const results_t *r, const char *prefix, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  for (slong i = 0; i < r->count && status == DELTA1_OK; i++)
    {
      json_t *document = NULL;
      char *path = NULL;
      status = delta1_convergence_write (&document, r->run + i, reason);
      if (status == DELTA1_OK
          && asprintf (&path, "%s-s%ld.json", prefix, (long)r->run[i].setting.sparsity) < 0)
        {
          path = NULL;
          status = delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a path");
        }
      if (status == DELTA1_OK)
        status = delta1_document_write (document, path, reason);
      free (path);
      json_decref (document);
    }
  return status;
}

/* --- the pictures ----------------------------------------------------------------------------- */

static delta1_status_t
draw (const delta1_plot_t *plot, const char *prefix, const char *name, delta1_reason_t *reason)
{
  char *path;
  bool drawn;
  if (asprintf (&path, "%s-%s", prefix, name) < 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a path");
  delta1_status_t status = delta1_plot_write (&drawn, plot, path, reason);
  if (status == DELTA1_OK && !drawn)
    printf ("%s\n", reason->text);
  free (path);
  return status;
}

static delta1_status_t
draw_errors (const results_t *r, const char *prefix, delta1_reason_t *reason)
{
  slong rows = r->run[0].setting.restarts + 1;
  double *x = calloc ((size_t)(rows * (2 * r->count + 1)), sizeof *x), *y = x + rows;
  delta1_plot_series_t series[2 * MAX_SERIES];
  char titles[2 * MAX_SERIES][64];
  if (x == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a picture");
  for (slong k = 0; k < rows; k++)
    x[k] = (double)k;
  for (slong i = 0; i < 2 * r->count; i++)
    {
      /* errors first, then bounds */
      const delta1_convergence_t *c = r->run + i % r->count;
      bool error = i < r->count;
      for (slong k = 0; k < rows; k++)
        y[i * rows + k] = middle ((error ? c->high : c->bound) + k);
      (void)snprintf (titles[i], sizeof titles[i], "%s, s = %ld, p = %ld",
                      error ? "error" : "bound", (long)c->setting.sparsity, (long)c->inner);
      series[i]
          = (delta1_plot_series_t){ .title = titles[i],
                                    .style = error ? DELTA1_PLOT_LINES_POINTS : DELTA1_PLOT_LINES,
                                    .count = rows,
                                    .x = x,
                                    .y = y + i * rows };
    }
  char *delta = delta1_number_format (r->run[0].setting.delta), title[160];
  (void)snprintf (title, sizeof title,
                  "Certified errors and the bound of Theorem 6.3, [I, H/%g], delta = %.30s",
                  sqrt ((double)r->run[0].setting.order), delta == NULL ? "" : delta);
  delta1_plot_t plot
      = { .title = title,
          .x = { .label = "k: restarts" },
          .y = { .label = "distance to the truth", .logarithmic = true, .least = 1e-300 },
          .count = 2 * r->count,
          .series = series };
  delta1_status_t status = draw (&plot, prefix, "error", reason);
  free (delta);
  free (x);
  return status;
}

static delta1_status_t
draw_needs (const results_t *r, slong digits, const char *prefix, delta1_reason_t *reason)
{
  double *x = calloc ((size_t)(digits * (r->count + 1)), sizeof *x), *y = x + digits;
  delta1_plot_series_t series[MAX_SERIES];
  char titles[MAX_SERIES][64];
  if (x == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a picture");
  for (slong k = 0; k < digits; k++)
    x[k] = (double)(k + 1);
  for (slong i = 0; i < r->count; i++)
    {
      for (slong k = 0; k < digits; k++)
        y[i * digits + k] = (double)r->need[i][k].layers;
      (void)snprintf (titles[i], sizeof titles[i], "s = %ld, p = %ld",
                      (long)r->run[i].setting.sparsity, (long)r->run[i].inner);
      series[i] = (delta1_plot_series_t){ .title = titles[i],
                                          .style = DELTA1_PLOT_LINES_POINTS,
                                          .count = digits,
                                          .x = x,
                                          .y = y + i * digits };
    }
  delta1_plot_t plot = { .title = "Layers that are proved to be enough for an accuracy of 10⁻ᵏ",
                         .x = { .label = "k: digits" },
                         .y = { .label = "layers" },
                         .count = r->count,
                         .series = series };
  delta1_status_t status = draw (&plot, prefix, "layers", reason);
  free (x);
  return status;
}

/* --- all of it -------------------------------------------------------------------------------- */

static delta1_status_t
find_needs (need_t **need, const delta1_convergence_t *c, slong digits, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t delta;
  *need = calloc ((size_t)digits, sizeof **need);
  if (*need == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a table");
  arb_init (delta);
  for (slong k = 0; k < digits && status == DELTA1_OK; k++)
    {
      status = delta1_convergence_layers (delta, &(*need)[k].restarts, &(*need)[k].layers, c, k + 1,
                                          reason);
      (*need)[k].delta = middle (delta);
    }
  arb_clear (delta);
  return status;
}

static delta1_status_t
work (results_t *r, arguments_t *a, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  if (a->csv != NULL)
    DELTA1_TRY (delta1_file_can_write (a->csv, reason));
  for (slong i = 0; i < a->count; i++)
    {
      a->setting.sparsity = a->sparsities[i];
      DELTA1_TRY (delta1_convergence_run (r->run + i, &a->setting, reason));
      DELTA1_TRY (find_needs (r->need + i, r->run + i, a->digits, reason));
      r->count = i + 1;
    }
  if (a->certificate != NULL)
    DELTA1_TRY (write_certificates (r, a->certificate, reason));
  if (a->csv != NULL)
    DELTA1_TRY (write_csv (r, a->digits, a->csv, reason));
  printf ("FIRENET on [I, H/%g], %ld x %ld: ||phi_k(y) - x|| <= bound, every constant certified.\n",
          sqrt ((double)a->setting.order), (long)a->setting.order, 2 * (long)a->setting.order);
  for (slong i = 0; i < r->count; i++)
    print_run (r->run + i);
  print_needs (r, a->digits);
  if (a->picture != NULL)
    {
      DELTA1_TRY (draw_errors (r, a->picture, reason));
      DELTA1_TRY (draw_needs (r, a->digits, a->picture, reason));
    }

cleanup:
  return status;
}

static int
exit_code (delta1_status_t status, const delta1_reason_t *reason)
{
  if (status == DELTA1_OK)
    return DELTA1_EXIT_OK;
  (void)delta1_usage_error (COMMAND, "%s", reason->text);
  return status == DELTA1_FAILED      ? DELTA1_EXIT_REFUSED
         : status == DELTA1_UNDECIDED ? DELTA1_EXIT_UNDECIDED
                                      : DELTA1_EXIT_USAGE;
}

int
delta1_command_convergence (int argc, char **argv)
{
  arguments_t a = { .digits = 15 };
  delta1_reason_t reason;
  bool done = false;
  delta1_convergence_setting_init (&a.setting);
  int code = read_arguments (&a, &done, argc, argv);
  if (!done && code == DELTA1_EXIT_OK)
    {
      results_t *r = calloc (1, sizeof *r);
      if (r == NULL)
        code = delta1_usage_error (COMMAND, "out of memory");
      else
        {
          for (slong i = 0; i < MAX_SERIES; i++)
            delta1_convergence_init (r->run + i);
          code = exit_code (work (r, &a, &reason), &reason);
          for (slong i = 0; i < MAX_SERIES; i++)
            {
              delta1_convergence_clear (r->run + i);
              free (r->need[i]);
            }
          free (r);
        }
    }
  delta1_convergence_setting_clear (&a.setting);
  return code;
}
