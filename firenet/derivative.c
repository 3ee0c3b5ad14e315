#include "firenet/derivative.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/lanes.h"

/* Names as in mathematics.md, Section 6. One step:
 *   a = x - tau A* v,             x+ = S(a), S the soft threshold;
 *   u = v + sigma (A(2 x+ - x) - b),   v+ = P(u), P the projection on the unit ball.
 * S'(a) and P'(u) are symmetric, so J* needs the transposed order and nothing else. */
struct delta1_derivative_struct
{
  const delta1_operator_t *A;
  slong parts, inputs, outputs; /* doubles in an element, in y, in x */
  slong inner, restarts;
  double tau, sigma;
  double *threshold; /* N */
  double *alpha;     /* restarts */
  double *y;
  double *psi; /* (restarts + 1) x outputs: psi_0, ..., psi_n */
  bool kept;   /* a and u: of all restarts; otherwise of the one that was last linearised */
  double *a;   /* [restarts x] inner x outputs */
  double *u;   /* [restarts x] inner x inputs */
  double *b, *x, *v, *sum, *next; /* inputs; outputs; inputs; outputs; outputs */
  double *extra, *image;          /* outputs; the longer of both */
  void *primal, *dual;            /* vectors for the operator */
};

/* --- the two nonlinearities ------------------------------------------------------------------- */

static double
modulus (const double *a, slong parts)
{
  return parts == 1 ? fabs (a[0]) : sqrt (a[0] * a[0] + a[1] * a[1]);
}

/* x = S(a) */
static void
soft (double *x, const double *a, const delta1_derivative_t *d)
{
  for (slong i = 0; i < d->outputs; i += d->parts)
    {
      double size = modulus (a + i, d->parts), t = d->threshold[i / d->parts];
      double factor = size > t ? 1 - t / size : 0;
      for (slong j = i; j < i + d->parts; j++)
        x[j] = factor * a[j];
    }
}

/* h = S'(a) h */
static void
soft_derivative (double *h, const double *a, const delta1_derivative_t *d)
{
  for (slong i = 0; i < d->outputs; i += d->parts)
    {
      double size = modulus (a + i, d->parts), t = d->threshold[i / d->parts];
      if (!(size > t))
        h[i] = h[i + d->parts - 1] = 0;
      else if (d->parts == 2)
        {
          /* h - (t/|a|)(h - e <e, h>), e = a/|a| */
          double e[2] = { a[i] / size, a[i + 1] / size };
          double along = e[0] * h[i] + e[1] * h[i + 1];
          for (int j = 0; j < 2; j++)
            h[i + j] -= t / size * (h[i + j] - e[j] * along);
        }
    }
}

static double
dot (const double *a, const double *b, slong count)
{
  double sum = 0;
  for (slong i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

/* v = P(u); u and v may be the same */
static void
project (double *v, const double *u, slong count)
{
  double size = sqrt (dot (u, u, count)), factor = size > 1 ? 1 / size : 1;
  for (slong i = 0; i < count; i++)
    v[i] = factor * u[i];
}

/* h = P'(u) h = (h - e <e, h>)/||u||, e = u/||u||, where ||u|| > 1 */
static void
project_derivative (double *h, const double *u, slong count)
{
  double square = dot (u, u, count);
  if (!(square > 1))
    return;
  double along = dot (u, h, count) / square, factor = 1 / sqrt (square);
  for (slong i = 0; i < count; i++)
    h[i] = factor * (h[i] - along * u[i]);
}

/* --- the operator on plain doubles ------------------------------------------------------------ */

/* A vector of the arithmetic from plain doubles, and back. */
static void
pack (const delta1_derivative_t *d, void *vector, const double *v, slong count)
{
  double *to = d->A->use->at (vector, 0);
  if (d->parts == 1)
    memcpy (to, v, (size_t)count * sizeof (double));
  else
    for (slong i = 0; 2 * i < count; i++)
      {
        to[delta1_lane (i)] = v[2 * i];
        to[delta1_lane (i) + DELTA1_LANES] = v[2 * i + 1];
      }
}

static void
unpack (double *v, const delta1_derivative_t *d, void *vector, slong count)
{
  const double *from = d->A->use->at (vector, 0);
  if (d->parts == 1)
    memcpy (v, from, (size_t)count * sizeof (double));
  else
    for (slong i = 0; 2 * i < count; i++)
      {
        v[2 * i] = from[delta1_lane (i)];
        v[2 * i + 1] = from[delta1_lane (i) + DELTA1_LANES];
      }
}

/* d->image = A* v */
static const double *
adjoint (delta1_derivative_t *d, const double *v)
{
  pack (d, d->dual, v, d->inputs);
  delta1_operator_adjoint (d->A, d->primal, d->dual);
  unpack (d->image, d, d->primal, d->outputs);
  return d->image;
}

/* d->image = A x */
static const double *
forward (delta1_derivative_t *d, const double *x)
{
  pack (d, d->primal, x, d->outputs);
  delta1_operator_forward (d->A, d->dual, d->primal);
  unpack (d->image, d, d->dual, d->inputs);
  return d->image;
}

/* A (2 next - x) */
static const double *
forward_extra (delta1_derivative_t *d, const double *next, const double *x)
{
  for (slong i = 0; i < d->outputs; i++)
    d->extra[i] = 2 * next[i] - x[i];
  return forward (d, d->extra);
}

/* --- forward ---------------------------------------------------------------------------------- */

static double *
slot (const delta1_derivative_t *d, double *of, slong restart, slong step, slong length)
{
  return of + ((d->kept ? restart * d->inner : 0) + step) * length;
}

/* result = psi_{restart+1} from psi_restart; a and u are stored. */
static void
run_inner (double *result, delta1_derivative_t *d, slong restart)
{
  const double *psi = d->psi + restart * d->outputs;
  double alpha = d->alpha[restart];
  for (slong i = 0; i < d->inputs; i++)
    d->b[i] = alpha * d->y[i];
  for (slong i = 0; i < d->outputs; i++)
    d->x[i] = alpha * psi[i];
  memset (d->v, 0, (size_t)d->inputs * sizeof (double));
  memset (d->sum, 0, (size_t)d->outputs * sizeof (double));
  for (slong k = 0; k < d->inner; k++)
    {
      double *a = slot (d, d->a, restart, k, d->outputs);
      double *u = slot (d, d->u, restart, k, d->inputs);
      const double *image = adjoint (d, d->v);
      for (slong i = 0; i < d->outputs; i++)
        a[i] = d->x[i] - d->tau * image[i];
      soft (d->next, a, d);
      image = forward_extra (d, d->next, d->x);
      for (slong i = 0; i < d->inputs; i++)
        u[i] = d->v[i] + d->sigma * (image[i] - d->b[i]);
      project (d->v, u, d->inputs);
      for (slong i = 0; i < d->outputs; i++)
        d->sum[i] += d->x[i] = d->next[i];
    }
  for (slong i = 0; i < d->outputs; i++)
    result[i] = d->sum[i] / ((double)d->inner * alpha);
}

/* a and u of this restart stand in their slots. */
static void
linearise (delta1_derivative_t *d, slong restart)
{
  if (!d->kept)
    run_inner (d->next, d, restart);
}

const double *
delta1_derivative_at (delta1_derivative_t *d, const double *y)
{
  memcpy (d->y, y, (size_t)d->inputs * sizeof (double));
  for (slong k = 0; k < d->restarts; k++)
    run_inner (d->psi + (k + 1) * d->outputs, d, k);
  return d->psi + d->restarts * d->outputs;
}

/* --- J d and J* w: alpha scales and unscales, and has no part in them ------------------------- */

void
delta1_derivative_tangent (double *x, delta1_derivative_t *d, const double *direction)
{
  slong N = d->outputs, m = d->inputs;
  memset (x, 0, (size_t)N * sizeof (double));
  for (slong restart = 0; restart < d->restarts; restart++)
    {
      linearise (d, restart);
      memset (d->v, 0, (size_t)m * sizeof (double));
      memset (d->sum, 0, (size_t)N * sizeof (double));
      for (slong k = 0; k < d->inner; k++)
        {
          const double *image = adjoint (d, d->v);
          for (slong i = 0; i < N; i++)
            d->next[i] = x[i] - d->tau * image[i];
          soft_derivative (d->next, slot (d, d->a, restart, k, N), d);
          image = forward_extra (d, d->next, x);
          for (slong i = 0; i < m; i++)
            d->v[i] += d->sigma * (image[i] - direction[i]);
          project_derivative (d->v, slot (d, d->u, restart, k, m), m);
          for (slong i = 0; i < N; i++)
            d->sum[i] += x[i] = d->next[i];
        }
      for (slong i = 0; i < N; i++)
        x[i] = d->sum[i] / (double)d->inner;
    }
}

/* d->x: what psi_{restart+1} gets, on entry; what psi_restart gets, on return. y: what is got is
 * added. */
static void
reverse_inner (double *y, delta1_derivative_t *d, slong restart)
{
  slong N = d->outputs, m = d->inputs;
  double *from_average = d->sum, *from_next = d->next; /* what x_{k+1} gets from step k + 1 */
  for (slong i = 0; i < N; i++)
    {
      from_average[i] = d->x[i] / (double)d->inner;
      from_next[i] = 0;
    }
  memset (d->v, 0, (size_t)m * sizeof (double));
  for (slong k = d->inner - 1; k >= 0; k--)
    {
      project_derivative (d->v, slot (d, d->u, restart, k, m), m);
      const double *image = adjoint (d, d->v);
      for (slong i = 0; i < m; i++)
        y[i] -= d->sigma * d->v[i];
      for (slong i = 0; i < N; i++)
        {
          d->x[i] = from_average[i] + from_next[i] + 2 * d->sigma * image[i];
          from_next[i] = -d->sigma * image[i];
        }
      soft_derivative (d->x, slot (d, d->a, restart, k, N), d);
      image = forward (d, d->x);
      for (slong i = 0; i < m; i++)
        d->v[i] -= d->tau * image[i];
      for (slong i = 0; i < N; i++)
        from_next[i] += d->x[i];
    }
  memcpy (d->x, from_next, (size_t)N * sizeof (double));
}

void
delta1_derivative_adjoint (double *y, delta1_derivative_t *d, const double *w)
{
  /* beside psi: linearise needs all the others */
  double *back = d->psi + (d->restarts + 1) * d->outputs;
  memset (y, 0, (size_t)d->inputs * sizeof (double));
  memcpy (back, w, (size_t)d->outputs * sizeof (double));
  for (slong restart = d->restarts - 1; restart >= 0; restart--)
    {
      linearise (d, restart);
      memcpy (d->x, back, (size_t)d->outputs * sizeof (double));
      reverse_inner (y, d, restart);
      memcpy (back, d->x, (size_t)d->outputs * sizeof (double));
    }
}

/* --- making it -------------------------------------------------------------------------------- */

static double
to_double (const arb_t x)
{
  return arf_get_d (arb_midref (x), ARF_RND_NEAR);
}

static void
set_constants (delta1_derivative_t *d, const delta1_restart_t *network)
{
  slong N = d->A->N;
  arb_t eps, alpha;
  arb_init (eps);
  arb_init (alpha);
  d->tau = to_double (network->steps.tau);
  d->sigma = to_double (network->steps.sigma);
  for (slong i = 0; i < N; i++)
    d->threshold[i]
        = d->tau * to_double (network->steps.lambda)
          * (network->steps.weights == NULL ? 1 : to_double (network->steps.weights + i));
  arb_set (eps, network->eps_0);
  for (slong k = 0; k < d->restarts; k++)
    {
      delta1_restart_next (alpha, eps, network, 128);
      d->alpha[k] = to_double (alpha);
    }
  arb_clear (eps);
  arb_clear (alpha);
}

static bool
allocate (delta1_derivative_t *d, size_t keep)
{
  const delta1_arithmetic_t *use = d->A->use;
  size_t x = (size_t)d->outputs * sizeof (double), y = (size_t)d->inputs * sizeof (double);
  size_t steps = (size_t)d->inner, n = (size_t)d->restarts;
  d->kept = n * steps <= keep / (x + y);
  if (d->kept)
    steps *= n;
  d->threshold = calloc ((size_t)d->A->N, sizeof (double));
  d->alpha = calloc (n, sizeof (double));
  d->y = calloc (1, y);
  d->psi = calloc (n + 2, x); /* the last: what goes back */
  d->a = calloc (steps, x);
  d->u = calloc (steps, y);
  d->b = calloc (1, y);
  d->x = calloc (1, x);
  d->v = calloc (1, y);
  d->sum = calloc (1, x);
  d->next = calloc (1, x);
  d->extra = calloc (1, x);
  d->image = calloc (1, x > y ? x : y);
  d->primal = use->create (d->A->N, d->A->bits);
  d->dual = use->create (d->A->m, d->A->bits);
  return d->threshold != NULL && d->alpha != NULL && d->y != NULL && d->psi != NULL && d->a != NULL
         && d->u != NULL && d->b != NULL && d->x != NULL && d->v != NULL && d->sum != NULL
         && d->next != NULL && d->extra != NULL && d->image != NULL && d->primal != NULL
         && d->dual != NULL;
}

delta1_status_t
delta1_derivative_create (delta1_derivative_t **derivative, const delta1_operator_t *A,
                          const delta1_restart_t *network, size_t keep, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_iteration_t *iteration = NULL; /* for its checks */
  delta1_derivative_t *made = NULL;

  *derivative = NULL;
  if (A->use != &delta1_arithmetic_double && A->use != &delta1_arithmetic_complex_double)
    return delta1_fail (reason, DELTA1_INPUT, "%s arithmetic; allowed: double, complex double",
                        A->use->name);
  DELTA1_TRY (delta1_restart_check (network, reason));
  DELTA1_TRY (delta1_iteration_create (&iteration, A, &network->steps, reason));
  made = calloc (1, sizeof *made);
  if (made == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a derivative"));
  made->A = A;
  made->parts = A->use->is_complex ? 2 : 1;
  made->inputs = A->m * made->parts;
  made->outputs = A->N * made->parts;
  made->inner = network->inner;
  made->restarts = network->restarts;
  if (!allocate (made, keep))
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a derivative"));
  set_constants (made, network);
  *derivative = made;
  made = NULL;

cleanup:
  delta1_iteration_free (iteration);
  delta1_derivative_free (made);
  return status;
}

void
delta1_derivative_free (delta1_derivative_t *d)
{
  if (d == NULL)
    return;
  free (d->threshold);
  free (d->alpha);
  free (d->y);
  free (d->psi);
  free (d->a);
  free (d->u);
  free (d->b);
  free (d->x);
  free (d->v);
  free (d->sum);
  free (d->next);
  free (d->extra);
  free (d->image);
  d->A->use->free (d->primal, d->A->N);
  d->A->use->free (d->dual, d->A->m);
  free (d);
}

slong
delta1_derivative_inputs (const delta1_derivative_t *d)
{
  return d->inputs;
}

slong
delta1_derivative_outputs (const delta1_derivative_t *d)
{
  return d->outputs;
}
