/* The two classifiers of the paradox as pictures: 1/x_1 to the right, x_2/delta upwards. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "programs/paradox_report.h"
#include "src/network_evaluate.h"
#include "src/plot.h"

/* What is shown: the points k = 2, ..., at most SHOWN of them, hatched by LINES rows of STEPS. */
#define SHOWN 14
#define LINES 110
#define STEPS 1200
#define LOW (-0.6)
#define HIGH 1.6

/* At most this many numbers a series has. */
#define ROOM (LINES * (STEPS + 2))

typedef struct
{
  slong count;
  double x[ROOM], y[ROOM];
} path_t;

static void
add (path_t *path, double x, double y)
{
  path->x[path->count] = x;
  path->y[path->count++] = y;
}

/* Whether the network has class 1 at 1/x_1 = u, x_2 = delta v; doubles will do. */
static delta1_status_t
is_one (bool *one, const delta1_network_t *network, double *y, double u, double v, double delta,
        delta1_reason_t *reason)
{
  double value = 0, error;
  y[0] = 1 / u;
  y[1] = delta * v;
  delta1_status_t status
      = delta1_network_evaluate_doubles (&value, &error, network, y, NULL, reason);
  *one = value >= 0.5;
  return status;
}

/* Horizontal lines where the class is 1. */
static delta1_status_t
hatch (path_t *path, const delta1_network_t *network, slong shown, double delta,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  double *y = calloc ((size_t)delta1_network_inputs (network), sizeof *y);
  if (y == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
  path->count = 0;
  for (slong line = 0; line < LINES; line++)
    {
      double v = LOW + (HIGH - LOW) * ((double)line + 0.5) / LINES;
      bool before = false;
      for (slong step = 0; step <= STEPS; step++)
        {
          double u = 1 + (double)shown * (double)step / STEPS;
          bool one;
          DELTA1_TRY (is_one (&one, network, y, u, v, delta, reason));
          if (one)
            add (path, u, v);
          else if (before)
            add (path, NAN, NAN);
          before = one;
        }
      if (before)
        add (path, NAN, NAN);
    }
cleanup:
  free (y);
  return status;
}

/* The points of a label, at height v; move: also the way down by the perturbation. */
static void
place (path_t *path, int label, slong shown, double v, bool way)
{
  path->count = 0;
  for (slong k = 2; k < shown + 2; k++)
    if (delta1_paradox_label (k) == label)
      {
        add (path, (double)k - 0.5, v);
        if (way)
          {
            add (path, (double)k - 0.5, v - 1);
            add (path, NAN, NAN);
          }
      }
}

static delta1_plot_series_t
series (const path_t *path, const char *title, delta1_plot_style_t style)
{
  return (delta1_plot_series_t){
    .title = title, .style = style, .count = path->count, .x = path->x, .y = path->y
  };
}

static delta1_status_t
draw (const delta1_paradox_t *paradox, const delta1_network_t *network, const char *title,
      const char *prefix, const char *what, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool drawn;
  char *name = NULL;
  slong shown = paradox->points < SHOWN ? paradox->points : SHOWN;
  path_t *path = calloc (5, sizeof *path);
  if (path == NULL || asprintf (&name, "%s-%s", prefix, what) < 0)
    {
      name = NULL;
      DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture"));
    }
  DELTA1_TRY (hatch (path, network, shown, fmpq_get_d (paradox->delta), reason));
  place (path + 1, 1, shown, 1, true);
  place (path + 2, 0, shown, 0, false);
  place (path + 3, 1, shown, 1, false);
  place (path + 4, 1, shown, 0, false);
  delta1_plot_series_t all[] = { series (path, "class 1", DELTA1_PLOT_HATCH),
                                 series (path + 1, "the perturbation", DELTA1_PLOT_GUIDE),
                                 series (path + 2, "label 0", DELTA1_PLOT_POINTS),
                                 series (path + 3, "label 1", DELTA1_PLOT_POINTS),
                                 series (path + 4, "label 1, perturbed", DELTA1_PLOT_POINTS) };
  delta1_plot_t plot = { .title = title,
                         .x = { .label = "1/x₁" },
                         .y = { .label = "x₂ in units of delta" },
                         .count = 5,
                         .series = all };
  DELTA1_TRY (delta1_plot_write (&drawn, &plot, name, reason));
  if (drawn)
    printf ("%s.svg %s.png\n", name, name);
  else
    printf ("%s\n", reason->text);
cleanup:
  free (name);
  free (path);
  return status;
}

delta1_status_t
delta1_paradox_draw (const delta1_paradox_t *paradox, const delta1_network_t *unstable,
                     const delta1_network_t *stable, const char *prefix, delta1_reason_t *reason)
{
  delta1_status_t status
      = draw (paradox, unstable, "Accurate and unstable: x₂/delta", prefix, "unstable", reason);
  if (status == DELTA1_OK)
    status = draw (paradox, stable, "Accurate and stable, with a size that grows with the data",
                   prefix, "stable", reason);
  return status;
}
