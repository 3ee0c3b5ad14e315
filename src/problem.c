#include "src/problem.h"

#include <stdlib.h>
#include <string.h>

#include "src/number.h"

static const char *const names[DELTA1_PROBLEM_COUNT] = { "srlasso", "lasso", "qcbp", "bp", "lp" };

const char *
delta1_problem_name (delta1_problem_t problem)
{
  return names[problem];
}

delta1_status_t
delta1_problem_parse (delta1_problem_t *problem, const char *name, delta1_reason_t *reason)
{
  for (int i = 0; i < DELTA1_PROBLEM_COUNT; i++)
    if (strcmp (name, names[i]) == 0)
      {
        *problem = (delta1_problem_t)i;
        return DELTA1_OK;
      }
  return delta1_fail (reason, DELTA1_INPUT,
                      "'%.40s' is not a problem; allowed: srlasso, lasso, qcbp, bp, lp", name);
}

const char *
delta1_problem_parameter (delta1_problem_t problem)
{
  switch (problem)
    {
    case DELTA1_SRLASSO:
    case DELTA1_LASSO:
      return "lambda";
    case DELTA1_QCBP:
      return "epsilon";
    case DELTA1_BP:
    case DELTA1_LP:
      break;
    }
  return NULL;
}

/* D = a common denominator of the numbers: 2^a E with E odd. Powers of two, and odd parts that
 * repeat, cost no greatest common divisor. */
typedef struct
{
  ulong two;
  fmpz_t odd;
} denominator_t;

static void
denominator_include (denominator_t *D, const fmpz_t q)
{
  ulong two = (ulong)fmpz_val2 (q);
  if (two > D->two)
    D->two = two;
  if (fmpz_bits (q) == two + 1)
    return;
  fmpz_t odd;
  fmpz_init (odd);
  fmpz_fdiv_q_2exp (odd, q, two);
  if (!fmpz_equal (odd, D->odd))
    fmpz_lcm (D->odd, D->odd, odd);
  fmpz_clear (odd);
}

/* v = x D, an integer. */
static void
denominator_scale (fmpz_t v, const fmpq_t x, const denominator_t *D)
{
  ulong two = (ulong)fmpz_val2 (fmpq_denref (x));
  fmpz_t factor;
  fmpz_init (factor);
  fmpz_fdiv_q_2exp (factor, fmpq_denref (x), two);
  if (fmpz_equal (factor, D->odd))
    fmpz_one (factor);
  else if (fmpz_is_one (factor))
    fmpz_set (factor, D->odd);
  else
    fmpz_divexact (factor, D->odd, factor);
  fmpz_mul (v, fmpq_numref (x), factor);
  fmpz_mul_2exp (v, v, D->two - two);
  fmpz_clear (factor);
}

static int
compare_descending (const void *a, const void *b)
{
  return -fmpz_cmp ((const fmpz *)a, (const fmpz *)b);
}

/* tau = T/k with sum_i max(v_i - tau, 0) = S, v of length size >= 1 (it is sorted here): the
 * projection of v on { theta >= 0, sum theta = S } is max(v - tau, 0). With v sorted downwards, tau
 * is (v_1 + ... + v_k - S)/k for the largest k with k v_k > v_1 + ... + v_k - S; such k are an
 * initial segment, and k = 1 is one as S > 0. */
static slong
simplex_threshold (fmpz_t T, fmpz *v, slong size, const fmpz_t S)
{
  fmpz_t sum, scaled;
  slong k = 0;
  fmpz_init (sum);
  fmpz_init (scaled);
  qsort (v, (size_t)size, sizeof (fmpz), compare_descending);
  fmpz_neg (sum, S);
  while (k < size)
    {
      fmpz_add (sum, sum, v + k);
      fmpz_mul_si (scaled, v + k, k + 1);
      if (fmpz_cmp (scaled, sum) <= 0)
        break;
      fmpz_set (T, sum);
      k++;
    }
  fmpz_clear (sum);
  fmpz_clear (scaled);
  return k;
}

void
delta1_face_distance_squared (fmpz_t num, fmpz_t den, const fmpq *x, slong N,
                              const delta1_face_t *face)
{
  fmpz *value = _fmpz_vec_init (N);
  fmpz *sorted = _fmpz_vec_init (face->size);
  denominator_t D;
  fmpz_t S, T, term;
  fmpz_init (S);
  fmpz_init (T);
  fmpz_init (term);
  D.two = 0;
  fmpz_init_set_ui (D.odd, 1);

  denominator_include (&D, fmpq_denref (face->scale));
  for (slong j = 0; j < N; j++)
    if (!fmpq_is_zero (x + j))
      denominator_include (&D, fmpq_denref (x + j));
  denominator_scale (S, face->scale, &D);
  for (slong j = 0; j < N; j++)
    if (!fmpq_is_zero (x + j))
      denominator_scale (value + j, x + j, &D);
  for (slong i = 0; i < face->size; i++)
    fmpz_set (sorted + i, value + face->face[i]);
  slong k = simplex_threshold (T, sorted, face->size, S);

  /* On the face x_i - max(x_i - tau, 0) = min(x_i, tau); off it x_j. All times k D. */
  fmpz_zero (num);
  for (slong i = 0; i < face->size; i++)
    {
      fmpz_mul_si (term, value + face->face[i], k);
      if (fmpz_cmp (term, T) > 0)
        fmpz_set (term, T);
      fmpz_addmul (num, term, term);
      fmpz_zero (value + face->face[i]);
    }
  for (slong j = 0; j < N; j++)
    if (!fmpz_is_zero (value + j))
      {
        fmpz_mul_si (term, value + j, k);
        fmpz_addmul (num, term, term);
      }
  fmpz_mul_si (term, D.odd, k);
  fmpz_mul (den, term, term);
  fmpz_mul_2exp (den, den, 2 * D.two);

  fmpz_clear (S);
  fmpz_clear (T);
  fmpz_clear (term);
  fmpz_clear (D.odd);
  _fmpz_vec_clear (value, N);
  _fmpz_vec_clear (sorted, face->size);
}

int
delta1_distance_cmp_digits (const fmpz_t num, const fmpz_t den, slong k)
{
  fmpz_t power;
  fmpz_init_set_ui (power, 10);
  fmpz_pow_ui (power, power, (ulong)(2 * (k >= 0 ? k : -k)));
  fmpz_mul (power, power, k >= 0 ? num : den);
  int sign = k >= 0 ? fmpz_cmp (power, den) : fmpz_cmp (num, power);
  fmpz_clear (power);
  return sign;
}

int
delta1_distance_cmp (const fmpz_t num, const fmpz_t den, const fmpq_t bound)
{
  fmpz_t left, right;
  fmpz_init (left);
  fmpz_init (right);
  fmpz_mul (left, fmpq_denref (bound), fmpq_denref (bound));
  fmpz_mul (left, left, num);
  fmpz_mul (right, fmpq_numref (bound), fmpq_numref (bound));
  fmpz_mul (right, right, den);
  int sign = fmpz_cmp (left, right);
  fmpz_clear (left);
  fmpz_clear (right);
  return sign;
}

bool
delta1_distance_at_most (const fmpz_t num, const fmpz_t den, const fmpq_t radius, slong k)
{
  if (fmpq_is_zero (radius))
    return delta1_distance_cmp_digits (num, den, k) <= 0;
  fmpq_t rest;
  fmpq_init (rest);
  delta1_number_set_digits (rest, k);
  fmpq_sub (rest, rest, radius);
  bool held = fmpq_sgn (rest) >= 0 && delta1_distance_cmp (num, den, rest) <= 0;
  fmpq_clear (rest);
  return held;
}

bool
delta1_distance_is_above (const fmpz_t num, const fmpz_t den, const fmpq_t radius, slong k)
{
  if (fmpq_is_zero (radius))
    return delta1_distance_cmp_digits (num, den, k) > 0;
  fmpq_t bound;
  fmpq_init (bound);
  delta1_number_set_digits (bound, k);
  fmpq_add (bound, bound, radius);
  bool above = delta1_distance_cmp (num, den, bound) > 0;
  fmpq_clear (bound);
  return above;
}

slong
delta1_distance_digits (const fmpz_t num, const fmpz_t den)
{
  double bits = 0.5 * ((double)fmpz_bits (den) - (double)fmpz_bits (num));
  slong D = (slong)(bits * 0.30102999566398120);
  while (delta1_distance_cmp_digits (num, den, D) > 0)
    D--;
  while (delta1_distance_cmp_digits (num, den, D + 1) <= 0)
    D++;
  return D;
}
