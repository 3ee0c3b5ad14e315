/* A network of 40 layers, run in doubles, in intervals, and with a bound that speaks of all of it at once. */
#include <delta1/delta1.h>
#include <math.h>
#include <stdio.h>

#define M 8
#define N 16

int
main (void)
{
  double entry[M * N], datum[M];
  delta1_operator_t *doubles = NULL, *balls = NULL, *sharp = NULL;
  delta1_restart_t network;
  delta1_depth_t depth;
  delta1_reason_t reason;

  /* A matrix with integer multiples of 1/8, and a datum: nothing is rounded here. */
  for (int i = 0; i < M; i++)
    for (int j = 0; j < N; j++)
      entry[i * N + j] = ((3 * i * i + 5 * i * j + 7 * j) % 11 - 5) / 8.0;
  for (int i = 0; i < M; i++)
    datum[i] = (i % 3 + 1) / 4.0;

  delta1_restart_init (&network, 128);
  arb_set_d (network.steps.tau, 0.3); /* tau sigma ||A||^2 <= 1 is checked, in balls */
  arb_set_d (network.steps.sigma, 0.3);
  arb_set_d (network.steps.lambda, 0.001);
  arb_set_d (network.delta, 0x1p-4);
  arb_set_d (network.eps_0, 2);
  network.inner = 20;
  network.restarts = 2;

  if (delta1_operator_create_double (&doubles, &delta1_arithmetic_double, 53, entry, M, N, &reason)
          != DELTA1_OK
      || delta1_operator_create_double (&balls, &delta1_arithmetic_ball, 53, entry, M, N, &reason)
             != DELTA1_OK
      || delta1_operator_create_double (&sharp, &delta1_arithmetic_ball, 1000, entry, M, N, &reason)
             != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  const delta1_depth_operators_t same = { .doubles = doubles, .balls = balls, .sharp = sharp };
  if (delta1_depth_compare (&depth, &same, datum, &network, &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  printf ("layer   intervals, entry by entry   one bound for all   the error itself\n");
  for (slong k = 4; k < depth.count; k += 5)
    {
      char intervals[30] = "nothing is known";
      if (isfinite (depth.balls[k]))
        (void)snprintf (intervals, sizeof intervals, "%.0e", depth.balls[k]);
      printf ("%5ld   %25s   %17.0e   %16s\n", (long)k + 1, intervals, depth.linear[k],
              depth.error[k] < 1e-14 ? "below 1e-14" : "above 1e-14");
    }
  delta1_depth_clear (&depth);
  delta1_restart_clear (&network);
  delta1_operator_free (doubles);
  delta1_operator_free (balls);
  delta1_operator_free (sharp);
  return 0;
}
