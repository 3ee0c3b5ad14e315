/* The writing half of solve_certificate.h. */
#include "src/solve_certificate.h"

#include <stdlib.h>

#include "src/box.h"
#include "src/member.h"
#include "src/solve_certificate_private.h"

#define ATTEMPTS 6
/* Above this the verifier would spend too long on a system of m + s equations. */
#define LARGEST_WITH_RESIDUAL 300

static bool
set_new (json_t *object, const char *name, json_t *value)
{
  return json_object_set_new (object, name, value) == 0;
}

static json_t *
write_matrix (const fmpq *A, slong m, slong N)
{
  json_t *rows = json_array ();
  for (slong i = 0; rows != NULL && i < m; i++)
    if (json_array_append_new (rows, delta1_member_write_numbers (A + i * N, N)) != 0)
      {
        json_decref (rows);
        rows = NULL;
      }
  return rows;
}

static json_t *
write_problem (const delta1_data_t *data)
{
  json_t *object = json_object ();
  bool good
      = set_new (object, "name", json_string (delta1_problem_name (data->problem)))
        && set_new (object, "m", json_integer ((json_int_t)data->m))
        && set_new (object, "N", json_integer ((json_int_t)data->N))
        && set_new (object, "parameter",
                    delta1_problem_parameter (data->problem) == NULL
                        ? json_null ()
                        : delta1_member_write_number (data->parameter))
        && set_new (object, "intercept", json_boolean (data->intercept))
        && set_new (object, "weights",
                    data->weights == DELTA1_WEIGHTS_GIVEN
                        ? delta1_member_write_numbers (data->weight, data->N)
                        : json_string (data->weights == DELTA1_WEIGHTS_ONE ? "one" : "deviation"));
  if (!good)
    {
      json_decref (object);
      object = NULL;
    }
  return object;
}

static json_t *
write_data (const delta1_data_t *data, bool with_radii)
{
  json_t *object = json_object ();
  bool good = set_new (object, "matrix", write_matrix (data->A, data->m, data->N))
              && set_new (object, "vector", delta1_member_write_numbers (data->y, data->m));
  if (with_radii)
    good = good
           && set_new (object, "matrix_radius", delta1_member_write_number (data->matrix_radius))
           && set_new (object, "vector_radius", delta1_member_write_number (data->data_radius));
  if (!good)
    {
      json_decref (object);
      object = NULL;
    }
  return object;
}

static json_t *
write_integers (const slong *column, const int *sign, slong count)
{
  json_t *array = json_array ();
  for (slong k = 0; array != NULL && k < count; k++)
    if (json_array_append_new (
            array, json_integer (column != NULL ? (json_int_t)column[k] : (json_int_t)sign[k]))
        != 0)
      {
        json_decref (array);
        array = NULL;
      }
  return array;
}

static json_t *
write_box (const delta1_box_t *box)
{
  json_t *object = json_object ();
  bool good
      = set_new (object, "residual", json_boolean (box->with_residual))
        && set_new (object, "lemma", json_string (delta1_lemma_text (box->candidate.lemma)))
        && set_new (object, "columns",
                    write_integers (box->candidate.column, NULL, box->candidate.size))
        && set_new (object, "signs",
                    write_integers (NULL, box->candidate.sign, box->candidate.size))
        && set_new (object, "middle", delta1_member_write_numbers (box->middle, box->unknowns))
        && set_new (object, "radius", delta1_member_write_numbers (box->radius, box->unknowns));
  if (!good)
    {
      json_decref (object);
      object = NULL;
    }
  return object;
}

/* A box around the ball x, a little larger, with short numbers: the radius is 3/2 of the ball's and
 * `room` more, at most an eighth of |x|; the middle is within an eighth of that of the ball's. */
static void
round_out (fmpq_t middle, fmpq_t radius, const arb_t x, const arb_t room)
{
  arb_t r, low;
  arf_t rounded;
  arb_init (r);
  arb_init (low);
  arf_init (rounded);
  arb_get_abs_lbound_arf (arb_midref (low), x, 64);
  arb_mul_2exp_si (low, low, -3);
  if (arf_sgn (arb_midref (low)) <= 0 || arf_cmp (arb_midref (low), arb_midref (room)) > 0)
    arb_get_mid_arb (low, room);
  arf_set_mag (arb_midref (r), arb_radref (x));
  arb_mul_si (r, r, 3, 64);
  arb_mul_2exp_si (r, r, -1);
  arb_add (r, r, low, 32);
  arf_set_round (rounded, arb_midref (r), 24, ARF_RND_UP);
  arf_get_fmpq (radius, rounded);
  /* as many bits of the middle as the radius deserves */
  slong bits = 32;
  if (!arf_is_zero (arb_midref (x)))
    {
      fmpz_t top, bottom;
      fmpz_init (top);
      fmpz_init (bottom);
      arf_abs_bound_lt_2exp_fmpz (top, arb_midref (x));
      arf_abs_bound_lt_2exp_fmpz (bottom, rounded);
      fmpz_sub (top, top, bottom);
      bits = fmpz_fits_si (top) && fmpz_cmp_si (top, 0) > 0 ? fmpz_get_si (top) + 8 : 8;
      fmpz_clear (top);
      fmpz_clear (bottom);
    }
  arf_set_round (rounded, arb_midref (x), bits, ARF_RND_NEAR);
  arf_get_fmpq (middle, rounded);
  arb_clear (r);
  arb_clear (low);
  arf_clear (rounded);
}

/* A box around the minimiser whose radii beyond those of the enclosure add up, in Euclidean norm,
 * to at most 10^-(digits + 2), or 2^-shift of that. */
static delta1_status_t
make_box (delta1_box_t *box, const delta1_minimiser_t *minimiser, slong digits, slong shift,
          delta1_reason_t *reason)
{
  bool basis = minimiser->lemma == DELTA1_LEMMA_BASIS || minimiser->lemma == DELTA1_LEMMA_VERTEX;
  slong residual
      = basis || minimiser->m + minimiser->size > LARGEST_WITH_RESIDUAL || minimiser->size == 0
            ? 0
            : minimiser->m;
  delta1_status_t status
      = delta1_box_init (box, minimiser->lemma, minimiser->size, residual, reason);
  arb_t room;
  if (status != DELTA1_OK)
    return status;
  arb_init (room);
  arb_set_ui (room, 10);
  arb_pow_ui (room, room, (ulong)digits + 2, 64);
  arb_mul_si (room, room, minimiser->size + 1, 64);
  arb_inv (room, room, 64);
  arb_mul_2exp_si (room, room, -shift);
  mag_zero (arb_radref (room));
  for (slong k = 0; k < minimiser->size; k++)
    {
      box->candidate.column[k] = minimiser->column[k];
      box->candidate.sign[k] = minimiser->sign[k];
      round_out (box->middle + k, box->radius + k, minimiser->x + k, room);
    }
  if (delta1_lemma_has_multiplier (minimiser->lemma))
    round_out (box->middle + minimiser->size, box->radius + minimiser->size, minimiser->multiplier,
               room);
  slong first = box->unknowns - residual;
  for (slong i = 0; i < residual; i++)
    round_out (box->middle + first + i, box->radius + first + i, minimiser->dual + i, room);
  arb_clear (room);
  return DELTA1_OK;
}

/* The box as JSON, once the verifier's own proof holds for it. */
static delta1_status_t
certify_box (json_t **object, const delta1_data_t *data, const delta1_minimiser_t *minimiser,
             slong digits, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_UNDECIDED;
  for (slong attempt = 0; attempt < ATTEMPTS && status == DELTA1_UNDECIDED; attempt++)
    {
      delta1_box_t box;
      status = make_box (&box, minimiser, digits, 16 * attempt * attempt, reason);
      if (status == DELTA1_OK)
        status = delta1_box_verify (&box, data, reason);
      if (status == DELTA1_OK)
        {
          *object = write_box (&box);
          if (*object == NULL)
            status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate");
        }
      delta1_box_clear (&box);
    }
  return status;
}

static json_t *
write_names (const char *const *names, slong N)
{
  json_t *array = names == NULL ? json_null () : json_array ();
  for (slong j = 0; names != NULL && array != NULL && j < N; j++)
    if (json_array_append_new (array, json_string (names[j])) != 0)
      {
        json_decref (array);
        array = NULL;
      }
  return array;
}

static delta1_status_t
write_witnesses (json_t *made, const delta1_solution_t *solution, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *list = json_array ();
  for (int i = 0; i < 2 && status == DELTA1_OK; i++)
    {
      const delta1_witness_t *witness = &solution->witness[i];
      json_t *box = NULL, *object = json_object ();
      status
          = certify_box (&box, &witness->data, &witness->minimiser, solution->digits + 2, reason);
      if (status == DELTA1_OK
          && !(set_new (object, "data", write_data (&witness->data, false))
               && set_new (object, "minimiser", json_incref (box))
               && json_array_append (list, object) == 0))
        status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate");
      json_decref (box);
      json_decref (object);
    }
  if (!set_new (made, "witnesses", list) && status == DELTA1_OK)
    status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate");
  return status;
}

delta1_status_t
delta1_solve_certificate (json_t **document, const delta1_data_t *data,
                          const delta1_solution_t *solution, const char *program,
                          const char *const *names, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *made = NULL, *box = NULL;
  *document = NULL;
  if (solution->verdict == DELTA1_SOLVE_UNDECIDED)
    return delta1_fail (reason, DELTA1_INPUT,
                        "an undecided outcome has no certificate; allowed: determined, not "
                        "determined");
  bool determined = solution->verdict == DELTA1_SOLVE_DETERMINED;
  made = json_object ();
  bool good
      = set_new (made, "format", json_string (DELTA1_SOLVE_FORMAT))
        && set_new (made, "version", json_integer (1))
        && set_new (made, "kind", json_string (determined ? "determined" : "not-determined"))
        && set_new (made, "program", json_string (program))
        && set_new (made, "names", write_names (names, data->N))
        && set_new (made, "problem", write_problem (data))
        && set_new (made, "data", write_data (data, true))
        && set_new (made, "claim", json_pack ("{s:I}", "digits", (json_int_t)solution->digits));
  if (!good)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate"));
  if (determined)
    {
      DELTA1_TRY (certify_box (&box, data, &solution->minimiser, solution->digits, reason));
      if (!set_new (made, "minimiser", json_incref (box)))
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate"));
    }
  else
    DELTA1_TRY (write_witnesses (made, solution, reason));
  DELTA1_TRY (delta1_document_seal (made, reason));
  DELTA1_TRY (delta1_solve_certificate_verify (made, reason));
  *document = json_incref (made);

cleanup:
  json_decref (box);
  json_decref (made);
  return status;
}
