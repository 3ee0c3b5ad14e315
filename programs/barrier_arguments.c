#include "programs/barrier_arguments.h"

#include <stdio.h>
#include <string.h>

#include "programs/commands.h"
#include "programs/usage.h"
#include "trainers/adapters.h"

#define COMMAND "barrier"
#define DEFAULT_TIMEOUT 60.0

static int
help (void)
{
  printf (
      "usage: delta1 barrier [OPTION]...\n\n"
      "Plays the barrier of mathematics.md, Theorem 3.2, against training algorithms: K digits "
      "that no\n"
      "program can compute, K-1 that cost unboundedly many samples, K-2 that cost L.\n\n"
      "The inputs:\n"
      "  --problem P        srlasso (default), lasso, qcbp, bp, lp\n"
      "  --digits K         3 or more; default 6\n"
      "  --samples L        1 or more; default 4\n"
      "  -m M, -N N         rows and columns, 1 <= M < N; default 3 and 6 (lp has one column "
      "more)\n"
      "  --points R         data points; default 1\n"
      "  --lambda Q         srlasso, lasso: rational in (0,1]; default 1/2\n"
      "  --epsilon Q        qcbp: rational in (0,1]; default 1/2\n"
      "  --mix KIND         none (default), rational, dct: an orthogonal matrix hides the "
      "structure\n"
      "  --seed S           of mixing, column order and trainers; 0 (default) keeps the order\n"
      "The contestants:\n"
      "  --trainer NAME[:option=value,...]   a built-in one (delta1 trainers); may be repeated;\n"
      "                     default: all that attempt the problem, without the slow ones for\n"
      "                     K > 100; 'all': these and every installed solver with an adapter,\n"
      "                     of honest oracles only the nearest\n"
      "  --exec COMMAND     any program, by the protocol of doc/protocol.md; may be repeated;\n"
      "                     built-in ones stay unless --trainer names some or is 'none'\n"
      "  --seeds T          runs of each randomised contestant on tier a; 0 for none; default:\n"
      "                     1000 of a quick built-in one for K <= 100\n"
      "The budget of one run:\n"
      "  --max-precision n  largest precision that is answered; default about 27 K + 520\n"
      "  --timeout S        seconds of wall time; default 60\n"
      "The results:\n"
      "  --certificates DIR write a certificate of every verdict correct or wrong; DIR is made\n"
      "  --json FILE        write everything as JSON\n"
      "  -h, --help         this text\n\n"
      "Samples: the largest precision n asked. Errors are exact; the digits shown are rounded "
      "up.\n");
  return DELTA1_EXIT_OK;
}

enum
{
  OPT_PROBLEM = 256,
  OPT_DIGITS,
  OPT_SAMPLES,
  OPT_POINTS,
  OPT_LAMBDA,
  OPT_EPSILON,
  OPT_MIX,
  OPT_SEED,
  OPT_TRAINER,
  OPT_EXEC,
  OPT_SEEDS,
  OPT_MAX_PRECISION,
  OPT_TIMEOUT,
  OPT_CERTIFICATES,
  OPT_JSON
};

static const struct option options[]
    = { { "problem", required_argument, NULL, OPT_PROBLEM },
        { "digits", required_argument, NULL, OPT_DIGITS },
        { "samples", required_argument, NULL, OPT_SAMPLES },
        { "points", required_argument, NULL, OPT_POINTS },
        { "lambda", required_argument, NULL, OPT_LAMBDA },
        { "epsilon", required_argument, NULL, OPT_EPSILON },
        { "mix", required_argument, NULL, OPT_MIX },
        { "seed", required_argument, NULL, OPT_SEED },
        { "trainer", required_argument, NULL, OPT_TRAINER },
        { "exec", required_argument, NULL, OPT_EXEC },
        { "seeds", required_argument, NULL, OPT_SEEDS },
        { "max-precision", required_argument, NULL, OPT_MAX_PRECISION },
        { "timeout", required_argument, NULL, OPT_TIMEOUT },
        { "certificates", required_argument, NULL, OPT_CERTIFICATES },
        { "json", required_argument, NULL, OPT_JSON },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };

static bool
add_program (delta1_barrier_setting_t *s, const char *option, const char *text)
{
  delta1_reason_t reason;
  if (s->programs == DELTA1_BARRIER_PROGRAMS)
    {
      (void)delta1_usage_error (COMMAND, "%s %.60s: at most %d contestants", option, text,
                                DELTA1_BARRIER_PROGRAMS);
      return false;
    }
  delta1_status_t status
      = strcmp (option, "--exec") == 0
            ? delta1_trainer_create_process (&s->program[s->programs], text, &reason)
            : delta1_trainer_parse (&s->program[s->programs], text, &reason);
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s %.200s: %s", option, text, reason.text);
      return false;
    }
  s->external[s->programs++] = strcmp (option, "--exec") == 0;
  return true;
}

typedef struct
{
  delta1_barrier_setting_t *setting;
  const char *parameter; /* lambda or epsilon: the option that was given last */
} reading_t;

static bool
set_option (void *context, int option, const char *text)
{
  reading_t *reading = context;
  delta1_barrier_setting_t *s = reading->setting;
  delta1_reason_t reason;
  delta1_status_t status = DELTA1_OK;
  const char *name = "";
  switch (option)
    {
    case OPT_PROBLEM:
      name = "--problem";
      status = delta1_problem_parse (&s->family.problem, text, &reason);
      break;
    case OPT_DIGITS:
      return delta1_usage_integer (&s->family.digits, COMMAND, "--digits", text, 3,
                                   DELTA1_TIE_MAX_DIGITS);
    case OPT_SAMPLES:
      return delta1_usage_integer (&s->family.samples, COMMAND, "--samples", text, 1,
                                   DELTA1_TIE_MAX_SAMPLES);
    case 'm':
      return delta1_usage_integer (&s->family.m, COMMAND, "-m", text, 1,
                                   DELTA1_TIE_MAX_COLUMNS - 1);
    case 'N':
      return delta1_usage_integer (&s->family.N, COMMAND, "-N", text, 2, DELTA1_TIE_MAX_COLUMNS);
    case OPT_POINTS:
      return delta1_usage_integer (&s->family.points, COMMAND, "--points", text, 1,
                                   DELTA1_TIE_MAX_POINTS);
    case OPT_LAMBDA:
    case OPT_EPSILON:
      reading->parameter = option == OPT_LAMBDA ? "lambda" : "epsilon";
      s->family.parameter = text;
      return true;
    case OPT_MIX:
      name = "--mix";
      status = delta1_mix_parse (&s->family.mix, text, &reason);
      break;
    case OPT_SEED:
      return delta1_usage_integer (&s->seed, COMMAND, "--seed", text, 0, INT64_MAX);
    case OPT_TRAINER:
      s->default_set = false;
      s->all = s->all || strcmp (text, "all") == 0;
      return strcmp (text, "none") == 0 || strcmp (text, "all") == 0
             || add_program (s, "--trainer", text);
    case OPT_EXEC:
      return add_program (s, "--exec", text);
    case OPT_SEEDS:
      return delta1_usage_integer (&s->seeds, COMMAND, "--seeds", text, 0, 1000000);
    case OPT_MAX_PRECISION:
      return delta1_usage_integer (&s->max_precision, COMMAND, "--max-precision", text, 1,
                                   DELTA1_ORACLE_MAX_PRECISION);
    case OPT_TIMEOUT:
      return delta1_usage_seconds (&s->timeout, COMMAND, "--timeout", text);
    case OPT_CERTIFICATES:
      s->certificates = text;
      return true;
    case OPT_JSON:
      s->json = text;
      return true;
    default:
      break;
    }
  if (status != DELTA1_OK)
    (void)delta1_usage_error (COMMAND, "%s: %s", name, reason.text);
  return status == DELTA1_OK;
}

/* --lambda and --epsilon must be the problem's own. */
static bool
check_parameter (const delta1_barrier_setting_t *s, const char *given)
{
  const char *wanted = delta1_problem_parameter (s->family.problem);
  if (given == NULL || (wanted != NULL && strcmp (given, wanted) == 0))
    return true;
  (void)delta1_usage_error (COMMAND, "--%s %.60s: %s has %s%s", given, s->family.parameter,
                            delta1_problem_name (s->family.problem),
                            wanted == NULL ? "no parameter" : "the parameter --",
                            wanted == NULL ? "" : wanted);
  return false;
}

/* Whether the contestant added last attempts the problem. */
static bool
last_attempts (const delta1_barrier_setting_t *s)
{
  const delta1_algorithm_t *last = s->program[s->programs - 1];
  delta1_class_t known = { 0 };
  delta1_task_t task
      = { .problem = s->family.problem, .digits = s->family.digits, .known = &known };
  return last->table->attempts (last, &task);
}

/* The built-in trainers that attempt the problem, each numeric one in both reading styles. */
static bool
add_default_set (delta1_barrier_setting_t *s)
{
  for (const delta1_algorithm_table_t *const *t = delta1_trainer_tables (); *t != NULL; t++)
    {
      bool reads = strstr ((*t)->options, "reading=") != NULL;
      bool slow = !delta1_trainer_in_default_set (*t, s->family.digits);
      char text[128];
      (void)snprintf (text, sizeof text, "%s:reading=stable", (*t)->name);
      if (!add_program (s, "--trainer", (*t)->name))
        return false;
      bool attempts = last_attempts (s);
      if (slow && attempts)
        s->left_out[s->left_out_count++] = (*t)->name;
      if (slow || !attempts)
        delta1_algorithm_free (s->program[--s->programs]);
      else if (reads && !add_program (s, "--trainer", text))
        return false;
    }
  return true;
}

/* The adapters (trainers/adapters.h) that attempt the problem and whose solver is installed. */
static bool
add_adapters (delta1_barrier_setting_t *s)
{
  delta1_reason_t reason;
  delta1_adapters_t *adapters;
  if (delta1_adapters_find (&adapters, &reason) != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "--trainer all: %s", reason.text);
      return false;
    }
  bool good = true;
  for (slong i = 0; i < adapters->count && good; i++)
    {
      const delta1_adapter_t *adapter = adapters->adapter + i;
      if ((adapter->problems >> s->family.problem & 1) == 0)
        continue;
      if (delta1_adapter_probe (adapter, &reason) != DELTA1_OK)
        printf ("left out: %s: %s\n", adapter->label, reason.text);
      else if (s->programs == DELTA1_BARRIER_PROGRAMS)
        good = delta1_usage_error (COMMAND, "--trainer all: at most %d contestants",
                                   DELTA1_BARRIER_PROGRAMS)
               == 0;
      else if (delta1_adapter_create (&s->program[s->programs], adapter, &reason) != DELTA1_OK)
        good = delta1_usage_error (COMMAND, "--trainer all: %s", reason.text) == 0;
      else
        {
          s->brief[s->programs] = true;
          s->external[s->programs++] = true;
        }
    }
  delta1_adapters_free (adapters);
  return good;
}

int
delta1_barrier_arguments (delta1_barrier_setting_t *s, bool *helped, int argc, char **argv)
{
  static const delta1_usage_table_t table = {
    .command = COMMAND, .brief = ":m:N:h", .options = options, .help = help, .take = set_option
  };
  *s = (delta1_barrier_setting_t){
    .family = delta1_tie_defaults, .seeds = -1, .timeout = DEFAULT_TIMEOUT, .default_set = true
  };
  reading_t reading = { .setting = s };
  int code = delta1_usage_read (&table, &reading, helped, argc, argv);
  if (code != DELTA1_EXIT_OK || *helped)
    return code;
  if (optind < argc)
    return delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  if (!check_parameter (s, reading.parameter)
      || ((s->default_set || s->all) && !add_default_set (s)) || (s->all && !add_adapters (s)))
    return DELTA1_EXIT_USAGE;
  s->family.seed = (uint64_t)s->seed;
  return DELTA1_EXIT_OK;
}

void
delta1_barrier_setting_clear (delta1_barrier_setting_t *s)
{
  for (slong p = 0; p < s->programs; p++)
    delta1_algorithm_free (s->program[p]);
}
