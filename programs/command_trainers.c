#include <stdio.h>

#include "programs/commands.h"
#include "programs/usage.h"
#include "trainers/trainer.h"

static int
help (void)
{
  printf ("usage: delta1 trainers\n\n"
          "Lists the training algorithms that are built in: name, what it does, the problems it\n"
          "attempts, and its options, given as NAME:option=value,option=value to\n"
          "delta1 barrier --trainer. Any other program is put in the ring with --exec\n"
          "(doc/protocol.md).\n");
  return DELTA1_EXIT_OK;
}

int
delta1_command_trainers (int argc, char **argv)
{
  static const struct option options[]
      = { { "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
  int result;
  opterr = 0;
  while ((result = getopt_long (argc, argv, ":h", options, NULL)) != -1)
    {
      if (result == 'h')
        return help ();
      return delta1_usage_getopt ("trainers", result, argv);
    }
  if (optind < argc)
    return delta1_usage_error ("trainers", "argument %.60s: none is allowed", argv[optind]);
  for (const delta1_algorithm_table_t *const *t = delta1_trainer_tables (); *t != NULL; t++)
    {
      delta1_algorithm_t *algorithm;
      delta1_reason_t reason;
      printf ("%-12s %s%s\n%-12s attempts:", (*t)->name, (*t)->summary,
              (*t)->randomised ? " (randomised)" : "", "");
      if (delta1_trainer_parse (&algorithm, (*t)->name, &reason) != DELTA1_OK)
        {
          (void)fprintf (stderr, "delta1 trainers: %s\n", reason.text);
          return DELTA1_EXIT_REFUSED;
        }
      for (int p = 0; p < DELTA1_PROBLEM_COUNT; p++)
        {
          delta1_class_t known = { 0 };
          delta1_task_t task = { .problem = (delta1_problem_t)p, .known = &known };
          if ((*t)->attempts (algorithm, &task))
            printf (" %s", delta1_problem_name ((delta1_problem_t)p));
        }
      printf ("\n");
      if ((*t)->options[0] != '\0')
        printf ("%-12s options:  %s\n", "", (*t)->options);
      delta1_algorithm_free (algorithm);
    }
  return DELTA1_EXIT_OK;
}
