# The laws are shared: a test of any oracle adds $(TEST_ORACLE_LAWS) before its libraries.
check_LTLIBRARIES += liboraclelaws.la
liboraclelaws_la_SOURCES = tests/oracles/oracle_laws.c tests/oracles/oracle_laws.h
liboraclelaws_la_CFLAGS = $(TEST_CFLAGS)
TEST_ORACLE_LAWS = liboraclelaws.la

CMOCKA_TESTS += test_adversary test_oracle test_transcript test_meter test_expression test_table

test_oracle_SOURCES = tests/oracles/test_oracle.c
test_oracle_CFLAGS = $(TEST_CFLAGS)
test_oracle_LDADD = $(TEST_ORACLE_LAWS) $(TEST_ORACLES)

test_transcript_SOURCES = tests/oracles/test_transcript.c
test_transcript_CFLAGS = $(TEST_CFLAGS)
test_transcript_LDADD = $(TEST_ORACLES)

test_meter_SOURCES = tests/oracles/test_meter.c
test_meter_CFLAGS = $(TEST_CFLAGS)
test_meter_LDADD = $(TEST_ORACLES)

test_expression_SOURCES = tests/oracles/test_expression.c
test_expression_CFLAGS = $(TEST_CFLAGS)
test_expression_LDADD = $(TEST_ORACLES)

test_table_SOURCES = tests/oracles/test_table.c $(TABLE_FILES)
test_table_CFLAGS = $(TEST_CFLAGS)
test_table_LDADD = $(TEST_ORACLES)

test_adversary_SOURCES = tests/oracles/test_adversary.c
test_adversary_CFLAGS = $(TEST_CFLAGS)
test_adversary_LDADD = $(TEST_ORACLE_LAWS) $(TEST_ORACLES)
