#include "constructions/finite_precision.h"

#include <math.h>
#include <stdlib.h>

#include "constructions/fold_private.h"
#include "src/mpfr_vector.h"
#include "src/network_gradient.h"
#include "src/piece_count.h"

/* Cells of the errors of E1 are 2^-(CELL_BITS + j) times 2^-p wide. */
#define CELL_BITS 8

delta1_status_t
delta1_fold_network (delta1_network_t **network, slong depth, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *made = NULL;
  slong widths[DELTA1_FOLD_MAX_DEPTH + 1];
  *network = NULL;
  if (depth < 1 || depth > DELTA1_FOLD_MAX_DEPTH)
    return delta1_fail (reason, DELTA1_INPUT, "depth %ld: allowed 1 to %d", (long)depth,
                        DELTA1_FOLD_MAX_DEPTH);
  for (slong j = 0; j < depth; j++)
    widths[j] = 2;
  widths[depth] = 1;
  DELTA1_TRY (delta1_network_create (&made, 1, depth + 1, widths, reason));
  for (slong j = 0; j <= depth; j++)
    {
      fmpq_mat_struct *W = delta1_network_edit_weights (made, j);
      fmpq_mat_struct *c = delta1_network_edit_bias (made, j);
      for (slong i = 0; i < widths[j]; i++)
        {
          fmpq_one (fmpq_mat_entry (W, i, 0)); /* g_j = first unit - 2 second unit */
          if (j > 0)
            fmpq_set_si (fmpq_mat_entry (W, i, 1), -2, 1);
        }
      if (j == depth)
        continue;
      fmpq *b = fmpq_mat_entry (c, 1, 0);
      fmpq_set_si (b, -1, 1);
      fmpq_div_2exp (b, b, (flint_bitcnt_t)(j + 1));
      DELTA1_TRY (delta1_network_set_units (made, j, 0, 2, DELTA1_RELU, reason));
    }
  *network = made;
  made = NULL;
cleanup:
  delta1_network_free (made);
  return status;
}

/* --- pieces by their images ------------------------------------------------------------------- */

/* `times` pieces with the image [low, high]. */
typedef struct
{
  fmpz_t low, high, times;
} image_t;

typedef struct
{
  slong count, room;
  image_t *image;
} images_t;

static void
images_add (images_t *images, const fmpz_t low, const fmpz_t high, const fmpz_t times)
{
  if (images->count == images->room)
    {
      slong room = 2 * images->room + 16;
      images->image = flint_realloc (images->image, (size_t)room * sizeof *images->image);
      for (slong i = images->room; i < room; i++)
        {
          fmpz_init (images->image[i].low);
          fmpz_init (images->image[i].high);
          fmpz_init (images->image[i].times);
        }
      images->room = room;
    }
  image_t *image = images->image + images->count++;
  fmpz_set (image->low, low);
  fmpz_set (image->high, high);
  fmpz_set (image->times, times);
}

static void
images_clear (images_t *images)
{
  for (slong i = 0; i < images->room; i++)
    {
      fmpz_clear (images->image[i].low);
      fmpz_clear (images->image[i].high);
      fmpz_clear (images->image[i].times);
    }
  flint_free (images->image);
}

static int
compare_images (const void *a, const void *b)
{
  const image_t *x = a, *y = b;
  int order = fmpz_cmp (x->high, y->high);
  return order != 0 ? order : fmpz_cmp (x->low, y->low);
}

/* Equal images become one. */
static void
images_merge (images_t *images)
{
  slong kept = 0;
  qsort (images->image, (size_t)images->count, sizeof *images->image, compare_images);
  for (slong i = 1; i < images->count; i++)
    {
      image_t *last = images->image + kept, *next = images->image + i;
      if (compare_images (last, next) == 0)
        {
          fmpz_add (last->times, last->times, next->times);
          continue;
        }
      kept++;
      image_t swap = images->image[kept];
      images->image[kept] = *next;
      *next = swap;
    }
  images->count = kept + 1;
}

/* Every image after g -> g - 2 ReLU(g - b): the part above b is reflected at b. */
static void
images_fold (images_t *next, const images_t *images, const fmpz_t b)
{
  fmpz_t low, high;
  fmpz_init (low);
  fmpz_init (high);
  next->count = 0;
  for (slong i = 0; i < images->count; i++)
    {
      const image_t *image = images->image + i;
      fmpz_mul_2exp (low, b, 1);
      fmpz_sub (low, low, image->high); /* 2b - high, 2b - low */
      fmpz_mul_2exp (high, b, 1);
      fmpz_sub (high, high, image->low);
      if (fmpz_cmp (image->high, b) <= 0)
        images_add (next, image->low, image->high, image->times);
      else if (fmpz_cmp (image->low, b) >= 0)
        images_add (next, low, high, image->times);
      else
        {
          images_add (next, image->low, b, image->times);
          images_add (next, low, b, image->times);
        }
    }
  images_merge (next);
  fmpz_clear (low);
  fmpz_clear (high);
}

void
delta1_fold_pieces (fmpz *count, const fmpz *b, slong depth, slong bits)
{
  images_t images = { 0 }, next = { 0 };
  fmpz_t zero, one, unit;
  fmpz_init (zero);
  fmpz_init_set_ui (one, 1);
  fmpz_init (unit);
  fmpz_mul_2exp (unit, one, (flint_bitcnt_t)bits);
  images_add (&images, zero, unit, one);
  for (slong j = 0; j < depth; j++)
    {
      images_fold (&next, &images, b + j);
      images_t swap = images;
      images = next;
      next = swap;
      fmpz_zero (count + j);
      for (slong i = 0; i < images.count; i++)
        fmpz_add (count + j, count + j, images.image[i].times);
    }
  images_clear (&images);
  images_clear (&next);
  fmpz_clear (zero);
  fmpz_clear (one);
  fmpz_clear (unit);
}

/* --- E1 --------------------------------------------------------------------------------------- */

slong
delta1_fold_bits (slong depth, slong p)
{
  /* Centres of the finest cells lie on half of them. */
  return p + CELL_BITS + depth;
}

void
delta1_fold_perturb (fmpz *b, slong depth, slong p, uint64_t seed)
{
  slong bits = delta1_fold_bits (depth, p);
  uint64_t state = seed;
  fmpz_t t;
  fmpz_init (t);
  for (slong j = 0; j < depth; j++)
    {
      /* 2^(CELL_BITS + j + 1) cells of width h = 2^-(p + CELL_BITS + j): error = -2^-p + (i + 1/2)
       * h */
      slong cell = bits - (p + CELL_BITS + j); /* h is 2^cell lattice units */
      delta1_fold_random (t, CELL_BITS + j + 1, &state);
      fmpz_mul_2exp (t, t, 1);
      fmpz_add_ui (t, t, 1);
      fmpz_mul_2exp (t, t, (flint_bitcnt_t)(cell - 1));
      fmpz_one (b + j);
      fmpz_mul_2exp (b + j, b + j, (flint_bitcnt_t)(bits - p));
      fmpz_sub (t, t, b + j);
      fmpz_one (b + j);
      fmpz_mul_2exp (b + j, b + j, (flint_bitcnt_t)(bits - (j + 1)));
      fmpz_add (b + j, b + j, t);
    }
  fmpz_clear (t);
}

void
delta1_fold_bound (fmpz_t bound, slong depth, slong p)
{
  fmpz_t c;
  fmpz_init (c);
  fmpz_one (c);
  fmpz_mul_2exp (c, c, (flint_bitcnt_t)(p - 1));
  fmpz_one (bound);
  for (slong j = 0; j < depth; j++)
    if (fmpz_cmp (bound, c) < 0)
      fmpz_mul_2exp (bound, bound, 1);
    else
      fmpz_add (bound, bound, c);
  fmpz_clear (c);
}

void
delta1_fold_noise (double *mean, double *error, slong depth, slong p, slong seeds,
                   uint64_t first_seed)
{
  slong bits = delta1_fold_bits (depth, p);
  fmpz *b = _fmpz_vec_init (depth), *count = _fmpz_vec_init (depth);
  fmpz *sum = _fmpz_vec_init (depth), *squares = _fmpz_vec_init (depth);
  fmpz_t spread;
  fmpz_init (spread);
  for (slong seed = 0; seed < seeds; seed++)
    {
      delta1_fold_perturb (b, depth, p, first_seed + (uint64_t)seed);
      delta1_fold_pieces (count, b, depth, bits);
      for (slong j = 0; j < depth; j++)
        {
          fmpz_add (sum + j, sum + j, count + j);
          fmpz_addmul (squares + j, count + j, count + j);
        }
    }
  for (slong j = 0; j < depth; j++)
    {
      /* n sum x^2 - (sum x)^2 = n (n-1) variance, exactly */
      fmpz_mul_si (spread, squares + j, seeds);
      fmpz_submul (spread, sum + j, sum + j);
      mean[j] = fmpz_get_d (sum + j) / (double)seeds;
      error[j] = seeds < 2 ? 0 : sqrt (fmpz_get_d (spread) / (double)(seeds - 1)) / (double)seeds;
    }
  fmpz_clear (spread);
  _fmpz_vec_clear (b, depth);
  _fmpz_vec_clear (count, depth);
  _fmpz_vec_clear (sum, depth);
  _fmpz_vec_clear (squares, depth);
}

/* --- E2 --------------------------------------------------------------------------------------- */

delta1_float_format_t
delta1_fold_exact_format (const delta1_fold_lesson_t *lesson)
{
  return (delta1_float_format_t){ .name = "exact", .precision = lesson->exact_bits };
}

/* p <- p - 2^-rate g */
static void
step (mpfr_ptr p, mpfr_ptr g, slong count, slong rate)
{
  for (slong i = 0; i < count; i++)
    {
      int inexact = mpfr_div_2si (g + i, g + i, rate, MPFR_RNDN);
      (void)mpfr_subnormalize (g + i, inexact, MPFR_RNDN);
      (void)mpfr_sub (p + i, p + i, g + i, MPFR_RNDN);
    }
}

delta1_status_t
delta1_fold_train (delta1_network_t *network, bool *exact, const delta1_fold_lesson_t *lesson,
                   const delta1_float_format_t *format, slong rate, slong steps,
                   delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong count = delta1_parameters_count (network);
  mpfr_prec_t precision = format->precision;
  delta1_gradient_t *reverse = NULL;
  mpfr_ptr p = delta1_mpfr_vector_create (count, precision);
  mpfr_ptr g = delta1_mpfr_vector_create (count, precision);
  mpfr_t loss, scale;
  mpfr_inits2 (precision, loss, scale, (mpfr_ptr)NULL);
  delta1_squared_mpfr_t squared = { .targets = lesson->y, .outputs = 1, .scale = scale };
  delta1_batch_mpfr_t batch = { .parameters = p,
                                .inputs = lesson->x,
                                .size = lesson->size,
                                .loss = delta1_loss_squared_mpfr,
                                .context = &squared };
  delta1_float_range_t before = delta1_float_format_enter (format);
  mpfr_flags_t flags = mpfr_flags_save ();
  *exact = false;
  if (p == NULL || g == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory"));
  DELTA1_TRY (delta1_gradient_create (&reverse, network, reason));
  mpfr_clear_flags ();
  mpfr_set_ui (scale, 1, MPFR_RNDN);
  delta1_parameters_get_mpfr (p, network);
  for (slong i = 0; i < steps; i++)
    {
      DELTA1_TRY (delta1_gradient_run_mpfr (loss, g, NULL, reverse, &batch, precision, reason));
      step (p, g, count, rate);
    }
  *exact = mpfr_flags_test (MPFR_FLAGS_INEXACT) == 0;
  if (delta1_parameters_set_mpfr (network, p, reason) != DELTA1_OK)
    status = delta1_fail (reason, DELTA1_DOMAIN, "training left the finite numbers of %s",
                          format->name);
cleanup:
  mpfr_flags_restore (flags, MPFR_FLAGS_ALL);
  delta1_float_format_leave (before);
  delta1_gradient_free (reverse);
  delta1_mpfr_vector_free (p, count);
  delta1_mpfr_vector_free (g, count);
  mpfr_clears (loss, scale, (mpfr_ptr)NULL);
  return status;
}

delta1_status_t
delta1_fold_count (slong *count, const delta1_network_t *network, slong limit,
                   delta1_reason_t *reason)
{
  fmpq_t zero, one;
  delta1_reason_t why;
  fmpq_init (zero);
  fmpq_init (one);
  fmpq_one (one);
  delta1_status_t status = delta1_piece_count (count, network, zero, one, limit, &why);
  fmpq_clear (zero);
  fmpq_clear (one);
  if (status == DELTA1_BUDGET)
    return DELTA1_OK;
  return status == DELTA1_OK ? status : delta1_fail (reason, status, "%s", why.text);
}

delta1_status_t
delta1_fold_shake (slong *pieces, slong depth, const delta1_fold_lesson_t *lesson,
                   const delta1_float_format_t *format, const delta1_fold_training_t *training,
                   delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_network_t *network = NULL;
  bool exact;
  *pieces = 0;
  DELTA1_TRY (delta1_fold_network (&network, depth, reason));
  status = delta1_fold_train (network, &exact, lesson, format, training->rate, training->steps,
                              reason);
  if (status == DELTA1_OK)
    status = delta1_fold_count (pieces, network, training->limit, reason);
  else if (status == DELTA1_DOMAIN)
    status = DELTA1_OK;
cleanup:
  delta1_network_free (network);
  return status;
}

bool
delta1_fold_survived (slong pieces, slong depth, slong limit)
{
  return pieces >= limit || (depth < FLINT_BITS - 2 && pieces >= (slong)1 << depth);
}
