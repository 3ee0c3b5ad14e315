/* rounding: certificate (a) (mathematics.md, Theorem 6.7 and Corollary 6.7.1): how far what
 * delta1_restart_run computed in double or complex double is from the exact phi_n(y).
 *
 * The statement: for every network whose constants (tau, sigma, lambda, weights, delta, eps_0,
 * upsilon, scale) lie in the balls of `restart`, for the exact matrix A of the operator, and for y
 * as its doubles stand: ||x - phi_n(y)|| <= radius, Euclidean. The errors that were made when the
 * program rounded those constants are in it. It is about the run in its own order of operations,
 * and it grows linearly with the number of steps.
 *
 * It costs one pass over x in each inner step, for an upper bound of ||x_{k+1}||; all else are a
 * few hundred operations on bounds. Assumed is what delta1_rounding_environment tests. */
#ifndef DELTA1_ROUNDING_H
#define DELTA1_ROUNDING_H

#include "firenet/restart.h"

/* The norms of a run, in the order of its inner steps. */
typedef struct
{
  const delta1_operator_t *A;
  slong count, room;
  double *norm; /* upper bounds of ||x_{k+1}||, scaled as the program has it */
} delta1_rounding_record_t;

/* room: of inner steps (inner x restarts). A must outlive the record. INPUT: the arithmetic is
 * neither double nor complex double. SYSTEM: memory is out, or the environment is not the assumed
 * one. */
DELTA1_MUST_USE delta1_status_t delta1_rounding_create (delta1_rounding_record_t **rounding,
                                                        const delta1_operator_t *A, slong room,
                                                        delta1_reason_t *reason);
void delta1_rounding_free (delta1_rounding_record_t *rounding); /* NULL allowed */

/* For delta1_restart_run: records each step. Ends the run with UNDECIDED when x is not finite, or
 * is above 2^400; with INPUT after more steps than there is room for. */
delta1_observer_t delta1_rounding_observer (delta1_rounding_record_t *rounding);

/* radius: as above, for the run of `restart` on y (m) that `rounding` has recorded (whole, or the
 * norms of a certificate). profile: NULL, or inner x restarts numbers: upper bounds of the error of
 * each x_{k+1}, divided by its alpha. INPUT: not as many steps were recorded as the network has.
 * DOMAIN, UNDECIDED: tau sigma ||A||^2 <= 1 is wrong, or not decided, for the constants in the
 * balls; UNDECIDED also when a number of the bound is above 2^500: an overflow is not excluded. */
DELTA1_MUST_USE delta1_status_t delta1_rounding_radius (mag_t radius, double *profile,
                                                        const delta1_rounding_record_t *rounding,
                                                        const void *y,
                                                        const delta1_restart_t *restart,
                                                        delta1_reason_t *reason);

#endif
