/* binomial: exact confidence intervals for a rate (Clopper and Pearson, Biometrika 26, 1934). */
#ifndef DELTA1_BINOMIAL_H
#define DELTA1_BINOMIAL_H

#include "src/flint_world.h"

#define DELTA1_BINOMIAL_MAX_TRIALS 1000000

/* [low, high]: dyadics of level 30 that enclose the Clopper-Pearson interval of level 1 - alpha for
 * k successes in n trials, 0 <= k <= n <= DELTA1_BINOMIAL_MAX_TRIALS, n >= 1, 0 < alpha < 1.
 * Certified: with p = low the probability of k or more successes, with p = high that of k or fewer,
 * is proved in balls to be at most alpha/2 (except low = 0 for k = 0 and high = 1 for k = n). */
void delta1_binomial_interval (fmpq_t low, fmpq_t high, slong k, slong n, const fmpq_t alpha);

#endif
