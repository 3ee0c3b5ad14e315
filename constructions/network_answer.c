#include "constructions/network_answer.h"

#include "src/existence.h"
#include "src/network_evaluate.h"
#include "src/number.h"

#define LARGEST_PRECISION 1048576
/* What an evaluation may take, for a network that somebody hostile made: bits of the weights as
 * balls; bits of a layer's values over Q; bits of all products over Q. */
#define LARGEST_BALLS 4294967296.0
#define LARGEST_VALUES 268435456.0
#define LARGEST_WORK 2147483648.0

/* --- what it takes ---------------------------------------------------------------------------- */

/* Of numbers: |x| < 2^magnitude for all of them, and their denominators have a common multiple of
 * at most `twos` + `others` bits: the longest power of two, and the others one after the other. */
typedef struct
{
  double count, magnitude, twos, others;
} extent_t;

static void
extend (extent_t *extent, const fmpq *x)
{
  const fmpz *q = fmpq_denref (x);
  double below = (double)fmpz_bits (q);
  double magnitude = (double)fmpz_bits (fmpq_numref (x)) - below + 1;
  extent->count++;
  if (magnitude > extent->magnitude)
    extent->magnitude = magnitude;
  if (fmpz_val2 (q) + 1 != fmpz_bits (q))
    extent->others += below;
  else if (below > extent->twos)
    extent->twos = below;
}

static void
extend_matrix (extent_t *extent, const fmpq_mat_struct *M)
{
  for (slong i = 0; M != NULL && i < fmpq_mat_nrows (M); i++)
    for (slong j = 0; j < fmpq_mat_ncols (M); j++)
      extend (extent, fmpq_mat_entry (M, i, j));
}

static extent_t
layer_extent (const delta1_network_t *network, slong layer)
{
  extent_t extent = { 0 };
  extend_matrix (&extent, delta1_network_weights (network, layer));
  extend_matrix (&extent, delta1_network_skip (network, layer));
  extend_matrix (&extent, delta1_network_bias (network, layer));
  for (slong i = 0; i < delta1_network_width (network, layer); i++)
    extend (&extent, delta1_network_threshold (network, layer, i));
  return extent;
}

/* Whether evaluating over Q stays within LARGEST_VALUES and LARGEST_WORK. With a layer's numbers
 * below 2^w, its input and y below 2^a, w, a >= 0, and n terms in a row, |z| < (n + 1) 2^(w + a),
 * and a unit gives at most 2(|z| + |t|) < 4 (n + 1) 2^(w + a). Common denominators multiply. */
static bool
fits_over_q (const delta1_network_t *network, const fmpq *y)
{
  slong m = delta1_network_inputs (network);
  extent_t data = { 0 };
  for (slong i = 0; i < m; i++)
    extend (&data, y + i);
  double below = data.twos + data.others, magnitude = data.magnitude, work = 0;
  for (slong j = 0; j < delta1_network_layers (network); j++)
    {
      extent_t layer = layer_extent (network, j);
      slong terms = delta1_network_width (network, j - 1) + m + 1;
      magnitude += layer.magnitude + 2 + (double)FLINT_BIT_COUNT ((ulong)terms);
      below += layer.twos + layer.others;
      if (delta1_network_skip (network, j) != NULL)
        below += data.twos + data.others;
      double bits = magnitude + 2 * below;
      work += layer.count * bits;
      if ((double)delta1_network_width (network, j) * bits > LARGEST_VALUES || work > LARGEST_WORK)
        return false;
    }
  return true;
}

static double
count_numbers (const delta1_network_t *network)
{
  double count = 0;
  for (slong j = 0; j < delta1_network_layers (network); j++)
    count += layer_extent (network, j).count;
  return count;
}

/* --- evaluating ------------------------------------------------------------------------------- */

/* *answered = false, and X is not filled, when the network does not fit. */
static delta1_status_t
answer_exactly (bool *answered, fmpq_mat_t X, const delta1_network_t *network,
                const delta1_tie_family_t *family, delta1_tier_t tier, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq *y = _fmpq_vec_init (family->m);
  *answered = true;
  for (slong k = 0; k < family->points && *answered && status == DELTA1_OK; k++)
    {
      delta1_tie_datum (y, family, tier, k);
      *answered = fits_over_q (network, y);
      if (*answered)
        status = delta1_network_evaluate (fmpq_mat_entry (X, k, 0), network, y, reason);
    }
  _fmpq_vec_clear (y, family->m);
  return status;
}

/* x = a multiple of 2^-prec near the midpoint; square += the square of a bound of the distance from
 * x to any point of the ball. False when the ball is not finite or reaches beyond
 * 2^LARGEST_PRECISION: exponents of balls have no limit, the numbers made from them must. */
static bool
take_midpoint (fmpq *x, mag_t square, const arb_t ball, slong prec)
{
  mag_t error;
  fmpz_t m;
  if (!arb_is_finite (ball) || arf_cmpabs_2exp_si (arb_midref (ball), LARGEST_PRECISION) > 0)
    return false;
  mag_init (error);
  fmpz_init (m);
  mag_set (error, arb_radref (ball));
  if (arf_get_fmpz_fixed_si (m, arb_midref (ball), -prec) != 0)
    {
      mag_t unit;
      mag_init (unit);
      mag_set_ui_2exp_si (unit, 1, -prec);
      mag_add (error, error, unit);
      mag_clear (unit);
    }
  mag_addmul (square, error, error);
  fmpq_set_fmpz (x, m);
  fmpq_div_2exp (x, x, (flint_bitcnt_t)prec);
  fmpz_clear (m);
  mag_clear (error);
  return true;
}

/* Row k of X within radius of phi (y_k), for every k. False when that takes balls which are not
 * finite, or a radius above 1. */
static bool
answer_in_balls (fmpq_mat_t X, fmpq_t radius, const delta1_network_t *network,
                 const delta1_tie_family_t *family, delta1_tier_t tier, slong prec)
{
  slong N = family->shape.N;
  arb_ptr y = _arb_vec_init (family->m), x = _arb_vec_init (N);
  mag_t square, largest;
  bool good = true;
  mag_init (square);
  mag_init (largest);
  for (slong k = 0; k < family->points && good; k++)
    {
      delta1_tie_datum_balls (y, family, tier, k, prec);
      delta1_network_evaluate_balls (x, network, y, prec);
      mag_zero (square);
      for (slong j = 0; j < N && good; j++)
        good = take_midpoint (fmpq_mat_entry (X, k, j), square, x + j, prec);
      mag_sqrt (square, square);
      mag_max (largest, largest, square);
    }
  good = good && mag_cmp_2exp_si (largest, 0) <= 0;
  if (good)
    {
      arf_t bound;
      arf_init (bound);
      /* Not smaller than a rounding of X: an exponent without limit makes no rational. */
      if (!mag_is_zero (largest) && mag_cmp_2exp_si (largest, -prec) < 0)
        mag_set_ui_2exp_si (largest, 1, -prec);
      arf_set_mag (bound, largest);
      arf_get_fmpq (radius, bound);
      arf_clear (bound);
    }
  mag_clear (square);
  mag_clear (largest);
  _arb_vec_clear (y, family->m);
  _arb_vec_clear (x, N);
  return good;
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
  delta1_status_t status = DELTA1_OK;
  bool answered = false;
  fmpq_zero (radius);
  if (family->mixing->kind != DELTA1_MIX_DCT && delta1_network_is_piecewise_linear (network))
    status = answer_exactly (&answered, X, network, family, tier, reason);
  if (answered || status != DELTA1_OK)
    return status;

  fmpq_t wanted;
  fmpq_init (wanted);
  delta1_number_set_digits (wanted, digits);
  double numbers = count_numbers (network);
  slong prec = 128 + 4 * digits, tried = 0;
  for (; prec <= LARGEST_PRECISION && (double)prec * numbers <= LARGEST_BALLS && !answered;
       prec *= 2)
    {
      tried = prec;
      answered = answer_in_balls (X, radius, network, family, tier, prec)
                 && fmpq_cmp (radius, wanted) <= 0;
    }
  fmpq_clear (wanted);
  if (!answered)
    status = delta1_fail (reason, DELTA1_UNDECIDED,
                          "the network's value is not enclosed to 1e-%ld with %ld bits, the most "
                          "for %.0f weights",
                          (long)digits, (long)tried, numbers);
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
