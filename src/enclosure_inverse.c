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
  mag_init (block->contraction);
  mag_init (block->defect);
  mag_init (block->spread);
  mag_init (block->size);
  mag_init (block->R_norm);
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
  mag_clear (block->contraction);
  mag_clear (block->defect);
  mag_clear (block->spread);
  mag_clear (block->size);
  mag_clear (block->R_norm);
  *block = (delta1_block_t){ .m = 0 };
}

/* The matrix to invert at prec bits: A as balls when square; otherwise M^T M, M the midpoint. */
static void
make_G (arb_mat_t G, const delta1_block_t *block, slong prec)
{
  slong m = block->m, s = block->s;
  arb_ptr middle = NULL;
  if (!block->square)
    {
      middle = flint_malloc ((size_t)(m * s) * sizeof *middle);
      for (slong k = 0; k < m * s; k++)
        {
          middle[k] = block->A[k]; /* shallow */
          mag_init (arb_radref (middle + k));
        }
    }
  for (slong k = 0; k < s; k++)
    if (block->square)
      for (slong i = 0; i < m; i++)
        arb_set_round (arb_mat_entry (G, i, k), block->A + k * m + i, prec);
    else
      for (slong l = k; l < s; l++)
        {
          arb_dot (arb_mat_entry (G, k, l), NULL, 0, middle + k * m, 1, middle + l * m, 1, m, prec);
          arb_set (arb_mat_entry (G, l, k), arb_mat_entry (G, k, l));
        }
  flint_free (middle);
}

/* I - product. */
static void
make_defect (arb_mat_t product)
{
  arb_mat_neg (product, product);
  for (slong i = 0; i < arb_mat_nrows (product); i++)
    arb_add_ui (arb_mat_entry (product, i, i), arb_mat_entry (product, i, i), 1, ARF_PREC_EXACT);
}

/* bound[i] = the sum over row (column) i of the moduli, upwards; most the largest. */
static void
bound_sums (mag_ptr bound, mag_t most, const arb_mat_t matrix, bool by_column)
{
  slong s = arb_mat_nrows (matrix);
  mag_t part;
  mag_init (part);
  for (slong i = 0; i < s; i++)
    {
      mag_zero (bound + i);
      for (slong k = 0; k < s; k++)
        {
          arb_get_mag (part,
                       by_column ? arb_mat_entry (matrix, k, i) : arb_mat_entry (matrix, i, k));
          mag_add (bound + i, bound + i, part);
        }
      mag_max (most, most, bound + i);
    }
  mag_clear (part);
}

/* The numbers of Theorem 4.9 that do not depend on R. */
static void
measure (delta1_block_t *block)
{
  mag_t part;
  mag_init (part);
  mag_zero (block->spread);
  mag_zero (block->size);
  for (slong k = 0; k < block->m * block->s; k++)
    {
      mag_addmul (block->spread, arb_radref (block->A + k), arb_radref (block->A + k));
      arf_get_mag (part, arb_midref (block->A + k));
      mag_addmul (block->size, part, part);
    }
  mag_sqrt (block->spread, block->spread);
  mag_sqrt (block->size, block->size);
  mag_clear (part);
}

void
delta1_block_pseudoinverse_norm (mag_t norm, const delta1_block_t *block)
{
  mag_one (norm);
  mag_add (norm, norm, block->defect);
  mag_mul (norm, norm, block->R_norm);
  mag_sqrt (norm, norm);
}

/* contraction = eps + a + sqrt((size eps + spread) R_norm spread), a = sqrt(R_norm (1 + eps))
 * spread, eps = defect. */
static void
bound_contraction (delta1_block_t *block, const arb_mat_t defect, const arb_mat_t R)
{
  slong s = block->s;
  mag_t part, other;
  mag_ptr sums = _mag_vec_init (s);
  mag_init (part);
  mag_init (other);
  mag_zero (block->defect);
  for (slong i = 0; i < s; i++)
    for (slong k = 0; k < s; k++)
      {
        arb_get_mag (part, arb_mat_entry (defect, i, k));
        mag_addmul (block->defect, part, part);
      }
  mag_sqrt (block->defect, block->defect);
  mag_zero (block->R_norm);
  bound_sums (sums, block->R_norm, R, false);
  delta1_block_pseudoinverse_norm (part, block);
  mag_mul (part, part, block->spread);
  mag_add (block->contraction, block->defect, part);
  mag_mul (part, block->size, block->defect);
  mag_add (part, part, block->spread);
  mag_mul (other, block->R_norm, block->spread);
  mag_mul (part, part, other);
  mag_sqrt (part, part);
  mag_add (block->contraction, block->contraction, part);
  _mag_vec_clear (sums, s);
  mag_clear (part);
  mag_clear (other);
}

/* The column with the largest R_kk ||M_k||^2: the inverse square of the sine of its angle to the
 * span of the others. */
static void
find_weakest (delta1_block_t *block, const arb_mat_t G, const arb_mat_t R)
{
  arf_t value, most;
  arf_init (value);
  arf_init (most);
  for (slong k = 0; k < block->s; k++)
    {
      arf_mul (value, arb_midref (arb_mat_entry (G, k, k)), arb_midref (arb_mat_entry (R, k, k)),
               30, ARF_RND_DOWN);
      if (k == 0 || arf_cmpabs (value, most) > 0)
        {
          arf_set (most, value);
          block->weakest = k;
        }
    }
  arf_clear (value);
  arf_clear (most);
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
  for (slong i = 0; made && !square && i < s; i++)
    for (slong k = 0; k < i; k++)
      arb_set (arb_mat_entry (inverse->R, i, k), arb_mat_entry (inverse->R, k, i));
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
                     const delta1_candidate_t *candidate)
{
  slong s = block->s;
  bool proved = false;
  arb_mat_t G, product;
  mag_t before;
  block->R = NULL;
  mag_zero (block->contraction);
  measure (block);
  if (s == 0)
    return true;
  arb_mat_init (G, s, s);
  arb_mat_init (product, s, s);
  mag_init (before);
  mag_inf (before);
  /* A sixteenth of the accuracy wanted makes the inverse cheap beside the refinement. */
  slong prec = block->prec / 16;
  prec = prec > LEAST_INVERSE_PREC ? prec : LEAST_INVERSE_PREC;
  if (same_columns (inverse, candidate, block->square) && inverse->prec >= prec)
    prec = inverse->prec;
  for (;; prec *= 2)
    {
      bool there = same_columns (inverse, candidate, block->square) && inverse->prec >= prec;
      make_G (G, block, prec + GUARD);
      if (there || approximate (inverse, G, candidate, block->square, prec))
        {
          arb_mat_mul (product, inverse->R, G, prec + GUARD);
          make_defect (product);
          if (block->square)
            {
              mag_zero (block->contraction);
              bound_sums (block->row, block->contraction, product, false);
              arb_mat_mul (product, G, inverse->R, prec + GUARD);
              make_defect (product);
              bound_sums (block->column, block->contraction, product, true);
            }
          else
            {
              bound_contraction (block, product, inverse->R);
              find_weakest (block, G, inverse->R);
            }
          proved = mag_cmp_2exp_si (block->contraction, 0) < 0;
        }
      else
        {
          mag_inf (block->contraction);
          proved = false;
        }
      /* More bits help until the radii of the data are all that is left. */
      bool settled = mag_cmp_2exp_si (block->contraction, -8) <= 0;
      mag_mul_2exp_si (before, before, -1);
      bool stuck = !mag_is_inf (block->contraction) && mag_cmp (block->contraction, before) > 0;
      mag_set (before, block->contraction);
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
