/* claim: transcripts, outputs, and what a certificate claims about them. */
#ifndef CHECKER_CLAIM_H
#define CHECKER_CLAIM_H

#include "checker/tie.h"

/* Refuse what is false; return only when all that could be checked is right, with the number of
 * answers and, in text, what has been proved. */
void check_run (check_t *check, tie_t *tie, json_t *root, char *text, size_t size);
void check_seeds (check_t *check, tie_t *tie, json_t *root, char *text, size_t size);

#endif
