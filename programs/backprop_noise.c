#include <math.h>
#include <stdlib.h>

#include "programs/backprop.h"

/* Two-sided 99 % of the normal distribution. */
#define NORMAL_99 2.5758
#define SEEDS 1000

delta1_status_t
delta1_backprop_draw (const delta1_plot_t *plot, const char *prefix, const char *what,
                      delta1_reason_t *reason)
{
  char *name = NULL;
  bool drawn;
  if (asprintf (&name, "%s-%s", prefix, what) < 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
  delta1_status_t status = delta1_plot_write (&drawn, plot, name, reason);
  if (status == DELTA1_OK && drawn)
    printf ("%s.svg %s.png\n", name, name);
  else if (status == DELTA1_OK)
    printf ("%s\n", reason->text);
  free (name);
  return status;
}

/* Depths that the table shows: up to 4, then about eight more. */
static bool
is_shown (slong depth, slong most)
{
  return depth <= 4 || depth == most || depth % ((most + 7) / 8) == 0;
}

/* The rows of one p: mean, error and bound of depth L at place L - 1. */
static void
print_rows (const delta1_backprop_t *s, slong p, const double *mean, const double *error,
            const double *bound)
{
  for (slong L = 1; L <= s->depth; L++)
    {
      double m = mean[L - 1], width = NORMAL_99 * error[L - 1];
      double simple = 1 + (double)L * ldexp (1, (int)(p - 1));
      if (s->csv != NULL)
        (void)fprintf (s->csv, "e1,%ld,%ld,,,%.17g\n", (long)p, (long)L, m);
      if (is_shown (L, s->depth))
        printf ("%6ld %6ld %14.6g %12.3g %14.6g %14.6g  %s\n", (long)p, (long)L, m, width,
                bound[L - 1], simple,
                m + width <= simple   ? "below"
                : m - width <= simple ? "open"
                                      : "above");
    }
}

static delta1_status_t
draw (const delta1_backprop_t *s, const double *depth, const double *mean, const double *bound,
      delta1_reason_t *reason)
{
  delta1_plot_series_t series[2 * DELTA1_BACKPROP_FORMATS];
  char title[DELTA1_BACKPROP_FORMATS][24];
  for (slong i = 0; i < s->formats; i++)
    {
      (void)snprintf (title[i], sizeof title[i], "p = %ld", (long)s->format[i].precision);
      series[i] = (delta1_plot_series_t){ .title = title[i],
                                          .style = DELTA1_PLOT_LINES_POINTS,
                                          .count = s->depth,
                                          .x = depth,
                                          .y = mean + i * s->depth };
      series[s->formats + i] = (delta1_plot_series_t){ .title = i == 0 ? "proved bounds" : "",
                                                       .style = DELTA1_PLOT_GUIDE,
                                                       .count = s->depth,
                                                       .x = depth,
                                                       .y = bound + i * s->depth };
    }
  delta1_plot_t plot
      = { .title = "Folded hat with biases in error by up to 2⁻ᵖ",
          .x = { .label = "depth L" },
          .y = { .label = "mean number of affine pieces", .logarithmic = true, .least = 1 },
          .count = 2 * s->formats,
          .series = series };
  return delta1_backprop_draw (&plot, s->plot, "noise", reason);
}

delta1_status_t
delta1_backprop_noise (delta1_backprop_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong rows = s->depth, seeds = s->seeds > 0 ? s->seeds : SEEDS;
  double *depth = calloc ((size_t)(rows * (2 + 2 * s->formats)), sizeof *depth);
  double *error = depth + rows, *mean = depth + 2 * rows, *bound = mean + rows * s->formats;
  fmpz_t b;
  fmpz_init (b);
  if (depth == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  printf ("E1: errors uniform on [-2^-p, 2^-p] in the biases, %ld seeds, exact counts\n"
          "%6s %6s %14s %12s %14s %14s\n",
          (long)seeds, "p", "depth", "mean pieces", "99 % +-", "proved bound", "1+L 2^(p-1)");
  for (slong i = 0; i < s->formats; i++)
    {
      slong p = (slong)s->format[i].precision;
      delta1_progress_show (&s->progress, (long)i, (long)s->formats, "E1, p = %ld", (long)p);
      delta1_fold_noise (mean + i * rows, error, rows, p, seeds, (uint64_t)s->seed);
      for (slong L = 1; L <= rows; L++)
        {
          depth[L - 1] = (double)L;
          delta1_fold_bound (b, L, p);
          bound[i * rows + L - 1] = fmpz_get_d (b);
        }
      delta1_progress_end (&s->progress);
      print_rows (s, p, mean + i * rows, error, bound + i * rows);
    }
  if (s->plot != NULL)
    status = draw (s, depth, mean, bound, reason);
cleanup:
  fmpz_clear (b);
  free (depth);
  return status;
}
