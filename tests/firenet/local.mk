CMOCKA_TESTS += test_arithmetic test_kernels test_operator test_restart test_sampled

test_operator_SOURCES = tests/firenet/test_operator.c tests/firenet/operator_laws.c tests/firenet/operator_laws.h
test_operator_CFLAGS = $(TEST_CFLAGS)
test_operator_LDADD = $(TEST_FIRENET)

test_restart_SOURCES = tests/firenet/test_restart.c
test_restart_CFLAGS = $(TEST_CFLAGS)
test_restart_LDADD = $(TEST_FIRENET)

test_sampled_SOURCES = tests/firenet/test_sampled.c tests/firenet/operator_laws.c tests/firenet/operator_laws.h
test_sampled_CFLAGS = $(TEST_CFLAGS)
test_sampled_LDADD = $(TEST_FIRENET)

test_kernels_SOURCES = tests/firenet/test_kernels.c
test_kernels_CFLAGS = $(TEST_CFLAGS)
test_kernels_LDADD = $(TEST_FIRENET)

test_arithmetic_SOURCES = tests/firenet/test_arithmetic.c
test_arithmetic_CFLAGS = $(TEST_CFLAGS)
test_arithmetic_LDADD = $(TEST_FIRENET)
