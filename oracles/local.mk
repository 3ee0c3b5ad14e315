noinst_LTLIBRARIES += liboracles.la
liboracles_la_SOURCES = \
	oracles/adversary.c \
	oracles/algorithm.c \
	oracles/expression.c \
	oracles/meter.c \
	oracles/oracle.c \
	oracles/rounding.c \
	oracles/source.c \
	oracles/table.c \
	oracles/training_data.c \
	oracles/training_transcript.c \
	oracles/transcript.c
nobase_pkginclude_HEADERS += \
	oracles/adversary.h \
	oracles/algorithm.h \
	oracles/expression.h \
	oracles/meter.h \
	oracles/oracle.h \
	oracles/source.h \
	oracles/table.h \
	oracles/training_data.h \
	oracles/training_transcript.h \
	oracles/transcript.h
