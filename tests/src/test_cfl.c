#include "tests/testing.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "src/cfl.h"

/* Nothing about arrays is assumed here: bytes are put down as the format says. */
static void
put (const char *name, const void *bytes, size_t size)
{
  char path[400];
  (void)snprintf (path, sizeof path, "%s/%s", delta1_test_directory (), name);
  FILE *file = fopen (path, "wb");
  assert_non_null (file);
  assert_int_equal (fwrite (bytes, 1, size, file), size);
  (void)fclose (file);
}

static delta1_status_t
read_named (delta1_npy_t *array, const char *name, slong most, delta1_reason_t *reason)
{
  char path[400];
  (void)snprintf (path, sizeof path, "%s/%s", delta1_test_directory (), name);
  return delta1_cfl_read (array, path, most, reason);
}

#define HEADER(sizes) "# Dimensions\n" sizes "\n# Command\nphantom -k \n# Creator\nBART v0\n"

/* 1, -2, 0.5, 2^-149, 3, 2^127 and six more, 0x3fc00000 = 1.5. */
static const uint8_t numbers[48] = {
  0, 0, 0x80, 0x3f, 0, 0, 0,    0xc0, /* (0, 0): 1 - 2i */
  0, 0, 0,    0x3f, 1, 0, 0,    0,    /* (1, 0): 0.5 + 2^-149 i */
  0, 0, 0x40, 0x40, 0, 0, 0,    0x7f, /* (0, 1): 3 + 2^127 i */
  0, 0, 0xc0, 0x3f, 0, 0, 0,    0x80, /* (1, 1): 1.5 - 0i */
  0, 0, 0,    0,    0, 0, 0x80, 0x3f, /* (0, 2): i */
  0, 0, 0,    0x40, 0, 0, 0,    0,    /* (1, 2): 2 */
};
static const double rows[12] = { 1, -2, 3, 0x1p127, 0, 1, 0.5, 0x1p-149, 1.5, -0.0, 2, 0 };

static void
first_index_fastest (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const char *const header[]
      = { HEADER ("2 3 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "), HEADER ("2 3"), "# Dimensions\r\n2\t3 1\r\n",
          "# Creator\nBART v0\n# Dimensions\n2 3 1" };
  static const char *const name[] = { "a", "a.cfl", "a.hdr" };
  put ("a.cfl", numbers, sizeof numbers);
  for (int k = 0; k < 4; k++)
    {
      delta1_npy_t array = { .values = NULL };
      put ("a.hdr", header[k], strlen (header[k]));
      assert_ok (read_named (&array, name[k % 3], 6, &reason), reason);
      assert_true (array.is_complex && array.shape[0] == 2 && array.shape[1] == 3);
      assert_memory_equal (array.values, rows, sizeof rows);
      free (array.values);
    }
  delta1_npy_t array = { .values = NULL };
  put ("a.hdr", HEADER ("6 1 1"), strlen (HEADER ("6 1 1")));
  assert_ok (read_named (&array, "a", 6, &reason), reason);
  assert_true (array.shape[0] == 6 && array.shape[1] == 0 && array.values[3] == 0x1p-149);
  free (array.values);
  put ("a.hdr", HEADER ("1 6"), strlen (HEADER ("1 6")));
  assert_ok (read_named (&array, "a", 6, &reason), reason);
  assert_true (array.shape[0] == 1 && array.shape[1] == 6 && array.values[4] == 3);
  free (array.values);
}

static void
names (void **state)
{
  (void)state;
  char path[400];
  put ("n.hdr", "", 0);
  put ("both", "", 0);
  put ("both.hdr", "", 0);
  assert_true (delta1_cfl_is_name ("absent.cfl") && delta1_cfl_is_name ("absent.hdr"));
  assert_false (delta1_cfl_is_name ("absent.npy") || delta1_cfl_is_name (".cfl"));
  (void)snprintf (path, sizeof path, "%s/n", delta1_test_directory ());
  assert_true (delta1_cfl_is_name (path));
  (void)snprintf (path, sizeof path, "%s/both", delta1_test_directory ());
  assert_false (delta1_cfl_is_name (path));
}

static void
refused (void **state)
{
  (void)state;
  delta1_reason_t reason;
  static const struct
  {
    const char *header, *word;
  } bad[] = {
    { "", "# Dimensions" },
    { "2 3\n", "# Dimensions" },
    { "## Dimensions\n2 3\n", "# Dimensions" },
    { "# Dimensions", "# Dimensions" },
    { "# Dimensions\n", "above 0" },
    { "# Dimensions\n2 0\n", "above 0" },
    { "# Dimensions\n2 -3\n", "above 0" },
    { "# Dimensions\n2 x\n", "above 0" },
    { "# Dimensions\n2 3.5\n", "above 0" },
    { "# Dimensions\n2 3 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1\n", "1 to 16" },
    { "# Dimensions\n99999999999999999999 1\n", "above 0" },
    { "# Dimensions\n2 1 3\n", "size 3 in dimension 2" },
    { "# Dimensions\n1 1 1 6\n", "one coil" },
    { "# Dimensions\n7 1\n", "at most 6" },
    { "# Dimensions\n4 2\n", "at most 6" },
    { "# Dimensions\n70000 9223372036854775807\n", "at most 6" },
    { "# Dimensions\n1 5\n", "48 bytes; allowed: the 8 x 1 x 5" },
    { "# Dimensions\n5 1\n", "48 bytes" },
    { "# Dimensions\n3 1\n", "48 bytes" },
  };
  put ("b.cfl", numbers, sizeof numbers);
  delta1_npy_t array = { .values = NULL };
  for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
    {
      put ("b.hdr", bad[k].header, strlen (bad[k].header));
      assert_refused (read_named (&array, "b", 6, &reason), DELTA1_INPUT, reason, bad[k].word);
      assert_null (array.values);
    }
  put ("b.hdr", "# Dimensions\n2 3\n\0", 18);
  assert_refused (read_named (&array, "b", 6, &reason), DELTA1_INPUT, reason, "# Dimensions");
  /* 40 GB that are not there: nothing of the kind is asked of memory. */
  put ("b.hdr", HEADER ("70000 70000"), strlen (HEADER ("70000 70000")));
  assert_refused (read_named (&array, "b", WORD_MAX / 16, &reason), DELTA1_INPUT, reason,
                  "48 bytes");
  put ("b.hdr", HEADER ("2 3"), strlen (HEADER ("2 3")));
  for (size_t size = 0; size < sizeof numbers; size++)
    {
      put ("b.cfl", numbers, size);
      assert_refused (read_named (&array, "b", 6, &reason), DELTA1_INPUT, reason, "b.cfl");
    }
  static const uint8_t wild[3][4]
      = { { 0, 0, 0x80, 0x7f }, { 0, 0, 0x80, 0xff }, { 1, 0, 0x80, 0x7f } };
  for (size_t k = 0; k < 36; k++)
    {
      uint8_t bytes[48];
      char word[40];
      size_t number = k / 6;
      memcpy (bytes, numbers, sizeof bytes);
      memcpy (bytes + 4 * (k / 3), wild[k % 3], 4);
      put ("b.cfl", bytes, sizeof bytes);
      (void)snprintf (word, sizeof word, "(%zu, %zu) is not finite", number % 2, number / 2);
      assert_refused (read_named (&array, "b", 6, &reason), DELTA1_INPUT, reason, word);
    }
  assert_refused (read_named (&array, "absent", 6, &reason), DELTA1_SYSTEM, reason, "absent.hdr");
  put ("c.hdr", HEADER ("2 3"), strlen (HEADER ("2 3")));
  assert_refused (read_named (&array, "c", 6, &reason), DELTA1_SYSTEM, reason, "c.cfl");
  assert_null (array.values);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (first_index_fastest),
    cmocka_unit_test (names),
    cmocka_unit_test (refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
