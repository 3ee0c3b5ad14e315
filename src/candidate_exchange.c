#include <stdlib.h>
#include <string.h>

#include "src/candidate.h"

/* One exchange: the system of the candidate at the midpoints of the box. */
typedef struct
{
  const delta1_instance_t *instance;
  delta1_candidate_t *candidate;
  const delta1_minimiser_t *minimiser;
  bool square;
  slong prec;
  arb_mat_t A; /* m x s, midpoints */
} exchange_t;

static void
insert (delta1_candidate_t *candidate, slong j, int sign)
{
  slong k = candidate->size++;
  for (; k > 0 && candidate->column[k - 1] > j; k--)
    {
      candidate->column[k] = candidate->column[k - 1];
      candidate->sign[k] = candidate->sign[k - 1];
    }
  candidate->column[k] = j;
  candidate->sign[k] = sign;
}

static void
take_out (delta1_candidate_t *candidate, slong k)
{
  slong rest = --candidate->size - k;
  memmove (candidate->column + k, candidate->column + k + 1, (size_t)rest * sizeof (slong));
  memmove (candidate->sign + k, candidate->sign + k + 1, (size_t)rest * sizeof (int));
}

static slong
place_of (const delta1_candidate_t *candidate, slong j)
{
  for (slong k = 0; k < candidate->size; k++)
    if (candidate->column[k] == j)
      return k;
  return -1;
}

/* z about G^-1 A^T v (normal), A^-1 v (square), A^-T v (transposed). False: singular. */
static bool
solve (arb_mat_t z, const exchange_t *exchange, arb_srcptr v, bool transposed)
{
  slong m = exchange->instance->m, s = exchange->candidate->size, prec = exchange->prec;
  bool solved;
  arb_mat_t matrix, right, flipped;
  arb_mat_init (right, m, 1);
  arb_mat_init (flipped, s, m);
  arb_mat_transpose (flipped, exchange->A);
  for (slong i = 0; i < m; i++)
    arb_get_mid_arb (arb_mat_entry (right, i, 0), v + i);
  if (exchange->square)
    solved = arb_mat_approx_solve (z, transposed ? flipped : exchange->A, right, prec) != 0;
  else
    {
      arb_mat_t projected;
      arb_mat_init (matrix, s, s);
      arb_mat_init (projected, s, 1);
      arb_mat_approx_mul (matrix, flipped, exchange->A, prec);
      arb_mat_approx_mul (projected, flipped, right, prec);
      solved = arb_mat_approx_solve (z, matrix, projected, prec) != 0;
      arb_mat_clear (matrix);
      arb_mat_clear (projected);
    }
  arb_mat_clear (right);
  arb_mat_clear (flipped);
  for (slong k = 0; solved && k < s; k++)
    solved = arf_is_finite (arb_midref (arb_mat_entry (z, k, 0)));
  return solved;
}

/* The part of column j outside the span of the candidate: its squared norm, and whether it may be
 * nothing but the uncertainty of the data. */
static bool
outside_span (arb_t gamma, const exchange_t *exchange, const arb_mat_t z, slong j)
{
  const delta1_instance_t *instance = exchange->instance;
  bool dependent = true;
  arb_t part;
  arb_init (part);
  arb_zero (gamma);
  for (slong i = 0; i < instance->m; i++)
    {
      arb_set (part, instance->A + j * instance->m + i);
      for (slong k = 0; k < exchange->candidate->size; k++)
        arb_submul (part, instance->A + exchange->candidate->column[k] * instance->m + i,
                    arb_mat_entry (z, k, 0), exchange->prec);
      mag_mul_2exp_si (arb_radref (part), arb_radref (part), 2);
      dependent = dependent && arb_contains_zero (part);
      arb_get_mid_arb (part, part);
      arb_addmul (gamma, part, part, exchange->prec);
    }
  arb_clear (part);
  return dependent;
}

/* A part of z counts when it is more than the uncertainty of the data can make. */
static void
significance (arf_t least, const exchange_t *exchange, const arb_mat_t z, slong j)
{
  const delta1_instance_t *instance = exchange->instance;
  mag_t size, noise, part;
  mag_init (size);
  mag_init (noise);
  mag_init (part);
  for (slong i = 0; i < instance->m; i++)
    {
      arf_get_mag (part, arb_midref (instance->A + j * instance->m + i));
      mag_max (size, size, part);
      mag_max (noise, noise, arb_radref (instance->A + j * instance->m + i));
    }
  mag_div (noise, noise, size);
  mag_one (size);
  for (slong k = 0; k < exchange->candidate->size; k++)
    {
      arf_get_mag (part, arb_midref (arb_mat_entry (z, k, 0)));
      mag_max (size, size, part);
    }
  mag_mul (noise, noise, size);
  mag_mul_2exp_si (noise, noise, 8);
  mag_mul_2exp_si (size, size, -exchange->prec / 2);
  mag_max (noise, noise, size);
  arf_set_mag (least, noise);
  mag_clear (size);
  mag_clear (noise);
  mag_clear (part);
}

/* Column j comes in with sign tau: x_B - t tau z, x_j = t tau, until a part of x_B vanishes. */
static bool
bring_in (exchange_t *exchange, slong j)
{
  const delta1_instance_t *instance = exchange->instance;
  delta1_candidate_t *candidate = exchange->candidate;
  const delta1_minimiser_t *minimiser = exchange->minimiser;
  slong s = candidate->size, leaving = -1;
  bool changed = false, dependent = true;
  arb_mat_t z;
  arb_t c, gamma, length, ratio;
  arf_t least;
  arb_mat_init (z, s, 1);
  arb_init (c);
  arb_init (gamma);
  arb_init (length);
  arb_init (ratio);
  arf_init (least);

  if (place_of (candidate, j) >= 0
      || (s > 0 && !solve (z, exchange, instance->A + j * instance->m, false)))
    goto cleanup;
  arb_dot (c, NULL, 0, instance->A + j * instance->m, 1, minimiser->dual, 1, instance->m,
           exchange->prec);
  int tau = instance->problem == DELTA1_LP || arf_sgn (arb_midref (c)) >= 0 ? 1 : -1;
  if (!exchange->square)
    dependent = outside_span (gamma, exchange, z, j);
  significance (least, exchange, z, j);
  if (!dependent)
    {
      arb_abs (length, c);
      arb_submul (length, minimiser->multiplier, instance->w + j, exchange->prec);
      arb_div (length, length, gamma, exchange->prec);
    }
  else
    arb_pos_inf (length);
  for (slong k = 0; k < s; k++)
    {
      arf_srcptr part = arb_midref (arb_mat_entry (z, k, 0));
      int sign = exchange->square && instance->problem != DELTA1_LP ? minimiser->sign[k]
                                                                    : candidate->sign[k];
      if (arf_cmpabs (part, least) <= 0 || (instance->intercept && candidate->sign[k] == 0)
          || sign * tau * arf_sgn (part) < 0)
        continue;
      arb_div (ratio, minimiser->x + k, arb_mat_entry (z, k, 0), exchange->prec);
      arb_abs (ratio, ratio);
      if (sign == 0)
        arb_zero (ratio);
      if (arf_cmp (arb_midref (ratio), arb_midref (length)) < 0)
        {
          arb_set (length, ratio);
          leaving = k;
        }
    }
  changed = leaving >= 0 || !dependent;
  if (leaving >= 0)
    take_out (candidate, leaving);
  if (changed && candidate->size < candidate->room)
    insert (candidate, j, tau);
  else
    changed = changed && leaving >= 0;

cleanup:
  arb_mat_clear (z);
  arb_clear (c);
  arb_clear (gamma);
  arb_clear (length);
  arb_clear (ratio);
  arf_clear (least);
  return changed;
}

/* lp: x_k < 0 leaves the basis; what enters keeps the reduced costs from changing sign. */
static bool
dual_exchange (exchange_t *exchange, slong leaving)
{
  const delta1_instance_t *instance = exchange->instance;
  delta1_candidate_t *candidate = exchange->candidate;
  slong s = candidate->size, m = instance->m, entering = -1;
  arb_mat_t row, price;
  arb_ptr unit = _arb_vec_init (m), cost = _arb_vec_init (m);
  arb_t part, slack, best;
  arb_mat_init (row, s, 1);
  arb_mat_init (price, s, 1);
  arb_init (part);
  arb_init (slack);
  arb_init (best);
  arb_pos_inf (best);
  arb_one (unit + leaving);
  for (slong k = 0; k < s; k++)
    arb_set (cost + k, instance->w + candidate->column[k]);
  if (solve (row, exchange, unit, true) && solve (price, exchange, cost, true))
    for (slong j = 0; j < instance->N; j++)
      {
        if (place_of (candidate, j) >= 0)
          continue;
        arb_dot (part, NULL, 0, instance->A + j * m, 1, arb_mat_entry (row, 0, 0), 1, m,
                 exchange->prec);
        if (arf_sgn (arb_midref (part)) >= 0
            || arf_cmpabs_2exp_si (arb_midref (part), -exchange->prec / 2) < 0)
          continue;
        arb_dot (slack, instance->w + j, 1, instance->A + j * m, 1, arb_mat_entry (price, 0, 0), 1,
                 m, exchange->prec);
        arb_div (slack, slack, part, exchange->prec);
        arb_neg (slack, slack);
        if (arf_cmp (arb_midref (slack), arb_midref (best)) < 0)
          {
            arb_set (best, slack);
            entering = j;
          }
      }
  if (entering >= 0)
    {
      take_out (candidate, leaving);
      insert (candidate, entering, 1);
    }
  arb_mat_clear (row);
  arb_mat_clear (price);
  _arb_vec_clear (unit, m);
  _arb_vec_clear (cost, m);
  arb_clear (part);
  arb_clear (slack);
  arb_clear (best);
  return entering >= 0;
}

delta1_status_t
delta1_candidate_exchange (delta1_candidate_t *candidate, bool *changed,
                           const delta1_instance_t *instance, const delta1_minimiser_t *minimiser,
                           const delta1_quantity_t *open, delta1_reason_t *reason)
{
  exchange_t exchange = { .instance = instance,
                          .candidate = candidate,
                          .minimiser = minimiser,
                          .square = candidate->lemma == DELTA1_LEMMA_BASIS
                                    || candidate->lemma == DELTA1_LEMMA_VERTEX,
                          .prec = instance->prec + 32 };
  slong k = place_of (candidate, open->column);
  *changed = false;
  if (minimiser->size != candidate->size
      || (open->kind != DELTA1_QUANTITY_SIGN && open->kind != DELTA1_QUANTITY_CORRELATION))
    return DELTA1_OK;
  if (open->kind == DELTA1_QUANTITY_SIGN && k < 0)
    return delta1_fail (reason, DELTA1_INPUT, "column %ld is not in the candidate",
                        (long)open->column);
  arb_mat_init (exchange.A, instance->m, candidate->size);
  for (slong l = 0; l < candidate->size; l++)
    for (slong i = 0; i < instance->m; i++)
      arb_get_mid_arb (arb_mat_entry (exchange.A, i, l),
                       instance->A + candidate->column[l] * instance->m + i);
  if (open->kind == DELTA1_QUANTITY_CORRELATION)
    *changed = bring_in (&exchange, open->column);
  else if (!exchange.square)
    {
      take_out (candidate, k);
      *changed = true;
    }
  else if (instance->problem == DELTA1_LP)
    *changed = dual_exchange (&exchange, k);
  arb_mat_clear (exchange.A);
  return DELTA1_OK;
}
