#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/src/table_files.h"

static void
test_layouts (void **state)
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
      table_reverse (&wide_big[i], 8);
      table_reverse (&narrow_big[i], 4);
    }
  for (int version = 1; version <= 3; version++)
    {
      table_expect (
          table_write_npy ("a.npy", version,
                           "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }   \n", wide,
                           sizeof wide),
          2, 3, numbers);
      table_expect (table_write_npy ("a.npy", version,
                                     "{\"shape\":(2,3),\"fortran_order\":True,\"descr\":\"<f8\"}",
                                     turned, sizeof turned),
                    2, 3, numbers);
      table_expect (table_write_npy ("without-ending", version,
                                     "{'descr': '>f8', 'fortran_order': False, 'shape': (6,), }",
                                     wide_big, sizeof wide_big),
                    1, 6, numbers);
      table_expect (table_write_npy ("a.npy", version,
                                     "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 1), }",
                                     narrow, sizeof narrow),
                    6, 1, floats);
      table_expect (table_write_npy ("a.npy", version,
                                     "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 6), }",
                                     narrow_big, sizeof narrow_big),
                    1, 6, floats);
    }
}

/* Every width and order: -2 (the largest where there is no sign), then 3. */
static void
test_integers (void **state)
{
  (void)state;
  static const struct
  {
    const char *descr;
    int width;
    bool big;
    const char *numbers[2];
  } cases[] = {
    { "|i1", 1, false, { "-2", "3" } },
    { "<i1", 1, false, { "-2", "3" } },
    { "<i2", 2, false, { "-2", "3" } },
    { ">i2", 2, true, { "-2", "3" } },
    { "<i4", 4, false, { "-2", "3" } },
    { ">i4", 4, true, { "-2", "3" } },
    { "<i8", 8, false, { "-2", "3" } },
    { ">i8", 8, true, { "-2", "3" } },
    { "|u1", 1, false, { "254", "3" } },
    { "<u2", 2, false, { "65534", "3" } },
    { ">u4", 4, true, { "4294967294", "3" } },
    { "<u8", 8, false, { "18446744073709551614", "3" } },
    { ">u8", 8, true, { "18446744073709551614", "3" } },
    { "|b1", 1, false, { "1", "1" } },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    {
      unsigned char bytes[16];
      char head[100];
      size_t width = (size_t)cases[i].width;
      memset (bytes, 0xff, width);
      bytes[cases[i].big ? width - 1 : 0] = 0xfe;
      memset (bytes + width, 0, width);
      bytes[width + (cases[i].big ? width - 1 : 0)] = 3;
      (void)snprintf (head, sizeof head,
                      "{'descr': '%s', 'fortran_order': False, 'shape': (2, 1), }", cases[i].descr);
      table_expect (table_write_npy ("i.npy", 1, head, bytes, 2 * width), 2, 1, cases[i].numbers);
    }
}

static void
test_one_dimension (void **state)
{
  (void)state;
  const double two[2] = { 1, 2 };
  static const char *const shapes[] = { "(2,)", "(1, 2)" };
  for (int i = 0; i < 2; i++)
    {
      char head[100];
      delta1_reason_t reason;
      delta1_table_t table;
      delta1_table_init (&table);
      (void)snprintf (head, sizeof head, "{'descr': '<f8', 'fortran_order': False, 'shape': %s}",
                      shapes[i]);
      assert_ok (delta1_table_file_read (
                     &table, table_write_npy ("v.npy", 1, head, two, sizeof two), NULL, &reason),
                 reason);
      assert_int_equal (table.one_dimension, i == 0);
      assert_int_equal (table.columns, 2);
      assert_null (table.name);
      delta1_table_clear (&table);
    }
}

#define HEAD(descr, order, shape)                                                                  \
  "{'descr': '" descr "', 'fortran_order': " order ", 'shape': " shape ", }"

static void
test_malformed (void **state)
{
  (void)state;
  const double two[2] = { 1, 2 };
  static const char *const heads[][2] = {
    { HEAD ("<i3", "False", "(2,)"), "'descr'" },
    { HEAD ("<M8", "False", "(2,)"), "'descr'" },
    { HEAD ("|i8", "False", "(2,)"), "'descr'" },
    { HEAD ("O", "False", "(2,)"), "'descr'" },
    { HEAD ("<", "False", "(2,)"), "'descr'" },
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
    table_refuse (table_write_npy ("bad.npy", 1, heads[i][0], two, sizeof two), DELTA1_INPUT,
                  heads[i][1]);
  table_refuse (table_write_npy ("bad.npy", 4, HEAD ("<f8", "False", "(2,)"), two, sizeof two),
                DELTA1_INPUT, "version");
  table_refuse (table_write_npy ("bad.npy", 0, HEAD ("<f8", "False", "(2,)"), two, sizeof two),
                DELTA1_INPUT, "version");
  table_refuse (table_write ("bad.npy", "1 2 3\n", 6), DELTA1_INPUT, "magic");
  table_refuse (table_write ("bad.npy", "", 0), DELTA1_INPUT, "magic");
  table_refuse (table_write ("huge", "\x93NUMPY\x02\x00\xff\xff\xff\xff", 12), DELTA1_INPUT,
                "65536");
  table_refuse (table_write ("short", "\x93NUMPY\x01\x00\x09\x00{'descr'", 18), DELTA1_INPUT,
                "NPY header: the file ends in it");

  const double odd[3][4] = { { 1, 2, NAN, 4 }, { 1, 2, INFINITY, 4 }, { 1, 2, -INFINITY, 4 } };
  for (int i = 0; i < 3; i++)
    table_refuse (
        table_write_npy ("bad.npy", 1, HEAD ("<f8", "False", "(2, 2)"), odd[i], sizeof odd[i]),
        DELTA1_INPUT, i == 0 ? "row 1, column 0 (from 0) is NaN" : "is infinite");
}

static void
test_broken (void **state)
{
  (void)state;
  const double two[2] = { 1, 2 };
  table_break (table_write_npy ("whole", 1, HEAD ("<f8", "False", "(2,)"), two, sizeof two),
               "broken.npy", 80);
  table_break (table_write_npy ("whole", 2, HEAD (">i2", "True", "(4, 2)"), two, sizeof two),
               "broken.npy", 80);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_layouts),       cmocka_unit_test (test_integers),
    cmocka_unit_test (test_one_dimension), cmocka_unit_test (test_malformed),
    cmocka_unit_test (test_broken),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
