#include <stdlib.h>
#include <string.h>

#include "oracles/table.h"
#include "src/number.h"
#include "tests/src/table_files.h"

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
test_formats (void **state)
{
  (void)state;
  static const char *const numbers[] = { "1", "1/3", "-2.5", "0", "1e-3", "0x1.8p-3" };
  static const char text[] = "a,b,c\n1,1/3,-2.5\n0,1e-3,0x1.8p-3\n";
  expect (table_write ("good.csv", text, sizeof text - 1), 2, 3, numbers);
  refuse (table_write ("bad.csv", "1,nan\n", 6), DELTA1_INPUT, "field 2");
  refuse ("/nonexistent/table", DELTA1_SYSTEM, "cannot be opened");
}

static void
test_complex (void **state)
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
        table_reverse (&z[i], 8);
      const char *path
          = table_write_npy ("c.npy", 1,
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

int
main (void)
{
  const struct CMUnitTest tests[]
      = { cmocka_unit_test (test_formats), cmocka_unit_test (test_complex) };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
