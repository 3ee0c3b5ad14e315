#!/bin/sh
# Runs solve_real_data.py; skipped without a Python with scikit-learn.
if [ -z "${PYTHON3:-}" ] || ! "$PYTHON3" -c 'import sklearn' 2>/dev/null; then
  echo "no python3 with scikit-learn: skipped"
  exit 77
fi
PYTHONDONTWRITEBYTECODE=1 exec "$PYTHON3" "${top_srcdir:-.}/tests/programs/solve_real_data.py"
