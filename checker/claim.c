#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/sha256.h"
#include "checker/tie.h"

static void check_labels (check_t *check, json_t *root, const char *format, const char *name,
                          void *value) {
  static const char *const oracles[] = { "adversary", "nearest", "random", "up", "down", NULL };
  const char *program, *oracle, *radius; /* of a network, which is not evaluated here */
  unpack (check, json_object_get (root, "run"), "run", format, "program", &program, "oracle",
          &oracle, name, value, "network", &root, "radius", &radius);
  choice (check, oracle, "run.oracle", oracles);
}

/* Returns the number of answers. */
static int64_t check_transcript (check_t *check, tie_t *tie, json_t *transcript, bool candidates) {
  char text[SHA256_TEXT];
  const char *claimed;
  json_t *answers;
  sha256_t hash;
  unpack (check, transcript, "transcript", "{s:s,s:o}", "sha256", &claimed, "answers", &answers);
  sha256_init (&hash);
  for (int64_t t = 0; t < size_of (array_of (check, answers, "transcript.answers", -1)); t++) {
    json_t *answer = at (answers, t);
    tie_check_answer (check, tie, answer, candidates);
    const char *q = json_string_value (at (answer, 4));
    int size = snprintf (text, sizeof text, "%s %lld %lld %lld ", /* three short numbers */
                         json_string_value (at (answer, 0)), json_integer_value (at (answer, 1)),
                         json_integer_value (at (answer, 2)), json_integer_value (at (answer, 3)));
    sha256_update (&hash, text, (size_t)size);
    sha256_update (&hash, q, strlen (q));
    sha256_update (&hash, "\n", 1);
  }
  sha256_finish (text, &hash);
  if (strcmp (text, claimed) != 0) refuse (check, "transcript.sha256 is not %s", text);
  return size_of (answers);
}

/* x[0..C) = the numbers of the row; square = the sum of their squares. */
static void read_row (check_t *check, const tie_t *tie, number_t *x, number_t *square,
                      json_t *row) {
  number_t term;
  number_init (&term);
  mpz_set_ui (square->m, 0);
  array_of (check, row, "output", tie->C);
  for (int64_t i = 0; i < tie->C; i++) {
    number_of (check, &x[i], at (row, i), "output");
    number_square (check, &term, &x[i]);
    number_add (check, square, &term);
  }
  number_clear (&term);
}

static int descending (const void *a, const void *b, void *check) {
  return number_compare (check, *(number_t *const *)b, *(number_t *const *)a);
}

/* distance = the squared distance of x to s times the simplex of the canonical columns [first,
 * first + size). The projection on it is max (x_i - tau, 0) with tau = (sum - s) / rho, where sum
 * is that of the rho largest x_i of them, and rho the last one with rho x_rho > sum - s. */
static void face_distance (check_t *check, const tie_t *tie, number_t *distance, const number_t *x,
                           const number_t *square, int64_t first, int64_t size, const number_t *s) {
  number_t sum, next; /* the sum less s */
  const number_t **order = allocate (check, size, sizeof *order);
  int64_t rho = 0;
  number_init (&sum);
  number_init (&next);
  for (int64_t t = 0; t < size; t++) order[t] = &x[tie->places[first + t]];
  qsort_r (order, (size_t)size, sizeof *order, descending, check);
  number_set (&sum, s);
  mpz_neg (sum.m, sum.m);
  number_set (distance, square);
  for (; rho < size; rho++) {
    number_set (&next, order[rho]);
    mpz_mul_si (next.m, next.m, rho); /* (rho + 1) x > sum + x is the same as rho x > sum */
    if (number_compare (check, &next, &sum) <= 0) break;
    number_add (check, &sum, order[rho]);
    number_square (check, &next, order[rho]);
    mpz_neg (next.m, next.m);
    number_add (check, distance, &next);
  }
  number_square (check, &next, &sum);
  mpz_mul_si (next.d, next.d, rho);
  number_add (check, distance, &next);
  number_clear (&sum);
  number_clear (&next);
  free (order);
}

static _Noreturn void conclude (check_t *check, const tie_t *tie, const char *first,
                                const char *last) {
  const char *but
      = tie->mixing == DCT ? "legality with mixing dct (see `delta1 verify`); else " : "";
  say (check, *but != '\0' ? UNDECIDED : ACCEPTED, "%s%s on %s %lldx%lld, tier %c: %s", but, first,
       problem_names[tie->problem], tie->m, (long long)tie->C, 'a' + tie->tier, last);
}

void check_run (check_t *check, tie_t *tie, json_t *root) {
  static const char *const verdicts[] = { "wrong", "correct", NULL };
  const char *verdict, *seed;
  json_t *scales, *face, *error;
  json_int_t digits, claimed_point;
  char text[256];
  check_labels (check, root, "{s:s,s:s,s:s,s?o,s?s}", "seed", &seed);
  if (*seed == '\0' || seed[strspn (seed, "0123456789")] != '\0')
    unreadable (check, "run.seed is not a decimal string");
  unpack (check, json_object_get (root, "solution"), "solution", "{s:o,s:o}", "scales", &scales,
          "face", &face);
  array_of (check, scales, "solution.scales", tie->R);
  number_t *x = numbers (check, tie->C), *z = numbers (check, 3);
  number_t *square = z, *best = z + 1, *distance = z + 2;
  for (int64_t k = 0; k < tie->R; k++) {
    number_of (check, x, at (scales, k), "solution.scales");
    if (number_compare (check, x, &tie->scales[k]) != 0)
      refuse (check, "solution.scales[%lld] is not s_%lld", (long long)k, (long long)k);
  }
  int64_t first = tie->column < 0 ? 0 : tie->column, size = tie->column < 0 ? tie->c : 1, last = -1;
  if (size_of (array_of (check, face, "solution.face", -1)) != size)
    refuse (check, "solution.face has not %lld places", (long long)size);
  for (int64_t t = 0; t < size; t++) {
    int64_t place = index_of (check, at (face, t), "solution.face", tie->C),
            j = tie->canonical[place];
    if (place <= last || j < first || j >= first + size)
      refuse (check, "solution.face is not where the minimisers are");
    last = place;
  }
  int64_t answers = check_transcript (check, tie, json_object_get (root, "transcript"), false);
  json_t *output = array_of (check, json_object_get (root, "output"), "output", tie->R);
  int64_t point = 0;
  for (int64_t k = 0; k < tie->R; k++) {
    read_row (check, tie, x, square, at (output, k));
    face_distance (check, tie, distance, x, square, first, size, &tie->scales[k]);
    if (k > 0 && number_compare (check, distance, best) <= 0) continue;
    point = k;
    number_set (best, distance);
  }
  unpack (check, json_object_get (root, "claim"), "claim", "{s:I,s:s,s:I,s:o}", "digits", &digits,
          "verdict", &verdict, "point", &claimed_point, "error", &error);
  range (check, digits, "claim.digits", 1, LIMIT_DIGITS);
  bool wrong = choice (check, verdict, "claim.verdict", verdicts) == 0;
  if (claimed_point != point)
    refuse (check, "claim.point is not %lld, the datum with the largest error", (long long)point);
  array_of (check, error, "claim.error", 2);
  for (int b = 0; b < 2; b++) {
    form_t form = number_of (check, x, at (error, b), "claim.error");
    if (form != INTEGER && form != DECIMAL)
      unreadable (check, "claim.error is not made of decimals");
    number_square (check, square, x);
    int sign = number_compare (check, square, best);
    if (mpz_sgn (x->m) < 0 || (b == 0 ? sign > 0 : sign < 0))
      refuse (check, "claim.error[%d] does not bound the error", b);
  }
  number_set_ten (check, distance, -2 * digits);
  if ((number_compare (check, best, distance) > 0) != wrong)
    refuse (check, "claim.verdict \"%s\" is false", verdict);
  snprintf (text, sizeof text, "error in [%.80s, %.80s] %s 1e-%lld after %lld answers",
            json_string_value (at (error, 0)), json_string_value (at (error, 1)),
            wrong ? ">" : "<=", digits, (long long)answers);
  conclude (check, tie, verdict, text);
}

void check_seeds (check_t *check, tie_t *tie, json_t *root) {
  static const char *const verdicts[] = { "seeds", NULL };
  const char *verdict;
  json_t *claimed, *output;
  json_t *transcripts = array_of (check, json_object_get (root, "transcripts"), "transcripts", -1);
  json_t *runs = array_of (check, json_object_get (root, "runs"), "runs", -1);
  json_int_t seeds, digits, claimed_halted, transcript, count, halted = 0;
  char text[256];
  check_labels (check, root, "{s:s,s:s,s:I}", "seeds", &seeds);
  range (check, seeds, "run.seeds", 1, INTEGER_LIMIT);
  unpack (check, json_object_get (root, "claim"), "claim", "{s:I,s:s,s:I,s:o}", "digits", &digits,
          "verdict", &verdict, "halted", &claimed_halted, "successes", &claimed);
  range (check, digits, "claim.digits", 1, LIMIT_DIGITS);
  choice (check, verdict, "claim.verdict", verdicts);
  if (size_of (transcripts) == 0) refuse (check, "transcripts is empty");
  for (int64_t t = 0; t < size_of (transcripts); t++)
    check_transcript (check, tie, at (transcripts, t), true);
  number_t *x = numbers (check, tie->C), *z = numbers (check, 3);
  number_t *square = z, *bound = z + 1, *distance = z + 2;
  int64_t *successes = allocate (check, tie->c, sizeof *successes);
  bool *near = allocate (check, tie->c, sizeof *near);
  number_set_ten (check, bound, -2 * digits);
  for (int64_t t = 0; t < size_of (runs); t++) {
    int winners = 0;
    unpack (check, at (runs, t), "runs", "{s:I,s:o,s:I}", "transcript", &transcript, "output",
            &output, "count", &count);
    if (transcript < 0 || transcript >= size_of (transcripts))
      refuse (check, "runs[%lld].transcript is not one of them", (long long)t);
    if (range (check, count, "runs.count", 1, INTEGER_LIMIT) > seeds - halted)
      refuse (check, "the counts of runs add up to more than run.seeds");
    halted += count;
    array_of (check, output, "runs.output", tie->R);
    memset (near, true, (size_t)tie->c * sizeof *near);
    for (int64_t k = 0; k < tie->R; k++) {
      read_row (check, tie, x, square, at (output, k));
      for (int64_t j = 0; j < tie->c; j++) {
        face_distance (check, tie, distance, x, square, j, 1, &tie->scales[k]);
        near[j] = near[j] && number_compare (check, distance, bound) <= 0;
      }
    }
    for (int64_t j = 0; j < tie->c; j++) {
      winners += near[j];
      successes[j] += near[j] ? count : 0;
    }
    if (winners > 1)
      refuse (check, "runs[%lld].output is correct for two candidates", (long long)t);
  }
  array_of (check, claimed, "claim.successes", tie->c);
  for (int64_t j = 0; j < tie->c; j++) {
    if (index_of (check, at (claimed, j), "claim.successes", INTEGER_LIMIT) != successes[j])
      refuse (check, "claim.successes[%lld] is not %lld", (long long)j, (long long)successes[j]);
  }
  if (claimed_halted != halted)
    refuse (check, "claim.halted is not %lld, the sum of the counts", halted);
  snprintf (text, sizeof text, "%lld of %lld halted, each correct to 1e-%lld for at most one input",
            halted, seeds, digits);
  conclude (check, tie, "seeds", text);
}
