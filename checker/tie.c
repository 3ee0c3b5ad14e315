#include "checker/tie.h"

#include <stdlib.h>
#include <string.h>

enum { SRLASSO, LASSO, QCBP, BP, LP };
const char *const problem_names[] = { "srlasso", "lasso", "qcbp", "bp", "lp", NULL };

/* The reflections, and D = the product of their squared norms. */
static void read_reflections (check_t *check, tie_t *tie, json_t *list) {
  number_t x;
  number_init (&x);
  tie->reflections = size_of (list);
  if (tie->reflections == 0) refuse (check, "reflections is empty");
  tie->vectors = allocate (check, tie->reflections, sizeof *tie->vectors);
  for (int64_t r = 0; r < tie->reflections; r++) {
    array_of (check, at (list, r), "reflections", tie->m);
    mpz_t *v = tie->vectors[r] = allocate (check, tie->m + 1, sizeof *v);
    mpz_init (v[tie->m]);
    for (int64_t i = 0; i < tie->m; i++) {
      mpz_init (v[i]);
      if (number_of (check, &x, at (at (list, r), i), "reflections") > HEX_INTEGER)
        unreadable (check, "reflections is not made of integers");
      mpz_mul_2exp (v[i], x.m, (mp_bitcnt_t)x.e);
      mpz_addmul (v[tie->m], v[i], v[i]);
    }
    if (mpz_sgn (v[tie->m]) == 0) refuse (check, "a vector of reflections is zero");
    charge (check, bits_of (tie->D) + bits_of (v[tie->m]));
    mpz_mul (tie->D, tie->D, v[tie->m]);
  }
}

/* The numerator of U[i, k] over D. */
static mpz_srcptr unitary (check_t *check, tie_t *tie, int64_t i, int64_t k) {
  mpz_t *x = tie->columns[k], dot;
  if (x != NULL) return x[i];
  x = tie->columns[k] = allocate (check, tie->m, sizeof *x);
  mpz_init (dot);
  for (int64_t t = 0; t < tie->m; t++) mpz_init_set_ui (x[t], t == k);
  for (int64_t r = tie->reflections - 1; r >= 0; r--) /* x = |v|^2 x - 2 (v.x) v */
  {
    mpz_t *v = tie->vectors[r];
    mpz_set_ui (dot, 0);
    for (int64_t t = 0; t < tie->m; t++) {
      charge (check, 4 * (bits_of (v[t]) + bits_of (x[t])) + 2 * bits_of (v[tie->m]));
      mpz_addmul (dot, v[t], x[t]);
    }
    mpz_mul_2exp (dot, dot, 1);
    for (int64_t t = 0; t < tie->m; t++) {
      mpz_mul (x[t], x[t], v[tie->m]);
      mpz_submul (x[t], dot, v[t]);
    }
  }
  mpz_clear (dot);
  return x[i];
}

/* b; s_k = 2 10^-(K - tier) (4R - k) / (4R); and t_k. */
static void derive (check_t *check, tie_t *tie, number_t *parameter) {
  mpz_t sum, power;
  mpz_inits (sum, power, NULL);
  tie->alpha = 6 - 2 * tie->tier;
  for (int64_t i = 0; i < tie->m && tie->mixing == RATIONAL; i++) {
    mpz_srcptr u = unitary (check, tie, i, 0);
    (mpz_sgn (u) < 0 ? mpz_sub : mpz_add) (sum, sum, u);
  }
  mpz_set (power, tie->D); /* D 2^b; |u|_1 >= |u|_2 = 1, so b >= 0 */
  for (; mpz_cmp (power, sum) < 0; tie->b++) mpz_mul_2exp (power, power, 1);
  mpz_clears (sum, power, NULL);
  if (tie->problem == LASSO) { /* lambda / (2 alpha*) */
    mpz_mul_si (parameter->d, parameter->d, tie->alpha);
    parameter->e -= 1 + tie->b;
  }
  tie->scales = numbers (check, tie->R);
  tie->data = numbers (check, tie->R);
  number_t ten;
  number_init (&ten);
  number_set_ten (check, &ten, tie->tier - tie->digits);
  for (int64_t k = 0; k < tie->R; k++) {
    number_t *s = &tie->scales[k], *t = &tie->data[k];
    charge (check, 8 * bits_of (ten.d));
    number_set (s, &ten);
    mpz_set_si (s->m, 4 * tie->R - k);
    mpz_mul_si (s->d, s->d, 2 * tie->R);
    number_set (t, s);
    mpz_mul_si (t->m, t->m, tie->alpha);
    t->e += tie->b;
    if (tie->problem == LASSO || tie->problem == QCBP) number_add (check, t, parameter);
  }
}

static void read_family (check_t *check, tie_t *tie, json_t *family, number_t *parameter) {
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
  else {
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
  for (int64_t j = 0; j < tie->C; j++) {
    tie->places[j] = index_of (check, at (columns, j), "family.columns", tie->C);
    if (tie->canonical[tie->places[j]] >= 0) refuse (check, "family.columns is not a permutation");
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

void tie_read (check_t *check, tie_t *tie, json_t *family, json_t *input, bool candidates) {
  static const char *const tiers[] = { "a", "b", "c", NULL };
  const char *tier, *gap;
  json_t *column = NULL;
  number_t parameter, *g = &tie->minus_gap;
  number_init (&parameter);
  number_init (g);
  unpack (check, input, "input", candidates ? "{s:s,s:s}" : "{s:s,s:s,s:o}", "tier", &tier, "gap",
          &gap, "column", &column);
  read_family (check, tie, family, &parameter);
  tie->tier = choice (check, tier, "input.tier", tiers);
  derive (check, tie, &parameter);
  number_parse (check, g, gap, "input.gap");
  tie->column = -1;
  if (json_is_null (column)) {
    if (tie->tier != 0 || mpz_sgn (g->m) != 0)
      refuse (check, "input.column is null, but it is not the tie of tier a with gap 0");
    return;
  }
  if (!candidates)
    tie->column = index_of (check, column, "input.column", tie->c);
  else if (tie->tier == 2)
    refuse (check, "input.tier is \"c\" for many seeds");
  int64_t low = INT64_MIN, high = -1;
  if (tie->tier == 2) low = high = tie->b - tie->samples;
  /* With dct B is not known, but 1 <= |u|_1 <= sqrt m, so B^2 < 4 m. */
  while (tie->mixing == DCT && tie->tier == 2 && 1 << 2 * (high + 1 - low) < 4 * tie->m) high++;
  mpz_mul_si (g->d, g->d, tie->tier == 2 ? 3 : 1); /* g must be d 2^e / d, or 3 d 2^e / d */
  if (mpz_cmp (g->m, g->d) != 0 || g->e < low || g->e > high)
    refuse (check, "input.gap is not that of its tier");
  mpz_set_si (g->m, tie->tier == 2 ? -3 : -1);
  mpz_set_ui (g->d, 1);
}

/* x = entry i of datum j, or entry (i, j) of the matrix with alpha* - gap for a lowered column. */
static void entry (check_t *check, tie_t *tie, number_t *x, bool datum, int64_t i, int64_t j,
                   bool lowered) {
  int64_t p = datum ? 0 : tie->canonical[j], first = tie->C - tie->m + 1, root = 1;
  int64_t k = p >= first ? p - first + 1 : 0;
  bool minus = p >= tie->c && p < first; /* column -e_1 of lp */
  mpz_set_si (x->m, minus ? -1 : tie->alpha);
  mpz_set_ui (x->d, 1);
  x->e = minus ? 0 : tie->b;
  if (datum)
    number_set (x, &tie->data[j]);
  else if (p >= first) /* d = alpha* ceil (sqrt c) */
  {
    while (root * root < tie->c) root++;
    mpz_mul_si (x->m, x->m, root);
  } else if (lowered)
    number_add (check, x, &tie->minus_gap);
  mpz_srcptr u = tie->mixing == RATIONAL ? unitary (check, tie, i, k) : tie->D;
  charge (check, 2 * bits_of (u) + bits_of (x->m) + bits_of (x->d) + 2 * bits_of (tie->D));
  mpz_mul (x->m, x->m, u);
  mpz_mul (x->d, x->d, tie->D);
  if (tie->mixing == NONE && i != k) mpz_set_ui (x->m, 0);
}

void tie_check_answer (check_t *check, tie_t *tie, json_t *answer, bool candidates) {
  const char *kind, *text;
  json_t *first, *second;
  json_int_t n;
  unpack (check, answer, "answer", "[s,o,o,I,s!]", &kind, &first, &second, &n, &text);
  bool datum = strcmp (kind, "y") == 0;
  if (!datum && strcmp (kind, "A") != 0)
    unreadable (check, "an answer is neither to \"A\" nor to \"y\"");
  long long one = index_of (check, first, "index of an answer", datum ? tie->R : tie->m);
  long long two = index_of (check, second, "index of an answer", datum ? tie->m : tie->C);
  int64_t i = datum ? two : one, j = datum ? one : two;
  range (check, n, "precision of an answer", 1, LIMIT_PRECISION);
  bool tied = !datum && tie->canonical[j] < tie->c;
  bool other = tied && tie->column >= 0 && tie->canonical[j] != tie->column;
  number_t *z = numbers (check, 3), *q = z, *error = z + 1, *radius = z + 2;
  number_parse (check, q, text, "answer");
  charge (check, bits_of (q->m) + bits_of (q->d));
  if (mpz_sgn (q->m) != 0 && (!mpz_divisible_p (q->m, q->d) || q->e < -n))
    refuse (check, "answer %s, %lld, %lld is not in D_%lld", kind, one, two, n);
  mpz_neg (q->m, q->m);
  mpz_set_ui (radius->m, 1);
  radius->e = -n;
  for (int low = 0; low < 2 && tie->mixing != DCT; low++) {
    if (low ? !other && !(tied && candidates) : other) continue;
    entry (check, tie, error, datum, i, j, low);
    number_add (check, error, q);
    mpz_abs (error->m, error->m);
    if (number_compare (check, error, radius) > 0)
      refuse (check, "answer %s, %lld, %lld, %lld is not legal", kind, one, two, n);
  }
  for (int t = 0; t < 3; t++) number_clear (&z[t]);
  free (z);
}
