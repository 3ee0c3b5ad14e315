/* The JSON of delta1 solve: doc/solve-report.md. */
#include <stdlib.h>

#include "programs/solve_report.h"
#include "src/number.h"
#include "src/proved_decimal.h"

static json_t *
take_string (char *text)
{
  json_t *value = text == NULL ? NULL : json_string (text);
  free (text);
  return value;
}

static json_t *
rational (const fmpq_t x)
{
  return take_string (delta1_number_format (x));
}

/* [low, high], exact dyadics; null when infinite. */
static json_t *
interval (const arb_t x)
{
  if (!arb_is_finite (x))
    return json_null ();
  fmpz_t low, high, exponent;
  fmpz_init (low);
  fmpz_init (high);
  fmpz_init (exponent);
  arb_get_interval_fmpz_2exp (low, high, exponent, x);
  slong n = fmpz_fits_si (exponent) ? -fmpz_get_si (exponent) : 0;
  json_t *value = fmpz_fits_si (exponent)
                      ? json_pack ("[o,o]", take_string (delta1_number_format_dyadic (low, n)),
                                   take_string (delta1_number_format_dyadic (high, n)))
                      : json_null ();
  fmpz_clear (low);
  fmpz_clear (high);
  fmpz_clear (exponent);
  return value;
}

/* An upper bound, as a decimal. */
static json_t *
upper (const arb_t x)
{
  char low[32], high[32];
  delta1_proved_bounds (low, high, x);
  return json_string (high);
}

static json_t *
decimal (const arb_t x, slong places)
{
  char *text = delta1_proved_decimal (x, places);
  return text == NULL ? json_null () : take_string (text);
}

static json_t *
index_or_intercept (const delta1_solve_input_t *input, slong column)
{
  return column == input->data.N ? json_string ("intercept") : json_integer (column);
}

static json_t *
coefficients (const delta1_solve_input_t *input, const delta1_minimiser_t *minimiser, slong places)
{
  json_t *list = json_array ();
  for (slong k = 0; k < minimiser->size; k++)
    (void)json_array_append_new (list, json_pack ("{s:o,s:i,s:o,s:o}", "feature",
                                                  index_or_intercept (input, minimiser->column[k]),
                                                  "sign", minimiser->sign[k], "value",
                                                  decimal (minimiser->x + k, places), "enclosure",
                                                  interval (minimiser->x + k)));
  return list;
}

static json_t *
open_quantity (const delta1_solve_input_t *input, const delta1_quantity_t *open)
{
  if (open->kind == DELTA1_QUANTITY_NONE)
    return json_null ();
  return json_pack ("{s:s,s:o,s:o}", "quantity", delta1_quantity_name (open->kind), "feature",
                    open->column < 0 ? json_null () : index_or_intercept (input, open->column),
                    "slack", interval (open->slack));
}

static json_t *
screened (const delta1_solve_input_t *input, const delta1_truth_t *selected)
{
  json_t *list[3] = {
    [DELTA1_FALSE] = json_array (), [DELTA1_TRUE] = json_array (), [DELTA1_UNKNOWN] = json_array ()
  };
  for (slong j = 0; j < input->data.N; j++)
    (void)json_array_append_new (list[selected[j]], json_integer (j));
  return json_pack ("{s:o,s:o,s:o}", "selected", list[DELTA1_TRUE], "excluded", list[DELTA1_FALSE],
                    "undecided", list[DELTA1_UNKNOWN]);
}

static json_t *
outcome_json (const delta1_solve_input_t *input, const delta1_solve_outcome_t *outcome)
{
  const delta1_solution_t *solution = &outcome->solution;
  json_t *object = json_pack (
      "{s:o,s:s,s:I,s:I,s:I,s:o,s:f}", "parameter",
      delta1_problem_parameter (input->data.problem) == NULL ? json_null ()
                                                             : rational (outcome->parameter),
      "verdict", delta1_solve_verdict_name (solution->verdict), "digits",
      (json_int_t)solution->digits, "precision", (json_int_t)solution->precision, "attempts",
      (json_int_t)solution->attempts, "coefficients",
      solution->enclosed ? coefficients (input, &solution->minimiser, solution->digits)
                         : json_null (),
      "seconds", outcome->seconds);
  if (object == NULL)
    return NULL;
  if (solution->enclosed)
    (void)json_object_set_new (object, "error", upper (solution->minimiser.radius));
  if (outcome->selected != NULL)
    (void)json_object_set_new (object, "certain", screened (input, outcome->selected));
  if (solution->verdict != DELTA1_SOLVE_DETERMINED)
    {
      (void)json_object_set_new (object, "open", open_quantity (input, &solution->open));
      (void)json_object_set_new (object, "reason", json_string (solution->why.text));
    }
  if (solution->verdict == DELTA1_SOLVE_NOT_DETERMINED)
    {
      (void)json_object_set_new (object, "separation", interval (solution->separation));
      (void)json_object_set_new (
          object, "witnesses",
          json_pack ("[o,o]", coefficients (input, &solution->witness[0].minimiser, 10),
                     coefficients (input, &solution->witness[1].minimiser, 10)));
    }
  return object;
}

static json_t *
condition_json (const delta1_condition_t *c)
{
  return json_pack ("{s:o,s:o,s:o}", "distance_at_least_2^",
                    c->has_lower ? json_integer (c->lower_exponent) : json_null (),
                    "distance_at_most_2^",
                    c->has_upper ? json_integer (c->upper_exponent) : json_null (), "samples",
                    c->samples > 0 ? json_integer (c->samples) : json_null ());
}

static json_t *
accuracy_json (const delta1_solve_report_t *report)
{
  const delta1_data_t *data = &report->input->data;
  if (report->request->accuracy == ACCURACY_SIGNIFICANT)
    return json_pack ("{s:I}", "significant_digits", (json_int_t)report->request->significant);
  return json_pack ("{s:o,s:o}", "matrix", rational (data->matrix_radius), "data",
                    rational (data->data_radius));
}

json_t *
delta1_solve_report_json (const delta1_solve_report_t *report)
{
  static const char *const weights[] = { [DELTA1_WEIGHTS_ONE] = "one",
                                         [DELTA1_WEIGHTS_GIVEN] = "given",
                                         [DELTA1_WEIGHTS_DEVIATION] = "standard deviation" };
  const delta1_solve_input_t *input = report->input;
  json_t *features = json_array (), *outcomes = json_array ();
  for (slong j = 0; j < input->data.N; j++)
    (void)json_array_append_new (features, json_string (input->name[j]));
  for (slong i = 0; i < report->outcomes; i++)
    (void)json_array_append_new (outcomes, outcome_json (input, report->outcome + i));
  json_t *document = json_pack (
      "{s:s,s:i,s:s,s:s,s:I,s:o,s:o,s:b,s:s,s:o,s:o,s:o}", "format", "delta1-solve", "version", 1,
      "problem", delta1_problem_name (input->data.problem), "scaling",
      delta1_scaling_name (input->scaling), "rows", (json_int_t)input->data.m, "features", features,
      "target", input->target == NULL ? json_null () : json_string (input->target), "intercept",
      (int)input->data.intercept, "weights", weights[input->data.weights], "accuracy",
      accuracy_json (report), "condition",
      report->conditioned ? condition_json (&report->condition) : json_null (), "outcomes",
      outcomes);
  if (document != NULL && report->path)
    (void)json_object_set_new (document, "lambda_max", interval (report->lambda_max));
  return document;
}
