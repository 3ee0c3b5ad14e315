/* Theorem 7.1 on 1,000 networks that training made accurate, of assorted architectures, in doubles
 * and at several precisions: every one counted over Q. */
#include "tests/testing.h"

#include "constructions/stability_paradox.h"
#include "trainers/fit.h"

#define NETWORKS 1000

static const slong architectures[][6] = {
  { 2, 1, 1 },    { 2, 2, 1 },       { 2, 3, 1 },       { 2, 5, 1 },    { 2, 2, 2, 1 },
  { 2, 3, 2, 1 }, { 2, 4, 4, 1 },    { 3, 4, 1 },       { 5, 3, 3, 1 }, { 2, 2, 2, 2, 1 },
  { 2, 1 },       { 4, 2, 3, 2, 1 }, { 2, 3, 3, 2, 1 }, { 2, 8, 1 },    { 2, 6, 2, 1 },
};
#define ARCHITECTURES ((slong)(sizeof architectures / sizeof *architectures))

static delta1_status_t
stop_when_accurate (bool *stop, const delta1_network_t *network, slong step, double loss,
                    void *context, delta1_reason_t *reason)
{
  const delta1_paradox_t *paradox = context;
  slong correct;
  (void)step;
  (void)loss;
  delta1_status_t status = delta1_paradox_count_correct (&correct, paradox, network, reason);
  *stop = correct == paradox->points;
  return status;
}

static void
a_thousand (void **state)
{
  (void)state;
  delta1_paradox_verdict_t verdict;
  fmpq_t delta;
  slong accurate = 0, runs = 0, proved = 0, broken = 0, tight = 0;
  delta1_paradox_verdict_init (&verdict);
  fmpq_init (delta);
  for (; accurate < NETWORKS; runs++)
    {
      delta1_reason_t reason;
      delta1_paradox_t paradox;
      delta1_network_t *network;
      fmpq_mat_t Y, X;
      const slong *widths = architectures[runs % ARCHITECTURES];
      slong count = 2, P = 1;
      while (widths[count - 1] != 1 || (count < 6 && widths[count] != 0))
        count++;
      for (slong i = 1; i + 1 < count; i++)
        P *= widths[i] + 1;
      /* delta of 1 to 1/8 */
      fmpq_set_si (delta, 1, (ulong)1 << delta1_test_random_below (4));
      slong K = P + 1 + delta1_test_random_below (12);
      K = K < 2 ? 2 : K;
      assert_ok (delta1_paradox_init (&paradox, K, delta, widths, count, &reason), reason);
      fmpq_mat_init (Y, K, widths[0]);
      fmpq_mat_init (X, K, 1);
      delta1_paradox_examples (Y, X, &paradox);
      delta1_examples_t examples = { .Y = Y, .X = X };
      delta1_fit_t fit = { .optimiser = delta1_optimiser_defaults,
                           .precision = runs % 10 == 9 ? 8 + 8 * (runs / 10 % 4) : 0,
                           .steps = 600,
                           .every = 20,
                           .observe = stop_when_accurate,
                           .context = &paradox };
      fit.optimiser.kind = runs % 3 == 0 ? DELTA1_SGD : DELTA1_ADAM;
      fit.optimiser.rate = runs % 3 == 0 ? 0.1 : 0.03;
      assert_ok (delta1_fit_create (&network, widths[0], count - 1, widths + 1, 0.5,
                                    delta1_test_random (), &reason),
                 reason);
      delta1_status_t status = delta1_fit_run (network, NULL, &examples, &fit, &reason);
      if (status != DELTA1_FAILED)
        {
          assert_ok (status, reason);
          assert_ok (delta1_paradox_judge (&verdict, &paradox, network, &reason), reason);
          /* The program's theorem is for every network, the accurate ones are counted. */
          assert_true (verdict.line >= (K - P) / 2);
          if (verdict.correct == K)
            {
              assert_int_equal (verdict.broken[1], verdict.line);
              accurate++;
              proved += paradox.floor;
              broken += verdict.broken[1];
              tight += verdict.broken[1] == paradox.floor;
            }
        }
      delta1_network_free (network);
      delta1_paradox_clear (&paradox);
      fmpq_mat_clear (Y);
      fmpq_mat_clear (X);
      assert_true (runs < 4 * NETWORKS);
    }
  print_message ("# %ld runs, %ld accurate: %ld points broken, %ld proved, %ld of the networks "
                 "break no more than proved\n",
                 (long)runs, (long)accurate, (long)broken, (long)proved, (long)tight);
  delta1_paradox_verdict_clear (&verdict);
  fmpq_clear (delta);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (a_thousand) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
