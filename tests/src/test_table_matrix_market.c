#include <stdlib.h>
#include <string.h>

#include "tests/src/table_files.h"

#define BANNER(words) "%%MatrixMarket matrix " words "\n"

static void
expect_text (const char *text, slong rows, slong columns, const char *const *numbers)
{
  table_expect (table_write_text ("good.mtx", text), rows, columns, numbers);
}

static void
test_layouts (void **state)
{
  (void)state;
  static const char *const full[] = { "1", "0", "1/10", "0", "-5/2", "0" };
  expect_text (BANNER ("coordinate real general") "% remark\n\n2 3 3\n1 1 1\n 2 2 -2.5 % here\n"
                                                  "1 3 0.1\n",
               2, 3, full);
  expect_text (BANNER ("array real general") "2 3\n1\n0\n0\n-2.5\n.1\n0.", 2, 3, full);
  static const char *const ones[] = { "1", "0", "0", "1" };
  expect_text ("%%MATRIXMARKET MATRIX COORDINATE PATTERN GENERAL\r\n2 2 2\r\n1 1\r\n2 2\r\n", 2, 2,
               ones);
  static const char *const symmetric[] = { "1", "2", "2", "0" };
  expect_text (BANNER ("coordinate integer symmetric") "2 2 2\n1 1 1\n2 1 2\n", 2, 2, symmetric);
  expect_text (BANNER ("coordinate integer symmetric") "2 2 2\n1 1 1\n1 2 2\n", 2, 2, symmetric);
  expect_text (BANNER ("array real symmetric") "2 2\n1\n2\n0\n", 2, 2, symmetric);
  static const char *const skew[] = { "0", "-2", "3", "2", "0", "-1/2", "-3", "1/2", "0" };
  expect_text (BANNER ("coordinate real skew-symmetric") "3 3 3\n2 1 2\n3 1 -3\n3 2 0.5\n", 3, 3,
               skew);
  expect_text (BANNER ("array real skew-symmetric") "3 3\n2\n-3\n0.5\n", 3, 3, skew);
  static const char *const nothing[] = { "0", "0", "0", "0" };
  expect_text (BANNER ("coordinate real general") "2 2 0\n", 2, 2, nothing);
}

static void
test_refusals (void **state)
{
  (void)state;
  static const char *const bad[][2] = {
    { BANNER ("coordinate complex general") "1 1 1\n1 1 1 1\n", "complex" },
    { BANNER ("coordinate complex hermitian") "1 1 1\n1 1 1 1\n", "complex" },
    { BANNER ("array real hermitian") "1 1\n1\n", "complex" },
    { BANNER ("coordinate real") "1 1 1\n1 1 1\n", "allowed is" },
    { BANNER ("list real general") "1 1 1\n1 1 1\n", "allowed is" },
    { BANNER ("array pattern general") "1 1\n1\n", "allowed is" },
    { BANNER ("coordinate real diagonal") "1 1 1\n1 1 1\n", "allowed is" },
    { "%%MatrixMarket vector coordinate real general\n1 1 1\n1 1 1\n", "allowed is" },
    { "%%MatrixMarketmatrix coordinate real general x\n1 1 1\n1 1 1\n", "allowed is" },
    { "%%MatrixMarket", "allowed is" },
    { BANNER ("coordinate real general"), "line 1: rows" },
    { BANNER ("coordinate real general") "1 1\n", "line 2: rows, columns and the number" },
    { BANNER ("array real general") "1 1 1\n1\n", "line 2: rows and columns" },
    { BANNER ("coordinate real general") "0 1 1\n1 1 1\n", "line 2: rows" },
    { BANNER ("coordinate real general") "-1 1 1\n1 1 1\n", "line 2: rows" },
    { BANNER ("coordinate real general") "1 1 x\n1 1 1\n", "line 2: rows" },
    { BANNER ("coordinate real general") "2000000000000 1 0\n", "line 2: rows" },
    { BANNER ("coordinate real general") "99999999999999999999999 1 0\n", "line 2: rows" },
    { BANNER ("coordinate real general") "1099511627776 1099511627776 0\n", "too large" },
    { BANNER ("coordinate real general") "1000000 1000000 1\n1 1 1\n", "as a full table" },
    { BANNER ("array real general") "1000000 1000000\n1\n", "are promised" },
    { BANNER ("coordinate real general") "2 2 1000000000000\n1 1 1\n", "are promised" },
    { BANNER ("array real symmetric") "2000000 2000000\n1\n", "are promised" },
    { BANNER ("coordinate real symmetric") "2 3 0\n", "is square" },
    { BANNER ("coordinate real general") "2 2 2\n1 1 1\n1 1 2\n",
      "line 4: this entry is listed twice" },
    { BANNER ("coordinate real symmetric") "2 2 2\n1 2 1\n2 1 1\n",
      "line 4: this entry is listed" },
    { BANNER ("coordinate real skew-symmetric") "2 2 1\n1 1 1\n", "the diagonal" },
    { BANNER ("coordinate real general") "2 2 1\n3 1 1\n", "line 3: row (1 to 2)" },
    { BANNER ("coordinate real general") "2 2 1\n1 3 1\n", "column (1 to 2)" },
    { BANNER ("coordinate real general") "2 2 1\n0 1 1\n", "line 3: row (1 to 2)" },
    { BANNER ("coordinate real general") "2 2 1\n1 1    \n", "and a number are due" },
    { BANNER ("coordinate pattern general") "2 2 1\n1 1 1\n", "are due" },
    { BANNER ("coordinate real general") "2 2 1\n1 1 nan\n", "line 3: 'nan'" },
    { BANNER ("coordinate real general") "2 2 1\n1 1 1e9999999999\n", "exponents" },
    { BANNER ("coordinate integer general") "2 2 1\n1 1 1.5\n", "'1.5' is not an integer" },
    { BANNER ("coordinate real general") "2 2 2\n1 1 1\n    \n      \n", "the file ends" },
    { BANNER ("coordinate real general") "2 2 1\n1 1 1\n2 2 1\n", "line 4: more follows" },
    { BANNER ("array real general") "1 2\n1\n   \n  ", "the file ends" },
    { BANNER ("array real general") "1 2\n1 2\n3\n", "one number is due" },
    { BANNER ("array real general") "1 1\n1\n2\n", "more follows" },
    { "1 2 3\n", "does not begin with %%MatrixMarket" },
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    table_refuse (table_write_text ("bad.mtx", bad[i][0]), DELTA1_INPUT, bad[i][1]);
}

static void
test_broken (void **state)
{
  (void)state;
  table_break (
      table_write_text ("whole.mtx",
                        BANNER ("coordinate real symmetric") "3 3 3\n1 1 1e2\n2 1 -.5\n3 3 1/3\n"),
      "broken.mtx", 60);
  table_break (table_write_text ("whole.mtx", BANNER ("array integer general") "2 2\n1\n2\n3\n4\n"),
               "broken.mtx", 45);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_layouts),
    cmocka_unit_test (test_refusals),
    cmocka_unit_test (test_broken),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
