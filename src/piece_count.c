#include "src/piece_count.h"

#include <stdlib.h>

#include "src/network_private.h"

/* num/den, den > 0, not in lowest terms. */
typedef struct
{
  fmpz_t num, den;
} place_t;

/* A layer on the piece that is being walked. All forms of the layer are over one denominator D_j =
 * d_1 ... d_j, d_j that of the numbers of layer j, times that of the segment. */
typedef struct
{
  slong before, width;
  const delta1_layer_t *layer;
  fmpz *W, *R, *c; /* times d_j; R, c: NULL where absent; c times D_{j-1}, R times D_{j-1}/D_0 */
  fmpz *A, *B;     /* forms of the preactivations, then of the values */
  fmpz *x_A, *x_B; /* forms of the values on the present part */
  place_t *kink;   /* sorted */
  slong *unit;     /* whose kink it is */
  signed char *left, *right; /* signs of a unit at the two ends of the piece */
} level_t;

typedef struct
{
  slong layers, inputs, outputs;
  level_t *level;
  fmpz *y_A, *y_B; /* the input */
  fmpz *slope;     /* of the piece before, times D */
  slong count, limit;
  fmpz_t work, other;
} walk_t;

static void
place_init (place_t *place)
{
  fmpz_init (place->num);
  fmpz_init_set_ui (place->den, 1);
}

static void
place_clear (place_t *place)
{
  fmpz_clear (place->num);
  fmpz_clear (place->den);
}

/* The sign of A + B s. */
static int
sign_at (walk_t *walk, const fmpz_t A, const fmpz_t B, const place_t *s)
{
  if (fmpz_is_zero (B))
    return fmpz_sgn (A);
  fmpz_mul (walk->work, A, s->den);
  fmpz_addmul (walk->work, B, s->num);
  return fmpz_sgn (walk->work);
}

static int
compare (walk_t *walk, const place_t *a, const place_t *b)
{
  fmpz_mul (walk->work, a->num, b->den);
  fmpz_mul (walk->other, b->num, a->den);
  return fmpz_cmp (walk->work, walk->other);
}

/* The forms of the preactivations of layer j from those of the values before. */
static void
affine (walk_t *walk, slong j)
{
  level_t *level = walk->level + j;
  const fmpz *x_A = j == 0 ? walk->y_A : walk->level[j - 1].x_A;
  const fmpz *x_B = j == 0 ? walk->y_B : walk->level[j - 1].x_B;
  for (slong i = 0; i < level->width; i++)
    {
      const fmpz *row = level->W + i * level->before;
      if (level->c != NULL)
        fmpz_set (level->A + i, level->c + i);
      else
        fmpz_zero (level->A + i);
      fmpz_zero (level->B + i);
      for (slong k = 0; k < level->before; k++)
        {
          fmpz_addmul (level->A + i, row + k, x_A + k);
          fmpz_addmul (level->B + i, row + k, x_B + k);
        }
      for (slong k = 0; level->R != NULL && k < walk->inputs; k++)
        {
          fmpz_addmul (level->A + i, level->R + i * walk->inputs + k, walk->y_A + k);
          fmpz_addmul (level->B + i, level->R + i * walk->inputs + k, walk->y_B + k);
        }
    }
}

/* The kinks of the layer strictly inside (low, high), sorted; their number. */
static slong
find_kinks (walk_t *walk, level_t *level, const place_t *low, const place_t *high)
{
  slong count = 0;
  for (slong i = 0; i < level->width; i++)
    {
      level->left[i] = level->right[i] = 1;
      if (level->layer->unit[i] == DELTA1_IDENTITY)
        continue;
      level->left[i] = (signed char)sign_at (walk, level->A + i, level->B + i, low);
      level->right[i] = (signed char)sign_at (walk, level->A + i, level->B + i, high);
      if (level->left[i] * level->right[i] >= 0)
        continue;
      /* -A/B, put in its place among those found before */
      place_t made = level->kink[count];
      fmpz_neg (made.num, level->A + i);
      fmpz_set (made.den, level->B + i);
      if (fmpz_sgn (made.den) < 0)
        {
          fmpz_neg (made.num, made.num);
          fmpz_neg (made.den, made.den);
        }
      slong at = count++;
      for (; at > 0 && compare (walk, &level->kink[at - 1], &made) > 0; at--)
        {
          level->kink[at] = level->kink[at - 1];
          level->unit[at] = level->unit[at - 1];
        }
      level->kink[at] = made;
      level->unit[at] = i;
    }
  return count;
}

/* The forms of the values on a part on which unit i has the sign of sign[i]. */
static void
activate (level_t *level, const signed char *sign)
{
  for (slong i = 0; i < level->width; i++)
    {
      delta1_unit_t unit = level->layer->unit[i];
      if (unit == DELTA1_IDENTITY || sign[i] > 0)
        {
          fmpz_set (level->x_A + i, level->A + i);
          fmpz_set (level->x_B + i, level->B + i);
        }
      else if (unit == DELTA1_MODULUS)
        {
          fmpz_neg (level->x_A + i, level->A + i);
          fmpz_neg (level->x_B + i, level->B + i);
        }
      else
        {
          fmpz_zero (level->x_A + i);
          fmpz_zero (level->x_B + i);
        }
    }
}

/* A piece of the output: a new one when its slope is not that of the piece before. False: there are
 * more than the limit. */
static bool
arrive (walk_t *walk)
{
  const level_t *last = walk->level + walk->layers - 1;
  bool same = walk->count > 0;
  for (slong i = 0; same && i < walk->outputs; i++)
    same = fmpz_equal (walk->slope + i, last->x_B + i);
  if (same)
    return true;
  if (walk->count == walk->limit)
    return false;
  for (slong i = 0; i < walk->outputs; i++)
    fmpz_set (walk->slope + i, last->x_B + i);
  walk->count++;
  return true;
}

/* Layers j, j + 1, ... on [low, high], on which the values before are affine. */
static bool
descend (walk_t *walk, slong j, const place_t *low, const place_t *high)
{
  if (j == walk->layers)
    return arrive (walk);
  level_t *level = walk->level + j;
  affine (walk, j);
  slong kinks = find_kinks (walk, level, low, high);
  /* On the first part a unit has the sign of its left end; if that is 0, of its right end. */
  for (slong i = 0; i < level->width; i++)
    if (level->left[i] == 0)
      level->left[i] = level->right[i];
  for (slong part = 0, next; part <= kinks; part = next)
    {
      const place_t *from = part == 0 ? low : &level->kink[part - 1];
      /* Units of equal kinks change together. */
      next = part + 1;
      while (next <= kinks && part > 0 && compare (walk, from, &level->kink[next - 1]) == 0)
        next++;
      for (slong k = part == 0 ? 0 : part - 1; part > 0 && k < next - 1; k++)
        level->left[level->unit[k]] = level->right[level->unit[k]];
      activate (level, level->left);
      const place_t *to = next <= kinks ? &level->kink[next - 1] : high;
      if (!descend (walk, j + 1, part == 0 ? low : &level->kink[next - 2], to))
        return false;
    }
  return true;
}

/* --- preparation ------------------------------------------------------------------------------ */

static void
lcm_of_matrix (fmpz_t lcm, const fmpq_mat_struct *M)
{
  for (slong i = 0; i < fmpq_mat_nrows (M); i++)
    for (slong k = 0; k < fmpq_mat_ncols (M); k++)
      fmpz_lcm (lcm, lcm, fmpq_mat_entry_den (M, i, k));
}

/* M times factor, whose denominators it has; row-major. */
static fmpz *
integers (const fmpq_mat_struct *M, const fmpz_t factor)
{
  slong rows = fmpq_mat_nrows (M), columns = fmpq_mat_ncols (M);
  fmpz *v = _fmpz_vec_init (rows * columns);
  for (slong i = 0; i < rows; i++)
    for (slong k = 0; k < columns; k++)
      {
        fmpz_divexact (v + i * columns + k, factor, fmpq_mat_entry_den (M, i, k));
        fmpz_mul (v + i * columns + k, v + i * columns + k, fmpq_mat_entry_num (M, i, k));
      }
  return v;
}

static bool
level_init (level_t *level, const delta1_layer_t *layer, fmpz_t D, const fmpz_t D_0)
{
  fmpz_t d, factor;
  fmpz_init_set_ui (d, 1);
  fmpz_init (factor);
  *level = (level_t){ .before = layer->before, .width = layer->width, .layer = layer };
  lcm_of_matrix (d, layer->W);
  if (layer->has_skip)
    lcm_of_matrix (d, layer->R);
  if (layer->has_bias)
    lcm_of_matrix (d, layer->c);
  level->W = integers (layer->W, d);
  if (layer->has_bias)
    {
      fmpz_mul (factor, d, D);
      level->c = integers (layer->c, factor);
    }
  if (layer->has_skip)
    {
      fmpz_divexact (factor, D, D_0);
      fmpz_mul (factor, factor, d);
      level->R = integers (layer->R, factor);
    }
  fmpz_mul (D, D, d);
  level->A = _fmpz_vec_init (layer->width);
  level->B = _fmpz_vec_init (layer->width);
  level->x_A = _fmpz_vec_init (layer->width);
  level->x_B = _fmpz_vec_init (layer->width);
  level->kink = calloc ((size_t)layer->width, sizeof *level->kink);
  level->unit = calloc ((size_t)layer->width, sizeof *level->unit);
  level->left = calloc ((size_t)layer->width, sizeof *level->left);
  level->right = calloc ((size_t)layer->width, sizeof *level->right);
  for (slong i = 0; level->kink != NULL && i < layer->width; i++)
    place_init (level->kink + i);
  fmpz_clear (d);
  fmpz_clear (factor);
  return level->kink != NULL && level->unit != NULL && level->left != NULL && level->right != NULL;
}

static void
level_clear (level_t *level, slong inputs)
{
  if (level->W == NULL)
    return;
  _fmpz_vec_clear (level->W, level->width * level->before);
  if (level->R != NULL)
    _fmpz_vec_clear (level->R, level->width * inputs);
  if (level->c != NULL)
    _fmpz_vec_clear (level->c, level->width);
  _fmpz_vec_clear (level->A, level->width);
  _fmpz_vec_clear (level->B, level->width);
  _fmpz_vec_clear (level->x_A, level->width);
  _fmpz_vec_clear (level->x_B, level->width);
  for (slong i = 0; level->kink != NULL && i < level->width; i++)
    place_clear (level->kink + i);
  free (level->kink);
  free (level->unit);
  free (level->left);
  free (level->right);
}

/* y = a + s (b - a) over D_0. */
static void
set_segment (walk_t *walk, fmpz_t D_0, const fmpq *a, const fmpq *b)
{
  fmpz_one (D_0);
  for (slong k = 0; k < walk->inputs; k++)
    {
      fmpz_lcm (D_0, D_0, fmpq_denref (a + k));
      fmpz_lcm (D_0, D_0, fmpq_denref (b + k));
    }
  for (slong k = 0; k < walk->inputs; k++)
    {
      fmpz_divexact (walk->y_A + k, D_0, fmpq_denref (a + k));
      fmpz_mul (walk->y_A + k, walk->y_A + k, fmpq_numref (a + k));
      fmpz_divexact (walk->y_B + k, D_0, fmpq_denref (b + k));
      fmpz_mul (walk->y_B + k, walk->y_B + k, fmpq_numref (b + k));
      fmpz_sub (walk->y_B + k, walk->y_B + k, walk->y_A + k);
    }
}

static delta1_status_t
check_units (const delta1_network_t *network, delta1_reason_t *reason)
{
  for (slong j = 0; j < network->layers; j++)
    for (slong i = 0; i < network->layer[j].width; i++)
      {
        delta1_unit_t unit = network->layer[j].unit[i];
        if (unit != DELTA1_IDENTITY && unit != DELTA1_RELU && unit != DELTA1_MODULUS)
          return delta1_fail (reason, DELTA1_DOMAIN,
                              "unit %ld of layer %ld is %s; pieces are counted for identity, relu, "
                              "modulus",
                              (long)i, (long)j, delta1_unit_name (unit));
      }
  return DELTA1_OK;
}

delta1_status_t
delta1_piece_count (slong *count, const delta1_network_t *network, const fmpq *a, const fmpq *b,
                    slong limit, delta1_reason_t *reason)
{
  delta1_status_t status = check_units (network, reason);
  *count = 0;
  if (status != DELTA1_OK)
    return status;
  walk_t walk = { .layers = network->layers,
                  .inputs = network->inputs,
                  .outputs = delta1_network_outputs (network),
                  .limit = limit };
  place_t low, high;
  fmpz_t D, D_0;
  place_init (&low);
  place_init (&high);
  fmpz_one (high.num);
  fmpz_init (D);
  fmpz_init (D_0);
  fmpz_init (walk.work);
  fmpz_init (walk.other);
  walk.y_A = _fmpz_vec_init (walk.inputs);
  walk.y_B = _fmpz_vec_init (walk.inputs);
  walk.slope = _fmpz_vec_init (walk.outputs);
  walk.level = calloc ((size_t)walk.layers, sizeof *walk.level);
  bool good = walk.level != NULL;
  set_segment (&walk, D_0, a, b);
  fmpz_set (D, D_0);
  for (slong j = 0; good && j < walk.layers; j++)
    good = level_init (walk.level + j, network->layer + j, D, D_0);
  if (!good)
    status = delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  else if (!descend (&walk, 0, &low, &high))
    status = delta1_fail (reason, DELTA1_BUDGET, "more than %ld pieces", (long)limit);
  *count = walk.count;
  for (slong j = 0; walk.level != NULL && j < walk.layers; j++)
    level_clear (walk.level + j, walk.inputs);
  free (walk.level);
  _fmpz_vec_clear (walk.y_A, walk.inputs);
  _fmpz_vec_clear (walk.y_B, walk.inputs);
  _fmpz_vec_clear (walk.slope, walk.outputs);
  fmpz_clear (walk.work);
  fmpz_clear (walk.other);
  fmpz_clear (D);
  fmpz_clear (D_0);
  place_clear (&low);
  place_clear (&high);
  return status;
}
