CMOCKA_TESTS += test_published_table test_tie_family test_barrier_game test_barrier_certificate test_network_answer

test_network_answer_SOURCES = tests/constructions/test_network_answer.c
test_network_answer_CFLAGS = $(TEST_CFLAGS)
test_network_answer_LDADD = $(TEST_CONSTRUCTIONS)

test_tie_family_SOURCES = tests/constructions/test_tie_family.c
test_tie_family_CFLAGS = $(TEST_CFLAGS)
test_tie_family_LDADD = $(TEST_CONSTRUCTIONS)

test_barrier_game_SOURCES = tests/constructions/test_barrier_game.c tests/constructions/player.c \
	tests/constructions/player.h
test_barrier_game_CFLAGS = $(TEST_CFLAGS)
test_barrier_game_LDADD = $(TEST_CONSTRUCTIONS)

test_barrier_certificate_SOURCES = tests/constructions/test_barrier_certificate.c \
	tests/constructions/player.c tests/constructions/player.h
test_barrier_certificate_CFLAGS = $(TEST_CFLAGS)
test_barrier_certificate_LDADD = $(TEST_CONSTRUCTIONS)

test_published_table_SOURCES = tests/constructions/test_published_table.c
test_published_table_CFLAGS = $(TEST_CFLAGS)
test_published_table_LDADD = $(TEST_CONSTRUCTIONS)
CMOCKA_TESTS += test_solver_families
test_solver_families_SOURCES = tests/constructions/test_solver_families.c
test_solver_families_CFLAGS = $(TEST_CFLAGS)
test_solver_families_LDADD = $(TEST_CONSTRUCTIONS)
CMOCKA_TESTS += test_stability_paradox
test_stability_paradox_SOURCES = tests/constructions/test_stability_paradox.c \
	tests/src/random_network.c tests/src/random_network.h
test_stability_paradox_CFLAGS = $(TEST_CFLAGS)
test_stability_paradox_LDADD = $(TEST_CONSTRUCTIONS)

CMOCKA_TESTS += test_finite_precision
test_finite_precision_SOURCES = tests/constructions/test_finite_precision.c
test_finite_precision_CFLAGS = $(TEST_CFLAGS)
test_finite_precision_LDADD = $(TEST_CONSTRUCTIONS)

CMOCKA_TESTS += test_convergence
test_convergence_SOURCES = tests/constructions/test_convergence.c
test_convergence_CFLAGS = $(TEST_CFLAGS)
test_convergence_LDADD = $(TEST_CONSTRUCTIONS)
