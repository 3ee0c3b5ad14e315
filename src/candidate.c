#include "src/candidate.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A column whose part outside the span of the active ones is below this, relatively, is dependent
 * to doubles. */
#define DEPENDENT 1e-10
/* A residual below this part of ||y|| is none. */
#define NO_RESIDUAL 1e-11
#define REFRESH 16

/* Why a column cannot enter: it depends on the active ones; it has no weight. */
enum
{
  FOR_NOW = 1,
  FOR_EVER = 2
};

typedef struct
{
  delta1_problem_t problem;
  slong m, N;      /* columns with a weight */
  const double *X; /* m x N, column-major: columns centred and divided by their weights */
  double *copy;    /* X, when it is not the instance's */
  double *y;
  unsigned char *banned; /* columns that cannot enter: FOR_NOW, as they depend on the active ones,
                            or FOR_EVER, without a weight */
  double parameter, size_y;
  bool positive;   /* x >= 0 */
  bool to_the_end; /* down to kappa = 0 */
  slong rank;      /* the most that the rank of X can be */
  slong room, s;
  slong *active;
  double *sign, *x, *d;
  bool *inside;
  double *XS; /* m x room: the active columns */
  double *U;  /* room x room: U^T U = XS^T XS, upper */
  double *r, *u, *c, *a;
  double kappa;
  slong dropped; /* the column that left last; -1 */
} path_t;

static void
path_clear (path_t *path)
{
  free (path->copy);
  free (path->y);
  free (path->banned);
  free (path->active);
  free (path->sign);
  free (path->x);
  free (path->d);
  free (path->inside);
  free (path->XS);
  free (path->U);
  free (path->r);
  free (path->u);
  free (path->c);
  free (path->a);
}

static double *
numbers (slong count)
{
  return calloc ((size_t)count + 1, sizeof (double));
}

static bool
path_allocate (path_t *path)
{
  slong m = path->m, N = path->N, room = path->room;
  path->y = numbers (m);
  path->banned = calloc ((size_t)N + 1, sizeof *path->banned);
  path->active = calloc ((size_t)room + 1, sizeof *path->active);
  path->sign = numbers (room);
  path->x = numbers (room);
  path->d = numbers (room);
  path->inside = calloc ((size_t)N + 1, sizeof *path->inside);
  path->XS = numbers (m * room);
  path->U = numbers (room * room);
  path->r = numbers (m);
  path->u = numbers (m);
  path->c = numbers (N);
  path->a = numbers (N);
  return path->y != NULL && path->banned != NULL && path->active != NULL && path->sign != NULL
         && path->x != NULL && path->d != NULL && path->inside != NULL && path->XS != NULL
         && path->U != NULL && path->r != NULL && path->u != NULL && path->c != NULL
         && path->a != NULL;
}

static void
centre (double *v, slong m)
{
  double mean = 0;
  for (slong i = 0; i < m; i++)
    mean += v[i];
  mean /= (double)m;
  for (slong i = 0; i < m; i++)
    v[i] -= mean;
}

static delta1_status_t
path_init (path_t *path, const delta1_instance_t *instance, delta1_reason_t *reason)
{
  slong m = instance->m, N = instance->N - (instance->intercept ? 1 : 0);
  bool plain = !instance->intercept;
  *path = (path_t){ .problem = instance->problem,
                    .m = m,
                    .N = N,
                    .room = m < N ? m : N,
                    .rank = m - (instance->intercept ? 1 : 0),
                    .positive = instance->problem == DELTA1_LP,
                    .dropped = -1 };
  if (!path_allocate (path))
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a matrix of %ld x %ld", (long)m,
                        (long)N);
  for (slong j = 0; j < N; j++)
    plain = plain && arb_is_one (instance->w + j);
  path->X = instance->doubles->middle;
  if (!plain)
    {
      path->X = path->copy = numbers (m * N);
      if (path->copy == NULL)
        return delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a matrix of %ld x %ld",
                            (long)m, (long)N);
      memcpy (path->copy, instance->doubles->middle, (size_t)(m * N) * sizeof (double));
      for (slong j = 0; j < N; j++)
        {
          double w = arf_get_d (arb_midref (instance->w + j), ARF_RND_NEAR);
          if (instance->intercept)
            centre (path->copy + j * m, m);
          if (!(w > 0) || !isfinite (w))
            path->banned[j] = FOR_EVER;
          else
            cblas_dscal ((int)m, 1 / w, path->copy + j * m, 1);
        }
    }
  for (slong i = 0; i < m; i++)
    path->y[i] = arf_get_d (arb_midref (instance->y + i), ARF_RND_NEAR);
  if (instance->intercept)
    centre (path->y, m);
  path->size_y = cblas_dnrm2 ((int)m, path->y, 1);
  path->parameter = arf_get_d (arb_midref (instance->parameter), ARF_RND_NEAR);
  path->to_the_end = instance->problem == DELTA1_BP || instance->problem == DELTA1_LP;
  return DELTA1_OK;
}

/* v = G^-1 v on the active columns. */
static void
solve_active (const path_t *path, double *v)
{
  int s = (int)path->s, room = (int)path->room;
  cblas_dtrsv (CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, s, path->U, room, v, 1);
  cblas_dtrsv (CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, s, path->U, room, v, 1);
}

/* False: dependent on the active columns. Uses u and d. */
static bool
enter (path_t *path, slong j, double sign)
{
  slong m = path->m, s = path->s, room = path->room;
  const double *column = path->X + j * m;
  double *t = path->U + s * room, size = cblas_ddot ((int)m, column, 1, column, 1);
  if (s == room)
    return false;
  double rest = size;
  if (s > 0)
    {
      cblas_dgemv (CblasColMajor, CblasTrans, (int)m, (int)s, 1, path->XS, (int)m, column, 1, 0, t,
                   1);
      cblas_dtrsv (CblasColMajor, CblasUpper, CblasTrans, CblasNonUnit, (int)s, path->U, (int)room,
                   t, 1);
      rest = size - cblas_ddot ((int)s, t, 1, t, 1);
      if (!(rest > 1e-6 * size))
        {
          /* cancelled: from the projection itself */
          memcpy (path->d, t, (size_t)s * sizeof (double));
          cblas_dtrsv (CblasColMajor, CblasUpper, CblasNoTrans, CblasNonUnit, (int)s, path->U,
                       (int)room, path->d, 1);
          memcpy (path->u, column, (size_t)m * sizeof (double));
          cblas_dgemv (CblasColMajor, CblasNoTrans, (int)m, (int)s, -1, path->XS, (int)m, path->d,
                       1, 1, path->u, 1);
          rest = cblas_ddot ((int)m, path->u, 1, path->u, 1);
        }
    }
  if (!(rest > DEPENDENT * DEPENDENT * size))
    return false;
  t[s] = sqrt (rest);
  memcpy (path->XS + s * m, column, (size_t)m * sizeof (double));
  path->active[s] = j;
  path->sign[s] = sign;
  path->x[s] = 0;
  path->inside[j] = true;
  path->s++;
  return true;
}

static void
leave (path_t *path, slong k)
{
  slong m = path->m, room = path->room, s = --path->s;
  path->dropped = path->active[k];
  path->inside[path->active[k]] = false;
  memmove (path->active + k, path->active + k + 1, (size_t)(s - k) * sizeof *path->active);
  memmove (path->sign + k, path->sign + k + 1, (size_t)(s - k) * sizeof (double));
  memmove (path->x + k, path->x + k + 1, (size_t)(s - k) * sizeof (double));
  memmove (path->XS + k * m, path->XS + (k + 1) * m, (size_t)((s - k) * m) * sizeof (double));
  memmove (path->U + k * room, path->U + (k + 1) * room,
           (size_t)((s - k) * room) * sizeof (double));
  /* Column l >= k now has an entry below its diagonal: turned away. */
  for (slong l = k; l < s; l++)
    {
      double a = path->U[l * room + l], b = path->U[l * room + l + 1], size = hypot (a, b);
      double cosine = size > 0 ? a / size : 1, sine = size > 0 ? b / size : 0;
      cblas_drot ((int)(s - l), path->U + l * room + l, (int)room, path->U + l * room + l + 1,
                  (int)room, cosine, sine);
    }
  for (slong j = 0; j < path->N; j++)
    path->banned[j] &= FOR_EVER;
}

/* x, r and the correlations anew, from kappa. */
static void
refresh (path_t *path)
{
  int m = (int)path->m, s = (int)path->s;
  memcpy (path->r, path->y, (size_t)m * sizeof (double));
  if (s > 0)
    {
      cblas_dgemv (CblasColMajor, CblasTrans, m, s, 1, path->XS, m, path->y, 1, 0, path->x, 1);
      for (int k = 0; k < s; k++)
        path->x[k] -= path->kappa * path->sign[k];
      solve_active (path, path->x);
      cblas_dgemv (CblasColMajor, CblasNoTrans, m, s, -1, path->XS, m, path->x, 1, 1, path->r, 1);
    }
  cblas_dgemv (CblasColMajor, CblasTrans, m, (int)path->N, 1, path->X, m, path->r, 1, 0, path->c,
               1);
}

/* The kappa of the problem when it lies on this segment of the path; -1 otherwise. On the segment r
 * = r_0 + kappa u with r_0 orthogonal to u. */
static double
goal_on_segment (const path_t *path)
{
  double fixed = 0, slope = cblas_dnrm2 ((int)path->m, path->u, 1);
  if (path->to_the_end)
    return -1;
  if (path->problem == DELTA1_LASSO)
    return path->parameter / 2;
  for (slong i = 0; i < path->m; i++)
    {
      double r = path->r[i] - path->kappa * path->u[i];
      fixed += r * r;
    }
  fixed = sqrt (fixed);
  if (path->problem == DELTA1_QCBP)
    {
      double rest = path->parameter * path->parameter - fixed * fixed;
      return rest > 0 && slope > 0 ? sqrt (rest) / slope : -1;
    }
  double curvature = 1 - path->parameter * path->parameter * slope * slope;
  if (fixed <= NO_RESIDUAL * path->size_y || path->s == path->rank)
    return -1;
  return curvature > 0 ? path->parameter * fixed / sqrt (curvature) : -1;
}

typedef struct
{
  double length; /* how far kappa goes down */
  slong entering, leaving;
  double sign;
} step_t;

static step_t
next_step (const path_t *path)
{
  step_t step = { .length = path->kappa, .entering = -1, .leaving = -1 };
  double tiny = 1e-12 * path->kappa;
  for (slong k = 0; k < path->s; k++)
    if (path->d[k] * path->sign[k] < 0)
      {
        double length = -path->x[k] / path->d[k];
        length = length > 0 ? length : 0;
        if (length < step.length)
          step = (step_t){ .length = length, .entering = -1, .leaving = k };
      }
  /* With as many active columns as the rank every correlation shrinks with kappa: none catches up. */
  for (slong j = 0; j < path->N && path->s < path->rank; j++)
    {
      if (path->inside[j] || path->banned[j])
        continue;
      for (int side = 1; side >= (path->positive ? 1 : -1); side -= 2)
        {
          double c = side * path->c[j], speed = 1 - side * path->a[j];
          double gap = path->kappa - c;
          if (speed <= 0 || (j == path->dropped && gap <= 1e-9 * path->kappa))
            continue;
          double length = gap / speed;
          length = length > tiny ? length : 0;
          if (length < step.length)
            step = (step_t){ .length = length, .entering = j, .leaving = -1, .sign = side };
        }
    }
  return step;
}

/* Follows the path to the problem's kappa. False: too many steps. */
static bool
follow (path_t *path)
{
  int m = (int)path->m, N = (int)path->N;
  slong limit = 12 * path->room + 200;
  refresh (path);
  slong first = -1;
  double sign = 1;
  path->kappa = 0;
  for (slong j = 0; j < path->N; j++)
    {
      double c = path->positive ? path->c[j] : fabs (path->c[j]);
      if (!path->banned[j] && c > path->kappa)
        {
          path->kappa = c;
          first = j;
          sign = path->c[j] < 0 ? -1 : 1;
        }
    }
  if (first < 0)
    return true;
  if (!path->to_the_end)
    {
      double at = path->problem == DELTA1_LASSO     ? path->parameter / 2
                  : path->problem == DELTA1_SRLASSO ? path->parameter * path->size_y
                                                    : -1;
      if (at >= path->kappa || (path->problem == DELTA1_QCBP && path->parameter >= path->size_y))
        return true;
    }
  if (!enter (path, first, sign))
    return false;
  for (slong count = 0; count < limit; count++)
    {
      if (count % REFRESH == 0)
        refresh (path);
      memcpy (path->d, path->sign, (size_t)path->s * sizeof (double));
      memset (path->u, 0, (size_t)m * sizeof (double));
      if (path->s > 0)
        {
          solve_active (path, path->d);
          cblas_dgemv (CblasColMajor, CblasNoTrans, m, (int)path->s, 1, path->XS, m, path->d, 1, 0,
                       path->u, 1);
        }
      cblas_dgemv (CblasColMajor, CblasTrans, m, N, 1, path->X, m, path->u, 1, 0, path->a, 1);
      step_t step = next_step (path);
      double goal = goal_on_segment (path);
      if (goal >= path->kappa - step.length)
        {
          path->kappa = goal < path->kappa ? goal : path->kappa;
          return true;
        }
      path->kappa -= step.length;
      cblas_daxpy ((int)path->s, step.length, path->d, 1, path->x, 1);
      cblas_daxpy (m, -step.length, path->u, 1, path->r, 1);
      cblas_daxpy (N, -step.length, path->a, 1, path->c, 1);
      if (step.entering < 0 && step.leaving < 0)
        return true;
      path->dropped = -1;
      if (step.leaving >= 0)
        leave (path, step.leaving);
      else if (!enter (path, step.entering, step.sign))
        path->banned[step.entering] |= FOR_NOW;
    }
  return false;
}

static void
path_reset (path_t *path)
{
  for (slong k = 0; k < path->s; k++)
    path->inside[path->active[k]] = false;
  path->s = 0;
  path->kappa = 0;
  path->dropped = -1;
}

/* A basis for data that need fewer columns than there are rows: that of y moved a little into the
 * cone of all columns. */
static bool
complete_basis (path_t *path)
{
  double size;
  uint64_t state = 1;
  path_reset (path);
  path->to_the_end = true;
  memset (path->u, 0, (size_t)path->m * sizeof (double));
  for (slong j = 0; j < path->N; j++)
    {
      state = state * UINT64_C (6364136223846793005) + UINT64_C (1442695040888963407);
      cblas_daxpy ((int)path->m, 0.5 + (double)(state >> 11) * 0x1p-53, path->X + j * path->m, 1,
                   path->u, 1);
    }
  size = cblas_dnrm2 ((int)path->m, path->u, 1);
  if (!(size > 0))
    return false;
  cblas_daxpy ((int)path->m, 1e-3 * path->size_y / size, path->u, 1, path->y, 1);
  return follow (path);
}

static void
store (delta1_candidate_t *candidate, const path_t *path, const delta1_instance_t *instance,
       delta1_lemma_t lemma)
{
  candidate->lemma = lemma;
  candidate->size = 0;
  for (slong j = 0; j < path->N; j++)
    if (path->inside[j])
      candidate->column[candidate->size++] = j;
  for (slong k = 0; k < path->s; k++)
    for (slong l = 0; l < candidate->size; l++)
      if (candidate->column[l] == path->active[k])
        candidate->sign[l] = path->sign[k] < 0 ? -1 : 1;
  if (instance->intercept)
    {
      candidate->column[candidate->size] = instance->N - 1;
      candidate->sign[candidate->size++] = 0;
    }
}

delta1_status_t
delta1_candidate_find (delta1_candidate_t *candidate, const delta1_instance_t *instance,
                       delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_lemma_t lemma = DELTA1_LEMMA_LASSO;
  path_t path = { .s = 0 };
  bool done;

  if (instance->doubles == NULL
      || candidate->room < (instance->m < instance->N ? instance->m : instance->N) + 2)
    return delta1_fail (reason, DELTA1_INPUT,
                        "a search without doubles, or with room for %ld columns; allowed: room for "
                        "min(m, N) + 2",
                        (long)candidate->room);
  DELTA1_TRY (path_init (&path, instance, reason));
  done = follow (&path);
  switch (instance->problem)
    {
    case DELTA1_LASSO:
      break;
    case DELTA1_QCBP:
      lemma = DELTA1_LEMMA_QCBP;
      break;
    case DELTA1_SRLASSO:
      lemma = path.kappa > 0 || path.s == 0 ? DELTA1_LEMMA_SRLASSO : DELTA1_LEMMA_BASIS;
      break;
    case DELTA1_BP:
      lemma = DELTA1_LEMMA_BASIS;
      break;
    case DELTA1_LP:
      lemma = DELTA1_LEMMA_VERTEX;
      break;
    }
  if ((lemma == DELTA1_LEMMA_BASIS || lemma == DELTA1_LEMMA_VERTEX) && path.s < path.rank
      && path.N >= path.rank)
    done = complete_basis (&path) && done;
  store (candidate, &path, instance, lemma);
  if (!done)
    DELTA1_TRY (delta1_fail (reason, DELTA1_UNDECIDED,
                             "the search for a candidate stopped at kappa = %.3g", path.kappa));

cleanup:
  path_clear (&path);
  return status;
}
