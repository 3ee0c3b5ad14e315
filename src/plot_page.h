/* plot_page: one page of pictures, curves and lines of text, drawn by gnuplot as src/plot.h draws.
 *
 * From the top: the title; pictures in rows, from left to right; plots side by side; lines of text
 * in letters of one width. A page NAME is five files: NAME.bin (the pixels of the pictures, a byte
 * each, 0 at the lower end of the window), NAME.dat (the numbers of the plots), NAME.gp, NAME.svg
 * and NAME.png. All text may come from strangers. */
#ifndef DELTA1_PLOT_PAGE_H
#define DELTA1_PLOT_PAGE_H

#include "src/image.h"
#include "src/plot.h"

typedef enum
{
  DELTA1_PLOT_GREY = 0, /* from black to white */
  DELTA1_PLOT_HEAT      /* black, violet, red, yellow: lighter and lighter, also printed in grey */
} delta1_plot_colours_t;

typedef struct
{
  const char *title;
  /* Drawn in its proportions. A side above 1024 is drawn from means of blocks. No pixels: the
   * place stays empty. */
  const delta1_image_t *image;
  double window[2]; /* what is drawn darkest and lightest; what is outside is cut off */
  delta1_plot_colours_t colours;
  bool scale; /* beside the picture: its colours with the numbers of the window */
} delta1_plot_picture_t;

typedef struct
{
  const char *title;
  int width;   /* of the SVG, in pixels; 0: 1200. The height follows. The PNG has twice as many */
  int columns; /* of pictures */
  slong pictures;
  const delta1_plot_picture_t *picture;
  slong plots;
  const delta1_plot_t *plot; /* their sizes are not looked at */
  slong lines;
  const char *const *line;
} delta1_plot_page_t;

/* As delta1_plot_write. INPUT also: neither a picture nor a plot; more than 64 pictures, 8 plots or
 * 100 lines; columns outside [1, 8]; a pixel that is not finite; a window whose ends are not finite
 * and ascending. */
DELTA1_MUST_USE delta1_status_t delta1_plot_page_write (bool *drawn, const delta1_plot_page_t *page,
                                                        const char *prefix,
                                                        delta1_reason_t *reason);

#endif
