#include "tests/firenet/random_instance.h"

#include <math.h>

static double
random_dyadic (int bits)
{
  return ldexp ((double)delta1_test_random_below ((slong)1 << (bits + 1)) - ldexp (1, bits), -bits);
}

static void
random_number (acb_t x, bool is_complex)
{
  acb_set_d_d (x, random_dyadic (10), is_complex ? random_dyadic (10) : 0);
}

/* x rounded to 12 bits. */
static void
set_short (arb_t x, double value)
{
  int exponent;
  double mantissa = frexp (value, &exponent);
  arb_set_d (x, ldexp (floor (ldexp (mantissa, 12)), exponent - 12));
}

void
instance_init (instance_t *instance, slong m, slong N, bool is_complex, slong inner, slong restarts)
{
  delta1_restart_t *network = &instance->network;
  delta1_operator_t *A;
  instance->m = m;
  instance->N = N;
  instance->A = _acb_vec_init (m * N);
  instance->y = _acb_vec_init (m);
  instance->weights = _arb_vec_init (N);
  for (slong i = 0; i < m * N; i++)
    random_number (instance->A + i, is_complex);
  for (slong i = 0; i < m; i++)
    {
      random_number (instance->y + i, is_complex);
      acb_mul_2exp_si (instance->y + i, instance->y + i, 1);
    }
  for (slong j = 0; j < N; j++)
    arb_set_d (instance->weights + j, 0.5 + 0.125 * (double)delta1_test_random_below (8));
  A = instance_operator (
      instance, is_complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball, 128);
  mag_t upper;
  mag_init (upper);
  arb_get_mag (upper, A->norm);
  double norm = mag_get_d (upper), ratio = ldexp (1, (int)delta1_test_random_below (5) - 2);
  double share = sqrt (0.5 + 0.1 * (double)delta1_test_random_below (5));
  mag_clear (upper);
  delta1_operator_free (A);
  delta1_restart_init (network, 2200);
  set_short (network->steps.tau, share * ratio / norm);
  set_short (network->steps.sigma, share / (ratio * norm));
  arb_set_d (network->steps.lambda, 0.0625 * (double)(1 + delta1_test_random_below (6)));
  network->steps.weights = instance->weights;
  arb_set_d (network->delta, ldexp (1, -7));
  arb_set_si (network->eps_0, 8);
  network->inner = inner;
  network->restarts = restarts;
}

void
instance_clear (instance_t *instance)
{
  _acb_vec_clear (instance->A, instance->m * instance->N);
  _acb_vec_clear (instance->y, instance->m);
  _arb_vec_clear (instance->weights, instance->N);
  delta1_restart_clear (&instance->network);
}

delta1_operator_t *
instance_operator (const instance_t *instance, const delta1_arithmetic_t *use, slong bits)
{
  delta1_reason_t reason;
  delta1_operator_t *A;
  assert_ok (delta1_operator_create_complex (&A, use, bits, instance->A, instance->m, instance->N,
                                             &reason),
             reason);
  return A;
}

void *
instance_vector (const delta1_arithmetic_t *use, slong bits, acb_srcptr v, slong count)
{
  void *made = use->create (count, bits);
  assert_non_null (made);
  for (slong i = 0; i < count; i++)
    use->set_complex (made, i, v + i);
  return made;
}

void
instance_move (acb_ptr y, const instance_t *instance, double size, bool is_complex)
{
  acb_t e;
  acb_init (e);
  for (slong i = 0; i < instance->m; i++)
    {
      random_number (e, is_complex);
      acb_mul_2exp_si (e, e, ilogb (size));
      acb_add (y + i, y + i, e, ARF_PREC_EXACT);
    }
  acb_clear (e);
}
