#include "firenet/lanes.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/arithmetic.h"

double *
delta1_lanes_create (slong doubles)
{
  size_t count = doubles > 0 ? (size_t)doubles : 1;
  if (count > SIZE_MAX / 16)
    return NULL;
  count = (count + DELTA1_LANES - 1) / DELTA1_LANES * DELTA1_LANES;
  double *v = aligned_alloc (DELTA1_ALIGNMENT, count * sizeof *v);
  if (v != NULL)
    delta1_lanes_clear (v, (slong)count);
  return v;
}

#define CHUNK 4096

void
delta1_lanes_clear (double *v, slong doubles)
{
#pragma omp parallel for if (doubles > DELTA1_LANES_MANY) schedule(static)
  for (slong first = 0; first < doubles; first += CHUNK)
    memset (v + first, 0, (size_t)(doubles - first < CHUNK ? doubles - first : CHUNK) * sizeof *v);
}

slong
delta1_lanes_half (slong count, slong size)
{
  slong half = size;
  while (2 * half < count)
    half *= 2;
  return half;
}

/* Sums of parts of at most 64 there are, each a power of two of blocks: the same tree, whose leaves
 * are then these. */
#define PARTS 64

static double
sum_tree (double (*block) (const double *terms, slong count), const double *terms, slong count,
          slong size)
{
  if (count <= size)
    return block (terms, count);
  slong half = delta1_lanes_half (count, size);
  double first = sum_tree (block, terms, half, size);
  return first + sum_tree (block, terms + half, count - half, size);
}

static double
only_term (const double *terms, slong count)
{
  (void)count;
  return *terms;
}

double
delta1_lanes_sum (double (*block) (const double *terms, slong count), const double *terms,
                  slong count, slong size)
{
  double sums[PARTS];
  slong part = size;
  if (count <= DELTA1_LANES_MANY)
    return sum_tree (block, terms, count, size);
  while (count > PARTS * part)
    part *= 2;
  slong parts = (count + part - 1) / part;
#pragma omp parallel for schedule(static)
  for (slong k = 0; k < parts; k++)
    {
      slong p = delta1_lanes_folded (k, parts);
      sums[p] = sum_tree (block, terms + p * part, p + 1 < parts ? part : count - p * part, size);
    }
  return sum_tree (only_term, sums, parts, 1);
}

/* A block: the square and DELTA1_LANES_BLOCK additions, 4 more for the lanes of a complex one; then
 * one for every doubling of DELTA1_LANES_BLOCK. */
slong
delta1_arithmetic_square_roundings (slong count)
{
  slong roundings = DELTA1_LANES_BLOCK + 5;
  for (slong reach = DELTA1_LANES_BLOCK; reach < count; reach *= 2)
    roundings++;
  return roundings;
}

void
delta1_lanes_bound (mag_t bound, double sum, slong count)
{
  arb_t square, room;
  if (!isfinite (sum))
    {
      mag_inf (bound);
      return;
    }
  arb_init (square);
  arb_init (room);
  /* Each of the 2 count squares may have lost 2^-1075, below the normal numbers. */
  arb_set_si (square, 2 * count);
  arb_mul_2exp_si (square, square, -1074);
  arb_set_d (room, sum);
  arb_add (square, square, room, 64);
  /* 1/(1 - gamma_k) = (1 - k u)/(1 - 2 k u) */
  slong k = delta1_arithmetic_square_roundings (count);
  arb_set_si (room, k);
  arb_mul_2exp_si (room, room, -53);
  arb_sub_si (room, room, 1, 64);
  arb_mul (square, square, room, 64);
  arb_set_si (room, 2 * k);
  arb_mul_2exp_si (room, room, -53);
  arb_sub_si (room, room, 1, 64);
  arb_div (square, square, room, 64);
  arb_sqrt (square, square, 64);
  arb_get_mag (bound, square);
  arb_clear (square);
  arb_clear (room);
}
