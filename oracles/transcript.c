#include "oracles/transcript.h"

#include <stdlib.h>

struct delta1_transcript_struct
{
  delta1_answer_t *answer;
  slong count;
  slong room;
};

delta1_status_t
delta1_transcript_create (delta1_transcript_t **transcript, delta1_reason_t *reason)
{
  delta1_transcript_t *made = calloc (1, sizeof *made);
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for a transcript");
  *transcript = made;
  return DELTA1_OK;
}

void
delta1_transcript_reset (delta1_transcript_t *transcript)
{
  for (slong t = 0; t < transcript->count; t++)
    {
      arf_clear (transcript->answer[t].re);
      arf_clear (transcript->answer[t].im);
    }
  transcript->count = 0;
}

void
delta1_transcript_free (delta1_transcript_t *transcript)
{
  if (transcript == NULL)
    return;
  delta1_transcript_reset (transcript);
  free (transcript->answer);
  free (transcript);
}

static delta1_status_t
make_room (delta1_transcript_t *transcript, delta1_reason_t *reason)
{
  if (transcript->count < transcript->room)
    return DELTA1_OK;
  slong room = transcript->room == 0 ? 16 : 2 * transcript->room;
  delta1_answer_t *answer = NULL;
  if ((size_t)room <= SIZE_MAX / sizeof *answer)
    answer = realloc (transcript->answer, (size_t)room * sizeof *answer);
  if (answer == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out after %ld answers",
                        (long)transcript->count);
  transcript->answer = answer;
  transcript->room = room;
  return DELTA1_OK;
}

delta1_status_t
delta1_transcript_append (delta1_transcript_t *transcript, slong entry, slong precision,
                          const fmpz_t re, const fmpz *im, delta1_reason_t *reason)
{
  if (entry < 0 || precision < 1 || precision > DELTA1_ORACLE_MAX_PRECISION)
    return delta1_fail (reason, DELTA1_INPUT,
                        "answer for entry %ld at precision %ld: entries count from 0, precisions "
                        "are from 1 to %ld",
                        (long)entry, (long)precision, (long)DELTA1_ORACLE_MAX_PRECISION);
  delta1_status_t status = make_room (transcript, reason);
  if (status != DELTA1_OK)
    return status;
  delta1_answer_t *answer = &transcript->answer[transcript->count++];
  answer->entry = entry;
  answer->precision = precision;
  arf_init (answer->re);
  arf_init (answer->im);
  arf_set_fmpz (answer->re, re);
  arf_mul_2exp_si (answer->re, answer->re, -precision);
  if (im != NULL)
    {
      arf_set_fmpz (answer->im, im);
      arf_mul_2exp_si (answer->im, answer->im, -precision);
    }
  return DELTA1_OK;
}

slong
delta1_transcript_count (const delta1_transcript_t *transcript)
{
  return transcript->count;
}

const delta1_answer_t *
delta1_transcript_get (const delta1_transcript_t *transcript, slong t)
{
  return &transcript->answer[t];
}

/* re + i im = q 2^n: integers, since q was recorded as such. */
static void
answer_integers (fmpz_t re, fmpz_t im, const delta1_answer_t *answer)
{
  arf_t scaled;
  arf_init (scaled);
  arf_mul_2exp_si (scaled, answer->re, answer->precision);
  arf_get_fmpz (re, scaled, ARF_RND_DOWN);
  arf_mul_2exp_si (scaled, answer->im, answer->precision);
  arf_get_fmpz (im, scaled, ARF_RND_DOWN);
  arf_clear (scaled);
}

/* --- an order in which the answers of one entry stand together -------------------------------- */

typedef struct
{
  slong entry;
  slong precision; /* 0 throughout in the audit */
  slong t;
} place_key_t;

static int
compare_keys (const void *a, const void *b)
{
  const place_key_t *x = a, *y = b;
  if (x->entry != y->entry)
    return x->entry < y->entry ? -1 : 1;
  if (x->precision != y->precision)
    return x->precision < y->precision ? -1 : 1;
  return (x->t > y->t) - (x->t < y->t);
}

static delta1_status_t
sorted_keys (place_key_t **keys, const delta1_transcript_t *transcript, bool by_precision,
             delta1_reason_t *reason)
{
  place_key_t *made = calloc ((size_t)transcript->count + 1, sizeof *made);
  if (made == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for the index of %ld answers",
                        (long)transcript->count);
  for (slong t = 0; t < transcript->count; t++)
    made[t] = (place_key_t){ transcript->answer[t].entry,
                             by_precision ? transcript->answer[t].precision : 0, t };
  qsort (made, (size_t)transcript->count, sizeof *made, compare_keys);
  *keys = made;
  return DELTA1_OK;
}

/* --- audit --------------------------------------------------------------------------------------
 */

typedef struct
{
  slong first, second; /* first < 0: no contradiction found */
} pair_t;

/* Two real answers are compatible iff the intervals q +- 2^-n meet; so all are, pairwise, iff the
 * largest left end is <= the smallest right end, and otherwise these two ends are the offenders. */
static pair_t
audit_real (const delta1_transcript_t *transcript, const place_key_t *keys, slong count)
{
  pair_t found = { -1, -1 };
  slong left_at = -1, right_at = -1;
  arf_t left, right, end, radius;
  arf_init (left);
  arf_init (right);
  arf_init (end);
  arf_init (radius);
  for (slong i = 0; i < count && found.first < 0; i++)
    {
      const delta1_answer_t *answer = &transcript->answer[keys[i].t];
      arf_set_ui_2exp_si (radius, 1, -answer->precision);
      arf_sub (end, answer->re, radius, ARF_PREC_EXACT, ARF_RND_DOWN);
      if (left_at < 0 || arf_cmp (end, left) > 0)
        {
          arf_swap (left, end);
          left_at = keys[i].t;
        }
      arf_add (end, answer->re, radius, ARF_PREC_EXACT, ARF_RND_DOWN);
      if (right_at < 0 || arf_cmp (end, right) < 0)
        {
          arf_swap (right, end);
          right_at = keys[i].t;
        }
      if (arf_cmp (left, right) > 0)
        found = left_at < right_at ? (pair_t){ left_at, right_at } : (pair_t){ right_at, left_at };
    }
  arf_clear (left);
  arf_clear (right);
  arf_clear (end);
  arf_clear (radius);
  return found;
}

/* |q - q'|^2 <= (2^-n + 2^-n')^2, exactly. */
static bool
compatible (const delta1_answer_t *a, const delta1_answer_t *b)
{
  arf_t x, y, bound;
  arf_init (x);
  arf_init (y);
  arf_init (bound);
  arf_sub (x, a->re, b->re, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_sub (y, a->im, b->im, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_mul (x, x, x, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_mul (y, y, y, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_add (x, x, y, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_set_ui_2exp_si (bound, 1, -a->precision);
  arf_set_ui_2exp_si (y, 1, -b->precision);
  arf_add (bound, bound, y, ARF_PREC_EXACT, ARF_RND_DOWN);
  arf_mul (bound, bound, bound, ARF_PREC_EXACT, ARF_RND_DOWN);
  bool within = arf_cmp (x, bound) <= 0;
  arf_clear (x);
  arf_clear (y);
  arf_clear (bound);
  return within;
}

static pair_t
audit_complex (const delta1_transcript_t *transcript, const place_key_t *keys, slong count)
{
  for (slong k = 1; k < count; k++)
    for (slong i = 0; i < k; i++)
      if (!compatible (&transcript->answer[keys[i].t], &transcript->answer[keys[k].t]))
        return (pair_t){ keys[i].t, keys[k].t };
  return (pair_t){ -1, -1 };
}

static pair_t
audit_entry (const delta1_transcript_t *transcript, const place_key_t *keys, slong count)
{
  for (slong i = 0; i < count; i++)
    if (!arf_is_zero (transcript->answer[keys[i].t].im))
      return audit_complex (transcript, keys, count);
  return audit_real (transcript, keys, count);
}

delta1_status_t
delta1_transcript_audit (const delta1_transcript_t *transcript, slong *first, slong *second,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  place_key_t *keys = NULL;
  DELTA1_TRY (sorted_keys (&keys, transcript, false, reason));
  for (slong start = 0, end; start < transcript->count; start = end)
    {
      for (end = start + 1; end < transcript->count && keys[end].entry == keys[start].entry;)
        end++;
      pair_t pair = audit_entry (transcript, keys + start, end - start);
      if (pair.first < 0)
        continue;
      if (first != NULL)
        *first = pair.first;
      if (second != NULL)
        *second = pair.second;
      const delta1_answer_t *a = &transcript->answer[pair.first];
      const delta1_answer_t *b = &transcript->answer[pair.second];
      DELTA1_TRY (
          delta1_fail (reason, DELTA1_FAILED,
                       "answers %ld and %ld contradict each other: entry %ld was told at "
                       "precisions %ld and %ld, and they differ by more than 2^-%ld + 2^-%ld",
                       (long)pair.first, (long)pair.second, (long)a->entry, (long)a->precision,
                       (long)b->precision, (long)a->precision, (long)b->precision));
    }
cleanup:
  free (keys);
  return status;
}

/* --- legality -----------------------------------------------------------------------------------
 */

delta1_status_t
delta1_transcript_legal (const delta1_transcript_t *transcript, const delta1_source_t *source,
                         delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpz_t re, im;
  fmpz_init (re);
  fmpz_init (im);
  for (slong t = 0; t < transcript->count; t++)
    {
      const delta1_answer_t *answer = &transcript->answer[t];
      answer_integers (re, im, answer);
      delta1_truth_t truth = delta1_oracle_legal (source, answer->entry, answer->precision, re, im);
      if (truth == DELTA1_FALSE)
        DELTA1_TRY (
            delta1_fail (reason, DELTA1_FAILED,
                         "answer %ld, entry %ld at precision %ld, is not legal for the input",
                         (long)t, (long)answer->entry, (long)answer->precision));
      if (truth == DELTA1_UNKNOWN)
        DELTA1_TRY (
            delta1_fail (reason, DELTA1_UNDECIDED,
                         "answer %ld, entry %ld at precision %ld: balls of radius 2^-%ld do "
                         "not decide whether it is legal",
                         (long)t, (long)answer->entry, (long)answer->precision,
                         2 * (long)answer->precision + 128));
    }
cleanup:
  fmpz_clear (re);
  fmpz_clear (im);
  return status;
}

/* --- replay -------------------------------------------------------------------------------------
 */

typedef struct
{
  const delta1_transcript_t *transcript;
  place_key_t *keys;
  slong count;
} replay_t;

/* The earliest answer to the question, or NULL. */
static const delta1_answer_t *
replay_find (const replay_t *replay, slong entry, slong precision)
{
  const place_key_t wanted = { entry, precision, -1 };
  slong low = 0, high = replay->count; /* keys before low are < wanted, from high on are > wanted */
  while (low < high)
    {
      slong middle = low + (high - low) / 2;
      if (compare_keys (&replay->keys[middle], &wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == replay->count || replay->keys[low].t >= replay->transcript->count)
    return NULL;
  const delta1_answer_t *answer = &replay->transcript->answer[replay->keys[low].t];
  return answer->entry == entry && answer->precision == precision ? answer : NULL;
}

static delta1_status_t
replay_ask (void *context, fmpz_t re, fmpz *im, slong j, slong n, delta1_reason_t *reason)
{
  const replay_t *replay = context;
  const delta1_answer_t *answer = replay_find (replay, j, n);
  if (answer == NULL)
    return delta1_fail (
        reason, DELTA1_INPUT,
        "entry %ld at precision %ld: the transcript holds no answer to this question", (long)j,
        (long)n);
  if (im == NULL && !arf_is_zero (answer->im))
    return delta1_fail (
        reason, DELTA1_INPUT,
        "entry %ld at precision %ld: the transcript holds an answer that is not real", (long)j,
        (long)n);
  fmpz_t ignored;
  fmpz_init (ignored);
  answer_integers (re, im != NULL ? im : ignored, answer);
  fmpz_clear (ignored);
  return DELTA1_OK;
}

static void
replay_free (void *context)
{
  replay_t *replay = context;
  free (replay->keys);
  free (replay);
}

static const delta1_oracle_table_t replay_table = { "replay", replay_ask, replay_free };

delta1_status_t
delta1_oracle_create_replay (delta1_oracle_t **oracle, const delta1_transcript_t *transcript,
                             slong count, bool complex, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  replay_t *replay = calloc (1, sizeof *replay);
  if (replay == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for an oracle");
  replay->transcript = transcript;
  replay->count = transcript->count;
  DELTA1_TRY (sorted_keys (&replay->keys, transcript, true, reason));
  return delta1_oracle_create (oracle, &replay_table, replay, count, complex, reason);
cleanup:
  replay_free (replay);
  return status;
}
