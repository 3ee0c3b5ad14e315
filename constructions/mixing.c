#include "constructions/mixing.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[DELTA1_MIX_COUNT] = { "none", "rational", "dct" };

const char *
delta1_mix_name (delta1_mix_t kind)
{
  return names[kind];
}

delta1_status_t
delta1_mix_parse (delta1_mix_t *kind, const char *name, delta1_reason_t *reason)
{
  for (int i = 0; i < DELTA1_MIX_COUNT; i++)
    if (strcmp (name, names[i]) == 0)
      {
        *kind = (delta1_mix_t)i;
        return DELTA1_OK;
      }
  return delta1_fail (reason, DELTA1_INPUT, "'%.40s' is not a mixing; allowed: none, rational, dct",
                      name);
}

/* U <- U (I - 2 v v^T/(v^T v)). */
static void
reflect (fmpq_mat_t U, const fmpz *v, slong m)
{
  fmpz_t norm;
  fmpq_t product, term;
  fmpz_init (norm);
  fmpq_init (product);
  fmpq_init (term);
  _fmpz_vec_dot (norm, v, v, m);
  for (slong i = 0; i < m; i++)
    {
      fmpq_zero (product);
      for (slong j = 0; j < m; j++)
        {
          fmpq_mul_fmpz (term, fmpq_mat_entry (U, i, j), v + j);
          fmpq_add (product, product, term);
        }
      fmpq_mul_2exp (product, product, 1);
      fmpq_div_fmpz (product, product, norm);
      for (slong j = 0; j < m; j++)
        {
          fmpq_mul_fmpz (term, product, v + j);
          fmpq_sub (fmpq_mat_entry (U, i, j), fmpq_mat_entry (U, i, j), term);
        }
    }
  fmpz_clear (norm);
  fmpq_clear (product);
  fmpq_clear (term);
}

static void
set_dct (arb_ptr U, slong m, slong prec)
{
  fmpq_t angle;
  arb_t weight, cosine;
  fmpq_init (angle);
  arb_init (weight);
  arb_init (cosine);
  for (slong k = 0; k < m; k++)
    {
      arb_set_si (weight, k == 0 ? 1 : 2);
      arb_div_si (weight, weight, m, prec + 16);
      arb_sqrt (weight, weight, prec + 16);
      for (slong i = 0; i < m; i++)
        {
          fmpq_set_si (angle, (2 * i + 1) * k, (ulong)(2 * m));
          arb_cos_pi_fmpq (cosine, angle, prec + 16);
          arb_mul (U + k * m + i, weight, cosine, prec + 16);
        }
    }
  fmpq_clear (angle);
  arb_clear (weight);
  arb_clear (cosine);
}

void
delta1_mixing_enclose (arb_t x, delta1_mixing_t *mixing, slong i, slong j, slong prec)
{
  if (mixing->kind == DELTA1_MIX_NONE)
    {
      arb_set_si (x, i == j);
      return;
    }
  if (mixing->kind == DELTA1_MIX_RATIONAL)
    {
      arb_set_fmpq (x, fmpq_mat_entry (mixing->exact, i, j), prec);
      return;
    }
  if (prec > mixing->precision)
    {
      set_dct (mixing->balls, mixing->m, prec);
      mixing->precision = prec;
    }
  arb_set_round (x, mixing->balls + i * mixing->m + j, prec);
}

/* The least e >= lowest with x <= 2^e, for a ball or an exact x: proved from the upper end. */
static slong
power_of_two_above (const arb_t x, slong lowest)
{
  arf_t upper;
  slong e = lowest;
  arf_init (upper);
  arb_get_ubound_arf (upper, x, 128);
  while (arf_cmp_2exp_si (upper, e) > 0)
    e++;
  arf_clear (upper);
  return e;
}

/* B and `hidden`: over Q, and in balls for dct. */
static void
set_bounds (delta1_mixing_t *mixing)
{
  arb_t sum, largest, entry;
  fmpq_t exact_sum, exact_largest, value;
  arb_init (sum);
  arb_init (largest);
  arb_init (entry);
  fmpq_init (exact_sum);
  fmpq_init (exact_largest);
  fmpq_init (value);
  if (mixing->kind == DELTA1_MIX_NONE)
    {
      mixing->bound_exponent = 0;
      mixing->hidden = 2; /* 3 <= 2^2 */
    }
  else if (mixing->kind == DELTA1_MIX_DCT)
    {
      for (slong i = 0; i < mixing->m; i++)
        {
          delta1_mixing_enclose (entry, mixing, i, 0, 128);
          arb_abs (entry, entry);
          arb_add (sum, sum, entry, 128);
          arb_max (largest, largest, entry, 128);
        }
      mixing->bound_exponent = power_of_two_above (sum, 0);
      arb_mul_si (largest, largest, 3, 128);
      arb_mul_2exp_si (largest, largest, mixing->bound_exponent);
      arb_one (entry);
      arb_mul_2exp_si (entry, entry, -48);
      arb_add_si (entry, entry, 1, 128);
      arb_mul (largest, largest, entry, 128);
      mixing->hidden = power_of_two_above (largest, -64);
    }
  else
    {
      fmpq_t power;
      fmpq_init (power);
      for (slong i = 0; i < mixing->m; i++)
        {
          fmpq_abs (value, fmpq_mat_entry (mixing->exact, i, 0));
          fmpq_add (exact_sum, exact_sum, value);
          if (fmpq_cmp (value, exact_largest) > 0)
            fmpq_set (exact_largest, value);
        }
      fmpq_one (power);
      for (mixing->bound_exponent = 0; fmpq_cmp (exact_sum, power) > 0; mixing->bound_exponent++)
        fmpq_mul_2exp (power, power, 1);
      fmpq_set_si (value, 3, 1);
      fmpq_mul (value, value, exact_largest);
      fmpq_mul_2exp (value, value, (ulong)mixing->bound_exponent);
      /* ||u||_inf >= ||u||/sqrt m > 2^-64 */
      fmpq_one (power);
      fmpq_div_2exp (power, power, 64);
      for (mixing->hidden = -64; fmpq_cmp (value, power) > 0; mixing->hidden++)
        fmpq_mul_2exp (power, power, 1);
      fmpq_clear (power);
    }
  arb_clear (sum);
  arb_clear (largest);
  arb_clear (entry);
  fmpq_clear (exact_sum);
  fmpq_clear (exact_largest);
  fmpq_clear (value);
}

delta1_status_t
delta1_mixing_create (delta1_mixing_t **mixing, delta1_mix_t kind, slong m, const fmpz *vectors,
                      slong reflections, delta1_reason_t *reason)
{
  *mixing = NULL;
  if (m < 1)
    return delta1_fail (reason, DELTA1_INPUT, "m = %ld; allowed: m >= 1", (long)m);
  if (kind == DELTA1_MIX_RATIONAL)
    {
      if (reflections < 1)
        return delta1_fail (reason, DELTA1_INPUT, "rational mixing needs at least one reflection");
      for (slong r = 0; r < reflections; r++)
        if (_fmpz_vec_is_zero (vectors + r * m, m))
          return delta1_fail (reason, DELTA1_INPUT, "reflection %ld is the zero vector", (long)r);
    }
  else
    reflections = 0;

  delta1_mixing_t *new = calloc (1, sizeof *new);
  if (new == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a mixing");
  new->kind = kind;
  new->m = m;
  new->reflections = reflections;
  new->vectors = _fmpz_vec_init (reflections * m);
  _fmpz_vec_set (new->vectors, vectors, reflections * m);
  slong size = kind == DELTA1_MIX_RATIONAL ? m : 0;
  fmpq_mat_init (new->exact, size, size);
  if (kind == DELTA1_MIX_DCT)
    new->balls = _arb_vec_init (m * m);
  fmpq_mat_one (new->exact);
  for (slong r = 0; r < reflections; r++)
    reflect (new->exact, new->vectors + r *m, m);
  set_bounds (new);
  *mixing = new;
  return DELTA1_OK;
}

void
delta1_mixing_free (delta1_mixing_t *mixing)
{
  if (mixing == NULL)
    return;
  _fmpz_vec_clear (mixing->vectors, mixing->reflections * mixing->m);
  fmpq_mat_clear (mixing->exact);
  if (mixing->balls != NULL)
    _arb_vec_clear (mixing->balls, mixing->m * mixing->m);
  free (mixing);
}

delta1_status_t
delta1_mixing_create_seeded (delta1_mixing_t **mixing, delta1_mix_t kind, slong m, uint64_t seed,
                             delta1_reason_t *reason)
{
  enum
  {
    REFLECTIONS = 2
  };
  *mixing = NULL;
  if (kind != DELTA1_MIX_RATIONAL || m < 1)
    return delta1_mixing_create (mixing, kind, m, NULL, 0, reason);
  fmpz *vectors = _fmpz_vec_init (REFLECTIONS * m);
  gmp_randstate_t random;
  gmp_randinit_mt (random);
  gmp_randseed_ui (random, (unsigned long)seed);
  for (slong i = 0; i < REFLECTIONS * m; i++)
    {
      slong value = (slong)gmp_urandomm_ui (random, 7) - 3;
      if (i % m == m - 1 && value == 0)
        value = 1;
      fmpz_set_si (vectors + i, value);
    }
  delta1_status_t status = delta1_mixing_create (mixing, kind, m, vectors, REFLECTIONS, reason);
  gmp_randclear (random);
  _fmpz_vec_clear (vectors, REFLECTIONS * m);
  return status;
}

static bool
direction_exact (const void *context, fmpq_t re, fmpq_t im, slong j)
{
  const delta1_mixing_t *mixing = context;
  if (mixing->kind == DELTA1_MIX_DCT)
    return false;
  if (mixing->kind == DELTA1_MIX_NONE)
    fmpq_set_si (re, j == 0, 1);
  else
    fmpq_set (re, fmpq_mat_entry (mixing->exact, j, 0));
  fmpq_zero (im);
  return true;
}

static delta1_status_t
direction_enclose (const void *context, acb_t z, slong j, slong prec, delta1_reason_t *reason)
{
  (void)reason;
  delta1_mixing_enclose (acb_realref (z), (delta1_mixing_t *)context, j, 0, prec);
  arb_zero (acb_imagref (z));
  return DELTA1_OK;
}

static const delta1_source_table_t direction_table
    = { .name = "direction", .exact = direction_exact, .enclose = direction_enclose };

delta1_status_t
delta1_mixing_direction (delta1_source_t **source, delta1_mixing_t *mixing, delta1_reason_t *reason)
{
  return delta1_source_create (source, &direction_table, mixing, mixing->m, false, reason);
}
