/* delta1 solve: certified digits of a minimiser, or an honest "no". */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "programs/commands.h"
#include "programs/solve_arguments.h"
#include "programs/solve_report.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/screening.h"
#include "src/solve_certificate.h"

#define COMMAND "solve"
/* Of lambda_max, in bits: enough for a grid of doubles, more for the digits that are shown. */
#define GRID_PRECISION 192
/* Of the working arithmetic where doubles found the point: more bits would not bring it nearer. */
#define SCREENING_PRECISION 192

static double
now (void)
{
  struct timespec t;
  (void)clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static delta1_status_t
solve_one (delta1_solve_outcome_t *outcome, delta1_solve_input_t *input,
           const delta1_solve_options_t *solve, delta1_reason_t *reason)
{
  double start = now ();
  delta1_solve_input_set_parameter (input, outcome->parameter);
  delta1_status_t status = delta1_solve_input_solve (&outcome->solution, input, solve, reason);
  outcome->seconds = now () - start;
  outcome->timed_out = solve->seconds > 0 && outcome->seconds > solve->seconds
                       && outcome->solution.verdict != DELTA1_SOLVE_DETERMINED;
  return status;
}

/* lambda_max, and the grid below it, in the scaling of the input. */
static delta1_status_t
make_grid (delta1_solve_report_t *report, const delta1_solve_input_t *input, const fmpq_t ratio,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_data_t *data = &input->data;
  delta1_instance_t instance;
  fmpq *lambda = _fmpq_vec_init (report->outcomes);
  DELTA1_TRY (delta1_instance_init (&instance, data->problem, data->m,
                                    data->N + (data->intercept ? 1 : 0), reason));
  delta1_solve_input_instance (&instance, input, GRID_PRECISION);
  DELTA1_TRY (delta1_lambda_max (report->lambda_max, &instance, reason));
  arb_div_si (report->lambda_max, report->lambda_max,
              delta1_scaling_factor (input->scaling, data->m), GRID_PRECISION);
  DELTA1_TRY (delta1_lambda_grid (lambda, report->outcomes, report->lambda_max, fmpq_get_d (ratio),
                                  reason));
  for (slong i = 0; i < report->outcomes; i++)
    fmpq_swap (report->outcome[i].parameter, lambda + i);
cleanup:
  delta1_instance_clear (&instance);
  _fmpq_vec_clear (lambda, report->outcomes);
  return status;
}

static delta1_status_t
solve_path (delta1_solve_report_t *report, delta1_solve_input_t *input,
            const delta1_solve_setting_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = make_grid (report, input, s->ratio, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_solve_print_path_head (report);
  for (slong i = 0; i < report->outcomes && status == DELTA1_OK; i++)
    {
      status = solve_one (report->outcome + i, input, &s->solve, reason);
      if (status == DELTA1_OK)
        delta1_solve_print_path_line (report, i);
    }
  if (status == DELTA1_OK)
    delta1_solve_print_path_end (report);
  return status;
}

/* Where the support is not certified: what is certain of single features. */
static delta1_status_t
screen (delta1_solve_outcome_t *outcome, const delta1_solve_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_data_t *data = &input->data;
  delta1_instance_t instance;
  DELTA1_TRY (delta1_instance_init (&instance, data->problem, data->m,
                                    data->N + (data->intercept ? 1 : 0), reason));
  outcome->selected = calloc ((size_t)data->N, sizeof *outcome->selected);
  if (outcome->selected == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "memory is out"));
  delta1_solve_input_instance (&instance, input, SCREENING_PRECISION);
  status = delta1_lasso_screen (outcome->selected, &instance, reason);
cleanup:
  delta1_instance_clear (&instance);
  return status == DELTA1_SYSTEM ? status : DELTA1_OK;
}

static delta1_status_t
solve_single (delta1_solve_report_t *report, delta1_solve_input_t *input,
              const delta1_solve_setting_t *s, delta1_reason_t *reason)
{
  delta1_solve_outcome_t *outcome = report->outcome;
  delta1_status_t status = solve_one (outcome, input, &s->solve, reason);
  if (status != DELTA1_OK)
    return status;
  if (!s->no_condition && outcome->solution.enclosed)
    {
      delta1_reason_t why;
      status = delta1_condition_estimate (&report->condition, &input->data,
                                          -outcome->solution.precision, &why);
      report->conditioned = status == DELTA1_OK;
      if (status == DELTA1_SYSTEM)
        return delta1_fail (reason, status, "%s", why.text);
    }
  if (!outcome->solution.enclosed && input->data.problem == DELTA1_LASSO)
    status = screen (outcome, input, reason);
  if (status == DELTA1_SYSTEM)
    return status;
  delta1_solve_print_outcome (report);
  return DELTA1_OK;
}

static delta1_status_t
write_certificate (const delta1_solve_report_t *report, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document = NULL;
  const delta1_solution_t *solution = &report->outcome[0].solution;
  if (solution->verdict == DELTA1_SOLVE_UNDECIDED)
    {
      printf ("\nno certificate is written: nothing was proved\n");
      return DELTA1_OK;
    }
  DELTA1_TRY (delta1_solve_certificate (&document, &report->input->data, solution, "delta1 solve",
                                        (const char *const *)report->input->name, reason));
  DELTA1_TRY (delta1_document_write (document, path, reason));
cleanup:
  json_decref (document);
  return status;
}

static delta1_status_t
write_all (const delta1_solve_report_t *report, const delta1_solve_setting_t *s,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document = NULL;
  bool drawn = true;
  if (s->certificate != NULL)
    DELTA1_TRY (write_certificate (report, s->certificate, reason));
  if (s->json != NULL)
    {
      document = delta1_solve_report_json (report);
      if (document == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for the report"));
      DELTA1_TRY (delta1_document_write (document, s->json, reason));
    }
  if (s->plot != NULL)
    DELTA1_TRY (delta1_solve_report_plot (&drawn, report, s->plot, reason));
  if (!drawn)
    printf ("%s\n", reason->text);
cleanup:
  json_decref (document);
  return status;
}

static int
exit_code (const delta1_solve_report_t *report)
{
  for (slong i = 0; i < report->outcomes; i++)
    if (report->outcome[i].solution.verdict != DELTA1_SOLVE_DETERMINED)
      return DELTA1_EXIT_UNDECIDED;
  return DELTA1_EXIT_OK;
}

static int
solve (delta1_solve_setting_t *s)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t reason;
  delta1_solve_input_t input;
  delta1_solve_report_t report = { .input = &input, .request = &s->request, .path = s->path > 0 };
  int code = DELTA1_EXIT_OK;
  delta1_solve_input_init (&input);
  DELTA1_TRY (delta1_solve_input_read (&input, &s->request, &reason));
  DELTA1_TRY (delta1_solve_report_init (&report, report.path ? s->path : 1, &reason));
  fmpq_set (report.outcome[0].parameter, s->parameter);
  flint_set_num_threads ((int)s->threads);
  delta1_solve_print_head (&report);
  DELTA1_TRY (report.path ? solve_path (&report, &input, s, &reason)
                          : solve_single (&report, &input, s, &reason));
  DELTA1_TRY (write_all (&report, s, &reason));
  code = exit_code (&report);
cleanup:
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s", reason.text);
      code = status == DELTA1_UNDECIDED || status == DELTA1_BUDGET ? DELTA1_EXIT_UNDECIDED
             : status == DELTA1_FAILED                             ? DELTA1_EXIT_REFUSED
                                                                   : DELTA1_EXIT_USAGE;
    }
  delta1_solve_report_clear (&report);
  delta1_solve_input_clear (&input);
  return code;
}

int
delta1_command_solve (int argc, char **argv)
{
  delta1_solve_setting_t s;
  bool helped = false;
  delta1_solve_setting_init (&s);
  int code = delta1_solve_arguments (&s, &helped, argc, argv);
  if (code == DELTA1_EXIT_OK && !helped)
    code = solve (&s);
  delta1_solve_setting_clear (&s);
  return code;
}
