#include "constructions/published_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/mixing.h"
#include "firenet/restart.h"
#include "src/network_evaluate.h"

#define M DELTA1_PUBLISHED_ROWS
#define N DELTA1_PUBLISHED_COLUMNS
#define TIED 2
/* Enough for most entries; then half as much again. */
#define FIRST_PRECISION 3200
#define MAX_PRECISIONS 64

const delta1_published_options_t delta1_published_defaults
    = { .significant = 12, .max_precision = 131072 };

static const char *const names[DELTA1_PUBLISHED_VERSION_COUNT] = { "script", "indices", "steps" };

const char *
delta1_published_version_name (delta1_published_version_t version)
{
  return names[version];
}

/* --- the data --------------------------------------------------------------------------------- */

void
delta1_published_problem_init (delta1_published_problem_t *problem)
{
  *problem = (delta1_published_problem_t){ 0 };
  problem->read = _arb_vec_init (M * N);
  problem->true_matrix = _arb_vec_init (M * N);
  problem->y = _arb_vec_init (M);
  problem->x_read = _arb_vec_init (N);
  problem->x_true = _arb_vec_init (N);
  arb_init (problem->norm);
  arb_init (problem->tau);
}

void
delta1_published_problem_clear (delta1_published_problem_t *problem)
{
  _arb_vec_clear (problem->read, M * N);
  _arb_vec_clear (problem->true_matrix, M * N);
  _arb_vec_clear (problem->y, M);
  _arb_vec_clear (problem->x_read, N);
  _arb_vec_clear (problem->x_true, N);
  arb_clear (problem->norm);
  arb_clear (problem->tau);
}

/* Places from 0. */
typedef struct
{
  slong read, judged;     /* of the larger entry of a, in A_n and in A */
  slong x_read, x_judged; /* of the non-zero entry of the vectors compared */
} places_t;

/* The place a negative index counted from the end means. */
static slong
from_end (slong index, slong size)
{
  return index < 0 ? size + index : index;
}

static delta1_status_t
set_places (places_t *places, slong K, delta1_published_version_t version, delta1_reason_t *reason)
{
  slong j = 2; /* counted from 1 */
  if (version == DELTA1_PUBLISHED_SCRIPT)
    {
      if (K != 1 && K != 3 && K != 6)
        return delta1_fail (reason, DELTA1_DOMAIN, "K = %ld is not in the script; it has 1, 3, 6",
                            (long)K);
      j = K == 1 ? 0 : K == 3 ? 1 : 2;
    }
  *places = (places_t){ .read = from_end (j - 1, TIED),
                        .judged = from_end (j - 2, TIED),
                        .x_read = from_end (j - 1, N),
                        .x_judged = from_end (j - 2, N) };
  return DELTA1_OK;
}

/* U (a + ||a|| I_20) with the larger entry of a at `place`. */
static void
set_matrix (arb_ptr A, slong place, delta1_mixing_t *mixing, const arb_t tied, const arb_t larger,
            const arb_t norm, slong prec)
{
  for (slong i = 0; i < M; i++)
    for (slong j = 0; j < N; j++)
      {
        arb_ptr entry = A + i * N + j;
        delta1_mixing_enclose (entry, mixing, i, j < TIED ? 0 : j - TIED + 1, prec);
        if (j >= TIED)
          arb_mul (entry, entry, norm, prec);
        else
          arb_mul (entry, entry, j == place ? larger : tied, prec);
      }
}

delta1_status_t
delta1_published_problem_set (delta1_published_problem_t *problem, slong K, slong n,
                              delta1_published_version_t version, slong prec,
                              delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_mixing_t *mixing = NULL;
  places_t places = { 0 };
  arb_t tied, larger, x;

  if (K < 1 || K > DELTA1_PUBLISHED_MAX_DIGITS || n < 1 || n > DELTA1_PUBLISHED_MAX_SAMPLES)
    return delta1_fail (reason, DELTA1_INPUT,
                        "K = %ld, n = %ld; allowed: 1 <= K <= %d, 1 <= n <= %d", (long)K, (long)n,
                        DELTA1_PUBLISHED_MAX_DIGITS, DELTA1_PUBLISHED_MAX_SAMPLES);
  arb_init (tied);
  arb_init (larger);
  arb_init (x);
  DELTA1_TRY (set_places (&places, K, version, reason));
  DELTA1_TRY (delta1_mixing_create (&mixing, DELTA1_MIX_DCT, M, NULL, 0, reason));
  problem->digits = K;
  problem->samples = n;

  arb_sqrt_ui (tied, 2, prec);
  arb_set_si (x, 10);
  arb_pow_ui (x, x, (ulong)K, prec);
  arb_mul (tied, tied, x, prec);
  arb_div_si (tied, tied, 3, prec);
  arb_one (x);
  arb_mul_2exp_si (x, x, -(n + 1));
  arb_add (larger, tied, x, prec);
  arb_mul (problem->norm, tied, tied, prec);
  arb_addmul (problem->norm, larger, larger, prec);
  arb_sqrt (problem->norm, problem->norm, prec);

  set_matrix (problem->read, places.read, mixing, tied, larger, problem->norm, prec);
  set_matrix (problem->true_matrix, places.judged, mixing, tied, larger, problem->norm, prec);
  for (slong i = 0; i < M; i++)
    delta1_mixing_enclose (problem->y + i, mixing, i, 0, prec);
  _arb_vec_zero (problem->x_read, N);
  _arb_vec_zero (problem->x_true, N);
  arb_inv (problem->x_read + places.x_read, larger, prec);
  arb_inv (problem->x_true + places.x_judged, larger, prec);

  if (version == DELTA1_PUBLISHED_STEPS)
    {
      arb_set_si (x, 999);
      arb_div_si (x, x, 1000, prec);
      arb_div (problem->tau, x, problem->norm, prec);
    }
  else
    {
      arb_rsqrt (problem->tau, problem->norm, prec);
      arb_set_si (x, 10000);
      arb_inv (x, x, prec);
      arb_sub (problem->tau, problem->tau, x, prec);
    }

cleanup:
  delta1_mixing_free (mixing);
  arb_clear (tied);
  arb_clear (larger);
  arb_clear (x);
  return status;
}

/* --- numbers with decided digits -------------------------------------------------------------- */

void
delta1_published_number_init (delta1_published_number_t *number)
{
  arb_init (number->value);
  number->fixed = NULL;
  number->figures = NULL;
}

static void
forget_text (delta1_published_number_t *number)
{
  free (number->fixed);
  free (number->figures);
  number->fixed = NULL;
  number->figures = NULL;
}

void
delta1_published_number_clear (delta1_published_number_t *number)
{
  arb_clear (number->value);
  forget_text (number);
}

/* k = the integer nearest to x 10^decimals for all of x >= 0; false when they differ, or for a ball
 * that is not finite. */
static bool
nearest (fmpz_t k, const arb_t x, slong decimals)
{
  slong prec = arb_bits (x) + 4 * (decimals < 0 ? -decimals : decimals) + 64;
  arb_t scaled, power;
  arb_init (scaled);
  arb_init (power);
  arb_set_si (power, 10);
  arb_pow_ui (power, power, (ulong)(decimals < 0 ? -decimals : decimals), prec);
  if (decimals < 0)
    arb_div (scaled, x, power, prec);
  else
    arb_mul (scaled, x, power, prec);
  arb_mul_2exp_si (scaled, scaled, 1);
  arb_add_si (scaled, scaled, 1, prec);
  arb_mul_2exp_si (scaled, scaled, -1);
  arb_floor (scaled, scaled, prec);
  bool decided = arb_is_finite (scaled) && arb_get_unique_fmpz (k, scaled);
  arb_clear (scaled);
  arb_clear (power);
  return decided;
}

/* Digits with `decimals` of them behind the point. NULL: memory is out. */
static char *
fixed_text (const fmpz_t k, slong decimals)
{
  char *digits = fmpz_get_str (NULL, 10, k);
  slong length = (slong)strlen (digits);
  slong zeros = length > decimals ? 0 : decimals + 1 - length;
  char *text = malloc ((size_t)(length + zeros) + 2);
  if (text != NULL)
    {
      slong whole = length + zeros - decimals;
      memset (text, '0', (size_t)zeros);
      memcpy (text + zeros, digits, (size_t)length);
      memmove (text + whole + 1, text + whole, (size_t)decimals);
      text[whole] = '.';
      text[length + zeros + 1] = '\0';
    }
  flint_free (digits);
  return text;
}

/* d.ddd e-xx for k 10^-decimals, k of `significant` digits or 10^significant. NULL: memory is out.
 */
static char *
figures_text (const fmpz_t k, slong significant, slong decimals)
{
  char *digits = fmpz_get_str (NULL, 10, k);
  char *text = NULL;
  slong exponent = (slong)strlen (digits) - 1 - decimals;
  if (asprintf (&text, "%c.%.*se%+03ld", digits[0], (int)(significant - 1), digits + 1,
                (long)exponent)
      < 0)
    text = NULL;
  flint_free (digits);
  return text;
}

/* The texts of number->value, when they are decided. */
static delta1_status_t
set_text (delta1_published_number_t *number, bool *decided, slong K, slong significant,
          delta1_reason_t *reason)
{
  slong decimals = K + 1 > 7 ? K + 1 : 7;
  fmpz_t k;
  arb_t logarithm;
  fmpz_init (k);
  arb_init (logarithm);
  forget_text (number);
  *decided = false;
  if (nearest (k, number->value, decimals))
    {
      number->fixed = fixed_text (k, decimals);
      if (arb_is_positive (number->value))
        {
          /* The place of the first digit only chooses how many digits are shown. */
          arb_log_base_ui (logarithm, number->value, 10, 64);
          slong place = (slong)floor (arf_get_d (arb_midref (logarithm), ARF_RND_NEAR));
          *decided = nearest (k, number->value, significant - 1 - place);
          if (*decided)
            number->figures = figures_text (k, significant, significant - 1 - place);
        }
      else if (arb_is_zero (number->value))
        {
          number->figures = strdup ("0");
          *decided = true;
        }
    }
  fmpz_clear (k);
  arb_clear (logarithm);
  if (*decided && (number->fixed == NULL || number->figures == NULL))
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a number");
  return DELTA1_OK;
}

/* e = ||x - z|| */
static void
set_distance (arb_t e, arb_srcptr x, arb_srcptr z, slong prec)
{
  arb_t d;
  arb_init (d);
  arb_zero (e);
  for (slong j = 0; j < N; j++)
    {
      arb_sub (d, x + j, z + j, prec);
      arb_addmul (e, d, d, prec);
    }
  arb_sqrtpos (e, e, prec);
  arb_clear (d);
}

/* --- the network ------------------------------------------------------------------------------ */

/* answer = phi(y), for phi run in the arithmetic at `bits`; the data at prec bits. */
static delta1_status_t
run_network (arb_ptr answer, const delta1_published_problem_t *problem,
             const delta1_arithmetic_t *use, slong bits, slong prec, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_operator_t *A = NULL;
  void *x = use->create (N, bits), *y = use->create (M, bits);
  delta1_restart_t restart;

  delta1_restart_init (&restart, prec);
  if (x == NULL || y == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a network"));
  DELTA1_TRY (delta1_operator_create_dense (&A, use, bits, problem->read, M, N, reason));
  if (use == &delta1_arithmetic_ball)
    DELTA1_TRY (delta1_operator_set_norm (A, problem->norm, reason));
  arb_set (restart.steps.tau, problem->tau);
  arb_set (restart.steps.sigma, problem->tau);
  arb_one (restart.steps.lambda);
  restart.steps.violate = true;
  arb_one (restart.eps_0);
  arb_set (restart.scale, problem->norm);
  for (slong i = 0; i < M; i++)
    use->set_ball (y, i, problem->y + i);
  DELTA1_TRY (delta1_restart_run (x, A, y, &restart, NULL, reason));
  for (slong j = 0; j < N; j++)
    use->get_ball (answer + j, x, j);

cleanup:
  delta1_restart_clear (&restart);
  delta1_operator_free (A);
  use->free (x, N);
  use->free (y, M);
  return status;
}

/* What one network answered, in double and at each precision: versions that differ only in what
 * they compare it with share it. */
typedef struct
{
  delta1_status_t status;
  arb_ptr answer;
} run_t;

typedef struct
{
  slong count;
  run_t run[1 + MAX_PRECISIONS]; /* in double first */
} runs_t;

static void
runs_clear (runs_t *runs)
{
  for (slong i = 0; i < runs->count; i++)
    _arb_vec_clear (runs->run[i].answer, N);
  runs->count = 0;
}

/* Run i, made when it is not there; runs are asked for in order. prec: bits; 53 for i = 0. */
static const run_t *
find_run (runs_t *runs, slong i, const delta1_published_problem_t *problem, slong prec,
          delta1_reason_t *reason)
{
  run_t *run = runs->run + i;
  if (i == runs->count)
    {
      run->answer = _arb_vec_init (N);
      run->status = i == 0 ? run_network (run->answer, problem, &delta1_arithmetic_double, 53,
                                          FIRST_PRECISION, reason)
                           : run_network (run->answer, problem, &delta1_arithmetic_ball, prec, prec,
                                          reason);
      runs->count++;
    }
  return run;
}

/* tau sigma ||A_n||^2, and whether it is at most 1. */
static delta1_truth_t
set_condition (arb_t product, const delta1_published_problem_t *problem, slong prec)
{
  arb_t room;
  arb_init (room);
  arb_mul (product, problem->tau, problem->norm, prec);
  arb_sqr (product, product, prec);
  arb_sub_si (room, product, 1, prec);
  delta1_truth_t truth = arb_is_nonpositive (room) ? DELTA1_TRUE
                         : arb_is_positive (room)  ? DELTA1_FALSE
                                                   : DELTA1_UNKNOWN;
  arb_clear (room);
  return truth;
}

static delta1_status_t
run_double (delta1_published_cell_t *cell, runs_t *runs, const delta1_published_problem_t *problem,
            delta1_reason_t *reason)
{
  const run_t *run = find_run (runs, 0, problem, 53, reason);
  cell->rounded = NAN;
  if (run->status == DELTA1_OK)
    {
      arb_t error;
      arb_init (error);
      set_distance (error, run->answer, problem->x_true, FIRST_PRECISION);
      cell->rounded = arf_get_d (arb_midref (error), ARF_RND_NEAR);
      arb_clear (error);
    }
  /* A number of the problem that is 0 or infinite in double, or a run that overflows: no result. */
  return run->status == DELTA1_INPUT || run->status == DELTA1_FAILED ? DELTA1_OK : run->status;
}

static delta1_status_t
set_cell (delta1_published_row_t *row, runs_t *runs, delta1_published_version_t version,
          const delta1_published_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_published_cell_t *cell = &row->cell[version];
  const slong K = row->digits, n = row->samples;
  slong tried = 0;
  delta1_published_problem_t problem;
  bool decided = false;

  delta1_published_problem_init (&problem);
  cell->kind = DELTA1_PUBLISHED_RUN;
  status = delta1_published_problem_set (&problem, K, n, version, FIRST_PRECISION, reason);
  if (status == DELTA1_DOMAIN)
    {
      cell->kind = DELTA1_PUBLISHED_NO_ENTRY;
      status = DELTA1_OK;
      goto cleanup;
    }
  DELTA1_TRY (status);
  cell->condition = set_condition (cell->product, &problem, FIRST_PRECISION);
  if (!arb_is_positive (problem.tau))
    {
      cell->kind = DELTA1_PUBLISHED_NO_STEPS;
      goto cleanup;
    }
  DELTA1_TRY (run_double (cell, runs, &problem, reason));
  for (slong prec = FIRST_PRECISION; !decided; prec += prec / 2)
    {
      if (prec > options->max_precision || tried == MAX_PRECISIONS)
        DELTA1_TRY (delta1_fail (
            reason, DELTA1_UNDECIDED,
            "K = %ld, n = %ld, version %s: %ld digits of the error are not decided at %ld bits; "
            "allowed: a larger precision",
            (long)K, (long)n, names[version], (long)options->significant,
            (long)options->max_precision));
      DELTA1_TRY (delta1_published_problem_set (&problem, K, n, version, prec, reason));
      const run_t *run = find_run (runs, ++tried, &problem, prec, reason);
      if (run->status == DELTA1_UNDECIDED)
        continue;
      DELTA1_TRY (run->status);
      set_distance (cell->error.value, run->answer, problem.x_true, prec);
      cell->precision = prec;
      DELTA1_TRY (set_text (&cell->error, &decided, K, options->significant, reason));
    }

cleanup:
  delta1_published_problem_clear (&problem);
  return status;
}

/* --- a row ------------------------------------------------------------------------------------ */

void
delta1_published_row_init (delta1_published_row_t *row)
{
  *row = (delta1_published_row_t){ 0 };
  for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
    {
      delta1_published_number_init (&row->cell[v].error);
      arb_init (row->cell[v].product);
    }
  delta1_published_number_init (&row->distance);
  arb_init (row->matrices);
}

void
delta1_published_row_clear (delta1_published_row_t *row)
{
  for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
    {
      delta1_published_number_clear (&row->cell[v].error);
      arb_clear (row->cell[v].product);
    }
  delta1_published_number_clear (&row->distance);
  arb_clear (row->matrices);
}

/* ||A - A_n|| = sqrt2 2^-(n+1), compared with 2^-n; that the entries are so is tested. */
static delta1_truth_t
set_matrices (arb_t distance, slong n)
{
  arb_t bound;
  arb_init (bound);
  arb_sqrt_ui (distance, 2, 128);
  arb_mul_2exp_si (distance, distance, -(n + 1));
  arb_one (bound);
  arb_mul_2exp_si (bound, bound, -n);
  delta1_truth_t truth = arb_le (distance, bound)   ? DELTA1_TRUE
                         : arb_gt (distance, bound) ? DELTA1_FALSE
                                                    : DELTA1_UNKNOWN;
  arb_clear (bound);
  return truth;
}

/* number = ||x - x*|| of the intended indices; x: the given one, else phi(y), else, when both are
 * NULL, the minimiser for A_n. */
static delta1_status_t
judge (delta1_published_number_t *number, const double *x, const delta1_network_t *phi, slong K,
       slong n, const delta1_published_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool decided = false;
  delta1_published_problem_t problem;
  delta1_published_problem_init (&problem);
  for (slong prec = FIRST_PRECISION; !decided; prec += prec / 2)
    {
      if (prec > options->max_precision)
        DELTA1_TRY (
            delta1_fail (reason, DELTA1_UNDECIDED,
                         "K = %ld, n = %ld: the distance is not decided at %ld bits; allowed: "
                         "a larger precision",
                         (long)K, (long)n, (long)options->max_precision));
      DELTA1_TRY (
          delta1_published_problem_set (&problem, K, n, DELTA1_PUBLISHED_STEPS, prec, reason));
      for (slong j = 0; x != NULL && j < N; j++)
        arb_set_d (problem.x_read + j, x[j]);
      if (phi != NULL)
        delta1_network_evaluate_balls (problem.x_read, phi, problem.y, prec);
      set_distance (number->value, problem.x_read, problem.x_true, prec);
      DELTA1_TRY (set_text (number, &decided, K, options->significant, reason));
    }

cleanup:
  delta1_published_problem_clear (&problem);
  return status;
}

delta1_status_t
delta1_published_judge (delta1_published_number_t *error, const double *x, slong K, slong n,
                        const delta1_published_options_t *options, delta1_reason_t *reason)
{
  for (slong j = 0; j < N; j++)
    if (!isfinite (x[j]))
      return delta1_fail (reason, DELTA1_INPUT, "entry %ld of the answer is not finite", (long)j);
  return judge (error, x, NULL, K, n, options, reason);
}

delta1_status_t
delta1_published_judge_network (delta1_published_number_t *error, const delta1_network_t *network,
                                slong K, slong n, const delta1_published_options_t *options,
                                delta1_reason_t *reason)
{
  slong inputs = delta1_network_inputs (network), outputs = delta1_network_outputs (network);
  if (inputs != M || outputs != N)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a network with %ld inputs and %ld outputs; allowed: %d and %d",
                        (long)inputs, (long)outputs, M, N);
  return judge (error, NULL, network, K, n, options, reason);
}

delta1_status_t
delta1_published_row (delta1_published_row_t *row, slong K, slong n,
                      const delta1_published_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  runs_t runs = { .count = 0 };
  slong read = -1;
  if (options->significant < 1 || options->significant > 1000)
    return delta1_fail (reason, DELTA1_INPUT, "%ld significant digits; allowed: 1 to 1000",
                        (long)options->significant);
  row->digits = K;
  row->samples = n;
  DELTA1_TRY (judge (&row->distance, NULL, NULL, K, n, options, reason));
  row->close = set_matrices (row->matrices, n);
  for (int v = 0; v < DELTA1_PUBLISHED_VERSION_COUNT; v++)
    {
      delta1_published_version_t version = (delta1_published_version_t)v;
      places_t places = { .read = -1 };
      /* The network is made of A_n and the steps. */
      if (set_places (&places, K, version, NULL) != DELTA1_OK || places.read != read
          || version == DELTA1_PUBLISHED_STEPS)
        runs_clear (&runs);
      read = places.read;
      DELTA1_TRY (set_cell (row, &runs, version, options, reason));
    }

cleanup:
  runs_clear (&runs);
  return status;
}
