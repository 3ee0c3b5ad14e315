/* attack: the parts of delta1 attack: how far a small change of the data moves the network's
 * output, beside Theorem 6.5. */
#ifndef DELTA1_PROGRAMS_ATTACK_H
#define DELTA1_PROGRAMS_ATTACK_H

#include "programs/reconstruct.h"

#define DELTA1_ATTACK_MAX_NORMS 16

typedef struct
{
  double norm[DELTA1_ATTACK_MAX_NORMS]; /* ||e||/||y|| */
  slong norms;
  slong steps;    /* of the Jacobian's search, and of the ascent at every norm */
  double seconds; /* of all searches together; 0: as long as they take */
} delta1_attack_request_t;

/* What is known at one norm. A quotient is ||phi_n(y + e) - phi_n(y)||/||e||. */
typedef struct
{
  slong steps;         /* of the ascent that were made */
  double found;        /* the quotient that was found, in doubles: *heuristic* */
  arb_t lower, random; /* *certified*, exact: at most the quotient of the e found, of a random e */
  arb_t length;        /* contains ||e|| of the one found */
  void *datum, *x;     /* m, N of the arithmetic: y + e of the one found, and what was computed */
} delta1_attack_decade_t;

typedef struct
{
  const delta1_attack_request_t *request;
  const delta1_reconstruct_result_t *run; /* of y itself */
  delta1_attack_decade_t decade[DELTA1_ATTACK_MAX_NORMS];
  double jacobian; /* the largest Ritz value, in doubles: *heuristic* */
  slong lanczos;   /* steps that were made */
  double seconds;
} delta1_attack_result_t;

void delta1_attack_result_init (delta1_attack_result_t *result);
void delta1_attack_result_clear (delta1_attack_result_t *result);

/* result->request and run (of delta1_reconstruct_network) are set before. */
DELTA1_MUST_USE delta1_status_t delta1_attack_decades (delta1_attack_result_t *result,
                                                       delta1_reason_t *reason);

void delta1_attack_print (const delta1_attack_result_t *result);

/* doc/report-attack.md; NULL when memory is out. */
json_t *delta1_attack_json (const delta1_attack_result_t *result);

/* Pictures and arrays into the directory, which exists. */
DELTA1_MUST_USE delta1_status_t delta1_attack_write (const delta1_attack_result_t *result,
                                                     const char *directory,
                                                     delta1_reason_t *reason);

#endif
