#include "src/network_evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "src/network_private.h"

/* --- over Q --------------------------------------------------------------------------------- */

void
delta1_layer_affine (fmpq_mat_t Z, const delta1_layer_t *layer, const fmpq_mat_t X,
                     const fmpq_mat_t Y)
{
  fmpq_mat_mul (Z, layer->W, X);
  if (layer->has_skip)
    {
      fmpq_mat_t S;
      fmpq_mat_init (S, fmpq_mat_nrows (Z), fmpq_mat_ncols (Z));
      fmpq_mat_mul (S, layer->R, Y);
      fmpq_mat_add (Z, Z, S);
      fmpq_mat_clear (S);
    }
  if (layer->has_bias)
    for (slong i = 0; i < layer->width; i++)
      for (slong p = 0; p < fmpq_mat_ncols (Z); p++)
        fmpq_add (fmpq_mat_entry (Z, i, p), fmpq_mat_entry (Z, i, p),
                  fmpq_mat_entry (layer->c, i, 0));
}

/* z = max(z - t, 0) - max(-z - t, 0) */
static void
soft_rational (fmpq_t z, const fmpq_t t)
{
  fmpq_t up, down;
  fmpq_init (up);
  fmpq_init (down);
  fmpq_sub (up, z, t);
  fmpq_add (down, z, t);
  if (fmpq_sgn (up) < 0)
    fmpq_zero (up);
  if (fmpq_sgn (down) > 0)
    fmpq_zero (down);
  fmpq_add (z, up, down);
  fmpq_clear (up);
  fmpq_clear (down);
}

delta1_status_t
delta1_layer_activate (fmpq_mat_t Z, const delta1_layer_t *layer, slong number,
                       delta1_reason_t *reason)
{
  for (slong i = 0; i < layer->width; i++)
    for (slong p = 0; p < fmpq_mat_ncols (Z); p++)
      {
        fmpq *z = fmpq_mat_entry (Z, i, p);
        switch (layer->unit[i])
          {
          case DELTA1_IDENTITY:
            break;
          case DELTA1_RELU:
            if (fmpq_sgn (z) < 0)
              fmpq_zero (z);
            break;
          case DELTA1_MODULUS:
            fmpq_abs (z, z);
            break;
          case DELTA1_SQUARE:
            fmpq_mul (z, z, z);
            break;
          case DELTA1_SOFT:
            soft_rational (z, layer->threshold + i);
            break;
          case DELTA1_BALL_GATE:
          case DELTA1_SHRINK_GATE:
          case DELTA1_GATED:
            return delta1_fail (reason, DELTA1_DOMAIN,
                                "layer %ld, entry %ld is part of a gate, whose values are not "
                                "rational: evaluate in balls",
                                (long)number, (long)i);
          }
      }
  return DELTA1_OK;
}

delta1_status_t
delta1_network_evaluate (fmpq *x, const delta1_network_t *network, const fmpq *y,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_mat_t Y, X, Z;
  fmpq_mat_init (Y, network->inputs, 1);
  for (slong k = 0; k < network->inputs; k++)
    fmpq_set (fmpq_mat_entry (Y, k, 0), y + k);
  fmpq_mat_init_set (X, Y);
  for (slong j = 0; j < network->layers; j++)
    {
      fmpq_mat_init (Z, network->layer[j].width, 1);
      delta1_layer_affine (Z, network->layer + j, X, Y);
      fmpq_mat_swap (X, Z);
      fmpq_mat_clear (Z);
      DELTA1_TRY (delta1_layer_activate (X, network->layer + j, j, reason));
    }
  for (slong i = 0; i < fmpq_mat_nrows (X); i++)
    fmpq_set (x + i, fmpq_mat_entry (X, i, 0));
cleanup:
  fmpq_mat_clear (X);
  fmpq_mat_clear (Y);
  return status;
}

/* --- in balls ------------------------------------------------------------------------------- */

static arb_ptr
balls_of_matrix (const fmpq_mat_t M, slong precision)
{
  slong rows = fmpq_mat_nrows (M), columns = fmpq_mat_ncols (M);
  arb_ptr v = _arb_vec_init (rows * columns);
  for (slong i = 0; i < rows; i++)
    for (slong k = 0; k < columns; k++)
      arb_set_fmpq (v + i * columns + k, fmpq_mat_entry (M, i, k), precision);
  return v;
}

static void
make_balls (const delta1_network_t *network, slong precision)
{
  delta1_network_copies_t *copies = network->copies;
  if (copies->precision == precision)
    return;
  delta1_network_drop_balls (network);
  copies->balls = flint_calloc ((size_t)network->layers, sizeof *copies->balls);
  for (slong j = 0; j < network->layers; j++)
    {
      const delta1_layer_t *layer = network->layer + j;
      delta1_layer_balls_t *balls = copies->balls + j;
      balls->W = balls_of_matrix (layer->W, precision);
      balls->R = layer->has_skip ? balls_of_matrix (layer->R, precision) : NULL;
      balls->c = layer->has_bias ? balls_of_matrix (layer->c, precision) : NULL;
      balls->threshold = _arb_vec_init (layer->width);
      for (slong i = 0; i < layer->width; i++)
        arb_set_fmpq (balls->threshold + i, layer->threshold + i, precision);
    }
  copies->precision = precision;
}

/* f(z) of the gate: monotone in max(1, z) or max(t^2, z), so the enclosure is tight. */
static void
gate_ball (arb_t f, delta1_unit_t gate, const arb_t z, const arb_t t, slong precision)
{
  arb_t floor;
  arb_init (floor);
  if (gate == DELTA1_BALL_GATE)
    arb_one (floor);
  else
    arb_mul (floor, t, t, precision);
  arb_max (f, z, floor, precision);
  arb_rsqrt (f, f, precision);
  if (gate == DELTA1_SHRINK_GATE)
    {
      arb_mul (f, f, t, precision);
      arb_sub_ui (f, f, 1, precision);
      arb_neg (f, f);
      arb_zero (floor);
      arb_max (f, f, floor, precision);
    }
  arb_clear (floor);
}

static void
soft_ball (arb_t z, const arb_t t, const arb_t zero, slong precision)
{
  arb_t up, down;
  arb_init (up);
  arb_init (down);
  arb_sub (up, z, t, precision);
  arb_add (down, z, t, precision);
  arb_max (up, up, zero, precision);
  arb_min (down, down, zero, precision);
  arb_add (z, up, down, precision);
  arb_clear (up);
  arb_clear (down);
}

static void
activate_balls (arb_ptr z, const delta1_layer_t *layer, const delta1_layer_balls_t *balls,
                slong precision)
{
  arb_t zero, f;
  arb_init (zero);
  arb_init (f);
  /* Gated entries first: they need the values of their gates. */
  for (slong i = 0; i < layer->width; i++)
    if (layer->unit[i] == DELTA1_GATED)
      {
        slong s = layer->gate[i];
        gate_ball (f, layer->unit[s], z + s, balls->threshold + s, precision);
        arb_mul (z + i, z + i, f, precision);
      }
  for (slong i = 0; i < layer->width; i++)
    switch (layer->unit[i])
      {
      case DELTA1_IDENTITY:
      case DELTA1_GATED:
        break;
      case DELTA1_RELU:
        arb_max (z + i, z + i, zero, precision);
        break;
      case DELTA1_MODULUS:
        arb_abs (z + i, z + i);
        break;
      case DELTA1_SQUARE:
        arb_sqr (z + i, z + i, precision);
        break;
      case DELTA1_SOFT:
        soft_ball (z + i, balls->threshold + i, zero, precision);
        break;
      case DELTA1_BALL_GATE:
      case DELTA1_SHRINK_GATE:
        arb_zero (z + i);
        break;
      }
  arb_clear (zero);
  arb_clear (f);
}

/* *d, *radius: the ball y lies within radius of d. */
static void
double_of_ball (double *d, double *radius, const arb_t y)
{
  mag_t size;
  arb_t rest;
  mag_init (size);
  arb_init (rest);
  *d = arf_get_d (arb_midref (y), ARF_RND_NEAR);
  if (isfinite (*d))
    arb_set_d (rest, *d);
  arb_sub (rest, y, rest, MAG_BITS);
  arb_get_mag (size, rest);
  *radius = 0;
  if (!mag_is_zero (size)) /* 30 bits: exact in the normal range of the doubles */
    *radius = mag_cmp_2exp_si (size, -1000) < 0  ? 0x1p-1000
              : mag_cmp_2exp_si (size, 1000) > 0 ? INFINITY
                                                 : mag_get_d (size);
  mag_clear (size);
  arb_clear (rest);
}

/* Theorem 5.3 in place of arb: false when it gives no bound. x may be y. */
static bool
evaluate_in_doubles (arb_ptr x, const delta1_network_t *network, arb_srcptr y)
{
  slong m = network->inputs, n = network->layer[network->layers - 1].width;
  delta1_reason_t reason;
  double *room = malloc ((size_t)(2 * m + 2 * n) * sizeof *room);
  if (room == NULL)
    return false;
  double *midpoint = room, *radius = room + m, *value = room + 2 * m, *error = value + n;
  for (slong k = 0; k < m; k++)
    double_of_ball (midpoint + k, radius + k, y + k);
  bool bounded = delta1_network_evaluate_doubles (value, error, network, midpoint, radius, &reason)
                 == DELTA1_OK;
  for (slong i = 0; i < n && bounded; i++)
    {
      arb_set_d (x + i, value[i]);
      mag_set_d (arb_radref (x + i), error[i]); /* rounds up */
    }
  free (room);
  return bounded;
}

void
delta1_network_evaluate_balls (arb_ptr x, const delta1_network_t *network, arb_srcptr y,
                               slong precision)
{
  slong m = network->inputs;
  if (precision <= 53 && evaluate_in_doubles (x, network, y))
    return;
  make_balls (network, precision);
  arb_ptr before = _arb_vec_init (m);
  slong size = m;
  _arb_vec_set (before, y, m);
  for (slong j = 0; j < network->layers; j++)
    {
      const delta1_layer_t *layer = network->layer + j;
      const delta1_layer_balls_t *balls = network->copies->balls + j;
      arb_ptr z = _arb_vec_init (layer->width);
      for (slong i = 0; i < layer->width; i++)
        {
          arb_dot (z + i, balls->c != NULL ? balls->c + i : NULL, 0, balls->W + i * layer->before,
                   1, before, 1, layer->before, precision);
          if (balls->R != NULL)
            arb_dot (z + i, z + i, 0, balls->R + i * m, 1, y, 1, m, precision);
        }
      activate_balls (z, layer, balls, precision);
      _arb_vec_clear (before, size);
      before = z;
      size = layer->width;
    }
  _arb_vec_swap (x, before, size);
  _arb_vec_clear (before, size);
}
