#include "checker/member.h"

#include <stdio.h>
#include <string.h>

void
members (check_t *check, json_t *value, const char *where, const char *names)
{
  const char *name;
  json_t *member;
  if (!json_is_object (value))
    unreadable (check, "%s is not an object", where);
  json_object_foreach (value, name, member)
  {
    char padded[32];
    int size = snprintf (padded, sizeof padded, " %s ", name);
    if (size >= (int)sizeof padded || strchr (name, ' ') != NULL || strstr (names, padded) == NULL)
      refuse (check, "%s has an unknown member \"%.64s\"", where, name);
  }
}

json_t *
get (check_t *check, json_t *object, const char *name, json_type type)
{
  static const char *const types[] = { "an object", "an array", "a string", "an integer" };
  json_t *value = json_object_get (object, name);
  if (value == NULL)
    unreadable (check, "there is no member \"%s\"", name);
  if (json_typeof (value) != type)
    unreadable (check, "\"%s\" is not %s", name, type <= JSON_INTEGER ? types[type] : "null");
  return value;
}

const char *
get_text (check_t *check, json_t *object, const char *name)
{
  return json_string_value (get (check, object, name, JSON_STRING));
}

json_t *
array_of (check_t *check, json_t *value, const char *name, int64_t count)
{
  if (!json_is_array (value))
    unreadable (check, "\"%s\" is not an array", name);
  if (count >= 0 && size_of (value) != count)
    unreadable (check, "\"%s\" has %lld elements instead of %lld", name, (long long)size_of (value),
                (long long)count);
  return value;
}

json_t *
get_array (check_t *check, json_t *object, const char *name, int64_t count)
{
  return array_of (check, get (check, object, name, JSON_ARRAY), name, count);
}

int
get_choice (check_t *check, json_t *object, const char *name, const char *const *choices)
{
  const char *text = get_text (check, object, name);
  for (int choice = 0; choices[choice] != NULL; choice++)
    if (strcmp (text, choices[choice]) == 0)
      return choice;
  refuse (check, "%s \"%.64s\" is not one the format knows", name, text);
}

int64_t
count_of (check_t *check, json_t *value, const char *name, int64_t least, int64_t limit)
{
  long long x = json_integer_value (value);
  if (!json_is_integer (value))
    unreadable (check, "%s is not an integer", name);
  if (x < least)
    refuse (check, "%s is %lld, below %lld", name, x, (long long)least);
  if (x > limit)
    unreadable (check, "%s is %lld, beyond the limit of %lld", name, x, (long long)limit);
  return x;
}

int64_t
get_count (check_t *check, json_t *object, const char *name, int64_t least, int64_t limit)
{
  return count_of (check, get (check, object, name, JSON_INTEGER), name, least, limit);
}

int64_t
index_of (check_t *check, json_t *value, const char *name, int64_t end)
{
  int64_t x = count_of (check, value, name, 0, INT64_MAX);
  if (x >= end)
    refuse (check, "%s is %lld, not below %lld", name, (long long)x, (long long)end);
  return x;
}

form_t
number_of (check_t *check, number_t *x, json_t *value, const char *name)
{
  if (!json_is_string (value))
    unreadable (check, "%s is not a string", name);
  return number_parse (check, x, json_string_value (value), name);
}

number_t *
numbers (check_t *check, int64_t count)
{
  number_t *list = allocate (check, count, sizeof *list);
  for (int64_t t = 0; t < count; t++)
    number_init (&list[t]);
  return list;
}
