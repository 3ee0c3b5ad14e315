/* delta1 attack: the worst perturbation that a search finds, beside what Theorem 6.5 allows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/attack.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/document.h"

#define COMMAND "attack"
#define MAX_STEPS 10000

typedef struct
{
  delta1_reconstruct_setting_t problem;
  delta1_attack_request_t request;
} setting_t;

static int
help (void)
{
  printf (
      "usage: delta1 attack [INPUT] [OPTION]...\n\n"
      "Searches, for several sizes of ||e||, the perturbation e of the measurements y that moves "
      "the output\n"
      "phi_n(y) of the network of delta1 reconstruct most, and says how much of the certified "
      "bound\n"
      "(mathematics.md, Theorem 6.5) it uses. What was found is certified too.\n\n");
  delta1_reconstruct_help ();
  printf (
      "The search:\n"
      "  --norms LIST          ||e||/||y||, at most 16 numbers above 0 with commas between;\n"
      "                        default 1e-4,1e-3,1e-2,1e-1\n"
      "  --steps N             of the search for the Jacobian's norm, and of the ascent at every "
      "norm;\n"
      "                        default 20\n"
      "  --time S              seconds for all searches, after which no step begins; one is "
      "always made;\n"
      "                        default 60\n\n"
      "Output:\n"
      "  -o, --output DIR      at every norm the perturbation found as a picture and as data, "
      "what the\n"
      "                        network makes of it, and what it changes (PNG, NPY)\n"
      "  --json FILE           all of it as JSON\n"
      "  -h, --help            this text\n");
  return DELTA1_EXIT_OK;
}

enum
{
  OPT_NORMS = DELTA1_OPTION_OWN,
  OPT_STEPS,
  OPT_TIME,
  OPT_JSON
};

static const struct option options[] = { DELTA1_RECONSTRUCT_OPTIONS,
                                         { "norms", required_argument, NULL, OPT_NORMS },
                                         { "steps", required_argument, NULL, OPT_STEPS },
                                         { "time", required_argument, NULL, OPT_TIME },
                                         { "output", required_argument, NULL, 'o' },
                                         { "json", required_argument, NULL, OPT_JSON },
                                         { "help", no_argument, NULL, 'h' },
                                         { NULL, 0, NULL, 0 } };

static bool
set_norms (delta1_attack_request_t *request, const char *text)
{
  static const double range[2] = { 0, 1e6 };
  char *copy = strdup (text), *rest = copy, *item;
  bool good = copy != NULL;
  request->norms = 0;
  while (good && (item = strsep (&rest, ",")) != NULL)
    {
      good = request->norms < DELTA1_ATTACK_MAX_NORMS;
      if (!good)
        (void)delta1_usage_error (COMMAND, "--norms %.60s: allowed: at most %d numbers", text,
                                  DELTA1_ATTACK_MAX_NORMS);
      good = good
             && delta1_reconstruct_number (&request->norm[request->norms++], COMMAND, "--norms",
                                           item, range, false);
    }
  free (copy);
  return good;
}

static bool
set_option (setting_t *s, int option, const char *text)
{
  switch (option)
    {
    case OPT_NORMS:
      return set_norms (&s->request, text);
    case OPT_STEPS:
      return delta1_usage_integer (&s->request.steps, COMMAND, "--steps", text, 1, MAX_STEPS);
    case OPT_TIME:
      return delta1_usage_seconds (&s->request.seconds, COMMAND, "--time", text);
    case 'o':
      s->problem.output = text;
      return true;
    case OPT_JSON:
      s->problem.json = text;
      return true;
    default:
      return delta1_reconstruct_set (&s->problem, COMMAND, option, text);
    }
}

/* Before anything is computed. */
static bool
can_write (bool *made, const delta1_reconstruct_setting_t *s)
{
  if (s->output != NULL && !delta1_reconstruct_directory (made, COMMAND, s->output))
    return false;
  bool can = delta1_usage_can_write (COMMAND, "--json", s->json);
  if (*made && !can)
    (void)rmdir (s->output);
  return can;
}

static int
attack (const setting_t *s)
{
  delta1_reason_t reason;
  delta1_status_t status = DELTA1_OK;
  delta1_reconstruct_problem_t problem;
  delta1_reconstruct_result_t run;
  delta1_attack_result_t result;
  json_t *document = NULL;
  int code = DELTA1_EXIT_OK;
  delta1_reconstruct_threads (&s->problem);
  delta1_reconstruct_problem_init (&problem);
  delta1_reconstruct_result_init (&run);
  delta1_attack_result_init (&result);
  run.progress = true;
  DELTA1_TRY (delta1_reconstruct_problem_build (&problem, &s->problem, &reason));
  DELTA1_TRY (delta1_reconstruct_network (&run, &problem, false, &reason));
  result.request = &s->request;
  result.run = &run;
  DELTA1_TRY (delta1_attack_decades (&result, &reason));
  delta1_attack_print (&result);
  if (s->problem.output != NULL)
    DELTA1_TRY (delta1_attack_write (&result, s->problem.output, &reason));
  if (s->problem.json != NULL)
    {
      document = delta1_attack_json (&result);
      if (document == NULL)
        DELTA1_TRY (delta1_fail (&reason, DELTA1_SYSTEM, "no memory for the report"));
      DELTA1_TRY (delta1_document_write (document, s->problem.json, &reason));
    }
cleanup:
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s", reason.text);
      code = status == DELTA1_UNDECIDED ? DELTA1_EXIT_UNDECIDED : DELTA1_EXIT_USAGE;
    }
  json_decref (document);
  delta1_attack_result_clear (&result);
  delta1_reconstruct_result_clear (&run);
  delta1_reconstruct_problem_clear (&problem);
  return code;
}

int
delta1_command_attack (int argc, char **argv)
{
  setting_t setting
      = { .problem = delta1_reconstruct_defaults,
          .request
          = { .norm = { 1e-4, 1e-3, 1e-2, 1e-1 }, .norms = 4, .steps = 20, .seconds = 60 } };
  bool made = false; /* the directory: for a run that ends without output it is taken away */
  int result;
  opterr = 0;
  optind = 1;
  while ((result = getopt_long (argc, argv, ":o:h", options, NULL)) != -1)
    {
      if (result == 'h')
        return help ();
      if (result == '?' || result == ':')
        return delta1_usage_getopt (COMMAND, result, argv);
      if (!set_option (&setting, result, optarg))
        return DELTA1_EXIT_USAGE;
    }
  if (!delta1_reconstruct_finish (&setting.problem, COMMAND, argc, argv)
      || !can_write (&made, &setting.problem))
    return DELTA1_EXIT_USAGE;
  result = attack (&setting);
  if (made && result != DELTA1_EXIT_OK)
    (void)rmdir (setting.problem.output); /* where it is empty */
  return result;
}
