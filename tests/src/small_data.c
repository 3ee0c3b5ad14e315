#include "tests/src/small_data.h"

#include "src/number.h"

void
small_data_set (fmpq *x, const char *const *text, slong count)
{
  delta1_reason_t reason;
  for (slong i = 0; i < count; i++)
    assert_ok (delta1_number_parse (x + i, text[i], &reason), reason);
}

void
small_data_init (delta1_data_t *data, delta1_problem_t problem, slong m, slong N,
                 const char *parameter)
{
  delta1_reason_t reason;
  assert_ok (delta1_data_init (data, problem, m, N, &reason), reason);
  if (parameter != NULL)
    assert_ok (delta1_number_parse (data->parameter, parameter, &reason), reason);
}

void
small_data_random (delta1_data_t *data, delta1_problem_t problem, slong m, slong N)
{
  small_data_init (data, problem, m, N, NULL);
  for (slong i = 0; i < m * N; i++)
    fmpq_set_si (data->A + i, delta1_test_random_below (513) - 256, 64);
  for (slong i = 0; i < m; i++)
    {
      fmpq_set_si (data->y + i, delta1_test_random_below (513) - 256, 64);
      if (problem == DELTA1_LP || problem == DELTA1_BP)
        for (slong j = 0; j < N; j++)
          fmpq_add (data->y + i, data->y + i, data->A + i * N + j);
    }
  if (delta1_problem_parameter (problem) != NULL)
    fmpq_set_si (data->parameter, 1 + delta1_test_random_below (40),
                 problem == DELTA1_SRLASSO ? 8 : 4);
}

void
small_data_solve (delta1_solution_t *solution, const delta1_data_t *data, slong digits)
{
  delta1_reason_t reason;
  delta1_solve_options_t options = delta1_solve_defaults;
  options.digits = digits;
  options.max_precision = 4 * digits + 2048;
  assert_ok (delta1_solve_data (solution, data, &options, &reason), reason);
}
