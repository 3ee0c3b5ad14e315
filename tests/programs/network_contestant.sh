#!/bin/sh
# Runs network_contestant.py: an external program that answers with a network, from game to checkers.
test -n "${PYTHON3:-}" && "$PYTHON3" -c 'import sys; sys.exit(sys.version_info < (3, 9))' || {
  echo "no python3 of version 3.9 or newer: skipped"
  exit 77
}
exec "$PYTHON3" "${top_srcdir:-.}/tests/programs/network_contestant.py"
