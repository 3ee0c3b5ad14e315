#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_certificate.h"
#include "programs/barrier_report.h"
#include "programs/certificates.h"
#include "programs/commands.h"
#include "programs/progress.h"
#include "programs/usage.h"
#include "trainers/adapters.h"
#include "trainers/trainer.h"

#define COMMAND "barrier"
#define MAX_PROGRAMS 64
/* Digits up to which every trainer gets many seeds and the whole curve by default. */
#define MANY_PLAYS_DIGITS 100
#define DEFAULT_SEEDS 1000
#define DEFAULT_TIMEOUT 60.0

typedef struct
{
  delta1_tie_options_t family;
  slong max_precision; /* 0: from the digits */
  slong seeds;         /* -1: from the digits */
  slong seed;
  double timeout;
  const char *certificates;
  const char *json;
  slong programs;
  delta1_algorithm_t *program[MAX_PROGRAMS];
  bool external[MAX_PROGRAMS]; /* a process, from --exec or --trainer all */
  bool brief[MAX_PROGRAMS];    /* from --trainer all: of honest plays only the nearest, no curve */
  bool all;                    /* --trainer all */
  bool default_set;            /* no --trainer was given */
  const char *left_out[MAX_PROGRAMS]; /* built-in trainers too slow for these digits */
  int left_out_count;
} setting_t;

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

/* --- arguments -------------------------------------------------------------------------------- */

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
add_program (setting_t *s, const char *option, const char *text)
{
  delta1_reason_t reason;
  if (s->programs == MAX_PROGRAMS)
    {
      (void)delta1_usage_error (COMMAND, "%s %.60s: at most %d contestants", option, text,
                                MAX_PROGRAMS);
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

static bool
set_option (setting_t *s, int option, const char *text, const char **parameter_option)
{
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
      *parameter_option = option == OPT_LAMBDA ? "lambda" : "epsilon";
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
check_parameter (const setting_t *s, const char *given)
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
last_attempts (const setting_t *s)
{
  const delta1_algorithm_t *last = s->program[s->programs - 1];
  delta1_class_t known = { 0 };
  delta1_task_t task
      = { .problem = s->family.problem, .digits = s->family.digits, .known = &known };
  return last->table->attempts (last, &task);
}

/* The built-in trainers that attempt the problem, each numeric one in both reading styles. */
static bool
add_default_set (setting_t *s)
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
add_adapters (setting_t *s)
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
      else if (s->programs == MAX_PROGRAMS)
        good = delta1_usage_error (COMMAND, "--trainer all: at most %d contestants", MAX_PROGRAMS)
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

/* --- the game --------------------------------------------------------------------------------- */

typedef struct
{
  const setting_t *setting;
  const delta1_tie_family_t *family;
  delta1_report_t report;
  delta1_budget_t budget;
  delta1_progress_t progress;
  slong done, total;
} game_t;

static void
progress (game_t *game, const char *name, slong seed)
{
  if (seed > 0)
    delta1_progress_show (&game->progress, game->done, game->total, "%.40s, seed %ld", name,
                          (long)seed);
  else
    delta1_progress_show (&game->progress, game->done, game->total, "%.40s", name);
}

/* DIR/problem-tier-program-oracle[-...].json */
static char *
certificate_path (const game_t *game, slong program, char tier, const char *what)
{
  char name[DELTA1_CERTIFICATES_NAME];
  delta1_certificates_name (name, game->report.name[program]);
  char *path = NULL;
  if (asprintf (&path, "%s/%s-%c-%02ld-%s-%s.json", game->setting->certificates,
                delta1_problem_name (game->family->problem), tier, (long)program, name, what)
      < 0)
    return NULL;
  return path;
}

static delta1_status_t
write_certificate (game_t *game, json_t *document, const char *path, delta1_reason_t *reason)
{
  if (path == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
  delta1_status_t status = delta1_document_write (document, path, reason);
  if (status == DELTA1_OK)
    game->report.certificates++;
  return status;
}

static delta1_status_t
play_one (game_t *game, delta1_outcome_t *outcome, slong program, const delta1_play_t *play,
          bool curve, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_algorithm_t *algorithm = game->setting->program[program];
  json_t *document = NULL;
  char *path = NULL;
  progress (game, algorithm->label, 0);
  DELTA1_TRY (delta1_game_play (outcome, game->family, algorithm, play, &game->budget, reason));
  game->done++;
  if (game->setting->certificates != NULL
      && (outcome->verdict == DELTA1_CORRECT || outcome->verdict == DELTA1_WRONG))
    {
      char what[64];
      if (curve)
        (void)snprintf (what, sizeof what, "gap%ld", (long)play->k);
      else
        (void)snprintf (what, sizeof what, "%s%s%s",
                        play->adversary ? "adversary" : delta1_rounding_name (play->rule),
                        play->limit > 0 ? "-limited" : "",
                        !play->adversary && play->column < 0 ? "-tie" : "");
      path = certificate_path (game, program, delta1_tier_letter (play->tier), what);
      DELTA1_TRY (delta1_certificate_of_outcome (&document, game->family, outcome, algorithm->label,
                                                 reason));
      DELTA1_TRY (write_certificate (game, document, path, reason));
    }
  if (!delta1_report_add (&game->report, program, curve, outcome, path))
    status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for the report");
cleanup:
  json_decref (document);
  free (path);
  return status;
}

/* Whether every honest play of the program on tier b was correct. */
static bool
deserves_curve (const game_t *game, slong program)
{
  for (slong i = 0; i < game->report.records; i++)
    {
      const delta1_record_t *r = game->report.record + i;
      if (r->program == program && r->play.tier == DELTA1_TIER_B && !r->play.adversary
          && r->verdict != DELTA1_CORRECT)
        return false;
    }
  return true;
}

typedef struct
{
  game_t *game;
  const char *name;
} seeds_progress_t;

static void
seeds_progress (void *context, slong done)
{
  seeds_progress_t *p = context;
  if (done % 64 == 0)
    progress (p->game, p->name, done);
}

static delta1_status_t
play_seeds (game_t *game, slong program, slong T, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_algorithm_t *algorithm = game->setting->program[program];
  seeds_progress_t context = { .game = game, .name = algorithm->label };
  delta1_seeds_t seeds;
  json_t *document = NULL;
  char *path = NULL;
  status = delta1_game_seeds (&seeds, game->family, algorithm, DELTA1_TIER_A, T, &game->budget,
                              seeds_progress, &context, reason);
  if (status != DELTA1_OK)
    return status;
  if (game->setting->certificates != NULL && seeds.halted > 0)
    {
      path = certificate_path (game, program, 'a', "seeds");
      DELTA1_TRY (
          delta1_certificate_of_seeds (&document, game->family, &seeds, algorithm->label, reason));
      DELTA1_TRY (write_certificate (game, document, path, reason));
    }
  if (!delta1_report_add_seeds (&game->report, program, &seeds, path))
    status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for the report");
cleanup:
  delta1_seeds_clear (&seeds);
  json_decref (document);
  free (path);
  return status;
}

/* How many seeds a contestant plays: what --seeds says; by default, where runs are cheap, some. */
static slong
seeds_of (const setting_t *s, slong program)
{
  if (!s->program[program]->table->randomised)
    return 0;
  if (s->seeds >= 0)
    return s->seeds;
  /* A trainer that stays in the default set however many digits are asked is quick enough to play a
   * thousand times. */
  bool cheap = s->family.digits <= MANY_PLAYS_DIGITS && !s->external[program]
               && delta1_trainer_in_default_set (s->program[program]->table, WORD_MAX);
  return cheap ? DEFAULT_SEEDS : 0;
}

static delta1_status_t
play_all (game_t *game, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const setting_t *s = game->setting;
  delta1_play_t plays[DELTA1_GAME_PLAYS], curve[DELTA1_GAME_CURVE];
  delta1_outcome_t outcome;
  delta1_task_t task;
  slong count = delta1_game_schedule (plays, game->family, (uint64_t)s->seed);
  slong points = delta1_game_curve (curve, game->family, game->budget.precision, (uint64_t)s->seed);
  delta1_tie_task_init (&task, game->family, game->family->digits, game->budget.precision,
                        s->timeout);
  status = delta1_outcome_init (&outcome, game->family, reason);
  if (status != DELTA1_OK)
    {
      delta1_tie_task_clear (&task);
      return status;
    }
  game->total = s->programs * (count + points);
  for (slong p = 0; p < s->programs; p++)
    {
      if (!s->program[p]->table->attempts (s->program[p], &task))
        {
          game->total -= count + points;
          continue;
        }
      for (slong i = 0; i < count; i++)
        if (!s->brief[p] || plays[i].adversary || plays[i].rule == DELTA1_NEAREST)
          DELTA1_TRY (play_one (game, &outcome, p, plays + i, false, reason));
      if (!s->brief[p] && deserves_curve (game, p))
        for (slong i = 0; i < points; i++)
          DELTA1_TRY (play_one (game, &outcome, p, curve + i, true, reason));
      else
        game->total -= points;
      slong T = seeds_of (s, p);
      if (T > 0)
        DELTA1_TRY (play_seeds (game, p, T, reason));
    }
cleanup:
  delta1_outcome_clear (&outcome);
  delta1_tie_task_clear (&task);
  return status;
}

static void
set_budget (delta1_budget_t *budget, const setting_t *s, const delta1_tie_family_t *family)
{
  slong entries = delta1_shape_count (&family->shape);
  *budget = delta1_budget_unlimited;
  /* Eight times the bits of K digits: a program that doubles its precision has three rounds. */
  budget->precision
      = s->max_precision > 0 ? s->max_precision : 8 * (family->digits * 3322 / 1000 + 65);
  budget->queries = 100000 > 64 * entries ? 100000 : 64 * entries;
  budget->seconds = s->timeout;
}

/* Before the game: a long one must not end with results that cannot be written. */
static bool
check_outputs (const setting_t *s)
{
  delta1_reason_t reason;
  if (s->json != NULL && delta1_document_can_write (s->json, &reason) != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "--json %s; a file that can be written is needed",
                                reason.text);
      return false;
    }
  return s->certificates == NULL || delta1_certificates_prepare (COMMAND, s->certificates);
}

static int
play (const setting_t *s)
{
  delta1_reason_t reason;
  delta1_tie_family_t *family = NULL;
  char *names[MAX_PROGRAMS];
  json_t *document = NULL;
  int code = DELTA1_EXIT_OK;
  delta1_status_t status = delta1_tie_family_create (&family, &s->family, &reason);
  if (status != DELTA1_OK)
    return delta1_usage_error (COMMAND, "%s", reason.text);
  if (!check_outputs (s))
    {
      delta1_tie_family_free (family);
      return DELTA1_EXIT_USAGE;
    }
  for (slong p = 0; p < s->programs; p++)
    names[p] = s->program[p]->label;
  game_t game = { .setting = s,
                  .family = family,
                  .report = { .family = family, .programs = s->programs, .name = names } };
  delta1_progress_begin (&game.progress);
  set_budget (&game.budget, s, family);
  status = play_all (&game, &reason);
  delta1_progress_end (&game.progress);
  if (status == DELTA1_OK && game.report.records == 0)
    code = delta1_usage_error (COMMAND, "no contestant attempts %s; see delta1 trainers",
                               delta1_problem_name (family->problem));
  else if (status == DELTA1_OK)
    {
      delta1_report_print (&game.report);
      if (s->left_out_count > 0)
        {
          printf ("Left out at %ld digits, as too slow (name them with --trainer):",
                  (long)family->digits);
          for (int i = 0; i < s->left_out_count; i++)
            printf (" %s", s->left_out[i]);
          printf ("\n");
        }
      if (s->certificates != NULL)
        printf ("%ld certificates in %s\n", (long)game.report.certificates, s->certificates);
      if (s->json != NULL)
        {
          (void)fflush (stdout); /* FILE may be /dev/stdout: the table stays before it */
          document = delta1_report_json (&game.report);
          status = document == NULL
                       ? delta1_fail (&reason, DELTA1_SYSTEM, "no memory for the report")
                       : delta1_document_write (document, s->json, &reason);
        }
    }
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s", reason.text);
      code = status == DELTA1_FAILED ? DELTA1_EXIT_REFUSED : DELTA1_EXIT_USAGE;
    }
  json_decref (document);
  delta1_report_clear (&game.report);
  delta1_tie_family_free (family);
  return code;
}

int
delta1_command_barrier (int argc, char **argv)
{
  setting_t s = {
    .family = delta1_tie_defaults, .seeds = -1, .timeout = DEFAULT_TIMEOUT, .default_set = true
  };
  const char *parameter_option = NULL;
  int result, code = DELTA1_EXIT_OK;
  opterr = 0;
  while (code == DELTA1_EXIT_OK
         && (result = getopt_long (argc, argv, ":m:N:h", options, NULL)) != -1)
    {
      if (result == 'h')
        {
          code = help ();
          goto cleanup;
        }
      if (result == '?' || result == ':')
        code = delta1_usage_getopt (COMMAND, result, argv);
      else if (!set_option (&s, result, optarg, &parameter_option))
        code = DELTA1_EXIT_USAGE;
    }
  if (code == DELTA1_EXIT_OK && optind < argc)
    code = delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  if (code == DELTA1_EXIT_OK && !check_parameter (&s, parameter_option))
    code = DELTA1_EXIT_USAGE;
  if (code == DELTA1_EXIT_OK && (s.default_set || s.all) && !add_default_set (&s))
    code = DELTA1_EXIT_USAGE;
  if (code == DELTA1_EXIT_OK && s.all && !add_adapters (&s))
    code = DELTA1_EXIT_USAGE;
  s.family.seed = (uint64_t)s.seed;
  if (code == DELTA1_EXIT_OK)
    code = play (&s);
cleanup:
  for (slong p = 0; p < s.programs; p++)
    delta1_algorithm_free (s.program[p]);
  return code;
}
