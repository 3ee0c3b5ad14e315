noinst_LTLIBRARIES += libconstructions.la
libconstructions_la_SOURCES = \
	constructions/barrier_certificate.c \
	constructions/barrier_game.c \
	constructions/barrier_read.c \
	constructions/barrier_read.h \
	constructions/barrier_verify.c \
	constructions/barrier_verify.h \
	constructions/binomial.c \
	constructions/certificate_read.c \
	constructions/certificate_read.h \
	constructions/certificate_verify.c \
	constructions/certificate_write.c \
	constructions/certificate_write.h \
	constructions/finite_precision.c \
	constructions/fold_lesson.c \
	constructions/fold_private.h \
	constructions/mixing.c \
	constructions/network_answer.c \
	constructions/paradox_certificate.c \
	constructions/paradox_game.c \
	constructions/published_table.c \
	constructions/seeds_game.c \
	constructions/solver_certificate.c \
	constructions/solver_families.c \
	constructions/solver_verify.c \
	constructions/solver_verify.h \
	constructions/stability_paradox.c \
	constructions/tie_family.c
nobase_pkginclude_HEADERS += \
	constructions/barrier_certificate.h \
	constructions/barrier_game.h \
	constructions/binomial.h \
	constructions/certificate_verify.h \
	constructions/finite_precision.h \
	constructions/mixing.h \
	constructions/network_answer.h \
	constructions/paradox_certificate.h \
	constructions/paradox_game.h \
	constructions/published_table.h \
	constructions/solver_certificate.h \
	constructions/solver_families.h \
	constructions/stability_paradox.h \
	constructions/tie_family.h

# Theorem 6.3 where everything is certified.
libconstructions_la_SOURCES += \
	constructions/convergence.c constructions/convergence_private.h \
	constructions/convergence_document.c
nobase_pkginclude_HEADERS += constructions/convergence.h
