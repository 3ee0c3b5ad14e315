/* mathematics.md, Lemma 6.7.2: DEPTH and the terms of underflow are its constants. */
#include "firenet/sums.h"

#include <math.h>

#include "firenet/lanes.h"

#define BITS 64
#define BLOCK 16 /* groups */
/* A term passes at most BLOCK + DELTA1_LANES + 60 roundings of a sum, and 4 before. */
#define DEPTH 96

typedef struct
{
  const double *x, *y;
  enum
  {
    PRODUCTS, /* the sum of x_i y_i over the doubles */
    REAL,     /* the sum of y_i |x_i| */
    COMPLEX   /* the same, x in groups of real and imaginary parts */
  } kind;
} terms_t;

/* lane_i += the terms of group g, the first `size` of its elements. */
static inline void
add_group (double lane[DELTA1_LANES], const terms_t *of, slong g, slong size)
{
  const double *x = of->x + g * DELTA1_LANES, *y = of->y + g * DELTA1_LANES;
  const double *re = of->x + 2 * g * DELTA1_LANES, *im = re + DELTA1_LANES;
  for (slong i = 0; i < size; i++)
    if (of->kind == PRODUCTS)
      lane[i] += x[i] * y[i];
    else if (of->kind == REAL)
      lane[i] += y[i] * fabs (x[i]);
    else
      lane[i] += y[i] * sqrt (re[i] * re[i] + im[i] * im[i]);
}

static inline double
block (const terms_t *of, slong from, slong to, slong count)
{
  double lane[DELTA1_LANES] = { 0 }, sum = 0;
  slong whole = count / DELTA1_LANES < to ? count / DELTA1_LANES : to;
  for (slong g = from; g < whole; g++)
    add_group (lane, of, g, DELTA1_LANES);
  if (whole < to)
    add_group (lane, of, whole, count - whole * DELTA1_LANES);
  for (int l = 0; l < DELTA1_LANES; l++)
    sum += lane[l];
  return sum;
}

/* The groups from .. to - 1 of `count` elements. */
static double
sum_between (const terms_t *of, slong from, slong to, slong count)
{
  if (to - from <= BLOCK)
    {
      /* One loop for each kind, for the compiler to see which. */
      const terms_t products = { of->x, of->y, PRODUCTS };
      const terms_t real = { of->x, of->y, REAL }, complex = { of->x, of->y, COMPLEX };
      return of->kind == PRODUCTS ? block (&products, from, to, count)
             : of->kind == REAL   ? block (&real, from, to, count)
                                  : block (&complex, from, to, count);
    }
  slong middle = from + (to - from) / 2;
  return sum_between (of, from, middle, count) + sum_between (of, middle, to, count);
}

static double
sum_of (const terms_t *of, slong count)
{
  return sum_between (of, 0, (count + DELTA1_LANES - 1) / DELTA1_LANES, count);
}

/* DEPTH u/(1 - DEPTH u), enclosed. */
static void
set_gamma (arb_t gamma)
{
  arb_t rest;
  arb_init (rest);
  arb_set_si (gamma, DEPTH);
  arb_mul_2exp_si (gamma, gamma, -53);
  arb_sub_si (rest, gamma, 1, BITS);
  arb_neg (rest, rest);
  arb_div (gamma, gamma, rest, BITS);
  arb_clear (rest);
}

/* value contains every S >= 0 with |rounded - S| <= gamma S + slack. */
static void
enclose_sum (arb_t value, double rounded, const mag_t slack)
{
  arb_t gamma, low, high;
  arb_init (gamma);
  arb_init (low);
  arb_init (high);
  set_gamma (gamma);
  arb_set_d (value, rounded);
  arb_add_error_mag (value, slack);
  arb_add_si (low, gamma, 1, BITS);
  arb_div (low, value, low, BITS);
  arb_sub_si (high, gamma, 1, BITS);
  arb_neg (high, high);
  arb_div (high, value, high, BITS);
  arb_union (value, low, high, BITS);
  arb_nonnegative_part (value, value);
  arb_clear (gamma);
  arb_clear (low);
  arb_clear (high);
}

/* The doubles of a vector, padding (zeros) included. */
static slong
doubles_of (const delta1_arithmetic_t *use, slong count)
{
  return use->is_complex ? delta1_lane_doubles (count) : count;
}

void
delta1_sums_norm (arb_t norm, const delta1_arithmetic_t *use, const void *x, slong count)
{
  const terms_t of = { x, x, PRODUCTS };
  slong doubles = doubles_of (use, count);
  mag_t slack;
  mag_init (slack);
  mag_set_ui_2exp_si (slack, (ulong)doubles, -1074);
  enclose_sum (norm, sum_of (&of, doubles), slack);
  arb_sqrtpos (norm, norm, BITS);
  mag_clear (slack);
}

void
delta1_sums_dot (arb_t dot, const delta1_arithmetic_t *use, const void *x, const void *y,
                 slong count)
{
  const terms_t of = { x, y, PRODUCTS };
  slong doubles = doubles_of (use, count);
  arb_t bound, factor;
  mag_t slack;
  arb_init (bound);
  arb_init (factor);
  mag_init (slack);
  delta1_sums_norm (bound, use, x, count);
  delta1_sums_norm (factor, use, y, count);
  arb_mul (bound, bound, factor, BITS);
  set_gamma (factor);
  arb_mul (bound, bound, factor, BITS);
  arb_set_d (dot, sum_of (&of, doubles));
  arb_get_mag (slack, bound);
  arb_add_error_mag (dot, slack);
  mag_set_ui_2exp_si (slack, (ulong)doubles, -1074);
  arb_add_error_mag (dot, slack);
  arb_clear (bound);
  arb_clear (factor);
  mag_clear (slack);
}

void
delta1_sums_absolute (arb_t sum, const delta1_arithmetic_t *use, const void *x, const double *w,
                      slong count)
{
  const terms_t of = { x, w, use->is_complex ? COMPLEX : REAL };
  mag_t slack, largest;
  double most = 1;
  mag_init (slack);
  mag_init (largest);
  for (slong i = 0; i < count; i++)
    most = w[i] > most ? w[i] : most;
  mag_set_ui_2exp_si (slack, (ulong)count, -535);
  mag_set_d (largest, most);
  mag_mul (slack, slack, largest);
  enclose_sum (sum, sum_of (&of, count), slack);
  mag_clear (slack);
  mag_clear (largest);
}
