/* The picture of a path: what is certified as lines, the rest as a band. */
#include <math.h>
#include <stdlib.h>

#include "programs/solve_report.h"

/* The features with the largest coefficients are drawn. */
#define DRAWN 20

typedef struct
{
  slong feature;
  double size;
} candidate_t;

static int
by_size (const void *a, const void *b)
{
  const candidate_t *x = a, *y = b;
  if (x->size != y->size)
    return x->size < y->size ? 1 : -1;
  return x->feature < y->feature ? -1 : 1;
}

/* The coefficient of feature j at outcome i; NaN where it is not certified. */
static double
coefficient (const delta1_solve_report_t *report, slong i, slong j)
{
  const delta1_solution_t *solution = &report->outcome[i].solution;
  if (!solution->enclosed)
    return NAN;
  slong k = delta1_solve_place (&solution->minimiser, j);
  return k < 0 ? 0 : arf_get_d (arb_midref (solution->minimiser.x + k), ARF_RND_NEAR);
}

static double
lambda (const delta1_solve_report_t *report, slong i)
{
  return fmpq_get_d (report->outcome[i].parameter);
}

/* The rectangles of the lambdas without a certified support, half a step to both sides: five points
 * each, the last not there. Returns the number of points. */
static slong
draw_bands (double *x, double *y, const delta1_solve_report_t *report, double low, double high)
{
  slong count = 0, last = report->outcomes - 1;
  for (slong i = 0; i <= last; i++)
    {
      if (report->outcome[i].solution.enclosed)
        continue;
      slong first = i;
      while (i < last && !report->outcome[i + 1].solution.enclosed)
        i++;
      double right = first == 0 ? lambda (report, 0)
                                : sqrt (lambda (report, first) * lambda (report, first - 1));
      double left
          = i == last ? lambda (report, last) : sqrt (lambda (report, i) * lambda (report, i + 1));
      const double corner[5][2]
          = { { left, low }, { right, low }, { right, high }, { left, high }, { NAN, NAN } };
      for (int c = 0; c < 5; c++, count++)
        {
          x[count] = corner[c][0];
          y[count] = corner[c][1];
        }
    }
  return count;
}

delta1_status_t
delta1_solve_report_plot (bool *drawn, const delta1_solve_report_t *report, const char *prefix,
                          delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const slong n = report->outcomes, N = report->input->data.N;
  candidate_t *feature = calloc ((size_t)N, sizeof *feature);
  double *x = calloc ((size_t)n, sizeof *x), *y = calloc ((size_t)(n * DRAWN), sizeof *y);
  double *band_x = calloc ((size_t)(5 * n), sizeof *band_x),
         *band_y = calloc ((size_t)(5 * n), sizeof *band_y), low = 0, high = 0;
  delta1_plot_series_t series[DRAWN + 1];
  slong count = 0;
  if (feature == NULL || x == NULL || y == NULL || band_x == NULL || band_y == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture"));
  for (slong j = 0; j < N; j++)
    feature[j].feature = j;
  for (slong i = 0; i < n; i++)
    {
      x[i] = report->outcome[i].solution.enclosed ? lambda (report, i) : NAN;
      for (slong j = 0; j < N; j++)
        {
          double value = coefficient (report, i, j);
          feature[j].size = fmax (feature[j].size, fabs (value)); /* a NaN is left out */
          low = fmin (low, value);
          high = fmax (high, value);
        }
    }
  qsort (feature, (size_t)N, sizeof *feature, by_size);

  slong points = draw_bands (band_x, band_y, report, low, high);
  if (points > 0)
    series[count++] = (delta1_plot_series_t){
      .title = "not certified", .style = DELTA1_PLOT_BAND, .count = points, .x = band_x, .y = band_y
    };
  for (slong f = 0; f < DRAWN && f < N && feature[f].size > 0; f++)
    {
      for (slong i = 0; i < n; i++)
        y[f * n + i] = coefficient (report, i, feature[f].feature);
      series[count++] = (delta1_plot_series_t){ .title = report->input->name[feature[f].feature],
                                                .style = DELTA1_PLOT_LINES_POINTS,
                                                .count = n,
                                                .x = x,
                                                .y = y + f * n };
    }
  if (count == 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "nothing is selected anywhere on the path"));
  const bool alpha = report->input->scaling == DELTA1_SCALING_SCIKIT_LEARN;
  const delta1_plot_t plot = { .title = "Certified path of the LASSO",
                               .x = { .label = alpha ? "alpha" : "lambda",
                                      .logarithmic = true,
                                      .least = lambda (report, n - 1) },
                               .y = { .label = "coefficient" },
                               .width = 1120,
                               .count = count,
                               .series = series };
  status = delta1_plot_write (drawn, &plot, prefix, reason);
cleanup:
  free (feature);
  free (x);
  free (y);
  free (band_x);
  free (band_y);
  return status;
}
