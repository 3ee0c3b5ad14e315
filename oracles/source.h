/* source: where the entries of an input come from.
 *
 * A source knows the numbers x_0 .. x_{count-1} (real or complex) exactly; it is what an oracle
 * hides. An entry is known as a rational, or as a computable real enclosed by balls of any
 * precision. */
#ifndef DELTA1_SOURCE_H
#define DELTA1_SOURCE_H

#include <stdbool.h>

#include "src/flint_world.h"
#include "src/status.h"

typedef struct
{
  const char *name;
  /* True, and re + i im = x_j, when entry j is known as a rational. NULL: no entry is. */
  bool (*exact) (const void *context, fmpq_t re, fmpq_t im, slong j);
  /* z contains x_j; its radius tends to 0 as prec grows. NULL only when every entry is exact.
   * prec counts bits as in Arb: about relative precision, not absolute. */
  delta1_status_t (*enclose) (const void *context, acb_t z, slong j, slong prec,
                              delta1_reason_t *reason);
  void (*free) (void *context); /* may be NULL */
} delta1_source_table_t;

typedef struct
{
  const delta1_source_table_t *table;
  void *context;
  slong count;
  bool complex; /* false: every imaginary part is zero */
} delta1_source_t;

/* *source owns context: it is freed with the source, or at once when memory is out (SYSTEM). */
DELTA1_MUST_USE delta1_status_t delta1_source_create (delta1_source_t **source,
                                                      const delta1_source_table_t *table,
                                                      void *context, slong count, bool complex,
                                                      delta1_reason_t *reason);
void delta1_source_free (delta1_source_t *source); /* NULL allowed */

/* The rational real numbers x[0..count), copied. */
DELTA1_MUST_USE delta1_status_t delta1_source_create_rational (delta1_source_t **source,
                                                               const fmpq *x, slong count,
                                                               delta1_reason_t *reason);

/* The rational complex numbers re[j] + i im[j], copied. */
DELTA1_MUST_USE delta1_status_t delta1_source_create_gaussian (delta1_source_t **source,
                                                               const fmpq *re, const fmpq *im,
                                                               slong count,
                                                               delta1_reason_t *reason);

/* x_j to absolute accuracy: z contains x_j and both radii are <= 2^-n. Starts with
 * n + 64 bits and doubles until it is so. UNDECIDED, naming the entry, when 8 (n + 4160) bits do
 * not do it, or when |x_j|, not a rational, is above 2^(8 (n + 4160)). */
DELTA1_MUST_USE delta1_status_t delta1_source_enclose_absolute (acb_t z,
                                                                const delta1_source_t *source,
                                                                slong j, slong n,
                                                                delta1_reason_t *reason);

#endif
