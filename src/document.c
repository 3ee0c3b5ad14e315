#include "src/document.h"

#include <errno.h>
#include <limits.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/file.h"

#define CANONICAL (JSON_COMPACT | JSON_SORT_KEYS)
#define LARGEST_FILE ((off_t)INT_MAX)

struct delta1_sha256_struct
{
  struct sha256_ctx state;
};

static void
finish (char text[DELTA1_SHA256_TEXT], struct sha256_ctx *state)
{
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest (state, sizeof digest, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    (void)snprintf (text + 2 * i, 3, "%02x", digest[i]);
}

delta1_sha256_t *
delta1_sha256_create (void)
{
  delta1_sha256_t *hash = malloc (sizeof *hash);
  if (hash != NULL)
    sha256_init (&hash->state);
  return hash;
}

void
delta1_sha256_update (delta1_sha256_t *hash, const void *data, size_t size)
{
  sha256_update (&hash->state, size, data);
}

void
delta1_sha256_finish (char text[DELTA1_SHA256_TEXT], delta1_sha256_t *hash)
{
  finish (text, &hash->state);
  free (hash);
}

void
delta1_sha256 (char text[DELTA1_SHA256_TEXT], const void *data, size_t size)
{
  struct sha256_ctx state;
  sha256_init (&state);
  sha256_update (&state, size, data);
  finish (text, &state);
}

static int
hash_chunk (const char *data, size_t size, void *hash)
{
  delta1_sha256_update (hash, data, size);
  return 0;
}

/* The seal of the document as it would be without the member "sha256". */
static delta1_status_t
compute_seal (char text[DELTA1_SHA256_TEXT], json_t *document, delta1_reason_t *reason)
{
  json_t *bare = json_copy (document);
  delta1_sha256_t *hash = delta1_sha256_create ();
  delta1_status_t status = DELTA1_OK;
  if (bare != NULL)
    (void)json_object_del (bare, "sha256");
  if (bare == NULL || hash == NULL || json_dump_callback (bare, hash_chunk, hash, CANONICAL) != 0)
    {
      free (hash);
      status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for the document's seal");
    }
  else
    delta1_sha256_finish (text, hash);
  json_decref (bare);
  return status;
}

delta1_status_t
delta1_document_seal (json_t *document, delta1_reason_t *reason)
{
  char text[DELTA1_SHA256_TEXT];
  delta1_status_t status = compute_seal (text, document, reason);
  if (status == DELTA1_OK && json_object_set_new (document, "sha256", json_string (text)) != 0)
    status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for the document's seal");
  return status;
}

delta1_status_t
delta1_document_check_seal (json_t *document, delta1_reason_t *reason)
{
  char text[DELTA1_SHA256_TEXT];
  const char *seal = json_string_value (json_object_get (document, "sha256"));
  if (seal == NULL)
    return delta1_fail (reason, DELTA1_INPUT, "the document has no seal (member sha256)");
  delta1_status_t status = compute_seal (text, document, reason);
  if (status == DELTA1_OK && strcmp (seal, text) != 0)
    status = delta1_fail (reason, DELTA1_INPUT, "the seal does not match: sha256 is %s", text);
  return status;
}

delta1_status_t
delta1_document_read (json_t **document, const char *path, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  struct stat info;
  json_error_t error;
  *document = NULL;
  FILE *file = fopen (path, "rb");
  if (file == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
  if (fstat (fileno (file), &info) != 0 || !S_ISREG (info.st_mode))
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: not a regular file", path);
  else if (info.st_size > LARGEST_FILE)
    status = delta1_fail (reason, DELTA1_INPUT, "%.300s: larger than 2 GiB", path);
  else
    {
      *document = json_loadf (file, JSON_REJECT_DUPLICATES, &error);
      if (*document == NULL)
        status = delta1_fail (reason, DELTA1_INPUT, "%.300s: line %d, column %d: %s", path,
                              error.line, error.column, error.text);
      else if (!json_is_object (*document))
        {
          json_decref (*document);
          *document = NULL;
          status = delta1_fail (reason, DELTA1_INPUT, "%.300s: not a JSON object", path);
        }
    }
  (void)fclose (file);
  return status;
}

static delta1_status_t
misshaped (const char *member, delta1_reason_t *reason)
{
  return delta1_fail (reason, DELTA1_INPUT, "member %s is missing or not of the format", member);
}

delta1_status_t
delta1_document_index (slong *value, const json_t *object, const char *member,
                       delta1_reason_t *reason)
{
  const json_t *item = json_object_get (object, member);
  if (!json_is_integer (item) || json_integer_value (item) < 0)
    return misshaped (member, reason);
  *value = (slong)json_integer_value (item);
  return DELTA1_OK;
}

delta1_status_t
delta1_document_string (const char **text, const json_t *object, const char *member,
                        delta1_reason_t *reason)
{
  *text = json_string_value (json_object_get (object, member));
  return *text == NULL ? misshaped (member, reason) : DELTA1_OK;
}

delta1_status_t
delta1_document_members (const json_t *object, const char *name, size_t count,
                         delta1_reason_t *reason)
{
  if (json_object_size (object) != count)
    return delta1_fail (reason, DELTA1_FAILED, "%s has a member that is not of the format", name);
  return DELTA1_OK;
}

delta1_status_t
delta1_document_can_write (const char *path, delta1_reason_t *reason)
{
  return delta1_file_can_write (path, reason);
}

delta1_status_t
delta1_document_write (const json_t *document, const char *path, delta1_reason_t *reason)
{
  delta1_file_t file;
  delta1_status_t status = delta1_file_open (&file, path, reason);
  if (status != DELTA1_OK)
    return status;
  bool dumped = json_dumpf (document, file.stream, JSON_INDENT (1)) == 0;
  bool written = dumped && fputc ('\n', file.stream) != EOF;
  if (!dumped && ferror (file.stream) == 0)
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: no memory for the document", path);
  else if (!written)
    status = delta1_fail (reason, DELTA1_SYSTEM, "%.300s: %s", path, strerror (errno));
  delta1_status_t closed = delta1_file_close (&file, status == DELTA1_OK, reason);
  return status == DELTA1_OK ? closed : status;
}
