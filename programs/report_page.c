#include "programs/report_page.h"

#include <errno.h>
#include <nettle/base64.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 200

char *
delta1_page_escape (const char *text)
{
  static const struct
  {
    char plain;
    const char *escaped;
  } entities[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" } };
  char *made = malloc (6 * strlen (text) + 1), *end = made;
  if (made == NULL)
    return NULL;
  for (const char *c = text; *c != '\0'; c++)
    {
      const char *escaped = NULL;
      for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (entities[i].plain == *c)
          escaped = entities[i].escaped;
      if (escaped != NULL)
        end = stpcpy (end, escaped);
      else
        *end++ = *c;
    }
  *end = '\0';
  return made;
}

/* "<" ends no script as \u003c, and stands in JSON in strings only. */
char *
delta1_page_script_json (const json_t *json)
{
  char *plain = json_dumps (json, JSON_COMPACT | JSON_ENCODE_ANY);
  if (plain == NULL)
    return NULL;
  char *made = malloc (6 * strlen (plain) + 1), *end = made;
  for (const char *c = plain; made != NULL && *c != '\0'; c++)
    if (*c == '<')
      end = stpcpy (end, "\\u003c");
    else
      *end++ = *c;
  if (made != NULL)
    *end = '\0';
  free (plain);
  return made;
}

static delta1_status_t
read_file (char **bytes, size_t *size, const char *path, delta1_reason_t *reason)
{
  FILE *file = fopen (path, "rb");
  *bytes = NULL;
  *size = 0;
  if (file == NULL && errno == ENOENT)
    return DELTA1_OK;
  long length = -1;
  if (file != NULL && fseek (file, 0, SEEK_END) == 0)
    length = ftell (file);
  if (length >= 0 && fseek (file, 0, SEEK_SET) == 0)
    *bytes = malloc ((size_t)length + 1);
  bool whole = *bytes != NULL && fread (*bytes, 1, (size_t)length, file) == (size_t)length;
  if (file != NULL)
    (void)fclose (file);
  if (whole)
    {
      *size = (size_t)length;
      return DELTA1_OK;
    }
  free (*bytes);
  *bytes = NULL;
  return delta1_fail (reason, DELTA1_SYSTEM, "%.500s: cannot be read", path);
}

delta1_status_t
delta1_page_data_uri (char **uri, const char *type, const char *path, delta1_reason_t *reason)
{
  char *bytes;
  size_t size;
  *uri = NULL;
  delta1_status_t status = read_file (&bytes, &size, path, reason);
  if (status != DELTA1_OK || bytes == NULL)
    return status;
  size_t head = strlen (type) + strlen ("data:;base64,");
  *uri = malloc (head + BASE64_ENCODE_RAW_LENGTH (size) + 1);
  if (*uri != NULL)
    {
      (void)sprintf (*uri, "data:%s;base64,", type);
      base64_encode_raw (*uri + head, size, (const uint8_t *)bytes);
      (*uri)[head + BASE64_ENCODE_RAW_LENGTH (size)] = '\0';
    }
  free (bytes);
  return *uri != NULL ? DELTA1_OK : delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
}

delta1_status_t
delta1_page_text (char **text, const char *path, delta1_reason_t *reason)
{
  char *bytes;
  size_t size;
  *text = NULL;
  delta1_status_t status = read_file (&bytes, &size, path, reason);
  if (status != DELTA1_OK || bytes == NULL)
    return status;
  bytes[size] = '\0';
  *text = delta1_page_escape (bytes);
  free (bytes);
  return *text != NULL ? DELTA1_OK : delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
}

/* The name of the marker that begins at text; end: behind it. */
static delta1_status_t
read_name (char name[MAX_NAME], const char **end, const char *text, delta1_reason_t *reason)
{
  const char *close = strstr (text, "}}");
  if (close == NULL || close - text - 2 >= MAX_NAME)
    return delta1_fail (reason, DELTA1_FAILED, "a marker of the page does not end: %.60s", text);
  size_t size = (size_t)(close - text - 2);
  memcpy (name, text + 2, size);
  name[size] = '\0';
  *end = close + 2;
  return DELTA1_OK;
}

static delta1_status_t
write_line (FILE *stream, const char *line, const delta1_page_values_t *values,
            delta1_reason_t *reason)
{
  char name[MAX_NAME], *text = NULL;
  const char *marker;
  while ((marker = strstr (line, "{{")) != NULL)
    {
      (void)fwrite (line, 1, (size_t)(marker - line), stream);
      delta1_status_t status = read_name (name, &line, marker, reason);
      if (status == DELTA1_OK)
        status = values->value (values->context, &text, name, reason);
      if (status != DELTA1_OK)
        return status;
      if (text == NULL)
        return delta1_fail (reason, DELTA1_FAILED, "nothing to put for %s on the page", name);
      (void)fputs (text, stream);
      free (text);
    }
  (void)fprintf (stream, "%s\n", line);
  return DELTA1_OK;
}

delta1_status_t
delta1_page_write (FILE *stream, const char *const *lines, const delta1_page_values_t *values,
                   delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool left_out = false;
  char name[MAX_NAME], *text = NULL;
  const char *end;
  for (; *lines != NULL && status == DELTA1_OK; lines++)
    if (strncmp (*lines, "{{if ", 5) == 0)
      {
        status = read_name (name, &end, *lines, reason);
        if (status == DELTA1_OK)
          status = values->value (values->context, &text, name + 3, reason);
        left_out = text == NULL;
        free (text);
        text = NULL;
      }
    else if (strcmp (*lines, "{{end}}") == 0)
      left_out = false;
    else if (!left_out)
      status = write_line (stream, *lines, values, reason);
  return status;
}
