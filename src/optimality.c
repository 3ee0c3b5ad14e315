#include "src/optimality.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "src/candidate.h"
#include "src/witness.h"

const delta1_solve_options_t delta1_solve_defaults
    = { .digits = 6, .max_precision = 65536, .witnesses = true };

#define MAX_DIGITS 1000000
#define MAX_EXCHANGES 200
#define FIRST_GUARD 64
/* Fixed accuracy: more bits than this below the radii show nothing new. */
#define BEYOND_RADIUS 128

const char *
delta1_solve_verdict_name (delta1_solve_verdict_t verdict)
{
  switch (verdict)
    {
    case DELTA1_SOLVE_DETERMINED:
      return "determined";
    case DELTA1_SOLVE_UNDECIDED:
      return "undecided";
    case DELTA1_SOLVE_NOT_DETERMINED:
      return "not determined";
    }
  return "?";
}

void
delta1_solution_init (delta1_solution_t *solution)
{
  *solution = (delta1_solution_t){ .verdict = DELTA1_SOLVE_UNDECIDED };
  delta1_minimiser_init (&solution->minimiser);
  delta1_quantity_init (&solution->open);
  arb_init (solution->separation);
}

void
delta1_solution_clear (delta1_solution_t *solution)
{
  delta1_minimiser_clear (&solution->minimiser);
  delta1_quantity_clear (&solution->open);
  arb_clear (solution->separation);
  if (solution->witness != NULL)
    for (int i = 0; i < 2; i++)
      {
        delta1_data_clear (&solution->witness[i].data);
        delta1_minimiser_clear (&solution->witness[i].minimiser);
      }
  free (solution->witness);
  *solution = (delta1_solution_t){ .verdict = DELTA1_SOLVE_UNDECIDED };
}

static void
solution_reset (delta1_solution_t *solution)
{
  delta1_solution_clear (solution);
  delta1_solution_init (solution);
}

static delta1_status_t
check_options (const delta1_solve_options_t *options, delta1_reason_t *reason)
{
  if (options->digits < 0 || options->digits > MAX_DIGITS)
    return delta1_fail (reason, DELTA1_INPUT, "%ld digits; allowed: 0 to %d", (long)options->digits,
                        MAX_DIGITS);
  if (options->max_precision < 1 || options->first < 0 || options->step < 0
      || !(options->seconds >= 0))
    return delta1_fail (
        reason, DELTA1_INPUT,
        "a largest precision of %ld, first %ld, step %ld; allowed: at least 1, 0, 0",
        (long)options->max_precision, (long)options->first, (long)options->step);
  return DELTA1_OK;
}

static double
seconds_since (const struct timespec *start)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/* The state that is kept from one precision to the next. */
typedef struct
{
  delta1_solution_t *solution;
  const delta1_solve_options_t *options;
  delta1_instance_t instance;
  delta1_candidate_t candidate;
  delta1_inverse_t *inverse;
  delta1_minimiser_t minimiser; /* of the attempt */
  delta1_quantity_t open;
  bool warm; /* the candidate is one that was tried before */
  struct timespec start;
} loop_t;

static bool
out_of_time (const loop_t *loop)
{
  return loop->options->seconds > 0 && seconds_since (&loop->start) > loop->options->seconds;
}

/* Whether the quantity is on the wrong side at the midpoints: then exchanging columns may help,
 * more bits will not. */
static bool
is_wrong_side (const delta1_quantity_t *open)
{
  return (open->kind == DELTA1_QUANTITY_SIGN || open->kind == DELTA1_QUANTITY_CORRELATION)
         && arf_sgn (arb_midref (open->slack)) < 0;
}

/* Proves the candidate, exchanging columns while that is called for. */
static delta1_status_t
improve (loop_t *loop, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_UNDECIDED;
  for (slong count = 0; count <= MAX_EXCHANGES; count++)
    {
      bool changed = false;
      loop->solution->attempts++;
      status = delta1_enclosure_prove (&loop->minimiser, &loop->open, &loop->instance,
                                       &loop->candidate, loop->inverse, reason);
      if (status != DELTA1_UNDECIDED || !is_wrong_side (&loop->open) || out_of_time (loop))
        break;
      delta1_reason_t ignored;
      delta1_status_t exchanged = delta1_candidate_exchange (
          &loop->candidate, &changed, &loop->instance, &loop->minimiser, &loop->open, &ignored);
      if (exchanged != DELTA1_OK || !changed)
        break;
    }
  return status;
}

/* One precision: the old candidate first, then one from scratch. */
static delta1_status_t
attempt (loop_t *loop, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_UNDECIDED;
  delta1_status_t doubles = delta1_instance_make_doubles (&loop->instance, reason);
  if (doubles != DELTA1_OK)
    return doubles;
  if (loop->warm)
    status = improve (loop, reason);
  if (status == DELTA1_UNDECIDED)
    {
      /* Where the search gets stuck, what it reached is tried. */
      delta1_reason_t ignored;
      delta1_status_t found = delta1_candidate_find (&loop->candidate, &loop->instance, &ignored);
      if (found != DELTA1_OK && found != DELTA1_UNDECIDED)
        {
          if (reason != NULL)
            *reason = ignored;
          return found;
        }
      loop->warm = true;
      status = improve (loop, reason);
    }
  return status;
}

/* Whether the radius is at most half of 10^-K: what is printed from the enclosure is then right to
 * K digits, and a certificate may widen the enclosure a little. */
static bool
small_enough (arb_t slack, const arb_t radius, slong digits)
{
  slong prec = 64;
  arb_t limit;
  arb_init (limit);
  arb_set_ui (limit, 10);
  arb_pow_ui (limit, limit, (ulong)digits, prec);
  arb_inv (limit, limit, prec);
  arb_mul_2exp_si (limit, limit, -1);
  arb_sub (slack, limit, radius, prec);
  arb_clear (limit);
  return arb_is_nonnegative (slack);
}

static void
explain (delta1_solution_t *solution, const char *limit)
{
  if (solution->precision == 0)
    {
      (void)delta1_fail (&solution->why, DELTA1_UNDECIDED, "undecided before anything was read: %s",
                         limit);
      return;
    }
  char *text = delta1_quantity_format (&solution->open, NULL);
  (void)delta1_fail (&solution->why, DELTA1_UNDECIDED, "undecided at precision %ld: %s; %s",
                     (long)solution->precision, text != NULL ? text : "?", limit);
  free (text);
}

/* The n after n; 0: none is allowed. */
static slong
next_precision (slong n, const delta1_solve_options_t *options)
{
  slong step = options->step > 0 ? options->step : n;
  if (n >= options->max_precision)
    return 0;
  return step < options->max_precision - n ? n + step : options->max_precision;
}

static slong
first_precision (const delta1_solve_options_t *options)
{
  slong first = options->first;
  if (first == 0)
    first = (slong)ceil ((double)options->digits * 3.3219280948873626) + FIRST_GUARD;
  return first < options->max_precision ? first : options->max_precision;
}

static delta1_status_t
loop_init (loop_t *loop, const delta1_supply_t *supply, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong least = supply->m < supply->N ? supply->m : supply->N;
  delta1_minimiser_init (&loop->minimiser);
  delta1_quantity_init (&loop->open);
  clock_gettime (CLOCK_MONOTONIC, &loop->start);
  DELTA1_TRY (
      delta1_instance_init (&loop->instance, supply->problem, supply->m, supply->N, reason));
  DELTA1_TRY (delta1_candidate_init (&loop->candidate, least + 2, reason));
  loop->inverse = delta1_inverse_create ();
  if (loop->inverse == NULL)
    status = delta1_fail (reason, DELTA1_SYSTEM, "out of memory for an inverse");
cleanup:
  return status;
}

static void
loop_clear (loop_t *loop)
{
  delta1_instance_clear (&loop->instance);
  delta1_candidate_clear (&loop->candidate);
  delta1_inverse_free (loop->inverse);
  delta1_minimiser_clear (&loop->minimiser);
  delta1_quantity_clear (&loop->open);
}

delta1_status_t
delta1_solve_supply (delta1_solution_t *solution, const delta1_supply_t *supply,
                     const delta1_solve_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  loop_t loop = { .solution = solution, .options = options };

  solution_reset (solution);
  DELTA1_TRY (check_options (options, reason));
  solution->digits = options->digits;
  solution->open.kind = DELTA1_QUANTITY_CANDIDATE;
  const char *limit = "raise the largest precision";
  delta1_reason_t said = { "" };
  status = loop_init (&loop, supply, &said);
  for (slong n = first_precision (options); status == DELTA1_OK && n > 0;
       n = next_precision (n, options))
    {
      status = supply->read (supply->context, &loop.instance, n, &said);
      if (status != DELTA1_OK)
        break;
      solution->precision = n;
      status = attempt (&loop, &said);
      if (status == DELTA1_OK)
        {
          delta1_minimiser_swap (&solution->minimiser, &loop.minimiser);
          solution->enclosed = true;
          solution->open.kind = DELTA1_QUANTITY_RADIUS;
          solution->open.column = -1;
          if (small_enough (solution->open.slack, solution->minimiser.radius, options->digits))
            {
              solution->verdict = DELTA1_SOLVE_DETERMINED;
              solution->open.kind = DELTA1_QUANTITY_NONE;
              goto cleanup;
            }
        }
      else if (status == DELTA1_UNDECIDED)
        {
          delta1_quantity_set (&solution->open, &loop.open);
          solution->enclosed = false;
          status = DELTA1_OK;
        }
      if (out_of_time (&loop))
        {
          limit = "raise the time";
          break;
        }
      if (supply->settled_at > 0 && n >= supply->settled_at)
        {
          limit = "the data must be known more accurately";
          break;
        }
    }
  explain (solution, status == DELTA1_BUDGET ? said.text : limit);
  if (status == DELTA1_BUDGET)
    status = delta1_fail (reason, DELTA1_BUDGET, "%s", solution->why.text);
  else if (status != DELTA1_OK)
    status = delta1_fail (reason, status, "%s", said.text);

cleanup:
  loop_clear (&loop);
  return status;
}

static delta1_status_t
read_data (void *context, delta1_instance_t *instance, slong n, delta1_reason_t *reason)
{
  (void)reason;
  delta1_instance_set_data (instance, context, n);
  return DELTA1_OK;
}

/* The precision from which on only the radii of the data count; 0 when they are exact. */
static slong
settled_precision (const delta1_data_t *data)
{
  const fmpq *radius = fmpq_cmp (data->matrix_radius, data->data_radius) > 0 ? data->matrix_radius
                                                                             : data->data_radius;
  if (fmpq_is_zero (radius))
    return 0;
  slong bits = (slong)fmpz_bits (fmpq_denref (radius)) - (slong)fmpz_bits (fmpq_numref (radius));
  return (bits > 0 ? bits : 0) + BEYOND_RADIUS;
}

delta1_status_t
delta1_solve_data (delta1_solution_t *solution, const delta1_data_t *data,
                   const delta1_solve_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_supply_t supply = { .problem = data->problem,
                             .m = data->m,
                             .N = data->N + (data->intercept ? 1 : 0),
                             .settled_at = settled_precision (data),
                             .read = read_data,
                             .context = (void *)data };
  DELTA1_TRY (delta1_data_check (data, reason));
  DELTA1_TRY (delta1_solve_supply (solution, &supply, options, reason));
  if (solution->verdict == DELTA1_SOLVE_UNDECIDED && options->witnesses
      && !delta1_data_exact (data))
    status = delta1_witness_search (solution, data, options, reason);

cleanup:
  return status;
}
