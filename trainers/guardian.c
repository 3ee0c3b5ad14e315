#include "config.h"

#include "trainers/guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A chain of parents longer than this is not followed: the processes near its top are ended first,
 * which shortens it, and the sweep is repeated until no child is left. */
#define LONGEST_CHAIN 128

typedef struct
{
  pid_t self;
  pid_t leader; /* the shell; its process group has the same number */
  int control;
  int children;       /* a signalfd for SIGCHLD */
  bool exit_reported; /* and then the leader is a zombie, kept so that its number stays taken */
  bool leader_reaped;
} guardian_t;

static void
report (const guardian_t *g, delta1_guardian_report_kind_t kind, int value)
{
  delta1_guardian_report_t r = { .kind = (int)kind, .value = value };
  while (send (g->control, &r, sizeof r, MSG_NOSIGNAL) < 0 && errno == EINTR)
    continue;
}

static void
close_from (int first)
{
#ifdef SYS_close_range
  if (syscall (SYS_close_range, (unsigned int)first, ~0U, 0U) == 0)
    return;
#endif
  struct rlimit limit = { .rlim_cur = 65536 };
  getrlimit (RLIMIT_NOFILE, &limit);
  int end = limit.rlim_cur > 1048576 ? 1048576 : (int)limit.rlim_cur;
  for (int fd = first; fd < end; fd++)
    close (fd);
}

static _Noreturn void
become_program (const char *command, const int standard[3])
{
  setsid ();
  for (int fd = 0; fd < 3; fd++)
    if (dup2 (standard[fd], fd) < 0)
      _exit (127);
  close_from (3);
  /* exec keeps ignored signals ignored: a caller that ignores SIGPIPE must not change the program.
   */
  struct sigaction standard_action;
  memset (&standard_action, 0, sizeof standard_action);
  standard_action.sa_handler = SIG_DFL;
  for (int s = 1; s < NSIG; s++)
    sigaction (s, &standard_action, NULL);
  sigset_t none;
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
  execl ("/bin/sh", "sh", "-c", command, (char *)NULL);
  _exit (127);
}

/* --- /proc, without malloc and stdio ---------------------------------------------------------- */

/* The parent of a process, or 0 when there is no such process. */
static pid_t
parent_of (pid_t pid)
{
  char path[40] = "/proc/";
  char digits[16];
  size_t count = 0, at = strlen (path);
  for (pid_t rest = pid; rest > 0 && count < sizeof digits; rest /= 10)
    digits[count++] = (char)('0' + rest % 10);
  while (count > 0)
    path[at++] = digits[--count];
  memcpy (path + at, "/stat", 6);

  int fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  char text[512];
  ssize_t size = read (fd, text, sizeof text - 1);
  close (fd);
  if (size <= 0)
    return 0;
  text[size] = 0;
  /* "pid (name) state ppid ...": the name may hold anything, also ')', but nothing after it does.
   */
  const char *c = strrchr (text, ')');
  if (c == NULL || strlen (c) < 5)
    return 0;
  pid_t parent = 0;
  for (c += 4; *c >= '0' && *c <= '9'; c++)
    parent = parent * 10 + (*c - '0');
  return parent;
}

static bool
is_descendant (const guardian_t *g, pid_t pid)
{
  for (int step = 0; step < LONGEST_CHAIN && pid > 1; step++)
    {
      pid = parent_of (pid);
      if (pid == g->self)
        return true;
    }
  return false;
}

struct entry
{
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

/* SIGKILL to every descendant that /proc shows. A number cannot pass to a stranger between the two
 * calls unless the process ends, is reaped and all numbers are used once round in between. */
static void
kill_descendants (const guardian_t *g)
{
  int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0)
    return;
  _Alignas(struct entry) char buffer[8192];
  long size;
  while ((size = syscall (SYS_getdents64, proc, buffer, sizeof buffer)) > 0)
    for (long at = 0; at < size;)
      {
        const struct entry *e = (const struct entry *)(const void *)(buffer + at);
        at += e->length;
        pid_t pid = 0;
        const char *c = e->name;
        for (; *c >= '0' && *c <= '9'; c++)
          pid = pid * 10 + (*c - '0');
        if (*c == 0 && pid > 1 && is_descendant (g, pid))
          kill (pid, SIGKILL);
      }
  close (proc);
}

/* --- the guardian ----------------------------------------------------------------------------- */

static double
now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
drain (int fd)
{
  char bytes[1024];
  while (read (fd, bytes, sizeof bytes) > 0)
    continue;
}

/* Reaps orphans that ended, and reports the end of the leader without reaping it. */
static void
look_at_children (guardian_t *g)
{
  while (!g->exit_reported)
    {
      siginfo_t info;
      info.si_pid = 0;
      if (waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0)
        return;
      if (info.si_pid == g->leader)
        {
          int status
              = info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8 : (info.si_status & 0x7f);
          g->exit_reported = true;
          report (g, DELTA1_GUARDIAN_EXITED, status);
        }
      else
        waitpid (info.si_pid, NULL, WNOHANG);
    }
}

static void
wait_for_the_end (guardian_t *g)
{
  for (;;)
    {
      struct pollfd fds[2]
          = { { .fd = g->control, .events = POLLIN }, { .fd = g->children, .events = POLLIN } };
      if (poll (fds, 2, -1) < 0 && errno != EINTR)
        return;
      if (fds[1].revents != 0)
        {
          drain (g->children);
          look_at_children (g);
        }
      if (fds[0].revents != 0)
        return;
    }
}

/* True when no descendant is left. A child subreaper without children has no descendants: the
 * parent of a process that lost its own is its nearest living subreaper, and those of our
 * descendants that are subreapers are descendants too. */
static bool
end_descendants (guardian_t *g)
{
  double end = now () + DELTA1_GUARDIAN_PATIENCE;
  for (;;)
    {
      /* To a group at once: no member can fork between. Escaped ones are found by their parents. */
      if (!g->leader_reaped)
        kill (-g->leader, SIGKILL);
      kill_descendants (g);
      pid_t pid;
      while ((pid = waitpid (-1, NULL, WNOHANG)) > 0)
        if (pid == g->leader)
          g->leader_reaped = true;
      if (pid < 0 && errno == ECHILD)
        return true;
      if (now () > end)
        return false;
      struct pollfd fd = { .fd = g->children, .events = POLLIN };
      poll (&fd, 1, 5);
      drain (g->children);
    }
}

void
delta1_guardian_run (const delta1_guardian_plan_t *plan)
{
  guardian_t g = { .self = getpid (), .control = plan->control };

  /* A session of its own: a SIGKILL to the caller's process group must not end the guardian. */
  setsid ();
  struct sigaction standard_action;
  memset (&standard_action, 0, sizeof standard_action);
  standard_action.sa_handler = SIG_DFL;
  sigaction (SIGCHLD, &standard_action, NULL);

  /* Above 9, so that neither the program's 0, 1, 2 nor our 0 overwrites one that is needed. */
  int standard[3];
  int error = 0;
  if ((g.control = fcntl (plan->control, F_DUPFD, 10)) < 0)
    _exit (127);
  for (int fd = 0; fd < 3 && error == 0; fd++)
    if ((standard[fd] = fcntl (plan->standard[fd], F_DUPFD, 10)) < 0)
      error = errno;
  if (error == 0 && prctl (PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) != 0)
    error = errno;
  if (error == 0 && (g.leader = fork ()) < 0)
    error = errno;
  if (error != 0)
    {
      report (&g, DELTA1_GUARDIAN_REFUSED, error);
      _exit (127);
    }
  if (g.leader == 0)
    become_program (plan->command, standard);

  /* Keep nothing open but the control socket: the ends of the pipes must be the program's alone. */
  dup2 (g.control, 0);
  g.control = 0;
  close_from (1);
  sigset_t child;
  sigemptyset (&child);
  sigaddset (&child, SIGCHLD);
  g.children = signalfd (-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
  report (&g, DELTA1_GUARDIAN_STARTED, (int)g.leader);

  look_at_children (&g);
  if (g.children >= 0)
    wait_for_the_end (&g);
  report (&g, end_descendants (&g) ? DELTA1_GUARDIAN_CLEAN : DELTA1_GUARDIAN_STRAY, 0);
  _exit (0);
}
