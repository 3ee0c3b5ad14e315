#include "src/table_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/number.h"
#include "src/table_file_private.h"

void
delta1_table_init (delta1_table_t *table)
{
  *table = (delta1_table_t){ 0 };
}

static void
vector_clear (fmpq *x, slong count)
{
  if (x == NULL)
    return;
  for (slong i = 0; i < count; i++)
    fmpq_clear (x + i);
  free (x);
}

void
delta1_table_clear (delta1_table_t *table)
{
  vector_clear (table->re, table->rows * table->columns);
  vector_clear (table->im, table->rows * table->columns);
  for (slong j = 0; table->name != NULL && j < table->columns; j++)
    free (table->name[j]);
  free (table->name);
  delta1_table_init (table);
}

/* --- what the formats share ------------------------------------------------------------------- */

delta1_status_t
delta1_table_reader_fail (const delta1_table_reader_t *reader, delta1_status_t status,
                          const char *format, ...)
{
  delta1_reason_t what;
  va_list arguments;
  va_start (arguments, format);
  (void)vsnprintf (what.text, sizeof what.text, format, arguments);
  va_end (arguments);
  return delta1_fail (reader->reason, status, "%s: %s", reader->path, what.text);
}

static delta1_status_t
out_of_memory (const delta1_table_reader_t *reader)
{
  return delta1_table_reader_fail (reader, DELTA1_SYSTEM, "memory is out");
}

delta1_status_t
delta1_table_reader_size (delta1_table_reader_t *reader, slong rows, slong columns, bool complex)
{
  delta1_table_t *table = reader->table;
  size_t count = (size_t)rows * (size_t)columns;
  table->re = calloc (count, sizeof *table->re);
  if (complex)
    table->im = calloc (count, sizeof *table->im);
  if (table->re == NULL || (complex && table->im == NULL))
    return out_of_memory (reader);
  for (; reader->count < (slong)count; reader->count++)
    {
      fmpq_init (table->re + reader->count);
      if (complex)
        fmpq_init (table->im + reader->count);
    }
  table->rows = rows;
  table->columns = columns;
  return DELTA1_OK;
}

#define FULL_ENTRIES (INT64_C (1) << 22)
#define FULL_PER_LISTED 100

delta1_status_t
delta1_table_reader_full (const delta1_table_reader_t *reader, int64_t rows, int64_t columns,
                          int64_t listed)
{
  if (rows * columns <= FULL_ENTRIES || rows * columns / FULL_PER_LISTED <= listed)
    return DELTA1_OK;
  return delta1_table_reader_fail (
      reader, DELTA1_INPUT,
      "%lld x %lld with %lld entries: too large as a full table (allowed: %lld numbers, or %d for "
      "each entry)",
      (long long)rows, (long long)columns, (long long)listed, (long long)FULL_ENTRIES,
      FULL_PER_LISTED);
}

delta1_status_t
delta1_table_reader_append (delta1_table_reader_t *reader, fmpq **x)
{
  delta1_table_t *table = reader->table;
  if (reader->count == reader->room)
    {
      slong room = reader->room == 0 ? 64 : 2 * reader->room;
      fmpq *re = realloc (table->re, (size_t)room * sizeof *re);
      if (re == NULL)
        return out_of_memory (reader);
      table->re = re;
      reader->room = room;
    }
  *x = table->re + reader->count++;
  fmpq_init (*x);
  return DELTA1_OK;
}

delta1_status_t
delta1_table_reader_count (delta1_table_reader_t *reader, const fmpq_t x)
{
  reader->bits += (int64_t)fmpz_bits (fmpq_numref (x)) + (int64_t)fmpz_bits (fmpq_denref (x));
  if (reader->bits > DELTA1_TABLE_MAX_BITS)
    return delta1_table_reader_fail (reader, DELTA1_INPUT,
                                     "its numbers need more than %lld bits together",
                                     (long long)DELTA1_TABLE_MAX_BITS);
  return DELTA1_OK;
}

delta1_status_t
delta1_table_reader_double (delta1_table_reader_t *reader, fmpq_t x, double value, slong row,
                            slong column)
{
  if (!__builtin_isfinite (value))
    return delta1_table_reader_fail (
        reader, DELTA1_INPUT, "row %ld, column %ld (from 0) is %s: only finite numbers are allowed",
        (long)row, (long)column, __builtin_isnan (value) ? "NaN" : "infinite");
  arf_t exact;
  arf_init (exact);
  arf_set_d (exact, value);
  arf_get_fmpq (x, exact);
  arf_clear (exact);
  return delta1_table_reader_count (reader, x);
}

static bool
is_digit (char c)
{
  return c >= '0' && c <= '9';
}

delta1_status_t
delta1_table_number (fmpq_t x, const char *text, size_t length, delta1_reason_t *why)
{
  char local[64], *copy = local;
  if (length + 3 > sizeof local && (copy = malloc (length + 3)) == NULL)
    return delta1_fail (why, DELTA1_SYSTEM, "memory is out");
  const char *end = text + length;
  char *to = copy;
  if (length > 1 && *text == '+' && text[1] != '-')
    text++;
  else if (length > 0 && *text == '-')
    *to++ = *text++;
  /* A zero where the grammar wants a digit: .5 is 0.5, and 5. is 5.0. */
  if (text + 1 < end && *text == '.' && is_digit (text[1]))
    *to++ = '0';
  bool hex = text + 1 < end && *text == '0' && (text[1] == 'x' || text[1] == 'X');
  for (const char *from = text; from < end; from++)
    {
      *to++ = *from;
      if (!hex && *from == '.' && from > text && is_digit (from[-1])
          && (from + 1 == end || from[1] == 'e' || from[1] == 'E'))
        *to++ = '0';
    }
  *to = '\0';
  delta1_status_t status = delta1_number_parse (x, copy, why);
  if (copy != local)
    free (copy);
  return status;
}

/* --- one file --------------------------------------------------------------------------------- */

typedef enum
{
  FORMAT_CSV,
  FORMAT_NPY,
  FORMAT_MATRIX_MARKET,
  FORMAT_MAT
} format_t;

/* In letters of either case: data ends with a zero byte. */
static bool
starts_with (const char *data, size_t size, const char *magic)
{
  return size >= strlen (magic) && strncasecmp (data, magic, strlen (magic)) == 0;
}

static bool
is_named (const char *path, const char *ending)
{
  size_t length = strlen (path), wanted = strlen (ending);
  return length >= wanted && strcasecmp (path + length - wanted, ending) == 0;
}

/* By content; an ending that promises something else is a broken file, not CSV. */
static delta1_status_t
recognise (format_t *format, const delta1_table_reader_t *reader, const char *data, size_t size)
{
  if (starts_with (data, size, "\x93NUMPY"))
    *format = FORMAT_NPY;
  else if (starts_with (data, size, "%%MatrixMarket"))
    *format = FORMAT_MATRIX_MARKET;
  else if (starts_with (data, size, "\x89HDF\r\n\x1a\n") || starts_with (data, size, "MATLAB 7.3"))
    return delta1_table_reader_fail (
        reader, DELTA1_INPUT,
        "HDF5 (MATLAB -v7.3) is not read: save with -v7, or as NPY, CSV or Matrix Market");
  else if (is_named (reader->path, ".mat")
           || (size >= 128 && starts_with (data, size, "MATLAB 5.0")))
    *format = FORMAT_MAT;
  else if (is_named (reader->path, ".npy"))
    return delta1_table_reader_fail (reader, DELTA1_INPUT,
                                     "the file does not begin with the NPY magic");
  else if (is_named (reader->path, ".mtx"))
    return delta1_table_reader_fail (reader, DELTA1_INPUT,
                                     "the file does not begin with %%%%MatrixMarket");
  else
    *format = FORMAT_CSV;
  return DELTA1_OK;
}

/* *data: the file and a zero byte, from malloc. */
static delta1_status_t
load (char **data, size_t *size, const delta1_table_reader_t *reader)
{
  delta1_status_t status = DELTA1_OK;
  struct stat info;
  FILE *file = NULL;
  if (stat (reader->path, &info) != 0)
    DELTA1_TRY (
        delta1_table_reader_fail (reader, DELTA1_SYSTEM, "cannot be opened: %s", strerror (errno)));
  if (!S_ISREG (info.st_mode)) /* before it is opened: a FIFO would wait for a writer */
    DELTA1_TRY (delta1_table_reader_fail (reader, DELTA1_INPUT, "a table must be a regular file"));
  file = fopen (reader->path, "rb");
  if (file == NULL || fstat (fileno (file), &info) != 0)
    DELTA1_TRY (
        delta1_table_reader_fail (reader, DELTA1_SYSTEM, "cannot be opened: %s", strerror (errno)));
  if (info.st_size > DELTA1_TABLE_MAX_BYTES)
    DELTA1_TRY (delta1_table_reader_fail (reader, DELTA1_INPUT, "a table has at most %lld bytes",
                                          (long long)DELTA1_TABLE_MAX_BYTES));
  *size = (size_t)info.st_size;
  *data = malloc (*size + 1);
  if (*data == NULL)
    DELTA1_TRY (out_of_memory (reader));
  if (fread (*data, 1, *size, file) != *size)
    DELTA1_TRY (delta1_table_reader_fail (reader, DELTA1_SYSTEM, "cannot be read to its end"));
  (*data)[*size] = '\0';
cleanup:
  if (file != NULL)
    (void)fclose (file);
  return status;
}

delta1_status_t
delta1_table_file_read (delta1_table_t *table, const char *path, const char *variable,
                        delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_table_reader_t reader = { .path = path, .reason = reason, .table = table };
  format_t format = FORMAT_CSV;
  char *data = NULL;
  size_t size;
  DELTA1_TRY (load (&data, &size, &reader));
  DELTA1_TRY (recognise (&format, &reader, data, size));
  if (variable != NULL && format != FORMAT_MAT)
    DELTA1_TRY (delta1_table_reader_fail (
        &reader, DELTA1_INPUT, "only a MAT file has variables; '%.60s' is asked for", variable));
  switch (format)
    {
    case FORMAT_NPY:
      DELTA1_TRY (delta1_table_read_npy (&reader, data, size));
      break;
    case FORMAT_MATRIX_MARKET:
      DELTA1_TRY (delta1_table_read_matrix_market (&reader, data, size));
      break;
    case FORMAT_MAT:
      DELTA1_TRY (delta1_table_read_mat (&reader, data, size, variable));
      break;
    case FORMAT_CSV:
      DELTA1_TRY (delta1_table_read_csv (&reader, data, size));
      break;
    }
cleanup:
  free (data);
  if (status != DELTA1_OK)
    {
      /* A reader that failed may hold more or fewer numbers than rows x columns. */
      vector_clear (table->re, reader.count);
      vector_clear (table->im, reader.count);
      table->re = table->im = NULL;
      delta1_table_clear (table);
    }
  return status;
}
