#include "tests/testing.h"

#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "src/image.h"
#include "src/npy.h"
#include "src/random.h"

static const char *
path_of (const char *name)
{
  static char path[8][400];
  static int turn;
  turn = (turn + 1) % 8;
  (void)snprintf (path[turn], sizeof path[turn], "%s/%s", delta1_test_directory (), name);
  return path[turn];
}

static size_t
content (uint8_t *bytes, size_t room, const char *path)
{
  FILE *file = fopen (path, "rb");
  assert_non_null (file);
  size_t size = fread (bytes, 1, room, file);
  (void)fclose (file);
  return size;
}

static void
put (const char *path, const uint8_t *bytes, size_t size)
{
  FILE *file = fopen (path, "wb");
  assert_non_null (file);
  assert_int_equal (fwrite (bytes, 1, size, file), size);
  (void)fclose (file);
}

/* --- PNG -------------------------------------------------------------------------------------- */

/* A PNG of any kind by libpng itself: rows of `channels` samples of `bits` bits. */
static void
write_png (const char *path, const uint8_t *rows, int width, int height, int bits, int type,
           int interlace)
{
  FILE *file = fopen (path, "wb");
  assert_non_null (file);
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  assert_non_null (info);
  png_init_io (png, file);
  png_set_IHDR (png, info, (png_uint_32)width, (png_uint_32)height, bits, type, interlace,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const png_color palette[2] = { { 10, 20, 30 }, { 255, 0, 128 } };
  const png_byte transparent[2] = { 0, 77 };
  if (type == PNG_COLOR_TYPE_PALETTE)
    {
      png_set_PLTE (png, info, palette, 2);
      png_set_tRNS (png, info, transparent, 2, NULL);
    }
  png_write_info (png, info);
  size_t length = png_get_rowbytes (png, info);
  for (int pass = png_set_interlace_handling (png); pass > 0; pass--)
    for (int i = 0; i < height; i++)
      png_write_row (png, (png_bytep)rows + (size_t)i * length);
  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);
  (void)fclose (file);
}

/* Every kind of file gives the values of its samples, in the order of the rows. */
static void
kinds_of_png (void **state)
{
  (void)state;
  static const uint8_t grey8[] = { 0, 1, 128, 254, 255, 7 }; /* 3 x 2 */
  static const uint8_t grey16[] = { 0, 1, 255, 255, 128, 0 };
  static const uint8_t rgb8[] = { 255, 0, 0, 0, 255, 0, 0, 0, 255 };
  static const uint8_t rgb16[] = { 1, 2, 3, 4, 5, 6 };
  static const uint8_t with_alpha[] = { 100, 0, 200, 255 };
  static const uint8_t rgba[] = { 9, 8, 7, 0 };
  static const uint8_t bit1[] = { 0xa0, 0x40 };
  static const uint8_t bit4[] = { 0x1f };
  static const uint8_t palette[] = { 0x40 };
  static const struct
  {
    const uint8_t *rows;
    int width, height, bits, type;
    double numerator[6], denominator;
  } kind[] = {
    { grey8, 3, 2, 8, PNG_COLOR_TYPE_GRAY, { 0, 1, 128, 254, 255, 7 }, 255 },
    { grey16, 3, 1, 16, PNG_COLOR_TYPE_GRAY, { 1, 65535, 32768 }, 65535 },
    { rgb8, 3, 1, 8, PNG_COLOR_TYPE_RGB, { 299 * 255, 587 * 255, 114 * 255 }, 255000 },
    { rgb16, 1, 1, 16, PNG_COLOR_TYPE_RGB, { 299 * 258 + 587 * 772 + 114 * 1286 }, 65535000 },
    { with_alpha, 2, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA, { 100, 200 }, 255 },
    { rgba, 1, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA, { 299 * 9 + 587 * 8 + 114 * 7 }, 255000 },
    { bit1, 3, 2, 1, PNG_COLOR_TYPE_GRAY, { 1, 0, 1, 0, 1, 0 }, 1 },
    { bit4, 2, 1, 4, PNG_COLOR_TYPE_GRAY, { 1, 15 }, 15 },
    { palette,
      2,
      1,
      1,
      PNG_COLOR_TYPE_PALETTE,
      { 299 * 10 + 587 * 20 + 114 * 30, 299 * 255 + 114 * 128 },
      255000 },
  };
  delta1_reason_t reason;
  for (size_t k = 0; k < sizeof kind / sizeof kind[0]; k++)
    for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7; interlace++)
      {
        delta1_image_t image = { .pixel = NULL };
        write_png (path_of ("kind.png"), kind[k].rows, kind[k].width, kind[k].height, kind[k].bits,
                   kind[k].type, interlace);
        assert_ok (delta1_image_read (&image, path_of ("kind.png"), &reason), reason);
        assert_int_equal (image.width, kind[k].width);
        assert_int_equal (image.height, kind[k].height);
        for (slong i = 0; i < image.width * image.height; i++)
          if (image.pixel[i] != kind[k].numerator[i] / kind[k].denominator)
            fail_msg ("kind %zu, pixel %ld: %.17g", k, (long)i, image.pixel[i]);
        delta1_image_clear (&image);
      }
}

/* Written and read again: the nearest grey value of the window, ends cut off; v/full is a fixed
 * point. */
static void
writing_rounds_once (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const double pixel[] = { -1, 2, 2.25, 3, 4, 9 };
  static const double window[2] = { 2, 4 };
  for (int bits = 8; bits <= 16; bits += 8)
    {
      double full = bits == 8 ? 255 : 65535;
      delta1_image_t image, back = { .pixel = NULL };
      assert_ok (delta1_image_init (&image, 2, 3, &reason), reason);
      assert_true (image.pixel[0] == 0 && image.pixel[5] == 0);
      memcpy (image.pixel, pixel, sizeof pixel);
      assert_ok (delta1_image_write (&image, path_of ("w.png"), bits, window, &reason), reason);
      assert_ok (delta1_image_read (&back, path_of ("w.png"), &reason), reason);
      assert_int_equal (back.width, 2);
      assert_int_equal (back.height, 3);
      const double expected[] = { 0, 0, rint (full / 8) / full, rint (full / 2) / full, 1, 1 };
      assert_memory_equal (back.pixel, expected, sizeof expected);
      delta1_image_clear (&image);
      delta1_image_clear (&back);
    }
  delta1_image_t all, back = { .pixel = NULL };
  static const double unit[2] = { 0, 1 };
  assert_ok (delta1_image_init (&all, 256, 256, &reason), reason);
  for (slong i = 0; i < 65536; i++)
    all.pixel[i] = (double)i / 65535;
  assert_ok (delta1_image_write (&all, path_of ("w.png"), 16, unit, &reason), reason);
  assert_ok (delta1_image_read (&back, path_of ("w.png"), &reason), reason);
  assert_memory_equal (back.pixel, all.pixel, 65536 * sizeof *all.pixel);
  delta1_image_clear (&all);
  delta1_image_clear (&back);
}

static void
writing_refuses (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_image_t image;
  static const double unit[2] = { 0, 1 }, empty[2] = { 1, 1 }, wild[2] = { 0, INFINITY };
  const char *path = path_of ("refused.png");
  assert_refused (delta1_image_init (&image, 0, 3, &reason), DELTA1_INPUT, reason, "0 x 3");
  assert_refused (delta1_image_init (&image, 3, 16385, &reason), DELTA1_INPUT, reason, "16384");
  assert_ok (delta1_image_init (&image, 2, 2, &reason), reason);
  assert_refused (delta1_image_write (&image, path, 12, unit, &reason), DELTA1_INPUT, reason, "12");
  assert_refused (delta1_image_write (&image, path, 8, empty, &reason), DELTA1_INPUT, reason,
                  "low < high");
  assert_refused (delta1_image_write (&image, path, 8, wild, &reason), DELTA1_INPUT, reason,
                  "low < high");
  image.pixel[3] = NAN;
  assert_refused (delta1_image_write (&image, path, 8, unit, &reason), DELTA1_INPUT, reason,
                  "pixel 1 of row 1");
  image.pixel[3] = 0;
  assert_refused (delta1_image_write (&image, path_of ("absent/x.png"), 8, unit, &reason),
                  DELTA1_SYSTEM, reason, "absent");
  assert_int_not_equal (access (path, F_OK), 0);
  if (access ("/dev/full", W_OK) == 0)
    {
      delta1_image_clear (&image);
      assert_ok (delta1_image_init (&image, 300, 300, &reason), reason);
      for (slong i = 0; i < 90000; i++)
        image.pixel[i] = (double)delta1_test_random_below (65536) / 65535;
      assert_refused (delta1_image_write (&image, "/dev/full", 16, unit, &reason), DELTA1_SYSTEM,
                      reason, "No space");
    }
  delta1_image_clear (&image);
}

static void
masks (void **state)
{
  (void)state;
  delta1_reason_t reason;
  uint8_t mask[49], *back = NULL;
  slong side = 0;
  for (int i = 0; i < 49; i++)
    mask[i] = (uint8_t)delta1_test_random_below (2);
  mask[0] = 1;
  mask[1] = 0;
  assert_ok (delta1_image_write_mask (mask, 7, path_of ("mask.png"), &reason), reason);
  assert_ok (delta1_image_read_mask (&back, &side, path_of ("mask.png"), &reason), reason);
  assert_int_equal (side, 7);
  assert_memory_equal (back, mask, sizeof mask);
  free (back);
  static const uint8_t grey[] = { 0, 255, 255, 254 };
  write_png (path_of ("mask.png"), grey, 2, 2, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE);
  assert_refused (delta1_image_read_mask (&back, &side, path_of ("mask.png"), &reason),
                  DELTA1_INPUT, reason, "pixel 1 of row 1");
  write_png (path_of ("mask.png"), grey, 3, 1, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE);
  assert_refused (delta1_image_read_mask (&back, &side, path_of ("mask.png"), &reason),
                  DELTA1_INPUT, reason, "3 x 1; allowed: square");
}

/* What is not a whole PNG is refused in one line, wherever it ends and whatever byte is wrong (a
 * changed byte may still be a PNG). */
static void
damaged_files (void **state)
{
  (void)state;
  delta1_reason_t reason;
  uint8_t rows[32 * 32 * 3], good[8192], bad[8192];
  delta1_image_t image = { .pixel = NULL };
  for (size_t i = 0; i < sizeof rows; i++)
    rows[i] = (uint8_t)delta1_test_random_below (256);
  const char *path = path_of ("damaged.png");
  for (int interlace = PNG_INTERLACE_NONE; interlace <= PNG_INTERLACE_ADAM7; interlace++)
    {
      write_png (path, rows, 32, 32, 8, PNG_COLOR_TYPE_RGB, interlace);
      size_t size = content (good, sizeof good, path);
      assert_true (size > 1000 && size < sizeof good);
      for (size_t length = 0; length < size; length += length < 60 || length > size - 20 ? 1 : 97)
        {
          put (path, good, length);
          assert_refused (delta1_image_read (&image, path, &reason), DELTA1_INPUT, reason,
                          length < 8 ? "not a PNG" : "damaged or truncated");
          assert_null (image.pixel);
        }
      for (int round = delta1_test_rounds (300); round > 0; round--)
        {
          memcpy (bad, good, size);
          bad[delta1_test_random_below (round % 2 == 0 ? 60 : (slong)size)]
              ^= (uint8_t)(1 + delta1_test_random_below (255));
          put (path, bad, size);
          delta1_status_t status = delta1_image_read (&image, path, &reason);
          if (status != DELTA1_OK)
            assert_refused (status, DELTA1_INPUT, reason, "PNG");
          delta1_image_clear (&image);
        }
    }
  assert_refused (delta1_image_read (&image, path_of ("absent.png"), &reason), DELTA1_SYSTEM,
                  reason, "No such file");
  assert_refused (delta1_image_read (&image, delta1_test_directory (), &reason), DELTA1_SYSTEM,
                  reason, "directory");
}

/* A header that promises 40 GB is refused before memory is asked for. */
static void
large_header (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_image_t image = { .pixel = NULL };
  uint8_t bytes[33] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D',
                        'R',  0,   3,   0,   0,    0,    3,    0,    0, 8, 0, 0,  0,   0 };
  uint32_t crc = 0xffffffff;
  for (int i = 12; i < 29; i++)
    {
      crc ^= bytes[i];
      for (int b = 0; b < 8; b++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  crc = ~crc;
  for (int i = 0; i < 4; i++)
    bytes[29 + i] = (uint8_t)(crc >> (24 - 8 * i));
  uint8_t more[45] = { 0 };
  memcpy (more, bytes, 33);
  memcpy (more + 33, "\0\0\0\0IDAT\x35\xaf\x06\x1e", 12);
  put (path_of ("large.png"), more, sizeof more);
  assert_refused (delta1_image_read (&image, path_of ("large.png"), &reason), DELTA1_INPUT, reason,
                  "196608 x 196608 pixels; allowed: sides 1 to 16384");
}

/* --- NPY, random ------------------------------------------------------------------------------ */

static void
npy_bytes (void **state)
{
  (void)state;
  delta1_reason_t reason;
  char sha256[DELTA1_SHA256_TEXT], again[DELTA1_SHA256_TEXT];
  uint8_t bytes[4096];
  double values[] = { 1, -2.5, 0.1, 5e-324, 1e308, -0.0 };
  static const struct
  {
    slong shape[2];
    bool is_complex;
    const char *dictionary;
  } kind[] = {
    { { 6, 0 }, false, "{'descr': '<f8', 'fortran_order': False, 'shape': (6,), }" },
    { { 2, 3 }, false, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }" },
    { { 3, 0 }, true, "{'descr': '<c16', 'fortran_order': False, 'shape': (3,), }" },
    { { 3, 1 }, true, "{'descr': '<c16', 'fortran_order': False, 'shape': (3, 1), }" },
  };
  for (size_t k = 0; k < sizeof kind / sizeof kind[0]; k++)
    {
      const char *path = path_of ("a.npy");
      const delta1_npy_t array = { .shape = { kind[k].shape[0], kind[k].shape[1] },
                                   .is_complex = kind[k].is_complex,
                                   .values = values };
      delta1_npy_t back;
      assert_ok (delta1_npy_write (path, &array, sha256, &reason), reason);
      size_t size = content (bytes, sizeof bytes, path);
      delta1_sha256 (again, bytes, size);
      assert_string_equal (sha256, again);
      assert_memory_equal (bytes, "\x93NUMPY\x01\0", 8);
      size_t header = 10 + bytes[8] + 256 * (size_t)bytes[9];
      assert_int_equal (header % 64, 0);
      assert_int_equal (size, header + sizeof values);
      assert_int_equal (bytes[header - 1], '\n');
      size_t length = strlen (kind[k].dictionary);
      assert_memory_equal (bytes + 10, kind[k].dictionary, length);
      for (size_t i = 10 + length; i < header - 1; i++)
        assert_int_equal (bytes[i], ' ');
      static const uint8_t minus_five_halves[] = { 0, 0, 0, 0, 0, 0, 4, 0xc0 };
      assert_memory_equal (bytes + header + 8, minus_five_halves, 8);
      assert_ok (delta1_npy_read (&back, path, 6, again, &reason), reason);
      assert_string_equal (sha256, again);
      assert_memory_equal (back.values, values, sizeof values);
      assert_true (back.is_complex == array.is_complex && back.shape[0] == array.shape[0]
                   && back.shape[1] == array.shape[1]);
      free (back.values);
      back.values = NULL;
      assert_refused (delta1_npy_read (&back, path, 2, NULL, &reason), DELTA1_INPUT, reason,
                      "at most 2");
      /* Cut anywhere, or longer. */
      for (size_t cut = 0; cut < size; cut += cut < 100 ? 1 : 3)
        {
          put (path_of ("cut.npy"), bytes, cut);
          assert_refused (delta1_npy_read (&back, path_of ("cut.npy"), 6, NULL, &reason),
                          DELTA1_INPUT, reason, "cut.npy: ");
          assert_null (back.values);
        }
      put (path_of ("cut.npy"), bytes, size + 1);
      assert_refused (delta1_npy_read (&back, path_of ("cut.npy"), 6, NULL, &reason), DELTA1_INPUT,
                      reason, "goes on");
    }
  assert_refused (delta1_npy_write (path_of ("absent/b.npy"),
                                    &(delta1_npy_t){ .shape = { 6, 0 }, .values = values }, NULL,
                                    &reason),
                  DELTA1_SYSTEM, reason, "absent");
  delta1_npy_t none;
  assert_refused (delta1_npy_read (&none, path_of ("absent.npy"), 6, NULL, &reason), DELTA1_SYSTEM,
                  reason, "No such file");
  assert_refused (delta1_npy_read (&none, delta1_test_directory (), 6, NULL, &reason),
                  DELTA1_SYSTEM, reason, "directory");
}

/* Longer than a chunk. */
static void
npy_long (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_npy_t many = { .shape = { 100, 200 } }, back;
  many.values = malloc (20000 * sizeof *many.values);
  assert_non_null (many.values);
  uint64_t seed = 1;
  for (int i = 0; i < 20000; i++)
    many.values[i] = delta1_random_normal (&seed);
  assert_ok (delta1_npy_write (path_of ("b.npy"), &many, NULL, &reason), reason);
  assert_ok (delta1_npy_read (&back, path_of ("b.npy"), 20000, NULL, &reason), reason);
  assert_memory_equal (back.values, many.values, 20000 * sizeof (double));
  free (back.values);
  if (access ("/dev/full", W_OK) == 0)
    assert_refused (delta1_npy_write ("/dev/full", &many, NULL, &reason), DELTA1_SYSTEM, reason,
                    "No space");
  many.values[19999] = NAN;
  assert_ok (delta1_npy_write (path_of ("b.npy"), &many, NULL, &reason), reason);
  assert_refused (delta1_npy_read (&back, path_of ("b.npy"), 20000, NULL, &reason), DELTA1_INPUT,
                  reason, "double 19999 is not finite");
  free (many.values);
}

/* Headers that others write, and those that are refused. */
static void
npy_headers (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const struct
  {
    const char *text;
    slong rows, columns; /* 0: refused */
  } header[] = {
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", 2, 0 },
    { "{'shape':(1,2),'fortran_order':False,'descr':'<f8'}  \n", 1, 2 },
    { " { 'descr' : '<c16' , 'fortran_order' : False , 'shape' : ( 1 , ) } \n", 1, 0 },
    { "{'descr': '<f8', 'fortran_order': True, 'shape': (2,), }", 0, 0 },
    { "{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", 0, 0 },
    { "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 0, 0 },
    { "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (2), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (2 ), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, ), }", 1, 2 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (1 2), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (-2,), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 2), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, }", 0, 0 },
    { "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'x': 1}", 0, 0 },
    { "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), } x", 0, 0 },
    { "", 0, 0 },
  };
  for (size_t k = 0; k < sizeof header / sizeof header[0]; k++)
    for (uint8_t version = 0; version <= 3; version++)
      {
        size_t length = strlen (header[k].text), head = version == 2 ? 12 : 10;
        uint8_t file[256] = { 0x93, 'N', 'U', 'M', 'P', 'Y', version, 0, (uint8_t)length };
        memcpy (file + head, header[k].text, length);
        put (path_of ("h.npy"), file, head + length + 16);
        delta1_npy_t array;
        delta1_status_t status = delta1_npy_read (&array, path_of ("h.npy"), 2, NULL, &reason);
        if (header[k].rows == 0 || version < 1 || version > 2)
          {
            assert_refused (status, DELTA1_INPUT, reason, "NPY");
            continue;
          }
        assert_ok (status, reason);
        assert_int_equal (array.shape[0], header[k].rows);
        assert_int_equal (array.shape[1], header[k].columns);
        assert_true (array.values[0] == 0 && array.values[1] == 0);
        free (array.values);
      }
}

/* The numbers of splitmix64 are public; a mask or a noise of a seed must not change. */
static void
random_numbers (void **state)
{
  (void)state;
  uint64_t seed = 1234567;
  assert_true (delta1_random_bits (&seed) == UINT64_C (6457827717110365317));
  assert_true (delta1_random_bits (&seed) == UINT64_C (3203168211198807973));
  assert_true (delta1_random_bits (&seed) == UINT64_C (9817491932198370423));
  int count[3] = { 0 };
  for (int i = 0; i < 30000; i++)
    count[delta1_random_below (&seed, 3)]++;
  for (int i = 0; i < 3; i++)
    assert_in_range (count[i], 9600, 10400);
  assert_true (delta1_random_below (&seed, 1) == 0);
  /* Three quarters of all numbers: a remainder alone would be below 2^62 half of the time. */
  int low = 0;
  for (int i = 0; i < 4000; i++)
    {
      uint64_t z = delta1_random_below (&seed, UINT64_C (3) << 62);
      assert_true (z < UINT64_C (3) << 62);
      low += z < UINT64_C (1) << 62;
    }
  assert_in_range (low, 1180, 1490);
  double mean = 0, variance = 0;
  for (int i = 0; i < 10000; i++)
    {
      double x = delta1_random_normal (&seed);
      mean += x / 10000;
      variance += x * x / 10000;
    }
  assert_true (fabs (mean) < 0.05 && fabs (variance - 1) < 0.06);
}

/* --- PGM -------------------------------------------------------------------------------------- */

#define TEXT(text) text, sizeof text - 1

static void
kinds_of_pgm (void **state)
{
  (void)state;
  static const struct
  {
    const char *bytes;
    size_t size;
    double numerator[6], denominator;
  } kind[] = {
    { TEXT ("P5\n3 2\n255\n\x00\x01\x80\xfe\xff\x07"), { 0, 1, 128, 254, 255, 7 }, 255 },
    { TEXT ("P5 3 2 7 \x00\x01\x02\x03\x07\x06"), { 0, 1, 2, 3, 7, 6 }, 7 },
    /* One blank ends the header: the next bytes, blanks and a #, are pixels. */
    { TEXT ("P5\t3\r2\v255\n #\n\r\t\f"), { 32, 35, 10, 13, 9, 12 }, 255 },
    { TEXT ("P5\n3 2\n65535\n\x00\x01\x01\x00\xff\xff\x80\x00\x00\x00\x12\x34"),
      { 1, 256, 65535, 32768, 0, 0x1234 },
      65535 },
    { TEXT ("P5\n3 2\n256\n\x00\x01\x01\x00\x00\xff\x00\x00\x00\x00\x00\x02"),
      { 1, 256, 255, 0, 0, 2 },
      256 },
    { TEXT ("P5 # a\n# 9 9 9\n3#x\n2 # \r255\n\x00\x01\x80\xfe\xff\x07"),
      { 0, 1, 128, 254, 255, 7 },
      255 },
    { TEXT ("P2\n3 2\n10\n0 1 2\n10 4\n\n5"), { 0, 1, 2, 10, 4, 5 }, 10 },
    { TEXT ("P2#\n03 2 065535\n0 1 2 65535 4 05 \n\n"), { 0, 1, 2, 65535, 4, 5 }, 65535 },
    { TEXT ("P2 3 2 1 0 1 1 0 0 1"), { 0, 1, 1, 0, 0, 1 }, 1 },
  };
  delta1_reason_t reason;
  for (size_t k = 0; k < sizeof kind / sizeof kind[0]; k++)
    {
      delta1_image_t image = { .pixel = NULL };
      put (path_of ("kind.pgm"), (const uint8_t *)kind[k].bytes, kind[k].size);
      assert_ok (delta1_image_read (&image, path_of ("kind.pgm"), &reason), reason);
      assert_true (image.width == 3 && image.height == 2);
      for (slong i = 0; i < 6; i++)
        if (image.pixel[i] != kind[k].numerator[i] / kind[k].denominator)
          fail_msg ("kind %zu, pixel %ld: %.17g", k, (long)i, image.pixel[i]);
      delta1_image_clear (&image);
    }
}

static void
damaged_pgm (void **state)
{
  (void)state;
  static const struct
  {
    const char *bytes;
    size_t size;
    const char *word;
  } bad[] = {
    { TEXT ("P"), "not a PNG or PGM" },
    { TEXT ("P5"), "not a PNG or PGM" },
    { TEXT ("P53 2 255 123456"), "not a PNG or PGM" },
    { TEXT ("P6\n1 1\n255\nabc"), "not a PNG or PGM" },
    { TEXT ("P5 "), "header" },
    { TEXT ("P5 2 1"), "header" },
    { TEXT ("P5 2 1 255"), "header" },
    { TEXT ("P5 2 1 0\nab"), "1 to 65535" },
    { TEXT ("P5 2 1 65536\nabcd"), "1 to 65535" },
    { TEXT ("P5 -2 1 255\nab"), "header" },
    { TEXT ("P5 2x1 255\nab"), "header" },
    { TEXT ("P5 2 1 255# no end"), "header" },
    { TEXT ("P5 0 1 255\n"), "0 x 1 pixels; allowed: sides 1 to 16384" },
    { TEXT ("P5 1 20000 255\n"), "sides 1 to 16384" },
    { TEXT ("P5 200000 200000 255\nab"), "header" },
    { TEXT ("P5 99999999999999999999 1 255\nab"), "header" },
    { TEXT ("P5 16384 16384 65535\nab"), "length does not fit 16384 x 16384" },
    { TEXT ("P2 16384 16384 9\n1 2"), "length does not fit" },
    { TEXT ("P5 2 1 255\na"), "length" },
    { TEXT ("P5 2 1 255\nabc"), "length" },
    { TEXT ("P5 2 1 256\nab"), "length" },
    { TEXT ("P5 2 1 256\n\1\0\1\1"), "pixel 1 of row 0" },
    { TEXT ("P5 1 2 90\nZ["), "pixel 0 of row 1" },
    { TEXT ("P2 2 1 9 9 "), "length" },
    { TEXT ("P2 2 1 9 9     "), "pixel 1 of row 0" },
    { TEXT ("P2 2 1 9 9 10"), "above the maximum 9" },
    { TEXT ("P2 2 1 9 9 x9"), "pixel 1 of row 0" },
    { TEXT ("P2 2 1 9 9 9x"), "pixel 1 of row 0" },
    { TEXT ("P2 2 1 9 -1 9"), "pixel 0 of row 0" },
    { TEXT ("P2 2 1 9 1 9 1"), "goes on after" },
    { TEXT ("P2 2 1 9 1 9 # end"), "goes on after" },
  };
  delta1_reason_t reason;
  delta1_image_t image = { .pixel = NULL };
  const char *path = path_of ("bad.pgm");
  for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
    {
      put (path, (const uint8_t *)bad[k].bytes, bad[k].size);
      assert_refused (delta1_image_read (&image, path, &reason), DELTA1_INPUT, reason, bad[k].word);
      assert_null (image.pixel);
    }
}

/* What is written is read: the fixed points v/maximum of both depths, and the bytes of the format.
 */
static void
writing_pgm (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const double unit[2] = { 0, 1 }, wide[2] = { 2, 4 };
  delta1_image_t all, back = { .pixel = NULL };
  uint8_t bytes[32];
  assert_ok (delta1_image_init (&all, 512, 128, &reason), reason);
  for (slong i = 0; i < 65536; i++)
    all.pixel[i] = (double)i / 65535;
  assert_ok (delta1_image_write_pgm (&all, path_of ("w.pgm"), 16, unit, &reason), reason);
  assert_ok (delta1_image_read (&back, path_of ("w.pgm"), &reason), reason);
  assert_true (back.width == 512 && back.height == 128);
  assert_memory_equal (back.pixel, all.pixel, 65536 * sizeof *all.pixel);
  all.pixel[3] = NAN;
  assert_refused (delta1_image_write_pgm (&all, path_of ("n.pgm"), 8, unit, &reason), DELTA1_INPUT,
                  reason, "pixel 3 of row 0");
  assert_int_not_equal (access (path_of ("n.pgm"), F_OK), 0);
  assert_refused (delta1_image_write_pgm (&all, path_of ("n.pgm"), 9, unit, &reason), DELTA1_INPUT,
                  reason, "9 bits");
  delta1_image_clear (&back);
  all.pixel[3] = 0;
  if (access ("/dev/full", W_OK) == 0)
    assert_refused (delta1_image_write_pgm (&all, "/dev/full", 16, unit, &reason), DELTA1_SYSTEM,
                    reason, "No space");
  delta1_image_clear (&all);
  assert_ok (delta1_image_init (&all, 2, 3, &reason), reason);
  static const double pixel[] = { -1, 2, 2.25, 3, 4, 9 };
  memcpy (all.pixel, pixel, sizeof pixel);
  assert_ok (delta1_image_write_pgm (&all, path_of ("w.pgm"), 8, wide, &reason), reason);
  assert_int_equal (content (bytes, sizeof bytes, path_of ("w.pgm")), 17);
  assert_memory_equal (bytes, "P5\n2 3\n255\n\x00\x00\x20\x80\xff\xff", 17);
  delta1_image_clear (&all);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (kinds_of_png),    cmocka_unit_test (writing_rounds_once),
    cmocka_unit_test (writing_refuses), cmocka_unit_test (masks),
    cmocka_unit_test (damaged_files),   cmocka_unit_test (large_header),
    cmocka_unit_test (npy_bytes),       cmocka_unit_test (npy_long),
    cmocka_unit_test (npy_headers),     cmocka_unit_test (random_numbers),
    cmocka_unit_test (kinds_of_pgm),    cmocka_unit_test (damaged_pgm),
    cmocka_unit_test (writing_pgm),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
