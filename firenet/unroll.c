#include "firenet/unroll.h"

#include <stdlib.h>

#define MAX_EXPONENT 100000
#define CHECK_BITS 256

typedef struct
{
  const fmpq_mat_struct *A;
  const delta1_restart_t *restart;
  slong m, N;
  delta1_network_t *network;
  fmpq_t tau, sigma, lambda, delta, upsilon, scale, eps, alpha;
  fmpq *threshold; /* N */
} unroll_t;

static delta1_status_t
get_exact (fmpq_t q, const arb_t x, const char *name, delta1_reason_t *reason)
{
  if (!arb_is_exact (x) || arf_bits (arb_midref (x)) > MAX_EXPONENT
      || arf_cmpabs_2exp_si (arb_midref (x), MAX_EXPONENT) > 0
      || (!arb_is_zero (x) && arf_cmpabs_2exp_si (arb_midref (x), -MAX_EXPONENT) < 0))
    return delta1_fail (reason, DELTA1_INPUT,
                        "%s is not an exact number of moderate size; allowed: round it first",
                        name);
  arf_get_fmpq (q, arb_midref (x));
  return DELTA1_OK;
}

static delta1_status_t
get_constants (unroll_t *u, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_restart_t *r = u->restart;
  fmpq_t one, factor;
  fmpq_init (one);
  fmpq_init (factor);
  fmpq_one (one);
  DELTA1_TRY (get_exact (u->tau, r->steps.tau, "tau", reason));
  DELTA1_TRY (get_exact (u->sigma, r->steps.sigma, "sigma", reason));
  DELTA1_TRY (get_exact (u->lambda, r->steps.lambda, "lambda", reason));
  DELTA1_TRY (get_exact (u->delta, r->delta, "delta", reason));
  DELTA1_TRY (get_exact (u->upsilon, r->upsilon, "upsilon", reason));
  DELTA1_TRY (get_exact (u->scale, r->scale, "scale", reason));
  DELTA1_TRY (get_exact (u->eps, r->eps_0, "eps_0", reason));
  if (fmpq_is_zero (u->scale))
    fmpq_inv (u->scale, u->sigma);
  fmpq_mul (factor, u->tau, u->lambda);
  for (slong j = 0; j < u->N; j++)
    {
      if (r->steps.weights != NULL)
        DELTA1_TRY (get_exact (one, r->steps.weights + j, "a weight", reason));
      fmpq_mul (u->threshold + j, factor, one);
    }

cleanup:
  fmpq_clear (one);
  fmpq_clear (factor);
  return status;
}

/* eps = eps_k, alpha = alpha_k, exactly */
static void
next_restart (unroll_t *u)
{
  fmpq_add (u->eps, u->eps, u->delta);
  fmpq_mul (u->eps, u->eps, u->upsilon);
  fmpq_mul_si (u->alpha, u->eps, u->restart->inner);
  fmpq_div (u->alpha, u->scale, u->alpha);
  fmpq_mul_2exp (u->alpha, u->alpha, 1);
}

static void
set_identity (fmpq_mat_struct *W, slong row, slong column, slong count)
{
  for (slong i = 0; i < count; i++)
    fmpq_one (fmpq_mat_entry (W, row + i, column + i));
}

/* W[row ..][column ..] = factor A (rows m) */
static void
set_matrix (fmpq_mat_struct *W, slong row, slong column, const fmpq_t factor, const unroll_t *u)
{
  for (slong i = 0; i < u->m; i++)
    for (slong j = 0; j < u->N; j++)
      fmpq_mul (fmpq_mat_entry (W, row + i, column + j), factor, fmpq_mat_entry (u->A, i, j));
}

/* Where x, v (or u), s stand before the first layer of a step that is not the first, and after
 * every third one: x at 0, v at N, s at N + m; the gate last. */

/* first: of a restart, ratio = alpha_k/(p alpha_{k-1}), 0 for k = 1 */
static delta1_status_t
set_primal (unroll_t *u, slong layer, bool first, const fmpq_t ratio, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = u->m, N = u->N;
  fmpq_t factor, entry;
  fmpq_mat_struct *W = delta1_network_edit_weights (u->network, layer);
  fmpq_init (factor);
  fmpq_init (entry);
  if (!first)
    {
      set_identity (W, 0, 0, N);
      for (slong i = 0; i < m; i++)
        for (slong j = 0; j < N; j++)
          {
            fmpq_mul (entry, u->tau, fmpq_mat_entry (u->A, i, j));
            fmpq_neg (fmpq_mat_entry (W, j, N + i), entry);
          }
      fmpq_neg (factor, u->sigma);
      set_matrix (W, N, 0, factor, u);
      set_identity (W, N, N, m);
      set_identity (W, N + m, N + m, N);
    }
  else if (layer > 0)
    {
      for (slong j = 0; j < N; j++)
        fmpq_set (fmpq_mat_entry (W, j, N + m + j), ratio);
      fmpq_mul (factor, u->sigma, ratio);
      fmpq_neg (factor, factor);
      set_matrix (W, N, N + m, factor, u);
    }
  fmpq_mat_struct *R = delta1_network_edit_skip (u->network, layer);
  fmpq_mul (factor, u->sigma, u->alpha);
  for (slong i = 0; i < m; i++)
    fmpq_neg (fmpq_mat_entry (R, N + i, i), factor);
  DELTA1_TRY (delta1_network_set_units (u->network, layer, 0, N, DELTA1_SOFT, reason));
  for (slong j = 0; j < N; j++)
    DELTA1_TRY (delta1_network_set_threshold (u->network, layer, j, u->threshold + j, reason));

cleanup:
  fmpq_clear (factor);
  fmpq_clear (entry);
  return status;
}

/* x, u, u^2, s */
static delta1_status_t
set_dual (unroll_t *u, slong layer, delta1_reason_t *reason)
{
  slong m = u->m, N = u->N;
  fmpq_t factor;
  fmpq_mat_struct *W = delta1_network_edit_weights (u->network, layer);
  fmpq_init (factor);
  fmpq_mul_2exp (factor, u->sigma, 1);
  set_identity (W, 0, 0, N);
  for (slong copy = 0; copy < 2; copy++)
    {
      set_matrix (W, N + copy * m, 0, factor, u);
      set_identity (W, N + copy * m, N, m);
    }
  set_identity (W, N + 2 * m, 0, N);
  set_identity (W, N + 2 * m, N + m, N);
  fmpq_clear (factor);
  return delta1_network_set_units (u->network, layer, N + m, m, DELTA1_SQUARE, reason);
}

/* x, v, s, the gate */
static delta1_status_t
set_projection (unroll_t *u, slong layer, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = u->m, N = u->N, gate = 2 * N + m;
  fmpq_mat_struct *W = delta1_network_edit_weights (u->network, layer);
  fmpq_t none;
  fmpq_init (none);
  set_identity (W, 0, 0, N + m);
  set_identity (W, N + m, N + 2 * m, N);
  for (slong i = 0; i < m; i++)
    fmpq_one (fmpq_mat_entry (W, gate, N + m + i));
  DELTA1_TRY (delta1_network_set_gate (u->network, layer, gate, DELTA1_BALL_GATE, none, reason));
  for (slong i = 0; i < m; i++)
    DELTA1_TRY (delta1_network_set_gated (u->network, layer, N + i, gate, reason));

cleanup:
  fmpq_clear (none);
  return status;
}

static delta1_status_t
set_layers (unroll_t *u, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong layer = 0, p = u->restart->inner;
  fmpq_t ratio, before;
  fmpq_init (ratio);
  fmpq_init (before);
  for (slong k = 0; k < u->restart->restarts; k++)
    {
      fmpq_set (before, u->alpha);
      next_restart (u);
      if (k > 0)
        {
          fmpq_div (ratio, u->alpha, before);
          fmpq_set_si (before, p, 1);
          fmpq_div (ratio, ratio, before);
        }
      for (slong step = 0; step < p; step++)
        {
          DELTA1_TRY (set_primal (u, layer++, step == 0, ratio, reason));
          DELTA1_TRY (set_dual (u, layer++, reason));
          DELTA1_TRY (set_projection (u, layer++, reason));
        }
    }
  fmpq_mat_struct *W = delta1_network_edit_weights (u->network, layer);
  fmpq_mul_si (ratio, u->alpha, p);
  fmpq_inv (ratio, ratio);
  for (slong j = 0; j < u->N; j++)
    fmpq_set (fmpq_mat_entry (W, j, u->N + u->m + j), ratio);

cleanup:
  fmpq_clear (ratio);
  fmpq_clear (before);
  return status;
}

/* An empty network of the right widths. */
static delta1_status_t
make_shape (unroll_t *u, delta1_reason_t *reason)
{
  slong m = u->m, N = u->N, p = u->restart->inner, n = u->restart->restarts;
  if (p > DELTA1_NETWORK_MAX_LAYERS / n || 3 * n * p + 1 > DELTA1_NETWORK_MAX_LAYERS)
    return delta1_fail (reason, DELTA1_INPUT,
                        "%ld restarts of %ld steps; allowed: networks of up to %d layers", (long)n,
                        (long)p, DELTA1_NETWORK_MAX_LAYERS);
  slong layers = 3 * n * p + 1;
  slong *widths = calloc ((size_t)layers, sizeof *widths);
  if (widths == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a network");
  const slong cycle[3] = { 2 * N + m, 2 * (N + m), 2 * N + m + 1 };
  for (slong t = 0; t < layers; t++)
    widths[t] = t == layers - 1 ? N : cycle[t % 3];
  delta1_status_t status = delta1_network_create (&u->network, m, layers, widths, reason);
  free (widths);
  return status;
}

/* What a run would refuse. */
static delta1_status_t
check (const fmpq_mat_t A, const delta1_restart_t *restart, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_operator_t *dense = NULL;
  delta1_iteration_t *iteration = NULL;
  delta1_steps_t steps = restart->steps;
  steps.violate = false;
  DELTA1_TRY (delta1_restart_check (restart, reason));
  DELTA1_TRY (
      delta1_operator_create_rational (&dense, &delta1_arithmetic_ball, CHECK_BITS, A, reason));
  DELTA1_TRY (delta1_iteration_create (&iteration, dense, &steps, reason));

cleanup:
  delta1_iteration_free (iteration);
  delta1_operator_free (dense);
  return status;
}

delta1_status_t
delta1_unroll (delta1_network_t **network, const fmpq_mat_t A, const delta1_restart_t *restart,
               delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  unroll_t u = { .A = A, .restart = restart, .m = fmpq_mat_nrows (A), .N = fmpq_mat_ncols (A) };
  fmpq *constants[] = { u.tau, u.sigma, u.lambda, u.delta, u.upsilon, u.scale, u.eps, u.alpha };
  const size_t count = sizeof constants / sizeof *constants;

  *network = NULL;
  DELTA1_TRY (check (A, restart, reason));
  for (size_t i = 0; i < count; i++)
    fmpq_init (constants[i]);
  u.threshold = _fmpq_vec_init (u.N);
  status = get_constants (&u, reason);
  if (status == DELTA1_OK)
    status = make_shape (&u, reason);
  if (status == DELTA1_OK)
    status = set_layers (&u, reason);
  for (size_t i = 0; i < count; i++)
    fmpq_clear (constants[i]);
  _fmpq_vec_clear (u.threshold, u.N);
  if (status == DELTA1_OK)
    *network = u.network;
  else
    delta1_network_free (u.network);

cleanup:
  return status;
}
