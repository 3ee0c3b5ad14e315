#!/bin/sh
# Table 1 against an independent program; skipped (77) without Python's mpmath.
set -u
python=${PYTHON3:-/usr/bin/python3}
if ! "$python" -c 'import mpmath' 2>/dev/null; then
  echo "mpmath is missing for $python; on Debian: apt-get install python3-mpmath"
  exit 77
fi
exec "$python" "${top_srcdir:-.}/tests/constructions/published_table.py" "${top_builddir:-.}/delta1"
