CMOCKA_TESTS += test_adapters test_trustworthy test_process test_process_hostile test_process_network test_theorem test_guess test_first_order test_firenet test_trainer test_coordinate_descent test_exact test_learned

test_theorem_SOURCES = tests/trainers/test_theorem.c tests/trainers/tie_input.c tests/trainers/tie_input.h
test_theorem_CFLAGS = $(TEST_CFLAGS)
test_theorem_LDADD = $(TEST_TRAINERS)

test_guess_SOURCES = tests/trainers/test_guess.c tests/trainers/tie_input.c tests/trainers/tie_input.h
test_guess_CFLAGS = $(TEST_CFLAGS)
test_guess_LDADD = $(TEST_TRAINERS)

test_first_order_SOURCES = tests/trainers/test_first_order.c tests/trainers/tie_input.c tests/trainers/tie_input.h
test_first_order_CFLAGS = $(TEST_CFLAGS)
test_first_order_LDADD = $(TEST_TRAINERS)

test_firenet_SOURCES = tests/trainers/test_firenet.c tests/trainers/tie_input.c tests/trainers/tie_input.h
test_firenet_CFLAGS = $(TEST_CFLAGS)
test_firenet_LDADD = $(TEST_TRAINERS)

test_trainer_SOURCES = tests/trainers/test_trainer.c tests/trainers/tie_input.c tests/trainers/tie_input.h
test_trainer_CFLAGS = $(TEST_CFLAGS)
test_trainer_LDADD = $(TEST_TRAINERS)

test_coordinate_descent_SOURCES = tests/trainers/test_coordinate_descent.c tests/trainers/tie_input.c \
	tests/trainers/tie_input.h
test_coordinate_descent_CFLAGS = $(TEST_CFLAGS)
test_coordinate_descent_LDADD = $(TEST_TRAINERS)

test_exact_SOURCES = tests/trainers/test_exact.c tests/trainers/exact_reference.c \
	tests/trainers/exact_reference.h tests/trainers/tie_input.c tests/trainers/tie_input.h
test_exact_CFLAGS = $(TEST_CFLAGS)
test_exact_LDADD = $(TEST_TRAINERS)

test_learned_SOURCES = tests/trainers/test_learned.c tests/trainers/tie_input.c tests/trainers/tie_input.h
test_learned_CFLAGS = $(TEST_CFLAGS)
test_learned_LDADD = $(TEST_TRAINERS)

# External programs.

test_process_SOURCES = tests/trainers/test_process.c tests/trainers/ring.c tests/trainers/ring.h
test_process_CFLAGS = $(TEST_CFLAGS)
test_process_LDADD = $(TEST_TRAINERS)

test_process_hostile_SOURCES = tests/trainers/test_process_hostile.c tests/trainers/ring.c \
	tests/trainers/ring.h
test_process_hostile_CFLAGS = $(TEST_CFLAGS)
test_process_hostile_LDADD = $(TEST_TRAINERS)

test_process_network_SOURCES = tests/trainers/test_process_network.c tests/trainers/ring.c \
	tests/trainers/ring.h
test_process_network_CFLAGS = $(TEST_CFLAGS)
test_process_network_LDADD = $(TEST_TRAINERS)

test_adapters_SOURCES = tests/trainers/test_adapters.c tests/trainers/ring.c tests/trainers/ring.h
test_adapters_CFLAGS = $(TEST_CFLAGS)
test_adapters_LDADD = $(TEST_TRAINERS)

test_trustworthy_SOURCES = tests/trainers/test_trustworthy.c tests/trainers/tie_input.c tests/trainers/tie_input.h
test_trustworthy_CFLAGS = $(TEST_CFLAGS)
test_trustworthy_LDADD = $(TEST_TRAINERS)

CMOCKA_TESTS += test_fit
test_fit_SOURCES = tests/trainers/test_fit.c
test_fit_CFLAGS = $(TEST_CFLAGS)
test_fit_LDADD = $(TEST_TRAINERS)
