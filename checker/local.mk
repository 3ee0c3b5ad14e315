# The trusted base: nothing of the library is compiled or linked into it.
bin_PROGRAMS += delta1-check
delta1_check_SOURCES = \
	checker/claim.c \
	checker/delta1_check.c \
	checker/json.c checker/json.h \
	checker/number.c checker/number.h \
	checker/sha256.c checker/sha256.h \
	checker/tie.c checker/tie.h \
	checker/verdict.c checker/verdict.h
delta1_check_LDADD = $(JANSSON_LIBS) $(GMP_LIBS)

# The certificates of kind "paradox", with the general parts of the above.
bin_PROGRAMS += delta1-check-paradox
delta1_check_paradox_SOURCES = \
	checker/json.c checker/json.h \
	checker/number.c checker/number.h \
	checker/paradox/claim.c \
	checker/paradox/delta1_check_paradox.c \
	checker/paradox/network.c \
	checker/paradox/paradox.h \
	checker/paradox/rational.c checker/paradox/rational.h \
	checker/sha256.c checker/sha256.h \
	checker/verdict.c checker/verdict.h
delta1_check_paradox_LDADD = $(JANSSON_LIBS) $(GMP_LIBS)
