CMOCKA_TESTS += test_sampled test_arithmetic test_depth test_gap test_kernels test_operator test_reconstruction test_restart \
	test_rounding test_rounding_formulas test_sums

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

test_gap_SOURCES = tests/firenet/test_gap.c
test_gap_CFLAGS = $(TEST_CFLAGS)
test_gap_LDADD = $(TEST_FIRENET)

test_reconstruction_SOURCES = tests/firenet/test_reconstruction.c tests/firenet/small_run.c \
	tests/firenet/small_run.h
test_reconstruction_CFLAGS = $(TEST_CFLAGS)
test_reconstruction_LDADD = $(TEST_FIRENET)

test_rounding_SOURCES = tests/firenet/test_rounding.c tests/firenet/rounding_problem.c tests/firenet/rounding_problem.h
test_rounding_CFLAGS = $(TEST_CFLAGS)
test_rounding_LDADD = $(TEST_FIRENET)

test_depth_SOURCES = tests/firenet/test_depth.c
test_depth_CFLAGS = $(TEST_CFLAGS)
test_depth_LDADD = $(TEST_FIRENET)
# For numpy_agrees.sh.
check_PROGRAMS += print_transform
print_transform_SOURCES = tests/firenet/print_transform.c
print_transform_LDADD = libfirenet.la libground.la $(GROUND_LIBS)

CMOCKA_TESTS += test_null_space
test_null_space_SOURCES = tests/firenet/test_null_space.c
test_null_space_CFLAGS = $(TEST_CFLAGS)
test_null_space_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_enclosure
test_enclosure_SOURCES = tests/firenet/test_enclosure.c tests/firenet/random_instance.c tests/firenet/random_instance.h
test_enclosure_CFLAGS = $(TEST_CFLAGS)
test_enclosure_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_derivative
test_derivative_SOURCES = tests/firenet/test_derivative.c tests/firenet/random_instance.c tests/firenet/random_instance.h
test_derivative_CFLAGS = $(TEST_CFLAGS)
test_derivative_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_accuracy
test_accuracy_SOURCES = tests/firenet/test_accuracy.c
test_accuracy_CFLAGS = $(TEST_CFLAGS)
test_accuracy_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_stability
test_stability_SOURCES = tests/firenet/test_stability.c tests/firenet/random_instance.c tests/firenet/random_instance.h
test_stability_CFLAGS = $(TEST_CFLAGS)
test_stability_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_unroll
test_unroll_SOURCES = tests/firenet/test_unroll.c tests/firenet/random_instance.c tests/firenet/random_instance.h
test_unroll_CFLAGS = $(TEST_CFLAGS)
test_unroll_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_sampling
test_sampling_SOURCES = tests/firenet/test_sampling.c
test_sampling_CFLAGS = $(TEST_CFLAGS)
test_sampling_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_phantom
test_phantom_SOURCES = tests/firenet/test_phantom.c
test_phantom_CFLAGS = $(TEST_CFLAGS)
test_phantom_LDADD = $(TEST_FIRENET)

CMOCKA_TESTS += test_measurement
test_measurement_SOURCES = tests/firenet/test_measurement.c
test_measurement_CFLAGS = $(TEST_CFLAGS)
test_measurement_LDADD = $(TEST_FIRENET)
test_rounding_formulas_SOURCES = tests/firenet/test_rounding_formulas.c tests/firenet/rounding_problem.c tests/firenet/rounding_problem.h
test_rounding_formulas_CFLAGS = $(TEST_CFLAGS)
test_rounding_formulas_LDADD = $(TEST_FIRENET)

test_sums_SOURCES = tests/firenet/test_sums.c
test_sums_CFLAGS = $(TEST_CFLAGS)
test_sums_LDADD = $(TEST_FIRENET)
