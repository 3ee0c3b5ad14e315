#!/bin/sh
# Runs attack.py; skipped without a Python that can.
if [ -z "${PYTHON3:-}" ] || ! "$PYTHON3" -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
  echo "no python3 of version 3.9 or newer: skipped"
  exit 77
fi
PYTHONDONTWRITEBYTECODE=1 exec "$PYTHON3" "${top_srcdir:-.}/tests/programs/attack.py"
