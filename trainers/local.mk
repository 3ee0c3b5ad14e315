noinst_LTLIBRARIES += libtrainers.la
libtrainers_la_SOURCES = \
	trainers/builtin.h \
	trainers/firenet.c \
	trainers/first_order.c \
	trainers/guess.c \
	trainers/options.c \
	trainers/options.h \
	trainers/reading.c \
	trainers/reading.h \
	trainers/theorem.c \
	trainers/trainer.c
nobase_pkginclude_HEADERS += trainers/trainer.h

# External programs.
libtrainers_la_SOURCES += \
	trainers/guardian.c \
	trainers/guardian.h \
	trainers/process.c \
	trainers/process_message.c \
	trainers/process_message.h \
	trainers/subprocess.c \
	trainers/subprocess.h
