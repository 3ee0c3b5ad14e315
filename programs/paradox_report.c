#include "programs/paradox_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "src/number.h"

/* Of a number, what a line has room for. */
static void
print_number (const fmpq_t x)
{
  char *text = delta1_number_format (x);
  if (text != NULL && strlen (text) <= 40)
    printf ("%s", text);
  else
    printf ("about %.6g", fmpq_get_d (x));
  free (text);
}

void
delta1_paradox_print_data (const delta1_paradox_t *paradox)
{
  printf ("data: K = %ld points of R^%ld, delta = ", (long)paradox->points,
          (long)paradox->widths[0]);
  print_number (paradox->delta);
  printf (", mu = ");
  print_number (paradox->margin);
  printf ("\narchitecture ");
  for (slong i = 0; i <= paradox->layers; i++)
    printf ("%s%ld", i == 0 ? "" : ",", (long)paradox->widths[i]);
  printf (": P = ");
  fmpz_print (paradox->pieces);
  printf ("; (0, -delta) breaks at least %ld points of an accurate network (Theorem 7.1)\n",
          (long)paradox->floor);
}

void
delta1_paradox_print_verdict (const char *name, const delta1_paradox_t *paradox,
                              const delta1_paradox_verdict_t *verdict)
{
  printf (
      "%s: %s: %ld of %ld right; broken %ld of label 1 and %ld of label 0; %ld wrong on x_2 = 0 "
      "(proved: %ld); %ld pieces there; loss %.3g\n",
      name, delta1_paradox_verdict_name (verdict, paradox), (long)verdict->correct,
      (long)paradox->points, (long)verdict->broken[1], (long)verdict->broken[0],
      (long)verdict->line, (long)paradox->floor, (long)verdict->pieces, fmpq_get_d (verdict->loss));
}

void
delta1_paradox_print_run (const char *name, const delta1_paradox_run_t *run,
                          const delta1_paradox_play_t *play)
{
  if (!run->answered)
    {
      printf ("%s: no network of the architecture: %s\n", name, run->why.text);
      return;
    }
  printf ("%s: asked up to n = %ld; ", name, (long)run->usage.precision);
  if (!play->adversary)
    {
      printf ("loss %.6g, %sminimal within the tolerance\n", fmpq_get_d (run->loss[1]),
              run->beaten ? "not " : "");
      return;
    }
  printf ("revealed: delta = ");
  print_number (run->delta);
  printf ("; loss %.6g on T_0 (least 1/2), %.6g on T_delta (least 0): beaten\n",
          fmpq_get_d (run->loss[0]), fmpq_get_d (run->loss[1]));
}
