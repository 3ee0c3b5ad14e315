#include "firenet/measurement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/lanes.h"
#include "src/random.h"

void
delta1_vector_get (double *values, const delta1_arithmetic_t *use, const void *v, slong count)
{
  const double *from = v;
  if (!use->is_complex)
    memcpy (values, from, (size_t)count * sizeof *values);
  for (slong i = 0; use->is_complex && i < count; i++)
    {
      values[2 * i] = from[delta1_lane (i)];
      values[2 * i + 1] = from[delta1_lane (i) + DELTA1_LANES];
    }
}

void
delta1_vector_set (void *v, const delta1_arithmetic_t *use, const double *values, slong count)
{
  double *to = v;
  if (!use->is_complex)
    memcpy (to, values, (size_t)count * sizeof *values);
  for (slong i = 0; use->is_complex && i < count; i++)
    {
      to[delta1_lane (i)] = values[2 * i];
      to[delta1_lane (i) + DELTA1_LANES] = values[2 * i + 1];
    }
}

double
delta1_vector_length (const delta1_arithmetic_t *use, const void *v, slong count)
{
  mag_t bound;
  mag_init (bound);
  use->bound (bound, v, count);
  double length = mag_get_d (bound); /* 30 bits: exact */
  mag_clear (bound);
  return length;
}

delta1_status_t
delta1_measurement_simulate (void *y, const delta1_operator_t *A, const void *x, double noise,
                             uint64_t seed, delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = A->use;
  slong parts = use->is_complex ? 2 : 1;
  delta1_status_t status = DELTA1_OK;
  void *e = NULL;
  double *values = NULL;
  if (use != &delta1_arithmetic_double && use != &delta1_arithmetic_complex_double)
    return delta1_fail (reason, DELTA1_INPUT,
                        "data in %s arithmetic; allowed: double, complex double", use->name);
  delta1_operator_forward (A, y, x);
  double length = use->zero (y, A->m) ? 0 : delta1_vector_length (use, y, A->m);
  e = use->create (A->m, A->bits);
  values = malloc ((size_t)(parts * A->m) * sizeof *values);
  if (e == NULL || values == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for data"));
  if (!isfinite (length) || !isfinite (noise * length))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "the data are not finite"));
  for (slong i = 0; i < parts * A->m; i++)
    values[i] = delta1_random_normal (&seed);
  delta1_vector_set (e, use, values, A->m);
  double factor = noise * length / delta1_vector_length (use, e, A->m);
  use->combine (y, y, &factor, e, A->m);
cleanup:
  use->free (e, A->m);
  free (values);
  return status;
}
