/* The trainers lista and sgd, and the training set and training they share. */
#include "tests/trainers/tie_input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/network_evaluate.h"
#include "src/random.h"
#include "trainers/learned.h"

/* Columns e_1 4, e_1 2, e_2 3, e_3 5 of a matrix 3 x 4: one tied place (the second is 2, far
 * below).
 */
static const double matrix[12] = { 4, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 5 };

typedef struct
{
  double y[3], x[4];
  delta1_lesson_t lesson;
} small_t;

/* The datum e_1 with its minimiser: lasso (lambda = 1) 1/4 - 1/32, srlasso 1/4. */
static void
make_small (small_t *s, delta1_problem_t problem)
{
  *s = (small_t){ .y = { 1, 0, 0 } };
  s->x[0] = problem == DELTA1_LASSO ? 0.25 - 0.03125 : problem == DELTA1_QCBP ? 0.125 : 0.25;
  s->lesson = (delta1_lesson_t){ .problem = problem,
                                 .shape = { 3, 4, 1 },
                                 .parameter = problem == DELTA1_LASSO ? 1 : 0.5,
                                 .A = matrix,
                                 .Y = s->y,
                                 .X = s->x };
}

static double
objective (const small_t *s, const double *y, const double *x)
{
  double one = 0, square = 0;
  for (int j = 0; j < 4; j++)
    one += fabs (x[j]);
  for (int i = 0; i < 3; i++)
    {
      double r = -y[i];
      for (int j = 0; j < 4; j++)
        r += matrix[4 * i + j] * x[j];
      square += r * r;
    }
  if (s->lesson.problem == DELTA1_LASSO)
    return s->lesson.parameter * one + square;
  if (s->lesson.problem == DELTA1_SRLASSO)
    return s->lesson.parameter * one + sqrt (square);
  double allowed = s->lesson.problem == DELTA1_QCBP ? s->lesson.parameter : 0;
  return sqrt (square) <= allowed * (1 + 1e-12) + 1e-12 ? one : INFINITY;
}

/* Every x of the training set minimises the problem for its y: no nearby vector is better (the
 * problems are convex), along the coordinates, their pairs, and random directions. */
static void
pairs_are_minimisers (void **state)
{
  (void)state;
  uint64_t random = 1;
  delta1_reason_t reason;
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    {
      small_t s;
      delta1_pairs_t pairs;
      slong different = 0;
      make_small (&s, (delta1_problem_t)p);
      assert_ok (delta1_pairs_init (&pairs, &s.lesson, 60, 5, &reason), reason);
      assert_int_equal (pairs.size, 60);
      for (slong k = 0; k < pairs.size; k++)
        {
          double y[3], x[4], z[4];
          for (int i = 0; i < 3; i++)
            y[i] = ldexp (pairs.y[3 * k + i], (int)pairs.y_unit);
          for (int j = 0; j < 4; j++)
            x[j] = ldexp (pairs.x[4 * k + j], (int)pairs.x_unit);
          if (k == 0)
            {
              assert_memory_equal (x, s.x, sizeof x);
              assert_memory_equal (y, s.y, sizeof y);
            }
          different += memcmp (x, s.x, sizeof x) != 0;
          assert_true (fabs (x[0] - s.x[0]) < 1e-15);
          double best = objective (&s, y, x);
          assert_true (isfinite (best));
          for (int trial = 0; trial < 400; trial++)
            {
              double size = ldexp (1, -(trial % 12));
              for (int j = 0; j < 4; j++)
                z[j] = x[j]
                       + size
                             * (trial % 3 == 0 && j != trial % 4 ? 0
                                                                 : delta1_random_normal (&random));
              if (p == DELTA1_LP)
                for (int j = 0; j < 4; j++)
                  assert_true (x[j] >= 0);
              assert_true (objective (&s, y, z) >= best - 1e-12);
            }
        }
      assert_true (different >= 50);
      delta1_pairs_clear (&pairs);
    }
}

static double
distance (const delta1_network_t *network, const double *y, const double *x)
{
  double value[4], error[4], square = 0;
  delta1_reason_t reason;
  assert_ok (delta1_network_evaluate_doubles (value, error, network, y, NULL, &reason), reason);
  for (int j = 0; j < 4; j++)
    square += (value[j] - x[j]) * (value[j] - x[j]);
  return sqrt (square);
}

static delta1_network_t *
trained (const small_t *s, const delta1_training_t *training, uint64_t seed)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  assert_ok (delta1_learned_create (&network, delta1_lista_architecture, &s->lesson, training, seed,
                                    NULL, &reason),
             reason);
  return network;
}

static void
reproduces_the_minimiser (void **state)
{
  (void)state;
  for (int p = 0; p < 2; p++)
    {
      small_t s;
      delta1_training_t training = delta1_training_defaults;
      make_small (&s, (delta1_problem_t)p);
      training.epochs = 1000;
      training.last_rate = 8;
      delta1_network_t *network = trained (&s, &training, 3);
      double error = distance (network, s.y, s.x);
      if (!(error <= 1e-6))
        fail_msg ("%s: error %g", delta1_problem_name (s.lesson.problem), error);
      for (slong i = 0; i < delta1_network_layers (network); i++)
        for (slong j = 0; j < 4; j++)
          assert_true (fmpq_sgn (delta1_network_threshold (network, i, j)) >= 0);
      delta1_network_free (network);
    }
}

static void
same_seed_same_bits (void **state)
{
  (void)state;
  small_t s;
  delta1_training_t training = delta1_training_defaults;
  make_small (&s, DELTA1_LASSO);
  training.epochs = 7;
  delta1_network_t *a = trained (&s, &training, 3), *b = trained (&s, &training, 3),
                   *c = trained (&s, &training, 4);
  assert_true (delta1_network_equal (a, b));
  assert_false (delta1_network_equal (a, c));
  delta1_network_free (a);
  delta1_network_free (b);
  delta1_network_free (c);
}

/* The untrained network is ISTA: one layer from 0 is soft(A^T y/L, lambda/(2L)); and the loss falls
 * during training. */
static void
loss_falls (void **state)
{
  (void)state;
  small_t s;
  delta1_reason_t reason;
  delta1_training_t training = delta1_training_defaults;
  delta1_pairs_t pairs;
  delta1_network_t *network;
  double *losses = malloc ((size_t)training.epochs * sizeof *losses);
  assert_non_null (losses);
  make_small (&s, DELTA1_LASSO);
  training.layers = 1;
  assert_ok (delta1_pairs_init (&pairs, &s.lesson, 100, 5, &reason), reason);
  assert_ok (delta1_lista_architecture (&network, &s.lesson, &pairs, &training, 0, &reason),
             reason);
  assert_ok (delta1_learned_rescale (network, &pairs, &reason), reason);
  /* L = min(4^2 + 2^2 + 3^2 + 5^2, 5^2) = 25, A^T y = (4, 2, 0, 0) */
  const double first[4] = { (4 - 0.5) / 25, (2 - 0.5) / 25, 0, 0 };
  assert_true (distance (network, s.y, first) < 1e-15);
  delta1_network_free (network);

  training.layers = 10;
  assert_ok (delta1_lista_architecture (&network, &s.lesson, &pairs, &training, 0, &reason),
             reason);
  assert_ok (delta1_learned_train (network, losses, &pairs, &training, 0, NULL, &reason), reason);
  assert_true (losses[0] > 1e-6);
  assert_true (losses[training.epochs - 1] < 1e-3 * losses[0]);
  assert_true (losses[training.epochs / 2] < 0.1 * losses[0]);
  for (slong i = 0; i < delta1_network_layers (network); i++)
    for (slong j = 0; j < 4; j++)
      assert_true (fmpq_sgn (delta1_network_threshold (network, i, j)) >= 0);
  delta1_network_free (network);
  delta1_pairs_clear (&pairs);
  free (losses);
}

static void
make_tie (tie_t *tie, fmpq_mat_t X, delta1_problem_t problem)
{
  fmpq_t gap;
  tie_choice_t choice = { .problem = problem, .largest = 2, .K = 4, .L = 20, .R = 2 };
  fmpq_init (gap);
  fmpq_set_si (gap, 1, 8);
  tie_init (tie, &choice, gap);
  fmpq_mat_init (X, choice.R, tie->task.shape.N);
  fmpq_clear (gap);
}

/* In the ring: K - 1 digits away from the tie at every problem, the network handed over has the
 * values of X, and lp is answered without negative entries. */
static void
in_the_ring (void **state)
{
  (void)state;
  for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
    for (int which = 0; which < 2; which++)
      {
        const char *name = which == 0 ? "lista" : "sgd";
        delta1_reason_t reason;
        delta1_network_t *network = NULL;
        tie_t tie;
        fmpq_mat_t X, Y;
        make_tie (&tie, X, (delta1_problem_t)p);
        fmpq_mat_init (Y, 2, tie.task.shape.N);
        if (which == 0 && p != DELTA1_LASSO && p != DELTA1_SRLASSO)
          assert_refused (
              tie_run (X, NULL, &tie, name, DELTA1_NEAREST, &delta1_budget_unlimited, 1, &reason),
              DELTA1_INPUT, reason, "lasso, srlasso");
        else
          {
            assert_ok (
                tie_run (X, NULL, &tie, name, DELTA1_NEAREST, &delta1_budget_unlimited, 1, &reason),
                reason);
            assert_true (tie_correct (&tie, X, 3, false));
            for (slong k = 0; k < 2 && p == DELTA1_LP; k++)
              for (slong j = 0; j < tie.task.shape.N; j++)
                assert_true (fmpq_sgn (fmpq_mat_entry (X, k, j)) >= 0);
            tie.task.network = &network;
            assert_ok (
                tie_run (Y, NULL, &tie, name, DELTA1_NEAREST, &delta1_budget_unlimited, 1, &reason),
                reason);
            assert_non_null (network);
            assert_true (fmpq_mat_equal (X, Y));
            fmpq *y = _fmpq_vec_init (TIE_M), *x = _fmpq_vec_init (tie.task.shape.N);
            /* The data are t e_1, of which the sample shows all bits but about 2^-78. */
            for (slong k = 0; k < 2; k++)
              {
                for (slong i = 0; i < TIE_M; i++)
                  fmpq_set (y + i, tie.entry + TIE_M * tie.task.shape.N + k * TIE_M + i);
                assert_ok (delta1_network_evaluate (x, network, y, &reason), reason);
                for (slong j = 0; j < tie.task.shape.N; j++)
                  {
                    fmpq_sub (x + j, x + j, fmpq_mat_entry (X, k, j));
                    assert_true (fabs (fmpq_get_d (x + j)) < 1e-15);
                  }
              }
            _fmpq_vec_clear (y, TIE_M);
            _fmpq_vec_clear (x, tie.task.shape.N);
          }
        delta1_network_free (network);
        fmpq_mat_clear (X);
        fmpq_mat_clear (Y);
        tie_clear (&tie);
      }
}

static void
refusals (void **state)
{
  (void)state;
  static const char *const bad[][2] = {
    { "lista:layers=0", "layers=1..100" },      { "lista:hidden=3", "no option 'hidden'" },
    { "lista:batch=0", "batch=1..1000000" },    { "lista:rate=16", "rate=0..15" },
    { "sgd:layers=9", "layers=1..8" },          { "sgd:hidden=0", "hidden=1..4096" },
    { "sgd:epochs=0", "epochs=1..1000000000" }, { "sgd:samples=0", "samples=1..1000000" },
  };
  delta1_reason_t reason;
  delta1_algorithm_t *algorithm;
  tie_t tie;
  fmpq_mat_t X;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    assert_refused (delta1_trainer_parse (&algorithm, bad[i][0], &reason), DELTA1_INPUT, reason,
                    bad[i][1]);
  make_tie (&tie, X, DELTA1_SRLASSO);
  tie.task.seconds = 1e-9;
  assert_refused (
      tie_run (X, NULL, &tie, "sgd", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_BUDGET, reason, "trainer sgd");
  tie.task.seconds = 1; /* enough for all that comes before the epochs */
  assert_refused (tie_run (X, NULL, &tie, "lista:epochs=1000000000", DELTA1_NEAREST,
                           &delta1_budget_unlimited, 0, &reason),
                  DELTA1_BUDGET, reason, "epoch");
  tie.task.seconds = 0;
  delta1_budget_t budget = { .precision = 20 };
  assert_refused (
      tie_run (X, NULL, &tie, "lista:precision=21", DELTA1_NEAREST, &budget, 0, &reason),
      DELTA1_BUDGET, reason, "");
  /* Beyond the doubles, and 0 altogether. */
  fmpq_mul_2exp (tie.entry + tie.column[1], tie.entry + tie.column[1], 2000);
  tie_renew (&tie);
  assert_refused (
      tie_run (X, NULL, &tie, "lista", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
      DELTA1_FAILED, reason, "double");
  for (slong i = 0; i < tie.count; i++)
    fmpq_zero (tie.entry + i);
  tie_renew (&tie);
  assert_ok (tie_run (X, NULL, &tie, "sgd", DELTA1_NEAREST, &delta1_budget_unlimited, 0, &reason),
             reason);
  assert_true (fmpq_mat_is_zero (X));
  fmpq_mat_clear (X);
  tie_clear (&tie);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (pairs_are_minimisers), cmocka_unit_test (reproduces_the_minimiser),
    cmocka_unit_test (same_seed_same_bits),  cmocka_unit_test (loss_falls),
    cmocka_unit_test (in_the_ring),          cmocka_unit_test (refusals),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
