#include "src/plateau.h"

#include <stdlib.h>

typedef struct
{
  fmpq_t place, jump;  /* t_i and a_i |w_i|; equal places are one kink */
  fmpq_t slope, value; /* of the piece on its right; phi at the place */
} kink_t;

/* phi as a function of y_0: the pieces between sorted kinks. */
typedef struct
{
  slong count, room;
  kink_t *kink;
  fmpq_t first_slope; /* left of the first kink */
  fmpq_t rest; /* without kinks: the value; else the value at y_0 = 0 of the leftmost piece */
} ridge_t;

static int
compare (const void *a, const void *b)
{
  return fmpq_cmp (((const kink_t *)a)->place, ((const kink_t *)b)->place);
}

static void
ridge_clear (ridge_t *ridge)
{
  for (slong i = 0; i < ridge->room; i++)
    {
      fmpq_clear (ridge->kink[i].place);
      fmpq_clear (ridge->kink[i].jump);
      fmpq_clear (ridge->kink[i].slope);
      fmpq_clear (ridge->kink[i].value);
    }
  free (ridge->kink);
  fmpq_clear (ridge->first_slope);
  fmpq_clear (ridge->rest);
}

static delta1_status_t
check_kind (const delta1_network_t *network, delta1_reason_t *reason)
{
  bool good = delta1_network_layers (network) == 2 && delta1_network_outputs (network) == 1
              && delta1_network_skip (network, 0) == NULL
              && delta1_network_skip (network, 1) == NULL
              && delta1_network_unit (network, 1, 0) == DELTA1_IDENTITY;
  for (slong i = 0; good && i < delta1_network_width (network, 0); i++)
    {
      good = delta1_network_unit (network, 0, i) == DELTA1_RELU;
      for (slong j = 1; good && j < delta1_network_inputs (network); j++)
        good = fmpq_is_zero (fmpq_mat_entry (delta1_network_weights (network, 0), i, j));
    }
  if (!good)
    return delta1_fail (reason, DELTA1_INPUT,
                        "not a network of one hidden ReLU layer and one output that sees the first "
                        "coordinate only");
  return DELTA1_OK;
}

/* The kinks, unsorted, and the leftmost piece: its slope and its value at 0. */
static void
collect (ridge_t *ridge, const delta1_network_t *network)
{
  const fmpq_mat_struct *W = delta1_network_weights (network, 0);
  const fmpq_mat_struct *b = delta1_network_bias (network, 0);
  const fmpq_mat_struct *a = delta1_network_weights (network, 1);
  const fmpq_mat_struct *c = delta1_network_bias (network, 1);
  fmpq_t zero;
  fmpq_init (zero);
  if (c != NULL)
    fmpq_set (ridge->rest, fmpq_mat_entry (c, 0, 0));
  for (slong i = 0; i < delta1_network_width (network, 0); i++)
    {
      const fmpq *w = fmpq_mat_entry (W, i, 0), *out = fmpq_mat_entry (a, 0, i);
      const fmpq *bias = b == NULL ? zero : fmpq_mat_entry (b, i, 0);
      if (fmpq_sgn (w) < 0 || (fmpq_is_zero (w) && fmpq_sgn (bias) > 0))
        {
          fmpq_addmul (ridge->first_slope, out, w);
          fmpq_addmul (ridge->rest, out, bias);
        }
      if (fmpq_is_zero (w))
        continue;
      kink_t *kink = ridge->kink + ridge->count++;
      fmpq_div (kink->place, bias, w);
      fmpq_neg (kink->place, kink->place);
      fmpq_abs (kink->jump, w);
      fmpq_mul (kink->jump, kink->jump, out);
    }
  fmpq_clear (zero);
}

static delta1_status_t
ridge_init (ridge_t *ridge, const delta1_network_t *network, delta1_reason_t *reason)
{
  slong width = delta1_network_width (network, 0);
  *ridge = (ridge_t){ 0 };
  fmpq_init (ridge->first_slope);
  fmpq_init (ridge->rest);
  ridge->kink = calloc ((size_t)width, sizeof *ridge->kink);
  if (ridge->kink == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  ridge->room = width;
  for (slong i = 0; i < width; i++)
    {
      fmpq_init (ridge->kink[i].place);
      fmpq_init (ridge->kink[i].jump);
      fmpq_init (ridge->kink[i].slope);
      fmpq_init (ridge->kink[i].value);
    }
  collect (ridge, network);
  qsort (ridge->kink, (size_t)ridge->count, sizeof *ridge->kink, compare);
  fmpq_t length;
  fmpq_init (length);
  for (slong i = 0; i < ridge->count; i++)
    {
      kink_t *kink = ridge->kink + i;
      const fmpq *slope = i == 0 ? ridge->first_slope : ridge->kink[i - 1].slope;
      if (i == 0)
        {
          fmpq_mul (kink->value, slope, kink->place);
          fmpq_add (kink->value, kink->value, ridge->rest);
        }
      else
        {
          fmpq_sub (length, kink->place, ridge->kink[i - 1].place);
          fmpq_mul (length, length, slope);
          fmpq_add (kink->value, ridge->kink[i - 1].value, length);
        }
      fmpq_add (kink->slope, slope, kink->jump);
    }
  fmpq_clear (length);
  return DELTA1_OK;
}

/* The number of kinks at or left of x: the index of the piece that begins at or before x. */
static slong
piece_at (const ridge_t *ridge, const fmpq_t x)
{
  slong low = 0, high = ridge->count;
  while (low < high)
    {
      slong middle = low + (high - low) / 2;
      if (fmpq_cmp (ridge->kink[middle].place, x) <= 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static const fmpq *
slope_of (const ridge_t *ridge, slong piece)
{
  return piece == 0 ? ridge->first_slope : ridge->kink[piece - 1].slope;
}

/* value = phi at x, which is on the piece. */
static void
evaluate (fmpq_t value, const ridge_t *ridge, slong piece, const fmpq_t x)
{
  if (piece == 0)
    {
      fmpq_mul (value, ridge->first_slope, x);
      fmpq_add (value, value, ridge->rest);
      return;
    }
  const kink_t *kink = ridge->kink + piece - 1;
  fmpq_sub (value, x, kink->place);
  fmpq_mul (value, value, kink->slope);
  fmpq_add (value, value, kink->value);
}

static delta1_status_t
check_interval (const ridge_t *ridge, const delta1_plateaus_t *plateaus, slong k,
                delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_t left, right, value;
  fmpq_init (left);
  fmpq_init (right);
  fmpq_init (value);
  fmpq_sub (left, plateaus->centre + k, plateaus->radius);
  fmpq_add (right, plateaus->centre + k, plateaus->radius);
  slong piece = piece_at (ridge, left);
  evaluate (value, ridge, piece, left);
  if (!fmpq_equal (value, plateaus->value + k))
    DELTA1_TRY (delta1_fail (reason, DELTA1_DOMAIN,
                             "interval %ld: the network does not have its value at the left end",
                             (long)k));
  /* Every piece that has more than one point of [left, right]; equal kinks make empty pieces. */
  for (; !fmpq_is_zero (plateaus->radius); piece++)
    {
      bool empty = piece > 0 && piece < ridge->count
                   && fmpq_equal (ridge->kink[piece - 1].place, ridge->kink[piece].place);
      if (!empty && !fmpq_is_zero (slope_of (ridge, piece)))
        DELTA1_TRY (delta1_fail (reason, DELTA1_DOMAIN,
                                 "interval %ld: the network is not constant there", (long)k));
      if (piece == ridge->count || fmpq_cmp (ridge->kink[piece].place, right) >= 0)
        break;
    }
cleanup:
  fmpq_clear (left);
  fmpq_clear (right);
  fmpq_clear (value);
  return status;
}

delta1_status_t
delta1_plateau_verify (const delta1_network_t *network, const delta1_plateaus_t *plateaus,
                       delta1_reason_t *reason)
{
  ridge_t ridge;
  delta1_status_t status = check_kind (network, reason);
  if (status == DELTA1_OK && fmpq_sgn (plateaus->radius) < 0)
    status = delta1_fail (reason, DELTA1_INPUT, "a radius below 0");
  if (status != DELTA1_OK)
    return status;
  DELTA1_TRY (ridge_init (&ridge, network, reason));
  for (slong k = 0; k < plateaus->count; k++)
    DELTA1_TRY (check_interval (&ridge, plateaus, k, reason));
cleanup:
  ridge_clear (&ridge);
  return status;
}
