#include "src/corner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "src/candidate.h"

static signed char
sign_of (double x)
{
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

void
delta1_corner_clear (delta1_corner_t *corner)
{
  free (corner->column);
  free (corner->x);
  free (corner->r);
  free (corner->R);
  free (corner->DA);
  free (corner->Dy);
}

/* The candidate's numbers at the midpoints. UNDECIDED: there are none. */
delta1_status_t
delta1_corner_init (delta1_corner_t *corner, const delta1_data_t *data, delta1_instance_t *instance,
                    delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong m = data->m, N = data->N;
  delta1_candidate_t candidate = { .room = 0 };
  delta1_minimiser_t minimiser;
  delta1_quantity_t open;
  delta1_reason_t ignored;
  arb_mat_t G, A, T;
  *corner = (delta1_corner_t){ .data = data, .m = m, .N = N };
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
void
delta1_corner_along (delta1_corner_t *corner, const double *u)
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
void
delta1_corner_towards (delta1_corner_t *corner, slong i)
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

void
delta1_corner_at_random (delta1_corner_t *corner, uint64_t *state)
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
delta1_status_t
delta1_corner_data (delta1_data_t *moved, const delta1_corner_t *corner, int side,
                    delta1_reason_t *reason)
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

/* u about the direction of x that changes most: the eigenvector of R of the largest eigenvalue. */
void
delta1_corner_weakest (double *u, const delta1_corner_t *corner)
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
