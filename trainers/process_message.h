/* process_message: the lines of the process protocol (doc/protocol.md), to C and back. */
#ifndef DELTA1_PROCESS_MESSAGE_H
#define DELTA1_PROCESS_MESSAGE_H

#include <jansson.h>

#include "oracles/algorithm.h"

typedef enum
{
  DELTA1_PROCESS_ENTRY,  /* one entry at precision n */
  DELTA1_PROCESS_SAMPLE, /* the matrix, or all data, at precision n */
  DELTA1_PROCESS_RESULT, /* the vectors */
  DELTA1_PROCESS_NETWORK /* a network in place of them */
} delta1_process_kind_t;

typedef struct
{
  delta1_process_kind_t kind;
  delta1_place_t place; /* of the entry; of a sample only `data` */
  int64_t precision;    /* n >= 1; the caller compares it with its limits */
  json_t *answer;       /* the vectors, or the network as doc/network.md; owned: json_decref */
  json_t *said; /* of an answer: its "status", a string of at most DELTA1_SAID_BYTES bytes, or
                   NULL; owned */
} delta1_process_message_t;

/* The first line to the program, newline included; numbers as integers or p/q in decimal. The
 * caller frees. NULL only when memory is out. */
char *delta1_process_message_task (const delta1_task_t *task, uint64_t seed);

/* Numbers, lists and (each counted OBJECT_PARTS times) objects of a line with a network. */
#define DELTA1_PROCESS_NETWORK_PARTS 1048576

/* Reads line[0..size). FAILED says what is wrong and quotes the beginning of the line: not one JSON
 * object, not exactly one of "ask", "x" and "network", a network where task->network is NULL, a
 * member that is missing or of another type, an index out of range, n < 1. Other members are
 * ignored. A line with more parts than an answer to the task can have is refused before it is
 * decoded: memory stays below a small multiple of its size. */
DELTA1_MUST_USE delta1_status_t delta1_process_message_parse (delta1_process_message_t *message,
                                                              const char *line, size_t size,
                                                              const delta1_task_t *task,
                                                              delta1_reason_t *reason);

/* Bits that numerators and denominators of a result may have together: an exponent is short as text
 * and long as a number. */
#define DELTA1_PROCESS_RESULT_BITS ((slong)1 << 31)

/* The same for a network: a million doubles as exact numbers have half of that. */
#define DELTA1_PROCESS_NETWORK_BITS ((uint64_t)1 << 28)

/* x = the number: a string of src/number.h, or a JSON number, taken as the exact double or the
 * exact integer of 64 bits. FAILED when it is neither. */
DELTA1_MUST_USE delta1_status_t delta1_process_message_number (fmpq_t x, const json_t *number,
                                                               delta1_reason_t *reason);

#endif
