noinst_LTLIBRARIES += libtrainers.la
libtrainers_la_SOURCES =
nobase_pkginclude_HEADERS += trainers/trainer.h
