CMOCKA_TESTS += test_operator test_network

test_operator_SOURCES = tests/firenet/test_operator.c tests/firenet/operator_laws.c tests/firenet/operator_laws.h
test_operator_CFLAGS = $(TEST_CFLAGS)
test_operator_LDADD = $(TEST_FIRENET)

test_network_SOURCES = tests/firenet/test_network.c
test_network_CFLAGS = $(TEST_CFLAGS)
test_network_LDADD = $(TEST_FIRENET)
