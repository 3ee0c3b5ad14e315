/* The verifying half of reconstruction.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/reconstruction_private.h"
#include "firenet/sums.h"
#include "src/number.h"

#define GAP_BITS 128
#define FIRST_BITS 256
#define LAST_BITS 8192
/* Constants of the network are enclosed far more sharply than any run. */
#define CONSTANT_BITS (2 * LAST_BITS)
/* Balls evaluate a gap of up to so many coefficients, and a network of so many multiplications. */
#define BALL_COEFFICIENTS (WORD (1) << 20)
#define BALL_WORK 2e7
#define SENTENCE 512

/* --- comparing -------------------------------------------------------------------------------- */

static delta1_status_t
read_number (arb_t x, const json_t *item, const char *member, delta1_reason_t *reason)
{
  const char *text = json_string_value (item);
  fmpq_t value;
  if (text == NULL)
    return delta1_fail (reason, DELTA1_INPUT, "member %s is missing or not of the format", member);
  fmpq_init (value);
  delta1_status_t status = delta1_number_parse (value, text, reason);
  arb_set_fmpq (x, value, CONSTANT_BITS);
  fmpq_clear (value);
  return status;
}

/* Whether small <= large, for the claim `what`: certain, refuted (FAILED) or UNDECIDED. */
static delta1_status_t
claim_at_most (const arb_t small, const arb_t large, const char *what, delta1_reason_t *reason)
{
  if (arb_le (small, large))
    return DELTA1_OK;
  char *a = arb_get_str (small, 12, 0), *b = arb_get_str (large, 12, 0);
  delta1_status_t status
      = delta1_fail (reason, arb_gt (small, large) ? DELTA1_FAILED : DELTA1_UNDECIDED,
                     "%s: %.100s should be at most %.100s", what, a, b);
  flint_free (a);
  flint_free (b);
  return status;
}

/* --- (c) -------------------------------------------------------------------------------------- */

/* The numbers of the claim against the gap that was evaluated. */
static delta1_status_t
compare_gap (arb_t stated, const json_t *claim, const char *name, const delta1_gap_t *gap,
             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *objective = json_object_get (claim, "objective");
  const json_t *relative = json_object_get (claim, "relative");
  arb_t x, difference;
  arb_init (x);
  arb_init (difference);
  DELTA1_TRY (delta1_document_members (claim, name, 4, reason));
  if (json_array_size (objective) != 2)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "member objective is not of the format"));
  DELTA1_TRY (read_number (x, json_array_get (objective, 0), "objective", reason));
  DELTA1_TRY (claim_at_most (x, gap->objective, "the lower bound of F", reason));
  DELTA1_TRY (read_number (x, json_array_get (objective, 1), "objective", reason));
  DELTA1_TRY (claim_at_most (gap->objective, x, "F", reason));
  DELTA1_TRY (read_number (x, json_object_get (claim, "dual"), "dual", reason));
  DELTA1_TRY (claim_at_most (x, gap->dual, "the lower bound of F*", reason));
  arb_sub (difference, gap->objective, gap->dual, GAP_BITS);
  DELTA1_TRY (read_number (stated, json_object_get (claim, "gap"), "gap", reason));
  DELTA1_TRY (claim_at_most (difference, stated, "F - F*", reason));
  if (json_is_null (relative))
    goto cleanup;
  DELTA1_TRY (read_number (x, relative, "relative", reason));
  if (!arb_is_positive (gap->dual))
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "a relative gap, but F* > 0 is not proved"));
  arb_div (difference, difference, gap->dual, GAP_BITS);
  status = claim_at_most (difference, x, "(F - F*)/F*", reason);

cleanup:
  arb_clear (x);
  arb_clear (difference);
  return status;
}

typedef struct
{
  delta1_operator_t *A;
  void *y, *dual;
  delta1_restart_t network;
} gap_work_t;

static delta1_status_t
check_gap (arb_t stated, const gap_work_t *work, const delta1_stored_t *stored, const char *array,
           const char *name, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *claim = json_object_get (json_object_get (stored->document, "claims"), name);
  delta1_gap_t gap;
  void *x;
  delta1_gap_init (&gap);
  DELTA1_TRY (delta1_stored_vector (&x, stored, array, stored->N, work->A->use, reason));
  if (x == NULL || work->dual == NULL)
    status = delta1_fail (reason, DELTA1_FAILED, "a claim %s without its arrays", name);
  else
    status
        = delta1_gap_evaluate (&gap, work->A, x, work->y, work->dual, &work->network.steps, reason);
  work->A->use->free (x, stored->N);
  DELTA1_TRY (status == DELTA1_DOMAIN ? DELTA1_FAILED : status);
  status = compare_gap (stated, claim, name, &gap, reason);

cleanup:
  delta1_gap_clear (&gap);
  return status;
}

/* gap, polished: what was claimed, and is proved; not finite without a claim. */
static delta1_status_t
check_gaps (arb_t gap, arb_t polished, bool *in_balls, const delta1_stored_t *stored,
            delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *claims = json_object_get (stored->document, "claims");
  bool first = !json_is_null (json_object_get (claims, "gap"));
  bool second = !json_is_null (json_object_get (claims, "polished"));
  gap_work_t work = { .A = NULL };
  arb_indeterminate (gap);
  arb_indeterminate (polished);
  if (!first && !second)
    return DELTA1_OK;
  *in_balls = stored->N <= BALL_COEFFICIENTS;
  const delta1_arithmetic_t *use
      = stored->complex
            ? (*in_balls ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_complex_double)
            : (*in_balls ? &delta1_arithmetic_ball : &delta1_arithmetic_double);
  delta1_restart_init (&work.network, CONSTANT_BITS);
  DELTA1_TRY (delta1_rounding_environment (reason));
  DELTA1_TRY (delta1_stored_network (&work.network, stored, CONSTANT_BITS, reason));
  DELTA1_TRY (delta1_stored_operator (&work.A, stored, use, GAP_BITS, reason));
  DELTA1_TRY (delta1_stored_vector (&work.y, stored, "data", stored->m, use, reason));
  DELTA1_TRY (delta1_stored_vector (&work.dual, stored, "dual", stored->m, use, reason));
  if (work.y == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "a certificate without data"));
  if (first)
    DELTA1_TRY (check_gap (gap, &work, stored, "coefficients", "gap", reason));
  if (second)
    DELTA1_TRY (check_gap (polished, &work, stored, "polished", "polished", reason));

cleanup:
  use->free (work.y, stored->m);
  use->free (work.dual, stored->m);
  delta1_operator_free (work.A);
  delta1_restart_clear (&work.network);
  return status;
}

/* --- (a) -------------------------------------------------------------------------------------- */

/* A run of the verifier's own. */
typedef struct
{
  const delta1_stored_t *stored;
  const delta1_arithmetic_t *use;
  slong bits;
  delta1_restart_t network;
  delta1_operator_t *A;
  void *x, *y, *output;
} own_run_t;

static void
own_run_clear (own_run_t *run)
{
  run->use->free (run->x, run->stored->N);
  run->use->free (run->y, run->stored->m);
  run->use->free (run->output, run->stored->N);
  delta1_operator_free (run->A);
  delta1_restart_clear (&run->network);
}

/* x: the stored output; own: room for another. */
static delta1_status_t
own_run_init (own_run_t *run, const delta1_stored_t *stored, const delta1_arithmetic_t *use,
              slong bits, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  *run = (own_run_t){ .stored = stored, .use = use, .bits = bits };
  delta1_restart_init (&run->network, CONSTANT_BITS);
  DELTA1_TRY (delta1_stored_network (&run->network, stored, CONSTANT_BITS, reason));
  DELTA1_TRY (delta1_stored_operator (&run->A, stored, use, bits, reason));
  DELTA1_TRY (delta1_stored_vector (&run->y, stored, "data", stored->m, use, reason));
  DELTA1_TRY (delta1_stored_vector (&run->x, stored, "coefficients", stored->N, use, reason));
  if (run->x == NULL || run->y == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "a certificate without data or coefficients"));
  run->output = use->create (stored->N, bits);
  if (run->output == NULL)
    status = delta1_fail (reason, DELTA1_SYSTEM, "no memory for a run");

cleanup:
  if (status != DELTA1_OK)
    own_run_clear (run);
  return status;
}

/* What the iteration does not allow is a certificate that is false. */
static delta1_status_t
as_refusal (delta1_status_t status)
{
  return status == DELTA1_INPUT || status == DELTA1_DOMAIN ? DELTA1_FAILED : status;
}

/* distance contains ||stored x - phi_n(y)||, in balls of that many bits. */
static delta1_status_t
distance_in_balls (arb_t distance, const delta1_stored_t *stored, slong bits,
                   delta1_reason_t *reason)
{
  own_run_t run;
  const delta1_arithmetic_t *use
      = stored->complex ? &delta1_arithmetic_complex_ball : &delta1_arithmetic_ball;
  acb_t a, b;
  delta1_status_t status = own_run_init (&run, stored, use, bits, reason);
  if (status != DELTA1_OK)
    return status;
  acb_init (a);
  acb_init (b);
  DELTA1_TRY (
      as_refusal (delta1_restart_run (run.output, run.A, run.y, &run.network, NULL, reason)));
  arb_zero (distance);
  for (slong i = 0; i < stored->N; i++)
    {
      use->get_complex (a, run.x, i);
      use->get_complex (b, run.output, i);
      acb_sub (a, a, b, bits);
      arb_addmul (distance, acb_realref (a), acb_realref (a), bits);
      arb_addmul (distance, acb_imagref (a), acb_imagref (a), bits);
    }
  arb_sqrtpos (distance, distance, bits);

cleanup:
  acb_clear (a);
  acb_clear (b);
  own_run_clear (&run);
  return status;
}

/* The same by a run in doubles, with its rounding radius. */
static delta1_status_t
distance_in_doubles (arb_t distance, const delta1_stored_t *stored, delta1_reason_t *reason)
{
  own_run_t run;
  delta1_rounding_record_t *rounding = NULL;
  const delta1_arithmetic_t *use
      = stored->complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
  arb_t minus_one;
  mag_t radius;
  void *scalar = NULL;
  delta1_status_t status = own_run_init (&run, stored, use, 53, reason);
  if (status != DELTA1_OK)
    return status;
  arb_init (minus_one);
  mag_init (radius);
  if (run.network.inner > ((slong)1 << 40) / run.network.restarts)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "%ld times %ld inner steps",
                             (long)run.network.restarts, (long)run.network.inner));
  DELTA1_TRY (
      delta1_rounding_create (&rounding, run.A, run.network.inner * run.network.restarts, reason));
  delta1_observer_t observer = delta1_rounding_observer (rounding);
  DELTA1_TRY (
      as_refusal (delta1_restart_run (run.output, run.A, run.y, &run.network, &observer, reason)));
  DELTA1_TRY (
      as_refusal (delta1_rounding_radius (radius, NULL, rounding, run.y, &run.network, reason)));
  scalar = use->real->create (1, 53);
  if (scalar == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for a run"));
  arb_set_si (minus_one, -1);
  use->real->set_ball (scalar, 0, minus_one);
  /* Differences of doubles are rounded by at most u times what they become. */
  use->combine (run.output, run.output, scalar, run.x, stored->N);
  delta1_sums_norm (distance, use, run.output, stored->N);
  arb_add_error_mag (distance, radius);
  arb_get_mag (radius, distance);
  mag_mul_2exp_si (radius, radius, -52);
  arb_add_error_mag (distance, radius);
  arb_nonnegative_part (distance, distance);

cleanup:
  use->real->free (scalar, 1);
  delta1_rounding_free (rounding);
  arb_clear (minus_one);
  mag_clear (radius);
  own_run_clear (&run);
  return status;
}

/* Multiplications of a run, roughly. */
static double
work_of (const delta1_stored_t *stored, const delta1_restart_t *network)
{
  double each = stored->dense ? (double)stored->m * (double)stored->N
                              : (double)stored->N * log2 ((double)stored->N + 1);
  return 2 * each * (double)network->inner * (double)network->restarts;
}

/* radius: what was claimed, and is proved; how: in words. */
static delta1_status_t
check_rounding (arb_t radius, char *how, const delta1_stored_t *stored, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_UNDECIDED;
  const json_t *claim = json_object_get (json_object_get (stored->document, "claims"), "rounding");
  delta1_restart_t network;
  arb_t distance;
  arb_indeterminate (radius);
  delta1_restart_init (&network, 64);
  arb_init (distance);
  DELTA1_TRY (delta1_stored_network (&network, stored, 64, reason));
  if (json_is_null (claim))
    {
      status = DELTA1_OK;
      goto cleanup;
    }
  DELTA1_TRY (delta1_document_members (claim, "rounding", 1, reason));
  DELTA1_TRY (read_number (radius, json_object_get (claim, "radius"), "radius", reason));
  status = DELTA1_UNDECIDED;
  if (work_of (stored, &network) <= BALL_WORK)
    for (slong bits = FIRST_BITS; bits <= LAST_BITS && status == DELTA1_UNDECIDED; bits *= 2)
      {
        status = distance_in_balls (distance, stored, bits, reason);
        if (status == DELTA1_OK)
          status = claim_at_most (distance, radius, "the distance to phi_n(y)", reason);
        (void)snprintf (how, SENTENCE, "balls of %ld bits", (long)bits);
      }
  if (status == DELTA1_UNDECIDED)
    {
      DELTA1_TRY (distance_in_doubles (distance, stored, reason));
      status = claim_at_most (distance, radius, "the distance to phi_n(y)", reason);
      (void)snprintf (how, SENTENCE, "a run in doubles with its own rounding bound");
    }

cleanup:
  delta1_restart_clear (&network);
  arb_clear (distance);
  return status;
}

/* --- all ---------------------------------------------------------------------------------------
 */

static delta1_status_t
check_frame (json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const json_t *run = json_object_get (document, "run");
  const json_t *claims = json_object_get (document, "claims");
  const char *text;
  slong version;
  DELTA1_TRY (delta1_document_string (&text, document, "format", reason));
  DELTA1_TRY (delta1_document_index (&version, document, "version", reason));
  if (strcmp (text, "delta1-certificate") != 0 || version != 1)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "not a delta1-certificate of version 1"));
  DELTA1_TRY (delta1_document_string (&text, document, "kind", reason));
  if (strcmp (text, "reconstruction") != 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "kind '%.40s'; allowed: reconstruction", text));
  DELTA1_TRY (delta1_document_members (document, "a reconstruction", 12, reason));
  DELTA1_TRY (delta1_document_string (&text, run, "program", reason));
  DELTA1_TRY (delta1_document_string (&text, run, "arithmetic", reason));
  DELTA1_TRY (delta1_document_members (run, "run", 2, reason));
  if (!json_is_object (claims))
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "member claims is missing"));
  static const char *const names[] = { "rounding", "gap", "polished" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
      const json_t *claim = json_object_get (claims, names[i]);
      if (!json_is_null (claim) && !json_is_object (claim))
        DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "member %s is missing or not of the format",
                                 names[i]));
    }
  DELTA1_TRY (delta1_document_members (claims, "claims", 3, reason));
  delta1_reason_t sealed;
  if (delta1_document_check_seal (document, &sealed) != DELTA1_OK)
    status = delta1_fail (reason, DELTA1_FAILED, "%s", sealed.text);

cleanup:
  return status;
}

/* text += what <= x, when there is such a claim; four digits, rounded upwards. */
static void
append (char *text, const char *what, const arb_t x, const char *how)
{
  size_t length = strlen (text);
  arf_t bound;
  if (!arb_is_finite (x))
    return;
  arf_init (bound);
  arb_get_ubound_arf (bound, x, 64);
  (void)snprintf (text + length, SENTENCE - length, "%s%s <= %.4g (%s)", length > 0 ? "; " : "",
                  what, arf_get_d (bound, ARF_RND_UP) * 1.001, how);
  arf_clear (bound);
}

delta1_status_t
delta1_reconstruction_verify (json_t *document, const char *directory, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_stored_t stored = { .document = NULL };
  char how[SENTENCE] = "", text[SENTENCE] = "";
  bool in_balls = true;
  arb_t radius, gap, polished;
  arb_init (radius);
  arb_init (gap);
  arb_init (polished);
  DELTA1_TRY (check_frame (document, reason));
  DELTA1_TRY (delta1_stored_read (&stored, document, directory, reason));
  DELTA1_TRY (check_gaps (gap, polished, &in_balls, &stored, reason));
  DELTA1_TRY (check_rounding (radius, how, &stored, reason));
  append (text, "||x - phi_n(y)||", radius, how);
  append (text, "F(x) - F*", gap, in_balls ? "balls" : "doubles with rounding bounds");
  append (text, "F - F* of the polished point", polished,
          in_balls ? "balls" : "doubles with rounding bounds");
  if (text[0] == '\0')
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "the certificate claims nothing"));
  status = delta1_fail (reason, DELTA1_OK, "%ld x %ld %s operator: %s", (long)stored.m,
                        (long)stored.N, stored.dense ? "dense" : "sampled", text);

cleanup:
  delta1_stored_clear (&stored);
  arb_clear (radius);
  arb_clear (gap);
  arb_clear (polished);
  return status;
}
