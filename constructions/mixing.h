/* mixing: the orthogonal matrices U that hide the structure of an input (mathematics.md, Section
 * 3).
 *
 * For an orthogonal U, Xi(UA, Uy) = Xi(A, y).
 *   none      the identity
 *   rational  a product of Householder reflections I - 2 v v^T/(v^T v), integer v: orthogonal over
 * Q dct       the orthonormal DCT-II: U_ki = w_k cos(pi (2i+1) k/(2m)), w_0 = sqrt(1/m), w_k =
 * sqrt(2/m) */
#ifndef DELTA1_MIXING_H
#define DELTA1_MIXING_H

#include <stdint.h>

#include "oracles/source.h"

typedef enum
{
  DELTA1_MIX_NONE = 0,
  DELTA1_MIX_RATIONAL,
  DELTA1_MIX_DCT
} delta1_mix_t;

#define DELTA1_MIX_COUNT 3

/* U is stored whole. */
#define DELTA1_MIX_MAX_ROWS 1000

const char *delta1_mix_name (delta1_mix_t kind);
DELTA1_MUST_USE delta1_status_t delta1_mix_parse (delta1_mix_t *kind, const char *name,
                                                  delta1_reason_t *reason);

typedef struct
{
  delta1_mix_t kind;
  slong m;
  slong reflections;    /* rational: how many, >= 1; else 0 */
  fmpz *vectors;        /* reflections x m, row-major */
  fmpq_mat_t exact;     /* rational: U, m x m; else empty */
  arb_ptr balls;        /* dct: m x m, U to the largest precision asked so far */
  slong precision;      /* of the balls */
  slong bound_exponent; /* B = 2^bound_exponent: 1 without mixing, else the least power of two >=
                           ||u||_1, u the first column (proved in balls for dct) */
  slong hidden; /* the least e with 3 B ||u||_inf <= 2^e (proved; for dct with a factor 1 + 2^-48
                   to spare, which pays for the rounding of balls) */
} delta1_mixing_t;

/* vectors: for rational, reflections x m integers, copied; ignored otherwise. INPUT: a zero vector,
 * no vectors, m < 1. */
DELTA1_MUST_USE delta1_status_t delta1_mixing_create (delta1_mixing_t **mixing, delta1_mix_t kind,
                                                      slong m, const fmpz *vectors,
                                                      slong reflections, delta1_reason_t *reason);
void delta1_mixing_free (delta1_mixing_t *mixing); /* NULL allowed */

/* Two reflections with entries in -3 .. 3, none zero in its last entry, from the seed. */
DELTA1_MUST_USE delta1_status_t delta1_mixing_create_seeded (delta1_mixing_t **mixing,
                                                             delta1_mix_t kind, slong m,
                                                             uint64_t seed,
                                                             delta1_reason_t *reason);

/* x contains U_ij, relative accuracy about 2^-prec. */
void delta1_mixing_enclose (arb_t x, delta1_mixing_t *mixing, slong i, slong j, slong prec);

/* *source: u, the first column of U; it must not outlive the mixing. */
DELTA1_MUST_USE delta1_status_t delta1_mixing_direction (delta1_source_t **source,
                                                         delta1_mixing_t *mixing,
                                                         delta1_reason_t *reason);

#endif
