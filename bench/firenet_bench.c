/* firenet_bench: seconds, one line of JSON.
 *
 *   firenet_bench SIDE THREADS
 *
 * 16 restarts of 5 inner steps of FIRENET, Fourier and Haar, SIDE x SIDE, about 15 % of the
 * frequencies, with the norms that the rounding certificate needs; as many transforms by FFTW,
 * where it is installed; a Walsh-Hadamard transform (without wavelet or mask) against a plain one;
 * the memory of a network as a multiple of one complex image. Those are processor times of one
 * thread, the least of several runs. THREADS: the network with one thread and with so many, in real
 * time, by turns; and what the machine gives: the same for arithmetic that shares nothing, and the
 * seconds in which a line of the cache goes from one thread to another and back.
 */
#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "config.h"

#ifdef HAVE_FFTW3
#include <fftw3.h>
#endif
#ifdef _OPENMP
#include <omp.h>
#endif

#include "firenet/rounding.h"
#include "firenet/sampled.h"

#define RUNS 5
#define TURNS 41
#define RESTARTS 16
#define INNER 5

static double
now (clockid_t clock)
{
  struct timespec t;
  clock_gettime (clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* [0, 1) */
static double
uniform (uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 11) * 0x1p-53;
}

static void
use_threads (int threads)
{
#ifdef _OPENMP
  omp_set_num_threads (threads);
#else
  (void)threads;
#endif
}

/* Denser near the centre, about 15 % of all. */
static slong
choose_mask (slong *mask, slong side, uint64_t *state)
{
  slong count = 0;
  for (slong i = 0; i < side * side; i++)
    {
      double r
          = hypot ((double)(i / side - side / 2), (double)(i % side - side / 2)) / (double)side;
      if (uniform (state) < 0.01 / (r * r + 0.01) + 0.05)
        mask[count++] = i;
    }
  return count;
}

typedef struct
{
  delta1_operator_t *A;
  void *x, *y;
  delta1_restart_t network;
} subject_t;

static void
clear (subject_t *s)
{
  if (s->A != NULL)
    {
      s->A->use->free (s->x, s->A->N);
      s->A->use->free (s->y, s->A->m);
    }
  delta1_operator_free (s->A);
  delta1_restart_clear (&s->network);
}

static delta1_status_t
prepare (subject_t *s, const delta1_sampled_t *options, delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = options->transform == DELTA1_TRANSFORM_FOURIER
                                       ? &delta1_arithmetic_complex_double
                                       : &delta1_arithmetic_double;
  uint64_t state = 3;
  *s = (subject_t){ .A = NULL };
  delta1_restart_init (&s->network, 128);
  delta1_status_t status = delta1_operator_create_sampled (&s->A, use, 53, options, reason);
  if (status != DELTA1_OK)
    return status;
  s->x = use->create (s->A->N, 53);
  s->y = use->create (s->A->m, 53);
  if (s->x == NULL || s->y == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  arb_t entry;
  arb_init (entry);
  for (slong i = 0; i < s->A->m; i++)
    {
      arb_set_d (entry, uniform (&state) - 0.5);
      use->set_ball (s->y, i, entry);
    }
  arb_clear (entry);
  arb_set_d (s->network.steps.tau, 0.99);
  arb_set_d (s->network.steps.sigma, 0.99);
  arb_set_d (s->network.steps.lambda, 0.001);
  arb_set_si (s->network.eps_0, options->side);
  s->network.inner = INNER;
  s->network.restarts = RESTARTS;
  return DELTA1_OK;
}

/* *seconds = the least of it and of the times of `runs` runs of the network with its certificate
 * (a), or without (radius NULL). */
static delta1_status_t
time_network (double *seconds, mag_t radius, subject_t *s, clockid_t clock, int runs,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_rounding_record_t *rounding = NULL;
  for (int i = 0; i < runs; i++)
    {
      double start = now (clock);
      if (radius != NULL)
        {
          DELTA1_TRY (delta1_rounding_create (&rounding, s->A, RESTARTS * INNER, reason));
          const delta1_observer_t observer = delta1_rounding_observer (rounding);
          DELTA1_TRY (delta1_restart_run (s->x, s->A, s->y, &s->network, &observer, reason));
          DELTA1_TRY (delta1_rounding_radius (radius, NULL, rounding, s->y, &s->network, reason));
        }
      else
        DELTA1_TRY (delta1_restart_run (s->x, s->A, s->y, &s->network, NULL, reason));
      *seconds = fmin (*seconds, now (clock) - start);
      delta1_rounding_free (rounding);
      rounding = NULL;
    }

cleanup:
  delta1_rounding_free (rounding);
  return status;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* With one thread, and with so many, by turns; median: of the ratios of a turn. */
static delta1_status_t
time_threads (double least[2], double *median, const delta1_sampled_t *options, int threads,
              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const int counts[2] = { 1, threads };
  subject_t s[2] = { { .A = NULL }, { .A = NULL } };
  double ratio[TURNS];
  mag_t radius;
  mag_init (radius);
  for (int i = 0; i < 2; i++)
    {
      least[i] = HUGE_VAL;
      use_threads (counts[i]);
      DELTA1_TRY (prepare (s + i, options, reason));
    }
  for (int turn = 0; turn < TURNS; turn++)
    {
      double spent[2] = { HUGE_VAL, HUGE_VAL };
      for (int i = 0; i < 2; i++)
        {
          use_threads (counts[i]);
          DELTA1_TRY (time_network (spent + i, radius, s + i, CLOCK_MONOTONIC, 1, reason));
          least[i] = fmin (least[i], spent[i]);
        }
      ratio[turn] = spent[1] / spent[0];
    }
  qsort (ratio, TURNS, sizeof *ratio, compare);
  *median = ratio[TURNS / 2];

cleanup:
  use_threads (1);
  mag_clear (radius);
  clear (s);
  clear (s + 1);
  return status;
}

/* The real time of some arithmetic, shared by the threads, all of it in registers. */
static double
time_arithmetic (int threads)
{
  double least = HUGE_VAL;
  for (int turn = 0; turn < TURNS; turn++)
    {
      double start = now (CLOCK_MONOTONIC), sum = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : sum) schedule(static)
      for (int share = 0; share < threads; share++)
        {
          double x = share;
          for (int i = 0; i < 4000000 / threads; i++)
            x = 0.5 * x + 1;
          sum += x;
        }
      if (sum > 0)
        least = fmin (least, now (CLOCK_MONOTONIC) - start);
    }
  return least;
}

/* Two threads write into each other's line by turns; not a number without a second thread. */
static double
time_round_trip (void)
{
  double least = NAN;
#ifdef _OPENMP
  enum
  {
    TRIPS = 2000
  };
  static _Alignas(128) atomic_int line[2][32];
  for (int turn = 0; turn < TURNS; turn++)
    {
      bool both = false;
      double start = 0;
      atomic_store (line[0], 0);
      atomic_store (line[1], 0);
#pragma omp parallel num_threads(2)
      {
        int own = omp_get_thread_num ();
#pragma omp single
        {
          both = omp_get_num_threads () == 2;
          start = now (CLOCK_MONOTONIC);
        }
        for (int trip = 1; both && trip <= TRIPS; trip++)
          {
            if (own == 0)
              atomic_store (line[0], trip);
            while (atomic_load (line[1 - own]) < trip)
              ;
            if (own == 1)
              atomic_store (line[1], trip);
          }
      }
      if (both)
        least = fmin (least, (now (CLOCK_MONOTONIC) - start) / TRIPS);
    }
#endif
  return least;
}

/* 160 transforms, the least of in place and out of place; not a number without FFTW. */
static double
time_fftw (slong side)
{
  double least = NAN;
#ifdef HAVE_FFTW3
  size_t count = (size_t)(side * side);
  fftw_complex *in = fftw_alloc_complex (count), *out = fftw_alloc_complex (count);
  for (int way = 0; way < 2 && in != NULL && out != NULL; way++)
    {
      fftw_plan plan = fftw_plan_dft_2d ((int)side, (int)side, in, way == 0 ? out : in,
                                         FFTW_FORWARD, FFTW_MEASURE);
      memset (in, 0, count * sizeof *in);
      for (int i = 0; i < RUNS; i++)
        {
          double start = now (CLOCK_PROCESS_CPUTIME_ID);
          for (int k = 0; k < 2 * RESTARTS * INNER; k++)
            fftw_execute (plan);
          least = fmin (least, now (CLOCK_PROCESS_CPUTIME_ID) - start);
        }
      fftw_destroy_plan (plan);
    }
  fftw_free (in);
  fftw_free (out);
#else
  (void)side;
#endif
  return least;
}

/* What everybody writes first: rows, then columns, natural order, scaled. */
static void
plain_walsh (double *x, slong side)
{
  for (slong half = 1; half < side; half *= 2)
    for (slong i = 0; i < side; i++)
      for (slong base = 0; base < side; base += 2 * half)
        for (slong j = base; j < base + half; j++)
          {
            double a = x[i * side + j], b = x[i * side + j + half];
            x[i * side + j] = a + b;
            x[i * side + j + half] = a - b;
          }
  for (slong half = 1; half < side; half *= 2)
    for (slong base = 0; base < side; base += 2 * half)
      for (slong i = base; i < base + half; i++)
        for (slong j = 0; j < side; j++)
          {
            double a = x[i * side + j], b = x[(i + half) * side + j];
            x[i * side + j] = a + b;
            x[(i + half) * side + j] = a - b;
          }
  for (slong i = 0; i < side * side; i++)
    x[i] /= (double)side;
}

static delta1_status_t
time_walsh (double *ours, double *plain, slong side, delta1_reason_t *reason)
{
  const delta1_sampled_t options
      = { .transform = DELTA1_TRANSFORM_WALSH, .dimensions = 2, .side = side };
  delta1_status_t status = DELTA1_OK;
  subject_t s;
  *ours = HUGE_VAL;
  *plain = HUGE_VAL;
  DELTA1_TRY (prepare (&s, &options, reason));
  for (int i = 0; i < 8 * RUNS; i++)
    {
      double start = now (CLOCK_PROCESS_CPUTIME_ID);
      delta1_operator_forward (s.A, s.x, s.y);
      *ours = fmin (*ours, now (CLOCK_PROCESS_CPUTIME_ID) - start);
      start = now (CLOCK_PROCESS_CPUTIME_ID);
      plain_walsh (s.y, side);
      *plain = fmin (*plain, now (CLOCK_PROCESS_CPUTIME_ID) - start);
    }

cleanup:
  clear (&s);
  return status;
}

static double
resident (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return 1024.0 * (double)usage.ru_maxrss;
}

static void
print_number (const char *name, double x)
{
  if (isnan (x))
    printf ("\"%s\": null, ", name);
  else
    printf ("\"%s\": %.9g, ", name, x);
}

int
main (int argc, char **argv)
{
  delta1_status_t status = DELTA1_OK;
  delta1_reason_t reason = { "usage: firenet_bench SIDE THREADS" };
  slong side = argc == 3 ? strtol (argv[1], NULL, 10) : 0;
  int threads = argc == 3 ? (int)strtol (argv[2], NULL, 10) : 0;
  slong levels = 0;
  uint64_t state = 1;
  if (side < 64 || side > 8192 || threads < 1)
    {
      fprintf (stderr, "%s\n", reason.text);
      return 3;
    }
  while ((slong)2 << levels <= side)
    levels++;
  slong *mask = malloc ((size_t)(side * side) * sizeof *mask);
  if (mask == NULL)
    return 1;
  delta1_sampled_t options = { .transform = DELTA1_TRANSFORM_FOURIER,
                               .wavelet = DELTA1_WAVELET_HAAR,
                               .levels = levels,
                               .dimensions = 2,
                               .side = side,
                               .mask = mask,
                               .count = choose_mask (mask, side, &state) };
  subject_t s = { .A = NULL };
  double network = HUGE_VAL, bare = HUGE_VAL, threaded[2], median, walsh, plain;
  mag_t radius, size;
  mag_init (radius);
  mag_init (size);
  use_threads (1);
  double before = resident ();
  DELTA1_TRY (prepare (&s, &options, &reason));
  DELTA1_TRY (time_network (&network, radius, &s, CLOCK_PROCESS_CPUTIME_ID, RUNS, &reason));
  s.A->use->bound (size, s.x, s.A->N);
  mag_div (radius, radius, size);
  double arrays = (resident () - before) / (16.0 * (double)(side * side));
  double fftw = time_fftw (side);
  DELTA1_TRY (time_network (&bare, NULL, &s, CLOCK_PROCESS_CPUTIME_ID, RUNS, &reason));
  DELTA1_TRY (time_threads (threaded, &median, &options, threads, &reason));
  double arithmetic = time_arithmetic (threads) / time_arithmetic (1), trip = time_round_trip ();
  DELTA1_TRY (time_walsh (&walsh, &plain, side, &reason));
  printf ("{\"network\": %.9g, \"bare\": %.9g, \"radius\": %.3g, ", network, bare,
          mag_get_d (radius));
  printf ("\"one\": %.9g, \"several\": %.9g, \"median\": %.4g, \"arithmetic\": %.4g, ", threaded[0],
          threaded[1], median, arithmetic);
  print_number ("fftw", fftw);
  print_number ("round trip", trip);
  printf ("\"walsh\": %.9g, \"plain walsh\": %.9g, \"arrays\": %.3g}\n", walsh, plain, arrays);

cleanup:
  if (status != DELTA1_OK)
    fprintf (stderr, "firenet_bench: %s\n", reason.text);
  mag_clear (radius);
  mag_clear (size);
  clear (&s);
  free (mask);
  return status == DELTA1_OK ? 0 : 1;
}
