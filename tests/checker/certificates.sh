#!/bin/sh
# Runs test_checker.py: delta1-check against a second implementation of doc/certificate.md.
if [ -z "${PYTHON3:-}" ] || ! "$PYTHON3" -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
  echo "no python3 of version 3.9 or newer: skipped"
  exit 77
fi
if test -x "${top_builddir:-.}/delta1-check"; then :; else
  echo "there is no ${top_builddir:-.}/delta1-check"
  exit 1
fi
PYTHONDONTWRITEBYTECODE=1 exec "$PYTHON3" "${top_srcdir:-.}/tests/checker/test_checker.py"
