#include "config.h"

#include "trainers/process_message.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/number.h"

#define QUOTED 60 /* characters of a wrong line that a reason shows */

static void
write_supervised (FILE *f, const delta1_supervised_t *supervised)
{
  const fmpq_mat_struct *X = supervised->targets;
  for (slong i = 0; i <= supervised->layers; i++)
    fprintf (f, "%s%ld", i == 0 ? ",\"widths\":[" : ",", (long)supervised->widths[i]);
  fputs ("],\"targets\":[", f);
  for (slong k = 0; k < fmpq_mat_nrows (X); k++)
    {
      fputs (k == 0 ? "[" : ",[", f);
      for (slong j = 0; j < fmpq_mat_ncols (X); j++)
        {
          char *value = fmpq_get_str (NULL, 10, fmpq_mat_entry (X, k, j));
          fprintf (f, "%s\"%s\"", j == 0 ? "" : ",", value);
          flint_free (value);
        }
      fputc (']', f);
    }
  fputc (']', f);
}

char *
delta1_process_message_task (const delta1_task_t *task, uint64_t seed)
{
  char *text = NULL, *value = NULL;
  size_t size = 0;
  FILE *f = open_memstream (&text, &size);
  if (f == NULL)
    return NULL;
  fprintf (f, "{\"delta1\":1,\"problem\":\"%s\",\"m\":%ld,\"N\":%ld,\"R\":%ld",
           task->supervised != NULL ? "supervised" : delta1_problem_name (task->problem),
           (long)task->shape.m, (long)task->shape.N, (long)task->shape.R);
  const char *parameter
      = task->supervised != NULL ? NULL : delta1_problem_parameter (task->problem);
  if (task->supervised != NULL)
    write_supervised (f, task->supervised);
  if (parameter != NULL)
    {
      value = fmpq_get_str (NULL, 10, task->parameter);
      fprintf (f, ",\"%s\":\"%s\"", parameter, value);
      flint_free (value);
    }
  fprintf (f, ",\"digits\":%ld,\"seed\":%" PRIu64, (long)task->digits, seed);
  if (task->max_precision > 0)
    fprintf (f, ",\"max_n\":%ld", (long)task->max_precision);
  if (task->network != NULL)
    fputs (",\"network\":true", f);
  fputs ("}\n", f);
  bool bad = ferror (f) != 0;
  if (fclose (f) != 0 || bad)
    {
      free (text);
      return NULL;
    }
  return text;
}

/* "what is wrong: <the beginning of the line>" */
static delta1_status_t
wrong (const char *line, size_t size, delta1_reason_t *reason, const char *what)
{
  char quoted[QUOTED + 1];
  size_t length = size < QUOTED ? size : QUOTED;
  for (size_t k = 0; k < length; k++)
    quoted[k] = (char)(line[k] >= ' ' && line[k] <= '~' ? line[k] : '?');
  quoted[length] = 0;
  return delta1_fail (reason, DELTA1_FAILED, "the program wrote a wrong line: %s: %s%s", what,
                      quoted, size > length ? "..." : "");
}

/* An object takes about as much memory as so many numbers. */
#define OBJECT_PARTS 8

/* Brackets, braces (OBJECT_PARTS times) and commas outside strings: at least the number of values
 * decoding would make. */
static slong
parts (const char *line, size_t size)
{
  slong count = 0;
  bool inside = false;
  for (size_t k = 0; k < size; k++)
    if (inside)
      {
        if (line[k] == '\\')
          k++;
        else if (line[k] == '"')
          inside = false;
      }
    else if (line[k] == '"')
      inside = true;
    else if (line[k] == ',' || line[k] == '[')
      count++;
    else if (line[k] == '{')
      count += OBJECT_PARTS;
  return count;
}

/* *value = the integer member, which must be there. */
static bool
get_integer (int64_t *value, const json_t *object, const char *name)
{
  const json_t *member = json_object_get (object, name);
  if (!json_is_integer (member))
    return false;
  *value = json_integer_value (member);
  return true;
}

static delta1_status_t
parse_question (delta1_process_message_t *message, const json_t *object, const char *line,
                size_t size, const delta1_shape_t *shape, delta1_reason_t *reason)
{
  const char *what = json_string_value (json_object_get (object, "ask"));
  if (what == NULL || (strcmp (what, "A") != 0 && strcmp (what, "y") != 0))
    return wrong (line, size, reason, "\"ask\" must be \"A\" or \"y\"");
  message->place.data = *what == 'y';
  const char *row_name = message->place.data ? "k" : "i";
  const char *column_name = message->place.data ? "i" : "j";
  slong rows = message->place.data ? shape->R : shape->m;
  slong columns = message->place.data ? shape->m : shape->N;

  if (!get_integer (&message->precision, object, "n"))
    return wrong (line, size, reason, "\"n\" must be there and an integer");
  if (message->precision < 1)
    return wrong (line, size, reason, "\"n\" must be at least 1");
  bool has_row = json_object_get (object, row_name) != NULL;
  bool has_column = json_object_get (object, column_name) != NULL;
  if (!has_row && !has_column)
    {
      message->kind = DELTA1_PROCESS_SAMPLE;
      return DELTA1_OK;
    }
  message->kind = DELTA1_PROCESS_ENTRY;
  int64_t row, column;
  if (!get_integer (&row, object, row_name) || !get_integer (&column, object, column_name))
    return wrong (line, size, reason,
                  message->place.data ? "\"k\" and \"i\" must both be integers, or both be absent"
                                      : "\"i\" and \"j\" must both be integers, or both be absent");
  if (row < 0 || row >= rows || column < 0 || column >= columns)
    return wrong (line, size, reason, "an index is out of range (they start at 0)");
  message->place.row = (slong)row;
  message->place.column = (slong)column;
  return DELTA1_OK;
}

/* R rows of N numbers, or a network, and place for members that are not ours. R N is below 2^62:
 * the shape is that of an input in memory. */
static slong
most_parts (const delta1_task_t *task)
{
  slong most = task->shape.R * task->shape.N + task->shape.R;
  if (task->network != NULL && most < DELTA1_PROCESS_NETWORK_PARTS)
    most = DELTA1_PROCESS_NETWORK_PARTS;
  return most + 1024;
}

/* Exactly one of the three members is there. */
static const char *
wrong_members (const json_t *ask, const json_t *x, const json_t *network)
{
  if (ask == NULL && x == NULL && network == NULL)
    return "neither \"ask\" nor \"x\" nor \"network\"";
  if (ask != NULL && x != NULL)
    return "both \"ask\" and \"x\"";
  if (network != NULL && (ask != NULL || x != NULL))
    return "\"network\" and another of \"ask\" and \"x\"";
  return NULL;
}

delta1_status_t
delta1_process_message_parse (delta1_process_message_t *message, const char *line, size_t size,
                              const delta1_task_t *task, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  memset (message, 0, sizeof *message);
  json_t *object = NULL;
  if (parts (line, size) > most_parts (task))
    return wrong (line, size, reason, "it has more parts than an answer to this task");
  json_error_t error;
  object = json_loadb (line, size, JSON_REJECT_DUPLICATES, &error);
  if (object == NULL)
    {
      char what[JSON_ERROR_TEXT_LENGTH + 32];
      snprintf (what, sizeof what, "not JSON (%s)", error.text);
      DELTA1_TRY (wrong (line, size, reason, what));
    }
  if (!json_is_object (object))
    DELTA1_TRY (wrong (line, size, reason, "not a JSON object"));
  json_t *x = json_object_get (object, "x"), *network = json_object_get (object, "network");
  const json_t *ask = json_object_get (object, "ask");
  const char *what = wrong_members (ask, x, network);
  if (what != NULL)
    DELTA1_TRY (wrong (line, size, reason, what));
  if (network != NULL && task->network == NULL)
    DELTA1_TRY (wrong (line, size, reason, "the task does not take a network"));
  if (ask != NULL)
    DELTA1_TRY (parse_question (message, object, line, size, &task->shape, reason));
  else
    {
      message->kind = network != NULL ? DELTA1_PROCESS_NETWORK : DELTA1_PROCESS_RESULT;
      json_t *said = json_object_get (object, "status");
      if (said != NULL && (!json_is_string (said) || json_string_length (said) > DELTA1_SAID_BYTES))
        DELTA1_TRY (wrong (line, size, reason, "\"status\" must be a string of at most 200 bytes"));
      message->answer = json_incref (network != NULL ? network : x);
      message->said = json_incref (said);
    }
cleanup:
  json_decref (object);
  return status;
}

delta1_status_t
delta1_process_message_number (fmpq_t x, const json_t *number, delta1_reason_t *reason)
{
  if (json_is_integer (number))
    {
      fmpz_set_si (fmpq_numref (x), (slong)json_integer_value (number));
      fmpz_one (fmpq_denref (x));
      return DELTA1_OK;
    }
  if (json_is_real (number))
    {
      double value = json_real_value (number);
      if (!isfinite (value))
        return delta1_fail (reason, DELTA1_FAILED, "a number that is not finite");
      int exponent;
      double mantissa = frexp (value, &exponent);
      fmpz_set_d (fmpq_numref (x), ldexp (mantissa, 53));
      fmpz_one (fmpq_denref (x));
      if (exponent >= 53)
        fmpq_mul_2exp (x, x, (mp_bitcnt_t)(exponent - 53));
      else
        fmpq_div_2exp (x, x, (mp_bitcnt_t)(53 - exponent));
      return DELTA1_OK;
    }
  const char *text = json_string_value (number);
  if (text == NULL)
    return delta1_fail (reason, DELTA1_FAILED, "neither a number nor a string");
  delta1_reason_t why;
  delta1_status_t status = delta1_number_parse (x, text, &why);
  /* What is wrong in the program's text is the program's failure. */
  return status == DELTA1_OK ? status
                             : delta1_fail (reason, status == DELTA1_INPUT ? DELTA1_FAILED : status,
                                            "%s", why.text);
}
