#include "constructions/solver_certificate.h"

#include "constructions/certificate_write.h"
#include "oracles/training_transcript.h"
#include "src/number.h"

/* p of doc/certificate-solver.md: 1/A_j (lp), 2(y - A_j x_j) (lasso). */
static void
set_dual (fmpq_t p, const delta1_solver_input_t *input)
{
  const fmpq *larger = input->row + input->column;
  if (input->problem == DELTA1_LP)
    fmpq_inv (p, larger);
  else
    {
      fmpq_mul (p, larger, input->scale);
      fmpq_sub (p, input->y, p);
      fmpq_mul_2exp (p, p, 1);
    }
}

static void
set_slack (fmpq_t slack, const delta1_solver_input_t *input, slong i, const fmpq_t p)
{
  fmpq_mul (slack, input->row + i, p);
  if (input->problem == DELTA1_LP)
    {
      fmpq_sub_ui (slack, slack, 1);
      fmpq_neg (slack, slack);
    }
  else
    {
      fmpq_abs (slack, slack);
      fmpq_sub (slack, input->parameter, slack);
    }
}

static json_t *
solution_json (const delta1_solver_input_t *input)
{
  fmpq_mat_t x, dual, slack;
  fmpq_mat_init (x, 1, input->N);
  fmpq_mat_init (dual, 1, 1);
  fmpq_mat_init (slack, 1, input->N);
  fmpq_set (fmpq_mat_entry (x, 0, input->column), input->scale);
  set_dual (fmpq_mat_entry (dual, 0, 0), input);
  for (slong i = 0; i < input->N; i++)
    set_slack (fmpq_mat_entry (slack, 0, i), input, i, fmpq_mat_entry (dual, 0, 0));
  json_t *object = json_pack ("{s:[I],s:o,s:o,s:o}", "support", (json_int_t)input->column, "x",
                              delta1_certificate_rows (x), "dual", delta1_certificate_rows (dual),
                              "slack", delta1_certificate_rows (slack));
  fmpq_mat_clear (x);
  fmpq_mat_clear (dual);
  fmpq_mat_clear (slack);
  return object;
}

static json_t *
input_json (const delta1_solver_input_t *input)
{
  fmpq_mat_t matrix, data;
  fmpq_mat_init (matrix, 1, input->N);
  fmpq_mat_init (data, 1, 1);
  for (slong i = 0; i < input->N; i++)
    fmpq_set (fmpq_mat_entry (matrix, 0, i), input->row + i);
  fmpq_set (fmpq_mat_entry (data, 0, 0), input->y);
  json_t *object = json_pack (
      "{s:o,s:o,s:o}", "matrix", delta1_certificate_rows (matrix), "data",
      delta1_certificate_rows (data), "parameter",
      input->problem == DELTA1_LP ? json_null () : delta1_certificate_number (input->parameter));
  fmpq_mat_clear (matrix);
  fmpq_mat_clear (data);
  return object;
}

static json_t *
run_json (const delta1_solver_run_t *run, const char *program)
{
  json_t *name = json_string (program);
  return json_pack ("{s:o,s:s,s:s,s:o}", "program",
                    name != NULL ? name : json_string ("(not UTF-8)"), "oracle",
                    delta1_rounding_name (DELTA1_NEAREST), "seed", "1", "status",
                    run->said.text[0] == '\0' ? json_null () : json_string (run->said.text));
}

delta1_status_t
delta1_certificate_of_solver (json_t **document, const delta1_solver_run_t *run,
                              const char *program, delta1_reason_t *reason)
{
  json_t *transcript = NULL;
  delta1_solver_input_t input;
  *document = NULL;
  if (run->verdict != DELTA1_CORRECT && run->verdict != DELTA1_WRONG)
    return delta1_fail (reason, DELTA1_INPUT, "a verdict '%s' has no certificate",
                        delta1_verdict_name (run->verdict));
  delta1_solver_input_init (&input, &run->instance);
  const delta1_shape_t shape = { .m = 1, .N = input.N, .R = 1 };
  delta1_status_t status
      = delta1_training_transcript_write (&transcript, run->transcript, &shape, reason);
  if (status == DELTA1_OK)
    {
      char *lower
          = delta1_number_format_root (run->num, run->den, DELTA1_CERTIFICATE_ERROR_DIGITS, -1);
      char *upper
          = delta1_number_format_root (run->num, run->den, DELTA1_CERTIFICATE_ERROR_DIGITS, 1);
      json_t *made = json_pack (
          "{s:s,s:i,s:s,s:{s:s,s:I,s:s},s:o,s:o,s:o,s:o,s:o,s:{s:i,s:s,s:[o,o]}}", "format",
          "delta1-certificate", "version", 1, "kind", "solver", "family", "name",
          delta1_solver_family_name (run->instance.family), "exponent", (json_int_t)run->instance.k,
          "larger", run->instance.reversed ? "first" : "last", "input", input_json (&input),
          "solution", solution_json (&input), "run", run_json (run, program), "transcript",
          transcript, "output", delta1_certificate_rows (run->X), "claim", "digits",
          DELTA1_SOLVER_DIGITS, "verdict", delta1_verdict_name (run->verdict), "error",
          delta1_certificate_text (lower), delta1_certificate_text (upper));
      status = delta1_certificate_finish (document, made, reason);
    }
  delta1_solver_input_clear (&input);
  return status;
}
