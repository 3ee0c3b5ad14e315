/* solve_arguments: the command line of delta1 solve. */
#ifndef DELTA1_SOLVE_ARGUMENTS_H
#define DELTA1_SOLVE_ARGUMENTS_H

#include "programs/solve_input.h"

typedef enum
{
  DELTA1_SOLVE_AS_THE_SCALING = 0,
  DELTA1_SOLVE_YES,
  DELTA1_SOLVE_NO
} delta1_solve_choice_t;

typedef struct
{
  delta1_solve_request_t request;
  delta1_solve_options_t solve;
  const char *lambda, *epsilon;
  const char *accuracy_given; /* the option that said how well the data are known */
  delta1_solve_choice_t intercept, standardize;
  slong path, threads;
  fmpq_t parameter; /* lambda or epsilon, as given */
  fmpq_t ratio;
  bool no_condition;
  const char *certificate, *json, *plot;
} delta1_solve_setting_t;

void delta1_solve_setting_init (delta1_solve_setting_t *s);
void delta1_solve_setting_clear (delta1_solve_setting_t *s);

/* Reads and checks the arguments: an exit code, after one line when it is not DELTA1_EXIT_OK.
 * *helped: --help was printed, nothing else is to be done. */
int delta1_solve_arguments (delta1_solve_setting_t *s, bool *helped, int argc, char **argv);

#endif
