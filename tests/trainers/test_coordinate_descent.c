/* coordinate-descent: against known minimisers, against fista, and its stopping rule. */
#include "tests/trainers/tie_input.h"

#include "src/number.h"

static void
make (tie_t *tie, fmpq_mat_t X, bool mixed, slong K, slong largest, slong gap_bits)
{
  tie_choice_t choice
      = { .problem = DELTA1_LASSO, .mixed = mixed, .largest = largest, .K = K, .L = 20, .R = 2 };
  fmpq_t gap;
  fmpq_init (gap);
  fmpq_set_si (gap, mixed ? 8 : 4, 1);
  fmpq_div_2exp (gap, gap, (flint_bitcnt_t)gap_bits);
  tie_init (tie, &choice, gap);
  fmpq_mat_init (X, choice.R, tie->task.shape.N);
  fmpq_clear (gap);
}

static void
play (fmpq_mat_t X, const tie_t *tie, const char *specification)
{
  delta1_reason_t reason;
  assert_ok (
      tie_run (X, NULL, tie, specification, DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
}

static void
to_the_minimiser (void **state)
{
  (void)state;
  static const struct
  {
    const char *specification;
    slong K, digits;
  } cases[] = {
    { "coordinate-descent", 4, 14 },
    { "coordinate-descent:arithmetic=53", 4, 14 },
    { "coordinate-descent:arithmetic=300,precision=300,tolerance=60", 4, 50 },
    { "coordinate-descent:reading=stable", 20, 35 },
    { "coordinate-descent:tolerance=120", 90, 110 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int mixed = 0; mixed < 2; mixed++)
      for (slong largest = 0; largest < TIE_C; largest++)
        {
          tie_t tie;
          fmpq_mat_t X;
          make (&tie, X, mixed, cases[i].K, largest, 0);
          play (X, &tie, cases[i].specification);
          if (!tie_correct (&tie, X, cases[i].digits, false))
            {
              fmpq_mat_print (X);
              fail_msg ("%s, mixed %d, column %ld", cases[i].specification, mixed, (long)largest);
            }
          fmpq_mat_clear (X);
          tie_clear (&tie);
        }
}

/* A problem where nothing is parallel and the cycle matters; fista has the same minimiser. */
static void
agrees_with_fista (void **state)
{
  (void)state;
  for (slong round = 0; round < delta1_test_rounds (30); round++)
    {
      tie_t tie;
      fmpq_mat_t X, Y;
      fmpq_t d, bound;
      make (&tie, X, false, 4, 0, 0);
      fmpq_mat_init (Y, X->r, X->c);
      fmpq_init (d);
      fmpq_init (bound);
      /* Three columns near the axes, the others 0: the minimiser is unique. */
      slong m = tie.task.shape.m, N = tie.task.shape.N;
      for (slong i = 0; i < m; i++)
        for (slong j = 0; j < N; j++)
          fmpq_set_si (tie.entry + i * N + j,
                       j >= m ? 0 : delta1_test_random_below (7) - 3 + (i == j ? 9 : 0), 4);
      for (slong i = m * N; i < tie.count; i++)
        fmpq_set_si (tie.entry + i, delta1_test_random_below (21) - 10, 3);
      tie_renew (&tie);
      play (X, &tie, "coordinate-descent:tolerance=15");
      play (Y, &tie, "fista:iterations=20000");
      delta1_number_set_digits (bound, 11);
      for (slong k = 0; k < X->r; k++)
        for (slong j = 0; j < N; j++)
          {
            fmpq_sub (d, fmpq_mat_entry (X, k, j), fmpq_mat_entry (Y, k, j));
            fmpq_abs (d, d);
            assert_true (fmpq_cmp (d, bound) <= 0);
          }
      /* Double and MPFR at 53 bits do the same operations. */
      play (Y, &tie, "coordinate-descent:tolerance=15,arithmetic=53");
      assert_true (fmpq_mat_equal (X, Y));
      fmpq_clear (d);
      fmpq_clear (bound);
      fmpq_mat_clear (X);
      fmpq_mat_clear (Y);
      tie_clear (&tie);
    }
}

/* Gap 2^-16, the better column second: x moves over by about (lambda/2) gap/alpha^3 a sweep. */
static void
stops_as_it_says (void **state)
{
  (void)state;
  tie_t tie;
  fmpq_mat_t X;
  delta1_reason_t reason;
  make (&tie, X, false, 4, 2, 18);
  play (X, &tie, "coordinate-descent:tolerance=13");
  assert_true (tie_correct (&tie, X, 10, false));
  play (X, &tie, "coordinate-descent:tolerance=3");
  assert_false (tie_correct (&tie, X, 5, false));
  assert_true (tie_correct (&tie, X, 5, true) || tie_correct (&tie, X, 3, true));
  play (X, &tie, "coordinate-descent:tolerance=13,iterations=1");
  assert_false (tie_correct (&tie, X, 5, false));
  /* One sweep: the first column alone. */
  assert_false (fmpq_is_zero (fmpq_mat_entry (X, 0, 0)));
  tie.task.seconds = 1e-9;
  assert_refused (tie_run (X, NULL, &tie, "coordinate-descent", DELTA1_NEAREST,
                           &delta1_budget_unlimited, 0, &reason),
                  DELTA1_BUDGET, reason, "sweep 1 of 100000");
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

static void
nothing_infinite (void **state)
{
  (void)state;
  tie_t tie;
  fmpq_mat_t X;
  delta1_reason_t reason;
  make (&tie, X, false, 4, 0, 0);
  fmpq_mul_2exp (tie.entry + tie.column[1], tie.entry + tie.column[1], 2000);
  tie_renew (&tie);
  assert_refused (tie_run (X, NULL, &tie, "coordinate-descent", DELTA1_NEAREST,
                           &delta1_budget_unlimited, 0, &reason),
                  DELTA1_FAILED, reason, "finite");
  /* lambda so large that nothing ever leaves 0 */
  fmpq_mat_clear (X);
  tie_clear (&tie);
  make (&tie, X, false, 4, 0, 0);
  fmpq_set_si (tie.task.parameter, 7, 1);
  play (X, &tie, "coordinate-descent");
  assert_true (fmpq_mat_is_zero (X));
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (to_the_minimiser),
    cmocka_unit_test (agrees_with_fista),
    cmocka_unit_test (stops_as_it_says),
    cmocka_unit_test (nothing_infinite),
  };
  return cmocka_run_group_tests_name ("coordinate descent", tests, NULL, NULL);
}
