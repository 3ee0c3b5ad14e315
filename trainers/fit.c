#include "trainers/fit.h"

#include <math.h>
#include <stdlib.h>

#include "src/mpfr_vector.h"
#include "src/network_gradient.h"
#include "trainers/learned.h"

static void
set_random (fmpq_mat_struct *W, double bound, uint64_t *state)
{
  arf_t x;
  arf_init (x);
  for (slong i = 0; i < fmpq_mat_nrows (W); i++)
    for (slong j = 0; j < fmpq_mat_ncols (W); j++)
      {
        arf_set_d (x, bound * (2 * delta1_random_uniform (state) - 1));
        arf_get_fmpq (fmpq_mat_entry (W, i, j), x);
      }
  arf_clear (x);
}

delta1_status_t
delta1_fit_create (delta1_network_t **network, slong inputs, slong layers, const slong *widths,
                   double bias, uint64_t seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  uint64_t state = seed ^ UINT64_C (0x7374617274);
  delta1_network_t *made = NULL;
  *network = NULL;
  DELTA1_TRY (delta1_network_create (&made, inputs, layers, widths, reason));
  for (slong j = 0; j < layers; j++)
    {
      fmpq_mat_struct *W = delta1_network_edit_weights (made, j);
      set_random (W, sqrt (6 / (double)fmpq_mat_ncols (W)), &state);
      fmpq_mat_struct *c = delta1_network_edit_bias (made, j);
      if (bias > 0)
        set_random (c, bias, &state);
      if (j + 1 < layers)
        DELTA1_TRY (delta1_network_set_units (made, j, 0, widths[j], DELTA1_RELU, reason));
    }
  *network = made;
  made = NULL;
cleanup:
  delta1_network_free (made);
  return status;
}

/* What training keeps, in one of two types of numbers. */
typedef struct
{
  slong count, inputs, targets; /* lengths */
  delta1_network_t *network;    /* what the observer sees; trained in place */
  delta1_gradient_t *reverse;
  delta1_optimiser_t *optimiser;
  double *p, *g, *y, *x;
  mpfr_ptr mpfr_p, mpfr_g, mpfr_y, mpfr_x;
  mpfr_t scale, loss;
} school_t;

static void
school_clear (school_t *s)
{
  delta1_network_free (s->network);
  delta1_gradient_free (s->reverse);
  delta1_optimiser_free (s->optimiser);
  free (s->p);
  free (s->g);
  free (s->y);
  free (s->x);
  delta1_mpfr_vector_free (s->mpfr_p, s->count);
  delta1_mpfr_vector_free (s->mpfr_g, s->count);
  delta1_mpfr_vector_free (s->mpfr_y, s->inputs);
  delta1_mpfr_vector_free (s->mpfr_x, s->targets);
  mpfr_clears (s->scale, s->loss, (mpfr_ptr)NULL);
}

/* Row-major; one of v and w is NULL. */
static void
copy_matrix (double *v, mpfr_ptr w, const fmpq_mat_struct *M)
{
  mpfr_t nearest;
  mpfr_init2 (nearest, 53);
  for (slong i = 0, k = 0; i < fmpq_mat_nrows (M); i++)
    for (slong j = 0; j < fmpq_mat_ncols (M); j++, k++)
      if (v != NULL)
        {
          fmpq_get_mpfr (nearest, fmpq_mat_entry (M, i, j), MPFR_RNDN);
          v[k] = mpfr_get_d (nearest, MPFR_RNDN);
        }
      else
        fmpq_get_mpfr (w + k, fmpq_mat_entry (M, i, j), MPFR_RNDN);
  mpfr_clear (nearest);
}

static delta1_status_t
school_init (school_t *s, const delta1_network_t *network, const delta1_examples_t *examples,
             const delta1_fit_t *fit, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  mpfr_prec_t precision = fit->precision;
  *s = (school_t){ .count = delta1_parameters_count (network),
                   .inputs = fmpq_mat_nrows (examples->Y) * fmpq_mat_ncols (examples->Y),
                   .targets = fmpq_mat_nrows (examples->X) * fmpq_mat_ncols (examples->X) };
  mpfr_inits2 (precision > 0 ? precision : 53, s->scale, s->loss, (mpfr_ptr)NULL);
  mpfr_set_ui (s->scale, 1, MPFR_RNDN);
  mpfr_div_ui (s->scale, s->scale, (unsigned long)fmpq_mat_nrows (examples->Y), MPFR_RNDN);
  DELTA1_TRY (delta1_network_copy (&s->network, network, reason));
  DELTA1_TRY (delta1_gradient_create (&s->reverse, network, reason));
  DELTA1_TRY (
      delta1_optimiser_create (&s->optimiser, s->count, &fit->optimiser, precision, reason));
  bool good;
  if (precision == 0)
    {
      s->p = calloc ((size_t)s->count, sizeof *s->p);
      s->g = calloc ((size_t)s->count, sizeof *s->g);
      s->y = calloc ((size_t)s->inputs, sizeof *s->y);
      s->x = calloc ((size_t)s->targets, sizeof *s->x);
      good = s->p != NULL && s->g != NULL && s->y != NULL && s->x != NULL;
    }
  else
    {
      s->mpfr_p = delta1_mpfr_vector_create (s->count, precision);
      s->mpfr_g = delta1_mpfr_vector_create (s->count, precision);
      s->mpfr_y = delta1_mpfr_vector_create (s->inputs, precision);
      s->mpfr_x = delta1_mpfr_vector_create (s->targets, precision);
      good = s->mpfr_p != NULL && s->mpfr_g != NULL && s->mpfr_y != NULL && s->mpfr_x != NULL;
    }
  if (!good)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  if (precision == 0)
    delta1_parameters_get (s->p, network);
  else
    delta1_parameters_get_mpfr (s->mpfr_p, network);
  copy_matrix (s->y, s->mpfr_y, examples->Y);
  copy_matrix (s->x, s->mpfr_x, examples->X);
cleanup:
  return status;
}

/* One gradient; *loss as it was before the step. */
static delta1_status_t
differentiate (double *loss, school_t *s, slong size, slong outputs, mpfr_prec_t precision,
               delta1_reason_t *reason)
{
  if (precision == 0)
    {
      delta1_squared_t squared = { .targets = s->x, .outputs = outputs, .scale = 1 / (double)size };
      delta1_batch_t batch = { .parameters = s->p,
                               .inputs = s->y,
                               .size = size,
                               .loss = delta1_loss_squared,
                               .context = &squared };
      delta1_gradient_run (loss, s->g, NULL, s->reverse, &batch);
      return DELTA1_OK;
    }
  delta1_squared_mpfr_t squared = { .targets = s->mpfr_x, .outputs = outputs, .scale = s->scale };
  delta1_batch_mpfr_t batch = { .parameters = s->mpfr_p,
                                .inputs = s->mpfr_y,
                                .size = size,
                                .loss = delta1_loss_squared_mpfr,
                                .context = &squared };
  delta1_status_t status
      = delta1_gradient_run_mpfr (s->loss, s->mpfr_g, NULL, s->reverse, &batch, precision, reason);
  *loss = mpfr_get_d (s->loss, MPFR_RNDN);
  return status;
}

/* The numbers of this moment into s->network. */
static delta1_status_t
update (school_t *s, slong step, delta1_reason_t *reason)
{
  delta1_reason_t why;
  delta1_status_t status = s->p != NULL ? delta1_parameters_set (s->network, s->p, &why)
                                        : delta1_parameters_set_mpfr (s->network, s->mpfr_p, &why);
  if (status == DELTA1_INPUT)
    return delta1_fail (reason, DELTA1_FAILED, "training left the finite numbers by step %ld",
                        (long)step);
  return status == DELTA1_OK ? status : delta1_fail (reason, status, "%s", why.text);
}

delta1_status_t
delta1_fit_run (delta1_network_t *network, slong *taken, const delta1_examples_t *examples,
                const delta1_fit_t *fit, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong size = fmpq_mat_nrows (examples->Y), outputs = delta1_network_outputs (network), step = 0;
  bool stop = false;
  double loss;
  school_t s;
  if (fmpq_mat_ncols (examples->Y) != delta1_network_inputs (network)
      || fmpq_mat_ncols (examples->X) != outputs || fmpq_mat_nrows (examples->X) != size || size < 1
      || fit->steps < 0 || fit->every < 1)
    return delta1_fail (reason, DELTA1_INPUT,
                        "the pairs do not fit the network, or the steps are not what is allowed");
  DELTA1_TRY (school_init (&s, network, examples, fit, reason));
  for (; !stop; step++)
    {
      DELTA1_TRY (differentiate (&loss, &s, size, outputs, fit->precision, reason));
      bool last = step == fit->steps;
      if (last || (fit->observe != NULL && step % fit->every == 0))
        {
          DELTA1_TRY (update (&s, step, reason));
          if (fit->observe != NULL)
            DELTA1_TRY (fit->observe (&stop, s.network, step, loss, fit->context, reason));
        }
      if (last || stop)
        break;
      if (fit->precision == 0)
        delta1_optimiser_step (s.p, s.optimiser, s.g);
      else
        delta1_optimiser_step_mpfr (s.mpfr_p, s.optimiser, s.mpfr_g);
    }
  if (taken != NULL)
    *taken = step;
  if (s.p != NULL)
    status = delta1_parameters_set (network, s.p, reason);
  else
    status = delta1_parameters_set_mpfr (network, s.mpfr_p, reason);
cleanup:
  school_clear (&s);
  return status;
}
