#include "src/plot_page.h"

#include <math.h>
#include <string.h>

#include "src/plot_private.h"

#define MAX_PICTURES 64
#define MAX_PLOTS 8
#define MAX_LINES 100
#define MAX_COLUMNS 8
#define MAX_SIDE 1024 /* of pictures as they are drawn */

/* Pixels of the SVG. */
#define WIDTH 1200
#define FONT 14
#define MARGIN 24
#define TITLE 48         /* of the page */
#define PICTURE_TITLE 34 /* above each picture */
#define GAP 16
#define SCALE 64 /* right of pictures, for a scale and its numbers */
#define PLOT 280 /* the height of the frame of curves */
#define PLOT_TITLE 40
#define PLOT_LEFT 84
#define PLOT_BELOW 78 /* numbers and label of the x axis, which the SVG sets lower than the PNG */
#define LINE 19       /* of text; also of a legend */

static const char *const colours[]
    = { [DELTA1_PLOT_GREY] = "0 '#000000', 1 '#FFFFFF'",
        [DELTA1_PLOT_HEAT] = "0 '#000004', 1 '#320A5E', 2 '#781C6D', 3 '#BC3754', 4 '#ED6925', "
                             "5 '#FBB61A', 6 '#FCFFA4'" };

typedef struct
{
  int left, top, right, bottom; /* from the upper left corner of the page */
} box_t;

/* Where everything is. */
typedef struct
{
  const delta1_plot_page_t *page;
  int width, height;
  int cell;     /* the side of a place for a picture */
  int plot_top; /* of the frames of curves */
  int plot_width;
  int lines_top;
} layout_t;

static bool
has_scale (const delta1_plot_page_t *page)
{
  for (slong i = 0; i < page->pictures; i++)
    if (page->picture[i].scale && page->picture[i].image->pixel != NULL)
      return true;
  return false;
}

static layout_t
lay_out (const delta1_plot_page_t *page)
{
  layout_t l = { .page = page, .width = page->width == 0 ? WIDTH : page->width };
  int rows = (int)((page->pictures + page->columns - 1) / page->columns), legend = 0;
  int inside = l.width - 2 * MARGIN - (has_scale (page) ? SCALE : 0);
  l.cell = (inside - (page->columns - 1) * GAP) / page->columns;
  l.height = TITLE + rows * (PICTURE_TITLE + l.cell) + GAP;
  if (page->plots > 0)
    {
      l.plot_width = (l.width - 2 * MARGIN) / (int)page->plots - PLOT_LEFT;
      for (slong i = 0; i < page->plots; i++)
        {
          int need = (int)delta1_plot_legend_rows (page->plot + i, l.plot_width, FONT);
          legend = need > legend ? need : legend;
        }
      l.plot_top = l.height + PLOT_TITLE;
      l.height = l.plot_top + PLOT + PLOT_BELOW + legend * LINE + GAP;
    }
  l.lines_top = l.height + LINE;
  l.height += (int)page->lines * LINE + (page->lines > 0 ? LINE : 0) + MARGIN;
  return l;
}

/* --- pixels ----------------------------------------------------------------------------------- */

/* The side of the blocks of an image whose means are drawn; 1: all pixels are. */
static slong
block_of (const delta1_image_t *image)
{
  slong longest = image->width > image->height ? image->width : image->height;
  return (longest + MAX_SIDE - 1) / MAX_SIDE;
}

static slong
drawn_side (slong side, slong block)
{
  return (side + block - 1) / block;
}

static double
mean (const delta1_image_t *image, slong block, slong row, slong column)
{
  double sum = 0;
  slong count = 0;
  for (slong i = row * block; i < (row + 1) * block && i < image->height; i++)
    for (slong j = column * block; j < (column + 1) * block && j < image->width; j++, count++)
      sum += image->pixel[i * image->width + j];
  return sum / (double)count;
}

static void
put_pixels (FILE *f, const void *context, const char *name)
{
  const delta1_plot_page_t *page = ((const layout_t *)context)->page;
  (void)name;
  for (slong k = 0; k < page->pictures; k++)
    {
      const delta1_plot_picture_t *picture = page->picture + k;
      const delta1_image_t *image = picture->image;
      if (image->pixel == NULL)
        continue;
      slong block = block_of (image);
      for (slong i = 0; i < drawn_side (image->height, block); i++)
        for (slong j = 0; j < drawn_side (image->width, block); j++)
          {
            double place = (mean (image, block, i, j) - picture->window[0])
                           / (picture->window[1] - picture->window[0]);
            (void)fputc ((int)lround (255 * fmin (1, fmax (0, place))), f);
          }
    }
}

/* --- data and script -------------------------------------------------------------------------- */

static void
put_data (FILE *f, const void *context, const char *name)
{
  const delta1_plot_page_t *page = ((const layout_t *)context)->page;
  (void)name;
  for (slong i = 0; i < page->plots; i++)
    delta1_plot_put_data (f, page->plot + i, i == 0);
}

static void
put_margins (FILE *f, const layout_t *l, box_t box)
{
  double width = l->width, height = l->height;
  (void)fprintf (f,
                 "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
                 "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
                 box.left / width, box.right / width, 1 - box.top / height,
                 1 - box.bottom / height);
}

/* In its place, at its top. */
static box_t
picture_box (const layout_t *l, slong k)
{
  const delta1_image_t *image = l->page->picture[k].image;
  int column = (int)(k % l->page->columns), row = (int)(k / l->page->columns);
  double longest = (double)(image->width > image->height ? image->width : image->height);
  int left = MARGIN + column * (l->cell + GAP);
  int top = TITLE + row * (PICTURE_TITLE + l->cell) + PICTURE_TITLE;
  return (box_t){ left, top, left + (int)(l->cell * (double)image->width / longest),
                  top + (int)(l->cell * (double)image->height / longest) };
}

static void
put_scale (FILE *f, const layout_t *l, box_t box, const double window[2])
{
  double width = l->width, height = l->height;
  (void)fprintf (f,
                 "set colorbox user origin screen %.6f, screen %.6f size screen %.6f, screen %.6f\n"
                 "set cbtics ('%.3g' 0, '%.3g' 127.5, '%.3g' 255) scale 0.5\n",
                 (box.right + 8) / width, 1 - box.bottom / height, 12 / width,
                 (box.bottom - box.top) / height, window[0], (window[0] + window[1]) / 2,
                 window[1]);
}

/* Its pixels begin at byte *skip, which is moved on. */
static void
put_picture (FILE *f, const layout_t *l, slong k, long *skip)
{
  const delta1_plot_picture_t *picture = l->page->picture + k;
  if (picture->image->pixel == NULL)
    return;
  slong block = block_of (picture->image);
  long width = (long)drawn_side (picture->image->width, block),
       height = (long)drawn_side (picture->image->height, block);
  box_t box = picture_box (l, k);
  put_margins (f, l, box);
  (void)fputs ("set title ", f);
  delta1_plot_put_quoted (f, picture->title);
  (void)fputs (" noenhanced offset 0,-0.5\nunset key\nunset tics\nset border 15 linecolor rgb "
               "'#404040' linewidth 1\nset cbrange [0:255]\n",
               f);
  (void)fprintf (f, "set palette defined (%s)\n", colours[picture->colours]);
  if (picture->scale)
    put_scale (f, l, box, picture->window);
  else
    (void)fputs ("unset colorbox\n", f);
  (void)fprintf (f,
                 "set xrange [-0.5:%.1f]\nset yrange [-0.5:%.1f]\n"
                 "plot pixels binary skip=%ld array=(%ld,%ld) format='%%uchar' flip=y using 1 "
                 "with image\nreset\n",
                 (double)width - 0.5, (double)height - 0.5, *skip, width, height);
  *skip += width * height;
}

/* With what is drawn first: on the page, not in a picture. */
static void
put_labels (FILE *f, const layout_t *l)
{
  double width = l->width, height = l->height;
  (void)fputs ("set label ", f);
  delta1_plot_put_quoted (f, l->page->title);
  (void)fprintf (f, " at screen %.6f, screen %.6f left noenhanced font large\n", MARGIN / width,
                 1 - TITLE / 2 / height);
  for (slong i = 0; i < l->page->lines; i++)
    {
      (void)fputs ("set label ", f);
      delta1_plot_put_quoted (f, l->page->line[i]);
      (void)fprintf (f, " at screen %.6f, screen %.6f left noenhanced font even\n", MARGIN / width,
                     1 - (l->lines_top + (int)i * LINE) / height);
    }
}

static void
put_panels (FILE *f, const layout_t *l)
{
  long skip = 0;
  slong first = 0;
  put_labels (f, l);
  for (slong k = 0; k < l->page->pictures; k++)
    put_picture (f, l, k, &skip);
  for (slong k = 0; k < l->page->plots; k++)
    {
      const delta1_plot_t *plot = l->page->plot + k;
      int left = MARGIN + PLOT_LEFT + (int)k * (PLOT_LEFT + l->plot_width);
      put_margins (f, l,
                   (box_t){ left, l->plot_top, left + l->plot_width - GAP, l->plot_top + PLOT });
      delta1_plot_put_frame (f, plot, l->plot_width, FONT);
      (void)fprintf (f,
                     "set xlabel offset 0,0\nset key at screen %.6f, screen %.6f left top vertical "
                     "maxrows %ld\n",
                     left / (double)l->width,
                     1 - (l->plot_top + PLOT + PLOT_BELOW) / (double)l->height,
                     (long)delta1_plot_legend_rows (plot, l->plot_width, FONT));
      delta1_plot_put_curves (f, plot, first);
      (void)fputs ("reset\n", f);
      first += plot->count;
    }
}

static void
put_script (FILE *f, const void *context, const char *name)
{
  const layout_t *l = context;
  (void)fputs ("set encoding utf8\nif (!exists('out')) out = ", f);
  delta1_plot_put_path (f, name, "");
  (void)fputs ("data = ", f);
  delta1_plot_put_path (f, name, ".dat");
  (void)fputs ("pixels = ", f);
  delta1_plot_put_path (f, name, ".bin");
  for (int png = 0; png < 2; png++)
    {
      double unit = png == 1 ? 12 / 17.0 : 1;
      (void)fprintf (f, "large = 'DejaVu Sans,%.3g'\neven = 'DejaVu Sans Mono,%.3g'\n", 18 * unit,
                     13 * unit);
      delta1_plot_put_terminal (f, png == 1, l->width, l->height, FONT);
      (void)fputs ("set multiplot\n", f);
      put_panels (f, l);
      (void)fputs ("unset multiplot\nset output\n", f);
    }
}

/* --- checks ----------------------------------------------------------------------------------- */

static delta1_status_t
check_picture (const delta1_plot_picture_t *picture, slong k, delta1_reason_t *reason)
{
  const delta1_image_t *image = picture->image;
  if (image->pixel == NULL)
    return DELTA1_OK;
  if (!isfinite (picture->window[0]) || !isfinite (picture->window[1])
      || !(picture->window[0] < picture->window[1]))
    return delta1_fail (reason, DELTA1_INPUT,
                        "picture %ld of a page: a window from %g to %g; allowed: finite, ascending",
                        (long)k, picture->window[0], picture->window[1]);
  for (slong i = 0; i < image->width * image->height; i++)
    if (!isfinite (image->pixel[i]))
      return delta1_fail (reason, DELTA1_INPUT,
                          "picture %ld of a page: pixel %ld is not finite; allowed: numbers",
                          (long)k, (long)i);
  return DELTA1_OK;
}

static delta1_status_t
check_count (const char *what, slong count, slong least, slong most, delta1_reason_t *reason)
{
  if (count < least || count > most)
    return delta1_fail (reason, DELTA1_INPUT, "a page of %ld %s; allowed: %ld to %ld", (long)count,
                        what, (long)least, (long)most);
  return DELTA1_OK;
}

static delta1_status_t
check (const delta1_plot_page_t *page, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool something = page->plots > 0;
  DELTA1_TRY (check_count ("pictures", page->pictures, 0, MAX_PICTURES, reason));
  DELTA1_TRY (check_count ("plots", page->plots, 0, MAX_PLOTS, reason));
  DELTA1_TRY (check_count ("lines", page->lines, 0, MAX_LINES, reason));
  DELTA1_TRY (check_count ("columns", page->columns, 1, MAX_COLUMNS, reason));
  for (slong k = 0; k < page->pictures; k++)
    {
      something = something || page->picture[k].image->pixel != NULL;
      DELTA1_TRY (check_picture (page->picture + k, k, reason));
    }
  for (slong k = 0; k < page->plots; k++)
    DELTA1_TRY (
        check_count ("series in a plot", page->plot[k].count, 1, DELTA1_PLOT_MAX_SERIES, reason));
  if (!something)
    return delta1_fail (reason, DELTA1_INPUT, "a page of neither pictures nor plots");
cleanup:
  return status;
}

delta1_status_t
delta1_plot_page_write (bool *drawn, const delta1_plot_page_t *page, const char *prefix,
                        delta1_reason_t *reason)
{
  static const delta1_plot_input_t inputs[]
      = { { ".bin", put_pixels }, { ".dat", put_data }, { ".gp", put_script } };
  *drawn = false;
  delta1_status_t status = check (page, reason);
  if (status != DELTA1_OK)
    return status;
  const layout_t layout = lay_out (page);
  if (layout.width < 400)
    return delta1_fail (reason, DELTA1_INPUT, "a page of %d pixels' width; allowed: 400 to 10000",
                        layout.width);
  status = delta1_plot_check_size (layout.width, layout.height, reason);
  if (status == DELTA1_OK)
    status = delta1_plot_produce (drawn, prefix, inputs, 3, &layout, reason);
  return status;
}
