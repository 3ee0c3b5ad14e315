#include <cblas.h>
#include <math.h>
#include <stdlib.h>

#include "src/enclosure_private.h"

/* The vector p in doubles: ||p - middle|| <= error, ||middle|| <= norm for every p of the box. */
typedef struct
{
  double *middle;
  double error, norm;
} vector_t;

static double
above (const mag_t x)
{
  return mag_get_d (x) * (1 + 0x1p-40);
}

static void
vector_set (vector_t *vector, arb_srcptr p, mag_srcptr spread, slong m)
{
  arf_t rest;
  mag_t part, error, norm;
  arf_init (rest);
  mag_init (part);
  mag_init (error);
  mag_init (norm);
  for (slong i = 0; i < m; i++)
    {
      double middle = arf_get_d (arb_midref (p + i), ARF_RND_NEAR);
      if (!isfinite (middle))
        middle = 0;
      vector->middle[i] = middle;
      arf_set_d (rest, middle);
      arf_get_mag (part, rest);
      mag_addmul (norm, part, part);
      arf_sub (rest, arb_midref (p + i), rest, 30, ARF_RND_UP);
      arf_get_mag (part, rest);
      if (spread == NULL)
        mag_add (part, part, arb_radref (p + i));
      mag_addmul (error, part, part);
    }
  mag_sqrt (error, error);
  if (spread != NULL)
    mag_add (error, error, spread);
  mag_sqrt (norm, norm);
  vector->error = above (error) + 1e-300;
  vector->norm = above (norm) + 1e-300;
  arf_clear (rest);
  mag_clear (part);
  mag_clear (error);
  mag_clear (norm);
}

/* A double <= every number of the ball. */
static double
below (const arb_t x)
{
  arf_t low;
  if (arb_is_one (x))
    return 1;
  arf_init (low);
  arb_get_lbound_arf (low, x, 60);
  double result = arf_get_d (low, ARF_RND_FLOOR);
  arf_clear (low);
  return result;
}

/* product = column^T p for every p within the spread of the midpoints of outside->p. */
static void
dot_near (arb_t product, arb_srcptr column, const delta1_outside_t *outside, slong m)
{
  arb_t middle;
  mag_t norm, part;
  arb_init (middle);
  mag_init (norm);
  mag_init (part);
  arb_zero (product);
  for (slong i = 0; i < m; i++)
    {
      arb_get_mid_arb (middle, outside->p + i);
      arb_addmul (product, column + i, middle, outside->prec);
      arb_get_mag (part, column + i);
      mag_addmul (norm, part, part);
    }
  mag_sqrt (norm, norm);
  mag_mul (norm, norm, outside->spread);
  arb_add_error_mag (product, norm);
  arb_clear (middle);
  mag_clear (norm);
  mag_clear (part);
}

/* slack = w_i - |A_i^T p|/kappa - sum_k |A_i^T P_k| u_k in balls. */
static void
slack_in_balls (arb_t slack, const delta1_instance_t *instance, const delta1_outside_t *outside,
                slong i)
{
  slong m = instance->m;
  arb_srcptr column = instance->A + i * m;
  arb_t term;
  arb_init (term);
  if (outside->spread == NULL)
    arb_dot (term, NULL, 0, column, 1, outside->p, 1, m, outside->prec);
  else
    dot_near (term, column, outside, m);
  if (instance->problem != DELTA1_LP)
    arb_abs (term, term);
  if (outside->kappa != NULL)
    arb_div (term, term, outside->kappa, outside->prec);
  arb_sub (slack, instance->w + i, term, outside->prec);
  for (slong k = 0; k < outside->extra; k++)
    {
      arb_dot (term, NULL, 0, column, 1, outside->P + k * m, 1, m, outside->prec);
      arb_abs (term, term);
      arb_submul (slack, term, outside->u + k, outside->prec);
    }
  arb_clear (term);
}

delta1_status_t
delta1_outside_check (bool *held, delta1_quantity_t *least, const delta1_instance_t *instance,
                      const delta1_outside_t *outside, delta1_reason_t *reason)
{
  slong m = instance->m, N = instance->N, smallest = -1;
  const delta1_doubles_t *A = instance->doubles;
  double *product = calloc ((size_t)N, sizeof *product);
  vector_t p = { .middle = calloc ((size_t)m, sizeof (double)) };
  double kappa = outside->kappa == NULL ? 1 : below (outside->kappa), margin = INFINITY;
  arb_t slack;

  *held = true;
  least->kind = DELTA1_QUANTITY_NONE;
  least->column = -1;
  if (product == NULL || p.middle == NULL)
    {
      free (product);
      free (p.middle);
      return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for %ld columns", (long)N);
    }
  arb_init (slack);
  if (A != NULL && outside->extra == 0)
    {
      vector_set (&p, outside->p, outside->spread, m);
      cblas_dgemv (CblasColMajor, CblasTrans, (int)m, (int)N, 1, A->middle, (int)m, p.middle, 1, 0,
                   product, 1);
    }
  for (slong i = 0; i < N; i++)
    {
      if (outside->inside[i])
        continue;
      if (A != NULL && outside->extra == 0)
        {
          /* Theorem 4.8. */
          double c = instance->problem == DELTA1_LP ? product[i] : fabs (product[i]);
          double error = ((double)(m + 4) * 0x1p-53 * A->norm[i] * p.norm + A->norm[i] * p.error
                          + A->error[i] * (p.norm + p.error))
                             * (1 + 0x1p-20)
                         + 1e-300;
          double room = kappa * below (instance->w + i) * (1 - 0x1p-40);
          double rest = room - (c + error) * (1 + 0x1p-40);
          if (room > 0 && rest > 0)
            {
              if (rest < margin && *held)
                {
                  margin = rest;
                  smallest = i;
                }
              continue;
            }
        }
      slack_in_balls (slack, instance, outside, i);
      if (arb_is_positive (slack))
        {
          double rest = arf_get_d (arb_midref (slack), ARF_RND_NEAR) * kappa;
          if (*held && rest < margin)
            {
              margin = rest;
              smallest = i;
            }
          continue;
        }
      if (*held || arf_cmp (arb_midref (slack), arb_midref (least->slack)) < 0
          || arf_is_nan (arb_midref (slack)))
        {
          least->kind = DELTA1_QUANTITY_CORRELATION;
          least->column = i;
          arb_set (least->slack, slack);
        }
      *held = false;
    }
  if (*held && smallest >= 0)
    {
      slack_in_balls (slack, instance, outside, smallest);
      least->kind = DELTA1_QUANTITY_CORRELATION;
      least->column = smallest;
      arb_set (least->slack, slack);
    }
  arb_clear (slack);
  free (product);
  free (p.middle);
  return DELTA1_OK;
}
