noinst_LTLIBRARIES += libtrainers.la
libtrainers_la_SOURCES = \
	trainers/builtin.h \
	trainers/coordinate_descent.c \
	trainers/deadline.c \
	trainers/deadline.h \
	trainers/exact.c \
	trainers/exact.h \
	trainers/firenet.c \
	trainers/first_order.c \
	trainers/fit.c \
	trainers/guess.c \
	trainers/homotopy.c \
	trainers/iteration.c \
	trainers/iteration.h \
	trainers/learned.c \
	trainers/learned.h \
	trainers/lista.c \
	trainers/options.c \
	trainers/options.h \
	trainers/pairs.c \
	trainers/reading.c \
	trainers/reading.h \
	trainers/sgd.c \
	trainers/simplex.c \
	trainers/theorem.c \
	trainers/trainer.c \
	trainers/trustworthy.c \
	trainers/trustworthy.h
nobase_pkginclude_HEADERS += trainers/adapters.h trainers/fit.h trainers/trainer.h

# External programs.
libtrainers_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DDELTA1_ADAPTERS_INSTALLED='"$(pkgdatadir)/adapters"' \
	-DDELTA1_ADAPTERS_SOURCE='"$(abs_top_srcdir)/examples/adapters"'
libtrainers_la_SOURCES += \
	trainers/adapters.c \
	trainers/guardian.c \
	trainers/guardian.h \
	trainers/process.c \
	trainers/process_message.c \
	trainers/process_message.h \
	trainers/subprocess.c \
	trainers/subprocess.h
