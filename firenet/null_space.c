#include "firenet/null_space.h"

#include <stdlib.h>
#include <string.h>

#include "firenet/operator.h"

/* Exponents of entries that are turned into rationals. */
#define MAX_EXPONENT 100000

/* --- levels ----------------------------------------------------------------------------------- */

delta1_status_t
delta1_levels_check (const delta1_levels_t *levels, slong N, delta1_reason_t *reason)
{
  slong begin = 0;
  if (levels->count < 1)
    return delta1_fail (reason, DELTA1_INPUT, "%ld levels; allowed: 1 or more",
                        (long)levels->count);
  for (slong k = 0; k < levels->count; k++)
    {
      slong length = levels->end[k] - begin;
      if (length < 1 || levels->end[k] > N)
        return delta1_fail (reason, DELTA1_INPUT,
                            "level %ld ends at %ld; allowed: increasing ends up to %ld",
                            (long)k + 1, (long)levels->end[k], (long)N);
      if (levels->sparsity[k] < 1 || levels->sparsity[k] > length)
        return delta1_fail (reason, DELTA1_INPUT,
                            "level %ld has the sparsity %ld; allowed: 1 to its length %ld",
                            (long)k + 1, (long)levels->sparsity[k], (long)length);
      if (levels->weights != NULL
          && (!arb_is_finite (levels->weights + k) || !arb_is_positive (levels->weights + k)))
        return delta1_fail (reason, DELTA1_INPUT,
                            "the weight of level %ld is not certainly positive and finite",
                            (long)k + 1);
      begin = levels->end[k];
    }
  if (begin != N)
    return delta1_fail (reason, DELTA1_INPUT, "the levels end at %ld; allowed: at N = %ld",
                        (long)begin, (long)N);
  return DELTA1_OK;
}

void
delta1_levels_constants (arb_t xi, arb_t zeta, arb_t least, const delta1_levels_t *levels,
                         slong precision)
{
  arb_t weight, term, sum, smallest, lightest;
  arb_init (weight);
  arb_init (term);
  arb_init (sum);
  arb_init (smallest);
  arb_init (lightest);
  for (slong k = 0; k < levels->count; k++)
    {
      if (levels->weights == NULL)
        arb_one (weight);
      else
        arb_set (weight, levels->weights + k);
      arb_sqr (term, weight, precision);
      arb_mul_si (term, term, levels->sparsity[k], precision);
      arb_add (sum, sum, term, precision);
      if (k == 0)
        {
          arb_set (smallest, term);
          arb_set (lightest, weight);
        }
      arb_min (smallest, smallest, term, precision);
      arb_min (lightest, lightest, weight, precision);
    }
  if (xi != NULL)
    arb_set (xi, sum);
  if (zeta != NULL)
    arb_set (zeta, smallest);
  if (least != NULL)
    arb_set (least, lightest);
  arb_clear (weight);
  arb_clear (term);
  arb_clear (sum);
  arb_clear (smallest);
  arb_clear (lightest);
}

static slong
total_sparsity (const delta1_levels_t *levels)
{
  slong sum = 0;
  for (slong k = 0; k < levels->count; k++)
    sum += levels->sparsity[k];
  return sum;
}

static slong
level_begin (const delta1_levels_t *levels, slong k)
{
  return k == 0 ? 0 : levels->end[k - 1];
}

/* prod_k binomial(M_k - M_{k-1}, s_k), or limit + 1 when it is larger. */
static slong
count_sets (const delta1_levels_t *levels, slong limit)
{
  fmpz_t product, factor;
  fmpz_init_set_ui (product, 1);
  fmpz_init (factor);
  for (slong k = 0; k < levels->count && fmpz_cmp_si (product, limit) <= 0; k++)
    {
      slong length = levels->end[k] - level_begin (levels, k), s = levels->sparsity[k];
      slong few = s <= length - s ? s : length - s;
      fmpz_one (factor);
      /* binomial(length, j) increases for j <= length/2 */
      for (slong j = 0; j < few && fmpz_cmp_si (factor, limit) <= 0; j++)
        {
          fmpz_mul_si (factor, factor, length - j);
          fmpz_divexact_si (factor, factor, j + 1);
        }
      fmpz_mul (product, product, factor);
    }
  slong count = fmpz_cmp_si (product, limit) <= 0 ? fmpz_get_si (product) : limit + 1;
  fmpz_clear (product);
  fmpz_clear (factor);
  return count;
}

/* --- the result ------------------------------------------------------------------------------- */

void
delta1_null_space_init (delta1_null_space_t *found)
{
  *found = (delta1_null_space_t){ .holds = DELTA1_UNKNOWN, .column = -1 };
  arb_init (found->rho);
  arb_init (found->gamma);
}

void
delta1_null_space_clear (delta1_null_space_t *found)
{
  arb_clear (found->rho);
  arb_clear (found->gamma);
  free (found->support);
  found->support = NULL;
}

static void
set_infinite (delta1_null_space_t *found)
{
  arb_pos_inf (found->rho);
  arb_pos_inf (found->gamma);
}

/* --- one support set -------------------------------------------------------------------------- */

typedef struct
{
  const acb_mat_struct *A;
  acb_mat_t gram; /* A* A */
  const delta1_levels_t *levels;
  slong precision, size;
  slong *set;   /* increasing */
  arb_t ratio;  /* max ||A_Delta^+ a_i||/w_i so far */
  arb_t square; /* a lower bound of the largest ||A_Delta^+||^2 so far */
  arb_t upper;  /* an upper bound of it */
  acb_mat_t part, inverse;
  acb_ptr image;
  arb_t norm, term;
} search_t;

static bool
to_rational (fmpq_t q, const arb_t x)
{
  if (!arb_is_exact (x) || arf_cmpabs_2exp_si (arb_midref (x), MAX_EXPONENT) > 0
      || (!arb_is_zero (x) && arf_cmpabs_2exp_si (arb_midref (x), -MAX_EXPONENT) < 0)
      || arf_bits (arb_midref (x)) > MAX_EXPONENT)
    return false;
  arf_get_fmpq (q, arb_midref (x));
  return true;
}

/* Whether A_Delta certainly has a kernel: its rank over Q, of [Re -Im; Im Re], for exact entries.
 */
static bool
is_singular (const search_t *s)
{
  slong m = acb_mat_nrows (s->A), k = s->size;
  bool exact = true;
  fmpq_mat_t real;
  if (k > m)
    return true;
  fmpq_mat_init (real, 2 * m, 2 * k);
  for (slong i = 0; i < m && exact; i++)
    for (slong j = 0; j < k && exact; j++)
      {
        acb_srcptr entry = acb_mat_entry (s->A, i, s->set[j]);
        exact = to_rational (fmpq_mat_entry (real, i, j), acb_realref (entry))
                && to_rational (fmpq_mat_entry (real, m + i, j), acb_imagref (entry));
        fmpq_set (fmpq_mat_entry (real, m + i, k + j), fmpq_mat_entry (real, i, j));
        fmpq_neg (fmpq_mat_entry (real, i, k + j), fmpq_mat_entry (real, m + i, j));
      }
  bool singular = exact && fmpq_mat_rref (real, real) < 2 * k;
  fmpq_mat_clear (real);
  return singular;
}

/* norm contains ||inverse||, the largest eigenvalue of (A_Delta* A_Delta)^-1. */
static void
spectral_norm (search_t *s)
{
  slong k = s->size;
  slong l = acb_mat_is_real (s->inverse) ? k : 2 * k;
  arb_ptr real = _arb_vec_init (l * l);
  for (slong i = 0; i < l; i++)
    for (slong j = 0; j < l; j++)
      {
        acb_srcptr entry = acb_mat_entry (s->inverse, i % k, j % k);
        arb_set (real + i * l + j, i / k == j / k ? acb_realref (entry) : acb_imagref (entry));
        if (i < k && j >= k)
          arb_neg (real + i * l + j, real + i * l + j);
      }
  delta1_operator_dense_norm (s->norm, real, l, l);
  _arb_vec_clear (real, l * l);
}

/* ||inverse|| <= the largest sum of absolute values in a row, since it is Hermitian. The sharp norm
 * is needed only for sets that may be the worst. */
static void
update_gamma (search_t *s)
{
  arb_t sum;
  arb_init (sum);
  arb_zero (s->norm);
  for (slong i = 0; i < s->size; i++)
    {
      arb_zero (sum);
      for (slong j = 0; j < s->size; j++)
        {
          acb_abs (s->term, acb_mat_entry (s->inverse, i, j), s->precision);
          arb_add (sum, sum, s->term, s->precision);
        }
      arb_max (s->norm, s->norm, sum, s->precision);
    }
  if (!arb_le (s->norm, s->square))
    {
      spectral_norm (s);
      arb_max (s->upper, s->upper, s->norm, s->precision);
      arb_get_lbound_arf (arb_midref (s->term), s->norm, s->precision);
      mag_zero (arb_radref (s->term));
      arb_max (s->square, s->square, s->term, s->precision);
    }
  arb_clear (sum);
}

static slong
level_of (const delta1_levels_t *levels, slong i)
{
  slong k = 0;
  while (levels->end[k] <= i)
    k++;
  return k;
}

/* term = ||A_Delta^+ a_i||^2 = ||(A_Delta* A_Delta)^-1 A_Delta* a_i||^2 */
static void
image_of_column (search_t *s, slong i)
{
  arb_zero (s->term);
  for (slong a = 0; a < s->size; a++)
    {
      acb_zero (s->image);
      for (slong b = 0; b < s->size; b++)
        acb_addmul (s->image, acb_mat_entry (s->inverse, a, b),
                    acb_mat_entry (s->gram, s->set[b], i), s->precision);
      arb_addmul (s->term, acb_realref (s->image), acb_realref (s->image), s->precision);
      arb_addmul (s->term, acb_imagref (s->image), acb_imagref (s->image), s->precision);
    }
}

static void
record (delta1_null_space_t *found, const search_t *s, slong column)
{
  memcpy (found->support, s->set, (size_t)s->size * sizeof (slong));
  found->column = column;
}

/* false: A_Delta is not certainly injective, or is certainly not. */
static bool
visit (delta1_null_space_t *found, search_t *s)
{
  slong N = acb_mat_ncols (s->A), next = 0;
  found->sets++;
  for (slong a = 0; a < s->size; a++)
    for (slong b = 0; b < s->size; b++)
      acb_set (acb_mat_entry (s->part, a, b), acb_mat_entry (s->gram, s->set[a], s->set[b]));
  if (s->size > acb_mat_nrows (s->A) || !acb_mat_inv (s->inverse, s->part, s->precision))
    {
      found->holds = is_singular (s) ? DELTA1_FALSE : DELTA1_UNKNOWN;
      record (found, s, -1);
      return false;
    }
  update_gamma (s);
  for (slong i = 0; i < N; i++)
    {
      if (next < s->size && s->set[next] == i)
        {
          next++;
          continue;
        }
      image_of_column (s, i);
      /* squares may fall below 0 by rounding */
      arb_sqrtpos (s->term, s->term, s->precision);
      if (s->levels->weights != NULL)
        arb_div (s->term, s->term, s->levels->weights + level_of (s->levels, i), s->precision);
      if (arf_cmp (arb_midref (s->term), arb_midref (s->ratio)) > 0)
        record (found, s, i);
      arb_max (s->ratio, s->ratio, s->term, s->precision);
    }
  return true;
}

/* --- all support sets ------------------------------------------------------------------------- */

static void
first_set (slong *set, const delta1_levels_t *levels)
{
  for (slong k = 0; k < levels->count; k++)
    for (slong j = 0; j < levels->sparsity[k]; j++)
      *set++ = level_begin (levels, k) + j;
}

/* The next maximal support set; false after the last. Level 1 turns fastest. */
static bool
next_set (slong *set, const delta1_levels_t *levels)
{
  for (slong k = 0; k < levels->count; k++)
    {
      slong s = levels->sparsity[k], end = levels->end[k];
      for (slong j = s - 1; j >= 0; j--)
        if (set[j] < end - (s - j))
          {
            set[j]++;
            for (slong i = j + 1; i < s; i++)
              set[i] = set[i - 1] + 1;
            return true;
          }
      for (slong j = 0; j < s; j++)
        set[j] = level_begin (levels, k) + j;
      set += s;
    }
  return false;
}

static void
exhaust (delta1_null_space_t *found, search_t *s)
{
  slong precision = s->precision;
  arb_t xi;
  arb_init (xi);
  first_set (s->set, s->levels);
  do
    if (!visit (found, s))
      {
        set_infinite (found);
        arb_clear (xi);
        return;
      }
  while (next_set (s->set, s->levels));
  delta1_levels_constants (xi, NULL, NULL, s->levels, precision);
  arb_sqrt (xi, xi, precision);
  arb_mul (found->rho, xi, s->ratio, precision);
  arb_union (found->gamma, s->square, s->upper, precision);
  arb_sqrtpos (found->gamma, found->gamma, precision);
  arb_clear (xi);
}

/* --- coherence -------------------------------------------------------------------------------- */

/* With least d = min ||a_i||^2 and nu = max |<a_i, a_j>|: rho = sqrt(xi s) nu/((d - (s-1) nu) w),
 * gamma = (d - (s-1) nu)^(-1/2). */
static void
cohere (delta1_null_space_t *found, search_t *s)
{
  slong N = acb_mat_ncols (s->A), precision = s->precision;
  arb_t least, nu, xi, weight;
  arb_init (least);
  arb_init (nu);
  arb_init (xi);
  arb_init (weight);
  for (slong i = 0; i < N; i++)
    {
      acb_get_real (s->term, acb_mat_entry (s->gram, i, i));
      if (i == 0)
        arb_set (least, s->term);
      arb_min (least, least, s->term, precision);
      for (slong j = 0; j < i; j++)
        {
          acb_abs (s->term, acb_mat_entry (s->gram, i, j), precision);
          arb_max (nu, nu, s->term, precision);
        }
    }
  delta1_levels_constants (xi, NULL, weight, s->levels, precision);
  arb_mul_si (s->term, nu, s->size - 1, precision);
  arb_sub (least, least, s->term, precision);
  if (arb_is_positive (least))
    {
      arb_mul_si (xi, xi, s->size, precision);
      arb_sqrt (xi, xi, precision);
      arb_mul (xi, xi, nu, precision);
      arb_mul (weight, weight, least, precision);
      arb_div (found->rho, xi, weight, precision);
      arb_rsqrt (found->gamma, least, precision);
    }
  else
    set_infinite (found);
  arb_clear (least);
  arb_clear (nu);
  arb_clear (xi);
  arb_clear (weight);
}

/* --- both ------------------------------------------------------------------------------------- */

static void
fill_gram (search_t *s)
{
  const acb_mat_struct *A = s->A;
  slong m = acb_mat_nrows (A), N = acb_mat_ncols (A);
  acb_mat_t conjugate, transposed;
  acb_mat_init (transposed, N, m);
  acb_mat_init (conjugate, m, N);
  acb_mat_transpose (transposed, A);
  acb_mat_conjugate (conjugate, A);
  for (slong i = 0; i < N; i++)
    for (slong j = 0; j <= i; j++)
      {
        /* (A* A)_ij = sum_k conj(A_ki) A_kj */
        acb_ptr entry = acb_mat_entry (s->gram, i, j);
        acb_dot (entry, NULL, 0, acb_mat_entry (conjugate, 0, i), N,
                 acb_mat_entry (transposed, j, 0), 1, m, s->precision);
        acb_conj (acb_mat_entry (s->gram, j, i), entry);
      }
  acb_mat_clear (conjugate);
  acb_mat_clear (transposed);
}

static delta1_status_t
search_init (search_t *s, const acb_mat_t A, const delta1_levels_t *levels, slong precision,
             delta1_reason_t *reason)
{
  *s = (search_t){ .A = A, .levels = levels, .precision = precision };
  s->size = total_sparsity (levels);
  s->set = calloc ((size_t)s->size, sizeof *s->set);
  if (s->set == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for support sets");
  acb_mat_init (s->gram, acb_mat_ncols (A), acb_mat_ncols (A));
  acb_mat_init (s->part, s->size, s->size);
  acb_mat_init (s->inverse, s->size, s->size);
  s->image = _acb_vec_init (1);
  arb_init (s->ratio);
  arb_init (s->square);
  arb_init (s->upper);
  arb_init (s->norm);
  arb_init (s->term);
  fill_gram (s);
  return DELTA1_OK;
}

static void
search_clear (search_t *s)
{
  free (s->set);
  acb_mat_clear (s->gram);
  acb_mat_clear (s->part);
  acb_mat_clear (s->inverse);
  _acb_vec_clear (s->image, 1);
  arb_clear (s->ratio);
  arb_clear (s->square);
  arb_clear (s->upper);
  arb_clear (s->norm);
  arb_clear (s->term);
}

/* method is set; TRUE or UNKNOWN unless a kernel was found. */
static delta1_status_t
choose (delta1_null_space_t *found, const delta1_levels_t *levels,
        const delta1_null_space_options_t *options, delta1_reason_t *reason)
{
  slong limit = options->limit > 0 ? options->limit : DELTA1_NULL_SPACE_LIMIT;
  bool fits = count_sets (levels, limit) <= limit;
  found->method = options->method;
  if (options->method == DELTA1_NULL_SPACE_BEST)
    found->method = fits ? DELTA1_NULL_SPACE_EXHAUSTIVE : DELTA1_NULL_SPACE_COHERENCE;
  if (found->method == DELTA1_NULL_SPACE_EXHAUSTIVE && !fits)
    return delta1_fail (reason, DELTA1_BUDGET,
                        "more than %ld maximal support sets; allowed: a larger limit, or coherence",
                        (long)limit);
  return DELTA1_OK;
}

delta1_status_t
delta1_null_space_certify (delta1_null_space_t *found, const acb_mat_t A,
                           const delta1_levels_t *levels,
                           const delta1_null_space_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  search_t search;
  slong m = acb_mat_nrows (A), N = acb_mat_ncols (A);

  free (found->support);
  found->support = NULL;
  found->holds = DELTA1_UNKNOWN;
  found->sets = found->size = 0;
  found->column = -1;
  set_infinite (found);
  if (m < 1 || N < 1)
    return delta1_fail (reason, DELTA1_INPUT, "a matrix of %ld x %ld; allowed: 1 x 1 or larger",
                        (long)m, (long)N);
  if (!acb_mat_is_finite (A))
    return delta1_fail (reason, DELTA1_INPUT, "the matrix has an entry that is not finite");
  if (options->precision < 2)
    return delta1_fail (reason, DELTA1_INPUT, "%ld bits of precision; allowed: 2 or more",
                        (long)options->precision);
  DELTA1_TRY (delta1_levels_check (levels, N, reason));
  DELTA1_TRY (choose (found, levels, options, reason));
  DELTA1_TRY (search_init (&search, A, levels, options->precision, reason));
  if (found->method == DELTA1_NULL_SPACE_COHERENCE)
    cohere (found, &search);
  else
    {
      found->support = calloc ((size_t)search.size, sizeof *found->support);
      if (found->support == NULL)
        status = delta1_fail (reason, DELTA1_SYSTEM, "out of memory for support sets");
      else
        {
          found->size = search.size;
          exhaust (found, &search);
        }
    }
  arb_sub_si (search.term, found->rho, 1, options->precision);
  if (arb_is_negative (search.term) && arb_is_finite (found->gamma))
    found->holds = DELTA1_TRUE;
  search_clear (&search);

cleanup:
  return status;
}

delta1_status_t
delta1_null_space_perturb (arb_t rho, arb_t gamma, const arb_t eta, const delta1_levels_t *levels,
                           slong precision, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  arb_t product, room, xi, least;
  arb_init (product);
  arb_init (room);
  arb_init (xi);
  arb_init (least);
  arb_mul (product, gamma, eta, precision);
  arb_sub_si (room, product, 1, precision);
  arb_neg (room, room);
  if (arb_is_positive (room))
    {
      delta1_levels_constants (xi, NULL, least, levels, precision);
      arb_sqrt (xi, xi, precision);
      arb_mul (product, product, xi, precision);
      arb_div (product, product, least, precision);
      arb_add (rho, rho, product, precision);
      arb_div (rho, rho, room, precision);
      arb_div (gamma, gamma, room, precision);
    }
  else
    {
      bool decided = arb_is_nonpositive (room);
      char *text = arb_get_str (product, 10, 0);
      status = delta1_fail (reason, decided ? DELTA1_DOMAIN : DELTA1_UNDECIDED,
                            "gamma eta = %s; allowed: below 1%s", text,
                            decided ? "" : " (not decided at this precision)");
      flint_free (text);
      arb_pos_inf (rho);
      arb_pos_inf (gamma);
    }
  arb_clear (product);
  arb_clear (room);
  arb_clear (xi);
  arb_clear (least);
  return status;
}
