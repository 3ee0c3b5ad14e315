/* The LASSO of four flats and two features that are nearly the same. How accurate must the data be? */
#include <delta1/delta1.h>
#include <stdio.h>

int
main (void)
{
  static const long area[4] = { 125, 80, 160, 105 }, again[4] = { 126, 79, 161, 104 },
                    price[4] = { 210, 115, 295, 162 };
  delta1_solve_options_t options = delta1_solve_defaults;
  delta1_data_t data;
  delta1_reason_t reason;
  options.digits = 2;

  if (delta1_data_init (&data, DELTA1_LASSO, 4, 2, &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }
  for (slong i = 0; i < 4; i++)
    {
      fmpq_set_si (data.A + 2 * i, area[i], 100); /* exactly 1.25, and so on */
      fmpq_set_si (data.A + 2 * i + 1, again[i], 100);
      fmpq_set_si (data.y + i, price[i], 100);
    }
  fmpq_set_si (data.parameter, 1, 10); /* lambda */

  printf ("known to      verdict\n");
  for (int n = 4; n <= 20; n += 4)
    {
      delta1_solution_t solution;
      fmpq_set_si (data.matrix_radius, 1, 1L << n);
      fmpq_set (data.data_radius, data.matrix_radius);
      delta1_solution_init (&solution);
      if (delta1_solve_data (&solution, &data, &options, &reason) != DELTA1_OK)
        {
          fprintf (stderr, "%s\n", reason.text);
          return 1;
        }
      printf ("+/- 2^-%-2d     %s", n, delta1_solve_verdict_name (solution.verdict));
      if (solution.verdict == DELTA1_SOLVE_DETERMINED)
        for (slong j = 0; j < solution.minimiser.size; j++)
          {
            printf (", x_%ld = ", (long)solution.minimiser.column[j] + 1);
            arb_printn (solution.minimiser.x + j, 4, ARB_STR_NO_RADIUS);
          }
      printf ("\n");
      delta1_solution_clear (&solution);
    }
  delta1_data_clear (&data);
  return 0;
}
