# A man page is made from the chapter of the manual and from --help, by lowdown; the archive has all of them.
# doc/delta1-NAME.1 comes from doc/manual/NAME.md, doc/delta1.1 from doc/manual.md.
CHAPTERS = \
	doc/manual/attack.md \
	doc/manual/backprop.md \
	doc/manual/barrier.md \
	doc/manual/check.md \
	doc/manual/check-paradox.md \
	doc/manual/convergence.md \
	doc/manual/nullspace.md \
	doc/manual/oracle.md \
	doc/manual/paradox.md \
	doc/manual/phantom.md \
	doc/manual/plot.md \
	doc/manual/reconstruct.md \
	doc/manual/report.md \
	doc/manual/solve.md \
	doc/manual/solvers.md \
	doc/manual/table1.md \
	doc/manual/trainers.md \
	doc/manual/verify.md
manualdir = $(docdir)/manual
dist_manual_DATA = $(CHAPTERS)
EXTRA_DIST += doc/man_page.sh doc/man_page.awk
MAN_DATE = 2026-11-21
CHECKER_PAGES = doc/delta1-check.1 doc/delta1-check-paradox.1
COMMAND_PAGES = \
	doc/delta1-attack.1 \
	doc/delta1-backprop.1 \
	doc/delta1-barrier.1 \
	doc/delta1-convergence.1 \
	doc/delta1-nullspace.1 \
	doc/delta1-oracle.1 \
	doc/delta1-paradox.1 \
	doc/delta1-phantom.1 \
	doc/delta1-plot.1 \
	doc/delta1-reconstruct.1 \
	doc/delta1-report.1 \
	doc/delta1-solve.1 \
	doc/delta1-solvers.1 \
	doc/delta1-table1.1 \
	doc/delta1-trainers.1 \
	doc/delta1-verify.1
MAN_PAGES = doc/delta1.1 $(COMMAND_PAGES) $(CHECKER_PAGES)
if HAVE_LOWDOWN
dist_man_MANS += $(MAN_PAGES)
MAN_PAGE = LOWDOWN='$(LOWDOWN)' $(SHELL) $(srcdir)/doc/man_page.sh
MAN_NEEDS = doc/manual.md $(CHAPTERS) doc/man_page.sh doc/man_page.awk
doc/delta1.1: $(MAN_NEEDS) delta1$(EXEEXT)
	@$(MKDIR_P) doc
	$(AM_V_GEN)$(MAN_PAGE) $(srcdir)/doc/manual.md $@ $(MAN_DATE) $(VERSION) ./delta1$(EXEEXT)
$(COMMAND_PAGES): $(MAN_NEEDS) delta1$(EXEEXT)
	@$(MKDIR_P) doc
	$(AM_V_GEN)name=`basename $@ .1 | sed 's/^delta1-//'` \
	  && $(MAN_PAGE) $(srcdir)/doc/manual/$$name.md $@ $(MAN_DATE) $(VERSION) ./delta1$(EXEEXT) $$name
$(CHECKER_PAGES): $(MAN_NEEDS) delta1-check$(EXEEXT) delta1-check-paradox$(EXEEXT)
	@$(MKDIR_P) doc
	$(AM_V_GEN)name=`basename $@ .1` \
	  && $(MAN_PAGE) $(srcdir)/doc/manual/`echo $$name | sed 's/^delta1-//'`.md $@ $(MAN_DATE) $(VERSION) ./$$name$(EXEEXT)
else
if SHIPPED_MAN_PAGES
dist_man_MANS += $(MAN_PAGES)
else
EXTRA_DIST += $(MAN_PAGES)
$(MAN_PAGES):
	@echo 'no man pages without lowdown; on Debian: apt-get install lowdown, then configure again' >&2; exit 1
endif
endif
# Those of an archive stay.
clean-local: clean-man-pages
.PHONY: clean-man-pages
clean-man-pages:
	test '$(srcdir)' = . || rm -f $(MAN_PAGES)
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
	doc/report-attack.md \
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
