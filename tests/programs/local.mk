CMOCKA_TESTS += test_barrier_sweep test_paradox_trained test_command_oracle

test_command_oracle_SOURCES = tests/programs/test_command_oracle.c programs/command_oracle.c
test_command_oracle_CFLAGS = $(TEST_CFLAGS)
test_command_oracle_LDADD = $(TEST_ORACLES)

test_barrier_sweep_SOURCES = tests/programs/test_barrier_sweep.c
test_barrier_sweep_CFLAGS = $(TEST_CFLAGS)
test_barrier_sweep_LDADD = $(TEST_ALL)

CMOCKA_TESTS += test_command_solvers
test_command_solvers_SOURCES = tests/programs/test_command_solvers.c programs/certificates.c \
	programs/command_plot.c programs/command_solvers.c programs/plot_depth.c programs/progress.c \
	programs/solver_pictures.c programs/solver_report.c programs/usage.c
test_command_solvers_CFLAGS = $(TEST_CFLAGS)
test_command_solvers_LDADD = $(TEST_ALL)

test_paradox_trained_SOURCES = tests/programs/test_paradox_trained.c
test_paradox_trained_CFLAGS = $(TEST_CFLAGS)
test_paradox_trained_LDADD = $(TEST_ALL)
