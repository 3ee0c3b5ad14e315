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
