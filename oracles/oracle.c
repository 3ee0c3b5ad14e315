#include "oracles/oracle.h"

#include <stdlib.h>

delta1_status_t
delta1_oracle_create (delta1_oracle_t **oracle, const delta1_oracle_table_t *table, void *context,
                      slong count, bool complex, delta1_reason_t *reason)
{
  delta1_oracle_t *made = malloc (sizeof *made);
  if (made == NULL)
    {
      if (table->free != NULL)
        table->free (context);
      return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for an oracle");
    }
  *made = (delta1_oracle_t){ table, context, count, complex };
  *oracle = made;
  return DELTA1_OK;
}

void
delta1_oracle_free (delta1_oracle_t *oracle)
{
  if (oracle == NULL)
    return;
  if (oracle->table->free != NULL)
    oracle->table->free (oracle->context);
  free (oracle);
}

static delta1_status_t
check_question (const delta1_oracle_t *oracle, slong j, slong n, delta1_reason_t *reason)
{
  if (j < 0 || j >= oracle->count)
    return delta1_fail (reason, DELTA1_INPUT, "entry %ld: there are %ld entries, numbered from 0",
                        (long)j, (long)oracle->count);
  if (n < 1 || n > DELTA1_ORACLE_MAX_PRECISION)
    return delta1_fail (reason, DELTA1_INPUT, "precision %ld: it must be from 1 to %ld", (long)n,
                        (long)DELTA1_ORACLE_MAX_PRECISION);
  return DELTA1_OK;
}

delta1_status_t
delta1_oracle_ask (delta1_oracle_t *oracle, fmpz_t m, slong j, slong n, delta1_reason_t *reason)
{
  delta1_status_t status = check_question (oracle, j, n, reason);
  if (status != DELTA1_OK)
    return status;
  if (oracle->complex)
    return delta1_fail (reason, DELTA1_INPUT, "entry %ld is complex: a real answer was asked for",
                        (long)j);
  return oracle->table->ask (oracle->context, m, NULL, j, n, reason);
}

delta1_status_t
delta1_oracle_ask_complex (delta1_oracle_t *oracle, fmpz_t re, fmpz_t im, slong j, slong n,
                           delta1_reason_t *reason)
{
  delta1_status_t status = check_question (oracle, j, n, reason);
  if (status != DELTA1_OK)
    return status;
  if (!oracle->complex)
    fmpz_zero (im);
  return oracle->table->ask (oracle->context, re, oracle->complex ? im : NULL, j, n, reason);
}
