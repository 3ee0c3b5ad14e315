#include "constructions/barrier_certificate.h"

#include <inttypes.h>
#include <stdlib.h>

#include "constructions/certificate_write.h"
#include "oracles/training_transcript.h"
#include "src/network_document.h"
#include "src/number.h"

static delta1_status_t
no_memory (delta1_reason_t *reason)
{
  return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate");
}

static json_t *
mixing_json (const delta1_mixing_t *mixing)
{
  if (mixing->kind != DELTA1_MIX_RATIONAL)
    return json_pack ("{s:s}", "kind", delta1_mix_name (mixing->kind));
  json_t *list = json_array ();
  fmpq_t value;
  fmpq_init (value);
  for (slong r = 0; r < mixing->reflections; r++)
    {
      json_t *vector = json_array ();
      for (slong i = 0; i < mixing->m; i++)
        {
          fmpq_set_fmpz (value, mixing->vectors + r * mixing->m + i);
          (void)json_array_append_new (vector, delta1_certificate_number (value));
        }
      (void)json_array_append_new (list, vector);
    }
  fmpq_clear (value);
  return json_pack ("{s:s,s:o}", "kind", delta1_mix_name (mixing->kind), "reflections", list);
}

static json_t *
family_json (const delta1_tie_family_t *f)
{
  json_t *columns = json_array ();
  for (slong j = 0; j < f->shape.N; j++)
    (void)json_array_append_new (columns, json_integer (f->place[j]));
  return json_pack ("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "name", "tie", "problem",
                    delta1_problem_name (f->problem), "m", (json_int_t)f->m, "N", (json_int_t)f->N,
                    "digits", (json_int_t)f->digits, "samples", (json_int_t)f->samples, "points",
                    (json_int_t)f->points, "parameter",
                    delta1_problem_parameter (f->problem) == NULL
                        ? json_null ()
                        : delta1_certificate_number (f->parameter),
                    "mixing", mixing_json (f->mixing), "columns", columns);
}

static json_t *
solution_json (const delta1_tie_family_t *f, const delta1_tie_input_t *input)
{
  json_t *scales = json_array ();
  json_t *face = json_array ();
  slong *places = flint_malloc ((size_t)f->tied * sizeof *places);
  slong size;
  delta1_tie_solution_face (places, &size, f, input);
  for (slong k = 0; k < f->points; k++)
    (void)json_array_append_new (scales, delta1_certificate_number (f->scale[input->tier] + k));
  for (slong i = 0; i < size; i++)
    (void)json_array_append_new (face, json_integer (places[i]));
  flint_free (places);
  return json_pack ("{s:o,s:o}", "scales", scales, "face", face);
}

static json_t *
input_json (const delta1_tie_input_t *input, bool with_column)
{
  char letter[2] = { delta1_tier_letter (input->tier), '\0' };
  json_t *object
      = json_pack ("{s:s,s:o}", "tier", letter, "gap", delta1_certificate_number (input->gap));
  if (object != NULL && with_column)
    (void)json_object_set_new (object, "column",
                               input->column < 0 ? json_null () : json_integer (input->column));
  return object;
}

delta1_status_t
delta1_certificate_of_outcome (json_t **document, const delta1_tie_family_t *family,
                               const delta1_outcome_t *outcome, const char *program,
                               delta1_reason_t *reason)
{
  json_t *transcript = NULL;
  char seed[24], *lower, *upper;
  *document = NULL;
  if (outcome->verdict != DELTA1_CORRECT && outcome->verdict != DELTA1_WRONG)
    return delta1_fail (reason, DELTA1_INPUT, "a verdict '%s' has no certificate",
                        delta1_verdict_name (outcome->verdict));
  delta1_status_t status
      = delta1_training_transcript_write (&transcript, outcome->transcript, &family->shape, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_outcome_error (&lower, &upper, outcome, DELTA1_CERTIFICATE_ERROR_DIGITS);
  (void)snprintf (seed, sizeof seed, "%" PRIu64, outcome->play.seed);
  json_t *made = json_pack (
      "{s:s,s:i,s:s,s:o,s:o,s:o,s:{s:s,s:s,s:s},s:o,s:o,s:{s:I,s:s,s:I,s:[o,o]}}", "format",
      "delta1-certificate", "version", 1, "kind", "run", "family", family_json (family), "input",
      input_json (&outcome->input, true), "solution", solution_json (family, &outcome->input),
      "run", "program", program, "oracle",
      outcome->play.adversary ? "adversary" : delta1_rounding_name (outcome->play.rule), "seed",
      seed, "transcript", transcript, "output", delta1_certificate_rows (outcome->X), "claim",
      "digits", (json_int_t)outcome->goal, "verdict", delta1_verdict_name (outcome->verdict),
      "point", (json_int_t)outcome->point, "error", delta1_certificate_text (lower),
      delta1_certificate_text (upper));
  if (made != NULL && outcome->network != NULL)
    {
      json_t *network = NULL;
      status = delta1_network_write (&network, outcome->network, reason);
      if (status != DELTA1_OK)
        {
          json_decref (made);
          return status;
        }
      json_t *run = json_object_get (made, "run");
      if (json_object_set_new (run, "network", network) != 0
          || json_object_set_new (run, "radius", delta1_certificate_number (outcome->radius)) != 0)
        {
          json_decref (made);
          return no_memory (reason);
        }
    }
  return delta1_certificate_finish (document, made, reason);
}

delta1_status_t
delta1_certificate_of_seeds (json_t **document, const delta1_tie_family_t *family,
                             const delta1_seeds_t *seeds, const char *program,
                             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *transcripts = json_array (), *runs = json_array (), *successes = json_array ();
  *document = NULL;
  if (seeds->halted == 0)
    {
      status = delta1_fail (reason, DELTA1_INPUT, "no run halted: there is nothing to certify");
      goto cleanup;
    }
  for (slong t = 0; t < seeds->transcripts; t++)
    {
      json_t *transcript;
      DELTA1_TRY (delta1_training_transcript_write (&transcript, seeds->transcript[t],
                                                    &family->shape, reason));
      (void)json_array_append_new (transcripts, transcript);
    }
  for (slong g = 0; g < seeds->groups; g++)
    (void)json_array_append_new (runs, json_pack ("{s:I,s:I,s:o}", "transcript",
                                                  (json_int_t)seeds->group[g].transcript, "count",
                                                  (json_int_t)seeds->group[g].count, "output",
                                                  delta1_certificate_rows (seeds->group[g].X)));
  for (slong j = 0; j < family->tied; j++)
    (void)json_array_append_new (successes, json_integer (seeds->successes[j]));
  json_t *made = json_pack ("{s:s,s:i,s:s,s:o,s:o,s:{s:s,s:s,s:I},s:O,s:O,s:{s:I,s:s,s:I,s:O}}",
                            "format", "delta1-certificate", "version", 1, "kind", "seeds", "family",
                            family_json (family), "input", input_json (&seeds->input, false), "run",
                            "program", program, "oracle", "adversary", "seeds",
                            (json_int_t)seeds->seeds, "transcripts", transcripts, "runs", runs,
                            "claim", "digits", (json_int_t)seeds->goal, "verdict", "seeds",
                            "halted", (json_int_t)seeds->halted, "successes", successes);
  status = delta1_certificate_finish (document, made, reason);
cleanup:
  json_decref (transcripts);
  json_decref (runs);
  json_decref (successes);
  return status;
}
