#include "firenet/iteration.h"

#include <stdlib.h>

#define CHECK_BITS 256

enum
{
  ONE,
  TAU,
  SIGMA,
  MEAN, /* 1/p */
  SCALAR_COUNT
};

enum
{
  SCALARS,   /* of the real arithmetic */
  THRESHOLD, /* N, of the real arithmetic: tau lambda w */
  EXTRA,     /* N: A* v, then 2 x+ - x */
  SUM,       /* N */
  DUAL,      /* m: v */
  IMAGE,     /* m: A(2 x+ - x) */
  DATUM,     /* m: y, where the operator arranges it */
  VECTOR_COUNT
};

struct delta1_iteration_struct
{
  const delta1_operator_t *A;
  void *v[VECTOR_COUNT];
  slong count[VECTOR_COUNT];
};

void
delta1_steps_init (delta1_steps_t *steps)
{
  *steps = (delta1_steps_t){ .weights = NULL };
  arb_init (steps->tau);
  arb_init (steps->sigma);
  arb_init (steps->lambda);
}

void
delta1_steps_clear (delta1_steps_t *steps)
{
  arb_clear (steps->tau);
  arb_clear (steps->sigma);
  arb_clear (steps->lambda);
}

delta1_truth_t
delta1_steps_condition (arb_t product, const delta1_operator_t *A, const arb_t tau,
                        const arb_t sigma)
{
  arb_t one;
  arb_init (one);
  arb_one (one);
  arb_sqr (product, A->norm, CHECK_BITS);
  arb_mul (product, product, tau, CHECK_BITS);
  arb_mul (product, product, sigma, CHECK_BITS);
  delta1_truth_t truth = arb_le (product, one)   ? DELTA1_TRUE
                         : arb_gt (product, one) ? DELTA1_FALSE
                                                 : DELTA1_UNKNOWN;
  arb_clear (one);
  return truth;
}

static const delta1_arithmetic_t *
arithmetic_of (const delta1_iteration_t *it, int vector)
{
  return vector <= THRESHOLD ? it->A->use->real : it->A->use;
}

static void *
scalar (const delta1_iteration_t *it, int i)
{
  return it->A->use->real->at (it->v[SCALARS], i);
}

/* v_i = x; back = what the arithmetic made of it. */
static delta1_status_t
set_positive (const delta1_iteration_t *it, int vector, slong i, const arb_t x, const char *name,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t back;
  arb_init (back);
  it->A->use->real->set_ball (it->v[vector], i, x);
  it->A->use->real->get_ball (back, it->v[vector], i);
  if (!arb_is_finite (back) || !arb_is_positive (back))
    {
      char *text = arb_get_str (x, 10, 0);
      status = delta1_fail (reason, DELTA1_INPUT,
                            "%s = %s in %s arithmetic; allowed: positive and finite", name, text,
                            it->A->use->name);
      flint_free (text);
    }
  arb_clear (back);
  return status;
}

static delta1_status_t
check_condition (const delta1_iteration_t *it, const delta1_steps_t *steps, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = it->A->use->real;
  arb_t tau, sigma, product;
  arb_init (tau);
  arb_init (sigma);
  arb_init (product);
  use->get_ball (tau, it->v[SCALARS], TAU);
  use->get_ball (sigma, it->v[SCALARS], SIGMA);
  delta1_truth_t holds = delta1_steps_condition (product, it->A, tau, sigma);
  if (holds != DELTA1_TRUE && !steps->violate)
    {
      char *text = arb_get_str (product, 10, 0);
      status = delta1_fail (reason, holds == DELTA1_FALSE ? DELTA1_DOMAIN : DELTA1_UNDECIDED,
                            "tau sigma ||A||^2 = %s; allowed: at most 1%s", text,
                            holds == DELTA1_FALSE ? "" : " (not decided; smaller steps are)");
      flint_free (text);
    }
  arb_clear (tau);
  arb_clear (sigma);
  arb_clear (product);
  return status;
}

/* Weights are mostly constant over long stretches. */
static bool
same_weight (const delta1_steps_t *steps, slong i)
{
  return steps->weights == NULL || arb_equal (steps->weights + i, steps->weights + i - 1);
}

static delta1_status_t
set_steps (delta1_iteration_t *it, const delta1_steps_t *steps, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = it->A->use->real;
  slong prec = it->A->bits + 64;
  arb_t tau, x;
  arb_init (tau);
  arb_init (x);
  arb_one (x);
  use->set_ball (it->v[SCALARS], ONE, x);
  DELTA1_TRY (set_positive (it, SCALARS, TAU, steps->tau, "tau", reason));
  DELTA1_TRY (set_positive (it, SCALARS, SIGMA, steps->sigma, "sigma", reason));
  use->get_ball (tau, it->v[SCALARS], TAU);
  for (slong i = 0; i < it->A->N; i++)
    {
      if (i > 0 && same_weight (steps, i))
        {
          use->copy (use->at (it->v[THRESHOLD], i), use->at (it->v[THRESHOLD], i - 1), 1);
          continue;
        }
      arb_mul (x, tau, steps->lambda, prec);
      if (steps->weights != NULL)
        arb_mul (x, x, steps->weights + i, prec);
      DELTA1_TRY (set_positive (it, THRESHOLD, i, x, "tau lambda w_i", reason));
    }
  DELTA1_TRY (check_condition (it, steps, reason));

cleanup:
  arb_clear (tau);
  arb_clear (x);
  return status;
}

delta1_status_t
delta1_iteration_create (delta1_iteration_t **iteration, const delta1_operator_t *A,
                         const delta1_steps_t *steps, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_iteration_t *made = calloc (1, sizeof *made);

  *iteration = NULL;
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an iteration");
  made->A = A;
  const slong count[VECTOR_COUNT]
      = { SCALAR_COUNT, A->N, A->N, A->N, A->m, A->m, A->table->arrange == NULL ? 1 : A->m };
  for (int i = 0; i < VECTOR_COUNT; i++)
    {
      made->count[i] = count[i];
      made->v[i] = arithmetic_of (made, i)->create (count[i], A->bits);
      if (made->v[i] == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an iteration"));
    }
  DELTA1_TRY (set_steps (made, steps, reason));
  *iteration = made;
  made = NULL;

cleanup:
  delta1_iteration_free (made);
  return status;
}

void
delta1_iteration_free (delta1_iteration_t *it)
{
  if (it == NULL)
    return;
  for (int i = 0; i < VECTOR_COUNT; i++)
    arithmetic_of (it, i)->free (it->v[i], it->count[i]);
  free (it);
}

void
delta1_iteration_threshold (arb_t threshold, const delta1_iteration_t *it, slong i)
{
  arithmetic_of (it, THRESHOLD)->get_ball (threshold, it->v[THRESHOLD], i);
}

/* (x, DUAL) = the next; SUM grows by x. y and DUAL are arranged. */
static void
step (const delta1_iteration_t *it, void *x, const void *y)
{
  const delta1_operator_t *A = it->A;
  const delta1_operator_table_t *table = A->table;
  bool arranged = table->arrange != NULL;
  void *const *v = it->v;
  (arranged ? table->adjoint_arranged : table->adjoint) (A, v[EXTRA], v[DUAL]);
  A->use->primal (x, v[EXTRA], v[SUM], scalar (it, TAU), v[THRESHOLD], A->N);
  (arranged ? table->forward_arranged : table->forward) (A, v[IMAGE], v[EXTRA]);
  A->use->dual (v[DUAL], v[IMAGE], y, scalar (it, SIGMA), scalar (it, ONE), A->m);
}

/* y, arranged. */
static const void *
datum (const delta1_iteration_t *it, const void *y)
{
  if (it->A->table->arrange == NULL)
    return y;
  delta1_operator_arrange (it->A, it->v[DATUM], y, false);
  return it->v[DATUM];
}

delta1_status_t
delta1_iteration_continue (delta1_iteration_t *it, void *x, void *v, const void *y, slong count,
                           delta1_reason_t *reason)
{
  if (count < 1)
    return delta1_fail (reason, DELTA1_INPUT, "%ld steps; allowed: 1 or more", (long)count);
  y = datum (it, y);
  delta1_operator_arrange (it->A, it->v[DUAL], v, false);
  for (slong k = 0; k < count; k++)
    step (it, x, y);
  delta1_operator_arrange (it->A, v, it->v[DUAL], true);
  return DELTA1_OK;
}

delta1_status_t
delta1_iteration_run (delta1_iteration_t *it, void *x, const void *y, slong p,
                      const delta1_observer_t *observer, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_operator_t *A = it->A;
  const delta1_arithmetic_t *use = A->use;
  void **v = it->v;
  slong m = A->m, N = A->N;
  arb_t mean;

  if (p < 1)
    return delta1_fail (reason, DELTA1_INPUT, "%ld inner steps; allowed: 1 or more", (long)p);
  arb_init (mean);
  y = datum (it, y);
  use->clear (v[DUAL], m);
  use->clear (v[SUM], N);
  for (slong k = 0; k < p; k++)
    {
      step (it, x, y);
      if (observer != NULL)
        DELTA1_TRY (observer->step (observer->context, x, v[DUAL], reason));
    }
  arb_set_si (mean, p);
  arb_inv (mean, mean, A->bits + 64);
  use->real->set_ball (v[SCALARS], MEAN, mean);
  use->scale (x, scalar (it, MEAN), v[SUM], N);

cleanup:
  arb_clear (mean);
  return status;
}
