#include "checker/json.h"

#include <string.h>

void unpack (check_t *check, json_t *value, const char *where, const char *format, ...) {
  json_error_t error;
  va_list arguments;
  va_start (arguments, format);
  int failed = json_vunpack_ex (value, &error, JSON_STRICT, format, arguments);
  va_end (arguments);
  bool more = failed && json_error_code (&error) == json_error_end_of_input_expected;
  if (failed)
    say (check, more && json_is_object (value) ? REFUSED : UNREADABLE, "%s: %s", where, error.text);
}

int choice (check_t *check, const char *text, const char *name, const char *const *choices) {
  for (int t = 0; choices[t] != NULL; t++)
    if (strcmp (text, choices[t]) == 0) return t;
  refuse (check, "%s \"%.64s\" is not one the format knows", name, text);
}

int64_t range (check_t *check, json_int_t x, const char *name, int64_t least, int64_t limit) {
  if (x < least) refuse (check, "%s is %lld, below %lld", name, (long long)x, (long long)least);
  if (x > limit)
    unreadable (check, "%s is %lld, beyond the limit %lld", name, (long long)x, (long long)limit);
  return x;
}

int64_t index_of (check_t *check, const json_t *x, const char *name, int64_t end) {
  if (!json_is_integer (x)) unreadable (check, "%s is not an integer", name);
  int64_t index = range (check, json_integer_value (x), name, 0, INTEGER_LIMIT);
  if (index >= end)
    refuse (check, "%s is %lld, not below %lld", name, (long long)index, (long long)end);
  return index;
}

json_t *array_of (check_t *check, json_t *value, const char *name, int64_t count) {
  if (!json_is_array (value) || (count >= 0 && size_of (value) != count))
    unreadable (check, "%s is not an array of the right size", name);
  return value;
}

form_t number_of (check_t *check, number_t *x, const json_t *value, const char *name) {
  if (!json_is_string (value)) unreadable (check, "%s is not a string", name);
  return number_parse (check, x, json_string_value (value), name);
}
