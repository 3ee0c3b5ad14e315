# A test links only the floor it tests and those below:
#   <name>_LDADD = $(TEST_GROUND) | $(TEST_ORACLES) | $(TEST_FIRENET) | $(TEST_CONSTRUCTIONS) | $(TEST_TRAINERS) | $(TEST_ALL)
if HAVE_CMOCKA
TEST_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
TEST_GROUND = libtesting.la libground.la $(CMOCKA_LIBS) $(GROUND_LIBS)
TEST_ORACLES = libtesting.la liboracles.la libground.la $(CMOCKA_LIBS) $(GROUND_LIBS)
TEST_FIRENET = libtesting.la libfirenet.la libground.la $(CMOCKA_LIBS) $(GROUND_LIBS)
TEST_CONSTRUCTIONS = libtesting.la libconstructions.la libfirenet.la liboracles.la libground.la $(CMOCKA_LIBS) $(GROUND_LIBS)
TEST_TRAINERS = libtesting.la libtrainers.la libfirenet.la liboracles.la libground.la $(CMOCKA_LIBS) $(GROUND_LIBS)
TEST_ALL = libtesting.la libdelta1.la $(CMOCKA_LIBS) $(GROUND_LIBS)

check_LTLIBRARIES += libtesting.la
libtesting_la_SOURCES = tests/testing.c tests/testing.h
libtesting_la_CFLAGS = $(TEST_CFLAGS)

CMOCKA_TESTS =
# The floors with the longest tests first.
include tests/programs/local.mk
include tests/trainers/local.mk
include tests/constructions/local.mk
include tests/firenet/local.mk
include tests/src/local.mk
include tests/oracles/local.mk
include tests/checker/local.mk
check_PROGRAMS += $(CMOCKA_TESTS)
TESTS += $(CMOCKA_TESTS)
endif

# Tests that are scripts run without cmocka; the longest first, so that none is left alone at the end.
# What the programs compute, or a compiler makes of the headers and the installed library:
PROGRAM_TESTS = \
	tests/checker/certificates.sh \
	tests/constructions/published_table.sh \
	tests/programs/reconstruct_reference.sh \
	tests/programs/paradox.sh \
	tests/programs/attack.sh \
	tests/programs/reconstruct.sh \
	tests/programs/verify_agrees.sh \
	tests/house/headers.sh \
	tests/programs/command_line.sh \
	tests/programs/solve_real_data.sh \
	tests/programs/command_solve.sh \
	tests/programs/network_contestant.sh \
	tests/programs/solver_certificates.sh \
	tests/house/install.sh \
	tests/firenet/numpy_agrees.sh
# What stands in the files, the same whatever the compiler:
FILE_TESTS = \
	tests/house/lessons.sh \
	tests/house/readme.sh \
	tests/house/documents.sh \
	tests/programs/report.sh \
	tests/house/api.sh \
	tests/house/completions.sh \
	tests/house/includes.sh \
	tests/house/missing.sh
SCRIPT_TESTS = $(FILE_TESTS) $(PROGRAM_TESTS)
TESTS += $(SCRIPT_TESTS)
EXTRA_DIST += $(SCRIPT_TESTS) \
	tests/leaks.txt \
	tests/checker/certificate_files.py \
	tests/checker/make_certificates.py \
	tests/checker/test_checker.py \
	tests/constructions/published_table.py \
	tests/house/console_blocks.py \
	tests/firenet/numpy_agrees.py \
	tests/house/documents.py \
	tests/house/readme.py \
	tests/programs/command_line.py \
	tests/programs/attack.py \
	tests/programs/reconstruct.py \
	tests/programs/reconstruct_reference.py \
	tests/programs/report.py \
	tests/programs/command_solve.py \
	tests/programs/solve_real_data.py \
	tests/programs/network_contestant.py \
	tests/programs/solver_certificates.py \
	tests/programs/paradox.py \
	tests/programs/verify_agrees.py
# Tests run beside each other: a thread that waits for another one sleeps instead of spinning.
AM_TESTS_ENVIRONMENT = \
	OMP_WAIT_POLICY=passive; export OMP_WAIT_POLICY; \
	top_srcdir='$(abs_top_srcdir)'; export top_srcdir; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	PYTHON3='$(PYTHON3)'; export PYTHON3; \
	ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1; export ASAN_OPTIONS; \
	LSAN_OPTIONS=suppressions='$(abs_top_srcdir)'/tests/leaks.txt:print_suppressions=0; export LSAN_OPTIONS; \
	CC='$(CC)'; export CC; \
	MAKE='$(MAKE)'; export MAKE; \
	PKG_CONFIG='$(PKG_CONFIG)'; export PKG_CONFIG; \
	DEPENDENCY_CFLAGS='$(GMP_CFLAGS) $(MPFR_CFLAGS) $(FLINT_CFLAGS) $(JANSSON_CFLAGS)'; export DEPENDENCY_CFLAGS; \
	SANITIZERS='$(enable_sanitizers)'; export SANITIZERS;
