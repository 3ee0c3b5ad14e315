bin_PROGRAMS += delta1
delta1_SOURCES = \
	programs/barrier_report.c programs/barrier_report.h \
	programs/command_barrier.c \
	programs/command_oracle.c \
	programs/command_table1.c \
	programs/command_plot.c \
	programs/command_solvers.c \
	programs/command_trainers.c \
	programs/command_verify.c \
	programs/commands.h \
	programs/delta1.c \
	programs/progress.c programs/progress.h \
	programs/solver_report.c programs/solver_report.h \
	programs/usage.c programs/usage.h
delta1_LDADD = libdelta1.la $(GROUND_LIBS)
