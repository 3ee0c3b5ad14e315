#!/bin/sh
# Runs readme.py; skipped without a Python that can.
if [ -z "${PYTHON3:-}" ] || ! "$PYTHON3" -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
  echo "no python3 of version 3.9 or newer: skipped"
  exit 77
fi
if [ "${SANITIZERS:-no}" = yes ]; then
  echo "the commands of README.md run in the plain build; training networks under sanitizers is slow: skipped"
  exit 77
fi
PYTHONDONTWRITEBYTECODE=1 exec "$PYTHON3" "${top_srcdir:-.}/tests/house/readme.py"
