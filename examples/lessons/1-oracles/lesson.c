/* Two numbers, 2^-20 apart, behind oracles: until which precision can no algorithm tell them apart? */
#include <delta1/delta1.h>
#include <stdio.h>

/* An oracle that answers with the nearest multiple of 2^-n of the number that is written in text. */
static delta1_status_t
hide (delta1_oracle_t **oracle, delta1_source_t **source, const char *text, delta1_reason_t *reason)
{
  delta1_expression_t *expression;
  delta1_expression_t **entries;
  delta1_status_t status = delta1_expression_parse (&expression, text, reason);
  if (status != DELTA1_OK)
    return status;
  entries = malloc (sizeof *entries);
  if (entries == NULL)
    return DELTA1_SYSTEM;
  entries[0] = expression; /* the source takes both over */
  status = delta1_source_create_expressions (source, entries, 1, reason);
  if (status != DELTA1_OK)
    return status;
  return delta1_oracle_create_honest (oracle, *source, DELTA1_NEAREST, 0, reason);
}

int
main (void)
{
  static const char *const text[2] = { "sqrt(2)", "sqrt(2) + 0x1p-20" };
  delta1_source_t *source[2];
  delta1_oracle_t *oracle[2];
  delta1_reason_t reason;
  fmpz_t m[2];

  for (int i = 0; i < 2; i++)
    {
      fmpz_init (m[i]);
      if (hide (&oracle[i], &source[i], text[i], &reason) != DELTA1_OK)
        {
          fprintf (stderr, "%s\n", reason.text);
          return 1;
        }
    }
  printf (" n  %-22s %-22s common legal answer?\n", text[0], text[1]);
  for (slong n = 16; n <= 23; n++)
    {
      printf ("%2ld", (long)n);
      for (int i = 0; i < 2; i++)
        {
          if (delta1_oracle_ask (oracle[i], m[i], 0, n, &reason) != DELTA1_OK)
            return 1;
          printf ("  %12ld * 2^-%ld", fmpz_get_si (m[i]), (long)n);
        }
      /* The answer for the first number: is it a legal answer for the second one too? */
      delta1_truth_t legal = delta1_oracle_legal (source[1], 0, n, m[0], NULL);
      printf ("   %s\n", legal == DELTA1_TRUE    ? "yes, the first column"
                         : legal == DELTA1_FALSE ? "not the first column"
                                                 : "not decided");
    }
  for (int i = 0; i < 2; i++)
    {
      delta1_oracle_free (oracle[i]);
      delta1_source_free (source[i]);
      fmpz_clear (m[i]);
    }
  return 0;
}
