/* null_space: certificates of the weighted robust null space property in levels (mathematics.md
 * 6.1, Lemmas 6.2 and 6.4).
 *
 * Levels 0 = M_0 < M_1 < ... < M_r = N, local sparsities s_k, weights w_k > 0 constant on levels.
 * xi = sum w_k^2 s_k, zeta = min w_k^2 s_k. A (m x N, complex) has the rNSPL with 0 <= rho < 1,
 * gamma > 0 when, for every Delta with at most s_k elements in level k and all x,
 *   ||x_Delta|| <= rho ||x_{Delta^c}||_{1,w}/sqrt(xi) + gamma ||Ax||.
 *
 * All of this is *certified*: rho and gamma are balls, and hold for every matrix in the entries. */
#ifndef DELTA1_NULL_SPACE_H
#define DELTA1_NULL_SPACE_H

#include "src/flint_world.h"
#include "src/status.h"

typedef struct
{
  slong count;           /* r */
  const slong *end;      /* M_1 < ... < M_r */
  const slong *sparsity; /* 1 <= s_k <= M_k - M_{k-1} */
  arb_srcptr weights;    /* w_k > 0; NULL: all 1; not owned */
} delta1_levels_t;

/* INPUT unless the levels are as above, M_r = N, and the weights certainly positive and finite. */
DELTA1_MUST_USE delta1_status_t delta1_levels_check (const delta1_levels_t *levels, slong N,
                                                     delta1_reason_t *reason);

/* xi, zeta, and the least weight; any may be NULL. */
void delta1_levels_constants (arb_t xi, arb_t zeta, arb_t least, const delta1_levels_t *levels,
                              slong precision);

typedef enum
{
  DELTA1_NULL_SPACE_BEST = 0,   /* exhaustive where `limit` allows, else coherence */
  DELTA1_NULL_SPACE_EXHAUSTIVE, /* every maximal support set */
  DELTA1_NULL_SPACE_COHERENCE   /* from the lengths and inner products of the columns */
} delta1_null_space_method_t;

#define DELTA1_NULL_SPACE_LIMIT 20000

typedef struct
{
  delta1_null_space_method_t method;
  slong limit;     /* of support sets; 0: DELTA1_NULL_SPACE_LIMIT */
  slong precision; /* of the balls, in bits; 2 or more */
} delta1_null_space_options_t;

typedef struct
{
  /* TRUE: A has the rNSPL with rho < 1 and gamma. FALSE: it has it with no rho and gamma, since
   * some x != 0 has Ax = 0 and all its entries in `support`. UNKNOWN: neither is proved; where rho
   * is certainly 1 or more, no precision helps, but another method may. */
  delta1_truth_t holds;
  delta1_null_space_method_t method; /* the one that was used */
  arb_t rho, gamma; /* of Lemma 6.4; rho may be above 1, and both infinite: no bound */
  slong sets;       /* maximal support sets that were looked at; 0 for coherence */
  /* Exhaustive: where rho is attained (up to the width of the balls), or the set that is not
   * certainly injective, with column -1. Coherence: size 0, column -1. */
  slong size, *support, column;
} delta1_null_space_t;

void delta1_null_space_init (delta1_null_space_t *found);
void delta1_null_space_clear (delta1_null_space_t *found);

/* Lemma 6.4. A: m x N, row-major. INPUT: sizes or levels, an entry that is not finite. BUDGET: the
 * exhaustive method has more than `limit` support sets. SYSTEM: memory is out. */
DELTA1_MUST_USE delta1_status_t delta1_null_space_certify (
    delta1_null_space_t *found, const acb_mat_t A, const delta1_levels_t *levels,
    const delta1_null_space_options_t *options, delta1_reason_t *reason);

/* Lemma 6.2: rho and gamma (in and out, rho < 1 or not) of A_l become those of every A with
 * ||A - A_l|| <= eta. DOMAIN: gamma eta >= 1; UNDECIDED: not decided; both are then infinite. */
DELTA1_MUST_USE delta1_status_t delta1_null_space_perturb (arb_t rho, arb_t gamma, const arb_t eta,
                                                           const delta1_levels_t *levels,
                                                           slong precision,
                                                           delta1_reason_t *reason);

#endif
