#include "firenet/vector_file.h"

#include <stdlib.h>
#include <string.h>

#include "firenet/lanes.h"
#include "src/npy.h"

static slong
count_of (const slong shape[2])
{
  return shape[0] * (shape[1] > 0 ? shape[1] : 1);
}

delta1_status_t
delta1_vector_write (char sha256[DELTA1_SHA256_TEXT], const char *path,
                     const delta1_arithmetic_t *use, const void *v, const slong shape[2],
                     delta1_reason_t *reason)
{
  slong count = count_of (shape), parts = use->is_complex ? 2 : 1;
  delta1_npy_t array = { .shape = { shape[0], shape[1] }, .is_complex = use->is_complex };
  if (use != &delta1_arithmetic_double && use != &delta1_arithmetic_complex_double)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a file of %s numbers; allowed: double, complex double", use->name);
  array.values = malloc ((size_t)(parts * count + 1) * sizeof (double));
  if (array.values == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for an array");
  for (slong i = 0; i < count; i++)
    {
      const double *at = (const double *)v + (use->is_complex ? delta1_lane (i) : i);
      array.values[parts * i] = at[0];
      if (use->is_complex)
        array.values[2 * i + 1] = at[DELTA1_LANES];
    }
  delta1_status_t status = delta1_npy_write (path, &array, sha256, reason);
  free (array.values);
  return status;
}

delta1_status_t
delta1_vector_read (void **v, const delta1_arithmetic_t *use, slong bits, const slong shape[2],
                    const char *path, const char *sha256, delta1_reason_t *reason)
{
  slong count = count_of (shape), parts = use->is_complex ? 2 : 1;
  delta1_npy_t array = { .values = NULL };
  char hash[DELTA1_SHA256_TEXT];
  acb_t z;
  *v = NULL;
  delta1_status_t status = delta1_npy_read (&array, path, count, hash, reason);
  if (status != DELTA1_OK)
    return status;
  acb_init (z);
  if (strcmp (hash, sha256) != 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "%.300s: its SHA-256 is another", path));
  if (array.shape[0] != shape[0] || array.shape[1] != shape[1]
      || array.is_complex != use->is_complex)
    DELTA1_TRY (delta1_fail (
        reason, DELTA1_INPUT, "%.300s: an array of (%ld, %ld) %s numbers; (%ld, %ld) %s are due",
        path, (long)array.shape[0], (long)array.shape[1], array.is_complex ? "complex" : "real",
        (long)shape[0], (long)shape[1], use->is_complex ? "complex" : "real"));
  *v = use->create (count, bits);
  if (*v == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for %.300s", path));
  for (slong i = 0; i < count; i++)
    {
      arb_set_d (acb_realref (z), array.values[parts * i]);
      if (use->is_complex)
        arb_set_d (acb_imagref (z), array.values[2 * i + 1]);
      use->set_complex (*v, i, z);
    }

cleanup:
  free (array.values);
  acb_clear (z);
  return status;
}
