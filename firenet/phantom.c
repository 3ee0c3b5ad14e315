#include "firenet/phantom.h"

#include <string.h>

#include "firenet/phantom_private.h"

/* --- Shepp and Logan -------------------------------------------------------------------------- */

typedef struct
{
  int contrast; /* added to the value, in units of the table */
  delta1_phantom_ellipse_t ellipse;
} part_t;

typedef struct
{
  int unit;
  part_t part[10];
} head_t;

/* The ninth ellipse of the paper is 0.001 above that of the modified head. */
static const head_t modified = { 10,
                                 { { 10, { 6900, 9200, 0, 0, 0 } },
                                   { -8, { 6624, 8740, 0, -184, 0 } },
                                   { -2, { 1100, 3100, 2200, 0, -1 } },
                                   { -2, { 1600, 4100, -2200, 0, 1 } },
                                   { 1, { 2100, 2500, 0, 3500, 0 } },
                                   { 1, { 460, 460, 0, 1000, 0 } },
                                   { 1, { 460, 460, 0, -1000, 0 } },
                                   { 1, { 460, 230, -800, -6050, 0 } },
                                   { 1, { 230, 230, 0, -6060, 0 } },
                                   { 1, { 230, 460, 600, -6050, 0 } } } };
static const head_t original = { 200,
                                 { { 200, { 6900, 9200, 0, 0, 0 } },
                                   { -98, { 6624, 8740, 0, -184, 0 } },
                                   { -2, { 1100, 3100, 2200, 0, -1 } },
                                   { -2, { 1600, 4100, -2200, 0, 1 } },
                                   { 1, { 2100, 2500, 0, 3500, 0 } },
                                   { 1, { 460, 460, 0, 1000, 0 } },
                                   { 1, { 460, 460, 0, -1000, 0 } },
                                   { 1, { 460, 230, -800, -6050, 0 } },
                                   { 1, { 230, 230, 0, -6050, 0 } },
                                   { 1, { 230, 460, 600, -6050, 0 } } } };

static double
head_value (const head_t *head, int64_t x, int64_t y, int64_t n)
{
  int value = 0;
  for (size_t k = 0; k < sizeof head->part / sizeof head->part[0]; k++)
    if (delta1_phantom_ellipse_holds (&head->part[k].ellipse, x, y, n))
      value += head->part[k].contrast;
  return (double)value / head->unit;
}

static double
shepp_logan (int64_t x, int64_t y, int64_t n)
{
  return head_value (&modified, x, y, n);
}

static double
shepp_logan_1974 (int64_t x, int64_t y, int64_t n)
{
  return head_value (&original, x, y, n);
}

/* --- detail: on a grid of 512 x 512 cells ------------------------------------------------------
 */

static const delta1_phantom_ellipse_t plate = { 8200, 9500, 0, 0, 0 };

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
  if (!delta1_phantom_ellipse_holds (&plate, x, y, n))
    return 0;
  int row = (int)(CELLS * (n - y) / (2 * n)), column = (int)(CELLS * (n + x) / (2 * n));
  return (300 + 200 * row / CELLS + cell_value (row, column)) / 1000.0;
}

/* --- all of them ------------------------------------------------------------------------------ */

static const struct
{
  const char *name, *summary;
  double (*value) (int64_t x, int64_t y, int64_t n);
} phantoms[DELTA1_PHANTOM_COUNT] = {
  { "shepp-logan", "ten ellipses of Shepp and Logan, in the contrast of Toft", shepp_logan },
  { "shepp-logan-1974", "the same in the contrast of the paper", shepp_logan_1974 },
  { "smooth", "a head of smooth curves with a sensitivity", delta1_phantom_smooth_value },
  { "detail", "bars, dots and letters on a slope", detail },
};

const char *
delta1_phantom_name (delta1_phantom_t phantom)
{
  return phantoms[phantom].name;
}

const char *
delta1_phantom_summary (delta1_phantom_t phantom)
{
  return phantoms[phantom].summary;
}

bool
delta1_phantom_find (delta1_phantom_t *phantom, const char *name)
{
  if (strcmp (name, "modified-shepp-logan") == 0)
    name = phantoms[DELTA1_PHANTOM_SHEPP_LOGAN].name;
  for (int k = 0; k < DELTA1_PHANTOM_COUNT; k++)
    if (strcmp (name, phantoms[k].name) == 0)
      {
        *phantom = (delta1_phantom_t)k;
        return true;
      }
  return false;
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
      image->pixel[i * side + j]
          = phantoms[phantom].value (2 * j + 1 - side, side - 1 - 2 * i, side);
  return status;
}
