#include <math.h>
#include <stdlib.h>

#include "programs/backprop.h"

#define SEEDS 20
/* Exact training is shown up to this depth, for so many steps. */
#define EXACT_DEPTH 16
#define EXACT_STEPS 50

/* What is known of one format and one seed. */
typedef struct
{
  bool alive;
  slong critical; /* every depth up to this one has survived */
  slong left;     /* pieces at the first depth that has not */
} fate_t;

/* The data of a seed at a depth: different for all of them. */
static uint64_t
lesson_seed (slong seed, slong depth)
{
  return ((uint64_t)seed << 20) + (uint64_t)depth;
}

static delta1_status_t
train_exactly (const delta1_backprop_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong most = s->depth < EXACT_DEPTH ? s->depth : EXACT_DEPTH;
  delta1_network_t *network = NULL, *before = NULL;
  for (slong L = 1; L <= most; L++)
    {
      delta1_fold_lesson_t lesson;
      slong pieces = 0;
      bool exact = false;
      delta1_network_free (network);
      delta1_network_free (before);
      network = before = NULL;
      DELTA1_TRY (delta1_fold_network (&network, L, reason));
      DELTA1_TRY (delta1_network_copy (&before, network, reason));
      DELTA1_TRY (delta1_fold_lesson_init (&lesson, L, lesson_seed (s->seed, L), reason));
      delta1_float_format_t format = delta1_fold_exact_format (&lesson);
      status = delta1_fold_train (network, &exact, &lesson, &format, s->training.rate, EXACT_STEPS,
                                  reason);
      if (status == DELTA1_OK)
        status = delta1_fold_count (&pieces, network, (slong)1 << (L + 1), reason);
      delta1_fold_lesson_clear (&lesson);
      if (status == DELTA1_OK
          && (!exact || !delta1_network_equal (network, before) || pieces != (slong)1 << L))
        status = delta1_fail (reason, DELTA1_FAILED,
                              "a defect of delta1: exact training changed the network of depth %ld",
                              (long)L);
      if (status != DELTA1_OK)
        goto cleanup;
    }
  printf ("exact training, depths 1 to %ld, %d steps: no operation rounded, the network is "
          "unchanged, 2^L pieces\n",
          (long)most, EXACT_STEPS);
cleanup:
  delta1_network_free (network);
  delta1_network_free (before);
  return status;
}

/* One depth and seed: every format that is still alive trains on the same data. */
static delta1_status_t
train_formats (delta1_backprop_t *s, fate_t *fate, slong depth, slong seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_fold_lesson_t lesson;
  slong alive = 0;
  for (slong i = 0; i < s->formats; i++)
    alive += fate[i].alive;
  if (alive == 0)
    return DELTA1_OK;
  DELTA1_TRY (delta1_fold_lesson_init (&lesson, depth, lesson_seed (seed, depth), reason));
  for (slong i = 0; i < s->formats && status == DELTA1_OK; i++)
    {
      slong pieces;
      if (!fate[i].alive)
        continue;
      status = delta1_fold_shake (&pieces, depth, &lesson, &s->format[i], &s->training, reason);
      if (status != DELTA1_OK)
        break;
      if (s->csv != NULL)
        (void)fprintf (s->csv, "e2,%s,%ld,%ld,%ld,%ld\n", s->format[i].name, (long)depth,
                       (long)seed, (long)s->training.steps, (long)pieces);
      fate[i].alive = delta1_fold_survived (pieces, depth, s->training.limit);
      if (fate[i].alive)
        fate[i].critical = depth;
      else
        fate[i].left = pieces;
    }
  delta1_fold_lesson_clear (&lesson);
cleanup:
  return status;
}

static int
compare (const void *a, const void *b)
{
  slong x = *(const slong *)a, y = *(const slong *)b;
  return x < y ? -1 : x > y;
}

/* Mean, and the least and the largest, of the critical depths of format i. */
static delta1_status_t
sum_up (double summary[3], const delta1_backprop_t *s, const fate_t *fate, slong seeds, slong i,
        delta1_reason_t *reason)
{
  double mean = 0, square = 0;
  slong alive = 0, one = 0, *sorted = malloc ((size_t)seeds * sizeof *sorted);
  if (sorted == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  for (slong k = 0; k < seeds; k++)
    {
      const fate_t *f = fate + k * s->formats + i;
      sorted[k] = f->critical;
      mean += (double)f->critical / (double)seeds;
      square += (double)(f->critical * f->critical) / (double)seeds;
      alive += f->alive;
      one += !f->alive && f->left <= 1;
    }
  qsort (sorted, (size_t)seeds, sizeof *sorted, compare);
  printf ("%9s %8.2f %8.2f %6ld %8ld %6ld %12ld %16ld\n", s->format[i].name, mean,
          sqrt (fmax (0, square - mean * mean)), (long)sorted[0], (long)sorted[seeds / 2],
          (long)sorted[seeds - 1], (long)one, (long)alive);
  summary[0] = mean;
  summary[1] = (double)sorted[0];
  summary[2] = (double)sorted[seeds - 1];
  free (sorted);
  return DELTA1_OK;
}

/* summary: of format i at 3 i. */
static delta1_status_t
draw (const delta1_backprop_t *s, const double *summary, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  double *v = calloc ((size_t)(8 * s->formats), sizeof *v);
  if (v == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
  double *x = v, *y = v + s->formats, *bar_x = v + 2 * s->formats, *bar_y = v + 5 * s->formats;
  for (slong i = 0; i < s->formats; i++)
    {
      x[i] = (double)s->format[i].precision;
      y[i] = summary[3 * i];
      for (int k = 0; k < 2; k++)
        {
          bar_x[3 * i + k] = x[i];
          bar_y[3 * i + k] = summary[3 * i + 1 + k];
        }
      bar_x[3 * i + 2] = bar_y[3 * i + 2] = NAN;
    }
  const delta1_plot_series_t series[] = {
    { "least to largest", DELTA1_PLOT_LINES, 3 * s->formats, bar_x, bar_y },
    { "mean over seeds", DELTA1_PLOT_POINTS, s->formats, x, y },
  };
  delta1_plot_t plot = { .title = "The deepest folded hat that survives training at p bits",
                         .x = { .label = "bits p" },
                         .y = { .label = "critical depth" },
                         .count = 2,
                         .series = series };
  status = delta1_backprop_draw (&plot, s->plot, "depth", reason);
  free (v);
  return status;
}

delta1_status_t
delta1_backprop_training (delta1_backprop_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong seeds = s->seeds > 0 ? s->seeds : SEEDS;
  fate_t *fate = calloc ((size_t)(seeds * s->formats), sizeof *fate);
  double *summary = calloc ((size_t)(3 * s->formats), sizeof *summary);
  if (fate == NULL || summary == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  printf ("E2: gradient descent at a critical point, rate 2^-%ld, %ld step%s, %ld seeds\n",
          (long)s->training.rate, (long)s->training.steps, s->training.steps == 1 ? "" : "s",
          (long)seeds);
  DELTA1_TRY (train_exactly (s, reason));
  for (slong i = 0; i < seeds * s->formats; i++)
    fate[i].alive = true;
  for (slong L = 1; L <= s->depth; L++)
    for (slong k = 0; k < seeds; k++)
      {
        delta1_progress_show (&s->progress, (long)L, (long)s->depth, "E2, seed %ld",
                              (long)(s->seed + k));
        DELTA1_TRY (train_formats (s, fate + k * s->formats, L, s->seed + k, reason));
      }
  delta1_progress_end (&s->progress);
  printf ("critical depth: every depth up to it keeps min(2^L, %ld) pieces or more\n"
          "%9s %8s %8s %6s %8s %6s %12s %16s\n",
          (long)s->training.limit, "bits", "mean", "std dev", "least", "median", "most",
          "left with 1", "not yet at depth");
  for (slong i = 0; i < s->formats; i++)
    DELTA1_TRY (sum_up (summary + 3 * i, s, fate, seeds, i, reason));
  if (s->plot != NULL)
    status = draw (s, summary, reason);
cleanup:
  delta1_progress_end (&s->progress);
  free (fate);
  free (summary);
  return status;
}
