#include "src/regularisation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "src/number.h"

static const char *const names[] = { [DELTA1_SCALING_DELTA1] = "delta1",
                                     [DELTA1_SCALING_SCIKIT_LEARN] = "scikit-learn",
                                     [DELTA1_SCALING_GLMNET] = "glmnet" };
#define SCALINGS ((int)(sizeof names / sizeof *names))

const char *
delta1_scaling_name (delta1_scaling_t scaling)
{
  return names[scaling];
}

delta1_status_t
delta1_scaling_parse (delta1_scaling_t *scaling, const char *name, delta1_reason_t *reason)
{
  for (int i = 0; i < SCALINGS; i++)
    if (strcmp (name, names[i]) == 0)
      {
        *scaling = (delta1_scaling_t)i;
        return DELTA1_OK;
      }
  return delta1_fail (reason, DELTA1_INPUT,
                      "there is no scaling '%.40s': allowed: delta1, scikit-learn, glmnet", name);
}

slong
delta1_scaling_factor (delta1_scaling_t scaling, slong m)
{
  return scaling == DELTA1_SCALING_DELTA1 ? 1 : 2 * m;
}

delta1_status_t
delta1_lambda_max (arb_t lambda_max, const delta1_instance_t *instance, delta1_reason_t *reason)
{
  const slong m = instance->m, prec = instance->prec;
  const slong columns = instance->N - (instance->intercept ? 1 : 0);
  const bool root = instance->problem == DELTA1_SRLASSO;
  if (instance->problem != DELTA1_LASSO && !root)
    return delta1_fail (reason, DELTA1_INPUT, "%s has no lambda: a path is one of lasso or srlasso",
                        delta1_problem_name (instance->problem));
  delta1_status_t status = DELTA1_OK;
  arb_t mean, norm, t;
  arb_init (mean);
  arb_init (norm);
  arb_init (t);
  arb_ptr r = _arb_vec_init (m);
  _arb_vec_set (r, instance->y, m);
  if (instance->intercept)
    {
      for (slong i = 0; i < m; i++)
        arb_add (mean, mean, r + i, prec);
      arb_div_si (mean, mean, m, prec);
      for (slong i = 0; i < m; i++)
        arb_sub (r + i, r + i, mean, prec);
    }
  arb_zero (lambda_max);
  if (root)
    {
      arb_dot (norm, NULL, 0, r, 1, r, 1, m, prec);
      arb_sqrt (norm, norm, prec);
      if (arb_is_zero (norm))
        goto cleanup;
    }
  else
    arb_set_d (norm, 0.5);
  for (slong j = 0; j < columns; j++)
    {
      arb_dot (t, NULL, 0, instance->A + j * m, 1, r, 1, m, prec);
      arb_abs (t, t);
      arb_mul (mean, norm, instance->w + j, prec);
      if (arb_contains_zero (mean))
        DELTA1_TRY (delta1_fail (reason, DELTA1_UNDECIDED,
                                 "lambda_max: the weight of column %ld (from 0), or the residual "
                                 "of x = 0, is not separated from 0",
                                 (long)j));
      arb_div (t, t, mean, prec);
      arb_max (lambda_max, lambda_max, t, prec);
    }
cleanup:
  _arb_vec_clear (r, m);
  arb_clear (mean);
  arb_clear (norm);
  arb_clear (t);
  return status;
}

/* lambda = the decimal of six significant digits next to value. */
static delta1_status_t
set_decimal (fmpq_t lambda, double value, delta1_reason_t *reason)
{
  char text[40];
  (void)snprintf (text, sizeof text, "%.5e", value);
  return delta1_number_parse (lambda, text, reason);
}

delta1_status_t
delta1_lambda_grid (fmpq *lambda, slong count, const arb_t lambda_max, double ratio,
                    delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arf_t bound;
  fmpq_t least;
  arf_init (bound);
  fmpq_init (least);
  arb_get_ubound_arf (bound, lambda_max, 64);
  double top = arf_get_d (bound, ARF_RND_CEIL);
  if (!arb_is_positive (lambda_max) || !isfinite (top) || !(top * ratio > 1e-300))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "a path begins at lambda_max, which must be a positive number that is "
                             "a double; no column may be correlated with the data"));
  arf_get_fmpq (least, bound);
  /* The first is moved up until it is proved to be above. */
  for (double factor = 1 + 1e-6;; factor += 5e-6)
    {
      DELTA1_TRY (set_decimal (lambda, top * factor, reason));
      if (fmpq_cmp (lambda, least) > 0)
        break;
    }
  for (slong i = 1; i < count; i++)
    DELTA1_TRY (
        set_decimal (lambda + i, top * pow (ratio, (double)i / (double)(count - 1)), reason));
cleanup:
  arf_clear (bound);
  fmpq_clear (least);
  return status;
}
