/* The times of the trustworthy solver. With a file (doubles: m, N, lambda, A row-major, y): the
 * certified lasso of these data to 10 digits. Without: 100 x 200 to growing numbers of digits,
 * beside one ball LU of the active system at the same precision. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "src/optimality.h"

static double
processor_seconds (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void
set_double (fmpq_t x, double value)
{
  arf_t exact;
  arf_init (exact);
  arf_set_d (exact, value);
  arf_get_fmpq (x, exact);
  arf_clear (exact);
}

static void
stop (const delta1_reason_t *reason)
{
  fprintf (stderr, "solve_bench: %s\n", reason->text);
  exit (1);
}

/* The best of several runs. */
static double
time_solve (delta1_solution_t *solution, const delta1_data_t *data, slong digits, int runs)
{
  delta1_reason_t reason;
  double best = 1e300;
  delta1_solve_options_t options = delta1_solve_defaults;
  options.digits = digits;
  for (int i = 0; i < runs; i++)
    {
      double start = processor_seconds ();
      if (delta1_solve_data (solution, data, &options, &reason) != DELTA1_OK)
        stop (&reason);
      double spent = processor_seconds () - start;
      best = spent < best ? spent : best;
    }
  if (solution->verdict != DELTA1_SOLVE_DETERMINED)
    stop (&solution->why);
  return best;
}

static double
time_lu (const delta1_minimiser_t *minimiser, const delta1_data_t *data, slong prec)
{
  slong s = minimiser->size, m = data->m;
  slong *order = flint_malloc ((size_t)s * sizeof *order);
  arb_mat_t A, T, G;
  arb_mat_init (A, m, s);
  arb_mat_init (T, s, m);
  arb_mat_init (G, s, s);
  for (slong k = 0; k < s; k++)
    for (slong i = 0; i < m; i++)
      arb_set_fmpq (arb_mat_entry (A, i, k), data->A + i * data->N + minimiser->column[k], prec);
  arb_mat_transpose (T, A);
  arb_mat_mul (G, T, A, prec);
  double start = processor_seconds ();
  if (!arb_mat_lu (order, G, G, prec))
    fprintf (stderr, "solve_bench: the LU failed\n");
  double spent = processor_seconds () - start;
  flint_free (order);
  arb_mat_clear (A);
  arb_mat_clear (T);
  arb_mat_clear (G);
  return spent;
}

static void
from_file (const char *path)
{
  delta1_reason_t reason;
  delta1_data_t data;
  delta1_solution_t solution;
  double head[3], value;
  FILE *file = fopen (path, "rb");
  if (file == NULL || fread (head, sizeof (double), 3, file) != 3
      || delta1_data_init (&data, DELTA1_LASSO, (slong)head[0], (slong)head[1], &reason)
             != DELTA1_OK)
    {
      fprintf (stderr, "solve_bench: cannot use %s\n", path);
      exit (1);
    }
  set_double (data.parameter, head[2]);
  for (slong i = 0; i < data.m * data.N + data.m; i++)
    {
      if (fread (&value, sizeof value, 1, file) != 1)
        exit (1);
      set_double (i < data.m * data.N ? data.A + i : data.y + (i - data.m * data.N), value);
    }
  (void)fclose (file);
  delta1_solution_init (&solution);
  double spent = time_solve (&solution, &data, 10, 5);
  printf ("%.6f %ld\n", spent, (long)solution.minimiser.size);
  delta1_solution_clear (&solution);
  delta1_data_clear (&data);
}

static void
digits_table (void)
{
  delta1_reason_t reason;
  delta1_data_t data;
  delta1_solution_t solution;
  if (delta1_data_init (&data, DELTA1_LASSO, 100, 200, &reason) != DELTA1_OK)
    stop (&reason);
  /* Rationals that are no dyadics: every entry has all the bits of the precision. */
  uint64_t state = 7;
  for (slong i = 0; i < 100 * 201; i++)
    {
      state = state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
      fmpq_set_si (i < 20000 ? data.A + i : data.y + (i - 20000), (slong)(state >> 44) - (1 << 19),
                   999983);
    }
  fmpq_set_si (data.parameter, 1, 2);
  delta1_solution_init (&solution);
  printf ("lasso 100 x 200, rationals that are no dyadics\n"
          "  digits  support  certified (s)  ball LU (s)  ratio  growth\n");
  double before = 0;
  for (slong digits = 125; digits <= 8000; digits *= 2)
    {
      double spent = time_solve (&solution, &data, digits, 3);
      double lu = time_lu (&solution.minimiser, &data, solution.precision);
      printf ("  %6ld  %7ld  %13.4f  %11.4f  %5.2f  %6.2f\n", (long)digits,
              (long)solution.minimiser.size, spent, lu, spent / lu,
              before > 0 ? spent / before : 0);
      before = spent;
    }
  delta1_solution_clear (&solution);
  delta1_data_clear (&data);
}

int
main (int argc, char **argv)
{
  if (argc > 1)
    from_file (argv[1]);
  else
    digits_table ();
  flint_cleanup ();
  return 0;
}
