#include "src/condition.h"

#include <stdlib.h>

#include "src/candidate.h"
#include "src/corner.h"

#define DIGITS 12
#define UPPER_STEPS 24

typedef struct
{
  const delta1_data_t *data;
  delta1_data_t moved; /* the data with other radii */
  delta1_instance_t instance;
  delta1_candidate_t candidate; /* the certified support at the midpoints */
  delta1_quantity_t open;       /* what fails first */
} study_t;

/* Whether the candidate, with every sign, is proved for all inputs within 2^exponent. */
static delta1_status_t
proved_within (bool *proved, study_t *study, slong exponent, delta1_reason_t *reason)
{
  delta1_minimiser_t minimiser;
  delta1_reason_t ignored;
  fmpq_set_si (study->moved.matrix_radius, 1, 1);
  if (exponent >= 0)
    fmpq_mul_2exp (study->moved.matrix_radius, study->moved.matrix_radius, (ulong)exponent);
  else
    fmpq_div_2exp (study->moved.matrix_radius, study->moved.matrix_radius, (ulong)-exponent);
  fmpq_set (study->moved.data_radius, study->moved.matrix_radius);
  delta1_instance_set_data (&study->instance, &study->moved,
                            128 + (exponent < 0 ? -2 * exponent : 0));
  delta1_minimiser_init (&minimiser);
  delta1_status_t status = delta1_instance_make_doubles (&study->instance, reason);
  if (status == DELTA1_OK)
    status = delta1_enclosure_prove (&minimiser, &study->open, &study->instance, &study->candidate,
                                     NULL, &ignored);
  *proved = status == DELTA1_OK;
  for (slong k = 0; *proved && k < minimiser.size; k++)
    *proved = minimiser.sign[k] != 0 || study->candidate.sign[k] == 0;
  delta1_minimiser_clear (&minimiser);
  if (status == DELTA1_UNDECIDED)
    status = DELTA1_OK;
  return status;
}

/* The largest exponent, or one near it, at which the proof holds. */
static delta1_status_t
find_lower (delta1_condition_t *condition, study_t *study, slong least, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong fails = 1, holds = 0, step = 1;
  bool proved = false;
  for (holds = 0; holds >= least; holds -= step, step *= 2)
    {
      DELTA1_TRY (proved_within (&proved, study, holds, reason));
      if (proved)
        break;
      fails = holds;
      if (holds > least && holds - step < least)
        step = holds - least;
    }
  if (!proved)
    return DELTA1_OK;
  while (holds > least - 1 && fails - holds > 1)
    {
      slong middle = holds + (fails - holds) / 2;
      DELTA1_TRY (proved_within (&proved, study, middle, reason));
      if (proved)
        holds = middle;
      else
        fails = middle;
    }
  condition->has_lower = true;
  condition->lower_exponent = holds;
  condition->samples = holds < 0 ? 1 - holds : 1;
  /* what fails just above */
  DELTA1_TRY (proved_within (&proved, study, holds + 1, reason));

cleanup:
  return status;
}

static bool
same_support (const delta1_candidate_t *candidate, const delta1_minimiser_t *minimiser)
{
  bool same = candidate->size == minimiser->size && candidate->lemma == minimiser->lemma;
  for (slong k = 0; same && k < minimiser->size; k++)
    same = candidate->column[k] == minimiser->column[k] && candidate->sign[k] == minimiser->sign[k];
  return same;
}

/* Whether one of the two corners has another certified support; of a basis every sign must be
 * known.
 */
static delta1_status_t
other_support (bool *other, const study_t *study, const delta1_corner_t *corner,
               delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_solve_options_t options = delta1_solve_defaults;
  options.digits = DIGITS;
  options.max_precision = 1024;
  *other = false;
  for (int side = -1; side <= 1 && status == DELTA1_OK && !*other; side += 2)
    {
      delta1_data_t moved;
      delta1_solution_t solution;
      delta1_solution_init (&solution);
      status = delta1_corner_data (&moved, corner, side, reason);
      if (status == DELTA1_OK)
        status = delta1_solve_data (&solution, &moved, &options, reason);
      if (status == DELTA1_OK && solution.verdict == DELTA1_SOLVE_DETERMINED)
        {
          *other = !same_support (&study->candidate, &solution.minimiser);
          for (slong k = 0; k < solution.minimiser.size; k++)
            if (solution.minimiser.sign[k] == 0
                && !(moved.intercept && solution.minimiser.column[k] == moved.N))
              *other = false;
        }
      delta1_data_clear (&moved);
      delta1_solution_clear (&solution);
    }
  return status;
}

/* Moves to the corners of growing boxes in the direction of what fails first. */
static delta1_status_t
find_upper (delta1_condition_t *condition, study_t *study, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_corner_t corner = { .m = 0 };
  double *u = NULL;
  slong column = study->open.column;
  fmpq_zero (study->moved.matrix_radius);
  fmpq_zero (study->moved.data_radius);
  delta1_instance_set_data (&study->instance, &study->moved, 128);
  DELTA1_TRY (delta1_instance_make_doubles (&study->instance, reason));
  DELTA1_TRY (delta1_corner_init (&corner, &study->moved, &study->instance, reason));
  u = calloc ((size_t)corner.s + 1, sizeof *u);
  if (u == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a condition"));
  if (study->open.kind == DELTA1_QUANTITY_CORRELATION && column >= 0 && column < corner.N)
    delta1_corner_towards (&corner, column);
  else
    {
      delta1_corner_weakest (u, &corner);
      for (slong k = 0; study->open.kind == DELTA1_QUANTITY_SIGN && k < corner.s; k++)
        u[k] = corner.column[k] == column ? 1 : 0;
      delta1_corner_along (&corner, u);
    }
  for (slong e = condition->lower_exponent + 1; e <= condition->lower_exponent + UPPER_STEPS; e++)
    {
      bool other;
      fmpq_one (study->moved.matrix_radius);
      if (e >= 0)
        fmpq_mul_2exp (study->moved.matrix_radius, study->moved.matrix_radius, (ulong)e);
      else
        fmpq_div_2exp (study->moved.matrix_radius, study->moved.matrix_radius, (ulong)-e);
      fmpq_set (study->moved.data_radius, study->moved.matrix_radius);
      DELTA1_TRY (other_support (&other, study, &corner, reason));
      if (other)
        {
          condition->has_upper = true;
          condition->upper_exponent = e;
          break;
        }
    }

cleanup:
  free (u);
  delta1_corner_clear (&corner);
  return status == DELTA1_UNDECIDED ? DELTA1_OK : status;
}

delta1_status_t
delta1_condition_estimate (delta1_condition_t *condition, const delta1_data_t *data,
                           slong least_exponent, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_solution_t solution;
  study_t study = { .data = data };
  delta1_solve_options_t options = delta1_solve_defaults;
  *condition = (delta1_condition_t){ .has_lower = false };
  options.digits = DIGITS;
  delta1_solution_init (&solution);
  delta1_quantity_init (&study.open);
  if (least_exponent > 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "a least exponent of %ld; allowed: 0 or less",
                             (long)least_exponent));
  DELTA1_TRY (delta1_data_init_copy (&study.moved, data, reason));
  fmpq_zero (study.moved.matrix_radius);
  fmpq_zero (study.moved.data_radius);
  DELTA1_TRY (delta1_solve_data (&solution, &study.moved, &options, reason));
  if (!solution.enclosed)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_DOMAIN, "the midpoints are not solved: %s", solution.why.text));
  DELTA1_TRY (delta1_candidate_init (&study.candidate, solution.minimiser.size, reason));
  study.candidate.lemma = solution.minimiser.lemma;
  study.candidate.size = solution.minimiser.size;
  for (slong k = 0; k < solution.minimiser.size; k++)
    {
      bool intercept = data->intercept && solution.minimiser.column[k] == data->N;
      study.candidate.column[k] = solution.minimiser.column[k];
      study.candidate.sign[k] = solution.minimiser.sign[k];
      if (solution.minimiser.sign[k] == 0 && !intercept)
        DELTA1_TRY (delta1_fail (reason, DELTA1_DOMAIN,
                                 "the sign of column %ld is not known at the midpoints",
                                 (long)solution.minimiser.column[k]));
    }
  DELTA1_TRY (delta1_instance_init (&study.instance, data->problem, data->m,
                                    data->N + (data->intercept ? 1 : 0), reason));
  DELTA1_TRY (find_lower (condition, &study, least_exponent, reason));
  if (condition->has_lower)
    status = find_upper (condition, &study, reason);

cleanup:
  delta1_solution_clear (&solution);
  delta1_data_clear (&study.moved);
  delta1_candidate_clear (&study.candidate);
  if (study.instance.m > 0)
    delta1_instance_clear (&study.instance);
  delta1_quantity_clear (&study.open);
  return status;
}
