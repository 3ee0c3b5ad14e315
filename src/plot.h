/* plot: a picture of a few series, drawn by gnuplot in a process of its own.
 *
 * A picture NAME is four files: NAME.dat (the data, in full), NAME.gp (the script: `gnuplot
 * NAME.gp` in their directory draws again), NAME.svg and NAME.png. Pictures are for looking at:
 * doubles do. All text may come from strangers: it is never read as gnuplot, markup or a shell
 * command. */
#ifndef DELTA1_PLOT_H
#define DELTA1_PLOT_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

typedef enum
{
  DELTA1_PLOT_LINES = 0,
  DELTA1_PLOT_POINTS,
  DELTA1_PLOT_LINES_POINTS,
  DELTA1_PLOT_STEPS,
  DELTA1_PLOT_GUIDE, /* a thin dashed grey line: what the others are compared with */
  DELTA1_PLOT_HATCH, /* thin pale lines: they fill a region when they are close together */
  DELTA1_PLOT_BAND   /* closed polygons, apart like broken lines, filled light grey */
} delta1_plot_style_t;

typedef struct
{
  const char *title;
  delta1_plot_style_t style;
  slong count;
  const double *x, *y; /* one NaN: not there; both NaN, between others: the line is broken */
} delta1_plot_series_t;

typedef struct
{
  const char *label;
  bool logarithmic;
  double least; /* logarithmic: what is smaller, also 0, is drawn here; > 0 */
  /* NULL, or the names of 0, 1, ..., names - 1 on an axis that is not logarithmic: on y the first
   * is on top. */
  const char *const *name;
  slong names;
} delta1_plot_axis_t;

typedef struct
{
  const char *title;
  delta1_plot_axis_t x, y;
  int width, height; /* of the SVG, in pixels; 0: 960 and 600. The PNG has twice as many */
  slong count;
  const delta1_plot_series_t *series;
} delta1_plot_t;

/* prefix: the path without .dat, .gp, .svg, .png. Each file is written whole or not at all, the
 * pictures after data and script. OK with *drawn = true: all four are there. OK with *drawn =
 * false: gnuplot is not installed; the reason says so and names data and script. INPUT: a prefix
 * with control characters, no series, more than 10000, or a picture size outside [100, 10000].
 * SYSTEM: a file cannot be written. FAILED: gnuplot refused, or took more than 60 s of processor
 * time; data and script are there. Pictures of before are left alone when no new ones are drawn. */
DELTA1_MUST_USE delta1_status_t delta1_plot_write (bool *drawn, const delta1_plot_t *plot,
                                                   const char *prefix, delta1_reason_t *reason);

#endif
