#include <stdint.h>
#include <stdlib.h>

#include "firenet/lanes.h"
#include "firenet/transforms.h"

#define BOUND_BITS 128

/* --- twiddles --------------------------------------------------------------------------------- */

double
delta1_nearest_double (void (*enclose) (arb_t, const fmpq_t, slong), const fmpq_t argument)
{
  arb_t ball;
  arf_t end;
  double low = 0, high = 1;
  arb_init (ball);
  arf_init (end);
  for (slong prec = 96; low < high; prec *= 2)
    {
      enclose (ball, argument, prec);
      arb_get_lbound_arf (end, ball, prec + 32);
      low = arf_get_d (end, ARF_RND_NEAR);
      arb_get_ubound_arf (end, ball, prec + 32);
      high = arf_get_d (end, ARF_RND_NEAR);
    }
  arb_clear (ball);
  arf_clear (end);
  return low;
}

/* e^(-2 pi i k/n) for 8k <= n: cosine and minus sine. */
static double *
first_octant (slong n)
{
  slong count = n / 8 + 1;
  double *octant = malloc ((size_t)(2 * count) * sizeof *octant);
  fmpq_t angle;
  fmpq_init (angle);
  for (slong k = 0; octant != NULL && k < count; k++)
    {
      fmpq_set_si (angle, 2 * k, (ulong)n);
      octant[2 * k] = delta1_nearest_double (arb_cos_pi_fmpq, angle);
      octant[2 * k + 1] = -delta1_nearest_double (arb_sin_pi_fmpq, angle);
    }
  fmpq_clear (angle);
  return octant;
}

/* e^(-2 pi i k/n), 0 <= k < n: by symmetry, exactly. */
static void
root (double *re, double *im, const double *octant, slong k, slong n)
{
  double c, s;
  slong quarter = n < 4 ? 0 : 4 * k / n, rest = k - quarter * (n / 4);
  if (n < 4)
    {
      *re = k == 0 ? 1 : -1;
      *im = 0;
      return;
    }
  if (8 * rest <= n)
    {
      c = octant[2 * rest];
      s = octant[2 * rest + 1];
    }
  else /* w^rest = -i conj (w^(n/4 - rest)) */
    {
      c = -octant[2 * (n / 4 - rest) + 1];
      s = -octant[2 * (n / 4 - rest)];
    }
  /* times (-i)^quarter */
  *re = quarter == 0 ? c : quarter == 1 ? s : quarter == 2 ? -c : -s;
  *im = quarter == 0 ? s : quarter == 1 ? -c : quarter == 2 ? -s : c;
}

/* Of a pass of radix r on blocks of s = n/apart elements. */
static double *
pass_twiddles (const double *octant, slong n, slong apart, int r)
{
  slong units = n / apart / r;
  double *table = delta1_lanes_create ((units + DELTA1_LANES - 1) / DELTA1_LANES * (r - 1) * 2
                                       * DELTA1_LANES);
  for (slong j = 0; table != NULL && j < units; j++)
    for (slong k = 1; k < r; k++)
      {
        double *at
            = table + ((j / DELTA1_LANES) * (r - 1) + k - 1) * 2 * DELTA1_LANES + j % DELTA1_LANES;
        root (at, at + DELTA1_LANES, octant, j * k * apart, n);
      }
  return table;
}

/* 8 as often as possible, last; what is left first. */
static void
choose_radices (delta1_plan_t *plan)
{
  slong rest = plan->n;
  int bits = 0;
  for (; rest > 1; rest /= 2)
    bits++;
  if (bits % 3 != 0)
    plan->radix[plan->passes++] = bits % 3 == 1 ? 2 : 4;
  for (int i = 0; i < bits / 3; i++)
    plan->radix[plan->passes++] = 8;
}

delta1_status_t
delta1_plan_create (delta1_plan_t **plan, slong n, bool with_twiddles, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_plan_t *made = calloc (1, sizeof *made);
  double *octant = NULL;

  *plan = NULL;
  if (made == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a transform"));
  made->n = n;
  choose_radices (made);
  if (with_twiddles)
    {
      octant = first_octant (n);
      slong apart = 1;
      for (int i = 0; octant != NULL && i + 1 < made->passes; i++)
        {
          made->twiddle[i] = pass_twiddles (octant, n, apart, made->radix[i]);
          if (made->twiddle[i] == NULL)
            break;
          apart *= made->radix[i];
        }
      if (octant == NULL || (made->passes > 1 && made->twiddle[made->passes - 2] == NULL))
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a transform"));
    }
  *plan = made;
  made = NULL;

cleanup:
  free (octant);
  delta1_plan_free (made);
  return status;
}

void
delta1_plan_free (delta1_plan_t *plan)
{
  if (plan == NULL)
    return;
  for (int i = 0; i < plan->passes; i++)
    free ((void *)(uintptr_t)plan->twiddle[i]);
  free (plan);
}

slong
delta1_fourier_position (const delta1_plan_t *plan, slong f, bool row)
{
  slong position = 0, s = plan->n;
  for (int i = 0; i < plan->passes; i++)
    {
      s /= plan->radix[i];
      position += f % plan->radix[i] * s;
      f /= plan->radix[i];
    }
  return row && plan->n >= 64 ? delta1_row_swap (position) : position;
}

/* --- rounding --------------------------------------------------------------------------------- */

/* factor *= (1 + u)^count */
static void
roundings (arb_t factor, ulong count)
{
  arb_t one;
  arb_init (one);
  arb_one (one);
  arb_mul_2exp_si (one, one, -53);
  arb_add_si (one, one, 1, BOUND_BITS);
  arb_pow_ui (one, one, count, BOUND_BITS);
  arb_mul (factor, factor, one, BOUND_BITS);
  arb_clear (one);
}

/* factor *= 1 + eta, eta = u + sqrt2 gamma_2 (1 + u), gamma_2 = 2u/(1 - 2u) */
static void
twiddle_rounding (arb_t factor)
{
  arb_t u, eta, room;
  arb_init (u);
  arb_init (eta);
  arb_init (room);
  arb_one (u);
  arb_mul_2exp_si (u, u, -53);
  arb_mul_2exp_si (eta, u, 1);
  arb_sub_si (room, eta, 1, BOUND_BITS);
  arb_neg (room, room);
  arb_div (eta, eta, room, BOUND_BITS);
  arb_sqrt_ui (room, 2, BOUND_BITS);
  arb_mul (eta, eta, room, BOUND_BITS);
  arb_add_si (room, u, 1, BOUND_BITS);
  arb_mul (eta, eta, room, BOUND_BITS);
  arb_add (eta, eta, u, BOUND_BITS);
  arb_add_si (eta, eta, 1, BOUND_BITS);
  arb_mul (factor, factor, eta, BOUND_BITS);
  arb_clear (u);
  arb_clear (eta);
  arb_clear (room);
}

void
delta1_fourier_rounding (arb_t factor, const delta1_plan_t *plan)
{
  for (int i = 0; i < plan->passes; i++)
    {
      int r = plan->radix[i];
      roundings (factor, r == 2 ? 1 : r == 4 ? 2 : 6);
      if (plan->twiddle[i] != NULL)
        twiddle_rounding (factor);
    }
}

void
delta1_walsh_rounding (arb_t factor, const delta1_plan_t *plan)
{
  for (int i = 0; i < plan->passes; i++)
    roundings (factor, plan->radix[i] == 2 ? 1 : plan->radix[i] == 4 ? 2 : 3);
}

/* --- balls ------------------------------------------------------------------------------------ */

/* to (n) = the transform of from (`step` apart); roots of order n * apart. */
static void
balls (acb_ptr to, acb_srcptr from, slong step, slong n, acb_srcptr roots, slong apart, slong prec)
{
  acb_t term;
  if (n == 1)
    {
      acb_set (to, from);
      return;
    }
  balls (to, from, 2 * step, n / 2, roots, 2 * apart, prec);
  balls (to + n / 2, from + step, 2 * step, n / 2, roots, 2 * apart, prec);
  acb_init (term);
  for (slong k = 0; k < n / 2; k++)
    {
      acb_mul (term, to + n / 2 + k, roots + k * apart, prec);
      acb_sub (to + n / 2 + k, to + k, term, prec);
      acb_add (to + k, to + k, term, prec);
    }
  acb_clear (term);
}

void
delta1_fourier_balls (acb_ptr x, slong step, slong n, bool adjoint, slong prec)
{
  acb_ptr roots = _acb_vec_init (n / 2 + 1), result = _acb_vec_init (n);
  fmpq_t angle;
  fmpq_init (angle);
  for (slong k = 0; k < n / 2; k++)
    {
      fmpq_set_si (angle, 2 * k, (ulong)n);
      arb_sin_cos_pi_fmpq (acb_imagref (roots + k), acb_realref (roots + k), angle, prec);
      if (!adjoint)
        acb_conj (roots + k, roots + k);
    }
  balls (result, x, step, n, roots, 1, prec);
  for (slong k = 0; k < n; k++)
    acb_swap (x + k * step, result + k);
  fmpq_clear (angle);
  _acb_vec_clear (roots, n / 2 + 1);
  _acb_vec_clear (result, n);
}
