#include <stdlib.h>

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
    cmocka_unit_test (test_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
