/* Inside of plots: what pictures of one plot and pages of several have in common. */
#ifndef DELTA1_PLOT_PRIVATE_H
#define DELTA1_PLOT_PRIVATE_H

#include <stdio.h>

#include "src/plot.h"

#define DELTA1_PLOT_MAX_SERIES 10000

/* --- text from strangers ---------------------------------------------------------------------- */

/* Text in double quotes, nothing of which gnuplot takes for its own; what is not plain UTF-8 is a
 * '?', and what is longer than 120 bytes is cut. `percent` stands for a percent sign. */
void delta1_plot_put_text (FILE *f, const char *text, const char *percent);
void delta1_plot_put_quoted (FILE *f, const char *text);

/* "./NAME" followed by suffix, as gnuplot text, and a new line. */
void delta1_plot_put_path (FILE *f, const char *name, const char *suffix);

/* --- parts of a plot -------------------------------------------------------------------------- */

/* A line of columns, and the blocks of all series; `first`: nothing stands above in the file. */
void delta1_plot_put_data (FILE *f, const delta1_plot_t *plot, bool first);

/* Title, axes, and the legend of a picture of so many pixels with letters of a size. */
void delta1_plot_put_frame (FILE *f, const delta1_plot_t *plot, int width, int font);

/* The rows of a legend below. */
slong delta1_plot_legend_rows (const delta1_plot_t *plot, int width, int font);

/* The command plot; series i is block first + i of `data`. */
void delta1_plot_put_curves (FILE *f, const delta1_plot_t *plot, slong first);

/* A terminal, and where its picture goes. `font`: pixels of the SVG. */
void delta1_plot_put_terminal (FILE *f, bool png, int width, int height, int font);

/* --- files and gnuplot ------------------------------------------------------------------------ */

typedef struct
{
  const char *suffix;
  void (*put) (FILE *f, const void *context, const char *name);
} delta1_plot_input_t;

/* Writes the inputs NAME.suffix, of which the last is the script, and draws: plot.h has what is
 * returned. */
DELTA1_MUST_USE delta1_status_t delta1_plot_produce (bool *drawn, const char *prefix,
                                                     const delta1_plot_input_t *inputs, int count,
                                                     const void *context, delta1_reason_t *reason);

/* INPUT: outside [100, 10000] each way. */
DELTA1_MUST_USE delta1_status_t delta1_plot_check_size (int width, int height,
                                                        delta1_reason_t *reason);

#endif
