# Contestants in Python, to use and to copy; the client must lie beside them.
adaptersdir = $(pkgdatadir)/adapters
dist_adapters_SCRIPTS = \
	examples/adapters/glpk.py \
	examples/adapters/sklearn_lasso.py \
	examples/adapters/template.py
dist_adapters_DATA = examples/adapters/delta1_client.py
