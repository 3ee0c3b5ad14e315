/* The honest oracle, and what a legal answer is.
 *
 * Both look at x_j through its position in the grid of level n: an integer floor and an interval
 * [low, high] of integers with
 *     2^n x_j = floor + t,    low <= t * unit <= high.
 * For a rational entry low = high is the remainder of one division by unit, 0 <= low < unit. For an
 * entry known by balls unit = 2^guard and high = low + 3, -1 <= low <= unit - 2. All decisions are
 * then decisions about integers, and floor enters none of them but the parity of a half. */
#include <stdlib.h>

#include "oracles/oracle.h"

/* Balls are looked at to 64 bits below the grid, and where that does not decide to n + 128. */
#define GUARD 64
#define FINAL_GUARD(n) ((n) + 2 * GUARD)

typedef struct
{
  fmpz_t floor, low, high, unit;
} part_t;

typedef struct
{
  part_t re, im;
} position_t;

static void
part_init (part_t *part)
{
  fmpz_init (part->floor);
  fmpz_init (part->low);
  fmpz_init (part->high);
  fmpz_init (part->unit);
}

static void
part_clear (part_t *part)
{
  fmpz_clear (part->floor);
  fmpz_clear (part->low);
  fmpz_clear (part->high);
  fmpz_clear (part->unit);
}

static void
position_init (position_t *position)
{
  part_init (&position->re);
  part_init (&position->im);
}

static void
position_clear (position_t *position)
{
  part_clear (&position->re);
  part_clear (&position->im);
}

/* x = p / (2^v d) with d odd: 2^n x = p 2^(n-v) / d, or p / (2^(v-n) d) when n < v. One shift and
 * one division; a dyadic x needs no division. */
static void
part_set_rational (part_t *part, const fmpq_t x, slong n)
{
  slong valuation = (slong)fmpz_val2 (fmpq_denref (x));
  slong cancelled = n < valuation ? n : valuation;
  fmpz_fdiv_q_2exp (part->unit, fmpq_denref (x), (ulong)cancelled);

  if (fmpz_is_one (part->unit))
    {
      fmpz_mul_2exp (part->floor, fmpq_numref (x), (ulong)(n - cancelled));
      fmpz_zero (part->low);
    }
  else if (fmpz_val2 (part->unit) + 1 == fmpz_bits (part->unit))
    {
      fmpz_fdiv_q_2exp (part->floor, fmpq_numref (x), fmpz_val2 (part->unit));
      fmpz_fdiv_r_2exp (part->low, fmpq_numref (x), fmpz_val2 (part->unit));
    }
  else
    {
      fmpz_mul_2exp (part->low, fmpq_numref (x), (ulong)(n - cancelled));
      fmpz_fdiv_qr (part->floor, part->low, part->low, part->unit);
    }
  fmpz_set (part->high, part->low);
}

/* |x - c| <= 2^-(n+guard), c the midpoint. With F = floor(2^(n+guard) c):
 * F - 1 <= 2^(n+guard) c - 1 <= 2^(n+guard) x <= 2^(n+guard) c + 1 <= F + 2. */
static void
part_set_ball (part_t *part, const arb_t z, slong n, slong guard)
{
  arf_t scaled;
  arf_init (scaled);
  arf_mul_2exp_si (scaled, arb_midref (z), n + guard);
  arf_get_fmpz (part->low, scaled, ARF_RND_FLOOR);
  arf_clear (scaled);

  fmpz_fdiv_q_2exp (part->floor, part->low, (ulong)guard);
  fmpz_fdiv_r_2exp (part->low, part->low, (ulong)guard);
  fmpz_add_ui (part->high, part->low, 2);
  fmpz_sub_ui (part->low, part->low, 1);
  fmpz_one (part->unit);
  fmpz_mul_2exp (part->unit, part->unit, (ulong)guard);
}

/* Sets *exact: the entry is rational, and no larger guard tells more. */
static delta1_status_t
position_find (position_t *position, bool *exact, const delta1_source_t *source, slong j, slong n,
               slong guard, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_t re, im;
  acb_t z;
  fmpq_init (re);
  fmpq_init (im);
  acb_init (z);

  *exact = source->table->exact != NULL && source->table->exact (source->context, re, im, j);
  if (*exact)
    {
      part_set_rational (&position->re, re, n);
      part_set_rational (&position->im, im, n);
    }
  else
    {
      DELTA1_TRY (delta1_source_enclose_absolute (z, source, j, n + guard, reason));
      part_set_ball (&position->re, acb_realref (z), n, guard);
      part_set_ball (&position->im, acb_imagref (z), n, guard);
      if (!source->complex)
        {
          fmpz_zero (position->im.floor);
          fmpz_zero (position->im.low);
          fmpz_zero (position->im.high);
        }
    }
cleanup:
  fmpq_clear (re);
  fmpq_clear (im);
  acb_clear (z);
  return status;
}

/* near, far: the least and the largest |offset * unit - t'| over low <= t' <= high. */
static void
part_distances (fmpz_t near, fmpz_t far, const part_t *part, const fmpz_t offset)
{
  fmpz_t above, below;
  fmpz_init (above);
  fmpz_init (below);
  fmpz_mul (above, offset, part->unit);
  fmpz_sub (below, part->high, above); /* high - offset unit */
  fmpz_sub (above, above, part->low);  /* offset unit - low; above + below >= 0 */
  if (fmpz_cmp (above, below) >= 0)
    {
      fmpz_set (far, above);
      fmpz_neg (near, below);
    }
  else
    {
      fmpz_set (far, below);
      fmpz_neg (near, above);
    }
  if (fmpz_sgn (near) < 0)
    fmpz_zero (near);
  fmpz_clear (above);
  fmpz_clear (below);
}

/* a/u and b/v: is (a/u)^2 + (b/v)^2 <= 1? */
static bool
in_unit_disc (const fmpz_t a, const fmpz_t u, const fmpz_t b, const fmpz_t v)
{
  if (fmpz_is_zero (b))
    return fmpz_cmpabs (a, u) <= 0;
  if (fmpz_cmpabs (a, u) > 0 || fmpz_cmpabs (b, v) > 0)
    return false;
  fmpz_t left, right;
  fmpz_init (left);
  fmpz_init (right);
  fmpz_mul (left, a, v);
  fmpz_mul (left, left, left);
  fmpz_mul (right, b, u);
  fmpz_addmul (left, right, right);
  fmpz_mul (right, u, v);
  fmpz_mul (right, right, right);
  bool inside = fmpz_cmp (left, right) <= 0;
  fmpz_clear (left);
  fmpz_clear (right);
  return inside;
}

/* Is floor + offset a legal answer? TRUE when the farthest point of the box is within distance 1,
 * FALSE when the nearest point of it is not: distances are monotone in each part. */
static delta1_truth_t
position_legal (const position_t *position, const fmpz_t re_offset, const fmpz_t im_offset)
{
  fmpz_t re_near, re_far, im_near, im_far;
  fmpz_init (re_near);
  fmpz_init (re_far);
  fmpz_init (im_near);
  fmpz_init (im_far);
  part_distances (re_near, re_far, &position->re, re_offset);
  part_distances (im_near, im_far, &position->im, im_offset);

  delta1_truth_t truth = DELTA1_UNKNOWN;
  if (in_unit_disc (re_far, position->re.unit, im_far, position->im.unit))
    truth = DELTA1_TRUE;
  else if (!in_unit_disc (re_near, position->re.unit, im_near, position->im.unit))
    truth = DELTA1_FALSE;

  fmpz_clear (re_near);
  fmpz_clear (re_far);
  fmpz_clear (im_near);
  fmpz_clear (im_far);
  return truth;
}

delta1_truth_t
delta1_oracle_legal (const delta1_source_t *source, slong j, slong n, const fmpz_t re,
                     const fmpz *im)
{
  if (j < 0 || j >= source->count || n < 1 || n > DELTA1_ORACLE_MAX_PRECISION)
    return DELTA1_FALSE;

  delta1_truth_t truth = DELTA1_UNKNOWN;
  position_t position;
  fmpz_t re_offset, im_offset;
  position_init (&position);
  fmpz_init (re_offset);
  fmpz_init (im_offset);

  bool exact = false;
  for (slong guard = GUARD; truth == DELTA1_UNKNOWN && !exact; guard = FINAL_GUARD (n))
    {
      if (position_find (&position, &exact, source, j, n, guard, NULL) != DELTA1_OK)
        break;
      fmpz_sub (re_offset, re, position.re.floor);
      fmpz_neg (im_offset, position.im.floor);
      if (im != NULL)
        fmpz_add (im_offset, im_offset, im);
      truth = position_legal (&position, re_offset, im_offset);
      if (guard > GUARD)
        break;
    }
  position_clear (&position);
  fmpz_clear (re_offset);
  fmpz_clear (im_offset);
  return truth;
}

/* --- the honest oracle --------------------------------------------------------------------------
 */

const char *
delta1_rounding_name (delta1_rounding_t rule)
{
  static const char *const names[DELTA1_ROUNDING_COUNT] = { "nearest", "random", "up", "down" };
  return names[rule];
}

typedef struct
{
  const delta1_source_t *source;
  delta1_rounding_t rule;
  uint64_t seed;
} honest_t;

/* The finaliser of splitmix64: a bijection of 64-bit words that mixes every bit into every bit. */
static uint64_t
mix (uint64_t word)
{
  word += UINT64_C (0x9e3779b97f4a7c15);
  word = (word ^ (word >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  word = (word ^ (word >> 27)) * UINT64_C (0x94d049bb133111eb);
  return word ^ (word >> 31);
}

static uint64_t
question_hash (uint64_t seed, slong j, slong n)
{
  return mix (mix (mix (seed) ^ (uint64_t)j) ^ (uint64_t)n);
}

/* The offset 0 or 1 nearest to t; *decided is cleared when low, high do not tell, which happens
 * only within 3 units of a half: the answer is then the even one, as for a half that balls never
 * decide. Error: <= 1/2 when low = high; else <= 1/2 + 3 2^-64 = 1/2 (1 + 6 2^-64) < 1/2 (1 +
 * 2^-60). */
static slong
nearest_offset (bool *decided, const part_t *part)
{
  fmpz_t twice;
  fmpz_init (twice);
  fmpz_mul_2exp (twice, part->high, 1);
  bool below = fmpz_cmp (twice, part->unit) < 0;
  fmpz_mul_2exp (twice, part->low, 1);
  bool above = fmpz_cmp (twice, part->unit) > 0;
  fmpz_clear (twice);
  if (below || above)
    return above ? 1 : 0;
  *decided = false;
  return fmpz_is_odd (part->floor) ? 1 : 0;
}

typedef struct
{
  slong re, im;
} offset_t;

/* The offsets proved legal, sorted by re + im, then by re; *decided is cleared when one is neither
 * proved nor refuted. An offset a is proved only if high - unit <= a unit <= low + unit; from
 * low < unit and high >= 0 follows -1 <= a <= 1. */
static int
legal_offsets (offset_t offsets[9], bool *decided, const position_t *position, bool complex)
{
  static const offset_t order[9] = { { -1, -1 }, { -1, 0 }, { 0, -1 }, { -1, 1 }, { 0, 0 },
                                     { 1, -1 },  { 0, 1 },  { 1, 0 },  { 1, 1 } };
  int count = 0;
  fmpz_t re, im;
  fmpz_init (re);
  fmpz_init (im);
  for (int i = 0; i < 9; i++)
    {
      if (!complex && order[i].im != 0)
        continue;
      fmpz_set_si (re, order[i].re);
      fmpz_set_si (im, order[i].im);
      delta1_truth_t truth = position_legal (position, re, im);
      if (truth == DELTA1_TRUE)
        offsets[count++] = order[i];
      else if (truth == DELTA1_UNKNOWN)
        *decided = false;
    }
  fmpz_clear (re);
  fmpz_clear (im);
  return count;
}

/* Some offset is always proved legal: the nearest one errs by at most 1/2 + 3 2^-64 in each part,
 * hence by less than 0.71 < 1 in modulus. */
static offset_t
honest_offset (bool *decided, const honest_t *honest, const position_t *position, slong j, slong n)
{
  if (honest->rule == DELTA1_NEAREST)
    {
      offset_t nearest = { nearest_offset (decided, &position->re), 0 };
      if (honest->source->complex)
        nearest.im = nearest_offset (decided, &position->im);
      return nearest;
    }
  offset_t offsets[9];
  int count = legal_offsets (offsets, decided, position, honest->source->complex);
  if (honest->rule == DELTA1_UP)
    return offsets[count - 1];
  if (honest->rule == DELTA1_DOWN)
    return offsets[0];
  return offsets[question_hash (honest->seed, j, n) % (uint64_t)count];
}

/* Two rounds as in delta1_oracle_legal, so that "proved legal" means the same in both. */
static delta1_status_t
honest_ask (void *context, fmpz_t re, fmpz *im, slong j, slong n, delta1_reason_t *reason)
{
  const honest_t *honest = context;
  delta1_status_t status = DELTA1_OK;
  offset_t chosen = { 0, 0 };
  position_t position;
  position_init (&position);

  bool exact = false, decided = false;
  for (slong guard = GUARD; !decided; guard = FINAL_GUARD (n))
    {
      DELTA1_TRY (position_find (&position, &exact, honest->source, j, n, guard, reason));
      decided = true;
      chosen = honest_offset (&decided, honest, &position, j, n);
      if (exact || guard > GUARD)
        break;
    }

  fmpz_set_si (re, chosen.re);
  fmpz_add (re, re, position.re.floor);
  if (im != NULL)
    {
      fmpz_set_si (im, chosen.im);
      fmpz_add (im, im, position.im.floor);
    }
cleanup:
  position_clear (&position);
  return status;
}

static const delta1_oracle_table_t honest_table = { "honest", honest_ask, free };

delta1_status_t
delta1_oracle_create_honest (delta1_oracle_t **oracle, const delta1_source_t *source,
                             delta1_rounding_t rule, uint64_t seed, delta1_reason_t *reason)
{
  if ((int)rule < 0 || (int)rule >= DELTA1_ROUNDING_COUNT)
    return delta1_fail (reason, DELTA1_INPUT, "rounding rule %d: it must be from 0 to %d",
                        (int)rule, DELTA1_ROUNDING_COUNT - 1);
  honest_t *honest = malloc (sizeof *honest);
  if (honest == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for an oracle");
  *honest = (honest_t){ source, rule, seed };
  return delta1_oracle_create (oracle, &honest_table, honest, source->count, source->complex,
                               reason);
}
