/* status: the one error type of the library.
 *
 * Zero is success. A function that can fail returns a delta1_status_t, which must be used, and
 * takes as its last argument a delta1_reason_t * (or NULL) in which it says in one line what was
 * wrong and what is allowed. The library never exits, aborts or jumps on bad input. */
#ifndef DELTA1_STATUS_H
#define DELTA1_STATUS_H

#define DELTA1_REASON_SIZE 1024

#define DELTA1_MUST_USE __attribute__ ((warn_unused_result))
#define DELTA1_PRINTF(format_index, first_index)                                                   \
  __attribute__ ((format (printf, format_index, first_index)))

typedef enum
{
  DELTA1_OK = 0,
  DELTA1_DOMAIN,    /* the question has no answer */
  DELTA1_UNDECIDED, /* not decided at this precision: the reason names quantity, enclosure, limit */
  DELTA1_BUDGET,    /* a hard budget (precision, queries, bits, time) is used up */
  DELTA1_INPUT,     /* the caller's or the user's input is not what is allowed */
  DELTA1_FAILED,    /* a program under test crashed, hung or spoke nonsense */
  DELTA1_SYSTEM     /* the operating system refused: memory, files, processes */
} delta1_status_t;

/* A mathematical predicate decided in balls is three-valued. */
typedef enum
{
  DELTA1_FALSE = 0,
  DELTA1_TRUE = 1,
  DELTA1_UNKNOWN = 2
} delta1_truth_t;

typedef struct
{
  char text[DELTA1_REASON_SIZE]; /* one line without newline; cut when longer */
} delta1_reason_t;

/* The name of a status in lower case ("input", "budget", ...); static storage. */
const char *delta1_status_name (delta1_status_t status);

/* Writes the formatted line to reason (when not NULL; control characters become '?') and returns
 * status, so that a function can end with `return delta1_fail (reason, DELTA1_INPUT, "...", ...)`.
 */
delta1_status_t delta1_fail (delta1_reason_t *reason, delta1_status_t status, const char *format,
                             ...) DELTA1_PRINTF (3, 4);

/* Inside a function with a local `delta1_status_t status` and a label `cleanup`. */
#define DELTA1_TRY(call)                                                                           \
  do                                                                                               \
    {                                                                                              \
      status = (call);                                                                             \
      if (status != DELTA1_OK)                                                                     \
        goto cleanup;                                                                              \
    }                                                                                              \
  while (0)

#endif
