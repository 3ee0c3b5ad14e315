#include "src/screening.h"

#include <stdlib.h>

#include "src/candidate.h"

#if __has_include(<flint/arb_mat.h>)
#include <flint/arb_mat.h>
#else
#include <arb_mat.h>
#endif

/* The weight of a column that a restricted problem leaves out, times this. */
#define LEFT_OUT_2EXP 60

/* A point x of doubles' quality, its residual for every input of the instance, and the gap. */
typedef struct
{
  slong size;
  slong *column;
  arb_ptr x;           /* exact */
  arb_ptr r;           /* y - b - A x, b the best one where there is an intercept */
  arb_ptr correlation; /* A_j^T r */
  arf_t scale;         /* s: u = s r satisfies the dual inequalities */
  arb_t gap;
} point_t;

static slong
features (const delta1_instance_t *instance)
{
  return instance->N - (instance->intercept ? 1 : 0);
}

static void
point_init (point_t *point, const delta1_instance_t *instance)
{
  *point = (point_t){ .r = _arb_vec_init (instance->m),
                      .correlation = _arb_vec_init (features (instance)) };
  arf_init (point->scale);
  arb_init (point->gap);
}

static void
point_clear (point_t *point, const delta1_instance_t *instance)
{
  free (point->column);
  if (point->x != NULL)
    _arb_vec_clear (point->x, point->size);
  _arb_vec_clear (point->r, instance->m);
  _arb_vec_clear (point->correlation, features (instance));
  arf_clear (point->scale);
  arb_clear (point->gap);
}

/* x on the candidate: A_B^T A_B x = A_B^T y - (lambda/2) w sgn at the midpoints. False when that
 * system is not solved. */
static bool
solve_midpoints (point_t *point, const delta1_instance_t *instance,
                 const delta1_candidate_t *candidate)
{
  const slong m = instance->m, s = candidate->size, prec = instance->prec;
  arb_mat_t columns, transposed, gram, right, solution;
  arb_t t;
  arb_mat_init (columns, m, s);
  arb_mat_init (transposed, s, m);
  arb_mat_init (gram, s, s);
  arb_mat_init (right, m, 1);
  arb_mat_init (solution, s, 1);
  arb_init (t);
  for (slong i = 0; i < m; i++)
    {
      arb_get_mid_arb (arb_mat_entry (right, i, 0), instance->y + i);
      for (slong k = 0; k < s; k++)
        arb_get_mid_arb (arb_mat_entry (columns, i, k), instance->A + i + candidate->column[k] * m);
    }
  arb_mat_transpose (transposed, columns);
  arb_mat_mul (gram, transposed, columns, prec);
  arb_mat_t target;
  arb_mat_init (target, s, 1);
  arb_mat_mul (target, transposed, right, prec);
  for (slong k = 0; k < s; k++)
    {
      arb_mul (t, instance->parameter, instance->w + candidate->column[k], prec);
      arb_mul_si (t, t, candidate->sign[k], prec);
      arb_mul_2exp_si (t, t, -1);
      arb_sub (arb_mat_entry (target, k, 0), arb_mat_entry (target, k, 0), t, prec);
    }
  bool solved = s == 0 || arb_mat_approx_solve (solution, gram, target, prec) != 0;
  for (slong k = 0; solved && k < s; k++)
    {
      arb_get_mid_arb (point->x + k, arb_mat_entry (solution, k, 0));
      solved = arb_is_finite (point->x + k);
    }
  arb_mat_clear (columns);
  arb_mat_clear (transposed);
  arb_mat_clear (gram);
  arb_mat_clear (right);
  arb_mat_clear (solution);
  arb_mat_clear (target);
  arb_clear (t);
  return solved;
}

/* r, less its mean with an intercept, and A_j^T r. */
static void
set_residual (point_t *point, const delta1_instance_t *instance)
{
  const slong m = instance->m, prec = instance->prec;
  arb_t mean;
  arb_init (mean);
  _arb_vec_set (point->r, instance->y, m);
  for (slong k = 0; k < point->size; k++)
    for (slong i = 0; i < m; i++)
      arb_submul (point->r + i, instance->A + i + point->column[k] * m, point->x + k, prec);
  if (instance->intercept)
    {
      for (slong i = 0; i < m; i++)
        arb_add (mean, mean, point->r + i, prec);
      arb_div_si (mean, mean, m, prec);
      for (slong i = 0; i < m; i++)
        arb_sub (point->r + i, point->r + i, mean, prec);
    }
  for (slong j = 0; j < features (instance); j++)
    arb_dot (point->correlation + j, NULL, 0, instance->A + j * m, 1, point->r, 1, m, prec);
  arb_clear (mean);
}

/* The largest s <= 1, from below, with 2 s |A_j^T r| <= lambda w_j for all j but `without`. */
static void
set_scale (point_t *point, const delta1_instance_t *instance, slong without)
{
  const slong prec = instance->prec;
  arf_t bound;
  arb_t t;
  arf_init (bound);
  arb_init (t);
  arf_one (point->scale);
  for (slong j = 0; j < features (instance); j++)
    {
      arb_abs (t, point->correlation + j);
      arb_mul_2exp_si (t, t, 1);
      if (j == without || arb_is_zero (t))
        continue;
      arb_get_ubound_arf (bound, t, prec);
      arb_set_arf (t, bound);
      arb_div (t, instance->w + j, t, prec);
      arb_mul (t, t, instance->parameter, prec);
      arb_get_lbound_arf (bound, t, prec);
      if (arf_cmp (bound, point->scale) < 0)
        arf_set (point->scale, bound);
    }
  if (arf_sgn (point->scale) < 0 || arf_is_nan (point->scale))
    arf_zero (point->scale);
  arf_clear (bound);
  arb_clear (t);
}

/* gap = sum_j (lambda w_j |x_j| - 2 s x_j A_j^T r) + (1 - s)^2 ||r||^2: the primal value at x less
 * the dual value at s r, of each input. */
static void
set_gap (point_t *point, const delta1_instance_t *instance)
{
  const slong m = instance->m, prec = instance->prec;
  arb_t s, t, sum;
  arb_init (s);
  arb_init (t);
  arb_init (sum);
  arb_set_arf (s, point->scale);
  for (slong k = 0; k < point->size; k++)
    {
      slong j = point->column[k];
      if (j == features (instance))
        continue;
      arb_abs (t, point->x + k);
      arb_mul (t, t, instance->w + j, prec);
      arb_addmul (sum, t, instance->parameter, prec);
      arb_mul (t, point->x + k, point->correlation + j, prec);
      arb_mul (t, t, s, prec);
      arb_mul_2exp_si (t, t, 1);
      arb_sub (sum, sum, t, prec);
    }
  arb_sub_ui (s, s, 1, prec);
  arb_sqr (s, s, prec);
  arb_dot (t, NULL, 0, point->r, 1, point->r, 1, m, prec);
  arb_addmul (sum, s, t, prec);
  arb_swap (point->gap, sum);
  arb_clear (s);
  arb_clear (t);
  arb_clear (sum);
}

/* The point that the homotopy on `found` reaches, as a point of the instance without the column
 * `without` (-1: with all). */
static delta1_status_t
set_point (point_t *point, delta1_instance_t *found, const delta1_instance_t *instance,
           slong without, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_candidate_t candidate;
  const slong least = instance->m < instance->N ? instance->m : instance->N;
  DELTA1_TRY (delta1_candidate_init (&candidate, least + 2, reason));
  DELTA1_TRY (delta1_instance_make_doubles (found, reason));
  DELTA1_TRY (delta1_candidate_find (&candidate, found, reason));
  point->column = calloc ((size_t)candidate.size + 1, sizeof *point->column);
  if (point->column == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "memory is out"));
  point->size = candidate.size;
  point->x = _arb_vec_init (candidate.size);
  for (slong k = 0; k < candidate.size; k++)
    point->column[k] = candidate.column[k];
  for (slong k = 0; k < candidate.size; k++)
    if (candidate.column[k] == without)
      DELTA1_TRY (delta1_fail (reason, DELTA1_UNDECIDED, "a column that is left out was chosen"));
  if (!solve_midpoints (point, instance, &candidate))
    DELTA1_TRY (delta1_fail (reason, DELTA1_UNDECIDED, "the columns of the candidate depend"));
  set_residual (point, instance);
  set_scale (point, instance, without);
  set_gap (point, instance);
cleanup:
  delta1_candidate_clear (&candidate);
  return status;
}

/* A copy whose column j is too expensive to be chosen. */
static delta1_status_t
copy_without (delta1_instance_t *copy, const delta1_instance_t *instance, slong j,
              delta1_reason_t *reason)
{
  delta1_status_t status
      = delta1_instance_init (copy, instance->problem, instance->m, instance->N, reason);
  if (status != DELTA1_OK)
    return status;
  copy->intercept = instance->intercept;
  copy->prec = instance->prec;
  _arb_vec_set (copy->A, instance->A, instance->m * instance->N);
  _arb_vec_set (copy->y, instance->y, instance->m);
  _arb_vec_set (copy->w, instance->w, instance->N);
  arb_set (copy->parameter, instance->parameter);
  arb_mul_2exp_si (copy->w + j, copy->w + j, LEFT_OUT_2EXP);
  return DELTA1_OK;
}

/* Lemma 4.12 (i): 2 s |A_j^T r| + 2 ||A_j|| sqrt (gap) < lambda w_j, A_j less its mean with an
 * intercept. */
static bool
is_excluded (const point_t *point, const delta1_instance_t *instance, slong j)
{
  const slong m = instance->m, prec = instance->prec;
  arb_srcptr column = instance->A + j * m;
  arb_t norm, mean, t;
  arb_init (norm);
  arb_init (mean);
  arb_init (t);
  for (slong i = 0; instance->intercept && i < m; i++)
    arb_add (mean, mean, column + i, prec);
  arb_div_si (mean, mean, m, prec);
  for (slong i = 0; i < m; i++)
    {
      arb_sub (t, column + i, mean, prec);
      arb_sqr (t, t, prec);
      arb_add (norm, norm, t, prec);
    }
  arb_sqrtpos (norm, norm, prec);
  arb_sqrtpos (t, point->gap, prec);
  arb_mul (norm, norm, t, prec);
  arb_abs (t, point->correlation + j);
  arb_mul_arf (t, t, point->scale, prec);
  arb_add (t, t, norm, prec);
  arb_mul_2exp_si (t, t, 1);
  arb_mul (norm, instance->w + j, instance->parameter, prec);
  bool excluded = arb_lt (t, norm);
  arb_clear (norm);
  arb_clear (mean);
  arb_clear (t);
  return excluded;
}

/* sum_j lambda w_j |x_j|. */
static void
penalty (arb_t sum, const point_t *point, const delta1_instance_t *instance)
{
  const slong prec = instance->prec;
  arb_t t;
  arb_init (t);
  arb_zero (sum);
  for (slong k = 0; k < point->size; k++)
    if (point->column[k] < features (instance))
      {
        arb_abs (t, point->x + k);
        arb_addmul (sum, t, instance->w + point->column[k], prec);
      }
  arb_mul (sum, sum, instance->parameter, prec);
  arb_clear (t);
}

/* Lemma 4.12 (ii): the primal value of the restricted point, less its gap, is above the primal
 * value of the point. */
static bool
is_selected (const point_t *point, const point_t *restricted, const delta1_instance_t *instance)
{
  const slong prec = instance->prec;
  arb_t difference, sum, t;
  arb_init (difference);
  arb_init (sum);
  arb_init (t);
  penalty (difference, restricted, instance);
  penalty (sum, point, instance);
  arb_sub (difference, difference, sum, prec);
  for (slong i = 0; i < instance->m; i++)
    {
      arb_sub (t, restricted->r + i, point->r + i, prec);
      arb_add (sum, restricted->r + i, point->r + i, prec);
      arb_addmul (difference, t, sum, prec);
    }
  bool selected = arb_gt (difference, restricted->gap);
  arb_clear (difference);
  arb_clear (sum);
  arb_clear (t);
  return selected;
}

static delta1_status_t
screen_column (delta1_truth_t *selected, const point_t *point, const delta1_instance_t *instance,
               slong j, delta1_reason_t *reason)
{
  delta1_instance_t copy;
  point_t restricted;
  point_init (&restricted, instance);
  delta1_status_t status = copy_without (&copy, instance, j, reason);
  if (status == DELTA1_OK)
    status = set_point (&restricted, &copy, instance, j, reason);
  if (status == DELTA1_OK && is_selected (point, &restricted, instance))
    *selected = DELTA1_TRUE;
  delta1_instance_clear (&copy);
  point_clear (&restricted, instance);
  return status == DELTA1_SYSTEM ? status : DELTA1_OK;
}

delta1_status_t
delta1_lasso_screen (delta1_truth_t *selected, delta1_instance_t *instance, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  if (instance->problem != DELTA1_LASSO)
    return delta1_fail (reason, DELTA1_INPUT, "only the lasso is screened, not %s",
                        delta1_problem_name (instance->problem));
  for (slong j = 0; j < features (instance); j++)
    selected[j] = DELTA1_UNKNOWN;
  point_t point;
  point_init (&point, instance);
  DELTA1_TRY (set_point (&point, instance, instance, -1, reason));
  for (slong j = 0; j < features (instance); j++)
    if (is_excluded (&point, instance, j))
      selected[j] = DELTA1_FALSE;
  for (slong k = 0; k < point.size; k++)
    {
      slong j = point.column[k];
      if (j < features (instance) && selected[j] == DELTA1_UNKNOWN)
        DELTA1_TRY (screen_column (selected + j, &point, instance, j, reason));
    }
cleanup:
  point_clear (&point, instance);
  return status;
}
