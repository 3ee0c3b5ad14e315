/* builtin: what a built-in trainer provides to the registry in trainer.c. */
#ifndef DELTA1_BUILTIN_H
#define DELTA1_BUILTIN_H

#include "oracles/algorithm.h"

typedef struct
{
  delta1_algorithm_table_t table;
  /* *context, which table.free frees, holds the parsed options; NULL for a trainer without state.
   * options: as for delta1_options_parse. */
  delta1_status_t (*create) (void **context, const char *options, delta1_reason_t *reason);
  slong default_digits; /* in the default set up to this many digits */
} delta1_builtin_t;

extern const delta1_builtin_t delta1_builtin_theorem_k1; /* theorem.c */
extern const delta1_builtin_t delta1_builtin_theorem_k2;
extern const delta1_builtin_t delta1_builtin_coin; /* guess.c */
extern const delta1_builtin_t delta1_builtin_midpoint;
extern const delta1_builtin_t delta1_builtin_ista; /* first_order.c */
extern const delta1_builtin_t delta1_builtin_fista;
extern const delta1_builtin_t delta1_builtin_primal_dual;
extern const delta1_builtin_t delta1_builtin_coordinate_descent; /* coordinate_descent.c */
extern const delta1_builtin_t delta1_builtin_homotopy;           /* homotopy.c */
extern const delta1_builtin_t delta1_builtin_simplex;            /* simplex.c */
extern const delta1_builtin_t delta1_builtin_firenet;            /* firenet.c */
extern const delta1_builtin_t delta1_builtin_trustworthy;        /* trustworthy.c */
extern const delta1_builtin_t delta1_builtin_lista;              /* lista.c */
extern const delta1_builtin_t delta1_builtin_sgd;                /* sgd.c */

#endif
