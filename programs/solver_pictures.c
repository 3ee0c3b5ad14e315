#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "programs/solver_report.h"
#include "src/number.h"
#include "src/plot.h"

/* Errors below, also 0, are drawn here. */
#define DRAWN_LEAST 1e-20
#define WIDTH 1120
#define ROW_HEIGHT 22 /* of the verdicts */

/* --- the error against k ---------------------------------------------------------------------- */

/* For programs p: y[p * width + k - from] = the larger error of the two orders, NaN without any. */
static void
collect (double *y, slong *played, const delta1_solver_report_t *report,
         delta1_solver_family_t family)
{
  slong width = report->to - report->from + 1;
  for (slong i = 0; i < report->programs * width; i++)
    y[i] = NAN;
  for (slong i = 0; i < report->records; i++)
    {
      const delta1_solver_record_t *r = report->record + i;
      if (r->instance.family != family)
        continue;
      played[r->program]++;
      if (!delta1_solver_is_answered (r->verdict))
        continue;
      double error = strtod (r->upper, NULL);
      double *at = y + r->program * width + (r->instance.k - report->from);
      if (isnan (*at) || error > *at)
        *at = error;
    }
}

static delta1_status_t
draw_errors (bool *drawn, const delta1_solver_report_t *report, delta1_solver_family_t family,
             const char *prefix, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong width = report->to - report->from + 1, count = 0;
  double *x = malloc ((size_t)width * sizeof *x);
  double *y = malloc ((size_t)(report->programs * width) * sizeof *y);
  slong *played = calloc ((size_t)report->programs, sizeof *played);
  delta1_plot_series_t *series = calloc ((size_t)report->programs + 1, sizeof *series);
  const double ends[2] = { (double)report->from, (double)report->to };
  const double right[2] = { pow (10, -DELTA1_SOLVER_DIGITS), pow (10, -DELTA1_SOLVER_DIGITS) };
  char *path = NULL;
  *drawn = true;
  if (x == NULL || y == NULL || played == NULL || series == NULL
      || asprintf (&path, "%s-%s", prefix, delta1_solver_family_name (family)) < 0)
    {
      path = NULL;
      DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture"));
    }
  for (slong i = 0; i < width; i++)
    x[i] = (double)(report->from + i);
  collect (y, played, report, family);
  for (slong p = 0; p < report->programs; p++)
    if (played[p] > 0)
      series[count++] = (delta1_plot_series_t){ .title = report->name[p],
                                                .style = DELTA1_PLOT_LINES,
                                                .count = width,
                                                .x = x,
                                                .y = y + p * width };
  if (count == 0)
    goto cleanup;
  series[count++] = (delta1_plot_series_t){
    .title = "right below", .style = DELTA1_PLOT_GUIDE, .count = 2, .x = ends, .y = right
  };
  const delta1_plot_t plot = {
    .title = family == DELTA1_SOLVER_LP
                 ? "Linear programs near a tie: certified error, the larger of both column orders"
                 : "LASSO near a tie: certified error, the larger of both column orders",
    .x = { .label = "k: the two columns differ by 2⁻ᵏ" },
    .y = { .label = "certified error (0: at 10⁻²⁰)", .logarithmic = true, .least = DRAWN_LEAST },
    .width = WIDTH,
    .count = count,
    .series = series
  };
  status = delta1_plot_write (drawn, &plot, path, reason);
cleanup:
  free (path);
  free (x);
  free (y);
  free (played);
  free (series);
  return status;
}

/* --- which answers are right ------------------------------------------------------------------ */

enum
{
  RIGHT = 0,
  WRONG,
  NOTHING,
  KINDS
};

static const char *const kind_titles[KINDS]
    = { [RIGHT] = "right: error at most 10⁻⁶", [WRONG] = "wrong", [NOTHING] = "no answer" };

/* A row for every program in both orders, as far as they were played. */
typedef struct
{
  slong rows;
  char **name;
  slong *row; /* of program p, order o: row[2 p + o], or -1 */
  slong count[KINDS];
  double *x[KINDS], *y[KINDS];
} grid_t;

static void
grid_clear (grid_t *grid)
{
  for (slong i = 0; i < grid->rows; i++)
    free (grid->name[i]);
  free (grid->name);
  free (grid->row);
  for (int kind = 0; kind < KINDS; kind++)
    {
      free (grid->x[kind]);
      free (grid->y[kind]);
    }
}

/* False: memory is out. */
static bool
grid_init (grid_t *grid, const delta1_solver_report_t *report, delta1_solver_family_t family)
{
  bool good = true;
  *grid = (grid_t){ .name = calloc ((size_t)(2 * report->programs + 1), sizeof *grid->name),
                    .row = malloc ((size_t)(2 * report->programs + 1) * sizeof *grid->row) };
  good = grid->name != NULL && grid->row != NULL;
  for (int kind = 0; kind < KINDS; kind++)
    {
      grid->x[kind] = malloc ((size_t)(report->records + 1) * sizeof *grid->x[kind]);
      grid->y[kind] = malloc ((size_t)(report->records + 1) * sizeof *grid->y[kind]);
      good = good && grid->x[kind] != NULL && grid->y[kind] != NULL;
    }
  for (slong p = 0; good && p < report->programs; p++)
    for (int reversed = 0; reversed < 2 && good; reversed++)
      {
        bool played = delta1_solver_report_row (report, p, family, reversed != 0).played > 0;
        grid->row[2 * p + reversed] = played ? grid->rows : -1;
        if (!played)
          continue;
        good = asprintf (grid->name + grid->rows, "%.60s, %s", report->name[p],
                         reversed ? "first" : "last")
               >= 0;
        grid->rows += good;
      }
  for (slong i = 0; good && i < report->records; i++)
    {
      const delta1_solver_record_t *r = report->record + i;
      if (r->instance.family != family)
        continue;
      int kind = r->verdict == DELTA1_CORRECT ? RIGHT
                 : r->verdict == DELTA1_WRONG ? WRONG
                                              : NOTHING;
      grid->x[kind][grid->count[kind]] = (double)r->instance.k;
      grid->y[kind][grid->count[kind]++] = (double)grid->row[2 * r->program + r->instance.reversed];
    }
  return good;
}

static delta1_status_t
draw_verdicts (bool *drawn, const delta1_solver_report_t *report, delta1_solver_family_t family,
               const char *prefix, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_plot_series_t series[KINDS];
  grid_t grid;
  char *path = NULL;
  slong count = 0;
  if (!grid_init (&grid, report, family)
      || asprintf (&path, "%s-%s-verdicts", prefix, delta1_solver_family_name (family)) < 0)
    {
      path = NULL;
      DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture"));
    }
  for (int kind = 0; kind < KINDS; kind++)
    if (kind != NOTHING || grid.count[kind] > 0)
      series[count++] = (delta1_plot_series_t){ .title = kind_titles[kind],
                                                .style = DELTA1_PLOT_POINTS,
                                                .count = grid.count[kind],
                                                .x = grid.x[kind],
                                                .y = grid.y[kind] };
  if (grid.rows == 0)
    goto cleanup;
  const delta1_plot_t plot
      = { .title = family == DELTA1_SOLVER_LP ? "Linear programs near a tie: who is right"
                                              : "LASSO near a tie: who is right",
          .x = { .label = "k: the two columns differ by 2⁻ᵏ" },
          .y = { .label = "solver, and where the larger column stands",
                 .name = (const char *const *)grid.name,
                 .names = grid.rows },
          .width = WIDTH,
          .height = (int)(grid.rows < 400 ? 190 + ROW_HEIGHT * grid.rows : 9000),
          .count = count,
          .series = series };
  status = delta1_plot_write (drawn, &plot, path, reason);
cleanup:
  free (path);
  grid_clear (&grid);
  return status;
}

delta1_status_t
delta1_solver_report_plot (bool *drawn, const delta1_solver_report_t *report,
                           delta1_solver_family_t family, const char *prefix,
                           delta1_reason_t *reason)
{
  delta1_status_t status = draw_errors (drawn, report, family, prefix, reason);
  return status == DELTA1_OK && *drawn ? draw_verdicts (drawn, report, family, prefix, reason)
                                       : status;
}
