/* algorithm: a training algorithm, seen from the ring.
 *
 * mathematics.md, Section 1: a map from what it reads through the oracle, and a seed, to one vector
 * per data point. What it may know in advance is the task and, if it asks for it, the class of
 * inputs; never the input. */
#ifndef DELTA1_ALGORITHM_H
#define DELTA1_ALGORITHM_H

#include <stdint.h>

#include "oracles/training_data.h"
#include "src/network.h"
#include "src/problem.h"

/* The class of inputs, for algorithms that know it (the theorem's own): mathematics.md, Section 3.
 * For a tied column j, alpha_j = <u, A e_j>; in tier t the minimiser for datum k is scale[t][k]
 * e_j, j the tied column with the largest alpha_j. Tiers are told apart at n = 1: alpha* = 6B, 4B,
 * 2B for t = 0, 1, 2. In tier 2 the gap is 3B 2^-samples. */
typedef struct
{
  slong tied;                       /* c, the number of tied columns */
  const slong *column;              /* their places in A */
  const delta1_source_t *direction; /* u: m real entries, the first column of U */
  slong bound_exponent;             /* B = 2^bound_exponent >= ||u||_1 */
  slong samples;                    /* L */
  const fmpq *scale[3];             /* per tier R scales */
} delta1_class_t;

/* What an algorithm says of its own answer: a solver's status word ("optimal", "converged").
 * Nothing follows from it. */
#define DELTA1_SAID_BYTES 200
typedef struct
{
  char text[DELTA1_SAID_BYTES + 1]; /* UTF-8, one line; "" when it says nothing */
} delta1_said_t;

/* Supervised learning instead of an optimisation problem: what is asked for is a network with these
 * widths (layers + 1 numbers, the first m, the last N) whose values at the data y_k are near the
 * targets (R x N). */
typedef struct
{
  slong layers;
  const slong *widths;
  const fmpq_mat_struct *targets;
} delta1_supervised_t;

typedef struct
{
  delta1_problem_t problem; /* without meaning when `supervised` is set */
  delta1_shape_t shape;
  fmpq_t parameter;    /* lambda or epsilon; 0 for bp and lp */
  slong digits;        /* the digits asked for: error at most 10^-digits, Euclidean */
  slong max_precision; /* the largest n the budget allows; 0: not limited */
  double seconds;      /* the wall time the budget allows; 0: not limited */
  const delta1_class_t *known;
  delta1_network_t **network; /* when not NULL, an algorithm may put a network phi : R^m -> R^N here
                                 instead of filling X; its answer for y_k is then phi (y_k) */
  const delta1_supervised_t *supervised; /* NULL: one of the optimisation problems */
  delta1_said_t *said; /* where a run that is OK may put what it says; NULL: nobody listens */
} delta1_task_t;

/* Copies the text to task->said, when somebody listens: control characters (C0, DEL, C1) become
 * '?', and what is longer is cut between two characters. */
void delta1_task_say (const delta1_task_t *task, const char *text);

typedef struct delta1_algorithm_struct delta1_algorithm_t;

typedef struct
{
  const char *name;    /* as on the command line */
  const char *summary; /* one line */
  const char *options; /* "reading=once|stable, precision=n"; "" when there are none */
  bool randomised;     /* the seed matters */
  /* X: R x N rationals, row k the answer for y_k, unless task->network is set. BUDGET from the
   * oracle is passed on. FAILED: it could not produce an answer. */
  delta1_status_t (*run) (const delta1_algorithm_t *algorithm, fmpq_mat_t X,
                          const delta1_task_t *task, delta1_oracle_t *oracle, uint64_t seed,
                          delta1_reason_t *reason);
  bool (*attempts) (const delta1_algorithm_t *algorithm, const delta1_task_t *task);
  void (*free) (void *context); /* may be NULL */
} delta1_algorithm_table_t;

struct delta1_algorithm_struct
{
  const delta1_algorithm_table_t *table;
  char *label;   /* the name with the options that were given: how reports call it */
  void *context; /* the parsed options */
};

void delta1_algorithm_free (delta1_algorithm_t *algorithm); /* NULL allowed */

#endif
