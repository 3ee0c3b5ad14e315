#include "checker/tie.h"

#include <stdlib.h>
#include <string.h>

enum
{
  SRLASSO,
  LASSO,
  QCBP,
  BP,
  LP
};
const char *const problem_names[] = { "srlasso", "lasso", "qcbp", "bp", "lp", NULL };

/* vectors, and D = the product of their squared norms. */
static void
read_reflections (check_t *check, tie_t *tie, json_t *list)
{
  number_t x;
  mpz_t norm;
  number_init (&x);
  mpz_init (norm);
  tie->reflections = size_of (list);
  if (tie->reflections == 0)
    refuse (check, "reflections is empty");
  for (int64_t r = 0; r < tie->reflections; r++) /* before there is room for all of them */
    array_of (check, at (list, r), "reflections", tie->m);
  tie->vectors = allocate (check, tie->reflections * tie->m, sizeof *tie->vectors);
  for (int64_t r = 0; r < tie->reflections; r++)
    {
      mpz_set_ui (norm, 0);
      for (int64_t i = 0; i < tie->m; i++)
        {
          if (number_of (check, &x, at (at (list, r), i), "reflections") > HEX_INTEGER)
            unreadable (check, "reflections is not made of integers");
          mpz_ptr v = tie->vectors[r * tie->m + i];
          mpz_init (v);
          mpz_mul_2exp (v, x.m, (mp_bitcnt_t)x.e);
          mpz_addmul (norm, v, v);
        }
      if (mpz_sgn (norm) == 0)
        refuse (check, "vector %lld of reflections is zero", (long long)r);
      charge (check, bits_of (tie->D) + bits_of (norm));
      mpz_mul (tie->D, tie->D, norm);
    }
}

/* The numerator of U[i, k] over D. */
static mpz_srcptr
unitary (check_t *check, tie_t *tie, int64_t i, int64_t k)
{
  int64_t m = tie->m;
  if (tie->columns[k] != NULL)
    return tie->columns[k][i];
  mpz_t *x = tie->columns[k] = allocate (check, m, sizeof *x), dot, norm;
  mpz_inits (dot, norm, NULL);
  for (int64_t t = 0; t < m; t++)
    mpz_init_set_ui (x[t], t == k);
  for (int64_t r = tie->reflections - 1; r >= 0; r--) /* x = |v|^2 x - 2 (v.x) v */
    {
      mpz_t *v = tie->vectors + r * m;
      mpz_set_ui (dot, 0);
      mpz_set_ui (norm, 0);
      for (int64_t t = 0; t < m; t++)
        {
          charge (check, 4 * (128 + bits_of (v[t]) + bits_of (x[t])));
          mpz_addmul (dot, v[t], x[t]);
          mpz_addmul (norm, v[t], v[t]);
        }
      mpz_mul_2exp (dot, dot, 1);
      charge (check, (uint64_t)m * (bits_of (dot) + bits_of (norm)));
      for (int64_t t = 0; t < m; t++)
        {
          mpz_mul (x[t], x[t], norm);
          mpz_submul (x[t], dot, v[t]);
        }
    }
  mpz_clears (dot, norm, NULL);
  return x[i];
}

/* b, s_k and t_k. */
static void
derive (check_t *check, tie_t *tie, const number_t *parameter)
{
  mpz_t sum, power;
  mpz_inits (sum, power, NULL);
  tie->alpha = 6 - 2 * tie->tier;
  if (tie->mixing == RATIONAL)
    for (int64_t i = 0; i < tie->m; i++)
      {
        mpz_srcptr u = unitary (check, tie, i, 0);
        (mpz_sgn (u) < 0 ? mpz_sub : mpz_add) (sum, sum, u);
      }
  mpz_set (power, tie->D); /* D 2^b; |u|_1 >= |u|_2 = 1, so B >= 1 */
  for (; mpz_cmp (power, sum) < 0; tie->b++)
    mpz_mul_2exp (power, power, 1);
  power_of_five (check, power, tie->digits - tie->tier);
  tie->scales = allocate (check, tie->R, sizeof *tie->scales);
  tie->data = allocate (check, tie->R, sizeof *tie->data);
  for (int64_t k = 0; k < tie->R; k++)
    {
      /* s_k = 2 10^-(K - tier) (4R - k) / (4R) */
      number_t *s = &tie->scales[k], *t = &tie->data[k];
      charge (check, 4 * bits_of (power));
      number_init (s);
      mpz_set_si (s->m, 4 * tie->R - k);
      mpz_mul_si (s->d, power, tie->R);
      s->e = tie->tier - tie->digits - 1;
      number_normalise (s);
      number_init (t);
      *t = *parameter;
      mpz_init_set (t->m, parameter->m);
      mpz_init_set (t->d, parameter->d);
      if (tie->problem == LASSO) /* lambda / (2 alpha*) */
        {
          mpz_mul_si (t->d, t->d, tie->alpha);
          t->e -= 1 + tie->b;
        }
      number_t product = { .e = s->e + tie->b };
      mpz_init_set (product.d, s->d);
      mpz_init (product.m);
      mpz_mul_si (product.m, s->m, tie->alpha);
      if (tie->problem != LASSO && tie->problem != QCBP)
        *t = product;
      else
        number_add (check, t, &product);
    }
  mpz_clears (sum, power, NULL);
}

static void
read_family (check_t *check, tie_t *tie, json_t *family, number_t *parameter)
{
  static const char *const names[] = { "tie", NULL };
  static const char *const kinds[] = { "none", "dct", "rational", NULL };
  members (check, family, "family",
           " name problem m N digits samples points parameter mixing columns ");
  get_choice (check, family, "name", names);
  tie->problem = get_choice (check, family, "problem", problem_names);
  tie->m = get_count (check, family, "m", 1, LIMIT_M);
  tie->N = get_count (check, family, "N", tie->m + 1, LIMIT_N);
  tie->digits = get_count (check, family, "digits", 3, LIMIT_DIGITS);
  tie->samples = get_count (check, family, "samples", 1, LIMIT_DIGITS);
  tie->R = get_count (check, family, "points", 1, LIMIT_N);
  tie->c = tie->N - tie->m + 1;
  tie->C = tie->N + (tie->problem == LP);
  if (tie->problem == BP || tie->problem == LP)
    get (check, family, "parameter", JSON_NULL);
  else
    {
      number_t one;
      number_init (&one);
      mpz_set_ui (one.m, 1);
      number_of (check, parameter, get (check, family, "parameter", JSON_STRING), "parameter");
      if (mpz_sgn (parameter->m) <= 0 || number_compare (check, parameter, &one) > 0)
        refuse (check, "parameter is not in (0, 1]");
    }
  json_t *columns = get_array (check, family, "columns", tie->C);
  tie->places = allocate (check, tie->C, sizeof *tie->places);
  tie->canonical = allocate (check, tie->C, sizeof *tie->canonical);
  memset (tie->canonical, -1, (size_t)tie->C * sizeof *tie->canonical);
  for (int64_t j = 0; j < tie->C; j++)
    {
      tie->places[j] = index_of (check, at (columns, j), "columns", tie->C);
      if (tie->canonical[tie->places[j]] >= 0)
        refuse (check, "columns is not a permutation");
      tie->canonical[tie->places[j]] = j;
    }
  json_t *mixing = get (check, family, "mixing", JSON_OBJECT);
  tie->mixing = get_choice (check, mixing, "kind", kinds);
  members (check, mixing, "mixing", tie->mixing == RATIONAL ? " kind reflections " : " kind ");
  mpz_init_set_ui (tie->D, 1);
  tie->columns = allocate (check, tie->m, sizeof *tie->columns);
  if (tie->mixing == RATIONAL)
    read_reflections (check, tie, get_array (check, mixing, "reflections", -1));
}

void
tie_read (check_t *check, tie_t *tie, json_t *root, bool candidates)
{
  static const char *const tiers[] = { "a", "b", "c", NULL };
  number_t parameter;
  number_init (&parameter);
  json_t *input = get (check, root, "input", JSON_OBJECT);
  members (check, input, "input", candidates ? " tier gap " : " tier column gap ");
  read_family (check, tie, get (check, root, "family", JSON_OBJECT), &parameter);
  tie->tier = get_choice (check, input, "tier", tiers);
  derive (check, tie, &parameter);
  number_t *g = &tie->gap;
  number_init (g);
  number_of (check, g, get (check, input, "gap", JSON_STRING), "gap");
  tie->column = -1;
  if (!candidates && json_is_null (json_object_get (input, "column")))
    {
      if (tie->tier != 0 || mpz_sgn (g->m) != 0)
        refuse (check, "column is null, but it is not the tie of tier a with gap 0");
      return;
    }
  if (!candidates)
    tie->column = index_of (check, get (check, input, "column", JSON_INTEGER), "column", tie->c);
  else if (tie->tier == 2)
    refuse (check, "tier is \"c\" for many seeds");
  int64_t odd = tie->tier == 2 ? 3 : 1;
  charge (check, bits_of (g->m) + bits_of (g->d));
  if (mpz_sgn (g->m) <= 0 || !mpz_divisible_p (g->m, g->d))
    refuse (check, "gap is not of the form of its tier");
  mpz_divexact (g->m, g->m, g->d);
  mpz_set_ui (g->d, 1);
  /* With dct, 1 <= |u|_1 <= sqrt m, so B is a power of two below 2 sqrt m: B^2 < 4 m. */
  int64_t low = tie->tier == 2 ? tie->b - tie->samples : INT64_MIN, high = low;
  if (tie->mixing == DCT && tie->tier == 2)
    while ((INT64_C (1) << 2 * (high + 1 - low)) < 4 * tie->m)
      high++;
  if (mpz_cmp_si (g->m, odd) != 0 || g->e < low || g->e > (tie->tier == 2 ? high : -1))
    refuse (check, "gap is not that of its tier");
}

void
tie_check_answer (check_t *check, tie_t *tie, json_t *answer, bool candidates)
{
  static const char *const kinds[] = { "A", "y" };
  array_of (check, answer, "answers", 5);
  const char *kind = json_string_value (at (answer, 0));
  if (kind == NULL || (strcmp (kind, kinds[0]) != 0 && strcmp (kind, kinds[1]) != 0))
    unreadable (check, "an answer is neither to \"A\" nor to \"y\"");
  bool datum = *kind == 'y';
  int64_t i = index_of (check, at (answer, datum ? 2 : 1), "row of an answer", tie->m);
  int64_t j = index_of (check, at (answer, datum ? 1 : 2), "column or datum of an answer",
                        datum ? tie->R : tie->C);
  int64_t n = count_of (check, at (answer, 3), "precision of an answer", 1, LIMIT_PRECISION);
  number_t q;
  number_init (&q);
  number_of (check, &q, at (answer, 4), "answer");
  charge (check, bits_of (q.m) + bits_of (q.d));
  if (mpz_sgn (q.m) != 0 && (!mpz_divisible_p (q.m, q.d) || q.e < -n))
    refuse (check, "answer to %s %lld %lld at precision %lld is not in D_n", kind,
            (long long)(datum ? j : i), (long long)(datum ? i : j), (long long)n);
  mpz_divexact (q.m, q.m, q.d);

  /* The entry is factor U[i, k] 2^shift / D, divided by the denominator of t_j for a datum, and
   * less gap U[i, k] / D for a tied column that is not the one chosen. */
  int64_t p = datum ? 0 : tie->canonical[j], k = 0, shift = tie->b;
  int64_t first = tie->c + (tie->problem == LP), root = 1;
  mpz_t factor, below;
  mpz_init_set_si (factor, tie->alpha);
  mpz_init_set (below, tie->D);
  if (datum)
    {
      mpz_set (factor, tie->data[j].m);
      charge (check, bits_of (tie->D) + bits_of (tie->data[j].d));
      mpz_mul (below, below, tie->data[j].d);
      shift = tie->data[j].e;
    }
  else if (p >= first)
    {
      k = p - first + 1;
      while (root * root < tie->c)
        root++;
      mpz_mul_si (factor, factor, root);
    }
  else if (p >= tie->c)
    {
      mpz_set_si (factor, -1);
      shift = 0;
    }
  bool tied = !datum && p < tie->c, lowered = tied && tie->column >= 0 && p != tie->column;
  mpz_t w;
  mpz_init (w);
  if (tie->mixing == NONE)
    mpz_set_ui (w, i == k);
  else if (tie->mixing == RATIONAL)
    mpz_set (w, unitary (check, tie, i, k));
  for (int side = 0; side < 4 && tie->mixing != DCT; side++)
    {
      bool low = side >= 2;
      if (low ? !lowered && !(tied && candidates) : lowered)
        continue;
      charge (check, 2 * (bits_of (q.m) + bits_of (below) + bits_of (factor) + bits_of (w)));
      term_t terms[4] = { { .e = q.e }, { .e = shift }, { .e = tie->gap.e }, { .e = -n } };
      for (int t = 0; t < 4; t++)
        mpz_init (terms[t].m);
      mpz_mul (terms[0].m, q.m, below);
      mpz_submul (terms[1].m, factor, w);
      if (low)
        mpz_mul (terms[2].m, tie->gap.m, w);
      mpz_set (terms[3].m, below);
      if (side % 2 == 0)
        mpz_neg (terms[3].m, terms[3].m);
      int sign = terms_sign (terms, 4); /* of q - x -+ 2^-n */
      for (int t = 0; t < 4; t++)
        mpz_clear (terms[t].m);
      if (side % 2 == 0 ? sign > 0 : sign < 0)
        refuse (check, "answer to %s %lld %lld at precision %lld is not legal", kind,
                (long long)(datum ? j : i), (long long)(datum ? i : j), (long long)n);
    }
  mpz_clears (factor, below, w, q.m, q.d, NULL);
}
