CMOCKA_TESTS += test_number test_problem test_document

test_number_SOURCES = tests/src/test_number.c
test_number_CFLAGS = $(TEST_CFLAGS)
test_number_LDADD = $(TEST_GROUND)

test_problem_SOURCES = tests/src/test_problem.c
test_problem_CFLAGS = $(TEST_CFLAGS)
test_problem_LDADD = $(TEST_GROUND)

test_document_SOURCES = tests/src/test_document.c
test_document_CFLAGS = $(TEST_CFLAGS)
test_document_LDADD = $(TEST_GROUND)
