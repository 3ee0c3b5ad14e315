#include "constructions/certificate_write.h"

#include <stdlib.h>

#include "src/document.h"
#include "src/number.h"

json_t *
delta1_certificate_text (char *text)
{
  json_t *value = text == NULL ? NULL : json_string (text);
  free (text);
  return value;
}

json_t *
delta1_certificate_number (const fmpq_t x)
{
  return delta1_certificate_text (delta1_number_format (x));
}

json_t *
delta1_certificate_rows (const fmpq_mat_t X)
{
  json_t *rows = json_array ();
  for (slong k = 0; k < fmpq_mat_nrows (X); k++)
    {
      json_t *row = json_array ();
      for (slong j = 0; j < fmpq_mat_ncols (X); j++)
        (void)json_array_append_new (row, delta1_certificate_number (fmpq_mat_entry (X, k, j)));
      (void)json_array_append_new (rows, row);
    }
  return rows;
}

delta1_status_t
delta1_certificate_finish (json_t **document, json_t *made, delta1_reason_t *reason)
{
  *document = NULL;
  delta1_status_t status = made == NULL
                               ? delta1_fail (reason, DELTA1_SYSTEM, "no memory for a certificate")
                               : delta1_document_seal (made, reason);
  if (status == DELTA1_OK)
    *document = made;
  else
    json_decref (made);
  return status;
}
