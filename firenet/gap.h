/* gap: how far a point is from the minimum of F(x) = lambda ||x||_{1,w} + ||Ax - y||: certificate
 * (c) (mathematics.md, Lemmas 6.6 and 6.6.1).
 *
 * A dual point u with ||u|| <= 1 and |(A* u)_i| <= lambda w_i for every i proves F* >= -Re<y, u>,
 * so that F(x) - F* <= F(x) + Re<y, u> for every x. It does not matter where x and u come from.
 *
 * In double and complex double the numbers are *certified* by the bounds of the operator and of
 * Lemma 6.7.2; in balls by the balls. A is the matrix of those bounds. */
#ifndef DELTA1_GAP_H
#define DELTA1_GAP_H

#include "firenet/iteration.h"

typedef struct
{
  arb_t objective; /* contains F(x) */
  arb_t dual;      /* contains -Re<y, u>, which is at most F* */
  mag_t gap;       /* F(x) - F* <= gap; infinite when nothing is known */
  mag_t relative;  /* (F(x) - F*)/F* <= relative; infinite when the dual is not certainly > 0 */
} delta1_gap_t;

void delta1_gap_init (delta1_gap_t *gap);
void delta1_gap_clear (delta1_gap_t *gap);

/* u (m) = s v with s > 0 the largest up to rounding for which u is *certified* to be feasible; u
 * is not v. Of steps lambda and the weights count. Arithmetics: double, complex double (INPUT
 * otherwise). UNDECIDED: v is not finite, or some lambda w_i is not above the rounding error of
 * A* v. SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_gap_make_feasible (void *u, const delta1_operator_t *A,
                                                          const void *v,
                                                          const delta1_steps_t *steps,
                                                          delta1_reason_t *reason);

/* x (N), y, u (m). DOMAIN: u is certainly not feasible. UNDECIDED: it is not certainly
 * feasible, or a number is not finite; the reason says which. INPUT: an arithmetic that proves
 * nothing (MPFR). SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_gap_evaluate (delta1_gap_t *gap, const delta1_operator_t *A,
                                                     const void *x, const void *y, const void *u,
                                                     const delta1_steps_t *steps,
                                                     delta1_reason_t *reason);

/* Plain primal-dual steps that keep v (delta1_iteration_continue), for a better dual point than a
 * restarted run has; the primal point gets better with it. *Heuristic*: how good they are is said
 * by the gap. */
typedef struct
{
  slong most;     /* steps at most; >= 1 */
  slong every;    /* steps between two looks at the gap; >= 1 */
  double target;  /* relative gap at which to stop; 0: make them all */
  slong made;     /* out: steps */
  double seconds; /* out: of the wall clock, with the looks */
} delta1_polish_t;

/* 1000, 50, 1e-4. */
extern const delta1_polish_t delta1_polish_defaults;

typedef struct
{
  void *x; /* N */
  void *v; /* m */
  void *u; /* m */
} delta1_point_t;

/* point: x, v is where to begin, and the last step on return; u is the *certified* feasible dual
 * point with the largest -Re<y, u> that was seen. gap: of that x and u. steps: tau and sigma are
 * those of the polish; tau = 64, sigma = 1/64 for ||A|| <= 1 and images with values up to 1.
 * Statuses of delta1_iteration_create and of the functions above; INPUT for a polish outside what
 * is allowed. */
DELTA1_MUST_USE delta1_status_t delta1_gap_polish (delta1_gap_t *gap, delta1_point_t *point,
                                                   const delta1_operator_t *A, const void *y,
                                                   const delta1_steps_t *steps,
                                                   delta1_polish_t *polish,
                                                   delta1_reason_t *reason);

#endif
