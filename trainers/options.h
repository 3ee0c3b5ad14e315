/* options: the text option=value,option=value of a trainer, read by a list of what is allowed. */
#ifndef DELTA1_OPTIONS_H
#define DELTA1_OPTIONS_H

#include "src/flint_world.h"
#include "src/status.h"

/* One option. Its value is one of the words (words = "once|stable": *value becomes 0 or 1), or an
 * integer in [least, largest] (none when least > largest). An option with both kinds of value must
 * have least >= the number of words, so that no two values are confused. */
typedef struct
{
  const char *key;
  const char *words; /* NULL: an integer only */
  slong least, largest;
  slong *value; /* left alone when the option is not given */
} delta1_option_t;

/* text: NULL (no options), or at least one option. INPUT names the trainer, the wrong option or
 * value, and what is allowed. */
DELTA1_MUST_USE delta1_status_t delta1_options_parse (const char *trainer, const char *text,
                                                      const delta1_option_t *options, slong count,
                                                      delta1_reason_t *reason);

#endif
