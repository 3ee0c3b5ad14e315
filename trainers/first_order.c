/* first_order: proximal gradient (ista, fista) and primal-dual [CP11] iterations, in double or
 * MPFR.
 *
 * They solve what they read, from the start x = 0, for a fixed number of iterations or until the
 * rounded iteration stands still. Heuristic: no stopping rule is proved, and none could be
 * (mathematics.md, Theorem 3.2).
 *
 * ista, fista (lasso). f(x) = ||Ax - y||^2 has gradient 2 A^T(Ax - y), Lipschitz with 2 ||A||^2:
 *   x+ = soft(z - A^T(Az - y)/b, lambda/(2b)),   z+ = x+ + beta_k (x+ - x),   b >= ||A||^2,
 * beta_k = 0 for ista and (k-1)/(k+2), k = 1, 2, ..., for fista.
 *
 * primal-dual (all five). min_x G(x) + F(Ax), G = w ||x||_1 (lp: sum x_i on x >= 0), w = lambda for
 * srlasso and lasso, otherwise 1:
 *   x+ = prox_{tau G}(x - tau A^T v),   v+ = prox_{sigma F*}(v + sigma (A(2 x+ - x) - y)),
 * where, of p, prox_{sigma F*} (the shift by y is done) is
 *   srlasso  the projection on the unit ball          bp, lp  p
 *   qcbp     p - the projection on the ball of radius sigma epsilon
 *   lasso    p/(1 + sigma/2).
 * tau = 0.99 theta/sqrt(b), sigma = 0.99/(theta sqrt(b)), so tau sigma ||A||^2 < 1. The rate is
 * that of
 * ||x*||^2/tau + ||v*||^2/sigma, so theta is an estimate of ||x*||/||v*||: rho/w with rho = ||y||,
 * for qcbp
 * ||y|| - epsilon (x = 0 when that is not positive). Without it y ~ 10^-K would stay unseen for
 * 10^K steps.
 *
 * b = min(||A||_F^2, ||A A^T||_inf), both bounds of ||A||^2; on the unmixed tie family A A^T is
 * diagonal and b is exact. */

#include "trainers/builtin.h"

#include <stdlib.h>
#include <string.h>

#include "firenet/arithmetic.h"
#include "trainers/deadline.h"
#include "trainers/iteration.h"

#define DEFAULT_ITERATIONS 2000
#define STEP_BITS 64 /* the accuracy of bounds and steps, which need not be exact */

enum
{
  ISTA,
  FISTA,
  PRIMAL_DUAL
};

/* What `solve` gets. */
typedef struct
{
  const delta1_iteration_t *options;
  const char *name;
  int method;
  delta1_deadline_t deadline;
} method_t;

/* The vectors of a run. Index and length: */
enum
{
  MATRIX,  /* m x N */
  DATUM,   /* m */
  PRIMAL,  /* N: x */
  NEXT,    /* N: x+ */
  EXTRA,   /* N: z, or 2 x+ - x */
  CHANGE,  /* N: A^T of something, or x+ - x */
  DUAL,    /* m: v, or the residual */
  TRIAL,   /* m */
  PART,    /* m */
  SCALARS, /* the constants below */
  VECTOR_COUNT
};

enum
{
  ONE,
  MINUS_ONE,
  MINUS_STEP, /* -1/b, or -tau */
  THRESHOLD,  /* lambda/(2b), or tau w */
  MOMENTUM,   /* beta_k */
  SIGMA,
  RADIUS, /* 1, or sigma epsilon */
  DAMP,   /* 1/(1 + sigma/2) - 1 = -sigma/(2 + sigma) */
  SCALAR_COUNT
};

typedef struct
{
  const delta1_arithmetic_t *use;
  slong bits;
  slong m, N;
  void *v[VECTOR_COUNT];
  slong count[VECTOR_COUNT];
} work_t;

static delta1_status_t
work_init (work_t *work, const method_t *method, const delta1_task_t *task, delta1_reason_t *reason)
{
  slong chosen = delta1_iteration_bits (method->options, task->digits);
  *work = (work_t){ .use = chosen == 0 ? &delta1_arithmetic_double : &delta1_arithmetic_mpfr,
                    .bits = chosen,
                    .m = task->shape.m,
                    .N = task->shape.N };
  const slong m = work->m, N = work->N;
  const slong count[VECTOR_COUNT] = { m * N, m, N, N, N, N, m, m, m, SCALAR_COUNT };
  memcpy (work->count, count, sizeof count);
  for (int i = 0; i < VECTOR_COUNT; i++)
    {
      work->v[i] = work->use->create (count[i], chosen);
      if (work->v[i] == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", method->name);
    }
  return DELTA1_OK;
}

static void
work_clear (work_t *work)
{
  for (int i = 0; i < VECTOR_COUNT; i++)
    if (work->v[i] != NULL)
      work->use->free (work->v[i], work->count[i]);
}

static void *
scalar (const work_t *work, int i)
{
  return work->use->at (work->v[SCALARS], i);
}

static void
set_scalar (work_t *work, int i, const arb_t x)
{
  work->use->set (work->v[SCALARS], i, arb_midref (x));
}

static void
set_zero (work_t *work, int i)
{
  arf_t zero;
  arf_init (zero);
  for (slong j = 0; j < work->count[i]; j++)
    work->use->set (work->v[i], j, zero);
  arf_clear (zero);
}

/* b = min(||A||_F^2, ||A A^T||_inf) >= ||A||^2, rounded up. */
static void
norm_bound (arb_t b, arb_srcptr A, slong m, slong N)
{
  arb_t frobenius, row, product, worst;
  arf_t upper;
  arb_init (frobenius);
  arb_init (row);
  arb_init (product);
  arb_init (worst);
  arf_init (upper);
  for (slong i = 0; i < m; i++)
    {
      arb_zero (row);
      for (slong l = 0; l < m; l++)
        {
          arb_dot (product, NULL, 0, A + i * N, 1, A + l * N, 1, N, STEP_BITS);
          if (l == i)
            arb_add (frobenius, frobenius, product, STEP_BITS);
          arb_abs (product, product);
          arb_add (row, row, product, STEP_BITS);
        }
      arb_max (worst, worst, row, STEP_BITS);
    }
  arb_min (b, frobenius, worst, STEP_BITS);
  arb_get_ubound_arf (upper, b, STEP_BITS);
  arb_set_arf (b, upper);
  arb_clear (frobenius);
  arb_clear (row);
  arb_clear (product);
  arb_clear (worst);
  arf_clear (upper);
}

static delta1_status_t
check_time (const method_t *method, slong iteration, delta1_reason_t *reason)
{
  if (iteration % 16 != 0)
    return DELTA1_OK;
  return delta1_deadline_check (&method->deadline, "iteration", iteration,
                                method->options->iterations, reason);
}

/* From x = 0 to the answer in PRIMAL. */
static delta1_status_t
descend (work_t *work, const method_t *method, const delta1_task_t *task, arb_srcptr b,
         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = work->use;
  void **v = work->v;
  slong m = work->m, N = work->N;
  arb_t s;

  arb_init (s);
  /* 1/b to all bits of the arithmetic: the threshold divided by the step must be lambda/2. */
  arb_inv (s, b, work->bits + STEP_BITS);
  arb_neg (s, s);
  set_scalar (work, MINUS_STEP, s);
  arb_set_fmpq (s, task->parameter, work->bits + STEP_BITS);
  arb_div (s, s, b, work->bits + STEP_BITS);
  arb_mul_2exp_si (s, s, -1);
  set_scalar (work, THRESHOLD, s);
  set_zero (work, PRIMAL);
  set_zero (work, EXTRA);

  for (slong k = 1; k <= method->options->iterations; k++)
    {
      DELTA1_TRY (check_time (method, k, reason));
      use->multiply (v[DUAL], v[MATRIX], v[EXTRA], m, N);
      use->combine (v[DUAL], v[DUAL], scalar (work, MINUS_ONE), v[DATUM], m);
      use->multiply_transposed (v[CHANGE], v[MATRIX], v[DUAL], m, N);
      use->combine (v[NEXT], v[EXTRA], scalar (work, MINUS_STEP), v[CHANGE], N);
      use->shrink (v[NEXT], scalar (work, THRESHOLD), false, N);
      if (use->equal (v[NEXT], v[EXTRA], N) && use->equal (v[NEXT], v[PRIMAL], N))
        break; /* x+ = z = x: every later step repeats this one */
      if (method->method == FISTA)
        {
          arb_set_si (s, k - 1);
          arb_div_si (s, s, k + 2, work->bits + STEP_BITS);
          set_scalar (work, MOMENTUM, s);
          use->combine (v[CHANGE], v[NEXT], scalar (work, MINUS_ONE), v[PRIMAL], N);
          use->combine (v[EXTRA], v[NEXT], scalar (work, MOMENTUM), v[CHANGE], N);
        }
      else
        use->copy (v[EXTRA], v[NEXT], N);
      use->copy (v[PRIMAL], v[NEXT], N);
    }

cleanup:
  arb_clear (s);
  return status;
}

/* x = the scalar i as the arithmetic has rounded it. */
static void
get_scalar (arb_t x, const work_t *work, int i)
{
  work->use->get (arb_midref (x), work->v[SCALARS], i);
  mag_zero (arb_radref (x));
}

/* The scalars of the primal-dual method; false when x = 0 is the answer. y: the datum as read. tau
 * and sigma may be anything near their wish, but what goes with them (tau w, sigma epsilon, 1/(1 +
 * sigma/2)) is made from their rounded values: it decides where the iteration stands still. */
static bool
set_steps (work_t *work, const delta1_task_t *task, arb_srcptr b, arb_srcptr y)
{
  slong prec = work->bits + STEP_BITS;
  arb_t theta, root, s, w;

  arb_init (theta);
  arb_init (root);
  arb_init (s);
  arb_init (w);
  arb_one (w);
  if (task->problem == DELTA1_SRLASSO || task->problem == DELTA1_LASSO)
    arb_set_fmpq (w, task->parameter, prec);
  /* At the precision of the arithmetic: in qcbp all of ||y|| but 10^-K is epsilon. */
  arb_dot (theta, NULL, 0, y, 1, y, 1, work->m, prec);
  arb_sqrt (theta, theta, prec);
  if (task->problem == DELTA1_QCBP)
    {
      arb_set_fmpq (s, task->parameter, prec);
      arb_sub (theta, theta, s, prec);
    }
  arb_get_mid_arb (theta, theta);
  bool positive = arb_is_positive (theta);
  if (positive)
    {
      arb_div (theta, theta, w, STEP_BITS);
      arb_rsqrt (root, b, STEP_BITS);
      arb_mul_ui (root, root, 99, STEP_BITS);
      arb_div_ui (root, root, 100, STEP_BITS);

      arb_mul (s, theta, root, STEP_BITS);
      arb_neg (s, s);
      set_scalar (work, MINUS_STEP, s);
      get_scalar (s, work, MINUS_STEP);
      arb_neg (s, s);
      arb_mul (s, s, w, prec);
      set_scalar (work, THRESHOLD, s);

      arb_div (s, root, theta, STEP_BITS);
      set_scalar (work, SIGMA, s);
      get_scalar (s, work, SIGMA);
      arb_add_ui (root, s, 2, prec);
      arb_div (root, s, root, prec);
      arb_neg (root, root);
      set_scalar (work, DAMP, root);
      if (task->problem == DELTA1_QCBP)
        {
          arb_set_fmpq (root, task->parameter, prec);
          arb_mul (s, s, root, prec);
        }
      else
        arb_one (s);
      set_scalar (work, RADIUS, s);
    }

  arb_clear (theta);
  arb_clear (root);
  arb_clear (s);
  arb_clear (w);
  return positive;
}

static delta1_status_t
primal_dual (work_t *work, const method_t *method, const delta1_task_t *task, arb_srcptr b,
             arb_srcptr y, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = work->use;
  void **v = work->v;
  slong m = work->m, N = work->N;

  set_zero (work, PRIMAL);
  set_zero (work, DUAL);
  if (!set_steps (work, task, b, y))
    return DELTA1_OK;
  if (!use->finite (v[SCALARS], SCALAR_COUNT))
    return delta1_fail (reason, DELTA1_FAILED,
                        "trainer %s: the steps leave the range of %s arithmetic", method->name,
                        use->name);

  for (slong k = 1; k <= method->options->iterations; k++)
    {
      DELTA1_TRY (check_time (method, k, reason));
      use->multiply_transposed (v[CHANGE], v[MATRIX], v[DUAL], m, N);
      use->combine (v[NEXT], v[PRIMAL], scalar (work, MINUS_STEP), v[CHANGE], N);
      use->shrink (v[NEXT], scalar (work, THRESHOLD), task->problem == DELTA1_LP, N);
      use->combine (v[CHANGE], v[NEXT], scalar (work, MINUS_ONE), v[PRIMAL], N);
      use->combine (v[EXTRA], v[NEXT], scalar (work, ONE), v[CHANGE], N);
      use->multiply (v[TRIAL], v[MATRIX], v[EXTRA], m, N);
      use->combine (v[TRIAL], v[TRIAL], scalar (work, MINUS_ONE), v[DATUM], m);
      use->combine (v[TRIAL], v[DUAL], scalar (work, SIGMA), v[TRIAL], m);
      if (task->problem == DELTA1_SRLASSO)
        use->project (v[TRIAL], v[TRIAL], scalar (work, RADIUS), m);
      else if (task->problem == DELTA1_QCBP)
        {
          use->project (v[PART], v[TRIAL], scalar (work, RADIUS), m);
          use->combine (v[TRIAL], v[TRIAL], scalar (work, MINUS_ONE), v[PART], m);
        }
      else if (task->problem == DELTA1_LASSO)
        use->combine (v[TRIAL], v[TRIAL], scalar (work, DAMP), v[TRIAL], m);
      bool still = use->equal (v[NEXT], v[PRIMAL], N) && use->equal (v[TRIAL], v[DUAL], m);
      use->copy (v[PRIMAL], v[NEXT], N);
      use->copy (v[DUAL], v[TRIAL], m);
      if (still)
        break;
    }

cleanup:
  return status;
}

static delta1_status_t
solve (arb_ptr x, const delta1_sample_t *sample, const delta1_task_t *task, const void *context,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const method_t *method = context;
  slong m = sample->shape.m, N = sample->shape.N;
  work_t work;
  arb_t b;

  arb_init (b);
  DELTA1_TRY (work_init (&work, method, task, reason));
  const delta1_arithmetic_t *use = work.use;
  for (slong i = 0; i < m * N; i++)
    use->set (work.v[MATRIX], i, arb_midref (sample->A + i));
  norm_bound (b, sample->A, m, N);
  if (arb_is_zero (b))
    goto cleanup; /* A reads as 0: x = 0 */
  arb_t one;
  arb_init (one);
  arb_one (one);
  set_scalar (&work, ONE, one);
  arb_neg (one, one);
  set_scalar (&work, MINUS_ONE, one);
  arb_clear (one);

  for (slong k = 0; k < sample->shape.R; k++)
    {
      arb_srcptr y = sample->Y + k * m;
      for (slong i = 0; i < m; i++)
        use->set (work.v[DATUM], i, arb_midref (y + i));
      if (use->zero (work.v[DATUM], m))
        continue; /* in this arithmetic y is 0, and so is the answer */
      if (method->method == PRIMAL_DUAL)
        DELTA1_TRY (primal_dual (&work, method, task, b, y, reason));
      else
        DELTA1_TRY (descend (&work, method, task, b, reason));
      if (!use->finite (work.v[PRIMAL], N))
        DELTA1_TRY (
            delta1_fail (reason, DELTA1_FAILED,
                         "trainer %s: the iteration in %s arithmetic left the finite numbers "
                         "at datum %ld",
                         method->name, use->name, (long)k));
      for (slong j = 0; j < N; j++)
        use->get (arb_midref (x + k * N + j), work.v[PRIMAL], j);
    }

cleanup:
  arb_clear (b);
  work_clear (&work);
  return status;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, int which, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, delta1_reason_t *reason)
{
  const delta1_iteration_t *options = algorithm->context;
  method_t method = { .options = options, .name = algorithm->table->name, .method = which };
  if (!algorithm->table->attempts (algorithm, task))
    return delta1_fail (reason, DELTA1_INPUT, "trainer %s does not solve %s; allowed: lasso",
                        method.name, delta1_problem_name (task->problem));
  method.deadline = delta1_deadline_start (method.name, task);
  return delta1_reading_run (X, &options->reading, task, oracle, solve, &method, reason);
}

static delta1_status_t
run_ista (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
          delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)seed;
  return run (algorithm, ISTA, X, task, oracle, reason);
}

static delta1_status_t
run_fista (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
           delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)seed;
  return run (algorithm, FISTA, X, task, oracle, reason);
}

static delta1_status_t
run_primal_dual (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
                 delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  (void)seed;
  return run (algorithm, PRIMAL_DUAL, X, task, oracle, reason);
}

static bool
attempts_lasso (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->problem == DELTA1_LASSO;
}

static bool
attempts_all (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  (void)task;
  return true;
}

static delta1_status_t
create (void **context, const char *name, const char *text, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_option_t list[DELTA1_ITERATION_OPTION_COUNT];
  delta1_iteration_t *options = malloc (sizeof *options);

  if (options == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer %s", name));
  delta1_iteration_options (list, options, DEFAULT_ITERATIONS);
  DELTA1_TRY (delta1_options_parse (name, text, list, DELTA1_ITERATION_OPTION_COUNT, reason));
  *context = options;
  options = NULL;

cleanup:
  free (options);
  return status;
}

static delta1_status_t
create_ista (void **context, const char *options, delta1_reason_t *reason)
{
  return create (context, "ista", options, reason);
}

static delta1_status_t
create_fista (void **context, const char *options, delta1_reason_t *reason)
{
  return create (context, "fista", options, reason);
}

static delta1_status_t
create_primal_dual (void **context, const char *options, delta1_reason_t *reason)
{
  return create (context, "primal-dual", options, reason);
}

const delta1_builtin_t delta1_builtin_ista = {
  .table = { .name = "ista",
             .summary = "proximal gradient (lasso)",
             .options = DELTA1_ITERATION_OPTIONS_TEXT,
             .run = run_ista,
             .attempts = attempts_lasso,
             .free = free },
  .create = create_ista,
  .default_digits = 100,
};

const delta1_builtin_t delta1_builtin_fista = {
  .table = { .name = "fista",
             .summary = "accelerated proximal gradient (lasso)",
             .options = DELTA1_ITERATION_OPTIONS_TEXT,
             .run = run_fista,
             .attempts = attempts_lasso,
             .free = free },
  .create = create_fista,
  .default_digits = 100,
};

const delta1_builtin_t delta1_builtin_primal_dual = {
  .table = { .name = "primal-dual",
             .summary = "the primal-dual method of Chambolle and Pock (all problems)",
             .options = DELTA1_ITERATION_OPTIONS_TEXT,
             .run = run_primal_dual,
             .attempts = attempts_all,
             .free = free },
  .create = create_primal_dual,
  .default_digits = 100,
};
