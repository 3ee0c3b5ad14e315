#include "constructions/solver_verify.h"

#include <string.h>

#include "constructions/certificate_read.h"
#include "oracles/training_transcript.h"
#include "src/document.h"
#include "src/number.h"
#include "src/problem.h"

#define MAX_EXPONENT 100000
#define MAX_STATUS 200 /* bytes */
#define MAX_DIGITS DELTA1_NUMBER_MAX_EXPONENT

/* What a certificate says, each list a row. */
typedef struct
{
  bool lasso;
  slong N, exponent, larger, smaller; /* places of the two columns */
  fmpq_mat_t A, y, x, dual, slack, output;
  fmpq_t lambda;
} statement_t;

static void
statement_clear (statement_t *s)
{
  fmpq_mat_clear (s->A);
  fmpq_mat_clear (s->y);
  fmpq_mat_clear (s->x);
  fmpq_mat_clear (s->dual);
  fmpq_mat_clear (s->slack);
  fmpq_mat_clear (s->output);
  fmpq_clear (s->lambda);
}

static delta1_status_t
false_ (delta1_reason_t *reason, const char *what)
{
  return delta1_fail (reason, DELTA1_FAILED, "%s", what);
}

/* Initialises *s whatever it returns. */
static delta1_status_t
read_family (statement_t *s, const json_t *family, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *name = "", *larger = "";
  *s = (statement_t){ .N = 3 };
  DELTA1_TRY (delta1_document_string (&name, family, "name", reason));
  DELTA1_TRY (delta1_document_string (&larger, family, "larger", reason));
  DELTA1_TRY (delta1_document_index (&s->exponent, family, "exponent", reason));
  DELTA1_TRY (delta1_document_members (family, "family", 3, reason));
  s->lasso = strcmp (name, "lasso") == 0;
  s->N = s->lasso ? 2 : 3;
  s->larger = strcmp (larger, "last") == 0 ? 1 : 0;
  s->smaller = 1 - s->larger;
  if (!s->lasso && strcmp (name, "lp") != 0)
    status = delta1_fail (reason, DELTA1_FAILED, "family '%.40s'; allowed: lp, lasso", name);
  else if (s->larger == 0 && strcmp (larger, "first") != 0)
    status = delta1_fail (reason, DELTA1_FAILED, "larger '%.40s'; allowed: last, first", larger);
  else if (s->exponent < 1 || s->exponent > MAX_EXPONENT)
    status = delta1_fail (reason, DELTA1_FAILED, "exponent %ld; allowed: 1 to %d",
                          (long)s->exponent, MAX_EXPONENT);
cleanup:
  fmpq_mat_init (s->A, 1, s->N);
  fmpq_mat_init (s->y, 1, 1);
  fmpq_mat_init (s->x, 1, s->N);
  fmpq_mat_init (s->dual, 1, 1);
  fmpq_mat_init (s->slack, 1, s->N);
  fmpq_mat_init (s->output, 1, s->N);
  fmpq_init (s->lambda);
  return status;
}

/* c, c + 2^-k, and -1 for lp, at their places; y = 1; lambda = 1/2 for lasso. */
static delta1_status_t
read_input (statement_t *s, const json_t *input, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_t due;
  fmpq_init (due);
  const json_t *parameter = json_object_get (input, "parameter");
  DELTA1_TRY (
      delta1_certificate_matrix (s->A, json_object_get (input, "matrix"), "matrix", reason));
  DELTA1_TRY (delta1_certificate_matrix (s->y, json_object_get (input, "data"), "data", reason));
  if (s->lasso)
    {
      const char *text;
      DELTA1_TRY (delta1_document_string (&text, input, "parameter", reason));
      DELTA1_TRY (delta1_number_parse (s->lambda, text, reason));
    }
  else if (parameter == NULL)
    DELTA1_TRY (delta1_certificate_misshaped (reason, "parameter"));
  else if (!json_is_null (parameter))
    DELTA1_TRY (false_ (reason, "lp has no parameter"));
  DELTA1_TRY (delta1_document_members (input, "input", 3, reason));

  fmpq_one (due);
  bool right = fmpq_equal (fmpq_mat_entry (s->y, 0, 0), due);
  fmpq_set_si (due, 1, 2);
  right = right && (!s->lasso || fmpq_equal (s->lambda, due));
  if (s->lasso)
    fmpq_one (due);
  right = right && fmpq_equal (fmpq_mat_entry (s->A, 0, s->smaller), due);
  fmpz_t gap;
  fmpz_init_set_ui (gap, 1);
  fmpz_mul_2exp (gap, gap, (mp_bitcnt_t)s->exponent);
  fmpq_mul_fmpz (due, due, gap);
  fmpq_add_ui (due, due, 1);
  fmpq_div_fmpz (due, due, gap);
  fmpz_clear (gap);
  right = right && fmpq_equal (fmpq_mat_entry (s->A, 0, s->larger), due);
  fmpq_set_si (due, -1, 1);
  right = right && (s->lasso || fmpq_equal (fmpq_mat_entry (s->A, 0, 2), due));
  if (!right)
    status = false_ (reason, "the input is not the one of this family and exponent");
cleanup:
  fmpq_clear (due);
  return status;
}

/* The conditions of doc/certificate-solver.md, Lemmas 4.5 and 4.1; j: the support. */
static delta1_status_t
check_conditions (const statement_t *s, slong j, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const fmpq *x = fmpq_mat_entry (s->x, 0, 0), *p = fmpq_mat_entry (s->dual, 0, 0);
  const fmpq *A = fmpq_mat_entry (s->A, 0, 0), *slack = fmpq_mat_entry (s->slack, 0, 0);
  fmpq_t t, residual;
  fmpq_init (t);
  fmpq_init (residual);
  fmpq_set (residual, fmpq_mat_entry (s->y, 0, 0));
  for (slong i = 0; i < s->N; i++)
    fmpq_submul (residual, A + i, x + i);

  if (fmpq_is_zero (A + j))
    DELTA1_TRY (false_ (reason, "solution: the column of the support is 0"));
  for (slong i = 0; i < s->N; i++)
    {
      if (i != j && !fmpq_is_zero (x + i))
        DELTA1_TRY (false_ (reason, "solution: x is not 0 off the support"));
      fmpq_mul (t, A + i, p);
      if (s->lasso)
        {
          fmpq_abs (t, t);
          fmpq_sub (t, s->lambda, t);
        }
      else
        {
          fmpq_sub_ui (t, t, 1);
          fmpq_neg (t, t);
        }
      if (!fmpq_equal (t, slack + i))
        DELTA1_TRY (false_ (reason, "solution: a slack is not the one of the dual"));
      if (i == j ? fmpq_sgn (t) != 0 : fmpq_sgn (t) <= 0)
        DELTA1_TRY (
            false_ (reason, "solution: a slack is not 0 on the support, or not above 0 off it"));
    }
  if (s->lasso)
    {
      fmpq_mul_2exp (t, residual, 1);
      if (!fmpq_equal (t, p))
        DELTA1_TRY (false_ (reason, "solution: the dual is not 2(y - Ax)"));
      fmpq_mul (t, A + j, p);
      if (fmpq_is_zero (x + j) || fmpq_sgn (t) != fmpq_sgn (x + j))
        DELTA1_TRY (false_ (reason, "solution: A_j p has not the sign of x_j"));
    }
  else if (!fmpq_is_zero (residual) || fmpq_sgn (x + j) <= 0)
    DELTA1_TRY (false_ (reason, "solution: x is not feasible, or not positive on the support"));
cleanup:
  fmpq_clear (t);
  fmpq_clear (residual);
  return status;
}

static delta1_status_t
read_solution (statement_t *s, const json_t *solution, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *support = json_object_get (solution, "support");
  if (!json_is_array (support) || json_array_size (support) != 1
      || !json_is_integer (json_array_get (support, 0)))
    DELTA1_TRY (delta1_certificate_misshaped (reason, "support"));
  DELTA1_TRY (delta1_certificate_matrix (s->x, json_object_get (solution, "x"), "x", reason));
  DELTA1_TRY (
      delta1_certificate_matrix (s->dual, json_object_get (solution, "dual"), "dual", reason));
  DELTA1_TRY (
      delta1_certificate_matrix (s->slack, json_object_get (solution, "slack"), "slack", reason));
  DELTA1_TRY (delta1_document_members (solution, "solution", 4, reason));
  json_int_t j = json_integer_value (json_array_get (support, 0));
  if (j < 0 || j >= s->N)
    DELTA1_TRY (false_ (reason, "solution: the support is not a column"));
  status = check_conditions (s, (slong)j, reason);
cleanup:
  return status;
}

static delta1_status_t
check_run (const json_t *run, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *program, *oracle, *seed;
  const json_t *said = json_object_get (run, "status");
  DELTA1_TRY (delta1_document_string (&program, run, "program", reason));
  DELTA1_TRY (delta1_document_string (&oracle, run, "oracle", reason));
  DELTA1_TRY (delta1_document_string (&seed, run, "seed", reason));
  if (!json_is_string (said) && !json_is_null (said))
    DELTA1_TRY (delta1_certificate_misshaped (reason, "status"));
  DELTA1_TRY (delta1_document_members (run, "run", 4, reason));
  if (strcmp (oracle, "nearest") != 0)
    status = delta1_fail (reason, DELTA1_FAILED, "oracle '%.40s'; allowed: nearest", oracle);
  else if (seed[0] == '\0' || seed[strspn (seed, "0123456789")] != '\0')
    status = delta1_fail (reason, DELTA1_FAILED, "seed '%.40s' is not a decimal number", seed);
  else if (json_string_length (said) > MAX_STATUS)
    status = delta1_fail (reason, DELTA1_FAILED, "the status has more than %d bytes", MAX_STATUS);
cleanup:
  return status;
}

static delta1_status_t
check_transcript (slong *answers, const statement_t *s, const json_t *object,
                  delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_transcript_t *transcript = NULL;
  delta1_source_t *source = NULL;
  const delta1_shape_t shape = { .m = 1, .N = s->N, .R = 1 };
  fmpq *entries = _fmpq_vec_init (s->N + 1);
  for (slong i = 0; i < s->N; i++)
    fmpq_set (entries + delta1_shape_matrix_entry (&shape, 0, i), fmpq_mat_entry (s->A, 0, i));
  fmpq_set (entries + delta1_shape_data_entry (&shape, 0, 0), fmpq_mat_entry (s->y, 0, 0));
  DELTA1_TRY (delta1_training_transcript_read (&transcript, object, &shape, reason));
  DELTA1_TRY (delta1_source_create_rational (&source, entries, s->N + 1, reason));
  DELTA1_TRY (delta1_transcript_legal (transcript, source, reason));
  *answers = delta1_transcript_count (transcript);
cleanup:
  delta1_transcript_free (transcript);
  delta1_source_free (source);
  _fmpq_vec_clear (entries, s->N + 1);
  return status;
}

/* The squared distance of the output to the minimiser is `square`. */
static delta1_status_t
check_claim (const json_t *claim, const fmpq_t square, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *error = json_object_get (claim, "error");
  const fmpz *num = fmpq_numref (square), *den = fmpq_denref (square);
  const char *verdict;
  slong digits;
  fmpq_t radius;
  fmpq_init (radius);
  DELTA1_TRY (delta1_document_string (&verdict, claim, "verdict", reason));
  DELTA1_TRY (delta1_document_index (&digits, claim, "digits", reason));
  if (!json_is_array (error) || json_array_size (error) != 2)
    DELTA1_TRY (delta1_certificate_misshaped (reason, "error"));
  DELTA1_TRY (delta1_document_members (claim, "claim", 3, reason));
  if (digits < 1 || digits > MAX_DIGITS)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "claimed digits = %ld; allowed: 1 to %d",
                             (long)digits, MAX_DIGITS));
  bool wrong = strcmp (verdict, "wrong") == 0;
  if (!wrong && strcmp (verdict, "correct") != 0)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_FAILED, "verdict '%.40s'; allowed: wrong, correct", verdict));
  DELTA1_TRY (delta1_certificate_bound (json_array_get (error, 0), num, den, radius, -1, reason));
  DELTA1_TRY (delta1_certificate_bound (json_array_get (error, 1), num, den, radius, 1, reason));
  if ((delta1_distance_cmp_digits (num, den, digits) > 0) != wrong)
    status = delta1_fail (reason, DELTA1_FAILED, "the output is not %s to %ld digits", verdict,
                          (long)digits);
cleanup:
  fmpq_clear (radius);
  return status;
}

delta1_status_t
delta1_solver_verify (const json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *claim = json_object_get (document, "claim");
  statement_t s;
  fmpq_t square, t;
  slong answers = 0;
  fmpq_init (square);
  fmpq_init (t);
  DELTA1_TRY (read_family (&s, json_object_get (document, "family"), reason));
  DELTA1_TRY (read_input (&s, json_object_get (document, "input"), reason));
  DELTA1_TRY (read_solution (&s, json_object_get (document, "solution"), reason));
  DELTA1_TRY (check_run (json_object_get (document, "run"), reason));
  DELTA1_TRY (
      delta1_certificate_matrix (s.output, json_object_get (document, "output"), "output", reason));
  for (slong i = 0; i < s.N; i++)
    {
      fmpq_sub (t, fmpq_mat_entry (s.output, 0, i), fmpq_mat_entry (s.x, 0, i));
      fmpq_addmul (square, t, t);
    }
  DELTA1_TRY (check_claim (claim, square, reason));
  DELTA1_TRY (check_transcript (&answers, &s, json_object_get (document, "transcript"), reason));
  DELTA1_TRY (delta1_document_members (document, "a solver's certificate", 11, reason));
  const json_t *error = json_object_get (claim, "error");
  const char *verdict = json_string_value (json_object_get (claim, "verdict"));
  status = delta1_fail (
      reason, DELTA1_OK,
      "%s on %s with columns 2^-%ld apart, the larger one %s: error in [%.40s, "
      "%.40s], %s 1e-%lld, after %ld answers",
      verdict, s.lasso ? "lasso" : "lp", (long)s.exponent, s.larger == 1 ? "last" : "first",
      json_string_value (json_array_get (error, 0)), json_string_value (json_array_get (error, 1)),
      strcmp (verdict, "wrong") == 0 ? "above" : "at most",
      (long long)json_integer_value (json_object_get (claim, "digits")), (long)answers);
cleanup:
  statement_clear (&s);
  fmpq_clear (square);
  fmpq_clear (t);
  return status;
}
