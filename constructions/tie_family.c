#include "constructions/tie_family.h"

#include <stdlib.h>
#include <string.h>

#include "src/number.h"

const delta1_tie_options_t delta1_tie_defaults = { .problem = DELTA1_SRLASSO,
                                                   .m = 3,
                                                   .N = 6,
                                                   .digits = 6,
                                                   .samples = 4,
                                                   .points = 1,
                                                   .parameter = NULL,
                                                   .mix = DELTA1_MIX_NONE,
                                                   .seed = 0 };

static delta1_status_t
check_range (const char *name, slong value, slong low, slong high, delta1_reason_t *reason)
{
  if (value < low || value > high)
    return delta1_fail (reason, DELTA1_INPUT, "%s = %ld; allowed: %ld to %ld", name, (long)value,
                        (long)low, (long)high);
  return DELTA1_OK;
}

static delta1_status_t
set_parameter (fmpq_t parameter, const delta1_tie_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *name = delta1_problem_parameter (options->problem);
  const char *text = options->parameter;
  if (name == NULL)
    {
      if (text != NULL)
        return delta1_fail (reason, DELTA1_INPUT, "%s has no parameter, but '%.40s' was given",
                            delta1_problem_name (options->problem), text);
      return DELTA1_OK;
    }
  delta1_reason_t wrong;
  status = delta1_number_parse (parameter, text == NULL ? "1/2" : text, &wrong);
  if (status != DELTA1_OK)
    return delta1_fail (reason, status, "%s: %s", name, wrong.text);
  if (fmpq_sgn (parameter) <= 0 || fmpz_cmp (fmpq_numref (parameter), fmpq_denref (parameter)) > 0)
    status = delta1_fail (reason, DELTA1_INPUT, "%s = %.40s; allowed: rationals in (0, 1]", name,
                          text);
  return status;
}

/* 6B, 4B, 2B. */
static void
set_alpha_star (fmpq_t alpha, const delta1_tie_family_t *family, delta1_tier_t tier)
{
  fmpq_set_si (alpha, 6 - 2 * (slong)tier, 1);
  fmpq_mul_2exp (alpha, alpha, (ulong)family->mixing->bound_exponent);
}

/* s_k, and t_k by Lemma 3.1. */
static void
set_scales (delta1_tie_family_t *family)
{
  fmpq_t s, alpha, shift;
  fmpq_init (s);
  fmpq_init (alpha);
  fmpq_init (shift);
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    {
      set_alpha_star (alpha, family, (delta1_tier_t)tier);
      delta1_number_set_digits (s, family->digits - tier);
      fmpq_mul_2exp (s, s, 1);
      if (family->problem == DELTA1_LASSO)
        {
          fmpq_div (shift, family->parameter, alpha);
          fmpq_div_2exp (shift, shift, 1);
        }
      else if (family->problem == DELTA1_QCBP)
        fmpq_set (shift, family->parameter);
      for (slong k = 0; k < family->points; k++)
        {
          fmpq *scale = family->scale[tier] + k;
          fmpq_set_si (scale, 4 * family->points - k, (ulong)(4 * family->points));
          fmpq_mul (scale, scale, s);
          fmpq_mul (family->datum[tier] + k, scale, alpha);
          fmpq_add (family->datum[tier] + k, family->datum[tier] + k, shift);
        }
    }
  fmpq_clear (s);
  fmpq_clear (alpha);
  fmpq_clear (shift);
}

delta1_status_t
delta1_tie_family_create_explicit (delta1_tie_family_t **family,
                                   const delta1_tie_options_t *options, delta1_mixing_t *mixing,
                                   const slong *place, slong places, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_tie_family_t *f = NULL;
  *family = NULL;
  DELTA1_TRY (check_range ("N", options->N, 2, DELTA1_TIE_MAX_COLUMNS, reason));
  DELTA1_TRY (check_range ("m", options->m, 1, options->N - 1, reason));
  DELTA1_TRY (check_range ("digits", options->digits, 3, DELTA1_TIE_MAX_DIGITS, reason));
  DELTA1_TRY (check_range ("samples", options->samples, 1, DELTA1_TIE_MAX_SAMPLES, reason));
  DELTA1_TRY (check_range ("points", options->points, 1, DELTA1_TIE_MAX_POINTS, reason));
  DELTA1_TRY (
      check_range ("m times N", options->m * options->N, 2, DELTA1_TIE_MAX_ENTRIES, reason));
  DELTA1_TRY (check_range ("digits times points", options->digits * options->points, 3,
                           DELTA1_TIE_MAX_ENTRIES, reason));

  slong columns = options->N + (options->problem == DELTA1_LP);
  f = calloc (1, sizeof *f);
  if (f != NULL)
    {
      f->place = calloc ((size_t)columns, sizeof *f->place);
      f->canonical = malloc ((size_t)columns * sizeof *f->canonical);
      fmpq_init (f->parameter);
    }
  if (f == NULL || f->place == NULL || f->canonical == NULL)
    {
      status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a family");
      goto cleanup;
    }
  f->problem = options->problem;
  f->m = options->m;
  f->N = options->N;
  f->digits = options->digits;
  f->samples = options->samples;
  f->points = options->points;
  f->tied = f->N - f->m + 1;
  f->shape = (delta1_shape_t){ .m = f->m, .N = columns, .R = f->points };
  DELTA1_TRY (set_parameter (f->parameter, options, reason));

  for (slong j = 0; j < columns; j++)
    f->canonical[j] = -1;
  for (slong j = 0; j < columns; j++)
    {
      if (places != columns || place[j] < 0 || place[j] >= columns || f->canonical[place[j]] >= 0)
        {
          status = delta1_fail (reason, DELTA1_INPUT,
                                "the places of the columns are not a permutation of 0 .. %ld",
                                (long)columns - 1);
          goto cleanup;
        }
      f->place[j] = place[j];
      f->canonical[place[j]] = j;
    }

  f->mixing = mixing;
  mixing = NULL;
  if (f->mixing->m != f->m)
    {
      status = delta1_fail (reason, DELTA1_INPUT, "a mixing of size %ld for m = %ld",
                            (long)f->mixing->m, (long)f->m);
      goto cleanup;
    }
  /* Theorem 3.2 (iii) and Lemma 3.3. */
  f->starved = f->samples - (f->mixing->kind == DELTA1_MIX_NONE ? 1 : f->mixing->hidden);
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    {
      f->scale[tier] = _fmpq_vec_init (f->points);
      f->datum[tier] = _fmpq_vec_init (f->points);
    }
  set_scales (f);
  DELTA1_TRY (delta1_mixing_direction (&f->direction, f->mixing, reason));
  f->known = (delta1_class_t){ .tied = f->tied,
                               .column = f->place,
                               .direction = f->direction,
                               .bound_exponent = f->mixing->bound_exponent,
                               .samples = f->samples };
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    f->known.scale[tier] = f->scale[tier];
  *family = f;
  f = NULL;

cleanup:
  delta1_mixing_free (mixing);
  delta1_tie_family_free (f);
  return status;
}

void
delta1_tie_family_free (delta1_tie_family_t *family)
{
  if (family == NULL)
    return;
  for (int tier = 0; tier < DELTA1_TIER_COUNT; tier++)
    if (family->scale[tier] != NULL)
      {
        _fmpq_vec_clear (family->scale[tier], family->points);
        _fmpq_vec_clear (family->datum[tier], family->points);
      }
  delta1_source_free (family->direction);
  delta1_mixing_free (family->mixing);
  free (family->place);
  free (family->canonical);
  fmpq_clear (family->parameter);
  free (family);
}

delta1_status_t
delta1_tie_family_create (delta1_tie_family_t **family, const delta1_tie_options_t *options,
                          delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_mixing_t *mixing = NULL;
  slong *place = NULL;
  gmp_randstate_t random;
  gmp_randinit_mt (random);
  gmp_randseed_ui (random, (unsigned long)options->seed);
  *family = NULL;

  DELTA1_TRY (check_range ("N", options->N, 2, DELTA1_TIE_MAX_COLUMNS, reason));
  DELTA1_TRY (check_range ("m", options->m, 1, options->N - 1, reason));
  slong columns = options->N + (options->problem == DELTA1_LP);
  place = malloc ((size_t)columns * sizeof *place);
  if (place == NULL)
    {
      status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a family");
      goto cleanup;
    }
  for (slong j = 0; j < columns; j++)
    place[j] = j;
  for (slong j = columns - 1; j > 0 && options->seed != 0; j--)
    {
      slong other = (slong)gmp_urandomm_ui (random, (unsigned long)j + 1);
      slong swap = place[j];
      place[j] = place[other];
      place[other] = swap;
    }
  DELTA1_TRY (
      delta1_mixing_create_seeded (&mixing, options->mix, options->m, options->seed, reason));
  status = delta1_tie_family_create_explicit (family, options, mixing, place, columns, reason);

cleanup:
  gmp_randclear (random);
  free (place);
  return status;
}

void
delta1_tie_task_init (delta1_task_t *task, const delta1_tie_family_t *family, slong digits,
                      slong max_precision, double seconds)
{
  *task = (delta1_task_t){ .problem = family->problem,
                           .shape = family->shape,
                           .digits = digits,
                           .max_precision = max_precision,
                           .seconds = seconds,
                           .known = &family->known };
  fmpq_init (task->parameter);
  fmpq_set (task->parameter, family->parameter);
}

void
delta1_tie_task_clear (delta1_task_t *task)
{
  fmpq_clear (task->parameter);
}

slong
delta1_tie_goal (const delta1_tie_family_t *family, delta1_tier_t tier)
{
  return family->digits - (slong)tier;
}

char
delta1_tier_letter (delta1_tier_t tier)
{
  return "abc"[tier];
}

void
delta1_tie_input_init (delta1_tie_input_t *input)
{
  input->tier = DELTA1_TIER_A;
  input->column = -1;
  fmpq_init (input->gap);
}

void
delta1_tie_input_clear (delta1_tie_input_t *input)
{
  fmpq_clear (input->gap);
}

void
delta1_tie_input_set (delta1_tie_input_t *input, const delta1_tie_family_t *family,
                      delta1_tier_t tier, slong column, slong k)
{
  slong exponent = tier == DELTA1_TIER_C ? family->samples - family->mixing->bound_exponent : k;
  input->tier = tier;
  input->column = column;
  /* odd numerator: in lowest terms */
  fmpz *num = fmpq_numref (input->gap), *den = fmpq_denref (input->gap);
  fmpz_set_si (num, tier == DELTA1_TIER_C ? 3 : 1);
  fmpz_one (den);
  if (exponent >= 0)
    fmpz_mul_2exp (den, den, (ulong)exponent);
  else
    fmpz_mul_2exp (num, num, (ulong)-exponent);
}

delta1_status_t
delta1_tie_input_check (const delta1_tie_family_t *family, const delta1_tie_input_t *input,
                        delta1_reason_t *reason)
{
  if (input->column < -1 || input->column >= family->tied)
    return delta1_fail (reason, DELTA1_INPUT, "column %ld; allowed: 0 to %ld", (long)input->column,
                        (long)family->tied - 1);
  if (input->column == -1)
    {
      if (input->tier != DELTA1_TIER_A || !fmpq_is_zero (input->gap))
        return delta1_fail (reason, DELTA1_INPUT, "the tie is an input of tier a, with gap 0");
      return DELTA1_OK;
    }
  if (input->tier == DELTA1_TIER_C)
    {
      delta1_tie_input_t only;
      delta1_tie_input_init (&only);
      delta1_tie_input_set (&only, family, DELTA1_TIER_C, input->column, 0);
      bool same = fmpq_equal (only.gap, input->gap);
      delta1_tie_input_clear (&only);
      if (!same)
        return delta1_fail (reason, DELTA1_INPUT, "the gap of tier c is 3B 2^-L");
      return DELTA1_OK;
    }
  const fmpz *q = fmpq_denref (input->gap);
  if (!fmpz_is_one (fmpq_numref (input->gap)) || fmpz_is_one (q)
      || fmpz_val2 (q) + 1 != fmpz_bits (q))
    return delta1_fail (reason, DELTA1_INPUT, "a gap of tiers a and b is 2^-k with k >= 1");
  return DELTA1_OK;
}

/* --- the source ------------------------------------------------------------------------------- */

typedef struct
{
  const delta1_tie_family_t *family;
  delta1_tie_input_t input;
  fmpq_t star;    /* alpha* */
  fmpq_t lowered; /* alpha* - gap */
  fmpq_t diagonal;
} tie_source_t;

/* Entry (row, place of a column) of U A P is U[row][*column] times *factor. */
static const fmpq *
matrix_factor (slong *column, fmpq_t minus_one, const tie_source_t *s, slong place)
{
  const delta1_tie_family_t *f = s->family;
  slong j = f->canonical[place];
  slong extra = f->problem == DELTA1_LP;
  *column = j < f->tied + extra ? 0 : j - f->tied - extra + 1;
  if (j < f->tied)
    return j == s->input.column ? s->star : s->lowered;
  if (*column > 0)
    return s->diagonal;
  fmpq_set_si (minus_one, -1, 1);
  return minus_one;
}

/* Entry j of the input is U[*row][*column] * (the returned number). */
static const fmpq *
entry_factor (slong *row, slong *column, fmpq_t minus_one, const tie_source_t *s, slong j)
{
  delta1_place_t place = delta1_shape_place (&s->family->shape, j);
  if (place.data)
    {
      *row = place.column;
      *column = 0;
      return s->family->datum[s->input.tier] + place.row;
    }
  *row = place.row;
  return matrix_factor (column, minus_one, s, place.column);
}

static bool
tie_exact (const void *context, fmpq_t re, fmpq_t im, slong j)
{
  const tie_source_t *s = context;
  const delta1_mixing_t *mixing = s->family->mixing;
  slong row, column;
  fmpq_t minus_one;
  if (mixing->kind == DELTA1_MIX_DCT)
    return false;
  fmpq_init (minus_one);
  const fmpq *factor = entry_factor (&row, &column, minus_one, s, j);
  if (mixing->kind == DELTA1_MIX_NONE)
    {
      if (row == column)
        fmpq_set (re, factor);
      else
        fmpq_zero (re);
    }
  else
    fmpq_mul (re, fmpq_mat_entry (mixing->exact, row, column), factor);
  fmpq_zero (im);
  fmpq_clear (minus_one);
  return true;
}

static delta1_status_t
tie_enclose (const void *context, acb_t z, slong j, slong prec, delta1_reason_t *reason)
{
  const tie_source_t *s = context;
  slong row, column;
  fmpq_t minus_one;
  arb_t factor_ball;
  (void)reason;
  fmpq_init (minus_one);
  arb_init (factor_ball);
  const fmpq *factor = entry_factor (&row, &column, minus_one, s, j);
  delta1_mixing_enclose (acb_realref (z), s->family->mixing, row, column, prec);
  arb_set_fmpq (factor_ball, factor, prec);
  arb_mul (acb_realref (z), acb_realref (z), factor_ball, prec);
  arb_zero (acb_imagref (z));
  arb_clear (factor_ball);
  fmpq_clear (minus_one);
  return DELTA1_OK;
}

static void
tie_source_free (void *context)
{
  tie_source_t *s = context;
  delta1_tie_input_clear (&s->input);
  fmpq_clear (s->star);
  fmpq_clear (s->lowered);
  fmpq_clear (s->diagonal);
  free (s);
}

static const delta1_source_table_t tie_table
    = { .name = "tie", .exact = tie_exact, .enclose = tie_enclose, .free = tie_source_free };

/* ceil(sqrt c) */
static slong
root_above (slong c)
{
  slong r = 0;
  while (r * r < c)
    r++;
  return r;
}

delta1_status_t
delta1_tie_source (delta1_source_t **source, const delta1_tie_family_t *family,
                   const delta1_tie_input_t *input, delta1_reason_t *reason)
{
  *source = NULL;
  tie_source_t *s = malloc (sizeof *s);
  if (s == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for an input");
  s->family = family;
  delta1_tie_input_init (&s->input);
  s->input.tier = input->tier;
  s->input.column = input->column;
  fmpq_set (s->input.gap, input->gap);
  fmpq_init (s->star);
  fmpq_init (s->lowered);
  fmpq_init (s->diagonal);
  set_alpha_star (s->star, family, input->tier);
  fmpq_sub (s->lowered, s->star, input->gap);
  fmpq_set_si (s->diagonal, root_above (family->tied), 1);
  fmpq_mul (s->diagonal, s->diagonal, s->star);
  return delta1_source_create (source, &tie_table, s, delta1_shape_count (&family->shape), false,
                               reason);
}

/* --- solutions -------------------------------------------------------------------------------- */

static int
compare_places (const void *a, const void *b)
{
  slong x = *(const slong *)a, y = *(const slong *)b;
  return (x > y) - (x < y);
}

void
delta1_tie_solution_face (slong *face, slong *size, const delta1_tie_family_t *family,
                          const delta1_tie_input_t *input)
{
  if (input->column >= 0)
    {
      face[0] = family->place[input->column];
      *size = 1;
      return;
    }
  for (slong j = 0; j < family->tied; j++)
    face[j] = family->place[j];
  *size = family->tied;
  qsort (face, (size_t)family->tied, sizeof *face, compare_places);
}

/* Compares two non-negative fractions. */
static int
compare_fractions (const fmpz_t p, const fmpz_t q, const fmpz_t r, const fmpz_t s)
{
  if (fmpz_equal (q, s))
    return fmpz_cmp (p, r);
  fmpz_t left, right;
  fmpz_init (left);
  fmpz_init (right);
  fmpz_mul (left, p, s);
  fmpz_mul (right, r, q);
  int sign = fmpz_cmp (left, right);
  fmpz_clear (left);
  fmpz_clear (right);
  return sign;
}

void
delta1_tie_error (fmpz_t num, fmpz_t den, slong *point, const fmpq_mat_t X,
                  const delta1_tie_family_t *family, const delta1_tie_input_t *input)
{
  slong *places = flint_malloc ((size_t)family->tied * sizeof *places);
  delta1_face_t face = { .face = places };
  fmpz_t p, q;
  fmpz_init (p);
  fmpz_init (q);
  fmpq_init (face.scale);
  delta1_tie_solution_face (places, &face.size, family, input);
  fmpz_set_si (num, -1);
  fmpz_one (den);
  *point = 0;
  for (slong k = 0; k < family->points; k++)
    {
      fmpq_set (face.scale, family->scale[input->tier] + k);
      delta1_face_distance_squared (p, q, fmpq_mat_entry (X, k, 0), family->shape.N, &face);
      if (compare_fractions (p, q, num, den) > 0)
        {
          fmpz_swap (num, p);
          fmpz_swap (den, q);
          *point = k;
        }
    }
  fmpz_clear (p);
  fmpz_clear (q);
  fmpq_clear (face.scale);
  flint_free (places);
}

void
delta1_tie_reveal (delta1_tie_input_t *input, const delta1_tie_family_t *family, delta1_tier_t tier,
                   slong n, const fmpq_mat_struct *X, slong committed)
{
  slong k = n < 1 ? 1 : n;
  if (family->mixing->kind != DELTA1_MIX_NONE)
    k = n + 1;
  delta1_tie_input_set (input, family, tier, 0, k);
  if (tier == DELTA1_TIER_C && n > family->starved)
    {
      input->column = committed;
      return;
    }
  if (X == NULL)
    return;
  /* For datum k the distance to s_k e_j is largest where x_kj is smallest; so the j that maximises
   * the largest distance over k is among these R. */
  fmpz_t num, den, best_num, best_den;
  slong best = 0, point;
  fmpz_init (num);
  fmpz_init (den);
  fmpz_init_set_si (best_num, -1);
  fmpz_init_set_ui (best_den, 1);
  for (slong r = 0; r < family->points; r++)
    {
      slong smallest = 0;
      for (slong j = 1; j < family->tied; j++)
        if (fmpq_cmp (fmpq_mat_entry (X, r, family->place[j]),
                      fmpq_mat_entry (X, r, family->place[smallest]))
            < 0)
          smallest = j;
      input->column = smallest;
      delta1_tie_error (num, den, &point, X, family, input);
      if (compare_fractions (num, den, best_num, best_den) > 0)
        {
          fmpz_swap (num, best_num);
          fmpz_swap (den, best_den);
          best = smallest;
        }
    }
  input->column = best;
  fmpz_clear (num);
  fmpz_clear (den);
  fmpz_clear (best_num);
  fmpz_clear (best_den);
}

void
delta1_tie_datum (fmpq *y, const delta1_tie_family_t *family, delta1_tier_t tier, slong k)
{
  for (slong i = 0; i < family->m; i++)
    if (family->mixing->kind == DELTA1_MIX_RATIONAL)
      fmpq_mul (y + i, fmpq_mat_entry (family->mixing->exact, i, 0), family->datum[tier] + k);
    else if (i == 0)
      fmpq_set (y + i, family->datum[tier] + k);
    else
      fmpq_zero (y + i);
}

void
delta1_tie_datum_balls (arb_ptr y, const delta1_tie_family_t *family, delta1_tier_t tier, slong k,
                        slong prec)
{
  arb_t t;
  arb_init (t);
  arb_set_fmpq (t, family->datum[tier] + k, prec);
  for (slong i = 0; i < family->m; i++)
    {
      delta1_mixing_enclose (y + i, family->mixing, i, 0, prec);
      arb_mul (y + i, y + i, t, prec);
    }
  arb_clear (t);
}
