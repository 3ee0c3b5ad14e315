/* firenet: the network of mathematics.md, Section 6 (firenet/restart.h), built from the matrix that
 * was read and applied to the data that were read. srlasso only.
 *
 * One network for all data: eps_0 = max ||y_k||, delta = 10^-(digits + 2), upsilon = 1/e. tau =
 * sigma = 0.999/B, B a proved upper bound of the norm of the matrix as read, so the method's
 * condition always holds; firenet/iteration.h checks it again. Without the option `restarts` there
 * are as many as bring upsilon^n eps_0 below delta. Heuristic: `inner` is not derived from a null
 * space property, and what was read is not the input (Theorem 3.2). */

#include "trainers/builtin.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "firenet/restart.h"
#include "trainers/reading.h"

#define DEFAULT_INNER 100
#define DOUBLE_DIGITS 14 /* up to this many digits the default arithmetic is double */
#define STEP_BITS 64
#define LEAST_BITS 24
#define MOST_BITS 10000000

typedef struct
{
  delta1_reading_t reading;
  slong arithmetic; /* 0: double; a number of bits: MPFR; -1: by the digits */
  slong inner;
  slong restarts; /* 0: by the digits */
} options_t;

/* What `solve` gets. */
typedef struct
{
  const options_t *options;
  double seconds;
  slong steps, all_steps;
  struct timespec start;
} training_t;

static delta1_status_t
check_time (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  training_t *training = context;
  struct timespec now;
  (void)x;
  (void)v;
  if (++training->steps % 16 != 0 || training->seconds <= 0)
    return DELTA1_OK;
  clock_gettime (CLOCK_MONOTONIC, &now);
  double spent = (double)(now.tv_sec - training->start.tv_sec)
                 + 1e-9 * (double)(now.tv_nsec - training->start.tv_nsec);
  if (spent <= training->seconds)
    return DELTA1_OK;
  return delta1_fail (reason, DELTA1_BUDGET,
                      "trainer firenet: the wall time of %g seconds was used up at iteration %ld "
                      "of %ld",
                      training->seconds, (long)training->steps, (long)training->all_steps);
}

/* The constants of the network for data of norm at most eps_0; the restarts, if not given. */
static void
set_constants (delta1_restart_t *network, const delta1_operator_t *A, const options_t *options,
               const delta1_task_t *task, slong prec)
{
  arf_t bound;
  arb_t ratio;
  arf_init (bound);
  arb_init (ratio);
  arb_get_ubound_arf (bound, A->norm, STEP_BITS);
  arb_set_arf (network->steps.tau, bound);
  arb_inv (network->steps.tau, network->steps.tau, prec);
  arb_mul_si (network->steps.tau, network->steps.tau, 999, prec);
  arb_div_si (network->steps.tau, network->steps.tau, 1000, prec);
  arb_set (network->steps.sigma, network->steps.tau);
  arb_set_fmpq (network->steps.lambda, task->parameter, prec);
  arb_set_si (network->delta, 10);
  arb_pow_ui (network->delta, network->delta, (ulong)(task->digits > 0 ? task->digits : 0) + 2,
              prec);
  arb_inv (network->delta, network->delta, prec);
  network->inner = options->inner;
  network->restarts = options->restarts;
  if (network->restarts == 0)
    {
      arb_div (ratio, network->eps_0, network->delta, STEP_BITS);
      arb_log (ratio, ratio, STEP_BITS);
      network->restarts = (slong)ceil (arf_get_d (arb_midref (ratio), ARF_RND_UP));
      if (network->restarts < 1)
        network->restarts = 1;
    }
  arf_clear (bound);
  arb_clear (ratio);
}

/* eps_0 = max ||y_k||, rounded up. */
static void
set_start (arb_t eps_0, const delta1_sample_t *sample, slong prec)
{
  arb_t length;
  arf_t upper;
  arb_init (length);
  arf_init (upper);
  arb_zero (eps_0);
  for (slong k = 0; k < sample->shape.R; k++)
    {
      arb_srcptr y = sample->Y + k * sample->shape.m;
      arb_dot (length, NULL, 0, y, 1, y, 1, sample->shape.m, prec);
      arb_sqrtpos (length, length, prec);
      arb_max (eps_0, eps_0, length, prec);
    }
  arb_get_ubound_arf (upper, eps_0, prec);
  arb_set_arf (eps_0, upper);
  arb_clear (length);
  arf_clear (upper);
}

static delta1_status_t
solve (arb_ptr x, const delta1_sample_t *sample, const delta1_task_t *task, const void *context,
       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  training_t training = *(const training_t *)context;
  const options_t *options = training.options;
  slong m = sample->shape.m, N = sample->shape.N, R = sample->shape.R;
  slong bits = options->arithmetic;
  if (bits < 0)
    bits = task->digits <= DOUBLE_DIGITS ? 0 : delta1_reading_digits_to_bits (task->digits) + 64;
  const delta1_arithmetic_t *use = bits == 0 ? &delta1_arithmetic_double : &delta1_arithmetic_mpfr;
  slong prec = (bits == 0 ? 53 : bits) + STEP_BITS;
  const delta1_observer_t observer = { .step = check_time, .context = &training };
  void *answer = use->create (N, bits), *datum = use->create (m, bits);
  delta1_operator_t *A = NULL;
  delta1_restart_t network;

  delta1_restart_init (&network, prec);
  if (answer == NULL || datum == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer firenet"));
  status = delta1_operator_create_dense (&A, use, bits, sample->A, m, N, reason);
  if (status == DELTA1_INPUT)
    status = DELTA1_FAILED; /* what was read is infinite in double */
  DELTA1_TRY (status);
  if (arb_is_zero (A->norm))
    goto cleanup; /* A reads as 0: x = 0 */
  set_start (network.eps_0, sample, prec);
  if (arb_is_zero (network.eps_0))
    goto cleanup;
  set_constants (&network, A, options, task, prec);
  training.all_steps = network.restarts <= WORD_MAX / network.inner / R
                           ? network.restarts * network.inner * R
                           : WORD_MAX;
  for (slong k = 0; k < R; k++)
    {
      for (slong i = 0; i < m; i++)
        use->set (datum, i, arb_midref (sample->Y + k * m + i));
      if (use->zero (datum, m))
        continue; /* in this arithmetic y is 0, and so is the answer */
      status = delta1_restart_run (answer, A, datum, &network, &observer, reason);
      if (status == DELTA1_INPUT)
        status = DELTA1_FAILED; /* a constant is 0 or infinite in this arithmetic */
      DELTA1_TRY (status);
      for (slong j = 0; j < N; j++)
        use->get (arb_midref (x + k * N + j), answer, j);
    }

cleanup:
  delta1_restart_clear (&network);
  delta1_operator_free (A);
  use->free (answer, N);
  use->free (datum, m);
  return status;
}

static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  (void)algorithm;
  return task->problem == DELTA1_SRLASSO;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  const options_t *options = algorithm->context;
  training_t training = { .options = options, .seconds = task->seconds };
  (void)seed;
  if (!attempts (algorithm, task))
    return delta1_fail (reason, DELTA1_INPUT, "trainer firenet does not solve %s; allowed: srlasso",
                        delta1_problem_name (task->problem));
  clock_gettime (CLOCK_MONOTONIC, &training.start);
  return delta1_reading_run (X, &options->reading, task, oracle, solve, &training, reason);
}

static delta1_status_t
create (void **context, const char *text, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_option_t list[DELTA1_READING_OPTION_COUNT + 3];
  options_t *options = malloc (sizeof *options);

  if (options == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for trainer firenet"));
  options->arithmetic = -1;
  options->inner = DEFAULT_INNER;
  options->restarts = 0;
  delta1_reading_options (list, &options->reading);
  delta1_option_t *own = list + DELTA1_READING_OPTION_COUNT;
  own[0] = (delta1_option_t){ "arithmetic", "double", LEAST_BITS, MOST_BITS, &options->arithmetic };
  own[1] = (delta1_option_t){ "inner", NULL, 1, 1000000000, &options->inner };
  own[2] = (delta1_option_t){ "restarts", NULL, 1, 1000000000, &options->restarts };
  DELTA1_TRY (
      delta1_options_parse ("firenet", text, list, DELTA1_READING_OPTION_COUNT + 3, reason));
  *context = options;
  options = NULL;

cleanup:
  free (options);
  return status;
}

const delta1_builtin_t delta1_builtin_firenet = {
  .table = { .name = "firenet",
             .summary = "the restarted primal-dual network FIRENET (srlasso)",
             .options = DELTA1_READING_OPTIONS_TEXT ", arithmetic=double|BITS, inner=p, restarts=n",
             .run = run,
             .attempts = attempts,
             .free = free },
  .create = create,
  .default_digits = 100,
};
