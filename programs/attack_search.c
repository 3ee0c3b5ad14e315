/* delta1 attack: the searches, and what is certain of what they found. */
#include "programs/attack.h"

#include <math.h>
#include <stdlib.h>

#include "firenet/attack.h"
#include "firenet/measurement.h"
#include "src/random.h"

#define BITS DELTA1_RECONSTRUCT_BITS
#define JACOBIAN_SHARE 0.25 /* of the time; at every norm the search begins with its direction */

void
delta1_attack_result_init (delta1_attack_result_t *result)
{
  *result = (delta1_attack_result_t){ .request = NULL };
  for (int i = 0; i < DELTA1_ATTACK_MAX_NORMS; i++)
    {
      arb_init (result->decade[i].lower);
      arb_init (result->decade[i].random);
      arb_init (result->decade[i].length);
    }
}

void
delta1_attack_result_clear (delta1_attack_result_t *result)
{
  for (int i = 0; i < DELTA1_ATTACK_MAX_NORMS; i++)
    {
      delta1_attack_decade_t *decade = result->decade + i;
      arb_clear (decade->lower);
      arb_clear (decade->random);
      arb_clear (decade->length);
      if (result->run != NULL)
        {
          const delta1_operator_t *A = result->run->problem->A;
          A->use->free (decade->datum, A->m);
          A->use->free (decade->x, A->N);
        }
    }
}

typedef struct
{
  delta1_attack_result_t *result;
  delta1_derivative_t *derivative;
  double *y, *direction, *e;
  slong decade; /* -1: the Jacobian */
  slong steps;
} search_t;

static void
show_step (void *context, slong step)
{
  search_t *search = context;
  const delta1_attack_result_t *result = search->result;
  search->steps++;
  if (search->decade < 0)
    delta1_reconstruct_progress (result->run, "attack: Jacobian, step %ld of %ld", (long)step + 1,
                                 (long)result->request->steps);
  else
    delta1_reconstruct_progress (result->run, "attack: %ld of %ld norms, step %ld of %ld",
                                 (long)search->decade + 1, (long)result->request->norms,
                                 (long)step + 1, (long)result->request->steps);
}

/* datum = fl(y + e), x = the network's output there, executed; lower and length of their quotient.
 */
static delta1_status_t
certify (arb_t lower, arb_t length, const search_t *search, void *datum, void *x,
         delta1_reason_t *reason)
{
  const delta1_reconstruct_result_t *run = search->result->run;
  const delta1_reconstruct_problem_t *p = run->problem;
  const delta1_operator_t *A = p->A;
  delta1_status_t status = DELTA1_OK;
  delta1_rounding_record_t *rounding = NULL;
  slong count = delta1_derivative_inputs (search->derivative);
  mag_t radius;
  mag_init (radius);
  for (slong i = 0; i < count; i++)
    search->e[i] += search->y[i];
  delta1_vector_set (datum, A->use, search->e, A->m);
  DELTA1_TRY (
      delta1_rounding_create (&rounding, A, p->network.inner * p->network.restarts, reason));
  const delta1_observer_t observer = delta1_rounding_observer (rounding);
  DELTA1_TRY (delta1_restart_run (x, A, datum, &p->network, &observer, reason));
  DELTA1_TRY (delta1_rounding_radius (radius, NULL, rounding, datum, &p->network, reason));
  const delta1_attack_run_t a = { p->y, run->x, run->radius }, b = { datum, x, radius };
  delta1_attack_quotient (lower, length, A, &a, &b, BITS);
cleanup:
  delta1_rounding_free (rounding);
  mag_clear (radius);
  return status;
}

/* search->e: independent and uniform in [-1, 1], scaled to the radius; of another stream than mask
 * and noise. */
static void
draw (const search_t *search, double radius, slong decade)
{
  uint64_t state = ~(uint64_t)search->result->run->problem->setting->seed - (uint64_t)decade;
  slong count = delta1_derivative_inputs (search->derivative);
  double sum = 0;
  for (slong i = 0; i < count; i++)
    {
      search->e[i] = 2 * delta1_random_uniform (&state) - 1;
      sum += search->e[i] * search->e[i];
    }
  for (slong i = 0; i < count; i++)
    search->e[i] *= radius / sqrt (sum);
}

/* The decade with the number search->decade; the search has so many seconds, 0: all. */
static delta1_status_t
attack_decade (search_t *search, delta1_attack_options_t *options, delta1_reason_t *reason)
{
  delta1_attack_result_t *result = search->result;
  const delta1_reconstruct_problem_t *p = result->run->problem;
  const delta1_operator_t *A = p->A;
  delta1_attack_decade_t *decade = result->decade + search->decade;
  delta1_status_t status = DELTA1_OK;
  const delta1_attack_sphere_t sphere
      = { search->y, search->direction, result->request->norm[search->decade] * p->length };
  decade->datum = A->use->create (A->m, A->bits);
  decade->x = A->use->create (A->N, A->bits);
  if (decade->datum == NULL || decade->x == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a worst-case search"));
  draw (search, sphere.radius, search->decade);
  DELTA1_TRY (certify (decade->random, NULL, search, decade->datum, decade->x, reason));
  search->steps = 0;
  DELTA1_TRY (delta1_attack_search (search->e, &decade->found, search->derivative, &sphere, options,
                                    reason));
  decade->steps = search->steps;
  DELTA1_TRY (certify (decade->lower, decade->length, search, decade->datum, decade->x, reason));
cleanup:
  return status;
}

delta1_status_t
delta1_attack_decades (delta1_attack_result_t *result, delta1_reason_t *reason)
{
  const delta1_attack_request_t *request = result->request;
  const delta1_reconstruct_problem_t *p = result->run->problem;
  const delta1_operator_t *A = p->A;
  delta1_status_t status = DELTA1_OK;
  search_t search = { .result = result, .decade = -1 };
  delta1_attack_options_t options = { .lanczos = request->steps,
                                      .ascent = request->steps,
                                      .seed = (uint64_t)p->setting->seed,
                                      .seconds = JACOBIAN_SHARE * request->seconds,
                                      .progress = show_step,
                                      .context = &search };
  double start = delta1_reconstruct_clock ();
  DELTA1_TRY (delta1_derivative_create (&search.derivative, A, &p->network, DELTA1_DERIVATIVE_KEEP,
                                        reason));
  size_t count = (size_t)delta1_derivative_inputs (search.derivative);
  search.y = malloc (count * sizeof (double));
  search.direction = malloc (count * sizeof (double));
  search.e = malloc (count * sizeof (double));
  if (search.y == NULL || search.direction == NULL || search.e == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a worst-case search"));
  delta1_vector_get (search.y, A->use, p->y, A->m);
  DELTA1_TRY (delta1_attack_jacobian (&result->jacobian, search.direction, search.derivative,
                                      search.y, &options, reason));
  result->lanczos = search.steps;
  for (search.decade = 0; search.decade < request->norms; search.decade++)
    {
      if (request->seconds > 0) /* an equal part of what is left; the least positive: one step */
        options.seconds = fmax ((request->seconds - (delta1_reconstruct_clock () - start))
                                    / (double)(request->norms - search.decade),
                                1e-9);
      DELTA1_TRY (attack_decade (&search, &options, reason));
    }
cleanup:
  result->seconds = delta1_reconstruct_clock () - start;
  delta1_reconstruct_progress (result->run, NULL);
  delta1_derivative_free (search.derivative);
  free (search.y);
  free (search.direction);
  free (search.e);
  return status;
}
