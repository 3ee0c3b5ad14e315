#include "src/mpfr_vector.h"

#include <stdlib.h>

mpfr_ptr
delta1_mpfr_vector_create (slong length, mpfr_prec_t precision)
{
  mpfr_ptr v = calloc (length > 0 ? (size_t)length : 1, sizeof *v);
  for (slong i = 0; v != NULL && i < length; i++)
    {
      mpfr_init2 (v + i, precision);
      mpfr_set_zero (v + i, 1);
    }
  return v;
}

void
delta1_mpfr_vector_free (mpfr_ptr v, slong length)
{
  for (slong i = 0; v != NULL && i < length; i++)
    mpfr_clear (v + i);
  free (v);
}
