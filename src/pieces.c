#include "src/pieces.h"

#include <stdlib.h>

#include "src/network_private.h"

/* Points s_0 < ... < s_P and the values of the present layer there, one column a point. */
struct delta1_pieces_struct
{
  slong points; /* P + 1 */
  fmpq *s;
  slong room; /* length of s */
  fmpq_mat_t X;
};

static int
compare (const void *a, const void *b)
{
  return fmpq_cmp (*(const fmpq *const *)a, *(const fmpq *const *)b);
}

/* Adds, for z from z0 to z1 on [s0, s1], the point where z + shift is 0, if it is inside. */
static void
add_zero (fmpq *kinks, slong *count, const fmpq *s, const fmpq_t z0, const fmpq_t z1,
          const fmpq_t shift)
{
  fmpq_t u, v;
  fmpq_init (u);
  fmpq_init (v);
  fmpq_add (u, z0, shift);
  fmpq_add (v, z1, shift);
  if (fmpq_sgn (u) * fmpq_sgn (v) < 0)
    {
      /* s0 + (s1 - s0) u/(u - v) */
      fmpq_sub (v, u, v);
      fmpq_div (u, u, v);
      fmpq_sub (v, s + 1, s);
      fmpq_mul (u, u, v);
      fmpq_add (kinks + *count, s, u);
      (*count)++;
    }
  fmpq_clear (u);
  fmpq_clear (v);
}

/* The inner kinks of the units of the layer on piece i; kinks: room for 2 width numbers. */
static slong
find_kinks (fmpq *kinks, const delta1_pieces_t *pieces, const delta1_layer_t *layer, slong i)
{
  slong count = 0;
  fmpq_t shift;
  fmpq_init (shift);
  for (slong e = 0; e < layer->width; e++)
    {
      const fmpq *z0 = fmpq_mat_entry (pieces->X, e, i), *z1 = fmpq_mat_entry (pieces->X, e, i + 1);
      fmpq_set (shift, layer->threshold + e);
      switch (layer->unit[e])
        {
        case DELTA1_RELU:
        case DELTA1_MODULUS:
          add_zero (kinks, &count, pieces->s + i, z0, z1, shift); /* its threshold is 0 */
          break;
        case DELTA1_SOFT:
          add_zero (kinks, &count, pieces->s + i, z0, z1, shift);
          fmpq_neg (shift, shift);
          add_zero (kinks, &count, pieces->s + i, z0, z1, shift);
          break;
        default:
          break;
        }
    }
  fmpq_clear (shift);
  return count;
}

/* Column p of X = the affine interpolation, at s, of columns i and i + 1 of `from`. */
static void
interpolate (fmpq_mat_t X, slong p, const delta1_pieces_t *from, slong i, const fmpq_t s)
{
  fmpq_t u, v;
  fmpq_init (u);
  fmpq_init (v);
  fmpq_sub (u, s, from->s + i);
  fmpq_sub (v, from->s + i + 1, from->s + i);
  fmpq_div (u, u, v);
  for (slong e = 0; e < fmpq_mat_nrows (X); e++)
    {
      const fmpq *x0 = fmpq_mat_entry (from->X, e, i);
      fmpq_sub (v, fmpq_mat_entry (from->X, e, i + 1), x0);
      fmpq_mul (v, v, u);
      fmpq_add (fmpq_mat_entry (X, e, p), x0, v);
    }
  fmpq_clear (u);
  fmpq_clear (v);
}

/* Inserts the kinks of the layer, whose preactivations are in pieces->X. */
static delta1_status_t
insert_kinks (delta1_pieces_t *pieces, const delta1_layer_t *layer, slong limit, slong number,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong old = pieces->points, most = 2 * layer->width, total = old;
  fmpq **kinks = calloc ((size_t)old, sizeof *kinks);
  fmpq **order = malloc ((size_t)most * sizeof *order);
  slong *counts = calloc ((size_t)old, sizeof *counts);
  delta1_pieces_t next = { 0 };
  fmpq_mat_init (next.X, 0, 0);
  fmpq *found = _fmpq_vec_init (most);
  if (kinks == NULL || order == NULL || counts == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  for (slong i = 0; i + 1 < old; i++)
    {
      slong count = find_kinks (found, pieces, layer, i), distinct = 0;
      for (slong k = 0; k < count; k++)
        order[k] = found + k;
      qsort (order, (size_t)count, sizeof *order, compare);
      for (slong k = 0; k < count; k++)
        if (k == 0 || !fmpq_equal (order[k], order[distinct - 1]))
          order[distinct++] = order[k];
      if (distinct > 0)
        kinks[i] = _fmpq_vec_init (distinct);
      counts[i] = distinct;
      for (slong k = 0; k < distinct; k++)
        fmpq_set (kinks[i] + k, order[k]);
      total += distinct;
      if (total - 1 > limit)
        DELTA1_TRY (delta1_fail (reason, DELTA1_BUDGET,
                                 "layer %ld: more than %ld pieces before merging", (long)number,
                                 (long)limit));
    }
  next.points = next.room = total;
  next.s = _fmpq_vec_init (total);
  fmpq_mat_clear (next.X);
  fmpq_mat_init (next.X, layer->width, total);
  for (slong i = 0, p = 0; i < old; i++)
    {
      fmpq_set (next.s + p, pieces->s + i);
      for (slong e = 0; e < layer->width; e++)
        fmpq_set (fmpq_mat_entry (next.X, e, p), fmpq_mat_entry (pieces->X, e, i));
      p++;
      for (slong k = 0; k < counts[i]; k++, p++)
        {
          fmpq_set (next.s + p, kinks[i] + k);
          interpolate (next.X, p, pieces, i, kinks[i] + k);
        }
    }
  delta1_pieces_t swap = *pieces;
  *pieces = next;
  next = swap;
cleanup:
  if (next.s != NULL)
    _fmpq_vec_clear (next.s, next.room);
  fmpq_mat_clear (next.X);
  for (slong i = 0; kinks != NULL && counts != NULL && i < old; i++)
    if (kinks[i] != NULL)
      _fmpq_vec_clear (kinks[i], counts[i]);
  _fmpq_vec_clear (found, most);
  free (kinks);
  free (order);
  free (counts);
  return status;
}

/* Whether every entry is affine from point i over point j to point k. */
static bool
is_straight (const delta1_pieces_t *pieces, slong i, slong j, slong k)
{
  bool straight = true;
  fmpq_t left, right, u, v;
  fmpq_init (left);
  fmpq_init (right);
  fmpq_init (u);
  fmpq_init (v);
  fmpq_sub (left, pieces->s + j, pieces->s + i);
  fmpq_sub (right, pieces->s + k, pieces->s + j);
  for (slong e = 0; straight && e < fmpq_mat_nrows (pieces->X); e++)
    {
      const fmpq *x = fmpq_mat_entry (pieces->X, e, j);
      fmpq_sub (u, x, fmpq_mat_entry (pieces->X, e, i));
      fmpq_mul (u, u, right);
      fmpq_sub (v, fmpq_mat_entry (pieces->X, e, k), x);
      fmpq_mul (v, v, left);
      straight = fmpq_equal (u, v);
    }
  fmpq_clear (left);
  fmpq_clear (right);
  fmpq_clear (u);
  fmpq_clear (v);
  return straight;
}

/* Forgets points at which nothing bends. Later layers see only X and y(s), which is affine. */
static void
merge (delta1_pieces_t *pieces)
{
  slong kept = 1;
  for (slong j = 1; j < pieces->points; j++)
    {
      if (j + 1 < pieces->points && is_straight (pieces, kept - 1, j, j + 1))
        continue;
      if (kept < j)
        {
          fmpq_swap (pieces->s + kept, pieces->s + j);
          for (slong e = 0; e < fmpq_mat_nrows (pieces->X); e++)
            fmpq_swap (fmpq_mat_entry (pieces->X, e, kept), fmpq_mat_entry (pieces->X, e, j));
        }
      kept++;
    }
  pieces->points = kept;
}

/* X: the values of the layer's preactivations at the points. */
static void
affine (delta1_pieces_t *pieces, const delta1_layer_t *layer, const fmpq *a, const fmpq *b, slong m)
{
  fmpq_mat_t X, Y, Z;
  fmpq_t u;
  fmpq_init (u);
  fmpq_mat_init (X, layer->before, pieces->points);
  fmpq_mat_init (Y, m, pieces->points);
  fmpq_mat_init (Z, layer->width, pieces->points);
  for (slong p = 0; p < pieces->points; p++)
    {
      for (slong e = 0; e < layer->before; e++)
        fmpq_swap (fmpq_mat_entry (X, e, p), fmpq_mat_entry (pieces->X, e, p));
      for (slong k = 0; k < m; k++)
        {
          fmpq_sub (u, b + k, a + k);
          fmpq_mul (u, u, pieces->s + p);
          fmpq_add (fmpq_mat_entry (Y, k, p), a + k, u);
        }
    }
  delta1_layer_affine (Z, layer, X, Y);
  fmpq_mat_swap (pieces->X, Z);
  fmpq_mat_clear (X);
  fmpq_mat_clear (Y);
  fmpq_mat_clear (Z);
  fmpq_clear (u);
}

delta1_status_t
delta1_pieces_create (delta1_pieces_t **pieces, const delta1_network_t *network, const fmpq *a,
                      const fmpq *b, slong limit, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = delta1_network_inputs (network);
  *pieces = NULL;
  if (!delta1_network_is_piecewise_linear (network))
    return delta1_fail (reason, DELTA1_DOMAIN,
                        "a network with squares or gates is not piecewise linear: it has no affine "
                        "pieces to count");
  delta1_pieces_t *made = calloc (1, sizeof *made);
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  made->points = made->room = 2;
  made->s = _fmpq_vec_init (2);
  fmpq_one (made->s + 1);
  fmpq_mat_init (made->X, m, 2);
  for (slong k = 0; k < m; k++)
    {
      fmpq_set (fmpq_mat_entry (made->X, k, 0), a + k);
      fmpq_set (fmpq_mat_entry (made->X, k, 1), b + k);
    }
  for (slong j = 0; j < network->layers; j++)
    {
      affine (made, network->layer + j, a, b, m);
      DELTA1_TRY (insert_kinks (made, network->layer + j, limit, j, reason));
      DELTA1_TRY (delta1_layer_activate (made->X, network->layer + j, j, reason));
      merge (made);
    }
  *pieces = made;
  made = NULL;
cleanup:
  delta1_pieces_free (made);
  return status;
}

void
delta1_pieces_free (delta1_pieces_t *pieces)
{
  if (pieces == NULL)
    return;
  _fmpq_vec_clear (pieces->s, pieces->room);
  fmpq_mat_clear (pieces->X);
  free (pieces);
}

slong
delta1_pieces_count (const delta1_pieces_t *pieces)
{
  return pieces->points - 1;
}

const fmpq *
delta1_pieces_break (const delta1_pieces_t *pieces, slong i)
{
  return pieces->s + i;
}

const fmpq *
delta1_pieces_value (const delta1_pieces_t *pieces, slong i, slong output)
{
  return fmpq_mat_entry (pieces->X, output, i);
}
