#include "src/witness.h"

#include <math.h>
#include <stdlib.h>

#include "src/corner.h"

#define MAX_COORDINATES 4
#define RANDOM_DIRECTIONS 4
#define MORE_DIGITS 2

void
delta1_minimiser_distance (arb_t distance, const delta1_minimiser_t *a, const delta1_minimiser_t *b,
                           slong prec)
{
  slong k = 0, l = 0;
  arb_t part;
  arb_init (part);
  arb_zero (distance);
  while (k < a->size || l < b->size)
    {
      if (l == b->size || (k < a->size && a->column[k] < b->column[l]))
        arb_set (part, a->x + k++);
      else if (k == a->size || b->column[l] < a->column[k])
        arb_set (part, b->x + l++);
      else
        arb_sub (part, a->x + k++, b->x + l++, prec);
      arb_sqr (part, part, prec);
      arb_add (distance, distance, part, prec);
    }
  arb_sqrtpos (distance, distance, prec);
  arb_clear (part);
}

/* Whether distance > 2 10^-digits, certainly. */
static bool
far_apart (const arb_t distance, slong digits, slong prec)
{
  arb_t limit;
  arb_init (limit);
  arb_set_ui (limit, 10);
  arb_pow_ui (limit, limit, (ulong)digits, prec);
  arb_inv (limit, limit, prec);
  arb_mul_2exp_si (limit, limit, 1);
  bool result = arb_gt (distance, limit);
  arb_clear (limit);
  return result;
}

typedef struct
{
  delta1_solution_t *solution; /* of the box */
  const delta1_solve_options_t *options;
  delta1_solve_options_t exact; /* for one input */
  delta1_corner_t corner;
  bool found;
} search_t;

/* Solves both corners of the direction; done when they are far apart. */
static delta1_status_t
try_direction (search_t *search, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_data_t data[2] = { { .m = 0 }, { .m = 0 } };
  delta1_solution_t side[2];
  slong digits = search->solution->digits, prec = (slong)((double)digits * 3.33) + 96;
  bool solved = true;
  arb_t distance;
  arb_init (distance);
  for (int i = 0; i < 2; i++)
    {
      delta1_solution_init (&side[i]);
      fmpq_init (data[i].matrix_radius);
      fmpq_init (data[i].data_radius);
      fmpq_init (data[i].parameter);
    }
  for (int i = 0; i < 2 && solved; i++)
    {
      DELTA1_TRY (delta1_corner_data (&data[i], &search->corner, i == 0 ? 1 : -1, reason));
      DELTA1_TRY (delta1_solve_data (&side[i], &data[i], &search->exact, reason));
      solved = side[i].verdict == DELTA1_SOLVE_DETERMINED;
    }
  if (solved)
    delta1_minimiser_distance (distance, &side[0].minimiser, &side[1].minimiser, prec);
  if (solved && far_apart (distance, digits, prec))
    {
      delta1_witness_t *witness = calloc (2, sizeof *witness);
      if (witness == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for two witnesses"));
      for (int i = 0; i < 2; i++)
        {
          delta1_minimiser_init (&witness[i].minimiser);
          delta1_minimiser_swap (&witness[i].minimiser, &side[i].minimiser);
          witness[i].data = data[i];
          data[i] = (delta1_data_t){ .m = 0 };
        }
      search->solution->witness = witness;
      search->solution->verdict = DELTA1_SOLVE_NOT_DETERMINED;
      arb_set (search->solution->separation, distance);
      search->found = true;
    }

cleanup:
  for (int i = 0; i < 2; i++)
    {
      delta1_solution_clear (&side[i]);
      if (data[i].m > 0)
        delta1_data_clear (&data[i]);
    }
  arb_clear (distance);
  return status;
}

static delta1_status_t
search_directions (search_t *search, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_corner_t *corner = &search->corner;
  const delta1_quantity_t *open = &search->solution->open;
  slong s = corner->s;
  uint64_t state = 1;
  double *u = calloc ((size_t)s + 1, sizeof (double));
  if (u == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for two witnesses");
  if (open->kind == DELTA1_QUANTITY_CORRELATION && open->column < corner->N)
    {
      delta1_corner_towards (corner, open->column);
      DELTA1_TRY (try_direction (search, reason));
    }
  if (!search->found && s > 0)
    {
      delta1_corner_weakest (u, corner);
      delta1_corner_along (corner, u);
      DELTA1_TRY (try_direction (search, reason));
    }
  for (slong k = 0, tried = 0; k < s && tried < MAX_COORDINATES && !search->found; k++)
    {
      /* the named column first, then columns that the delta1_corner_weakest direction moves */
      bool named = corner->column[k] == open->column;
      if (!named && fabs (u[k]) < 0.5)
        continue;
      double kept = u[k];
      double *unit = calloc ((size_t)s, sizeof (double));
      if (unit == NULL)
        break;
      unit[k] = 1;
      delta1_corner_along (corner, unit);
      free (unit);
      u[k] = kept;
      tried++;
      DELTA1_TRY (try_direction (search, reason));
    }
  for (int i = 0; i < RANDOM_DIRECTIONS && !search->found; i++)
    {
      delta1_corner_at_random (corner, &state);
      DELTA1_TRY (try_direction (search, reason));
    }

cleanup:
  free (u);
  return status;
}

delta1_status_t
delta1_witness_search (delta1_solution_t *solution, const delta1_data_t *data,
                       const delta1_solve_options_t *options, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_data_t middle;
  delta1_instance_t instance = { .m = 0 };
  search_t search = { .solution = solution, .options = options, .exact = *options };
  search.exact.witnesses = false;
  search.exact.first = search.exact.step = 0;
  search.exact.digits = options->digits + MORE_DIGITS;
  slong enough = (slong)((double)search.exact.digits * 3.33) + 512;
  search.exact.max_precision = enough > options->max_precision ? enough : options->max_precision;

  DELTA1_TRY (delta1_data_init_copy (&middle, data, reason));
  fmpq_zero (middle.matrix_radius);
  fmpq_zero (middle.data_radius);
  arb_init (instance.parameter);
  status = delta1_instance_init (&instance, data->problem, data->m,
                                 data->N + (data->intercept ? 1 : 0), reason);
  if (status == DELTA1_OK)
    {
      delta1_instance_set_data (&instance, &middle, 128);
      status = delta1_instance_make_doubles (&instance, reason);
    }
  if (status == DELTA1_OK)
    status = delta1_corner_init (&search.corner, data, &instance, reason);
  if (status == DELTA1_OK)
    status = search_directions (&search, reason);
  if (status == DELTA1_UNDECIDED)
    status = DELTA1_OK; /* no direction to look in */
  delta1_corner_clear (&search.corner);
  delta1_instance_clear (&instance);
  delta1_data_clear (&middle);

cleanup:
  return status;
}
