#include "firenet/sampling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/random.h"

#define SCALE_BITS 256 /* of fixed-point densities and of MPFR */
#define RINGS 50
#define FULL_RINGS 2
#define LINES_PER_SIDE 8
#define PIXEL_BITS 20 /* pixels are rounded to 2^-PIXEL_BITS */
#define LARGEST_PIXEL 1024

const char *
delta1_pattern_name (delta1_pattern_t pattern)
{
  static const char *const names[DELTA1_PATTERN_COUNT] = { "das", "radial", "gauss", "half" };
  return names[pattern];
}

/* floor (log2 n); -1 for 0 */
static slong
log2_of (slong n)
{
  return (slong)FLINT_BIT_COUNT ((ulong)n) - 1;
}

static delta1_status_t
check_side (slong side, delta1_reason_t *reason)
{
  if (side >= 2 && side <= DELTA1_SAMPLING_MAX_SIDE && (side & (side - 1)) == 0)
    return DELTA1_OK;
  return delta1_fail (reason, DELTA1_INPUT, "side %ld; allowed: powers of two from 2 to %d",
                      (long)side, DELTA1_SAMPLING_MAX_SIDE);
}

static delta1_status_t
check_levels (slong levels, slong side, delta1_reason_t *reason)
{
  if (levels >= 1 && levels <= log2_of (side))
    return DELTA1_OK;
  return delta1_fail (reason, DELTA1_INPUT, "%ld wavelet levels; allowed: 1 to %ld at side %ld",
                      (long)levels, (long)log2_of (side), (long)side);
}

static delta1_status_t
check (const delta1_sampling_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = check_side (s->side, reason);
  if (status != DELTA1_OK)
    return status;
  if (s->count < 1 || s->count > s->side * s->side)
    return delta1_fail (reason, DELTA1_INPUT, "%ld samples; allowed: 1 to %ld", (long)s->count,
                        (long)(s->side * s->side));
  if (s->pattern == DELTA1_PATTERN_RADIAL && !s->centred)
    return delta1_fail (reason, DELTA1_INPUT,
                        "radial lines need frequencies around DC; allowed: das, gauss, half");
  if (s->pattern != DELTA1_PATTERN_DAS)
    return DELTA1_OK;
  status = check_levels (s->levels, s->side, reason);
  if (status != DELTA1_OK)
    return status;
  if (s->vanishing < 1 || s->vanishing > 4)
    return delta1_fail (reason, DELTA1_INPUT, "%d vanishing moments; allowed: 1 to 4",
                        s->vanishing);
  slong sum = 0;
  for (slong k = 0; k < s->levels; k++)
    {
      if (s->sparsity[k] < 0 || s->sparsity[k] > s->side * s->side)
        return delta1_fail (reason, DELTA1_INPUT, "local sparsity %ld; allowed: 0 to %ld",
                            (long)s->sparsity[k], (long)(s->side * s->side));
      sum += s->sparsity[k];
    }
  return sum > 0 ? DELTA1_OK
                 : delta1_fail (reason, DELTA1_INPUT,
                                "all local sparsities are 0; allowed: one "
                                "above 0");
}

/* Distance from the lowest frequency, in units that give both layouts the same dyadic bounds: the
 * 2^b frequencies -2^(b-1) .. 2^(b-1) - 1 around DC, and the sequencies below 2^b, are those of a
 * height below 2^b. */
static slong
height (const delta1_sampling_t *s, slong position)
{
  if (!s->centred)
    return position;
  slong frequency = position - s->side / 2;
  return 2 * (frequency >= 0 ? frequency : -frequency - 1);
}

/* --- das ---------------------------------------------------------------------------------------
 */

static slong
band_size (const delta1_sampling_t *s, slong k) /* of one axis; k from 0 */
{
  slong below = log2_of (s->side) - s->levels;
  return (slong)1 << (k == 0 ? below + 1 : below + k);
}

static slong
band_of (const delta1_sampling_t *s, slong position) /* k from 0 */
{
  slong k = log2_of (height (s, position)) - (log2_of (s->side) - s->levels);
  return k > 0 ? k : 0;
}

/* 1000 times the exponent of c(k_1, k_2, l); k, l from 0. */
static slong
exponent (const delta1_sampling_t *s, const slong k[2], slong l)
{
  static const slong decay[] = { 0, 339, 636, 913 };
  slong sum = 0, top = k[0] > k[1] ? k[0] : k[1];
  for (int axis = 0; axis < 2; axis++)
    {
      slong above = k[axis] - l;
      if (!s->centred || above < 0)
        sum -= 1000 * labs (above);
      else
        sum -= (2 * decay[s->vanishing - 1] + 1000) * above;
    }
  if (s->centred && l > top)
    sum -= 2000 * s->vanishing * (l - top);
  return sum;
}

/* density (L x L): D in units of 2^-SCALE_BITS, every c rounded once. */
static void
densities (fmpz *density, const delta1_sampling_t *s)
{
  mpfr_t c;
  fmpz_t term;
  mpfr_init2 (c, SCALE_BITS);
  fmpz_init (term);
  for (slong b = 0; b < s->levels * s->levels; b++)
    {
      const slong k[2] = { b / s->levels, b % s->levels };
      fmpz_zero (density + b);
      for (slong l = 0; l < s->levels; l++)
        {
          mpz_t integer;
          mpz_init (integer);
          mpfr_set_si (c, exponent (s, k, l), MPFR_RNDN);
          mpfr_div_ui (c, c, 1000, MPFR_RNDN);
          mpfr_exp2 (c, c, MPFR_RNDN);
          mpfr_mul_2ui (c, c, SCALE_BITS, MPFR_RNDN);
          (void)mpfr_get_z (integer, c, MPFR_RNDN);
          fmpz_set_mpz (term, integer);
          mpz_clear (integer);
          fmpz_mul_si (term, term, s->sparsity[l]);
          fmpz_add (density + b, density + b, term);
        }
      fmpz_mul_2exp (density + b, density + b, (ulong)((k[0] == 0) + (k[1] == 0)));
    }
  mpfr_clear (c);
  fmpz_clear (term);
}

/* samples = min(size, floor(C density)), C in units of 2^-2 SCALE_BITS; their sum. */
static slong
share (slong *samples, const delta1_sampling_t *s, const fmpz *density, const fmpz_t C)
{
  slong sum = 0;
  fmpz_t part;
  fmpz_init (part);
  for (slong b = 0; b < s->levels * s->levels; b++)
    {
      slong size = band_size (s, b / s->levels) * band_size (s, b % s->levels);
      fmpz_mul (part, density + b, C);
      fmpz_fdiv_q_2exp (part, part, 3 * SCALE_BITS);
      samples[b] = fmpz_cmp_si (part, size) < 0 ? fmpz_get_si (part) : size;
      sum += samples[b];
    }
  fmpz_clear (part);
  return sum;
}

/* What `missing` samples are due to, in the order of k_1 + k_2: where the next C gives more. */
static void
hand_out (slong *samples, const slong *next, slong levels, slong missing)
{
  for (slong sum = 0; sum <= 2 * (levels - 1) && missing > 0; sum++)
    for (slong k = 0; k < levels && missing > 0; k++)
      if (sum - k >= 0 && sum - k < levels)
        {
          slong b = k * levels + sum - k, more = next[b] - samples[b];
          more = more < missing ? more : missing;
          samples[b] += more;
          missing -= more;
        }
}

delta1_status_t
delta1_sampling_bands (slong *samples, const delta1_sampling_t *s, delta1_reason_t *reason)
{
  slong next[DELTA1_SAMPLING_MAX_LEVELS * DELTA1_SAMPLING_MAX_LEVELS];
  delta1_status_t status = check (s, reason);
  if (status != DELTA1_OK)
    return status;
  if (s->pattern != DELTA1_PATTERN_DAS)
    return delta1_fail (reason, DELTA1_INPUT, "pattern %s has no bands; allowed: das",
                        delta1_pattern_name (s->pattern));
  slong bands = s->levels * s->levels;
  fmpz *density = _fmpz_vec_init (bands);
  fmpz_t low, high, middle;
  fmpz_init (low);
  fmpz_init (high);
  fmpz_init (middle);
  densities (density, s);
  /* C = 2^SCALE_BITS: every band is full, since D > 2^-150. */
  fmpz_one (high);
  fmpz_mul_2exp (high, high, 3 * SCALE_BITS);
  if (share (samples, s, density, high) > s->count)
    {
      /* share (low) <= count < share (high) */
      for (fmpz_sub (middle, high, low); !fmpz_is_one (middle); fmpz_sub (middle, high, low))
        {
          fmpz_add (middle, low, high);
          fmpz_fdiv_q_2exp (middle, middle, 1);
          if (share (samples, s, density, middle) <= s->count)
            fmpz_swap (low, middle);
          else
            fmpz_swap (high, middle);
        }
      (void)share (next, s, density, high);
      slong sum = share (samples, s, density, low);
      hand_out (samples, next, s->levels, s->count - sum);
    }
  fmpz_clear (low);
  fmpz_clear (high);
  fmpz_clear (middle);
  _fmpz_vec_clear (density, bands);
  return DELTA1_OK;
}

/* --- masks: every cell of a group has the same chance, and the group its exact number ----------
 */

/* One group of cells while it is gone through: `wanted` of the `left` cells are still to be taken.
 */
typedef struct
{
  uint64_t left, wanted;
} group_t;

static uint8_t
take (group_t *g, uint64_t *state)
{
  bool taken = g->wanted > 0 && delta1_random_below (state, g->left) < g->wanted;
  g->left--;
  g->wanted -= taken;
  return taken;
}

static delta1_status_t
das_mask (uint8_t *mask, const delta1_sampling_t *s, delta1_reason_t *reason)
{
  slong samples[DELTA1_SAMPLING_MAX_LEVELS * DELTA1_SAMPLING_MAX_LEVELS];
  group_t group[DELTA1_SAMPLING_MAX_LEVELS * DELTA1_SAMPLING_MAX_LEVELS];
  uint64_t state = s->seed;
  delta1_status_t status = delta1_sampling_bands (samples, s, reason);
  if (status != DELTA1_OK)
    return status;
  uint8_t *band = malloc ((size_t)s->side);
  if (band == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a mask");
  for (slong i = 0; i < s->side; i++)
    band[i] = (uint8_t)band_of (s, i);
  for (slong b = 0; b < s->levels * s->levels; b++)
    group[b] = (group_t){
      (uint64_t)(band_size (s, b / s->levels) * band_size (s, b % s->levels)),
      (uint64_t)samples[b],
    };
  for (slong i = 0; i < s->side; i++)
    for (slong j = 0; j < s->side; j++)
      mask[i * s->side + j] = take (group + band[i] * s->levels + band[j], &state);
  free (band);
  return DELTA1_OK;
}

/* --- gaussian ----------------------------------------------------------------------------------
 */

/* The ring of a cell: floor(RINGS rho/R), rho its distance from the lowest frequency, R that of the
 * farthest corner: R^2 = side^2/2 around DC, 2 side^2 from 0. */
static slong
ring_of (const delta1_sampling_t *s, slong i, slong j)
{
  slong u = s->centred ? i - s->side / 2 : i, v = s->centred ? j - s->side / 2 : j;
  ulong square = (ulong)(RINGS * RINGS * (u * u + v * v));
  ulong side2 = (ulong)(s->side * s->side);
  ulong t = n_sqrt (s->centred ? 2 * square / side2 : square / (2 * side2));
  return t < RINGS ? (slong)t : RINGS - 1; /* the corner itself */
}

/* wanted = floor(size share), the shares for b = B 2^-64; their sum. */
static uint64_t
gaussian_share (group_t *ring, slong full, const fmpz_t B)
{
  uint64_t sum = 0;
  mpfr_t x;
  mpfr_init2 (x, SCALE_BITS);
  for (slong t = 0; t < RINGS; t++)
    {
      ring[t].wanted = ring[t].left;
      if (t >= full)
        {
          fmpz_get_mpfr (x, B, MPFR_RNDN);
          mpfr_mul_si (x, x, t - full + 1, MPFR_RNDN);
          mpfr_div_si (x, x, RINGS - full, MPFR_RNDN);
          mpfr_div_2ui (x, x, 64, MPFR_RNDN);
          mpfr_sqr (x, x, MPFR_RNDN);
          mpfr_neg (x, x, MPFR_RNDN);
          mpfr_exp (x, x, MPFR_RNDN);
          mpfr_mul_ui (x, x, ring[t].left, MPFR_RNDD);
          ring[t].wanted = mpfr_get_ui (x, MPFR_RNDD);
        }
      sum += ring[t].wanted;
    }
  mpfr_clear (x);
  return sum;
}

static void
gaussian_counts (group_t *ring, uint64_t count)
{
  group_t next[RINGS];
  slong full = 0;
  fmpz_t low, high, middle;
  while (full < FULL_RINGS && 2 * (ring[0].left + (full > 0 ? ring[1].left : 0)) <= count)
    full++;
  fmpz_init (low);
  fmpz_init (high);
  fmpz_init (middle);
  memcpy (next, ring, sizeof next);
  /* b = 2^12: nothing is left beyond the full rings. share (high) <= count <= share (low) */
  fmpz_one (high);
  fmpz_mul_2exp (high, high, 76);
  for (fmpz_sub (middle, high, low); !fmpz_is_one (middle); fmpz_sub (middle, high, low))
    {
      fmpz_add (middle, low, high);
      fmpz_fdiv_q_2exp (middle, middle, 1);
      if (gaussian_share (ring, full, middle) <= count)
        fmpz_swap (high, middle);
      else
        fmpz_swap (low, middle);
    }
  (void)gaussian_share (next, full, low);
  uint64_t sum = gaussian_share (ring, full, high);
  for (slong t = 0; t < RINGS && sum < count; t++)
    {
      uint64_t more = next[t].wanted - ring[t].wanted;
      more = more < count - sum ? more : count - sum;
      ring[t].wanted += more;
      sum += more;
    }
  fmpz_clear (low);
  fmpz_clear (high);
  fmpz_clear (middle);
}

static void
gaussian_mask (uint8_t *mask, const delta1_sampling_t *s)
{
  group_t ring[RINGS] = { { 0, 0 } };
  uint64_t state = s->seed;
  for (slong i = 0; i < s->side; i++)
    for (slong j = 0; j < s->side; j++)
      ring[ring_of (s, i, j)].left++;
  gaussian_counts (ring, (uint64_t)s->count);
  for (slong i = 0; i < s->side; i++)
    for (slong j = 0; j < s->side; j++)
      mask[i * s->side + j] = take (ring + ring_of (s, i, j), &state);
}

/* --- half, radial ------------------------------------------------------------------------------
 */

static void
half_mask (uint8_t *mask, const delta1_sampling_t *s)
{
  slong r = (slong)n_sqrt ((ulong)s->count / 2);
  slong first = s->centred ? s->side / 2 - r / 2 : 0;
  uint64_t state = s->seed;
  group_t rest = { (uint64_t)(s->side * s->side - r * r), (uint64_t)(s->count - r * r) };
  for (slong i = 0; i < s->side; i++)
    for (slong j = 0; j < s->side; j++)
      {
        bool low = i >= first && i < first + r && j >= first && j < first + r;
        mask[i * s->side + j] = low ? 1 : take (&rest, &state);
      }
}

/* slope = tangent or cotangent of the angle of line k, at most 1 in absolute value; steep: the line
 * is nearer to the first axis. The angle is a half turn times the fraction of seed 2^-64 + k g. */
static void
line_slope (mpfr_t slope, bool *steep, uint64_t start, slong k)
{
  mpfr_t turn, other;
  mpfr_init2 (turn, SCALE_BITS);
  mpfr_init2 (other, SCALE_BITS);
  mpfr_sqrt_ui (turn, 5, MPFR_RNDN);
  mpfr_sub_ui (turn, turn, 1, MPFR_RNDN);
  mpfr_mul_si (turn, turn, k, MPFR_RNDN);
  mpfr_div_2ui (turn, turn, 1, MPFR_RNDN);
  mpfr_set_uj (other, start, MPFR_RNDN);
  mpfr_div_2ui (other, other, 64, MPFR_RNDN);
  mpfr_add (turn, turn, other, MPFR_RNDN);
  mpfr_frac (turn, turn, MPFR_RNDN);
  mpfr_const_pi (other, MPFR_RNDN);
  mpfr_mul (turn, turn, other, MPFR_RNDN);
  mpfr_sin_cos (turn, other, turn, MPFR_RNDN);
  *steep = mpfr_cmpabs (turn, other) > 0;
  if (*steep)
    mpfr_div (slope, other, turn, MPFR_RNDN);
  else
    mpfr_div (slope, turn, other, MPFR_RNDN);
  mpfr_clear (turn);
  mpfr_clear (other);
}

static delta1_status_t
radial_mask (uint8_t *mask, const delta1_sampling_t *s, delta1_reason_t *reason)
{
  slong half = s->side / 2, done = 0;
  uint64_t state = s->seed, start = delta1_random_bits (&state);
  bool steep;
  mpfr_t slope, place;
  mpfr_init2 (slope, SCALE_BITS);
  mpfr_init2 (place, SCALE_BITS);
  memset (mask, 0, (size_t)(s->side * s->side));
  for (slong k = 0; k < LINES_PER_SIDE * s->side && done < s->count; k++)
    {
      line_slope (slope, &steep, start, k);
      /* 0, -1, 1, -2, 2, ..., -half: the end of a line that is cut short is missing on both sides.
       */
      for (slong step = 0; step < s->side && done < s->count; step++)
        {
          slong u = step % 2 == 0 ? step / 2 : -(step + 1) / 2;
          mpfr_mul_si (place, slope, u, MPFR_RNDN);
          slong v = mpfr_get_si (place, MPFR_RNDN);
          if (v < -half || v >= half)
            continue;
          uint8_t *cell = mask + (half + (steep ? u : v)) * s->side + half + (steep ? v : u);
          done += *cell == 0;
          *cell = 1;
        }
    }
  mpfr_clear (slope);
  mpfr_clear (place);
  if (done == s->count)
    return DELTA1_OK;
  return delta1_fail (reason, DELTA1_INPUT, "%d side radial lines reach %ld of %ld samples",
                      LINES_PER_SIDE, (long)done, (long)s->count);
}

delta1_status_t
delta1_sampling_mask (uint8_t *mask, const delta1_sampling_t *sampling, delta1_reason_t *reason)
{
  delta1_status_t status = check (sampling, reason);
  if (status != DELTA1_OK)
    return status;
  switch (sampling->pattern)
    {
    case DELTA1_PATTERN_DAS:
      return das_mask (mask, sampling, reason);
    case DELTA1_PATTERN_RADIAL:
      return radial_mask (mask, sampling, reason);
    case DELTA1_PATTERN_GAUSS:
      gaussian_mask (mask, sampling);
      return DELTA1_OK;
    default:
      half_mask (mask, sampling);
      return DELTA1_OK;
    }
}

/* --- local sparsities, weights -----------------------------------------------------------------
 */

slong
delta1_sampling_level (slong side, slong levels, slong i, slong j)
{
  slong k = 1 + log2_of (i > j ? i : j) - (log2_of (side) - levels);
  return k > 1 ? k : 1;
}

/* One step of the transform without its factor 1/2 a level: of every 2 x 2 block the sum stays, and
 * of the three differences it counts those above threshold. */
static slong
haar_step (int64_t *block, slong side, slong stride, double threshold)
{
  slong count = 0;
  for (slong i = 0; i < side; i += 2)
    for (slong j = 0; j < side; j += 2)
      {
        int64_t *p = block + i * stride + j;
        int64_t a = p[0], b = p[1], c = p[stride], d = p[stride + 1];
        count += (double)llabs (a - b + c - d) > threshold;
        count += (double)llabs (a + b - c - d) > threshold;
        count += (double)llabs (a - b - c + d) > threshold;
        block[i / 2 * stride + j / 2] = a + b + c + d;
      }
  return count;
}

delta1_status_t
delta1_sampling_sparsity (slong *sparsity, slong levels, const double *image, slong side,
                          double threshold, delta1_reason_t *reason)
{
  delta1_status_t status = check_side (side, reason);
  if (status == DELTA1_OK)
    status = check_levels (levels, side, reason);
  if (status != DELTA1_OK)
    return status;
  if (!(threshold >= 0))
    return delta1_fail (reason, DELTA1_INPUT, "threshold %g; allowed: 0 and above", threshold);
  slong count = side * side;
  int64_t *sums = malloc ((size_t)count * sizeof *sums);
  if (sums == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for local sparsities");
  for (slong i = 0; i < count && status == DELTA1_OK; i++)
    {
      if (fabs (image[i]) <= LARGEST_PIXEL)
        sums[i] = llrint (ldexp (image[i], PIXEL_BITS));
      else
        status = delta1_fail (reason, DELTA1_INPUT,
                              "pixel %ld of the image is %g; allowed: -%d "
                              "to %d",
                              (long)i, image[i], LARGEST_PIXEL, LARGEST_PIXEL);
    }
  /* Sums are at most 2^(10 + 20 + 2 * 14): no overflow. A difference d of step t is the coefficient
   * d 2^-t 2^-PIXEL_BITS. */
  double scaled = ldexp (threshold, PIXEL_BITS);
  for (slong k = levels - 1; k >= 0 && status == DELTA1_OK; k--)
    {
      scaled *= 2;
      sparsity[k] = haar_step (sums, side >> (levels - 1 - k), side, scaled);
    }
  slong rest = side >> levels;
  for (slong i = 0; i < rest && status == DELTA1_OK; i++)
    for (slong j = 0; j < rest; j++)
      sparsity[0] += (double)llabs (sums[i * side + j]) > scaled;
  free (sums);
  return status;
}

void
delta1_sampling_weights (double *weights, const slong *sparsity, slong levels)
{
  slong sum = 0;
  for (slong k = 0; k < levels; k++)
    sum += sparsity[k];
  for (slong k = 0; k < levels; k++)
    weights[k] = sqrt ((double)sum / (double)(sparsity[k] > 0 ? sparsity[k] : 1));
}
