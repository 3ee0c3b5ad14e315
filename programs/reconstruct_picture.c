/* delta1 reconstruct: images, differences, convergence and claims on one page. */
#include "programs/reconstruct.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/plot_page.h"

#define USEFUL 10 /* bounds above so many times the truth say nothing */
#define MAX_LINES 40
#define LINE_BYTES 118 /* longer lines are broken */
#define LEAST 1e-9     /* on logarithmic axes */
#define SPREAD 10      /* what spreads less has no logarithmic axis, which would have one number */

/* Images in the order of the page. */
enum
{
  MASK = 0,
  ZERO_FILLED,
  NETWORK,
  POLISHED,
  IMAGES
};

static const double difference_window[2] = { 0, 0.1 };

typedef struct
{
  const delta1_reconstruct_result_t *result;
  slong images; /* without a polish one less */
  delta1_image_t image[IMAGES], difference[IMAGES];
  delta1_plot_picture_t picture[2 * IMAGES];
  double *table; /* 4 columns of so many steps, one of restarts + 1 */
  double end, at_end[2], ends[2], level[2][2];
  delta1_plot_series_t gap[3], error[4];
  delta1_plot_t plot[2];
  char text[3][160];
  char *claims;
  const char *line[MAX_LINES];
  delta1_plot_page_t page;
} page_t;

/* --- images ----------------------------------------------------------------------------------- */

static delta1_status_t
fill_mask (page_t *page, delta1_reason_t *reason)
{
  const delta1_reconstruct_problem_t *p = page->result->problem;
  delta1_status_t status = delta1_image_init (page->image + MASK, p->side, p->side, reason);
  for (slong i = 0; status == DELTA1_OK && i < p->side * p->side; i++)
    page->image[MASK].pixel[i] = p->mask[i];
  return status;
}

static delta1_status_t
fill_images (page_t *page, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_result_t *r = page->result;
  const delta1_reconstruct_problem_t *p = r->problem;
  void *x = p->A->use->create (p->A->N, p->A->bits);
  if (x == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an image"));
  delta1_operator_adjoint (p->A, x, p->y);
  DELTA1_TRY (fill_mask (page, reason));
  DELTA1_TRY (delta1_reconstruct_image (page->image + ZERO_FILLED, p, x, reason));
  DELTA1_TRY (delta1_reconstruct_image (page->image + NETWORK, p, r->x, reason));
  if (r->polished.x != NULL)
    DELTA1_TRY (delta1_reconstruct_image (page->image + POLISHED, p, r->polished.x, reason));
  for (slong k = ZERO_FILLED; p->truth.pixel != NULL && k < page->images; k++)
    {
      DELTA1_TRY (
          delta1_image_init (page->difference + k, p->frame.width, p->frame.height, reason));
      for (slong i = 0; i < p->frame.width * p->frame.height; i++)
        page->difference[k].pixel[i] = fabs (page->image[k].pixel[i] - p->truth.pixel[i]);
    }
cleanup:
  p->A->use->free (x, p->A->N);
  return status;
}

/* White: 1 where the truth is known, as the scale of its pixels is; else the largest pixel of the
 * reconstruction. */
static double
find_white (const page_t *page)
{
  const delta1_image_t *image = page->image + NETWORK;
  double white = 0;
  if (page->result->problem->truth.pixel != NULL)
    return 1;
  for (slong i = 0; i < image->width * image->height; i++)
    white = fmax (white, image->pixel[i]);
  return white > 0 && isfinite (white) ? white : 1;
}

/* One row; where the truth is known, two: below each image its difference, and below the mask the
 * truth. */
static void
arrange_pictures (page_t *page)
{
  static const char *const titles[]
      = { "samples taken (white)", "zero-filled", "reconstruction", "after the polish" };
  static const char *const difference_titles[]
      = { "", "|zero-filled - truth|", "|reconstruction - truth|", "|polished - truth|" };
  const delta1_image_t *truth = &page->result->problem->truth;
  double white = find_white (page);
  slong last = page->images - 1;
  for (slong k = 0; k < page->images; k++)
    {
      page->picture[k] = (delta1_plot_picture_t){ .title = titles[k],
                                                  .image = page->image + k,
                                                  .window = { 0, k == MASK ? 1 : white },
                                                  .scale = truth->pixel == NULL && k == last };
      page->picture[page->images + k]
          = (delta1_plot_picture_t){ .title = difference_titles[k],
                                     .image = page->difference + k,
                                     .window = { difference_window[0], difference_window[1] },
                                     .colours = DELTA1_PLOT_HEAT,
                                     .scale = k == last };
    }
  page->picture[page->images]
      = (delta1_plot_picture_t){ .title = "truth", .image = truth, .window = { 0, white } };
  page->page.columns = (int)page->images;
  page->page.picture = page->picture;
  page->page.pictures = truth->pixel == NULL ? page->images : 2 * page->images;
}

/* --- convergence ------------------------------------------------------------------------------ */

static delta1_plot_t
convergence_plot (const char *title, const char *label)
{
  return (delta1_plot_t){ .title = title,
                          .x = { .label = "inner step, over all restarts" },
                          .y = { .label = label, .logarithmic = true, .least = LEAST } };
}

/* A level that is drawn across the plot. */
static delta1_plot_series_t
level_series (page_t *page, int turn, double level, const char *title)
{
  page->level[turn][0] = page->level[turn][1] = level;
  return (delta1_plot_series_t){
    .title = title, .style = DELTA1_PLOT_GUIDE, .count = 2, .x = page->ends, .y = page->level[turn]
  };
}

static delta1_plot_series_t
end_series (page_t *page, int turn, double value, const char *title)
{
  page->at_end[turn] = value;
  return (delta1_plot_series_t){ .title = title,
                                 .style = DELTA1_PLOT_POINTS,
                                 .count = 1,
                                 .x = &page->end,
                                 .y = page->at_end + turn };
}

/* A logarithmic axis where the numbers, all above 0, spread enough. */
static void
choose_scale (delta1_plot_t *plot, const delta1_plot_series_t *series)
{
  double low = INFINITY, high = 0;
  for (slong i = 0; i < plot->count; i++)
    for (slong j = 0; j < series[i].count; j++)
      {
        low = fmin (low, series[i].y[j]);
        high = fmax (high, series[i].y[j]);
      }
  plot->y.logarithmic = high >= SPREAD * low;
  plot->series = series;
}

/* (c): the objective of each step above the proved lower bound of the minimum, divided by it,
 * bounds (F - F*)/F* but for the rounding of F(x_k); that of the reconstruction and of the polished
 * point is proved. */
static void
plot_gap (page_t *page, const double *x, double *gap)
{
  const delta1_reconstruct_result_t *r = page->result;
  const double *objective = delta1_trace_objective (r->trace);
  slong count = delta1_trace_count (r->trace);
  arf_t least;
  arf_init (least);
  arb_get_lbound_arf (least, r->best.dual, DELTA1_RECONSTRUCT_BITS);
  double minimum = arf_get_d (least, ARF_RND_FLOOR);
  bool proved = r->polished.x != NULL && minimum > 0;
  arf_clear (least);
  for (slong k = 0; k < count; k++)
    gap[k] = proved ? (objective[k] - minimum) / minimum : objective[k];
  delta1_plot_t *plot = page->plot + page->page.plots++;
  *plot = convergence_plot (proved ? "Objective: above its minimum F*, relative"
                                   : "Objective F (no polish: no bound)",
                            proved ? "(F - F*)/F*" : "F");
  page->gap[plot->count++]
      = (delta1_plot_series_t){ .title = proved ? "each step: F in doubles against the proved F*"
                                                : "each step, in doubles",
                                .count = count,
                                .x = x,
                                .y = gap };
  if (proved)
    {
      (void)snprintf (page->text[0], sizeof page->text[0],
                      "(c) proved after %ld steps of polish: at most this", (long)r->polish.made);
      page->gap[plot->count++] = end_series (page, 0, mag_get_d (r->run.relative),
                                             "(c) proved of the reconstruction: at most this");
      page->gap[plot->count++]
          = level_series (page, 0, mag_get_d (r->best.relative), page->text[0]);
    }
  choose_scale (plot, page->gap);
}

/* (e), and (d) where it says something. */
static void
plot_error (page_t *page, const double *x, double *error, double *ends, double *bound)
{
  const delta1_reconstruct_result_t *r = page->result;
  const delta1_restart_t *network = &r->problem->network;
  const double *measured = delta1_trace_error (r->trace);
  slong count = delta1_trace_count (r->trace), restarts = network->restarts;
  double length = delta1_reconstruct_truth_length (r);
  for (slong k = 0; k < count; k++)
    error[k] = measured[k] / length;
  delta1_plot_t *plot = page->plot + page->page.plots++;
  *plot = convergence_plot ("Distance from the truth x, relative", "||z - x||/||x||");
  page->error[plot->count++] = (delta1_plot_series_t){
    .title = "each step, measured", .count = count, .x = x, .y = error
  };
  page->error[plot->count++] = end_series (page, 1, r->error / length, "(e) the reconstruction");
  if (r->polished.x != NULL)
    page->error[plot->count++]
        = level_series (page, 1, r->polished_error / length, "(e) after the polish");
  if (r->follow != NULL && r->follow[restarts] <= USEFUL * length)
    {
      for (slong k = 0; k <= restarts; k++)
        {
          ends[k] = (double)(k * network->inner);
          bound[k] = r->follow[k] / length;
        }
      (void)snprintf (page->text[1], sizeof page->text[1],
                      "(d) bound after each restart, if rho = %g, gamma = %g",
                      r->problem->setting->rho, r->problem->setting->gamma);
      page->error[plot->count++] = (delta1_plot_series_t){ .title = page->text[1],
                                                           .style = DELTA1_PLOT_LINES_POINTS,
                                                           .count = restarts + 1,
                                                           .x = ends,
                                                           .y = bound };
    }
  choose_scale (plot, page->error);
}

static delta1_status_t
plot_convergence (page_t *page, delta1_reason_t *reason)
{
  const delta1_reconstruct_result_t *r = page->result;
  slong count = delta1_trace_count (r->trace), ends = r->problem->network.restarts + 1;
  page->table = malloc ((size_t)(3 * count + 2 * ends) * sizeof *page->table);
  if (page->table == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
  double *x = page->table, *rest = x + 3 * count;
  for (slong k = 0; k < count; k++)
    x[k] = (double)k + 1;
  page->ends[0] = 1;
  page->ends[1] = page->end = (double)count;
  plot_gap (page, x, x + count);
  if (delta1_trace_error (r->trace) != NULL)
    plot_error (page, x, x + 2 * count, rest, rest + ends);
  page->page.plot = page->plot;
  return DELTA1_OK;
}

/* --- claims ----------------------------------------------------------------------------------- */

/* The next line of *text, which is moved on; a long one is broken where words end. */
static char *
next_line (char **text)
{
  char *line = *text, *end = strchrnul (line, '\n');
  if (end - line > LINE_BYTES)
    {
      end = line + LINE_BYTES;
      while (end > line && *end != ' ')
        end--;
      if (end == line)
        end = strchrnul (line, '\n');
    }
  *text = *end == '\0' ? end : end + 1;
  *end = '\0';
  return line;
}

/* What is printed: its first line is the title. */
static delta1_status_t
fill_claims (page_t *page, delta1_reason_t *reason)
{
  size_t size;
  FILE *f = open_memstream (&page->claims, &size);
  if (f == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
  delta1_reconstruct_print_claims (f, page->result);
  if (fclose (f) != 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
  char *rest = page->claims;
  page->page.title = next_line (&rest);
  while (*rest != '\0' && page->page.lines < MAX_LINES - 1)
    page->line[page->page.lines++] = next_line (&rest);
  if (page->result->problem->truth.pixel != NULL)
    {
      (void)snprintf (page->text[2], sizeof page->text[2],
                      "Images: black 0, white 1. Differences: lightest where they are %g or more.",
                      difference_window[1]);
      page->line[page->page.lines++] = page->text[2];
    }
  page->page.line = page->line;
  return DELTA1_OK;
}

delta1_status_t
delta1_reconstruct_draw (const delta1_reconstruct_result_t *r, const char *prefix,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  page_t page = { .result = r, .images = r->polished.x == NULL ? POLISHED : IMAGES };
  bool drawn = false;
  DELTA1_TRY (fill_images (&page, reason));
  arrange_pictures (&page);
  if (r->trace != NULL)
    DELTA1_TRY (plot_convergence (&page, reason));
  DELTA1_TRY (fill_claims (&page, reason));
  DELTA1_TRY (delta1_plot_page_write (&drawn, &page.page, prefix, reason));
  if (!drawn)
    printf ("%s\n", reason->text);
cleanup:
  for (int k = 0; k < IMAGES; k++)
    {
      delta1_image_clear (page.image + k);
      delta1_image_clear (page.difference + k);
    }
  free (page.table);
  free (page.claims);
  return status;
}
