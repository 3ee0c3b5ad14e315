/* delta1 reconstruct: an image from few measurements, and what the result is worth. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "programs/commands.h"
#include "programs/reconstruct.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/file.h"

#define COMMAND "reconstruct"
#define MAX_STEPS 100000
#define MAX_THREADS 1024

static const delta1_reconstruct_setting_t defaults = { .phantom = DELTA1_PHANTOM_SHEPP_LOGAN,
                                                       .side = 512,
                                                       .transform = DELTA1_TRANSFORM_FOURIER,
                                                       .wavelet = DELTA1_WAVELET_HAAR,
                                                       .pattern = DELTA1_PATTERN_DAS,
                                                       .fraction = 0.15,
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

static int
help (void)
{
  printf (
      "usage: delta1 reconstruct [OPTION]...\n\n"
      "Measures an image by few Fourier or Walsh samples with noise, reconstructs it by FIRENET "
      "(the\n"
      "restarted primal-dual network for the square-root LASSO in a wavelet basis), and says what "
      "is\n"
      "certain of the result (mathematics.md, Section 6):\n"
      "  (a) how far rounding took it from the exact network; (b) how far it moves when the data "
      "do;\n"
      "  (c) how far its objective is from the minimum; (d) how far it is from the truth, on\n"
      "  assumptions; (e) how far it is, the truth being known.\n\n"
      "What is measured:\n"
      "  --phantom NAME        shepp-logan (default), shepp-logan-1974, smooth, detail\n"
      "  --image FILE          a square PNG instead, side a power of two from 8 to 8192; colours "
      "become\n"
      "                        grey; white is 1\n"
      "  --side N              of the phantom; default 512\n"
      "  --transform T         fourier (default), walsh\n"
      "  --wavelet W           haar (default), db2, db3, db4\n"
      "  --levels L            of the wavelet; default: log2 of the side, less 2\n"
      "  --pattern P           das (default), radial, gaussian, half: which samples are taken\n"
      "  --fraction F          of all samples; default 0.15\n"
      "  --mask FILE           a PNG of black and white instead; Fourier: DC in the middle\n"
      "  --threshold T         local sparsities, for das and the weights: coefficients of the "
      "phantom\n"
      "                        above T; default 0.2\n"
      "  --noise R             ||e|| = R ||Ax||; default 0.02\n"
      "  --seed N              of samples and noise; default 1\n"
      "  --data FILE           measurements as NPY instead: a complex (fourier) or real (walsh) "
      "vector,\n"
      "                        the samples of the mask row by row; transforms are unitary\n\n"
      "The network:\n"
      "  --lambda X            default 0.2 / sqrt(samples)\n"
      "  --tau X, --sigma X    steps, tau sigma ||A||^2 <= 1, where ||A|| = 1; default 1\n"
      "  --inner P             steps of one restart; default 5\n"
      "  --restarts N          default 16\n"
      "  --delta X             what is expected of 2||Ax - y||; default 2 R ||y||\n"
      "  --unweighted          weight 1 for every level instead of sqrt(s/s_k)\n"
      "  --threads T           default: one for each processor that the load leaves free;\n"
      "                        results do not depend on it\n\n"
      "What is certified:\n"
      "  --polish N            at most N plain steps for (c), until the relative gap is 1e-4; "
      "0: no (c);\n"
      "                        default 10000\n"
      "  --attack              (b): search the worst noise, and certify what was found\n"
      "  --precision BITS      (a): the network again in balls of BITS bits, or 'double' "
      "(default): "
      "not\n"
      "  --assume RHO,GAMMA    (d): the null space property that is assumed; default 0.5,1\n\n"
      "Output:\n"
      "  -o, --output DIR      pictures (PNG), arrays (NPY), trace.csv, page.svg, page.png\n"
      "  --certificate FILE    (a) and (c) as a certificate, its arrays beside it; delta1 verify\n"
      "                        re-checks them\n"
      "  --json FILE           all of it as JSON\n"
      "  -h, --help            this text\n");
  return DELTA1_EXIT_OK;
}

/* --- arguments -------------------------------------------------------------------------------- */

enum
{
  OPT_PHANTOM = 256,
  OPT_IMAGE,
  OPT_SIDE,
  OPT_TRANSFORM,
  OPT_WAVELET,
  OPT_LEVELS,
  OPT_PATTERN,
  OPT_FRACTION,
  OPT_MASK,
  OPT_THRESHOLD,
  OPT_NOISE,
  OPT_SEED,
  OPT_DATA,
  OPT_LAMBDA,
  OPT_TAU,
  OPT_SIGMA,
  OPT_INNER,
  OPT_RESTARTS,
  OPT_DELTA,
  OPT_UNWEIGHTED,
  OPT_THREADS,
  OPT_POLISH,
  OPT_ATTACK,
  OPT_PRECISION,
  OPT_ASSUME,
  OPT_CERTIFICATE,
  OPT_JSON
};

static const struct option options[]
    = { { "phantom", required_argument, NULL, OPT_PHANTOM },
        { "image", required_argument, NULL, OPT_IMAGE },
        { "side", required_argument, NULL, OPT_SIDE },
        { "transform", required_argument, NULL, OPT_TRANSFORM },
        { "wavelet", required_argument, NULL, OPT_WAVELET },
        { "levels", required_argument, NULL, OPT_LEVELS },
        { "pattern", required_argument, NULL, OPT_PATTERN },
        { "fraction", required_argument, NULL, OPT_FRACTION },
        { "mask", required_argument, NULL, OPT_MASK },
        { "threshold", required_argument, NULL, OPT_THRESHOLD },
        { "noise", required_argument, NULL, OPT_NOISE },
        { "seed", required_argument, NULL, OPT_SEED },
        { "data", required_argument, NULL, OPT_DATA },
        { "lambda", required_argument, NULL, OPT_LAMBDA },
        { "tau", required_argument, NULL, OPT_TAU },
        { "sigma", required_argument, NULL, OPT_SIGMA },
        { "inner", required_argument, NULL, OPT_INNER },
        { "restarts", required_argument, NULL, OPT_RESTARTS },
        { "delta", required_argument, NULL, OPT_DELTA },
        { "unweighted", no_argument, NULL, OPT_UNWEIGHTED },
        { "threads", required_argument, NULL, OPT_THREADS },
        { "polish", required_argument, NULL, OPT_POLISH },
        { "attack", no_argument, NULL, OPT_ATTACK },
        { "precision", required_argument, NULL, OPT_PRECISION },
        { "assume", required_argument, NULL, OPT_ASSUME },
        { "output", required_argument, NULL, 'o' },
        { "certificate", required_argument, NULL, OPT_CERTIFICATE },
        { "json", required_argument, NULL, OPT_JSON },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };

/* The place of text among names, NULL at their end; -1 after a line that says what is allowed. */
static int
choose (const char *option, const char *text, const char *const *names)
{
  char allowed[200] = "";
  for (int i = 0; names[i] != NULL; i++)
    {
      if (strcmp (text, names[i]) == 0)
        return i;
      (void)snprintf (allowed + strlen (allowed), sizeof allowed - strlen (allowed), "%s%s",
                      i > 0 ? ", " : "", names[i]);
    }
  (void)delta1_usage_error (COMMAND, "%s %.60s: allowed: %s", option, text, allowed);
  return -1;
}

/* A finite number in (low, high], or [low, high] when closed. */
static bool
number (double *value, const char *option, const char *text, double low, bool closed, double high)
{
  char *end;
  errno = 0;
  double x = strtod (text, &end);
  bool good = *text != '\0' && *end == '\0' && errno == 0 && isfinite (x) && x <= high
              && (x > low || (closed && x == low));
  if (good)
    *value = x;
  else
    (void)delta1_usage_error (COMMAND, "%s %.60s: allowed: numbers %s %g, at most %g", option, text,
                              closed ? "from" : "above", low, high);
  return good;
}

static bool
set_assumed (delta1_reconstruct_setting_t *s, const char *text)
{
  char *end, *last;
  double rho = strtod (text, &end);
  double gamma = *end == ',' ? strtod (end + 1, &last) : NAN;
  bool good = end != text && *end == ',' && last != end + 1 && *last == '\0' && rho >= 0 && rho < 1
              && gamma > 0 && isfinite (gamma);
  if (good)
    {
      s->rho = rho;
      s->gamma = gamma;
    }
  else
    (void)delta1_usage_error (COMMAND,
                              "--assume %.60s: allowed: RHO,GAMMA with 0 <= RHO < 1 and "
                              "GAMMA above 0",
                              text);
  return good;
}

static bool
set_choice (delta1_reconstruct_setting_t *s, int option, const char *text)
{
  static const char *const phantoms[]
      = { "shepp-logan", "shepp-logan-1974", "smooth", "detail", NULL };
  static const char *const transforms[] = { "fourier", "walsh", NULL };
  static const char *const wavelets[] = { "haar", "db2", "db3", "db4", NULL };
  static const char *const patterns[] = { "das", "radial", "gaussian", "half", NULL };
  int chosen;
  switch (option)
    {
    case OPT_PHANTOM:
      chosen = choose ("--phantom", text, phantoms);
      s->phantom = (delta1_phantom_t)chosen;
      s->phantom_given = true;
      return chosen >= 0;
    case OPT_TRANSFORM:
      chosen = choose ("--transform", text, transforms);
      s->transform = (delta1_transform_t)(DELTA1_TRANSFORM_FOURIER + chosen);
      return chosen >= 0;
    case OPT_WAVELET:
      chosen = choose ("--wavelet", text, wavelets);
      s->wavelet = (delta1_wavelet_t)(DELTA1_WAVELET_HAAR + chosen);
      return chosen >= 0;
    default:
      chosen = choose ("--pattern", text, patterns);
      s->pattern = (delta1_pattern_t)chosen;
      return chosen >= 0;
    }
}

static bool
set_integer (delta1_reconstruct_setting_t *s, int option, const char *text)
{
  switch (option)
    {
    case OPT_SIDE:
      return delta1_usage_integer (&s->side, COMMAND, "--side", text, 8, 8192);
    case OPT_LEVELS:
      return delta1_usage_integer (&s->levels, COMMAND, "--levels", text, 1, 13);
    case OPT_SEED:
      return delta1_usage_integer (&s->seed, COMMAND, "--seed", text, 0, WORD_MAX);
    case OPT_INNER:
      return delta1_usage_integer (&s->inner, COMMAND, "--inner", text, 1, MAX_STEPS);
    case OPT_RESTARTS:
      return delta1_usage_integer (&s->restarts, COMMAND, "--restarts", text, 1, MAX_STEPS);
    case OPT_THREADS:
      return delta1_usage_integer (&s->threads, COMMAND, "--threads", text, 1, MAX_THREADS);
    case OPT_POLISH:
      return delta1_usage_integer (&s->polish, COMMAND, "--polish", text, 0, MAX_STEPS);
    default:
      s->precision = 0;
      return strcmp (text, "double") == 0
             || delta1_usage_integer (&s->precision, COMMAND, "--precision", text, 64, 100000);
    }
}

static bool
set_number (delta1_reconstruct_setting_t *s, int option, const char *text)
{
  switch (option)
    {
    case OPT_FRACTION:
      return number (&s->fraction, "--fraction", text, 0, false, 1);
    case OPT_THRESHOLD:
      return number (&s->threshold, "--threshold", text, 0, true, 1e6);
    case OPT_NOISE:
      return number (&s->noise, "--noise", text, 0, true, 1e6);
    case OPT_LAMBDA:
      return number (&s->lambda, "--lambda", text, 0, false, 1e6);
    case OPT_TAU:
      return number (&s->tau, "--tau", text, 0, false, 1e6);
    case OPT_SIGMA:
      return number (&s->sigma, "--sigma", text, 0, false, 1e6);
    default:
      return number (&s->delta, "--delta", text, 0, false, 1e100);
    }
}

static bool
set_option (delta1_reconstruct_setting_t *s, int option, const char *text)
{
  switch (option)
    {
    case OPT_PHANTOM:
    case OPT_TRANSFORM:
    case OPT_WAVELET:
    case OPT_PATTERN:
      return set_choice (s, option, text);
    case OPT_IMAGE:
      s->image = text;
      return true;
    case OPT_MASK:
      s->mask = text;
      return true;
    case OPT_DATA:
      s->data = text;
      return true;
    case OPT_UNWEIGHTED:
      s->unweighted = true;
      return true;
    case OPT_ATTACK:
      s->attack = true;
      return true;
    case OPT_ASSUME:
      return set_assumed (s, text);
    case 'o':
      s->directory = text;
      return true;
    case OPT_CERTIFICATE:
      s->certificate = text;
      return true;
    case OPT_JSON:
      s->json = text;
      return true;
    case OPT_SIDE:
    case OPT_LEVELS:
    case OPT_SEED:
    case OPT_INNER:
    case OPT_RESTARTS:
    case OPT_THREADS:
    case OPT_POLISH:
    case OPT_PRECISION:
      return set_integer (s, option, text);
    default:
      return set_number (s, option, text);
    }
}

/* What is only wrong together. */
static bool
agree (const delta1_reconstruct_setting_t *s)
{
  const char *complaint = NULL;
  if (s->image != NULL && s->phantom_given)
    complaint = "--image and --phantom: allowed: one of them";
  else if (s->restarts * s->inner > MAX_STEPS)
    complaint = "--restarts times --inner: allowed: at most 100000 steps";
  else if (s->data != NULL && s->mask == NULL)
    complaint = "--data needs the --mask of its samples";
  else if (s->transform == DELTA1_TRANSFORM_WALSH && s->pattern == DELTA1_PATTERN_RADIAL
           && s->mask == NULL)
    complaint = "--pattern radial needs --transform fourier";
  if (complaint != NULL)
    (void)delta1_usage_error (COMMAND, "%s", complaint);
  return complaint == NULL;
}

/* The directory first: files may be asked for in it. */
static bool
make_directory (bool *made, const char *path)
{
  struct stat info;
  *made = mkdir (path, 0777) == 0;
  int error = *made || errno == EEXIST ? 0 : errno;
  if (error == 0 && (stat (path, &info) != 0 || !S_ISDIR (info.st_mode)))
    error = ENOTDIR;
  if (error != 0)
    (void)delta1_usage_error (COMMAND, "--output %.300s: %s", path, strerror (error));
  return error == 0;
}

/* Before anything is computed. */
static bool
can_write (const delta1_reconstruct_setting_t *s)
{
  delta1_reason_t reason;
  bool made = false, can = s->directory == NULL || make_directory (&made, s->directory);
  const char *const path[] = { s->certificate, s->json };
  const char *const option[] = { "--certificate", "--json" };
  for (int i = 0; i < 2 && can; i++)
    if (path[i] != NULL && delta1_file_can_write (path[i], &reason) != DELTA1_OK)
      {
        (void)delta1_usage_error (COMMAND, "%s %s", option[i], reason.text);
        can = false;
      }
  if (made && !can)
    (void)rmdir (s->directory);
  return can;
}

/* --- the run ---------------------------------------------------------------------------------- */

static delta1_status_t
write_all (const delta1_reconstruct_result_t *result, const delta1_reconstruct_setting_t *s,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document = NULL;
  if (s->directory != NULL)
    DELTA1_TRY (delta1_reconstruct_write (result, s->directory, reason));
  if (s->certificate != NULL)
    DELTA1_TRY (delta1_reconstruct_certify (result, s->certificate, reason));
  if (s->json != NULL)
    {
      document = delta1_reconstruct_json (result);
      if (document == NULL)
        DELTA1_TRY (delta1_fail (reason, DELTA1_SYSTEM, "no memory for the report"));
      DELTA1_TRY (delta1_document_write (document, s->json, reason));
    }
cleanup:
  json_decref (document);
  return status;
}

static int
reconstruct (const delta1_reconstruct_setting_t *s)
{
  delta1_reason_t reason;
  delta1_status_t status = DELTA1_OK;
  delta1_reconstruct_problem_t problem;
  delta1_reconstruct_result_t result;
  int code = DELTA1_EXIT_OK;
#ifdef _OPENMP
  if (s->threads > 0)
    omp_set_num_threads ((int)s->threads);
  else if (getenv ("OMP_NUM_THREADS") == NULL)
    omp_set_dynamic (
        1); /* on a busy machine threads that wait for each other lose more than they gain */
#endif
  delta1_reconstruct_problem_init (&problem);
  delta1_reconstruct_result_init (&result);
  result.progress = true;
  DELTA1_TRY (delta1_reconstruct_problem_build (&problem, s, &reason));
  DELTA1_TRY (
      delta1_reconstruct_run (&result, &problem, s->directory != NULL || s->json != NULL, &reason));
  delta1_reconstruct_print (&result);
  DELTA1_TRY (write_all (&result, s, &reason));
cleanup:
  if (status != DELTA1_OK)
    {
      (void)delta1_usage_error (COMMAND, "%s", reason.text);
      code = status == DELTA1_UNDECIDED ? DELTA1_EXIT_UNDECIDED : DELTA1_EXIT_USAGE;
    }
  delta1_reconstruct_result_clear (&result);
  delta1_reconstruct_problem_clear (&problem);
  return code;
}

int
delta1_command_reconstruct (int argc, char **argv)
{
  delta1_reconstruct_setting_t setting = defaults;
  int result;
  opterr = 0;
  optind = 1;
  while ((result = getopt_long (argc, argv, ":o:h", options, NULL)) != -1)
    {
      if (result == 'h')
        return help ();
      if (result == '?' || result == ':')
        return delta1_usage_getopt (COMMAND, result, argv);
      if (!set_option (&setting, result, optarg))
        return DELTA1_EXIT_USAGE;
    }
  if (optind != argc)
    return delta1_usage_error (COMMAND, "argument %.60s: allowed: none; see delta1 %s --help",
                               argv[optind], COMMAND);
  if (!agree (&setting) || !can_write (&setting))
    return DELTA1_EXIT_USAGE;
  return reconstruct (&setting);
}
