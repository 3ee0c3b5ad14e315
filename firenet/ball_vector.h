/* ball_vector: vectors of balls know their precision: it stands before the entries. */
#ifndef DELTA1_BALL_VECTOR_H
#define DELTA1_BALL_VECTOR_H

#include <stddef.h>

#include "src/flint_world.h"

/* Of a vector (not of an element) of balls or complex balls. */
slong delta1_ball_vector_bits (const void *v);

/* `count` zero bytes of `size` each with the precision before them: an arb_t or acb_t that is 0.
 * NULL when memory is out. */
void *delta1_ball_vector_create (slong count, size_t size, slong bits);
void delta1_ball_vector_free (void *v); /* the entries have been cleared */

#endif
