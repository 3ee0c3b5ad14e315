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

/* The reflections, and D = the product of their squared norms. */
static void
read_reflections (check_t *check, tie_t *tie, json_t *list)
{
  number_t x;
  number_init (&x);
  tie->reflections = size_of (list);
  if (tie->reflections == 0)
    refuse (check, "reflections is empty");
  tie->vectors = allocate (check, tie->reflections, sizeof *tie->vectors);
  for (int64_t r = 0; r < tie->reflections; r++)
    {
      array_of (check, at (list, r), "reflections", tie->m);
      mpz_t *v = tie->vectors[r] = allocate (check, tie->m + 1, sizeof *v);
      mpz_init (v[tie->m]);
      for (int64_t i = 0; i < tie->m; i++)
        {
          mpz_init (v[i]);
          if (number_of (check, &x, at (at (list, r), i), "reflections") > HEX_INTEGER)
            unreadable (check, "reflections is not made of integers");
          mpz_mul_2exp (v[i], x.m, (mp_bitcnt_t)x.e);
          mpz_addmul (v[tie->m], v[i], v[i]);
        }
      if (mpz_sgn (v[tie->m]) == 0)
        refuse (check, "a vector of reflections is zero");
      charge (check, bits_of (tie->D) + bits_of (v[tie->m]));
      mpz_mul (tie->D, tie->D, v[tie->m]);
    }
}

/* The numerator of U[i, k] over D. */
static mpz_srcptr
unitary (check_t *check, tie_t *tie, int64_t i, int64_t k)
{
  mpz_t *x = tie->columns[k], dot;
  if (x != NULL)
    return x[i];
  x = tie->columns[k] = allocate (check, tie->m, sizeof *x);
  mpz_init (dot);
  for (int64_t t = 0; t < tie->m; t++)
    mpz_init_set_ui (x[t], t == k);
  for (int64_t r = tie->reflections - 1; r >= 0; r--) /* x = |v|^2 x - 2 (v.x) v */
    {
      mpz_t *v = tie->vectors[r];
      mpz_set_ui (dot, 0);
      for (int64_t t = 0; t < tie->m; t++)
        {
          charge (check, 4 * (bits_of (v[t]) + bits_of (x[t])) + 2 * bits_of (v[tie->m]));
          mpz_addmul (dot, v[t], x[t]);
        }
      mpz_mul_2exp (dot, dot, 1);
      for (int64_t t = 0; t < tie->m; t++)
        {
          mpz_mul (x[t], x[t], v[tie->m]);
          mpz_submul (x[t], dot, v[t]);
        }
    }
  mpz_clear (dot);
  return x[i];
}

/* b; s_k = 2 10^-(K - tier) (4R - k) / (4R); and t_k. */
static void
derive (check_t *check, tie_t *tie, const number_t *parameter)
{
  mpz_t sum, power;
  mpz_inits (sum, power, NULL);
  tie->alpha = 6 - 2 * tie->tier;
  for (int64_t i = 0; i < tie->m && tie->mixing == RATIONAL; i++)
    {
      mpz_srcptr u = unitary (check, tie, i, 0);
      (mpz_sgn (u) < 0 ? mpz_sub : mpz_add) (sum, sum, u);
    }
  mpz_set (power, tie->D); /* D 2^b; |u|_1 >= |u|_2 = 1, so b >= 0 */
  for (; mpz_cmp (power, sum) < 0; tie->b++)
    mpz_mul_2exp (power, power, 1);
  power_of_five (check, power, tie->digits - tie->tier);
  tie->scales = numbers (check, tie->R);
  tie->data = numbers (check, tie->R);
  for (int64_t k = 0; k < tie->R; k++)
    {
      number_t *s = &tie->scales[k], *t = &tie->data[k], more = *parameter;
      charge (check, 8 * bits_of (power));
      mpz_set_si (s->m, 4 * tie->R - k);
      mpz_mul_si (s->d, power, tie->R);
      s->e = tie->tier - tie->digits - 1;
      number_set (t, s);
      mpz_mul_si (t->m, t->m, tie->alpha);
      t->e += tie->b;
      mpz_init_set (more.d, parameter->d);
      if (tie->problem == LASSO) /* lambda / (2 alpha*) */
        {
          mpz_mul_si (more.d, more.d, tie->alpha);
          more.e -= 1 + tie->b;
        }
      if (tie->problem == LASSO || tie->problem == QCBP)
        number_add (check, t, &more);
      mpz_clear (more.d);
    }
  mpz_clears (sum, power, NULL);
}

static void
read_family (check_t *check, tie_t *tie, json_t *family, number_t *parameter)
{
  static const char *const names[] = { "tie", NULL };
  static const char *const kinds[] = { "none", "dct", "rational", NULL };
  const char *name, *problem, *kind;
  json_t *value, *columns, *mixing, *reflections = NULL;
  number_t one;
  unpack (check, family, "family", "{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "name", &name,
          "problem", &problem, "m", &tie->m, "N", &tie->N, "digits", &tie->digits, "samples",
          &tie->samples, "points", &tie->R, "parameter", &value, "columns", &columns, "mixing",
          &mixing);
  choice (check, name, "family.name", names);
  tie->problem = choice (check, problem, "family.problem", problem_names);
  range (check, tie->m, "family.m", 1, LIMIT_M);
  range (check, tie->N, "family.N", tie->m + 1, LIMIT_N);
  range (check, tie->digits, "family.digits", 3, LIMIT_DIGITS);
  range (check, tie->samples, "family.samples", 1, LIMIT_DIGITS);
  range (check, tie->R, "family.points", 1, LIMIT_N);
  tie->c = tie->N - tie->m + 1;
  tie->C = tie->N + (tie->problem == LP);
  if (tie->problem == BP || tie->problem == LP)
    unpack (check, value, "family.parameter", "n");
  else
    {
      number_init (&one);
      mpz_set_ui (one.m, 1);
      number_of (check, parameter, value, "family.parameter");
      if (mpz_sgn (parameter->m) <= 0 || number_compare (check, parameter, &one) > 0)
        refuse (check, "family.parameter is not in (0, 1]");
    }
  array_of (check, columns, "family.columns", tie->C);
  tie->places = allocate (check, tie->C, sizeof *tie->places);
  tie->canonical = allocate (check, tie->C, sizeof *tie->canonical);
  memset (tie->canonical, -1, (size_t)tie->C * sizeof *tie->canonical);
  for (int64_t j = 0; j < tie->C; j++)
    {
      tie->places[j] = index_of (check, at (columns, j), "family.columns", tie->C);
      if (tie->canonical[tie->places[j]] >= 0)
        refuse (check, "family.columns is not a permutation");
      tie->canonical[tie->places[j]] = j;
    }
  unpack (check, mixing, "family.mixing", "{s:s,s?o}", "kind", &kind, "reflections", &reflections);
  tie->mixing = choice (check, kind, "family.mixing.kind", kinds);
  if (tie->mixing != RATIONAL && reflections != NULL)
    refuse (check, "family.mixing.reflections does not go with the kind");
  mpz_init_set_ui (tie->D, 1);
  tie->columns = allocate (check, tie->m, sizeof *tie->columns);
  if (tie->mixing == RATIONAL)
    read_reflections (check, tie, array_of (check, reflections, "reflections", -1));
}

void
tie_read (check_t *check, tie_t *tie, json_t *family, json_t *input, bool candidates)
{
  static const char *const tiers[] = { "a", "b", "c", NULL };
  const char *tier, *gap;
  json_t *column = NULL;
  number_t parameter, *g = &tie->gap;
  number_init (&parameter);
  number_init (g);
  unpack (check, input, "input", candidates ? "{s:s,s:s}" : "{s:s,s:s,s:o}", "tier", &tier, "gap",
          &gap, "column", &column);
  read_family (check, tie, family, &parameter);
  tie->tier = choice (check, tier, "input.tier", tiers);
  derive (check, tie, &parameter);
  number_parse (check, g, gap, "input.gap");
  tie->column = -1;
  if (json_is_null (column))
    {
      if (tie->tier != 0 || mpz_sgn (g->m) != 0)
        refuse (check, "input.column is null, but it is not the tie of tier a with gap 0");
      return;
    }
  if (!candidates)
    tie->column = index_of (check, column, "input.column", tie->c);
  else if (tie->tier == 2)
    refuse (check, "input.tier is \"c\" for many seeds");
  charge (check, bits_of (g->m) + bits_of (g->d));
  if (mpz_sgn (g->m) <= 0 || !mpz_divisible_p (g->m, g->d))
    refuse (check, "input.gap is not that of its tier");
  mpz_divexact (g->m, g->m, g->d);
  mpz_set_ui (g->d, 1);
  int64_t low = INT64_MIN, high = -1;
  if (tie->tier == 2)
    low = high = tie->b - tie->samples;
  /* With dct B is not known, but 1 <= |u|_1 <= sqrt m, so B^2 < 4 m. */
  while (tie->mixing == DCT && tie->tier == 2 && 1 << 2 * (high + 1 - low) < 4 * tie->m)
    high++;
  if (mpz_cmp_si (g->m, tie->tier == 2 ? 3 : 1) != 0 || g->e < low || g->e > high)
    refuse (check, "input.gap is not that of its tier");
}

/* x = -U[., k] times the coefficient of the entry (i, j), the tied columns at alpha*; gap_part =
 * what the gap takes off a tied column. */
static void
minus_entry (check_t *check, tie_t *tie, number_t *x, number_t *gap_part, bool datum, int64_t i,
             int64_t j)
{
  int64_t p = datum ? 0 : tie->canonical[j], first = tie->c + (tie->problem == LP), root = 1;
  int64_t k = p >= first ? p - first + 1 : 0;
  x->e = tie->b;
  mpz_set_si (x->m, tie->alpha);
  if (datum)
    number_set (x, &tie->data[j]);
  else if (p >= first) /* d = alpha* ceil (sqrt c) */
    {
      for (; root * root < tie->c; root++)
        continue;
      mpz_mul_si (x->m, x->m, root);
    }
  else if (p >= tie->c)
    {
      mpz_set_si (x->m, -1);
      x->e = 0;
    }
  number_set (gap_part, &tie->gap);
  mpz_set (gap_part->d, tie->D);
  if (tie->mixing == RATIONAL)
    {
      mpz_srcptr u = unitary (check, tie, i, k);
      charge (check, 2 * bits_of (u) + bits_of (x->m) + bits_of (x->d) + 2 * bits_of (tie->D));
      mpz_mul (x->m, x->m, u);
      mpz_mul (x->d, x->d, tie->D);
      mpz_mul (gap_part->m, gap_part->m, u);
    }
  else if (i != k)
    mpz_set_ui (x->m, 0), mpz_set_ui (gap_part->m, 0);
  mpz_neg (x->m, x->m);
}

void
tie_check_answer (check_t *check, tie_t *tie, json_t *answer, bool candidates)
{
  const char *kind, *text;
  json_t *first, *second;
  json_int_t n;
  unpack (check, answer, "answer", "[s,o,o,I,s!]", &kind, &first, &second, &n, &text);
  bool datum = strcmp (kind, "y") == 0;
  if (!datum && strcmp (kind, "A") != 0)
    unreadable (check, "an answer is neither to \"A\" nor to \"y\"");
  int64_t i = index_of (check, datum ? second : first, "row of an answer", tie->m);
  int64_t j = index_of (check, datum ? first : second, "column or datum of an answer",
                        datum ? tie->R : tie->C);
  range (check, n, "precision of an answer", 1, LIMIT_PRECISION);
  number_t q, x, gap_part, error, radius;
  number_t *all[] = { &q, &x, &gap_part, &error, &radius };
  for (int t = 0; t < 5; t++)
    number_init (all[t]);
  number_parse (check, &q, text, "answer");
  charge (check, bits_of (q.m) + bits_of (q.d));
  if (mpz_sgn (q.m) != 0 && (!mpz_divisible_p (q.m, q.d) || q.e < -n))
    refuse (check, "an answer to %s[%lld] is not in D_%lld", kind, (long long)i, (long long)n);
  mpz_set_ui (radius.m, 1);
  radius.e = -n;
  if (tie->mixing != DCT)
    minus_entry (check, tie, &x, &gap_part, datum, i, j);
  bool tied = !datum && tie->canonical[j] < tie->c;
  bool other = tied && tie->column >= 0 && tie->canonical[j] != tie->column;
  for (int low = 0; low < 2 && tie->mixing != DCT; low++)
    {
      if (low ? !other && !(tied && candidates) : other)
        continue;
      number_set (&error, &q);
      number_add (check, &error, &x);
      if (low)
        number_add (check, &error, &gap_part);
      mpz_abs (error.m, error.m);
      if (number_compare (check, &error, &radius) > 0)
        refuse (check, "answer \"%s\", %lld, %lld at precision %lld is not legal", kind,
                (long long)(datum ? j : i), (long long)(datum ? i : j), (long long)n);
    }
  for (int t = 0; t < 5; t++)
    number_clear (all[t]);
}
