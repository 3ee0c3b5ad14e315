#include "constructions/network_answer.h"

#include "src/existence.h"
#include "src/network_evaluate.h"
#include "src/number.h"

#define LARGEST_PRECISION 1048576

static delta1_status_t
answer_exactly (fmpq_mat_t X, const delta1_network_t *network, const delta1_tie_family_t *family,
                delta1_tier_t tier, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq *y = _fmpq_vec_init (family->m);
  for (slong k = 0; k < family->points && status == DELTA1_OK; k++)
    {
      delta1_tie_datum (y, family, tier, k);
      status = delta1_network_evaluate (fmpq_mat_entry (X, k, 0), network, y, reason);
    }
  _fmpq_vec_clear (y, family->m);
  return status;
}

/* Midpoints to X; radius = an upper bound of the Euclidean norm of the radii, over all data. False
 * when a ball is not finite. */
static bool
answer_in_balls (fmpq_mat_t X, fmpq_t radius, const delta1_network_t *network,
                 const delta1_tie_family_t *family, delta1_tier_t tier, slong prec)
{
  slong N = family->shape.N;
  arb_ptr y = _arb_vec_init (family->m), x = _arb_vec_init (N);
  mag_t norm, largest;
  arf_t bound;
  bool finite = true;
  mag_init (norm);
  mag_init (largest);
  arf_init (bound);
  for (slong k = 0; k < family->points && finite; k++)
    {
      delta1_tie_datum_balls (y, family, tier, k, prec);
      delta1_network_evaluate_balls (x, network, y, prec);
      mag_zero (norm);
      for (slong j = 0; j < N && finite; j++)
        {
          finite = arb_is_finite (x + j);
          if (!finite)
            break;
          mag_addmul (norm, arb_radref (x + j), arb_radref (x + j));
          arf_get_fmpq (fmpq_mat_entry (X, k, j), arb_midref (x + j));
        }
      mag_sqrt (norm, norm);
      mag_max (largest, largest, norm);
    }
  if (finite)
    {
      arf_set_mag (bound, largest);
      arf_get_fmpq (radius, bound);
    }
  mag_clear (norm);
  mag_clear (largest);
  arf_clear (bound);
  _arb_vec_clear (y, family->m);
  _arb_vec_clear (x, N);
  return finite;
}

delta1_status_t
delta1_network_answer (fmpq_mat_t X, fmpq_t radius, const delta1_network_t *network,
                       const delta1_tie_family_t *family, delta1_tier_t tier, slong digits,
                       delta1_reason_t *reason)
{
  if (delta1_network_inputs (network) != family->m
      || delta1_network_outputs (network) != family->shape.N)
    return delta1_fail (
        reason, DELTA1_FAILED, "the network is a map R^%ld -> R^%ld, not R^%ld -> R^%ld",
        (long)delta1_network_inputs (network), (long)delta1_network_outputs (network),
        (long)family->m, (long)family->shape.N);
  fmpq_zero (radius);
  if (family->mixing->kind != DELTA1_MIX_DCT && delta1_network_is_piecewise_linear (network))
    return answer_exactly (X, network, family, tier, reason);

  delta1_status_t status = DELTA1_UNDECIDED;
  fmpq_t wanted;
  fmpq_init (wanted);
  delta1_number_set_digits (wanted, digits);
  for (slong prec = 128 + 4 * digits; prec <= LARGEST_PRECISION && status != DELTA1_OK; prec *= 2)
    if (answer_in_balls (X, radius, network, family, tier, prec) && fmpq_cmp (radius, wanted) <= 0)
      status = DELTA1_OK;
  fmpq_clear (wanted);
  if (status != DELTA1_OK)
    status = delta1_fail (reason, DELTA1_UNDECIDED,
                          "the network's value is not enclosed to 1e-%ld with %d bits",
                          (long)digits, LARGEST_PRECISION);
  return status;
}

delta1_status_t
delta1_tie_existence (delta1_network_t **network, fmpq_t radius_squared,
                      const delta1_tie_family_t *family, delta1_tier_t tier, slong column,
                      delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_mat_t X, Y;
  fmpq_t plateau;
  *network = NULL;
  if (family->mixing->kind == DELTA1_MIX_DCT)
    return delta1_fail (reason, DELTA1_DOMAIN, "the data are not rational under dct mixing");
  fmpq_mat_init (X, family->points, family->shape.N);
  fmpq_mat_init (Y, family->points, family->m);
  fmpq_init (plateau);
  fmpq_set_si (plateau, 1, 2);
  for (slong k = 0; k < family->points; k++)
    {
      delta1_tie_datum (fmpq_mat_entry (Y, k, 0), family, tier, k);
      fmpq_set (fmpq_mat_entry (X, k, family->place[column]), family->scale[tier] + k);
    }
  status = delta1_existence_create (network, radius_squared, Y, X, plateau, reason);
  fmpq_mat_clear (X);
  fmpq_mat_clear (Y);
  fmpq_clear (plateau);
  return status;
}
