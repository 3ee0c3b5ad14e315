#include "firenet/trace.h"

#include <math.h>
#include <stdlib.h>

#include "firenet/sums.h"

#define BITS 64

enum
{
  MINUS_ONE,
  INVERSE, /* 1/alpha */
  SCALAR_COUNT
};

struct delta1_trace_struct
{
  const delta1_operator_t *A;
  const void *y, *truth;
  const delta1_restart_t *network;
  slong count, room;
  double *objective, *error;
  double *weights; /* N: lambda w */
  void *scalars;
  void *point; /* N */
  void *image; /* m */
  arb_t eps, alpha;
};

delta1_status_t
delta1_trace_create (delta1_trace_t **trace, const delta1_operator_t *A, const void *y,
                     const delta1_restart_t *network, const void *truth, delta1_reason_t *reason)
{
  delta1_status_t status = delta1_restart_check (network, reason);
  const delta1_arithmetic_t *use = A->use;
  *trace = NULL;
  if (status != DELTA1_OK)
    return status;
  if (use != &delta1_arithmetic_double && use != &delta1_arithmetic_complex_double)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a trace in %s arithmetic; allowed: double, complex double", use->name);
  delta1_trace_t *made = calloc (1, sizeof *made);
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a trace");
  *made = (delta1_trace_t){ .A = A, .y = y, .truth = truth, .network = network };
  arb_init (made->eps);
  arb_init (made->alpha);
  made->room = network->inner * network->restarts;
  made->objective = malloc ((size_t)made->room * sizeof (double));
  made->error = malloc ((size_t)made->room * sizeof (double));
  made->weights = malloc ((size_t)A->N * sizeof (double));
  made->scalars = use->real->create (SCALAR_COUNT, A->bits);
  made->point = use->create (A->N, A->bits);
  made->image = use->create (A->m, A->bits);
  if (made->objective == NULL || made->error == NULL || made->weights == NULL
      || made->scalars == NULL || made->point == NULL || made->image == NULL)
    {
      delta1_trace_free (made);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a trace");
    }
  double lambda = arf_get_d (arb_midref (network->steps.lambda), ARF_RND_NEAR);
  for (slong i = 0; i < A->N; i++)
    made->weights[i] = lambda
                       * (network->steps.weights == NULL
                              ? 1
                              : arf_get_d (arb_midref (network->steps.weights + i), ARF_RND_NEAR));
  arb_set_si (made->alpha, -1);
  use->real->set_ball (made->scalars, MINUS_ONE, made->alpha);
  arb_set (made->eps, network->eps_0);
  *trace = made;
  return DELTA1_OK;
}

void
delta1_trace_free (delta1_trace_t *trace)
{
  if (trace == NULL)
    return;
  const delta1_arithmetic_t *use = trace->A->use;
  free (trace->objective);
  free (trace->error);
  free (trace->weights);
  use->real->free (trace->scalars, SCALAR_COUNT);
  use->free (trace->point, trace->A->N);
  use->free (trace->image, trace->A->m);
  arb_clear (trace->eps);
  arb_clear (trace->alpha);
  free (trace);
}

/* F and the error of trace->point, which is lost. */
static void
evaluate_point (double *objective, double *error, delta1_trace_t *trace)
{
  const delta1_operator_t *A = trace->A;
  const delta1_arithmetic_t *use = A->use;
  const void *minus_one = use->real->at (trace->scalars, MINUS_ONE);
  arb_t sum, norm;
  arb_init (sum);
  arb_init (norm);
  delta1_operator_forward (A, trace->image, trace->point);
  use->combine (trace->image, trace->image, minus_one, trace->y, A->m);
  delta1_sums_norm (norm, use, trace->image, A->m);
  delta1_sums_absolute (sum, use, trace->point, trace->weights, A->N);
  arb_add (sum, sum, norm, BITS);
  *objective = arf_get_d (arb_midref (sum), ARF_RND_NEAR);
  *error = NAN;
  if (trace->truth != NULL)
    {
      use->combine (trace->point, trace->point, minus_one, trace->truth, A->N);
      delta1_sums_norm (norm, use, trace->point, A->N);
      *error = arf_get_d (arb_midref (norm), ARF_RND_NEAR);
    }
  arb_clear (sum);
  arb_clear (norm);
}

void
delta1_trace_evaluate (double *objective, double *error, delta1_trace_t *trace, const void *z)
{
  trace->A->use->copy (trace->point, z, trace->A->N);
  evaluate_point (objective, error, trace);
}

static delta1_status_t
record (void *context, const void *x, const void *v, delta1_reason_t *reason)
{
  delta1_trace_t *trace = context;
  const delta1_arithmetic_t *use = trace->A->use;
  (void)v;
  if (trace->count == trace->room)
    return delta1_fail (reason, DELTA1_INPUT, "more than the %ld inner steps of the network",
                        (long)trace->room);
  if (trace->count % trace->network->inner == 0)
    {
      arb_t inverse;
      arb_init (inverse);
      delta1_restart_next (trace->alpha, trace->eps, trace->network, BITS);
      arb_inv (inverse, trace->alpha, BITS);
      use->real->set_ball (trace->scalars, INVERSE, inverse);
      arb_clear (inverse);
    }
  use->scale (trace->point, use->real->at (trace->scalars, INVERSE), x, trace->A->N);
  evaluate_point (trace->objective + trace->count, trace->error + trace->count, trace);
  trace->count++;
  return DELTA1_OK;
}

delta1_observer_t
delta1_trace_observer (delta1_trace_t *trace)
{
  return (delta1_observer_t){ .step = record, .context = trace };
}

slong
delta1_trace_count (const delta1_trace_t *trace)
{
  return trace->count;
}

const double *
delta1_trace_objective (const delta1_trace_t *trace)
{
  return trace->objective;
}

const double *
delta1_trace_error (const delta1_trace_t *trace)
{
  return trace->truth == NULL ? NULL : trace->error;
}
