/* delta1 table1: the published table, certified. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/published_table.h"
#include "programs/commands.h"
#include "programs/progress.h"
#include "programs/usage.h"
#include "src/document.h"
#include "trainers/learned.h"

#define COMMAND "table1"
#define MAX_VALUES 100

typedef struct
{
  slong digits[MAX_VALUES], samples[MAX_VALUES];
  slong digit_count, sample_count;
  const char *json;
  bool lista;
  slong seed;
} setting_t;

/* The rows, and the errors of the networks that were trained for them (NULL: none). */
typedef struct
{
  slong count;
  delta1_published_row_t *row;
  delta1_published_number_t *lista; /* ||phi(y) - x*||, phi trained on A_n */
} table_t;

/* The network of the experiment has 10 layers too; its training is longer (32000 steps of 1000). */
static const delta1_training_t training
    = { .layers = 10, .samples = 513, .epochs = 600, .batch = 64, .rate = 2, .last_rate = 8 };

static const char *const heads[DELTA1_PUBLISHED_VERSION_COUNT]
    = { "script", "intended", "valid steps" };

static int
help (void)
{
  printf (
      "usage: delta1 table1 [OPTION]...\n\n"
      "Reproduces Table 1 of Colbrook, Antun and Hansen (PNAS 119, 2022): the error of FIRENET "
      "and\n"
      "of a network that reproduces x_n, both made from A_n with ||A - A_n|| <= 2^-n, on an input\n"
      "whose solution K digits ask for. Every digit printed is proved: it is the exact value\n"
      "rounded to nearest. Three versions side by side:\n"
      "  script       the indices and steps of the published script (K = 1, 3, 6)\n"
      "  intended     the intended indices, the steps of the script\n"
      "  valid steps  the intended indices, tau = sigma = 0.999/||A_n||\n"
      "The condition tau sigma ||A_n||^2 <= 1 is checked in interval arithmetic.\n"
      "LISTA is trained for every row on data made from A_n, and stands beside ||x_n - x*||: what\n"
      "a network that reproduces x_n has.\n\n"
      "  --digits K         1 to %d; may be repeated; default 1, 3, 6\n"
      "  --samples n        1 to %d; may be repeated; default 10, 20, 30\n"
      "  --no-lista         train no network\n"
      "  --seed S           of the training; default 0\n"
      "  --json FILE        write everything as JSON\n"
      "  -h, --help         this text\n",
      DELTA1_PUBLISHED_MAX_DIGITS, DELTA1_PUBLISHED_MAX_SAMPLES);
  return DELTA1_EXIT_OK;
}

enum
{
  OPT_DIGITS = 256,
  OPT_SAMPLES,
  OPT_NO_LISTA,
  OPT_SEED,
  OPT_JSON
};

static bool
add_value (slong *values, slong *count, const char *option, const char *text, slong largest)
{
  if (*count == MAX_VALUES)
    {
      (void)delta1_usage_error (COMMAND, "%s %.60s: at most %d values", option, text, MAX_VALUES);
      return false;
    }
  return delta1_usage_integer (values + (*count)++, COMMAND, option, text, 1, largest);
}

/* *done: --help was printed. */
static int
read_arguments (setting_t *s, bool *done, int argc, char **argv)
{
  static const struct option options[] = { { "digits", required_argument, NULL, OPT_DIGITS },
                                           { "samples", required_argument, NULL, OPT_SAMPLES },
                                           { "no-lista", no_argument, NULL, OPT_NO_LISTA },
                                           { "seed", required_argument, NULL, OPT_SEED },
                                           { "json", required_argument, NULL, OPT_JSON },
                                           { "help", no_argument, NULL, 'h' },
                                           { NULL, 0, NULL, 0 } };
  static const slong digits[] = { 1, 3, 6 }, samples[] = { 10, 20, 30 };
  int option;
  opterr = 0;
  optind = 0;
  while ((option = getopt_long (argc, argv, ":h", options, NULL)) != -1)
    {
      bool right = true;
      switch (option)
        {
        case 'h':
          *done = true;
          return help ();
        case OPT_DIGITS:
          right = add_value (s->digits, &s->digit_count, "--digits", optarg,
                             DELTA1_PUBLISHED_MAX_DIGITS);
          break;
        case OPT_SAMPLES:
          right = add_value (s->samples, &s->sample_count, "--samples", optarg,
                             DELTA1_PUBLISHED_MAX_SAMPLES);
          break;
        case OPT_NO_LISTA:
          s->lista = false;
          break;
        case OPT_SEED:
          right = delta1_usage_integer (&s->seed, COMMAND, "--seed", optarg, 0, WORD_MAX);
          break;
        case OPT_JSON:
          s->json = optarg;
          break;
        default:
          return delta1_usage_getopt (COMMAND, option, argv);
        }
      if (!right)
        return DELTA1_EXIT_USAGE;
    }
  if (optind < argc)
    return delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  if (s->digit_count == 0)
    {
      memcpy (s->digits, digits, sizeof digits);
      s->digit_count = 3;
    }
  if (s->sample_count == 0)
    {
      memcpy (s->samples, samples, sizeof samples);
      s->sample_count = 3;
    }
  return DELTA1_EXIT_OK;
}

/* --- the text --------------------------------------------------------------------------------- */

static const char *
truth_word (delta1_truth_t truth)
{
  return truth == DELTA1_TRUE ? "holds" : truth == DELTA1_FALSE ? "violated" : "not decided";
}

/* What stands for a cell that was not run. */
static const char *
absent (const delta1_published_cell_t *cell)
{
  return cell->kind == DELTA1_PUBLISHED_NO_ENTRY ? "-" : "no steps";
}

static void
print_errors (const table_t *table, bool figures)
{
  const delta1_published_row_t *rows = table->row;
  const delta1_published_number_t *lista = table->lista;
  printf ("%3s %5s", "K", "n");
  for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
    printf ("  %18s", heads[v]);
  if (lista != NULL)
    printf ("  %18s", "LISTA");
  printf ("  %18s\n", "||x_n - x*||");
  for (slong r = 0; r < table->count; r++)
    {
      printf ("%3ld %5ld", (long)rows[r].digits, (long)rows[r].samples);
      for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
        {
          const delta1_published_cell_t *cell = rows[r].cell + v;
          printf ("  %18s", cell->kind != DELTA1_PUBLISHED_RUN ? absent (cell)
                            : figures                          ? cell->error.figures
                                                               : cell->error.fixed);
        }
      if (lista != NULL)
        printf ("  %18s", figures ? lista[r].figures : lista[r].fixed);
      printf ("  %18s\n", figures ? rows[r].distance.figures : rows[r].distance.fixed);
    }
}

static void
print_double (const delta1_published_row_t *rows, slong count)
{
  printf ("%3s %5s", "K", "n");
  for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
    printf ("  %18s", heads[v]);
  printf ("\n");
  for (slong r = 0; r < count; r++)
    {
      int decimals = rows[r].digits > 6 ? (int)rows[r].digits + 1 : 7;
      printf ("%3ld %5ld", (long)rows[r].digits, (long)rows[r].samples);
      for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
        {
          const delta1_published_cell_t *cell = rows[r].cell + v;
          if (cell->kind != DELTA1_PUBLISHED_RUN || !isfinite (cell->rounded))
            printf ("  %18s", cell->kind != DELTA1_PUBLISHED_RUN ? absent (cell) : "no result");
          else
            printf ("  %18.*f", decimals, cell->rounded);
        }
      printf ("\n");
    }
}

static void
print_conditions (const delta1_published_row_t *rows, slong count)
{
  printf ("%3s %5s", "K", "n");
  for (int v = DELTA1_PUBLISHED_INDICES; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
    printf ("  %24s", v == DELTA1_PUBLISHED_INDICES ? "script and intended" : heads[v]);
  printf ("\n");
  for (slong r = 0; r < count; r++)
    {
      printf ("%3ld %5ld", (long)rows[r].digits, (long)rows[r].samples);
      for (int v = DELTA1_PUBLISHED_INDICES; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
        {
          const delta1_published_cell_t *cell = rows[r].cell + v;
          char *text = arb_get_str (cell->product, 8, ARB_STR_NO_RADIUS);
          printf ("  %15s %s", text,
                  cell->kind == DELTA1_PUBLISHED_RUN ? truth_word (cell->condition)
                                                     : absent (cell));
          flint_free (text);
        }
      printf ("\n");
    }
}

/* Whether the condition is violated in a run whose rounding errors show: more than 1e-9 relative.
 */
static bool
amplified (const delta1_published_row_t *rows, slong count)
{
  for (slong r = 0; r < count; r++)
    for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
      {
        const delta1_published_cell_t *cell = rows[r].cell + v;
        if (cell->kind != DELTA1_PUBLISHED_RUN || cell->condition != DELTA1_FALSE)
          continue;
        double exact = arf_get_d (arb_midref (cell->error.value), ARF_RND_NEAR);
        if (fabs (cell->rounded - exact) > 1e-9 * exact)
          return true;
      }
  return false;
}

/* How near each trained network comes to x_n; not proved, a comparison of two proved columns. */
static void
print_lista (const table_t *table)
{
  printf (
      "\nLISTA: %ld layers, %ld epochs of Adam on %ld pairs (y, x), x = x_n + up to 5 normally\n"
      "distributed entries, y = A_n x. Its error less ||x_n - x*||, relative to ||x_n - x*||:\n\n",
      (long)training.layers, (long)training.epochs, (long)training.samples);
  arb_t difference;
  arb_init (difference);
  for (slong r = 0; r < table->count; r++)
    {
      arb_srcptr distance = table->row[r].distance.value;
      arb_sub (difference, table->lista[r].value, distance, 128);
      arb_div (difference, difference, distance, 128);
      printf ("%3ld %5ld  %18.2e\n", (long)table->row[r].digits, (long)table->row[r].samples,
              arf_get_d (arb_midref (difference), ARF_RND_NEAR));
    }
  arb_clear (difference);
}

static void
print_table (const table_t *table)
{
  const delta1_published_row_t *rows = table->row;
  slong count = table->count;
  printf ("srlasso, lambda = 1, A 21 x 22; FIRENET: 30 restarts of p = 50, delta = 1e-6.\n"
          "Error of the network of A_n on A, ||A - A_n|| <= 2^-n. Every digit is proved.\n\n");
  print_errors (table, false);
  printf ("\nThe same to %ld digits.\n\n", (long)delta1_published_defaults.significant);
  print_errors (table, true);
  if (table->lista != NULL)
    print_lista (table);
  printf ("\ntau sigma ||A_n||^2, which must be at most 1.\n\n");
  print_conditions (rows, count);
  printf ("\nThe same networks run in double precision (nothing is proved).\n\n");
  print_double (rows, count);
  if (amplified (rows, count))
    printf (
        "\nWith steps that violate the condition rounding errors are amplified, and a double run\n"
        "depends on the order of its operations: for K = 1 in the seventh decimal. (The published\n"
        "script prints 0.2597826, 0.2598050, 0.2598050 for K = 1, n = 10, 20, 30.)\n");
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *
json_ball (const arb_t x, slong digits)
{
  char *text = arb_get_str (x, digits, 0);
  json_t *made = json_string (text);
  flint_free (text);
  return made;
}

static json_t *
json_number (const delta1_published_number_t *number)
{
  return json_pack ("{s:s, s:s, s:o}", "decimal", number->fixed, "digits", number->figures,
                    "enclosure", json_ball (number->value, 30));
}

static json_t *
json_cell (const delta1_published_cell_t *cell, int version)
{
  const char *name = delta1_published_version_name ((delta1_published_version_t)version);
  if (cell->kind != DELTA1_PUBLISHED_RUN)
    return json_pack ("{s:s, s:s}", "version", name, "absent",
                      cell->kind == DELTA1_PUBLISHED_NO_ENTRY ? "K is not in the script"
                                                              : "the steps are not positive");
  return json_pack ("{s:s, s:o, s:I, s:o, s:s, s:o}", "version", name, "error",
                    json_number (&cell->error), "bits", (json_int_t)cell->precision, "product",
                    json_ball (cell->product, 15), "condition", truth_word (cell->condition),
                    "double", isfinite (cell->rounded) ? json_real (cell->rounded) : json_null ());
}

static delta1_status_t
write_json (const table_t *table, const char *path, delta1_reason_t *reason)
{
  const delta1_published_row_t *rows = table->row;
  slong count = table->count;
  json_t *list = json_array ();
  for (slong r = 0; r < count; r++)
    {
      json_t *cells = json_array ();
      for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
        (void)json_array_append_new (cells, json_cell (rows[r].cell + v, v));
      json_t *row = json_pack ("{s:I, s:I, s:o, s:s, s:o}", "K", (json_int_t)rows[r].digits, "n",
                               (json_int_t)rows[r].samples, "matrix_distance",
                               json_ball (rows[r].matrices, 15), "matrix_distance_at_most_2^-n",
                               truth_word (rows[r].close), "firenet", cells);
      if (row != NULL)
        (void)json_object_set_new (row, "x_n_distance", json_number (&rows[r].distance));
      if (row != NULL && table->lista != NULL)
        (void)json_object_set_new (row, "lista", json_number (table->lista + r));
      (void)json_array_append_new (list, row);
    }
  json_t *document = json_pack ("{s:s, s:o}", "table", "published Table 1", "rows", list);
  delta1_status_t status
      = document == NULL || json_array_size (list) != (size_t)count
            ? delta1_fail (reason, DELTA1_SYSTEM, "out of memory for the JSON document")
            : delta1_document_write (document, path, reason);
  json_decref (document);
  return status;
}

static void
set_doubles (double *v, arb_srcptr x, slong count)
{
  for (slong i = 0; i < count; i++)
    v[i] = arf_get_d (arb_midref (x + i), ARF_RND_NEAR);
}

/* LISTA as in the experiment: the network may know A_n, y and x_n (to double precision here). */
static delta1_status_t
train_lista (delta1_published_number_t *error, slong K, slong n, slong seed,
             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  double A[DELTA1_PUBLISHED_ROWS * DELTA1_PUBLISHED_COLUMNS];
  double y[DELTA1_PUBLISHED_ROWS], x[DELTA1_PUBLISHED_COLUMNS];
  delta1_lesson_t lesson = { .problem = DELTA1_SRLASSO,
                             .shape = { DELTA1_PUBLISHED_ROWS, DELTA1_PUBLISHED_COLUMNS, 1 },
                             .parameter = 1,
                             .A = A,
                             .Y = y,
                             .X = x };
  delta1_published_problem_t problem;
  delta1_network_t *network = NULL;

  delta1_published_problem_init (&problem);
  DELTA1_TRY (delta1_published_problem_set (&problem, K, n, DELTA1_PUBLISHED_STEPS, 128, reason));
  set_doubles (A, problem.read, DELTA1_PUBLISHED_ROWS * DELTA1_PUBLISHED_COLUMNS);
  set_doubles (y, problem.y, DELTA1_PUBLISHED_ROWS);
  set_doubles (x, problem.x_read, DELTA1_PUBLISHED_COLUMNS);
  DELTA1_TRY (delta1_learned_create (&network, delta1_lista_architecture, &lesson, &training,
                                     (uint64_t)seed, NULL, reason));
  DELTA1_TRY (
      delta1_published_judge_network (error, network, K, n, &delta1_published_defaults, reason));

cleanup:
  delta1_network_free (network);
  delta1_published_problem_clear (&problem);
  return status;
}

static delta1_status_t
make_table (table_t *table, const setting_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_progress_t progress;
  delta1_progress_begin (&progress);
  for (slong r = 0; r < table->count; r++)
    {
      slong K = s->digits[r / s->sample_count], n = s->samples[r % s->sample_count];
      delta1_progress_show (&progress, r, table->count, "K = %ld, n = %ld", (long)K, (long)n);
      DELTA1_TRY (delta1_published_row (table->row + r, K, n, &delta1_published_defaults, reason));
      if (table->lista != NULL)
        DELTA1_TRY (train_lista (table->lista + r, K, n, s->seed, reason));
    }
  delta1_progress_end (&progress);
  print_table (table);
  if (s->json != NULL)
    DELTA1_TRY (write_json (table, s->json, reason));

cleanup:
  delta1_progress_end (&progress);
  return status;
}

static bool
table_init (table_t *table, const setting_t *s)
{
  slong count = s->digit_count * s->sample_count;
  *table = (table_t){ .row = calloc ((size_t)count, sizeof *table->row) };
  if (s->lista)
    table->lista = calloc ((size_t)count, sizeof *table->lista);
  if (table->row == NULL || (s->lista && table->lista == NULL))
    return false;
  table->count = count;
  for (slong r = 0; r < count; r++)
    {
      delta1_published_row_init (table->row + r);
      if (s->lista)
        delta1_published_number_init (table->lista + r);
    }
  return true;
}

static void
table_clear (table_t *table)
{
  for (slong r = 0; r < table->count; r++)
    {
      delta1_published_row_clear (table->row + r);
      if (table->lista != NULL)
        delta1_published_number_clear (table->lista + r);
    }
  free (table->row);
  free (table->lista);
}

int
delta1_command_table1 (int argc, char **argv)
{
  setting_t setting = { .lista = true };
  delta1_reason_t reason;
  bool done = false;
  int code = read_arguments (&setting, &done, argc, argv);
  if (code != DELTA1_EXIT_OK || done)
    return code;
  table_t table;
  delta1_status_t status = DELTA1_SYSTEM;
  if (table_init (&table, &setting))
    status = make_table (&table, &setting, &reason);
  else
    (void)delta1_fail (&reason, status, "no memory for the table");
  table_clear (&table);
  if (status == DELTA1_OK)
    return DELTA1_EXIT_OK;
  (void)delta1_usage_error (COMMAND, "%s", reason.text);
  return status == DELTA1_UNDECIDED ? DELTA1_EXIT_UNDECIDED : DELTA1_EXIT_USAGE;
}
