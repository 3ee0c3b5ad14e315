#include "tests/firenet/small_run.h"

#include <math.h>
#include <stdlib.h>

static void
random_vector (void *v, const delta1_arithmetic_t *use, slong count, double scale)
{
  acb_t z;
  acb_init (z);
  for (slong i = 0; i < count; i++)
    {
      arb_set_d (acb_realref (z), scale * (double)(delta1_test_random_below (2001) - 1000));
      if (use->is_complex)
        arb_set_d (acb_imagref (z), scale * (double)(delta1_test_random_below (2001) - 1000));
      use->set_complex (v, i, z);
    }
  acb_clear (z);
}

static void
make_dense (small_run_t *run)
{
  delta1_reason_t reason;
  acb_ptr entries = _acb_vec_init (run->m * run->N);
  run->matrix = run->use->create (run->m * run->N, 53);
  random_vector (run->matrix, run->use, run->m * run->N, 0.001);
  for (slong i = 0; i < run->m * run->N; i++)
    run->use->get_complex (entries + i, run->matrix, i);
  assert_ok (
      delta1_operator_create_complex (&run->A, run->use, 53, entries, run->m, run->N, &reason),
      reason);
  _acb_vec_clear (entries, run->m * run->N);
}

static void
make_network (small_run_t *run, slong inner, slong restarts)
{
  arf_t norm;
  arf_init (norm);
  arb_get_ubound_arf (norm, run->A->norm, 64);
  double step = 0.9 / arf_get_d (norm, ARF_RND_UP);
  arf_clear (norm);
  delta1_restart_init (&run->network, 200);
  arb_set_d (run->network.steps.tau, step);
  arb_set_d (run->network.steps.sigma, step);
  arb_set_d (run->network.steps.lambda, 0.17 / sqrt ((double)run->N)); /* or x = 0 */
  arb_set_d (run->network.delta, 1e-3);
  arb_set_d (run->network.eps_0, 20);
  run->network.inner = inner;
  run->network.restarts = restarts;
  run->weights = _arb_vec_init (run->N);
  for (slong i = 0; i < run->N; i++)
    arb_set_d (run->weights + i, 1 + 0.25 * (double)delta1_test_random_below (4));
  run->network.steps.weights = run->weights;
}

static void
run_all (small_run_t *run)
{
  delta1_reason_t reason;
  delta1_gap_t gap;
  const delta1_arithmetic_t *use = run->use;
  delta1_gap_init (&gap);
  run->y = use->create (run->m, 53);
  run->x = use->create (run->N, 53);
  run->point = (delta1_point_t){ .x = use->create (run->N, 53),
                                 .v = use->create (run->m, 53),
                                 .u = use->create (run->m, 53) };
  random_vector (run->y, use, run->m, 0.003);
  assert_ok (delta1_rounding_create (&run->rounding, run->A,
                                     run->network.inner * run->network.restarts, &reason),
             reason);
  delta1_observer_t observer = delta1_rounding_observer (run->rounding);
  assert_ok (delta1_restart_run (run->x, run->A, run->y, &run->network, &observer, &reason),
             reason);
  use->copy (run->point.x, run->x, run->N);
  delta1_polish_t polish = { .most = 3000, .every = 50, .target = 1e-5 };
  assert_ok (
      delta1_gap_polish (&gap, &run->point, run->A, run->y, &run->network.steps, &polish, &reason),
      reason);
  delta1_gap_clear (&gap);
}

void
small_run_init_sampled (small_run_t *run, bool complex, slong side, slong inner, slong restarts)
{
  delta1_reason_t reason;
  *run = (small_run_t){ .use
                        = complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double,
                        .N = side * side };
  run->sampled = (delta1_sampled_t){
    .transform = complex ? DELTA1_TRANSFORM_FOURIER : DELTA1_TRANSFORM_WALSH,
    .wavelet = complex ? DELTA1_WAVELET_HAAR : DELTA1_WAVELET_DB2,
    .levels = 2,
    .dimensions = 2,
    .side = side,
  };
  run->mask = malloc ((size_t)run->N * sizeof *run->mask);
  for (slong i = 0; i < run->N; i++)
    if (i == 0 || delta1_test_random_below (2) == 0)
      run->mask[run->m++] = i;
  run->sampled.mask = run->mask;
  run->sampled.count = run->m;
  assert_ok (delta1_operator_create_sampled (&run->A, run->use, 53, &run->sampled, &reason),
             reason);
  make_network (run, inner, restarts);
  run_all (run);
}

void
small_run_init (small_run_t *run, bool complex, slong m, slong N, slong inner, slong restarts)
{
  *run = (small_run_t){
    .use = complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double, .m = m, .N = N
  };
  make_dense (run);
  make_network (run, inner, restarts);
  run_all (run);
}

void
small_run_clear (small_run_t *run)
{
  if (run->matrix != NULL)
    run->use->free (run->matrix, run->m * run->N);
  run->use->free (run->y, run->m);
  run->use->free (run->x, run->N);
  run->use->free (run->point.x, run->N);
  run->use->free (run->point.v, run->m);
  run->use->free (run->point.u, run->m);
  delta1_operator_free (run->A);
  delta1_restart_clear (&run->network);
  delta1_rounding_free (run->rounding);
  _arb_vec_clear (run->weights, run->N);
  free (run->mask);
}

delta1_reconstruction_t
small_run_all (const small_run_t *run)
{
  return (delta1_reconstruction_t){ .A = run->A,
                                    .sampled = run->matrix == NULL ? &run->sampled : NULL,
                                    .matrix = run->matrix,
                                    .network = &run->network,
                                    .y = run->y,
                                    .x = run->x,
                                    .rounding = run->rounding,
                                    .dual = run->point.u,
                                    .polished = run->point.x,
                                    .program = "a test" };
}
