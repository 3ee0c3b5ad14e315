#include "oracles/table.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "src/number.h"

#define MAX_TABLE_BITS (WORD (1) << 31)
#define MAX_TEXT_SIZE (INT64_C (1) << 31)
#define MAX_HEADER 65536

/* The numbers read so far; im stays NULL for a real table. */
typedef struct
{
  const char *path;
  delta1_reason_t *reason;
  fmpq *re, *im;
  slong count; /* initialised entries of re, and of im when there is one */
  slong room;
  slong rows, columns;
  slong bits;
} reader_t;

static void
vector_clear (fmpq *x, slong count)
{
  if (x == NULL)
    return;
  for (slong i = 0; i < count; i++)
    fmpq_clear (x + i);
  free (x);
}

static delta1_status_t
out_of_memory (const reader_t *reader)
{
  return delta1_fail (reader->reason, DELTA1_SYSTEM, "%s: memory is out", reader->path);
}

static delta1_status_t
count_bits (reader_t *reader, const fmpq_t x)
{
  reader->bits += (slong)fmpz_bits (fmpq_numref (x)) + (slong)fmpz_bits (fmpq_denref (x));
  if (reader->bits > MAX_TABLE_BITS)
    return delta1_fail (reader->reason, DELTA1_INPUT,
                        "%s: its numbers need more than %ld bits together", reader->path,
                        (long)MAX_TABLE_BITS);
  return DELTA1_OK;
}

/* --- text ---------------------------------------------------------------------------------------
 */

static delta1_status_t
text_append (reader_t *reader, const char *token, slong line, slong column)
{
  delta1_reason_t why;
  if (reader->count == reader->room)
    {
      slong room = reader->room == 0 ? 16 : 2 * reader->room;
      fmpq *re = realloc (reader->re, (size_t)room * sizeof *re);
      if (re == NULL)
        return out_of_memory (reader);
      reader->re = re;
      reader->room = room;
    }
  fmpq *x = reader->re + reader->count++;
  fmpq_init (x);
  delta1_status_t status = delta1_number_parse (x, token, &why);
  if (status != DELTA1_OK)
    return delta1_fail (reader->reason, status, "%s: line %ld, number %ld: %.800s", reader->path,
                        (long)line, (long)column, why.text);
  return count_bits (reader, x);
}

static bool
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* One line, zero-terminated, without its comment. */
static delta1_status_t
text_line (reader_t *reader, char *line, slong number)
{
  slong columns = 0;
  bool comma = false; /* the last thing seen, blanks aside */
  char *at = line;
  for (;;)
    {
      while (is_space (*at))
        at++;
      if (*at == '\0')
        break;
      if (*at == ',')
        {
          if (comma || columns == 0)
            return delta1_fail (reader->reason, DELTA1_INPUT,
                                "%s: line %ld: a number is missing before comma %ld", reader->path,
                                (long)number, (long)(columns == 0 ? 1 : columns + 1));
          comma = true;
          at++;
          continue;
        }
      char *end = at + strcspn (at, " \t\r\f\v,");
      char after = *end;
      *end = '\0';
      delta1_status_t status = text_append (reader, at, number, ++columns);
      if (status != DELTA1_OK)
        return status;
      *end = after;
      at = end;
      comma = false;
    }
  if (comma)
    return delta1_fail (reader->reason, DELTA1_INPUT,
                        "%s: line %ld: a number is missing after its last comma", reader->path,
                        (long)number);
  if (columns == 0)
    return DELTA1_OK;
  if (reader->rows > 0 && columns != reader->columns)
    return delta1_fail (
        reader->reason, DELTA1_INPUT,
        "%s: line %ld has %ld numbers, the rows before have %ld: all rows must have "
        "the same length",
        reader->path, (long)number, (long)columns, (long)reader->columns);
  reader->columns = columns;
  reader->rows++;
  return DELTA1_OK;
}

static delta1_status_t
read_text (reader_t *reader, FILE *file, int64_t size)
{
  delta1_status_t status = DELTA1_OK;
  char *text = NULL;
  slong number = 0;
  if (size > MAX_TEXT_SIZE)
    DELTA1_TRY (delta1_fail (reader->reason, DELTA1_INPUT,
                             "%s: a text table has at most %lld bytes", reader->path,
                             (long long)MAX_TEXT_SIZE));
  text = malloc ((size_t)size + 1);
  if (text == NULL)
    DELTA1_TRY (out_of_memory (reader));
  if (fread (text, 1, (size_t)size, file) != (size_t)size)
    DELTA1_TRY (
        delta1_fail (reader->reason, DELTA1_SYSTEM, "%s: cannot be read to its end", reader->path));
  text[size] = '\0';
  const char *zero = memchr (text, '\0', (size_t)size);
  if (zero != NULL)
    DELTA1_TRY (delta1_fail (reader->reason, DELTA1_INPUT,
                             "%s: byte %ld is zero: neither text nor NPY", reader->path,
                             (long)(zero - text)));

  for (char *line = text, *next; line != NULL; line = next)
    {
      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      line[strcspn (line, "#")] = '\0';
      DELTA1_TRY (text_line (reader, line, ++number));
    }
  if (reader->rows == 0)
    DELTA1_TRY (delta1_fail (reader->reason, DELTA1_INPUT,
                             "%s: it holds no number; at least one row is needed", reader->path));
cleanup:
  free (text);
  return status;
}

/* --- NPY ----------------------------------------------------------------------------------------
 */

static const char npy_magic[6] = { '\x93', 'N', 'U', 'M', 'P', 'Y' };

typedef struct
{
  bool big_endian;
  bool fortran;
  bool complex;
  int width; /* bytes of one real: 4 or 8 */
  slong rows, columns;
} layout_t;

static delta1_status_t
bad_header (const reader_t *reader, const char *what)
{
  return delta1_fail (reader->reason, DELTA1_INPUT, "%s: NPY header: %s", reader->path, what);
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
parse_descr (layout_t *layout, const reader_t *reader, const char *value)
{
  static const struct
  {
    const char *code;
    int width;
    bool complex;
  } types[] = { { "f8", 8, false }, { "f4", 4, false }, { "c16", 8, true } };
  if (value != NULL && (*value == '\'' || *value == '"') && (value[1] == '<' || value[1] == '>'))
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
      {
        size_t length = strlen (types[i].code);
        if (strncmp (value + 2, types[i].code, length) == 0 && value[2 + length] == *value)
          {
            layout->big_endian = value[1] == '>';
            layout->width = types[i].width;
            layout->complex = types[i].complex;
            return DELTA1_OK;
          }
      }
  return bad_header (reader, "'descr' must be one of <f8, >f8, <f4, >f4, <c16, >c16");
}

/* (n,) or (m, n) with 1 <= m, n; longer tuples, zeros and numbers above 2^40 are refused. */
static delta1_status_t
parse_shape (layout_t *layout, const reader_t *reader, const char *value)
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
  layout->rows = dimensions == 2 ? size[0] : 1;
  layout->columns = dimensions == 2 ? size[1] : size[0];
  return DELTA1_OK;
}

/* Leaves the file at its first number, when the file holds exactly the numbers promised. */
static delta1_status_t
npy_header (layout_t *layout, const reader_t *reader, FILE *file, int64_t size)
{
  delta1_status_t status = DELTA1_OK;
  unsigned char start[12];
  char *header = NULL;
  size_t fixed = 10;
  if (fread (start, 1, 10, file) != 10)
    DELTA1_TRY (bad_header (reader, "the file ends in it"));
  if (start[6] < 1 || start[6] > 3 || start[7] != 0)
    DELTA1_TRY (bad_header (reader, "the version must be 1.0, 2.0 or 3.0"));
  uint32_t length = (uint32_t)(start[8] | start[9] << 8);
  if (start[6] > 1)
    {
      fixed = 12;
      if (fread (start + 10, 1, 2, file) != 2)
        DELTA1_TRY (bad_header (reader, "the file ends in it"));
      length |= (uint32_t)start[10] << 16 | (uint32_t)start[11] << 24;
    }
  if (length > MAX_HEADER)
    DELTA1_TRY (bad_header (reader, "it must have at most 65536 bytes"));
  header = calloc ((size_t)length + 1, 1);
  if (header == NULL)
    DELTA1_TRY (out_of_memory (reader));
  if (fread (header, 1, length, file) != length)
    DELTA1_TRY (bad_header (reader, "the file ends in it"));

  DELTA1_TRY (parse_descr (layout, reader, header_value (header, "descr")));
  const char *order = header_value (header, "fortran_order");
  if (order == NULL || (strncmp (order, "True", 4) != 0 && strncmp (order, "False", 5) != 0))
    DELTA1_TRY (bad_header (reader, "'fortran_order' must be True or False"));
  layout->fortran = *order == 'T';
  DELTA1_TRY (parse_shape (layout, reader, header_value (header, "shape")));

  int64_t held = size - (int64_t)fixed - (int64_t)length;
  int64_t numbers, promised;
  if (__builtin_mul_overflow (layout->rows, layout->columns, &numbers)
      || __builtin_mul_overflow (numbers, layout->width * (layout->complex ? 2 : 1), &promised)
      || promised != held)
    DELTA1_TRY (delta1_fail (reader->reason, DELTA1_INPUT,
                             "%s: the NPY header promises %ld x %ld numbers of %d bytes, the file "
                             "holds %lld bytes after it",
                             reader->path, (long)layout->rows, (long)layout->columns,
                             layout->width * (layout->complex ? 2 : 1), (long long)held));
cleanup:
  free (header);
  return status;
}

/* The IEEE double (or float: every float is a double) whose bytes these are. */
static double
decode (const unsigned char *bytes, const layout_t *layout)
{
  uint64_t word = 0;
  for (int i = 0; i < layout->width; i++)
    word = word << 8 | bytes[layout->big_endian ? i : layout->width - 1 - i];
  if (layout->width == 4)
    {
      uint32_t half = (uint32_t)word;
      float single;
      memcpy (&single, &half, sizeof single);
      return (double)single;
    }
  double value;
  memcpy (&value, &word, sizeof value);
  return value;
}

static delta1_status_t
set_double (reader_t *reader, fmpq_t x, double value, slong row, slong column)
{
  if (!__builtin_isfinite (value))
    return delta1_fail (reader->reason, DELTA1_INPUT,
                        "%s: row %ld, column %ld (from 0) is %s: only finite numbers are allowed",
                        reader->path, (long)row, (long)column,
                        __builtin_isnan (value) ? "NaN" : "infinite");
  arf_t exact;
  arf_init (exact);
  arf_set_d (exact, value);
  arf_get_fmpq (x, exact);
  arf_clear (exact);
  return count_bits (reader, x);
}

static delta1_status_t
read_npy (reader_t *reader, FILE *file, int64_t size)
{
  layout_t layout = { 0 };
  delta1_status_t status = npy_header (&layout, reader, file, size);
  if (status != DELTA1_OK)
    return status;

  slong count = layout.rows * layout.columns;
  reader->rows = layout.rows;
  reader->columns = layout.columns;
  reader->re = calloc ((size_t)count, sizeof *reader->re);
  if (layout.complex)
    reader->im = calloc ((size_t)count, sizeof *reader->im);
  if (reader->re == NULL || (layout.complex && reader->im == NULL))
    return out_of_memory (reader);
  for (; reader->count < count; reader->count++)
    {
      fmpq_init (reader->re + reader->count);
      if (layout.complex)
        fmpq_init (reader->im + reader->count);
    }

  for (slong k = 0; k < count && status == DELTA1_OK; k++)
    {
      unsigned char bytes[16];
      size_t width = (size_t)layout.width * (layout.complex ? 2 : 1);
      if (fread (bytes, 1, width, file) != width)
        return delta1_fail (reader->reason, DELTA1_SYSTEM, "%s: cannot be read to its end",
                            reader->path);
      slong row = layout.fortran ? k % layout.rows : k / layout.columns;
      slong column = layout.fortran ? k / layout.rows : k % layout.columns;
      slong place = row * layout.columns + column;
      status = set_double (reader, reader->re + place, decode (bytes, &layout), row, column);
      if (status == DELTA1_OK && layout.complex)
        status = set_double (reader, reader->im + place, decode (bytes + layout.width, &layout),
                             row, column);
    }
  return status;
}

/* --- both ---------------------------------------------------------------------------------------
 */

static bool
named_npy (const char *path)
{
  size_t length = strlen (path);
  return length >= 4 && strcmp (path + length - 4, ".npy") == 0;
}

delta1_status_t
delta1_source_create_table (delta1_source_t **source, slong *rows, slong *columns, const char *path,
                            delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  reader_t reader = { .path = path, .reason = reason };
  struct stat info;
  char magic[sizeof npy_magic];
  FILE *file = NULL;
  if (stat (path, &info) != 0)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_SYSTEM, "%s: cannot be opened: %s", path, strerror (errno)));
  if (!S_ISREG (info.st_mode)) /* before it is opened: a FIFO would wait for a writer */
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "%s: a table must be a regular file", path));
  file = fopen (path, "rb");
  if (file == NULL || fstat (fileno (file), &info) != 0)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_SYSTEM, "%s: cannot be opened: %s", path, strerror (errno)));

  size_t got = fread (magic, 1, sizeof magic, file);
  bool npy = got == sizeof magic && memcmp (magic, npy_magic, sizeof magic) == 0;
  if (!npy && named_npy (path))
    DELTA1_TRY (bad_header (&reader, "the file does not begin with the NPY magic"));
  rewind (file);
  if (npy)
    DELTA1_TRY (read_npy (&reader, file, info.st_size));
  else
    DELTA1_TRY (read_text (&reader, file, info.st_size));

  if (reader.im != NULL)
    DELTA1_TRY (delta1_source_create_gaussian (source, reader.re, reader.im, reader.count, reason));
  else
    DELTA1_TRY (delta1_source_create_rational (source, reader.re, reader.count, reason));
  *rows = reader.rows;
  *columns = reader.columns;
cleanup:
  vector_clear (reader.re, reader.count);
  vector_clear (reader.im, reader.count);
  if (file != NULL)
    (void)fclose (file);
  return status;
}
