#include "firenet/gap.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "firenet/lanes.h"
#include "firenet/sums.h"

#define BITS 128
/* What delta1_gap_make_feasible leaves below the constraints, and how often it may leave more. */
#define ROOM 0x1p-40
#define TRIES 8

void
delta1_gap_init (delta1_gap_t *gap)
{
  arb_init (gap->objective);
  arb_init (gap->dual);
  mag_init (gap->gap);
  mag_init (gap->relative);
}

void
delta1_gap_clear (delta1_gap_t *gap)
{
  arb_clear (gap->objective);
  arb_clear (gap->dual);
  mag_clear (gap->gap);
  mag_clear (gap->relative);
}

/* --- lambda w_i, and vectors ------------------------------------------------------------------ */

typedef struct
{
  double *low, *high; /* N each: low_i <= lambda w_i <= high_i */
  void *g;            /* N */
  void *h;            /* m */
  void *minus_one;    /* a scalar */
} work_t;

static void
work_clear (work_t *work, const delta1_operator_t *A)
{
  free (work->low);
  free (work->high);
  A->use->free (work->g, A->N);
  A->use->free (work->h, A->m);
  A->use->real->free (work->minus_one, 1);
}

static void
bounds_of (double *low, double *high, const arb_t x)
{
  arf_t bound;
  arf_init (bound);
  arb_get_lbound_arf (bound, x, BITS);
  *low = arf_get_d (bound, ARF_RND_FLOOR);
  arb_get_ubound_arf (bound, x, BITS);
  *high = arf_get_d (bound, ARF_RND_CEIL);
  arf_clear (bound);
}

static delta1_status_t
work_init (work_t *work, const delta1_operator_t *A, const delta1_steps_t *steps,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = A->use;
  arb_t x;
  arb_init (x);
  *work = (work_t){ .low = malloc ((size_t)A->N * sizeof (double)),
                    .high = malloc ((size_t)A->N * sizeof (double)),
                    .g = use->create (A->N, A->bits),
                    .h = use->create (A->m, A->bits),
                    .minus_one = use->real->create (1, A->bits) };
  if (work->low == NULL || work->high == NULL || work->g == NULL || work->h == NULL
      || work->minus_one == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an objective gap"));
  for (slong i = 0; i < A->N; i++)
    {
      bool again
          = i > 0
            && (steps->weights == NULL || arb_equal (steps->weights + i, steps->weights + i - 1));
      if (!again)
        {
          arb_set (x, steps->lambda);
          if (steps->weights != NULL)
            arb_mul (x, x, steps->weights + i, BITS);
          bounds_of (work->low + i, work->high + i, x);
        }
      else
        {
          work->low[i] = work->low[i - 1];
          work->high[i] = work->high[i - 1];
        }
      if (!(work->low[i] > 0) || !isfinite (work->high[i]))
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "lambda w_%ld is not certainly positive and finite", (long)i));
    }
  arb_set_si (x, -1);
  use->real->set_ball (work->minus_one, 0, x);

cleanup:
  if (status != DELTA1_OK)
    work_clear (work, A);
  arb_clear (x);
  return status;
}

static bool
in_doubles (const delta1_arithmetic_t *use)
{
  return use == &delta1_arithmetic_double || use == &delta1_arithmetic_complex_double;
}

static delta1_status_t
not_doubles (const delta1_operator_t *A, delta1_reason_t *reason)
{
  return delta1_fail (reason, DELTA1_INPUT,
                      "a dual point in %s arithmetic; allowed: double, complex double",
                      A->use->name);
}

static delta1_status_t
not_finite (const delta1_operator_t *A, delta1_reason_t *reason)
{
  return delta1_fail (reason, DELTA1_UNDECIDED, "F(x) or <y, u> is not finite in %s arithmetic",
                      A->use->name);
}

/* error >= the Euclidean rounding error of A or A* on a vector of that norm. */
static void
operator_error (mag_t error, const delta1_operator_t *A, delta1_direction_t side, const arb_t norm)
{
  mag_t length;
  mag_init (length);
  arb_get_mag (length, norm);
  mag_mul (error, A->relative[side], length);
  mag_add (error, error, A->absolute[side]);
  mag_clear (length);
}

/* norm contains ||x||. */
static void
norm_of (arb_t norm, const delta1_arithmetic_t *use, const void *x, slong count)
{
  if (in_doubles (use))
    {
      delta1_sums_norm (norm, use, x, count);
      return;
    }
  acb_t z;
  acb_init (z);
  arb_zero (norm);
  for (slong i = 0; i < count; i++)
    {
      use->get_complex (z, x, i);
      arb_addmul (norm, acb_realref (z), acb_realref (z), BITS);
      arb_addmul (norm, acb_imagref (z), acb_imagref (z), BITS);
    }
  arb_sqrtpos (norm, norm, BITS);
  acb_clear (z);
}

/* --- feasibility ------------------------------------------------------------------------------ */

/* The modulus of element i of a vector of doubles: relative error at most 3u, and 2^-536. */
static double
modulus (const delta1_arithmetic_t *use, const void *x, slong i)
{
  const double *v = x;
  if (!use->is_complex)
    return fabs (v[i]);
  slong at = delta1_lane (i);
  return sqrt (v[at] * v[at] + v[at + DELTA1_LANES] * v[at + DELTA1_LANES]);
}

/* slack >= the rounding error of A* u and what the comparison of Lemma 6.6.1 needs; a double. */
static double
slack_of (const delta1_operator_t *A, const arb_t norm)
{
  mag_t error;
  mag_init (error);
  operator_error (error, A, DELTA1_ADJOINT, norm);
  double slack = mag_get_d (error) * (1 + 0x1p-40) + 0x1p-500;
  mag_clear (error);
  return slack;
}

/* Whether |(A* u)_i| <= lambda w_i is certain for all i, and ||u|| <= 1; DOMAIN: certainly not;
 * UNDECIDED otherwise. g = A* u. */
static delta1_status_t
check_feasible (const work_t *work, const delta1_operator_t *A, const void *u,
                delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = A->use;
  arb_t norm, one, size;
  acb_t z;
  arb_init (norm);
  arb_init (one);
  arb_init (size);
  acb_init (z);
  arb_one (one);
  norm_of (norm, use, u, A->m);
  if (!arb_le (norm, one))
    DELTA1_TRY (delta1_fail (reason, arb_gt (norm, one) ? DELTA1_DOMAIN : DELTA1_UNDECIDED,
                             "the dual point is not certainly in the unit ball"));
  delta1_operator_adjoint (A, work->g, u);
  double slack = in_doubles (use) ? slack_of (A, norm) : 0;
  for (slong i = 0; i < A->N; i++)
    {
      bool certain, refuted = false;
      if (in_doubles (use))
        certain = modulus (use, work->g, i) * (1 + 0x1p-49) + slack <= work->low[i];
      else
        {
          use->get_complex (z, work->g, i);
          acb_abs (size, z, BITS);
          arb_set_d (norm, work->low[i]);
          certain = arb_le (size, norm);
          arb_set_d (norm, work->high[i]);
          refuted = arb_gt (size, norm);
        }
      if (!certain)
        DELTA1_TRY (delta1_fail (reason, refuted ? DELTA1_DOMAIN : DELTA1_UNDECIDED,
                                 "|(A* u)_%ld| <= lambda w_%ld does not hold with certainty",
                                 (long)i, (long)i));
    }

cleanup:
  arb_clear (norm);
  arb_clear (one);
  arb_clear (size);
  acb_clear (z);
  return status;
}

/* The scale in doubles: what is chosen here is checked afterwards. */
static double
choose_scale (const work_t *work, const delta1_operator_t *A, const void *v)
{
  arb_t norm;
  arb_init (norm);
  norm_of (norm, A->use, v, A->m);
  double length = arf_get_d (arb_midref (norm), ARF_RND_NEAR), slack = slack_of (A, norm);
  double scale = length > 1 ? 1 / length : 1;
  delta1_operator_adjoint (A, work->g, v);
  for (slong i = 0; i < A->N; i++)
    {
      /* lambda w_i >= s |g_i| + slack; not 1/s, which may overflow */
      double size = modulus (A->use, work->g, i), room = work->low[i] - slack;
      if (!(size * scale <= room))
        scale = room / size;
    }
  arb_clear (norm);
  return scale * (1 - ROOM);
}

static delta1_status_t
make_feasible (void *u, const work_t *work, const delta1_operator_t *A, const void *v,
               delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = A->use;
  delta1_status_t status = DELTA1_UNDECIDED;
  arb_t factor;
  void *scalar = use->real->create (1, A->bits);
  double scale = choose_scale (work, A, v);
  arb_init (factor);
  if (scalar == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a dual point"));
  if (!(scale > 0))
    DELTA1_TRY (delta1_fail (reason, DELTA1_UNDECIDED,
                             "no multiple of the dual point is certainly feasible: it is not "
                             "finite, or lambda is not above the rounding error of A*"));
  for (int i = 0; i < TRIES && status == DELTA1_UNDECIDED; i++)
    {
      arb_set_d (factor, scale);
      use->real->set_ball (scalar, 0, factor);
      use->scale (u, scalar, v, A->m);
      status = check_feasible (work, A, u, reason);
      scale *= 1 - 0x1p-10;
    }

cleanup:
  use->real->free (scalar, 1);
  arb_clear (factor);
  return status;
}

delta1_status_t
delta1_gap_make_feasible (void *u, const delta1_operator_t *A, const void *v,
                          const delta1_steps_t *steps, delta1_reason_t *reason)
{
  work_t work;
  if (!in_doubles (A->use))
    return not_doubles (A, reason);
  delta1_status_t status = work_init (&work, A, steps, reason);
  if (status != DELTA1_OK)
    return status;
  status = make_feasible (u, &work, A, v, reason);
  work_clear (&work, A);
  return status;
}

/* --- the gap ---------------------------------------------------------------------------------- */

/* sum contains lambda ||x||_{1,w} */
static void
absolute_sum (arb_t sum, const work_t *work, const delta1_operator_t *A, const void *x)
{
  arb_t other;
  acb_t z;
  arb_init (other);
  if (in_doubles (A->use))
    {
      delta1_sums_absolute (sum, A->use, x, work->low, A->N);
      delta1_sums_absolute (other, A->use, x, work->high, A->N);
      arb_union (sum, sum, other, BITS);
      arb_clear (other);
      return;
    }
  arb_t weight;
  arf_t bound;
  arb_init (weight);
  arf_init (bound);
  acb_init (z);
  arb_zero (sum);
  for (slong i = 0; i < A->N; i++)
    {
      A->use->get_complex (z, x, i);
      acb_abs (other, z, BITS);
      arb_set_d (weight, work->low[i]);
      arf_set_d (bound, work->high[i]);
      arb_set_interval_arf (weight, arb_midref (weight), bound, BITS);
      arb_addmul (sum, weight, other, BITS);
    }
  arf_clear (bound);
  acb_clear (z);
  arb_clear (weight);
  arb_clear (other);
}

/* objective contains F(x). h is used. */
static void
objective_of (arb_t objective, const work_t *work, const delta1_operator_t *A, const void *x,
              const void *y)
{
  const delta1_arithmetic_t *use = A->use;
  arb_t part;
  mag_t error;
  arb_init (part);
  mag_init (error);
  delta1_operator_forward (A, work->h, x);
  use->combine (work->h, work->h, work->minus_one, y, A->m);
  norm_of (objective, use, work->h, A->m);
  if (in_doubles (use))
    {
      /* The difference was rounded once: by at most u times what it became. */
      arb_get_mag (error, objective);
      mag_mul_2exp_si (error, error, -53);
      arb_add_error_mag (objective, error);
      norm_of (part, use, x, A->N);
      operator_error (error, A, DELTA1_FORWARD, part);
      arb_add_error_mag (objective, error);
    }
  absolute_sum (part, work, A, x);
  arb_add (objective, objective, part, BITS);
  mag_clear (error);
  arb_clear (part);
}

/* dual contains -Re<y, u>. */
static void
dual_of (arb_t dual, const delta1_operator_t *A, const void *y, const void *u)
{
  if (in_doubles (A->use))
    delta1_sums_dot (dual, A->use, y, u, A->m);
  else
    {
      acb_t a, b;
      acb_init (a);
      acb_init (b);
      arb_zero (dual);
      for (slong i = 0; i < A->m; i++)
        {
          A->use->get_complex (a, y, i);
          A->use->get_complex (b, u, i);
          arb_addmul (dual, acb_realref (a), acb_realref (b), BITS);
          arb_addmul (dual, acb_imagref (a), acb_imagref (b), BITS);
        }
      acb_clear (a);
      acb_clear (b);
    }
  arb_neg (dual, dual);
}

/* F(x) - F* <= max(F(x) - dual, 0) */
static void
set_gap (delta1_gap_t *gap)
{
  arb_t difference;
  arf_t bound;
  mag_t least;
  arb_init (difference);
  arf_init (bound);
  mag_init (least);
  arb_sub (difference, gap->objective, gap->dual, BITS);
  arb_get_ubound_arf (bound, difference, BITS);
  if (arf_is_nan (bound))
    mag_inf (gap->gap);
  else if (arf_sgn (bound) <= 0)
    mag_zero (gap->gap);
  else
    arf_get_mag (gap->gap, bound);
  arb_get_mag_lower (least, gap->dual);
  if (arb_is_positive (gap->dual))
    mag_div (gap->relative, gap->gap, least);
  else
    mag_inf (gap->relative);
  arb_clear (difference);
  arf_clear (bound);
  mag_clear (least);
}

static delta1_status_t
evaluate (delta1_gap_t *gap, const work_t *work, const delta1_operator_t *A, const void *x,
          const void *y, const void *u, delta1_reason_t *reason)
{
  delta1_status_t status = check_feasible (work, A, u, reason);
  mag_inf (gap->gap);
  mag_inf (gap->relative);
  if (status != DELTA1_OK)
    return status;
  objective_of (gap->objective, work, A, x, y);
  dual_of (gap->dual, A, y, u);
  if (!arb_is_finite (gap->objective) || !arb_is_finite (gap->dual))
    return not_finite (A, reason);
  set_gap (gap);
  return DELTA1_OK;
}

delta1_status_t
delta1_gap_evaluate (delta1_gap_t *gap, const delta1_operator_t *A, const void *x, const void *y,
                     const void *u, const delta1_steps_t *steps, delta1_reason_t *reason)
{
  work_t work;
  if (!in_doubles (A->use) && !A->use->encloses)
    return delta1_fail (reason, DELTA1_INPUT,
                        "an objective gap in %s arithmetic; allowed: double, complex double, balls",
                        A->use->name);
  delta1_status_t status = work_init (&work, A, steps, reason);
  if (status != DELTA1_OK)
    return status;
  status = evaluate (gap, &work, A, x, y, u, reason);
  work_clear (&work, A);
  return status;
}

/* --- the polish ------------------------------------------------------------------------------- */

const delta1_polish_t delta1_polish_defaults = { .most = 1000, .every = 50, .target = 1e-4 };

static double
seconds_now (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* gap of point->x and the better of point->u (with its -Re<y, u> in gap->dual; not finite: none
 * yet) and a multiple of point->v, which becomes it. candidate (m) is used. */
static delta1_status_t
look (delta1_gap_t *gap, delta1_point_t *point, void *candidate, const work_t *work,
      const delta1_operator_t *A, const void *y, delta1_reason_t *reason)
{
  arb_t dual;
  delta1_status_t status = make_feasible (candidate, work, A, point->v, reason);
  if (status != DELTA1_OK)
    return status;
  arb_init (dual);
  dual_of (dual, A, y, candidate);
  if (!arb_is_finite (gap->dual) || arf_cmp (arb_midref (dual), arb_midref (gap->dual)) > 0)
    {
      A->use->copy (point->u, candidate, A->m);
      arb_set (gap->dual, dual);
    }
  objective_of (gap->objective, work, A, point->x, y);
  if (arb_is_finite (gap->objective) && arb_is_finite (gap->dual))
    set_gap (gap);
  else
    status = not_finite (A, reason);
  arb_clear (dual);
  return status;
}

delta1_status_t
delta1_gap_polish (delta1_gap_t *gap, delta1_point_t *point, const delta1_operator_t *A,
                   const void *y, const delta1_steps_t *steps, delta1_polish_t *polish,
                   delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_iteration_t *iteration = NULL;
  double start = seconds_now ();
  work_t work;
  polish->made = 0;
  polish->seconds = 0;
  mag_inf (gap->gap);
  mag_inf (gap->relative);
  arb_indeterminate (gap->dual);
  if (polish->most < 1 || polish->every < 1 || !(polish->target >= 0))
    return delta1_fail (reason, DELTA1_INPUT,
                        "a polish of %ld steps, a look every %ld, target %g; allowed: 1 or more, "
                        "1 or more, 0 or more",
                        (long)polish->most, (long)polish->every, polish->target);
  if (!in_doubles (A->use))
    return not_doubles (A, reason);
  status = work_init (&work, A, steps, reason);
  if (status != DELTA1_OK)
    return status;
  void *candidate = A->use->create (A->m, A->bits);
  if (candidate == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a polish"));
  DELTA1_TRY (delta1_iteration_create (&iteration, A, steps, reason));
  while (polish->made < polish->most)
    {
      slong left = polish->most - polish->made;
      slong now = left < polish->every ? left : polish->every;
      DELTA1_TRY (delta1_iteration_continue (iteration, point->x, point->v, y, now, reason));
      polish->made += now;
      DELTA1_TRY (look (gap, point, candidate, &work, A, y, reason));
      if (mag_get_d (gap->relative) <= polish->target)
        break;
    }

cleanup:
  delta1_iteration_free (iteration);
  A->use->free (candidate, A->m);
  work_clear (&work, A);
  polish->seconds = seconds_now () - start;
  return status;
}
