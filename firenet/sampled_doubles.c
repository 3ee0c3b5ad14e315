/* The order of the work. The image stands as columns of groups ("blocks": side rows of one group
 * each), so that a transform of the columns is contiguous; rows pass through a buffer of two rows,
 * in which the finest level of Haar is done too. The transforms leave frequencies at positions
 * (firenet/kernels.h), which the mask alone knows: nothing is ever reordered. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#ifdef _OPENMP
#include <omp.h>
#endif

#include "firenet/lanes.h"
#include "firenet/sampled_private.h"

#define BOUND_BITS 128

/* An entry that is kept: number `index` of y, at `place` in its block. */
typedef struct
{
  uint32_t place, index;
} entry_t;

struct delta1_sampled_doubles_struct
{
  const delta1_kernels_t *kernels;
  delta1_wavelet_shape_t shape;
  delta1_filter_t filter;
  bool haar; /* two-dimensional: by the kernels */
  int parts; /* 1: double, 2: complex double */
  int threads;
  slong side, rows, groups; /* of a row */
  slong group;              /* doubles of a group */
  slong block;              /* doubles from one block to the next */
  delta1_transform_t transform;
  delta1_plan_t *plan;
  delta1_transform_kernel_t row[2], column[2]; /* NULL: nothing is done there */
  double scale;
  entry_t *entries;
  slong *start;   /* groups + 1: of the entries of each block */
  double *image;  /* groups blocks */
  double *low;    /* Haar: the low parts of levels 1, 2, ..; filters: an image */
  double *buffer; /* threads times two rows */
  double *work;
};

/* --- elements of arrays ------------------------------------------------------------------------
 */

/* Where element `index` of an array of groups stands. */
static inline slong
place_of (slong index, int parts)
{
  return parts == 1 ? index : delta1_lane (index);
}

/* The doubles of an array of the whole image. */
static slong
image_doubles (const delta1_sampled_doubles_t *d)
{
  slong count = d->rows * d->side;
  return d->parts == 1 ? count : delta1_lane_doubles (count);
}

/* --- making ----------------------------------------------------------------------------------- */

/* 1/sqrt(count) */
static void
inverse_root (arb_t root, const fmpq_t count, slong prec)
{
  arb_set_fmpq (root, count, prec);
  arb_rsqrt (root, root, prec);
}

static void
choose_kernels (delta1_sampled_doubles_t *d)
{
  const delta1_kernels_t *k = d->kernels;
  bool fourier = d->transform == DELTA1_TRANSFORM_FOURIER;
  for (int direction = 0; direction < 2 && d->transform != DELTA1_TRANSFORM_NONE; direction++)
    {
      d->row[direction]
          = fourier ? k->fourier_row[direction] : k->walsh_row[direction][d->parts - 1];
      d->column[direction]
          = fourier ? k->fourier_column[direction] : k->walsh_column[direction][d->parts - 1];
    }
}

/* The position of result `index` of a row or a column. */
static slong
position (const delta1_sampled_doubles_t *d, slong index, bool row)
{
  return d->transform == DELTA1_TRANSFORM_NONE      ? index
         : d->transform == DELTA1_TRANSFORM_FOURIER ? delta1_fourier_position (d->plan, index, row)
                                                    : delta1_walsh_position (d->plan, index, row);
}

/* entries, sorted by their blocks. */
static delta1_status_t
place_entries (delta1_sampled_doubles_t *d, const slong *kept, slong m, delta1_reason_t *reason)
{
  slong *across = malloc ((size_t)d->side * sizeof *across);
  slong *down = malloc ((size_t)d->rows * sizeof *down);
  slong *next = calloc ((size_t)d->groups + 1, sizeof *next);
  delta1_status_t status = DELTA1_OK;
  if (across == NULL || down == NULL || next == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a transform"));
  for (slong i = 0; i < d->side; i++)
    across[i] = position (d, i, true);
  for (slong i = 0; i < d->rows; i++)
    down[i] = d->rows == 1 ? 0 : position (d, i, false);
  for (slong i = 0; i < m; i++)
    d->start[across[kept[i] % d->side] / DELTA1_LANES + 1]++;
  for (slong b = 0; b < d->groups; b++)
    {
      d->start[b + 1] += d->start[b];
      next[b] = d->start[b];
    }
  for (slong i = 0; i < m; i++)
    {
      slong place = across[kept[i] % d->side], block = place / DELTA1_LANES;
      d->entries[next[block]++] = (entry_t){
        .place = (uint32_t)(down[kept[i] / d->side] * d->group + place % DELTA1_LANES),
        .index = (uint32_t)i,
      };
    }

cleanup:
  free (across);
  free (down);
  free (next);
  return status;
}

/* The doubles of `low`: an image for filters; of Haar the low parts, each of full groups. */
static slong
low_doubles (const delta1_sampled_doubles_t *d)
{
  slong doubles = 0;
  if (d->shape.levels == 0)
    return 0;
  if (!d->haar)
    return image_doubles (d);
  for (slong s = d->side / 2; s >= 1; s /= 2)
    doubles += (s * s + DELTA1_LANES - 1) / DELTA1_LANES * d->group;
  return doubles;
}

delta1_status_t
delta1_sampled_doubles_create (delta1_sampled_doubles_t **doubles,
                               const delta1_sampled_context_t *context, slong m, int parts,
                               delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_sampled_doubles_t *d = calloc (1, sizeof *d);

  *doubles = NULL;
  if (d == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a transform"));
  d->kernels = delta1_kernels ();
  d->shape = context->shape;
  d->transform = context->transform;
  d->haar = d->shape.taps == 2 && d->shape.dimensions == 2;
  d->parts = parts;
  d->threads = 1;
#ifdef _OPENMP
  d->threads = omp_get_max_threads ();
#endif
  d->side = d->shape.side;
  d->rows = d->shape.dimensions == 1 ? 1 : d->side;
  d->groups = (d->side + DELTA1_LANES - 1) / DELTA1_LANES;
  d->group = parts * DELTA1_LANES;
  /* One group more than the rows: blocks do not all begin in the same lines of the cache. */
  d->block = (d->rows + 1) * d->group;
  choose_kernels (d);
  DELTA1_TRY (
      delta1_plan_create (&d->plan, d->side, d->transform == DELTA1_TRANSFORM_FOURIER, reason));
  d->scale = 1;
  if (d->transform != DELTA1_TRANSFORM_NONE)
    {
      fmpq_t count;
      fmpq_init (count);
      fmpq_set_si (count, d->rows * d->side, 1);
      d->scale = delta1_nearest_double (inverse_root, count);
      fmpq_clear (count);
    }
  if (d->shape.levels > 0)
    delta1_filter_init (&d->filter, d->shape.taps);
  d->entries = malloc ((size_t)m * sizeof *d->entries);
  d->start = calloc ((size_t)d->groups + 1, sizeof *d->start);
  d->image = delta1_lanes_create (d->groups * d->block);
  d->low = delta1_lanes_create (low_doubles (d));
  d->buffer = delta1_lanes_create (d->threads * 2 * d->groups * d->group);
  d->work = delta1_lanes_create (d->haar ? 0 : delta1_wavelet_work (&d->shape, d->threads));
  if (d->entries == NULL || d->start == NULL || d->image == NULL || d->low == NULL
      || d->buffer == NULL || d->work == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a transform"));
  DELTA1_TRY (place_entries (d, context->kept, m, reason));
  *doubles = d;
  d = NULL;

cleanup:
  delta1_sampled_doubles_free (d);
  return status;
}

void
delta1_sampled_doubles_free (delta1_sampled_doubles_t *d)
{
  if (d == NULL)
    return;
  delta1_plan_free (d->plan);
  free (d->entries);
  free (d->start);
  free (d->image);
  free (d->low);
  free (d->buffer);
  free (d->work);
  free (d);
}

void
delta1_sampled_doubles_rounding (mag_t relative, mag_t absolute, const delta1_sampled_doubles_t *d)
{
  arb_t factor, scale;
  int exponent;
  arb_init (factor);
  arb_init (scale);
  arb_one (factor);
  delta1_wavelet_rounding (factor, &d->shape, d->haar);
  for (int dimension = 0; dimension < d->shape.dimensions; dimension++)
    if (d->transform == DELTA1_TRANSFORM_FOURIER)
      delta1_fourier_rounding (factor, d->plan);
    else if (d->transform == DELTA1_TRANSFORM_WALSH)
      delta1_walsh_rounding (factor, d->plan);
  if (frexp (d->scale, &exponent) > 0.5)
    { /* no power of two: the scale is rounded, and so is the product */
      arb_one (scale);
      arb_mul_2exp_si (scale, scale, -53);
      arb_add_si (scale, scale, 1, BOUND_BITS);
      arb_mul (factor, factor, scale, BOUND_BITS);
      arb_mul (factor, factor, scale, BOUND_BITS);
    }
  arb_sub_si (factor, factor, 1, BOUND_BITS);
  arb_get_mag (relative, factor);
  mag_set_ui_2exp_si (absolute, (ulong)(d->rows * d->side), -1060);
  arb_clear (factor);
  arb_clear (scale);
}

/* --- rows ------------------------------------------------------------------------------------- */

/* A row in an array of groups, or a part of one: its element c is element index + c of the array.
 */
typedef struct
{
  double *array;
  slong index;
} spot_t;

static inline double *
at (const delta1_sampled_doubles_t *d, spot_t spot, slong c)
{
  return spot.array + place_of (spot.index + c, d->parts);
}

static void
copy_row (const delta1_sampled_doubles_t *d, spot_t to, spot_t from)
{
  if (d->side >= DELTA1_LANES)
    memcpy (at (d, to, 0), at (d, from, 0), (size_t)(d->side * d->parts) * sizeof (double));
  else
    for (slong c = 0; c < d->side; c++)
      for (int part = 0; part < d->parts; part++)
        at (d, to, c)[part * DELTA1_LANES] = at (d, from, c)[part * DELTA1_LANES];
}

/* Short rows are transformed as a block of which one column is used. */
#define SHORT 64

static void
transform_short_row (const delta1_sampled_doubles_t *d, double *row, delta1_direction_t direction)
{
  double block[SHORT * 2 * DELTA1_LANES] __attribute__ ((aligned (DELTA1_ALIGNMENT))) = { 0 };
  const spot_t spot = { row, 0 };
  for (slong c = 0; c < d->side; c++)
    for (int part = 0; part < d->parts; part++)
      block[c * d->group + part * DELTA1_LANES] = at (d, spot, c)[part * DELTA1_LANES];
  d->column[direction](block, d->plan);
  for (slong c = 0; c < d->side; c++)
    for (int part = 0; part < d->parts; part++)
      at (d, spot, c)[part * DELTA1_LANES] = block[c * d->group + part * DELTA1_LANES];
}

static void
transform_row (const delta1_sampled_doubles_t *d, double *row, delta1_direction_t direction)
{
  if (d->transform == DELTA1_TRANSFORM_NONE)
    return;
  if (d->side >= SHORT)
    d->row[direction](row, d->plan);
  else
    transform_short_row (d, row, direction);
}

/* --- Haar ------------------------------------------------------------------------------------- */

/* a b / c d from the four parts of a square, or these from it: the same sums. */
static void
small_square (double *a, double *b, double *c, double *d)
{
  double sum = *a + *b, difference = *a - *b, below = *c + *d, turned = *c - *d;
  *a = 0.5 * (sum + below);
  *b = 0.5 * (difference + turned);
  *c = 0.5 * (sum - below);
  *d = 0.5 * (difference - turned);
}

/* Row i of the four parts of level k (s x s each), and rows 2i, 2i + 1 of what it is made of. */
typedef struct
{
  spot_t part[4], rows[2];
} level_row_t;

static void
haar_row (const delta1_sampled_doubles_t *d, const level_row_t *row, slong s, bool join)
{
  if (s >= DELTA1_LANES)
    {
      double *part[4];
      for (int q = 0; q < 4; q++)
        part[q] = at (d, row->part[q], 0);
      double *top = at (d, row->rows[0], 0), *bottom = at (d, row->rows[1], 0);
      if (join)
        d->kernels->haar_join (top, bottom, (const double *const *)part, s / DELTA1_LANES,
                               d->parts);
      else
        d->kernels->haar_split (part, top, bottom, s / DELTA1_LANES, d->parts);
      return;
    }
  for (slong c = 0; c < s; c++)
    for (slong part = 0; part < d->parts * DELTA1_LANES; part += DELTA1_LANES)
      {
        double x[4];
        for (int q = 0; q < 4; q++)
          x[q] = join ? at (d, row->part[q], c)[part]
                      : at (d, row->rows[q / 2], 2 * c + q % 2)[part];
        small_square (x, x + 1, x + 2, x + 3);
        for (int q = 0; q < 4; q++)
          *(join ? at (d, row->rows[q / 2], 2 * c + q % 2) + part : at (d, row->part[q], c) + part)
              = x[q];
      }
}

/* The low part that level k leaves, an array of its own; level `levels`: the coefficients. */
static spot_t
low_part (const delta1_sampled_doubles_t *d, double *coefficients, slong k, slong i)
{
  double *array = d->low;
  slong s = d->side >> k;
  if (k == d->shape.levels)
    return (spot_t){ coefficients, i * d->side };
  for (slong larger = d->side / 2; larger > s; larger /= 2)
    array += (larger * larger + DELTA1_LANES - 1) / DELTA1_LANES * d->group;
  return (spot_t){ array, i * s };
}

static level_row_t
level_row (const delta1_sampled_doubles_t *d, double *coefficients, slong k, slong i)
{
  slong s = d->side >> k;
  level_row_t row = { .part = { low_part (d, coefficients, k, i),
                                { coefficients, i * d->side + s },
                                { coefficients, (s + i) * d->side },
                                { coefficients, (s + i) * d->side + s } } };
  for (slong r = 0; r < 2 && k > 1; r++)
    row.rows[r] = low_part (d, coefficients, k - 1, 2 * i + r);
  return row;
}

/* Levels above the first, between the low parts. */
static void
haar_level (const delta1_sampled_doubles_t *d, double *coefficients, slong k, bool join)
{
  slong s = d->side >> k;
#pragma omp parallel for num_threads(d->threads) if (4 * s * s * d->parts > DELTA1_LANES_MANY)     \
    schedule(static)
  for (slong i = 0; i < s; i++)
    {
      level_row_t row = level_row (d, coefficients, k, i);
      haar_row (d, &row, s, join);
    }
}

/* --- rows and blocks -------------------------------------------------------------------------- */

static double *
buffer_of_thread (const delta1_sampled_doubles_t *d)
{
  slong thread = 0;
#ifdef _OPENMP
  thread = omp_get_thread_num ();
#endif
  return d->buffer + thread * 2 * d->groups * d->group;
}

/* Rows `first` and, where there is one, the next: between the buffer and the blocks. */
static void
buffer_to_blocks (const delta1_sampled_doubles_t *d, const double *buffer, slong first)
{
  for (slong r = 0; r < 2 && r < d->rows; r++)
    for (slong b = 0; b < d->groups; b++)
      {
        const double *from = buffer + (r * d->groups + b) * d->group;
        double *to = d->image + b * d->block + (first + r) * d->group;
        for (slong l = 0; l < d->group; l += DELTA1_LANES)
          memcpy (to + l, from + l, DELTA1_LANES * sizeof *to);
      }
}

static void
blocks_to_buffer (const delta1_sampled_doubles_t *d, double *buffer, slong first)
{
  for (slong r = 0; r < 2 && r < d->rows; r++)
    for (slong b = 0; b < d->groups; b++)
      {
        double *to = buffer + (r * d->groups + b) * d->group;
        const double *from = d->image + b * d->block + (first + r) * d->group;
        for (slong l = 0; l < d->group; l += DELTA1_LANES)
          memcpy (to + l, from + l, DELTA1_LANES * sizeof *to);
      }
}

/* All rows, two at a time: from the coefficients (Haar) or the image in `rows` to the blocks, or
 * back. */
static void
transform_rows (const delta1_sampled_doubles_t *d, double *rows, delta1_direction_t direction)
{
  slong pairs = (d->rows + 1) / 2;
  bool forward = direction == DELTA1_FORWARD;
#pragma omp parallel for num_threads(d->threads) if (d->rows * d->side * d->parts                  \
                                                     > DELTA1_LANES_MANY) schedule(static)
  for (slong i = 0; i < pairs; i++)
    {
      double *buffer = buffer_of_thread (d);
      const spot_t lines[2] = { { buffer, 0 }, { buffer + d->groups * d->group, 0 } };
      level_row_t row = { 0 };
      if (d->haar)
        {
          row = level_row (d, rows, 1, i);
          row.rows[0] = lines[0];
          row.rows[1] = lines[1];
        }
      if (!forward)
        blocks_to_buffer (d, buffer, 2 * i);
      else if (d->haar)
        haar_row (d, &row, d->side / 2, true);
      for (slong r = 0; r < 2 && r < d->rows; r++)
        {
          const spot_t own = { rows, (2 * i + r) * d->side };
          if (forward && !d->haar)
            copy_row (d, lines[r], own);
          transform_row (d, lines[r].array, direction);
          if (!forward && !d->haar)
            copy_row (d, own, lines[r]);
        }
      if (forward)
        buffer_to_blocks (d, buffer, 2 * i);
      else if (d->haar)
        haar_row (d, &row, d->side / 2, false);
    }
}

/* Where entry e stands in y. */
static inline slong
measured (const delta1_sampled_doubles_t *d, slong e, bool arranged)
{
  return place_of (arranged ? e : (slong)d->entries[e].index, d->parts);
}

static void
gather (const delta1_sampled_doubles_t *d, slong b, double *z, bool arranged)
{
  const double *block = d->image + b * d->block;
  for (slong e = d->start[b]; e < d->start[b + 1]; e++)
    {
      double *to = z + measured (d, e, arranged);
      for (slong part = 0; part < d->group; part += DELTA1_LANES)
        to[part] = d->scale * block[d->entries[e].place + part];
    }
}

static void
scatter (const delta1_sampled_doubles_t *d, slong b, const double *y, bool arranged)
{
  double *block = d->image + b * d->block;
  memset (block, 0, (size_t)(d->rows * d->group) * sizeof *block);
  for (slong e = d->start[b]; e < d->start[b + 1]; e++)
    {
      const double *from = y + measured (d, e, arranged);
      for (slong part = 0; part < d->group; part += DELTA1_LANES)
        block[d->entries[e].place + part] = d->scale * from[part];
    }
}

/* The columns of all blocks that have an entry. */
static void
transform_columns (const delta1_sampled_doubles_t *d, double *z, const double *y, bool arranged)
{
  bool columns = d->rows > 1 && d->transform != DELTA1_TRANSFORM_NONE;
#pragma omp parallel for num_threads(d->threads) if (d->rows * d->side * d->parts                  \
                                                     > DELTA1_LANES_MANY) schedule(static)
  for (slong b = 0; b < d->groups; b++)
    {
      bool empty = d->start[b] == d->start[b + 1];
      double *block = d->image + b * d->block;
      if (y != NULL)
        scatter (d, b, y, arranged);
      if (columns && !empty)
        d->column[y != NULL ? DELTA1_ADJOINT : DELTA1_FORWARD](block, d->plan);
      if (z != NULL)
        gather (d, b, z, arranged);
    }
}

void
delta1_sampled_doubles_arrange (const delta1_sampled_doubles_t *d, double *z, const double *y,
                                bool back)
{
  for (slong e = 0; e < d->start[d->groups]; e++)
    for (slong part = 0; part < d->group; part += DELTA1_LANES)
      z[measured (d, e, !back) + part] = y[measured (d, e, back) + part];
}

void
delta1_sampled_doubles_forward (const delta1_sampled_doubles_t *d, double *z, const double *x,
                                bool arranged)
{
  double *rows = (double *)(uintptr_t)x; /* is only read */
  if (d->haar)
    for (slong k = d->shape.levels; k > 1; k--)
      haar_level (d, rows, k, true);
  else if (d->shape.levels > 0)
    {
      rows = d->low;
      memcpy (rows, x, (size_t)image_doubles (d) * sizeof *x);
      delta1_wavelet_doubles (rows, &d->shape, &d->filter, d->parts, true, d->work, d->threads);
    }
  transform_rows (d, rows, DELTA1_FORWARD);
  transform_columns (d, z, NULL, arranged);
}

void
delta1_sampled_doubles_adjoint (const delta1_sampled_doubles_t *d, double *z, const double *y,
                                bool arranged)
{
  transform_columns (d, NULL, y, arranged);
  transform_rows (d, z, DELTA1_ADJOINT);
  if (d->haar)
    for (slong k = 2; k <= d->shape.levels; k++)
      haar_level (d, z, k, false);
  else if (d->shape.levels > 0)
    delta1_wavelet_doubles (z, &d->shape, &d->filter, d->parts, false, d->work, d->threads);
}
