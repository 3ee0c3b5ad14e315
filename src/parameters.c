#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "src/network_gradient.h"

/* Calls visit on every parameter, in the order of the flat vector. */
typedef void (*visit_t) (fmpq *parameter, slong place, bool positive, void *context);

static slong
visit_matrix (fmpq_mat_struct *M, slong place, visit_t visit, void *context)
{
  for (slong i = 0; i < fmpq_mat_nrows (M); i++)
    for (slong k = 0; k < fmpq_mat_ncols (M); k++)
      visit (fmpq_mat_entry (M, i, k), place++, false, context);
  return place;
}

static slong
visit_all (const delta1_network_t *network, visit_t visit, void *context)
{
  slong place = 0;
  for (slong j = 0; j < delta1_network_layers (network); j++)
    {
      /* Only the setters write, and they have made the copies of the weights stale before. */
      fmpq_mat_struct *M = (fmpq_mat_struct *)delta1_network_weights (network, j);
      place = visit_matrix (M, place, visit, context);
      M = (fmpq_mat_struct *)delta1_network_skip (network, j);
      if (M != NULL)
        place = visit_matrix (M, place, visit, context);
      M = (fmpq_mat_struct *)delta1_network_bias (network, j);
      if (M != NULL)
        place = visit_matrix (M, place, visit, context);
      for (slong i = 0; i < delta1_network_width (network, j); i++)
        {
          delta1_unit_t unit = delta1_network_unit (network, j, i);
          if (unit == DELTA1_SOFT || unit == DELTA1_SHRINK_GATE)
            visit ((fmpq *)delta1_network_threshold (network, j, i), place++,
                   unit == DELTA1_SHRINK_GATE, context);
        }
    }
  return place;
}

static void
visit_nothing (fmpq *parameter, slong place, bool positive, void *context)
{
  (void)parameter;
  (void)place;
  (void)positive;
  (void)context;
}

slong
delta1_parameters_count (const delta1_network_t *network)
{
  return visit_all (network, visit_nothing, NULL);
}

static void
get_double (fmpq *parameter, slong place, bool positive, void *context)
{
  mpfr_t x;
  (void)positive;
  mpfr_init2 (x, 53);
  fmpq_get_mpfr (x, parameter, MPFR_RNDN);
  ((double *)context)[place] = mpfr_get_d (x, MPFR_RNDN);
  mpfr_clear (x);
}

void
delta1_parameters_get (double *p, const delta1_network_t *network)
{
  visit_all (network, get_double, p);
}

static void
get_mpfr (fmpq *parameter, slong place, bool positive, void *context)
{
  (void)positive;
  fmpq_get_mpfr ((mpfr_ptr)context + place, parameter, MPFR_RNDN);
}

void
delta1_parameters_get_mpfr (mpfr_ptr p, const delta1_network_t *network)
{
  visit_all (network, get_mpfr, p);
}

/* The numbers that are set, in one of two types, and the first that is not allowed. */
typedef struct
{
  const double *doubles;
  mpfr_srcptr mpfrs;
  slong bad;
} given_t;

static void
check (fmpq *parameter, slong place, bool positive, void *context)
{
  given_t *given = context;
  (void)parameter;
  bool good = given->doubles != NULL
                  ? isfinite (given->doubles[place]) && !(positive && !(given->doubles[place] > 0))
                  : mpfr_number_p (given->mpfrs + place)
                        && !(positive && mpfr_sgn (given->mpfrs + place) <= 0);
  if (!good && given->bad < 0)
    given->bad = place;
}

static void
set (fmpq *parameter, slong place, bool positive, void *context)
{
  given_t *given = context;
  arf_t x;
  (void)positive;
  arf_init (x);
  if (given->doubles != NULL)
    arf_set_d (x, given->doubles[place]);
  else
    arf_set_mpfr (x, given->mpfrs + place);
  arf_get_fmpq (parameter, x);
  arf_clear (x);
}

static delta1_status_t
set_all (delta1_network_t *network, given_t *given, delta1_reason_t *reason)
{
  visit_all (network, check, given);
  if (given->bad >= 0)
    return delta1_fail (reason, DELTA1_INPUT,
                        "parameter %ld is not a finite number, or not above 0 where it must be",
                        (long)given->bad);
  (void)delta1_network_edit_weights (network, 0); /* copies become stale */
  visit_all (network, set, given);
  return DELTA1_OK;
}

delta1_status_t
delta1_parameters_set (delta1_network_t *network, const double *p, delta1_reason_t *reason)
{
  given_t given = { .doubles = p, .bad = -1 };
  return set_all (network, &given, reason);
}

delta1_status_t
delta1_parameters_set_mpfr (delta1_network_t *network, mpfr_srcptr p, delta1_reason_t *reason)
{
  given_t given = { .mpfrs = p, .bad = -1 };
  return set_all (network, &given, reason);
}

void
delta1_parameters_expand (double *full, const double *shared, const slong *map, slong count)
{
  for (slong i = 0; i < count; i++)
    full[i] = shared[map[i]];
}

void
delta1_parameters_reduce (double *shared, slong slots, const double *full, const slong *map,
                          slong count)
{
  memset (shared, 0, (size_t)slots * sizeof *shared);
  for (slong i = 0; i < count; i++)
    shared[map[i]] += full[i];
}
