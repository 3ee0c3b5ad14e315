noinst_LTLIBRARIES += liboracles.la
liboracles_la_SOURCES =
nobase_pkginclude_HEADERS += \
	oracles/algorithm.h \
	oracles/expression.h \
	oracles/meter.h \
	oracles/oracle.h \
	oracles/source.h \
	oracles/table.h \
	oracles/training_data.h \
	oracles/transcript.h
