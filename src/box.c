#include "src/box.h"

#include <stdlib.h>

delta1_status_t
delta1_box_init (delta1_box_t *box, delta1_lemma_t lemma, slong size, slong residual,
                 delta1_reason_t *reason)
{
  *box = (delta1_box_t){ .with_residual = residual > 0 };
  delta1_status_t status = delta1_candidate_init (&box->candidate, size, reason);
  if (status != DELTA1_OK)
    return status;
  box->candidate.lemma = lemma;
  box->candidate.size = size;
  box->unknowns = size + (delta1_lemma_has_multiplier (lemma) ? 1 : 0) + residual;
  box->middle = _fmpq_vec_init (box->unknowns + 1);
  box->radius = _fmpq_vec_init (box->unknowns + 1);
  return DELTA1_OK;
}

void
delta1_box_clear (delta1_box_t *box)
{
  delta1_candidate_clear (&box->candidate);
  if (box->middle != NULL)
    _fmpq_vec_clear (box->middle, box->unknowns + 1);
  if (box->radius != NULL)
    _fmpq_vec_clear (box->radius, box->unknowns + 1);
  *box = (delta1_box_t){ .unknowns = 0 };
}

bool
delta1_lemma_has_multiplier (delta1_lemma_t lemma)
{
  return lemma == DELTA1_LEMMA_SRLASSO || lemma == DELTA1_LEMMA_QCBP;
}

typedef struct
{
  const delta1_box_t *box;
  const delta1_instance_t *instance;
  slong m, s, unknowns, prec;
  arb_mat_t A;      /* m x s */
  arb_mat_t T;      /* s x m: its transpose */
  arb_mat_t g;      /* s x 1: w sign */
  arb_mat_t middle; /* unknowns x 1, exact up to rounding */
  arb_mat_t Z;      /* unknowns x 1: the box */
  arb_mat_t r;      /* m x 1: y - A x over the box; in a basis the dual vector */
} proof_t;

static void
proof_init (proof_t *proof)
{
  const delta1_box_t *box = proof->box;
  const delta1_instance_t *instance = proof->instance;
  slong m = proof->m, s = proof->s;
  arb_t radius;
  arb_init (radius);
  arb_mat_init (proof->A, m, s);
  arb_mat_init (proof->T, s, m);
  arb_mat_init (proof->g, s, 1);
  arb_mat_init (proof->middle, proof->unknowns, 1);
  arb_mat_init (proof->Z, proof->unknowns, 1);
  arb_mat_init (proof->r, m, 1);
  for (slong k = 0; k < s; k++)
    {
      slong j = box->candidate.column[k];
      for (slong i = 0; i < m; i++)
        arb_set (arb_mat_entry (proof->A, i, k), instance->A + j * m + i);
      arb_mul_si (arb_mat_entry (proof->g, k, 0), instance->w + j, box->candidate.sign[k],
                  proof->prec);
    }
  arb_mat_transpose (proof->T, proof->A);
  for (slong k = 0; k < proof->unknowns; k++)
    {
      arb_set_fmpq (arb_mat_entry (proof->middle, k, 0), box->middle + k, proof->prec);
      arb_set_fmpq (radius, box->radius + k, 64);
      arb_set (arb_mat_entry (proof->Z, k, 0), arb_mat_entry (proof->middle, k, 0));
      arb_add_error (arb_mat_entry (proof->Z, k, 0), radius);
    }
  arb_clear (radius);
}

static void
proof_clear (proof_t *proof)
{
  arb_mat_clear (proof->A);
  arb_mat_clear (proof->T);
  arb_mat_clear (proof->g);
  arb_mat_clear (proof->middle);
  arb_mat_clear (proof->Z);
  arb_mat_clear (proof->r);
}

/* r = y - A x, x the first s of z; or the r of z, its last m. */
static void
residual (arb_mat_t r, const proof_t *proof, const arb_mat_t z)
{
  slong first = proof->unknowns - proof->m;
  if (proof->box->with_residual)
    {
      for (slong i = 0; i < proof->m; i++)
        arb_set (arb_mat_entry (r, i, 0), arb_mat_entry (z, first + i, 0));
      return;
    }
  for (slong i = 0; i < proof->m; i++)
    {
      arb_set (arb_mat_entry (r, i, 0), proof->instance->y + i);
      for (slong k = 0; k < proof->s; k++)
        arb_submul (arb_mat_entry (r, i, 0), arb_mat_entry (proof->A, i, k),
                    arb_mat_entry (z, k, 0), proof->prec);
    }
}

static void
sum_of_squares (arb_t sum, const arb_mat_t r, slong prec)
{
  arb_t square;
  arb_init (square);
  arb_zero (sum);
  for (slong i = 0; i < arb_mat_nrows (r); i++)
    {
      arb_sqr (square, arb_mat_entry (r, i, 0), prec);
      arb_add (sum, sum, square, prec);
    }
  arb_clear (square);
}

/* F(z): basis: y - A x. Otherwise A^T (y - A x) - kappa g, kappa = lambda/2 for lasso; and
 * kappa^2 - lambda^2 ||y - A x||^2 (srlasso), ||y - A x||^2 - epsilon^2 (qcbp). With r among the
 * unknowns it stands for y - A x, and r + A x - y follows. */
static void
system_value (arb_mat_t F, const proof_t *proof, const arb_mat_t z)
{
  slong s = proof->s, prec = proof->prec;
  delta1_lemma_t lemma = proof->box->candidate.lemma;
  arb_srcptr parameter = proof->instance->parameter;
  arb_mat_t r, projected;
  arb_t kappa;
  arb_mat_init (r, proof->m, 1);
  arb_mat_init (projected, s, 1);
  arb_init (kappa);
  residual (r, proof, z);
  if (lemma == DELTA1_LEMMA_BASIS || lemma == DELTA1_LEMMA_VERTEX)
    arb_mat_set (F, r);
  else
    {
      if (lemma == DELTA1_LEMMA_LASSO)
        arb_mul_2exp_si (kappa, parameter, -1);
      else
        arb_set (kappa, arb_mat_entry (z, s, 0));
      arb_mat_mul (projected, proof->T, r, prec);
      for (slong k = 0; k < s; k++)
        {
          arb_set (arb_mat_entry (F, k, 0), arb_mat_entry (projected, k, 0));
          arb_submul (arb_mat_entry (F, k, 0), kappa, arb_mat_entry (proof->g, k, 0), prec);
        }
      if (delta1_lemma_has_multiplier (lemma))
        {
          arb_ptr last = arb_mat_entry (F, s, 0);
          arb_t squared;
          arb_init (squared);
          arb_sqr (squared, parameter, prec);
          sum_of_squares (last, r, prec);
          if (lemma == DELTA1_LEMMA_QCBP)
            arb_sub (last, last, squared, prec);
          else
            {
              arb_mul (last, last, squared, prec);
              arb_neg (last, last);
              arb_addmul (last, kappa, kappa, prec);
            }
          arb_clear (squared);
        }
      for (slong i = 0; i < proof->m && proof->box->with_residual; i++)
        {
          arb_ptr entry = arb_mat_entry (F, proof->unknowns - proof->m + i, 0);
          arb_sub (entry, arb_mat_entry (r, i, 0), proof->instance->y + i, prec);
          for (slong k = 0; k < s; k++)
            arb_addmul (entry, arb_mat_entry (proof->A, i, k), arb_mat_entry (z, k, 0), prec);
        }
    }
  arb_mat_clear (r);
  arb_mat_clear (projected);
  arb_clear (kappa);
}

/* F'(z) with r among the unknowns. */
static void
jacobian_with_residual (arb_mat_t J, const proof_t *proof, const arb_mat_t z)
{
  slong s = proof->s, m = proof->m, n = proof->unknowns, prec = proof->prec;
  delta1_lemma_t lemma = proof->box->candidate.lemma;
  arb_t factor;
  arb_init (factor);
  arb_sqr (factor, proof->instance->parameter, prec);
  if (lemma == DELTA1_LEMMA_QCBP)
    arb_set_si (factor, -1);
  arb_mul_si (factor, factor, -2, prec);
  arb_mat_zero (J);
  for (slong i = 0; i < m; i++)
    {
      arb_one (arb_mat_entry (J, n - m + i, n - m + i));
      for (slong k = 0; k < s; k++)
        {
          arb_set (arb_mat_entry (J, n - m + i, k), arb_mat_entry (proof->A, i, k));
          arb_set (arb_mat_entry (J, k, n - m + i), arb_mat_entry (proof->A, i, k));
        }
      if (delta1_lemma_has_multiplier (lemma))
        arb_mul (arb_mat_entry (J, s, n - m + i), factor, arb_mat_entry (z, n - m + i, 0), prec);
    }
  for (slong k = 0; k < s && delta1_lemma_has_multiplier (lemma); k++)
    arb_neg (arb_mat_entry (J, k, s), arb_mat_entry (proof->g, k, 0));
  if (lemma == DELTA1_LEMMA_SRLASSO)
    arb_mul_2exp_si (arb_mat_entry (J, s, s), arb_mat_entry (z, s, 0), 1);
  arb_clear (factor);
}

/* F'(z). */
static void
system_jacobian (arb_mat_t J, const proof_t *proof, const arb_mat_t z)
{
  slong s = proof->s, prec = proof->prec;
  delta1_lemma_t lemma = proof->box->candidate.lemma;
  arb_mat_t r, G, gradient;
  arb_t factor;
  if (lemma == DELTA1_LEMMA_BASIS || lemma == DELTA1_LEMMA_VERTEX)
    {
      arb_mat_neg (J, proof->A);
      return;
    }
  if (proof->box->with_residual)
    {
      jacobian_with_residual (J, proof, z);
      return;
    }
  arb_mat_init (r, proof->m, 1);
  arb_mat_init (G, s, s);
  arb_mat_init (gradient, s, 1);
  arb_init (factor);
  arb_mat_mul (G, proof->T, proof->A, prec);
  for (slong k = 0; k < s; k++)
    for (slong l = 0; l < s; l++)
      arb_neg (arb_mat_entry (J, k, l), arb_mat_entry (G, k, l));
  if (delta1_lemma_has_multiplier (lemma))
    {
      residual (r, proof, z);
      arb_mat_mul (gradient, proof->T, r, prec);
      arb_sqr (factor, proof->instance->parameter, prec);
      if (lemma == DELTA1_LEMMA_QCBP)
        arb_set_si (factor, -1);
      arb_mul_2exp_si (factor, factor, 1);
      for (slong k = 0; k < s; k++)
        {
          arb_neg (arb_mat_entry (J, k, s), arb_mat_entry (proof->g, k, 0));
          arb_mul (arb_mat_entry (J, s, k), factor, arb_mat_entry (gradient, k, 0), prec);
        }
      arb_zero (arb_mat_entry (J, s, s));
      if (lemma == DELTA1_LEMMA_SRLASSO)
        arb_mul_2exp_si (arb_mat_entry (J, s, s), arb_mat_entry (z, s, 0), 1);
    }
  arb_mat_clear (r);
  arb_mat_clear (G);
  arb_mat_clear (gradient);
  arb_clear (factor);
}

/* Whether K(Z) lies in the interior of Z. */
static bool
krawczyk_holds (proof_t *proof)
{
  /* Only F needs all bits: R is any matrix, and I - R F' is multiplied by the small radii. */
  slong n = proof->unknowns, prec = proof->prec, low_prec = prec < 192 ? prec : 128 + prec / 16;
  bool inside = true;
  arb_mat_t J, R, F, step, defect, spread;
  arb_t low, high, edge;
  if (n == 0)
    return true;
  arb_mat_init (J, n, n);
  arb_mat_init (R, n, n);
  arb_mat_init (F, n, 1);
  arb_mat_init (step, n, 1);
  arb_mat_init (defect, n, n);
  arb_mat_init (spread, n, 1);
  arb_init (low);
  arb_init (high);
  arb_init (edge);

  system_jacobian (J, proof, proof->middle);
  inside = arb_mat_approx_inv (R, J, low_prec) != 0;
  for (slong k = 0; inside && k < n; k++)
    for (slong l = 0; l < n; l++)
      {
        mag_zero (arb_radref (arb_mat_entry (R, k, l)));
        inside = inside && arb_is_finite (arb_mat_entry (R, k, l));
      }
  if (inside)
    {
      system_jacobian (J, proof, proof->Z);
      arb_mat_mul (defect, R, J, low_prec);
      arb_mat_neg (defect, defect);
      for (slong k = 0; k < n; k++)
        arb_add_ui (arb_mat_entry (defect, k, k), arb_mat_entry (defect, k, k), 1, prec);
      system_value (F, proof, proof->middle);
      arb_mat_mul (step, R, F, low_prec);
      arb_mat_sub (spread, proof->Z, proof->middle, prec);
      arb_mat_mul (spread, defect, spread, prec);
      arb_mat_sub (spread, spread, step, prec);
    }
  for (slong k = 0; inside && k < n; k++)
    {
      /* K(Z) - middle strictly between -radius and radius, the exact ones of the box. */
      arb_set_fmpq (edge, proof->box->radius + k, prec);
      arb_sub (high, edge, arb_mat_entry (spread, k, 0), prec);
      arb_add (low, edge, arb_mat_entry (spread, k, 0), prec);
      inside = arb_is_positive (high) && arb_is_positive (low);
    }
  arb_mat_clear (J);
  arb_mat_clear (R);
  arb_mat_clear (F);
  arb_mat_clear (step);
  arb_mat_clear (defect);
  arb_mat_clear (spread);
  arb_clear (low);
  arb_clear (high);
  arb_clear (edge);
  return inside;
}

static delta1_status_t
unproved (delta1_reason_t *reason, const char *what, slong column)
{
  if (column < 0)
    return delta1_fail (reason, DELTA1_UNDECIDED, "%s is not proved", what);
  return delta1_fail (reason, DELTA1_UNDECIDED, "%s of column %ld is not proved", what,
                      (long)column);
}

/* The signs the box shows must be the stated ones; in a basis 0 stands for "contains 0". */
static delta1_status_t
check_signs (const proof_t *proof, delta1_reason_t *reason)
{
  const delta1_candidate_t *candidate = &proof->box->candidate;
  const delta1_instance_t *instance = proof->instance;
  for (slong k = 0; k < proof->s; k++)
    {
      arb_srcptr x = arb_mat_entry (proof->Z, k, 0);
      int sign = candidate->sign[k];
      bool intercept = instance->intercept && candidate->column[k] == instance->N - 1;
      if (intercept || (sign == 0 && candidate->lemma == DELTA1_LEMMA_BASIS))
        continue;
      if (sign == 0 || !(sign > 0 ? arb_is_positive (x) : arb_is_negative (x)))
        return unproved (reason, "the sign of the coefficient", candidate->column[k]);
    }
  return DELTA1_OK;
}

/* The slack w_i - |A_i^T p| - sum over the columns of P of |A_i^T P_k| w_k, or with kappa w_i for
 * w_i, positive for every i outside. */
static delta1_status_t
check_outside (const proof_t *proof, const arb_mat_t p, arb_srcptr kappa, const arb_mat_t P,
               arb_srcptr u, delta1_reason_t *reason)
{
  const delta1_instance_t *instance = proof->instance;
  const delta1_candidate_t *candidate = &proof->box->candidate;
  slong m = proof->m, prec = proof->prec, next = 0;
  delta1_status_t status = DELTA1_OK;
  arb_t product, slack;
  arb_init (product);
  arb_init (slack);
  for (slong j = 0; j < instance->N && status == DELTA1_OK; j++)
    {
      if (next < candidate->size && candidate->column[next] == j)
        {
          next++;
          continue;
        }
      arb_mul (slack, instance->w + j, kappa, prec);
      arb_zero (product);
      for (slong i = 0; i < m; i++)
        arb_addmul (product, instance->A + j * m + i, arb_mat_entry (p, i, 0), prec);
      if (instance->problem != DELTA1_LP)
        arb_abs (product, product);
      arb_sub (slack, slack, product, prec);
      for (slong k = 0; k < arb_mat_ncols (P); k++)
        {
          arb_zero (product);
          for (slong i = 0; i < m; i++)
            arb_addmul (product, instance->A + j * m + i, arb_mat_entry (P, i, k), prec);
          arb_abs (product, product);
          arb_submul (slack, product, u + k, prec);
        }
      if (!arb_is_positive (slack))
        status = unproved (reason, "the dual inequality", j);
    }
  arb_clear (product);
  arb_clear (slack);
  return status;
}

static delta1_status_t
prove_normal (proof_t *proof, delta1_reason_t *reason)
{
  delta1_lemma_t lemma = proof->box->candidate.lemma;
  delta1_status_t status;
  arb_mat_t none;
  arb_t kappa;
  arb_mat_init (none, proof->m, 0);
  arb_init (kappa);
  residual (proof->r, proof, proof->Z);
  if (lemma == DELTA1_LEMMA_LASSO)
    arb_mul_2exp_si (kappa, proof->instance->parameter, -1);
  else
    arb_set (kappa, arb_mat_entry (proof->Z, proof->s, 0));
  status = arb_is_positive (kappa) ? check_outside (proof, proof->r, kappa, none, NULL, reason)
                                   : unproved (reason, "that the multiplier is positive", -1);
  arb_mat_clear (none);
  arb_clear (kappa);
  return status;
}

/* qcbp with ||y|| < epsilon: x = 0. */
static delta1_status_t
prove_zero (const proof_t *proof, delta1_reason_t *reason)
{
  bool inside;
  arb_t norm, bound;
  arb_init (norm);
  arb_init (bound);
  for (slong i = 0; i < proof->m; i++)
    arb_addmul (norm, proof->instance->y + i, proof->instance->y + i, proof->prec);
  arb_sqr (bound, proof->instance->parameter, proof->prec);
  inside = arb_lt (norm, bound);
  arb_clear (norm);
  arb_clear (bound);
  return inside ? DELTA1_OK : unproved (reason, "that ||y|| is below epsilon", -1);
}

/* The dual vectors of a basis: p with A^T p = g, and for every column whose sign is open P_k with
 * A^T P_k = e_k. */
static delta1_status_t
prove_basis (proof_t *proof, delta1_reason_t *reason)
{
  const delta1_candidate_t *candidate = &proof->box->candidate;
  const delta1_instance_t *instance = proof->instance;
  slong s = proof->s, m = proof->m, prec = proof->prec, open = 0, at = 0;
  delta1_status_t status = DELTA1_OK;
  for (slong k = 0; k < s; k++)
    open += candidate->sign[k] == 0;
  arb_mat_t unit, P;
  arb_ptr u = _arb_vec_init (open);
  arb_t one, norm, term;
  arb_mat_init (unit, s, open);
  arb_mat_init (P, m, open);
  arb_init (one);
  arb_init (norm);
  arb_init (term);
  arb_one (one);
  for (slong k = 0; k < s; k++)
    if (candidate->sign[k] == 0)
      {
        arb_one (arb_mat_entry (unit, k, at));
        arb_set (u + at++, instance->w + candidate->column[k]);
      }
  if (!arb_mat_solve (proof->r, proof->T, proof->g, prec)
      || (open > 0 && !arb_mat_solve (P, proof->T, unit, prec)))
    {
      status = unproved (reason, "that the basis is regular", -1);
      goto cleanup;
    }
  if (instance->problem == DELTA1_SRLASSO)
    {
      sum_of_squares (norm, proof->r, prec);
      for (slong k = 0; k < open; k++)
        {
          arb_zero (term);
          for (slong i = 0; i < m; i++)
            arb_addmul (term, arb_mat_entry (P, i, k), arb_mat_entry (proof->r, i, 0), prec);
          arb_abs (term, term);
          arb_mul_2exp_si (term, term, 1);
          arb_addmul (norm, term, u + k, prec);
          for (slong l = 0; l < open; l++)
            {
              arb_zero (term);
              for (slong i = 0; i < m; i++)
                arb_addmul (term, arb_mat_entry (P, i, k), arb_mat_entry (P, i, l), prec);
              arb_abs (term, term);
              arb_mul (term, term, u + k, prec);
              arb_addmul (norm, term, u + l, prec);
            }
        }
      arb_sqr (term, instance->parameter, prec);
      arb_mul (norm, norm, term, prec);
      if (!arb_lt (norm, one))
        {
          status = unproved (reason, "that the dual vector is shorter than 1", -1);
          goto cleanup;
        }
    }
  status = check_outside (proof, proof->r, one, P, u, reason);

cleanup:
  arb_mat_clear (unit);
  arb_mat_clear (P);
  _arb_vec_clear (u, open);
  arb_clear (one);
  arb_clear (norm);
  arb_clear (term);
  return status;
}

static bool
fits (const delta1_box_t *box, const delta1_data_t *data)
{
  const delta1_candidate_t *candidate = &box->candidate;
  slong N = data->N + (data->intercept ? 1 : 0), s = candidate->size;
  delta1_lemma_t lemma = candidate->lemma;
  bool basis = lemma == DELTA1_LEMMA_BASIS || lemma == DELTA1_LEMMA_VERTEX;
  bool good = s <= N && (basis ? s == data->m && !box->with_residual : s <= data->m);
  good = good
         && box->unknowns
                == s + (delta1_lemma_has_multiplier (lemma) ? 1 : 0)
                       + (box->with_residual ? data->m : 0);
  static const unsigned lemmas[DELTA1_PROBLEM_COUNT]
      = { [DELTA1_LASSO] = 1u << DELTA1_LEMMA_LASSO,
          [DELTA1_SRLASSO] = 1u << DELTA1_LEMMA_SRLASSO | 1u << DELTA1_LEMMA_BASIS,
          [DELTA1_QCBP] = 1u << DELTA1_LEMMA_QCBP,
          [DELTA1_BP] = 1u << DELTA1_LEMMA_BASIS,
          [DELTA1_LP] = 1u << DELTA1_LEMMA_VERTEX };
  good = good && (lemmas[data->problem] >> lemma & 1u) != 0;
  for (slong k = 0; good && k < s; k++)
    {
      slong j = candidate->column[k];
      good = j >= 0 && j < N && (k == 0 || j > candidate->column[k - 1])
             && candidate->sign[k] >= (lemma == DELTA1_LEMMA_VERTEX ? 1 : -1)
             && candidate->sign[k] <= 1
             && (!(data->intercept && j == N - 1) || candidate->sign[k] == 0);
    }
  for (slong k = 0; good && k < box->unknowns; k++)
    good = fmpq_sgn (box->radius + k) > 0;
  return good && (!data->intercept || (s > 0 && candidate->column[s - 1] == N - 1));
}

delta1_status_t
delta1_box_prove (const delta1_box_t *box, const delta1_data_t *data, slong prec,
                  delta1_reason_t *reason)
{
  delta1_status_t status = delta1_data_check (data, reason);
  delta1_instance_t instance;
  proof_t proof = { .box = box, .m = data->m, .s = box->candidate.size, .prec = prec };
  if (status != DELTA1_OK)
    return status;
  if (!fits (box, data))
    return delta1_fail (reason, DELTA1_INPUT,
                        "a box that does not fit the problem; allowed: increasing columns with "
                        "signs, radii > 0, the problem's own lemma");
  status = delta1_instance_init (&instance, data->problem, data->m,
                                 data->N + (data->intercept ? 1 : 0), reason);
  if (status == DELTA1_OK)
    {
      delta1_lemma_t lemma = box->candidate.lemma;
      delta1_instance_set_data (&instance, data, prec);
      proof.instance = &instance;
      bool zero = lemma == DELTA1_LEMMA_QCBP && proof.s == 0;
      proof.unknowns = zero ? 0 : box->unknowns;
      proof_init (&proof);
      for (slong j = 0; j < data->N && status == DELTA1_OK; j++)
        if (!arb_is_positive (instance.w + j))
          status = unproved (reason, "that the weight is positive,", j);
      if (status == DELTA1_OK && zero)
        status = prove_zero (&proof, reason);
      else if (status == DELTA1_OK)
        {
          status = krawczyk_holds (&proof)
                       ? check_signs (&proof, reason)
                       : unproved (reason, "that the box contains a solution", -1);
          if (status == DELTA1_OK)
            status = lemma == DELTA1_LEMMA_BASIS || lemma == DELTA1_LEMMA_VERTEX
                         ? prove_basis (&proof, reason)
                         : prove_normal (&proof, reason);
        }
      proof_clear (&proof);
    }
  delta1_instance_clear (&instance);
  return status;
}
