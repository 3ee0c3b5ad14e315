/* commands: the subcommands of delta1, and its exit codes. */
#ifndef DELTA1_COMMANDS_H
#define DELTA1_COMMANDS_H

enum
{
  DELTA1_EXIT_OK = 0,
  DELTA1_EXIT_REFUSED = 1,   /* a certificate is refused, or delta1 found a defect in itself */
  DELTA1_EXIT_UNDECIDED = 2, /* not decided */
  DELTA1_EXIT_USAGE = 3      /* unreadable or wrong usage */
};

/* argv[0] is the name of the subcommand. */
int delta1_command_attack (int argc, char **argv);
int delta1_command_backprop (int argc, char **argv);
int delta1_command_barrier (int argc, char **argv);
int delta1_command_convergence (int argc, char **argv);
int delta1_command_nullspace (int argc, char **argv);
int delta1_command_oracle (int argc, char **argv);
int delta1_command_table1 (int argc, char **argv);
int delta1_command_paradox (int argc, char **argv);
int delta1_command_phantom (int argc, char **argv);
int delta1_command_plot (int argc, char **argv);
int delta1_command_reconstruct (int argc, char **argv);
int delta1_command_report (int argc, char **argv);
int delta1_command_solve (int argc, char **argv);
int delta1_command_solvers (int argc, char **argv);
int delta1_command_trainers (int argc, char **argv);
int delta1_command_verify (int argc, char **argv);

#endif
