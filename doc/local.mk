dist_man_MANS += doc/delta1.1 doc/delta1-check.1
dist_doc_DATA = \
	README.md CHANGELOG.md LICENSE \
	doc/certificate-solve.md \
	doc/certificate-reconstruction.md \
	doc/certificate.md \
	doc/glossary.md \
	doc/certificate-solver.md \
	doc/certificate-paradox.md \
	doc/manual.md \
	doc/mathematics.md \
	doc/network.md \
	doc/protocol.md \
	doc/report-reconstruct.md \
	doc/report.md \
	doc/solve-report.md

# The picture of README.md, which says what made it.
EXTRA_DIST += doc/near-a-tie.svg

# The reference of the library, by Doxygen.
EXTRA_DIST += doc/Doxyfile.in doc/doxygen.sed
.PHONY: api
api:
	@test -n '$(DOXYGEN)' || { echo 'doxygen is not installed'; exit 1; }
	$(AM_V_GEN)$(DOXYGEN) doc/Doxyfile
clean-local: clean-api
.PHONY: clean-api
clean-api:
	rm -rf api
