/* usage: what the subcommands share when they read their arguments. */
#ifndef DELTA1_USAGE_H
#define DELTA1_USAGE_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

#include "src/flint_world.h"
#include "src/status.h"

/* One line on stderr: "delta1 COMMAND: ..."; returns DELTA1_EXIT_USAGE. */
int delta1_usage_error (const char *command, const char *format, ...) DELTA1_PRINTF (2, 3);

/* After getopt_long (with opterr = 0 and a leading ':' in its short options) returned '?' or ':'.
 */
int delta1_usage_getopt (const char *command, int result, char **argv);

/* How a command reads its options. */
typedef struct
{
  const char *command;
  const char *brief; /* for getopt_long: begins with ':', names 'h' */
  const struct option *options;
  int (*help) (void);
  bool (*take) (void *context, int option, const char *text); /* false after one line */
} delta1_usage_table_t;

/* Hands every option to take; *helped: --help was printed, nothing else is to be done. An exit
 * code, after one line when it is not DELTA1_EXIT_OK; optind is then the first argument. */
int delta1_usage_read (const delta1_usage_table_t *table, void *context, bool *helped, int argc,
                       char **argv);

/* A whole number in [low, high]; false after one line that names option, value and what is allowed.
 */
bool delta1_usage_integer (slong *value, const char *command, const char *option, const char *text,
                           slong low, slong high);

/* A positive number of seconds, decimals allowed. */
bool delta1_usage_seconds (double *value, const char *command, const char *option,
                           const char *text);

/* Before anything is run: whether a result can be written to path (NULL: none is); false after one
 * line. */
bool delta1_usage_can_write (const char *command, const char *option, const char *path);

/* An exact number of src/number.h. */
bool delta1_usage_number (fmpq_t value, const char *command, const char *option, const char *text);

/* Whole numbers in [low, high] with commas between: *count of them in list, which has room for
 * `room`. */
bool delta1_usage_list (slong *list, slong *count, const char *command, const char *option,
                        const char *text, slong room, slong low, slong high);

#endif
