#include "constructions/convergence_private.h"

#include <stdlib.h>

#include "firenet/enclosure.h"

#define STEP_BITS 53
#define NOISE_BITS 40
#define VALUE_BITS 10

void
delta1_convergence_setting_init (delta1_convergence_setting_t *setting)
{
  *setting = (delta1_convergence_setting_t){
    .order = 64, .sparsity = 1, .restarts = 15, .precision = 160
  };
  fmpq_init (setting->delta);
  fmpq_set_si (setting->delta, 1, 100000);
}

void
delta1_convergence_setting_clear (delta1_convergence_setting_t *setting)
{
  fmpq_clear (setting->delta);
}

void
delta1_convergence_init (delta1_convergence_t *c)
{
  *c = (delta1_convergence_t){ .entry = NULL };
  delta1_convergence_setting_init (&c->setting);
  fmpq_init (c->step);
  fmpq_init (c->lambda);
  fmpq_init (c->eps_0);
  delta1_null_space_init (&c->property);
  delta1_accuracy_init (&c->accuracy);
}

void
delta1_convergence_clear (delta1_convergence_t *c)
{
  slong rows = c->setting.restarts + 1;
  free (c->entry);
  if (c->value != NULL)
    _fmpq_vec_clear (c->value, c->setting.sparsity);
  if (c->noise != NULL)
    _fmpq_vec_clear (c->noise, c->setting.order);
  if (c->bound != NULL)
    _arb_vec_clear (c->bound, 3 * rows);
  fmpq_clear (c->step);
  fmpq_clear (c->lambda);
  fmpq_clear (c->eps_0);
  delta1_null_space_clear (&c->property);
  delta1_accuracy_clear (&c->accuracy);
  delta1_convergence_setting_clear (&c->setting);
}

/* --- the input -------------------------------------------------------------------------------- */

/* sqrt(n) for a power of four, else 0. */
static slong
root_of (slong n)
{
  slong root = 2;
  while (root * root < n)
    root *= 2;
  return root * root == n ? root : 0;
}

delta1_status_t
delta1_convergence_check (const delta1_convergence_setting_t *s, delta1_reason_t *reason)
{
  slong root = s->order <= DELTA1_CONVERGENCE_MAX_ORDER ? root_of (s->order) : 0;
  if (root == 0)
    return delta1_fail (reason, DELTA1_INPUT, "order %ld; allowed: 4, 16, 64, 256", (long)s->order);
  if (s->sparsity < 1 || s->sparsity > root / 2)
    return delta1_fail (reason, DELTA1_INPUT, "sparsity %ld; allowed: 1 to %ld for order %ld",
                        (long)s->sparsity, (long)root / 2, (long)s->order);
  if (s->restarts < 1 || s->restarts > DELTA1_CONVERGENCE_MAX_RESTARTS)
    return delta1_fail (reason, DELTA1_INPUT, "%ld restarts; allowed: 1 to %d", (long)s->restarts,
                        DELTA1_CONVERGENCE_MAX_RESTARTS);
  if (s->precision < 64 || s->precision > DELTA1_CONVERGENCE_MAX_PRECISION)
    return delta1_fail (reason, DELTA1_INPUT, "a precision of %ld bits; allowed: 64 to %d",
                        (long)s->precision, DELTA1_CONVERGENCE_MAX_PRECISION);
  if (s->seed < 0)
    return delta1_fail (reason, DELTA1_INPUT, "seed %ld; allowed: 0 or more", (long)s->seed);
  if (fmpq_sgn (s->delta) <= 0 || fmpq_cmp_si (s->delta, 1) > 0)
    return delta1_fail (reason, DELTA1_INPUT, "delta is not in (0, 1]");
  return DELTA1_OK;
}

delta1_status_t
delta1_convergence_allocate (delta1_convergence_t *c, const delta1_convergence_setting_t *setting,
                             delta1_reason_t *reason)
{
  slong rows = setting->restarts + 1;
  delta1_convergence_clear (c);
  delta1_convergence_init (c);
  c->entry = calloc ((size_t)setting->sparsity, sizeof *c->entry);
  if (c->entry == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "out of memory");
  c->setting.order = setting->order;
  c->setting.sparsity = setting->sparsity;
  c->setting.restarts = setting->restarts;
  c->setting.precision = setting->precision;
  c->setting.seed = setting->seed;
  fmpq_set (c->setting.delta, setting->delta);
  c->value = _fmpq_vec_init (setting->sparsity);
  c->noise = _fmpq_vec_init (setting->order);
  c->bound = _arb_vec_init (3 * rows);
  c->low = c->bound + rows;
  c->high = c->low + rows;
  return DELTA1_OK;
}

/* H_ij of Sylvester's matrix. */
static int
sign_of (slong i, slong j)
{
  return __builtin_parityl ((unsigned long)i & (unsigned long)j) ? -1 : 1;
}

static void
set_matrix (acb_mat_t A, slong n, slong precision)
{
  slong root = root_of (n);
  for (slong i = 0; i < n; i++)
    {
      acb_one (acb_mat_entry (A, i, i));
      for (slong j = 0; j < n; j++)
        {
          acb_ptr entry = acb_mat_entry (A, i, n + j);
          acb_set_si (entry, sign_of (i, j));
          acb_div_si (entry, entry, root, precision); /* exact */
        }
    }
}

/* z = Ax + e, exactly */
static void
set_datum (fmpq *z, const delta1_convergence_t *c)
{
  slong n = c->setting.order, root = root_of (n);
  fmpq_t term;
  fmpq_init (term);
  for (slong i = 0; i < n; i++)
    {
      fmpq_set (z + i, c->noise + i);
      for (slong j = 0; j < c->setting.sparsity; j++)
        {
          slong column = c->entry[j];
          if (column >= n)
            {
              fmpq_div_fmpz (term, c->value + j, (fmpz[]){ root });
              if (sign_of (i, column - n) < 0)
                fmpq_neg (term, term);
              fmpq_add (z + i, z + i, term);
            }
          else if (column == i)
            fmpq_add (z + i, z + i, c->value + j);
        }
    }
  fmpq_clear (term);
}

static void
rational_norm (arb_t norm, const fmpq *v, slong count, slong precision)
{
  arb_t entry;
  arb_init (entry);
  arb_zero (norm);
  for (slong i = 0; i < count; i++)
    {
      arb_set_fmpq (entry, v + i, precision);
      arb_addmul (norm, entry, entry, precision);
    }
  arb_sqrtpos (norm, norm, precision);
  arb_clear (entry);
}

static void
choose_truth (delta1_convergence_t *c, gmp_randstate_t state)
{
  slong s = c->setting.sparsity, N = 2 * c->setting.order, taken = 0;
  /* Floyd's sampling without repetition, kept in order */
  for (slong j = N - s; j < N; j++)
    {
      slong place = (slong)gmp_urandomm_ui (state, (unsigned long)(j + 1)), at = 0;
      for (slong i = 0; i < taken; i++)
        if (c->entry[i] == place)
          place = j;
      while (at < taken && c->entry[at] < place)
        at++;
      for (slong i = taken; i > at; i--)
        c->entry[i] = c->entry[i - 1];
      c->entry[at] = place;
      taken++;
    }
  for (slong j = 0; j < s; j++)
    {
      /* in [1/2, 3/2), either sign */
      slong size = (slong)gmp_urandomb_ui (state, VALUE_BITS) + (1 << (VALUE_BITS - 1));
      fmpq_set_si (c->value + j, gmp_urandomb_ui (state, 1) ? -size : size, 1u << VALUE_BITS);
    }
}

/* ||e|| <= delta/2, and nearly so: every entry is rounded towards 0. */
static void
choose_noise (delta1_convergence_t *c, gmp_randstate_t state)
{
  slong n = c->setting.order, precision = c->setting.precision;
  arb_t norm, entry;
  arb_init (norm);
  arb_init (entry);
  for (slong i = 0; i < n; i++)
    fmpq_set_si (c->noise + i, (slong)gmp_urandomb_ui (state, 21) - (1 << 20), 1);
  rational_norm (norm, c->noise, n, precision);
  for (slong i = 0; i < n; i++)
    {
      arb_set_fmpq (entry, c->noise + i, precision);
      arb_div (entry, entry, norm, precision);
      arb_mul_fmpz (entry, entry, fmpq_numref (c->setting.delta), precision);
      arb_div_fmpz (entry, entry, fmpq_denref (c->setting.delta), precision);
      arb_mul_2exp_si (entry, entry, -1);
      arf_set_round (arb_midref (entry), arb_midref (entry), NOISE_BITS, ARF_RND_DOWN);
      arf_get_fmpq (c->noise + i, arb_midref (entry));
    }
  arb_clear (norm);
  arb_clear (entry);
}

/* q = the upper or lower end of x, rounded away from it to so many bits. */
static void
rational_end (fmpq_t q, const arb_t x, bool upper, slong bits)
{
  arf_t end;
  arf_init (end);
  if (upper)
    arb_get_ubound_arf (end, x, bits);
  else
    arb_get_lbound_arf (end, x, bits);
  arf_get_fmpq (q, end);
  arf_clear (end);
}

/* --- the network and its run ------------------------------------------------------------------ */

static const slong *
one_level (delta1_levels_t *levels, slong *end, const delta1_convergence_t *c)
{
  *end = 2 * c->setting.order;
  *levels = (delta1_levels_t){ .count = 1, .end = end, .sparsity = &c->setting.sparsity };
  return end;
}

static delta1_status_t
certify_property (delta1_convergence_t *c, const acb_mat_t A, const delta1_levels_t *levels,
                  delta1_reason_t *reason)
{
  const delta1_null_space_options_t options
      = { .method = DELTA1_NULL_SPACE_COHERENCE, .precision = c->setting.precision };
  delta1_status_t status = delta1_null_space_certify (&c->property, A, levels, &options, reason);
  if (status == DELTA1_OK && c->property.holds != DELTA1_TRUE)
    status = delta1_fail (reason, DELTA1_UNDECIDED,
                          "the null space property is not certified at %ld bits",
                          (long)c->setting.precision);
  return status;
}

static void
set_network (delta1_restart_t *network, const delta1_convergence_t *c)
{
  slong precision = c->setting.precision + 64;
  arb_set_fmpq (network->steps.tau, c->step, precision);
  arb_set_fmpq (network->steps.sigma, c->step, precision);
  arb_set_fmpq (network->steps.lambda, c->lambda, precision);
  arb_set_fmpq (network->delta, c->setting.delta, precision);
  arb_set_fmpq (network->eps_0, c->eps_0, precision);
  network->inner = c->inner;
  network->restarts = c->setting.restarts;
}

typedef struct
{
  delta1_convergence_t *c;
  const delta1_arithmetic_t *use;
} watch_t;

/* low[k] and high[k] from the centre and the radius. */
static void
set_error (delta1_convergence_t *c, slong k, const void *centre, const mag_t radius,
           const delta1_arithmetic_t *use)
{
  slong precision = c->setting.precision, next = 0;
  arb_t error, entry, truth;
  arf_t end;
  arb_init (error);
  arb_init (entry);
  arb_init (truth);
  arf_init (end);
  for (slong j = 0; j < 2 * c->setting.order; j++)
    {
      arb_zero (entry);
      if (centre != NULL)
        use->get_ball (entry, centre, j);
      if (next < c->setting.sparsity && c->entry[next] == j)
        {
          arb_set_fmpq (truth, c->value + next, precision);
          arb_sub (entry, entry, truth, precision);
          next++;
        }
      arb_addmul (error, entry, entry, precision);
    }
  arb_sqrtpos (error, error, precision);
  arb_add_error_mag (error, radius);
  arb_get_ubound_arf (end, error, precision);
  arb_set_arf (c->high + k, end);
  arb_get_lbound_arf (end, error, precision);
  if (arf_sgn (end) < 0)
    arf_zero (end);
  arb_set_arf (c->low + k, end);
  arb_clear (error);
  arb_clear (entry);
  arb_clear (truth);
  arf_clear (end);
}

static delta1_status_t
watch (void *context, slong k, const void *centre, const mag_t radius, delta1_reason_t *reason)
{
  watch_t *w = context;
  set_error (w->c, k, centre, radius, w->use);
  if (!arb_is_finite (w->c->high + k))
    return delta1_fail (reason, DELTA1_UNDECIDED, "the error of restart %ld is not bounded",
                        (long)k);
  if (!arb_le (w->c->high + k, w->c->bound + k))
    return delta1_fail (reason,
                        arb_gt (w->c->low + k, w->c->bound + k) ? DELTA1_FAILED : DELTA1_UNDECIDED,
                        "the error of restart %ld is not certainly within its bound", (long)k);
  return DELTA1_OK;
}

static delta1_status_t
run_network (delta1_convergence_t *c, const acb_mat_t A, const fmpq *datum,
             const delta1_restart_t *network, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  const delta1_arithmetic_t *use = &delta1_arithmetic_ball;
  slong n = c->setting.order, bits = c->setting.precision;
  delta1_operator_t *ball = NULL;
  void *y = use->create (n, bits), *x = use->create (2 * n, bits);
  arb_ptr entries = _arb_vec_init (2 * n * n);
  watch_t w = { .c = c, .use = use };
  const delta1_enclosure_observer_t observer = { .restart = watch, .context = &w };
  arb_t value;
  mag_t radius;
  arb_init (value);
  mag_init (radius);
  if (y == NULL || x == NULL)
    DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "out of memory for a network"));
  for (slong i = 0; i < 2 * n * n; i++)
    acb_get_real (entries + i, acb_mat_entry (A, i / (2 * n), i % (2 * n)));
  DELTA1_TRY (delta1_operator_create_dense (&ball, use, bits, entries, n, 2 * n, reason));
  arb_sqrt_ui (value, 2, 2 * bits); /* A A^T = 2 I */
  DELTA1_TRY (delta1_operator_set_norm (ball, value, reason));
  for (slong i = 0; i < n; i++)
    {
      arb_set_fmpq (value, datum + i, 2 * bits);
      use->set_ball (y, i, value);
    }
  set_error (c, 0, NULL, radius, use);
  DELTA1_TRY (delta1_enclosure_run (x, radius, ball, y, network, &observer, reason));

cleanup:
  delta1_operator_free (ball);
  use->free (y, n);
  use->free (x, 2 * n);
  _arb_vec_clear (entries, 2 * n * n);
  arb_clear (value);
  mag_clear (radius);
  return status;
}

/* lambda, step, eps_0 and p that the theorem asks for, when they have not been read. */
static delta1_status_t
choose_constants (delta1_convergence_t *c, const fmpq *datum, delta1_restart_t *network,
                  delta1_reason_t *reason)
{
  slong precision = c->setting.precision;
  arb_t x;
  arb_init (x);
  arf_get_fmpq (c->lambda, arb_midref (c->accuracy.lambda));
  arb_set_d (x, 0.5);
  arb_sqrt (x, x, precision);
  rational_end (c->step, x, false, STEP_BITS);
  rational_norm (x, datum, c->setting.order, precision);
  rational_end (c->eps_0, x, true, STEP_BITS);
  set_network (network, c);
  delta1_status_t status
      = delta1_accuracy_inner (&c->inner, &c->accuracy, network, precision, reason);
  arb_clear (x);
  return status;
}

delta1_status_t
delta1_convergence_evaluate (delta1_convergence_t *c, bool choose, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong n = c->setting.order, precision = c->setting.precision, end;
  acb_mat_t A;
  delta1_levels_t levels;
  delta1_restart_t network;
  delta1_datum_t known;
  fmpq *datum = _fmpq_vec_init (n);
  arb_t lambda;

  acb_mat_init (A, n, 2 * n);
  arb_init (lambda);
  delta1_restart_init (&network, precision + 64);
  delta1_datum_init (&known);
  (void)one_level (&levels, &end, c);
  set_matrix (A, n, precision);
  set_datum (datum, c);
  DELTA1_TRY (certify_property (c, A, &levels, reason));
  arb_set_fmpq (lambda, c->lambda, precision + 64);
  DELTA1_TRY (delta1_accuracy_constants (&c->accuracy, &levels, c->property.rho, c->property.gamma,
                                         choose ? NULL : lambda, precision, reason));
  if (choose)
    DELTA1_TRY (choose_constants (c, datum, &network, reason));
  set_network (&network, c);
  rational_norm (known.residual, c->noise, n, precision);
  rational_norm (known.length, datum, n, precision);
  switch (delta1_accuracy_applies (&c->accuracy, &network, &levels, &known, precision, reason))
    {
    case DELTA1_TRUE:
      break;
    case DELTA1_FALSE:
      status = DELTA1_FAILED;
      goto cleanup;
    case DELTA1_UNKNOWN:
      status = DELTA1_UNDECIDED;
      goto cleanup;
    }
  delta1_accuracy_bounds (c->bound, &c->accuracy, &network, precision);
  DELTA1_TRY (run_network (c, A, datum, &network, reason));

cleanup:
  acb_mat_clear (A);
  arb_clear (lambda);
  delta1_restart_clear (&network);
  delta1_datum_clear (&known);
  _fmpq_vec_clear (datum, n);
  return status;
}

delta1_status_t
delta1_convergence_run (delta1_convergence_t *c, const delta1_convergence_setting_t *setting,
                        delta1_reason_t *reason)
{
  delta1_status_t status = delta1_convergence_check (setting, reason);
  if (status == DELTA1_OK)
    status = delta1_convergence_allocate (c, setting, reason);
  if (status != DELTA1_OK)
    return status;
  gmp_randstate_t state;
  gmp_randinit_mt (state);
  gmp_randseed_ui (state, (unsigned long)setting->seed);
  choose_truth (c, state);
  choose_noise (c, state);
  gmp_randclear (state);
  return delta1_convergence_evaluate (c, true, reason);
}

delta1_status_t
delta1_convergence_layers (arb_t delta, slong *restarts, slong *layers,
                           const delta1_convergence_t *c, slong digits, delta1_reason_t *reason)
{
  slong precision = c->setting.precision;
  delta1_restart_t network;
  arb_t room;
  fmpq_t wanted;
  if (digits < 1 || digits > 1000)
    return delta1_fail (reason, DELTA1_INPUT, "%ld digits; allowed: 1 to 1000", (long)digits);
  arb_init (room);
  fmpq_init (wanted);
  delta1_restart_init (&network, precision);
  set_network (&network, c);
  fmpq_set_si (wanted, 10, 1);
  fmpq_pow_si (wanted, wanted, -digits);
  arb_sub_si (room, network.upsilon, 1, precision);
  arb_div (room, room, c->accuracy.C_2, precision);
  arb_mul_2exp_si (room, room, -1);
  arb_neg (room, room);
  arb_mul_fmpz (room, room, fmpq_numref (wanted), precision);
  arb_div_fmpz (room, room, fmpq_denref (wanted), precision);
  rational_end (wanted, room, false, STEP_BITS);
  arb_set_fmpq (network.delta, wanted, precision);
  *restarts = delta1_accuracy_restarts (&c->accuracy, &network, digits, precision);
  *layers = delta1_accuracy_layers (&network, *restarts);
  arb_set (delta, network.delta);
  delta1_restart_clear (&network);
  arb_clear (room);
  fmpq_clear (wanted);
  if (*restarts == 0)
    return delta1_fail (reason, DELTA1_UNDECIDED, "10^-%ld is not proved at %ld bits", (long)digits,
                        (long)precision);
  return DELTA1_OK;
}
