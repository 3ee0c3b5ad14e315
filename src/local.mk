noinst_LTLIBRARIES += libground.la
libground_la_SOURCES = \
	src/document.c \
	src/existence.c \
	src/gradient_kernels.c \
	src/gradient_kernels.h \
	src/gradient_private.h \
	src/mpfr_vector.c \
	src/network.c \
	src/network_document.c \
	src/network_double.c \
	src/network_evaluate.c \
	src/network_gradient.c \
	src/network_gradient_mpfr.c \
	src/network_private.h \
	src/number.c \
	src/optimiser.c \
	src/parameters.c \
	src/pieces.c \
	src/problem.c \
	src/status.c
nobase_pkginclude_HEADERS += \
	src/document.h \
	src/existence.h \
	src/flint_world.h \
	src/mpfr_vector.h \
	src/network.h \
	src/network_document.h \
	src/network_evaluate.h \
	src/network_gradient.h \
	src/number.h \
	src/optimiser.h \
	src/pieces.h \
	src/problem.h \
	src/status.h
