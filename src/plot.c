#include "src/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/plot_private.h"

#define LEGEND_BELOW 4 /* as many series have their legend below the picture, more beside it */
#define FONT 17        /* pixels of the SVG */

/* --- data and script -------------------------------------------------------------------------- */

/* One block a series, two empty lines between blocks: gnuplot's "index". A number that is not there
 * is a '?'; a break of a line is one empty line, never at an end of the block or beside another. */
void
delta1_plot_put_data (FILE *f, const delta1_plot_t *plot, bool first)
{
  (void)fprintf (f, "%s# ", first ? "" : "\n\n");
  delta1_plot_put_quoted (f, plot->title);
  (void)fputs ("\n# columns: ", f);
  delta1_plot_put_quoted (f, plot->x.label);
  (void)fputc (' ', f);
  delta1_plot_put_quoted (f, plot->y.label);
  (void)fputc ('\n', f);
  for (slong i = 0; i < plot->count; i++)
    {
      const delta1_plot_series_t *series = plot->series + i;
      (void)fprintf (f, "%s# series %ld: ", i > 0 ? "\n\n" : "", (long)i);
      delta1_plot_put_quoted (f, series->title);
      (void)fputc ('\n', f);
      bool begun = false, breaks = false;
      for (slong j = 0; j < series->count; j++)
        {
          if (isnan (series->x[j]) && isnan (series->y[j]))
            {
              breaks = begun;
              continue;
            }
          if (breaks)
            (void)fputc ('\n', f);
          begun = true;
          breaks = false;
          if (isfinite (series->x[j]) && isfinite (series->y[j]))
            (void)fprintf (f, "%.17g %.17g\n", series->x[j], series->y[j]);
          else
            (void)fputs ("? ?\n", f);
        }
      if (!begun) /* gnuplot does not count an empty block */
        (void)fputs ("? ?\n", f);
    }
}

/* Okabe and Ito's palette, told apart by all common kinds of colour vision; without its yellow,
 * which a projector loses. */
static const char *const palette[]
    = { "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000" };
#define COLOURS ((slong)(sizeof palette / sizeof *palette))
static const int point_types[] = { 7, 5, 9, 11, 13, 6, 4, 8, 10, 12 };
#define POINT_TYPES ((slong)(sizeof point_types / sizeof *point_types))

static void
put_axis (FILE *f, char name, const delta1_plot_axis_t *axis)
{
  (void)fprintf (f, "set %clabel ", name);
  delta1_plot_put_quoted (f, axis->label);
  (void)fputs (" noenhanced\n", f);
  /* Minor tics of a logarithmic axis over many decades are a smear. */
  if (axis->logarithmic)
    (void)fprintf (f, "set logscale %c\nset format %c '10^{%%L}'\nunset m%ctics\n", name, name,
                   name);
  else if (axis->name != NULL)
    {
      for (slong i = 0; i < axis->names; i++)
        {
          (void)fprintf (f, i == 0 ? "set %ctics (" : ", ", name);
          delta1_plot_put_text (f, axis->name[i], "\\045\\045"); /* gnuplot takes it for a format */
          (void)fprintf (f, " %ld", (long)i);
        }
      double low = -0.5, high = (double)axis->names - 0.5;
      (void)fprintf (f, ") noenhanced\nset %crange [%g:%g]\n", name, name == 'y' ? high : low,
                     name == 'y' ? low : high);
    }
}

static void
put_column (FILE *f, int column, const delta1_plot_axis_t *axis)
{
  if (axis->logarithmic)
    (void)fprintf (f, "($%d<%.17g?%.17g:$%d)", column, axis->least, axis->least, column);
  else
    (void)fprintf (f, "%d", column);
}

/* Earlier series get broader lines, so that a line below another one is still seen. */
static double
line_width (slong i, slong count)
{
  return count < 2 ? 3 : 2 + 3 * (double)(count - 1 - i) / (double)(count - 1);
}

static void
put_series (FILE *f, const delta1_plot_t *plot, slong i, slong first)
{
  const delta1_plot_series_t *series = plot->series + i;
  slong dash = i / COLOURS % 4 + 1;
  (void)fputs (i == 0 ? "plot \\\n  " : ", \\\n  ", f);
  (void)fprintf (f, "data index %ld using ", (long)(first + i));
  put_column (f, 1, &plot->x);
  (void)fputc (':', f);
  put_column (f, 2, &plot->y);
  (void)fputs (" title ", f);
  delta1_plot_put_quoted (f, series->title);
  if (series->style == DELTA1_PLOT_GUIDE)
    {
      (void)fputs (" with lines linecolor rgb '#808080' linewidth 2 dashtype 2", f);
      return;
    }
  if (series->style == DELTA1_PLOT_BAND)
    {
      (void)fputs (" with filledcurves closed linecolor rgb '#D8D8D8'", f);
      return;
    }
  if (series->style == DELTA1_PLOT_HATCH)
    {
      (void)fputs (" with lines linecolor rgb '#B8D4EA' linewidth 1.5 dashtype 1", f);
      return;
    }
  static const char *const styles[] = { [DELTA1_PLOT_LINES] = "lines",
                                        [DELTA1_PLOT_POINTS] = "points",
                                        [DELTA1_PLOT_LINES_POINTS] = "linespoints",
                                        [DELTA1_PLOT_STEPS] = "steps" };
  (void)fprintf (f, " with %s linecolor rgb '%s'", styles[series->style], palette[i % COLOURS]);
  if (series->style != DELTA1_PLOT_POINTS)
    (void)fprintf (f, " linewidth %.1f dashtype %ld", line_width (i, plot->count), (long)dash);
  if (series->style == DELTA1_PLOT_POINTS || series->style == DELTA1_PLOT_LINES_POINTS)
    (void)fprintf (f, " pointtype %d pointsize 0.8", point_types[i % POINT_TYPES]);
}

void
delta1_plot_put_curves (FILE *f, const delta1_plot_t *plot, slong first)
{
  for (slong i = 0; i < plot->count; i++)
    put_series (f, plot, i, first);
  (void)fputc ('\n', f);
}

static size_t
characters (const char *text)
{
  size_t count = 0;
  for (const char *c = text == NULL ? "" : text; *c != '\0'; c++)
    count += ((unsigned char)*c & 0xc0) != 0x80;
  return count;
}

/* Two columns where the longest title surely fits in one: a letter takes 3/5 of its height, a
 * column three and a half letters' heights more for the sample, the axis six. */
slong
delta1_plot_legend_rows (const delta1_plot_t *plot, int width, int font)
{
  size_t longest = 0;
  for (slong i = 0; i < plot->count; i++)
    {
      size_t length = characters (plot->series[i].title);
      longest = length > longest ? length : longest;
    }
  double column = font * (0.6 * (double)longest + 3.5);
  return 2 * column <= width - 6 * font ? (plot->count + 1) / 2 : plot->count;
}

void
delta1_plot_put_frame (FILE *f, const delta1_plot_t *plot, int width, int font)
{
  (void)fputs ("set datafile missing '?'\nset title ", f);
  delta1_plot_put_quoted (f, plot->title);
  (void)fputs (" noenhanced\n", f);
  put_axis (f, 'x', &plot->x);
  put_axis (f, 'y', &plot->y);
  (void)fputs ("set border 3 linecolor rgb '#404040' linewidth 1.5\n"
               "set tics nomirror out\n"
               "set grid ytics linecolor rgb '#D8D8D8' linewidth 1 dashtype 1\n"
               "set autoscale xfix\nset autoscale yfix\n"
               "set offsets graph 0.02, graph 0.02, graph 0.05, graph 0.05\n",
               f);
  (void)fputs ("set key ", f);
  if (plot->y.name != NULL)
    (void)fputs ("above center horizontal", f);
  else if (plot->count > LEGEND_BELOW)
    (void)fputs ("outside right top", f);
  else
    (void)fprintf (f, "bmargin left vertical maxrows %ld",
                   (long)delta1_plot_legend_rows (plot, width, font));
  (void)fputs (" noenhanced Left reverse samplen 2.5 spacing 1.15\n", f);
  if (plot->y.name == NULL && plot->count <= LEGEND_BELOW)
    /* else the legend begins in the line of the label */
    (void)fputs ("set xlabel offset 0,0.6\n", f);
}

/* gnuplot's points of a PNG are 17/12 of the pixels of an SVG. */
void
delta1_plot_put_terminal (FILE *f, bool png, int width, int height, int font)
{
  if (png)
    (void)fprintf (f,
                   "set terminal pngcairo size %d,%d enhanced font 'DejaVu Sans,%.3g' fontscale "
                   "2 linewidth 2 pointscale 2\nset output out.'.png'\n",
                   2 * width, 2 * height, font * 12 / 17.0);
  else
    (void)fprintf (f,
                   "set terminal svg size %d,%d enhanced font 'DejaVu Sans,%d' background "
                   "'white'\nset output out.'.svg'\n",
                   width, height, font);
}

static int
width_of (const delta1_plot_t *plot)
{
  return plot->width == 0 ? 960 : plot->width;
}

static int
height_of (const delta1_plot_t *plot)
{
  return plot->height == 0 ? 600 : plot->height;
}

static void
put_all_data (FILE *f, const void *context, const char *name)
{
  (void)name;
  delta1_plot_put_data (f, context, true);
}

/* `out`, when it is set before, is where the pictures go. */
static void
put_script (FILE *f, const void *context, const char *name)
{
  const delta1_plot_t *plot = context;
  (void)fputs ("set encoding utf8\nif (!exists('out')) out = ", f);
  delta1_plot_put_path (f, name, "");
  (void)fputs ("data = ", f);
  delta1_plot_put_path (f, name, ".dat");
  delta1_plot_put_frame (f, plot, width_of (plot), FONT);
  for (int png = 0; png < 2; png++)
    {
      delta1_plot_put_terminal (f, png == 1, width_of (plot), height_of (plot), FONT);
      delta1_plot_put_curves (f, plot, 0);
      (void)fputs ("set output\n", f);
    }
}

delta1_status_t
delta1_plot_write (bool *drawn, const delta1_plot_t *plot, const char *prefix,
                   delta1_reason_t *reason)
{
  static const delta1_plot_input_t inputs[] = { { ".dat", put_all_data }, { ".gp", put_script } };
  *drawn = false;
  if (plot->count < 1 || plot->count > DELTA1_PLOT_MAX_SERIES)
    return delta1_fail (reason, DELTA1_INPUT, "a picture of %ld series; allowed: 1 to %d",
                        (long)plot->count, DELTA1_PLOT_MAX_SERIES);
  delta1_status_t status = delta1_plot_check_size (width_of (plot), height_of (plot), reason);
  if (status == DELTA1_OK)
    status = delta1_plot_produce (drawn, prefix, inputs, 2, plot, reason);
  return status;
}
