#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "oracles/meter.h"
#include "oracles/training_data.h"
#include "oracles/transcript.h"
#include "tests/testing.h"

static void
append (delta1_transcript_t *transcript, slong entry, slong n, slong re, slong im)
{
  delta1_reason_t reason;
  fmpz_t x, y;
  fmpz_init_set_si (x, re);
  fmpz_init_set_si (y, im);
  assert_ok (delta1_transcript_append (transcript, entry, n, x, y, &reason), reason);
  fmpz_clear (x);
  fmpz_clear (y);
}

static delta1_transcript_t *
create (void)
{
  delta1_reason_t reason;
  delta1_transcript_t *transcript;
  assert_ok (delta1_transcript_create (&transcript, &reason), reason);
  return transcript;
}

/* An honest oracle for `count` random rationals. */
static delta1_oracle_t *
honest (delta1_source_t **source, slong count, delta1_rounding_t rule)
{
  delta1_reason_t reason;
  delta1_oracle_t *oracle;
  fmpq *x = calloc ((size_t)count, sizeof *x);
  for (slong j = 0; j < count; j++)
    {
      fmpq_init (x + j);
      delta1_test_random_rational (x + j, 60);
      if (j < 2) /* 0, and an integer with more twos than the precision has bits */
        fmpq_set_si (x + j, j << 30, 1);
    }
  assert_ok (delta1_source_create_rational (source, x, count, &reason), reason);
  for (slong j = 0; j < count; j++)
    fmpq_clear (x + j);
  free (x);
  assert_ok (delta1_oracle_create_honest (&oracle, *source, rule, 7, &reason), reason);
  return oracle;
}

static void
test_answers_are_kept (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_transcript_t *transcript = create ();
  fmpz_t m;
  fmpz_init_set_si (m, 3);
  assert_int_equal (delta1_transcript_count (transcript), 0);
  for (slong t = 0; t < 100; t++)
    append (transcript, t, t + 1, 12, -t);
  assert_int_equal (delta1_transcript_count (transcript), 100);
  for (slong t = 0; t < 100; t++)
    {
      const delta1_answer_t *answer = delta1_transcript_get (transcript, t);
      arf_t q;
      arf_init (q);
      assert_int_equal (answer->entry, t);
      assert_int_equal (answer->precision, t + 1);
      arf_set_si_2exp_si (q, 12, -t - 1);
      assert_true (arf_equal (q, answer->re));
      arf_set_si_2exp_si (q, -t, -t - 1);
      assert_true (arf_equal (q, answer->im));
      arf_clear (q);
    }
  assert_refused (delta1_transcript_append (transcript, -1, 1, m, NULL, &reason), DELTA1_INPUT,
                  reason, "-1");
  assert_refused (delta1_transcript_append (transcript, 0, 0, m, NULL, &reason), DELTA1_INPUT,
                  reason, "precision");
  delta1_transcript_reset (transcript);
  assert_int_equal (delta1_transcript_count (transcript), 0);
  append (transcript, 0, 1, 1, 0);
  assert_int_equal (delta1_transcript_count (transcript), 1);
  delta1_transcript_free (transcript);
  delta1_transcript_free (NULL);
  fmpz_clear (m);
}

/* The condition holds with equality, and one step further it does not. */
static void
test_audit_is_sharp (void **state)
{
  (void)state;
  delta1_reason_t reason;
  const struct
  {
    slong n, re, im, n2, re2, im2;
    bool good;
  } cases[] = {
    { 1, 0, 0, 1, 2, 0, true },
    { 1, 0, 0, 1, 3, 0, false },
    { 1, 0, 0, 3, 5, 0, true },
    { 1, 0, 0, 3, 6, 0, false },
    { 3, -5, 0, 1, 0, 0, true },
    { 3, -6, 0, 1, 0, 0, false },
    { 2, 1, 1, 2, 2, 2, true },
    { 2, 0, 0, 2, 2, 1, false },
    { 2, 0, 0, 2, 0, 2, true },
    { 2, 0, 0, 2, 0, 3, false },
    { 1, 0, 0, 2, 3, 0, true },
    { 1, 0, 0, 2, 0, 3, true },
    { 1, 0, 0, 2, 2, 3, false },
    { 60, 0, 0, 1, 1, 0, true },
    { 60, 0, 0, 1, 2, 0, false },
    { 1, 0, 0, 60, (WORD (1) << 59) + 1, 0, true },
    { 1, 0, 0, 60, (WORD (1) << 59) + 2, 0, false },
    { 1, 0, 1, 60, 0, (WORD (1) << 60) + 1, true },
    { 1, 0, 1, 60, 0, (WORD (1) << 60) + 2, false },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      slong first = -1, second = -1;
      delta1_transcript_t *transcript = create ();
      append (transcript, 3, 5, 1, 0); /* another entry is no witness */
      append (transcript, 8, cases[i].n, cases[i].re, cases[i].im);
      append (transcript, 3, 5, 1, 0);
      append (transcript, 8, cases[i].n2, cases[i].re2, cases[i].im2);
      delta1_status_t status = delta1_transcript_audit (transcript, &first, &second, &reason);
      if (cases[i].good != (status == DELTA1_OK))
        fail_msg ("case %zu: %s", i, delta1_status_name (status));
      if (!cases[i].good)
        {
          assert_refused (status, DELTA1_FAILED, reason, "answers 1 and 3");
          assert_int_equal (first, 1);
          assert_int_equal (second, 3);
        }
      delta1_transcript_free (transcript);
    }
}

/* Thousands of honest answers, one lie: found, and the pair named contradicts itself. */
static void
test_audit_names_the_liar (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (20); round++)
    {
      delta1_source_t *source;
      delta1_oracle_t *oracle = honest (&source, 5, DELTA1_RANDOM);
      delta1_transcript_t *transcript = create ();
      const slong liar = 100 + delta1_test_random_below (800);
      fmpz_t m;
      fmpz_init (m);
      for (slong t = 0; t < 1000; t++)
        {
          slong j = t % 5, n = 20 + delta1_test_random_below (60);
          assert_ok (delta1_oracle_ask (oracle, m, j, n, &reason), reason);
          if (t == liar)
            fmpz_add_ui (m, m, UWORD (1) << (n - 18)); /* a lie of 2^-18 against errors 2^-20 */
          assert_ok (delta1_transcript_append (transcript, j, n, m, NULL, &reason), reason);
        }
      slong first = -1, second = -1;
      assert_refused (delta1_transcript_audit (transcript, &first, &second, &reason), DELTA1_FAILED,
                      reason, "contradict");
      assert_true (first < second && (first == liar || second == liar));
      assert_int_equal (delta1_transcript_get (transcript, first)->entry,
                        delta1_transcript_get (transcript, second)->entry);
      assert_int_equal (delta1_transcript_audit (transcript, NULL, NULL, NULL), DELTA1_FAILED);
      char word[40];
      (void)snprintf (word, sizeof word, "answer %ld,", (long)liar);
      assert_refused (delta1_transcript_legal (transcript, source, &reason), DELTA1_FAILED, reason,
                      word);
      fmpz_clear (m);
      delta1_transcript_free (transcript);
      delta1_oracle_free (oracle);
      delta1_source_free (source);
    }
}

static void
test_audit_is_fast (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_transcript_t *transcript = create ();
  for (slong t = 0; t < 200000; t++)
    append (transcript, 0, 1 + t % 60, 0, 0);
  clock_t start = clock ();
  assert_ok (delta1_transcript_audit (transcript, NULL, NULL, &reason), reason);
  assert_true ((double)(clock () - start) / CLOCKS_PER_SEC < 5); /* all pairs: minutes */
  delta1_transcript_free (transcript);
}

static void
test_replay (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_oracle_t *oracle;
  delta1_transcript_t *transcript = create ();
  fmpz_t re, im;
  fmpz_init (re);
  fmpz_init (im);
  append (transcript, 1, 5, 10, 0);
  append (transcript, 0, 5, -7, 0);
  append (transcript, 1, 4, 5, 0);
  append (transcript, 1, 5, 11, 0); /* a second answer: the first one counts */
  append (transcript, 2, 4, 5, 6);
  assert_ok (delta1_oracle_create_replay (&oracle, transcript, 4, false, &reason), reason);
  append (transcript, 3, 1, 1, 0);
  assert_ok (delta1_oracle_ask (oracle, re, 1, 5, &reason), reason);
  assert_int_equal (fmpz_get_si (re), 10);
  assert_ok (delta1_oracle_ask (oracle, re, 0, 5, &reason), reason);
  assert_int_equal (fmpz_get_si (re), -7);
  assert_refused (delta1_oracle_ask (oracle, re, 0, 4, &reason), DELTA1_INPUT, reason,
                  "entry 0 at precision 4");
  assert_refused (delta1_oracle_ask (oracle, re, 3, 1, &reason), DELTA1_INPUT, reason, "no answer");
  assert_refused (delta1_oracle_ask (oracle, re, 2, 4, &reason), DELTA1_INPUT, reason, "not real");
  delta1_oracle_free (oracle);
  assert_ok (delta1_oracle_create_replay (&oracle, transcript, 4, true, &reason), reason);
  assert_ok (delta1_oracle_ask_complex (oracle, re, im, 2, 4, &reason), reason);
  assert_int_equal (fmpz_get_si (re), 5);
  assert_int_equal (fmpz_get_si (im), 6);
  delta1_transcript_reset (transcript);
  assert_refused (delta1_oracle_ask_complex (oracle, re, im, 2, 4, &reason), DELTA1_INPUT, reason,
                  "no answer");
  delta1_oracle_free (oracle);
  delta1_transcript_free (transcript);
  fmpz_clear (re);
  fmpz_clear (im);
}

/* --- training data ------------------------------------------------------------------------------
 */

static void
test_places (void **state)
{
  (void)state;
  const delta1_shape_t shape = { 2, 3, 4 };
  assert_int_equal (delta1_shape_count (&shape), 14);
  slong entry = 0;
  for (slong i = 0; i < 2; i++)
    for (slong j = 0; j < 3; j++, entry++)
      {
        delta1_place_t place = delta1_shape_place (&shape, entry);
        assert_int_equal (delta1_shape_matrix_entry (&shape, i, j), entry);
        assert_true (!place.data && place.row == i && place.column == j);
      }
  for (slong k = 0; k < 4; k++)
    for (slong i = 0; i < 2; i++, entry++)
      {
        delta1_place_t place = delta1_shape_place (&shape, entry);
        assert_int_equal (delta1_shape_data_entry (&shape, k, i), entry);
        assert_true (place.data && place.row == k && place.column == i);
      }
}

/* A budget of b questions: the sample fails for every b that is too small, and only for those. */
static void
test_sample_under_every_budget (void **state)
{
  (void)state;
  const delta1_shape_t shape = { 2, 3, 2 };
  const slong count = delta1_shape_count (&shape), n = 9;
  delta1_reason_t reason;
  delta1_source_t *source;
  delta1_oracle_t *oracle = honest (&source, count, DELTA1_NEAREST);
  fmpq_mat_t A, Y;
  fmpq_t x, zero, difference, bound;
  fmpq_mat_init (A, 2, 3);
  fmpq_mat_init (Y, 2, 2);
  fmpq_init (x);
  fmpq_init (zero);
  fmpq_init (difference);
  fmpq_init (bound);
  fmpq_set_si (bound, 1, UWORD (1) << n);

  for (slong budget = 1; budget <= count + 1; budget++)
    {
      delta1_meter_t *meter;
      const delta1_budget_t limits = { .queries = budget };
      assert_ok (delta1_meter_create (&meter, oracle, &limits, NULL, &reason), reason);
      delta1_status_t status
          = delta1_training_sample (A, Y, delta1_meter_oracle (meter), &shape, n, &reason);
      if (budget < count)
        assert_refused (status, DELTA1_BUDGET, reason, "queries");
      else
        assert_ok (status, reason);
      assert_int_equal (delta1_meter_usage (meter).queries, budget < count ? budget : count);
      delta1_meter_free (meter);
    }
  for (slong j = 0; j < count; j++)
    {
      delta1_place_t place = delta1_shape_place (&shape, j);
      fmpq *got = place.data ? fmpq_mat_entry (Y, place.row, place.column)
                             : fmpq_mat_entry (A, place.row, place.column);
      assert_true (fmpq_is_canonical (got));
      assert_true (source->table->exact (source->context, x, zero, j));
      fmpq_sub (difference, got, x);
      fmpq_abs (difference, difference);
      assert_true (fmpq_cmp (difference, bound) <= 0);
    }
  const delta1_shape_t wrong[] = { { 2, 3, 3 }, { 0, 3, 2 }, { WORD_MAX, 3, WORD_MAX } };
  for (int i = 0; i < 3; i++)
    assert_refused (delta1_training_sample (A, Y, oracle, &wrong[i], n, &reason), DELTA1_INPUT,
                    reason, "shape");
  const delta1_shape_t turned = { 2, 2, 3 };
  assert_refused (delta1_training_sample (A, Y, oracle, &turned, n, &reason), DELTA1_INPUT, reason,
                  "matrices");
  assert_refused (delta1_training_sample (A, Y, oracle, &shape, 0, &reason), DELTA1_INPUT, reason,
                  "precision");
  fmpq_mat_clear (A);
  fmpq_mat_clear (Y);
  fmpq_clear (x);
  fmpq_clear (zero);
  fmpq_clear (difference);
  fmpq_clear (bound);
  delta1_oracle_free (oracle);
  delta1_source_free (source);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_answers_are_kept),
    cmocka_unit_test (test_audit_is_sharp),
    cmocka_unit_test (test_audit_names_the_liar),
    cmocka_unit_test (test_audit_is_fast),
    cmocka_unit_test (test_replay),
    cmocka_unit_test (test_places),
    cmocka_unit_test (test_sample_under_every_budget),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
