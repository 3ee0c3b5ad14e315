#include "tests/testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/phantom.h"
#include "src/document.h"

/* The ellipses by their definition in doubles; where a point is nearly on one, nothing is said. */
static bool
shepp_logan (double *value, double x, double y, double margin)
{
  static const double e[10][6] = {
    { 1, .69, .92, 0, 0, 0 },        { -.8, .6624, .874, 0, -.0184, 0 },
    { -.2, .11, .31, .22, 0, -18 },  { -.2, .16, .41, -.22, 0, 18 },
    { .1, .21, .25, 0, .35, 0 },     { .1, .046, .046, 0, .1, 0 },
    { .1, .046, .046, 0, -.1, 0 },   { .1, .046, .023, -.08, -.605, 0 },
    { .1, .023, .023, 0, -.606, 0 }, { .1, .023, .046, .06, -.605, 0 },
  };
  *value = 0;
  for (int k = 0; k < 10; k++)
    {
      double angle = e[k][5] * M_PI / 180, dx = x - e[k][3], dy = y - e[k][4];
      double u = (dx * cos (angle) + dy * sin (angle)) / e[k][1];
      double v = (dy * cos (angle) - dx * sin (angle)) / e[k][2];
      double r = u * u + v * v;
      if (fabs (r - 1) < margin)
        return false;
      *value += r < 1 ? e[k][0] : 0;
    }
  return true;
}

static void
shepp_logan_by_ellipses (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const slong sides[] = { 1, 3, 64, 200, 512 };
  for (size_t k = 0; k < sizeof sides / sizeof sides[0]; k++)
    {
      slong n = sides[k], decided = 0;
      delta1_image_t image;
      assert_ok (delta1_phantom_make (&image, DELTA1_PHANTOM_SHEPP_LOGAN, n, &reason), reason);
      assert_true (image.width == n && image.height == n);
      for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++)
          {
            double value, x = (double)(2 * j + 1 - n) / (double)n;
            if (!shepp_logan (&value, x, (double)(n - 1 - 2 * i) / (double)n, 1e-5))
              continue;
            decided++;
            if (fabs (value - image.pixel[i * n + j]) > 1e-12)
              fail_msg ("side %ld, pixel %ld, %ld: %g, not %g", (long)n, (long)i, (long)j,
                        image.pixel[i * n + j], value);
          }
      assert_true (decided > n * n - n / 2 - 2);
      delta1_image_clear (&image);
    }
}

static void
phantoms_stay (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const char *const expected[] = {
    "6b48ef44187fae5e75a47dcc0a1122d7325bc228ff6a210d35ef19eeda64b3ac",
    "943b978210cbe3f9afd020f1d53561b21dc547722e1bd60d6bf5b666d6b26331",
  };
  for (int k = 0; k < DELTA1_PHANTOM_COUNT; k++)
    {
      char sha256[DELTA1_SHA256_TEXT];
      uint8_t bytes[512];
      delta1_sha256_t *hash = delta1_sha256_create ();
      assert_non_null (hash);
      delta1_image_t image, large;
      assert_ok (delta1_phantom_make (&image, (delta1_phantom_t)k, 512, &reason), reason);
      assert_ok (delta1_phantom_make (&large, (delta1_phantom_t)k, 2048, &reason), reason);
      slong same = 0;
      for (slong i = 0; i < 512; i++)
        {
          for (slong j = 0; j < 512; j++)
            {
              double value = image.pixel[512 * i + j];
              assert_true (value >= 0 && value <= 1);
              assert_true (fabs (value * 1000 - rint (value * 1000)) < 1e-9);
              bytes[j] = (uint8_t)rint (value * 250);
              same += value == large.pixel[2048 * (4 * i + 2) + 4 * j + 2];
            }
          delta1_sha256_update (hash, bytes, sizeof bytes);
        }
      delta1_sha256_finish (sha256, hash);
      assert_string_equal (sha256, expected[k]);
      /* The same function at another side: only pixels on an edge differ. */
      assert_true (same > 512 * 512 * 98 / 100);
      delta1_image_clear (&image);
      delta1_image_clear (&large);
    }
  delta1_image_t image = { .pixel = NULL };
  assert_refused (delta1_phantom_make (&image, DELTA1_PHANTOM_DETAIL, 0, &reason), DELTA1_INPUT,
                  reason, "0 x 0");
  assert_string_equal (delta1_phantom_name (DELTA1_PHANTOM_DETAIL), "detail");
}

/* The largest side: where integers of the ellipses are largest. */
static void
largest_phantom (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_image_t image;
  slong n = DELTA1_IMAGE_MAX_SIDE;
  if (delta1_test_rounds (1) == 1)
    n /= 4; /* sixteen times faster; the whole one with a multiplier */
  assert_ok (delta1_phantom_make (&image, DELTA1_PHANTOM_SHEPP_LOGAN, n, &reason), reason);
  for (int round = 0; round < 2000; round++)
    {
      double value;
      slong i = delta1_test_random_below (n), j = delta1_test_random_below (n);
      if (shepp_logan (&value, (double)(2 * j + 1 - n) / (double)n,
                       (double)(n - 1 - 2 * i) / (double)n, 1e-5))
        assert_true (fabs (value - image.pixel[i * n + j]) < 1e-12);
    }
  delta1_image_clear (&image);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (shepp_logan_by_ellipses),
    cmocka_unit_test (phantoms_stay),
    cmocka_unit_test (largest_phantom),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
