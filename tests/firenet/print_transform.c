/* print_transform TRANSFORM WAVELET LEVELS SIDE: A x (no mask) for the complex double operator of
 * firenet/sampled.h, x_i = a_i + i b_i from the generator that tests/firenet/numpy_agrees.py
 * repeats; a line for each number, real and imaginary part. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "firenet/sampled.h"

static double
next (uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) * 0x1p-52 - 1;
}

int
main (int argc, char **argv)
{
  const delta1_arithmetic_t *use = &delta1_arithmetic_complex_double;
  delta1_reason_t reason;
  delta1_operator_t *A;
  uint64_t state = 1;
  if (argc != 5)
    return 3;
  const delta1_sampled_t o = { .transform = (delta1_transform_t)atoi (argv[1]),
                               .wavelet = (delta1_wavelet_t)atoi (argv[2]),
                               .levels = atol (argv[3]),
                               .dimensions = 2,
                               .side = atol (argv[4]) };
  if (delta1_operator_create_sampled (&A, use, 53, &o, &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  void *x = use->create (A->N, 53), *z = use->create (A->m, 53);
  acb_t entry;
  acb_init (entry);
  for (slong i = 0; x != NULL && i < A->N; i++)
    {
      double re = next (&state), im = next (&state);
      acb_set_d_d (entry, re, im);
      use->set_complex (x, i, entry);
    }
  delta1_operator_forward (A, z, x);
  for (slong i = 0; i < A->m; i++)
    {
      use->get_complex (entry, z, i);
      printf ("%.17g %.17g\n", arf_get_d (arb_midref (acb_realref (entry)), ARF_RND_NEAR),
              arf_get_d (arb_midref (acb_imagref (entry)), ARF_RND_NEAR));
    }
  acb_clear (entry);
  use->free (x, A->N);
  use->free (z, A->m);
  delta1_operator_free (A);
  return 0;
}
