/* solve_input: what delta1 solve reads: a matrix, a vector, and how well they are known. */
#ifndef DELTA1_SOLVE_INPUT_H
#define DELTA1_SOLVE_INPUT_H

#include "src/instance.h"
#include "src/optimality.h"
#include "src/regularisation.h"

typedef enum
{
  ACCURACY_ABSOLUTE = 0, /* every entry is within a radius; 0: exact */
  ACCURACY_SIGNIFICANT   /* every entry is within half a unit of its s-th digit; 0 is exact */
} delta1_accuracy_t;

typedef struct
{
  delta1_problem_t problem;
  const char *matrix, *data, *target, *weight_file; /* FILE or FILE.mat:NAME; NULL: not given */
  bool transpose;
  delta1_scaling_t scaling;
  bool intercept, standardize;
  delta1_accuracy_t accuracy;
  fmpq_t matrix_radius, data_radius;
  slong significant;
} delta1_solve_request_t;

typedef struct
{
  delta1_data_t data;
  char **name; /* N feature names: of the header, or "column 0" and so on */
  bool named;  /* by the header */
  bool row_names;
  char *target; /* the name of the data column, or NULL */
  /* With ACCURACY_SIGNIFICANT, how much the radius of each entry is above that of the data, which
   * is the least one; else NULL. */
  fmpq *A_excess, *y_excess;
  slong settled_at; /* ACCURACY_SIGNIFICANT: more bits than this say no more */
  delta1_scaling_t scaling;
} delta1_solve_input_t;

void delta1_solve_input_init (delta1_solve_input_t *input);
void delta1_solve_input_clear (delta1_solve_input_t *input);

/* Reads the files and checks that they fit together. INPUT, SYSTEM: one line that names the option.
 */
DELTA1_MUST_USE delta1_status_t delta1_solve_input_read (delta1_solve_input_t *input,
                                                         const delta1_solve_request_t *request,
                                                         delta1_reason_t *reason);

/* parameter = the given number in the scaling of the input, as the parameter of delta1's problem.
 */
void delta1_solve_input_set_parameter (delta1_solve_input_t *input, const fmpq_t parameter);

/* The balls that contain what the data allow; the instance is initialised to fit. */
void delta1_solve_input_instance (delta1_instance_t *instance, const delta1_solve_input_t *input,
                                  slong prec);

/* delta1_solve_data, also for entries known to different accuracies. Those are determined for the
 * accuracies as they are; "not determined" is then claimed with witnesses that move all entries of
 * A by at most the least of their radii, and likewise y. */
DELTA1_MUST_USE delta1_status_t delta1_solve_input_solve (delta1_solution_t *solution,
                                                          const delta1_solve_input_t *input,
                                                          const delta1_solve_options_t *options,
                                                          delta1_reason_t *reason);

#endif
