
# External programs.
CMOCKA_TESTS += test_process test_adapters

test_process_SOURCES = tests/trainers/test_process.c tests/trainers/ring.c tests/trainers/ring.h
test_process_CFLAGS = $(TEST_CFLAGS)
test_process_LDADD = $(TEST_TRAINERS)

test_adapters_SOURCES = tests/trainers/test_adapters.c tests/trainers/ring.c tests/trainers/ring.h
test_adapters_CFLAGS = $(TEST_CFLAGS)
test_adapters_LDADD = $(TEST_TRAINERS)
