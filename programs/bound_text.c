#include "programs/bound_text.h"

#include <stdio.h>
#include <string.h>

#define BITS 128

/* x with `digits` after the point, rounded up (direction > 0) or down. */
static delta1_bound_text_t
decimal (const arf_t x, int digits, int direction)
{
  delta1_bound_text_t d;
  mpfr_t value;
  mpfr_init2 (value, BITS);
  (void)arf_get_mpfr (value, x, direction > 0 ? MPFR_RNDU : MPFR_RNDD);
  if (mpfr_inf_p (value))
    strcpy (d.text, "inf");
  else
    (void)mpfr_snprintf (d.text, sizeof d.text, direction > 0 ? "%.*RUe" : "%.*RDe", digits, value);
  mpfr_clear (value);
  return d;
}

delta1_bound_text_t
delta1_bound_quotient (const arb_t x, const arb_t y, int digits)
{
  arb_t q;
  arf_t end;
  arb_init (q);
  arf_init (end);
  if (y == NULL)
    arb_set (q, x);
  else
    arb_div (q, x, y, BITS);
  if (arb_is_finite (q))
    arb_get_ubound_arf (end, q, BITS);
  else
    arf_pos_inf (end);
  delta1_bound_text_t d = decimal (end, digits, 1);
  arb_clear (q);
  arf_clear (end);
  return d;
}

delta1_bound_text_t
delta1_bound_mag (const mag_t x, const arb_t y, int digits)
{
  arb_t ball;
  arb_init (ball);
  arf_set_mag (arb_midref (ball), x);
  delta1_bound_text_t d = delta1_bound_quotient (ball, y, digits);
  arb_clear (ball);
  return d;
}

delta1_bound_text_t
delta1_bound_lower (const arb_t x, int digits)
{
  arf_t end;
  arf_init (end);
  arb_get_lbound_arf (end, x, BITS);
  delta1_bound_text_t d = decimal (end, digits, -1);
  arf_clear (end);
  return d;
}
