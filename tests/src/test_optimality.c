/* The trustworthy loop on data: against solutions known by hand, against itself at other precisions
 * and under changes of variables, its three outcomes, its refusals. */
#include "tests/src/small_data.h"

#include <string.h>

static void
solve_without_witnesses (delta1_solution_t *solution, const delta1_data_t *data)
{
  delta1_reason_t reason;
  delta1_solve_options_t options = delta1_solve_defaults;
  options.digits = 1;
  options.max_precision = 512;
  options.witnesses = false;
  assert_ok (delta1_solve_data (solution, data, &options, &reason), reason);
}

/* Whether x, N numbers, lies in the certified enclosure, with zeros outside the support. */
static bool
encloses (const delta1_minimiser_t *minimiser, const fmpq *x, slong N)
{
  bool inside = true;
  slong k = 0;
  for (slong j = 0; j < N; j++)
    if (k < minimiser->size && minimiser->column[k] == j)
      {
        inside = inside && arb_contains_fmpq (minimiser->x + k, x + j);
        if (minimiser->sign[k] != 0)
          inside = inside && minimiser->sign[k] == fmpq_sgn (x + j);
        k++;
      }
    else
      inside = inside && fmpq_is_zero (x + j);
  return inside;
}

typedef struct
{
  delta1_problem_t problem;
  const char *parameter;
  slong m, N;
  const char *A[12], *y[4], *x[4];
  delta1_lemma_t lemma;
} known_t;

/* By hand. lasso, orthogonal columns: soft thresholds. srlasso: A = diag(2, 1, ...): p = r/||r||.
 */
static const known_t known[] = {
  /* ||y - x||^2 + ||x||_1: x = soft (y, 1/2) */
  { DELTA1_LASSO,
    "1",
    2,
    2,
    { "1", "0", "0", "1" },
    { "3", "-1/4" },
    { "5/2", "0" },
    DELTA1_LEMMA_LASSO },
  { DELTA1_LASSO,
    "1/5",
    1,
    3,
    { "1/3", "1", "-2/3" },
    { "-1" },
    { "0", "-9/10", "0" },
    DELTA1_LEMMA_LASSO },
  /* every correlation below the threshold */
  { DELTA1_LASSO,
    "100",
    2,
    2,
    { "1", "2", "3", "4" },
    { "1", "1" },
    { "0", "0" },
    DELTA1_LEMMA_LASSO },
  /* 3/5 |x| + ||(x - 3, 4)||: (3 - x)/sqrt((x - 3)^2 + 16) = 3/5, x = 0 and beyond: y = (7, 4):
   * x = 4 */
  { DELTA1_SRLASSO, "3/5", 2, 1, { "1", "0" }, { "7", "4" }, { "4" }, DELTA1_LEMMA_SRLASSO },
  /* residual 0: |p| < 1 */
  { DELTA1_SRLASSO, "1/2", 1, 2, { "2", "-1" }, { "6" }, { "3", "0" }, DELTA1_LEMMA_BASIS },
  /* |x| subject to (x - 7)^2 + 16 <= 25: x = 4 */
  { DELTA1_QCBP, "5", 2, 1, { "1", "0" }, { "7", "4" }, { "4" }, DELTA1_LEMMA_QCBP },
  { DELTA1_QCBP, "10", 2, 1, { "1", "0" }, { "7", "4" }, { "0" }, DELTA1_LEMMA_QCBP },
  { DELTA1_BP,
    NULL,
    2,
    3,
    { "1", "0", "3/2", "0", "1", "0" },
    { "1", "0" },
    { "0", "0", "2/3" },
    DELTA1_LEMMA_BASIS },
  { DELTA1_BP,
    NULL,
    2,
    3,
    { "1", "0", "2/5", "0", "1", "2/5" },
    { "1/3", "-1" },
    { "1/3", "-1", "0" },
    DELTA1_LEMMA_BASIS },
  { DELTA1_LP,
    NULL,
    2,
    3,
    { "2", "3", "-1", "1", "-1", "5" },
    { "4", "3" },
    { "23/11", "0", "2/11" },
    DELTA1_LEMMA_VERTEX },
};

static void
known_solutions (void **state)
{
  (void)state;
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    for (slong digits = 3; digits <= 300; digits *= 10)
      {
        const known_t *k = &known[i];
        delta1_data_t data;
        delta1_solution_t solution;
        fmpq *x = _fmpq_vec_init (k->N);
        small_data_init (&data, k->problem, k->m, k->N, k->parameter);
        small_data_set (data.A, k->A, k->m * k->N);
        small_data_set (data.y, k->y, k->m);
        small_data_set (x, k->x, k->N);
        delta1_solution_init (&solution);
        small_data_solve (&solution, &data, digits);
        /* x = (0, 0, 2/3) of bp is degenerate: its basis has a column with coefficient 0. */
        if (solution.verdict != DELTA1_SOLVE_DETERMINED)
          fail_msg ("example %zu: %s", i, solution.why.text);
        assert_int_equal (solution.minimiser.lemma, k->lemma);
        assert_true (encloses (&solution.minimiser, x, k->N));
        arb_t limit;
        arb_init (limit);
        arb_set_ui (limit, 10);
        arb_pow_ui (limit, limit, (ulong)digits, 64);
        arb_inv (limit, limit, 64);
        assert_true (arb_lt (solution.minimiser.radius, limit));
        arb_clear (limit);
        delta1_solution_clear (&solution);
        delta1_data_clear (&data);
        _fmpq_vec_clear (x, k->N);
      }
}

/* Higher precision lies inside lower; data in a box have minimisers inside the box's enclosure. */
static void
nested (void **state)
{
  (void)state;
  int determined = 0, boxes = 0;
  int rounds = delta1_test_rounds (60);
  for (int round = 0; round < rounds; round++)
    for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
      {
        delta1_data_t data, moved;
        delta1_solution_t low, high, box;
        delta1_reason_t reason;
        slong m = 2 + delta1_test_random_below (5), N = m + 1 + delta1_test_random_below (12);
        small_data_random (&data, (delta1_problem_t)problem, m, N);
        delta1_solution_init (&low);
        delta1_solution_init (&high);
        delta1_solution_init (&box);
        small_data_solve (&low, &data, 8);
        small_data_solve (&high, &data, 60);
        assert_int_equal (low.verdict, high.verdict);
        if (low.verdict == DELTA1_SOLVE_DETERMINED)
          {
            determined++;
            assert_int_equal (low.minimiser.size, high.minimiser.size);
            for (slong k = 0; k < low.minimiser.size; k++)
              {
                assert_int_equal (low.minimiser.column[k], high.minimiser.column[k]);
                assert_true (arb_overlaps (low.minimiser.x + k, high.minimiser.x + k));
              }
          }
        /* Corners of the largest box that is proved. */
        for (slong e = 1; e <= 16 && !box.enclosed; e++)
          {
            fmpq_set_si (data.matrix_radius, 1, UWORD (1) << e);
            fmpq_set_si (data.data_radius, 2, UWORD (1) << e);
            solve_without_witnesses (&box, &data);
          }
        boxes += box.enclosed;
        for (int corner = 0; corner < 4 && box.enclosed; corner++)
          {
            fmpq_t change;
            fmpq_init (change);
            assert_ok (delta1_data_init_copy (&moved, &data, &reason), reason);
            fmpq_zero (moved.matrix_radius);
            fmpq_zero (moved.data_radius);
            for (slong i = 0; i < m * N + m; i++)
              {
                fmpq *entry = i < m ? moved.y + i : moved.A + (i - m);
                fmpq_set_si (change, 2 * delta1_test_random_below (2) - 1, 1);
                fmpq_mul (change, change, i < m ? data.data_radius : data.matrix_radius);
                fmpq_add (entry, entry, change);
              }
            small_data_solve (&high, &moved, 40);
            assert_int_equal (high.verdict, DELTA1_SOLVE_DETERMINED);
            assert_int_equal (box.minimiser.size, high.minimiser.size);
            for (slong k = 0; k < box.minimiser.size; k++)
              {
                assert_int_equal (box.minimiser.column[k], high.minimiser.column[k]);
                assert_true (arb_contains (box.minimiser.x + k, high.minimiser.x + k));
              }
            bool decided = true; /* else the dual vector is one of many */
            for (slong k = 0; k < box.minimiser.size; k++)
              decided = decided && box.minimiser.sign[k] != 0;
            for (slong i = 0; i < m && decided; i++)
              assert_true (arb_contains (box.minimiser.dual + i, high.minimiser.dual + i));
            delta1_data_clear (&moved);
            fmpq_clear (change);
          }
        delta1_solution_clear (&low);
        delta1_solution_clear (&high);
        delta1_solution_clear (&box);
        delta1_data_clear (&data);
      }
  printf ("# %d of %d determined, %d boxes\n", determined, 5 * rounds, boxes);
  assert_true (determined > 4 * rounds);
  assert_true (boxes > 3 * rounds);
}

/* One column, one row, A = 1 and y = 2 within rho: x = y/A - lambda/(2 A^2) (lasso), (y -
 * epsilon)/A (qcbp), y/A: the enclosure contains these at the corners, where errors of second order
 * count. */
static void
one_number (void **state)
{
  (void)state;
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    for (slong e = 1; e <= 12; e++)
      {
        delta1_data_t data;
        delta1_solution_t solution;
        fmpq_t a, y, x, half;
        fmpq_init (a);
        fmpq_init (y);
        fmpq_init (x);
        fmpq_init (half);
        fmpq_set_si (half, 1, 2);
        small_data_init (&data, (delta1_problem_t)problem, 1, 1,
                         problem == DELTA1_BP || problem == DELTA1_LP ? NULL : "1/2");
        fmpq_set_si (data.A, 1, 1);
        fmpq_set_si (data.y, 2, 1);
        fmpq_set_si (data.matrix_radius, 1, UWORD (1) << e);
        fmpq_set_si (data.data_radius, 1, UWORD (1) << e);
        delta1_solution_init (&solution);
        solve_without_witnesses (&solution, &data);
        assert_true (solution.enclosed || e < 5);
        for (int corner = 0; corner < 4 && solution.enclosed; corner++)
          {
            if (corner % 2 == 0)
              fmpq_add (a, data.A, data.matrix_radius);
            else
              fmpq_sub (a, data.A, data.matrix_radius);
            if (corner < 2)
              fmpq_add (y, data.y, data.data_radius);
            else
              fmpq_sub (y, data.y, data.data_radius);
            if (problem == DELTA1_QCBP)
              fmpq_sub (y, y, half);
            fmpq_div (x, y, a);
            if (problem == DELTA1_LASSO)
              {
                fmpq_mul (a, a, a);
                fmpq_inv (a, a);
                fmpq_mul (a, a, half);
                fmpq_mul (a, a, half);
                fmpq_sub (x, x, a);
              }
            assert_int_equal (solution.minimiser.size, 1);
            assert_true (arb_contains_fmpq (solution.minimiser.x, x));
          }
        delta1_solution_clear (&solution);
        delta1_data_clear (&data);
        fmpq_clear (a);
        fmpq_clear (y);
        fmpq_clear (x);
        fmpq_clear (half);
      }
}

/* Columns that the data do not tell apart, both needed: what is open is their independence. */
static void
dependent_columns (void **state)
{
  (void)state;
  static const char *const A[] = { "1", "1", "1", "100001/100000" };
  static const char *const y[] = { "3", "300001/100000" };
  static const delta1_problem_t which[] = { DELTA1_BP, DELTA1_LP, DELTA1_QCBP };
  for (size_t p = 0; p < 3; p++)
    {
      delta1_data_t data;
      delta1_solution_t solution;
      small_data_init (&data, which[p], 2, 2, which[p] == DELTA1_QCBP ? "1/10000000" : NULL);
      small_data_set (data.A, A, 4);
      small_data_set (data.y, y, 2);
      fmpq_set_si (data.matrix_radius, 1, 1000);
      delta1_solution_init (&solution);
      solve_without_witnesses (&solution, &data);
      assert_int_equal (solution.verdict, DELTA1_SOLVE_UNDECIDED);
      assert_false (solution.enclosed);
      assert_int_equal (solution.open.kind, DELTA1_QUANTITY_INJECTIVE);
      delta1_solution_clear (&solution);
      delta1_data_clear (&data);
    }
}

/* x_j -> x_j/w_j turns weights into scaled columns; an intercept into centred data. */
static void
weights_and_intercept (void **state)
{
  (void)state;
  int basis = 0, rounds = delta1_test_rounds (20);
  for (int round = 0; round < rounds; round++)
    {
      delta1_data_t data, plain;
      delta1_solution_t one, other;
      delta1_reason_t reason;
      bool root = round % 2 == 1;
      slong m = 6, N = 8;
      fmpq_t mean;
      fmpq_init (mean);
      small_data_random (&data, root ? DELTA1_SRLASSO : DELTA1_LASSO, m, N);
      fmpq_set_si (data.parameter, 2, 3);
      delta1_data_give_weights (&data);
      for (slong j = 0; j < N; j++)
        fmpq_set_si (data.weight + j, 1 + delta1_test_random_below (9), 3);
      data.intercept = true;
      assert_ok (delta1_data_init_copy (&plain, &data, &reason), reason);
      plain.weights = DELTA1_WEIGHTS_ONE;
      plain.intercept = false;
      for (slong j = 0; j <= N; j++)
        {
          fmpq *first = j < N ? plain.A + j : plain.y;
          slong step = j < N ? N : 1;
          fmpq_zero (mean);
          for (slong i = 0; i < m; i++)
            fmpq_add (mean, mean, first + i * step);
          fmpq_div_fmpz (mean, mean, (fmpz[]){ 6 });
          for (slong i = 0; i < m; i++)
            {
              fmpq_sub (first + i * step, first + i * step, mean);
              if (j < N)
                fmpq_div (first + i * step, first + i * step, data.weight + j);
            }
        }
      delta1_solution_init (&one);
      delta1_solution_init (&other);
      small_data_solve (&one, &data, 20);
      small_data_solve (&other, &plain, 20);
      assert_int_equal (one.verdict, DELTA1_SOLVE_DETERMINED);
      if (one.minimiser.lemma == DELTA1_LEMMA_BASIS)
        {
          /* centred data have dependent rows: consistent, and nothing that balls can see */
          basis++;
          assert_int_equal (other.verdict, DELTA1_SOLVE_UNDECIDED);
          assert_int_equal (other.open.kind, DELTA1_QUANTITY_CANDIDATE);
          goto next;
        }
      assert_int_equal (other.verdict, DELTA1_SOLVE_DETERMINED);
      assert_int_equal (one.minimiser.size, other.minimiser.size + 1);
      for (slong k = 0; k < other.minimiser.size; k++)
        {
          arb_t x;
          arb_init (x);
          assert_int_equal (one.minimiser.column[k], other.minimiser.column[k]);
          arb_set_fmpq (x, data.weight + one.minimiser.column[k], 400);
          arb_mul (x, x, one.minimiser.x + k, 400);
          assert_true (arb_overlaps (x, other.minimiser.x + k));
          arb_clear (x);
        }
    next:
      delta1_solution_clear (&one);
      delta1_solution_clear (&other);
      delta1_data_clear (&data);
      delta1_data_clear (&plain);
      fmpq_clear (mean);
    }
  assert_true (basis < rounds);
}

/* Deviations as weights: (1, 1, -1, -1) c has standard deviation c. */
static void
deviations (void **state)
{
  (void)state;
  static const char *const A[] = { "3", "1/2", "3", "-1/2", "-3", "1/2", "-3", "-1/2" };
  static const char *const y[] = { "2", "1", "-1", "-1" };
  delta1_data_t data;
  delta1_solution_t by_deviation, by_number;
  small_data_init (&data, DELTA1_LASSO, 4, 2, "1/3");
  small_data_set (data.A, A, 8);
  small_data_set (data.y, y, 4);
  delta1_solution_init (&by_deviation);
  delta1_solution_init (&by_number);
  data.weights = DELTA1_WEIGHTS_DEVIATION;
  small_data_solve (&by_deviation, &data, 30);
  delta1_data_give_weights (&data);
  fmpq_set_si (data.weight, 3, 1);
  fmpq_set_si (data.weight + 1, 1, 2);
  small_data_solve (&by_number, &data, 30);
  assert_int_equal (by_deviation.verdict, DELTA1_SOLVE_DETERMINED);
  assert_int_equal (by_number.verdict, DELTA1_SOLVE_DETERMINED);
  assert_int_equal (by_number.minimiser.size, 2);
  assert_int_equal (by_deviation.minimiser.size, 2);
  for (slong k = 0; k < 2; k++)
    assert_true (arb_overlaps (by_deviation.minimiser.x + k, by_number.minimiser.x + k));
  /* a column that does not vary has no weight: said, not divided by */
  for (slong i = 0; i < 4; i++)
    fmpq_one (data.A + 2 * i + 1);
  data.weights = DELTA1_WEIGHTS_DEVIATION;
  small_data_solve (&by_deviation, &data, 5);
  assert_int_equal (by_deviation.verdict, DELTA1_SOLVE_UNDECIDED);
  assert_int_equal (by_deviation.open.column, 1);
  delta1_solution_clear (&by_deviation);
  delta1_solution_clear (&by_number);
  delta1_data_clear (&data);
}

/* Two equal columns: undecided at every budget, naming one of them. */
static void
ties (void **state)
{
  (void)state;
  delta1_data_t data;
  delta1_solution_t solution;
  delta1_reason_t reason;
  for (int problem = 0; problem < DELTA1_PROBLEM_COUNT; problem++)
    {
      small_data_init (&data, (delta1_problem_t)problem, 1, 3,
                       problem == DELTA1_BP || problem == DELTA1_LP ? NULL : "1/7");
      fmpq_set_si (data.A, 1, 3);
      fmpq_set_si (data.A + 1, 1, 3);
      fmpq_set_si (data.A + 2, 1, 5);
      fmpq_set_si (data.y, 2, 1);
      for (slong bits = 10; bits <= 10000; bits *= 10)
        {
          delta1_solve_options_t options = delta1_solve_defaults;
          options.max_precision = bits;
          delta1_solution_init (&solution);
          assert_ok (delta1_solve_data (&solution, &data, &options, &reason), reason);
          assert_int_equal (solution.verdict, DELTA1_SOLVE_UNDECIDED);
          assert_int_equal (solution.precision, bits);
          assert_int_equal (solution.open.kind, DELTA1_QUANTITY_CORRELATION);
          assert_true (solution.open.column == 0 || solution.open.column == 1);
          assert_true (arb_contains_zero (solution.open.slack));
          assert_non_null (strstr (solution.why.text, "raise the largest precision"));
          delta1_solution_clear (&solution);
        }
      delta1_data_clear (&data);
    }
}

static void
refusals (void **state)
{
  (void)state;
  delta1_data_t data;
  delta1_solution_t solution;
  delta1_reason_t reason;
  delta1_solve_options_t options = delta1_solve_defaults;
  assert_refused (delta1_data_init (&data, DELTA1_LASSO, 0, 3, &reason), DELTA1_INPUT, reason,
                  "at least 1 x 1");
  delta1_data_clear (&data);
  assert_refused (delta1_data_init (&data, DELTA1_LASSO, 1 << 20, 1 << 20, &reason), DELTA1_INPUT,
                  reason, "2^28");
  delta1_data_clear (&data);
  small_data_init (&data, DELTA1_LASSO, 1, 2, NULL);
  delta1_solution_init (&solution);
  assert_refused (delta1_solve_data (&solution, &data, &options, &reason), DELTA1_INPUT, reason,
                  "lambda > 0");
  fmpq_set_si (data.parameter, 1, 2);
  fmpq_set_si (data.matrix_radius, -1, 2);
  assert_refused (delta1_solve_data (&solution, &data, &options, &reason), DELTA1_INPUT, reason,
                  "radius");
  fmpq_zero (data.matrix_radius);
  delta1_data_give_weights (&data);
  fmpq_zero (data.weight + 1);
  assert_refused (delta1_solve_data (&solution, &data, &options, &reason), DELTA1_INPUT, reason,
                  "weight of column 1");
  fmpq_one (data.weight + 1);
  data.problem = DELTA1_QCBP;
  data.intercept = true;
  assert_refused (delta1_solve_data (&solution, &data, &options, &reason), DELTA1_INPUT, reason,
                  "intercept");
  data.problem = DELTA1_LP;
  data.intercept = false;
  assert_refused (delta1_solve_data (&solution, &data, &options, &reason), DELTA1_INPUT, reason,
                  "no parameter");
  data.problem = DELTA1_LASSO;
  options.digits = -1;
  assert_refused (delta1_solve_data (&solution, &data, &options, &reason), DELTA1_INPUT, reason,
                  "digits");
  options.digits = 3;
  options.max_precision = 0;
  assert_refused (delta1_solve_data (&solution, &data, &options, &reason), DELTA1_INPUT, reason,
                  "precision");
  delta1_solution_clear (&solution);
  delta1_data_clear (&data);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (known_solutions),
                                      cmocka_unit_test (nested),
                                      cmocka_unit_test (one_number),
                                      cmocka_unit_test (dependent_columns),
                                      cmocka_unit_test (weights_and_intercept),
                                      cmocka_unit_test (deviations),
                                      cmocka_unit_test (ties),
                                      cmocka_unit_test (refusals) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
