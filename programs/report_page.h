/* report_page: an HTML page from a template.
 *
 * A line {{if NAME}} begins, {{end}} ends what is left out when NAME has no value; they do not
 * nest.
 * {{NAME}} anywhere else is replaced by the value of NAME, as it is: whoever gives it has escaped
 * it. */
#ifndef DELTA1_REPORT_PAGE_H
#define DELTA1_REPORT_PAGE_H

#include <jansson.h>
#include <stdio.h>

#include "src/status.h"

typedef struct
{
  /* A text from malloc, or NULL with DELTA1_OK: there is none. */
  delta1_status_t (*value) (void *context, char **text, const char *name, delta1_reason_t *reason);
  void *context;
} delta1_page_values_t;

/* lines: ended by NULL. FAILED: a name without a value outside {{if}}, or a marker without end. */
DELTA1_MUST_USE delta1_status_t delta1_page_write (FILE *stream, const char *const *lines,
                                                   const delta1_page_values_t *values,
                                                   delta1_reason_t *reason);

/* From malloc; NULL when memory is out. */
char *delta1_page_escape (const char *text);        /* for HTML text and attributes */
char *delta1_page_script_json (const json_t *json); /* for the inside of a script element */

/* *uri: a data URI of the file, from malloc; NULL when there is no such file. */
DELTA1_MUST_USE delta1_status_t delta1_page_data_uri (char **uri, const char *type,
                                                      const char *path, delta1_reason_t *reason);

/* *text: the file, escaped for HTML, from malloc; NULL when there is no such file. */
DELTA1_MUST_USE delta1_status_t delta1_page_text (char **text, const char *path,
                                                  delta1_reason_t *reason);

#endif
