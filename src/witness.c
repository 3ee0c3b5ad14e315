#include "src/witness.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "src/candidate.h"

#define MAX_COORDINATES 4
#define RANDOM_DIRECTIONS 4
#define MORE_DIGITS 2

/* What the directions are computed from: the candidate at the midpoints, in doubles. */
typedef struct
{
  const delta1_data_t *data;
  slong m, N, s;
  slong *column; /* s: without the intercept */
  double *A;     /* m x N, column-major */
  double *x;     /* s */
  double *r;     /* m: the residual; in a basis the dual vector p */
  bool square;
  double *R;       /* s x s: about (A_S^T A_S)^-1; square: A_S^-1 */
  signed char *DA; /* the direction: m x N, column-major, and m */
  signed char *Dy;
} corner_t;

static signed char
sign_of (double x)
{
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

static void
corner_clear (corner_t *corner)
{
  free (corner->column);
  free (corner->x);
  free (corner->r);
  free (corner->R);
  free (corner->DA);
  free (corner->Dy);
}

/* The candidate's numbers at the midpoints. UNDECIDED: there are none. */
static delta1_status_t
corner_init (corner_t *corner, const delta1_data_t *data, delta1_instance_t *instance,
             delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = data->m, N = data->N;
  delta1_candidate_t candidate = { .room = 0 };
  delta1_minimiser_t minimiser;
  delta1_quantity_t open;
  delta1_reason_t ignored;
  arb_mat_t G, A, T;
  *corner = (corner_t){ .data = data, .m = m, .N = N };
  delta1_minimiser_init (&minimiser);
  delta1_quantity_init (&open);
  DELTA1_TRY (delta1_candidate_init (&candidate, (m < N ? m : N) + 3, reason));
  status = delta1_candidate_find (&candidate, instance, &ignored);
  if (status != DELTA1_UNDECIDED)
    DELTA1_TRY (status);
  status = delta1_enclosure_prove (&minimiser, &open, instance, &candidate, NULL, &ignored);
  if (status != DELTA1_OK && status != DELTA1_UNDECIDED)
    DELTA1_TRY (delta1_fail (reason, status, "%s", ignored.text));
  if (minimiser.size == 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_UNDECIDED, "no support to perturb"));
  slong s = minimiser.size - (data->intercept ? 1 : 0);
  corner->square = minimiser.lemma == DELTA1_LEMMA_BASIS || minimiser.lemma == DELTA1_LEMMA_VERTEX;
  corner->s = s;
  corner->A = instance->doubles->middle;
  corner->column = calloc ((size_t)s + 1, sizeof (slong));
  corner->x = calloc ((size_t)s + 1, sizeof (double));
  corner->r = calloc ((size_t)m, sizeof (double));
  corner->R = calloc ((size_t)(s * s) + 1, sizeof (double));
  corner->DA = calloc ((size_t)(m * N), 1);
  corner->Dy = calloc ((size_t)m, 1);
  if (corner->column == NULL || corner->x == NULL || corner->r == NULL || corner->R == NULL
      || corner->DA == NULL || corner->Dy == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for two witnesses"));
  for (slong i = 0; i < m; i++)
    corner->r[i] = arf_get_d (arb_midref (minimiser.dual + i), ARF_RND_NEAR);
  arb_mat_init (A, m, s);
  arb_mat_init (T, s, m);
  arb_mat_init (G, s, s);
  for (slong k = 0; k < s; k++)
    {
      corner->column[k] = minimiser.column[k];
      corner->x[k] = arf_get_d (arb_midref (minimiser.x + k), ARF_RND_NEAR);
      for (slong i = 0; i < m; i++)
        arb_get_mid_arb (arb_mat_entry (A, i, k), instance->A + corner->column[k] * m + i);
    }
  if (corner->square)
    arb_mat_set (G, A);
  else
    {
      arb_mat_transpose (T, A);
      arb_mat_approx_mul (G, T, A, 128);
    }
  if (!arb_mat_approx_inv (G, G, 128))
    status = delta1_fail (reason, DELTA1_UNDECIDED, "the support is singular at the midpoints");
  for (slong k = 0; status == DELTA1_OK && k < s; k++)
    for (slong l = 0; l < s; l++)
      corner->R[k * s + l] = arf_get_d (arb_midref (arb_mat_entry (G, k, l)), ARF_RND_NEAR);
  arb_mat_clear (A);
  arb_mat_clear (T);
  arb_mat_clear (G);

cleanup:
  delta1_candidate_clear (&candidate);
  delta1_minimiser_clear (&minimiser);
  delta1_quantity_clear (&open);
  return status;
}

/* The direction in which <u, x_S> grows fastest (in the largest change of an entry), the support
 * kept: d<u, x> = sum_kl dA_kl (v_l r_k - q_k x_l) + sum_k q_k dy_k,  v = G^-1 u, q = A_S v; in a
 * basis q = A_S^-T u and r = 0. */
static void
along (corner_t *corner, const double *u)
{
  slong m = corner->m, s = corner->s;
  double *v = calloc ((size_t)s + 1, sizeof (double)), *q = calloc ((size_t)m, sizeof (double));
  memset (corner->DA, 0, (size_t)(m * corner->N));
  memset (corner->Dy, 0, (size_t)m);
  for (slong k = 0; v != NULL && q != NULL && k < s; k++)
    for (slong l = 0; l < s; l++)
      if (corner->square)
        q[k] += corner->R[l * s + k] * u[l];
      else
        v[k] += corner->R[k * s + l] * u[l];
  for (slong l = 0; v != NULL && q != NULL && l < s && !corner->square; l++)
    for (slong k = 0; k < m; k++)
      q[k] += corner->A[corner->column[l] * m + k] * v[l];
  for (slong k = 0; v != NULL && q != NULL && k < m; k++)
    {
      corner->Dy[k] = sign_of (q[k]);
      for (slong l = 0; l < s; l++)
        corner->DA[corner->column[l] * m + k]
            = sign_of ((corner->square ? 0 : v[l] * corner->r[k]) - q[k] * corner->x[l]);
    }
  free (v);
  free (q);
}

/* The direction in which |A_i^T r| grows fastest, i outside the support:
 *   d(A_i^T r) = <dA_i, r> + <q, dy> - sum_l <dA_l, x_l q + z_l r>,  z = G^-1 A_S^T A_i, q = A_i -
 * A_S z; in a basis, with the dual vector p for r, q = 0 and z = A_S^-1 A_i. */
static void
towards_entering (corner_t *corner, slong i)
{
  slong m = corner->m, s = corner->s;
  const double *column = corner->A + i * m;
  double *z = calloc ((size_t)s + 1, sizeof (double)), *q = calloc ((size_t)m, sizeof (double));
  double *t = calloc ((size_t)s + 1, sizeof (double)), c = 0;
  memset (corner->DA, 0, (size_t)(m * corner->N));
  memset (corner->Dy, 0, (size_t)m);
  if (z != NULL && q != NULL && t != NULL)
    {
      for (slong k = 0; k < m; k++)
        c += column[k] * corner->r[k];
      for (slong l = 0; l < s; l++)
        for (slong k = 0; k < m; k++)
          t[l] += corner->square ? (k == l ? column[k] : 0)
                                 : corner->A[corner->column[l] * m + k] * column[k];
      for (slong k = 0; k < s; k++)
        for (slong l = 0; l < s; l++)
          z[k] += corner->R[k * s + l] * t[l];
      for (slong k = 0; k < m && !corner->square; k++)
        {
          q[k] = column[k];
          for (slong l = 0; l < s; l++)
            q[k] -= corner->A[corner->column[l] * m + k] * z[l];
        }
      for (slong k = 0; k < m; k++)
        {
          corner->DA[i * m + k] = sign_of (c * corner->r[k]);
          corner->Dy[k] = sign_of (c * q[k]);
          for (slong l = 0; l < s; l++)
            corner->DA[corner->column[l] * m + k]
                = sign_of (-c * (corner->x[l] * q[k] + z[l] * corner->r[k]));
        }
    }
  free (z);
  free (q);
  free (t);
}

static void
at_random (corner_t *corner, uint64_t *state)
{
  for (slong i = 0; i < corner->m * corner->N + corner->m; i++)
    {
      *state = *state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
      signed char sign = (*state >> 63) != 0 ? 1 : -1;
      if (i < corner->m)
        corner->Dy[i] = sign;
      else
        corner->DA[i - corner->m] = sign;
    }
}

/* The input at the corner side * direction of the box, exact. */
static delta1_status_t
corner_data (delta1_data_t *moved, const corner_t *corner, int side, delta1_reason_t *reason)
{
  const delta1_data_t *data = corner->data;
  slong m = corner->m, N = corner->N;
  delta1_status_t status = delta1_data_init_copy (moved, data, reason);
  if (status != DELTA1_OK)
    return status;
  fmpq_zero (moved->matrix_radius);
  fmpq_zero (moved->data_radius);
  for (slong i = 0; i < m; i++)
    {
      int sign = side * corner->Dy[i];
      if (sign > 0)
        fmpq_add (moved->y + i, moved->y + i, data->data_radius);
      else if (sign < 0)
        fmpq_sub (moved->y + i, moved->y + i, data->data_radius);
      for (slong j = 0; j < N; j++)
        {
          sign = side * corner->DA[j * m + i];
          if (sign > 0)
            fmpq_add (moved->A + i * N + j, moved->A + i * N + j, data->matrix_radius);
          else if (sign < 0)
            fmpq_sub (moved->A + i * N + j, moved->A + i * N + j, data->matrix_radius);
        }
    }
  return DELTA1_OK;
}

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
  corner_t corner;
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
      DELTA1_TRY (corner_data (&data[i], &search->corner, i == 0 ? 1 : -1, reason));
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

/* u about the direction of x that changes most: the eigenvector of R of the largest eigenvalue. */
static void
weakest (double *u, const corner_t *corner)
{
  slong s = corner->s;
  double *v = calloc ((size_t)s + 1, sizeof (double));
  for (slong k = 0; k < s; k++)
    u[k] = 1 + 0.1 * (double)(k % 7);
  for (int step = 0; v != NULL && step < 24; step++)
    {
      /* R^T R in a basis, R twice otherwise */
      double size = 0;
      for (slong k = 0; k < s; k++)
        {
          v[k] = 0;
          for (slong l = 0; l < s; l++)
            v[k] += corner->R[k * s + l] * u[l];
        }
      for (slong k = 0; k < s; k++)
        {
          u[k] = 0;
          for (slong l = 0; l < s; l++)
            u[k] += corner->R[corner->square ? l * s + k : k * s + l] * v[l];
          size = fmax (size, fabs (u[k]));
        }
      for (slong k = 0; k < s && size > 0; k++)
        u[k] /= size;
    }
  free (v);
}

static delta1_status_t
search_directions (search_t *search, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  corner_t *corner = &search->corner;
  const delta1_quantity_t *open = &search->solution->open;
  slong s = corner->s;
  uint64_t state = 1;
  double *u = calloc ((size_t)s + 1, sizeof (double));
  if (u == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for two witnesses");
  if (open->kind == DELTA1_QUANTITY_CORRELATION && open->column < corner->N)
    {
      towards_entering (corner, open->column);
      DELTA1_TRY (try_direction (search, reason));
    }
  if (!search->found && s > 0)
    {
      weakest (u, corner);
      along (corner, u);
      DELTA1_TRY (try_direction (search, reason));
    }
  for (slong k = 0, tried = 0; k < s && tried < MAX_COORDINATES && !search->found; k++)
    {
      /* the named column first, then columns that the weakest direction moves */
      bool named = corner->column[k] == open->column;
      if (!named && fabs (u[k]) < 0.5)
        continue;
      double kept = u[k];
      double *unit = calloc ((size_t)s, sizeof (double));
      if (unit == NULL)
        break;
      unit[k] = 1;
      along (corner, unit);
      free (unit);
      u[k] = kept;
      tried++;
      DELTA1_TRY (try_direction (search, reason));
    }
  for (int i = 0; i < RANDOM_DIRECTIONS && !search->found; i++)
    {
      at_random (corner, &state);
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
    status = corner_init (&search.corner, data, &instance, reason);
  if (status == DELTA1_OK)
    status = search_directions (&search, reason);
  if (status == DELTA1_UNDECIDED)
    status = DELTA1_OK; /* no direction to look in */
  corner_clear (&search.corner);
  delta1_instance_clear (&instance);
  delta1_data_clear (&middle);

cleanup:
  return status;
}
