#include "firenet/attack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EIGEN_BITS 64

const delta1_attack_options_t delta1_attack_defaults = { .lanczos = 30, .ascent = 30 };

static double
norm_of (const double *v, slong count)
{
  double largest = 0, sum = 0;
  for (slong i = 0; i < count; i++)
    largest = fmax (largest, fabs (v[i]));
  for (slong i = 0; i < count && largest > 0; i++)
    sum += (v[i] / largest) * (v[i] / largest);
  return largest * sqrt (sum);
}

static double
dot (const double *a, const double *b, slong count)
{
  double sum = 0;
  for (slong i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

/* v = factor v */
static void
multiply (double *v, double factor, slong count)
{
  for (slong i = 0; i < count; i++)
    v[i] *= factor;
}

/* v: norm 1 */
static void
random_direction (double *v, slong count, gmp_randstate_t state)
{
  for (slong i = 0; i < count; i++)
    v[i] = ldexp ((double)gmp_urandomb_ui (state, 32) + 0.5, -31) - 1;
  multiply (v, 1 / norm_of (v, count), count);
}

static bool
is_finite (const double *v, slong count)
{
  for (slong i = 0; i < count; i++)
    if (!isfinite (v[i]))
      return false;
  return true;
}

/* --- how long ----------------------------------------------------------------------------------
 */

typedef struct
{
  const delta1_attack_options_t *options;
  struct timespec start;
} watch_t;

static watch_t
watch_begin (const delta1_attack_options_t *options)
{
  watch_t watch = { .options = options };
  (void)clock_gettime (CLOCK_MONOTONIC, &watch.start);
  return watch;
}

/* Whether the step may begin; tells of it. */
static bool
may_step (const watch_t *watch, slong step)
{
  const delta1_attack_options_t *options = watch->options;
  struct timespec now;
  (void)clock_gettime (CLOCK_MONOTONIC, &now);
  double passed = (double)(now.tv_sec - watch->start.tv_sec)
                  + 1e-9 * (double)(now.tv_nsec - watch->start.tv_nsec);
  if (step > 0 && options->seconds > 0 && passed > options->seconds)
    return false;
  if (options->progress != NULL)
    options->progress (options->context, step);
  return true;
}

/* --- the Jacobian ----------------------------------------------------------------------------- */

/* The largest eigenvalue of the symmetric tridiagonal matrix, and its eigenvector. */
static double
largest_eigenvalue (double *vector, const double *diagonal, const double *below, slong count)
{
  acb_mat_t T, right;
  acb_ptr values = _acb_vec_init (count);
  slong best = 0;
  acb_mat_init (T, count, count);
  acb_mat_init (right, count, count);
  for (slong i = 0; i < count; i++)
    {
      acb_set_d (acb_mat_entry (T, i, i), diagonal[i]);
      if (i > 0)
        {
          acb_set_d (acb_mat_entry (T, i, i - 1), below[i - 1]);
          acb_set_d (acb_mat_entry (T, i - 1, i), below[i - 1]);
        }
    }
  /* 0: not converged; what there is still is a vector */
  (void)acb_mat_approx_eig_qr (values, NULL, right, T, NULL, 0, EIGEN_BITS);
  for (slong i = 1; i < count; i++)
    if (arf_cmp (arb_midref (acb_realref (values + i)), arb_midref (acb_realref (values + best)))
        > 0)
      best = i;
  double value = arf_get_d (arb_midref (acb_realref (values + best)), ARF_RND_NEAR);
  for (slong i = 0; i < count; i++)
    vector[i] = arf_get_d (arb_midref (acb_realref (acb_mat_entry (right, i, best))), ARF_RND_NEAR);
  acb_mat_clear (T);
  acb_mat_clear (right);
  _acb_vec_clear (values, count);
  return value;
}

/* basis: (steps + 1) x count, the first row has norm 1; the number of rows used. */
static slong
lanczos (double *diagonal, double *below, double *basis, double *image,
         delta1_derivative_t *derivative, const watch_t *watch)
{
  slong count = delta1_derivative_inputs (derivative), k = 0;
  slong steps = watch->options->lanczos < count ? watch->options->lanczos : count;
  while (k < steps && may_step (watch, k))
    {
      double *v = basis + k * count, *next = v + count;
      delta1_derivative_tangent (image, derivative, v);
      delta1_derivative_adjoint (next, derivative, image);
      diagonal[k] = dot (v, next, count);
      double before = norm_of (next, count);
      for (int twice = 0; twice < 2; twice++)
        for (slong j = 0; j <= k; j++)
          {
            double along = dot (basis + j * count, next, count);
            for (slong i = 0; i < count; i++)
              next[i] -= along * basis[j * count + i];
          }
      below[k] = norm_of (next, count);
      k++;
      /* what is left is rounding: the space is invariant */
      if (!(below[k - 1] > 1e-12 * before))
        break;
      multiply (next, 1 / below[k - 1], count);
    }
  return k;
}

delta1_status_t
delta1_attack_jacobian (double *norm, double *direction, delta1_derivative_t *derivative,
                        const double *y, const delta1_attack_options_t *options,
                        delta1_reason_t *reason)
{
  slong count = delta1_derivative_inputs (derivative);
  slong steps = options->lanczos < count ? options->lanczos : count;
  if (options->lanczos < 1)
    return delta1_fail (reason, DELTA1_INPUT, "%ld Lanczos steps; allowed: 1 or more",
                        (long)options->lanczos);
  if (!is_finite (y, count))
    return delta1_fail (reason, DELTA1_INPUT, "the data have an entry that is not finite");
  double *basis = calloc ((size_t)(steps + 1) * (size_t)count, sizeof *basis);
  double *image = calloc ((size_t)delta1_derivative_outputs (derivative), sizeof *image);
  double *small = calloc (3 * (size_t)steps, sizeof *small);
  if (basis != NULL && image != NULL && small != NULL)
    {
      const watch_t watch = watch_begin (options);
      double *diagonal = small, *below = small + steps, *vector = small + 2 * steps;
      (void)delta1_derivative_at (derivative, y);
      gmp_randstate_t state;
      gmp_randinit_mt (state);
      gmp_randseed_ui (state, (unsigned long)options->seed);
      random_direction (basis, count, state);
      gmp_randclear (state);
      slong used = lanczos (diagonal, below, basis, image, derivative, &watch);
      double value = largest_eigenvalue (vector, diagonal, below, used);
      *norm = value > 0 ? sqrt (value) : 0;
      memset (direction, 0, (size_t)count * sizeof *direction);
      for (slong j = 0; j < used; j++)
        for (slong i = 0; i < count; i++)
          direction[i] += vector[j] * basis[j * count + i];
      double size = norm_of (direction, count);
      if (*norm > 0 && size > 0)
        multiply (direction, 1 / size, count);
      else
        memcpy (direction, basis, (size_t)count * sizeof *direction);
    }
  bool made = basis != NULL && image != NULL && small != NULL;
  free (basis);
  free (image);
  free (small);
  return made ? DELTA1_OK : delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a search");
}

/* --- the ascent ------------------------------------------------------------------------------- */

typedef struct
{
  delta1_derivative_t *derivative;
  const double *y;
  slong inputs, outputs;
  double radius, best;
  double *base;  /* outputs: phi(y) */
  double *diff;  /* outputs: phi(y + e) - phi(y) */
  double *moved; /* inputs: y + e */
  double *gradient, *point, *step, *before;
  double *top; /* inputs: the best of this ascent so far */
  double *e;   /* the caller's: the best so far */
  watch_t watch;
} search_t;

/* The quotient at e, kept when it is the best. */
static double
look (search_t *s, const double *e)
{
  for (slong i = 0; i < s->inputs; i++)
    s->moved[i] = s->y[i] + e[i];
  const double *x = delta1_derivative_at (s->derivative, s->moved);
  for (slong i = 0; i < s->outputs; i++)
    s->diff[i] = x[i] - s->base[i];
  double quotient = norm_of (s->diff, s->outputs) / s->radius;
  if (quotient > s->best)
    {
      s->best = quotient;
      memcpy (s->e, e, (size_t)s->inputs * sizeof *e);
    }
  return quotient;
}

static void
to_sphere (double *v, const search_t *s)
{
  double size = norm_of (v, s->inputs);
  if (size > 0)
    multiply (v, s->radius / size, s->inputs);
}

/* From s->point, which has been looked at last. */
static void
ascend (search_t *s, slong steps)
{
  double length = s->radius, last = 0, momentum = 1;
  memcpy (s->before, s->point, (size_t)s->inputs * sizeof *s->before);
  for (slong k = 0; k < steps && may_step (&s->watch, k); k++)
    {
      double value = look (s, s->point);
      if (value < last)
        {
          length /= 2;
          momentum = 1;
          memcpy (s->point, s->top, (size_t)s->inputs * sizeof *s->point);
          memcpy (s->before, s->top, (size_t)s->inputs * sizeof *s->before);
          value = look (s, s->point);
        }
      last = value;
      memcpy (s->top, s->point, (size_t)s->inputs * sizeof *s->top);
      delta1_derivative_adjoint (s->gradient, s->derivative, s->diff);
      double size = norm_of (s->gradient, s->inputs);
      if (!(size > 0) || !isfinite (size))
        return;
      for (slong i = 0; i < s->inputs; i++)
        s->step[i] = s->point[i] + length / size * s->gradient[i];
      to_sphere (s->step, s);
      double next = (1 + sqrt (1 + 4 * momentum * momentum)) / 2;
      double inertia = (momentum - 1) / next;
      for (slong i = 0; i < s->inputs; i++)
        {
          s->point[i] = s->step[i] + inertia * (s->step[i] - s->before[i]);
          s->before[i] = s->step[i];
        }
      to_sphere (s->point, s);
      momentum = next;
    }
  (void)look (s, s->before);
}

static void
ascend_from_random (search_t *s, slong steps)
{
  double best = -1;
  gmp_randstate_t state;
  gmp_randinit_mt (state);
  for (slong k = 0; k < 4 * steps && may_step (&s->watch, k); k++)
    {
      random_direction (s->step, s->inputs, state);
      to_sphere (s->step, s);
      double value = look (s, s->step);
      if (value <= best)
        continue;
      best = value;
      memcpy (s->gradient, s->step, (size_t)s->inputs * sizeof *s->step);
    }
  gmp_randclear (state);
  if (best >= 0)
    {
      memcpy (s->point, s->gradient, (size_t)s->inputs * sizeof *s->point);
      ascend (s, steps);
    }
}

delta1_status_t
delta1_attack_search (double *e, double *quotient, delta1_derivative_t *derivative,
                      const delta1_attack_sphere_t *sphere, const delta1_attack_options_t *options,
                      delta1_reason_t *reason)
{
  const double *y = sphere->y, radius = sphere->radius;
  search_t s = { .derivative = derivative, .y = y, .radius = radius, .best = -1, .e = e };
  s.watch = watch_begin (options);
  s.inputs = delta1_derivative_inputs (derivative);
  s.outputs = delta1_derivative_outputs (derivative);
  if (!(radius > 0) || !isfinite (radius))
    return delta1_fail (reason, DELTA1_INPUT, "a radius of %g; allowed: positive and finite",
                        radius);
  if (!is_finite (y, s.inputs))
    return delta1_fail (reason, DELTA1_INPUT, "the data have an entry that is not finite");
  size_t block = (size_t)s.inputs, sum = 6 * block + 2 * (size_t)s.outputs;
  double *memory = calloc (sum, sizeof *memory);
  if (memory == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a search");
  s.moved = memory;
  s.gradient = s.moved + block;
  s.point = s.gradient + block;
  s.step = s.point + block;
  s.before = s.step + block;
  s.top = s.before + block;
  s.base = s.top + block;
  s.diff = s.base + s.outputs;
  memcpy (s.base, delta1_derivative_at (derivative, y), (size_t)s.outputs * sizeof *s.base);
  for (int sign = -1; sign <= 1; sign += 2)
    {
      for (slong i = 0; i < s.inputs; i++)
        s.point[i] = sign * radius * sphere->start[i];
      (void)look (&s, s.point);
    }
  memcpy (s.point, e, block * sizeof *s.point);
  ascend (&s, options->ascent);
  if (s.inputs <= DELTA1_ATTACK_FEW)
    ascend_from_random (&s, options->ascent);
  *quotient = s.best;
  free (memory);
  return DELTA1_OK;
}

/* --- what was found --------------------------------------------------------------------------- */

/* length contains ||v - w|| */
static void
distance (arb_t length, const delta1_arithmetic_t *use, const void *v, const void *w, slong count,
          slong precision)
{
  acb_t a, b;
  acb_init (a);
  acb_init (b);
  arb_zero (length);
  for (slong i = 0; i < count; i++)
    {
      use->get_complex (a, v, i);
      use->get_complex (b, w, i);
      acb_sub (a, a, b, precision);
      arb_addmul (length, acb_realref (a), acb_realref (a), precision);
      arb_addmul (length, acb_imagref (a), acb_imagref (a), precision);
    }
  arb_sqrtpos (length, length, precision);
  acb_clear (a);
  acb_clear (b);
}

void
delta1_attack_quotient (arb_t lower, arb_t length, const delta1_operator_t *A,
                        const delta1_attack_run_t *a, const delta1_attack_run_t *b, slong precision)
{
  arb_t moved, radius;
  arf_t end;
  arb_init (moved);
  arb_init (radius);
  arf_init (end);
  distance (moved, A->use, a->y, b->y, A->m, precision);
  distance (lower, A->use, a->x, b->x, A->N, precision);
  arf_set_mag (arb_midref (radius), a->radius);
  arb_sub (lower, lower, radius, precision);
  arf_set_mag (arb_midref (radius), b->radius);
  arb_sub (lower, lower, radius, precision);
  arb_div (lower, lower, moved, precision);
  arb_get_lbound_arf (end, lower, precision);
  if (!arf_is_finite (end) || arf_sgn (end) < 0)
    arf_zero (end);
  arb_set_arf (lower, end);
  if (length != NULL)
    arb_swap (length, moved);
  arb_clear (moved);
  arb_clear (radius);
  arf_clear (end);
}
