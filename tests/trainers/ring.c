#include "config.h"

#include "tests/trainers/ring.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/number.h"

void
ring_open (ring_t *ring, delta1_problem_t problem, delta1_shape_t shape, const char *parameter,
           const char *numbers)
{
  memset (ring, 0, sizeof *ring);
  ring->task.problem = problem;
  ring->task.shape = shape;
  ring->task.digits = 6;
  /* Against what hangs: scikit-learn alone takes seconds to load when others work. */
  ring->task.seconds = 120;
  ring->budget = delta1_budget_unlimited;
  fmpq_init (ring->task.parameter);
  fmpq_mat_init (ring->X, shape.R, shape.N);
  assert_ok (delta1_number_parse (ring->task.parameter, parameter, &ring->reason), ring->reason);
  slong count = delta1_shape_count (&shape);
  fmpq *x = _fmpq_vec_init (count);
  char *copy = strdup (numbers);
  assert_non_null (copy);
  char *rest = copy;
  for (slong j = 0; j < count; j++)
    {
      char *word = strtok_r (j == 0 ? copy : NULL, " ", &rest);
      assert_non_null (word);
      assert_ok (delta1_number_parse (x + j, word, &ring->reason), ring->reason);
    }
  free (copy);
  assert_ok (delta1_source_create_rational (&ring->source, x, count, &ring->reason), ring->reason);
  assert_ok (
      delta1_oracle_create_honest (&ring->oracle, ring->source, DELTA1_NEAREST, 0, &ring->reason),
      ring->reason);
  _fmpq_vec_clear (x, count);
}

void
ring_close (ring_t *ring)
{
  delta1_oracle_free (ring->oracle);
  delta1_source_free (ring->source);
  fmpq_mat_clear (ring->X);
  fmpq_clear (ring->task.parameter);
}

static int
count_descriptors (void)
{
  DIR *directory = opendir ("/proc/self/fd");
  assert_non_null (directory);
  int count = 0;
  while (readdir (directory) != NULL)
    count++;
  closedir (directory);
  return count;
}

/* The number of other processes that have `mark` in their environment. */
static int
count_marked (const char *mark)
{
  static char text[1 << 17];
  int count = 0;
  DIR *directory = opendir ("/proc");
  assert_non_null (directory);
  for (struct dirent *e; (e = readdir (directory)) != NULL;)
    {
      if (!isdigit ((unsigned char)e->d_name[0]) || atoi (e->d_name) == getpid ())
        continue;
      char path[300];
      snprintf (path, sizeof path, "/proc/%s/environ", e->d_name);
      FILE *f = fopen (path, "r");
      if (f == NULL)
        continue;
      size_t size = fread (text, 1, sizeof text, f);
      fclose (f);
      if (size > 0 && memmem (text, size, mark, strlen (mark)) != NULL)
        count++;
    }
  closedir (directory);
  return count;
}

delta1_status_t
ring_run (ring_t *ring, const char *command)
{
  static int counter;
  char mark[64];
  snprintf (mark, sizeof mark, "delta1-%d-%d.", (int)getpid (), ++counter);
  setenv ("DELTA1_TEST_MARK", mark, 1);
  struct sigaction before, after;
  sigset_t mask_before, mask_after, pending;
  sigaction (SIGPIPE, NULL, &before);
  sigprocmask (SIG_SETMASK, NULL, &mask_before);
  int descriptors = count_descriptors ();

  delta1_meter_t *meter;
  delta1_algorithm_t *algorithm;
  delta1_reason_t reason;
  ring->reason.text[0] = 0;
  assert_ok (delta1_meter_create (&meter, ring->oracle, &ring->budget, NULL, &reason), reason);
  assert_ok (delta1_trainer_create_process (&algorithm, command, &reason), reason);
  assert_true (algorithm->table->attempts (algorithm, &ring->task));
  delta1_status_t status = algorithm->table->run (algorithm, ring->X, &ring->task,
                                                  delta1_meter_oracle (meter), 7, &ring->reason);
  ring->usage = delta1_meter_usage (meter);
  ring->exhausted = delta1_meter_exhausted (meter) != NULL;
  delta1_algorithm_free (algorithm);
  delta1_meter_free (meter);

  int marked = count_marked (mark);
  if (marked != 0)
    fail_msg ("%d processes are left of: %s", marked, command);
  errno = 0;
  if (waitpid (-1, NULL, WNOHANG) != -1 || errno != ECHILD)
    fail_msg ("a child is left of: %s", command);
  assert_int_equal (count_descriptors (), descriptors);
  sigaction (SIGPIPE, NULL, &after);
  sigprocmask (SIG_SETMASK, NULL, &mask_after);
  sigpending (&pending);
  assert_true (before.sa_handler == after.sa_handler);
  for (int s = 1; s < 32; s++)
    assert_int_equal (sigismember (&mask_before, s), sigismember (&mask_after, s));
  assert_int_equal (sigismember (&pending, SIGPIPE), 0);
  return status;
}

const char *
ring_script (const char *name, const char *text)
{
  static char path[4096];
  snprintf (path, sizeof path, "%s/%s", delta1_test_directory (), name);
  FILE *f = fopen (path, "w");
  assert_non_null (f);
  assert_true (fputs (text, f) >= 0);
  assert_int_equal (fclose (f), 0);
  return path;
}

int
ring_set_up (void **state)
{
  static ring_t ring;
  ring_open (&ring, DELTA1_LASSO, (delta1_shape_t){ 2, 3, 2 }, "1/3",
             "1/3 -2/7 5 22/7 0 -1/1000 1/7 -3/11 9 1e-9");
  *state = &ring;
  return 0;
}

int
ring_tear_down (void **state)
{
  ring_close (*state);
  return 0;
}

delta1_status_t
ring_run_python (ring_t *ring, const char *text)
{
  char command[5000];
  const char *python = getenv ("PYTHON3");
  snprintf (command, sizeof command, "exec %s -u %s", python != NULL ? python : "/usr/bin/python3",
            ring_script ("child.py", text));
  return ring_run (ring, command);
}

void
ring_assert_fails (ring_t *ring, const char *command, const char *word, double seconds)
{
  double start = delta1_test_now ();
  delta1_status_t status = ring_run (ring, command);
  double took = delta1_test_now () - start;
  if (took > seconds)
    fail_msg ("%g s for: %s", took, command);
  assert_refused (status, DELTA1_FAILED, ring->reason, word);
}
