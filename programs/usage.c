#include "programs/usage.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs/commands.h"
#include "src/file.h"
#include "src/number.h"

int
delta1_usage_error (const char *command, const char *format, ...)
{
  va_list arguments;
  (void)fprintf (stderr, "delta1 %s: ", command);
  va_start (arguments, format);
  (void)vfprintf (stderr, format, arguments);
  va_end (arguments);
  (void)fputc ('\n', stderr);
  return DELTA1_EXIT_USAGE;
}

int
delta1_usage_getopt (const char *command, int result, char **argv)
{
  char letter[3] = { '-', (char)optopt, '\0' };
  /* optopt is the letter of an unknown short option, wherever it stands in its word. */
  bool is_long = optopt <= 0 || optopt > 127 || strncmp (argv[optind - 1], "--", 2) == 0;
  const char *given = is_long ? argv[optind - 1] : letter;
  if (result == ':')
    return delta1_usage_error (command, "option %s needs a value; see delta1 %s --help", given,
                               command);
  return delta1_usage_error (command, "no option %s; see delta1 %s --help", given, command);
}

int
delta1_usage_read (const delta1_usage_table_t *table, void *context, bool *helped, int argc,
                   char **argv)
{
  int option;
  *helped = false;
  opterr = 0;
  optind = 0;
  while ((option = getopt_long (argc, argv, table->brief, table->options, NULL)) != -1)
    {
      if (option == 'h')
        {
          *helped = true;
          return table->help ();
        }
      if (option == '?' || option == ':')
        return delta1_usage_getopt (table->command, option, argv);
      if (!table->take (context, option, optarg))
        return DELTA1_EXIT_USAGE;
    }
  return DELTA1_EXIT_OK;
}

bool
delta1_usage_integer (slong *value, const char *command, const char *option, const char *text,
                      slong low, slong high)
{
  char *end;
  errno = 0;
  long number = strtol (text, &end, 10);
  if (*text == '\0' || *end != '\0' || errno != 0 || number < low || number > high)
    {
      (void)delta1_usage_error (command, "%s %.60s: allowed: whole numbers from %ld to %ld", option,
                                text, (long)low, (long)high);
      return false;
    }
  *value = number;
  return true;
}

bool
delta1_usage_seconds (double *value, const char *command, const char *option, const char *text)
{
  char *end;
  errno = 0;
  double number = strtod (text, &end);
  if (*text == '\0' || *end != '\0' || errno != 0 || !(number > 0) || number > 1e6)
    {
      (void)delta1_usage_error (command, "%s %.60s: allowed: seconds, above 0, at most 1e6", option,
                                text);
      return false;
    }
  *value = number;
  return true;
}

bool
delta1_usage_can_write (const char *command, const char *option, const char *path)
{
  delta1_reason_t reason;
  if (path == NULL || delta1_file_can_write (path, &reason) == DELTA1_OK)
    return true;
  (void)delta1_usage_error (command, "%s %s", option, reason.text);
  return false;
}

bool
delta1_usage_number (fmpq_t value, const char *command, const char *option, const char *text)
{
  delta1_reason_t reason;
  if (delta1_number_parse (value, text, &reason) == DELTA1_OK)
    return true;
  (void)delta1_usage_error (command, "%s: %s", option, reason.text);
  return false;
}

bool
delta1_usage_list (slong *list, slong *count, const char *command, const char *option,
                   const char *text, slong room, slong low, slong high)
{
  *count = 0;
  for (const char *at = text;; at++)
    {
      char item[32];
      size_t length = strcspn (at, ",");
      if (length >= sizeof item || *count == room)
        {
          (void)delta1_usage_error (
              command, "%s %.60s: allowed: up to %ld whole numbers with commas between", option,
              text, (long)room);
          return false;
        }
      memcpy (item, at, length);
      item[length] = '\0';
      if (!delta1_usage_integer (list + *count, command, option, item, low, high))
        return false;
      (*count)++;
      at += length;
      if (*at == '\0')
        return true;
    }
}
