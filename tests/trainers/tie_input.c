#include "tests/trainers/tie_input.h"

#include <stdlib.h>

#include "src/number.h"

/* row <- row of the orthogonal [[3, -4], [4, 3]]/5 applied to the first two entries of a column. */
static void
rotate (fmpq *top, fmpq *below)
{
  fmpq_t a, b;
  fmpq_init (a);
  fmpq_init (b);
  fmpq_mul_si (a, top, 3);
  fmpq_mul_si (b, below, 4);
  fmpq_sub (a, a, b);
  fmpq_mul_si (b, top, 4);
  fmpq_mul_si (below, below, 3);
  fmpq_add (below, below, b);
  fmpq_div_fmpz (top, a, (fmpz[]){ 5 });
  fmpq_div_fmpz (below, below, (fmpz[]){ 5 });
  fmpq_clear (a);
  fmpq_clear (b);
}

void
tie_renew (tie_t *tie)
{
  delta1_reason_t reason;
  delta1_source_free (tie->source);
  assert_ok (delta1_source_create_rational (&tie->source, tie->entry, tie->count, &reason), reason);
}

void
tie_init (tie_t *tie, const tie_choice_t *choice, const fmpq_t gap)
{
  delta1_reason_t reason;
  slong m = TIE_M, c = TIE_C, R = choice->R;
  slong N = c + m - 1 + (choice->problem == DELTA1_LP ? 1 : 0);
  slong b = choice->mixed ? 1 : 0;
  slong star = (6 - 2 * choice->tier) << b;
  fmpq_t t, p;

  fmpq_init (t);
  fmpq_init (p);
  *tie = (tie_t){ .choice = *choice, .count = m * N + R * m };
  tie->entry = _fmpq_vec_init (tie->count);
  for (slong j = 0; j < c; j++)
    {
      tie->column[j] = c - 1 - j;
      fmpq *alpha = tie->entry + tie->column[j];
      fmpq_set_si (alpha, star, 1);
      if (j != choice->largest)
        fmpq_sub (alpha, alpha, gap);
    }
  if (choice->problem == DELTA1_LP)
    fmpq_set_si (tie->entry + c, -1, 1);
  for (slong i = 1; i < m; i++)
    fmpq_set_si (tie->entry + i * N + N - m + i, 2 * star, 1);

  if (choice->problem == DELTA1_LASSO || choice->problem == DELTA1_SRLASSO
      || choice->problem == DELTA1_QCBP)
    fmpq_set_si (p, 1, 2);
  for (slong tier = 0; tier < 3; tier++)
    {
      tie->scale[tier] = _fmpq_vec_init (R);
      for (slong k = 0; k < R; k++)
        {
          delta1_number_set_digits (tie->scale[tier] + k, choice->K - tier);
          fmpq_set_si (t, 2 * (4 * R - k), (ulong)(4 * R));
          fmpq_mul (tie->scale[tier] + k, tie->scale[tier] + k, t);
        }
      tie->known.scale[tier] = tie->scale[tier];
    }
  for (slong k = 0; k < R; k++)
    {
      fmpq *y = tie->entry + m * N + k * m;
      fmpq_mul_si (y, tie->scale[choice->tier] + k, star);
      if (choice->problem == DELTA1_QCBP)
        fmpq_add (y, y, p);
      else if (choice->problem == DELTA1_LASSO)
        {
          fmpq_div_fmpz (t, p, (fmpz[]){ 2 * star });
          fmpq_add (y, y, t);
        }
    }
  if (choice->mixed)
    {
      for (slong j = 0; j < N; j++)
        rotate (tie->entry + j, tie->entry + N + j);
      for (slong k = 0; k < R; k++)
        rotate (tie->entry + m * N + k * m, tie->entry + m * N + k * m + 1);
    }

  fmpq *u = _fmpq_vec_init (m);
  if (choice->mixed)
    {
      fmpq_set_si (u, 3, 5);
      fmpq_set_si (u + 1, 4, 5);
    }
  else
    fmpq_set_si (u, 1, 1);
  assert_ok (delta1_source_create_rational (&tie->direction, u, m, &reason), reason);
  _fmpq_vec_clear (u, m);

  tie->known.tied = c;
  tie->known.column = tie->column;
  tie->known.direction = tie->direction;
  tie->known.bound_exponent = b;
  tie->known.samples = choice->L;
  tie->task = (delta1_task_t){ .problem = choice->problem,
                               .shape = { .m = m, .N = N, .R = R },
                               .digits = choice->K,
                               .known = &tie->known };
  fmpq_init (tie->task.parameter);
  fmpq_set (tie->task.parameter, p);
  fmpq_clear (t);
  fmpq_clear (p);
  tie_renew (tie);
}

void
tie_clear (tie_t *tie)
{
  _fmpq_vec_clear (tie->entry, tie->count);
  for (slong tier = 0; tier < 3; tier++)
    _fmpq_vec_clear (tie->scale[tier], tie->choice.R);
  fmpq_clear (tie->task.parameter);
  delta1_source_free (tie->source);
  delta1_source_free (tie->direction);
}

bool
tie_correct (const tie_t *tie, const fmpq_mat_t X, slong digits, bool is_tie)
{
  bool correct = true;
  fmpq_t square, bound;
  fmpq_init (square);
  fmpq_init (bound);
  if (digits != WORD_MAX)
    delta1_number_set_digits (bound, 2 * digits);
  for (slong k = 0; k < tie->choice.R; k++)
    {
      delta1_face_t face = { .size = is_tie ? TIE_C : 1,
                             .face = is_tie ? tie->column : tie->column + tie->choice.largest };
      fmpq_init (face.scale);
      fmpq_set (face.scale, tie->scale[tie->choice.tier] + k);
      delta1_face_distance_squared (fmpq_numref (square), fmpq_denref (square),
                                    fmpq_mat_entry (X, k, 0), tie->task.shape.N, &face);
      fmpq_canonicalise (square);
      correct = correct && fmpq_cmp (square, bound) <= 0;
      fmpq_clear (face.scale);
    }
  fmpq_clear (square);
  fmpq_clear (bound);
  return correct;
}

delta1_status_t
tie_run_oracle (fmpq_mat_t X, delta1_usage_t *usage, const tie_t *tie, const char *specification,
                delta1_oracle_t *oracle, const delta1_budget_t *budget, uint64_t seed,
                delta1_reason_t *reason)
{
  delta1_algorithm_t *algorithm = NULL;
  delta1_meter_t *meter = NULL;
  assert_ok (delta1_trainer_parse (&algorithm, specification, reason), *reason);
  assert_ok (delta1_meter_create (&meter, oracle, budget, NULL, reason), *reason);
  delta1_status_t status
      = algorithm->table->run (algorithm, X, &tie->task, delta1_meter_oracle (meter), seed, reason);
  if (usage != NULL)
    *usage = delta1_meter_usage (meter);
  delta1_meter_free (meter);
  delta1_algorithm_free (algorithm);
  return status;
}

delta1_status_t
tie_run (fmpq_mat_t X, delta1_usage_t *usage, const tie_t *tie, const char *specification,
         delta1_rounding_t rule, const delta1_budget_t *budget, uint64_t seed,
         delta1_reason_t *reason)
{
  delta1_oracle_t *oracle = NULL;
  assert_ok (delta1_oracle_create_honest (&oracle, tie->source, rule, seed, reason), *reason);
  delta1_status_t status
      = tie_run_oracle (X, usage, tie, specification, oracle, budget, seed, reason);
  delta1_oracle_free (oracle);
  return status;
}
