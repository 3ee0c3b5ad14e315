#include <stdio.h>

#include "constructions/barrier_certificate.h"
#include "programs/commands.h"
#include "programs/usage.h"
#include "src/solve_certificate.h"

static int
help (void)
{
  printf (
      "usage: delta1 verify [--quiet] FILE...\n\n"
      "Checks certificates (doc/certificate.md, doc/certificate-solve.md): over the rationals,\n"
      "and in ball arithmetic where entries are irrational or inexact. One line a file:\n"
      "accepted, with what was proved; refused, undecided or unreadable, with the reason.\n\n"
      "  -q, --quiet   print only what is not accepted\n"
      "  -h, --help    this text\n\n"
      "Exit codes: 0 all accepted; 1 one refused; 2 one undecided; 3 one unreadable, or wrong "
      "usage.\n"
      "delta1-check does the same for rational certificates and shares no code with delta1.\n");
  return DELTA1_EXIT_OK;
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
  status = delta1_solve_certificate_is (document)
               ? delta1_solve_certificate_verify (document, &reason)
               : delta1_certificate_verify (document, &reason);
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
