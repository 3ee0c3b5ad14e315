#include "src/enclosure_private.h"

#define GUARD 32

void
delta1_block_residual (arb_ptr r, const delta1_block_t *block, arb_srcptr c, arb_srcptr x,
                       slong prec)
{
  for (slong i = 0; i < block->m; i++)
    arb_dot (r + i, c != NULL ? c + i : NULL, 1, block->A + i, block->m, x, 1, block->s, prec);
}

/* The places where square and normal systems differ, in one refinement. */
typedef struct
{
  const delta1_block_t *block;
  bool transposed;
  arb_srcptr c, d;
  arb_ptr rest; /* s */
  arb_ptr v;    /* s */
  arb_ptr work; /* m */
} system_t;

static void
system_init (system_t *system, const delta1_block_t *block)
{
  *system = (system_t){ .block = block };
  system->rest = _arb_vec_init (block->s);
  system->v = _arb_vec_init (block->s);
  system->work = _arb_vec_init (block->m);
}

static void
system_clear (system_t *system)
{
  _arb_vec_clear (system->rest, system->block->s);
  _arb_vec_clear (system->v, system->block->s);
  _arb_vec_clear (system->work, system->block->m);
}

/* rest = right-hand side - (the system's matrix) x: c - A x, c - A^T x, A^T (c - A x) + d. */
static void
find_rest (system_t *system, arb_srcptr x, slong prec)
{
  const delta1_block_t *block = system->block;
  slong m = block->m;
  if (block->square && !system->transposed)
    {
      delta1_block_residual (system->rest, block, system->c, x, prec);
      return;
    }
  if (!block->square)
    delta1_block_residual (system->work, block, system->c, x, prec);
  for (slong k = 0; k < block->s; k++)
    {
      arb_srcptr constant = block->square ? system->c : system->d;
      arb_dot (system->rest + k, constant != NULL ? constant + k : NULL, block->square,
               block->A + k * m, 1, block->square ? x : system->work, 1, m, prec);
    }
}

/* v = R rest, or R^T rest. */
static void
apply_inverse (arb_ptr v, const delta1_block_t *block, bool transposed, arb_srcptr rest, slong prec)
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

/* x: exact numbers about the solution at the midpoints; rest and v are left as of that x. Each step
 * gains about -log2 of the contraction in bits (never less than one is counted on); the arithmetic
 * follows what has been gained. */
static void
refine (arb_ptr x, system_t *system)
{
  const delta1_block_t *block = system->block;
  slong s = block->s, target = block->prec;
  double log = mag_is_zero (block->contraction) ? -(double)block->inverse_prec
                                                : mag_get_d_log2_approx (block->contraction);
  slong gain = log < -1 ? (slong)-log : 1;
  gain = gain < block->inverse_prec ? gain : block->inverse_prec;
  slong limit = 2 * (target / gain) + 8;
  for (slong k = 0; k < s; k++)
    arb_zero (x + k);
  for (slong step = 0;; step++)
    {
      slong prec = (step + 2) * gain + 2 * GUARD;
      prec = prec < target ? prec : target;
      find_rest (system, x, prec);
      apply_inverse (system->v, block, system->transposed, system->rest, block->inverse_prec);
      if ((prec == target && settled (system->v, x, s, target)) || step == limit)
        break;
      for (slong k = 0; k < s; k++)
        arf_add (arb_midref (x + k), arb_midref (x + k), arb_midref (system->v + k), target,
                 ARF_RND_DOWN);
    }
}

void
delta1_block_solve_square (arb_ptr x, const delta1_block_t *block, bool transposed, arb_srcptr c)
{
  slong s = block->s;
  mag_srcptr row = transposed ? block->column : block->row;
  system_t system;
  mag_t eta, part, one;
  if (s == 0)
    return;
  mag_init (eta);
  mag_init (part);
  mag_init (one);
  system_init (&system, block);
  system.transposed = transposed;
  system.c = c;
  refine (x, &system);
  /* Theorem 4.9 (i): the error is v plus (I - R A) times the error. */
  for (slong k = 0; k < s; k++)
    {
      arb_get_mag (part, system.v + k);
      mag_max (eta, eta, part);
    }
  mag_one (one);
  mag_sub_lower (part, one, block->contraction);
  mag_div (eta, eta, part);
  for (slong k = 0; k < s; k++)
    {
      arb_add (x + k, x + k, system.v + k, block->prec + GUARD);
      mag_mul (part, eta, row + k);
      mag_add (arb_radref (x + k), arb_radref (x + k), part);
    }
  system_clear (&system);
  mag_clear (eta);
  mag_clear (part);
  mag_clear (one);
}

static void
norm_above (mag_t norm, arb_srcptr v, slong count)
{
  mag_t part;
  mag_init (part);
  mag_zero (norm);
  for (slong k = 0; k < count; k++)
    {
      arb_get_mag (part, v + k);
      mag_addmul (norm, part, part);
    }
  mag_sqrt (norm, norm);
  mag_clear (part);
}

/* eta_x, eta_r with eta_x <= beta + a22 eta_x + a21 eta_r, eta_r <= alpha + a11 eta_r + a12 eta_x:
 */
static void
bound_errors (mag_t eta_x, mag_t eta_r, const delta1_block_t *block, const mag_t alpha,
              const mag_t beta)
{
  mag_t one, a11, a12, a21, a22, left, part, determinant;
  mag_init (one);
  mag_init (a11);
  mag_init (a12);
  mag_init (a21);
  mag_init (a22);
  mag_init (left);
  mag_init (part);
  mag_init (determinant);
  mag_one (one);
  delta1_block_pseudoinverse_norm (a11, block);
  mag_mul (a11, a11, block->spread);
  mag_add (a22, a11, block->defect);
  mag_mul (a12, block->size, block->defect);
  mag_add (a12, a12, block->spread);
  mag_mul (a21, block->R_norm, block->spread);
  /* (1 - a11)(1 - a22) - a12 a21, from below: positive as the contraction is below 1 */
  mag_sub_lower (left, one, a11);
  mag_sub_lower (part, one, a22);
  mag_mul_lower (left, left, part);
  mag_mul (part, a12, a21);
  mag_sub_lower (determinant, left, part);
  /* eta_r = ((1 - a22) alpha + a12 beta)/det, eta_x = ((1 - a11) beta + a21 alpha)/det */
  mag_mul (part, a12, beta);
  mag_add (part, part, alpha);
  mag_div (eta_r, part, determinant);
  mag_mul (part, a21, alpha);
  mag_add (part, part, beta);
  mag_div (eta_x, part, determinant);
  mag_clear (one);
  mag_clear (a11);
  mag_clear (a12);
  mag_clear (a21);
  mag_clear (a22);
  mag_clear (left);
  mag_clear (part);
  mag_clear (determinant);
}

/* bound >= the norm of row k of R M^T: its square is (R M^T M R)_kk = R_kk - (R (I - M^T M R))_kk.
 */
static void
row_norm (mag_t bound, mag_t row, const delta1_block_t *block, slong k)
{
  mag_t part;
  mag_init (part);
  norm_above (row, arb_mat_entry (block->R, k, 0), block->s);
  mag_mul (bound, row, block->defect);
  arb_get_mag (part, arb_mat_entry (block->R, k, k));
  mag_add (bound, bound, part);
  mag_sqrt (bound, bound);
  mag_clear (part);
}

void
delta1_block_solve_normal (arb_ptr x, arb_ptr r, mag_t spread, const delta1_block_t *block,
                           arb_srcptr c, arb_srcptr d)
{
  slong s = block->s, m = block->m, prec = block->prec + GUARD;
  system_t system;
  arb_ptr w = _arb_vec_init (s), image = _arb_vec_init (m);
  mag_t alpha, beta, eta_x, rho, row, part;
  mag_init (alpha);
  mag_init (beta);
  mag_init (eta_x);
  mag_init (rho);
  mag_init (row);
  mag_init (part);
  system_init (&system, block);
  system.c = c;
  system.d = d;
  if (s > 0)
    refine (x, &system);
  /* r, and rho_1 = c - r - A x: the radii of the residual. */
  delta1_block_residual (r, block, c, x, prec);
  for (slong i = 0; i < m; i++)
    {
      mag_addmul (rho, arb_radref (r + i), arb_radref (r + i));
      mag_zero (arb_radref (r + i));
    }
  mag_sqrt (rho, rho);
  /* rest = -rho_2 = A^T r + d, w = R rest. */
  for (slong k = 0; k < s; k++)
    arb_dot (system.rest + k, d != NULL ? d + k : NULL, 0, block->A + k * m, 1, r, 1, m, prec);
  if (s > 0)
    apply_inverse (w, block, false, system.rest, prec);
  /* image contains -A w for every A of the box, so also -M w. */
  delta1_block_residual (image, block, NULL, w, block->inverse_prec);
  norm_above (alpha, image, m);
  mag_add (alpha, alpha, rho);
  delta1_block_pseudoinverse_norm (part, block);
  mag_mul (beta, part, rho);
  norm_above (part, w, s);
  mag_add (beta, beta, part);
  bound_errors (eta_x, spread, block, alpha, beta);
  for (slong k = 0; k < s; k++)
    {
      /* x - (what it is about) = w_k, within |C_k| rho + (defect + |C_k| spread) eta_x
         + |R_k| spread eta_r */
      row_norm (part, row, block, k);
      mag_mul (alpha, part, rho);
      mag_mul (part, part, block->spread);
      mag_add (part, part, block->defect);
      mag_addmul (alpha, part, eta_x);
      mag_mul (part, row, block->spread);
      mag_addmul (alpha, part, spread);
      arb_add (x + k, x + k, w + k, prec);
      mag_add (arb_radref (x + k), arb_radref (x + k), alpha);
    }
  system_clear (&system);
  _arb_vec_clear (w, s);
  _arb_vec_clear (image, m);
  mag_clear (alpha);
  mag_clear (beta);
  mag_clear (eta_x);
  mag_clear (rho);
  mag_clear (row);
  mag_clear (part);
}
