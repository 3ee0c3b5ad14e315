/* delta1 report: one page to look at and teach from; every figure is computed by a command of
 * delta1, which stands under it. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "programs/commands.h"
#include "programs/progress.h"
#include "programs/report_page.h"
#include "programs/report_template.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/file.h"

#define COMMAND "report"
#define MAX_WORDS 40

extern char **environ;

static const slong barrier_digits[] = { 6, 3, 1000, 4, 5, 8, 10, 12, 15, 20, 50, 100, 300 };
#define BARRIERS ((slong)(sizeof barrier_digits / sizeof barrier_digits[0]))
#define QUICK_BARRIERS 3

typedef enum
{
  EVERY = 0,
  QUICK,
  USUAL,
  ALL_SOLVERS
} effort_t;

/* A figure, and the command that computes it; words are separated by single spaces. */
typedef struct
{
  const char *name;
  const char *command;
  effort_t effort; /* EVERY: with each of them */
} step_t;

/* %ld: K; %s: the trainers. */
#define BARRIER                                                                                    \
  "delta1 barrier --digits %ld --seeds 0%s --json data/barrier-%ld.json --certificates "           \
  "certificates/barrier-%ld"

/* Those of `delta1 barrier` that train no network; with 1000 digits it plays none that does. */
#define FAR 1000
#define UNTRAINED                                                                                  \
  " --trainer theorem-k1 --trainer theorem-k2 --trainer trustworthy --trainer primal-dual "        \
  "--trainer primal-dual:reading=stable --trainer midpoint --trainer coin"

#define RUN "certificates/transcript/srlasso-a-00-coin-reading-stable-adversary.json"

static const step_t steps[] = {
  { "transcript",
    "delta1 barrier --trainer coin:reading=stable -m 2 -N 3 --seeds 0 --certificates "
    "certificates/transcript",
    EVERY },
  { "samples", "delta1 plot barrier data/barrier-6.json -o pictures/barrier", EVERY },
  { "table1", "delta1 table1 --no-lista --digits 6 --samples 10 --json data/table1.json", QUICK },
  { "table1", "delta1 table1 --json data/table1.json", USUAL },
  { "solvers",
    "delta1 solvers --trainer separate --trainer simplex --trainer homotopy --trainer "
    "coordinate-descent:arithmetic=double --trainer fista --trainer primal-dual --json "
    "data/solvers.json --plot pictures/solvers",
    USUAL },
  { "solvers", "delta1 solvers --json data/solvers.json --plot pictures/solvers", ALL_SOLVERS },
  { "convergence",
    "delta1 convergence -s 1 -s 3 --certificate certificates/convergence -o pictures/convergence",
    EVERY },
  { "reconstruct",
    "delta1 reconstruct --side 256 -o reconstruction --certificate "
    "certificates/reconstruction.json",
    EVERY },
  { "stability", "delta1 attack --side 32 -o stability --json data/stability.json", QUICK },
  { "stability", "delta1 attack --side 64 -o stability --json data/stability.json", USUAL },
  { "depth", "delta1 plot depth -o pictures/depth", EVERY },
  { "paradox", "delta1 paradox --certificates certificates/paradox --plot pictures/paradox",
    EVERY },
  { "backprop",
    "delta1 backprop --experiment e2 --precision 6-12 --depth 12 --seeds 5 --plot "
    "pictures/backprop",
    QUICK },
  { "backprop",
    "delta1 backprop --experiment e2 --precision 6-16 --depth 16 --seeds 20 --plot "
    "pictures/backprop",
    USUAL },
};
#define STEPS ((slong)(sizeof steps / sizeof steps[0]))

typedef struct
{
  const char *directory;
  effort_t effort;
  slong barriers; /* how many of barrier_digits */
  slong failed;
  bool done[STEPS];
  bool barrier;
} report_t;

static int
help (void)
{
  printf (
      "usage: delta1 report [-o DIR] [--quick | --all-solvers]\n\n"
      "Writes DIR/index.html: the barrier for many K, an adversary's run question by question,\n"
      "samples against the gap, the published table, solvers near a tie, FIRENET's convergence,\n"
      "an image with what it is worth, rounding, the stability paradox, training in finite "
      "precision; each computed anew,\n"
      "with the command that does it and its certificates. One file, no network needed; data,\n"
      "pictures and certificates are in directories beside it.\n\n"
      "  -o, --output DIR   default delta1-report; is made\n"
      "  --quick            a few K, no training: some seconds\n"
      "  --all-solvers      play every solver that is installed (takes some minutes)\n"
      "  -h, --help         this text\n\n"
      "What gnuplot would draw is left out where it is not installed. Exit codes: 0; 2 a figure\n"
      "could not be computed, and is left out; 3 DIR cannot be written, or wrong usage.\n");
  return DELTA1_EXIT_OK;
}

/* --- running delta1 ------------------------------------------------------------------------- */

/* Runs the command, this program for its word delta1, in the directory; what it prints goes to
 * data/NAME.txt. */
static delta1_status_t
run (const report_t *report, const char *name, const char *command, delta1_reason_t *reason)
{
  char *words[MAX_WORDS + 1], output[100], *text = strdup (command);
  int count = 0, how = 0, error;
  pid_t child;
  posix_spawn_file_actions_t actions;
  if (text == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  for (char *rest = text, *word; count < MAX_WORDS && (word = strsep (&rest, " ")) != NULL;)
    words[count++] = word;
  words[count] = NULL;
  (void)snprintf (output, sizeof output, "data/%s.txt", name);
  (void)posix_spawn_file_actions_init (&actions);
  error = posix_spawn_file_actions_addchdir_np (&actions, report->directory);
  if (error == 0)
    error = posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, output,
                                              O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (error == 0)
    error = posix_spawn (&child, "/proc/self/exe", &actions, NULL, words, environ);
  (void)posix_spawn_file_actions_destroy (&actions);
  free (text);
  if (error != 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "delta1 cannot be run again: %s", strerror (error));
  while (waitpid (child, &how, 0) < 0)
    if (errno != EINTR)
      return delta1_fail (reason, DELTA1_SYSTEM, "waiting fails: %s", strerror (errno));
  if (!WIFEXITED (how) || WEXITSTATUS (how) != 0)
    return delta1_fail (reason, DELTA1_FAILED, "%s", command);
  return DELTA1_OK;
}

static delta1_status_t
make_directory (const char *directory, const char *below, delta1_reason_t *reason)
{
  char path[4096];
  if (snprintf (path, sizeof path, "%s/%s", directory, below) >= (int)sizeof path)
    return delta1_fail (reason, DELTA1_INPUT, "the name of the directory is too long");
  if (mkdir (path, 0777) != 0 && errno != EEXIST)
    return delta1_fail (reason, DELTA1_SYSTEM, "%.500s: %s", path, strerror (errno));
  return DELTA1_OK;
}

/* A step of the effort that is made, or of the greatest below it when that has none. */
static bool
is_asked (const report_t *report, slong step)
{
  effort_t effort = steps[step].effort;
  bool has_own = false;
  for (slong i = 0; i < STEPS; i++)
    if (strcmp (steps[i].name, steps[step].name) == 0 && steps[i].effort == report->effort)
      has_own = true;
  return effort == EVERY || effort == report->effort
         || (!has_own && effort == USUAL && report->effort == ALL_SOLVERS);
}

static void
barrier_command (char *command, size_t size, const report_t *report, long K)
{
  (void)snprintf (command, size, BARRIER, K, report->effort == QUICK && K < FAR ? UNTRAINED : "", K,
                  K);
}

static void
compute (report_t *report)
{
  delta1_progress_t progress;
  delta1_reason_t reason;
  char name[100], command[500];
  delta1_progress_begin (&progress);
  report->barrier = true;
  for (slong i = 0; i < report->barriers; i++)
    {
      long K = (long)barrier_digits[i];
      delta1_progress_show (&progress, i, report->barriers + STEPS, "the barrier, K = %ld", K);
      (void)snprintf (name, sizeof name, "barrier-%ld", K);
      barrier_command (command, sizeof command, report, K);
      if (run (report, name, command, &reason) != DELTA1_OK)
        {
          delta1_progress_end (&progress);
          (void)delta1_usage_error (COMMAND, "failed: %s", reason.text);
          report->barrier = false;
          report->failed++;
        }
    }
  for (slong i = 0; i < STEPS; i++)
    {
      if (!is_asked (report, i))
        continue;
      delta1_progress_show (&progress, report->barriers + i, report->barriers + STEPS, "%s",
                            steps[i].name);
      report->done[i] = run (report, steps[i].name, steps[i].command, &reason) == DELTA1_OK;
      if (!report->done[i])
        {
          delta1_progress_end (&progress);
          (void)delta1_usage_error (COMMAND, "failed: %s", reason.text);
          report->failed++;
        }
    }
  delta1_progress_end (&progress);
}

/* --- the values of the page ----------------------------------------------------------------- */

static delta1_status_t
read_json (json_t **json, const report_t *report, const char *file, delta1_reason_t *reason)
{
  char path[4096];
  (void)snprintf (path, sizeof path, "%s/%s", report->directory, file);
  return delta1_document_read (json, path, reason);
}

/* {"verdict", "error", "samples"} of a play. */
static json_t *
short_play (json_t *play)
{
  json_t *error = json_object_get (play, "error");
  json_t *made = json_pack ("{s:O}", "verdict", json_object_get (play, "verdict"));
  if (json_is_array (error))
    (void)json_object_set (made, "error", json_array_get (error, 1));
  (void)json_object_set (made, "samples", json_object_get (play, "samples"));
  return made;
}

/* For the slider: of every program its plays with the adversary on the three tiers. */
static json_t *
short_barrier (json_t *document)
{
  json_t *programs = json_array (), *play;
  size_t i, n;
  json_array_foreach (json_object_get (document, "plays"), i, play)
  {
    const char *name = json_string_value (json_object_get (play, "program"));
    const char *oracle = json_string_value (json_object_get (play, "oracle"));
    if (name == NULL || oracle == NULL || strcmp (oracle, "adversary") != 0
        || json_integer_value (json_object_get (play, "limit")) != 0)
      continue;
    json_t *program = NULL, *known;
    json_array_foreach (
        programs, n,
        known) if (strcmp (json_string_value (json_object_get (known, "program")), name) == 0)
        program
        = known;
    if (program == NULL)
      {
        program = json_pack ("{s:s}", "program", name);
        (void)json_array_append_new (programs, program);
      }
    (void)json_object_set_new (program, json_string_value (json_object_get (play, "tier")),
                               short_play (play));
  }
  return programs;
}

static delta1_status_t
all_barriers (json_t **made, const report_t *report, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  *made = json_array ();
  for (slong i = 0; i < report->barriers && status == DELTA1_OK; i++)
    {
      json_t *document = NULL;
      char file[100], command[500];
      long K = (long)barrier_digits[i];
      (void)snprintf (file, sizeof file, "data/barrier-%ld.json", K);
      barrier_command (command, sizeof command, report, K);
      status = read_json (&document, report, file, reason);
      if (status == DELTA1_OK)
        {
          (void)snprintf (file, sizeof file, "certificates/barrier-%ld/", K);
          (void)json_array_append_new (
              *made, json_pack ("{s:I, s:s, s:s, s:o}", "digits", (json_int_t)K, "command", command,
                                "certificates", file, "programs", short_barrier (document)));
        }
      json_decref (document);
    }
  return status;
}

/* The step of that name that was done; -1. */
static slong
find_step (const report_t *report, const char *name)
{
  for (slong i = 0; i < STEPS; i++)
    if (report->done[i] && strcmp (steps[i].name, name) == 0)
      return i;
  return -1;
}

/* The JSON behind json:NAME; null when it was not computed. */
static delta1_status_t
json_value (json_t **json, const report_t *report, const char *name, delta1_reason_t *reason)
{
  *json = NULL;
  if (strcmp (name, "barrier") == 0 && report->barrier)
    return all_barriers (json, report, reason);
  if (find_step (report, name) < 0)
    {
      *json = json_null ();
      return DELTA1_OK;
    }
  char file[100];
  (void)snprintf (file, sizeof file, "data/%.60s.json", name);
  return read_json (json, report, strcmp (name, "transcript") == 0 ? RUN : file, reason);
}

/* Whether a section has what it shows: its step is done, its pictures are drawn. */
static bool
has_section (const report_t *report, const char *name)
{
  static const char *const picture[][2] = { { "samples", "pictures/barrier-samples.svg" },
                                            { "solvers", "pictures/solvers-lp.svg" },
                                            { "convergence", "pictures/convergence-layers.svg" },
                                            { "depth", "pictures/depth.svg" },
                                            { "paradox", "pictures/paradox-stable.svg" },
                                            { "backprop", "pictures/backprop-depth.svg" } };
  char path[4096];
  if (strcmp (name, "barrier") == 0)
    return report->barrier;
  for (size_t i = 0; i < sizeof picture / sizeof picture[0]; i++)
    if (strcmp (name, picture[i][0]) == 0)
      {
        (void)snprintf (path, sizeof path, "%s/%s", report->directory, picture[i][1]);
        if (access (path, R_OK) != 0)
          return false;
      }
  return find_step (report, name) >= 0;
}

static delta1_status_t
value (void *context, char **text, const char *name, delta1_reason_t *reason)
{
  const report_t *report = context;
  delta1_status_t status = DELTA1_OK;
  *text = NULL;
  if (strncmp (name, "json:", 5) == 0)
    {
      json_t *json = NULL;
      status = json_value (&json, report, name + 5, reason);
      if (status == DELTA1_OK)
        *text = delta1_page_script_json (json);
      json_decref (json);
    }
  else if (strncmp (name, "svg:", 4) == 0 || strncmp (name, "png:", 4) == 0)
    {
      char path[4096];
      (void)snprintf (path, sizeof path, "%s/%s.%.3s", report->directory, name + 4, name);
      status = delta1_page_data_uri (text, name[0] == 's' ? "image/svg+xml" : "image/png", path,
                                     reason);
    }
  else if (strncmp (name, "text:", 5) == 0)
    {
      char path[4096];
      (void)snprintf (path, sizeof path, "%s/data/%s.txt", report->directory, name + 5);
      status = delta1_page_text (text, path, reason);
    }
  else if (strncmp (name, "command:", 8) == 0)
    {
      slong step = find_step (report, name + 8);
      if (step >= 0)
        *text = delta1_page_escape (steps[step].command);
    }
  else if (strcmp (name, "version") == 0)
    *text = delta1_page_escape (PACKAGE_VERSION);
  else if (strcmp (name, "certificate") == 0)
    *text = delta1_page_escape (RUN);
  else if (has_section (report, name))
    *text = strdup ("");
  return status;
}

static delta1_status_t
write_page (report_t *report, delta1_reason_t *reason)
{
  delta1_page_values_t values = { .value = value, .context = report };
  delta1_file_t file = { .stream = NULL };
  char path[4096];
  (void)snprintf (path, sizeof path, "%s/index.html", report->directory);
  delta1_status_t status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  status = delta1_page_write (file.stream, delta1_report_template, &values, reason);
  delta1_status_t closed = delta1_file_close (&file, status == DELTA1_OK, reason);
  return status != DELTA1_OK ? status : closed;
}

int
delta1_command_report (int argc, char **argv)
{
  static const struct option options[] = { { "output", required_argument, NULL, 'o' },
                                           { "all-solvers", no_argument, NULL, 'a' },
                                           { "quick", no_argument, NULL, 'q' },
                                           { "help", no_argument, NULL, 'h' },
                                           { NULL, 0, NULL, 0 } };
  static const char *const below[] = { ".", "data", "pictures", "certificates" };
  report_t report = { .directory = "delta1-report", .effort = USUAL };
  delta1_reason_t reason;
  int option;
  opterr = 0;
  while ((option = getopt_long (argc, argv, ":o:h", options, NULL)) != -1)
    switch (option)
      {
      case 'h':
        return help ();
      case 'o':
        report.directory = optarg;
        break;
      case 'a':
        report.effort = ALL_SOLVERS;
        break;
      case 'q':
        report.effort = QUICK;
        break;
      default:
        return delta1_usage_getopt (COMMAND, option, argv);
      }
  if (optind < argc)
    return delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  if (mkdir (report.directory, 0777) != 0 && errno != EEXIST)
    return delta1_usage_error (COMMAND, "%.500s: %s", report.directory, strerror (errno));
  for (size_t i = 0; i < sizeof below / sizeof below[0]; i++)
    if (make_directory (report.directory, below[i], &reason) != DELTA1_OK)
      return delta1_usage_error (COMMAND, "%s", reason.text);
  report.barriers = report.effort == QUICK ? QUICK_BARRIERS : BARRIERS;
  compute (&report);
  if (write_page (&report, &reason) != DELTA1_OK)
    return delta1_usage_error (COMMAND, "%s", reason.text);
  printf ("%s/index.html\n", report.directory);
  return report.failed == 0 ? DELTA1_EXIT_OK : DELTA1_EXIT_UNDECIDED;
}
