/* tie_family: the class Omega(K, L) of well-conditioned inputs on which the barrier stands
 * (mathematics.md, Section 3).
 *
 * Canonical matrix: A(alpha, d) = [alpha_1 .. alpha_c] + d I_{m-1} (direct sum), c = N - m + 1, for
 * lp with one more column -e_1 after the tied ones; datum t e_1. What an oracle shows is U A P and
 * t u: mixed by U, columns moved by a permutation. Tier a: alpha* = 6B, s = 2 10^-K; tier b: 4B, 2
 * 10^-(K-1); tier c: 2B, 2 10^-(K-2); d = alpha* ceil(sqrt c); s_k = s (1 - k/(4R)), k = 0 .. R-1.
 */
#ifndef DELTA1_TIE_FAMILY_H
#define DELTA1_TIE_FAMILY_H

#include "constructions/mixing.h"
#include "oracles/algorithm.h"
#include "src/problem.h"

/* Limits that keep every size in a slong and every allocation deliberate. */
#define DELTA1_TIE_MAX_COLUMNS 100000
#define DELTA1_TIE_MAX_DIGITS 10000000
#define DELTA1_TIE_MAX_SAMPLES 10000000
#define DELTA1_TIE_MAX_POINTS 10000
#define DELTA1_TIE_MAX_ENTRIES 20000000 /* of the matrix, and of digits times points */

typedef enum
{
  DELTA1_TIER_A = 0,
  DELTA1_TIER_B,
  DELTA1_TIER_C
} delta1_tier_t;

#define DELTA1_TIER_COUNT 3

/* What defines a family. */
typedef struct
{
  delta1_problem_t problem;
  slong m, N;            /* 1 <= m < N */
  slong digits;          /* K >= 3 */
  slong samples;         /* L >= 1 */
  slong points;          /* R >= 1 */
  const char *parameter; /* lambda or epsilon in (0,1], a number of src/number.h; NULL: 1/2, and
                            required to be NULL for bp and lp */
  delta1_mix_t mix;
  uint64_t seed; /* of the reflections and the permutation; 0: columns stay in order */
} delta1_tie_options_t;

extern const delta1_tie_options_t delta1_tie_defaults; /* srlasso, 3 x 6, K = 6, L = 4, R = 1 */

/* Read-only after creation. */
typedef struct
{
  delta1_problem_t problem;
  slong m, N, digits, samples, points;
  fmpq_t parameter;     /* 0 for bp and lp */
  slong tied;           /* c = N - m + 1 */
  delta1_shape_t shape; /* what an oracle shows: m rows, N (lp: N + 1) columns, R data */
  delta1_mixing_t *mixing;
  slong *place;                   /* place[j]: where canonical column j stands */
  slong *canonical;               /* its inverse */
  fmpq *scale[DELTA1_TIER_COUNT]; /* R each: s_k */
  fmpq *datum[DELTA1_TIER_COUNT]; /* R each: t_k */
  slong starved; /* the largest number of samples proved not to suffice on tier c: L - 1, with
                    mixing L_min of Lemma 3.3; may be < 1, then the statement is empty */
  delta1_source_t *direction;
  delta1_class_t known;
} delta1_tie_family_t;

/* INPUT names the option, its value and what is allowed. */
DELTA1_MUST_USE delta1_status_t delta1_tie_family_create (delta1_tie_family_t **family,
                                                          const delta1_tie_options_t *options,
                                                          delta1_reason_t *reason);

/* The same with the mixing (taken over, freed on failure too) and the permutation given:
 * options->mix and
 * ->seed are ignored. place: shape.N distinct numbers in [0, shape.N); INPUT otherwise. */
DELTA1_MUST_USE delta1_status_t delta1_tie_family_create_explicit (
    delta1_tie_family_t **family, const delta1_tie_options_t *options, delta1_mixing_t *mixing,
    const slong *place, slong places, delta1_reason_t *reason);
void delta1_tie_family_free (delta1_tie_family_t *family); /* NULL allowed */

/* The task as an algorithm sees it: digits asked, budget; the class is known to those who ask.
 * Cleared by delta1_tie_task_clear. */
void delta1_tie_task_init (delta1_task_t *task, const delta1_tie_family_t *family, slong digits,
                           slong max_precision, double seconds);
void delta1_tie_task_clear (delta1_task_t *task);

/* The digits Theorem 3.2 speaks of on a tier: K, K-1, K-2. */
slong delta1_tie_goal (const delta1_tie_family_t *family, delta1_tier_t tier);
char delta1_tier_letter (delta1_tier_t tier); /* 'a', 'b', 'c' */

/* One input: column j (canonical, 0 <= j < c) keeps alpha*, every other tied column has alpha* -
 * gap; or, column = -1, every tied column has alpha* - gap (the tie when gap = 0). Owned by the
 * caller. */
typedef struct
{
  delta1_tier_t tier;
  slong column;
  fmpq_t gap;
} delta1_tie_input_t;

void delta1_tie_input_init (delta1_tie_input_t *input);
void delta1_tie_input_clear (delta1_tie_input_t *input);

/* gap = 2^-k (tiers a, b; k >= 1), or 3B 2^-L (tier c; k is ignored). */
void delta1_tie_input_set (delta1_tie_input_t *input, const delta1_tie_family_t *family,
                           delta1_tier_t tier, slong column, slong k);

/* OK when the input is in Omega(K, L); INPUT, with what is allowed, otherwise. */
DELTA1_MUST_USE delta1_status_t delta1_tie_input_check (const delta1_tie_family_t *family,
                                                        const delta1_tie_input_t *input,
                                                        delta1_reason_t *reason);

/* The entries of the input, as an oracle hides them. The family must outlive the source; the input
 * is copied and need not be in the class (an adversary's reference is not). */
DELTA1_MUST_USE delta1_status_t delta1_tie_source (delta1_source_t **source,
                                                   const delta1_tie_family_t *family,
                                                   const delta1_tie_input_t *input,
                                                   delta1_reason_t *reason);

/* Lemma 3.1: the minimisers for every datum k: { s_k sum theta_j e_j }. face gets the places
 * (increasing; at least `tied` slongs of room), *size how many. */
void delta1_tie_solution_face (slong *face, slong *size, const delta1_tie_family_t *family,
                               const delta1_tie_input_t *input);

/* num/den = max over k of dist(row k of X, minimisers)^2, and the least k that attains it. Exact.
 * X: R x shape.N. */
void delta1_tie_error (fmpz_t num, fmpz_t den, slong *point, const fmpq_mat_t X,
                       const delta1_tie_family_t *family, const delta1_tie_input_t *input);

/* What the adversary reveals (Section 3, "Adversary"): of the inputs for which every answer up to
 * precision n was legal, one that makes the error of X largest. In tiers a and b the gap is
 * 2^-max(n,1), with mixing 2^-(n+1). X may be NULL: the first column. In tier c, n must be at most
 * family->starved, or column j of `committed` >= 0 is revealed. */
void delta1_tie_reveal (delta1_tie_input_t *input, const delta1_tie_family_t *family,
                        delta1_tier_t tier, slong n, const fmpq_mat_struct *X, slong committed);

/* y_k of the tier, exactly: m rationals. Not for dct. */
void delta1_tie_datum (fmpq *y, const delta1_tie_family_t *family, delta1_tier_t tier, slong k);

/* Balls that contain y_k of the tier; m balls. */
void delta1_tie_datum_balls (arb_ptr y, const delta1_tie_family_t *family, delta1_tier_t tier,
                             slong k, slong prec);

#endif
