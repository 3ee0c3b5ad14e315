# Benchmarks report ratios measured in one run; nothing is asserted.
BENCHMARKS = bench/barrier_bench.py
EXTRA_DIST += $(BENCHMARKS)

bench: all
	@for benchmark in $(BENCHMARKS); do \
	  $(PYTHON3) $(srcdir)/$$benchmark $(abs_top_builddir) || exit 1; \
	done
.PHONY: bench
