#include "tests/constructions/player.h"

#include "src/number.h"
#include "tests/testing.h"

/* A network that answers s_k e_column for every datum. The data of a tier are collinear: phi (y) =
 * <w, y> s/t for the one datum, w = u when rational; for dct the first coordinate alone. Gates:
 * then squares, then the ball. */
static delta1_network_t *
network_of (const player_t *p, const delta1_task_t *task)
{
  delta1_reason_t reason;
  delta1_network_t *network;
  slong N = task->shape.N + (p->behaviour == RETURN_ANOTHER_SHAPE);
  slong place = task->known->column[p->column];
  slong widths[] = { N, N + 1, N };
  bool gates = p->behaviour == RETURN_GATES;
  assert_ok (delta1_network_create (&network, task->shape.m, gates ? 3 : 1, widths, &reason),
             reason);
  /* W = (s/t) e_place e_0^T / u_0 is exact for unmixed data; with mixing any number will do for the
   * tests. */
  fmpq_set (fmpq_mat_entry (delta1_network_edit_weights (network, 0), place, 0), p->weight);
  if (gates)
    {
      fmpq_mat_struct *squares = delta1_network_edit_weights (network, 1);
      fmpq_mat_struct *last = delta1_network_edit_weights (network, 2);
      for (slong j = 0; j < N; j++)
        fmpq_one (fmpq_mat_entry (squares, j + 1, j));
      /* one gate whose argument is the sum of the entries: far below 1, so that it passes
       * everything */
      for (slong j = 0; j < N; j++)
        fmpq_one (fmpq_mat_entry (squares, 0, j));
      assert_ok (delta1_network_set_gate (network, 1, 0, DELTA1_BALL_GATE, NULL, &reason), reason);
      for (slong j = 0; j < N; j++)
        {
          assert_ok (delta1_network_set_gated (network, 1, j + 1, 0, &reason), reason);
          fmpq_one (fmpq_mat_entry (last, j, j + 1));
        }
    }
  return network;
}

static delta1_status_t
player_run (const delta1_algorithm_t *algorithm, fmpq_mat_t X, const delta1_task_t *task,
            delta1_oracle_t *oracle, uint64_t seed, delta1_reason_t *reason)
{
  const player_t *p = algorithm->context;
  delta1_status_t status = DELTA1_OK;
  fmpq_mat_t A, Y;
  fmpq_mat_init (A, task->shape.m, task->shape.N);
  fmpq_mat_init (Y, task->shape.R, task->shape.m);
  slong depth = p->behaviour == READ_FOR_EVER ? WORD_MAX : p->depth;
  if (task->max_precision > 0 && p->behaviour == READ_AND_ANSWER && depth > task->max_precision)
    depth = task->max_precision;
  for (slong n = 1; n <= depth; n++)
    DELTA1_TRY (delta1_training_sample (A, Y, oracle, &task->shape, n, reason));
  if (p->behaviour == FAIL_WITH_A_WORD)
    {
      status = delta1_fail (reason, DELTA1_FAILED, "no idea");
      goto cleanup;
    }
  if (p->behaviour >= RETURN_A_NETWORK)
    {
      *task->network = network_of (p, task);
      goto cleanup;
    }
  slong column = p->column >= 0 ? p->column : (slong)(seed % (uint64_t)task->known->tied);
  for (slong k = 0; k < task->shape.R; k++)
    fmpq_set (fmpq_mat_entry (X, k, task->known->column[column]), task->known->scale[p->tier] + k);
  if (p->extra != 0)
    {
      fmpq_t extra;
      fmpq_init (extra);
      delta1_number_set_digits (extra, p->extra_digits);
      fmpq_mul_si (extra, extra, p->extra);
      fmpq_set (fmpq_mat_entry (X, task->shape.R - 1, task->known->column[column == 0]), extra);
      fmpq_clear (extra);
    }
cleanup:
  fmpq_mat_clear (A);
  fmpq_mat_clear (Y);
  return status;
}

static const delta1_algorithm_table_t player_table
    = { .name = "player", .summary = "", .options = "", .run = player_run };

delta1_algorithm_t
algorithm_of (player_t *player)
{
  return (delta1_algorithm_t){ .table = &player_table,
                               .label = (char[]){ "player" },
                               .context = player };
}

delta1_tie_family_t *
family_of (delta1_problem_t problem, slong m, slong N, slong samples, delta1_mix_t mix)
{
  delta1_reason_t reason;
  delta1_tie_family_t *family = NULL;
  delta1_tie_options_t options = delta1_tie_defaults;
  options.problem = problem;
  options.m = m;
  options.N = N;
  options.samples = samples;
  options.points = 2;
  options.mix = mix;
  options.seed = 5;
  assert_ok (delta1_tie_family_create (&family, &options, &reason), reason);
  return family;
}
