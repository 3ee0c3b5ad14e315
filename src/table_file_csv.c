#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "src/table_file_private.h"

/* Of a field or a name in a message. */
#define QUOTED 40
#define MAX_FIELDS (1 << 24)

typedef struct
{
  const char *text; /* unquoted fields: without the blanks around it */
  size_t length;
  bool quoted;
} field_t;

typedef struct
{
  field_t *field;
  slong count, room;
  slong line; /* from 1 */
} row_t;

typedef struct
{
  delta1_table_reader_t *reader;
  char separator; /* ',' ';' '\t', ' ' for any blanks, or 0 for one field a line */
  slong fields;   /* of every row: the columns and the one with the names of the rows */
} parser_t;

static bool
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* A line of text is [at, end). */
typedef struct
{
  const char *at, *end;
} span_t;

/* Cuts the comment: '#' outside quotes at the start or after a blank. Then blanks at both ends. */
static span_t
trim (span_t line)
{
  bool inside = false;
  for (const char *at = line.at; at < line.end; at++)
    if (*at == '"')
      inside = !inside;
    else if (*at == '#' && !inside && (at == line.at || is_blank (at[-1])))
      {
        line.end = at;
        break;
      }
  while (line.end > line.at && (line.end[-1] == '\r' || line.end[-1] == ' '))
    line.end--;
  while (line.at < line.end && *line.at == ' ')
    line.at++;
  return line;
}

static bool
is_empty (span_t line)
{
  while (line.at < line.end && is_blank (*line.at))
    line.at++;
  return line.at == line.end;
}

/* The next line that is not empty without its comment; false at the end of the file. */
static bool
next_line (span_t *line, span_t *rest, slong *number)
{
  while (rest->at < rest->end)
    {
      const char *end = memchr (rest->at, '\n', (size_t)(rest->end - rest->at));
      line->at = rest->at;
      line->end = end == NULL ? rest->end : end;
      rest->at = end == NULL ? rest->end : end + 1;
      ++*number;
      *line = trim (*line);
      if (!is_empty (*line))
        return true;
    }
  return false;
}

/* The bytes of `set` that occur outside quotes: the first of them in the order of the set. */
static char
first_separator (span_t line, const char *set)
{
  const char *best = set + strlen (set);
  bool inside = false;
  for (const char *at = line.at; at < line.end; at++)
    {
      const char *found = *at == '\0' ? NULL : strchr (set, *at);
      inside ^= *at == '"';
      if (!inside && found != NULL && found < best)
        best = found;
    }
  return *best;
}

/* second: the next line, empty when there is none. A single column may be named with blanks. */
static char
separator_of (span_t first, span_t second)
{
  char separator = first_separator (first, ";,\t ");
  if (separator == ' ' && !is_empty (second) && first_separator (second, ";,\t ") != ' ')
    return '\0';
  return separator;
}

/* --- one row ---------------------------------------------------------------------------------- */

static delta1_status_t
row_append (row_t *row, const parser_t *parser, field_t field)
{
  if (row->count == MAX_FIELDS)
    return delta1_table_reader_fail (parser->reader, DELTA1_INPUT,
                                     "line %ld has more than %d fields", (long)row->line,
                                     MAX_FIELDS);
  if (row->count == row->room)
    {
      slong room = 2 * row->room + 16;
      field_t *larger = realloc (row->field, (size_t)room * sizeof *larger);
      if (larger == NULL)
        return delta1_table_reader_fail (parser->reader, DELTA1_SYSTEM, "memory is out");
      row->field = larger;
      row->room = room;
    }
  row->field[row->count++] = field;
  return DELTA1_OK;
}

/* at: a quote. *after: behind the closing one; NULL when there is none. */
static field_t
quoted_field (const char **after, const char *at, const char *end)
{
  field_t field = { .text = at + 1, .quoted = true };
  *after = NULL;
  for (at++; at < end; at++)
    if (*at == '"' && at + 1 < end && at[1] == '"')
      at++;
    else if (*at == '"')
      {
        *after = at + 1;
        field.length = (size_t)(at - field.text);
        break;
      }
  return field;
}

/* Blanks that separate nothing, and those that do when blanks are the separator. */
static const char *
skip_blanks (const char *at, const char *end, char separator)
{
  while (at < end && is_blank (*at) && (separator == ' ' || *at != separator))
    at++;
  return at;
}

static delta1_status_t
split (row_t *row, const parser_t *parser, span_t line, slong number)
{
  char separator = parser->separator;
  const char *at = line.at;
  row->count = 0;
  row->line = number;
  for (;;)
    {
      at = skip_blanks (at, line.end, separator);
      field_t field = { .text = at };
      if (at < line.end && *at == '"')
        {
          field = quoted_field (&at, at, line.end);
          if (at == NULL)
            return delta1_table_reader_fail (parser->reader, DELTA1_INPUT,
                                             "line %ld: the quote of field %ld is not closed",
                                             (long)number, (long)row->count + 1);
        }
      else
        {
          while (at < line.end && *at != separator && !(separator == ' ' && is_blank (*at)))
            at++;
          field.length = (size_t)(at - field.text);
          while (field.length > 0 && is_blank (field.text[field.length - 1]))
            field.length--;
        }
      delta1_status_t status = row_append (row, parser, field);
      if (status != DELTA1_OK)
        return status;
      const char *behind = at;
      at = skip_blanks (at, line.end, separator);
      if (at == line.end)
        return DELTA1_OK;
      if (separator == ' ' ? at == behind : *at != separator)
        return delta1_table_reader_fail (
            parser->reader, DELTA1_INPUT,
            "line %ld: text stands behind the closing quote of field %ld", (long)number,
            (long)row->count);
      if (separator != ' ')
        at++;
    }
}

/* --- the header ------------------------------------------------------------------------------- */

/* Whether it reads like a number. Powers are not computed: one line may hold millions of them. */
static bool
is_number (const field_t *field)
{
  const char *end = field->text + field->length, *cut = end;
  bool hex = memchr (field->text, 'x', field->length) != NULL
             || memchr (field->text, 'X', field->length) != NULL;
  while (cut > field->text && cut[-1] >= '0' && cut[-1] <= '9')
    cut--;
  if (cut < end && cut > field->text && (cut[-1] == '+' || cut[-1] == '-'))
    cut--;
  if (cut < end && cut > field->text && strchr (hex ? "pP" : "eE", cut[-1]) != NULL)
    end = cut - 1;
  delta1_reason_t why;
  fmpq_t x;
  fmpq_init (x);
  bool is = delta1_table_number (x, field->text, (size_t)(end - field->text), &why) == DELTA1_OK;
  fmpq_clear (x);
  return is;
}

static bool
is_word (const field_t *field, const char *word)
{
  return field->length == strlen (word) && strncasecmp (field->text, word, field->length) == 0;
}

/* What tables write where a number is missing. */
static bool
is_missing (const field_t *field)
{
  static const char *const marks[]
      = { "",   "nan", "+nan", "-nan", "inf",       "+inf",      "-inf", "infinity",
          "na", "n/a", "null", "none", "+infinity", "-infinity", "?",    "-" };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (is_word (field, marks[i]))
      return true;
  return false;
}

static bool
all_quoted (const row_t *row)
{
  for (slong j = 0; j < row->count; j++)
    if (!row->field[j].quoted)
      return false;
  return row->count > 0;
}

/* Whether the first row is names: see the header file. A row of missing values only is none, and
 * one with numbers and words is refused. */
static delta1_status_t
is_header (bool *header, const parser_t *parser, const row_t *first, const row_t *second)
{
  slong numbers = 0, words = 0;
  const field_t *word = NULL;
  for (slong j = 0; j < first->count; j++)
    if (is_number (first->field + j))
      numbers++;
    else if (!is_missing (first->field + j))
      {
        words++;
        word = first->field + j;
      }
  *header = words > 0 && numbers == 0;
  if (numbers == first->count && all_quoted (first) && second->count > 0 && !all_quoted (second))
    *header = true;
  if (numbers > 0 && words > 0 && all_quoted (first))
    *header = true;
  if (*header || words == 0)
    return DELTA1_OK;
  return delta1_table_reader_fail (
      parser->reader, DELTA1_INPUT,
      "line %ld holds numbers and words ('%.*s'): a header has names only (quote all of them when "
      "some are numbers), other lines numbers only",
      (long)first->line, (int)(word->length > QUOTED ? QUOTED : word->length), word->text);
}

/* The text of a name: "" is a quote; what is not UTF-8 or a control character becomes '?'. */
static char *
name_of (const field_t *field)
{
  char *name = malloc (field->length + 1);
  size_t length = 0;
  if (name == NULL)
    return NULL;
  for (size_t i = 0; i < field->length; i++)
    {
      char c = field->text[i];
      name[length++] = (unsigned char)c < 0x20 || c == 0x7f ? '?' : c;
      if (field->quoted && c == '"')
        i++;
    }
  name[length] = '\0';
  json_t *utf8 = json_string (name);
  for (size_t i = 0; utf8 == NULL && i < length; i++)
    if ((unsigned char)name[i] >= 0x80)
      name[i] = '?';
  json_decref (utf8);
  return name;
}

/* The names of a header, when the line after it has so many fields. */
static delta1_status_t
set_names (parser_t *parser, const row_t *row, slong fields)
{
  delta1_table_t *table = parser->reader->table;
  slong skip = row->count > 1 && row->field[0].length == 0;
  table->row_names = skip == 1 || fields == row->count + 1;
  parser->fields = row->count + (table->row_names && skip == 0);
  table->columns = row->count - skip;
  table->name = calloc ((size_t)table->columns, sizeof *table->name);
  for (slong j = 0; table->name != NULL && j < table->columns; j++)
    if ((table->name[j] = name_of (row->field + skip + j)) == NULL)
      return delta1_table_reader_fail (parser->reader, DELTA1_SYSTEM, "memory is out");
  if (table->name == NULL)
    return delta1_table_reader_fail (parser->reader, DELTA1_SYSTEM, "memory is out");
  return DELTA1_OK;
}

/* --- the numbers ------------------------------------------------------------------------------ */

static delta1_status_t
bad_field (const parser_t *parser, const row_t *row, slong j, const char *why)
{
  const delta1_table_t *table = parser->reader->table;
  const field_t *field = row->field + j;
  slong column = j - (table->row_names ? 1 : 0);
  delta1_reason_t name = { "" };
  if (table->name != NULL)
    (void)snprintf (name.text, sizeof name.text, " (%.*s)", QUOTED, table->name[column]);
  const char *hint = "";
  if (field->length == 0)
    why = "is empty";
  if (is_missing (field))
    hint = ": missing and infinite values are not allowed; leave the row out, or fill it in";
  else if (memchr (field->text, ',', field->length) != NULL)
    hint = " (the decimal point is '.')";
  return delta1_table_reader_fail (parser->reader, DELTA1_INPUT, "line %ld, field %ld%s: %s%s",
                                   (long)row->line, (long)j + 1, name.text, why, hint);
}

static delta1_status_t
add_row (parser_t *parser, const row_t *row)
{
  delta1_table_t *table = parser->reader->table;
  if (row->count != parser->fields)
    return delta1_table_reader_fail (
        parser->reader, DELTA1_INPUT,
        "line %ld has %ld field%s, the lines before have %ld: all lines must have as many",
        (long)row->line, (long)row->count, row->count == 1 ? "" : "s", (long)parser->fields);
  for (slong j = table->row_names ? 1 : 0; j < row->count; j++)
    {
      delta1_reason_t why;
      fmpq *x;
      delta1_status_t status = delta1_table_reader_append (parser->reader, &x);
      if (status != DELTA1_OK)
        return status;
      status = delta1_table_number (x, row->field[j].text, row->field[j].length, &why);
      if (status == DELTA1_INPUT)
        return bad_field (parser, row, j, why.text);
      if (status != DELTA1_OK)
        return delta1_table_reader_fail (parser->reader, status, "%s", why.text);
      status = delta1_table_reader_count (parser->reader, x);
      if (status != DELTA1_OK)
        return status;
    }
  table->rows++;
  return DELTA1_OK;
}

delta1_status_t
delta1_table_read_csv (delta1_table_reader_t *reader, const char *data, size_t size)
{
  delta1_status_t status = DELTA1_OK;
  parser_t parser = { .reader = reader };
  row_t row = { 0 }, second = { 0 };
  span_t rest = { data, data + size }, line, after = { data, data };
  slong number = 0;
  bool header;
  const char *zero = size == 0 ? NULL : memchr (data, '\0', size);
  if (zero != NULL)
    DELTA1_TRY (delta1_table_reader_fail (
        reader, DELTA1_INPUT, "byte %ld is zero: neither text (UTF-16? save as UTF-8), NPY nor MAT",
        (long)(zero - data)));
  if (size >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
    rest.at += 3;
  if (!next_line (&line, &rest, &number))
    DELTA1_TRY (delta1_table_reader_fail (
        reader, DELTA1_INPUT, "it holds no number; at least one row of numbers is needed"));

  span_t ahead = rest;
  slong ahead_number = number;
  if (!next_line (&after, &ahead, &ahead_number))
    after = (span_t){ data, data };
  parser.separator = separator_of (line, after);
  DELTA1_TRY (split (&row, &parser, line, number));
  if (!is_empty (after))
    DELTA1_TRY (split (&second, &parser, after, ahead_number));
  parser.fields = row.count;
  DELTA1_TRY (is_header (&header, &parser, &row, &second));
  if (header)
    DELTA1_TRY (set_names (&parser, &row, second.count));
  else
    {
      reader->table->columns = row.count;
      DELTA1_TRY (add_row (&parser, &row));
    }
  while (next_line (&line, &rest, &number))
    {
      DELTA1_TRY (split (&row, &parser, line, number));
      DELTA1_TRY (add_row (&parser, &row));
    }
  if (reader->table->rows == 0)
    DELTA1_TRY (delta1_table_reader_fail (
        reader, DELTA1_INPUT,
        "it holds no number under its header; at least one row of numbers is needed"));
cleanup:
  free (row.field);
  free (second.field);
  return status;
}
