# Contestants in Python, to use and to copy; the client must lie beside them.
adaptersdir = $(pkgdatadir)/adapters
dist_adapters_SCRIPTS = \
	examples/adapters/clp.py \
	examples/adapters/cvxopt_solvers.py \
	examples/adapters/glmnet.py \
	examples/adapters/glpk.py \
	examples/adapters/lp_solve.py \
	examples/adapters/qsopt_ex.py \
	examples/adapters/scipy_linprog.py \
	examples/adapters/sklearn_lasso.py \
	examples/adapters/sklearn_mlp.py \
	examples/adapters/template.py \
	examples/adapters/torch_networks.py
dist_adapters_DATA = examples/adapters/adapters.json examples/adapters/delta1_client.py

# The lessons, to read and to type along.
LESSONS = \
	examples/lessons/README.md \
	examples/lessons/1-oracles/README.md examples/lessons/1-oracles/lesson.c examples/lessons/1-oracles/solutions.md \
	examples/lessons/2-coin/README.md examples/lessons/2-coin/lesson.c examples/lessons/2-coin/solutions.md \
	examples/lessons/3-barrier/README.md examples/lessons/3-barrier/lesson.c examples/lessons/3-barrier/solutions.md \
	examples/lessons/4-contestant/README.md examples/lessons/4-contestant/lesson.c examples/lessons/4-contestant/solutions.md \
	examples/lessons/5-existence/README.md examples/lessons/5-existence/lesson.c examples/lessons/5-existence/solutions.md \
	examples/lessons/6-firenet/README.md examples/lessons/6-firenet/lesson.c examples/lessons/6-firenet/solutions.md \
	examples/lessons/7-rounding/README.md examples/lessons/7-rounding/lesson.c examples/lessons/7-rounding/solutions.md \
	examples/lessons/8-features/README.md examples/lessons/8-features/lesson.c examples/lessons/8-features/solutions.md \
	examples/lessons/8-features/houses.csv examples/lessons/8-features/twins.csv
EXTRA_DIST += $(LESSONS)
