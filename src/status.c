#include "src/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *
delta1_status_name (delta1_status_t status)
{
  switch (status)
    {
    case DELTA1_OK:
      return "ok";
    case DELTA1_DOMAIN:
      return "domain";
    case DELTA1_UNDECIDED:
      return "undecided";
    case DELTA1_BUDGET:
      return "budget";
    case DELTA1_INPUT:
      return "input";
    case DELTA1_FAILED:
      return "failed";
    case DELTA1_SYSTEM:
      return "system";
    }
  return "unknown";
}

delta1_status_t
delta1_fail (delta1_reason_t *reason, delta1_status_t status, const char *format, ...)
{
  if (reason != NULL)
    {
      va_list arguments;
      va_start (arguments, format);
      (void)vsnprintf (reason->text, sizeof reason->text, format, arguments);
      va_end (arguments);
      for (char *c = reason->text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
          *c = '?';
    }
  return status;
}
