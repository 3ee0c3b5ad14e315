/* convergence: Theorem 6.3 of mathematics.md on an input where everything in it is certified.
 *
 * A = [I, H/sqrt(n)], H the n x n Hadamard matrix (Sylvester's), n a power of four: unit columns,
 * coherence 1/sqrt(n), A A^T = 2 I, so ||A|| = sqrt(2). One level, no weights: the rNSPL is
 * certified by coherence for s < (1 + sqrt(n))/2. The truth x has s non-zero entries, the datum is
 * y = Ax + e with 2 ||e|| <= delta. The network is phi_k, k = 1 .. restarts, with tau = sigma =
 * 1/sqrt(2) rounded down to 53 bits, lambda and p of the theorem, upsilon = 1/e, and eps_0 >=
 * ||y||.
 *
 * *Certified*: every bound, and every error ||phi_k(y) - x|| as an interval (enclosures of
 * firenet/enclosure.h). */
#ifndef DELTA1_CONVERGENCE_H
#define DELTA1_CONVERGENCE_H

#include "firenet/accuracy.h"
#include "src/document.h"

#define DELTA1_CONVERGENCE_MAX_ORDER 256
#define DELTA1_CONVERGENCE_MAX_RESTARTS 500
#define DELTA1_CONVERGENCE_MAX_PRECISION 4096

typedef struct
{
  slong order;     /* n: 4, 16, 64 or 256 */
  slong sparsity;  /* s >= 1, below (1 + sqrt(n))/2 */
  slong restarts;  /* 1 to DELTA1_CONVERGENCE_MAX_RESTARTS */
  slong precision; /* bits of the enclosures; 64 to DELTA1_CONVERGENCE_MAX_PRECISION */
  slong seed;      /* of truth and noise; 0 or more */
  fmpq_t delta;    /* in (0, 1] */
} delta1_convergence_setting_t;

/* 64, 1, 15, 160, 0, 10^-5 */
void delta1_convergence_setting_init (delta1_convergence_setting_t *setting);
void delta1_convergence_setting_clear (delta1_convergence_setting_t *setting);

typedef struct
{
  delta1_convergence_setting_t setting;
  /* The input, exact. */
  slong *entry; /* s increasing places of x */
  fmpq *value;  /* s */
  fmpq *noise;  /* n: e */
  fmpq_t step, lambda, eps_0;
  slong inner;
  /* What is proved of it. */
  delta1_null_space_t property;
  delta1_accuracy_t accuracy;
  arb_ptr bound;     /* restarts + 1: Theorem 6.3 */
  arb_ptr low, high; /* restarts + 1, exact: low <= ||phi_k(y) - x|| <= high; phi_0 = 0 */
} delta1_convergence_t;

void delta1_convergence_init (delta1_convergence_t *convergence);
void delta1_convergence_clear (delta1_convergence_t *convergence);

/* Chooses the input by the seed, and runs. INPUT: a setting out of range. UNDECIDED: a condition is
 * not decided, or an enclosure not bounded, at this precision. FAILED: an error is above its bound:
 * a defect. SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_convergence_run (delta1_convergence_t *convergence,
                                                        const delta1_convergence_setting_t *setting,
                                                        delta1_reason_t *reason);

/* The layers that an accuracy of 10^-digits takes, digits in [1, 1000]: with delta = 10^-digits
 * (1 - upsilon)/(2 C_2), half of the accuracy being left to the data. delta is rounded down to a
 * double's precision (exact); *restarts and *layers are the least that are proved to be enough. */
DELTA1_MUST_USE delta1_status_t delta1_convergence_layers (arb_t delta, slong *restarts,
                                                           slong *layers,
                                                           const delta1_convergence_t *convergence,
                                                           slong digits, delta1_reason_t *reason);

#define DELTA1_CONVERGENCE_KIND "convergence"

/* The sealed certificate (doc/certificate.md). */
DELTA1_MUST_USE delta1_status_t delta1_convergence_write (json_t **document,
                                                          const delta1_convergence_t *convergence,
                                                          delta1_reason_t *reason);

/* Recomputes everything from the input in the document, in balls. OK: accepted, and the reason says
 * in one sentence what was proved; FAILED: refused; UNDECIDED; INPUT: not of this format. */
DELTA1_MUST_USE delta1_status_t delta1_convergence_verify (json_t *document,
                                                           delta1_reason_t *reason);

#endif
