/* The training set of trainers/learned.h. */
#include "trainers/learned.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/random.h"
#include "trainers/exact.h"

#define SPARSITY 5       /* as in the experiment */
#define DRAWS 8          /* before one entry less is tried */
#define PARALLEL 1e-6    /* least pivot of A_S^T A_S, relative to its diagonal */
#define NEARLY_ZERO 20   /* 2^-20 of the largest kappa that has a non-zero minimiser */
#define CERTIFICATE 1e-9 /* by how much a dual bound may be exceeded in doubles */

/* A support with its signs, and room for what is computed from it. */
typedef struct
{
  slong size;
  slong *index;  /* m */
  double *sign;  /* m */
  double *gram;  /* m x m */
  double *w;     /* m */
  double *u;     /* m: the dual vector */
  double length; /* ||u|| */
} support_t;

static void
support_clear (support_t *s)
{
  free (s->index);
  free (s->sign);
  free (s->gram);
  free (s->w);
  free (s->u);
}

static delta1_status_t
support_init (support_t *s, slong m, delta1_reason_t *reason)
{
  size_t count = (size_t)m;
  *s = (support_t){ .index = calloc (count, sizeof *s->index),
                    .sign = calloc (count, sizeof *s->sign),
                    .gram = calloc (count * count, sizeof *s->gram),
                    .w = calloc (count, sizeof *s->w),
                    .u = calloc (count, sizeof *s->u) };
  if (s->index == NULL || s->sign == NULL || s->gram == NULL || s->w == NULL || s->u == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a training set");
  return DELTA1_OK;
}

/* The support of x; false when it has more than m entries. */
static bool
support_of (support_t *s, const double *x, const delta1_shape_t *shape)
{
  s->size = 0;
  for (slong j = 0; j < shape->N; j++)
    if (x[j] < 0 || x[j] > 0)
      {
        if (s->size == shape->m)
          return false;
        s->index[s->size] = j;
        s->sign[s->size++] = x[j] > 0 ? 1 : -1;
      }
  return true;
}

static double
column_product (const delta1_lesson_t *lesson, slong j, const double *v)
{
  double sum = 0;
  for (slong i = 0; i < lesson->shape.m; i++)
    sum += lesson->A[i * lesson->shape.N + j] * v[i];
  return sum;
}

/* The Cholesky factor of A_S^T A_S; false when columns of S are nearly dependent. */
static bool
factor (support_t *s, const delta1_lesson_t *lesson)
{
  slong m = lesson->shape.m, N = lesson->shape.N, n = s->size;
  for (slong a = 0; a < n; a++)
    for (slong b = 0; b <= a; b++)
      {
        double sum = 0;
        for (slong i = 0; i < m; i++)
          sum += lesson->A[i * N + s->index[a]] * lesson->A[i * N + s->index[b]];
        double whole = sum;
        for (slong c = 0; c < b; c++)
          sum -= s->gram[a * m + c] * s->gram[b * m + c];
        if (a > b)
          s->gram[a * m + b] = sum / s->gram[b * m + b];
        else if (!(sum > PARALLEL * whole))
          return false;
        else
          s->gram[a * m + a] = sqrt (sum);
      }
  return true;
}

/* w = (A_S^T A_S)^-1 w */
static void
solve_factor (support_t *s, slong m)
{
  slong n = s->size;
  for (slong a = 0; a < n; a++)
    {
      for (slong c = 0; c < a; c++)
        s->w[a] -= s->gram[a * m + c] * s->w[c];
      s->w[a] /= s->gram[a * m + a];
    }
  for (slong a = n - 1; a >= 0; a--)
    {
      for (slong c = a + 1; c < n; c++)
        s->w[a] -= s->gram[c * m + a] * s->w[c];
      s->w[a] /= s->gram[a * m + a];
    }
}

/* u, and whether it proves (but for rounding) that a vector with this support and these signs is a
 * minimiser for its y; see learned.h. */
static bool
certify (support_t *s, const delta1_lesson_t *lesson)
{
  slong m = lesson->shape.m, N = lesson->shape.N;
  if (s->size == 0 || !factor (s, lesson))
    return false;
  memcpy (s->w, s->sign, (size_t)s->size * sizeof *s->w);
  solve_factor (s, m);
  double square = 0;
  for (slong i = 0; i < m; i++)
    {
      double sum = 0;
      for (slong a = 0; a < s->size; a++)
        sum += lesson->A[i * N + s->index[a]] * s->w[a];
      s->u[i] = sum;
      square += sum * sum;
    }
  s->length = sqrt (square);
  if (lesson->problem == DELTA1_SRLASSO && !(lesson->parameter * s->length <= 1 + CERTIFICATE))
    return false;
  for (slong j = 0; j < N; j++)
    {
      double value = column_product (lesson, j, s->u);
      if (lesson->problem != DELTA1_LP)
        value = fabs (value);
      if (!(value <= 1 + CERTIFICATE))
        return false;
    }
  return true;
}

/* y - A x = this times u. */
static double
shift (const support_t *s, const delta1_lesson_t *lesson)
{
  if (lesson->problem == DELTA1_LASSO)
    return lesson->parameter / 2;
  return lesson->problem == DELTA1_QCBP ? lesson->parameter / s->length : 0;
}

static void
set_datum (double *y, const double *x, const support_t *s, const delta1_lesson_t *lesson)
{
  slong m = lesson->shape.m, N = lesson->shape.N;
  for (slong i = 0; i < m; i++)
    {
      double sum = shift (s, lesson) * s->u[i];
      for (slong j = 0; j < N; j++)
        sum += lesson->A[i * N + j] * x[j];
      y[i] = sum;
    }
}

/* With its support and signs, x becomes the minimiser for y; it is left alone when it is not one.
 */
static delta1_status_t
polish (double *x, const double *y, const delta1_lesson_t *lesson, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = lesson->shape.m, N = lesson->shape.N;
  support_t s;
  bool same = true;

  DELTA1_TRY (support_init (&s, m, reason));
  if (!support_of (&s, x, &lesson->shape) || !certify (&s, lesson))
    goto cleanup;
  for (slong a = 0; a < s.size; a++)
    {
      double sum = 0;
      for (slong i = 0; i < m; i++)
        sum += lesson->A[i * N + s.index[a]] * (y[i] - shift (&s, lesson) * s.u[i]);
      s.w[a] = sum;
    }
  solve_factor (&s, m);
  for (slong a = 0; a < s.size; a++)
    same = same && s.w[a] * s.sign[a] > 0;
  for (slong a = 0; a < s.size && same; a++)
    x[s.index[a]] = s.w[a];

cleanup:
  support_clear (&s);
  return status;
}

delta1_status_t
delta1_lesson_targets (double *X, const delta1_lesson_t *lesson, const delta1_sample_t *sample,
                       const fmpq_t parameter, const delta1_deadline_t *deadline,
                       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = lesson->shape.m, N = lesson->shape.N;
  delta1_integers_t integers;
  fmpz *num = _fmpz_vec_init (N);
  fmpz_t den, product;
  fmpq_t kappa;
  arb_t value;

  fmpz_init (den);
  fmpz_init (product);
  fmpq_init (kappa);
  arb_init (value);
  delta1_integers_init (&integers, sample);
  slong exponent = integers.matrix_shift + integers.data_shift - 1;
  for (slong k = 0; k < lesson->shape.R; k++)
    {
      const fmpz *y = fmpz_mat_entry (integers.data, k, 0);
      double *x = X + k * N;
      memset (x, 0, (size_t)N * sizeof *x);
      if (lesson->problem == DELTA1_LASSO)
        {
          if (exponent >= 0)
            fmpq_mul_2exp (kappa, parameter, (flint_bitcnt_t)exponent);
          else
            fmpq_div_2exp (kappa, parameter, (flint_bitcnt_t)-exponent);
        }
      else
        {
          fmpq_zero (kappa);
          for (slong j = 0; j < N; j++)
            {
              fmpz_zero (product);
              for (slong i = 0; i < m; i++)
                fmpz_addmul (product, fmpz_mat_entry (integers.matrix, i, j), y + i);
              if (fmpz_cmpabs (fmpq_numref (kappa), product) < 0)
                fmpz_abs (fmpq_numref (kappa), product);
            }
          if (fmpq_is_zero (kappa))
            continue;
          fmpq_div_2exp (kappa, kappa, NEARLY_ZERO);
        }
      DELTA1_TRY (delta1_homotopy (num, den, integers.matrix, y, kappa, deadline, reason));
      for (slong j = 0; j < N; j++)
        {
          delta1_exact_store (value, num + j, den, integers.matrix_shift - integers.data_shift,
                              sample->n);
          x[j] = arf_get_d (arb_midref (value), ARF_RND_NEAR);
          if (lesson->problem == DELTA1_LP && x[j] < 0)
            x[j] = 0;
        }
      DELTA1_TRY (polish (x, lesson->Y + k * m, lesson, reason));
    }

cleanup:
  delta1_integers_clear (&integers);
  _fmpz_vec_clear (num, N);
  fmpz_clear (den);
  fmpz_clear (product);
  fmpq_clear (kappa);
  arb_clear (value);
  return status;
}

/* ||A x|| and ||a_j|| */
static double
length_of_image (const delta1_lesson_t *lesson, const double *x)
{
  slong N = lesson->shape.N;
  double square = 0;
  for (slong i = 0; i < lesson->shape.m; i++)
    {
      double sum = 0;
      for (slong j = 0; j < N; j++)
        sum += lesson->A[i * N + j] * x[j];
      square += sum * sum;
    }
  return sqrt (square);
}

static double
column_length (const delta1_lesson_t *lesson, slong j)
{
  double square = 0;
  for (slong i = 0; i < lesson->shape.m; i++)
    {
      double a = lesson->A[i * lesson->shape.N + j];
      square += a * a;
    }
  return sqrt (square);
}

/* x += g on `entries` random places outside the support of x, which is support->size large. */
static void
disturb (double *x, slong entries, double length, const delta1_lesson_t *lesson, uint64_t *state)
{
  slong N = lesson->shape.N, zeros = 0;
  for (slong j = 0; j < N; j++)
    zeros += !(x[j] < 0 || x[j] > 0);
  for (; entries > 0 && zeros > 0; entries--, zeros--)
    {
      slong place = (slong)(delta1_random_uniform (state) * (double)zeros), j = 0;
      for (;; j++)
        if (!(x[j] < 0 || x[j] > 0) && place-- == 0)
          break;
      double norm = column_length (lesson, j);
      double g = norm > 0 ? delta1_random_normal (state) * length / norm : 0;
      x[j] = lesson->problem == DELTA1_LP ? fabs (g) : g;
    }
}

static void
draw_pair (double *y, double *x, slong k, support_t *s, const delta1_lesson_t *lesson,
           uint64_t *state)
{
  slong m = lesson->shape.m, N = lesson->shape.N;
  const double *target = lesson->X + k * N;
  double length = length_of_image (lesson, target);
  slong entries = N / 4 < 1 ? 1 : N / 4 < SPARSITY ? N / 4 : SPARSITY;
  for (; entries > 0; entries--)
    for (int draw = 0; draw < DRAWS; draw++)
      {
        memcpy (x, target, (size_t)N * sizeof *x);
        disturb (x, entries, length, lesson, state);
        if (support_of (s, x, &lesson->shape) && certify (s, lesson))
          {
            set_datum (y, x, s, lesson);
            return;
          }
      }
  memcpy (x, target, (size_t)N * sizeof *x);
  memcpy (y, lesson->Y + k * m, (size_t)m * sizeof *y);
}

/* The exponent e with |v_i| < 2^e for all i, as small as possible; 0 for zeros. */
static slong
unit (const double *v, slong count)
{
  double largest = 0;
  int exponent = 0;
  for (slong i = 0; i < count; i++)
    largest = fabs (v[i]) > largest ? fabs (v[i]) : largest;
  if (largest > 0)
    (void)frexp (largest, &exponent);
  return exponent;
}

static bool
all_finite (const double *v, slong count)
{
  bool finite = true;
  for (slong i = 0; i < count; i++)
    finite = finite && isfinite (v[i]);
  return finite;
}

delta1_status_t
delta1_pairs_init (delta1_pairs_t *pairs, const delta1_lesson_t *lesson, slong size, uint64_t seed,
                   delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = lesson->shape.m, N = lesson->shape.N, R = lesson->shape.R;
  uint64_t state = seed;
  support_t s;

  if (size < R)
    size = R;
  *pairs = (delta1_pairs_t){ .m = m, .N = N, .size = size, .data = R };
  DELTA1_TRY (support_init (&s, m, reason));
  pairs->y = malloc ((size_t)(size * m) * sizeof *pairs->y);
  pairs->x = malloc ((size_t)(size * N) * sizeof *pairs->x);
  if (pairs->y == NULL || pairs->x == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a training set"));
  if (!all_finite (lesson->A, m * N) || !all_finite (lesson->Y, R * m)
      || !all_finite (lesson->X, R * N))
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                             "a number that was read, or a target, is beyond the doubles"));
  memcpy (pairs->y, lesson->Y, (size_t)(R * m) * sizeof *pairs->y);
  memcpy (pairs->x, lesson->X, (size_t)(R * N) * sizeof *pairs->x);
  for (slong p = R; p < size; p++)
    draw_pair (pairs->y + p * m, pairs->x + p * N, p % R, &s, lesson, &state);

  pairs->x_unit = unit (lesson->X, R * N);
  pairs->y_unit = unit (pairs->y, size * m);
  for (slong i = 0; i < size * m; i++)
    pairs->y[i] = ldexp (pairs->y[i], (int)-pairs->y_unit);
  for (slong i = 0; i < size * N; i++)
    pairs->x[i] = ldexp (pairs->x[i], (int)-pairs->x_unit);
  if (!all_finite (pairs->y, size * m) || !all_finite (pairs->x, size * N))
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "the training set is beyond the doubles"));

cleanup:
  support_clear (&s);
  return status;
}

void
delta1_pairs_clear (delta1_pairs_t *pairs)
{
  free (pairs->y);
  free (pairs->x);
  pairs->y = pairs->x = NULL;
}
