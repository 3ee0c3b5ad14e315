#include "firenet/phantom.h"

#include <stdint.h>

__extension__ typedef __int128 wide_t;

#define UNIT 10000 /* lengths of an ellipse are multiples of 1/UNIT */
#define ROTATION_BITS 20
#define COSINE 997255
#define SINE 324028

typedef struct
{
  int tenths;       /* added to the value */
  int64_t a, b;     /* half axes along x and y before the rotation */
  int64_t x, y;     /* centre */
  int64_t rotation; /* +-1: 18 degrees to the left or right; 0 */
} ellipse_t;

static const ellipse_t head[] = {
  { 10, 6900, 9200, 0, 0, 0 },     { -8, 6624, 8740, 0, -184, 0 },  { -2, 1100, 3100, 2200, 0, -1 },
  { -2, 1600, 4100, -2200, 0, 1 }, { 1, 2100, 2500, 0, 3500, 0 },   { 1, 460, 460, 0, 1000, 0 },
  { 1, 460, 460, 0, -1000, 0 },    { 1, 460, 230, -800, -6050, 0 }, { 1, 230, 230, 0, -6060, 0 },
  { 1, 230, 460, 600, -6050, 0 },
};
static const ellipse_t plate = { 0, 8200, 9500, 0, 0, 0 };

#define ELLIPSES (sizeof head / sizeof head[0])

/* Whether the point (x, y)/n is in the ellipse: ((cX + sY)/a)^2 + ((cY - sX)/b)^2 <= n^2 for (X, Y)
 * = UNIT (x, y) - n centre, multiplied out. n <= 2^14 and a, b < 2^14: where |X|, |Y| <= reach <
 * 2^29, |u|, |v| < 2^65 and limit < 2^62, so that the squares that are formed stay below 2^125. */
static bool
holds (const ellipse_t *e, int64_t x, int64_t y, int64_t n)
{
  int64_t X = UNIT * x - n * e->x, Y = UNIT * y - n * e->y;
  int64_t reach = 2 * n * (e->a > e->b ? e->a : e->b);
  if (X > reach || -X > reach || Y > reach || -Y > reach)
    return false;
  int64_t c = e->rotation == 0 ? INT64_C (1) << ROTATION_BITS : COSINE;
  int64_t s = SINE * e->rotation;
  wide_t u = (wide_t)(c * X + s * Y) * e->b, v = (wide_t)(c * Y - s * X) * e->a;
  wide_t limit = (wide_t)(e->a * e->b * n) << ROTATION_BITS;
  return u <= limit && -u <= limit && v <= limit && -v <= limit && u * u + v * v <= limit * limit;
}

static double
shepp_logan (int64_t x, int64_t y, int64_t n)
{
  int tenths = 0;
  for (size_t k = 0; k < ELLIPSES; k++)
    if (holds (head + k, x, y, n))
      tenths += head[k].tenths;
  return tenths / 10.0;
}

/* --- detail: on a grid of 512 x 512 cells ------------------------------------------------------
 */

#define CELLS 512
#define LETTERS 6
#define LETTER_WIDTH 6 /* with the gap */
#define LETTER_HEIGHT 7

/* Rows from the top, the left column is bit 4. */
static const uint8_t letter[LETTERS][LETTER_HEIGHT] = {
  { 0x1e, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1e }, /* D */
  { 0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f }, /* E */
  { 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f }, /* L */
  { 0x1f, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04 }, /* T */
  { 0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11 }, /* A */
  { 0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e }, /* 1 */
};

/* A rectangle of the grid: rows from `top`, columns from `left`. */
typedef struct
{
  int top, left, height, width;
} box_t;

static bool
inside (const box_t *box, int row, int column)
{
  return row >= box->top && row < box->top + box->height && column >= box->left
         && column < box->left + box->width;
}

typedef struct
{
  int top, left, scale; /* cells a dot of a letter */
  int thousandths;      /* added */
} word_t;

static const word_t words[] = {
  { 300, 140, 4, 450 }, { 300, 310, 2, 450 }, { 320, 310, 1, 450 },
  { 360, 140, 4, 60 },  { 360, 310, 2, 60 },
};

static int
word_value (const word_t *word, int row, int column)
{
  const box_t box = { word->top, word->left, LETTER_HEIGHT * word->scale,
                      LETTERS * LETTER_WIDTH * word->scale };
  if (!inside (&box, row, column))
    return 0;
  int i = (row - word->top) / word->scale, j = (column - word->left) / word->scale;
  int bit = LETTER_WIDTH - 2 - j % LETTER_WIDTH; /* -1: the gap */
  bool on = bit >= 0 && (letter[j / LETTER_WIDTH][i] >> bit & 1) != 0;
  return on ? word->thousandths : 0;
}

static int
cell_value (int row, int column)
{
  static const int bar_left[] = { 140, 260, 330, 370 };
  static const box_t board = { 220, 140, 48, 48 }, dots = { 220, 220, 48, 96 };
  static const box_t slope = { 220, 340, 48, 48 };
  int value = 0;
  for (int k = 0; k < 4; k++)
    {
      int width = 8 >> k;
      const box_t bars = { 120, bar_left[k], 64, 10 * width };
      if (inside (&bars, row, column) && (column - bars.left) / width % 2 == 0)
        value += 400;
    }
  if (inside (&board, row, column) && ((row - board.top) / 4 + (column - board.left) / 4) % 2 == 0)
    value += 300;
  if (inside (&dots, row, column) && (row - dots.top) % 8 == 4 && (column - dots.left) % 8 == 4)
    value += 450;
  if (inside (&slope, row, column))
    value += 8 * (column - slope.left);
  for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
    value += word_value (words + k, row, column);
  return value;
}

static double
detail (int64_t x, int64_t y, int64_t n)
{
  if (!holds (&plate, x, y, n))
    return 0;
  int row = (int)(CELLS * (n - y) / (2 * n)), column = (int)(CELLS * (n + x) / (2 * n));
  return (300 + 200 * row / CELLS + cell_value (row, column)) / 1000.0;
}

const char *
delta1_phantom_name (delta1_phantom_t phantom)
{
  return phantom == DELTA1_PHANTOM_DETAIL ? "detail" : "shepp-logan";
}

delta1_status_t
delta1_phantom_make (delta1_image_t *image, delta1_phantom_t phantom, slong side,
                     delta1_reason_t *reason)
{
  delta1_status_t status = delta1_image_init (image, side, side, reason);
  if (status != DELTA1_OK)
    return status;
  for (slong i = 0; i < side; i++)
    for (slong j = 0; j < side; j++)
      {
        slong x = 2 * j + 1 - side, y = side - 1 - 2 * i;
        image->pixel[i * side + j]
            = phantom == DELTA1_PHANTOM_DETAIL ? detail (x, y, side) : shepp_logan (x, y, side);
      }
  return status;
}
