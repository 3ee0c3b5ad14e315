/* delta1 plot depth: entrywise balls beside Theorem 6.7, over the depth of a network. */
#include "programs/plot_depth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "firenet/depth.h"
#include "firenet/sampled.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/plot.h"

#define COMMAND "plot"
#define SIDE 16
#define DOUBLE_BITS 53
#define MANY_BITS 212
/* Entrywise radii lose about so many bits in a step of this network. */
#define BITS_PER_STEP 16

/* A picture of SIDE x SIDE pixels: a disc on a ramp. */
static double
pixel (slong i, slong j)
{
  double x = (double)(2 * j + 1) / SIDE - 1, y = (double)(2 * i + 1) / SIDE - 1;
  return 0.25 * (1 + x) + (x * x + y * y < 0.4 ? 0.5 : 0);
}

/* Every place near the centre, and every third of the others. */
static slong
make_mask (slong *mask)
{
  slong count = 0;
  for (slong i = 0; i < SIDE; i++)
    for (slong j = 0; j < SIDE; j++)
      if ((labs (i - SIDE / 2) <= SIDE / 8 && labs (j - SIDE / 2) <= SIDE / 8)
          || (5 * i + 3 * j) % 7 < 2)
        mask[count++] = i * SIDE + j;
  return count;
}

static delta1_status_t
make_operators (delta1_operator_t *A[4], slong sharp, delta1_reason_t *reason)
{
  slong mask[SIDE * SIDE];
  const delta1_sampled_t options = { .transform = DELTA1_TRANSFORM_FOURIER,
                                     .wavelet = DELTA1_WAVELET_HAAR,
                                     .levels = 4,
                                     .dimensions = 2,
                                     .side = SIDE,
                                     .mask = mask,
                                     .count = make_mask (mask) };
  const slong bits[] = { DOUBLE_BITS, DOUBLE_BITS, MANY_BITS, sharp };
  delta1_status_t status = DELTA1_OK;
  for (int i = 0; i < 4 && status == DELTA1_OK; i++)
    status = delta1_operator_create_sampled (
        A + i, i == 0 ? &delta1_arithmetic_complex_double : &delta1_arithmetic_complex_ball,
        bits[i], &options, reason);
  return status;
}

/* y (m) = the samples of the picture. */
static delta1_status_t
make_datum (void **y, const delta1_operator_t *A, delta1_reason_t *reason)
{
  const delta1_arithmetic_t *use = A->use;
  const delta1_sampled_t synthesis
      = { .wavelet = DELTA1_WAVELET_HAAR, .levels = 4, .dimensions = 2, .side = SIDE };
  delta1_operator_t *W = NULL;
  void *image = use->create (A->N, DOUBLE_BITS), *x = use->create (A->N, DOUBLE_BITS);
  acb_t z;
  acb_init (z);
  *y = use->create (A->m, DOUBLE_BITS);
  delta1_status_t status
      = image == NULL || x == NULL || *y == NULL
            ? delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture")
            : delta1_operator_create_sampled (&W, use, DOUBLE_BITS, &synthesis, reason);
  if (status == DELTA1_OK)
    {
      for (slong i = 0; i < A->N; i++)
        {
          acb_set_d (z, pixel (i / SIDE, i % SIDE));
          use->set_complex (image, i, z);
        }
      delta1_operator_adjoint (W, x, image);
      delta1_operator_forward (A, *y, x);
    }
  delta1_operator_free (W);
  use->free (image, A->N);
  use->free (x, A->N);
  acb_clear (z);
  return status;
}

static delta1_status_t
draw (const delta1_depth_t *few, const delta1_depth_t *many, const char *prefix,
      delta1_reason_t *reason)
{
  const char *const titles[]
      = { "balls of 53 bits, entry by entry", "balls of 212 bits, entry by entry",
          "doubles: Theorem 6.7", "doubles: error" };
  const double *const values[] = { few->balls, many->balls, few->linear, few->error };
  double *step = malloc ((size_t)few->count * sizeof *step);
  double *cut = malloc ((size_t)few->count * 4 * sizeof *cut);
  delta1_plot_series_t series[4];
  bool drawn;
  if (step == NULL || cut == NULL)
    {
      free (step);
      free (cut);
      return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a picture");
    }
  for (slong k = 0; k < few->count; k++)
    {
      step[k] = (double)(k + 1);
      for (int i = 0; i < 4;
           i++) /* x_1 is often 0, exactly; far above all else is nothing to see */
        cut[i * few->count + k] = values[i][k] > 0 && values[i][k] < 1e3 ? values[i][k] : NAN;
    }
  for (int i = 0; i < 4; i++)
    series[i] = (delta1_plot_series_t){ .title = titles[i],
                                        .style = DELTA1_PLOT_LINES_POINTS,
                                        .count = few->count,
                                        .x = step,
                                        .y = cut + i * few->count };
  const delta1_plot_t plot = { .title = "Enclosures of a network over its depth",
                               .x = { .label = "inner step" },
                               .y = { .label = "radius, or error (Euclidean)",
                                      .logarithmic = true,
                                      .least = 1e-64 },
                               .count = 4,
                               .series = series };
  delta1_status_t status = delta1_plot_write (&drawn, &plot, prefix, reason);
  if (status == DELTA1_OK && drawn)
    printf ("%s.svg %s.png\n", prefix, prefix);
  else if (status == DELTA1_OK)
    printf ("%s\n", reason->text);
  free (step);
  free (cut);
  return status;
}

static delta1_status_t
compare_and_draw (slong inner, slong restarts, const char *prefix, delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  delta1_operator_t *A[4] = { NULL };
  delta1_restart_t network;
  delta1_depth_t few = { .count = 0 }, many = { .count = 0 };
  void *y = NULL;
  slong sharp = 256 + BITS_PER_STEP * inner * restarts;
  delta1_restart_init (&network, sharp + 64);
  arb_one (network.steps.tau);
  arb_one (network.steps.sigma);
  arb_set_d (network.steps.lambda, 0x1p-9);
  arb_set_d (network.delta, 0x1p-10);
  arb_set_si (network.eps_0, 10);
  network.inner = inner;
  network.restarts = restarts;
  DELTA1_TRY (make_operators (A, sharp, reason));
  DELTA1_TRY (make_datum (&y, A[0], reason));
  const delta1_depth_operators_t with_few = { A[0], A[1], A[3] }, with_many = { A[0], A[2], A[3] };
  DELTA1_TRY (delta1_depth_compare (&few, &with_few, y, &network, reason));
  DELTA1_TRY (delta1_depth_compare (&many, &with_many, y, &network, reason));
  status = draw (&few, &many, prefix, reason);

cleanup:
  if (A[0] != NULL)
    A[0]->use->free (y, A[0]->m);
  for (int i = 0; i < 4; i++)
    delta1_operator_free (A[i]);
  delta1_restart_clear (&network);
  delta1_depth_clear (&few);
  delta1_depth_clear (&many);
  return status;
}

int
delta1_plot_depth (int argc, char **argv)
{
  static const struct option options[] = { { "output", required_argument, NULL, 'o' },
                                           { "inner", required_argument, NULL, 'p' },
                                           { "restarts", required_argument, NULL, 'n' },
                                           { NULL, 0, NULL, 0 } };
  const char *prefix = NULL;
  slong inner = 5, restarts = 8;
  int result;
  delta1_reason_t reason;
  opterr = 0;
  optind = 0;
  while ((result = getopt_long (argc, argv, ":o:", options, NULL)) != -1)
    switch (result)
      {
      case 'o':
        prefix = optarg;
        break;
      case 'p':
        if (!delta1_usage_integer (&inner, COMMAND, "--inner", optarg, 1, 100))
          return DELTA1_EXIT_USAGE;
        break;
      case 'n':
        if (!delta1_usage_integer (&restarts, COMMAND, "--restarts", optarg, 1, 100))
          return DELTA1_EXIT_USAGE;
        break;
      default:
        return delta1_usage_getopt (COMMAND, result, argv);
      }
  if (optind < argc)
    return delta1_usage_error (COMMAND, "depth takes no file: '%.60s'", argv[optind]);
  if (prefix == NULL)
    return delta1_usage_error (COMMAND, "no -o PREFIX given; see delta1 %s --help", COMMAND);
  delta1_status_t status = compare_and_draw (inner, restarts, prefix, &reason);
  if (status == DELTA1_OK)
    return DELTA1_EXIT_OK;
  (void)delta1_usage_error (COMMAND, "%s", reason.text);
  return status == DELTA1_UNDECIDED ? DELTA1_EXIT_UNDECIDED : DELTA1_EXIT_USAGE;
}
