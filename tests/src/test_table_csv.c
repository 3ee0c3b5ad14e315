#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/src/table_files.h"

static void
expect_text (const char *text, slong rows, slong columns, const char *const *numbers)
{
  table_expect (table_write_text ("good.csv", text), rows, columns, numbers);
}

static void
test_numbers (void **state)
{
  (void)state;
  static const char *const numbers[] = { "1", "1/3", "-5/2", "0", "1/1000", "3/16" };
  static const char *const good[] = {
    "1 1/3 -2.5\n0 1e-3 0x1.8p-3\n",
    "1,1/3,-2.5\n0,1e-3,0x1.8p-3",
    "1;1/3;-2.5\r\n0;1e-3;0x1.8p-3\r\n",
    "1\t1/3\t-2.5\n0\t1e-3\t0x1.8p-3\n",
    "# head\n\n  1 , 1/3\t, -2.5 # tail, 5\r\n\t\n#\n 0,+1E-03 ,0x1.8p-3  ",
    "\xEF\xBB\xBF+1,1/3,-2.5\n0.,.1e-2,0x1.8p-3\n",
    "1.0e0,1/3,-25.e-1\n-0,.001,0x1.8p-3\n",
    "a,b,c\n1,1/3,-2.5\n0,1e-3,0x1.8p-3\n",
    "\"a\",\"b, c\",\"d\"\"e\"\n1,1/3,-2.5\n0,1e-3,0x1.8p-3\n",
    "\"1\",\"2\",\"3\"\n1,1/3,-2.5\n0,1e-3,0x1.8p-3\n",
    "\"1\",\"1/3\",\"-2.5\"\n\"0\",\"1e-3\",\"0x1.8p-3\"\n",
    ",a,b,c\nfirst,1,1/3,-2.5\nsecond,0,1e-3,0x1.8p-3\n",
    "\"\" \"a\" \"b\"   \"c\"\n\"1\" 1 1/3 -2.5\n\"2\"  0  1e-3 0x1.8p-3 \n",
    "\ta\tb\tc\nx y\t1\t1/3\t-2.5\nz\t0\t1e-3\t0x1.8p-3\n",
  };
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    expect_text (good[i], 2, 3, numbers);
  static const char *const column[] = { "1/10", "2" };
  expect_text ("body mass\n0.1\n2\n", 2, 1, column);
  expect_text ("0.1\n2", 2, 1, column);
  expect_text ("0.1,2\n", 1, 2, column);
  expect_text ("0.1   2\n", 1, 2, column);
  static const char *const tiny[]
      = { "1/1000000000000000000000000000000", "123456789012345678901234567890" };
  expect_text ("1e-30,123456789012345678901234567890\n", 1, 2, tiny);
}

static void
test_names (void **state)
{
  (void)state;
  static const struct
  {
    const char *text;
    bool row_names;
    const char *name[2];
  } cases[] = {
    { "a,b\n1,2\n", false, { "a", "b" } },
    { " a b ;\tc\n1;2\n", false, { "a b", "c" } },
    { "\"a,\"\"b\"\"\",\"1\"\n1,2\n", false, { "a,\"b\"", "1" } },
    { "\"2019\",\"2020\"\n1,2\n", false, { "2019", "2020" } },
    { "1stFlrSF,2e5x\n1,2\n", false, { "1stFlrSF", "2e5x" } },
    { ",a,b\nx,1,2\n", true, { "a", "b" } },
    { "\"a\" \"b\"\n\"x y\" 1 2\n", true, { "a", "b" } },
    { "a\x01,b\xff\n1,2\n", false, { "a?", "b?" } },
    { "gr\xc3\xb6\xc3\x9f"
      "e,b#1\n1,2\n",
      false,
      { "gr\xc3\xb6\xc3\x9f"
        "e",
        "b#1" } },
    { "nan,b\n1,2\n", false, { "nan", "b" } },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      delta1_reason_t reason;
      delta1_table_t table;
      delta1_table_init (&table);
      const char *path = table_write_text ("names.csv", cases[i].text);
      assert_ok (delta1_table_file_read (&table, path, NULL, &reason), reason);
      assert_int_equal (table.rows, 1);
      assert_int_equal (table.columns, 2);
      assert_int_equal (table.row_names, cases[i].row_names);
      assert_non_null (table.name);
      for (int j = 0; j < 2; j++)
        {
          assert_string_equal (table.name[j], cases[i].name[j]);
          assert_true (fmpq_equal_si (table.re + j, j + 1));
        }
      delta1_table_clear (&table);
    }
}

static void
test_refusals (void **state)
{
  (void)state;
  static const char *const bad[][2] = {
    { "", "no number" },
    { "\n# nothing\n\n", "no number" },
    { "a,b\n", "under its header" },
    { "1,2\n3\n", "line 2 has 1 field, the lines before have 2" },
    { "1 2\n\n3 4 5\n", "line 3 has 3 fields" },
    { "a,b\n1,2,3,4\n", "line 2 has 4 fields, the lines before have 2" },
    { "a,b\nr,1,2\n1,2\n", "line 3 has 2 fields, the lines before have 3" },
    { "1 2\n3 x\n", "line 2, field 2: 'x'" },
    { "a,b\n1,2\n3,x\n", "line 3, field 2 (b): 'x'" },
    { ",a,b\nr,1,2\ns,3,x\n", "line 3, field 3 (b): 'x'" },
    { "a,b\n1,nan\n", "line 2, field 2 (b): 'nan' is not an exact number" },
    { "1 NaN\n", "missing and infinite" },
    { "inf\n", "missing and infinite" },
    { "1,-Infinity\n", "missing and infinite" },
    { "a,b\n1,NA\n", "leave the row out" },
    { "1,,2\n", "line 1, field 2: is empty" },
    { ",1\n", "field 1: is empty" },
    { "1,2,\n", "field 3: is empty" },
    { "1,2\n3,\"\"\n", "line 2, field 2: is empty" },
    { "a;b\n1,5;2\n", "the decimal point is '.'" },
    { "1,a\n", "line 1 holds numbers and words ('a')" },
    { "1 2/0\n", "'2/0'" },
    { "1 --2\n", "'--2'" },
    { "1 +-2\n", "'+-2'" },
    { "1 .\n", "'.'" },
    { "1 1.2.3\n", "'1.2.3'" },
    { "1 1e\n", "'1e'" },
    { "1 1_000\n", "'1_000'" },
    { "\"1\n", "the quote of field 1 is not closed" },
    { "1,\"2\n\"\n", "the quote of field 2 is not closed" },
    { "\"1\"2,3\n", "behind the closing quote of field 1" },
    { "1 \"2\"3\n", "behind the closing quote of field 2" },
    { "1e99999999\n", "exponents" },
    { "1,1e1000000000\n", "exponents" },
    { "1,1e-99999999999999999999\n", "exponents" },
    { "1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 "
      "1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 1e40000000 "
      "1e40000000",
      "bits together" },
  };
  const size_t count = sizeof bad / sizeof *bad;
  for (size_t i = 0; i + 1 < count; i++)
    table_refuse (table_write_text ("bad.csv", bad[i][0]), DELTA1_INPUT, bad[i][1]);
  /* the sum of sizes is watched: see the last case, kept out of the quick run */
  if (getenv ("DELTA1_TEST_MULTIPLIER") != NULL)
    table_refuse (table_write_text ("bad.csv", bad[count - 1][0]), DELTA1_INPUT, bad[count - 1][1]);
  table_refuse (table_write ("zero.csv", "1 2\0 3\n", 7), DELTA1_INPUT, "byte 3 is zero");
  table_refuse ("/nonexistent/table", DELTA1_SYSTEM, "cannot be opened");
  table_refuse (delta1_test_directory (), DELTA1_INPUT, "regular file");
  char fifo[300];
  (void)snprintf (fifo, sizeof fifo, "%s/fifo", delta1_test_directory ());
  assert_int_equal (mkfifo (fifo, 0600), 0);
  table_refuse (fifo, DELTA1_INPUT, "regular file");
}

/* A line of very many powers is refused at the first word, without computing them. */
static void
test_a_line_of_powers_costs_nothing (void **state)
{
  (void)state;
  const size_t count = 20000;
  char *text = calloc (count, 12);
  assert_non_null (text);
  for (size_t i = 0; i < count; i++)
    strcpy (text + 11 * i, "1e40000000,");
  strcpy (text + 11 * count - 1, ",x\n");
  table_refuse (table_write_text ("powers.csv", text), DELTA1_INPUT, "numbers and words ('x')");
  free (text);
}

static void
test_variable_is_refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  delta1_table_t table;
  delta1_table_init (&table);
  assert_refused (delta1_table_file_read (&table, table_write_text ("a.csv", "1\n"), "A", &reason),
                  DELTA1_INPUT, reason, "only a MAT file");
}

static void
test_broken (void **state)
{
  (void)state;
  table_break (
      table_write_text ("whole.csv", "\"a b\",\"c\"\"\",d # e\n1,-2.5e-3,1/3\n.5,6.,0x1p3\n"),
      "broken.csv", 20);
  table_break (table_write_text ("whole.csv", "x\ty\n1\t2\n"), "broken.csv", 6);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_numbers),
    cmocka_unit_test (test_names),
    cmocka_unit_test (test_refusals),
    cmocka_unit_test (test_a_line_of_powers_costs_nothing),
    cmocka_unit_test (test_variable_is_refused),
    cmocka_unit_test (test_broken),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
