#include "constructions/barrier_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_read.h"
#include "constructions/certificate_read.h"
#include "constructions/network_answer.h"
#include "oracles/training_transcript.h"
#include "src/document.h"
#include "src/network_document.h"
#include "src/number.h"

/* A network in the certificate: every row of X is within the stated radius of its value at y_k.
 * radius = 0 without one. */
static delta1_status_t
check_network (fmpq_t radius, json_t *run, const fmpq_mat_t X, const delta1_tie_family_t *family,
               delta1_tier_t tier, slong digits, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *network = NULL;
  json_t *member = json_object_get (run, "network");
  const char *text;
  fmpq_mat_t value;
  fmpq_t own, difference, rest;
  fmpq_zero (radius);
  if (member == NULL)
    return delta1_document_members (run, "run", 3, reason);
  fmpq_mat_init (value, fmpq_mat_nrows (X), fmpq_mat_ncols (X));
  fmpq_init (own);
  fmpq_init (difference);
  fmpq_init (rest);
  DELTA1_TRY (delta1_document_members (run, "run", 5, reason));
  DELTA1_TRY (delta1_document_string (&text, run, "radius", reason));
  DELTA1_TRY (delta1_number_parse (radius, text, reason));
  DELTA1_TRY (delta1_network_read (&network, member, reason));
  DELTA1_TRY (delta1_network_answer (value, own, network, family, tier, digits, reason));
  fmpq_sub (rest, radius, own);
  bool held = fmpq_sgn (rest) >= 0;
  for (slong k = 0; k < fmpq_mat_nrows (X) && held; k++)
    {
      fmpq_zero (own);
      for (slong j = 0; j < fmpq_mat_ncols (X); j++)
        {
          fmpq_sub (difference, fmpq_mat_entry (X, k, j), fmpq_mat_entry (value, k, j));
          fmpq_addmul (own, difference, difference);
        }
      held = delta1_distance_cmp (fmpq_numref (own), fmpq_denref (own), rest) <= 0;
    }
  if (!held)
    status = delta1_fail (reason, DELTA1_FAILED,
                          "the output is not the network's value within the stated radius");
cleanup:
  delta1_network_free (network);
  fmpq_mat_clear (value);
  fmpq_clear (own);
  fmpq_clear (difference);
  fmpq_clear (rest);
  return status;
}

static delta1_status_t
check_legal (const delta1_transcript_t *transcript, const delta1_tie_family_t *family,
             const delta1_tie_input_t *input, delta1_reason_t *reason)
{
  delta1_source_t *source = NULL;
  delta1_status_t status = delta1_tie_source (&source, family, input, reason);
  if (status == DELTA1_OK)
    status = delta1_transcript_legal (transcript, source, reason);
  delta1_source_free (source);
  return status;
}

static delta1_status_t
check_labels (const json_t *run, const char *seed_member, delta1_reason_t *reason)
{
  static const char *const oracles[] = { "adversary", "nearest", "random", "up", "down" };
  const char *program, *oracle;
  delta1_status_t status = delta1_document_string (&program, run, "program", reason);
  if (status == DELTA1_OK)
    status = delta1_document_string (&oracle, run, "oracle", reason);
  if (status != DELTA1_OK)
    return status;
  if (json_object_get (run, seed_member) == NULL)
    return delta1_certificate_misshaped (reason, seed_member);
  for (size_t i = 0; i < sizeof oracles / sizeof oracles[0]; i++)
    if (strcmp (oracle, oracles[i]) == 0)
      return DELTA1_OK;
  return delta1_fail (reason, DELTA1_FAILED,
                      "oracle '%.40s'; allowed: adversary, nearest, random, up, down", oracle);
}

static const char *
input_name (char text[64], const delta1_tie_family_t *family, const delta1_tie_input_t *input)
{
  (void)snprintf (text, 64, "%s %ldx%ld, tier %c", delta1_problem_name (family->problem),
                  (long)family->shape.m, (long)family->shape.N, delta1_tier_letter (input->tier));
  return text;
}

static delta1_status_t
verify_run (json_t *document, const delta1_tie_family_t *family, delta1_tie_input_t *input,
            delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_transcript_t *transcript = NULL;
  const json_t *claim = json_object_get (document, "claim");
  const json_t *error = json_object_get (claim, "error");
  json_t *run = json_object_get (document, "run");
  const char *verdict, *seed;
  slong digits, point, stated_point;
  fmpq_mat_t X;
  fmpz_t num, den;
  fmpq_t radius;
  char name[64];
  fmpq_mat_init (X, family->shape.R, family->shape.N);
  fmpz_init (num);
  fmpz_init (den);
  fmpq_init (radius);

  DELTA1_TRY (delta1_document_members (document, "a run", 11, reason));
  DELTA1_TRY (check_labels (run, "seed", reason));
  DELTA1_TRY (delta1_document_string (&seed, run, "seed", reason));
  if (seed[0] == '\0' || seed[strspn (seed, "0123456789")] != '\0')
    {
      status = delta1_fail (reason, DELTA1_FAILED, "seed '%.40s' is not a decimal number", seed);
      goto cleanup;
    }
  DELTA1_TRY (
      delta1_barrier_read_input (input, json_object_get (document, "input"), family, true, reason));
  DELTA1_TRY (delta1_barrier_check_solution (json_object_get (document, "solution"), family, input,
                                             reason));
  DELTA1_TRY (
      delta1_certificate_matrix (X, json_object_get (document, "output"), "output", reason));
  DELTA1_TRY (delta1_document_string (&verdict, claim, "verdict", reason));
  DELTA1_TRY (delta1_document_index (&digits, claim, "digits", reason));
  DELTA1_TRY (delta1_document_index (&stated_point, claim, "point", reason));
  if (!json_is_array (error) || json_array_size (error) != 2)
    {
      status = delta1_certificate_misshaped (reason, "error");
      goto cleanup;
    }
  DELTA1_TRY (delta1_document_members (claim, "claim", 4, reason));
  if (digits < 1 || digits > DELTA1_TIE_MAX_DIGITS)
    {
      status = delta1_fail (reason, DELTA1_FAILED, "claimed digits = %ld; allowed: 1 to %d",
                            (long)digits, DELTA1_TIE_MAX_DIGITS);
      goto cleanup;
    }
  bool wrong = strcmp (verdict, "wrong") == 0;
  if (!wrong && strcmp (verdict, "correct") != 0)
    {
      status = delta1_fail (reason, DELTA1_FAILED, "verdict '%.40s'; allowed: wrong, correct",
                            verdict);
      goto cleanup;
    }
  delta1_tie_error (num, den, &point, X, family, input);
  if (point != stated_point)
    {
      status = delta1_fail (reason, DELTA1_FAILED, "the largest error is at point %ld, not %ld",
                            (long)point, (long)stated_point);
      goto cleanup;
    }
  DELTA1_TRY (check_network (radius, run, X, family, input->tier,
                             2 * (family->digits + DELTA1_NETWORK_DIGITS), reason));
  DELTA1_TRY (delta1_certificate_bound (json_array_get (error, 0), num, den, radius, -1, reason));
  DELTA1_TRY (delta1_certificate_bound (json_array_get (error, 1), num, den, radius, 1, reason));
  if (!(wrong ? delta1_distance_is_above (num, den, radius, digits)
              : delta1_distance_at_most (num, den, radius, digits)))
    {
      status = delta1_fail (reason, DELTA1_FAILED, "the output is not %s to %ld digits", verdict,
                            (long)digits);
      goto cleanup;
    }
  DELTA1_TRY (delta1_training_transcript_read (
      &transcript, json_object_get (document, "transcript"), &family->shape, reason));
  DELTA1_TRY (check_legal (transcript, family, input, reason));
  status = delta1_fail (
      reason, DELTA1_OK, "%s on %s: error in [%.40s, %.40s], %s 1e-%ld, after %ld answers", verdict,
      input_name (name, family, input), json_string_value (json_array_get (error, 0)),
      json_string_value (json_array_get (error, 1)), wrong ? "above" : "at most", (long)digits,
      (long)delta1_transcript_count (transcript));
cleanup:
  delta1_transcript_free (transcript);
  fmpq_mat_clear (X);
  fmpq_clear (radius);
  fmpz_clear (num);
  fmpz_clear (den);
  return status;
}

/* Every transcript of the list is legal for every candidate. */
static delta1_status_t
verify_transcripts (const json_t *list, const delta1_tie_family_t *family,
                    delta1_tie_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_transcript_t *transcript = NULL;
  size_t t;
  json_t *item;
  if (!json_is_array (list) || json_array_size (list) == 0)
    return delta1_certificate_misshaped (reason, "transcripts");
  json_array_foreach ((json_t *)list, t, item)
  {
    DELTA1_TRY (delta1_training_transcript_read (&transcript, item, &family->shape, reason));
    for (input->column = 0; input->column < family->tied; input->column++)
      DELTA1_TRY (check_legal (transcript, family, input, reason));
    delta1_transcript_free (transcript);
    transcript = NULL;
  }
cleanup:
  delta1_transcript_free (transcript);
  return status;
}

/* Adds the group's count to the candidate its output is correct on; refuses one that is so for two.
 */
static delta1_status_t
count_group (slong *successes, const fmpq_mat_t X, slong count, slong digits,
             const delta1_tie_family_t *family, delta1_tie_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool correct = false;
  fmpz_t num, den;
  slong point;
  fmpz_init (num);
  fmpz_init (den);
  for (input->column = 0; input->column < family->tied; input->column++)
    {
      delta1_tie_error (num, den, &point, X, family, input);
      if (delta1_distance_cmp_digits (num, den, digits) > 0)
        continue;
      if (correct)
        status = delta1_fail (reason, DELTA1_FAILED, "an output is correct on two candidates");
      correct = true;
      successes[input->column] += count;
    }
  fmpz_clear (num);
  fmpz_clear (den);
  return status;
}

static delta1_status_t
verify_seeds (const json_t *document, const delta1_tie_family_t *family, delta1_tie_input_t *input,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *claim = json_object_get (document, "claim");
  const json_t *stated = json_object_get (claim, "successes");
  const json_t *runs = json_object_get (document, "runs");
  const json_t *transcripts = json_object_get (document, "transcripts");
  const char *verdict;
  slong seeds, halted, digits, total = 0;
  slong *successes = calloc ((size_t)family->tied, sizeof *successes);
  fmpq_mat_t X;
  size_t g;
  json_t *item;
  char name[64];
  fmpq_mat_init (X, family->shape.R, family->shape.N);
  if (successes == NULL)
    {
      status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate");
      goto cleanup;
    }
  DELTA1_TRY (delta1_document_members (document, "a certificate of seeds", 10, reason));
  DELTA1_TRY (delta1_document_members (json_object_get (document, "run"), "run", 3, reason));
  DELTA1_TRY (check_labels (json_object_get (document, "run"), "seeds", reason));
  DELTA1_TRY (delta1_document_index (&seeds, json_object_get (document, "run"), "seeds", reason));
  DELTA1_TRY (delta1_barrier_read_input (input, json_object_get (document, "input"), family, false,
                                         reason));
  DELTA1_TRY (delta1_document_index (&digits, claim, "digits", reason));
  DELTA1_TRY (delta1_document_index (&halted, claim, "halted", reason));
  DELTA1_TRY (delta1_document_string (&verdict, claim, "verdict", reason));
  DELTA1_TRY (delta1_document_members (claim, "claim", 4, reason));
  if (!json_is_array (stated))
    {
      status = delta1_certificate_misshaped (reason, "successes");
      goto cleanup;
    }
  if (input->tier == DELTA1_TIER_C || strcmp (verdict, "seeds") != 0 || digits < 1
      || digits > DELTA1_TIE_MAX_DIGITS)
    {
      status = delta1_fail (reason, DELTA1_FAILED,
                            "a certificate of seeds is of tier a or b, verdict seeds, digits >= 1");
      goto cleanup;
    }
  DELTA1_TRY (verify_transcripts (transcripts, family, input, reason));
  if (!json_is_array (runs))
    {
      status = delta1_certificate_misshaped (reason, "runs");
      goto cleanup;
    }
  json_array_foreach ((json_t *)runs, g, item)
  {
    slong transcript, count;
    DELTA1_TRY (delta1_document_index (&transcript, item, "transcript", reason));
    DELTA1_TRY (delta1_document_index (&count, item, "count", reason));
    DELTA1_TRY (delta1_certificate_matrix (X, json_object_get (item, "output"), "output", reason));
    DELTA1_TRY (delta1_document_members (item, "runs", 3, reason));
    if (transcript >= (slong)json_array_size (transcripts) || count < 1 || count > seeds - total)
      {
        status = delta1_fail (reason, DELTA1_FAILED,
                              "runs: an unknown transcript, an empty run, or more runs than seeds");
        goto cleanup;
      }
    total += count;
    DELTA1_TRY (count_group (successes, X, count, digits, family, input, reason));
  }
  bool same = halted == total && json_array_size (stated) == (size_t)family->tied;
  for (slong j = 0; same && j < family->tied; j++)
    same = json_is_integer (json_array_get (stated, (size_t)j))
           && json_integer_value (json_array_get (stated, (size_t)j)) == successes[j];
  if (!same)
    {
      status
          = delta1_fail (reason, DELTA1_FAILED, "halted or successes are not what the runs give");
      goto cleanup;
    }
  slong worst = seeds;
  for (slong j = 0; j < family->tied; j++)
    worst = successes[j] < worst ? successes[j] : worst;
  status = delta1_fail (
      reason, DELTA1_OK,
      "%ld seeds on %s: each right on at most one of %ld inputs, the worst by %ld", (long)seeds,
      input_name (name, family, input), (long)family->tied, (long)worst);
cleanup:
  free (successes);
  fmpq_mat_clear (X);
  return status;
}

delta1_status_t
delta1_barrier_verify (json_t *document, bool many_seeds, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_tie_family_t *family = NULL;
  delta1_tie_input_t input;
  delta1_tie_input_init (&input);
  DELTA1_TRY (delta1_barrier_read_family (&family, json_object_get (document, "family"), reason));
  status = many_seeds ? verify_seeds (document, family, &input, reason)
                      : verify_run (document, family, &input, reason);
cleanup:
  delta1_tie_family_free (family);
  delta1_tie_input_clear (&input);
  return status;
}
