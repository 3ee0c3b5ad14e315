/* An external program as a training algorithm: doc/protocol.md. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/network_document.h"
#include "trainers/process_message.h"
#include "trainers/subprocess.h"
#include "trainers/trainer.h"

#define DEFAULT_SECONDS 60.0
#define EXIT_NOT_INSTALLED 77
#define EXIT_DOES_NOT_ATTEMPT 78

/* The context of the algorithm. */
typedef struct
{
  unsigned problems; /* bit p: problem p is attempted */
  char command[];
} process_t;

typedef struct
{
  const delta1_task_t *task;
  delta1_oracle_t *oracle;
  delta1_subprocess_t *program;
  slong questions;
} conversation_t;

/* --- questions -------------------------------------------------------------------------------- */

static delta1_status_t
say (conversation_t *c, const char *text, delta1_reason_t *reason)
{
  return delta1_subprocess_send (c->program, text, strlen (text), reason);
}

/* Sends the entry as "m", with quotes. */
static delta1_status_t
say_entry (conversation_t *c, slong entry, slong n, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  char *digits = NULL;
  fmpz_t m;
  fmpz_init (m);
  DELTA1_TRY (delta1_oracle_ask (c->oracle, m, entry, n, reason));
  digits = fmpz_get_str (NULL, 10, m);
  DELTA1_TRY (say (c, "\"", reason));
  DELTA1_TRY (say (c, digits, reason));
  DELTA1_TRY (say (c, "\"", reason));
cleanup:
  if (digits != NULL)
    flint_free (digits);
  fmpz_clear (m);
  return status;
}

static delta1_status_t
say_sample (conversation_t *c, bool data, slong n, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_shape_t *shape = &c->task->shape;
  slong rows = data ? shape->R : shape->m;
  slong columns = data ? shape->m : shape->N;
  DELTA1_TRY (say (c, "[", reason));
  for (slong i = 0; i < rows; i++)
    {
      DELTA1_TRY (say (c, i == 0 ? "[" : ",[", reason));
      for (slong j = 0; j < columns; j++)
        {
          slong entry = data ? delta1_shape_data_entry (shape, i, j)
                             : delta1_shape_matrix_entry (shape, i, j);
          if (j > 0)
            DELTA1_TRY (say (c, ",", reason));
          DELTA1_TRY (say_entry (c, entry, n, reason));
          /* Nobody will read the rest: do not make the oracle work for it. */
          if (!delta1_subprocess_listens (c->program))
            DELTA1_TRY (delta1_subprocess_describe_end (
                c->program, "closed its standard input while it was being answered", reason));
        }
      DELTA1_TRY (say (c, "]", reason));
    }
  DELTA1_TRY (say (c, "]", reason));
cleanup:
  return status;
}

/* A question above the task's largest n goes to the oracle all the same when an oracle can be asked
 * that: a meter then counts it as the budget that was used up. */
static delta1_status_t
above_budget (conversation_t *c, slong entry, int64_t n, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpz_t m;
  fmpz_init (m);
  if (n <= DELTA1_ORACLE_MAX_PRECISION)
    status = delta1_oracle_ask (c->oracle, m, entry, (slong)n, reason);
  if (status == DELTA1_OK)
    status = delta1_fail (reason, DELTA1_BUDGET,
                          "the program asked at precision %lld; the budget is %lld", (long long)n,
                          (long long)c->task->max_precision);
  fmpz_clear (m);
  return status;
}

static delta1_status_t
answer_question (conversation_t *c, const delta1_process_message_t *question,
                 delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_shape_t *shape = &c->task->shape;
  const delta1_place_t *place = &question->place;
  int64_t n = question->precision;
  slong entry = place->data ? delta1_shape_data_entry (shape, place->row, place->column)
                            : delta1_shape_matrix_entry (shape, place->row, place->column);
  c->questions++;
  if (c->task->max_precision > 0 && n > c->task->max_precision)
    DELTA1_TRY (above_budget (c, entry, n, reason));
  if (n > DELTA1_ORACLE_MAX_PRECISION)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                             "the program asked at precision %lld; allowed are 1 to %d",
                             (long long)n, DELTA1_ORACLE_MAX_PRECISION));
  if (!delta1_subprocess_listens (c->program))
    DELTA1_TRY (delta1_subprocess_describe_end (
        c->program, "closed its standard input and asked all the same", reason));

  char head[48];
  snprintf (head, sizeof head, "{\"n\":%lld,\"m\":", (long long)n);
  DELTA1_TRY (say (c, head, reason));
  if (question->kind == DELTA1_PROCESS_ENTRY)
    DELTA1_TRY (say_entry (c, entry, (slong)n, reason));
  else
    DELTA1_TRY (say_sample (c, place->data, (slong)n, reason));
  DELTA1_TRY (say (c, "}\n", reason));
cleanup:
  return status;
}

/* --- the result ------------------------------------------------------------------------------- */

static delta1_status_t
read_result (fmpq_mat_t X, conversation_t *c, const json_t *vectors, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_shape_t *shape = &c->task->shape;
  slong bits = 0;
  if (!json_is_array (vectors) || json_array_size (vectors) != (size_t)shape->R)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                             "the answer of the program must be an array of R = %ld rows",
                             (long)shape->R));
  for (slong k = 0; k < shape->R; k++)
    {
      const json_t *row = json_array_get (vectors, (size_t)k);
      if (!json_is_array (row) || json_array_size (row) != (size_t)shape->N)
        DELTA1_TRY (
            delta1_fail (reason, DELTA1_FAILED,
                         "row %ld of the program's answer must be an array of N = %ld numbers",
                         (long)k, (long)shape->N));
      for (slong j = 0; j < shape->N; j++)
        {
          fmpq *x = fmpq_mat_entry (X, k, j);
          delta1_reason_t why;
          status = delta1_process_message_number (x, json_array_get (row, (size_t)j), &why);
          if (status != DELTA1_OK)
            DELTA1_TRY (delta1_fail (reason, status, "x[%ld][%ld] of the program's answer: %s",
                                     (long)k, (long)j, why.text));
          bits += (slong)(fmpz_bits (fmpq_numref (x)) + fmpz_bits (fmpq_denref (x)));
          if (bits > DELTA1_PROCESS_RESULT_BITS)
            DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                                     "the numbers of the program's answer have more than %ld bits",
                                     (long)DELTA1_PROCESS_RESULT_BITS));
          /* A short text with a large exponent is slow to read. */
          DELTA1_TRY (delta1_subprocess_in_time (c->program, reason));
        }
    }
cleanup:
  return status;
}

static delta1_status_t
in_time (void *program, delta1_reason_t *reason)
{
  return delta1_subprocess_in_time (program, reason);
}

static delta1_status_t
read_network (conversation_t *c, json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_shape_t *shape = &c->task->shape;
  delta1_network_t *network = NULL;
  delta1_reason_t why;
  const delta1_network_limits_t limits
      = { .bits = DELTA1_PROCESS_NETWORK_BITS, .proceed = in_time, .context = c->program };
  status = delta1_network_read_within (&network, document, &limits, &why);
  /* What is wrong in the program's network is the program's failure. */
  if (status == DELTA1_INPUT)
    DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED, "the program's answer: %.900s", why.text));
  if (status != DELTA1_OK)
    DELTA1_TRY (delta1_fail (reason, status, "%s", why.text));
  slong inputs = delta1_network_inputs (network), outputs = delta1_network_outputs (network);
  if (inputs != shape->m || outputs != shape->N)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_FAILED,
                     "the program's network is a map R^%ld -> R^%ld, not R^m -> R^N with m = %ld, "
                     "N = %ld",
                     (long)inputs, (long)outputs, (long)shape->m, (long)shape->N));
  *c->task->network = network;
  network = NULL;
cleanup:
  delta1_network_free (network);
  return status;
}

/* The end of a conversation. */
static delta1_status_t
read_answer (fmpq_mat_t X, conversation_t *c, const delta1_process_message_t *message,
             delta1_reason_t *reason)
{
  delta1_status_t status = message->kind == DELTA1_PROCESS_NETWORK
                               ? read_network (c, message->answer, reason)
                               : read_result (X, c, message->answer, reason);
  if (status == DELTA1_OK && message->said != NULL)
    delta1_task_say (c->task, json_string_value (message->said));
  return status;
}

/* --- the run ---------------------------------------------------------------------------------- */

/* "not installed" and "does not attempt" are not failures of a method: they get their own
 * beginning. */
static delta1_status_t
explain (conversation_t *c, delta1_status_t status, delta1_reason_t *reason)
{
  int code = delta1_subprocess_exit_code (c->program);
  if (status != DELTA1_FAILED || c->questions > 0
      || (code != EXIT_NOT_INSTALLED && code != EXIT_DOES_NOT_ATTEMPT))
    return status;
  const char *words = delta1_subprocess_last_words (c->program);
  return delta1_fail (reason, DELTA1_FAILED, "%s: %s",
                      code == EXIT_NOT_INSTALLED ? "not installed" : "does not attempt",
                      *words != 0 ? words : "the program does not say what");
}

static delta1_status_t
converse (fmpq_mat_t X, conversation_t *c, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool finished = false;
  while (!finished)
    {
      char *line;
      size_t size;
      bool whole;
      delta1_process_message_t message = { .answer = NULL };
      status = delta1_subprocess_receive (c->program, &line, &size, &whole, reason);
      if (status != DELTA1_OK)
        return explain (c, status, reason);
      status = delta1_process_message_parse (&message, line, size, c->task, reason);
      /* Half a line is not the fault to report when the program was killed in the middle of it. */
      if (status != DELTA1_OK && !whole)
        status = delta1_subprocess_describe_end (
            c->program, "closed its standard output in the middle of a line", reason);
      else if (status == DELTA1_OK && message.answer != NULL)
        {
          status = read_answer (X, c, &message, reason);
          finished = true;
        }
      else if (status == DELTA1_OK)
        status = answer_question (c, &message, reason);
      json_decref (message.answer);
      json_decref (message.said);
      if (status != DELTA1_OK)
        return status;
    }
  return status;
}

static delta1_status_t
run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
     delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const process_t *process = algorithm->context;
  conversation_t c = { .task = task, .oracle = oracle };
  char *first_line = NULL;
  if (oracle->complex)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "the process protocol knows real inputs only; this one is complex"));
  first_line = delta1_process_message_task (task, seed);
  if (first_line == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for the task"));
  DELTA1_TRY (delta1_subprocess_create (
      &c.program, process->command, task->seconds > 0 ? task->seconds : DEFAULT_SECONDS, reason));
  DELTA1_TRY (say (&c, first_line, reason));
  DELTA1_TRY (converse (X, &c, reason));
cleanup:
  if (c.program != NULL)
    {
      delta1_reason_t why;
      delta1_status_t ended = delta1_subprocess_free (c.program, &why);
      if (status == DELTA1_OK && ended != DELTA1_OK)
        status = delta1_fail (reason, ended, "%s", why.text);
    }
  free (first_line);
  return status;
}

/* What the problem alone does not decide, only the program knows: exit status 78. */
static bool
attempts (const delta1_algorithm_t *algorithm, const delta1_task_t *task)
{
  const process_t *process = algorithm->context;
  return (process->problems >> task->problem) & 1;
}

static const delta1_algorithm_table_t process_table = {
  .name = "process",
  .summary = "an external program that speaks the protocol of doc/protocol.md",
  .options = "",
  .randomised = true,
  .run = run,
  .attempts = attempts,
  .free = free,
};

delta1_status_t
delta1_trainer_create_process (delta1_algorithm_t **algorithm, const char *command,
                               delta1_reason_t *reason)
{
  return delta1_trainer_create_labelled_process (algorithm, NULL, command,
                                                 DELTA1_TRAINER_ALL_PROBLEMS, reason);
}

delta1_status_t
delta1_trainer_create_labelled_process (delta1_algorithm_t **algorithm, const char *label,
                                        const char *command, unsigned problems,
                                        delta1_reason_t *reason)
{
  *algorithm = NULL;
  if (command == NULL || *command == 0)
    return delta1_fail (reason, DELTA1_INPUT, "the command of a program must not be empty");
  size_t size = strlen (command) + 1;
  delta1_algorithm_t *a = calloc (1, sizeof *a);
  process_t *process = malloc (sizeof *process + size);
  char *copy = NULL;
  if (label != NULL)
    copy = strdup (label);
  else if (asprintf (&copy, "exec:%s", command) < 0)
    copy = NULL;
  if (a == NULL || process == NULL || copy == NULL)
    {
      free (a);
      free (process);
      free (copy);
      return delta1_fail (reason, DELTA1_SYSTEM, "no memory for an algorithm");
    }
  process->problems = problems;
  memcpy (process->command, command, size);
  a->table = &process_table;
  a->label = copy;
  a->context = process;
  *algorithm = a;
  return DELTA1_OK;
}
