/* Subsampled transforms: the laws, their entries from the definitions, the rounding bounds against
 * balls, sizes from 2 up, and refusals. */
#include "firenet/iteration.h"
#include "firenet/sampled.h"
#include "tests/firenet/operator_laws.h"

#include <math.h>
#include <stdlib.h>

#define PREC 300

/* --- the definitions -------------------------------------------------------------------------- */

/* to (rows x n) = left (rows x inner) right (inner x n) */
static void
product (acb_ptr to, acb_srcptr left, acb_srcptr right, slong rows, slong inner, slong n)
{
  for (slong i = 0; i < rows; i++)
    for (slong j = 0; j < n; j++)
      {
        acb_zero (to + i * n + j);
        for (slong k = 0; k < inner; k++)
          acb_addmul (to + i * n + j, left + i * inner + k, right + k * n + j, PREC);
      }
}

/* The Kronecker product of an n x n matrix with itself. */
static acb_ptr
twice (acb_srcptr one, slong n)
{
  acb_ptr both = _acb_vec_init (n * n * n * n);
  for (slong i = 0; i < n * n; i++)
    for (slong j = 0; j < n * n; j++)
      acb_mul (both + i * n * n + j, one + i / n * n + j / n, one + i % n * n + j % n, PREC);
  return both;
}

static int
changes (const int *signs, slong n)
{
  int count = 0;
  for (slong j = 1; j < n; j++)
    count += signs[j] != signs[j - 1];
  return count;
}

/* Rows of the Hadamard matrix by their changes of sign; roots of unity from their definition. */
static acb_ptr
transform_matrix (delta1_transform_t transform, slong n)
{
  acb_ptr F = _acb_vec_init (n * n);
  int *signs = calloc ((size_t)n, sizeof *signs);
  arb_t root;
  arb_init (root);
  arb_set_si (root, n);
  arb_rsqrt (root, root, PREC);
  for (slong i = 0; i < n; i++)
    {
      slong row = i;
      if (transform == DELTA1_TRANSFORM_WALSH)
        {
          for (slong j = 0; j < n; j++)
            signs[j] = __builtin_parityl ((unsigned long)(i & j)) ? -1 : 1;
          row = changes (signs, n);
        }
      for (slong j = 0; j < n; j++)
        {
          acb_ptr to = F + row * n + j;
          if (transform == DELTA1_TRANSFORM_NONE)
            acb_set_si (to, i == j);
          else if (transform == DELTA1_TRANSFORM_WALSH)
            {
              acb_set_si (to, signs[j]);
              acb_mul_arb (to, to, root, PREC);
            }
          else
            {
              acb_unit_root (to, (ulong)n, PREC);
              acb_pow_ui (to, to, (ulong)((n - 1) * i * j % n), PREC);
              acb_mul_arb (to, to, root, PREC);
            }
        }
    }
  arb_clear (root);
  free (signs);
  return F;
}

/* Daubechies' filters as the literature has them: closed forms, and 20 digits of 4. */
static void
literature_filter (arb_ptr h, int taps)
{
  arb_t a, b, c;
  arb_init (a);
  arb_init (b);
  arb_init (c);
  if (taps == 2)
    for (int k = 0; k < 2; k++)
      arb_one (h + k);
  else if (taps == 4) /* (1 +- sqrt 3, 3 +- sqrt 3)/(4 sqrt 2) */
    {
      arb_sqrt_ui (a, 3, PREC);
      arb_add_si (h, a, 1, PREC);
      arb_add_si (h + 1, a, 3, PREC);
      arb_neg (a, a);
      arb_add_si (h + 2, a, 3, PREC);
      arb_add_si (h + 3, a, 1, PREC);
    }
  else if (taps == 6) /* a = sqrt 10, b = sqrt(5 + 2 sqrt 10) */
    {
      static const int of_1[] = { 1, 5, 10, 10, 5, 1 }, of_a[] = { 1, 1, -2, -2, 1, 1 };
      static const int of_b[] = { 1, 3, 2, -2, -3, -1 };
      arb_sqrt_ui (a, 10, PREC);
      arb_mul_si (b, a, 2, PREC);
      arb_add_si (b, b, 5, PREC);
      arb_sqrt (b, b, PREC);
      for (int k = 0; k < 6; k++)
        {
          arb_set_si (h + k, of_1[k]);
          arb_addmul_si (h + k, a, of_a[k], PREC);
          arb_addmul_si (h + k, b, of_b[k], PREC);
        }
    }
  else
    {
      static const char *const digits[]
          = { "0.23037781330889650086",  "0.71484657055291564709",  "0.63088076792985890789",
              "-0.02798376941685985421", "-0.18703481171909308408", "0.03084138183556076363",
              "0.03288301166688519974",  "-0.01059740178506903211" };
      for (int k = 0; k < 8; k++)
        {
          arb_set_str (h + k, digits[k], PREC);
          arb_add_error_2exp_si (h + k, -65);
        }
    }
  arb_zero (a); /* sum h = sqrt 2 */
  for (int k = 0; k < taps; k++)
    arb_add (a, a, h + k, PREC);
  arb_sqrt_ui (b, 2, PREC);
  arb_div (a, b, a, PREC);
  for (int k = 0; k < taps; k++)
    arb_mul (h + k, h + k, a, PREC);
  arb_clear (a);
  arb_clear (b);
  arb_clear (c);
}

/* One level of analysis on the first s of n numbers. */
static acb_ptr
level_matrix (int taps, slong s, slong n)
{
  acb_ptr L = _acb_vec_init (n * n);
  arb_ptr h = _arb_vec_init (taps);
  literature_filter (h, taps);
  for (slong i = s; i < n; i++)
    acb_one (L + i * n + i);
  for (slong i = 0; i < s / 2; i++)
    for (int k = 0; k < taps; k++)
      {
        acb_ptr low = L + i * n + (2 * i + k) % s, high = L + (s / 2 + i) * n + (2 * i + k) % s;
        arb_add (acb_realref (low), acb_realref (low), h + k, PREC);
        if (k % 2 == 0)
          arb_add (acb_realref (high), acb_realref (high), h + taps - 1 - k, PREC);
        else
          arb_sub (acb_realref (high), acb_realref (high), h + taps - 1 - k, PREC);
      }
  _arb_vec_clear (h, taps);
  return L;
}

/* W, N x N. In two dimensions a level is on the first s x s entries of the image only. */
static acb_ptr
wavelet_matrix (const delta1_sampled_t *o, slong N)
{
  slong n = o->side;
  acb_ptr W = _acb_vec_init (N * N), next = _acb_vec_init (N * N);
  for (slong i = 0; i < N; i++)
    acb_one (W + i * N + i);
  for (slong k = 0; k < o->levels; k++)
    {
      acb_ptr one = level_matrix (2 * (int)o->wavelet, n >> k, n), level = one;
      if (o->dimensions == 2)
        {
          level = twice (one, n);
          for (slong i = 0; i < N; i++)
            if (i / n >= n >> k || i % n >= n >> k)
              {
                _acb_vec_zero (level + i * N, N);
                for (slong j = 0; j < N; j++)
                  acb_zero (level + j * N + i);
                acb_one (level + i * N + i);
              }
          _acb_vec_clear (one, n * n);
        }
      product (next, level, W, N, N, N);
      _acb_vec_clear (level, N * N);
      acb_ptr kept = W;
      W = next;
      next = kept;
    }
  _acb_vec_clear (next, N * N);
  return W;
}

/* The rows of F W* that the mask keeps. */
static acb_ptr
definition (const delta1_sampled_t *o, slong m, slong N)
{
  slong n = o->side;
  acb_ptr one = transform_matrix (o->transform, n), F = one, W = wavelet_matrix (o, N);
  acb_ptr back = _acb_vec_init (N * N), whole = _acb_vec_init (N * N), kept = _acb_vec_init (m * N);
  if (o->dimensions == 2)
    {
      F = twice (one, n);
      _acb_vec_clear (one, n * n);
    }
  for (slong i = 0; i < N * N; i++)
    acb_conj (back + i, W + i % N * N + i / N);
  product (whole, F, back, N, N, N);
  for (slong i = 0; i < m; i++)
    {
      slong entry = o->mask == NULL ? i : o->mask[i], row = entry / n, column = entry % n;
      if (o->transform == DELTA1_TRANSFORM_FOURIER)
        { /* frequency 0 in the centre */
          row = o->dimensions == 1 ? 0 : (row - n / 2 + n) % n;
          column = (column - n / 2 + n) % n;
        }
      _acb_vec_set (kept + i * N, whole + (row * n + column) * N, N);
    }
  _acb_vec_clear (F, N * N);
  _acb_vec_clear (W, N * N);
  _acb_vec_clear (back, N * N);
  _acb_vec_clear (whole, N * N);
  return kept;
}

/* --- the tests -------------------------------------------------------------------------------- */

static const struct
{
  const delta1_arithmetic_t *use;
  slong bits, slack;
} kinds[] = { { &delta1_arithmetic_double, 53, 46 },
              { &delta1_arithmetic_complex_double, 53, 46 },
              { &delta1_arithmetic_ball, 120, 110 },
              { &delta1_arithmetic_complex_ball, 120, 110 } };

/* A random mask of about half of N; NULL in one case of three. */
static slong *
random_mask (delta1_sampled_t *o, slong N)
{
  slong *mask = malloc ((size_t)N * sizeof *mask);
  o->count = 0;
  for (slong i = 0; i < N; i++)
    if (delta1_test_random_below (2) == 0 || (i == N - 1 && o->count == 0))
      mask[o->count++] = i;
  o->mask = delta1_test_random_below (3) == 0 ? NULL : mask;
  return mask;
}

static bool
allowed (const delta1_sampled_t *o, const delta1_arithmetic_t *use)
{
  return use->is_complex || o->transform != DELTA1_TRANSFORM_FOURIER;
}

/* f on every combination of transform and wavelet of this size, with random levels and mask. */
static void
every_kind (int dimensions, slong side, void (*f) (const delta1_sampled_t *o, slong N))
{
  slong N = dimensions == 1 ? side : side * side, most = 0;
  while ((slong)2 << most <= side)
    most++;
  for (int transform = DELTA1_TRANSFORM_NONE; transform <= DELTA1_TRANSFORM_WALSH; transform++)
    for (int wavelet = DELTA1_WAVELET_NONE; wavelet <= DELTA1_WAVELET_DB4; wavelet++)
      {
        delta1_sampled_t o = { .transform = (delta1_transform_t)transform,
                               .wavelet = (delta1_wavelet_t)wavelet,
                               .dimensions = dimensions,
                               .side = side };
        if (wavelet != DELTA1_WAVELET_NONE)
          o.levels = delta1_test_random_below (2) == 0 ? most : 1 + delta1_test_random_below (most);
        slong *mask = random_mask (&o, N);
        f (&o, N);
        free (mask);
      }
}

static void
check_entries (const delta1_sampled_t *o, slong N)
{
  delta1_reason_t reason;
  slong m = o->mask == NULL ? N : o->count;
  acb_ptr entries = definition (o, m, N);
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
    if (allowed (o, kinds[k].use))
      {
        delta1_operator_t *A;
        assert_ok (delta1_operator_create_sampled (&A, kinds[k].use, kinds[k].bits, o, &reason),
                   reason);
        assert_int_equal (A->m, m);
        assert_int_equal (A->N, N);
        assert_true (arb_is_one (A->norm));
        /* the literature has 20 digits of Daubechies 4 */
        operator_entries (
            A, entries, o->wavelet == DELTA1_WAVELET_DB4 && A->use->encloses ? -1 : kinds[k].slack);
        delta1_operator_free (A);
      }
  _acb_vec_clear (entries, m * N);
}

static void
entries (void **state)
{
  (void)state;
  for (slong side = 2; side <= 8; side *= 2)
    every_kind (2, side, check_entries);
  for (slong side = 2; side <= 64; side *= 2)
    every_kind (1, side, check_entries);
}

static void
check_laws (const delta1_sampled_t *o, slong N)
{
  delta1_reason_t reason;
  delta1_operator_t *A[4] = { NULL };
  (void)N;
  for (size_t k = 0; k < 4; k++)
    if (allowed (o, kinds[k].use) && (N <= 1024 || k < 2))
      {
        assert_ok (delta1_operator_create_sampled (A + k, kinds[k].use, kinds[k].bits, o, &reason),
                   reason);
        operator_laws (A[k], kinds[k].slack - 2);
      }
  for (int k = 0; k < 4; k++)
    delta1_operator_free (A[k]);
}

static void
laws (void **state)
{
  (void)state;
  for (slong side = 2; side <= 64; side *= 2)
    every_kind (2, side, check_laws);
  for (slong side = 4; side <= 1024; side *= 4)
    every_kind (1, side, check_laws);
}

static double worst;

static void
check_rounding (const delta1_sampled_t *o, slong N)
{
  delta1_reason_t reason;
  (void)N;
  for (size_t k = 0; k < 2; k++)
    if (allowed (o, kinds[k].use))
      {
        delta1_operator_t *A, *exact;
        assert_ok (delta1_operator_create_sampled (&A, kinds[k].use, 53, o, &reason), reason);
        assert_ok (delta1_operator_create_sampled (&exact, kinds[k + 2].use, 200, o, &reason),
                   reason);
        worst = fmax (worst, operator_rounding (A, exact));
        /* no bound is so wide that it says nothing */
        assert_true (mag_cmp_2exp_si (A->relative[DELTA1_FORWARD], -45) < 0);
        delta1_operator_free (A);
        delta1_operator_free (exact);
      }
}

static void
rounding (void **state)
{
  (void)state;
  worst = 0;
  for (slong side = 2; side <= 64; side *= side < 8 ? 2 : 8)
    every_kind (2, side, check_rounding);
  for (slong side = 2; side <= 1024; side *= 4)
    every_kind (1, side, check_rounding);
  assert_true (worst > 0.02);
}

/* The last x and v of a run, v in the order of the mask. */
typedef struct
{
  const delta1_operator_t *A;
  void *x, *v;
} last_t;

static delta1_status_t
keep (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  const last_t *last = context;
  (void)reason;
  last->A->use->copy (last->x, x, last->A->N);
  delta1_operator_arrange (last->A, last->v, v, true);
  return DELTA1_OK;
}

static void
check_steps (const delta1_sampled_t *o, slong N)
{
  delta1_reason_t reason;
  for (int k = 0; k < 2; k++)
    if (allowed (o, kinds[k].use))
      {
        const delta1_arithmetic_t *use = kinds[k].use;
        delta1_operator_t *A;
        delta1_iteration_t *iteration;
        delta1_steps_t steps;
        assert_ok (delta1_operator_create_sampled (&A, use, 53, o, &reason), reason);
        delta1_steps_init (&steps);
        arb_set_d (steps.tau, 0.5);
        arb_set_d (steps.sigma, 0.5);
        arb_set_d (steps.lambda, 0.01);
        assert_ok (delta1_iteration_create (&iteration, A, &steps, &reason), reason);
        void *x = use->create (N, 53), *v = use->create (A->m, 53), *y = use->create (A->m, 53);
        last_t last = { A, use->create (N, 53), use->create (A->m, 53) };
        const delta1_observer_t observer = { keep, &last };
        arb_t entry;
        arb_init (entry);
        for (slong i = 0; i < A->m; i++)
          {
            arb_set_si (entry, delta1_test_random_below (2000) - 1000);
            use->set_ball (y, i, entry);
          }
        assert_ok (delta1_iteration_continue (iteration, x, v, y, 2, &reason), reason);
        assert_ok (delta1_iteration_continue (iteration, x, v, y, 3, &reason), reason);
        void *average = use->create (N, 53);
        assert_ok (delta1_iteration_run (iteration, average, y, 5, &observer, &reason), reason);
        assert_false (use->zero (v, A->m));
        assert_true (use->equal (x, last.x, N));
        assert_true (use->equal (v, last.v, A->m));
        arb_clear (entry);
        use->free (x, N);
        use->free (average, N);
        use->free (last.x, N);
        use->free (v, A->m);
        use->free (y, A->m);
        use->free (last.v, A->m);
        delta1_steps_clear (&steps);
        delta1_iteration_free (iteration);
        delta1_operator_free (A);
      }
}

/* Steps in two parts, from (x, v) in the order of the mask, are those of one run, bit for bit,
 * whatever order the operator works in. */
static void
steps_in_parts (void **state)
{
  (void)state;
  for (slong side = 4; side <= 64; side *= 4)
    every_kind (2, side, check_steps);
  every_kind (1, 64, check_steps);
}

static void
refusals (void **state)
{
  (void)state;
  static const slong disorder[] = { 1, 3, 3 }, outside[] = { 0, 64 };
  delta1_reason_t reason;
  delta1_operator_t *A;
  const delta1_sampled_t good = { .transform = DELTA1_TRANSFORM_FOURIER,
                                  .wavelet = DELTA1_WAVELET_HAAR,
                                  .levels = 3,
                                  .dimensions = 2,
                                  .side = 8 };
  const delta1_arithmetic_t *use = &delta1_arithmetic_complex_double;
  delta1_sampled_t o = good;
  o.dimensions = 3;
  assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT, reason,
                  "3 dimensions");
  assert_null (A);
  static const slong sides[] = { 0, 1, 3, 12, -8, 1L << 14 };
  for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++)
    {
      o = good;
      o.side = sides[i];
      assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT,
                      reason, "power of two");
    }
  static const slong levels[] = { 0, 4, -1 };
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
    {
      o = good;
      o.levels = levels[i];
      assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT,
                      reason, "1 to 3");
    }
  o = good;
  o.wavelet = DELTA1_WAVELET_NONE;
  assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT, reason,
                  "levels");
  o = good;
  o.mask = disorder;
  o.count = 3;
  assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT, reason,
                  "increasing");
  o.mask = outside;
  o.count = 2;
  assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT, reason,
                  "63");
  o.count = 0;
  assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT, reason,
                  "mask of 0");
  o = good;
  assert_refused (delta1_operator_create_sampled (&A, &delta1_arithmetic_double, 53, &o, &reason),
                  DELTA1_INPUT, reason, "Fourier");
  o.transform = DELTA1_TRANSFORM_WALSH;
  assert_refused (delta1_operator_create_sampled (&A, &delta1_arithmetic_mpfr, 53, &o, &reason),
                  DELTA1_INPUT, reason, "MPFR");
  o.transform = (delta1_transform_t)7;
  assert_refused (delta1_operator_create_sampled (&A, use, 53, &o, &reason), DELTA1_INPUT, reason,
                  "transform 7");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (entries),        cmocka_unit_test (laws),     cmocka_unit_test (rounding),
    cmocka_unit_test (steps_in_parts), cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
