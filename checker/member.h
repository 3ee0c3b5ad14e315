/* member: the members of a JSON object, each with the type, range and form it must have. A missing
 * one or a wrong type is UNREADABLE, a value outside its range or an unknown name REFUSED. */
#ifndef CHECKER_MEMBER_H
#define CHECKER_MEMBER_H

#include <jansson.h>

#include "checker/number.h"

/* value must be an object without other members than the names, each between two spaces. */
void members (check_t *check, json_t *value, const char *where, const char *names);

json_t *get (check_t *check, json_t *object, const char *name, json_type type);
const char *get_text (check_t *check, json_t *object, const char *name);

/* The index of the text among the choices, a NULL-terminated list. */
int get_choice (check_t *check, json_t *object, const char *name, const char *const *choices);

/* An array of count elements; of any number of them when count < 0. */
json_t *get_array (check_t *check, json_t *object, const char *name, int64_t count);
json_t *array_of (check_t *check, json_t *value, const char *name, int64_t count);
#define size_of(array) ((int64_t)json_array_size (array))
#define at(array, index) json_array_get ((array), (size_t)(index))

/* An integer >= least (else REFUSED) and <= limit (else UNREADABLE: a limit of this checker); an
 * index in [0, end) (else REFUSED). */
int64_t get_count (check_t *check, json_t *object, const char *name, int64_t least, int64_t limit);
int64_t count_of (check_t *check, json_t *value, const char *name, int64_t least, int64_t limit);
int64_t index_of (check_t *check, json_t *value, const char *name, int64_t end);

/* x, which is initialised, = the number in the string value. */
form_t number_of (check_t *check, number_t *x, json_t *value, const char *name);

/* count zeros. */
number_t *numbers (check_t *check, int64_t count);

#endif
