/* phantom_private: ellipses and closed curves that hold points or do not, exactly. */
#ifndef DELTA1_PHANTOM_PRIVATE_H
#define DELTA1_PHANTOM_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

/* Lengths of an ellipse are multiples of 1/10000. */
typedef struct
{
  int64_t a, b;     /* half axes along x and y before the rotation, below 2^14 */
  int64_t x, y;     /* centre, at most 10000 from 0 */
  int64_t rotation; /* +-1: 18 degrees to the left or right; 0 */
} delta1_phantom_ellipse_t;

/* A closed quadratic B-spline: for every corner C_k the Bezier arc with the control points
 * (C_(k-1) + C_k)/2, C_k, (C_k + C_(k+1))/2. Coordinates are multiples of 1/1000, at most 1000 from
 * 0. */
typedef struct
{
  const int16_t (*corner)[2];
  int count; /* at least 3 */
} delta1_phantom_curve_t;

/* What is inside has this contrast. */
typedef struct
{
  int thousandths;
  delta1_phantom_ellipse_t ellipse; /* when the curve has no corners */
  delta1_phantom_curve_t curve;
} delta1_phantom_region_t;

/* Whether the ellipse holds the point (x, y)/n: the edge does. |x|, |y| < n <= 2^14. */
bool delta1_phantom_ellipse_holds (const delta1_phantom_ellipse_t *ellipse, int64_t x, int64_t y,
                                   int64_t n);

/* Whether the curve goes round the point (x, y)/n an odd number of times. Of a point on the curve
 * the answer is one of the two, the same everywhere. |x|, |y| < n <= 2^14. */
bool delta1_phantom_curve_holds (const delta1_phantom_curve_t *curve, int64_t x, int64_t y,
                                 int64_t n);

/* smooth: the regions, the later ones above the earlier ones; and the value at (x, y)/n. */
const delta1_phantom_region_t *delta1_phantom_smooth_regions (int *count);
double delta1_phantom_smooth_value (int64_t x, int64_t y, int64_t n);

/* 1000 times the sensitivity is the sum of these times 1, x, y, x^2, x y, y^2. */
extern const int delta1_phantom_sensitivity[6];

#endif
