noinst_LTLIBRARIES += libground.la
libground_la_SOURCES = \
	src/document.c \
	src/network.c \
	src/network_double.c \
	src/network_evaluate.c \
	src/network_private.h \
	src/number.c \
	src/problem.c \
	src/status.c
nobase_pkginclude_HEADERS += \
	src/document.h \
	src/flint_world.h \
	src/network.h \
	src/network_evaluate.h \
	src/number.h \
	src/problem.h \
	src/status.h
