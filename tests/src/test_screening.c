#include <stdlib.h>

#include "src/optimality.h"
#include "src/screening.h"
#include "tests/testing.h"

/* min ||y - Ax||^2 + lambda sum w|x| of small integers, as a set of supports: all minimisers are
 * convex combinations of those that have independent columns, so a feature is in every minimiser,
 * or in none, when it is so for these. Here with columns that are orthogonal or equal up to a
 * factor, where everything is known: groups of equal columns, the others orthogonal. */
typedef struct
{
  slong groups, size; /* columns: size of each group, which are equal */
  slong value[8];     /* y on the groups: x is soft (value, lambda/2) */
} family_t;

static void
screen (delta1_truth_t *selected, const family_t *family, slong lambda, bool intercept,
        const char *radius)
{
  delta1_reason_t reason;
  delta1_data_t data;
  delta1_instance_t instance;
  const slong N = family->groups * family->size;
  /* With an intercept the rows are doubled with the opposite sign: every column has mean 0. */
  const slong m = family->groups * (intercept ? 2 : 1);
  assert_ok (delta1_data_init (&data, DELTA1_LASSO, m, N, &reason), reason);
  data.intercept = intercept;
  for (slong i = 0; i < m; i++)
    {
      slong sign = i < family->groups ? 1 : -1, group = i % family->groups;
      for (slong j = 0; j < N; j++)
        fmpq_set_si (data.A + i * N + j, j / family->size == group ? sign : 0, 1);
      fmpq_set_si (data.y + i, sign * family->value[group], 1);
      if (intercept)
        fmpq_add_si (data.y + i, data.y + i, 7);
    }
  fmpq_set_si (data.parameter, lambda * (intercept ? 2 : 1), 1);
  assert_int_equal (fmpq_set_str (data.matrix_radius, radius, 10), 0);
  fmpq_set (data.data_radius, data.matrix_radius);
  assert_ok (delta1_instance_init (&instance, DELTA1_LASSO, m, N + intercept, &reason), reason);
  delta1_instance_set_data (&instance, &data, 200);
  assert_ok (delta1_lasso_screen (selected, &instance, &reason), reason);
  delta1_instance_clear (&instance);
  delta1_data_clear (&data);
}

/* A group alone is selected when |value| > lambda/2; of a group of equals nothing can be said when
 * it is; at |value| = lambda/2 nothing is selected, but the inequality is not strict: unknown. */
static void
test_what_is_known (void **state)
{
  (void)state;
  for (int round = 0; round < delta1_test_rounds (60); round++)
    {
      family_t family = { .groups = 2 + delta1_test_random_below (4),
                          .size = 1 + delta1_test_random_below (2) };
      const slong lambda = 2 * (1 + delta1_test_random_below (4));
      delta1_truth_t selected[16];
      for (slong g = 0; g < family.groups; g++)
        family.value[g] = delta1_test_random_below (17) - 8;
      for (int intercept = 0; intercept < 2; intercept++)
        for (int exact = 0; exact < 2; exact++)
          {
            screen (selected, &family, lambda, intercept != 0, exact ? "0" : "1/1000000000000");
            for (slong j = 0; j < family.groups * family.size; j++)
              {
                slong value = labs (family.value[j / family.size]);
                delta1_truth_t expected = 2 * value < lambda                       ? DELTA1_FALSE
                                          : 2 * value > lambda && family.size == 1 ? DELTA1_TRUE
                                                                                   : DELTA1_UNKNOWN;
                if (selected[j] != expected)
                  fail_msg ("column %ld (value %ld, lambda %ld, groups of %ld): %d", (long)j,
                            (long)value, (long)lambda, (long)family.size, (int)selected[j]);
              }
          }
    }
}

/* What is said of a box is true at its corners: |y| = 3, lambda/2 between. */
static void
test_a_box_is_not_believed (void **state)
{
  (void)state;
  const family_t family = { .groups = 2, .size = 1, .value = { 3, 1 } };
  delta1_truth_t selected[2];
  screen (selected, &family, 4, false, "1/100");
  assert_int_equal (selected[0], DELTA1_TRUE);
  assert_int_equal (selected[1], DELTA1_FALSE);
  screen (selected, &family, 4, false, "3/5"); /* y_1 - 2 may be negative, and y_2 above 2 */
  assert_int_equal (selected[0], DELTA1_UNKNOWN);
  assert_int_equal (selected[1], DELTA1_UNKNOWN);
}

/* A lasso of exact numbers, of which single ones are then made uncertain. */
static void
set_instance (delta1_instance_t *instance, slong m, slong N, bool intercept, const double *A,
              const double *y, double lambda)
{
  delta1_reason_t reason;
  delta1_data_t data;
  assert_ok (delta1_data_init (&data, DELTA1_LASSO, m, N, &reason), reason);
  data.intercept = intercept;
  assert_ok (delta1_instance_init (instance, DELTA1_LASSO, m, N + intercept, &reason), reason);
  delta1_instance_set_data (instance, &data, 128);
  for (slong i = 0; i < m; i++)
    for (slong j = 0; j < N; j++)
      arb_set_d (instance->A + i + j * m, A[i * N + j]);
  for (slong i = 0; i < m; i++)
    arb_set_d (instance->y + i, y[i]);
  arb_set_d (instance->parameter, lambda);
  delta1_data_clear (&data);
}

static void
widen (arb_t x, double radius)
{
  mag_set_d (arb_radref (x), radius);
}

/* Inputs of a box on which something else holds than at its middle. */
static void
test_what_only_some_inputs_show (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_instance_t instance;
  delta1_truth_t selected[2];
  /* In the middle nothing is selected. With A_11 = 3/2 the first column enters (x_1 = 1/9), and
   * moves the residual so that the second one does, 2 |A_2^T r| = 10/3 > 5/2. */
  const double moved[] = { 1, 10, 0, -10 }, ones[] = { 1, 1 };
  set_instance (&instance, 2, 2, false, moved, ones, 2.5);
  widen (instance.A, 0.5);
  assert_ok (delta1_lasso_screen (selected, &instance, &reason), reason);
  assert_int_equal (selected[1], DELTA1_UNKNOWN);
  delta1_instance_clear (&instance);
  /* In the middle only the first column helps. With A_12 = 2 the second one is cheaper. */
  const double cheaper[] = { 1, 0 };
  set_instance (&instance, 1, 2, false, cheaper, ones, 0.5);
  widen (instance.A + 1, 2);
  assert_ok (delta1_lasso_screen (selected, &instance, &reason), reason);
  assert_int_equal (selected[0], DELTA1_UNKNOWN);
  delta1_instance_clear (&instance);
  /* In the middle y = 0. With y_1 = 1 the mean is 1/3, so that 2 |A_1^T r| = 2/3 > 1/10. */
  const double second[] = { 0, 1, 0 }, zeros[] = { 0, 0, 0 };
  set_instance (&instance, 3, 1, true, second, zeros, 0.1);
  widen (instance.y, 1);
  assert_ok (delta1_lasso_screen (selected, &instance, &reason), reason);
  assert_int_equal (selected[0], DELTA1_UNKNOWN);
  delta1_instance_clear (&instance);
}

/* The mean of a column does not count where there is an intercept. */
static void
test_large_means (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_instance_t instance;
  delta1_truth_t selected[2];
  const double A[] = { 1e6 + 1, 1e6, 1e6 - 1, 1e6, 1e6, 1e6 + 1, 1e6, 1e6 - 1 },
               y[] = { 3, -3, 0.25, -0.25 };
  set_instance (&instance, 4, 2, true, A, y, 4);
  for (slong i = 0; i < 4; i++)
    widen (instance.y + i, 1e-12);
  assert_ok (delta1_lasso_screen (selected, &instance, &reason), reason);
  assert_int_equal (selected[0], DELTA1_TRUE);
  assert_int_equal (selected[1], DELTA1_FALSE);
  delta1_instance_clear (&instance);
}

/* x = centre +- radius, exactly. */
static void
to_a_corner (fmpq *x, const fmpq *centre, slong count, const fmpq_t radius)
{
  for (slong i = 0; i < count; i++)
    if (delta1_test_random () & 1)
      fmpq_add (x + i, centre + i, radius);
    else
      fmpq_sub (x + i, centre + i, radius);
}

/* What is said of a box holds at corners of it, which are solved exactly. */
static void
test_boxes_against_their_corners (void **state)
{
  (void)state;
  slong said = 0, seen = 0;
  for (int round = 0; round < delta1_test_rounds (400); round++)
    {
      delta1_reason_t reason;
      delta1_data_t data, corner;
      delta1_instance_t instance;
      delta1_truth_t selected[4];
      delta1_solution_t solution;
      fmpq_t radius;
      const slong m = 2 + delta1_test_random_below (3), N = 1 + delta1_test_random_below (4);
      fmpq_init (radius);
      delta1_solution_init (&solution);
      assert_ok (delta1_data_init (&data, DELTA1_LASSO, m, N, &reason), reason);
      data.intercept = round % 2 == 1;
      for (slong i = 0; i < m * N; i++)
        fmpq_set_si (data.A + i, delta1_test_random_below (19) - 9, 3);
      for (slong i = 0; i < m; i++)
        fmpq_set_si (data.y + i, delta1_test_random_below (41) - 14, 2);
      fmpq_set_si (data.parameter, 1 + delta1_test_random_below (40), 1);
      assert_ok (delta1_data_init_copy (&corner, &data, &reason), reason);
      fmpq_set_si (radius, 1, WORD (1) << (1 + delta1_test_random_below (12)));
      fmpq_set (data.matrix_radius, radius);
      fmpq_set (data.data_radius, radius);
      assert_ok (delta1_instance_init (&instance, DELTA1_LASSO, m, N + data.intercept, &reason),
                 reason);
      delta1_instance_set_data (&instance, &data, 128);
      delta1_status_t status = delta1_lasso_screen (selected, &instance, &reason);
      assert_true (status == DELTA1_OK || status == DELTA1_UNDECIDED);
      for (int k = 0; k < 8; k++)
        {
          to_a_corner (corner.A, data.A, m * N, radius);
          to_a_corner (corner.y, data.y, m, radius);
          delta1_solve_options_t options = delta1_solve_defaults;
          options.max_precision = 200;
          assert_ok (delta1_solve_data (&solution, &corner, &options, &reason), reason);
          if (solution.verdict != DELTA1_SOLVE_DETERMINED)
            continue;
          seen++;
          for (slong j = 0; j < N; j++)
            {
              bool there = false;
              for (slong i = 0; i < solution.minimiser.size; i++)
                there = there || solution.minimiser.column[i] == j;
              said += selected[j] != DELTA1_UNKNOWN;
              if (selected[j] != DELTA1_UNKNOWN && there != (selected[j] == DELTA1_TRUE))
                fail_msg ("round %d: column %ld is %d, at a corner it is %d", round, (long)j,
                          (int)selected[j], (int)there);
            }
        }
      delta1_instance_clear (&instance);
      delta1_data_clear (&data);
      delta1_data_clear (&corner);
      delta1_solution_clear (&solution);
      fmpq_clear (radius);
    }
  assert_true (seen > 1000 && said > 500);
}

static void
test_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_instance_t instance;
  delta1_truth_t selected[1];
  assert_ok (delta1_instance_init (&instance, DELTA1_BP, 1, 1, &reason), reason);
  assert_refused (delta1_lasso_screen (selected, &instance, &reason), DELTA1_INPUT, reason,
                  "only the lasso");
  delta1_instance_clear (&instance);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_what_is_known),
    cmocka_unit_test (test_a_box_is_not_believed),
    cmocka_unit_test (test_what_only_some_inputs_show),
    cmocka_unit_test (test_large_means),
    cmocka_unit_test (test_boxes_against_their_corners),
    cmocka_unit_test (test_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
