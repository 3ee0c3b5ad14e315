/* pieces_bench: seconds of processor time for counting pieces, one line of JSON.
 *
 *   pieces_bench DEPTH BITS
 *
 * Of the folded hat of the depth (BITS = 0), or after one step of training at BITS bits. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "constructions/finite_precision.h"

static double
now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int
main (int argc, char **argv)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t reason = { "usage: pieces_bench DEPTH BITS" };
  delta1_network_t *network = NULL;
  delta1_fold_lesson_t lesson = { 0 };
  delta1_float_format_t format;
  slong depth = argc == 3 ? strtol (argv[1], NULL, 10) : 0, count;
  bool exact;
  if (depth < 1)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 3;
    }
  DELTA1_TRY (delta1_fold_network (&network, depth, &reason));
  if (argv[2][0] != '0')
    {
      DELTA1_TRY (delta1_float_format_parse (&format, argv[2], &reason));
      DELTA1_TRY (delta1_fold_lesson_init (&lesson, depth, 1, &reason));
      DELTA1_TRY (delta1_fold_train (network, &exact, &lesson, &format, 4, 1, &reason));
    }
  double start = now ();
  DELTA1_TRY (delta1_fold_count (&count, network, (slong)1 << 40, &reason));
  printf ("{\"pieces\": %ld, \"seconds\": %.9g}\n", (long)count, now () - start);
cleanup:
  if (status != DELTA1_OK)
    fprintf (stderr, "pieces_bench: %s\n", reason.text);
  delta1_fold_lesson_clear (&lesson);
  delta1_network_free (network);
  return status == DELTA1_OK ? 0 : 1;
}
