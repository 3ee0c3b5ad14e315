#include "programs/barrier_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/network_answer.h"
#include "src/number.h"

/* Significant digits of an error in the table. */
#define SHOWN_DIGITS 3
/* Least and largest width of a program's name in the table. */
#define NAME_WIDTH 30
#define NAME_WIDEST 48

static char *
copy (const char *text)
{
  return text == NULL || text[0] == '\0' ? NULL : strdup (text);
}

void
delta1_report_clear (delta1_report_t *report)
{
  for (slong i = 0; i < report->records; i++)
    {
      delta1_record_t *r = report->record + i;
      free (r->lower);
      free (r->upper);
      free (r->column);
      free (r->gap);
      free (r->reason);
      free (r->certificate);
    }
  for (slong i = 0; i < report->seeds_records; i++)
    {
      free (report->seeds_record[i].successes);
      free (report->seeds_record[i].certificate);
    }
  free (report->record);
  free (report->seeds_record);
}

static void *
room_for_one (void **array, slong *room, slong used, size_t size)
{
  if (used == *room)
    {
      slong larger = 2 * used + 16;
      void *moved = realloc (*array, (size_t)larger * size);
      if (moved == NULL)
        return NULL;
      *array = moved;
      *room = larger;
    }
  return (char *)*array + (size_t)used * size;
}

bool
delta1_report_add (delta1_report_t *report, slong program, bool curve,
                   const delta1_outcome_t *outcome, const char *certificate)
{
  delta1_record_t *r = room_for_one ((void **)&report->record, &report->room, report->records,
                                     sizeof *report->record);
  if (r == NULL)
    return false;
  *r = (delta1_record_t){ .program = program,
                          .curve = curve,
                          .play = outcome->play,
                          .verdict = outcome->verdict,
                          .goal = outcome->goal,
                          .usage = outcome->usage,
                          .exhausted = outcome->exhausted,
                          .precision = outcome->precision,
                          .digits = outcome->digits,
                          .reason = copy (outcome->reason.text),
                          .certificate = copy (certificate),
                          .seconds = outcome->seconds };
  report->records++;
  if (outcome->input.column < 0)
    r->column = strdup ("tie");
  else if (asprintf (&r->column, "%ld", (long)outcome->input.column) < 0)
    r->column = NULL;
  r->gap = delta1_number_format (outcome->input.gap);
  if (outcome->verdict == DELTA1_CORRECT || outcome->verdict == DELTA1_WRONG)
    {
      r->exact = fmpz_is_zero (outcome->num) && fmpq_is_zero (outcome->radius);
      delta1_outcome_error (&r->lower, &r->upper, outcome, SHOWN_DIGITS);
    }
  return r->column != NULL && r->gap != NULL;
}

bool
delta1_report_add_seeds (delta1_report_t *report, slong program, const delta1_seeds_t *seeds,
                         const char *certificate)
{
  slong c = report->family->tied;
  delta1_seeds_record_t *r = room_for_one ((void **)&report->seeds_record, &report->seeds_room,
                                           report->seeds_records, sizeof *report->seeds_record);
  slong *successes = malloc ((size_t)c * sizeof *successes);
  if (r == NULL || successes == NULL)
    {
      free (successes);
      return false;
    }
  memcpy (successes, seeds->successes, (size_t)c * sizeof *successes);
  *r = (delta1_seeds_record_t){ .program = program,
                                .tier = seeds->tier,
                                .seeds = seeds->seeds,
                                .halted = seeds->halted,
                                .candidates = c,
                                .worst = seeds->worst,
                                .successes = successes,
                                .low = floor (fmpq_get_d (seeds->low) * 1e6) / 1e6,
                                .high = ceil (fmpq_get_d (seeds->high) * 1e6) / 1e6,
                                .certificate = copy (certificate) };
  report->seeds_records++;
  return true;
}

/* --- what the records say --------------------------------------------------------------------- */

/* The rows of the table: per tier and program the honest plays together, and one play of the
 * adversary. */
typedef struct
{
  slong honest, correct;            /* honest plays, and how many of them were correct */
  slong samples;                    /* the most samples an honest play used */
  const delta1_record_t *worst;     /* the honest play with the least digits */
  const delta1_record_t *adversary; /* not limited */
  const delta1_record_t *limited;   /* tier c, at most `starved` samples */
} row_t;

static bool
has_error (const delta1_record_t *r)
{
  return r->verdict == DELTA1_CORRECT || r->verdict == DELTA1_WRONG;
}

/* Whether a is a worse result than b: no error known, then fewer digits. */
static bool
is_worse (const delta1_record_t *a, const delta1_record_t *b)
{
  if (b == NULL)
    return true;
  if (!has_error (b))
    return false;
  if (!has_error (a))
    return true;
  if (a->exact || b->exact)
    return b->exact && !a->exact;
  return a->digits < b->digits;
}

static row_t
row_of (const delta1_report_t *report, slong program, delta1_tier_t tier)
{
  row_t row = { 0 };
  for (slong i = 0; i < report->records; i++)
    {
      const delta1_record_t *r = report->record + i;
      if (r->program != program || r->play.tier != tier || r->curve)
        continue;
      if (r->play.adversary && r->play.limit > 0)
        row.limited = r;
      else if (r->play.adversary)
        row.adversary = r;
      else
        {
          row.honest++;
          row.correct += r->verdict == DELTA1_CORRECT;
          if (r->usage.precision > row.samples)
            row.samples = r->usage.precision;
          if (is_worse (r, row.worst))
            row.worst = r;
        }
    }
  return row;
}

static const char *
error_text (const delta1_record_t *r)
{
  if (r == NULL || !has_error (r))
    return "-";
  return r->exact ? "0" : r->upper;
}

static void
digits_text (char text[24], const delta1_record_t *r)
{
  if (r == NULL || !has_error (r))
    (void)snprintf (text, 24, "-");
  else if (r->exact)
    (void)snprintf (text, 24, "all");
  else
    (void)snprintf (text, 24, "%ld", (long)r->digits);
}

static const char *
verdict_text (const delta1_record_t *r)
{
  if (r->verdict == DELTA1_WRONG)
    return "WRONG";
  if (r->verdict == DELTA1_NO_ANSWER)
    return "FAILED";
  return delta1_verdict_name (r->verdict);
}

static void
print_adversary (const delta1_record_t *r)
{
  char digits[24], samples[32];
  bool refused = r->exhausted != NULL && strcmp (r->exhausted, "precision") == 0;
  digits_text (digits, r);
  if (r->verdict == DELTA1_OVER_BUDGET)
    (void)snprintf (samples, sizeof samples, ">%ld",
                    (long)(refused ? r->precision : r->usage.precision));
  else
    (void)snprintf (samples, sizeof samples, "%ld", (long)r->usage.precision);
  printf ("  %12s %7s %8s  %s\n", error_text (r), digits, samples, verdict_text (r));
}

static int
name_width (const delta1_report_t *report)
{
  size_t width = NAME_WIDTH;
  for (slong p = 0; p < report->programs; p++)
    if (strlen (report->name[p]) > width)
      width = strlen (report->name[p]);
  return width > NAME_WIDEST ? NAME_WIDEST : (int)width;
}

static void
print_name (const delta1_report_t *report, slong program)
{
  const char *name = report->name[program];
  int width = name_width (report);
  if (strlen (name) <= (size_t)width)
    printf ("  %-*s", width, name);
  else
    printf ("  %.*s...", width - 3, name);
}

/* The honest columns are left empty where only the adversary plays. */
static void
print_head (const delta1_report_t *report, bool honest)
{
  printf ("  %-*s  %30s  %41s\n", name_width (report), "",
          honest ? "------- honest oracles -------" : "",
          "--------------- adversary ---------------");
  printf ("  %-*s  %12s %8s %8s  %12s %7s %8s  %s\n", name_width (report), "program",
          honest ? "error" : "", honest ? "samples" : "", honest ? "correct" : "", "error",
          "digits", "samples", "verdict");
}

static void
print_tier (const delta1_report_t *report, delta1_tier_t tier)
{
  static const char *const what[DELTA1_TIER_COUNT]
      = { "no program computes them",
          "computable, but no number of samples is enough for all inputs",
          "computable from L samples" };
  const delta1_tie_family_t *f = report->family;
  printf ("\nTier %c, %ld digits: %s\n", delta1_tier_letter (tier), (long)delta1_tie_goal (f, tier),
          what[tier]);
  print_head (report, true);
  for (slong p = 0; p < report->programs; p++)
    {
      row_t row = row_of (report, p, tier);
      char correct[32];
      if (row.adversary == NULL)
        continue;
      (void)snprintf (correct, sizeof correct, "%ld/%ld", (long)row.correct, (long)row.honest);
      print_name (report, p);
      printf ("  %12s %8ld %8s", error_text (row.worst), (long)row.samples, correct);
      print_adversary (row.adversary);
    }
}

static void
print_limited (const delta1_report_t *report)
{
  const delta1_tie_family_t *f = report->family;
  if (f->starved < 1)
    {
      printf ("\nTier c with fewer samples: nothing is claimed (L_min = %ld); take a larger L.\n",
              (long)f->starved);
      return;
    }
  printf ("\nTier c, %ld digits, held to %ld sample%s: not computable\n",
          (long)delta1_tie_goal (f, DELTA1_TIER_C), (long)f->starved, f->starved == 1 ? "" : "s");
  print_head (report, false);
  for (slong p = 0; p < report->programs; p++)
    {
      row_t row = row_of (report, p, DELTA1_TIER_C);
      if (row.limited == NULL)
        continue;
      print_name (report, p);
      printf ("  %12s %8s %8s", "", "", "");
      print_adversary (row.limited);
    }
}

static void
print_curve (const delta1_report_t *report)
{
  slong last = -1;
  bool first = true;
  for (slong i = 0; i < report->records; i++)
    {
      const delta1_record_t *r = report->record + i;
      if (!r->curve)
        continue;
      if (first)
        {
          printf ("\nTier b, honest: samples used against the gap 2^-k\n  %-*s",
                  name_width (report), "k");
          for (slong j = i; j < report->records && report->record[j].curve
                            && report->record[j].program == r->program;
               j++)
            printf (" %6ld", (long)report->record[j].play.k);
          first = false;
        }
      if (r->program != last)
        {
          printf ("\n");
          print_name (report, r->program);
        }
      last = r->program;
      if (r->verdict == DELTA1_CORRECT)
        printf (" %6ld", (long)r->usage.precision);
      else
        printf (" %6s", r->verdict == DELTA1_WRONG ? "wrong" : "-");
    }
  if (!first)
    printf ("\n");
}

static void
print_seeds (const delta1_report_t *report)
{
  for (slong i = 0; i < report->seeds_records; i++)
    {
      const delta1_seeds_record_t *r = report->seeds_record + i;
      slong sum = 0;
      printf ("\n%s on tier %c, %ld seeds, %ld inputs it cannot tell apart: right on",
              report->name[r->program], delta1_tier_letter (r->tier), (long)r->seeds,
              (long)r->candidates);
      for (slong j = 0; j < r->candidates; j++)
        {
          if (j < 8)
            printf (" %ld", (long)r->successes[j]);
          sum += r->successes[j];
        }
      printf ("%s seeds.\n  Exactly: %ld <= %ld in all, so at most 1/%ld on the worst. Its rate: "
              "%.4f in [%.4f, %.4f]\n"
              "  (99 %% Clopper-Pearson); 1/c = %.4f.\n",
              r->candidates > 8 ? " ..." : "", (long)sum, (long)r->seeds, (long)r->candidates,
              (double)r->successes[r->worst] / (double)r->seeds, r->low, r->high,
              1 / (double)r->candidates);
    }
}

/* --- the three sentences ---------------------------------------------------------------------- */

typedef struct
{
  slong played;  /* programs on this tier */
  slong beaten;  /* against the adversary: wrong, over budget or failed */
  slong wrong;   /* of these, certified wrong */
  slong honest;  /* programs correct in every honest play */
  slong samples; /* the fewest samples (largest n) one of those used */
  slong limited, limited_beaten;
  const char *best; /* the program with those samples */
} summary_t;

static summary_t
summarise (const delta1_report_t *report, delta1_tier_t tier)
{
  summary_t s = { 0 };
  for (slong p = 0; p < report->programs; p++)
    {
      row_t row = row_of (report, p, tier);
      if (row.adversary == NULL)
        continue;
      s.played++;
      s.beaten += row.adversary->verdict != DELTA1_CORRECT;
      s.wrong += row.adversary->verdict == DELTA1_WRONG;
      if (row.limited != NULL)
        {
          s.limited++;
          s.limited_beaten += row.limited->verdict != DELTA1_CORRECT;
        }
      if (row.honest > 0 && row.correct == row.honest)
        {
          if (s.honest == 0 || row.samples < s.samples)
            {
              s.samples = row.samples;
              s.best = report->name[p];
            }
          s.honest++;
        }
    }
  return s;
}

/* One sentence a tier, with the numbers just seen. */
static void
sentence (char *text, size_t size, const delta1_report_t *report, delta1_tier_t tier)
{
  const delta1_tie_family_t *f = report->family;
  summary_t s = summarise (report, tier);
  long goal = (long)delta1_tie_goal (f, tier);
  char best[256] = "none of these programs was correct on every honest input here";
  if (s.honest > 0)
    (void)snprintf (best, sizeof best,
                    "%s was correct on every honest input here, from at most %ld samples", s.best,
                    (long)s.samples);
  switch (tier)
    {
    case DELTA1_TIER_A:
      (void)snprintf (text, size,
                      "K = %ld digits cannot be computed: of %ld programs, %ld were beaten on tier "
                      "a, %ld with a "
                      "certified wrong answer on an input consistent with every answer they got.",
                      goal, (long)s.played, (long)s.beaten, (long)s.wrong);
      break;
    case DELTA1_TIER_B:
      (void)snprintf (
          text, size,
          "K-1 = %ld digits can be computed (%s), but the samples needed grow without bound as the "
          "gap closes: the adversary beat %ld of %ld programs.",
          goal, best, (long)s.beaten, (long)s.played);
      break;
    case DELTA1_TIER_C:
      if (f->starved >= 1)
        (void)snprintf (text, size,
                        "K-2 = %ld digits can be computed from %s %ld samples (%s); held to %ld, "
                        "%ld of %ld programs "
                        "were beaten.",
                        goal, f->mixing->kind == DELTA1_MIX_NONE ? "exactly L =" : "at most L =",
                        (long)f->samples, best, (long)f->starved, (long)s.limited_beaten,
                        (long)s.limited);
      else
        (void)snprintf (text, size,
                        "K-2 = %ld digits can be computed from at most L = %ld samples (%s).", goal,
                        (long)f->samples, best);
      break;
    }
}

/* Section 5.1: the network whose training fails exists. */
static void
print_existence (const delta1_tie_family_t *family)
{
  delta1_network_t *network;
  fmpq_t radius_squared;
  fmpq_init (radius_squared);
  if (delta1_tie_existence (&network, radius_squared, family, DELTA1_TIER_A, 0, NULL) == DELTA1_OK)
    {
      char *radius = delta1_number_format_root (fmpq_numref (radius_squared),
                                                fmpq_denref (radius_squared), SHOWN_DIGITS, -1);
      printf ("The stable, accurate network exists all the same: %ld hidden unit%s, exact on the "
              "data and "
              "constant within %s of them (verified over Q, input 0 of tier a).\n",
              (long)delta1_network_width (network, 0),
              delta1_network_width (network, 0) == 1 ? "" : "s", radius == NULL ? "?" : radius);
      free (radius);
      delta1_network_free (network);
    }
  fmpq_clear (radius_squared);
}

void
delta1_report_print (const delta1_report_t *report)
{
  const delta1_tie_family_t *f = report->family;
  const char *parameter = delta1_problem_parameter (f->problem);
  printf ("%s, %ld x %ld, K = %ld, L = %ld", delta1_problem_name (f->problem), (long)f->shape.m,
          (long)f->shape.N, (long)f->digits, (long)f->samples);
  if (parameter != NULL)
    {
      char *value = delta1_number_format (f->parameter);
      printf (", %s = %s", parameter, value == NULL ? "?" : value);
      free (value);
    }
  printf (", mixing %s, %ld data point%s, %ld tied columns\n", delta1_mix_name (f->mixing->kind),
          (long)f->points, f->points == 1 ? "" : "s", (long)f->tied);
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    print_tier (report, (delta1_tier_t)tier);
  print_limited (report);
  print_curve (report);
  print_seeds (report);
  for (slong i = 0; i < report->records; i++)
    if (report->record[i].verdict == DELTA1_NO_ANSWER && report->record[i].play.adversary)
      printf ("\n%s failed on tier %c: %s\n", report->name[report->record[i].program],
              delta1_tier_letter (report->record[i].play.tier),
              report->record[i].reason == NULL ? "no reason" : report->record[i].reason);
  printf ("\n");
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    {
      char text[1024];
      sentence (text, sizeof text, report, (delta1_tier_t)tier);
      printf ("%s\n", text);
    }
  print_existence (f);
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *
text_or_null (const char *text)
{
  return text == NULL ? json_null () : json_string (text);
}

static json_t *
record_json (const delta1_report_t *report, const delta1_record_t *r)
{
  char tier[2] = { delta1_tier_letter (r->play.tier), '\0' };
  json_t *object
      = json_pack ("{s:s,s:s,s:b,s:s,s:I,s:I,s:s,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o,s:f}", "program",
                   report->name[r->program], "tier", tier, "curve", r->curve, "oracle",
                   r->play.adversary ? "adversary" : delta1_rounding_name (r->play.rule), "limit",
                   (json_int_t)r->play.limit, "goal", (json_int_t)r->goal, "verdict",
                   delta1_verdict_name (r->verdict), "samples", (json_int_t)r->usage.precision,
                   "queries", (json_int_t)r->usage.queries, "bits", (json_int_t)r->usage.bits,
                   "input", text_or_null (r->column), "gap", text_or_null (r->gap), "certificate",
                   text_or_null (r->certificate), "reason", text_or_null (r->reason), "exhausted",
                   text_or_null (r->exhausted), "seconds", r->seconds);
  if (object != NULL && has_error (r))
    {
      (void)json_object_set_new (object, "error", json_pack ("[s,s]", r->lower, r->upper));
      (void)json_object_set_new (object, "digits",
                                 r->exact ? json_null () : json_integer (r->digits));
    }
  return object;
}

static json_t *
seeds_json (const delta1_report_t *report, const delta1_seeds_record_t *r)
{
  char tier[2] = { delta1_tier_letter (r->tier), '\0' };
  json_t *successes = json_array ();
  for (slong j = 0; j < r->candidates; j++)
    (void)json_array_append_new (successes, json_integer (r->successes[j]));
  return json_pack ("{s:s,s:s,s:I,s:I,s:o,s:I,s:[f,f],s:s,s:o}", "program",
                    report->name[r->program], "tier", tier, "seeds", (json_int_t)r->seeds, "halted",
                    (json_int_t)r->halted, "successes", successes, "worst", (json_int_t)r->worst,
                    "interval", r->low, r->high, "confidence", "0.99", "certificate",
                    text_or_null (r->certificate));
}

json_t *
delta1_report_json (const delta1_report_t *report)
{
  const delta1_tie_family_t *f = report->family;
  json_t *plays = json_array (), *seeds = json_array (), *sentences = json_array ();
  char *parameter
      = delta1_problem_parameter (f->problem) == NULL ? NULL : delta1_number_format (f->parameter);
  for (slong i = 0; i < report->records; i++)
    (void)json_array_append_new (plays, record_json (report, report->record + i));
  for (slong i = 0; i < report->seeds_records; i++)
    (void)json_array_append_new (seeds, seeds_json (report, report->seeds_record + i));
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    {
      char text[1024];
      sentence (text, sizeof text, report, (delta1_tier_t)tier);
      (void)json_array_append_new (sentences, json_string (text));
    }
  json_t *document = json_pack (
      "{s:s,s:i,s:{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:s,s:I},s:o,s:o,s:o}", "format",
      "delta1-barrier", "version", 1, "family", "problem", delta1_problem_name (f->problem), "m",
      (json_int_t)f->m, "N", (json_int_t)f->N, "columns", (json_int_t)f->shape.N, "tied",
      (json_int_t)f->tied, "digits", (json_int_t)f->digits, "samples", (json_int_t)f->samples,
      "points", (json_int_t)f->points, "parameter", text_or_null (parameter), "mixing",
      delta1_mix_name (f->mixing->kind), "starved", (json_int_t)f->starved, "plays", plays, "seeds",
      seeds, "sentences", sentences);
  free (parameter);
  return document;
}
