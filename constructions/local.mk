noinst_LTLIBRARIES += libconstructions.la
libconstructions_la_SOURCES =
