#include "tests/src/random_network.h"

void
random_weight (fmpq_t x, random_weights_t weights)
{
  delta1_test_random_rational (x, 6);
  if (weights == RANDOM_WEIGHTS_SMALL)
    return;
  fmpz_one (fmpq_denref (x));
  slong shift = 4;
  if (weights == RANDOM_WEIGHTS_CANCELLING)
    {
      fmpz_mul_2exp (fmpq_numref (x), fmpq_numref (x), 46);
      fmpz_add_ui (fmpq_numref (x), fmpq_numref (x), (ulong)delta1_test_random_below (1000));
      shift = 6 + delta1_test_random_below (80);
    }
  if (weights == RANDOM_WEIGHTS_SUBNORMAL)
    shift = 1040 + delta1_test_random_below (40);
  fmpq_div_2exp (x, x, (ulong)shift);
}

static void
fill (fmpq_mat_struct *M, random_weights_t weights)
{
  for (slong i = 0; i < fmpq_mat_nrows (M); i++)
    for (slong k = 0; k < fmpq_mat_ncols (M); k++)
      if (delta1_test_random_below (8) > 0)
        random_weight (fmpq_mat_entry (M, i, k), weights);
  if (weights == RANDOM_WEIGHTS_CANCELLING && fmpq_mat_ncols (M) > 1)
    for (slong i = 0; i < fmpq_mat_nrows (M); i++)
      {
        fmpq *last = fmpq_mat_entry (M, i, fmpq_mat_ncols (M) - 1);
        fmpq_set_si (last, 1, 1u << 30);
        for (slong k = 0; k + 1 < fmpq_mat_ncols (M); k++)
          fmpq_sub (last, last, fmpq_mat_entry (M, i, k));
      }
}

static void
add_gates (delta1_network_t *network, slong layer)
{
  delta1_reason_t reason;
  slong width = delta1_network_width (network, layer);
  fmpq_t threshold;
  fmpq_init (threshold);
  if (width >= 2)
    {
      slong source = delta1_test_random_below (width);
      delta1_unit_t gate = delta1_test_random () & 1 ? DELTA1_BALL_GATE : DELTA1_SHRINK_GATE;
      fmpq_set_si (threshold, 1 + delta1_test_random_below (5), 7);
      assert_ok (delta1_network_set_gate (network, layer, source, gate, threshold, &reason),
                 reason);
      for (slong i = 0; i < width; i++)
        if (i != source && delta1_test_random () & 1)
          assert_ok (delta1_network_set_gated (network, layer, i, source, &reason), reason);
    }
  fmpq_clear (threshold);
}

delta1_network_t *
random_network (slong max_layers, slong max_width, int units, bool square, random_weights_t weights)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  slong layers = 1 + delta1_test_random_below (max_layers), widths[16];
  fmpq_t threshold;
  fmpq_init (threshold);
  assert_true (max_layers <= 16);
  for (slong j = 0; j < layers; j++)
    widths[j] = 1 + delta1_test_random_below (max_width);
  assert_ok (delta1_network_create (&network, 1 + delta1_test_random_below (max_width), layers,
                                    widths, &reason),
             reason);
  for (slong j = 0; j < layers; j++)
    {
      fill (delta1_network_edit_weights (network, j), weights);
      if (delta1_test_random () & 1)
        fill (delta1_network_edit_skip (network, j), weights);
      if (delta1_test_random () & 1)
        fill (delta1_network_edit_bias (network, j), weights);
      for (slong i = 0; i < widths[j]; i++)
        {
          slong limit = units > DELTA1_SOFT + 1 ? DELTA1_SOFT + 1 : units;
          delta1_unit_t unit = (delta1_unit_t)delta1_test_random_below (limit);
          if (unit == DELTA1_SQUARE && !square)
            unit = DELTA1_RELU;
          assert_ok (delta1_network_set_units (network, j, i, 1, unit, &reason), reason);
          if (unit == DELTA1_SOFT)
            {
              random_weight (threshold, weights);
              assert_ok (delta1_network_set_threshold (network, j, i, threshold, &reason), reason);
            }
        }
      if (units > DELTA1_SOFT + 1 && delta1_test_random () & 1)
        add_gates (network, j);
    }
  fmpq_clear (threshold);
  return network;
}
