#include "firenet/stability.h"

static void
make_upper (arb_t x, slong precision)
{
  arb_get_ubound_arf (arb_midref (x), x, precision);
  mag_zero (arb_radref (x));
}

void
delta1_stability_lipschitz (arb_t constant, const delta1_restart_t *network, slong precision)
{
  fmpz_t count;
  fmpz_init_set_si (count, network->restarts);
  fmpz_mul_si (count, count, network->inner - 1);
  arb_mul (constant, network->steps.tau, network->steps.sigma, precision);
  arb_sqrt (constant, constant, precision);
  arb_mul_fmpz (constant, constant, count, precision);
  arb_mul_2exp_si (constant, constant, -1);
  make_upper (constant, precision);
  fmpz_clear (count);
}

/* bound >= ||phi_n(y') - x|| for all y' in the radius around y. */
static delta1_status_t
distance_to_truth (arb_t bound, const delta1_restart_t *network, const arb_t radius,
                   const delta1_stability_data_t *data, slong precision, delta1_reason_t *reason)
{
  arb_ptr bounds = _arb_vec_init (network->restarts + 1);
  delta1_datum_t moved;
  delta1_datum_init (&moved);
  arb_set (moved.defect, data->datum->defect);
  arb_add (moved.residual, data->datum->residual, radius, precision);
  arb_add (moved.length, data->datum->length, radius, precision);
  delta1_status_t status = delta1_accuracy_follow (bounds, data->accuracy, network, data->levels,
                                                   &moved, precision, reason);
  if (status == DELTA1_OK)
    arb_swap (bound, bounds + network->restarts);
  delta1_datum_clear (&moved);
  _arb_vec_clear (bounds, network->restarts + 1);
  return status;
}

delta1_status_t
delta1_stability_difference (arb_t bound, bool *by_accuracy, const delta1_restart_t *network,
                             const arb_t radius, const delta1_stability_data_t *data,
                             slong precision, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t there, here;
  arb_init (there);
  arb_init (here);
  *by_accuracy = false;
  delta1_stability_lipschitz (bound, network, precision);
  arb_mul (bound, bound, radius, precision);
  make_upper (bound, precision);
  if (data != NULL)
    {
      DELTA1_TRY (distance_to_truth (there, network, radius, data, precision, reason));
      arb_zero (here);
      DELTA1_TRY (distance_to_truth (here, network, here, data, precision, reason));
      arb_add (there, there, here, precision);
      make_upper (there, precision);
      *by_accuracy = arb_lt (there, bound);
      if (*by_accuracy)
        arb_swap (bound, there);
    }

cleanup:
  arb_clear (there);
  arb_clear (here);
  return status;
}
