/* delta1 reconstruct: an image from few measurements, and what the result is worth. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "programs/commands.h"
#include "programs/reconstruct.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/file.h"

#define COMMAND "reconstruct"
#define MAX_STEPS 100000

static int
help (void)
{
  printf (
      "usage: delta1 reconstruct [INPUT] [OPTION]...\n\n"
      "Measures an image by few Fourier or Walsh samples with noise, reconstructs it by FIRENET "
      "(the\n"
      "restarted primal-dual network for the square-root LASSO in a wavelet basis), and says "
      "what is\n"
      "certain of the result (mathematics.md, Section 6):\n"
      "  (a) how far rounding took it from the exact network; (b) how far it moves when the "
      "data do;\n"
      "  (c) how far its objective is from the minimum; (d) how far it is from the truth, on\n"
      "  assumptions; (e) how far it is, the truth being known.\n\n");
  delta1_reconstruct_help ();
  printf ("What is certified:\n"
          "  --polish N            at most N plain steps for (c), until the relative gap is 1e-4; "
          "0: no (c);\n"
          "                        default 10000\n"
          "  --precision BITS      (a): the network again in balls of BITS bits, or 'double' "
          "(default):\n"
          "                        not\n"
          "  --assume RHO,GAMMA    (d): the null space property that is assumed; default 0.5,1\n\n"
          "Output:\n"
          "  -o, --output OUT      a name in .png: the reconstruction as that picture; else a "
          "directory:\n"
          "                        pictures (PNG), arrays (NPY), trace.csv, page.svg, page.png\n"
          "  --npy FILE            the reconstruction as an array, rows x columns\n"
          "  --trace FILE          objective and error of every inner step as CSV\n"
          "  --certificate FILE    (a) and (c) as a certificate, its arrays beside it; delta1 "
          "verify\n"
          "                        re-checks them\n"
          "  --json FILE           all of it as JSON\n"
          "  -h, --help            this text\n");
  return DELTA1_EXIT_OK;
}

/* --- arguments -------------------------------------------------------------------------------- */

enum
{
  OPT_POLISH = DELTA1_OPTION_OWN,
  OPT_PRECISION,
  OPT_ASSUME,
  OPT_NPY,
  OPT_TRACE,
  OPT_CERTIFICATE,
  OPT_JSON
};

static const struct option options[]
    = { DELTA1_RECONSTRUCT_OPTIONS,
        { "polish", required_argument, NULL, OPT_POLISH },
        { "precision", required_argument, NULL, OPT_PRECISION },
        { "assume", required_argument, NULL, OPT_ASSUME },
        { "output", required_argument, NULL, 'o' },
        { "npy", required_argument, NULL, OPT_NPY },
        { "trace", required_argument, NULL, OPT_TRACE },
        { "certificate", required_argument, NULL, OPT_CERTIFICATE },
        { "json", required_argument, NULL, OPT_JSON },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 } };

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
set_option (delta1_reconstruct_setting_t *s, int option, const char *text)
{
  switch (option)
    {
    case OPT_POLISH:
      return delta1_usage_integer (&s->polish, COMMAND, "--polish", text, 0, MAX_STEPS);
    case OPT_PRECISION:
      s->precision = 0;
      return strcmp (text, "double") == 0
             || delta1_usage_integer (&s->precision, COMMAND, "--precision", text, 64, 100000);
    case OPT_ASSUME:
      return set_assumed (s, text);
    case 'o':
      s->output = text;
      return true;
    case OPT_NPY:
      s->npy = text;
      return true;
    case OPT_TRACE:
      s->trace = text;
      return true;
    case OPT_CERTIFICATE:
      s->certificate = text;
      return true;
    case OPT_JSON:
      s->json = text;
      return true;
    default:
      return delta1_reconstruct_set (s, COMMAND, option, text);
    }
}

static bool
is_picture (const char *path)
{
  size_t length = strlen (path);
  return length > 4 && strcmp (path + length - 4, ".png") == 0;
}

/* Before anything is computed. The directory first: files may be asked for in it. */
static bool
can_write (bool *made, const delta1_reconstruct_setting_t *s)
{
  bool can = true, picture = s->output != NULL && is_picture (s->output);
  const struct
  {
    const char *option, *path;
  } files[] = { { "--output", picture ? s->output : NULL },
                { "--npy", s->npy },
                { "--trace", s->trace },
                { "--certificate", s->certificate },
                { "--json", s->json } };
  if (s->output != NULL && !picture)
    can = delta1_reconstruct_directory (made, COMMAND, s->output);
  for (size_t i = 0; i < sizeof files / sizeof files[0] && can; i++)
    can = delta1_usage_can_write (COMMAND, files[i].option, files[i].path);
  if (*made && !can)
    (void)rmdir (s->output);
  return can;
}

/* --- the run ---------------------------------------------------------------------------------- */

static delta1_status_t
write_all (const delta1_reconstruct_result_t *result, const delta1_reconstruct_setting_t *s,
           delta1_reason_t *reason)
{
  delta1_status_t status = DELTA1_OK;
  json_t *document = NULL;
  if (s->output != NULL && is_picture (s->output))
    DELTA1_TRY (delta1_reconstruct_write_picture (result->problem, result->x, s->output, reason));
  else if (s->output != NULL)
    DELTA1_TRY (delta1_reconstruct_write (result, s->output, reason));
  if (s->npy != NULL)
    DELTA1_TRY (delta1_reconstruct_write_npy (result->problem, result->x, s->npy, reason));
  if (s->trace != NULL)
    DELTA1_TRY (delta1_reconstruct_write_trace (result, s->trace, reason));
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
  bool traced
      = (s->output != NULL && !is_picture (s->output)) || s->trace != NULL || s->json != NULL;
  delta1_reconstruct_threads (s);
  delta1_reconstruct_problem_init (&problem);
  delta1_reconstruct_result_init (&result);
  result.progress = true;
  DELTA1_TRY (delta1_reconstruct_problem_build (&problem, s, &reason));
  DELTA1_TRY (delta1_reconstruct_run (&result, &problem, traced, &reason));
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
  delta1_reconstruct_setting_t setting = delta1_reconstruct_defaults;
  bool made = false; /* the directory: for a run that ends without output it is taken away */
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
  if (!delta1_reconstruct_finish (&setting, COMMAND, argc, argv) || !can_write (&made, &setting))
    return DELTA1_EXIT_USAGE;
  result = reconstruct (&setting);
  if (made && result != DELTA1_EXIT_OK)
    (void)rmdir (setting.output); /* where it is empty */
  return result;
}
