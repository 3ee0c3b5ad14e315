/* published_table: Table 1 of [CAH22], certified (mathematics.md, Section 3, end).
 *
 * The problem is srlasso with lambda = 1, m = 21, N = 22. With b = sqrt2 10^K/3 and two tied
 * columns, A(j) = U (a + ||a|| I_20) (direct sum), a = (b, b) + 2^-(n+1) e_j, j = 1, 2; y = U e_1;
 * U the orthonormal DCT-II. This is the family of the experiment (delta = 1/6, N1 = 2, N2 = 20)
 * written without its gamma_1 and tt: gamma_1 lambda/(1-delta) = b, gamma_1 lambda/(1-delta-tt) =
 * b + 2^-(n+1). The minimiser is e_j/(b + 2^-(n+1)); ||A(j)|| = ||a||, since A A^T = ||a||^2 I;
 * ||A(1) - A(2)|| = sqrt2 2^-(n+1) <= 2^-n.
 *
 * The network is FIRENET (firenet/restart.h) for A_n = A(2) with p = 50, 30 restarts, delta = 1e-6,
 * eps_0 = ||y|| = 1, upsilon = 1/e and alpha_k = 2 ||A_n||/(p eps_k); it is judged against
 * Xi(A, y) = {x*}, A = A(1). (Exchanging the two columns exchanges the entries of everything.)
 *
 * Three versions. `script`: what the published script computes. Its loop over K = 1, 3, 6 counts in
 * the variable j that is also the index of the column, so that j = 0, 1, 2 there (counted from one,
 * the network's; j - 1 is the judge's), and entries 0 and -1 of an array are its last and its
 * last but one. Of the rows, a has 2 entries, so A_n = A(2), A(1), A(2) and A = A(1), A(2), A(1)
 * for K = 1, 3, 6; of the vector it compares with, x has N = 22 entries, so its only non-zero entry
 * 1/(b + 2^-(n+1)) stands at place N-1, N, 1: a minimiser only for K = 6. Other K are not in the
 * script. `indices`: the intended indices with the steps of the script, tau = sigma =
 * 1/sqrt(||A_n||) - 1e-4 (positive for K <= 8 only). `steps`: tau = sigma = 0.999/||A_n||. The
 * constants are the decimals of the script, as exact numbers.
 *
 * The method's condition is tau sigma ||A_n||^2 <= 1 (mathematics.md, Section 6). Where it is
 * violated, the exact network amplifies every perturbation, so it is run in balls at a precision
 * that is raised until the figures are decided; a run at 60 digits does not give them. */
#ifndef DELTA1_PUBLISHED_TABLE_H
#define DELTA1_PUBLISHED_TABLE_H

#include "src/network.h"

#include <stdbool.h>

#define DELTA1_PUBLISHED_ROWS 21
#define DELTA1_PUBLISHED_COLUMNS 22
#define DELTA1_PUBLISHED_MAX_DIGITS 100
#define DELTA1_PUBLISHED_MAX_SAMPLES 1000

typedef enum
{
  DELTA1_PUBLISHED_SCRIPT = 0,
  DELTA1_PUBLISHED_INDICES,
  DELTA1_PUBLISHED_STEPS
} delta1_published_version_t;

#define DELTA1_PUBLISHED_VERSION_COUNT 3

/* "script", "indices", "steps". */
const char *delta1_published_version_name (delta1_published_version_t version);

/* The data of one entry of the table, in balls. */
typedef struct
{
  slong digits, samples; /* K, n */
  arb_ptr read;          /* A_n, 21 x 22 row-major */
  arb_ptr true_matrix;   /* A */
  arb_ptr y;             /* 21 */
  arb_ptr x_read;        /* 22: the minimiser for A_n; in `script`, what the script takes for it */
  arb_ptr x_true;        /* 22: the minimiser x* for A; in `script`, what the script takes for it */
  arb_t norm;            /* ||A_n|| = ||A|| */
  arb_t tau;             /* = sigma; may be negative */
} delta1_published_problem_t;

void delta1_published_problem_init (delta1_published_problem_t *problem);
void delta1_published_problem_clear (delta1_published_problem_t *problem);

/* 1 <= K <= 100, 1 <= n <= 1000. INPUT otherwise. DOMAIN: the version has no such entry (`script`
 * and K not 1, 3, 6). */
DELTA1_MUST_USE delta1_status_t delta1_published_problem_set (delta1_published_problem_t *problem,
                                                              slong K, slong n,
                                                              delta1_published_version_t version,
                                                              slong prec, delta1_reason_t *reason);

typedef struct
{
  slong significant;   /* digits of `figures`; 12 */
  slong max_precision; /* bits; 2^17 */
} delta1_published_options_t;

extern const delta1_published_options_t delta1_published_defaults;

/* A number and its text: the exact value rounded to nearest, *certified* in the last digit. */
typedef struct
{
  arb_t value;
  char *fixed;   /* max(7, K + 1) decimals, as in the published table */
  char *figures; /* `significant` digits, scientific */
} delta1_published_number_t;

typedef enum
{
  DELTA1_PUBLISHED_RUN = 0,
  DELTA1_PUBLISHED_NO_ENTRY, /* the script has no such K */
  DELTA1_PUBLISHED_NO_STEPS  /* 1/sqrt(||A_n||) - 1e-4 is not positive */
} delta1_published_kind_t;

typedef struct
{
  delta1_published_kind_t kind;    /* what follows is set for RUN */
  delta1_published_number_t error; /* ||phi(y) - x*|| */
  slong precision;                 /* the bits that decided it */
  arb_t product;                   /* tau sigma ||A_n||^2; set for NO_STEPS too */
  delta1_truth_t condition;        /* product <= 1 */
  double rounded;                  /* the same network run in double: *heuristic*; NaN: it failed */
} delta1_published_cell_t;

typedef struct
{
  slong digits, samples;
  delta1_published_cell_t cell[DELTA1_PUBLISHED_VERSION_COUNT];
  delta1_published_number_t distance; /* ||x_n - x*||: the error of a network that reproduces x_n */
  arb_t matrices;                     /* ||A - A_n|| */
  delta1_truth_t close;               /* ||A - A_n|| <= 2^-n */
} delta1_published_row_t;

void delta1_published_row_init (delta1_published_row_t *row);
void delta1_published_row_clear (delta1_published_row_t *row);

/* One row of the table. INPUT as above; UNDECIDED: a digit is not decided at max_precision. */
DELTA1_MUST_USE delta1_status_t delta1_published_row (delta1_published_row_t *row, slong K, slong n,
                                                      const delta1_published_options_t *options,
                                                      delta1_reason_t *reason);

/* The error ||x - x*|| of any other answer (22 doubles) to the row's problem with the intended
 * indices, so that a trained network can be put beside the distance above. */
DELTA1_MUST_USE delta1_status_t delta1_published_judge (delta1_published_number_t *error,
                                                        const double *x, slong K, slong n,
                                                        const delta1_published_options_t *options,
                                                        delta1_reason_t *reason);
/* The error ||phi(y) - x*|| of a network 21 -> 22, evaluated in balls on the exact datum y. INPUT:
 * a network of another shape. */
DELTA1_MUST_USE delta1_status_t delta1_published_judge_network (
    delta1_published_number_t *error, const delta1_network_t *network, slong K, slong n,
    const delta1_published_options_t *options, delta1_reason_t *reason);

void delta1_published_number_init (delta1_published_number_t *number);
void delta1_published_number_clear (delta1_published_number_t *number);

#endif
