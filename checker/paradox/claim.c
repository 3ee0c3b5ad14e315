#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/paradox/paradox.h"
#include "checker/sha256.h"

#define LIMIT_PRECISION 100000000

/* What the verdict says of the data. */
static _Noreturn void conclude (check_t *check, const paradox_t *paradox, const char *what) {
  say (check, ACCEPTED, "%s, on %lld points", what, (long long)paradox->points);
}

/* The coordinate i of p_k. */
static void datum (const paradox_t *paradox, mpq_t x, int64_t k, int64_t i) {
  mpq_set_ui (x, 0, 1);
  if (i == 0) mpq_set_ui (x, 2, (uint64_t)(2 * k - 1));
  if (i == 1 && k % 2 == 1) mpq_set (x, paradox->delta);
}

/* Both coordinates of p_k lie on the line or one step of delta from it: on the line, which is where
 * an odd p_k goes when it is lowered, and off it, at delta for an odd k and -delta for an even one.
 */
void check_counts (check_t *check, paradox_t *paradox, json_t *claim) {
  static const char *const verdicts[] = { "inaccurate", "broken", "unbroken", NULL };
  const char *verdict;
  json_int_t correct, zeros, ones, line, least, true_correct = 0, true_line = 0;
  json_int_t broken[2] = { 0, 0 };
  char text[128];
  mpq_t *z = rationals (check, 5), *first = z, *y = z + 4;
  unpack (check, claim, "claim", "{s:s,s:I,s:[I,I!],s:I,s:I}", "verdict", &verdict, "correct",
          &correct, "broken", &zeros, &ones, "line", &line, "floor", &least);
  mpq_set_ui (z[3], 1, 2);
  for (int64_t k = 2; k <= paradox->points + 1; k++) {
    bool right[2]; /* on the line and off it */
    datum (paradox, *first, k, 0);
    mpq_set_ui (z[1], 0, 1);
    mpq_set (z[2], paradox->delta);
    if (k % 2 == 0) mpq_neg (z[2], z[2]);
    for (int off = 0; off < 2; off++) {
      network_evaluate (check, paradox, *y, *first, z[1 + off]);
      right[off] = (mpq_cmp (*y, z[3]) >= 0) == (k % 2 == 1);
    }
    bool here = right[k % 2], lowered = right[1 - k % 2];
    true_correct += here;
    true_line += !right[0];
    broken[k % 2] += here && !lowered;
  }
  int64_t rest = paradox->points - 1 - paradox->product;
  int64_t bound = rest > 0 ? (rest + 1) / 2 : 0;
  int true_verdict = true_correct < paradox->points ? 0 : broken[0] + broken[1] > 0 ? 1 : 2;
  if (correct != true_correct) refuse (check, "claim.correct is not %lld", true_correct);
  if (zeros != broken[0] || ones != broken[1])
    refuse (check, "claim.broken is not [%lld, %lld]", broken[0], broken[1]);
  if (line != true_line) refuse (check, "claim.line is not %lld", true_line);
  if (least != bound) refuse (check, "claim.floor is not %lld", (long long)bound);
  if (choice (check, verdict, "claim.verdict", verdicts) != true_verdict)
    refuse (check, "claim.verdict is not \"%s\"", verdicts[true_verdict]);
  snprintf (text, sizeof text, "%s: %lld right, %lld + %lld broken, %lld wrong on the line",
            verdict, correct, zeros, ones, line);
  conclude (check, paradox, text);
}

/* A place of the real line: where an interval around p_k begins (a label, 0 or 1) or ends, or where
 * a unit, by its number, has its kink. */
enum { BEGIN, END, KINK };
typedef struct {
  mpq_t t;
  int what;
  int64_t which;
} event_t;

static int ascending (const void *a, const void *b) {
  return mpq_cmp (((const event_t *)a)->t, ((const event_t *)b)->t);
}

/* slope t + constant is the network left of all kinks, and is moved over them from left to right: a
 * unit w max (a t + b, 0) adds w |a| to the slope and w b sign a to the constant at its kink. The
 * network is continuous and linear between the events, so that it is constant on an interval if
 * and only if it has the value at the events of it. Neighbours have different labels: where two
 * intervals meet, one of them is false. */
void check_stable (check_t *check, paradox_t *paradox, json_t *claim) {
  const char *verdict;
  json_t *theta;
  const layer_t *hidden = paradox->layer, *last = hidden + 1;
  unpack (check, claim, "claim", "{s:s,s:o}", "verdict", &verdict, "theta", &theta);
  mpq_t *z = rationals (check, 5);
  mpq_ptr radius = z[0], slope = z[1], constant = z[2], value = z[3], product = z[4];
  radius_of (check, radius, theta, "claim.theta");
  if (paradox->layers != 2 || hidden->skip != NULL || last->skip != NULL)
    refuse (check, "a stable network has one hidden layer and no skip connections");
  int64_t K = paradox->points, count = 0, label = -1;
  mpq_set_ui (value, 1, (uint64_t)(K + 1) * (uint64_t)(2 * K + 1));
  mpq_mul (radius, radius, value);
  event_t *events = allocate (check, 2 * K + hidden->width, sizeof *events);
  for (int64_t t = 0; t < 2 * K + hidden->width; t++) mpq_init (events[t].t);
  for (int64_t k = 2; k <= K + 1; k++)
    for (int what = BEGIN; what <= END; what++) {
      datum (paradox, value, k, 0);
      (what == BEGIN ? mpq_sub : mpq_add) (events[count].t, value, radius);
      events[count].what = what;
      events[count++].which = k % 2;
    }
  if (last->bias != NULL) mpq_set (constant, last->bias[0]);
  for (int64_t i = 0; i < hidden->width; i++) {
    const mpq_t *a = &hidden->weights[i * hidden->before], *w = &last->weights[i];
    if (hidden->units[i] != RELU) refuse (check, "a hidden unit of a stable network is not ReLU");
    for (int64_t t = 1; t < hidden->before; t++)
      if (mpq_sgn (a[t]) != 0) refuse (check, "a stable network sees another coordinate");
    mpq_set_ui (value, 0, 1); /* the bias */
    if (hidden->bias != NULL) mpq_set (value, hidden->bias[i]);
    if (mpq_sgn (*a) < 0) add_product (check, slope, *a, *w, product);
    if (mpq_sgn (*a) < 0 || (mpq_sgn (*a) == 0 && mpq_sgn (value) > 0))
      add_product (check, constant, value, *w, product);
    if (mpq_sgn (*a) == 0) continue;
    mpq_div (events[count].t, value, *a);
    mpq_neg (events[count].t, events[count].t);
    events[count].what = KINK;
    events[count++].which = i;
  }
  qsort (events, (size_t)count, sizeof *events, ascending);
  for (int64_t t = 0; t < count; t++) {
    const event_t *event = &events[t];
    if (event->what == BEGIN && label >= 0) refuse (check, "two of the intervals meet");
    if (event->what == BEGIN) label = event->which;
    if (label >= 0) {
      mpq_set (value, constant);
      add_product (check, value, slope, event->t, product);
      if (mpq_cmp_si (value, label, 1) != 0)
        refuse (check, "the network is not %lld all over an interval", (long long)label);
    }
    if (event->what == END) label = -1;
    if (event->what != KINK) continue;
    const mpq_t *a = &hidden->weights[event->which * hidden->before];
    const mpq_t *w = &last->weights[event->which];
    mpq_abs (value, *a);
    add_product (check, slope, value, *w, product);
    mpq_set_ui (value, 0, 1);
    if (hidden->bias != NULL) mpq_set (value, hidden->bias[event->which]);
    if (mpq_sgn (*a) < 0) mpq_neg (value, value);
    add_product (check, constant, value, *w, product);
  }
  conclude (check, paradox, "stable on balls of radius theta mu");
}

/* Refuses an answer that is not legal; q is overwritten. */
static void check_answer (check_t *check, const paradox_t *paradox, json_t *answer, mpq_t q,
                          mpq_t x) {
  const char *kind;
  json_t *first, *second, *text;
  json_int_t n;
  unpack (check, answer, "answer", "[s,o,o,I,o!]", &kind, &first, &second, &n, &text);
  bool asked = strcmp (kind, "y") == 0;
  if (!asked && strcmp (kind, "A") != 0)
    unreadable (check, "an answer is neither to \"A\" nor to \"y\"");
  int64_t i
      = index_of (check, first, "index of an answer", asked ? paradox->points : paradox->widths[0]);
  int64_t j = index_of (check, second, "index of an answer", asked ? paradox->widths[0] : 1);
  range (check, n, "precision of an answer", 1, LIMIT_PRECISION);
  rational_of (check, q, text, "answer", BITS_LIMIT);
  mp_bitcnt_t places = mpz_scan1 (mpq_denref (q), 0);
  if (bits_of (mpq_denref (q)) != places + 1 || places > (mp_bitcnt_t)n)
    refuse (check, "answer %s, %lld, %lld is not in D_%lld", kind, (long long)i, (long long)j, n);
  mpq_set_ui (x, 0, 1);
  if (asked) datum (paradox, x, i + 2, j);
  mpq_sub (q, q, x);
  mpq_abs (q, q);
  charge (check, (uint64_t)n);
  mpq_mul_2exp (q, q, (mp_bitcnt_t)n);
  if (mpq_cmp_ui (q, 1, 1) > 0)
    refuse (check, "answer %s, %lld, %lld, %lld is not legal", kind, (long long)i, (long long)j, n);
}

static void check_transcript (check_t *check, const paradox_t *paradox, json_t *transcript) {
  const char *claimed;
  char text[SHA256_TEXT];
  json_t *answers;
  sha256_t hash;
  mpq_t *z = rationals (check, 2);
  unpack (check, transcript, "transcript", "{s:s,s:o}", "sha256", &claimed, "answers", &answers);
  sha256_init (&hash);
  for (int64_t t = 0; t < size_of (array_of (check, answers, "answers", -1)); t++) {
    json_t *answer = at (answers, t);
    check_answer (check, paradox, answer, z[0], z[1]);
    const char *kind = json_string_value (at (answer, 0)), *q = json_string_value (at (answer, 4));
    sha256_update (&hash, kind, strlen (kind));
    for (int64_t i = 1; i < 4; i++) {
      int size = snprintf (text, sizeof text, " %lld", json_integer_value (at (answer, i)));
      sha256_update (&hash, text, (size_t)size);
    }
    sha256_update (&hash, " ", 1);
    sha256_update (&hash, q, strlen (q));
    sha256_update (&hash, "\n", 1);
  }
  sha256_finish (text, &hash);
  if (strcmp (text, claimed) != 0) refuse (check, "transcript.sha256 is not %s", text);
}

void check_training (check_t *check, paradox_t *paradox, json_t *claim, json_t *transcript) {
  const char *verdict;
  json_t *tolerance;
  mpq_t *z = rationals (check, 4), *bound = z, *x = z + 1, *y = z + 3;
  unpack (check, claim, "claim", "{s:s,s:o}", "verdict", &verdict, "tolerance", &tolerance);
  radius_of (check, *bound, tolerance, "claim.tolerance");
  check_transcript (check, paradox, transcript);
  if (mpq_sgn (paradox->delta) == 0) { /* the least loss is 1/2, or is not known */
    if (paradox->product >= paradox->points - 1)
      refuse (check, "with delta 0 the least loss is known for P < K-1 only");
    mpq_set_ui (*x, 1, 2);
    mpq_add (*bound, *bound, *x);
  }
  for (int64_t k = 2; k <= paradox->points + 1; k++) {
    datum (paradox, x[0], k, 0);
    datum (paradox, x[1], k, 1);
    network_evaluate (check, paradox, *y, x[0], x[1]);
    mpq_set_si (x[0], k % 2, 1);
    mpq_sub (*y, *y, x[0]);
    mpq_abs (*y, *y);
    if (mpq_cmp (*y, *bound) > 0) conclude (check, paradox, "not minimal: the loss is too large");
  }
  refuse (check, "the loss is not above the least one by more than the tolerance");
}
