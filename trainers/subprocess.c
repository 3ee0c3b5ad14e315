#include "config.h"

#include "trainers/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "trainers/guardian.h"

#define WORDS 320 /* of a line of standard error */
#define CHUNK ((size_t)65536)
#define LAST_MOMENT 1.0 /* seconds between a closed pipe and the news how the program ended */

typedef struct
{
  char *bytes;
  size_t start, end, room; /* what is held is [start, end) of [0, room) */
} buffer_t;

struct delta1_subprocess_struct
{
  double seconds, deadline;
  pid_t guardian;
  pid_t group;  /* 0: not started */
  int control;  /* to the guardian */
  int in;       /* the write end of the program's standard input; -1 when closed */
  int out, err; /* the read ends; -1 at their end */
  buffer_t to, from;
  size_t scanned; /* no newline in the first `scanned` bytes of from */
  bool too_long;  /* a line was */
  bool exited;
  int wait_status;
  size_t remaining;  /* bytes of output from before the exit that are still in the pipe */
  char words[WORDS]; /* the last full line of standard error */
  char word_line[WORDS];
  size_t word_length;
};

static double
now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
close_descriptor (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/* --- buffers ---------------------------------------------------------------------------------- */

static size_t
held (const buffer_t *b)
{
  return b->end - b->start;
}

/* Makes place for `more` bytes behind end, and one for a zero. */
static bool
reserve (buffer_t *b, size_t more)
{
  if (b->start == b->end)
    b->start = b->end = 0;
  if (b->room - b->end > more)
    return true;
  /* Moving costs less than what was consumed since the last move. */
  if (b->start > held (b))
    {
      memmove (b->bytes, b->bytes + b->start, held (b));
      b->end -= b->start;
      b->start = 0;
      if (b->room - b->end > more)
        return true;
    }
  size_t room = b->room + b->room / 2;
  if (room < b->end + more + 1)
    room = b->end + more + 1;
  char *bytes = realloc (b->bytes, room);
  if (bytes == NULL)
    return false;
  b->bytes = bytes;
  b->room = room;
  return true;
}

/* --- the end of things ------------------------------------------------------------------------ */

delta1_status_t
delta1_subprocess_in_time (const delta1_subprocess_t *s, delta1_reason_t *reason)
{
  if (now () < s->deadline)
    return DELTA1_OK;
  return delta1_fail (reason, DELTA1_FAILED,
                      "the program gave no answer within %g seconds (the wall-time budget)",
                      s->seconds);
}

int
delta1_subprocess_exit_code (const delta1_subprocess_t *s)
{
  return s->exited && WIFEXITED (s->wait_status) ? WEXITSTATUS (s->wait_status) : -1;
}

static void
words_take (delta1_subprocess_t *s, const char *bytes, size_t size)
{
  for (size_t k = 0; k < size; k++)
    {
      char c = bytes[k];
      if (c == '\n')
        {
          if (s->word_length > 0)
            {
              memcpy (s->words, s->word_line, s->word_length);
              s->words[s->word_length] = 0;
            }
          s->word_length = 0;
        }
      else if (s->word_length < WORDS - 1 && c != '\r')
        s->word_line[s->word_length++] = (c >= ' ' && c <= '~') ? c : (c == '\t' ? ' ' : '?');
    }
}

const char *
delta1_subprocess_last_words (delta1_subprocess_t *s)
{
  if (s->word_length > 0)
    words_take (s, "\n", 1);
  return s->words;
}

static const char *
signal_name (int number)
{
  switch (number)
    {
    case SIGABRT:
      return ", SIGABRT";
    case SIGBUS:
      return ", SIGBUS";
    case SIGFPE:
      return ", SIGFPE";
    case SIGHUP:
      return ", SIGHUP";
    case SIGILL:
      return ", SIGILL";
    case SIGINT:
      return ", SIGINT";
    case SIGKILL:
      return ", SIGKILL";
    case SIGPIPE:
      return ", SIGPIPE";
    case SIGSEGV:
      return ", SIGSEGV";
    case SIGTERM:
      return ", SIGTERM";
    case SIGXCPU:
      return ", SIGXCPU";
    default:
      return "";
    }
}

/* --- moving bytes ----------------------------------------------------------------------------- */

/* write without the SIGPIPE: blocked for this thread, and taken back when it was not there before.
 */
static ssize_t
write_quietly (int fd, const char *bytes, size_t size)
{
  sigset_t pipe_only, before, pending;
  sigemptyset (&pipe_only);
  sigaddset (&pipe_only, SIGPIPE);
  sigpending (&pending);
  bool was_pending = sigismember (&pending, SIGPIPE) == 1;
  pthread_sigmask (SIG_BLOCK, &pipe_only, &before);
  ssize_t written = write (fd, bytes, size);
  int error = errno;
  if (written < 0 && error == EPIPE && !was_pending)
    {
      const struct timespec at_once = { 0, 0 };
      while (sigtimedwait (&pipe_only, NULL, &at_once) < 0 && errno == EINTR)
        continue;
    }
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = error;
  return written;
}

static bool
would_block (int error)
{
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static void
move_input (delta1_subprocess_t *s)
{
  while (s->in >= 0 && held (&s->to) > 0)
    {
      ssize_t written = write_quietly (s->in, s->to.bytes + s->to.start, held (&s->to));
      if (written < 0 && would_block (errno))
        return;
      if (written < 0)
        close_descriptor (&s->in);
      else
        s->to.start += (size_t)written;
    }
  if (s->in < 0)
    s->to.start = s->to.end = 0;
}

static delta1_status_t
move_output (delta1_subprocess_t *s, delta1_reason_t *reason)
{
  if (!reserve (&s->from, CHUNK))
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for the output of the program");
  size_t wanted = s->exited && s->remaining < CHUNK ? s->remaining : CHUNK;
  ssize_t got = wanted == 0 ? 0 : read (s->out, s->from.bytes + s->from.end, wanted);
  if (got < 0 && would_block (errno))
    return DELTA1_OK;
  if (got <= 0)
    {
      close_descriptor (&s->out);
      return DELTA1_OK;
    }
  s->from.end += (size_t)got;
  if (s->exited)
    s->remaining -= (size_t)got;
  return DELTA1_OK;
}

static void
move_error (delta1_subprocess_t *s)
{
  char bytes[4096];
  ssize_t got = read (s->err, bytes, sizeof bytes);
  if (got > 0)
    words_take (s, bytes, (size_t)got);
  else if (got == 0 || !would_block (errno))
    close_descriptor (&s->err);
}

static void
hear_guardian (delta1_subprocess_t *s)
{
  delta1_guardian_report_t report = { 0, 0 };
  ssize_t got = recv (s->control, &report, sizeof report, MSG_DONTWAIT);
  if (got < 0 && would_block (errno))
    return;
  if (got == (ssize_t)sizeof report && report.kind != DELTA1_GUARDIAN_EXITED)
    return;
  /* No report: somebody killed the guardian. The program has lost its protection and its run. */
  s->exited = true;
  s->wait_status = got == (ssize_t)sizeof report ? report.value : SIGKILL;
  /* Descendants may hold the pipes open for ever: what counts is what was written by now. */
  int waiting = 0;
  s->remaining = s->out >= 0 && ioctl (s->out, FIONREAD, &waiting) == 0 ? (size_t)waiting : 0;
  int words = 0;
  if (s->err >= 0 && ioctl (s->err, FIONREAD, &words) == 0)
    for (int taken = 0; s->err >= 0 && taken < words; taken += 4096)
      move_error (s);
}

/* Waits until a byte moves or the guardian speaks, at most `seconds`; moves what can be moved. */
static delta1_status_t
pump (delta1_subprocess_t *s, double seconds, delta1_reason_t *reason)
{
  /* One line more than the longest is enough to see that it is too long. */
  bool take_output = s->out >= 0 && held (&s->from) <= DELTA1_SUBPROCESS_LINE;
  struct pollfd fds[4] = {
    { .fd = held (&s->to) > 0 ? s->in : -1, .events = POLLOUT },
    { .fd = take_output ? s->out : -1, .events = POLLIN },
    { .fd = s->err, .events = POLLIN },
    { .fd = s->exited ? -1 : s->control, .events = POLLIN },
  };
  double left = seconds < 0 ? 0 : (seconds > 1e6 ? 1e6 : seconds);
  int milliseconds = (int)(left * 1e3) + 1;
  if (poll (fds, 4, take_output && s->exited ? 0 : milliseconds) < 0)
    return errno == EINTR || errno == EAGAIN
               ? DELTA1_OK
               : delta1_fail (reason, DELTA1_SYSTEM, "poll: %s", strerror (errno));
  if (fds[0].revents != 0)
    move_input (s);
  if (fds[2].revents != 0)
    move_error (s);
  if (fds[3].revents != 0)
    hear_guardian (s);
  if (take_output && (fds[1].revents != 0 || s->exited))
    return move_output (s, reason);
  return DELTA1_OK;
}

/* --- talking ---------------------------------------------------------------------------------- */

bool
delta1_subprocess_listens (delta1_subprocess_t *s)
{
  if (s->in < 0)
    return false;
  struct pollfd fd = { .fd = s->in, .events = 0 };
  return poll (&fd, 1, 0) <= 0 || (fd.revents & (POLLERR | POLLHUP)) == 0;
}

delta1_status_t
delta1_subprocess_send (delta1_subprocess_t *s, const char *bytes, size_t size,
                        delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  if (s->in >= 0)
    {
      if (!reserve (&s->to, size))
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for an answer"));
      memcpy (s->to.bytes + s->to.end, bytes, size);
      s->to.end += size;
      if (held (&s->to) >= CHUNK)
        move_input (s);
    }
  DELTA1_TRY (delta1_subprocess_in_time (s, reason));
  while (s->in >= 0 && !s->exited && held (&s->to) > DELTA1_SUBPROCESS_QUEUE)
    {
      DELTA1_TRY (pump (s, s->deadline - now (), reason));
      DELTA1_TRY (delta1_subprocess_in_time (s, reason));
    }
cleanup:
  return status;
}

delta1_status_t
delta1_subprocess_describe_end (delta1_subprocess_t *s, const char *without_end,
                                delta1_reason_t *reason)
{
  double end = now () + LAST_MOMENT;
  if (end > s->deadline)
    end = s->deadline;
  while (!s->exited && now () < end)
    {
      struct pollfd fds[2]
          = { { .fd = s->control, .events = POLLIN }, { .fd = s->err, .events = POLLIN } };
      if (poll (fds, 2, 10) <= 0)
        continue;
      if (fds[1].revents != 0)
        move_error (s);
      if (fds[0].revents != 0)
        hear_guardian (s);
    }
  const char *words = delta1_subprocess_last_words (s);
  const char *open = *words != 0 ? "; the last line of its standard error: \"" : "";
  const char *close_quote = *words != 0 ? "\"" : "";
  if (!s->exited)
    return delta1_fail (reason, DELTA1_FAILED, "the program %s%s%s%s", without_end, open, words,
                        close_quote);
  int code = delta1_subprocess_exit_code (s);
  /* A shell that outlives the program it ran reports a signal as 128 + number. */
  int number
      = code < 0 ? WTERMSIG (s->wait_status) : (code > 128 && code < 128 + 65 ? code - 128 : 0);
  if (number > 0)
    return delta1_fail (reason, DELTA1_FAILED,
                        "the program was killed by signal %d%s before its answer%s%s%s", number,
                        signal_name (number), open, words, close_quote);
  return delta1_fail (reason, DELTA1_FAILED,
                      "the program exited with status %d before its answer%s%s%s", code, open,
                      words, close_quote);
}

delta1_status_t
delta1_subprocess_receive (delta1_subprocess_t *s, char **line, size_t *size, bool *whole,
                           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  for (;;)
    {
      DELTA1_TRY (delta1_subprocess_in_time (s, reason));
      char *first = s->from.bytes + s->from.start;
      char *newline = held (&s->from) > s->scanned
                          ? memchr (first + s->scanned, '\n', held (&s->from) - s->scanned)
                          : NULL;
      size_t length = newline != NULL ? (size_t)(newline - first) : held (&s->from);
      if (length > DELTA1_SUBPROCESS_LINE)
        DELTA1_TRY (delta1_fail (reason, DELTA1_FAILED,
                                 "the program wrote a line of more than %zu MiB",
                                 DELTA1_SUBPROCESS_LINE >> 20));
      if (newline != NULL || (s->out < 0 && length > 0))
        {
          *line = first;
          *size = length;
          *whole = newline != NULL;
          first[length] = 0; /* the newline, or the place reserve keeps */
          s->from.start += length + (newline != NULL ? 1 : 0);
          s->scanned = 0;
          return DELTA1_OK;
        }
      s->scanned = length;
      if (s->out < 0)
        DELTA1_TRY (delta1_subprocess_describe_end (
            s, "closed its standard output before its answer", reason));
      DELTA1_TRY (pump (s, s->deadline - now (), reason));
    }
cleanup:
  return status;
}

/* --- beginning and end ------------------------------------------------------------------------ */

/* fd[0] to read, fd[1] to write; our end does not block. */
static bool
make_pipe (int fd[2], int ours)
{
  if (pipe2 (fd, O_CLOEXEC) != 0)
    {
      fd[0] = fd[1] = -1;
      return false;
    }
  return fcntl (fd[ours], F_SETFL, O_NONBLOCK) == 0;
}

static pid_t
start_guardian (const delta1_guardian_plan_t *plan)
{
  /* Between fork and the program's own exec no handler of the caller may run. */
  sigset_t all, before;
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  pid_t pid = fork ();
  int error = errno;
  if (pid == 0)
    delta1_guardian_run (plan);
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  errno = error;
  return pid;
}

delta1_status_t
delta1_subprocess_create (delta1_subprocess_t **subprocess, const char *command, double seconds,
                          delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 }, control[2] = { -1, -1 };
  *subprocess = NULL;
  delta1_subprocess_t *s = calloc (1, sizeof *s);
  if (s == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a process");
  s->control = s->in = s->out = s->err = -1;
  s->seconds = seconds;
  s->deadline = now () + seconds;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) != 0)
    control[0] = control[1] = -1;
  if (control[0] < 0 || !make_pipe (in, 1) || !make_pipe (out, 0) || !make_pipe (err, 0)
      || !reserve (&s->from, CHUNK))
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_SYSTEM, "no pipes for a process: %s", strerror (errno)));
  s->guardian = start_guardian (&(delta1_guardian_plan_t){
      .command = command, .control = control[1], .standard = { in[0], out[1], err[1] } });
  if (s->guardian < 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no process: %s", strerror (errno)));
  s->control = control[0];
  s->in = in[1];
  s->out = out[0];
  s->err = err[0];
  control[0] = in[1] = out[0] = err[0] = -1;
  close_descriptor (&control[1]);

  delta1_guardian_report_t report = { 0, 0 };
  ssize_t got;
  while ((got = recv (s->control, &report, sizeof report, 0)) < 0 && errno == EINTR)
    continue;
  if (got != (ssize_t)sizeof report || report.kind != DELTA1_GUARDIAN_STARTED)
    DELTA1_TRY (
        delta1_fail (reason, DELTA1_SYSTEM, "no process: %s",
                     strerror (report.kind == DELTA1_GUARDIAN_REFUSED ? report.value : ECHILD)));
  s->group = (pid_t)report.value;
  *subprocess = s;
  s = NULL;
cleanup:
  for (int k = 0; k < 2; k++)
    {
      close_descriptor (&in[k]);
      close_descriptor (&out[k]);
      close_descriptor (&err[k]);
      close_descriptor (&control[k]);
    }
  if (s != NULL)
    {
      delta1_status_t ended = delta1_subprocess_free (s, NULL);
      (void)ended; /* nothing was started */
    }
  return status;
}

/* True when the guardian said that nothing is left. */
static bool
await_clean (delta1_subprocess_t *s)
{
  double end = now () + DELTA1_GUARDIAN_PATIENCE + 2;
  while (now () < end)
    {
      struct pollfd fd = { .fd = s->control, .events = POLLIN };
      if (poll (&fd, 1, 100) <= 0)
        continue;
      delta1_guardian_report_t report = { 0, 0 };
      ssize_t got = recv (s->control, &report, sizeof report, MSG_DONTWAIT);
      if (got < 0 && would_block (errno))
        continue;
      if (got != (ssize_t)sizeof report)
        return false;
      if (report.kind == DELTA1_GUARDIAN_CLEAN)
        return true;
      if (report.kind == DELTA1_GUARDIAN_STRAY)
        return false;
    }
  return false;
}

delta1_status_t
delta1_subprocess_free (delta1_subprocess_t *s, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  if (s == NULL)
    return status;
  close_descriptor (&s->in);
  close_descriptor (&s->out);
  close_descriptor (&s->err);
  if (s->guardian > 0)
    {
      shutdown (s->control, SHUT_WR);
      if (s->group > 0 && !await_clean (s))
        {
          /* Without its guardian the program's processes are not ours to reap: wait for their end.
           */
          kill (s->guardian, SIGKILL);
          double end = now () + LAST_MOMENT;
          while (kill (-s->group, SIGKILL) == 0 && now () < end)
            poll (NULL, 0, 5);
          status = delta1_fail (reason, DELTA1_FAILED,
                                "the program left processes that could not be ended");
        }
      while (waitpid (s->guardian, NULL, 0) < 0 && errno == EINTR)
        continue;
    }
  close_descriptor (&s->control);
  free (s->to.bytes);
  free (s->from.bytes);
  free (s);
  return status;
}
