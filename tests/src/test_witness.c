/* What the data do not determine: two witnesses, and how far the data are from such. */
#include "tests/src/small_data.h"

#include "src/condition.h"
#include "src/witness.h"

/* Six significant digits, columns that differ in the seventh: two witnesses, proved. */
static void
near_collinear (void **state)
{
  (void)state;
  static const delta1_problem_t problems[] = { DELTA1_LASSO, DELTA1_SRLASSO, DELTA1_QCBP };
  int found = 0;
  for (size_t p = 0; p < sizeof problems / sizeof problems[0]; p++)
    for (int round = 0; round < delta1_test_rounds (6); round++)
      {
        delta1_data_t data;
        delta1_solution_t solution;
        arb_t distance, limit;
        slong m = 8, N = 12;
        fmpq_t three;
        fmpq_init (three);
        fmpq_set_si (three, 3, 1);
        small_data_random (&data, problems[p], m, N);
        fmpq_set_si (data.parameter, 1, 2);
        for (slong i = 0; i < m; i++)
          {
            fmpq_set_si (data.A + i * N + 1, delta1_test_random_below (3) - 1, 10000000);
            fmpq_add (data.A + i * N + 1, data.A + i * N + 1, data.A + i * N);
            fmpq_div_fmpz (data.y + i, data.y + i, (fmpz[]){ 8 });
            fmpq_addmul (data.y + i, data.A + i * N, three);
            fmpq_add (data.y + i, data.y + i, data.A + i * N + 5);
          }
        fmpq_set_si (data.matrix_radius, 1, 1000000);
        fmpq_set_si (data.data_radius, 1, 1000000);
        delta1_solution_init (&solution);
        small_data_solve (&solution, &data, 3);
        /* It may be that neither of the two columns is used. */
        if (solution.verdict == DELTA1_SOLVE_DETERMINED)
          {
            bool used = false;
            for (slong k = 0; k < solution.minimiser.size; k++)
              used = used || solution.minimiser.column[k] < 2;
            assert_false (used);
            delta1_solution_clear (&solution);
            delta1_data_clear (&data);
            continue;
          }
        found++;
        arb_init (distance);
        arb_init (limit);
        if (solution.verdict != DELTA1_SOLVE_NOT_DETERMINED)
          fail_msg ("%s round %d: %s: %s", delta1_problem_name (problems[p]), round,
                    delta1_solve_verdict_name (solution.verdict), solution.why.text);
        for (int i = 0; i < 2; i++)
          {
            delta1_solution_t again;
            fmpq_t change;
            fmpq_init (change);
            assert_true (delta1_data_exact (&solution.witness[i].data));
            for (slong k = 0; k < m * N; k++)
              {
                fmpq_sub (change, solution.witness[i].data.A + k, data.A + k);
                fmpq_abs (change, change);
                assert_true (fmpq_cmp (change, data.matrix_radius) <= 0);
              }
            fmpq_clear (change);
            delta1_solution_init (&again);
            small_data_solve (&again, &solution.witness[i].data, 30);
            assert_int_equal (again.verdict, DELTA1_SOLVE_DETERMINED);
            delta1_minimiser_distance (distance, &again.minimiser, &solution.witness[i].minimiser,
                                       128);
            arb_set_d (limit, 1e-4);
            assert_true (arb_lt (distance, limit));
            delta1_solution_clear (&again);
          }
        delta1_minimiser_distance (distance, &solution.witness[0].minimiser,
                                   &solution.witness[1].minimiser, 128);
        arb_set_d (limit, 2e-3);
        assert_true (arb_gt (distance, limit));
        assert_true (arb_overlaps (distance, solution.separation));
        delta1_solution_clear (&solution);
        delta1_data_clear (&data);
        arb_clear (distance);
        arb_clear (limit);
      }
  assert_true (found >= delta1_test_rounds (6));
}

/* min |x| + (a x - y)^2 with a = 1, y = 2 is ill-posed first at (1 - d)(2 - d) = 1/2, d = 0.634. */
static void
condition (void **state)
{
  (void)state;
  delta1_data_t data;
  delta1_condition_t found;
  delta1_reason_t reason;
  small_data_init (&data, DELTA1_LASSO, 1, 1, "1");
  fmpq_set_si (data.A, 1, 1);
  fmpq_set_si (data.y, 2, 1);
  assert_ok (delta1_condition_estimate (&found, &data, -50, &reason), reason);
  assert_true (found.has_lower && found.has_upper);
  assert_true (found.lower_exponent <= -1 && found.lower_exponent >= -3);
  assert_true (found.upper_exponent == 0);
  assert_int_equal (found.samples, 1 - found.lower_exponent);
  /* two columns 2^-40 apart */
  delta1_data_clear (&data);
  small_data_init (&data, DELTA1_LASSO, 1, 2, "1");
  fmpq_set_si (data.A, 1, 1);
  fmpq_set_si (data.A + 1, (WORD (1) << 40) + 1, UWORD (1) << 40);
  fmpq_set_si (data.y, 2, 1);
  assert_ok (delta1_condition_estimate (&found, &data, -100, &reason), reason);
  assert_true (found.has_lower && found.has_upper);
  assert_true (found.lower_exponent >= -46 && found.lower_exponent <= -41);
  assert_true (found.upper_exponent >= -41 && found.upper_exponent <= -39);
  /* a tie has none */
  fmpq_set_si (data.A + 1, 1, 1);
  assert_refused (delta1_condition_estimate (&found, &data, -100, &reason), DELTA1_DOMAIN, reason,
                  "midpoints");
  assert_refused (delta1_condition_estimate (&found, &data, 1, &reason), DELTA1_INPUT, reason,
                  "least exponent");
  delta1_data_clear (&data);
}

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (near_collinear), cmocka_unit_test (condition) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
