#include "constructions/paradox_certificate.h"

#include <stdlib.h>
#include <string.h>

#include "constructions/certificate_read.h"
#include "constructions/certificate_write.h"
#include "constructions/paradox_game.h"
#include "oracles/training_transcript.h"
#include "src/network_document.h"
#include "src/number.h"

/* --- writing ---------------------------------------------------------------------------------- */

static json_t *
family_json (const delta1_paradox_t *paradox)
{
  json_t *widths = json_array ();
  for (slong i = 0; i <= paradox->layers; i++)
    (void)json_array_append_new (widths, json_integer (paradox->widths[i]));
  return json_pack ("{s:s,s:I,s:o,s:o}", "name", "paradox", "points", (json_int_t)paradox->points,
                    "delta", delta1_certificate_number (paradox->delta), "widths", widths);
}

/* Takes over claim and transcript (may be NULL: there is none). */
static delta1_status_t
finish (json_t **document, const delta1_paradox_t *paradox, const delta1_network_t *network,
        const char *program, json_t *claim, json_t *transcript, delta1_reason_t *reason)
{
  json_t *written = NULL;
  delta1_status_t status = delta1_network_write (&written, network, reason);
  *document = NULL;
  if (status == DELTA1_OK)
    {
      json_t *made = json_pack ("{s:s,s:i,s:s,s:o,s:s,s:o,s:O}", "format", "delta1-certificate",
                                "version", 1, "kind", "paradox", "family", family_json (paradox),
                                "program", program, "network", written, "claim", claim);
      if (made != NULL && transcript != NULL
          && json_object_set (made, "transcript", transcript) != 0)
        {
          json_decref (made);
          made = NULL;
        }
      status = delta1_certificate_finish (document, made, reason);
    }
  json_decref (claim);
  json_decref (transcript);
  return status;
}

delta1_status_t
delta1_paradox_certify_counts (json_t **document, const delta1_paradox_t *paradox,
                               const delta1_network_t *network,
                               const delta1_paradox_verdict_t *verdict, const char *program,
                               delta1_reason_t *reason)
{
  json_t *claim = json_pack ("{s:s,s:I,s:[I,I],s:I,s:I}", "verdict",
                             delta1_paradox_verdict_name (verdict, paradox), "correct",
                             (json_int_t)verdict->correct, "broken", (json_int_t)verdict->broken[0],
                             (json_int_t)verdict->broken[1], "line", (json_int_t)verdict->line,
                             "floor", (json_int_t)paradox->floor);
  return finish (document, paradox, network, program, claim, NULL, reason);
}

delta1_status_t
delta1_paradox_certify_stable (json_t **document, const delta1_paradox_t *paradox,
                               const delta1_network_t *network, const fmpq_t theta,
                               const char *program, delta1_reason_t *reason)
{
  json_t *claim
      = json_pack ("{s:s,s:o}", "verdict", "stable", "theta", delta1_certificate_number (theta));
  return finish (document, paradox, network, program, claim, NULL, reason);
}

delta1_status_t
delta1_paradox_certify_training (json_t **document, const delta1_paradox_t *paradox,
                                 const delta1_network_t *network,
                                 const delta1_transcript_t *transcript, const fmpq_t tolerance,
                                 const char *program, delta1_reason_t *reason)
{
  json_t *written = NULL;
  delta1_shape_t shape = delta1_paradox_shape (paradox);
  delta1_status_t status = delta1_training_transcript_write (&written, transcript, &shape, reason);
  *document = NULL;
  if (status != DELTA1_OK)
    return status;
  json_t *claim = json_pack ("{s:s,s:o}", "verdict", "not minimal", "tolerance",
                             delta1_certificate_number (tolerance));
  return finish (document, paradox, network, program, claim, written, reason);
}

/* --- verifying -------------------------------------------------------------------------------- */

static delta1_status_t
refused (delta1_reason_t *reason, const char *what)
{
  return delta1_fail (reason, DELTA1_FAILED, "%s", what);
}

/* What a part of the document is not allowed to be, or says falsely, refuses the certificate. */
static delta1_status_t
as_refusal (delta1_status_t status)
{
  return status == DELTA1_DOMAIN ? DELTA1_FAILED : delta1_certificate_refusal (status);
}

static delta1_status_t
read_number (fmpq_t x, const json_t *object, const char *member, delta1_reason_t *reason)
{
  const char *text;
  delta1_status_t status = delta1_document_string (&text, object, member, reason);
  return status == DELTA1_OK ? delta1_number_parse (x, text, reason) : status;
}

/* *paradox is to be cleared when OK. */
static delta1_status_t
read_family (delta1_paradox_t *paradox, const json_t *object, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *name = json_string_value (json_object_get (object, "name"));
  const json_t *list = json_object_get (object, "widths");
  slong points = 0, widths[DELTA1_PARADOX_MAX_LAYERS + 1], count = 0;
  json_t *item;
  size_t i;
  fmpq_t delta;
  fmpq_init (delta);
  if (name == NULL || !json_is_array (list))
    DELTA1_TRY (delta1_certificate_misshaped (reason, "family"));
  DELTA1_TRY (delta1_document_index (&points, object, "points", reason));
  DELTA1_TRY (read_number (delta, object, "delta", reason));
  if (strcmp (name, "paradox") != 0 || json_object_size (object) != 4)
    DELTA1_TRY (refused (reason, "the family is not that of the paradox"));
  if (json_array_size (list) > DELTA1_PARADOX_MAX_LAYERS + 1)
    DELTA1_TRY (refused (reason, "more widths than are allowed"));
  json_array_foreach ((json_t *)list, i, item)
  {
    if (!json_is_integer (item))
      DELTA1_TRY (delta1_certificate_misshaped (reason, "widths"));
    widths[count++] = (slong)json_integer_value (item);
  }
  status = as_refusal (delta1_paradox_init (paradox, points, delta, widths, count, reason));
  if (status != DELTA1_OK)
    delta1_paradox_clear (paradox);
cleanup:
  fmpq_clear (delta);
  return status;
}

/* Whether the member is the number. */
static bool
states (const json_t *object, const char *member, slong value)
{
  const json_t *item = json_object_get (object, member);
  return json_is_integer (item) && json_integer_value (item) == value;
}

static delta1_status_t
verify_counts (const json_t *claim, const delta1_paradox_t *paradox,
               const delta1_network_t *network, delta1_reason_t *reason)
{
  delta1_paradox_verdict_t verdict;
  delta1_paradox_verdict_init (&verdict);
  const char *stated = json_string_value (json_object_get (claim, "verdict"));
  const json_t *broken = json_object_get (claim, "broken");
  const json_t *zeros = json_array_get (broken, 0), *ones = json_array_get (broken, 1);
  delta1_status_t status = as_refusal (delta1_paradox_judge (&verdict, paradox, network, reason));
  if (status != DELTA1_OK)
    ;
  else if (json_object_size (claim) != 5 || json_array_size (broken) != 2
           || !states (claim, "correct", verdict.correct) || !states (claim, "line", verdict.line)
           || !states (claim, "floor", paradox->floor) || !json_is_integer (zeros)
           || json_integer_value (zeros) != verdict.broken[0] || !json_is_integer (ones)
           || json_integer_value (ones) != verdict.broken[1]
           || strcmp (stated, delta1_paradox_verdict_name (&verdict, paradox)) != 0)
    status = refused (reason, "the claim is not what the network does");
  else
    (void)delta1_fail (reason, DELTA1_OK,
                       "%s: %ld of %ld right, of them %ld broken by the one perturbation; Theorem "
                       "7.1 proves at least %ld wrong on the line",
                       stated, (long)verdict.correct, (long)paradox->points,
                       (long)(verdict.broken[0] + verdict.broken[1]), (long)paradox->floor);
  delta1_paradox_verdict_clear (&verdict);
  return status;
}

static delta1_status_t
verify_stable (const json_t *claim, const delta1_paradox_t *paradox,
               const delta1_network_t *network, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_t theta;
  fmpq_init (theta);
  DELTA1_TRY (read_number (theta, claim, "theta", reason));
  if (json_object_size (claim) != 2 || fmpq_sgn (theta) < 0)
    DELTA1_TRY (refused (reason, "theta is below 0, or the claim has another member"));
  DELTA1_TRY (as_refusal (delta1_paradox_check_network (paradox, network, reason)));
  DELTA1_TRY (as_refusal (delta1_paradox_check_stable (network, paradox, theta, reason)));
  (void)delta1_fail (
      reason, DELTA1_OK,
      "stable: exactly the label on the closed ball of radius theta mu around each of "
      "%ld points",
      (long)paradox->points);
cleanup:
  fmpq_clear (theta);
  return status;
}

static delta1_status_t
verify_training (const json_t *document, const json_t *claim, const delta1_paradox_t *paradox,
                 const delta1_network_t *network, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_shape_t shape = delta1_paradox_shape (paradox);
  delta1_transcript_t *transcript = NULL;
  fmpq_t tolerance;
  fmpq_init (tolerance);
  DELTA1_TRY (read_number (tolerance, claim, "tolerance", reason));
  DELTA1_TRY (delta1_training_transcript_read (
      &transcript, json_object_get (document, "transcript"), &shape, reason));
  if (json_object_size (claim) != 2 || fmpq_sgn (tolerance) < 0)
    DELTA1_TRY (refused (reason, "the tolerance is below 0, or the claim has another member"));
  DELTA1_TRY (delta1_paradox_legal (paradox, transcript, reason));
  DELTA1_TRY (as_refusal (delta1_paradox_not_minimal (paradox, network, tolerance, reason)));
  (void)delta1_fail (
      reason, DELTA1_OK,
      "not minimal: every answer is legal for T_delta, delta %s 0, where the loss is "
      "above the least by more than the tolerance",
      fmpq_is_zero (paradox->delta) ? "=" : ">");
cleanup:
  fmpq_clear (tolerance);
  delta1_transcript_free (transcript);
  return status;
}

delta1_status_t
delta1_paradox_verify (const json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_paradox_t paradox;
  delta1_network_t *network = NULL;
  const json_t *claim = json_object_get (document, "claim");
  const char *verdict, *program;
  DELTA1_TRY (delta1_document_string (&verdict, claim, "verdict", reason));
  DELTA1_TRY (delta1_document_string (&program, document, "program", reason));
  bool training = strcmp (verdict, "not minimal") == 0;
  status = read_family (&paradox, json_object_get (document, "family"), reason);
  if (status != DELTA1_OK)
    return status;
  status = delta1_document_members (document, "the document", training ? 9 : 8, reason);
  if (status == DELTA1_OK)
    status = as_refusal (
        delta1_network_read (&network, json_object_get (document, "network"), reason));
  if (status != DELTA1_OK)
    ;
  else if (training)
    status = verify_training (document, claim, &paradox, network, reason);
  else if (strcmp (verdict, "stable") == 0)
    status = verify_stable (claim, &paradox, network, reason);
  else
    status = verify_counts (claim, &paradox, network, reason);
  delta1_paradox_clear (&paradox);
  delta1_network_free (network);
cleanup:
  return status;
}
