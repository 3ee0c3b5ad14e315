#include <math.h>
#include <stdlib.h>

#include "programs/backprop.h"
#include "trainers/fit.h"

#define SEEDS 5
/* The target g_FOLDS, scaled to height 1, at POINTS equal steps; the network has two hidden layers
 * of WIDTH units; it is looked at LOOKS times. */
#define FOLDS 1
#define POINTS 33
#define WIDTH 10
#define LOOKS 20
#define RATE 0.01
#define MOST_PIECES 1000000

typedef struct
{
  const delta1_backprop_t *setting;
  const char *format;
  slong seed, every;
  double *pieces; /* LOOKS + 1 sums over seeds */
  double loss;
} watch_t;

static delta1_status_t
look (bool *stop, const delta1_network_t *network, slong step, double loss, void *context,
      delta1_reason_t *reason)
{
  watch_t *w = context;
  slong count;
  (void)stop;
  delta1_status_t status = delta1_fold_count (&count, network, MOST_PIECES, reason);
  if (status != DELTA1_OK)
    return status;
  if (step % w->every == 0 && step / w->every <= LOOKS)
    w->pieces[step / w->every] += (double)count;
  w->loss = loss;
  if (w->setting->csv != NULL)
    (void)fprintf (w->setting->csv, "e3,%s,,%ld,%ld,%ld\n", w->format, (long)w->seed, (long)step,
                   (long)count);
  return DELTA1_OK;
}

/* x = k/(POINTS-1), target 2^FOLDS g_FOLDS(x). */
static void
set_examples (fmpq_mat_t Y, fmpq_mat_t X)
{
  fmpq_t b;
  fmpq_init (b);
  for (slong k = 0; k < POINTS; k++)
    {
      fmpq *x = fmpq_mat_entry (X, k, 0);
      fmpq_set_si (x, k, POINTS - 1);
      fmpq_set (fmpq_mat_entry (Y, k, 0), x);
      for (slong j = 0; j < FOLDS; j++)
        {
          fmpq_set_si (b, 1, (ulong)2 << j);
          if (fmpq_cmp (x, b) > 0)
            {
              fmpq_mul_2exp (b, b, 1);
              fmpq_sub (x, b, x);
            }
        }
      fmpq_mul_2exp (x, x, FOLDS);
    }
  fmpq_clear (b);
}

/* All seeds in one format. */
static delta1_status_t
train (delta1_backprop_t *s, slong i, double *pieces, double *loss, slong *finished,
       const delta1_examples_t *examples, delta1_reason_t *reason)
{
  static const slong widths[] = { WIDTH, WIDTH, 1 };
  delta1_status_t status = DELTA1_OK;
  slong seeds = s->seeds > 0 ? s->seeds : SEEDS;
  slong every = s->steps / LOOKS > 0 ? s->steps / LOOKS : 1;
  delta1_network_t *network = NULL;
  double sums[LOOKS + 1] = { 0 };
  *loss = 0;
  *finished = 0;
  for (slong seed = s->seed; seed < s->seed + seeds; seed++)
    {
      double one[LOOKS + 1] = { 0 };
      watch_t w = {
        .setting = s, .format = s->format[i].name, .seed = seed, .every = every, .pieces = one
      };
      delta1_fit_t fit = { .optimiser = delta1_optimiser_defaults,
                           .precision = s->format[i].precision,
                           .steps = s->steps,
                           .every = every,
                           .observe = look,
                           .context = &w };
      fit.optimiser.rate = RATE;
      delta1_progress_show (&s->progress, (long)i, (long)s->formats, "E3, %s bits, seed %ld",
                            s->format[i].name, (long)seed);
      delta1_network_free (network);
      DELTA1_TRY (delta1_fit_create (&network, 1, 3, widths, 0.5, (uint64_t)seed, reason));
      status = delta1_fit_run (network, NULL, examples, &fit, reason);
      if (status == DELTA1_FAILED)
        continue; /* left the finite numbers */
      DELTA1_TRY (status);
      for (slong k = 0; k <= LOOKS; k++)
        sums[k] += one[k];
      *loss += w.loss;
      (*finished)++;
    }
  status = DELTA1_OK;
  for (slong k = 0; k <= LOOKS; k++)
    pieces[k] = *finished > 0 ? sums[k] / (double)*finished : NAN;
  *loss = *finished > 0 ? *loss / (double)*finished : NAN;
cleanup:
  delta1_network_free (network);
  return status;
}

static delta1_status_t
draw (const delta1_backprop_t *s, const double *pieces, slong every, delta1_reason_t *reason)
{
  delta1_plot_series_t series[DELTA1_BACKPROP_FORMATS];
  char title[DELTA1_BACKPROP_FORMATS][24];
  double step[LOOKS + 1];
  for (slong k = 0; k <= LOOKS; k++)
    step[k] = (double)(k * every);
  for (slong i = 0; i < s->formats; i++)
    {
      (void)snprintf (title[i], sizeof title[i], "p = %ld", (long)s->format[i].precision);
      series[i] = (delta1_plot_series_t){ .title = title[i],
                                          .style = DELTA1_PLOT_LINES_POINTS,
                                          .count = LOOKS + 1,
                                          .x = step,
                                          .y = pieces + i * (LOOKS + 1) };
    }
  delta1_plot_t plot = { .title = "Ordinary training (Adam) towards the folded hat",
                         .x = { .label = "step" },
                         .y = { .label = "mean number of affine pieces on [0, 1]" },
                         .count = s->formats,
                         .series = series };
  return delta1_backprop_draw (&plot, s->plot, "ordinary", reason);
}

delta1_status_t
delta1_backprop_ordinary (delta1_backprop_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong every = s->steps / LOOKS > 0 ? s->steps / LOOKS : 1;
  double *pieces = calloc ((size_t)(s->formats * (LOOKS + 1)), sizeof *pieces);
  fmpq_mat_t Y, X;
  fmpq_mat_init (Y, POINTS, 1);
  fmpq_mat_init (X, POINTS, 1);
  set_examples (Y, X);
  delta1_examples_t examples = { .Y = Y, .X = X };
  if (pieces == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  printf (
      "E3: Adam on least squares to 2^%d g_%d, network 1,%d,%d,1 from random numbers, %ld steps; "
      "mean pieces at steps\n%9s",
      FOLDS, FOLDS, WIDTH, WIDTH, (long)s->steps, "bits");
  for (slong k = 0; k <= LOOKS; k += LOOKS / 5)
    printf (" %8ld", (long)(k * every));
  printf (" %12s\n", "mean loss");
  for (slong i = 0; i < s->formats; i++)
    {
      double loss, *row = pieces + i * (LOOKS + 1);
      slong finished;
      DELTA1_TRY (train (s, i, row, &loss, &finished, &examples, reason));
      delta1_progress_end (&s->progress);
      printf ("%9s", s->format[i].name);
      for (slong k = 0; k <= LOOKS; k += LOOKS / 5)
        printf (" %8.4g", row[k]);
      printf (" %12.3g\n", loss);
    }
  if (s->plot != NULL)
    status = draw (s, pieces, every, reason);
cleanup:
  delta1_progress_end (&s->progress);
  free (pieces);
  fmpq_mat_clear (Y);
  fmpq_mat_clear (X);
  return status;
}
