/* The writing half of reconstruction.h. */
#include "firenet/reconstruction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/reconstruction_private.h"
#include "firenet/vector_file.h"
#include "src/number.h"

#define BITS 128

const char *const delta1_reconstruction_transforms[] = { "none", "fourier", "walsh", NULL };
const char *const delta1_reconstruction_wavelets[] = { "none", "haar", "db2", "db3", "db4", NULL };

/* The arrays of a certificate, by the names of their files. */
typedef struct
{
  const char *path; /* of the certificate */
  int stem;         /* of its characters: without .json */
} place_t;

/* object[member] = value, which is taken; NULL: memory is out. */
static delta1_status_t
set_member (json_t *object, const char *member, json_t *value, delta1_reason_t *reason)
{
  if (json_object_set_new (object, member, value) != 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate");
  return DELTA1_OK;
}

/* object[member] = {file, sha256} of the vector, which is written; null for no vector. */
static delta1_status_t
set_array (json_t *object, const char *member, const place_t *place, const delta1_arithmetic_t *use,
           const void *v, const slong shape[2], delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  char sha256[DELTA1_SHA256_TEXT], *path = NULL;
  if (v == NULL)
    return set_member (object, member, json_null (), reason);
  if (asprintf (&path, "%.*s-%s.npy", place->stem, place->path, member) < 0)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
  const char *slash = strrchr (path, '/');
  DELTA1_TRY (delta1_vector_write (sha256, path, use, v, shape, reason));
  DELTA1_TRY (set_member (
      object, member,
      json_pack ("{s:s, s:s}", "file", slash == NULL ? path : slash + 1, "sha256", sha256),
      reason));

cleanup:
  free (path);
  return status;
}

/* object[member] = the exact number. */
static delta1_status_t
set_exact (json_t *object, const char *member, const arb_t x, delta1_reason_t *reason)
{
  fmpq_t value;
  if (!arb_is_exact (x) || !arb_is_finite (x))
    return delta1_fail (reason, DELTA1_INPUT, "%s is not exact: a certificate needs it to be",
                        member);
  fmpq_init (value);
  arf_get_fmpq (value, arb_midref (x));
  char *text = delta1_number_format (value);
  delta1_status_t status
      = set_member (object, member, text == NULL ? NULL : json_string (text), reason);
  free (text);
  fmpq_clear (value);
  return status;
}

/* A decimal on that side of x. */
static json_t *
bound_of (const arf_t x, int direction)
{
  fmpq_t value;
  fmpz_t square, denominator;
  json_t *string = NULL;
  fmpq_init (value);
  fmpz_init (square);
  fmpz_init (denominator);
  arf_get_fmpq (value, x);
  int sign = fmpq_sgn (value);
  fmpz_mul (square, fmpq_numref (value), fmpq_numref (value));
  fmpz_mul (denominator, fmpq_denref (value), fmpq_denref (value));
  char *text = delta1_number_format_root (square, denominator, DELTA1_RECONSTRUCTION_DIGITS,
                                          sign < 0 ? -direction : direction);
  if (text != NULL)
    string = json_sprintf ("%s%s", sign < 0 ? "-" : "", text);
  free (text);
  fmpq_clear (value);
  fmpz_clear (square);
  fmpz_clear (denominator);
  return string;
}

/* An upper bound as a decimal; null when it is infinite. */
static json_t *
upper_bound (const mag_t x)
{
  arf_t value;
  if (mag_is_inf (x))
    return json_null ();
  arf_init (value);
  arf_set_mag (value, x);
  json_t *string = bound_of (value, 1);
  arf_clear (value);
  return string;
}

static json_t *
end_of (const arb_t x, int direction)
{
  arf_t end;
  arf_init (end);
  if (direction < 0)
    arb_get_lbound_arf (end, x, BITS);
  else
    arb_get_ubound_arf (end, x, BITS);
  json_t *string = bound_of (end, direction);
  arf_clear (end);
  return string;
}

/* --- the parts -------------------------------------------------------------------------------- */

static delta1_status_t
write_sampled (json_t *object, const delta1_sampled_t *sampled, const place_t *place,
               delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong pixels = sampled->dimensions == 2 ? sampled->side * sampled->side : sampled->side;
  const slong shape[2] = { sampled->side, sampled->dimensions == 2 ? sampled->side : 0 };
  double *mask = NULL;
  if (sampled->mask != NULL)
    {
      mask = calloc ((size_t)pixels, sizeof *mask);
      if (mask == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a mask");
      for (slong i = 0; i < sampled->count; i++)
        mask[sampled->mask[i]] = 1;
    }
  DELTA1_TRY (set_member (object, "wavelet",
                          json_string (delta1_reconstruction_wavelets[sampled->wavelet]), reason));
  DELTA1_TRY (set_member (object, "levels", json_integer (sampled->levels), reason));
  DELTA1_TRY (set_member (object, "dimensions", json_integer (sampled->dimensions), reason));
  DELTA1_TRY (set_member (object, "side", json_integer (sampled->side), reason));
  DELTA1_TRY (set_array (object, "mask", place, &delta1_arithmetic_double, mask, shape, reason));

cleanup:
  free (mask);
  return status;
}

static delta1_status_t
write_operator (json_t *object, const delta1_reconstruction_t *r, const place_t *place,
                delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const slong shape[2] = { r->A->m, r->A->N };
  const char *kind
      = r->sampled == NULL ? "dense" : delta1_reconstruction_transforms[r->sampled->transform];
  DELTA1_TRY (set_member (object, "kind", json_string (kind), reason));
  DELTA1_TRY (set_member (object, "rows", json_integer (r->A->m), reason));
  DELTA1_TRY (set_member (object, "columns", json_integer (r->A->N), reason));
  DELTA1_TRY (set_member (object, "complex", json_boolean (r->A->use->is_complex), reason));
  if (r->sampled != NULL)
    DELTA1_TRY (write_sampled (object, r->sampled, place, reason));
  else
    DELTA1_TRY (set_array (object, "matrix", place, r->A->use, r->matrix, shape, reason));

cleanup:
  return status;
}

static delta1_status_t
write_weights (json_t *object, const delta1_reconstruction_t *r, const place_t *place,
               delta1_reason_t *reason)
{
  const slong N = r->A->N, shape[2] = { N, 0 };
  arb_srcptr weights = r->network->steps.weights;
  double *w = NULL;
  if (weights != NULL)
    {
      w = malloc ((size_t)N * sizeof *w);
      if (w == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "no memory for weights");
    }
  for (slong i = 0; weights != NULL && i < N; i++)
    {
      w[i] = arf_get_d (arb_midref (weights + i), ARF_RND_NEAR);
      if (!arb_is_exact (weights + i) || arf_cmp_d (arb_midref (weights + i), w[i]) != 0)
        {
          free (w);
          return delta1_fail (reason, DELTA1_INPUT,
                              "weight %ld is not a double: a certificate needs it to be", (long)i);
        }
    }
  delta1_status_t status
      = set_array (object, "weights", place, &delta1_arithmetic_double, w, shape, reason);
  free (w);
  return status;
}

static delta1_status_t
write_network (json_t *object, const delta1_reconstruction_t *r, const place_t *place,
               delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_restart_t *network = r->network;
  arb_t e;
  arb_init (e);
  arb_set_si (e, -1);
  arb_exp (e, e, 4096);
  DELTA1_TRY (set_exact (object, "tau", network->steps.tau, reason));
  DELTA1_TRY (set_exact (object, "sigma", network->steps.sigma, reason));
  DELTA1_TRY (set_exact (object, "lambda", network->steps.lambda, reason));
  DELTA1_TRY (write_weights (object, r, place, reason));
  DELTA1_TRY (set_exact (object, "delta", network->delta, reason));
  DELTA1_TRY (set_exact (object, "eps_0", network->eps_0, reason));
  if (!arb_is_exact (network->upsilon) && arb_contains (network->upsilon, e))
    DELTA1_TRY (set_member (object, "upsilon", json_string ("1/e"), reason));
  else
    DELTA1_TRY (set_exact (object, "upsilon", network->upsilon, reason));
  if (arb_is_zero (network->scale))
    DELTA1_TRY (set_member (object, "scale", json_null (), reason));
  else
    DELTA1_TRY (set_exact (object, "scale", network->scale, reason));
  DELTA1_TRY (set_member (object, "inner", json_integer (network->inner), reason));
  DELTA1_TRY (set_member (object, "restarts", json_integer (network->restarts), reason));

cleanup:
  arb_clear (e);
  return status;
}

static delta1_status_t
write_gap (json_t *claims, const char *member, const delta1_reconstruction_t *r, const void *x,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_gap_t gap;
  json_t *claim = json_object ();
  if (r->dual == NULL || x == NULL)
    {
      json_decref (claim);
      return set_member (claims, member, json_null (), reason);
    }
  delta1_gap_init (&gap);
  DELTA1_TRY (delta1_gap_evaluate (&gap, r->A, x, r->y, r->dual, &r->network->steps, reason));
  DELTA1_TRY (set_member (
      claim, "objective",
      json_pack ("[o, o]", end_of (gap.objective, -1), end_of (gap.objective, 1)), reason));
  DELTA1_TRY (set_member (claim, "dual", end_of (gap.dual, -1), reason));
  DELTA1_TRY (set_member (claim, "gap", upper_bound (gap.gap), reason));
  DELTA1_TRY (set_member (claim, "relative", upper_bound (gap.relative), reason));
  status = set_member (claims, member, json_incref (claim), reason);

cleanup:
  json_decref (claim);
  delta1_gap_clear (&gap);
  return status;
}

static delta1_status_t
write_claims (json_t *claims, const delta1_reconstruction_t *r, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  mag_t radius, room;
  mag_init (radius);
  mag_init (room);
  if (r->rounding == NULL)
    DELTA1_TRY (set_member (claims, "rounding", json_null (), reason));
  else
    {
      DELTA1_TRY (delta1_rounding_radius (radius, NULL, r->rounding, r->y, r->network, reason));
      mag_set_d (room, DELTA1_RECONSTRUCTION_ROOM);
      mag_mul (radius, radius, room);
      DELTA1_TRY (set_member (claims, "rounding",
                              json_pack ("{s:o}", "radius", upper_bound (radius)), reason));
    }
  DELTA1_TRY (write_gap (claims, "gap", r, r->x, reason));
  DELTA1_TRY (write_gap (claims, "polished", r, r->polished, reason));

cleanup:
  mag_clear (radius);
  mag_clear (room);
  return status;
}

delta1_status_t
delta1_reconstruction_write (const delta1_reconstruction_t *r, const char *path,
                             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = r->A->use;
  const slong rows[2] = { r->A->m, 0 }, columns[2] = { r->A->N, 0 };
  size_t length = strlen (path);
  bool suffix = length > 5 && strcmp (path + length - 5, ".json") == 0;
  const place_t place = { path, (int)(suffix ? length - 5 : length) };
  json_t *document
      = json_pack ("{s:s, s:i, s:s, s:{s:s, s:s}}", "format", "delta1-certificate", "version", 1,
                   "kind", "reconstruction", "run", "program", r->program, "arithmetic", use->name);
  json_t *described = json_object (), *network = json_object (), *claims = json_object ();
  if (document == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate"));
  DELTA1_TRY (write_claims (claims, r, reason));
  DELTA1_TRY (write_operator (described, r, &place, reason));
  DELTA1_TRY (write_network (network, r, &place, reason));
  DELTA1_TRY (set_member (document, "operator", json_incref (described), reason));
  DELTA1_TRY (set_member (document, "network", json_incref (network), reason));
  DELTA1_TRY (set_member (document, "claims", json_incref (claims), reason));
  DELTA1_TRY (set_array (document, "data", &place, use, r->y, rows, reason));
  DELTA1_TRY (set_array (document, "coefficients", &place, use, r->x, columns, reason));
  DELTA1_TRY (set_array (document, "dual", &place, use, r->dual, rows, reason));
  DELTA1_TRY (set_array (document, "polished", &place, use, r->polished, columns, reason));
  DELTA1_TRY (delta1_document_seal (document, reason));
  DELTA1_TRY (delta1_document_write (document, path, reason));

cleanup:
  json_decref (described);
  json_decref (network);
  json_decref (claims);
  json_decref (document);
  return status;
}
