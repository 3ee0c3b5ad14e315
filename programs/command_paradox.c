/* delta1 paradox: the stability paradox, counted over Q. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/paradox_certificate.h"
#include "constructions/paradox_game.h"
#include "programs/certificates.h"
#include "programs/commands.h"
#include "programs/paradox_report.h"
#include "programs/usage.h"
#include "src/network_document.h"
#include "src/onnx.h"
#include "trainers/fit.h"
#include "trainers/trainer.h"

#define COMMAND "paradox"
#define MAX_RUNS 1000000
/* Networks are looked at, over Q, once in so many steps of training. */
#define EVERY 50

typedef struct
{
  slong points; /* 0: from the architecture */
  slong exponent;
  slong widths[DELTA1_PARADOX_MAX_LAYERS + 1], count;
  fmpq_t theta;
  const char *network, *command, *certificates, *plot;
  bool train;
  delta1_fit_t fit;
  slong runs, seed;
  delta1_paradox_play_t play;
} setting_t;

static int
help (void)
{
  printf (
      "usage: delta1 paradox [OPTION]...\n\n"
      "The stability paradox of mathematics.md, Section 7: data that every network of a fixed "
      "size\n"
      "classifies unstably, although a stable network exists. Everything is counted over the "
      "rationals.\n\n"
      "The data:\n"
      "  --points K         2 or more; default 20 more than the architecture can follow\n"
      "  --exponent Q       delta = 2^-Q; default 4\n"
      "  --theta T          the stable network is constant on balls of radius T mu, 0 < T < 1;\n"
      "                     default 9/10\n"
      "  --widths LIST      the architecture: d, hidden widths, 1; default 2,8,8,1\n\n"
      "Who is judged, besides the network x_2/delta:\n"
      "  --network FILE     a network: ONNX when the name ends in .onnx, else JSON\n"
      "                     (doc/network.md)\n"
      "  --train METHOD     sgd or adam: networks trained here by least squares\n"
      "  --precision P      of training: double (default), or every operation rounded to 2 to\n"
      "                     10000 bits\n"
      "  --rate R           of training; default 0.01\n"
      "  --steps N          of training, at most; it ends when all data have the right class;\n"
      "                     default 20000\n"
      "  --exec COMMAND     a program that speaks doc/protocol.md and answers with a network\n"
      "  --adversary        the program reads T_0 or T_delta, and cannot know which: Theorem 7.2\n"
      "  --tolerance E      loss above the least that still counts as minimal there, 0 <= E < "
      "1/4;\n"
      "                     default 1/8\n"
      "  --max-precision N  largest n a program may ask; default 100000\n"
      "  --timeout S        seconds of wall time of one run of a program; default 60\n"
      "  --runs N           trained networks, or runs of the program; default 1\n"
      "  --seed S           of the first run; default 1\n\n"
      "  --certificates DIR write a certificate of every count; DIR is made\n"
      "  --plot PREFIX      PREFIX-unstable and PREFIX-stable: the two classifiers (gnuplot)\n"
      "  -h, --help         this text\n\n"
      "Exit codes: 0 done; 1 a count contradicts the theorem, a defect of delta1; 3 wrong usage or "
      "input.\n");
  return DELTA1_EXIT_OK;
}

enum
{
  OPT_POINTS = 256,
  OPT_EXPONENT,
  OPT_THETA,
  OPT_WIDTHS,
  OPT_NETWORK,
  OPT_TRAIN,
  OPT_PRECISION,
  OPT_RATE,
  OPT_STEPS,
  OPT_EXEC,
  OPT_ADVERSARY,
  OPT_TOLERANCE,
  OPT_MAX_PRECISION,
  OPT_TIMEOUT,
  OPT_RUNS,
  OPT_SEED,
  OPT_CERTIFICATES,
  OPT_PLOT
};

static const struct option options[]
    = { { "points", required_argument, NULL, OPT_POINTS },
        { "exponent", required_argument, NULL, OPT_EXPONENT },
        { "theta", required_argument, NULL, OPT_THETA },
        { "widths", required_argument, NULL, OPT_WIDTHS },
        { "network", required_argument, NULL, OPT_NETWORK },
        { "train", required_argument, NULL, OPT_TRAIN },
        { "precision", required_argument, NULL, OPT_PRECISION },
        { "rate", required_argument, NULL, OPT_RATE },
        { "steps", required_argument, NULL, OPT_STEPS },
        { "exec", required_argument, NULL, OPT_EXEC },
        { "adversary", no_argument, NULL, OPT_ADVERSARY },
        { "tolerance", required_argument, NULL, OPT_TOLERANCE },
        { "max-precision", required_argument, NULL, OPT_MAX_PRECISION },
        { "timeout", required_argument, NULL, OPT_TIMEOUT },
        { "runs", required_argument, NULL, OPT_RUNS },
        { "seed", required_argument, NULL, OPT_SEED },
        { "certificates", required_argument, NULL, OPT_CERTIFICATES },
        { "plot", required_argument, NULL, OPT_PLOT },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };

/* A number below 1/below; theta also above 0. */
static bool
set_fraction (fmpq_t value, const char *option, const char *text, slong below, const char *allowed)
{
  fmpq_t limit;
  if (!delta1_usage_number (value, COMMAND, option, text))
    return false;
  fmpq_init (limit);
  fmpq_set_si (limit, 1, (ulong)below);
  bool good = fmpq_cmp (value, limit) < 0 && fmpq_sgn (value) >= (below == 1 ? 1 : 0);
  fmpq_clear (limit);
  if (!good)
    (void)delta1_usage_error (COMMAND, "%s %.60s: allowed: numbers %s", option, text, allowed);
  return good;
}

static bool
set_train (setting_t *s, const char *text)
{
  s->train = true;
  if (strcmp (text, "sgd") == 0)
    s->fit.optimiser.kind = DELTA1_SGD;
  else if (strcmp (text, "adam") == 0)
    s->fit.optimiser.kind = DELTA1_ADAM;
  else
    {
      (void)delta1_usage_error (COMMAND, "--train %.60s: allowed: sgd, adam", text);
      return false;
    }
  return true;
}

static bool
set_option (setting_t *s, int option, const char *text)
{
  slong bits;
  switch (option)
    {
    case OPT_POINTS:
      return delta1_usage_integer (&s->points, COMMAND, "--points", text, 2,
                                   DELTA1_PARADOX_MAX_POINTS);
    case OPT_EXPONENT:
      return delta1_usage_integer (&s->exponent, COMMAND, "--exponent", text, 0, 1000000);
    case OPT_THETA:
      return set_fraction (s->theta, "--theta", text, 1, "above 0 and below 1");
    case OPT_WIDTHS:
      return delta1_usage_list (s->widths, &s->count, COMMAND, "--widths", text,
                                DELTA1_PARADOX_MAX_LAYERS + 1, 1, DELTA1_NETWORK_MAX_WIDTH);
    case OPT_NETWORK:
      s->network = text;
      return true;
    case OPT_TRAIN:
      return set_train (s, text);
    case OPT_PRECISION:
      s->fit.precision = 0;
      if (strcmp (text, "double") == 0)
        return true;
      if (!delta1_usage_integer (&bits, COMMAND, "--precision", text, 2, 10000))
        return false;
      s->fit.precision = (mpfr_prec_t)bits;
      return true;
    case OPT_RATE:
      return delta1_usage_seconds (&s->fit.optimiser.rate, COMMAND, "--rate", text);
    case OPT_STEPS:
      return delta1_usage_integer (&s->fit.steps, COMMAND, "--steps", text, 0, 1000000000);
    case OPT_EXEC:
      s->command = text;
      return true;
    case OPT_ADVERSARY:
      s->play.adversary = true;
      return true;
    case OPT_TOLERANCE:
      return set_fraction (s->play.tolerance, "--tolerance", text, 4, "0 or above, below 1/4");
    case OPT_MAX_PRECISION:
      return delta1_usage_integer (&s->play.budget.precision, COMMAND, "--max-precision", text, 1,
                                   DELTA1_ORACLE_MAX_PRECISION);
    case OPT_TIMEOUT:
      return delta1_usage_seconds (&s->play.budget.seconds, COMMAND, "--timeout", text);
    case OPT_RUNS:
      return delta1_usage_integer (&s->runs, COMMAND, "--runs", text, 1, MAX_RUNS);
    case OPT_SEED:
      return delta1_usage_integer (&s->seed, COMMAND, "--seed", text, 0, WORD_MAX - MAX_RUNS);
    case OPT_CERTIFICATES:
      s->certificates = text;
      return true;
    default:
      s->plot = text;
      return true;
    }
}

/* --- who is judged ---------------------------------------------------------------------------- */

/* Writes a certificate, when certificates are asked for; frees the document. */
static delta1_status_t
keep (const setting_t *s, json_t *document, const char *name, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  char *path = NULL;
  if (asprintf (&path, "%s/%s.json", s->certificates, name) < 0)
    {
      path = NULL;
      status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
    }
  else
    status = delta1_document_write (document, path, reason);
  free (path);
  json_decref (document);
  return status;
}

/* Judges, certifies, and prints when name is not to be summed up. */
static delta1_status_t
judge (delta1_paradox_verdict_t *verdict, const setting_t *s, const delta1_paradox_t *paradox,
       const delta1_network_t *network, const char *file, const char *name, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document;
  DELTA1_TRY (delta1_paradox_judge (verdict, paradox, network, reason));
  if (s->runs == 1 || strncmp (file, "run", 3) != 0)
    delta1_paradox_print_verdict (name, paradox, verdict);
  if (s->certificates != NULL)
    {
      DELTA1_TRY (
          delta1_paradox_certify_counts (&document, paradox, network, verdict, name, reason));
      DELTA1_TRY (keep (s, document, file, reason));
    }
cleanup:
  return status;
}

static delta1_status_t
show_stable (delta1_network_t **network, const setting_t *s, const delta1_paradox_t *paradox,
             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_paradox_t own;
  json_t *document;
  slong widths[] = { paradox->widths[0], 2 * (paradox->points - 1), 1 };
  *network = NULL;
  DELTA1_TRY (delta1_paradox_init (&own, paradox->points, paradox->delta, widths, 3, reason));
  DELTA1_TRY (delta1_paradox_stable (network, &own, s->theta, reason));
  DELTA1_TRY (delta1_paradox_check_stable (*network, &own, s->theta, reason));
  char *theta = fmpq_get_str (NULL, 10, s->theta);
  printf ("stable network %ld,%ld,1: the label, exactly, on the closed ball of radius %.60s mu "
          "around each of %ld points\n",
          (long)widths[0], (long)widths[1], theta, (long)paradox->points);
  flint_free (theta);
  if (s->certificates != NULL)
    {
      DELTA1_TRY (
          delta1_paradox_certify_stable (&document, &own, *network, s->theta, "stable", reason));
      DELTA1_TRY (keep (s, document, "stable", reason));
    }
cleanup:
  delta1_paradox_clear (&own);
  return status;
}

/* The network of --network, checked to be of the architecture. */
static delta1_status_t
read_network (delta1_network_t **network, const setting_t *s, const delta1_paradox_t *paradox,
              delta1_reason_t *reason)
{
  delta1_status_t status;
  json_t *document = NULL;
  size_t length = strlen (s->network);
  delta1_reason_t why;
  *network = NULL;
  if (length >= 5 && strcmp (s->network + length - 5, ".onnx") == 0)
    status = delta1_onnx_read (network, s->network, &why);
  else
    {
      status = delta1_document_read (&document, s->network, &why);
      if (status == DELTA1_OK)
        status = delta1_network_read (network, document, &why);
    }
  if (status == DELTA1_OK)
    status = delta1_paradox_check_network (paradox, *network, &why);
  if (status != DELTA1_OK)
    {
      delta1_network_free (*network);
      *network = NULL;
      (void)delta1_fail (reason, status, "--network %.200s: %.700s", s->network, why.text);
    }
  json_decref (document);
  return status;
}

/* Ends training when every datum has the right class. */
static delta1_status_t
look (bool *stop, const delta1_network_t *network, slong step, double loss, void *context,
      delta1_reason_t *reason)
{
  const delta1_paradox_t *paradox = context;
  delta1_status_t status = DELTA1_OK;
  slong correct = 0;
  (void)step;
  (void)loss;
  status = delta1_paradox_count_correct (&correct, paradox, network, reason);
  *stop = correct == paradox->points;
  return status;
}

/* What is summed up over runs. */
typedef struct
{
  slong accurate, failed, least, most;
} sum_t;

static void
add_to_sum (sum_t *sum, const delta1_paradox_verdict_t *verdict, const delta1_paradox_t *paradox)
{
  if (verdict->correct < paradox->points)
    return;
  slong broken = verdict->broken[0] + verdict->broken[1];
  sum->least = sum->accurate == 0 || broken < sum->least ? broken : sum->least;
  sum->most = broken > sum->most ? broken : sum->most;
  sum->accurate++;
}

static void
print_sum (const sum_t *sum, const setting_t *s, const delta1_paradox_t *paradox)
{
  if (s->runs == 1)
    return;
  printf ("%ld runs: %ld accurate", (long)s->runs, (long)sum->accurate);
  if (sum->failed > 0)
    printf (", %ld without a network", (long)sum->failed);
  if (sum->accurate > 0)
    printf ("; of each of these at least %ld points are broken (proved: %ld), at most %ld",
            (long)sum->least, (long)paradox->floor, (long)sum->most);
  printf ("\n");
}

static delta1_status_t
train_all (const setting_t *s, const delta1_paradox_t *paradox, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *network = NULL;
  delta1_paradox_verdict_t verdict;
  fmpq_mat_t Y, X;
  sum_t sum = { 0 };
  char name[80];
  delta1_fit_t fit = s->fit;
  fit.every = EVERY;
  fit.observe = look;
  fit.context = (void *)paradox;
  delta1_paradox_verdict_init (&verdict);
  fmpq_mat_init (Y, paradox->points, paradox->widths[0]);
  fmpq_mat_init (X, paradox->points, 1);
  delta1_paradox_examples (Y, X, paradox);
  delta1_examples_t examples = { .Y = Y, .X = X };
  for (slong run = 0; run < s->runs; run++)
    {
      delta1_network_free (network);
      DELTA1_TRY (delta1_fit_create (&network, paradox->widths[0], paradox->layers,
                                     paradox->widths + 1, 0.5, (uint64_t)(s->seed + run), reason));
      slong steps = 0;
      status = delta1_fit_run (network, &steps, &examples, &fit, reason);
      if (status == DELTA1_FAILED)
        {
          printf ("seed %ld: %s\n", (long)(s->seed + run), reason->text);
          sum.failed++;
          continue;
        }
      DELTA1_TRY (status);
      (void)snprintf (name, sizeof name, "%s at seed %ld, %ld steps",
                      fit.optimiser.kind == DELTA1_SGD ? "sgd" : "adam", (long)(s->seed + run),
                      (long)steps);
      char file[40];
      (void)snprintf (file, sizeof file, "run-%06ld", (long)(s->seed + run));
      DELTA1_TRY (judge (&verdict, s, paradox, network, file, name, reason));
      add_to_sum (&sum, &verdict, paradox);
    }
  status = DELTA1_OK;
  print_sum (&sum, s, paradox);
cleanup:
  delta1_network_free (network);
  delta1_paradox_verdict_clear (&verdict);
  fmpq_mat_clear (Y);
  fmpq_mat_clear (X);
  return status;
}

static delta1_status_t
certify_run (const setting_t *s, const delta1_paradox_t *paradox, const delta1_paradox_run_t *run,
             const char *label, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document;
  delta1_paradox_t revealed;
  char file[40];
  (void)snprintf (file, sizeof file, "program-%06ld", (long)s->play.seed);
  DELTA1_TRY (delta1_paradox_init (&revealed, paradox->points, run->delta, paradox->widths,
                                   paradox->layers + 1, reason));
  DELTA1_TRY (delta1_paradox_certify_training (&document, &revealed, run->network, run->transcript,
                                               s->play.tolerance, label, reason));
  DELTA1_TRY (keep (s, document, file, reason));
cleanup:
  delta1_paradox_clear (&revealed);
  return status;
}

static delta1_status_t
play_one (setting_t *s, const delta1_paradox_t *paradox, const delta1_algorithm_t *algorithm,
          sum_t *sum, delta1_paradox_verdict_t *verdict, delta1_reason_t *reason)
{
  delta1_paradox_run_t run;
  char file[40];
  delta1_status_t status = delta1_paradox_play (&run, paradox, algorithm, &s->play, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_paradox_print_run (algorithm->label, &run, &s->play);
  if (!run.answered)
    sum->failed++;
  else if (s->play.adversary && s->certificates != NULL)
    DELTA1_TRY (certify_run (s, paradox, &run, algorithm->label, reason));
  else if (!s->play.adversary)
    {
      (void)snprintf (file, sizeof file, "run-%06ld", (long)s->play.seed);
      DELTA1_TRY (judge (verdict, s, paradox, run.network, file, algorithm->label, reason));
      add_to_sum (sum, verdict, paradox);
    }
cleanup:
  delta1_paradox_run_clear (&run);
  return status;
}

static delta1_status_t
play_all (setting_t *s, const delta1_paradox_t *paradox, const delta1_algorithm_t *algorithm,
          delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_paradox_verdict_t verdict;
  sum_t sum = { 0 };
  delta1_paradox_verdict_init (&verdict);
  for (slong run = 0; run < s->runs; run++)
    {
      s->play.seed = (uint64_t)(s->seed + run);
      DELTA1_TRY (play_one (s, paradox, algorithm, &sum, &verdict, reason));
    }
  if (!s->play.adversary)
    print_sum (&sum, s, paradox);
  else
    printf ("%ld runs: %ld beaten, %ld without a network of the architecture\n", (long)s->runs,
            (long)(s->runs - sum.failed), (long)sum.failed);
cleanup:
  delta1_paradox_verdict_clear (&verdict);
  return status;
}

/* --- all of it -------------------------------------------------------------------------------- */

/* What is given is read and refused before anything is printed. */
static delta1_status_t
show (setting_t *s, const delta1_paradox_t *paradox, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *unstable = NULL, *stable = NULL, *given = NULL;
  delta1_algorithm_t *algorithm = NULL;
  delta1_paradox_verdict_t verdict;
  delta1_paradox_verdict_init (&verdict);
  if (s->network != NULL)
    DELTA1_TRY (read_network (&given, s, paradox, reason));
  if (s->command != NULL)
    DELTA1_TRY (delta1_trainer_create_process (&algorithm, s->command, reason));
  if (s->play.adversary)
    DELTA1_TRY (delta1_paradox_check_play (paradox, &s->play, reason));
  DELTA1_TRY (delta1_paradox_unstable (&unstable, paradox, reason));
  delta1_paradox_print_data (paradox);
  DELTA1_TRY (judge (&verdict, s, paradox, unstable, "unstable", "x_2/delta", reason));
  DELTA1_TRY (show_stable (&stable, s, paradox, reason));
  if (given != NULL)
    DELTA1_TRY (judge (&verdict, s, paradox, given, "network", s->network, reason));
  if (s->train)
    DELTA1_TRY (train_all (s, paradox, reason));
  if (algorithm != NULL)
    DELTA1_TRY (play_all (s, paradox, algorithm, reason));
  if (s->plot != NULL)
    DELTA1_TRY (delta1_paradox_draw (paradox, unstable, stable, s->plot, reason));
cleanup:
  delta1_network_free (unstable);
  delta1_network_free (stable);
  delta1_network_free (given);
  delta1_algorithm_free (algorithm);
  delta1_paradox_verdict_clear (&verdict);
  return status;
}

/* 20 points more than P + 1, when that is a number of points that is allowed. */
static slong
default_points (const setting_t *s)
{
  slong P = 1;
  for (slong i = 1; i + 1 < s->count; i++)
    P = P > DELTA1_PARADOX_MAX_POINTS / (s->widths[i] + 1) ? DELTA1_PARADOX_MAX_POINTS
                                                           : P * (s->widths[i] + 1);
  return P + 21 > DELTA1_PARADOX_MAX_POINTS ? DELTA1_PARADOX_MAX_POINTS : P + 21;
}

static int
run (setting_t *s)
{
  delta1_reason_t reason;
  delta1_paradox_t paradox;
  fmpq_t delta;
  if (s->certificates != NULL && !delta1_certificates_prepare (COMMAND, s->certificates))
    return DELTA1_EXIT_USAGE;
  fmpq_init (delta);
  fmpq_one (delta);
  fmpq_div_2exp (delta, delta, (flint_bitcnt_t)s->exponent);
  delta1_status_t status
      = delta1_paradox_init (&paradox, s->points > 0 ? s->points : default_points (s), delta,
                             s->widths, s->count, &reason);
  if (status == DELTA1_OK)
    status = show (s, &paradox, &reason);
  delta1_paradox_clear (&paradox);
  fmpq_clear (delta);
  if (status == DELTA1_OK)
    return DELTA1_EXIT_OK;
  (void)fflush (stdout);
  (void)delta1_usage_error (COMMAND, "%s", reason.text);
  return status == DELTA1_FAILED ? DELTA1_EXIT_REFUSED : DELTA1_EXIT_USAGE;
}

int
delta1_command_paradox (int argc, char **argv)
{
  setting_t s = { .exponent = 4,
                  .widths = { 2, 8, 8, 1 },
                  .count = 4,
                  .fit = { .optimiser = delta1_optimiser_defaults, .steps = 20000 },
                  .runs = 1,
                  .seed = 1,
                  .play = { .budget = { .precision = 100000, .seconds = 60 } } };
  int result, code = DELTA1_EXIT_OK;
  bool asked_help = false;
  s.fit.optimiser.rate = 0.01;
  fmpq_init (s.theta);
  fmpq_set_si (s.theta, 9, 10);
  fmpq_init (s.play.tolerance);
  fmpq_set_si (s.play.tolerance, 1, 8);
  opterr = 0;
  while (code == DELTA1_EXIT_OK && !asked_help
         && (result = getopt_long (argc, argv, ":h", options, NULL)) != -1)
    if (result == 'h')
      asked_help = true;
    else if (result == '?' || result == ':')
      code = delta1_usage_getopt (COMMAND, result, argv);
    else if (!set_option (&s, result, optarg))
      code = DELTA1_EXIT_USAGE;
  if (asked_help)
    code = help ();
  else if (code == DELTA1_EXIT_OK && optind < argc)
    code = delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  else if (code == DELTA1_EXIT_OK && s.play.adversary && s.command == NULL)
    code = delta1_usage_error (COMMAND, "--adversary: give a program with --exec");
  else if (code == DELTA1_EXIT_OK)
    code = run (&s);
  fmpq_clear (s.theta);
  fmpq_clear (s.play.tolerance);
  return code;
}
