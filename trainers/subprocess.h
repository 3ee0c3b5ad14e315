/* subprocess: a program that speaks lines, and may be hostile.
 *
 * Nothing the program does blocks the caller beyond the deadline, makes it hold more than about
 * twice DELTA1_SUBPROCESS_LINE bytes, leaves a descriptor, a zombie or a process behind, or changes
 * the caller's signal dispositions. Not promised: that a program which attacks the caller on
 * purpose (it runs as the same user) is contained; that is the work of a sandbox. Linux only. */
#ifndef DELTA1_SUBPROCESS_H
#define DELTA1_SUBPROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "src/status.h"

/* The longest line that is taken, without its newline. */
#define DELTA1_SUBPROCESS_LINE ((size_t)64 << 20)

/* What may wait for a program that does not read, before send waits for it. */
#define DELTA1_SUBPROCESS_QUEUE ((size_t)4 << 20)

typedef struct delta1_subprocess_struct delta1_subprocess_t;

/* Starts /bin/sh -c command in a session of its own, with default signals and descriptors 0, 1, 2
 * only. `seconds` > 0 from now on is the deadline of everything that follows. SYSTEM: no memory,
 * descriptors or processes. */
DELTA1_MUST_USE delta1_status_t delta1_subprocess_create (delta1_subprocess_t **subprocess,
                                                          const char *command, double seconds,
                                                          delta1_reason_t *reason);

/* Ends and reaps every process of the program, whatever their sessions. FAILED when one could not
 * be ended within 12 s. NULL allowed. */
DELTA1_MUST_USE delta1_status_t delta1_subprocess_free (delta1_subprocess_t *subprocess,
                                                        delta1_reason_t *reason);

/* Sends the bytes, or queues them when the program does not read: waits while more than
 * DELTA1_SUBPROCESS_QUEUE bytes are queued. What is sent to a closed standard input is lost, which
 * is no error here: see delta1_subprocess_listens. FAILED: the deadline. */
DELTA1_MUST_USE delta1_status_t delta1_subprocess_send (delta1_subprocess_t *subprocess,
                                                        const char *bytes, size_t size,
                                                        delta1_reason_t *reason);

/* False when the program has closed its standard input or has ended. */
bool delta1_subprocess_listens (delta1_subprocess_t *subprocess);

/* The next line, without its newline and followed by a zero byte; valid until the next receive.
 * *whole is false for what stood after the last newline when the program ended or closed its
 * output; the next receive then gives the reason. FAILED: how the program ended before it sent a
 * line, with the last line of its standard error; or the deadline; or a line that is too long. */
DELTA1_MUST_USE delta1_status_t delta1_subprocess_receive (delta1_subprocess_t *subprocess,
                                                           char **line, size_t *size, bool *whole,
                                                           delta1_reason_t *reason);

/* Waits a moment for the end of a program that has closed a pipe, and describes it. Returns FAILED.
 */
delta1_status_t delta1_subprocess_describe_end (delta1_subprocess_t *subprocess,
                                                const char *without_end, delta1_reason_t *reason);

/* The code the program has exited with; -1 when it runs or was killed by a signal. */
int delta1_subprocess_exit_code (const delta1_subprocess_t *subprocess);

/* The last non-empty line of its standard error so far: printable ASCII, cut; "" when there is
 * none. */
const char *delta1_subprocess_last_words (delta1_subprocess_t *subprocess);

/* OK, or FAILED when the deadline has passed. */
DELTA1_MUST_USE delta1_status_t delta1_subprocess_in_time (const delta1_subprocess_t *subprocess,
                                                           delta1_reason_t *reason);

#endif
