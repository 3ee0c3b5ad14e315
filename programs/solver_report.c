#include "programs/solver_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/file.h"
#include "src/number.h"

/* Significant digits of an error. */
#define SHOWN_DIGITS 3
#define NAME_WIDTH 40

static char *
copy (const char *text)
{
  return text == NULL || text[0] == '\0' ? NULL : strdup (text);
}

void
delta1_solver_report_clear (delta1_solver_report_t *report)
{
  for (slong i = 0; i < report->records; i++)
    {
      delta1_solver_record_t *r = report->record + i;
      free (r->lower);
      free (r->upper);
      free (r->said);
      free (r->reason);
    }
  free (report->record);
}

bool
delta1_solver_is_answered (delta1_verdict_t verdict)
{
  return verdict == DELTA1_CORRECT || verdict == DELTA1_WRONG;
}

bool
delta1_solver_report_add (delta1_solver_report_t *report, slong program,
                          const delta1_solver_run_t *run)
{
  if (report->records == report->room)
    {
      slong room = 2 * report->room + 64;
      void *moved = realloc (report->record, (size_t)room * sizeof *report->record);
      if (moved == NULL)
        return false;
      report->record = moved;
      report->room = room;
    }
  delta1_solver_record_t *r = report->record + report->records++;
  bool answered = delta1_solver_is_answered (run->verdict);
  *r = (delta1_solver_record_t){ .program = program,
                                 .instance = run->instance,
                                 .verdict = run->verdict,
                                 .said = copy (run->said.text),
                                 .reason = copy (run->reason.text),
                                 .samples = run->usage.precision,
                                 .seconds = run->seconds };
  if (!answered)
    return run->reason.text[0] == '\0' || r->reason != NULL;
  r->exact = fmpz_is_zero (run->num);
  r->support = run->support;
  r->digits = run->digits;
  r->lower = delta1_number_format_root (run->num, run->den, SHOWN_DIGITS, -1);
  r->upper = delta1_number_format_root (run->num, run->den, SHOWN_DIGITS, 1);
  return r->lower != NULL && r->upper != NULL && (run->said.text[0] == '\0' || r->said != NULL);
}

/* --- the table -------------------------------------------------------------------------------- */

/* Both are answered. */
static bool
is_larger (const delta1_solver_record_t *a, const delta1_solver_record_t *b)
{
  if (a->exact || b->exact)
    return b->exact && !a->exact;
  if (a->digits != b->digits)
    return a->digits < b->digits;
  return strtod (a->upper, NULL) > strtod (b->upper, NULL);
}

delta1_solver_row_t
delta1_solver_report_row (const delta1_solver_report_t *report, slong program,
                          delta1_solver_family_t family, bool reversed)
{
  delta1_solver_row_t row = { .right = report->from - 1, .support = report->from - 1 };
  bool support_lost = false;
  for (slong i = 0; i < report->records; i++)
    {
      const delta1_solver_record_t *r = report->record + i;
      if (r->program != program || r->instance.family != family || r->instance.reversed != reversed)
        continue;
      row.played++;
      if (r->verdict != DELTA1_CORRECT && row.wrong == NULL)
        row.wrong = r;
      if (row.wrong == NULL)
        row.right = r->instance.k;
      support_lost = support_lost || !delta1_solver_is_answered (r->verdict) || !r->support;
      if (!support_lost)
        row.support = r->instance.k;
      if (delta1_solver_is_answered (r->verdict) && (row.worst == NULL || is_larger (r, row.worst)))
        row.worst = r;
    }
  return row;
}

/* "24", "all", or "none". */
static const char *
reach_text (char text[24], const delta1_solver_report_t *report, slong k)
{
  if (k == report->to)
    return "all";
  if (k < report->from)
    return "none";
  (void)snprintf (text, 24, "%ld", (long)k);
  return text;
}

static const char *
error_text (const delta1_solver_record_t *r)
{
  if (r == NULL || !delta1_solver_is_answered (r->verdict))
    return "-";
  return r->exact ? "0" : r->upper;
}

static const char *
status_text (char text[80], const delta1_solver_record_t *r)
{
  if (r == NULL)
    return "";
  if (delta1_solver_is_answered (r->verdict))
    return r->said != NULL ? r->said : "(says nothing)";
  (void)snprintf (text, 80, "no answer: %.66s",
                  r->reason != NULL ? r->reason : delta1_verdict_name (r->verdict));
  return text;
}

static void
print_row (const delta1_solver_report_t *report, slong program, const delta1_solver_row_t *row,
           bool reversed)
{
  char right[24], support[24], at[24] = "-", status[80];
  const char *name = report->name[program];
  if (row->wrong != NULL)
    (void)snprintf (at, sizeof at, "%ld", (long)row->wrong->instance.k);
  if (strlen (name) <= NAME_WIDTH)
    printf ("  %-*s", NAME_WIDTH, name);
  else
    printf ("  %.*s...", NAME_WIDTH - 3, name);
  printf ("  %-6s %8s %8s %9s %5s %9s  %s\n", reversed ? "first" : "last",
          reach_text (right, report, row->right), reach_text (support, report, row->support),
          error_text (row->worst), at, error_text (row->wrong), status_text (status, row->wrong));
}

static const char *const statements[DELTA1_SOLVER_FAMILY_COUNT]
    = { [DELTA1_SOLVER_LP]
        = "lp: min x_1 + x_2 + x_3, 1/2 x_1 + (1/2 + 2^-k) x_2 - x_3 = 1, x >= 0",
        [DELTA1_SOLVER_LASSO]
        = "lasso: min 1/2 ||x||_1 + (x_1 + (1 + 2^-k) x_2 - 1)^2  (scikit-learn: alpha = 1/4)" };

void
delta1_solver_report_print (const delta1_solver_report_t *report, delta1_solver_family_t family)
{
  bool first = true;
  for (slong p = 0; p < report->programs; p++)
    for (int reversed = 0; reversed < 2; reversed++)
      {
        delta1_solver_row_t row = delta1_solver_report_row (report, p, family, reversed != 0);
        if (row.played == 0)
          continue;
        if (first)
          printf ("\n%s\n  k = %ld to %ld; the minimiser is unique, with one entry: at the larger "
                  "column.\n"
                  "  %-*s  %-6s %8s %8s %9s  ---- the first wrong answer ----\n"
                  "  %-*s  %-6s %8s %8s %9s %5s %9s  %s\n",
                  statements[family], (long)report->from, (long)report->to, NAME_WIDTH, "",
                  "larger", "right", "support", "largest", NAME_WIDTH, "solver", "column", "to k",
                  "to k", "error", "k", "error", "its own status");
        first = false;
        print_row (report, p, &row, reversed != 0);
      }
}

/* --- CSV and JSON ----------------------------------------------------------------------------- */

static void
put_field (FILE *f, const char *text)
{
  if (text == NULL)
    return;
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      (void)fputs (text, f);
      return;
    }
  (void)fputc ('"', f);
  for (const char *c = text; *c != '\0'; c++)
    {
      (void)fputc (*c, f);
      if (*c == '"')
        (void)fputc (*c, f);
    }
  (void)fputc ('"', f);
}

static const char *
order_name (const delta1_solver_record_t *r)
{
  return r->instance.reversed ? "first" : "last";
}

delta1_status_t
delta1_solver_report_csv (const delta1_solver_report_t *report, const char *path,
                          delta1_reason_t *reason)
{
  delta1_file_t file;
  delta1_status_t status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  FILE *f = file.stream;
  (void)fputs ("solver,family,larger_column,k,verdict,error_low,error_high,digits,support,status,"
               "samples,seconds,reason\r\n",
               f);
  for (slong i = 0; i < report->records; i++)
    {
      const delta1_solver_record_t *r = report->record + i;
      bool answered = delta1_solver_is_answered (r->verdict);
      put_field (f, report->name[r->program]);
      (void)fprintf (f, ",%s,%s,%ld,%s,", delta1_solver_family_name (r->instance.family),
                     order_name (r), (long)r->instance.k, delta1_verdict_name (r->verdict));
      put_field (f, r->lower);
      (void)fputc (',', f);
      put_field (f, r->upper);
      if (answered && r->exact)
        (void)fputs (",all", f);
      else if (answered)
        (void)fprintf (f, ",%ld", (long)r->digits);
      else
        (void)fputc (',', f);
      (void)fprintf (f, ",%s,", !answered ? "" : r->support ? "right" : "wrong");
      put_field (f, r->said);
      (void)fprintf (f, ",%ld,%.3f,", (long)r->samples, r->seconds);
      put_field (f, r->reason);
      (void)fputs ("\r\n", f);
    }
  return delta1_file_close (&file, true, reason);
}

static json_t *
text_or_null (const char *text)
{
  json_t *value = text == NULL ? json_null () : json_string (text);
  return value != NULL ? value : json_string ("(not UTF-8)");
}

static json_t *
record_json (const delta1_solver_report_t *report, const delta1_solver_record_t *r)
{
  bool answered = delta1_solver_is_answered (r->verdict);
  json_t *object = json_pack (
      "{s:o,s:s,s:s,s:I,s:s,s:o,s:I,s:f,s:o}", "solver", text_or_null (report->name[r->program]),
      "family", delta1_solver_family_name (r->instance.family), "larger_column", order_name (r),
      "k", (json_int_t)r->instance.k, "verdict", delta1_verdict_name (r->verdict), "status",
      text_or_null (r->said), "samples", (json_int_t)r->samples, "seconds", r->seconds, "reason",
      text_or_null (r->reason));
  if (object != NULL && answered)
    {
      (void)json_object_set_new (object, "error", json_pack ("[s,s]", r->lower, r->upper));
      (void)json_object_set_new (object, "digits",
                                 r->exact ? json_null () : json_integer (r->digits));
      (void)json_object_set_new (object, "support", json_boolean (r->support));
    }
  return object;
}

static json_t *
row_json (const delta1_solver_report_t *report, slong program, delta1_solver_family_t family,
          bool reversed)
{
  delta1_solver_row_t row = delta1_solver_report_row (report, program, family, reversed);
  if (row.played == 0)
    return NULL;
  return json_pack (
      "{s:o,s:s,s:s,s:I,s:I,s:o,s:o,s:o}", "solver", text_or_null (report->name[program]), "family",
      delta1_solver_family_name (family), "larger_column", reversed ? "first" : "last", "right_to",
      (json_int_t)row.right, "support_to", (json_int_t)row.support, "largest_error",
      row.worst == NULL ? json_null () : json_string (row.worst->upper), "first_wrong",
      row.wrong == NULL ? json_null () : json_integer (row.wrong->instance.k), "status_there",
      text_or_null (row.wrong == NULL ? NULL : row.wrong->said));
}

json_t *
delta1_solver_report_json (const delta1_solver_report_t *report)
{
  json_t *rows = json_array (), *breakdown = json_array ();
  for (slong i = 0; i < report->records; i++)
    (void)json_array_append_new (rows, record_json (report, report->record + i));
  for (slong p = 0; p < report->programs; p++)
    for (int family = 0; family < DELTA1_SOLVER_FAMILY_COUNT; family++)
      for (int reversed = 0; reversed < 2; reversed++)
        {
          json_t *row = row_json (report, p, (delta1_solver_family_t)family, reversed != 0);
          if (row != NULL)
            (void)json_array_append_new (breakdown, row);
        }
  return json_pack ("{s:s,s:i,s:I,s:I,s:i,s:o,s:o}", "format", "delta1-solvers", "version", 1,
                    "from", (json_int_t)report->from, "to", (json_int_t)report->to, "right_digits",
                    DELTA1_SOLVER_DIGITS, "breakdown", breakdown, "rows", rows);
}
