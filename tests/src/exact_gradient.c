#include "tests/src/exact_gradient.h"

#include "src/network_gradient.h"

#define WIDEST 8

typedef struct
{
  fmpq_t value, slope;
} dual_t;

static void
dual_init (dual_t *v)
{
  for (int i = 0; i < WIDEST; i++)
    {
      fmpq_init (v[i].value);
      fmpq_init (v[i].slope);
    }
}

static void
dual_clear (dual_t *v)
{
  for (int i = 0; i < WIDEST; i++)
    {
      fmpq_clear (v[i].value);
      fmpq_clear (v[i].slope);
    }
}

/* z += w x, where w is the parameter `place` and `direction` the one that moves. */
static void
add_product (dual_t *z, const fmpq_t w, slong place, slong direction, const dual_t *x)
{
  fmpq_addmul (z->value, w, x->value);
  fmpq_addmul (z->slope, w, x->slope);
  if (place == direction)
    fmpq_add (z->slope, z->slope, x->value);
}

static void
zero (dual_t *z)
{
  fmpq_zero (z->value);
  fmpq_zero (z->slope);
}

static void
unit (dual_t *z, delta1_unit_t kind, const fmpq_t t, bool t_moves)
{
  fmpq_t up, down, slope;
  switch (kind)
    {
    case DELTA1_RELU:
      if (fmpq_sgn (z->value) <= 0)
        zero (z);
      break;
    case DELTA1_MODULUS:
      if (fmpq_sgn (z->value) == 0)
        zero (z);
      else if (fmpq_sgn (z->value) < 0)
        {
          fmpq_neg (z->value, z->value);
          fmpq_neg (z->slope, z->slope);
        }
      break;
    case DELTA1_SQUARE:
      fmpq_mul (z->slope, z->slope, z->value);
      fmpq_add (z->slope, z->slope, z->slope);
      fmpq_mul (z->value, z->value, z->value);
      break;
    case DELTA1_SOFT:
      fmpq_init (up);
      fmpq_init (down);
      fmpq_init (slope);
      fmpq_sub (up, z->value, t);
      fmpq_add (down, z->value, t);
      fmpq_set (slope, z->slope);
      zero (z);
      if (fmpq_sgn (up) > 0)
        {
          fmpq_add (z->value, z->value, up);
          fmpq_add (z->slope, z->slope, slope);
          if (t_moves)
            fmpq_sub_si (z->slope, z->slope, 1);
        }
      if (fmpq_sgn (down) < 0)
        {
          fmpq_add (z->value, z->value, down);
          fmpq_add (z->slope, z->slope, slope);
          if (t_moves)
            fmpq_add_si (z->slope, z->slope, 1);
        }
      fmpq_clear (up);
      fmpq_clear (down);
      fmpq_clear (slope);
      break;
    default:
      break;
    }
}

/* The derivative of the loss in one direction. */
static void
one_direction (fmpq_t d, const delta1_network_t *network, const fmpq *y, slong direction)
{
  dual_t input[WIDEST], now[WIDEST], next[WIDEST], one;
  slong m = delta1_network_inputs (network), before = m, place = 0;
  slong count = delta1_parameters_count (network);
  fmpq_t error;
  fmpq_init (error);
  fmpq_init (one.value);
  fmpq_init (one.slope);
  fmpq_one (one.value);
  dual_init (input);
  dual_init (now);
  dual_init (next);
  for (slong k = 0; k < m; k++)
    {
      fmpq_set (input[k].value, y + k);
      fmpq_set_si (input[k].slope, count + k == direction, 1);
      fmpq_set (now[k].value, input[k].value);
      fmpq_set (now[k].slope, input[k].slope);
    }
  for (slong j = 0; j < delta1_network_layers (network); j++)
    {
      slong width = delta1_network_width (network, j);
      const fmpq_mat_struct *W = delta1_network_weights (network, j);
      const fmpq_mat_struct *R = delta1_network_skip (network, j);
      const fmpq_mat_struct *c = delta1_network_bias (network, j);
      for (slong i = 0; i < width; i++)
        zero (next + i);
      for (slong i = 0; i < width; i++)
        for (slong k = 0; k < before; k++)
          add_product (next + i, fmpq_mat_entry (W, i, k), place++, direction, now + k);
      for (slong i = 0; R != NULL && i < width; i++)
        for (slong k = 0; k < m; k++)
          add_product (next + i, fmpq_mat_entry (R, i, k), place++, direction, input + k);
      for (slong i = 0; c != NULL && i < width; i++)
        add_product (next + i, fmpq_mat_entry (c, i, 0), place++, direction, &one);
      for (slong i = 0; i < width; i++)
        {
          delta1_unit_t kind = delta1_network_unit (network, j, i);
          unit (next + i, kind, delta1_network_threshold (network, j, i), place == direction);
          if (kind == DELTA1_SOFT)
            place++;
        }
      for (slong i = 0; i < width; i++)
        {
          fmpq_set (now[i].value, next[i].value);
          fmpq_set (now[i].slope, next[i].slope);
        }
      before = width;
    }
  fmpq_zero (d);
  for (slong i = 0; i < before; i++)
    {
      fmpq_sub_si (error, now[i].value, 1);
      fmpq_add (error, error, error);
      fmpq_addmul (d, error, now[i].slope);
    }
  dual_clear (input);
  dual_clear (now);
  dual_clear (next);
  fmpq_clear (one.value);
  fmpq_clear (one.slope);
  fmpq_clear (error);
}

void
exact_gradient (fmpq *d, const delta1_network_t *network, const fmpq *y)
{
  slong count = delta1_parameters_count (network) + delta1_network_inputs (network);
  for (slong i = 0; i < count; i++)
    one_direction (d + i, network, y, i);
}
