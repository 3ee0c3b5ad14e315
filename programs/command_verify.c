#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "constructions/certificate_verify.h"
#include "constructions/convergence.h"
#include "firenet/reconstruction.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/document.h"
#include "src/solve_certificate.h"

static int
help (void)
{
  printf (
      "usage: delta1 verify [--quiet] FILE...\n\n"
      "Checks certificates by their kind, from what stands in them alone (doc/certificate.md):\n"
      "  run, seeds       of the barrier: over the rationals; in ball arithmetic where entries "
      "are\n"
      "                   irrational (dct mixing)\n"
      "  solver           of a solver near a tie: over the rationals\n"
      "  paradox          of the stability paradox: over the rationals\n"
      "  reconstruction   with the arrays beside it: objective gaps in balls at the stored "
      "points,\n"
      "                   and how far the output is from the exact network's, in balls for small\n"
      "                   instances, else by a run with its own rounding bound\n"
      "  convergence      the network is run again in balls\n"
      "  determined, not-determined   of delta1 solve (doc/certificate-solve.md): in balls\n"
      "One line a file: accepted, with what was proved; refused, undecided or unreadable, with\n"
      "the reason.\n\n"
      "  -q, --quiet   print only what is not accepted\n"
      "  -h, --help    this text\n\n"
      "delta1-check does the same for rational certificates of the barrier and shares no code\n"
      "with delta1. Exit codes: 0 all accepted; 1 one refused; 2 one undecided; 3 one unreadable,\n"
      "or wrong usage.\n");
  return DELTA1_EXIT_OK;
}

/* The kinds of other families than the barrier's; directory: where the arrays stand. */
typedef struct
{
  const char *kind;
  delta1_status_t (*verify) (json_t *document, const char *directory, delta1_reason_t *reason);
} kind_t;

static delta1_status_t
verify_convergence (json_t *document, const char *directory, delta1_reason_t *reason)
{
  (void)directory;
  return delta1_convergence_verify (document, reason);
}

static const kind_t kinds[] = {
  { DELTA1_CONVERGENCE_KIND, verify_convergence },
  { "reconstruction", delta1_reconstruction_verify },
};

static delta1_status_t
verify_document (json_t *document, const char *path, delta1_reason_t *reason)
{
  if (delta1_solve_certificate_is (document))
    return delta1_solve_certificate_verify (document, reason);
  const char *kind = json_string_value (json_object_get (document, "kind"));
  const char *slash = strrchr (path, '/');
  char *directory = slash == NULL   ? strdup (".")
                    : slash == path ? strdup ("/")
                                    : strndup (path, (size_t)(slash - path));
  if (directory == NULL)
    return delta1_fail (reason, DELTA1_SYSTEM, "no memory for a file name");
  const kind_t *found = NULL;
  for (size_t i = 0; kind != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
    if (strcmp (kind, kinds[i].kind) == 0)
      found = kinds + i;
  delta1_status_t status = found != NULL ? found->verify (document, directory, reason)
                                         : delta1_certificate_verify (document, reason);
  free (directory);
  return status;
}

static int
verify_file (const char *path, bool quiet)
{
  delta1_reason_t reason;
  json_t *document = NULL;
  delta1_status_t status = delta1_document_read (&document, path, &reason);
  if (status != DELTA1_OK)
    {
      printf ("%s: unreadable: %s\n", path, reason.text);
      return DELTA1_EXIT_USAGE;
    }
  status = verify_document (document, path, &reason);
  json_decref (document);
  switch (status)
    {
    case DELTA1_OK:
      if (!quiet)
        printf ("%s: accepted: %s\n", path, reason.text);
      return DELTA1_EXIT_OK;
    case DELTA1_FAILED:
      printf ("%s: refused: %s\n", path, reason.text);
      return DELTA1_EXIT_REFUSED;
    case DELTA1_UNDECIDED:
      printf ("%s: undecided: %s\n", path, reason.text);
      return DELTA1_EXIT_UNDECIDED;
    case DELTA1_DOMAIN:
    case DELTA1_BUDGET:
    case DELTA1_INPUT:
    case DELTA1_SYSTEM:
      break;
    }
  printf ("%s: unreadable: %s\n", path, reason.text);
  return DELTA1_EXIT_USAGE;
}

/* 3 before 1 before 2 before 0. */
static int
worse (int a, int b)
{
  static const int rank[] = { [DELTA1_EXIT_OK] = 0,
                              [DELTA1_EXIT_UNDECIDED] = 1,
                              [DELTA1_EXIT_REFUSED] = 2,
                              [DELTA1_EXIT_USAGE] = 3 };
  return rank[a] >= rank[b] ? a : b;
}

int
delta1_command_verify (int argc, char **argv)
{
  static const struct option options[] = { { "quiet", no_argument, NULL, 'q' },
                                           { "help", no_argument, NULL, 'h' },
                                           { NULL, 0, NULL, 0 } };
  bool quiet = false;
  int result, code = DELTA1_EXIT_OK;
  opterr = 0;
  while ((result = getopt_long (argc, argv, ":qh", options, NULL)) != -1)
    switch (result)
      {
      case 'q':
        quiet = true;
        break;
      case 'h':
        return help ();
      default:
        return delta1_usage_getopt ("verify", result, argv);
      }
  if (optind == argc)
    return delta1_usage_error ("verify", "no file given; see delta1 verify --help");
  for (int i = optind; i < argc; i++)
    code = worse (code, verify_file (argv[i], quiet));
  return code;
}
