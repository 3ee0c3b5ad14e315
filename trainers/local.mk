noinst_LTLIBRARIES += libtrainers.la
libtrainers_la_SOURCES =
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
