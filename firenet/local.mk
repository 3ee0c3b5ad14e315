noinst_LTLIBRARIES += libfirenet.la
libfirenet_la_SOURCES = \
	firenet/arithmetic.c \
	firenet/iteration.c \
	firenet/operator.c \
	firenet/restart.c
nobase_pkginclude_HEADERS += \
	firenet/arithmetic.h \
	firenet/iteration.h \
	firenet/operator.h \
	firenet/restart.h
