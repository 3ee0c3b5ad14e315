/* delta1: what can and cannot be computed from inexact data, with certificates. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "programs/commands.h"
#include "programs/usage.h"

typedef struct
{
  const char *name;
  const char *summary;
  int (*run) (int argc, char **argv);
} command_t;

static const command_t commands[] = {
  { "barrier", "play the K / K-1 / K-2 barrier against training algorithms",
    delta1_command_barrier },
  { "trainers", "list the training algorithms that are built in", delta1_command_trainers },
  { "table1", "reproduce the published Table 1, every digit proved", delta1_command_table1 },
  { "convergence", "exponential convergence of FIRENET, every constant certified",
    delta1_command_convergence },
  { "nullspace", "certify the null space property of a matrix", delta1_command_nullspace },
  { "reconstruct", "an image from few measurements, with certificates",
    delta1_command_reconstruct },
  { "attack", "how far small changes of the data move a reconstruction, beside its bound",
    delta1_command_attack },
  { "phantom", "write a test picture", delta1_command_phantom },
  { "oracle", "ask an exact real number for n bits, as an algorithm would", delta1_command_oracle },
  { "solve", "certified digits of a minimiser, or a proof that the data do not give them",
    delta1_command_solve },
  { "solvers", "what solvers answer near a tie, and what they say of it", delta1_command_solvers },
  { "paradox", "data that every network of one size classifies unstably", delta1_command_paradox },
  { "backprop", "what finite precision does to training", delta1_command_backprop },
  { "plot", "draw pictures of reports", delta1_command_plot },
  { "report", "write a page to look at and teach from", delta1_command_report },
  { "verify", "check certificates in exact and ball arithmetic", delta1_command_verify },
};

#define COMMANDS (sizeof commands / sizeof commands[0])

/* One line on stderr: what is wrong, and every command. */
static void
complain (const char *what, const char *given)
{
  (void)fprintf (stderr, "delta1: %s%.60s; allowed:", what, given);
  for (size_t i = 0; i < COMMANDS; i++)
    (void)fprintf (stderr, " %s,", commands[i].name);
  (void)fprintf (stderr, " --help, --version\n");
}

static int
help (void)
{
  printf ("usage: delta1 COMMAND [OPTION]...\n\n"
          "What can and cannot be computed from inexact data, with certificates.\n\n");
  for (size_t i = 0; i < COMMANDS; i++)
    printf ("  %-11s %s\n", commands[i].name, commands[i].summary);
  printf (
      "\nEvery command explains itself with --help. delta1-check re-checks certificates without\n"
      "trusting this program. Exit codes: 0 success; 1 a certificate is refused; 2 not decided;\n"
      "3 unreadable input or wrong usage.\n");
  return DELTA1_EXIT_OK;
}

static int
version (void)
{
  printf ("delta1 %s (FLINT %s, GMP %s, MPFR %s)\n", PACKAGE_VERSION, FLINT_VERSION, gmp_version,
          mpfr_get_version ());
  return DELTA1_EXIT_OK;
}

/* What was printed must have arrived: a full disk is not a success. */
static int
finish (const char *command, int code)
{
  if (fflush (stdout) == 0 && ferror (stdout) == 0)
    return code;
  (void)fprintf (stderr, "delta1 %s: standard output cannot be written\n", command);
  return DELTA1_EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    {
      complain ("no command given", "");
      return DELTA1_EXIT_USAGE;
    }
  if (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0)
    return finish (argv[1], help ());
  if (strcmp (argv[1], "--version") == 0)
    return finish (argv[1], version ());
  for (size_t i = 0; i < COMMANDS; i++)
    if (strcmp (argv[1], commands[i].name) == 0)
      {
        int code = finish (argv[1], commands[i].run (argc - 1, argv + 1));
        flint_cleanup ();
        return code;
      }
  complain ("no command ", argv[1]);
  return DELTA1_EXIT_USAGE;
}
