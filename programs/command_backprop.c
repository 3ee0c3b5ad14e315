/* delta1 backprop: what finite precision does to training. */
#include <stdlib.h>
#include <string.h>

#include "programs/backprop.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/file.h"

#define COMMAND "backprop"

static int
help (void)
{
  printf (
      "usage: delta1 backprop [OPTION]...\n\n"
      "What finite precision does to the folded hat, a network of depth L with 2^L affine pieces\n"
      "(mathematics.md, Section 8). Every piece count is exact.\n\n"
      "  --experiment E     e1: pieces when the biases have errors of 2^-p\n"
      "                     e2: the depth beyond which a step of gradient descent, every "
      "operation\n"
      "                     rounded to p bits, destroys the network; exactly it would not move\n"
      "                     e3: pieces of a random network over the steps of ordinary training\n"
      "                     all (default)\n"
      "  --precision LIST   bits, 2 to 10000, ranges such as 6-32, and half, bfloat16, single,\n"
      "                     double; default 6,8,10,12,14,16\n"
      "  --depth L          the largest depth, 1 to 500; default 24\n"
      "  --seeds N          default 1000 for e1, 20 for e2, 5 for e3\n"
      "  --seed S           the first seed; default 1\n"
      "  --rate R           e2: steps of size 2^-R, 0 to 1000; default 4\n"
      "  --steps N          steps of training; default 1 for e2, 1000 for e3\n"
      "  --limit N          e2: pieces are counted up to N; default 4096\n"
      "  --csv FILE         write every count: experiment,precision,depth,seed,step,pieces\n"
      "  --plot PREFIX      PREFIX-noise, PREFIX-depth, PREFIX-ordinary (gnuplot)\n"
      "  -h, --help         this text\n\n"
      "Exit codes: 0 done; 1 a defect of delta1; 3 wrong usage.\n");
  return DELTA1_EXIT_OK;
}

enum
{
  OPT_EXPERIMENT = 256,
  OPT_PRECISION,
  OPT_DEPTH,
  OPT_SEEDS,
  OPT_SEED,
  OPT_RATE,
  OPT_STEPS,
  OPT_LIMIT,
  OPT_CSV,
  OPT_PLOT
};

static const struct option options[] = { { "experiment", required_argument, NULL, OPT_EXPERIMENT },
                                         { "precision", required_argument, NULL, OPT_PRECISION },
                                         { "depth", required_argument, NULL, OPT_DEPTH },
                                         { "seeds", required_argument, NULL, OPT_SEEDS },
                                         { "seed", required_argument, NULL, OPT_SEED },
                                         { "rate", required_argument, NULL, OPT_RATE },
                                         { "steps", required_argument, NULL, OPT_STEPS },
                                         { "limit", required_argument, NULL, OPT_LIMIT },
                                         { "csv", required_argument, NULL, OPT_CSV },
                                         { "plot", required_argument, NULL, OPT_PLOT },
                                         { "help", no_argument, NULL, 'h' },
                                         { NULL, 0, NULL, 0 } };

typedef struct
{
  delta1_backprop_t backprop;
  bool wanted[3];
  slong steps; /* 0: the defaults */
  const char *csv;
} setting_t;

static bool
set_experiment (setting_t *s, const char *text)
{
  static const char *const names[] = { "e1", "e2", "e3" };
  bool found = false;
  for (int i = 0; i < 3; i++)
    {
      s->wanted[i] = strcmp (text, names[i]) == 0 || strcmp (text, "all") == 0;
      found = found || s->wanted[i];
    }
  if (!found)
    (void)delta1_usage_error (COMMAND, "--experiment %.60s: allowed: e1, e2, e3, all", text);
  return found;
}

/* One item of the list: a format, or A-B. */
static bool
add_formats (delta1_backprop_t *s, char *item)
{
  delta1_reason_t reason;
  delta1_float_format_t first, last;
  char *dash = strchr (item, '-');
  if (dash != NULL)
    *dash = '\0';
  delta1_status_t status = delta1_float_format_parse (&first, item, &reason);
  if (status == DELTA1_OK && dash != NULL)
    status = delta1_float_format_parse (&last, dash + 1, &reason);
  if (status == DELTA1_OK && dash == NULL)
    last = first;
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "--precision %s", reason.text);
      return false;
    }
  bool named = first.emin != 0 || last.emin != 0;
  slong count = last.precision - first.precision + 1;
  if (count < 1 || (dash != NULL && named) || s->formats + count > DELTA1_BACKPROP_FORMATS)
    {
      (void)delta1_usage_error (COMMAND,
                                "--precision: a range goes from fewer to more bits; %d in all",
                                DELTA1_BACKPROP_FORMATS);
      return false;
    }
  if (named)
    s->format[s->formats++] = first;
  for (slong p = first.precision; !named && p <= last.precision; p++)
    {
      char bits[16];
      (void)snprintf (bits, sizeof bits, "%ld", (long)p);
      if (delta1_float_format_parse (&s->format[s->formats++], bits, &reason) != DELTA1_OK)
        return false;
    }
  return true;
}

static bool
set_precision (delta1_backprop_t *s, const char *text)
{
  s->formats = 0;
  for (const char *at = text;; at++)
    {
      char item[32];
      size_t length = strcspn (at, ",");
      if (length >= sizeof item)
        length = sizeof item - 1;
      memcpy (item, at, length);
      item[length] = '\0';
      if (!add_formats (s, item))
        return false;
      at += strcspn (at, ",");
      if (*at == '\0')
        return true;
    }
}

static bool
set_option (setting_t *s, int option, const char *text)
{
  delta1_backprop_t *b = &s->backprop;
  switch (option)
    {
    case OPT_EXPERIMENT:
      return set_experiment (s, text);
    case OPT_PRECISION:
      return set_precision (b, text);
    case OPT_DEPTH:
      return delta1_usage_integer (&b->depth, COMMAND, "--depth", text, 1, DELTA1_FOLD_MAX_DEPTH);
    case OPT_SEEDS:
      return delta1_usage_integer (&b->seeds, COMMAND, "--seeds", text, 1, 1000000);
    case OPT_SEED:
      return delta1_usage_integer (&b->seed, COMMAND, "--seed", text, 0, (slong)1 << 40);
    case OPT_RATE:
      return delta1_usage_integer (&b->training.rate, COMMAND, "--rate", text, 0, 1000);
    case OPT_STEPS:
      return delta1_usage_integer (&s->steps, COMMAND, "--steps", text, 1, 1000000000);
    case OPT_LIMIT:
      return delta1_usage_integer (&b->training.limit, COMMAND, "--limit", text, 2, (slong)1 << 40);
    case OPT_CSV:
      s->csv = text;
      return true;
    default:
      b->plot = text;
      return true;
    }
}

static int
run (setting_t *s)
{
  static delta1_status_t (*const experiments[]) (delta1_backprop_t *, delta1_reason_t *)
      = { delta1_backprop_noise, delta1_backprop_training, delta1_backprop_ordinary };
  delta1_reason_t reason;
  delta1_status_t status = DELTA1_OK;
  delta1_file_t csv = { 0 };
  delta1_backprop_t *b = &s->backprop;
  if (s->steps > 0)
    b->steps = b->training.steps = s->steps;
  if (s->csv != NULL && delta1_file_open (&csv, s->csv, &reason) != DELTA1_OK)
    return delta1_usage_error (COMMAND, "--csv %s; a file that can be written is needed",
                               reason.text);
  b->csv = csv.stream;
  if (b->csv != NULL)
    (void)fputs ("experiment,precision,depth,seed,step,pieces\n", b->csv);
  delta1_progress_begin (&b->progress);
  for (int i = 0; i < 3 && status == DELTA1_OK; i++)
    if (s->wanted[i])
      status = experiments[i](b, &reason);
  delta1_reason_t why;
  delta1_status_t closed = delta1_file_close (&csv, status == DELTA1_OK, &why);
  if (status == DELTA1_OK && closed != DELTA1_OK)
    status = delta1_fail (&reason, closed, "%s", why.text);
  if (status == DELTA1_OK)
    return DELTA1_EXIT_OK;
  (void)delta1_usage_error (COMMAND, "%s", reason.text);
  return status == DELTA1_FAILED ? DELTA1_EXIT_REFUSED : DELTA1_EXIT_USAGE;
}

int
delta1_command_backprop (int argc, char **argv)
{
  setting_t s = { .backprop = { .depth = 24,
                                .seed = 1,
                                .training = { .rate = 4, .steps = 1, .limit = 4096 },
                                .steps = 1000 },
                  .wanted = { true, true, true } };
  int result;
  if (!set_precision (&s.backprop, "6,8,10,12,14,16"))
    return DELTA1_EXIT_REFUSED;
  opterr = 0;
  while ((result = getopt_long (argc, argv, ":h", options, NULL)) != -1)
    {
      if (result == 'h')
        return help ();
      if (result == '?' || result == ':')
        return delta1_usage_getopt (COMMAND, result, argv);
      if (!set_option (&s, result, optarg))
        return DELTA1_EXIT_USAGE;
    }
  if (optind < argc)
    return delta1_usage_error (COMMAND, "argument %.60s: none is allowed", argv[optind]);
  return run (&s);
}
