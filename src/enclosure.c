#include "src/enclosure.h"

#include <stdlib.h>

#include "src/enclosure_private.h"

/* Everything one proof works with. */
typedef struct
{
  delta1_minimiser_t *minimiser;
  delta1_quantity_t *open;
  const delta1_instance_t *instance;
  const delta1_candidate_t *candidate;
  delta1_block_t block;
  slong prec;
  slong s;
  arb_ptr g;    /* w_j sign_j on B */
  mag_t spread; /* minimiser->dual, its midpoints, is within this of y - A x */
  mag_t scale;
  bool *inside;
} proof_t;

static delta1_status_t
proof_init (proof_t *proof, delta1_reason_t *reason)
{
  delta1_minimiser_t *minimiser = proof->minimiser;
  const delta1_candidate_t *candidate = proof->candidate;
  slong s = candidate->size, m = proof->instance->m;
  bool square = candidate->lemma == DELTA1_LEMMA_BASIS || candidate->lemma == DELTA1_LEMMA_VERTEX;
  delta1_minimiser_release (minimiser);
  proof->s = s;
  proof->g = _arb_vec_init (s);
  proof->inside = calloc ((size_t)proof->instance->N, sizeof *proof->inside);
  minimiser->column = calloc ((size_t)s + 1, sizeof *minimiser->column);
  minimiser->sign = calloc ((size_t)s + 1, sizeof *minimiser->sign);
  if (proof->inside == NULL || minimiser->column == NULL || minimiser->sign == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for %ld columns", (long)s);
  minimiser->lemma = candidate->lemma;
  minimiser->m = m;
  minimiser->size = s;
  minimiser->x = _arb_vec_init (s);
  minimiser->dual = _arb_vec_init (m);
  for (slong k = 0; k < s; k++)
    {
      slong j = candidate->column[k];
      minimiser->column[k] = j;
      minimiser->sign[k] = candidate->sign[k];
      arb_mul_si (proof->g + k, proof->instance->w + j, candidate->sign[k], ARF_PREC_EXACT);
      proof->inside[j] = true;
    }
  delta1_status_t status
      = delta1_block_init (&proof->block, proof->instance, candidate->column, s, square, reason);
  proof->prec = proof->block.prec;
  return status;
}

static void
proof_clear (proof_t *proof)
{
  delta1_block_clear (&proof->block);
  if (proof->g != NULL)
    _arb_vec_clear (proof->g, proof->s);
  free (proof->inside);
}

/* The quantity that is open, and its line. */
static delta1_status_t
leave_open (proof_t *proof, delta1_quantity_kind_t kind, slong column, const arb_t slack,
            delta1_reason_t *reason)
{
  proof->open->kind = kind;
  proof->open->column = column;
  if (slack != NULL)
    arb_set (proof->open->slack, slack);
  else
    arb_zero_pm_inf (proof->open->slack);
  char *text = delta1_quantity_format (proof->open, NULL);
  delta1_status_t status
      = delta1_fail (reason, DELTA1_UNDECIDED, "%s; it must be positive", text ? text : "?");
  free (text);
  return status;
}

static delta1_status_t
leave_dependent (proof_t *proof, delta1_reason_t *reason)
{
  slong worst = proof->block.weakest;
  arb_t slack;
  mag_t half;
  for (slong k = 1; k < proof->s && proof->block.square; k++)
    if (mag_cmp (proof->block.row + k, proof->block.row + worst) > 0)
      worst = k;
  arb_init (slack);
  mag_init (half);
  arb_zero_pm_inf (slack);
  if (!mag_is_inf (proof->block.contraction))
    {
      /* 1 - contraction at least, and at most 1 */
      mag_mul_2exp_si (half, proof->block.contraction, -1);
      arf_set_mag (arb_midref (slack), half);
      arf_sub_ui (arb_midref (slack), arb_midref (slack), 1, ARF_PREC_EXACT, ARF_RND_DOWN);
      arf_neg (arb_midref (slack), arb_midref (slack));
      mag_set (arb_radref (slack), half);
    }
  delta1_status_t status = leave_open (proof, DELTA1_QUANTITY_INJECTIVE,
                                       proof->candidate->column[worst], slack, reason);
  arb_clear (slack);
  mag_clear (half);
  return status;
}

static void
norm_squared (arb_t norm, arb_srcptr v, slong count, slong prec)
{
  arb_zero (norm);
  for (slong i = 0; i < count; i++)
    {
      /* the square of a ball is not the product of two */
      arb_t square;
      arb_init (square);
      arb_sqr (square, v + i, prec);
      arb_add (norm, norm, square, prec);
      arb_clear (square);
    }
}

/* value = the square of the norm of a vector within spread of the exact v. */
static void
norm_squared_near (arb_t value, arb_srcptr v, slong count, const mag_t spread, slong prec)
{
  norm_squared (value, v, count, prec);
  arb_sqrt (value, value, prec);
  arb_add_error_mag (value, spread);
  arb_nonnegative_part (value, value);
  arb_sqr (value, value, prec);
}

/* srlasso, qcbp: kappa and x from the solutions a of A^T A a = A^T y and b of A^T A b = g: x = a -
 * kappa b and y - A x = (y - A a) + kappa A b, two orthogonal parts. */
static delta1_status_t
solve_two (proof_t *proof, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_instance_t *instance = proof->instance;
  slong s = proof->s, m = instance->m, prec = proof->prec;
  bool qcbp = proof->candidate->lemma == DELTA1_LEMMA_QCBP;
  arb_ptr b = _arb_vec_init (s), x = proof->minimiser->x, image = _arb_vec_init (m);
  arb_ptr kappa = proof->minimiser->multiplier, r = proof->minimiser->dual;
  arb_t residual, curvature, parameter;
  mag_t spread;
  arb_init (residual);
  arb_init (curvature);
  arb_init (parameter);
  mag_init (spread);

  delta1_block_solve_normal (x, r, proof->spread, &proof->block, instance->y, NULL);
  delta1_block_solve_normal (b, image, spread, &proof->block, NULL, proof->g);
  norm_squared_near (residual, r, m, proof->spread, prec);
  norm_squared_near (curvature, image, m, spread, prec);
  arb_sqr (parameter, instance->parameter, prec);
  if (qcbp)
    arb_sub (residual, parameter, residual, prec);
  else
    {
      arb_mul (curvature, curvature, parameter, prec);
      arb_sub_ui (curvature, curvature, 1, prec);
      arb_neg (curvature, curvature);
    }
  if (!arb_is_positive (residual))
    DELTA1_TRY (leave_open (proof, DELTA1_QUANTITY_RESIDUAL, -1, residual, reason));
  if (!arb_is_positive (curvature))
    DELTA1_TRY (leave_open (proof, DELTA1_QUANTITY_SHRINKAGE, -1, curvature, reason));
  arb_div (kappa, residual, curvature, prec);
  if (!qcbp)
    arb_mul (kappa, kappa, parameter, prec);
  arb_sqrt (kappa, kappa, prec);
  for (slong k = 0; k < s; k++)
    arb_submul (x + k, kappa, b + k, prec);
  /* image is about -A b, so r = r - kappa image. */
  for (slong i = 0; i < m; i++)
    arb_submul (r + i, kappa, image + i, prec);
  arb_get_mag (proof->scale, kappa);
  mag_addmul (proof->spread, proof->scale, spread);

cleanup:
  _arb_vec_clear (b, s);
  _arb_vec_clear (image, m);
  arb_clear (residual);
  arb_clear (curvature);
  arb_clear (parameter);
  mag_clear (spread);
  return status;
}

/* The radii of r, rounding and kappa, go into the spread; then every part of it has that radius. */
static void
settle_residual (proof_t *proof)
{
  arb_ptr r = proof->minimiser->dual;
  mag_t sum;
  mag_init (sum);
  for (slong i = 0; i < proof->instance->m; i++)
    mag_addmul (sum, arb_radref (r + i), arb_radref (r + i));
  mag_sqrt (sum, sum);
  mag_add (proof->spread, proof->spread, sum);
  for (slong i = 0; i < proof->instance->m; i++)
    mag_set (arb_radref (r + i), proof->spread);
  mag_clear (sum);
}

/* lasso: A^T A x = A^T y - kappa g, kappa = lambda/2. */
static void
solve_lasso (proof_t *proof)
{
  slong s = proof->s;
  arb_ptr d = _arb_vec_init (s), kappa = proof->minimiser->multiplier;
  arb_mul_2exp_si (kappa, proof->instance->parameter, -1);
  for (slong k = 0; k < s; k++)
    {
      arb_mul (d + k, kappa, proof->g + k, proof->prec);
      arb_neg (d + k, d + k);
    }
  delta1_block_solve_normal (proof->minimiser->x, proof->minimiser->dual, proof->spread,
                             &proof->block, proof->instance->y, d);
  _arb_vec_clear (d, s);
}

/* The least sign_k x_k; the undecided one with the smallest midpoint is left open. */
static delta1_status_t
check_signs (proof_t *proof, delta1_reason_t *reason)
{
  delta1_minimiser_t *minimiser = proof->minimiser;
  slong worst = -1, least = -1;
  delta1_status_t status = DELTA1_OK;
  arb_t value, best;
  arb_init (value);
  arb_init (best);
  for (slong k = 0; k < proof->s; k++)
    {
      if (proof->candidate->sign[k] == 0)
        continue;
      arb_mul_si (value, minimiser->x + k, proof->candidate->sign[k], ARF_PREC_EXACT);
      bool positive = arb_is_positive (value);
      bool smaller = arf_cmp (arb_midref (value), arb_midref (best)) < 0;
      if (!positive && (worst < 0 || smaller))
        {
          worst = k;
          arb_set (best, value);
        }
      else if (positive && worst < 0 && (least < 0 || smaller))
        {
          least = k;
          arb_set (best, value);
        }
    }
  if (worst >= 0)
    status = leave_open (proof, DELTA1_QUANTITY_SIGN, minimiser->column[worst], best, reason);
  else if (least >= 0)
    {
      minimiser->sign_least.kind = DELTA1_QUANTITY_SIGN;
      minimiser->sign_least.column = minimiser->column[least];
      arb_set (minimiser->sign_least.slack, best);
    }
  arb_clear (value);
  arb_clear (best);
  return status;
}

static delta1_status_t
check_outside (proof_t *proof, const delta1_outside_t *outside, delta1_reason_t *reason)
{
  bool held;
  delta1_status_t status = delta1_outside_check (&held, &proof->minimiser->outside_least,
                                                 proof->instance, outside, reason);
  if (status == DELTA1_OK && !held)
    status = leave_open (proof, DELTA1_QUANTITY_CORRELATION, proof->minimiser->outside_least.column,
                         proof->minimiser->outside_least.slack, reason);
  return status;
}

static delta1_status_t
prove_normal (proof_t *proof, delta1_inverse_t *inverse, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_instance_t *instance = proof->instance;
  delta1_minimiser_t *minimiser = proof->minimiser;

  if (!delta1_block_invert (&proof->block, inverse, proof->candidate))
    {
      delta1_minimiser_release (minimiser);
      return leave_dependent (proof, reason);
    }
  if (proof->candidate->lemma == DELTA1_LEMMA_LASSO)
    solve_lasso (proof);
  else if (proof->candidate->lemma == DELTA1_LEMMA_QCBP && proof->s == 0)
    {
      /* epsilon > ||y||: x = 0 is feasible and the only point where the norm is 0. */
      norm_squared (minimiser->multiplier, instance->y, instance->m, proof->prec);
      arb_sqrt (minimiser->multiplier, minimiser->multiplier, proof->prec);
      arb_sub (minimiser->multiplier, instance->parameter, minimiser->multiplier, proof->prec);
      if (!arb_is_positive (minimiser->multiplier))
        status = leave_open (proof, DELTA1_QUANTITY_RESIDUAL, -1, minimiser->multiplier, reason);
      arb_zero (minimiser->multiplier);
      _arb_vec_set (minimiser->dual, instance->y, instance->m);
      return status;
    }
  else
    DELTA1_TRY (solve_two (proof, reason));
  settle_residual (proof);
  DELTA1_TRY (check_signs (proof, reason));
  if (!arb_is_positive (minimiser->multiplier))
    DELTA1_TRY (leave_open (proof, DELTA1_QUANTITY_RESIDUAL, -1, minimiser->multiplier, reason));
  delta1_outside_t outside = { .inside = proof->inside,
                               .p = minimiser->dual,
                               .spread = proof->spread,
                               .kappa = minimiser->multiplier,
                               .prec = proof->prec };
  status = check_outside (proof, &outside, reason);

cleanup:
  return status;
}

/* srlasso: 1 - lambda^2 max ||p||^2 over p = p_f + sum_k u_k P_k, |u_k| <= w_k (Theorem 4.6). */
static void
dual_norm_slack (arb_t slack, const proof_t *proof, const delta1_outside_t *outside)
{
  slong m = proof->instance->m, prec = proof->prec;
  arb_t term, square;
  arb_init (term);
  arb_init (square);
  norm_squared (square, outside->p, m, prec);
  for (slong k = 0; k < outside->extra; k++)
    {
      arb_dot (term, NULL, 0, outside->P + k * m, 1, outside->p, 1, m, prec);
      arb_abs (term, term);
      arb_mul (term, term, outside->u + k, prec);
      arb_mul_2exp_si (term, term, 1);
      arb_add (square, square, term, prec);
      for (slong l = 0; l < outside->extra; l++)
        {
          arb_dot (term, NULL, 0, outside->P + k * m, 1, outside->P + l * m, 1, m, prec);
          arb_abs (term, term);
          arb_mul (term, term, outside->u + k, prec);
          arb_addmul (square, term, outside->u + l, prec);
        }
    }
  arb_sqr (term, proof->instance->parameter, prec);
  arb_mul (square, square, term, prec);
  arb_sub_ui (slack, square, 1, prec);
  arb_neg (slack, slack);
  arb_clear (term);
  arb_clear (square);
}

static delta1_status_t
prove_basis (proof_t *proof, delta1_inverse_t *inverse, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_instance_t *instance = proof->instance;
  delta1_minimiser_t *minimiser = proof->minimiser;
  slong s = proof->s, m = instance->m, free_count = 0;
  arb_ptr P = NULL, u = NULL, unit = NULL;
  arb_t slack;
  arb_init (slack);

  if (s != m)
    {
      delta1_minimiser_release (minimiser);
      DELTA1_TRY (leave_open (proof, DELTA1_QUANTITY_CANDIDATE, -1, NULL, reason));
    }
  if (!delta1_block_invert (&proof->block, inverse, proof->candidate))
    {
      delta1_minimiser_release (minimiser);
      DELTA1_TRY (leave_dependent (proof, reason));
    }
  delta1_block_solve_square (minimiser->x, &proof->block, false, instance->y);
  arb_zero (minimiser->multiplier);
  if (proof->candidate->lemma == DELTA1_LEMMA_VERTEX)
    DELTA1_TRY (check_signs (proof, reason));
  for (slong k = 0; k < s; k++)
    {
      arb_ptr x = minimiser->x + k;
      int sign = arb_is_positive (x) ? 1 : arb_is_negative (x) ? -1 : 0;
      if (instance->intercept && minimiser->column[k] == instance->N - 1)
        sign = 0; /* its weight is 0: as good as open */
      minimiser->sign[k] = sign;
      free_count += sign == 0;
      arb_mul_si (proof->g + k, instance->w + minimiser->column[k], sign, ARF_PREC_EXACT);
    }
  delta1_block_solve_square (minimiser->dual, &proof->block, true, proof->g);
  if (free_count > 0)
    {
      slong at = 0;
      P = _arb_vec_init (m * free_count);
      u = _arb_vec_init (free_count);
      unit = _arb_vec_init (s);
      for (slong k = 0; k < s; k++)
        if (minimiser->sign[k] == 0)
          {
            arb_one (unit + k);
            delta1_block_solve_square (P + at * m, &proof->block, true, unit);
            arb_zero (unit + k);
            arb_set (u + at++, instance->w + minimiser->column[k]);
          }
    }
  delta1_outside_t outside = { .inside = proof->inside,
                               .p = minimiser->dual,
                               .extra = free_count,
                               .P = P,
                               .u = u,
                               .prec = proof->prec };
  if (instance->problem == DELTA1_SRLASSO)
    {
      dual_norm_slack (slack, proof, &outside);
      if (!arb_is_positive (slack))
        DELTA1_TRY (leave_open (proof, DELTA1_QUANTITY_SHRINKAGE, -1, slack, reason));
    }
  status = check_outside (proof, &outside, reason);

cleanup:
  if (P != NULL)
    {
      _arb_vec_clear (P, m * free_count);
      _arb_vec_clear (u, free_count);
      _arb_vec_clear (unit, s);
    }
  arb_clear (slack);
  return status;
}

static bool
lemma_fits (delta1_lemma_t lemma, delta1_problem_t problem)
{
  switch (problem)
    {
    case DELTA1_LASSO:
      return lemma == DELTA1_LEMMA_LASSO;
    case DELTA1_SRLASSO:
      return lemma == DELTA1_LEMMA_SRLASSO || lemma == DELTA1_LEMMA_BASIS;
    case DELTA1_QCBP:
      return lemma == DELTA1_LEMMA_QCBP;
    case DELTA1_BP:
      return lemma == DELTA1_LEMMA_BASIS;
    case DELTA1_LP:
      return lemma == DELTA1_LEMMA_VERTEX;
    }
  return false;
}

static delta1_status_t
check_candidate (const delta1_instance_t *instance, const delta1_candidate_t *candidate,
                 delta1_reason_t *reason)
{
  bool good = lemma_fits (candidate->lemma, instance->problem) && candidate->size >= 0;
  for (slong k = 0; good && k < candidate->size; k++)
    {
      slong j = candidate->column[k];
      bool intercept = instance->intercept && j == instance->N - 1;
      int sign = candidate->sign[k];
      good = j >= 0 && j < instance->N && (k == 0 || j > candidate->column[k - 1])
             && (intercept ? sign == 0 : sign == 1 || sign == -1)
             && (candidate->lemma != DELTA1_LEMMA_VERTEX || sign == 1);
    }
  good = good
         && (!instance->intercept
             || (candidate->size > 0 && candidate->column[candidate->size - 1] == instance->N - 1));
  if (!good)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a candidate that does not fit the problem; allowed: increasing columns "
                        "with signs, the intercept among them");
  return DELTA1_OK;
}

/* The weights of columns with a sign must be positive: a deviation of a constant column is not. */
static delta1_status_t
check_weights (proof_t *proof, delta1_reason_t *reason)
{
  const delta1_instance_t *instance = proof->instance;
  slong N = instance->N - (instance->intercept ? 1 : 0);
  for (slong j = 0; j < N; j++)
    if (!arb_is_positive (instance->w + j))
      return leave_open (proof, DELTA1_QUANTITY_CORRELATION, j, instance->w + j, reason);
  return DELTA1_OK;
}

static void
bound_radius (arb_t radius, arb_srcptr x, slong s)
{
  mag_t sum;
  mag_init (sum);
  for (slong k = 0; k < s; k++)
    mag_addmul (sum, arb_radref (x + k), arb_radref (x + k));
  mag_sqrt (sum, sum);
  arf_set_mag (arb_midref (radius), sum);
  mag_zero (arb_radref (radius));
  mag_clear (sum);
}

delta1_status_t
delta1_enclosure_prove (delta1_minimiser_t *minimiser, delta1_quantity_t *open,
                        const delta1_instance_t *instance, const delta1_candidate_t *candidate,
                        delta1_inverse_t *inverse, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_inverse_t *own = NULL;
  proof_t proof
      = { .minimiser = minimiser, .open = open, .instance = instance, .candidate = candidate };
  mag_init (proof.spread);
  mag_init (proof.scale);

  open->kind = DELTA1_QUANTITY_NONE;
  open->column = -1;
  DELTA1_TRY (check_candidate (instance, candidate, reason));
  if (inverse == NULL)
    inverse = own = delta1_inverse_create ();
  if (inverse == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an inverse"));
  DELTA1_TRY (proof_init (&proof, reason));
  DELTA1_TRY (check_weights (&proof, reason));
  if (candidate->lemma == DELTA1_LEMMA_BASIS || candidate->lemma == DELTA1_LEMMA_VERTEX)
    DELTA1_TRY (prove_basis (&proof, inverse, reason));
  else
    DELTA1_TRY (prove_normal (&proof, inverse, reason));
  bound_radius (minimiser->radius, minimiser->x, minimiser->size);

cleanup:
  proof_clear (&proof);
  mag_clear (proof.spread);
  mag_clear (proof.scale);
  delta1_inverse_free (own);
  return status;
}
