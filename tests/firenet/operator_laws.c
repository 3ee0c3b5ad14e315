#include "tests/firenet/operator_laws.h"

#define PREC 512

static void
random_vector (const delta1_operator_t *A, void *x, slong count)
{
  arf_t entry;
  arf_init (entry);
  for (slong i = 0; i < count; i++)
    {
      arf_set_si_2exp_si (entry, delta1_test_random_below (2000001) - 1000000, -20);
      A->use->set (x, i, entry);
    }
  arf_clear (entry);
}

static arb_ptr
read_vector (const delta1_operator_t *A, const void *x, slong count)
{
  arb_ptr v = _arb_vec_init (count);
  for (slong i = 0; i < count; i++)
    A->use->get_ball (v + i, x, i);
  return v;
}

static void
length (arb_t l, arb_srcptr x, slong count)
{
  arb_dot (l, NULL, 0, x, 1, x, 1, count, PREC);
  arb_sqrtpos (l, l, PREC);
}

/* |d| <= 2^-slack size, for all of the ball d; in balls 0 must be possible too. */
static void
assert_small (const delta1_operator_t *A, const arb_t d, const arb_t size, slong slack)
{
  arb_t bound, absolute;
  arb_init (bound);
  arb_init (absolute);
  arb_mul_2exp_si (bound, size, -slack);
  arb_abs (absolute, d);
  assert_true (arb_le (absolute, bound) || arb_is_zero (absolute));
  if (A->use == &delta1_arithmetic_ball)
    assert_true (arb_contains_zero (d));
  arb_clear (bound);
  arb_clear (absolute);
}

/* ||image|| <= ||A|| ||x|| is possible, and not violated by more than the slack. */
static void
assert_bounded (const delta1_operator_t *A, arb_srcptr image, slong rows, arb_srcptr x,
                slong columns, slong slack)
{
  arb_t left, right, one;
  arb_init (left);
  arb_init (right);
  arb_init (one);
  length (left, image, rows);
  length (right, x, columns);
  arb_mul (right, right, A->norm, PREC);
  arb_one (one);
  arb_mul_2exp_si (one, one, -slack);
  arb_add_si (one, one, 1, PREC);
  arb_mul (right, right, one, PREC);
  assert_false (arb_gt (left, right));
  arb_clear (left);
  arb_clear (right);
  arb_clear (one);
}

void
operator_laws (const delta1_operator_t *A, slong slack)
{
  const delta1_arithmetic_t *use = A->use;
  slong m = A->m, N = A->N;
  void *x = use->create (N, A->bits), *z = use->create (N, A->bits);
  void *y = use->create (m, A->bits), *image = use->create (m, A->bits);
  void *other = use->create (m, A->bits), *two = use->create (1, A->bits);
  void *adjoint = use->create (N, A->bits);
  arb_t left, right, size;
  arf_t value;
  arb_init (left);
  arb_init (right);
  arb_init (size);
  arf_init (value);
  arf_set_si (value, 2);
  use->set (two, 0, value);
  assert_true (arb_is_finite (A->norm) && !arb_is_negative (A->norm));
  for (int round = 0; round < delta1_test_rounds (4); round++)
    {
      random_vector (A, x, N);
      random_vector (A, z, N);
      random_vector (A, y, m);
      delta1_operator_forward (A, image, x);
      delta1_operator_adjoint (A, adjoint, y);
      arb_ptr vx = read_vector (A, x, N), vy = read_vector (A, y, m);
      arb_ptr vimage = read_vector (A, image, m), vadjoint = read_vector (A, adjoint, N);
      length (size, vx, N);
      length (left, vy, m);
      arb_mul (size, size, left, PREC);
      arb_mul (size, size, A->norm, PREC);
      arb_dot (left, NULL, 0, vimage, 1, vy, 1, m, PREC);
      arb_dot (right, NULL, 0, vx, 1, vadjoint, 1, N, PREC);
      arb_sub (left, left, right, PREC);
      assert_small (A, left, size, slack);
      assert_bounded (A, vimage, m, vx, N, slack);
      assert_bounded (A, vadjoint, N, vy, m, slack);

      /* A(x + 2z) - Ax - 2Az */
      delta1_operator_forward (A, other, z);
      arb_ptr vother = read_vector (A, other, m);
      use->combine (x, x, two, z, N);
      delta1_operator_forward (A, image, x);
      arb_ptr vsum = read_vector (A, image, m), vz = read_vector (A, x, N);
      length (size, vz, N);
      length (left, vx, N);
      arb_add (size, size, left, PREC);
      arb_mul (size, size, A->norm, PREC);
      for (slong i = 0; i < m; i++)
        {
          arb_mul_2exp_si (left, vother + i, 1);
          arb_add (left, left, vimage + i, PREC);
          arb_sub (left, vsum + i, left, PREC);
          assert_small (A, left, size, slack);
        }
      _arb_vec_clear (vx, N);
      _arb_vec_clear (vy, m);
      _arb_vec_clear (vz, N);
      _arb_vec_clear (vimage, m);
      _arb_vec_clear (vother, m);
      _arb_vec_clear (vsum, m);
      _arb_vec_clear (vadjoint, N);
    }
  use->free (x, N);
  use->free (z, N);
  use->free (y, m);
  use->free (image, m);
  use->free (other, m);
  use->free (adjoint, N);
  use->free (two, 1);
  arb_clear (left);
  arb_clear (right);
  arb_clear (size);
  arf_clear (value);
}
