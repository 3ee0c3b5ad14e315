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
