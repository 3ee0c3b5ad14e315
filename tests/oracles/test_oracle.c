#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracles/expression.h"
#include "oracles/meter.h"
#include "oracles/table.h"
#include "src/number.h"
#include "tests/oracles/oracle_laws.h"
#include "tests/testing.h"

/* --- sources ------------------------------------------------------------------------------------
 */

static delta1_source_t *
rationals (const char *const *text, slong count)
{
  delta1_reason_t reason;
  delta1_source_t *source;
  fmpq *x = calloc ((size_t)count, sizeof *x);
  for (slong j = 0; j < count; j++)
    {
      fmpq_init (x + j);
      assert_ok (delta1_number_parse (x + j, text[j], &reason), reason);
    }
  assert_ok (delta1_source_create_rational (&source, x, count, &reason), reason);
  for (slong j = 0; j < count; j++)
    fmpq_clear (x + j);
  free (x);
  return source;
}

static const char *const plain[] = { "0",
                                     "1",
                                     "-1",
                                     "1/3",
                                     "-1/3",
                                     "5/2",
                                     "-7/16",
                                     "22/7",
                                     "0x1p-1000",
                                     "-0x1p-1000",
                                     "1e30",
                                     "0x1.8p-3",
                                     "-123456789/65536",
                                     "1e-30",
                                     "3/1048577",
                                     "0x1p70",
                                     "0x1.0000000000000000000000000000001p0" };
#define PLAIN_COUNT ((slong)(sizeof plain / sizeof *plain))

static const char *const irrational[] = { "sqrt(2)",
                                          "-sqrt(2)",
                                          "pi",
                                          "cos(1)",
                                          "cos(pi/3)",
                                          "cos(pi/2)",
                                          "-cos(pi/3)/4096",
                                          "sqrt(2)*sqrt(2)",
                                          "1/3",
                                          "sqrt(3)/sqrt(12) - 1/4 + 1e-40",
                                          "1e30*pi",
                                          "pi*1e-400",
                                          "cos(pi*3/14)*sqrt(2/7)" };
#define IRRATIONAL_COUNT ((slong)(sizeof irrational / sizeof *irrational))

static delta1_source_t *
expressions (const char *const *text, slong count)
{
  delta1_reason_t reason;
  delta1_source_t *source;
  delta1_expression_t **parsed = calloc ((size_t)count, sizeof *parsed);
  for (slong j = 0; j < count; j++)
    assert_ok (delta1_expression_parse (parsed + j, text[j], &reason), reason);
  assert_ok (delta1_source_create_expressions (&source, parsed, count, &reason), reason);
  return source;
}

static delta1_source_t *
gaussians (slong count)
{
  delta1_reason_t reason;
  delta1_source_t *source;
  fmpq *x = calloc ((size_t)(2 * count), sizeof *x);
  for (slong j = 0; j < 2 * count; j++)
    {
      fmpq_init (x + j);
      if (j % 3 == 0)
        fmpq_set_si (x + j, delta1_test_random_below (9) - 4, 4);
      else
        delta1_test_random_rational (x + j, 80);
    }
  assert_ok (delta1_source_create_gaussian (&source, x, x + count, count, &reason), reason);
  for (slong j = 0; j < 2 * count; j++)
    fmpq_clear (x + j);
  free (x);
  return source;
}

/* cos j + i sqrt j, known by balls only. */
static delta1_status_t
spiral_enclose (const void *context, acb_t z, slong j, slong prec, delta1_reason_t *reason)
{
  (void)context;
  (void)reason;
  arb_set_si (acb_realref (z), j);
  arb_cos (acb_realref (z), acb_realref (z), prec);
  arb_sqrt_ui (acb_imagref (z), (ulong)j, prec);
  return DELTA1_OK;
}

static const delta1_source_table_t spiral = { "spiral", NULL, spiral_enclose, NULL };

static void
laws_under_every_rule (const char *name, const delta1_source_t *source, const slong *precisions,
                       slong count)
{
  delta1_reason_t reason;
  for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
    {
      char label[100];
      delta1_oracle_t *oracle;
      delta1_meter_t *meter;
      delta1_transcript_t *transcript;
      (void)snprintf (label, sizeof label, "%s, %s", name,
                      delta1_rounding_name ((delta1_rounding_t)rule));
      assert_ok (delta1_oracle_create_honest (&oracle, source, (delta1_rounding_t)rule,
                                              delta1_test_random (), &reason),
                 reason);
      oracle_laws_t instance = { label, oracle, source, precisions, count };
      oracle_laws_check (&instance);

      /* the same through a meter, and then replayed from what the meter recorded */
      assert_ok (delta1_transcript_create (&transcript, &reason), reason);
      assert_ok (
          delta1_meter_create (&meter, oracle, &delta1_budget_unlimited, transcript, &reason),
          reason);
      instance.oracle = delta1_meter_oracle (meter);
      oracle_laws_check (&instance);
      delta1_meter_free (meter);

      delta1_oracle_t *replay;
      assert_ok (delta1_oracle_create_replay (&replay, transcript, source->count, source->complex,
                                              &reason),
                 reason);
      instance.oracle = replay;
      oracle_laws_check (&instance);
      delta1_oracle_free (replay);
      delta1_transcript_free (transcript);
      delta1_oracle_free (oracle);
    }
}

static void
test_laws (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_source_t *source = rationals (plain, PLAIN_COUNT);
  laws_under_every_rule ("rational", source, oracle_laws_precisions, oracle_laws_precision_count);
  delta1_source_free (source);

  source = expressions (irrational, IRRATIONAL_COUNT);
  laws_under_every_rule ("expressions", source, oracle_laws_precisions,
                         oracle_laws_precision_count);
  delta1_source_free (source);

  source = gaussians (20);
  laws_under_every_rule ("gaussian", source, oracle_laws_precisions, oracle_laws_precision_count);
  delta1_source_free (source);

  assert_ok (delta1_source_create (&source, &spiral, NULL, 6, true, &reason), reason);
  laws_under_every_rule ("spiral", source, oracle_laws_precisions, oracle_laws_precision_count);
  delta1_source_free (source);
}

static void
test_laws_random (void **state)
{
  (void)state;
  delta1_reason_t reason;
  for (int round = 0; round < delta1_test_rounds (30); round++)
    {
      delta1_source_t *source;
      fmpq x[4];
      slong precisions[4];
      for (slong j = 0; j < 4; j++)
        {
          fmpq_init (x + j);
          delta1_test_random_rational (x + j, 1 + delta1_test_random_below (300));
          precisions[j] = 1 + delta1_test_random_below (400);
        }
      assert_ok (delta1_source_create_rational (&source, x, 4, &reason), reason);
      laws_under_every_rule ("random rationals", source, precisions, 4);
      delta1_source_free (source);
      for (slong j = 0; j < 4; j++)
        fmpq_clear (x + j);
    }
}

static void
test_laws_table (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_source_t *source;
  slong rows, columns;
  char path[200];

  (void)snprintf (path, sizeof path, "%s/table.txt", delta1_test_directory ());
  FILE *file = fopen (path, "w");
  assert_non_null (file);
  (void)fprintf (file, "# a table\n1/3, -2.5,1e-7\n\n0x1.8p-3\t,22/7 , -1 # end\n");
  (void)fclose (file);
  assert_ok (delta1_source_create_table (&source, &rows, &columns, path, &reason), reason);
  assert_int_equal (rows, 2);
  assert_int_equal (columns, 3);
  laws_under_every_rule ("table", source, oracle_laws_precisions, oracle_laws_precision_count);
  delta1_source_free (source);

  (void)snprintf (path, sizeof path, "%s/table.npy", delta1_test_directory ());
  static const char head[] = "{'descr': '<c16', 'fortran_order': False, 'shape': (2, 2), }";
  const double number[8] = { 0.1, -1e300, 5e-324, 3, -0.0, 1.0 / 3, 1e16, -2.5 };
  file = fopen (path, "wb");
  assert_non_null (file);
  (void)fwrite ("\x93NUMPY\x01\x00", 1, 8, file);
  (void)fputc ((int)strlen (head), file);
  (void)fputc (0, file);
  (void)fwrite (head, 1, strlen (head), file);
  (void)fwrite (number, sizeof *number, 8, file);
  (void)fclose (file);
  assert_ok (delta1_source_create_table (&source, &rows, &columns, path, &reason), reason);
  assert_true (source->complex);
  laws_under_every_rule ("npy", source, oracle_laws_precisions, oracle_laws_precision_count);
  delta1_source_free (source);
}

static void
test_laws_high_precision (void **state)
{
  (void)state;
  static const slong precisions[] = { 1000000, 100, 999999 };
  static const char *const few[] = { "1/3", "0x1p-999999", "-5/7" };
  delta1_source_t *source = rationals (few, 3);
  laws_under_every_rule ("rational at 10^6", source, precisions, 3);
  delta1_source_free (source);

  static const char *const root[] = { "sqrt(2)/3" };
  source = expressions (root, 1);
  laws_under_every_rule ("sqrt at 10^5", source, (const slong[]){ 100000, 7 }, 2);
  delta1_source_free (source);
}

/* --- the rules ----------------------------------------------------------------------------------
 */

static void
ask (fmpz_t m, const delta1_source_t *source, delta1_rounding_t rule, uint64_t seed, slong j,
     slong n)
{
  delta1_reason_t reason;
  delta1_oracle_t *oracle;
  assert_ok (delta1_oracle_create_honest (&oracle, source, rule, seed, &reason), reason);
  assert_ok (delta1_oracle_ask (oracle, m, j, n, &reason), reason);
  delta1_oracle_free (oracle);
}

/* 2 |m q - p 2^n| <= q, with equality only for even m. */
static void
test_nearest_is_half_to_even (void **state)
{
  (void)state;
  fmpz_t m, twice, side;
  fmpq_t x, zero;
  fmpz_init (m);
  fmpz_init (twice);
  fmpz_init (side);
  fmpq_init (x);
  fmpq_init (zero);
  delta1_source_t *source = rationals (plain, PLAIN_COUNT);
  for (slong j = 0; j < PLAIN_COUNT; j++)
    for (slong n = 1; n < 40; n++)
      {
        ask (m, source, DELTA1_NEAREST, 0, j, n);
        assert_true (source->table->exact (source->context, x, zero, j));
        fmpz_mul (twice, m, fmpq_denref (x));
        fmpz_mul_2exp (side, fmpq_numref (x), (ulong)n);
        fmpz_sub (twice, twice, side);
        fmpz_mul_2exp (twice, twice, 1);
        int compared = fmpz_cmpabs (twice, fmpq_denref (x));
        assert_true (compared < 0 || (compared == 0 && fmpz_is_even (m)));
      }
  delta1_source_free (source);

  /* halves, the cases a random number never meets: (2k+1)/4 at n = 1, rational and by balls */
  static const char *const halves[]
      = { "1/4", "3/4", "5/4", "7/4", "-1/4", "-3/4", "-5/4", "-7/4" };
  static const char *const balls[]
      = { "cos(pi/3)/2",  "cos(pi/3)*3/2",  "cos(pi/3)*5/2",  "cos(pi/3)*7/2",
          "-cos(pi/3)/2", "-cos(pi/3)*3/2", "-cos(pi/3)*5/2", "-cos(pi/3)*7/2" };
  static const slong even[] = { 0, 2, 2, 4, 0, -2, -2, -4 };
  source = rationals (halves, 8);
  delta1_source_t *by_balls = expressions (balls, 8);
  for (slong j = 0; j < 8; j++)
    {
      ask (m, source, DELTA1_NEAREST, 0, j, 1);
      assert_int_equal (fmpz_get_si (m), even[j]);
      ask (m, by_balls, DELTA1_NEAREST, 0, j, 1);
      assert_int_equal (fmpz_get_si (m), even[j]);
    }
  delta1_source_free (by_balls);
  delta1_source_free (source);
  fmpz_clear (m);
  fmpz_clear (twice);
  fmpz_clear (side);
  fmpq_clear (x);
  fmpq_clear (zero);
}

/* up and down are legal (the laws), and one step beyond them is not. */
static void
test_up_and_down_are_extremal (void **state)
{
  (void)state;
  fmpz_t up, down, nearest;
  fmpz_init (up);
  fmpz_init (down);
  fmpz_init (nearest);
  delta1_source_t *sources[2]
      = { rationals (plain, PLAIN_COUNT), expressions (irrational, IRRATIONAL_COUNT) };
  for (int s = 0; s < 2; s++)
    {
      for (slong j = 0; j < sources[s]->count; j++)
        for (slong n = 1; n < 30; n++)
          {
            ask (up, sources[s], DELTA1_UP, 0, j, n);
            ask (down, sources[s], DELTA1_DOWN, 0, j, n);
            ask (nearest, sources[s], DELTA1_NEAREST, 0, j, n);
            assert_true (fmpz_cmp (down, nearest) <= 0 && fmpz_cmp (nearest, up) <= 0);
            fmpz_add_ui (up, up, 1);
            fmpz_sub_ui (down, down, 1);
            delta1_truth_t above = delta1_oracle_legal (sources[s], j, n, up, NULL);
            delta1_truth_t below = delta1_oracle_legal (sources[s], j, n, down, NULL);
            if (s == 0)
              {
                assert_int_equal (above, DELTA1_FALSE);
                assert_int_equal (below, DELTA1_FALSE);
              }
            else /* cos(pi/3) 2^n + 1 is legal, but no ball can prove it */
              assert_true (above != DELTA1_TRUE && below != DELTA1_TRUE);
          }
      delta1_source_free (sources[s]);
    }
  fmpz_clear (up);
  fmpz_clear (down);
  fmpz_clear (nearest);
}

static void
test_random_gives_every_legal_answer (void **state)
{
  (void)state;
  static const char *const numbers[] = { "3", "1/3", "-5/2", "1/4" };
  static const slong legal[][3] = { { 5, 6, 7 }, { 0, 1, 1 }, { -6, -5, -4 }, { 0, 1, 1 } };
  delta1_source_t *source = rationals (numbers, 4);
  fmpz_t m;
  fmpz_init (m);
  for (slong j = 0; j < 4; j++)
    {
      int seen[3] = { 0, 0, 0 };
      for (uint64_t seed = 0; seed < 300; seed++)
        {
          ask (m, source, DELTA1_RANDOM, seed, j, 1);
          int hits = 0;
          for (int i = 0; i < 3; i++)
            if (fmpz_equal_si (m, legal[j][i]))
              hits = ++seen[i];
          assert_int_not_equal (hits, 0);
        }
      for (int i = 0; i < 3; i++)
        assert_true (seen[i] > 50); /* 300/3 expected; the sequence is fixed */
    }
  delta1_source_free (source);
  fmpz_clear (m);
}

/* At a Gaussian integer exactly the five points of the unit cross are legal. */
static void
test_random_complex_gives_every_legal_pair (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_source_t *source;
  fmpq zero;
  fmpz_t re, im;
  int seen[9] = { 0 };
  fmpq_init (&zero);
  fmpz_init (re);
  fmpz_init (im);
  assert_ok (delta1_source_create_gaussian (&source, &zero, &zero, 1, &reason), reason);
  for (uint64_t seed = 0; seed < 500; seed++)
    {
      delta1_oracle_t *oracle;
      assert_ok (delta1_oracle_create_honest (&oracle, source, DELTA1_RANDOM, seed, &reason),
                 reason);
      assert_ok (delta1_oracle_ask_complex (oracle, re, im, 0, 4, &reason), reason);
      assert_true (fmpz_cmp_si (re, -1) >= 0 && fmpz_cmp_si (re, 1) <= 0);
      assert_true (fmpz_cmp_si (im, -1) >= 0 && fmpz_cmp_si (im, 1) <= 0);
      seen[3 * (fmpz_get_si (re) + 1) + fmpz_get_si (im) + 1]++;
      delta1_oracle_free (oracle);
    }
  for (int i = 0; i < 9; i++)
    assert_true (i % 2 == 1 || i == 4 ? seen[i] > 60 : seen[i] == 0);
  delta1_source_free (source);
  fmpz_clear (re);
  fmpz_clear (im);
}

static void
test_legality_is_decided (void **state)
{
  (void)state;
  static const char *const numbers[] = { "1/2", "1/3" };
  static const char *const roots[] = { "sqrt(2)", "cos(pi/3)" };
  delta1_source_t *source = rationals (numbers, 2);
  delta1_source_t *by_balls = expressions (roots, 2);
  fmpz_t m;
  fmpz_init (m);
  const struct
  {
    const delta1_source_t *source;
    slong j, n, m;
    delta1_truth_t truth;
  } cases[] = {
    { source, 0, 2, 1, DELTA1_TRUE },      { source, 0, 2, 3, DELTA1_TRUE },
    { source, 0, 2, 0, DELTA1_FALSE },     { source, 0, 2, 4, DELTA1_FALSE },
    { source, 1, 2, 1, DELTA1_TRUE },      { source, 1, 2, 2, DELTA1_TRUE },
    { source, 1, 2, 0, DELTA1_FALSE },     { source, 1, 2, 3, DELTA1_FALSE },
    { by_balls, 0, 3, 11, DELTA1_TRUE },   { by_balls, 0, 3, 12, DELTA1_TRUE },
    { by_balls, 0, 3, 10, DELTA1_FALSE },  { by_balls, 0, 3, 13, DELTA1_FALSE },
    { by_balls, 1, 3, 4, DELTA1_TRUE },    { by_balls, 1, 3, 5, DELTA1_UNKNOWN },
    { by_balls, 1, 3, 3, DELTA1_UNKNOWN }, { by_balls, 1, 3, 6, DELTA1_FALSE },
    { source, 0, 0, 0, DELTA1_FALSE },     { source, 2, 1, 0, DELTA1_FALSE },
    { source, -1, 1, 0, DELTA1_FALSE },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      fmpz_set_si (m, cases[i].m);
      if (delta1_oracle_legal (cases[i].source, cases[i].j, cases[i].n, m, NULL) != cases[i].truth)
        fail_msg ("case %zu", i);
    }
  /* in modulus: (1, 1) / 2 is at distance sqrt 2 / 2 of 0, more than 1/2 */
  fmpz_one (m);
  fmpq zero;
  fmpq_init (&zero);
  delta1_source_t *gaussian;
  delta1_reason_t reason;
  assert_ok (delta1_source_create_gaussian (&gaussian, &zero, &zero, 1, &reason), reason);
  assert_int_equal (delta1_oracle_legal (gaussian, 0, 1, m, m), DELTA1_FALSE);
  assert_int_equal (delta1_oracle_legal (gaussian, 0, 1, m, NULL), DELTA1_TRUE);
  delta1_source_free (gaussian);
  delta1_source_free (source);
  delta1_source_free (by_balls);
  fmpz_clear (m);
}

static void
test_refusals (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_oracle_t *oracle;
  static const char *const bad[]
      = { "1/(pi-pi)", "sqrt(-pi)", "1/0", "pi*1e40000000", "0x1p40000000*0x1p40000000" };
  static const delta1_status_t status[]
      = { DELTA1_UNDECIDED, DELTA1_DOMAIN, DELTA1_DOMAIN, DELTA1_UNDECIDED, DELTA1_UNDECIDED };
  static const char *const word[] = { "limit", "negative", "zero", "limit", "limit" };
  delta1_source_t *source = expressions (bad, 5);
  fmpz_t m;
  fmpz_init (m);
  assert_refused (delta1_oracle_create_honest (&oracle, source, (delta1_rounding_t)4, 0, &reason),
                  DELTA1_INPUT, reason, "rule");
  for (int rule = 0; rule < DELTA1_ROUNDING_COUNT; rule++)
    {
      assert_ok (delta1_oracle_create_honest (&oracle, source, (delta1_rounding_t)rule, 0, &reason),
                 reason);
      for (slong j = 0; j < 5; j++)
        {
          assert_refused (delta1_oracle_ask (oracle, m, j, 5, &reason), status[j], reason, word[j]);
          assert_int_equal (delta1_oracle_legal (source, j, 5, m, NULL), DELTA1_UNKNOWN);
        }
      delta1_oracle_free (oracle);
    }
  delta1_source_free (source);
  fmpz_clear (m);
}

static void
test_enclosures_are_absolute (void **state)
{
  (void)state;
  delta1_reason_t reason;
  acb_t z, finer;
  acb_init (z);
  acb_init (finer);
  delta1_source_t *sources[2]
      = { rationals (plain, PLAIN_COUNT), expressions (irrational, IRRATIONAL_COUNT) };
  for (int s = 0; s < 2; s++)
    {
      for (slong j = 0; j < sources[s]->count; j++)
        for (slong n = 0; n < 300; n += 37)
          {
            assert_ok (delta1_source_enclose_absolute (z, sources[s], j, n, &reason), reason);
            assert_ok (delta1_source_enclose_absolute (finer, sources[s], j, 3 * n + 50, &reason),
                       reason);
            assert_true (mag_cmp_2exp_si (arb_radref (acb_realref (z)), -n) <= 0);
            assert_true (acb_overlaps (z, finer));
          }
      assert_refused (delta1_source_enclose_absolute (z, sources[s], -1, 1, &reason), DELTA1_INPUT,
                      reason, "entry");
      assert_refused (delta1_source_enclose_absolute (z, sources[s], 0, -1, &reason), DELTA1_INPUT,
                      reason, "accuracy");
      delta1_source_free (sources[s]);
    }
  acb_clear (z);
  acb_clear (finer);
}

static int
release (void **state)
{
  (void)state;
  flint_cleanup ();
  return 0;
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_laws),
    cmocka_unit_test (test_laws_random),
    cmocka_unit_test (test_laws_table),
    cmocka_unit_test (test_laws_high_precision),
    cmocka_unit_test (test_nearest_is_half_to_even),
    cmocka_unit_test (test_up_and_down_are_extremal),
    cmocka_unit_test (test_random_gives_every_legal_answer),
    cmocka_unit_test (test_random_complex_gives_every_legal_pair),
    cmocka_unit_test (test_legality_is_decided),
    cmocka_unit_test (test_refusals),
    cmocka_unit_test (test_enclosures_are_absolute),
  };
  return cmocka_run_group_tests (tests, NULL, release);
}
