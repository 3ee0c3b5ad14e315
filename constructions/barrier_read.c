#include "constructions/barrier_read.h"

#include <stdlib.h>
#include <string.h>

#include "constructions/certificate_read.h"
#include "src/document.h"
#include "src/number.h"

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
  DELTA1_TRY (delta1_document_string (&name, object, "kind", reason));
  DELTA1_TRY (delta1_certificate_refusal (delta1_mix_parse (&kind, name, reason)));
  DELTA1_TRY (
      delta1_document_members (object, "mixing", kind == DELTA1_MIX_RATIONAL ? 2 : 1, reason));
  if (kind == DELTA1_MIX_RATIONAL)
    {
      const json_t *list = json_object_get (object, "reflections");
      if (!json_is_array (list))
        {
          status = delta1_certificate_misshaped (reason, "reflections");
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
              status = delta1_certificate_misshaped (reason, "reflections");
              goto cleanup;
            }
          for (slong i = 0; i < m; i++)
            {
              const char *text = json_string_value (json_array_get (vector, (size_t)i));
              if (text == NULL)
                {
                  status = delta1_certificate_misshaped (reason, "reflections");
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
      status = delta1_certificate_refusal (
          delta1_mixing_create (mixing, kind, m, vectors, rows, reason));
    }
  else
    status = delta1_certificate_refusal (delta1_mixing_create (mixing, kind, m, NULL, 0, reason));
cleanup:
  if (vectors != NULL)
    _fmpz_vec_clear (vectors, count);
  fmpq_clear (value);
  return status;
}

delta1_status_t
delta1_barrier_read_family (delta1_tie_family_t **family, const json_t *object,
                            delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_tie_options_t options = delta1_tie_defaults;
  delta1_mixing_t *mixing = NULL;
  const char *text;
  slong *place = NULL;
  DELTA1_TRY (delta1_document_string (&text, object, "name", reason));
  if (strcmp (text, "tie") != 0)
    {
      status
          = delta1_fail (reason, DELTA1_FAILED, "family '%.40s' is not known; allowed: tie", text);
      goto cleanup;
    }
  DELTA1_TRY (delta1_document_members (object, "family", 10, reason));
  DELTA1_TRY (delta1_document_string (&text, object, "problem", reason));
  DELTA1_TRY (delta1_certificate_refusal (delta1_problem_parse (&options.problem, text, reason)));
  DELTA1_TRY (delta1_document_index (&options.m, object, "m", reason));
  DELTA1_TRY (delta1_document_index (&options.N, object, "N", reason));
  DELTA1_TRY (delta1_document_index (&options.digits, object, "digits", reason));
  DELTA1_TRY (delta1_document_index (&options.samples, object, "samples", reason));
  DELTA1_TRY (delta1_document_index (&options.points, object, "points", reason));
  const json_t *parameter = json_object_get (object, "parameter");
  if (delta1_problem_parameter (options.problem) == NULL && !json_is_null (parameter))
    {
      status = delta1_fail (reason, DELTA1_FAILED, "%s has no parameter",
                            delta1_problem_name (options.problem));
      goto cleanup;
    }
  options.parameter = NULL;
  if (delta1_problem_parameter (options.problem) != NULL)
    DELTA1_TRY (delta1_document_string (&options.parameter, object, "parameter", reason));

  const json_t *columns = json_object_get (object, "columns");
  if (!json_is_array (columns))
    {
      status = delta1_certificate_misshaped (reason, "columns");
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
          status = delta1_certificate_misshaped (reason, "columns");
          goto cleanup;
        }
      place[j] = (slong)json_integer_value (item);
    }
  DELTA1_TRY (read_mixing (&mixing, json_object_get (object, "mixing"), options.m, reason));
  status = delta1_certificate_refusal (
      delta1_tie_family_create_explicit (family, &options, mixing, place, places, reason));
cleanup:
  free (place);
  return status;
}

delta1_status_t
delta1_barrier_read_input (delta1_tie_input_t *input, const json_t *object,
                           const delta1_tie_family_t *family, bool with_column,
                           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *text;
  DELTA1_TRY (delta1_document_string (&text, object, "tier", reason));
  if (strlen (text) != 1 || text[0] < 'a' || text[0] > 'c')
    {
      status = delta1_fail (reason, DELTA1_FAILED, "tier '%.40s'; allowed: a, b, c", text);
      goto cleanup;
    }
  input->tier = (delta1_tier_t)(text[0] - 'a');
  DELTA1_TRY (delta1_document_string (&text, object, "gap", reason));
  DELTA1_TRY (delta1_number_parse (input->gap, text, reason));
  DELTA1_TRY (delta1_document_members (object, "input", with_column ? 3 : 2, reason));
  if (!with_column)
    input->column = 0;
  else
    {
      const json_t *column = json_object_get (object, "column");
      if (!json_is_null (column) && !json_is_integer (column))
        {
          status = delta1_certificate_misshaped (reason, "column");
          goto cleanup;
        }
      input->column = json_is_null (column) ? -1 : (slong)json_integer_value (column);
      if (json_is_integer (column) && input->column < 0)
        {
          status = delta1_certificate_misshaped (reason, "column");
          goto cleanup;
        }
    }
  status = delta1_certificate_refusal (delta1_tie_input_check (family, input, reason));
cleanup:
  return status;
}

delta1_status_t
delta1_barrier_check_solution (const json_t *object, const delta1_tie_family_t *family,
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
      status = delta1_certificate_misshaped (reason, "solution");
      goto cleanup;
    }
  DELTA1_TRY (delta1_document_members (object, "solution", 2, reason));
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
          status = delta1_certificate_misshaped (reason, "scales");
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
