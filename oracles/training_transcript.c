#include "oracles/training_transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/number.h"

/* q as text; the caller frees. */
static char *
answer_text (const delta1_answer_t *answer)
{
  fmpz_t mantissa, exponent;
  fmpz_init (mantissa);
  fmpz_init (exponent);
  arf_get_fmpz_2exp (mantissa, exponent, answer->re);
  char *text = delta1_number_format_dyadic (mantissa, -fmpz_get_si (exponent));
  fmpz_clear (mantissa);
  fmpz_clear (exponent);
  return text;
}

static void
hash_line (delta1_sha256_t *hash, const char *kind, slong first, slong second, slong n,
           const char *q)
{
  char head[96];
  int length
      = snprintf (head, sizeof head, "%s %ld %ld %ld ", kind, (long)first, (long)second, (long)n);
  delta1_sha256_update (hash, head, (size_t)length);
  delta1_sha256_update (hash, q, strlen (q));
  delta1_sha256_update (hash, "\n", 1);
}

static delta1_status_t
no_memory (delta1_reason_t *reason)
{
  return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a transcript");
}

/* Hashes every answer and, when list is not NULL, appends it there. */
static delta1_status_t
walk (char text[DELTA1_SHA256_TEXT], json_t *list, const delta1_transcript_t *transcript,
      const delta1_shape_t *shape, delta1_reason_t *reason)
{
  delta1_sha256_t *hash = delta1_sha256_create ();
  if (hash == NULL)
    return no_memory (reason);
  for (slong t = 0; t < delta1_transcript_count (transcript); t++)
    {
      const delta1_answer_t *answer = delta1_transcript_get (transcript, t);
      delta1_place_t place = delta1_shape_place (shape, answer->entry);
      const char *kind = place.data ? "y" : "A";
      char *q = answer_text (answer);
      bool good = q != NULL;
      if (good)
        hash_line (hash, kind, place.row, place.column, answer->precision, q);
      if (good && list != NULL)
        good = json_array_append_new (list, json_pack ("[sIIIs]", kind, (json_int_t)place.row,
                                                       (json_int_t)place.column,
                                                       (json_int_t)answer->precision, q))
               == 0;
      free (q);
      if (!good)
        {
          delta1_sha256_finish (text, hash);
          return no_memory (reason);
        }
    }
  delta1_sha256_finish (text, hash);
  return DELTA1_OK;
}

delta1_status_t
delta1_training_transcript_sha256 (char text[DELTA1_SHA256_TEXT],
                                   const delta1_transcript_t *transcript,
                                   const delta1_shape_t *shape, delta1_reason_t *reason)
{
  return walk (text, NULL, transcript, shape, reason);
}

delta1_status_t
delta1_training_transcript_write (json_t **object, const delta1_transcript_t *transcript,
                                  const delta1_shape_t *shape, delta1_reason_t *reason)
{
  char text[DELTA1_SHA256_TEXT];
  json_t *list = json_array ();
  *object = NULL;
  delta1_status_t status
      = list == NULL ? no_memory (reason) : walk (text, list, transcript, shape, reason);
  if (status == DELTA1_OK)
    {
      *object = json_pack ("{s:s,s:O}", "sha256", text, "answers", list);
      if (*object == NULL)
        status = no_memory (reason);
    }
  json_decref (list);
  return status;
}

static delta1_status_t
read_answer (delta1_transcript_t *transcript, delta1_sha256_t *hash, const json_t *item, size_t t,
             const delta1_shape_t *shape, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *kind, *text;
  json_int_t first, second, n;
  fmpq_t q;
  fmpq_init (q);
  if (!json_is_array (item) || json_array_size (item) != 5
      || json_unpack ((json_t *)item, "[sIIIs]", &kind, &first, &second, &n, &text) != 0)
    {
      status = delta1_fail (reason, DELTA1_INPUT,
                            "answer %zu is not [\"A\" or \"y\", index, index, n, \"number\"]", t);
      goto cleanup;
    }
  DELTA1_TRY (delta1_number_parse (q, text, reason));
  bool data = strcmp (kind, "y") == 0;
  if ((!data && strcmp (kind, "A") != 0) || first < 0 || second < 0
      || first >= (data ? shape->R : shape->m) || second >= (data ? shape->m : shape->N))
    {
      status = delta1_fail (reason, DELTA1_FAILED, "answer %zu is of no entry of this input", t);
      goto cleanup;
    }
  if (n < 1 || n > DELTA1_ORACLE_MAX_PRECISION)
    {
      status
          = delta1_fail (reason, DELTA1_FAILED, "answer %zu has precision %lld; allowed: 1 to %d",
                         t, (long long)n, DELTA1_ORACLE_MAX_PRECISION);
      goto cleanup;
    }
  hash_line (hash, kind, (slong)first, (slong)second, (slong)n, text);
  fmpq_mul_2exp (q, q, (ulong)n);
  if (!fmpz_is_one (fmpq_denref (q)))
    {
      status = delta1_fail (reason, DELTA1_FAILED, "answer %zu is not a multiple of 2^-%lld", t,
                            (long long)n);
      goto cleanup;
    }
  slong entry = data ? delta1_shape_data_entry (shape, (slong)first, (slong)second)
                     : delta1_shape_matrix_entry (shape, (slong)first, (slong)second);
  status = delta1_transcript_append (transcript, entry, (slong)n, fmpq_numref (q), NULL, reason);

cleanup:
  fmpq_clear (q);
  return status;
}

delta1_status_t
delta1_training_transcript_read (delta1_transcript_t **transcript, const json_t *object,
                                 const delta1_shape_t *shape, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  char text[DELTA1_SHA256_TEXT];
  const json_t *list = json_object_get (object, "answers");
  const char *stated = json_string_value (json_object_get (object, "sha256"));
  delta1_sha256_t *hash = NULL;
  size_t t;
  json_t *item;
  *transcript = NULL;
  if (!json_is_array (list) || stated == NULL)
    return delta1_fail (reason, DELTA1_INPUT, "a transcript is {\"sha256\", \"answers\"}");
  if (json_object_size (object) != 2)
    return delta1_fail (reason, DELTA1_FAILED,
                        "a transcript has a member that is not of the format");
  hash = delta1_sha256_create ();
  if (hash == NULL)
    return no_memory (reason);
  DELTA1_TRY (delta1_transcript_create (transcript, reason));
  json_array_foreach (list, t, item)
  {
    DELTA1_TRY (read_answer (*transcript, hash, item, t, shape, reason));
  }
  delta1_sha256_finish (text, hash);
  hash = NULL;
  if (strcmp (text, stated) != 0)
    status = delta1_fail (reason, DELTA1_FAILED, "the transcript's sha256 is %s", text);

cleanup:
  if (hash != NULL)
    delta1_sha256_finish (text, hash);
  if (status != DELTA1_OK)
    {
      delta1_transcript_free (*transcript);
      *transcript = NULL;
    }
  return status;
}
