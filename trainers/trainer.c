#include "trainers/trainer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trainers/builtin.h"

static const delta1_builtin_t *const builtins[] = {
  &delta1_builtin_theorem_k1,  &delta1_builtin_theorem_k2,
  &delta1_builtin_coin,        &delta1_builtin_midpoint,
  &delta1_builtin_ista,        &delta1_builtin_fista,
  &delta1_builtin_primal_dual, &delta1_builtin_coordinate_descent,
  &delta1_builtin_homotopy,    &delta1_builtin_simplex,
  &delta1_builtin_firenet,     &delta1_builtin_lista,
  &delta1_builtin_sgd,         &delta1_builtin_trustworthy,
};

#define BUILTIN_COUNT (sizeof builtins / sizeof builtins[0])

/* In the order of the list above; a test compares the two. */
static const delta1_algorithm_table_t *const tables[BUILTIN_COUNT + 1] = {
  &delta1_builtin_theorem_k1.table,
  &delta1_builtin_theorem_k2.table,
  &delta1_builtin_coin.table,
  &delta1_builtin_midpoint.table,
  &delta1_builtin_ista.table,
  &delta1_builtin_fista.table,
  &delta1_builtin_primal_dual.table,
  &delta1_builtin_coordinate_descent.table,
  &delta1_builtin_homotopy.table,
  &delta1_builtin_simplex.table,
  &delta1_builtin_firenet.table,
  &delta1_builtin_lista.table,
  &delta1_builtin_sgd.table,
  &delta1_builtin_trustworthy.table,
  NULL,
};

const delta1_algorithm_table_t *const *
delta1_trainer_tables (void)
{
  return tables;
}

bool
delta1_trainer_in_default_set (const delta1_algorithm_table_t *table, slong digits)
{
  for (size_t i = 0; i < BUILTIN_COUNT; i++)
    if (&builtins[i]->table == table)
      return digits <= builtins[i]->default_digits;
  return false;
}

static delta1_status_t
unknown_name (const char *name, size_t length, delta1_reason_t *reason)
{
  char names[512];
  size_t used = 0;
  for (size_t i = 0; i < BUILTIN_COUNT && used < sizeof names; i++)
    {
      int written = snprintf (names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "",
                              builtins[i]->table.name);
      used += written > 0 ? (size_t)written : 0;
    }
  return delta1_fail (reason, DELTA1_INPUT, "there is no trainer '%.*s'; allowed: %s",
                      length < 60 ? (int)length : 60, name, names);
}

delta1_status_t
delta1_trainer_parse (delta1_algorithm_t **algorithm, const char *specification,
                      delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_algorithm_t *made = NULL;
  const delta1_builtin_t *builtin = NULL;

  *algorithm = NULL;
  const char *colon = strchr (specification, ':');
  size_t length = colon != NULL ? (size_t)(colon - specification) : strlen (specification);
  for (size_t i = 0; i < BUILTIN_COUNT && builtin == NULL; i++)
    if (strlen (builtins[i]->table.name) == length
        && strncmp (builtins[i]->table.name, specification, length) == 0)
      builtin = builtins[i];
  if (builtin == NULL)
    return unknown_name (specification, length, reason);

  made = calloc (1, sizeof *made);
  if (made == NULL)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", builtin->table.name));
  made->table = &builtin->table;
  made->label = strdup (specification);
  if (made->label == NULL)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", builtin->table.name));
  DELTA1_TRY (builtin->create (&made->context, colon != NULL ? colon + 1 : NULL, reason));
  *algorithm = made;
  made = NULL;

cleanup:
  if (made != NULL)
    {
      free (made->label);
      free (made);
    }
  return status;
}
