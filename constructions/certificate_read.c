#include "constructions/certificate_read.h"

#include <string.h>

#include "src/number.h"
#include "src/problem.h"

delta1_status_t
delta1_certificate_misshaped (delta1_reason_t *reason, const char *member)
{
  return delta1_fail (reason, DELTA1_INPUT, "member %s is missing or not of the format", member);
}

delta1_status_t
delta1_certificate_refusal (delta1_status_t status)
{
  return status == DELTA1_INPUT ? DELTA1_FAILED : status;
}

delta1_status_t
delta1_certificate_matrix (fmpq_mat_t X, const json_t *rows, const char *member,
                           delta1_reason_t *reason)
{
  if (!json_is_array (rows) || json_array_size (rows) != (size_t)fmpq_mat_nrows (X))
    return delta1_certificate_misshaped (reason, member);
  for (slong k = 0; k < fmpq_mat_nrows (X); k++)
    {
      const json_t *row = json_array_get (rows, (size_t)k);
      if (!json_is_array (row) || json_array_size (row) != (size_t)fmpq_mat_ncols (X))
        return delta1_certificate_misshaped (reason, member);
      for (slong j = 0; j < fmpq_mat_ncols (X); j++)
        {
          const char *text = json_string_value (json_array_get (row, (size_t)j));
          if (text == NULL)
            return delta1_certificate_misshaped (reason, member);
          delta1_status_t status = delta1_number_parse (fmpq_mat_entry (X, k, j), text, reason);
          if (status != DELTA1_OK)
            return status;
        }
    }
  return DELTA1_OK;
}

delta1_status_t
delta1_certificate_bound (const json_t *item, const fmpz_t num, const fmpz_t den,
                          const fmpq_t radius, int sign, delta1_reason_t *reason)
{
  const char *text = json_string_value (item);
  fmpq_t bound;
  if (text == NULL)
    return delta1_certificate_misshaped (reason, "error");
  fmpq_init (bound);
  delta1_status_t status = delta1_number_parse (bound, text, reason);
  if (status == DELTA1_OK && strpbrk (text, "/xX") != NULL)
    status = delta1_fail (reason, DELTA1_FAILED, "a bound of the error is not a decimal");
  if (status == DELTA1_OK)
    {
      bool held = sign < 0 && fmpq_is_zero (bound);
      if (!held && fmpq_sgn (bound) >= 0)
        {
          if (sign < 0)
            fmpq_add (bound, bound, radius);
          else
            fmpq_sub (bound, bound, radius);
          held = fmpq_sgn (bound) >= 0 && sign * delta1_distance_cmp (num, den, bound) <= 0;
        }
      if (!held)
        status = delta1_fail (reason, DELTA1_FAILED,
                              "the error does not lie on the stated side of %.60s", text);
    }
  fmpq_clear (bound);
  return status;
}
