noinst_LTLIBRARIES += libground.la
libground_la_SOURCES = \
	src/box.c \
	src/candidate.c \
	src/candidate_exchange.c \
	src/cfl.c \
	src/condition.c \
	src/corner.c \
	src/corner.h \
	src/document.c \
	src/enclosure.c \
	src/enclosure_inverse.c \
	src/enclosure_linear.c \
	src/enclosure_outside.c \
	src/enclosure_private.h \
	src/existence.c \
	src/file.c \
	src/gradient_kernels.c \
	src/gradient_kernels.h \
	src/gradient_private.h \
	src/instance.c \
	src/member.c \
	src/minimiser.c \
	src/mpfr_vector.c \
	src/network.c \
	src/network_document.c \
	src/network_double.c \
	src/network_evaluate.c \
	src/network_gradient.c \
	src/network_gradient_mpfr.c \
	src/network_private.h \
	src/npy.c \
	src/number.c \
	src/onnx_read.c \
	src/onnx_write.c \
	src/optimality.c \
	src/optimiser.c \
	src/parameters.c \
	src/float_format.c \
	src/piece_count.c \
	src/pieces.c \
	src/plateau.c \
	src/plot.c \
	src/plot_gnuplot.c \
	src/plot_page.c \
	src/plot_private.h \
	src/problem.c \
	src/solve_certificate.c \
	src/solve_certificate_private.h \
	src/solve_verify.c \
	src/status.c \
	src/vector_clones.h \
	src/witness.c
nobase_pkginclude_HEADERS += \
	src/box.h \
	src/candidate.h \
	src/cfl.h \
	src/condition.h \
	src/document.h \
	src/enclosure.h \
	src/existence.h \
	src/file.h \
	src/flint_world.h \
	src/instance.h \
	src/member.h \
	src/mpfr_vector.h \
	src/network.h \
	src/network_document.h \
	src/network_evaluate.h \
	src/network_gradient.h \
	src/npy.h \
	src/number.h \
	src/onnx.h \
	src/optimality.h \
	src/optimiser.h \
	src/float_format.h \
	src/piece_count.h \
	src/pieces.h \
	src/plateau.h \
	src/plot.h \
	src/plot_page.h \
	src/problem.h \
	src/solve_certificate.h \
	src/status.h \
	src/witness.h

# ONNX messages: C code made from our own list of the public field numbers.
nodist_libground_la_SOURCES = src/onnx_subset.pb-c.c src/onnx_subset.pb-c.h
BUILT_SOURCES += src/onnx_subset.pb-c.h
CLEANFILES += src/onnx_subset.pb-c.c src/onnx_subset.pb-c.h
EXTRA_DIST += src/onnx_subset.proto
src/onnx_subset.pb-c.c: $(top_srcdir)/src/onnx_subset.proto
	$(AM_V_GEN)$(MKDIR_P) src && $(PROTOC_C) --proto_path=$(top_srcdir) --c_out=. $(top_srcdir)/src/onnx_subset.proto
src/onnx_subset.pb-c.h: src/onnx_subset.pb-c.c
	@test -f $@
src/onnx_read.lo src/onnx_write.lo: src/onnx_subset.pb-c.h

# Pictures, and numbers that a seed fixes.
libground_la_SOURCES += \
	src/image.c \
	src/image_pgm.c \
	src/image_private.h \
	src/random.c
nobase_pkginclude_HEADERS += \
	src/image.h \
	src/random.h

# Tables from files, and what users see of a solution.
libground_la_SOURCES += \
	src/proved_decimal.c \
	src/regularisation.c \
	src/screening.c \
	src/table_file.c \
	src/table_file_csv.c \
	src/table_file_mat.c \
	src/table_file_matrix_market.c \
	src/table_file_npy.c \
	src/table_file_private.h
nobase_pkginclude_HEADERS += src/proved_decimal.h src/regularisation.h src/screening.h src/table_file.h
