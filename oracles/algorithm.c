#include "oracles/algorithm.h"

#include <stdlib.h>
#include <string.h>

void
delta1_algorithm_free (delta1_algorithm_t *algorithm)
{
  if (algorithm == NULL)
    return;
  if (algorithm->table->free != NULL)
    algorithm->table->free (algorithm->context);
  free (algorithm->label);
  free (algorithm);
}

void
delta1_task_say (const delta1_task_t *task, const char *text)
{
  if (task->said == NULL)
    return;
  size_t length = strlen (text);
  if (length > DELTA1_SAID_BYTES)
    for (length = DELTA1_SAID_BYTES; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
      length--;
  char *said = task->said->text;
  memcpy (said, text, length);
  said[length] = '\0';
  for (size_t i = 0; i < length; i++)
    {
      unsigned char c = (unsigned char)said[i];
      if (c < 0x20 || c == 0x7f)
        said[i] = '?';
      else if (c == 0xc2 && (unsigned char)said[i + 1] < 0xa0) /* two bytes that become two '?' */
        said[i] = said[i + 1] = '?';
    }
}
