#include "oracles/adversary.h"

#include <stdlib.h>

typedef struct
{
  slong horizon;
  delta1_oracle_t *reference;
  delta1_oracle_t *committed; /* NULL without a horizon */
} adversary_t;

static void
adversary_free (void *context)
{
  adversary_t *a = context;
  if (a == NULL)
    return;
  delta1_oracle_free (a->reference);
  delta1_oracle_free (a->committed);
  free (a);
}

static delta1_status_t
adversary_ask (void *context, fmpz_t re, fmpz *im, slong j, slong n, delta1_reason_t *reason)
{
  adversary_t *a = context;
  delta1_oracle_t *oracle = a->horizon == 0 || n <= a->horizon ? a->reference : a->committed;
  return oracle->table->ask (oracle->context, re, im, j, n, reason);
}

static const delta1_oracle_table_t adversary_table
    = { .name = "adversary", .ask = adversary_ask, .free = adversary_free };

delta1_status_t
delta1_oracle_create_adversary (delta1_oracle_t **oracle, const delta1_source_t *reference,
                                slong horizon, const delta1_source_t *committed,
                                delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  adversary_t *a = calloc (1, sizeof *a);
  *oracle = NULL;
  if (a == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for an adversary");
  a->horizon = horizon;
  DELTA1_TRY (delta1_oracle_create_honest (&a->reference, reference, DELTA1_NEAREST, 0, reason));
  if (horizon > 0)
    DELTA1_TRY (delta1_oracle_create_honest (&a->committed, committed, DELTA1_NEAREST, 0, reason));
  status = delta1_oracle_create (oracle, &adversary_table, a, reference->count, reference->complex,
                                 reason);
  a = NULL;
cleanup:
  adversary_free (a);
  return status;
}
