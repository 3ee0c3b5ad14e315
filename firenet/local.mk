noinst_LTLIBRARIES += libfirenet.la
libfirenet_la_SOURCES = \
	firenet/arithmetic.c \
	firenet/arithmetic_ball.c \
	firenet/arithmetic_complex_ball.c \
	firenet/arithmetic_complex_double.c \
	firenet/arithmetic_double.c \
	firenet/arithmetic_mpfr.c \
	firenet/ball_vector.h \
	firenet/iteration.c \
	firenet/lanes.c \
	firenet/lanes.h \
	firenet/operator.c \
	firenet/restart.c
nobase_pkginclude_HEADERS += \
	firenet/arithmetic.h \
	firenet/iteration.h \
	firenet/operator.h \
	firenet/restart.h
