#include "firenet/sampled.h"

#include <stdlib.h>

#include "firenet/sampled_private.h"

#define GUARD_BITS 30

/* --- balls ------------------------------------------------------------------------------------ */

/* Both kinds of balls work on complex ones: what is exactly real stays so. */
static acb_ptr
image_of (const delta1_operator_t *A, const void *x, slong count)
{
  acb_ptr image = _acb_vec_init (count);
  for (slong i = 0; i < count; i++)
    A->use->get_complex (image + i, x, i);
  return image;
}

static void
transform_balls (acb_ptr image, const delta1_operator_t *A, bool adjoint, slong prec)
{
  const delta1_sampled_context_t *context = A->context;
  slong side = context->shape.side;
  void (*transform) (acb_ptr, slong, slong, bool, slong)
      = context->transform == DELTA1_TRANSFORM_FOURIER ? delta1_fourier_balls : delta1_walsh_balls;
  arb_t scale;
  if (context->transform == DELTA1_TRANSFORM_NONE)
    return;
  if (context->shape.dimensions == 1)
    transform (image, 1, side, adjoint, prec);
  else
    for (slong i = 0; i < side; i++)
      transform (image + i * side, 1, side, adjoint, prec);
  for (slong i = 0; i < side && context->shape.dimensions == 2; i++)
    transform (image + i, side, side, adjoint, prec);
  arb_init (scale);
  arb_set_si (scale, 2);
  arb_rsqrt (scale, scale, prec);
  slong bits = 0;
  while ((slong)1 << bits < A->N)
    bits++;
  if (bits % 2 == 0)
    arb_one (scale);
  arb_mul_2exp_si (scale, scale, -(bits / 2));
  _acb_vec_scalar_mul_arb (image, image, A->N, scale, prec);
  arb_clear (scale);
}

static void
forward_balls (const delta1_operator_t *A, void *z, const void *x)
{
  const delta1_sampled_context_t *context = A->context;
  slong prec = A->bits + GUARD_BITS;
  acb_ptr image = image_of (A, x, A->N);
  delta1_wavelet_balls (image, &context->shape, true, prec);
  transform_balls (image, A, false, prec);
  for (slong i = 0; i < A->m; i++)
    A->use->set_complex (z, i, image + context->kept[i]);
  _acb_vec_clear (image, A->N);
}

static void
adjoint_balls (const delta1_operator_t *A, void *z, const void *y)
{
  const delta1_sampled_context_t *context = A->context;
  slong prec = A->bits + GUARD_BITS;
  acb_ptr image = _acb_vec_init (A->N);
  for (slong i = 0; i < A->m; i++)
    A->use->get_complex (image + context->kept[i], y, i);
  transform_balls (image, A, true, prec);
  delta1_wavelet_balls (image, &context->shape, false, prec);
  for (slong i = 0; i < A->N; i++)
    A->use->set_complex (z, i, image + i);
  _acb_vec_clear (image, A->N);
}

/* --- the tables ------------------------------------------------------------------------------- */

static void
forward_doubles (const delta1_operator_t *A, void *z, const void *x)
{
  const delta1_sampled_context_t *context = A->context;
  delta1_sampled_doubles_forward (context->doubles, z, x, false);
}

static void
forward_arranged (const delta1_operator_t *A, void *z, const void *x)
{
  const delta1_sampled_context_t *context = A->context;
  delta1_sampled_doubles_forward (context->doubles, z, x, true);
}

static void
adjoint_doubles (const delta1_operator_t *A, void *z, const void *y)
{
  const delta1_sampled_context_t *context = A->context;
  delta1_sampled_doubles_adjoint (context->doubles, z, y, false);
}

static void
adjoint_arranged (const delta1_operator_t *A, void *z, const void *y)
{
  const delta1_sampled_context_t *context = A->context;
  delta1_sampled_doubles_adjoint (context->doubles, z, y, true);
}

static void
arrange (const delta1_operator_t *A, void *z, const void *y, bool back)
{
  const delta1_sampled_context_t *context = A->context;
  delta1_sampled_doubles_arrange (context->doubles, z, y, back);
}

static void
free_context (delta1_operator_t *A)
{
  delta1_sampled_context_t *context = A->context;
  delta1_sampled_doubles_free (context->doubles);
  free (context->kept);
  free (context);
}

static const delta1_operator_table_t balls_table = {
  .name = "sampled", .forward = forward_balls, .adjoint = adjoint_balls, .free = free_context
};

static const delta1_operator_table_t doubles_table = {
  .name = "sampled",
  .forward = forward_doubles,
  .adjoint = adjoint_doubles,
  .free = free_context,
  .arrange = arrange,
  .forward_arranged = forward_arranged,
  .adjoint_arranged = adjoint_arranged,
};

/* --- making one ------------------------------------------------------------------------------- */

static delta1_status_t
check_shape (const delta1_sampled_t *o, delta1_reason_t *reason)
{
  slong most = o->dimensions == 1 ? (slong)1 << 26 : (slong)1 << 13;
  if (o->dimensions != 1 && o->dimensions != 2)
    return delta1_fail (reason, DELTA1_INPUT, "%d dimensions; allowed: 1, 2", o->dimensions);
  if (o->side < 2 || o->side > most || (o->side & (o->side - 1)) != 0)
    return delta1_fail (reason, DELTA1_INPUT, "side %ld; allowed: a power of two from 2 to %ld",
                        (long)o->side, (long)most);
  if (o->transform < DELTA1_TRANSFORM_NONE || o->transform > DELTA1_TRANSFORM_WALSH
      || o->wavelet < DELTA1_WAVELET_NONE || o->wavelet > DELTA1_WAVELET_DB4)
    return delta1_fail (reason, DELTA1_INPUT,
                        "transform %d, wavelet %d; allowed: those of the list", (int)o->transform,
                        (int)o->wavelet);
  slong levels = 0;
  while ((slong)2 << levels <= o->side)
    levels++;
  if (o->wavelet == DELTA1_WAVELET_NONE ? o->levels != 0 : o->levels < 1 || o->levels > levels)
    return delta1_fail (reason, DELTA1_INPUT, "%ld levels of side %ld; allowed: %s%ld",
                        (long)o->levels, (long)o->side,
                        o->wavelet == DELTA1_WAVELET_NONE ? "" : "1 to ",
                        (long)(o->wavelet == DELTA1_WAVELET_NONE ? 0 : levels));
  return DELTA1_OK;
}

static delta1_status_t
check_arithmetic (const delta1_sampled_t *o, const delta1_arithmetic_t *use,
                  delta1_reason_t *reason)
{
  if (use == &delta1_arithmetic_mpfr)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a fast transform in %s arithmetic; allowed: double, ball, complex double, "
                        "complex ball",
                        use->name);
  if (o->transform == DELTA1_TRANSFORM_FOURIER && !use->is_complex)
    return delta1_fail (reason, DELTA1_INPUT,
                        "the Fourier transform in %s arithmetic; allowed: complex double, complex "
                        "ball",
                        use->name);
  return DELTA1_OK;
}

static delta1_status_t
check_mask (const delta1_sampled_t *o, slong N, delta1_reason_t *reason)
{
  if (o->mask == NULL)
    return DELTA1_OK;
  if (o->count < 1 || o->count > N)
    return delta1_fail (reason, DELTA1_INPUT, "a mask of %ld entries; allowed: 1 to %ld",
                        (long)o->count, (long)N);
  for (slong i = 0; i < o->count; i++)
    if (o->mask[i] < (i == 0 ? 0 : o->mask[i - 1] + 1) || o->mask[i] >= N)
      return delta1_fail (reason, DELTA1_INPUT,
                          "index %ld of the mask is %ld; allowed: increasing, from 0 to %ld",
                          (long)i, (long)o->mask[i], (long)(N - 1));
  return DELTA1_OK;
}

/* The natural index of a mask's entry: the centre of a Fourier mask is frequency 0. */
static slong
natural_index (const delta1_sampled_t *o, slong entry)
{
  slong half = o->side / 2, row = entry / o->side, column = entry % o->side;
  if (o->transform != DELTA1_TRANSFORM_FOURIER)
    return entry;
  column = (column + half) % o->side;
  return o->dimensions == 1 ? column : (row + half) % o->side * o->side + column;
}

delta1_status_t
delta1_operator_create_sampled (delta1_operator_t **A, const delta1_arithmetic_t *use, slong bits,
                                const delta1_sampled_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_sampled_context_t *context = NULL;
  delta1_operator_t *made = NULL;

  *A = NULL;
  DELTA1_TRY (check_shape (options, reason));
  DELTA1_TRY (check_arithmetic (options, use, reason));
  slong N = options->dimensions == 1 ? options->side : options->side * options->side;
  DELTA1_TRY (check_mask (options, N, reason));
  slong m = options->mask == NULL ? N : options->count;
  context = calloc (1, sizeof *context);
  if (context != NULL)
    context->kept = malloc ((size_t)m * sizeof *context->kept);
  if (context == NULL || context->kept == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a transform"));
  context->transform = options->transform;
  context->shape = (delta1_wavelet_shape_t){ .dimensions = options->dimensions,
                                             .side = options->side,
                                             .levels = options->levels,
                                             .taps = 2 * (int)options->wavelet };
  for (slong i = 0; i < m; i++)
    context->kept[i] = natural_index (options, options->mask == NULL ? i : options->mask[i]);
  if (!use->encloses)
    DELTA1_TRY (delta1_sampled_doubles_create (&context->doubles, context, m,
                                               use->is_complex ? 2 : 1, reason));
  made = delta1_operator_allocate (use->encloses ? &balls_table : &doubles_table, use, bits, m, N,
                                   context);
  if (made == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a transform"));
  arb_one (made->norm);
  for (int direction = DELTA1_FORWARD; direction <= DELTA1_ADJOINT && !use->encloses; direction++)
    delta1_sampled_doubles_rounding (made->relative[direction], made->absolute[direction],
                                     context->doubles);
  *A = made;
  context = NULL;

cleanup:
  if (context != NULL)
    {
      delta1_sampled_doubles_free (context->doubles);
      free (context->kept);
      free (context);
    }
  return status;
}
