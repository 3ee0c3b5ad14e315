/* homotopy and simplex: exact, against enumeration over Q; and as trainers on the tie family. */
#include "tests/trainers/tie_input.h"

#include <string.h>

#include "tests/trainers/exact_reference.h"
#include "trainers/exact.h"

#define MAX_ROWS 4

static const delta1_task_t patient = { .seconds = 20 };

/* --- random small problems: few values, so that ties, zeros and dependent columns are common ----
 */

typedef struct
{
  fmpz_mat_t A;
  fmpz *y, *cost, *num;
  fmpz_t den;
  fmpq *x; /* num/den */
} small_t;

static void
small_init (small_t *s, slong m, slong N)
{
  fmpz_mat_init (s->A, m, N);
  s->y = _fmpz_vec_init (m);
  s->cost = _fmpz_vec_init (N);
  s->num = _fmpz_vec_init (N);
  s->x = _fmpq_vec_init (N);
  fmpz_init (s->den);
}

static void
small_clear (small_t *s)
{
  _fmpz_vec_clear (s->y, s->A->r);
  _fmpz_vec_clear (s->cost, s->A->c);
  _fmpz_vec_clear (s->num, s->A->c);
  _fmpq_vec_clear (s->x, s->A->c);
  fmpz_clear (s->den);
  fmpz_mat_clear (s->A);
}

static void
small_random (small_t *s)
{
  slong m = 1 + delta1_test_random_below (MAX_ROWS);
  slong N = 1 + delta1_test_random_below (EXACT_MAX_COLUMNS);
  slong bound = 1 + delta1_test_random_below (4);
  small_init (s, m, N);
  for (slong i = 0; i < m; i++)
    {
      for (slong j = 0; j < N; j++)
        fmpz_set_si (fmpz_mat_entry (s->A, i, j), delta1_test_random_below (2 * bound + 1) - bound);
      fmpz_set_si (s->y + i, delta1_test_random_below (2 * bound + 1) - bound);
    }
  for (slong j = 0; j < N; j++)
    fmpz_set_si (s->cost + j, delta1_test_random_below (3));
}

static void
small_quotients (small_t *s)
{
  assert_true (fmpz_sgn (s->den) > 0);
  for (slong j = 0; j < s->A->c; j++)
    fmpq_set_fmpz_frac (s->x + j, s->num + j, s->den);
}

static void
small_set (small_t *s, slong m, slong N, const slong *A, const slong *y, const slong *cost)
{
  small_init (s, m, N);
  for (slong i = 0; i < m; i++)
    {
      for (slong j = 0; j < N; j++)
        fmpz_set_si (fmpz_mat_entry (s->A, i, j), A[i * N + j]);
      fmpz_set_si (s->y + i, y[i]);
    }
  for (slong j = 0; j < N; j++)
    fmpz_set_si (s->cost + j, cost != NULL ? cost[j] : 1);
}

static delta1_status_t
small_simplex (small_t *s, delta1_reason_t *reason)
{
  delta1_deadline_t deadline = delta1_deadline_start ("simplex", &patient);
  return delta1_simplex (s->num, s->den, s->A, s->y, s->cost, &deadline, reason);
}

static delta1_status_t
small_homotopy (small_t *s, const fmpq_t lambda, delta1_reason_t *reason)
{
  delta1_deadline_t deadline = delta1_deadline_start ("homotopy", &patient);
  fmpq_t kappa;
  fmpq_init (kappa);
  fmpq_div_2exp (kappa, lambda, 1);
  delta1_status_t status = delta1_homotopy (s->num, s->den, s->A, s->y, kappa, &deadline, reason);
  fmpq_clear (kappa);
  return status;
}

/* Ax = y, x >= 0, and the columns of the support are independent. */
static void
assert_vertex (const small_t *s)
{
  slong column[EXACT_MAX_COLUMNS];
  unsigned support = 0;
  fmpq_t sum, term;
  fmpq_mat_t B;
  fmpq_init (sum);
  fmpq_init (term);
  for (slong i = 0; i < s->A->r; i++)
    {
      fmpq_zero (sum);
      for (slong j = 0; j < s->A->c; j++)
        {
          fmpq_mul_fmpz (term, s->x + j, fmpz_mat_entry (s->A, i, j));
          fmpq_add (sum, sum, term);
        }
      assert_true (fmpq_cmp_fmpz (sum, s->y + i) == 0);
    }
  for (slong j = 0; j < s->A->c; j++)
    {
      assert_true (fmpq_sgn (s->x + j) >= 0);
      support |= fmpq_sgn (s->x + j) > 0 ? 1u << j : 0;
    }
  slong count = exact_select_columns (B, column, s->A, support);
  assert_int_equal (count == 0 ? 0 : fmpq_mat_rref (B, B), count);
  fmpq_mat_clear (B);
  fmpq_clear (sum);
  fmpq_clear (term);
}

static void
simplex_against_vertices (void **state)
{
  (void)state;
  slong solved = 0, infeasible = 0, rounds = delta1_test_rounds (3000);
  for (slong round = 0; round < rounds; round++)
    {
      small_t s;
      delta1_reason_t reason;
      fmpq_t least, value;
      fmpq_init (least);
      fmpq_init (value);
      small_random (&s);
      if (exact_enumerate_vertices (least, s.A, s.y, s.cost))
        {
          assert_ok (small_simplex (&s, &reason), reason);
          small_quotients (&s);
          assert_vertex (&s);
          exact_value (value, s.x, s.cost, s.A->c);
          assert_true (fmpq_equal (value, least));
          solved++;
        }
      else
        {
          assert_refused (small_simplex (&s, &reason), DELTA1_FAILED, reason, "infeasible");
          infeasible++;
        }
      fmpq_clear (least);
      fmpq_clear (value);
      small_clear (&s);
    }
  assert_true (solved > rounds / 10 && infeasible > rounds / 10);
}

/* Beale (1955), which cycles with the largest coefficient: optimum -5/4 at x = (3/4, 0, 0, 1, 0, 1,
 * 0); the rows are multiplied by 4, 2, 1, the cost by 4. In the second form the first
 * two rows are negated. */
static void
terminates_on_beale (void **state)
{
  (void)state;
  static const slong A[] = { 4, 0, 0, 1, -32, -4, 36, 0, 2, 0, 1, -24, -1, 6, 0, 0, 1, 0, 0, 1, 0 };
  static const slong y[] = { 0, 0, 1 };
  static const slong cost[] = { 0, 0, 0, -3, 80, -2, 24 };
  small_t s;
  delta1_reason_t reason;
  fmpq_t value;
  fmpq_init (value);
  for (int turned = 0; turned < 2; turned++)
    {
      small_set (&s, 3, 7, A, y, cost);
      for (slong i = 0; i < 2 && turned; i++)
        _fmpz_vec_neg (fmpz_mat_entry (s.A, i, 0), fmpz_mat_entry (s.A, i, 0), 7);
      assert_ok (small_simplex (&s, &reason), reason);
      small_quotients (&s);
      exact_value (value, s.x, s.cost, 7);
      assert_int_equal (fmpz_get_si (fmpq_numref (value)), -5);
      assert_true (fmpz_is_one (fmpq_denref (value)));
      small_clear (&s);
    }
  fmpq_clear (value);
}

static void
simplex_refusals (void **state)
{
  (void)state;
  static const slong A[] = { 1, -1 }, y[] = { 1 }, cost[] = { -1, 0 };
  static const slong B[] = { 1, 1, 1, 1 }, z[] = { 1, 2 };
  small_t s;
  delta1_reason_t reason;
  small_set (&s, 1, 2, A, y, cost);
  assert_refused (small_simplex (&s, &reason), DELTA1_FAILED, reason, "unbounded");
  small_clear (&s);
  small_set (&s, 2, 2, B, z, NULL);
  assert_refused (small_simplex (&s, &reason), DELTA1_FAILED, reason, "infeasible");
  delta1_deadline_t late = delta1_deadline_start ("simplex", &patient);
  late.seconds = 1e-12;
  assert_refused (delta1_simplex (s.num, s.den, s.A, s.y, s.cost, &late, &reason), DELTA1_BUDGET,
                  reason, "pivot 1");
  fmpq_t kappa;
  fmpq_init (kappa);
  fmpq_set_si (kappa, 1, 9);
  assert_refused (delta1_homotopy (s.num, s.den, s.A, s.y, kappa, &late, &reason), DELTA1_BUDGET,
                  reason, "pivot 1");
  fmpq_clear (kappa);
  small_clear (&s);
}

static void
homotopy_against_active_sets (void **state)
{
  (void)state;
  slong unique_count = 0, tied = 0, rounds = delta1_test_rounds (1500);
  for (slong round = 0; round < rounds; round++)
    {
      small_t s;
      delta1_reason_t reason;
      bool unique, strict;
      fmpq *x = _fmpq_vec_init (EXACT_MAX_COLUMNS);
      fmpq_t lambda;
      fmpq_init (lambda);
      small_random (&s);
      fmpq_set_si (lambda, 1 + delta1_test_random_below (6),
                   1 + (ulong)delta1_test_random_below (5));
      assert_true (exact_enumerate_active_sets (x, &unique, s.A, s.y, lambda));
      assert_ok (small_homotopy (&s, lambda, &reason), reason);
      small_quotients (&s);
      assert_true (exact_is_minimiser (&strict, s.x, s.A, s.y, lambda));
      unique_count += unique;
      tied += !unique;
      for (slong j = 0; j < s.A->c && unique; j++)
        assert_true (fmpq_equal (x + j, s.x + j));
      fmpq_clear (lambda);
      _fmpq_vec_clear (x, EXACT_MAX_COLUMNS);
      small_clear (&s);
    }
  assert_true (unique_count > rounds / 10 && tied > rounds / 10);
}

/* Of equal columns the first gets everything, whatever their sign. */
static void
lowest_index_on_ties (void **state)
{
  (void)state;
  static const slong A[] = { 0, 6, 6, -6, 6 }, y[] = { 2 };
  small_t s;
  delta1_reason_t reason;
  fmpq_t lambda, wanted;
  fmpq_init (lambda);
  fmpq_init (wanted);
  fmpq_set_si (lambda, 1, 1);
  for (int negative = 0; negative < 2; negative++)
    {
      small_set (&s, 1, 5, A, y, NULL);
      if (negative)
        fmpz_mat_neg (s.A, s.A);
      assert_ok (small_homotopy (&s, lambda, &reason), reason);
      small_quotients (&s);
      /* 2/6 - 1/(2 36) */
      fmpq_set_si (wanted, negative ? -23 : 23, 72);
      for (slong j = 0; j < 5; j++)
        assert_true (j == 1 ? fmpq_equal (s.x + j, wanted) : fmpq_is_zero (s.x + j));
      small_clear (&s);
    }
  small_set (&s, 1, 5, A, y, NULL);
  for (slong j = 0; j < 5; j++)
    fmpz_abs (fmpz_mat_entry (s.A, 0, j), fmpz_mat_entry (s.A, 0, j));
  assert_ok (small_simplex (&s, &reason), reason);
  small_quotients (&s);
  fmpq_set_si (wanted, 1, 3);
  assert_true (fmpq_equal (s.x + 1, wanted));
  small_clear (&s);
  fmpq_clear (lambda);
  fmpq_clear (wanted);
}

/* --- as trainers -------------------------------------------------------------------------------
 */

static void
on_the_family (delta1_problem_t problem, const char *specification, bool mixed, slong K)
{
  delta1_reason_t reason;
  for (slong largest = 0; largest < TIE_C; largest++)
    for (slong k = 0; k < 2; k++)
      for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
        {
          tie_choice_t choice = { problem, mixed, 1, largest, K, 5, 2 };
          tie_t tie;
          fmpq_mat_t X;
          fmpq_t gap;
          fmpq_init (gap);
          fmpq_set_si (gap, 1, 1);
          fmpq_div_2exp (gap, gap, k == 0 ? 1 : 40);
          tie_init (&tie, &choice, gap);
          fmpq_mat_init (X, choice.R, tie.task.shape.N);
          assert_ok (tie_run (X, NULL, &tie, specification, (delta1_rounding_t)rule,
                              &delta1_budget_unlimited, 0, &reason),
                     reason);
          if (!tie_correct (&tie, X, K + 10, false))
            {
              fmpq_mat_print (X);
              fail_msg ("%s, %s, mixed %d, gap %ld", specification, delta1_problem_name (problem),
                        mixed, (long)k);
            }
          fmpq_mat_clear (X);
          fmpq_clear (gap);
          tie_clear (&tie);
        }
}

static void
right_where_there_is_a_gap (void **state)
{
  (void)state;
  for (int mixed = 0; mixed < 2; mixed++)
    {
      on_the_family (DELTA1_LASSO, "homotopy", mixed, 6);
      on_the_family (DELTA1_LASSO, "homotopy:reading=stable", mixed, 50);
      on_the_family (DELTA1_LP, "simplex", mixed, 6);
      on_the_family (DELTA1_LP, "simplex:reading=stable", mixed, 40);
      on_the_family (DELTA1_BP, "simplex:equations=exact", mixed, 6);
      on_the_family (DELTA1_BP, "simplex:reading=stable", mixed, 50);
    }
}

/* y_2 = 0 with x >= 0: the least error of a reading decides whether there is a solution at all. */
static void
equations_as_they_read (void **state)
{
  (void)state;
  delta1_reason_t reason;
  tie_choice_t choice = { .problem = DELTA1_LP, .tier = 1, .K = 6, .L = 5, .R = 1 };
  tie_t tie;
  fmpq_mat_t X;
  fmpq_t gap;
  fmpq_init (gap);
  fmpq_set_si (gap, 1, 2);
  tie_init (&tie, &choice, gap);
  fmpq_mat_init (X, 1, tie.task.shape.N);
  assert_ok (tie_run (X, NULL, &tie, "simplex:equations=exact", DELTA1_NEAREST,
                      &delta1_budget_unlimited, 0, &reason),
             reason);
  assert_true (tie_correct (&tie, X, 16, false));
  fmpq *y2 = tie.entry + tie.count - 1;
  fmpq_set_si (y2, -1, 1);
  fmpq_div_2exp (y2, y2, 80);
  tie_renew (&tie);
  assert_refused (tie_run (X, NULL, &tie, "simplex:equations=exact", DELTA1_NEAREST,
                           &delta1_budget_unlimited, 0, &reason),
                  DELTA1_FAILED, reason, "infeasible");
  assert_ok (
      tie_run (X, NULL, &tie, "simplex", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
  assert_true (tie_correct (&tie, X, 16, false));
  fmpq_mul_2exp (y2, y2, 79);
  tie_renew (&tie);
  assert_refused (
      tie_run (X, NULL, &tie, "simplex", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_FAILED, reason, "infeasible");
  fmpq_mat_clear (X);
  fmpq_clear (gap);
  tie_clear (&tie);
}

/* bp with a datum turned round: the v of x = u - v, which the family alone never shows. */
static void
negative_datum (void **state)
{
  (void)state;
  delta1_reason_t reason;
  tie_choice_t choice = { .problem = DELTA1_BP, .tier = 1, .largest = 2, .K = 6, .L = 5, .R = 1 };
  tie_t tie;
  fmpq_mat_t X;
  fmpq_t gap;
  fmpq_init (gap);
  fmpq_set_si (gap, 1, 2);
  tie_init (&tie, &choice, gap);
  fmpq_mat_init (X, 1, tie.task.shape.N);
  fmpq *y = tie.entry + tie.count - TIE_M;
  fmpq_neg (y, y);
  tie_renew (&tie);
  assert_ok (
      tie_run (X, NULL, &tie, "simplex", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      reason);
  assert_false (tie_correct (&tie, X, 5, false));
  fmpq_mat_neg (X, X);
  assert_true (tie_correct (&tie, X, 16, false));
  fmpq_mat_clear (X);
  fmpq_clear (gap);
  tie_clear (&tie);
}

static void
other_problems (void **state)
{
  (void)state;
  static const struct
  {
    const char *name;
    unsigned attempts; /* bits by problem */
  } trainers[] = { { "homotopy", 1u << DELTA1_LASSO },
                   { "coordinate-descent", 1u << DELTA1_LASSO },
                   { "simplex", 1u << DELTA1_BP | 1u << DELTA1_LP } };
  delta1_reason_t reason;
  fmpq_t gap;
  fmpq_init (gap);
  for (size_t i = 0; i < 3; i++)
    for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
      {
        tie_choice_t choice = { .problem = (delta1_problem_t)p, .K = 4, .L = 5, .R = 1 };
        tie_t tie;
        fmpq_mat_t X;
        tie_init (&tie, &choice, gap);
        fmpq_mat_init (X, 1, tie.task.shape.N);
        delta1_status_t status = tie_run (X, NULL, &tie, trainers[i].name, DELTA1_NEAREST,
                                          &delta1_budget_unlimited, 0, &reason);
        if ((trainers[i].attempts >> p) & 1)
          {
            assert_ok (status, reason);
            assert_true (tie_correct (&tie, X, 10, true));
          }
        else
          assert_refused (status, DELTA1_INPUT, reason, delta1_problem_name (choice.problem));
        fmpq_mat_clear (X);
        tie_clear (&tie);
      }
  fmpq_clear (gap);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (simplex_against_vertices), cmocka_unit_test (terminates_on_beale),
    cmocka_unit_test (simplex_refusals),         cmocka_unit_test (homotopy_against_active_sets),
    cmocka_unit_test (lowest_index_on_ties),     cmocka_unit_test (right_where_there_is_a_gap),
    cmocka_unit_test (equations_as_they_read),   cmocka_unit_test (negative_datum),
    cmocka_unit_test (other_problems),
  };
  return cmocka_run_group_tests_name ("exact", tests, NULL, NULL);
}
