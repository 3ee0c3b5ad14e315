#include <math.h>
#include <stdlib.h>

#include "firenet/sums.h"
#include "tests/testing.h"

static double
random_double (slong exponent)
{
  return ldexp ((double)delta1_test_random_below (((slong)1 << 40)) - 0x1p39, (int)exponent - 39);
}

static void
random_number (acb_t z, bool complex, slong exponent)
{
  acb_zero (z);
  arb_set_d (acb_realref (z), random_double (exponent));
  if (complex)
    arb_set_d (acb_imagref (z), random_double (exponent));
}

/* Sums over all sizes, with terms of very different sizes, contain the sums in balls. */
static void
sums (void **state)
{
  (void)state;
  for (int round = 0; round < delta1_test_rounds (200); round++)
    {
      bool complex = round % 2 == 1;
      const delta1_arithmetic_t *use
          = complex ? &delta1_arithmetic_complex_double : &delta1_arithmetic_double;
      slong count = 1 + delta1_test_random_below (round < 20 ? 6000 : 300);
      void *x = use->create (count, 53), *y = use->create (count, 53);
      double *w = calloc ((size_t)count, sizeof *w);
      slong spread = round % 3 == 0 ? 1 : 300, tilt = round % 5 == 0 ? -1060 : -spread / 2;
      acb_t s, t;
      arb_t got, norm, dot, absolute, size;
      acb_init (s);
      acb_init (t);
      arb_init (got);
      arb_init (norm);
      arb_init (dot);
      arb_init (absolute);
      arb_init (size);
      for (slong i = 0; i < count; i++)
        {
          random_number (s, complex, delta1_test_random_below (spread) + tilt);
          use->set_complex (x, i, s);
          random_number (s, complex, delta1_test_random_below (spread) + tilt);
          use->set_complex (y, i, s);
          w[i] = fabs (random_double (2));
          use->get_complex (s, x, i);
          use->get_complex (t, y, i);
          arb_addmul (norm, acb_realref (s), acb_realref (s), 2500);
          arb_addmul (norm, acb_imagref (s), acb_imagref (s), 2500);
          arb_addmul (dot, acb_realref (s), acb_realref (t), 2500);
          arb_addmul (dot, acb_imagref (s), acb_imagref (t), 2500);
          acb_abs (size, s, 2500);
          arb_set_d (got, w[i]);
          arb_addmul (absolute, got, size, 2500);
        }
      arb_sqrt (norm, norm, 2500);
      delta1_sums_norm (got, use, x, count);
      assert_true (arb_contains (got, norm));
      assert_true (tilt < -1000 || arb_rel_accuracy_bits (got) > 42);
      delta1_sums_dot (got, use, x, y, count);
      assert_true (arb_contains (got, dot));
      delta1_sums_absolute (got, use, x, w, count);
      assert_true (arb_contains (got, absolute));
      assert_true (tilt < -1000 || arb_rel_accuracy_bits (got) > 42);
      use->free (x, count);
      use->free (y, count);
      free (w);
      acb_clear (s);
      acb_clear (t);
      arb_clear (got);
      arb_clear (norm);
      arb_clear (dot);
      arb_clear (absolute);
      arb_clear (size);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (sums) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
