#include "firenet/phantom_private.h"

#include <stdlib.h>

__extension__ typedef __int128 wide_t;

#define ELLIPSE_UNIT 10000
#define CURVE_UNIT 1000
#define ROTATION_BITS 20
#define COSINE 997255
#define SINE 324028

/* ((cX + sY)/a)^2 + ((cY - sX)/b)^2 <= n^2 for (X, Y) = UNIT (x, y) - n centre, multiplied out. n
 * <= 2^14 and a, b < 2^14: where |X|, |Y| <= reach < 2^29, |u|, |v| < 2^65 and limit < 2^62, so
 * that the squares that are formed stay below 2^125. */
bool
delta1_phantom_ellipse_holds (const delta1_phantom_ellipse_t *e, int64_t x, int64_t y, int64_t n)
{
  int64_t X = ELLIPSE_UNIT * x - n * e->x, Y = ELLIPSE_UNIT * y - n * e->y;
  int64_t reach = 2 * n * (e->a > e->b ? e->a : e->b);
  if (X > reach || -X > reach || Y > reach || -Y > reach)
    return false;
  int64_t c = e->rotation == 0 ? INT64_C (1) << ROTATION_BITS : COSINE;
  int64_t s = SINE * e->rotation;
  wide_t u = (wide_t)(c * X + s * Y) * e->b, v = (wide_t)(c * Y - s * X) * e->a;
  wide_t limit = (wide_t)(e->a * e->b * n) << ROTATION_BITS;
  return u <= limit && -u <= limit && v <= limit && -v <= limit && u * u + v * v <= limit * limit;
}

/* --- curves -------------------------------------------------------------------------------------
 *
 * In units of 1/(2 CURVE_UNIT n) all points are integers of at most 2 * 1000 * 2^14 < 2^25;
 * products of two differences are below 2^52, cross products below 2^53, their products below
 * 2^107.
 *
 * A ray from Q crosses the curve as often as the polygon through the ends of the arcs, up to an
 * even number and one for every cap, between an arc and its chord, that holds Q. So Q is inside
 * when polygon and caps that hold it are odd in number. For this the two must agree about a point
 * on a chord: both answer for the point (x + e, y + e^2) with an infinitesimal e > 0. */

typedef struct
{
  int64_t x, y;
} point_t;

static int64_t
cross (point_t o, point_t a, point_t b)
{
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

/* Whether the edge from a to b crosses the ray from q in the direction of x. */
static bool
crosses (point_t a, point_t b, point_t q)
{
  if ((a.y > q.y) == (b.y > q.y))
    return false;
  int64_t side = cross (a, b, q);
  return b.y > a.y ? side > 0 : side < 0;
}

/* Whether q is between the arc with the control points p and its chord from p[0] to p[2]. With the
 * barycentric coordinates s of q in the triangle, which on the arc are (1 - t)^2, 2 t (1 - t), t^2:
 * s_0, s_2 >= 0, s_1 > 0 and s_1^2 <= 4 s_0 s_2. */
static bool
cap_holds (const point_t p[3], point_t q)
{
  int64_t area = cross (p[0], p[1], p[2]);
  int64_t s_0 = cross (q, p[1], p[2]), s_1 = cross (q, p[2], p[0]), s_2 = cross (q, p[0], p[1]);
  if (area < 0)
    {
      s_0 = -s_0;
      s_1 = -s_1;
      s_2 = -s_2;
    }
  if (area == 0 || s_0 < 0 || s_1 < 0 || s_2 < 0)
    return false;
  if (s_1 == 0)
    {
      /* How s_1 changes when q moves by e, or when that is not at all by e^2 upward. */
      int64_t change = p[2].y != p[0].y ? p[2].y - p[0].y : p[0].x - p[2].x;
      return (area < 0 ? -change : change) > 0;
    }
  return (wide_t)s_1 * s_1 <= 4 * (wide_t)s_0 * s_2;
}

/* -1, 0, 1: the corner is below the point, as high, above. */
static int
height (const int16_t *corner, int64_t y, int64_t n)
{
  int64_t above = n * corner[1] - CURVE_UNIT * y;
  return (above > 0) - (above < 0);
}

bool
delta1_phantom_curve_holds (const delta1_phantom_curve_t *curve, int64_t x, int64_t y, int64_t n)
{
  const point_t q = { 2 * CURVE_UNIT * x, 2 * CURVE_UNIT * y };
  const int16_t (*c)[2] = curve->corner;
  const int16_t *before = c[curve->count - 1], *here = c[0];
  int height_before = height (before, y, n), height_here = height (here, y, n);
  bool inside = false;
  for (int k = 0; k < curve->count; k++)
    {
      const int16_t *next = c[k + 1 < curve->count ? k + 1 : 0];
      int height_next = height (next, y, n);
      /* An arc is among its corners: one that is above or below neither crosses nor holds. */
      if (abs (height_before + height_here + height_next) < 3)
        {
          const point_t p[3] = { { n * (before[0] + here[0]), n * (before[1] + here[1]) },
                                 { 2 * n * here[0], 2 * n * here[1] },
                                 { n * (here[0] + next[0]), n * (here[1] + next[1]) } };
          inside ^= crosses (p[0], p[2], q) != cap_holds (p, q);
        }
      before = here;
      here = next;
      height_before = height_here;
      height_here = height_next;
    }
  return inside;
}
