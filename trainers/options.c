#include "trainers/options.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALLOWED_SIZE 512
#define SHOWN 60 /* characters of a wrong text that a reason quotes */

static int
shown (size_t length)
{
  return length < SHOWN ? (int)length : SHOWN;
}

/* "reading=once|stable, precision=1..100"; cut when longer than the array. */
static void
describe (char allowed[ALLOWED_SIZE], const delta1_option_t *options, slong count)
{
  size_t used = 0;
  allowed[0] = 0;
  for (slong i = 0; i < count; i++)
    {
      const delta1_option_t *o = options + i;
      bool integer = o->least <= o->largest;
      char range[64] = "";
      if (integer)
        snprintf (range, sizeof range, "%s%ld..%ld", o->words != NULL ? "|" : "", (long)o->least,
                  (long)o->largest);
      int written = snprintf (allowed + used, ALLOWED_SIZE - used, "%s%s=%s%s", i > 0 ? ", " : "",
                              o->key, o->words != NULL ? o->words : "", range);
      if (written < 0 || (size_t)written >= ALLOWED_SIZE - used)
        return;
      used += (size_t)written;
    }
}

static bool
find_word (slong *place, const char *words, const char *text, size_t length)
{
  *place = 0;
  for (const char *word = words; word != NULL; (*place)++)
    {
      const char *end = strchr (word, '|');
      size_t size = end != NULL ? (size_t)(end - word) : strlen (word);
      if (size == length && strncmp (word, text, length) == 0)
        return true;
      word = end != NULL ? end + 1 : NULL;
    }
  return false;
}

/* Decimal digits only: no sign, no space; at most 18 of them, so that no slong overflows. */
static bool
read_integer (slong *value, const char *text, size_t length)
{
  if (length == 0 || length > 18)
    return false;
  slong v = 0;
  for (size_t i = 0; i < length; i++)
    {
      if (text[i] < '0' || text[i] > '9')
        return false;
      v = 10 * v + (text[i] - '0');
    }
  *value = v;
  return true;
}

static delta1_status_t
read_value (const char *trainer, const delta1_option_t *option, const char *text, size_t length,
            delta1_reason_t *reason)
{
  slong value;
  if (find_word (&value, option->words, text, length)
      || (read_integer (&value, text, length) && value >= option->least
          && value <= option->largest))
    {
      *option->value = value;
      return DELTA1_OK;
    }
  char allowed[ALLOWED_SIZE];
  describe (allowed, option, 1);
  return delta1_fail (reason, DELTA1_INPUT,
                      "trainer %s: option %s has no value '%.*s'; allowed: %s", trainer,
                      option->key, shown (length), text, allowed);
}

delta1_status_t
delta1_options_parse (const char *trainer, const char *text, const delta1_option_t *options,
                      slong count, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool *given = NULL;
  char allowed[ALLOWED_SIZE];

  if (text == NULL)
    return DELTA1_OK;
  if (count == 0)
    return delta1_fail (reason, DELTA1_INPUT, "trainer %s takes no options, but ':%.*s' was given",
                        trainer, shown (strlen (text)), text);
  describe (allowed, options, count);
  given = calloc ((size_t)count, sizeof *given);
  if (given == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "trainer %s: out of memory", trainer));

  for (const char *at = text; at != NULL;)
    {
      const char *comma = strchr (at, ',');
      size_t length = comma != NULL ? (size_t)(comma - at) : strlen (at);
      const char *equals = memchr (at, '=', length);
      size_t key = equals != NULL ? (size_t)(equals - at) : length;
      slong i = 0;
      while (i < count
             && !(strlen (options[i].key) == key && strncmp (options[i].key, at, key) == 0))
        i++;
      if (i == count)
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "trainer %s: there is no option '%.*s'; allowed: %s", trainer,
                                 shown (key), at, allowed));
      if (equals == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "trainer %s: option %s is given without a value; allowed: %s",
                                 trainer, options[i].key, allowed));
      if (given[i])
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                                 "trainer %s: option %s is given twice; once is allowed", trainer,
                                 options[i].key));
      given[i] = true;
      DELTA1_TRY (read_value (trainer, options + i, equals + 1, length - key - 1, reason));
      at = comma != NULL ? comma + 1 : NULL;
    }

cleanup:
  free (given);
  return status;
}
