/* Certificates of convergence.h: writing and verifying. */
#include <stdlib.h>
#include <string.h>

#include "constructions/convergence_private.h"
#include "src/number.h"

#define DIGITS 8

static const char *const members[]
    = { "format", "version", "kind", "sha256", "order",  "sparsity", "entries",  "values",
        "noise",  "delta",   "step", "lambda", "eps_0",  "inner",    "restarts", "precision",
        "rho",    "gamma",   "C_1",  "C_2",    "bounds", "errors" };

#define MEMBERS (sizeof members / sizeof members[0])

/* --- writing ---------------------------------------------------------------------------------- */

static json_t *
exact (const fmpq_t x)
{
  char *text = delta1_number_format (x);
  json_t *made = text == NULL ? NULL : json_string (text);
  free (text);
  return made;
}

/* x (exact, 0 or more) as a decimal, rounded outward. */
static json_t *
decimal (const arb_t x, int direction)
{
  fmpq_t q;
  char *text;
  json_t *made;
  fmpq_init (q);
  arf_get_fmpq (q, arb_midref (x));
  fmpq_mul (q, q, q);
  text = delta1_number_format_root (fmpq_numref (q), fmpq_denref (q), DIGITS, direction);
  made = text == NULL ? NULL : json_string (text);
  free (text);
  fmpq_clear (q);
  return made;
}

/* The upper end of a ball. */
static json_t *
upper_decimal (const arb_t x)
{
  arb_t end;
  arb_init (end);
  arb_get_ubound_arf (arb_midref (end), x, 128);
  json_t *made = decimal (end, 1);
  arb_clear (end);
  return made;
}

static json_t *
exact_list (const fmpq *v, slong count)
{
  json_t *list = json_array ();
  for (slong i = 0; i < count; i++)
    json_array_append_new (list, exact (v + i));
  return list;
}

static json_t *
entry_list (const delta1_convergence_t *c)
{
  json_t *list = json_array ();
  for (slong i = 0; i < c->setting.sparsity; i++)
    json_array_append_new (list, json_integer (c->entry[i]));
  return list;
}

delta1_status_t
delta1_convergence_write (json_t **document, const delta1_convergence_t *c, delta1_reason_t *reason)
{
  json_t *made = json_object (), *bounds = json_array (), *errors = json_array ();
  int failed = 0;
  *document = NULL;
  for (slong k = 0; k <= c->setting.restarts; k++)
    {
      failed |= json_array_append_new (bounds, decimal (c->bound + k, 1));
      failed |= json_array_append_new (
          errors, json_pack ("[oo]", decimal (c->low + k, -1), decimal (c->high + k, 1)));
    }
  failed |= json_object_set_new (made, "format", json_string ("delta1-certificate"));
  failed |= json_object_set_new (made, "version", json_integer (1));
  failed |= json_object_set_new (made, "kind", json_string (DELTA1_CONVERGENCE_KIND));
  failed |= json_object_set_new (made, "order", json_integer (c->setting.order));
  failed |= json_object_set_new (made, "sparsity", json_integer (c->setting.sparsity));
  failed |= json_object_set_new (made, "entries", entry_list (c));
  failed |= json_object_set_new (made, "values", exact_list (c->value, c->setting.sparsity));
  failed |= json_object_set_new (made, "noise", exact_list (c->noise, c->setting.order));
  failed |= json_object_set_new (made, "delta", exact (c->setting.delta));
  failed |= json_object_set_new (made, "step", exact (c->step));
  failed |= json_object_set_new (made, "lambda", exact (c->lambda));
  failed |= json_object_set_new (made, "eps_0", exact (c->eps_0));
  failed |= json_object_set_new (made, "inner", json_integer (c->inner));
  failed |= json_object_set_new (made, "restarts", json_integer (c->setting.restarts));
  failed |= json_object_set_new (made, "precision", json_integer (c->setting.precision));
  failed |= json_object_set_new (made, "rho", upper_decimal (c->property.rho));
  failed |= json_object_set_new (made, "gamma", upper_decimal (c->property.gamma));
  failed |= json_object_set_new (made, "C_1", upper_decimal (c->accuracy.C_1));
  failed |= json_object_set_new (made, "C_2", upper_decimal (c->accuracy.C_2));
  failed |= json_object_set_new (made, "bounds", bounds);
  failed |= json_object_set_new (made, "errors", errors);
  if (failed != 0)
    {
      json_decref (made);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a certificate");
    }
  delta1_status_t status = delta1_document_seal (made, reason);
  if (status == DELTA1_OK)
    *document = made;
  else
    json_decref (made);
  return status;
}

/* --- reading ---------------------------------------------------------------------------------- */

static delta1_status_t
misshaped (delta1_reason_t *reason, const char *member)
{
  return delta1_fail (reason, DELTA1_INPUT, "member %s is missing or not of the format", member);
}

static delta1_status_t
read_number (fmpq_t x, const json_t *item, const char *member, delta1_reason_t *reason)
{
  const char *text = json_string_value (item);
  /* A certificate holds short numbers: a short text with a large exponent does not fill memory. */
  const char *exponent = text == NULL ? NULL : strpbrk (text, "pP");
  if (exponent == NULL && text != NULL && strncmp (text, "0x", 2) != 0
      && strncmp (text, "-0x", 3) != 0)
    exponent = strpbrk (text, "eE");
  if (text == NULL || strlen (text) > 2000
      || (exponent != NULL && labs (atol (exponent + 1)) > 99999))
    return misshaped (reason, member);
  return delta1_number_parse (x, text, reason);
}

static delta1_status_t
read_list (fmpq *v, slong count, const json_t *document, const char *member,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *list = json_object_get (document, member);
  if (!json_is_array (list) || json_array_size (list) != (size_t)count)
    return misshaped (reason, member);
  for (slong i = 0; i < count && status == DELTA1_OK; i++)
    status = read_number (v + i, json_array_get (list, (size_t)i), member, reason);
  return status;
}

static delta1_status_t
read_entries (delta1_convergence_t *c, const json_t *document, delta1_reason_t *reason)
{
  const json_t *list = json_object_get (document, "entries");
  if (!json_is_array (list) || json_array_size (list) != (size_t)c->setting.sparsity)
    return misshaped (reason, "entries");
  for (slong i = 0; i < c->setting.sparsity; i++)
    {
      const json_t *item = json_array_get (list, (size_t)i);
      c->entry[i] = json_is_integer (item) ? (slong)json_integer_value (item) : -1;
      if (c->entry[i] <= (i == 0 ? -1 : c->entry[i - 1]) || c->entry[i] >= 2 * c->setting.order)
        return delta1_fail (reason, DELTA1_INPUT,
                            "the entries of the truth; allowed: increasing, 0 to %ld",
                            (long)(2 * c->setting.order - 1));
    }
  return DELTA1_OK;
}

static delta1_status_t
read_members (delta1_convergence_t *c, const json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_convergence_setting_t setting;
  delta1_convergence_setting_init (&setting);
  DELTA1_TRY (delta1_document_index (&setting.order, document, "order", reason));
  DELTA1_TRY (delta1_document_index (&setting.sparsity, document, "sparsity", reason));
  DELTA1_TRY (delta1_document_index (&setting.restarts, document, "restarts", reason));
  DELTA1_TRY (delta1_document_index (&setting.precision, document, "precision", reason));
  DELTA1_TRY (read_number (setting.delta, json_object_get (document, "delta"), "delta", reason));
  DELTA1_TRY (delta1_convergence_check (&setting, reason));
  DELTA1_TRY (delta1_convergence_allocate (c, &setting, reason));
  DELTA1_TRY (read_entries (c, document, reason));
  DELTA1_TRY (read_list (c->value, setting.sparsity, document, "values", reason));
  DELTA1_TRY (read_list (c->noise, setting.order, document, "noise", reason));
  DELTA1_TRY (read_number (c->step, json_object_get (document, "step"), "step", reason));
  DELTA1_TRY (read_number (c->lambda, json_object_get (document, "lambda"), "lambda", reason));
  DELTA1_TRY (read_number (c->eps_0, json_object_get (document, "eps_0"), "eps_0", reason));
  DELTA1_TRY (delta1_document_index (&c->inner, document, "inner", reason));
  if (c->inner < 1 || c->inner > 1000000)
    status = misshaped (reason, "inner");

cleanup:
  delta1_convergence_setting_clear (&setting);
  return status;
}

static delta1_status_t
check_shape (json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *format, *kind;
  slong version;
  DELTA1_TRY (delta1_document_string (&format, document, "format", reason));
  DELTA1_TRY (delta1_document_index (&version, document, "version", reason));
  DELTA1_TRY (delta1_document_string (&kind, document, "kind", reason));
  if (strcmp (format, "delta1-certificate") != 0 || version != 1)
    return delta1_fail (reason, DELTA1_INPUT, "not a certificate of version 1");
  if (strcmp (kind, DELTA1_CONVERGENCE_KIND) != 0)
    return delta1_fail (reason, DELTA1_INPUT, "kind is not " DELTA1_CONVERGENCE_KIND);
  for (size_t i = 0; i < MEMBERS; i++)
    if (json_object_get (document, members[i]) == NULL)
      return misshaped (reason, members[i]);
  if (json_object_size (document) != MEMBERS)
    return delta1_fail (reason, DELTA1_INPUT, "a member that is not of the format");
  status = delta1_document_check_seal (document, reason);

cleanup:
  return status;
}

/* --- verifying -------------------------------------------------------------------------------- */

/* The claim is a number, and at least (at most) every point of the ball. */
static delta1_status_t
check_claim (const json_t *item, const char *what, const arb_t proved, bool upper,
             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_t claim;
  arb_t ball;
  fmpq_init (claim);
  arb_init (ball);
  DELTA1_TRY (read_number (claim, item, what, reason));
  arb_set_fmpq (ball, claim, 512);
  if (!(upper ? arb_le (proved, ball) : arb_ge (proved, ball)))
    {
      bool wrong = upper ? arb_gt (proved, ball) : arb_lt (proved, ball);
      char *text = arb_get_str (proved, 10, 0);
      status = delta1_fail (reason, wrong ? DELTA1_FAILED : DELTA1_UNDECIDED,
                            "the claimed %s is %s %s, which is proved", what,
                            wrong ? (upper ? "below" : "above") : "not decided against", text);
      flint_free (text);
    }

cleanup:
  fmpq_clear (claim);
  arb_clear (ball);
  return status;
}

static delta1_status_t
check_rows (const delta1_convergence_t *c, const json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  size_t rows = (size_t)c->setting.restarts + 1;
  const json_t *bounds = json_object_get (document, "bounds");
  const json_t *errors = json_object_get (document, "errors");
  if (json_array_size (bounds) != rows)
    return misshaped (reason, "bounds");
  if (json_array_size (errors) != rows)
    return misshaped (reason, "errors");
  for (size_t k = 0; k < rows; k++)
    {
      const json_t *error = json_array_get (errors, k);
      if (json_array_size (error) != 2)
        return misshaped (reason, "errors");
      DELTA1_TRY (check_claim (json_array_get (bounds, k), "bound", c->bound + k, true, reason));
      DELTA1_TRY (
          check_claim (json_array_get (error, 0), "least error", c->low + k, false, reason));
      DELTA1_TRY (
          check_claim (json_array_get (error, 1), "largest error", c->high + k, true, reason));
    }

cleanup:
  return status;
}

delta1_status_t
delta1_convergence_verify (json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_convergence_t c;
  delta1_convergence_init (&c);
  DELTA1_TRY (check_shape (document, reason));
  DELTA1_TRY (read_members (&c, document, reason));
  status = delta1_convergence_evaluate (&c, false, reason);
  if (status == DELTA1_INPUT || status == DELTA1_DOMAIN) /* of the network, not of the document */
    status = DELTA1_FAILED;
  if (status != DELTA1_OK)
    goto cleanup;
  DELTA1_TRY (check_claim (json_object_get (document, "rho"), "rho", c.property.rho, true, reason));
  DELTA1_TRY (
      check_claim (json_object_get (document, "gamma"), "gamma", c.property.gamma, true, reason));
  DELTA1_TRY (check_claim (json_object_get (document, "C_1"), "C_1", c.accuracy.C_1, true, reason));
  DELTA1_TRY (check_claim (json_object_get (document, "C_2"), "C_2", c.accuracy.C_2, true, reason));
  DELTA1_TRY (check_rows (&c, document, reason));
  char *bound = arb_get_str (c.bound + c.setting.restarts, 4, ARB_STR_NO_RADIUS);
  (void)delta1_fail (reason, DELTA1_OK,
                     "on [I, H/%s] with s = %ld, ||phi_k(y) - x|| is within the bound of Theorem "
                     "6.3 for k = 0 to %ld (the last about %s), and within the errors stated",
                     c.setting.order == 4    ? "2"
                     : c.setting.order == 16 ? "4"
                     : c.setting.order == 64 ? "8"
                                             : "16",
                     (long)c.setting.sparsity, (long)c.setting.restarts, bound);
  flint_free (bound);

cleanup:
  delta1_convergence_clear (&c);
  return status;
}
