/* The published table: its figures, its data, and what it refuses. */
#include "constructions/published_table.h"
#include "firenet/operator.h"
#include "tests/testing.h"

#include <math.h>
#include <string.h>

#define M DELTA1_PUBLISHED_ROWS
#define N DELTA1_PUBLISHED_COLUMNS

/* Rounded to nearest from independent runs at 200, 400, 800 and 1600 digits. */
typedef struct
{
  slong K, n;
  const char *error[DELTA1_PUBLISHED_VERSION_COUNT];
  const char *distance;
  const char *fixed[DELTA1_PUBLISHED_VERSION_COUNT];
} figures_t;

static const figures_t figures[] = {
  { 1,
    10,
    { "2.59782492252e-01", "1.50023322185e-01", "1.50572975478e-01" },
    "2.99968929190e-01",
    { "0.2597825", "0.1500233", "0.1505730" } },
  { 1,
    20,
    { "2.59804963658e-01", "1.50000022848e-01", "1.50000559633e-01" },
    "2.99999969654e-01",
    { "0.2598050", "0.1500000", "0.1500006" } },
  { 1,
    30,
    { "2.59804841685e-01", "1.50000000099e-01", "1.50000000547e-01" },
    "2.99999999970e-01",
    { "0.2598048", "0.1500000", "0.1500000" } },
  { 3,
    10,
    { "2.59795971985e-03", "1.50000522411e-03", "1.49999981882e-03" },
    "2.99999689260e-03",
    { "0.0025980", "0.0015000", "0.0015000" } },
  { 6,
    10,
    { "1.50002229014e-06", "1.50002229014e-06", "1.49999999922e-06" },
    "2.99999999689e-06",
    { "0.0000015", "0.0000015", "0.0000015" } },
};

static void
the_figures (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
    {
      const figures_t *f = figures + i;
      delta1_published_row_t row;
      delta1_published_row_init (&row);
      assert_ok (delta1_published_row (&row, f->K, f->n, &delta1_published_defaults, &reason),
                 reason);
      assert_string_equal (row.distance.figures, f->distance);
      assert_int_equal (row.close, DELTA1_TRUE);
      for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
        {
          const delta1_published_cell_t *cell = row.cell + v;
          assert_int_equal (cell->kind, DELTA1_PUBLISHED_RUN);
          assert_string_equal (cell->error.figures, f->error[v]);
          assert_string_equal (cell->error.fixed, f->fixed[v]);
          assert_int_equal (cell->condition,
                            v == DELTA1_PUBLISHED_STEPS ? DELTA1_TRUE : DELTA1_FALSE);
          /* double: near, but not proved */
          double exact = arf_get_d (arb_midref (cell->error.value), ARF_RND_NEAR);
          assert_true (fabs (cell->rounded - exact)
                       < (v == DELTA1_PUBLISHED_STEPS ? 1e-11 : 1e-5) * exact);
        }
      delta1_published_row_clear (&row);
    }
}

/* More digits need more bits, and their ball lies in the first one. */
static void
more_digits (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_published_row_t low, high;
  delta1_published_options_t options = delta1_published_defaults;
  delta1_published_row_init (&low);
  delta1_published_row_init (&high);
  assert_ok (delta1_published_row (&low, 2, 5, &options, &reason), reason);
  options.significant = 1000;
  assert_ok (delta1_published_row (&high, 2, 5, &options, &reason), reason);
  assert_int_equal (low.cell[DELTA1_PUBLISHED_SCRIPT].kind, DELTA1_PUBLISHED_NO_ENTRY);
  assert_null (low.cell[DELTA1_PUBLISHED_SCRIPT].error.fixed);
  for (int v = DELTA1_PUBLISHED_INDICES; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
    {
      assert_true (high.cell[v].precision > low.cell[v].precision);
      assert_true (arb_contains (low.cell[v].error.value, high.cell[v].error.value));
      assert_int_equal (strlen (high.cell[v].error.figures), 1000 + strlen (".e-03"));
      assert_memory_equal (low.cell[v].error.figures, high.cell[v].error.figures, 10);
    }
  assert_true (arb_contains (low.distance.value, high.distance.value));
  delta1_published_row_clear (&low);
  delta1_published_row_clear (&high);
}

/* 0-based place of the only non-zero entry. */
static slong
only_entry (arb_srcptr x)
{
  slong place = -1;
  for (slong j = 0; j < N; j++)
    if (!arb_is_zero (x + j))
      {
        assert_int_equal (place, -1);
        place = j;
      }
  return place;
}

/* The tied column of A with the larger first-row entry, by the norms of the two. */
static slong
larger_column (arb_srcptr A)
{
  arb_t a, b;
  arb_init (a);
  arb_init (b);
  arb_dot (a, NULL, 0, A, N, A, N, M, 300);
  arb_dot (b, NULL, 0, A + 1, N, A + 1, N, M, 300);
  slong place = arb_gt (a, b) ? 0 : arb_lt (a, b) ? 1 : -1;
  arb_clear (a);
  arb_clear (b);
  return place;
}

static void
data (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_published_problem_t p;
  arb_t norm, d;
  static const struct
  {
    slong K;
    delta1_published_version_t version;
    slong read, judged, x_read, x_true;
  } cases[] = { { 1, DELTA1_PUBLISHED_SCRIPT, 1, 0, N - 1, N - 2 },
                { 3, DELTA1_PUBLISHED_SCRIPT, 0, 1, 0, N - 1 },
                { 6, DELTA1_PUBLISHED_SCRIPT, 1, 0, 1, 0 },
                { 1, DELTA1_PUBLISHED_INDICES, 1, 0, 1, 0 },
                { 4, DELTA1_PUBLISHED_STEPS, 1, 0, 1, 0 } };
  arb_init (norm);
  arb_init (d);
  delta1_published_problem_init (&p);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    {
      slong n = 10 + 3 * (slong)i;
      assert_ok (delta1_published_problem_set (&p, cases[i].K, n, cases[i].version, 300, &reason),
                 reason);
      assert_int_equal (larger_column (p.read), cases[i].read);
      assert_int_equal (larger_column (p.true_matrix), cases[i].judged);
      assert_int_equal (only_entry (p.x_read), cases[i].x_read);
      assert_int_equal (only_entry (p.x_true), cases[i].x_true);

      /* the norm, and ||A - A_n|| = sqrt2 2^-(n+1), from the entries */
      delta1_operator_dense_norm (norm, p.read, M, N);
      assert_true (arb_contains (norm, p.norm));
      arb_ptr difference = _arb_vec_init (M * N);
      _arb_vec_sub (difference, p.read, p.true_matrix, M * N, 300);
      delta1_operator_dense_norm (norm, difference, M, N);
      arb_sqrt_ui (d, 2, 300);
      arb_mul_2exp_si (d, d, -(n + 1));
      assert_true (arb_overlaps (norm, d));
      assert_true (arb_rel_accuracy_bits (norm) > 15);
      _arb_vec_clear (difference, M * N);

      /* A x* = y where x* is a minimiser; gamma_1, rho, tt of the paper give its entry */
      fmpq_t rho, sixth;
      arb_t gamma, u, tt, entry;
      fmpq_init (rho);
      fmpq_init (sixth);
      arb_init (gamma);
      arb_init (u);
      arb_init (tt);
      arb_init (entry);
      fmpq_set_si (rho, 5, 6);
      arb_sqrt_ui (gamma, 2, 300);
      arb_mul_fmpz (gamma, gamma, fmpq_numref (rho), 300);
      arb_div_fmpz (gamma, gamma, fmpq_denref (rho), 300);
      arb_set_si (d, 10);
      arb_pow_ui (d, d, (ulong)cases[i].K, 300);
      arb_mul (gamma, gamma, d, 300);
      arb_div_si (gamma, gamma, 3, 300);
      arb_one (u);
      arb_mul_2exp_si (u, u, -(n + 1));
      arb_div (u, u, gamma, 300);
      arb_mul_si (tt, u, 5, 300);
      arb_div_si (tt, tt, 6, 300);
      arb_add_si (entry, tt, 1, 300);
      arb_div (tt, tt, entry, 300);
      arb_mul_si (tt, tt, 5, 300);
      arb_div_si (tt, tt, 6, 300);
      arb_set_fmpq (entry, rho, 300);
      arb_sub (entry, entry, tt, 300);
      arb_div (entry, entry, gamma, 300);
      assert_true (arb_overlaps (entry, p.x_true + cases[i].x_true));
      if (cases[i].x_true < 2)
        for (slong r = 0; r < M; r++)
          {
            arb_dot (d, NULL, 0, p.true_matrix + r * N, 1, p.x_true, 1, N, 300);
            assert_true (arb_overlaps (d, p.y + r));
          }
      fmpq_clear (rho);
      fmpq_clear (sixth);
      arb_clear (gamma);
      arb_clear (u);
      arb_clear (tt);
      arb_clear (entry);
    }
  delta1_published_problem_clear (&p);
  arb_clear (norm);
  arb_clear (d);
}

static void
judged (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_published_number_t error;
  double x[N] = { 0 };
  delta1_published_number_init (&error);
  /* 0 is ||x*|| = 3/(sqrt2 10) away, up to 2^-11 */
  assert_ok (delta1_published_judge (&error, x, 1, 30, &delta1_published_defaults, &reason),
             reason);
  assert_string_equal (error.fixed, "0.2121320");
  x[N - 1] = 3;
  x[0] = 4;
  assert_ok (delta1_published_judge (&error, x, 100, 30, &delta1_published_defaults, &reason),
             reason);
  assert_string_equal (error.figures, "5.00000000000e+00");
  x[3] = NAN;
  assert_refused (delta1_published_judge (&error, x, 1, 30, &delta1_published_defaults, &reason),
                  DELTA1_INPUT, reason, "entry 3");
  delta1_published_number_clear (&error);
}

static void
refusals (void **state)
{
  (void)state;
  static const slong wrong[][2] = { { 0, 10 }, { 101, 10 }, { 1, 0 }, { 1, 1001 }, { -5, 3 } };
  delta1_reason_t reason;
  delta1_published_row_t row;
  delta1_published_options_t options = delta1_published_defaults;
  delta1_published_row_init (&row);
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
    assert_refused (delta1_published_row (&row, wrong[i][0], wrong[i][1], &options, &reason),
                    DELTA1_INPUT, reason, "1 <= K <= 100");
  options.significant = 0;
  assert_refused (delta1_published_row (&row, 1, 10, &options, &reason), DELTA1_INPUT, reason,
                  "significant");
  options = delta1_published_defaults;
  options.max_precision = 3500; /* too few for the steps of the script */
  assert_refused (delta1_published_row (&row, 1, 10, &options, &reason), DELTA1_UNDECIDED, reason,
                  "3500 bits");
  /* From K = 9 on the published steps are negative. */
  assert_ok (delta1_published_row (&row, 9, 10, &delta1_published_defaults, &reason), reason);
  assert_int_equal (row.cell[DELTA1_PUBLISHED_SCRIPT].kind, DELTA1_PUBLISHED_NO_ENTRY);
  assert_int_equal (row.cell[DELTA1_PUBLISHED_INDICES].kind, DELTA1_PUBLISHED_NO_STEPS);
  assert_int_equal (row.cell[DELTA1_PUBLISHED_STEPS].kind, DELTA1_PUBLISHED_RUN);
  assert_int_equal (strlen (row.cell[DELTA1_PUBLISHED_STEPS].error.fixed), 12);
  delta1_published_row_clear (&row);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_figures), cmocka_unit_test (more_digits), cmocka_unit_test (data),
    cmocka_unit_test (judged),      cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
