#include "tests/testing.h"

#include "oracles/adversary.h"
#include "tests/oracles/oracle_laws.h"

/* reference - committed = 3 2^-12: within 2^-(n+1) up to n = 9. */
#define HORIZON 9

static delta1_source_t *
source_of (slong numerator)
{
  delta1_reason_t reason;
  delta1_source_t *source;
  fmpq *x = _fmpq_vec_init (2);
  fmpq_set_si (x, numerator, 4096);
  fmpq_set_si (x + 1, -7, 3);
  assert_ok (delta1_source_create_rational (&source, x, 2, &reason), reason);
  _fmpq_vec_clear (x, 2);
  return source;
}

static void
it_is_an_oracle_of_the_committed_input (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_source_t *reference = source_of (5003), *committed = source_of (5000);
  delta1_oracle_t *oracle;
  assert_ok (delta1_oracle_create_adversary (&oracle, reference, HORIZON, committed, &reason),
             reason);
  oracle_laws_t laws = { .name = "adversary",
                         .oracle = oracle,
                         .source = committed,
                         .precisions = oracle_laws_precisions,
                         .count = oracle_laws_precision_count };
  oracle_laws_check (&laws);
  delta1_oracle_free (oracle);
  delta1_source_free (reference);
  delta1_source_free (committed);
}

/* Up to the horizon nothing of the committed input shows; above it the reference would be illegal.
 */
static void
the_horizon_is_where_it_commits (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_source_t *reference = source_of (5003), *committed = source_of (5000);
  delta1_oracle_t *adversary, *honest;
  fmpz_t answer, expected;
  fmpz_init (answer);
  fmpz_init (expected);
  assert_ok (delta1_oracle_create_adversary (&adversary, reference, HORIZON, committed, &reason),
             reason);
  for (slong n = 1; n <= 2 * HORIZON; n++)
    {
      assert_ok (delta1_oracle_create_honest (&honest, n <= HORIZON ? reference : committed,
                                              DELTA1_NEAREST, 0, &reason),
                 reason);
      for (slong j = 0; j < 2; j++)
        {
          assert_ok (delta1_oracle_ask (adversary, answer, j, n, &reason), reason);
          assert_ok (delta1_oracle_ask (honest, expected, j, n, &reason), reason);
          assert_true (fmpz_equal (answer, expected));
          assert_int_equal (delta1_oracle_legal (committed, j, n, answer, NULL), DELTA1_TRUE);
        }
      delta1_oracle_free (honest);
    }
  /* Where the reference would be illegal for the committed input, the horizon matters. */
  assert_ok (delta1_oracle_create_honest (&honest, reference, DELTA1_NEAREST, 0, &reason), reason);
  assert_ok (delta1_oracle_ask (honest, answer, 0, 11, &reason), reason);
  assert_int_equal (delta1_oracle_legal (committed, 0, 11, answer, NULL), DELTA1_FALSE);
  delta1_oracle_free (honest);
  delta1_oracle_free (adversary);
  delta1_source_free (reference);
  delta1_source_free (committed);
  fmpz_clear (answer);
  fmpz_clear (expected);
}

static void
without_a_horizon_it_never_commits (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_source_t *reference = source_of (5003);
  delta1_oracle_t *oracle;
  assert_ok (delta1_oracle_create_adversary (&oracle, reference, 0, NULL, &reason), reason);
  oracle_laws_t laws = { .name = "adversary without horizon",
                         .oracle = oracle,
                         .source = reference,
                         .precisions = oracle_laws_precisions,
                         .count = oracle_laws_precision_count };
  oracle_laws_check (&laws);
  delta1_oracle_free (oracle);
  delta1_source_free (reference);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (it_is_an_oracle_of_the_committed_input),
    cmocka_unit_test (the_horizon_is_where_it_commits),
    cmocka_unit_test (without_a_horizon_it_never_commits),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
