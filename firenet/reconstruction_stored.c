/* What a certificate of kind "reconstruction" and its arrays say, made again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/reconstruction_private.h"
#include "firenet/vector_file.h"
#include "src/number.h"

#define LARGEST_SIDE (WORD (1) << 26)
#define LARGEST_DENSE (WORD (1) << 24)
/* Of the balls into which doubles are read. */
#define READ_BITS 53

static delta1_status_t
read_name (int *value, const json_t *object, const char *member, const char *const *names,
           delta1_reason_t *reason)
{
  const char *text;
  delta1_status_t status = delta1_document_string (&text, object, member, reason);
  if (status != DELTA1_OK)
    return status;
  for (*value = 0; names[*value] != NULL; (*value)++)
    if (strcmp (names[*value], text) == 0)
      return DELTA1_OK;
  return delta1_fail (reason, DELTA1_FAILED, "%s '%.40s' is not known", member, text);
}

/* path (the caller frees) and hash of the array; both NULL for null. */
static delta1_status_t
read_array (char **path, const char **sha256, const json_t *object, const char *member,
            const char *directory, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *item = json_object_get (object, member);
  const char *file;
  *path = NULL;
  *sha256 = NULL;
  if (json_is_null (item))
    return DELTA1_OK;
  DELTA1_TRY (delta1_document_string (&file, item, "file", reason));
  DELTA1_TRY (delta1_document_string (sha256, item, "sha256", reason));
  DELTA1_TRY (delta1_document_members (item, member, 2, reason));
  if (file[0] == '\0' || file[0] == '.' || strchr (file, '/') != NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                             "file '%.60s' of %s is not a plain name beside the certificate", file,
                             member));
  if (asprintf (path, "%s/%s", directory, file) < 0)
    {
      *path = NULL;
      status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
    }

cleanup:
  return status;
}

/* *v: the array in a new vector; NULL for null. */
static delta1_status_t
read_vector (void **v, const json_t *object, const char *member, const slong shape[2],
             const delta1_stored_t *stored, const delta1_arithmetic_t *use, delta1_reason_t *reason)
{
  char *path;
  const char *sha256;
  delta1_status_t status = read_array (&path, &sha256, object, member, stored->directory, reason);
  *v = NULL;
  if (status == DELTA1_OK && path != NULL)
    status = delta1_vector_read (v, use, READ_BITS, shape, path, sha256, reason);
  free (path);
  return status;
}

/* --- the operator ----------------------------------------------------------------------------- */

static delta1_status_t
read_dense (delta1_stored_t *stored, const json_t *object, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const slong shape[2] = { stored->m, stored->N };
  const delta1_arithmetic_t *use
      = stored->complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
  void *entries = NULL;
  DELTA1_TRY (delta1_document_members (object, "operator", 5, reason));
  if (stored->m > LARGEST_DENSE / stored->N)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "a matrix of %ld x %ld; allowed: %ld entries",
                             (long)stored->m, (long)stored->N, (long)LARGEST_DENSE));
  DELTA1_TRY (read_vector (&entries, object, "matrix", shape, stored, use, reason));
  if (entries == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "a dense operator without matrix"));
  stored->matrix = _acb_vec_init (stored->m * stored->N);
  for (slong i = 0; i < stored->m * stored->N; i++)
    use->get_complex (stored->matrix + i, entries, i);

cleanup:
  use->free (entries, stored->m * stored->N);
  return status;
}

/* mask = the indices of the ones. */
static delta1_status_t
read_mask (delta1_stored_t *stored, const json_t *object, slong pixels, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_sampled_t *sampled = &stored->sampled;
  const slong shape[2] = { sampled->side, sampled->dimensions == 2 ? sampled->side : 0 };
  slong count = 0;
  void *mask;
  DELTA1_TRY (
      read_vector (&mask, object, "mask", shape, stored, &delta1_arithmetic_double, reason));
  if (mask == NULL)
    {
      if (stored->m != pixels)
        status = delta1_fail (reason, DELTA1_FAILED, "%ld rows without a mask; %ld are due",
                              (long)stored->m, (long)pixels);
      return status;
    }
  stored->mask = malloc ((size_t)stored->m * sizeof *stored->mask);
  if (stored->mask == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a mask"));
  for (slong i = 0; i < pixels; i++)
    {
      double value = ((const double *)mask)[i];
      if (!(value >= 0 && value <= 1) || (value > 0 && value < 1))
        DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "a mask is not of 0 and 1"));
      if (value > 0 && count < stored->m)
        stored->mask[count] = i;
      count += value > 0;
    }
  if (count != stored->m)
    status = delta1_fail (reason, DELTA1_FAILED, "a mask of %ld samples; %ld rows", (long)count,
                          (long)stored->m);
  stored->sampled.mask = stored->mask;
  stored->sampled.count = count;

cleanup:
  delta1_arithmetic_double.free (mask, pixels);
  return status;
}

static delta1_status_t
read_sampled (delta1_stored_t *stored, const json_t *object, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_sampled_t *sampled = &stored->sampled;
  slong dimensions;
  int wavelet;
  DELTA1_TRY (delta1_document_members (object, "operator", 9, reason));
  DELTA1_TRY (read_name (&wavelet, object, "wavelet", delta1_reconstruction_wavelets, reason));
  DELTA1_TRY (delta1_document_index (&sampled->levels, object, "levels", reason));
  DELTA1_TRY (delta1_document_index (&dimensions, object, "dimensions", reason));
  DELTA1_TRY (delta1_document_index (&sampled->side, object, "side", reason));
  sampled->wavelet = (delta1_wavelet_t)wavelet;
  sampled->dimensions = (int)dimensions;
  if (dimensions < 1 || dimensions > 2
      || sampled->side > (dimensions == 2 ? 1 << 13 : LARGEST_SIDE))
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                             "%ld dimensions of %ld: outside what is allowed", (long)dimensions,
                             (long)sampled->side));
  slong pixels = dimensions == 2 ? sampled->side * sampled->side : sampled->side;
  if (stored->N != pixels || stored->m > pixels)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "%ld x %ld: not what side and mask give",
                             (long)stored->m, (long)stored->N));
  status = read_mask (stored, object, pixels, reason);

cleanup:
  return status;
}

static delta1_status_t
read_operator (delta1_stored_t *stored, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *object = json_object_get (stored->document, "operator");
  const json_t *complex = json_object_get (object, "complex");
  const char *kind;
  int transform;
  DELTA1_TRY (delta1_document_string (&kind, object, "kind", reason));
  DELTA1_TRY (delta1_document_index (&stored->m, object, "rows", reason));
  DELTA1_TRY (delta1_document_index (&stored->N, object, "columns", reason));
  if (!json_is_boolean (complex))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "operator does not say whether it is complex"));
  stored->complex = json_is_true (complex);
  if (stored->m < 1 || stored->N < 1 || stored->m > LARGEST_SIDE || stored->N > LARGEST_SIDE)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "an operator of %ld x %ld; allowed: 1 to 2^26",
                             (long)stored->m, (long)stored->N));
  stored->dense = strcmp (kind, "dense") == 0;
  if (stored->dense)
    {
      status = read_dense (stored, object, reason);
      goto cleanup;
    }
  DELTA1_TRY (read_name (&transform, object, "kind", delta1_reconstruction_transforms, reason));
  stored->sampled.transform = (delta1_transform_t)transform;
  status = read_sampled (stored, object, reason);

cleanup:
  return status;
}

delta1_status_t
delta1_stored_operator (delta1_operator_t **A, const delta1_stored_t *stored,
                        const delta1_arithmetic_t *use, slong bits, delta1_reason_t *reason)
{
  delta1_status_t status
      = stored->dense ? delta1_operator_create_complex (A, use, bits, stored->matrix, stored->m,
                                                        stored->N, reason)
                      : delta1_operator_create_sampled (A, use, bits, &stored->sampled, reason);
  /* What an operator cannot be is a certificate that is false, not one that cannot be read. */
  return status == DELTA1_INPUT ? DELTA1_FAILED : status;
}

/* --- the network ------------------------------------------------------------------------------ */

static delta1_status_t
read_weights (delta1_stored_t *stored, delta1_reason_t *reason)
{
  const json_t *object = json_object_get (stored->document, "network");
  const slong shape[2] = { stored->N, 0 };
  void *weights;
  delta1_status_t status
      = read_vector (&weights, object, "weights", shape, stored, &delta1_arithmetic_double, reason);
  if (status != DELTA1_OK || weights == NULL)
    return status;
  stored->weights = _arb_vec_init (stored->N);
  for (slong i = 0; i < stored->N; i++)
    {
      arb_set_d (stored->weights + i, ((const double *)weights)[i]);
      if (!arb_is_positive (stored->weights + i) && status == DELTA1_OK)
        status = delta1_fail (reason, DELTA1_FAILED, "weight %ld is not positive", (long)i);
    }
  delta1_arithmetic_double.free (weights, stored->N);
  return status;
}

/* x contains the number, which must be positive; "1/e" where e is allowed. */
static delta1_status_t
read_positive (arb_t x, const json_t *object, const char *member, bool e, slong prec,
               delta1_reason_t *reason)
{
  const char *text;
  fmpq_t value;
  delta1_status_t status = delta1_document_string (&text, object, member, reason);
  if (status != DELTA1_OK)
    return status;
  if (e && strcmp (text, "1/e") == 0)
    {
      arb_set_si (x, -1);
      arb_exp (x, x, prec);
      return DELTA1_OK;
    }
  fmpq_init (value);
  status = delta1_number_parse (value, text, reason);
  if (status == DELTA1_OK && fmpq_sgn (value) <= 0)
    status = delta1_fail (reason, DELTA1_FAILED, "%s is not positive", member);
  arb_set_fmpq (x, value, prec);
  fmpq_clear (value);
  return status;
}

delta1_status_t
delta1_stored_network (delta1_restart_t *network, const delta1_stored_t *stored, slong prec,
                       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *object = json_object_get (stored->document, "network");
  DELTA1_TRY (delta1_document_members (object, "network", 10, reason));
  DELTA1_TRY (read_positive (network->steps.tau, object, "tau", false, prec, reason));
  DELTA1_TRY (read_positive (network->steps.sigma, object, "sigma", false, prec, reason));
  DELTA1_TRY (read_positive (network->steps.lambda, object, "lambda", false, prec, reason));
  DELTA1_TRY (read_positive (network->delta, object, "delta", false, prec, reason));
  DELTA1_TRY (read_positive (network->eps_0, object, "eps_0", false, prec, reason));
  DELTA1_TRY (read_positive (network->upsilon, object, "upsilon", true, prec, reason));
  arb_zero (network->scale);
  if (!json_is_null (json_object_get (object, "scale")))
    DELTA1_TRY (read_positive (network->scale, object, "scale", false, prec, reason));
  DELTA1_TRY (delta1_document_index (&network->inner, object, "inner", reason));
  DELTA1_TRY (delta1_document_index (&network->restarts, object, "restarts", reason));
  network->steps.weights = stored->weights;
  status = delta1_restart_check (network, reason);
  if (status == DELTA1_INPUT)
    status = DELTA1_FAILED;

cleanup:
  return status;
}

delta1_status_t
delta1_stored_vector (void **v, const delta1_stored_t *stored, const char *member, slong count,
                      const delta1_arithmetic_t *use, delta1_reason_t *reason)
{
  const slong shape[2] = { count, 0 };
  return read_vector (v, stored->document, member, shape, stored, use, reason);
}

delta1_status_t
delta1_stored_read (delta1_stored_t *stored, const json_t *document, const char *directory,
                    delta1_reason_t *reason)
{
  *stored = (delta1_stored_t){ .document = document, .directory = directory };
  delta1_status_t status = read_operator (stored, reason);
  return status == DELTA1_OK ? read_weights (stored, reason) : status;
}

void
delta1_stored_clear (delta1_stored_t *stored)
{
  if (stored->matrix != NULL)
    _acb_vec_clear (stored->matrix, stored->m * stored->N);
  if (stored->weights != NULL)
    _arb_vec_clear (stored->weights, stored->N);
  free (stored->mask);
}
