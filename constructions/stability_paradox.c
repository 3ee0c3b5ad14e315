#include "constructions/stability_paradox.h"

#include <stdlib.h>
#include <string.h>

#include "src/network_evaluate.h"
#include "src/pieces.h"
#include "src/plateau.h"

delta1_status_t
delta1_paradox_init (delta1_paradox_t *paradox, slong points, const fmpq_t delta,
                     const slong *widths, slong count, delta1_reason_t *reason)
{
  memset (paradox, 0, sizeof *paradox);
  fmpq_init (paradox->delta);
  fmpq_init (paradox->margin);
  fmpz_init_set_ui (paradox->pieces, 1);
  if (points < 2 || points > DELTA1_PARADOX_MAX_POINTS)
    return delta1_fail (reason, DELTA1_INPUT, "%ld points: allowed 2 to %d", (long)points,
                        DELTA1_PARADOX_MAX_POINTS);
  if (fmpq_sgn (delta) < 0)
    return delta1_fail (reason, DELTA1_INPUT, "delta: a number below 0; allowed: 0 and above");
  if (count < 2 || count > DELTA1_PARADOX_MAX_LAYERS + 1)
    return delta1_fail (reason, DELTA1_INPUT, "%ld widths: allowed 2 to %d, d first and 1 last",
                        (long)count, DELTA1_PARADOX_MAX_LAYERS + 1);
  if (widths[0] < 2 || widths[count - 1] != 1)
    return delta1_fail (reason, DELTA1_INPUT,
                        "widths from %ld to %ld: the first, d, is at least 2, the last is 1",
                        (long)widths[0], (long)widths[count - 1]);
  for (slong i = 0; i < count; i++)
    if (widths[i] < 1 || widths[i] > DELTA1_NETWORK_MAX_WIDTH)
      return delta1_fail (reason, DELTA1_INPUT, "width %ld: allowed 1 to %d", (long)widths[i],
                          DELTA1_NETWORK_MAX_WIDTH);
  paradox->widths = malloc ((size_t)count * sizeof *widths);
  if (paradox->widths == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  memcpy (paradox->widths, widths, (size_t)count * sizeof *widths);
  paradox->points = points;
  paradox->layers = count - 1;
  fmpq_set (paradox->delta, delta);
  fmpq_set_si (paradox->margin, 1, (ulong)((points + 1) * (2 * points + 1)));
  for (slong i = 1; i < count - 1; i++)
    fmpz_mul_si (paradox->pieces, paradox->pieces, widths[i] + 1);
  if (fmpz_cmp_si (paradox->pieces, points - 1) < 0)
    paradox->floor = (points - fmpz_get_si (paradox->pieces)) / 2;
  return DELTA1_OK;
}

void
delta1_paradox_clear (delta1_paradox_t *paradox)
{
  fmpq_clear (paradox->delta);
  fmpq_clear (paradox->margin);
  fmpz_clear (paradox->pieces);
  free (paradox->widths);
}

/* 2/(2k-1) */
static void
set_place (fmpq_t x, slong k)
{
  fmpq_set_si (x, 2, (ulong)(2 * k - 1));
}

void
delta1_paradox_datum (fmpq *x, const delta1_paradox_t *paradox, slong k, const fmpq_t shift)
{
  set_place (x, k);
  fmpq_set (x + 1, shift);
  if (delta1_paradox_label (k) == 1)
    fmpq_add (x + 1, x + 1, paradox->delta);
  for (slong i = 2; i < paradox->widths[0]; i++)
    fmpq_zero (x + i);
}

void
delta1_paradox_examples (fmpq_mat_t Y, fmpq_mat_t X, const delta1_paradox_t *paradox)
{
  fmpq_t zero;
  fmpq_init (zero);
  for (slong k = 2; k < paradox->points + 2; k++)
    {
      delta1_paradox_datum (fmpq_mat_entry (Y, k - 2, 0), paradox, k, zero);
      fmpq_set_si (fmpq_mat_entry (X, k - 2, 0), delta1_paradox_label (k), 1);
    }
  fmpq_clear (zero);
}

void
delta1_paradox_miss (fmpq_t value, slong k)
{
  fmpq_sub_si (value, value, delta1_paradox_label (k));
  fmpq_abs (value, value);
}

/* --- the two networks ------------------------------------------------------------------------- */

delta1_status_t
delta1_paradox_unstable (delta1_network_t **network, const delta1_paradox_t *paradox,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *made = NULL;
  slong layers = paradox->layers;
  *network = NULL;
  if (fmpq_is_zero (paradox->delta))
    return delta1_fail (reason, DELTA1_DOMAIN, "x_2/delta does not exist for delta = 0");
  DELTA1_TRY (
      delta1_network_create (&made, paradox->widths[0], layers, paradox->widths + 1, reason));
  for (slong j = 0; j < layers; j++)
    {
      fmpq_mat_struct *W = delta1_network_edit_weights (made, j);
      if (j == 0)
        fmpq_inv (fmpq_mat_entry (W, 0, 1), paradox->delta);
      else
        fmpq_one (fmpq_mat_entry (W, 0, 0));
      (void)delta1_network_edit_bias (made, j);
      if (j + 1 < layers)
        DELTA1_TRY (
            delta1_network_set_units (made, j, 0, paradox->widths[j + 1], DELTA1_RELU, reason));
    }
  *network = made;
  made = NULL;
cleanup:
  delta1_network_free (made);
  return status;
}

delta1_status_t
delta1_paradox_stable (delta1_network_t **network, const delta1_paradox_t *paradox,
                       const fmpq_t theta, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong K = paradox->points, widths[] = { 2 * (K - 1), 1 };
  delta1_network_t *made = NULL;
  fmpq_t w, slope, place;
  fmpq_init (w);
  fmpq_init (slope);
  fmpq_init (place);
  *network = NULL;
  fmpq_one (w);
  fmpq_sub (w, w, theta);
  if (fmpq_sgn (theta) <= 0 || fmpq_sgn (w) <= 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "theta: a number above 0 and below 1"));
  DELTA1_TRY (delta1_network_create (&made, paradox->widths[0], 2, widths, reason));
  DELTA1_TRY (delta1_network_set_units (made, 0, 0, widths[0], DELTA1_RELU, reason));
  fmpq_mul (w, w, paradox->margin);
  fmpq_inv (slope, w);
  fmpq_div_2exp (slope, slope, 1);
  fmpq_mat_struct *W = delta1_network_edit_weights (made, 0);
  fmpq_mat_struct *b = delta1_network_edit_bias (made, 0);
  fmpq_mat_struct *a = delta1_network_edit_weights (made, 1);
  fmpq_set_si (fmpq_mat_entry (delta1_network_edit_bias (made, 1), 0, 0), (K + 1) % 2, 1);
  for (slong k = 2; k <= K; k++)
    for (slong side = 0; side < 2; side++)
      {
        /* ReLU(x_1 - 1/k + w), and ReLU(x_1 - 1/k - w) with the other sign */
        slong unit = 2 * (k - 2) + side;
        fmpq_one (fmpq_mat_entry (W, unit, 0));
        fmpq_set_si (place, -1, (ulong)k);
        if (side == 0)
          fmpq_add (place, place, w);
        else
          fmpq_sub (place, place, w);
        fmpq_set (fmpq_mat_entry (b, unit, 0), place);
        if ((k % 2 == 1) == (side == 0))
          fmpq_set (fmpq_mat_entry (a, 0, unit), slope);
        else
          fmpq_neg (fmpq_mat_entry (a, 0, unit), slope);
      }
  *network = made;
  made = NULL;
cleanup:
  fmpq_clear (w);
  fmpq_clear (slope);
  fmpq_clear (place);
  delta1_network_free (made);
  return status;
}

delta1_status_t
delta1_paradox_check_stable (const delta1_network_t *network, const delta1_paradox_t *paradox,
                             const fmpq_t theta, delta1_reason_t *reason)
{
  slong K = paradox->points;
  delta1_reason_t why;
  fmpq_t radius;
  fmpq_init (radius);
  fmpq *centre = _fmpq_vec_init (K), *value = _fmpq_vec_init (K);
  fmpq_mul (radius, theta, paradox->margin);
  for (slong k = 2; k < K + 2; k++)
    {
      set_place (centre + k - 2, k);
      fmpq_set_si (value + k - 2, delta1_paradox_label (k), 1);
    }
  delta1_plateaus_t plateaus = { .count = K, .centre = centre, .value = value, .radius = radius };
  delta1_status_t status = delta1_plateau_verify (network, &plateaus, &why);
  if (status != DELTA1_OK)
    (void)delta1_fail (reason, status, "%s", why.text);
  _fmpq_vec_clear (centre, K);
  _fmpq_vec_clear (value, K);
  fmpq_clear (radius);
  return status;
}

/* --- the game --------------------------------------------------------------------------------- */

delta1_status_t
delta1_paradox_check_network (const delta1_paradox_t *paradox, const delta1_network_t *network,
                              delta1_reason_t *reason)
{
  slong layers = delta1_network_layers (network);
  if (delta1_network_inputs (network) != paradox->widths[0])
    return delta1_fail (reason, DELTA1_INPUT, "the network has %ld inputs; allowed: %ld",
                        (long)delta1_network_inputs (network), (long)paradox->widths[0]);
  if (layers != paradox->layers)
    return delta1_fail (reason, DELTA1_INPUT, "the network has %ld layers; allowed: %ld",
                        (long)layers, (long)paradox->layers);
  for (slong j = 0; j < layers; j++)
    {
      if (delta1_network_width (network, j) != paradox->widths[j + 1])
        return delta1_fail (reason, DELTA1_INPUT,
                            "layer %ld of the network has width %ld; allowed: %ld", (long)j,
                            (long)delta1_network_width (network, j), (long)paradox->widths[j + 1]);
      for (slong i = 0; i < paradox->widths[j + 1]; i++)
        {
          delta1_unit_t unit = delta1_network_unit (network, j, i);
          bool hidden = j + 1 < layers && (unit == DELTA1_RELU || unit == DELTA1_MODULUS);
          if (unit != DELTA1_IDENTITY && !hidden)
            return delta1_fail (reason, DELTA1_INPUT,
                                "unit %ld of layer %ld of the network is %s; allowed: %s", (long)i,
                                (long)j, delta1_unit_name (unit),
                                j + 1 < layers ? "relu, modulus, identity" : "identity");
        }
    }
  return DELTA1_OK;
}

void
delta1_paradox_verdict_init (delta1_paradox_verdict_t *verdict)
{
  *verdict = (delta1_paradox_verdict_t){ 0 };
  fmpq_init (verdict->loss);
}

void
delta1_paradox_verdict_clear (delta1_paradox_verdict_t *verdict)
{
  fmpq_clear (verdict->loss);
}

const char *
delta1_paradox_verdict_name (const delta1_paradox_verdict_t *verdict,
                             const delta1_paradox_t *paradox)
{
  if (verdict->correct < paradox->points)
    return "inaccurate";
  return verdict->broken[0] + verdict->broken[1] > 0 ? "broken" : "unbroken";
}

/* The pieces on the segment that holds every (2/(2k-1), 0). */
static delta1_status_t
count_pieces (slong *count, const delta1_paradox_t *paradox, const delta1_network_t *network,
              delta1_reason_t *reason)
{
  slong d = paradox->widths[0];
  delta1_pieces_t *pieces;
  fmpq *a = _fmpq_vec_init (d), *b = _fmpq_vec_init (d);
  set_place (a, paradox->points + 1);
  set_place (b, 2);
  delta1_status_t status
      = delta1_pieces_create (&pieces, network, a, b, DELTA1_NETWORK_MAX_WEIGHTS, reason);
  if (status == DELTA1_OK)
    *count = delta1_pieces_count (pieces);
  delta1_pieces_free (pieces);
  _fmpq_vec_clear (a, d);
  _fmpq_vec_clear (b, d);
  return status;
}

/* The class of p_k + (0, shift), and the value there. x: room for d numbers. */
static delta1_status_t
classify (int *class, fmpq_t value, fmpq *x, const delta1_paradox_t *paradox,
          const delta1_network_t *network, slong k, const fmpq_t shift, delta1_reason_t *reason)
{
  delta1_paradox_datum (x, paradox, k, shift);
  delta1_status_t status = delta1_network_evaluate (value, network, x, reason);
  /* value >= 1/2: twice the numerator is at least the denominator */
  fmpz_t twice;
  fmpz_init (twice);
  fmpz_mul_2exp (twice, fmpq_numref (value), 1);
  *class = fmpz_cmp (twice, fmpq_denref (value)) >= 0;
  fmpz_clear (twice);
  return status;
}

delta1_status_t
delta1_paradox_count_correct (slong *correct, const delta1_paradox_t *paradox,
                              const delta1_network_t *network, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong d = paradox->widths[0];
  fmpq *x = _fmpq_vec_init (d);
  fmpq_t zero, value;
  fmpq_init (zero);
  fmpq_init (value);
  *correct = 0;
  DELTA1_TRY (delta1_paradox_check_network (paradox, network, reason));
  for (slong k = 2; k < paradox->points + 2; k++)
    {
      int class;
      DELTA1_TRY (classify (&class, value, x, paradox, network, k, zero, reason));
      if (class != delta1_paradox_label (k))
        break;
      (*correct)++;
    }
cleanup:
  _fmpq_vec_clear (x, d);
  fmpq_clear (zero);
  fmpq_clear (value);
  return status;
}

delta1_status_t
delta1_paradox_judge (delta1_paradox_verdict_t *verdict, const delta1_paradox_t *paradox,
                      const delta1_network_t *network, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong d = paradox->widths[0];
  fmpq *x = _fmpq_vec_init (d);
  fmpq_t shift, value;
  fmpq_init (shift);
  fmpq_init (value);
  verdict->correct = verdict->broken[0] = verdict->broken[1] = verdict->line = 0;
  fmpq_zero (verdict->loss);
  DELTA1_TRY (delta1_paradox_check_network (paradox, network, reason));
  for (slong k = 2; k < paradox->points + 2; k++)
    {
      int label = delta1_paradox_label (k), class[2];
      for (int moved = 0; moved < 2; moved++)
        {
          fmpq_zero (shift);
          if (moved)
            fmpq_neg (shift, paradox->delta);
          DELTA1_TRY (classify (&class[moved], value, x, paradox, network, k, shift, reason));
          if (moved)
            continue;
          delta1_paradox_miss (value, k);
          if (fmpq_cmp (value, verdict->loss) > 0)
            fmpq_set (verdict->loss, value);
        }
      verdict->correct += class[0] == label;
      verdict->broken[label] += class[0] == label && class[1] != label;
      verdict->line += class[label] != label;
    }
  DELTA1_TRY (count_pieces (&verdict->pieces, paradox, network, reason));
  if (verdict->line < paradox->floor || fmpz_cmp_si (paradox->pieces, verdict->pieces) < 0)
    status = delta1_fail (reason, DELTA1_FAILED,
                          "a defect of delta1: %ld errors on the line and %ld pieces contradict "
                          "Theorem 7.1",
                          (long)verdict->line, (long)verdict->pieces);
cleanup:
  _fmpq_vec_clear (x, d);
  fmpq_clear (shift);
  fmpq_clear (value);
  return status;
}
