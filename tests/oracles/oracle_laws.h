/* oracle_laws: what every oracle must satisfy, whatever it is made of.
 *
 *   legality      |(re + i im) 2^-n - x_j| <= 2^-n, checked here by other means than the library's
 *   constancy     the same question, asked again and in another order, gets the same answer
 *   consistency   the audit of everything that was asked passes
 *   range         j outside [0, count) and n outside [1, max] are INPUT and change nothing
 *   kind          a real answer is refused by a complex oracle; im = 0 from a real one */
#ifndef DELTA1_ORACLE_LAWS_H
#define DELTA1_ORACLE_LAWS_H

#include "oracles/oracle.h"

typedef struct
{
  const char *name; /* printed when a law fails */
  delta1_oracle_t *oracle;
  /* The truth; NULL when it is not fixed yet (an adversary that has not revealed its input):
   * legality is then left to a later oracle_laws_legal. */
  const delta1_source_t *source;
  const slong *precisions; /* the n to ask, in this order */
  slong count;
} oracle_laws_t;

/* 1, 2, 3, 5, 8, 64, 53, 200, 1000: the n for most tests. */
extern const slong oracle_laws_precisions[];
extern const slong oracle_laws_precision_count;

void oracle_laws_check (const oracle_laws_t *instance);

/* Fails unless re + i im is a legal answer; exact for rational entries, by balls of far higher
 * precision for others. im may be NULL. */
void oracle_laws_legal (const char *name, const delta1_source_t *source, slong j, slong n,
                        const fmpz_t re, const fmpz *im);

#endif
