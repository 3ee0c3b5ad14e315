/* attack: worst-case search for the instability of phi_n, a lower bound beside Theorem 6.5.
 *
 * The search is *heuristic*: doubles choose e. What was found is then *certified* by
 * delta1_attack_quotient from two executed runs and their rounding radii. Vectors of data are plain
 * doubles as in firenet/derivative.h. */
#ifndef DELTA1_ATTACK_H
#define DELTA1_ATTACK_H

#include <stdint.h>

#include "firenet/derivative.h"

typedef struct
{
  slong lanczos;  /* steps for the Jacobian; 1 or more */
  slong ascent;   /* steps of the ascent; 0 or more */
  uint64_t seed;  /* of the first vector */
  double seconds; /* of the wall clock, for each call: when they are over, no step begins but the
                     first; 0: as long as it takes */
  /* NULL, or told before a step, 0, 1, 2, ... of either search. */
  void (*progress) (void *context, slong step);
  void *context;
} delta1_attack_options_t;

extern const delta1_attack_options_t delta1_attack_defaults; /* 30, 30, 0, 0, NULL */

/* norm: the largest Ritz value of J*J at y (its root), no more than ||J|| up to rounding; direction
 * (of the length of y, norm 1): a right singular vector for it; by Lanczos with full
 * orthogonalisation on J*J over the reals. When J = 0 the norm is 0 and the direction random.
 * INPUT: options out of range, y not finite. SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_attack_jacobian (double *norm, double *direction,
                                                        delta1_derivative_t *derivative,
                                                        const double *y,
                                                        const delta1_attack_options_t *options,
                                                        delta1_reason_t *reason);

#define DELTA1_ATTACK_FEW 64

/* The sphere ||e|| = radius around the datum y, and where a search on it begins: `start`, norm 1,
 * of delta1_attack_jacobian. All of the length of the derivative's inputs. */
typedef struct
{
  const double *y, *start;
  double radius;
} delta1_attack_sphere_t;

/* e (of the length of y) with ||e|| = radius up to rounding for which ||phi(y + e) - phi(y)|| is
 * large: Nesterov ascent of options->ascent steps on its square over the sphere, the gradient
 * J(y+e)* (phi(y+e) - phi(y)), steps as long as the radius and halved when the value falls, from
 * +-radius times `start`; for data of at most DELTA1_ATTACK_FEW doubles also from the best of four
 * times as many random points, since a far point may lie in a better basin. quotient: ||phi(y + e)
 * - phi(y)||/radius in doubles, the best of all points visited. INPUT: a radius that is not
 * positive and finite; y not finite. */
DELTA1_MUST_USE delta1_status_t delta1_attack_search (double *e, double *quotient,
                                                      delta1_derivative_t *derivative,
                                                      const delta1_attack_sphere_t *sphere,
                                                      const delta1_attack_options_t *options,
                                                      delta1_reason_t *reason);

/* An executed run: its datum and its result, vectors of the arithmetic, and radius >= ||x -
 * phi_n(y)||. */
typedef struct
{
  const void *y, *x;
  mag_srcptr radius;
} delta1_attack_run_t;

/* *Certified*: lower (exact, 0 or more) <= ||phi_n(b.y) - phi_n(a.y)||/||b.y - a.y||, for all data
 * in the balls where they are balls; 0 when the data may be equal. length (NULL: not wanted)
 * contains ||b.y - a.y||. A: the operator of the runs, for its shape and arithmetic. */
void delta1_attack_quotient (arb_t lower, arb_t length, const delta1_operator_t *A,
                             const delta1_attack_run_t *a, const delta1_attack_run_t *b,
                             slong precision);

#endif
