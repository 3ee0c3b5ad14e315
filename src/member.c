#include "src/member.h"

#include <stdlib.h>

#include "src/document.h"
#include "src/number.h"

delta1_status_t
delta1_member_misshaped (delta1_reason_t *reason, const char *member)
{
  return delta1_fail (reason, DELTA1_INPUT, "member %s is missing or not of the format", member);
}

delta1_status_t
delta1_member_number (fmpq_t x, const json_t *object, const char *member, delta1_reason_t *reason)
{
  const char *text;
  delta1_status_t status = delta1_document_string (&text, object, member, reason);
  return status == DELTA1_OK ? delta1_number_parse (x, text, reason) : status;
}

delta1_status_t
delta1_member_numbers (fmpq *x, slong count, const json_t *array, const char *member,
                       delta1_reason_t *reason)
{
  if (!json_is_array (array) || json_array_size (array) != (size_t)count)
    return delta1_member_misshaped (reason, member);
  for (slong k = 0; k < count; k++)
    {
      const char *text = json_string_value (json_array_get (array, (size_t)k));
      if (text == NULL)
        return delta1_member_misshaped (reason, member);
      delta1_status_t status = delta1_number_parse (x + k, text, reason);
      if (status != DELTA1_OK)
        return status;
    }
  return DELTA1_OK;
}

json_t *
delta1_member_write_number (const fmpq_t x)
{
  char *text = delta1_number_format (x);
  json_t *value = text == NULL ? NULL : json_string (text);
  free (text);
  return value;
}

json_t *
delta1_member_write_numbers (const fmpq *x, slong count)
{
  json_t *array = json_array ();
  for (slong k = 0; array != NULL && k < count; k++)
    if (json_array_append_new (array, delta1_member_write_number (x + k)) != 0)
      {
        json_decref (array);
        array = NULL;
      }
  return array;
}
