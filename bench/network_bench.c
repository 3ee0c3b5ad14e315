/* network_bench: seconds of processor time, one line of JSON.
 *
 *   network_bench LAYERS M N BATCH STEPS
 *
 * Of one epoch (STEPS batches of BATCH pairs) of LISTA training on a random matrix M x N, and of
 * one evaluation of that network in doubles, in doubles with the proved bound, and in balls at 53
 * bits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "src/network_evaluate.h"
#include "src/network_gradient.h"
#include "src/random.h"
#include "trainers/learned.h"

static double
now (void)
{
  struct timespec t;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The plain loops a program without any claim would use. */
static void
evaluate_plainly (double *x, const double *p, slong layers, slong m, slong N, const double *y)
{
  double z[512];
  for (slong l = 0; l < layers; l++)
    {
      const double *W = p, *R = l == 0 ? p : p + N * N, *t = R + N * m;
      for (slong i = 0; i < N; i++)
        {
          z[i] = 0;
          for (slong k = 0; k < N && l > 0; k++)
            z[i] += W[i * N + k] * x[k];
          for (slong k = 0; k < m; k++)
            z[i] += R[i * m + k] * y[k];
        }
      for (slong i = 0; i < N; i++)
        x[i] = z[i] > t[i] ? z[i] - t[i] : z[i] < -t[i] ? z[i] + t[i] : 0;
      p = t + N;
    }
}

typedef struct
{
  delta1_network_t *network;
  double *p, *y, *x, *error;
  arb_ptr ball_y, ball_x;
  slong layers, m, N;
} subject_t;

static delta1_status_t
evaluate (subject_t *s, int how, slong times, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  for (slong i = 0; i < times && status == DELTA1_OK; i++)
    if (how == 0)
      evaluate_plainly (s->x, s->p, s->layers, s->m, s->N, s->y);
    else if (how == 1)
      status = delta1_network_evaluate_doubles (s->x, s->error, s->network, s->y, NULL, reason);
    else
      delta1_network_evaluate_balls (s->ball_x, s->network, s->ball_y, 53);
  return status;
}

static delta1_status_t
measure (subject_t *s, double *seconds, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  for (int how = 0; how < 3; how++)
    {
      slong times = 1;
      DELTA1_TRY (evaluate (s, how, 1, reason)); /* copies of the weights are made */
      for (double spent = 0; spent < 0.2; times *= 2)
        {
          double start = now ();
          DELTA1_TRY (evaluate (s, how, times, reason));
          spent = now () - start;
          seconds[how] = spent / (double)times;
        }
    }
cleanup:
  return status;
}

int
main (int argc, char **argv)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t reason = { "usage: network_bench LAYERS M N BATCH STEPS" };
  slong a[5];
  for (int i = 0; i < 5; i++)
    a[i] = argc == 6 ? strtol (argv[i + 1], NULL, 10) : 0;
  slong layers = a[0], m = a[1], N = a[2], epochs = 10;
  if (layers < 1 || m < 1 || N < m || N > 512 || a[3] < 1 || a[4] < 1)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 3;
    }
  subject_t s = { .layers = layers, .m = m, .N = N };
  uint64_t random = 1;
  double *A = calloc ((size_t)(m * N), sizeof *A), seconds[3];
  s.y = calloc ((size_t)m, sizeof *s.y);
  s.x = calloc ((size_t)N, sizeof *s.x);
  s.error = calloc ((size_t)N, sizeof *s.error);
  s.ball_y = _arb_vec_init (m);
  s.ball_x = _arb_vec_init (N);
  delta1_lesson_t lesson
      = { .problem = DELTA1_BP, .shape = { .m = m, .N = N, .R = 1 }, .A = A, .Y = s.y, .X = s.x };
  delta1_training_t training = delta1_training_defaults;
  delta1_pairs_t pairs = { 0 };
  training.layers = layers;
  training.batch = a[3];
  training.epochs = epochs;
  if (A == NULL || s.y == NULL || s.x == NULL || s.error == NULL)
    DELTA1_TRY (DELTA1_SYSTEM);
  for (slong i = 0; i < m * N; i++)
    A[i] = delta1_random_normal (&random);
  s.x[0] = 1;
  for (slong i = 0; i < m; i++)
    {
      s.y[i] = A[i * N];
      arb_set_d (s.ball_y + i, s.y[i]);
    }
  /* The datum stands in every batch beside the others. */
  DELTA1_TRY (delta1_pairs_init (&pairs, &lesson, 1 + a[3] * a[4], 1, &reason));
  DELTA1_TRY (delta1_lista_architecture (&s.network, &lesson, &pairs, &training, 1, &reason));
  double start = now ();
  DELTA1_TRY (delta1_learned_train (s.network, NULL, &pairs, &training, 1, NULL, &reason));
  double epoch = (now () - start) / (double)epochs;
  s.p = malloc ((size_t)delta1_parameters_count (s.network) * sizeof *s.p);
  if (s.p == NULL)
    DELTA1_TRY (DELTA1_SYSTEM);
  delta1_parameters_get (s.p, s.network);
  DELTA1_TRY (measure (&s, seconds, &reason));
  printf ("{\"epoch\": %.9g, \"plain\": %.9g, \"doubles\": %.9g, \"balls\": %.9g}\n", epoch,
          seconds[0], seconds[1], seconds[2]);

cleanup:
  if (status != DELTA1_OK)
    fprintf (stderr, "network_bench: %s\n", reason.text);
  delta1_pairs_clear (&pairs);
  delta1_network_free (s.network);
  _arb_vec_clear (s.ball_y, m);
  _arb_vec_clear (s.ball_x, N);
  free (A);
  free (s.p);
  free (s.x);
  free (s.y);
  free (s.error);
  return status == DELTA1_OK ? 0 : 1;
}
