#include "constructions/certificate_verify.h"

#include <string.h>

#include "constructions/barrier_verify.h"
#include "constructions/certificate_read.h"
#include "constructions/paradox_certificate.h"
#include "constructions/solver_verify.h"
#include "src/document.h"

delta1_status_t
delta1_certificate_verify (json_t *document, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const char *format, *kind;
  slong version;
  DELTA1_TRY (delta1_document_string (&format, document, "format", reason));
  DELTA1_TRY (delta1_document_index (&version, document, "version", reason));
  if (strcmp (format, "delta1-certificate") != 0 || version != 1)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT, "not a delta1-certificate of version 1"));
  DELTA1_TRY (delta1_document_string (&kind, document, "kind", reason));
  if (strcmp (kind, "run") == 0 || strcmp (kind, "seeds") == 0)
    DELTA1_TRY (delta1_barrier_verify (document, strcmp (kind, "seeds") == 0, reason));
  else if (strcmp (kind, "solver") == 0)
    DELTA1_TRY (delta1_solver_verify (document, reason));
  else if (strcmp (kind, "paradox") == 0)
    DELTA1_TRY (delta1_paradox_verify (document, reason));
  else
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "kind '%.40s'; allowed: run, seeds, solver, paradox", kind));
  delta1_reason_t sealed;
  if (delta1_document_check_seal (document, &sealed) != DELTA1_OK)
    status = delta1_fail (reason, DELTA1_FAILED, "%s", sealed.text);
cleanup:
  return status;
}
