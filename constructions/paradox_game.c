#include "constructions/paradox_game.h"

#include <stdlib.h>

#include "src/network_evaluate.h"

delta1_shape_t
delta1_paradox_shape (const delta1_paradox_t *paradox)
{
  return (delta1_shape_t){ .m = paradox->widths[0], .N = 1, .R = paradox->points };
}

/* The entries as training_data.h numbers them. */
static delta1_status_t
create_source (delta1_source_t **source, const delta1_paradox_t *paradox, delta1_reason_t *reason)
{
  delta1_shape_t shape = delta1_paradox_shape (paradox);
  slong count = delta1_shape_count (&shape);
  fmpq *x = _fmpq_vec_init (count);
  fmpq_t zero;
  fmpq_init (zero);
  for (slong k = 0; k < paradox->points; k++)
    delta1_paradox_datum (x + delta1_shape_data_entry (&shape, k, 0), paradox, k + 2, zero);
  delta1_status_t status = delta1_source_create_rational (source, x, count, reason);
  _fmpq_vec_clear (x, count);
  fmpq_clear (zero);
  return status;
}

delta1_status_t
delta1_paradox_legal (const delta1_paradox_t *paradox, const delta1_transcript_t *transcript,
                      delta1_reason_t *reason)
{
  delta1_source_t *source = NULL;
  delta1_status_t status = create_source (&source, paradox, reason);
  if (status == DELTA1_OK)
    status = delta1_transcript_legal (transcript, source, reason);
  delta1_source_free (source);
  return status;
}

delta1_status_t
delta1_paradox_loss (fmpq_t loss, const delta1_paradox_t *paradox, const delta1_network_t *network,
                     delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  slong d = paradox->widths[0];
  fmpq *x = _fmpq_vec_init (d);
  fmpq_t zero, value;
  fmpq_init (zero);
  fmpq_init (value);
  fmpq_zero (loss);
  for (slong k = 2; k < paradox->points + 2; k++)
    {
      delta1_paradox_datum (x, paradox, k, zero);
      DELTA1_TRY (delta1_network_evaluate (value, network, x, reason));
      delta1_paradox_miss (value, k);
      if (fmpq_cmp (value, loss) > 0)
        fmpq_set (loss, value);
    }
cleanup:
  _fmpq_vec_clear (x, d);
  fmpq_clear (zero);
  fmpq_clear (value);
  return status;
}

/* Whether the loss is above the least (1/2 for delta = 0, else 0) by more than the tolerance. */
static bool
is_above (const fmpq_t loss, bool flat, const fmpq_t tolerance)
{
  fmpq_t bound;
  fmpq_init (bound);
  fmpq_set_si (bound, flat ? 1 : 0, 2);
  fmpq_add (bound, bound, tolerance);
  bool above = fmpq_cmp (loss, bound) > 0;
  fmpq_clear (bound);
  return above;
}

delta1_status_t
delta1_paradox_not_minimal (const delta1_paradox_t *paradox, const delta1_network_t *network,
                            const fmpq_t tolerance, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  bool flat = fmpq_is_zero (paradox->delta);
  fmpq_t loss;
  fmpq_init (loss);
  if (flat && fmpz_cmp_si (paradox->pieces, paradox->points - 1) >= 0)
    DELTA1_TRY (delta1_fail (reason, DELTA1_INPUT,
                             "with delta = 0 the least loss is known only for P < K-1"));
  DELTA1_TRY (delta1_paradox_check_network (paradox, network, reason));
  DELTA1_TRY (delta1_paradox_loss (loss, paradox, network, reason));
  if (!is_above (loss, flat, tolerance))
    status = delta1_fail (reason, DELTA1_FAILED,
                          "the loss is within the tolerance of the least of the architecture");
cleanup:
  fmpq_clear (loss);
  return status;
}

void
delta1_paradox_run_clear (delta1_paradox_run_t *run)
{
  fmpq_clear (run->delta);
  fmpq_clear (run->loss[0]);
  fmpq_clear (run->loss[1]);
  delta1_network_free (run->network);
  delta1_transcript_free (run->transcript);
}

/* Runs the algorithm against the oracle of `data`; what it does wrong is not a status. */
static delta1_status_t
run_algorithm (delta1_paradox_run_t *run, const delta1_paradox_t *data,
               const delta1_algorithm_t *algorithm, const delta1_paradox_play_t *play,
               delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_source_t *source = NULL;
  delta1_oracle_t *oracle = NULL;
  delta1_meter_t *meter = NULL;
  fmpq_mat_t X, targets;
  delta1_supervised_t supervised
      = { .layers = data->layers, .widths = data->widths, .targets = targets };
  delta1_task_t task = { .problem = DELTA1_BP,
                         .shape = delta1_paradox_shape (data),
                         .digits = 1,
                         .max_precision = play->budget.precision,
                         .seconds = play->budget.seconds,
                         .network = &run->network,
                         .supervised = &supervised };
  fmpq_init (task.parameter);
  fmpq_mat_init (X, data->points, 1);
  fmpq_mat_init (targets, data->points, 1);
  for (slong k = 0; k < data->points; k++)
    fmpq_set_si (fmpq_mat_entry (targets, k, 0), delta1_paradox_label (k + 2), 1);
  DELTA1_TRY (create_source (&source, data, reason));
  DELTA1_TRY (delta1_oracle_create_honest (&oracle, source, DELTA1_NEAREST, 0, reason));
  DELTA1_TRY (delta1_meter_create (&meter, oracle, &play->budget, run->transcript, reason));
  status = algorithm->table->run (algorithm, X, &task, delta1_meter_oracle (meter), play->seed,
                                  &run->why);
  run->usage = delta1_meter_usage (meter);
  if (status == DELTA1_SYSTEM)
    DELTA1_TRY (delta1_fail (reason, status, "%s", run->why.text));
  if (status == DELTA1_OK && run->network == NULL)
    status = delta1_fail (&run->why, DELTA1_FAILED, "it returned vectors, not a network");
  if (status == DELTA1_OK)
    status = delta1_paradox_check_network (data, run->network, &run->why);
  run->answered = status == DELTA1_OK;
  status = DELTA1_OK;
cleanup:
  delta1_meter_free (meter);
  delta1_oracle_free (oracle);
  delta1_source_free (source);
  fmpq_mat_clear (X);
  fmpq_mat_clear (targets);
  fmpq_clear (task.parameter);
  return status;
}

/* The adversary's choice: the data, of the two, whose least loss the network misses by more. */
static delta1_status_t
reveal (delta1_paradox_run_t *run, const delta1_paradox_t *flat, const fmpq_t tolerance,
        delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_paradox_t tilted;
  slong n = run->usage.precision > 1 ? run->usage.precision : 1;
  fmpq_t gap;
  fmpq_init (gap);
  fmpq_one (gap);
  fmpq_div_2exp (gap, gap, (flint_bitcnt_t)n);
  DELTA1_TRY (
      delta1_paradox_init (&tilted, flat->points, gap, flat->widths, flat->layers + 1, reason));
  DELTA1_TRY (delta1_paradox_loss (run->loss[0], flat, run->network, reason));
  DELTA1_TRY (delta1_paradox_loss (run->loss[1], &tilted, run->network, reason));
  fmpq_sub (gap, run->loss[0], run->loss[1]);
  fmpq_mul_2exp (gap, gap, 1);
  bool take_flat = fmpq_cmp_si (gap, 1) > 0; /* loss_0 - 1/2 > loss_1 */
  fmpq_set (run->delta, take_flat ? flat->delta : tilted.delta);
  run->beaten = is_above (run->loss[take_flat ? 0 : 1], take_flat, tolerance);
  DELTA1_TRY (delta1_paradox_legal (flat, run->transcript, reason));
  DELTA1_TRY (delta1_paradox_legal (&tilted, run->transcript, reason));
  if (!run->beaten)
    status = delta1_fail (reason, DELTA1_FAILED,
                          "a defect of delta1: a network that is minimal on T_0 and on T_delta");
cleanup:
  delta1_paradox_clear (&tilted);
  fmpq_clear (gap);
  return status;
}

delta1_status_t
delta1_paradox_check_play (const delta1_paradox_t *paradox, const delta1_paradox_play_t *play,
                           delta1_reason_t *reason)
{
  fmpq_t quarter;
  fmpq_init (quarter);
  fmpq_set_si (quarter, 1, 4);
  bool good = fmpq_sgn (play->tolerance) >= 0 && fmpq_cmp (play->tolerance, quarter) < 0;
  fmpq_clear (quarter);
  if (!good)
    return delta1_fail (reason, DELTA1_INPUT, "tolerance: a number from 0 to below 1/4");
  if (play->adversary && fmpz_cmp_si (paradox->pieces, paradox->points - 1) >= 0)
    return delta1_fail (reason, DELTA1_INPUT,
                        "the architecture can follow the data: the game needs P = prod(N_i + 1) "
                        "below K - 1 = %ld",
                        (long)(paradox->points - 1));
  return DELTA1_OK;
}

delta1_status_t
delta1_paradox_play (delta1_paradox_run_t *run, const delta1_paradox_t *paradox,
                     const delta1_algorithm_t *algorithm, const delta1_paradox_play_t *play,
                     delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_paradox_t data;
  fmpq_t number;
  *run = (delta1_paradox_run_t){ .answered = false };
  fmpq_init (run->delta);
  fmpq_init (run->loss[0]);
  fmpq_init (run->loss[1]);
  fmpq_init (number);
  if (!play->adversary)
    fmpq_set (number, paradox->delta);
  DELTA1_TRY (delta1_paradox_init (&data, paradox->points, number, paradox->widths,
                                   paradox->layers + 1, reason));
  fmpq_set (run->delta, data.delta);
  DELTA1_TRY (delta1_paradox_check_play (paradox, play, reason));
  DELTA1_TRY (delta1_transcript_create (&run->transcript, reason));
  DELTA1_TRY (run_algorithm (run, &data, algorithm, play, reason));
  if (!run->answered)
    goto cleanup;
  if (play->adversary)
    DELTA1_TRY (reveal (run, &data, play->tolerance, reason));
  else
    {
      DELTA1_TRY (delta1_paradox_loss (run->loss[1], &data, run->network, reason));
      run->beaten = is_above (run->loss[1], fmpq_is_zero (data.delta), play->tolerance);
    }
cleanup:
  delta1_paradox_clear (&data);
  fmpq_clear (number);
  if (status != DELTA1_OK)
    delta1_paradox_run_clear (run);
  return status;
}
