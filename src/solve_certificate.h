/* solve_certificate: outcomes of delta1 solve as certificates (doc/certificate-solve.md).
 *
 * Writing uses what the solver proved. Verifying trusts nothing in the document: from the data, the
 * support, the signs and the box it states, it proves by its own Krawczyk operator that a solution
 * of the optimality system lies in the box for every input the data allow, and by its own products
 * the inequalities. */
#ifndef DELTA1_SOLVE_CERTIFICATE_H
#define DELTA1_SOLVE_CERTIFICATE_H

#include "src/document.h"
#include "src/optimality.h"

/* The sealed certificate of a solution that is determined, or not determined (INPUT otherwise).
 * program: a label. names: the N column names, or NULL. What is written has been verified.
 * UNDECIDED: the verifier did not confirm it. */
DELTA1_MUST_USE delta1_status_t delta1_solve_certificate (
    json_t **document, const delta1_data_t *data, const delta1_solution_t *solution,
    const char *program, const char *const *names, delta1_reason_t *reason);

/* Whether the document's format is that of these certificates. */
bool delta1_solve_certificate_is (const json_t *document);

/* OK: accepted, and the reason holds one sentence that says what was proved. FAILED: refused;
 * UNDECIDED: balls did not decide; INPUT: not a certificate of this format and version. */
DELTA1_MUST_USE delta1_status_t delta1_solve_certificate_verify (json_t *document,
                                                                 delta1_reason_t *reason);

#endif
