#include "programs/solve_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/number.h"
#include "src/proved_decimal.h"

#define NAME_WIDTH 40 /* longer names are cut in tables */
#define LISTED 60     /* features that are named one by one; more are counted */
#define LINE 100

delta1_status_t
delta1_solve_report_init (delta1_solve_report_t *report, slong outcomes, delta1_reason_t *reason)
{
  report->outcome = calloc ((size_t)outcomes, sizeof *report->outcome);
  if (report->outcome == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out");
  report->outcomes = outcomes;
  report->inexact = !delta1_data_exact (&report->input->data) || report->input->A_excess != NULL;
  arb_init (report->lambda_max);
  for (slong i = 0; i < outcomes; i++)
    {
      fmpq_init (report->outcome[i].parameter);
      delta1_solution_init (&report->outcome[i].solution);
    }
  return DELTA1_OK;
}

void
delta1_solve_report_clear (delta1_solve_report_t *report)
{
  if (report->outcome == NULL)
    return;
  for (slong i = 0; i < report->outcomes; i++)
    {
      fmpq_clear (report->outcome[i].parameter);
      delta1_solution_clear (&report->outcome[i].solution);
      free (report->outcome[i].selected);
    }
  free (report->outcome);
  report->outcome = NULL;
  arb_clear (report->lambda_max);
}

slong
delta1_solve_place (const delta1_minimiser_t *minimiser, slong j)
{
  for (slong k = 0; k < minimiser->size; k++)
    if (minimiser->column[k] == j)
      return k;
  return -1;
}

/* --- words ------------------------------------------------------------------------------------ */

/* Characters of UTF-8. */
static int
width_of (const char *text)
{
  int width = 0;
  for (; *text != '\0'; text++)
    width += ((unsigned char)*text & 0xc0) != 0x80;
  return width;
}

/* At most NAME_WIDTH characters, then blanks up to width. */
static void
put_name (const char *name, int width)
{
  int shown = 0;
  for (const char *at = name; *at != '\0'; at++)
    {
      shown += ((unsigned char)*at & 0xc0) != 0x80;
      if (shown > NAME_WIDTH)
        {
          shown = NAME_WIDTH;
          break;
        }
      (void)putchar (*at);
    }
  printf ("%*s", width > shown ? width - shown : 0, "");
}

static const char *
name_of (const delta1_solve_input_t *input, slong column)
{
  return column < 0 ? NULL : column == input->data.N ? "intercept" : input->name[column];
}

/* A rational as a user writes it: 1/10 is 0.1. The caller frees. */
static char *
parameter_text (const fmpq_t x)
{
  fmpq_t back;
  arb_t ball;
  delta1_reason_t why;
  fmpq_init (back);
  arb_init (ball);
  arb_set_fmpq (ball, x, 128);
  char *text = delta1_proved_decimal (ball, 12);
  if (text != NULL && strchr (text, '.') != NULL)
    {
      size_t end = strcspn (text, "e"), kept = end;
      while (text[kept - 1] == '0')
        kept--;
      kept -= text[kept - 1] == '.';
      memmove (text + kept, text + end, strlen (text + end) + 1);
    }
  if (text == NULL || delta1_number_parse (back, text, &why) != DELTA1_OK || !fmpq_equal (back, x))
    {
      free (text);
      text = delta1_number_format (x);
    }
  fmpq_clear (back);
  arb_clear (ball);
  return text;
}

/* 10^-K. */
static const char *
tolerance (char text[32], slong digits)
{
  (void)snprintf (text, 32, digits == 0 ? "1" : "1e-%ld", (long)digits);
  return text;
}

static void
put_parameter (const fmpq_t x)
{
  char *text = parameter_text (x);
  (void)fputs (text == NULL ? "?" : text, stdout);
  free (text);
}

static void
put_number (const arb_t x, slong places)
{
  char *text = delta1_proved_text (x, places);
  (void)fputs (text == NULL ? "?" : text, stdout);
  free (text);
}

/* The names of the features with wanted[j], in lines; nothing when there are many. */
static void
put_list (const delta1_solve_input_t *input, const bool *wanted, slong count)
{
  int used = 0;
  if (count > LISTED || (!input->named && count > LISTED / 4))
    return;
  for (slong j = 0; j < input->data.N; j++)
    if (wanted[j])
      {
        int width = width_of (input->name[j]);
        if (used > 0 && used + 2 + width > LINE)
          {
            printf (",\n");
            used = 0;
          }
        printf ("%s", used == 0 ? "  " : ", ");
        put_name (input->name[j], 0);
        used += 2 + width;
      }
  (void)putchar ('\n');
}

/* --- the head --------------------------------------------------------------------------------- */

static void
put_objective (const delta1_solve_report_t *report)
{
  const delta1_solve_input_t *input = report->input;
  const delta1_data_t *data = &input->data;
  const char *sum = data->weights == DELTA1_WEIGHTS_ONE         ? "||x||_1"
                    : data->weights == DELTA1_WEIGHTS_DEVIATION ? "sum_j sd_j |x_j|"
                                                                : "sum_j w_j |x_j|";
  const char *residual = data->intercept ? "||y - b - A x||" : "||y - A x||";
  const char *parameter = input->scaling == DELTA1_SCALING_SCIKIT_LEARN ? "alpha" : "lambda";
  printf ("%s: minimise ", delta1_problem_name (data->problem));
  switch (data->problem)
    {
    case DELTA1_LASSO:
      if (input->scaling == DELTA1_SCALING_DELTA1)
        printf ("%s^2 + %s %s", residual, parameter, sum);
      else
        printf ("%s^2 / (2*%ld) + %s %s", residual, (long)data->m, parameter, sum);
      break;
    case DELTA1_SRLASSO:
      printf ("%s + %s %s", residual, parameter, sum);
      break;
    case DELTA1_QCBP:
      printf ("%s subject to ||y - A x|| <= epsilon", sum);
      parameter = "epsilon";
      break;
    case DELTA1_BP:
      printf ("%s subject to A x = y", sum);
      break;
    case DELTA1_LP:
      printf ("%s subject to A x = y, x >= 0",
              data->weights == DELTA1_WEIGHTS_ONE ? "sum_j x_j" : "sum_j w_j x_j");
      break;
    }
  if (!report->path && delta1_problem_parameter (data->problem) != NULL)
    {
      printf (", %s = ", parameter);
      put_parameter (report->outcome[0].parameter);
    }
  if (input->scaling != DELTA1_SCALING_DELTA1)
    printf (" (as %s)", delta1_scaling_name (input->scaling));
  (void)putchar ('\n');
  if (data->weights == DELTA1_WEIGHTS_DEVIATION)
    printf ("  standardized: sd_j is the standard deviation of column j; x is that of the columns "
            "as they are\n");
}

static void
put_radius (const char *what, const fmpq_t radius)
{
  printf ("; %s is %s", what, fmpq_is_zero (radius) ? "exact" : "known to +/- ");
  if (!fmpq_is_zero (radius))
    put_parameter (radius);
}

static void
put_accuracy (const delta1_solve_report_t *report)
{
  const delta1_data_t *data = &report->input->data;
  if (report->request->accuracy == ACCURACY_SIGNIFICANT)
    printf ("; entries are known to %ld significant digits", (long)report->request->significant);
  else if (delta1_data_exact (data))
    printf ("; entries are taken as exact");
  else if (fmpq_equal (data->matrix_radius, data->data_radius))
    {
      printf ("; entries are known to +/- ");
      put_parameter (data->matrix_radius);
    }
  else
    {
      put_radius ("the matrix", data->matrix_radius);
      put_radius ("y", data->data_radius);
    }
  (void)putchar ('\n');
}

void
delta1_solve_print_head (const delta1_solve_report_t *report)
{
  const delta1_solve_input_t *input = report->input;
  put_objective (report);
  printf ("  %ld rows, %ld features", (long)input->data.m, (long)input->data.N);
  if (input->data.intercept)
    printf (" and an intercept b");
  if (input->target != NULL)
    {
      printf (", y = ");
      put_name (input->target, 0);
    }
  put_accuracy (report);
  if (input->row_names)
    printf ("  the first column of the file holds names of rows: left out\n");
}

/* --- one outcome ------------------------------------------------------------------------------ */

static int
name_width (const delta1_solve_input_t *input, const delta1_minimiser_t *minimiser)
{
  int width = 7;
  for (slong k = 0; k < minimiser->size; k++)
    {
      int wanted = width_of (name_of (input, minimiser->column[k]));
      width = wanted > width ? wanted : width;
    }
  return width > NAME_WIDTH ? NAME_WIDTH : width;
}

/* Selected: with a proved sign. Undecided: in the proof, but its sign is open. Excluded: the rest.
 */
static void
put_features (const delta1_solve_report_t *report, const delta1_solution_t *solution)
{
  const delta1_solve_input_t *input = report->input;
  const delta1_minimiser_t *minimiser = &solution->minimiser;
  const slong N = input->data.N;
  const int width = name_width (input, minimiser);
  slong selected = 0, undecided = 0;
  bool *excluded = malloc ((size_t)N * sizeof *excluded);
  for (slong j = 0; excluded != NULL && j < N; j++)
    excluded[j] = true;
  for (slong k = 0; k < minimiser->size; k++)
    {
      slong j = minimiser->column[k];
      if (j == N)
        continue;
      selected += minimiser->sign[k] != 0;
      undecided += minimiser->sign[k] == 0;
      if (excluded != NULL)
        excluded[j] = false;
    }
  printf ("\nselected: %ld of %ld%s\n", (long)selected, (long)N,
          minimiser->size > 0 ? "     (every digit shown is proved, the last one is rounded)" : "");
  for (slong k = 0; k < minimiser->size; k++)
    if (minimiser->column[k] == N || minimiser->sign[k] != 0)
      {
        printf ("  ");
        put_name (name_of (input, minimiser->column[k]), width);
        printf ("%s", minimiser->column[k] != N && minimiser->sign[k] < 0 ? "  " : "   ");
        put_number (minimiser->x + k, solution->digits);
        (void)putchar ('\n');
      }
  printf ("certainly excluded: %ld\n", (long)(N - selected - undecided));
  if (excluded != NULL && selected + undecided < N)
    put_list (input, excluded, N - selected - undecided);
  if (undecided > 0)
    {
      printf ("not decided whether zero: %ld\n", (long)undecided);
      for (slong k = 0; k < minimiser->size; k++)
        if (minimiser->column[k] < N && minimiser->sign[k] == 0)
          {
            printf ("  ");
            put_name (name_of (input, minimiser->column[k]), width);
            printf ("   in ");
            put_number (minimiser->x + k, solution->digits);
            (void)putchar ('\n');
          }
    }
  free (excluded);
}

/* What is certain of every minimiser though the support is not. */
static void
put_screened (const delta1_solve_input_t *input, const delta1_truth_t *selected)
{
  static const struct
  {
    delta1_truth_t truth;
    const char *title;
  } parts[] = { { DELTA1_TRUE, "certainly selected" },
                { DELTA1_FALSE, "certainly excluded" },
                { DELTA1_UNKNOWN, "not decided" } };
  const slong N = input->data.N;
  bool *wanted = malloc ((size_t)N * sizeof *wanted);
  if (wanted == NULL)
    return;
  (void)putchar ('\n');
  for (int part = 0; part < 3; part++)
    {
      slong count = 0;
      for (slong j = 0; j < N; j++)
        {
          wanted[j] = selected[j] == parts[part].truth;
          count += wanted[j];
        }
      printf ("%s: %ld of %ld\n", parts[part].title, (long)count, (long)N);
      if (count > 0)
        put_list (input, wanted, count);
    }
  free (wanted);
}

static void
put_witnesses (const delta1_solve_report_t *report, const delta1_solution_t *solution)
{
  const delta1_solve_input_t *input = report->input;
  const delta1_minimiser_t *a = &solution->witness[0].minimiser,
                           *b = &solution->witness[1].minimiser;
  int width = name_width (input, a), other = name_width (input, b);
  char low[32], high[32], asked[32];
  width = other > width ? other : width;
  delta1_proved_bounds (low, high, solution->separation);
  printf ("\nTwo inputs that the stated accuracy does not tell apart, and their minimisers, which "
          "are %s to %s\napart, both certified: no program can give an error of %s from "
          "these data (Lemma 1.1).\n  ",
          low, high, tolerance (asked, solution->digits));
  put_name ("feature", width);
  printf ("   %-22s%s\n", "input 1", "input 2");
  for (slong j = 0; j <= input->data.N; j++)
    {
      slong p = delta1_solve_place (a, j), q = delta1_solve_place (b, j);
      if (p < 0 && q < 0)
        continue;
      char *first = p < 0 ? strdup ("0") : delta1_proved_text (a->x + p, 10);
      char *second = q < 0 ? strdup ("0") : delta1_proved_text (b->x + q, 10);
      printf ("  ");
      put_name (name_of (input, j), width);
      printf ("   %-22s%s\n", first == NULL ? "?" : first, second == NULL ? "?" : second);
      free (first);
      free (second);
    }
}

static void
put_condition (const delta1_solve_report_t *report)
{
  const delta1_condition_t *c = &report->condition;
  if (!report->conditioned)
    return;
  printf ("\ndistance to the nearest ill-posed input (largest change of an entry): ");
  if (c->has_lower && c->has_upper)
    printf ("2^%ld to 2^%ld, certified\n", (long)c->lower_exponent, (long)c->upper_exponent);
  else if (c->has_lower)
    printf ("at least 2^%ld, certified\n", (long)c->lower_exponent);
  else if (c->has_upper)
    printf ("at most 2^%ld, certified\n", (long)c->upper_exponent);
  else
    printf ("not found\n");
  if (c->samples > 0)
    printf ("predicted samples for the support: %ld bits after the point of every entry\n",
            (long)c->samples);
}

/* Which quantity is open, by the name of its feature, and what would decide it. */
static void
put_open (const delta1_solve_report_t *report, const delta1_solve_outcome_t *outcome)
{
  const delta1_solution_t *solution = &outcome->solution;
  if (solution->enclosed)
    {
      char low[32], high[32], asked[32];
      delta1_proved_bounds (low, high, solution->minimiser.radius);
      printf ("  the support is certified; of the coefficients an error of at most %s is proved "
              "(asked: %s)\n",
              high, tolerance (asked, solution->digits));
    }
  else
    {
      char *line = delta1_quantity_format (&solution->open,
                                           name_of (report->input, solution->open.column));
      printf ("  not separated from zero: %s\n", line == NULL ? "?" : line);
      free (line);
    }
  if (outcome->timed_out)
    printf ("  --timeout was reached\n");
  else if (!report->inexact)
    printf ("  a larger --max-precision may decide it, unless these exact data are a tie\n");
  else if (solution->verdict == DELTA1_SOLVE_UNDECIDED)
    printf ("  data that are known more accurately, or fewer --digits, may decide it\n");
}

void
delta1_solve_print_outcome (const delta1_solve_report_t *report)
{
  const delta1_solve_outcome_t *outcome = report->outcome;
  const delta1_solution_t *solution = &outcome->solution;
  char low[32], high[32], asked[32];
  switch (solution->verdict)
    {
    case DELTA1_SOLVE_DETERMINED:
      delta1_proved_bounds (low, high, solution->minimiser.radius);
      printf ("\ncertified: %s; error at most %s (asked: %s), from %ld bits\n",
              !report->inexact ? "there is one minimiser"
                               : "every input the data allow has one minimiser, with this support",
              high, tolerance (asked, solution->digits), (long)solution->precision);
      break;
    case DELTA1_SOLVE_UNDECIDED:
      printf ("\nundecided to %s, with %ld bits\n", tolerance (asked, solution->digits),
              (long)solution->precision);
      put_open (report, outcome);
      break;
    case DELTA1_SOLVE_NOT_DETERMINED:
      printf ("\nnot determined to %s by these data: proved\n",
              tolerance (asked, solution->digits));
      put_open (report, outcome);
      break;
    }
  if (solution->enclosed)
    put_features (report, solution);
  else if (outcome->selected != NULL)
    put_screened (report->input, outcome->selected);
  if (solution->verdict == DELTA1_SOLVE_NOT_DETERMINED)
    put_witnesses (report, solution);
  put_condition (report);
}

/* --- a path ----------------------------------------------------------------------------------- */

void
delta1_solve_print_path_head (const delta1_solve_report_t *report)
{
  const bool alpha = report->input->scaling == DELTA1_SCALING_SCIKIT_LEARN;
  printf ("\nlargest %s with a selection, certified: ", alpha ? "alpha" : "lambda");
  put_number (report->lambda_max, 9);
  printf ("\n\n  %-12s %-9s %-15s %s\n", alpha ? "alpha" : "lambda", "selected", "verdict",
          "changes since the last certified line");
}

static bool
is_selected (const delta1_minimiser_t *minimiser, slong j)
{
  slong k = delta1_solve_place (minimiser, j);
  return k >= 0 && minimiser->sign[k] != 0;
}

static slong
count_selected (const delta1_minimiser_t *minimiser, slong N)
{
  slong count = 0;
  for (slong k = 0; k < minimiser->size; k++)
    count += minimiser->column[k] < N && minimiser->sign[k] != 0;
  return count;
}

/* "+bmi -age", of which no more than fit. */
static void
put_changes (const delta1_solve_input_t *input, const delta1_minimiser_t *before,
             const delta1_minimiser_t *after)
{
  int shown = 0, more = 0;
  for (int leaving = 0; leaving < 2; leaving++)
    {
      const delta1_minimiser_t *from = leaving ? before : after, *other = leaving ? after : before;
      for (slong k = 0; from != NULL && k < from->size; k++)
        {
          slong j = from->column[k];
          if (j == input->data.N || from->sign[k] == 0 || (other != NULL && is_selected (other, j)))
            continue;
          if (shown == 8)
            {
              more++;
              continue;
            }
          shown++;
          (void)putchar (leaving ? '-' : '+');
          put_name (input->name[j], 0);
          (void)putchar (' ');
        }
    }
  if (more > 0)
    printf ("and %d more", more);
}

void
delta1_solve_print_path_line (const delta1_solve_report_t *report, slong i)
{
  const delta1_solution_t *solution = &report->outcome[i].solution;
  char *text = parameter_text (report->outcome[i].parameter);
  printf ("  %-12s ", text == NULL ? "?" : text);
  free (text);
  if (solution->enclosed)
    printf ("%-9ld ", (long)count_selected (&solution->minimiser, report->input->data.N));
  else
    printf ("%-9s ", "?");
  printf ("%-15s ", solution->verdict == DELTA1_SOLVE_DETERMINED  ? "certified"
                    : solution->enclosed                          ? "support only"
                    : solution->verdict == DELTA1_SOLVE_UNDECIDED ? "undecided"
                                                                  : "not determined");
  if (solution->enclosed)
    {
      slong before = i - 1;
      while (before >= 0 && !report->outcome[before].solution.enclosed)
        before--;
      put_changes (report->input, before < 0 ? NULL : &report->outcome[before].solution.minimiser,
                   &solution->minimiser);
    }
  else if (solution->open.kind != DELTA1_QUANTITY_NONE)
    {
      char *line = delta1_quantity_format (&solution->open,
                                           name_of (report->input, solution->open.column));
      printf ("%s", line == NULL ? "" : line);
      free (line);
    }
  (void)putchar ('\n');
  (void)fflush (stdout);
}

void
delta1_solve_print_path_end (const delta1_solve_report_t *report)
{
  slong certified = 0, support = 0, not_determined = 0;
  char asked[32];
  for (slong i = 0; i < report->outcomes; i++)
    {
      const delta1_solution_t *solution = &report->outcome[i].solution;
      certified += solution->verdict == DELTA1_SOLVE_DETERMINED;
      support += solution->enclosed;
      not_determined += solution->verdict == DELTA1_SOLVE_NOT_DETERMINED;
    }
  printf ("\nsupport certified at %ld of %ld", (long)support, (long)report->outcomes);
  if (certified < support)
    printf (", the coefficients to %s at %ld of them",
            tolerance (asked, report->outcome[0].solution.digits), (long)certified);
  if (not_determined > 0)
    printf ("; proved not to be determined by these data at %ld", (long)not_determined);
  (void)putchar ('\n');
}
