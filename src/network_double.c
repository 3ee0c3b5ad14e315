/* mathematics.md, Theorem 5.3: every line below that makes a bound is one of its terms. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "src/network_evaluate.h"
#include "src/network_private.h"

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#error "the proved rounding bound does not hold with -ffast-math or -ffinite-math-only"
#endif

#define U 0x1p-53
#define ETA 0x1p-1074
/* More than the roundings of a bound made of a few operations. */
#define FEW (1 + 0x1p-48)

/* The assumptions on the floating point, as far as a program can see them. */
static bool
assumptions_hold (void)
{
  volatile double smallest_normal = DBL_MIN, smallest = ETA;
  volatile double half = smallest_normal / 2, twice = smallest + smallest;
  return FLT_EVAL_METHOD == 0 && fegetround () == FE_TONEAREST && half > 0 && twice > smallest;
}

/* *d = a double next to q (nearest, or for subnormal d within ETA). */
static bool
to_double (double *d, bool *inexact, const fmpq_t q, mpfr_t work)
{
  int direction = fmpq_get_mpfr (work, q, MPFR_RNDN);
  *d = mpfr_get_d (work, MPFR_RNDN);
  if (direction != 0 || mpfr_cmp_d (work, *d) != 0)
    *inexact = true;
  return isfinite (*d);
}

/* Column-major doubles of M; NULL: out of memory. */
static double *
doubles_of_matrix (const fmpq_mat_t M, bool *finite, bool *inexact, mpfr_t work)
{
  slong rows = fmpq_mat_nrows (M), columns = fmpq_mat_ncols (M);
  double *v = malloc ((size_t)(rows * columns) * sizeof *v);
  for (slong k = 0; v != NULL && k < columns; k++)
    for (slong i = 0; i < rows; i++)
      *finite &= to_double (v + k * rows + i, inexact, fmpq_mat_entry (M, i, k), work);
  return v;
}

static delta1_status_t
make_doubles (const delta1_network_t *network, delta1_reason_t *reason)
{
  delta1_network_copies_t *copies = network->copies;
  if (copies->doubles != NULL)
    return DELTA1_OK;
  copies->doubles = calloc ((size_t)network->layers, sizeof *copies->doubles);
  if (copies->doubles == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  mpfr_t work;
  mpfr_init2 (work, 53);
  delta1_status_t status = DELTA1_OK;
  for (slong j = 0; j < network->layers && status == DELTA1_OK; j++)
    {
      const delta1_layer_t *layer = network->layer + j;
      delta1_layer_doubles_t *d = copies->doubles + j;
      bool finite = true;
      d->W = doubles_of_matrix (layer->W, &finite, &d->inexact, work);
      d->R = layer->has_skip ? doubles_of_matrix (layer->R, &finite, &d->inexact, work) : NULL;
      d->c = layer->has_bias ? doubles_of_matrix (layer->c, &finite, &d->inexact, work) : NULL;
      d->threshold = malloc ((size_t)layer->width * sizeof *d->threshold);
      if (d->W == NULL || (layer->has_skip && d->R == NULL) || (layer->has_bias && d->c == NULL)
          || d->threshold == NULL)
        {
          status = delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
          break;
        }
      for (slong i = 0; i < layer->width; i++)
        finite &= to_double (d->threshold + i, &d->inexact, layer->threshold + i, work);
      if (!finite)
        status = delta1_fail (reason, DELTA1_UNDECIDED,
                              "layer %ld: a weight or threshold is beyond the doubles: evaluate in "
                              "balls",
                              (long)j);
    }
  mpfr_clear (work);
  if (status != DELTA1_OK)
    delta1_network_drop_copies (network);
  return status;
}

/* t_k = a |x_k| + (1 + nu) d_k, rounded so that it is at least (1 - u)^4 times that; returns the
 * sum of |x_k| + d_k. */
static double
weigh (double *t, const double *x, const double *d, slong size, double a, double nu)
{
  double sum = 0;
  for (slong k = 0; k < size; k++)
    {
      double size_x = fabs (x[k]), size_d = d == NULL ? 0 : d[k];
      t[k] = size_x > 0 || size_d > 0 ? a * size_x + (1 + nu) * size_d + 2 * ETA : 0;
      sum += size_x + size_d;
    }
  return sum;
}

/* z += M x, s += |M| t; M column-major. */
static void
add_product (double *restrict z, double *restrict s, const double *restrict M, slong rows,
             slong columns, const double *x, const double *t)
{
  for (slong k = 0; k < columns; k++)
    {
      const double *restrict column = M + k * rows;
      double xk = x[k], tk = t[k];
      if (xk == 0 && tk == 0)
        continue;
#pragma omp simd
      for (slong i = 0; i < rows; i++)
        {
          z[i] += column[i] * xk;
          s[i] += fabs (column[i]) * tk;
        }
    }
}

/* What a gate offers: f within `error` of value. */
typedef struct
{
  double value, error;
} gate_value_t;

static gate_value_t
ball_gate (double z, double e)
{
  gate_value_t f = { 1, 0 };
  if (z + e < 1)
    return f;
  double low = (z - e) * (1 - 0x1p-50);
  if (!(low > 1))
    low = 1;
  if (z > 1)
    f.value = 1 / sqrt (z);
  f.error = (0.5 * e / low / sqrt (low) + 4 * U * f.value) * FEW + 2 * ETA;
  if (!(f.error < 1))
    f.error = 1;
  return f;
}

static gate_value_t
shrink_gate (double z, double e, double t, bool inexact)
{
  gate_value_t f = { 0, 0 };
  double t_low = inexact ? nextafter (t, 0) : t;
  double slack = inexact ? nextafter (t, INFINITY) - t : 0;
  double square_low = t_low * t_low * (1 - 0x1p-50) - 2 * ETA;
  if (z + e < square_low)
    return f;
  double low = (z - e) * (1 - 0x1p-50);
  if (!(low > square_low))
    low = square_low;
  double quotient = z > 0 ? t / sqrt (z) : 2;
  if (!(quotient < 2))
    quotient = 2;
  if (quotient < 1)
    f.value = 1 - quotient;
  /* The ratio is at most about 1; it is kept normal, since e / low may be large. */
  double root = sqrt (low), ratio = fmax ((t + slack) / root, 0x1p-900);
  f.error = (0.5 * e / low * ratio + slack / root + 4 * U * quotient + U) * FEW + 4 * ETA;
  if (!(f.error < 1)) /* also when low is not above 0 */
    f.error = 1;
  return f;
}

static void
soft (double *z, double *e, double t, bool inexact)
{
  double t_low = inexact ? nextafter (t, -INFINITY) : t;
  double slack = inexact ? nextafter (fabs (t), INFINITY) - fabs (t) : 0;
  if (fabs (*z) + *e < t_low)
    {
      *z = *e = 0;
      return;
    }
  double up = *z > t ? *z - t : 0, down = -*z > t ? -*z - t : 0, value = up - down;
  double lipschitz = t_low >= 0 ? 1 : 2;
  *e = (lipschitz * *e + slack + U * (up + down + fabs (value))) * FEW + ETA;
  *z = value;
}

/* In place: z becomes the value of the layer, e its error bound. */
static void
activate (double *z, double *e, const delta1_layer_t *layer, const delta1_layer_doubles_t *copy)
{
  for (slong i = 0; i < layer->width; i++)
    if (layer->unit[i] == DELTA1_GATED)
      {
        slong s = layer->gate[i];
        gate_value_t f = layer->unit[s] == DELTA1_BALL_GATE
                             ? ball_gate (z[s], e[s])
                             : shrink_gate (z[s], e[s], copy->threshold[s], copy->inexact);
        double value = f.value * z[i];
        if (f.error > 0 || f.value != 1)
          e[i] = (f.error * (fabs (z[i]) + e[i]) + f.value * e[i] + U * fabs (value)) * FEW
                 + 2 * ETA;
        if (f.value == 0 && f.error == 0)
          e[i] = 0;
        z[i] = value;
      }
  for (slong i = 0; i < layer->width; i++)
    switch (layer->unit[i])
      {
      case DELTA1_IDENTITY:
      case DELTA1_GATED:
        break;
      case DELTA1_RELU:
        if (z[i] + e[i] <= 0)
          e[i] = 0;
        z[i] = z[i] > 0 ? z[i] : 0;
        break;
      case DELTA1_MODULUS:
        z[i] = fabs (z[i]);
        break;
      case DELTA1_SQUARE:
        {
          double square = z[i] * z[i];
          e[i] = (e[i] * (2 * fabs (z[i]) + e[i]) + U * square) * FEW + 2 * ETA;
          z[i] = square;
          break;
        }
      case DELTA1_SOFT:
        soft (z + i, e + i, copy->threshold[i], copy->inexact);
        break;
      case DELTA1_BALL_GATE:
      case DELTA1_SHRINK_GATE:
        z[i] = e[i] = 0;
        break;
      }
}

static delta1_status_t
check_finite (const double *z, const double *e, slong width, slong layer, delta1_reason_t *reason)
{
  for (slong i = 0; i < width; i++)
    if (!isfinite (z[i]) || !isfinite (e[i]))
      return delta1_fail (reason, DELTA1_UNDECIDED,
                          "layer %ld, entry %ld: the value, or its error bound, is beyond the "
                          "doubles: evaluate in balls",
                          (long)layer, (long)i);
  return DELTA1_OK;
}

/* One layer: z, e from x, d. t has room for before + inputs numbers. */
static delta1_status_t
run_layer (double *z, double *e, const delta1_network_t *network, slong j, const double *x,
           const double *d, const double *y, const double *radius, double *t,
           delta1_reason_t *reason)
{
  const delta1_layer_t *layer = network->layer + j;
  const delta1_layer_doubles_t *copy = network->copies->doubles + j;
  slong m = network->inputs, width = layer->width;
  double terms = (double)(layer->before + (layer->has_skip ? m : 0) + (layer->has_bias ? 1 : 0));
  double nu = copy->inexact ? 2 * U : 0;
  double a = (terms + (copy->inexact ? 2 : 1)) * U;
  double sizes = weigh (t, x, d, layer->before, a, nu);
  if (layer->has_skip)
    sizes += weigh (t + layer->before, y, radius, m, a, nu);
  double least = (2 * terms + 2) * ETA + (copy->inexact ? 2 * (sizes + 2) * ETA : 0);
  for (slong i = 0; i < width; i++)
    {
      z[i] = layer->has_bias ? copy->c[i] : 0;
      e[i] = layer->has_bias ? a * fabs (copy->c[i]) : 0;
    }
  add_product (z, e, copy->W, width, layer->before, x, t);
  if (layer->has_skip)
    add_product (z, e, copy->R, width, m, y, t + layer->before);
  double outward = 1 + (terms + 16) * (2 * U);
  for (slong i = 0; i < width; i++)
    e[i] = (e[i] + least) * outward + ETA;
  delta1_status_t status = check_finite (z, e, width, j, reason);
  if (status != DELTA1_OK)
    return status;
  activate (z, e, layer, copy);
  return check_finite (z, e, width, j, reason);
}

delta1_status_t
delta1_network_evaluate_doubles (double *x, double *error, const delta1_network_t *network,
                                 const double *y, const double *radius, delta1_reason_t *reason)
{
  slong m = network->inputs, widest = m;
  if (!assumptions_hold ())
    return delta1_fail (reason, DELTA1_UNDECIDED,
                        "the processor does not round to nearest with gradual underflow: no bound "
                        "is proved");
  for (slong k = 0; k < m; k++)
    {
      if (!isfinite (y[k]))
        return delta1_fail (reason, DELTA1_INPUT, "input %ld is not a finite number", (long)k);
      if (radius != NULL && !(isfinite (radius[k]) && radius[k] >= 0))
        return delta1_fail (reason, DELTA1_INPUT, "the radius of input %ld is not a number >= 0",
                            (long)k);
    }
  delta1_status_t status = make_doubles (network, reason);
  if (status != DELTA1_OK)
    return status;
  for (slong j = 0; j < network->layers; j++)
    if (network->layer[j].width > widest)
      widest = network->layer[j].width;
  /* x, d, z, e and t */
  double *room = malloc ((size_t)(5 * widest + m) * sizeof *room);
  if (room == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  double *value = room, *bound = room + widest, *next = room + 2 * widest;
  double *next_bound = room + 3 * widest, *t = room + 4 * widest;
  for (slong k = 0; k < m; k++)
    {
      value[k] = y[k];
      bound[k] = radius == NULL ? 0 : radius[k];
    }
  for (slong j = 0; j < network->layers; j++)
    {
      DELTA1_TRY (run_layer (next, next_bound, network, j, value, bound, y, radius, t, reason));
      double *swap = value;
      value = next;
      next = swap;
      swap = bound;
      bound = next_bound;
      next_bound = swap;
    }
  for (slong i = 0; i < network->layer[network->layers - 1].width; i++)
    {
      x[i] = value[i];
      error[i] = bound[i];
    }
cleanup:
  free (room);
  return status;
}
