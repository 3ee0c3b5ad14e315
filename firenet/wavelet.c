#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/lanes.h"
#include "firenet/transforms.h"

#define BOUND_BITS 128
#define MARGIN DELTA1_WAVELET_TAPS /* room for the periods beyond the ends of a line */

/* --- filters ---------------------------------------------------------------------------------- */

/* (1 + z) p */
static void
times_one_plus_z (acb_poly_t p, slong prec)
{
  acb_poly_t shifted;
  acb_poly_init (shifted);
  acb_poly_shift_left (shifted, p, 1);
  acb_poly_add (p, p, shifted, prec);
  acb_poly_clear (shifted);
}

/* p = (z - root) p, where root + 1/root = 2 - 4y and |root| < 1. */
static void
times_root (acb_poly_t p, const acb_t y, slong prec)
{
  acb_t half, root, other;
  acb_poly_t shifted;
  acb_poly_init (shifted);
  acb_init (half);
  acb_init (root);
  acb_init (other);
  acb_mul_2exp_si (half, y, 1);
  acb_sub_si (half, half, 1, prec);
  acb_neg (half, half); /* 1 - 2y */
  acb_mul (root, half, half, prec);
  acb_sub_si (root, root, 1, prec);
  acb_sqrt (root, root, prec);
  acb_add (other, half, root, prec);
  acb_sub (root, half, root, prec);
  arb_t size, other_size;
  arb_init (size);
  arb_init (other_size);
  acb_abs (size, root, prec);
  acb_abs (other_size, other, prec);
  if (arb_gt (size, other_size))
    acb_swap (root, other);
  acb_poly_shift_left (shifted, p, 1);
  acb_poly_scalar_mul (p, p, root, prec);
  acb_poly_sub (p, shifted, p, prec);
  arb_clear (size);
  arb_clear (other_size);
  acb_poly_clear (shifted);
  acb_clear (half);
  acb_clear (root);
  acb_clear (other);
}

/* h(z) = c (1 + z)^p prod (z - z_i), p = taps/2, from the zeros y_i of sum_(k<p) binomial(p-1+k, k)
 * y^k [Daubechies], h(1) = sqrt 2, the largest end first. */
static void
try_filter (arb_ptr h, int taps, slong prec)
{
  slong p = taps / 2;
  acb_poly_t zeros, filter;
  acb_ptr y = _acb_vec_init (p);
  fmpz_t binomial;
  acb_t sum;
  acb_init (sum);
  fmpz_init (binomial);
  acb_poly_init (zeros);
  acb_poly_init (filter);
  acb_poly_one (filter);
  for (slong k = 0; k < p; k++)
    {
      fmpz_bin_uiui (binomial, (ulong)(p - 1 + k), (ulong)k);
      acb_set_fmpz (sum, binomial);
      acb_poly_set_coeff_acb (zeros, k, sum);
      times_one_plus_z (filter, prec);
    }
  slong found = p > 1 ? acb_poly_find_roots (y, zeros, NULL, 0, prec) : 0;
  for (slong i = 0; i < p - 1; i++)
    times_root (filter, y + i, prec);
  acb_one (sum);
  acb_poly_evaluate (sum, filter, sum, prec);
  for (slong k = 0; k < taps; k++)
    {
      acb_t tap;
      acb_init (tap);
      acb_poly_get_coeff_acb (tap, filter, taps - 1 - k);
      acb_div (tap, tap, sum, prec);
      arb_sqrt_ui (h + k, 2, prec);
      arb_mul (h + k, h + k, acb_realref (tap), prec);
      if (found != p - 1)
        arb_indeterminate (h + k);
      acb_clear (tap);
    }
  _acb_vec_clear (y, p);
  fmpz_clear (binomial);
  acb_clear (sum);
  acb_poly_clear (zeros);
  acb_poly_clear (filter);
}

void
delta1_filter_balls (arb_ptr h, int taps, slong prec)
{
  bool sharp = false;
  for (slong work = prec + 64; !sharp; work *= 2)
    {
      try_filter (h, taps, work);
      sharp = true;
      for (int k = 0; k < taps; k++)
        sharp = sharp && arb_rel_accuracy_bits (h + k) >= prec;
    }
}

void
delta1_filter_init (delta1_filter_t *filter, int taps)
{
  arb_ptr h = _arb_vec_init (taps);
  arf_t end;
  bool decided = false;
  arf_init (end);
  filter->taps = taps;
  for (slong prec = 128; !decided; prec *= 2)
    {
      delta1_filter_balls (h, taps, prec);
      decided = true;
      for (int k = 0; k < taps; k++)
        {
          arb_get_lbound_arf (end, h + k, prec);
          filter->h[k] = arf_get_d (end, ARF_RND_NEAR);
          arb_get_ubound_arf (end, h + k, prec);
          decided = decided && !(arf_get_d (end, ARF_RND_NEAR) > filter->h[k]);
        }
    }
  arf_clear (end);
  _arb_vec_clear (h, taps);
}

/* --- balls ------------------------------------------------------------------------------------ */

/* low[i], high[i] and x[2i], x[2i + 1] change places, for one line of s numbers, `step` apart. h:
 * of Haar 1, 1 (scaled by the caller). */
static void
line_balls (acb_ptr x, slong step, slong s, arb_srcptr h, int taps, bool synthesis, slong prec)
{
  acb_ptr line = _acb_vec_init (s);
  arb_t tap;
  acb_t term;
  arb_init (tap);
  acb_init (term);
  for (slong i = 0; i < s / 2; i++)
    for (int k = 0; k < taps; k++)
      for (int part = 0; part < 2; part++)
        {
          slong fine = (2 * i + k) % s, coarse = i + part * (s / 2);
          if (part == 0)
            arb_set (tap, h + k);
          else if (k % 2 == 0)
            arb_set (tap, h + taps - 1 - k);
          else
            arb_neg (tap, h + taps - 1 - k);
          acb_mul_arb (term, x + step * (synthesis ? coarse : fine), tap, prec);
          acb_ptr to = line + (synthesis ? fine : coarse);
          acb_add (to, to, term, prec);
        }
  for (slong i = 0; i < s; i++)
    acb_swap (x + i * step, line + i);
  arb_clear (tap);
  acb_clear (term);
  _acb_vec_clear (line, s);
}

static void
level_balls (acb_ptr x, const delta1_wavelet_shape_t *shape, slong s, arb_srcptr h, bool synthesis,
             slong prec)
{
  slong width = shape->side;
  if (shape->dimensions == 1)
    {
      line_balls (x, 1, s, h, shape->taps, synthesis, prec);
      return;
    }
  for (slong i = 0; i < s; i++)
    line_balls (x + i * width, 1, s, h, shape->taps, synthesis, prec);
  for (slong i = 0; i < s; i++)
    line_balls (x + i, width, s, h, shape->taps, synthesis, prec);
  for (slong i = 0; i < s && shape->taps == 2; i++)
    for (slong j = 0; j < s; j++)
      acb_mul_2exp_si (x + i * width + j, x + i * width + j, -1);
}

void
delta1_wavelet_balls (acb_ptr x, const delta1_wavelet_shape_t *shape, bool synthesis, slong prec)
{
  if (shape->levels == 0)
    return;
  arb_ptr h = _arb_vec_init (shape->taps);
  if (shape->taps == 2 && shape->dimensions == 2) /* exact: halved after both passes */
    for (int k = 0; k < 2; k++)
      arb_one (h + k);
  else
    delta1_filter_balls (h, shape->taps, prec);
  for (slong level = 0; level < shape->levels; level++)
    level_balls (x, shape, shape->side >> (synthesis ? shape->levels - 1 - level : level), h,
                 synthesis, prec);
  _arb_vec_clear (h, shape->taps);
}

/* --- doubles ---------------------------------------------------------------------------------- */

/* The numbers with even and with odd index, or low and high, of one line; the entries before and
 * after repeat it periodically. */
typedef struct
{
  double *first, *second;
} halves_t;

static void
extend (double *half, slong count)
{
  for (slong i = 1; i <= MARGIN; i++)
    {
      half[-i] = half[(count - i % count) % count];
      half[count - 1 + i] = half[(i - 1) % count];
    }
}

static void
analyse (halves_t to, halves_t from, slong count, const delta1_filter_t *f)
{
  extend (from.first, count);
  extend (from.second, count);
#pragma omp simd
  for (slong i = 0; i < count; i++)
    {
      double low = 0, high = 0;
      for (int j = 0; j < f->taps / 2; j++)
        {
          low += f->h[2 * j] * from.first[i + j];
          high += f->h[f->taps - 1 - 2 * j] * from.first[i + j];
        }
      for (int j = 0; j < f->taps / 2; j++)
        {
          low += f->h[2 * j + 1] * from.second[i + j];
          high -= f->h[f->taps - 2 - 2 * j] * from.second[i + j];
        }
      to.first[i] = low;
      to.second[i] = high;
    }
}

static void
synthesise (halves_t to, halves_t from, slong count, const delta1_filter_t *f)
{
  extend (from.first, count);
  extend (from.second, count);
#pragma omp simd
  for (slong i = 0; i < count; i++)
    {
      double even = 0, odd = 0;
      for (int j = 0; j < f->taps / 2; j++)
        {
          even += f->h[2 * j] * from.first[i - j];
          odd += f->h[2 * j + 1] * from.first[i - j];
        }
      for (int j = 0; j < f->taps / 2; j++)
        {
          even += f->h[f->taps - 1 - 2 * j] * from.second[i - j];
          odd -= f->h[f->taps - 2 - 2 * j] * from.second[i - j];
        }
      to.first[i] = even;
      to.second[i] = odd;
    }
}

/* One part (real or imaginary) of a line: element i at first + i * step. */
typedef struct
{
  double *x;
  slong first, step;
  int parts, part;
} line_t;

static double *
element (const line_t *line, slong i)
{
  slong index = line->first + i * line->step;
  return line->x + (line->parts == 1 ? index : delta1_lane (index) + line->part * DELTA1_LANES);
}

static void
filter_line (const line_t *line, slong s, const delta1_filter_t *filter, bool synthesis,
             double *work)
{
  slong half = s / 2, room = half + 2 * MARGIN;
  halves_t from = { work + MARGIN, work + room + MARGIN };
  halves_t to = { work + 2 * room, work + 2 * room + half };
  for (slong i = 0; i < half; i++)
    {
      from.first[i] = *element (line, synthesis ? i : 2 * i);
      from.second[i] = *element (line, synthesis ? half + i : 2 * i + 1);
    }
  (synthesis ? synthesise : analyse) (to, from, half, filter);
  for (slong i = 0; i < half; i++)
    {
      *element (line, synthesis ? 2 * i : i) = to.first[i];
      *element (line, synthesis ? 2 * i + 1 : half + i) = to.second[i];
    }
}

/* Doubles of work of one thread. */
static slong
line_work (slong side)
{
  return 2 * side + 4 * MARGIN;
}

slong
delta1_wavelet_work (const delta1_wavelet_shape_t *shape, int threads)
{
  return line_work (shape->side) * threads;
}

void
delta1_wavelet_doubles (double *x, const delta1_wavelet_shape_t *shape,
                        const delta1_filter_t *filter, int parts, bool synthesis, double *work,
                        int threads)
{
  for (slong level = 0; level < shape->levels; level++)
    {
      slong s = shape->side >> (synthesis ? shape->levels - 1 - level : level);
      slong lines = shape->dimensions == 1 ? 1 : s;
      for (int direction = 0; direction < shape->dimensions; direction++)
        {
#pragma omp parallel for num_threads(threads) if (lines * s * parts > DELTA1_LANES_MANY)           \
    schedule(static)
          for (int thread = 0; thread < threads; thread++)
            for (slong i = lines * thread / threads; i < lines * (thread + 1) / threads; i++)
              for (int part = 0; part < parts; part++)
                {
                  const line_t line = { .x = x,
                                        .first = direction == 0 ? i * shape->side : i,
                                        .step = direction == 0 ? 1 : shape->side,
                                        .parts = parts,
                                        .part = part };
                  filter_line (&line, s, filter, synthesis,
                               work + thread * line_work (shape->side));
                }
        }
    }
}

/* --- rounding --------------------------------------------------------------------------------- */

/* 1 + gamma_(taps+1) sum |h_k|: Lemma 6.12. */
static void
filter_rounding (arb_t step, int taps)
{
  arb_ptr h = _arb_vec_init (taps);
  arb_t sum, gamma;
  arb_init (sum);
  arb_init (gamma);
  delta1_filter_balls (h, taps, BOUND_BITS);
  for (int k = 0; k < taps; k++)
    {
      arb_abs (h + k, h + k);
      arb_add (sum, sum, h + k, BOUND_BITS);
    }
  arb_set_si (gamma, taps + 1);
  arb_mul_2exp_si (gamma, gamma, -53);
  arb_sub_si (step, gamma, 1, BOUND_BITS);
  arb_neg (step, step);
  arb_div (gamma, gamma, step, BOUND_BITS);
  arb_mul (step, gamma, sum, BOUND_BITS);
  arb_add_si (step, step, 1, BOUND_BITS);
  _arb_vec_clear (h, taps);
  arb_clear (sum);
  arb_clear (gamma);
}

void
delta1_wavelet_rounding (arb_t factor, const delta1_wavelet_shape_t *shape, bool fast)
{
  arb_t step;
  if (shape->levels == 0)
    return;
  arb_init (step);
  if (fast)
    {
      arb_one (step);
      arb_mul_2exp_si (step, step, -53);
      arb_add_si (step, step, 1, BOUND_BITS);
    }
  else
    filter_rounding (step, shape->taps);
  /* fast: two sums one after the other; else one pass in each dimension */
  arb_pow_ui (step, step, (ulong)(shape->levels * (fast ? 2 : shape->dimensions)), BOUND_BITS);
  arb_mul (factor, factor, step, BOUND_BITS);
  arb_clear (step);
}
