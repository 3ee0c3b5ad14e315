/* What delta1 reconstruct measures. */
#include "programs/reconstruct.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/measurement.h"
#include "src/random.h"

#define BITS DELTA1_RECONSTRUCT_BITS
/* lambda ||Ax - y|| is then this many standard deviations of the noise of one sample. */
#define LAMBDA 0.2

void
delta1_reconstruct_problem_init (delta1_reconstruct_problem_t *problem)
{
  *problem = (delta1_reconstruct_problem_t){ .setting = NULL };
  delta1_restart_init (&problem->network, BITS);
}

void
delta1_reconstruct_problem_clear (delta1_reconstruct_problem_t *p)
{
  if (p->A != NULL)
    {
      p->A->use->free (p->y, p->A->m);
      p->A->use->free (p->coefficients, p->A->N);
    }
  delta1_operator_free (p->A);
  delta1_operator_free (p->W);
  delta1_image_clear (&p->truth);
  free (p->measured.values);
  free (p->mask);
  free (p->index);
  if (p->weights != NULL)
    _arb_vec_clear (p->weights, p->side * p->side);
  delta1_restart_clear (&p->network);
}

/* --- the picture ------------------------------------------------------------------------------ */

static delta1_status_t
read_mask (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const char *path = p->setting->mask;
  delta1_status_t status = DELTA1_OK;
  slong side;
  DELTA1_TRY (delta1_image_read_mask (&p->mask, &side, path, reason));
  if (p->side == 0)
    p->side = side;
  if (side != p->side)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "%.300s: a mask of side %ld for an image of side %ld", path,
                             (long)side, (long)p->side));
cleanup:
  return status;
}

static delta1_status_t
find_truth (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  delta1_status_t status = DELTA1_OK;
  p->side = s->side > 0 ? s->side : DELTA1_RECONSTRUCT_SIDE;
  if (s->input != NULL)
    DELTA1_TRY (delta1_reconstruct_read (p, reason));
  if (p->input == DELTA1_RECONSTRUCT_PICTURE && s->phantom_given)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "a picture as INPUT and --phantom: allowed: one of them"));
  if (s->mask != NULL)
    DELTA1_TRY (read_mask (p, reason));
  if (p->side < DELTA1_RECONSTRUCT_MIN_SIDE || p->side > DELTA1_RECONSTRUCT_MAX_SIDE
      || (p->side & (p->side - 1)) != 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "side %ld; allowed: powers of two from %d to %d",
                             (long)p->side, DELTA1_RECONSTRUCT_MIN_SIDE,
                             DELTA1_RECONSTRUCT_MAX_SIDE));
  if (p->input != DELTA1_RECONSTRUCT_PICTURE)
    p->frame = (delta1_reconstruct_frame_t){ 0, 0, p->side, p->side };
  if (p->input == DELTA1_RECONSTRUCT_PHANTOM
      || (p->input != DELTA1_RECONSTRUCT_PICTURE && s->phantom_given))
    DELTA1_TRY (delta1_phantom_make (&p->truth, s->phantom, p->side, reason));
  slong most = (slong)FLINT_BIT_COUNT ((ulong)p->side) - 1; /* log2 */
  p->levels = s->levels > 0 ? s->levels : most - 2;
  if (p->levels > most)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "--levels %ld; allowed: 1 to %ld at side %ld",
                             (long)p->levels, (long)most, (long)p->side));
cleanup:
  return status;
}

bool
delta1_reconstruct_is_padded (const delta1_reconstruct_problem_t *p)
{
  return p->frame.width != p->side || p->frame.height != p->side;
}

/* --- samples ---------------------------------------------------------------------------------- */

/* Local sparsities of what pictures look like: the phantom. (Those of the truth would be knowledge
 * that a measurement does not have.) */
static delta1_status_t
find_sparsity (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_image_t model = { .pixel = NULL };
  DELTA1_TRY (delta1_phantom_make (&model, DELTA1_PHANTOM_SHEPP_LOGAN, p->side, reason));
  DELTA1_TRY (delta1_sampling_sparsity (p->sparsity, p->levels, model.pixel, p->side,
                                        p->setting->threshold, reason));
  slong sum = 0;
  for (slong k = 0; k < p->levels; k++)
    sum += p->sparsity[k];
  if (sum == 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "--threshold %g: no coefficient is above; allowed: less",
                             p->setting->threshold));
  for (slong k = 0; k < p->levels; k++)
    if (p->sparsity[k] == 0)
      p->sparsity[k] = 1;
  delta1_sampling_weights (p->level_weight, p->sparsity, p->levels);
  for (slong k = 0; k < p->levels && p->setting->unweighted; k++)
    p->level_weight[k] = 1;
cleanup:
  delta1_image_clear (&model);
  return status;
}

static int
moments (delta1_wavelet_t wavelet)
{
  return (int)wavelet; /* Haar has one, Daubechies k has k */
}

static slong
sample_count (const delta1_reconstruct_problem_t *p)
{
  slong count = lrint (p->setting->rate * (double)(p->side * p->side));
  return count > 0 ? count : 1;
}

static delta1_status_t
find_mask (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_setting_t *s = p->setting;
  slong N = p->side * p->side;
  if (p->mask == NULL && p->measured.values != NULL && !s->pattern_given)
    DELTA1_TRY (delta1_reconstruct_nonzero (p, reason));
  else if (p->mask == NULL)
    {
      const delta1_sampling_t sampling = { .pattern = s->pattern,
                                           .side = p->side,
                                           .count = sample_count (p),
                                           .centred = s->transform == DELTA1_TRANSFORM_FOURIER,
                                           .seed = (uint64_t)s->seed,
                                           .levels = p->levels,
                                           .sparsity = p->sparsity,
                                           .vanishing = moments (s->wavelet) };
      p->mask = malloc ((size_t)N);
      if (p->mask == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a mask"));
      DELTA1_TRY (delta1_sampling_mask (p->mask, &sampling, reason));
    }
  for (slong i = 0; i < N; i++)
    p->samples += p->mask[i];
  if (p->samples == 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "%.300s: nothing is measured",
                             s->mask != NULL ? s->mask : s->input));
  p->index = malloc ((size_t)p->samples * sizeof *p->index);
  if (p->index == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a mask"));
  for (slong i = 0, k = 0; i < N; i++)
    if (p->mask[i] != 0)
      p->index[k++] = i;
cleanup:
  return status;
}

void
delta1_reconstruct_sampled (delta1_sampled_t *options, const delta1_reconstruct_problem_t *p)
{
  *options = (delta1_sampled_t){ .transform = p->setting->transform,
                                 .wavelet = p->setting->wavelet,
                                 .levels = p->levels,
                                 .dimensions = 2,
                                 .side = p->side,
                                 .mask = p->index,
                                 .count = p->samples };
}

static delta1_status_t
make_operators (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_reconstruct_setting_t *s = p->setting;
  const delta1_arithmetic_t *use = s->transform == DELTA1_TRANSFORM_FOURIER
                                       ? &delta1_arithmetic_complex_double
                                       : &delta1_arithmetic_double;
  delta1_sampled_t options;
  delta1_reconstruct_sampled (&options, p);
  DELTA1_TRY (delta1_operator_create_sampled (&p->A, use, 53, &options, reason));
  options.transform = DELTA1_TRANSFORM_NONE;
  options.mask = NULL;
  DELTA1_TRY (delta1_operator_create_sampled (&p->W, use, 53, &options, reason));
cleanup:
  return status;
}

/* --- data ------------------------------------------------------------------------------------- */

/* Of the truth the frame is kept: around it there is black. */
static void
crop (delta1_reconstruct_problem_t *p)
{
  const delta1_reconstruct_frame_t *f = &p->frame;
  for (slong i = 0; i < f->height; i++)
    memmove (p->truth.pixel + i * f->width, p->truth.pixel + (f->top + i) * p->side + f->left,
             (size_t)f->width * sizeof *p->truth.pixel);
  p->truth.width = f->width;
  p->truth.height = f->height;
}

static delta1_status_t
analyse_truth (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = p->A->use;
  slong N = p->side * p->side, parts = use->is_complex ? 2 : 1;
  delta1_status_t status = DELTA1_OK;
  double *values = calloc ((size_t)(N * parts), sizeof *values);
  void *image = use->create (N, p->A->bits);
  p->coefficients = use->create (N, p->A->bits);
  if (values == NULL || image == NULL || p->coefficients == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an image"));
  for (slong i = 0; i < N; i++)
    values[parts * i] = p->truth.pixel[i];
  delta1_vector_set (image, use, values, N);
  delta1_operator_adjoint (p->W, p->coefficients, image);
  crop (p);
cleanup:
  free (values);
  use->free (image, N);
  return status;
}

static delta1_status_t
find_data (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = p->A->use;
  p->y = use->create (p->samples, p->A->bits);
  if (p->y == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for data"));
  if (p->truth.pixel != NULL)
    DELTA1_TRY (analyse_truth (p, reason));
  if (p->measured.values != NULL)
    DELTA1_TRY (delta1_reconstruct_take (p, reason));
  else
    {
      /* The mask has the seed itself: the noise must not follow it. */
      uint64_t state = (uint64_t)p->setting->seed;
      DELTA1_TRY (delta1_measurement_simulate (p->y, p->A, p->coefficients, p->setting->noise,
                                               delta1_random_bits (&state), reason));
    }
  p->length = delta1_vector_length (use, p->y, p->samples);
  if (use->zero (p->y, p->samples))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "the data are all 0: nothing to reconstruct"));
cleanup:
  return status;
}

/* --- the network ------------------------------------------------------------------------------ */

static delta1_status_t
set_network (delta1_reconstruct_problem_t *p, delta1_reason_t *reason)
{
  const delta1_reconstruct_setting_t *s = p->setting;
  delta1_restart_t *n = &p->network;
  if (!s->unweighted)
    {
      p->weights = _arb_vec_init (p->side * p->side);
      for (slong i = 0; i < p->side; i++)
        for (slong j = 0; j < p->side; j++)
          arb_set_d (p->weights + i * p->side + j,
                     p->level_weight[delta1_sampling_level (p->side, p->levels, i, j) - 1]);
    }
  n->steps.weights = p->weights;
  p->lambda = s->lambda > 0 ? s->lambda : LAMBDA / sqrt ((double)p->samples);
  arb_set_d (n->steps.lambda, p->lambda);
  arb_set_d (n->steps.tau, s->tau);
  arb_set_d (n->steps.sigma, s->sigma);
  arb_set_d (n->eps_0, p->length);
  n->inner = s->inner;
  n->restarts = s->restarts;
  p->delta = s->delta > 0 ? s->delta : 2 * s->noise * p->length;
  arb_set_d (n->delta, p->delta);
  if (!(p->delta > 0))
    return delta1_fail (reason, DELTA1_INPUT,
                        "--noise 0 gives delta = 0; allowed with --delta above 0");
  return DELTA1_OK;
}

delta1_status_t
delta1_reconstruct_problem_build (delta1_reconstruct_problem_t *p,
                                  const delta1_reconstruct_setting_t *setting,
                                  delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  p->setting = setting;
  DELTA1_TRY (find_truth (p, reason));
  DELTA1_TRY (find_sparsity (p, reason));
  DELTA1_TRY (find_mask (p, reason));
  DELTA1_TRY (make_operators (p, reason));
  DELTA1_TRY (find_data (p, reason));
  DELTA1_TRY (set_network (p, reason));
cleanup:
  return status;
}

delta1_status_t
delta1_reconstruct_pixels (double **values, const delta1_reconstruct_problem_t *p, const void *x,
                           delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = p->A->use;
  const delta1_reconstruct_frame_t *f = &p->frame;
  slong N = p->side * p->side, parts = use->is_complex ? 2 : 1;
  delta1_status_t status = DELTA1_OK;
  void *pixels = use->create (N, p->A->bits);
  double *all = malloc ((size_t)(N * parts) * sizeof *all);
  if (pixels == NULL || all == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an image"));
  delta1_operator_forward (p->W, pixels, x);
  delta1_vector_get (all, use, pixels, N);
  for (slong i = 0; i < f->height; i++)
    memmove (all + parts * i * f->width, all + parts * ((f->top + i) * p->side + f->left),
             (size_t)(parts * f->width) * sizeof *all);
  *values = all;
  all = NULL;
cleanup:
  use->free (pixels, N);
  free (all);
  return status;
}

delta1_status_t
delta1_reconstruct_image (delta1_image_t *image, const delta1_reconstruct_problem_t *p,
                          const void *x, delta1_reason_t *reason)
{
  slong parts = p->A->use->is_complex ? 2 : 1;
  delta1_status_t status = DELTA1_OK;
  double *values = NULL;
  DELTA1_TRY (delta1_reconstruct_pixels (&values, p, x, reason));
  DELTA1_TRY (delta1_image_init (image, p->frame.width, p->frame.height, reason));
  for (slong i = 0; i < image->width * image->height; i++)
    image->pixel[i] = values[parts * i];
cleanup:
  free (values);
  return status;
}
