/* The options of what is measured and of the network: delta1 reconstruct and delta1 attack. */
#include "programs/reconstruct.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "programs/usage.h"

#define MAX_STEPS 100000
#define MAX_THREADS 1024

const delta1_reconstruct_setting_t delta1_reconstruct_defaults
    = { .phantom = DELTA1_PHANTOM_SHEPP_LOGAN,
        .transform = DELTA1_TRANSFORM_FOURIER,
        .wavelet = DELTA1_WAVELET_HAAR,
        .pattern = DELTA1_PATTERN_DAS,
        .rate = 0.15,
        .threshold = 0.2,
        .seed = 1,
        .noise = 0.02,
        .tau = 1,
        .sigma = 1,
        .rho = 0.5,
        .gamma = 1,
        .inner = 5,
        .restarts = 16,
        .polish = 10000 };

void
delta1_reconstruct_help (void)
{
  printf (
      "INPUT is a picture, PNG or PGM, that is measured: colours become grey, white is 1; or it "
      "is\n"
      "measurements, NPY or BART's NAME.cfl with NAME.hdr; without INPUT a phantom is measured.\n\n"
      "What is measured:\n"
      "  --phantom NAME        shepp-logan (default), shepp-logan-1974, smooth, detail; with "
      "measurements:\n"
      "                        the truth to compare\n"
      "  --side N              of the phantom, a power of two from 8 to 8192; default 512\n"
      "  --operator T          fourier (default), walsh; unitary\n"
      "  --wavelet W           haar (default), db2, db3, db4\n"
      "  --levels L            of the wavelet; default: log2 of the side, less 2\n"
      "  --pattern P           das (default), radial, gauss, half: which samples are taken\n"
      "  --rate F              of all samples; default 0.15\n"
      "  --mask FILE           a PNG or PGM of black and white instead; Fourier: DC in the middle\n"
      "  --threshold T         local sparsities, for das and the weights: coefficients of the "
      "phantom\n"
      "                        above T; default 0.2\n"
      "  --noise R             ||e|| = R ||Ax||; default 0.02\n"
      "  --seed N              of samples and noise; default 1\n\n"
      "The network:\n"
      "  --lambda X            default 0.2 / sqrt(samples)\n"
      "  --tau X, --sigma X    steps, tau sigma ||A||^2 <= 1, where ||A|| = 1; default 1\n"
      "  --inner P             steps of one restart; default 5\n"
      "  --restarts N          default 16\n"
      "  --delta X             what is expected of 2||Ax - y||; default 2 R ||y||\n"
      "  --weights W           levels (default): sqrt(s/s_k) for level k; none: 1 for all\n"
      "  --threads T           default: one for each processor that the load leaves free;\n"
      "                        results do not depend on it\n\n");
}

/* The place of text among names, NULL at their end; -1 after a line that says what is allowed. */
static int
choose (const char *command, const char *option, const char *text, const char *const *names)
{
  char allowed[200] = "";
  for (int i = 0; names[i] != NULL; i++)
    {
      if (strcmp (text, names[i]) == 0)
        return i;
      (void)snprintf (allowed + strlen (allowed), sizeof allowed - strlen (allowed), "%s%s",
                      i > 0 ? ", " : "", names[i]);
    }
  (void)delta1_usage_error (command, "%s %.60s: allowed: %s", option, text, allowed);
  return -1;
}

bool
delta1_reconstruct_number (double *value, const char *command, const char *option, const char *text,
                           const double range[2], bool closed)
{
  char *end;
  errno = 0;
  double x = strtod (text, &end);
  bool good = *text != '\0' && *end == '\0' && errno == 0 && isfinite (x) && x <= range[1]
              && (x > range[0] || (closed && x == range[0]));
  if (good)
    *value = x;
  else
    (void)delta1_usage_error (command, "%s %.60s: allowed: numbers %s %g, at most %g", option, text,
                              closed ? "from" : "above", range[0], range[1]);
  return good;
}

static bool
set_choice (delta1_reconstruct_setting_t *s, const char *command, int option, const char *text)
{
  static const char *const phantoms[]
      = { "shepp-logan", "shepp-logan-1974", "smooth", "detail", NULL };
  static const char *const operators[] = { "fourier", "walsh", NULL };
  static const char *const wavelets[] = { "haar", "db2", "db3", "db4", NULL };
  static const char *const patterns[] = { "das", "radial", "gauss", "half", NULL };
  static const char *const weights[] = { "levels", "none", NULL };
  int chosen;
  switch (option)
    {
    case DELTA1_OPTION_PHANTOM:
      chosen = choose (command, "--phantom", text, phantoms);
      s->phantom = (delta1_phantom_t)chosen;
      s->phantom_given = true;
      return chosen >= 0;
    case DELTA1_OPTION_OPERATOR:
      chosen = choose (command, "--operator", text, operators);
      s->transform = (delta1_transform_t)(DELTA1_TRANSFORM_FOURIER + chosen);
      return chosen >= 0;
    case DELTA1_OPTION_WAVELET:
      chosen = choose (command, "--wavelet", text, wavelets);
      s->wavelet = (delta1_wavelet_t)(DELTA1_WAVELET_HAAR + chosen);
      return chosen >= 0;
    case DELTA1_OPTION_WEIGHTS:
      chosen = choose (command, "--weights", text, weights);
      s->unweighted = chosen == 1;
      return chosen >= 0;
    default:
      chosen = choose (command, "--pattern", text, patterns);
      s->pattern = (delta1_pattern_t)chosen;
      s->pattern_given = true;
      return chosen >= 0;
    }
}

static bool
set_integer (delta1_reconstruct_setting_t *s, const char *command, int option, const char *text)
{
  switch (option)
    {
    case DELTA1_OPTION_SIDE:
      return delta1_usage_integer (&s->side, command, "--side", text, DELTA1_RECONSTRUCT_MIN_SIDE,
                                   DELTA1_RECONSTRUCT_MAX_SIDE);
    case DELTA1_OPTION_LEVELS:
      return delta1_usage_integer (&s->levels, command, "--levels", text, 1, 13);
    case DELTA1_OPTION_SEED:
      return delta1_usage_integer (&s->seed, command, "--seed", text, 0, WORD_MAX);
    case DELTA1_OPTION_INNER:
      return delta1_usage_integer (&s->inner, command, "--inner", text, 1, MAX_STEPS);
    case DELTA1_OPTION_RESTARTS:
      return delta1_usage_integer (&s->restarts, command, "--restarts", text, 1, MAX_STEPS);
    default:
      return delta1_usage_integer (&s->threads, command, "--threads", text, 1, MAX_THREADS);
    }
}

bool
delta1_reconstruct_set (delta1_reconstruct_setting_t *s, const char *command, int option,
                        const char *text)
{
  static const double to_1[2] = { 0, 1 }, wide[2] = { 0, 1e6 }, data[2] = { 0, 1e100 };
  switch (option)
    {
    case DELTA1_OPTION_PHANTOM:
    case DELTA1_OPTION_OPERATOR:
    case DELTA1_OPTION_WAVELET:
    case DELTA1_OPTION_PATTERN:
    case DELTA1_OPTION_WEIGHTS:
      return set_choice (s, command, option, text);
    case DELTA1_OPTION_MASK:
      s->mask = text;
      return true;
    case DELTA1_OPTION_RATE:
      s->pattern_given = true;
      return delta1_reconstruct_number (&s->rate, command, "--rate", text, to_1, false);
    case DELTA1_OPTION_THRESHOLD:
      return delta1_reconstruct_number (&s->threshold, command, "--threshold", text, wide, true);
    case DELTA1_OPTION_NOISE:
      return delta1_reconstruct_number (&s->noise, command, "--noise", text, wide, true);
    case DELTA1_OPTION_LAMBDA:
      return delta1_reconstruct_number (&s->lambda, command, "--lambda", text, wide, false);
    case DELTA1_OPTION_TAU:
      return delta1_reconstruct_number (&s->tau, command, "--tau", text, wide, false);
    case DELTA1_OPTION_SIGMA:
      return delta1_reconstruct_number (&s->sigma, command, "--sigma", text, wide, false);
    case DELTA1_OPTION_DELTA:
      return delta1_reconstruct_number (&s->delta, command, "--delta", text, data, false);
    default:
      return set_integer (s, command, option, text);
    }
}

bool
delta1_reconstruct_finish (delta1_reconstruct_setting_t *s, const char *command, int argc,
                           char **argv)
{
  const char *complaint = NULL;
  if (argc > optind + 1)
    {
      (void)delta1_usage_error (command, "argument %.60s: allowed: one INPUT; see delta1 %s --help",
                                argv[optind + 1], command);
      return false;
    }
  s->input = argc > optind ? argv[optind] : NULL;
  if (s->restarts * s->inner > MAX_STEPS)
    complaint = "--restarts times --inner: allowed: at most 100000 steps";
  else if (s->input != NULL && s->side != 0)
    complaint = "--side is that of the phantom: allowed without INPUT only";
  else if (s->mask != NULL && s->pattern_given)
    complaint = "--mask with --pattern or --rate: allowed: one of them";
  else if (s->transform == DELTA1_TRANSFORM_WALSH && s->pattern == DELTA1_PATTERN_RADIAL
           && s->mask == NULL)
    complaint = "--pattern radial needs --operator fourier";
  if (complaint != NULL)
    (void)delta1_usage_error (command, "%s", complaint);
  return complaint == NULL;
}

bool
delta1_reconstruct_directory (bool *made, const char *command, const char *path)
{
  struct stat info;
  *made = mkdir (path, 0777) == 0;
  int error = *made || errno == EEXIST ? 0 : errno;
  if (error == 0 && (stat (path, &info) != 0 || !S_ISDIR (info.st_mode)))
    error = ENOTDIR;
  if (error != 0)
    (void)delta1_usage_error (command, "--output %.300s: %s", path, strerror (error));
  return error == 0;
}

void
delta1_reconstruct_threads (const delta1_reconstruct_setting_t *s)
{
#ifdef _OPENMP
  if (s->threads > 0)
    omp_set_num_threads ((int)s->threads);
  else if (getenv ("OMP_NUM_THREADS") == NULL)
    omp_set_dynamic (1);
#else
  (void)s;
#endif
}
