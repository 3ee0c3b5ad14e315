/* delta1 solvers: what solvers answer near a tie, and what they say of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/solver_certificate.h"
#include "programs/certificates.h"
#include "programs/commands.h"
#include "programs/progress.h"
#include "programs/solver_report.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/file.h"
#include "trainers/adapters.h"
#include "trainers/trainer.h"

#define COMMAND "solvers"
#define MAX_PROGRAMS 64
#define DEFAULT_TIMEOUT 20.0
#define NOT_INSTALLED "not installed: "
#define DOES_NOT_ATTEMPT "does not attempt: "

typedef struct
{
  bool family[DELTA1_SOLVER_FAMILY_COUNT];
  slong from, to;
  double timeout;
  const char *csv, *json, *plot, *certificates;
  bool default_set; /* no --trainer was given */
  bool no_adapters; /* they were looked for and are not there */
  slong programs;
  delta1_algorithm_t *program[MAX_PROGRAMS];
} setting_t;

static int
help (void)
{
  printf (
      "usage: delta1 solvers [OPTION]...\n\n"
      "Plays solvers on two problems whose columns differ by 2^-k (mathematics.md, end of Section "
      "3): the\n"
      "certified error of each answer beside the solver's own status word, for both column orders. "
      "The\n"
      "input is exact, the oracle rounds to nearest, and the minimiser is known over Q.\n\n"
      "  --family F         lp, lasso, all (default)\n"
      "  --from K, --to K   the exponents k; default 1 to 60\n"
      "  --trainer NAME[:option=value,...]   a built-in solver (delta1 trainers), or 'separate', "
      "the\n"
      "                     theorem's algorithm for these problems; may be repeated; default: "
      "separate,\n"
      "                     simplex and homotopy, and every external solver that is installed\n"
      "  --exec COMMAND     any program, by the protocol of doc/protocol.md; may be repeated; the\n"
      "                     default ones stay unless --trainer names some or is 'none'\n"
      "  --timeout S        seconds of wall time of one run; default 20\n"
      "  --csv FILE         write every run as CSV\n"
      "  --json FILE        write every run as JSON\n"
      "  --certificates DIR write a certificate of every answer (doc/certificate-solver.md); DIR "
      "is "
      "made\n"
      "                     if it does not exist\n"
      "  --plot PREFIX      draw error against k: PREFIX-lp.svg, .png, .dat, .gp; who is right: "
      "PREFIX-\n"
      "                     lp-verdicts; the same for lasso\n"
      "  -h, --help         this text\n\n"
      "Right: error at most 1e-%d, decided exactly. Support: the entries above 1e-%d in absolute "
      "value are\n"
      "those of the minimiser. 'to k': up to which every smaller k is right. Errors are rounded "
      "up.\n"
      "Every run of an external solver starts a process: about a minute per solver and family "
      "where one\n"
      "start takes half a second.\n",
      DELTA1_SOLVER_DIGITS, DELTA1_SOLVER_DIGITS);
  return DELTA1_EXIT_OK;
}

/* --- arguments -------------------------------------------------------------------------------- */

enum
{
  OPT_FAMILY = 256,
  OPT_FROM,
  OPT_TO,
  OPT_TRAINER,
  OPT_EXEC,
  OPT_TIMEOUT,
  OPT_CSV,
  OPT_JSON,
  OPT_PLOT,
  OPT_CERTIFICATES
};

static const struct option options[]
    = { { "family", required_argument, NULL, OPT_FAMILY },
        { "from", required_argument, NULL, OPT_FROM },
        { "to", required_argument, NULL, OPT_TO },
        { "trainer", required_argument, NULL, OPT_TRAINER },
        { "exec", required_argument, NULL, OPT_EXEC },
        { "timeout", required_argument, NULL, OPT_TIMEOUT },
        { "csv", required_argument, NULL, OPT_CSV },
        { "json", required_argument, NULL, OPT_JSON },
        { "plot", required_argument, NULL, OPT_PLOT },
        { "certificates", required_argument, NULL, OPT_CERTIFICATES },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };

static bool
add_program (setting_t *s, const char *option, const char *text)
{
  delta1_reason_t reason;
  delta1_status_t status;
  if (s->programs == MAX_PROGRAMS)
    {
      (void)delta1_usage_error (COMMAND, "%s %.60s: at most %d solvers", option, text,
                                MAX_PROGRAMS);
      return false;
    }
  delta1_algorithm_t **made = &s->program[s->programs];
  if (strcmp (option, "--exec") == 0)
    status = delta1_trainer_create_process (made, text, &reason);
  else if (strcmp (text, "separate") == 0)
    status = delta1_solver_create_separate (made, &reason);
  else
    status = delta1_trainer_parse (made, text, &reason);
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s %.200s: %s", option, text, reason.text);
      return false;
    }
  s->programs++;
  return true;
}

static bool
set_family (setting_t *s, const char *text)
{
  bool all = strcmp (text, "all") == 0, found = all;
  for (int family = 0; family < DELTA1_SOLVER_FAMILY_COUNT; family++)
    {
      s->family[family]
          = all || strcmp (text, delta1_solver_family_name ((delta1_solver_family_t)family)) == 0;
      found = found || s->family[family];
    }
  if (!found)
    (void)delta1_usage_error (COMMAND, "--family %.60s: allowed: lp, lasso, all", text);
  return found;
}

static bool
set_option (setting_t *s, int option, const char *text)
{
  switch (option)
    {
    case OPT_FAMILY:
      return set_family (s, text);
    case OPT_FROM:
      return delta1_usage_integer (&s->from, COMMAND, "--from", text, 1, DELTA1_SOLVER_MAX_K);
    case OPT_TO:
      return delta1_usage_integer (&s->to, COMMAND, "--to", text, 1, DELTA1_SOLVER_MAX_K);
    case OPT_TRAINER:
      s->default_set = false;
      return strcmp (text, "none") == 0 || add_program (s, "--trainer", text);
    case OPT_EXEC:
      return add_program (s, "--exec", text);
    case OPT_TIMEOUT:
      return delta1_usage_seconds (&s->timeout, COMMAND, "--timeout", text);
    case OPT_CSV:
      s->csv = text;
      return true;
    case OPT_JSON:
      s->json = text;
      return true;
    case OPT_CERTIFICATES:
      s->certificates = text;
      return true;
    default:
      s->plot = text;
      return true;
    }
}

/* Networks that learn near the answer are no solvers. */
static bool
is_learned (const delta1_adapter_t *adapter)
{
  return strstr (adapter->label, "mlp") != NULL || strstr (adapter->label, "lista") != NULL;
}

/* The installed solvers of the families that are played; the others are remembered. */
static bool
add_adapters (setting_t *s)
{
  delta1_reason_t reason;
  delta1_adapters_t *adapters = NULL;
  delta1_status_t status = delta1_adapters_find (&adapters, &reason);
  if (status == DELTA1_SYSTEM)
    {
      s->no_adapters = true;
      return true;
    }
  unsigned wanted = (s->family[DELTA1_SOLVER_LP] ? 1U << DELTA1_LP : 0)
                    | (s->family[DELTA1_SOLVER_LASSO] ? 1U << DELTA1_LASSO : 0);
  for (slong i = 0; status == DELTA1_OK && i < adapters->count && s->programs < MAX_PROGRAMS; i++)
    {
      const delta1_adapter_t *adapter = adapters->adapter + i;
      if ((adapter->problems & wanted) != 0 && !is_learned (adapter))
        status = delta1_adapter_create (&s->program[s->programs], adapter, &reason);
      s->programs += status == DELTA1_OK && s->program[s->programs] != NULL;
    }
  delta1_adapters_free (adapters);
  if (status != DELTA1_OK)
    (void)delta1_usage_error (COMMAND, "adapters: %s", reason.text);
  return status == DELTA1_OK;
}

/* What is exact by construction, then the solvers from outside. */
static bool
add_default_set (setting_t *s)
{
  return add_program (s, "--trainer", "separate") && add_program (s, "--trainer", "simplex")
         && add_program (s, "--trainer", "homotopy") && add_adapters (s);
}

static bool
can_write_all (const setting_t *s)
{
  char *data = NULL;
  if (s->plot != NULL && asprintf (&data, "%s-lp.dat", s->plot) < 0)
    data = NULL;
  bool can = delta1_usage_can_write (COMMAND, "--csv", s->csv)
             && delta1_usage_can_write (COMMAND, "--json", s->json)
             && delta1_usage_can_write (COMMAND, "--plot", data)
             && (s->certificates == NULL || delta1_certificates_prepare (COMMAND, s->certificates));
  free (data);
  return can;
}

/* --- the runs --------------------------------------------------------------------------------- */

typedef struct
{
  const setting_t *setting;
  delta1_solver_report_t report;
  char *left_out[MAX_PROGRAMS]; /* why a program is not installed, or NULL */
  delta1_progress_t progress;
  slong done, total, certificates;
} show_t;

/* DIR/lp-01-glpk-simplex-last-025.json: the program's number keeps equal names apart. */
static delta1_status_t
write_certificate (show_t *show, slong program, const delta1_solver_run_t *run,
                   delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const setting_t *s = show->setting;
  const delta1_solver_instance_t *instance = &run->instance;
  char name[DELTA1_CERTIFICATES_NAME], *path = NULL;
  json_t *document = NULL;
  if (s->certificates == NULL || (run->verdict != DELTA1_CORRECT && run->verdict != DELTA1_WRONG))
    return DELTA1_OK;
  delta1_certificates_name (name, show->report.name[program]);
  if (asprintf (&path, "%s/%s-%02ld-%s-%s-%03ld.json", s->certificates,
                delta1_solver_family_name (instance->family), (long)program, name,
                instance->reversed ? "first" : "last", (long)instance->k)
      < 0)
    {
      path = NULL;
      DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name"));
    }
  DELTA1_TRY (delta1_certificate_of_solver (&document, run, s->program[program]->label, reason));
  DELTA1_TRY (delta1_document_write (document, path, reason));
  show->certificates++;
cleanup:
  json_decref (document);
  free (path);
  return status;
}

/* Plays one program on one family in both orders, unless it is not installed or declines. */
static delta1_status_t
play_program (show_t *show, slong p, delta1_solver_family_t family, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const setting_t *s = show->setting;
  delta1_solver_run_t run;
  delta1_solver_run_init (&run);
  for (int reversed = 0; reversed < 2; reversed++)
    for (slong k = s->from; k <= s->to; k++)
      {
        const delta1_solver_instance_t instance
            = { .family = family, .k = k, .reversed = reversed != 0 };
        delta1_progress_show (&show->progress, show->done, show->total, "%.60s, k = %ld",
                              show->report.name[p], (long)k);
        DELTA1_TRY (delta1_solver_play (&run, &instance, s->program[p], s->timeout, reason));
        show->done++;
        if (run.verdict == DELTA1_NO_ANSWER && k == s->from)
          {
            bool absent = strncmp (run.reason.text, NOT_INSTALLED, strlen (NOT_INSTALLED)) == 0;
            bool declined
                = strncmp (run.reason.text, DOES_NOT_ATTEMPT, strlen (DOES_NOT_ATTEMPT)) == 0;
            if (absent && show->left_out[p] == NULL)
              show->left_out[p] = strdup (run.reason.text + strlen (NOT_INSTALLED));
            if (absent || declined)
              goto cleanup;
          }
        if (!delta1_solver_report_add (&show->report, p, &run))
          DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for the report"));
        DELTA1_TRY (write_certificate (show, p, &run, reason));
      }
cleanup:
  delta1_solver_run_clear (&run);
  return status;
}

static delta1_status_t
play_all (show_t *show, delta1_reason_t *reason)
{
  const setting_t *s = show->setting;
  delta1_status_t status = DELTA1_OK;
  slong runs = 2 * (s->to - s->from + 1);
  for (int pass = 0; pass < 2; pass++)
    for (slong p = 0; p < s->programs; p++)
      for (int family = 0; family < DELTA1_SOLVER_FAMILY_COUNT; family++)
        {
          if (!s->family[family]
              || !delta1_solver_attempts (s->program[p], (delta1_solver_family_t)family))
            continue;
          if (pass == 0)
            {
              show->total += runs;
              continue;
            }
          slong before = show->done;
          status = play_program (show, p, (delta1_solver_family_t)family, reason);
          if (status != DELTA1_OK)
            return status;
          show->total -= runs - (show->done - before);
        }
  return status;
}

static void
print_all (const show_t *show)
{
  for (int family = 0; family < DELTA1_SOLVER_FAMILY_COUNT; family++)
    delta1_solver_report_print (&show->report, (delta1_solver_family_t)family);
  bool first = true;
  for (slong p = 0; p < show->setting->programs; p++)
    if (show->left_out[p] != NULL)
      {
        printf ("%s  %.60s: %s\n", first ? "\nNot installed:\n" : "", show->report.name[p],
                show->left_out[p]);
        first = false;
      }
  if (show->setting->no_adapters)
    printf ("\nThe adapters of external solvers are not found (DELTA1_ADAPTERS).\n");
  if (show->setting->certificates != NULL)
    printf ("\n%ld certificates in %s\n", (long)show->certificates, show->setting->certificates);
}

static delta1_status_t
write_all (const show_t *show, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const setting_t *s = show->setting;
  json_t *document = NULL;
  if (s->csv != NULL)
    DELTA1_TRY (delta1_solver_report_csv (&show->report, s->csv, reason));
  if (s->json != NULL)
    {
      document = delta1_solver_report_json (&show->report);
      if (document == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for the report"));
      DELTA1_TRY (delta1_document_write (document, s->json, reason));
    }
  for (int family = 0; s->plot != NULL && family < DELTA1_SOLVER_FAMILY_COUNT; family++)
    {
      bool drawn;
      DELTA1_TRY (delta1_solver_report_plot (&drawn, &show->report, (delta1_solver_family_t)family,
                                             s->plot, reason));
      if (!drawn)
        printf ("%s\n", reason->text);
    }
cleanup:
  json_decref (document);
  return status;
}

/* "glpk.py --method exact" for "exec:/usr/share/delta1/adapters/glpk.py --method exact". */
static const char *
short_name (const char *label)
{
  if (strncmp (label, "exec:", 5) != 0)
    return label;
  const char *name = label + 5;
  size_t first_word = strcspn (name, " ");
  for (size_t i = 0; i + 1 < first_word; i++)
    if (label[5 + i] == '/')
      name = label + 5 + i + 1;
  return name;
}

static int
play (const setting_t *s)
{
  delta1_reason_t reason;
  char *names[MAX_PROGRAMS];
  int code = DELTA1_EXIT_OK;
  for (slong p = 0; p < s->programs; p++)
    names[p] = (char *)short_name (s->program[p]->label);
  show_t show
      = { .setting = s,
          .report = { .from = s->from, .to = s->to, .programs = s->programs, .name = names } };
  delta1_progress_begin (&show.progress);
  delta1_status_t status = play_all (&show, &reason);
  delta1_progress_end (&show.progress);
  if (status == DELTA1_OK)
    {
      print_all (&show);
      status = write_all (&show, &reason);
    }
  if (status == DELTA1_OK && show.report.records == 0)
    code = delta1_usage_error (COMMAND, "no solver attempts what was asked; see delta1 %s --help",
                               COMMAND);
  else if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s", reason.text);
      code = status == DELTA1_FAILED ? DELTA1_EXIT_REFUSED : DELTA1_EXIT_USAGE;
    }
  for (slong p = 0; p < s->programs; p++)
    free (show.left_out[p]);
  delta1_solver_report_clear (&show.report);
  return code;
}

int
delta1_command_solvers (int argc, char **argv)
{
  setting_t s = {
    .family = { true, true }, .from = 1, .to = 60, .timeout = DEFAULT_TIMEOUT, .default_set = true
  };
  int result, code = DELTA1_EXIT_OK;
  opterr = 0;
  optind = 0;
  while (code == DELTA1_EXIT_OK && (result = getopt_long (argc, argv, ":h", options, NULL)) != -1)
    {
      if (result == 'h')
        {
          code = help ();
          goto cleanup;
        }
      if (result == '?' || result == ':')
        code = delta1_usage_getopt (COMMAND, result, argv);
      else if (!set_option (&s, result, optarg))
        code = DELTA1_EXIT_USAGE;
    }
  if (code == DELTA1_EXIT_OK && optind < argc)
    code = delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  if (code == DELTA1_EXIT_OK && s.from > s.to)
    code = delta1_usage_error (COMMAND, "--from %ld: allowed: at most --to, which is %ld",
                               (long)s.from, (long)s.to);
  if (code == DELTA1_EXIT_OK && s.default_set && !add_default_set (&s))
    code = DELTA1_EXIT_USAGE;
  if (code == DELTA1_EXIT_OK)
    code = can_write_all (&s) ? play (&s) : DELTA1_EXIT_USAGE;
cleanup:
  for (slong p = 0; p < s.programs; p++)
    delta1_algorithm_free (s.program[p]);
  return code;
}
