#include "src/existence.h"

#include <stdlib.h>

#include "src/network_evaluate.h"

/* --- verification --------------------------------------------------------------------------- */

static delta1_status_t
check_kind (const delta1_network_t *network, const fmpq_mat_t Y, const fmpq_mat_t X,
            delta1_reason_t *reason)
{
  bool good = delta1_network_layers (network) == 2;
  for (slong j = 0; good && j < 2; j++)
    for (slong i = 0; good && i < delta1_network_width (network, j); i++)
      good = delta1_network_skip (network, j) == NULL
             && delta1_network_unit (network, j, i) == (j == 0 ? DELTA1_RELU : DELTA1_IDENTITY);
  if (!good)
    return delta1_fail (reason, DELTA1_INPUT,
                        "not a network of one hidden ReLU layer without skip connections");
  if (fmpq_mat_ncols (Y) != delta1_network_inputs (network)
      || fmpq_mat_ncols (X) != delta1_network_outputs (network)
      || fmpq_mat_nrows (Y) != fmpq_mat_nrows (X))
    return delta1_fail (reason, DELTA1_INPUT,
                        "data of %ld x %ld and targets of %ld x %ld do not "
                        "fit a network from %ld to %ld numbers",
                        (long)fmpq_mat_nrows (Y), (long)fmpq_mat_ncols (Y),
                        (long)fmpq_mat_nrows (X), (long)fmpq_mat_ncols (X),
                        (long)delta1_network_inputs (network),
                        (long)delta1_network_outputs (network));
  return DELTA1_OK;
}

/* Adds W_2 w of unit i to the slope (N x m) when the unit is active; false when it changes sign in
 * the ball around y. */
static bool
add_unit (fmpq_mat_t slope, const delta1_network_t *network, slong i, const fmpq *y,
          const fmpq_t radius_squared)
{
  const fmpq_mat_struct *W = delta1_network_weights (network, 0);
  const fmpq_mat_struct *V = delta1_network_weights (network, 1);
  const fmpq_mat_struct *c = delta1_network_bias (network, 0);
  fmpq_t z, norm;
  fmpq_init (z);
  fmpq_init (norm);
  if (c != NULL)
    fmpq_set (z, fmpq_mat_entry (c, i, 0));
  for (slong k = 0; k < fmpq_mat_ncols (W); k++)
    {
      fmpq_addmul (z, fmpq_mat_entry (W, i, k), y + k);
      fmpq_addmul (norm, fmpq_mat_entry (W, i, k), fmpq_mat_entry (W, i, k));
    }
  if (fmpq_sgn (z) > 0)
    for (slong n = 0; n < fmpq_mat_nrows (V); n++)
      for (slong k = 0; k < fmpq_mat_ncols (W); k++)
        fmpq_addmul (fmpq_mat_entry (slope, n, k), fmpq_mat_entry (V, n, i),
                     fmpq_mat_entry (W, i, k));
  fmpq_mul (norm, norm, radius_squared);
  fmpq_mul (z, z, z);
  bool keeps_sign = fmpq_cmp (z, norm) >= 0;
  fmpq_clear (z);
  fmpq_clear (norm);
  return keeps_sign;
}

delta1_status_t
delta1_existence_verify (const delta1_network_t *network, const fmpq_mat_t Y, const fmpq_mat_t X,
                         const fmpq_t radius_squared, delta1_reason_t *reason)
{
  delta1_status_t status = check_kind (network, Y, X, reason);
  if (status != DELTA1_OK)
    return status;
  slong m = fmpq_mat_ncols (Y), N = fmpq_mat_ncols (X);
  fmpq *x = _fmpq_vec_init (N);
  fmpq_mat_t slope;
  fmpq_mat_init (slope, N, m);
  for (slong k = 0; k < fmpq_mat_nrows (Y); k++)
    {
      const fmpq *y = fmpq_mat_entry (Y, k, 0);
      DELTA1_TRY (delta1_network_evaluate (x, network, y, reason));
      for (slong i = 0; i < N; i++)
        if (!fmpq_equal (x + i, fmpq_mat_entry (X, k, i)))
          DELTA1_TRY (delta1_fail (reason, DELTA1_DOMAIN, "datum %ld: output %ld is not the target",
                                   (long)k, (long)i));
      fmpq_mat_zero (slope);
      for (slong i = 0; i < delta1_network_width (network, 0); i++)
        if (!add_unit (slope, network, i, y, radius_squared))
          DELTA1_TRY (delta1_fail (reason, DELTA1_DOMAIN,
                                   "datum %ld: unit %ld changes sign within the radius", (long)k,
                                   (long)i));
      if (!fmpq_mat_is_zero (slope))
        DELTA1_TRY (delta1_fail (reason, DELTA1_DOMAIN,
                                 "datum %ld: the network is not constant around it", (long)k));
    }
cleanup:
  fmpq_mat_clear (slope);
  _fmpq_vec_clear (x, N);
  return status;
}

/* --- construction --------------------------------------------------------------------------- */

/* A datum by its place on the line. */
typedef struct
{
  fmpq t;
  slong row;
} place_t;

static int
compare (const void *a, const void *b)
{
  const place_t *p = a, *q = b;
  int order = fmpq_cmp (&p->t, &q->t);
  return order != 0 ? order : (p->row > q->row) - (p->row < q->row);
}

static bool
rows_equal (const fmpq_mat_t M, slong i, slong j)
{
  for (slong k = 0; k < fmpq_mat_ncols (M); k++)
    if (!fmpq_equal (fmpq_mat_entry (M, i, k), fmpq_mat_entry (M, j, k)))
      return false;
  return true;
}

/* Sorts the data along u; false when u does not separate two different data. *conflict: a datum
 * that has two targets, or -1. */
static bool
sort_along (place_t *place, const fmpq *u, const fmpq_mat_t Y, const fmpq_mat_t X, slong *conflict)
{
  slong R = fmpq_mat_nrows (Y);
  *conflict = -1;
  for (slong k = 0; k < R; k++)
    {
      fmpq_zero (&place[k].t);
      place[k].row = k;
      for (slong i = 0; i < fmpq_mat_ncols (Y); i++)
        fmpq_addmul (&place[k].t, u + i, fmpq_mat_entry (Y, k, i));
    }
  qsort (place, (size_t)R, sizeof *place, compare);
  for (slong k = 0; k + 1 < R; k++)
    if (fmpq_equal (&place[k].t, &place[k + 1].t))
      {
        if (!rows_equal (Y, place[k].row, place[k + 1].row))
          return false;
        if (!rows_equal (X, place[k].row, place[k + 1].row))
          *conflict = place[k].row;
      }
  return true;
}

/* u = (1, s, s^2, ...) with s = 0, 1, -1, 2, -2, ...: two different data agree on at most m - 1 of
 * these directions (a polynomial of degree m - 1 in s), so the search ends. */
static void
set_direction (fmpq *u, slong m, slong attempt)
{
  slong s = attempt % 2 == 0 ? -(attempt / 2) : attempt / 2 + 1;
  fmpz_t power;
  fmpz_init_set_ui (power, 1);
  for (slong i = 0; i < m; i++)
    {
      fmpz_set (fmpq_numref (u + i), power);
      fmpz_one (fmpq_denref (u + i));
      fmpz_mul_si (power, power, s);
    }
  fmpz_clear (power);
}

/* The weights for the distinct places; rho > 0. */
static void
fill (delta1_network_t *network, const place_t *place, slong count, const fmpq *u, const fmpq_t rho,
      const fmpq_mat_t X)
{
  fmpq_mat_struct *W = delta1_network_edit_weights (network, 0);
  fmpq_mat_struct *c = delta1_network_edit_bias (network, 0);
  fmpq_mat_struct *V = delta1_network_edit_weights (network, 1);
  fmpq_mat_struct *start = delta1_network_edit_bias (network, 1);
  fmpq_t length, jump;
  fmpq_init (length);
  fmpq_init (jump);
  for (slong n = 0; n < fmpq_mat_ncols (X); n++)
    fmpq_set (fmpq_mat_entry (start, n, 0), fmpq_mat_entry (X, place[0].row, n));
  for (slong k = 0; k + 1 < count; k++)
    {
      for (slong i = 0; i < fmpq_mat_ncols (W); i++)
        {
          fmpq_set (fmpq_mat_entry (W, 2 * k, i), u + i);
          fmpq_set (fmpq_mat_entry (W, 2 * k + 1, i), u + i);
        }
      fmpq *left = fmpq_mat_entry (c, 2 * k, 0), *right = fmpq_mat_entry (c, 2 * k + 1, 0);
      fmpq_add (left, &place[k].t, rho);
      fmpq_neg (left, left);
      fmpq_sub (right, rho, &place[k + 1].t);
      fmpq_sub (length, left, right);
      for (slong n = 0; n < fmpq_mat_ncols (X); n++)
        {
          fmpq_sub (jump, fmpq_mat_entry (X, place[k + 1].row, n),
                    fmpq_mat_entry (X, place[k].row, n));
          fmpq_div (jump, jump, length);
          fmpq_set (fmpq_mat_entry (V, n, 2 * k), jump);
          fmpq_neg (fmpq_mat_entry (V, n, 2 * k + 1), jump);
        }
    }
  fmpq_clear (length);
  fmpq_clear (jump);
}

/* rho = plateau min gap / 2, r^2 = rho^2/||u||^2; both 1 for a single place. */
static void
set_radius (fmpq_t rho, fmpq_t radius_squared, const place_t *place, slong count, const fmpq *u,
            slong m, const fmpq_t plateau)
{
  fmpq_t gap;
  fmpq_init (gap);
  fmpq_one (rho);
  fmpq_one (radius_squared);
  for (slong k = 0; k + 1 < count; k++)
    {
      fmpq_sub (gap, &place[k + 1].t, &place[k].t);
      if (k == 0 || fmpq_cmp (gap, rho) < 0)
        fmpq_set (rho, gap);
    }
  if (count > 1)
    {
      fmpq_mul (rho, rho, plateau);
      fmpq_div_2exp (rho, rho, 1);
      fmpq_zero (gap);
      for (slong i = 0; i < m; i++)
        fmpq_addmul (gap, u + i, u + i);
      fmpq_mul (radius_squared, rho, rho);
      fmpq_div (radius_squared, radius_squared, gap);
    }
  fmpq_clear (gap);
}

delta1_status_t
delta1_existence_create (delta1_network_t **network, fmpq_t radius_squared, const fmpq_mat_t Y,
                         const fmpq_mat_t X, const fmpq_t plateau, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong R = fmpq_mat_nrows (Y), m = fmpq_mat_ncols (Y), N = fmpq_mat_ncols (X), conflict, count = 0;
  *network = NULL;
  if (fmpq_sgn (plateau) <= 0 || fmpz_cmp (fmpq_numref (plateau), fmpq_denref (plateau)) >= 0)
    return delta1_fail (reason, DELTA1_INPUT, "the plateau is a number strictly between 0 and 1");
  if (R < 1 || m < 1 || N < 1 || fmpq_mat_nrows (X) != R)
    return delta1_fail (reason, DELTA1_INPUT, "data of %ld x %ld, targets of %ld x %ld", (long)R,
                        (long)m, (long)fmpq_mat_nrows (X), (long)N);
  delta1_network_t *made = NULL;
  fmpq *u = _fmpq_vec_init (m);
  fmpq_t rho;
  fmpq_init (rho);
  place_t *place = calloc ((size_t)R, sizeof *place);
  for (slong k = 0; place != NULL && k < R; k++)
    fmpq_init (&place[k].t);
  if (place == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  slong attempt = 0;
  do
    set_direction (u, m, attempt++);
  while (!sort_along (place, u, Y, X, &conflict));
  if (conflict >= 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_DOMAIN,
                             "datum %ld has two targets: no function interpolates",
                             (long)conflict));
  for (slong k = 0; k < R; k++)
    if (k == 0 || !fmpq_equal (&place[k].t, &place[count - 1].t))
      {
        fmpq_swap (&place[count].t, &place[k].t);
        place[count++].row = place[k].row;
      }
  const slong widths[2] = { count > 1 ? 2 * (count - 1) : 1, N };
  DELTA1_TRY (delta1_network_create (&made, m, 2, widths, reason));
  DELTA1_TRY (delta1_network_set_units (made, 0, 0, widths[0], DELTA1_RELU, reason));
  set_radius (rho, radius_squared, place, count, u, m, plateau);
  fill (made, place, count, u, rho, X);
  DELTA1_TRY (delta1_existence_verify (made, Y, X, radius_squared, reason));
  *network = made;
  made = NULL;
cleanup:
  delta1_network_free (made);
  for (slong k = 0; place != NULL && k < R; k++)
    fmpq_clear (&place[k].t);
  free (place);
  fmpq_clear (rho);
  _fmpq_vec_clear (u, m);
  return status;
}
