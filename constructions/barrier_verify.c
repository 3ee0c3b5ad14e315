/* The verifying half of barrier_certificate.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/barrier_certificate.h"
#include "constructions/network_answer.h"
#include "oracles/training_transcript.h"
#include "src/member.h"
#include "src/network_document.h"
#include "src/number.h"

/* A refusal of the class (INPUT from the family's own checks) makes a certificate refused, not
 * unreadable. */
static delta1_status_t
as_refusal (delta1_status_t status)
{
  return status == DELTA1_INPUT ? DELTA1_FAILED : status;
}

/* Of the forms of a number, those of an integer: decimal or hexadecimal digits. */
static bool
is_integer_text (const char *text)
{
  const char *digits = text + (text[0] == '-');
  if (strncmp (digits, "0x", 2) == 0 || strncmp (digits, "0X", 2) == 0)
    return strpbrk (digits, ".pP") == NULL;
  return digits[strspn (digits, "0123456789")] == '\0';
}

static delta1_status_t
read_mixing (delta1_mixing_t **mixing, const json_t *object, slong m, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *name;
  delta1_mix_t kind;
  fmpz *vectors = NULL;
  slong count = 0;
  fmpq_t value;
  fmpq_init (value);
  *mixing = NULL;
  DELTA1_TRY (delta1_member_string (&name, object, "kind", reason));
  DELTA1_TRY (as_refusal (delta1_mix_parse (&kind, name, reason)));
  DELTA1_TRY (delta1_member_expect (object, "mixing", kind == DELTA1_MIX_RATIONAL ? 2 : 1, reason));
  if (kind == DELTA1_MIX_RATIONAL)
    {
      const json_t *list = json_object_get (object, "reflections");
      if (!json_is_array (list))
        {
          status = delta1_member_misshaped (reason, "reflections");
          goto cleanup;
        }
      slong rows = (slong)json_array_size (list);
      vectors = _fmpz_vec_init (rows * m);
      count = rows * m;
      for (slong r = 0; r < rows; r++)
        {
          const json_t *vector = json_array_get (list, (size_t)r);
          if (!json_is_array (vector) || json_array_size (vector) != (size_t)m)
            {
              status = delta1_member_misshaped (reason, "reflections");
              goto cleanup;
            }
          for (slong i = 0; i < m; i++)
            {
              const char *text = json_string_value (json_array_get (vector, (size_t)i));
              if (text == NULL)
                {
                  status = delta1_member_misshaped (reason, "reflections");
                  goto cleanup;
                }
              DELTA1_TRY (delta1_number_parse (value, text, reason));
              if (!is_integer_text (text))
                {
                  status = delta1_fail (reason, DELTA1_FAILED, "a reflection is not of integers");
                  goto cleanup;
                }
              fmpz_set (vectors + r * m + i, fmpq_numref (value));
            }
        }
      status = as_refusal (delta1_mixing_create (mixing, kind, m, vectors, rows, reason));
    }
  else
    status = as_refusal (delta1_mixing_create (mixing, kind, m, NULL, 0, reason));
cleanup:
  if (vectors != NULL)
    _fmpz_vec_clear (vectors, count);
  fmpq_clear (value);
  return status;
}

static delta1_status_t
read_family (delta1_tie_family_t **family, const json_t *object, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_tie_options_t options = delta1_tie_defaults;
  delta1_mixing_t *mixing = NULL;
  const char *text;
  slong *place = NULL;
  DELTA1_TRY (delta1_member_string (&text, object, "name", reason));
  if (strcmp (text, "tie") != 0)
    {
      status
          = delta1_fail (reason, DELTA1_FAILED, "family '%.40s' is not known; allowed: tie", text);
      goto cleanup;
    }
  DELTA1_TRY (delta1_member_expect (object, "family", 10, reason));
  DELTA1_TRY (delta1_member_string (&text, object, "problem", reason));
  DELTA1_TRY (as_refusal (delta1_problem_parse (&options.problem, text, reason)));
  DELTA1_TRY (delta1_member_index (&options.m, object, "m", reason));
  DELTA1_TRY (delta1_member_index (&options.N, object, "N", reason));
  DELTA1_TRY (delta1_member_index (&options.digits, object, "digits", reason));
  DELTA1_TRY (delta1_member_index (&options.samples, object, "samples", reason));
  DELTA1_TRY (delta1_member_index (&options.points, object, "points", reason));
  const json_t *parameter = json_object_get (object, "parameter");
  if (delta1_problem_parameter (options.problem) == NULL && !json_is_null (parameter))
    {
      status = delta1_fail (reason, DELTA1_FAILED, "%s has no parameter",
                            delta1_problem_name (options.problem));
      goto cleanup;
    }
  options.parameter = NULL;
  if (delta1_problem_parameter (options.problem) != NULL)
    DELTA1_TRY (delta1_member_string (&options.parameter, object, "parameter", reason));

  const json_t *columns = json_object_get (object, "columns");
  if (!json_is_array (columns))
    {
      status = delta1_member_misshaped (reason, "columns");
      goto cleanup;
    }
  slong places = (slong)json_array_size (columns);
  if (options.m < 1 || options.m > DELTA1_TIE_MAX_COLUMNS || places > DELTA1_TIE_MAX_COLUMNS + 1)
    {
      status = delta1_fail (reason, DELTA1_FAILED, "m = %ld with %ld columns is outside the class",
                            (long)options.m, (long)places);
      goto cleanup;
    }
  place = malloc ((size_t)(places + 1) * sizeof *place);
  if (place == NULL)
    {
      status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate");
      goto cleanup;
    }
  for (slong j = 0; j < places; j++)
    {
      const json_t *item = json_array_get (columns, (size_t)j);
      if (!json_is_integer (item))
        {
          status = delta1_member_misshaped (reason, "columns");
          goto cleanup;
        }
      place[j] = (slong)json_integer_value (item);
    }
  DELTA1_TRY (read_mixing (&mixing, json_object_get (object, "mixing"), options.m, reason));
  status = as_refusal (
      delta1_tie_family_create_explicit (family, &options, mixing, place, places, reason));
cleanup:
  free (place);
  return status;
}

static delta1_status_t
read_input (delta1_tie_input_t *input, const json_t *object, const delta1_tie_family_t *family,
            bool with_column, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *text;
  DELTA1_TRY (delta1_member_string (&text, object, "tier", reason));
  if (strlen (text) != 1 || text[0] < 'a' || text[0] > 'c')
    {
      status = delta1_fail (reason, DELTA1_FAILED, "tier '%.40s'; allowed: a, b, c", text);
      goto cleanup;
    }
  input->tier = (delta1_tier_t)(text[0] - 'a');
  DELTA1_TRY (delta1_member_string (&text, object, "gap", reason));
  DELTA1_TRY (delta1_number_parse (input->gap, text, reason));
  DELTA1_TRY (delta1_member_expect (object, "input", with_column ? 3 : 2, reason));
  if (!with_column)
    input->column = 0;
  else
    {
      const json_t *column = json_object_get (object, "column");
      if (!json_is_null (column) && !json_is_integer (column))
        {
          status = delta1_member_misshaped (reason, "column");
          goto cleanup;
        }
      input->column = json_is_null (column) ? -1 : (slong)json_integer_value (column);
      if (json_is_integer (column) && input->column < 0)
        {
          status = delta1_member_misshaped (reason, "column");
          goto cleanup;
        }
    }
  status = as_refusal (delta1_tie_input_check (family, input, reason));
cleanup:
  return status;
}

static delta1_status_t
read_matrix (fmpq_mat_t X, const json_t *rows, const char *member, delta1_reason_t *reason)
{
  if (!json_is_array (rows) || json_array_size (rows) != (size_t)fmpq_mat_nrows (X))
    return delta1_member_misshaped (reason, member);
  for (slong k = 0; k < fmpq_mat_nrows (X); k++)
    {
      const json_t *row = json_array_get (rows, (size_t)k);
      if (!json_is_array (row) || json_array_size (row) != (size_t)fmpq_mat_ncols (X))
        return delta1_member_misshaped (reason, member);
      for (slong j = 0; j < fmpq_mat_ncols (X); j++)
        {
          const char *text = json_string_value (json_array_get (row, (size_t)j));
          if (text == NULL)
            return delta1_member_misshaped (reason, member);
          delta1_status_t status = delta1_number_parse (fmpq_mat_entry (X, k, j), text, reason);
          if (status != DELTA1_OK)
            return status;
        }
    }
  return DELTA1_OK;
}

/* The stated solution set must be the one of Lemma 3.1. */
static delta1_status_t
check_solution (const json_t *object, const delta1_tie_family_t *family,
                const delta1_tie_input_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *scales = json_object_get (object, "scales");
  const json_t *face = json_object_get (object, "face");
  slong *places = flint_malloc ((size_t)family->tied * sizeof *places);
  slong size;
  fmpq_t scale;
  fmpq_init (scale);
  delta1_tie_solution_face (places, &size, family, input);
  if (!json_is_array (scales) || !json_is_array (face))
    {
      status = delta1_member_misshaped (reason, "solution");
      goto cleanup;
    }
  DELTA1_TRY (delta1_member_expect (object, "solution", 2, reason));
  bool same = json_array_size (scales) == (size_t)family->points
              && json_array_size (face) == (size_t)size;
  for (slong i = 0; same && i < size; i++)
    same = json_is_integer (json_array_get (face, (size_t)i))
           && json_integer_value (json_array_get (face, (size_t)i)) == places[i];
  for (slong k = 0; same && k < family->points; k++)
    {
      const char *text = json_string_value (json_array_get (scales, (size_t)k));
      if (text == NULL)
        {
          status = delta1_member_misshaped (reason, "scales");
          goto cleanup;
        }
      DELTA1_TRY (delta1_number_parse (scale, text, reason));
      same = fmpq_equal (scale, family->scale[input->tier] + k);
    }
  if (!same)
    status = delta1_fail (reason, DELTA1_FAILED,
                          "the solution set is not the one of this input (Lemma 3.1)");
cleanup:
  flint_free (places);
  fmpq_clear (scale);
  return status;
}

/* sign < 0: text is a lower bound of sqrt(num/den) - radius; sign > 0: an upper bound of
 * sqrt(num/den) + radius. */
static delta1_status_t
check_bound (const json_t *item, const fmpz_t num, const fmpz_t den, const fmpq_t radius, int sign,
             delta1_reason_t *reason)
{
  const char *text = json_string_value (item);
  fmpq_t bound;
  if (text == NULL)
    return delta1_member_misshaped (reason, "error");
  fmpq_init (bound);
  delta1_status_t status = delta1_number_parse (bound, text, reason);
  if (status == DELTA1_OK && strpbrk (text, "/xX") != NULL)
    status = delta1_fail (reason, DELTA1_FAILED, "a bound of the error is not a decimal");
  if (status == DELTA1_OK)
    {
      bool held = sign < 0 && fmpq_is_zero (bound);
      if (!held && fmpq_sgn (bound) >= 0)
        {
          if (sign < 0)
            fmpq_add (bound, bound, radius);
          else
            fmpq_sub (bound, bound, radius);
          held = fmpq_sgn (bound) >= 0 && sign * delta1_distance_cmp (num, den, bound) <= 0;
        }
      if (!held)
        status = delta1_fail (reason, DELTA1_FAILED,
                              "the error does not lie on the stated side of %.60s", text);
    }
  fmpq_clear (bound);
  return status;
}

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
    return delta1_member_expect (run, "run", 3, reason);
  fmpq_mat_init (value, fmpq_mat_nrows (X), fmpq_mat_ncols (X));
  fmpq_init (own);
  fmpq_init (difference);
  fmpq_init (rest);
  DELTA1_TRY (delta1_member_expect (run, "run", 5, reason));
  DELTA1_TRY (delta1_member_string (&text, run, "radius", reason));
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
  delta1_status_t status = delta1_member_string (&program, run, "program", reason);
  if (status == DELTA1_OK)
    status = delta1_member_string (&oracle, run, "oracle", reason);
  if (status != DELTA1_OK)
    return status;
  if (json_object_get (run, seed_member) == NULL)
    return delta1_member_misshaped (reason, seed_member);
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

  DELTA1_TRY (delta1_member_expect (document, "a run", 11, reason));
  DELTA1_TRY (check_labels (run, "seed", reason));
  DELTA1_TRY (delta1_member_string (&seed, run, "seed", reason));
  if (seed[0] == '\0' || seed[strspn (seed, "0123456789")] != '\0')
    {
      status = delta1_fail (reason, DELTA1_FAILED, "seed '%.40s' is not a decimal number", seed);
      goto cleanup;
    }
  DELTA1_TRY (read_input (input, json_object_get (document, "input"), family, true, reason));
  DELTA1_TRY (check_solution (json_object_get (document, "solution"), family, input, reason));
  DELTA1_TRY (read_matrix (X, json_object_get (document, "output"), "output", reason));
  DELTA1_TRY (delta1_member_string (&verdict, claim, "verdict", reason));
  DELTA1_TRY (delta1_member_index (&digits, claim, "digits", reason));
  DELTA1_TRY (delta1_member_index (&stated_point, claim, "point", reason));
  if (!json_is_array (error) || json_array_size (error) != 2)
    {
      status = delta1_member_misshaped (reason, "error");
      goto cleanup;
    }
  DELTA1_TRY (delta1_member_expect (claim, "claim", 4, reason));
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
  DELTA1_TRY (check_bound (json_array_get (error, 0), num, den, radius, -1, reason));
  DELTA1_TRY (check_bound (json_array_get (error, 1), num, den, radius, 1, reason));
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
    return delta1_member_misshaped (reason, "transcripts");
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
  DELTA1_TRY (delta1_member_expect (document, "a certificate of seeds", 10, reason));
  DELTA1_TRY (delta1_member_expect (json_object_get (document, "run"), "run", 3, reason));
  DELTA1_TRY (check_labels (json_object_get (document, "run"), "seeds", reason));
  DELTA1_TRY (delta1_member_index (&seeds, json_object_get (document, "run"), "seeds", reason));
  DELTA1_TRY (read_input (input, json_object_get (document, "input"), family, false, reason));
  DELTA1_TRY (delta1_member_index (&digits, claim, "digits", reason));
  DELTA1_TRY (delta1_member_index (&halted, claim, "halted", reason));
  DELTA1_TRY (delta1_member_string (&verdict, claim, "verdict", reason));
  DELTA1_TRY (delta1_member_expect (claim, "claim", 4, reason));
  if (!json_is_array (stated))
    {
      status = delta1_member_misshaped (reason, "successes");
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
      status = delta1_member_misshaped (reason, "runs");
      goto cleanup;
    }
  json_array_foreach ((json_t *)runs, g, item)
  {
    slong transcript, count;
    DELTA1_TRY (delta1_member_index (&transcript, item, "transcript", reason));
    DELTA1_TRY (delta1_member_index (&count, item, "count", reason));
    DELTA1_TRY (read_matrix (X, json_object_get (item, "output"), "output", reason));
    DELTA1_TRY (delta1_member_expect (item, "runs", 3, reason));
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
delta1_certificate_verify (json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_tie_family_t *family = NULL;
  delta1_tie_input_t input;
  const char *text;
  slong version;
  delta1_tie_input_init (&input);
  DELTA1_TRY (delta1_member_string (&text, document, "format", reason));
  DELTA1_TRY (delta1_member_index (&version, document, "version", reason));
  if (strcmp (text, "delta1-certificate") != 0 || version != 1)
    {
      status = delta1_fail (reason, DELTA1_INPUT, "not a delta1-certificate of version 1");
      goto cleanup;
    }
  DELTA1_TRY (delta1_member_string (&text, document, "kind", reason));
  DELTA1_TRY (read_family (&family, json_object_get (document, "family"), reason));
  if (strcmp (text, "run") == 0)
    DELTA1_TRY (verify_run (document, family, &input, reason));
  else if (strcmp (text, "seeds") == 0)
    DELTA1_TRY (verify_seeds (document, family, &input, reason));
  else
    {
      status = delta1_fail (reason, DELTA1_INPUT, "kind '%.40s'; allowed: run, seeds", text);
      goto cleanup;
    }
  delta1_reason_t sealed;
  if (delta1_document_check_seal (document, &sealed) != DELTA1_OK)
    status = delta1_fail (reason, DELTA1_FAILED, "%s", sealed.text);
cleanup:
  delta1_tie_family_free (family);
  delta1_tie_input_clear (&input);
  return status;
}
