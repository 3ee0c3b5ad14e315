/* The verifying half of solve_certificate.h. */
#include <string.h>

#include "src/member.h"
#include "src/number.h"
#include "src/solve_certificate.h"
#include "src/solve_certificate_private.h"

#define MAX_DIGITS 1000000
#define LEAST_PREC 96
#define PRECISIONS 3

static const char *const lemma_texts[] = { [DELTA1_LEMMA_LASSO] = "4.1",
                                           [DELTA1_LEMMA_SRLASSO] = "4.2",
                                           [DELTA1_LEMMA_BASIS] = "4.3",
                                           [DELTA1_LEMMA_QCBP] = "4.4",
                                           [DELTA1_LEMMA_VERTEX] = "4.5" };

const char *
delta1_lemma_text (delta1_lemma_t lemma)
{
  return lemma_texts[lemma];
}

/* -log2 x about, for x > 0. */
static slong
bits_below (const fmpq_t x)
{
  return (slong)fmpz_bits (fmpq_denref (x)) - (slong)fmpz_bits (fmpq_numref (x));
}

delta1_status_t
delta1_box_verify (const delta1_box_t *box, const delta1_data_t *data, delta1_reason_t *reason)
{
  slong bits = 0;
  for (slong k = 0; k < box->unknowns; k++)
    {
      slong below = bits_below (box->radius + k);
      bits = below > bits ? below : bits;
    }
  delta1_status_t status = DELTA1_UNDECIDED;
  slong prec = LEAST_PREC + bits;
  for (int i = 0; i < PRECISIONS && status == DELTA1_UNDECIDED; i++, prec *= 2)
    status = delta1_box_prove (box, data, prec, reason);
  return status;
}

static delta1_status_t
refuse (delta1_reason_t *reason, const char *what)
{
  return delta1_fail (reason, DELTA1_FAILED, "%s", what);
}

static delta1_status_t
as_refusal (delta1_status_t status)
{
  return status == DELTA1_INPUT || status == DELTA1_UNDECIDED ? DELTA1_FAILED : status;
}

static delta1_status_t
read_weights (delta1_data_t *data, const json_t *value, delta1_reason_t *reason)
{
  const char *text = json_string_value (value);
  if (text == NULL)
    {
      delta1_data_give_weights (data);
      return delta1_member_numbers (data->weight, data->N, value, "weights", reason);
    }
  if (strcmp (text, "one") == 0)
    data->weights = DELTA1_WEIGHTS_ONE;
  else if (strcmp (text, "deviation") == 0)
    data->weights = DELTA1_WEIGHTS_DEVIATION;
  else
    return delta1_fail (reason, DELTA1_FAILED, "weights '%.40s'; allowed: one, deviation, a list",
                        text);
  return DELTA1_OK;
}

/* Initialises data. */
static delta1_status_t
read_problem (delta1_data_t *data, const json_t *object, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_problem_t problem;
  const char *name;
  slong m, N;
  DELTA1_TRY (delta1_document_string (&name, object, "name", reason));
  DELTA1_TRY (as_refusal (delta1_problem_parse (&problem, name, reason)));
  DELTA1_TRY (delta1_document_index (&m, object, "m", reason));
  DELTA1_TRY (delta1_document_index (&N, object, "N", reason));
  DELTA1_TRY (delta1_document_members (object, "problem", 6, reason));
  DELTA1_TRY (as_refusal (delta1_data_init (data, problem, m, N, reason)));
  const json_t *intercept = json_object_get (object, "intercept");
  const json_t *parameter = json_object_get (object, "parameter");
  if (!json_is_boolean (intercept))
    DELTA1_TRY (delta1_member_misshaped (reason, "intercept"));
  data->intercept = json_is_true (intercept);
  if (delta1_problem_parameter (problem) != NULL)
    DELTA1_TRY (delta1_member_number (data->parameter, object, "parameter", reason));
  else if (!json_is_null (parameter))
    DELTA1_TRY (parameter == NULL ? delta1_member_misshaped (reason, "parameter")
                                  : refuse (reason, "a problem without a parameter has one"));
  status = read_weights (data, json_object_get (object, "weights"), reason);

cleanup:
  return status;
}

/* m rows of N numbers, and m numbers. */
static delta1_status_t
read_numbers (delta1_data_t *data, const json_t *object, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *rows = json_object_get (object, "matrix");
  if (!json_is_array (rows) || json_array_size (rows) != (size_t)data->m)
    return delta1_member_misshaped (reason, "matrix");
  for (slong i = 0; i < data->m && status == DELTA1_OK; i++)
    status = delta1_member_numbers (data->A + i * data->N, data->N,
                                    json_array_get (rows, (size_t)i), "matrix", reason);
  if (status == DELTA1_OK)
    status = delta1_member_numbers (data->y, data->m, json_object_get (object, "vector"), "vector",
                                    reason);
  return status;
}

static delta1_status_t
read_data (delta1_data_t *data, const json_t *object, delta1_reason_t *reason)
{
  delta1_status_t status = read_numbers (data, object, reason);
  if (status == DELTA1_OK)
    status = delta1_member_number (data->matrix_radius, object, "matrix_radius", reason);
  if (status == DELTA1_OK)
    status = delta1_member_number (data->data_radius, object, "vector_radius", reason);
  if (status == DELTA1_OK)
    status = delta1_document_members (object, "data", 4, reason);
  if (status == DELTA1_OK)
    status = as_refusal (delta1_data_check (data, reason));
  return status;
}

static delta1_status_t
read_box (delta1_box_t *box, const json_t *object, slong m, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *columns = json_object_get (object, "columns");
  const json_t *signs = json_object_get (object, "signs");
  const json_t *residual = json_object_get (object, "residual");
  const char *text;
  delta1_lemma_t lemma = (delta1_lemma_t)0;
  *box = (delta1_box_t){ .unknowns = 0 };
  DELTA1_TRY (delta1_document_string (&text, object, "lemma", reason));
  for (size_t i = DELTA1_LEMMA_LASSO; i < sizeof lemma_texts / sizeof lemma_texts[0]; i++)
    if (strcmp (text, lemma_texts[i]) == 0)
      lemma = (delta1_lemma_t)i;
  if (lemma == 0)
    DELTA1_TRY (refuse (reason, "the lemma is not one of 4.1 to 4.5"));
  if (!json_is_array (columns) || !json_is_array (signs)
      || json_array_size (columns) != json_array_size (signs))
    DELTA1_TRY (delta1_member_misshaped (reason, "columns"));
  DELTA1_TRY (delta1_document_members (object, "minimiser", 6, reason));
  if (!json_is_boolean (residual))
    DELTA1_TRY (delta1_member_misshaped (reason, "residual"));
  DELTA1_TRY (delta1_box_init (box, lemma, (slong)json_array_size (columns),
                               json_is_true (residual) ? m : 0, reason));
  for (slong k = 0; k < box->candidate.size; k++)
    {
      const json_t *column = json_array_get (columns, (size_t)k);
      const json_t *sign = json_array_get (signs, (size_t)k);
      if (!json_is_integer (column) || !json_is_integer (sign))
        DELTA1_TRY (delta1_member_misshaped (reason, "columns"));
      json_int_t value = json_integer_value (sign);
      if (value < -1 || value > 1)
        DELTA1_TRY (refuse (reason, "a sign is not -1, 0 or 1"));
      box->candidate.column[k] = (slong)json_integer_value (column);
      box->candidate.sign[k] = (int)value;
    }
  DELTA1_TRY (delta1_member_numbers (box->middle, box->unknowns, json_object_get (object, "middle"),
                                     "middle", reason));
  status = delta1_member_numbers (box->radius, box->unknowns, json_object_get (object, "radius"),
                                  "radius", reason);

cleanup:
  return status;
}

/* Whether the Euclidean norm of the radii of x is at most 10^-digits. */
static bool
narrow (const delta1_box_t *box, slong digits)
{
  bool result;
  fmpq_t sum, limit;
  fmpq_init (sum);
  fmpq_init (limit);
  for (slong k = 0; k < box->candidate.size; k++)
    fmpq_addmul (sum, box->radius + k, box->radius + k);
  delta1_number_set_digits (limit, 2 * digits);
  result = fmpq_cmp (sum, limit) <= 0;
  fmpq_clear (sum);
  fmpq_clear (limit);
  return result;
}

static delta1_status_t
verify_determined (json_t *document, const delta1_data_t *data, slong digits,
                   delta1_reason_t *reason)
{
  delta1_box_t box;
  delta1_status_t status
      = read_box (&box, json_object_get (document, "minimiser"), data->m, reason);
  if (status == DELTA1_OK && !narrow (&box, digits))
    status = delta1_fail (reason, DELTA1_FAILED, "the box is wider than 10^-%ld", (long)digits);
  if (status == DELTA1_OK)
    status = as_refusal (delta1_box_verify (&box, data, reason));
  if (status == DELTA1_OK)
    (void)delta1_fail (reason, DELTA1_OK,
                       "%s %ldx%ld: the minimiser of every input that the data allow is unique, "
                       "lies on %ld columns (Lemma %s) and is known to %ld digits",
                       delta1_problem_name (data->problem), (long)data->m, (long)data->N,
                       (long)box.candidate.size, delta1_lemma_text (box.candidate.lemma),
                       (long)digits);
  delta1_box_clear (&box);
  return status;
}

/* |x_i - middle_i| <= radius, exactly. */
static bool
within (const fmpq *x, const fmpq *middle, slong count, const fmpq_t radius)
{
  bool inside = true;
  fmpq_t difference;
  fmpq_init (difference);
  for (slong i = 0; i < count && inside; i++)
    {
      fmpq_sub (difference, x + i, middle + i);
      fmpq_abs (difference, difference);
      inside = fmpq_cmp (difference, radius) <= 0;
    }
  fmpq_clear (difference);
  return inside;
}

/* Whether every point of one box is more than 2 10^-digits from every point of the other, in
 * rational arithmetic: the least distance of each coordinate. */
static bool
far_apart (const delta1_box_t *a, const delta1_box_t *b, slong digits)
{
  slong k = 0, l = 0;
  bool result;
  fmpq_t sum, gap, limit, zero;
  fmpq_init (sum);
  fmpq_init (gap);
  fmpq_init (limit);
  fmpq_init (zero);
  while (k < a->candidate.size || l < b->candidate.size)
    {
      bool has_a = k < a->candidate.size
                   && (l == b->candidate.size || a->candidate.column[k] <= b->candidate.column[l]);
      bool has_b = l < b->candidate.size
                   && (k == a->candidate.size || b->candidate.column[l] <= a->candidate.column[k]);
      fmpq_sub (gap, has_a ? a->middle + k : zero, has_b ? b->middle + l : zero);
      fmpq_abs (gap, gap);
      if (has_a)
        fmpq_sub (gap, gap, a->radius + k++);
      if (has_b)
        fmpq_sub (gap, gap, b->radius + l++);
      if (fmpq_sgn (gap) > 0)
        fmpq_addmul (sum, gap, gap);
    }
  delta1_number_set_digits (limit, 2 * digits);
  fmpq_mul_si (limit, limit, 4);
  result = fmpq_cmp (sum, limit) > 0;
  fmpq_clear (sum);
  fmpq_clear (gap);
  fmpq_clear (limit);
  fmpq_clear (zero);
  return result;
}

static delta1_status_t
verify_witness (delta1_box_t *box, const json_t *object, const delta1_data_t *data,
                delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *numbers = json_object_get (object, "data");
  delta1_data_t exact;
  DELTA1_TRY (delta1_data_init_copy (&exact, data, reason));
  fmpq_zero (exact.matrix_radius);
  fmpq_zero (exact.data_radius);
  status = read_numbers (&exact, numbers, reason);
  if (status == DELTA1_OK)
    status = delta1_document_members (numbers, "data of a witness", 2, reason);
  if (status == DELTA1_OK)
    status = delta1_document_members (object, "a witness", 2, reason);
  if (status == DELTA1_OK
      && !(within (exact.A, data->A, data->m * data->N, data->matrix_radius)
           && within (exact.y, data->y, data->m, data->data_radius)))
    status = refuse (reason, "a witness is not an input that the data allow");
  if (status == DELTA1_OK)
    status = read_box (box, json_object_get (object, "minimiser"), data->m, reason);
  if (status == DELTA1_OK)
    status = as_refusal (delta1_box_verify (box, &exact, reason));
  delta1_data_clear (&exact);

cleanup:
  return status;
}

static delta1_status_t
verify_not_determined (json_t *document, const delta1_data_t *data, slong digits,
                       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *list = json_object_get (document, "witnesses");
  delta1_box_t box[2] = { { .unknowns = 0 }, { .unknowns = 0 } };
  if (!json_is_array (list) || json_array_size (list) != 2)
    return delta1_member_misshaped (reason, "witnesses");
  for (size_t i = 0; i < 2 && status == DELTA1_OK; i++)
    status = verify_witness (&box[i], json_array_get (list, i), data, reason);
  if (status == DELTA1_OK && !far_apart (&box[0], &box[1], digits))
    status = delta1_fail (
        reason, DELTA1_FAILED,
        "the witnesses' minimisers are not proved to be more than 2*10^-%ld apart", (long)digits);
  if (status == DELTA1_OK)
    (void)delta1_fail (reason, DELTA1_OK,
                       "%s %ldx%ld: two inputs that the data allow have minimisers more than "
                       "2*10^-%ld apart: no algorithm finds %ld digits from these data (Lemma 1.1)",
                       delta1_problem_name (data->problem), (long)data->m, (long)data->N,
                       (long)digits, (long)digits);
  delta1_box_clear (&box[0]);
  delta1_box_clear (&box[1]);
  return status;
}

bool
delta1_solve_certificate_is (const json_t *document)
{
  const char *format = json_string_value (json_object_get (document, "format"));
  return format != NULL && strcmp (format, DELTA1_SOLVE_FORMAT) == 0;
}

static delta1_status_t
check_labels (const json_t *document, slong N, delta1_reason_t *reason)
{
  const json_t *names = json_object_get (document, "names");
  const char *program;
  delta1_status_t status = delta1_document_string (&program, document, "program", reason);
  if (status != DELTA1_OK)
    return status;
  if (names == NULL || !(json_is_null (names) || json_is_array (names)))
    return delta1_member_misshaped (reason, "names");
  if (json_is_array (names) && json_array_size (names) != (size_t)N)
    return refuse (reason, "there are not as many names as columns");
  for (size_t j = 0; json_is_array (names) && j < json_array_size (names); j++)
    if (!json_is_string (json_array_get (names, j)))
      return delta1_member_misshaped (reason, "names");
  return DELTA1_OK;
}

delta1_status_t
delta1_solve_certificate_verify (json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_data_t data = { .m = 0 };
  const json_t *claim = json_object_get (document, "claim");
  const json_t *version = json_object_get (document, "version");
  const char *kind;
  slong digits;
  fmpq_init (data.matrix_radius);
  fmpq_init (data.data_radius);
  fmpq_init (data.parameter);

  if (!delta1_solve_certificate_is (document) || !json_is_integer (version)
      || json_integer_value (version) != 1)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "not a " DELTA1_SOLVE_FORMAT " of version 1"));
  DELTA1_TRY (delta1_document_string (&kind, document, "kind", reason));
  bool determined = strcmp (kind, "determined") == 0;
  if (!determined && strcmp (kind, "not-determined") != 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "kind '%.40s'; allowed: determined, not-determined", kind));
  DELTA1_TRY (as_refusal (delta1_document_check_seal (document, reason)));
  DELTA1_TRY (delta1_document_members (document, "the certificate", 10, reason));
  DELTA1_TRY (delta1_document_index (&digits, claim, "digits", reason));
  DELTA1_TRY (delta1_document_members (claim, "claim", 1, reason));
  if (digits > MAX_DIGITS)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "claimed digits = %ld; allowed: 0 to %d",
                             (long)digits, MAX_DIGITS));
  DELTA1_TRY (read_problem (&data, json_object_get (document, "problem"), reason));
  DELTA1_TRY (check_labels (document, data.N, reason));
  DELTA1_TRY (read_data (&data, json_object_get (document, "data"), reason));
  if (determined)
    status = verify_determined (document, &data, digits, reason);
  else
    status = verify_not_determined (document, &data, digits, reason);

cleanup:
  delta1_data_clear (&data);
  return status;
}
