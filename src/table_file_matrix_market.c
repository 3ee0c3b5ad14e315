#include <stdlib.h>
#include <string.h>

#include "src/table_file_private.h"

#define MAX_SIZE (INT64_C (1) << 40)
#define QUOTED 40

typedef enum
{
  GENERAL,
  SYMMETRIC,
  SKEW_SYMMETRIC
} symmetry_t;

typedef struct
{
  delta1_table_reader_t *reader;
  const char *at, *end;
  slong line;
  bool coordinate, pattern, integer;
  symmetry_t symmetry;
  bool *seen; /* which entries of a coordinate file are listed */
} parser_t;

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static delta1_status_t
fail_line (const parser_t *parser, const char *what)
{
  return delta1_table_reader_fail (parser->reader, DELTA1_INPUT, "Matrix Market, line %ld: %s",
                                   (long)parser->line, what);
}

typedef struct
{
  const char *text;
  size_t length;
} word_t;

#define MAX_WORDS 8

/* The words of the next line that is neither empty nor a comment; *count = 0 at the end of the
 * file, MAX_WORDS + 1 when there are more. */
static void
next_words (word_t word[MAX_WORDS], int *count, parser_t *parser)
{
  *count = 0;
  while (*count == 0 && parser->at < parser->end)
    {
      const char *end = memchr (parser->at, '\n', (size_t)(parser->end - parser->at));
      const char *stop = end == NULL ? parser->end : end, *at = parser->at;
      parser->line++;
      for (;;)
        {
          while (at < stop && is_blank (*at))
            at++;
          if (at == stop || *at == '%')
            break;
          const char *begin = at;
          while (at < stop && !is_blank (*at))
            at++;
          if (*count < MAX_WORDS)
            word[*count] = (word_t){ begin, (size_t)(at - begin) };
          if (++*count > MAX_WORDS)
            break;
        }
      parser->at = end == NULL ? parser->end : end + 1;
    }
}

static bool
is (word_t word, const char *text)
{
  return word.length == strlen (text) && strncasecmp (word.text, text, word.length) == 0;
}

static delta1_status_t
read_banner (parser_t *parser)
{
  static const char allowed[]
      = "allowed is '%%MatrixMarket matrix', then coordinate or array, then real, integer or "
        "pattern, then general, symmetric or skew-symmetric";
  word_t word[MAX_WORDS] = { { 0 } };
  int count = 0;
  /* The banner begins like a comment. */
  const char *stop = memchr (parser->at, '\n', (size_t)(parser->end - parser->at));
  parser_t banner = { .at = parser->at + 2, .end = stop == NULL ? parser->end : stop };
  next_words (word, &count, &banner);
  parser->at = stop == NULL ? parser->end : stop + 1;
  parser->line = 1;
  if (count != 5 || !is (word[0], "MatrixMarket") || !is (word[1], "matrix"))
    return fail_line (parser, allowed);
  parser->coordinate = is (word[2], "coordinate");
  parser->pattern = is (word[3], "pattern");
  parser->integer = is (word[3], "integer");
  if (is (word[3], "complex") || is (word[4], "hermitian"))
    return fail_line (parser, "complex numbers are not read; real, integer and pattern are");
  if ((!parser->coordinate && !is (word[2], "array"))
      || (!parser->pattern && !parser->integer && !is (word[3], "real") && !is (word[3], "double"))
      || (parser->pattern && !parser->coordinate))
    return fail_line (parser, allowed);
  parser->symmetry = is (word[4], "symmetric")        ? SYMMETRIC
                     : is (word[4], "skew-symmetric") ? SKEW_SYMMETRIC
                                                      : GENERAL;
  if (parser->symmetry == GENERAL && !is (word[4], "general"))
    return fail_line (parser, allowed);
  return DELTA1_OK;
}

/* A whole number in [low, MAX_SIZE]. */
static bool
whole (int64_t *value, word_t word, int64_t low)
{
  *value = 0;
  if (word.length == 0)
    return false;
  for (size_t i = 0; i < word.length; i++)
    {
      if (word.text[i] < '0' || word.text[i] > '9' || *value > MAX_SIZE)
        return false;
      *value = 10 * *value + (word.text[i] - '0');
    }
  return *value >= low && *value <= MAX_SIZE;
}

/* The rows and columns, and how many entries are listed: as many lines, of at least two (array),
 * four (pattern) or six bytes each (the last may lack its end), must follow. */
static delta1_status_t
read_sizes (parser_t *parser, int64_t *listed)
{
  word_t word[MAX_WORDS];
  int count;
  int64_t rows, columns, full;
  next_words (word, &count, parser);
  if (count != (parser->coordinate ? 3 : 2) || !whole (&rows, word[0], 1)
      || !whole (&columns, word[1], 1) || (parser->coordinate && !whole (listed, word[2], 0)))
    return fail_line (parser, parser->coordinate
                                  ? "rows, columns and the number of entries, up to 2^40, are due"
                                  : "rows and columns, from 1 to 2^40, are due");
  if (parser->symmetry != GENERAL && rows != columns)
    return fail_line (parser, "a symmetric or skew-symmetric matrix is square");
  if (__builtin_mul_overflow (rows, columns, &full))
    return fail_line (parser, "the matrix is too large");
  if (!parser->coordinate)
    *listed = parser->symmetry == GENERAL
                  ? full
                  : rows * (rows + (parser->symmetry == SYMMETRIC ? 1 : -1)) / 2;
  int64_t left = parser->end - parser->at, least = !parser->coordinate ? 2
                                                   : parser->pattern   ? 4
                                                                       : 6;
  if (*listed > (left + 1) / least)
    return delta1_table_reader_fail (
        parser->reader, DELTA1_INPUT,
        "Matrix Market, line %ld: %lld entries are promised, only %lld bytes follow",
        (long)parser->line, (long long)*listed, (long long)left);
  delta1_status_t status = DELTA1_OK;
  if (parser->coordinate)
    status = delta1_table_reader_full (parser->reader, rows, columns, *listed);
  if (status == DELTA1_OK)
    status = delta1_table_reader_size (parser->reader, (slong)rows, (slong)columns, false);
  if (status == DELTA1_OK && parser->coordinate
      && (parser->seen = calloc ((size_t)full, sizeof *parser->seen)) == NULL)
    status = delta1_table_reader_fail (parser->reader, DELTA1_SYSTEM, "memory is out");
  return status;
}

/* Entry (i, j) = word, or 1 of a pattern, and its mirror image. */
static delta1_status_t
set_entry (parser_t *parser, slong i, slong j, const word_t *word)
{
  delta1_table_t *table = parser->reader->table;
  fmpq *x = table->re + i * table->columns + j;
  delta1_reason_t why;
  if (parser->pattern)
    fmpq_one (x);
  else if (delta1_table_number (x, word->text, word->length, &why) != DELTA1_OK)
    return fail_line (parser, why.text);
  if (parser->integer && !fmpz_is_one (fmpq_denref (x)))
    return delta1_table_reader_fail (
        parser->reader, DELTA1_INPUT, "Matrix Market, line %ld: '%.*s' is not an integer",
        (long)parser->line, (int)(word->length > QUOTED ? QUOTED : word->length), word->text);
  delta1_status_t status = delta1_table_reader_count (parser->reader, x);
  if (status != DELTA1_OK || parser->symmetry == GENERAL || i == j)
    return status;
  fmpq *mirror = table->re + j * table->columns + i;
  fmpq_set (mirror, x);
  if (parser->symmetry == SKEW_SYMMETRIC)
    fmpq_neg (mirror, mirror);
  return delta1_table_reader_count (parser->reader, mirror);
}

static delta1_status_t
read_coordinates (parser_t *parser, int64_t listed)
{
  const delta1_table_t *table = parser->reader->table;
  for (int64_t k = 0; k < listed; k++)
    {
      word_t word[MAX_WORDS];
      int count;
      int64_t i, j;
      next_words (word, &count, parser);
      if (count == 0)
        return fail_line (parser, "the file ends before all the entries it promises");
      if (count != (parser->pattern ? 2 : 3) || !whole (&i, word[0], 1) || !whole (&j, word[1], 1)
          || i > table->rows || j > table->columns)
        return delta1_table_reader_fail (
            parser->reader, DELTA1_INPUT,
            "Matrix Market, line %ld: row (1 to %ld), column (1 to %ld)%s are due",
            (long)parser->line, (long)table->rows, (long)table->columns,
            parser->pattern ? "" : " and a number");
      if (parser->symmetry == SKEW_SYMMETRIC && i == j)
        return fail_line (parser, "the diagonal of a skew-symmetric matrix is not listed");
      bool *seen = parser->seen + (i - 1) * table->columns + (j - 1);
      if (*seen)
        return fail_line (parser, "this entry is listed twice");
      *seen = true;
      if (parser->symmetry != GENERAL)
        parser->seen[(j - 1) * table->columns + (i - 1)] = true;
      delta1_status_t status = set_entry (parser, (slong)i - 1, (slong)j - 1, word + 2);
      if (status != DELTA1_OK)
        return status;
    }
  return DELTA1_OK;
}

/* Column by column; of a symmetric matrix the part from the diagonal down, of a skew-symmetric one
 * that below it. */
static delta1_status_t
read_array (parser_t *parser)
{
  const delta1_table_t *table = parser->reader->table;
  for (slong j = 0; j < table->columns; j++)
    for (slong i = parser->symmetry == GENERAL ? 0 : j + (parser->symmetry == SKEW_SYMMETRIC);
         i < table->rows; i++)
      {
        word_t word[MAX_WORDS];
        int count;
        next_words (word, &count, parser);
        if (count == 0)
          return fail_line (parser, "the file ends before all the numbers it promises");
        if (count != 1)
          return fail_line (parser, "one number is due");
        delta1_status_t status = set_entry (parser, i, j, word);
        if (status != DELTA1_OK)
          return status;
      }
  return DELTA1_OK;
}

delta1_status_t
delta1_table_read_matrix_market (delta1_table_reader_t *reader, const char *data, size_t size)
{
  delta1_status_t status = DELTA1_OK;
  parser_t parser = { .reader = reader, .at = data, .end = data + size };
  word_t word[MAX_WORDS];
  int64_t listed = 0;
  int count;
  DELTA1_TRY (read_banner (&parser));
  DELTA1_TRY (read_sizes (&parser, &listed));
  if (parser.coordinate)
    DELTA1_TRY (read_coordinates (&parser, listed));
  else
    DELTA1_TRY (read_array (&parser));
  next_words (word, &count, &parser);
  if (count != 0)
    DELTA1_TRY (fail_line (&parser, "more follows than the file promises"));
cleanup:
  free (parser.seen);
  return status;
}
