#include "tests/testing.h"

#include <string.h>

#include "src/number.h"
#include "src/problem.h"

static void
names_go_both_ways (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_problem_t problem;
  for (int i = 0; i < DELTA1_PROBLEM_COUNT; i++)
    {
      assert_ok (
          delta1_problem_parse (&problem, delta1_problem_name ((delta1_problem_t)i), &reason),
          reason);
      assert_int_equal (problem, i);
    }
  assert_refused (delta1_problem_parse (&problem, "ridge", &reason), DELTA1_INPUT, reason,
                  "srlasso");
  assert_null (delta1_problem_parameter (DELTA1_BP));
  assert_string_equal (delta1_problem_parameter (DELTA1_QCBP), "epsilon");
}

/* A slow independent reference: try every support of the projection and keep the nearest point that
 * is feasible; the projection is one of them. */
static void
slow_distance_squared (fmpq_t best, const fmpq *x, slong N, const delta1_face_t *face)
{
  bool first = true;
  fmpq_t tau, sum, value, square;
  fmpq_init (tau);
  fmpq_init (sum);
  fmpq_init (value);
  fmpq_init (square);
  for (unsigned support = 1; support < 1u << face->size; support++)
    {
      slong k = __builtin_popcount (support);
      fmpq_zero (sum);
      for (slong i = 0; i < face->size; i++)
        if (support >> i & 1)
          fmpq_add (sum, sum, x + face->face[i]);
      fmpq_sub (tau, sum, face->scale);
      fmpq_set_si (value, 1, (ulong)k);
      fmpq_mul (tau, tau, value);
      bool feasible = true;
      fmpq_zero (square);
      for (slong j = 0; j < N; j++)
        {
          slong place = -1;
          for (slong i = 0; i < face->size; i++)
            if (face->face[i] == j)
              place = i;
          if (place >= 0 && (support >> place & 1))
            {
              fmpq_sub (value, x + j, tau);
              feasible = feasible && fmpq_sgn (value) >= 0;
              fmpq_set (value, tau);
            }
          else
            fmpq_set (value, x + j);
          fmpq_addmul (square, value, value);
        }
      if (feasible && (first || fmpq_cmp (square, best) < 0))
        {
          fmpq_set (best, square);
          first = false;
        }
    }
  assert_false (first);
  fmpq_clear (tau);
  fmpq_clear (sum);
  fmpq_clear (value);
  fmpq_clear (square);
}

static void
distance_agrees_with_enumeration (void **state)
{
  (void)state;
  for (int round = 0; round < delta1_test_rounds (300); round++)
    {
      slong N = 1 + delta1_test_random_below (7);
      slong places[7];
      delta1_face_t face;
      fmpz_t num, den;
      fmpq_t got, expected;
      fmpq *x = _fmpq_vec_init (N);
      fmpq_init (face.scale);
      fmpq_init (got);
      fmpq_init (expected);
      fmpz_init (num);
      fmpz_init (den);
      face.size = 0;
      face.face = places;
      for (slong j = 0; j < N; j++)
        if (delta1_test_random () & 1)
          places[face.size++] = j;
      if (face.size == 0)
        places[face.size++] = delta1_test_random_below (N);
      delta1_test_random_rational (face.scale, 6);
      fmpq_abs (face.scale, face.scale);
      if (fmpq_is_zero (face.scale))
        fmpq_one (face.scale);
      for (slong j = 0; j < N; j++)
        if (delta1_test_random_below (4) > 0)
          delta1_test_random_rational (x + j, 6);
      delta1_face_distance_squared (num, den, x, N, &face);
      fmpq_set_fmpz_frac (got, num, den);
      slow_distance_squared (expected, x, N, &face);
      assert_true (fmpq_equal (got, expected));
      for (slong k = -2; k < 5; k++)
        {
          fmpq_t power;
          fmpq_init (power);
          delta1_number_set_digits (power, 2 * k);
          int sign = fmpq_cmp (expected, power);
          int found = delta1_distance_cmp_digits (num, den, k);
          assert_int_equal ((sign > 0) - (sign < 0), (found > 0) - (found < 0));
          fmpq_clear (power);
        }
      fmpz_clear (num);
      fmpz_clear (den);
      fmpq_clear (got);
      fmpq_clear (expected);
      fmpq_clear (face.scale);
      _fmpq_vec_clear (x, N);
    }
}

/* 10^-k itself is not above 10^-k. */
static void
the_border_is_exact (void **state)
{
  (void)state;
  slong place = 1;
  delta1_face_t face = { .size = 1, .face = &place };
  fmpq *x = _fmpq_vec_init (2);
  fmpz_t num, den;
  fmpz_init (num);
  fmpz_init (den);
  fmpq_init (face.scale);
  fmpq_set_si (face.scale, 2, 1);
  fmpq_set_si (x + 1, 2001, 1000);
  delta1_face_distance_squared (num, den, x, 2, &face);
  assert_int_equal (delta1_distance_cmp_digits (num, den, 3), 0);
  assert_true (delta1_distance_cmp_digits (num, den, 2) < 0);
  assert_true (delta1_distance_cmp_digits (num, den, 4) > 0);
  fmpq_clear (face.scale);
  fmpz_clear (num);
  fmpz_clear (den);
  _fmpq_vec_clear (x, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (names_go_both_ways),
    cmocka_unit_test (distance_agrees_with_enumeration),
    cmocka_unit_test (the_border_is_exact),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
