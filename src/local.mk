noinst_LTLIBRARIES += libground.la
libground_la_SOURCES = \
	src/document.c \
	src/number.c \
	src/problem.c \
	src/status.c
nobase_pkginclude_HEADERS += \
	src/document.h \
	src/flint_world.h \
	src/number.h \
	src/problem.h \
	src/status.h
