#include "checker/claim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/sha256.h"

/* Returns the number of answers. */
static int64_t
check_transcript (check_t *check, tie_t *tie, json_t *transcript, bool candidates)
{
  char text[SHA256_TEXT];
  sha256_t hash;
  members (check, transcript, "transcript", " sha256 answers ");
  const char *claimed = get_text (check, transcript, "sha256");
  json_t *answers = get_array (check, transcript, "answers", -1);
  sha256_init (&hash);
  for (int64_t t = 0; t < size_of (answers); t++)
    {
      json_t *answer = at (answers, t);
      tie_check_answer (check, tie, answer, candidates);
      const char *q = json_string_value (at (answer, 4));
      int size = snprintf (text, sizeof text, "%s", json_string_value (at (answer, 0)));
      for (int item = 1; item <= 3; item++) /* three indices of at most 9 digits */
        size += snprintf (text + size, sizeof text - (size_t)size, " %lld",
                          (long long)json_integer_value (at (answer, item)));
      sha256_update (&hash, text, (size_t)size);
      sha256_update (&hash, " ", 1);
      sha256_update (&hash, q, strlen (q));
      sha256_update (&hash, "\n", 1);
    }
  sha256_finish (text, &hash);
  if (strcmp (text, claimed) != 0)
    refuse (check, "sha256 of the transcript is %s", text);
  return size_of (answers);
}

/* x[0..C) = the numbers of the row, x[C] = s, all over one denominator; square = sum x_i^2. */
static void
read_row (check_t *check, const tie_t *tie, number_t *x, number_t *square, json_t *row,
          const number_t *s)
{
  number_t term;
  mpz_t d;
  array_of (check, row, "output", tie->C);
  mpz_init_set (d, s->d);
  for (int64_t i = 0; i <= tie->C; i++)
    {
      if (i < tie->C)
        number_of (check, &x[i], at (row, i), "output");
      else
        mpz_set (x[i].m, s->m), mpz_set (x[i].d, s->d), x[i].e = s->e;
      if (mpz_cmp_ui (x[i].d, 1) == 0 || mpz_cmp (x[i].d, d) == 0)
        continue;
      charge (check, bits_of (d) + bits_of (x[i].d));
      if (mpz_divisible_p (x[i].d, d))
        mpz_set (d, x[i].d);
      else if (!mpz_divisible_p (d, x[i].d))
        mpz_mul (d, d, x[i].d);
    }
  number_init (&term);
  mpz_set_ui (square->m, 0);
  for (int64_t i = 0; i <= tie->C; i++)
    {
      charge (check, 2 * bits_of (d) + bits_of (x[i].m));
      mpz_divexact (term.d, d, x[i].d);
      mpz_mul (x[i].m, x[i].m, term.d);
      mpz_set (x[i].d, d);
      if (i == 0)
        mpz_mul (square->d, d, d);
      number_square (check, &term, &x[i]);
      if (i < tie->C)
        number_add (check, square, &term);
    }
  mpz_clears (term.m, term.d, d, NULL);
}

static int
descending (const void *a, const void *b, void *check)
{
  return number_compare (check, *(number_t *const *)b, *(number_t *const *)a);
}

/* distance = the squared distance of x to the face of the canonical columns [first, first + size).
 * The projection on it is max (x_i - tau, 0) with tau = (sum - s) / rho, where sum is that of the
 * rho largest x_i of the face, and rho the last one with rho x_rho > sum - s. */
static void
face_distance (check_t *check, const tie_t *tie, number_t *distance, number_t *x,
               const number_t *square, int64_t first, int64_t size)
{
  number_t sum, next;
  number_t **order = allocate (check, size, sizeof *order);
  int64_t rho = 0;
  number_init (&sum);
  number_init (&next);
  for (int64_t t = 0; t < size; t++)
    order[t] = &x[tie->places[first + t]];
  qsort_r (order, (size_t)size, sizeof *order, descending, check);
  number_set (&sum, &x[tie->C]);
  mpz_neg (sum.m, sum.m);
  number_set (distance, square);
  for (; rho < size; rho++)
    {
      number_set (&next, order[rho]);
      mpz_mul_si (next.m, next.m, rho);
      if (rho > 0 && number_compare (check, &next, &sum) <= 0) /* rho x_rho <= sum before it */
        break;
      number_add (check, &sum, order[rho]);
      number_square (check, &next, order[rho]);
      mpz_neg (next.m, next.m);
      number_add (check, distance, &next);
    }
  mpz_mul_si (distance->m, distance->m, rho);
  number_square (check, &next, &sum);
  number_add (check, distance, &next);
  mpz_mul_si (distance->d, distance->d, rho);
  mpz_clears (sum.m, sum.d, next.m, next.d, NULL);
  free (order);
}

/* x = 10^-2k. */
static void
tolerance (check_t *check, number_t *x, int64_t k)
{
  number_init (x);
  mpz_set_ui (x->m, 1);
  power_of_five (check, x->d, 2 * k);
  x->e = -2 * k;
}

static const char *
check_labels (check_t *check, json_t *root, bool seeds)
{
  static const char *const oracles[] = { "adversary", "nearest", "random", "up", "down", NULL };
  json_t *run = get (check, root, "run", JSON_OBJECT);
  members (check, run, "run", seeds ? " program oracle seeds " : " program oracle seed ");
  get_text (check, run, "program");
  get_choice (check, run, "oracle", oracles);
  return seeds ? NULL : get_text (check, run, "seed");
}

void
check_run (check_t *check, tie_t *tie, json_t *root, char *text, size_t size)
{
  static const char *const verdicts[] = { "wrong", "correct", NULL };
  const char *seed = check_labels (check, root, false);
  if (*seed == '\0' || seed[strspn (seed, "0123456789")] != '\0')
    unreadable (check, "seed is not a decimal string");

  json_t *solution = get (check, root, "solution", JSON_OBJECT);
  members (check, solution, "solution", " scales face ");
  json_t *scales = get_array (check, solution, "scales", tie->R);
  json_t *face = get_array (check, solution, "face", -1);
  number_t *x = numbers (check, tie->C + 4), *square = x + tie->C + 1, *best = square + 1,
           *distance = square + 2;
  for (int64_t k = 0; k < tie->R; k++)
    {
      number_of (check, x, at (scales, k), "scales");
      if (number_compare (check, x, &tie->scales[k]) != 0)
        refuse (check, "scales[%lld] is not s_%lld", (long long)k, (long long)k);
    }
  int64_t first = tie->column < 0 ? 0 : tie->column, faces = tie->column < 0 ? tie->c : 1,
          last = -1;
  if (size_of (face) != faces)
    refuse (check, "face has %lld places instead of %lld", (long long)size_of (face),
            (long long)faces);
  for (int64_t t = 0; t < faces; t++)
    {
      int64_t place = index_of (check, at (face, t), "face", tie->C), j = tie->canonical[place];
      if (place <= last || j < first || j >= first + faces)
        refuse (check, "face[%lld] is not where the minimisers are", (long long)t);
      last = place;
    }

  int64_t answers
      = check_transcript (check, tie, get (check, root, "transcript", JSON_OBJECT), false);

  json_t *output = get_array (check, root, "output", tie->R);
  int64_t point = 0;
  for (int64_t k = 0; k < tie->R; k++)
    {
      read_row (check, tie, x, square, at (output, k), &tie->scales[k]);
      face_distance (check, tie, distance, x, square, first, faces);
      if (k > 0 && number_compare (check, distance, best) <= 0)
        continue;
      point = k;
      number_set (best, distance);
    }

  json_t *claim = get (check, root, "claim", JSON_OBJECT);
  members (check, claim, "claim", " digits verdict point error ");
  int64_t digits = get_count (check, claim, "digits", 1, LIMIT_DIGITS);
  int verdict = get_choice (check, claim, "verdict", verdicts);
  if (get_count (check, claim, "point", 0, INT64_MAX) != point)
    refuse (check, "point is not %lld, the datum with the largest error", (long long)point);
  json_t *error = get_array (check, claim, "error", 2);
  const char *bounds[2];
  for (int b = 0; b < 2; b++)
    {
      form_t form = number_of (check, x, at (error, b), "error");
      if (form != INTEGER && form != DECIMAL)
        unreadable (check, "error is not made of decimals");
      number_square (check, square, x);
      int sign = number_compare (check, square, best);
      if (mpz_sgn (x->m) < 0 || (b == 0 ? sign > 0 : sign < 0))
        refuse (check, "error[%d] is not a bound of the error", b);
      bounds[b]
          = json_string_length (at (error, b)) < 64 ? json_string_value (at (error, b)) : "..";
    }
  tolerance (check, distance, digits);
  if ((number_compare (check, best, distance) > 0) != (verdict == 0))
    refuse (check, "verdict \"%s\" is false", verdicts[verdict]);
  snprintf (text, size,
            "%s on %s %lldx%lld, tier %c: error in [%s, %s] %s 1e-%lld after %lld answers",
            verdicts[verdict], problem_names[tie->problem], (long long)tie->m, (long long)tie->C,
            'a' + tie->tier, bounds[0], bounds[1], verdict == 0 ? ">" : "<=", (long long)digits,
            (long long)answers);
}

void
check_seeds (check_t *check, tie_t *tie, json_t *root, char *text, size_t size)
{
  static const char *const verdicts[] = { "seeds", NULL };
  check_labels (check, root, true);
  json_t *claim = get (check, root, "claim", JSON_OBJECT);
  members (check, claim, "claim", " digits verdict halted successes ");
  get_choice (check, claim, "verdict", verdicts);
  int64_t seeds = get_count (check, json_object_get (root, "run"), "seeds", 1, INT64_MAX);
  int64_t digits = get_count (check, claim, "digits", 1, LIMIT_DIGITS);
  json_t *transcripts = get_array (check, root, "transcripts", -1);
  json_t *runs = get_array (check, root, "runs", -1);
  json_t *claimed = get_array (check, claim, "successes", tie->c);
  if (size_of (transcripts) == 0)
    refuse (check, "transcripts is empty");
  for (int64_t t = 0; t < size_of (transcripts); t++)
    check_transcript (check, tie, at (transcripts, t), true);

  number_t *x = numbers (check, tie->C + 4), *square = x + tie->C + 1, *bound = square + 1,
           *distance = square + 2;
  int64_t *successes = allocate (check, tie->c, sizeof *successes), halted = 0;
  bool *near = allocate (check, tie->c, sizeof *near);
  tolerance (check, bound, digits);
  for (int64_t t = 0; t < size_of (runs); t++)
    {
      json_t *run = at (runs, t);
      members (check, run, "runs", " transcript output count ");
      index_of (check, get (check, run, "transcript", JSON_INTEGER), "transcript",
                size_of (transcripts));
      int64_t count = get_count (check, run, "count", 1, INT64_MAX), winners = 0;
      if (count > seeds - halted)
        refuse (check, "the counts of runs add up to more than seeds");
      halted += count;
      json_t *output = get_array (check, run, "output", tie->R);
      memset (near, true, (size_t)tie->c * sizeof *near);
      for (int64_t k = 0; k < tie->R; k++)
        {
          read_row (check, tie, x, square, at (output, k), &tie->scales[k]);
          for (int64_t j = 0; j < tie->c; j++)
            if (near[j])
              {
                face_distance (check, tie, distance, x, square, j, 1);
                near[j] = number_compare (check, distance, bound) <= 0;
              }
        }
      for (int64_t j = 0; j < tie->c; j++)
        {
          winners += near[j];
          successes[j] += near[j] ? count : 0;
        }
      if (winners > 1)
        refuse (check, "the output of runs[%lld] is correct for two candidates", (long long)t);
    }
  int64_t least = seeds;
  for (int64_t j = 0; j < tie->c; j++)
    {
      if (count_of (check, at (claimed, j), "successes", 0, INT64_MAX) != successes[j])
        refuse (check, "successes[%lld] is not %lld", (long long)j, (long long)successes[j]);
      least = successes[j] < least ? successes[j] : least;
    }
  if (get_count (check, claim, "halted", 0, INT64_MAX) != halted)
    refuse (check, "halted is not %lld, the sum of the counts", (long long)halted);
  snprintf (text, size,
            "seeds on %s %lldx%lld, tier %c: of %lld seeds %lld halted, and on some candidate only "
            "%lld are correct to 1e-%lld",
            problem_names[tie->problem], (long long)tie->m, (long long)tie->C, 'a' + tie->tier,
            (long long)seeds, (long long)halted, (long long)least, (long long)digits);
}
