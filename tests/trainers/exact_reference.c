#include "tests/trainers/exact_reference.h"

slong
exact_select_columns (fmpq_mat_t part, slong column[EXACT_MAX_COLUMNS], const fmpz_mat_t A,
                      unsigned set)
{
  slong count = 0;
  for (slong j = 0; j < A->c; j++)
    if ((set >> j) & 1)
      column[count++] = j;
  fmpq_mat_init (part, A->r, count);
  for (slong i = 0; i < A->r; i++)
    for (slong l = 0; l < count; l++)
      fmpq_set_fmpz (fmpq_mat_entry (part, i, l), fmpz_mat_entry (A, i, column[l]));
  return count;
}

void
exact_value (fmpq_t sum, const fmpq *x, const fmpz *cost, slong N)
{
  fmpq_t term;
  fmpq_init (term);
  fmpq_zero (sum);
  for (slong j = 0; j < N; j++)
    {
      fmpq_mul_fmpz (term, x + j, cost + j);
      fmpq_add (sum, sum, term);
    }
  fmpq_clear (term);
}

/* The unique z with B z = y, B injective; false when there is none or B is not injective. */
static bool
solve_injective (fmpq *z, const fmpq_mat_t B, const fmpz *y)
{
  slong m = B->r, count = B->c;
  fmpq_mat_t T;
  fmpq_mat_init (T, m, count + 1);
  for (slong i = 0; i < m; i++)
    {
      for (slong l = 0; l < count; l++)
        fmpq_set (fmpq_mat_entry (T, i, l), fmpq_mat_entry (B, i, l));
      fmpq_set_fmpz (fmpq_mat_entry (T, i, count), y + i);
    }
  slong rank = fmpq_mat_rref (T, T);
  bool good = rank == count;
  for (slong l = 0; l < count && good; l++)
    good = fmpq_is_one (fmpq_mat_entry (T, l, l));
  for (slong l = 0; l < count && good; l++)
    fmpq_set (z + l, fmpq_mat_entry (T, l, count));
  fmpq_mat_clear (T);
  return good;
}

bool
exact_enumerate_vertices (fmpq_t least, const fmpz_mat_t A, const fmpz *y, const fmpz *cost)
{
  bool any = false;
  fmpq_t value;
  fmpq *z = _fmpq_vec_init (EXACT_MAX_COLUMNS), *x = _fmpq_vec_init (EXACT_MAX_COLUMNS);
  fmpq_init (value);
  for (unsigned set = 0; set < 1u << A->c; set++)
    {
      slong column[EXACT_MAX_COLUMNS];
      fmpq_mat_t B;
      slong count = exact_select_columns (B, column, A, set);
      bool vertex = count <= A->r && solve_injective (z, B, y);
      for (slong j = 0; j < A->c; j++)
        fmpq_zero (x + j);
      for (slong l = 0; l < count && vertex; l++)
        {
          vertex = fmpq_sgn (z + l) >= 0;
          fmpq_set (x + column[l], z + l);
        }
      if (vertex)
        {
          exact_value (value, x, cost, A->c);
          if (!any || fmpq_cmp (value, least) < 0)
            fmpq_set (least, value);
          any = true;
        }
      fmpq_mat_clear (B);
    }
  fmpq_clear (value);
  _fmpq_vec_clear (z, EXACT_MAX_COLUMNS);
  _fmpq_vec_clear (x, EXACT_MAX_COLUMNS);
  return any;
}

/* c = 2 A^T(y - Ax) */
static void
correlations (fmpq *c, const fmpz_mat_t A, const fmpz *y, const fmpq *x)
{
  fmpq_t r, t;
  fmpq_init (r);
  fmpq_init (t);
  for (slong j = 0; j < A->c; j++)
    fmpq_zero (c + j);
  for (slong i = 0; i < A->r; i++)
    {
      fmpq_set_fmpz (r, y + i);
      for (slong j = 0; j < A->c; j++)
        {
          fmpq_mul_fmpz (t, x + j, fmpz_mat_entry (A, i, j));
          fmpq_sub (r, r, t);
        }
      for (slong j = 0; j < A->c; j++)
        {
          fmpq_mul_fmpz (t, r, fmpz_mat_entry (A, i, j));
          fmpq_add (t, t, t);
          fmpq_add (c + j, c + j, t);
        }
    }
  fmpq_clear (r);
  fmpq_clear (t);
}

bool
exact_is_minimiser (bool *strict, const fmpq *x, const fmpz_mat_t A, const fmpz *y,
                    const fmpq_t lambda)
{
  bool good = true;
  fmpq *c = _fmpq_vec_init (A->c);
  fmpq_t size;
  fmpq_init (size);
  correlations (c, A, y, x);
  *strict = true;
  for (slong j = 0; j < A->c; j++)
    {
      int sign = fmpq_sgn (x + j);
      fmpq_abs (size, c + j);
      int order = fmpq_cmp (size, lambda);
      good = good && order <= 0 && (sign == 0 || (order == 0 && fmpq_sgn (c + j) == sign));
      *strict = *strict && (sign != 0 || order < 0);
    }
  _fmpq_vec_clear (c, A->c);
  fmpq_clear (size);
  return good;
}

bool
exact_enumerate_active_sets (fmpq *x, bool *unique, const fmpz_mat_t A, const fmpz *y,
                             const fmpq_t lambda)
{
  bool found = false;
  fmpq_t t;
  fmpq_init (t);
  for (unsigned set = 0; set < 1u << A->c && !found; set++)
    {
      slong column[EXACT_MAX_COLUMNS];
      fmpq_mat_t B, T, G, right, z;
      slong count = exact_select_columns (B, column, A, set);
      fmpq_mat_init (T, count, A->r);
      fmpq_mat_init (G, count, count);
      fmpq_mat_init (right, count, 1);
      fmpq_mat_init (z, count, 1);
      fmpq_mat_transpose (T, B);
      fmpq_mat_mul (G, T, B);
      for (unsigned signs = 0; signs < 1u << count && !found; signs++)
        {
          /* G z = B^T y - (lambda/2) sgn */
          for (slong l = 0; l < count; l++)
            {
              fmpq *to = fmpq_mat_entry (right, l, 0);
              fmpq_div_2exp (to, lambda, 1);
              if (((signs >> l) & 1) == 0)
                fmpq_neg (to, to);
              for (slong i = 0; i < A->r; i++)
                {
                  fmpq_mul_fmpz (t, fmpq_mat_entry (B, i, l), y + i);
                  fmpq_add (to, to, t);
                }
            }
          if (count > 0 && !fmpq_mat_solve (z, G, right))
            break;
          bool signs_right = true;
          for (slong j = 0; j < A->c; j++)
            fmpq_zero (x + j);
          for (slong l = 0; l < count; l++)
            {
              int wanted = ((signs >> l) & 1) == 0 ? 1 : -1;
              signs_right = signs_right && fmpq_sgn (fmpq_mat_entry (z, l, 0)) * wanted > 0;
              fmpq_set (x + column[l], fmpq_mat_entry (z, l, 0));
            }
          found = signs_right && exact_is_minimiser (unique, x, A, y, lambda);
        }
      fmpq_mat_clear (B);
      fmpq_mat_clear (T);
      fmpq_mat_clear (G);
      fmpq_mat_clear (right);
      fmpq_mat_clear (z);
    }
  fmpq_clear (t);
  return found;
}
