#include "tests/src/coarse_system.h"

#define PREC 96

/* An entry k/16, |k| <= 64; often 0, as orthogonal columns are where bounds are attained. */
static void
random_entry (fmpq_t x)
{
  fmpq_set_si (x, delta1_test_random_below (3) == 0 ? 0 : delta1_test_random_below (129) - 64, 16);
}

static void
set_ball (arb_t x, const fmpq_t middle, const fmpq_t radius)
{
  arb_t r;
  arb_init (r);
  arb_set_fmpq (x, middle, COARSE_REFERENCE_PREC);
  arb_set_fmpq (r, radius, COARSE_REFERENCE_PREC);
  arb_add_error (x, r);
  arb_clear (r);
}

/* G = M (square) or M^T M; false: singular. */
static bool
exact_inverse (fmpq_mat_t inverse, const fmpq_mat_t M, bool square)
{
  fmpq_mat_t G, T;
  slong s = fmpq_mat_ncols (M);
  fmpq_mat_init (G, s, s);
  fmpq_mat_init (T, s, fmpq_mat_nrows (M));
  fmpq_mat_transpose (T, M);
  if (square)
    fmpq_mat_set (G, M);
  else
    fmpq_mat_mul (G, T, M);
  bool regular = fmpq_mat_inv (inverse, G);
  fmpq_mat_clear (G);
  fmpq_mat_clear (T);
  return regular;
}

void
coarse_system_init (coarse_system_t *system, slong m, slong s, bool square, slong permille,
                    slong exponent)
{
  delta1_reason_t reason;
  fmpq_t factor;
  *system = (coarse_system_t){ .m = m, .s = s };
  fmpq_mat_init (system->M, m, s);
  fmpq_mat_init (system->R, s, s);
  fmpq_mat_init (system->c, m, 1);
  fmpq_mat_init (system->d, s, 1);
  fmpq_init (system->radius);
  fmpq_init (factor);
  do
    for (slong i = 0; i < m; i++)
      for (slong k = 0; k < s; k++)
        random_entry (fmpq_mat_entry (system->M, i, k));
  while (!exact_inverse (system->R, system->M, square));
  for (slong i = 0; i < m; i++)
    random_entry (fmpq_mat_entry (system->c, i, 0));
  for (slong k = 0; k < s; k++)
    random_entry (fmpq_mat_entry (system->d, k, 0));
  fmpq_set_si (factor, 1000 + permille, 1000);
  for (slong k = 0; k < s; k++)
    for (slong l = 0; l < s; l++)
      fmpq_mul (fmpq_mat_entry (system->R, k, l), fmpq_mat_entry (system->R, k, l), factor);
  if (exponent > 0)
    {
      fmpq_one (system->radius);
      fmpq_div_2exp (system->radius, system->radius, (flint_bitcnt_t)exponent);
    }
  assert_ok (delta1_instance_init (&system->instance, DELTA1_LASSO, m, s, &reason), reason);
  delta1_instance_prepare (&system->instance, PREC);
  slong column[8];
  for (slong k = 0; k < s; k++)
    {
      column[k] = k;
      for (slong i = 0; i < m; i++)
        set_ball (system->instance.A + k * m + i, fmpq_mat_entry (system->M, i, k), system->radius);
    }
  for (slong i = 0; i < m; i++)
    set_ball (system->instance.y + i, fmpq_mat_entry (system->c, i, 0), system->radius);
  assert_ok (delta1_block_init (&system->block, &system->instance, column, s, square, &reason),
             reason);
  arb_mat_init (system->inverse, s, s);
  fmpq_clear (factor);
}

void
coarse_system_clear (coarse_system_t *system)
{
  fmpq_mat_clear (system->M);
  fmpq_mat_clear (system->R);
  fmpq_mat_clear (system->c);
  fmpq_mat_clear (system->d);
  fmpq_clear (system->radius);
  delta1_block_clear (&system->block);
  delta1_instance_clear (&system->instance);
  arb_mat_clear (system->inverse);
}

void
coarse_system_take_inverse (coarse_system_t *system)
{
  for (slong k = 0; k < system->s; k++)
    for (slong l = 0; l < system->s; l++)
      {
        arb_ptr entry = arb_mat_entry (system->inverse, k, l);
        arb_set_fmpq (entry, fmpq_mat_entry (system->R, k, l), 64);
        mag_zero (arb_radref (entry));
        arf_get_fmpq (fmpq_mat_entry (system->R, k, l), arb_midref (entry));
      }
  system->block.R = system->inverse;
  system->block.inverse_prec = 64;
}

/* The Frobenius norm, an upper bound that is close. */
static void
frobenius (mag_t norm, const fmpq_mat_t matrix)
{
  fmpq_t sum;
  arb_t root;
  fmpq_init (sum);
  arb_init (root);
  for (slong i = 0; i < fmpq_mat_nrows (matrix); i++)
    for (slong k = 0; k < fmpq_mat_ncols (matrix); k++)
      fmpq_addmul (sum, fmpq_mat_entry (matrix, i, k), fmpq_mat_entry (matrix, i, k));
  arb_set_fmpq (root, sum, COARSE_REFERENCE_PREC);
  arb_sqrt (root, root, COARSE_REFERENCE_PREC);
  arb_get_mag (norm, root);
  fmpq_clear (sum);
  arb_clear (root);
}

/* defect = I - R G, exactly. */
static void
exact_defect (fmpq_mat_t defect, const fmpq_mat_t R, const fmpq_mat_t G)
{
  fmpq_mat_mul (defect, R, G);
  fmpq_mat_neg (defect, defect);
  for (slong k = 0; k < fmpq_mat_nrows (defect); k++)
    fmpq_add_si (fmpq_mat_entry (defect, k, k), fmpq_mat_entry (defect, k, k), 1);
}

void
coarse_system_bound_rows (mag_ptr bound, mag_t most, const coarse_system_t *system, bool by_column)
{
  slong s = system->s;
  fmpq_mat_t defect;
  fmpq_t sum, part;
  arb_t upper;
  fmpq_mat_init (defect, s, s);
  fmpq_init (sum);
  fmpq_init (part);
  arb_init (upper);
  if (by_column)
    exact_defect (defect, system->M, system->R);
  else
    exact_defect (defect, system->R, system->M);
  for (slong i = 0; i < s; i++)
    {
      fmpq_zero (sum);
      for (slong k = 0; k < s; k++)
        {
          fmpq_abs (part,
                    by_column ? fmpq_mat_entry (defect, k, i) : fmpq_mat_entry (defect, i, k));
          fmpq_add (sum, sum, part);
          fmpq_abs (part, by_column ? fmpq_mat_entry (system->R, k, i)
                                    : fmpq_mat_entry (system->R, i, k));
          fmpq_mul (part, part, system->radius);
          fmpq_mul_si (part, part, s);
          fmpq_add (sum, sum, part);
        }
      arb_set_fmpq (upper, sum, COARSE_REFERENCE_PREC);
      arb_get_mag (bound + i, upper);
      mag_max (most, most, bound + i);
    }
  fmpq_mat_clear (defect);
  fmpq_clear (sum);
  fmpq_clear (part);
  arb_clear (upper);
}

void
coarse_gram (fmpq_mat_t G, fmpq_mat_t T, const fmpq_mat_t A)
{
  fmpq_mat_transpose (T, A);
  fmpq_mat_mul (G, T, A);
}

bool
coarse_system_measure (coarse_system_t *system)
{
  slong m = system->m, s = system->s;
  delta1_block_t *block = &system->block;
  fmpq_mat_t G, T, defect, radii;
  mag_t a, q;
  fmpq_mat_init (G, s, s);
  fmpq_mat_init (T, s, m);
  fmpq_mat_init (defect, s, s);
  fmpq_mat_init (radii, m, s);
  mag_init (a);
  mag_init (q);
  coarse_gram (G, T, system->M);
  exact_defect (defect, system->R, G);
  for (slong i = 0; i < m; i++)
    for (slong k = 0; k < s; k++)
      fmpq_set (fmpq_mat_entry (radii, i, k), system->radius);
  frobenius (block->defect, defect);
  frobenius (block->spread, radii);
  frobenius (block->size, system->M);
  frobenius (block->R_norm, system->R);
  /* q = eps + a + sqrt ((tau eps + delta) N delta), a = sqrt (N (1 + eps)) delta */
  mag_one (a);
  mag_add (a, a, block->defect);
  mag_mul (a, a, block->R_norm);
  mag_sqrt (a, a);
  mag_mul (a, a, block->spread);
  mag_mul (q, block->size, block->defect);
  mag_add (q, q, block->spread);
  mag_mul (q, q, block->R_norm);
  mag_mul (q, q, block->spread);
  mag_sqrt (q, q);
  mag_add (q, q, a);
  mag_add (block->contraction, q, block->defect);
  bool proves = mag_cmp_2exp_si (block->contraction, 0) < 0;
  fmpq_mat_clear (G);
  fmpq_mat_clear (T);
  fmpq_mat_clear (defect);
  fmpq_mat_clear (radii);
  mag_clear (a);
  mag_clear (q);
  return proves;
}

void
coarse_choose (fmpq_mat_t to, const fmpq_mat_t from, const fmpq_t radius, int corner)
{
  fmpq_mat_set (to, from);
  for (slong i = 0; corner > 0 && i < fmpq_mat_nrows (to); i++)
    for (slong k = 0; k < fmpq_mat_ncols (to); k++)
      if (delta1_test_random_below (2) == 0)
        fmpq_add (fmpq_mat_entry (to, i, k), fmpq_mat_entry (to, i, k), radius);
      else
        fmpq_sub (fmpq_mat_entry (to, i, k), fmpq_mat_entry (to, i, k), radius);
}
