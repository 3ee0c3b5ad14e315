#include <stdio.h>
#include <stdlib.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_certificate.h"
#include "programs/barrier_arguments.h"
#include "programs/barrier_report.h"
#include "programs/certificates.h"
#include "programs/commands.h"
#include "programs/progress.h"
#include "programs/usage.h"

#define COMMAND "barrier"
/* Digits up to which every trainer gets many seeds and the whole curve by default. */
#define MANY_PLAYS_DIGITS 100
#define DEFAULT_SEEDS 1000

typedef struct
{
  const delta1_barrier_setting_t *setting;
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
seeds_of (const delta1_barrier_setting_t *s, slong program)
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
  const delta1_barrier_setting_t *s = game->setting;
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
set_budget (delta1_budget_t *budget, const delta1_barrier_setting_t *s,
            const delta1_tie_family_t *family)
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
check_outputs (const delta1_barrier_setting_t *s)
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
play (const delta1_barrier_setting_t *s)
{
  delta1_reason_t reason;
  delta1_tie_family_t *family = NULL;
  char *names[DELTA1_BARRIER_PROGRAMS];
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
  delta1_barrier_setting_t s;
  bool helped;
  int code = delta1_barrier_arguments (&s, &helped, argc, argv);
  if (code == DELTA1_EXIT_OK && !helped)
    code = play (&s);
  delta1_barrier_setting_clear (&s);
  return code;
}
