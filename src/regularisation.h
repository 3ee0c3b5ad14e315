/* regularisation: how others write the parameter of the LASSO, and where its path begins
 * (mathematics.md, Lemma 4.11). */
#ifndef DELTA1_REGULARISATION_H
#define DELTA1_REGULARISATION_H

#include "src/instance.h"

/* Objectives of the LASSO, m rows, intercept b where there is one:
 *   delta1                 ||y - b - A x||^2         + lambda ||x||_{1,w}
 *   scikit-learn, glmnet   ||y - b - A x||^2 / (2 m) + lambda ||x||_{1,w}
 * scikit-learn calls lambda alpha, and has an intercept unless told otherwise; glmnet has one too,
 * and standardizes: w_j is the standard deviation of column j (x stays that of the columns as they
 * are). With w = 1 the last two are the same. */
typedef enum
{
  DELTA1_SCALING_DELTA1 = 0,
  DELTA1_SCALING_SCIKIT_LEARN,
  DELTA1_SCALING_GLMNET
} delta1_scaling_t;

const char *delta1_scaling_name (delta1_scaling_t scaling); /* static storage */

/* INPUT, with the list of names, when there is no such scaling. */
DELTA1_MUST_USE delta1_status_t delta1_scaling_parse (delta1_scaling_t *scaling, const char *name,
                                                      delta1_reason_t *reason);

/* ours = theirs times this: 1 or 2 m, m > 0. */
slong delta1_scaling_factor (delta1_scaling_t scaling, slong m);

/* lambda_max encloses, for every input of the instance, the least lambda from which on 0 is the
 * minimiser (with an intercept: x = 0, b = the mean of y); above it the only one: certified.
 *   lasso    max_j 2 |A_j^T r| / w_j
 *   srlasso  max_j |A_j^T r| / (w_j ||r||), 0 when r = 0
 * r = y, less its mean with an intercept. INPUT: another problem. UNDECIDED: a weight, or ||r||, is
 * not separated from 0. SYSTEM: memory. */
DELTA1_MUST_USE delta1_status_t delta1_lambda_max (arb_t lambda_max,
                                                   const delta1_instance_t *instance,
                                                   delta1_reason_t *reason);

/* `count` >= 2 decreasing decimals of six significant digits, about geometric (heuristic), from the
 * first one certainly above lambda_max, to about ratio times it, 0 < ratio < 1.
 * INPUT: lambda_max is not finite, or not certainly positive, or no double. */
DELTA1_MUST_USE delta1_status_t delta1_lambda_grid (fmpq *lambda, slong count,
                                                    const arb_t lambda_max, double ratio,
                                                    delta1_reason_t *reason);

#endif
