#include <stdlib.h>

#include "src/enclosure_private.h"

#define LEAST_INVERSE_PREC 64
#define GUARD 32

struct delta1_inverse_struct
{
  bool there;
  bool square;
  slong prec;
  slong size;
  slong *column;
  arb_mat_t R;
};

delta1_inverse_t *
delta1_inverse_create (void)
{
  return calloc (1, sizeof (delta1_inverse_t));
}

static void
inverse_reset (delta1_inverse_t *inverse)
{
  if (inverse->there)
    arb_mat_clear (inverse->R);
  free (inverse->column);
  *inverse = (delta1_inverse_t){ .there = false };
}

void
delta1_inverse_free (delta1_inverse_t *inverse)
{
  if (inverse != NULL)
    inverse_reset (inverse);
  free (inverse);
}

delta1_status_t
delta1_block_init (delta1_block_t *block, const delta1_instance_t *instance, const slong *column,
                   slong s, bool square, delta1_reason_t *reason)
{
  slong m = instance->m;
  *block = (delta1_block_t){ .m = m, .s = s, .square = square, .prec = instance->prec + GUARD };
  mag_init (block->row_most);
  mag_init (block->column_most);
  block->A = malloc ((size_t)(m * s + 1) * sizeof *block->A);
  block->row = _mag_vec_init (s);
  block->column = _mag_vec_init (s);
  if (block->A == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for %ld columns", (long)s);
  for (slong k = 0; k < s; k++)
    for (slong i = 0; i < m; i++)
      block->A[k * m + i] = instance->A[column[k] * m + i];
  return DELTA1_OK;
}

void
delta1_block_clear (delta1_block_t *block)
{
  free (block->A);
  if (block->row != NULL)
    _mag_vec_clear (block->row, block->s);
  if (block->column != NULL)
    _mag_vec_clear (block->column, block->s);
  mag_clear (block->row_most);
  mag_clear (block->column_most);
  *block = (delta1_block_t){ .m = 0 };
}

/* Balls around G, at prec bits. */
static void
make_G (arb_mat_t G, const delta1_block_t *block, slong prec)
{
  slong m = block->m, s = block->s;
  for (slong k = 0; k < s; k++)
    if (block->square)
      for (slong i = 0; i < m; i++)
        arb_set_round (arb_mat_entry (G, i, k), block->A + k * m + i, prec);
    else
      for (slong l = k; l < s; l++)
        {
          arb_dot (arb_mat_entry (G, k, l), NULL, 0, block->A + k * m, 1, block->A + l * m, 1, m,
                   prec);
          arb_set (arb_mat_entry (G, l, k), arb_mat_entry (G, k, l));
        }
}

/* bound[i] = the sum over a row (or column) of |I - product|, upwards. */
static void
bound_defect (mag_ptr bound, mag_t most, const arb_mat_t product, bool by_column)
{
  slong s = arb_mat_nrows (product);
  arb_t entry;
  mag_t part;
  arb_init (entry);
  mag_init (part);
  mag_zero (most);
  for (slong i = 0; i < s; i++)
    {
      mag_zero (bound + i);
      for (slong k = 0; k < s; k++)
        {
          if (by_column)
            arb_set (entry, arb_mat_entry (product, k, i));
          else
            arb_set (entry, arb_mat_entry (product, i, k));
          if (i == k)
            arb_sub_ui (entry, entry, 1, ARF_PREC_EXACT);
          arb_get_mag (part, entry);
          mag_add (bound + i, bound + i, part);
        }
      mag_max (most, most, bound + i);
    }
  arb_clear (entry);
  mag_clear (part);
}

static bool
same_columns (const delta1_inverse_t *inverse, const delta1_candidate_t *candidate, bool square)
{
  if (!inverse->there || inverse->square != square || inverse->size != candidate->size)
    return false;
  for (slong k = 0; k < inverse->size; k++)
    if (inverse->column[k] != candidate->column[k])
      return false;
  return true;
}

/* R about the inverse of the midpoint of G. False: singular to this arithmetic. */
static bool
approximate (delta1_inverse_t *inverse, const arb_mat_t G, const delta1_candidate_t *candidate,
             bool square, slong prec)
{
  slong s = candidate->size;
  inverse_reset (inverse);
  inverse->column = malloc ((size_t)(s + 1) * sizeof *inverse->column);
  if (inverse->column == NULL)
    return false;
  arb_mat_init (inverse->R, s, s);
  inverse->there = true;
  inverse->square = square;
  inverse->prec = prec;
  inverse->size = s;
  for (slong k = 0; k < s; k++)
    inverse->column[k] = candidate->column[k];
  bool made = arb_mat_approx_inv (inverse->R, G, prec) != 0;
  for (slong i = 0; made && i < s; i++)
    for (slong k = 0; k < s; k++)
      {
        made = made && arb_is_finite (arb_mat_entry (inverse->R, i, k));
        mag_zero (arb_radref (arb_mat_entry (inverse->R, i, k)));
      }
  if (!made)
    inverse_reset (inverse);
  return made;
}

bool
delta1_block_invert (delta1_block_t *block, delta1_inverse_t *inverse,
                     const delta1_candidate_t *candidate, slong least_prec)
{
  slong s = block->s;
  bool proved = false;
  arb_mat_t G, product;
  mag_t before;
  block->R = NULL;
  mag_zero (block->row_most);
  mag_zero (block->column_most);
  if (s == 0)
    return true;
  arb_mat_init (G, s, s);
  arb_mat_init (product, s, s);
  mag_init (before);
  mag_inf (before);
  /* A sixteenth of the accuracy wanted makes the inverse cheap beside the refinement. */
  slong prec = block->prec / 16;
  prec = prec > LEAST_INVERSE_PREC ? prec : LEAST_INVERSE_PREC;
  prec = prec > least_prec ? prec : least_prec;
  if (same_columns (inverse, candidate, block->square) && inverse->prec >= prec)
    prec = inverse->prec;
  for (;; prec *= 2)
    {
      bool there = same_columns (inverse, candidate, block->square) && inverse->prec >= prec;
      make_G (G, block, prec + GUARD);
      if (there || approximate (inverse, G, candidate, block->square, prec))
        {
          arb_mat_mul (product, inverse->R, G, prec + GUARD);
          bound_defect (block->row, block->row_most, product, false);
          if (block->square)
            {
              arb_mat_mul (product, G, inverse->R, prec + GUARD);
              bound_defect (block->column, block->column_most, product, true);
            }
          mag_max (block->row_most, block->row_most, block->column_most);
          proved = mag_cmp_2exp_si (block->row_most, 0) < 0;
        }
      else
        mag_inf (block->row_most);
      /* More bits help until the radii of the data are all that is left. */
      bool settled = mag_cmp_2exp_si (block->row_most, -8) <= 0;
      mag_mul_2exp_si (before, before, -1);
      bool stuck = !mag_is_inf (block->row_most) && mag_cmp (block->row_most, before) > 0;
      mag_set (before, block->row_most);
      if (settled || stuck || prec >= block->prec)
        break;
    }
  if (proved)
    {
      block->R = inverse->R;
      block->inverse_prec = inverse->prec;
    }
  arb_mat_clear (G);
  arb_mat_clear (product);
  mag_clear (before);
  return proved;
}

void
delta1_block_residual (arb_ptr r, const delta1_block_t *block, arb_srcptr c, arb_srcptr x,
                       slong prec)
{
  for (slong i = 0; i < block->m; i++)
    arb_dot (r + i, c != NULL ? c + i : NULL, 1, block->A + i, block->m, x, 1, block->s, prec);
}

/* rest = right-hand side - (the system's matrix) x. work: m balls. */
static void
defect (arb_ptr rest, arb_ptr work, const delta1_block_t *block, delta1_system_t system,
        arb_srcptr c, arb_srcptr d, arb_srcptr x, slong prec)
{
  slong m = block->m;
  if (system == DELTA1_SYSTEM_SQUARE)
    {
      delta1_block_residual (rest, block, c, x, prec);
      return;
    }
  if (system == DELTA1_SYSTEM_NORMAL)
    delta1_block_residual (work, block, c, x, prec);
  for (slong k = 0; k < block->s; k++)
    arb_dot (rest + k, d != NULL ? d + k : NULL, system == DELTA1_SYSTEM_TRANSPOSED,
             block->A + k * m, 1, system == DELTA1_SYSTEM_NORMAL ? work : x, 1, m, prec);
}

/* v = R rest, or R^T rest. */
static void
apply (arb_ptr v, const delta1_block_t *block, bool transposed, arb_srcptr rest, slong prec)
{
  slong s = block->s;
  arb_ptr all = s > 0 ? arb_mat_entry (block->R, 0, 0) : NULL;
  for (slong k = 0; k < s; k++)
    if (transposed)
      arb_dot (v + k, NULL, 0, all + k, s, rest, 1, s, prec);
    else
      arb_dot (v + k, NULL, 0, all + k * s, 1, rest, 1, s, prec);
}

/* Whether the correction v is below what is wanted: every part of it within its own radius, or
 * negligible beside the largest part of x. */
static bool
settled (arb_srcptr v, arb_srcptr x, slong s, slong prec)
{
  bool done = true;
  mag_t size, part, most;
  mag_init (size);
  mag_init (part);
  mag_init (most);
  for (slong k = 0; k < s; k++)
    {
      arf_get_mag (part, arb_midref (x + k));
      mag_max (most, most, part);
    }
  mag_mul_2exp_si (most, most, -prec);
  for (slong k = 0; k < s && done; k++)
    {
      arf_get_mag (size, arb_midref (v + k));
      mag_mul_2exp_si (part, arb_radref (v + k), -1);
      done = mag_cmp (size, part) <= 0 || mag_cmp (size, most) <= 0;
    }
  mag_clear (size);
  mag_clear (part);
  mag_clear (most);
  return done;
}

void
delta1_block_solve (arb_ptr x, const delta1_block_t *block, delta1_system_t system, arb_srcptr c,
                    arb_srcptr d)
{
  slong s = block->s, m = block->m, target = block->prec;
  if (s == 0)
    return;
  bool transposed = system == DELTA1_SYSTEM_TRANSPOSED;
  mag_srcptr row = transposed ? block->column : block->row;
  arb_ptr rest = _arb_vec_init (s), v = _arb_vec_init (s), work = _arb_vec_init (m);
  mag_t most, eta, part;
  mag_init (most);
  mag_init (eta);
  mag_init (part);

  /* Each step gains about -log2 ||I - R G|| bits (never less than one is counted on); the
   * arithmetic follows what has been gained. */
  double defect_log = mag_is_zero (block->row_most) ? -(double)block->inverse_prec
                                                    : mag_get_d_log2_approx (block->row_most);
  slong gain = defect_log < -1 ? (slong)-defect_log : 1;
  gain = gain < block->inverse_prec ? gain : block->inverse_prec;
  slong limit = 2 * (target / gain) + 8;
  for (slong k = 0; k < s; k++)
    arb_zero (x + k);
  for (slong step = 0;; step++)
    {
      slong prec = (step + 2) * gain + 2 * GUARD;
      prec = prec < target ? prec : target;
      defect (rest, work, block, system, c, d, x, prec);
      apply (v, block, transposed, rest, block->inverse_prec);
      if ((prec == target && settled (v, x, s, target)) || step == limit)
        break;
      for (slong k = 0; k < s; k++)
        arf_add (arb_midref (x + k), arb_midref (x + k), arb_midref (v + k), target, ARF_RND_DOWN);
    }
  /* Theorem 4.9: the error is v plus (I - R G) times the error. */
  mag_zero (most);
  for (slong k = 0; k < s; k++)
    mag_max (most, most, row + k);
  mag_zero (eta);
  for (slong k = 0; k < s; k++)
    {
      arb_get_mag (part, v + k);
      mag_max (eta, eta, part);
    }
  mag_t one;
  mag_init (one);
  mag_one (one);
  mag_sub_lower (part, one, most);
  mag_div (eta, eta, part);
  mag_clear (one);
  for (slong k = 0; k < s; k++)
    {
      arb_add (x + k, x + k, v + k, target + GUARD);
      mag_mul (part, eta, row + k);
      mag_add (arb_radref (x + k), arb_radref (x + k), part);
    }
  _arb_vec_clear (rest, s);
  _arb_vec_clear (v, s);
  _arb_vec_clear (work, m);
  mag_clear (most);
  mag_clear (eta);
  mag_clear (part);
}
