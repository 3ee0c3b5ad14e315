/* delta1 plot: pictures of reports. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs/commands.h"
#include "programs/plot_depth.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/number.h"
#include "src/plot.h"

#define COMMAND "plot"
#define MAX_REPORTS 1000
#define MAX_PROGRAMS 256
/* Errors that are a smaller multiple of the one asked for, also 0, are drawn here. */
#define LEAST_MULTIPLE 1e-3
#define LARGEST_LINEAR 30

static int
help (void)
{
  printf (
      "usage: delta1 plot barrier REPORT... -o PREFIX [--tier T]\n"
      "       delta1 plot depth -o PREFIX [--inner P] [--restarts N]\n\n"
      "barrier draws reports that delta1 barrier --json wrote:\n"
      "  PREFIX-samples   samples used against the gap, for honest runs on tier b that are "
      "correct\n"
      "  PREFIX-error     the error as a multiple of the one asked for, against K, of the play "
      "of the\n"
      "                   adversary; several reports give several K\n"
      "Each is an SVG and a PNG by gnuplot, its data (.dat) and its script (.gp). A program "
      "that is in\n"
      "several reports is one line; reports of several problems give one line for each "
      "problem.\n\n"
      "depth runs a small reconstruction network in doubles and in balls, and draws PREFIX: the\n"
      "radius of entrywise balls over the inner steps, which grows exponentially, the certified\n"
      "radius of the run in doubles (Theorem 6.7), which grows linearly, and its error.\n\n"
      "  -o, --output PREFIX   the names of the files, without -samples.svg and so on\n"
      "  --tier T              of PREFIX-error: a (default), b, c\n"
      "  --inner P             of depth: inner steps, 1 to 100; default 5\n"
      "  --restarts N          of depth: 1 to 100; default 8\n"
      "  -h, --help            this text\n");
  return DELTA1_EXIT_OK;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* What a line of a picture is drawn from; reports grow it point by point. */
typedef struct
{
  char *title;
  slong count, room;
  double *x, *y;
} line_t;

typedef struct
{
  slong count;
  line_t line[MAX_PROGRAMS];
} lines_t;

static void
lines_clear (lines_t *lines)
{
  for (slong i = 0; i < lines->count; i++)
    {
      free (lines->line[i].title);
      free (lines->line[i].x);
      free (lines->line[i].y);
    }
}

static delta1_status_t
lines_add (lines_t *lines, const char *title, double x, double y, delta1_reason_t *reason)
{
  slong i = 0;
  while (i < lines->count && strcmp (lines->line[i].title, title) != 0)
    i++;
  if (i == MAX_PROGRAMS)
    return delta1_fail (reason, DELTA1_INPUT, "more than %d programs", MAX_PROGRAMS);
  line_t *line = lines->line + i;
  if (i == lines->count)
    {
      *line = (line_t){ .title = strdup (title) };
      if (line->title == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
      lines->count++;
    }
  if (line->count == line->room)
    {
      slong room = 2 * line->room + 16;
      double *mx = realloc (line->x, (size_t)room * sizeof *mx);
      line->x = mx != NULL ? mx : line->x;
      double *my = realloc (line->y, (size_t)room * sizeof *my);
      line->y = my != NULL ? my : line->y;
      if (mx == NULL || my == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
      line->room = room;
    }
  /* Ascending in x: reports may come in any order. Of two points at one x the larger y counts. */
  slong at = line->count;
  while (at > 0 && line->x[at - 1] > x)
    at--;
  if (at > 0 && line->x[at - 1] == x)
    {
      line->y[at - 1] = fmax (line->y[at - 1], y);
      return DELTA1_OK;
    }
  memmove (line->x + at + 1, line->x + at, (size_t)(line->count - at) * sizeof *line->x);
  memmove (line->y + at + 1, line->y + at, (size_t)(line->count - at) * sizeof *line->y);
  line->x[at] = x;
  line->y[at] = y;
  line->count++;
  return DELTA1_OK;
}

typedef struct
{
  lines_t samples, error;
  char tier;
  slong least_digits, most_digits;
  slong gaps;     /* points of the first picture */
  double largest; /* of the second */
} picture_t;

/* log10 of a decimal such as 2.83e-1006, which may be far below the doubles; NaN when it is none.
 */
static double
decimal_log10 (const char *text)
{
  const char *e = strchr (text, 'e');
  char *end;
  double mantissa = strtod (text, &end);
  if (e == NULL)
    return *text != '\0' && *end == '\0' && mantissa > 0 ? log10 (mantissa) : NAN;
  char head[64];
  size_t length = (size_t)(e - text);
  if (length == 0 || length >= sizeof head)
    return NAN;
  memcpy (head, text, length);
  head[length] = '\0';
  mantissa = strtod (head, &end);
  if (*end != '\0' || !(mantissa > 0) || isinf (mantissa))
    return NAN;
  long exponent = strtol (e + 1, &end, 10);
  return e[1] != '\0' && *end == '\0' && labs (exponent) < 100000000
             ? log10 (mantissa) + (double)exponent
             : NAN;
}

static delta1_status_t
add_play (picture_t *picture, const json_t *play, const char *title, slong digits,
          delta1_reason_t *reason)
{
  const char *tier = json_string_value (json_object_get (play, "tier"));
  const char *oracle = json_string_value (json_object_get (play, "oracle"));
  const char *verdict = json_string_value (json_object_get (play, "verdict"));
  const json_t *samples = json_object_get (play, "samples");
  const json_t *limit = json_object_get (play, "limit");
  if (tier == NULL || oracle == NULL || verdict == NULL || !json_is_integer (samples)
      || !json_is_integer (limit))
    return delta1_fail (reason, DELTA1_INPUT, "a play without tier, oracle, verdict or samples");
  if (json_is_true (json_object_get (play, "curve")))
    {
      const char *gap = json_string_value (json_object_get (play, "gap"));
      fmpq_t value;
      if (gap == NULL)
        return delta1_fail (reason, DELTA1_INPUT, "a play without gap");
      fmpq_init (value);
      delta1_status_t status = delta1_number_parse (value, gap, reason);
      /* A power of two: 2^-k. */
      double k = (double)fmpz_bits (fmpq_denref (value)) - (double)fmpz_bits (fmpq_numref (value));
      fmpq_clear (value);
      if (status == DELTA1_OK && strcmp (verdict, "correct") == 0)
        {
          picture->gaps++;
          status = lines_add (&picture->samples, title, k, (double)json_integer_value (samples),
                              reason);
        }
      return status;
    }
  if (tier[0] != picture->tier || strcmp (oracle, "adversary") != 0
      || json_integer_value (limit) != 0)
    return DELTA1_OK;
  const char *upper = json_string_value (json_array_get (json_object_get (play, "error"), 1));
  if (upper == NULL)
    return DELTA1_OK;
  /* As a multiple of 10^-goal: errors themselves soon leave the doubles. */
  double excess = decimal_log10 (upper) + (double)(digits - (picture->tier - 'a'));
  double multiple = isnan (excess) ? 0 : pow (10, excess);
  picture->largest = fmax (picture->largest, multiple);
  return lines_add (&picture->error, title, (double)digits, multiple, reason);
}

static delta1_status_t
read_report (picture_t *picture, const json_t *document, bool name_problem, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *family = json_object_get (document, "family");
  const char *format = json_string_value (json_object_get (document, "format"));
  const char *problem = json_string_value (json_object_get (family, "problem"));
  const json_t *digits = json_object_get (family, "digits");
  const json_t *plays = json_object_get (document, "plays");
  size_t i;
  json_t *play;
  if (format == NULL || strcmp (format, "delta1-barrier") != 0
      || json_integer_value (json_object_get (document, "version")) != 1)
    return delta1_fail (reason, DELTA1_INPUT, "not a report of delta1 barrier, version 1");
  if (problem == NULL || !json_is_integer (digits) || json_integer_value (digits) < 1
      || json_integer_value (digits) > 1000000000 || !json_is_array (plays))
    return delta1_fail (reason, DELTA1_INPUT, "a report without problem, digits or plays");
  slong K = (slong)json_integer_value (digits);
  if (picture->least_digits == 0 || K < picture->least_digits)
    picture->least_digits = K;
  if (K > picture->most_digits)
    picture->most_digits = K;
  json_array_foreach ((json_t *)plays, i, play)
  {
    const char *program = json_string_value (json_object_get (play, "program"));
    char *title = NULL;
    if (program == NULL)
      return delta1_fail (reason, DELTA1_INPUT, "a play without program");
    if (asprintf (&title, "%s%s%s", name_problem ? problem : "", name_problem ? ": " : "", program)
        < 0)
      return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
    status = add_play (picture, play, title, K, reason);
    free (title);
    if (status != DELTA1_OK)
      return status;
  }
  return status;
}

/* --- drawing ---------------------------------------------------------------------------------- */

static delta1_status_t
draw (const lines_t *lines, delta1_plot_t *plot, const delta1_plot_series_t *guide,
      const char *prefix, const char *what, delta1_reason_t *reason)
{
  delta1_plot_series_t series[MAX_PROGRAMS + 1];
  char *path = NULL;
  bool drawn;
  plot->series = series;
  for (slong i = 0; i < lines->count; i++)
    series[plot->count++] = (delta1_plot_series_t){ .title = lines->line[i].title,
                                                    .style = DELTA1_PLOT_LINES_POINTS,
                                                    .count = lines->line[i].count,
                                                    .x = lines->line[i].x,
                                                    .y = lines->line[i].y };
  if (guide != NULL)
    series[plot->count++] = *guide;
  if (asprintf (&path, "%s-%s", prefix, what) < 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
  delta1_status_t status = delta1_plot_write (&drawn, plot, path, reason);
  if (status == DELTA1_OK && drawn)
    printf ("%s.svg %s.png\n", path, path);
  else if (status == DELTA1_OK)
    printf ("%s\n", reason->text);
  free (path);
  return status;
}

static delta1_status_t
draw_all (const picture_t *picture, const char *prefix, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  static const char *const units[] = { "10⁻ᴷ", "10⁻⁽ᴷ⁻¹⁾", "10⁻⁽ᴷ⁻²⁾" };
  char label[64], multiple[64];
  if (picture->gaps > 0)
    {
      delta1_plot_t plot = { .title = "Tier b: samples used against the gap",
                             .x = { .label = "k: the gap is 2⁻ᵏ" },
                             .y = { .label = "samples used: largest precision asked, in bits" } };
      DELTA1_TRY (draw (&picture->samples, &plot, NULL, prefix, "samples", reason));
    }
  if (picture->error.count > 0)
    {
      const double x[] = { (double)picture->least_digits, (double)picture->most_digits };
      const double y[] = { 1, 1 };
      (void)snprintf (label, sizeof label, "Tier %c, adversary: error against K", picture->tier);
      const delta1_plot_series_t guide
          = { .title = "allowed", .style = DELTA1_PLOT_GUIDE, .count = 2, .x = x, .y = y };
      (void)snprintf (multiple, sizeof multiple, "certified error, in units of %s",
                      units[picture->tier - 'a']);
      delta1_plot_t plot = { .title = label,
                             .x = { .label = "K: digits" },
                             .y = { .label = multiple,
                                    .logarithmic = picture->largest > LARGEST_LINEAR,
                                    .least = LEAST_MULTIPLE } };
      DELTA1_TRY (draw (&picture->error, &plot, &guide, prefix, "error", reason));
    }
  if (picture->gaps == 0 && picture->error.count == 0)
    status = delta1_fail (reason, DELTA1_INPUT, "the reports hold nothing to draw");
cleanup:
  return status;
}

static int
plot_barrier (char **paths, int count, const char *prefix, char tier)
{
  delta1_reason_t reason;
  delta1_status_t status = DELTA1_OK;
  json_t *documents[MAX_REPORTS] = { NULL };
  bool mixed = false;
  picture_t *picture = calloc (1, sizeof *picture);
  if (picture == NULL)
    return delta1_usage_error (COMMAND, "no memory for a picture");
  picture->tier = tier;
  for (int i = 0; i < count; i++)
    {
      DELTA1_TRY (delta1_document_read (&documents[i], paths[i], &reason));
      const json_t *a = json_object_get (json_object_get (documents[0], "family"), "problem");
      const json_t *b = json_object_get (json_object_get (documents[i], "family"), "problem");
      mixed = mixed || !json_equal (a, b);
    }
  for (int i = 0; i < count; i++)
    {
      delta1_reason_t why;
      status = read_report (picture, documents[i], mixed, &why);
      if (status != DELTA1_OK)
        DELTA1_TRY (delta1_fail (&reason, status, "%.300s: %.600s", paths[i], why.text));
    }
  status = draw_all (picture, prefix, &reason);
cleanup:
  for (int i = 0; i < count; i++)
    json_decref (documents[i]);
  lines_clear (&picture->samples);
  lines_clear (&picture->error);
  free (picture);
  if (status == DELTA1_OK)
    return DELTA1_EXIT_OK;
  return delta1_usage_error (COMMAND, "%s", reason.text);
}

int
delta1_command_plot (int argc, char **argv)
{
  static const struct option options[] = { { "output", required_argument, NULL, 'o' },
                                           { "tier", required_argument, NULL, 't' },
                                           { "help", no_argument, NULL, 'h' },
                                           { NULL, 0, NULL, 0 } };
  const char *prefix = NULL;
  char tier = 'a';
  int result;
  if (argc > 1 && strcmp (argv[1], "depth") == 0)
    return delta1_plot_depth (argc - 1, argv + 1);
  opterr = 0;
  optind = 0;
  while ((result = getopt_long (argc, argv, ":o:h", options, NULL)) != -1)
    switch (result)
      {
      case 'o':
        prefix = optarg;
        break;
      case 't':
        tier = optarg[0];
        if (tier < 'a' || tier > 'c' || optarg[1] != '\0')
          return delta1_usage_error (COMMAND, "--tier %.60s: allowed: a, b, c", optarg);
        break;
      case 'h':
        return help ();
      default:
        return delta1_usage_getopt (COMMAND, result, argv);
      }
  if (optind == argc || strcmp (argv[optind], "barrier") != 0)
    return delta1_usage_error (COMMAND, "picture %.60s: allowed: barrier, depth",
                               optind == argc ? "(none)" : argv[optind]);
  int count = argc - optind - 1;
  if (count < 1 || count > MAX_REPORTS)
    return delta1_usage_error (COMMAND, "%d reports given; allowed: 1 to %d", count, MAX_REPORTS);
  if (prefix == NULL)
    return delta1_usage_error (COMMAND, "no -o PREFIX given; see delta1 %s --help", COMMAND);
  return plot_barrier (argv + optind + 1, count, prefix, tier);
}
