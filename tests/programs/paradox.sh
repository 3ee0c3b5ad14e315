#!/bin/sh
# Runs paradox.py: certificates of delta1 paradox against a second implementation.
test -n "${PYTHON3:-}" && "$PYTHON3" -c 'import sys; sys.exit(sys.version_info < (3, 9))' || {
  echo "no python3 of version 3.9 or newer: skipped"
  exit 77
}
exec "$PYTHON3" "${top_srcdir:-.}/tests/programs/paradox.py"
