#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "src/table_file_private.h"

#define MAX_HEADER 65536

typedef enum
{
  KIND_FLOAT,
  KIND_COMPLEX,
  KIND_SIGNED,
  KIND_UNSIGNED,
  KIND_BOOL
} kind_t;

typedef struct
{
  bool big_endian;
  bool fortran;
  kind_t kind;
  int width; /* bytes of one number, both parts of a complex one */
  bool one_dimension;
  slong rows, columns;
} layout_t;

static delta1_status_t
bad_header (const delta1_table_reader_t *reader, const char *what)
{
  return delta1_table_reader_fail (reader, DELTA1_INPUT, "NPY header: %s", what);
}

static const char *
skip_blanks (const char *at)
{
  while (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')
    at++;
  return at;
}

/* What follows 'key' and its colon, or NULL. A key occurs once, quoted either way. */
static const char *
header_value (const char *header, const char *key)
{
  const char *found = NULL;
  size_t length = strlen (key);
  for (const char *at = header; (at = strstr (at, key)) != NULL; at += length)
    {
      if (at == header || (at[-1] != '\'' && at[-1] != '"') || at[length] != at[-1])
        continue;
      if (found != NULL)
        return NULL;
      found = at + length + 1;
    }
  if (found == NULL)
    return NULL;
  found = skip_blanks (found);
  return *found == ':' ? skip_blanks (found + 1) : NULL;
}

static delta1_status_t
parse_descr (layout_t *layout, const delta1_table_reader_t *reader, const char *value)
{
  static const struct
  {
    const char *code;
    int width;
    kind_t kind;
  } types[] = { { "f8", 8, KIND_FLOAT },    { "f4", 4, KIND_FLOAT },    { "c16", 16, KIND_COMPLEX },
                { "i1", 1, KIND_SIGNED },   { "i2", 2, KIND_SIGNED },   { "i4", 4, KIND_SIGNED },
                { "i8", 8, KIND_SIGNED },   { "u1", 1, KIND_UNSIGNED }, { "u2", 2, KIND_UNSIGNED },
                { "u4", 4, KIND_UNSIGNED }, { "u8", 8, KIND_UNSIGNED }, { "b1", 1, KIND_BOOL } };
  if (value != NULL && (*value == '\'' || *value == '"') && value[1] != '\0'
      && strchr ("<>|", value[1]) != NULL)
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
      {
        size_t length = strlen (types[i].code);
        /* '|': no byte order, which is a type of one byte. */
        if (strncmp (value + 2, types[i].code, length) == 0 && value[2 + length] == *value
            && (value[1] != '|' || types[i].width == 1))
          {
            layout->big_endian = value[1] == '>';
            layout->width = types[i].width;
            layout->kind = types[i].kind;
            return DELTA1_OK;
          }
      }
  return bad_header (
      reader, "'descr' must be f4, f8, c16, i1 to i8, u1 to u8 after '<' or '>', or |i1, |u1, |b1");
}

/* (n,) or (m, n) with 1 <= m, n; longer tuples, zeros and numbers above 2^40 are refused. */
static delta1_status_t
parse_shape (layout_t *layout, const delta1_table_reader_t *reader, const char *value)
{
  static const char allowed[] = "'shape' must be (n,) or (m, n), each from 1 to 2^40";
  slong size[2];
  int dimensions = 0;
  if (value == NULL || *value != '(')
    return bad_header (reader, allowed);
  for (const char *at = skip_blanks (value + 1); *at != ')'; dimensions++)
    {
      if (dimensions == 2 || !isdigit ((unsigned char)*at))
        return bad_header (reader, allowed);
      char *end;
      errno = 0;
      long long parsed = strtoll (at, &end, 10);
      if (errno != 0 || parsed < 1 || parsed > (INT64_C (1) << 40))
        return bad_header (reader, allowed);
      size[dimensions] = (slong)parsed;
      at = skip_blanks (end);
      if (*at == ',')
        at = skip_blanks (at + 1);
      else if (*at != ')' || dimensions == 0)
        return bad_header (reader, allowed);
    }
  if (dimensions == 0)
    return bad_header (reader, allowed);
  layout->one_dimension = dimensions == 1;
  layout->rows = dimensions == 2 ? size[0] : 1;
  layout->columns = dimensions == 2 ? size[1] : size[0];
  return DELTA1_OK;
}

/* *numbers: where the numbers begin, when the file holds exactly those promised. */
static delta1_status_t
read_header (layout_t *layout, const char **numbers, const delta1_table_reader_t *reader,
             const char *data, size_t size)
{
  delta1_status_t status = DELTA1_OK;
  const unsigned char *start = (const unsigned char *)data;
  char *header = NULL;
  if (size < 12)
    DELTA1_TRY (bad_header (reader, "the file ends in it"));
  if (start[6] < 1 || start[6] > 3 || start[7] != 0)
    DELTA1_TRY (bad_header (reader, "the version must be 1.0, 2.0 or 3.0"));
  size_t length = (size_t)start[8] | (size_t)start[9] << 8, fixed = 10;
  if (start[6] > 1)
    {
      fixed = 12;
      length |= (size_t)start[10] << 16 | (size_t)start[11] << 24;
    }
  if (length > MAX_HEADER)
    DELTA1_TRY (bad_header (reader, "it must have at most 65536 bytes"));
  if (length > size - fixed)
    DELTA1_TRY (bad_header (reader, "the file ends in it"));
  header = strndup (data + fixed, length);
  if (header == NULL)
    DELTA1_TRY (delta1_table_reader_fail (reader, DELTA1_SYSTEM, "memory is out"));

  DELTA1_TRY (parse_descr (layout, reader, header_value (header, "descr")));
  const char *order = header_value (header, "fortran_order");
  if (order == NULL || (strncmp (order, "True", 4) != 0 && strncmp (order, "False", 5) != 0))
    DELTA1_TRY (bad_header (reader, "'fortran_order' must be True or False"));
  layout->fortran = *order == 'T';
  DELTA1_TRY (parse_shape (layout, reader, header_value (header, "shape")));

  int64_t held = (int64_t)(size - fixed - length), count, promised;
  if (__builtin_mul_overflow (layout->rows, layout->columns, &count)
      || __builtin_mul_overflow (count, layout->width, &promised) || promised != held)
    DELTA1_TRY (delta1_table_reader_fail (
        reader, DELTA1_INPUT,
        "the NPY header promises %ld x %ld numbers of %d bytes, the file holds %lld bytes after it",
        (long)layout->rows, (long)layout->columns, layout->width, (long long)held));
  *numbers = data + fixed + length;
cleanup:
  free (header);
  return status;
}

static uint64_t
word (const char *bytes, int width, bool big_endian)
{
  uint64_t value = 0;
  for (int i = 0; i < width; i++)
    value = value << 8 | (unsigned char)bytes[big_endian ? i : width - 1 - i];
  return value;
}

/* The IEEE double (or float: every float is a double) whose bytes these are. */
static double
real (const char *bytes, int width, bool big_endian)
{
  uint64_t bits = word (bytes, width, big_endian);
  if (width == 4)
    {
      uint32_t half = (uint32_t)bits;
      float single;
      memcpy (&single, &half, sizeof single);
      return (double)single;
    }
  double value;
  memcpy (&value, &bits, sizeof value);
  return value;
}

/* Entry `place` of the table from its bytes. */
static delta1_status_t
set_entry (delta1_table_reader_t *reader, slong place, const char *bytes, const layout_t *layout)
{
  delta1_table_t *table = reader->table;
  slong row = place / layout->columns, column = place % layout->columns;
  fmpq *x = table->re + place;
  delta1_status_t status;
  switch (layout->kind)
    {
    case KIND_FLOAT:
      return delta1_table_reader_double (reader, x, real (bytes, layout->width, layout->big_endian),
                                         row, column);
    case KIND_COMPLEX:
      status = delta1_table_reader_double (reader, x, real (bytes, 8, layout->big_endian), row,
                                           column);
      if (status == DELTA1_OK)
        status = delta1_table_reader_double (reader, table->im + place,
                                             real (bytes + 8, 8, layout->big_endian), row, column);
      return status;
    case KIND_SIGNED:
      {
        int unused = 64 - 8 * layout->width;
        uint64_t bits = word (bytes, layout->width, layout->big_endian) << unused;
        fmpz_set_si (fmpq_numref (x), (slong)((int64_t)bits >> unused));
        break;
      }
    case KIND_UNSIGNED:
      fmpz_set_ui (fmpq_numref (x), word (bytes, layout->width, layout->big_endian));
      break;
    case KIND_BOOL:
      fmpz_set_ui (fmpq_numref (x), *bytes != 0);
      break;
    }
  return delta1_table_reader_count (reader, x);
}

delta1_status_t
delta1_table_read_npy (delta1_table_reader_t *reader, const char *data, size_t size)
{
  layout_t layout = { 0 };
  delta1_status_t status = DELTA1_OK;
  const char *numbers;
  DELTA1_TRY (read_header (&layout, &numbers, reader, data, size));
  DELTA1_TRY (
      delta1_table_reader_size (reader, layout.rows, layout.columns, layout.kind == KIND_COMPLEX));
  reader->table->one_dimension = layout.one_dimension;
  for (slong k = 0; k < layout.rows * layout.columns; k++)
    {
      slong row = layout.fortran ? k % layout.rows : k / layout.columns;
      slong column = layout.fortran ? k / layout.rows : k % layout.columns;
      DELTA1_TRY (
          set_entry (reader, row * layout.columns + column, numbers + k * layout.width, &layout));
    }
cleanup:
  return status;
}
