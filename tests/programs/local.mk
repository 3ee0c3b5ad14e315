CMOCKA_TESTS += test_command_oracle

test_command_oracle_SOURCES = tests/programs/test_command_oracle.c programs/command_oracle.c
test_command_oracle_CFLAGS = $(TEST_CFLAGS)
test_command_oracle_LDADD = $(TEST_ORACLES)
