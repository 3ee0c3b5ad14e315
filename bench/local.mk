# Benchmarks report ratios measured in one run; nothing is asserted.
BENCHMARKS = bench/barrier_bench.py bench/lista_bench.py bench/firenet_bench.py bench/pieces_bench.py bench/solve_bench.py
EXTRA_DIST += $(BENCHMARKS)

# Made by `make bench` only; .ci/run sees that they compile.
EXTRA_PROGRAMS = bench/network_bench bench/solve_bench bench/firenet_bench bench/pieces_bench
CLEANFILES += bench/network_bench$(EXEEXT) bench/solve_bench$(EXEEXT) bench/firenet_bench$(EXEEXT) bench/pieces_bench$(EXEEXT)
bench_network_bench_SOURCES = bench/network_bench.c
bench_network_bench_LDADD = libtrainers.la libfirenet.la liboracles.la libground.la $(GROUND_LIBS)
bench_firenet_bench_SOURCES = bench/firenet_bench.c
bench_firenet_bench_CFLAGS = $(AM_CFLAGS) $(FFTW3_CFLAGS)
bench_firenet_bench_LDADD = libfirenet.la libground.la $(FFTW3_LIBS) $(GROUND_LIBS)

bench_solve_bench_SOURCES = bench/solve_bench.c
bench_solve_bench_LDADD = libground.la $(GROUND_LIBS)

bench_pieces_bench_SOURCES = bench/pieces_bench.c
bench_pieces_bench_LDADD = libconstructions.la libfirenet.la liboracles.la libground.la $(GROUND_LIBS)

bench-programs: $(EXTRA_PROGRAMS)

bench: all bench-programs
	@for benchmark in $(BENCHMARKS); do \
	  $(PYTHON3) $(srcdir)/$$benchmark $(abs_top_builddir) || exit 1; \
	done
.PHONY: bench bench-programs
