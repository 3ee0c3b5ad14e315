#include "firenet/accuracy.h"

#define MAX_INNER 1000000000
#define MAX_RESTARTS 1000000 /* that a table looks for */
#define LAMBDA_BITS 53
#define RHO_STEPS 60 /* bisections */

void
delta1_datum_init (delta1_datum_t *datum)
{
  arb_init (datum->defect);
  arb_init (datum->residual);
  arb_init (datum->length);
}

void
delta1_datum_clear (delta1_datum_t *datum)
{
  arb_clear (datum->defect);
  arb_clear (datum->residual);
  arb_clear (datum->length);
}

void
delta1_accuracy_init (delta1_accuracy_t *accuracy)
{
  accuracy->conditional = false;
  arb_init (accuracy->rho);
  arb_init (accuracy->gamma);
  arb_init (accuracy->xi);
  arb_init (accuracy->kappa);
  arb_init (accuracy->C_1);
  arb_init (accuracy->C_2);
  arb_init (accuracy->lambda);
}

void
delta1_accuracy_clear (delta1_accuracy_t *accuracy)
{
  arb_clear (accuracy->rho);
  arb_clear (accuracy->gamma);
  arb_clear (accuracy->xi);
  arb_clear (accuracy->kappa);
  arb_clear (accuracy->C_1);
  arb_clear (accuracy->C_2);
  arb_clear (accuracy->lambda);
}

/* x = the upper (lower) end of itself, exactly. */
static void
make_end (arb_t x, bool upper, slong precision)
{
  if (upper)
    arb_get_ubound_arf (arb_midref (x), x, precision);
  else
    arb_get_lbound_arf (arb_midref (x), x, precision);
  mag_zero (arb_radref (x));
}

/* C_1, C_2 for the rho and gamma of a; lambda = C_1/(C_2 sqrt xi). */
static void
evaluate (delta1_accuracy_t *a, arb_t lambda, slong precision)
{
  arb_t half, one, room, tail;
  arb_init (half);
  arb_init (one);
  arb_init (room);
  arb_init (tail);
  arb_root_ui (half, a->kappa, 4, precision);
  arb_mul_2exp_si (half, half, -1); /* kappa^(1/4)/2 */
  arb_add_si (one, a->rho, 1, precision);
  arb_sub_si (room, a->rho, 1, precision);
  arb_neg (room, room); /* 1 - rho */
  arb_mul (tail, one, half, precision);
  arb_add (tail, tail, a->rho, precision); /* rho + (1 + rho) kappa^(1/4)/2 */
  arb_mul (a->C_1, tail, one, precision);
  arb_div (a->C_1, a->C_1, room, precision);
  arb_div (tail, tail, room, precision);
  arb_mul_2exp_si (tail, tail, 1);
  arb_add_si (half, half, 1, precision);
  arb_add (tail, tail, half, precision);
  arb_mul (a->C_2, tail, a->gamma, precision);
  arb_sqrt (lambda, a->xi, precision);
  arb_mul (lambda, lambda, a->C_2, precision);
  arb_div (lambda, a->C_1, lambda, precision);
  arb_clear (half);
  arb_clear (one);
  arb_clear (room);
  arb_clear (tail);
}

/* Enlarges rho until lambda <= C_1/(C_2 sqrt xi), which increases with rho towards
 * 1/(gamma sqrt xi). */
static delta1_status_t
enlarge_rho (delta1_accuracy_t *a, slong precision, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t high, largest;
  arb_init (high);
  arb_init (largest);
  arb_sqrt (largest, a->xi, precision);
  arb_mul (largest, largest, a->gamma, precision);
  arb_inv (largest, largest, precision);
  if (!arb_lt (a->lambda, largest))
    {
      char *text = arb_get_str (largest, 10, 0);
      status = delta1_fail (reason, DELTA1_DOMAIN,
                            "lambda is not below 1/(gamma sqrt(xi)) = %s: no bound is known", text);
      flint_free (text);
      goto cleanup;
    }
  arb_one (high);
  /* invariant: rho is too small; high is large enough, or 1 */
  for (int step = 0; step < RHO_STEPS; step++)
    {
      arb_t low;
      arb_init (low);
      arb_set (low, a->rho);
      arb_add (a->rho, a->rho, high, precision);
      arb_mul_2exp_si (a->rho, a->rho, -1);
      make_end (a->rho, true, precision);
      evaluate (a, largest, precision);
      if (arb_le (a->lambda, largest))
        {
          arb_swap (high, a->rho);
          arb_swap (a->rho, low);
        }
      arb_clear (low);
    }
  arb_set (a->rho, high);
  arb_sub_si (high, high, 1, precision);
  if (arb_is_zero (high))
    status = delta1_fail (reason, DELTA1_UNDECIDED,
                          "lambda is too near 1/(gamma sqrt(xi)); allowed: a smaller lambda");
  else
    evaluate (a, largest, precision);

cleanup:
  arb_clear (high);
  arb_clear (largest);
  return status;
}

static delta1_status_t
check_property (const delta1_accuracy_t *a, const arb_t gamma, slong precision,
                delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t room;
  if (!arb_is_finite (gamma) || !arb_is_positive (gamma))
    return delta1_fail (reason, DELTA1_INPUT, "gamma is not certainly positive and finite");
  if (!arb_is_finite (a->rho) || arb_is_negative (a->rho))
    return delta1_fail (reason, DELTA1_INPUT, "rho is negative or not bounded");
  arb_init (room);
  arb_sub_si (room, a->rho, 1, precision);
  if (!arb_is_negative (room))
    {
      char *text = arb_get_str (a->rho, 10, 0);
      status = delta1_fail (reason, DELTA1_DOMAIN, "rho is at most %s; allowed: below 1", text);
      flint_free (text);
    }
  arb_clear (room);
  return status;
}

delta1_status_t
delta1_accuracy_constants (delta1_accuracy_t *a, const delta1_levels_t *levels, const arb_t rho,
                           const arb_t gamma, const arb_t lambda, slong precision,
                           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t largest, zeta;
  arb_init (largest);
  arb_init (zeta);
  arb_set (a->rho, rho);
  arb_set (a->gamma, gamma);
  make_end (a->rho, true, precision);
  make_end (a->gamma, true, precision);
  DELTA1_TRY (check_property (a, gamma, precision, reason));
  delta1_levels_constants (a->xi, zeta, NULL, levels, precision);
  arb_div (a->kappa, a->xi, zeta, precision);
  evaluate (a, largest, precision);
  arb_set (a->lambda, lambda == NULL ? largest : lambda);
  make_end (a->lambda, false, precision);
  if (lambda == NULL)
    arf_set_round (arb_midref (a->lambda), arb_midref (a->lambda), LAMBDA_BITS, ARF_RND_DOWN);
  if (!arb_is_positive (a->lambda) || !arb_is_finite (a->lambda))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "lambda is not certainly positive and finite"));
  if (!arb_le (a->lambda, largest))
    DELTA1_TRY (enlarge_rho (a, precision, reason));
  /* Corollary 6.3a: a larger gamma is allowed, and gives equality with this C_2. */
  arb_sqrt (a->C_2, a->xi, precision);
  arb_mul (a->C_2, a->C_2, a->lambda, precision);
  arb_div (a->C_2, a->C_1, a->C_2, precision);

cleanup:
  arb_clear (largest);
  arb_clear (zeta);
  return status;
}

/* c = sigma scale */
static void
set_scale (arb_t c, const delta1_restart_t *network, slong precision)
{
  if (arb_is_zero (network->scale))
    arb_one (c);
  else
    arb_mul (c, network->steps.sigma, network->scale, precision);
}

/* p as a real number: the bound before it is rounded up. false: sigma scale is not above 1/2. */
static bool
needed_inner (arb_t p, const delta1_accuracy_t *a, const delta1_restart_t *network, slong precision)
{
  arb_t c, room;
  arb_init (c);
  arb_init (room);
  set_scale (c, network, precision);
  arb_mul_2exp_si (room, c, 1);
  arb_sub_si (room, room, 1, precision);
  bool possible = arb_is_positive (room);
  arb_mul (room, room, network->steps.tau, precision);
  arb_mul (room, room, network->steps.sigma, precision);
  arb_rsqrt (p, room, precision);
  arb_mul (p, p, c, precision);
  arb_mul (p, p, a->C_2, precision);
  arb_div (p, p, network->upsilon, precision);
  arb_mul_2exp_si (p, p, 1);
  arb_clear (c);
  arb_clear (room);
  return possible;
}

delta1_status_t
delta1_accuracy_inner (slong *p, const delta1_accuracy_t *a, const delta1_restart_t *network,
                       slong precision, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t needed;
  arb_init (needed);
  if (!needed_inner (needed, a, network, precision))
    status = delta1_fail (reason, DELTA1_DOMAIN,
                          "sigma times scale is not certainly above 1/2: no p is enough");
  else
    {
      make_end (needed, true, precision);
      if (!arb_is_finite (needed) || arf_cmp_si (arb_midref (needed), MAX_INNER) > 0)
        status = delta1_fail (reason, DELTA1_BUDGET,
                              "more than %d inner steps would be needed; allowed: a smaller C_2",
                              MAX_INNER);
      else
        *p = arf_get_si (arb_midref (needed), ARF_RND_CEIL);
    }
  arb_clear (needed);
  return status;
}

/* --- the conditions --------------------------------------------------------------------------- */

/* delta = 2 lambda sigma(x) + 2 ||Ax - y|| */
static void
set_delta (arb_t delta, const delta1_accuracy_t *a, const delta1_datum_t *datum, slong precision)
{
  arb_mul (delta, a->lambda, datum->defect, precision);
  arb_add (delta, delta, datum->residual, precision);
  arb_mul_2exp_si (delta, delta, 1);
}

static bool
same_number (const arb_t x, const arb_t y)
{
  return arb_is_exact (x) && arb_is_exact (y) && arb_equal (x, y);
}

/* Whether lambda and the weights are those of the bound. */
static bool
same_problem (const delta1_accuracy_t *a, const delta1_restart_t *network,
              const delta1_levels_t *levels)
{
  arb_t one;
  slong level = 0;
  bool same = same_number (a->lambda, network->steps.lambda);
  arb_init (one);
  arb_one (one);
  for (slong i = 0; i < levels->end[levels->count - 1] && same; i++)
    {
      if (i == levels->end[level])
        level++;
      same = same_number (network->steps.weights == NULL ? one : network->steps.weights + i,
                          levels->weights == NULL ? one : levels->weights + level);
    }
  arb_clear (one);
  return same;
}

/* TRUE: left <= right */
static delta1_truth_t
require (const arb_t left, const arb_t right, const char *claim, delta1_reason_t *reason)
{
  delta1_truth_t truth = arb_le (left, right)   ? DELTA1_TRUE
                         : arb_gt (left, right) ? DELTA1_FALSE
                                                : DELTA1_UNKNOWN;
  if (truth != DELTA1_TRUE)
    {
      char *a = arb_get_str (left, 6, 0), *b = arb_get_str (right, 6, 0);
      (void)delta1_fail (reason, DELTA1_DOMAIN, "%s is %s: %s, %s", claim,
                         truth == DELTA1_FALSE ? "violated" : "not decided", a, b);
      flint_free (a);
      flint_free (b);
    }
  return truth;
}

delta1_truth_t
delta1_accuracy_applies (const delta1_accuracy_t *a, const delta1_restart_t *network,
                         const delta1_levels_t *levels, const delta1_datum_t *datum,
                         slong precision, delta1_reason_t *reason)
{
  arb_t x, p;
  if (!same_problem (a, network, levels))
    {
      (void)delta1_fail (reason, DELTA1_DOMAIN,
                         "lambda or the weights of the network are not those of the bound");
      return DELTA1_FALSE;
    }
  arb_init (x);
  arb_init (p);
  delta1_truth_t truth = DELTA1_FALSE;
  if (needed_inner (x, a, network, precision))
    {
      arb_set_si (p, network->inner);
      truth = require (x, p, "the number of inner steps that is needed <= p", reason);
    }
  else
    (void)delta1_fail (reason, DELTA1_DOMAIN, "sigma times scale is not certainly above 1/2");
  set_delta (x, a, datum, precision);
  if (truth == DELTA1_TRUE)
    truth = require (x, network->delta, "2 lambda sigma(x) + 2 ||Ax - y|| <= delta", reason);
  if (truth == DELTA1_TRUE)
    truth = require (datum->length, network->eps_0, "||y|| <= eps_0", reason);
  arb_clear (x);
  arb_clear (p);
  return truth;
}

/* --- the bounds ------------------------------------------------------------------------------- */

/* eps = upsilon (delta + eps), bound = C_2 (delta + eps) */
static void
advance (arb_t bound, arb_t eps, const delta1_accuracy_t *a, const delta1_restart_t *network,
         bool begin, slong precision)
{
  if (begin)
    arb_set (eps, network->eps_0);
  else
    {
      arb_add (eps, eps, network->delta, precision);
      arb_mul (eps, eps, network->upsilon, precision);
    }
  arb_add (bound, eps, network->delta, precision);
  arb_mul (bound, bound, a->C_2, precision);
  make_end (bound, true, precision);
}

void
delta1_accuracy_bounds (arb_ptr bound, const delta1_accuracy_t *a, const delta1_restart_t *network,
                        slong precision)
{
  arb_t eps;
  arb_init (eps);
  for (slong k = 0; k <= network->restarts; k++)
    advance (bound + k, eps, a, network, k == 0, precision);
  arb_clear (eps);
}

/* F(phi_k(y)) - F(x) <= e_k = 2 c C_2^2 (delta' + e_{k-1})^2/(p^2 sigma tau eps_k) + eps_k/(2c) */
delta1_status_t
delta1_accuracy_follow (arb_ptr bound, const delta1_accuracy_t *a, const delta1_restart_t *network,
                        const delta1_levels_t *levels, const delta1_datum_t *datum, slong precision,
                        delta1_reason_t *reason)
{
  arb_t delta, eps, gap, factor, last, c;
  if (!same_problem (a, network, levels))
    return delta1_fail (reason, DELTA1_INPUT,
                        "lambda or the weights of the network are not those of the bound");
  arb_init (delta);
  arb_init (eps);
  arb_init (gap);
  arb_init (factor);
  arb_init (last);
  arb_init (c);
  set_delta (delta, a, datum, precision);
  set_scale (c, network, precision);
  /* 2c (C_2/p)^2/(sigma tau) */
  arb_div_si (factor, a->C_2, network->inner, precision);
  arb_sqr (factor, factor, precision);
  arb_mul (factor, factor, c, precision);
  arb_mul_2exp_si (factor, factor, 1);
  arb_div (factor, factor, network->steps.sigma, precision);
  arb_div (factor, factor, network->steps.tau, precision);
  arb_set (eps, network->eps_0);
  arb_set (gap, datum->length);
  for (slong k = 0; k <= network->restarts; k++)
    {
      arb_add (gap, gap, delta, precision);
      arb_mul (bound + k, gap, a->C_2, precision);
      make_end (bound + k, true, precision);
      arb_add (eps, eps, network->delta, precision);
      arb_mul (eps, eps, network->upsilon, precision);
      arb_sqr (gap, gap, precision);
      arb_mul (gap, gap, factor, precision);
      arb_div (gap, gap, eps, precision);
      arb_div (last, eps, c, precision);
      arb_mul_2exp_si (last, last, -1);
      arb_add (gap, gap, last, precision);
    }
  arb_clear (delta);
  arb_clear (eps);
  arb_clear (gap);
  arb_clear (factor);
  arb_clear (last);
  arb_clear (c);
  return DELTA1_OK;
}

slong
delta1_accuracy_layers (const delta1_restart_t *network, slong restarts)
{
  return 3 * restarts * network->inner + 1;
}

slong
delta1_accuracy_restarts (const delta1_accuracy_t *a, const delta1_restart_t *network, slong digits,
                          slong precision)
{
  arb_t wanted, floor, eps, bound;
  slong n = 0;
  arb_init (wanted);
  arb_init (floor);
  arb_init (eps);
  arb_init (bound);
  arb_set_si (wanted, 10);
  arb_pow_ui (wanted, wanted, (ulong)(digits < 0 ? -digits : digits), precision);
  if (digits >= 0)
    arb_inv (wanted, wanted, precision);
  arb_sub_si (floor, network->upsilon, 1, precision);
  arb_neg (floor, floor);
  arb_div (floor, network->delta, floor, precision);
  arb_mul (floor, floor, a->C_2, precision);
  advance (bound, eps, a, network, true, precision);
  /* The bounds go monotonely to the floor: below it from the start, or never reaching it. */
  if (arb_lt (floor, wanted))
    do
      {
        advance (bound, eps, a, network, false, precision);
        n++;
      }
    while (!arb_le (bound, wanted) && n < MAX_RESTARTS);
  if (!arb_le (bound, wanted))
    n = 0;
  arb_clear (wanted);
  arb_clear (floor);
  arb_clear (eps);
  arb_clear (bound);
  return n;
}
