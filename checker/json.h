/* json: the parts of a certificate, each with its members, types and ranges. */
#ifndef CHECKER_JSON_H
#define CHECKER_JSON_H

#include <jansson.h>

#include "checker/number.h"

#define INTEGER_LIMIT INT64_MAX
#define size_of(array) ((int64_t)json_array_size (array))
#define at(array, index) json_array_get ((array), (size_t)(index))

/* json_unpack with exactly the members that the format names. A missing member or another type is
 * UNREADABLE, a member without a name in the format REFUSED. Strings and objects are borrowed. */
void unpack (check_t *check, json_t *value, const char *where, const char *format, ...);
/* The index of text in the choices, a NULL-terminated list; REFUSED when it is not there. */
int choice (check_t *check, const char *text, const char *name, const char *const *choices);
/* x; REFUSED when x < least, and UNREADABLE (a limit of this checker) when x > limit. */
int64_t range (check_t *check, json_int_t x, const char *name, int64_t least, int64_t limit);
/* x, a JSON integer; REFUSED when it is not in [0, end). */
int64_t index_of (check_t *check, const json_t *x, const char *name, int64_t end);
/* value, an array of count elements; of any number of them when count < 0. */
json_t *array_of (check_t *check, json_t *value, const char *name, int64_t count);
/* x, which is initialised, = the number in the string value. */
form_t number_of (check_t *check, number_t *x, const json_t *value, const char *name);

#endif
