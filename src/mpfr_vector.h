/* mpfr_vector: arrays of MPFR numbers of one precision. */
#ifndef DELTA1_MPFR_VECTOR_H
#define DELTA1_MPFR_VECTOR_H

#include "src/flint_world.h"

/* length numbers, all +0; NULL when memory is out. v + i is number i. */
mpfr_ptr delta1_mpfr_vector_create (slong length, mpfr_prec_t precision);
void delta1_mpfr_vector_free (mpfr_ptr v, slong length); /* NULL allowed */

#endif
