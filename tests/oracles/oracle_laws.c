#include "tests/oracles/oracle_laws.h"

#include "oracles/transcript.h"
#include "tests/testing.h"

const slong oracle_laws_precisions[] = { 1, 2, 3, 5, 8, 64, 53, 200, 1000 };
const slong oracle_laws_precision_count
    = sizeof oracle_laws_precisions / sizeof *oracle_laws_precisions;

/* (m q - p 2^n)^2 / q^2 as a fraction: the squared error in units of 2^-n. No division. */
static void
add_squared_error (fmpq_t square, const fmpz_t m, const fmpq_t x, slong n)
{
  fmpz_t left, right;
  fmpz_init (left);
  fmpz_init (right);
  fmpz_mul (left, m, fmpq_denref (x));
  fmpz_mul_2exp (right, fmpq_numref (x), (ulong)n);
  fmpz_sub (left, left, right);
  fmpz_mul (left, left, left);
  fmpz_mul (right, fmpq_denref (x), fmpq_denref (x));
  /* a/b + c/d = (a d + c b) / (b d), not reduced */
  fmpz_mul (fmpq_numref (square), fmpq_numref (square), right);
  fmpz_addmul (fmpq_numref (square), left, fmpq_denref (square));
  fmpz_mul (fmpq_denref (square), fmpq_denref (square), right);
  fmpz_clear (left);
  fmpz_clear (right);
}

static bool
legal_rational (const fmpq_t x, const fmpq_t y, slong n, const fmpz_t re, const fmpz_t im)
{
  fmpq_t square;
  fmpq_init (square);
  add_squared_error (square, re, x, n);
  add_squared_error (square, im, y, n);
  bool legal = fmpz_cmp (fmpq_numref (square), fmpq_denref (square)) <= 0;
  fmpq_clear (square);
  return legal;
}

static bool
legal_balls (const delta1_source_t *source, slong j, slong n, const fmpz_t re, const fmpz_t im)
{
  delta1_reason_t reason;
  acb_t z, q;
  arb_t distance, one;
  const slong prec = 2 * n + 1000;
  acb_init (z);
  acb_init (q);
  arb_init (distance);
  arb_init (one);
  assert_ok (source->table->enclose (source->context, z, j, prec, &reason), reason);
  acb_set_fmpz_fmpz (q, re, im);
  acb_mul_2exp_si (q, q, -n);
  acb_sub (z, z, q, prec);
  acb_abs (distance, z, prec);
  arb_mul_2exp_si (distance, distance, n);
  arb_one (one);
  bool legal = arb_le (distance, one);
  acb_clear (z);
  acb_clear (q);
  arb_clear (distance);
  arb_clear (one);
  return legal;
}

void
oracle_laws_legal (const char *name, const delta1_source_t *source, slong j, slong n,
                   const fmpz_t re, const fmpz *im)
{
  fmpz_t zero;
  fmpq_t x, y;
  fmpz_init (zero);
  fmpq_init (x);
  fmpq_init (y);
  const fmpz *imaginary = im != NULL ? im : zero;
  bool legal = source->table->exact != NULL && source->table->exact (source->context, x, y, j)
                   ? legal_rational (x, y, n, re, imaginary)
                   : legal_balls (source, j, n, re, imaginary);
  if (!legal)
    print_error ("%s: the answer for entry %ld at precision %ld is not legal\n", name, (long)j,
                 (long)n);
  assert_true (legal);
  assert_int_not_equal (delta1_oracle_legal (source, j, n, re, im), DELTA1_FALSE);
  fmpz_clear (zero);
  fmpq_clear (x);
  fmpq_clear (y);
}

static void
check_ranges (const oracle_laws_t *instance)
{
  delta1_oracle_t *oracle = instance->oracle;
  const slong n = instance->precisions[0];
  const slong bad[][2] = {
    { -1, n },      { WORD_MIN, n }, { oracle->count, n }, { WORD_MAX, n },
    { 0, 0 },       { 0, -1 },       { 0, WORD_MIN },      { 0, DELTA1_ORACLE_MAX_PRECISION + 1 },
    { 0, WORD_MAX }
  };
  delta1_reason_t reason;
  fmpz_t re, im;
  fmpz_init_set_si (re, 12345);
  fmpz_init_set_si (im, 54321);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    {
      const char *word = i < 4 ? "entr" : "precision";
      assert_refused (delta1_oracle_ask_complex (oracle, re, im, bad[i][0], bad[i][1], &reason),
                      DELTA1_INPUT, reason, word);
      assert_refused (delta1_oracle_ask (oracle, re, bad[i][0], bad[i][1], &reason), DELTA1_INPUT,
                      reason, word);
      assert_int_equal (delta1_oracle_ask (oracle, re, bad[i][0], bad[i][1], NULL), DELTA1_INPUT);
      assert_int_equal (fmpz_get_si (re), 12345);
      assert_int_equal (fmpz_get_si (im), 54321);
    }
  if (oracle->complex)
    assert_refused (delta1_oracle_ask (oracle, re, 0, n, &reason), DELTA1_INPUT, reason, "complex");
  fmpz_clear (re);
  fmpz_clear (im);
}

void
oracle_laws_check (const oracle_laws_t *instance)
{
  delta1_oracle_t *oracle = instance->oracle;
  delta1_transcript_t *transcript;
  delta1_reason_t reason;
  fmpz_t re, im, again;
  fmpz_init (re);
  fmpz_init (im);
  fmpz_init (again);
  assert_ok (delta1_transcript_create (&transcript, &reason), reason);
  check_ranges (instance);

  for (slong i = 0; i < instance->count; i++)
    for (slong j = 0; j < oracle->count; j++)
      {
        const slong n = instance->precisions[i];
        fmpz_set_si (im, 77); /* a real oracle must overwrite it with 0 */
        assert_ok (delta1_oracle_ask_complex (oracle, re, im, j, n, &reason), reason);
        if (!oracle->complex)
          {
            assert_true (fmpz_is_zero (im));
            assert_ok (delta1_oracle_ask (oracle, again, j, n, &reason), reason);
            assert_true (fmpz_equal (again, re));
          }
        if (instance->source != NULL)
          oracle_laws_legal (instance->name, instance->source, j, n, re, im);
        assert_ok (delta1_transcript_append (transcript, j, n, re, im, &reason), reason);
      }

  /* Backwards: what was asked in between, at other precisions, must not change an answer. */
  for (slong t = delta1_transcript_count (transcript) - 1; t >= 0; t--)
    {
      const delta1_answer_t *answer = delta1_transcript_get (transcript, t);
      arf_t q;
      arf_init (q);
      assert_ok (
          delta1_oracle_ask_complex (oracle, re, im, answer->entry, answer->precision, &reason),
          reason);
      arf_set_fmpz (q, re);
      arf_mul_2exp_si (q, q, -answer->precision);
      assert_true (arf_equal (q, answer->re));
      arf_set_fmpz (q, im);
      arf_mul_2exp_si (q, q, -answer->precision);
      assert_true (arf_equal (q, answer->im));
      arf_clear (q);
    }
  assert_ok (delta1_transcript_audit (transcript, NULL, NULL, &reason), reason);
  if (instance->source != NULL)
    assert_ok (delta1_transcript_legal (transcript, instance->source, &reason), reason);

  delta1_transcript_free (transcript);
  fmpz_clear (re);
  fmpz_clear (im);
  fmpz_clear (again);
}
