#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "oracles/table.h"
#include "src/number.h"
#include "tests/testing.h"

static const char *
write_file (const char *name, const void *data, size_t size)
{
  static char path[300];
  (void)snprintf (path, sizeof path, "%s/%s", delta1_test_directory (), name);
  FILE *file = fopen (path, "wb");
  assert_non_null (file);
  assert_int_equal (fwrite (data, 1, size, file), size);
  assert_int_equal (fclose (file), 0);
  return path;
}

static void
expect (const char *path, slong rows, slong columns, const char *const *numbers)
{
  delta1_reason_t reason;
  delta1_source_t *source;
  slong got_rows = -1, got_columns = -1;
  fmpq_t re, im, wanted;
  fmpq_init (re);
  fmpq_init (im);
  fmpq_init (wanted);
  assert_ok (delta1_source_create_table (&source, &got_rows, &got_columns, path, &reason), reason);
  assert_int_equal (got_rows, rows);
  assert_int_equal (got_columns, columns);
  assert_int_equal (source->count, rows * columns);
  for (slong j = 0; j < rows * columns; j++)
    {
      assert_true (source->table->exact (source->context, re, im, j));
      assert_ok (delta1_number_parse (wanted, numbers[j], &reason), reason);
      if (!fmpq_equal (re, wanted))
        fail_msg ("entry %ld is not %s", (long)j, numbers[j]);
    }
  delta1_source_free (source);
  fmpq_clear (re);
  fmpq_clear (im);
  fmpq_clear (wanted);
}

static void
refuse (const char *path, delta1_status_t status, const char *word)
{
  delta1_reason_t reason;
  delta1_source_t *source;
  slong rows = 7, columns = 7;
  assert_refused (delta1_source_create_table (&source, &rows, &columns, path, &reason), status,
                  reason, word);
  assert_refused (status, status, reason, path);
  assert_int_equal (rows, 7);
}

static void
test_text (void **state)
{
  (void)state;
  static const char *const numbers[] = { "1", "1/3", "-2.5", "0", "1e-3", "0x1.8p-3" };
  static const char *const good[]
      = { "1 1/3 -2.5\n0 1e-3 0x1.8p-3\n", "1,1/3,-2.5\n0,1e-3,0x1.8p-3",
          "# head\n\n  1 ,1/3\t, -2.5 # tail, 5\r\n\t\n#\n0 1e-3 0x1.8p-3" };
  for (int i = 0; i < 3; i++)
    expect (write_file ("good.txt", good[i], strlen (good[i])), 2, 3, numbers);
  expect (write_file ("one.txt", "1", 1), 1, 1, numbers);

  static const char *const bad[][2] = {
    { "", "no number" },
    { "\n# nothing\n\n", "no number" },
    { "1 2\n3\n", "line 2 has 1 numbers" },
    { "1 2\n\n3 4 5\n", "line 3 has 3 numbers" },
    { "1 2\n3 x\n", "line 2, number 2: 'x'" },
    { "1 nan\n", "number 2: 'nan'" },
    { "inf\n", "'inf'" },
    { "1,,2\n", "missing before comma 2" },
    { ",1\n", "missing before comma 1" },
    { "1,2,\n", "after its last comma" },
    { "1;2\n", "'1;2'" },
    { "1 2/0\n", "'2/0'" },
    { "1e99999999\n", "exponents" },
    { "1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 "
      "1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 "
      "1e40000000",
      "bits together" },
  };
  const size_t count = sizeof bad / sizeof *bad;
  for (size_t i = 0; i + 1 < count; i++)
    refuse (write_file ("bad.txt", bad[i][0], strlen (bad[i][0])), DELTA1_INPUT, bad[i][1]);
  /* the sum of sizes is watched: see the last case, kept out of the quick run */
  if (getenv ("DELTA1_TEST_MULTIPLIER") != NULL)
    refuse (write_file ("bad.txt", bad[count - 1][0], strlen (bad[count - 1][0])), DELTA1_INPUT,
            bad[count - 1][1]);
  refuse (write_file ("zero.txt", "1 2\0 3\n", 7), DELTA1_INPUT, "byte 3 is zero");
  refuse ("/nonexistent/table", DELTA1_SYSTEM, "cannot be opened");
  refuse (delta1_test_directory (), DELTA1_INPUT, "regular file");
  char fifo[300];
  (void)snprintf (fifo, sizeof fifo, "%s/fifo", delta1_test_directory ());
  assert_int_equal (mkfifo (fifo, 0600), 0);
  refuse (fifo, DELTA1_INPUT, "regular file");
}

/* --- NPY ----------------------------------------------------------------------------------------
 */

/* Magic, version, length and text of the header, then the bytes. */
static const char *
write_npy (const char *name, int version, const char *head, const void *data, size_t size)
{
  unsigned char *file = calloc (1, 20 + strlen (head) + size);
  size_t length = strlen (head), at = 8;
  assert_non_null (file);
  memcpy (file, "\x93NUMPY", 6);
  file[6] = (unsigned char)version;
  file[at++] = (unsigned char)length;
  file[at++] = (unsigned char)(length >> 8);
  if (version > 1)
    at += 2;
  memcpy (file + at, head, length);
  memcpy (file + at + length, data, size);
  const char *path = write_file (name, file, at + length + size);
  free (file);
  return path;
}

static void
reverse (void *item, size_t width)
{
  unsigned char *byte = item;
  for (size_t i = 0; i < width / 2; i++)
    {
      unsigned char kept = byte[i];
      byte[i] = byte[width - 1 - i];
      byte[width - 1 - i] = kept;
    }
}

static void
test_npy_layouts (void **state)
{
  (void)state;
  static const char *const numbers[]
      = { "1", "-2.5", "0x1.999999999999ap-4", "0", "0x1p-1074", "0x1.fffffffffffffp1023" };
  static const char *const floats[] = { "1", "-2.5", "0x1.99999ap-4", "0", "0x1p-149", "3" };
  const double wide[6] = { 1, -2.5, 0.1, -0.0, 5e-324, 1.7976931348623157e308 };
  const double turned[6] = { 1, -0.0, -2.5, 5e-324, 0.1, 1.7976931348623157e308 };
  const float narrow[6] = { 1, -2.5f, 0.1f, -0.0f, 1.4e-45f, 3 };
  double wide_big[6];
  float narrow_big[6];
  memcpy (wide_big, wide, sizeof wide);
  memcpy (narrow_big, narrow, sizeof narrow);
  for (int i = 0; i < 6; i++)
    {
      reverse (&wide_big[i], 8);
      reverse (&narrow_big[i], 4);
    }
  for (int version = 1; version <= 3; version++)
    {
      expect (write_npy ("a.npy", version,
                         "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }   \n", wide,
                         sizeof wide),
              2, 3, numbers);
      expect (write_npy ("a.npy", version,
                         "{\"shape\":(2,3),\"fortran_order\":True,\"descr\":\"<f8\"}", turned,
                         sizeof turned),
              2, 3, numbers);
      expect (write_npy ("without-ending", version,
                         "{'descr': '>f8', 'fortran_order': False, 'shape': (6,), }", wide_big,
                         sizeof wide_big),
              1, 6, numbers);
      expect (write_npy ("a.npy", version,
                         "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 1), }", narrow,
                         sizeof narrow),
              6, 1, floats);
      expect (write_npy ("a.npy", version,
                         "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 6), }", narrow_big,
                         sizeof narrow_big),
              1, 6, floats);
    }
}

static void
test_npy_complex (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_source_t *source;
  slong rows, columns;
  fmpq_t re, im;
  fmpq_init (re);
  fmpq_init (im);
  for (int big = 0; big < 2; big++)
    {
      double z[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }; /* Fortran order: columns (1+2i, 3+4i), ... */
      for (int i = 0; i < 8 && big; i++)
        reverse (&z[i], 8);
      const char *path
          = write_npy ("c.npy", 1,
                       big ? "{'descr': '>c16', 'fortran_order': True, 'shape': (2, 2)}"
                           : "{'descr': '<c16', 'fortran_order': True, 'shape': (2, 2)}",
                       z, sizeof z);
      assert_ok (delta1_source_create_table (&source, &rows, &columns, path, &reason), reason);
      assert_true (source->complex);
      assert_true (source->table->exact (source->context, re, im, 1));
      assert_true (fmpq_equal_si (re, 5) && fmpq_equal_si (im, 6));
      delta1_source_free (source);
    }
  fmpq_clear (re);
  fmpq_clear (im);
}

#define HEAD(descr, order, shape)                                                                  \
  "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }"

static void
test_npy_malformed (void **state)
{
  (void)state;
  const double two[2] = { 1, 2 };
  static const char *const heads[][2] = {
    { HEAD ("<i8", "False", "(2,)"), "'descr'" },
    { HEAD ("|f8", "False", "(2,)"), "'descr'" },
    { HEAD ("<f16", "False", "(1,)"), "'descr'" },
    { HEAD ("<f8x", "False", "(2,)"), "'descr'" },
    { HEAD ("<f8", "Maybe", "(2,)"), "'fortran_order'" },
    { HEAD ("<f8", "False", "()"), "'shape'" },
    { HEAD ("<f8", "False", "2"), "'shape'" },
    { HEAD ("<f8", "False", "(2)"), "'shape'" },
    { HEAD ("<f8", "False", "(2,1,1)"), "'shape'" },
    { HEAD ("<f8", "False", "(0,)"), "'shape'" },
    { HEAD ("<f8", "False", "(0, 2)"), "'shape'" },
    { HEAD ("<f8", "False", "(-2,)"), "'shape'" },
    { HEAD ("<f8", "False", "(2,"), "'shape'" },
    { HEAD ("<f8", "False", "(99999999999999999999999,)"), "'shape'" },
    { HEAD ("<f8", "False", "(2000000000000,)"), "'shape'" },
    { HEAD ("<f8", "False", "(1099511627776, 1099511627776)"), "promises" },
    { HEAD ("<f8", "False", "(1099511627776,)"), "promises" },
    { HEAD ("<f8", "False", "(1000000000, 1000)"), "promises" },
    { HEAD ("<f8", "False", "(3,)"), "promises 1 x 3" },
    { HEAD ("<f8", "False", "(1,)"), "promises" },
    { HEAD ("<c16", "False", "(2,)"), "promises" },
    { "{'fortran_order': False, 'shape': (2,)}", "'descr'" },
    { "{'descr': '<f8', 'shape': (2,)}", "'fortran_order'" },
    { "{'descr': '<f8', 'fortran_order': False}", "'shape'" },
    { "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", "'descr'" },
    { "{'descr\": '<f8', 'fortran_order': False, 'shape': (2,)}", "'descr'" },
    { "{'descr'", "'descr'" },
    { "", "'descr'" },
  };
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
    refuse (write_npy ("bad.npy", 1, heads[i][0], two, sizeof two), DELTA1_INPUT, heads[i][1]);
  refuse (write_npy ("bad.npy", 4, HEAD ("<f8", "False", "(2,)"), two, sizeof two), DELTA1_INPUT,
          "version");
  refuse (write_npy ("bad.npy", 0, HEAD ("<f8", "False", "(2,)"), two, sizeof two), DELTA1_INPUT,
          "version");
  refuse (write_file ("bad.npy", "1 2 3\n", 6), DELTA1_INPUT, "magic");
  refuse (write_file ("bad.npy", "", 0), DELTA1_INPUT, "magic");
  refuse (write_file ("huge", "\x93NUMPY\x02\x00\xff\xff\xff\xff", 12), DELTA1_INPUT, "65536");

  const double odd[3][4] = { { 1, 2, NAN, 4 }, { 1, 2, INFINITY, 4 }, { 1, 2, -INFINITY, 4 } };
  for (int i = 0; i < 3; i++)
    refuse (write_npy ("bad.npy", 1, HEAD ("<f8", "False", "(2, 2)"), odd[i], sizeof odd[i]),
            DELTA1_INPUT, i == 0 ? "row 1, column 0 (from 0) is NaN" : "is infinite");
}

/* A good file cut at every length is refused, and says so in one line. */
static void
test_npy_truncated (void **state)
{
  (void)state;
  const double two[2] = { 1, 2 };
  unsigned char whole[200];
  const char *path = write_npy ("whole", 1, HEAD ("<f8", "False", "(2,)"), two, sizeof two);
  FILE *file = fopen (path, "rb");
  assert_non_null (file);
  size_t size = fread (whole, 1, sizeof whole, file);
  (void)fclose (file);
  for (size_t cut = 0; cut < size; cut++)
    refuse (write_file ("cut.npy", whole, cut), DELTA1_INPUT, "NPY");
}

/* A good file with bytes changed at random: refused in one line, or read; never worse. */
static void
test_npy_mutated (void **state)
{
  (void)state;
  const double two[2] = { 1, 2 };
  unsigned char whole[200];
  const char *path = write_npy ("whole", 1, HEAD ("<f8", "False", "(2,)"), two, sizeof two);
  FILE *file = fopen (path, "rb");
  assert_non_null (file);
  size_t size = fread (whole, 1, sizeof whole, file);
  (void)fclose (file);
  for (int round = 0; round < delta1_test_rounds (2000); round++)
    {
      unsigned char mutant[200];
      delta1_reason_t reason;
      delta1_source_t *source;
      slong rows, columns;
      memcpy (mutant, whole, size);
      for (slong i = delta1_test_random_below (3); i >= 0; i--)
        mutant[delta1_test_random_below ((slong)size)] = (unsigned char)delta1_test_random ();
      path = write_file ("mutant", mutant, size);
      delta1_status_t status = delta1_source_create_table (&source, &rows, &columns, path, &reason);
      if (status == DELTA1_OK)
        delta1_source_free (source);
      else
        assert_refused (status, DELTA1_INPUT, reason, "mutant");
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_text),          cmocka_unit_test (test_npy_layouts),
    cmocka_unit_test (test_npy_complex),   cmocka_unit_test (test_npy_malformed),
    cmocka_unit_test (test_npy_truncated), cmocka_unit_test (test_npy_mutated),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
