/* The stable, accurate network exists for every input: it is written down here for two inputs that no
 * algorithm can tell apart, and verified exactly. */
#include <delta1/delta1.h>
#include <stdio.h>
#include <stdlib.h>

/* The network of the input whose largest column is j: right at every datum, constant around it. */
static delta1_status_t
write_down (delta1_network_t **network, fmpq_t radius_squared, const delta1_tie_family_t *family,
            slong j, const fmpq_mat_t Y, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  fmpq_mat_t X;
  fmpq_t plateau;
  fmpq_mat_init (X, family->points, family->shape.N);
  fmpq_init (plateau);
  fmpq_set_si (plateau, 9, 10);
  for (slong k = 0; k < family->points; k++) /* the minimiser for datum k is s_k e_j */
    fmpq_set (fmpq_mat_entry (X, k, family->place[j]), family->scale[DELTA1_TIER_A] + k);
  DELTA1_TRY (delta1_existence_create (network, radius_squared, Y, X, plateau, reason));
  DELTA1_TRY (delta1_existence_verify (*network, Y, X, radius_squared, reason));

cleanup:
  fmpq_mat_clear (X);
  fmpq_clear (plateau);
  return status;
}

int
main (void)
{
  delta1_tie_options_t options = delta1_tie_defaults;
  delta1_tie_family_t *family = NULL;
  delta1_reason_t reason;
  options.points = 3;
  if (delta1_tie_family_create (&family, &options, &reason) != DELTA1_OK)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 1;
    }

  /* The data do not say which column is the largest: they are the same for all these inputs. */
  fmpq_mat_t Y;
  fmpq_t radius_squared;
  fmpq *value = _fmpq_vec_init (family->shape.N);
  fmpq_mat_init (Y, family->points, family->m);
  fmpq_init (radius_squared);
  for (slong k = 0; k < family->points; k++)
    delta1_tie_datum (fmpq_mat_entry (Y, k, 0), family, DELTA1_TIER_A, k);

  for (slong j = 0; j < 2; j++)
    {
      delta1_network_t *network = NULL;
      if (write_down (&network, radius_squared, family, j, Y, &reason) != DELTA1_OK
          || delta1_network_evaluate (value, network, fmpq_mat_entry (Y, 0, 0), &reason)
                 != DELTA1_OK)
        {
          fprintf (stderr, "%s\n", reason.text);
          return 1;
        }
      printf ("largest column %ld: %ld hidden units; phi(y_1) = (", (long)j + 1,
              (long)delta1_network_width (network, 0));
      for (slong i = 0; i < family->shape.N; i++)
        {
          char *text = fmpq_get_str (NULL, 10, value + i);
          printf ("%s%s", i == 0 ? "" : ", ", text);
          flint_free (text);
        }
      printf (")\n  verified: exact at %ld data, constant where ||y - y_k||^2 <= %.3g\n",
              (long)family->points, fmpq_get_d (radius_squared));
      delta1_network_free (network);
    }
  fmpq_clear (radius_squared);
  fmpq_mat_clear (Y);
  _fmpq_vec_clear (value, family->shape.N);
  delta1_tie_family_free (family);
  return 0;
}
