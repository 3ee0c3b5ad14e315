#include "tests/firenet/operator_laws.h"

#include <math.h>

#define PREC 512

/* Every entry below 1 in absolute value, then times 2^exponent. */
static void
random_entry (acb_t x, bool complex, slong exponent)
{
  acb_zero (x);
  for (int part = 0; part <= (complex ? 1 : 0); part++)
    {
      arb_ptr to = part == 0 ? acb_realref (x) : acb_imagref (x);
      arf_set_si_2exp_si (arb_midref (to), delta1_test_random_below (2000001) - 1000000,
                          exponent - 20);
    }
}

static void
random_vector (const delta1_operator_t *A, void *x, slong count)
{
  acb_t entry;
  acb_init (entry);
  for (slong i = 0; i < count; i++)
    {
      random_entry (entry, A->use->is_complex, 0);
      A->use->set_complex (x, i, entry);
    }
  acb_clear (entry);
}

static acb_ptr
read_vector (const delta1_arithmetic_t *use, const void *x, slong count)
{
  acb_ptr v = _acb_vec_init (count);
  for (slong i = 0; i < count; i++)
    use->get_complex (v + i, x, i);
  return v;
}

static void
length (arb_t l, acb_srcptr x, slong count)
{
  arb_zero (l);
  for (slong i = 0; i < count; i++)
    {
      arb_addmul (l, acb_realref (x + i), acb_realref (x + i), PREC);
      arb_addmul (l, acb_imagref (x + i), acb_imagref (x + i), PREC);
    }
  arb_sqrtpos (l, l, PREC);
}

/* sum x_i conj(y_i) */
static void
inner (acb_t z, acb_srcptr x, acb_srcptr y, slong count)
{
  acb_t factor;
  acb_init (factor);
  acb_zero (z);
  for (slong i = 0; i < count; i++)
    {
      acb_conj (factor, y + i);
      acb_addmul (z, x + i, factor, PREC);
    }
  acb_clear (factor);
}

/* |d| <= 2^-slack size, for all of the ball d; in balls 0 must be possible too. */
static void
assert_small (const delta1_operator_t *A, const acb_t d, const arb_t size, slong slack)
{
  arb_t bound, absolute;
  arb_init (bound);
  arb_init (absolute);
  arb_mul_2exp_si (bound, size, -slack);
  acb_abs (absolute, d, PREC);
  assert_true (arb_le (absolute, bound) || arb_is_zero (absolute));
  if (A->use->encloses)
    assert_true (acb_contains_zero (d));
  arb_clear (bound);
  arb_clear (absolute);
}

/* ||image|| <= ||A|| ||x|| is possible, and not violated by more than the slack. */
static void
assert_bounded (const delta1_operator_t *A, acb_srcptr image, slong rows, acb_srcptr x,
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

static void
adjointness (const delta1_operator_t *A, slong slack)
{
  const delta1_arithmetic_t *use = A->use;
  slong m = A->m, N = A->N;
  void *x = use->create (N, A->bits), *adjoint = use->create (N, A->bits);
  void *y = use->create (m, A->bits), *image = use->create (m, A->bits);
  acb_t left, right;
  arb_t size, factor;
  acb_init (left);
  acb_init (right);
  arb_init (size);
  arb_init (factor);
  random_vector (A, x, N);
  random_vector (A, y, m);
  delta1_operator_forward (A, image, x);
  delta1_operator_adjoint (A, adjoint, y);
  acb_ptr vx = read_vector (use, x, N), vy = read_vector (use, y, m);
  acb_ptr vimage = read_vector (use, image, m), vadjoint = read_vector (use, adjoint, N);
  length (size, vx, N);
  length (factor, vy, m);
  arb_mul (size, size, factor, PREC);
  arb_mul (size, size, A->norm, PREC);
  inner (left, vimage, vy, m);
  inner (right, vx, vadjoint, N);
  acb_sub (left, left, right, PREC);
  assert_small (A, left, size, slack);
  assert_bounded (A, vimage, m, vx, N, slack);
  assert_bounded (A, vadjoint, N, vy, m, slack);
  _acb_vec_clear (vx, N);
  _acb_vec_clear (vy, m);
  _acb_vec_clear (vimage, m);
  _acb_vec_clear (vadjoint, N);
  use->free (x, N);
  use->free (adjoint, N);
  use->free (y, m);
  use->free (image, m);
  acb_clear (left);
  acb_clear (right);
  arb_clear (size);
  arb_clear (factor);
}

/* B(x + 2z) - Bx - 2Bz = 0 for B = A or A* (rows x columns). */
static void
linearity (const delta1_operator_t *A, delta1_direction_t direction, slong slack)
{
  const delta1_arithmetic_t *use = A->use;
  slong rows = direction == DELTA1_FORWARD ? A->m : A->N, columns = A->m + A->N - rows;
  void (*apply) (const delta1_operator_t *, void *, const void *)
      = direction == DELTA1_FORWARD ? A->table->forward : A->table->adjoint;
  void *x = use->create (columns, A->bits), *z = use->create (columns, A->bits);
  void *image = use->create (rows, A->bits), *two = use->real->create (1, A->bits);
  arb_t size, factor;
  acb_t difference;
  arb_init (size);
  arb_init (factor);
  acb_init (difference);
  arb_set_si (size, 2);
  use->real->set_ball (two, 0, size);
  random_vector (A, x, columns);
  random_vector (A, z, columns);
  apply (A, image, x);
  acb_ptr first = read_vector (use, image, rows);
  apply (A, image, z);
  acb_ptr second = read_vector (use, image, rows);
  acb_ptr vx = read_vector (use, x, columns);
  use->combine (x, x, two, z, columns);
  apply (A, image, x);
  acb_ptr sum = read_vector (use, image, rows), vsum = read_vector (use, x, columns);
  length (size, vx, columns);
  length (factor, vsum, columns);
  arb_add (size, size, factor, PREC);
  arb_mul (size, size, A->norm, PREC);
  for (slong i = 0; i < rows; i++)
    {
      acb_mul_2exp_si (difference, second + i, 1);
      acb_add (difference, difference, first + i, PREC);
      acb_sub (difference, sum + i, difference, PREC);
      assert_small (A, difference, size, slack);
    }
  _acb_vec_clear (first, rows);
  _acb_vec_clear (second, rows);
  _acb_vec_clear (sum, rows);
  _acb_vec_clear (vx, columns);
  _acb_vec_clear (vsum, columns);
  use->free (x, columns);
  use->free (z, columns);
  use->free (image, rows);
  use->real->free (two, 1);
  arb_clear (size);
  arb_clear (factor);
  acb_clear (difference);
}

/* Where the operator has an order of its own: P is a permutation, and the arranged methods give the
 * same bits. */
static void
arrangement (const delta1_operator_t *A)
{
  const delta1_arithmetic_t *use = A->use;
  slong m = A->m, N = A->N;
  void *x = use->create (N, A->bits), *image[2], *y[3], *adjoint[2];
  for (int i = 0; i < 3; i++)
    y[i] = use->create (m, A->bits);
  for (int i = 0; i < 2; i++)
    {
      image[i] = use->create (m, A->bits);
      adjoint[i] = use->create (N, A->bits);
    }
  random_vector (A, x, N);
  random_vector (A, y[0], m);
  delta1_operator_arrange (A, y[1], y[0], false);
  delta1_operator_arrange (A, y[2], y[1], true);
  assert_true (use->equal (y[0], y[2], m));
  if (A->table->arrange != NULL)
    {
      delta1_operator_adjoint (A, adjoint[0], y[0]);
      A->table->adjoint_arranged (A, adjoint[1], y[1]);
      assert_true (use->equal (adjoint[0], adjoint[1], N));
      delta1_operator_forward (A, image[0], x);
      A->table->forward_arranged (A, image[1], x);
      delta1_operator_arrange (A, y[2], image[1], true);
      assert_true (use->equal (image[0], y[2], m));
    }
  for (int i = 0; i < 3; i++)
    use->free (y[i], m);
  for (int i = 0; i < 2; i++)
    {
      use->free (image[i], m);
      use->free (adjoint[i], N);
    }
  use->free (x, N);
}

void
operator_laws (const delta1_operator_t *A, slong slack)
{
  assert_true (arb_is_finite (A->norm) && !arb_is_negative (A->norm));
  for (int round = 0; round < delta1_test_rounds (4); round++)
    {
      adjointness (A, slack);
      arrangement (A);
      linearity (A, DELTA1_FORWARD, slack);
      linearity (A, DELTA1_ADJOINT, slack);
    }
}

void
operator_entries (const delta1_operator_t *A, acb_srcptr entries, slong slack)
{
  const delta1_arithmetic_t *use = A->use;
  void *row = use->create (A->N, A->bits), *column = use->create (A->m, A->bits);
  acb_t entry, one;
  arb_t unit;
  acb_init (entry);
  acb_init (one);
  arb_init (unit);
  acb_one (one);
  arb_one (unit);
  for (slong j = 0; j < A->N; j++)
    {
      use->clear (row, A->N);
      use->set_complex (row, j, one);
      delta1_operator_forward (A, column, row);
      for (slong i = 0; i < A->m; i++)
        {
          use->get_complex (entry, column, i);
          acb_sub (entry, entry, entries + i * A->N + j, PREC);
          assert_small (A, entry, unit, slack);
        }
    }
  for (slong i = 0; i < A->m; i++)
    {
      use->clear (column, A->m);
      use->set_complex (column, i, one);
      delta1_operator_adjoint (A, row, column);
      for (slong j = 0; j < A->N; j++)
        {
          use->get_complex (entry, row, j);
          acb_conj (entry, entry);
          acb_sub (entry, entry, entries + i * A->N + j, PREC);
          assert_small (A, entry, unit, slack);
        }
    }
  use->free (row, A->N);
  use->free (column, A->m);
  acb_clear (entry);
  acb_clear (one);
  arb_clear (unit);
}

/* One vector x of A's arithmetic: ||fl(Bx) - Bx|| as a share of the bound; asserts <= 1. */
static double
share (const delta1_operator_t *A, const delta1_operator_t *exact, delta1_direction_t direction,
       const void *x)
{
  slong rows = direction == DELTA1_FORWARD ? A->m : A->N, columns = A->m + A->N - rows;
  void *image = A->use->create (rows, A->bits);
  void *ball = exact->use->create (columns, exact->bits);
  void *result = exact->use->create (rows, exact->bits);
  arb_t error, bound, part;
  acb_t entry;
  arb_init (error);
  arb_init (bound);
  arb_init (part);
  acb_init (entry);
  acb_ptr vx = read_vector (A->use, x, columns);
  for (slong j = 0; j < columns; j++)
    exact->use->set_complex (ball, j, vx + j);
  (direction == DELTA1_FORWARD ? A->table->forward : A->table->adjoint) (A, image, x);
  (direction == DELTA1_FORWARD ? exact->table->forward : exact->table->adjoint) (exact, result,
                                                                                 ball);
  acb_ptr computed = read_vector (A->use, image, rows);
  for (slong i = 0; i < rows; i++)
    {
      assert_true (acb_is_finite (computed + i));
      exact->use->get_complex (entry, result, i);
      acb_sub (computed + i, computed + i, entry, PREC);
    }
  length (error, computed, rows);
  length (bound, vx, columns);
  arb_set_interval_mag (part, A->relative[direction], A->relative[direction], PREC);
  arb_mul (bound, bound, part, PREC);
  arb_set_interval_mag (part, A->absolute[direction], A->absolute[direction], PREC);
  arb_add (bound, bound, part, PREC);
  assert_true (arb_is_finite (bound));
  assert_true (arb_le (error, bound));
  arb_div (part, error, bound, PREC);
  double found = arb_is_zero (error) ? 0 : arf_get_d (arb_midref (part), ARF_RND_NEAR);
  _acb_vec_clear (vx, columns);
  _acb_vec_clear (computed, rows);
  A->use->free (image, rows);
  exact->use->free (ball, columns);
  exact->use->free (result, rows);
  arb_clear (error);
  arb_clear (bound);
  arb_clear (part);
  acb_clear (entry);
  return found;
}

enum
{
  PLAIN,
  RANGE,  /* 2^-400 to 2^400 */
  CANCEL, /* the image of a unit vector under the other direction, full mantissas */
  TINY,   /* some subnormal */
  LEAST,  /* all subnormal */
  KINDS
};

static void
adversarial (const delta1_operator_t *A, delta1_direction_t direction, int kind, void *x)
{
  slong rows = direction == DELTA1_FORWARD ? A->m : A->N, columns = A->m + A->N - rows;
  acb_t entry;
  acb_init (entry);
  if (kind == CANCEL)
    {
      void *unit = A->use->create (rows, A->bits);
      arb_set_d (acb_realref (entry), 1.0 / 3 + ldexp (1, -52));
      A->use->set_complex (unit, delta1_test_random_below (rows), entry);
      (direction == DELTA1_FORWARD ? A->table->adjoint : A->table->forward) (A, x, unit);
      A->use->free (unit, rows);
    }
  else
    for (slong i = 0; i < columns; i++)
      {
        random_entry (entry, A->use->is_complex,
                      kind == RANGE   ? delta1_test_random_below (801) - 400
                      : kind == TINY  ? -1060 + delta1_test_random_below (100)
                      : kind == LEAST ? -1050
                                      : 0);
        /* full mantissas: a third of it */
        acb_div_si (entry, entry, 3, 53);
        A->use->set_complex (x, i, entry);
      }
  acb_clear (entry);
}

double
operator_rounding (const delta1_operator_t *A, const delta1_operator_t *exact)
{
  double worst = 0;
  for (int direction = DELTA1_FORWARD; direction <= DELTA1_ADJOINT; direction++)
    {
      slong columns = direction == DELTA1_FORWARD ? A->N : A->m;
      void *x = A->use->create (columns, A->bits);
      for (int round = 0; round < delta1_test_rounds (KINDS); round++)
        {
          A->use->clear (x, columns);
          adversarial (A, (delta1_direction_t)direction, round % KINDS, x);
          worst = fmax (worst, share (A, exact, (delta1_direction_t)direction, x));
        }
      A->use->free (x, columns);
    }
  return worst;
}
