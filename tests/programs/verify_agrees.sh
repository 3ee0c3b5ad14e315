#!/bin/sh
# Runs verify_agrees.py: delta1 verify against a second implementation of doc/certificate.md.
test -n "${PYTHON3:-}" && "$PYTHON3" -c 'import sys; sys.exit(sys.version_info < (3, 9))' || {
  echo "no python3 of version 3.9 or newer: skipped"
  exit 77
}
exec "$PYTHON3" "${top_srcdir:-.}/tests/programs/verify_agrees.py"
