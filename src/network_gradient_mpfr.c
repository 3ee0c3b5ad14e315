#include <stdlib.h>

#include "src/gradient_private.h"
#include "src/mpfr_vector.h"

#define RN MPFR_RNDN

/* Work space of one run: one sample. */
typedef struct
{
  const delta1_gradient_t *shape;
  mpfr_srcptr p;
  slong units;     /* entries of all layers */
  mpfr_ptr z, x;   /* preactivations and values, layer after layer */
  mpfr_ptr d, d_y; /* derivatives of one layer, twice widest; of the input */
  mpfr_t product, f, slope, by_threshold;
} run_t;

/* f(z_s), f'(z_s) and the derivative by the threshold of gate s of the layer. */
static void
gate (run_t *run, const delta1_gradient_layer_t *layer, mpfr_srcptr z, slong source)
{
  mpfr_srcptr s = z + source;
  mpfr_set_zero (run->slope, 1);
  mpfr_set_zero (run->by_threshold, 1);
  if (layer->unit[source] == DELTA1_BALL_GATE)
    {
      mpfr_set_ui (run->f, 1, RN);
      if (mpfr_cmp_ui (s, 1) > 0)
        {
          mpfr_rec_sqrt (run->f, s, RN);
          mpfr_div (run->slope, run->f, s, RN);
          mpfr_div_si (run->slope, run->slope, -2, RN);
        }
      return;
    }
  mpfr_srcptr t = run->p + layer->threshold[source];
  mpfr_set_zero (run->f, 1);
  mpfr_sqr (run->product, t, RN);
  if (mpfr_cmp (s, run->product) > 0)
    {
      mpfr_rec_sqrt (run->by_threshold, s, RN);
      mpfr_mul (run->f, t, run->by_threshold, RN);
      mpfr_div (run->slope, run->f, s, RN);
      mpfr_div_ui (run->slope, run->slope, 2, RN);
      mpfr_ui_sub (run->f, 1, run->f, RN);
      mpfr_neg (run->by_threshold, run->by_threshold, RN);
    }
}

/* x = a b. With an exponent range that has subnormal numbers (float_format.h) the product is one of
 * its numbers; a sum of its numbers that is small is exact. */
static void
multiply (mpfr_ptr x, mpfr_srcptr a, mpfr_srcptr b)
{
  int inexact = mpfr_mul (x, a, b, RN);
  (void)mpfr_subnormalize (x, inexact, RN);
}

/* z += sum_k M_k x_k, in increasing k. */
static void
add_row (run_t *run, mpfr_ptr z, mpfr_srcptr M, mpfr_srcptr x, slong length)
{
  for (slong k = 0; k < length; k++)
    {
      multiply (run->product, M + k, x + k);
      mpfr_add (z, z, run->product, RN);
    }
}

static void
activate (run_t *run, const delta1_gradient_layer_t *layer, mpfr_srcptr z, mpfr_ptr x)
{
  for (slong i = 0; i < layer->width; i++)
    switch (layer->unit[i])
      {
      case DELTA1_IDENTITY:
        mpfr_set (x + i, z + i, RN);
        break;
      case DELTA1_RELU:
        if (mpfr_sgn (z + i) > 0)
          mpfr_set (x + i, z + i, RN);
        else
          mpfr_set_zero (x + i, 1);
        break;
      case DELTA1_MODULUS:
        mpfr_abs (x + i, z + i, RN);
        break;
      case DELTA1_SQUARE:
        mpfr_sqr (x + i, z + i, RN);
        break;
      case DELTA1_SOFT:
        mpfr_sub (x + i, z + i, run->p + layer->threshold[i], RN);
        if (mpfr_sgn (x + i) <= 0)
          mpfr_set_zero (x + i, 1);
        mpfr_add (run->product, z + i, run->p + layer->threshold[i], RN);
        if (mpfr_sgn (run->product) < 0)
          mpfr_add (x + i, x + i, run->product, RN);
        break;
      case DELTA1_BALL_GATE:
      case DELTA1_SHRINK_GATE:
        mpfr_set_zero (x + i, 1);
        break;
      case DELTA1_GATED:
        {
          gate (run, layer, z, layer->gate[i]);
          mpfr_mul (x + i, run->f, z + i, RN);
          break;
        }
      }
}

static void
forward (run_t *run, mpfr_srcptr y)
{
  mpfr_srcptr before = y;
  slong done = 0;
  for (slong j = 0; j < run->shape->layers; j++)
    {
      const delta1_gradient_layer_t *layer = run->shape->layer + j;
      mpfr_ptr z = run->z + done;
      for (slong i = 0; i < layer->width; i++)
        {
          mpfr_set_zero (z + i, 1);
          add_row (run, z + i, run->p + layer->W + i * layer->before, before, layer->before);
          if (layer->has_skip)
            add_row (run, z + i, run->p + layer->R + i * run->shape->inputs, y, run->shape->inputs);
          if (layer->has_bias)
            mpfr_add (z + i, z + i, run->p + layer->c + i, RN);
        }
      activate (run, layer, z, run->x + done);
      before = run->x + done;
      done += layer->width;
    }
}

/* *sum += a b, when sum is asked for. */
static void
accumulate (run_t *run, mpfr_ptr sum, mpfr_srcptr a, mpfr_srcptr b)
{
  multiply (run->product, a, b);
  mpfr_add (sum, sum, run->product, RN);
}

/* d: in, derivatives by the values of the layer; out, by z. */
static void
deactivate (run_t *run, const delta1_gradient_layer_t *layer, mpfr_srcptr z, mpfr_ptr d, mpfr_ptr g)
{
  for (slong i = 0; i < layer->width; i++)
    if (layer->unit[i] == DELTA1_BALL_GATE || layer->unit[i] == DELTA1_SHRINK_GATE)
      mpfr_set_zero (d + i, 1);
  for (slong i = 0; i < layer->width; i++)
    switch (layer->unit[i])
      {
      case DELTA1_IDENTITY:
      case DELTA1_BALL_GATE:
      case DELTA1_SHRINK_GATE:
        break;
      case DELTA1_RELU:
        if (mpfr_sgn (z + i) <= 0)
          mpfr_set_zero (d + i, 1);
        break;
      case DELTA1_MODULUS:
        if (mpfr_sgn (z + i) == 0)
          mpfr_set_zero (d + i, 1);
        else if (mpfr_sgn (z + i) < 0)
          mpfr_neg (d + i, d + i, RN);
        break;
      case DELTA1_SQUARE:
        mpfr_mul (d + i, d + i, z + i, RN);
        mpfr_mul_ui (d + i, d + i, 2, RN);
        break;
      case DELTA1_SOFT:
        {
          slong t = layer->threshold[i];
          mpfr_sub (run->product, z + i, run->p + t, RN);
          int up = mpfr_sgn (run->product) > 0;
          mpfr_add (run->product, z + i, run->p + t, RN);
          int down = mpfr_sgn (run->product) < 0;
          if (g != NULL && up && !down)
            mpfr_sub (g + t, g + t, d + i, RN);
          if (g != NULL && down && !up)
            mpfr_add (g + t, g + t, d + i, RN);
          mpfr_mul_ui (d + i, d + i, (unsigned long)(up + down), RN);
          break;
        }
      case DELTA1_GATED:
        {
          slong s = layer->gate[i], t = layer->threshold[s];
          gate (run, layer, z, s);
          mpfr_mul (run->product, d + i, z + i, RN);
          mpfr_mul (run->slope, run->slope, run->product, RN);
          mpfr_add (d + s, d + s, run->slope, RN);
          mpfr_mul (run->by_threshold, run->by_threshold, run->product, RN);
          if (g != NULL && t >= 0)
            mpfr_add (g + t, g + t, run->by_threshold, RN);
          mpfr_mul (d + i, d + i, run->f, RN);
          break;
        }
      }
}

/* From run->d, the derivative by the outputs, to g and d_y (NULL: not asked). */
static void
backward (run_t *run, mpfr_ptr g, mpfr_ptr d_y, mpfr_srcptr y)
{
  slong m = run->shape->inputs, done = run->units;
  mpfr_ptr d = run->d, d_before = run->d + run->shape->widest;
  for (slong k = 0; d_y != NULL && k < m; k++)
    mpfr_set_zero (d_y + k, 1);
  for (slong j = run->shape->layers - 1; j >= 0; j--)
    {
      const delta1_gradient_layer_t *layer = run->shape->layer + j;
      done -= layer->width;
      mpfr_srcptr before = j == 0 ? y : run->x + done - layer->before;
      deactivate (run, layer, run->z + done, d, g);
      for (slong k = 0; k < layer->before; k++)
        mpfr_set_zero (d_before + k, 1);
      for (slong i = 0; i < layer->width; i++)
        {
          slong W = layer->W + i * layer->before, R = layer->R + i * m;
          for (slong k = 0; k < layer->before; k++)
            {
              if (g != NULL)
                accumulate (run, g + W + k, d + i, before + k);
              accumulate (run, d_before + k, d + i, run->p + W + k);
            }
          for (slong k = 0; layer->has_skip && k < m; k++)
            {
              if (g != NULL)
                accumulate (run, g + R + k, d + i, y + k);
              if (d_y != NULL)
                accumulate (run, d_y + k, d + i, run->p + R + k);
            }
          if (g != NULL && layer->has_bias)
            mpfr_add (g + layer->c + i, g + layer->c + i, d + i, RN);
        }
      mpfr_ptr swap = d;
      d = d_before;
      d_before = swap;
    }
  for (slong k = 0; d_y != NULL && k < m; k++)
    mpfr_add (d_y + k, d_y + k, d + k, RN);
}

void
delta1_loss_squared_mpfr (mpfr_ptr loss, mpfr_ptr upstream, mpfr_srcptr outputs, slong sample,
                          void *context)
{
  const delta1_squared_mpfr_t *squared = context;
  mpfr_t square;
  mpfr_init2 (square, mpfr_get_prec (upstream));
  for (slong i = 0; i < squared->outputs; i++)
    {
      mpfr_ptr d = upstream + i;
      int inexact = mpfr_sub (d, outputs + i, squared->targets + sample * squared->outputs + i, RN);
      (void)mpfr_subnormalize (d, inexact, RN); /* a target may have more bits */
      multiply (square, d, d);
      multiply (square, square, squared->scale);
      mpfr_add (loss, loss, square, RN);
      multiply (d, d, squared->scale);
      mpfr_mul_2ui (d, d, 1, RN);
    }
  mpfr_clear (square);
}

delta1_status_t
delta1_gradient_run_mpfr (mpfr_ptr loss, mpfr_ptr d_parameters, mpfr_ptr d_inputs,
                          const delta1_gradient_t *gradient, const delta1_batch_mpfr_t *batch,
                          mpfr_prec_t precision, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  run_t run = { .shape = gradient, .p = batch->parameters };
  for (slong j = 0; j < gradient->layers; j++)
    run.units += gradient->layer[j].width;
  slong N = gradient->layer[gradient->layers - 1].width, m = gradient->inputs;
  mpfr_inits2 (precision, run.product, run.f, run.slope, run.by_threshold, (mpfr_ptr)NULL);
  run.z = delta1_mpfr_vector_create (run.units, precision);
  run.x = delta1_mpfr_vector_create (run.units, precision);
  run.d = delta1_mpfr_vector_create (2 * gradient->widest, precision);
  run.d_y = delta1_mpfr_vector_create (m, precision);
  mpfr_ptr g = delta1_mpfr_vector_create (gradient->count, precision);
  if (run.z == NULL || run.x == NULL || run.d == NULL || run.d_y == NULL || g == NULL)
    {
      status = delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
      goto cleanup;
    }
  mpfr_set_zero (loss, 1);
  for (slong sample = 0; sample < batch->size; sample++)
    {
      mpfr_srcptr y = batch->inputs + sample * m;
      forward (&run, y);
      batch->loss (loss, run.d, run.x + run.units - N, sample, batch->context);
      backward (&run, d_parameters == NULL ? NULL : g, d_inputs == NULL ? NULL : run.d_y, y);
      for (slong k = 0; d_inputs != NULL && k < m; k++)
        mpfr_set (d_inputs + sample * m + k, run.d_y + k, RN);
    }
  for (slong i = 0; d_parameters != NULL && i < gradient->count; i++)
    mpfr_set (d_parameters + i, g + i, RN);
cleanup:
  delta1_mpfr_vector_free (run.z, run.units);
  delta1_mpfr_vector_free (run.x, run.units);
  delta1_mpfr_vector_free (run.d, 2 * gradient->widest);
  delta1_mpfr_vector_free (run.d_y, m);
  delta1_mpfr_vector_free (g, gradient->count);
  mpfr_clears (run.product, run.f, run.slope, run.by_threshold, (mpfr_ptr)NULL);
  return status;
}
