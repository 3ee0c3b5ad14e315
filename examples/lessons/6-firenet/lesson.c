/* The constants of FIRENET's accuracy, proved for a matrix, and how deep the network has to be. */
#include <delta1/delta1.h>
#include <stdio.h>

int
main (void)
{
  static const int hadamard[4][4]
      = { { 1, 1, 1, 1 }, { 1, -1, 1, -1 }, { 1, 1, -1, -1 }, { 1, -1, -1, 1 } };
  const slong end = 8, sparsity = 1;
  const delta1_levels_t levels = { .count = 1, .end = &end, .sparsity = &sparsity };
  const delta1_null_space_options_t how = { .precision = 128 };
  delta1_null_space_t found;
  delta1_accuracy_t accuracy;
  delta1_restart_t network;
  delta1_reason_t reason;
  acb_mat_t A;
  slong p;

  acb_mat_init (A, 4, 8); /* [I, H/2]: columns of length 1 */
  for (slong i = 0; i < 4; i++)
    for (slong j = 0; j < 4; j++)
      {
        acb_set_d (acb_mat_entry (A, i, j), i == j);
        acb_set_d (acb_mat_entry (A, i, 4 + j), hadamard[i][j] / 2.0);
      }
  delta1_null_space_init (&found);
  delta1_accuracy_init (&accuracy);
  delta1_restart_init (&network, 128);
  if (delta1_null_space_certify (&found, A, &levels, &how, &reason)
          != DELTA1_OK
      || delta1_accuracy_constants (&accuracy, &levels, found.rho, found.gamma, NULL, 128, &reason)
             != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  arb_set_d (network.steps.tau, 0.5); /* ||A||^2 = 2, as A A* = 2 I */
  arb_set_d (network.steps.sigma, 0.5);
  arb_set (network.steps.lambda, accuracy.lambda);
  arb_set_d (network.delta, 1e-13);
  arb_set_d (network.eps_0, 1);
  if (delta1_accuracy_inner (&p, &accuracy, &network, 128, &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  network.inner = p;
  printf ("proved: rho <= %.4f, gamma <= %.4f, C_1 <= %.3f, C_2 <= %.3f; p = %ld inner steps\n",
          arf_get_d (arb_midref (accuracy.rho), ARF_RND_UP),
          arf_get_d (arb_midref (accuracy.gamma), ARF_RND_UP),
          arf_get_d (arb_midref (accuracy.C_1), ARF_RND_UP),
          arf_get_d (arb_midref (accuracy.C_2), ARF_RND_UP), (long)p);
  printf ("digits   restarts   layers\n");
  for (slong k = 1; k <= 11; k += 2)
    {
      slong n = delta1_accuracy_restarts (&accuracy, &network, k, 128);
      printf ("%6ld   %8ld   %6ld\n", (long)k, (long)n, (long)delta1_accuracy_layers (&network, n));
    }
  delta1_restart_clear (&network);
  delta1_accuracy_clear (&accuracy);
  delta1_null_space_clear (&found);
  acb_mat_clear (A);
  return 0;
}
