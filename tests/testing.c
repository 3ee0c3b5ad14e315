#include "tests/testing.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct
{
  bool ready;
  uint64_t state;
  int multiplier;
} setting_t;

static setting_t *
setting (void)
{
  static setting_t s;
  if (!s.ready)
    {
      const char *seed = getenv ("DELTA1_TEST_SEED");
      const char *multiplier = getenv ("DELTA1_TEST_MULTIPLIER");
      s.state = seed != NULL ? strtoull (seed, NULL, 10) : 1;
      s.multiplier = multiplier != NULL ? atoi (multiplier) : 1;
      if (s.multiplier < 1)
        s.multiplier = 1;
      s.ready = true;
      printf ("# seed %llu, multiplier %d\n", (unsigned long long)s.state, s.multiplier);
    }
  return &s;
}

int
delta1_test_rounds (int base)
{
  return base * setting ()->multiplier;
}

/* splitmix64 */
uint64_t
delta1_test_random (void)
{
  uint64_t z = (setting ()->state += UINT64_C (0x9E3779B97F4A7C15));
  z = (z ^ (z >> 30)) * UINT64_C (0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94D049BB133111EB);
  return z ^ (z >> 31);
}

slong
delta1_test_random_below (slong bound)
{
  return (slong)(delta1_test_random () % (uint64_t)bound);
}

static void
random_integer (fmpz_t x, slong bits)
{
  slong wanted = 1 + delta1_test_random_below (bits);
  fmpz_zero (x);
  for (slong done = 0; done < wanted; done += 32)
    {
      fmpz_mul_2exp (x, x, 32);
      fmpz_add_ui (x, x, (ulong)(delta1_test_random () >> 32));
    }
  fmpz_fdiv_r_2exp (x, x, (ulong)wanted);
}

void
delta1_test_random_rational (fmpq_t x, slong bits)
{
  random_integer (fmpq_numref (x), bits);
  random_integer (fmpq_denref (x), bits);
  fmpz_add_ui (fmpq_denref (x), fmpq_denref (x), 1);
  if (delta1_test_random () & 1)
    fmpz_neg (fmpq_numref (x), fmpq_numref (x));
  fmpq_canonicalise (x);
}

void
delta1_test_assert_ok (delta1_status_t status, const delta1_reason_t *reason, const char *file,
                       int line)
{
  if (status != DELTA1_OK)
    {
      print_error ("status %s: %s\n", delta1_status_name (status), reason->text);
      _fail (file, line);
    }
}

void
delta1_test_assert_refused (delta1_status_t status, delta1_status_t expected,
                            const delta1_reason_t *reason, const char *word, const char *file,
                            int line)
{
  if (status != expected || strstr (reason->text, word) == NULL
      || strchr (reason->text, '\n') != NULL)
    {
      print_error ("status %s (asked: %s), reason '%s' (asked: one line with '%s')\n",
                   delta1_status_name (status), delta1_status_name (expected),
                   status == DELTA1_OK ? "" : reason->text, word);
      _fail (file, line);
    }
}

static int
remove_one (const char *path, const struct stat *info, int kind, struct FTW *where)
{
  (void)info;
  (void)kind;
  (void)where;
  return remove (path);
}

static char directory[64];

static void
remove_directory (void)
{
  if (directory[0] != '\0')
    (void)nftw (directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
delta1_test_directory (void)
{
  if (directory[0] == '\0')
    {
      strcpy (directory, "/tmp/delta1-test-XXXXXX");
      if (mkdtemp (directory) == NULL)
        fail_msg ("no temporary directory");
      atexit (remove_directory);
    }
  return directory;
}

double
delta1_test_now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
