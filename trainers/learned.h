/* learned: what the trainers that train a network share: the training set, the training, and how
 * the network is handed over.
 *
 * The training set is that of the experiment behind Table 1 of [CAH22] (mathematics.md, Section 3,
 * end), for any input that was read. There every x is x_n, the minimiser for the datum, plus
 * normally distributed numbers of size 1/||A|| in 5 of the 20 other entries, and y = A_n x; so that
 * x is a minimiser for y again. Here, for a datum y_k with target x_k: x = x_k + g, g with at most
 * `sparsity` entries outside the support of x_k, g_i = (approximately normal) ||A x_k||/||a_i||;
 * and y is made so that x minimises the problem for it. With S the support of x, u = A_S w the
 * least vector with A_S^T u = sign(x_S), which must satisfy |a_i^T u| <= 1 for all i (bp, lp; lp:
 * <= 1 and x >= 0), srlasso also lambda ||u|| <= 1: srlasso, bp, lp   y = A x lasso             y =
 * A x + (lambda/2) u qcbp              y = A x + epsilon u/||u|| (the optimality conditions of the
 * problems). A g that fails, or that brings nearly parallel columns into S, is drawn again; after
 * some failures with one entry less, until x = x_k is left. The data y_k themselves with their
 * targets are the first pairs, and stand in every batch.
 *
 * Everything is computed in doubles, deterministically for a seed: additions, multiplications,
 * divisions and square roots in a fixed order, no other function. Heuristic: nothing is certified.
 */
#ifndef DELTA1_LEARNED_H
#define DELTA1_LEARNED_H

#include "src/network.h"
#include "trainers/deadline.h"
#include "trainers/reading.h"

/* A sample in doubles, with the answers that are to be learned. */
typedef struct
{
  delta1_problem_t problem;
  delta1_shape_t shape;
  double parameter; /* lambda or epsilon */
  const double *A;  /* m x N */
  const double *Y;  /* R x m */
  const double *X;  /* R x N, the targets */
} delta1_lesson_t;

/* X = the targets: the minimisers for the data of the sample, which the lesson (whose X is not
 * used) has in doubles. Their supports and signs come from the exact path of the lasso (exact.h),
 * at lambda for lasso, near its end at 0 for the others; the rest from the conditions above. What
 * does not satisfy those stays as it is on the path, for lp with its positive entries. SYSTEM;
 * BUDGET: the deadline. */
DELTA1_MUST_USE delta1_status_t delta1_lesson_targets (double *X, const delta1_lesson_t *lesson,
                                                       const delta1_sample_t *sample,
                                                       const fmpq_t parameter,
                                                       const delta1_deadline_t *deadline,
                                                       delta1_reason_t *reason);

/* Pairs (y, x) in units that are powers of two: the numbers here times 2^y_unit, 2^x_unit. The
 * first `data` pairs are the data. */
typedef struct
{
  slong m, N, size, data;
  slong y_unit, x_unit;
  double *y; /* size x m */
  double *x; /* size x N */
} delta1_pairs_t;

/* size >= R pairs, others than the data in turn around them. SYSTEM: memory. FAILED: the numbers of
 * the lesson are not finite. To be cleared also when it failed. */
DELTA1_MUST_USE delta1_status_t delta1_pairs_init (delta1_pairs_t *pairs,
                                                   const delta1_lesson_t *lesson, slong size,
                                                   uint64_t seed, delta1_reason_t *reason);
void delta1_pairs_clear (delta1_pairs_t *pairs);

typedef struct
{
  slong layers;    /* lista: soft threshold layers; sgd: hidden layers */
  slong hidden;    /* sgd: units of a hidden layer */
  slong samples;   /* size of the training set, the data included */
  slong epochs;    /* times every pair is used */
  slong batch;     /* pairs of one step, without the data */
  slong rate;      /* Adam begins with the rate 10^-rate ... */
  slong last_rate; /* ... has a tenth of it after 3/4 of the steps, and ends with 10^-last_rate */
} delta1_training_t;

/* 10 layers, 32 hidden units. */
extern const delta1_training_t delta1_training_defaults;

/* Adam; the loss of a batch is 0.9 of the mean of ||phi(y) - x||^2 over the data and 0.1 of that over
 * its other pairs; thresholds of the network stay >= 0.
 * losses: NULL, or the mean loss of each epoch. deadline: NULL for none. FAILED: the numbers left
 * the finite ones. BUDGET: from the deadline. */
DELTA1_MUST_USE delta1_status_t delta1_learned_train (delta1_network_t *network, double *losses,
                                                      const delta1_pairs_t *pairs,
                                                      const delta1_training_t *training,
                                                      uint64_t seed,
                                                      const delta1_deadline_t *deadline,
                                                      delta1_reason_t *reason);

/* phi'(y) = 2^x_unit phi(2^-y_unit y), exactly, for a network of IDENTITY, RELU and SOFT entries:
 * from the units of the pairs to those of the input. */
DELTA1_MUST_USE delta1_status_t delta1_learned_rescale (delta1_network_t *network,
                                                        const delta1_pairs_t *pairs,
                                                        delta1_reason_t *reason);

/* An untrained network for the pairs, in their units. */
typedef delta1_status_t (*delta1_architecture_t) (delta1_network_t **network,
                                                  const delta1_lesson_t *lesson,
                                                  const delta1_pairs_t *pairs,
                                                  const delta1_training_t *training, uint64_t seed,
                                                  delta1_reason_t *reason);
delta1_status_t delta1_lista_architecture (delta1_network_t **network,
                                           const delta1_lesson_t *lesson,
                                           const delta1_pairs_t *pairs,
                                           const delta1_training_t *training, uint64_t seed,
                                           delta1_reason_t *reason); /* lista.c */

/* The trained network for a lesson, in the units of the input. deadline: NULL for none. */
DELTA1_MUST_USE delta1_status_t
delta1_learned_create (delta1_network_t **network, delta1_architecture_t architecture,
                       const delta1_lesson_t *lesson, const delta1_training_t *training,
                       uint64_t seed, const delta1_deadline_t *deadline, delta1_reason_t *reason);

/* --- what makes a trainer of it -----------------------------------------------------------------
 */

typedef struct
{
  delta1_reading_t reading;
  delta1_training_t training;
} delta1_learned_options_t;

/* The `create` of a built-in trainer; hidden: it has the option `hidden`. most_layers: the largest
 * value of `layers`. */
DELTA1_MUST_USE delta1_status_t delta1_learned_options (void **context, const char *trainer,
                                                        const char *text, bool hidden,
                                                        slong most_layers,
                                                        const delta1_training_t *defaults,
                                                        delta1_reason_t *reason);

#define DELTA1_LEARNED_OPTIONS_TEXT                                                                \
  DELTA1_READING_OPTIONS_TEXT ", layers=n, samples=n, epochs=n, batch=n, rate=n"

/* Columns of A for which the targets are still computed. */
#define DELTA1_LEARNED_MOST_COLUMNS 256

/* The `run` of such a trainer. */
DELTA1_MUST_USE delta1_status_t delta1_learned_run (fmpq_mat_t X,
                                                    const delta1_learned_options_t *options,
                                                    delta1_architecture_t architecture,
                                                    const char *trainer, const delta1_task_t *task,
                                                    delta1_oracle_t *oracle, uint64_t seed,
                                                    delta1_reason_t *reason);

#endif
