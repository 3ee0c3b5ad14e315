#include "tests/firenet/rounding_problem.h"

#include <stdlib.h>

#include "tests/testing.h"

/* A double with a few random bits, about 2^exponent. */
static void
random_part (arb_t x, slong exponent)
{
  arb_set_si (x, delta1_test_random_below (((slong)1 << 40)) - ((slong)1 << 39));
  arb_mul_2exp_si (x, x, exponent - 39);
}

static void
random_number (acb_t z, bool complex, slong exponent)
{
  acb_zero (z);
  random_part (acb_realref (z), exponent);
  if (complex)
    random_part (acb_imagref (z), exponent);
}

static void
sampled_init (problem_t *p)
{
  int dimensions = 1 + (int)delta1_test_random_below (2);
  slong bits
      = dimensions == 2 ? 1 + delta1_test_random_below (3) : 2 + delta1_test_random_below (5);
  slong side = (slong)1 << bits, wavelet = delta1_test_random_below (5);
  slong kind = delta1_test_random_below (p->complex ? 3 : 2);
  p->N = dimensions == 2 ? side * side : side;
  p->sampled = (delta1_sampled_t){
    .transform = kind == 0   ? DELTA1_TRANSFORM_NONE
                 : kind == 1 ? DELTA1_TRANSFORM_WALSH
                             : DELTA1_TRANSFORM_FOURIER,
    .wavelet = (delta1_wavelet_t)wavelet,
    .levels = wavelet == DELTA1_WAVELET_NONE ? 0 : 1 + delta1_test_random_below (bits),
    .dimensions = dimensions,
    .side = side,
  };
  p->mask = malloc ((size_t)p->N * sizeof *p->mask);
  p->m = 0;
  for (slong i = 0; i < p->N; i++)
    if (i == 0 || delta1_test_random_below (3) > 0)
      p->mask[p->m++] = i;
  p->sampled.mask = p->mask;
  p->sampled.count = p->m;
}

static delta1_status_t
make_operator (delta1_operator_t **A, const problem_t *p, const delta1_arithmetic_t *use,
               slong bits, delta1_reason_t *reason)
{
  if (p->entries == NULL)
    return delta1_operator_create_sampled (A, use, bits, &p->sampled, reason);
  return delta1_operator_create_complex (A, use, bits, p->entries, p->m, p->N, reason);
}

/* scale: all numbers of matrix and datum are about 2^scale, 2^data. */
void
problem_init (problem_t *p, bool complex, bool sampled, slong scale, slong data)
{
  delta1_reason_t reason;
  delta1_operator_t *A;
  arb_t step;
  arb_init (step);
  *p = (problem_t){ .complex = complex };
  if (sampled)
    sampled_init (p);
  else
    {
      p->m = 2 + delta1_test_random_below (9);
      p->N = p->m + delta1_test_random_below (14);
      p->entries = _acb_vec_init (p->m * p->N);
    }
  p->y = _acb_vec_init (p->m);
  p->weights = _arb_vec_init (p->N);
  for (slong i = 0; p->entries != NULL && i < p->m * p->N; i++)
    random_number (p->entries + i, complex, scale);
  for (slong i = 0; i < p->m; i++)
    random_number (p->y + i, complex, data);
  for (slong i = 0; i < p->N; i++)
    arb_set_d (p->weights + i, 0.5 + 0.1 * (double)delta1_test_random_below (9));
  delta1_restart_init (&p->network, BITS);
  assert_ok (make_operator (&A, p,
                            complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball,
                            128, &reason),
             reason);
  /* tau = sigma = 0.9/||A||, times and over a power of two; not doubles: what the program makes of
   * them is in the radius. */
  arb_set_si (step, 9);
  arb_div_si (step, step, 10, BITS);
  arf_t upper;
  arf_init (upper);
  arb_get_ubound_arf (upper, A->norm, 64);
  arb_div_arf (step, step, upper, BITS);
  slong tilt = delta1_test_random_below (9) - 4;
  arb_mul_2exp_si (p->network.steps.tau, step, tilt);
  arb_mul_2exp_si (p->network.steps.sigma, step, -tilt);
  arf_clear (upper);
  arb_set_si (p->network.steps.lambda, 1);
  arb_div_si (p->network.steps.lambda, p->network.steps.lambda, 3 + delta1_test_random_below (200),
              BITS);
  if (!sampled)
    arb_mul_2exp_si (p->network.steps.lambda, p->network.steps.lambda, scale);
  p->network.steps.weights = p->weights;
  arb_set_si (p->network.delta, 1);
  arb_div_si (p->network.delta, p->network.delta, 10000, BITS);
  arb_mul_2exp_si (p->network.delta, p->network.delta, data - (slong)delta1_test_random_below (30));
  arb_set_si (p->network.eps_0, 3);
  arb_mul_2exp_si (p->network.eps_0, p->network.eps_0, data);
  p->network.inner = 1 + delta1_test_random_below (8);
  p->network.restarts = 1 + delta1_test_random_below (16);
  arb_clear (step);
  delta1_operator_free (A);
}

void
problem_clear (problem_t *p)
{
  if (p->entries != NULL)
    _acb_vec_clear (p->entries, p->m * p->N);
  free (p->mask);
  _acb_vec_clear (p->y, p->m);
  _arb_vec_clear (p->weights, p->N);
  delta1_restart_clear (&p->network);
}

void
run_init (run_t *run, const problem_t *p, const delta1_arithmetic_t *use, slong bits)
{
  delta1_reason_t reason;
  assert_ok (make_operator (&run->A, p, use, bits, &reason), reason);
  run->x = use->create (p->N, bits);
  run->y = use->create (p->m, bits);
  for (slong i = 0; i < p->m; i++)
    use->set_complex (run->y, i, p->y + i);
}

void
run_clear (run_t *run)
{
  run->A->use->free (run->x, run->A->N);
  run->A->use->free (run->y, run->A->m);
  delta1_operator_free (run->A);
}
