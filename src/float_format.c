#include "src/float_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* MPFR's significands lie in [1/2, 1): emax is one above IEEE's, and 2^(emin - 1) is the least
 * subnormal number. */
static const delta1_float_format_t named[] = {
  { "half", 11, -23, 16 },
  { "bfloat16", 8, -132, 128 },
  { "single", 24, -148, 128 },
  { "double", 53, -1073, 1024 },
};

delta1_status_t
delta1_float_format_parse (delta1_float_format_t *format, const char *text, delta1_reason_t *reason)
{
  for (size_t i = 0; i < sizeof named / sizeof *named; i++)
    if (strcmp (text, named[i].name) == 0)
      {
        *format = named[i];
        return DELTA1_OK;
      }
  char *end;
  long bits = strtol (text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || bits < 2 || bits > DELTA1_FLOAT_MAX_BITS)
    return delta1_fail (reason, DELTA1_INPUT,
                        "%.40s: allowed: 2 to %d bits, half, bfloat16, single, double", text,
                        DELTA1_FLOAT_MAX_BITS);
  *format = (delta1_float_format_t){ .precision = bits };
  (void)snprintf (format->name, sizeof format->name, "%ld", bits);
  return DELTA1_OK;
}

delta1_float_range_t
delta1_float_format_enter (const delta1_float_format_t *format)
{
  delta1_float_range_t before = { mpfr_get_emin (), mpfr_get_emax () };
  if (format->emin != 0)
    {
      (void)mpfr_set_emin (format->emin);
      (void)mpfr_set_emax (format->emax);
    }
  return before;
}

void
delta1_float_format_leave (delta1_float_range_t before)
{
  (void)mpfr_set_emin (before.emin);
  (void)mpfr_set_emax (before.emax);
}
