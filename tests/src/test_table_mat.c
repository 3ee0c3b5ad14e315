#include "config.h"

#include "tests/src/table_files.h"

#ifdef HAVE_MATIO

#include <math.h>
#include <matio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
file_path (const char *name)
{
  static char path[300];
  (void)snprintf (path, sizeof path, "%s/%s", delta1_test_directory (), name);
  (void)remove (path);
  return path;
}

typedef struct
{
  const char *name;
  enum matio_classes class_type;
  enum matio_types type;
  size_t rows, columns;
  const void *data;
} array_t;

static const char *
write_mat (const char *name, enum matio_compression compression, int flags, const array_t *arrays,
           int count)
{
  const char *path = file_path (name);
  mat_t *file = Mat_CreateVer (path, NULL, MAT_FT_MAT5);
  assert_non_null (file);
  for (int i = 0; i < count; i++)
    {
      size_t dims[2] = { arrays[i].rows, arrays[i].columns };
      matvar_t *variable = Mat_VarCreate (arrays[i].name, arrays[i].class_type, arrays[i].type, 2,
                                          dims, (void *)arrays[i].data, flags);
      assert_non_null (variable);
      assert_int_equal (Mat_VarWrite (file, variable, compression), 0);
      Mat_VarFree (variable);
    }
  assert_int_equal (Mat_Close (file), 0);
  return path;
}

static const double six[6] = { 1, -2.5, 0.1, 0, 5e-324, 1e300 }; /* column by column */
static const array_t full = { "A", MAT_C_DOUBLE, MAT_T_DOUBLE, 2, 3, six };

static mat_uint32_t sparse_rows[] = { 1, 0, 1 }, sparse_starts[] = { 0, 1, 1, 3 };
static double sparse_data[] = { -2.5, 3, 0.5 };

static const char *
write_sparse_array (size_t rows, size_t columns, mat_sparse_t *sparse)
{
  const array_t array = { "S", MAT_C_SPARSE, MAT_T_DOUBLE, rows, columns, sparse };
  return write_mat ("sparse.mat", MAT_COMPRESSION_NONE, 0, &array, 1);
}

static const char *
write_sparse (size_t row_count, mat_uint32_t *rows, mat_uint32_t *starts)
{
  mat_sparse_t sparse = {
    .nzmax = 3, .ir = rows, .nir = 3, .jc = starts, .njc = 4, .ndata = 3, .data = sparse_data
  };
  return write_sparse_array (row_count, 3, &sparse);
}

static void
test_full_and_sparse (void **state)
{
  (void)state;
  static const char *const numbers[]
      = { "1", "0x1.999999999999ap-4", "0x1p-1074", "-2.5", "0", "0x1.7e43c8800759cp996" };
  table_expect (write_mat ("a.mat", MAT_COMPRESSION_NONE, 0, &full, 1), 2, 3, numbers);
  table_expect (write_mat ("a.mat", MAT_COMPRESSION_ZLIB, 0, &full, 1), 2, 3, numbers);
  static const char *const sparse[] = { "0", "0", "3", "-2.5", "0", "0.5" };
  table_expect (write_sparse (2, sparse_rows, sparse_starts), 2, 3, sparse);
}

static void
test_types (void **state)
{
  (void)state;
  static const float singles[] = { 0.5f, -3 };
  static const mat_int8_t bytes[] = { -2, 3 };
  static const mat_uint8_t unsigned_bytes[] = { 254, 3 };
  static const mat_int16_t shorts[] = { -300, 3 };
  static const mat_uint16_t unsigned_shorts[] = { 65000, 3 };
  static const mat_int32_t words[] = { -70000, 3 };
  static const mat_uint32_t unsigned_words[] = { 4000000000U, 3 };
  static const mat_int64_t longs[] = { -5000000000, 3 };
  static const mat_uint64_t unsigned_longs[] = { 18446744073709551615U, 3 };
  static const struct
  {
    array_t array;
    const char *numbers[2];
  } cases[] = {
    { { "x", MAT_C_SINGLE, MAT_T_SINGLE, 2, 1, singles }, { "0.5", "-3" } },
    { { "x", MAT_C_INT8, MAT_T_INT8, 2, 1, bytes }, { "-2", "3" } },
    { { "x", MAT_C_UINT8, MAT_T_UINT8, 2, 1, unsigned_bytes }, { "254", "3" } },
    { { "x", MAT_C_INT16, MAT_T_INT16, 2, 1, shorts }, { "-300", "3" } },
    { { "x", MAT_C_UINT16, MAT_T_UINT16, 2, 1, unsigned_shorts }, { "65000", "3" } },
    { { "x", MAT_C_INT32, MAT_T_INT32, 2, 1, words }, { "-70000", "3" } },
    { { "x", MAT_C_UINT32, MAT_T_UINT32, 2, 1, unsigned_words }, { "4000000000", "3" } },
    { { "x", MAT_C_INT64, MAT_T_INT64, 2, 1, longs }, { "-5000000000", "3" } },
    { { "x", MAT_C_UINT64, MAT_T_UINT64, 2, 1, unsigned_longs }, { "18446744073709551615", "3" } },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    table_expect (write_mat ("t.mat", MAT_COMPRESSION_NONE, 0, &cases[i].array, 1), 2, 1,
                  cases[i].numbers);
}

static void
test_variables (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_table_t table;
  const array_t arrays[] = { full,
                             { "b", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 1, six + 1 },
                             { "text", MAT_C_CHAR, MAT_T_UINT8, 1, 2, "hi" } };
  const char *path = write_mat ("several.mat", MAT_COMPRESSION_NONE, 0, arrays, 3);
  table_refuse (path, DELTA1_INPUT, "several arrays, name one (FILE.mat:NAME): A b text");
  delta1_table_init (&table);
  assert_ok (delta1_table_file_read (&table, path, "b", &reason), reason);
  assert_true (table.rows == 1 && table.columns == 1);
  delta1_table_clear (&table);
  assert_refused (delta1_table_file_read (&table, path, "c", &reason), DELTA1_INPUT, reason,
                  "no numeric array 'c'; it holds: A b text (no numbers)");
  assert_refused (delta1_table_file_read (&table, path, "text", &reason), DELTA1_INPUT, reason,
                  "no numeric array 'text'");
  table_refuse (write_mat ("text.mat", MAT_COMPRESSION_NONE, 0, arrays + 2, 1), DELTA1_INPUT,
                "no numeric array; it holds: text");
}

static void
test_refusals (void **state)
{
  (void)state;
  double bad[2] = { 1, NAN };
  const array_t array = { "n", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 2, bad };
  table_refuse (write_mat ("nan.mat", MAT_COMPRESSION_NONE, 0, &array, 1), DELTA1_INPUT,
                "row 0, column 1 (from 0) is NaN");
  const mat_complex_split_t parts = { (void *)six, (void *)six };
  const array_t complex = { "z", MAT_C_DOUBLE, MAT_T_DOUBLE, 1, 2, &parts };
  table_refuse (write_mat ("z.mat", MAT_COMPRESSION_NONE, MAT_F_COMPLEX, &complex, 1), DELTA1_INPUT,
                "'z' is complex");
  const array_t empty = { "e", MAT_C_DOUBLE, MAT_T_DOUBLE, 0, 2, six };
  table_refuse (write_mat ("e.mat", MAT_COMPRESSION_NONE, 0, &empty, 1), DELTA1_INPUT,
                "'e' is empty");
  table_refuse (table_write_text ("text.mat", "1 2 3\n"), DELTA1_INPUT, "no MAT file of version 5");
  /* A file of version 5 whose header promises version 4 or HDF5 is not handed on. */
  size_t size;
  unsigned char *bytes
      = table_load (write_mat ("v5.mat", MAT_COMPRESSION_NONE, 0, &full, 1), &size);
  for (unsigned char version = 0; version < 4; version += 2)
    {
      bytes[bytes[126] == 'I' ? 125 : 124] = version;
      table_refuse (table_write ("v.mat", bytes, size), DELTA1_INPUT, "no MAT file of version 5");
    }
  free (bytes);
  table_refuse (table_write_text ("seven.mat", "MATLAB 7.3 MAT-file"), DELTA1_INPUT, "-v7");
  table_refuse (table_write ("seven", "\x89HDF\r\n\x1a\n", 8), DELTA1_INPUT, "HDF5");
}

/* Rows and starts that are none, each with nothing else wrong. */
static void
test_broken_sparse (void **state)
{
  (void)state;
  static mat_uint32_t twice[] = { 1, 1, 1 }, outside[] = { 1, 0, 2 }, ascending[] = { 0, 1, 2 };
  table_refuse (write_sparse (2, twice, sparse_starts), DELTA1_INPUT,
                "rows of 'S' are out of order");
  table_refuse (write_sparse (2, outside, sparse_starts), DELTA1_INPUT,
                "rows of 'S' are out of order");
  static mat_uint32_t falling[] = { 0, 3, 1, 3 }, beyond[] = { 0, 1, 9, 3 },
                      late[] = { 1, 1, 2, 3 }, many[] = { 0, 1, 1, 4 };
  table_refuse (write_sparse (3, ascending, falling), DELTA1_INPUT,
                "columns of 'S' are out of order");
  table_refuse (write_sparse (3, ascending, beyond), DELTA1_INPUT,
                "columns of 'S' are out of order");
  table_refuse (write_sparse (3, ascending, late), DELTA1_INPUT, "'S' is broken");
  table_refuse (write_sparse (4, ascending, many), DELTA1_INPUT, "'S' is broken");
  /* more starts than rows that are listed; than numbers */
  for (mat_uint32_t lost = 0; lost < 2; lost++)
    {
      static mat_uint32_t starts[] = { 0, 1, 2, 3 };
      mat_sparse_t sparse = { .nzmax = 3,
                              .ir = ascending,
                              .nir = 3 - lost,
                              .jc = starts,
                              .njc = 4,
                              .ndata = 2 + lost,
                              .data = sparse_data };
      table_refuse (write_sparse_array (3, 3, &sparse), DELTA1_INPUT, "'S' is broken");
    }
}

/* One column, its first `listed` rows are 1: a full table of at most 2^22 numbers, or of 100 for
 * each that is listed. */
static void
test_size_of_sparse (void **state)
{
  (void)state;
  static const struct
  {
    size_t rows;
    mat_uint32_t listed;
    bool allowed;
  } cases[] = { { 1 << 22, 1, true },
                { (1 << 22) + 1, 1, false },
                { 4200000, 41999, false },
                { 4200000, 42000, true },
                { 1000000000, 1, false } };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      mat_uint32_t listed = cases[i].listed, starts[] = { 0, listed };
      mat_uint32_t *rows = malloc (listed * sizeof *rows);
      double *numbers = malloc (listed * sizeof *numbers);
      assert_true (rows != NULL && numbers != NULL);
      for (mat_uint32_t k = 0; k < listed; k++)
        {
          rows[k] = k;
          numbers[k] = 1;
        }
      mat_sparse_t sparse = { .nzmax = listed,
                              .ir = rows,
                              .nir = listed,
                              .jc = starts,
                              .njc = 2,
                              .ndata = listed,
                              .data = numbers };
      const char *path = write_sparse_array (cases[i].rows, 1, &sparse);
      if (cases[i].allowed)
        {
          delta1_table_t table;
          delta1_reason_t reason;
          delta1_table_init (&table);
          assert_ok (delta1_table_file_read (&table, path, NULL, &reason), reason);
          assert_int_equal (table.rows, cases[i].rows);
          for (mat_uint32_t k = 0; k < 2 * listed; k++)
            assert_int_equal (fmpq_is_one (table.re + k), k < listed);
          delta1_table_clear (&table);
        }
      else
        table_refuse (path, DELTA1_INPUT, "too large as a full table");
      free (rows);
      free (numbers);
    }
}

#if DELTA1_TEST_SLOWNESS > 1
/* Sizes in broken files make libmatio ask for gigabytes, which cost nothing until they are written
 * to; but the sanitizer writes to its shadow of them. It refuses them instead. */
const char *__asan_default_options (void);
const char *
__asan_default_options (void)
{
  return "max_allocation_size_mb=256";
}
#endif

/* What libmatio makes of broken files must stay one line too. */
static void
test_broken (void **state)
{
  (void)state;
  table_break (write_mat ("whole.mat", MAT_COMPRESSION_NONE, 0, &full, 1), "broken.mat", 128);
  table_break (write_mat ("whole.mat", MAT_COMPRESSION_ZLIB, 0, &full, 1), "broken.mat", 128);
  table_break (write_sparse (2, sparse_rows, sparse_starts), "broken.mat", 128);
}

#else

static void
test_not_built (void **state)
{
  (void)state;
  table_refuse (table_write_text ("a.mat", "MATLAB 5.0 MAT-file"), DELTA1_INPUT,
                "without libmatio");
}

#endif

int
main (void)
{
  const struct CMUnitTest tests[] = {
#ifdef HAVE_MATIO
    cmocka_unit_test (test_full_and_sparse), cmocka_unit_test (test_types),
    cmocka_unit_test (test_variables),       cmocka_unit_test (test_refusals),
    cmocka_unit_test (test_broken_sparse),   cmocka_unit_test (test_size_of_sparse),
    cmocka_unit_test (test_broken),
#else
    cmocka_unit_test (test_not_built),
#endif
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
