/* oracle: Delta_1-information (mathematics.md, Section 1; [BHV22, Def. 9.12]).
 *
 * Asked for entry j at precision n >= 1, an oracle gives integers re, im with
 * |(re + i im) 2^-n - x_j| <= 2^-n in modulus. The same question always gets the same answer.
 * Nothing else about x_j can be learnt. */
#ifndef DELTA1_ORACLE_H
#define DELTA1_ORACLE_H

#include <stdint.h>

#include "oracles/source.h"

/* The largest precision any oracle of delta1 answers. */
#define DELTA1_ORACLE_MAX_PRECISION 100000000

typedef struct
{
  const char *name;
  /* 0 <= j < count and 1 <= n <= DELTA1_ORACLE_MAX_PRECISION are checked before the call. im is
   * NULL for an oracle that is not complex. */
  delta1_status_t (*ask) (void *context, fmpz_t re, fmpz *im, slong j, slong n,
                          delta1_reason_t *reason);
  void (*free) (void *context); /* may be NULL */
} delta1_oracle_table_t;

typedef struct
{
  const delta1_oracle_table_t *table;
  void *context;
  slong count;
  bool complex;
} delta1_oracle_t;

/* *oracle owns context: it is freed with the oracle, or at once when memory is out (SYSTEM). */
DELTA1_MUST_USE delta1_status_t delta1_oracle_create (delta1_oracle_t **oracle,
                                                      const delta1_oracle_table_t *table,
                                                      void *context, slong count, bool complex,
                                                      delta1_reason_t *reason);
void delta1_oracle_free (delta1_oracle_t *oracle); /* NULL allowed */

/* Entry j of a real oracle at precision n: |m 2^-n - x_j| <= 2^-n.
 * INPUT: j or n out of range, or the oracle is complex. BUDGET: from a meter. */
DELTA1_MUST_USE delta1_status_t delta1_oracle_ask (delta1_oracle_t *oracle, fmpz_t m, slong j,
                                                   slong n, delta1_reason_t *reason);

/* Entry j at precision n; im = 0 when the oracle is real. re and im are two variables. */
DELTA1_MUST_USE delta1_status_t delta1_oracle_ask_complex (delta1_oracle_t *oracle, fmpz_t re,
                                                           fmpz_t im, slong j, slong n,
                                                           delta1_reason_t *reason);

/* Which of the legal answers an honest oracle gives. */
typedef enum
{
  DELTA1_NEAREST = 0, /* error <= 2^-(n+1) for a rational entry (a half goes to even), and
                         <= 2^-(n+1) (1 + 2^-60) for one known by balls; per part */
  DELTA1_RANDOM,      /* a function of (seed, j, n), among all answers proved legal */
  DELTA1_UP,          /* the largest answer proved legal */
  DELTA1_DOWN         /* the smallest answer proved legal */
} delta1_rounding_t;

#define DELTA1_ROUNDING_COUNT 4

/* "nearest", "random", "up", "down"; static storage. */
const char *delta1_rounding_name (delta1_rounding_t rule);

/* An honest oracle for the source, which it does not own and which must outlive it. For a complex
 * source up is the proved legal pair with the largest re + im (then the largest re), down the one
 * with the smallest (then the smallest re), random any proved legal pair. "Proved
 * legal" is what delta1_oracle_legal calls TRUE. DOMAIN, UNDECIDED, INPUT: from the source. */
DELTA1_MUST_USE delta1_status_t delta1_oracle_create_honest (delta1_oracle_t **oracle,
                                                             const delta1_source_t *source,
                                                             delta1_rounding_t rule, uint64_t seed,
                                                             delta1_reason_t *reason);

/* TRUE: (re + i im) 2^-n is a legal answer for entry j of the source; FALSE: it is not, or
 * j or n is out of range; UNKNOWN: balls of radius 2^-(2n+128) do not decide. im = NULL is 0. */
delta1_truth_t delta1_oracle_legal (const delta1_source_t *source, slong j, slong n,
                                    const fmpz_t re, const fmpz *im);

#endif
