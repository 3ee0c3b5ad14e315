bin_PROGRAMS += delta1
delta1_SOURCES = \
	programs/backprop.h \
	programs/backprop_noise.c \
	programs/backprop_ordinary.c \
	programs/backprop_training.c \
	programs/command_backprop.c \
	programs/barrier_arguments.c programs/barrier_arguments.h \
	programs/barrier_report.c programs/barrier_report.h \
	programs/certificates.c programs/certificates.h \
	programs/command_barrier.c \
	programs/command_convergence.c \
	programs/command_nullspace.c \
	programs/command_oracle.c \
	programs/command_table1.c \
	programs/command_paradox.c \
	programs/command_phantom.c \
	programs/command_plot.c \
	programs/command_report.c \
	programs/command_solve.c \
	programs/command_solvers.c \
	programs/command_trainers.c \
	programs/command_verify.c \
	programs/plot_depth.c programs/plot_depth.h \
	programs/commands.h \
	programs/delta1.c \
	programs/progress.c programs/progress.h \
	programs/report_page.c programs/report_page.h \
	programs/solver_pictures.c \
	programs/paradox_picture.c \
	programs/paradox_report.c programs/paradox_report.h \
	programs/solver_report.c programs/solver_report.h \
	programs/usage.c programs/usage.h
delta1_SOURCES += \
	programs/solve_arguments.c programs/solve_arguments.h \
	programs/solve_input.c programs/solve_input.h \
	programs/solve_picture.c \
	programs/solve_report.c programs/solve_report.h \
	programs/solve_report_json.c
delta1_LDADD = libdelta1.la $(GROUND_LIBS)

# The page of delta1 report, as strings of C.
nodist_delta1_SOURCES = programs/report_template.h
BUILT_SOURCES += programs/report_template.h
CLEANFILES += programs/report_template.h
EXTRA_DIST += programs/report/page.html
programs/report_template.h: $(top_srcdir)/programs/report/page.html
	$(AM_V_GEN)$(MKDIR_P) programs && { \
	  echo 'static const char *const delta1_report_template[] = {'; \
	  sed 's/[\\"]/\\&/g; s/.*/"&",/' $(top_srcdir)/programs/report/page.html; \
	  echo 'NULL };'; } >$@.tmp && mv $@.tmp $@

delta1_SOURCES += \
	programs/bound_text.c programs/bound_text.h \
	programs/attack.h programs/attack_report.c programs/attack_search.c \
	programs/command_attack.c \
	programs/command_reconstruct.c \
	programs/reconstruct.h \
	programs/reconstruct_claims.c \
	programs/reconstruct_files.c \
	programs/reconstruct_input.c \
	programs/reconstruct_options.c \
	programs/reconstruct_picture.c \
	programs/reconstruct_problem.c \
	programs/reconstruct_report.c \
	programs/reconstruct_run.c
