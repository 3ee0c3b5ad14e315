#include "oracles/source.h"

#include <stdlib.h>

delta1_status_t
delta1_source_create (delta1_source_t **source, const delta1_source_table_t *table, void *context,
                      slong count, bool complex, delta1_reason_t *reason)
{
  delta1_source_t *made = malloc (sizeof *made);
  if (made == NULL)
    {
      if (table->free != NULL)
        table->free (context);
      return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for a source");
    }
  *made = (delta1_source_t){ table, context, count, complex };
  *source = made;
  return DELTA1_OK;
}

void
delta1_source_free (delta1_source_t *source)
{
  if (source == NULL)
    return;
  if (source->table->free != NULL)
    source->table->free (source->context);
  free (source);
}

/* --- rational entries ------------------------------------------------------------------------- */

typedef struct
{
  slong count;
  fmpq *re;
  fmpq *im; /* NULL: real */
} rational_t;

static bool
rational_exact (const void *context, fmpq_t re, fmpq_t im, slong j)
{
  const rational_t *rational = context;
  fmpq_set (re, rational->re + j);
  if (rational->im != NULL)
    fmpq_set (im, rational->im + j);
  else
    fmpq_zero (im);
  return true;
}

static void
vector_free (fmpq *x, slong count)
{
  if (x == NULL)
    return;
  for (slong i = 0; i < count; i++)
    fmpq_clear (x + i);
  free (x);
}

static void
rational_free (void *context)
{
  rational_t *rational = context;
  vector_free (rational->re, rational->count);
  vector_free (rational->im, rational->count);
  free (rational);
}

static const delta1_source_table_t rational_table
    = { "rational", rational_exact, NULL, rational_free };

static fmpq *
vector_copy (const fmpq *x, slong count)
{
  fmpq *copy = calloc ((size_t)count + 1, sizeof *copy);
  if (copy == NULL)
    return NULL;
  for (slong i = 0; i < count; i++)
    {
      fmpq_init (copy + i);
      fmpq_set (copy + i, x + i);
    }
  return copy;
}

static delta1_status_t
create_rational (delta1_source_t **source, const fmpq *re, const fmpq *im, slong count,
                 delta1_reason_t *reason)
{
  if (count < 0)
    return delta1_fail (reason, DELTA1_INPUT, "count of a source is %ld: it must be at least 0",
                        (long)count);
  rational_t *rational = calloc (1, sizeof *rational);
  if (rational == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for a source");
  rational->count = count;
  rational->re = vector_copy (re, count);
  rational->im = im == NULL ? NULL : vector_copy (im, count);
  if (rational->re == NULL || (im != NULL && rational->im == NULL))
    {
      rational_free (rational);
      return delta1_fail (reason, DELTA1_SYSTEM, "memory is out for %ld rationals", (long)count);
    }
  return delta1_source_create (source, &rational_table, rational, count, im != NULL, reason);
}

delta1_status_t
delta1_source_create_rational (delta1_source_t **source, const fmpq *x, slong count,
                               delta1_reason_t *reason)
{
  return create_rational (source, x, NULL, count, reason);
}

delta1_status_t
delta1_source_create_gaussian (delta1_source_t **source, const fmpq *re, const fmpq *im,
                               slong count, delta1_reason_t *reason)
{
  return create_rational (source, re, im, count, reason);
}

/* --- enclosures of absolute accuracy ---------------------------------------------------------- */

/* x = p/q has |x| < 2^h, h = bits(p) - bits(q) + 1. Rounding to prec bits errs by at most
 * 2^(h - prec) (Arb rounds to within one unit), so prec = n + h + 2 gives a radius <= 2^-n. */
static void
enclose_rational (arb_t z, const fmpq_t x, slong n)
{
  slong height = (slong)fmpz_bits (fmpq_numref (x)) - (slong)fmpz_bits (fmpq_denref (x)) + 1;
  slong prec = n + height + 2;
  arb_set_fmpq (z, x, prec < 2 ? 2 : prec);
}

static bool
radius_at_most (const arb_t z, slong n)
{
  return arb_is_finite (z) && mag_cmp_2exp_si (arb_radref (z), -n) <= 0;
}

/* A number above 2^limit is not given to absolute accuracy: its integer part alone would take more
 * memory than the precision asked for can justify. */
static bool
size_at_most (const arb_t z, slong limit)
{
  return arf_cmpabs_2exp_si (arb_midref (z), limit) <= 0;
}

delta1_status_t
delta1_source_enclose_absolute (acb_t z, const delta1_source_t *source, slong j, slong n,
                                delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_t re, im;
  fmpq_init (re);
  fmpq_init (im);

  if (j < 0 || j >= source->count)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "entry %ld: the source has entries 0 to %ld",
                             (long)j, (long)source->count - 1));
  if (n < 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "accuracy %ld: it must be at least 0", (long)n));

  if (source->table->exact != NULL && source->table->exact (source->context, re, im, j))
    {
      enclose_rational (acb_realref (z), re, n);
      enclose_rational (acb_imagref (z), im, n);
      goto cleanup;
    }

  const slong limit = 8 * (n + 4096 + 64);
  bool done = false;
  slong prec = n + 64;
  for (; !done && prec <= limit; prec *= 2)
    {
      DELTA1_TRY (source->table->enclose (source->context, z, j, prec, reason));
      done = radius_at_most (acb_realref (z), n) && radius_at_most (acb_imagref (z), n)
             && size_at_most (acb_realref (z), limit) && size_at_most (acb_imagref (z), limit);
    }
  if (!done)
    {
      char enclosure[64] = "its enclosure is not bounded";
      slong bits = acb_rel_accuracy_bits (z);
      if (acb_is_finite (z))
        flint_sprintf (enclosure, "its enclosure has %wd correct bits", bits < 0 ? 0 : bits);
      status = delta1_fail (reason, DELTA1_UNDECIDED,
                            "entry %ld is not known to 2^-%ld with a working precision of %ld bits "
                            "(%s); the limit is %ld bits",
                            (long)j, (long)n, (long)(prec / 2), enclosure, (long)limit);
    }
cleanup:
  fmpq_clear (re);
  fmpq_clear (im);
  return status;
}
