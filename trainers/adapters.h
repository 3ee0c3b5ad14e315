/* adapters: solvers that people use, made contestants by the scripts in examples/adapters.
 *
 * The directory is the environment's DELTA1_ADAPTERS; without it the installed one; without that
 * the one of the source tree. It holds adapters.json:
 *   {"adapters": [{"label": "glpk-exact", "command": "glpk.py --method exact",
 *                  "problems": ["lp", "bp"], "package": "glpk-utils"}, ...]}
 * label: how reports call it; command: a program in that directory, without spaces in its name, and
 * its arguments as the shell reads them; package: the Debian package it needs. Other members are
 * ignored. A program knows --probe: it exits with status 0 when what it needs is installed,
 * otherwise with 77 and a line on standard error. */
#ifndef DELTA1_ADAPTERS_H
#define DELTA1_ADAPTERS_H

#include "oracles/algorithm.h"

typedef struct
{
  char *label;
  char *command;     /* for /bin/sh -c, with the directory */
  char *package;     /* "" when none is named */
  unsigned problems; /* bit p: problem p is attempted */
} delta1_adapter_t;

typedef struct
{
  char *directory;
  slong count;
  delta1_adapter_t *adapter; /* in the order of the file */
} delta1_adapters_t;

/* INPUT: what is wrong in adapters.json. SYSTEM: there is no such directory, or no memory. */
DELTA1_MUST_USE delta1_status_t delta1_adapters_find (delta1_adapters_t **adapters,
                                                      delta1_reason_t *reason);
void delta1_adapters_free (delta1_adapters_t *adapters); /* NULL allowed */

/* OK when what the adapter needs is installed (in at most 30 s). FAILED: the reason begins with
 * "not installed: ", or says how the probe itself failed. */
DELTA1_MUST_USE delta1_status_t delta1_adapter_probe (const delta1_adapter_t *adapter,
                                                      delta1_reason_t *reason);

/* The adapter as a contestant. */
DELTA1_MUST_USE delta1_status_t delta1_adapter_create (delta1_algorithm_t **algorithm,
                                                       const delta1_adapter_t *adapter,
                                                       delta1_reason_t *reason);

#endif
