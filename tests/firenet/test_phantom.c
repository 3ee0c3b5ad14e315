#include "tests/testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firenet/phantom.h"
#include "firenet/phantom_private.h"
#include "src/document.h"

/* The ellipses by their definition in doubles; where a point is nearly on one, nothing is said. The
 * head of 1974 has other contrasts, and its ninth ellipse another centre. */
static bool
shepp_logan (double *value, bool original, double x, double y, double margin)
{
  static const double e[10][7] = {
    { 1, .69, .92, 0, 0, 0, 2 },          { -.8, .6624, .874, 0, -.0184, 0, -.98 },
    { -.2, .11, .31, .22, 0, -18, -.02 }, { -.2, .16, .41, -.22, 0, 18, -.02 },
    { .1, .21, .25, 0, .35, 0, .01 },     { .1, .046, .046, 0, .1, 0, .01 },
    { .1, .046, .046, 0, -.1, 0, .01 },   { .1, .046, .023, -.08, -.605, 0, .01 },
    { .1, .023, .023, 0, -.606, 0, .01 }, { .1, .023, .046, .06, -.605, 0, .01 },
  };
  *value = 0;
  for (int k = 0; k < 10; k++)
    {
      double angle = e[k][5] * M_PI / 180, dx = x - e[k][3];
      double dy = y - (original && k == 8 ? -.605 : e[k][4]);
      double u = (dx * cos (angle) + dy * sin (angle)) / e[k][1];
      double v = (dy * cos (angle) - dx * sin (angle)) / e[k][2];
      double r = u * u + v * v;
      if (fabs (r - 1) < margin)
        return false;
      *value += r < 1 ? original ? e[k][6] / 2 : e[k][0] : 0;
    }
  return true;
}

static void
shepp_logan_by_ellipses (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const slong sides[] = { 1, 3, 64, 200, 512 };
  for (size_t k = 0; k < 2 * sizeof sides / sizeof sides[0]; k++)
    {
      slong n = sides[k / 2], decided = 0;
      bool original = k % 2 != 0;
      delta1_image_t image;
      assert_ok (delta1_phantom_make (&image,
                                      original ? DELTA1_PHANTOM_SHEPP_LOGAN_1974
                                               : DELTA1_PHANTOM_SHEPP_LOGAN,
                                      n, &reason),
                 reason);
      assert_true (image.width == n && image.height == n);
      for (slong i = 0; i < n; i++)
        for (slong j = 0; j < n; j++)
          {
            double value, x = (double)(2 * j + 1 - n) / (double)n;
            if (!shepp_logan (&value, original, x, (double)(n - 1 - 2 * i) / (double)n, 1e-5))
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

/* --- smooth: by other means --------------------------------------------------------------------
 */

#define STEPS 64
#define MARGIN 3e-4 /* more than the distance of an arc from its polygon of STEPS sides */

/* How often the polygon through points of the arcs winds round (x, y), by the sum of its angles;
 * false: it is too near. */
static bool
winding (long *turns, const delta1_phantom_curve_t *curve, double x, double y)
{
  double sum = 0, before[2] = { 0, 0 };
  for (int k = 0; k < curve->count; k++)
    for (int step = 0; step <= STEPS; step++)
      {
        double t = (double)step / STEPS, at[2];
        const int16_t *c[3] = { curve->corner[(k + curve->count - 1) % curve->count],
                                curve->corner[k], curve->corner[(k + 1) % curve->count] };
        for (int d = 0; d < 2; d++)
          at[d] = ((1 - t) * (1 - t) / 2 * c[0][d] + (.5 + t * (1 - t)) * c[1][d]
                   + t * t / 2 * c[2][d])
                      / 1000.0
                  - (d == 0 ? x : y);
        if (hypot (at[0], at[1]) < MARGIN)
          return false;
        if (k > 0 || step > 0)
          {
            double dx = at[0] - before[0], dy = at[1] - before[1], length = hypot (dx, dy);
            double across = before[0] * at[1] - before[1] * at[0];
            double along = -(before[0] * dx + before[1] * dy);
            if (fabs (across) < MARGIN * length && along > 0 && along < length * length)
              return false;
            sum += atan2 (across, before[0] * at[0] + before[1] * at[1]);
          }
        memcpy (before, at, sizeof before);
      }
  *turns = lrint (sum / (2 * M_PI));
  return true;
}

/* Whether a curve that does not cross itself is round the point; -1: not known. */
static int
curve_by_angles (const delta1_phantom_curve_t *curve, double x, double y)
{
  long turns = 0;
  if (!winding (&turns, curve, x, y))
    return -1;
  assert_true (labs (turns) <= 1);
  return turns != 0;
}

/* The same of an ellipse, by its definition. */
static int
ellipse_by_distance (const delta1_phantom_ellipse_t *e, double x, double y)
{
  double angle = 18 * M_PI / 180 * (double)e->rotation;
  double dx = x - (double)e->x / 10000, dy = y - (double)e->y / 10000;
  double u = (dx * cos (angle) + dy * sin (angle)) / (double)e->a * 10000;
  double v = (dy * cos (angle) - dx * sin (angle)) / (double)e->b * 10000;
  double r = u * u + v * v;
  return fabs (r - 1) < 1e-4 ? -1 : r < 1;
}

static void
smooth_by_angles (void **state)
{
  (void)state;
  delta1_reason_t reason;
  int count;
  const delta1_phantom_region_t *region = delta1_phantom_smooth_regions (&count);
  const int *s = delta1_phantom_sensitivity;
  static const slong sides[] = { 1, 2, 7, 60, 173, 4096 };
  for (size_t k = 0; k < sizeof sides / sizeof sides[0]; k++)
    {
      slong n = sides[k], seen[64] = { 0 }, near = 0, tried = n <= 60 ? n * n : 2500;
      delta1_image_t image;
      if (n == 4096 && delta1_test_rounds (1) == 1)
        n = 1024;
      assert_ok (delta1_phantom_make (&image, DELTA1_PHANTOM_SMOOTH, n, &reason), reason);
      for (slong pixel = 0; pixel < tried; pixel++)
        {
          slong i = n <= 60 ? pixel / n : delta1_test_random_below (n);
          slong j = n <= 60 ? pixel % n : delta1_test_random_below (n);
          double x = (double)(2 * j + 1 - n) / (double)n, y = (double)(n - 1 - 2 * i) / (double)n;
          int top = -1, inside = 0;
          for (int r = 0; r < count && inside >= 0; r++)
            {
              inside = region[r].curve.count > 0 ? curve_by_angles (&region[r].curve, x, y)
                                                 : ellipse_by_distance (&region[r].ellipse, x, y);
              top = inside == 1 ? r : top;
            }
          if (inside < 0)
            {
              near++;
              continue;
            }
          seen[top + 1]++;
          double sensitivity
              = (s[0] + s[1] * x + s[2] * y + s[3] * x * x + s[4] * x * y + s[5] * y * y) / 1000.0;
          double value = top < 0 ? 0 : region[top].thousandths / 1000.0 * sensitivity;
          if (fabs (value - image.pixel[i * n + j]) > 1e-12)
            fail_msg ("side %ld, pixel %ld, %ld: %g, not %g of region %d", (long)n, (long)i,
                      (long)j, image.pixel[i * n + j], value, top);
          assert_true (sensitivity > 0 && sensitivity <= 1);
        }
      assert_true (near * 20 <= tried);
      if (tried == 2500)
        assert_true (seen[0] > 500 && seen[7] > 100 && seen[9] > 100);
      delta1_image_clear (&image);
    }
}

/* Points on chords, where polygon and cap must agree, and corners of all kinds: small random curves
 * on a grid, every point of a finer grid that is not on the curve. */
static void
curves_on_a_grid (void **state)
{
  (void)state;
  slong decided = 0, inside = 0;
  for (int round = delta1_test_rounds (200); round > 0; round--)
    {
      int16_t corner[12][2];
      delta1_phantom_curve_t curve = { corner, 3 + (int)delta1_test_random_below (10) };
      for (int k = 0; k < curve.count; k++)
        for (int d = 0; d < 2; d++)
          corner[k][d] = (int16_t)(100 * (delta1_test_random_below (9) - 4));
      /* The points (x, y)/20, 50 thousandths apart: middles of sides are among them. */
      for (int x = -9; x <= 9; x++)
        for (int y = -9; y <= 9; y++)
          {
            long turns;
            if (!winding (&turns, &curve, x / 20.0, y / 20.0))
              continue;
            bool odd = turns % 2 != 0;
            decided++;
            inside += odd;
            if (delta1_phantom_curve_holds (&curve, x, y, 20) != odd)
              fail_msg ("round %d, (%d, %d): %s", round, x, y, odd ? "left out" : "held");
          }
    }
  assert_true (inside > decided / 20 && inside < decided / 2);
  assert_true (decided > 361 * delta1_test_rounds (200) / 2);
}

static void
phantoms_stay (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const char *const expected[DELTA1_PHANTOM_COUNT] = {
    "6b48ef44187fae5e75a47dcc0a1122d7325bc228ff6a210d35ef19eeda64b3ac",
    "6e601e0a9c6fb241afedea70740d994b4e7965564103dc9c66e89ae7de2bf9c1",
    "22137608b3b71b0561f10283eba6256a9a6a846c20cc731da1fb385202973366",
    "943b978210cbe3f9afd020f1d53561b21dc547722e1bd60d6bf5b666d6b26331",
  };
  for (int k = 0; k < DELTA1_PHANTOM_COUNT; k++)
    {
      char sha256[DELTA1_SHA256_TEXT];
      uint8_t bytes[512 * sizeof (double)];
      bool coarse = k == DELTA1_PHANTOM_SHEPP_LOGAN || k == DELTA1_PHANTOM_DETAIL;
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
              assert_true (k == DELTA1_PHANTOM_SMOOTH
                           || fabs (value * 1000 - rint (value * 1000)) < 1e-9);
              if (coarse)
                bytes[j] = (uint8_t)rint (value * 250);
              else
                memcpy (bytes + (size_t)j * sizeof value, &value, sizeof value);
              same += fabs (value - large.pixel[2048 * (4 * i + 2) + 4 * j + 2])
                      <= (k == DELTA1_PHANTOM_SMOOTH ? 1e-3 : 0);
            }
          delta1_sha256_update (hash, bytes, coarse ? 512 : sizeof bytes);
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
}

static void
names (void **state)
{
  (void)state;
  delta1_phantom_t found = DELTA1_PHANTOM_COUNT;
  static const char *const name[]
      = { "shepp-logan", "shepp-logan-1974", "smooth", "detail", "modified-shepp-logan" };
  for (int k = 0; k <= DELTA1_PHANTOM_COUNT; k++)
    {
      assert_true (delta1_phantom_find (&found, name[k]));
      assert_int_equal (found, k % DELTA1_PHANTOM_COUNT);
      assert_string_equal (delta1_phantom_name (found), name[k % DELTA1_PHANTOM_COUNT]);
    }
  for (int k = 0; k < DELTA1_PHANTOM_COUNT; k++)
    for (int l = 0; l < k; l++)
      assert_string_not_equal (delta1_phantom_summary ((delta1_phantom_t)k),
                               delta1_phantom_summary ((delta1_phantom_t)l));
  assert_false (delta1_phantom_find (&found, "shepp"));
  assert_false (delta1_phantom_find (&found, ""));
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
      if (shepp_logan (&value, false, (double)(2 * j + 1 - n) / (double)n,
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
    cmocka_unit_test (smooth_by_angles),
    cmocka_unit_test (curves_on_a_grid),
    cmocka_unit_test (phantoms_stay),
    cmocka_unit_test (names),
    cmocka_unit_test (largest_phantom),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
