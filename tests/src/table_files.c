#include "tests/src/table_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/number.h"

const char *
table_write (const char *name, const void *data, size_t size)
{
  static char path[300];
  (void)snprintf (path, sizeof path, "%s/%s", delta1_test_directory (), name);
  (void)remove (path); /* some file systems wait for the disk when a file is written again */
  FILE *file = fopen (path, "wb");
  assert_non_null (file);
  assert_int_equal (fwrite (data, 1, size, file), size);
  assert_int_equal (fclose (file), 0);
  return path;
}

const char *
table_write_text (const char *name, const char *text)
{
  return table_write (name, text, strlen (text));
}

const char *
table_write_npy (const char *name, int version, const char *head, const void *data, size_t size)
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
  const char *path = table_write (name, file, at + length + size);
  free (file);
  return path;
}

void
table_reverse (void *item, size_t width)
{
  unsigned char *byte = item;
  for (size_t i = 0; i < width / 2; i++)
    {
      unsigned char kept = byte[i];
      byte[i] = byte[width - 1 - i];
      byte[width - 1 - i] = kept;
    }
}

unsigned char *
table_load (const char *path, size_t *size)
{
  FILE *file = fopen (path, "rb");
  assert_non_null (file);
  assert_int_equal (fseek (file, 0, SEEK_END), 0);
  *size = (size_t)ftell (file);
  rewind (file);
  unsigned char *data = malloc (*size + 1);
  assert_non_null (data);
  assert_int_equal (fread (data, 1, *size, file), *size);
  (void)fclose (file);
  return data;
}

void
table_expect (const char *path, slong rows, slong columns, const char *const *numbers)
{
  delta1_reason_t reason;
  delta1_table_t table;
  fmpq_t wanted;
  fmpq_init (wanted);
  delta1_table_init (&table);
  assert_ok (delta1_table_file_read (&table, path, NULL, &reason), reason);
  assert_int_equal (table.rows, rows);
  assert_int_equal (table.columns, columns);
  assert_null (table.im);
  for (slong j = 0; j < rows * columns; j++)
    {
      assert_ok (delta1_number_parse (wanted, numbers[j], &reason), reason);
      if (!fmpq_equal (table.re + j, wanted))
        fail_msg ("entry %ld is not %s", (long)j, numbers[j]);
    }
  delta1_table_clear (&table);
  fmpq_clear (wanted);
}

static void
expect_empty (const delta1_table_t *table)
{
  assert_int_equal (table->rows, 0);
  assert_int_equal (table->columns, 0);
  assert_null (table->re);
  assert_null (table->im);
  assert_null (table->name);
}

void
table_refuse (const char *path, delta1_status_t status, const char *word)
{
  delta1_reason_t reason;
  delta1_table_t table;
  delta1_table_init (&table);
  assert_refused (delta1_table_file_read (&table, path, NULL, &reason), status, reason, word);
  assert_refused (status, status, reason, path);
  expect_empty (&table);
}

static bool
read_broken (const char *name, const unsigned char *data, size_t size)
{
  delta1_reason_t reason;
  delta1_table_t table;
  const char *path = table_write (name, data, size);
  delta1_table_init (&table);
  delta1_status_t status = delta1_table_file_read (&table, path, NULL, &reason);
  if (status == DELTA1_OK)
    {
      assert_true (table.rows >= 1 && table.columns >= 1);
      delta1_table_clear (&table);
      return true;
    }
  assert_refused (status, DELTA1_INPUT, reason, path);
  expect_empty (&table);
  return false;
}

void
table_break (const char *path, const char *name, size_t refused)
{
  size_t size, count = 0;
  unsigned char *whole = table_load (path, &size), *mutant = malloc (size);
  assert_non_null (mutant);
  assert_true (read_broken (name, whole, size));
  for (size_t cut = 0; cut < size; cut++)
    count += !read_broken (name, whole, cut);
  if (count < refused)
    fail_msg ("%zu of %zu cuts are refused, %zu are due", count, size, refused);
  for (size_t at = 0; at < size; at++)
    for (int bit = 0; bit < 8; bit += 7)
      {
        memcpy (mutant, whole, size);
        mutant[at] ^= (unsigned char)(1 << bit);
        (void)read_broken (name, mutant, size);
      }
  for (int round = 0; round < delta1_test_rounds (2000); round++)
    {
      memcpy (mutant, whole, size);
      for (slong i = delta1_test_random_below (4); i >= 0; i--)
        mutant[delta1_test_random_below ((slong)size)] = (unsigned char)delta1_test_random ();
      (void)read_broken (name, mutant, size);
    }
  free (mutant);
  free (whole);
}
